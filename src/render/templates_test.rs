//! The default theme's templates with the views they are written for.

use minijinja::{AutoEscape, Environment, Value, context};

use super::inline::Render;
use super::view::serial;
use super::{calculator, decision, quiz};
use crate::base::SourcePath;
use crate::doc::Code;
use crate::parse::calculator::{Calculator, LoanPrimeRate, RulesLanguage};
use crate::parse::fragment::plain;
use crate::parse::markdown::MarkdownOptions;
use crate::parse::{decision as parse_decision, quiz as parse_quiz};

const RENDER: Render<'static> = &|document| format!("<p><b>{}</b></p>", plain(document));

fn render(template: &str, variables: Value) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_function("trans", |key: &str, _: minijinja::value::Kwargs| {
        format!("[{key}]")
    });
    environment.add_function("translations", |key: &str| format!("[{key}]"));
    environment.add_filter("date", |day: &str, _: minijinja::value::Kwargs| {
        day.to_owned()
    });
    environment
        .render_str(template, variables)
        .expect("the template renders")
}

fn code(text: &str) -> Code {
    Code {
        language: "quiz".into(),
        info: "<小测>".into(),
        text: text.into(),
        text_start: 0,
    }
}

#[track_caller]
fn check(html: &str, wanted: &[&str]) {
    for part in wanted {
        assert!(html.contains(part), "{part} in\n{html}");
    }
    assert!(
        !html.contains("style=") && !html.contains("onclick") && !html.contains("&lt;b&gt;"),
        "{html}"
    );
}

#[test]
fn a_quiz() {
    let text = "1. 问\n- [ ] 甲\n- [x] 乙\n> 因为\n2. （判断）问\n答案：对\n> 好\n3. （排序）问\n- 1) 一\n- 2) 二\n> 好\n";
    let read = parse_quiz::parse(
        &code(text),
        &SourcePath::new("a.md"),
        &MarkdownOptions::default(),
        &mut Vec::new(),
    );
    let words = quiz::QuizWords {
        title: "小测验",
        right: "对",
        wrong: "错",
    };
    let view = quiz::view(&read, "quiz-1", words, RENDER);
    let html = render(
        include_str!("../../themes/default/templates/blocks/quiz.html"),
        context! { quiz => serial(view) },
    );
    check(
        &html,
        &[
            "&lt;小测&gt;",
            "<legend><b>问</b>",
            "value=\"B\" data-correct",
            "data-answer=\"true\"",
            "data-position=\"2\"",
            "<p><b>因为</b></p>",
        ],
    );
}

#[test]
fn a_path() {
    let text = "[start] 问\n- 是 & 否 -> yes\n[yes] = 可以。\n依据。\n";
    let read = parse_decision::parse(
        &code(text),
        &SourcePath::new("a.md"),
        &MarkdownOptions::default(),
        &mut Vec::new(),
    );
    let view = decision::view(&read, "path-1", "自测", RENDER);
    let html = render(
        include_str!("../../themes/default/templates/blocks/path.html"),
        context! { path => serial(view) },
    );
    check(
        &html,
        &[
            "href=\"#path-1-yes\">是 &amp; 否<",
            "id=\"path-1-yes\"",
            "<b>可以。</b>",
            "<p><b>依据。</b></p>",
        ],
    );
}

#[test]
fn every_calculator() {
    let rates = LoanPrimeRate::built_in();
    for (name, kind) in Calculator::NAMES {
        let view = calculator::view(
            kind,
            "calculator-1",
            &rates,
            &calculator::rules(kind, RulesLanguage::Chinese, &rates),
            &|key| Some(key.to_owned()),
            RENDER,
        );
        let html = render(
            include_str!("../../themes/default/templates/blocks/calculator.html"),
            context! { calculator => serial(view) },
        );
        check(
            &html,
            &[
                &format!("data-calculator=\"{name}\""),
                "<output",
                "依据",
                "calculator.law_note",
            ],
        );
    }
}
