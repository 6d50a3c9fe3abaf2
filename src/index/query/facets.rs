//! Filters, and how many results each would leave.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, LazyNames, MOST, Request};
use crate::index::SearchKind;

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

impl Engine<'_> {
    /// How many results each value of each filter leaves, beside the other filters.
    pub(super) fn facets(
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
                    .names
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
}

/// A request's filters with the numbers of what they name; a name that is nowhere lets nothing pass.
pub(super) struct Filter {
    pub(super) kind: Option<SearchKind>,
    pub(super) topic: Option<Option<u32>>,
    pub(super) audience: Option<Option<u32>>,
    pub(super) law: Option<Option<u32>>,
}

impl Filter {
    pub(super) fn of(engine: &Engine<'_>, request: &Request, names: &LazyNames) -> Self {
        let core = &engine.store.core;
        let listed = |names: &[String], wanted: &Option<String>| {
            let place = |wanted| names.iter().position(|name| name == wanted);
            wanted
                .as_ref()
                .map(|wanted| place(wanted).map(|at| at as u32))
        };
        let law = |wanted: &String| {
            let laws = names.get(&engine.store);
            let place = laws.names.iter().position(|law| law.0 == *wanted);
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
    pub(super) fn failed(&self, engine: &Engine<'_>, row: u32) -> Vec<Dimension> {
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
pub(super) enum Dimension {
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
