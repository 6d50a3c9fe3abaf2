//! What a calculator is given: its name behind the fence ` ```calculator `, and the table of loan prime rates.

use super::episode::nested;
use super::fields::Fields;
use super::syntax::{Syntax, read_table};
use crate::base::value::Table;
use crate::base::{Date, SourcePath, Span, nearest};
use crate::diag::Diagnostic;
use crate::doc::Code;

/// The calculators there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Calculator {
    /// 法院诉讼费: court fees.
    CourtFee,
    /// 经济补偿: compensation at the end of work, N, N+1 and 2N.
    Compensation,
    /// 加班费: overtime pay.
    Overtime,
    /// 未休年休假工资: pay for leave not taken.
    AnnualLeave,
    /// 民间借贷利息上限: the cap on the interest of private loans.
    InterestCap,
    /// 诉讼时效: the last day of a limitation period.
    Limitation,
}

/// The language rules are written in. Pages in other languages show them in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RulesLanguage {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

impl RulesLanguage {
    /// Both.
    pub const ALL: [RulesLanguage; 2] = [RulesLanguage::Chinese, RulesLanguage::English];

    /// That of pages in a language: `zh-CN`.
    #[must_use]
    pub fn of(language: &str) -> Self {
        if language.starts_with("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }
}

impl Calculator {
    /// Every calculator with the name blocks have for it.
    pub const NAMES: [(&'static str, Calculator); 6] = [
        ("court-fee", Calculator::CourtFee),
        ("compensation", Calculator::Compensation),
        ("overtime", Calculator::Overtime),
        ("annual-leave", Calculator::AnnualLeave),
        ("interest-cap", Calculator::InterestCap),
        ("limitation", Calculator::Limitation),
    ];

    /// The name blocks have for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, calculator)| *calculator == self)
            .map_or("", |(name, _)| name)
    }
}

/// Reads a block. An unknown name is a diagnostic with the nearest one.
#[must_use]
pub fn parse(
    code: &Code,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Calculator> {
    let start = code.text_start as usize;
    named(
        code.info.trim(),
        file,
        Span::new(start.saturating_sub(1), start),
        diagnostics,
    )
}

/// The calculator of a name, as short codes give it.
pub fn named(
    name: &str,
    file: &SourcePath,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Calculator> {
    let found = Calculator::NAMES
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, calculator)| *calculator);
    if found.is_none() {
        let names: Vec<&str> = Calculator::NAMES.iter().map(|(name, _)| *name).collect();
        diagnostics.push(
            Diagnostic::at("calculator-unknown", file, span)
                .with("name", name)
                .with_option("nearest", nearest(name, names.iter().copied()))
                .with("choices", names.join(" · ")),
        );
    }
    found
}

/// The one-year loan prime rate: each row holds from its day until the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoanPrimeRate {
    /// From when, and the rate in hundredths of a percent: 3.85 % is 385.
    pub rows: Vec<(Date, u32)>,
    /// Up to when the table was compared with what was published.
    pub checked: Option<Date>,
}

impl LoanPrimeRate {
    /// The table pufa comes with; a site's own `data/lpr.toml` replaces it.
    #[must_use]
    pub fn built_in() -> Self {
        let file = SourcePath::new("data/lpr.toml");
        let mut diagnostics = Vec::new();
        let table = read_table(
            Syntax::Toml,
            include_str!("../../data/lpr.toml"),
            0,
            &file,
            &mut diagnostics,
        );
        Self::read(&table, &file, &mut diagnostics)
    }

    /// Reads `checked` and the `[[rate]]` tables with `date` and `one_year`.
    #[must_use]
    pub fn read(table: &Table, file: &SourcePath, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut fields = Fields::new(table, file, diagnostics);
        let checked = fields.date("checked");
        let mut rows: Vec<(Date, u32)> = Vec::new();
        for (row, span) in fields.tables("rate") {
            let read = nested(&mut fields, row, |inner| {
                (inner.date("date"), inner.number("one_year"))
            });
            let missing = ["date", "one_year"]
                .into_iter()
                .find(|key| row.get(key).is_none());
            if let Some(key) = missing {
                fields.report(Diagnostic::at("missing-key", file, span).with("key", key));
            }
            let (Some(from), Some(rate)) = read else {
                continue;
            };
            let place = |key| row.get(key).map_or(span, |node| node.span);
            if rows.last().is_some_and(|(before, _)| from <= *before) {
                fields.report(Diagnostic::at("lpr-order", file, place("date")).with("date", from));
            } else if !(0.01..=36.0).contains(&rate) {
                fields
                    .report(Diagnostic::at("lpr-rate", file, place("one_year")).with("rate", rate));
            } else {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "the range was checked"
                )]
                rows.push((from, (rate * 100.0).round() as u32));
            }
        }
        fields.finish();
        Self { rows, checked }
    }

    /// The rate that held on a day, in hundredths of a percent; `None` before the first row.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<u32> {
        let index = self.rows.partition_point(|(from, _)| *from <= day);
        index.checked_sub(1).map(|index| self.rows[index].1)
    }
}

/// A rate in hundredths of a percent as people write it: 385 is `3.85%`.
#[must_use]
pub fn percent(hundredths: u32) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::places;
    use jiff::civil::date;

    fn check(text: &str, rows: &[(&str, u32)], problems: &[&str]) {
        let (file, mut diagnostics) = (SourcePath::new("lpr.toml"), Vec::new());
        let table = read_table(Syntax::Toml, text, 0, &file, &mut diagnostics);
        let read = LoanPrimeRate::read(&table, &file, &mut diagnostics);
        let found: Vec<(String, u32)> = read
            .rows
            .iter()
            .map(|(day, rate)| (day.to_string(), *rate))
            .collect();
        assert_eq!(
            found
                .iter()
                .map(|(day, rate)| (day.as_str(), *rate))
                .collect::<Vec<_>>(),
            rows
        );
        assert_eq!(places(text, &diagnostics), problems);
    }

    #[test]
    fn a_rate_holds_until_the_next() {
        let table = LoanPrimeRate::built_in();
        assert_eq!(table.on(date(2019, 8, 19)), None);
        assert_eq!(table.on(date(2020, 8, 20)), Some(385));
        assert_eq!(table.on(date(2021, 12, 19)), Some(385));
        assert_eq!(table.on(date(2021, 12, 20)), Some(380));
        assert_eq!(percent(4 * 385), "15.40%");
    }

    #[test]
    fn rows_in_the_wrong_order_and_strange_rates_are_named() {
        check(
            "[[rate]]\ndate = 2020-02-20\none_year = 4.05\n[[rate]]\ndate = 2020-01-20\none_year = 4.15\n[[rate]]\ndate = 2021-01-20\none_year = 385\n[[rate]]\ndate = 2022-01-20\n",
            &[("2020-02-20", 405)],
            &[
                "5:8 lpr-order 2020-01-20",
                "9:12 lpr-rate 385",
                "10:1 missing-key one_year",
            ],
        );
    }

    #[test]
    fn an_unknown_calculator_is_named_with_the_nearest() {
        let text = "```calculator overtme\n```\n";
        let code = Code {
            language: "calculator".into(),
            info: "overtme".into(),
            text: "".into(),
            text_start: 22,
        };
        let mut diagnostics = Vec::new();
        assert_eq!(
            parse(&code, &SourcePath::new("a.md"), &mut diagnostics),
            None
        );
        assert_eq!(diagnostics[0].arg("nearest"), Some("overtime"));
        assert!(places(text, &diagnostics)[0].starts_with("1:"));
        let known = Code {
            info: "overtime".into(),
            ..code
        };
        assert_eq!(
            parse(&known, &SourcePath::new("a.md"), &mut Vec::new()),
            Some(Calculator::Overtime)
        );
    }
}
