//! Targets → HTML: which template shows what, and the values each kind of page has besides.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;
use serde::Serialize;

use super::functions::{SCENE, json_value};
use super::view::{self, Depth, render_blocks};
use super::{Images, Scene, World, escape, html, theme};
use crate::base::{SourcePath, Span, Url};
use crate::config::BookForm;
use crate::diag::Diagnostic;
use crate::doc::{self, Block, BlockKind, Inline, InlineKind, Shortcode, text};
use crate::export::book as book_text;
use crate::model::{BookId, House, Page, PageId, Role, Section, SectionId, Site, Target, Taxonomy};
use crate::parse::front::Kind;
use crate::parse::markdown::{self, MarkdownOptions};
use crate::parse::page::Parsed;
use crate::resolve::cited::{self, CitedArticle, CitedArticles};
use crate::resolve::glossary::GlossaryTerm;

/// A page as it is sent.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The HTML.
    pub html: String,
    /// Problems met: errors of templates, short codes nobody knows.
    pub diagnostics: Vec<Diagnostic>,
    /// Images its templates want made.
    pub images: Images,
}

/// Renders what answers an address. A template's error gives a page that says so, and a diagnostic.
#[must_use]
pub fn render(world: &Arc<World>, target: Target) -> Rendered {
    let scene = Arc::new(Scene::new(world, target));
    let name = template_for(&scene);
    let page_name = source_name(&scene);
    let result = world
        .theme
        .environment
        .get_template(&name)
        .and_then(|template| template.render(variables(&scene)));
    let mut diagnostics = scene.take_problems();
    let html = match result {
        Ok(html) => html,
        Err(error) => {
            let diagnostic = theme::template_error(&error, &world.theme.sources, Some(&page_name));
            let missing =
                error.kind() == minijinja::ErrorKind::TemplateNotFound && error.name().is_none();
            diagnostics.push(if missing {
                let diagnostic = match scene.file {
                    Some(file) => {
                        Diagnostic::in_file("missing-template", &world.site.file(file).path)
                    }
                    None => Diagnostic::new("missing-template"),
                };
                let names = world.theme.sources.keys().map(String::as_str);
                diagnostic
                    .with("template", &name)
                    .with_option("nearest", crate::base::nearest(&name, names))
            } else {
                diagnostic
            });
            String::new()
        }
    };
    Rendered {
        html,
        diagnostics,
        images: scene.take_images(),
    }
}

/// What the page being rendered is called in messages.
pub(super) fn source_name(scene: &Scene) -> String {
    scene.file.map_or_else(
        || scene.url.to_string(),
        |file| scene.world.site.file(file).path.to_string(),
    )
}

/// The template: what the front matter names, else the kind's, else the general one.
fn template_for(scene: &Scene) -> String {
    let site = &scene.world.site;
    let exists = |name: &str| scene.world.theme.has(name);
    let first = |names: &[&str]| {
        names
            .iter()
            .find(|name| exists(name))
            .map_or(names[names.len() - 1], |name| name)
            .to_string()
    };
    match scene.target {
        Target::Page(id) => {
            let page = site.page(id);
            if let Some(template) = &page.front.template {
                return template.clone();
            }
            let parsed = site.file(page.file);
            if flag(parsed, "form") {
                return first(&["form.html", "page.html"]);
            }
            if parsed.special.get("leaflet").is_some() {
                return first(&["leaflet.html", "page.html"]);
            }
            first(&[&format!("{}.html", view::template_kind(page)), "page.html"])
        }
        Target::Section(id, _) => {
            let section = site.section(id);
            if let Some(template) = section
                .file
                .and_then(|file| site.file(file).front.template.clone())
            {
                return template;
            }
            if section.parent.is_none() {
                return first(&["index.html"]);
            }
            let in_book = section
                .parent
                .is_some_and(|parent| site.section(parent).kind == Kind::Book);
            let own = match section.kind {
                Kind::Book if !in_book => "book.html",
                Kind::Course => "course.html",
                Kind::Laws => "laws.html",
                Kind::Directory => "directory.html",
                Kind::Events => "events.html",
                Kind::Cases => "cases.html",
                Kind::Articles | Kind::Book | Kind::Page => "section.html",
            };
            first(&[own, "section.html"])
        }
        Target::Taxonomy(index) => {
            let name = &site.taxonomies[index as usize].config.name;
            first(&[
                &format!("{name}/list.html"),
                "taxonomy_list.html",
                "taxonomy.html",
            ])
        }
        Target::Term(index, ..) => {
            let name = &site.taxonomies[index as usize].config.name;
            first(&[
                &format!("{name}/single.html"),
                "taxonomy_single.html",
                "term.html",
            ])
        }
        Target::BookPrint(_) => "book-print.html".to_owned(),
        Target::House(house) => House::ALL
            .iter()
            .find(|(other, ..)| *other == house)
            .map_or("page.html", |(.., template)| template)
            .to_owned(),
        Target::Law(..) | Target::LawChapter(..) => first(&["statute.html", "page.html"]),
        Target::Comparison(..) => "comparison.html".to_owned(),
        Target::Alias(_) => "redirect.html".to_owned(),
        Target::Asset(_) => "page.html".to_owned(),
    }
}

/// The top-level variables of a template.
fn variables(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let mut values: BTreeMap<&str, Value> = BTreeMap::new();
    values.insert(SCENE, Value::from_dyn_object(scene.clone()));
    values.insert("lang", Value::from(&*scene.language));
    values.insert("rtl", Value::from(is_rtl(&scene.language)));
    values.insert(
        "current_url",
        Value::from(site.config.permalink(&scene.url)),
    );
    values.insert("current_path", Value::from(scene.url.as_str()));
    values.insert(
        "generator",
        Value::from(concat!("pufa ", env!("CARGO_PKG_VERSION"))),
    );
    values.insert("build", Value::from(scene.world.theme.build.as_str()));
    values.insert("config", view::config_value(&site.config, &scene.language));
    values.insert("nav", nav(scene));
    values.insert("languages", languages(scene));
    values.insert("banners", Value::from(banners(scene)));
    values.insert("footer", footer(scene));
    for name in ["page", "section", "taxonomy", "term", "paginator", "front"] {
        values.insert(name, Value::from(()));
    }
    match scene.target {
        Target::Page(id) => {
            values.insert("page", view::page(scene, id, Depth::Whole));
        }
        Target::Section(id, sheet) => {
            let section = site.section(id);
            values.insert("section", view::section(scene, id, Depth::Whole));
            let list = sheet_order(site, id);
            let pages = view::paginator(scene, &list, section.paginate_by, sheet, |sheet| {
                site.url(Target::Section(id, sheet))
            });
            values.insert("paginator", pages);
            if section.parent.is_none() {
                values.insert("front", super::front::front(scene, id));
            }
        }
        Target::Taxonomy(index) => {
            let taxonomy = view::taxonomy(scene, index as usize);
            values.insert("terms", taxonomy.get_attr("terms").unwrap_or_default());
            values.insert("taxonomy", taxonomy);
        }
        Target::Term(taxonomy, term, sheet) => {
            let owner = &site.taxonomies[taxonomy as usize];
            values.insert("taxonomy", view::taxonomy(scene, taxonomy as usize));
            values.insert("term", view::term(scene, taxonomy, term));
            let list = &owner.terms[term as usize].pages;
            let pages = view::paginator(scene, list, owner.config.paginate_by, sheet, |sheet| {
                site.url(Target::Term(taxonomy, term, sheet))
            });
            values.insert("paginator", pages);
        }
        Target::BookPrint(id) => {
            values.insert(
                "section",
                view::section(scene, site.books[id.index()].section, Depth::Whole),
            );
        }
        Target::Law(law, version) => {
            values.insert("page", super::statute::page(scene, law, version as usize));
        }
        Target::LawChapter(law, chapter) => {
            let page = super::statute::chapter_page(scene, law, chapter as usize);
            values.insert("page", page);
        }
        Target::Comparison(law, version) => {
            values.insert(
                "page",
                super::statute::comparison(scene, law, version as usize),
            );
        }
        Target::House(house) => house_variables(scene, house, &mut values),
        Target::Alias(index) => {
            let (_, to) = &site.routes.aliases[index as usize];
            values.insert("target", Value::from(scene.write(to)));
            values.insert("permalink", Value::from(site.config.permalink(to)));
        }
        Target::Asset(_) => {}
    }
    values.insert("head", super::head::head(scene));
    Value::from(values)
}

/// A section's pages as its sheets show them: `paginate_reversed` begins with the last.
fn sheet_order(site: &Site, id: SectionId) -> Cow<'_, [PageId]> {
    let section = site.section(id);
    let front = section
        .file
        .and_then(|file| site.file(file).front.section.as_deref());
    if front.is_some_and(|front| front.paginate_reversed) {
        Cow::Owned(section.pages.iter().rev().copied().collect())
    } else {
        Cow::Borrowed(&section.pages)
    }
}

fn is_rtl(language: &str) -> bool {
    matches!(
        language.split('-').next(),
        Some("ar" | "ug" | "fa" | "he" | "ur")
    )
}

fn house_variables(scene: &Arc<Scene>, house: House, values: &mut BTreeMap<&str, Value>) {
    let key = match house {
        House::NotFound => "not_found.title",
        House::SiteMap => "footer.sitemap",
        House::Accessibility => "accessibility.title",
        House::Search => "tools.search",
        House::Glossary => "glossary.title",
    };
    let title = scene.text(key);
    let root = scene.world.site.root(&scene.language);
    let crumbs = view::breadcrumbs(scene, Some(root), &title);
    let page = context! { title => title, kind => "page", lang => &*scene.language, breadcrumbs => crumbs, content => (), url => "", toc => Vec::<Value>::new() };
    values.insert("page", page);
    match house {
        House::SiteMap => {
            values.insert("site_tree", site_tree(scene, root));
        }
        House::Glossary => {
            let terms = &scene.world.resolved.glossary.terms;
            let terms: Vec<Value> = terms.iter().map(term_view).collect();
            values.insert("terms", Value::from(terms));
        }
        House::NotFound | House::Accessibility | House::Search => {}
    }
}

fn term_view(term: &GlossaryTerm) -> Value {
    context! { id => term.id.clone(), name => term.name.clone(), also => term.also.clone(), gist => term.gist.clone(), law => term.law.clone() }
}

fn site_tree(scene: &Arc<Scene>, section: SectionId) -> Value {
    let site = &scene.world.site;
    let children = site.section(section).subsections.iter().flat_map(|id| {
        let section = site.section(*id);
        let below = site_tree(scene, *id);
        // What lies in a section without a page of its own belongs to the section above.
        if !site.routes.by_url.contains_key(section.url.as_str()) {
            return below.try_iter().map(Iterator::collect).unwrap_or_default();
        }
        vec![context! {
            title => &*section.title,
            url => scene.write(&section.url),
            page_count => section.pages.len(),
            children => below,
        }]
    });
    let pages = site.section(section).pages.iter().map(|id| {
        let page = site.page(*id);
        context! { title => &*page.title, url => scene.write(&page.url), page_count => 0, children => Vec::<Value>::new() }
    });
    Value::from(children.chain(pages).collect::<Vec<_>>())
}

/// The main menu: as configured, else the sections below the front page.
fn nav(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let entry = |title: &str, url: &Url| {
        let active = url.as_str() != "/" && scene.url.as_str().starts_with(url.path());
        context! { title => title, url => scene.write(url), active => active || *url == scene.url, current => *url == scene.url }
    };
    // A menu that is written down is in the site's own language; readers of another get the sections there are in theirs.
    let own_language = *scene.language == *site.config.default_language;
    if own_language && !site.config.nav.is_empty() {
        let items = site.config.nav.iter().map(|item| match nav_url(site, &item.url) {
            Some(url) => entry(&item.title, &url),
            None => context! { title => item.title.clone(), url => item.url.clone(), active => false, current => false },
        });
        return Value::from(items.collect::<Vec<_>>());
    }
    let root = site.section(site.root(&scene.language));
    let items = root.subsections.iter().filter_map(|id| {
        let section = site.section(*id);
        site.routes
            .by_url
            .contains_key(section.url.as_str())
            .then(|| entry(&section.title, &section.url))
    });
    // A language with few pages has few sections; its pages beside the front page are named too.
    let pages = root.pages.iter().filter(|_| !own_language);
    let pages = pages.map(|id| entry(&site.page(*id).title, &site.page(*id).url));
    items.chain(pages).collect()
}

/// The languages of the site, each with the address where it goes on from here: the same page, else the front page. Empty for a
/// site in one language.
fn languages(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    if site.config.languages.is_empty() {
        return Value::from(Vec::<Value>::new());
    }
    let entry = |code: &str| {
        let same = same_in(scene, code);
        let url = same.unwrap_or_else(|| &site.section(site.root(code)).url);
        let name = scene.world.theme.own_string(code, "language.name");
        context! { code => code, name => name.unwrap_or(code), url => scene.write(url), current => *scene.language == *code }
    };
    site.config.language_codes().map(entry).collect()
}

/// Where a language says what this page says.
fn same_in<'s>(scene: &'s Scene, code: &str) -> Option<&'s Url> {
    let site = &scene.world.site;
    match scene.target {
        Target::Page(id) => {
            let mut all = translations(site, site.page(id)).into_iter();
            all.find(|page| *page.language == *code)
                .map(|page| &page.url)
        }
        Target::Section(id, _) => {
            let folder = &site.section(id).folder;
            let same = |other: &&Section| other.folder == *folder && *other.language == *code;
            let found = site.sections.iter().find(same);
            found.map(|section| &section.url)
        }
        _ => None,
    }
}

fn nav_url(site: &Site, address: &str) -> Option<Url> {
    if crate::resolve::link::has_scheme(address) {
        return None;
    }
    if address.starts_with("@/") {
        let target = site
            .routes
            .by_source
            .get(&crate::resolve::link::source_of(address))?;
        return Some(site.url(*target));
    }
    Some(Url::new(address))
}

/// Banners whose day has not passed: pages whose front matter has `banner = "text"`.
fn banners(scene: &Arc<Scene>) -> Vec<Value> {
    let site = &scene.world.site;
    let pages = site.banners.iter().map(|id| site.page(*id));
    pages
        .filter(|page| *page.language == *scene.language)
        .map(|page| {
            let text = site
                .file(page.file)
                .special
                .get("banner")
                .and_then(|node| node.value.as_str())
                .unwrap_or(&page.title);
            context! { text => text, url => scene.write(&page.url) }
        })
        .collect()
}

fn footer(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let mut links = vec![
        context! { title => scene.text("footer.sitemap"), url => scene.write(&House::SiteMap.url()) },
        context! { title => scene.text("footer.accessibility"), url => scene.write(&House::Accessibility.url()) },
    ];
    if let Some(target) = site.routes.by_source.get("content/about.md") {
        links.push(context! { title => scene.text("footer.about"), url => scene.write(&site.url(*target)) });
    }
    if site.config.generate_feeds {
        let feed = Url::new(&site.config.feed_filenames[0]);
        links.push(context! { title => scene.text("footer.feed"), url => scene.write(&feed) });
    }
    context! { links => links }
}

// ---- short codes and widgets

/// How deep short codes may stand in each other's bodies and output.
const DEEPEST_SHORTCODE: u32 = 16;

/// The output of a short code. One that is in its own output, or in too many others, is reported and not shown.
pub(super) fn shortcode(scene: &Arc<Scene>, call: &Shortcode) -> String {
    let nested = scene
        .depth
        .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let html = if nested >= DEEPEST_SHORTCODE {
        let diagnostic = match scene.file {
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
        shortcode_output(scene, call)
    };
    scene
        .depth
        .fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
    html
}

/// What a built-in short code, or a template in `shortcodes/`, gives.
fn shortcode_output(scene: &Arc<Scene>, call: &Shortcode) -> String {
    match &*call.name {
        "include" => return include(scene, call).unwrap_or_default(),
        "question" => {
            if let Some(link) = question_link(scene, call) {
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
        scene.report(unknown_shortcode(scene, call));
        return escape::escape(&format!("{{{{ {}() }}}}", call.name));
    };
    match template.render(shortcode_variables(scene, call)) {
        Ok(output) if is_markdown => fragment(scene, &output),
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

fn shortcode_variables(scene: &Arc<Scene>, call: &Shortcode) -> Value {
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    for (key, value) in &call.arguments {
        values.insert(key.clone(), json_value(value));
    }
    if let Some(body) = &call.body {
        values.insert(
            "body".to_owned(),
            Value::from_safe_string(fragment(scene, body)),
        );
        values.insert("raw_body".to_owned(), Value::from(&**body));
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

fn unknown_shortcode(scene: &Scene, call: &Shortcode) -> Diagnostic {
    let names: Vec<&str> = scene
        .world
        .theme
        .sources
        .keys()
        .filter_map(|name| name.strip_prefix("shortcodes/")?.split('.').next())
        .chain(["include", "question"])
        .collect();
    let diagnostic = match scene.file {
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

/// Markdown that stands in a short code's body or output.
fn fragment(scene: &Arc<Scene>, source: &str) -> String {
    let file = SourcePath::new("");
    let config = &scene.world.site.config;
    let options = MarkdownOptions {
        math: config.markdown.math,
        ..MarkdownOptions::default()
    };
    let document = markdown::parse(source, 0, &file, &options, &mut Vec::new());
    document_html(
        scene,
        &document,
        scene.file.map(|file| scene.world.site.file(file)),
    )
}

/// A document that is no content file of its own, its links seen from `owner`.
pub(super) fn document_html(
    scene: &Arc<Scene>,
    document: &doc::Document,
    owner: Option<&Parsed>,
) -> String {
    let site = &scene.world.site;
    let mut answers = crate::resolve::ResolvedFile::default();
    if let Some(owner) = owner {
        crate::resolve::link::resolve_links(site, owner, document, &mut answers);
    }
    let options = html::HtmlOptions {
        from: &scene.url,
        absolute: scene.absolute,
        deeper: 0,
        id_prefix: "",
        own_anchors: false,
        more: None,
    };
    let hooks = view::SceneHooks::of_fragment(scene);
    html::render(
        &document.blocks,
        document,
        &answers,
        &scene.world.resolved,
        &site.config,
        &hooks,
        options,
    )
    .html
}

/// `{{ include(path="…", part="heading-id") }}`: a file, or the part under one of its headings.
fn include(scene: &Arc<Scene>, call: &Shortcode) -> Option<String> {
    let site = &scene.world.site;
    let argument = |name: &str| call.argument(name).and_then(|value| value.as_str());
    let path = argument("path").or_else(|| argument("value"));
    let own = scene.file.map(|file| site.file(file));
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
            .find_map(|candidate| included(scene, candidate, argument("part"), call.span))
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
                    if let Some(own) = scene.file.map(|file| site.file(file)) {
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
        return Some(Some(fragment(scene, &text.text)));
    }
    let language = source.extension().unwrap_or_default();
    let body = super::code::highlight(&text.text, &language);
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
fn question_link(scene: &Arc<Scene>, call: &Shortcode) -> Option<String> {
    let site = &scene.world.site;
    let wanted = call.argument("id").or_else(|| call.argument("value"))?;
    let named = call.argument("book").and_then(|value| value.as_str());
    let own = match scene.target {
        Target::Page(id) => match site.page(id).role {
            Role::Chapter(book, _) | Role::Question(book, ..) => Some(book.index()),
            Role::File => None,
        },
        _ => None,
    };
    let books = site.books.iter().enumerate();
    let mut books: Vec<_> = books
        .filter(|(index, book)| {
            named.map_or(own.is_none_or(|own| own == *index), |name| {
                &*book.id == name
            })
        })
        .collect();
    books.sort_by_key(|(index, _)| Some(*index) != own);
    for (_, book) in books {
        let found = match wanted {
            serde_json::Value::Number(number) => numbered(book, &number.to_string()),
            serde_json::Value::String(id) => book
                .questions
                .iter()
                .find(|page| {
                    site.question(site.page(**page))
                        .is_some_and(|question| question.id == *id)
                })
                .or_else(|| numbered(book, id)),
            _ => None,
        };
        if let Some(id) = found {
            let page = site.page(*id);
            let mut out = String::from("<a href=\"");
            escape::push_url(&scene.write(&page.url), &mut out);
            out.push_str("\">");
            escape::push(&page.title, &mut out);
            out.push_str("</a>");
            return Some(out);
        }
    }
    let own = scene.file.map(|file| site.file(file))?;
    let wanted = wanted
        .as_str()
        .map_or_else(|| wanted.to_string(), str::to_owned);
    scene
        .report(Diagnostic::at("unknown-question", &own.path, call.span).with("question", &wanted));
    Some(escape::escape(&wanted))
}

// ---- what pages need

/// Scripts and styles a page needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a list of independent yes-or-no answers, as templates ask for them"
)]
pub struct Needs {
    /// Formulas.
    pub math: bool,
    /// Highlighted code.
    pub code: bool,
    /// A player.
    pub player: bool,
    /// A quiz.
    pub quiz: bool,
    /// A self-check path.
    pub path: bool,
    /// A form.
    pub form: bool,
    /// A calculator.
    pub calculator: bool,
}

/// Adds what some blocks need.
pub fn collect_needs(blocks: &[Block], needs: &mut Needs) {
    doc::walk_blocks(blocks, &mut |block| {
        match &block.kind {
            BlockKind::Code(code) => match &*code.language {
                "quiz" => needs.quiz = true,
                "path" => needs.path = true,
                "calculator" => needs.calculator = true,
                "" | "question" => {}
                _ => needs.code = true,
            },
            BlockKind::Math(_) => needs.math = true,
            _ => {}
        }
        for inlines in doc::inlines_of(block) {
            doc::walk_inlines(inlines, &mut |inline: &Inline| {
                if let InlineKind::Math(_) = inline.kind {
                    needs.math = true;
                }
            });
        }
    });
}

/// Whether a key of the front matter is `true`.
#[must_use]
pub fn flag(parsed: &Parsed, key: &str) -> bool {
    parsed
        .special
        .get(key)
        .is_some_and(|node| node.value == crate::base::value::Value::Bool(true))
}

/// How many leading blocks only repeat the title.
/// The question of a lasting number: `37`, `37-1`.
fn numbered<'a>(book: &'a crate::model::Book, number: &str) -> Option<&'a PageId> {
    let place = book
        .numbers
        .iter()
        .position(|own| own.to_string() == number)?;
    book.questions.get(place)
}

pub(super) fn repeated_title(blocks: &[Block], title: &str) -> usize {
    match blocks.first().map(|block| &block.kind) {
        Some(BlockKind::Heading(heading)) if heading.level == 1 => {
            usize::from(text::plain(&heading.content).trim() == title.trim())
        }
        _ => 0,
    }
}

// ---- questions and books

/// `page.question`.
pub(super) fn question(scene: &Arc<Scene>, page: &Page, depth: Depth) -> Option<Value> {
    let site = &scene.world.site;
    let question = site.question(page)?;
    let number = site.question_number(page)?.to_string();
    if depth == Depth::Listed {
        return Some(context! { number, id => question.id.clone() });
    }
    let (short, rest) = question_parts(scene, page, 0, "");
    Some(context! {
        number,
        id => question.id.clone(),
        short => Value::from_safe_string(short),
        explanation => Value::from_safe_string(rest),
        also_asked => question.fields.also_asked.clone(),
        terms => question.fields.terms.clone(),
    })
}

/// The short answer and the rest of a question as HTML. Headings in the rest begin at `2 + deeper`.
fn question_parts(scene: &Arc<Scene>, page: &Page, deeper: u8, prefix: &str) -> (String, String) {
    let site = &scene.world.site;
    let Some(question) = site.question(page) else {
        return Default::default();
    };
    let document = &site.file(page.file).document;
    let blocks = &document.blocks[question.blocks.clone()];
    match question.short_block {
        Some(_) => {
            let short = render_blocks(scene, page.file, &blocks[..1], 0, prefix).html;
            let rest = render_blocks(scene, page.file, &blocks[1..], deeper, prefix).html;
            (short, promote(rest, deeper))
        }
        None => {
            let short = question.fields.short.as_deref().unwrap_or_default();
            let short = if short.is_empty() {
                String::new()
            } else {
                fragment(scene, short)
            };
            (
                short,
                promote(
                    render_blocks(scene, page.file, blocks, deeper, prefix).html,
                    deeper,
                ),
            )
        }
    }
}

/// On a question's own page its third-level headings are second-level ones.
fn promote(html: String, deeper: u8) -> String {
    if deeper > 0 || !html.contains("<h3") {
        return html;
    }
    html.replace("<h3", "<h2")
        .replace("</h3>", "</h2>")
        .replace("<h4", "<h3")
        .replace("</h4>", "</h3>")
}

/// Where the text before the first question of a chapter ends.
pub(super) fn chapter_intro_end(scene: &Scene, page: &Page) -> usize {
    let parsed = scene.world.site.file(page.file);
    let first = parsed
        .questions
        .first()
        .and_then(|question| heading_before(parsed, question.blocks.start));
    first.unwrap_or(page.blocks.end).max(page.blocks.start)
}

/// The heading a question's blocks stand under.
fn heading_before(parsed: &Parsed, at: usize) -> Option<usize> {
    (0..at).rev().find(|index| matches!(&parsed.document.blocks[*index].kind, BlockKind::Heading(heading) if heading.level == 2))
}

/// What stands in a chapter behind its questions: checklists.
pub(super) fn chapter_rest(scene: &Arc<Scene>, page: &Page) -> Option<String> {
    let Role::Chapter(..) = page.role else {
        return None;
    };
    let parsed = scene.world.site.file(page.file);
    let end = parsed.questions.last()?.blocks.end;
    let rest = &parsed.document.blocks[end..];
    (!rest.is_empty()).then(|| render_blocks(scene, page.file, rest, 0, "rest-").html)
}

/// `page.questions` of a chapter.
pub(super) fn chapter_questions(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    let Role::Chapter(book, place) = page.role else {
        return None;
    };
    let site = &scene.world.site;
    let book = &site.books[book.index()];
    let chapter = book.chapters.get(place as usize)?;
    let entries = book.questions[chapter.questions.clone()]
        .iter()
        .map(|id| question_entry(scene, *id, 0));
    Some(Value::from(entries.collect::<Vec<_>>()))
}

/// A question with its text, as chapters and whole-book pages show it.
fn question_entry(scene: &Arc<Scene>, id: PageId, deeper: u8) -> Value {
    let site = &scene.world.site;
    let page = site.page(id);
    let Some(number) = site.question_number(page) else {
        return Value::from(());
    };
    let name = site
        .question(page)
        .map(|question| question.id.clone())
        .unwrap_or_default();
    let prefix = format!("{name}-");
    // On a page of many questions the headings inside keep their rank.
    let (short, content) = question_parts_kept(scene, page, deeper, &prefix);
    context! {
        id => name,
        number => number.to_string(),
        title => &*page.title,
        url => scene.write(&page.url),
        short => Value::from_safe_string(short),
        content => Value::from_safe_string(content),
        legal_basis => Vec::<Value>::new(),
    }
}

fn question_parts_kept(
    scene: &Arc<Scene>,
    page: &Page,
    deeper: u8,
    prefix: &str,
) -> (String, String) {
    let site = &scene.world.site;
    let Some(question) = site.question(page) else {
        return Default::default();
    };
    let document = &site.file(page.file).document;
    let blocks = &document.blocks[question.blocks.clone()];
    let skip = usize::from(question.short_block.is_some());
    let short = match (question.short_block, &question.fields.short) {
        (Some(_), _) => render_blocks(scene, page.file, &blocks[..1], 0, prefix).html,
        (None, Some(short)) => fragment(scene, short),
        (None, None) => String::new(),
    };
    (
        short,
        render_blocks(scene, page.file, &blocks[skip..], deeper, prefix).html,
    )
}

/// `section.book`.
pub(super) fn book(scene: &Arc<Scene>, section: SectionId, depth: Depth) -> Option<Value> {
    let site = &scene.world.site;
    let index = site.books.iter().position(|book| book.section == section)?;
    let id = BookId::of(index);
    let book = &site.books[index];
    let print = matches!(scene.target, Target::BookPrint(_));
    if depth == Depth::Listed {
        return Some(view::book_summary(scene, id));
    }
    let chapters = book.chapters.iter().map(|chapter| {
        let questions = book.questions[chapter.questions.clone()].iter().map(|id| {
            if print { question_entry(scene, *id, 1) } else { book_entry(scene, *id) }
        });
        context! {
            title => &*chapter.title,
            url => scene.write(&site.url(chapter.target)),
            description => match chapter.target {
                Target::Page(id) => site.page(id).front.description.clone(),
                Target::Section(id, _) => site.section(id).file.and_then(|file| site.file(file).front.description.clone()),
                _ => None,
            },
            questions => questions.collect::<Vec<_>>(),
        }
    });
    let parsed = site.section(section).file.map(|file| site.file(file));
    let edition = book_text::edition_of(site, id);
    let size = edition.cover.as_ref().and_then(|cover| cover.dimensions);
    Some(context! {
        id => &*book.id,
        title => &*site.section(section).title,
        url => scene.write(&site.section(section).url),
        total => book.questions.len(),
        reviewed => parsed.and_then(|parsed| parsed.front.reviewed).map(|day| day.to_string()),
        cover => edition.cover_url.as_ref().map(|url| scene.write(url)),
        cover_width => size.map(|(width, _)| width),
        cover_height => size.map(|(_, height)| height),
        subtitle => edition.subtitle.clone(),
        imprint => book_text::imprint_facts(site, id, &edition)
            .into_iter()
            .map(|(name, value)| context! { name, value })
            .collect::<Vec<_>>(),
        imprint_text => edition.imprint.as_deref().map(paragraphs),
        legal_notice => edition.legal_notice.as_deref().map(paragraphs),
        downloads => downloads(scene, id),
        print_url => scene.write(&site.url(Target::BookPrint(id))),
        chapters => chapters.collect::<Vec<_>>(),
        law_index => law_index(scene, book),
        term_index => term_index(scene, book),
    })
}

/// Plain text, a paragraph where a line is left empty.
fn paragraphs(text: &str) -> Vec<String> {
    let parts = text.split("\n\n").map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The forms of a book one can take home.
fn downloads(scene: &Arc<Scene>, id: BookId) -> Vec<Value> {
    let site = &scene.world.site;
    let forms = site.config.books.formats.iter();
    forms
        .map(|form| {
            let title = match form {
                BookForm::Epub => scene.text("book.download_epub"),
                BookForm::Pdf => scene.text("book.download_pdf"),
            };
            context! { title, url => scene.write(&site.download_url(id, *form)) }
        })
        .collect()
}

fn book_entry(scene: &Arc<Scene>, id: PageId) -> Value {
    let site = &scene.world.site;
    let page = site.page(id);
    let Some(number) = site.question_number(page) else {
        return Value::from(());
    };
    context! {
        id => site.question(page).map(|question| question.id.clone()),
        number => number.to_string(),
        title => &*page.title,
        url => scene.write(&page.url),
    }
}

/// Laws by pinyin, their articles in order, each with the questions that cite it.
fn law_index(scene: &Arc<Scene>, book: &crate::model::Book) -> Vec<Value> {
    let site = &scene.world.site;
    let files: BTreeSet<_> = book
        .questions
        .iter()
        .map(|id| site.page(*id).file)
        .collect();
    let citations = cited::of_files(site, &scene.world.resolved, files);
    let articles = CitedArticles::of_book(site, book, &citations);
    let laws = articles.laws.iter().map(|((_, title), articles)| {
        let first = articles.values().find_map(|entry| entry.cited.url.as_ref());
        context! {
            title => format!("《{title}》"),
            url => first.map(|url| scene.write(&Url::new(url.path()))),
            articles => articles.values().map(|entry| law_entry(scene, book, entry)).collect::<Vec<_>>(),
        }
    });
    laws.collect()
}

fn law_entry(scene: &Arc<Scene>, book: &crate::model::Book, entry: &CitedArticle) -> Value {
    let questions = entry.questions.iter().map(|place| {
        let page = scene.world.site.page(book.questions[*place]);
        context! { number => book.numbers[*place].to_string(), url => scene.write(&page.url) }
    });
    context! {
        text => entry.cited.article.map_or_else(|| scene.text("book.whole_law"), |article| article.chinese()),
        url => entry.cited.url.as_ref().map(|url| scene.write(url)),
        questions => questions.collect::<Vec<_>>(),
    }
}

/// Terms by pinyin, each with the questions that explain it.
fn term_index(scene: &Arc<Scene>, book: &crate::model::Book) -> Vec<Value> {
    let site = &scene.world.site;
    let mut terms: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    for (number, id) in book.numbers.iter().zip(&book.questions) {
        let page = site.page(*id);
        let names = site
            .question(page)
            .map(|question| question.fields.terms.clone())
            .unwrap_or_default();
        for name in names {
            let entry = context! { number => number.to_string(), url => scene.write(&page.url) };
            terms
                .entry((crate::model::pinyin_key(&name), name))
                .or_default()
                .push(entry);
        }
    }
    terms
        .into_iter()
        .map(|((_, name), questions)| context! { name, questions })
        .collect()
}

// ---- other kinds

/// `page.leaflet`.
pub(super) fn leaflet(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    let site = &scene.world.site;
    let parsed = site.file(page.file);
    let table = parsed.special.get("leaflet")?.value.as_table()?;
    let fold = table
        .get("fold")
        .and_then(|node| node.value.as_str())
        .unwrap_or("flat");
    let addresses = table
        .get("questions")
        .and_then(|node| node.value.as_array())
        .unwrap_or_default();
    let questions = addresses.iter().filter_map(|node| {
        let (target, problems) = crate::resolve::link::resolve_address(site, parsed, node.value.as_str()?, node.span);
        problems.into_iter().for_each(|problem| scene.report(problem));
        match target {
            crate::resolve::LinkTarget::Internal { target: Some(Target::Page(id)), .. } => {
                let page = site.page(id);
                let (short, _) = question_parts_kept(scene, page, 0, "");
                Some(context! { title => &*page.title, url => scene.write(&page.url), short => Value::from_safe_string(short) })
            }
            _ => None,
        }
    });
    let qr = super::companion::qr_code(site, page).map(|url| scene.write(&url));
    Some(context! { fold, qr, questions => questions.collect::<Vec<_>>() })
}

/// Pages that share topics with a page: the more they share the nearer.
pub(super) fn related(scene: &Arc<Scene>, id: PageId) -> Value {
    const NEIGHBOURS: usize = 20;
    const SHOWN: usize = 5;
    let site = &scene.world.site;
    let page = site.page(id);
    let mut scores: BTreeMap<PageId, u32> = BTreeMap::new();
    for (name, terms) in &page.front.taxonomies {
        let Some(taxonomy) = site
            .taxonomies
            .iter()
            .find(|taxonomy| taxonomy.config.name == *name)
        else {
            continue;
        };
        if taxonomy.config.vocabulary.is_none() {
            continue;
        }
        for term in terms.iter().filter_map(|(term, _)| taxonomy.find(term)) {
            let list = &taxonomy.terms[term as usize].pages;
            let at = list.iter().position(|other| *other == id).unwrap_or(0);
            let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(list.len());
            for (distance, other) in near
                .clone()
                .map(|place| (place.abs_diff(at), list[place]))
                .filter(|(_, other)| *other != id)
            {
                *scores.entry(other).or_default() +=
                    100 - u32::try_from(distance).unwrap_or(99).min(99);
            }
        }
    }
    let mut ranked: Vec<(u32, PageId)> =
        scores.into_iter().map(|(id, score)| (score, id)).collect();
    ranked.sort_by_key(|(score, id)| (std::cmp::Reverse(*score), *id));
    view::listed(scene, ranked.into_iter().take(SHOWN).map(|(_, id)| id))
}

/// The pages that say the same in other languages, this one among them.
pub(super) fn translations<'s>(site: &'s Site, page: &Page) -> Vec<&'s Page> {
    let own = untranslated(site.file(page.file));
    let mut all: Vec<&Page> = site
        .config
        .language_codes()
        .filter_map(|code| {
            let suffix = if code == site.config.default_language {
                String::new()
            } else {
                format!(".{code}")
            };
            let path = format!("{own}{suffix}.md");
            match site.routes.by_source.get(path.as_str())? {
                Target::Page(id) => Some(site.page(*id)),
                _ => None,
            }
        })
        .collect();
    if all.len() == 1 {
        all.clear();
    }
    all
}

/// A file's path without its language and ending.
fn untranslated(parsed: &Parsed) -> String {
    let stem = parsed.path.as_str().trim_end_matches(".md");
    match &parsed.language {
        Some(code) => stem.trim_end_matches(&format!(".{code}")).to_owned(),
        None => stem.to_owned(),
    }
}

/// What people call a taxonomy.
pub(super) fn taxonomy_title(scene: &Scene, taxonomy: &Taxonomy) -> String {
    if let Some(title) = &taxonomy.config.title {
        return title.clone();
    }
    let key = format!("taxonomy.{}", taxonomy.config.name);
    match scene.world.theme.string(&scene.language, &key) {
        Some(_) => scene.text(&key),
        None => taxonomy.config.name.clone(),
    }
}

/// A term's pages by kind.
pub(super) fn groups(scene: &Arc<Scene>, pages: &[PageId]) -> Value {
    let site = &scene.world.site;
    let order = [
        "question", "case", "episode", "article", "statute", "event", "page",
    ];
    let groups = order.iter().filter_map(|kind| {
        let ids: Vec<PageId> = pages.iter().copied().filter(|id| view::template_kind(site.page(*id)) == *kind).collect();
        (!ids.is_empty()).then(|| {
            context! { kind => *kind, title => scene.text(&format!("kind.{kind}")), pages => view::listed(scene, ids) }
        })
    });
    Value::from(groups.collect::<Vec<_>>())
}

/// Whether a page of pufa's own is shown: the theme has its template, and there is something to show.
#[must_use]
pub fn house_exists(world: &World, house: House) -> bool {
    let has = |name: &str| world.theme.has(name);
    let template = House::ALL
        .iter()
        .find(|(other, ..)| *other == house)
        .is_some_and(|(.., name)| has(name));
    template
        && match house {
            House::Glossary => !world.resolved.glossary.is_empty(),
            House::Search => world.site.config.build_search_index,
            House::NotFound | House::SiteMap | House::Accessibility => true,
        }
}
