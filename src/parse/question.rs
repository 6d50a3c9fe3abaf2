//! The questions of a book: where they are in a chapter's document, and what their fields say.

use std::ops::{Range, RangeInclusive};

use super::fields::Fields;
use super::front::Kind;
use super::syntax::{Syntax, read_table};
use crate::base::value::Table;
use crate::base::{Date, SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{Block, BlockKind, Document, Heading, text};

/// A question of a book.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its lasting name in the book: the heading's anchor, or the file's slug.
    pub id: String,
    /// Whether the author chose the name.
    pub explicit_id: bool,
    /// The question.
    pub title: String,
    /// Where the question stands.
    pub span: Span,
    /// The blocks of the document that answer it, heading and field block left out.
    pub blocks: Range<usize>,
    /// The block that is the short answer, when no `short` is given.
    pub short_block: Option<usize>,
    /// Which piece of the file's [prose](super::page::Parsed::prose) is the short answer its fields give.
    pub short_prose: Option<usize>,
    /// Its fields.
    pub fields: QuestionFields,
}

/// What the ` ```question ` block, or `[question]` in the front matter, says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuestionFields {
    /// The short answer, when it is not the first paragraph.
    pub short: Option<String>,
    /// Where that is written.
    pub short_span: Span,
    /// Everyday wordings of the question.
    pub also_asked: Vec<String>,
    /// Topics with their places.
    pub topics: Vec<(String, Span)>,
    /// Audiences with their places.
    pub audiences: Vec<(String, Span)>,
    /// Terms of the glossary it explains.
    pub terms: Vec<String>,
    /// When it was last compared with the law.
    pub reviewed: Option<Date>,
    /// By whom.
    pub reviewed_by: Option<String>,
    /// The day whose law it states.
    pub law_date: Option<Date>,
}

impl Question {
    /// The bytes of its file that belong to it, its fields among them: all of a file that holds nothing else.
    #[must_use]
    pub fn extent(&self, document: &Document) -> RangeInclusive<u32> {
        if self.span.is_empty() {
            return 0..=u32::MAX;
        }
        let last = document.blocks[..self.blocks.end].last();
        self.span.start..=last.map_or(self.span.end, |block| block.span.end)
    }
}

/// Headings with one of these classes begin something that is no question.
const NO_QUESTION: [&str; 2] = ["checklist", "plain"];

/// The class of a heading inside a question that has a style of its own.
#[must_use]
pub fn part_class(title: &str) -> Option<&'static str> {
    match title.trim() {
        "举个例子" => Some("part-example"),
        "怎么办" | "怎么做" => Some("part-steps"),
        "要点" => Some("part-points"),
        "清单" | "本章清单" => Some("part-checklist"),
        _ => None,
    }
}

/// Whether a second-level heading says what to do about the question above it, and is none itself.
fn is_steps(blocks: &[Block], at: usize) -> bool {
    matches!(&blocks[at].kind, BlockKind::Heading(heading) if heading.level == 2
        && !heading.explicit_id
        && heading.classes.is_empty()
        && part_class(&text::plain(&heading.content)) == Some("part-steps"))
        && field_block(blocks, at + 1).is_none()
}

/// Puts each `## 怎么办` of a chapter, and what stands under it, one level deeper: it belongs to the question before it.
pub fn lower_steps(document: &mut Document) {
    let blocks = &mut document.blocks;
    let mut in_question = false;
    let mut lowering = false;
    for at in 0..blocks.len() {
        let steps = in_question && is_steps(blocks, at);
        if let BlockKind::Heading(heading) = &mut blocks[at].kind {
            if heading.level <= 2 {
                lowering = steps;
                in_question = steps || (heading.level == 2 && !is_plain(heading));
            }
            if lowering {
                heading.level = (heading.level + 1).min(6);
            }
        }
    }
}

/// Whether the headings of a document look like those of several questions: one has a block of fields under it, or the first
/// of them has an id or asks something, and nothing before it answers the file's own title.
#[must_use]
pub fn holds_many(document: &Document) -> bool {
    let blocks = &document.blocks;
    let mut headings = (0..blocks.len()).filter_map(|at| match &blocks[at].kind {
        BlockKind::Heading(heading) if heading.level == 2 && !is_plain(heading) => {
            Some((at, heading))
        }
        _ => None,
    });
    let Some((first, _)) = headings.clone().next() else {
        return false;
    };
    let unanswered = !blocks[..first].iter().any(is_answer) && field_block(blocks, 0).is_none();
    headings.any(|(at, heading)| {
        field_block(blocks, at + 1).is_some()
            || (unanswered && (heading.explicit_id || asks(heading)))
    })
}

/// The questions in the introduction of a chapter that is a folder: the headings that ask something or have fields.
pub fn of_introduction(
    document: &Document,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Question> {
    let asked = |question: &Question| {
        let at = question.blocks.start;
        let heading = document
            .blocks
            .iter()
            .find(|block| block.span == question.span);
        matches!(heading.map(|block| &block.kind), Some(BlockKind::Heading(heading)) if asks(heading))
            || at
                .checked_sub(1)
                .is_some_and(|before| field_block(&document.blocks, before).is_some())
    };
    let mut questions = of_chapter(document, file, diagnostics);
    questions.retain(asked);
    questions
}

fn asks(heading: &Heading) -> bool {
    text::plain(&heading.content)
        .trim_end()
        .ends_with(['？', '?'])
}

fn is_plain(heading: &Heading) -> bool {
    let mut classes = heading.classes.iter();
    classes.any(|class| NO_QUESTION.contains(&class.as_str()))
}

/// The questions of a chapter: its second-level headings.
pub fn of_chapter(
    document: &Document,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Question> {
    let starts: Vec<usize> = document
        .blocks
        .iter()
        .enumerate()
        .filter(
            |(_, block)| matches!(&block.kind, BlockKind::Heading(heading) if heading.level <= 2),
        )
        .map(|(index, _)| index)
        .collect();
    let ends = starts
        .iter()
        .skip(1)
        .copied()
        .chain([document.blocks.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .filter_map(|(start, end)| question(document, start, end, file, diagnostics))
        .collect()
}

/// What is wrong with the questions of a file as they stand: those without an answer, and blocks of fields that belong to none.
/// `title` is where the title of a question stands that is a file of its own.
pub fn check(
    document: &Document,
    questions: &[Question],
    title: Span,
    kind: Kind,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let blocks = &document.blocks;
    for question in questions {
        let answered = question.fields.short.is_some()
            || blocks[question.blocks.clone()].iter().any(is_answer);
        if !answered {
            let span = if question.span.is_empty() {
                title
            } else {
                question.span
            };
            diagnostics.push(
                Diagnostic::at("question-empty", file, span).with("question", &question.title),
            );
        }
    }
    let read: Vec<u32> = questions
        .iter()
        .filter_map(|question| field_block(blocks, question.blocks.start.checked_sub(1)?))
        .map(|code| code.text_start)
        .collect();
    document.walk_blocks(&mut |block| {
        if let BlockKind::Code(code) = &block.kind
            && &*code.language == "question"
            && !read.contains(&code.text_start)
        {
            let above = questions.iter().rfind(|question| {
                !question.span.is_empty() && question.extent(document).contains(&block.span.start)
            });
            let elsewhere = (kind != Kind::Book).then(|| kind.name());
            diagnostics.push(
                Diagnostic::at("question-fields-misplaced", file, block.span)
                    .with_option("kind", elsewhere)
                    .with_option("heading", above.map(|question| &question.title)),
            );
        }
    });
}

/// Whether a block says something: no heading, comment or rule, nor fields.
fn is_answer(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Heading(_) | BlockKind::Rule => false,
        BlockKind::Html(html) => !html.trim_start().starts_with("<!--"),
        BlockKind::Code(code) => &*code.language != "question",
        BlockKind::Paragraph(_)
        | BlockKind::Quote(_)
        | BlockKind::List { .. }
        | BlockKind::DescriptionList(_)
        | BlockKind::Table(_)
        | BlockKind::Alert(_)
        | BlockKind::Math(_)
        | BlockKind::Shortcode(_) => true,
    }
}

fn question(
    document: &Document,
    start: usize,
    end: usize,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Question> {
    let BlockKind::Heading(heading) = &document.blocks[start].kind else {
        return None;
    };
    if heading.level != 2 || is_plain(heading) {
        return None;
    }
    let (fields, first) = match field_block(&document.blocks, start + 1) {
        Some(code) => (read_block(code, file, diagnostics), start + 2),
        None => (QuestionFields::default(), start + 1),
    };
    Some(Question {
        id: heading.id.to_string(),
        explicit_id: heading.explicit_id,
        title: text::plain(&heading.content),
        span: document.blocks[start].span,
        blocks: first..end,
        short_block: short_block(&document.blocks, first..end, &fields),
        short_prose: None,
        fields,
    })
}

/// A question that is a file of its own.
pub fn of_file(
    document: &Document,
    table: Option<&Table>,
    id: &str,
    title: &str,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Question {
    let (mut fields, first) = match field_block(&document.blocks, 0) {
        Some(code) => (read_block(code, file, diagnostics), 1),
        None => (QuestionFields::default(), 0),
    };
    if let Some(table) = table {
        fields = read_fields(table, file, diagnostics);
    }
    let blocks = first..document.blocks.len();
    Question {
        id: id.to_owned(),
        explicit_id: true,
        title: title.to_owned(),
        span: Span::default(),
        short_block: short_block(&document.blocks, blocks.clone(), &fields),
        short_prose: None,
        blocks,
        fields,
    }
}

fn short_block(blocks: &[Block], range: Range<usize>, fields: &QuestionFields) -> Option<usize> {
    if fields.short.is_some() {
        return None;
    }
    let first = range.start;
    (first < range.end && matches!(blocks[first].kind, BlockKind::Paragraph(_))).then_some(first)
}

fn field_block(blocks: &[Block], at: usize) -> Option<&crate::doc::Code> {
    match &blocks.get(at)?.kind {
        BlockKind::Code(code) if &*code.language == "question" => Some(code),
        _ => None,
    }
}

fn read_block(
    code: &crate::doc::Code,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> QuestionFields {
    let table = read_table(
        Syntax::Toml,
        &code.text,
        code.text_start as usize,
        file,
        diagnostics,
    );
    read_fields(&table, file, diagnostics)
}

fn read_fields(
    table: &Table,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> QuestionFields {
    let mut fields = Fields::new(table, file, diagnostics);
    let (short, short_span) = fields.spanned_string("short").unzip();
    let read = QuestionFields {
        short,
        short_span: short_span.unwrap_or_default(),
        also_asked: fields.strings("also_asked"),
        topics: fields.spanned_strings("topics"),
        audiences: fields.spanned_strings("audiences"),
        terms: fields.strings("terms"),
        reviewed: fields.date("reviewed"),
        reviewed_by: fields.string("reviewed_by"),
        law_date: fields.date("law_date"),
    };
    fields.finish();
    read
}
