//! MathML → a line of text with fractions, roots and raised and lowered parts. Books of law hold few formulas; this needs no
//! mathematical font.

use serde_json::{Value, json};

use super::node::{self, Element, Node};

/// A formula's pieces.
pub(super) fn formula(element: &Element) -> Vec<Value> {
    element.children.iter().filter_map(piece).collect()
}

fn piece(node: &Node) -> Option<Value> {
    match node {
        Node::Text(text) => text_piece(text),
        Node::Element(element) => Some(part(element)),
    }
}

fn text_piece(text: &str) -> Option<Value> {
    let text = text.trim();
    (!text.is_empty()).then(|| json!(text))
}

fn part(element: &Element) -> Value {
    let at = |index: usize| nth(element, index);
    match element.tag.as_str() {
        "mo" => operator(element),
        "mspace" => json!(" "),
        "annotation" => json!(""),
        "mfrac" => json!({"t": "frac", "c": [at(0), at(1)]}),
        "msqrt" => json!({"t": "root", "c": formula(element)}),
        "mroot" => row(vec![raised(at(1)), json!({"t": "root", "c": [at(0)]})]),
        "msup" | "mover" => row(vec![at(0), raised(at(1))]),
        "msub" | "munder" => row(vec![at(0), lowered(at(1))]),
        "msubsup" | "munderover" => row(vec![at(0), lowered(at(1)), raised(at(2))]),
        "mtr" => row(joined(element, "\u{2003}")),
        "mtable" => row(joined(element, "；")),
        _ => row(formula(element)),
    }
}

/// A formula on one line of plain text, where nothing can be raised or lowered: `x² ≤ 1/2`.
pub(in crate::export) fn plain(mathml: &str) -> String {
    let line: String = node::read(mathml).iter().map(said).collect();
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ")
}

fn said(node: &Node) -> String {
    let element = match node {
        Node::Text(text) => return text.trim().to_owned(),
        Node::Element(element) => element,
    };
    let all = || -> String { element.children.iter().map(said).collect() };
    let inner = element
        .children
        .iter()
        .filter(|child| piece(child).is_some());
    let parts: Vec<String> = inner.map(said).collect();
    let at = |index: usize| parts.get(index).cloned().unwrap_or_default();
    match element.tag.as_str() {
        "mo" => match operator(element) {
            Value::String(text) => text.replace('\u{2009}', " "),
            _ => String::new(),
        },
        "mspace" => " ".to_owned(),
        "annotation" => String::new(),
        "mfrac" => format!("{}/{}", grouped(&at(0)), grouped(&at(1))),
        "msqrt" => format!("√{}", grouped(&all())),
        "mroot" => format!("{}√{}", high(&at(1)), grouped(&at(0))),
        "msup" | "mover" => format!("{}{}", at(0), high(&at(1))),
        "msub" | "munder" => format!("{}_{}", at(0), grouped(&at(1))),
        "msubsup" | "munderover" => {
            format!("{}_{}{}", at(0), grouped(&at(1)), high(&at(2)))
        }
        "mtr" => format!("{} ", parts.join(" ")),
        "mtable" => parts.join("； "),
        _ => all(),
    }
}

fn grouped(text: &str) -> String {
    let text = text.trim();
    if text.chars().all(char::is_alphanumeric) {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

/// Digits have raised forms of their own.
fn high(text: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| DIGITS.get(c.to_digit(10)? as usize).copied();
    let raised: Option<String> = text.trim().chars().map(digit).collect();
    raised.unwrap_or_else(|| format!("^{}", grouped(text)))
}

/// An operator between two things has room around it.
fn operator(element: &Element) -> Value {
    let text = Node::Element(element.clone()).text();
    let text = text.trim();
    let bare = matches!(
        text,
        "(" | ")" | "[" | "]" | "{" | "}" | "|" | "," | "!" | "'" | "′"
    );
    if bare || text.is_empty() {
        json!(text)
    } else {
        json!(format!("\u{2009}{text}\u{2009}"))
    }
}

fn nth(element: &Element, index: usize) -> Value {
    let inner = element.children.iter().filter_map(piece);
    inner.into_iter().nth(index).unwrap_or_else(|| json!(""))
}

fn joined(element: &Element, between: &str) -> Vec<Value> {
    let mut out = Vec::new();
    for part in formula(element) {
        if !out.is_empty() {
            out.push(json!(between));
        }
        out.push(part);
    }
    out
}

/// Several pieces as one; a single piece stays what it is.
fn row(mut parts: Vec<Value>) -> Value {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    json!({"t": "row", "c": parts})
}

fn raised(part: Value) -> Value {
    json!({"t": "sup", "c": [part]})
}

fn lowered(part: Value) -> Value {
    json!({"t": "sub", "c": [part]})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::pdf::node;

    #[track_caller]
    fn check(tex: &str, expected: Value) {
        let nodes = node::read(&crate::render::math::to_mathml(tex, false));
        let Some(Node::Element(math)) = nodes.first() else {
            unreachable!("a formula is an element");
        };
        assert_eq!(Value::from(formula(math)), expected);
    }

    #[test]
    fn powers_and_fractions_keep_their_places() {
        check(
            "x^2",
            json!([{"t": "row", "c": ["x", {"t": "sup", "c": ["2"]}]}]),
        );
        check("\\frac{1}{n}", json!([{"t": "frac", "c": ["1", "n"]}]));
    }
}
