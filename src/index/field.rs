//! Documents in the order of the document table, their fields folded, and the alphabet of the site.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::token::{Term, fold};
use super::{SearchDocument, SearchKind};

/// Parts of a document's text in the files of texts.
pub(super) const FIELD: char = '\u{1F}';
/// Documents in the files of texts.
pub(super) const RECORD: char = '\u{1E}';

/// A length n is written as the character of rank n + this; the two separators have ranks 1 and 2.
pub(super) const SHARED: u32 = 3;
/// The longest beginning two fields are said to share.
const LONGEST_SHARED: usize = 200;

/// The longest text of one entry; a longer one is cut in parts that overlap a little, so that no string is lost.
const LONGEST_TEXT: usize = 6000;
const OVERLAP: usize = 8;

/// Characters below this one have a place of their own in tables: all planes with Han characters in common use. The few others
/// met are looked up.
const RANKED: usize = 0x4_0000;

/// How many fields a document has: name, headings, text, anchor.
pub(super) const FIELDS: usize = 4;

/// A row of the document table.
pub(super) struct Entry<'a> {
    pub(super) document: &'a SearchDocument,
    /// The text, or the part of it this row stands for.
    pub(super) text: Cow<'a, str>,
    /// Whether this row goes on with the document of the row before.
    pub(super) continues: bool,
    /// Name, headings, text and anchor, folded.
    pub(super) fields: [String; FIELDS],
    /// Who cites it.
    pub(super) cited: Cited<'a>,
}

/// What the site's citations say of a document.
#[derive(Clone, Default)]
pub(super) struct Cited<'a> {
    /// The questions that cite it.
    pub(super) questions: Vec<&'a SearchDocument>,
    /// How many documents cite it.
    pub(super) count: u32,
    /// How many citations its law has, in all its articles.
    pub(super) law: u32,
}

/// All rows: by kind, laws together, else in the order given.
pub(super) fn entries(documents: &[SearchDocument]) -> Vec<Entry<'_>> {
    let cited = citations(documents);
    let mut laws: HashMap<&str, usize> = HashMap::new();
    let mut ordered: Vec<(SearchKind, usize, usize)> = documents
        .iter()
        .enumerate()
        .map(|(place, document)| {
            let next = laws.len() + 1;
            let law = document
                .law
                .as_ref()
                .map_or(0, |law| *laws.entry(&law.title).or_insert(next));
            (document.kind, law, place)
        })
        .collect();
    ordered.sort_unstable();
    ordered
        .par_iter()
        .flat_map_iter(|(_, _, place)| parts(&documents[*place], &cited[*place]))
        .collect()
}

/// Who cites each document.
fn citations(documents: &[SearchDocument]) -> Vec<Cited<'_>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut pages: HashMap<&str, &str> = HashMap::new();
    for (place, document) in documents.iter().enumerate() {
        places.entry(document.url.as_str()).or_insert(place);
        if let Some(law) = &document.law {
            pages.entry(document.url.path()).or_insert(&law.title);
        }
    }
    let mut cited = vec![Cited::default(); documents.len()];
    let mut laws: HashMap<&str, u32> = HashMap::new();
    for document in documents
        .iter()
        .filter(|document| document.kind != SearchKind::Law)
    {
        for url in &document.cites {
            if let Some(title) = pages.get(url.path()) {
                *laws.entry(title).or_default() += 1;
            }
            let Some(place) = places.get(url.as_str()) else {
                continue;
            };
            cited[*place].count += 1;
            if document.kind == SearchKind::Question {
                cited[*place].questions.push(document);
            }
        }
    }
    for (document, cited) in documents.iter().zip(&mut cited) {
        cited.law = document
            .law
            .as_ref()
            .and_then(|law| laws.get(law.title.as_str()))
            .copied()
            .unwrap_or(0);
    }
    cited
}

fn parts<'a>(document: &'a SearchDocument, cited: &Cited<'a>) -> Vec<Entry<'a>> {
    let name = match &document.law {
        // Every name of the law for the law itself; its articles do not all repeat the long title.
        Some(law) if law.article.is_none() => fold(&names(law).join("\n")),
        Some(law) => fold(short_name(law)),
        None => {
            let heading = document.part.as_ref().unwrap_or(&document.title);
            fold(&plain(heading.as_str().into()))
        }
    };
    let label = document
        .law
        .as_ref()
        .and_then(|law| law.article)
        .map(|article| article.chinese());
    let page = document.part.as_ref().map(|_| &document.title);
    let heads = page
        .into_iter()
        .chain(&document.heads)
        .map(String::as_str)
        .chain(label.as_deref());
    let heads = fold(&plain(heads.collect::<Vec<_>>().join("\n").into()));
    let asked = cited.questions.iter().flat_map(|question| asked(question));
    let asked = asked.chain(document.also_asked.iter().map(String::as_str));
    let anchor = fold(&plain(asked.collect::<Vec<_>>().join("\n").into()));
    cut(&document.text)
        .into_iter()
        .enumerate()
        .map(|(part, text)| Entry {
            document,
            continues: part > 0,
            fields: [name.clone(), heads.clone(), fold(&text), anchor.clone()],
            text,
            cited: cited.clone(),
        })
        .collect()
}

/// All the ways a question is asked.
pub(super) fn asked(question: &SearchDocument) -> impl Iterator<Item = &str> {
    std::iter::once(&question.title)
        .chain(&question.also_asked)
        .map(String::as_str)
}

fn cut(text: &str) -> Vec<Cow<'_, str>> {
    if text.len() <= LONGEST_TEXT {
        return vec![plain(text.into())];
    }
    let chars: Vec<char> = text.chars().collect();
    let starts = (0..chars.len()).step_by(LONGEST_TEXT - OVERLAP);
    starts
        .filter(|start| *start == 0 || chars.len() - start > OVERLAP)
        .map(|start| {
            chars[start..chars.len().min(start + LONGEST_TEXT)]
                .iter()
                .collect::<String>()
        })
        .map(|part| plain(part.into()))
        .collect()
}

/// A text without the characters that hold the files of texts apart, and without marks nobody sees: which form of a character
/// is meant (葛 with U+E0100) makes no other word of it.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_unseen = |c: char| matches!(c, '\u{E0000}'..='\u{E0FFF}');
    if text.contains(|c| c == FIELD || c == RECORD || is_unseen(c)) {
        Cow::Owned(text.replace([FIELD, RECORD], " ").replace(is_unseen, ""))
    } else {
        text
    }
}

/// The name a law goes by: its first short title, else its title without the name of the state.
pub(super) fn short_name(law: &super::SearchLaw) -> &str {
    match law.short_titles.first() {
        Some(short) => short,
        None => law
            .title
            .strip_prefix("中华人民共和国")
            .unwrap_or(&law.title),
    }
}

/// All names of a law: the title, and the short ones that say something else.
fn names(law: &super::SearchLaw) -> Vec<&str> {
    let others = law.short_titles.iter().map(String::as_str);
    let others = others.filter(|short| !law.title.contains(short));
    std::iter::once(&*law.title).chain(others).collect()
}

impl Entry<'_> {
    /// Whether a field is part of what the page itself says. A law's name stands above its articles, not in them.
    pub(super) fn own(&self, field: usize) -> bool {
        field == 2 || (field == 0 && (self.document.law.is_none() || self.is_front()))
    }

    /// Whether it is the beginning of a law: the law itself, not an article of it.
    pub(super) fn is_front(&self) -> bool {
        self.document.law.as_ref().is_some_and(|law| law.front)
    }

    /// What the files of texts hold of a row: address, title, way, text.
    pub(super) fn record(&self) -> [Cow<'_, str>; 4] {
        let document = self.document;
        [
            document.url.as_str().into(),
            plain(document.shown_title().into()),
            plain(document.breadcrumb.as_str().into()),
            Cow::Borrowed(&self.text),
        ]
    }
}

/// Every character of the site, the most frequent first. A character's place is its number in the index, and its code in the
/// files of texts, where frequent characters take one or two bytes instead of three.
pub(super) struct Alphabet {
    pub(super) chars: Vec<char>,
    ranks: Vec<u16>,
    /// Ranks of characters from [`RANKED`] on.
    far: BTreeMap<char, u16>,
}

impl Alphabet {
    /// The alphabet of all rows.
    pub(super) fn of(entries: &[Entry<'_>]) -> Self {
        let chunk = entries
            .len()
            .div_ceil(4 * rayon::current_num_threads())
            .max(512);
        let counts = entries
            .par_chunks(chunk)
            .map(|entries| {
                let mut counts = Counts::default();
                for entry in entries {
                    entry.record().iter().for_each(|text| counts.add(text, 1));
                    entry.fields.iter().for_each(|text| counts.add(text, 0));
                }
                counts
            })
            .reduce(Counts::default, Counts::join);
        let mut chars: Vec<(char, u64)> = counts.met();
        chars.sort_by_key(|(c, count)| (std::cmp::Reverse(*count), *c));
        let mut chars: Vec<char> = chars.into_iter().map(|(c, _)| c).collect();
        for control in [RECORD, FIELD] {
            chars.retain(|c| *c != control);
            chars.insert(0, control);
        }
        chars.truncate(usize::from(u16::MAX) - 1);
        let mut ranks = vec![0u16; RANKED];
        let mut far = BTreeMap::new();
        for (rank, c) in (1u16..).zip(&chars) {
            match ranks.get_mut(*c as usize) {
                Some(place) => *place = rank,
                None => {
                    far.insert(*c, rank);
                }
            }
        }
        Self { chars, ranks, far }
    }

    /// A character's number, from 1; 0 where it is nowhere on the site.
    pub(super) fn rank(&self, c: char) -> u32 {
        let rank = self.ranks.get(c as usize).or_else(|| self.far.get(&c));
        rank.map_or(0, |rank| u32::from(*rank))
    }

    /// A term as a number: the first character's number and, below it, the second's.
    pub(super) fn key(&self, (first, second): Term) -> u32 {
        self.rank(first) << 16 | second.map_or(0, |second| self.rank(second))
    }

    /// Rows as the files of texts have them: the first three fields without what they share with the row before.
    pub(super) fn records(&self, entries: &[Entry<'_>]) -> String {
        let most = LONGEST_SHARED.min(self.chars.len().saturating_sub(SHARED as usize));
        let mut out = String::new();
        let mut last: [Cow<'_, str>; 4] = Default::default();
        for (place, entry) in entries.iter().enumerate() {
            let record = entry.record();
            if place > 0 {
                out.push(RECORD);
            }
            for (field, before) in record.iter().zip(&last).take(3) {
                let shared = field
                    .chars()
                    .zip(before.chars())
                    .take_while(|(a, b)| a == b)
                    .count()
                    .min(most);
                out.extend(self.chars.get(shared + SHARED as usize - 1));
                out.extend(field.chars().skip(shared));
                out.push(FIELD);
            }
            out.push_str(&record[3]);
            last = record;
        }
        self.write(&out)
    }

    /// A text in the codes of the alphabet.
    fn write(&self, text: &str) -> String {
        text.chars().filter_map(|c| code(self.rank(c))).collect()
    }
}

/// How often each character was met.
#[derive(Default)]
struct Counts {
    /// By character: 1 + how often; 0 when never met.
    common: Vec<u64>,
    /// The same for those that are too far behind to have a place of their own.
    rare: BTreeMap<char, u64>,
}

impl Counts {
    fn add(&mut self, text: &str, weight: u64) {
        self.common.resize(RANKED, 0);
        for c in text.chars() {
            let count = match self.common.get_mut(c as usize) {
                Some(count) => count,
                None => self.rare.entry(c).or_default(),
            };
            *count = (*count).max(1) + weight;
        }
    }

    fn join(mut self, more: Self) -> Self {
        let merge =
            |count: &mut u64, more: u64| *count += more.saturating_sub(u64::from(*count > 0));
        self.common.resize(RANKED, 0);
        for (count, more) in self.common.iter_mut().zip(more.common) {
            merge(count, more);
        }
        for (c, more) in more.rare {
            merge(self.rare.entry(c).or_default(), more);
        }
        self
    }

    /// Every character met, with how often.
    fn met(self) -> Vec<(char, u64)> {
        let common = (0u32..).zip(self.common);
        let common = common.filter_map(|(c, count)| Some((char::from_u32(c)?, count)));
        common
            .chain(self.rare)
            .filter_map(|(c, count)| Some((c, count.checked_sub(1)?)))
            .collect()
    }
}

/// The character that stands for the alphabet's `rank`-th: first ASCII without quote and backslash, then two-byte
/// characters, then three-byte ones. None of them is ever escaped in JSON.
pub(super) fn code(rank: u32) -> Option<char> {
    let value = match rank.checked_sub(1)? {
        place @ 0..=1 => 0x20 + place,
        place @ 2..=58 => 0x21 + place,
        place @ 59..=92 => 0x22 + place,
        place @ 93..=1964 => 0xB0 + (place - 93),
        place => 0x3400 + (place - 1965),
    };
    // Far beyond any real alphabet the codes would run into the surrogates.
    (value < 0xD800).then_some(value).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Url;

    #[test]
    fn codes_are_distinct_and_never_escaped() {
        let codes: Vec<char> = (1..=20_000).filter_map(code).collect();
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 20_000);
        assert!(codes.iter().all(|c| !matches!(c, '"' | '\\' | '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}')));
        assert_eq!(
            (code(93), code(94), code(1965), code(1966)),
            (Some('~'), Some('\u{B0}'), Some('\u{7FF}'), Some('\u{3400}'))
        );
    }

    #[test]
    fn characters_far_behind_are_written_and_unseen_ones_left_out() {
        let page =
            |title: &str| SearchDocument::new(Url::new("/a/"), SearchKind::Page, title, "文");
        let pages = ["葛\u{E0100}\u{F0000}城 › 一", "葛\u{E0100}\u{F0000}城 › 二"].map(page);
        let entries = entries(&pages);
        assert_eq!(entries[0].fields[0], "葛 城 一");
        let alphabet = Alphabet::of(&entries);
        let written = alphabet.records(&entries);
        let codes = (1..).map_while(code).zip(&alphabet.chars);
        let codes: HashMap<char, char> = codes.map(|(code, c)| (code, *c)).collect();
        let read: String = written.chars().map(|c| codes[&c]).collect();
        let second = read.split(RECORD).nth(1).expect("a second record");
        let title = second.split(FIELD).nth(1).expect("a title");
        // Shared with the title before: 葛, the far character, 城 and the mark with its two blanks.
        let shared = alphabet.chars.iter().position(|c| title.starts_with(*c));
        assert_eq!(shared, Some(6 + SHARED as usize - 1));
        assert!(
            title.ends_with('二') && title.chars().count() == 2,
            "{title}"
        );
    }

    #[test]
    fn a_long_text_is_cut_without_losing_a_string() {
        let text: String = (0..13_000u32)
            .filter_map(|n| char::from_u32(0x4E00 + n))
            .collect();
        let page = SearchDocument::new(Url::new("/a/"), SearchKind::Page, "长文", text.clone());
        let documents = [page];
        let entries = entries(&documents);
        assert_eq!(entries.len(), 3);
        assert!(entries[1].continues && !entries[0].continues);
        let chars: Vec<char> = text.chars().collect();
        for string in chars.windows(6).map(|w| w.iter().collect::<String>()) {
            assert!(entries.iter().any(|entry| entry.text.contains(&string)));
        }
    }
}
