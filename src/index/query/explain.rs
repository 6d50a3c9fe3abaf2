//! Why a result is where it is: the parts of its points.

use super::{Engine, Ranked, WeighedTerm, level};

/// A part of a result's points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How many; less than none where the result goes back.
    pub points: i64,
    /// What for.
    pub what: Why,
}

impl Reason {
    fn new(points: u64, what: Why) -> Self {
        Self {
            points: points as i64,
            what,
        }
    }
}

/// What a result has points for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A character or a pair of characters of the query, of a synonym, or of the learnt table.
    Term(String),
    /// Points of the articles before and behind it.
    Beside,
    /// Points of the articles it cites, so many.
    Cites(usize),
    /// It is cited often, or its law is.
    Cited,
    /// It goes back: better results are of the same page, or cite the same, or others come first that cite more of the likely
    /// articles.
    Repeats,
    /// It comes first, for what it cites is likely and not cited by better results.
    Covers,
    /// The query names it.
    Named,
    /// It holds the words, and stands above all that don't.
    Holds,
}

impl Engine<'_> {
    /// Where a row's score comes from; the points add up to it.
    pub(super) fn because(&self, row: u32, score: u64, ranked: &Ranked) -> Vec<Reason> {
        let at = row as usize;
        let factor = self.rows.boosts[at] * 16;
        let scores = &ranked.scores;
        let is_other = ranked.also.iter().any(|found| found.1 == row);
        let others = ranked.other_terms.iter().filter(|_| is_other);
        let others = others.map(|term| (term, true));
        let own = ranked.terms.iter().map(|term| (term, ranked.complete));
        let mut because: Vec<Reason> = own
            .chain(others)
            .filter_map(|(term, tails)| {
                let points = self.of_term(term, row, tails)?;
                Some(Reason::new(
                    points * factor,
                    Why::Term(self.text_of(term.0)),
                ))
            })
            .collect();
        because.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.what.cmp(&b.what)));
        let mut add = |points: u64, what: Why| {
            if points > 0 {
                because.push(Reason::new(points, what));
            }
        };
        if at < self.rows.law_rows {
            add(self.beside(&scores.own, at) * factor, Why::Beside);
        }
        if let Ok(link) = self.rows.links.binary_search_by_key(&row, |link| link.0) {
            let articles = &self.rows.links[link].1;
            add(
                self.of_cited(&scores.own, articles) * factor,
                Why::Cites(articles.len()),
            );
        }
        add(self.rows.priors[at] * scores.best, Why::Cited);
        let sum: i64 = because.iter().map(|reason| reason.points).sum();
        let rest = score as i64 - sum;
        if rest != 0 {
            because.push(Reason {
                points: rest,
                what: if rest > 0 { Why::Covers } else { Why::Repeats },
            });
        }
        because.extend(
            self.group(row, ranked)
                .map(|what| Reason { points: 0, what }),
        );
        because
    }

    /// What a term gives a row.
    fn of_term(&self, (key, weight, head): &WeighedTerm, row: u32, tails: bool) -> Option<u64> {
        let of = |postings: &[(u32, u8)]| postings.iter().find(|(held, _)| *held == row).copied();
        let tail = || {
            let tails = tails && head.has_tail && key & 0xFFFF != 0;
            tails.then(|| of(&self.store.tail(*key))).flatten()
        };
        let (_, symbol) = of(&head.postings).or_else(tail)?;
        Some(weight * level(symbol))
    }

    fn text_of(&self, key: u32) -> String {
        let char_of = |rank: u32| self.store.char_of(rank);
        char_of(key >> 16)
            .into_iter()
            .chain(char_of(key & 0xFFFF))
            .collect()
    }

    /// Why a row stands above others whatever their points are.
    fn group(&self, row: u32, ranked: &Ranked) -> Option<Why> {
        let among = |rows: &[(u64, u32)]| rows.iter().any(|found| found.1 == row);
        if among(&ranked.pinned) {
            Some(Why::Named)
        } else if among(&ranked.inside) || among(&ranked.outside) || among(&ranked.also) {
            Some(Why::Holds)
        } else {
            None
        }
    }
}
