//! The citations of a book's texts, as exports need them: where they stand, what they name, and the article's words.
//!
//! What the forms draw from is a plain table, so that they know nothing of how a citation was resolved.

use std::collections::BTreeMap;

use crate::base::{ArticleNo, Url};
use crate::doc::{Block, InlineKind, inlines_of, walk_blocks, walk_inlines};
use crate::model::law::Library;
use crate::model::{Book, FileId, Site};
use crate::parse::question::Question;

use super::Resolved;
use super::citation::{Citation, Status};

/// A citation in a document's flat text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// First byte in the flat text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
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

/// The citations of content files, each list sorted by place.
pub type CitationTable = BTreeMap<FileId, Vec<Cited>>;

/// The citations of some content files that lead into the site's law library.
#[must_use]
pub fn of_files(
    site: &Site,
    resolved: &Resolved,
    files: impl IntoIterator<Item = FileId>,
) -> CitationTable {
    files
        .into_iter()
        .map(|file| {
            let citations = resolved.files[file.index()].in_text().iter();
            let cited = citations
                .filter(|found| found.link.is_none())
                .filter_map(|found| cited(&found.citation, &site.library))
                .collect();
            (file, cited)
        })
        .collect()
}

fn cited(citation: &Citation, library: &Library) -> Option<Cited> {
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
        law: law.title.clone(),
        short: law.short().to_owned(),
        article: citation.article,
        text: text.unwrap_or_default(),
        gist: statute.is_some_and(|statute| statute.gist),
        url: citation.url(library),
    })
}

/// The citations inside a question: those of its file that stand in its blocks.
#[must_use]
pub fn in_question<'c>(
    site: &Site,
    file: FileId,
    question: &Question,
    citations: &'c CitationTable,
) -> Vec<&'c Cited> {
    let all = citations.get(&file).map(Vec::as_slice).unwrap_or_default();
    let blocks = &site.file(file).document.blocks[question.blocks.clone()];
    let Some((first, last)) = extent(blocks) else {
        return Vec::new();
    };
    all.iter()
        .filter(|cited| cited.start >= first && cited.end <= last)
        .collect()
}

/// Where the text of blocks stands in the flat text.
fn extent(blocks: &[Block]) -> Option<(u32, u32)> {
    let mut range: Option<(u32, u32)> = None;
    walk_blocks(blocks, &mut |block| {
        for inlines in inlines_of(block) {
            walk_inlines(inlines, &mut |inline| {
                if let InlineKind::Text { text, at } = &inline.kind {
                    let end = at + u32::try_from(text.len()).unwrap_or(u32::MAX);
                    range = Some(match range {
                        Some((first, last)) => (first.min(*at), last.max(end)),
                        None => (*at, end),
                    });
                }
            });
        }
    });
    range
}

/// The articles a book cites, by law and number, each with the questions it is cited in.
#[derive(Clone, Debug, Default)]
pub struct CitedArticles {
    /// Laws by title, in the order of their names' pinyin.
    pub laws: BTreeMap<(String, String), BTreeMap<Option<ArticleNo>, CitedArticle>>,
    /// Where each law stands in them, from 1, and its key.
    places: BTreeMap<String, (usize, (String, String))>,
}

/// An article and where it is cited.
#[derive(Clone, Debug)]
pub struct CitedArticle {
    /// The first citation met.
    pub cited: Cited,
    /// Places of the questions in the book, from 0, ascending.
    pub questions: Vec<usize>,
}

impl CitedArticles {
    /// The articles the questions of a book cite, with the questions that cite them.
    #[must_use]
    pub fn of_book(site: &Site, book: &Book, citations: &CitationTable) -> Self {
        let mut found: BTreeMap<&str, BTreeMap<Option<ArticleNo>, CitedArticle>> = BTreeMap::new();
        for (place, id) in book.questions.iter().enumerate() {
            let page = site.page(*id);
            let Some(question) = site.question(page) else {
                continue;
            };
            for cited in in_question(site, page.file, question, citations) {
                let law = found.entry(&cited.law).or_default();
                law.entry(cited.article)
                    .or_insert_with(|| CitedArticle::new(cited))
                    .add(place);
            }
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
        Self {
            places: places.collect(),
            laws,
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

impl CitedArticle {
    fn new(cited: &Cited) -> Self {
        Self {
            cited: cited.clone(),
            questions: Vec::new(),
        }
    }

    /// Notes that question `place` cites it.
    fn add(&mut self, place: usize) {
        if self.questions.last() != Some(&place) {
            self.questions.push(place);
        }
    }
}
