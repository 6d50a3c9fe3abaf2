//! Words of readers' questions that are nowhere in the site: what to write about, or which synonyms to add.

use std::collections::BTreeMap;

use super::acceptance::Asked;
use super::query::Engine;
use crate::doc::text::is_han;

/// Characters that make a sentence, not a word: a stretch with one of them says nothing about what is missing.
const SENTENCE: &str =
    "的了吗呢吧啊么怎能不我你您他她它们有没要是被把给在和跟与就还都也很请问谁哪几多这那个会可以";

/// What people ask with; the characters of these words can stand in others.
const ASKING: [&str; 4] = ["怎么办", "咋办", "咋整", "如何"];

/// A stretch of characters the site has nowhere, and the questions it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The stretch.
    pub word: String,
    /// The questions, in their order.
    pub questions: Vec<String>,
}

/// The words of the questions the site has nowhere, the most frequent first.
#[must_use]
pub fn gaps(asked: &[Asked], engine: &Engine<'_>) -> Vec<Gap> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for question in asked {
        for word in unknown(&question.text, &|pair| engine.knows(pair)) {
            let questions = found.entry(word).or_default();
            if questions.last() != Some(&question.text) {
                questions.push(question.text.clone());
            }
        }
    }
    let mut gaps: Vec<Gap> = found
        .into_iter()
        .map(|(word, questions)| Gap { word, questions })
        .collect();
    gaps.sort_by_key(|gap| (std::cmp::Reverse(gap.questions.len()), gap.word.clone()));
    gaps
}

/// Stretches of Han characters no pair of which is known. Where two known words meet, the pair between them is no word and
/// is left out: 房东不退 with 房东 and 不退 known has no gap at 东不.
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
            if first + 1 < last {
                words.push(chars[first..last].iter().collect());
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
}
