//! The user guide names every diagnostic code, configuration key, front matter key, command and flag there is.
//!
//! The list of codes in `docs/guide/check.md` and the list of pages in `docs/guide/README.md` are made:
//! `UPDATE_DOCS=1 cargo test --test docs` writes them.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests read the disk, and fail loudly"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use pufa::base::SourcePath;
use pufa::cli::args::Cli;
use pufa::config::{self, Flavor, Overrides};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn guide(name: &str) -> PathBuf {
    root().join("docs/guide").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with the words the file does not hold between backticks.
#[track_caller]
fn check_names(file: &str, words: impl IntoIterator<Item = String>) {
    let text = read(&guide(file));
    let missing: Vec<String> = words
        .into_iter()
        .filter(|word| !names(&text, word))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/guide/{file} says nothing of: {}",
        missing.join(", ")
    );
}

/// Whether `word` stands in the text by itself, in code: as `word`, `word …`, `[word]`, or at the start of a line of code.
fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let part = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        !part(before) && !part(after)
    })
}

// ---- parts that are made, not written

const BEGIN: &str = "<!-- 由 tests/docs.rs 生成，不要手改 -->\n";
const END: &str = "<!-- 生成部分到此为止 -->";

/// Compares the made part of a page with what it should be, or writes it when `UPDATE_DOCS` is set.
#[track_caller]
fn check_generated(file: &str, wanted: &str) {
    let path = guide(file);
    let text = read(&path);
    let start = text
        .find(BEGIN)
        .expect("the mark where the made part begins")
        + BEGIN.len();
    let end = text.find(END).expect("the mark where the made part ends");
    if text[start..end] == *wanted {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_DOCS").is_some(),
        "docs/guide/{file} is out of date: run `UPDATE_DOCS=1 cargo test --test docs`"
    );
    let new = format!("{}{wanted}{}", &text[..start], &text[end..]);
    fs::write(&path, new).expect("the guide can be written");
}

// ---- diagnostics

/// The files of the catalogue with the heading their codes come under.
const AREAS: [(&str, &str); 5] = [
    ("core", "内容、配置与输出"),
    ("law", "法律与引用"),
    ("search", "搜索"),
    ("book", "书与导出"),
    ("media", "课程、案例、测验、活动与名录"),
];

/// The list of codes as Markdown.
fn code_list() -> String {
    let mut out = String::new();
    for (file, title) in AREAS {
        let path = root().join(format!("src/diag/messages/{file}.toml"));
        let table: toml::Table = read(&path).parse().expect("the catalogue is TOML");
        if table.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "\n### {title}\n\n| 编号 | 级别 | 意思 | 怎么改 |\n| --- | --- | --- | --- |\n"
        ));
        for (code, entry) in &table {
            let text = |entry: &toml::Value| entry["zh"].as_str().unwrap_or_default().to_owned();
            let hints: Vec<String> = entry
                .get("hints")
                .and_then(toml::Value::as_array)
                .map(|hints| hints.iter().map(text).collect())
                .unwrap_or_default();
            let severity = match entry["severity"].as_str() {
                Some("error") => "错误",
                Some("warning") => "警告",
                _ => "提示",
            };
            out.push_str(&format!(
                "| `{code}` | {severity} | {} | {} |\n",
                cell(&text(entry)),
                cell(&hints.join("<br>或："))
            ));
        }
    }
    out.push('\n');
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[test]
fn the_guide_lists_every_diagnostic_as_the_catalogue_has_it() {
    check_generated("check.md", &code_list());
}

#[test]
fn every_code_has_an_area_of_the_guide() {
    let listed = code_list();
    let missing: Vec<&str> = pufa::diag::catalog::codes()
        .filter(|code| !listed.contains(&format!("| `{code}` |")))
        .collect();
    assert!(missing.is_empty(), "no area for {missing:?}");
}

// ---- configuration and front matter

/// The keys a parser asks a table for, in the text of its source: `fields.string("title")`, `inner.choice("html", …)`,
/// `allow(&["mode", …])`, and lists of keys.
fn keys_in(source: &str) -> BTreeSet<String> {
    const ASKS: [&str; 14] = [
        ".string(",
        ".spanned_string(",
        ".strings(",
        ".spanned_strings(",
        ".bool(",
        ".count(",
        ".integer(",
        ".number(",
        ".moment(",
        ".date(",
        ".dates(",
        ".table(",
        ".tables(",
        ".choice(",
    ];
    let source = source.split("#[cfg(test)]").next().unwrap_or(source);
    let mut keys = BTreeSet::new();
    for ask in ASKS.iter().chain(&[".node(", ".required("]) {
        for (at, _) in source.match_indices(ask) {
            keys.extend(first_literal(&source[at + ask.len()..]));
        }
    }
    for (at, _) in source.match_indices(".allow(&[") {
        let list = source[at..].split("])").next().unwrap_or_default();
        keys.extend(literals(list));
    }
    keys
}

/// The string literal a text begins with.
fn first_literal(text: &str) -> Option<String> {
    let rest = text.trim_start().strip_prefix('"')?;
    Some(rest[..rest.find('"')?].to_owned())
}

/// Every string literal in a text without escapes.
fn literals(text: &str) -> Vec<String> {
    text.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_guide_names_every_key_of_the_configuration() {
    let keys = keys_in(&read(&root().join("src/config/read.rs")));
    assert!(keys.len() > 40, "the keys were not found: {keys:?}");
    check_names("config.md", keys);
}

#[test]
fn the_guide_names_every_key_of_the_search() {
    use pufa::{config::Measure, index::SearchKind};
    let mut keys = keys_in(&read(&root().join("src/config/search.rs")));
    keys.extend(Measure::ALL.map(|measure| measure.key().to_owned()));
    keys.extend(SearchKind::ALL.map(|kind| kind.name().to_owned()));
    check_names("search.md", keys);
}

#[test]
fn the_examples_of_the_configuration_are_accepted() {
    let text = read(&guide("config.md"));
    let examples: Vec<&str> = text
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(examples.len() > 5, "the examples were not found");
    for example in examples {
        let mut problems = Vec::new();
        let file = SourcePath::new("pufa.toml");
        let overrides = Overrides::default();
        config::read(example, &file, Flavor::Pufa, &overrides, &mut problems);
        assert_eq!(problems, [], "{example}");
    }
}

#[test]
fn the_guide_names_every_key_of_the_front_matter() {
    let mut keys = keys_in(&read(&root().join("src/parse/front.rs")));
    keys.remove("terms");
    for part in ["question", "case", "event", "statute"] {
        let path = format!("src/parse/{part}.rs");
        keys.extend(keys_in(&read(&root().join(path))));
    }
    // An episode asks for files and times by functions of its own.
    let episode = read(&root().join("src/parse/episode.rs"));
    let at = episode.find("pub fn read(").expect("the keys of episodes");
    let end = at + episode[at..].find("\n}\n").unwrap_or(0);
    keys.extend(literals(&episode[at..end]));
    keys.extend(["chapters".to_owned(), "downloads".to_owned()]);
    let page = read(&root().join("src/parse/page.rs"));
    for start in ["fn special_keys", "const EVERYWHERE"] {
        let at = page.find(start).expect("the keys of the kinds");
        let end = at + page[at..].find("\n/// ").unwrap_or(page.len() - at);
        keys.extend(literals(&page[at..end]));
    }
    assert!(keys.len() > 60, "the keys were not found: {keys:?}");
    check_names("front-matter.md", keys);
}

// ---- commands

#[test]
fn the_guide_names_every_command_and_flag() {
    let mut words = BTreeSet::new();
    collect(&Cli::command(), "pufa", &mut words);
    assert!(words.len() > 15, "{words:?}");
    check_names("cli.md", words);
}

/// `pufa build`, `--base-url`, and so on.
fn collect(command: &clap::Command, path: &str, words: &mut BTreeSet<String>) {
    for argument in command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
    {
        words.extend(argument.get_long().map(|long| format!("--{long}")));
    }
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        let path = format!("{path} {}", inner.get_name());
        words.insert(path.clone());
        collect(inner, &path, words);
    }
}

// ---- the guide itself

/// Links of the guide, the README and ARCHITECTURE.md lead to files that are there.
#[test]
fn links_between_the_documents_lead_somewhere() {
    let mut files = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    let listed = fs::read_dir(guide("")).expect("docs/guide");
    files.extend(listed.filter_map(|entry| Some(entry.ok()?.path())));
    let mut broken = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "md"))
    {
        let text = read(file);
        for target in links(&text) {
            let path = target.split('#').next().unwrap_or_default();
            let outside = path.contains("://") || path.starts_with("mailto:");
            let folder = file.parent().expect("a file has a folder");
            if !outside && !path.is_empty() && !folder.join(path).exists() {
                broken.push(format!("{}: {target}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The targets of `[text](target)` outside of code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced || line.starts_with("    ") {
            continue;
        }
        // Every second piece between backticks is code.
        for piece in line.split('`').step_by(2) {
            for (at, _) in piece.match_indices("](") {
                let rest = &piece[at + 2..];
                found.extend(rest.find(')').map(|end| rest[..end].to_owned()));
            }
        }
    }
    found
}

/// The index names every page of the guide by its title.
#[test]
fn the_index_lists_every_page() {
    let mut pages: Vec<String> = fs::read_dir(guide(""))
        .expect("docs/guide")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".md") && name != "README.md")
        .collect();
    pages.sort();
    let lines = pages.iter().map(|name| {
        let text = read(&guide(name));
        let first = text.lines().next().unwrap_or_default();
        format!("- [{}]({name})\n", first.trim_start_matches("# "))
    });
    check_generated("README.md", &format!("\n{}\n", lines.collect::<String>()));
}
