//! Addresses as they stand in texts that leave the site.

use crate::base::Url;

/// An address as raw HTML and templates write it on the page `from`: its place in the site.
///
/// # Errors
/// The address itself when it leads elsewhere.
pub fn absolute(from: &Url, address: &str) -> Result<Url, String> {
    let elsewhere = address.contains("://")
        || ["mailto:", "tel:", "sms:"]
            .iter()
            .any(|scheme| address.starts_with(scheme));
    if elsewhere {
        return Err(address.to_owned());
    }
    Ok(join(from, address))
}

/// An address relative to a page, from the site's root.
fn join(from: &Url, address: &str) -> Url {
    let (path, fragment) = match address.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (address, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    let joined = if path.starts_with('/') {
        Url::new(path)
    } else if path.is_empty() {
        Url::new(from.path())
    } else {
        let folder = &from.path()[..=from.path().rfind('/').unwrap_or(0)];
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        let ends_open = path.ends_with('/') || path.ends_with("..") || path == ".";
        for part in path.split('/').filter(|part| !part.is_empty()) {
            match part {
                "." => {}
                ".." => {
                    parts.pop();
                }
                other => parts.push(other),
            }
        }
        let slash = if ends_open && !parts.is_empty() {
            "/"
        } else {
            ""
        };
        Url::new(&format!("/{}{slash}", parts.join("/")))
    };
    match fragment {
        Some(fragment) => joined.with_fragment(fragment),
        None => joined,
    }
}

/// HTML written for the page `from`, for another place: its addresses begin at the site's root. A place in the same piece of
/// HTML stays one.
#[must_use]
pub fn rooted(html: &str, from: &Url) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((at, name)) = [" href=\"", " src=\""]
        .into_iter()
        .filter_map(|name| Some((rest.find(name)?, name)))
        .min()
    {
        let (before, behind) = rest.split_at(at + name.len());
        let (address, after) = behind.split_at(behind.find('"').unwrap_or(behind.len()));
        out.push_str(before);
        match absolute(from, address) {
            Ok(url) if !address.starts_with('#') => out.push_str(url.as_str()),
            Ok(_) | Err(_) => out.push_str(address),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Addresses of schemes a reader can follow.
#[must_use]
pub fn followable(address: &str) -> Option<String> {
    let lower = address.trim().to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:", "sms:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
        .then(|| address.trim().to_owned())
}

/// Kinds of pictures every reading system shows.
#[must_use]
pub fn media_type(path: &str) -> Option<&'static str> {
    let extension = path.rsplit('.').next().unwrap_or_default();
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, address: &str, expected: &str) {
        assert_eq!(join(&Url::new(from), address).as_str(), expected);
    }

    #[test]
    fn addresses_of_html_begin_at_the_root_but_for_places_in_it() {
        let html = "<a href=\"../a/?x#b\">一</a><a class=\"c\" href=\"#d\">二</a><img src=\"p.png\" alt=\"\"><a href=\"https://e.example/\">三</a>";
        assert_eq!(
            rooted(html, &Url::new("/books/b/")),
            "<a href=\"/books/a/#b\">一</a><a class=\"c\" href=\"#d\">二</a><img src=\"/books/b/p.png\" alt=\"\"><a href=\"https://e.example/\">三</a>"
        );
        assert_eq!(rooted("<a href=\"x", &Url::new("/")), "<a href=\"/x");
    }

    #[test]
    fn relative_addresses_are_joined_as_browsers_do() {
        check("/a/b/", "c.png", "/a/b/c.png");
        check("/a/b/", "../c/", "/a/c/");
        check("/a/b/", "#x", "/a/b/#x");
        check("/a/b/", "..", "/a/");
        check("/a/b/", "../../../", "/");
        check("/a/b/", "/z/?q=1#y", "/z/#y");
    }
}
