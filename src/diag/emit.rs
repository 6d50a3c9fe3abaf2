//! Diagnostics as text: for people (with the source line and carets), short, and as JSON lines.

use std::collections::HashMap;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::catalog::{self, Language};
use super::{Diagnostic, Severity};
use crate::base::{LineIndex, Position, SourcePath};

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// With the source line and carets.
    #[default]
    Human,
    /// One line each: `file:line:column: severity[code]: message`.
    Short,
    /// One JSON object a line.
    Json,
}

/// Finds the decoded text of a file, so that places can be counted in lines.
pub trait Texts {
    /// The text of `file`, when it is known.
    fn text(&self, file: &SourcePath) -> Option<&str>;
}

impl Texts for HashMap<SourcePath, String> {
    fn text(&self, file: &SourcePath) -> Option<&str> {
        self.get(file).map(String::as_str)
    }
}

/// Writes diagnostics; keeps the line index of each file it has met.
pub struct Emitter<'a> {
    texts: &'a dyn Texts,
    language: Language,
    format: Format,
    styled: bool,
    lines: HashMap<SourcePath, LineIndex>,
}

/// A diagnostic in words, with its place counted: what the JSON form, the preview's overlay and its panel show.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Spoken {
    /// The code.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The file.
    pub file: Option<String>,
    /// Line from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub hint: Option<String>,
}

/// A place that is said in words, in a file whose text could not be had.
fn said(diagnostic: &Diagnostic, name: &str) -> Option<usize> {
    diagnostic.place.as_ref()?;
    diagnostic.arg(name)?.parse().ok()
}

impl<'a> Emitter<'a> {
    /// An emitter that writes in `language` and `format`; `styled` adds terminal colours to the human form.
    #[must_use]
    pub fn new(texts: &'a dyn Texts, language: Language, format: Format, styled: bool) -> Self {
        Self {
            texts,
            language,
            format,
            styled,
            lines: HashMap::new(),
        }
    }

    /// The diagnostic in words.
    pub fn speak(&mut self, diagnostic: &Diagnostic) -> Spoken {
        let position = self.position(diagnostic);
        Spoken {
            code: diagnostic.code,
            severity: diagnostic.severity().name(),
            file: diagnostic
                .place
                .as_ref()
                .map(|place| place.file.to_string()),
            line: position
                .map(|position| position.line)
                .or_else(|| said(diagnostic, "line")),
            column: position
                .map(|position| position.column)
                .or_else(|| said(diagnostic, "column")),
            message: catalog::message(diagnostic, self.language),
            hint: catalog::hint(diagnostic, self.language),
        }
    }

    /// The diagnostic in the emitter's format, ending with a line break.
    pub fn write(&mut self, diagnostic: &Diagnostic) -> String {
        match self.format {
            Format::Human => self.human(diagnostic),
            Format::Short => self.short(diagnostic),
            Format::Json => {
                let spoken = self.speak(diagnostic);
                serde_json::to_string(&spoken).unwrap_or_default() + "\n"
            }
        }
    }

    fn position(&mut self, diagnostic: &Diagnostic) -> Option<Position> {
        let place = diagnostic.place.as_ref()?;
        let text = self.texts.text(&place.file)?;
        let lines = self
            .lines
            .entry(place.file.clone())
            .or_insert_with(|| LineIndex::new(text));
        let start = place.span.on_borders(text).start;
        Some(lines.position(text, start as usize))
    }

    fn short(&mut self, diagnostic: &Diagnostic) -> String {
        let spoken = self.speak(diagnostic);
        let place = match (&spoken.file, spoken.line, spoken.column) {
            (Some(file), Some(line), Some(column)) => format!("{file}:{line}:{column}: "),
            (Some(file), ..) => format!("{file}: "),
            _ => String::new(),
        };
        let hint = spoken.hint.map(|hint| match self.language {
            Language::Zh => format!("（{hint}）"),
            Language::En => format!(" ({hint})"),
        });
        let severity = severity_name(diagnostic.severity(), self.language);
        format!(
            "{place}{severity}[{}]: {}{}\n",
            spoken.code,
            spoken.message,
            hint.unwrap_or_default()
        )
    }

    fn human(&mut self, diagnostic: &Diagnostic) -> String {
        let message = catalog::message(diagnostic, self.language);
        let hint = catalog::hint(diagnostic, self.language);
        let renderer = if self.styled {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let title = level(diagnostic.severity(), self.language)
            .primary_title(&message)
            .id(diagnostic.code);
        let position = self.position(diagnostic);
        let place = diagnostic.place.as_ref();
        let text = place.and_then(|place| self.texts.text(&place.file));
        let file = place.map(|place| place.file.as_str()).unwrap_or_default();
        let excerpt = place
            .zip(text)
            .zip(position)
            .map(|((place, text), position)| {
                let lines = &self.lines[&place.file];
                excerpt(
                    text,
                    lines,
                    place.span.on_borders(text).range(),
                    position.line,
                )
            });
        let mut group = Group::with_title(title);
        if let Some((source, range, first_line)) = &excerpt {
            let annotation = AnnotationKind::Primary.span(range.clone());
            group = group.element(
                Snippet::source(*source)
                    .line_start(*first_line)
                    .path(file)
                    .annotation(annotation),
            );
        } else if !file.is_empty() {
            group = group.element(annotate_snippets::Origin::path(file));
        }
        let hint_name = match self.language {
            Language::Zh => "建议",
            Language::En => "hint",
        };
        if let Some(hint) = &hint {
            group = group.element(Level::HELP.with_name(hint_name).message(hint));
        }
        format!("{}\n\n", renderer.render(&[group]))
    }
}

/// The lines an annotated range touches (at most three), the range inside them, and the number of the first line.
fn excerpt<'t>(
    text: &'t str,
    lines: &LineIndex,
    range: std::ops::Range<usize>,
    line: usize,
) -> (&'t str, std::ops::Range<usize>, usize) {
    let start = lines.line_start(line);
    let third = text[start..]
        .match_indices('\n')
        .nth(2)
        .map_or(text.len(), |(at, _)| start + at);
    let wanted = range.end.max(range.start).min(third);
    let end = text[wanted..]
        .find('\n')
        .map_or(text.len(), |at| wanted + at);
    let source = &text[start..end];
    let from = range.start.clamp(start, end) - start;
    let to = range.end.clamp(start + from, end) - start;
    (source, from..to, line)
}

fn severity_name(severity: Severity, language: Language) -> &'static str {
    match (severity, language) {
        (Severity::Error, Language::Zh) => "错误",
        (Severity::Warning, Language::Zh) => "警告",
        (Severity::Note, Language::Zh) => "提示",
        (severity, Language::En) => severity.name(),
    }
}

fn level(severity: Severity, language: Language) -> Level<'static> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    level.with_name(severity_name(severity, language))
}
