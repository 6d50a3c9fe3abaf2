//! From text to terms: folding (width, case, spaces) and cutting into characters and pairs of characters.
//!
//! Chinese is searched by characters and by pairs of neighbouring characters, so no dictionary decides what can be
//! found. The browser's script does exactly the same (`themes/default/js/search.js`); `tests/search/vectors.json`
//! holds both to it.

/// What one character is for the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Part of a word, in its folded form.
    Word(char),
    /// A blank: no border between Chinese characters, a border between words of other scripts.
    Blank,
    /// Invisible; as if it were not there.
    Nothing,
    /// Punctuation, the end of a line: a border always.
    Border,
}

/// Whether a character belongs to the scripts written without blanks.
#[must_use]
pub fn is_wide(c: char) -> bool {
    c as u32 >= 0x2E80
}

fn class(c: char) -> Class {
    let c = fold_width(c);
    match c as u32 {
        0x30..=0x39 | 0x61..=0x7A => Class::Word(c),
        0x41..=0x5A => Class::Word(c.to_ascii_lowercase()),
        0x09 | 0x20 | 0xA0 | 0x2002..=0x200A | 0x202F | 0x3000 => Class::Blank,
        0xAD | 0x640 | 0x64B..=0x65F | 0x200B..=0x200F | 0x2060 | 0xFE00..=0xFE0F | 0xFEFF => {
            Class::Nothing
        }
        0xD7 | 0xF7 | 0x30FB => Class::Border,
        0x25CB => Class::Word('〇'),
        0xC0..=0x24F
        | 0x370..=0x52F
        | 0x620..=0x63F
        | 0x641..=0x64A
        | 0x66E..=0x6D3
        | 0x6D5
        | 0xF40..=0xFBC
        | 0x1820..=0x18AA
        | 0x3005..=0x3007
        | 0x3041..=0x30FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xA000..=0xA48C
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF => Class::Word(c),
        _ => Class::Border,
    }
}

fn fold_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// The folded text: word characters only, one blank where a border is.
///
/// Width and ASCII case are gone; blanks between Chinese characters (总　则) are gone too, so that what a reader sees as one
/// word is one run.
///
/// ```
/// use pufa::index::token::fold;
/// assert_eq!(fold("总　则：ＡＢ c，60 日"), "总则 ab c 60日");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut last, mut border, mut blank) = (None, false, false);
    for c in text.chars() {
        match class(c) {
            Class::Nothing => {}
            Class::Border => border = true,
            Class::Blank => blank = true,
            Class::Word(c) => {
                let parts =
                    border || (blank && last.is_some_and(|last| !is_wide(last) && !is_wide(c)));
                if parts && last.is_some() {
                    out.push(' ');
                }
                out.push(c);
                (last, border, blank) = (Some(c), false, false);
            }
        }
    }
    out
}

/// The runs of a query, and whether only blanks part them.
///
/// In a query a blank is the reader's own border: `离婚 财产` are two words. Marks around the whole (`“工资”`, `试用期？`) part nothing,
/// and one between letters or figures (`Wi-Fi`, `3,000`) parts them as a blank does. Chinese characters typed one by one
/// (`离 婚`) are one word.
#[must_use]
pub fn runs(query: &str) -> (Vec<String>, bool) {
    let (mut runs, mut plain, mut spelled) = (Vec::<String>::new(), true, false);
    for (word, marked) in words(query) {
        let narrow = |c: Option<char>| c.is_some_and(|c| !is_wide(c));
        let single = word.chars().count() == 1 && !narrow(word.chars().next());
        match runs.last_mut() {
            Some(last) if single && spelled && !marked => last.push_str(&word),
            last => {
                let ends = last.and_then(|last| last.chars().last());
                plain &= !marked || ends.is_none() || narrow(ends) && narrow(word.chars().next());
                runs.push(word);
            }
        }
        spelled = single;
    }
    (runs, plain)
}

/// The words between blanks and marks, folded, each with whether a mark stands before it.
fn words(query: &str) -> Vec<(String, bool)> {
    let mut words: Vec<(String, bool)> = Vec::new();
    let (mut open, mut marked) = (false, false);
    for c in query.chars() {
        match class(c) {
            Class::Nothing => {}
            Class::Blank => open = false,
            Class::Border => (open, marked) = (false, true),
            Class::Word(c) => {
                match words.last_mut().filter(|_| open) {
                    Some((word, _)) => word.push(c),
                    None => words.push((c.to_string(), marked)),
                }
                (open, marked) = (true, false);
            }
        }
    }
    words
}

/// A term before the index knows its alphabet: one character, or two neighbours.
pub type Term = (char, Option<char>);

/// The terms of a folded text, in order, repetitions included.
///
/// ```
/// use pufa::index::token::terms;
/// let terms: Vec<_> = terms("合同 a").collect();
/// assert_eq!(terms, [('合', None), ('合', Some('同')), ('同', None), ('a', None)]);
/// ```
pub fn terms(folded: &str) -> impl Iterator<Item = Term> + '_ {
    let next = folded
        .chars()
        .skip(1)
        .map(Some)
        .chain(std::iter::once(None));
    folded
        .chars()
        .zip(next)
        .filter(|(c, _)| *c != ' ')
        .flat_map(|(c, next)| {
            let pair = next.filter(|next| *next != ' ').map(|next| (c, Some(next)));
            std::iter::once((c, None)).chain(pair)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &str) {
        assert_eq!(fold(text), folded);
    }

    #[test]
    fn width_case_and_blanks_do_not_matter() {
        check("ＡＰＰ　Ｐ２Ｐ", "app p2p");
        check("第 １２ 条", "第12条");
        check("劳\u{200b}动", "劳动");
        check("二○二一", "二〇二一");
        check("ئەمگەك، قانۇن", "ئەمگەك قانۇن");
    }

    #[test]
    fn punctuation_and_lines_are_borders() {
        check("买卖、运输。\n\n合同", "买卖 运输 合同");
        check("《民法典》（草案）", "民法典 草案");
    }

    #[test]
    fn blanks_of_a_query_are_the_readers_borders() {
        assert_eq!(
            runs(" 离婚　财产 "),
            (vec!["离婚".to_owned(), "财产".to_owned()], true)
        );
        assert_eq!(
            runs("离婚，财产"),
            (vec!["离婚".to_owned(), "财产".to_owned()], false)
        );
        assert_eq!(runs("！"), (vec![], true));
    }

    #[test]
    fn marks_around_a_query_part_nothing() {
        for query in ["“工资”", "工资？", "  工资。 "] {
            assert_eq!(runs(query), (vec!["工资".to_owned()], true), "{query}");
        }
        let parted = vec!["wi".to_owned(), "fi".to_owned()];
        assert_eq!(runs("Wi-Fi"), (parted, true));
    }

    #[test]
    fn characters_typed_one_by_one_are_a_word() {
        assert_eq!(
            runs("离 婚 冷 静 期"),
            (vec!["离婚冷静期".to_owned()], true)
        );
        let apart = vec!["老".to_owned(), "赖".to_owned()];
        assert_eq!(runs("老、赖"), (apart, false));
        let two = vec!["离婚".to_owned(), "了".to_owned()];
        assert_eq!(runs("离婚 了"), (two, true));
    }
}
