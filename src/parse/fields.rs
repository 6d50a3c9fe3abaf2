//! Typed reading of a [`Table`]: wrong types and unknown keys become diagnostics with the nearest name.

use crate::base::value::{Entry, Node, Table, Value};
use crate::base::{Date, Moment, SourcePath, Span, nearest};
use crate::diag::Diagnostic;

/// A table being read. Every key asked for is a known one; [`Fields::finish`] reports the others.
pub struct Fields<'a> {
    table: &'a Table,
    file: &'a SourcePath,
    known: Vec<&'static str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    /// Begins to read `table`, written in `file`.
    pub fn new(
        table: &'a Table,
        file: &'a SourcePath,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            table,
            file,
            known: Vec::new(),
            diagnostics,
        }
    }

    /// The file being read.
    #[must_use]
    pub fn file(&self) -> &'a SourcePath {
        self.file
    }

    /// Where diagnostics go.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The value of any kind.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.known.push(key);
        self.table.get(key).filter(|node| node.value != Value::Null)
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(key)?;
        let value = read(&node.value);
        if value.is_none() {
            self.diagnostics.push(
                Diagnostic::at("wrong-type", self.file, node.span)
                    .with("key", key)
                    .with("wanted", wanted)
                    .with("found", node.value.kind().name()),
            );
        }
        value
    }

    /// Text. A number or date is taken as it is written.
    pub fn string(&mut self, key: &'static str) -> Option<String> {
        self.typed(key, "文本 (string)", scalar_text)
    }

    /// Text with its place.
    pub fn spanned_string(&mut self, key: &'static str) -> Option<(String, Span)> {
        let text = self.string(key)?;
        let span = self.table.get(key)?.span;
        Some((text, span))
    }

    /// `true` or `false`.
    pub fn bool(&mut self, key: &'static str) -> Option<bool> {
        self.typed(key, "true/false (boolean)", |value| match value {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        })
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str) -> Option<i64> {
        self.typed(key, "整数 (integer)", |value| match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        })
    }

    /// A whole number that is not negative.
    pub fn count(&mut self, key: &'static str) -> Option<usize> {
        self.typed(
            key,
            "非负整数 (non-negative integer)",
            |value| match value {
                Value::Integer(number) => usize::try_from(*number).ok(),
                _ => None,
            },
        )
    }

    /// Any number.
    pub fn number(&mut self, key: &'static str) -> Option<f64> {
        self.typed(key, "数字 (number)", |value| match value {
            #[expect(clippy::cast_precision_loss, reason = "settings are small numbers")]
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        })
    }

    /// A day or moment.
    pub fn moment(&mut self, key: &'static str) -> Option<Moment> {
        self.typed(key, "日期，如 2026-03-05 (date)", |value| match value {
            Value::Moment(moment, _) => Some(*moment),
            Value::String(text) => Moment::parse(text),
            _ => None,
        })
    }

    /// A day.
    pub fn date(&mut self, key: &'static str) -> Option<Date> {
        self.moment(key).map(|moment| moment.date())
    }

    /// A list of days; a single one counts as a list.
    pub fn dates(&mut self, key: &'static str) -> Vec<Date> {
        let date = |value: &Value| match value {
            Value::Moment(moment, _) => Some(moment.date()),
            Value::String(text) => Moment::parse(text).map(|moment| moment.date()),
            _ => None,
        };
        self.typed(key, "日期列表 (list of dates)", |value| match value {
            Value::Array(items) => items.iter().map(|item| date(&item.value)).collect(),
            other => date(other).map(|date| vec![date]),
        })
        .unwrap_or_default()
    }

    /// A list of texts with their places; a single text counts as a list.
    pub fn spanned_strings(&mut self, key: &'static str) -> Vec<(String, Span)> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        let items = match &node.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::new();
        for item in items {
            match scalar_text(&item.value) {
                Some(text) => texts.push((text, item.span)),
                None => self.diagnostics.push(
                    Diagnostic::at("wrong-type", self.file, item.span)
                        .with("key", key)
                        .with("wanted", "文本列表 (list of strings)")
                        .with("found", item.value.kind().name()),
                ),
            }
        }
        texts
    }

    /// A list of texts; a single text counts as a list.
    pub fn strings(&mut self, key: &'static str) -> Vec<String> {
        self.spanned_strings(key)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    /// A table.
    pub fn table(&mut self, key: &'static str) -> Option<&'a Table> {
        self.typed(key, "表 (table)", Value::as_table)
    }

    /// A list of tables, with the place of each.
    pub fn tables(&mut self, key: &'static str) -> Vec<(&'a Table, Span)> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        let items = match &node.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut tables = Vec::new();
        for item in items {
            match item.value.as_table() {
                Some(table) => tables.push((table, item.span)),
                None => self.diagnostics.push(
                    Diagnostic::at("wrong-type", self.file, item.span)
                        .with("key", key)
                        .with("wanted", "表 (table)")
                        .with("found", item.value.kind().name()),
                ),
            }
        }
        tables
    }

    /// One of some words, else a diagnostic with the nearest.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let (text, span) = self.spanned_string(key)?;
        let chosen = choices
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, value)| *value);
        if chosen.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.diagnostics.push(
                Diagnostic::at("unknown-value", self.file, span)
                    .with("key", key)
                    .with("value", &text)
                    .with_option("nearest", nearest(&text, names.iter().copied()))
                    .with("choices", names.join(" · ")),
            );
        }
        chosen
    }

    /// A required text; its absence is a diagnostic at `place`.
    pub fn required(&mut self, key: &'static str, place: Span) -> Option<String> {
        let text = self.string(key);
        if text.is_none() && self.table.get(key).is_none() {
            self.diagnostics
                .push(Diagnostic::at("missing-key", self.file, place).with("key", key));
        }
        text
    }

    /// Counts keys as known without reading them.
    pub fn allow(&mut self, keys: &[&'static str]) {
        self.known.extend_from_slice(keys);
    }

    /// The entries nobody asked for.
    #[must_use]
    pub fn unread(&self) -> Vec<&'a Entry> {
        self.table
            .entries
            .iter()
            .filter(|entry| !self.known.contains(&entry.key.as_str()))
            .collect()
    }

    /// Reports every key nobody asked for, with the nearest known one.
    pub fn finish(self) {
        self.finish_with(|_| None);
    }

    /// The same; `elsewhere` gives the kinds of pages that have a key, where others have it.
    pub fn finish_with(self, elsewhere: impl Fn(&str) -> Option<String>) {
        for entry in self.unread() {
            let near = nearest(&entry.key, self.known.iter().copied());
            self.diagnostics.push(
                Diagnostic::at("unknown-key", self.file, entry.key_span)
                    .with("key", &entry.key)
                    .with_option("kind", elsewhere(&entry.key))
                    .with_option("nearest", near),
            );
        }
    }

    /// Whether a key was asked for.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.known.contains(&key)
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) | Value::Moment(_, text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Table(_) => None,
    }
}
