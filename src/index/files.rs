//! The shape of the files: what [`super::encode`] writes and [`super::query`] reads.

use serde::{Deserialize, Serialize};

/// The version of the whole form; a reader of another version refuses.
pub(super) const VERSION: u32 = 1;
/// The folder of the index, and the call every file is.
pub(super) const FOLDER: &str = "search";
const CALL: &str = "pufaSearch";

/// The first file read; its name never changes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) version: u32,
    pub(super) build: String,
    pub(super) core: String,
}

/// A numbered row of files of one kind in one folder.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Shards {
    /// The folder: `h-1a2b3c4d`.
    pub(super) dir: String,
    /// How many files.
    pub(super) files: u32,
    /// For each file its first term or how many rows it holds, packed; as differences for terms.
    pub(super) index: String,
}

/// What every query needs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Core {
    /// Rows of the document table.
    pub(super) rows: u32,
    /// Characters by rank.
    pub(super) alphabet: String,
    /// Kinds in order of rows, with how many rows each.
    pub(super) kinds: Vec<(String, u32)>,
    /// Factor of each of those, in sixteenths.
    pub(super) boosts: Vec<u32>,
    /// Rows of each law, packed; laws are the first rows.
    pub(super) laws: String,
    /// Prior of each law, packed, in 256ths of the best score.
    pub(super) law_priors: String,
    /// Rows with a prior of their own: gap, prior, packed.
    pub(super) priors: String,
    /// Rows that cite rows of law: gap, count, cited rows as differences; packed.
    pub(super) links: String,
    /// How points pass on, in 256ths; see `Weights::mix`.
    pub(super) mix: [u32; 4],
    /// Rows that go on with the document before: gaps, packed.
    pub(super) parts: String,
    /// Rows that are a law itself, not an article of it: gaps, packed.
    pub(super) fronts: String,
    /// How many rows each page has, behind the rows of laws; packed.
    pub(super) pages: String,
    /// Names of topics and audiences.
    pub(super) topics: Vec<String>,
    pub(super) audiences: Vec<String>,
    /// Distinct sets of topics and audiences; the first is empty.
    pub(super) sets: Vec<(Vec<u32>, Vec<u32>)>,
    /// Set and run length, packed.
    pub(super) set_runs: String,
    /// Rarity of a pair and of a single character by bucket of frequency.
    pub(super) rarity: [Vec<u32>; 2],
    /// Code word lengths of symbols in heads and in tails: for each symbol, those of the symbol behind it.
    pub(super) codes: [Vec<Vec<u8>>; 2],
    pub(super) heads: Shards,
    pub(super) tails: Shards,
    pub(super) texts: Shards,
    /// Files of law names.
    pub(super) law_names: Shards,
    /// Pinyin files: the base and one for each letter of `index`.
    pub(super) pinyin: Shards,
    /// Name of the file of traditional characters.
    pub(super) variants: String,
    /// Everyday words and what they stand for.
    pub(super) synonyms: Vec<(Vec<String>, Vec<String>)>,
    /// Weight of a synonym's term, in 256ths.
    pub(super) synonym: u32,
    /// Weight of a learnt term, in 256ths, and how many a query takes.
    pub(super) expansion: (u32, u32),
}

/// A law's name, other names, and the numbers of its rows.
pub(super) type LawName = (String, Vec<String>, String);

/// The bytes of a file.
pub(super) fn wrap(name: &str, json: &str) -> Vec<u8> {
    format!("{CALL}(\"{name}\",{json})\n").into_bytes()
}

/// The JSON in the bytes of a file.
pub(super) fn unwrap(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end();
    text.strip_suffix(')')?
        .split_once(',')
        .map(|(_, json)| json)
}

/// A frequency's bucket: exact below 32, then eight to an octave.
pub(super) fn bucket(frequency: u32) -> u32 {
    if frequency < 32 {
        return frequency;
    }
    let octave = frequency.ilog2();
    32 + (octave - 5) * 8 + (frequency >> (octave - 3) & 7)
}

/// A frequency that stands for its bucket.
pub(super) fn bucket_middle(bucket: u32) -> u32 {
    if bucket < 32 {
        return bucket;
    }
    let (octave, eighth) = ((bucket - 32) / 8 + 5, (bucket - 32) % 8);
    ((8 + eighth) << (octave - 3)) + (1 << (octave - 3)) / 2
}

/// The last bucket any index needs (a million rows).
pub(super) const BUCKETS: u32 = 32 + 15 * 8 + 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buckets_middle_lies_in_it() {
        (0..BUCKETS).for_each(|number| assert_eq!(bucket(bucket_middle(number)), number));
    }

    #[test]
    fn a_file_is_a_call() {
        let bytes = wrap("h-1/0", "\"AA,)\"");
        assert_eq!(
            std::str::from_utf8(&bytes),
            Ok("pufaSearch(\"h-1/0\",\"AA,)\")\n")
        );
        assert_eq!(unwrap(&bytes), Some("\"AA,)\""));
    }
}
