//! Terms of the glossary in running text.

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Mark, MarkKind};
use crate::base::SourcePath;
use crate::diag::Diagnostic;
use crate::doc::text::Flat;
use crate::model::pinyin_key;
use crate::parse::fields::Fields;
use crate::parse::syntax::{Syntax, read_table};

/// A term in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlossaryTerm {
    /// The term.
    pub name: String,
    /// Its anchor on the glossary's page.
    pub id: String,
    /// Other names.
    pub also: Vec<String>,
    /// What it means, in a sentence or two.
    pub gist: String,
    /// The citation it rests on.
    pub law: Option<String>,
}

/// The glossary: its terms by pinyin, and a matcher for all their names.
#[derive(Debug, Default)]
pub struct Glossary {
    /// The terms.
    pub terms: Vec<GlossaryTerm>,
    matcher: Option<AhoCorasick>,
    owners: Vec<u32>,
}

impl PartialEq for Glossary {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl Glossary {
    /// Reads `[[term]]` tables with `name`, `also`, `gist`, `law`.
    pub fn read(text: &str, file: &SourcePath, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let table = read_table(Syntax::Toml, text, 0, file, diagnostics);
        let mut found = Vec::new();
        let mut terms = Vec::new();
        let mut fields = Fields::new(&table, file, &mut found);
        for (inner, span) in fields.tables("term") {
            let mut problems = Vec::new();
            let mut term = Fields::new(inner, file, &mut problems);
            let name = term.required("name", span).unwrap_or_default();
            let gist = term.required("gist", span).unwrap_or_default();
            let read = GlossaryTerm {
                id: term.string("id").unwrap_or_else(|| slug::slugify(&name)),
                also: term.strings("also"),
                law: term.string("law"),
                name,
                gist,
            };
            term.finish();
            problems
                .into_iter()
                .for_each(|problem| fields.report(problem));
            if !read.name.is_empty() {
                terms.push(read);
            }
        }
        fields.finish();
        diagnostics.extend(found);
        Self::of(terms)
    }

    /// A glossary of terms.
    #[must_use]
    pub fn of(mut terms: Vec<GlossaryTerm>) -> Self {
        terms.sort_by_cached_key(|term| pinyin_key(&term.name));
        let mut ids = std::collections::HashMap::new();
        for term in &mut terms {
            let count = ids
                .entry(term.id.clone())
                .and_modify(|count| *count += 1)
                .or_insert(1);
            if *count > 1 {
                term.id = format!("{}-{count}", term.id);
            }
        }
        let (mut names, mut owners) = (Vec::new(), Vec::new());
        for (index, term) in (0..).zip(&terms) {
            for name in std::iter::once(&term.name)
                .chain(&term.also)
                .filter(|name| name.chars().count() >= 2)
            {
                names.push(name.clone());
                owners.push(index);
            }
        }
        let matcher = if names.is_empty() {
            None
        } else {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&names)
                .ok()
        };
        Self {
            terms,
            matcher,
            owners,
        }
    }

    /// Whether it has no terms.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Every place of the text where a term stands, outside links and headings.
    #[must_use]
    pub fn find(&self, flat: &Flat) -> Vec<Mark> {
        let Some(matcher) = &self.matcher else {
            return Vec::new();
        };
        let outside = |ranges: &[(u32, u32)], start: u32, end: u32| {
            let at = ranges.partition_point(|(_, range_end)| *range_end <= start);
            ranges
                .get(at)
                .is_none_or(|(range_start, _)| *range_start >= end)
        };
        matcher
            .find_iter(&flat.text)
            .filter_map(|found| {
                let start = u32::try_from(found.start()).ok()?;
                let end = u32::try_from(found.end()).ok()?;
                let free = outside(&flat.linked, start, end) && outside(&flat.headings, start, end);
                free.then(|| Mark {
                    start,
                    end,
                    kind: MarkKind::Term(self.owners[found.pattern().as_usize()]),
                })
            })
            .collect()
    }
}
