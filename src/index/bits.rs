//! Bits and small numbers: what the shards are written in.

use rayon::prelude::*;

/// Writes bits, the highest first.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Appends the lowest `count` bits of `value` (at most 32).
    pub(super) fn push(&mut self, value: u32, count: u32) {
        self.pending = (self.pending << count) | u64::from(value);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.pending >> self.count) as u8);
        }
        self.pending &= (1 << self.count) - 1;
    }

    /// A number below `size`, in as few bits as its place needs (truncated binary code).
    fn push_below(&mut self, value: u32, size: u32) {
        if size <= 1 {
            return;
        }
        let bits = size.ilog2();
        let short = ((2u64 << bits) - u64::from(size)) as u32;
        if value < short {
            self.push(value, bits)
        } else {
            self.push(value + short, bits + 1)
        }
    }

    /// A number, small ones in few bits (exponential Golomb code): `fine` bits more for numbers around 2^`fine`.
    pub(super) fn push_number(&mut self, value: u32, fine: u32) {
        let high = (value >> fine) + 1;
        self.push(0, high.ilog2());
        self.push(high, high.ilog2() + 1);
        self.push(value & ((1 << fine) - 1), fine);
    }

    /// Sorted numbers of `low..=high`, by binary interpolative coding: close neighbours cost next to nothing.
    pub(super) fn push_sorted(&mut self, sorted: &[u32], low: u32, high: u32) {
        let Some(middle) = (!sorted.is_empty()).then_some(sorted.len() / 2) else {
            return;
        };
        let value = sorted[middle];
        let least = low + middle as u32;
        let most = high - (sorted.len() - 1 - middle) as u32;
        self.push_below(value - least, most - least + 1);
        if middle > 0 {
            self.push_sorted(&sorted[..middle], low, value - 1);
        }
        if middle + 1 < sorted.len() {
            self.push_sorted(&sorted[middle + 1..], value + 1, high);
        }
    }

    /// How many bits there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() * 8 + self.count as usize
    }

    /// Appends all bits of another.
    pub(super) fn append(&mut self, other: &BitWriter) {
        other
            .bytes
            .iter()
            .for_each(|byte| self.push(u32::from(*byte), 8));
        self.push(other.pending as u32, other.count);
    }

    /// The bytes, the last filled with zeros.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push((self.pending << (8 - self.count)) as u8);
        }
        self.bytes
    }
}

/// Reads what [`BitWriter`] wrote. Past the end it reads zeros: a damaged file gives wrong results, never a crash.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn bit(&mut self) -> u32 {
        let byte = self.bytes.get(self.at >> 3).copied().unwrap_or(0);
        let bit = byte >> (7 - (self.at & 7)) & 1;
        self.at += 1;
        u32::from(bit)
    }

    /// Whether everything is read.
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len() * 8
    }

    /// The next `count` bits.
    pub(super) fn take(&mut self, count: u32) -> u32 {
        (0..count).fold(0, |value, _| value << 1 | self.bit())
    }

    fn below(&mut self, size: u32) -> u32 {
        if size <= 1 {
            return 0;
        }
        let bits = size.ilog2();
        let short = ((2u64 << bits) - u64::from(size)) as u32;
        let value = self.take(bits);
        if value < short {
            value
        } else {
            (value << 1 | self.bit()) - short
        }
    }

    /// A number that `push_number` wrote.
    pub(super) fn number(&mut self, fine: u32) -> u32 {
        let mut zeros = 0;
        while zeros < 31 && !self.is_at_end() && self.bit() == 0 {
            zeros += 1;
        }
        let high = 1 << zeros | self.take(zeros);
        (high - 1) << fine | self.take(fine)
    }

    /// Fills `sorted` with what `push_sorted` wrote.
    pub(super) fn sorted(&mut self, sorted: &mut [u32], low: u32, high: u32) {
        if sorted.is_empty() {
            return;
        }
        let middle = sorted.len() / 2;
        let least = low.saturating_add(middle as u32);
        let most = high.saturating_sub((sorted.len() - 1 - middle) as u32);
        let value = least + self.below(most.saturating_sub(least) + 1);
        sorted[middle] = value;
        let (left, right) = sorted.split_at_mut(middle);
        if !left.is_empty() {
            self.sorted(left, low, value.saturating_sub(1));
        }
        self.sorted(&mut right[1..], value + 1, high);
    }

    /// The next symbol of a code.
    fn symbol(&mut self, code: &Code) -> u8 {
        let (mut value, mut first, mut index) = (0u32, 0u32, 0u32);
        for count in &code.counts[1..] {
            value = value << 1 | self.bit();
            if value < first + count {
                return code.symbols[(index + value - first) as usize];
            }
            index += count;
            first = (first + count) << 1;
        }
        0
    }
}

/// The longest code word.
const LONGEST: usize = 15;

/// A canonical Huffman code over a few symbols, known by the lengths of its words alone.
#[derive(Clone, Debug)]
struct Code {
    /// Length of each symbol's word; 0 for a symbol that does not occur.
    lengths: Vec<u8>,
    words: Vec<u32>,
    counts: [u32; LONGEST + 1],
    symbols: Vec<u8>,
}

impl Code {
    /// The code that suits these frequencies.
    fn of_frequencies(frequencies: &[u64]) -> Self {
        let mut frequencies = frequencies.to_vec();
        loop {
            let lengths = huffman_lengths(&frequencies);
            if lengths.iter().all(|length| usize::from(*length) <= LONGEST) {
                return Self::of_lengths(lengths);
            }
            frequencies
                .iter_mut()
                .filter(|count| **count > 0)
                .for_each(|count| *count = *count / 4 + 1);
        }
    }

    /// The code with words of these lengths.
    fn of_lengths(lengths: Vec<u8>) -> Self {
        let mut counts = [0u32; LONGEST + 1];
        lengths
            .iter()
            .for_each(|length| counts[usize::from(*length).min(LONGEST)] += 1);
        counts[0] = 0;
        let mut next = [0u32; LONGEST + 1];
        for length in 1..=LONGEST {
            next[length] = (next[length - 1] + counts[length - 1]) << 1;
        }
        let words = lengths
            .iter()
            .map(|length| {
                let word = next[usize::from(*length)];
                next[usize::from(*length)] += 1;
                word
            })
            .collect();
        let mut symbols: Vec<u8> = (0..lengths.len() as u8)
            .filter(|s| lengths[usize::from(*s)] > 0)
            .collect();
        symbols.sort_by_key(|symbol| (lengths[usize::from(*symbol)], *symbol));
        Self {
            lengths,
            words,
            counts,
            symbols,
        }
    }

    /// Appends a symbol's word.
    fn write(&self, symbol: u8, out: &mut BitWriter) {
        out.push(
            self.words[usize::from(symbol)],
            u32::from(self.lengths[usize::from(symbol)]),
        );
    }
}

/// One code for each symbol that may stand before: neighbours in a list are often alike.
#[derive(Clone, Debug)]
pub(super) struct Codes(Vec<Code>);

impl Codes {
    /// The codes that suit these lists of symbols; `visit` hands on the symbols of a list.
    pub(super) fn of_lists<L: Sync>(
        symbols: usize,
        lists: &[L],
        visit: impl Fn(&L, &mut dyn FnMut(u8)) + Sync,
    ) -> Self {
        let none = || vec![vec![0u64; symbols]; symbols];
        let add = |mut frequencies: Vec<Vec<u64>>, list: &L| {
            let mut before = 0;
            visit(list, &mut |symbol| {
                frequencies[before][usize::from(symbol)] += 1;
                before = usize::from(symbol);
            });
            frequencies
        };
        let both = |mut all: Vec<Vec<u64>>, more: Vec<Vec<u64>>| {
            let cells = all.iter_mut().flatten().zip(more.iter().flatten());
            cells.for_each(|(cell, more)| *cell += more);
            all
        };
        let frequencies = lists
            .par_chunks(4096)
            .map(|lists| lists.iter().fold(none(), add))
            .reduce(none, both);
        Self(
            frequencies
                .iter()
                .map(|frequencies| Code::of_frequencies(frequencies))
                .collect(),
        )
    }

    /// The codes with words of these lengths.
    pub(super) fn of_lengths(lengths: &[Vec<u8>]) -> Self {
        Self(lengths.iter().cloned().map(Code::of_lengths).collect())
    }

    /// Lengths of all words.
    pub(super) fn lengths(self) -> Vec<Vec<u8>> {
        self.0.into_iter().map(|code| code.lengths).collect()
    }

    /// Appends a list of symbols.
    pub(super) fn write(&self, symbols: impl Iterator<Item = u8>, out: &mut BitWriter) {
        let mut before = 0;
        for symbol in symbols {
            self.0[before].write(symbol, out);
            before = usize::from(symbol);
        }
    }

    /// Reads a list of `count` symbols.
    pub(super) fn read(&self, count: usize, reader: &mut BitReader<'_>) -> Vec<u8> {
        let mut before = 0;
        let next = |_| {
            let symbol = self.0.get(before).map_or(0, |code| reader.symbol(code));
            before = usize::from(symbol);
            symbol
        };
        (0..count).map(next).collect()
    }
}

/// Word lengths by Huffman's construction; ties fall by symbol, so the same frequencies give the same code.
fn huffman_lengths(frequencies: &[u64]) -> Vec<u8> {
    let mut lengths = vec![0u8; frequencies.len()];
    let mut trees: Vec<(u64, Vec<usize>)> = frequencies
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(s, count)| (*count, vec![s]))
        .collect();
    if let [(_, only)] = trees.as_slice() {
        lengths[only[0]] = 1;
    }
    while trees.len() > 1 {
        trees.sort_by(|a, b| b.cmp(a));
        if let (Some(a), Some(b)) = (trees.pop(), trees.pop()) {
            let joined: Vec<usize> = a.1.into_iter().chain(b.1).collect();
            joined.iter().for_each(|symbol| lengths[*symbol] += 1);
            trees.push((a.0 + b.0, joined));
        }
    }
    lengths
}

/// Appends a number, seven bits a byte, the lowest first.
pub(super) fn push_varint(value: u32, out: &mut Vec<u8>) {
    let mut rest = value;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Reads a number at `at`, moving it behind the number.
pub(super) fn read_varint(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut value, mut shift) = (0u32, 0);
    loop {
        let byte = bytes.get(*at).copied().unwrap_or(0);
        *at += 1;
        value |= u32::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            return value;
        }
        shift += 7;
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as base64 with padding, as the browser's `atob` reads it.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group
            .iter()
            .fold(0u32, |value, byte| value << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = BASE64[(value >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= group.len() {
                digit as char
            } else {
                '='
            });
        }
    }
    out
}

/// The bytes of a base64 text; anything that is no base64 digit is passed over.
pub(super) fn from_base64(text: &str) -> Vec<u8> {
    let (mut out, mut value, mut bits) = (Vec::with_capacity(text.len() / 4 * 3), 0u32, 0);
    for byte in text.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        value = value << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((value >> bits) as u8);
            value &= (1 << bits) - 1;
        }
    }
    out
}

/// Numbers as base64 text.
pub(super) fn pack(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut bytes = Vec::new();
    numbers
        .into_iter()
        .for_each(|number| push_varint(number, &mut bytes));
    to_base64(&bytes)
}

/// The numbers of a text that [`pack`] wrote.
pub(super) fn unpack(text: &str) -> Vec<u32> {
    let bytes = from_base64(text);
    let mut at = 0;
    let mut numbers = Vec::new();
    while at < bytes.len() {
        numbers.push(read_varint(&bytes, &mut at));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sorted: &[u32], high: u32, symbols: &[u8]) {
        let codes = Codes::of_lists(32, &[symbols], |list, count| {
            list.iter().for_each(|symbol| count(*symbol));
        });
        let mut out = BitWriter::default();
        out.push_sorted(sorted, 0, high);
        codes.write(symbols.iter().copied(), &mut out);
        let bytes = from_base64(&to_base64(&out.finish()));
        let codes = Codes::of_lengths(&codes.lengths());
        let mut reader = BitReader::new(&bytes);
        let mut back = vec![0; sorted.len()];
        reader.sorted(&mut back, 0, high);
        assert_eq!(back, sorted);
        assert_eq!(codes.read(symbols.len(), &mut reader), symbols);
    }

    #[test]
    fn lists_and_symbols_survive_the_way_there_and_back() {
        check(
            &[0, 1, 2, 3, 7, 58_000, 58_001],
            60_000,
            &[3, 3, 3, 1, 9, 31],
        );
        check(&[5], 5, &[0]);
        check(&[], 0, &[]);
        check(
            &(0..500).map(|n| n * n).collect::<Vec<_>>(),
            300_000,
            &[1, 2, 1, 1, 2, 30, 29],
        );
        check(&(0..100).collect::<Vec<_>>(), 99, &[7; 4]);
    }

    #[test]
    fn numbers_survive_the_way_there_and_back() {
        let numbers = [0, 1, 127, 128, 300, u32::MAX];
        assert_eq!(unpack(&pack(numbers)), numbers);
    }

    #[test]
    fn small_numbers_take_few_bits() {
        let mut out = BitWriter::default();
        let numbers = [0, 1, 31, 32, 1000, 70_000, 1 << 28];
        for fine in [0, 1, 5, 8] {
            numbers
                .iter()
                .for_each(|number| out.push_number(*number, fine));
        }
        let bytes = out.finish();
        let mut reader = BitReader::new(&bytes);
        for fine in [0, 1, 5, 8] {
            assert_eq!(numbers.map(|_| reader.number(fine)), numbers);
        }
    }

    #[test]
    fn damaged_bytes_do_no_harm() {
        let mut sorted = [0; 9];
        BitReader::new(&[0xFF, 0xFF]).sorted(&mut sorted, 0, 3);
        assert_eq!(read_varint(&[0xFF; 9], &mut 0), u32::MAX);
    }
}
