//! The pages of a book as trees → what the template sets: headings of rising depth, notes where they are called, tables with
//! the widths of their columns, links only to what is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use super::math;
use super::node::{Element, Node};
use crate::export::fragment::is_block;
use crate::render::escape;

/// Characters (counted as in a terminal: Han are two) a line of a table has room for on the smallest page.
const LINE: usize = 52;

/// A short answer longer than this may break over pages.
const SHORT: usize = 400;

/// How deep notes are read inside each other.
const DEEPEST_NOTE: u8 = 4;

/// Shapes the template can put a label on.
const CARRIES_LABEL: [&str; 4] = ["group", "div", "p", "li"];

/// The page nobody looks for in the contents.
const IMPRINT: &str = "imprint.xhtml";

/// The label of the contents, which the template sets.
const CONTENTS: &str = "contents";

/// The page an anchor is on, and the anchor, as links write them: `chapter-01.xhtml#iou`.
pub(super) fn label(path: &str, id: &str) -> String {
    escape::url(&format!("{path}#{id}")).replace("&amp;", "&")
}

/// Shapes pages; knows what earlier ones held.
#[derive(Debug, Default)]
pub(super) struct Shaper<'a> {
    /// Articles of law with a text to print, by anchor.
    articles: BTreeSet<&'a str>,
    /// Labels that are set somewhere.
    placed: BTreeSet<String>,
    path: String,
    /// Footnotes of the page by id.
    footnotes: BTreeMap<String, &'a [Node]>,
    /// Footnotes already set.
    called: BTreeSet<String>,
    /// Articles noted in this question.
    noted: BTreeSet<String>,
    /// Level of the last heading.
    level: u64,
    /// A label waiting for the next heading.
    waiting: Option<String>,
    inside: Inside,
}

/// Where in a page the shaper is.
#[derive(Clone, Copy, Debug, Default)]
struct Inside {
    /// No notes here: in notes, heads of tables, headings, links.
    plain: bool,
    /// In an index, where links to questions are followed by their page.
    index: bool,
    /// In a note: notes called there are read at once, in brackets; how deep.
    note: u8,
}

impl<'a> Shaper<'a> {
    /// A shaper that can note these articles.
    pub(super) fn new(articles: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            articles: articles.into_iter().collect(),
            placed: BTreeSet::from([CONTENTS.to_owned()]),
            ..Self::default()
        }
    }

    /// Shapes a page.
    pub(super) fn page(&mut self, path: &str, nodes: &'a [Node]) -> Vec<Value> {
        path.clone_into(&mut self.path);
        self.footnotes.clear();
        self.called.clear();
        self.noted.clear();
        self.level = 0;
        self.waiting = None;
        find_footnotes(nodes, &mut self.footnotes);
        self.nodes(nodes)
    }

    /// Takes away links that lead to nothing, once all pages are shaped.
    pub(super) fn settle(&self, values: &mut [Value]) {
        for value in values {
            self.settle_one(value);
        }
    }

    fn settle_one(&self, value: &mut Value) {
        let Value::Object(map) = value else {
            return;
        };
        let lost = map
            .get("to")
            .and_then(Value::as_str)
            .is_some_and(|to| !self.placed.contains(to));
        if lost {
            map.insert("t".to_owned(), json!("row"));
            map.remove("to");
        }
        if let Some(Value::Array(children)) = map.get_mut("c") {
            self.settle(children);
        }
    }

    fn nodes(&mut self, nodes: &'a [Node]) -> Vec<Value> {
        nodes.iter().filter_map(|node| self.node(node)).collect()
    }

    fn node(&mut self, node: &'a Node) -> Option<Value> {
        match node {
            Node::Text(text) => Some(json!(text)),
            Node::Element(element) => self.element(element),
        }
    }

    fn element(&mut self, element: &'a Element) -> Option<Value> {
        let tag = element.tag.as_str();
        match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(self.heading(element)),
            "section" => Some(self.section(element)),
            "aside" if element.is("footnote") => None,
            "p" | "div" => Some(self.block(element)),
            "ul" | "ol" => Some(self.list(element)),
            "dl" => Some(self.terms(element)),
            "table" => Some(self.table(element)),
            "blockquote" => Some(self.with("quote", element)),
            "pre" => Some(json!({"t": "code", "text": text_of(element).trim_end_matches('\n')})),
            "figure" => self.figure(element),
            "img" => Some(image(element, true)),
            "hr" | "br" => Some(json!({ "t": tag })),
            "wbr" | "col" | "colgroup" => None,
            "math" => Some(formula(element)),
            "a" => Some(self.link(element)),
            "code" | "kbd" | "samp" => Some(json!({"t": "mono", "text": text_of(element)})),
            "caption" => Some(self.with("caption", element)),
            "details" => Some(self.unfolded(element)),
            "summary" => {
                let bold = self.with("b", element);
                Some(json!({"t": "p", "c": [bold]}))
            }
            "ruby" => Some(self.ruby(element)),
            "rp" => None,
            _ => Some(self.inline(element)),
        }
    }

    /// A shape with the children of an element, and its label.
    fn with(&mut self, shape: &str, element: &'a Element) -> Value {
        let id = CARRIES_LABEL
            .contains(&shape)
            .then(|| self.place(element))
            .flatten();
        let children = self.nodes(&element.children);
        let mut map = Map::new();
        map.insert("t".to_owned(), json!(shape));
        if let Some(id) = id {
            map.insert("id".to_owned(), json!(id));
        }
        map.insert("c".to_owned(), Value::Array(children));
        Value::Object(map)
    }

    /// What is folded away on a screen. A summary with a title only opens it there; in print the title begins what it opens.
    fn unfolded(&mut self, element: &'a Element) -> Value {
        let mut title = None;
        let mut children = Vec::new();
        for node in &element.children {
            if let Node::Element(summary) = node
                && summary.tag == "summary"
                && let Some(named) = summary.get("title")
            {
                title = Some(json!({"t": "b", "c": [named]}));
                continue;
            }
            let Some(mut shape) = self.node(node) else {
                continue;
            };
            if shape["t"] == "p"
                && let (Some(title), Some(inner)) = (title.take(), shape["c"].as_array_mut())
            {
                inner.insert(0, title);
            }
            children.push(shape);
        }
        json!({"t": "group", "c": children})
    }

    /// The label of an element with an id, which is now set.
    fn place(&mut self, element: &Element) -> Option<String> {
        let id = element.get("id")?;
        let label = label(&self.path, id);
        self.placed.insert(label.clone()).then_some(label)
    }

    /// A question that ends with its short answer leaves the next heading free to begin a page.
    fn loosen(children: &mut [Value]) {
        if let Some(last) = children.last_mut()
            && last["t"] == "short"
        {
            last["last"] = json!(true);
        }
    }

    fn section(&mut self, element: &'a Element) -> Value {
        if element.get("id").is_some() {
            self.waiting = self.place(element);
        }
        if element.is("question") {
            self.noted.clear();
        }
        let mut children = self.nodes(&element.children);
        Self::loosen(&mut children);
        json!({"t": "question", "c": children})
    }

    /// A heading is at most one level deeper than the one before: readers of the structure rely on it.
    fn heading(&mut self, element: &'a Element) -> Value {
        let written: u64 = element.tag[1..].parse().unwrap_or(6);
        let level = written.clamp(1, self.level + 1);
        self.level = level;
        let own = self.place(element);
        let id = self.waiting.take().or(own);
        let numbered = element
            .children
            .iter()
            .any(|child| matches!(child, Node::Element(inner) if inner.is("number")));
        let listed = (level == 1 && self.path != IMPRINT) || (level == 2 && numbered);
        let children = self.plainly(|shaper| shaper.nodes(&element.children));
        let mut value = json!({"t": "h", "l": level, "listed": listed, "c": children});
        if let (Value::Object(map), Some(id)) = (&mut value, id) {
            map.insert("id".to_owned(), json!(id));
        }
        value
    }

    /// Shapes something in which no notes are called.
    fn plainly<T>(&mut self, shape: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.inside;
        self.inside.plain = true;
        let shaped = shape(self);
        self.inside = before;
        shaped
    }

    fn block(&mut self, element: &'a Element) -> Value {
        if element.tag == "p" {
            return self.paragraph(element);
        }
        if element.is("short") {
            let mut value = self.with("short", element);
            value["long"] = json!(text_of(element).chars().count() > SHORT);
            return value;
        }
        if element.is("alert") {
            let mut value = self.with("alert", element);
            let kind = element
                .get("class")
                .and_then(|classes| classes.split("alert-").nth(1));
            value["kind"] = json!(kind.unwrap_or("note").trim());
            return value;
        }
        let shape = if element.is("basis") {
            "basis"
        } else if element.is("math") {
            "formula"
        } else if element.is("table") {
            "group"
        } else {
            "div"
        };
        self.with(shape, element)
    }

    fn paragraph(&mut self, element: &'a Element) -> Value {
        if let [Node::Element(image_element)] = element.children.as_slice()
            && image_element.tag == "img"
        {
            return image(image_element, false);
        }
        let blocks = element.children.iter().any(holds_block);
        let shape = if element.is("alert-title") {
            "alert-title"
        } else if element.is("lead") {
            "lead"
        } else if blocks {
            "group"
        } else {
            "p"
        };
        self.with(shape, element)
    }

    fn inline(&mut self, element: &'a Element) -> Value {
        if element.is("picture") {
            return self.with("picture", element);
        }
        if element.is("blank") {
            return json!({"t": "blank"});
        }
        if element.is("gist") && self.inside.index {
            return self.with("gist", element);
        }
        if element.get("role") == Some("img") {
            return json!({"t": "tick", "done": text_of(element) == "☑"});
        }
        // A mark around whole blocks would tear the structure of the document.
        if element.children.iter().any(holds_block) {
            return self.with("group", element);
        }
        let shape = match element.tag.as_str() {
            "span" if element.is("number") => "number",
            "strong" | "b" => "b",
            "em" | "i" | "cite" | "dfn" | "var" => "em",
            "del" | "s" => "del",
            "ins" | "u" => "u",
            "sup" => return self.superscript(element),
            "sub" => "sub",
            _ => "group",
        };
        self.with(shape, element)
    }

    /// A raised number that calls a note is the note's own.
    fn superscript(&mut self, element: &'a Element) -> Value {
        match element.children.as_slice() {
            [Node::Element(link)] if link.is("noteref") => self.link(link),
            _ => self.with("sup", element),
        }
    }

    fn ruby(&mut self, element: &'a Element) -> Value {
        let mut children = Vec::new();
        for child in &element.children {
            match child {
                Node::Element(inner) if inner.tag == "rt" => {
                    children.push(json!("（"));
                    children.extend(self.nodes(&inner.children));
                    children.push(json!("）"));
                }
                other => children.extend(self.node(other)),
            }
        }
        json!({"t": "ruby", "c": children})
    }

    fn link(&mut self, element: &'a Element) -> Value {
        if element.is("noteref") {
            return self.note(element);
        }
        let href = element.get("href").unwrap_or_default();
        if element.is("citation") {
            return self.citation(element, href);
        }
        if element.children.iter().any(holds_block) || href.is_empty() {
            return self.with("group", element);
        }
        let inner = self.plainly(|shaper| shaper.with("row", element));
        let to = match href.split_once('#') {
            Some((path, _)) if path.ends_with(".xhtml") => Some(href.to_owned()),
            Some(("", id)) => Some(format!("{}#{id}", self.path)),
            Some(_) => None,
            None if href == "nav.xhtml" => Some(CONTENTS.to_owned()),
            None if href.ends_with(".xhtml") => Some(format!("{href}#chapter")),
            None => None,
        };
        match to {
            Some(to) => json!({"t": "to", "to": to, "page": self.inside.index, "c": [inner]}),
            None => json!({"t": "url", "url": href, "c": [inner]}),
        }
    }

    /// A citation; the first of an article in a question calls a note with its text.
    fn citation(&mut self, element: &'a Element, href: &str) -> Value {
        let anchor = href.split_once('#').map_or("", |(_, anchor)| anchor);
        let known = self.articles.contains(anchor);
        let first = !self.inside.plain && known && self.noted.insert(anchor.to_owned());
        let children = self.nodes(&element.children);
        if first {
            json!({"t": "cite", "article": anchor, "c": children})
        } else {
            json!({"t": "row", "c": children})
        }
    }

    fn note(&mut self, element: &'a Element) -> Value {
        let id = element
            .get("href")
            .and_then(|href| href.strip_prefix('#'))
            .unwrap_or_default()
            .to_owned();
        let id = self
            .footnotes
            .keys()
            .find(|known| escape::url(known) == id)
            .cloned();
        if let Some(id) = &id
            && (1..DEEPEST_NOTE).contains(&self.inside.note)
        {
            let text = run_on(self.note_text(id));
            return json!({"t": "row", "c": ["（", {"t": "row", "c": text}, "）"]});
        }
        let Some(id) = id.filter(|_| !self.inside.plain) else {
            return json!({"t": "sup", "c": [text_of(element)]});
        };
        let name = label(&self.path, &id);
        if !self.called.insert(id.clone()) {
            return json!({"t": "again", "id": name});
        }
        let text = self.note_text(&id);
        json!({"t": "note", "id": name, "c": run_on(text)})
    }

    fn note_text(&mut self, id: &str) -> Vec<Value> {
        let blocks = self.footnotes[id];
        let inner = blocks
            .iter()
            .filter(|node| !matches!(node, Node::Element(inner) if inner.is("note-number")));
        self.plainly(|shaper| {
            shaper.inside.note += 1;
            inner.filter_map(|node| shaper.node(node)).collect()
        })
    }

    fn list(&mut self, element: &'a Element) -> Value {
        let index = element.is("index");
        let before = self.inside;
        self.inside.index |= index;
        let items: Vec<Value> = elements(element)
            .map(|item| self.item(item, index))
            .collect();
        self.inside = before;
        if index {
            return json!({"t": "index", "c": items});
        }
        let tight = !elements(element).any(|item| elements(item).any(|inner| inner.tag == "p"));
        json!({
            "t": "list",
            "ordered": element.tag == "ol",
            "start": element.get("start").and_then(|start| start.parse::<u64>().ok()).unwrap_or(1),
            "tasks": element.is("tasks"),
            "tight": tight,
            "c": items,
        })
    }

    /// An entry of a list; an entry of the index of laws needs no way back to the law.
    fn item(&mut self, element: &'a Element, index: bool) -> Value {
        let mut value = self.with("li", element);
        if index && let Some(Value::Array(children)) = value.get_mut("c") {
            for child in children {
                let law = child["to"]
                    .as_str()
                    .is_some_and(|to| to.starts_with("articles.xhtml"));
                if law {
                    *child = json!({"t": "b", "c": child["c"]});
                }
            }
        }
        value
    }

    fn terms(&mut self, element: &'a Element) -> Value {
        let mut pairs: Vec<Value> = Vec::new();
        for entry in elements(element) {
            let shaped = self.with("li", entry);
            let is_term = entry.tag == "dt";
            // Two terms with one meaning, or two meanings of one term, have an empty place between them.
            if is_term != pairs.len().is_multiple_of(2) {
                pairs.push(json!(""));
            }
            pairs.push(shaped);
        }
        json!({"t": "terms", "c": pairs})
    }

    fn figure(&mut self, element: &'a Element) -> Option<Value> {
        let shown = elements(element).find(|inner| inner.tag == "img");
        let Some(shown) = shown else {
            return Some(self.with("div", element));
        };
        let caption = elements(element)
            .find(|inner| inner.tag == "figcaption")
            .map(text_of);
        let mut value = image(shown, false);
        value["t"] = json!("figure");
        value["caption"] = json!(caption.unwrap_or_default());
        Some(value)
    }

    fn table(&mut self, element: &'a Element) -> Value {
        let mut rows: Vec<(bool, &'a Element)> = Vec::new();
        let mut caption = None;
        find_rows(element, false, &mut rows, &mut caption);
        // Heads stand on top, whatever the order they are written in.
        rows.sort_by_key(|(head, _)| !head);
        let heads = rows.iter().filter(|(head, _)| *head).count();
        let mut columns: Vec<usize> = Vec::new();
        let mut aligns: Vec<&str> = Vec::new();
        let (mut cells, mut parts, mut head_cells) = (Vec::new(), Vec::new(), 0);
        for (head, row) in rows {
            let mut column = 0;
            for cell in elements(row) {
                let span = |key: &str| cell.get(key).and_then(|n| n.parse::<usize>().ok());
                let across = span("colspan").unwrap_or(1).clamp(1, 40);
                let down = if head {
                    1
                } else {
                    span("rowspan").unwrap_or(1).clamp(1, 40)
                };
                let is_head = cell.tag == "th";
                cells.push(json!({"x": across, "y": down, "head": is_head}));
                columns.resize(columns.len().max(column + across), 0);
                if across == 1 {
                    columns[column] = columns[column].max(width(cell));
                }
                if aligns.len() <= column {
                    aligns.resize(column + 1, "start");
                }
                aligns[column] = alignment(cell).unwrap_or(aligns[column]);
                parts.push(if head {
                    self.plainly(|shaper| shaper.with("li", cell))
                } else {
                    self.with("li", cell)
                });
                column += across;
            }
            if head {
                head_cells = cells.len();
            }
        }
        let table = json!({
            "t": "table",
            "columns": widths(&columns),
            "align": aligns,
            "cells": cells,
            "head-cells": head_cells,
            "rows-in-head": heads,
            "c": parts,
        });
        match caption {
            Some(caption) => {
                let caption = self.with("caption", caption);
                json!({"t": "group", "c": [caption, table]})
            }
            None => table,
        }
    }
}

/// Widths of columns as shares; 0 for one that takes what it needs. Where everything fits a line nothing is shared.
fn widths(columns: &[usize]) -> Vec<f64> {
    const NARROW: usize = 14;
    if columns.iter().sum::<usize>() <= LINE {
        return vec![0.0; columns.len()];
    }
    #[expect(clippy::cast_precision_loss, reason = "widths are small numbers")]
    let share = |width: usize| (width.clamp(NARROW, 120) as f64).sqrt();
    columns
        .iter()
        .map(|&width| if width <= NARROW { 0.0 } else { share(width) })
        .collect()
}

fn width(cell: &Element) -> usize {
    Node::Element(cell.clone()).text().width()
}

fn alignment(cell: &Element) -> Option<&'static str> {
    ["left", "center", "right"]
        .into_iter()
        .find(|side| cell.is(side))
}

fn text_of(element: &Element) -> String {
    element.children.iter().map(Node::text).collect()
}

fn elements(element: &Element) -> impl Iterator<Item = &Element> {
    element.children.iter().filter_map(|child| match child {
        Node::Element(inner) => Some(inner),
        Node::Text(_) => None,
    })
}

fn holds_block(node: &Node) -> bool {
    match node {
        Node::Text(_) => false,
        Node::Element(element) => {
            is_block(&element.tag) || element.children.iter().any(holds_block)
        }
    }
}

fn find_rows<'a>(
    element: &'a Element,
    head: bool,
    rows: &mut Vec<(bool, &'a Element)>,
    caption: &mut Option<&'a Element>,
) {
    for child in elements(element) {
        match child.tag.as_str() {
            "tr" => rows.push((head, child)),
            "thead" => find_rows(child, true, rows, caption),
            "caption" => *caption = Some(child),
            _ => find_rows(child, false, rows, caption),
        }
    }
}

fn find_footnotes<'a>(nodes: &'a [Node], found: &mut BTreeMap<String, &'a [Node]>) {
    for node in nodes {
        if let Node::Element(element) = node {
            if element.is("footnote")
                && let Some(id) = element.get("id")
            {
                found.insert(id.to_owned(), &element.children);
            }
            find_footnotes(&element.children, found);
        }
    }
}

/// The paragraphs of a note run on behind its number.
fn run_on(children: Vec<Value>) -> Vec<Value> {
    if !children.iter().all(|child| child["t"] == "p") {
        return children;
    }
    let mut out = Vec::new();
    for mut child in children {
        if !out.is_empty() {
            out.push(json!({"t": "pb"}));
        }
        if let Value::Array(inner) = child["c"].take() {
            out.extend(inner);
        }
    }
    out
}

fn image(element: &Element, small: bool) -> Value {
    json!({
        "t": "img",
        "src": format!("/{}", element.get("src").unwrap_or_default()),
        "alt": element.get("alt").unwrap_or_default(),
        "small": small,
    })
}

fn formula(element: &Element) -> Value {
    json!({"t": "row", "c": math::formula(element)})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::pdf::node;

    #[track_caller]
    fn check(xhtml: &str, expected: Value) {
        let nodes = node::read(xhtml);
        let mut shaper = Shaper::new(["law-1-art-1"]);
        let mut shaped = shaper.page("a.xhtml", &nodes);
        shaper.settle(&mut shaped);
        assert_eq!(Value::Array(shaped), expected);
    }

    #[test]
    fn an_article_is_noted_once_in_a_question() {
        let cite = "<a class=\"citation\" href=\"articles.xhtml#law-1-art-1\">第一条</a>";
        check(
            &format!("<p>{cite}{cite}</p>"),
            json!([{"t": "p", "c": [
                {"t": "cite", "article": "law-1-art-1", "c": ["第一条"]},
                {"t": "row", "c": ["第一条"]},
            ]}]),
        );
    }

    #[test]
    fn links_to_what_is_not_printed_are_text() {
        check(
            "<p><a href=\"b.xhtml#x\">b</a></p>",
            json!([{"t": "p", "c": [{"t": "row", "page": false, "c": [{"t": "row", "c": ["b"]}]}]}]),
        );
    }

    #[test]
    fn notes_stand_where_they_are_called() {
        check(
            "<p>a<sup><a class=\"noteref\" href=\"#fn-1\">1</a></sup></p><aside class=\"footnote\" id=\"fn-1\"><p class=\"note-number\">注 1</p><p>b</p></aside>",
            json!([{"t": "p", "c": ["a", {"t": "note", "id": "a.xhtml#fn-1", "c": ["b"]}]}]),
        );
    }

    #[test]
    fn a_note_called_in_a_note_is_read_there_and_one_that_calls_itself_ends() {
        let call = |n: u8| format!("<sup><a class=\"noteref\" href=\"#fn-{n}\">{n}</a></sup>");
        let note = |n: u8, inner: &str| {
            format!("<aside class=\"footnote\" id=\"fn-{n}\"><p>{inner}</p></aside>")
        };
        let html = |inner: &str| {
            let first = note(1, &format!("b{}", call(2)));
            format!("<p>a{}</p>{first}{}", call(1), note(2, inner))
        };
        check(
            &html("c"),
            json!([{"t": "p", "c": ["a", {"t": "note", "id": "a.xhtml#fn-1", "c": ["b", {"t": "row", "c": ["（", {"t": "row", "c": ["c"]}, "）"]}]}]}]),
        );
        let nodes = node::read(&html(&format!("c{}", call(1))));
        let shaped = Value::Array(Shaper::new([]).page("a.xhtml", &nodes)).to_string();
        assert_eq!(
            shaped.matches("（").count(),
            usize::from(DEEPEST_NOTE) - 1,
            "{shaped}"
        );
    }

    #[test]
    fn headings_go_down_one_level_at_a_time() {
        let nodes = node::read("<h1>a</h1><h4>b</h4>");
        let mut shaper = Shaper::new([]);
        let shaped = shaper.page("a.xhtml", &nodes);
        assert_eq!((&shaped[0]["l"], &shaped[1]["l"]), (&json!(1), &json!(2)));
    }

    #[test]
    fn marks_around_blocks_are_left_out() {
        check(
            "<strong><p>a</p></strong>",
            json!([{"t": "group", "c": [{"t": "p", "c": ["a"]}]}]),
        );
    }

    #[test]
    fn what_opens_an_answer_on_a_screen_names_it_in_print() {
        check(
            "<details><summary title=\"Answer: \">Show</summary>\n<p>B</p><p>c</p></details>",
            json!([{"t": "group", "c": [
                {"t": "p", "c": [{"t": "b", "c": ["Answer: "]}, "B"]},
                {"t": "p", "c": ["c"]},
            ]}]),
        );
        check(
            "<details><summary>More</summary><p>c</p></details>",
            json!([{"t": "group", "c": [
                {"t": "p", "c": [{"t": "b", "c": ["More"]}]},
                {"t": "p", "c": ["c"]},
            ]}]),
        );
    }

    #[test]
    fn wide_tables_share_the_line() {
        assert_eq!(widths(&[4, 10]), [0.0, 0.0]);
        assert_eq!(widths(&[4, 64]), [0.0, 8.0]);
    }
}
