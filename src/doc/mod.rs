//! The document tree: what a Markdown file says, without how it is shown.
//!
//! Every [`InlineKind::Text`] knows where its text stands in the document's *flat text* ([`text::flat`]): that offset is
//! the coordinate by which later stages (citations, glossary, search) point into a document without changing it.

pub mod text;

use crate::base::Span;

/// The anchor of the place where the summary ends, as Zola names it.
pub const CONTINUE_READING: &str = "continue-reading";

/// The content of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The blocks in order.
    pub blocks: Vec<Block>,
    /// Footnotes in the order of their first reference.
    pub footnotes: Vec<Footnote>,
    /// How many leading blocks are the summary (`<!-- more -->`), when marked.
    pub summary: Option<usize>,
    /// Length of the flat text in bytes.
    pub flat_len: u32,
}

/// A footnote's definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Footnote {
    /// Its name as written: `[^name]`.
    pub name: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// How many references lead to it.
    pub references: u32,
}

/// A block with its place in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it is written.
    pub span: Span,
}

/// Identifier, classes and further attributes an author gave: `{#id .class key="value"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `#id`.
    pub id: Option<String>,
    /// `.class`.
    pub classes: Vec<String>,
    /// `key="value"`.
    pub pairs: Vec<(String, String)>,
}

impl Attributes {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }
}

/// The kinds of blocks.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading; `id` is unique in the document.
    Heading(Heading),
    /// A quotation.
    Quote(Vec<Block>),
    /// A list; `start` is the first number of an ordered one.
    List {
        /// First number of an ordered list.
        start: Option<u64>,
        /// Whether paragraphs in items are shown without space between them.
        tight: bool,
        /// The items.
        items: Vec<Item>,
    },
    /// Terms and what they mean.
    DescriptionList(Vec<Description>),
    /// Code, highlighted by its language.
    Code(Code),
    /// HTML as written.
    Html(Box<str>),
    /// A rule between parts.
    Rule,
    /// A table.
    Table(Table),
    /// A note, tip, warning…: `> [!NOTE]`.
    Alert(Alert),
    /// A formula of its own, in TeX.
    Math(Box<str>),
    /// A short code on a line of its own.
    Shortcode(Box<Shortcode>),
}

/// A heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its anchor, unique in the document.
    pub id: Box<str>,
    /// Whether the author chose the anchor.
    pub explicit_id: bool,
    /// Classes the author gave.
    pub classes: Vec<String>,
    /// What it says.
    pub content: Vec<Inline>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// For a task: whether it is done.
    pub task: Option<bool>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// One entry of a description list.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The term.
    pub term: Vec<Inline>,
    /// What it means.
    pub details: Vec<Block>,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The first word behind the fence: `rust`, `quiz`.
    pub language: Box<str>,
    /// What stands behind it.
    pub info: Box<str>,
    /// The code.
    pub text: Box<str>,
    /// Where the code (not the fence) begins in the source.
    pub text_start: u32,
}

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// As the language runs.
    None,
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Alignment of each column.
    pub alignments: Vec<Alignment>,
    /// Cells of the head.
    pub head: Vec<Vec<Inline>>,
    /// Rows of cells.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// Whether an alert can be folded, and how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// It can't be folded.
    Never,
    /// Folded, opens on demand (`[!NOTE]-`).
    Closed,
    /// Open, can be closed (`[!NOTE]+`).
    Open,
}

/// A note, tip, warning….
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// In lower case: `note`, `tip`, `important`, `warning`, `caution` or the author's own.
    pub kind: Box<str>,
    /// A title of its own.
    pub title: Vec<Inline>,
    /// Whether it folds.
    pub fold: Fold,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// An inline element with its place in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Inline {
    /// What it is.
    pub kind: InlineKind,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of inline elements.
#[derive(Clone, Debug, PartialEq)]
pub enum InlineKind {
    /// Text; `at` is its offset in the document's flat text.
    Text {
        /// The text.
        text: Box<str>,
        /// Offset in the flat text, in bytes.
        at: u32,
    },
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Deleted text.
    Strikethrough(Vec<Inline>),
    /// Raised text.
    Superscript(Vec<Inline>),
    /// Code.
    Code(Box<str>),
    /// A link.
    Link(Box<Link>),
    /// An image.
    Image(Box<Image>),
    /// A line break in the source that is a space in the text.
    SoftBreak,
    /// A line break the author wants.
    LineBreak,
    /// HTML as written.
    Html(Box<str>),
    /// A formula, in TeX.
    Math(Box<str>),
    /// A reference to a footnote: index in [`Document::footnotes`] and which reference to it this is, from 1.
    FootnoteReference {
        /// Index in [`Document::footnotes`].
        index: u32,
        /// Which reference to the same footnote this is, from 1.
        number: u32,
    },
    /// A short code inside text.
    Shortcode(Box<Shortcode>),
    /// A blank to fill in, in a document template.
    Blank(Box<Blank>),
}

/// A link.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The target as written.
    pub target: Box<str>,
    /// The title as written.
    pub title: Box<str>,
    /// What is linked.
    pub content: Vec<Inline>,
    /// Which of the document's links and images it is, from 0 in reading order.
    pub index: u32,
    /// `{law="民法典" article="1079"}`.
    pub attributes: Option<Box<Attributes>>,
}

/// An image.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The source as written.
    pub source: Box<str>,
    /// The title as written.
    pub title: Box<str>,
    /// What it shows, for those who don't see it.
    pub alt: Box<str>,
    /// Which of the document's links and images it is, from 0 in reading order.
    pub index: u32,
    /// Further attributes.
    pub attributes: Option<Box<Attributes>>,
}

/// A call of a short code: `{{ name(key="value") }}` or `{% name() %}body{% end %}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcode {
    /// The template's name.
    pub name: Box<str>,
    /// Arguments in the order written; JSON values.
    pub arguments: Vec<(String, serde_json::Value)>,
    /// Where the texts among the arguments are written, without their quotation marks.
    pub texts: Vec<Span>,
    /// The text between the two tags.
    pub body: Option<Box<str>>,
    /// Where it begins in the source.
    pub body_start: u32,
    /// How many calls of the same name stand before it in the document, plus one (Zola's `nth`).
    pub nth: u32,
    /// The call as it is written.
    pub span: Span,
}

impl Shortcode {
    /// Where the text between the two tags is written.
    #[must_use]
    pub fn body_span(&self) -> Option<Span> {
        let start = self.body_start as usize;
        let body = self.body.as_ref()?;
        Some(Span::new(start, start + body.len()))
    }

    /// The value of an argument.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&serde_json::Value> {
        self.arguments
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

/// What is written into a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlankKind {
    /// A line.
    Line,
    /// Several lines.
    Text,
    /// A day.
    Date,
    /// An amount of money, in yuan.
    Money,
    /// A telephone number.
    Tel,
    /// A number.
    Number,
}

/// A blank of a document template: `[[金额:money|写大写和小写]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Blank {
    /// Its name; blanks of one name are filled together.
    pub name: Box<str>,
    /// What is written there.
    pub kind: BlankKind,
    /// A word of help.
    pub hint: Box<str>,
}

/// The lists of inlines directly in a block, in reading order (a table's cells row by row).
pub fn inlines_of(block: &Block) -> Vec<&[Inline]> {
    match &block.kind {
        BlockKind::Paragraph(content) => vec![content],
        BlockKind::Heading(heading) => vec![&heading.content],
        BlockKind::Alert(alert) => vec![&alert.title],
        BlockKind::DescriptionList(entries) => {
            entries.iter().map(|entry| entry.term.as_slice()).collect()
        }
        BlockKind::Table(table) => table
            .head
            .iter()
            .chain(table.rows.iter().flatten())
            .map(Vec::as_slice)
            .collect(),
        BlockKind::Quote(_)
        | BlockKind::List { .. }
        | BlockKind::Code(_)
        | BlockKind::Html(_)
        | BlockKind::Rule
        | BlockKind::Math(_)
        | BlockKind::Shortcode(_) => Vec::new(),
    }
}

/// The lists of blocks directly in a block.
pub fn blocks_of(block: &Block) -> Vec<&[Block]> {
    match &block.kind {
        BlockKind::Quote(blocks) => vec![blocks],
        BlockKind::Alert(alert) => vec![&alert.blocks],
        BlockKind::List { items, .. } => items.iter().map(|item| item.blocks.as_slice()).collect(),
        BlockKind::DescriptionList(entries) => entries
            .iter()
            .map(|entry| entry.details.as_slice())
            .collect(),
        BlockKind::Paragraph(_)
        | BlockKind::Heading(_)
        | BlockKind::Code(_)
        | BlockKind::Html(_)
        | BlockKind::Rule
        | BlockKind::Table(_)
        | BlockKind::Math(_)
        | BlockKind::Shortcode(_) => Vec::new(),
    }
}

/// The inlines inside an inline.
#[must_use]
pub fn children(inline: &Inline) -> &[Inline] {
    match &inline.kind {
        InlineKind::Emphasis(content)
        | InlineKind::Strong(content)
        | InlineKind::Strikethrough(content)
        | InlineKind::Superscript(content) => content,
        InlineKind::Link(link) => &link.content,
        InlineKind::Text { .. }
        | InlineKind::Code(_)
        | InlineKind::Image(_)
        | InlineKind::SoftBreak
        | InlineKind::LineBreak
        | InlineKind::Html(_)
        | InlineKind::Math(_)
        | InlineKind::FootnoteReference { .. }
        | InlineKind::Shortcode(_)
        | InlineKind::Blank(_) => &[],
    }
}

impl Document {
    /// Calls `visit` for every block, outer before inner, footnotes last.
    pub fn walk_blocks<'a>(&'a self, visit: &mut dyn FnMut(&'a Block)) {
        walk_blocks(&self.blocks, visit);
        for footnote in &self.footnotes {
            walk_blocks(&footnote.blocks, visit);
        }
    }

    /// Calls `visit` for every inline, outer before inner, in reading order, footnotes last.
    pub fn walk_inlines<'a>(&'a self, visit: &mut dyn FnMut(&'a Inline)) {
        self.walk_blocks(&mut |block| {
            for inlines in inlines_of(block) {
                walk_inlines(inlines, visit);
            }
        });
    }

    /// The headings in order, those inside quotations and lists left out.
    pub fn headings(&self) -> impl Iterator<Item = (&Heading, Span)> {
        self.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Heading(heading) => Some((heading, block.span)),
            _ => None,
        })
    }
}

/// Calls `visit` for every block, outer before inner.
pub fn walk_blocks<'a>(blocks: &'a [Block], visit: &mut dyn FnMut(&'a Block)) {
    for block in blocks {
        visit(block);
        for inner in blocks_of(block) {
            walk_blocks(inner, visit);
        }
    }
}

/// Calls `visit` for every inline, outer before inner.
pub fn walk_inlines<'a>(inlines: &'a [Inline], visit: &mut dyn FnMut(&'a Inline)) {
    for inline in inlines {
        visit(inline);
        walk_inlines(children(inline), visit);
    }
}
