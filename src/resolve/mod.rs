//! [`Site`] → [`Resolved`]: every link, term and citation has a target or a diagnostic.
//!
//! The answers are in tables beside the model, one for each content file, so that nothing in the model is half filled.

pub mod citation;
pub mod cited;
pub mod episode;
pub mod glossary;
pub mod link;
pub mod service;
pub mod spoken;

use citation::{Citation, Status};

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::{ArticleNo, Date, SourcePath, Url};
use crate::diag::Diagnostic;
use crate::doc::text::{Flat, flat};
use crate::doc::{Document, Link};
use crate::load::SourceText;
use crate::model::law::{LawId, Library};
use crate::model::{FileId, PageId, Role, Site, Target};
use crate::parse::calculator::{Calculator, LoanPrimeRate, RulesLanguage};
use crate::parse::page::Parsed;
use crate::parse::prose::{Prose, ProseKind};
use crate::parse::widget::{Widget, WidgetKind};
use episode::Episodes;
use glossary::Glossary;
use service::Services;

/// The answers for the whole site.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The answers for each content file, in the order of [`Site::files`].
    pub files: Vec<Arc<ResolvedFile>>,
    /// The glossary.
    pub glossary: Arc<Glossary>,
    /// The files of the episodes.
    pub episodes: Episodes,
    /// The directories of service points.
    pub services: Services,
    /// The rates and rules calculators go by.
    pub rules: Arc<CalculatorRules>,
    /// The answers for the rules of the calculators in use.
    pub calculators: BTreeMap<(Calculator, RulesLanguage), ResolvedFile>,
    /// Who cites an article.
    pub cited_by: Arc<BackLinks>,
}

/// The pages that cite an article, by the article.
pub type BackLinks = BTreeMap<(LawId, ArticleNo), Vec<CitedBy>>;

/// What calculators go by.
#[derive(Clone, Debug, Default)]
pub struct CalculatorRules {
    /// The loan prime rates.
    pub rates: LoanPrimeRate,
    /// The rules as text.
    pub documents: BTreeMap<(Calculator, RulesLanguage), Document>,
}

/// A page that cites an article, and its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedBy {
    /// The page.
    pub page: PageId,
    /// The sentence the citation stands in.
    pub sentence: Arc<str>,
}

/// A citation with what its page needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCitation {
    /// The citation, by bytes of the document's flat text.
    pub citation: Citation,
    /// The sentence it stands in.
    pub sentence: Arc<str>,
    /// Where it is written, from the file's first byte.
    pub source: u32,
    /// The file it is written in, when that is not the page's own: a transcript beside it.
    pub written_in: Option<SourcePath>,
    /// The link (by its index) whose author said what it cites: `{law="民法典" article="1079"}`.
    pub link: Option<u32>,
}

/// The answers for one content file.
#[derive(Clone, Debug, Default)]
pub struct ResolvedFile {
    /// Where each link and image leads, by its index.
    pub links: Vec<LinkTarget>,
    /// What is marked in the text, sorted, without overlap.
    pub marks: Vec<Mark>,
    /// The answers for the texts in its widgets, in the order of [`Widget::documents`].
    pub widgets: Vec<ResolvedFile>,
    /// The answers for the prose outside its text, in the order of [`Parsed::prose`].
    pub prose: Vec<ResolvedFile>,
    /// The citations, in order; behind those of its text those of its widgets, then those of its prose.
    pub citations: Vec<PageCitation>,
    /// Problems found.
    pub diagnostics: Vec<Diagnostic>,
}

impl ResolvedFile {
    /// The citations of its text, without those of its widgets and prose, whose places are counted in texts of their own.
    #[must_use]
    pub fn in_text(&self) -> &[PageCitation] {
        let others = self.widgets.iter().chain(&self.prose);
        let inside: usize = others.map(|own| own.citations.len()).sum();
        &self.citations[..self.citations.len().saturating_sub(inside)]
    }

    /// Takes over what was found in a piece of the file: what a quiz cites, its page cites; the numbers of its links are its own.
    fn with(&mut self, mut piece: Self) -> Self {
        self.diagnostics.append(&mut piece.diagnostics);
        let cited = piece.citations.iter().cloned();
        self.citations.extend(cited.map(|found| PageCitation {
            link: None,
            ..found
        }));
        piece
    }

    /// What a link of the text cites because its author says so.
    #[must_use]
    pub fn cited_by_link(&self, link: &Link) -> Option<&PageCitation> {
        link.attributes.as_ref()?.get("law")?;
        self.citations
            .iter()
            .find(|found| found.link == Some(link.index))
    }
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkTarget {
    /// Into the site.
    Internal {
        /// What is there; `None` for static files.
        target: Option<Target>,
        /// The address, with its fragment.
        url: Url,
    },
    /// Out of the site, or another scheme: `mailto:`, `tel:`.
    External(Box<str>),
    /// Nowhere: the text is shown without a link.
    Broken,
}

/// A range of a document's flat text that is shown in a special way.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First byte in the flat text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it is.
    pub kind: MarkKind,
}

/// What a mark is.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// A term of the glossary: its index.
    Term(u32),
    /// A citation: its index in [`ResolvedFile::citations`].
    Citation(u32),
}

/// What the answers are drawn from, besides the site.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The glossary.
    pub glossary: &'a Arc<Glossary>,
    /// Data files.
    pub data: &'a BTreeMap<SourcePath, Arc<SourceText>>,
    /// The rates and rules of the calculators.
    pub rules: &'a Arc<CalculatorRules>,
}

/// Resolves the whole site. Files that are the same as in `previous`, under the same addresses, keep their answers.
#[must_use]
pub fn resolve(
    site: &Site,
    context: Context<'_>,
    previous: Option<(&Site, &Resolved)>,
) -> Resolved {
    let known = previous.and_then(|(before, answers)| Known::of(site, context, before, answers));
    let files: Vec<Arc<ResolvedFile>> = site
        .files
        .par_iter()
        .enumerate()
        .map(|(index, parsed)| {
            let kept = known
                .as_ref()
                .and_then(|known| known.answers(index, parsed));
            kept.unwrap_or_else(|| Arc::new(resolve_file(site, FileId::of(index), context)))
        })
        .collect();
    let episodes = episode::resolve_episodes(
        site,
        context.data,
        previous.map(|(before, answers)| (before, &answers.episodes)),
    );
    let cited_by = Arc::new(cited_by(site, &files, &episodes));
    Resolved {
        files,
        glossary: context.glossary.clone(),
        episodes,
        services: service::resolve_services(
            site,
            context.data,
            previous.map(|(_, answers)| &answers.services),
        ),
        rules: context.rules.clone(),
        calculators: resolve_rules(site, context),
        cited_by,
    }
}

/// The answers for a site that [`model::renewed`](crate::model::renewed) made of `before` with new texts in the files
/// `changed`; with the files that have new answers: these, and those with links into them where anchors came or went. Who
/// cites what is asked again only when one of them cites something else.
#[must_use]
pub fn renewed(
    site: &Site,
    context: Context<'_>,
    (before, previous): (&Site, &Resolved),
    changed: &[FileId],
) -> (Resolved, Vec<FileId>) {
    let moved: Vec<FileId> = changed
        .iter()
        .copied()
        .filter(|id| anchors_differ(site.file(*id), before.file(*id)))
        .collect();
    let mut asked: Vec<FileId> = changed.to_vec();
    if !moved.is_empty() {
        let leading = (0..previous.files.len()).map(FileId::of);
        asked.extend(leading.filter(|id| leads_into(site, &previous.files[id.index()], &moved)));
        asked.sort_unstable();
        asked.dedup();
    }
    let mut answers = previous.clone();
    let mut cites_same = true;
    for id in &asked {
        let new = Arc::new(resolve_file(site, *id, context));
        cites_same &= cites_the_same(site.file(*id), &new, &answers.files[id.index()]);
        answers.files[id.index()] = new;
    }
    if !cites_same {
        answers.cited_by = Arc::new(cited_by(site, &answers.files, &answers.episodes));
    }
    (answers, asked)
}

/// What was found out about an earlier state of the same site.
struct Known<'a> {
    before: &'a Site,
    answers: &'a Resolved,
    /// The laws that are not the same any more.
    laws: Vec<LawId>,
    /// The files whose anchors are not the same any more.
    moved: Vec<FileId>,
}

impl<'a> Known<'a> {
    /// `None` when an address, the glossary or the day has changed: then nothing can be kept.
    fn of(
        site: &Site,
        context: Context<'_>,
        before: &'a Site,
        answers: &'a Resolved,
    ) -> Option<Self> {
        let same = before.routes.fingerprint == site.routes.fingerprint
            && Arc::ptr_eq(&answers.glossary, context.glossary)
            && before.today == site.today;
        let laws = same
            .then(|| site.library.changed_since(&before.library))
            .flatten()?;
        let moved = site.files.iter().enumerate().filter(|(index, parsed)| {
            let there = before.files.get(*index);
            there.is_none_or(|there| !Arc::ptr_eq(there, parsed) && anchors_differ(there, parsed))
        });
        Some(Self {
            before,
            answers,
            laws,
            moved: moved.map(|(index, _)| FileId::of(index)).collect(),
        })
    }

    /// The answers a file has already, when neither it nor what they depend on has changed.
    fn answers(&self, index: usize, parsed: &Arc<Parsed>) -> Option<Arc<ResolvedFile>> {
        // Most files are where they were.
        let there = self.before.files.get(index);
        let at = if there.is_some_and(|other| Arc::ptr_eq(other, parsed)) {
            index
        } else {
            self.before.file_id(&parsed.path)?.index()
        };
        let answers = &self.answers.files[at];
        let cited = || answers.citations.iter().filter_map(|one| one.citation.law);
        (Arc::ptr_eq(&self.before.files[at], parsed)
            && !cited().any(|law| self.laws.contains(&law))
            && !leads_into(self.before, answers, &self.moved))
        .then(|| answers.clone())
    }
}

fn anchors_differ(old: &Parsed, new: &Parsed) -> bool {
    old.path != new.path || link::file_anchors(old) != link::file_anchors(new)
}

/// Whether a link among the answers leads to a page made of one of the files.
fn leads_into(site: &Site, answers: &ResolvedFile, files: &[FileId]) -> bool {
    let file = |link: &LinkTarget| match link {
        LinkTarget::Internal {
            target: Some(target),
            ..
        } => match target {
            Target::Page(id) => Some(site.page(*id).file),
            Target::Section(id, _) => site.section(*id).file,
            _ => None,
        },
        LinkTarget::Internal { target: None, .. }
        | LinkTarget::External(_)
        | LinkTarget::Broken => None,
    };
    !files.is_empty()
        && (answers
            .links
            .iter()
            .filter_map(file)
            .any(|file| files.contains(&file))
            || answers
                .widgets
                .iter()
                .chain(&answers.prose)
                .any(|inner| leads_into(site, inner, files)))
}

/// Whether the back links of what a file cites are the same. Where a file makes several pages, a citation may have moved from
/// one to another.
fn cites_the_same(parsed: &Parsed, new: &ResolvedFile, old: &ResolvedFile) -> bool {
    let links = |answers: &ResolvedFile| -> Vec<(Option<LawId>, Option<ArticleNo>, Arc<str>)> {
        let found = answers.citations.iter();
        found
            .map(|one| (one.citation.law, one.citation.article, one.sentence.clone()))
            .collect()
    };
    if parsed.questions.is_empty() {
        links(new) == links(old)
    } else {
        new.citations.is_empty() && old.citations.is_empty()
    }
}

fn resolve_file(site: &Site, id: FileId, context: Context<'_>) -> ResolvedFile {
    let parsed = site.file(id);
    let mut resolved = resolve_document(site, parsed, &parsed.document, context.glossary);
    for document in parsed.widgets.iter().flat_map(Widget::documents) {
        let answers = resolve_document(site, parsed, document, context.glossary);
        let answers = resolved.with(answers);
        resolved.widgets.push(answers);
    }
    for prose in &parsed.prose {
        let answers = resolve_prose(site, parsed, prose, context);
        let answers = resolved.with(answers);
        resolved.prose.push(answers);
    }
    resolved
}

/// The answers for a piece of prose outside the running text. Where the links of a short code's text lead is asked when its
/// template has shown it.
fn resolve_prose(
    site: &Site,
    parsed: &Parsed,
    prose: &Prose,
    context: Context<'_>,
) -> ResolvedFile {
    let mut answers = match prose.kind {
        ProseKind::Short => resolve_document(site, parsed, &prose.document, context.glossary),
        ProseKind::Call => {
            let mut answers = ResolvedFile::default();
            if site.library.has_texts() && parsed.statute.is_none() {
                cite(site, parsed, &flat(&prose.document), &mut answers);
            }
            answers
        }
    };
    prose.place(&mut answers.diagnostics);
    if let Some(whole) = prose.whole {
        for found in &mut answers.citations {
            found.source = whole.start;
        }
    }
    answers
}

/// The answers for a text that becomes known only when a page is shown: what a short code gives. What is wrong with it is
/// said of the text it is made of.
#[must_use]
pub fn shown_text(
    site: &Site,
    parsed: &Parsed,
    document: &Document,
    glossary: &Glossary,
) -> ResolvedFile {
    let mut answers = resolve_document(site, parsed, document, glossary);
    answers.diagnostics.clear();
    answers
}

/// The answers for one text written in a file: its own, or a piece of a widget.
fn resolve_document(
    site: &Site,
    parsed: &Parsed,
    document: &Document,
    glossary: &Glossary,
) -> ResolvedFile {
    let mut resolved = ResolvedFile::default();
    link::resolve_links(site, parsed, document, &mut resolved);
    resolve_text(site, parsed, document, glossary, &mut resolved);
    resolved
}

/// The answers for the rules of every calculator in use, as seen from the first page that has it. Their text is pufa's
/// own: what can't be resolved is shown without a link and concerns no author.
fn resolve_rules(
    site: &Site,
    context: Context<'_>,
) -> BTreeMap<(Calculator, RulesLanguage), ResolvedFile> {
    let mut answers = BTreeMap::new();
    for parsed in &site.files {
        let language = parsed.language.as_deref();
        let language = RulesLanguage::of(language.unwrap_or(&site.config.default_language));
        for widget in &parsed.widgets {
            if let WidgetKind::Calculator(calculator) = widget.kind
                && let Some(document) = context.rules.documents.get(&(calculator, language))
            {
                answers
                    .entry((calculator, language))
                    .or_insert_with(|| resolve_document(site, parsed, document, context.glossary));
            }
        }
    }
    answers
}

/// Citations and terms in a document's text.
fn resolve_text(
    site: &Site,
    parsed: &Parsed,
    document: &Document,
    glossary: &Glossary,
    resolved: &mut ResolvedFile,
) {
    let library = &site.library;
    let has_laws = library.has_texts();
    let has_terms = !glossary.is_empty() && site.config.markdown.glossary;
    if (!has_laws && !has_terms) || parsed.statute.is_some() {
        return;
    }
    let text = flat(document);
    if has_laws {
        cite(site, parsed, &text, resolved);
    }
    if has_terms {
        let terms = glossary.find(&text);
        add_free(&mut resolved.marks, terms);
    }
}

/// The citations found in a text and those its author gave as attributes of links, in order.
fn cite(site: &Site, parsed: &Parsed, text: &Flat, resolved: &mut ResolvedFile) {
    let library = &site.library;
    let cites = citation::Context::page(library, Some(law_date(site, parsed)), Some(site.today));
    let mut found: Vec<(Citation, Option<u32>)> = Vec::new();
    if parsed.special.get("no_cite").is_none() {
        found.extend(
            citation::resolve_text(text, &cites)
                .into_iter()
                .map(|found| (found, None)),
        );
    }
    for manual in &text.manual {
        let (citation, problem) = citation::by_hand(text, manual, &cites, &parsed.path);
        resolved.diagnostics.extend(problem);
        found.push((citation, Some(manual.link)));
    }
    found.sort_by_key(|(citation, _)| citation.start);
    let place = |start: usize, end: usize| text.span(start, end);
    let citations = found.iter().map(|(citation, _)| citation);
    resolved
        .diagnostics
        .extend(citation::problems(citations, &cites, &parsed.path, &place));
    for (citation, link) in found {
        answer_citation(library, text, citation, link, resolved);
    }
}

/// Whether there is a page of the site behind a citation.
fn leads(citation: &Citation, library: &Library) -> bool {
    citation.law.is_some()
        && citation.status != Status::UnknownArticle
        && citation.url(library).is_some()
}

/// Keeps a citation, with a mark in the text or as the target of its link where it leads somewhere.
fn answer_citation(
    library: &Library,
    text: &Flat,
    citation: Citation,
    link: Option<u32>,
    resolved: &mut ResolvedFile,
) {
    let index = u32::try_from(resolved.citations.len()).unwrap_or(u32::MAX);
    let (start, end) = (offset(citation.start), offset(citation.end));
    let target = leads(&citation, library)
        .then(|| citation.law.zip(citation.url(library)))
        .flatten();
    match (target, link) {
        (Some(_), None) => resolved.marks.push(Mark {
            start,
            end,
            kind: MarkKind::Citation(index),
        }),
        (Some((law, url)), Some(link)) => {
            let version = offset(citation.version.unwrap_or(0));
            if let Some(target) = resolved.links.get_mut(link as usize) {
                *target = LinkTarget::Internal {
                    target: Some(Target::Law(law, version)),
                    url,
                };
            }
        }
        (None, _) => {}
    }
    resolved.citations.push(PageCitation {
        sentence: sentence(&text.text, citation.start, citation.end).into(),
        source: text.span(citation.start, citation.end).start,
        written_in: None,
        citation,
        link,
    });
}

/// The day whose law a file states: its pages agree, unless a question has its own.
fn law_date(site: &Site, parsed: &Parsed) -> Date {
    let front = &parsed.front;
    front
        .law_date
        .or(front.reviewed)
        .or(front.updated.map(|moment| moment.date()))
        .or(front
            .date
            .or(parsed.date_in_name)
            .map(|moment| moment.date()))
        .unwrap_or(site.today)
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Adds marks where none stand yet.
fn add_free(marks: &mut Vec<Mark>, more: Vec<Mark>) {
    let free = |mark: &Mark| {
        let at = marks.partition_point(|other| other.end <= mark.start);
        marks.get(at).is_none_or(|other| other.start >= mark.end)
    };
    let kept: Vec<Mark> = more.into_iter().filter(free).collect();
    marks.extend(kept);
    marks.sort_by_key(|mark| mark.start);
}

/// The sentence around a range of a text, at most 120 characters.
fn sentence(text: &str, start: usize, end: usize) -> String {
    let stops = ['。', '！', '？', '\n'];
    let from = text[..start].rfind(stops).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let to = text[end..].find(stops).map_or(text.len(), |at| {
        let stop = end + at;
        if text[stop..].starts_with('\n') {
            stop
        } else {
            stop + '。'.len_utf8()
        }
    });
    crate::doc::text::shorten(&text[from..to].replace(crate::doc::text::OBJECT, ""), 120)
}

/// What a content file cites: in its text, and in what is said in its recording.
fn citations<'a>(
    files: &'a [Arc<ResolvedFile>],
    episodes: &'a Episodes,
    file: FileId,
) -> impl Iterator<Item = &'a PageCitation> {
    let spoken = episodes.get(&file).map(|episode| &episode.spoken.citations);
    let written = files[file.index()].citations.iter();
    written.chain(spoken.into_iter().flatten())
}

impl Resolved {
    /// What a content file cites: in its text, and in what is said in its recording.
    pub fn citations(&self, file: FileId) -> impl Iterator<Item = &PageCitation> {
        citations(&self.files, &self.episodes, file)
    }

    /// Every citation of a site with the page it stands on, in the order of the files.
    pub(crate) fn page_citations<'a>(
        &'a self,
        site: &'a Site,
    ) -> impl Iterator<Item = (PageId, &'a PageCitation)> {
        page_citations(site, &self.files, &self.episodes)
    }
}

fn page_citations<'a>(
    site: &'a Site,
    files: &'a [Arc<ResolvedFile>],
    episodes: &'a Episodes,
) -> impl Iterator<Item = (PageId, &'a PageCitation)> {
    let mut pages: Vec<Vec<PageId>> = vec![Vec::new(); files.len()];
    for (id, page) in site.page_ids() {
        if !matches!(page.role, Role::Chapter(..)) && !page.expired {
            pages[page.file.index()].push(id);
        }
    }
    pages
        .into_iter()
        .enumerate()
        .flat_map(move |(index, pages)| {
            citations(files, episodes, FileId::of(index)).filter_map(move |found| {
                let page = pages.iter().find(|id| holds(site, **id, found.source))?;
                Some((*page, found))
            })
        })
}

/// Who cites what: questions first, then cases, episodes, articles, other pages.
fn cited_by(site: &Site, files: &[Arc<ResolvedFile>], episodes: &Episodes) -> BackLinks {
    let mut cited = BackLinks::new();
    for (page, found) in page_citations(site, files, episodes) {
        let (Some(law), Some(article)) = (found.citation.law, found.citation.article) else {
            continue;
        };
        let by = CitedBy {
            page,
            sentence: found.sentence.clone(),
        };
        let articles = cited.entry((law, article)).or_default();
        if articles.last().is_none_or(|last| last.page != page) {
            articles.push(by);
        }
    }
    for list in cited.values_mut() {
        list.sort_by_key(|by| (rank(site, by.page), by.page));
    }
    cited
}

/// Whether a byte of a file belongs to a page made of it.
#[must_use]
pub fn holds(site: &Site, id: PageId, source: u32) -> bool {
    let page = site.page(id);
    let document = &site.file(page.file).document;
    let question = site.question(page);
    question.is_none_or(|question| question.extent(document).contains(&source))
}

fn rank(site: &Site, id: PageId) -> u8 {
    use crate::parse::front::Kind;
    let page = site.page(id);
    match (page.role, page.kind) {
        (Role::Question(..), _) => 0,
        (Role::File | Role::Chapter(..), Kind::Cases) => 1,
        (Role::File | Role::Chapter(..), Kind::Course) => 2,
        (Role::File | Role::Chapter(..), Kind::Articles) => 3,
        (
            Role::File | Role::Chapter(..),
            Kind::Book | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page,
        ) => 4,
    }
}
