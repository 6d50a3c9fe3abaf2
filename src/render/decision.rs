//! A self-check path as the template `blocks/path.html` sees it.

use serde::Serialize;

use super::inline::{self, Html, Render};
use crate::parse::decision::{DecisionPath, Step, StepKind};
use crate::parse::fragment::plain;

/// A path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathView {
    /// Its anchor: `path-1`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The steps; the first is where it begins.
    pub steps: Vec<StepView>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Its name, unique in the path.
    pub id: String,
    /// Its number, from 1.
    pub number: usize,
    /// What is asked, or the first line of the conclusion, as phrasing HTML.
    pub question: Html,
    /// What stands below the first line of a conclusion, as HTML; else empty.
    pub body: Html,
    /// Whether it is a conclusion.
    pub conclusion: bool,
    /// The choices; none for a conclusion.
    pub options: Vec<ChoiceView>,
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChoiceView {
    /// What it says, as plain text: it is a link, and holds none.
    pub text: String,
    /// The name of the step it leads to.
    pub to: String,
    /// That step's number.
    pub to_number: usize,
}

/// The view of a path; `id` is unique on the page, `title` stands for a missing one.
#[must_use]
pub fn view(path: &DecisionPath, id: &str, title: &str, render: Render<'_>) -> PathView {
    let title = if path.title.is_empty() {
        title
    } else {
        &path.title
    };
    let steps = path
        .steps
        .iter()
        .zip(1..)
        .map(|(step, number)| step_view(step, number, render));
    PathView {
        id: id.to_owned(),
        title: title.to_owned(),
        steps: steps.collect(),
    }
}

fn step_view(step: &Step, number: usize, render: Render<'_>) -> StepView {
    let (question, body, options) = match &step.kind {
        StepKind::Question(choices) => {
            let options = choices.iter().map(|choice| ChoiceView {
                text: plain(&choice.text),
                to: choice.target.clone(),
                to_number: choice.index + 1,
            });
            (
                inline::render(&step.text, render),
                Html::default(),
                options.collect(),
            )
        }
        StepKind::Conclusion(verdict) => (
            inline::render(verdict, render),
            Html(render(&step.text)),
            Vec::new(),
        ),
    };
    let conclusion = matches!(step.kind, StepKind::Conclusion(_));
    StepView {
        id: step.id.clone(),
        number,
        question,
        body,
        conclusion,
        options,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;
    use crate::doc::Code;
    use crate::parse::decision;
    use crate::parse::markdown::MarkdownOptions;

    #[test]
    fn steps_are_numbered_and_choices_know_where_they_lead() {
        let text = "[start] 签了吗？\n- 签了[^1] -> yes\n- **没** -> no\n[no] = 不行。\n[yes] = 可以。\n依据。\n";
        let code = Code {
            language: "path".into(),
            info: "".into(),
            text: text.into(),
            text_start: 0,
        };
        let path = decision::parse(
            &code,
            &SourcePath::new("a.md"),
            &MarkdownOptions::default(),
            &mut Vec::new(),
        );
        let view = view(&path, "path-1", "自测", &|document| {
            format!("<p>{}</p>", plain(document))
        });
        assert_eq!(view.title, "自测");
        assert_eq!(view.steps[0].question.0, "签了吗？");
        let leads: Vec<(&str, usize)> = view.steps[0]
            .options
            .iter()
            .map(|o| (o.text.as_str(), o.to_number))
            .collect();
        assert_eq!(leads, [("签了[^1]", 3), ("没", 2)]);
        assert_eq!(
            (
                view.steps[2].question.0.as_str(),
                view.steps[2].body.0.as_str()
            ),
            ("可以。", "<p>依据。</p>")
        );
        assert!(view.steps[2].conclusion && !view.steps[0].conclusion);
    }
}
