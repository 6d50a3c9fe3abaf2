//! The blocks of a document that are more than code: quizzes, self-check paths, calculators.

use super::calculator::{self, Calculator};
use super::decision::{self, DecisionPath};
use super::markdown::MarkdownOptions;
use super::quiz::{self, Quiz};
use crate::base::SourcePath;
use crate::diag::Diagnostic;
use crate::doc::{BlockKind, Code, Document};

/// A widget and the block it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// [`Code::text_start`] of its block: by this the renderer finds it.
    pub text_start: u32,
    /// Its anchor on the page: `quiz-1`, `path-2`; each kind is counted from 1.
    pub id: String,
    /// What it is.
    pub kind: WidgetKind,
}

/// The kinds of widgets.
#[derive(Clone, Debug, PartialEq)]
pub enum WidgetKind {
    /// ` ```quiz `.
    Quiz(Quiz),
    /// ` ```path `.
    Path(DecisionPath),
    /// ` ```calculator `.
    Calculator(Calculator),
}

impl Widget {
    /// Every piece of Markdown in it, in reading order: where citations and links are looked for. The rules of a
    /// calculator are the same on every page and not among them.
    #[must_use]
    pub fn documents(&self) -> Vec<&Document> {
        match &self.kind {
            WidgetKind::Quiz(quiz) => quiz.documents(),
            WidgetKind::Path(path) => path.documents(),
            WidgetKind::Calculator(_) => Vec::new(),
        }
    }
}

/// Reads the widgets of a document, in order. Quizzes without a question and paths without a step are left out: their
/// diagnostics say why.
#[must_use]
pub fn widgets(
    document: &Document,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Widget> {
    let (mut widgets, mut counts) = (Vec::new(), [0u32; 3]);
    document.walk_blocks(&mut |block| {
        if let BlockKind::Code(code) = &block.kind
            && let Some(kind) = read(code, file, options, diagnostics)
        {
            let (name, index) = match &kind {
                WidgetKind::Quiz(_) => ("quiz", 0),
                WidgetKind::Path(_) => ("path", 1),
                WidgetKind::Calculator(_) => ("calculator", 2),
            };
            counts[index] += 1;
            widgets.push(Widget {
                text_start: code.text_start,
                id: format!("{name}-{}", counts[index]),
                kind,
            });
        }
    });
    widgets
}

fn read(
    code: &Code,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<WidgetKind> {
    match &*code.language {
        "quiz" => {
            let quiz = quiz::parse(code, file, options, diagnostics);
            (!quiz.questions.is_empty()).then_some(WidgetKind::Quiz(quiz))
        }
        "path" => {
            let path = decision::parse(code, file, options, diagnostics);
            (!path.steps.is_empty()).then_some(WidgetKind::Path(path))
        }
        "calculator" => calculator::parse(code, file, diagnostics).map(WidgetKind::Calculator),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown;

    #[test]
    fn widgets_are_found_and_counted_by_kind() {
        let text = "```quiz\n1. 问\n- [x] 甲\n- [ ] 乙\n> 好\n```\n\n> ```path\n> [a] = 好\n> ```\n\n```rust\n1. x\n```\n\n```quiz\n```\n\n```quiz\n1. 问\n- [x] 甲\n- [ ] 乙\n> 好\n```\n\n```calculator overtime\n```\n";
        let (file, options, mut diagnostics) = (
            SourcePath::new("a.md"),
            MarkdownOptions::default(),
            Vec::new(),
        );
        let document = markdown::parse(text, 0, &file, &options, &mut diagnostics);
        let found = widgets(&document, &file, &options, &mut diagnostics);
        let ids: Vec<&str> = found.iter().map(|widget| widget.id.as_str()).collect();
        assert_eq!(ids, ["quiz-1", "path-1", "quiz-2", "calculator-1"]);
        assert_eq!(found[0].documents().len(), 4);
        assert_eq!(
            diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(),
            ["quiz-empty"]
        );
    }
}
