//! The files of the index, read and kept.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::index::bits::{BitReader, Codes, from_base64, unpack};
use crate::index::field::{FIELD, RECORD, SHARED};
use crate::index::files::{Core, FOLDER, LawName, Manifest, Shards, VERSION, unwrap};

/// Why the index cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// There is no index.
    Missing,
    /// A file of the index is damaged.
    Damaged,
    /// It was written by another version of the program.
    OtherVersion,
}

/// How a file of the site is got: by its path in the output folder.
pub type Reader<'r> = &'r dyn Fn(&str) -> Option<Vec<u8>>;

/// What a term's entry in the heads says.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) frequency: u32,
    pub(super) has_tail: bool,
    /// Weight of the term as a word of questions, in 128ths.
    pub(super) damped: u32,
    /// Terms of the law it leads to, with their strength.
    pub(super) leads: Vec<(u32, u32)>,
    /// Rows and symbols.
    pub(super) postings: Vec<(u32, u8)>,
}

/// A document as a result shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The address from the site's root, with the anchor.
    pub url: String,
    /// The title.
    pub title: String,
    /// Where it stands.
    pub breadcrumb: String,
    /// The whole text.
    pub text: String,
}

type Terms = Rc<BTreeMap<u32, Head>>;

/// The tables of the core, unpacked, and the files read so far.
pub(super) struct Store<'r> {
    reader: Reader<'r>,
    pub(super) core: Core,
    codes: [Codes; 2],
    ranks: BTreeMap<char, u32>,
    chars: Vec<char>,
    firsts: [Vec<u32>; 2],
    text_starts: Vec<u32>,
    shards: RefCell<BTreeMap<(usize, usize), Terms>>,
    texts: RefCell<BTreeMap<usize, Rc<Vec<Record>>>>,
}

impl<'r> Store<'r> {
    pub(super) fn open(reader: Reader<'r>) -> Result<Self, Unreadable> {
        let manifest = reader(&path("manifest")).ok_or(Unreadable::Missing)?;
        let manifest: Manifest = parse(&manifest).ok_or(Unreadable::Damaged)?;
        if manifest.version != VERSION {
            return Err(Unreadable::OtherVersion);
        }
        let core = reader(&path(&manifest.core)).ok_or(Unreadable::Damaged)?;
        let core: Core = parse(&core).ok_or(Unreadable::Damaged)?;
        let chars: Vec<char> = core.alphabet.chars().collect();
        Ok(Self {
            reader,
            codes: [
                Codes::of_lengths(&core.codes[0]),
                Codes::of_lengths(&core.codes[1]),
            ],
            ranks: chars.iter().zip(1..).map(|(c, rank)| (*c, rank)).collect(),
            chars,
            firsts: [sums(&core.heads.index), sums(&core.tails.index)],
            text_starts: starts(&core.texts.index),
            shards: RefCell::default(),
            texts: RefCell::default(),
            core,
        })
    }

    /// A character's number; 0 where the site has it nowhere.
    pub(super) fn rank(&self, c: char) -> u32 {
        self.ranks.get(&c).copied().unwrap_or(0)
    }

    /// The character of that number.
    pub(super) fn char_of(&self, rank: u32) -> Option<char> {
        self.chars.get((rank as usize).checked_sub(1)?).copied()
    }

    /// The JSON of a file of a row of files.
    pub(super) fn file<T: serde::de::DeserializeOwned>(
        &self,
        shards: &Shards,
        name: &str,
    ) -> Option<T> {
        parse(&(self.reader)(&path(&format!("{}/{name}", shards.dir)))?)
    }

    /// The JSON of a file by itself.
    pub(super) fn single<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        parse(&(self.reader)(&path(name))?)
    }

    /// All names of laws.
    pub(super) fn law_names(&self) -> Vec<LawName> {
        let files = &self.core.law_names;
        (0..files.files)
            .flat_map(|number| {
                self.file::<Vec<LawName>>(files, &number.to_string())
                    .unwrap_or_default()
            })
            .collect()
    }

    /// A term's entry in the heads.
    pub(super) fn head(&self, key: u32) -> Option<Head> {
        self.shard(0, key)?.get(&key).cloned()
    }

    /// The rows and symbols of a term's tail.
    pub(super) fn tail(&self, key: u32) -> Vec<(u32, u8)> {
        self.shard(1, key)
            .and_then(|shard| shard.get(&key).map(|term| term.postings.clone()))
            .unwrap_or_default()
    }

    fn shard(&self, family: usize, key: u32) -> Option<Terms> {
        let number = self.firsts[family]
            .partition_point(|first| *first <= key)
            .checked_sub(1)?;
        if let Some(shard) = self.shards.borrow().get(&(family, number)) {
            return Some(Rc::clone(shard));
        }
        let shards = if family == 0 {
            &self.core.heads
        } else {
            &self.core.tails
        };
        let bytes = from_base64(&self.file::<String>(shards, &number.to_string())?);
        let terms = if family == 0 {
            self.read_heads(&bytes)
        } else {
            self.read_tails(&bytes)
        };
        let terms = Rc::new(terms);
        self.shards
            .borrow_mut()
            .insert((family, number), Rc::clone(&terms));
        Some(terms)
    }

    fn read_heads(&self, bytes: &[u8]) -> BTreeMap<u32, Head> {
        each_term(bytes, |reader| {
            let count = reader.number(1).saturating_add(1);
            let (has_tail, extra) = (reader.take(1) == 1, reader.take(1) == 1);
            let tail = if has_tail { reader.number(10) } else { 0 };
            let (mut damped, mut leads) = (128, Vec::new());
            if extra {
                damped = reader.take(8);
                let number = reader.take(3);
                leads.extend((0..number).map(|_| (reader.take(32), reader.take(8))));
            }
            Head {
                frequency: count.saturating_add(tail),
                has_tail,
                damped,
                leads,
                postings: self.list(reader, count, &self.codes[0]),
            }
        })
    }

    fn read_tails(&self, bytes: &[u8]) -> BTreeMap<u32, Head> {
        each_term(bytes, |reader| {
            let count = reader.number(10).saturating_add(1);
            Head {
                postings: self.list(reader, count, &self.codes[1]),
                ..Head::default()
            }
        })
    }

    fn list(&self, reader: &mut BitReader<'_>, count: u32, codes: &Codes) -> Vec<(u32, u8)> {
        let mut rows = vec![0; count.min(self.core.rows) as usize];
        reader.sorted(&mut rows, 0, self.core.rows.saturating_sub(1));
        let symbols = codes.read(rows.len(), reader);
        rows.into_iter()
            .zip(symbols)
            .filter(|(row, _)| *row < self.core.rows)
            .collect()
    }

    /// A document's record.
    pub(super) fn record(&self, row: u32) -> Option<Record> {
        let file = self
            .text_starts
            .partition_point(|start| *start <= row)
            .checked_sub(1)?;
        let place = (row - self.text_starts[file]) as usize;
        if let Some(records) = self.texts.borrow().get(&file) {
            return records.get(place).cloned();
        }
        let written: String = self.file(&self.core.texts, &file.to_string())?;
        let text: String = written
            .chars()
            .map(|c| self.chars.get(place_of(c)).copied().unwrap_or('\u{FFFD}'))
            .collect();
        let records = self.records(&text);
        let found = records.get(place).cloned();
        self.texts.borrow_mut().insert(file, Rc::new(records));
        found
    }

    /// Records of a file: fields begin with how much of the field before they share.
    fn records(&self, text: &str) -> Vec<Record> {
        let mut last: [String; 3] = Default::default();
        let read = |record: &str| {
            let mut fields = record.splitn(4, FIELD);
            for known in &mut last {
                let mut field = fields.next().unwrap_or_default().chars();
                let shared = field
                    .next()
                    .map_or(0, |c| self.rank(c).saturating_sub(SHARED));
                *known = known.chars().take(shared as usize).chain(field).collect();
            }
            let [url, title, breadcrumb] = last.clone();
            Record {
                url,
                title,
                breadcrumb,
                text: fields.next().unwrap_or_default().to_owned(),
            }
        };
        text.split(RECORD).map(read).collect()
    }
}

/// The terms of a shard: for each the distance to its key, and what `read` reads.
fn each_term(
    bytes: &[u8],
    mut read: impl FnMut(&mut BitReader<'_>) -> Head,
) -> BTreeMap<u32, Head> {
    let mut reader = BitReader::new(bytes);
    let mut key = 0u32;
    let mut terms = BTreeMap::new();
    for _ in 0..reader.number(5) {
        if reader.is_at_end() {
            break;
        }
        key = key.wrapping_add(reader.number(5));
        terms.insert(key, read(&mut reader));
    }
    terms
}

fn path(name: &str) -> String {
    format!("{FOLDER}/{name}.js")
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_str(unwrap(bytes)?).ok()
}

/// Packed differences as ascending numbers.
pub(super) fn sums(packed: &str) -> Vec<u32> {
    unpack(packed)
        .into_iter()
        .scan(0u32, |sum, gap| {
            *sum = sum.wrapping_add(gap);
            Some(*sum)
        })
        .collect()
}

/// Packed lengths as the first row of each.
pub(super) fn starts(packed: &str) -> Vec<u32> {
    unpack(packed)
        .into_iter()
        .scan(0u32, |sum, length| {
            Some(std::mem::replace(sum, sum.wrapping_add(length)))
        })
        .collect()
}

/// The place in the alphabet a code stands for: the reverse of `field::code`.
fn place_of(c: char) -> usize {
    (match c as u32 {
        value @ 0x20..=0x21 => value - 0x20,
        value @ 0x23..=0x5B => value - 0x21,
        value @ 0x5D..=0x7E => value - 0x22,
        value @ 0xB0..=0x7FF => value - 0xB0 + 93,
        value @ 0x3400.. => value - 0x3400 + 1965,
        _ => u32::MAX,
    }) as usize
}
