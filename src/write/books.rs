//! Books to take home and cards to share → their bytes, kept in a cache by what they are made of.
//!
//! Writing the pages is quick and done every time; what they say is the key. Only when that is new a book is set.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache;
use crate::base::Hash;
use crate::config::BookForm;
use crate::diag::{self, Diagnostic, record};
use crate::export::pdf::{self, Draft, Setting};
use crate::export::{self, Bundle, Content, Forms, card, pack};
use crate::load::Asset;
use crate::model::{BookId, PageId};
use crate::render::World;

/// What is to be made of a book.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The book.
    pub book: BookId,
    /// An e-book.
    pub epub: bool,
    /// A PDF.
    pub print: Option<Print>,
}

/// How a book is to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Print {
    /// The paper.
    pub setting: Setting,
    /// Whether pages stand in pairs, to be folded.
    pub folded: bool,
}

impl Order {
    /// Forms of a book as the configuration wants them.
    #[must_use]
    pub fn of_site(world: &World, book: BookId, forms: &[BookForm]) -> Self {
        let config = &world.site.config.pdf;
        let setting = Setting {
            paper: config.paper,
            large: config.large,
        };
        let print = Print {
            setting,
            folded: false,
        };
        Self {
            book,
            epub: forms.contains(&BookForm::Epub),
            print: forms.contains(&BookForm::Pdf).then_some(print),
        }
    }
}

/// The forms of a book, as files in the cache of the work folder; with an error among the problems there is none.
#[derive(Debug, Default)]
pub struct Kept {
    /// The e-book.
    pub epub: Option<PathBuf>,
    /// The PDF.
    pub pdf: Option<PathBuf>,
    /// The problems met.
    pub diagnostics: Vec<Diagnostic>,
}

impl Kept {
    /// The bytes of a form; none when it has errors.
    ///
    /// # Errors
    /// When its file can't be read.
    pub fn bytes(&self, form: BookForm) -> io::Result<Vec<u8>> {
        self.file(form).map_or_else(|| Ok(Vec::new()), fs::read)
    }

    /// The file of a form.
    #[must_use]
    pub fn file(&self, form: BookForm) -> Option<&Path> {
        match form {
            BookForm::Epub => self.epub.as_deref(),
            BookForm::Pdf => self.pdf.as_deref(),
        }
    }
}

/// What is being done, for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The text is put together.
    Compose,
    /// Fonts are looked for.
    Fonts,
    /// Pages are set.
    Set,
}

/// The bytes, with the problems met. With an error among them the bytes are empty.
pub type Made = (Vec<u8>, Vec<Diagnostic>);

/// Makes a book, or finds it in the cache of the work folder (`.pufa` in the site's folder).
///
/// # Errors
/// When a picture can't be read, or the cache can't be written.
pub fn book(
    world: &Arc<World>,
    order: Order,
    work: &Path,
    progress: &dyn Fn(Step),
) -> io::Result<Kept> {
    progress(Step::Compose);
    let composed = compose(world, order);
    let mut kept = Kept {
        diagnostics: composed.diagnostics,
        ..Kept::default()
    };
    if diag::has_errors(&kept.diagnostics) {
        return Ok(kept);
    }
    let id = &world.site.books[order.book.index()].id;
    if let Some(bundle) = composed.epub {
        kept.epub = Some(epub_file(&bundle, id, work)?);
    }
    if let Some((draft, print)) = composed.print.zip(order.print) {
        let (file, notes) = pdf_file(world, draft, (id, print), work, progress)?;
        kept.pdf = file;
        kept.diagnostics.extend(notes);
    }
    Ok(kept)
}

fn compose(world: &Arc<World>, order: Order) -> Forms {
    let setting = order.print.map(|print| print.setting);
    export::book(world, order.book, order.epub, setting)
}

/// The problems a book would be made with, without making it.
#[must_use]
pub fn problems(world: &Arc<World>, order: Order) -> Vec<Diagnostic> {
    compose(world, order).diagnostics
}

fn epub_file(bundle: &Bundle, id: &str, work: &Path) -> io::Result<PathBuf> {
    let mut key = Key::new("epub");
    for (path, content) in &bundle.files {
        key.add(path.as_bytes());
        key.content(content);
    }
    let cached = key.file(&work.join("books"), id, "epub");
    if cache::read(&cached).is_none() {
        keep(&cached, &pack(bundle, &read_asset)?)?;
    }
    Ok(cached)
}

fn pdf_file(
    world: &World,
    draft: Draft,
    (id, print): (&str, Print),
    work: &Path,
    progress: &dyn Fn(Step),
) -> io::Result<(Option<PathBuf>, Vec<Diagnostic>)> {
    let mut key = Key::new("pdf");
    key.add(pdf::TEMPLATE.as_bytes());
    draft.say(|text| key.add(text.as_bytes()));
    for (path, content) in &draft.pictures {
        key.add(path.as_bytes());
        key.content(content);
    }
    key.add(&[u8::from(print.folded)]);
    key.fonts(world, work);
    let Setting { paper, large } = print.setting;
    let name = format!("{id} {paper:?} {large} {}", print.folded);
    let cached = key.file(&work.join("books"), &name, "pdf");
    if let Some(notes) = notes(&cached).filter(|_| cache::read(&cached).is_some()) {
        return Ok((Some(cached), notes));
    }
    let manuscript = draft.finish();
    let pictures = read_pictures(&manuscript.pictures)?;
    match set::book(world, &manuscript, &pictures, print.folded, work, progress) {
        Ok((bytes, notes)) => {
            keep(&cached, &bytes)?;
            keep_notes(&cached, &notes)?;
            Ok((Some(cached), notes))
        }
        Err(errors) => Ok((None, errors)),
    }
}

/// Makes the card of a question, or finds it in the cache.
///
/// # Errors
/// When the cache can't be written.
pub fn card(world: &World, page: PageId, work: &Path) -> io::Result<Made> {
    let Some(card) = card::compose(&world.site, page) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut key = Key::new("card");
    key.add(card::TEMPLATE.as_bytes());
    key.add(card.data.to_string().as_bytes());
    key.add(card.code.as_deref().unwrap_or_default().as_bytes());
    key.fonts(world, work);
    let url = &world.site.page(page).url;
    let cached = key.file(&work.join("cards"), url.as_str(), "png");
    if let Some(made) = recall(&cached) {
        return Ok(made);
    }
    match set::card(world, card, work) {
        Ok((bytes, notes)) => {
            keep(&cached, &bytes)?;
            keep_notes(&cached, &notes)?;
            Ok((bytes, notes))
        }
        Err(errors) => Ok((Vec::new(), errors)),
    }
}

/// What needs the typesetter.
#[cfg(feature = "pdf")]
mod set {
    use std::collections::BTreeMap;
    use std::path::Path;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::{Made, Step};
    use crate::config::PdfConfig;
    use crate::diag::Diagnostic;
    use crate::export::card::{self, Card};
    use crate::export::pdf::Manuscript;
    use crate::export::typeset::{self, Fonts};
    use crate::load;
    use crate::render::World;

    pub(super) fn book(
        world: &World,
        manuscript: &Manuscript,
        pictures: &BTreeMap<String, Vec<u8>>,
        folded: bool,
        work: &Path,
        progress: &dyn Fn(Step),
    ) -> Result<Made, Vec<Diagnostic>> {
        progress(Step::Fonts);
        let fonts = fonts(world, work)?;
        progress(Step::Set);
        let printed = typeset::book(manuscript, pictures, &fonts, folded)?;
        Ok((printed.bytes, printed.diagnostics))
    }

    pub(super) fn card(world: &World, card: Card, work: &Path) -> Result<Made, Vec<Diagnostic>> {
        let fonts = fonts(world, work)?;
        let pictures = card
            .code
            .map(|svg| ("code.svg".to_owned(), svg.into_bytes()))
            .into_iter()
            .collect();
        let drawn = typeset::picture(card::TEMPLATE, card.data, &pictures, &fonts, card::SCALE)?;
        Ok((drawn.bytes, drawn.diagnostics))
    }

    /// The fonts looked for last: a hundred cards need the same.
    static LAST: Mutex<Option<(PdfConfig, Arc<Fonts>)>> = Mutex::new(None);

    fn fonts(world: &World, work: &Path) -> Result<Arc<Fonts>, Vec<Diagnostic>> {
        let config = &world.site.config.pdf;
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, fonts)) = &*last
            && known == config
        {
            return Ok(fonts.clone());
        }
        let folder = work.parent().unwrap_or(work);
        let found = load::fonts::find(folder, config).map_err(|problem| vec![problem])?;
        let fonts = Arc::new(found);
        *last = Some((config.clone(), fonts.clone()));
        Ok(fonts)
    }
}

#[cfg(not(feature = "pdf"))]
mod set {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::{Made, Step};
    use crate::diag::Diagnostic;
    use crate::export::card::Card;
    use crate::export::pdf::Manuscript;
    use crate::render::World;

    pub(super) fn book(
        _world: &World,
        _manuscript: &Manuscript,
        _pictures: &BTreeMap<String, Vec<u8>>,
        _folded: bool,
        _work: &Path,
        _progress: &dyn Fn(Step),
    ) -> Result<Made, Vec<Diagnostic>> {
        Err(missing("PDF"))
    }

    pub(super) fn card(_world: &World, _card: Card, _work: &Path) -> Result<Made, Vec<Diagnostic>> {
        Err(missing("PNG"))
    }

    fn missing(what: &str) -> Vec<Diagnostic> {
        vec![Diagnostic::new("pdf-feature-missing").with("what", what)]
    }
}

// ---- the cache

/// Everything a file is made of, gathered into a name.
struct Key(Vec<u8>);

impl Key {
    fn new(form: &str) -> Self {
        let mut key = Self(Vec::new());
        key.add(env!("CARGO_PKG_VERSION").as_bytes());
        key.add(form.as_bytes());
        key
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&bytes.len().to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    fn content(&mut self, content: &Content) {
        match content {
            Content::Text(text) => self.add(text.as_bytes()),
            Content::Asset(asset) | Content::Png(asset) | Content::Drawing(asset) => {
                match &asset.bytes {
                    Some(bytes) => self.add(bytes),
                    None => self.add(
                        format!(
                            "{} {} {:?}",
                            asset.path.display(),
                            asset.len,
                            asset.modified
                        )
                        .as_bytes(),
                    ),
                }
            }
        }
    }

    /// The fonts the site asks for; those of the system are taken to stay.
    fn fonts(&mut self, world: &World, work: &Path) {
        let config = &world.site.config.pdf;
        self.add(format!("{:?} {:?}", config.text_font, config.heading_font).as_bytes());
        for named in &config.fonts {
            let path = work.parent().unwrap_or(work).join(named);
            let found = fs::metadata(path).map(|found| (found.len(), found.modified().ok()));
            self.add(format!("{named} {:?}", found.ok()).as_bytes());
        }
    }

    /// The place of a file called `name`: the first half says what it is, the second what it is made of.
    fn file(&self, folder: &Path, name: &str, extension: &str) -> PathBuf {
        let name = Hash::of(name.as_bytes()).short(NAME);
        let made_of = Hash::of(&self.0).short(24);
        folder.join(format!("{name}-{made_of}.{extension}"))
    }
}

/// Digits of the half of a file's name that says what it is.
const NAME: usize = 12;

/// Puts a file into the cache; what was made of the same before gives way.
fn keep(cached: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = cached.parent() {
        forget_older(parent, cached);
    }
    cache::keep(cached, bytes)
}

/// Removes what was made of the same thing when it said something else. What can't be removed stays and does no harm.
fn forget_older(folder: &Path, cached: &Path) {
    let stem = |path: &Path| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let Some(own) = stem(cached) else {
        return;
    };
    let Some(what) = own.get(..=NAME) else {
        return;
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        let older = stem(&path).is_some_and(|stem| stem != own && stem.starts_with(what));
        if older && path.extension() == cached.extension() {
            cache::forget(&notes_of(&path));
            cache::forget(&path);
        }
    }
}

fn notes_of(cached: &Path) -> PathBuf {
    cached.with_extension("notes")
}

/// Warnings go along with what they are about, so that they are said every time.
fn keep_notes(cached: &Path, notes: &[Diagnostic]) -> io::Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    cache::keep(&notes_of(cached), record::write(notes).as_bytes())
}

/// A file of the cache with its warnings.
fn recall(cached: &Path) -> Option<Made> {
    Some((cache::read(cached)?, notes(cached)?))
}

/// The warnings kept with a file of the cache; nothing when they are damaged.
fn notes(cached: &Path) -> Option<Vec<Diagnostic>> {
    let kept = notes_of(cached);
    if !kept.exists() {
        return Some(Vec::new());
    }
    record::read(&String::from_utf8(cache::read(&kept)?).ok()?)
}

fn read_pictures(pictures: &BTreeMap<String, Content>) -> io::Result<BTreeMap<String, Vec<u8>>> {
    pictures
        .iter()
        .map(|(path, content)| Ok((path.clone(), content.bytes(&read_asset)?)))
        .collect()
}

/// Reads a picture; the error names it.
///
/// # Errors
/// When it can't be read.
pub fn read_asset(asset: &Asset) -> io::Result<Vec<u8>> {
    fs::read(&asset.path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", asset.path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_remembered_with_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let cached = folder.path().join("books/0123456789ab-a.pdf");
        let said =
            vec![Diagnostic::new("pdf-character-missing").with("characters", "𰻞 (U+30EDE)")];
        keep(&cached, b"x").expect("written");
        keep_notes(&cached, &said).expect("written");
        assert_eq!(recall(&cached), Some((b"x".to_vec(), said)));
    }

    #[test]
    fn a_new_edition_takes_the_place_of_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        for name in [
            "0123456789ab-1.pdf",
            "ba9876543210-1.pdf",
            "0123456789ab-2.pdf",
        ] {
            keep(&file(name), b"x").expect("written");
        }
        assert!(!file("0123456789ab-1.pdf").exists());
        assert!(file("ba9876543210-1.pdf").exists() && file("0123456789ab-2.pdf").exists());
    }
}
