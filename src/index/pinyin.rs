//! Pinyin for the search box: which characters a syllable may be, which pairs are common, the phrases of the site, and the words
//! it writes in letters itself.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use pinyin::ToPinyinMulti;
use rayon::prelude::*;

use super::field::{Alphabet, Entry, short_name};
use super::token::fold;
use super::{IndexOptions, SearchKind};

/// How many pairs and phrases are kept, the most frequent first.
const PAIRS: usize = 60_000;
const PHRASES: usize = 12_000;
/// How many words in letters are kept, the most frequent first.
const WORDS: usize = 20_000;
/// The longest phrase, in characters.
const LONGEST_PHRASE: usize = 12;
/// Common readings of characters that the table of readings does not have first: 长期, 银行, 归还. All others behind the first
/// (房 pang, 家 gu, 能 tai) are of old books and dialects, and mostly no reader means them.
const COMMON: &str = "长chang 重chong 行hang 还huan 调tiao 乐yue 都du 会kuai 给ji 得dei 的di 率shuai 参shen 降xiang 角jue 传zhuan \
    弹tan 系ji 藏zang 朝zhao 着zhao 着zhuo 了liao 省xing 恶wu 校jiao 血xie 说shui 剥bao 便pian 称chen 盛sheng 畜xu 卡qia 壳qiao \
    露lou 脉mo 没mo 模mu 折she 似shi 削xue 扎zha 粘nian 仔zai 曾zeng 差chai 觉jiao 谁shei 囤tun 肋lei 泊po 咽ye";

/// The files, each with its name: `base` (syllables and their characters) and one for each first letter (phrases, pairs, words).
pub(super) fn files(
    entries: &[Entry<'_>],
    frequencies: &[(u32, u32)],
    alphabet: &Alphabet,
    options: &IndexOptions,
) -> Vec<(String, String)> {
    let readings = Readings::of(alphabet);
    let mut letters: BTreeMap<char, [Vec<String>; 3]> = BTreeMap::new();
    for phrase in phrases(entries, options) {
        let first = phrase.chars().next().unwrap_or_default();
        for letter in readings.letters(first) {
            letters.entry(letter).or_default()[0].push(phrase.clone());
        }
    }
    for (first, seconds) in pairs(frequencies, alphabet, &readings) {
        for letter in readings.letters(first) {
            letters.entry(letter).or_default()[1].push(format!("{first}{seconds}"));
        }
    }
    for word in words(entries) {
        let first = word.chars().next().unwrap_or_default();
        letters.entry(first).or_default()[2].push(word);
    }
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let base = readings.by_syllable();
    let base = base
        .iter()
        .map(|(syllable, chars)| format!("{}:{}", text(syllable), text(chars)));
    let base = format!("{{{}}}", base.collect::<Vec<_>>().join(","));
    let letters = letters.into_iter().map(|(letter, lists)| {
        let lists = lists.map(|list| text(&list.join("|")));
        (letter.to_string(), format!("[{}]", lists.join(",")))
    });
    std::iter::once(("base".to_owned(), base))
        .chain(letters)
        .collect()
}

/// The syllables of the characters of the site.
struct Readings {
    syllables: HashMap<char, Vec<String>>,
    /// Characters by rank.
    order: Vec<char>,
}

impl Readings {
    fn of(alphabet: &Alphabet) -> Self {
        let mut syllables = HashMap::new();
        let mut order = Vec::new();
        for c in &alphabet.chars {
            let Some(multi) = c.to_pinyin_multi() else {
                continue;
            };
            let mut all: Vec<String> = multi
                .into_iter()
                .map(|one| one.plain().replace('ü', "v"))
                .filter(|syllable| syllable.contains(['a', 'e', 'i', 'o', 'u', 'v']))
                .collect();
            let Some(first) = all.first().cloned() else {
                continue;
            };
            all.sort();
            all.dedup();
            // The common reading first.
            all.sort_by_key(|syllable| *syllable != first);
            syllables.insert(*c, all);
            order.push(*c);
        }
        Self { syllables, order }
    }

    /// The letters a character's syllables begin with.
    fn letters(&self, c: char) -> Vec<char> {
        let syllables = self.syllables.get(&c).map_or(&[][..], Vec::as_slice);
        let mut letters: Vec<char> = syllables
            .iter()
            .filter_map(|syllable| syllable.chars().next())
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// For each syllable its characters, the most frequent first: those commonly read so, a bar, those sometimes read so.
    fn by_syllable(&self) -> BTreeMap<&str, String> {
        let mut out: BTreeMap<&str, [String; 2]> = BTreeMap::new();
        for c in &self.order {
            for (place, syllable) in self.syllables[c].iter().enumerate() {
                let often = place == 0 || is_common(*c, syllable);
                out.entry(syllable).or_default()[usize::from(!often)].push(*c);
            }
        }
        out.into_iter()
            .map(|(syllable, [often, sometimes])| (syllable, format!("{often}|{sometimes}")))
            .collect()
    }
}

fn is_common(c: char, syllable: &str) -> bool {
    let mut common = COMMON.split_whitespace();
    common.any(|one| one.strip_prefix(c) == Some(syllable))
}

/// For each first character its second characters, the most frequent first, each group behind a digit that says how frequent.
fn pairs(
    frequencies: &[(u32, u32)],
    alphabet: &Alphabet,
    readings: &Readings,
) -> BTreeMap<char, String> {
    let char_of = |rank: u32| {
        alphabet
            .chars
            .get((rank as usize).wrapping_sub(1))
            .copied()
            .unwrap_or_default()
    };
    let chinese = |c: &char| readings.syllables.contains_key(c);
    let mut common: Vec<(u32, char, char)> = frequencies
        .iter()
        .map(|(key, frequency)| (*frequency, char_of(key >> 16), char_of(key & 0xFFFF)))
        .filter(|(_, first, second)| chinese(first) && chinese(second))
        .collect();
    common.sort_by_key(|(frequency, first, second)| (Reverse(*frequency), *first, *second));
    common.truncate(PAIRS);
    let mut out: BTreeMap<char, (u32, String)> = BTreeMap::new();
    for (frequency, first, second) in common {
        let class = (frequency.ilog2() * 2 / 3).min(9);
        let (last, text) = out.entry(first).or_insert((u32::MAX, String::new()));
        if *last != class {
            text.push_str(&class.to_string());
            *last = class;
        }
        text.push(second);
    }
    out.into_iter()
        .map(|(first, (_, text))| (first, text))
        .collect()
}

/// The words in letters the texts have, in alphabetical order: what is typed may be one of these, and no pinyin.
fn words(entries: &[Entry<'_>]) -> Vec<String> {
    let count = |mut counts: HashMap<String, u32>, entry: &Entry<'_>| {
        for field in &entry.fields {
            let runs = field.as_bytes().split(|byte| !byte.is_ascii_lowercase());
            for run in runs.filter(|run| run.len() >= 2) {
                let word = String::from_utf8_lossy(run);
                match counts.get_mut(&*word) {
                    Some(count) => *count += 1,
                    None => drop(counts.insert(word.into_owned(), 1)),
                }
            }
        }
        counts
    };
    let join = |mut all: HashMap<String, u32>, more: HashMap<String, u32>| {
        more.into_iter()
            .for_each(|(word, count)| *all.entry(word).or_default() += count);
        all
    };
    let counted = entries.par_iter().fold(HashMap::new, count);
    let mut counted: Vec<(String, u32)> = counted.reduce(HashMap::new, join).into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted.truncate(WORDS);
    let mut words: Vec<String> = counted.into_iter().map(|(word, _)| word).collect();
    words.sort_unstable();
    words
}

/// Words and openings of sentences a reader may abbreviate: names of laws, questions, topics, headings, the site's synonyms.
fn phrases(entries: &[Entry<'_>], options: &IndexOptions) -> Vec<String> {
    let mut weights: BTreeMap<String, u32> = BTreeMap::new();
    let mut add = |text: &str, weight: u32| {
        for run in fold(text).split(' ') {
            let run: String = without_number(run).chars().take(LONGEST_PHRASE).collect();
            if run.chars().count() >= 2 {
                *weights.entry(run).or_default() += weight;
            }
        }
    };
    let mut last_law = "";
    for entry in entries.iter().filter(|entry| !entry.continues) {
        let document = entry.document;
        if let Some(law) = document.law.as_ref().filter(|law| law.title != last_law) {
            add(short_name(law), 3 + entry.cited.law);
            last_law = &law.title;
        }
        document.heads.iter().for_each(|head| add(head, 1));
        document
            .topics
            .iter()
            .chain(&document.audiences)
            .for_each(|name| add(name, 4));
        match document.kind {
            SearchKind::Law => {}
            SearchKind::Question
            | SearchKind::Case
            | SearchKind::Episode
            | SearchKind::Article
            | SearchKind::Page => {
                add(&document.title, 8);
                document.also_asked.iter().for_each(|asked| add(asked, 6));
            }
        }
    }
    options
        .synonyms
        .iter()
        .flat_map(|synonym| synonym.from.iter().chain(&synonym.to))
        .for_each(|word| add(word, 9));
    let mut phrases: Vec<(String, u32)> = weights.into_iter().collect();
    phrases.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    phrases
        .into_iter()
        .take(PHRASES)
        .map(|(phrase, _)| phrase)
        .collect()
}

/// A heading without its number: 第三章劳动合同的解除 is typed as 劳动合同的解除.
fn without_number(run: &str) -> &str {
    let Some(rest) = run.strip_prefix('第') else {
        return run;
    };
    let rest = rest
        .trim_start_matches(|c: char| "一二三四五六七八九十百零".contains(c) || c.is_ascii_digit());
    rest.strip_prefix('分')
        .unwrap_or(rest)
        .strip_prefix(['编', '章', '节'])
        .unwrap_or(run)
}
