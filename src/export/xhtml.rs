//! Document tree → XHTML, for e-books and other forms that are read away from the site. Everything is closed, nothing needs a
//! script, and what leads somewhere asks the form ([`Medium`]) where that is.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::fragment::{self, Addresses, Place};
use super::words::Words;
use crate::doc::text::{first_char, is_wide, plain, soft_break_is_space};
use crate::doc::{
    Alert, Alignment, Block, BlockKind, Code, Document, Image, Inline, InlineKind, Item, Link,
    Shortcode, Table,
};
use crate::render::escape::{self, push as push_escaped};
use crate::render::raw_html::Open;
use crate::render::{code as highlighter, math};
use crate::resolve::cited::Cited;
use crate::resolve::{LinkTarget, Mark, MarkKind, ResolvedFile};

/// What the form a text is written for knows.
pub trait Medium: Addresses {
    /// The address of a link's target; `None` where its text stands without a link.
    fn target(&self, target: &LinkTarget) -> Option<String>;
    /// The source of a picture; `None` where its alternative text stands in its place.
    fn image(&self, target: &LinkTarget) -> Option<String>;
    /// The output of a short code, as HTML.
    fn shortcode(&self, call: &Shortcode) -> String;
    /// A block that is more than code (a quiz, a path) as HTML that says all of it without a script; `None` where the site
    /// alone can show it.
    fn widget(&self, _code: &Code) -> Option<String> {
        None
    }
    /// The page on the site where what is more than text can be used.
    fn online(&self) -> Option<String>;
    /// Where a term of the glossary is explained.
    fn term(&self, index: u32) -> Option<String>;
    /// Where a citation leads.
    fn citation(&self, cited: &Cited) -> Option<String>;
    /// Whether lines run from top to bottom.
    fn vertical(&self) -> bool;
}

/// What is written.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The document the blocks belong to.
    pub document: &'a Document,
    /// Where its links lead.
    pub answers: &'a ResolvedFile,
    /// Its citations, sorted by their place.
    pub cited: &'a [Cited],
}

/// How it is written.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The language of the text.
    pub language: &'a str,
    /// Added to the level of headings.
    pub deeper: i8,
    /// Put before ids, where texts of several files share one page.
    pub prefix: &'a str,
    /// Whether footnotes are marked as the notes of an e-book.
    pub popups: bool,
}

/// What the written text needs of the page it stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// It holds formulas.
    pub math: bool,
    /// It holds pictures.
    pub images: bool,
}

/// Writes blocks, with the footnotes they refer to behind them. `ids` are those taken on the page.
pub fn write<'a>(
    blocks: &'a [Block],
    source: Source<'a>,
    medium: &'a dyn Medium,
    options: Options<'a>,
    ids: &mut BTreeSet<String>,
    out: &mut String,
) -> Needs {
    let mut writer = Writer {
        out: std::mem::take(out),
        last: None,
        marks: marks(source),
        source,
        medium,
        options,
        words: Words::of(options.language),
        ids,
        footnotes: Vec::new(),
        terms_seen: Vec::new(),
        in_link: false,
        open: Open::default(),
        needs: Needs::default(),
    };
    writer.blocks(blocks, false);
    writer.footnotes();
    let needs = writer.needs;
    *out = writer.out;
    needs
}

/// Something in running text that leads somewhere.
#[derive(Clone, Copy)]
enum Pointer<'a> {
    Term(u32),
    Citation(&'a Cited),
}

type Pointers<'a> = Vec<(u32, u32, Pointer<'a>)>;

/// Citations and terms in one order; a term inside a citation gives way.
fn marks<'a>(source: Source<'a>) -> Pointers<'a> {
    let citations = source.cited.iter();
    let mut all: Pointers<'a> = citations
        .map(|cited| (cited.start, cited.end, Pointer::Citation(cited)))
        .collect();
    for Mark { start, end, kind } in &source.answers.marks {
        let free = source
            .cited
            .iter()
            .all(|cited| cited.end <= *start || cited.start >= *end);
        match kind {
            MarkKind::Term(index) if free => all.push((*start, *end, Pointer::Term(*index))),
            // Citations come from the table, with their text.
            MarkKind::Term(_) | MarkKind::Citation(_) => {}
        }
    }
    all.sort_by_key(|(start, ..)| *start);
    all
}

struct Writer<'a, 'i> {
    out: String,
    /// The last character of text written in this run of inlines.
    last: Option<char>,
    source: Source<'a>,
    marks: Pointers<'a>,
    medium: &'a dyn Medium,
    options: Options<'a>,
    words: &'static Words,
    ids: &'i mut BTreeSet<String>,
    /// Footnotes met, in order: index in the document.
    footnotes: Vec<u32>,
    terms_seen: Vec<u32>,
    in_link: bool,
    open: Open,
    needs: Needs,
}

impl<'a> Writer<'a, '_> {
    /// Blocks of one container: what raw HTML opens in it is closed at its end.
    fn blocks(&mut self, blocks: &'a [Block], tight: bool) {
        let outer = std::mem::take(&mut self.open);
        for block in blocks {
            self.block(block, tight);
        }
        fragment::close(&mut self.open, Place::Block, &mut self.out);
        self.open = outer;
    }

    fn block(&mut self, block: &'a Block, tight: bool) {
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content, tight),
            BlockKind::Heading(heading) => self.heading(heading),
            BlockKind::Quote(blocks) => self.wrapped("blockquote", blocks),
            BlockKind::List {
                start,
                tight,
                items,
            } => self.list(*start, *tight, items),
            BlockKind::DescriptionList(entries) => self.descriptions(entries),
            BlockKind::Code(code) => self.code(code),
            BlockKind::Html(html) => self.html(html, Place::Block),
            BlockKind::Rule => self.out.push_str("<hr/>\n"),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Alert(alert) => self.alert(alert),
            BlockKind::Math(tex) => {
                self.out.push_str("<div class=\"math\">");
                self.math(tex, true);
                self.out.push_str("</div>\n");
            }
            BlockKind::Shortcode(call) => {
                let html = self.medium.shortcode(call);
                self.fragment(&html, Place::Block);
                self.out.push('\n');
            }
        }
    }

    fn wrapped(&mut self, tag: &str, blocks: &'a [Block]) {
        let _ = writeln!(self.out, "<{tag}>");
        self.blocks(blocks, false);
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn paragraph(&mut self, content: &'a [Inline], tight: bool) {
        if let [
            Inline {
                kind: InlineKind::Image(image),
                ..
            },
        ] = content
        {
            return self.figure(image);
        }
        if tight {
            return self.run(content);
        }
        self.out.push_str("<p>");
        self.run(content);
        self.out.push_str("</p>\n");
    }

    fn heading(&mut self, heading: &'a crate::doc::Heading) {
        let level = i8::try_from(heading.level).unwrap_or(6) + self.options.deeper;
        let level = level.clamp(1, 6);
        let _ = write!(self.out, "<h{level}");
        self.id(&heading.id);
        if let Some(class) = crate::parse::question::part_class(&plain(&heading.content)) {
            let _ = write!(self.out, " class=\"{class}\"");
        }
        self.out.push('>');
        self.run(&heading.content);
        let _ = writeln!(self.out, "</h{level}>");
    }

    /// An id, when it is still free.
    fn id(&mut self, id: &str) {
        let id = format!("{}{id}", self.options.prefix);
        if self.ids.insert(id.clone()) {
            let _ = write!(self.out, " id=\"{}\"", escape::xml(&id));
        }
    }

    fn list(&mut self, start: Option<u64>, tight: bool, items: &'a [Item]) {
        let tasks = items.iter().any(|item| item.task.is_some());
        let tag = if start.is_some() { "ol" } else { "ul" };
        let _ = write!(self.out, "<{tag}");
        if let Some(first) = start.filter(|first| *first != 1) {
            let _ = write!(self.out, " start=\"{first}\"");
        }
        self.out
            .push_str(if tasks { " class=\"tasks\">\n" } else { ">\n" });
        for item in items {
            self.out.push_str("<li>");
            if let Some(done) = item.task {
                let (mark, label) = if done {
                    ("☑", self.words.done)
                } else {
                    ("☐", self.words.todo)
                };
                let _ = write!(
                    self.out,
                    "<span role=\"img\" aria-label=\"{label}\">{mark}</span> "
                );
            }
            self.blocks(&item.blocks, tight);
            self.out.push_str("</li>\n");
        }
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn descriptions(&mut self, entries: &'a [crate::doc::Description]) {
        self.out.push_str("<dl>\n");
        for entry in entries {
            self.out.push_str("<dt>");
            self.run(&entry.term);
            self.out.push_str("</dt>\n<dd>");
            self.blocks(&entry.details, entry.details.len() == 1);
            self.out.push_str("</dd>\n");
        }
        self.out.push_str("</dl>\n");
    }

    fn code(&mut self, code: &'a Code) {
        match &*code.language {
            "question" => {}
            "quiz" | "path" | "calculator" => match self.medium.widget(code) {
                Some(html) => self.fragment(&html, Place::Block),
                None => self.online_only(&code.info),
            },
            language => {
                self.out.push_str("<pre><code>");
                self.out
                    .push_str(&highlighter::highlight(&clean(&code.text), language));
                self.out.push_str("</code></pre>\n");
            }
        }
    }

    /// A block that is more than text stands on the site; here is the way to it.
    fn online_only(&mut self, title: &str) {
        let Some(address) = self.medium.online() else {
            return;
        };
        let title = if title.is_empty() { &address } else { title };
        let _ = writeln!(
            self.out,
            "<p class=\"online\">{}<a href=\"{}\">{}</a></p>",
            self.words.web_only,
            escape::url(&address),
            escape::xml(title)
        );
    }

    fn html(&mut self, html: &str, place: Place) {
        if html.trim_start().starts_with("<!--") {
            return;
        }
        let mut out = std::mem::take(&mut self.out);
        fragment::push(html, place, self.medium, self.ids, &mut self.open, &mut out);
        self.out = out;
    }

    /// A whole piece of HTML, closed in itself.
    fn fragment(&mut self, html: &str, place: Place) {
        let mut open = Open::default();
        let mut out = std::mem::take(&mut self.out);
        fragment::push(html, place, self.medium, self.ids, &mut open, &mut out);
        fragment::close(&mut open, place, &mut out);
        self.out = out;
    }

    fn table(&mut self, table: &'a Table) {
        self.out.push_str("<div class=\"table\"><table>\n");
        if table.head.iter().any(|cell| !cell.is_empty()) {
            self.out.push_str("<thead>\n<tr>");
            self.cells("th", &table.head, &table.alignments);
            self.out.push_str("</tr>\n</thead>\n");
        }
        if !table.rows.is_empty() {
            self.out.push_str("<tbody>\n");
            for row in &table.rows {
                self.out.push_str("<tr>");
                self.cells("td", row, &table.alignments);
                self.out.push_str("</tr>\n");
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table></div>\n");
    }

    fn cells(&mut self, tag: &str, cells: &'a [Vec<Inline>], alignments: &[Alignment]) {
        for (index, cell) in cells.iter().enumerate() {
            let tag = if cell.is_empty() { "td" } else { tag };
            let class = match alignments.get(index) {
                Some(Alignment::Left) => " class=\"left\"",
                Some(Alignment::Center) => " class=\"center\"",
                Some(Alignment::Right) => " class=\"right\"",
                Some(Alignment::None) | None => "",
            };
            let scope = if tag == "th" { " scope=\"col\"" } else { "" };
            let _ = write!(self.out, "<{tag}{scope}{class}>");
            self.run(cell);
            let _ = write!(self.out, "</{tag}>");
        }
    }

    fn alert(&mut self, alert: &'a Alert) {
        let kind = escape::xml(&alert.kind);
        let _ = write!(
            self.out,
            "<div class=\"alert alert-{kind}\" role=\"note\"><p class=\"alert-title\">"
        );
        if alert.title.is_empty() {
            push_escaped(self.words.alert(&alert.kind), &mut self.out);
        } else {
            self.run(&alert.title);
        }
        self.out.push_str("</p>\n");
        self.blocks(&alert.blocks, false);
        self.out.push_str("</div>\n");
    }

    fn figure(&mut self, image: &'a Image) {
        self.out.push_str("<figure>");
        self.image(image);
        if !image.title.is_empty() {
            let _ = write!(
                self.out,
                "<figcaption>{}</figcaption>",
                escape::xml(&image.title)
            );
        }
        self.out.push_str("</figure>\n");
    }

    fn image(&mut self, image: &'a Image) {
        let answers = self.source.answers;
        let target = answers
            .links
            .get(image.index as usize)
            .unwrap_or(&LinkTarget::Broken);
        let alt = escape::xml(&image.alt);
        match self.medium.image(target) {
            Some(source) => {
                self.needs.images = true;
                let _ = write!(
                    self.out,
                    "<img src=\"{}\" alt=\"{alt}\"/>",
                    escape::url(&source)
                );
            }
            None => {
                let _ = write!(self.out, "<span class=\"picture\">{alt}</span>");
            }
        }
    }

    /// The inlines of one block.
    fn run(&mut self, inlines: &'a [Inline]) {
        let outer = std::mem::take(&mut self.open);
        self.last = None;
        self.inlines(inlines);
        fragment::close(&mut self.open, Place::Inline, &mut self.out);
        self.open = outer;
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        for (index, inline) in inlines.iter().enumerate() {
            if let InlineKind::SoftBreak = inline.kind {
                let after = inlines[index + 1..].iter().find_map(first_char);
                if soft_break_is_space(self.last, after) {
                    self.out.push('\n');
                }
                continue;
            }
            self.inline(inline);
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        match &inline.kind {
            InlineKind::Text { text, at } => {
                self.text(text, *at);
                self.last = text.chars().next_back();
            }
            InlineKind::Emphasis(content) => self.tagged("em", content),
            InlineKind::Strong(content) => self.tagged("strong", content),
            InlineKind::Strikethrough(content) => self.tagged("del", content),
            InlineKind::Superscript(content) => self.tagged("sup", content),
            InlineKind::Code(text) => {
                let _ = write!(self.out, "<code>{}</code>", escape::xml(text));
                self.last = text.chars().next_back();
            }
            InlineKind::Link(link) => self.link(link),
            InlineKind::Image(image) => self.image(image),
            InlineKind::SoftBreak => {}
            InlineKind::LineBreak => self.out.push_str("<br/>\n"),
            InlineKind::Html(html) => self.html(html, Place::Inline),
            InlineKind::Math(tex) => self.math(tex, false),
            InlineKind::FootnoteReference { index, .. } => self.footnote_reference(*index),
            InlineKind::Shortcode(call) => {
                let html = self.medium.shortcode(call);
                self.fragment(html.trim_end(), Place::Inline);
            }
            InlineKind::Blank(blank) => {
                let _ = write!(
                    self.out,
                    "<span class=\"blank\">\u{3000}\u{3000}\u{3000}\u{3000}</span>（{}）",
                    escape::xml(&blank.name)
                );
            }
        }
    }

    /// Marked-up text; raw HTML inside it is closed before its end.
    fn tagged(&mut self, tag: &str, content: &'a [Inline]) {
        let outer = std::mem::take(&mut self.open);
        let _ = write!(self.out, "<{tag}>");
        self.inlines(content);
        fragment::close(&mut self.open, Place::Inline, &mut self.out);
        let _ = write!(self.out, "</{tag}>");
        self.open = outer;
    }

    fn math(&mut self, tex: &str, display: bool) {
        self.needs.math = true;
        let mathml = math::to_mathml(tex, display);
        let (head, rest) = mathml.split_once("<math").unwrap_or((&mathml, ""));
        self.out.push_str(head);
        if !rest.is_empty() {
            self.out
                .push_str("<math xmlns=\"http://www.w3.org/1998/Math/MathML\"");
            self.out.push_str(rest);
        }
    }

    /// Text with the citations and terms that fall into it.
    fn text(&mut self, text: &'a str, at: u32) {
        let end = at + u32::try_from(text.len()).unwrap_or(u32::MAX);
        let first = self.marks.partition_point(|(_, end, _)| *end <= at);
        let inside: Pointers<'a> = self.marks[first..]
            .iter()
            .take_while(|(start, ..)| *start < end)
            .copied()
            .collect();
        let mut done = at;
        for (start, stop, pointer) in inside {
            let (from, to) = (start.max(at).max(done), stop.min(end));
            if from >= to {
                continue;
            }
            self.plain_text(&text[(done - at) as usize..(from - at) as usize]);
            self.pointer(&text[(from - at) as usize..(to - at) as usize], pointer);
            done = to;
        }
        self.plain_text(&text[(done - at) as usize..]);
    }

    fn pointer(&mut self, text: &str, pointer: Pointer<'a>) {
        let (class, address) = match pointer {
            Pointer::Citation(cited) => ("citation", self.medium.citation(cited)),
            Pointer::Term(index) if self.terms_seen.contains(&index) => ("term", None),
            Pointer::Term(index) => {
                self.terms_seen.push(index);
                ("term", self.medium.term(index))
            }
        };
        let Some(address) = address.filter(|_| !self.in_link) else {
            return self.plain_text(text);
        };
        let _ = write!(
            self.out,
            "<a class=\"{class}\" href=\"{}\">",
            escape::url(&address)
        );
        self.plain_text(text);
        self.out.push_str("</a>");
    }

    /// Text; in vertical lines short numbers stand upright.
    fn plain_text(&mut self, text: &str) {
        let text = clean(text);
        if self.medium.vertical() {
            upright_numbers(&text, 2, &mut self.out);
        } else {
            push_escaped(&text, &mut self.out);
        }
    }

    fn link(&mut self, link: &'a Link) {
        let answers = self.source.answers;
        let address = answers
            .links
            .get(link.index as usize)
            .and_then(|target| self.medium.target(target))
            .filter(|_| !self.in_link);
        let Some(address) = address else {
            return self.inlines(&link.content);
        };
        let class = if is_address(&plain(&link.content)) {
            " class=\"url\""
        } else {
            ""
        };
        let _ = write!(self.out, "<a{class} href=\"{}\">", escape::url(&address));
        self.in_link = true;
        let outer = std::mem::take(&mut self.open);
        self.inlines(&link.content);
        fragment::close(&mut self.open, Place::Inline, &mut self.out);
        self.open = outer;
        self.in_link = false;
        self.out.push_str("</a>");
    }

    fn footnote_reference(&mut self, index: u32) {
        let known = self.footnotes.iter().position(|other| *other == index);
        let number = known.unwrap_or_else(|| {
            self.footnotes.push(index);
            self.footnotes.len() - 1
        }) + 1;
        let prefix = escape::xml(self.options.prefix);
        let id = if known.is_none() {
            format!(" id=\"{prefix}fnref-{number}\"")
        } else {
            String::new()
        };
        let kind = if self.options.popups {
            " epub:type=\"noteref\""
        } else {
            ""
        };
        let _ = write!(
            self.out,
            "<sup><a class=\"noteref\"{kind} role=\"doc-noteref\" href=\"#{prefix}fn-{number}\"{id}>{number}</a></sup>"
        );
    }

    fn footnotes(&mut self) {
        let mut next = 0;
        // A footnote may refer to another, which then joins the list.
        while next < self.footnotes.len() {
            let index = self.footnotes[next] as usize;
            let number = next + 1;
            let prefix = escape::xml(self.options.prefix);
            let kind = if self.options.popups {
                " epub:type=\"footnote\""
            } else {
                ""
            };
            let _ = writeln!(
                self.out,
                "<aside class=\"footnote\"{kind} role=\"doc-footnote\" id=\"{prefix}fn-{number}\">"
            );
            let _ = writeln!(
                self.out,
                "<p class=\"note-number\"><a href=\"#{prefix}fnref-{number}\" role=\"doc-backlink\" title=\"{}\">{} {number}</a></p>",
                self.words.back, self.words.footnote
            );
            let document = self.source.document;
            if let Some(footnote) = document.footnotes.get(index) {
                self.blocks(&footnote.blocks, false);
            }
            self.out.push_str("</aside>\n");
            next += 1;
        }
    }
}

/// Whether a link's text is an address, which may break anywhere: without spaces it would stretch the line before it.
fn is_address(text: &str) -> bool {
    ["http://", "https://", "www.", "mailto:"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Text without the control characters XML forbids.
fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    let forbidden = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    if text.contains(forbidden) {
        text.replace(forbidden, "").into()
    } else {
        text.into()
    }
}

/// A title or the name of a number, escaped; where lines run from top to bottom short numbers stand upright in
/// one square, close to what is beside them.
#[must_use]
pub fn with_numbers(text: &str, vertical: bool) -> String {
    if !vertical {
        return escape::xml(text);
    }
    let text = clean(text);
    let chars: Vec<char> = text.chars().collect();
    let wide = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| is_wide(*c));
    let digit = |at: Option<usize>| {
        at.and_then(|at| chars.get(at))
            .is_some_and(char::is_ascii_digit)
    };
    let is_gap = |at: usize| {
        let (before, behind) = (at.checked_sub(1), Some(at + 1));
        chars[at] == ' ' && (wide(before) && digit(behind) || digit(before) && wide(behind))
    };
    let close: String = (0..chars.len())
        .filter(|at| !is_gap(*at))
        .map(|at| chars[at])
        .collect();
    let mut out = String::new();
    upright_numbers(&close, 3, &mut out);
    out
}

/// Numbers of at most `most` digits between Han characters are set upright in one square.
fn upright_numbers(text: &str, most: usize, out: &mut String) {
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (head, tail) = rest.split_at(at);
        push_escaped(head, out);
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = tail.split_at(digits);
        let beside = head.chars().next_back().or(before);
        let free = |c: Option<char>| c.is_none_or(is_wide);
        if digits <= most && free(beside) && free(behind.chars().next()) {
            let _ = write!(out, "<span class=\"upright\">{number}</span>");
        } else {
            out.push_str(number);
        }
        before = number.chars().next_back();
        rest = behind;
    }
    push_escaped(rest, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_stand_upright_in_vertical_lines() {
        let upright = |number: &str| format!("<span class=\"upright\">{number}</span>");
        let one = upright("1");
        assert_eq!(
            with_numbers("第 1 问 a<b", true),
            format!("第{one}问 a&lt;b")
        );
        assert_eq!(
            with_numbers("第 137 问", true),
            format!("第{}问", upright("137"))
        );
        assert_eq!(with_numbers("在 2026 年", true), "在2026年");
        assert_eq!(with_numbers("第 1 问", false), "第 1 问");
    }
}
