//! The blanks of a document template (`form = true`): each name once, and what is wrong with them.

use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{Blank, BlankKind, Document, InlineKind};

/// A thing to fill in; blanks of one name in the text are filled together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// What is written there.
    pub kind: BlankKind,
    /// A word of help: the first that is written.
    pub hint: String,
    /// How many blanks of the text it fills.
    pub count: usize,
    /// Where its first blank is written.
    pub span: Span,
}

/// The fields of a document template in the order of their first blank. Blanks without a name, and blanks of one name
/// with different kinds, become diagnostics; so does a template without any blank.
#[must_use]
pub fn fields(
    document: &Document,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<FormField> {
    let mut fields: Vec<FormField> = Vec::new();
    document.walk_inlines(&mut |inline| {
        if let InlineKind::Blank(blank) = &inline.kind {
            add(&mut fields, blank, inline.span, file, diagnostics);
        }
    });
    if fields.is_empty() {
        diagnostics.push(Diagnostic::in_file("form-without-blanks", file));
    }
    fields
}

fn add(
    fields: &mut Vec<FormField>,
    blank: &Blank,
    span: Span,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Blank { name, kind, hint } = blank;
    if name.is_empty() {
        diagnostics.push(Diagnostic::at("form-blank-name", file, span));
        return;
    }
    if let Some(field) = fields.iter_mut().find(|field| field.name == **name) {
        field.count += 1;
        // A blank without a kind takes the kind of its namesakes.
        if *kind != field.kind && *kind != BlankKind::Line {
            if field.kind == BlankKind::Line {
                field.kind = *kind;
            } else {
                diagnostics.push(Diagnostic::at("form-blank-kind", file, span).with("name", name));
            }
        }
        if field.hint.is_empty() {
            field.hint = hint.to_string();
        }
        return;
    }
    fields.push(FormField {
        name: name.to_string(),
        kind: *kind,
        hint: hint.to_string(),
        count: 1,
        span,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown::{self, MarkdownOptions};
    use crate::parse::testing::places;

    #[track_caller]
    fn check(text: &str, names: &[&str], problems: &[&str]) {
        let options = MarkdownOptions {
            blanks: true,
            ..MarkdownOptions::default()
        };
        let (file, mut diagnostics) = (SourcePath::new("a.md"), Vec::new());
        let document = markdown::parse(text, 0, &file, &options, &mut diagnostics);
        let found = fields(&document, &file, &mut diagnostics);
        let shown: Vec<String> = found
            .iter()
            .map(|f| format!("{} {:?} {} {}", f.name, f.kind, f.count, f.hint))
            .collect();
        assert_eq!(shown, names);
        assert_eq!(places(text, &diagnostics), problems);
    }

    #[test]
    fn blanks_of_one_name_are_one_field() {
        check(
            "甲方[[姓名]]，生于[[出生日期:date]]。\n\n- 签名：[[姓名|与身份证一致]]\n- [[出生日期]]\n",
            &["姓名 Line 2 与身份证一致", "出生日期 Date 2 "],
            &[],
        );
    }

    #[test]
    fn mistaken_blanks_are_named() {
        check(
            "[[金额:money]] [[金额:date]] [[:tel]]\n",
            &["金额 Money 2 "],
            &["1:14 form-blank-kind 金额", "1:26 form-blank-name"],
        );
        check("没有空白。\n", &[], &["1:1 form-without-blanks"]);
    }
}
