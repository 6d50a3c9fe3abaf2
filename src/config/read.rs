//! The configuration file's text → [`Config`].

use std::collections::BTreeMap;

use super::{
    BookForm, BooksConfig, Config, Density, ExternalLinks, HtmlPolicy, LanguageConfig, LinkStyle,
    MarkdownConfig, NavItem, OfflineConfig, Overrides, Paper, PdfConfig, Purpose, SearchConfig,
    TaxonomyConfig,
};
use crate::base::value::{Table, Value};
use crate::base::{SourcePath, Span, nearest};
use crate::diag::{Diagnostic, Severity, catalog};
use crate::parse::fields::Fields;
use crate::parse::markdown::Slugify;
use crate::parse::syntax::{Syntax, read_table};

/// Whose configuration it is; they differ in defaults only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// `pufa.toml`.
    Pufa,
    /// A Zola site's `zola.toml` or `config.toml`.
    Zola,
}

/// Reads the configuration. What is wrong falls back to the default and is reported; with an error in the list the result
/// must not be used to write a site.
pub fn read(
    text: &str,
    file: &SourcePath,
    flavor: Flavor,
    overrides: &Overrides,
    diagnostics: &mut Vec<Diagnostic>,
) -> Config {
    let table = read_table(Syntax::Toml, text, 0, file, diagnostics);
    let mut fields = Fields::new(&table, file, diagnostics);
    let config = decide(&mut fields, flavor == Flavor::Zola, overrides);
    // Zola's keys that change nothing here: what they ask for is done always, or belongs to Sass.
    fields.allow(&[
        "preserve_dotfiles_in_output",
        "compile_sass",
        "hard_link_static",
        "link_checker",
        "generate_feed",
        "feed_filename",
        "mode",
    ]);
    fields.finish();
    config
}

/// Every setting: what is written, else the default.
fn decide(fields: &mut Fields<'_>, zola: bool, overrides: &Overrides) -> Config {
    const EDITOR: &str = "vscode://file/{path}:{line}:{column}";
    let theme = theme(fields);
    let (slugify_paths, slugify_taxonomies, anchors, paths_keep_dates) = slugify(fields);
    let check = check(fields);
    let mut taxonomies = taxonomies(fields, None);
    if !zola {
        add_house_taxonomies(&mut taxonomies);
    }
    let languages = languages(fields, &mut taxonomies);
    let output_dir = overrides.output_dir.clone();
    Config {
        file: fields.file().clone(),
        title: text(fields, "title", ""),
        description: text(fields, "description", ""),
        base_url: base_url(fields, overrides),
        default_language: text(
            fields,
            "default_language",
            if zola { "en" } else { "zh-CN" },
        ),
        languages,
        translations: translations(fields.table("translations")),
        author: fields.string("author"),
        theme: theme.name,
        accent: theme.accent,
        look: theme.look,
        density: theme.density,
        output_dir: output_dir.unwrap_or_else(|| text(fields, "output_dir", "public")),
        minify_html: flag(fields, "minify_html", false),
        links: links(fields, overrides.purpose),
        generate_feeds: flag(fields, "generate_feeds", !zola),
        feed_limit: fields
            .count("feed_limit")
            .unwrap_or(if zola { usize::MAX } else { 20 }),
        feed_filenames: feed_filenames(fields),
        generate_sitemap: flag(fields, "generate_sitemap", true),
        generate_robots_txt: flag(fields, "generate_robots_txt", true),
        build_search_index: flag(fields, "build_search_index", !zola),
        paginated_in_sitemap: text(fields, "exclude_paginated_pages_in_sitemap", "none") == "none",
        taxonomies,
        taxonomy_root: text(fields, "taxonomy_root", "")
            .trim_matches('/')
            .to_owned(),
        ignored_content: fields.strings("ignored_content"),
        ignored_static: fields.strings("ignored_static"),
        slugify_paths,
        slugify_taxonomies,
        paths_keep_dates,
        markdown: markdown(fields, anchors, zola),
        law_libraries: law_libraries(fields),
        gov: fields.table("gov").cloned(),
        hotline: text(fields, "hotline", "12348"),
        nav: nav(fields),
        front: table(fields, "front"),
        search: SearchConfig::read(fields),
        books: books(fields),
        pdf: pdf(fields),
        offline: offline(fields, overrides.purpose, zola),
        rules: check.rules,
        max_sentence: check.max_sentence,
        external: check.external,
        editor: text(fields, "editor", EDITOR),
        extra: table(fields, "extra"),
    }
}

fn text(fields: &mut Fields<'_>, key: &'static str, default: &str) -> String {
    fields.string(key).unwrap_or_else(|| default.to_owned())
}

fn flag(fields: &mut Fields<'_>, key: &'static str, default: bool) -> bool {
    fields.bool(key).unwrap_or(default)
}

fn table(fields: &mut Fields<'_>, key: &'static str) -> Table {
    fields.table(key).cloned().unwrap_or_default()
}

fn base_url(fields: &mut Fields<'_>, overrides: &Overrides) -> String {
    let written = fields.spanned_string("base_url");
    let (text, span) = match (&overrides.base_url, written) {
        (Some(text), _) => (text.clone(), None),
        (None, Some((text, span))) => (text, Some(span)),
        (None, None) => return String::new(),
    };
    let text = text.trim().trim_end_matches('/').to_owned();
    let absolute = text.starts_with("http://") || text.starts_with("https://");
    if !absolute && !text.is_empty() {
        let file = fields.file();
        let diagnostic = match span {
            Some(span) => Diagnostic::at("base-url", file, span),
            None => Diagnostic::new("base-url"),
        };
        fields.report(diagnostic.with("value", &text));
        return String::new();
    }
    text
}

fn feed_filenames(fields: &mut Fields<'_>) -> Vec<String> {
    let names = fields.strings("feed_filenames");
    if names.is_empty() {
        vec!["atom.xml".to_owned()]
    } else {
        names
    }
}

struct Theme {
    name: Option<String>,
    accent: Option<String>,
    look: Option<String>,
    density: Density,
}

/// `theme = "name"`, or a table with the name and the look.
fn theme(fields: &mut Fields<'_>) -> Theme {
    let mut theme = Theme {
        name: None,
        accent: None,
        look: None,
        density: Density::Comfortable,
    };
    let Some(node) = fields.node("theme") else {
        return theme;
    };
    let Value::Table(table) = &node.value else {
        theme.name = fields.string("theme").filter(|name| !name.is_empty());
        return theme;
    };
    nested(fields, table, |inner| {
        theme.name = inner.string("name").filter(|name| !name.is_empty());
        theme.accent = accent(inner);
        theme.look = inner.string("look");
        theme.density = inner
            .choice(
                "density",
                &[
                    ("comfortable", Density::Comfortable),
                    ("compact", Density::Compact),
                ],
            )
            .unwrap_or(Density::Comfortable);
    });
    theme
}

fn accent(fields: &mut Fields<'_>) -> Option<String> {
    let (text, span) = fields.spanned_string("accent")?;
    let hex = text
        .strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if !hex {
        let diagnostic = Diagnostic::at("not-a-colour", fields.file(), span).with("value", &text);
        fields.report(diagnostic);
        return None;
    }
    Some(text.to_lowercase())
}

/// Reads an inner table and reports its unknown keys.
pub(super) fn nested(fields: &mut Fields<'_>, table: &Table, read: impl FnOnce(&mut Fields<'_>)) {
    let file = fields.file();
    let mut diagnostics = Vec::new();
    let mut inner = Fields::new(table, file, &mut diagnostics);
    read(&mut inner);
    inner.finish();
    diagnostics
        .into_iter()
        .for_each(|diagnostic| fields.report(diagnostic));
}

const SLUGIFY: [(&str, Slugify); 3] = [
    ("on", Slugify::On),
    ("safe", Slugify::Safe),
    ("off", Slugify::Off),
];

fn slugify(fields: &mut Fields<'_>) -> (Slugify, Slugify, Slugify, bool) {
    let mut result = (Slugify::On, Slugify::On, Slugify::On, false);
    if let Some(table) = fields.table("slugify") {
        nested(fields, table, |inner| {
            result.0 = inner.choice("paths", &SLUGIFY).unwrap_or_default();
            result.1 = inner.choice("taxonomies", &SLUGIFY).unwrap_or_default();
            result.2 = inner.choice("anchors", &SLUGIFY).unwrap_or_default();
            result.3 = inner.bool("paths_keep_dates").unwrap_or(false);
        });
    }
    result
}

/// `[[taxonomies]]`; of the whole site, or of a language.
fn taxonomies(fields: &mut Fields<'_>, language: Option<&str>) -> Vec<TaxonomyConfig> {
    let mut all = Vec::new();
    for (table, span) in fields.tables("taxonomies") {
        nested(fields, table, |inner| {
            let name = inner.required("name", span).unwrap_or_default();
            let own = inner.string("lang");
            all.push(TaxonomyConfig {
                title: inner.string("title"),
                paginate_by: inner.count("paginate_by").unwrap_or(0),
                paginate_path: inner
                    .string("paginate_path")
                    .unwrap_or_else(|| "page".to_owned()),
                feed: inner.bool("feed").unwrap_or(false),
                render: inner.bool("render").unwrap_or(true),
                vocabulary: inner.string("vocabulary"),
                language: language.map(str::to_owned).or(own),
                name,
            });
        });
    }
    all.retain(|taxonomy| !taxonomy.name.is_empty());
    all
}

/// Topics and audiences are taxonomies of every pufa site, with the vocabulary in `data/`.
fn add_house_taxonomies(taxonomies: &mut Vec<TaxonomyConfig>) {
    for name in ["topics", "audiences"] {
        match taxonomies.iter_mut().find(|taxonomy| taxonomy.name == name) {
            Some(taxonomy) => {
                taxonomy
                    .vocabulary
                    .get_or_insert_with(|| format!("data/{name}.toml"));
            }
            None => taxonomies.push(TaxonomyConfig {
                name: name.to_owned(),
                title: None,
                paginate_by: 0,
                paginate_path: "page".to_owned(),
                feed: true,
                render: true,
                vocabulary: Some(format!("data/{name}.toml")),
                language: None,
            }),
        }
    }
}

fn languages(
    fields: &mut Fields<'_>,
    all_taxonomies: &mut Vec<TaxonomyConfig>,
) -> Vec<LanguageConfig> {
    let mut all = Vec::new();
    let Some(table) = fields.table("languages") else {
        return all;
    };
    for entry in &table.entries {
        let Value::Table(inner_table) = &entry.node.value else {
            continue;
        };
        nested(fields, inner_table, |inner| {
            inner.allow(&["feed_filenames", "build_search_index", "search", "weight"]);
            all_taxonomies.extend(taxonomies(inner, Some(&entry.key)));
            all.push(LanguageConfig {
                code: entry.key.clone(),
                title: inner.string("title"),
                description: inner.string("description"),
                generate_feeds: inner.bool("generate_feeds"),
                fallback: inner.bool("fallback").unwrap_or(false),
                translations: translations(inner.table("translations")),
            });
        });
    }
    all
}

fn translations(table: Option<&Table>) -> BTreeMap<String, String> {
    let entries = table.into_iter().flat_map(|table| &table.entries);
    entries
        .filter_map(|entry| Some((entry.key.clone(), entry.node.value.as_str()?.to_owned())))
        .collect()
}

fn markdown(fields: &mut Fields<'_>, anchors: Slugify, zola: bool) -> MarkdownConfig {
    let mut markdown = MarkdownConfig {
        html: if zola {
            HtmlPolicy::Trust
        } else {
            HtmlPolicy::Sanitize
        },
        math: !zola,
        smart_punctuation: false,
        anchors,
        external_links_target_blank: false,
        external_links_no_follow: false,
        external_links_no_referrer: false,
        external_links_class: None,
        highlight_code: true,
        glossary: true,
    };
    let Some(table) = fields.table("markdown") else {
        return markdown;
    };
    nested(fields, table, |inner| {
        const POLICIES: [(&str, HtmlPolicy); 3] = [
            ("sanitize", HtmlPolicy::Sanitize),
            ("escape", HtmlPolicy::Escape),
            ("trust", HtmlPolicy::Trust),
        ];
        markdown.html = inner.choice("html", &POLICIES).unwrap_or(markdown.html);
        markdown.math = inner.bool("math").unwrap_or(markdown.math);
        markdown.smart_punctuation = inner.bool("smart_punctuation").unwrap_or(false);
        markdown.external_links_target_blank =
            inner.bool("external_links_target_blank").unwrap_or(false);
        markdown.external_links_no_follow = inner.bool("external_links_no_follow").unwrap_or(false);
        markdown.external_links_no_referrer =
            inner.bool("external_links_no_referrer").unwrap_or(false);
        markdown.external_links_class = inner.string("external_links_class");
        markdown.highlight_code = inner.bool("highlight_code").unwrap_or(true);
        markdown.glossary = inner.bool("glossary").unwrap_or(true);
        inner.allow(&[
            "highlighting",
            "highlight_theme",
            "highlight_themes_css",
            "error_on_missing_highlight",
            "extra_syntaxes_and_themes",
            "render_emoji",
            "external_links_external",
            "definition_list",
            "lazy_async_image",
            "bottom_footnotes",
            "github_alerts",
            "insert_anchor_links",
        ]);
    });
    markdown
}

fn links(fields: &mut Fields<'_>, purpose: Purpose) -> LinkStyle {
    let written = fields.choice(
        "links",
        &[("folder", LinkStyle::Folder), ("file", LinkStyle::File)],
    );
    match purpose {
        Purpose::Disk => LinkStyle::File,
        Purpose::Publish | Purpose::Preview => written.unwrap_or(LinkStyle::Folder),
    }
}

/// `[offline]`: the size is written in megabytes.
fn offline(fields: &mut Fields<'_>, purpose: Purpose, zola: bool) -> OfflineConfig {
    const MEGABYTE: u64 = 1_000_000;
    let mut offline = OfflineConfig {
        worker: !zola,
        whole_site: 20 * MEGABYTE,
    };
    if let Some(table) = fields.table("offline") {
        nested(fields, table, |inner| {
            offline.worker = inner.bool("worker").unwrap_or(offline.worker);
            if let Some(size) = inner.count("whole_site") {
                offline.whole_site = size as u64 * MEGABYTE;
            }
        });
    }
    offline.worker &= purpose == Purpose::Publish;
    offline
}

fn law_libraries(fields: &mut Fields<'_>) -> Vec<String> {
    let mut libraries = Vec::new();
    if let Some(table) = fields.table("laws") {
        nested(fields, table, |inner| libraries = inner.strings("library"));
    }
    libraries
}

fn books(fields: &mut Fields<'_>) -> BooksConfig {
    let mut books = BooksConfig::default();
    let Some(table) = fields.table("books") else {
        return books;
    };
    nested(fields, table, |inner| {
        for (name, span) in inner.spanned_strings("formats") {
            let form = BookForm::NAMES.iter().find(|(known, _)| *known == name);
            match form {
                Some((_, form)) if books.formats.contains(form) => {}
                Some((_, form)) => books.formats.push(*form),
                None => {
                    let names = BookForm::NAMES.map(|(name, _)| name);
                    inner.report(
                        Diagnostic::at("unknown-value", inner.file(), span)
                            .with("key", "formats")
                            .with("value", &name)
                            .with_option("nearest", nearest(&name, names))
                            .with("choices", names.join(" · ")),
                    );
                }
            }
        }
        books.cards = inner.bool("cards").unwrap_or(false);
    });
    books
}

fn pdf(fields: &mut Fields<'_>) -> PdfConfig {
    let mut pdf = PdfConfig::default();
    let Some(table) = fields.table("pdf") else {
        return pdf;
    };
    nested(fields, table, |inner| {
        pdf = PdfConfig {
            fonts: inner.strings("fonts"),
            text_font: inner.string("text_font"),
            heading_font: inner.string("heading_font"),
            paper: inner.choice("paper", &Paper::NAMES).unwrap_or_default(),
            large: inner.bool("large").unwrap_or(false),
        };
    });
    pdf
}

fn nav(fields: &mut Fields<'_>) -> Vec<NavItem> {
    let mut items = Vec::new();
    for (table, span) in fields.tables("nav") {
        nested(fields, table, |inner| {
            if let (Some(title), Some(url)) =
                (inner.required("title", span), inner.required("url", span))
            {
                items.push(NavItem { title, url });
            }
        });
    }
    items
}

struct Check {
    rules: BTreeMap<String, Option<Severity>>,
    max_sentence: usize,
    external: ExternalLinks,
}

fn check(fields: &mut Fields<'_>) -> Check {
    let mut check = Check {
        rules: BTreeMap::new(),
        max_sentence: 120,
        external: ExternalLinks {
            skip: Vec::new(),
            seconds: 120,
        },
    };
    let Some(table) = fields.table("check") else {
        return check;
    };
    nested(fields, table, |inner| {
        check.max_sentence = inner.count("max_sentence").unwrap_or(check.max_sentence);
        let external = &mut check.external;
        external.skip = inner.strings("external_skip");
        let seconds = inner.count("external_seconds");
        external.seconds = seconds.map_or(external.seconds, |seconds| seconds as u64);
        if let Some(rules) = inner.table("rules") {
            check.rules = rules_of(inner, rules);
        }
    });
    check
}

/// The severities of `[check.rules]`.
fn rules_of(inner: &mut Fields<'_>, table: &Table) -> BTreeMap<String, Option<Severity>> {
    let mut rules = BTreeMap::new();
    for entry in &table.entries {
        let severity = rule_severity(&entry.node.value);
        if catalog::entry(&entry.key).is_none() {
            let near = nearest(&entry.key, catalog::codes());
            let diagnostic =
                unknown_rule(inner.file(), entry.key_span, &entry.key).with_option("nearest", near);
            inner.report(diagnostic);
        } else if let Some(severity) = severity {
            rules.insert(entry.key.clone(), severity);
        } else {
            let diagnostic = Diagnostic::at("unknown-value", inner.file(), entry.node.span)
                .with("key", &entry.key)
                .with("value", serde_json::Value::from(&entry.node.value))
                .with("choices", "\"off\" · \"note\" · \"warning\" · \"error\"");
            inner.report(diagnostic);
        }
    }
    rules
}

fn unknown_rule(file: &SourcePath, span: Span, code: &str) -> Diagnostic {
    Diagnostic::at("unknown-rule", file, span).with("rule", code)
}

/// `Some(None)` switches the rule off.
fn rule_severity(value: &Value) -> Option<Option<Severity>> {
    match value {
        Value::Bool(false) => Some(None),
        Value::String(text) => match text.as_str() {
            "off" => Some(None),
            "note" => Some(Some(Severity::Note)),
            "warning" => Some(Some(Severity::Warning)),
            "error" => Some(Some(Severity::Error)),
            _ => None,
        },
        _ => None,
    }
}
