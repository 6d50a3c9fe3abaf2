//! Citations inside statutes: 本法第十条, 前款, 《…解释》第三条.

use std::ops::Range;

use crate::base::{ArticleNo, Date};
use crate::model::law::{LawId, Library};
use crate::parse::statute::{Element, Paragraph, Statute};

use super::{Citation, Context, OwnStatute, Position, resolve};

/// A statute's text in one string, a line for each paragraph, item and sub-item, with the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatuteText {
    /// The text.
    pub text: String,
    /// Where each line begins and what it is, sorted.
    pub lines: Vec<StatuteLine>,
    /// Where the lines stand in their articles.
    pub positions: Vec<Position>,
}

/// A line of a [`StatuteText`]: which text of the statute it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatuteLine {
    /// First byte in [`StatuteText::text`].
    pub start: usize,
    /// Index of the element.
    pub element: usize,
    /// Index of the paragraph in its article.
    pub paragraph: usize,
    /// Index of the item in its paragraph.
    pub item: Option<usize>,
    /// Index of the sub-item in its item.
    pub subitem: Option<usize>,
}

impl StatuteText {
    /// The line a byte of the text belongs to, and the byte's place in it.
    #[must_use]
    pub fn locate(&self, at: usize) -> Option<(StatuteLine, usize)> {
        let next = self.lines.partition_point(|line| line.start <= at);
        let line = self.lines.get(next.checked_sub(1)?)?;
        Some((*line, at - line.start))
    }

    fn push(&mut self, text: &str, line: StatuteLine, position: Position) {
        let start = self.text.len();
        self.lines.push(StatuteLine { start, ..line });
        self.positions.push(Position { start, ..position });
        self.text.push_str(text);
        self.text.push('\n');
    }
}

/// The text of a statute without headings, labels and tables.
#[must_use]
pub fn statute_text(statute: &Statute) -> StatuteText {
    text_within(statute, &(0..statute.elements.len()))
}

/// The text of some elements of a statute, and what defines abbreviations (以下简称) before them.
fn text_within(statute: &Statute, elements: &Range<usize>) -> StatuteText {
    let mut out = StatuteText::default();
    for (element, content) in statute.elements.iter().enumerate().take(elements.end) {
        let line = StatuteLine {
            start: 0,
            element,
            paragraph: 0,
            item: None,
            subitem: None,
        };
        let wanted = |text: &str| elements.contains(&element) || text.contains("简称");
        match content {
            Element::Part(_) => {}
            Element::Text(text) if wanted(&text.text) => {
                out.push(&text.text, line, Position::default());
            }
            Element::Text(_) => {}
            Element::Article(article) => {
                for (index, paragraph) in article.paragraphs.iter().enumerate() {
                    if wanted(&paragraph.text) {
                        let line = StatuteLine {
                            paragraph: index,
                            ..line
                        };
                        push_paragraph(article.no, paragraph, line, &mut out);
                    }
                }
            }
        }
    }
    out
}

fn push_paragraph(no: ArticleNo, paragraph: &Paragraph, line: StatuteLine, out: &mut StatuteText) {
    let place = Position {
        start: 0,
        article: Some(no),
        paragraph: paragraph.number,
        item: 0,
    };
    out.push(&paragraph.text, line, place);
    for (index, item) in paragraph.items.iter().enumerate() {
        let line = StatuteLine {
            item: Some(index),
            ..line
        };
        let place = Position {
            item: item.number,
            ..place
        };
        out.push(&item.text, line, place);
        for (index, subitem) in item.subitems.iter().enumerate() {
            let line = StatuteLine {
                subitem: Some(index),
                ..line
            };
            out.push(&subitem.text, line, place);
        }
    }
}

/// The citations in a version of a law, by bytes of its [`StatuteText`].
#[must_use]
pub fn statute_citations(
    library: &Library,
    id: LawId,
    version: usize,
    today: Option<Date>,
) -> (StatuteText, Vec<Citation>) {
    let all = 0..library.law(id).versions[version].statute.elements.len();
    citations_within(library, id, version, &all, today)
}

/// The citations in some elements of a version of a law, by bytes of the text that is given back with them.
#[must_use]
pub fn citations_within(
    library: &Library,
    id: LawId,
    version: usize,
    elements: &Range<usize>,
    today: Option<Date>,
) -> (StatuteText, Vec<Citation>) {
    let law = library.law(id);
    let text = text_within(&law.versions[version].statute, elements);
    let context = Context {
        library,
        own: Some(OwnStatute {
            law: Some(id),
            title: &law.title,
            version: Some(version),
        }),
        date: if version == 0 {
            today
        } else {
            law.versions[version].from
        },
        today,
        positions: &text.positions,
    };
    let citations = resolve(&text.text, &[], &context);
    (text, citations)
}
