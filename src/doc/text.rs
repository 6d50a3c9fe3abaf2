//! The plain text of documents: the flat text citations are looked for in, and excerpts for people.

use super::{
    Attributes, Block, BlockKind, Document, Inline, InlineKind, Link, blocks_of, children,
    inlines_of,
};
use crate::base::Span;

/// What stands in the flat text for something that is no text: code, an image, a formula.
pub const OBJECT: char = '\u{FFFC}';

/// The text of a document in one string, blocks separated by line breaks, with the way back to the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flat {
    /// The text. Text inlines stand in it at the offset they know.
    pub text: String,
    /// Where each piece of text came from: (offset in `text`, its place in the source), in order.
    pub pieces: Vec<(u32, Span)>,
    /// Ranges of `text` (bytes) in which nothing may be linked: links the author wrote, and what stands between
    /// `<!-- no-cite -->` and `<!-- cite -->`. In order; an open end is `u32::MAX`.
    pub linked: Vec<(u32, u32)>,
    /// Ranges of `text` that are headings.
    pub headings: Vec<(u32, u32)>,
    /// The links whose author says which law they mean, in order.
    pub manual: Vec<ManualCitation>,
}

/// A link with `{law="民法典" article="1079"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManualCitation {
    /// First byte of the link's text in the flat text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// Which of the document's links and images it is.
    pub link: u32,
    /// The whole link in the source.
    pub span: Span,
    /// `law`, and `article`, `paragraph`, `item` as they are written.
    pub attributes: Attributes,
}

impl Flat {
    /// The place in the source of the range `start..end` of the text.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.source_offset(start);
        let last = self.text[..end]
            .chars()
            .next_back()
            .map_or(0, char::len_utf8);
        let last = last.min(end - start.min(end));
        let to = self.source_offset(end - last) + last;
        Span::new(from, to.max(from))
    }

    fn source_offset(&self, at: usize) -> usize {
        let index = self
            .pieces
            .partition_point(|(offset, _)| *offset as usize <= at)
            .saturating_sub(1);
        let Some((offset, span)) = self.pieces.get(index) else {
            return 0;
        };
        let inside = at.saturating_sub(*offset as usize);
        (span.start as usize + inside).min((span.end as usize).max(span.start as usize))
    }
}

/// The flat text of a document.
#[must_use]
pub fn flat(document: &Document) -> Flat {
    let mut flat = Flat {
        text: String::with_capacity(document.flat_len as usize),
        ..Flat::default()
    };
    flatten_blocks(&document.blocks, &mut flat);
    for footnote in &document.footnotes {
        flatten_blocks(&footnote.blocks, &mut flat);
    }
    flat
}

fn flatten_blocks(blocks: &[Block], flat: &mut Flat) {
    for block in blocks {
        let start = flat.text.len();
        for inlines in inlines_of(block) {
            flatten_inlines(inlines, flat);
            flat.text.push('\n');
        }
        if matches!(block.kind, BlockKind::Heading(_)) {
            flat.headings.push((offset(start), offset(flat.text.len())));
        }
        for inner in blocks_of(block) {
            flatten_blocks(inner, flat);
        }
        if let BlockKind::Html(html) = &block.kind {
            switch_citations(html, flat);
        }
    }
}

/// `<!-- no-cite -->` switches the recognition of citations off, `<!-- cite -->` on again; on lines of their own or in the text.
fn switch_citations(html: &str, flat: &mut Flat) {
    for comment in html.split("<!--").skip(1) {
        let Some((comment, _)) = comment.split_once("-->") else {
            return;
        };
        let at = offset(flat.text.len());
        let open = flat.linked.last_mut().filter(|(_, end)| *end == u32::MAX);
        match (comment.trim(), open) {
            ("no-cite", None) => flat.linked.push((at, u32::MAX)),
            ("cite", Some(last)) => last.1 = at,
            _ => {}
        }
    }
}

fn flatten_inlines(inlines: &[Inline], flat: &mut Flat) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Text { text, at } => {
                debug_assert_eq!(
                    *at as usize,
                    flat.text.len(),
                    "flat coordinates of `{text}`"
                );
                flat.pieces.push((*at, inline.span));
                flat.text.push_str(text);
            }
            InlineKind::SoftBreak | InlineKind::LineBreak => flat.text.push(' '),
            InlineKind::Emphasis(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikethrough(_)
            | InlineKind::Superscript(_) => flatten_inlines(children(inline), flat),
            InlineKind::Link(link) => flatten_link(link, inline.span, flat),
            InlineKind::Html(html) => {
                switch_citations(html, flat);
                flat.text.push(OBJECT);
            }
            InlineKind::Code(_)
            | InlineKind::Image(_)
            | InlineKind::Math(_)
            | InlineKind::FootnoteReference { .. }
            | InlineKind::Shortcode(_)
            | InlineKind::Blank(_) => flat.text.push(OBJECT),
        }
    }
}

fn flatten_link(link: &Link, span: Span, flat: &mut Flat) {
    let start = offset(flat.text.len());
    flatten_inlines(&link.content, flat);
    let end = offset(flat.text.len());
    if flat.linked.last().is_none_or(|(_, end)| *end != u32::MAX) {
        flat.linked.push((start, end));
    }
    if let Some(attributes) = link
        .attributes
        .as_deref()
        .filter(|attributes| attributes.get("law").is_some())
    {
        flat.manual.push(ManualCitation {
            start,
            end,
            link: link.index,
            span,
            attributes: attributes.clone(),
        });
    }
}

/// Numbers what later stages point to: the flat offset of every text, the index of every link and image.
pub(crate) fn assign_coordinates(document: &mut Document) {
    let mut next = Coordinates { at: 0, link: 0 };
    next.blocks(&mut document.blocks);
    for footnote in &mut document.footnotes {
        next.blocks(&mut footnote.blocks);
    }
    document.flat_len = next.at;
}

/// Walks as [`flat`] does; the two must agree, and a debug assertion in `flat` sees to it.
struct Coordinates {
    at: u32,
    link: u32,
}

impl Coordinates {
    fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            match &mut block.kind {
                BlockKind::Paragraph(content) => self.leaf(content),
                BlockKind::Heading(heading) => self.leaf(&mut heading.content),
                BlockKind::Quote(blocks) => self.blocks(blocks),
                BlockKind::List { items, .. } => items
                    .iter_mut()
                    .for_each(|item| self.blocks(&mut item.blocks)),
                BlockKind::DescriptionList(entries) => {
                    entries
                        .iter_mut()
                        .for_each(|entry| self.leaf(&mut entry.term));
                    entries
                        .iter_mut()
                        .for_each(|entry| self.blocks(&mut entry.details));
                }
                BlockKind::Table(table) => {
                    table
                        .head
                        .iter_mut()
                        .chain(table.rows.iter_mut().flatten())
                        .for_each(|cell| self.leaf(cell));
                }
                BlockKind::Alert(alert) => {
                    self.leaf(&mut alert.title);
                    self.blocks(&mut alert.blocks);
                }
                BlockKind::Code(_)
                | BlockKind::Html(_)
                | BlockKind::Rule
                | BlockKind::Math(_)
                | BlockKind::Shortcode(_) => {}
            }
        }
    }

    fn leaf(&mut self, inlines: &mut [Inline]) {
        self.inlines(inlines);
        self.at += 1;
    }

    fn inlines(&mut self, inlines: &mut [Inline]) {
        for inline in inlines {
            match &mut inline.kind {
                InlineKind::Text { text, at } => {
                    *at = self.at;
                    self.at += offset(text.len());
                }
                InlineKind::SoftBreak | InlineKind::LineBreak => self.at += 1,
                InlineKind::Emphasis(content)
                | InlineKind::Strong(content)
                | InlineKind::Strikethrough(content)
                | InlineKind::Superscript(content) => self.inlines(content),
                InlineKind::Link(link) => {
                    link.index = self.link;
                    self.link += 1;
                    self.inlines(&mut link.content);
                }
                InlineKind::Image(image) => {
                    image.index = self.link;
                    self.link += 1;
                    self.at += offset(OBJECT.len_utf8());
                }
                InlineKind::Code(_)
                | InlineKind::Html(_)
                | InlineKind::Math(_)
                | InlineKind::FootnoteReference { .. }
                | InlineKind::Shortcode(_)
                | InlineKind::Blank(_) => self.at += offset(OBJECT.len_utf8()),
            }
        }
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What a soft line break is in the text: nothing between Han characters or full-width punctuation, else a space.
#[must_use]
pub fn soft_break_is_space(before: Option<char>, after: Option<char>) -> bool {
    !(before.is_some_and(is_wide) && after.is_some_and(is_wide))
}

/// Whether a character belongs to a script written without spaces: Han, kana, full-width forms, CJK punctuation.
#[must_use]
pub fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{303F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}'
        | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Whether a character is a Han character.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// The text of inlines as people read it, without marks.
#[must_use]
pub fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for (index, inline) in inlines.iter().enumerate() {
        match &inline.kind {
            InlineKind::Text { text, .. } => out.push_str(text),
            InlineKind::Code(text) | InlineKind::Math(text) => out.push_str(text),
            InlineKind::Image(image) => out.push_str(&image.alt),
            InlineKind::Blank(blank) => out.push_str(&blank.name),
            InlineKind::SoftBreak => {
                let after = inlines.get(index + 1).and_then(first_char);
                if soft_break_is_space(out.chars().next_back(), after) {
                    out.push(' ');
                }
            }
            InlineKind::LineBreak => out.push(' '),
            InlineKind::Emphasis(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikethrough(_)
            | InlineKind::Superscript(_)
            | InlineKind::Link(_) => push_plain(children(inline), out),
            InlineKind::Html(_)
            | InlineKind::FootnoteReference { .. }
            | InlineKind::Shortcode(_) => {}
        }
    }
}

/// The first character an inline shows.
#[must_use]
pub fn first_char(inline: &Inline) -> Option<char> {
    match &inline.kind {
        InlineKind::Text { text, .. } | InlineKind::Code(text) => text.chars().next(),
        InlineKind::Emphasis(_)
        | InlineKind::Strong(_)
        | InlineKind::Strikethrough(_)
        | InlineKind::Superscript(_)
        | InlineKind::Link(_) => children(inline).iter().find_map(first_char),
        InlineKind::Image(_)
        | InlineKind::SoftBreak
        | InlineKind::LineBreak
        | InlineKind::Html(_)
        | InlineKind::Math(_)
        | InlineKind::FootnoteReference { .. }
        | InlineKind::Shortcode(_)
        | InlineKind::Blank(_) => None,
    }
}

/// The plain text of blocks, one line a block, code left out.
#[must_use]
pub fn plain_blocks(blocks: &[Block]) -> String {
    let mut out = String::new();
    super::walk_blocks(blocks, &mut |block| {
        for inlines in inlines_of(block) {
            let before = out.len();
            push_plain(inlines, &mut out);
            if out.len() > before {
                out.push('\n');
            }
        }
    });
    out
}

/// The beginning of the blocks' text, at most `limit` characters, for descriptions; headings are left out.
#[must_use]
pub fn excerpt(blocks: &[Block], limit: usize) -> String {
    let mut out = String::new();
    for block in blocks
        .iter()
        .filter(|block| !matches!(block.kind, BlockKind::Heading(_)))
    {
        let text = plain_blocks(std::slice::from_ref(block));
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        if !out.is_empty() && !out.ends_with(is_wide) {
            out.push(' ');
        }
        out.push_str(&text.replace('\n', " "));
        if out.chars().count() >= limit {
            break;
        }
    }
    shorten(&out, limit)
}

/// At most `limit` characters of a text, with … where something was cut, at the end of a sentence or clause if one is near.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> String {
    let text = text.trim();
    let Some((cut, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let head = &text[..cut];
    let sentence = head
        .rfind(['。', '！', '？', '；'])
        .map(|at| at + head[at..].chars().next().map_or(0, char::len_utf8));
    match sentence {
        Some(end) if head[..end].chars().count() * 2 >= limit => head[..end].to_owned(),
        _ => format!("{}…", head.trim_end_matches(['，', '、', '：', ' '])),
    }
}

/// The marks every Chinese sentence has; looking them up among all scripts takes longer than reading the sentence.
fn is_chinese_mark(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '、' | '；' | '：' | '？' | '！' | '“' | '”' | '（' | '）' | '《' | '》'
    )
}

/// What a reader reads: Han characters and words of other scripts, counted.
#[must_use]
pub fn reading_length(text: &str) -> usize {
    let (mut count, mut in_word) = (0, false);
    for c in text.chars() {
        if is_han(c) {
            count += 1;
            in_word = false;
        } else if !is_chinese_mark(c) && c.is_alphanumeric() {
            count += usize::from(!in_word);
            in_word = true;
        } else {
            in_word = false;
        }
    }
    count
}
