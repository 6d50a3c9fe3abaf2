//! What is wrong with citations, as messages to an editor.

use std::collections::BTreeSet;

use super::{Change, Citation, Context, Status};
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::model::law::{Law, title_key};
use crate::render::compare::Piece;

/// What an editor should know of the citations of a text: one warning for each unknown law, one message for every other
/// citation that can't be relied on. `place` gives the place in the source of a byte range of the text.
#[must_use]
pub fn problems<'c>(
    citations: impl IntoIterator<Item = &'c Citation>,
    context: &Context<'_>,
    file: &SourcePath,
    place: &dyn Fn(usize, usize) -> Span,
) -> Vec<Diagnostic> {
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    citations
        .into_iter()
        .filter(|citation| {
            citation.status != Status::UnknownLaw || unknown.insert(title_key(&citation.title))
        })
        .filter_map(|citation| {
            problem(citation, context, file, place(citation.start, citation.end))
        })
        .collect()
}

fn problem(
    citation: &Citation,
    context: &Context<'_>,
    file: &SourcePath,
    span: Span,
) -> Option<Diagnostic> {
    let library = context.library;
    let law = citation.law.map(|law| library.law(law));
    let title = law.map_or(&*citation.title, |law| law.short());
    let article = citation.article.map(|no| no.chinese());
    let version = law
        .zip(citation.version)
        .and_then(|(law, version)| law.versions.get(version));
    let about = |code| Diagnostic::at(code, file, span).with("law", title);
    match citation.status {
        Status::Ok => None,
        Status::UnknownLaw => {
            Some(about("citation-unknown-law").with_option("nearest", library.nearest(title)))
        }
        Status::UnknownArticle => Some(
            about("citation-unknown-article")
                .with_option("article", article)
                .with_option(
                    "last",
                    version
                        .and_then(|version| version.statute.last_article())
                        .map(|last| last.chinese()),
                ),
        ),
        Status::Repealed => Some(repealed(about("citation-repealed"), law)),
        Status::NotYetInForce => {
            let from = law.and_then(|law| {
                law.versions.iter().rev().find(|version| {
                    version.from > context.date
                        && citation.article.is_none_or(|no| version.has_article(no))
                })
            });
            Some(
                about("citation-not-yet-in-force")
                    .with("article", article.unwrap_or_default())
                    .with_option("date", from.and_then(|version| version.from)),
            )
        }
        Status::Superseded => Some(superseded(
            about("citation-superseded").with_option("article", article),
            citation,
            context,
        )),
    }
}

/// Since when a law is no longer in force, and what took its place.
fn repealed(problem: Diagnostic, law: Option<&Law>) -> Diagnostic {
    let repeal = law.and_then(|law| law.repeal.as_ref());
    let successor = repeal.and_then(|repeal| repeal.successor.as_deref());
    let successor = successor.map(|title| title.strip_prefix("中华人民共和国").unwrap_or(title));
    problem
        .with_option("date", repeal.and_then(|repeal| repeal.date))
        .with_option("successor", successor)
        .with_option("book", repeal.and_then(|repeal| repeal.book.as_deref()))
}

/// Since when an article reads otherwise, in words; or its new number.
fn superseded(problem: Diagnostic, citation: &Citation, context: &Context<'_>) -> Diagnostic {
    let law = citation.law.map(|law| context.library.law(law));
    let note = citation.note(context.library, context.today);
    let since = law
        .zip(note.as_ref())
        .and_then(|(law, note)| law.versions[note.version].from);
    let number = note
        .as_ref()
        .and_then(|note| note.article)
        .filter(|no| Some(*no) != citation.article)
        .map(|no| no.chinese());
    let moved = note
        .as_ref()
        .filter(|note| note.change == Change::Renumbered);
    let renumbered = moved.and(number.clone());
    let difference = match (&renumbered, &note) {
        (Some(number), _) => format!("→ {number}"),
        (None, Some(note)) => shortened(&note.pieces),
        (None, None) => String::new(),
    };
    problem
        .with_option("date", since)
        .with_option("renumbered", renumbered)
        .with_option("number", number)
        .with("difference", difference)
}

/// The difference in a line: what was deleted and inserted, with a few characters around.
fn shortened(pieces: &[Piece]) -> String {
    const AROUND: usize = 8;
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Deleted(text) => out.push_str(&format!("[-{text}-]")),
            Piece::Inserted(text) => out.push_str(&format!("{{+{text}+}}")),
            Piece::Same(text) => {
                let chars: Vec<char> = text.chars().collect();
                let (first, last) = (at == 0, at + 1 == pieces.len());
                if chars.len() <= 2 * AROUND && !first && !last {
                    out.push_str(text);
                } else {
                    let head: String = chars.iter().take(if first { 0 } else { AROUND }).collect();
                    let tail: String = chars
                        [chars.len().saturating_sub(if last { 0 } else { AROUND })..]
                        .iter()
                        .collect();
                    out.push_str(&format!("{head}…{tail}"));
                }
            }
        }
    }
    let out = out.replace('\n', " ");
    crate::doc::text::shorten(&out, 200)
}
