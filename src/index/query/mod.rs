//! Questions to the index: the same engine as the browser's, for the terminal, for `check` and for measurements.
//!
//! All counting is in whole numbers. How a query is answered:
//!
//! 1. It is folded and cut into runs ([`super::token`]). Letters become Chinese by `pinyin`, characters the site does not know by the
//!    table of traditional forms. Where letters may be a word of the site as well as pinyin, one is searched, and what holds the
//!    other follows.
//! 2. A law's name with a number (民法典1079) puts that article first (`article`).
//! 3. Every character and pair is a term. A term weighs its rarity, less if the site's questions use it as a question word.
//!    Synonyms and the learnt table add terms.
//! 4. Rows get points from the heads of all terms, and the prior of what cites them. The first that cite articles are chosen so
//!    that together they cite the likely ones.
//! 5. A query of words of two to six characters is also looked up completely, with the tails: rows that hold the words stand
//!    above all others. For words of three characters and more the texts of the rows shown settle it.
//! 6. A word that is nowhere is compared with the texts of the best rows, one character free (`correct`).

mod article;
mod correct;
mod explain;
mod facets;
mod order;
mod pinyin;
mod points;
mod read;
mod rows;
mod snippet;

use std::collections::{BTreeMap, BTreeSet};

pub use explain::{Reason, Why};
pub use facets::Facets;
pub use read::{Reader, Record, Unreadable};
pub use snippet::{Piece, snippet};

use self::article::Laws;
use self::facets::Filter;
use self::order::Holds;
use self::pinyin::Reading;
use self::points::{Scores, WeighedTerm, level};
use self::read::Store;
use self::rows::Rows;
use super::SearchKind;
use super::token::{fold, runs};
use crate::base::ArticleNo;

/// How many results a question gets at most. A lookup of words gets all there are.
const MOST: usize = 400;
/// With fewer complete matches than this, near ones follow.
const FEW: usize = 20;
/// Words that are looked up completely, in characters,
const WORD: std::ops::RangeInclusive<usize> = 2..=6;
/// and those of letters and figures.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=20;
/// So many characters of a query are read; a sentence of a story tells enough.
const LONGEST: usize = 500;
const WORDS: usize = 3;
/// A character in so few documents may be a traditional form that someone quoted.
const RARE: u32 = 8;

/// What is wanted of a search.
#[derive(Clone, Debug)]
pub struct Request {
    /// How many results.
    pub limit: usize,
    /// Only this kind.
    pub kind: Option<SearchKind>,
    /// Only this topic, by name.
    pub topic: Option<String>,
    /// Only this audience, by name.
    pub audience: Option<String>,
    /// Only this law, by its short name.
    pub law: Option<String>,
    /// Whether to say what each result's points are made of.
    pub explain: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            limit: 20,
            kind: None,
            topic: None,
            audience: None,
            law: None,
            explain: false,
        }
    }
}

/// A result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Address, from the site's root, with the anchor.
    pub url: String,
    /// What it is.
    pub kind: SearchKind,
    /// Title.
    pub title: String,
    /// Where it stands.
    pub breadcrumb: String,
    /// For an article of law, the law's short name.
    pub law: Option<String>,
    /// For an article of law, its number.
    pub article: Option<ArticleNo>,
    /// Points.
    pub score: u64,
    /// The whole text.
    pub text: String,
    /// With `explain`: what the points are made of, terms first, the strongest first.
    pub because: Vec<Reason>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The results, best first.
    pub results: Vec<Found>,
    /// How many there are in all.
    pub total: usize,
    /// Whether the words were looked up completely, so that `total` counts what holds them.
    pub complete: bool,
    /// The words searched, if they are not the ones typed: from pinyin, traditional forms, or mended.
    pub read_as: Option<String>,
    /// Whether `read_as` is a mended slip.
    pub mended: bool,
    /// The runs that were searched, for marking.
    pub runs: Vec<String>,
    /// Counts by kind, topic, audience and law.
    pub facets: Facets,
}

/// An index that answers.
pub struct Engine<'r> {
    store: Store<'r>,
    rows: Rows,
}

impl<'r> Engine<'r> {
    /// Opens the index that `reader` gets the files of. The path is the one in the output folder: `search/manifest.js`.
    ///
    /// # Errors
    /// When there is no index, it is damaged, or of another version of the program.
    pub fn open(reader: Reader<'r>) -> Result<Self, Unreadable> {
        let store = Store::open(reader)?;
        let rows = Rows::of(&store);
        Ok(Self { store, rows })
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.kinds.len() - self.rows.parts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the topics of what can be found.
    #[must_use]
    pub fn topics(&self) -> &[String] {
        &self.store.core.topics
    }

    /// The names of the audiences of what can be found.
    #[must_use]
    pub fn audiences(&self) -> &[String] {
        &self.store.core.audiences
    }

    /// How many documents hold a run of characters; pairs of it that are nowhere make it 0.
    #[must_use]
    pub fn knows(&self, run: &str) -> bool {
        let folded = fold(run);
        let keys = self.keys(&folded);
        !keys.is_empty()
            && keys
                .into_iter()
                .all(|key| key.is_some_and(|key| self.store.head(key).is_some()))
    }

    /// Answers a query.
    #[must_use]
    pub fn search(&self, query: &str, request: &Request) -> Answer {
        let end = query.char_indices().nth(LONGEST);
        let query = end.map_or(query, |(end, _)| &query[..end]);
        let (typed, plain) = runs(query);
        let mut read = self.interpret(query, &typed);
        let names = LazyNames::default();
        let pins = self.pins(query, &read.runs, &names);
        let mut ranked = self.rank(&read, plain, &pins, request, &names);
        if let Some(other) = read.other.take_if(|_| ranked.only_other) {
            read.runs = other;
            ranked = self.rank(&read, plain, &pins, request, &names);
        }
        let mended = self.mend(&read, plain, &pins, &ranked, request, &names);
        let is_mended = mended.is_some();
        if let Some((mended, again)) = mended {
            read.runs = mended;
            ranked = again;
        }
        let changed = is_mended || read.runs != typed;
        self.answer(ranked, &read, changed, is_mended, request, &names)
    }

    /// A run with its characters made simple, but for those the site has beside the same neighbour: 著 in 显著 is no 着.
    fn simplify(&self, run: &str, simple: &dyn Fn(char) -> char) -> String {
        let all: Vec<char> = run.chars().collect();
        let known = |first: char, second: char| {
            let (high, low) = (self.store.rank(first), self.store.rank(second));
            high != 0 && low != 0 && self.store.head(high << 16 | low).is_some()
        };
        let is_held = |at: usize| {
            let before = at.checked_sub(1).map(|before| all[before]);
            let behind = all.get(at + 1).copied();
            before.is_some_and(|c| known(c, all[at]) || known(simple(c), all[at]))
                || behind.is_some_and(|c| known(all[at], c) || known(all[at], simple(c)))
        };
        let written = all.iter().enumerate();
        written
            .map(|(at, c)| if is_held(at) { *c } else { simple(*c) })
            .collect()
    }

    /// Typed letters as Chinese, and traditional characters as simplified ones where the site does not know them.
    fn interpret(&self, query: &str, typed: &[String]) -> Reading {
        let capitals = pinyin::is_capitals(query);
        // ldf44: the letters are read alone, and all stays as typed where they mean nothing.
        let apart: Vec<String> = typed.iter().flat_map(|run| letters_apart(run)).collect();
        let mut read = pinyin::to_chinese(&self.store, typed, capitals)
            .or_else(|| {
                let split = apart.len() > typed.len();
                let read = split.then(|| pinyin::to_chinese(&self.store, &apart, capitals))?;
                read.filter(|read| read.runs != apart)
            })
            .unwrap_or_else(|| Reading {
                runs: typed.to_vec(),
                other: None,
            });
        let strange = |c: char| {
            let rank = self.store.rank(c);
            !c.is_ascii()
                && (rank == 0
                    || self
                        .store
                        .head(rank << 16)
                        .is_none_or(|head| head.frequency <= RARE))
        };
        if read.runs.iter().any(|run| run.chars().any(strange)) {
            let pairs: String = self
                .store
                .single(&self.store.core.variants)
                .unwrap_or_default();
            let pairs: Vec<char> = pairs.chars().collect();
            let simple = |c: char| {
                pairs
                    .chunks_exact(2)
                    .find(|pair| pair[0] == c && strange(c))
                    .map_or(c, |pair| pair[1])
            };
            for run in &mut read.runs {
                *run = self.simplify(run, &simple);
            }
        }
        read
    }

    /// What the query names: an article, or a law.
    fn pins(&self, query: &str, runs: &[String], names: &LazyNames) -> Vec<u32> {
        let prior = |law: usize| self.rows.law_prior(&self.store, law);
        let references = article::references(query, runs);
        if !references.is_empty() {
            let laws = names.get(&self.store);
            return article::rows(&references, laws, &self.rows.law_starts, prior);
        }
        let Some(name) = article::law_name(runs) else {
            return Vec::new();
        };
        let law = article::law_of_name(&name, names.get(&self.store), prior);
        let row = law.and_then(|law| self.rows.law_starts.get(law).copied());
        row.filter(|row| self.rows.fronts.contains(row))
            .into_iter()
            .collect()
    }

    fn keys(&self, run: &str) -> Vec<Option<u32>> {
        super::token::terms(run)
            .map(|(first, second)| {
                let (high, low) = (
                    self.store.rank(first),
                    second.map(|second| self.store.rank(second)),
                );
                (high != 0 && low != Some(0)).then(|| high << 16 | low.unwrap_or(0))
            })
            .collect()
    }

    fn rank(
        &self,
        read: &Reading,
        plain: bool,
        pins: &[u32],
        request: &Request,
        names: &LazyNames,
    ) -> Ranked {
        let runs = &read.runs;
        let complete = is_lookup(runs, plain);
        let terms = self.weigh(runs, complete);
        let mut own = self.count(&terms);
        let mut held = if complete {
            self.lookup(runs, &terms, &mut own)
        } else {
            BTreeMap::new()
        };
        held.retain(|row, _| !pins.contains(row));
        let mut scores = self.scores(own);
        let other = self.other(read, plain);
        let also = other.held.iter();
        let also = also.filter(|row| !held.contains_key(row) && !pins.contains(row));
        let also: Vec<u32> = also.copied().collect();
        for row in &also {
            scores.points[*row as usize] += other.points[*row as usize];
        }
        let only_other = complete && pins.is_empty() && held.is_empty() && !also.is_empty();
        self.one_a_page(&mut held, &scores);
        let filter = Filter::of(self, request, names);
        let passes = |row: u32| filter.failed(self, row).is_empty();
        let scored = |rows: &mut dyn Iterator<Item = u32>| self.in_order(&scores, rows);
        let inside = scored(&mut held.iter().filter(|(_, own)| **own).map(|(row, _)| *row));
        let outside = scored(&mut held.iter().filter(|(_, own)| !**own).map(|(row, _)| *row));
        let also = scored(&mut also.into_iter());
        let others = also.iter().map(|(_, row)| row);
        let told = pins.iter().chain(held.keys()).chain(others);
        let told: BTreeSet<u32> = told.map(|row| self.rows.whole(*row)).collect();
        let near = if held.len() >= FEW {
            Vec::new()
        } else {
            self.near(&scores, &told)
        };
        let facets = self.facets(&told, &near, &filter, names);
        let keep = |rows: Vec<(u64, u32)>, most: usize| -> Vec<(u64, u32)> {
            let passing = rows.into_iter().filter(|(_, row)| passes(*row));
            passing.take(most).collect()
        };
        let pinned = pins.iter().filter(|row| passes(**row));
        let near = keep(near, MOST);
        Ranked {
            pinned: pinned
                .map(|row| (self.score(&scores, *row), *row))
                .collect(),
            inside: self.vary(keep(inside, usize::MAX), false),
            outside: self.vary(keep(outside, usize::MAX), false),
            also: self.vary(keep(also, usize::MAX), false),
            total: told.iter().filter(|row| passes(**row)).count() + near.len(),
            near: self.cover(self.vary(near, true), &scores),
            complete,
            only_other,
            terms,
            other_terms: other.terms,
            scores,
            facets,
        }
    }

    /// What holds the other thing the letters may mean.
    fn other(&self, read: &Reading, plain: bool) -> Other {
        let words = read.other.as_ref().filter(|runs| {
            plain && runs.len() <= WORDS && runs.iter().all(|run| run.chars().count() >= 2)
        });
        let Some(runs) = words else {
            return Other::default();
        };
        let terms = self.weigh(runs, true);
        let mut points = self.count(&terms);
        let held = self.lookup(runs, &terms, &mut points).into_keys().collect();
        Other {
            terms,
            points,
            held,
        }
    }

    /// Rows that hold every pair of every run, and whether the page itself says all of them. Tails count here.
    fn lookup(
        &self,
        runs: &[String],
        terms: &[WeighedTerm],
        points: &mut [u64],
    ) -> BTreeMap<u32, bool> {
        let mut held: Option<BTreeMap<u32, bool>> = None;
        for key in runs.iter().flat_map(|run| self.keys(run)) {
            let Some(key) = key else {
                return BTreeMap::new();
            };
            if key & 0xFFFF == 0 {
                continue;
            }
            let Some((_, weight, head)) = terms.iter().find(|term| term.0 == key) else {
                return BTreeMap::new();
            };
            let mut postings = head.postings.clone();
            if head.has_tail {
                let tail = self.store.tail(key);
                tail.iter()
                    .for_each(|(row, symbol)| points[*row as usize] += weight * level(*symbol));
                postings.extend(tail);
            }
            let own = postings
                .into_iter()
                .map(|(row, symbol)| (row, symbol & 1 == 1));
            held = Some(match held {
                None => own.collect(),
                Some(before) => own
                    .filter_map(|(row, own)| Some((row, *before.get(&row)? && own)))
                    .collect(),
            });
        }
        held.unwrap_or_default()
    }

    /// Looks for a slip in a word that nothing holds; gives the mended runs and their results.
    fn mend(
        &self,
        read: &Reading,
        plain: bool,
        pins: &[u32],
        ranked: &Ranked,
        request: &Request,
        names: &LazyNames,
    ) -> Option<(Vec<String>, Ranked)> {
        let runs = &read.runs;
        let longest = runs
            .iter()
            .map(|run| run.chars().count())
            .max()
            .unwrap_or(0);
        if !pins.is_empty()
            || !is_lookup(runs, plain)
            || longest < 3
            || self.any_holds(ranked, runs)
        {
            return None;
        }
        let open = Request {
            limit: 0,
            ..Request::default()
        };
        let all = self.rank(read, plain, pins, &open, names);
        if self.any_holds(&all, runs) {
            return None;
        }
        let best: Vec<u32> = all
            .near
            .iter()
            .chain(&all.inside)
            .take(correct::READ)
            .map(|(_, row)| *row)
            .collect();
        let texts: Vec<String> = best
            .into_iter()
            .filter_map(|row| self.store.record(row))
            .map(|record| format!("{} {}", fold(&record.title), fold(&record.text)))
            .collect();
        let mended: Vec<String> = runs
            .iter()
            .map(|run| {
                correct::mend(
                    run,
                    &texts,
                    |c| self.store.rank(c) != 0,
                    || pinyin::syllables(&self.store),
                )
                .unwrap_or_else(|| run.clone())
            })
            .collect();
        if mended == *runs {
            return None;
        }
        let read = Reading {
            runs: mended,
            other: read.other.clone(),
        };
        let ranked = self.rank(&read, plain, &[], request, names);
        Some((read.runs, ranked))
    }

    fn any_holds(&self, ranked: &Ranked, runs: &[String]) -> bool {
        let mut candidates = ranked.inside.iter().chain(&ranked.outside);
        candidates.any(|(_, row)| self.holds(*row, runs) != Holds::Not)
    }

    fn answer(
        &self,
        ranked: Ranked,
        read: &Reading,
        changed: bool,
        mended: bool,
        request: &Request,
        names: &LazyNames,
    ) -> Answer {
        let order = self.settle(&ranked, read, request.limit);
        let other = read.other.iter().filter(|_| !ranked.also.is_empty());
        let marked = read.runs.iter().chain(other.flatten());
        let found = |(score, row): (u64, u32)| {
            let because = if request.explain {
                self.because(row, score, &ranked)
            } else {
                Vec::new()
            };
            self.found(row, score, because, names)
        };
        Answer {
            results: order
                .into_iter()
                .take(request.limit)
                .filter_map(found)
                .collect(),
            total: ranked.total,
            complete: ranked.complete && ranked.near.is_empty(),
            read_as: changed.then(|| read.runs.join(" ")),
            mended,
            runs: marked.cloned().collect(),
            facets: ranked.facets.clone(),
        }
    }

    fn found(
        &self,
        row: u32,
        score: u64,
        because: Vec<Reason>,
        names: &LazyNames,
    ) -> Option<Found> {
        let record = self.store.record(row)?;
        let (law, article) = match self.rows.laws[row as usize] {
            None => (None, None),
            Some(law) => {
                let name = names.get(&self.store).names.get(law as usize);
                let start = self.rows.law_starts[law as usize];
                let article = name
                    .and_then(|name| article::numbers(&name.2).nth((row - start) as usize))
                    .flatten();
                (name.map(|name| name.0.clone()), article)
            }
        };
        Some(Found {
            url: record.url,
            kind: self.rows.kinds[row as usize],
            title: record.title,
            breadcrumb: record.breadcrumb,
            law,
            article,
            score,
            text: record.text,
            because,
        })
    }
}

/// Rows of an answer before the texts have settled their order.
struct Ranked {
    pinned: Vec<(u64, u32)>,
    inside: Vec<(u64, u32)>,
    outside: Vec<(u64, u32)>,
    /// What holds the other thing the letters may mean.
    also: Vec<(u64, u32)>,
    near: Vec<(u64, u32)>,
    /// How many documents there are in all of these.
    total: usize,
    complete: bool,
    /// Whether nothing holds the words, and something the other thing they may mean.
    only_other: bool,
    terms: Vec<WeighedTerm>,
    other_terms: Vec<WeighedTerm>,
    scores: Scores,
    facets: Facets,
}

/// What is found of the other thing the letters of a query may mean.
#[derive(Default)]
struct Other {
    terms: Vec<WeighedTerm>,
    points: Vec<u64>,
    held: Vec<u32>,
}

/// The names of the laws, read when first needed.
#[derive(Default)]
struct LazyNames(std::cell::OnceCell<Laws>);

impl LazyNames {
    fn get(&self, store: &Store<'_>) -> &Laws {
        self.0.get_or_init(|| Laws::of(store.law_names()))
    }
}

/// Whether a query is words to be looked up completely, and not a sentence.
fn is_lookup(runs: &[String], plain: bool) -> bool {
    plain
        && (1..=WORDS).contains(&runs.len())
        && runs.iter().all(|run| {
            let lengths = if run.is_ascii() { LETTERS } else { WORD };
            lengths.contains(&run.chars().count())
        })
}

/// At least two letters and the digits behind them, as two runs; anything else as it is.
fn letters_apart(run: &str) -> Vec<String> {
    let digits = run.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let letters = run.len() - digits.len();
    if letters >= 2 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![run[..letters].to_owned(), digits.to_owned()]
    } else {
        vec![run.to_owned()]
    }
}
