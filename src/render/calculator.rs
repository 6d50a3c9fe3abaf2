//! Calculators as the template `blocks/calculator.html` sees them: what is asked, and the rules as text.
//!
//! The rules are Markdown with citations, so they are checked and linked like any other text and read without
//! JavaScript; the arithmetic is in the theme's `js/calculator.js`. Both state the same law.

use std::fmt::Write as _;

use serde::Serialize;

use super::inline::{Html, Render};
use crate::base::SourcePath;
use crate::doc::Document;
use crate::parse::calculator::{Calculator, LoanPrimeRate, RulesLanguage, percent};
use crate::parse::markdown::{self, MarkdownOptions};

/// A calculator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalculatorView {
    /// Its anchor: `calculator-1`.
    pub id: String,
    /// Its name: `court-fee`.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What is asked.
    pub inputs: Vec<InputView>,
    /// The rules, as HTML.
    pub rules: Html,
    /// The day whose law the rules state: `2026-11-23`.
    pub law_date: &'static str,
    /// For [`Calculator::InterestCap`]: the rates as JSON, `[["2019-08-20",4.25],…]`.
    pub rates: Option<String>,
    /// Up to when the rates were compared with what was published.
    pub rates_checked: Option<String>,
}

/// Something asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputView {
    /// Its name in the form.
    pub name: &'static str,
    /// What it is.
    pub label: String,
    /// `money`, `number`, `date`, `select` or `check`.
    pub kind: &'static str,
    /// A word of help.
    pub hint: Option<String>,
    /// Whether an answer is needed.
    pub required: bool,
    /// For `select`: value and label.
    pub options: Vec<(&'static str, String)>,
}

/// Words of the page's language by their key, when there are any.
pub type Words<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The day with whose law the rules were compared.
const LAW_DATE: &str = "2026-11-23";

/// The view of a calculator; `id` is unique on the page, `rules` is what [`rules`] gave. Its words stand in the theme's
/// strings under `calculator.NAME`.
#[must_use]
pub fn view(
    calculator: Calculator,
    id: &str,
    rates: &LoanPrimeRate,
    rules: &Document,
    words: Words<'_>,
    render: Render<'_>,
) -> CalculatorView {
    let with_rates = calculator == Calculator::InterestCap;
    let name = calculator.name();
    let own_words = |key: &str| words(&format!("calculator.{name}.{key}"));
    CalculatorView {
        id: id.to_owned(),
        name,
        title: own_words("title").unwrap_or_default(),
        inputs: asks(calculator)
            .iter()
            .map(|ask| input(ask, &own_words))
            .collect(),
        rules: Html(render(rules)),
        law_date: LAW_DATE,
        rates: with_rates.then(|| rates_json(rates)),
        rates_checked: rates
            .checked
            .filter(|_| with_rates)
            .map(|day| day.to_string()),
    }
}

fn input(ask: &Ask, words: Words<'_>) -> InputView {
    let option = |value: &&'static str| {
        let label = words(&format!("{}_{value}", ask.name));
        (*value, label.unwrap_or_default())
    };
    InputView {
        name: ask.name,
        label: words(ask.name).unwrap_or_default(),
        kind: ask.kind,
        hint: words(&format!("{}_hint", ask.name)),
        required: ask.required,
        options: ask.options.iter().map(option).collect(),
    }
}

/// The words a calculator shows besides its rules, in order: its title, and labels, hints and choices of what it asks.
#[must_use]
pub fn shown(calculator: Calculator, words: Words<'_>) -> Vec<String> {
    let own_words = |key: &str| words(&format!("calculator.{}.{key}", calculator.name()));
    let inputs = asks(calculator).iter().map(|ask| input(ask, &own_words));
    let of_input = |input: InputView| {
        let choices = input.options.into_iter().map(|(_, label)| label);
        let label = std::iter::once(input.label);
        label.chain(input.hint).chain(choices)
    };
    let title = own_words("title").into_iter();
    title.chain(inputs.flat_map(of_input)).collect()
}

fn rates_json(rates: &LoanPrimeRate) -> String {
    let rows: Vec<String> = rates
        .rows
        .iter()
        .map(|(day, rate)| format!("[\"{day}\",{}]", percent(*rate).trim_end_matches('%')))
        .collect();
    format!("[{}]", rows.join(","))
}

/// Something a calculator asks: the key of its words, how it is answered, and the values there are to choose from.
struct Ask {
    kind: &'static str,
    name: &'static str,
    required: bool,
    options: &'static [&'static str],
}

const fn needed(kind: &'static str, name: &'static str) -> Ask {
    Ask {
        kind,
        name,
        required: true,
        options: &[],
    }
}

const fn optional(kind: &'static str, name: &'static str) -> Ask {
    Ask {
        required: false,
        ..needed(kind, name)
    }
}

const fn select(name: &'static str, options: &'static [&'static str]) -> Ask {
    Ask {
        options,
        ..needed("select", name)
    }
}

const COURT_FEE_KINDS: &[&str] = &[
    "property",
    "divorce",
    "personality",
    "labour",
    "administrative",
    "enforcement",
    "preservation",
    "payment-order",
];

const LIMITATION_KINDS: &[&str] = &[
    "general",
    "labour",
    "enforcement",
    "product",
    "trade",
    "state",
    "reconsideration",
    "administrative",
];

/// What a calculator asks, in order.
fn asks(calculator: Calculator) -> &'static [Ask] {
    match calculator {
        Calculator::CourtFee => {
            &const {
                [
                    select("kind", COURT_FEE_KINDS),
                    optional("money", "amount"),
                    optional("check", "half"),
                ]
            }
        }
        Calculator::Compensation => {
            &const {
                [
                    select("mode", &["n", "n1", "2n"]),
                    needed("date", "start"),
                    needed("date", "end"),
                    needed("money", "wage"),
                    optional("money", "average"),
                    optional("money", "last"),
                ]
            }
        }
        Calculator::Overtime => {
            &const {
                [
                    needed("money", "wage"),
                    optional("number", "weekday"),
                    optional("number", "rest"),
                    optional("number", "holiday"),
                ]
            }
        }
        Calculator::AnnualLeave => {
            &const {
                [
                    needed("number", "years"),
                    needed("money", "wage"),
                    needed("number", "taken"),
                    optional("date", "joined"),
                    optional("date", "left"),
                ]
            }
        }
        Calculator::InterestCap => {
            &const {
                [
                    needed("money", "principal"),
                    needed("number", "rate"),
                    needed("date", "contract"),
                    needed("date", "from"),
                    needed("date", "to"),
                    optional("date", "sued"),
                ]
            }
        }
        Calculator::Limitation => {
            &const {
                [
                    select("kind", LIMITATION_KINDS),
                    needed("date", "known"),
                    optional("date", "interrupted"),
                    optional("date", "harmed"),
                ]
            }
        }
    }
}

/// The rules of a calculator: formula, table, notes and legal basis, as a document whose citations are resolved like
/// those of any page.
#[must_use]
pub fn rules(calculator: Calculator, language: RulesLanguage, rates: &LoanPrimeRate) -> Document {
    let file = SourcePath::new("pufa/calculator.md");
    let options = MarkdownOptions {
        math: false,
        ..MarkdownOptions::default()
    };
    let mut text = text(calculator, language).to_owned();
    if calculator == Calculator::InterestCap {
        text.push('\n');
        text.push_str(&rate_table(language, rates));
    }
    markdown::parse(&text, 0, &file, &options, &mut Vec::new())
}

/// The rules as Markdown: the file of that name and language.
fn text(calculator: Calculator, language: RulesLanguage) -> &'static str {
    macro_rules! rules {
        ($name:literal) => {
            match language {
                RulesLanguage::Chinese => include_str!(concat!("calculator/", $name, ".zh.md")),
                RulesLanguage::English => include_str!(concat!("calculator/", $name, ".en.md")),
            }
        };
    }
    match calculator {
        Calculator::CourtFee => rules!("court-fee"),
        Calculator::Compensation => rules!("compensation"),
        Calculator::Overtime => rules!("overtime"),
        Calculator::AnnualLeave => rules!("annual-leave"),
        Calculator::InterestCap => rules!("interest-cap"),
        Calculator::Limitation => rules!("limitation"),
    }
}

fn rate_table(language: RulesLanguage, rates: &LoanPrimeRate) -> String {
    let (head, day_format) = match language {
        RulesLanguage::Chinese => ("| 自哪一天起 | 一年期 LPR | 四倍 |", "%Y年%-m月%-d日"),
        RulesLanguage::English => ("| From | One-year LPR | Four times |", "%Y-%m-%d"),
    };
    let mut table = format!("{head}\n| --- | ---: | ---: |\n");
    for (day, rate) in rates.rows.iter().rev() {
        let (day, once, four) = (day.strftime(day_format), percent(*rate), percent(rate * 4));
        let _ = writeln!(table, "| {day} | {once} | {four} |");
    }
    if let Some(checked) = rates.checked {
        let day = checked.strftime(day_format);
        let _ = match language {
            RulesLanguage::Chinese => write!(
                table,
                "\n表中利率核对到{day}，其后的变动以全国银行间同业拆借中心公布的为准。\n"
            ),
            RulesLanguage::English => write!(
                table,
                "\nThe table was checked up to {day}; later rates are published by the National Interbank Funding Center.\n"
            ),
        };
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{BlockKind, text};

    #[test]
    fn every_calculator_asks_something_and_states_its_basis() {
        let rates = LoanPrimeRate::built_in();
        for ((name, calculator), language) in Calculator::NAMES
            .into_iter()
            .flat_map(|named| RulesLanguage::ALL.map(|language| (named, language)))
        {
            let rules = rules(calculator, language, &rates);
            let plain = text::plain_blocks(&rules.blocks);
            let basis = plain.contains("依据") || plain.contains("Basis");
            assert!(basis && plain.contains('《'), "{name}");
            assert!(
                rules
                    .blocks
                    .iter()
                    .any(|block| matches!(block.kind, BlockKind::Table(_))),
                "{name} has no table"
            );
            let render = |document: &Document| text::plain_blocks(&document.blocks);
            let words = |key: &str| Some(key.to_owned());
            let view = view(calculator, "calculator-1", &rates, &rules, &words, &render);
            let mut names: Vec<&str> = view.inputs.iter().map(|input| input.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), view.inputs.len(), "{name}");
            assert!(
                view.inputs
                    .iter()
                    .all(|input| (input.kind == "select") != input.options.is_empty()),
                "{name}"
            );
            assert_eq!(
                view.rates.is_some(),
                calculator == Calculator::InterestCap,
                "{name}"
            );
        }
    }

    #[test]
    fn the_script_gets_the_rates_the_table_shows() {
        let rates = LoanPrimeRate {
            rows: vec![(jiff::civil::date(2019, 8, 20), 425)],
            checked: None,
        };
        assert_eq!(rates_json(&rates), "[[\"2019-08-20\",4.25]]");
        assert!(
            rate_table(RulesLanguage::Chinese, &rates)
                .contains("| 2019年8月20日 | 4.25% | 17.00% |")
        );
    }
}
