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
mod pinyin;
mod read;
mod rows;
mod snippet;

use std::collections::{BTreeMap, BTreeSet};

pub use explain::{Reason, Why};
pub use read::{Reader, Record, Unreadable};
pub use snippet::{Piece, snippet};

use self::pinyin::Reading;
use self::read::{Head, Store};
use self::rows::Rows;
use super::SearchKind;
use super::files::{LawName, bucket};
use super::postings::LEVEL_VALUES;
use super::token::{fold, runs};
use crate::base::ArticleNo;

/// How many results a question gets at most. A lookup of words gets all there are.
const MOST: usize = 400;
/// With fewer complete matches than this, near ones follow.
const FEW: usize = 20;
/// Of so many cited articles the points add up: a page that cites many is not for that reason about each.
const SUMMED: usize = 3;
/// How many other characters may stand between those of an everyday word.
const BETWEEN: usize = 5;
/// So many of what cites articles come first so that together they cite what the query is most likely about,
const COVERING: usize = 5;
/// chosen from so many.
const CHOSEN_FROM: usize = 50;
/// How often at most a result goes back.
const MOST_STEPS: i32 = 4;
/// Words that are looked up completely.
const WORD: std::ops::RangeInclusive<usize> = 2..=6;
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

/// How many of the results fall on each value, the largest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By kind.
    pub kinds: Vec<(String, u32)>,
    /// By topic.
    pub topics: Vec<(String, u32)>,
    /// By audience.
    pub audiences: Vec<(String, u32)>,
    /// By law, by short name.
    pub laws: Vec<(String, u32)>,
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
        let (typed, plain) = runs(query);
        let mut read = self.interpret(&typed);
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
    fn interpret(&self, typed: &[String]) -> Reading {
        // ldf44: the letters are read alone, and all stays as typed where they mean nothing.
        let apart: Vec<String> = typed.iter().flat_map(|run| letters_apart(run)).collect();
        let mut read = pinyin::to_chinese(&self.store, typed)
            .or_else(|| {
                let split = apart.len() > typed.len();
                let read = split.then(|| pinyin::to_chinese(&self.store, &apart))?;
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

    /// Terms of the query with their weights, in the order they are counted. Words that are looked up mean themselves: the learnt
    /// table is for sentences.
    fn weigh(&self, runs: &[String], lookup: bool) -> Vec<WeighedTerm> {
        let mut terms: Vec<WeighedTerm> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut leads: BTreeMap<u32, u64> = BTreeMap::new();
        for key in runs.iter().flat_map(|run| self.keys(run)).flatten() {
            let Some(head) = seen.insert(key).then(|| self.store.head(key)).flatten() else {
                continue;
            };
            head.leads.iter().for_each(|(lead, strength)| {
                *leads.entry(*lead).or_default() +=
                    u64::from(head.damped) * 2 * u64::from(*strength);
            });
            terms.push((key, self.weight(key, &head), head));
        }
        for key in self.synonym_keys(runs) {
            let Some(head) = seen.insert(key).then(|| self.store.head(key)).flatten() else {
                continue;
            };
            terms.push((
                key,
                self.weight(key, &head) * u64::from(self.store.core.synonym) / 256,
                head,
            ));
        }
        let (factor, count) = self.store.core.expansion;
        let count = if lookup { 0 } else { count };
        let mut leads: Vec<(u64, u32)> = leads
            .into_iter()
            .map(|(key, strength)| (strength, key))
            .collect();
        leads.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (strength, key) in leads.into_iter().take(count as usize) {
            let Some(head) = self.store.head(key) else {
                continue;
            };
            let weight =
                self.weight(key, &head) * strength.min(1 << 17) * u64::from(factor) / (1 << 24);
            terms.push((key, weight, head));
        }
        terms.retain(|(_, weight, _)| *weight > 0);
        terms
    }

    fn weight(&self, key: u32, head: &Head) -> u64 {
        let table = &self.store.core.rarity[usize::from(key & 0xFFFF == 0)];
        let rarity = table
            .get(bucket(head.frequency) as usize)
            .copied()
            .unwrap_or(1);
        (u64::from(rarity) * u64::from(head.damped) / 128).max(1)
    }

    fn synonym_keys(&self, runs: &[String]) -> Vec<u32> {
        let query: Vec<char> = runs.join(" ").chars().collect();
        let meant = self
            .store
            .core
            .synonyms
            .iter()
            .filter(|(from, _)| from.iter().any(|word| says(&query, word)));
        meant
            .flat_map(|(_, to)| to)
            .flat_map(|word| self.keys(word))
            .flatten()
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

    /// Documents that have points and are not `told` of already, each by its best row, the best first.
    fn near(&self, scores: &Scores, told: &BTreeSet<u32>) -> Vec<(u64, u32)> {
        let mut best: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
        let mut whole = 0;
        for (row, points) in (0..).zip(&scores.points) {
            if !self.rows.parts.contains(&row) {
                whole = row;
            }
            if *points == 0 || told.contains(&whole) || self.rows.fronts.contains(&whole) {
                continue;
            }
            let found = (self.score(scores, row), row);
            let known = best.entry(whole).or_insert(found);
            if before(&found, known) {
                *known = found;
            }
        }
        let mut best: Vec<(u64, u32)> = best.into_values().collect();
        best.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        best
    }

    /// Of rows that hold the words only with the title of their page, the best of a page is enough, and none where the page
    /// has a place that holds them itself.
    fn one_a_page(&self, held: &mut BTreeMap<u32, bool>, scores: &Scores) {
        let inside = held.iter().filter(|(_, own)| **own);
        let mut pages: BTreeSet<u32> = inside.filter_map(|(row, _)| self.rows.page(*row)).collect();
        let mut outside = held.iter().filter(|(_, own)| !**own).map(|(row, _)| *row);
        for (_, row) in self.in_order(scores, &mut outside) {
            if self.rows.page(row).is_some_and(|page| !pages.insert(page)) {
                held.remove(&row);
            }
        }
    }

    /// What the heads of the terms give each row.
    fn count(&self, terms: &[WeighedTerm]) -> Vec<u64> {
        let mut points = vec![0u64; self.rows.kinds.len()];
        for (_, weight, head) in terms {
            head.postings
                .iter()
                .for_each(|(row, symbol)| points[*row as usize] += weight * level(*symbol));
        }
        points
    }

    fn scores(&self, own: Vec<u64>) -> Scores {
        let mut points = own.clone();
        self.pass_on(&own, &mut points);
        Scores {
            best: own.iter().copied().max().unwrap_or(0),
            points,
            own,
        }
    }

    fn score(&self, scores: &Scores, row: u32) -> u64 {
        let at = row as usize;
        scores.points[at] * self.rows.boosts[at] * 16 + self.rows.priors[at] * scores.best
    }

    /// Rows with their scores, the best first.
    fn in_order(&self, scores: &Scores, rows: &mut dyn Iterator<Item = u32>) -> Vec<(u64, u32)> {
        let mut rows: Vec<(u64, u32)> = rows.map(|row| (self.score(scores, row), row)).collect();
        rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        rows
    }

    /// Points pass on between neighbouring articles, and from articles to what cites them.
    fn pass_on(&self, own: &[u64], points: &mut [u64]) {
        for (row, points) in points.iter_mut().enumerate().take(self.rows.law_rows) {
            *points += self.beside(own, row);
        }
        for (row, articles) in &self.rows.links {
            points[*row as usize] += self.of_cited(own, articles);
        }
    }

    /// What the articles before and behind an article of law give to it.
    fn beside(&self, own: &[u64], row: usize) -> u64 {
        let part = u64::from(self.store.core.mix[0]);
        let law = self.rows.laws[row];
        let before = row.checked_sub(1);
        let others = before.into_iter().chain([row + 1]);
        others
            .filter(|other| *other < self.rows.law_rows && self.rows.laws[*other] == law)
            .map(|other| own[other] * part / 256)
            .sum()
    }

    /// What the articles a document cites give to it.
    fn of_cited(&self, own: &[u64], articles: &[u32]) -> u64 {
        let [_, best, all, _] = self.store.core.mix.map(u64::from);
        let mut cited: Vec<u64> = articles.iter().map(|at| own[*at as usize]).collect();
        cited.sort_unstable_by(|a, b| b.cmp(a));
        let summed: u64 = cited.iter().take(SUMMED).sum();
        (cited.first().unwrap_or(&0) * best + summed * all) / 256
    }

    /// Results that say the same again go back a little, so that a reader sees more: further places of a page and, among near
    /// results (`citing`), what cites only articles that better results cite too.
    fn vary(&self, mut found: Vec<(u64, u32)>, citing: bool) -> Vec<(u64, u32)> {
        let kept = u64::from(self.store.core.mix[3]);
        let mut cited: BTreeSet<u32> = BTreeSet::new();
        let mut pages: BTreeMap<u32, i32> = BTreeMap::new();
        let mut changed = false;
        for (score, row) in &mut found {
            let Some(page) = self.rows.page(*row) else {
                continue;
            };
            let shown = pages.entry(page).or_default();
            let mut times = *shown;
            *shown += 1;
            let link = self.rows.links.binary_search_by_key(row, |link| link.0);
            if let Some((_, articles)) = link.ok().filter(|_| citing).map(|at| &self.rows.links[at])
            {
                times += i32::from(articles.iter().all(|article| cited.contains(article)));
                cited.extend(articles);
            }
            for _ in 0..times.min(MOST_STEPS) {
                *score = *score * kept / 256;
                changed = true;
            }
        }
        if changed {
            found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        }
        found
    }

    /// The first of the documents that cite articles, chosen so that together they cite the likely articles, each once: greedy
    /// cover by votes. An article's vote is the fourth power of its own points, with those of the documents that cite it, a
    /// document with many giving less to each; points go by 128ths of the best. The others keep their order, and places between
    /// them that cite nothing stay where they are.
    fn cover(&self, mut found: Vec<(u64, u32)>, scores: &Scores) -> Vec<(u64, u32)> {
        let links = &self.rows.links;
        let cites = |row: u32| {
            let at = links.binary_search_by_key(&row, |link| link.0).ok()?;
            Some(links[at].1.as_slice()).filter(|articles| !articles.is_empty())
        };
        let places: Vec<usize> = (0..found.len())
            .filter(|at| cites(found[*at].1).is_some())
            .take(CHOSEN_FROM)
            .collect();
        let mut rest: Vec<u32> = places.iter().map(|at| found[*at].1).collect();
        let part = |score: u64, best: u64| (score * 128 / best.max(1)).pow(4);
        let best = places.first().map_or(0, |at| found[*at].0);
        let mut votes: BTreeMap<u32, u64> = BTreeMap::new();
        for at in &places {
            let (score, row) = found[*at];
            let articles = cites(row).unwrap_or_default();
            let vote = part(score, best) * (4096 / articles.len() as u64).isqrt();
            for article in articles {
                *votes.entry(*article).or_default() += vote;
            }
        }
        let own = |article: u32| self.score(scores, article);
        let best = votes.keys().map(|article| own(*article)).max();
        for (article, votes) in &mut votes {
            *votes += 128 * part(own(*article), best.unwrap_or(0));
        }
        let mut order = Vec::with_capacity(rest.len());
        while order.len() < COVERING && !rest.is_empty() {
            let gain = |row: u32| -> u64 {
                let articles = cites(row).unwrap_or_default();
                articles
                    .iter()
                    .filter_map(|article| votes.get(article))
                    .sum()
            };
            // Of equals the first.
            let most = (0..rest.len()).rev().max_by_key(|at| gain(rest[*at]));
            let row = rest.remove(most.unwrap_or(0));
            for article in cites(row).unwrap_or_default() {
                votes.remove(article);
            }
            order.push(row);
        }
        for (at, row) in places.into_iter().zip(order.into_iter().chain(rest)) {
            found[at].1 = row;
        }
        found
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

    /// Puts rows in their final order, reading texts only as far as `limit` needs.
    fn settle(&self, ranked: &Ranked, read: &Reading, limit: usize) -> Vec<(u64, u32)> {
        let runs = &read.runs;
        let mut order = Order::of(&self.rows);
        order.extend(ranked.pinned.iter().copied());
        let exact = runs.iter().all(|run| run.chars().count() == 2);
        let (mut named, mut failed) = (Vec::new(), Vec::new());
        for found in &ranked.inside {
            if order.found.len() >= limit {
                return order.found;
            }
            match if exact {
                Holds::Text
            } else {
                self.holds(found.1, runs)
            } {
                Holds::Text => order.extend([*found]),
                Holds::Title => named.push(*found),
                Holds::Not => failed.push(*found),
            }
        }
        let mut named = named.into_iter().peekable();
        for found in &ranked.outside {
            while let Some(earlier) = named.next_if(|earlier| before(earlier, found)) {
                order.extend([earlier]);
            }
            if order.found.len() >= limit {
                return order.found;
            }
            match self.holds(found.1, runs) {
                Holds::Text | Holds::Title => order.extend([*found]),
                Holds::Not => failed.push(*found),
            }
        }
        order.extend(named);
        let mut strangers = Vec::new();
        for found in &ranked.also {
            if order.found.len() >= limit {
                return order.found;
            }
            let other = read.other.as_deref().unwrap_or_default();
            match self.holds(found.1, other) {
                Holds::Text | Holds::Title => order.extend([*found]),
                Holds::Not => strangers.push(*found),
            }
        }
        failed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        order.extend(failed);
        order.extend(ranked.near.iter().copied());
        order.extend(strangers);
        order.found
    }

    fn holds(&self, row: u32, runs: &[String]) -> Holds {
        let Some(record) = self.store.record(row) else {
            return Holds::Not;
        };
        let title = fold(&record.title);
        let mut own = fold(&record.text);
        if self.rows.laws[row as usize].is_none() || self.rows.fronts.contains(&row) {
            let heading = record.title.rsplit(super::PART).next();
            own = format!("{} {own}", heading.map(fold).unwrap_or_default());
        }
        if runs.iter().all(|run| own.contains(run.as_str())) {
            return Holds::Text;
        }
        let all = format!("{own} {title} {}", fold(&record.breadcrumb));
        if runs.iter().all(|run| all.contains(run.as_str())) {
            Holds::Title
        } else {
            Holds::Not
        }
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

    /// How many results each value of each filter leaves, beside the other filters.
    fn facets(
        &self,
        told: &BTreeSet<u32>,
        near: &[(u64, u32)],
        filter: &Filter,
        names: &LazyNames,
    ) -> Facets {
        let core = &self.store.core;
        let mut counts = Dimension::ALL.map(|dimension| {
            let values = |row: u32| {
                let failed = filter.failed(self, row);
                let counts = failed.iter().all(|failed| *failed == dimension);
                let values = counts.then(|| self.values(row, dimension));
                values.unwrap_or_default()
            };
            let mut counts = counted(told.iter().flat_map(|row| values(*row)));
            for (value, count) in counted(near.iter().flat_map(|(_, row)| values(*row))) {
                *counts.entry(value).or_default() += count.min(MOST as u32);
            }
            counts
        });
        let [kinds, topics, audiences, laws] = counts.each_mut().map(std::mem::take);
        let named = |counts: BTreeMap<u32, u32>, name: &dyn Fn(u32) -> Option<String>| {
            let mut counts: Vec<(u32, u32)> = counts.into_iter().collect();
            counts.sort_by_key(|(number, count)| (std::cmp::Reverse(*count), *number));
            counts
                .into_iter()
                .take(30)
                .filter_map(|(number, count)| Some((name(number)?, count)))
                .collect::<Vec<_>>()
        };
        Facets {
            kinds: kinds
                .into_iter()
                .filter_map(|(kind, count)| Some((SearchKind::ALL.get(kind as usize)?, count)))
                .map(|(kind, count)| (kind.name().to_owned(), count))
                .collect(),
            topics: named(topics, &|number| core.topics.get(number as usize).cloned()),
            audiences: named(audiences, &|number| {
                core.audiences.get(number as usize).cloned()
            }),
            laws: named(laws, &|number| {
                names
                    .get(&self.store)
                    .get(number as usize)
                    .map(|law| law.0.clone())
            }),
        }
    }

    /// What a row is in a dimension, by number.
    fn values(&self, row: u32, dimension: Dimension) -> Vec<u32> {
        let at = row as usize;
        let set = self.store.core.sets.get(self.rows.sets[at] as usize);
        match dimension {
            Dimension::Kind => vec![self.rows.kinds[at] as u32],
            Dimension::Topic => set.map(|set| set.0.clone()).unwrap_or_default(),
            Dimension::Audience => set.map(|set| set.1.clone()).unwrap_or_default(),
            Dimension::Law => self.rows.laws[at].into_iter().collect(),
        }
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
                let name = names.get(&self.store).get(law as usize);
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

/// A term of a query, its weight, and what the heads say of it.
type WeighedTerm = (u32, u64, Head);

/// Points of all rows.
struct Scores {
    /// Of the row's own terms.
    own: Vec<u64>,
    /// With what neighbours and cited articles give.
    points: Vec<u64>,
    /// The most any row has of its own.
    best: u64,
}

/// Results in their order, each document once, where its best part stands.
struct Order<'a> {
    rows: &'a Rows,
    found: Vec<(u64, u32)>,
    seen: BTreeSet<u32>,
}

impl<'a> Order<'a> {
    fn of(rows: &'a Rows) -> Self {
        Self {
            rows,
            found: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    fn extend(&mut self, found: impl IntoIterator<Item = (u64, u32)>) {
        for (score, row) in found {
            if self.seen.insert(self.rows.whole(row)) {
                self.found.push((score, row));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Title,
    Not,
}

/// A request's filters with the numbers of what they name; a name that is nowhere lets nothing pass.
struct Filter {
    kind: Option<SearchKind>,
    topic: Option<Option<u32>>,
    audience: Option<Option<u32>>,
    law: Option<Option<u32>>,
}

impl Filter {
    fn of(engine: &Engine<'_>, request: &Request, names: &LazyNames) -> Self {
        let core = &engine.store.core;
        let listed = |names: &[String], wanted: &Option<String>| {
            let place = |wanted| names.iter().position(|name| name == wanted);
            wanted
                .as_ref()
                .map(|wanted| place(wanted).map(|at| at as u32))
        };
        let law = |wanted: &String| {
            let laws = names.get(&engine.store);
            let place = laws.iter().position(|law| law.0 == *wanted);
            place.map(|at| at as u32)
        };
        Self {
            kind: request.kind,
            topic: listed(&core.topics, &request.topic),
            audience: listed(&core.audiences, &request.audience),
            law: request.law.as_ref().map(law),
        }
    }

    /// The dimensions in which a row does not pass.
    fn failed(&self, engine: &Engine<'_>, row: u32) -> Vec<Dimension> {
        let passes = |dimension: &Dimension| {
            let wanted = match dimension {
                Dimension::Kind => self.kind.map(|kind| Some(kind as u32)),
                Dimension::Topic => self.topic,
                Dimension::Audience => self.audience,
                Dimension::Law => self.law,
            };
            let is = |one: u32| engine.values(row, *dimension).contains(&one);
            wanted.is_none_or(|wanted| wanted.is_some_and(is))
        };
        let all = Dimension::ALL.into_iter();
        all.filter(|dimension| !passes(dimension)).collect()
    }
}

/// What results can be filtered by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dimension {
    Kind,
    Topic,
    Audience,
    Law,
}

impl Dimension {
    const ALL: [Self; 4] = [Self::Kind, Self::Topic, Self::Audience, Self::Law];
}

/// How often each value comes.
fn counted(values: impl Iterator<Item = u32>) -> BTreeMap<u32, u32> {
    let mut counts = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_insert(0) += 1);
    counts
}

/// The names of the laws, read when first needed.
#[derive(Default)]
struct LazyNames(std::cell::OnceCell<Vec<LawName>>);

impl LazyNames {
    fn get(&self, store: &Store<'_>) -> &[LawName] {
        self.0.get_or_init(|| store.law_names())
    }
}

fn level(symbol: u8) -> u64 {
    LEVEL_VALUES
        .get(usize::from(symbol >> 1))
        .copied()
        .unwrap_or(0)
}

fn before(a: &(u64, u32), b: &(u64, u32)) -> bool {
    (std::cmp::Reverse(a.0), a.1) < (std::cmp::Reverse(b.0), b.1)
}

/// Whether a query says an everyday word: as it stands, or, from three characters on, its characters in their order with a few
/// others between them (拖工资 in 拖了我三个月工资).
fn says(query: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let between = if word.len() < 3 { 0 } else { BETWEEN };
    query.iter().enumerate().any(|(start, c)| {
        let window = query[start..].iter().take(word.len() + between);
        let mut left = word.iter().peekable();
        for c in window {
            left.next_if_eq(&c);
        }
        word.first() == Some(c) && left.peek().is_none()
    })
}

/// Whether a query is words to be looked up completely, and not a sentence.
fn is_lookup(runs: &[String], plain: bool) -> bool {
    plain
        && (1..=WORDS).contains(&runs.len())
        && runs.iter().all(|run| WORD.contains(&run.chars().count()))
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
