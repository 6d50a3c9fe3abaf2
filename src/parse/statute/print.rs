//! A statute as text again, in the layout it is read from.

use super::{Article, Element, Part, Statute};

/// The statute as a file's text. Parsing it again gives the same statute, apart from the spans.
#[must_use]
pub fn print(statute: &Statute) -> String {
    let mut out = format!("# {}\n\n", statute.title);
    if let Some(part) = &statute.part {
        out.push_str(&format!("# {part}\n\n"));
    }
    for line in &statute.header {
        push(&mut out, &[&line.text]);
    }
    out.push_str("<!-- INFO END -->\n\n");
    for element in &statute.elements {
        match element {
            Element::Part(part) => print_part(&mut out, part),
            Element::Article(article) => print_article(&mut out, article),
            Element::Text(text) => push(&mut out, &[&text.text]),
        }
    }
    out
}

fn push(out: &mut String, pieces: &[&str]) {
    pieces.iter().for_each(|piece| out.push_str(piece));
    out.push_str("\n\n");
}

fn print_part(out: &mut String, part: &Part) {
    if part.marks == 0 {
        return push(out, &[&part.raw]);
    }
    push(
        out,
        &[&"######"[..usize::from(part.marks.min(6))], " ", &part.raw],
    );
}

fn print_article(out: &mut String, article: &Article) {
    let mut label = format!("{} ", article.label);
    if article.paragraphs.is_empty() {
        push(out, &[&label]);
    }
    for paragraph in &article.paragraphs {
        let label = std::mem::take(&mut label);
        if !(paragraph.text.is_empty() && label.is_empty()) {
            push(out, &[&label, &paragraph.text]);
        }
        for item in &paragraph.items {
            push(out, &[&item.label, &item.text]);
            for subitem in &item.subitems {
                push(out, &[&subitem.label, &subitem.text]);
            }
        }
    }
}
