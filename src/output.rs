//! Everything the site consists of: one sorted map from output path to the recipe of its bytes.
//!
//! A recipe is data. `build` cooks all of them, the preview the one it is asked for, from the same map. Only images in sizes that
//! a template works out join later, when the page that shows them is cooked ([`Cooked::needs`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{OutPath, Url};
use crate::config::BookForm;
use crate::diag::Diagnostic;
use crate::load::Asset;
use crate::model::{BookId, PageId, Target};
use crate::render::companion::{self, Companion};
use crate::render::feed::{self, FeedOf};
use crate::render::resize::Resizing;
use crate::render::theme::ThemeFile;
use crate::render::webapp::{self, Icon};
use crate::render::{World, minify, offline, opensearch, page, sitemap, statute, variants};

/// How the bytes of an output file are made.
#[derive(Clone, Debug)]
pub enum Recipe {
    /// A page is rendered.
    Page(Target),
    /// A feed is written.
    Feed(FeedOf, Url),
    /// A file that accompanies a page is written.
    Companion(Companion),
    /// They are there already.
    Bytes(Arc<[u8]>),
    /// A file is copied.
    Copy(Arc<Asset>),
    /// An image is made in another size.
    Resize(Arc<Asset>, Resizing),
    /// A book to take home.
    Book(BookId, BookForm),
    /// A picture of a question, to share.
    Card(PageId),
    /// An icon is drawn.
    Icon(Icon),
    /// What is made of all other files, when they are done.
    Last(Last),
}

/// A file that names the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// The list of files for reading offline.
    OfflineList,
    /// The service worker.
    Worker,
}

/// The output: every file with its recipe, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct OutputPlan {
    /// The files.
    pub files: BTreeMap<OutPath, Recipe>,
    /// Two recipes for one path, and the like.
    pub diagnostics: Vec<Diagnostic>,
}

impl OutputPlan {
    fn add(&mut self, path: OutPath, recipe: Recipe) {
        if self.files.contains_key(&path) {
            self.diagnostics
                .push(Diagnostic::new("output-conflict").with("path", &path));
            return;
        }
        self.files.insert(path, recipe);
    }
}

/// Plans the output of a world with its search index.
#[must_use]
pub fn plan(world: &Arc<World>) -> OutputPlan {
    let mut plan = plan_without_search(world);
    if world.site.config.build_search_index {
        for (path, bytes) in &world.search_index().files {
            plan.add(path.clone(), Recipe::Bytes(bytes.as_slice().into()));
        }
    }
    plan
}

/// Plans everything but the search index, which the preview makes when somebody searches.
#[must_use]
pub fn plan_without_search(world: &Arc<World>) -> OutputPlan {
    let site = &world.site;
    let mut plan = OutputPlan::default();
    let mut targets: Vec<(&str, Target)> = site
        .routes
        .by_url
        .iter()
        .map(|(url, target)| (url.as_str(), *target))
        .collect();
    targets.sort_unstable();
    for (url, target) in targets {
        let url = Url::new(url);
        match (target, site.routes.shown(target)) {
            (Target::Asset(index), _) => add_asset(&mut plan, &url, &site.assets[index as usize].2),
            (_, Target::House(house)) if !page::house_exists(world, house) => {}
            (target, _) => plan.add(OutPath::of_url(&url), Recipe::Page(target)),
        }
    }
    for (path, asset) in &*site.statics {
        add_asset(&mut plan, &Url::new(path), asset);
    }
    for file in world.theme.files.values() {
        match file {
            ThemeFile::One(address, bytes) => {
                plan.add(OutPath::new(address), Recipe::Bytes(bytes.clone()))
            }
            ThemeFile::ByLanguage(all) => {
                let unique: BTreeMap<&String, &Arc<[u8]>> = all
                    .values()
                    .map(|(address, bytes)| (address, bytes))
                    .collect();
                for (address, bytes) in unique {
                    plan.add(OutPath::new(address), Recipe::Bytes(bytes.clone()));
                }
            }
        }
    }
    for (url, of) in feed::feeds(site) {
        plan.add(OutPath::of_url(&url), Recipe::Feed(of, url.clone()));
    }
    for (url, of) in companion::companions(world) {
        plan.add(OutPath::of_url(&url), Recipe::Companion(of));
    }
    for (url, script) in statute::popover_files(world) {
        plan.add(
            OutPath::of_url(&url),
            Recipe::Bytes(script.into_bytes().into()),
        );
    }
    add_books(world, &mut plan);
    add_house_files(world, &mut plan);
    if site.config.offline.worker && world.theme.worker.is_some() {
        plan.add(OutPath::new(offline::LIST), Recipe::Last(Last::OfflineList));
        plan.add(OutPath::new(offline::WORKER), Recipe::Last(Last::Worker));
    }
    plan
}

/// Books in the forms the site offers, and the cards of their questions.
fn add_books(world: &Arc<World>, plan: &mut OutputPlan) {
    let site = &world.site;
    let books = &site.config.books;
    for (index, book) in site.books.iter().enumerate() {
        let id = BookId::of(index);
        for form in &books.formats {
            let url = site.download_url(id, *form);
            plan.add(OutPath::of_url(&url), Recipe::Book(id, *form));
        }
        if books.cards {
            for page in &book.questions {
                let url = site.card_url(*page);
                plan.add(OutPath::of_url(&url), Recipe::Card(*page));
            }
        }
    }
}

fn add_asset(plan: &mut OutputPlan, url: &Url, asset: &Arc<Asset>) {
    plan.add(OutPath::of_url(url), Recipe::Copy(asset.clone()));
    let Some(own) = asset.dimensions else {
        return;
    };
    for (variant, width) in variants(url, asset) {
        plan.add(
            OutPath::of_url(&variant),
            Recipe::Resize(asset.clone(), Resizing::to_width(width, own)),
        );
    }
}

/// Small files every site has; one of the site's own at the same path takes their place.
fn add_house_files(world: &Arc<World>, plan: &mut OutputPlan) {
    let site = &world.site;
    let mut files: Vec<(String, Recipe)> = Vec::new();
    let mut add = |path: &str, text: String| {
        files.push((path.to_owned(), Recipe::Bytes(text.into_bytes().into())));
    };
    if site.config.generate_sitemap {
        for (path, text) in sitemap::sitemap(world) {
            add(&path, text);
        }
    }
    if site.config.generate_robots_txt {
        add("robots.txt", sitemap::robots(site));
    }
    for language in site.config.language_codes() {
        if let Some(url) = opensearch::url(&site.config, language) {
            add(url.path(), opensearch::write(site, language, &url));
        }
    }
    add("llms.txt", sitemap::llms(site));
    for (path, text) in webapp::texts(&site.config) {
        add(path, text);
    }
    let icons = webapp::ICONS.map(|icon| (icon.path.to_owned(), Recipe::Icon(icon)));
    for (path, recipe) in files.into_iter().chain(icons) {
        plan.files.entry(OutPath::new(&path)).or_insert(recipe);
    }
}

/// A file that is made.
#[derive(Debug, Default)]
pub struct Cooked {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The problems met.
    pub diagnostics: Vec<Diagnostic>,
    /// Files it needs beside it that only its making told of: images in the sizes its template asks for.
    pub needs: BTreeMap<OutPath, Recipe>,
}

impl From<Vec<u8>> for Cooked {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }
}

/// The file of a recipe that needs no disk and no other file. `None` for files that are copied, resized or made last: those
/// are the writer's.
#[must_use]
pub fn cook(world: &Arc<World>, recipe: &Recipe) -> Option<Cooked> {
    match recipe {
        Recipe::Page(target) => Some(cook_page(world, *target)),
        Recipe::Feed(of, url) => Some(feed::write(world, *of, url).into_bytes().into()),
        Recipe::Companion(of) => Some(companion::write(world, *of).into_bytes().into()),
        Recipe::Bytes(bytes) => Some(bytes.to_vec().into()),
        Recipe::Copy(asset) => asset.bytes.as_ref().map(|bytes| bytes.to_vec().into()),
        Recipe::Icon(icon) => Some(webapp::draw(&world.site.config, *icon).into()),
        Recipe::Resize(..) | Recipe::Book(..) | Recipe::Card(_) | Recipe::Last(_) => None,
    }
}

fn cook_page(world: &Arc<World>, target: Target) -> Cooked {
    let rendered = page::render(world, target);
    let html = if world.site.config.minify_html {
        minify::html(&rendered.html)
    } else {
        rendered.html
    };
    let images = rendered.images.into_iter();
    Cooked {
        bytes: html.into_bytes(),
        diagnostics: rendered.diagnostics,
        needs: images
            .map(|(path, (asset, resizing))| (path, Recipe::Resize(asset, resizing)))
            .collect(),
    }
}
