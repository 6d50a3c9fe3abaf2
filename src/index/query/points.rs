//! What rows have points for: the terms of a query with their weights, and what neighbours and citations pass on.

use std::collections::{BTreeMap, BTreeSet};

use super::Engine;
use super::read::Head;
use crate::index::files::bucket;
use crate::index::postings::LEVEL_VALUES;

/// Of so many cited articles the points add up: a page that cites many is not for that reason about each.
const SUMMED: usize = 3;
/// How many other characters may stand between those of an everyday word.
const BETWEEN: usize = 5;

impl Engine<'_> {
    /// Terms of the query with their weights, in the order they are counted. Words that are looked up mean themselves: the learnt
    /// table is for sentences.
    pub(super) fn weigh(&self, runs: &[String], lookup: bool) -> Vec<WeighedTerm> {
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

    pub(super) fn weight(&self, key: u32, head: &Head) -> u64 {
        let table = &self.store.core.rarity[usize::from(key & 0xFFFF == 0)];
        let rarity = table
            .get(bucket(head.frequency) as usize)
            .copied()
            .unwrap_or(1);
        (u64::from(rarity) * u64::from(head.damped) / 128).max(1)
    }

    pub(super) fn synonym_keys(&self, runs: &[String]) -> Vec<u32> {
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

    /// What the heads of the terms give each row.
    pub(super) fn count(&self, terms: &[WeighedTerm]) -> Vec<u64> {
        let mut points = vec![0u64; self.rows.kinds.len()];
        for (_, weight, head) in terms {
            head.postings
                .iter()
                .for_each(|(row, symbol)| points[*row as usize] += weight * level(*symbol));
        }
        points
    }

    pub(super) fn scores(&self, own: Vec<u64>) -> Scores {
        let mut points = own.clone();
        self.pass_on(&own, &mut points);
        Scores {
            best: own.iter().copied().max().unwrap_or(0),
            points,
            own,
        }
    }

    pub(super) fn score(&self, scores: &Scores, row: u32) -> u64 {
        let at = row as usize;
        scores.points[at] * self.rows.boosts[at] * 16 + self.rows.priors[at] * scores.best
    }

    /// Rows with their scores, the best first.
    pub(super) fn in_order(
        &self,
        scores: &Scores,
        rows: &mut dyn Iterator<Item = u32>,
    ) -> Vec<(u64, u32)> {
        let mut rows: Vec<(u64, u32)> = rows.map(|row| (self.score(scores, row), row)).collect();
        rows.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        rows
    }

    /// Points pass on between neighbouring articles, and from articles to what cites them.
    pub(super) fn pass_on(&self, own: &[u64], points: &mut [u64]) {
        for (row, points) in points.iter_mut().enumerate().take(self.rows.law_rows) {
            *points += self.beside(own, row);
        }
        for (row, articles) in &self.rows.links {
            points[*row as usize] += self.of_cited(own, articles);
        }
    }

    /// What the articles before and behind an article of law give to it.
    pub(super) fn beside(&self, own: &[u64], row: usize) -> u64 {
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
    pub(super) fn of_cited(&self, own: &[u64], articles: &[u32]) -> u64 {
        let [_, best, all, _] = self.store.core.mix.map(u64::from);
        let mut cited: Vec<u64> = articles.iter().map(|at| own[*at as usize]).collect();
        cited.sort_unstable_by(|a, b| b.cmp(a));
        let summed: u64 = cited.iter().take(SUMMED).sum();
        (cited.first().unwrap_or(&0) * best + summed * all) / 256
    }
}

/// A term of a query, its weight, and what the heads say of it.
pub(super) type WeighedTerm = (u32, u64, Head);

/// Points of all rows.
pub(super) struct Scores {
    /// Of the row's own terms.
    pub(super) own: Vec<u64>,
    /// With what neighbours and cited articles give.
    pub(super) points: Vec<u64>,
    /// The most any row has of its own.
    pub(super) best: u64,
}

pub(super) fn level(symbol: u8) -> u64 {
    LEVEL_VALUES
        .get(usize::from(symbol >> 1))
        .copied()
        .unwrap_or(0)
}

/// Whether a query says an everyday word: as it stands, or, from three characters on, its characters in their order with a few
/// others between them (拖工资 in 拖了我三个月工资).
pub(super) fn says(query: &[char], word: &str) -> bool {
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
