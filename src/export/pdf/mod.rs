//! A book → what is needed to print it: its pages as data for a fixed template, and the pictures. The typesetter
//! ([`super::typeset`]) makes a PDF of it.
//!
//! The pages are those of the e-book ([`super::epub`]); what differs in print is done here: articles of law are notes below
//! the text instead of an appendix, and indexes name pages. The words of a book reach the template as strings of a JSON
//! file, so nothing an author writes is ever run.

pub(super) mod math;
mod node;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Content;
use super::epub::{self, Shelf, cover, page::Page};
use crate::config::Paper;
use crate::render::escape;
use crate::resolve::cited::CitedArticle;
use node::Node;
use shape::Shaper;

/// The template.
pub const TEMPLATE: &str = include_str!("book.typ");

/// How a book is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Setting {
    /// The paper.
    pub paper: Paper,
    /// Letters of 16 points, for those who see little.
    pub large: bool,
}

/// A book ready to be set.
#[derive(Clone, Debug)]
pub struct Manuscript {
    /// What the template is given: `book.json`.
    pub data: Value,
    /// Pictures by path: `images/001.png`, `cover.svg`.
    pub pictures: BTreeMap<String, Content>,
    /// A name that stays the same over editions.
    pub name: String,
}

/// A book before its pages are taken apart: enough to know whether it says what it said before.
#[derive(Debug)]
pub struct Draft {
    pages: Vec<Page>,
    /// The index of laws, in the place of the page that has its path.
    laws: Vec<Value>,
    title: Map<String, Value>,
    articles: Map<String, Value>,
    name: String,
    /// Pictures by path.
    pub pictures: BTreeMap<String, Content>,
}

/// Drafts the print edition of a book, whose pages they are.
pub(super) fn draft(shelf: &Shelf<'_>, mut pages: Vec<Page>, setting: Setting) -> Draft {
    pages.retain(|page| !matches!(page.kind, "cover" | "appendix"));
    let mut title = title(shelf);
    title.insert("layout".to_owned(), layout(setting));
    Draft {
        pages,
        laws: law_index(shelf, shelf.words.law_index),
        title,
        articles: articles(shelf),
        name: shelf.book.name().to_owned(),
        pictures: pictures(shelf),
    }
}

impl Draft {
    /// Told all that the book says, pictures left out.
    pub fn say(&self, mut told: impl FnMut(&str)) {
        for page in &self.pages {
            told(&page.body);
        }
        told(&json!([&self.title, &self.articles]).to_string());
    }

    /// Takes the pages apart for the template.
    #[must_use]
    pub fn finish(self) -> Manuscript {
        let pages: Vec<(&Page, Vec<Node>)> = self
            .pages
            .iter()
            .map(|page| (page, node::read(&page.body)))
            .collect();
        let mut shaper = Shaper::new(self.articles.keys().map(String::as_str));
        let mut parts: [Vec<Value>; 3] = Default::default();
        for (page, nodes) in &pages {
            let shaped = if page.path == epub::LAWS {
                self.laws.clone()
            } else {
                shaper.page(&page.path, nodes)
            };
            parts[place(page.kind)].push(Value::Array(shaped));
        }
        for part in parts.iter_mut().flatten() {
            if let Value::Array(values) = part {
                shaper.settle(values);
            }
        }
        let [front, body, back] = parts;
        let mut data = self.title;
        data.extend([
            ("front".to_owned(), Value::Array(front)),
            ("body".to_owned(), Value::Array(body)),
            ("back".to_owned(), Value::Array(back)),
            ("articles".to_owned(), Value::Object(self.articles)),
        ]);
        Manuscript {
            data: Value::Object(data),
            pictures: self.pictures,
            name: self.name,
        }
    }
}

/// Before, in or behind the text.
fn place(kind: &str) -> usize {
    match kind {
        "copyright-page" | "preface" => 0,
        "chapter" => 1,
        _ => 2,
    }
}

/// What the title page and the document's properties say.
fn title(shelf: &Shelf<'_>) -> Map<String, Value> {
    let book = shelf.book;
    let config = &book.site.config;
    let edition = &book.edition;
    let front = book.section.file.map(|file| &book.site.file(file).front);
    let author = edition.author.as_ref().or(config.author.as_ref());
    let modified = book.modified();
    let language = book.section.language.split_once('-');
    let (language, region) = language.unwrap_or((&book.section.language, ""));
    // A region is two letters; `Hans` is a script.
    let region = (region.len() == 2).then_some(region);
    let chinese = language == "zh";
    let terms = book
        .questions()
        .flat_map(|(_, question)| &question.question.fields.terms);
    let keywords: std::collections::BTreeSet<&String> = terms.collect();
    let words = shelf.words;
    let Value::Object(map) = json!({
        "title": book.title(),
        "author": author.unwrap_or(&config.title),
        "description": front.and_then(|front| front.description.clone()).or_else(|| edition.subtitle.clone()).unwrap_or_default(),
        "keywords": keywords,
        "language": [language, region.unwrap_or(if chinese { "cn" } else { "us" })],
        "date": [modified.year(), modified.month(), modified.day()],
        "color": cover::color(book),
        "cover": format!("/{}", shelf.places.cover.as_deref().unwrap_or(COVER)),
        "cover-alt": format!("{}{}{}", words.cover, words.colon, book.title()),
        "words": {
            "contents": words.contents,
            "gist": words.gist,
            "colon": words.colon,
            "page": words.on_page,
        },
    }) else {
        return Map::new();
    };
    map
}

const COVER: &str = "cover.svg";

/// Millimetres and points.
fn layout(setting: Setting) -> Value {
    let (width, height) = match setting.paper {
        Paper::A5 => (148, 210),
        Paper::A4 => (210, 297),
    };
    let (inside, outside, top, bottom) = match (setting.paper, setting.large) {
        (Paper::A5, false) => (20, 16, 20, 20),
        (Paper::A5, true) => (16, 12, 18, 18),
        (Paper::A4, _) => (28, 24, 26, 25),
    };
    let (size, note) = match (setting.paper, setting.large) {
        (_, true) => (16.0, 14.0),
        (Paper::A5, false) => (10.5, 8.2),
        (Paper::A4, false) => (12.0, 9.2),
    };
    json!({
        "width": width,
        "height": height,
        "inside": inside,
        "outside": outside,
        "top": top,
        "bottom": bottom,
        "size": size,
        "note": note,
    })
}

/// The articles the library has the text of, by anchor.
fn articles(shelf: &Shelf<'_>) -> Map<String, Value> {
    let entries = shelf.cited.laws.values().flat_map(BTreeMap::values);
    entries
        .filter(|entry| !entry.cited.text.is_empty())
        .filter_map(|entry| {
            let anchor = shelf.cited.anchor(&entry.cited)?;
            let note = json!({
                "name": epub::text::citation_name(&entry.cited),
                "text": entry.cited.text,
                "gist": entry.cited.gist,
            });
            Some((anchor, note))
        })
        .collect()
}

/// The index of laws: each law once, its articles below it with the questions that cite them.
fn law_index(shelf: &Shelf<'_>, title: &str) -> Vec<Value> {
    let laws: Vec<Value> = shelf
        .cited
        .laws
        .values()
        .filter_map(|articles| {
            let entries: Vec<Value> = articles
                .values()
                .map(|entry| law_entry(shelf, entry))
                .collect();
            let first = articles.values().next()?;
            Some(json!({"t": "law", "name": format!("《{}》", first.cited.short), "c": entries}))
        })
        .collect();
    vec![
        json!({"t": "h", "l": 1, "listed": true, "c": [title]}),
        json!({"t": "hint", "c": [shelf.words.index_hint]}),
        json!({"t": "laws", "c": laws}),
    ]
}

fn law_entry(shelf: &Shelf<'_>, entry: &CitedArticle) -> Value {
    let words = shelf.words;
    let article = entry.cited.article.map(|article| article.chinese());
    let article = article.unwrap_or_else(|| words.whole_law.to_owned());
    let mut parts = vec![json!(format!("{article}{}", words.colon))];
    let book = &shelf.book.site.books[shelf.book.id.index()];
    let texts = entry.texts.iter().filter_map(|file| shelf.text_of(*file));
    for (to, name) in texts.collect::<BTreeSet<_>>() {
        if parts.len() > 1 {
            parts.push(json!(words.comma));
        }
        parts.push(json!({"t": "to", "to": to, "page": true, "c": [name]}));
    }
    for place in &entry.questions {
        if parts.len() > 1 {
            parts.push(json!(words.comma));
        }
        if let Some(to) = shelf.places.question(book.questions[*place]) {
            let to = escape::url(&to).replace("&amp;", "&");
            let number = book.numbers[*place].to_string();
            parts.push(json!({"t": "to", "to": to, "page": true, "c": [number]}));
        }
    }
    json!({"t": "row", "c": parts})
}

fn pictures(shelf: &Shelf<'_>) -> BTreeMap<String, Content> {
    let mut pictures: BTreeMap<String, Content> = shelf
        .places
        .used_images()
        .into_iter()
        .map(|(path, asset)| (path, Content::book_picture(asset)))
        .collect();
    if shelf.book.edition.cover.is_none() {
        let drawn = cover::draw(shelf.book, cover::PRINT);
        pictures.insert(COVER.to_owned(), Content::Text(drawn));
    }
    pictures
}
