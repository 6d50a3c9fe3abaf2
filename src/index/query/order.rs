//! The order of results: what goes back, what comes first, what the texts settle.

use std::collections::{BTreeMap, BTreeSet};

use super::pinyin::Reading;
use super::points::Scores;
use super::rows::Rows;
use super::{Engine, Ranked};
use crate::index::PART;
use crate::index::token::fold;

/// How many documents that cite articles are chosen to cover the likely ones; see [`Engine::cover`].
const COVERING: usize = 5;
/// From how many of the best they are chosen.
const CHOSEN_FROM: usize = 50;
/// What cites more articles than this is about none of them in particular, and is not chosen for them.
const FEW_CITED: usize = 6;
/// How often at most a result goes back.
const MOST_STEPS: i32 = 4;

impl Engine<'_> {
    /// Of rows that hold the words only with the title of their page, the best of a page is enough, and none where the page
    /// has a place that holds them itself.
    pub(super) fn one_a_page(&self, held: &mut BTreeMap<u32, bool>, scores: &Scores) {
        let inside = held.iter().filter(|(_, own)| **own);
        let mut pages: BTreeSet<u32> = inside.filter_map(|(row, _)| self.rows.page(*row)).collect();
        let mut outside = held.iter().filter(|(_, own)| !**own).map(|(row, _)| *row);
        for (_, row) in self.in_order(scores, &mut outside) {
            if self.rows.page(row).is_some_and(|page| !pages.insert(page)) {
                held.remove(&row);
            }
        }
    }

    /// Documents that have points and are not `told` of already, each by its best row, the best first.
    pub(super) fn near(&self, scores: &Scores, told: &BTreeSet<u32>) -> Vec<(u64, u32)> {
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

    /// Results that say the same again go back a little, so that a reader sees more: further places of a page and, among near
    /// results (`citing`), what cites only articles that better results cite too.
    pub(super) fn vary(&self, mut found: Vec<(u64, u32)>, citing: bool) -> Vec<(u64, u32)> {
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
            let articles = if citing { self.cites(*row) } else { &[] };
            if !articles.is_empty() {
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

    /// The first of the documents that cite a few articles: the best stays, the next are chosen so that together with it they cite
    /// the likely articles, each once (greedy cover by votes). An article's vote is the fourth power of its own points, with those
    /// of the documents that cite it, a document with many giving less to each; points go by 128ths of the best. The others keep
    /// their order, and places between them that cite nothing, or many, stay where they are.
    pub(super) fn cover(&self, mut found: Vec<(u64, u32)>, scores: &Scores) -> Vec<(u64, u32)> {
        let places: Vec<usize> = (0..found.len())
            .filter(|at| (1..=FEW_CITED).contains(&self.cites(found[*at].1).len()))
            .take(CHOSEN_FROM)
            .collect();
        let candidates: Vec<(u64, u32)> = places.iter().map(|at| found[*at]).collect();
        let mut votes = self.votes(&candidates, scores);
        let mut rest: Vec<u32> = candidates.iter().map(|(_, row)| *row).collect();
        let mut order = Vec::with_capacity(COVERING);
        while order.len() < COVERING && !rest.is_empty() {
            let gain = |row: u32| -> u64 {
                let articles = self.cites(row).iter();
                articles.filter_map(|article| votes.get(article)).sum()
            };
            // Of equals the first.
            let most = (0..rest.len()).rev().max_by_key(|at| gain(rest[*at]));
            let row = rest.remove(most.filter(|_| !order.is_empty()).unwrap_or(0));
            for article in self.cites(row) {
                votes.remove(article);
            }
            order.push(row);
        }
        for (at, row) in places.into_iter().zip(order.into_iter().chain(rest)) {
            found[at].1 = row;
        }
        found
    }

    /// How likely the articles are that some documents cite; see [`Engine::cover`].
    fn votes(&self, candidates: &[(u64, u32)], scores: &Scores) -> BTreeMap<u32, u64> {
        let part = |score: u64, best: u64| (score * 128 / best.max(1)).pow(4);
        let best = candidates.first().map_or(0, |(score, _)| *score);
        let mut votes: BTreeMap<u32, u64> = BTreeMap::new();
        for (score, row) in candidates {
            let articles = self.cites(*row);
            let vote = part(*score, best) * (4096 / articles.len().max(1) as u64).isqrt();
            for article in articles {
                *votes.entry(*article).or_default() += vote;
            }
        }
        let own = |article: u32| self.score(scores, article);
        let best = votes.keys().map(|article| own(*article)).max();
        for (article, votes) in &mut votes {
            *votes += 128 * part(own(*article), best.unwrap_or(0));
        }
        votes
    }

    /// The articles a document cites.
    fn cites(&self, row: u32) -> &[u32] {
        let links = &self.rows.links;
        let found = links.binary_search_by_key(&row, |link| link.0);
        found.map_or(&[], |at| links[at].1.as_slice())
    }

    /// Puts rows in their final order, reading texts only as far as `limit` needs.
    pub(super) fn settle(&self, ranked: &Ranked, read: &Reading, limit: usize) -> Vec<(u64, u32)> {
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

    pub(super) fn holds(&self, row: u32, runs: &[String]) -> Holds {
        let Some(record) = self.store.record(row) else {
            return Holds::Not;
        };
        let title = fold(&record.title);
        let mut own = fold(&record.text);
        if self.rows.laws[row as usize].is_none() || self.rows.fronts.contains(&row) {
            let heading = record.title.rsplit(PART).next();
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
}

/// Results in their order, each document once, where its best part stands.
pub(super) struct Order<'a> {
    pub(super) rows: &'a Rows,
    pub(super) found: Vec<(u64, u32)>,
    pub(super) seen: BTreeSet<u32>,
}

impl<'a> Order<'a> {
    pub(super) fn of(rows: &'a Rows) -> Self {
        Self {
            rows,
            found: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    pub(super) fn extend(&mut self, found: impl IntoIterator<Item = (u64, u32)>) {
        for (score, row) in found {
            if self.seen.insert(self.rows.whole(row)) {
                self.found.push((score, row));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Title,
    Not,
}

pub(super) fn before(a: &(u64, u32), b: &(u64, u32)) -> bool {
    (std::cmp::Reverse(a.0), a.1) < (std::cmp::Reverse(b.0), b.1)
}
