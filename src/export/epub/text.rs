//! The pages of an e-book that are written from the book's own text: preface and chapters.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Shelf;
use super::links::{EpubMedium, chapter_path, needs_prefix};
use super::page::Page;
use crate::doc::{Block, BlockKind, walk_blocks};
use crate::export::book::{Part, Passage, QuestionText};
use crate::export::xhtml::{self, Options, Source};
use crate::render::escape;
use crate::resolve::cited::{self, Cited};

/// The preface, when the book has one.
pub(super) fn preface(shelf: &Shelf<'_>) -> Option<Page> {
    let passage = shelf.book.preface?;
    let title = shelf.words.preface;
    let mut writing = Writing::new(shelf);
    let _ = writeln!(
        writing.body,
        "<section epub:type=\"preface\" role=\"doc-preface\" aria-labelledby=\"preface\">\n<h1 id=\"preface\">{title}</h1>"
    );
    writing.ids.insert("preface".to_owned());
    let deeper = shift(passage.blocks, 2);
    writing.passage(passage, deeper, "", shelf.book.section.url.clone());
    writing.body.push_str("</section>\n");
    Some(writing.page("preface.xhtml", title, "preface"))
}

/// A chapter.
pub(super) fn chapter(shelf: &Shelf<'_>, index: usize) -> Page {
    let chapter = &shelf.book.chapters[index];
    let mut writing = Writing::new(shelf);
    // Anchors of questions are theirs, whatever headings inside the chapter are called.
    for question in chapter.questions() {
        writing.ids.insert(question.question.id.clone());
    }
    writing.ids.insert("chapter".to_owned());
    let alone = chapter.alone().map(|own| shelf.words.question(own.number));
    let label = alone.as_deref().or(chapter.label.as_deref());
    let label = label.unwrap_or_default();
    let number = match label {
        "" => String::new(),
        label => {
            let shown = xhtml::with_numbers(label, shelf.book.edition.vertical);
            format!("<span class=\"number\">{shown}</span> ")
        }
    };
    let _ = writeln!(
        writing.body,
        "<section epub:type=\"chapter\" role=\"doc-chapter\" aria-labelledby=\"chapter\">\n<h1 id=\"chapter\">{number}{}</h1>",
        escape::xml(chapter.title)
    );
    if let Some(description) = chapter.description {
        let _ = writeln!(
            writing.body,
            "<p class=\"lead\">{}</p>",
            escape::xml(description)
        );
    }
    let from = shelf.book.site.url(chapter.target);
    let own_ids = needs_prefix(shelf.book, index);
    for part in &chapter.parts {
        match part {
            Part::Passage(passage) => writing.passage(*passage, 0, "", from.clone()),
            Part::Question(question) => {
                writing.question(question, own_ids, alone.is_none());
            }
            Part::Title(title) => {
                let title = escape::xml(title);
                let _ = writeln!(writing.body, "<h2 class=\"group\">{title}</h2>");
            }
        }
    }
    writing.body.push_str("</section>\n");
    let title = format!("{label} {}", chapter.title);
    let title = title.trim().to_owned();
    let entries = std::mem::take(&mut writing.entries);
    Page {
        entries,
        ..writing.page(&chapter_path(index), &title, "chapter")
    }
}

/// How much deeper headings are set, so that the highest of them gets the level `wanted`.
fn shift(blocks: &[Block], wanted: i8) -> i8 {
    let mut highest = 6;
    walk_blocks(blocks, &mut |block| {
        if let BlockKind::Heading(heading) = &block.kind {
            highest = highest.min(heading.level);
        }
    });
    wanted - i8::try_from(highest).unwrap_or(6)
}

/// A page being written.
struct Writing<'a> {
    shelf: &'a Shelf<'a>,
    body: String,
    ids: BTreeSet<String>,
    entries: Vec<(String, String)>,
    math: bool,
}

impl<'a> Writing<'a> {
    fn new(shelf: &'a Shelf<'a>) -> Self {
        Self {
            shelf,
            body: String::new(),
            ids: BTreeSet::new(),
            entries: Vec::new(),
            math: false,
        }
    }

    fn page(self, path: &str, title: &str, kind: &'static str) -> Page {
        Page {
            math: self.math,
            ..Page::new(path, title, kind, self.body)
        }
    }

    fn passage(&mut self, passage: Passage<'a>, deeper: i8, prefix: &str, from: crate::base::Url) {
        let shelf = self.shelf;
        let medium = EpubMedium {
            shelf,
            from,
            file: passage.file,
            prefix,
        };
        let cited = shelf.citations.get(&passage.file);
        let source = Source {
            document: &shelf.book.site.file(passage.file).document,
            answers: &shelf.world.resolved.files[passage.file.index()],
            cited: cited.map(|found| &*found.text).unwrap_or_default(),
        };
        self.write(passage.blocks, source, &medium, deeper);
    }

    fn write(
        &mut self,
        blocks: &'a [Block],
        source: Source<'a>,
        medium: &EpubMedium<'_>,
        deeper: i8,
    ) {
        let shelf = self.shelf;
        let options = Options {
            language: &shelf.book.section.language,
            deeper,
            prefix: medium.prefix,
            popups: true,
        };
        let needs = xhtml::write(
            blocks,
            source,
            medium,
            options,
            &mut self.ids,
            &mut self.body,
        );
        self.math |= needs.math;
    }

    /// A question, under a heading of its own unless it is all of its page.
    fn question(&mut self, question: &QuestionText<'a>, own_ids: bool, headed: bool) {
        let shelf = self.shelf;
        let words = shelf.words;
        let id = &question.question.id;
        let number = words.question(question.number);
        let shown = xhtml::with_numbers(&number, shelf.book.edition.vertical);
        let from = shelf.book.site.page(question.page).url.clone();
        let anchor = escape::xml(id);
        let title = xhtml::with_numbers(&question.question.title, shelf.book.edition.vertical);
        let _ = writeln!(
            self.body,
            "<section class=\"question\" id=\"{anchor}\" aria-label=\"{number}\">"
        );
        if headed {
            let _ = writeln!(
                self.body,
                "<h2><span class=\"number\">{shown}</span> {title}</h2>"
            );
            self.entries
                .push((id.clone(), format!("{number} {}", question.question.title)));
        }
        self.short(question, &from);
        let prefix = format!("{id}-");
        let deeper = shift(question.body.blocks, 3);
        let deeper = if own_ids { deeper } else { 0 };
        self.passage(question.body, deeper, &prefix, from);
        self.basis(question);
        self.body.push_str("</section>\n");
    }

    fn short(&mut self, question: &QuestionText<'a>, from: &crate::base::Url) {
        let prefix = format!("{}-short-", question.question.id);
        if let Some(short) = question.short {
            let start = self.open_short();
            let medium = EpubMedium {
                shelf: self.shelf,
                from: from.clone(),
                file: question.body.file,
                prefix: &prefix,
            };
            let source = short.source(self.shelf.world, self.shelf.citations);
            self.write(&source.document.blocks, source, &medium, 0);
            self.close_short(start);
        }
        if let Some(passage) = question.short_block {
            let start = self.open_short();
            self.passage(passage, 0, &prefix, from.clone());
            self.close_short(start);
        }
    }

    fn open_short(&mut self) -> usize {
        self.body.push_str("<div class=\"short\">");
        self.body.len()
    }

    /// Closes the box begun at `start`; its footnotes, which come last, stand behind it.
    fn close_short(&mut self, start: usize) {
        let notes = self.body[start..].find("<aside class=\"footnote\"");
        let at = notes.map_or(self.body.len(), |at| start + at);
        self.body.insert_str(at, "</div>\n");
    }

    /// The articles a question rests on, each once.
    fn basis(&mut self, question: &QuestionText<'_>) {
        let shelf = self.shelf;
        let mut seen = BTreeSet::new();
        let mut links = Vec::new();
        let file = question.body.file;
        for cited in cited::in_question(shelf.book.site, file, question.question, shelf.citations) {
            let Some(anchor) = shelf.cited.anchor(cited) else {
                continue;
            };
            if seen.insert(anchor.clone()) {
                links.push(format!(
                    "<a href=\"articles.xhtml#{anchor}\">{}</a>",
                    escape::xml(&citation_name(cited))
                ));
            }
        }
        if !links.is_empty() {
            let _ = writeln!(
                self.body,
                "<div class=\"basis\"><p><span class=\"basis-title\">{}</span>{}{}</p></div>",
                shelf.words.basis,
                shelf.words.colon,
                links.join(shelf.words.comma)
            );
        }
    }
}

/// 《民法典》第二十条.
pub(in crate::export) fn citation_name(cited: &Cited) -> String {
    let article = cited.article.map(|article| article.chinese());
    format!("《{}》{}", cited.short, article.unwrap_or_default())
}
