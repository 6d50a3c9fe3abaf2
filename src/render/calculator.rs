//! Calculators as the template `blocks/calculator.html` sees them: what is asked, and the rules as text.
//!
//! The rules are Markdown with citations, so they are checked and linked like any other text and read without
//! JavaScript; the arithmetic is in the theme's `js/calculator.js`. Both state the same law.

use std::fmt::Write as _;

use serde::Serialize;

use super::inline::{Html, Render};
use crate::base::SourcePath;
use crate::doc::Document;
use crate::parse::calculator::{Calculator, LoanPrimeRate, percent};
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
pub fn rules(calculator: Calculator, rates: &LoanPrimeRate) -> Document {
    let file = SourcePath::new("pufa/calculator.md");
    let options = MarkdownOptions {
        math: false,
        ..MarkdownOptions::default()
    };
    markdown::parse(
        &text(calculator, rates),
        0,
        &file,
        &options,
        &mut Vec::new(),
    )
}

fn text(calculator: Calculator, rates: &LoanPrimeRate) -> String {
    match calculator {
        Calculator::CourtFee => COURT_FEE.to_owned(),
        Calculator::Compensation => COMPENSATION.to_owned(),
        Calculator::Overtime => OVERTIME.to_owned(),
        Calculator::AnnualLeave => ANNUAL_LEAVE.to_owned(),
        Calculator::InterestCap => format!("{INTEREST_CAP}\n{}", rate_table(rates)),
        Calculator::Limitation => LIMITATION.to_owned(),
    }
}

fn rate_table(rates: &LoanPrimeRate) -> String {
    let mut table = "| 自哪一天起 | 一年期 LPR | 四倍 |\n| --- | ---: | ---: |\n".to_owned();
    for (day, rate) in rates.rows.iter().rev() {
        let _ = writeln!(
            table,
            "| {} | {} | {} |",
            day.strftime("%Y年%-m月%-d日"),
            percent(*rate),
            percent(rate * 4)
        );
    }
    if let Some(checked) = rates.checked {
        let _ = write!(
            table,
            "\n表中利率核对到{}，其后的变动以全国银行间同业拆借中心公布的为准。\n",
            checked.strftime("%Y年%-m月%-d日")
        );
    }
    table
}

const COURT_FEE: &str = "\
**算法**：财产案件按金额分段累计，每段的金额乘以这一段的比例，再加起来。

| 财产案件的金额 | 这一段的比例 |
| --- | ---: |
| 不超过1万元 | 每件50元 |
| 超过1万元至10万元的部分 | 2.5% |
| 超过10万元至20万元的部分 | 2% |
| 超过20万元至50万元的部分 | 1.5% |
| 超过50万元至100万元的部分 | 1% |
| 超过100万元至200万元的部分 | 0.9% |
| 超过200万元至500万元的部分 | 0.8% |
| 超过500万元至1000万元的部分 | 0.7% |
| 超过1000万元至2000万元的部分 | 0.6% |
| 超过2000万元的部分 | 0.5% |

- 离婚：每件50元至300元；分割的财产超过20万元的部分另按0.5%。
- 侵害人格权：每件100元至500元；索赔超过5万元至10万元的部分另按1%，超过10万元的部分另按0.5%。
- 劳动争议每件10元；行政案件一般每件50元，商标、专利、海事行政案件每件100元。
- 申请执行：不超过1万元的50元；超过部分到50万元按1.5%，到500万元按1%，到1000万元按0.5%，再往上按0.1%。由被执行人在执行后交。
- 申请保全：不超过1000元的30元；超过部分到10万元按1%，再往上按0.5%；最多5000元。
- 申请支付令：财产案件标准的三分之一。
- 调解结案、撤诉、适用简易程序的，案件受理费减半；申请费不减半。

**依据**：《诉讼费用交纳办法》第十三条（受理费）、第十四条（申请费）、第十五条与第十六条（减半）、第二十条（由谁预交），2007年4月1日起施行。各省在幅度内有具体标准，以法院通知为准。
";

const COMPENSATION: &str = "\
**公式**：经济补偿（N）＝月工资×年限。每满一年算一个月；不满一年而满六个月的算一年；不满六个月的算半个月。

| 情形 | 应得 |
| --- | --- |
| 协商解除而由单位提出、单位依法解除、合同到期单位不续等 | N |
| 单位依《劳动合同法》第四十条解除又没有提前三十日书面通知 | N＋上一个月的工资 |
| 单位违法解除或者终止，劳动者不要求或者不能继续履行 | 2N |

- 月工资是离职前十二个月的平均工资。
- 月工资高于本地上年度职工月平均工资三倍的，按三倍算，年限最多十二年。
- 2008年1月1日以前的年限按当时的规定，本页没有计入这种差别。

**依据**：《劳动合同法》第四十六条（什么时候有补偿）、第四十七条（怎样算）、第四十条（提前通知或者另付一个月）、第四十八条与第八十七条（违法解除）、第九十七条（2008年以前的年限）；《劳动合同法实施条例》第二十条（另付的按上一个月工资）。
";

const OVERTIME: &str = "\
**公式**：小时工资＝月工资÷21.75÷8；加班费＝小时工资×小时数×倍数。

| 加班的时间 | 不低于 |
| --- | ---: |
| 工作日延长时间 | 150% |
| 休息日，又不能安排补休 | 200% |
| 法定休假日 | 300% |

- 21.75 是月计薪天数：（365天－104天）÷12月。
- 一般每天加班不超过一小时，特殊原因不超过三小时，每月不超过三十六小时。
- 综合计算工时、不定时和计件的算法不同，见《工资支付暂行规定》第十三条。

**依据**：《劳动法》第四十四条（倍数）、第四十一条（时间的上限）；《关于职工全年月平均工作时间和工资折算问题的通知》（折算）。
";

const ANNUAL_LEAVE: &str = "\
**公式**：未休年休假工资＝月工资÷21.75×没有休的天数×300%，其中一倍是正常工资，另外还应付两倍。

| 累计工作 | 每年的年休假 |
| --- | ---: |
| 满1年不满10年 | 5天 |
| 满10年不满20年 | 10天 |
| 满20年 | 15天 |

- 今年入职：年休假＝（在本单位剩余的日历天数÷365）×全年天数，不足一整天的不算；要连续工作满12个月才有。
- 今年离职：没有休的＝（在本单位已过的日历天数÷365）×全年天数－已经休的，不足一整天的不付；多休的不扣回。
- 月工资是前十二个月不含加班工资的平均数。
- 单位安排了，本人书面说不休的，只付正常工资。

**依据**：《职工带薪年休假条例》第三条（天数）、第五条（300%）；《企业职工带薪年休假实施办法》第三条、第五条、第十条、第十一条与第十二条（怎样折算）。
";

const INTEREST_CAP: &str = "\
**公式**：受保护的年利率不超过合同成立时一年期贷款市场报价利率（LPR）的四倍；利息＝本金×年利率×天数÷365。

- 约定的利率低于上限的，按约定；高于上限的，超过的部分法院不支持。
- 没有约定利息的，视为没有利息。
- 预先从本金里扣掉的利息不算本金，按实际借到的数额算。
- 逾期利息、违约金和其他费用加起来，也不能超过这个上限。
- 2020年8月20日以前借的：从这一天到还清的利息，上限按起诉时的 LPR 算；更早的利息可以请求按当时的规定算，本页没有计入。

**依据**：《民法典》第六百八十条（没有约定就没有利息）；《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》第二十五条（四倍）、第二十六条（本金）、第二十九条（合计的上限）、第三十一条（2020年8月20日以前的借款）。
";

const LIMITATION: &str = "\
**算法**：开始的当天不算，从第二天起算；按年、按月的，到期那个月的对应日是最后一天，没有对应日的是月末；最后一天是法定休假日的，顺延到休假日结束的次日。

| 事项 | 多久 | 依据 |
| --- | --- | --- |
| 一般民事权利 | 三年，自权利受损害之日起最长二十年 | 《民法典》第一百八十八条 |
| 劳动争议申请仲裁 | 一年；在职期间讨要劳动报酬不受此限 | 《劳动争议调解仲裁法》第二十七条 |
| 申请强制执行 | 二年 | 《民事诉讼法》第二百五十条 |
| 产品缺陷造成损害的赔偿 | 二年 | 《产品质量法》第四十五条 |
| 国际货物买卖、技术进出口合同 | 四年 | 《民法典》第五百九十四条 |
| 请求国家赔偿 | 二年 | 《国家赔偿法》第三十九条 |
| 申请行政复议 | 六十日 | 《行政复议法》第二十条 |
| 直接提起行政诉讼 | 六个月 | 《行政诉讼法》第四十六条 |

- 催要过、对方答应还、起诉或者申请仲裁的，时效从那时起重新计算（中断）。行政复议和行政诉讼的期限没有中断。
- 最后六个月里遇到不可抗力等障碍的，时效暂停（中止），障碍消除后满六个月届满。
- 过了诉讼时效，法院仍会受理；对方提出来，才不再保护。

**依据**：《民法典》第一百九十二条、第一百九十四条与第一百九十五条（提出、中止、中断），第二百零一条、第二百零二条与第二百零三条（怎样数日子）。
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{BlockKind, text};

    #[test]
    fn every_calculator_asks_something_and_states_its_basis() {
        let rates = LoanPrimeRate::built_in();
        for (name, calculator) in Calculator::NAMES {
            let rules = rules(calculator, &rates);
            let plain = text::plain_blocks(&rules.blocks);
            assert!(plain.contains("依据") && plain.contains('《'), "{name}");
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
        assert!(rate_table(&rates).contains("| 2019年8月20日 | 4.25% | 17.00% |"));
    }
}
