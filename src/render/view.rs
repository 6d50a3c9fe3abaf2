//! What templates see: read-only views that look into the site when they are asked. The user guide (`templates.md`) lists
//! every name; the addresses they give are relative to the page being rendered.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use minijinja::context;
use minijinja::value::{Object, Value};

use super::html::{self, Hooks, HtmlOptions, ImageFacts, Piece};
use super::{Scene, companion, kinds, page as pages, widget};
use crate::base::{Date, Url};
use crate::config::Config;
use crate::doc::{Block, BlockKind, Code, Document, Shortcode, text};
use crate::model::{BookId, Chapter, FileId, Page, PageId, Role, SectionId, Site, Target};
use crate::parse::front::{Kind, SortBy};
use crate::resolve::citation::Citation;

/// How much a view tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What a list shows.
    Listed,
    /// All of it, the text too.
    Whole,
}

/// A view that computes what it is asked for.
struct View<F>(F);

impl<F> fmt::Debug for View<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("View")
    }
}

impl<F: Fn(&str) -> Option<Value> + Send + Sync + 'static> Object for View<F> {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (self.0)(key.as_str()?)
    }

    /// A view is there, so `{% if page %}` holds; what is not there is `none`.
    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
}

/// Anything serde knows, as a template value.
pub(super) fn serial(value: impl serde::Serialize) -> Value {
    Value::from(minijinja::value::Serde(value))
}

pub(super) fn view(get: impl Fn(&str) -> Option<Value> + Send + Sync + 'static) -> Value {
    Value::from_object(View(get))
}

fn none() -> Value {
    Value::from(())
}

fn optional<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or_else(none, Into::into)
}

fn safe(html: String) -> Value {
    Value::from_safe_string(html)
}

fn day(date: Option<Date>) -> Value {
    optional(date.map(|date| date.to_string()))
}

/// `config`, as pages of a language see it.
#[must_use]
pub fn config_value(config: &Config, language: &str) -> Value {
    let gov = config
        .gov
        .as_ref()
        .map(|table| serial(serde_json::Value::from(table)));
    let density = match config.density {
        crate::config::Density::Comfortable => "comfortable",
        crate::config::Density::Compact => "compact",
    };
    context! {
        title => config.title_in(language),
        description => config.description_in(language),
        base_url => config.base_url.clone(),
        default_language => config.default_language.clone(),
        author => config.author.clone(),
        hotline => config.hotline.clone(),
        theme => context! { name => config.theme.clone(), accent => config.accent.clone(), density => density, look => config.look.clone() },
        gov => gov,
        generate_feeds => config.generate_feeds,
        build_search_index => config.build_search_index,
        search => serial(serde_json::Value::from(&config.search.table)),
        markdown => context! { highlight_code => config.markdown.highlight_code },
        extra => serial(serde_json::Value::from(&config.extra)),
    }
}

/// What the HTML renderer asks, answered for a scene.
pub struct SceneHooks<'a> {
    /// The page.
    pub scene: &'a Arc<Scene>,
    /// The content file whose blocks are rendered; `None` for a fragment.
    pub file: Option<FileId>,
    /// The content file the text stands in, as far as it is known.
    pub owner: Option<FileId>,
    /// Put before the ids of widgets, where several pieces are on one page.
    pub prefix: &'a str,
}

impl<'a> SceneHooks<'a> {
    /// For a text that is no content file of its own; `owner` is the file it stands in.
    pub fn of_fragment(scene: &'a Arc<Scene>, owner: Option<FileId>) -> Self {
        Self {
            scene,
            file: None,
            owner: owner.or(scene.file),
            prefix: "",
        }
    }

    /// For a text of a content file; ids begin with `prefix`.
    pub fn of_file(scene: &'a Arc<Scene>, file: FileId, prefix: &'a str) -> Self {
        Self {
            scene,
            file: Some(file),
            owner: Some(file),
            prefix,
        }
    }
}

impl Hooks for SceneHooks<'_> {
    fn shortcode(&self, call: &Shortcode) -> String {
        pages::shortcode(self.scene, self.owner, call)
    }

    fn widget(&self, code: &Code) -> Option<String> {
        widget::render(self, code)
    }

    fn text(&self, key: &str) -> String {
        self.scene.text(key)
    }

    fn open_citation(&self, citation: &Citation, out: &mut String) -> bool {
        super::statute::open_citation(self.scene, citation, true, out)
    }

    fn among_own(&self, url: &Url) -> Option<Url> {
        self.scene.among_own(url)
    }

    fn image(&self, url: &Url) -> ImageFacts {
        let world = &self.scene.world;
        ImageFacts {
            dimensions: world.image_dimensions(url),
            variants: world.image_variants(url),
        }
    }
}

/// The HTML of some blocks of a content file.
pub(super) fn render_blocks(
    scene: &Arc<Scene>,
    file: FileId,
    blocks: &[Block],
    deeper: u8,
    prefix: &str,
) -> Piece {
    let world = &scene.world;
    let options = HtmlOptions {
        from: &scene.url,
        absolute: scene.absolute,
        deeper,
        id_prefix: prefix,
        own_anchors: matches!(scene.target, Target::BookPrint(_)),
        more: summary_end(&world.site.file(file).document, blocks),
    };
    html::render(
        blocks,
        &world.site.file(file).document,
        &world.resolved.files[file.index()],
        &world.resolved,
        &world.site.config,
        &SceneHooks::of_file(scene, file, prefix),
        options,
    )
}

/// The block of `blocks` behind the summary, when they hold both the summary and what follows it.
fn summary_end(document: &Document, blocks: &[Block]) -> Option<usize> {
    let after = document.blocks.get(document.summary?)?;
    blocks.iter().position(|block| block.span == after.span)
}

/// A page.
#[must_use]
pub fn page(scene: &Arc<Scene>, id: PageId, depth: Depth) -> Value {
    let scene = scene.clone();
    view(move |key| page_attribute(&scene, id, depth, key))
}

fn page_attribute(scene: &Arc<Scene>, id: PageId, depth: Depth, key: &str) -> Option<Value> {
    let site = &scene.world.site;
    let page = site.page(id);
    let front = &page.front;
    let parsed = site.file(page.file);
    Some(match key {
        "title" => Value::from(&*page.title),
        "description" => optional(description(scene, id)),
        "lead" => optional(front.description.clone()),
        "url" => Value::from(scene.write(&page.url)),
        "permalink" => Value::from(site.config.permalink(&page.url)),
        "path" => Value::from(page.url.as_str()),
        "slug" => Value::from(last_part(&page.url)),
        "kind" => Value::from(template_kind(page)),
        "lang" => Value::from(&*page.language),
        "date" => optional(page.date.map(date_text)),
        "updated" => optional(front.updated.map(date_text)),
        "reviewed" => day(front.reviewed),
        "reviewed_by" => optional(front.reviewed_by.clone()),
        "review_by" => day(front.review_by),
        "law_date" => day(front.law_date),
        "expires_on" => day(front.expires_on),
        "expired" => Value::from(page.expired),
        "draft" => Value::from(page.draft),
        "weight" => optional(front.weight),
        "authors" => serial(&front.authors),
        "extra" => serial(serde_json::Value::from(&front.extra)),
        "topics" | "audiences" => terms(scene, page, key),
        "taxonomies" => {
            let all: BTreeMap<&str, Vec<&str>> = front
                .taxonomies
                .iter()
                .map(|(name, terms)| {
                    (
                        name.as_str(),
                        terms.iter().map(|(term, _)| term.as_str()).collect(),
                    )
                })
                .collect();
            serial(all)
        }
        "word_count" => Value::from(parsed.reading_length),
        "reading_time" => Value::from(parsed.reading_length.div_ceil(400).max(1)),
        "breadcrumbs" => {
            let chapter = chapter_of(site, page).map(|id| site.page(id));
            let chapter = chapter.map(|chapter| (&*chapter.title, &chapter.url));
            let title = (&*page.title, &*page.language);
            breadcrumbs_through(scene, Some(page.section), chapter, title)
        }
        "tree" if depth == Depth::Whole => tree(scene, id)?,
        "section" => {
            let section = site.section(page.section);
            context! { title => &*section.title, url => scene.write(&section.url) }
        }
        "translations" => translations(scene, id),
        "source" => Value::from(parsed.path.as_str()),
        "needs" => needs(scene, id, depth),
        "book" => book_of(scene, page)?,
        "case" => kinds::case(scene, page)?,
        "event" => kinds::event(scene, page)?,
        "episode" => kinds::episode(scene, page, depth)?,
        "form" => kinds::form(scene, page),
        _ if depth == Depth::Listed && key != "question" => return zola_attribute(scene, id, key),
        "content" => {
            let piece = content(scene, page);
            safe(piece.html)
        }
        "content_after" => optional(pages::chapter_rest(scene, page).map(safe)),
        "summary" => match parsed.document.summary {
            Some(end) if end > page.blocks.start && end <= page.blocks.end => safe(
                render_blocks(
                    scene,
                    page.file,
                    &parsed.document.blocks[page.blocks.start..end],
                    0,
                    "",
                )
                .html,
            ),
            _ => none(),
        },
        "toc" => toc(
            &parsed.document.blocks[page.blocks.clone()],
            &site.config.permalink(&page.url),
        ),
        "question" => pages::question(scene, page, depth)?,
        "questions" => pages::chapter_questions(scene, page)?,
        "leaflet" => pages::leaflet(scene, page)?,
        "related" => pages::related(scene, id),
        "previous" => optional(neighbour_view(scene, Target::Page(id), -1)),
        "next" => optional(neighbour_view(scene, Target::Page(id), 1)),
        "services" => kinds::page_services(scene, page),
        "legal_basis" => super::statute::legal_basis(scene, &citations_of(scene, page)),
        "citation_notes" => super::statute::citation_notes(scene, &citations_of(scene, page)),
        _ => return zola_attribute(scene, id, key),
    })
}

/// Names Zola has for the same things.
fn zola_attribute(scene: &Arc<Scene>, id: PageId, key: &str) -> Option<Value> {
    let site = &scene.world.site;
    let page = site.page(id);
    Some(match key {
        "earlier" | "heavier" => optional(neighbour_view(scene, Target::Page(id), 1)),
        "later" | "lighter" => optional(neighbour_view(scene, Target::Page(id), -1)),
        // By date a list begins with the highest, else with the lowest.
        "lower" | "higher" => {
            let newest_first = matches!(
                site.sort_by(page.section),
                SortBy::Date | SortBy::UpdateDate
            );
            let behind = (key == "lower") == newest_first;
            optional(neighbour_view(
                scene,
                Target::Page(id),
                if behind { 1 } else { -1 },
            ))
        }
        "year" => optional(page.date.map(|moment| i64::from(moment.civil.year()))),
        "month" => optional(page.date.map(|moment| i64::from(moment.civil.month()))),
        "day" => optional(page.date.map(|moment| i64::from(moment.civil.day()))),
        "components" => serial(parts(&page.url)),
        "relative_path" => Value::from(
            site.file(page.file)
                .path
                .as_str()
                .trim_start_matches("content/"),
        ),
        "assets" => assets(scene, &page.url),
        "ancestors" => ancestors(scene, Some(page.section)),
        _ => return None,
    })
}

/// The parts of an address between its slashes.
fn parts(url: &Url) -> Vec<&str> {
    let parts = url.path().split('/');
    parts.filter(|part| !part.is_empty()).collect()
}

fn last_part(url: &Url) -> &str {
    parts(url).pop().unwrap_or_default()
}

/// Addresses of the files beside a page or section.
fn assets(scene: &Arc<Scene>, owner: &Url) -> Value {
    let assets = scene.world.site.assets.iter();
    let beside = assets.filter(|(_, url, _)| {
        let inner = url.as_str().strip_prefix(owner.as_str());
        inner.is_some_and(|inner| !inner.contains('/'))
    });
    serial(
        beside
            .map(|(_, url, _)| scene.write(url))
            .collect::<Vec<_>>(),
    )
}

/// The files of the sections above, the front page first, as `get_section` takes them.
fn ancestors(scene: &Arc<Scene>, nearest: Option<SectionId>) -> Value {
    let site = &scene.world.site;
    let above = std::iter::successors(nearest, |id| site.section(*id).parent);
    let mut files: Vec<String> = above
        .map(|id| {
            let folder = site.section(id).folder.trim_start_matches("content");
            format!("{folder}/_index.md")
                .trim_start_matches('/')
                .to_owned()
        })
        .collect();
    files.reverse();
    serial(files)
}

pub(super) fn date_text(moment: crate::base::Moment) -> String {
    if moment.has_time {
        moment.civil.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    } else {
        moment.date().to_string()
    }
}

/// The name of a page's kind, as the theme knows it.
#[must_use]
pub fn template_kind(page: &Page) -> &'static str {
    match (page.role, page.kind) {
        (Role::Question(..), _) => "question",
        (Role::Chapter(..), _) => "chapter",
        (Role::File, Kind::Articles) => "article",
        (Role::File, Kind::Cases) => "case",
        (Role::File, Kind::Course) => "episode",
        (Role::File, Kind::Events) => "event",
        (Role::File, Kind::Laws) => "statute",
        (Role::File, Kind::Book | Kind::Directory | Kind::Page) => "page",
    }
}

/// What a page says of itself, or how it begins.
#[must_use]
pub fn description(scene: &Arc<Scene>, id: PageId) -> Option<String> {
    let site = &scene.world.site;
    let page = site.page(id);
    if let Some(written) = &page.front.description
        && (!matches!(page.role, Role::Question(..))
            || site
                .question(page)
                .is_some_and(|question| question.short_prose.is_some()))
    {
        return Some(written.clone());
    }
    let document = &site.file(page.file).document;
    let begins = text::excerpt(&document.blocks[page.blocks.clone()], 100);
    (!begins.is_empty()).then_some(begins)
}

fn content(scene: &Arc<Scene>, page: &Page) -> Piece {
    let document = &scene.world.site.file(page.file).document;
    let blocks = match page.role {
        Role::Chapter(..) => {
            &document.blocks[page.blocks.start..pages::chapter_intro_end(scene, page)]
        }
        Role::File | Role::Question(..) => &document.blocks[page.blocks.clone()],
    };
    render_blocks(scene, page.file, blocks, 0, "")
}

/// The citations on a page: for a question those of its own blocks.
pub(super) fn citations_of<'s>(
    scene: &'s Scene,
    page: &Page,
) -> Vec<&'s crate::resolve::PageCitation> {
    let world = &scene.world;
    let document = &world.site.file(page.file).document;
    let question = world.site.question(page);
    let range = question.map_or(0..=u32::MAX, |question| question.extent(document));
    let cited = world.resolved.citations(page.file);
    let mut found: Vec<_> = cited
        .filter(|found| range.contains(&found.source))
        .collect();
    // In the order they are written; what is said in a recording follows.
    found.sort_by_key(|found| (found.written_in.is_some(), found.source));
    found
}

fn terms(scene: &Arc<Scene>, page: &Page, name: &str) -> Value {
    let site = &scene.world.site;
    let Some((_, taxonomy)) = site.taxonomy(name, &page.language) else {
        return none();
    };
    let names = page
        .front
        .taxonomies
        .iter()
        .filter(|(other, _)| other == name)
        .flat_map(|(_, terms)| terms);
    let terms: Vec<Value> = names
        .filter_map(|(term, _)| {
            let term = &taxonomy.terms[taxonomy.find(term)? as usize];
            Some(context! { name => &*term.name, url => scene.write(&term.url) })
        })
        .collect();
    Value::from(terms)
}

/// From the front page to here.
pub(super) fn breadcrumbs(scene: &Arc<Scene>, section: Option<SectionId>, title: &str) -> Value {
    breadcrumbs_through(scene, section, None, (title, ""))
}

/// The chapter of a question that is a page; where a chapter is a folder, the question's section is it.
pub(super) fn chapter_of(site: &Site, page: &Page) -> Option<PageId> {
    let Role::Question(book, place, _) = page.role else {
        return None;
    };
    let mut chapters = site.books[book.index()].chapters.iter();
    match chapters
        .find(|chapter| chapter.questions.contains(&(place as usize)))?
        .target
    {
        Target::Page(id) => Some(id),
        _ => None,
    }
}

/// From the front page to here; between the sections and the page there may be a chapter, title and address. The title comes
/// with the language it is written in.
fn breadcrumbs_through(
    scene: &Arc<Scene>,
    section: Option<SectionId>,
    chapter: Option<(&str, &Url)>,
    (title, language): (&str, &str),
) -> Value {
    let site = &scene.world.site;
    let mut trail = vec![context! { title => title, url => "", lang => language }];
    trail.extend(chapter.map(
        |(title, url)| context! { title => title, url => scene.write(url), lang => language },
    ));
    let mut at = section;
    while let Some(id) = at {
        let section = site.section(id);
        let (title, language) = if section.parent.is_none() {
            (scene.text("nav.home"), &scene.language)
        } else {
            (section.title.to_string(), &section.language)
        };
        // A section without a page of its own leads nowhere.
        if site.routes.by_url.contains_key(section.url.as_str()) {
            trail.push(
                context! { title => title, url => scene.write(&section.url), lang => &**language },
            );
        }
        at = section.parent;
    }
    trail.reverse();
    Value::from(trail)
}

/// Of a section with many pages those nearest to the page are shown, so many on each side.
const NEAREST: usize = 20;

/// The nearest of many to the one that is here; the first of them if none is.
fn nearest<T>(all: &[T], is_here: impl Fn(&T) -> bool) -> &[T] {
    let at = all.iter().position(is_here).unwrap_or(0);
    &all[at.saturating_sub(NEAREST)..(at + NEAREST + 1).min(all.len())]
}

/// `page.tree`: what the section of a page holds. Of a book its chapters, and the questions of the page's own chapter.
fn tree(scene: &Arc<Scene>, id: PageId) -> Option<Value> {
    let site = &scene.world.site;
    let page = site.page(id);
    let leaf = |other: &PageId| {
        let page = site.page(*other);
        context! { title => &*page.title, url => scene.write(&page.url), current => *other == id }
    };
    let (section, entries) = match page.role {
        Role::Chapter(book, _) | Role::Question(book, ..) => {
            let book = &site.books[book.index()];
            let is_here = |chapter: &Chapter| chapter.target == Target::Page(id);
            let is_open = |chapter: &Chapter| {
                is_here(chapter) || book.questions[chapter.questions.clone()].contains(&id)
            };
            let chapters = nearest(book.contents(), is_open).iter().map(|chapter| {
                let questions = &book.questions[chapter.questions.clone()];
                let (here, open) = (is_here(chapter), is_open(chapter));
                let near = nearest(questions, |other| *other == id);
                let inside = near.iter().filter(|_| open).map(leaf);
                context! {
                    title => &*chapter.title,
                    url => scene.write(&site.url(chapter.target)),
                    current => here,
                    children => inside.collect::<Vec<_>>(),
                }
            });
            (book.section, chapters.collect::<Vec<_>>())
        }
        Role::File if matches!(page.kind, Kind::Course | Kind::Articles | Kind::Cases) => {
            let list = &site.section(page.section).pages;
            let near = nearest(list, |other| *other == id);
            (page.section, near.iter().map(leaf).collect())
        }
        Role::File => return None,
    };
    let section = site.section(section);
    (entries.len() > 1).then(|| {
        context! { title => &*section.title, url => scene.write(&section.url), entries => entries }
    })
}

fn translations(scene: &Arc<Scene>, id: PageId) -> Value {
    let site = &scene.world.site;
    let page = site.page(id);
    if site.config.languages.is_empty() {
        return Value::from(Vec::<Value>::new());
    }
    let all: Vec<Value> = pages::translations(site, page)
        .into_iter()
        .map(|other| {
            context! { lang => &*other.language, title => &*other.title, url => scene.write(&other.url), permalink => site.config.permalink(&other.url) }
        })
        .collect();
    Value::from(all)
}

fn section_translations(scene: &Arc<Scene>, id: SectionId) -> Value {
    let site = &scene.world.site;
    let own = site.section(id);
    if site.config.languages.is_empty() {
        return Value::from(Vec::<Value>::new());
    }
    let same = site.sections.iter().filter(|other| {
        other.folder == own.folder && (other.file.is_some() || other.parent.is_none())
    });
    let all: Vec<Value> = same
        .map(|other| {
            context! { lang => &*other.language, title => &*other.title, url => scene.write(&other.url), permalink => site.config.permalink(&other.url), path => other.url.as_str() }
        })
        .collect();
    Value::from(if all.len() > 1 { all } else { Vec::new() })
}

fn needs(scene: &Arc<Scene>, id: PageId, depth: Depth) -> Value {
    if depth == Depth::Listed {
        return none();
    }
    let site = &scene.world.site;
    let page = site.page(id);
    let parsed = site.file(page.file);
    let mut needs = pages::Needs::default();
    pages::collect_needs(&parsed.document.blocks[page.blocks.clone()], &mut needs);
    needs.player |= page.kind == Kind::Course && page.role == Role::File;
    needs.form |= pages::flag(parsed, "form");
    serial(needs)
}

fn book_of(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    match page.role {
        Role::Chapter(book, _) | Role::Question(book, ..) => Some(book_summary(scene, book)),
        Role::File => None,
    }
}

pub(super) fn book_summary(scene: &Arc<Scene>, id: BookId) -> Value {
    let site = &scene.world.site;
    let book = &site.books[id.index()];
    let section = site.section(book.section);
    context! {
        title => &*section.title,
        url => scene.write(&section.url),
        id => &*book.id,
        total => book.listed().len(),
    }
}

/// The page before (-1) or behind (1): in a book the question or chapter, else in the section's list.
#[must_use]
pub fn neighbour(site: &crate::model::Site, target: Target, step: i64) -> Option<Target> {
    let id = match target {
        Target::Page(id) => id,
        Target::Section(id, _) => {
            let (book, place) = site.chapter_of(id)?;
            return chapter_beside(site, book, place, step);
        }
        _ => return None,
    };
    let page = site.page(id);
    match page.role {
        Role::Question(book, place, _) => {
            let listed = site.books[book.index()].listed();
            let place = place as usize;
            (place < listed.len()).then(|| beside(listed, place, step).map(Target::Page))?
        }
        Role::Chapter(book, place) if is_whole_chapter(site, target) => {
            chapter_beside(site, book, place as usize, step)
        }
        Role::File | Role::Chapter(..) => {
            let list = &site.section(page.section).pages;
            let place = page.position as usize;
            if list.get(place) == Some(&id) {
                beside(list, place, step).map(Target::Page)
            } else {
                None
            }
        }
    }
}

fn beside<T: Copy>(list: &[T], place: usize, step: i64) -> Option<T> {
    let at = i64::try_from(place).ok()? + step;
    list.get(usize::try_from(at).ok()?).copied()
}

/// Whether a page is a chapter, and not a file of questions in one that is a folder.
fn is_whole_chapter(site: &crate::model::Site, target: Target) -> bool {
    let mut chapters = site.books.iter().flat_map(|book| &book.chapters);
    chapters.any(|chapter| chapter.target == target)
}

/// The chapter before or behind one that is listed.
fn chapter_beside(
    site: &crate::model::Site,
    book: BookId,
    place: usize,
    step: i64,
) -> Option<Target> {
    let listed = site.books[book.index()].contents();
    let targets: Vec<Target> = listed.iter().map(|chapter| chapter.target).collect();
    (place < targets.len()).then(|| beside(&targets, place, step))?
}

fn neighbour_view(scene: &Arc<Scene>, target: Target, step: i64) -> Option<Value> {
    match neighbour(&scene.world.site, target, step)? {
        Target::Page(id) => Some(page(scene, id, Depth::Listed)),
        Target::Section(id, _) => Some(section(scene, id, Depth::Listed)),
        _ => None,
    }
}

/// Headings of the second and third level as a tree, for the page at an absolute address.
#[must_use]
pub fn toc(blocks: &[Block], permalink: &str) -> Value {
    struct Entry {
        level: u8,
        id: String,
        title: String,
        children: Vec<Value>,
    }
    let value = |entry: Entry| {
        context! {
            level => entry.level,
            permalink => format!("{permalink}#{}", entry.id),
            id => entry.id,
            title => entry.title,
            children => entry.children,
        }
    };
    let headings: Vec<_> = blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Heading(heading) => Some((
                heading.level,
                heading.id.to_string(),
                text::plain(&heading.content),
            )),
            _ => None,
        })
        .collect();
    let Some(top) = headings.iter().map(|(level, ..)| *level).min() else {
        return Value::from(Vec::<Value>::new());
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (level, id, title) in headings {
        match entries.last_mut() {
            Some(last) if level > top => {
                if level == top + 1 {
                    last.children.push(value(Entry {
                        level,
                        id,
                        title,
                        children: Vec::new(),
                    }));
                }
            }
            _ => entries.push(Entry {
                level,
                id,
                title,
                children: Vec::new(),
            }),
        }
    }
    Value::from(entries.into_iter().map(value).collect::<Vec<_>>())
}

/// A list of page views.
pub(super) fn listed(scene: &Arc<Scene>, ids: impl IntoIterator<Item = PageId>) -> Value {
    Value::from(
        ids.into_iter()
            .map(|id| page(scene, id, Depth::Listed))
            .collect::<Vec<_>>(),
    )
}

/// A section.
#[must_use]
pub fn section(scene: &Arc<Scene>, id: SectionId, depth: Depth) -> Value {
    let scene = scene.clone();
    view(move |key| section_attribute(&scene, id, depth, key))
}

fn section_attribute(scene: &Arc<Scene>, id: SectionId, depth: Depth, key: &str) -> Option<Value> {
    let site = &scene.world.site;
    let section = site.section(id);
    let parsed = section.file.map(|file| site.file(file));
    let front = parsed.map(|parsed| &parsed.front);
    Some(match key {
        "title" => Value::from(&*section.title),
        "description" => optional(front.and_then(|front| front.description.clone())),
        "url" => Value::from(scene.write(&section.url)),
        "permalink" => Value::from(site.config.permalink(&section.url)),
        "path" => Value::from(section.url.as_str()),
        "kind" => Value::from(section.kind.name()),
        "lang" => Value::from(&*section.language),
        "extra" => front.map_or_else(none, |front| serial(serde_json::Value::from(&front.extra))),
        "keep" => optional(super::offline::keep_id(site, id)),
        "page_count" => Value::from(section.pages.len()),
        "breadcrumbs" => match section.parent {
            Some(parent) => breadcrumbs(scene, Some(parent), &section.title),
            None => Value::from(Vec::<Value>::new()),
        },
        "pages" => listed(scene, section.pages.iter().copied()),
        "subsections" => Value::from(
            section
                .subsections
                .iter()
                .map(|sub| self::section(scene, *sub, Depth::Listed))
                .collect::<Vec<_>>(),
        ),
        "content" if depth == Depth::Whole => match (section.file, parsed) {
            (Some(file), Some(parsed)) => {
                let skip = pages::repeated_title(&parsed.document.blocks, &section.title);
                let end = pages::intro_end(parsed, skip, parsed.document.blocks.len());
                let blocks = &parsed.document.blocks[skip..end];
                let html = render_blocks(scene, file, blocks, 0, "").html;
                if html.trim().is_empty() {
                    none()
                } else {
                    safe(html)
                }
            }
            _ => none(),
        },
        "toc" => parsed.map_or_else(none, |parsed| {
            toc(
                &parsed.document.blocks,
                &site.config.permalink(&section.url),
            )
        }),
        "word_count" => optional(parsed.map(|parsed| parsed.reading_length)),
        "needs" => {
            let mut needs = pages::Needs::default();
            if let Some(parsed) = parsed {
                pages::collect_needs(&parsed.document.blocks, &mut needs);
            }
            serial(needs)
        }
        "relative_path" => optional(parsed.map(|parsed| {
            parsed
                .path
                .as_str()
                .trim_start_matches("content/")
                .to_owned()
        })),
        "reading_time" => optional(parsed.map(|parsed| parsed.reading_length.div_ceil(400).max(1))),
        "book" => pages::book(scene, id, depth)?,
        "episodes" => listed(scene, section.pages.iter().copied()),
        "podcast" => {
            optional(companion::podcast_feed(&scene.world, id).map(|url| scene.write(&url)))
        }
        "by_topic" => kinds::by_topic(scene, id),
        "by_law" => kinds::by_law(scene, id),
        "services" => kinds::services(scene, id),
        "service_kinds" => kinds::service_kinds(scene, id),
        "upcoming" | "past" => kinds::events(scene, id, key == "past"),
        "calendar" => optional(companion::section_calendar(site, id).map(|url| scene.write(&url))),
        "laws" => super::statute::laws(scene),
        "law_kinds" => super::statute::law_kinds(scene),
        "translations" => section_translations(scene, id),
        "components" => serial(parts(&section.url)),
        "ancestors" => ancestors(scene, section.parent),
        "assets" => assets(scene, &section.url),
        _ => return None,
    })
}

/// A chapter of a book that is a folder, as a page that shows like a chapter that is a file.
#[must_use]
pub fn folder_chapter(scene: &Arc<Scene>, id: SectionId) -> Option<Value> {
    let (book, place) = scene.world.site.chapter_of(id)?;
    let scene = scene.clone();
    Some(view(move |key| {
        let site = &scene.world.site;
        let section = site.section(id);
        let front = section.file.map(|file| &site.file(file).front);
        Some(match key {
            "kind" => Value::from("chapter"),
            "lead" => optional(front.and_then(|front| front.description.clone())),
            "reviewed" => day(front.and_then(|front| front.reviewed)),
            "reviewed_by" => optional(front.and_then(|front| front.reviewed_by.clone())),
            "law_date" => day(front.and_then(|front| front.law_date)),
            "expires_on" => day(front.and_then(|front| front.expires_on)),
            "expired" => Value::from(place >= site.books[book.index()].contents().len()),
            "draft" => Value::from(front.is_some_and(|front| front.draft)),
            "book" => book_summary(&scene, book),
            "questions" => pages::folder_questions(&scene, book, place),
            "content_after" => optional(pages::folder_rest(&scene, id).map(safe)),
            "previous" => optional(neighbour_view(&scene, Target::Section(id, 1), -1)),
            "next" => optional(neighbour_view(&scene, Target::Section(id, 1), 1)),
            "toc" => Value::from(Vec::<Value>::new()),
            "needs" => {
                let book = &site.books[book.index()];
                let questions = book.questions[book.chapters[place].questions.clone()].iter();
                let files = questions.map(|id| site.page(*id).file).chain(section.file);
                let mut needs = pages::Needs::default();
                for file in files.collect::<std::collections::BTreeSet<_>>() {
                    pages::collect_needs(&site.file(file).document.blocks, &mut needs);
                }
                serial(needs)
            }
            _ => return section_attribute(&scene, id, Depth::Whole, key),
        })
    }))
}

/// A taxonomy.
#[must_use]
pub fn taxonomy(scene: &Arc<Scene>, index: usize) -> Value {
    let scene = scene.clone();
    view(move |key| {
        let taxonomy = &scene.world.site.taxonomies[index];
        let title = pages::taxonomy_title(&scene, taxonomy);
        Some(match key {
            "name" | "slug" => Value::from(taxonomy.config.name.as_str()),
            "title" => Value::from(title),
            "feed" => Value::from(taxonomy.config.feed),
            "paginate_by" => Value::from(taxonomy.config.paginate_by),
            "paginate_path" => Value::from(taxonomy.config.paginate_path.as_str()),
            "lang" => Value::from(&*scene.language),
            "permalink" => Value::from(scene.world.site.config.permalink(&taxonomy.url)),
            "description" => none(),
            "url" => Value::from(scene.write(&taxonomy.url)),
            "breadcrumbs" => {
                breadcrumbs(&scene, Some(scene.world.site.root(&scene.language)), &title)
            }
            "terms" | "items" => {
                let owner = u32::try_from(index).unwrap_or(u32::MAX);
                let terms: Vec<Value> = (0..)
                    .zip(&taxonomy.terms)
                    .map(|(place, _)| term(&scene, owner, place))
                    .collect();
                Value::from(terms)
            }
            _ => return None,
        })
    })
}

/// A term of a taxonomy.
#[must_use]
pub fn term(scene: &Arc<Scene>, taxonomy: u32, index: u32) -> Value {
    let scene = scene.clone();
    view(move |key| {
        let site = &scene.world.site;
        let owner = &site.taxonomies[taxonomy as usize];
        let term = &owner.terms[index as usize];
        Some(match key {
            "name" | "title" => Value::from(&*term.name),
            "description" => Value::from(&*term.description),
            "url" => Value::from(scene.write(&term.url)),
            "permalink" => Value::from(site.config.permalink(&term.url)),
            "path" => Value::from(term.url.as_str()),
            "slug" => Value::from(last_part(&term.url)),
            "page_count" => Value::from(term.pages.len()),
            "pages" => listed(&scene, term.pages.iter().copied()),
            "groups" => pages::groups(&scene, &term.pages),
            "breadcrumbs" => {
                let home = site.section(site.root(&scene.language));
                Value::from(vec![
                    context! { title => scene.text("nav.home"), url => scene.write(&home.url) },
                    context! { title => pages::taxonomy_title(&scene, owner), url => scene.write(&owner.url) },
                    context! { title => &*term.name, url => "" },
                ])
            }
            "services" if owner.config.name == "topics" => {
                kinds::where_to_go(&scene, std::iter::once(&*term.name))
            }
            "services" => Value::from(Vec::<Value>::new()),
            "content" => none(),
            _ => return None,
        })
    })
}

/// The sheets of a long list; `none` where there is one only because nothing is paginated.
pub(super) fn paginator(
    scene: &Arc<Scene>,
    list: &[PageId],
    by: usize,
    current: u32,
    sheet: impl Fn(u32) -> Url,
) -> Value {
    if by == 0 {
        return none();
    }
    let total = crate::model::Site::sheets(list.len(), by);
    let start = (current as usize - 1) * by;
    let end = (start + by).min(list.len());
    // In Zola the number of a sheet is put behind it.
    let second = scene.world.site.config.permalink(&sheet(2));
    let base_url = second.trim_end_matches("2/").to_owned();
    let link = |number: u32| (number >= 1 && number <= total).then(|| scene.write(&sheet(number)));
    context! {
        current_index => current,
        number_pagers => total,
        paginate_by => by,
        total_pages => list.len(),
        base_url => base_url,
        first => link(1),
        last => link(total),
        previous => if current > 1 { link(current - 1) } else { None },
        next => link(current + 1),
        pages => listed(scene, list[start.min(end)..end].iter().copied()),
    }
}
