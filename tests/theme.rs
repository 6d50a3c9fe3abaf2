//! The default theme keeps its promises: both languages have every string, templates ask for none that is missing, and
//! nothing in them needs more than `default-src 'self'`.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads the theme's files and may stop at once"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const THEME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default");

/// Every key of a language; `{ one, other }` is one string.
fn keys(language: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(format!("{THEME}/i18n/{language}.toml")).unwrap();
    let mut keys = BTreeSet::new();
    collect("", &text.parse::<toml::Table>().unwrap(), &mut keys);
    keys
}

fn collect(prefix: &str, table: &toml::Table, keys: &mut BTreeSet<String>) {
    for (name, value) in table {
        match value.as_table() {
            Some(inner) if !(inner.contains_key("one") && inner.contains_key("other")) => {
                collect(&format!("{prefix}{name}."), inner, keys);
            }
            _ => {
                keys.insert(format!("{prefix}{name}"));
            }
        }
    }
}

/// Name and text of every template.
fn templates() -> Vec<(String, String)> {
    walkdir::WalkDir::new(Path::new(THEME).join("templates"))
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|ending| ending == "html")
        })
        .map(|entry| {
            (
                entry.path().display().to_string(),
                fs::read_to_string(entry.path()).unwrap(),
            )
        })
        .collect()
}

/// What stands between `open` and the next quotation mark, for each `open`.
fn quoted_after<'a>(text: &'a str, open: &str) -> Vec<&'a str> {
    let quotation = |c| c == '"' || c == '\'';
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.strip_prefix(quotation)?.split(quotation).next())
        .collect()
}

#[test]
fn both_languages_have_every_string() {
    assert_eq!(keys("zh-CN"), keys("en"));
}

#[test]
fn templates_ask_for_strings_that_exist() {
    let known = keys("zh-CN");
    for (name, text) in templates() {
        for key in quoted_after(&text, "trans(") {
            assert!(known.contains(key), "{name}: no string `{key}`");
        }
    }
}

#[test]
fn templates_ask_for_files_that_exist() {
    for (name, text) in templates() {
        for path in quoted_after(&text, "asset(")
            .into_iter()
            .filter(|path| path.contains('.') && !path.contains("search"))
        {
            assert!(
                Path::new(THEME).join(path).is_file(),
                "{name}: no file `{path}`"
            );
        }
    }
}

#[test]
fn templates_work_under_a_strict_content_security_policy() {
    for (name, text) in templates() {
        assert!(
            !text.contains("<style") && !text.contains(" style=") && !text.contains("javascript:"),
            "{name}: inline style or script"
        );
        for tag in text.split("<script").skip(1) {
            let tag = tag.split('>').next().unwrap_or_default();
            assert!(
                tag.contains(" src=") || tag.contains("json"),
                "{name}: inline script"
            );
        }
        for handler in [
            "onclick", "onload", "onchange", "onsubmit", "oninput", "onerror",
        ] {
            assert!(!text.contains(&format!(" {handler}=")), "{name}: {handler}");
        }
    }
}
