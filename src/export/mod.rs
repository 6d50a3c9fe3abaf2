//! A book or a page of the site → the other forms readers hold: e-books, leaflets, pages for WeChat; and the settings of web
//! servers.
//!
//! Pure like rendering: a form is composed as a value, a list of files ([`Bundle`]). Pictures are named, not read; the rim
//! hands their bytes to [`pack`].

pub mod address;
mod away;
pub mod book;
pub mod card;
pub mod epub;
pub mod fragment;
pub mod headers;
pub mod leaflet;
pub mod offline;
pub mod pdf;
pub mod svg;
#[cfg(feature = "pdf")]
pub mod typeset;
pub mod wechat;
mod words;
pub mod xhtml;

use std::io::{self, Cursor, Seek, Write};
use std::sync::Arc;

use image::{ImageFormat, ImageReader};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::diag::Diagnostic;
use crate::load::Asset;
use crate::model::BookId;
use crate::render::World;
use pdf::{Draft, Setting};

/// Path of the page itself in a [`Bundle`] that is a page with pictures beside it.
pub const PAGE: &str = "page.html";

/// The files a form consists of, in their order.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// Path inside the form, and what is there.
    pub files: Vec<(String, Content)>,
    /// Problems met while composing.
    pub diagnostics: Vec<Diagnostic>,
}

/// A book in the forms asked for.
#[derive(Debug)]
pub struct Forms {
    /// The e-book.
    pub epub: Option<Bundle>,
    /// The print edition.
    pub print: Option<Draft>,
    /// Problems met while composing.
    pub diagnostics: Vec<Diagnostic>,
}

/// Composes a book as an e-book, for print, or both: the pages are the same and written once.
#[must_use]
pub fn book(world: &Arc<World>, id: BookId, epub: bool, print: Option<Setting>) -> Forms {
    let ((epub, print), diagnostics) = epub::with_shelf(world, id, |shelf| {
        let pages = epub::pages(shelf);
        let bundle = epub.then(|| epub::bind(shelf, &pages));
        let draft = print.map(|setting| pdf::draft(shelf, pages, setting));
        (bundle, draft)
    });
    Forms {
        epub,
        print,
        diagnostics,
    }
}

/// What a file of a form holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// Text.
    Text(String),
    /// A picture of the site.
    Asset(Arc<Asset>),
    /// A picture of the site, made a PNG.
    Png(Arc<Asset>),
    /// A drawing of the site, without what could run in it.
    Drawing(Arc<Asset>),
}

impl Content {
    /// A picture for a book: readers of e-books don't all know WebP, and refuse scripts.
    #[must_use]
    pub fn book_picture(asset: Arc<Asset>) -> Self {
        match &*extension(&asset) {
            "webp" => Self::Png(asset),
            "svg" => Self::Drawing(asset),
            _ => Self::Asset(asset),
        }
    }

    /// The bytes; `read` reads a picture.
    ///
    /// # Errors
    /// When a picture can't be read.
    pub fn bytes(&self, read: ReadAsset<'_>) -> io::Result<Vec<u8>> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Asset(asset) => asset_bytes(asset, read),
            Self::Png(asset) => {
                let bytes = asset_bytes(asset, read)?;
                Ok(png(&bytes).unwrap_or(bytes))
            }
            Self::Drawing(asset) => {
                let bytes = asset_bytes(asset, read)?;
                let clean = str::from_utf8(&bytes).ok().and_then(svg::without_scripts);
                Ok(clean.map_or(bytes, String::into_bytes))
            }
        }
    }
}

fn asset_bytes(asset: &Asset, read: ReadAsset<'_>) -> io::Result<Vec<u8>> {
    match &asset.bytes {
        Some(bytes) => Ok(bytes.to_vec()),
        None => read(asset),
    }
}

/// A picture as PNG, the first of several in one file; `None` when it can't be read.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let picture = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let picture = picture.ok()?.decode().ok()?;
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).ok()?;
    Some(out.into_inner())
}

/// The end of a file's name in small letters: `png`.
fn extension(asset: &Asset) -> String {
    let extension = asset.path.extension().unwrap_or_default();
    extension.to_string_lossy().to_ascii_lowercase()
}

/// Reads the bytes of a picture that is not held in memory.
pub type ReadAsset<'a> = &'a dyn Fn(&Asset) -> io::Result<Vec<u8>>;

impl Bundle {
    /// Adds a text.
    pub fn text(&mut self, path: &str, text: String) {
        self.files.push((path.to_owned(), Content::Text(text)));
    }

    /// The text of a file.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&str> {
        self.files.iter().find_map(|(name, content)| match content {
            Content::Text(text) if name == path => Some(text.as_str()),
            Content::Text(_) | Content::Asset(_) | Content::Png(_) | Content::Drawing(_) => None,
        })
    }

    /// Every file with its bytes.
    ///
    /// # Errors
    /// When a picture can't be read.
    pub fn read(&self, read: ReadAsset<'_>) -> io::Result<Vec<(String, Vec<u8>)>> {
        self.files
            .iter()
            .map(|(path, content)| Ok((path.clone(), content.bytes(read)?)))
            .collect()
    }
}

/// Packs files into a ZIP, in their order, without times. The first is stored as it is: readers of e-books know the format
/// by it.
///
/// # Errors
/// When a picture can't be read.
pub fn pack(bundle: &Bundle, read: ReadAsset<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let mut zip = Zip::new(&mut bytes);
    for (index, (path, content)) in bundle.files.iter().enumerate() {
        let bytes = content.bytes(read)?;
        if index == 0 {
            zip.add_as(path, &bytes, CompressionMethod::Stored)?;
        } else {
            zip.add(path, &bytes)?;
        }
    }
    zip.finish()?;
    Ok(bytes.into_inner())
}

/// A ZIP being written: without times, so that the same files give the same bytes.
pub struct Zip<W: Write + Seek>(ZipWriter<W>);

impl<W: Write + Seek> Zip<W> {
    /// An empty one.
    #[must_use]
    pub fn new(out: W) -> Self {
        Self(ZipWriter::new(out))
    }

    /// Adds a file, made smaller.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn add(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.add_as(path, bytes, CompressionMethod::Deflated)
    }

    fn add_as(&mut self, path: &str, bytes: &[u8], method: CompressionMethod) -> io::Result<()> {
        let options = SimpleFileOptions::DEFAULT
            .compression_method(method)
            .last_modified_time(zip::DateTime::DEFAULT);
        self.0.start_file(path, options).map_err(io::Error::from)?;
        self.0.write_all(bytes)
    }

    /// Writes the table of contents.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(self) -> io::Result<()> {
        self.0.finish().map_err(io::Error::from)?.flush()
    }
}
