//! Slips of the pen: a word nothing holds, but for one character.

use std::collections::{BTreeMap, BTreeSet};

/// How many of the best rows are read for it.
pub(super) const READ: usize = 20;
/// In how many texts a word must be that does not even sound alike.
const SHORT: usize = 5;
const LONG: usize = 2;
/// Of a word with so many characters the rest says which it is, though the first or the last is another.
const WHOLE: usize = 5;

/// The word of the texts that differs from `run` in one character: the one in most texts, those that sound alike first.
///
/// Of three characters one is much, so a word of three that does not sound alike must be in more texts than a longer one. A
/// character the site has nowhere (`knows` is false) can only be a slip: one text is enough. Words that readers put together
/// themselves (没发工资) are no slip of what happens to stand beside the same characters (代发工资): a first or last character that
/// does not sound alike is mended in long words only, and what takes its place must be the border of a word, so that other
/// things stand beside it elsewhere.
pub(super) fn mend(
    run: &str,
    texts: &[String],
    knows: impl Fn(char) -> bool,
    syllables: impl Fn() -> BTreeMap<String, String>,
) -> Option<String> {
    let wanted: Vec<char> = run.chars().collect();
    if wanted.len() < 3 || run.is_ascii() || texts.iter().any(|text| text.contains(run)) {
        return None;
    }
    let mut found: BTreeMap<String, Seen> = BTreeMap::new();
    for (number, text) in texts.iter().enumerate() {
        let chars: Vec<char> = text.chars().collect();
        for (at, window) in chars.windows(wanted.len()).enumerate() {
            if one_apart(window, &wanted) {
                let seen = found.entry(window.iter().collect()).or_default();
                let beside = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
                seen.texts.insert(number);
                seen.before.insert(beside(at.checked_sub(1)));
                seen.behind.insert(beside(Some(at + wanted.len())));
            }
        }
    }
    if found.is_empty() {
        return None;
    }
    let syllables = syllables();
    let needed = if wanted.len() == 3 { SHORT } else { LONG };
    let worth = |word: &String, seen: &Seen| {
        let new: Vec<char> = word.chars().collect();
        let slip = (0..new.len()).find(|at| new[*at] != wanted[*at])?;
        let alike = sounds_alike(new[slip], wanted[slip], &syllables);
        let likely = match slip {
            0 => is_border(&seen.before) && (alike || wanted.len() >= WHOLE),
            last if last + 1 == new.len() => {
                is_border(&seen.behind) && (alike || wanted.len() >= WHOLE)
            }
            _ => true,
        };
        let count = seen.texts.len();
        let enough = likely && (alike || count >= needed);
        (enough || !knows(wanted[slip])).then_some((alike, count))
    };
    found
        .into_iter()
        .filter_map(|(word, seen)| Some((worth(&word, &seen)?, word)))
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)))
        .map(|(_, word)| word)
}

/// Where a word was seen: in which texts, and what stood before and behind it, nothing at the end of a text.
#[derive(Default)]
struct Seen {
    texts: BTreeSet<usize>,
    before: BTreeSet<Option<char>>,
    behind: BTreeSet<Option<char>>,
}

/// Whether these neighbours show that a word ends there: a border, or different ones.
fn is_border(neighbours: &BTreeSet<Option<char>>) -> bool {
    neighbours.len() > 1 || neighbours.contains(&None) || neighbours.contains(&Some(' '))
}

/// Whether one character differs, and that is no numeral: another number is another thing, not a slip.
fn one_apart(window: &[char], wanted: &[char]) -> bool {
    if window.contains(&' ') {
        return false;
    }
    let mut apart = window.iter().zip(wanted).filter(|(a, b)| a != b);
    let first = apart.next();
    first.is_some_and(|(a, b)| !is_numeral(*a) && !is_numeral(*b)) && apart.next().is_none()
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二三四五六七八九十百千万".contains(c)
}

fn sounds_alike(a: char, b: char, syllables: &BTreeMap<String, String>) -> bool {
    syllables
        .values()
        .any(|chars| chars.contains(a) && chars.contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(run: &str, texts: &[&str], mended: Option<&str>) {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let syllables = || {
            BTreeMap::from([
                ("he".to_owned(), "合和何".to_owned()),
                ("dong".to_owned(), "动冻".to_owned()),
            ])
        };
        let knows = |c: char| c != '龘';
        assert_eq!(mend(run, &texts, knows, syllables).as_deref(), mended);
    }

    #[test]
    fn a_character_that_sounds_alike_is_enough() {
        check("劳动和同", &["订立劳动合同"], Some("劳动合同"));
        check("动和同", &["劳动合同"], Some("动合同"));
    }

    #[test]
    fn another_character_needs_more_texts() {
        check("劳动全同", &["劳动合同"], None);
        check("劳动全同", &["劳动合同", "劳动合同法"], Some("劳动合同"));
        check("动全同", &["劳动合同"; 4], None);
    }

    #[test]
    fn a_character_the_site_has_nowhere_is_a_slip() {
        check("劳动龘同", &["劳动合同"], Some("劳动合同"));
        check("动龘同", &["劳动合同"], Some("动合同"));
    }

    #[test]
    fn words_put_together_are_no_slip_of_their_neighbours() {
        check("没发工资", &["代发工资"; 6], None);
        check("讨工资", &["的工资"; 6], None);
        check("离婚了", &["离婚后"; 6], None);
        check("劳动合司", &["劳动合同"; 6], None);
        check("劳动合同发", &["劳动合同法"; 2], Some("劳动合同法"));
        // What sounds alike there must be a word's border: 合 stands behind 集 only.
        check("何劳动", &["集合劳动"; 6], None);
        check("何劳动", &["集合劳动", "组合劳动"], Some("合劳动"));
    }

    #[test]
    fn another_number_is_no_slip() {
        check(
            "第一百二十条",
            &["第一百二十三条", "第一百三十条", "第一百三十条"],
            None,
        );
    }

    #[test]
    fn a_word_that_is_there_is_right() {
        check("劳动合同", &["劳动合同", "劳动和同"], None);
        check("合同", &["何同"], None);
    }
}
