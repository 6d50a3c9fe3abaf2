//! Pieces of Markdown inside blocks that have a form of their own (quizzes, self-check paths).
//!
//! A fragment is a slice of its file, so that places in it are places in the file.

use super::markdown::{self, MarkdownOptions};
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{BlockKind, Document, text};

/// The block that is being read: its text, where it begins in the file, and how Markdown in it is read.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The text of the block.
    pub text: &'a str,
    /// Where it begins in the file.
    pub offset: usize,
    /// The file.
    pub file: &'a SourcePath,
    /// How Markdown is read.
    pub options: &'a MarkdownOptions,
}

/// A line of a block: where it begins in the block, and its text without the line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Offset in the block.
    pub at: usize,
    /// The text.
    pub text: &'a str,
}

impl<'a> Line<'a> {
    /// The line without the white space around it, and where that begins.
    #[must_use]
    pub fn trimmed(&self) -> Line<'a> {
        let text = self.text.trim_start();
        Line {
            at: self.at + self.text.len() - text.len(),
            text: text.trim_end(),
        }
    }

    /// What stands behind the first `skip` bytes of the line, trimmed.
    #[must_use]
    pub fn behind(&self, skip: usize) -> Line<'a> {
        Line {
            at: self.at + skip,
            text: &self.text[skip..],
        }
        .trimmed()
    }

    /// The range of the block it covers.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.at..self.at + self.text.len()
    }
}

impl<'a> Source<'a> {
    /// The lines in order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let mut at = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            Line {
                at: start,
                text: line.trim_end_matches(['\n', '\r']),
            }
        })
    }

    /// The place in the file of a range of the block.
    #[must_use]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(range.start, range.end).shift(self.offset)
    }

    /// A diagnostic at a range of the block.
    #[must_use]
    pub fn problem(&self, code: &'static str, range: std::ops::Range<usize>) -> Diagnostic {
        Diagnostic::at(code, self.file, self.span(range))
    }

    /// Reads a range of the block as Markdown.
    pub fn markdown(
        &self,
        range: std::ops::Range<usize>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Document {
        markdown::parse(
            &self.text[range.clone()],
            self.offset + range.start,
            self.file,
            self.options,
            diagnostics,
        )
    }

    /// Reads lines that each begin with `>` as the Markdown behind the marks.
    pub fn quoted(
        &self,
        range: std::ops::Range<usize>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Document {
        let mut document = self.markdown(range, diagnostics);
        let mut blocks = Vec::with_capacity(document.blocks.len());
        for block in std::mem::take(&mut document.blocks) {
            match block.kind {
                BlockKind::Quote(inner) => blocks.extend(inner),
                kind => blocks.push(crate::doc::Block {
                    kind,
                    span: block.span,
                }),
            }
        }
        document.blocks = blocks;
        document
    }
}

/// The text of a fragment without marks, on one line.
#[must_use]
pub fn plain(document: &Document) -> String {
    text::plain_blocks(&document.blocks)
        .trim()
        .replace('\n', " ")
}
