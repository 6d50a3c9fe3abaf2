//! Prose that stands outside the running text of a file: the short answers in the fields of questions, and what short codes
//! are given to show.

use super::markdown::{self, MarkdownOptions};
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{BlockKind, Document, InlineKind, Shortcode};

/// A piece of prose.
#[derive(Clone, Debug, PartialEq)]
pub struct Prose {
    /// What it says. Places in it are places in the file.
    pub document: Document,
    /// What it is.
    pub kind: ProseKind,
    /// Where all of it stands, when it is written otherwise than it reads (with escapes, folded over lines), so that the
    /// places in the document are not true.
    pub whole: Option<Span>,
}

/// What a piece of prose is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProseKind {
    /// The short answer of a question, shown as it is.
    Short,
    /// The body or a text argument of a short code, whose template decides how it is shown.
    Call,
}

impl Prose {
    /// Gives problems found in it the place they have in the file.
    pub fn place(&self, problems: &mut [Diagnostic]) {
        let Some(whole) = self.whole else { return };
        for place in problems
            .iter_mut()
            .filter_map(|problem| problem.place.as_mut())
        {
            place.span = whole;
        }
    }
}

/// How deep bodies of short codes are looked into.
const DEEPEST: u32 = 16;

/// The file that is read.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// Its text.
    pub source: &'a str,
    /// Its path.
    pub path: &'a SourcePath,
    /// How Markdown in it is read.
    pub options: &'a MarkdownOptions,
}

impl File<'_> {
    /// The short answer `text`, written at `span` as a string of TOML, YAML or JSON.
    pub fn short(&self, text: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Prose {
        let written = self.source.get(span.range()).unwrap_or_default();
        let start = written.find(text).filter(|_| !text.is_empty());
        let offset = span.start as usize + start.unwrap_or(0);
        let mut found = Vec::new();
        let document = markdown::parse(text, offset, self.path, self.options, &mut found);
        let whole = start.is_none().then_some(span);
        let prose = Prose {
            document,
            kind: ProseKind::Short,
            whole,
        };
        prose.place(&mut found);
        diagnostics.append(&mut found);
        prose
    }

    /// What the short codes of some documents are given to show.
    pub fn calls<'d>(&self, documents: impl IntoIterator<Item = &'d Document>) -> Vec<Prose> {
        let mut found = Vec::new();
        for document in documents {
            self.calls_in(document, 0, &mut found);
        }
        found
    }

    fn calls_in(&self, document: &Document, depth: u32, found: &mut Vec<Prose>) {
        let mut calls: Vec<&Shortcode> = Vec::new();
        document.walk_blocks(&mut |block| {
            if let BlockKind::Shortcode(call) = &block.kind {
                calls.push(call);
            }
        });
        document.walk_inlines(&mut |inline| {
            if let InlineKind::Shortcode(call) = &inline.kind {
                calls.push(call);
            }
        });
        calls.sort_by_key(|call| call.span);
        for call in calls {
            for text in call.texts.iter().copied().chain(call.body_span()) {
                let inner = self.call_text(text);
                if depth < DEEPEST && Some(text) == call.body_span() {
                    let at = found.len();
                    self.calls_in(&inner.document, depth + 1, found);
                    found.insert(at, inner);
                } else {
                    found.push(inner);
                }
            }
        }
    }

    fn call_text(&self, span: Span) -> Prose {
        let text = self.source.get(span.range()).unwrap_or_default();
        // What is wrong with the Markdown of a body is said where it is shown.
        let mut unsaid = Vec::new();
        let offset = span.start as usize;
        Prose {
            document: markdown::parse(text, offset, self.path, self.options, &mut unsaid),
            kind: ProseKind::Call,
            whole: None,
        }
    }
}
