//! Byte ranges in a source text, and the lines and columns people count.

/// A half-open byte range `start..end` in the text of one source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// The same range moved by `offset` bytes.
    #[must_use]
    pub fn shift(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The whole of the characters it touches in `text`, which it was counted in.
    #[must_use]
    pub fn on_borders(self, text: &str) -> Self {
        Self::new(
            text.floor_char_boundary(self.start as usize),
            text.ceil_char_boundary(self.end as usize),
        )
    }

    /// The range, for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A place as people count it: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The index of `text`; lines end at `\n`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| clamp(at + 1)));
        Self { starts }
    }

    /// The position of a byte offset in the text the index was made from.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self
            .starts
            .partition_point(|&start| start as usize <= offset)
            .saturating_sub(1);
        let start = self.starts[line] as usize;
        let column = text
            .get(start..offset)
            .map_or(0, |before| before.chars().count());
        Position {
            line: line + 1,
            column: column + 1,
        }
    }

    /// The byte offset where a line (from 1) starts; the text's end for lines beyond it.
    #[must_use]
    pub fn line_start(&self, line: usize) -> usize {
        let last = *self.starts.last().unwrap_or(&0);
        self.starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(last) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "第一行\n第二行错";
        let index = LineIndex::new(text);
        let at = text.find('错').expect("the text holds it");
        assert_eq!(index.position(text, at), Position { line: 2, column: 4 });
    }

    #[test]
    fn a_span_takes_in_whole_characters_and_ends_with_the_text() {
        let check = |start, end, wanted: &str| {
            let span = Span::new(start, end).on_borders("甲乙");
            assert_eq!("甲乙".get(span.range()), Some(wanted), "{start}..{end}");
        };
        check(1, 2, "甲");
        check(2, 4, "甲乙");
        check(4, 90, "乙");
        check(90, 99, "");
    }

    #[test]
    fn the_end_of_the_text_has_a_position() {
        let text = "a\n";
        assert_eq!(
            LineIndex::new(text).position(text, 99),
            Position { line: 2, column: 1 }
        );
    }
}
