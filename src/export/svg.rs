//! A drawing → the same drawing without what can run or fetch: scripts, handlers of events, addresses elsewhere.
//!
//! Readers of e-books refuse scripts in pictures, and epubcheck wants them declared. Everything else is copied as it is.

use std::fmt::Write;

use quick_xml::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// The drawing without scripts; `None` when it is not well-formed.
#[must_use]
pub fn without_scripts(svg: &str) -> Option<String> {
    let mut reader = Reader::from_str(svg.trim_start_matches('\u{feff}'));
    let mut out = String::with_capacity(svg.len());
    // How many elements that run lie around what is read.
    let mut inside: u32 = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if inside > 0 || runs(start.name().as_ref()) {
                    inside += 1;
                } else {
                    element(&start, ">", &mut out);
                }
            }
            Event::Empty(start) => {
                if inside == 0 && !runs(start.name().as_ref()) {
                    element(&start, "/>", &mut out);
                }
            }
            Event::End(end) => {
                if inside > 0 {
                    inside -= 1;
                } else {
                    let _ = write!(out, "</{}>", end.name().as_ref());
                }
            }
            Event::Eof => return Some(out),
            Event::DocType(text) if is_plain(&text) => {
                let _ = write!(out, "<!DOCTYPE {}>", &*text);
            }
            Event::Text(text) if inside == 0 => out.push_str(&text),
            Event::GeneralRef(name) if inside == 0 => {
                let _ = write!(out, "&{};", &*name);
            }
            Event::CData(text) if inside == 0 => {
                let _ = write!(out, "<![CDATA[{}]]>", &*text);
            }
            Event::Decl(_) => out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            Event::Text(_)
            | Event::GeneralRef(_)
            | Event::CData(_)
            | Event::DocType(_)
            | Event::Comment(_)
            | Event::PI(_) => {}
        }
    }
}

/// Whether the entities a document defines are nothing but words, such as the names of namespaces. Of others the drawing goes
/// without the definition.
fn is_plain(doctype: &str) -> bool {
    let entities = doctype.split_once('[').map_or("", |(_, entities)| entities);
    let words = entities.replace("<!ENTITY", "");
    !words.contains(['<', '&', '%']) && !words.contains("SYSTEM") && !words.contains("PUBLIC")
}

/// The name without its prefix, in small letters.
fn local(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    name.to_ascii_lowercase()
}

fn runs(name: &str) -> bool {
    matches!(&*local(name), "script" | "handler" | "listener" | "iframe")
}

fn element(start: &BytesStart<'_>, end: &str, out: &mut String) {
    let name = start.name();
    let name = name.as_ref();
    let _ = write!(out, "<{name}");
    for attribute in start.attributes().with_checks(false).flatten() {
        let key = attribute.key.as_ref();
        let value = attribute.value.replace('"', "&quot;");
        if is_kept(&local(name), key, &value) {
            let _ = write!(out, " {key}=\"{value}\"");
        }
    }
    out.push_str(end);
}

fn is_kept(element: &str, key: &str, value: &str) -> bool {
    let key = local(key);
    // Browsers read an address without the white space in it.
    let Ok(plain) = escape::unescape(value) else {
        // Made of entities of the document's own: a namespace, but no address.
        return key != "href" && !key.starts_with("on");
    };
    let address: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    let address = address.to_ascii_lowercase();
    let script = ["javascript:", "vbscript:", "data:text/", "data:image/svg"];
    let runs = script.iter().any(|scheme| address.contains(scheme));
    let fetched = key == "href" && element != "a";
    let own = address.starts_with('#') || address.starts_with("data:image/");
    !(key.starts_with("on") || runs || (fetched && !own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(svg: &str, expected: &str) {
        assert_eq!(without_scripts(svg).as_deref(), Some(expected));
    }

    #[test]
    fn what_runs_goes_and_the_drawing_stays() {
        check(
            "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" onload='alert(\"1\")'>\
             <script>alert(1)</script><style><![CDATA[a{fill:red}]]></style><g onclick=\"x()\"><rect width='9'/>\
             <text>甲&amp;乙</text></g></svg>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">\
             <style><![CDATA[a{fill:red}]]></style><g><rect width=\"9\"/><text>甲&amp;乙</text></g></svg>",
        );
    }

    #[test]
    fn addresses_that_run_or_fetch_go() {
        check(
            "<svg><a href=\"java&#10;script:x()\"><use href=\"#a\"/></a><a xlink:href=\"https://a/\"/>\
             <image xlink:href=\"https://a/b.png\"/><image href=\"data:image/png;base64,AA\"/>\
             <set attributeName=\"href\" to=\"javascript:x()\"/><svg:script href=\"x\"/></svg>",
            "<svg><a><use href=\"#a\"/></a><a xlink:href=\"https://a/\"/>\
             <image/><image href=\"data:image/png;base64,AA\"/><set attributeName=\"href\"/></svg>",
        );
    }

    #[test]
    fn what_is_no_drawing_is_told() {
        assert_eq!(without_scripts("<svg><g></svg>"), None);
    }
}
