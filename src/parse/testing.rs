//! What the tests of the parsers share.

use crate::base::LineIndex;
use crate::diag::Diagnostic;

/// Diagnostics as `line:column code word word`, in the order found.
pub(crate) fn places(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let lines = LineIndex::new(text);
    diagnostics
        .iter()
        .map(|diagnostic| {
            let start = diagnostic
                .place
                .as_ref()
                .map_or(0, |place| place.span.start as usize);
            let position = lines.position(text, start);
            let words: String = diagnostic
                .args
                .iter()
                .map(|(_, value)| format!(" {value}"))
                .collect();
            format!(
                "{}:{} {}{words}",
                position.line, position.column, diagnostic.code
            )
        })
        .collect()
}
