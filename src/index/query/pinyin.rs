//! Letters as Chinese: whole syllables, first letters, and words half typed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::read::Store;

/// Syllables and the characters read so.
pub(super) fn syllables(store: &Store<'_>) -> BTreeMap<String, String> {
    store.file(&store.core.pinyin, "base").unwrap_or_default()
}

/// Runs as they are searched, and the other thing their letters may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) runs: Vec<String>,
    /// As typed, where `runs` is Chinese; Chinese, where the site writes the letters themselves.
    pub(super) other: Option<Vec<String>>,
}

/// The runs with their letters read as pinyin; `None` where there are no letters, or they mean nothing. Letters of a query in
/// `capitals` mean themselves first.
pub(super) fn to_chinese(store: &Store<'_>, runs: &[String], capitals: bool) -> Option<Reading> {
    let count = |run: &String| match Script::of(run) {
        Script::Letters | Script::Mixed => run.chars().filter(|c| !is_han(*c)).count(),
        Script::Other => 0,
    };
    if runs.iter().map(count).sum::<usize>() < 2 {
        return None;
    }
    let table = Table::read(store, runs);
    let (mut out, mut others, mut is_twofold) = (Vec::new(), Vec::new(), false);
    for group in runs.chunk_by(|a, b| Script::of(a) == Script::of(b)) {
        let as_typed = Reading {
            runs: group.to_vec(),
            other: None,
        };
        let Reading { runs, other } = match Script::of(&group[0]) {
            Script::Letters => table.meant(group, capitals)?,
            Script::Mixed if capitals => as_typed,
            Script::Mixed => table.rejoined(group),
            Script::Other => as_typed,
        };
        is_twofold |= other.is_some();
        others.extend(other.unwrap_or_else(|| runs.clone()));
        out.extend(runs);
    }
    Some(Reading {
        runs: out,
        other: is_twofold.then_some(others),
    })
}

/// Whether the letters of a query are all capitals, as in GDP.
pub(super) fn is_capitals(query: &str) -> bool {
    let any = |small: char, wide: char| {
        let mut chars = query.chars();
        chars.any(|c| {
            (small..).take(26).any(|one| one == c) || (wide..).take(26).any(|one| one == c)
        })
    };
    any('A', 'Ａ') && !any('a', 'ａ')
}

/// What a run is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Letters, perhaps with marks of tones.
    Letters,
    /// Such letters and Chinese characters: lao赖.
    Mixed,
    Other,
}

impl Script {
    fn of(run: &str) -> Self {
        if !run
            .chars()
            .all(|c| is_han(c) || !without_tone(c).is_empty())
        {
            return Self::Other;
        }
        match (run.chars().any(is_han), run.chars().all(is_han)) {
            (false, _) => Self::Letters,
            (true, false) => Self::Mixed,
            (true, true) => Self::Other,
        }
    }
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Letters of pinyin with their marks, each behind the letter it is typed as.
const TONES: &str = "aāáǎàăâ eēéěèĕê iīíǐìĭî oōóǒòŏô uūúǔùŭû vüǖǘǚǜ nńňǹ";

/// The letter of pinyin a character is; empty for all other characters.
fn without_tone(c: char) -> &'static str {
    if c.is_ascii_lowercase() {
        let at = usize::from(c as u8 - b'a');
        return &"abcdefghijklmnopqrstuvwxyz"[at..=at];
    }
    let mut small = c.to_lowercase();
    let Some(small) = small.next().filter(|_| small.len() == 0) else {
        return "";
    };
    let marked = TONES
        .split(' ')
        .find(|one| !c.is_ascii() && one.contains(small));
    marked.map_or("", |one| &one[..1])
}

/// The runs as pinyin is typed without marks: nǚ'ér is nv er.
fn without_tones(runs: &[String]) -> Vec<String> {
    let plain = |c: char| {
        if is_han(c) {
            c.to_string()
        } else {
            without_tone(c).to_owned()
        }
    };
    runs.iter()
        .map(|run| run.chars().map(plain).collect())
        .collect()
}

/// What is known of the letters a query has.
struct Table {
    /// Characters of a syllable, and whether they are commonly read so.
    syllables: BTreeMap<String, Vec<(char, bool)>>,
    ranks: HashMap<char, u32>,
    /// Syllables of a character, and whether it is commonly read so.
    readings: HashMap<char, Vec<(String, bool)>>,
    phrases: BTreeMap<char, Vec<Vec<char>>>,
    pairs: HashMap<(char, char), i32>,
    /// Words the site writes in letters, in order.
    words: Vec<String>,
}

/// The best sum of neighbours up to a character, and where it came from.
type Way = (i32, Option<(usize, char)>);

/// What two neighbours count that the site has nowhere.
const STRANGERS: i32 = -4;
/// What a reading costs that is not the common one.
const UNUSUAL: i32 = 2;
/// More letters than this are no pinyin; more first letters than this say nothing.
const LONGEST: usize = 40;
const LONGEST_BEGUN: usize = 8;
/// A longer word in capitals was typed with a key stuck.
const LONGEST_CAPITALS: usize = 6;
/// Fewer letters than this begin too many words.
const SHORTEST_BEGUN: usize = 3;

/// Characters of a syllable: those before the bar are commonly read so.
fn by_custom(chars: &str) -> Vec<(char, bool)> {
    let (often, sometimes) = chars.split_once('|').unwrap_or((chars, ""));
    let often = often.chars().map(|c| (c, true));
    often.chain(sometimes.chars().map(|c| (c, false))).collect()
}

impl Table {
    fn read(store: &Store<'_>, runs: &[String]) -> Self {
        let syllables: BTreeMap<String, Vec<(char, bool)>> = syllables(store)
            .into_iter()
            .map(|(syllable, chars)| (syllable, by_custom(&chars)))
            .collect();
        let mut readings: HashMap<char, Vec<(String, bool)>> = HashMap::new();
        for (syllable, chars) in &syllables {
            for (c, often) in chars {
                let known = readings.entry(*c).or_default();
                known.push((syllable.clone(), *often));
            }
        }
        let mut letters: Vec<char> = Vec::new();
        for (run, typed) in without_tones(runs).iter().zip(runs) {
            let is_mixed = Script::of(typed) == Script::Mixed;
            letters.extend(run.chars().filter(char::is_ascii_lowercase));
            // What stands beside a character is told with the characters of its own syllables.
            let read = run
                .chars()
                .filter_map(|c| readings.get(&c).filter(|_| is_mixed));
            letters.extend(
                read.flatten()
                    .filter_map(|(syllable, _)| syllable.chars().next()),
            );
        }
        letters.sort_unstable();
        letters.dedup();
        let (mut phrases, mut pairs, mut words) = (BTreeMap::new(), HashMap::new(), Vec::new());
        for letter in letters {
            let Some([listed, grouped, written]) =
                store.file::<[String; 3]>(&store.core.pinyin, &letter.to_string())
            else {
                continue;
            };
            let written = written.split('|').filter(|word| !word.is_empty());
            words.extend(written.map(str::to_owned));
            phrases.insert(
                letter,
                listed
                    .split('|')
                    .map(|phrase| phrase.chars().collect())
                    .collect(),
            );
            for group in grouped.split('|') {
                let mut chars = group.chars();
                let Some(first) = chars.next() else { continue };
                let mut class = 0;
                for c in chars {
                    match c.to_digit(10) {
                        Some(digit) => class = digit as i32 + 1,
                        None => drop(pairs.insert((first, c), class)),
                    }
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        let ranks = readings.keys().map(|c| (*c, store.rank(*c))).collect();
        Self {
            syllables,
            ranks,
            readings,
            phrases,
            pairs,
            words,
        }
    }

    /// What letters mean. A word of the site that no pinyin is spelled like means itself first, then a phrase of the site it may
    /// begin, and so do capitals; all other letters are pinyin first, then themselves, where words of the site begin so.
    fn meant(&self, group: &[String], capitals: bool) -> Option<Reading> {
        let (typed, plain) = (group.to_vec(), without_tones(group));
        let phrase = || {
            let (phrase, begun) = self.phrase(&plain.concat(), &borders(&plain))?;
            (begun == 0).then_some(vec![phrase])
        };
        if group
            .iter()
            .any(|run| self.is_word(run) && !self.is_syllables(run))
        {
            return Some(Reading {
                runs: typed,
                other: phrase(),
            });
        }
        let chinese = vec![self.chinese(&plain)?];
        if capitals
            && group
                .iter()
                .all(|run| run.chars().count() <= LONGEST_CAPITALS)
        {
            return Some(Reading {
                runs: typed,
                other: Some(chinese),
            });
        }
        let all_words = group.iter().all(|run| self.is_word(run));
        Some(if all_words && phrase().is_none() {
            Reading {
                runs: typed,
                other: Some(chinese),
            }
        } else {
            let begun = |run: &String| self.is_word(run) || self.begins_a_word(run);
            Reading {
                runs: chinese,
                other: group.iter().all(begun).then_some(typed),
            }
        })
    }

    /// Words with the letters beside their characters read as pinyin, 离hun as 离婚; as typed where the site writes the letters, or
    /// they mean nothing.
    fn rejoined(&self, group: &[String]) -> Reading {
        let typed = group.to_vec();
        let mut runs = Vec::new();
        let mut any_word = false;
        for (run, plain) in group.iter().zip(without_tones(group)) {
            let parts = plain.split(is_han).filter(|part| part.len() > 1);
            any_word |= parts.clone().any(|part| self.is_word(part));
            let read = parts.clone().next().and_then(|_| self.word(&plain));
            runs.push(read.unwrap_or_else(|| run.clone()));
        }
        if runs == typed {
            return Reading { runs, other: None };
        }
        if any_word {
            return Reading {
                runs: typed,
                other: Some(runs),
            };
        }
        Reading { runs, other: None }
    }

    /// The word that letters and characters are: a phrase of the site, or characters that all are neighbours there, for what is
    /// beside letters may as well be beside a foreign word (AI诈骗).
    fn word(&self, plain: &str) -> Option<String> {
        if let Some((phrase, 0)) = self.phrase(plain, &[]) {
            return Some(phrase);
        }
        let word = self.chinese(&[plain.to_owned()])?;
        let mut pairs = word.chars().zip(word.chars().skip(1));
        pairs
            .all(|pair| self.pairs.contains_key(&pair))
            .then_some(word)
    }

    /// Whether the site writes these letters itself, as it writes APP.
    fn is_word(&self, run: &str) -> bool {
        self.words
            .binary_search_by(|word| word.as_str().cmp(run))
            .is_ok()
    }

    fn begins_a_word(&self, run: &str) -> bool {
        let at = self.words.partition_point(|word| word.as_str() < run);
        let next = self.words.get(at);
        run.len() >= SHORTEST_BEGUN && next.is_some_and(|word| word.starts_with(run))
    }

    fn is_syllables(&self, letters: &str) -> bool {
        letters.is_empty()
            || (1..=letters.len().min(6)).any(|length| {
                self.syllables.contains_key(&letters[..length])
                    && self.is_syllables(&letters[length..])
            })
    }

    /// The best reading: a phrase of the site, else characters that are common neighbours, where first letters are not all there is.
    fn chinese(&self, runs: &[String]) -> Option<String> {
        let letters: String = runs.concat();
        if letters.chars().count() > LONGEST {
            return None;
        }
        let borders = borders(runs);
        let phrase = self.phrase(&letters, &borders);
        let alone = self.syllables.get(&letters).filter(|_| runs.len() == 1);
        match phrase {
            Some((phrase, 0)) if alone.is_none() || self.spells(&phrase, &letters) => {
                return Some(phrase);
            }
            _ => {}
        }
        // Its characters stand in order: those commonly read so before the others, the most frequent first.
        if let Some(chars) = alone {
            return chars.first().map(|(c, _)| c.to_string());
        }
        let composed = |begun| {
            let spelt = runs.iter().any(|run| self.holds_a_syllable(run));
            spelt.then(|| self.neighbours(&letters, &borders, begun))?
        };
        composed(false)
            .or(phrase.map(|(phrase, _)| phrase))
            .or_else(|| composed(true))
    }

    /// Whether a phrase is these letters, written out: 立案 is lian, and 卡能 only begins with qian.
    fn spells(&self, phrase: &str, letters: &str) -> bool {
        let mut rest = phrase.chars();
        let Some(c) = rest.next() else {
            return letters.is_empty();
        };
        let mut known = self.readings.get(&c).into_iter().flatten();
        known.any(|(syllable, _)| {
            let behind = letters.strip_prefix(syllable.as_str());
            behind.is_some_and(|behind| self.spells(rest.as_str(), behind))
        })
    }

    /// Whether a whole syllable of two letters or more stands in it.
    fn holds_a_syllable(&self, run: &str) -> bool {
        let is_one = |from: usize, to: usize| {
            let part = run.get(from..to);
            part.is_some_and(|part| self.syllables.contains_key(part))
        };
        (0..run.len()).any(|from| (from + 2..=from + 6).any(|to| is_one(from, to)))
    }

    /// The words of two characters and more that begin a phrase of the site and are spelt so: the one with the fewest characters only
    /// begun or read in an unusual way, of equals the one most phrases begin with; and how many those characters are.
    fn phrase(&self, letters: &str, borders: &[usize]) -> Option<(String, u32)> {
        let first = letters.chars().next()?;
        let first = if is_han(first) {
            self.readings.get(&first)?.first()?.0.chars().next()?
        } else {
            first
        };
        let mut found: Vec<(u32, Reverse<u32>, String)> = Vec::new();
        for phrase in self.phrases.get(&first).into_iter().flatten() {
            let Some((length, begun)) = self.reads(letters, 0, phrase, 0, borders) else {
                continue;
            };
            let phrase: String = phrase[..length].iter().collect();
            match found.iter_mut().find(|known| known.2 == phrase) {
                Some(known) => known.1.0 += 1,
                None => found.push((begun, Reverse(1), phrase)),
            }
        }
        let best = found.into_iter().min_by_key(|one| (one.0, one.1))?;
        Some((best.2, best.0))
    }

    /// Reads `letters[at..]` as `phrase[place..]`: how many characters of the phrase in all, how many only begun or read in an
    /// unusual way. Those that are both are none.
    fn reads(
        &self,
        letters: &str,
        at: usize,
        phrase: &[char],
        place: usize,
        borders: &[usize],
    ) -> Option<(usize, u32)> {
        if at == letters.len() {
            return (place > 1).then_some((place, 0));
        }
        let rest = &letters[at..];
        let c = phrase.get(place)?;
        if let Some(han) = rest.chars().next().filter(|c| is_han(*c)) {
            let same = han == *c;
            return same
                .then(|| self.reads(letters, at + han.len_utf8(), phrase, place + 1, borders))?;
        }
        let mut best: Option<(usize, u32)> = None;
        for (syllable, often) in self.readings.get(c)? {
            for (length, begun) in ways(rest, syllable) {
                if begun && !often {
                    continue;
                }
                if borders
                    .iter()
                    .any(|border| *border > at && *border < at + length)
                {
                    continue;
                }
                let Some((chars, more)) =
                    self.reads(letters, at + length, phrase, place + 1, borders)
                else {
                    continue;
                };
                // A last syllable half typed is as good as a whole one.
                let begun = begun && at + length < letters.len();
                let begun = u32::from(begun || !often) + more;
                if best.is_none_or(|(_, least)| begun < least) {
                    best = Some((chars, begun));
                }
            }
        }
        best
    }

    /// The characters that fit best side by side; of equals the most frequent. With `begun`, first letters stand for characters, and
    /// then all must be known neighbours.
    fn neighbours(&self, letters: &str, borders: &[usize], begun: bool) -> Option<String> {
        let length = letters.len();
        if begun && letters.chars().count() > LONGEST_BEGUN {
            return None;
        }
        let mut ends: Vec<BTreeMap<char, Way>> = vec![BTreeMap::new(); length + 1];
        for at in 0..length {
            let before = self.by_frequency(&ends[at]);
            if at > 0 && before.is_empty() {
                continue;
            }
            for (used, c, often) in self.chars_at(letters, at, borders, begun) {
                let best = if at == 0 {
                    Some((0, None))
                } else {
                    self.joined(&before, c, at, begun)
                };
                let Some((sum, back)) = best else { continue };
                let way = (sum - if often { 0 } else { UNUSUAL }, back);
                let known = ends[at + used].entry(c).or_insert(way);
                if way.0 > known.0 {
                    *known = way;
                }
            }
        }
        let best = |a: (char, Way), b: (char, Way)| if b.1.0 > a.1.0 { b } else { a };
        let (mut c, (_, mut back)) = self.by_frequency(&ends[length]).into_iter().reduce(best)?;
        let mut out = vec![c];
        while let Some((at, before)) = back {
            c = before;
            out.push(c);
            back = ends[at].get(&c).and_then(|way| way.1);
        }
        Some(out.into_iter().rev().collect())
    }

    fn by_frequency(&self, ends: &BTreeMap<char, Way>) -> Vec<(char, Way)> {
        let mut ends: Vec<(char, Way)> = ends.iter().map(|(c, way)| (*c, *way)).collect();
        ends.sort_by_key(|(c, _)| self.ranks.get(c).copied().unwrap_or(u32::MAX));
        ends
    }

    /// The best way to `c` from the characters that end at `at`.
    fn joined(&self, before: &[(char, Way)], c: char, at: usize, begun: bool) -> Option<Way> {
        let worth = |(other, (sum, _)): &(char, Way)| {
            let worth = match self.pairs.get(&(*other, c)) {
                Some(worth) => *worth,
                None if begun => return None,
                None => STRANGERS,
            };
            Some((sum + worth, Some((at, *other))))
        };
        before
            .iter()
            .filter_map(worth)
            .reduce(|a, b| if b.0 > a.0 { b } else { a })
    }

    fn chars_at(
        &self,
        letters: &str,
        at: usize,
        borders: &[usize],
        begun: bool,
    ) -> Vec<(usize, char, bool)> {
        let rest = &letters[at..];
        let mut out = Vec::new();
        if let Some(han) = rest.chars().next().filter(|c| is_han(*c)) {
            out.push((han.len_utf8(), han, true));
        }
        for (syllable, chars) in &self.syllables {
            for (length, only_begun) in ways(rest, syllable) {
                let whole = !only_begun || at + length == letters.len();
                let parted = borders
                    .iter()
                    .any(|border| *border > at && *border < at + length);
                if !parted && (whole || begun) {
                    let read = chars.iter().filter(|(_, often)| *often || !only_begun);
                    out.extend(read.map(|(c, often)| (length, *c, *often)));
                }
            }
        }
        out
    }
}

/// Where one run ends and the next begins.
fn borders(runs: &[String]) -> Vec<usize> {
    let ends = runs.iter().scan(0, |sum, run| {
        *sum += run.len();
        Some(*sum)
    });
    ends.take(runs.len().saturating_sub(1)).collect()
}

/// How a syllable may be typed at the beginning of `rest`: whole, by its first letter or by zh, ch, sh, or half at the end.
/// With each, how many letters that takes and whether the syllable was only begun.
fn ways(rest: &str, syllable: &str) -> Vec<(usize, bool)> {
    let mut ways = Vec::new();
    if rest.starts_with(syllable) {
        ways.push((syllable.len(), false));
    } else if syllable.starts_with(rest) {
        ways.push((rest.len(), true));
    }
    let double = matches!(syllable.get(..2), Some("zh" | "ch" | "sh")) && syllable.len() > 2;
    for length in [Some(1), double.then_some(2)].into_iter().flatten() {
        let new = !ways.iter().any(|(known, _)| *known == length);
        if new && length < syllable.len() && rest.get(..length) == syllable.get(..length) {
            ways.push((length, true));
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Url;
    use crate::index::token::runs;
    use crate::index::{IndexOptions, SearchDocument, SearchKind, build};

    /// A site of titles; what letters mean there first, and else.
    #[track_caller]
    fn check(query: &str, first: Option<&str>, other: Option<&str>) {
        let pages = [
            "工资什么时候发",
            "工资条要不要给",
            "公证",
            "家长会",
            "工作",
            "离婚冷静期",
            "女儿出嫁",
            "律师",
            "隔断房",
            "识字",
            "知道",
            "知情",
            "老赖",
            "立案",
            "长期",
            "钱",
            "卡能",
            "下载 WIFI",
            "爱",
        ];
        let document = |(number, title): (usize, &&str)| {
            let url = Url::new(&format!("/{number}/"));
            SearchDocument::new(url, SearchKind::Page, *title, "知道知道。")
        };
        let documents: Vec<_> = pages.iter().enumerate().map(document).collect();
        let index = build(&documents, &IndexOptions::default());
        let reader = |path: &str| {
            let found = index.files.iter().find(|(name, _)| name.as_str() == path);
            found.map(|(_, bytes)| bytes.clone())
        };
        let Ok(store) = Store::open(&reader) else {
            unreachable!("the index was just made")
        };
        let read = to_chinese(&store, &runs(query).0, is_capitals(query));
        let got = read.as_ref().map(|read| read.runs.join(" "));
        let got_other = read.and_then(|read| Some(read.other?.join(" ")));
        assert_eq!(
            (got.as_deref(), got_other.as_deref()),
            (first, other),
            "{query}"
        );
    }

    #[test]
    fn first_letters_are_a_phrase_of_the_site_or_nothing() {
        check("lhljq", Some("离婚冷静期"), None);
        for query in ["hr", "etc", "app", "http", "sh", "gdp"] {
            check(query, None, None);
        }
        check("lihunljq", Some("离婚冷静期"), None);
    }

    #[test]
    fn the_phrase_most_titles_begin_with_comes_first() {
        check("gz", Some("工资"), None);
        check("zhi", Some("知"), None);
        check("qian", Some("钱"), None);
        check("lian", Some("立案"), None);
        check("changqi", Some("长期"), None);
    }

    #[test]
    fn marks_of_tones_are_read() {
        for query in ["lüshi", "lǜ shī", "lvshi", "LÜSHĪ", "lv shi"] {
            let capitals = is_capitals(query);
            let typed = runs(query).0.join(" ");
            let chinese = Some("律师");
            if capitals {
                check(query, Some(&typed), chinese);
            } else {
                check(query, chinese, None);
            }
        }
        for query in ["nver", "nǚ'ér", "nǚér"] {
            check(query, Some("女儿"), None);
        }
    }

    #[test]
    fn capitals_mean_themselves_first() {
        check("GZ", Some("gz"), Some("工资"));
        check("ＧＺ", Some("gz"), Some("工资"));
        check("LHLJQ", Some("lhljq"), Some("离婚冷静期"));
        check("LIHUNLENGJING", Some("离婚冷静"), None);
        check("HR", None, None);
    }

    #[test]
    fn letters_beside_characters_are_rejoined() {
        check("lao赖", Some("老赖"), None);
        check("离hun", Some("离婚"), None);
        check("离hun冷jing", Some("离婚冷静"), None);
        check("离h", None, None);
        check("wifi下载", Some("wifi下载"), None);
        check("GZ条", Some("gz条"), None);
        // 爱 is on the site, and nowhere beside 工.
        check("ai工资", Some("ai工资"), None);
    }
}
