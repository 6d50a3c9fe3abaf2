//! Targets → HTML: which template shows what, and the values each kind of page has besides.

mod book;
mod shortcode;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;
use serde::Serialize;

use super::functions::SCENE;
use super::view::{self, Depth};
use super::{Images, Scene, World, theme};
use crate::base::Url;
use crate::diag::Diagnostic;
use crate::doc::{self, Block, BlockKind, Inline, InlineKind, text};
use crate::model::{House, Page, PageId, SectionId, Site, Target, Taxonomy};
use crate::parse::front::Kind;
use crate::parse::page::Parsed;
use crate::resolve::glossary::GlossaryTerm;

pub(super) use book::{
    book, chapter_intro_end, chapter_questions, chapter_rest, folder_questions, folder_rest,
    intro_end, leaflet, question, related,
};
pub(crate) use shortcode::fragment;
pub(super) use shortcode::{document_html, shortcode};

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
    let taxonomy = |index: u32| &site.taxonomies[index as usize].config.name;
    match scene.target {
        Target::Page(id) => page_template(scene, site.page(id)),
        Target::Section(id, _) => section_template(scene, id),
        Target::Taxonomy(index) => {
            let own = format!("{}/list.html", taxonomy(index));
            first_template(scene, &[&own, "taxonomy_list.html", "taxonomy.html"])
        }
        Target::Term(index, ..) => {
            let own = format!("{}/single.html", taxonomy(index));
            first_template(scene, &[&own, "taxonomy_single.html", "term.html"])
        }
        Target::BookPrint(_) => "book-print.html".to_owned(),
        Target::House(house) => House::ALL
            .iter()
            .find(|(other, ..)| *other == house)
            .map_or("page.html", |(.., template)| template)
            .to_owned(),
        Target::Law(..) | Target::LawChapter(..) => {
            first_template(scene, &["statute.html", "page.html"])
        }
        Target::Comparison(..) => "comparison.html".to_owned(),
        Target::Alias(_) => "redirect.html".to_owned(),
        Target::Asset(_) | Target::Fallback(_) => "page.html".to_owned(),
    }
}

/// The first of the templates that is there, else the last.
fn first_template(scene: &Scene, names: &[&str]) -> String {
    let found = names.iter().find(|name| scene.world.theme.has(name));
    found
        .or(names.last())
        .copied()
        .unwrap_or_default()
        .to_owned()
}

fn page_template(scene: &Scene, page: &Page) -> String {
    let parsed = scene.world.site.file(page.file);
    if let Some(template) = &page.front.template {
        return template.clone();
    }
    let own = if flag(parsed, "form") {
        "form.html"
    } else if parsed.special.get("leaflet").is_some() {
        "leaflet.html"
    } else {
        &format!("{}.html", view::template_kind(page))
    };
    first_template(scene, &[own, "page.html"])
}

fn section_template(scene: &Scene, id: SectionId) -> String {
    let site = &scene.world.site;
    let section = site.section(id);
    let file = section.file.map(|file| site.file(file));
    if let Some(template) = file.and_then(|file| file.front.template.clone()) {
        return template;
    }
    let Some(parent) = section.parent else {
        return "index.html".to_owned();
    };
    let own = match section.kind {
        Kind::Book if site.section(parent).kind != Kind::Book => "book.html",
        Kind::Book if shows_as_chapter(site, id) => "chapter.html",
        Kind::Course => "course.html",
        Kind::Laws => "laws.html",
        Kind::Directory => "directory.html",
        Kind::Events => "events.html",
        Kind::Cases => "cases.html",
        Kind::Articles | Kind::Book | Kind::Page => "section.html",
    };
    first_template(scene, &[own, "section.html"])
}

/// Whether a section is a chapter of a book, all of it on one page.
fn shows_as_chapter(site: &Site, id: SectionId) -> bool {
    site.section(id).paginate_by == 0 && site.chapter_of(id).is_some()
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
    let root = site.section(site.root(&scene.language));
    values.insert("home", Value::from(scene.write(&root.url)));
    let search = site.routes.search_in(&scene.language);
    values.insert("search_url", Value::from(scene.write_exactly(&search)));
    values.insert("languages", languages(scene));
    values.insert("fallback", fallback(scene));
    values.insert("content_lang", content_lang(scene));
    values.insert("site_lang", site_lang(scene));
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
            if let Some(chapter) = view::folder_chapter(scene, id)
                && shows_as_chapter(site, id)
            {
                values.insert("page", chapter);
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
        Target::Asset(_) | Target::Fallback(_) => {}
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

/// The place on a front page that readers come to who asked for a translation there is none of.
const NOT_TRANSLATED: &str = "not-translated";

/// The languages of the site, each with the address where it goes on from here: the translation, else this page among those of
/// that language where it has such pages, else the front page. Empty for a site in one language.
fn languages(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    if site.config.languages.is_empty() {
        return Value::from(Vec::<Value>::new());
    }
    let entry = |code: &str| {
        let same = same_in(scene, code);
        // The front page then says that there is no translation: it knows by the place in the address.
        let front = || {
            site.section(site.root(code))
                .url
                .with_fragment(NOT_TRANSLATED)
        };
        let translated = same.is_some();
        let url = same.or_else(|| fallback_in(scene, code));
        let url = scene.write_exactly(&url.unwrap_or_else(front));
        context! { code => code, name => language_name(scene, code), url => url, translated => translated, current => *scene.language == *code }
    };
    site.config.language_codes().map(entry).collect()
}

/// What a language calls itself.
fn language_name<'s>(scene: &'s Scene, code: &'s str) -> &'s str {
    let name = scene.world.theme.own_string(code, "language.name");
    name.unwrap_or(code)
}

/// Where this page stands among those of a language without a translation of it.
fn fallback_in(scene: &Scene, code: &str) -> Option<Url> {
    let routes = &scene.world.site.routes;
    let url = routes.in_language(&scene.world.site.url(scene.target), code)?;
    let found = routes.by_url.get(url.as_str());
    matches!(found, Some(Target::Fallback(_))).then_some(url)
}

/// What a page says that is not in the language it is shown in: its own language, and where it stands among its like.
fn fallback(scene: &Scene) -> Value {
    let Some(own) = &scene.written_in else {
        return Value::from(());
    };
    let url = scene.world.site.url(scene.target);
    context! { lang => &**own, rtl => is_rtl(own), name => language_name(scene, own), url => scene.write_exactly(&url) }
}

/// ` lang="…"` for elements whose text is in another language than the page; else nothing.
fn content_lang(scene: &Scene) -> Value {
    let attributes = scene.written_in.as_deref().map(|own| {
        let direction = if is_rtl(own) { "rtl" } else { "ltr" };
        format!(
            " lang=\"{}\" dir=\"{direction}\"",
            super::escape::escape(own)
        )
    });
    Value::from_safe_string(attributes.unwrap_or_default())
}

/// Attributes of what is written in the site's first language, names of topics and the like, where the page has another.
fn site_lang(scene: &Scene) -> Value {
    let own = &scene.world.site.config.default_language;
    let other = *own != *scene.language;
    let attributes =
        other.then(|| format!(" lang=\"{}\" dir=\"auto\"", super::escape::escape(own)));
    Value::from_safe_string(attributes.unwrap_or_default())
}

/// Where a language says what this page says.
fn same_in(scene: &Scene, code: &str) -> Option<Url> {
    let site = &scene.world.site;
    let found = match scene.target {
        Target::House(House::Search) => return Some(site.routes.search_in(code)),
        Target::Page(id) if *site.page(id).language == *code => Some(&site.page(id).url),
        Target::Page(id) => {
            let mut all = translations(site, site.page(id)).into_iter();
            all.find(|page| *page.language == *code)
                .map(|page| &page.url)
        }
        Target::Section(id, _) => {
            let found = site.section_in(site.section(id), code);
            found.map(|section| &section.url)
        }
        _ => None,
    };
    found.cloned()
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
pub(super) fn repeated_title(blocks: &[Block], title: &str) -> usize {
    match blocks.first().map(|block| &block.kind) {
        Some(BlockKind::Heading(heading)) if heading.level == 1 => {
            usize::from(text::plain(&heading.content).trim() == title.trim())
        }
        _ => 0,
    }
}

/// The pages that say the same in other languages, this one among them.
pub(super) fn translations<'s>(site: &'s Site, page: &Page) -> Vec<&'s Page> {
    let file = site.file(page.file);
    let mut all: Vec<&Page> = site
        .config
        .language_codes()
        .filter_map(|code| {
            let code = Some(code).filter(|code| *code != site.config.default_language);
            let path = file.translated_path(code);
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
