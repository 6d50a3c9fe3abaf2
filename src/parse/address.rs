//! Addresses written bare in running text: `见 https://www.12348.gov.cn，电话…`.
//!
//! As in GitHub's Markdown an address begins with `http://`, `https://` or `www.`, and punctuation at its end is not part of it.
//! Unlike there it ends at the first character that an address can't hold unescaped (RFC 3986), so that the Chinese text
//! behind it stays text.

use std::ops::Range;

/// Nobody writes longer addresses; text without end must not be read again and again.
const LONGEST: usize = 2000;

/// The address whose `://` or whose dot behind `www` is at `mark`; none where it is part of a Markdown link or of a word.
#[must_use]
pub fn around(text: &str, mark: usize) -> Option<Range<usize>> {
    let start = mark - prefix_len(text, mark)?;
    let before = &text[..start];
    let last = before.chars().next_back();
    let in_word =
        last.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '@' | '.' | '-' | '_'));
    // `<https://…>` and `](https://…)` are links already.
    if in_word || last == Some('<') || before.ends_with("](") || before.ends_with("](<") {
        return None;
    }
    let rest = text[start..].bytes().take(LONGEST);
    let length = rest.take_while(|byte| may_hold(*byte)).count();
    let whole = &text[start..start + length];
    let whole = whole.split("**").next().unwrap_or(whole);
    let address = without_punctuation(whole);
    let host = &address[address.find("://").map_or(0, |at| at + 3)..];
    let good = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host
            .split('/')
            .next()
            .is_some_and(|host| host.contains(['.', ':']));
    good.then(|| start..start + address.len())
}

/// The length of `http`, `https` or `www` before the mark.
fn prefix_len(text: &str, mark: usize) -> Option<usize> {
    let before = &text.as_bytes()[..mark];
    let ends = |word: &[u8]| {
        let at = before.len().checked_sub(word.len())?;
        before[at..]
            .eq_ignore_ascii_case(word)
            .then_some(word.len())
    };
    if text.as_bytes().get(mark) == Some(&b'.') {
        ends(b"www")
    } else {
        ends(b"https").or_else(|| ends(b"http"))
    }
}

fn may_hold(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte)
}

/// Without the punctuation of the sentence the address stands in, and without a bracket that was opened before it.
fn without_punctuation(address: &str) -> &str {
    let mut rest = address;
    loop {
        let unopened = rest.ends_with(')') && rest.matches(')').count() > rest.matches('(').count();
        let shorter = match rest.strip_suffix(['.', ',', ':', ';', '!', '?', '*', '_', '~', '\'']) {
            Some(shorter) => shorter,
            None if unopened => &rest[..rest.len() - 1],
            None => return rest,
        };
        rest = shorter;
    }
}

/// Where an address as it is written leads: with a scheme, and with `&` where the text has `&amp;`.
#[must_use]
pub fn target(written: &str) -> String {
    let plain = written.replace("&amp;", "&");
    if plain.contains("://") {
        plain
    } else {
        format!("http://{plain}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let mark = text
            .find("://")
            .or_else(|| text.find("www.").map(|at| at + 3));
        around(text, mark?).map(|range| &text[range])
    }

    #[test]
    fn an_address_ends_where_chinese_text_begins() {
        for (text, address) in [
            (
                "见https://www.12348.gov.cn，电话12348",
                "https://www.12348.gov.cn",
            ),
            ("（https://a.cn/x?y=1&z=2）后文", "https://a.cn/x?y=1&z=2"),
            ("看https://a.cn/b_c.html。", "https://a.cn/b_c.html"),
            ("www.a.gov.cn的首页", "www.a.gov.cn"),
            ("**https://a.cn**后", "https://a.cn"),
            ("HTTP://A.CN/，", "HTTP://A.CN/"),
            ("(see https://a.cn/b_(c)).", "https://a.cn/b_(c)"),
            ("http://127.0.0.1:1111/x", "http://127.0.0.1:1111/x"),
        ] {
            assert_eq!(found(text), Some(address), "{text}");
        }
    }

    #[test]
    fn links_and_words_are_left_alone() {
        for text in [
            "<https://a.cn/民>",
            "[甲](https://a.cn/民)",
            "xhttp://a.cn",
            "a://b.cn",
            "https://，",
            "https://x 后",
            "a.www.b",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn targets_have_a_scheme() {
        assert_eq!(target("www.a.cn"), "http://www.a.cn");
        assert_eq!(target("https://a.cn/?a=1&amp;b=2"), "https://a.cn/?a=1&b=2");
    }
}
