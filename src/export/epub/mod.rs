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
mod cover;
mod links;
mod package;
mod page;
mod text;

use std::sync::Arc;

use super::Bundle;
use super::Content;
use super::book::BookText;
use super::citation::{self, CitationTable, CitedArticles};
use super::numbering::Numbers;
use super::words::Words;
use crate::diag::Diagnostic;
use crate::model::BookId;
use crate::render::{Scene, World};
use links::Places;
use page::Page;

/// Composes the e-book of a book.
#[must_use]
pub fn compose(world: &Arc<World>, id: BookId, numbers: &Numbers) -> Bundle {
    let mut diagnostics = Vec::new();
    let book = BookText::new(&world.site, id, numbers, &mut diagnostics);
    if book.questions().next().is_none() {
        diagnostics.push(no_questions(&book));
    }
    let citations = citation::of_world(world, book.files());
    let cited = cited_articles(&book, &citations);
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
    let pages = pages(&shelf);
    diagnostics.extend(shelf.scene.take_problems());
    let mut bundle = bind(&shelf, &pages);
    bundle.diagnostics = diagnostics;
    crate::diag::sort(&mut bundle.diagnostics);
    bundle
}

/// Everything the pages of an e-book are written from.
struct Shelf<'a> {
    world: &'a Arc<World>,
    book: &'a BookText<'a>,
    words: &'static Words,
    cited: &'a CitedArticles,
    citations: &'a CitationTable,
    places: &'a Places,
    scene: Arc<Scene>,
}

fn no_questions(book: &BookText<'_>) -> Diagnostic {
    let diagnostic = match book.section.file {
        Some(file) => Diagnostic::in_file("book-empty", &book.site.file(file).path),
        None => Diagnostic::new("book-empty"),
    };
    diagnostic.with("book", book.title())
}

/// The articles the questions cite, with the questions that cite them.
fn cited_articles(book: &BookText<'_>, citations: &CitationTable) -> CitedArticles {
    let mut articles = CitedArticles::default();
    for (_, question) in book.questions() {
        for cited in text::cited_in(book.site, question, citations) {
            articles.add(cited, question.place);
        }
    }
    articles
}

fn pages(shelf: &Shelf<'_>) -> Vec<Page> {
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

fn bind(shelf: &Shelf<'_>, pages: &[Page]) -> Bundle {
    let mut bundle = Bundle::default();
    let images = shelf.places.used_images();
    bundle.text("mimetype", "application/epub+zip".to_owned());
    bundle.text("META-INF/container.xml", package::CONTAINER.to_owned());
    bundle.text("EPUB/package.opf", package::package(shelf, pages, &images));
    bundle.text("EPUB/nav.xhtml", package::nav(shelf, pages));
    bundle.text("EPUB/toc.ncx", package::ncx(shelf, pages));
    bundle.text("EPUB/style.css", page::style(shelf.book));
    if shelf.book.edition.cover.is_none() {
        bundle.text("EPUB/cover.svg", cover::draw(shelf.book));
    }
    for page in pages {
        bundle.text(&format!("EPUB/{}", page.path), page.xhtml(shelf));
    }
    for (path, asset) in images {
        bundle
            .files
            .push((format!("EPUB/{path}"), Content::Asset(asset)));
    }
    bundle
}
