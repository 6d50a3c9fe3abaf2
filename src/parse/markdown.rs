//! Markdown → [`Document`], by comrak.
//!
//! comrak's tree is read once and turned into ours; nothing else in pufa knows comrak.

use std::collections::HashMap;

use comrak::nodes::{AstNode, ListType, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use super::shortcode::{self, FILL, TOKEN};
use crate::base::{LineIndex, SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{
    Alert, Alignment, Attributes, Blank, BlankKind, Block, BlockKind, Code, Description, Document,
    Fold, Footnote, Heading, Image, Inline, InlineKind, Item, Link, Shortcode, Table, text,
};

/// How Markdown is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownOptions {
    /// `$…$` and `$$…$$` are formulas.
    pub math: bool,
    /// Straight quotes, dashes and dots become typographic ones.
    pub smart_punctuation: bool,
    /// How the anchors of headings are made.
    pub anchors: Slugify,
    /// `[[name]]` is a blank to fill in.
    pub blanks: bool,
}

impl Default for MarkdownOptions {
    fn default() -> Self {
        Self {
            math: true,
            smart_punctuation: false,
            anchors: Slugify::On,
            blanks: false,
        }
    }
}

/// How names become parts of addresses (the three ways of Zola).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Slugify {
    /// Lower-case ASCII words joined by hyphens; Chinese in pinyin.
    #[default]
    On,
    /// As written, less the characters no file name may hold.
    Safe,
    /// As written.
    Off,
}

impl Slugify {
    /// `name` as a part of an address.
    ///
    /// ```
    /// use pufa::parse::markdown::Slugify;
    /// assert_eq!(Slugify::On.slug("标题 Q&A"), "biao-ti-q-a");
    /// assert_eq!(Slugify::Safe.slug("离婚:问/答"), "离婚问答");
    /// ```
    #[must_use]
    pub fn slug(self, name: &str) -> String {
        match self {
            Self::On => slug::slugify(name),
            Self::Safe => {
                let kept: String = name
                    .chars()
                    .filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*'))
                    .collect();
                kept.trim().trim_end_matches('.').to_owned()
            }
            Self::Off => name.to_owned(),
        }
    }

    /// `name` as an anchor: as [`Slugify::slug`], and never with white space.
    #[must_use]
    pub fn anchor(self, name: &str) -> String {
        match self {
            Self::On => self.slug(name),
            Self::Safe | Self::Off => name.split_whitespace().collect::<Vec<_>>().join("_"),
        }
    }
}

/// How deep quotes, lists and emphasis are read; what is nested deeper is text. Every stage behind this one can walk a
/// document without counting.
const DEEPEST: u32 = 64;

/// Reads the Markdown `body`, which begins at byte `offset` of `file`.
pub fn parse(
    body: &str,
    offset: usize,
    file: &SourcePath,
    options: &MarkdownOptions,
    diagnostics: &mut Vec<Diagnostic>,
) -> Document {
    let cut = shortcode::cut(body, offset, file, diagnostics);
    let arena = Arena::new();
    let root = parse_document(&arena, &cut.text, &comrak_options(options));
    let mut reader = Reader {
        lines: LineIndex::new(&cut.text),
        text: &cut.text,
        offset,
        calls: cut.calls,
        options,
        footnotes: footnote_indices(root),
        ids: Ids::default(),
        summary: None,
        depth: 0,
        too_deep: None,
    };
    reader.reserve_explicit_ids(root);
    let mut blocks = Vec::new();
    let mut footnotes = Vec::new();
    for node in root.children() {
        let ast = node.data.borrow();
        if let NodeValue::FootnoteDefinition(definition) = &ast.value {
            footnotes.push(Footnote {
                name: definition.name.clone(),
                references: definition.total_references,
                blocks: reader.blocks(node),
            });
            continue;
        }
        drop(ast);
        reader.block(node, &mut blocks);
        if reader.summary == Some(usize::MAX) {
            reader.summary = Some(blocks.len());
        }
    }
    let mut document = Document {
        blocks,
        footnotes,
        summary: reader.summary,
        flat_len: 0,
    };
    text::assign_coordinates(&mut document);
    if let Some(span) = reader.too_deep {
        diagnostics.push(Diagnostic::at("nested-too-deep", file, span).with("limit", DEEPEST));
    }
    document
}

fn comrak_options(options: &MarkdownOptions) -> Options<'static> {
    let mut comrak = Options::default();
    let extension = &mut comrak.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.ofm_callouts = true;
    extension.cjk_friendly_emphasis = true;
    extension.header_attributes = true;
    extension.link_attributes = true;
    extension.math_dollars = options.math;
    comrak.parse.smart = options.smart_punctuation;
    comrak
}

/// Anchors already given in the document.
#[derive(Default)]
struct Ids(HashMap<String, u32>);

impl Ids {
    /// `wanted`, or with `-1`, `-2`… behind it when it is taken.
    fn unique(&mut self, wanted: &str) -> String {
        let wanted = if wanted.is_empty() { "section" } else { wanted };
        match self.0.get(wanted).copied() {
            None => {
                self.0.insert(wanted.to_owned(), 0);
                wanted.to_owned()
            }
            Some(mut count) => loop {
                count += 1;
                let id = format!("{wanted}-{count}");
                if !self.0.contains_key(&id) {
                    self.0.insert(wanted.to_owned(), count);
                    self.0.insert(id.clone(), 0);
                    return id;
                }
            },
        }
    }
}

fn footnote_indices<'a>(root: &'a AstNode<'a>) -> HashMap<String, u32> {
    let definitions = root
        .children()
        .filter_map(|node| match &node.data.borrow().value {
            NodeValue::FootnoteDefinition(definition) => Some(definition.name.clone()),
            _ => None,
        });
    definitions.zip(0..).collect()
}

struct Reader<'t> {
    lines: LineIndex,
    text: &'t str,
    offset: usize,
    calls: Vec<(Shortcode, String)>,
    options: &'t MarkdownOptions,
    footnotes: HashMap<String, u32>,
    ids: Ids,
    summary: Option<usize>,
    /// How many quotes, lists and inlines are open.
    depth: u32,
    /// The first place that is nested too deep.
    too_deep: Option<Span>,
}

impl Reader<'_> {
    fn span(&self, node: &AstNode<'_>) -> Span {
        let position = node.data.borrow().sourcepos;
        let start =
            self.lines.line_start(position.start.line) + position.start.column.saturating_sub(1);
        let end = self.lines.line_start(position.end.line) + position.end.column;
        Span::new(start, end.min(self.text.len())).shift(self.offset)
    }

    /// An anchor the author chose keeps its name whatever stands before it.
    fn reserve_explicit_ids<'a>(&mut self, root: &'a AstNode<'a>) {
        for node in root.children() {
            let ast = node.data.borrow();
            if let (NodeValue::Heading(_), Some(id)) = (
                &ast.value,
                ast.attrs.as_ref().and_then(|attrs| attrs.id.as_ref()),
            ) {
                self.ids.0.insert(id.clone(), 0);
            }
        }
    }

    fn blocks<'a>(&mut self, parent: &'a AstNode<'a>) -> Vec<Block> {
        if self.depth >= DEEPEST {
            let content = self.flattened(parent);
            let span = self.span(parent);
            let kind = BlockKind::Paragraph(content);
            return vec![Block { kind, span }];
        }
        self.depth += 1;
        let mut blocks = Vec::new();
        for node in parent.children() {
            self.block(node, &mut blocks);
        }
        self.depth -= 1;
        blocks
    }

    /// The mere text of what is nested too deep.
    fn flattened<'a>(&mut self, parent: &'a AstNode<'a>) -> Vec<Inline> {
        let span = self.span(parent);
        self.too_deep.get_or_insert(span);
        let mut text = String::new();
        for node in parent.descendants() {
            match &node.data.borrow().value {
                NodeValue::Text(part) => text.push_str(part),
                NodeValue::Code(code) => text.push_str(&self.restore(&code.literal)),
                NodeValue::CodeBlock(code) => text.push_str(&self.restore(&code.literal)),
                NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
                _ => {}
            }
        }
        let mut content = Vec::new();
        self.text(&text, span, &mut content);
        content
    }

    fn block<'a>(&mut self, node: &'a AstNode<'a>, out: &mut Vec<Block>) {
        let span = self.span(node);
        let ast = node.data.borrow();
        let kind = match &ast.value {
            NodeValue::Paragraph => match self.paragraph(node) {
                Some(kind) => kind,
                None => return,
            },
            NodeValue::Heading(heading) => {
                let content = self.inlines(node);
                let attributes = ast.attrs.as_deref();
                let explicit = attributes.and_then(|attributes| attributes.id.clone());
                let id = match &explicit {
                    Some(id) => id.clone(),
                    None => self
                        .ids
                        .unique(&self.options.anchors.anchor(&text::plain(&content))),
                };
                BlockKind::Heading(Heading {
                    level: heading.level,
                    id: id.into(),
                    explicit_id: explicit.is_some(),
                    classes: attributes
                        .map(|attributes| attributes.classes.clone())
                        .unwrap_or_default(),
                    content,
                })
            }
            NodeValue::BlockQuote | NodeValue::MultilineBlockQuote(_) => {
                BlockKind::Quote(self.blocks(node))
            }
            NodeValue::Callout(callout) => {
                let (fold, kind) = (fold_of(callout.fold), callout.callout_type.clone());
                BlockKind::Alert(self.alert(node, &kind, fold))
            }
            NodeValue::Alert(_) => BlockKind::Quote(self.blocks(node)),
            NodeValue::List(list) => {
                let start =
                    matches!(list.list_type, ListType::Ordered).then_some(list.start as u64);
                let items = node.children().map(|item| self.item(item)).collect();
                BlockKind::List {
                    start,
                    tight: list.tight,
                    items,
                }
            }
            NodeValue::DescriptionList => BlockKind::DescriptionList(
                node.children().map(|item| self.description(item)).collect(),
            ),
            NodeValue::CodeBlock(code) => {
                let (language, info) = split_info(&code.info);
                let fence_line = self.text[span.start as usize - self.offset..]
                    .find('\n')
                    .map_or(0, |at| at + 1);
                let text_start = if code.fenced {
                    span.start as usize + fence_line
                } else {
                    span.start as usize
                };
                BlockKind::Code(Code {
                    language: language.into(),
                    info: info.into(),
                    text: self.restore(&code.literal).into(),
                    text_start: u32::try_from(text_start).unwrap_or(u32::MAX),
                })
            }
            NodeValue::HtmlBlock(html) => {
                if is_more(&html.literal) && self.summary.is_none() {
                    self.summary = Some(usize::MAX);
                    return;
                }
                BlockKind::Html(self.restore(&html.literal).into())
            }
            NodeValue::ThematicBreak => BlockKind::Rule,
            NodeValue::Table(table) => {
                let alignments = table.alignments.iter().map(alignment).collect();
                let mut rows: Vec<Vec<Vec<Inline>>> = node
                    .children()
                    .map(|row| row.children().map(|cell| self.inlines(cell)).collect())
                    .collect();
                let head = if rows.is_empty() {
                    Vec::new()
                } else {
                    rows.remove(0)
                };
                BlockKind::Table(Table {
                    alignments,
                    head,
                    rows,
                })
            }
            // The others are inline, wrapped in blocks read above, or extensions that are off.
            _ => {
                out.extend(self.blocks(node));
                return;
            }
        };
        out.push(Block { kind, span });
    }

    /// A paragraph, or what stands alone in one: a formula or a short code.
    fn paragraph<'a>(&mut self, node: &'a AstNode<'a>) -> Option<BlockKind> {
        let content = self.inlines(node);
        let blank = |inline: &Inline| match &inline.kind {
            InlineKind::Text { text, .. } => text.trim().is_empty(),
            InlineKind::SoftBreak => true,
            _ => false,
        };
        if content.iter().filter(|inline| !blank(inline)).count() == 1 {
            let only = content.iter().position(|inline| !blank(inline))?;
            let start = content[only].span.start as usize - self.offset;
            match &content[only].kind {
                InlineKind::Shortcode(call) => return Some(BlockKind::Shortcode(call.clone())),
                InlineKind::Math(tex) if self.text[start..].starts_with("$$") => {
                    return Some(BlockKind::Math(tex.clone()));
                }
                InlineKind::Html(html) if is_more(html) && self.summary.is_none() => {
                    self.summary = Some(usize::MAX);
                    return None;
                }
                _ => {}
            }
        }
        Some(BlockKind::Paragraph(content))
    }

    fn alert<'a>(&mut self, node: &'a AstNode<'a>, kind: &str, fold: Fold) -> Alert {
        let mut title = Vec::new();
        let mut blocks = Vec::new();
        for child in node.children() {
            if matches!(child.data.borrow().value, NodeValue::CalloutTitle) {
                title = self.inlines(child);
            } else {
                self.block(child, &mut blocks);
            }
        }
        Alert {
            kind: kind.to_lowercase().into(),
            title,
            fold,
            blocks,
        }
    }

    fn item<'a>(&mut self, node: &'a AstNode<'a>) -> Item {
        let task = match &node.data.borrow().value {
            NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
            _ => None,
        };
        Item {
            task,
            blocks: self.blocks(node),
        }
    }

    fn description<'a>(&mut self, node: &'a AstNode<'a>) -> Description {
        let (mut term, mut details) = (Vec::new(), Vec::new());
        for part in node.children() {
            if matches!(part.data.borrow().value, NodeValue::DescriptionTerm) {
                for inner in part.children() {
                    term.extend(self.inlines(inner));
                }
            } else {
                details.extend(self.blocks(part));
            }
        }
        Description { term, details }
    }

    fn inlines<'a>(&mut self, parent: &'a AstNode<'a>) -> Vec<Inline> {
        if self.depth >= DEEPEST {
            return self.flattened(parent);
        }
        self.depth += 1;
        let mut out = Vec::new();
        for node in parent.children() {
            self.inline(node, &mut out);
        }
        self.depth -= 1;
        if self.options.blanks {
            self.blanks(out)
        } else {
            out
        }
    }

    fn inline<'a>(&mut self, node: &'a AstNode<'a>, out: &mut Vec<Inline>) {
        let span = self.span(node);
        let ast = node.data.borrow();
        let kind = match &ast.value {
            NodeValue::Text(text) => return self.text(text, span, out),
            NodeValue::EscapedTag(text) => return self.text(text, span, out),
            NodeValue::SoftBreak => InlineKind::SoftBreak,
            NodeValue::LineBreak => InlineKind::LineBreak,
            NodeValue::Emph => InlineKind::Emphasis(self.inlines(node)),
            NodeValue::Strong => InlineKind::Strong(self.inlines(node)),
            NodeValue::Strikethrough => InlineKind::Strikethrough(self.inlines(node)),
            NodeValue::Superscript => InlineKind::Superscript(self.inlines(node)),
            NodeValue::Code(code) => InlineKind::Code(self.restore(&code.literal).into()),
            NodeValue::HtmlInline(html) => InlineKind::Html(self.restore(html).into()),
            NodeValue::Math(math) => InlineKind::Math(math.literal.as_str().into()),
            NodeValue::Link(link) => InlineKind::Link(Box::new(Link {
                target: self.restore(&link.url).into(),
                title: self.restore(&link.title).into(),
                content: self.inlines(node),
                index: 0,
                attributes: attributes(ast.attrs.as_deref()),
            })),
            NodeValue::Image(link) => {
                let alt = text::plain(&self.inlines(node));
                InlineKind::Image(Box::new(Image {
                    source: self.restore(&link.url).into(),
                    title: self.restore(&link.title).into(),
                    alt: alt.into(),
                    index: 0,
                    attributes: attributes(ast.attrs.as_deref()),
                }))
            }
            NodeValue::FootnoteReference(reference) => match self.footnotes.get(&reference.name) {
                Some(&index) => InlineKind::FootnoteReference {
                    index,
                    number: reference.ref_num,
                },
                None => return,
            },
            // Extensions that are off, and wrappers that say nothing themselves.
            _ => {
                out.extend(self.inlines(node));
                return;
            }
        };
        out.push(Inline { kind, span });
    }

    /// Text, with the tokens of short codes turned into the calls they stand for.
    fn text(&self, text: &str, span: Span, out: &mut Vec<Inline>) {
        if !text.contains(TOKEN) {
            return push_text(text, span, out);
        }
        let mut rest = text;
        let mut at = span.start as usize;
        while let Some(open) = rest.find(TOKEN) {
            let (before, token) = rest.split_at(open);
            push_text(before, Span::new(at, at + before.len()), out);
            let digits: String = token[TOKEN.len_utf8()..]
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            let body = &token[TOKEN.len_utf8() + digits.len()..];
            let fill = body.len() - body.trim_start_matches(FILL).len();
            let len = TOKEN.len_utf8() + digits.len() + fill;
            at += before.len();
            if let Some((call, _)) = digits
                .parse::<usize>()
                .ok()
                .and_then(|index| self.calls.get(index))
            {
                out.push(Inline {
                    kind: InlineKind::Shortcode(Box::new(call.clone())),
                    span: call.span,
                });
            }
            at += len;
            rest = &token[len..];
        }
        push_text(rest, Span::new(at, (span.end as usize).max(at)), out);
    }

    /// Where no call can be made (code, HTML, addresses), a call is shown as it was written.
    fn restore(&self, text: &str) -> String {
        if !text.contains(TOKEN) {
            return text.to_owned();
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(open) = rest.find(TOKEN) {
            out.push_str(&rest[..open]);
            let token = &rest[open + TOKEN.len_utf8()..];
            let digits = token.len() - token.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if let Some((_, written)) = token[..digits]
                .parse::<usize>()
                .ok()
                .and_then(|index| self.calls.get(index))
            {
                out.push_str(written);
                let breaks = written.matches('\n').count();
                rest = token[digits..].trim_start_matches(FILL);
                for _ in 0..breaks {
                    rest = rest.strip_prefix('\n').unwrap_or(rest);
                }
            } else {
                rest = token[digits..].trim_start_matches(FILL);
            }
        }
        out.push_str(rest);
        out
    }

    /// `[[name:kind|hint]]` in text.
    fn blanks(&self, inlines: Vec<Inline>) -> Vec<Inline> {
        let mut out = Vec::with_capacity(inlines.len());
        for inline in inlines {
            match inline.kind {
                InlineKind::Text { text, .. } if text.contains("[[") => {
                    let mut at = inline.span.start as usize;
                    let mut rest = &*text;
                    while let Some((before, inner, after)) = blank_in(rest) {
                        push_text(before, Span::new(at, at + before.len()), &mut out);
                        let len = rest.len() - before.len() - after.len();
                        at += before.len();
                        let blank = InlineKind::Blank(Box::new(read_blank(inner)));
                        out.push(Inline {
                            kind: blank,
                            span: Span::new(at, at + len),
                        });
                        at += len;
                        rest = after;
                    }
                    push_text(rest, Span::new(at, at + rest.len()), &mut out);
                }
                kind => out.push(Inline {
                    kind,
                    span: inline.span,
                }),
            }
        }
        out
    }
}

fn blank_in(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find("[[")?;
    let close = open + text[open..].find("]]")?;
    Some((&text[..open], &text[open + 2..close], &text[close + 2..]))
}

fn read_blank(inner: &str) -> Blank {
    let (head, hint) = inner.split_once('|').unwrap_or((inner, ""));
    let (name, kind) = head.rsplit_once(':').unwrap_or((head, ""));
    let kind_of = |kind: &str| {
        Some(match kind {
            "" | "line" => BlankKind::Line,
            "text" => BlankKind::Text,
            "date" => BlankKind::Date,
            "money" => BlankKind::Money,
            "tel" => BlankKind::Tel,
            "number" => BlankKind::Number,
            _ => return None,
        })
    };
    match kind_of(kind.trim()) {
        Some(kind) => Blank {
            name: name.trim().into(),
            kind,
            hint: hint.trim().into(),
        },
        None => Blank {
            name: head.trim().into(),
            kind: BlankKind::Line,
            hint: hint.trim().into(),
        },
    }
}

/// Appends text, to the text before it when both are written without a gap.
fn push_text(text: &str, span: Span, out: &mut Vec<Inline>) {
    if text.is_empty() {
        return;
    }
    let plain = span.len() == text.len();
    if let Some(Inline {
        kind: InlineKind::Text { text: before, .. },
        span: last,
    }) = out.last_mut()
        && plain
        && last.len() == before.len()
        && last.end == span.start
    {
        let joined = format!("{before}{text}");
        *before = joined.into();
        last.end = span.end;
        return;
    }
    out.push(Inline {
        kind: InlineKind::Text {
            text: text.into(),
            at: 0,
        },
        span,
    });
}

fn is_more(html: &str) -> bool {
    let inner = html
        .trim()
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| inner.trim().eq_ignore_ascii_case("more"))
}

fn split_info(info: &str) -> (&str, &str) {
    let info = info.trim();
    let end = info.find([' ', '\t', ',', '{']).unwrap_or(info.len());
    (
        &info[..end],
        info[end..].trim_start_matches([',', ' ', '\t']),
    )
}

fn fold_of(fold: comrak::nodes::CalloutFold) -> Fold {
    match fold {
        comrak::nodes::CalloutFold::None => Fold::Never,
        comrak::nodes::CalloutFold::Collapsed => Fold::Closed,
        comrak::nodes::CalloutFold::Expanded => Fold::Open,
    }
}

fn alignment(alignment: &TableAlignment) -> Alignment {
    match alignment {
        TableAlignment::None => Alignment::None,
        TableAlignment::Left => Alignment::Left,
        TableAlignment::Center => Alignment::Center,
        TableAlignment::Right => Alignment::Right,
    }
}

fn attributes(attributes: Option<&comrak::nodes::Attributes>) -> Option<Box<Attributes>> {
    let attributes = attributes?;
    Some(Box::new(Attributes {
        id: attributes.id.clone(),
        classes: attributes.classes.clone(),
        pairs: attributes.pairs.clone(),
    }))
}
