//! The cover: the picture the author gives, or one drawn from title and colour, after the title label of a thread-bound book.

use std::fmt::Write;

use super::Shelf;
use super::page::Page;
use crate::export::book::{BookText, is_color};
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

/// The colour of a book: its own, else that of the site.
pub(in crate::export) fn color<'a>(book: &'a BookText<'_>) -> &'a str {
    let accent = book.site.config.accent.as_deref();
    let own = book.edition.color.as_deref();
    own.or(accent.filter(|accent| is_color(accent)))
        .unwrap_or(COLOR)
}

/// Where the title begins.
const TOP: u32 = 150;
/// Widest line.
const LINE: u32 = 1000;

/// The cover as SVG, 1200 units wide. It is laid out from below: what stands at the foot takes its lines, the title has the rest.
pub(in crate::export) fn draw(book: &BookText<'_>, height: u32) -> String {
    let title = book.title();
    let color = color(book);
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{color}\"/>\n\
         <rect x=\"48\" y=\"48\" width=\"1104\" height=\"{}\" fill=\"none\" stroke=\"#fff\" stroke-opacity=\"0.35\" stroke-width=\"4\"/>\n",
        escape::xml(title),
        height - 96
    );
    let by = crate::export::book::by_line(book.site, &book.edition);
    let mut foot = above(&[by.to_owned()], 44, height - 130, &mut svg);
    if let Some(subtitle) = &book.edition.subtitle {
        foot = above(&broken(subtitle, 34), 56, foot - 120, &mut svg);
    }
    let space = (foot - 70).saturating_sub(TOP);
    let han = title.chars().all(crate::doc::text::is_wide);
    let count = title.chars().count();
    if han && count <= 12 {
        label(title, count, color, space, &mut svg);
    } else {
        lines(title, space, &mut svg);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Lines of which the last stands on `last`; gives where the first begins.
fn above(lines: &[String], size: u32, last: u32, svg: &mut String) -> u32 {
    let size = fitting(lines, size);
    let step = size * 4 / 3;
    let mut baseline = last;
    let mut top = last - size;
    for line in lines.iter().rev() {
        text(line.trim(), WIDTH / 2, baseline, size, "#fff", svg);
        top = baseline - size;
        baseline -= step;
    }
    top
}

/// The size at which the widest of some lines fits; a column is half as wide as it is high.
fn fitting(lines: &[String], size: u32) -> u32 {
    let columns = lines.iter().map(|line| columns(line)).max().unwrap_or(1);
    size.min(2 * LINE / columns.max(1))
}

fn columns(text: &str) -> u32 {
    let columns = unicode_width::UnicodeWidthStr::width(text.trim());
    u32::try_from(columns).unwrap_or(u32::MAX)
}

/// A short Chinese title runs down a white label.
fn label(title: &str, count: usize, color: &str, space: u32, svg: &mut String) {
    let count = u32::try_from(count.max(1)).unwrap_or(12);
    let size = (space.saturating_sub(90) / count * 6 / 7).min(150);
    let step = size + size / 6;
    let (width, height) = (size + 110, step * count + 90);
    let (x, y) = ((WIDTH - width) / 2, TOP + space.saturating_sub(height) / 3);
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
fn lines(title: &str, space: u32, svg: &mut String) {
    let lines = broken(title, 16);
    let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let step = (space / count).min(150);
    let size = fitting(&lines, step * 18 / 25);
    let first = TOP + space.saturating_sub(step * count) / 3 + size;
    for (index, line) in (0..).zip(&lines) {
        text(
            line.trim(),
            WIDTH / 2,
            first + step * index,
            size,
            "#fff",
            svg,
        );
    }
}

/// Text in lines of at most so many columns, but for longer words.
fn broken(title: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut width = 0;
    for word in words(title) {
        let own = unicode_width::UnicodeWidthStr::width(word);
        if width > 0 && width + own > most {
            lines.push(String::new());
            width = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
        width += own;
    }
    lines
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of an attribute, in the order they are drawn.
    fn numbers(svg: &str, before: &str) -> Vec<u32> {
        let parts = svg.split(before).skip(1);
        let numbers = parts.filter_map(|part| part.split('"').next()?.parse().ok());
        numbers.collect()
    }

    #[test]
    fn a_long_title_leaves_room_for_what_stands_below() {
        for count in [1, 5, 12] {
            let title: String = "法".repeat(count);
            let mut svg = String::new();
            label(&title, count, COLOR, 800, &mut svg);
            let bottom = numbers(&svg, " y=\"")[0] + numbers(&svg, " height=\"")[0];
            assert!(bottom <= TOP + 800, "{count}: {svg}");
        }
        for title in ["Law ".repeat(30), "法律与生活：".repeat(12), "x".repeat(60)] {
            let mut svg = String::new();
            lines(&title, 800, &mut svg);
            let baselines = numbers(&svg, "\" y=\"");
            assert!(baselines.iter().all(|y| *y <= TOP + 800), "{title}: {svg}");
            let size = numbers(&svg, "font-size=\"")[0];
            let widest = broken(&title, 16).iter().map(|line| columns(line)).max();
            assert!(
                widest.is_some_and(|columns| columns * size / 2 <= LINE),
                "{svg}"
            );
        }
    }

    #[test]
    fn lines_at_the_foot_grow_upwards() {
        let mut svg = String::new();
        let lines = broken(
            "给居民、务工人员和经营者的一百个常见法律问题与答案，附条文索引",
            34,
        );
        let top = above(&lines, 56, 1300, &mut svg);
        assert_eq!(lines.len(), 2);
        assert_eq!(numbers(&svg, "\" y=\""), [1300, 1226]);
        assert_eq!(top, 1170);
    }
}
