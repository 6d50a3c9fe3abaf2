//! A quiz as the template `blocks/quiz.html` sees it.

use serde::Serialize;

use super::inline::{self, Html, Render};
use crate::base::Hash;
use crate::parse::fragment::plain;
use crate::parse::quiz::{Quiz, QuizKind, QuizQuestion};

/// A quiz.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuizView {
    /// Its anchor: `quiz-1`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The questions.
    pub questions: Vec<QuestionView>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionView {
    /// Its number, from 1.
    pub number: usize,
    /// `single`, `multiple`, `boolean` or `order`.
    pub kind: &'static str,
    /// What is asked, as phrasing HTML.
    pub stem: Html,
    /// The options in the order shown; none for `boolean`.
    pub options: Vec<OptionView>,
    /// For `boolean`: whether the statement is right.
    pub answer: bool,
    /// The answer in letters or words: `B`, `A B D`, 错, `C A B`.
    pub answer_text: String,
    /// Why, as HTML.
    pub explanation: Html,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OptionView {
    /// The letter it goes by: `A`.
    pub letter: String,
    /// What it says, as phrasing HTML.
    pub html: Html,
    /// Whether it is right; for `order` always false.
    pub correct: bool,
    /// Its place in the right order, from 1.
    pub position: usize,
}

/// The words of a quiz in the page's language.
#[derive(Clone, Copy, Debug)]
pub struct QuizWords<'a> {
    /// The title of a quiz without one: 小测验.
    pub title: &'a str,
    /// 对.
    pub right: &'a str,
    /// 错.
    pub wrong: &'a str,
}

/// The view of a quiz; `id` is unique on the page.
#[must_use]
pub fn view(quiz: &Quiz, id: &str, words: QuizWords<'_>, render: Render<'_>) -> QuizView {
    let title = if quiz.title.is_empty() {
        words.title
    } else {
        &quiz.title
    };
    let questions = quiz
        .questions
        .iter()
        .zip(1..)
        .map(|(question, number)| question_view(question, number, words, render));
    QuizView {
        id: id.to_owned(),
        title: title.to_owned(),
        questions: questions.collect(),
    }
}

fn question_view(
    question: &QuizQuestion,
    number: usize,
    words: QuizWords<'_>,
    render: Render<'_>,
) -> QuestionView {
    let options = options(question, render);
    let answer_text = match question.kind {
        QuizKind::Judge => (if question.statement_is_right {
            words.right
        } else {
            words.wrong
        })
        .to_owned(),
        QuizKind::Single | QuizKind::Multiple => letters(
            options
                .iter()
                .filter(|option| option.correct)
                .map(|option| option.letter.as_str()),
        ),
        QuizKind::Order => {
            let mut ordered: Vec<&OptionView> = options.iter().collect();
            ordered.sort_by_key(|option| option.position);
            letters(ordered.into_iter().map(|option| option.letter.as_str()))
        }
    };
    QuestionView {
        number,
        kind: match question.kind {
            QuizKind::Single => "single",
            QuizKind::Multiple => "multiple",
            QuizKind::Judge => "boolean",
            QuizKind::Order => "order",
        },
        stem: inline::render(&question.text, render),
        options,
        answer: question.statement_is_right,
        answer_text,
        explanation: Html(
            question
                .explanation
                .as_ref()
                .map(render)
                .unwrap_or_default(),
        ),
    }
}

fn letters<'a>(letters: impl Iterator<Item = &'a str>) -> String {
    letters.collect::<Vec<_>>().join(" ")
}

fn options(question: &QuizQuestion, render: Render<'_>) -> Vec<OptionView> {
    let shown = match question.kind {
        QuizKind::Order => shuffled(question),
        QuizKind::Single | QuizKind::Multiple | QuizKind::Judge => {
            (0..question.options.len()).collect()
        }
    };
    shown
        .into_iter()
        .enumerate()
        .map(|(place, index)| OptionView {
            letter: letter(place),
            html: inline::render(&question.options[index].text, render),
            correct: question.options[index].right,
            position: index + 1,
        })
        .collect()
}

/// The indices of the options in an order that is the same at every build and never the right one.
fn shuffled(question: &QuizQuestion) -> Vec<usize> {
    let key = |index: usize| {
        Hash::of(format!("{}\n{index}", plain(&question.options[index].text)).as_bytes()).short(16)
    };
    let mut indices: Vec<usize> = (0..question.options.len()).collect();
    indices.sort_by_cached_key(|index| key(*index));
    if indices.is_sorted() {
        indices.rotate_left(1);
    }
    indices
}

/// `A` … `Z`, then `27`….
fn letter(index: usize) -> String {
    match u8::try_from(index) {
        Ok(index) if index < 26 => char::from(b'A' + index).to_string(),
        Ok(_) | Err(_) => (index + 1).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;
    use crate::doc::Code;
    use crate::parse::markdown::MarkdownOptions;
    use crate::parse::quiz;

    fn check(text: &str) -> QuizView {
        let code = Code {
            language: "quiz".into(),
            info: "".into(),
            text: text.into(),
            text_start: 0,
        };
        let quiz = quiz::parse(
            &code,
            &SourcePath::new("a.md"),
            &MarkdownOptions::default(),
            &mut Vec::new(),
        );
        let words = QuizWords {
            title: "小测验",
            right: "对",
            wrong: "错",
        };
        view(&quiz, "quiz-1", words, &|document| {
            format!("<p>{}</p>\n", plain(document))
        })
    }

    #[test]
    fn answers_are_told_by_letters() {
        let view = check(
            "1. 问\n- [ ] 甲\n- [x] 乙\n> 因为\n2. （多选）问\n- [x] 甲\n- [ ] 乙\n- [x] 丙\n> 好\n3. （判断）问\n答案：错\n> 好\n",
        );
        let told: Vec<(&str, &str)> = view
            .questions
            .iter()
            .map(|q| (q.kind, q.answer_text.as_str()))
            .collect();
        assert_eq!(
            told,
            [("single", "B"), ("multiple", "A C"), ("boolean", "错")]
        );
        assert_eq!(
            (view.title.as_str(), view.questions[0].stem.0.as_str()),
            ("小测验", "问")
        );
        assert_eq!(view.questions[0].explanation.0, "<p>因为</p>\n");
    }

    #[test]
    fn items_to_be_ordered_are_never_shown_in_order() {
        for items in ["一 二", "甲 乙 丙", "收集 申请 开庭 执行"] {
            let lines: String = items
                .split(' ')
                .zip(1..)
                .map(|(item, n)| format!("- {n}) {item}\n"))
                .collect();
            let view = check(&format!("1. （排序）问\n{lines}> 好\n"));
            let question = &view.questions[0];
            assert!(
                !question.options.is_sorted_by_key(|option| option.position),
                "{items}"
            );
            let by_letter = |letter: &str| {
                question
                    .options
                    .iter()
                    .find(|o| o.letter == letter)
                    .map(|o| o.html.0.clone())
            };
            let told: Vec<String> = question
                .answer_text
                .split(' ')
                .filter_map(by_letter)
                .collect();
            assert_eq!(told.join(" "), items);
            assert_eq!(view, check(&format!("1. （排序）问\n{lines}> 好\n")));
        }
    }
}
