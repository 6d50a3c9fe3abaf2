//! A question → a card to share: its title, the short answer, a QR code, as data for a fixed template.

use serde_json::{Value, json};

use super::epub::cover::COLOR;
use super::leaflet::qr_svg;
use super::words::Words;
use crate::doc::text::{plain_blocks, shorten};
use crate::model::{PageId, Role, Site};

/// The template.
pub const TEMPLATE: &str = include_str!("card.typ");

/// Pixels a point: the card is 600 × 315 points, its picture 1200 × 630 pixels.
pub const SCALE: f64 = 2.0;

/// Most characters of an answer.
const LONGEST: usize = 110;

/// A card before it is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What the template is given.
    pub data: Value,
    /// The QR code of the page's address as SVG, where the site knows its address.
    pub code: Option<String>,
}

/// The card of a question's page; `None` for other pages.
#[must_use]
pub fn compose(site: &Site, id: PageId) -> Option<Card> {
    let page = site.page(id);
    let Role::Question(book, ..) = page.role else {
        return None;
    };
    let section = site.section(site.books[book.index()].section);
    let words = Words::of(&section.language);
    let config = &site.config;
    let code = (!config.base_url.is_empty())
        .then(|| qr_svg(&config.permalink(&page.url)))
        .flatten();
    let color = section
        .file
        .and_then(|file| site.file(file).special.get("cover_color"))
        .and_then(|node| node.value.as_str())
        .or(config.accent.as_deref())
        .filter(|color| super::book::is_color(color));
    let data = json!({
        "title": &*page.title,
        "number": site.question_number(page).map(|number| words.question(number)),
        "answer": shorten(&short(site, id), LONGEST),
        "book": &*section.title,
        "site": config.title_in(&section.language),
        "scan": words.scan,
        "code": code.is_some(),
        "color": color.unwrap_or(COLOR),
        "chinese": section.language.starts_with("zh"),
    });
    Some(Card { data, code })
}

/// The short answer as plain text.
fn short(site: &Site, id: PageId) -> String {
    let page = site.page(id);
    let Some(question) = site.question(page) else {
        return String::new();
    };
    let parsed = site.file(page.file);
    let blocks = &parsed.document.blocks;
    match (parsed.short_answer(question), question.short_block) {
        (Some(short), _) => short,
        (None, Some(block)) => plain_blocks(&blocks[block..=block]),
        (None, None) => String::new(),
    }
}
