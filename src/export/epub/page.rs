//! The frame of an e-book's page, and the style sheet.

use super::Shelf;
use crate::export::book::BookText;
use crate::render::escape;

/// A page before it is framed.
#[derive(Debug)]
pub(in crate::export) struct Page {
    /// Its path in the e-book: `chapter-01.xhtml`.
    pub(in crate::export) path: String,
    /// Its title in the contents.
    pub(in crate::export) title: String,
    /// What it is, in the vocabulary of `epub:type`.
    pub(in crate::export) kind: &'static str,
    /// Its body.
    pub(in crate::export) body: String,
    /// What stands below it in the contents: anchor and title.
    pub(super) entries: Vec<(String, String)>,
    /// Whether it holds formulas.
    pub(super) math: bool,
}

impl Page {
    /// A page without formulas and without entries of its own.
    pub(super) fn new(path: &str, title: &str, kind: &'static str, body: String) -> Self {
        Self {
            path: path.to_owned(),
            title: title.to_owned(),
            kind,
            body,
            entries: Vec::new(),
            math: false,
        }
    }

    /// The whole file.
    pub(super) fn xhtml(&self, shelf: &Shelf<'_>) -> String {
        frame(
            &shelf.book.section.language,
            &format!("{} · {}", self.title, shelf.book.title()),
            self.kind,
            &self.body,
        )
    }
}

/// A body in its frame.
pub(super) fn frame(language: &str, title: &str, kind: &str, body: &str) -> String {
    let language = escape::xml(language);
    let title = escape::xml(title);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{language}\" xml:lang=\"{language}\">\n\
         <head>\n<meta charset=\"utf-8\"/>\n<title>{title}</title>\n<link rel=\"stylesheet\" href=\"style.css\"/>\n</head>\n\
         <body epub:type=\"{}\">\n{body}</body>\n</html>\n",
        matter(kind)
    )
}

/// Whether a page stands before, in or behind the text.
fn matter(kind: &str) -> &'static str {
    match kind {
        "cover" | "copyright-page" | "preface" | "toc" => "frontmatter",
        "chapter" => "bodymatter",
        _ => "backmatter",
    }
}

/// The style sheet.
pub(super) fn style(book: &BookText<'_>) -> String {
    let mut css = include_str!("style.css").to_owned();
    if book.edition.vertical {
        css.push_str(include_str!("vertical.css"));
    }
    css
}
