//! Values of front matter, configuration and data files, every one with its place in the source.

use super::{Moment, Span};

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it is written.
    pub span: Span,
}

/// The kinds of values TOML, YAML and JSON share.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing (YAML and JSON only).
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(String),
    /// A day or moment, with its text as written.
    Moment(Moment, String),
    /// A list.
    Array(Vec<Node>),
    /// Keys and values.
    Table(Table),
}

/// Keys and values in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Value {
    /// What people call such a value; used in messages.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Integer(_) => Kind::Integer,
            Self::Float(_) => Kind::Float,
            Self::String(_) => Kind::String,
            Self::Moment(..) => Kind::Date,
            Self::Array(_) => Kind::Array,
            Self::Table(_) => Kind::Table,
        }
    }

    /// The text, when it is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The table, when it is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The list, when it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }
}

/// The name of a kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the values")]
pub enum Kind {
    Null,
    Bool,
    Integer,
    Float,
    String,
    Date,
    Array,
    Table,
}

impl Kind {
    /// The name in both languages, as messages print it: `文本 (string)`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "空值 (null)",
            Self::Bool => "true/false (boolean)",
            Self::Integer => "整数 (integer)",
            Self::Float => "小数 (number)",
            Self::String => "文本 (string)",
            Self::Date => "日期 (date)",
            Self::Array => "列表 (list)",
            Self::Table => "表 (table)",
        }
    }
}

impl Table {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.node)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries laid over those of `below`: tables are merged, anything else replaces.
    #[must_use]
    pub fn over(&self, below: &Table) -> Table {
        let mut merged = below.clone();
        for entry in &self.entries {
            match merged
                .entries
                .iter_mut()
                .find(|other| other.key == entry.key)
            {
                Some(other) => other.node = over(&entry.node, &other.node),
                None => merged.entries.push(entry.clone()),
            }
        }
        merged
    }
}

fn over(top: &Node, below: &Node) -> Node {
    match (&top.value, &below.value) {
        (Value::Table(top_table), Value::Table(below_table)) => Node {
            value: Value::Table(top_table.over(below_table)),
            span: top.span,
        },
        _ => top.clone(),
    }
}

/// The value as JSON: what templates and `load_data` see. Dates are text.
impl From<&Value> for serde_json::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Integer(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::String(text) => text.as_str().into(),
            Value::Moment(_, text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(|item| Self::from(&item.value)).collect(),
            Value::Table(table) => Self::from(table),
        }
    }
}

impl From<&Table> for serde_json::Value {
    fn from(table: &Table) -> Self {
        Self::Object(
            table
                .entries
                .iter()
                .map(|entry| (entry.key.clone(), Self::from(&entry.node.value)))
                .collect(),
        )
    }
}
