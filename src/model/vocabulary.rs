//! Closed vocabularies: the terms a taxonomy may have, from a data file.

use crate::base::SourcePath;
use crate::diag::Diagnostic;
use crate::parse::fields::Fields;
use crate::parse::syntax::{Syntax, read_table};

/// A term that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyTerm {
    /// Its part of the address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Other names it may be written by.
    pub also: Vec<String>,
}

/// Reads `[[term]]` tables with `id`, `name`, `description`, `also`.
pub fn read(
    text: &str,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<VocabularyTerm> {
    let table = read_table(Syntax::Toml, text, 0, file, diagnostics);
    let mut terms = Vec::new();
    let mut found = Vec::new();
    let mut fields = Fields::new(&table, file, &mut found);
    for (inner, span) in fields.tables("term") {
        let mut problems = Vec::new();
        let mut term = Fields::new(inner, file, &mut problems);
        let name = term.required("name", span);
        let id = term.string("id");
        let description = term.string("description").unwrap_or_default();
        let also = term.strings("also");
        term.finish();
        problems
            .into_iter()
            .for_each(|problem| fields.report(problem));
        if let Some(name) = name {
            let id = id.unwrap_or_else(|| slug::slugify(&name));
            terms.push(VocabularyTerm {
                id,
                name,
                description,
                also,
            });
        }
    }
    fields.finish();
    diagnostics.extend(found);
    terms
}
