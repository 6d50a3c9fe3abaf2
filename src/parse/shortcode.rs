//! Calls of short codes in Markdown, in Zola's syntax, cut out before the Markdown is parsed.
//!
//! `{{ name(key="value", list=[1, 2]) }}` stands alone; `{% name(key=true) %} … {% end %}` has a body. Values are strings in
//! double quotes, single quotes or backticks, `true`, `false`, numbers, and arrays of these. `{{/* name() */}}` and
//! `{%/* name() */%}` are text, shown without the escape. What only looks like a call is text.
//!
//! A call is replaced by a token that Markdown leaves alone, and by as many bytes and line breaks as it had, so that the
//! places of everything behind it stay true. Addresses written bare (`https://…`) go the same way: Markdown would let them run
//! on to the next white space, which in Chinese may be a paragraph away.

use std::ops::Range;

use serde_json::Value;

use super::address;
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::Shortcode;

/// Begins a token in the cut text; the index of the call in decimal digits follows.
pub const TOKEN: char = '\u{E000}';
/// Fills a token up to the length of its call; to be dropped.
pub const FILL: char = '\u{1A}';

/// Markdown with its calls and bare addresses cut out.
#[derive(Debug, PartialEq)]
pub struct Cut {
    /// The text with tokens.
    pub text: String,
    /// What the tokens stand for, by the index in them.
    pub pieces: Vec<Piece>,
}

/// What a token stands for.
#[derive(Debug, PartialEq)]
pub struct Piece {
    /// What becomes of it in running text.
    pub kind: PieceKind,
    /// What is shown where no call or link can be made: in code, HTML and the targets of links.
    pub written: String,
}

/// The kinds of pieces.
#[derive(Debug, PartialEq)]
pub enum PieceKind {
    /// A call.
    Call(Box<Shortcode>),
    /// A call that was escaped: text.
    Escaped,
    /// An address written bare, which becomes a link.
    Address,
}

/// Cuts the calls and the bare addresses out of `body`, which begins at byte `offset` of `file`.
pub fn cut(body: &str, offset: usize, file: &SourcePath, diagnostics: &mut Vec<Diagnostic>) -> Cut {
    let mut cutter = Cutter {
        body,
        offset,
        copied: 0,
        cut: Cut {
            text: String::with_capacity(body.len()),
            pieces: Vec::new(),
        },
    };
    let mut from = 0;
    while let Some(at) = next_candidate(body, from) {
        from = match body.as_bytes()[at] {
            b'{' => cutter.call(at, file, diagnostics),
            _ => cutter.address(at),
        }
        .unwrap_or(at + 1);
    }
    cutter.cut.text.push_str(&body[cutter.copied..]);
    cutter.cut
}

/// Where a call or an address may begin: a brace, the colon of a scheme, the dot behind `www`.
fn next_candidate(body: &str, from: usize) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut from = from;
    loop {
        let at = from + memchr::memchr3(b'{', b':', b'.', bytes.get(from..)?)?;
        let before = &bytes[..at];
        let wanted = match bytes[at] {
            b'{' => true,
            b':' => bytes[at..].starts_with(b"://"),
            _ => before.ends_with(b"www"),
        };
        if wanted {
            return Some(at);
        }
        from = at + 1;
    }
}

/// A cut in progress. Its methods give where to go on, or nothing where there is nothing to cut.
struct Cutter<'b> {
    body: &'b str,
    offset: usize,
    copied: usize,
    cut: Cut,
}

impl Cutter<'_> {
    /// A call that begins with the brace at `open`.
    fn call(
        &mut self,
        open: usize,
        file: &SourcePath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let found = match read_opening(self.body, open)? {
            Opening::Escaped { text, end } => {
                self.put(open, end, PieceKind::Escaped, text);
                return Some(end);
            }
            Opening::Call(found) => found,
        };
        let (inner, end) = if found.has_body {
            let Some((inner, end)) = find_end(self.body, found.end) else {
                let span = Span::new(open, found.end).shift(self.offset);
                diagnostics.push(
                    Diagnostic::at("shortcode-without-end", file, span).with("name", &found.name),
                );
                return Some(found.end);
            };
            (Some(inner), end)
        } else {
            (None, found.end)
        };
        let place = |at: usize| u32::try_from(self.offset + at).unwrap_or(u32::MAX);
        let call = Shortcode {
            nth: self.nth(&found.name),
            name: found.name.into(),
            arguments: found.arguments,
            texts: found
                .texts
                .into_iter()
                .map(|text| text.shift(self.offset))
                .collect(),
            body_start: inner.as_ref().map_or(0, |range| place(range.start)),
            body: inner.map(|range| self.body[range].into()),
            span: Span::new(open, end).shift(self.offset),
        };
        let written = self.body[open..end].to_owned();
        self.put(open, end, PieceKind::Call(Box::new(call)), written);
        Some(end)
    }

    /// How many calls of a name there are with the next one.
    fn nth(&self, name: &str) -> u32 {
        let same =
            |piece: &&Piece| matches!(&piece.kind, PieceKind::Call(call) if *call.name == *name);
        let before = self.cut.pieces.iter().filter(same).count();
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    /// A bare address whose `:` or `.` is at `mark`.
    fn address(&mut self, mark: usize) -> Option<usize> {
        let range = address::around(self.body, mark).filter(|range| range.start >= self.copied)?;
        let written = self.body[range.clone()].to_owned();
        self.put(range.start, range.end, PieceKind::Address, written);
        Some(range.end)
    }

    fn put(&mut self, start: usize, end: usize, kind: PieceKind, written: String) {
        self.cut.text.push_str(&self.body[self.copied..start]);
        push_token(
            &mut self.cut.text,
            self.cut.pieces.len(),
            &self.body[start..end],
        );
        self.cut.pieces.push(Piece { kind, written });
        self.copied = end;
    }
}

fn push_token(out: &mut String, index: usize, call: &str) {
    let start = out.len();
    out.push(TOKEN);
    out.push_str(&index.to_string());
    out.push(FILL);
    // A call over several lines leaves blank lines behind it: what follows keeps its byte and its line.
    let breaks = call.matches('\n').count();
    while out.len() - start < call.len() - breaks {
        out.push(FILL);
    }
    out.extend(std::iter::repeat_n('\n', breaks));
}

enum Opening {
    Escaped { text: String, end: usize },
    Call(Found),
}

struct Found {
    name: String,
    arguments: Vec<(String, Value)>,
    texts: Vec<Span>,
    has_body: bool,
    end: usize,
}

fn read_opening(body: &str, open: usize) -> Option<Opening> {
    let rest = &body[open..];
    let (has_body, inner) = match rest.as_bytes().get(1)? {
        b'{' => (false, &rest[2..]),
        b'%' => (true, &rest[2..]),
        _ => return None,
    };
    let close = if has_body { "%}" } else { "}}" };
    if let Some(escaped) = inner.strip_prefix("/*") {
        let stop = escaped.find(&format!("*/{close}"))?;
        let text = format!("{}{}{close}", &rest[..2], &escaped[..stop]);
        return Some(Opening::Escaped {
            text,
            end: open + 4 + stop + 4,
        });
    }
    let mut reader = Reader {
        text: inner,
        at: 0,
        texts: Vec::new(),
    };
    reader.space();
    let name = reader.name()?;
    reader.space();
    reader.expect('(')?;
    let arguments = reader.arguments()?;
    reader.space();
    let end = reader.text[reader.at..]
        .starts_with(close)
        .then_some(open + 2 + reader.at + close.len())?;
    let texts = reader.texts.into_iter();
    Some(Opening::Call(Found {
        name,
        arguments,
        texts: texts.map(|text| text.shift(open + 2)).collect(),
        has_body,
        end,
    }))
}

/// The `{% end %}` that closes the body beginning at `from`; bodies may hold calls with bodies of their own.
fn find_end(text: &str, from: usize) -> Option<(Range<usize>, usize)> {
    let mut depth = 0;
    let mut at = from;
    loop {
        let open = at + text[at..].find("{%")?;
        if let Some(end) = end_tag(text, open) {
            if depth == 0 {
                let body = text[from..open].trim_end();
                let start = from + body.len() - body.trim_start().len();
                return Some((start..from + body.len(), end));
            }
            depth -= 1;
            at = end;
        } else {
            if let Some(Opening::Call(found)) = read_opening(text, open) {
                depth += usize::from(found.has_body);
            }
            at = open + 2;
        }
    }
}

fn end_tag(text: &str, open: usize) -> Option<usize> {
    let inner = text[open + 2..].trim_start();
    let rest = inner.strip_prefix("end")?.trim_start();
    rest.starts_with("%}").then(|| text.len() - rest.len() + 2)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Where the texts read so far stand, without their quotation marks.
    texts: Vec<Span>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.text[self.at..].trim_start().len();
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += wanted.len_utf8())
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        let len = self.text[start..]
            .find(|c| !keep(c))
            .unwrap_or(self.text.len() - start);
        self.at += len;
        &self.text[start..start + len]
    }

    fn name(&mut self) -> Option<String> {
        let name = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-'));
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn arguments(&mut self) -> Option<Vec<(String, Value)>> {
        let mut arguments = Vec::new();
        loop {
            self.space();
            if self.expect(')').is_some() {
                return Some(arguments);
            }
            // A lone value is the argument the short code is about: `{{ question(37) }}`.
            if let Some(value) = self.lone_value() {
                arguments.push(("value".to_owned(), value));
            } else {
                let key = self.name()?;
                self.space();
                self.expect('=')?;
                self.space();
                let value = self.value(true)?;
                arguments.push((key, value));
            }
            self.space();
            if self.expect(',').is_none() && self.peek()? != ')' {
                return None;
            }
        }
    }

    fn lone_value(&mut self) -> Option<Value> {
        let (start, texts) = (self.at, self.texts.len());
        let value = self.value(true);
        self.space();
        if value.is_some() && matches!(self.peek(), Some(')' | ',')) {
            return value;
        }
        self.at = start;
        self.texts.truncate(texts);
        None
    }

    fn value(&mut self, arrays: bool) -> Option<Value> {
        match self.peek()? {
            quote @ ('"' | '\'' | '`') => self.quoted(quote),
            '[' if arrays => self.array(),
            _ => {
                let word = self
                    .take(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'))
                    .to_owned();
                match word.as_str() {
                    "true" => Some(Value::Bool(true)),
                    "false" => Some(Value::Bool(false)),
                    _ => word
                        .parse::<i64>()
                        .map(Value::from)
                        .ok()
                        .or_else(|| word.parse::<f64>().map(Value::from).ok()),
                }
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Option<Value> {
        let inner = &self.text[self.at + 1..];
        let stop = inner.find(quote)?;
        self.texts.push(Span::new(self.at + 1, self.at + 1 + stop));
        self.at += stop + 2;
        Some(Value::from(&inner[..stop]))
    }

    fn array(&mut self) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.expect(']').is_some() {
                return Some(Value::Array(items));
            }
            items.push(self.value(false)?);
            self.space();
            if self.expect(',').is_none() && self.peek()? != ']' {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(body: &str) -> Vec<String> {
        let mut diagnostics = Vec::new();
        let cut = cut(body, 0, &SourcePath::new("a.md"), &mut diagnostics);
        assert_eq!(diagnostics, vec![]);
        cut.pieces
            .iter()
            .filter_map(|piece| match &piece.kind {
                PieceKind::Call(call) => Some(call),
                PieceKind::Escaped | PieceKind::Address => None,
            })
            .map(|call| {
                let arguments: Vec<String> = call
                    .arguments
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                let body = call
                    .body
                    .as_deref()
                    .map(|body| format!(" [{body}]"))
                    .unwrap_or_default();
                format!("{}({}){body}", call.name, arguments.join(","))
            })
            .collect()
    }

    #[test]
    fn what_follows_a_call_of_several_lines_keeps_its_byte_and_its_line() {
        let body = "甲\n{% notice(title=\"注意\") %}\n块内文字\n\n第二段\n{% end %}乙\n丙";
        let cut = cut(body, 0, &SourcePath::new("a.md"), &mut Vec::new());
        assert_eq!(cut.pieces.len(), 1);
        for mark in ["乙", "丙"] {
            let at = |text: &str| {
                let byte = text.find(mark).expect("there");
                (byte, text[..byte].matches('\n').count())
            };
            assert_eq!(at(&cut.text), at(body), "{mark}");
        }
    }

    #[test]
    fn arguments_of_every_kind() {
        assert_eq!(
            calls("x {{ a(s=\"t\", q='u', b=`v`, yes=true, i=-3, f=1.5, l=[1, \"x\"]) }} y"),
            ["a(s=\"t\",q=\"u\",b=\"v\",yes=true,i=-3,f=1.5,l=[1,\"x\"])"]
        );
        assert_eq!(calls("{{ question(37) }}"), ["question(value=37)"]);
    }

    #[test]
    fn bodies_may_hold_bodies() {
        assert_eq!(
            calls("{% quote(by=\"甲\") %}\n话 {% b() %}里{% end %} 外\n{% end %}"),
            ["quote(by=\"甲\") [话 {% b() %}里{% end %} 外]"]
        );
    }

    #[test]
    fn what_only_looks_like_a_call_is_text() {
        for text in [
            "{{ name }}",
            "{{ a(x) }}",
            "{ { a() } }",
            "{{ a( }}",
            "{{",
            "{% if x %}",
        ] {
            assert_eq!(calls(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn an_escaped_call_is_shown_without_the_escape() {
        let mut none = Vec::new();
        let cut = cut(
            "{{/* a(x=1) */}} {%/* b() */%}",
            0,
            &SourcePath::new("a.md"),
            &mut none,
        );
        let shown: Vec<&str> = cut.pieces.iter().map(|piece| &*piece.written).collect();
        assert_eq!(shown, ["{{ a(x=1) }}", "{% b() %}"]);
    }

    #[test]
    fn lines_and_bytes_behind_a_call_keep_their_place() {
        let body =
            "甲{{/* c() */}}{{ a(x=\"一\") }}https://a.cn/乙\n\n{% b() %}\n一\n二\n{% end %}\n丙";
        let mut none = Vec::new();
        let cut = cut(body, 0, &SourcePath::new("a.md"), &mut none);
        assert_eq!(cut.text.find('乙'), body.find('乙'));
        assert_eq!(cut.text.matches('\n').count(), body.matches('\n').count());
    }

    #[test]
    fn a_body_without_end_is_reported() {
        let mut diagnostics = Vec::new();
        cut(
            "一\n{% b() %} 二",
            7,
            &SourcePath::new("a.md"),
            &mut diagnostics,
        );
        assert_eq!(diagnostics[0].code, "shortcode-without-end");
        assert_eq!(
            diagnostics[0].place.as_ref().map(|place| place.span.start),
            Some(11)
        );
    }
}
