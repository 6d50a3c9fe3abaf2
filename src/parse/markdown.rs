//! Markdown → [`Document`], by comrak.
//!
//! comrak's tree is read once and turned into ours; nothing else in pufa knows comrak.

use std::collections::HashMap;

use comrak::nodes::{AstNode, ListType, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use super::address;
use super::shortcode::{self, FILL, Piece, PieceKind, TOKEN};
use crate::base::{LineIndex, SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{
    Alert, Alignment, Attributes, Blank, BlankKind, Block, BlockKind, Code, Description, Document,
    Fold, Footnote, Heading, Image, Inline, InlineKind, Item, Link, Table, text,
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
        pieces: cut.pieces,
        options,
        footnotes: footnote_indices(root),
        ids: Ids::default(),
        summary: None,
        lines_before: 0,
        depth: 0,
        in_link: false,
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
    blocks.shrink_to_fit();
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

/// The lines by which what a paragraph holds ends before it does.
fn lines_before<'a>(paragraph: &'a AstNode<'a>) -> usize {
    let end = |node: &'a AstNode<'a>| node.data.borrow().sourcepos.end.line;
    let last = paragraph.last_child().map(end);
    last.map_or(0, |last| end(paragraph).saturating_sub(last))
}

struct Reader<'t> {
    lines: LineIndex,
    text: &'t str,
    offset: usize,
    pieces: Vec<Piece>,
    options: &'t MarkdownOptions,
    footnotes: HashMap<String, u32>,
    ids: Ids,
    summary: Option<usize>,
    /// The lines of definitions of references before the paragraph being read: its inlines are counted without them.
    lines_before: usize,
    /// How many quotes, lists and inlines are open.
    depth: u32,
    /// Whether a link is open: an address in its text is text.
    in_link: bool,
    /// The first place that is nested too deep.
    too_deep: Option<Span>,
}

impl Reader<'_> {
    fn span(&self, node: &AstNode<'_>) -> Span {
        let position = node.data.borrow().sourcepos;
        let start = self.offset_of(position.start).saturating_sub(1);
        let end = self.offset_of(position.end);
        Span::new(start, end)
            .on_borders(self.text)
            .shift(self.offset)
    }

    /// The byte behind a place of comrak's: inlines behind the definitions of references in a paragraph have the
    /// lines, and the indents of the lines, of the definitions.
    fn offset_of(&self, place: comrak::nodes::LineColumn) -> usize {
        let line = place.line + self.lines_before;
        let start = self.lines.line_start(line);
        if self.lines_before == 0 {
            return start + place.column;
        }
        let counted = self.indent(place.line);
        start + (place.column + self.indent(line)).saturating_sub(counted)
    }

    /// The bytes of the spaces and the marks of quotes a line begins with.
    fn indent(&self, line: usize) -> usize {
        let rest = &self.text[self.lines.line_start(line)..];
        rest.len() - rest.trim_start_matches([' ', '\t', '>']).len()
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
        blocks.shrink_to_fit();
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
            NodeValue::Paragraph => self.paragraph(node),
            NodeValue::Heading(heading) => {
                Some(self.heading(node, heading.level, ast.attrs.as_deref()))
            }
            NodeValue::BlockQuote | NodeValue::MultilineBlockQuote(_) | NodeValue::Alert(_) => {
                Some(BlockKind::Quote(self.blocks(node)))
            }
            NodeValue::Callout(callout) => {
                let (fold, kind) = (fold_of(callout.fold), callout.callout_type.clone());
                Some(BlockKind::Alert(self.alert(node, &kind, fold)))
            }
            NodeValue::List(list) => Some(BlockKind::List {
                start: matches!(list.list_type, ListType::Ordered).then_some(list.start as u64),
                tight: list.tight,
                items: node.children().map(|item| self.item(item)).collect(),
            }),
            NodeValue::DescriptionList => Some(BlockKind::DescriptionList(
                node.children().map(|item| self.description(item)).collect(),
            )),
            NodeValue::CodeBlock(code) => Some(self.code(code, span)),
            NodeValue::HtmlBlock(html) => self.html(&html.literal),
            NodeValue::ThematicBreak => Some(BlockKind::Rule),
            NodeValue::Table(table) => Some(self.table(node, &table.alignments)),
            // The others are inline, wrapped in blocks read above, or extensions that are off.
            _ => {
                out.extend(self.blocks(node));
                return;
            }
        };
        out.extend(kind.map(|kind| Block { kind, span }));
    }

    fn heading<'a>(
        &mut self,
        node: &'a AstNode<'a>,
        level: u8,
        attributes: Option<&comrak::nodes::Attributes>,
    ) -> BlockKind {
        let content = self.inlines(node);
        let explicit = attributes.and_then(|attributes| attributes.id.clone());
        let explicit_id = explicit.is_some();
        let id = explicit.unwrap_or_else(|| {
            let wanted = self.options.anchors.anchor(&text::plain(&content));
            self.ids.unique(&wanted)
        });
        BlockKind::Heading(Heading {
            level,
            id: id.into(),
            explicit_id,
            classes: attributes
                .map(|attributes| attributes.classes.clone())
                .unwrap_or_default(),
            content,
        })
    }

    fn code(&self, code: &comrak::nodes::NodeCodeBlock, span: Span) -> BlockKind {
        let info = self.restore(&code.info);
        let (language, info) = split_info(&info);
        let start = span.start as usize;
        let fence_line = self.text[start - self.offset..]
            .find('\n')
            .filter(|_| code.fenced)
            .map_or(0, |at| at + 1);
        BlockKind::Code(Code {
            language: language.into(),
            info: info.into(),
            text: self.restore(&code.literal).into(),
            text_start: u32::try_from(start + fence_line).unwrap_or(u32::MAX),
        })
    }

    /// HTML, unless it is the mark at the end of the summary.
    fn html(&mut self, html: &str) -> Option<BlockKind> {
        if is_more(html) && self.summary.is_none() {
            self.summary = Some(usize::MAX);
            return None;
        }
        Some(BlockKind::Html(self.restore(html).into()))
    }

    fn table<'a>(&mut self, node: &'a AstNode<'a>, alignments: &[TableAlignment]) -> BlockKind {
        let mut rows = node
            .children()
            .map(|row| row.children().map(|cell| self.inlines(cell)).collect());
        let head = rows.next().unwrap_or_default();
        let rows = rows.collect();
        BlockKind::Table(Table {
            alignments: alignments.iter().map(alignment).collect(),
            head,
            rows,
        })
    }

    /// A paragraph, or what stands alone in one: a formula or a short code.
    fn paragraph<'a>(&mut self, node: &'a AstNode<'a>) -> Option<BlockKind> {
        self.lines_before = lines_before(node);
        let content = self.inlines(node);
        self.lines_before = 0;
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
            out = self.blanks(out);
        }
        // Most lists hold one element, and there are as many as paragraphs in the whole site.
        out.shrink_to_fit();
        out
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
            NodeValue::Math(math) => InlineKind::Math(self.restore(&math.literal).into()),
            NodeValue::Link(link) => InlineKind::Link(Box::new(Link {
                target: self.restore(&link.url).into(),
                title: self.restore(&link.title).into(),
                content: self.link_text(node),
                index: 0,
                attributes: self.attributes(ast.attrs.as_deref()),
            })),
            NodeValue::Image(link) => {
                let alt = text::plain(&self.link_text(node));
                InlineKind::Image(Box::new(Image {
                    source: self.restore(&link.url).into(),
                    title: self.restore(&link.title).into(),
                    alt: alt.into(),
                    index: 0,
                    attributes: self.attributes(ast.attrs.as_deref()),
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

    /// What is linked, or what is said of an image.
    fn link_text<'a>(&mut self, node: &'a AstNode<'a>) -> Vec<Inline> {
        let outer = std::mem::replace(&mut self.in_link, true);
        let content = self.inlines(node);
        self.in_link = outer;
        content
    }

    /// Text, with tokens turned into what they stand for.
    fn text(&self, text: &str, span: Span, out: &mut Vec<Inline>) {
        let mut rest = text;
        let mut at = span.start as usize;
        while let Some((before, token, behind)) = next_token(rest) {
            push_text(before, Span::new(at, at + before.len()), out);
            at += before.len();
            let len = rest.len() - before.len() - behind.len();
            if let Some(piece) = self.pieces.get(token) {
                self.piece(piece, Span::new(at, at + len), out);
            }
            at += len;
            rest = behind;
        }
        if rest.len() == text.len() {
            push_text(text, span, out);
        } else {
            push_text(rest, Span::new(at, (span.end as usize).max(at)), out);
        }
    }

    /// What a token in running text stands for.
    fn piece(&self, piece: &Piece, span: Span, out: &mut Vec<Inline>) {
        match &piece.kind {
            PieceKind::Call(call) => out.push(Inline {
                kind: InlineKind::Shortcode(call.clone()),
                span: call.span,
            }),
            PieceKind::Address if !self.in_link => {
                let mut content = Vec::new();
                push_text(&piece.written, span, &mut content);
                let link = Link {
                    target: address::target(&piece.written).into(),
                    title: "".into(),
                    content,
                    index: 0,
                    attributes: None,
                };
                let kind = InlineKind::Link(Box::new(link));
                out.push(Inline { kind, span });
            }
            PieceKind::Address | PieceKind::Escaped => push_text(&piece.written, span, out),
        }
    }

    /// Where no call or link can be made (code, HTML, the targets of links), a piece is shown as it was written.
    fn restore(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, token, behind)) = next_token(rest) {
            out.push_str(before);
            rest = behind;
            if let Some(piece) = self.pieces.get(token) {
                out.push_str(&piece.written);
                for _ in 0..piece.written.matches('\n').count() {
                    rest = rest.strip_prefix('\n').unwrap_or(rest);
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn attributes(
        &self,
        attributes: Option<&comrak::nodes::Attributes>,
    ) -> Option<Box<Attributes>> {
        let attributes = attributes?;
        let pairs = attributes.pairs.iter();
        Some(Box::new(Attributes {
            id: attributes.id.clone(),
            classes: attributes.classes.clone(),
            pairs: pairs
                .map(|(key, value)| (key.clone(), self.restore(value)))
                .collect(),
        }))
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

/// The text before the first token, the index in it, and the text behind it.
fn next_token(text: &str) -> Option<(&str, usize, &str)> {
    let (before, token) = text.split_once(TOKEN)?;
    let body = token.trim_start_matches(|c: char| c.is_ascii_digit());
    let index = token[..token.len() - body.len()].parse();
    Some((
        before,
        index.unwrap_or(usize::MAX),
        body.trim_start_matches(FILL),
    ))
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
