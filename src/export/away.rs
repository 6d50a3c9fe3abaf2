//! A page's text for readers who are not on the site: links are whole addresses, pictures are files beside the page.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::address::{absolute, followable, media_type};
use super::book::ShortAnswer;
use super::fragment::Addresses;
use super::xhtml::{self, Medium, Options, Source};
use crate::base::Url;
use crate::doc::{Block, Shortcode};
use crate::load::Asset;
use crate::model::{FileId, Target};
use crate::render::html::Hooks;
use crate::render::view::SceneHooks;
use crate::render::{Scene, World};
use crate::resolve::LinkTarget;
use crate::resolve::cited::{self, CitationTable, Cited};

/// A page that is written for elsewhere.
pub(super) struct Away<'a> {
    world: &'a Arc<World>,
    scene: Arc<Scene>,
    /// The folder its pictures are put into.
    folder: String,
    images: RefCell<BTreeMap<String, (String, Arc<Asset>)>>,
}

impl<'a> Away<'a> {
    /// A page of the site, with the name of the folder for its pictures.
    pub(super) fn new(world: &'a Arc<World>, target: Target, folder: &str) -> Self {
        Self {
            world,
            scene: Arc::new(Scene::new(world, target)),
            folder: folder.to_owned(),
            images: RefCell::default(),
        }
    }

    /// The text of some blocks, as XHTML.
    pub(super) fn write(&self, file: FileId, blocks: &[Block], prefix: &str) -> String {
        let table: CitationTable = cited::of_files(&self.world.site, &self.world.resolved, [file]);
        let source = Source {
            document: &self.world.site.file(file).document,
            answers: &self.world.resolved.files[file.index()],
            cited: table
                .get(&file)
                .map(|found| &*found.text)
                .unwrap_or_default(),
        };
        self.write_source(blocks, source, prefix)
    }

    /// A short answer that is a field of its question, as XHTML.
    pub(super) fn write_short(&self, short: ShortAnswer, prefix: &str) -> String {
        let files = [short.file];
        let table: CitationTable = cited::of_files(&self.world.site, &self.world.resolved, files);
        let source = short.source(self.world, &table);
        self.write_source(&source.document.blocks, source, prefix)
    }

    fn write_source(&self, blocks: &[Block], source: Source<'_>, prefix: &str) -> String {
        let options = Options {
            language: &self.scene.language,
            deeper: 0,
            prefix,
            popups: false,
        };
        let mut out = String::new();
        xhtml::write(
            blocks,
            source,
            self,
            options,
            &mut BTreeSet::new(),
            &mut out,
        );
        out
    }

    /// The language of the page.
    pub(super) fn language(&self) -> &str {
        &self.scene.language
    }

    /// The whole address of the page.
    pub(super) fn address(&self) -> Option<String> {
        self.on_site(&self.scene.url)
    }

    /// The pictures met so far, by their path.
    pub(super) fn images(&self) -> Vec<(String, Arc<Asset>)> {
        self.images.borrow().values().cloned().collect()
    }

    /// The problems met so far.
    pub(super) fn problems(&self) -> Vec<crate::diag::Diagnostic> {
        self.scene.take_problems()
    }

    fn on_site(&self, url: &Url) -> Option<String> {
        let config = &self.world.site.config;
        (!config.base_url.is_empty()).then(|| config.permalink(url))
    }

    fn asset(&self, url: &Url) -> Option<String> {
        let asset = self.world.asset_at(url)?;
        media_type(url.path())?;
        let mut images = self.images.borrow_mut();
        let number = images.len() + 1;
        let extension = match super::extension(asset) {
            webp if webp == "webp" => "png".to_owned(),
            other => other,
        };
        let entry = images.entry(url.path().to_owned());
        let entry = entry.or_insert_with(|| {
            (
                format!("{}/{number:02}.{extension}", self.folder),
                asset.clone(),
            )
        });
        Some(entry.0.clone())
    }
}

impl Addresses for Away<'_> {
    fn link(&self, address: &str) -> Option<String> {
        match absolute(&self.scene.url, address) {
            Ok(url) => self.on_site(&url),
            Err(elsewhere) => followable(&elsewhere),
        }
    }

    fn picture(&self, address: &str) -> Option<String> {
        self.asset(&absolute(&self.scene.url, address).ok()?)
    }
}

impl Medium for Away<'_> {
    fn target(&self, target: &LinkTarget) -> Option<String> {
        match target {
            LinkTarget::Internal { url, .. } => self.on_site(url),
            LinkTarget::External(address) => followable(address),
            LinkTarget::Broken => None,
        }
    }

    fn image(&self, target: &LinkTarget) -> Option<String> {
        match target {
            LinkTarget::Internal { url, .. } => self.asset(url),
            LinkTarget::External(_) | LinkTarget::Broken => None,
        }
    }

    fn shortcode(&self, call: &Shortcode) -> String {
        without_citations(&SceneHooks::of_fragment(&self.scene, None).shortcode(call))
    }

    fn online(&self) -> Option<String> {
        self.address()
    }

    fn term(&self, _index: u32) -> Option<String> {
        None
    }

    /// The words of the article are a tap away on the site; here the citation is text enough.
    fn citation(&self, _cited: &Cited) -> Option<String> {
        None
    }

    fn vertical(&self) -> bool {
        false
    }
}

/// HTML whose citations are text, as they are in running text.
fn without_citations(html: &str) -> String {
    let mut parts = html.split("<a class=\"citation");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let text = part.split_once('>').map_or(part, |(_, text)| text);
        out.push_str(&text.replacen("</a>", "", 1));
    }
    out
}
