//! Document tree → HTML. The marks are those the user guide lists for themes.

use std::fmt::Write;

use super::escape::{self, push as push_escaped};
use super::raw_html::{self, Open};
use super::{code, math};
use crate::base::Url;
use crate::config::{Config, HtmlPolicy, LinkStyle};
use crate::doc::text::{first_char, plain, soft_break_is_space};
use crate::doc::{
    Alert, Alignment, BlankKind, Block, BlockKind, CONTINUE_READING, Code, Document, Fold, Heading,
    Image, Inline, InlineKind, Item, Link, Shortcode, Table,
};
use crate::resolve::citation::Citation;
use crate::resolve::{LinkTarget, Mark, MarkKind, Resolved, ResolvedFile};

/// What the renderer asks of those who know the theme.
pub trait Hooks {
    /// The output of a short code, as HTML.
    fn shortcode(&self, call: &Shortcode) -> String;
    /// The output of a block of code that is more than code: a quiz, a path; `None` for code.
    fn widget(&self, code: &Code) -> Option<String>;
    /// A string of the theme in the page's language.
    fn text(&self, key: &str) -> String;
    /// Appends the opening tag of a citation's link; `false`, and nothing appended, where it leads nowhere.
    fn open_citation(&self, citation: &Citation, out: &mut String) -> bool;
    /// Where the page's readers find what is at an address, if not there: among the pages of their language.
    fn among_own(&self, _: &Url) -> Option<Url> {
        None
    }
    /// Width and height of an image in the site, and its further sizes: (address, width).
    fn image(&self, url: &Url) -> ImageFacts;
}

/// What is known of an image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageFacts {
    /// Width and height in pixels.
    pub dimensions: Option<(u32, u32)>,
    /// Smaller forms: address and width.
    pub variants: Vec<(Url, u32)>,
}

/// How blocks are shown.
#[derive(Clone, Copy)]
pub struct HtmlOptions<'a> {
    /// The page the HTML is for.
    pub from: &'a Url,
    /// Whether addresses begin at the site's root: on the page for unknown addresses.
    pub absolute: bool,
    /// How much deeper headings are set.
    pub deeper: u8,
    /// Put before the ids of footnotes, where several pieces are on one page.
    pub id_prefix: &'a str,
    /// Whether it is put before the anchors of headings too: where pieces of several files are on one page.
    pub own_anchors: bool,
    /// The block before which the anchor of the summary's end stands: `#continue-reading`.
    pub more: Option<usize>,
}

/// A finished piece of HTML, and what it needs of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piece {
    /// The HTML.
    pub html: String,
    /// Whether code is highlighted in it.
    pub has_code: bool,
    /// Whether it holds formulas.
    pub has_math: bool,
    /// Whether it holds blanks to fill in.
    pub has_blanks: bool,
}

/// Renders blocks of a document.
#[must_use]
pub fn render(
    blocks: &[Block],
    document: &Document,
    answers: &ResolvedFile,
    resolved: &Resolved,
    config: &Config,
    hooks: &dyn Hooks,
    options: HtmlOptions<'_>,
) -> Piece {
    let capacity = blocks
        .last()
        .zip(blocks.first())
        .map_or(0, |(last, first)| {
            (last.span.end - first.span.start) as usize
        });
    let mut writer = Writer {
        out: String::with_capacity(capacity + capacity / 4),
        document,
        answers,
        resolved,
        config,
        hooks,
        options,
        footnotes: Vec::new(),
        terms_seen: Vec::new(),
        open: Open::default(),
        piece: Piece::default(),
    };
    for (index, block) in blocks.iter().enumerate() {
        if options.more == Some(index) {
            let _ = writeln!(writer.out, "<span id=\"{CONTINUE_READING}\"></span>");
        }
        writer.block(block, false);
    }
    writer.open_close();
    writer.footnotes();
    Piece {
        html: writer.out,
        ..writer.piece
    }
}

struct Writer<'a> {
    out: String,
    document: &'a Document,
    answers: &'a ResolvedFile,
    resolved: &'a Resolved,
    config: &'a Config,
    hooks: &'a dyn Hooks,
    options: HtmlOptions<'a>,
    /// Footnotes met, in order: index in the document.
    footnotes: Vec<u32>,
    /// Terms already explained on this page.
    terms_seen: Vec<u32>,
    open: Open,
    piece: Piece,
}

impl<'a> Writer<'a> {
    fn open_close(&mut self) {
        self.open.close_all(&mut self.out);
    }

    fn blocks(&mut self, blocks: &'a [Block], tight: bool) {
        for block in blocks {
            self.block(block, tight);
        }
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
            BlockKind::DescriptionList(entries) => {
                self.out.push_str("<dl>\n");
                for entry in entries {
                    // A further explanation of the same term.
                    if !entry.term.is_empty() {
                        self.out.push_str("<dt>");
                        self.inlines(&entry.term);
                        self.out.push_str("</dt>\n");
                    }
                    self.out.push_str("<dd>");
                    self.blocks(&entry.details, entry.details.len() == 1);
                    self.out.push_str("</dd>\n");
                }
                self.out.push_str("</dl>\n");
            }
            BlockKind::Code(code) => self.code(code),
            BlockKind::Html(html) => self.html_block(html),
            BlockKind::Rule => self.out.push_str("<hr>\n"),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Alert(alert) => self.alert(alert),
            BlockKind::Math(tex) => {
                self.piece.has_math = true;
                let label = escape::escape(&self.hooks.text("formula.label"));
                let formula = math::to_mathml(tex, true);
                let _ = writeln!(
                    self.out,
                    "<div class=\"formula\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">{formula}</div>"
                );
            }
            BlockKind::Shortcode(call) => {
                let html = self.hooks.shortcode(call);
                self.out.push_str(&html);
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
            self.figure(image);
            return;
        }
        if tight {
            self.inlines(content);
        } else {
            self.out.push_str("<p>");
            self.inlines(content);
            self.out.push_str("</p>\n");
        }
    }

    fn heading(&mut self, heading: &'a Heading) {
        let level = (heading.level + self.options.deeper).clamp(1, 6);
        let _ = write!(self.out, "<h{level} id=\"");
        if self.options.own_anchors {
            push_escaped(self.options.id_prefix, &mut self.out);
        }
        push_escaped(&heading.id, &mut self.out);
        self.out.push('"');
        let part = crate::parse::question::part_class(&plain(&heading.content));
        let classes: Vec<&str> = heading
            .classes
            .iter()
            .map(String::as_str)
            .chain(part)
            .collect();
        if !classes.is_empty() {
            let _ = write!(
                self.out,
                " class=\"{}\"",
                escape::escape(&classes.join(" "))
            );
        }
        self.out.push('>');
        self.inlines(&heading.content);
        let _ = writeln!(self.out, "</h{level}>");
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
                let label = self
                    .hooks
                    .text(if done { "task.done" } else { "task.todo" });
                let checked = if done { " checked" } else { "" };
                let _ = write!(
                    self.out,
                    "<input type=\"checkbox\" disabled{checked} aria-label=\"{}\"> ",
                    escape::escape(&label)
                );
            }
            for (index, block) in item.blocks.iter().enumerate() {
                if index > 0 && !self.out.ends_with('\n') {
                    self.out.push('\n');
                }
                self.block(block, tight);
            }
            self.out.push_str("</li>\n");
        }
        let _ = writeln!(self.out, "</{tag}>");
    }

    fn code(&mut self, code: &'a Code) {
        if let Some(widget) = self.hooks.widget(code) {
            self.out.push_str(&widget);
            self.out.push('\n');
            return;
        }
        self.out
            .push_str("<pre class=\"code\" tabindex=\"0\"><code");
        if !code.language.is_empty() {
            let _ = write!(
                self.out,
                " class=\"language-{}\"",
                escape::escape(&code.language)
            );
        }
        self.out.push('>');
        if self.config.markdown.highlight_code && !code.language.is_empty() {
            self.piece.has_code = true;
            self.out
                .push_str(&code::highlight(&code.text, &code.language));
        } else {
            push_escaped(&code.text, &mut self.out);
        }
        self.out.push_str("</code></pre>\n");
    }

    fn html_block(&mut self, html: &str) {
        let trimmed = html.trim();
        if trimmed.starts_with("<!--")
            && trimmed.ends_with("-->")
            && trimmed.matches("<!--").count() == 1
        {
            return;
        }
        raw_html::push(
            html,
            self.config.markdown.html,
            &mut self.open,
            &mut self.out,
        );
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn table(&mut self, table: &'a Table) {
        let label = escape::escape(&self.hooks.text("table.label"));
        let _ = writeln!(
            self.out,
            "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\"><table>"
        );
        self.out.push_str("<thead>\n<tr>");
        self.cells("th", &table.head, &table.alignments);
        self.out.push_str("</tr>\n</thead>\n");
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
            // An empty head cell is no heading.
            let tag = if tag == "th" && cell.is_empty() {
                "td"
            } else {
                tag
            };
            let class = match alignments.get(index) {
                Some(Alignment::Left) => " class=\"left\"",
                Some(Alignment::Center) => " class=\"center\"",
                Some(Alignment::Right) => " class=\"right\"",
                Some(Alignment::None) | None => "",
            };
            let scope = if tag == "th" { " scope=\"col\"" } else { "" };
            let _ = write!(self.out, "<{tag}{scope}{class}>");
            self.inlines(cell);
            let _ = write!(self.out, "</{tag}>");
        }
    }

    fn alert(&mut self, alert: &'a Alert) {
        let kind = escape::escape(&alert.kind);
        let (open, title, close) = match alert.fold {
            Fold::Never => (
                format!("<div class=\"alert alert-{kind}\" role=\"note\">"),
                "p",
                "</div>",
            ),
            Fold::Closed => (
                format!("<details class=\"alert alert-{kind}\">"),
                "summary",
                "</details>",
            ),
            Fold::Open => (
                format!("<details class=\"alert alert-{kind}\" open>"),
                "summary",
                "</details>",
            ),
        };
        let _ = write!(self.out, "{open}<{title} class=\"alert-title\">");
        if alert.title.is_empty() {
            let name = self.hooks.text(&format!("alert.{}", alert.kind));
            push_escaped(&name, &mut self.out);
        } else {
            self.inlines(&alert.title);
        }
        let _ = writeln!(self.out, "</{title}>");
        self.blocks(&alert.blocks, false);
        self.out.push_str(close);
        self.out.push('\n');
    }

    fn figure(&mut self, image: &'a Image) {
        self.out.push_str("<figure>");
        self.image(image);
        if !image.title.is_empty() {
            self.out.push_str("<figcaption>");
            push_escaped(&image.title, &mut self.out);
            self.out.push_str("</figcaption>");
        }
        self.out.push_str("</figure>\n");
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        let mut outer = std::mem::take(&mut self.open);
        for (index, inline) in inlines.iter().enumerate() {
            if let InlineKind::SoftBreak = inline.kind {
                let before = inlines[..index].iter().rev().find_map(last_char);
                let after = inlines[index + 1..].iter().find_map(first_char);
                if soft_break_is_space(before, after) {
                    self.out.push('\n');
                }
                continue;
            }
            self.inline(inline);
        }
        self.open_close();
        std::mem::swap(&mut self.open, &mut outer);
    }

    fn inline(&mut self, inline: &'a Inline) {
        match &inline.kind {
            InlineKind::Text { text, at } => self.text(text, *at),
            InlineKind::Emphasis(content) => self.tagged("em", content),
            InlineKind::Strong(content) => self.tagged("strong", content),
            InlineKind::Strikethrough(content) => self.tagged("del", content),
            InlineKind::Superscript(content) => self.tagged("sup", content),
            InlineKind::Code(text) => {
                self.out.push_str("<code>");
                push_escaped(text, &mut self.out);
                self.out.push_str("</code>");
            }
            InlineKind::Link(link) => self.link(link),
            InlineKind::Image(image) => self.image(image),
            InlineKind::SoftBreak => self.out.push('\n'),
            InlineKind::LineBreak => self.out.push_str("<br>\n"),
            InlineKind::Html(html) => {
                let comment = html.starts_with("<!--");
                if !comment {
                    raw_html::push(
                        html,
                        self.config.markdown.html,
                        &mut self.open,
                        &mut self.out,
                    );
                }
            }
            InlineKind::Math(tex) => {
                self.piece.has_math = true;
                self.out.push_str(&math::to_mathml(tex, false));
            }
            InlineKind::FootnoteReference { index, .. } => self.footnote_reference(*index),
            InlineKind::Shortcode(call) => {
                let html = self.hooks.shortcode(call);
                self.out.push_str(html.trim_end());
            }
            InlineKind::Blank(blank) => {
                self.piece.has_blanks = true;
                let kind = blank_kind(blank.kind);
                let _ = write!(
                    self.out,
                    "<span class=\"blank blank-{kind}\" data-name=\"{}\" data-kind=\"{kind}\" data-hint=\"{}\"></span>",
                    escape::escape(&blank.name),
                    escape::escape(&blank.hint)
                );
            }
        }
    }

    fn tagged(&mut self, tag: &str, content: &'a [Inline]) {
        let _ = write!(self.out, "<{tag}>");
        self.inlines(content);
        let _ = write!(self.out, "</{tag}>");
    }

    /// Text with the marks that fall into it.
    fn text(&mut self, text: &'a str, at: u32) {
        let end = at + u32::try_from(text.len()).unwrap_or(u32::MAX);
        let first = self.answers.marks.partition_point(|mark| mark.end <= at);
        let mut done = at;
        for mark in self.answers.marks[first..]
            .iter()
            .take_while(|mark| mark.start < end)
        {
            let (from, to) = (mark.start.max(at), mark.end.min(end));
            push_escaped(
                &text[(done - at) as usize..(from - at) as usize],
                &mut self.out,
            );
            self.marked(&text[(from - at) as usize..(to - at) as usize], mark);
            done = to;
        }
        push_escaped(&text[(done - at) as usize..], &mut self.out);
    }

    fn marked(&mut self, text: &str, mark: &'a Mark) {
        match mark.kind {
            MarkKind::Term(index) => self.term(text, index),
            MarkKind::Citation(index) => {
                let found = self.answers.citations.get(index as usize);
                let linked = found
                    .is_some_and(|found| self.hooks.open_citation(&found.citation, &mut self.out));
                push_escaped(text, &mut self.out);
                if linked {
                    self.out.push_str("</a>");
                }
            }
        }
    }

    fn term(&mut self, text: &str, index: u32) {
        if self.terms_seen.contains(&index) {
            return push_escaped(text, &mut self.out);
        }
        self.terms_seen.push(index);
        let term = &self.resolved.glossary.terms[index as usize];
        let url = crate::model::House::Glossary.url().with_fragment(&term.id);
        self.out.push_str("<a class=\"term\" href=\"");
        self.address(&url);
        self.out.push_str("\" data-gist=\"");
        push_escaped(&term.gist, &mut self.out);
        self.out.push_str("\">");
        push_escaped(text, &mut self.out);
        self.out.push_str("</a>");
    }

    /// Appends an address in the site as it is written on this page.
    fn address(&mut self, url: &Url) {
        let inner = self.hooks.among_own(url);
        let url = inner.as_ref().unwrap_or(url);
        let written = write_address(url, self.options.from, self.options.absolute, self.config);
        escape::push_url(&written, &mut self.out);
    }

    fn link(&mut self, link: &'a Link) {
        let answers = self.answers;
        let Some(target) = answers.links.get(link.index as usize) else {
            return self.inlines(&link.content);
        };
        let cited = answers.cited_by_link(link);
        if cited.is_some_and(|cited| self.hooks.open_citation(&cited.citation, &mut self.out)) {
            self.inlines(&link.content);
            return self.out.push_str("</a>");
        }
        match target {
            LinkTarget::Broken => {
                self.out.push_str("<span class=\"broken-link\">");
                self.inlines(&link.content);
                self.out.push_str("</span>");
                return;
            }
            LinkTarget::Internal { url, .. } => {
                self.out.push_str("<a href=\"");
                self.address(url);
                self.out.push('"');
            }
            LinkTarget::External(address) => self.external(address),
        }
        if !link.title.is_empty() {
            let _ = write!(self.out, " title=\"{}\"", escape::escape(&link.title));
        }
        if let Some(attributes) = &link.attributes {
            if let Some(id) = &attributes.id {
                let _ = write!(self.out, " id=\"{}\"", escape::escape(id));
            }
            if !attributes.classes.is_empty() {
                let _ = write!(
                    self.out,
                    " class=\"{}\"",
                    escape::escape(&attributes.classes.join(" "))
                );
            }
        }
        self.out.push('>');
        self.inlines(&link.content);
        self.out.push_str("</a>");
    }

    fn external(&mut self, address: &str) {
        let dangerous = ["javascript:", "vbscript:", "data:"].iter().any(|scheme| {
            address
                .trim_start()
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if dangerous && self.config.markdown.html != HtmlPolicy::Trust {
            self.out.push_str("<a");
            return;
        }
        self.out.push_str("<a href=\"");
        escape::push_url(address, &mut self.out);
        self.out.push('"');
        if !address.starts_with("http") && !address.starts_with("//") {
            return;
        }
        let markdown = &self.config.markdown;
        let mut rel = vec!["external"];
        if markdown.external_links_target_blank {
            self.out.push_str(" target=\"_blank\"");
            rel.push("noopener");
        }
        if markdown.external_links_no_follow {
            rel.push("nofollow");
        }
        if markdown.external_links_no_referrer {
            rel.push("noreferrer");
        }
        let _ = write!(self.out, " rel=\"{}\"", rel.join(" "));
        if let Some(class) = &markdown.external_links_class {
            let _ = write!(self.out, " class=\"{}\"", escape::escape(class));
        }
    }

    fn image(&mut self, image: &'a Image) {
        let answers = self.answers;
        let target = answers
            .links
            .get(image.index as usize)
            .unwrap_or(&LinkTarget::Broken);
        self.out.push_str("<img src=\"");
        let mut facts = ImageFacts::default();
        match target {
            LinkTarget::Internal { url, .. } => {
                self.address(url);
                facts = self.hooks.image(url);
            }
            LinkTarget::External(address) => escape::push_url(address, &mut self.out),
            LinkTarget::Broken => escape::push_url(&image.source, &mut self.out),
        }
        self.out.push_str("\" alt=\"");
        push_escaped(&image.alt, &mut self.out);
        self.out.push('"');
        if !image.title.is_empty() {
            let _ = write!(self.out, " title=\"{}\"", escape::escape(&image.title));
        }
        if let Some((width, height)) = facts.dimensions {
            let _ = write!(self.out, " width=\"{width}\" height=\"{height}\"");
            self.source_set(target, &facts, width);
        }
        if let Some(attributes) = &image.attributes
            && !attributes.classes.is_empty()
        {
            let _ = write!(
                self.out,
                " class=\"{}\"",
                escape::escape(&attributes.classes.join(" "))
            );
        }
        self.out.push_str(" loading=\"lazy\" decoding=\"async\">");
    }

    fn source_set(&mut self, target: &LinkTarget, facts: &ImageFacts, width: u32) {
        let LinkTarget::Internal { url, .. } = target else {
            return;
        };
        if facts.variants.is_empty() {
            return;
        }
        self.out.push_str(" srcset=\"");
        for (variant, variant_width) in &facts.variants {
            self.address(variant);
            let _ = write!(self.out, " {variant_width}w, ");
        }
        self.address(url);
        let _ = write!(
            self.out,
            " {width}w\" sizes=\"(max-width: 45rem) 100vw, 42rem\""
        );
    }

    fn footnote_reference(&mut self, index: u32) {
        let known = self.footnotes.iter().position(|other| *other == index);
        let first = known.is_none();
        let number = known.unwrap_or_else(|| {
            self.footnotes.push(index);
            self.footnotes.len() - 1
        }) + 1;
        let prefix = escape::escape(self.options.id_prefix);
        let label = self.hooks.text("footnote.label");
        let id = if first {
            format!(" id=\"{prefix}fnref-{number}\"")
        } else {
            String::new()
        };
        let _ = write!(
            self.out,
            "<sup class=\"footnote-ref\"><a href=\"#{prefix}fn-{number}\"{id} aria-label=\"{} {number}\">{number}</a></sup>",
            escape::escape(&label)
        );
    }

    fn footnotes(&mut self) {
        if self.footnotes.is_empty() {
            return;
        }
        let title = escape::escape(&self.hooks.text("footnote.title"));
        let back = escape::escape(&self.hooks.text("footnote.back"));
        let prefix = escape::escape(self.options.id_prefix);
        let _ = writeln!(
            self.out,
            "<section class=\"footnotes\" aria-label=\"{title}\"><ol>"
        );
        let mut next = 0;
        // A footnote may refer to another, which then joins the list.
        while next < self.footnotes.len() {
            let index = self.footnotes[next] as usize;
            let number = next + 1;
            let _ = write!(self.out, "<li id=\"{prefix}fn-{number}\">");
            let document = self.document;
            if let Some(footnote) = document.footnotes.get(index) {
                self.blocks(&footnote.blocks, footnote.blocks.len() == 1);
            }
            let _ = writeln!(
                self.out,
                " <a class=\"backref\" href=\"#{prefix}fnref-{number}\" aria-label=\"{back} {number}\">↩</a></li>"
            );
            next += 1;
        }
        self.out.push_str("</ol></section>\n");
    }
}

/// The targets of a document's links and images as their author wrote them.
#[must_use]
pub fn links_as_written(document: &Document) -> Vec<LinkTarget> {
    let mut links = Vec::new();
    document.walk_inlines(&mut |inline| match &inline.kind {
        InlineKind::Link(link) => links.push(LinkTarget::External(link.target.clone())),
        InlineKind::Image(image) => links.push(LinkTarget::External(image.source.clone())),
        _ => {}
    });
    links
}

/// A document by itself, without a site: links as they are written, no theme.
#[must_use]
pub fn render_plain(document: &Document) -> String {
    struct NoTheme;
    impl Hooks for NoTheme {
        fn shortcode(&self, _call: &Shortcode) -> String {
            String::new()
        }
        fn widget(&self, _code: &Code) -> Option<String> {
            None
        }
        fn text(&self, key: &str) -> String {
            key.rsplit('.').next().unwrap_or(key).to_owned()
        }
        fn open_citation(&self, _citation: &Citation, _out: &mut String) -> bool {
            false
        }
        fn image(&self, _url: &Url) -> ImageFacts {
            ImageFacts::default()
        }
    }
    let answers = ResolvedFile {
        links: links_as_written(document),
        ..ResolvedFile::default()
    };
    let from = Url::new("/");
    let options = HtmlOptions {
        from: &from,
        absolute: false,
        deeper: 0,
        id_prefix: "",
        own_anchors: false,
        more: None,
    };
    let config = Config::default();
    render(
        &document.blocks,
        document,
        &answers,
        &Resolved::default(),
        &config,
        &NoTheme,
        options,
    )
    .html
}

/// An address in the site as it is written on the page `from`.
#[must_use]
pub fn write_address(url: &Url, from: &Url, absolute: bool, config: &Config) -> String {
    let mut written = if absolute {
        format!("{}{url}", config.base_path().trim_end_matches('/'))
    } else {
        url.relative_to(from)
    };
    if config.links == LinkStyle::File {
        let at = written.find(['#', '?']).unwrap_or(written.len());
        if (at == 0 || written[..at].ends_with('/')) && at > 0 {
            written.insert_str(at, "index.html");
        }
    }
    written
}

fn last_char(inline: &Inline) -> Option<char> {
    match &inline.kind {
        InlineKind::Text { text, .. } | InlineKind::Code(text) => text.chars().next_back(),
        InlineKind::Emphasis(content)
        | InlineKind::Strong(content)
        | InlineKind::Strikethrough(content)
        | InlineKind::Superscript(content) => content.iter().rev().find_map(last_char),
        InlineKind::Link(link) => link.content.iter().rev().find_map(last_char),
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

fn blank_kind(kind: BlankKind) -> &'static str {
    match kind {
        BlankKind::Line => "line",
        BlankKind::Text => "text",
        BlankKind::Date => "date",
        BlankKind::Money => "money",
        BlankKind::Tel => "tel",
        BlankKind::Number => "number",
    }
}
