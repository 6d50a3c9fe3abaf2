//! HTML as authors and templates write it → well-formed XHTML an e-book may hold.
//!
//! Ammonia brings it into order and drops what can do harm; here void elements are closed, tags and attributes an e-book
//! does not know are left out, and addresses are written anew.

use std::collections::BTreeSet;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::config::HtmlPolicy;
use crate::render::escape;
use crate::render::raw_html::{self, Open};

/// Where addresses in a piece of HTML lead in the form it is put into; `None` where there is nothing to lead to.
pub trait Addresses {
    /// The target of a link.
    fn link(&self, address: &str) -> Option<String>;
    /// The source of a picture.
    fn picture(&self, address: &str) -> Option<String>;
}

/// Whether a piece stands inside a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among blocks.
    Block,
    /// Inside a paragraph.
    Inline,
}

/// Appends a piece of raw HTML: a fragment, an opening tag or a closing tag. What `open` counts has to be closed in the same
/// container.
pub fn push(
    html: &str,
    place: Place,
    addresses: &dyn Addresses,
    ids: &mut BTreeSet<String>,
    open: &mut Open,
    out: &mut String,
) {
    let mut clean = String::new();
    raw_html::push(html, HtmlPolicy::Sanitize, open, &mut clean);
    to_xhtml(&clean, place, addresses, ids, out);
}

/// Appends the closing tags of what is still open.
pub fn close(open: &mut Open, place: Place, out: &mut String) {
    let mut closing = String::new();
    open.close_all(&mut closing);
    if !closing.is_empty() {
        to_xhtml(&closing, place, &Nowhere, &mut BTreeSet::new(), out);
    }
}

/// Closing tags hold no addresses.
struct Nowhere;

impl Addresses for Nowhere {
    fn link(&self, _address: &str) -> Option<String> {
        None
    }

    fn picture(&self, _address: &str) -> Option<String> {
        None
    }
}

const PHRASING: [&str; 31] = [
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img",
    "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub",
    "sup", "time", "u", "var",
];

const BLOCKS: [&str; 36] = [
    "article",
    "aside",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];

/// `ul` and `wbr` would make the lists above one longer for no reason but order.
const REST: [&str; 2] = ["ul", "wbr"];

/// Whether an element stands among blocks.
pub(super) fn is_block(tag: &str) -> bool {
    BLOCKS.contains(&tag) || tag == "ul"
}

/// The name a tag has in XHTML; `None` for tags that are left out, their content staying.
fn tag(name: &str, place: Place) -> Option<&'static str> {
    let name = match name {
        "acronym" => "abbr",
        "strike" => "s",
        "tt" => "code",
        "center" => "div",
        "ul" if place == Place::Inline => return None,
        other => other,
    };
    let blocks: &[&'static str] = match place {
        Place::Block => &BLOCKS,
        Place::Inline => &[],
    };
    PHRASING
        .iter()
        .chain(blocks)
        .chain(&REST)
        .find(|known| **known == name)
        .copied()
}

pub(super) fn is_void(tag: &str) -> bool {
    matches!(tag, "br" | "hr" | "img" | "wbr" | "col")
}

/// Cleaned HTML, token by token. The order of tags is ammonia's, so what comes out is well-formed where what went in was
/// balanced.
fn to_xhtml(
    html: &str,
    place: Place,
    addresses: &dyn Addresses,
    ids: &mut BTreeSet<String>,
    out: &mut String,
) {
    let mut reader = Reader::from_str(html);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                opening(&start, place, addresses, ids, out);
            }
            Ok(Event::End(end)) => {
                let name = end.name().as_ref().to_owned();
                if let Some(tag) = tag(&name, place).filter(|tag| !is_void(tag)) {
                    out.push_str(&format!("</{tag}>"));
                }
            }
            Ok(Event::Text(text)) => escape::push(&text, out),
            Ok(Event::GeneralRef(reference)) => {
                entity(&reference, out);
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(
                Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_),
            ) => {}
        }
    }
}

fn entity(name: &str, out: &mut String) {
    match name {
        "amp" | "lt" | "gt" | "quot" => out.push_str(&format!("&{name};")),
        "nbsp" => out.push('\u{A0}'),
        _ => out.push_str(&format!("&amp;{name};")),
    }
}

fn opening(
    start: &BytesStart<'_>,
    place: Place,
    addresses: &dyn Addresses,
    ids: &mut BTreeSet<String>,
    out: &mut String,
) {
    let name = start.name().as_ref().to_owned();
    let Some(tag) = tag(&name, place) else {
        return;
    };
    let attributes = attributes(start);
    let get = |key: &str| {
        attributes
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    };
    if tag == "img" {
        let alt = escape::escape(get("alt").unwrap_or_default());
        match get("src").and_then(|address| addresses.picture(address)) {
            Some(source) => out.push_str(&format!(
                "<img src=\"{}\" alt=\"{alt}\"/>",
                escape::url(&source)
            )),
            None => out.push_str(&alt),
        }
        return;
    }
    out.push('<');
    out.push_str(tag);
    for (key, value) in &attributes {
        attribute(tag, key, value, addresses, ids, out);
    }
    out.push_str(if is_void(tag) { "/>" } else { ">" });
}

fn attribute(
    tag: &str,
    key: &str,
    value: &str,
    addresses: &dyn Addresses,
    ids: &mut BTreeSet<String>,
    out: &mut String,
) {
    let number = value.parse::<u32>().is_ok();
    let keep = match (tag, key) {
        (_, "class" | "title" | "dir") => true,
        (_, "id") => {
            !value.is_empty()
                && !value.contains(char::is_whitespace)
                && ids.insert(value.to_owned())
        }
        (_, "lang") => {
            out.push_str(&format!(" xml:lang=\"{}\"", escape::xml(value)));
            true
        }
        ("td" | "th", "colspan" | "rowspan") | ("ol", "start") | ("li", "value") => number,
        ("th", "scope") => matches!(value, "col" | "row" | "colgroup" | "rowgroup"),
        ("time" | "ins" | "del", "datetime") => true,
        ("a", "href") => {
            if let Some(address) = addresses.link(value) {
                out.push_str(&format!(" href=\"{}\"", escape::url(&address)));
            }
            false
        }
        _ => false,
    };
    if keep {
        out.push_str(&format!(" {key}=\"{}\"", escape::xml(value)));
    }
}

pub(super) fn attributes(start: &BytesStart<'_>) -> Vec<(String, String)> {
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| {
            let raw = attribute
                .value
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&nbsp;", "\u{A0}")
                .replace("&amp;", "&");
            (attribute.key.as_ref().to_owned(), raw)
        })
        .collect()
}

/// Whether a text is well-formed XML; the error says where it is not.
///
/// # Errors
/// What is wrong, with its place in bytes.
pub fn well_formed(text: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(format!("{}: {error}", reader.error_position())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Addresses for Fixed {
        fn link(&self, address: &str) -> Option<String> {
            address
                .starts_with('/')
                .then(|| format!("https://site{address}"))
        }

        fn picture(&self, address: &str) -> Option<String> {
            (address == "a.png").then(|| "images/a.png".to_owned())
        }
    }

    #[track_caller]
    fn check(html: &str, place: Place, expected: &str) {
        let (mut out, mut open) = (String::new(), Open::default());
        push(
            html,
            place,
            &Fixed,
            &mut BTreeSet::new(),
            &mut open,
            &mut out,
        );
        close(&mut open, place, &mut out);
        assert_eq!(out, expected);
        well_formed(&format!("<x>{out}</x>")).expect("well-formed");
    }

    #[test]
    fn void_elements_are_closed_and_entities_known() {
        check(
            "a<br>b&nbsp;c &amp; d<hr>",
            Place::Block,
            "a<br/>b\u{A0}c &amp; d<hr/>",
        );
    }

    #[test]
    fn unclosed_tags_are_closed() {
        check("<p>a<p>b", Place::Block, "<p>a</p><p>b</p>");
        check(
            "<ul><li>a<li>b</ul>",
            Place::Block,
            "<ul><li>a</li><li>b</li></ul>",
        );
    }

    #[test]
    fn what_an_e_book_does_not_know_is_left_out() {
        check("<video src=\"x.mp4\">film</video>", Place::Block, "film");
        check(
            "<table><tbody><tr><td align=\"left\" colspan=\"2\">x</td></tr></tbody></table>",
            Place::Block,
            "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
        );
        check("<center>x</center>", Place::Block, "<div>x</div>");
    }

    #[test]
    fn blocks_may_not_stand_in_paragraphs() {
        check("<div>x</div>", Place::Inline, "x");
    }

    #[test]
    fn addresses_are_written_anew() {
        check(
            "<a href=\"/x/?a=1&amp;b=2\">x</a>",
            Place::Inline,
            "<a href=\"https://site/x/?a=1&amp;b=2\">x</a>",
        );
        check("<a href=\"y\">x</a>", Place::Inline, "<a>x</a>");
        check(
            "<img src=\"a.png\" alt=\"A\"><img src=\"b.png\" alt=\"B\">",
            Place::Inline,
            "<img src=\"images/a.png\" alt=\"A\"/>B",
        );
    }
}
