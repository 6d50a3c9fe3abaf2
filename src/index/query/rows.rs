//! The document table, column by column.

use std::collections::BTreeSet;

use super::read::{Store, starts, sums};
use crate::index::SearchKind;
use crate::index::bits::unpack;

/// The columns of the document table.
pub(super) struct Rows {
    pub(super) kinds: Vec<SearchKind>,
    pub(super) boosts: Vec<u64>,
    pub(super) priors: Vec<u64>,
    pub(super) laws: Vec<Option<u32>>,
    pub(super) law_starts: Vec<u32>,
    pub(super) sets: Vec<u32>,
    pub(super) parts: BTreeSet<u32>,
    /// Rows that are a law itself and not an article of it: found when they are named or hold the words.
    pub(super) fronts: BTreeSet<u32>,
    pub(super) law_rows: usize,
    /// First row of each page behind the laws.
    pub(super) pages: Vec<u32>,
    pub(super) links: Vec<(u32, Vec<u32>)>,
}

impl Rows {
    pub(super) fn of(store: &Store<'_>) -> Self {
        let core = &store.core;
        let count = core.rows as usize;
        let (mut kinds, mut boosts) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for ((name, length), boost) in core.kinds.iter().zip(&core.boosts) {
            kinds.resize(
                (kinds.len() + *length as usize).min(count),
                SearchKind::of_name(name).unwrap_or(SearchKind::Page),
            );
            boosts.resize(kinds.len(), u64::from(*boost));
        }
        kinds.resize(count, SearchKind::Page);
        boosts.resize(count, 16);
        let (mut priors, mut laws) = (vec![0; count], vec![None; count]);
        let law_starts = starts(&core.laws);
        let lengths = unpack(&core.laws);
        let law_priors = unpack(&core.law_priors);
        for (law, (start, length)) in law_starts.iter().zip(&lengths).enumerate() {
            for row in *start..(start + length).min(core.rows) {
                laws[row as usize] = Some(law as u32);
                priors[row as usize] = law_priors.get(law).copied().map_or(0, u64::from);
            }
        }
        let own = unpack(&core.priors);
        let mut row = 0;
        for pair in own.chunks_exact(2) {
            row += pair[0];
            if let Some(prior) = priors.get_mut(row as usize) {
                *prior += u64::from(pair[1]);
            }
        }
        let mut sets = Vec::with_capacity(count);
        unpack(&core.set_runs)
            .chunks_exact(2)
            .for_each(|run| sets.resize((sets.len() + run[1] as usize).min(count), run[0]));
        sets.resize(count, 0);
        let law_rows = lengths.iter().sum::<u32>() as usize;
        let links = links(&core.links, core.rows);
        Self {
            kinds,
            boosts,
            priors,
            laws,
            law_starts,
            sets,
            parts: sums(&core.parts).into_iter().collect(),
            fronts: sums(&core.fronts).into_iter().collect(),
            law_rows,
            pages: starts(&core.pages)
                .into_iter()
                .map(|start| start.saturating_add(law_rows as u32))
                .collect(),
            links,
        }
    }

    pub(super) fn law_prior(&self, store: &Store<'_>, law: usize) -> u32 {
        unpack(&store.core.law_priors)
            .get(law)
            .copied()
            .unwrap_or(0)
    }

    /// The page a row is part of; `None` for what belongs to a law.
    pub(super) fn page(&self, row: u32) -> Option<u32> {
        let page = self.pages.partition_point(|start| *start <= row);
        page.checked_sub(1).map(|page| self.pages[page])
    }

    /// The first row of the document a row belongs to.
    pub(super) fn whole(&self, row: u32) -> u32 {
        (0..=row)
            .rev()
            .find(|row| !self.parts.contains(row))
            .unwrap_or(row)
    }
}

fn links(packed: &str, rows: u32) -> Vec<(u32, Vec<u32>)> {
    let numbers = unpack(packed);
    let (mut at, mut row, mut links) = (0, 0u32, Vec::new());
    while let (Some(gap), Some(count)) = (numbers.get(at), numbers.get(at + 1)) {
        row = row.wrapping_add(*gap);
        at += 2;
        let end = numbers.len().min(at + *count as usize);
        let mut cited = 0u32;
        let articles = numbers[at..end].iter().map(|gap| {
            cited = cited.wrapping_add(*gap);
            cited
        });
        let articles: Vec<u32> = articles.filter(|article| *article < rows).collect();
        if row < rows {
            links.push((row, articles));
        }
        at = end;
    }
    links
}
