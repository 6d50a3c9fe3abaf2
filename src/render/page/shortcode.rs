//! Short codes: calls in a text that a template or another page answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::Value;

use super::source_name;
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{self, Block, BlockKind, Shortcode};
use crate::model::{Book, FileId, PageId, Role, Site, Target};
use crate::parse::markdown::{self, MarkdownOptions};
use crate::render::functions::{OWNER, SCENE, json_value};
use crate::render::view::{self, Depth, render_blocks};
use crate::render::{Scene, escape, theme, widget};
use crate::resolve::{self, ResolvedFile};

/// How deep short codes may stand in each other's bodies and output.
const DEEPEST_SHORTCODE: u32 = 16;

/// The output of a short code. One that is in its own output, or in too many others, is reported and not shown.
/// The call stands in the content file `owner`.
pub(in crate::render) fn shortcode(
    scene: &Arc<Scene>,
    owner: Option<FileId>,
    call: &Shortcode,
) -> String {
    let nested = scene
        .depth
        .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let html = if nested >= DEEPEST_SHORTCODE {
        let diagnostic = match owner {
            Some(file) => Diagnostic::at(
                "shortcode-loop",
                &scene.world.site.file(file).path,
                Span::default(),
            ),
            None => Diagnostic::new("shortcode-loop"),
        };
        scene.report(diagnostic.with("name", &call.name));
        String::new()
    } else {
        shortcode_output(scene, owner, call)
    };
    scene
        .depth
        .fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    html
}

/// What a built-in short code, or a template in `shortcodes/`, gives.
fn shortcode_output(scene: &Arc<Scene>, owner: Option<FileId>, call: &Shortcode) -> String {
    match &*call.name {
        "include" => return include(scene, owner, call).unwrap_or_default(),
        "question" => {
            if let Some(link) = question_link(scene, owner, call) {
                return link;
            }
        }
        _ => {}
    }
    let environment = &scene.world.theme.environment;
    let markdown_name = format!("shortcodes/{}.md", call.name);
    let (name, is_markdown) = if scene.world.theme.has(&markdown_name) {
        (markdown_name, true)
    } else {
        (format!("shortcodes/{}.html", call.name), false)
    };
    let Ok(template) = environment.get_template(&name) else {
        scene.report(unknown_shortcode(scene, owner, call));
        return escape::escape(&format!("{{{{ {}() }}}}", call.name));
    };
    match template.render(shortcode_variables(scene, owner, call)) {
        Ok(output) if is_markdown => fragment(scene, owner, &output),
        Ok(output) => output,
        Err(error) => {
            scene.report(theme::template_error(
                &error,
                &scene.world.theme.sources,
                Some(&source_name(scene)),
            ));
            String::new()
        }
    }
}

fn shortcode_variables(scene: &Arc<Scene>, owner: Option<FileId>, call: &Shortcode) -> Value {
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    for (key, value) in &call.arguments {
        values.insert(key.clone(), json_value(value));
    }
    if let Some(body) = &call.body {
        values.insert(
            "body".to_owned(),
            Value::from_safe_string(fragment(scene, owner, body)),
        );
        values.insert("raw_body".to_owned(), Value::from(&**body));
    }
    if let Some(owner) = owner {
        values.insert(OWNER.to_owned(), Value::from(owner.0));
    }
    values.insert("nth".to_owned(), Value::from(call.nth));
    values.insert(SCENE.to_owned(), Value::from_dyn_object(scene.clone()));
    values.insert(
        "config".to_owned(),
        view::config_value(&scene.world.site.config, &scene.language),
    );
    values.insert("lang".to_owned(), Value::from(&*scene.language));
    match scene.target {
        Target::Page(id) => values.insert("page".to_owned(), view::page(scene, id, Depth::Listed)),
        Target::Section(id, _) => values.insert(
            "section".to_owned(),
            view::section(scene, id, Depth::Listed),
        ),
        _ => None,
    };
    Value::from(values)
}

fn unknown_shortcode(scene: &Scene, owner: Option<FileId>, call: &Shortcode) -> Diagnostic {
    let names: Vec<&str> = scene
        .world
        .theme
        .sources
        .keys()
        .filter_map(|name| name.strip_prefix("shortcodes/")?.split('.').next())
        .chain(["include", "question"])
        .collect();
    let diagnostic = match owner {
        Some(file) => Diagnostic::at(
            "unknown-shortcode",
            &scene.world.site.file(file).path,
            call.span,
        ),
        None => Diagnostic::new("unknown-shortcode"),
    };
    diagnostic
        .with("name", &call.name)
        .with_option("nearest", crate::base::nearest(&call.name, names))
}

/// Markdown that is no content file of its own, such as a short code's body or output; it stands in the file `owner`.
pub(crate) fn fragment(scene: &Arc<Scene>, owner: Option<FileId>, source: &str) -> String {
    let file = SourcePath::new("");
    let config = &scene.world.site.config;
    let options = MarkdownOptions {
        math: config.markdown.math,
        ..MarkdownOptions::default()
    };
    let document = markdown::parse(source, 0, &file, &options, &mut Vec::new());
    document_html(scene, &document, owner)
}

/// A document that is no content file of its own, its links and citations seen from `owner`.
pub(in crate::render) fn document_html(
    scene: &Arc<Scene>,
    document: &doc::Document,
    owner: Option<FileId>,
) -> String {
    let world = &scene.world;
    let answers = owner.map_or_else(ResolvedFile::default, |owner| {
        let glossary = &world.resolved.glossary;
        resolve::shown_text(&world.site, world.site.file(owner), document, glossary)
    });
    widget::document_html(scene, document, &answers, owner)
}

/// `{{ include(path="…", part="heading-id") }}`: a file, or the part under one of its headings.
fn include(scene: &Arc<Scene>, owner: Option<FileId>, call: &Shortcode) -> Option<String> {
    let site = &scene.world.site;
    let argument = |name: &str| call.argument(name).and_then(|value| value.as_str());
    let path = argument("path").or_else(|| argument("value"));
    let own = owner.map(|file| site.file(file));
    let report = |code: &'static str, name: &'static str, value: &str| {
        if let Some(own) = own {
            scene.report(Diagnostic::at(code, &own.path, call.span).with(name, value));
        }
        None
    };
    let Some(path) = path else {
        return report("include-without-path", "name", "include");
    };
    let folder = own.map_or("content", |own| own.path.parent());
    let clean = path.trim_start_matches("@/");
    let candidates = [
        format!("{folder}/{clean}"),
        format!("content/{clean}"),
        format!("data/{clean}"),
        clean.to_owned(),
    ];
    let nested = scene
        .depth
        .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let result = if nested + 2 > DEEPEST_SHORTCODE {
        report("include-loop", "path", path)
    } else {
        candidates
            .iter()
            .find_map(|candidate| included(scene, owner, candidate, argument("part"), call.span))
            .unwrap_or_else(|| report("missing-include", "path", path))
    };
    scene
        .depth
        .fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    result
}

/// The HTML of a file that exists; the inner `None` says that it has no such part.
fn included(
    scene: &Arc<Scene>,
    owner: Option<FileId>,
    path: &str,
    part: Option<&str>,
    span: Span,
) -> Option<Option<String>> {
    let site = &scene.world.site;
    let source = SourcePath::new(path);
    if let Ok(at) = site.files.binary_search_by(|file| file.path.cmp(&source)) {
        let parsed = &site.files[at];
        let blocks = match part {
            Some(part) => match part_of(&parsed.document.blocks, part) {
                Some(blocks) => blocks,
                None => {
                    if let Some(own) = owner.map(|file| site.file(file)) {
                        scene.report(
                            Diagnostic::at("missing-part", &own.path, span)
                                .with("part", part)
                                .with("path", path),
                        );
                    }
                    return Some(None);
                }
            },
            None => &parsed.document.blocks[..],
        };
        return Some(Some(
            render_blocks(scene, crate::model::FileId::of(at), blocks, 0, "").html,
        ));
    }
    let text = scene.world.data.get(&source)?;
    if source.extension().as_deref() == Some("md") {
        return Some(Some(fragment(scene, owner, &text.text)));
    }
    let language = source.extension().unwrap_or_default();
    let body = crate::render::code::highlight(&text.text, &language);
    Some(Some(format!(
        "<pre class=\"code\" tabindex=\"0\"><code>{body}</code></pre>"
    )))
}

/// The blocks under the heading with an anchor, up to the next of its rank.
fn part_of<'b>(blocks: &'b [Block], id: &str) -> Option<&'b [Block]> {
    let level = |block: &Block| match &block.kind {
        BlockKind::Heading(heading) => Some(heading.level),
        _ => None,
    };
    let start = blocks.iter().position(
        |block| matches!(&block.kind, BlockKind::Heading(heading) if &*heading.id == id),
    )?;
    let rank = level(&blocks[start])?;
    let end = blocks[start + 1..]
        .iter()
        .position(|block| level(block).is_some_and(|other| other <= rank))
        .map_or(blocks.len(), |at| start + 1 + at);
    Some(&blocks[start + 1..end])
}

/// `{{ question(37) }}` or `{{ question(id="cooling-off", book="minfadian") }}`: a link to a question.
fn question_link(scene: &Arc<Scene>, owner: Option<FileId>, call: &Shortcode) -> Option<String> {
    let site = &scene.world.site;
    let wanted = call.argument("id").or_else(|| call.argument("value"))?;
    let named = call.argument("book").and_then(|value| value.as_str());
    let own = owner
        .and_then(|file| book_of_file(site, file))
        .or_else(|| book_of_target(site, scene.target));
    let written = wanted
        .as_str()
        .map_or_else(|| wanted.to_string(), str::to_owned);
    let mut found = candidates(scene, owner, named, own)
        .into_iter()
        .filter_map(|book| Some((book, asked_for(site, book, wanted)?)));
    let report = |problem: Diagnostic| scene.report(problem.with("question", &written));
    let Some((_, page)) = found.next() else {
        let own = site.file(owner?);
        report(Diagnostic::at("unknown-question", &own.path, call.span));
        return Some(escape::escape(&written));
    };
    let others: Vec<&str> = found.map(|(book, _)| &*book.id).collect();
    if let Some(other) = others.first()
        && let Some(file) = owner.map(|file| site.file(file))
    {
        report(
            Diagnostic::at("question-ambiguous", &file.path, call.span)
                .with("count", others.len() + 1)
                .with("book", other),
        );
    }
    let page = site.page(page);
    let mut out = String::from("<a href=\"");
    escape::push_url(&scene.write(&page.url), &mut out);
    out.push_str("\">");
    escape::push(&page.title, &mut out);
    out.push_str("</a>");
    Some(out)
}

/// The books a question is looked for in: the one named, else the own, else all in the language of the text. Of a book and its
/// translations, which share a name, the one in the text's language is meant.
fn candidates<'s>(
    scene: &'s Scene,
    owner: Option<FileId>,
    named: Option<&str>,
    own: Option<usize>,
) -> Vec<&'s Book> {
    let site = &scene.world.site;
    let language = match owner.map(|file| site.file(file)) {
        Some(parsed) => {
            let own = parsed.language.as_deref();
            own.unwrap_or(&site.config.default_language)
        }
        None => &scene.language,
    };
    let is_own_language = |book: &&Book| *site.section(book.section).language == *language;
    let books = site.books.iter();
    if let Some(name) = named {
        let called: Vec<&Book> = books.filter(|book| *book.id == *name).collect();
        let near = called.iter().copied().find(is_own_language);
        return near.or(called.first().copied()).into_iter().collect();
    }
    match own.and_then(|own| site.books.get(own)) {
        Some(own) => vec![own],
        None => books.filter(is_own_language).collect(),
    }
}

/// The book a content file belongs to.
fn book_of_file(site: &Site, file: FileId) -> Option<usize> {
    let target = site.routes.by_source.get(&site.file(file).path)?;
    book_of_target(site, *target)
}

/// The book a page belongs to, as a chapter, a question, its front matter or all of it.
fn book_of_target(site: &Site, target: Target) -> Option<usize> {
    match target {
        Target::Page(id) => match site.page(id).role {
            Role::Chapter(book, _) | Role::Question(book, ..) => Some(book.index()),
            Role::File => None,
        },
        Target::Section(id, _) => {
            let whole = site.books.iter().position(|book| book.section == id);
            whole.or_else(|| Some(site.chapter_of(id)?.0.index()))
        }
        Target::BookPrint(id) => Some(id.index()),
        _ => None,
    }
}

/// The question of a number or an id.
fn asked_for(site: &Site, book: &Book, wanted: &serde_json::Value) -> Option<PageId> {
    let called = |id: &str| {
        let mut questions = book.questions.iter();
        questions.find(|page| {
            let question = site.question(site.page(**page));
            question.is_some_and(|question| question.id == *id)
        })
    };
    match wanted {
        serde_json::Value::Number(number) => numbered(book, &number.to_string()),
        serde_json::Value::String(id) => called(id).or_else(|| numbered(book, id)),
        _ => None,
    }
    .copied()
}

/// The question of a lasting number: `37`, `37-1`.
fn numbered<'a>(book: &'a Book, number: &str) -> Option<&'a PageId> {
    let place = book
        .numbers
        .iter()
        .position(|own| own.to_string() == number)?;
    book.questions.get(place)
}
