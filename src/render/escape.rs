//! Escaping for HTML and XML.

use memchr::{memchr2, memchr3};

/// Appends `text` with `& < > "` escaped; fit for text and for attributes in double quotes.
pub fn push(text: &str, out: &mut String) {
    push_but(text, "'", out);
}

/// Appends `text` escaped; fit for attributes in single quotes too.
pub fn push_any_quotes(text: &str, out: &mut String) {
    push_but(text, "&#39;", out);
}

fn push_but(text: &str, single_quote: &str, out: &mut String) {
    let bytes = text.as_bytes();
    // Most texts have nothing to escape, which is found out many bytes at a time.
    if memchr3(b'&', b'<', b'>', bytes).is_none() && memchr2(b'"', b'\'', bytes).is_none() {
        out.push_str(text);
        return;
    }
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => single_quote,
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escape);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

/// `text` escaped.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push(text, &mut out);
    out
}

/// `text` escaped for XML: as for HTML, and without the control characters XML forbids.
#[must_use]
pub fn xml(text: &str) -> String {
    let clean: String = text
        .chars()
        .filter(|c| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}'))
        .collect();
    escape(&clean)
}

/// Percent-encodes what may not stand in an address, leaving its structure alone.
#[must_use]
pub fn url(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    push_url(address, &mut out);
    out
}

/// Appends an address, percent-encoded and fit for an attribute.
pub fn push_url(address: &str, out: &mut String) {
    use std::fmt::Write;
    for byte in address.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'"' => out.push_str("%22"),
            b'<' => out.push_str("%3C"),
            b'>' => out.push_str("%3E"),
            b' ' => out.push_str("%20"),
            b'`' => out.push_str("%60"),
            0..=0x1F | 0x7F..=0xFF => {
                let _ = write!(out, "%{byte:02X}");
            }
            _ => out.push(char::from(byte)),
        }
    }
}
