//! Problems as JSON, for caches: what was said of a thing that need not be made again is said again.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Diagnostic, Place, Severity, catalog};
use crate::base::{SourcePath, Span};

#[derive(Serialize, Deserialize)]
struct Record {
    code: String,
    severity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<(String, u32, u32)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    args: Vec<(String, String)>,
}

/// Problems as one JSON array.
#[must_use]
pub fn write(diagnostics: &[Diagnostic]) -> String {
    let records: Vec<Record> = diagnostics.iter().map(record).collect();
    // Strings and numbers always have a JSON form.
    serde_json::to_string(&records).unwrap_or_default()
}

/// What [`write()`] wrote; `None` when it is damaged, or from another pufa that knew other problems.
#[must_use]
pub fn read(json: &str) -> Option<Vec<Diagnostic>> {
    let records: Vec<Record> = serde_json::from_str(json).ok()?;
    records.into_iter().map(diagnostic).collect()
}

fn record(diagnostic: &Diagnostic) -> Record {
    let place = diagnostic.place.as_ref();
    Record {
        code: diagnostic.code.to_owned(),
        severity: diagnostic.severity.name().to_owned(),
        place: place.map(|place| (place.file.to_string(), place.span.start, place.span.end)),
        args: diagnostic
            .args
            .iter()
            .map(|(name, value)| (name.clone().into_owned(), value.clone()))
            .collect(),
    }
}

fn diagnostic(record: Record) -> Option<Diagnostic> {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    Some(Diagnostic {
        place: record.place.map(|(file, start, end)| Place {
            file: SourcePath::new(file),
            span: Span { start, end },
        }),
        code: catalog::codes().find(|known| *known == record.code)?,
        args: record
            .args
            .into_iter()
            .map(|(name, value)| (Cow::Owned(name), value))
            .collect(),
        severity: severities
            .into_iter()
            .find(|severity| severity.name() == record.severity)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let file = SourcePath::new("content/a.md");
        let mut of_page = Diagnostic::at("broken-anchor", &file, Span { start: 3, end: 9 })
            .with("anchor", "\"一\t\n")
            .with("page", "/a/");
        of_page.severity = Severity::Note;
        let said = [
            of_page,
            Diagnostic::new("template-error").with("detail", "x"),
        ];
        assert_eq!(read(&write(&said)).as_deref(), Some(&said[..]));
        assert_eq!(
            read(&write(&said).replace("broken-anchor", "unheard-of")),
            None
        );
        assert_eq!(read("[{"), None);
    }
}
