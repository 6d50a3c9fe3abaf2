//! The citations of a book's texts, as exports need them: where they stand, what they name, and the article's words.
//!
//! What the forms draw from is a plain table, so that they know nothing of how a citation was resolved.

use std::collections::BTreeMap;

use crate::base::{ArticleNo, Url};
use crate::model::law::Library;
use crate::model::{Book, FileId, Site};
use crate::parse::question::Question;

use super::citation::Status;
use super::{PageCitation, Resolved, ResolvedFile};

/// A citation in the flat text of a document: a file's, or a piece's of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// First byte in the flat text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Where it is written, from its file's first byte.
    pub source: u32,
    /// The law's full title.
    pub law: String,
    /// The name people know it by.
    pub short: String,
    /// The article; `None` for the law as a whole.
    pub article: Option<ArticleNo>,
    /// The article's paragraphs; empty when the library has no text of it.
    pub text: Vec<String>,
    /// Whether `text` gives the gist, not the words.
    pub gist: bool,
    /// Where the site shows it.
    pub url: Option<Url>,
}

/// The citations of content files.
pub type CitationTable = BTreeMap<FileId, FileCitations>;

/// The citations of a content file, each list sorted by place.
#[derive(Clone, Debug, Default)]
pub struct FileCitations {
    /// Those of its text.
    pub text: Vec<Cited>,
    /// Those of each piece of its [prose](crate::parse::page::Parsed::prose).
    pub prose: Vec<Vec<Cited>>,
    /// Those of its widgets, and of links whose author says what they cite.
    pub elsewhere: Vec<Cited>,
}

impl FileCitations {
    fn all(&self) -> impl Iterator<Item = &Cited> {
        let prose = self.prose.iter().flatten();
        prose.chain(&self.text).chain(&self.elsewhere)
    }
}

/// The citations of some content files that lead into the site's law library.
#[must_use]
pub fn of_files(
    site: &Site,
    resolved: &Resolved,
    files: impl IntoIterator<Item = FileId>,
) -> CitationTable {
    files
        .into_iter()
        .map(|file| (file, of_file(&resolved.files[file.index()], &site.library)))
        .collect()
}

fn of_file(answers: &ResolvedFile, library: &Library) -> FileCitations {
    let read = |found: &PageCitation| cited(found, library);
    let marked = |found: &&PageCitation| found.link.is_none();
    let in_text = answers.in_text();
    let links = in_text.iter().filter(|found| found.link.is_some());
    let widgets = answers.widgets.iter().flat_map(|own| &own.citations);
    let prose = answers.prose.iter().map(|own| &own.citations);
    FileCitations {
        text: in_text.iter().filter(marked).filter_map(read).collect(),
        prose: prose
            .map(|found| found.iter().filter(marked).filter_map(read).collect())
            .collect(),
        elsewhere: links.chain(widgets).filter_map(read).collect(),
    }
}

fn cited(found: &PageCitation, library: &Library) -> Option<Cited> {
    let citation = &found.citation;
    let followed = match citation.status {
        Status::Ok | Status::Superseded | Status::Repealed | Status::NotYetInForce => true,
        Status::UnknownArticle | Status::UnknownLaw => false,
    };
    let law = library.law(citation.law.filter(|_| followed)?);
    let statute = citation
        .version
        .and_then(|version| law.versions.get(version))
        .map(|version| &version.statute);
    let text = statute
        .zip(citation.article)
        .and_then(|(statute, article)| statute.article(article))
        .map(|article| article.text().lines().map(str::to_owned).collect());
    Some(Cited {
        start: u32::try_from(citation.start).ok()?,
        end: u32::try_from(citation.end).ok()?,
        source: found.source,
        law: law.title.clone(),
        short: law.short().to_owned(),
        article: citation.article,
        text: text.unwrap_or_default(),
        gist: statute.is_some_and(|statute| statute.gist),
        url: citation.url(library),
    })
}

/// The citations inside a question: those of its file that stand in it, in the order they are written.
#[must_use]
pub fn in_question<'c>(
    site: &Site,
    file: FileId,
    question: &Question,
    citations: &'c CitationTable,
) -> Vec<&'c Cited> {
    let extent = question.extent(&site.file(file).document);
    let own = citations.get(&file).into_iter();
    let mut cited: Vec<&Cited> = own
        .flat_map(FileCitations::all)
        .filter(|cited| extent.contains(&cited.source))
        .collect();
    cited.sort_by_key(|cited| cited.source);
    cited
}

/// The citations of content files that stand in none of their questions.
fn outside_questions<'c>(
    site: &Site,
    citations: &'c CitationTable,
) -> impl Iterator<Item = (FileId, &'c Cited)> {
    citations.iter().flat_map(|(file, found)| {
        let parsed = site.file(*file);
        let extents: Vec<_> = parsed
            .questions
            .iter()
            .map(|question| question.extent(&parsed.document))
            .collect();
        let outside =
            move |cited: &&Cited| !extents.iter().any(|extent| extent.contains(&cited.source));
        found.all().filter(outside).map(|cited| (*file, cited))
    })
}

/// The articles a book cites, by law and number, each with the questions it is cited in.
#[derive(Clone, Debug, Default)]
pub struct CitedArticles {
    /// Laws by title, in the order of their names' pinyin.
    pub laws: BTreeMap<(String, String), BTreeMap<Option<ArticleNo>, CitedArticle>>,
    /// Where each law stands in them, from 1, and its key.
    places: BTreeMap<String, (usize, (String, String))>,
    /// The anchor of each in the appendix, by its address on the site.
    anchors: BTreeMap<Url, String>,
}

/// An article and where it is cited.
#[derive(Clone, Debug)]
pub struct CitedArticle {
    /// The first citation met.
    pub cited: Cited,
    /// Places of the questions in the book, from 0, ascending.
    pub questions: Vec<usize>,
    /// Files whose text outside of questions cites it: the preface, introductions of chapters.
    pub texts: Vec<FileId>,
}

impl CitedArticles {
    /// The articles the questions of a book cite, and the text around them, with where they are cited. `citations` are those of
    /// the files whose text is in the book.
    #[must_use]
    pub fn of_book(site: &Site, book: &Book, citations: &CitationTable) -> Self {
        let mut found: BTreeMap<&str, BTreeMap<Option<ArticleNo>, CitedArticle>> = BTreeMap::new();
        let mut all = Vec::new();
        for (place, id) in book.listed().iter().enumerate() {
            let page = site.page(*id);
            let Some(question) = site.question(page) else {
                continue;
            };
            for cited in in_question(site, page.file, question, citations) {
                all.push(cited);
                let law = found.entry(&cited.law).or_default();
                law.entry(cited.article)
                    .or_insert_with(|| CitedArticle::new(cited))
                    .add(place);
            }
        }
        for (file, cited) in outside_questions(site, citations) {
            all.push(cited);
            let law = found.entry(&cited.law).or_default();
            law.entry(cited.article)
                .or_insert_with(|| CitedArticle::new(cited))
                .add_text(file);
        }
        let laws: BTreeMap<_, _> = found
            .into_iter()
            .map(|(title, articles)| {
                let short = articles.values().next().map(|entry| &entry.cited.short);
                let sound = crate::model::pinyin_key(short.map_or(title, |short| short));
                ((sound, title.to_owned()), articles)
            })
            .collect();
        let keys = (1..).zip(laws.keys());
        let places = keys.map(|(number, key)| (key.1.clone(), (number, key.clone())));
        let articles = Self {
            places: places.collect(),
            laws,
            anchors: BTreeMap::new(),
        };
        // One article has several addresses: those of its paragraphs and items.
        let anchors = all
            .into_iter()
            .filter_map(|cited| Some((cited.url.clone()?, articles.anchor(cited)?)))
            .collect();
        Self {
            anchors,
            ..articles
        }
    }

    /// Whether nothing is cited.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.laws.is_empty()
    }

    /// The anchor of an article in the appendix: `law-2-art-120-1`.
    #[must_use]
    pub fn anchor(&self, cited: &Cited) -> Option<String> {
        let (law, key) = self.places.get(&cited.law)?;
        self.laws.get(key)?.get(&cited.article)?;
        Some(match cited.article {
            Some(article) => format!("law-{law}-{}", article.anchor()),
            None => format!("law-{law}"),
        })
    }
}

impl CitedArticles {
    /// The anchor in the appendix of what the site shows at an address.
    #[must_use]
    pub fn anchor_at(&self, url: &Url) -> Option<&str> {
        self.anchors.get(url).map(String::as_str)
    }
}

impl CitedArticle {
    fn new(cited: &Cited) -> Self {
        Self {
            cited: cited.clone(),
            questions: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// Notes that the text of `file` around the questions cites it.
    fn add_text(&mut self, file: FileId) {
        if self.texts.last() != Some(&file) {
            self.texts.push(file);
        }
    }

    /// Notes that question `place` cites it.
    fn add(&mut self, place: usize) {
        if self.questions.last() != Some(&place) {
            self.questions.push(place);
        }
    }
}
