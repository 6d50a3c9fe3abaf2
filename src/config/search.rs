//! `[search]`: weights by kind, and how well the site's own questions must be answered.

use crate::base::Span;
use crate::base::value::Table;
use crate::diag::Diagnostic;
use crate::index::SearchKind;
use crate::parse::fields::Fields;

/// Search settings.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchConfig {
    /// A factor by kind, from 1/16 to 4; kinds that are not named keep theirs.
    pub boosts: Vec<(SearchKind, f64)>,
    /// What `check` asks of the answers.
    pub acceptance: Acceptance,
    /// The table as it is written, for templates.
    pub table: Table,
}

/// How well the site's own questions must be answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// The file of the questions, from the site's folder.
    pub file: String,
    /// The figures that must be reached.
    pub least: Vec<Least>,
    /// Where the configuration speaks of it; `None` when it doesn't: then a site may do without questions.
    pub span: Option<Span>,
}

/// A figure that must be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Least {
    /// Which figure.
    pub measure: Measure,
    /// The least it may be, 0 to 1.
    pub value: f64,
    /// Where it is written; `None` for the default.
    pub span: Option<Span>,
}

/// A figure of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Share of questions whose first result is one that was expected.
    Recall1,
    /// … with an expected result among the first five.
    Recall5,
    /// … among the first ten.
    Recall10,
    /// … among the first hundred.
    Recall100,
    /// Mean of 1/place of the first expected result among the first ten.
    ReciprocalRank10,
}

impl Measure {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Recall1,
        Self::Recall5,
        Self::Recall10,
        Self::Recall100,
        Self::ReciprocalRank10,
    ];

    /// Its key in the configuration.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Recall1 => "recall_1",
            Self::Recall5 => "recall_5",
            Self::Recall10 => "recall_10",
            Self::Recall100 => "recall_100",
            Self::ReciprocalRank10 => "mrr_10",
        }
    }

    /// How far down a result still counts.
    #[must_use]
    pub fn depth(self) -> usize {
        match self {
            Self::Recall1 => 1,
            Self::Recall5 => 5,
            Self::Recall10 | Self::ReciprocalRank10 => 10,
            Self::Recall100 => 100,
        }
    }
}

/// What must be reached when the configuration names no figure.
const DEFAULT: Least = Least {
    measure: Measure::Recall10,
    value: 0.8,
    span: None,
};

impl SearchConfig {
    /// Reads `[search]`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut search = Self {
            boosts: Vec::new(),
            acceptance: Acceptance {
                file: "tests/search.jsonl".to_owned(),
                least: vec![DEFAULT],
                span: None,
            },
            table: Table::default(),
        };
        let Some(table) = fields.table("search") else {
            return search;
        };
        search.table = table.clone();
        super::read::nested(fields, table, |inner| {
            if let Some(table) = inner.table("boosts") {
                super::read::nested(inner, table, |kinds| search.boosts = boosts(kinds));
            }
            if let Some(table) = inner.table("acceptance") {
                search.acceptance.span = place(inner, "acceptance");
                super::read::nested(inner, table, |inner| search.acceptance.read(inner));
            }
            inner.allow(&ZOLA);
        });
        search
    }
}

/// Zola's keys: its index has another form.
const ZOLA: [&str; 7] = [
    "include_title",
    "include_description",
    "include_date",
    "include_path",
    "include_content",
    "truncate_content_length",
    "index_format",
];

fn boosts(kinds: &mut Fields<'_>) -> Vec<(SearchKind, f64)> {
    let mut boosts = Vec::new();
    for kind in SearchKind::ALL {
        if let Some(factor) = ranged(kinds, kind.name(), 0.0625, 4.0) {
            boosts.push((kind, factor));
        }
    }
    boosts
}

/// A number within limits; another is reported.
fn ranged(fields: &mut Fields<'_>, key: &'static str, low: f64, high: f64) -> Option<f64> {
    let number = fields.number(key)?;
    if (low..=high).contains(&number) {
        return Some(number);
    }
    let span = place(fields, key).unwrap_or_default();
    let problem = Diagnostic::at("number-out-of-range", fields.file(), span)
        .with("key", key)
        .with("value", number)
        .with("low", low)
        .with("high", high);
    fields.report(problem);
    None
}

fn place(fields: &mut Fields<'_>, key: &'static str) -> Option<Span> {
    fields.node(key).map(|node| node.span)
}

impl Acceptance {
    fn read(&mut self, fields: &mut Fields<'_>) {
        if let Some(file) = fields.string("questions") {
            self.file = file;
        }
        let mut least = Vec::new();
        for measure in Measure::ALL {
            if let Some(value) = ranged(fields, measure.key(), 0.0, 1.0) {
                let span = place(fields, measure.key());
                least.push(Least {
                    measure,
                    value,
                    span,
                });
            }
        }
        if !least.is_empty() {
            self.least = least;
        }
    }
}
