//! The disk → [`Sources`]: every file pufa reads, as values. The only stage that reads the site's folder.
#![expect(
    clippy::disallowed_methods,
    reason = "reading the disk is this stage's work"
)]

pub mod decode;
mod fingerprint;
#[cfg(feature = "pdf")]
pub mod fonts;
mod theme;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use crate::base::{Date, SourcePath};
use crate::config::{Config, Flavor};
use crate::diag::Diagnostic;
use crate::model::numbering;

pub use fingerprint::fingerprint;
pub use theme::{Layer, Template, is_template};
pub(crate) use walk::is_leftover;

/// Text files larger than this are reported and not read (a Markdown file of a book's size is far below).
pub const LARGEST_TEXT: u64 = 32 << 20;

/// Assets up to this size are held in memory; larger ones are copied when the site is written.
const LARGEST_IN_MEMORY: u64 = 64 << 10;

/// The text of a file, decoded.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceText {
    /// The text, without a byte order mark, lines ended by `\n`.
    pub text: String,
}

/// A file that is copied, not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size in bytes.
    pub len: u64,
    /// When it was last changed.
    pub modified: Option<SystemTime>,
    /// Its bytes, when it is small.
    pub bytes: Option<Arc<[u8]>>,
    /// Width and height in pixels, when it is an image.
    pub dimensions: Option<(u32, u32)>,
}

impl Asset {
    /// A file that is copied and never read whole.
    ///
    /// # Errors
    /// When it can't be found.
    pub fn large(path: &std::path::Path) -> std::io::Result<Self> {
        let found = std::fs::metadata(path)?;
        Ok(Self {
            path: path.to_path_buf(),
            len: found.len(),
            modified: found.modified().ok(),
            bytes: None,
            dimensions: None,
        })
    }
}

/// Everything read. Paths are relative to the site's root; a law library's files have the path the configuration gives.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Texts under `content/`: Markdown.
    pub content: BTreeMap<SourcePath, Arc<SourceText>>,
    /// Data files under `data/`, and those beside the content.
    pub data: BTreeMap<SourcePath, Arc<SourceText>>,
    /// Texts of the law libraries.
    pub laws: BTreeMap<SourcePath, Arc<SourceText>>,
    /// Other files under `content/`.
    pub assets: BTreeMap<SourcePath, Arc<Asset>>,
    /// Files under `static/` of the site and its theme, by the path they are published under.
    pub statics: Arc<BTreeMap<String, Arc<Asset>>>,
    /// Templates, strings and files of the theme: site over theme over the embedded one.
    pub theme: Layer,
    /// The day the site is built for.
    pub today: Date,
    /// Problems met while reading.
    pub diagnostics: Vec<Diagnostic>,
}

/// A site's root with the text of its configuration.
#[derive(Debug, Clone)]
pub struct Root {
    /// The folder.
    pub folder: PathBuf,
    /// The configuration file, relative to it.
    pub config_file: SourcePath,
    /// Its text.
    pub config_text: String,
    /// Whose configuration it is.
    pub flavor: Flavor,
}

/// Finds the site: `root` itself, or the nearest folder at or above `start` that has a configuration.
/// `config` names another file. The error is what to tell the user.
pub fn find_root(
    root: Option<&Path>,
    config: Option<&Path>,
    start: &Path,
) -> Result<Root, Box<Diagnostic>> {
    let names = [
        ("pufa.toml", Flavor::Pufa),
        ("zola.toml", Flavor::Zola),
        ("config.toml", Flavor::Zola),
    ];
    if let Some(config) = config {
        let folder = root.map_or_else(
            || config.parent().unwrap_or(Path::new(".")).to_path_buf(),
            Path::to_path_buf,
        );
        let flavor = if config.file_name().is_some_and(|name| name == "pufa.toml")
            || config.extension().is_none()
        {
            Flavor::Pufa
        } else {
            names
                .iter()
                .find(|(name, _)| config.file_name().is_some_and(|file| file == *name))
                .map_or(Flavor::Pufa, |(_, flavor)| *flavor)
        };
        return read_root(folder, config, flavor);
    }
    let candidates: Vec<&Path> = match root {
        Some(root) => vec![root],
        None => start.ancestors().collect(),
    };
    for folder in candidates {
        for (name, flavor) in names {
            if folder.join(name).is_file() {
                return read_root(folder.to_path_buf(), &folder.join(name), flavor);
            }
        }
    }
    let folder = root.unwrap_or(start).display().to_string();
    Err(Box::new(Diagnostic::new("no-site").with("folder", folder)))
}

fn read_root(folder: PathBuf, config: &Path, flavor: Flavor) -> Result<Root, Box<Diagnostic>> {
    let name = config
        .strip_prefix(&folder)
        .unwrap_or(config)
        .to_string_lossy()
        .replace('\\', "/");
    let config_file = SourcePath::new(name);
    let folder = if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder
    };
    let bytes = std::fs::read(config).map_err(|error| {
        Box::new(Diagnostic::in_file("unreadable-file", &config_file).with("error", error))
    })?;
    let mut notes = Vec::new();
    let config_text = decode::decode(bytes, &config_file, &mut notes).ok_or_else(|| {
        Box::new(
            notes
                .pop()
                .unwrap_or_else(|| Diagnostic::in_file("not-text", &config_file)),
        )
    })?;
    Ok(Root {
        folder,
        config_file,
        config_text,
        flavor,
    })
}

/// Size and time of a text when it was read, what it said, and the problems met.
type CachedText = (
    u64,
    Option<SystemTime>,
    Option<Arc<SourceText>>,
    Vec<Diagnostic>,
);

/// Reads what it is asked for again only when its size or time changed; kept by the preview between rounds.
#[derive(Debug, Default)]
pub struct Cache {
    texts: BTreeMap<SourcePath, CachedText>,
    assets: BTreeMap<PathBuf, Arc<Asset>>,
}

/// Reads the whole site.
pub fn load(root: &Path, config: &Config, today: Date, cache: &mut Cache) -> Sources {
    let mut sources = Sources {
        today,
        ..Sources::default()
    };
    let ignored = walk::globs(&config.ignored_content);
    let output = root.join(&config.output_dir);
    let content = walk::walk(root, "content", &ignored, &output, &mut sources.diagnostics);
    let (texts, others): (Vec<_>, Vec<_>) = content.into_iter().partition(|file| file.is("md"));
    sources.content = read_texts(texts, cache, &mut sources.diagnostics);
    let (beside, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|file| {
        ["toml", "csv", "json", "yaml", "yml", "vtt", "srt", "txt"]
            .iter()
            .any(|end| file.is(end))
    });
    // Data beside the content is published too, and may be asked for by `load_data` and the parsers.
    sources.assets = read_assets(
        beside.iter().cloned().chain(others),
        cache,
        &mut sources.diagnostics,
    );
    sources.data = read_texts(beside, cache, &mut sources.diagnostics);
    let data = walk::walk(
        root,
        "data",
        &walk::globs(&[]),
        &output,
        &mut sources.diagnostics,
    );
    let lock = walk::file(root, numbering::FILE);
    let data: Vec<_> = data
        .into_iter()
        .filter(|file| {
            [
                "toml", "csv", "json", "jsonl", "yaml", "yml", "txt", "md", "bib", "xml",
            ]
            .iter()
            .any(|end| file.is(end))
        })
        .chain(lock)
        .collect();
    sources
        .data
        .extend(read_texts(data, cache, &mut sources.diagnostics));
    for library in &config.law_libraries {
        sources.laws.extend(load_library(
            root,
            library,
            config,
            cache,
            &mut sources.diagnostics,
        ));
    }
    load_statics(root, config, cache, &mut sources);
    sources.theme = theme::load(root, config, &mut sources.diagnostics);
    sources
}

fn load_library(
    root: &Path,
    library: &str,
    config: &Config,
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<SourcePath, Arc<SourceText>> {
    if !root.join(library).is_dir() {
        diagnostics
            .push(Diagnostic::in_file("law-library-missing", &config.file).with("folder", library));
        return BTreeMap::new();
    }
    let files = walk::walk(root, library, &walk::globs(&[]), Path::new(""), diagnostics);
    let files: Vec<_> = files
        .into_iter()
        .filter(|file| file.is("md") || file.is("txt"))
        .filter(|file| {
            let name = file.path.file_name();
            !name.starts_with('_') && !["NOTICE.md", "README.md", "LICENSE.md"].contains(&name)
        })
        .collect();
    read_texts(files, cache, diagnostics)
}

fn load_statics(root: &Path, config: &Config, cache: &mut Cache, sources: &mut Sources) {
    let ignored = walk::globs(&config.ignored_static);
    let mut statics = BTreeMap::new();
    let mut folders = Vec::new();
    if let Some(theme) = &config.theme {
        folders.push(format!("themes/{theme}/static"));
    }
    folders.push("static".to_owned());
    for folder in folders {
        let files = walk::walk(
            root,
            &folder,
            &ignored,
            Path::new(""),
            &mut sources.diagnostics,
        );
        for (path, asset) in read_assets(files.into_iter(), cache, &mut sources.diagnostics) {
            if let Some(inner) = path.as_str().strip_prefix(&format!("{folder}/")) {
                statics.insert(inner.to_owned(), asset);
            }
        }
    }
    sources.statics = Arc::new(statics);
}

type ReadText = (
    SourcePath,
    u64,
    Option<SystemTime>,
    Option<Arc<SourceText>>,
    Vec<Diagnostic>,
);

fn read_texts(
    files: Vec<walk::Found>,
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<SourcePath, Arc<SourceText>> {
    let known = &cache.texts;
    let read: Vec<ReadText> = files
        .into_par_iter()
        .map(|file| {
            if let Some((len, modified, text, notes)) = known.get(&file.path)
                && (*len, *modified) == (file.len, file.modified)
            {
                return (file.path, *len, *modified, text.clone(), notes.clone());
            }
            let mut notes = Vec::new();
            let text = read_text(&file, &mut notes);
            (file.path, file.len, file.modified, text, notes)
        })
        .collect();
    let mut texts = BTreeMap::new();
    for (path, len, modified, text, notes) in read {
        diagnostics.extend(notes.iter().cloned());
        if let Some(text) = &text {
            texts.insert(path.clone(), text.clone());
        }
        cache.texts.insert(path, (len, modified, text, notes));
    }
    texts
}

fn read_text(file: &walk::Found, diagnostics: &mut Vec<Diagnostic>) -> Option<Arc<SourceText>> {
    if file.len > LARGEST_TEXT {
        diagnostics.push(
            Diagnostic::in_file("file-too-large", &file.path)
                .with("size", file.len >> 20)
                .with("limit", LARGEST_TEXT >> 20),
        );
        return None;
    }
    match std::fs::read(&file.absolute) {
        Ok(bytes) => {
            let text = decode::decode(bytes, &file.path, diagnostics)?;
            Some(Arc::new(SourceText { text }))
        }
        Err(error) => {
            diagnostics
                .push(Diagnostic::in_file("unreadable-file", &file.path).with("error", error));
            None
        }
    }
}

fn read_assets(
    files: impl Iterator<Item = walk::Found>,
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<SourcePath, Arc<Asset>> {
    let mut assets = BTreeMap::new();
    for file in files {
        let known = cache.assets.get(&file.absolute);
        let asset =
            match known.filter(|asset| (asset.len, asset.modified) == (file.len, file.modified)) {
                Some(asset) => asset.clone(),
                None => match read_asset(&file) {
                    Ok(asset) => Arc::new(asset),
                    Err(error) => {
                        diagnostics.push(
                            Diagnostic::in_file("unreadable-file", &file.path).with("error", error),
                        );
                        continue;
                    }
                },
            };
        cache.assets.insert(file.absolute.clone(), asset.clone());
        assets.insert(file.path, asset);
    }
    assets
}

fn read_asset(file: &walk::Found) -> std::io::Result<Asset> {
    let image = [
        "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp", "ico",
    ]
    .iter()
    .any(|end| file.is(end));
    let bytes = if file.len <= LARGEST_IN_MEMORY {
        Some(Arc::<[u8]>::from(std::fs::read(&file.absolute)?))
    } else {
        std::fs::File::open(&file.absolute)?;
        None
    };
    let dimensions = if image {
        dimensions(file, bytes.as_deref())
    } else {
        None
    };
    Ok(Asset {
        path: file.absolute.clone(),
        len: file.len,
        modified: file.modified,
        bytes,
        dimensions,
    })
}

fn dimensions(file: &walk::Found, bytes: Option<&[u8]>) -> Option<(u32, u32)> {
    if file.is("svg") {
        return svg_dimensions(std::str::from_utf8(bytes?).ok()?);
    }
    let size = match bytes {
        Some(bytes) => imagesize::blob_size(bytes).ok()?,
        None => imagesize::size(&file.absolute).ok()?,
    };
    Some((
        u32::try_from(size.width).ok()?,
        u32::try_from(size.height).ok()?,
    ))
}

/// Width and height of an SVG image, from its attributes or its view box.
fn svg_dimensions(svg: &str) -> Option<(u32, u32)> {
    let tag = &svg[svg.find("<svg")?..];
    let tag = &tag[..tag.find('>')?];
    let attribute = |name: &str| {
        let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[at..].split('"').next()
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "sizes of images are small and positive"
    )]
    let pixels = |text: &str| {
        text.trim_end_matches("px")
            .parse::<f64>()
            .ok()
            .filter(|n| *n > 0.0)
            .map(|n| n.round() as u32)
    };
    let sized = attribute("width")
        .and_then(pixels)
        .zip(attribute("height").and_then(pixels));
    sized.or_else(|| {
        let mut parts = attribute("viewBox")?
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .skip(2);
        Some((pixels(parts.next()?)?, pixels(parts.next()?)?))
    })
}

/// Reads one changed content file again. `None` when it is gone or can't be read (diagnostics say why).
pub fn reload_text(
    root: &Path,
    path: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Arc<SourceText>> {
    let absolute = root.join(path.as_str());
    let metadata = std::fs::metadata(&absolute).ok()?;
    let found = walk::Found {
        path: path.clone(),
        absolute,
        len: metadata.len(),
        modified: metadata.modified().ok(),
    };
    read_text(&found, diagnostics)
}

/// The day it is, where the program runs.
#[must_use]
pub fn today() -> Date {
    jiff::Zoned::now().date()
}
