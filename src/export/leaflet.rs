//! A page or a term → one sheet of A4 to print: title, three to six questions with short answers, hotline, QR code.

use std::fmt::Write;
use std::sync::Arc;

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::away::Away;
use super::book::ShortAnswer;
use super::words::Words;
use super::{Bundle, Content, PAGE};
use crate::diag::Diagnostic;
use crate::doc::text::reading_length;
use crate::model::{PageId, Role, Site, Target};
use crate::render::{World, escape};
use crate::resolve::LinkTarget;

/// As many questions as a sheet holds.
const MOST: usize = 6;
/// Fewer leave it half empty.
const FEWEST: usize = 3;
/// As many characters as a sheet holds.
const LONGEST: usize = 900;

/// How the sheet is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Not at all.
    Flat,
    /// Twice: three columns.
    Three,
}

impl Fold {
    /// The ways by name.
    pub const NAMES: [(&'static str, Self); 2] = [("flat", Self::Flat), ("three", Self::Three)];
}

/// A leaflet before it is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaflet {
    /// Its title.
    pub title: String,
    /// A few lines before the questions, as XHTML.
    pub intro: String,
    /// Questions and short answers, the answers as XHTML.
    pub questions: Vec<(String, String)>,
    /// How it is folded.
    pub fold: Fold,
    /// The address of the page with the whole answers.
    pub address: Option<String>,
}

/// Composes the sheet: [`PAGE`], and the pictures of its texts, which go into `folder` beside it. Folded as asked, else as the page says.
#[must_use]
pub fn compose(world: &Arc<World>, target: Target, fold: Option<Fold>, folder: &str) -> Bundle {
    let site = &world.site;
    let away = Away::new(world, target, folder);
    let (title, own, questions) = choose(site, target);
    let fold = fold.unwrap_or(own);
    let mut bundle = Bundle::default();
    if let Target::Page(id) = target {
        bundle.diagnostics = listed(site, id).problems;
    }
    if crate::diag::has_errors(&bundle.diagnostics) {
        return bundle;
    }
    if questions.is_empty() {
        let problem = Diagnostic::new("leaflet-empty").with("page", &title);
        bundle.diagnostics.push(problem);
        return bundle;
    }
    let leaflet = Leaflet {
        intro: intro(site, target, &away),
        questions: questions
            .iter()
            .map(|id| question(site, *id, &away))
            .collect(),
        title,
        fold,
        address: away.address(),
    };
    bundle.diagnostics.extend(away.problems());
    bundle.diagnostics.extend(doubts(&leaflet));
    bundle.text(PAGE, sheet(world, &leaflet, away.language()));
    for (path, asset) in away.images() {
        bundle.files.push((path, Content::book_picture(asset)));
    }
    bundle
}

/// Title, fold and questions: those the page lists; else those it holds, or those of the term.
fn choose(site: &Site, target: Target) -> (String, Fold, Vec<PageId>) {
    match target {
        Target::Page(id) => {
            let page = site.page(id);
            let Listed {
                fold, questions, ..
            } = listed(site, id);
            let questions = match page.role {
                _ if !questions.is_empty() => questions,
                Role::Question(..) => vec![id],
                Role::Chapter(..) => {
                    let questions = site.chapter_questions(page).into_iter();
                    questions.take(MOST).collect()
                }
                Role::File => Vec::new(),
            };
            (page.title.to_string(), fold, questions)
        }
        Target::Term(taxonomy, term, _) => {
            let term = &site.taxonomies[taxonomy as usize].terms[term as usize];
            let pages = term.pages.iter().copied();
            let questions = pages.filter(|id| site.question(site.page(*id)).is_some());
            (
                term.name.to_string(),
                Fold::Flat,
                questions.take(MOST).collect(),
            )
        }
        Target::Section(id, _) => {
            let section = site.section(id);
            let whole = site.books.iter().find(|book| book.section == id);
            let questions = whole.map(|book| book.listed()).or_else(|| {
                let mut books = site.books.iter();
                books.find_map(|book| {
                    let mut chapters = book.contents().iter();
                    let chapter = chapters.find(
                        |chapter| matches!(chapter.target, Target::Section(own, _) if own == id),
                    )?;
                    book.questions.get(chapter.questions.clone())
                })
            });
            let questions = questions.unwrap_or_default().iter().copied();
            (
                section.title.to_string(),
                Fold::Flat,
                questions.take(MOST).collect(),
            )
        }
        Target::Taxonomy(_)
        | Target::BookPrint(_)
        | Target::Asset(_)
        | Target::House(_)
        | Target::Alias(_)
        | Target::Fallback(_)
        | Target::Law(..)
        | Target::LawChapter(..)
        | Target::Comparison(..) => (String::new(), Fold::Flat, Vec::new()),
    }
}

/// What the page's `[leaflet]` table says.
struct Listed {
    fold: Fold,
    questions: Vec<PageId>,
    problems: Vec<Diagnostic>,
}

fn listed(site: &Site, id: PageId) -> Listed {
    let parsed = site.file(site.page(id).file);
    let table = parsed
        .special
        .get("leaflet")
        .and_then(|node| node.value.as_table());
    let fold = table
        .and_then(|table| table.get("fold"))
        .and_then(|node| node.value.as_str());
    let mut listed = Listed {
        fold: match fold {
            Some("three") => Fold::Three,
            Some(_) | None => Fold::Flat,
        },
        questions: Vec::new(),
        problems: Vec::new(),
    };
    let nodes = table
        .and_then(|table| table.get("questions"))
        .and_then(|node| node.value.as_array())
        .unwrap_or_default();
    for node in nodes {
        let address = node.value.as_str().unwrap_or_default();
        let (target, mut problems) =
            crate::resolve::link::resolve_address(site, parsed, address, node.span);
        let question = match target {
            LinkTarget::Internal {
                target: Some(Target::Page(id)),
                ..
            } => Some(id).filter(|id| site.question(site.page(*id)).is_some()),
            LinkTarget::Internal { .. } | LinkTarget::External(_) | LinkTarget::Broken => None,
        };
        listed.questions.extend(question);
        if question.is_none() && !crate::diag::has_errors(&problems) {
            problems.push(
                Diagnostic::at("leaflet-no-question", &parsed.path, node.span)
                    .with("address", address),
            );
        }
        listed.problems.extend(problems);
    }
    listed
}

/// The page's own text, when it is a leaflet and not a question or chapter.
fn intro(site: &Site, target: Target, away: &Away<'_>) -> String {
    let Target::Page(id) = target else {
        return String::new();
    };
    let page = site.page(id);
    if page.role != Role::File {
        return String::new();
    }
    let blocks = &site.file(page.file).document.blocks[page.blocks.clone()];
    away.write(page.file, blocks, "")
}

/// A question and its short answer.
fn question(site: &Site, id: PageId, away: &Away<'_>) -> (String, String) {
    let page = site.page(id);
    let answer = site.question(page).map(|question| {
        let blocks = &site.file(page.file).document.blocks;
        match (question.short_block, ShortAnswer::of(page.file, question)) {
            (Some(block), _) => away.write(page.file, &blocks[block..=block], &question.id),
            (None, Some(short)) => away.write_short(short, &question.id),
            (None, None) => String::new(),
        }
    });
    (page.title.to_string(), answer.unwrap_or_default())
}

/// What a person should look at before printing.
fn doubts(leaflet: &Leaflet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let text: String = leaflet
        .questions
        .iter()
        .flat_map(|(question, answer)| [question.as_str(), answer.as_str()])
        .chain([leaflet.intro.as_str()])
        .collect();
    let length = reading_length(&text);
    if leaflet.questions.len() > MOST || length > LONGEST {
        found.push(
            Diagnostic::new("leaflet-long")
                .with("count", leaflet.questions.len())
                .with("length", length),
        );
    }
    if leaflet.questions.len() < FEWEST {
        found.push(Diagnostic::new("leaflet-few").with("count", leaflet.questions.len()));
    }
    if leaflet.address.is_none() {
        found.push(Diagnostic::new("leaflet-without-address"));
    }
    found
}

/// The QR code of an address as SVG; `None` for one too long.
#[must_use]
pub fn qr_svg(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let svg = code
        .render::<svg::Color<'_>>()
        .min_dimensions(160, 160)
        .build();
    // The declaration has no place inside a page.
    Some(
        svg.split_once("?>")
            .map_or(svg.as_str(), |(_, rest)| rest)
            .to_owned(),
    )
}

/// The sheet as a page of its own, with its styles in it.
fn sheet(world: &World, leaflet: &Leaflet, language: &str) -> String {
    let config = &world.site.config;
    let words = Words::of(language);
    let accent = config.accent.as_deref().unwrap_or("#8c1d18");
    let class = match leaflet.fold {
        Fold::Flat => "flat",
        Fold::Three => "three",
    };
    let page = match leaflet.fold {
        Fold::Flat => "A4 portrait",
        Fold::Three => "A4 landscape",
    };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{1}</title>\n\
         <style>\n@page {{ size: {page}; margin: 0; }}\n:root {{ --accent: {accent}; }}\n{2}</style>\n</head>\n<body class=\"{class}\">\n<main>\n<header><h1>{1}</h1>\n{3}</header>\n",
        escape::escape(language),
        escape::escape(&leaflet.title),
        include_str!("leaflet.css"),
        leaflet.intro
    );
    // Half of the questions stand on each of the two inner panels; the third holds who says it.
    let half = leaflet.questions.len().div_ceil(2);
    for (number, (question, answer)) in (1..).zip(&leaflet.questions) {
        let turn = if number == half + 1 {
            " class=\"turn\""
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "<section{turn}><h2><span>{number}</span> {}</h2>\n{answer}</section>",
            escape::escape(question)
        );
    }
    out.push_str("<footer>\n");
    if let Some(address) = &leaflet.address {
        let code = qr_svg(address).unwrap_or_default();
        let _ = writeln!(
            out,
            "<figure>{code}<figcaption>{}</figcaption></figure>",
            words.scan
        );
    }
    let by = config.author.as_deref().unwrap_or(&config.title);
    let _ = writeln!(out, "<p class=\"by\">{}</p>", escape::escape(by));
    if !config.hotline.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"hotline\">{} <strong>{}</strong></p>",
            words.hotline,
            escape::escape(&config.hotline)
        );
    }
    if let Some(address) = &leaflet.address {
        let _ = writeln!(out, "<p class=\"address\">{}</p>", escape::escape(address));
    }
    out.push_str("</footer>\n</main>\n</body>\n</html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_picture_without_declaration() {
        let svg = qr_svg("https://pufa.example.org/leaflets/loan/").expect("short");
        assert!(
            svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
            "{svg}"
        );
    }

    #[test]
    fn an_address_too_long_has_no_code() {
        assert_eq!(qr_svg(&"长".repeat(2000)), None);
    }
}
