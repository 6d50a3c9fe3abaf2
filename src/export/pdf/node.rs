//! Well-formed XHTML, as the pages of an e-book are written → a tree the template of the print edition goes through.
//!
//! White space is as a browser shows it. Nothing here is ever read as code by the typesetter: text stays text.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::export::fragment;

/// Elements nested deeper than this lose their tag and keep their content: the typesetter calls itself for each level.
const DEEPEST: usize = 24;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Text.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    /// Its name.
    pub(super) tag: String,
    /// Its attributes.
    pub(super) attributes: Vec<(String, String)>,
    /// What is in it.
    pub(super) children: Vec<Node>,
}

impl Element {
    /// An attribute's value.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// Whether it has a class.
    pub(super) fn is(&self, class: &str) -> bool {
        self.get("class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|own| own == class))
    }
}

impl Node {
    /// The text in it.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Element(element) => {
                for child in &element.children {
                    child.collect(out);
                }
            }
        }
    }
}

/// Reads a page's body. What is not well-formed ends there; the pages of an e-book are.
pub(super) fn read(xhtml: &str) -> Vec<Node> {
    let mut reader = Reader::from_str(xhtml);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => open.push(element(&start)),
            Ok(Event::Empty(start)) => push(&mut open, Node::Element(element(&start))),
            Ok(Event::End(_)) if open.len() > 1 => close(&mut open),
            Ok(Event::Text(text)) => push_text(&mut open, &text),
            Ok(Event::GeneralRef(name)) => push_text(&mut open, entity(&name)),
            Ok(Event::CData(text)) => push_text(&mut open, &text),
            Ok(
                Event::End(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_),
            ) => {}
            Ok(Event::Eof) | Err(_) => break,
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    let mut nodes = open.pop().map(|root| root.children).unwrap_or_default();
    tidy(&mut nodes, false);
    nodes
}

fn element(start: &quick_xml::events::BytesStart<'_>) -> Element {
    Element {
        tag: start.name().as_ref().to_owned(),
        attributes: fragment::attributes(start),
        children: Vec::new(),
    }
}

fn entity(name: &str) -> &'static str {
    match name {
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" | "#39" => "'",
        "nbsp" => "\u{A0}",
        _ => "&",
    }
}

fn push_text(open: &mut [Element], text: &str) {
    if let Some(Node::Text(before)) = open.last_mut().and_then(|last| last.children.last_mut()) {
        before.push_str(text);
        return;
    }
    push(open, Node::Text(text.to_owned()));
}

fn push(open: &mut [Element], node: Node) {
    if let Some(last) = open.last_mut() {
        last.children.push(node);
    }
}

fn close(open: &mut Vec<Element>) {
    let deep = open.len() > DEEPEST;
    let Some(done) = open.pop() else {
        return;
    };
    if deep {
        for child in done.children {
            push(open, child);
        }
    } else {
        push(open, Node::Element(done));
    }
}

/// Runs of white space become one space; none stays at the edges of blocks.
fn tidy(nodes: &mut Vec<Node>, verbatim: bool) {
    for node in nodes.iter_mut() {
        match node {
            Node::Text(text) if !verbatim => *text = squeeze(text),
            Node::Text(_) => {}
            Node::Element(element) => {
                tidy(&mut element.children, verbatim || element.tag == "pre");
            }
        }
    }
    if verbatim {
        return;
    }
    let edge = |node: Option<&Node>| match node {
        None => true,
        Some(Node::Element(element)) => fragment::is_block(&element.tag) || element.tag == "br",
        Some(Node::Text(_)) => false,
    };
    let edges: Vec<(bool, bool)> = (0..nodes.len())
        .map(|at| {
            let before = at.checked_sub(1).and_then(|at| nodes.get(at));
            (edge(before), edge(nodes.get(at + 1)))
        })
        .collect();
    for (node, (first, last)) in nodes.iter_mut().zip(edges) {
        if let Node::Text(text) = node {
            if first {
                *text = text.trim_start_matches(' ').to_owned();
            }
            if last {
                text.truncate(text.trim_end_matches(' ').len());
            }
        }
    }
    nodes.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ' ' | '\n' | '\t' | '\r') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree as short text: `p(…)`.
    fn show(nodes: &[Node]) -> String {
        let shown: Vec<String> = nodes
            .iter()
            .map(|node| match node {
                Node::Text(text) => format!("{text:?}"),
                Node::Element(element) => format!("{}({})", element.tag, show(&element.children)),
            })
            .collect();
        shown.join(" ")
    }

    #[track_caller]
    fn check(xhtml: &str, expected: &str) {
        assert_eq!(show(&read(xhtml)), expected);
    }

    #[test]
    fn white_space_is_as_browsers_show_it() {
        check(
            "<ul>\n<li>a\n b <em>c</em> d</li>\n</ul>",
            "ul(li(\"a b \" em(\"c\") \" d\"))",
        );
        check("<pre><code>a\n  b</code></pre>", "pre(code(\"a\\n  b\"))");
    }

    #[test]
    fn entities_are_the_characters_they_name() {
        check("<p>a &amp;&lt; b</p>", "p(\"a &< b\")");
    }

    #[test]
    fn what_is_nested_too_deep_keeps_its_text() {
        let deep = format!("{}x{}", "<div>".repeat(90), "</div>".repeat(90));
        let shown = show(&read(&deep));
        assert!(shown.contains("\"x\"") && shown.matches("div").count() <= DEEPEST);
    }
}
