//! Every diagnostic code with its severity, and its message and hints in Chinese and English.
//!
//! The texts are in `messages/*.toml`, one table a code:
//!
//! ```toml
//! [unknown-key]
//! severity = "error"
//! zh = "未知的键 `{key}`"
//! en = "unknown key `{key}`"
//! hints = [
//!   { zh = "是不是 `{nearest}`？", en = "did you mean `{nearest}`?" },
//!   { zh = "删去这一行", en = "remove this line" },
//! ]
//! ```
//!
//! `{key}` stands for an argument of the diagnostic. The first hint all of whose arguments are there is shown.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::phrases;
use super::{Diagnostic, Severity};

const FILES: &[&str] = &[
    include_str!("messages/core.toml"),
    include_str!("messages/law.toml"),
    include_str!("messages/search.toml"),
    include_str!("messages/book.toml"),
    include_str!("messages/media.toml"),
];

/// A language people read messages in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A text in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What the catalogue says of a code.
#[derive(Debug)]
pub struct Entry {
    /// How bad it is.
    pub severity: Severity,
    /// The message.
    pub message: Text,
    /// Hints, the most specific first.
    pub hints: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    severity: String,
    zh: String,
    en: String,
    #[serde(default)]
    hints: Vec<Text>,
}

/// All codes, in alphabetical order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    catalogue().keys().map(String::as_str)
}

/// The entry of a code.
#[must_use]
pub fn entry(code: &str) -> Option<&'static Entry> {
    catalogue().get(code)
}

/// The message of a diagnostic.
#[must_use]
pub fn message(diagnostic: &Diagnostic, language: Language) -> String {
    entry(diagnostic.code)
        .and_then(|entry| fill(&entry.message, language, diagnostic, Missing::Keep))
        .unwrap_or_else(|| diagnostic.code.to_owned())
}

/// The hint of a diagnostic: the first whose arguments are all there.
#[must_use]
pub fn hint(diagnostic: &Diagnostic, language: Language) -> Option<String> {
    entry(diagnostic.code)?
        .hints
        .iter()
        .find_map(|text| fill(text, language, diagnostic, Missing::Fail))
}

fn pick(text: &Text, language: Language) -> &str {
    match language {
        Language::Zh => &text.zh,
        Language::En => &text.en,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Missing {
    Keep,
    Fail,
}

/// Replaces every `{name}`. An argument that is not there is kept as it stands, or the whole text fails.
fn fill(
    text: &Text,
    language: Language,
    diagnostic: &Diagnostic,
    missing: Missing,
) -> Option<String> {
    let mut rest = pick(text, language);
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, name, after)) = placeholder(rest) {
        out.push_str(before);
        match diagnostic.arg(name) {
            // These two are the words of other programs.
            Some(value) if language == Language::Zh && matches!(name, "error" | "detail") => {
                out.push_str(&phrases::in_chinese(value));
            }
            Some(value) => out.push_str(value),
            None if missing == Missing::Fail => return None,
            None => out.push_str(&rest[before.len()..rest.len() - after.len()]),
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The first `{name}` of a text: what is before it, the name, what is behind it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find('{')?;
        let close = open + text[open..].find('}')?;
        let name = &text[open + 1..close];
        if !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            return Some((&text[..open], name, &text[close + 1..]));
        }
        from = open + 1;
    }
}

fn catalogue() -> &'static BTreeMap<String, Entry> {
    static CATALOGUE: OnceLock<BTreeMap<String, Entry>> = OnceLock::new();
    CATALOGUE.get_or_init(|| FILES.iter().flat_map(|text| read(text)).collect())
}

#[expect(
    clippy::expect_used,
    reason = "the files are part of the program and read by a test"
)]
fn read(text: &str) -> Vec<(String, Entry)> {
    let raw: BTreeMap<String, RawEntry> =
        toml::from_str(text).expect("the catalogue is valid TOML");
    raw.into_iter()
        .map(|(code, raw)| {
            let severity = match raw.severity.as_str() {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                _ => Severity::Note,
            };
            let message = Text {
                zh: raw.zh,
                en: raw.en,
            };
            (
                code,
                Entry {
                    severity,
                    message,
                    hints: raw.hints,
                },
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let (mut names, mut rest) = (Vec::new(), text);
        while let Some((_, name, after)) = placeholder(rest) {
            names.push(name.to_owned());
            rest = after;
        }
        names.sort();
        names
    }

    #[test]
    fn both_languages_use_the_same_words() {
        for code in codes() {
            let entry = entry(code).expect("listed");
            for text in std::iter::once(&entry.message).chain(&entry.hints) {
                assert_eq!(names(&text.zh), names(&text.en), "{code}");
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{code}");
                assert!(
                    !text.en.ends_with('.') && !text.zh.ends_with('。'),
                    "{code} ends with a full stop"
                );
            }
        }
    }

    #[test]
    fn a_hint_without_its_words_gives_way_to_the_next() {
        let bare = Diagnostic::new("unknown-key").with("key", "titel");
        assert_eq!(
            hint(&bare, Language::En).as_deref(),
            Some("remove it, or see the list of keys in the guide")
        );
        let near = bare.with("nearest", "title");
        assert_eq!(
            hint(&near, Language::En).as_deref(),
            Some("did you mean `title`?")
        );
        assert_eq!(message(&near, Language::Zh), "未知的键 `titel`");
    }
}
