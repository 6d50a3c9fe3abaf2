//! A book of the site as a reader goes through it: front matter, chapters, questions, in order. What EPUB, PDF and leaflets
//! have in common.

use std::sync::Arc;

use crate::base::{ArticleNo, Date, Span, Url};
use crate::diag::Diagnostic;
use crate::doc::{Block, BlockKind};
use crate::load::Asset;
use crate::model::{Book, BookId, Chapter, FileId, PageId, Role, Section, Site, Target};
use crate::parse::fields::Fields;
use crate::parse::front::Front;
use crate::parse::page::Parsed;
use crate::parse::question::Question;
use crate::render::World;
use crate::resolve::LinkTarget;
use crate::resolve::cited::CitationTable;

use super::address::media_type;
use super::words::Words;
use super::xhtml::Source;

/// A book with everything its forms need.
#[derive(Debug)]
pub struct BookText<'a> {
    /// The site.
    pub site: &'a Site,
    /// The book.
    pub id: BookId,
    /// Its section.
    pub section: &'a Section,
    /// What its `_index.md` says about the edition.
    pub edition: Edition,
    /// The preface: the text of `_index.md`.
    pub preface: Option<Passage<'a>>,
    /// The chapters.
    pub chapters: Vec<ChapterText<'a>>,
}

/// The day of a book that names none.
pub const UNDATED: Date = Date::constant(1970, 1, 1);

/// The first day of the year an edition names: 2026 年第二版.
fn year_of(edition: &str) -> Option<Date> {
    let mut numbers = edition.split(|c: char| !c.is_ascii_digit());
    let year = numbers.find(|number| number.len() == 4)?.parse().ok()?;
    (1900..=2999)
        .contains(&year)
        .then(|| Date::new(year, 1, 1).ok())?
}

/// What a book's `_index.md` says about the edition.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// Below the title.
    pub subtitle: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// 2026 年第二版.
    pub edition: Option<String>,
    /// Paragraphs of the imprint.
    pub imprint: Option<String>,
    /// Paragraphs of the legal notice.
    pub legal_notice: Option<String>,
    /// Colour of the cover, `#rrggbb`.
    pub color: Option<String>,
    /// The cover's picture.
    pub cover: Option<Arc<Asset>>,
    /// Where the site shows the cover's picture.
    pub cover_url: Option<Url>,
    /// Whether lines run from top to bottom.
    pub vertical: bool,
}

/// Blocks of a content file.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// The file.
    pub file: FileId,
    /// The blocks.
    pub blocks: &'a [Block],
}

/// A chapter.
#[derive(Debug)]
pub struct ChapterText<'a> {
    /// Its number in words, 第三章: as its title gives it, else counted. Where titles of the book have numbers, what has none
    /// goes without.
    pub label: Option<String>,
    /// Its title without the number.
    pub title: &'a str,
    /// A sentence about it.
    pub description: Option<&'a str>,
    /// What shows it on the site.
    pub target: Target,
    /// Its text, in order.
    pub parts: Vec<Part<'a>>,
}

/// A stretch of a chapter.
#[derive(Debug)]
pub enum Part<'a> {
    /// Text between the questions.
    Passage(Passage<'a>),
    /// A question.
    Question(QuestionText<'a>),
    /// The title of a file of questions in a chapter that is a folder.
    Title(&'a str),
}

impl Part<'_> {
    /// The file its text is in.
    #[must_use]
    pub fn file(&self) -> Option<FileId> {
        match self {
            Part::Passage(passage) => Some(passage.file),
            Part::Question(question) => Some(question.body.file),
            Part::Title(_) => None,
        }
    }
}

/// A question.
#[derive(Debug)]
pub struct QuestionText<'a> {
    /// Its page on the site.
    pub page: PageId,
    /// Its place in the book, from 0.
    pub place: usize,
    /// Its lasting number.
    pub number: ArticleNo,
    /// What it says.
    pub question: &'a Question,
    /// The short answer when it is a field and not the first paragraph.
    pub short: Option<ShortAnswer>,
    /// The first paragraph when it is the short answer.
    pub short_block: Option<Passage<'a>>,
    /// The explanation.
    pub body: Passage<'a>,
}

/// A short answer that is a field of its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortAnswer {
    /// The file it is written in.
    pub file: FileId,
    /// Which piece of the file's prose it is.
    pub prose: usize,
}

impl ShortAnswer {
    /// That of a question of `file`, when it is a field.
    #[must_use]
    pub fn of(file: FileId, question: &Question) -> Option<Self> {
        let prose = question.short_prose?;
        Some(Self { file, prose })
    }

    /// Its text with where its links and citations lead.
    #[must_use]
    pub fn source<'w>(self, world: &'w World, citations: &'w CitationTable) -> Source<'w> {
        let cited = citations
            .get(&self.file)
            .and_then(|found| found.prose.get(self.prose));
        Source {
            document: &world.site.file(self.file).prose[self.prose].document,
            answers: &world.resolved.files[self.file.index()].prose[self.prose],
            cited: cited.map(Vec::as_slice).unwrap_or_default(),
        }
    }
}

impl<'a> BookText<'a> {
    /// The book `id` of the site.
    #[must_use]
    pub fn new(site: &'a Site, id: BookId, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let book = &site.books[id.index()];
        let section = site.section(book.section);
        let index = section.file.map(|file| (file, site.file(file)));
        let edition = index
            .map(|(_, parsed)| printable(edition(site, parsed, diagnostics), parsed, diagnostics))
            .unwrap_or_default();
        let preface = index.and_then(|(file, parsed)| opening(file, parsed));
        let mut chapters: Vec<ChapterText<'_>> = book
            .contents()
            .iter()
            .map(|chapter| chapter_text(site, book, chapter))
            .collect();
        if chapters.iter().all(|chapter| chapter.label.is_none()) {
            let words = Words::of(&section.language);
            let counted = chapters
                .iter_mut()
                .filter(|chapter| chapter.alone().is_none());
            for (number, chapter) in (1..).zip(counted) {
                chapter.label = Some(words.chapter(number));
            }
        }
        Self {
            site,
            id,
            section,
            edition,
            preface,
            chapters,
        }
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &'a str {
        &self.section.title
    }

    /// The book's lasting name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.site.books[self.id.index()].id
    }

    /// The questions with the place of their chapter, in order.
    pub fn questions(&self) -> impl Iterator<Item = (usize, &QuestionText<'a>)> {
        self.chapters
            .iter()
            .enumerate()
            .flat_map(|(index, chapter)| chapter.questions().map(move |question| (index, question)))
    }

    /// The content files its text is in, each once, sorted.
    #[must_use]
    pub fn files(&self) -> std::collections::BTreeSet<FileId> {
        let parts = self.chapters.iter().flat_map(|chapter| &chapter.parts);
        parts
            .filter_map(Part::file)
            .chain(self.preface.map(|preface| preface.file))
            .collect()
    }

    /// The last day anything in it was changed or reviewed, or whose law it states; the year of the edition, or
    /// [`UNDATED`], when nothing says. The day of
    /// the build is none of these: the same content gives the same book.
    #[must_use]
    pub fn modified(&self) -> Date {
        let own = self.section.file.map(|file| &*self.site.file(file).front);
        let fronts = self
            .questions()
            .map(|(_, question)| &*self.site.page(question.page).front)
            .chain(own);
        fronts
            .flat_map(|front| {
                let moments = [front.updated, front.date].into_iter().flatten();
                let days = moments.map(|moment| moment.date());
                days.chain(front.reviewed).chain(front.law_date)
            })
            .filter(|day| *day <= self.site.today)
            .max()
            .or_else(|| year_of(self.edition.edition.as_deref()?))
            .unwrap_or(UNDATED)
    }
}

impl<'a> ChapterText<'a> {
    /// The question that is all of it: a file of its own directly in the book, which is no chapter to be counted.
    #[must_use]
    pub fn alone(&self) -> Option<&QuestionText<'a>> {
        match (self.target, &*self.parts) {
            (Target::Page(page), [Part::Question(question)]) if question.page == page => {
                Some(question)
            }
            _ => None,
        }
    }

    /// Its questions.
    pub fn questions(&self) -> impl Iterator<Item = &QuestionText<'a>> {
        self.parts.iter().filter_map(|part| match part {
            Part::Question(question) => Some(question),
            Part::Passage(_) | Part::Title(_) => None,
        })
    }
}

/// The content files a book's text is in, each once, sorted.
#[must_use]
pub fn files_of(site: &Site, id: BookId) -> std::collections::BTreeSet<FileId> {
    BookText::new(site, id, &mut Vec::new()).files()
}

/// What a book's `_index.md` says about its edition.
#[must_use]
pub fn edition_of(site: &Site, id: BookId) -> Edition {
    let section = site.section(site.books[id.index()].section);
    let file = section.file.map(|file| site.file(file));
    file.map(|parsed| edition(site, parsed, &mut Vec::new()))
        .unwrap_or_default()
}

/// Who wrote a book: as its edition says, else whoever the site names.
#[must_use]
pub fn author<'s>(site: &'s Site, edition: &'s Edition) -> &'s str {
    let author = edition.author.as_ref().or(site.config.author.as_ref());
    author.unwrap_or(&site.config.title)
}

/// Who answers for a book on its cover: the publisher, else the author, else the site.
#[must_use]
pub fn by_line<'s>(site: &'s Site, edition: &'s Edition) -> &'s str {
    let own = edition.publisher.as_ref().or(edition.author.as_ref());
    let by = own.or(site.config.author.as_ref());
    by.unwrap_or(&site.config.title)
}

/// Who publishes a book: as its edition says, else the site.
#[must_use]
pub fn publisher<'s>(site: &'s Site, edition: &'s Edition) -> &'s str {
    edition.publisher.as_ref().unwrap_or(&site.config.title)
}

/// Who made a book and when, as an imprint says it: names and values, in the language of the book.
#[must_use]
pub fn imprint_facts(site: &Site, id: BookId, edition: &Edition) -> Vec<(&'static str, String)> {
    let book = &site.books[id.index()];
    let section = site.section(book.section);
    let words = Words::of(&section.language);
    let config = &site.config;
    let front = section.file.map(|file| &site.file(file).front);
    let title = match &edition.subtitle {
        Some(subtitle) => format!("{} {subtitle}", section.title),
        None => section.title.to_string(),
    };
    let own_day = front
        .and_then(|front| front.law_date)
        .map(|day| day.to_string());
    let hotline = (!config.hotline.is_empty()).then(|| config.hotline.clone());
    let publisher = edition.publisher.as_ref().unwrap_or(&config.title);
    let facts = [
        (words.title, Some(title)),
        (
            words.author,
            edition.author.clone().or_else(|| config.author.clone()),
        ),
        (words.publisher, Some(publisher.clone())),
        (words.edition, edition.edition.clone()),
        (words.reviewer, reviewers(site, book)),
        (words.reviewed, latest(site, book, |front| front.reviewed)),
        (
            words.law_date,
            latest(site, book, |front| front.law_date).or(own_day),
        ),
        (words.hotline, hotline),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .collect()
}

/// Who compared a book with the law, each once in the order of the book.
fn reviewers(site: &Site, book: &Book) -> Option<String> {
    let own = site.section(book.section).file;
    let own = own.map(|file| &site.file(file).front);
    let questions = book.listed().iter().map(|id| &site.page(*id).front);
    let mut names: Vec<&str> = Vec::new();
    for name in own
        .into_iter()
        .chain(questions)
        .filter_map(|front| front.reviewed_by.as_deref())
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let words = Words::of(&site.section(book.section).language);
    (!names.is_empty()).then(|| names.join(words.comma))
}

/// The last of a day a book's questions may have.
fn latest(site: &Site, book: &Book, day: impl Fn(&Front) -> Option<Date>) -> Option<String> {
    let fronts = book.listed().iter().map(|id| &site.page(*id).front);
    fronts
        .filter_map(|front| day(front))
        .max()
        .map(|day| day.to_string())
}

fn edition(site: &Site, parsed: &Parsed, diagnostics: &mut Vec<Diagnostic>) -> Edition {
    let mut fields = Fields::new(&parsed.special, &parsed.path, diagnostics);
    let writing = fields.spanned_string("writing");
    let cover = fields.spanned_string("cover");
    let read = Edition {
        subtitle: fields.string("subtitle"),
        author: fields.string("author").or_else(|| {
            let authors = &parsed.front.authors;
            (!authors.is_empty()).then(|| authors.join("、"))
        }),
        publisher: fields.string("publisher"),
        edition: fields.string("edition"),
        imprint: fields.string("imprint"),
        legal_notice: fields.string("legal_notice"),
        color: fields.string("cover_color"),
        cover: None,
        cover_url: None,
        vertical: writing.as_ref().is_some_and(|(word, _)| word == "vertical"),
    };
    if let Some((word, span)) = writing.filter(|(word, _)| !WRITINGS.contains(&word.as_str())) {
        let near = crate::base::nearest(&word, WRITINGS);
        fields.report(
            Diagnostic::at("unknown-value", &parsed.path, span)
                .with("key", "writing")
                .with("value", &word)
                .with("choices", WRITINGS.join(", "))
                .with_option("nearest", near),
        );
    }
    let cover = cover.and_then(|(path, span)| {
        let found = cover_asset(site, parsed, &path, span);
        if found.is_none() {
            fields.report(
                Diagnostic::at("book-cover-missing", &parsed.path, span).with("path", &path),
            );
        }
        found
    });
    let (cover_url, cover) = cover.unzip();
    Edition {
        color: read.color.filter(|color| is_color(color)),
        cover,
        cover_url,
        ..read
    }
}

/// The edition without a cover readers of e-books can't show.
fn printable(edition: Edition, parsed: &Parsed, diagnostics: &mut Vec<Diagnostic>) -> Edition {
    let shown = |url: &Url| media_type(url.path()).is_some();
    match &edition.cover_url {
        Some(url) if !shown(url) => {
            let span = parsed.special.get("cover").map(|node| node.span);
            diagnostics.push(
                Diagnostic::at(
                    "book-picture-format",
                    &parsed.path,
                    span.unwrap_or_default(),
                )
                .with("path", url.path()),
            );
            Edition {
                cover: None,
                cover_url: None,
                ..edition
            }
        }
        Some(_) | None => edition,
    }
}

const WRITINGS: [&str; 2] = ["horizontal", "vertical"];

pub(super) fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn cover_asset(site: &Site, parsed: &Parsed, path: &str, span: Span) -> Option<(Url, Arc<Asset>)> {
    let (target, _) = crate::resolve::link::resolve_address(site, parsed, path, span);
    match target {
        LinkTarget::Internal {
            target: Some(Target::Asset(index)),
            url,
        } => Some((url, site.assets[index as usize].2.clone())),
        LinkTarget::Internal { url, .. } => {
            let asset = site.statics.get(url.path().trim_start_matches('/'));
            asset.cloned().map(|asset| (url, asset))
        }
        LinkTarget::External(_) | LinkTarget::Broken => None,
    }
}

/// The text of a section's file, without a heading that repeats its title.
fn opening(file: FileId, parsed: &Parsed) -> Option<Passage<'_>> {
    let blocks = without_title(&parsed.document.blocks);
    (!blocks.is_empty()).then_some(Passage { file, blocks })
}

fn without_title(blocks: &[Block]) -> &[Block] {
    match blocks.first().map(|block| &block.kind) {
        Some(BlockKind::Heading(heading)) if heading.level == 1 => &blocks[1..],
        _ => blocks,
    }
}

fn chapter_text<'a>(site: &'a Site, book: &'a Book, chapter: &'a Chapter) -> ChapterText<'a> {
    let places = chapter.questions.clone();
    let questions = places.filter_map(|place| {
        let number = book.numbers.get(place).copied()?;
        question_text(site, book.questions[place], place, number)
    });
    let (description, parts) = match chapter.target {
        Target::Page(id) => {
            let page = site.page(id);
            let parts = match page.role {
                Role::Chapter(..) => file_parts(page.file, site.file(page.file), questions),
                Role::Question(..) => questions.map(Part::Question).collect(),
                // A page of the book without questions: all of it is text.
                Role::File => vec![Part::Passage(Passage {
                    file: page.file,
                    blocks: &site.file(page.file).document.blocks[page.blocks.clone()],
                })],
            };
            let description = page.front.description.as_deref();
            // That of a question is its short answer, which it says itself.
            let description = description.filter(|_| !matches!(page.role, Role::Question(..)));
            (description, parts)
        }
        Target::Section(id, _) => {
            let file = site.section(id).file;
            let front = file.map(|file| &site.file(file).front);
            let description = front.and_then(|front| front.description.as_deref());
            (description, folder_parts(site, file, questions.collect()))
        }
        Target::Taxonomy(_)
        | Target::Term(..)
        | Target::BookPrint(_)
        | Target::Asset(_)
        | Target::House(_)
        | Target::Alias(_)
        | Target::Fallback(_)
        | Target::Law(..)
        | Target::LawChapter(..)
        | Target::Comparison(..) => (None, Vec::new()),
    };
    let (label, title) = match own_number(&chapter.title) {
        Some((label, title)) => (Some(label.to_owned()), title),
        None => (None, &*chapter.title),
    };
    ChapterText {
        label,
        title,
        description,
        target: chapter.target,
        parts,
    }
}

/// A title that begins with a number, taken apart: 第三章 合同 → 第三章, 合同.
fn own_number(title: &str) -> Option<(&str, &str)> {
    let title = title.trim();
    let end = match title.strip_prefix('第') {
        Some(rest) => {
            let digit = |c: char| c.is_numeric() || "零〇一二三四五六七八九十百两 ".contains(c);
            let behind = rest.trim_start_matches(digit);
            let unit = behind.strip_prefix(['章', '编', '篇', '卷', '单', '部', '讲', '课'])?;
            let unit = unit.strip_prefix(['元', '分']).unwrap_or(unit);
            (behind.len() < rest.len()).then_some(title.len() - unit.len())?
        }
        None => {
            let word = ["Chapter ", "Part "].into_iter().find(|word| {
                let start = title.get(..word.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(word))
            })?;
            let behind = &title[word.len()..];
            let rest = behind.trim_start_matches(|c: char| c.is_ascii_digit());
            (rest.len() < behind.len()).then_some(title.len() - rest.len())?
        }
    };
    let (label, rest) = title.split_at(end);
    let between = |c: char| c.is_whitespace() || "：:、.．·—-".contains(c);
    let name = rest.trim_start_matches(between);
    (rest.is_empty() || name.len() < rest.len()).then_some((label, name))
}

/// The parts of a chapter that is one file: what stands before, between and behind its questions stays in its place.
fn file_parts<'a>(
    file: FileId,
    parsed: &'a Parsed,
    questions: impl Iterator<Item = QuestionText<'a>>,
) -> Vec<Part<'a>> {
    let blocks = &parsed.document.blocks;
    let mut done = blocks.len() - without_title(blocks).len();
    let mut parts = Vec::new();
    let passage = |range: std::ops::Range<usize>, parts: &mut Vec<Part<'a>>| {
        if !range.is_empty() {
            let blocks = &blocks[range];
            parts.push(Part::Passage(Passage { file, blocks }));
        }
    };
    for question in questions {
        let heading = blocks
            .iter()
            .position(|block| block.span == question.question.span)
            .unwrap_or(question.question.blocks.start);
        passage(done..heading.max(done), &mut parts);
        done = question.question.blocks.end;
        parts.push(Part::Question(question));
    }
    passage(done..blocks.len(), &mut parts);
    parts
}

/// The parts of a chapter that is a folder: its index, then its files in order.
fn folder_parts<'a>(
    site: &'a Site,
    index: Option<FileId>,
    questions: Vec<QuestionText<'a>>,
) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut questions = questions.into_iter().peekable();
    if let Some(file) = index {
        let own = std::iter::from_fn(|| questions.next_if(|next| next.body.file == file));
        parts.extend(file_parts(file, site.file(file), own));
    }
    while let Some(file) = questions.peek().map(|question| question.body.file) {
        let own = std::iter::from_fn(|| questions.next_if(|next| next.body.file == file));
        let own: Vec<_> = own.collect();
        let parsed = site.file(file);
        if own.iter().all(|question| question.question.span.is_empty()) {
            parts.extend(own.into_iter().map(Part::Question));
        } else {
            parts.extend(file_title(site, parsed).map(Part::Title));
            parts.extend(file_parts(file, parsed, own.into_iter()));
        }
    }
    parts
}

/// The title of a file's page.
fn file_title<'a>(site: &'a Site, parsed: &Parsed) -> Option<&'a str> {
    match site.routes.by_source.get(&parsed.path) {
        Some(Target::Page(id)) => Some(&*site.page(*id).title),
        _ => None,
    }
}

fn question_text(
    site: &Site,
    id: PageId,
    place: usize,
    number: ArticleNo,
) -> Option<QuestionText<'_>> {
    let page = site.page(id);
    let question = site.question(page)?;
    let document = &site.file(page.file).document;
    let skip = usize::from(question.short_block.is_some());
    let blocks = &document.blocks[question.blocks.clone()];
    Some(QuestionText {
        page: id,
        place,
        number,
        question,
        short: ShortAnswer::of(page.file, question),
        short_block: (skip == 1).then(|| Passage {
            file: page.file,
            blocks: &blocks[..1],
        }),
        body: Passage {
            file: page.file,
            blocks: &blocks[skip..],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_names_its_year() {
        assert_eq!(year_of("2026 年第二版"), Some(Date::constant(2026, 1, 1)));
        assert_eq!(year_of("第 2 版，印数 12345"), None);
    }

    #[test]
    fn a_number_in_a_title_is_told_from_its_name() {
        for (title, expected) in [
            ("第一章 总则", Some(("第一章", "总则"))),
            ("第 3 章：合同", Some(("第 3 章", "合同"))),
            ("第十二编\u{3000}婚姻", Some(("第十二编", "婚姻"))),
            ("第二部分 借钱", Some(("第二部分", "借钱"))),
            ("第一章", Some(("第一章", ""))),
            ("Chapter 4: Loans", Some(("Chapter 4", "Loans"))),
            ("第一章程修改", None),
            ("第三者", None),
            ("第章 怪", None),
            ("Chapters", None),
            ("总则", None),
        ] {
            assert_eq!(own_number(title), expected, "{title}");
        }
    }
}
