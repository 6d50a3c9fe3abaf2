//! The citations of a book's texts, as exports need them: where they stand, what they name, and the article's words.
//!
//! What the forms draw from is a plain table, so that they know nothing of how a citation was resolved.

use std::collections::BTreeMap;

use crate::base::{ArticleNo, Url};
use crate::model::FileId;
use crate::model::law::Library;
use crate::render::World;
use crate::resolve::citation::{Citation, Status};

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

/// The citations of some content files of a world that lead into its law library.
#[must_use]
pub fn of_world(world: &World, files: impl IntoIterator<Item = FileId>) -> CitationTable {
    files
        .into_iter()
        .map(|file| {
            let citations = world.resolved.files[file.index()].citations.iter();
            let cited = citations
                .filter(|found| found.link.is_none())
                .filter_map(|found| cited(&found.citation, &world.site.library))
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

/// The articles a book cites, by law and number, each with the questions it is cited in.
#[derive(Clone, Debug, Default)]
pub struct CitedArticles {
    /// Laws by title, in the order of their names' pinyin.
    pub laws: BTreeMap<(String, String), BTreeMap<Option<ArticleNo>, CitedArticle>>,
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
    /// Notes that question `place` cites an article.
    pub fn add(&mut self, cited: &Cited, place: usize) {
        let key = (crate::model::pinyin_key(&cited.short), cited.law.clone());
        let entry = self
            .laws
            .entry(key)
            .or_default()
            .entry(cited.article)
            .or_insert_with(|| CitedArticle {
                cited: cited.clone(),
                questions: Vec::new(),
            });
        if entry.questions.last() != Some(&place) {
            entry.questions.push(place);
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
        let key = (crate::model::pinyin_key(&cited.short), cited.law.clone());
        let law = self.laws.keys().position(|other| *other == key)? + 1;
        self.laws[&key].get(&cited.article)?;
        Some(match cited.article {
            Some(article) => format!("law-{law}-{}", article.anchor()),
            None => format!("law-{law}"),
        })
    }
}
