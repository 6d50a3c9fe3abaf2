//! The chapters of a very long law, which have pages of their own beside the page of the whole text.

use std::ops::Range;

use crate::base::ArticleNo;
use crate::parse::statute::{Element, Outline, PartLevel, Statute};

/// A law with more articles than this can be read chapter by chapter.
const LONG: usize = 300;

/// A chapter of a very long law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawChapter {
    /// The anchor of its heading, and its part of the address: `ch-b5-c4`.
    pub anchor: Box<str>,
    /// Its elements in the statute, with the headings above it that begin there.
    pub elements: Range<usize>,
    /// The elements of its heading and of those above it, the highest first.
    pub headings: Vec<usize>,
    /// Its first and last article.
    pub articles: Option<(ArticleNo, ArticleNo)>,
}

/// The chapters of a statute that is long enough, in order; none where it has fewer than two.
pub(super) fn chapters(statute: &Statute) -> Vec<LawChapter> {
    if statute.article_len() <= LONG || statute.gist {
        return Vec::new();
    }
    let mut chapters = Vec::new();
    collect(statute, &statute.outline(), &[], &mut chapters);
    let begins: Vec<usize> = chapters
        .iter()
        .map(|chapter| begin(statute, chapter))
        .collect();
    let ends = begins.iter().skip(1).copied();
    let ends: Vec<usize> = ends.chain([statute.elements.len()]).collect();
    for (chapter, (start, end)) in chapters.iter_mut().zip(begins.iter().zip(ends)) {
        chapter.elements = *start..end;
    }
    if chapters.len() < 2 {
        chapters.clear();
    }
    chapters
}

/// The parts at the level of chapters, and higher ones without chapters below them.
fn collect(statute: &Statute, parts: &[Outline], above: &[usize], out: &mut Vec<LawChapter>) {
    for part in parts {
        let Some(Element::Part(heading)) = statute.elements.get(part.element) else {
            continue;
        };
        let headings = [above, &[part.element]].concat();
        let divided = heading.level < PartLevel::Chapter
            && part.children.iter().any(|child| child.range.is_some());
        if divided {
            collect(statute, &part.children, &headings, out);
        } else if part.range.is_some() {
            out.push(LawChapter {
                anchor: heading.anchor.clone(),
                elements: part.element..part.element,
                headings,
                articles: part.range,
            });
        }
    }
}

/// Where a chapter begins: at its heading, or at the headings right above it.
fn begin(statute: &Statute, chapter: &LawChapter) -> usize {
    let own = chapter.elements.start;
    let before = statute.elements[..own].iter().rev();
    own - before
        .take_while(|element| match element {
            Element::Part(part) => part.level < PartLevel::Chapter,
            Element::Article(_) | Element::Text(_) => false,
        })
        .count()
}
