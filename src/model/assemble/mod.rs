//! The assembly of the [`Site`] from its parts; one function a step, in the order they are called.

mod books;
mod routes;
mod sections;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::law::Library;
use super::taxonomy::Use;
use super::{
    Assembled, BookId, FileId, Page, PageId, Role, Section, SectionId, Site, taxonomy, vocabulary,
};
use crate::base::{Date, SourcePath, Url};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::doc::{Block, BlockKind, text};
use crate::load::{Asset, SourceText};
use crate::parse::front::Front;
use crate::parse::page::Parsed;
use books::{books, numbers, question_numbers, set_expired_aside};
use routes::routes;
use sections::{fill_sections, folder_path, folder_url, sections};

pub(super) use books::question_front;
pub(super) use sections::leading_title;

/// What a site is assembled from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The configuration.
    pub config: &'a Arc<Config>,
    /// The content files.
    pub files: &'a BTreeMap<SourcePath, Arc<Parsed>>,
    /// Data files, for vocabularies.
    pub data: &'a BTreeMap<SourcePath, Arc<SourceText>>,
    /// Files beside the content.
    pub assets: &'a BTreeMap<SourcePath, Arc<Asset>>,
    /// Files of `static/`.
    pub statics: &'a Arc<BTreeMap<String, Arc<Asset>>>,
    /// The laws the site knows.
    pub library: &'a Arc<Library>,
    /// The day the site is built for.
    pub today: Date,
    /// Whether drafts, and pages whose day has not come, are part of it.
    pub drafts: bool,
}

/// Assembles the site.
#[must_use]
pub fn assemble(input: Input<'_>) -> Assembled {
    let mut diagnostics = Vec::new();
    let files = published(input);
    let mut sections = sections(input, &files);
    let mut pages = pages(input, &files, &sections);
    let mut books = books(&files, &mut sections, &mut pages, &mut diagnostics);
    let numbers = numbers(input, &mut diagnostics);
    for (index, book) in books.iter_mut().enumerate() {
        book.numbers = question_numbers(book, &files, &pages, &numbers);
        let id = BookId::of(index);
        set_expired_aside(id, book, &files, &sections, &mut pages, input.today);
    }
    fill_sections(&files, &mut sections, &mut pages);
    let taxonomies = taxonomies(input, &files, &pages, &mut diagnostics);
    let assets = assets(input, &files, &sections, &pages);
    let banners = banners(&files, &pages);
    let mut site = Site {
        config: input.config.clone(),
        today: input.today,
        files,
        pages,
        sections,
        books,
        numbers,
        taxonomies: Arc::new(taxonomies),
        banners,
        assets: Arc::new(assets),
        statics: input.statics.clone(),
        library: input.library.clone(),
        routes: Arc::default(),
    };
    site.routes = Arc::new(routes(&site, &mut diagnostics));
    Assembled { site, diagnostics }
}

/// The files that are part of the site on this day. What lies in a draft section is a draft too.
fn published(input: Input<'_>) -> Vec<Arc<Parsed>> {
    let shown = |file: &Parsed| publication(&file.front, input).is_some();
    let hidden: Vec<(String, Option<&str>)> = input
        .files
        .values()
        .filter(|file| file.is_section && !is_front_page(file) && !shown(file))
        .map(|file| (format!("{}/", file.path.parent()), file.language.as_deref()))
        .collect();
    let in_draft_section = |file: &Parsed| {
        hidden.iter().any(|(folder, language)| {
            *language == file.language.as_deref() && file.path.as_str().starts_with(folder.as_str())
        })
    };
    input
        .files
        .values()
        .filter(|file| is_front_page(file) || (shown(file) && !in_draft_section(file)))
        .cloned()
        .collect()
}

fn is_front_page(file: &Parsed) -> bool {
    file.is_section && file.path.parent() == "content"
}

/// Whether a file is part of the site on this day, and whether only because drafts are asked for.
fn publication(front: &Front, input: Input<'_>) -> Option<bool> {
    let early = front
        .publish_on
        .is_some_and(|moment| moment.date() > input.today);
    let draft = front.draft || early;
    (!draft || input.drafts).then_some(draft)
}

fn language_of(parsed: &Parsed, config: &Config) -> Arc<str> {
    parsed
        .language
        .as_deref()
        .unwrap_or(&config.default_language)
        .into()
}

fn pages(input: Input<'_>, files: &[Arc<Parsed>], sections: &[Section]) -> Vec<Page> {
    let config = input.config;
    let mut folders: HashMap<(&str, &str), SectionId> = HashMap::new();
    for (index, section) in sections.iter().enumerate() {
        folders.insert(
            (section.folder.as_str(), &*section.language),
            SectionId::of(index),
        );
    }
    let mut paths: HashMap<&str, String> = HashMap::new();
    let mut languages: HashMap<Option<&str>, Arc<str>> = HashMap::new();
    let mut pages = Vec::with_capacity(files.len());
    for (index, parsed) in files
        .iter()
        .enumerate()
        .filter(|(_, parsed)| !parsed.is_section)
    {
        let Some(draft) = publication(&parsed.front, input) else {
            continue;
        };
        // Statutes are pages of the library: the versions of a law together.
        if !parsed.front.render || parsed.statute.is_some() {
            continue;
        }
        let language = languages
            .entry(parsed.language.as_deref())
            .or_insert_with(|| language_of(parsed, config))
            .clone();
        let folder = page_folder(parsed);
        let section = section_of(folder, &language, &folders);
        let front = &parsed.front;
        let url = match &front.path {
            // A path is the whole address, whatever the language.
            Some(path) => folder_url(path, &config.default_language, config),
            None => {
                let base = paths
                    .entry(folder)
                    .or_insert_with(|| folder_path(folder, files, config));
                let name = match &front.slug {
                    Some(slug) => config.slugify_paths.slug(slug),
                    None => config.slugify_paths.slug(&page_name(parsed, config)),
                };
                folder_url(&format!("{base}/{name}"), &language, config)
            }
        };
        pages.push(Page {
            file: FileId::of(index),
            role: Role::File,
            kind: parsed.kind(),
            url,
            title: front
                .title
                .clone()
                .or_else(|| leading_title(parsed))
                .unwrap_or_else(|| parsed.name.clone())
                .into(),
            language,
            section,
            date: front.date.or(parsed.date_in_name),
            blocks: first_block(&parsed.document.blocks, front.title.as_deref())
                ..parsed.document.blocks.len(),
            expired: front.expires_on.is_some_and(|day| day < input.today),
            draft,
            position: 0,
            front: front.clone(),
        });
    }
    pages
}

fn page_name(parsed: &Parsed, config: &Config) -> String {
    match parsed.date_in_name {
        Some(moment) if config.paths_keep_dates => format!("{}-{}", moment.date(), parsed.name),
        _ => parsed.name.clone(),
    }
}

/// The folder a page belongs to: for `a/b/index.md` that is `a`.
fn page_folder(parsed: &Parsed) -> &str {
    let folder = parsed.path.parent();
    if has_own_folder(&parsed.path) {
        folder.rsplit_once('/').map_or("", |(parent, _)| parent)
    } else {
        folder
    }
}

fn section_of(
    folder: &str,
    language: &str,
    folders: &HashMap<(&str, &str), SectionId>,
) -> SectionId {
    let mut at = folder;
    loop {
        if let Some(section) = folders.get(&(at, language)) {
            return *section;
        }
        match at.rsplit_once('/') {
            Some((parent, _)) => at = parent,
            None => return SectionId(0),
        }
    }
}

/// A first-level heading that only repeats the title is not shown twice.
pub(super) fn first_block(blocks: &[Block], title: Option<&str>) -> usize {
    match blocks.first().map(|block| &block.kind) {
        Some(BlockKind::Heading(heading)) if heading.level == 1 => usize::from(
            title.is_none_or(|title| title.trim() == text::plain(&heading.content).trim()),
        ),
        _ => 0,
    }
}

fn role_index(page: &Page) -> usize {
    match page.role {
        Role::Question(_, _, index) => index as usize,
        Role::File | Role::Chapter(..) => 0,
    }
}

fn taxonomies(
    input: Input<'_>,
    files: &[Arc<Parsed>],
    pages: &[Page],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<taxonomy::Taxonomy> {
    let mut built = Vec::new();
    // A taxonomy is known by its name, and its language when only one has it.
    let own =
        |name: &str, language: &str| {
            input.config.taxonomies.iter().any(|taxonomy| {
                taxonomy.name == name && taxonomy.language.as_deref() == Some(language)
            })
        };
    let mut uses: HashMap<(&str, Option<&str>), Vec<Use<'_>>> = HashMap::new();
    for (index, page) in pages.iter().enumerate() {
        let file = &files[page.file.index()].path;
        for (name, terms) in &page.front.taxonomies {
            if page.expired || matches!(page.role, Role::Chapter(..)) {
                continue;
            }
            let language = own(name, &page.language).then_some(&*page.language);
            let list = uses.entry((name.as_str(), language)).or_default();
            list.extend(terms.iter().map(|(name, span)| Use {
                page: PageId::of(index),
                file,
                name,
                span: *span,
            }));
        }
    }
    unknown_taxonomies(input.config, files, diagnostics);
    for config in &input.config.taxonomies {
        let vocabulary = config.vocabulary.as_ref().and_then(|file| {
            let path = SourcePath::new(file.as_str());
            input
                .data
                .get(&path)
                .map(|text| vocabulary::read(&text.text, &path, diagnostics))
        });
        let used = uses
            .remove(&(config.name.as_str(), config.language.as_deref()))
            .unwrap_or_default();
        let language = config.language.as_deref();
        built.push(taxonomy::build(
            config,
            &folder_url(
                &input.config.taxonomy_root,
                language.unwrap_or(&input.config.default_language),
                input.config,
            ),
            vocabulary,
            &used,
            input.config.slugify_taxonomies,
            diagnostics,
        ));
    }
    taxonomy::sort_pages(&mut built, pages);
    built
}

fn unknown_taxonomies(config: &Config, files: &[Arc<Parsed>], diagnostics: &mut Vec<Diagnostic>) {
    for parsed in files
        .iter()
        .filter(|parsed| !parsed.front.taxonomies.is_empty())
    {
        let language = parsed
            .language
            .as_deref()
            .unwrap_or(&config.default_language);
        let known: Vec<&str> = config
            .taxonomies
            .iter()
            .filter(|taxonomy| {
                taxonomy
                    .language
                    .as_deref()
                    .is_none_or(|only| only == language)
            })
            .map(|taxonomy| taxonomy.name.as_str())
            .collect();
        for (name, terms) in &parsed.front.taxonomies {
            if known.contains(&name.as_str()) {
                continue;
            }
            let span = terms.first().map_or_else(Default::default, |term| term.1);
            diagnostics.push(
                Diagnostic::at("unknown-taxonomy", &parsed.path, span)
                    .with("taxonomy", name)
                    .with_option("nearest", crate::base::nearest(name, known.iter().copied())),
            );
        }
    }
}

/// Pages that ask to be named on every page, until their day has passed.
fn banners(files: &[Arc<Parsed>], pages: &[Page]) -> Vec<PageId> {
    let banner = |page: &Page| files[page.file.index()].special.get("banner").is_some();
    let shown = |page: &Page| !page.expired && matches!(page.role, Role::File) && banner(page);
    pages
        .iter()
        .enumerate()
        .filter(|(_, page)| shown(page))
        .map(|(index, _)| PageId::of(index))
        .collect()
}

/// Files beside the content go to the address of the page whose folder they lie in (or below), else of their folder. What
/// lies beside a page or section that is not part of the site is not either.
fn assets(
    input: Input<'_>,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &[Page],
) -> Vec<(SourcePath, Url, Arc<Asset>)> {
    let mut places: HashMap<&str, &Url> = HashMap::new();
    // Of the languages of a page the default one comes first, and keeps the place.
    for section in sections.iter().filter(|section| section.file.is_some()) {
        let place = places.entry(&section.folder).or_insert(&section.url);
        if *section.language == *input.config.default_language {
            *place = &section.url;
        }
    }
    for page in pages.iter().filter(|page| page.role == Role::File) {
        let path = &files[page.file.index()].path;
        if has_own_folder(path) {
            let place = places.entry(path.parent()).or_insert(&page.url);
            if *page.language == *input.config.default_language {
                *place = &page.url;
            }
        }
    }
    let owned: HashSet<&str> = input
        .files
        .keys()
        .filter(|path| has_own_folder(path) || path.file_name().starts_with("_index."))
        .map(SourcePath::parent)
        .collect();
    let mut assets = Vec::new();
    for (path, asset) in input.assets {
        let folder = path.parent();
        let owner = ancestors(folder).find(|folder| owned.contains(folder));
        let address = match owner.map(|owner| (owner, places.get(owner))) {
            Some((owner, Some(url))) => format!("{url}{}", &path.as_str()[owner.len() + 1..]),
            // The folder of a draft, or of a page that is only for lists.
            Some((owner, None)) if owner != "content" => continue,
            _ => {
                let base = folder_path(folder, files, input.config);
                format!("{base}/{}", path.file_name())
            }
        };
        assets.push((
            path.clone(),
            Url::new(address.trim_start_matches('/')),
            asset.clone(),
        ));
    }
    assets
}

/// Whether the file is an `index.md`, in any language: a page with a folder of its own.
fn has_own_folder(path: &SourcePath) -> bool {
    path.file_name().split('.').next() == Some("index")
}

/// A folder and the folders above it, nearest first.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        at.rsplit_once('/').map(|(parent, _)| parent)
    })
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
