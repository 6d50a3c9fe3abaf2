//! Postings: which documents hold a term, and how much that says of them.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::field::{Alphabet, Entry, FIELDS};
use super::token::terms;
use super::{SearchKind, Weights};

/// How finely the weight of a term in a document is kept.
pub(super) const LEVELS: usize = 8;

/// A term in a document: how much it weighs there (`0..LEVELS`), and whether the page itself says it. In one number, so that
/// they sort by term and row and a large library's fit into memory: 32 bits for the term, 28 for the row, 4 for the symbol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u64);

impl Posting {
    pub(super) fn new(key: u32, row: u32, level: u8, own: bool) -> Self {
        let symbol = level << 1 | u8::from(own);
        Self(u64::from(key) << 32 | u64::from(row) << 4 | u64::from(symbol))
    }

    pub(super) fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(super) fn row(self) -> u32 {
        (self.0 as u32) >> 4
    }

    pub(super) fn level(self) -> u8 {
        self.symbol() >> 1
    }

    /// Level and flag in one symbol.
    pub(super) fn symbol(self) -> u8 {
        self.0 as u8 & 0xF
    }
}

/// All postings, by term and row, and what the questions of the site are made of.
pub(super) struct Collected {
    pub(super) postings: Vec<Posting>,
    /// For a term of the questions, the share of them it occurs in.
    pub(super) shares: HashMap<u32, f64>,
    /// For a term of the questions: in how many it occurs, and how many of those cite an article where it occurs too.
    pub(super) answered: HashMap<u32, (u32, u32)>,
    /// Numbers of the characters in [`PARTICLES`], sorted.
    particles: Vec<u32>,
}

/// Characters that hold sentences together. A pair with one of them mostly spans two words (工资|怎么 has 资怎): it is rare, and
/// for that reason alone it would weigh much.
const PARTICLES: &str = "的了吗呢吧啊么怎什何哪谁";

impl Collected {
    /// Whether a term is a pair with a particle.
    pub(super) fn is_seam(&self, key: u32) -> bool {
        let particle = |rank: u32| self.particles.binary_search(&rank).is_ok();
        key & 0xFFFF != 0 && (particle(key >> 16) || particle(key & 0xFFFF))
    }
}

/// Reads every row.
pub(super) fn collect(entries: &[Entry<'_>], alphabet: &Alphabet, weights: &Weights) -> Collected {
    let means = mean_lengths(entries);
    let mut postings: Vec<Posting> = entries
        .par_iter()
        .enumerate()
        .flat_map_iter(|(row, entry)| postings_of(row as u32, entry, alphabet, weights, &means))
        .collect();
    postings.par_sort_unstable();
    let mut particles: Vec<u32> = PARTICLES.chars().map(|c| alphabet.rank(c)).collect();
    particles.retain(|rank| *rank != 0);
    particles.sort_unstable();
    Collected {
        particles,
        postings,
        shares: shares(entries, alphabet),
        answered: answered(entries, alphabet),
    }
}

/// The mean length of each field, over the rows that have it.
fn mean_lengths(entries: &[Entry<'_>]) -> [f64; FIELDS] {
    let mut means = [1.0; FIELDS];
    for (field, mean) in means.iter_mut().enumerate() {
        let lengths = entries
            .iter()
            .map(|entry| length(&entry.fields[field]))
            .filter(|length| *length > 0);
        let (sum, count) = lengths.fold((0u64, 0u64), |(sum, count), length| {
            (sum + u64::from(length), count + 1)
        });
        if count > 0 {
            *mean = sum as f64 / count as f64;
        }
    }
    means
}

fn length(folded: &str) -> u32 {
    folded.chars().filter(|c| *c != ' ').count() as u32
}

fn postings_of(
    row: u32,
    entry: &Entry<'_>,
    alphabet: &Alphabet,
    weights: &Weights,
    means: &[f64; FIELDS],
) -> Vec<Posting> {
    let mut found: Vec<(u32, u8)> = Vec::with_capacity(512);
    for (field, text) in entry.fields.iter().enumerate() {
        found.extend(terms(text).map(|term| (alphabet.key(term), field as u8)));
    }
    found.sort_unstable();
    let mut scales = [0.0; FIELDS];
    for (field, scale) in scales.iter_mut().enumerate() {
        let length = f64::from(length(&entry.fields[field])) / means[field];
        *scale = weights.fields[field]
            / (1.0 - weights.lengths[field] + weights.lengths[field] * length);
    }
    found
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| {
            let frequency: f64 = same
                .iter()
                .map(|(_, field)| scales[usize::from(*field)])
                .sum();
            let own = same.iter().any(|(_, field)| entry.own(usize::from(*field)));
            let level = level(frequency / (weights.saturation + frequency));
            Posting::new(same[0].0, row, level, own)
        })
        .collect()
}

/// A weight of 0 to 1 as a level: even steps from 0.1 to 0.9, where nearly all weights are.
fn level(weight: f64) -> u8 {
    let steps = (LEVELS - 1) as f64;
    ((weight - 0.1) / 0.8 * steps).round().clamp(0.0, steps) as u8
}

/// What each level counts: the reverse of [`level`], in whole numbers.
pub(super) const LEVEL_VALUES: [u64; LEVELS] = [8, 16, 25, 33, 42, 50, 59, 68];

/// Words that only make a sentence a question, and how common they are in lay questions: for sites with few questions of their own.
const QUESTION_WORDS: [(&str, f64); 24] = [
    ("吗", 0.45),
    ("怎么", 0.12),
    ("怎", 0.15),
    ("么", 0.3),
    ("办", 0.12),
    ("么办", 0.08),
    ("什么", 0.15),
    ("什", 0.15),
    ("如何", 0.15),
    ("何", 0.2),
    ("是否", 0.15),
    ("否", 0.2),
    ("可以", 0.2),
    ("可", 0.3),
    ("以", 0.3),
    ("能", 0.25),
    ("不能", 0.05),
    ("的", 0.6),
    ("是", 0.35),
    ("了", 0.15),
    ("有", 0.3),
    ("哪些", 0.1),
    ("哪", 0.15),
    ("请问", 0.1),
];
/// How many questions that list weighs against the site's own.
const ASSUMED_QUESTIONS: f64 = 50.0;

fn shares(entries: &[Entry<'_>], alphabet: &Alphabet) -> HashMap<u32, f64> {
    let mut counts: HashMap<u32, f64> = HashMap::new();
    let mut questions = ASSUMED_QUESTIONS;
    for (word, share) in QUESTION_WORDS {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            counts.insert(
                alphabet.key((first, chars.next())),
                share * ASSUMED_QUESTIONS,
            );
        }
    }
    counts.retain(|key, _| *key >> 16 != 0);
    for entry in entries
        .iter()
        .filter(|entry| entry.document.kind == SearchKind::Question && !entry.continues)
    {
        questions += 1.0;
        let mut keys: Vec<u32> = terms(&entry.fields[0])
            .map(|term| alphabet.key(term))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter()
            .for_each(|key| *counts.entry(key).or_default() += 1.0);
    }
    counts
        .into_iter()
        .map(|(key, count)| (key, count / questions))
        .collect()
}

fn answered(entries: &[Entry<'_>], alphabet: &Alphabet) -> HashMap<u32, (u32, u32)> {
    let keys = |text: &str| -> Vec<u32> {
        let mut keys: Vec<u32> = terms(text).map(|term| alphabet.key(term)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let mut met: BTreeMap<(&str, u32), bool> = BTreeMap::new();
    for entry in entries
        .iter()
        .filter(|entry| !entry.continues && !entry.cited.questions.is_empty())
    {
        let mut own: Vec<u32> = entry.fields[..3]
            .iter()
            .flat_map(|field| keys(field))
            .collect();
        own.sort_unstable();
        own.dedup();
        let asked: Vec<Vec<u32>> = entry
            .cited
            .questions
            .iter()
            .map(|question| keys(&super::token::fold(&question.title)))
            .collect();
        for (place, question) in entry.cited.questions.iter().enumerate() {
            for key in &asked[place] {
                let others = asked
                    .iter()
                    .enumerate()
                    .any(|(other, keys)| other != place && keys.binary_search(key).is_ok());
                let hit = others || own.binary_search(key).is_ok();
                let known = met.entry((question.url.as_str(), *key)).or_default();
                *known |= hit;
            }
        }
    }
    let mut counts: HashMap<u32, (u32, u32)> = HashMap::new();
    for ((_, key), hit) in met {
        let count = counts.entry(key).or_default();
        count.0 += 1;
        count.1 += u32::from(hit);
    }
    counts
}
