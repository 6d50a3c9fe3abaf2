//! TOML, YAML and JSON text → [`Table`]s with places, and syntax errors as diagnostics.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::value::{Entry, Node, Table, Value};
use crate::base::{Moment, SourcePath, Span};
use crate::diag::Diagnostic;

/// A language of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// TOML 1.1.
    Toml,
    /// YAML 1.2.
    Yaml,
    /// JSON.
    Json,
}

impl Syntax {
    /// The language a file name stands for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads a table. `offset` is where `text` begins in its file; places are counted from the file's start.
/// What can be read in spite of errors is read.
pub fn read_table(
    syntax: Syntax,
    text: &str,
    offset: usize,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Table {
    match read_value(syntax, text, offset, file, diagnostics) {
        Some(Node {
            value: Value::Table(table),
            ..
        }) => table,
        Some(Node {
            value: Value::Null, ..
        })
        | None => Table::default(),
        Some(node) => {
            if let Some(found) = full_width(text, offset, file, Span::new(0, text.len())) {
                diagnostics.push(found);
            } else {
                diagnostics.push(
                    Diagnostic::at("not-a-table", file, node.span)
                        .with("found", node.value.kind().name()),
                );
            }
            Table::default()
        }
    }
}

/// Reads a value of any kind; `None` where nothing could be read.
pub fn read_value(
    syntax: Syntax,
    text: &str,
    offset: usize,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let reader = Reader { text, offset, file };
    match syntax {
        Syntax::Toml => reader.toml(diagnostics),
        Syntax::Yaml => reader.yaml("YAML", diagnostics),
        // JSON is a part of YAML 1.2, and this reader keeps the places.
        Syntax::Json => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => match Pairs::joined(text) {
                None => reader.yaml("JSON", diagnostics),
                Some((joined, pairs)) => {
                    let reader = Reader {
                        text: &joined,
                        offset: 0,
                        file,
                    };
                    let mut node = reader.yaml("JSON", diagnostics)?;
                    pairs.put_back(&mut node, offset);
                    Some(node)
                }
            },
            Err(error) => {
                let index = crate::base::LineIndex::new(text);
                let at = index.line_start(error.line()) + error.column().saturating_sub(1);
                diagnostics.push(reader.syntax_error(
                    "JSON",
                    Span::new(at, at + 1),
                    &error.to_string(),
                ));
                None
            }
        },
    }
}

/// Where JSON had two escapes for one character (`\\ud83d\\ude00`): YAML has one (`\\U0001F600`).
struct Pairs {
    /// Ends of the escapes in the text with one each.
    ends: Vec<usize>,
}

impl Pairs {
    /// How many bytes two escapes have, and one.
    const TWO: usize = 12;
    const ONE: usize = 10;

    /// The text with one escape for each such character; `None` where there are none.
    fn joined(text: &str) -> Option<(String, Self)> {
        let (mut out, mut ends, mut rest) = (String::new(), Vec::new(), text);
        while let Some(at) = rest.find('\\') {
            let found = escaped_pair(&rest[at..]);
            // An escape that is no pair: the character behind the backslash may be a backslash itself.
            let behind = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
            let used = found.map_or(1 + behind, |_| Self::TWO);
            match found {
                Some(c) => {
                    out.push_str(&rest[..at]);
                    out.push_str(&format!("\\U{:08X}", u32::from(c)));
                    ends.push(out.len());
                }
                None => out.push_str(&rest[..at + used]),
            }
            rest = &rest[at + used..];
        }
        out.push_str(rest);
        (!ends.is_empty()).then_some((out, Self { ends }))
    }

    /// The places in the text as it was written, from `offset` on.
    fn put_back(&self, node: &mut Node, offset: usize) {
        node.span = self.span(node.span, offset);
        match &mut node.value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| self.put_back(item, offset)),
            Value::Table(table) => table.entries.iter_mut().for_each(|entry| {
                entry.key_span = self.span(entry.key_span, offset);
                self.put_back(&mut entry.node, offset);
            }),
            Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::String(_)
            | Value::Moment(..) => {}
        }
    }

    fn span(&self, span: Span, offset: usize) -> Span {
        let place = |at: u32| {
            let at = at as usize;
            let before = self.ends.partition_point(|end| *end <= at);
            at + before * (Self::TWO - Self::ONE) + offset
        };
        Span::new(place(span.start), place(span.end))
    }
}

/// The character two escapes stand for, at the beginning of a text.
fn escaped_pair(text: &str) -> Option<char> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let units = [unit(text)?, unit(text.get(6..)?)?];
    let is_pair = (0xD800..0xDC00).contains(&units[0]);
    let mut chars = char::decode_utf16(units).filter(|_| is_pair);
    chars.next()?.ok()
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    file: &'a SourcePath,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(range.start, range.end).shift(self.offset)
    }

    fn toml(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let lines = crate::base::LineIndex::new(self.text);
        let mut last_line = 0;
        for error in errors {
            let range = error.span().unwrap_or(0..0);
            let line = lines.position(self.text, range.start).line;
            // One slip of the pen makes several errors; the first of a line is the one to mend.
            if line != last_line {
                last_line = line;
                diagnostics.push(self.syntax_error(
                    "TOML",
                    Span::new(range.start, range.end),
                    error.message(),
                ));
            }
        }
        let span = self.span(table.span());
        Some(Node {
            value: Value::Table(self.toml_table(table.get_ref())),
            span,
        })
    }

    fn toml_table(&self, table: &DeTable<'_>) -> Table {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(key.span()),
                node: self.toml_node(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span);
        Table { entries }
    }

    fn toml_node(&self, node: &Spanned<DeValue<'_>>) -> Node {
        let value = match node.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                i64::from_str_radix(&digits, number.radix())
                    .map_or(Value::Float(f64::MAX), Value::Integer)
            }
            DeValue::Float(number) => {
                Value::Float(number.as_str().replace('_', "").parse().unwrap_or(0.0))
            }
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Datetime(datetime) => {
                let text = datetime.to_string();
                match Moment::parse(&text) {
                    Some(moment) => Value::Moment(moment, text),
                    None => Value::String(text),
                }
            }
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| self.toml_node(item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.toml_table(table)),
        };
        Node {
            value,
            span: self.span(node.span()),
        }
    }

    fn yaml(&self, name: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
        let bytes = ByteOffsets::new(self.text);
        // The parser goes down into every level.
        if let Some(at) = too_deep(self.text) {
            let span = Span::new(at, at + 1);
            diagnostics.push(self.syntax_error(name, span, "nested too deep"));
            return None;
        }
        match MarkedYaml::load_from_str(self.text) {
            Ok(documents) => documents
                .into_iter()
                .next()
                .map(|node| self.yaml_node(&node, &bytes)),
            Err(error) => {
                let at = bytes.of(error.marker().index());
                diagnostics.push(self.syntax_error(name, Span::new(at, at + 1), error.info()));
                None
            }
        }
    }

    fn yaml_node(&self, node: &MarkedYaml<'_>, bytes: &ByteOffsets) -> Node {
        let span = Span::new(
            bytes.of(node.span.start.index()),
            bytes.of(node.span.end.index()),
        )
        .shift(self.offset);
        let value = match &node.data {
            YamlData::Value(scalar) => yaml_scalar(scalar),
            YamlData::Sequence(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.yaml_node(item, bytes))
                    .collect(),
            ),
            YamlData::Mapping(map) => Value::Table(Table {
                entries: map
                    .iter()
                    .map(|(key, value)| {
                        let key = self.yaml_node(key, bytes);
                        let text = match key.value {
                            Value::String(text) | Value::Moment(_, text) => text,
                            other => serde_json::Value::from(&other).to_string(),
                        };
                        Entry {
                            key: text,
                            key_span: key.span,
                            node: self.yaml_node(value, bytes),
                        }
                    })
                    .collect(),
            }),
            YamlData::Tagged(_, inner) => self.yaml_node(inner, bytes).value,
            YamlData::Representation(text, ..) => Value::String(text.to_string()),
            YamlData::Alias(_) | YamlData::BadValue => Value::Null,
        };
        Node { value, span }
    }

    fn syntax_error(&self, name: &str, span: Span, detail: &str) -> Diagnostic {
        full_width(self.text, self.offset, self.file, span).unwrap_or_else(|| {
            // Parsers count bytes, and name at times none.
            let end = span.end.max(span.start + 1) as usize;
            let span = Span::new(span.start as usize, end).on_borders(self.text);
            let span = span.shift(self.offset);
            Diagnostic::at("data-syntax", self.file, span)
                .with("syntax", name)
                .with("detail", detail.lines().next().unwrap_or_default())
        })
    }
}

/// Where YAML opens more brackets, or begins more lists on one line, than any data has.
fn too_deep(text: &str) -> Option<usize> {
    const DEEPEST: usize = 100;
    let (mut open, mut begun) = (0_usize, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            b'\n' => begun = 0,
            b'-' | b'?' | b':' => begun += 1,
            _ => {}
        }
        let indented = begun > DEEPEST
            && text[..at]
                .rsplit('\n')
                .next()
                .is_some_and(|line| line.bytes().all(|byte| b"-?: ".contains(&byte)));
        if open > DEEPEST || indented {
            return Some(at);
        }
    }
    None
}

fn yaml_scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => Value::Bool(*flag),
        Scalar::Integer(number) => Value::Integer(*number),
        Scalar::FloatingPoint(number) => Value::Float(**number),
        // YAML has no dates; what looks like one is one, as in TOML.
        Scalar::String(text) => match Moment::parse(text) {
            Some(moment)
                if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-') =>
            {
                Value::Moment(moment, text.to_string())
            }
            _ => Value::String(text.to_string()),
        },
    }
}

/// From character offsets, as the YAML parser counts, to bytes.
struct ByteOffsets {
    of_char: Option<Vec<u32>>,
    len: usize,
}

impl ByteOffsets {
    fn new(text: &str) -> Self {
        let of_char = (!text.is_ascii()).then(|| {
            text.char_indices()
                .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
                .collect()
        });
        Self {
            of_char,
            len: text.len(),
        }
    }

    fn of(&self, index: usize) -> usize {
        match &self.of_char {
            Some(table) => table.get(index).map_or(self.len, |at| *at as usize),
            None => index.min(self.len),
        }
    }
}

/// Full-width punctuation on the line of an error, where the syntax wants the half-width form.
fn full_width(text: &str, offset: usize, file: &SourcePath, near: Span) -> Option<Diagnostic> {
    const PAIRS: [(char, &str); 12] = [
        ('＝', "="),
        ('“', "\""),
        ('”', "\""),
        ('‘', "'"),
        ('’', "'"),
        ('：', ":"),
        ('，', ","),
        ('［', "["),
        ('］', "]"),
        ('｛', "{"),
        ('｝', "}"),
        ('＂', "\""),
    ];
    let at = (near.start as usize).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at))?;
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let end = (near.end as usize).clamp(at, text.len());
    let end = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |more| end + more);
    let mut in_string = None;
    for (index, c) in text[start..end].char_indices() {
        match (in_string, c) {
            (None, '"' | '\'') => in_string = Some(c),
            (Some(open), c) if c == open => in_string = None,
            (None, '#') if text[start..].starts_with('#') => return None,
            (None, c) => {
                if let Some((_, wanted)) = PAIRS.iter().find(|(wide, _)| *wide == c) {
                    let span = Span::new(start + index, start + index + c.len_utf8()).shift(offset);
                    return Some(
                        Diagnostic::at("full-width-punctuation", file, span)
                            .with("found", c)
                            .with("wanted", wanted)
                            .with("fixed", half_width(&text[start..end])),
                    );
                }
            }
            (Some(_), '\n') => in_string = None,
            (Some(_), _) => {}
        }
    }
    None
}

/// The line with its full-width punctuation made half-width, for the hint.
fn half_width(line: &str) -> String {
    line.lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim()
        .chars()
        .map(|c| match c {
            '＝' => '=',
            '“' | '”' | '＂' => '"',
            '‘' | '’' => '\'',
            '：' => ':',
            '，' => ',',
            '［' => '[',
            '］' => ']',
            '｛' => '{',
            '｝' => '}',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(syntax: Syntax, text: &str) -> (Table, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let table = read_table(syntax, text, 0, &SourcePath::new("a.md"), &mut diagnostics);
        (table, diagnostics)
    }

    #[test]
    fn the_three_languages_say_the_same() {
        let json = |table: &Table| serde_json::Value::from(table).to_string();
        let (toml, a) = read(
            Syntax::Toml,
            "title = \"民法典\"\nweight = 3\ntags = [\"a\", \"b\"]\n[extra]\nx = 1.5\n",
        );
        let (yaml, b) = read(
            Syntax::Yaml,
            "title: 民法典\nweight: 3\ntags: [a, b]\nextra:\n  x: 1.5\n",
        );
        let (js, c) = read(
            Syntax::Json,
            "{\"title\": \"民法典\", \"weight\": 3, \"tags\": [\"a\", \"b\"], \"extra\": {\"x\": 1.5}}",
        );
        assert_eq!((a, b, c), (vec![], vec![], vec![]));
        assert_eq!(json(&toml), json(&yaml));
        assert_eq!(json(&toml), json(&js));
    }

    #[test]
    fn places_count_bytes_also_in_yaml() {
        let text = "title: 民法典\nweight: 3\n";
        let (table, _) = read(Syntax::Yaml, text);
        let weight = table.get("weight").expect("there");
        assert_eq!(&text[weight.span.range()], "3");
    }

    #[test]
    fn two_escapes_of_json_are_one_character_and_places_stay() {
        let text = r#"{"\ud83d\ude00": "\\ud83d\ud83d\ude00茶", "weight": 3}"#;
        let (table, diagnostics) = read(Syntax::Json, text);
        assert_eq!(diagnostics, []);
        let first = &table.entries[0];
        assert_eq!(
            (&*first.key, first.node.value.as_str()),
            ("😀", Some("\\ud83d😀茶"))
        );
        assert_eq!(&text[first.key_span.range()], r#""\ud83d\ude00""#);
        assert_eq!(&text[table.entries[1].node.span.range()], "3");
    }

    #[test]
    fn full_width_signs_are_named_with_the_line_mended() {
        for text in ["title＝“民法典”\n", "title = “民法典”\n"] {
            let (_, diagnostics) = read(Syntax::Toml, text);
            let first = diagnostics.first().expect("an error");
            assert_eq!(first.code, "full-width-punctuation", "{text}");
            assert!(
                first
                    .arg("fixed")
                    .is_some_and(|fixed| fixed.contains("\"民法典\"")),
                "{first:?}"
            );
        }
        let (_, diagnostics) = read(Syntax::Yaml, "title：民法典\n");
        assert_eq!(
            diagnostics.first().map(|d| d.code),
            Some("full-width-punctuation")
        );
    }

    #[test]
    fn full_width_signs_inside_quotes_are_text() {
        let (_, diagnostics) = read(Syntax::Toml, "title = \"民法典：“问”\"\nweight = = 3\n");
        assert_eq!(
            diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(),
            ["data-syntax"]
        );
    }

    #[test]
    fn the_place_of_an_error_takes_in_whole_characters() {
        let text = "[[step]]\n－<v 甲>";
        let (_, diagnostics) = read(Syntax::Toml, text);
        let spans = diagnostics.iter().filter_map(|d| d.place.as_ref());
        let named: Vec<_> = spans.map(|place| text.get(place.span.range())).collect();
        assert_eq!(named, [Some("甲")]);
    }

    #[test]
    fn a_yaml_date_is_a_date() {
        let (table, _) = read(Syntax::Yaml, "date: 2026-03-05\nnumber: 12348\n");
        assert!(matches!(
            table.get("date").map(|n| &n.value),
            Some(Value::Moment(..))
        ));
        assert!(matches!(
            table.get("number").map(|n| &n.value),
            Some(Value::Integer(12348))
        ));
    }
}
