//! Data and pictures → PDF or PNG, by the typesetter typst inside pufa. It sees a template of ours, the data as a JSON file,
//! pictures and fonts, and nothing else: no disk, no network, no clock.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Abs, Frame, Point, Size};
use typst::model::Document;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::{FontPath, FontStore};
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_render::RenderOptions;

use super::Content;
use super::pdf::{Manuscript, TEMPLATE};
use crate::diag::Diagnostic;

/// A character every text in Chinese has.
const HAN: u32 = '的' as u32;

/// Stands for a character no font has, as printers have always done it.
const GETA: char = '〓';

const SERIF: [&str; 14] = [
    "Source Han Serif SC",
    "Noto Serif CJK SC",
    "Source Han Serif CN",
    "Noto Serif SC",
    "Songti SC",
    "STSong",
    "SimSun",
    "NSimSun",
    "FandolSong",
    "FZShuSong-Z01",
    "Source Han Serif",
    "Noto Serif CJK JP",
    "AR PL UMing CN",
    "AR PL SungtiL GB",
];

const SANS: [&str; 14] = [
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "STHeiti",
    "Microsoft YaHei",
    "SimHei",
    "DengXian",
    "FandolHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
];

const MONO: [&str; 8] = [
    "Sarasa Mono SC",
    "Source Han Mono SC",
    "Noto Sans Mono CJK SC",
    "DejaVu Sans Mono",
    "Menlo",
    "Consolas",
    "Liberation Mono",
    "Courier New",
];

/// The fonts at hand.
pub struct Fonts {
    store: FontStore,
    /// Families of the site's own fonts, which go before all others.
    own: Vec<String>,
    /// The families the site names for text and for headings.
    chosen: (Option<String>, Option<String>),
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.store.book().families().count();
        write!(f, "Fonts({count} families)")
    }
}

impl Fonts {
    /// Fonts of the site's own, then those of the system.
    #[must_use]
    pub fn new(
        own: Vec<(FontPath, FontInfo)>,
        system: Vec<(FontPath, FontInfo)>,
        chosen: (Option<String>, Option<String>),
    ) -> Self {
        let mut names: Vec<String> = Vec::new();
        for (_, info) in &own {
            if !names.contains(&info.family) {
                names.push(info.family.clone());
            }
        }
        let mut store = FontStore::new();
        store.extend(own);
        store.extend(system);
        Self {
            store,
            own: names,
            chosen,
        }
    }

    /// A family named in the settings that is not there.
    #[must_use]
    pub fn unknown(&self) -> Option<&str> {
        let named = [&self.chosen.0, &self.chosen.1].into_iter().flatten();
        named.map(String::as_str).find(|name| !self.has(name))
    }

    fn has(&self, family: &str) -> bool {
        self.store.book().contains_family(&family.to_lowercase())
    }

    fn covers(&self, family: &str, character: u32) -> bool {
        let book = self.store.book();
        book.select_family(&family.to_lowercase())
            .filter_map(|index| book.info(index))
            .any(|info| info.coverage.contains(character))
    }

    /// Every face that has a character.
    fn any_covers(&self, character: u32) -> bool {
        let book = self.store.book();
        (0..)
            .map_while(|index| book.info(index))
            .any(|info| info.coverage.contains(character))
    }

    /// The families to set text in, best first.
    fn families(&self, chosen: Option<&String>, lists: [&[&str]; 2]) -> Vec<String> {
        let known = lists.into_iter().flatten().map(|name| (*name).to_owned());
        let mut families: Vec<String> = Vec::new();
        let all = chosen
            .into_iter()
            .cloned()
            .chain(self.own.clone())
            .chain(known);
        for family in all.filter(|family| self.has(family)) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
        if !families.iter().any(|family| self.covers(family, HAN)) {
            families.extend(self.fallback());
        }
        families
    }

    /// Any family that can show Chinese.
    fn fallback(&self) -> Option<String> {
        let book = self.store.book();
        book.families()
            .map(|(name, _)| name.to_owned())
            .find(|name| self.covers(name, HAN))
    }

    /// What the template is told.
    fn names(&self) -> Value {
        let (text, heading) = (self.chosen.0.as_ref(), self.chosen.1.as_ref());
        let serif = self.families(text, [&SERIF, &SANS]);
        let sans = self.families(heading.or(text), [&SANS, &SERIF]);
        let mut mono: Vec<String> = MONO
            .iter()
            .filter(|name| self.has(name))
            .map(|name| (*name).to_owned())
            .collect();
        mono.extend(sans.iter().cloned());
        json!({"serif": serif, "sans": sans, "mono": mono})
    }
}

/// What came out, with what could not be done as well as wanted.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Sets a book and writes it as PDF. `pictures` are the bytes of [`Manuscript::pictures`].
///
/// # Errors
/// When no font can show the text, or the book can't be set.
pub fn book(
    manuscript: &Manuscript,
    pictures: &BTreeMap<String, Vec<u8>>,
    fonts: &Fonts,
    folded: bool,
) -> Result<Printed, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut data = manuscript.data.clone();
    refuse_unreadable(&mut data, manuscript, pictures, &mut diagnostics);
    let document = set(TEMPLATE, data, pictures, fonts, &mut diagnostics)?;
    let document = if folded { fold(&document) } else { document };
    let bytes = write_pdf(&document, &manuscript.name, folded, &mut diagnostics)?;
    Ok(Printed {
        bytes,
        pages: document.pages().len(),
        diagnostics,
    })
}

/// Sets a template's first page and draws it as PNG, `scale` pixels a point.
///
/// # Errors
/// When no font can show the text, or the page can't be set.
pub fn picture(
    template: &str,
    data: Value,
    pictures: &BTreeMap<String, Vec<u8>>,
    fonts: &Fonts,
    scale: f64,
) -> Result<Printed, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let document = set(template, data, pictures, fonts, &mut diagnostics)?;
    let options = RenderOptions {
        pixel_per_pt: scale.into(),
        render_bleed: false,
    };
    let drawn = document
        .pages()
        .first()
        .map(|page| typst_render::render(page, &options).encode_png());
    match drawn {
        Some(Ok(bytes)) => Ok(Printed {
            bytes,
            pages: 1,
            diagnostics,
        }),
        Some(Err(error)) => Err(vec![
            Diagnostic::new("typeset-failed").with("detail", error),
        ]),
        None => Err(vec![
            Diagnostic::new("typeset-failed").with("detail", "no page"),
        ]),
    }
}

/// The document of a template and its data.
fn set(
    template: &str,
    mut data: Value,
    pictures: &BTreeMap<String, Vec<u8>>,
    fonts: &Fonts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<PagedDocument, Vec<Diagnostic>> {
    if let Some(name) = fonts.unknown() {
        return Err(vec![Diagnostic::new("pdf-font-unknown").with("font", name)]);
    }
    replace_missing(&mut data, fonts, diagnostics)?;
    let press = Press::new(template, &data, pictures, fonts)
        .map_err(|detail| vec![Diagnostic::new("typeset-failed").with("detail", detail)])?;
    let set = typst::compile::<PagedDocument>(&press).output;
    // What is kept between runs would grow with every book of a build.
    comemo_evict();
    set.map_err(|errors| vec![failed(&errors)])
}

/// Forgets what typst keeps for the next time.
fn comemo_evict() {
    typst::comemo::evict(0);
}

fn failed(errors: &[SourceDiagnostic]) -> Diagnostic {
    let said: Vec<String> = errors
        .iter()
        .take(3)
        .map(|error| error.message.to_string())
        .collect();
    Diagnostic::new("typeset-failed").with("detail", said.join("; "))
}

/// As PDF/UA-1; where something in the book does not allow that, as tagged PDF with a warning.
fn write_pdf(
    document: &PagedDocument,
    name: &str,
    folded: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let options = |standards: PdfStandards| PdfOptions {
        ident: Smart::Custom(name.to_owned()),
        creator: Smart::Custom(Some("pufa".to_owned())),
        standards,
        tagged: !folded,
        ..PdfOptions::default()
    };
    if !folded && let Ok(accessible) = PdfStandards::new(&[PdfStandard::Ua_1]) {
        match typst_pdf::pdf(document, &options(accessible)) {
            Ok(bytes) => return Ok(bytes),
            Err(errors) => diagnostics.push(
                Diagnostic::new("pdf-not-accessible")
                    .with("detail", failed(&errors).arg("detail").unwrap_or_default()),
            ),
        }
    }
    typst_pdf::pdf(document, &options(PdfStandards::default()))
        .map_err(|errors| vec![failed(&errors)])
}

// ---- folding

/// Pages of one signature, when a book has more than can be folded at once.
const SIGNATURE: usize = 32;

/// Pages that can still be folded and stapled at once.
const THICKEST: usize = 80;

/// Two pages on each side of a sheet, in the order in which the folded sheets show them. The frames of the pages are put
/// side by side as they are; nothing is drawn again.
fn fold(document: &PagedDocument) -> PagedDocument {
    let pages = document.pages();
    let sides = sheet_sides(pages.len());
    let empty = pages.first().map_or(Size::zero(), |page| page.frame.size());
    let sheets = (1..).zip(&sides).map(|(number, (left, right))| {
        let mut frame = Frame::hard(Size::new(empty.x * 2.0, empty.y));
        for (at, index) in [(Abs::zero(), left), (empty.x, right)] {
            if let Some(page) = index.and_then(|index| pages.get(index)) {
                frame.push_frame(Point::new(at, Abs::zero()), page.frame.clone());
            }
        }
        let first = &pages[0];
        Page {
            frame,
            number,
            numbering: None,
            ..first.clone()
        }
    });
    let sheets = if pages.is_empty() {
        Vec::new()
    } else {
        sheets.collect()
    };
    PagedDocument::new(sheets.into_iter().collect(), document.info().clone())
}

/// For each side of a sheet the page on the left and the page on the right, from 0; `None` where the paper stays white.
fn sheet_sides(count: usize) -> Vec<(Option<usize>, Option<usize>)> {
    let signature = if count <= THICKEST {
        count.next_multiple_of(4).max(4)
    } else {
        SIGNATURE
    };
    let there = |index: usize| (index < count).then_some(index);
    let mut sides = Vec::new();
    let mut start = 0;
    while start < count {
        let size = signature.min((count - start).next_multiple_of(4));
        for sheet in 0..size / 4 {
            let (low, high) = (start + 2 * sheet, start + size - 1 - 2 * sheet);
            sides.push((there(high), there(low)));
            sides.push((there(low + 1), there(high - 1)));
        }
        start += size;
    }
    sides
}

// ---- what can't be shown

/// Pictures that can't be read give way to their text.
fn refuse_unreadable(
    data: &mut Value,
    manuscript: &Manuscript,
    pictures: &BTreeMap<String, Vec<u8>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut bad = BTreeSet::new();
    for (path, _) in pictures.iter().filter(|(_, bytes)| !is_readable(bytes)) {
        let written = match manuscript.pictures.get(path) {
            Some(Content::Asset(asset) | Content::Png(asset) | Content::Drawing(asset)) => {
                asset.path.display().to_string()
            }
            Some(Content::Text(_)) | None => path.clone(),
        };
        diagnostics.push(Diagnostic::new("pdf-picture-unreadable").with("path", written));
        bad.insert(format!("/{path}"));
    }
    if !bad.is_empty() {
        replace_pictures(data, &bad);
    }
}

fn is_readable(bytes: &[u8]) -> bool {
    match image::guess_format(bytes) {
        Ok(
            format
            @ (image::ImageFormat::Png | image::ImageFormat::Jpeg | image::ImageFormat::WebP),
        ) => image::load_from_memory_with_format(bytes, format).is_ok(),
        Ok(format) => format == image::ImageFormat::Gif,
        Err(_) => std::str::from_utf8(bytes).is_ok_and(|text| text.contains("<svg")),
    }
}

fn replace_pictures(value: &mut Value, bad: &BTreeSet<String>) {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| replace_pictures(item, bad)),
        Value::Object(map) => {
            let gone = map
                .get("src")
                .and_then(Value::as_str)
                .is_some_and(|source| bad.contains(source));
            if gone {
                let alt = map.remove("alt").unwrap_or_default();
                *value = json!({"t": "picture", "c": [alt]});
                return;
            }
            map.values_mut()
                .for_each(|inner| replace_pictures(inner, bad));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Characters no font has give way to 〓, with a warning that names them.
fn replace_missing(
    data: &mut Value,
    fonts: &Fonts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    let mut used = BTreeSet::new();
    each_text(data, &mut |text| used.extend(text.chars()));
    let han = used.iter().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(c));
    if han && !fonts.any_covers(HAN) {
        return Err(vec![Diagnostic::new("pdf-no-chinese-font")]);
    }
    let missing: BTreeSet<char> = used
        .into_iter()
        .filter(|c| !matches!(c, ' ' | '\n' | '\t'))
        .filter(|c| is_private(*c) || !fonts.any_covers(u32::from(*c)))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = missing
        .iter()
        .filter(|c| !is_invisible(**c))
        .map(|c| format!("{c} (U+{:04X})", u32::from(*c)))
        .collect();
    if !shown.is_empty() {
        diagnostics
            .push(Diagnostic::new("pdf-character-missing").with("characters", shown.join("、")));
    }
    each_text(data, &mut |text| {
        if text.contains(|c| missing.contains(&c)) {
            *text = text
                .chars()
                .filter_map(|c| match c {
                    c if !missing.contains(&c) => Some(c),
                    c if c.is_whitespace() => Some(' '),
                    c if is_invisible(c) => None,
                    _ => Some(GETA),
                })
                .collect();
        }
    });
    Ok(())
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}')
}

fn each_text(value: &mut Value, visit: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, visit)),
        Value::Object(map) => map
            .iter_mut()
            .filter(|(key, _)| !matches!(key.as_str(), "t" | "id" | "to" | "src" | "url"))
            .for_each(|(_, inner)| each_text(inner, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

// ---- the world typst sees

struct Press<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    main: Source,
    files: BTreeMap<String, Bytes>,
}

impl<'a> Press<'a> {
    fn new(
        template: &str,
        data: &Value,
        pictures: &BTreeMap<String, Vec<u8>>,
        fonts: &'a Fonts,
    ) -> Result<Self, String> {
        let mut files: BTreeMap<String, Bytes> = pictures
            .iter()
            .map(|(path, bytes)| (format!("/{path}"), Bytes::new(bytes.clone())))
            .collect();
        files.insert(
            "/book.json".to_owned(),
            Bytes::from_string(data.to_string()),
        );
        files.insert(
            "/fonts.json".to_owned(),
            Bytes::from_string(fonts.names().to_string()),
        );
        let path = VirtualPath::new("/main.typ").map_err(|error| error.to_string())?;
        let main = RootedPath::new(VirtualRoot::Project, path).intern();
        Ok(Self {
            library: LazyHash::new(Library::default()),
            fonts,
            main: Source::new(main, template.to_owned()),
            files,
        })
    }
}

impl World for Press<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.store.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        Err(FileError::NotSource)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get().vpath().get_with_slash();
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| FileError::NotFound(path.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.store.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(count: usize) -> Vec<(i64, i64)> {
        let number = |page: Option<usize>| page.map_or(0, |page| page as i64 + 1);
        sheet_sides(count)
            .into_iter()
            .map(|(left, right)| (number(left), number(right)))
            .collect()
    }

    #[test]
    fn a_folded_sheet_shows_its_pages_in_order() {
        assert_eq!(sides(4), [(4, 1), (2, 3)]);
        assert_eq!(sides(6), [(0, 1), (2, 0), (6, 3), (4, 5)]);
    }

    #[test]
    fn thick_books_are_folded_in_signatures() {
        let all = sides(100);
        assert_eq!(all[0], (32, 1));
        assert_eq!(all[16], (64, 33));
        assert_eq!(all.len() * 2, 100);
    }
}
