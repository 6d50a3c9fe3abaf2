//! One page → HTML: a function of the site, the answers, the theme and the page.

mod blocks;
pub mod calculator;
pub mod calendar;
pub mod code;
pub mod companion;
pub mod compare;
pub mod decision;
pub mod episode;
pub mod escape;
pub mod feed;
pub mod form;
mod front;
pub mod functions;
mod head;
pub mod html;
pub mod inline;
mod kinds;
pub mod law_report;
pub mod math;
pub mod minify;
pub mod offline;
pub mod opensearch;
pub mod page;
pub mod podcast;
pub mod quiz;
pub mod raw_html;
pub mod resize;
pub mod sitemap;
pub mod statute;
pub mod structured;
#[cfg(test)]
mod templates_test;
pub mod theme;
pub mod view;
pub mod webapp;
mod widget;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::base::{OutPath, SourcePath, Url};
use crate::diag::Diagnostic;
use crate::index::IndexFiles;
use crate::load::{Asset, SourceText};
use crate::model::{FileId, Site, Target};
use crate::resolve::Resolved;
use resize::{ImageFormat, Resizing};
use theme::Theme;

/// Everything rendering draws from. A page is a function of this and its [`Target`].
#[derive(Debug)]
pub struct World {
    /// The site.
    pub site: Site,
    /// Where links and citations lead.
    pub resolved: Resolved,
    /// The look.
    pub theme: Arc<Theme>,
    /// Data files.
    pub data: BTreeMap<SourcePath, Arc<SourceText>>,
    /// The search index, once somebody asked for it.
    pub search: OnceLock<IndexFiles>,
}

/// The page being rendered.
#[derive(Debug)]
pub struct Scene {
    /// What it is part of.
    pub world: Arc<World>,
    /// What is rendered; never a [`Target::Fallback`], but what that shows.
    pub target: Target,
    /// Its address.
    pub url: Url,
    /// The language of the pages it stands among, and of the theme's words on it.
    pub language: Arc<str>,
    /// The language it is written in, where that is another one for want of a translation.
    pub written_in: Option<Arc<str>>,
    /// Whether addresses begin at the site's root.
    pub absolute: bool,
    /// The content file it comes from.
    pub file: Option<FileId>,
    /// How deep inclusions are nested at the moment.
    depth: AtomicU32,
    /// Problems met while rendering.
    problems: Mutex<Vec<Diagnostic>>,
    /// Images the templates want made.
    images: Mutex<Images>,
}

/// Images that templates want made: where they go, what they are made of, and how.
pub type Images = BTreeMap<OutPath, (Arc<Asset>, Resizing)>;

/// Smaller forms of images: their widths in pixels.
pub const VARIANT_WIDTHS: [u32; 2] = [480, 960];

impl World {
    /// The search index; built when it is first asked for.
    #[must_use]
    pub fn search_index(&self) -> &IndexFiles {
        self.search.get_or_init(|| crate::index::site::build(self))
    }

    /// The file behind an address, when it is an asset or a static file.
    #[must_use]
    pub fn asset_at(&self, url: &Url) -> Option<&Arc<Asset>> {
        match self.site.routes.by_url.get(url.path()) {
            Some(Target::Asset(index)) => Some(&self.site.assets[*index as usize].2),
            Some(_) => None,
            None => self.site.statics.get(url.path().trim_start_matches('/')),
        }
    }

    /// Width and height of the image at an address.
    #[must_use]
    pub fn image_dimensions(&self, url: &Url) -> Option<(u32, u32)> {
        self.asset_at(url)?.dimensions
    }

    /// Addresses and widths of the smaller forms of the image at an address, narrowest first.
    #[must_use]
    pub fn image_variants(&self, url: &Url) -> Vec<(Url, u32)> {
        let Some(asset) = self.asset_at(url) else {
            return Vec::new();
        };
        variants(url, asset)
    }
}

/// Addresses and widths of the smaller forms of an image: for photographs and pictures wider than the form by a quarter.
#[must_use]
pub fn variants(url: &Url, asset: &Asset) -> Vec<(Url, u32)> {
    let Some((width, _)) = asset.dimensions else {
        return Vec::new();
    };
    let Some((stem, extension)) = url.path().rsplit_once('.') else {
        return Vec::new();
    };
    if !matches!(
        extension.to_ascii_lowercase().as_str(),
        "png" | "jpg" | "jpeg" | "webp"
    ) {
        return Vec::new();
    }
    VARIANT_WIDTHS
        .into_iter()
        .filter(|smaller| smaller + smaller / 4 <= width)
        .map(|smaller| (Url::new(&format!("{stem}-{smaller}w.{extension}")), smaller))
        .collect()
}

impl Scene {
    /// The scene of a target.
    #[must_use]
    pub fn new(world: &Arc<World>, target: Target) -> Self {
        let site = &world.site;
        let url = site.url(target);
        let asked = match target {
            Target::Fallback(index) => Some(&site.routes.fallbacks[index as usize].language),
            _ => None,
        };
        let target = site.routes.shown(target);
        let (language, file): (Arc<str>, Option<FileId>) = match target {
            Target::Page(id) => (site.page(id).language.clone(), Some(site.page(id).file)),
            Target::Section(id, _) => (site.section(id).language.clone(), site.section(id).file),
            Target::BookPrint(id) => {
                let section = site.section(site.books[id.index()].section);
                (section.language.clone(), section.file)
            }
            Target::Taxonomy(index) | Target::Term(index, ..) => {
                let own = &site.taxonomies[index as usize].config.language;
                let language = own.as_deref().unwrap_or(&site.config.default_language);
                (language.into(), None)
            }
            Target::Asset(_)
            | Target::House(_)
            | Target::Law(..)
            | Target::LawChapter(..)
            | Target::Comparison(..)
            | Target::Alias(_)
            | Target::Fallback(_) => (site.config.default_language.as_str().into(), None),
        };
        let (language, written_in) = match asked {
            // What pufa makes itself has its words in every language.
            Some(asked) if matches!(target, Target::House(_)) => (asked.clone(), None),
            Some(asked) => (asked.clone(), Some(language)),
            None => (language, None),
        };
        let absolute = OutPath::of_url(&url).as_str() == "404.html";
        Self {
            world: world.clone(),
            target,
            url,
            language,
            written_in,
            absolute,
            file,
            depth: AtomicU32::new(0),
            problems: Mutex::default(),
            images: Mutex::default(),
        }
    }

    /// An address in the site as it is written on this page. Who reads in a language for want of a translation stays among
    /// its pages.
    #[must_use]
    pub fn write(&self, url: &Url) -> String {
        self.write_exactly(self.among_own(url).as_ref().unwrap_or(url))
    }

    /// Where the readers of a page that stands in for a translation find what is at an address, if not there.
    fn among_own(&self, url: &Url) -> Option<Url> {
        self.written_in.as_ref()?;
        self.world.site.routes.in_language(url, &self.language)
    }

    /// An address in the site as it is written on this page, also where its readers have another one for it.
    #[must_use]
    pub fn write_exactly(&self, url: &Url) -> String {
        html::write_address(url, &self.url, self.absolute, &self.world.site.config)
    }

    /// The address of a file of the theme or of `static/`, as it is written on this page.
    #[must_use]
    pub fn asset(&self, path: &str) -> Option<String> {
        if let Some((address, _)) = self.world.theme.file(path, &self.language) {
            return Some(self.write(&Url::new(address)));
        }
        let file = self.world.site.statics.get(path)?;
        let mut address = self.write(&Url::new(path));
        if let Some(bytes) = &file.bytes {
            address.push_str("?h=");
            address.push_str(&crate::base::Hash::of(bytes).short(8));
        }
        Some(address)
    }

    /// Notes a problem met while rendering.
    fn report(&self, diagnostic: Diagnostic) {
        self.problems
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(diagnostic);
    }

    /// The address of an image in another size; the page's files get it.
    pub(crate) fn resized(&self, url: &Url, resizing: Resizing, own: (u32, u32)) -> Url {
        let end = url.path().rsplit_once('.').map_or("", |(_, end)| end);
        let Some(format) = ImageFormat::of(end) else {
            // Drawings and animations fit any size as they are.
            return url.clone();
        };
        let Some(asset) = self.world.asset_at(url) else {
            return url.clone();
        };
        if resizing.changes_nothing(own, Some(format)) {
            return url.clone();
        }
        let there = variants(url, asset).into_iter();
        let mut there = there.map(|(url, width)| (url, Resizing::to_width(width, own)));
        if let Some((url, _)) = there.rfind(|(_, made)| *made == resizing) {
            return url;
        }
        let made = resizing.address(url);
        self.images
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(OutPath::of_url(&made), (asset.clone(), resizing));
        made
    }

    /// The images asked for so far.
    pub(crate) fn take_images(&self) -> Images {
        std::mem::take(&mut *self.images.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The problems met so far.
    pub(crate) fn take_problems(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut *self.problems.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A string of the theme.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.world.theme.text(&self.language, key)
    }
}
