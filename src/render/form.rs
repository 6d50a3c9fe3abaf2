//! The fields of a document template as templates see them (`page.form.fields`).

use serde::Serialize;

use crate::doc::BlankKind;
use crate::parse::form::FormField;

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// Its name; the blanks of the text carry it in `data-name`.
    pub name: String,
    /// `line`, `text`, `date`, `money`, `tel` or `number`.
    pub kind: &'static str,
    /// A word of help, or empty.
    pub hint: String,
    /// How many blanks it fills.
    pub count: usize,
}

/// The name a kind of blank has in classes and data attributes.
#[must_use]
pub fn kind_name(kind: BlankKind) -> &'static str {
    match kind {
        BlankKind::Line => "line",
        BlankKind::Text => "text",
        BlankKind::Date => "date",
        BlankKind::Money => "money",
        BlankKind::Tel => "tel",
        BlankKind::Number => "number",
    }
}

/// The views of the fields.
#[must_use]
pub fn view(fields: &[FormField]) -> Vec<FieldView> {
    fields
        .iter()
        .map(
            |FormField {
                 name,
                 kind,
                 hint,
                 count,
                 span: _,
             }| FieldView {
                name: name.clone(),
                kind: kind_name(*kind),
                hint: hint.clone(),
                count: *count,
            },
        )
        .collect()
}
