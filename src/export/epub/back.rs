//! The pages of an e-book that are made from the whole: imprint, legal notice, articles cited, indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::Shelf;
use super::links::{EpubMedium, term_anchor};
use super::page::Page;
use super::text::citation_name;
use crate::base::ArticleNo;
use crate::export::address::rooted;
use crate::export::book::imprint_facts;
use crate::export::fragment::{self, Place};
use crate::export::xhtml;
use crate::model::pinyin_key;
use crate::render::escape;
use crate::render::raw_html::Open;
use crate::resolve::cited::CitedArticle;

/// Who made the book and when.
pub(super) fn imprint(shelf: &Shelf<'_>) -> Page {
    let words = shelf.words;
    let edition = &shelf.book.edition;
    let config = &shelf.world.site.config;
    let address = (!config.base_url.is_empty()).then(|| config.permalink(&shelf.book.section.url));
    let mut body = format!(
        "<section class=\"imprint\" epub:type=\"copyright-page\" aria-labelledby=\"imprint\">\n<h1 id=\"imprint\">{}</h1>\n<dl>\n",
        words.imprint
    );
    for (name, value) in imprint_facts(&shelf.world.site, shelf.book.id, edition) {
        let _ = writeln!(body, "<dt>{name}</dt><dd>{}</dd>", escape::xml(&value));
    }
    if let Some(address) = address {
        let _ = writeln!(
            body,
            "<dt>{}</dt><dd><a class=\"url\" href=\"{}\">{}</a></dd>",
            words.address,
            escape::url(&address),
            escape::xml(&address)
        );
    }
    body.push_str("</dl>\n");
    match &edition.imprint {
        Some(text) => markdown(shelf, text, &mut body),
        None => {
            let _ = writeln!(body, "<p>{}</p>", escape::xml(words.disclaimer));
        }
    }
    body.push_str("</section>\n");
    Page::new("imprint.xhtml", words.imprint, "copyright-page", body)
}

/// Markdown of the book's `_index.md`.
fn markdown(shelf: &Shelf<'_>, text: &str, body: &mut String) {
    let Some(file) = shelf.book.section.file else {
        return;
    };
    let html = crate::render::page::fragment(&shelf.scene, Some(file), text);
    let medium = EpubMedium {
        shelf,
        from: shelf.scene.url.clone(),
        file,
        prefix: "",
    };
    let (mut ids, mut open) = (BTreeSet::new(), Open::default());
    let html = rooted(&html, &shelf.scene.url);
    fragment::push(&html, Place::Block, &medium, &mut ids, &mut open, body);
    fragment::close(&mut open, Place::Block, body);
}

/// The legal notice, when the book has one.
pub(super) fn legal_notice(shelf: &Shelf<'_>) -> Option<Page> {
    let text = shelf.book.edition.legal_notice.as_deref()?;
    let title = shelf.words.legal_notice;
    let mut body =
        format!("<section aria-labelledby=\"notice\">\n<h1 id=\"notice\">{title}</h1>\n");
    markdown(shelf, text, &mut body);
    body.push_str("</section>\n");
    Some(Page::new("notice.xhtml", title, "afterword", body))
}

/// The articles cited, with their words where the library has them.
pub(super) fn articles(shelf: &Shelf<'_>) -> Option<Page> {
    if shelf.cited.is_empty() {
        return None;
    }
    let words = shelf.words;
    let title = words.cited_laws;
    let mut body = format!(
        "<section epub:type=\"appendix\" role=\"doc-appendix\" aria-labelledby=\"articles\">\n<h1 id=\"articles\">{title}</h1>\n"
    );
    let mut entries = Vec::new();
    for (number, ((_, law), articles)) in (1..).zip(&shelf.cited.laws) {
        // The law as a whole has this anchor too, when it is cited so.
        let anchor = format!("law-{number}");
        let _ = writeln!(
            body,
            "<section aria-labelledby=\"{anchor}\">\n<h2 id=\"{anchor}\">{}</h2>",
            escape::xml(law)
        );
        entries.push((anchor.clone(), law.clone()));
        for (article, entry) in articles {
            body.push_str("<div class=\"article\">");
            if let Some(article) = article {
                let gist = if entry.cited.gist {
                    format!(" <span class=\"gist\">（{}）</span>", words.gist)
                } else {
                    String::new()
                };
                let _ = writeln!(
                    body,
                    "<h3 id=\"{anchor}-{}\">{}{gist}</h3>",
                    article.anchor(),
                    article.chinese()
                );
            }
            for paragraph in &entry.cited.text {
                let _ = writeln!(body, "<p>{}</p>", escape::xml(paragraph));
            }
            let _ = writeln!(
                body,
                "<p class=\"lead\">{}</p></div>",
                places_of(shelf, entry)
            );
        }
        body.push_str("</section>\n");
    }
    body.push_str("</section>\n");
    Some(Page {
        entries,
        ..Page::new("articles.xhtml", title, "appendix", body)
    })
}

/// The index of laws: article → questions.
pub(super) fn law_index(shelf: &Shelf<'_>) -> Option<Page> {
    if shelf.cited.is_empty() {
        return None;
    }
    let title = shelf.words.law_index;
    let mut body = index_head(title, "law-index");
    for articles in shelf.cited.laws.values() {
        for entry in articles.values() {
            let name = match entry.cited.article {
                Some(_) => citation_name(&entry.cited),
                None => format!(
                    "{}（{}）",
                    citation_name(&entry.cited),
                    shelf.words.whole_law
                ),
            };
            let anchor = shelf.cited.anchor(&entry.cited).unwrap_or_default();
            let _ = writeln!(
                body,
                "<li><a href=\"articles.xhtml#{anchor}\">{}</a>{}{}</li>",
                escape::xml(&name),
                shelf.words.colon,
                places_of(shelf, entry)
            );
        }
    }
    body.push_str("</ul>\n</section>\n");
    Some(Page::new(super::LAWS, title, "index", body))
}

/// The index of terms by pinyin: term, what it means, questions.
pub(super) fn term_index(shelf: &Shelf<'_>) -> Option<Page> {
    let mut terms: BTreeMap<(String, &str), Vec<usize>> = BTreeMap::new();
    for (_, question) in shelf.book.questions() {
        for name in &question.question.fields.terms {
            let places = terms.entry((pinyin_key(name), name.as_str())).or_default();
            if places.last() != Some(&question.place) {
                places.push(question.place);
            }
        }
    }
    if terms.is_empty() {
        return None;
    }
    let title = shelf.words.term_index;
    let mut body = index_head(title, "term-index");
    let glossary = &shelf.world.resolved.glossary.terms;
    let mut anchors = BTreeSet::new();
    for ((_, name), places) in &terms {
        let gist = glossary
            .iter()
            .find(|term| term.name == *name)
            .map(|term| format!("<span class=\"gist\">{}</span>", escape::xml(&term.gist)))
            .unwrap_or_default();
        let anchor = term_anchor(name);
        let id = if anchors.insert(anchor.clone()) {
            format!(" id=\"{anchor}\"")
        } else {
            String::new()
        };
        let _ = writeln!(
            body,
            "<li{id}>{}{}{}{gist}</li>",
            escape::xml(name),
            shelf.words.colon,
            references(shelf, places)
        );
    }
    body.push_str("</ul>\n</section>\n");
    Some(Page::new("terms.xhtml", title, "index", body))
}

fn index_head(title: &str, anchor: &str) -> String {
    format!(
        "<section epub:type=\"index\" role=\"doc-index\" aria-labelledby=\"{anchor}\">\n<h1 id=\"{anchor}\">{title}</h1>\n<ul class=\"index\">\n"
    )
}

/// Links to where an article is cited: 前言、第 3 问.
fn places_of(shelf: &Shelf<'_>, entry: &CitedArticle) -> String {
    let texts = entry.texts.iter().filter_map(|file| shelf.text_of(*file));
    let texts: BTreeSet<(String, String)> = texts.collect();
    let links = texts.iter().map(|(path, name)| {
        let name = escape::xml(name);
        format!("<a href=\"{path}\">{name}</a>")
    });
    let questions = Some(references(shelf, &entry.questions));
    let all: Vec<String> = links
        .chain(questions.filter(|all| !all.is_empty()))
        .collect();
    all.join(shelf.words.comma)
}

/// Links to questions: 第 3 问、第 7 问.
fn references(shelf: &Shelf<'_>, places: &[usize]) -> String {
    let book = &shelf.book.site.books[shelf.book.id.index()];
    let links: Vec<String> = places
        .iter()
        .filter_map(|place| {
            let address = shelf.places.question(*book.questions.get(*place)?)?;
            Some(link(&address, *book.numbers.get(*place)?, shelf))
        })
        .collect();
    links.join(shelf.words.comma)
}

fn link(address: &str, number: ArticleNo, shelf: &Shelf<'_>) -> String {
    format!(
        "<a href=\"{}\">{}</a>",
        escape::url(address),
        xhtml::with_numbers(&shelf.words.question(number), shelf.book.edition.vertical)
    )
}
