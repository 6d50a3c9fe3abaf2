//! The search index: what a reader can find, as small files a browser or the terminal reads.
//!
//! [`build`] turns [`SearchDocument`]s, which the pipeline takes from the resolved model and never from HTML, into the files of
//! the folder `search/`; [`query::Engine`] answers from those files. The browser's script
//! (`themes/default/js/search.js`) is the same engine in another language: both count in whole numbers, so both give the
//! same results in the same order.
//!
//! # The files
//!
//! Every file is one call, `pufaSearch("name",value)` with a JSON value: a classic script for a site opened from a disk,
//! and text to be cut out and read where `fetch` works.
//!
//! | file | holds |
//! | --- | --- |
//! | `search/manifest.js` | version, build hash, the name of the core; the only name that never changes |
//! | `search/core-HASH.js` | alphabet, document table, directory of the shards, priors, synonyms |
//! | `search/h-HASH/N.js` | heads: for a range of terms the best postings of each |
//! | `search/l-HASH/N.js` | tails: the other postings, read only where a short string must be found completely |
//! | `search/t-HASH/N.js` | texts: address, title, way and text of a few documents, for the results shown |
//! | `search/a-HASH/N.js` | laws: titles and article numbers |
//! | `search/p-HASH/….js` | pinyin of characters, pairs and phrases; words in letters |
//! | `search/v-HASH.js` | traditional characters and their simplified forms |

pub mod acceptance;
mod bits;
mod encode;
mod expand;
mod field;
mod files;
pub mod gaps;
mod pinyin;
mod postings;
pub mod query;
pub mod site;
pub mod token;

use crate::base::{ArticleNo, OutPath, Url};

/// What a result is. The order is the order of the document table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SearchKind {
    /// An article of a statute.
    Law,
    /// A question of a Q&A book.
    Question,
    /// A case.
    Case,
    /// A segment of an episode.
    Episode,
    /// An article (a text, not an article of law) or a section of one.
    Article,
    /// Anything else: directory, events, plain pages.
    Page,
}

impl SearchKind {
    /// All kinds, in order.
    pub const ALL: [Self; 6] = [
        Self::Law,
        Self::Question,
        Self::Case,
        Self::Episode,
        Self::Article,
        Self::Page,
    ];

    /// The name in addresses, on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Question => "question",
            Self::Case => "case",
            Self::Episode => "episode",
            Self::Article => "article",
            Self::Page => "page",
        }
    }

    /// The kind of that name; `qa` is another name for questions.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = if name == "qa" { "question" } else { name };
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The law an article belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchLaw {
    /// The full title: 中华人民共和国民法典.
    pub title: String,
    /// Other names it is called by: 民法典.
    pub short_titles: Vec<String>,
    /// The article's number.
    pub article: Option<ArticleNo>,
    /// Whether this is the law itself, with what stands around its articles: found by its name and its words, and never among
    /// what answers a question, where the articles are.
    pub front: bool,
}

/// What stands between the page's title and a part's heading.
const PART: &str = " › ";

/// One thing that can be found: an article of law, a question, a segment of an episode, a section of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchDocument {
    /// The address, with the anchor: `/laws/minfadian/#art-1079`.
    pub url: Url,
    /// What it is.
    pub kind: SearchKind,
    /// The title a result shows: 民法典 第一千零七十九条.
    pub title: String,
    /// The heading of the part of the page it is, behind the page's `title`: 要点 of 第一讲 工资被拖欠怎么办 › 要点.
    pub part: Option<String>,
    /// Where it stands, as a result shows it: 民法典 › 婚姻家庭 › 离婚.
    pub breadcrumb: String,
    /// Headings above it: part, chapter, section.
    pub heads: Vec<String>,
    /// The law, for an article of law.
    pub law: Option<SearchLaw>,
    /// Its text, paragraphs as lines.
    pub text: String,
    /// Other ways of asking it, and its key words.
    pub also_asked: Vec<String>,
    /// Addresses of what it cites: articles of law (`/laws/minfadian/#art-1079`) and laws (`/laws/minfadian/`).
    ///
    /// The index makes three things of it: an article is found by the words of the questions that cite it, what is cited often
    /// stands higher, and the table of everyday words and words of the law is learnt from it. What statutes cite of each
    /// other does not count.
    pub cites: Vec<Url>,
    /// Names of its topics.
    pub topics: Vec<String>,
    /// Names of its audiences.
    pub audiences: Vec<String>,
}

impl SearchDocument {
    /// The same as a part of its page, with a heading of its own.
    #[must_use]
    pub fn of_part(self, url: Url, heading: impl Into<String>) -> Self {
        Self {
            url,
            part: Some(heading.into()),
            ..self
        }
    }

    /// The title as a result shows it.
    #[must_use]
    pub fn shown_title(&self) -> String {
        match &self.part {
            Some(part) => format!("{}{PART}{part}", self.title),
            None => self.title.clone(),
        }
    }

    /// A document with an address, a kind, a title and a text, and nothing else.
    #[must_use]
    pub fn new(
        url: Url,
        kind: SearchKind,
        title: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            url,
            kind,
            title: title.into(),
            text: text.into(),
            part: None,
            breadcrumb: String::new(),
            heads: Vec::new(),
            law: None,
            also_asked: Vec::new(),
            cites: Vec::new(),
            topics: Vec::new(),
            audiences: Vec::new(),
        }
    }
}

/// Everyday words and the words of the law they stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// What a reader types: 老赖.
    pub from: Vec<String>,
    /// What is searched besides: 失信被执行人.
    pub to: Vec<String>,
}

/// How the index is built. [`Default`] is what was measured to be good.
#[derive(Clone, Debug, Default)]
pub struct IndexOptions {
    /// The site's own words (`data/synonyms.toml`).
    pub synonyms: Vec<Synonym>,
    /// Factor by kind; kinds that are not named keep theirs.
    pub boosts: Vec<(SearchKind, f64)>,
    /// The weights of the ranking.
    pub weights: Weights,
}

/// The numbers the ranking is made of. They were found by five-fold cross-validation over lay questions with the
/// articles a legal team named (`cargo bench --bench search`).
#[derive(Clone, Debug)]
pub struct Weights {
    /// Saturation of term frequency (k1 of BM25).
    pub saturation: f64,
    /// Weight of name, headings, text, anchor.
    pub fields: [f64; 4],
    /// How much a field's length counts against it (b of BM25), in the same order.
    pub lengths: [f64; 4],
    /// Weight of a single character against a pair.
    pub single: f64,
    /// A term's weight is divided by 1 + this × the share of the site's questions it occurs in.
    pub question_words: f64,
    /// Factor of a pair with a particle in it (资怎 of 工资怎么办), which mostly spans two words.
    pub seam: f64,
    /// Part of the best score that ln(1 + citations of the law) adds.
    pub law_prior: f64,
    /// Part of the best score that ln(1 + citations of the document) adds.
    pub prior: f64,
    /// How points pass on: the part an article of law gives to its neighbours, the part the best article a document cites gives to
    /// that document, the part every article it cites gives, and what a document keeps whose articles better results cite too.
    pub mix: [f64; 4],
    /// Weight of a term from the learnt table.
    pub expansion: f64,
    /// How many terms of the learnt table a query takes.
    pub expansions: u32,
    /// Weight of a term from the site's synonyms.
    pub synonym: f64,
    /// The most postings of a pair's head.
    pub pair_head: usize,
    /// The most postings of a character's head.
    pub single_head: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            saturation: 1.2,
            fields: [1.2, 1.0, 1.0, 1.0],
            lengths: [0.3, 0.3, 0.6, 0.25],
            single: 0.65,
            question_words: 30.0,
            seam: 0.5,
            law_prior: 0.04,
            prior: 0.05,
            mix: [0.07, 1.0, 0.25, 0.625],
            expansion: 0.08,
            expansions: 8,
            synonym: 0.6,
            pair_head: 2000,
            single_head: 1000,
        }
    }
}

/// The files of the index, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexFiles {
    /// Path and bytes.
    pub files: Vec<(OutPath, Vec<u8>)>,
    /// The build hash, as the manifest has it: it changes when anything in the index does.
    pub build: String,
}

impl IndexFiles {
    /// The bytes of the file at a path of the output folder.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        let at = self
            .files
            .binary_search_by(|(name, _)| name.as_str().cmp(path))
            .ok()?;
        Some(&self.files[at].1)
    }
}

/// Builds the index of `documents`. The same documents and options give the same bytes, on one thread or many.
///
/// Articles of one law should follow each other in their order; apart from that the order of the documents only
/// decides between equal scores.
///
/// ```
/// use pufa::base::Url;
/// use pufa::index::{IndexOptions, SearchDocument, SearchKind, build, query::{Engine, Request}};
///
/// let page = SearchDocument::new(Url::new("/qa/wages/"), SearchKind::Question, "老板不给工资怎么办？", "可以向劳动监察投诉。");
/// let index = build(&[page], &IndexOptions::default());
/// let read = |path: &str| index.files.iter().find(|(name, _)| name.as_str() == path).map(|(_, bytes)| bytes.clone());
/// let engine = Engine::open(&read).expect("the index is whole");
/// let answer = engine.search("拖欠工资", &Request::default());
/// assert_eq!(answer.results[0].url, "/qa/wages/");
/// ```
#[must_use]
pub fn build(documents: &[SearchDocument], options: &IndexOptions) -> IndexFiles {
    let entries = field::entries(documents);
    let alphabet = field::Alphabet::of(&entries);
    let collected = postings::collect(&entries, &alphabet, &options.weights);
    let learnt = expand::learn(&entries, &alphabet, &options.weights);
    encode::files(&entries, &alphabet, collected, &learnt, options)
}
