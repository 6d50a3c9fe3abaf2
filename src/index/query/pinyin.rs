//! Letters as Chinese: whole syllables, first letters, and words half typed.

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

/// The runs with their letters read as pinyin; `None` where there are no letters, or they mean nothing.
pub(super) fn to_chinese(store: &Store<'_>, runs: &[String]) -> Option<Reading> {
    let letters = |run: &String| run.bytes().all(|byte| byte.is_ascii_lowercase());
    if !runs.iter().any(letters)
        || runs
            .iter()
            .filter(|run| letters(run))
            .map(String::len)
            .sum::<usize>()
            < 2
    {
        return None;
    }
    let table = Table::read(store, runs);
    let (mut out, mut others, mut is_twofold) = (Vec::new(), Vec::new(), false);
    for group in runs.chunk_by(|a, b| letters(a) == letters(b)) {
        let Reading { runs, other } = if letters(&group[0]) {
            table.meant(group)?
        } else {
            Reading {
                runs: group.to_vec(),
                other: None,
            }
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

/// What is known of the letters a query has.
struct Table {
    /// Characters of a syllable, and whether they are commonly read so.
    syllables: BTreeMap<String, Vec<(char, bool)>>,
    ranks: HashMap<char, u32>,
    readings: HashMap<char, Vec<String>>,
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
        let base = syllables(store);
        let mut readings: HashMap<char, Vec<String>> = HashMap::new();
        for (syllable, chars) in &base {
            chars
                .chars()
                .filter(|c| *c != '|')
                .for_each(|c| readings.entry(c).or_default().push(syllable.clone()));
        }
        let mut letters: Vec<char> = runs
            .iter()
            .flat_map(|run| run.chars())
            .filter(char::is_ascii_lowercase)
            .collect();
        letters.sort_unstable();
        letters.dedup();
        let (mut phrases, mut pairs, mut words) = (BTreeMap::new(), HashMap::new(), Vec::new());
        for letter in letters {
            let Some([listed, grouped, written]) =
                store.file::<[String; 3]>(&store.core.pinyin, &letter.to_string())
            else {
                continue;
            };
            words.extend(written.split('|').map(str::to_owned));
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
        let syllables = base
            .into_iter()
            .map(|(syllable, chars)| (syllable, by_custom(&chars)))
            .collect();
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
    /// begin; all other letters are pinyin first, then themselves, where words of the site begin so.
    fn meant(&self, group: &[String]) -> Option<Reading> {
        let typed = group.to_vec();
        let phrase = || {
            let (phrase, begun) = self.phrase(&group.concat(), &borders(group))?;
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
        let chinese = vec![self.chinese(group)?];
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

    /// The best reading: a phrase of the site, else characters that are common neighbours.
    fn chinese(&self, runs: &[String]) -> Option<String> {
        let letters: String = runs.concat();
        if letters.len() > LONGEST {
            return None;
        }
        let borders = borders(runs);
        let phrase = self.phrase(&letters, &borders);
        match phrase {
            Some((phrase, 0)) => Some(phrase),
            Some((phrase, _)) => self.neighbours(&letters, &borders, false).or(Some(phrase)),
            None => self
                .neighbours(&letters, &borders, false)
                .or_else(|| self.neighbours(&letters, &borders, true)),
        }
    }

    /// The first phrase that begins with these letters, one written out if there is one, and how many of its characters were only begun.
    fn phrase(&self, letters: &str, borders: &[usize]) -> Option<(String, u32)> {
        let first = letters.chars().next()?;
        let mut best: Option<(String, u32)> = None;
        for phrase in self.phrases.get(&first).into_iter().flatten() {
            let Some((length, begun)) = self.reads(letters, 0, phrase, 0, borders) else {
                continue;
            };
            if best.as_ref().is_none_or(|(_, least)| begun < *least) {
                best = Some((phrase[..length].iter().collect(), begun));
                if begun == 0 {
                    break;
                }
            }
        }
        best
    }

    /// Reads `letters[at..]` as `phrase[place..]`: how many characters of the phrase in all, how many only begun.
    fn reads(
        &self,
        letters: &str,
        at: usize,
        phrase: &[char],
        place: usize,
        borders: &[usize],
    ) -> Option<(usize, u32)> {
        if at == letters.len() {
            return (place > 0).then_some((place, 0));
        }
        let rest = &letters[at..];
        let mut best: Option<(usize, u32)> = None;
        for syllable in self.readings.get(phrase.get(place)?)? {
            for (length, begun) in ways(rest, syllable) {
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
                let begun = u32::from(begun && at + length < letters.len()) + more;
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
        if begun && length > LONGEST_BEGUN {
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
        for (syllable, chars) in &self.syllables {
            for (length, only_begun) in ways(rest, syllable) {
                let whole = !only_begun || at + length == letters.len();
                let parted = borders
                    .iter()
                    .any(|border| *border > at && *border < at + length);
                if !parted && (whole || begun) {
                    out.extend(chars.iter().map(|(c, often)| (length, *c, *often)));
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
