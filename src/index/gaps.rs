//! Words of readers' questions that are nowhere in the site: what to write about, or which synonyms to add.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::SearchDocument;
use super::acceptance::Asked;
use super::query::Engine;
use crate::doc::text::is_han;

/// Characters that make a sentence, not a word: a stretch with one of them says nothing about what is missing.
const SENTENCE: &str =
    "的了吗呢吧啊么怎能不我你您他她它们有没要是被把给在和跟与就还都也很请问谁哪几多这那个会可以";

/// What people ask with; the characters of these words can stand in others.
const ASKING: [&str; 4] = ["怎么办", "咋办", "咋整", "如何"];

/// A word the site has nowhere, and the questions it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The word.
    pub word: String,
    /// The questions, in their order.
    pub questions: Vec<String>,
}

/// The characters a site uses all the time: what they make by chance, where two words meet, says nothing.
#[derive(Clone, Debug, Default)]
pub struct Frequent(HashSet<char>);

impl Frequent {
    /// One document of so many has a frequent character.
    const ONE_OF: usize = 200;

    /// The frequent characters of a site.
    #[must_use]
    pub fn of(documents: &[SearchDocument]) -> Self {
        let mut counts: HashMap<char, usize> = HashMap::new();
        for document in documents {
            let texts = [document.title.as_str(), document.text.as_str()];
            let chars: HashSet<char> = texts.into_iter().flat_map(str::chars).collect();
            chars
                .into_iter()
                .for_each(|c| *counts.entry(c).or_default() += 1);
        }
        let least = (documents.len() / Self::ONE_OF).max(2);
        let frequent = counts.into_iter().filter(|(_, count)| *count >= least);
        Self(frequent.map(|(c, _)| c).collect())
    }

    fn are_all(&self, word: &str) -> bool {
        word.chars().all(|c| self.0.contains(&c))
    }
}

/// The words of the questions the site has nowhere, those of the most questions first.
///
/// A stretch of frequent characters is mostly the seam of two words; it counts when two questions have it.
#[must_use]
pub fn gaps(asked: &[Asked], engine: &Engine<'_>, frequent: &Frequent) -> Vec<Gap> {
    let texts: Vec<&str> = asked.iter().map(|question| &*question.text).collect();
    listed(&texts, &|pair| engine.knows(pair), frequent)
}

fn listed(texts: &[&str], knows: &dyn Fn(&str) -> bool, frequent: &Frequent) -> Vec<Gap> {
    let words: BTreeSet<String> = texts.iter().flat_map(|text| unknown(text, knows)).collect();
    let mut gaps: Vec<Gap> = words
        .into_iter()
        .map(|word| {
            let mut questions: Vec<String> = Vec::new();
            for text in texts.iter().filter(|text| text.contains(&word)) {
                if !questions.iter().any(|known| known == text) {
                    questions.push((*text).to_owned());
                }
            }
            Gap { word, questions }
        })
        .filter(|gap| gap.questions.len() > 1 || !frequent.are_all(&gap.word))
        .collect();
    // Of a word and a longer one around it, the longer says more, unless more questions have the shorter.
    let all = gaps.clone();
    gaps.retain(|gap| {
        !all.iter().any(|other| {
            let around = other.word != gap.word && other.word.contains(&gap.word);
            let inside = other.word != gap.word && gap.word.contains(&other.word);
            around && other.questions.len() >= gap.questions.len()
                || inside && other.questions.len() > gap.questions.len()
        })
    });
    gaps.sort_by_key(|gap| (Reverse(gap.questions.len()), gap.word.clone()));
    gaps
}

/// Stretches of Han characters no pair of which is known. Where two known words meet, the pair between them is no word and
/// is left out: 房东不退 with 房东 and 不退 known has no gap at 东不. One character beside known words is no word either, but it
/// may be part of one, 卡 of 健身卡 where 健身 is known: it comes with its neighbours, to three characters.
fn unknown(text: &str, knows: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut words = Vec::new();
    let text = ASKING
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, " "));
    for run in text.split(|c: char| !is_han(c) || SENTENCE.contains(c)) {
        let chars: Vec<char> = run.chars().collect();
        let known: Vec<bool> = chars
            .windows(2)
            .map(|pair| knows(&pair.iter().collect::<String>()))
            .collect();
        let mut at = 0;
        for same in known.chunk_by(|a, b| a == b) {
            let (start, end) = (at, at + same.len() + 1);
            at += same.len();
            if same[0] {
                continue;
            }
            // The characters at the ends belong to the known words beside the stretch.
            let first = start + usize::from(start > 0);
            let last = end - usize::from(end < chars.len());
            match last.saturating_sub(first) {
                0 => {}
                1 => {
                    let before = first.saturating_sub(if last == chars.len() { 2 } else { 1 });
                    let behind = last + if first == 0 { 2 } else { 1 };
                    words.push(chars[before..behind.min(chars.len())].iter().collect());
                }
                _ => words.push(chars[first..last].iter().collect()),
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, known: &[&str], words: &[&str]) {
        assert_eq!(unknown(text, &|pair| known.contains(&pair)), words);
    }

    #[test]
    fn a_word_no_pair_of_which_is_known_is_a_gap() {
        check("花呗逾期了怎么办", &["逾期"], &["花呗"]);
        check("怎么办房产证", &[], &["房产证"]);
    }

    #[test]
    fn the_seam_of_two_known_words_is_none() {
        check("房东扣押金", &["房东", "扣押", "押金"], &[]);
        check("房东的押金", &["房东", "押金"], &[]);
    }

    #[test]
    fn one_character_between_known_words_comes_with_its_neighbours() {
        check("退健身卡", &["退健", "健身"], &["健身卡"]);
        check("呗里存钱", &["里存", "存钱"], &["呗里存"]);
        check("年薪酬低", &["年薪", "酬低"], &[]);
        check("年薪税酬低", &["年薪", "酬低"], &["薪税酬"]);
    }

    #[test]
    fn what_frequent_characters_make_by_chance_is_no_gap() {
        let frequent = Frequent("地铁上丢东西租房车".chars().collect());
        let check = |texts: &[&str], expected: &[(&str, usize)]| {
            let knows = |pair: &str| ["地铁", "东西", "租房"].contains(&pair);
            let found = listed(texts, &knows, &frequent);
            let found: Vec<(&str, usize)> = found
                .iter()
                .map(|gap| (&*gap.word, gap.questions.len()))
                .collect();
            assert_eq!(found, expected, "{texts:?}");
        };
        check(&["地铁上丢东西"], &[]);
        check(&["地铁上丢东西", "车上丢了"], &[("上丢", 2)]);
        check(&["花呗", "花呗逾期", "花呗"], &[("花呗", 2)]);
        check(
            &["租房", "社恐", "花呗分期"],
            &[("社恐", 1), ("花呗分期", 1)],
        );
    }
}
