//! The cover: the picture the author gives, or one drawn from title and colour, after the title label of a thread-bound book.

use std::fmt::Write;

use super::Shelf;
use super::page::Page;
use crate::export::book::BookText;
use crate::render::escape;

const WIDTH: u32 = 1200;

/// Height of a cover as screens like it, to a width of 1200.
pub(in crate::export) const SCREEN: u32 = 1600;

/// Height of a cover of A5 or A4 paper, to a width of 1200.
pub(in crate::export) const PRINT: u32 = 1697;

/// Colour of covers that name none.
pub(in crate::export) const COLOR: &str = "#8c1d18";

/// The cover's page.
pub(super) fn page(shelf: &Shelf<'_>) -> Page {
    let source = shelf.places.cover.as_deref().unwrap_or("cover.svg");
    let body = format!(
        "<section class=\"cover\" epub:type=\"cover\"><p><img src=\"{}\" alt=\"{}{}{}\" role=\"doc-cover\"/></p></section>\n",
        escape::url(source),
        shelf.words.cover,
        shelf.words.colon,
        escape::xml(shelf.book.title())
    );
    Page::new("cover.xhtml", shelf.words.cover, "cover", body)
}

/// The cover as SVG, 1200 units wide.
pub(in crate::export) fn draw(book: &BookText<'_>, height: u32) -> String {
    let title = book.title();
    let color = book.edition.color.as_deref().unwrap_or(COLOR);
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{color}\"/>\n\
         <rect x=\"48\" y=\"48\" width=\"1104\" height=\"{}\" fill=\"none\" stroke=\"#fff\" stroke-opacity=\"0.35\" stroke-width=\"4\"/>\n",
        escape::xml(title),
        height - 96
    );
    let han = title.chars().all(crate::doc::text::is_wide);
    let count = title.chars().count();
    if han && count <= 12 {
        label(title, count, color, &mut svg);
    } else {
        lines(title, &mut svg);
    }
    if let Some(subtitle) = &book.edition.subtitle {
        text(subtitle, 600, height - 380, 56, "#fff", &mut svg);
    }
    let config = &book.site.config;
    let by = book
        .edition
        .publisher
        .as_ref()
        .or(book.edition.author.as_ref())
        .or(config.author.as_ref());
    text(
        by.map_or(&config.title, |by| by),
        600,
        height - 130,
        44,
        "#fff",
        &mut svg,
    );
    svg.push_str("</svg>\n");
    svg
}

/// A short Chinese title runs down a white label.
fn label(title: &str, count: usize, color: &str, svg: &mut String) {
    let count = u32::try_from(count.max(1)).unwrap_or(12);
    let size = (960 / count).min(150);
    let step = size + size / 6;
    let (width, height) = (size + 110, step * count + 90);
    let (x, y) = (
        (WIDTH - width) / 2,
        150 + (1000_u32.saturating_sub(height)) / 3,
    );
    let _ = writeln!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"4\"/>",
        x + 14,
        y + 14,
        width - 28,
        height - 28
    );
    for (index, c) in (0..).zip(title.chars()) {
        let baseline = y + 45 + step * index + size - size / 8;
        text(&c.to_string(), WIDTH / 2, baseline, size, "#1a1a1a", svg);
    }
}

/// Any other title is broken into lines.
fn lines(title: &str, svg: &mut String) {
    let mut lines: Vec<String> = vec![String::new()];
    let mut width = 0;
    for word in words(title) {
        let own = unicode_width::UnicodeWidthStr::width(word);
        if width > 0 && width + own > 16 {
            lines.push(String::new());
            width = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
        width += own;
    }
    for (index, line) in (0..).zip(lines.iter().take(7)) {
        text(line.trim(), 600, 420 + 150 * index, 108, "#fff", svg);
    }
}

/// Words with the space behind them; each wide character is one.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c == ' ' || crate::doc::text::is_wide(c) {
            words.push(&text[start..end]);
            start = end;
        }
    }
    words.push(&text[start..]);
    words
}

fn text(text: &str, x: u32, y: u32, size: u32, color: &str, svg: &mut String) {
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{color}\" text-anchor=\"middle\" font-family=\"'Source Han Serif SC','Noto Serif CJK SC','Songti SC',SimSun,serif\">{}</text>",
        escape::xml(text)
    );
}
