//! The table learnt from the site's own citations: which words of the statutes answer which words of the questions.
//!
//! A question and an article it cites are a pair. A pair of characters of the question and one of the article that occur
//! together in more pairs than chance explains belong together: 跳楼 and 自杀, 工资 and 报酬.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::Weights;
use super::field::{Alphabet, Entry};
use super::token::{fold, terms};

/// How many words of the law a word of the questions leads to.
const BEST: usize = 5;
/// In how many pairs two words must meet before that says anything.
const SUPPORT: u32 = 3;

/// For a term of the questions: terms of the law, each with its strength (1 to 255), the strongest first.
pub(super) type Learnt = BTreeMap<u32, Vec<(u32, u8)>>;

/// Learns from all anchors of all articles of law.
pub(super) fn learn(entries: &[Entry<'_>], alphabet: &Alphabet, weights: &Weights) -> Learnt {
    if weights.expansions == 0 {
        return Learnt::new();
    }
    let cited: Vec<&Entry<'_>> = entries
        .iter()
        .filter(|entry| {
            entry.document.law.is_some() && !entry.continues && !entry.cited.questions.is_empty()
        })
        .collect();
    let articles: Vec<Vec<u32>> = cited
        .par_iter()
        .map(|entry| pairs_of(&entry.fields[2], alphabet))
        .collect();
    let asked = cited.iter().enumerate().flat_map(|(article, entry)| {
        entry
            .cited
            .questions
            .iter()
            .map(move |question| (article, question))
    });
    let mut meetings: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut total = 0.0;
    let mut occurrences: HashMap<u32, u32> = HashMap::new();
    for (article, question) in asked {
        total += 1.0;
        pairs_of(&fold(&question.title), alphabet)
            .into_iter()
            .for_each(|key| meetings.entry(key).or_default().push(article));
        articles[article]
            .iter()
            .for_each(|key| *occurrences.entry(*key).or_default() += 1);
    }
    let meetings: Vec<(u32, Vec<usize>)> = meetings
        .into_iter()
        .filter(|(_, articles)| articles.len() >= SUPPORT as usize)
        .collect();
    let best = |(key, met): &(u32, Vec<usize>)| {
        let mut together: HashMap<u32, u32> = HashMap::new();
        met.iter().for_each(|article| {
            articles[*article]
                .iter()
                .for_each(|term| *together.entry(*term).or_default() += 1)
        });
        let mut strong: Vec<(f64, u32)> = together
            .into_iter()
            .filter(|(term, count)| *count >= SUPPORT && term != key)
            .map(|(term, count)| {
                (
                    strength(
                        f64::from(count),
                        met.len() as f64,
                        f64::from(occurrences[&term]),
                        total,
                    ),
                    term,
                )
            })
            .filter(|(strength, _)| *strength > 0.1)
            .collect();
        strong.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let strong = strong
            .into_iter()
            .take(BEST)
            .map(|(strength, term)| (term, (strength * 255.0).round() as u8));
        (*key, strong.collect::<Vec<_>>())
    };
    meetings
        .par_iter()
        .map(best)
        .filter(|(_, strong)| !strong.is_empty())
        .collect()
}

/// Normalised pointwise mutual information: 1 where two terms always meet, 0 where they meet by chance.
fn strength(together: f64, first: f64, second: f64, total: f64) -> f64 {
    let chance = (together * total / (first * second)).ln();
    let most = -(together / total).ln();
    if most > 0.0 {
        (chance / most).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

fn pairs_of(folded: &str, alphabet: &Alphabet) -> Vec<u32> {
    let mut keys: Vec<u32> = terms(folded)
        .filter(|term| term.1.is_some())
        .map(|term| alphabet.key(term))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
