//! The assembly of the [`Site`] from its parts; one function a step, in the order they are called.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::law::Library;
use super::numbering::{self, Numbers};
use super::taxonomy::Use;
use super::{
    Assembled, Book, BookId, Chapter, FileId, House, Page, PageId, Role, Routes, Section,
    SectionId, Site, Target, order, taxonomy, vocabulary,
};
use crate::base::{ArticleNo, Date, SourcePath, Url};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::doc::{Block, BlockKind, text};
use crate::load::{Asset, SourceText};
use crate::parse::front::{Front, Kind};
use crate::parse::page::{Parsed, without_number};
use crate::parse::question::Question;

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
    for book in &mut books {
        book.numbers = question_numbers(book, &files, &pages, &numbers);
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

fn sections(input: Input<'_>, files: &[Arc<Parsed>]) -> Vec<Section> {
    let config = input.config;
    let mut sections: Vec<Section> = Vec::new();
    for (index, parsed) in files
        .iter()
        .enumerate()
        .filter(|(_, parsed)| parsed.is_section)
    {
        let folder = parsed.path.parent().to_owned();
        let language = language_of(parsed, config);
        let front = &parsed.front;
        let own = front.section.as_deref();
        let url = match &front.path {
            Some(path) => folder_url(path, &config.default_language, config),
            None => folder_url(&folder_path(&folder, files, config), &language, config),
        };
        let title = front
            .title
            .clone()
            .or_else(|| leading_title(parsed))
            .unwrap_or_else(|| {
                if folder == "content" {
                    config.title_in(&language).to_owned()
                } else {
                    last_part(&folder).to_owned()
                }
            });
        sections.push(Section {
            file: Some(FileId::of(index)),
            kind: parsed.kind(),
            url,
            title: title.into(),
            language,
            parent: None,
            subsections: Vec::new(),
            pages: Vec::new(),
            paginate_by: own
                .and_then(|own| own.paginate_by)
                .unwrap_or_else(|| default_pagination(parsed.kind())),
            paginate_path: own
                .and_then(|own| own.paginate_path.as_deref())
                .unwrap_or("page")
                .into(),
            folder,
        });
    }
    for language in config.language_codes() {
        if !sections
            .iter()
            .any(|section| section.folder == "content" && *section.language == *language)
        {
            sections.push(root_section(config, language));
        }
    }
    if !config.law_libraries.is_empty()
        && !sections.iter().any(|section| section.kind == Kind::Laws)
    {
        sections.push(laws_section(config));
    }
    sections.sort_by(|a, b| (&a.language, &a.folder).cmp(&(&b.language, &b.folder)));
    link_sections(files, &mut sections);
    sections
}

/// Long lists come in sheets without being asked to.
fn default_pagination(kind: Kind) -> usize {
    match kind {
        Kind::Articles | Kind::Cases => 30,
        Kind::Book | Kind::Course | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page => 0,
    }
}

fn root_section(config: &Config, language: &str) -> Section {
    Section {
        folder: "content".to_owned(),
        file: None,
        kind: Kind::Page,
        url: folder_url("", language, config),
        title: config.title_in(language).into(),
        language: language.into(),
        parent: None,
        subsections: Vec::new(),
        pages: Vec::new(),
        paginate_by: 0,
        paginate_path: "page".into(),
    }
}

/// A place for the laws of a library, in a site that has no section for them.
fn laws_section(config: &Config) -> Section {
    Section {
        folder: "content/laws".to_owned(),
        kind: Kind::Laws,
        url: Url::new("/laws/"),
        title: "法律法规".into(),
        ..root_section(config, &config.default_language)
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The first-level heading a file begins with.
pub(super) fn leading_title(parsed: &Parsed) -> Option<String> {
    match &parsed.document.blocks.first()?.kind {
        BlockKind::Heading(heading) if heading.level == 1 => Some(text::plain(&heading.content)),
        _ => None,
    }
}

fn link_sections(files: &[Arc<Parsed>], sections: &mut [Section]) {
    let places: HashMap<(String, Arc<str>), usize> = sections
        .iter()
        .enumerate()
        .map(|(index, section)| ((section.folder.clone(), section.language.clone()), index))
        .collect();
    for index in 0..sections.len() {
        let (language, mut folder) = (
            sections[index].language.clone(),
            sections[index].folder.clone(),
        );
        while let Some((parent, _)) = folder
            .rsplit_once('/')
            .map(|(parent, rest)| (parent.to_owned(), rest.len()))
        {
            if let Some(&above) = places.get(&(parent.clone(), language.clone())) {
                sections[index].parent = Some(SectionId::of(above));
                sections[above].subsections.push(SectionId::of(index));
                break;
            }
            folder = parent;
        }
    }
    let weights: Vec<(i64, String)> = sections
        .iter()
        .map(|section| {
            let weight = section
                .file
                .and_then(|file| files[file.index()].front.weight);
            (weight.unwrap_or(i64::MAX), section.folder.clone())
        })
        .collect();
    for section in sections.iter_mut() {
        section
            .subsections
            .sort_by(|a, b| weights[a.index()].cmp(&weights[b.index()]));
    }
}

/// A folder's path in addresses: every part slugged, numbers dropped where they only order.
fn folder_path(folder: &str, files: &[Arc<Parsed>], config: &Config) -> String {
    let Some(inner) = folder
        .strip_prefix("content")
        .map(|inner| inner.trim_start_matches('/'))
    else {
        return String::new();
    };
    if inner.is_empty() {
        return String::new();
    }
    let mut at = "content".to_owned();
    let mut parts = Vec::new();
    for part in inner.split('/') {
        at.push('/');
        at.push_str(part);
        let index = SourcePath::new(format!("{at}/_index.md"));
        let found = files
            .binary_search_by(|file| file.path.cmp(&index))
            .ok()
            .map(|at| &files[at]);
        let ordered = found.is_some_and(|file| matches!(file.kind(), Kind::Book | Kind::Course));
        let part = found
            .and_then(|file| file.front.slug.clone())
            .unwrap_or_else(|| {
                if ordered {
                    without_number(part).to_owned()
                } else {
                    part.to_owned()
                }
            });
        parts.push(config.slugify_paths.slug(&part));
    }
    parts.join("/")
}

fn folder_url(path: &str, language: &str, config: &Config) -> Url {
    let path = path.trim_matches('/');
    let prefix = if language == config.default_language {
        String::new()
    } else {
        format!("/{language}")
    };
    if path.is_empty() {
        Url::new(&format!("{prefix}/"))
    } else {
        Url::new(&format!("{prefix}/{path}/"))
    }
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

/// Finds the books, gives chapters and questions their places, and adds a page for each question of a chapter file.
fn books(
    files: &[Arc<Parsed>],
    sections: &mut [Section],
    pages: &mut Vec<Page>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Book> {
    let mut books = Vec::new();
    for index in 0..sections.len() {
        let is_book = sections[index].kind == Kind::Book
            && sections[index]
                .parent
                .is_none_or(|parent| sections[parent.index()].kind != Kind::Book);
        if is_book {
            let id = BookId::of(books.len());
            books.push(book(
                id,
                SectionId::of(index),
                files,
                sections,
                pages,
                diagnostics,
            ));
        }
    }
    books
}

/// The lasting numbers of questions, from `books.lock`.
fn numbers(input: Input<'_>, diagnostics: &mut Vec<Diagnostic>) -> Numbers {
    let Some(text) = input.data.get(&SourcePath::new(numbering::FILE)) else {
        return Numbers::default();
    };
    Numbers::read(&text.text).unwrap_or_else(|problem| {
        diagnostics.push(problem);
        Numbers::default()
    })
}

fn question_numbers(
    book: &Book,
    files: &[Arc<Parsed>],
    pages: &[Page],
    numbers: &Numbers,
) -> Vec<ArticleNo> {
    let ids: Vec<&str> = book
        .questions
        .iter()
        .map(|id| question_of(files, &pages[id.index()]).map_or("", |question| &question.id))
        .collect();
    numbers.of(&book.id, &ids)
}

fn question_of<'a>(files: &'a [Arc<Parsed>], page: &Page) -> Option<&'a Question> {
    match page.role {
        Role::Question(_, _, index) => files[page.file.index()].questions.get(index as usize),
        Role::File | Role::Chapter(..) => None,
    }
}

/// A chapter before its questions are numbered.
struct ChapterPart {
    weight: i64,
    name: String,
    title: Arc<str>,
    page: Option<PageId>,
    section: Option<SectionId>,
}

fn book(
    id: BookId,
    section: SectionId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut Vec<Page>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Book {
    let file = sections[section.index()]
        .file
        .map(|file| &files[file.index()]);
    let name = file
        .and_then(|file| file.special.get("id"))
        .and_then(|node| node.value.as_str())
        .map_or_else(
            || last_part(&sections[section.index()].folder).to_owned(),
            str::to_owned,
        );
    let mut parts = Vec::new();
    for (index, page) in pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.section == section)
    {
        parts.push(ChapterPart {
            weight: page.front.weight.unwrap_or(i64::MAX),
            name: files[page.file.index()].path.as_str().to_owned(),
            title: page.title.clone(),
            page: Some(PageId::of(index)),
            section: None,
        });
    }
    for sub in &sections[section.index()].subsections {
        let inner = &sections[sub.index()];
        let weight = inner.file.and_then(|file| files[file.index()].front.weight);
        parts.push(ChapterPart {
            weight: weight.unwrap_or(i64::MAX),
            name: inner.folder.clone(),
            title: inner.title.clone(),
            page: None,
            section: Some(*sub),
        });
    }
    parts.sort_by(|a, b| (a.weight, &a.name).cmp(&(b.weight, &b.name)));
    let mut book = Book {
        section,
        id: name.into(),
        chapters: Vec::new(),
        questions: Vec::new(),
        numbers: Vec::new(),
    };
    let mut ids: HashMap<String, SourcePath> = HashMap::new();
    for (place, part) in (0..).zip(parts) {
        let first = book.questions.len();
        if let Some(page) = part.page {
            add_chapter_file(id, place, page, files, sections, pages, &mut book.questions);
        }
        if let Some(inner) = part.section {
            add_chapter_folder(id, inner, files, sections, pages, &mut book.questions);
        }
        for page in &book.questions[first..] {
            check_question_id(&pages[page.index()], files, &mut ids, diagnostics);
        }
        let target = match (part.page, part.section) {
            (Some(page), _) => Target::Page(page),
            (None, Some(section)) => Target::Section(section, 1),
            (None, None) => continue,
        };
        book.chapters.push(Chapter {
            title: part.title,
            target,
            questions: first..book.questions.len(),
        });
    }
    book
}

fn add_chapter_file(
    book: BookId,
    place: u32,
    chapter: PageId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut Vec<Page>,
    questions: &mut Vec<PageId>,
) {
    let parsed = &files[pages[chapter.index()].file.index()];
    let alone = parsed.questions.len() == 1 && parsed.questions[0].span.is_empty();
    if alone {
        pages[chapter.index()].role = Role::Question(book, count(questions.len()), 0);
        questions.push(chapter);
        return;
    }
    pages[chapter.index()].role = Role::Chapter(book, place);
    for index in 0..parsed.questions.len() {
        let base = book_base(sections, &pages[chapter.index()]);
        let page = question_page(
            book,
            questions.len(),
            index,
            parsed,
            &pages[chapter.index()],
            &base,
        );
        questions.push(PageId::of(pages.len()));
        pages.push(page);
    }
}

fn add_chapter_folder(
    book: BookId,
    section: SectionId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut [Page],
    questions: &mut Vec<PageId>,
) {
    let mut inside: Vec<(i64, &SourcePath, usize)> = pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.section == section)
        .map(|(index, page)| {
            (
                page.front.weight.unwrap_or(i64::MAX),
                &files[page.file.index()].path,
                index,
            )
        })
        .collect();
    inside.sort();
    let inside: Vec<usize> = inside.into_iter().map(|(.., index)| index).collect();
    for index in inside {
        let parsed = &files[pages[index].file.index()];
        let base = sections[section.index()].url.clone();
        if let Some(question) = parsed.questions.first() {
            let page = &mut pages[index];
            page.role = Role::Question(book, count(questions.len()), 0);
            page.front = Arc::new(question_front(&page.front, question));
            page.url = Url::new(&format!("{base}{}/", slug::slugify(&question.id)));
            questions.push(PageId::of(index));
        }
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Questions have addresses directly below their book, which stay when a question moves to another chapter.
fn book_base(sections: &[Section], chapter: &Page) -> Url {
    sections[chapter.section.index()].url.clone()
}

fn question_page(
    book: BookId,
    place: usize,
    index: usize,
    parsed: &Parsed,
    chapter: &Page,
    base: &Url,
) -> Page {
    let question = &parsed.questions[index];
    Page {
        role: Role::Question(book, count(place), count(index)),
        url: Url::new(&format!("{base}{}/", question.id)),
        title: question.title.as_str().into(),
        front: Arc::new(question_front(&chapter.front, question)),
        blocks: question.blocks.clone(),
        position: 0,
        ..chapter.clone()
    }
}

/// The chapter's front matter with the question's own fields over it.
pub(super) fn question_front(chapter: &Front, question: &Question) -> Front {
    let fields = &question.fields;
    let mut taxonomies = chapter.taxonomies.clone();
    for (name, terms) in [("topics", &fields.topics), ("audiences", &fields.audiences)] {
        if terms.is_empty() {
            continue;
        }
        taxonomies.retain(|(other, _)| other != name);
        taxonomies.push((name.to_owned(), terms.clone()));
    }
    Front {
        title: Some(question.title.clone()),
        description: fields.short.clone(),
        weight: None,
        slug: None,
        path: None,
        aliases: Vec::new(),
        template: None,
        taxonomies,
        reviewed: fields.reviewed.or(chapter.reviewed),
        reviewed_by: fields
            .reviewed_by
            .clone()
            .or_else(|| chapter.reviewed_by.clone()),
        law_date: fields.law_date.or(chapter.law_date),
        ..chapter.clone()
    }
}

fn check_question_id(
    page: &Page,
    files: &[Arc<Parsed>],
    ids: &mut HashMap<String, SourcePath>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let parsed = &files[page.file.index()];
    let Role::Question(_, _, index) = page.role else {
        return;
    };
    let Some(question) = parsed.questions.get(index as usize) else {
        return;
    };
    if !question.explicit_id {
        diagnostics.push(
            Diagnostic::at("question-without-id", &parsed.path, question.span)
                .with("suggestion", &question.id),
        );
    }
    if let Some(other) = ids.insert(question.id.clone(), parsed.path.clone()) {
        diagnostics.push(
            Diagnostic::at("duplicate-id", &parsed.path, question.span)
                .with("id", &question.id)
                .with("other", other),
        );
    }
}

/// Puts every page into its section's list, in the section's order.
fn fill_sections(files: &[Arc<Parsed>], sections: &mut [Section], pages: &mut [Page]) {
    let mut members: Vec<Vec<PageId>> = vec![Vec::new(); sections.len()];
    for (index, page) in pages.iter().enumerate() {
        // A chapter lists its questions itself; questions of a chapter's folder are the folder's.
        let from_chapter_file = matches!(page.role, Role::Question(_, _, _))
            && files[page.file.index()]
                .questions
                .get(role_index(page))
                .is_some_and(|question| !question.span.is_empty());
        // What lies in a folder without an index is listed by the section above, but not on the front page.
        let section = &sections[page.section.index()];
        let lost =
            section.parent.is_none() && section.folder != page_folder(&files[page.file.index()]);
        if !page.expired && !from_chapter_file && !lost {
            members[page.section.index()].push(PageId::of(index));
        }
    }
    for index in (0..sections.len()).rev() {
        let file = sections[index].file.map(|file| &files[file.index()].front);
        let transparent = file
            .and_then(|front| front.section.as_deref())
            .is_some_and(|section| section.transparent);
        if let (true, Some(parent)) = (transparent, sections[index].parent) {
            let own = members[index].clone();
            members[parent.index()].extend(own);
        }
    }
    for (index, ids) in members.into_iter().enumerate() {
        let section = &sections[index];
        let front = section
            .file
            .and_then(|file| files[file.index()].front.section.as_deref());
        let by = front
            .and_then(|front| front.sort_by)
            .unwrap_or_else(|| order::default_sort(section.kind));
        let mut entries: Vec<(PageId, &Page, &str)> = ids
            .into_iter()
            .map(|id| {
                (
                    id,
                    &pages[id.index()],
                    files[pages[id.index()].file.index()].path.as_str(),
                )
            })
            .collect();
        order::sort(&mut entries, by);
        let ordered: Vec<PageId> = entries.into_iter().map(|(id, ..)| id).collect();
        for (position, id) in (0..).zip(&ordered) {
            if pages[id.index()].section.index() == index {
                pages[id.index()].position = position;
            }
        }
        sections[index].pages = ordered;
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

fn routes(site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Routes {
    let mut builder = RouteBuilder {
        site,
        routes: Routes::default(),
        diagnostics,
    };
    builder.routes.by_url.reserve(site.pages.len() * 2);
    section_routes(site, &mut builder);
    for (id, page) in site.page_ids() {
        let file = site.file(page.file);
        builder.add(Target::Page(id), Some(&file.path));
        builder
            .routes
            .by_source
            .entry(file.path.clone())
            .or_insert(Target::Page(id));
    }
    taxonomy_routes(site, &mut builder);
    for index in 0..site.books.len() {
        builder.add(Target::BookPrint(BookId::of(index)), None);
    }
    law_routes(site, &mut builder);
    for (index, (path, ..)) in (0..).zip(site.assets.iter()) {
        builder.add(Target::Asset(index), Some(path));
        builder
            .routes
            .by_source
            .insert(path.clone(), Target::Asset(index));
    }
    builder.first_sheets();
    for (house, ..) in House::ALL {
        // A page of the author's at the same address takes the place of the one made here.
        builder
            .routes
            .by_url
            .entry(house.url().as_str().to_owned())
            .or_insert(Target::House(house));
    }
    alias_routes(site, &mut builder);
    builder.routes.fingerprint = fingerprint(site, &builder.routes);
    builder.routes
}

/// Every section with its sheets, or the address it sends readers to instead.
fn section_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    for (index, section) in site.sections.iter().enumerate() {
        let id = SectionId::of(index);
        let file = section.file.map(|file| site.file(file));
        if file.is_none_or(|file| file.front.render) {
            for sheet in 1..=Site::sheets(section.pages.len(), section.paginate_by) {
                builder.add(Target::Section(id, sheet), file.map(|file| &file.path));
            }
        }
        let Some(file) = file else { continue };
        builder
            .routes
            .by_source
            .insert(file.path.clone(), Target::Section(id, 1));
        let redirect = file
            .front
            .section
            .as_deref()
            .and_then(|section| section.redirect_to.as_deref());
        if let Some(target) = redirect {
            builder.routes.by_url.remove(section.url.as_str());
            builder.alias(
                section.url.clone(),
                Url::new(&format!("{}/", target.trim_matches('/'))),
                &file.path,
            );
        }
    }
}

/// Every taxonomy in use, and its terms with their sheets.
fn taxonomy_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    for (index, taxonomy) in (0..).zip(site.taxonomies.iter()) {
        if !taxonomy.config.render || (taxonomy.terms.is_empty()) {
            continue;
        }
        builder.add(Target::Taxonomy(index), None);
        for (place, term) in (0..).zip(&taxonomy.terms) {
            for sheet in 1..=Site::sheets(term.pages.len(), taxonomy.config.paginate_by) {
                builder.add(Target::Term(index, place, sheet), None);
            }
        }
    }
}

/// The earlier addresses of pages, which send readers on.
fn alias_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    for parsed in &site.files {
        if let Some(target) = builder.routes.by_source.get(&parsed.path).copied() {
            let to = site.url(target);
            for (alias, _) in &parsed.front.aliases {
                builder.alias(alias_url(alias), to.clone(), &parsed.path);
            }
        }
    }
}

/// Every version of every law with a text, and what changed between neighbours; beside them the laws known by name.
fn law_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    let has_texts = site.library.has_texts();
    for (id, law) in site.library.iter() {
        if law.versions.is_empty() && has_texts {
            builder.add(Target::Law(id, 0), None);
        }
        for (version, text) in (0..).zip(&law.versions) {
            let source = text.statute.files.first().map(|file| &file.path);
            builder.add(Target::Law(id, version), source);
            for file in &text.statute.files {
                builder
                    .routes
                    .by_source
                    .insert(file.path.clone(), Target::Law(id, version));
            }
            if version > 0 {
                builder.add(Target::Comparison(id, version), source);
            }
        }
        for (chapter, _) in (0..).zip(&law.chapters) {
            builder.add(Target::LawChapter(id, chapter), None);
        }
    }
}

/// Changes with any address and with what answers it.
fn fingerprint(site: &Site, routes: &Routes) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    for page in &site.pages {
        (page.url.as_str(), page.file).hash(&mut hasher);
    }
    for section in &site.sections {
        (section.url.as_str(), section.file, section.pages.len()).hash(&mut hasher);
    }
    for term in site.taxonomies.iter().flat_map(|taxonomy| &taxonomy.terms) {
        (term.url.as_str(), term.pages.len()).hash(&mut hasher);
    }
    for law in site.library.laws() {
        (law.slug.as_str(), law.versions.len()).hash(&mut hasher);
    }
    (
        routes.by_url.len(),
        routes.by_source.len(),
        &routes.aliases,
        site.assets.len(),
        site.statics.len(),
    )
        .hash(&mut hasher);
    hasher.finish()
}

/// An alias is an address: of a folder, unless it ends in `.html`.
fn alias_url(alias: &str) -> Url {
    let is_file = alias
        .rsplit('/')
        .next()
        .is_some_and(|name| name.ends_with(".html") || name.ends_with(".htm"));
    if is_file || alias.ends_with('/') {
        Url::new(alias)
    } else {
        Url::new(&format!("{alias}/"))
    }
}

struct RouteBuilder<'a> {
    site: &'a Site,
    routes: Routes,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl RouteBuilder<'_> {
    fn add(&mut self, target: Target, source: Option<&SourcePath>) {
        let url = self.site.url(target);
        self.claim(url, target, source);
    }

    fn claim(&mut self, url: Url, target: Target, source: Option<&SourcePath>) {
        match self.routes.by_url.get(url.as_str()).copied() {
            None => {
                self.routes.by_url.insert(url.as_str().to_owned(), target);
            }
            Some(taken) => {
                let other = self.source_of(taken);
                let diagnostic = match source {
                    Some(source) => Diagnostic::in_file("duplicate-url", source),
                    None => Diagnostic::new("duplicate-url"),
                };
                self.diagnostics
                    .push(diagnostic.with("url", &url).with("other", other));
            }
        }
    }

    /// The first sheet of a list is the list itself; who counts from one finds it all the same.
    fn first_sheets(&mut self) {
        let site = self.site;
        let lists = self
            .routes
            .by_url
            .values()
            .filter_map(|target| match target {
                Target::Section(id, 2) => {
                    let section = site.section(*id);
                    Some((&section.url, &*section.paginate_path))
                }
                Target::Term(taxonomy, term, 2) => {
                    let taxonomy = &site.taxonomies[*taxonomy as usize];
                    let term = &taxonomy.terms[*term as usize];
                    Some((&term.url, taxonomy.config.paginate_path.as_str()))
                }
                _ => None,
            });
        let mut lists: Vec<(&Url, &str)> = lists.collect();
        lists.sort_unstable();
        for (list, word) in lists {
            let first = Url::new(&format!("{list}{word}/1/"));
            if !self.routes.by_url.contains_key(first.as_str()) {
                let index = count(self.routes.aliases.len());
                self.routes.aliases.push((first.clone(), list.clone()));
                self.routes
                    .by_url
                    .insert(first.as_str().to_owned(), Target::Alias(index));
            }
        }
    }

    fn alias(&mut self, from: Url, to: Url, source: &SourcePath) {
        let index = count(self.routes.aliases.len());
        self.routes.aliases.push((from.clone(), to));
        self.claim(from, Target::Alias(index), Some(source));
    }

    fn source_of(&self, target: Target) -> String {
        match target {
            Target::Page(id) => self.site.file(self.site.page(id).file).path.to_string(),
            Target::Section(id, _) => {
                let section = self.site.section(id);
                section.file.map_or_else(
                    || section.folder.clone(),
                    |file| self.site.file(file).path.to_string(),
                )
            }
            Target::Asset(index) => self.site.assets[index as usize].0.to_string(),
            Target::Taxonomy(index) | Target::Term(index, ..) => {
                self.site.taxonomies[index as usize].config.name.clone()
            }
            Target::Law(law, version) => {
                let text = self.site.library.law(law).versions.get(version as usize);
                let file = text.and_then(|text| text.statute.files.first());
                file.map_or_else(String::new, |file| file.path.to_string())
            }
            Target::BookPrint(_)
            | Target::House(_)
            | Target::LawChapter(..)
            | Target::Comparison(..)
            | Target::Alias(_) => self.site.url(target).to_string(),
        }
    }
}
