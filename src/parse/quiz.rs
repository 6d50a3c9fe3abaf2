//! The block ` ```quiz ` → [`Quiz`]: questions with one or several right answers, right-or-wrong, or a right order.
//!
//! ```text
//! 1. 提交离婚登记申请后，冷静期是多少天？
//! - [ ] 十五日
//! - [x] 三十日
//! > 《民法典》第一千零七十七条……
//!
//! 2. （判断）口头约定的借款一律无效。
//! 答案：错
//! > ……
//! ```

use std::ops::Range;

use super::fragment::{Line, Source, plain};
use super::markdown::MarkdownOptions;
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{Code, Document};

/// Questions to test oneself with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quiz {
    /// What stands behind the fence; empty when nothing does.
    pub title: String,
    /// The questions in order.
    pub questions: Vec<QuizQuestion>,
}

/// A question of a quiz.
#[derive(Clone, Debug, PartialEq)]
pub struct QuizQuestion {
    /// How it is answered.
    pub kind: QuizKind,
    /// What is asked, without number and kind.
    pub text: Document,
    /// The options; for [`QuizKind::Order`] in the right order; none for [`QuizKind::Judge`].
    pub options: Vec<QuizOption>,
    /// For [`QuizKind::Judge`]: whether the statement is right.
    pub statement_is_right: bool,
    /// Why.
    pub explanation: Option<Document>,
    /// Where it is written.
    pub span: Span,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuizKind {
    /// One option is right.
    Single,
    /// Several options may be right.
    Multiple,
    /// The statement is right or wrong.
    Judge,
    /// The options are put in order.
    Order,
}

/// An option of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuizOption {
    /// What it says.
    pub text: Document,
    /// Whether it is right.
    pub right: bool,
}

impl Quiz {
    /// Every piece of Markdown in it, in reading order: where citations and links are looked for.
    #[must_use]
    pub fn documents(&self) -> Vec<&Document> {
        let mut documents = Vec::new();
        for question in &self.questions {
            documents.push(&question.text);
            documents.extend(question.options.iter().map(|option| &option.text));
            documents.extend(&question.explanation);
        }
        documents
    }
}

/// Reads a block. What can be read is read; the rest becomes diagnostics at its line.
#[must_use]
pub fn parse(
    code: &Code,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Quiz {
    let source = Source {
        text: &code.text,
        offset: code.text_start as usize,
        file,
        options,
    };
    let mut reader = Reader {
        source,
        diagnostics,
    };
    let mut questions = Vec::new();
    for (number, draft) in reader.drafts().into_iter().enumerate() {
        questions.extend(reader.question(&draft, number + 1));
    }
    if questions.is_empty() && reader.diagnostics.is_empty() {
        reader
            .diagnostics
            .push(reader.source.problem("quiz-empty", 0..0));
    }
    Quiz {
        title: code.info.trim().to_owned(),
        questions,
    }
}

/// The lines of one question, sorted by what they are.
struct Draft<'a> {
    number: Line<'a>,
    written_number: u32,
    kind: Option<QuizKind>,
    text: Range<usize>,
    options: Vec<DraftOption<'a>>,
    answer: Option<Line<'a>>,
    explanation: Option<Range<usize>>,
}

struct DraftOption<'a> {
    line: Line<'a>,
    text: Line<'a>,
    mark: Mark,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Right,
    Wrong,
    Position(u32),
    None,
}

struct Reader<'a, 'd> {
    source: Source<'a>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a> Reader<'a, '_> {
    fn drafts(&mut self) -> Vec<Draft<'a>> {
        let mut drafts: Vec<Draft<'a>> = Vec::new();
        for line in self.source.lines() {
            let line = line.trimmed();
            if line.text.is_empty() {
                continue;
            }
            if let Some((written_number, rest)) = question_number(line) {
                let (kind, text) = kind_of(rest);
                drafts.push(Draft {
                    number: line,
                    written_number,
                    kind,
                    text: text.range(),
                    options: Vec::new(),
                    answer: None,
                    explanation: None,
                });
                continue;
            }
            let taken = drafts.last_mut().is_some_and(|draft| draft.take(line));
            if !taken {
                self.diagnostics
                    .push(self.source.problem("quiz-line", line.range()));
            }
        }
        drafts
    }

    fn question(&mut self, draft: &Draft<'a>, number: usize) -> Option<QuizQuestion> {
        let place = draft.number.range();
        if usize::try_from(draft.written_number) != Ok(number) {
            let problem = self.source.problem("quiz-number", place.clone());
            self.diagnostics.push(
                problem
                    .with("found", draft.written_number)
                    .with("wanted", number),
            );
        }
        let kind = draft.kind.unwrap_or_else(|| draft.guess());
        let text = self.source.markdown(draft.text.clone(), self.diagnostics);
        if plain(&text).is_empty() {
            self.diagnostics
                .push(self.source.problem("quiz-no-text", place));
            return None;
        }
        let statement_is_right = match kind {
            QuizKind::Judge => self.judgement(draft)?,
            QuizKind::Single | QuizKind::Multiple | QuizKind::Order => {
                self.check_options(draft, kind)?;
                false
            }
        };
        if draft.explanation.is_none() {
            self.diagnostics
                .push(self.source.problem("quiz-no-explanation", place.clone()));
        }
        let explanation = draft
            .explanation
            .clone()
            .map(|range| self.source.quoted(range, self.diagnostics));
        let end = draft.end();
        Some(QuizQuestion {
            kind,
            text,
            options: if kind == QuizKind::Judge {
                Vec::new()
            } else {
                self.options(draft)
            },
            statement_is_right,
            explanation,
            span: self.source.span(place.start..end),
        })
    }

    fn options(&mut self, draft: &Draft<'a>) -> Vec<QuizOption> {
        let mut options: Vec<QuizOption> = Vec::new();
        for option in &draft.options {
            let text = self.source.markdown(option.text.range(), self.diagnostics);
            let repeated = options
                .iter()
                .any(|other| plain(&other.text) == plain(&text));
            if repeated {
                let problem = self
                    .source
                    .problem("quiz-option-repeated", option.line.range());
                self.diagnostics
                    .push(problem.with("text", option.text.text));
            }
            options.push(QuizOption {
                text,
                right: option.mark == Mark::Right,
            });
        }
        options
    }

    /// 答案：对 or 答案：错.
    fn judgement(&mut self, draft: &Draft<'a>) -> Option<bool> {
        if let Some(option) = draft.options.first() {
            self.diagnostics.push(
                self.source
                    .problem("quiz-judge-options", option.line.range()),
            );
            return None;
        }
        let Some(answer) = draft.answer else {
            self.diagnostics.push(
                self.source
                    .problem("quiz-no-judgement", draft.number.range()),
            );
            return None;
        };
        let judgement = match answer
            .text
            .trim_end_matches(['。', '.'])
            .to_lowercase()
            .as_str()
        {
            "对" | "正确" | "√" | "✓" | "是" | "true" | "right" => Some(true),
            "错" | "错误" | "×" | "✗" | "x" | "否" | "不对" | "false" | "wrong" => {
                Some(false)
            }
            _ => None,
        };
        if judgement.is_none() {
            let problem = self.source.problem("quiz-answer-word", answer.range());
            self.diagnostics.push(problem.with("found", answer.text));
        }
        judgement
    }

    /// `None` when the options do not make a question.
    fn check_options(&mut self, draft: &Draft<'a>, kind: QuizKind) -> Option<()> {
        let place = draft.number.range();
        let before = self.diagnostics.len();
        if let Some(answer) = draft.answer {
            self.diagnostics.push(
                self.source
                    .problem("quiz-answer-not-wanted", answer.range()),
            );
        }
        if draft.options.len() < 2 {
            self.diagnostics
                .push(self.source.problem("quiz-no-options", place));
            return None;
        }
        for (index, option) in draft.options.iter().enumerate() {
            let fits = match (kind, option.mark) {
                (QuizKind::Order, Mark::Position(position)) => {
                    usize::try_from(position) == Ok(index + 1)
                }
                (QuizKind::Order, Mark::None) => true,
                (QuizKind::Single | QuizKind::Multiple, Mark::Right | Mark::Wrong) => true,
                (QuizKind::Order | QuizKind::Single | QuizKind::Multiple | QuizKind::Judge, _) => {
                    false
                }
            };
            if !fits || option.text.text.is_empty() {
                let code = if kind == QuizKind::Order {
                    "quiz-order-mark"
                } else {
                    "quiz-option-mark"
                };
                let problem = self.source.problem(code, option.line.range());
                self.diagnostics.push(
                    problem
                        .with("position", index + 1)
                        .with("text", option.text.text),
                );
            }
        }
        if self.diagnostics.len() > before {
            return None;
        }
        let right = draft
            .options
            .iter()
            .filter(|option| option.mark == Mark::Right)
            .count();
        let code = match (kind, right) {
            (QuizKind::Single | QuizKind::Multiple, 0) => "quiz-no-answer",
            (QuizKind::Single, 2..) => "quiz-several-answers",
            (QuizKind::Single | QuizKind::Multiple | QuizKind::Judge | QuizKind::Order, _) => {
                return Some(());
            }
        };
        self.diagnostics.push(self.source.problem(code, place));
        None
    }
}

impl<'a> Draft<'a> {
    /// Takes a line to what it belongs to; `false` when it belongs to nothing.
    fn take(&mut self, line: Line<'a>) -> bool {
        if line.text.starts_with('>') || line.text.starts_with('＞') {
            let start = self
                .explanation
                .as_ref()
                .map_or(line.at, |range| range.start);
            self.explanation = Some(start..line.range().end);
            return true;
        }
        if self.explanation.is_some() {
            return false;
        }
        if let Some(option) = option(line) {
            self.options.push(option);
            return true;
        }
        if let Some(answer) = answer(line) {
            return self.answer.replace(answer).is_none();
        }
        // What stands below the question and above its options belongs to its text.
        if self.options.is_empty() && self.answer.is_none() {
            self.text.end = line.range().end;
            return true;
        }
        false
    }

    fn guess(&self) -> QuizKind {
        let positions = self
            .options
            .iter()
            .any(|option| matches!(option.mark, Mark::Position(_)));
        match (&self.answer, positions) {
            (Some(_), _) if self.options.is_empty() => QuizKind::Judge,
            (_, true) => QuizKind::Order,
            (_, false) => QuizKind::Single,
        }
    }

    fn end(&self) -> usize {
        let ends = [
            Some(self.text.end),
            self.options.last().map(|option| option.line.range().end),
            self.answer.map(|line| line.range().end),
            self.explanation.as_ref().map(|range| range.end),
        ];
        ends.into_iter().flatten().max().unwrap_or(self.text.end)
    }
}

/// `1.`, `1、`, `１．` or `1)` at the beginning of a line.
fn question_number(line: Line<'_>) -> Option<(u32, Line<'_>)> {
    let (number, used) = crate::base::numeral::read_number(line.text)?;
    if !line
        .text
        .starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
    {
        return None;
    }
    let sign = line.text[used..]
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '、' | '．'))?;
    // 1.5 倍 is no number of a question.
    let behind = &line.text[used + sign.len_utf8()..];
    let is_fraction = sign == '.' && behind.starts_with(|c: char| c.is_ascii_digit());
    (!is_fraction).then(|| (number, line.behind(used + sign.len_utf8())))
}

/// （多选） and its like at the beginning of a question.
fn kind_of(line: Line<'_>) -> (Option<QuizKind>, Line<'_>) {
    const KINDS: [(&str, QuizKind); 12] = [
        ("单选", QuizKind::Single),
        ("单选题", QuizKind::Single),
        ("single", QuizKind::Single),
        ("多选", QuizKind::Multiple),
        ("多选题", QuizKind::Multiple),
        ("multiple", QuizKind::Multiple),
        ("判断", QuizKind::Judge),
        ("判断题", QuizKind::Judge),
        ("true/false", QuizKind::Judge),
        ("排序", QuizKind::Order),
        ("排序题", QuizKind::Order),
        ("order", QuizKind::Order),
    ];
    let Some(open) = line
        .text
        .chars()
        .next()
        .filter(|c| matches!(c, '（' | '(' | '【' | '['))
    else {
        return (None, line);
    };
    let Some(close) = line.text.find(['）', ')', '】', ']']) else {
        return (None, line);
    };
    let word = line.text[open.len_utf8()..close].trim().to_lowercase();
    let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == word) else {
        return (None, line);
    };
    let end = close + line.text[close..].chars().next().map_or(1, char::len_utf8);
    (Some(*kind), line.behind(end))
}

/// `- [x] text`, `- 1) text` or `- text`.
fn option(line: Line<'_>) -> Option<DraftOption<'_>> {
    let bullet = line
        .text
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '*' | '+' | '－'))?;
    let rest = line.behind(bullet.len_utf8());
    if !line.text[bullet.len_utf8()..].starts_with([' ', '\t', '\u{3000}', '[', '［', '【']) {
        return None;
    }
    let (mark, text) = mark_of(rest);
    Some(DraftOption { line, text, mark })
}

fn mark_of(rest: Line<'_>) -> (Mark, Line<'_>) {
    const BOXES: [(&str, Mark); 14] = [
        ("[x]", Mark::Right),
        ("[X]", Mark::Right),
        ("[√]", Mark::Right),
        ("[✓]", Mark::Right),
        ("[ ]", Mark::Wrong),
        ("[]", Mark::Wrong),
        ("[\u{3000}]", Mark::Wrong),
        ("［x］", Mark::Right),
        ("［X］", Mark::Right),
        ("［ ］", Mark::Wrong),
        ("［］", Mark::Wrong),
        ("【x】", Mark::Right),
        ("【 】", Mark::Wrong),
        ("【】", Mark::Wrong),
    ];
    if let Some((written, mark)) = BOXES
        .iter()
        .find(|(written, _)| rest.text.starts_with(written))
    {
        return (*mark, rest.behind(written.len()));
    }
    let position = crate::base::numeral::read_number(rest.text).and_then(|(number, used)| {
        let sign = rest.text[used..]
            .chars()
            .next()
            .filter(|c| matches!(c, ')' | '）'))?;
        Some((number, used + sign.len_utf8()))
    });
    match position {
        Some((number, used)) => (Mark::Position(number), rest.behind(used)),
        None => (Mark::None, rest),
    }
}

/// 答案：对
fn answer(line: Line<'_>) -> Option<Line<'_>> {
    [
        "答案：",
        "答案:",
        "正确答案：",
        "正确答案:",
        "Answer:",
        "answer:",
    ]
    .iter()
    .find(|word| line.text.starts_with(**word))
    .map(|word| line.behind(word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::read_block;

    fn read(text: &str) -> (Quiz, Vec<String>) {
        read_block("小测", text, parse)
    }

    /// A quiz as `kind text | option* option | explanation`, right options with a star.
    fn shape(quiz: &Quiz) -> Vec<String> {
        let options = |question: &QuizQuestion| {
            let options = question
                .options
                .iter()
                .map(|o| format!("{}{}", plain(&o.text), if o.right { "*" } else { "" }));
            options.collect::<Vec<_>>().join(" ")
        };
        let explained =
            |question: &QuizQuestion| question.explanation.as_ref().map(plain).unwrap_or_default();
        let line = |q: &QuizQuestion| {
            format!(
                "{:?} {} | {} | {}",
                q.kind,
                plain(&q.text),
                options(q),
                explained(q)
            )
        };
        quiz.questions.iter().map(line).collect()
    }

    #[track_caller]
    fn check(text: &str, questions: &[&str], problems: &[&str]) {
        let (quiz, found) = read(text);
        assert_eq!(shape(&quiz), questions, "{text}");
        assert_eq!(found, problems, "{text}");
    }

    #[test]
    fn the_four_kinds_of_questions() {
        check(
            "1. 冷静期多少天？\n- [ ] 十五日\n- [x] 三十日\n> 《民法典》第一千零七十七条。\n\n\
             2. （多选）哪些是共同财产？\n- [x] 工资\n- [ ] 伤残赔偿\n- [x] 收益\n> 是\n> 这样\n\n\
             3. （判断）口头借款一律无效。\n答案：错\n> 不对。\n\n\
             4.（排序）步骤：\n- 1) 收集\n- 2) 申请\n> 先后。\n",
            &[
                "Single 冷静期多少天？ | 十五日 三十日* | 《民法典》第一千零七十七条。",
                "Multiple 哪些是共同财产？ | 工资* 伤残赔偿 收益* | 是这样",
                "Judge 口头借款一律无效。 |  | 不对。",
                "Order 步骤： | 收集 申请 | 先后。",
            ],
            &[],
        );
    }

    #[test]
    fn kinds_are_guessed_and_full_width_signs_read() {
        check(
            "１、冷静期\n多少天？\n－ ［ ］ 十五日\n- [X] 三十日\n> 好。\n2． 口头借款有效。\n答案: 对。\n> 好。\n3. 步骤\n- 1） 一\n- 2） 二\n> 好。\n",
            &[
                "Single 冷静期多少天？ | 十五日 三十日* | 好。",
                "Judge 口头借款有效。 |  | 好。",
                "Order 步骤 | 一 二 | 好。",
            ],
            &[],
        );
    }

    #[test]
    fn a_number_with_a_fraction_begins_no_question() {
        check(
            "1. 加班费是几倍？\n1.5 倍还是更多？\n- [x] 是\n- [ ] 否\n> 好。\n",
            &["Single 加班费是几倍？ 1.5 倍还是更多？ | 是* 否 | 好。"],
            &[],
        );
    }

    #[test]
    fn wrong_questions_are_named_at_their_line() {
        check("没有题号\n", &[], &["1:1 quiz-line"]);
        check("", &[], &["1:1 quiz-empty"]);
        check(
            "1. 问\n- [ ] 甲\n- [ ] 乙\n> 好。\n",
            &[],
            &["1:1 quiz-no-answer"],
        );
        check(
            "1. 问\n- [x] 甲\n- [x] 乙\n> 好。\n",
            &[],
            &["1:1 quiz-several-answers"],
        );
        check("1. 问\n- [x] 甲\n> 好。\n", &[], &["1:1 quiz-no-options"]);
        check(
            "1. 问\n- [x] 甲\n- 乙\n> 好。\n",
            &[],
            &["3:1 quiz-option-mark 2 乙"],
        );
        check("1. （判断）问\n> 好。\n", &[], &["1:1 quiz-no-judgement"]);
        check(
            "1. （判断）问\n答案：也许\n> 好。\n",
            &[],
            &["2:4 quiz-answer-word 也许"],
        );
        check(
            "1. （判断）问\n- [x] 对\n- [ ] 错\n> 好。\n",
            &[],
            &["2:1 quiz-judge-options"],
        );
        check(
            "1. （排序）问\n- 1) 甲\n- 3) 乙\n> 好。\n",
            &[],
            &["3:1 quiz-order-mark 2 乙"],
        );
        check(
            "1. （多选）\n- [x] 甲\n- [ ] 乙\n> 好。\n",
            &[],
            &["1:1 quiz-no-text"],
        );
        check(
            "1. 问\n答案：B\n- [x] 甲\n- [ ] 乙\n> 好。\n",
            &[],
            &["2:4 quiz-answer-not-wanted"],
        );
    }

    #[test]
    fn doubtful_questions_are_shown_all_the_same() {
        check(
            "2. 问\n- [x] 甲\n- [ ] 甲\n",
            &["Single 问 | 甲* 甲 | "],
            &[
                "1:1 quiz-number 2 1",
                "1:1 quiz-no-explanation",
                "3:1 quiz-option-repeated 甲",
            ],
        );
        check(
            "1. 问\n- [x] 甲\n- [ ] 乙\n> 好。\n落单的话\n",
            &["Single 问 | 甲* 乙 | 好。"],
            &["5:1 quiz-line"],
        );
    }

    #[test]
    fn one_bad_question_does_not_hide_another() {
        check(
            "1. 问\n- [ ] 甲\n- [ ] 乙\n> 好。\n2. 问\n- [x] 甲\n- [ ] 乙\n> 好。\n",
            &["Single 问 | 甲* 乙 | 好。"],
            &["1:1 quiz-no-answer"],
        );
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "1. 问\n- [x] 见《劳动法》第五十条\n- [ ] 乙\n> 一\n> 二\n";
        let code = Code {
            language: "quiz".into(),
            info: "".into(),
            text: text.into(),
            text_start: 100,
        };
        let quiz = parse(
            &code,
            &SourcePath::new("a.md"),
            &MarkdownOptions::default(),
            &mut Vec::new(),
        );
        let span = |document: &Document| document.blocks[0].span;
        let at = |part: &str| text.find(part).expect("there");
        assert_eq!(
            span(&quiz.questions[0].options[0].text).start as usize,
            100 + at("见")
        );
        assert_eq!(
            span(quiz.questions[0].explanation.as_ref().expect("explained")).start as usize,
            100 + at("一")
        );
        assert_eq!(quiz.documents().len(), 4);
    }
}
