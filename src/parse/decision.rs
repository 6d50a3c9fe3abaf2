//! The block ` ```path ` → [`DecisionPath`]: questions with choices that lead to conclusions (自测路径).
//!
//! ```text
//! [start] 签了劳动合同吗？
//! - 签了 -> yes
//! - 没签 -> no
//!
//! [yes] = 可以主张。
//! 依据……
//! ```
//!
//! The same may be written as TOML, as a list of `[[step]]` tables with `id`, `text`, `conclusion` and `choices`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::episode::nested;
use super::fields::Fields;
use super::fragment::{Line, Source, plain};
use super::front::Spanned;
use super::markdown::{self, MarkdownOptions};
use super::syntax::{Syntax, read_table};
use crate::base::value::Table;
use crate::base::{SourcePath, Span, nearest};
use crate::diag::Diagnostic;
use crate::doc::{Code, Document};

/// A self-check path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecisionPath {
    /// What stands behind the fence.
    pub title: String,
    /// The steps as written; the first is where it begins.
    pub steps: Vec<Step>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name: `start`.
    pub id: String,
    /// What it is.
    pub kind: StepKind,
    /// The question, or what stands below the first line of a conclusion.
    pub text: Document,
    /// Where it is written.
    pub span: Span,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// A question with its choices.
    Question(Vec<Choice>),
    /// A conclusion: its first line.
    Conclusion(Document),
}

/// A choice and where it leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What it says.
    pub text: Document,
    /// The name of the step it leads to.
    pub target: String,
    /// Which of the path's steps that is.
    pub index: usize,
}

impl DecisionPath {
    /// Every piece of Markdown in it, in reading order: where citations and links are looked for. Choices are links
    /// themselves and shown as plain text.
    #[must_use]
    pub fn documents(&self) -> Vec<&Document> {
        let mut documents = Vec::new();
        for step in &self.steps {
            if let StepKind::Conclusion(verdict) = &step.kind {
                documents.push(verdict);
            }
            documents.push(&step.text);
        }
        documents
    }
}

/// Reads a block. A path with an error is given back without the choices that lead nowhere.
#[must_use]
pub fn parse(
    code: &Code,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> DecisionPath {
    let source = Source {
        text: &code.text,
        offset: code.text_start as usize,
        file,
        options,
    };
    let drafts = if is_toml(&code.text) {
        let table = read_table(
            Syntax::Toml,
            &code.text,
            code.text_start as usize,
            file,
            diagnostics,
        );
        drafts_of_table(&table, file, options, diagnostics)
    } else {
        Reader {
            source,
            diagnostics,
        }
        .drafts()
    };
    let whole = source.span(0..0);
    DecisionPath {
        title: code.info.trim().to_owned(),
        steps: connect(drafts, whole, file, diagnostics),
    }
}

/// Reads a path from a data file: `title` and a list of `[[step]]` tables.
#[must_use]
pub fn from_table(
    table: &Table,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> DecisionPath {
    let mut fields = Fields::new(table, file, diagnostics);
    let title = fields.string("title").unwrap_or_default();
    fields.allow(&["step"]);
    fields.finish();
    let drafts = drafts_of_table(table, file, options, diagnostics);
    DecisionPath {
        title,
        steps: connect(drafts, Span::default(), file, diagnostics),
    }
}

fn is_toml(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .is_some_and(|line| line == "[[step]]")
}

/// A step before its choices are connected.
struct Draft {
    id: Spanned,
    conclusion: Option<Document>,
    text: Document,
    choices: Vec<DraftChoice>,
    span: Span,
}

struct DraftChoice {
    text: Document,
    target: Spanned,
}

/// The ranges of a step in the block, collected line by line.
struct Pieces<'a> {
    id: Line<'a>,
    head: Range<usize>,
    concluding: bool,
    below: Option<Range<usize>>,
    choices: Vec<(Line<'a>, Line<'a>)>,
    end: usize,
    start: usize,
}

struct Reader<'a, 'd> {
    source: Source<'a>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl<'a> Reader<'a, '_> {
    fn drafts(&mut self) -> Vec<Draft> {
        let mut steps: Vec<Pieces<'a>> = Vec::new();
        for line in self.source.lines() {
            let line = line.trimmed();
            if line.text.is_empty() {
                continue;
            }
            if let Some((id, rest)) = step_head(line) {
                let (concluding, head) = match rest.text.chars().next() {
                    Some(sign @ ('=' | '＝')) => (true, rest.behind(sign.len_utf8())),
                    Some(_) | None => (false, rest),
                };
                let end = line.range().end;
                let head = head.range();
                steps.push(Pieces {
                    id,
                    head,
                    concluding,
                    below: None,
                    choices: Vec::new(),
                    end,
                    start: line.at,
                });
                continue;
            }
            let code = match steps.last_mut() {
                None => Some("path-line"),
                Some(step) => step.take(line),
            };
            if let Some(code) = code {
                self.diagnostics.push(
                    self.source
                        .problem(code, line.range())
                        .with("text", line.text),
                );
            }
        }
        steps.into_iter().map(|step| self.draft(step)).collect()
    }

    fn draft(&mut self, step: Pieces<'a>) -> Draft {
        let Pieces {
            id,
            head,
            concluding,
            below,
            choices,
            end,
            start,
        } = step;
        let (conclusion, text) = if concluding {
            let verdict = self.source.markdown(head, self.diagnostics);
            let text = below
                .map(|below| self.source.markdown(below, self.diagnostics))
                .unwrap_or_default();
            (Some(verdict), text)
        } else {
            let range = head.start..below.map_or(head.end, |below| below.end);
            (None, self.source.markdown(range, self.diagnostics))
        };
        let choices = choices
            .into_iter()
            .map(|(text, target)| DraftChoice {
                text: self.source.markdown(text.range(), self.diagnostics),
                target: (target.text.to_owned(), self.source.span(target.range())),
            })
            .collect();
        let id = (id.text.to_owned(), self.source.span(id.range()));
        Draft {
            id,
            conclusion,
            text,
            choices,
            span: self.source.span(start..end),
        }
    }
}

impl<'a> Pieces<'a> {
    /// Takes a line; the code of the problem when it cannot belong to the step.
    fn take(&mut self, line: Line<'a>) -> Option<&'static str> {
        let is_bullet = line.text.starts_with("- ") || line.text.starts_with('－');
        if let Some((text, target)) = choice(line).filter(|_| is_bullet) {
            if self.concluding {
                return Some("path-conclusion-choice");
            }
            self.choices.push((text, target));
        } else if is_bullet && !self.concluding {
            return Some("path-choice-target");
        } else if !self.choices.is_empty() {
            return Some("path-line");
        } else {
            let start = self.below.as_ref().map_or(line.at, |below| below.start);
            self.below = Some(start..line.range().end);
        }
        self.end = line.range().end;
        None
    }
}

/// `[start] text`.
fn step_head(line: Line<'_>) -> Option<(Line<'_>, Line<'_>)> {
    let open = line
        .text
        .chars()
        .next()
        .filter(|c| matches!(c, '[' | '［' | '【'))?;
    let close = line.text.find([']', '］', '】'])?;
    let end = close + line.text[close..].chars().next().map_or(1, char::len_utf8);
    // `[text](address)` is a link.
    if line.text[end..].starts_with('(') {
        return None;
    }
    let inner = Line {
        at: line.at + open.len_utf8(),
        text: &line.text[open.len_utf8()..close],
    }
    .trimmed();
    Some((inner, line.behind(end)))
}

/// `- text -> target`.
fn choice(line: Line<'_>) -> Option<(Line<'_>, Line<'_>)> {
    let bullet = line.text.chars().next().map_or(0, char::len_utf8);
    let (at, arrow) = ["->", "→", "－>", "－＞", "-＞", "=>"]
        .iter()
        .filter_map(|arrow| {
            line.text[bullet..]
                .rfind(arrow)
                .map(|at| (bullet + at, arrow.len()))
        })
        .max()?;
    let text = Line {
        at: line.at + bullet,
        text: &line.text[bullet..at],
    }
    .trimmed();
    Some((text, line.behind(at + arrow)))
}

/// The keys of a `[[step]]` table.
struct Row {
    id: Option<String>,
    id_span: Span,
    text: Option<Spanned>,
    conclusion: Option<Spanned>,
    choices: Vec<(Option<Spanned>, Option<Spanned>)>,
    span: Span,
}

fn read_row(fields: &mut Fields<'_>, span: Span) -> Row {
    let choice =
        |inner: &mut Fields<'_>| (inner.spanned_string("text"), inner.spanned_string("to"));
    Row {
        id: fields.required("id", span),
        id_span: fields.node("id").map_or(span, |node| node.span),
        text: fields.spanned_string("text"),
        conclusion: fields.spanned_string("conclusion"),
        choices: fields
            .tables("choices")
            .into_iter()
            .map(|(table, _)| nested(fields, table, choice))
            .collect(),
        span,
    }
}

fn drafts_of_table(
    table: &Table,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Draft> {
    let rows: Vec<Row> = {
        let mut fields = Fields::new(table, file, diagnostics);
        let tables = fields.tables("step");
        tables
            .into_iter()
            .map(|(row, span)| nested(&mut fields, row, |inner| read_row(inner, span)))
            .collect()
    };
    // A text begins behind its quote.
    let mut read = |(text, span): Spanned| {
        markdown::parse(&text, span.start as usize + 1, file, options, diagnostics)
    };
    let mut drafts = Vec::new();
    for Row {
        id,
        id_span,
        text,
        conclusion,
        choices,
        span,
    } in rows
    {
        let Some(id) = id else { continue };
        let choices = choices
            .into_iter()
            .filter_map(|(text, target)| {
                Some(DraftChoice {
                    text: read(text?),
                    target: target?,
                })
            })
            .collect();
        drafts.push(Draft {
            id: (id, id_span),
            conclusion: conclusion.map(&mut read),
            text: text.map(&mut read).unwrap_or_default(),
            choices,
            span,
        });
    }
    drafts
}

/// Connects choices with steps and reports what is wrong with the graph.
fn connect(
    drafts: Vec<Draft>,
    whole: Span,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Step> {
    let mut indices: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        let (id, span) = &draft.id;
        if id.is_empty()
            || !id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        {
            diagnostics.push(Diagnostic::at("path-step-name", file, *span).with("name", id));
        }
        if indices.contains_key(id) {
            diagnostics.push(Diagnostic::at("path-step-repeated", file, *span).with("name", id));
            continue;
        }
        indices.insert(id.clone(), kept.len());
        kept.push(draft);
    }
    if kept.is_empty() {
        diagnostics.push(Diagnostic::at("path-empty", file, whole));
    }
    let ids: Vec<Spanned> = kept.iter().map(|draft| draft.id.clone()).collect();
    let names: Vec<&str> = ids.iter().map(|(id, _)| id.as_str()).collect();
    let steps: Vec<Step> = kept
        .into_iter()
        .map(|draft| step(draft, &indices, &names, file, diagnostics))
        .collect();
    check_graph(&steps, &ids, file, diagnostics);
    steps
}

fn step(
    draft: Draft,
    indices: &HashMap<String, usize>,
    names: &[&str],
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Step {
    let Draft {
        id: (id, place),
        conclusion,
        text,
        choices,
        span,
    } = draft;
    let kind = match conclusion {
        Some(verdict) => {
            if plain(&verdict).is_empty() {
                diagnostics.push(Diagnostic::at("path-no-text", file, place).with("name", &id));
            }
            if let Some(choice) = choices.first() {
                let problem = Diagnostic::at("path-conclusion-choice", file, choice.target.1);
                diagnostics.push(problem.with("text", &choice.target.0));
            }
            StepKind::Conclusion(verdict)
        }
        None => {
            if plain(&text).is_empty() {
                diagnostics.push(Diagnostic::at("path-no-text", file, place).with("name", &id));
            }
            if choices.is_empty() {
                diagnostics.push(Diagnostic::at("path-dead-end", file, place).with("name", &id));
            }
            let mut connected = Vec::with_capacity(choices.len());
            for DraftChoice {
                text,
                target: (target, target_span),
            } in choices
            {
                match indices.get(&target) {
                    Some(&index) => connected.push(Choice {
                        text,
                        target,
                        index,
                    }),
                    None => diagnostics.push(
                        Diagnostic::at("path-unknown-step", file, target_span)
                            .with("name", &target)
                            .with_option("nearest", nearest(&target, names.iter().copied())),
                    ),
                }
            }
            StepKind::Question(connected)
        }
    };
    Step {
        id,
        kind,
        text,
        span,
    }
}

fn targets(step: &Step) -> Vec<usize> {
    match &step.kind {
        StepKind::Question(choices) => choices.iter().map(|choice| choice.index).collect(),
        StepKind::Conclusion(_) => Vec::new(),
    }
}

/// Reports steps no choice leads to, and loops.
fn check_graph(
    steps: &[Step],
    ids: &[Spanned],
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut reached = vec![false; steps.len()];
    let mut open: Vec<usize> = if steps.is_empty() {
        Vec::new()
    } else {
        vec![0]
    };
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut reached[index], true) {
            open.extend(targets(&steps[index]));
        }
    }
    for (index, (id, span)) in ids.iter().enumerate() {
        if !reached[index] {
            diagnostics.push(Diagnostic::at("path-unreachable", file, *span).with("name", id));
        }
    }
    for cycle in loops(steps) {
        let (_, span) = &ids[cycle[0]];
        let names: Vec<&str> = cycle
            .iter()
            .chain(&cycle[..1])
            .map(|index| ids[*index].0.as_str())
            .collect();
        diagnostics.push(Diagnostic::at("path-loop", file, *span).with("way", names.join(" → ")));
    }
}

/// One loop for every choice that leads back to a step on its own way, each beginning with its earliest step.
fn loops(steps: &[Step]) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut done: HashSet<usize> = HashSet::new();
    for start in 0..steps.len() {
        // A way is the steps on it, each with the targets still to be tried; no recursion, paths may be long.
        let mut way: Vec<(usize, Vec<usize>)> = Vec::new();
        if !done.contains(&start) {
            way.push((start, targets(&steps[start])));
        }
        while let Some((index, rest)) = way.last_mut() {
            let index = *index;
            let Some(next) = rest.pop() else {
                done.insert(index);
                way.pop();
                continue;
            };
            if let Some(at) = way.iter().position(|(other, _)| *other == next) {
                let mut cycle: Vec<usize> = way[at..].iter().map(|(step, _)| *step).collect();
                let earliest = cycle
                    .iter()
                    .enumerate()
                    .min_by_key(|(_, step)| **step)
                    .map_or(0, |(at, _)| at);
                cycle.rotate_left(earliest);
                if !found.contains(&cycle) {
                    found.push(cycle);
                }
            } else if !done.contains(&next) {
                way.push((next, targets(&steps[next])));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::read_block;

    fn read(text: &str) -> (DecisionPath, Vec<String>) {
        read_block("能不能", text, parse)
    }

    fn shape(path: &DecisionPath) -> Vec<String> {
        let line = |step: &Step| match &step.kind {
            StepKind::Question(choices) => {
                let choices: Vec<String> = choices
                    .iter()
                    .map(|c| format!("{}>{}", plain(&c.text), c.index))
                    .collect();
                format!("{} {} ({})", step.id, plain(&step.text), choices.join(", "))
            }
            StepKind::Conclusion(verdict) => {
                format!("{} = {} | {}", step.id, plain(verdict), plain(&step.text))
            }
        };
        path.steps.iter().map(line).collect()
    }

    #[track_caller]
    fn check(text: &str, problems: &[&str]) {
        assert_eq!(read(text).1, problems, "{text}");
    }

    #[test]
    fn questions_lead_to_conclusions() {
        let (path, problems) = read(
            "[start] 签了合同吗？\n想一想。\n- 签了 -> yes\n- 没签 → no\n\n[yes] = 可以。\n依据《劳动法》。\n\n1. 下一步\n\n[no] ＝ 不行。\n",
        );
        assert_eq!(
            shape(&path),
            [
                "start 签了合同吗？想一想。 (签了>1, 没签>2)",
                "yes = 可以。 | 依据《劳动法》。 下一步",
                "no = 不行。 | "
            ]
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!(path.documents().len(), 5);
    }

    #[test]
    fn the_same_as_toml() {
        let (path, problems) = read(
            "[[step]]\nid = \"start\"\ntext = \"签了吗？\"\nchoices = [{ text = \"签了\", to = \"yes\" }, { text = \"没\", to = \"yes\" }]\n\n[[step]]\nid = \"yes\"\nconclusion = \"可以。\"\ntext = \"依据\"\n",
        );
        assert_eq!(
            shape(&path),
            ["start 签了吗？ (签了>1, 没>1)", "yes = 可以。 | 依据"]
        );
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_target_that_is_not_there_is_named_with_the_nearest() {
        check(
            "[start] 问\n- 是 -> hour\n- 否 -> hours\n[hours] = 好\n",
            &["2:8 path-unknown-step hour hours"],
        );
    }

    #[test]
    fn dead_ends_loops_and_lost_steps_are_named() {
        check(
            "[start] 问\n- 是 -> more\n- 否 -> end\n[more] 再问\n[end] = 好\n",
            &["4:2 path-dead-end more"],
        );
        check(
            "[a] 问\n- 是 -> b\n- 否 -> end\n[b] 问\n- 是 -> a\n- 自己 -> b\n[end] = 好\n[lost] = 丢\n",
            &[
                "8:2 path-unreachable lost",
                "1:2 path-loop a → b → a",
                "4:2 path-loop b → b",
            ],
        );
    }

    #[test]
    fn two_ways_to_one_step_are_no_loop() {
        check(
            "[a] 问\n- 是 -> b\n- 否 -> c\n[b] 问\n- 是 -> c\n- 否 -> d\n[c] = 好\n[d] = 不\n",
            &[],
        );
    }

    #[test]
    fn lines_that_belong_nowhere_are_named() {
        check("一句话\n[a] = 好\n", &["1:1 path-line 一句话"]);
        check(
            "[a] 问\n- 是 -> b\n又一句\n- 否\n[b] = 好\n- 再 -> a\n",
            &[
                "3:1 path-line 又一句",
                "4:1 path-choice-target - 否",
                "6:1 path-conclusion-choice - 再 -> a",
            ],
        );
        check("", &["1:1 path-empty"]);
    }

    #[test]
    fn names_are_checked() {
        check(
            "[开始] 问\n- 是 -> a\n[a] = 好\n[a] = 坏\n",
            &["1:2 path-step-name 开始", "4:2 path-step-repeated a"],
        );
        check(
            "[a]\n- 是 -> b\n[b] =\n",
            &["1:2 path-no-text a", "3:2 path-no-text b"],
        );
    }
}
