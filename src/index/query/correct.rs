//! Slips of the pen: a word nothing holds, but for one character.

use std::collections::BTreeMap;

/// How many of the best rows are read for it.
pub(super) const READ: usize = 20;
/// In how many texts a word must be that does not even sound alike.
const SHORT: usize = 5;
const LONG: usize = 2;

/// The word of the texts that differs from `run` in one character: the one in most texts, those that sound alike first.
///
/// Of three characters one is much, so a word of three that does not sound alike must be in more texts than a longer one. A
/// character the site has nowhere (`knows` is false) can only be a slip: one text is enough.
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
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        let chars: Vec<char> = text.chars().collect();
        let mut here: Vec<String> = chars
            .windows(wanted.len())
            .filter(|window| one_apart(window, &wanted))
            .map(|window| window.iter().collect())
            .collect();
        here.sort();
        here.dedup();
        here.into_iter()
            .for_each(|word| *found.entry(word).or_default() += 1);
    }
    if found.is_empty() {
        return None;
    }
    let syllables = syllables();
    let needed = if wanted.len() == 3 { SHORT } else { LONG };
    found
        .into_iter()
        .map(|(word, count)| (sounds_alike(&word, &wanted, &syllables), count, word))
        .filter(|(alike, count, word)| {
            let slip = wanted.iter().zip(word.chars()).find(|(a, b)| **a != *b);
            *alike || *count >= needed || slip.is_some_and(|(c, _)| !knows(*c))
        })
        .max_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| b.2.cmp(&a.2)))
        .map(|(_, _, word)| word)
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

fn sounds_alike(word: &str, wanted: &[char], syllables: &BTreeMap<String, String>) -> bool {
    let (a, b) = word
        .chars()
        .zip(wanted)
        .find(|(a, b)| a != *b)
        .unwrap_or(('\0', &'\0'));
    syllables
        .values()
        .any(|chars| chars.contains(a) && chars.contains(*b))
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
