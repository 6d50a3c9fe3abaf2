//! Raw HTML in Markdown: `sanitize`, `escape` or `trust`.
//!
//! Markdown hands raw HTML over in pieces (a block, an opening tag, a closing tag). Whole fragments go through ammonia. A
//! single tag is cleaned by ammonia as an empty element and cut open again; [`Open`] keeps count, so that what was opened is
//! closed in the same container and nothing is closed that was not opened.

use std::collections::HashSet;
use std::sync::OnceLock;

use ammonia::Builder;

use super::escape;
use crate::config::HtmlPolicy;

/// Tags opened by raw HTML and not yet closed, in one container.
#[derive(Debug, Default)]
pub struct Open(Vec<String>);

impl Open {
    /// Closes what is still open, innermost first.
    pub fn close_all(&mut self, out: &mut String) {
        while let Some(tag) = self.0.pop() {
            out.push_str("</");
            out.push_str(&tag);
            out.push('>');
        }
    }
}

/// Appends a piece of raw HTML as the policy wants it.
pub fn push(html: &str, policy: HtmlPolicy, open: &mut Open, out: &mut String) {
    match policy {
        HtmlPolicy::Trust => out.push_str(html),
        HtmlPolicy::Escape => escape::push(html, out),
        HtmlPolicy::Sanitize => sanitize(html, open, out),
    }
}

fn sanitize(html: &str, open: &mut Open, out: &mut String) {
    let trimmed = html.trim();
    if let Some(name) = closing_tag(trimmed) {
        if let Some(at) = open.0.iter().rposition(|tag| *tag == name) {
            for tag in open.0.drain(at..).rev() {
                out.push_str(&format!("</{tag}>"));
            }
        }
        return;
    }
    if let Some(name) = opening_tag(trimmed) {
        let clean = cleaner().clean(trimmed).to_string();
        let close = format!("</{name}>");
        match clean.strip_suffix(&close) {
            Some(opening) => {
                out.push_str(opening);
                open.0.push(name);
            }
            // A void element, or one that is not allowed.
            None => out.push_str(&clean),
        }
        return;
    }
    out.push_str(&cleaner().clean(html).to_string());
}

/// The name in `</name>`.
fn closing_tag(html: &str) -> Option<String> {
    let name = html.strip_prefix("</")?.strip_suffix('>')?.trim();
    is_name(name).then(|| name.to_ascii_lowercase())
}

/// The name of a single opening tag.
fn opening_tag(html: &str) -> Option<String> {
    let inner = html.strip_prefix('<')?.strip_suffix('>')?;
    if inner.contains('<') || inner.ends_with('/') || inner.starts_with('!') {
        return None;
    }
    let name = inner.split(|c: char| c.is_whitespace()).next()?;
    is_name(name).then(|| name.to_ascii_lowercase())
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn cleaner() -> &'static Builder<'static> {
    static CLEANER: OnceLock<Builder<'static>> = OnceLock::new();
    CLEANER.get_or_init(|| {
        let mut builder = Builder::default();
        builder
            .add_tags([
                "section",
                "details",
                "summary",
                "figure",
                "figcaption",
                "video",
                "audio",
                "source",
                "track",
                "u",
            ])
            .add_generic_attributes(["class", "id", "lang", "dir", "title", "role"])
            .add_tag_attributes("details", ["open"])
            .add_tag_attributes(
                "video",
                [
                    "src", "controls", "poster", "width", "height", "preload", "muted", "loop",
                ],
            )
            .add_tag_attributes("audio", ["src", "controls", "preload", "loop"])
            .add_tag_attributes("source", ["src", "type"])
            .add_tag_attributes("track", ["src", "kind", "srclang", "label", "default"])
            .add_tag_attributes("a", ["name"])
            .add_tag_attributes("img", ["loading", "width", "height"])
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "sms"]))
            .link_rel(Some("noopener"));
        builder
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pieces: &[&str], expected: &str) {
        let (mut open, mut out) = (Open::default(), String::new());
        for piece in pieces {
            push(piece, HtmlPolicy::Sanitize, &mut open, &mut out);
        }
        open.close_all(&mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn scripts_and_handlers_are_dropped() {
        check(&["<script>alert(1)</script>"], "");
        check(
            &["<b onclick=\"x()\" class=\"y\">", "</b>"],
            "<b class=\"y\"></b>",
        );
        check(
            &["<a href=\"javascript:x()\">", "</a>"],
            "<a rel=\"noopener\"></a>",
        );
        check(&["<iframe src=\"https://x\"></iframe>"], "");
    }

    #[test]
    fn what_is_opened_is_closed_and_nothing_else() {
        check(
            &["<div class=\"x\">", "<b>", "</div>", "</p>"],
            "<div class=\"x\"><b></b></div>",
        );
        check(&["<u>"], "<u></u>");
        check(&["<br>"], "<br>");
    }
}
