//! Postings, texts and tables as files.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use crate::base::{Hash, OutPath};

use super::bits::{BitWriter, Codes, pack, to_base64};
use super::expand::Learnt;
use super::field::{Alphabet, Entry, short_name};
use super::files::{
    BUCKETS, Core, FOLDER, LawName, Manifest, Shards, VERSION, bucket_middle, wrap,
};
use super::postings::{Collected, LEVELS, Posting};
use super::{IndexFiles, IndexOptions, SearchKind, Synonym, Weights, pinyin};

/// How many bytes a file of heads, of tails, of texts (characters) and of law names aims at.
const HEAD_FILE: usize = 1700;
const TAIL_FILE: usize = 6000;
const TEXT_FILE: usize = 4400;
const NAME_FILE: usize = 30_000;

/// From how much on (bytes of heads, characters of texts) files have their least size. A smaller index has larger files: what
/// one query costs is then less a matter of bytes than of how many files it asks for.
const MANY_HEADS: usize = 5_000_000;
const MANY_TEXTS: usize = 5_000_000;

/// The size of a file where there are `total` in all: up to `most` times the least.
fn file_size(least: usize, total: usize, many: usize, most: usize) -> usize {
    least * (many / total.max(1)).clamp(1, most)
}

/// A term's lists before they are put into files.
struct TermLists<'p> {
    key: u32,
    head: &'p [Posting],
    tail: &'p [Posting],
}

/// All files of the index.
pub(super) fn files(
    entries: &[Entry<'_>],
    alphabet: &Alphabet,
    mut collected: Collected,
    learnt: &Learnt,
    options: &IndexOptions,
) -> IndexFiles {
    let weights = &options.weights;
    let priors = Priors::of(entries, weights);
    let mut postings = std::mem::take(&mut collected.postings);
    let terms: Vec<TermLists<'_>> = postings
        .par_chunk_by_mut(|a, b| a.key() == b.key())
        .map(|postings| split(postings, &priors, weights))
        .collect();
    let codes = [
        codes_of(&terms, |term| term.head),
        codes_of(&terms, |term| term.tail),
    ];
    let rows = entries.len() as u32;
    let mut out = Files::default();
    let heads = out.terms(
        'h',
        HEAD_FILE,
        encode_heads(&terms, &codes[0], rows, &collected, learnt, weights),
    );
    let tails = out.terms('l', TAIL_FILE, encode_tails(&terms, &codes[1], rows));
    let texts = out.texts(entries, alphabet);
    let law_names = out.law_names(entries);
    let pinyin = pinyin::files(entries, &terms_by_frequency(&terms), alphabet, options);
    let letters = pinyin.iter().filter(|(name, _)| name.len() == 1);
    let letters = letters.map(|(name, _)| name.as_str()).collect();
    let pinyin = out.family('p', pinyin, letters);
    let variants = out.single("v", &variants(alphabet));
    let (set_names, sets, set_runs) = sets(entries);
    let core = Core {
        rows,
        alphabet: alphabet.chars.iter().collect(),
        kinds: kinds(entries),
        boosts: boosts(entries, options),
        laws: pack(law_rows(entries).map(|rows| rows.len() as u32)),
        law_priors: pack(priors.laws.iter().copied()),
        priors: pack(priors.packed()),
        links: pack(links(entries)),
        mix: weights.mix.map(|weight| whole(weight * 256.0)),
        parts: pack(gaps(
            (0..rows).filter(|row| entries[*row as usize].continues),
        )),
        fronts: pack(gaps(
            (0..rows).filter(|row| entries[*row as usize].is_front()),
        )),
        pages: pack(pages(entries)),
        topics: set_names.0,
        audiences: set_names.1,
        sets,
        set_runs: pack(set_runs),
        rarity: [rarity(rows, 1.0), rarity(rows, weights.single)],
        codes: codes.map(Codes::lengths),
        heads,
        tails,
        texts,
        law_names,
        pinyin,
        variants,
        synonyms: options.synonyms.iter().map(folded).collect(),
        synonym: whole(weights.synonym * 256.0),
        expansion: (whole(weights.expansion * 256.0), weights.expansions),
    };
    let core = out.single("core", &json(&core));
    out.finish(core)
}

fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

#[expect(
    clippy::expect_used,
    reason = "plain values of our own always have a JSON form"
)]
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a JSON form")
}

/// The best postings and the others. Where the last level that fits has more postings than room, cited documents go first.
fn split<'p>(postings: &'p mut [Posting], priors: &Priors, weights: &Weights) -> TermLists<'p> {
    let key = postings[0].key();
    let single = key & 0xFFFF == 0;
    let room = if single {
        weights.single_head
    } else {
        weights.pair_head
    };
    if postings.len() <= room {
        return TermLists {
            key,
            head: postings,
            tail: &[],
        };
    }
    postings.select_nth_unstable_by_key(room, |posting| {
        let row = posting.row();
        (
            std::cmp::Reverse((posting.level(), priors.of_row(row))),
            row,
        )
    });
    let (head, tail) = postings.split_at_mut(room);
    head.sort_unstable();
    tail.sort_unstable();
    TermLists {
        key,
        head,
        tail: if single { &[] } else { tail },
    }
}

fn codes_of<'p>(
    terms: &[TermLists<'p>],
    list: impl Fn(&TermLists<'p>) -> &'p [Posting] + Sync,
) -> Codes {
    // Every list counts, those of one posting too: a symbol without a word could not be written.
    Codes::of_lists(2 * LEVELS, terms, |term, count| {
        list(term)
            .iter()
            .for_each(|posting| count(posting.symbol()));
    })
}

fn push_list(postings: &[Posting], codes: &Codes, rows: u32, out: &mut BitWriter) {
    let sorted: Vec<u32> = postings.iter().map(|posting| posting.row()).collect();
    out.push_sorted(&sorted, 0, rows.saturating_sub(1));
    codes.write(postings.iter().map(|posting| posting.symbol()), out);
}

/// A term as its file has it, without its key.
struct Encoded {
    key: u32,
    bits: BitWriter,
}

fn encode_heads(
    terms: &[TermLists<'_>],
    codes: &Codes,
    rows: u32,
    collected: &Collected,
    learnt: &Learnt,
    weights: &Weights,
) -> Vec<Encoded> {
    let encode = |term: &TermLists<'_>| {
        let share = collected.shares.get(&term.key).copied().unwrap_or(0.0);
        let asked = collected
            .answered
            .get(&term.key)
            .copied()
            .unwrap_or_default();
        let told = telling(
            asked,
            (term.head.len() + term.tail.len()) as f64,
            f64::from(rows),
        );
        let seam = if collected.is_seam(term.key) {
            weights.seam
        } else {
            1.0
        };
        let damped = (128.0 * told * seam / (1.0 + weights.question_words * share))
            .round()
            .clamp(1.0, 255.0) as u8;
        let leads = learnt.get(&term.key).map_or(&[][..], Vec::as_slice);
        let extra = damped != 128 || !leads.is_empty();
        let mut bits = BitWriter::default();
        bits.push_number(term.head.len() as u32 - 1, 1);
        bits.push(u32::from(!term.tail.is_empty()) << 1 | u32::from(extra), 2);
        if !term.tail.is_empty() {
            bits.push_number(term.tail.len() as u32, 10);
        }
        if extra {
            bits.push(u32::from(damped), 8);
            bits.push(leads.len() as u32, 3);
            for (lead, strength) in leads {
                bits.push(*lead, 32);
                bits.push(u32::from(*strength), 8);
            }
        }
        push_list(term.head, codes, rows, &mut bits);
        Encoded {
            key: term.key,
            bits,
        }
    };
    terms.par_iter().map(encode).collect()
}

/// How often a term of a question is a term of what it cites, where nothing is known, and how much that assumption weighs.
const ANSWERED: f64 = 0.35;
const ASSUMED: f64 = 3.0;

/// Factor of a term that occurred in so many questions and, of these, in the cited articles of so many: the relevance weight of
/// Robertson and Spärck Jones as a part of the rarity.
fn telling((asked, answered): (u32, u32), frequency: f64, rows: f64) -> f64 {
    let share = (f64::from(answered) + ASSUMED * ANSWERED) / (f64::from(asked) + ASSUMED);
    let rarity = (1.0 + (rows - frequency + 0.5) / (frequency + 0.5)).ln();
    let odds = |share: f64| (share / (1.0 - share)).ln();
    1.0 + (odds(share) - odds(ANSWERED)) / rarity.max(1.0)
}

fn encode_tails(terms: &[TermLists<'_>], codes: &Codes, rows: u32) -> Vec<Encoded> {
    let encode = |term: &TermLists<'_>| {
        let mut bits = BitWriter::default();
        bits.push_number(term.tail.len() as u32 - 1, 10);
        push_list(term.tail, codes, rows, &mut bits);
        Encoded {
            key: term.key,
            bits,
        }
    };
    terms
        .par_iter()
        .filter(|term| !term.tail.is_empty())
        .map(encode)
        .collect()
}

/// How often each term occurs, heads and tails together.
fn terms_by_frequency(terms: &[TermLists<'_>]) -> Vec<(u32, u32)> {
    terms
        .iter()
        .map(|term| (term.key, (term.head.len() + term.tail.len()) as u32))
        .collect()
}

/// Rarity by bucket of frequency, in sixteenths.
fn rarity(rows: u32, factor: f64) -> Vec<u32> {
    let rows = f64::from(rows);
    let rarity = |bucket| {
        let frequency = f64::from(bucket_middle(bucket)).min(rows);
        let rarity = (1.0 + (rows - frequency + 0.5) / (frequency + 0.5)).ln();
        whole(rarity * 16.0 * factor).max(1)
    };
    (0..BUCKETS).map(rarity).collect()
}

/// Files and their hashes as they come.
#[derive(Default)]
struct Files {
    files: Vec<(OutPath, Vec<u8>)>,
}

impl Files {
    /// Terms, as many in a file as fit.
    fn terms(&mut self, letter: char, size: usize, terms: Vec<Encoded>) -> Shards {
        let needed = |term: &Encoded| term.bits.len() / 8 + 1;
        let size = file_size(size, terms.iter().map(needed).sum(), MANY_HEADS, 6);
        let mut groups: Vec<Vec<Encoded>> = Vec::new();
        let mut room = 0;
        for term in terms {
            let needed = needed(&term);
            match groups.last_mut().filter(|_| needed <= room) {
                Some(group) => group.push(term),
                None => {
                    room = size;
                    groups.push(vec![term]);
                }
            }
            room = room.saturating_sub(needed);
        }
        let index = pack(gaps(groups.iter().map(|group| group[0].key)));
        let payloads = groups
            .par_iter()
            .map(|group| (String::new(), format!("\"{}\"", to_base64(&shard(group)))))
            .collect();
        self.family(letter, payloads, index)
    }

    fn texts(&mut self, entries: &[Entry<'_>], alphabet: &Alphabet) -> Shards {
        let mut groups: Vec<&[Entry<'_>]> = Vec::new();
        let (mut start, mut size) = (0, 0);
        let length = |entry: &Entry<'_>| entry.text.chars().count() + 16;
        let most = file_size(TEXT_FILE, entries.iter().map(length).sum(), MANY_TEXTS, 2);
        for (row, entry) in entries.iter().enumerate() {
            size += length(entry);
            if size >= most || row + 1 == entries.len() {
                groups.push(&entries[start..=row]);
                (start, size) = (row + 1, 0);
            }
        }
        let text =
            |group: &&[Entry<'_>]| (String::new(), format!("\"{}\"", alphabet.records(group)));
        let index = pack(groups.iter().map(|group| group.len() as u32));
        let payloads = groups.par_iter().map(text).collect();
        self.family('t', payloads, index)
    }

    fn law_names(&mut self, entries: &[Entry<'_>]) -> Shards {
        let mut groups: Vec<Vec<LawName>> = vec![Vec::new()];
        let mut size = 0;
        for rows in law_rows(entries) {
            let name = law_name(&entries[rows]);
            size += json(&name).len();
            if size > NAME_FILE {
                size = json(&name).len();
                groups.push(Vec::new());
            }
            if let Some(group) = groups.last_mut() {
                group.push(name);
            }
        }
        let payloads = groups
            .iter()
            .map(|group| (String::new(), json(group)))
            .collect();
        self.family('a', payloads, String::new())
    }

    /// Files of one folder. A file without a name of its own is called by its number.
    fn family(&mut self, letter: char, payloads: Vec<(String, String)>, index: String) -> Shards {
        let mut hasher = String::new();
        payloads.iter().for_each(|(name, payload)| {
            hasher.push_str(name);
            hasher.push_str(&Hash::of(payload.as_bytes()).short(16));
        });
        let dir = format!("{letter}-{}", Hash::of(hasher.as_bytes()).short(8));
        let files = payloads.len() as u32;
        for (number, (name, payload)) in payloads.into_iter().enumerate() {
            let name = if name.is_empty() {
                number.to_string()
            } else {
                name
            };
            self.push(&format!("{dir}/{name}"), &payload);
        }
        Shards { dir, files, index }
    }

    /// A file by itself; gives its name.
    fn single(&mut self, name: &str, payload: &str) -> String {
        let name = format!("{name}-{}", Hash::of(payload.as_bytes()).short(8));
        self.push(&name, payload);
        name
    }

    fn push(&mut self, name: &str, payload: &str) {
        self.files.push((
            OutPath::new(&format!("{FOLDER}/{name}.js")),
            wrap(name, payload),
        ));
    }

    /// The manifest last: the core's name holds the hash of everything, since the core names all the others.
    fn finish(mut self, core: String) -> IndexFiles {
        let build = core.rsplit('-').next().unwrap_or_default().to_owned();
        self.push(
            "manifest",
            &json(&Manifest {
                version: VERSION,
                build: build.clone(),
                core,
            }),
        );
        self.files.sort_by(|a, b| a.0.cmp(&b.0));
        IndexFiles {
            files: self.files,
            build,
        }
    }
}

fn shard(terms: &[Encoded]) -> Vec<u8> {
    let mut out = BitWriter::default();
    out.push_number(terms.len() as u32, 5);
    let mut last = 0;
    for term in terms {
        out.push_number(term.key - last, 5);
        out.append(&term.bits);
        last = term.key;
    }
    out.finish()
}

/// Ascending numbers as the first and then the distance to each next.
fn gaps(sorted: impl IntoIterator<Item = u32>) -> impl Iterator<Item = u32> {
    sorted.into_iter().scan(0, |last, number| {
        Some(number - std::mem::replace(last, number))
    })
}

/// Rows of each law: the first rows of the table, one range a law.
fn law_rows<'a>(entries: &'a [Entry<'_>]) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    let title = |entry: &Entry<'_>| entry.document.law.as_ref().map(|law| law.title.clone());
    entries
        .chunk_by(move |a, b| a.document.kind == b.document.kind && title(a) == title(b))
        .scan(0, |start, rows| {
            let range = *start..*start + rows.len();
            *start = range.end;
            Some((range, rows[0].document.kind))
        })
        .take_while(|(_, kind)| *kind == SearchKind::Law)
        .map(|(range, _)| range)
}

/// How many rows each page has, behind the rows of laws.
fn pages<'a>(entries: &'a [Entry<'_>]) -> impl Iterator<Item = u32> + 'a {
    let laws = law_rows(entries).last().map_or(0, |rows| rows.end);
    let path = |entry: &Entry<'_>| entry.document.url.path().to_owned();
    let pages = entries[laws..].chunk_by(move |a, b| path(a) == path(b));
    pages.map(|rows| rows.len() as u32)
}

fn law_name(entries: &[Entry<'_>]) -> LawName {
    let law = entries[0].document.law.clone().unwrap_or_default();
    let name = short_name(&law).to_owned();
    let others = std::iter::once(&law.title)
        .chain(&law.short_titles)
        .filter(|other| **other != name);
    let mut others: Vec<String> = others
        .map(|other| other.replace("中华人民共和国", ""))
        .filter(|other| *other != name)
        .collect();
    others.dedup();
    (name, others, article_rows(entries))
}

/// Numbers of rows: `1+131` for 131 rows from article 1 on, `133.1` for an inserted one, `-` for a row without a number.
fn article_rows(entries: &[Entry<'_>]) -> String {
    let mut out: Vec<(u32, u32, u32)> = Vec::new();
    for entry in entries {
        let number = entry
            .document
            .law
            .as_ref()
            .and_then(|law| law.article)
            .filter(|_| !entry.continues);
        let (main, sub) = number.map_or((0, 0), |number| (number.main, number.sub));
        match out.last_mut() {
            Some((start, 0, count))
                if main != 0 && sub == 0 && *start != 0 && *start + *count == main =>
            {
                *count += 1
            }
            _ => out.push((main, sub, 1)),
        }
    }
    let text = out.into_iter().map(|run| match run {
        (0, _, _) => "-".to_owned(),
        (main, 0, 1) => main.to_string(),
        (main, 0, count) => format!("{main}+{count}"),
        (main, sub, _) => format!("{main}.{sub}"),
    });
    text.collect::<Vec<_>>().join(" ")
}

fn kinds(entries: &[Entry<'_>]) -> Vec<(String, u32)> {
    let runs = entries.chunk_by(|a, b| a.document.kind == b.document.kind);
    runs.map(|run| (run[0].document.kind.name().to_owned(), run.len() as u32))
        .collect()
}

fn boosts(entries: &[Entry<'_>], options: &IndexOptions) -> Vec<u32> {
    let runs = entries.chunk_by(|a, b| a.document.kind == b.document.kind);
    runs.map(|run| {
        let kind = run[0].document.kind;
        let given = options
            .boosts
            .iter()
            .find(|(named, _)| *named == kind)
            .map(|(_, boost)| *boost);
        whole(given.unwrap_or(default_boost(kind)) * 16.0).clamp(1, 64)
    })
    .collect()
}

fn default_boost(kind: SearchKind) -> f64 {
    match kind {
        SearchKind::Question => 1.125,
        SearchKind::Law
        | SearchKind::Case
        | SearchKind::Episode
        | SearchKind::Article
        | SearchKind::Page => 1.0,
    }
}

/// What citations add to a score, in 256ths of the best.
struct Priors {
    laws: Vec<u32>,
    law_of_row: Vec<u32>,
    rows: Vec<u32>,
}

impl Priors {
    fn of(entries: &[Entry<'_>], weights: &Weights) -> Self {
        let prior =
            |factor: f64, citations: u32| whole(factor * (1.0 + f64::from(citations)).ln() * 256.0);
        let mut laws = Vec::new();
        let mut law_of_row = Vec::new();
        for rows in law_rows(entries) {
            law_of_row.resize(rows.end, laws.len() as u32);
            let citations = entries[rows]
                .iter()
                .map(|entry| entry.cited.law)
                .max()
                .unwrap_or(0);
            laws.push(prior(weights.law_prior, citations));
        }
        let rows = entries
            .iter()
            .map(|entry| prior(weights.prior, entry.cited.count))
            .collect();
        Self {
            laws,
            law_of_row,
            rows,
        }
    }

    fn of_row(&self, row: u32) -> u32 {
        let law = self
            .law_of_row
            .get(row as usize)
            .map_or(0, |law| self.laws[*law as usize]);
        law + self.rows[row as usize]
    }

    fn packed(&self) -> Vec<u32> {
        let own: Vec<u32> = (0..self.rows.len() as u32)
            .filter(|row| self.rows[*row as usize] > 0)
            .collect();
        gaps(own.iter().copied())
            .zip(&own)
            .flat_map(|(gap, row)| [gap, self.rows[*row as usize]])
            .collect()
    }
}

/// For each row that cites articles of law: distance to the row before, how many, and their rows as differences.
fn links(entries: &[Entry<'_>]) -> Vec<u32> {
    let mut rows: HashMap<&str, u32> = HashMap::new();
    for (row, entry) in entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.document.kind == SearchKind::Law)
    {
        rows.entry(entry.document.url.as_str())
            .or_insert(row as u32);
    }
    let mut out = Vec::new();
    let mut last = 0;
    for (row, entry) in entries.iter().enumerate() {
        let cites = if entry.document.kind == SearchKind::Law {
            &[][..]
        } else {
            &entry.document.cites[..]
        };
        let mut cited: Vec<u32> = cites
            .iter()
            .filter_map(|url| rows.get(url.as_str()).copied())
            .collect();
        cited.sort_unstable();
        cited.dedup();
        if !cited.is_empty() {
            out.extend([row as u32 - last, cited.len() as u32]);
            out.extend(gaps(cited));
            last = row as u32;
        }
    }
    out
}

/// Names of topics and audiences, the distinct sets of them, and runs of rows with the same set.
#[expect(
    clippy::type_complexity,
    reason = "three tables that only the core takes"
)]
fn sets(
    entries: &[Entry<'_>],
) -> (
    (Vec<String>, Vec<String>),
    Vec<(Vec<u32>, Vec<u32>)>,
    Vec<u32>,
) {
    let mut names = (Vec::new(), Vec::new());
    let mut sets = vec![(Vec::new(), Vec::new())];
    let mut known = BTreeMap::from([((Vec::new(), Vec::new()), 0u32)]);
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for entry in entries {
        let numbers = |list: &[String], names: &mut Vec<String>| {
            let mut numbers: Vec<u32> = list.iter().map(|name| number(name, names)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        };
        let set = (
            numbers(&entry.document.topics, &mut names.0),
            numbers(&entry.document.audiences, &mut names.1),
        );
        let id = *known.entry(set.clone()).or_insert_with(|| {
            sets.push(set);
            sets.len() as u32 - 1
        });
        match runs.last_mut() {
            Some((last, count)) if *last == id => *count += 1,
            _ => runs.push((id, 1)),
        }
    }
    (
        names,
        sets,
        runs.into_iter()
            .flat_map(|(id, count)| [id, count])
            .collect(),
    )
}

fn number(name: &str, names: &mut Vec<String>) -> u32 {
    let place = names
        .iter()
        .position(|known| known == name)
        .unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
    place as u32
}

fn folded(synonym: &Synonym) -> (Vec<String>, Vec<String>) {
    let fold = |words: &[String]| words.iter().map(|word| super::token::fold(word)).collect();
    (fold(&synonym.from), fold(&synonym.to))
}

const TRADITIONAL: &str = include_str!("traditional.txt");

/// Traditional characters whose simplified form the site has, as a JSON string of pairs.
fn variants(alphabet: &Alphabet) -> String {
    let chars: Vec<char> = TRADITIONAL
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::chars)
        .collect();
    let pairs = chars
        .chunks_exact(2)
        .filter(|pair| alphabet.rank(pair[1]) > 0);
    json(&pairs.flatten().collect::<String>())
}
