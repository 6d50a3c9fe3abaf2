//! A book → EPUB 3.3: a file for each chapter, contents that lead to every question, footnotes that pop up, an appendix of
//! the articles cited, indexes, a cover.
//!
//! ```text
//! mimetype  META-INF/container.xml
//! EPUB/package.opf nav.xhtml toc.ncx style.css cover.svg
//! EPUB/cover.xhtml imprint.xhtml preface.xhtml chapter-01.xhtml … articles.xhtml laws.xhtml terms.xhtml
//! EPUB/images/…
//! ```

mod back;
pub(super) mod cover;
pub(super) mod links;
mod package;
pub(super) mod page;
pub(super) mod text;

use std::sync::Arc;

use super::Bundle;
use super::Content;
use super::book::{BookText, Part};
use super::words::Words;
use crate::diag::Diagnostic;
use crate::model::{BookId, FileId};
use crate::render::{Scene, World};
use crate::resolve::cited::{self, CitationTable, CitedArticles};
use links::Places;
use page::Page;

/// Path of the index of laws.
pub(super) const LAWS: &str = "laws.xhtml";

/// Lays out what the pages of a book are written from, and makes something of it; with the problems met.
pub(super) fn with_shelf<T>(
    world: &Arc<World>,
    id: BookId,
    make: impl FnOnce(&Shelf<'_>) -> T,
) -> (T, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let book = BookText::new(&world.site, id, &mut diagnostics);
    if book.questions().next().is_none() {
        diagnostics.push(no_questions(&book));
    }
    let citations = cited::of_files(&world.site, &world.resolved, book.files());
    let cited = CitedArticles::of_book(&world.site, &world.site.books[id.index()], &citations);
    let places = Places::new(world, &book, &cited);
    let shelf = Shelf {
        world,
        book: &book,
        words: Words::of(&book.section.language),
        cited: &cited,
        citations: &citations,
        places: &places,
        scene: Arc::new(Scene::new(
            world,
            crate::model::Target::Section(world.site.books[id.index()].section, 1),
        )),
    };
    let made = make(&shelf);
    diagnostics.extend(shelf.scene.take_problems());
    diagnostics.extend(places.take_problems());
    crate::diag::sort(&mut diagnostics);
    (made, diagnostics)
}

/// Everything the pages of an e-book are written from.
pub(super) struct Shelf<'a> {
    pub(super) world: &'a Arc<World>,
    pub(super) book: &'a BookText<'a>,
    pub(super) words: &'static Words,
    pub(super) cited: &'a CitedArticles,
    citations: &'a CitationTable,
    pub(super) places: &'a Places,
    scene: Arc<Scene>,
}

impl Shelf<'_> {
    /// The page text of a file stands on that is in no question, and what to call it: the preface, or the chapter.
    pub(super) fn text_of(&self, file: FileId) -> Option<(String, String)> {
        let preface = self.book.preface.map(|preface| preface.file);
        if preface == Some(file) {
            return Some(("preface.xhtml".to_owned(), self.words.preface.to_owned()));
        }
        let holds = |part: &Part<'_>| matches!(part, Part::Passage(own) if own.file == file);
        let mut chapters = self.book.chapters.iter();
        let at = chapters.position(|chapter| chapter.parts.iter().any(holds))?;
        let chapter = &self.book.chapters[at];
        let name = chapter.label.as_deref().unwrap_or(chapter.title);
        Some((links::chapter_path(at), name.to_owned()))
    }
}

fn no_questions(book: &BookText<'_>) -> Diagnostic {
    let diagnostic = match book.section.file {
        Some(file) => Diagnostic::in_file("book-empty", &book.site.file(file).path),
        None => Diagnostic::new("book-empty"),
    };
    diagnostic.with("book", book.title())
}

/// The pages of a book in their order.
pub(super) fn pages(shelf: &Shelf<'_>) -> Vec<Page> {
    let mut pages = vec![cover::page(shelf), back::imprint(shelf)];
    pages.extend(text::preface(shelf));
    for index in 0..shelf.book.chapters.len() {
        pages.push(text::chapter(shelf, index));
    }
    pages.extend(back::legal_notice(shelf));
    pages.extend(back::articles(shelf));
    pages.extend(back::law_index(shelf));
    pages.extend(back::term_index(shelf));
    pages
}

/// Puts the pages into an e-book.
pub(super) fn bind(shelf: &Shelf<'_>, pages: &[Page]) -> Bundle {
    let mut bundle = Bundle::default();
    let images = shelf.places.used_images();
    bundle.text("mimetype", "application/epub+zip".to_owned());
    bundle.text("META-INF/container.xml", package::CONTAINER.to_owned());
    bundle.text("EPUB/package.opf", package::package(shelf, pages, &images));
    bundle.text("EPUB/nav.xhtml", package::nav(shelf, pages));
    bundle.text("EPUB/toc.ncx", package::ncx(shelf, pages));
    bundle.text("EPUB/style.css", page::style(shelf.book));
    if shelf.book.edition.cover.is_none() {
        bundle.text("EPUB/cover.svg", cover::draw(shelf.book, cover::SCREEN));
    }
    for page in pages {
        bundle.text(&format!("EPUB/{}", page.path), page.xhtml(shelf));
    }
    for (path, asset) in images {
        bundle
            .files
            .push((format!("EPUB/{path}"), Content::book_picture(asset)));
    }
    bundle
}
