//! Settings of web servers for the site: security headers, and how long files may be kept.
//!
//! Files of the theme carry a hash in their name, so they may be kept for ever; everything else is asked for again.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::render::World;
use crate::render::theme::ThemeFile;

/// What the pages of the site may load: nothing that is not its own.
pub const POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'self'";

/// Headers of every answer.
const SECURITY: [(&str, &str); 4] = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=()",
    ),
];

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// The files of a server's settings: path and text.
#[must_use]
pub fn compose(world: &World) -> Vec<(String, String)> {
    let fingerprinted = fingerprinted(world);
    let base = world.site.config.base_path().trim_end_matches('/');
    vec![
        ("_headers".to_owned(), netlify(base, &fingerprinted)),
        ("nginx.conf".to_owned(), nginx(base, &fingerprinted)),
        ("apache.conf".to_owned(), apache(base, &fingerprinted)),
    ]
}

/// Addresses of files whose name changes with their content.
fn fingerprinted(world: &World) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for file in world.theme.files.values() {
        match file {
            ThemeFile::One(address, bytes) => {
                if carries_hash(address, bytes) {
                    addresses.insert(format!("/{}", address.trim_start_matches('/')));
                }
            }
            ThemeFile::ByLanguage(all) => {
                for (address, bytes) in all.values() {
                    if carries_hash(address, bytes) {
                        addresses.insert(format!("/{}", address.trim_start_matches('/')));
                    }
                }
            }
        }
    }
    addresses
}

fn carries_hash(address: &str, bytes: &[u8]) -> bool {
    address.contains(&crate::base::Hash::of(bytes).short(8))
}

/// `_headers`, as Cloudflare Pages, Netlify and others read it.
fn netlify(base: &str, fingerprinted: &BTreeSet<String>) -> String {
    let mut out = format!("{base}/*\n");
    for (name, value) in SECURITY {
        let _ = writeln!(out, "  {name}: {value}");
    }
    let _ = writeln!(out, "  Cache-Control: {ASK_AGAIN}");
    for address in fingerprinted {
        let _ = writeln!(
            out,
            "{base}{address}\n  ! Cache-Control\n  Cache-Control: {FOR_EVER}"
        );
    }
    out
}

/// Lines for the `server` block of nginx.
fn nginx(base: &str, fingerprinted: &BTreeSet<String>) -> String {
    let mut out = String::from("# 放进 server { } — put this into server { }\n");
    let _ = writeln!(out, "charset utf-8;\nerror_page 404 {base}/404.html;");
    let headers = |cache: &str, indent: &str| {
        let mut lines = String::new();
        for (name, value) in SECURITY {
            let _ = writeln!(lines, "{indent}add_header {name} \"{value}\" always;");
        }
        let _ = writeln!(lines, "{indent}add_header Cache-Control \"{cache}\";");
        lines
    };
    out.push_str(&headers(ASK_AGAIN, ""));
    // A location with headers of its own inherits none.
    for address in fingerprinted {
        let _ = writeln!(
            out,
            "location = {base}{address} {{\n{}}}",
            headers(FOR_EVER, "    ")
        );
    }
    out
}

/// Lines for Apache's configuration or an `.htaccess`.
fn apache(base: &str, fingerprinted: &BTreeSet<String>) -> String {
    let mut out = format!(
        "# 放进 <Directory> 或站点文件夹的 .htaccess — put this into <Directory> or the site's .htaccess\n\
         AddDefaultCharset UTF-8\nErrorDocument 404 {base}/404.html\n<IfModule mod_headers.c>\n",
    );
    for (name, value) in SECURITY {
        let _ = writeln!(out, "  Header always set {name} \"{value}\"");
    }
    let _ = writeln!(out, "  Header set Cache-Control \"{ASK_AGAIN}\"");
    for address in fingerprinted {
        let name = address.rsplit('/').next().unwrap_or(address);
        let _ = writeln!(
            out,
            "  <Files \"{name}\">\n    Header set Cache-Control \"{FOR_EVER}\"\n  </Files>"
        );
    }
    out.push_str("</IfModule>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> BTreeSet<String> {
        BTreeSet::from(["/assets/a-12345678.css".to_owned()])
    }

    #[test]
    fn every_form_sets_the_policy_and_keeps_hashed_files() {
        for text in [netlify("", &one()), nginx("", &one()), apache("", &one())] {
            assert!(text.contains(POLICY), "{text}");
            assert!(
                text.contains(FOR_EVER) && text.contains("a-12345678.css"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_site_below_a_path_has_its_rules_there() {
        assert!(netlify("/pufa", &one()).starts_with("/pufa/*\n"));
        assert!(apache("/pufa", &one()).contains("ErrorDocument 404 /pufa/404.html\n"));
        assert!(nginx("/pufa", &one()).contains("location = /pufa/assets/a-12345678.css {"));
    }
}
