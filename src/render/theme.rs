//! Templates, strings and files of the look → [`Theme`]: ready to render, files with their fingerprints.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Kwargs, Rest, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::{escape, functions};
use crate::base::value::Value as Data;
use crate::base::{Hash, SourcePath, Span};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::load::{Layer, is_template};
use crate::parse::syntax::{Syntax, read_table};

/// The look of a site.
#[derive(Debug)]
pub struct Theme {
    /// The templates.
    pub environment: Environment<'static>,
    /// Strings by language, then by key: `nav.menu`.
    pub strings: BTreeMap<String, BTreeMap<String, Data>>,
    /// Files by the path templates name them by, then (for files that differ by language) by language.
    pub files: BTreeMap<String, ThemeFile>,
    /// Where each template lies, by name.
    pub sources: BTreeMap<String, SourcePath>,
    /// A short name of this very site: changes with any file of the look.
    pub build: String,
    /// The service worker, a template: it is written last, because it names everything else.
    pub worker: Option<String>,
}

/// A style, script or picture of the look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThemeFile {
    /// The same for every language: address (from the site's root) and bytes.
    One(String, Arc<[u8]>),
    /// One for each language.
    ByLanguage(BTreeMap<String, (String, Arc<[u8]>)>),
}

impl Theme {
    /// Whether there is such a template.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.sources.contains_key(name)
    }

    /// A word as one language gives it itself, or the language it is a kind of.
    #[must_use]
    pub fn own_string(&self, language: &str, key: &str) -> Option<&str> {
        let main = language.split('-').next().unwrap_or(language);
        let found = [language, main]
            .into_iter()
            .find_map(|code| self.strings.get(code)?.get(key));
        match found {
            Some(Data::String(word)) => Some(word),
            _ => None,
        }
    }

    /// The string of a key in a language, its main language, or Chinese.
    #[must_use]
    pub fn string(&self, language: &str, key: &str) -> Option<&Data> {
        let main = language.split('-').next().unwrap_or(language);
        let fallback = if main == "zh" {
            ["zh-CN", "en"]
        } else {
            ["en", "zh-CN"]
        };
        [language, main]
            .into_iter()
            .chain(fallback)
            .find_map(|code| self.strings.get(code)?.get(key))
    }

    /// A plain string; the key itself when there is none.
    #[must_use]
    pub fn text(&self, language: &str, key: &str) -> String {
        match self.string(language, key) {
            Some(Data::String(text)) => text.clone(),
            Some(_) | None => key.rsplit('.').next().unwrap_or(key).to_owned(),
        }
    }

    /// A string that may have one form for one and another for more; `None` when the language has no such string.
    #[must_use]
    pub fn counted(&self, language: &str, key: &str, count: Option<i64>) -> Option<String> {
        let data = self.string(language, key)?;
        let form = if count == Some(1) { "one" } else { "other" };
        let chosen = match data {
            Data::Table(forms) => forms
                .get(form)
                .or_else(|| forms.get("other"))
                .map(|node| &node.value),
            data => Some(data),
        };
        Some(chosen.and_then(Data::as_str).unwrap_or_default().to_owned())
    }

    /// The address and bytes of a file, in a language.
    #[must_use]
    pub fn file(&self, path: &str, language: &str) -> Option<(&str, &Arc<[u8]>)> {
        match self.files.get(path)? {
            ThemeFile::One(address, bytes) => Some((address, bytes)),
            ThemeFile::ByLanguage(all) => {
                let (address, bytes) = all.get(language).or_else(|| all.values().next())?;
                Some((address, bytes))
            }
        }
    }
}

/// Makes the look. Templates that can't be read are reported.
pub fn build(layer: &Layer, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Theme {
    let mut environment = environment();
    let mut sources = BTreeMap::new();
    for (name, template) in &layer.templates {
        sources.insert(name.clone(), template.path.clone());
        if let Err(error) = environment.add_template_owned(name.clone(), template.text.clone()) {
            diagnostics.push(template_error(&error, &sources, None));
        }
    }
    diagnostics.extend(super::blocks::unknown_blocks(&layer.templates));
    let strings = strings(layer, config, diagnostics);
    let build = fingerprint(layer);
    let mut theme = Theme {
        environment,
        strings,
        files: BTreeMap::new(),
        sources,
        build,
        worker: worker_template(layer),
    };
    theme.files = layer
        .files
        .iter()
        .filter(|(path, _)| *path != WORKER)
        .map(|(path, bytes)| {
            (
                path.clone(),
                theme_file(path, bytes, &theme, config, diagnostics),
            )
        })
        .collect();
    theme
}

/// The theme's file that becomes the service worker.
const WORKER: &str = "js/sw.js";

fn worker_template(layer: &Layer) -> Option<String> {
    let bytes = layer.files.get(WORKER)?;
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_debug(true);
    // Half the stack of a worker is enough for this many levels of templates that include or call each other.
    environment.set_recursion_limit(200);
    environment.set_fuel(Some(50_000_000));
    environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("html" | "xml" | "htm") => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    environment.set_formatter(write_value);
    functions::add_to(&mut environment);
    environment
}

/// How `{{ value }}` is written. `none` prints nothing: a template that shows what is not there shows an empty place, not a
/// word of the machine. Yes and no are written as scripts and JSON have them. In HTML only what has a meaning there is escaped:
/// addresses keep their slashes.
fn write_value(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    if let Some(flag) = (value.kind() == ValueKind::Bool).then(|| value.is_true()) {
        return out
            .write_str(if flag { "true" } else { "false" })
            .map_err(Error::from);
    }
    if *state.auto_escape() == AutoEscape::Html && !value.is_safe() {
        let text = match value.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(value.to_string()),
        };
        let mut escaped = String::with_capacity(text.len());
        escape::push_any_quotes(&text, &mut escaped);
        return out.write_str(&escaped).map_err(Error::from);
    }
    minijinja::escape_formatter(out, state, value)
}

fn strings(
    layer: &Layer,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, BTreeMap<String, Data>> {
    let mut all: BTreeMap<String, BTreeMap<String, Data>> = BTreeMap::new();
    for (code, texts) in &layer.strings {
        let strings = all.entry(code.clone()).or_default();
        for text in texts {
            let table = read_table(Syntax::Toml, &text.text, 0, &text.path, diagnostics);
            flatten("", &table, strings);
        }
    }
    let own = std::iter::once((config.default_language.as_str(), &config.translations)).chain(
        config
            .languages
            .iter()
            .map(|language| (language.code.as_str(), &language.translations)),
    );
    for (code, translations) in own {
        let strings = all.entry(code.to_owned()).or_default();
        strings.extend(
            translations
                .iter()
                .map(|(key, text)| (key.clone(), Data::String(text.clone()))),
        );
    }
    all
}

fn flatten(prefix: &str, table: &crate::base::value::Table, out: &mut BTreeMap<String, Data>) {
    for entry in &table.entries {
        let key = if prefix.is_empty() {
            entry.key.clone()
        } else {
            format!("{prefix}.{}", entry.key)
        };
        match &entry.node.value {
            Data::Table(inner) => {
                flatten(&key, inner, out);
                out.insert(key, Data::Table(inner.clone()));
            }
            other => {
                out.insert(key, other.clone());
            }
        }
    }
}

fn fingerprint(layer: &Layer) -> String {
    let mut all = Vec::new();
    for template in layer.templates.values() {
        all.extend_from_slice(template.text.as_bytes());
    }
    layer
        .files
        .values()
        .for_each(|bytes| all.extend_from_slice(bytes));
    Hash::of(&all).short(10)
}

/// Files whose first line says so are templates themselves: for the colours and strings of the configuration.
fn theme_file(
    path: &str,
    bytes: &Arc<[u8]>,
    theme: &Theme,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> ThemeFile {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    if !is_template(text) {
        return ThemeFile::One(fingerprinted(path, bytes), bytes.clone());
    }
    let mut render = |language: &str| -> (String, Arc<[u8]>) {
        let own = minijinja::context! { build => theme.build.clone() };
        match render_file(path, text, theme, config, language, own) {
            Ok(text) => {
                let bytes: Arc<[u8]> = text.into_bytes().into();
                (fingerprinted(path, &bytes), bytes)
            }
            Err(error) => {
                let sources = BTreeMap::from([(path.to_owned(), SourcePath::new(path))]);
                diagnostics.push(template_error(&error, &sources, None));
                (fingerprinted(path, bytes), bytes.clone())
            }
        }
    };
    if text
        .lines()
        .next()
        .unwrap_or_default()
        .contains("per language")
    {
        let languages = config
            .language_codes()
            .map(|language| (language.to_owned(), render(language)))
            .collect();
        ThemeFile::ByLanguage(languages)
    } else {
        let (address, bytes) = render(&config.default_language);
        ThemeFile::One(address, bytes)
    }
}

fn render_file(
    path: &str,
    text: &str,
    theme: &Theme,
    config: &Config,
    language: &str,
    own: Value,
) -> Result<String, Error> {
    // Whatever its ending, such a file is no HTML; nothing in it is escaped.
    let name = format!("{path}.txt");
    let mut environment = Environment::new();
    functions::add_filters(&mut environment);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    let strings = theme.strings.clone();
    let wanted = language.to_owned();
    environment.add_function("translations", move |key: &str| -> Value {
        let found = strings
            .get(&wanted)
            .or_else(|| strings.get("zh-CN"))
            .and_then(|strings| strings.get(key));
        found.map_or(Value::from(()), |data| {
            super::view::serial(serde_json::Value::from(data))
        })
    });
    let strings = theme.strings.clone();
    let wanted = language.to_owned();
    environment.add_function(
        "trans",
        move |key: &str, _rest: Rest<Value>, _kwargs: Kwargs| -> Value {
            let found = strings
                .get(&wanted)
                .or_else(|| strings.get("zh-CN"))
                .and_then(|strings| strings.get(key));
            found.map_or(Value::from(key), |data| {
                super::view::serial(serde_json::Value::from(data))
            })
        },
    );
    environment.add_template_owned(name.clone(), text.to_owned())?;
    let template = environment.get_template(&name)?;
    template.render(minijinja::context! {
        config => super::view::config_value(config, language),
        lang => language,
        ..own
    })
}

/// The service worker of a build whose files are named in `list`.
///
/// # Errors
/// When its template is broken.
pub(super) fn worker(
    theme: &Theme,
    config: &Config,
    build: &str,
    list: &str,
) -> Result<String, Diagnostic> {
    let text = theme.worker.as_deref().unwrap_or_default();
    let own =
        minijinja::context! { build => build, offline => minijinja::context! { manifest => list } };
    render_file(WORKER, text, theme, config, &config.default_language, own).map_err(|error| {
        let sources = BTreeMap::from([(format!("{WORKER}.txt"), SourcePath::new(WORKER))]);
        template_error(&error, &sources, None)
    })
}

/// `css/site.css` → `css/site.1a2b3c4d.css`.
fn fingerprinted(path: &str, bytes: &[u8]) -> String {
    let hash = Hash::of(bytes).short(8);
    match path.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{path}.{hash}"),
    }
}

/// A template's error as a diagnostic at its place.
#[must_use]
pub fn template_error(
    error: &Error,
    sources: &BTreeMap<String, SourcePath>,
    page: Option<&str>,
) -> Diagnostic {
    // The innermost error names the template that is to blame.
    let mut innermost = error;
    let mut source = std::error::Error::source(error);
    while let Some(next) = source {
        if let Some(inner) = next.downcast_ref::<Error>() {
            innermost = inner;
        }
        source = next.source();
    }
    let detail = innermost
        .detail()
        .map_or_else(|| innermost.kind().to_string(), str::to_owned);
    let file = innermost.name().and_then(|name| sources.get(name));
    let diagnostic = match file {
        Some(file) => {
            let span = innermost
                .range()
                .map_or(Span::default(), |range| Span::new(range.start, range.end));
            Diagnostic::at("template-error", file, span)
        }
        None => Diagnostic::new("template-error"),
    };
    let line = innermost.line().map(|line| line.to_string());
    diagnostic
        .with("detail", detail)
        .with_option("page", page)
        .with_option("line", line)
}

/// An error for a function of ours.
pub(super) fn error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}
