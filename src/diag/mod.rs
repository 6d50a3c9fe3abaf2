//! Problems, as data: what is wrong, where, and how to fix it.
//!
//! A [`Diagnostic`] holds a code and its arguments. Its text, in Chinese and English, comes from the catalogue
//! ([`catalog`], the files in `diag/messages/`) when it is shown ([`emit`]).

pub mod catalog;
pub mod emit;
pub mod phrases;
pub mod record;

use std::borrow::Cow;

use crate::base::{SourcePath, Span};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The content is wrong: `build` and `check` end with status 1.
    Error,
    /// Something a person should look at.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`, as the JSON form has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// The smallest useful place of a problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: SourcePath,
    /// Bytes in the file's decoded text; empty at 0 when the whole file is meant.
    pub span: Span,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where; `None` for problems of the whole site.
    pub place: Option<Place>,
    /// The code, a key of the catalogue: `unknown-key`.
    pub code: &'static str,
    /// The words the message is filled with.
    pub args: Vec<(Cow<'static, str>, String)>,
    /// How bad it is: the catalogue's word, unless the configuration says otherwise.
    pub severity: Severity,
}

impl Diagnostic {
    /// A problem of the whole site.
    #[must_use]
    pub fn new(code: &'static str) -> Self {
        debug_assert!(
            catalog::entry(code).is_some(),
            "no catalogue entry for `{code}`"
        );
        let severity = catalog::entry(code).map_or(Severity::Error, |entry| entry.severity);
        Self {
            place: None,
            code,
            args: Vec::new(),
            severity,
        }
    }

    /// A problem at a place in a file.
    #[must_use]
    pub fn at(code: &'static str, file: &SourcePath, span: Span) -> Self {
        let place = Some(Place {
            file: file.clone(),
            span,
        });
        Self {
            place,
            ..Self::new(code)
        }
    }

    /// A problem of a whole file.
    #[must_use]
    pub fn in_file(code: &'static str, file: &SourcePath) -> Self {
        Self::at(code, file, Span::default())
    }

    /// The same with the word `name` of its message filled in.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((Cow::Borrowed(name), value.to_string()));
        self
    }

    /// The same with a word that may be missing; hints that need it are left out then.
    #[must_use]
    pub fn with_option(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The value of an argument.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }
}

/// Sorts by file and position and drops repetitions: the order in which problems are shown.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort();
    // One mistake in a template is met on many pages; it is one problem.
    diagnostics.dedup_by(|a, b| {
        let same = |code: &str| (a.code == code) && a.code == b.code && a.place == b.place;
        let same_mistake =
            same("template-error") && a.place.is_some() && a.arg("detail") == b.arg("detail");
        let is_content =
            |one: &Diagnostic| one.arg("page").is_some_and(|page| !page.starts_with('/'));
        // A content file says more than the address of a page made by pufa.
        if same_mistake && is_content(a) && !is_content(b) {
            std::mem::swap(a, b);
        }
        a == b || same_mistake
    });
}

/// Whether any of them is an error.
#[must_use]
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity() == Severity::Error)
}
