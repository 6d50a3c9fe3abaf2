//! Templates, strings and files of the look: the site's own over its theme's over the embedded default theme.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::{decode, walk};
use crate::base::SourcePath;
use crate::config::Config;
use crate::diag::Diagnostic;

static DEFAULT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes/default");

/// Files by name, the uppermost layer winning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Templates by name: `page.html`, `shortcodes/quote.html`. A template of a lower layer that another replaces is still
    /// there as `theme/…` (the theme's) and `default/…` (the embedded one), so that it can be extended.
    pub templates: BTreeMap<String, Arc<Template>>,
    /// Strings: language code → the TOML texts that give them, lowest layer first.
    pub strings: BTreeMap<String, Vec<Arc<Template>>>,
    /// Styles, scripts and pictures of the look by path: `css/site.css`.
    pub files: BTreeMap<String, Arc<[u8]>>,
}

/// A text of the look, and where it lies.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Where it lies; the embedded theme's are at `themes/default/…`.
    pub path: SourcePath,
    /// Its text.
    pub text: String,
}

/// Reads the layers.
pub(super) fn load(root: &Path, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Layer {
    let mut layer = Layer::default();
    for (path, bytes) in embedded() {
        let bytes = if path.ends_with(".js") {
            minified(bytes)
        } else {
            bytes
        };
        layer.add(&path, "themes/default", "default", bytes, diagnostics);
    }
    if let Some(theme) = &config.theme {
        let folder = format!("themes/{theme}");
        if root.join(&folder).is_dir() {
            add_folder(&mut layer, root, &folder, "theme", diagnostics);
        } else if theme != "default" {
            diagnostics
                .push(Diagnostic::in_file("theme-missing", &config.file).with("theme", theme));
        }
    }
    for part in ["templates", "i18n", "css", "js"] {
        add_part(&mut layer, root, "", part, "site", diagnostics);
    }
    layer
}

fn add_folder(
    layer: &mut Layer,
    root: &Path,
    folder: &str,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for part in ["templates", "i18n", "css", "js", "icons"] {
        add_part(layer, root, folder, part, name, diagnostics);
    }
}

fn add_part(
    layer: &mut Layer,
    root: &Path,
    base: &str,
    part: &str,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let folder = if base.is_empty() {
        part.to_owned()
    } else {
        format!("{base}/{part}")
    };
    for file in walk::walk(root, &folder, &walk::globs(&[]), Path::new(""), diagnostics) {
        let path = if base.is_empty() {
            file.path.as_str().to_owned()
        } else {
            file.path
                .as_str()
                .strip_prefix(&format!("{base}/"))
                .unwrap_or(file.path.as_str())
                .to_owned()
        };
        match std::fs::read(&file.absolute) {
            Ok(bytes) => layer.add(&path, base, name, bytes, diagnostics),
            Err(error) => {
                diagnostics
                    .push(Diagnostic::in_file("unreadable-file", &file.path).with("error", error));
            }
        }
    }
}

impl Layer {
    fn add(
        &mut self,
        path: &str,
        base: &str,
        layer: &str,
        bytes: Vec<u8>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let source = if base.is_empty() {
            SourcePath::new(path)
        } else {
            SourcePath::new(format!("{base}/{path}"))
        };
        if let Some(name) = path.strip_prefix("templates/") {
            if let Some(text) = decode::decode(bytes, &source, diagnostics) {
                let template = Arc::new(Template { path: source, text });
                if layer != "site" {
                    self.templates
                        .insert(format!("{layer}/{name}"), template.clone());
                }
                self.templates.insert(name.to_owned(), template);
            }
        } else if let Some(name) = path.strip_prefix("i18n/") {
            if let (Some(code), Some(text)) = (
                name.strip_suffix(".toml"),
                decode::decode(bytes, &source, diagnostics),
            ) {
                self.strings
                    .entry(code.to_owned())
                    .or_default()
                    .push(Arc::new(Template { path: source, text }));
            }
        } else {
            self.files.insert(path.to_owned(), bytes.into());
        }
    }
}

/// In the first line of a style or script that is a template.
const TEMPLATE_MARK: &str = "pufa: template";

/// A script of the default theme without comments and blanks. Those that are templates stay as they are.
fn minified(bytes: Vec<u8>) -> Vec<u8> {
    let text = std::str::from_utf8(&bytes).ok();
    let script = text.filter(|text| !is_template(text));
    let short = script.and_then(|text| minifier::js::minify(text).ok());
    short.map_or_else(|| bytes.clone(), |short| short.to_string().into_bytes())
}

/// Whether a style or script is a template.
pub fn is_template(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first.contains(TEMPLATE_MARK)
}

/// The embedded default theme: path and bytes of each file, sorted.
#[must_use]
pub(super) fn embedded() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(&DEFAULT, &mut files);
    files.sort();
    files
}

fn collect(folder: &Dir<'_>, files: &mut Vec<(String, Vec<u8>)>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if !walk::is_leftover(
            file.path()
                .file_name()
                .map(|name| name.to_string_lossy())
                .unwrap_or_default()
                .as_ref(),
        ) {
            files.push((path, file.contents().to_vec()));
        }
    }
    folder.dirs().for_each(|inner| collect(inner, files));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_the_default_theme_are_short() {
        let scripts = embedded()
            .into_iter()
            .filter(|(path, _)| path.ends_with(".js"));
        for (path, bytes) in scripts {
            let text = String::from_utf8(bytes.clone()).unwrap_or_default();
            let short = minified(bytes);
            let short = String::from_utf8_lossy(&short);
            assert_eq!(
                short.contains("/**"),
                is_template(&text) && text.contains("/**"),
                "{path}"
            );
            assert_eq!(short == text, is_template(&text), "{path}");
        }
    }
}
