//! What is said in an episode → the laws it cites. The cues are read as one text, since a sentence often goes on in the next.

use std::ops::Range;

use super::citation::{self, Context};
use super::{PageCitation, law_date, leads, offset, sentence};
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::text;
use crate::model::Site;
use crate::parse::page::Parsed;
use crate::parse::transcript::{Cue, Transcript};

/// What a transcript cites.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spoken {
    /// The citations in order, by bytes of the cues' texts as they are joined here.
    pub citations: Vec<PageCitation>,
    /// Where each cue's text stands in the joined text.
    cues: Vec<Range<usize>>,
    /// Which citations lead to a page of the site.
    linked: Vec<bool>,
}

impl Spoken {
    /// The citations that lead somewhere, as far as they stand in a cue: their bytes in its text.
    pub fn in_cue(&self, index: usize) -> impl Iterator<Item = (Range<usize>, &PageCitation)> {
        let cue = self.cues.get(index).cloned().unwrap_or_default();
        let first = self
            .citations
            .partition_point(|found| found.citation.end <= cue.start);
        let (end, base) = (cue.end, cue.start);
        self.citations[first..]
            .iter()
            .zip(&self.linked[first..])
            .take_while(move |(found, _)| found.citation.start < end)
            .filter(|(_, linked)| **linked)
            .map(move |(found, _)| {
                let (from, to) = (found.citation.start.max(base), found.citation.end.min(end));
                (from - base..to - base, found)
            })
    }
}

/// Finds the citations in a transcript, which is written in `file` and belongs to the page `parsed`.
pub(super) fn resolve(
    site: &Site,
    parsed: &Parsed,
    transcript: &Transcript,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Spoken {
    let library = &site.library;
    if !library.has_texts() || parsed.special.get("no_cite").is_some() {
        return Spoken::default();
    }
    let (said, cues) = join(&transcript.cues);
    let context = Context::page(library, Some(law_date(site, parsed)), Some(site.today));
    let found = citation::resolve(&said, &[], &context);
    let place = |start: usize, _: usize| {
        let at = cues.partition_point(|cue| cue.end <= start);
        transcript
            .cues
            .get(at)
            .map_or(Span::default(), |cue| cue.span)
    };
    diagnostics.extend(citation::problems(&found, &context, file, &place));
    let linked = found.iter().map(|found| leads(found, library)).collect();
    let citations = found
        .into_iter()
        .map(|citation| PageCitation {
            sentence: sentence(&said, citation.start, citation.end).into(),
            source: offset(place(citation.start, citation.end).start as usize),
            written_in: (*file != parsed.path).then(|| file.clone()),
            citation,
            link: None,
        })
        .collect();
    Spoken {
        citations,
        cues,
        linked,
    }
}

fn join(cues: &[Cue]) -> (String, Vec<Range<usize>>) {
    let mut said = String::with_capacity(cues.iter().map(|cue| cue.text.len() + 1).sum());
    let mut ranges = Vec::with_capacity(cues.len());
    for cue in cues {
        if text::soft_break_is_space(said.chars().next_back(), cue.text.chars().next()) {
            said.push(' ');
        }
        let start = said.len();
        said.push_str(&cue.text);
        ranges.push(start..said.len());
    }
    (said, ranges)
}
