//! How Chinese is read: a syllable for every character, by the words it stands in where it has several.

use std::collections::HashMap;
use std::sync::OnceLock;

use pinyin::ToPinyin;

/// The readings, one line a character and its sound; the file's head says how.
const READINGS: &str = include_str!("readings.txt");

/// The readings as they are looked up.
struct Readings {
    /// What a character of several sounds is read as by itself.
    usual: HashMap<char, &'static str>,
    /// What characters are read as in a word. Others are read as usual.
    words: HashMap<&'static str, Vec<(char, &'static str)>>,
    /// Characters of the longest word.
    longest: usize,
}

/// Every character of a text with its syllable, the tone behind it; what is no Chinese has none.
pub(super) fn syllables(text: &str) -> Vec<(char, Option<&'static str>)> {
    let readings = readings();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut read: Vec<(char, Option<&'static str>)> = chars
        .iter()
        .map(|(_, c)| (*c, readings.usual(*c)))
        .collect();
    let mut end = chars.len();
    while end > 0 {
        let to = chars.get(end).map_or(text.len(), |(at, _)| *at);
        let word = (2..=readings.longest.min(end)).rev().find_map(|len| {
            let from = chars[end - len].0;
            Some((len, readings.words.get(&text[from..to])?))
        });
        let Some((len, sounds)) = word else {
            end -= 1;
            continue;
        };
        for (c, sound) in &mut read[end - len..end] {
            if let Some((_, own)) = sounds.iter().find(|(other, _)| other == c) {
                *sound = Some(own);
            }
        }
        end -= len;
    }
    read
}

impl Readings {
    fn usual(&self, c: char) -> Option<&'static str> {
        let own = self.usual.get(&c).copied();
        own.or_else(|| Some(c.to_pinyin()?.with_tone_num_end()))
    }
}

fn readings() -> &'static Readings {
    static READ: OnceLock<Readings> = OnceLock::new();
    READ.get_or_init(|| read(READINGS))
}

fn read(text: &'static str) -> Readings {
    let mut readings = Readings {
        usual: HashMap::new(),
        words: HashMap::new(),
        longest: 0,
    };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split(' ');
        let (Some(c), Some(sound)) = (parts.next().and_then(|c| c.chars().next()), parts.next())
        else {
            continue;
        };
        readings.usual.entry(c).or_insert(sound);
        for word in parts {
            readings.longest = readings.longest.max(word.chars().count());
            readings.words.entry(word).or_default().push((c, sound));
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let read: Vec<&str> = syllables(text)
            .into_iter()
            .map(|(_, sound)| {
                sound
                    .unwrap_or("-")
                    .trim_end_matches(|c: char| c.is_ascii_digit())
            })
            .collect();
        assert_eq!(read.join(" "), expected, "{text}");
    }

    #[test]
    fn characters_are_read_as_their_words_are() {
        check("长辈", "zhang bei");
        check("长期合同", "chang qi he tong");
        check("重婚", "chong hun");
        check("重大误解", "zhong da wu jie");
        check("调解书", "tiao jie shu");
        check("调查取证", "diao cha qu zheng");
        check("行为能力", "xing wei neng li");
        check("行业协会", "hang ye xie hui");
        check("会计法", "kuai ji fa");
        check("给付之诉", "ji fu zhi su");
        check("曾祖父母", "zeng zu fu mu");
        check("没收财产", "mo shou cai chan");
        check("强迫交易", "qiang po jiao yi");
        check("处分权", "chu fen quan");
        check("单方 A", "dan fang - -");
    }

    #[test]
    fn surnames_are_read_as_names() {
        check("单某", "shan mou");
        check("任某", "ren mou");
        check("尉迟", "yu chi");
    }

    #[test]
    fn words_side_by_side_are_not_cut_across() {
        check("中央行政机关", "zhong yang xing zheng ji guan");
        check("银行行长", "yin hang hang zhang");
        check("银行长期贷款", "yin hang chang qi dai kuan");
        check("执行情况", "zhi xing qing kuang");
        check("社会计划", "she hui ji hua");
        check("代理行为", "dai li xing wei");
        check("部分行业", "bu fen hang ye");
    }

    #[test]
    fn every_line_of_the_readings_is_whole() {
        for line in READINGS.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split(' ').collect();
            let sound = parts.get(1).copied().unwrap_or_default();
            assert_eq!(parts[0].chars().count(), 1, "{line}");
            assert!(
                sound
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == 'ü' || c.is_ascii_digit()),
                "{line}"
            );
            let first = line.starts_with(&format!("{} {}", parts[0], sound));
            assert!(
                first && parts[2..].iter().all(|word| word.chars().count() > 1),
                "{line}"
            );
        }
        let mut found: HashMap<(&str, &str), &str> = HashMap::new();
        for line in READINGS.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split(' ');
            let (c, sound) = (
                parts.next().expect("a character"),
                parts.next().expect("a sound"),
            );
            for word in parts {
                let before = found.insert((c, word), sound);
                assert!(before.is_none(), "{word} is read in two ways");
            }
        }
    }
}
