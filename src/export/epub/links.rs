//! Where things are in the e-book, and where what is not in it is on the site.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Shelf;
use crate::base::{Span, Url};
use crate::diag::Diagnostic;
use crate::doc::{Code, InlineKind, Shortcode};
use crate::export::address::{absolute, followable, media_type, rooted};
use crate::export::book::{BookText, Part};
use crate::export::fragment::Addresses;
use crate::export::xhtml::Medium;
use crate::load::Asset;
use crate::model::{FileId, PageId, Target};
use crate::parse::page::Parsed;
use crate::render::html::Hooks;
use crate::render::view::SceneHooks;
use crate::render::{World, escape};
use crate::resolve::cited::{Cited, CitedArticles};
use crate::resolve::{LinkTarget, ResolvedFile};

/// Path of a chapter's file.
pub(super) fn chapter_path(index: usize) -> String {
    format!("chapter-{:02}.xhtml", index + 1)
}

/// The places of everything a link can lead to.
#[derive(Debug)]
pub(in crate::export) struct Places {
    /// Questions: chapter and anchor.
    questions: HashMap<PageId, (usize, String)>,
    /// Chapters by what shows them on the site.
    chapters: HashMap<Target, usize>,
    /// Terms of the glossary that are in the index: index → anchor.
    terms: BTreeMap<u32, String>,
    /// The cover's picture.
    pub(in crate::export) cover: Option<String>,
    /// Pictures by address, with their path in the e-book, once they are used.
    images: RefCell<BTreeMap<String, (String, Arc<Asset>)>>,
    /// Problems met.
    problems: RefCell<Vec<Diagnostic>>,
}

impl Places {
    pub(super) fn new(world: &World, book: &BookText<'_>, _cited: &CitedArticles) -> Self {
        let mut questions = HashMap::new();
        for (chapter, question) in book.questions() {
            questions.insert(question.page, (chapter, question.question.id.clone()));
        }
        let chapters = book
            .chapters
            .iter()
            .enumerate()
            .map(|(index, chapter)| (chapter.target, index))
            .collect();
        let explained: std::collections::BTreeSet<&str> = book
            .questions()
            .flat_map(|(_, question)| question.question.fields.terms.iter().map(String::as_str))
            .collect();
        let terms = (0..)
            .zip(&world.resolved.glossary.terms)
            .filter(|(_, term)| explained.contains(term.name.as_str()))
            .map(|(index, term)| (index, term_anchor(&term.name)))
            .collect();
        let places = Self {
            questions,
            chapters,
            terms,
            cover: None,
            images: RefCell::default(),
            problems: RefCell::default(),
        };
        let cover = book
            .edition
            .cover
            .as_ref()
            .map(|asset| places.image("cover", asset));
        Self { cover, ..places }
    }

    /// The path a picture has in the e-book, which it is now part of.
    fn image(&self, address: &str, asset: &Arc<Asset>) -> String {
        let mut images = self.images.borrow_mut();
        let number = images.len() + 1;
        let extension = match crate::export::extension(asset) {
            webp if webp == "webp" => "png".to_owned(),
            other => other,
        };
        images
            .entry(address.to_owned())
            .or_insert_with(|| (format!("images/{number:03}.{extension}"), asset.clone()))
            .0
            .clone()
    }

    /// The problems met so far.
    pub(super) fn take_problems(&self) -> Vec<Diagnostic> {
        self.problems.take()
    }

    /// Notes that a picture of a content file is not in the book.
    fn refuse(&self, parsed: &Parsed, answers: &ResolvedFile, url: &Url) {
        let problem = Diagnostic::at(
            "book-picture-format",
            &parsed.path,
            span_of(parsed, answers, url),
        )
        .with("path", url.path());
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// The pictures used, by their path.
    pub(in crate::export) fn used_images(&self) -> BTreeMap<String, Arc<Asset>> {
        let images = self.images.borrow();
        images.values().cloned().collect()
    }

    /// Where a question is.
    pub(in crate::export) fn question(&self, page: PageId) -> Option<String> {
        let (chapter, anchor) = self.questions.get(&page)?;
        Some(format!("{}#{anchor}", chapter_path(*chapter)))
    }
}

/// Where a file shows a picture; its beginning when a short code or raw HTML does.
fn span_of(parsed: &Parsed, answers: &ResolvedFile, url: &Url) -> Span {
    let mut found = Span::default();
    parsed.document.walk_inlines(&mut |inline| {
        if let InlineKind::Image(image) = &inline.kind
            && let Some(LinkTarget::Internal { url: shown, .. }) =
                answers.links.get(image.index as usize)
            && shown == url
            && found.is_empty()
        {
            found = inline.span;
        }
    });
    found
}

/// The anchor of a term in the index of terms.
pub(super) fn term_anchor(name: &str) -> String {
    format!("term-{}", slug::slugify(name))
}

/// The e-book as a medium, for the text of one chapter.
pub(super) struct EpubMedium<'a> {
    pub(super) shelf: &'a Shelf<'a>,
    /// Address of the page on the site the text comes from.
    pub(super) from: Url,
    /// The file the text is in.
    pub(super) file: FileId,
    /// Put before ids.
    pub(super) prefix: &'a str,
}

impl EpubMedium<'_> {
    /// Whether an address is a place in a widget of the same text: a step of a path.
    fn own_place(&self, address: &str) -> bool {
        let Some(place) = address.strip_prefix('#') else {
            return false;
        };
        let widgets = &self.shelf.world.site.file(self.file).widgets;
        let place = place.strip_prefix(self.prefix);
        place.is_some_and(|place| {
            widgets.iter().any(|widget| {
                let inner = place.strip_prefix(widget.id.as_str());
                inner.is_some_and(|inner| inner.is_empty() || inner.starts_with('-'))
            })
        })
    }

    fn on_site(&self, url: &Url) -> Option<String> {
        let config = &self.shelf.world.site.config;
        (!config.base_url.is_empty()).then(|| config.permalink(url))
    }

    fn internal(&self, target: Option<Target>, url: &Url) -> Option<String> {
        let places = self.shelf.places;
        let target = target.map(|target| self.shelf.world.site.routes.shown(target));
        let inside = match target {
            Some(Target::Page(id)) => places.question(id).or_else(|| {
                let chapter = *places.chapters.get(&Target::Page(id))?;
                Some(self.in_chapter(chapter, url))
            }),
            Some(Target::Section(id, _)) => {
                let own = self.shelf.world.site.books[self.shelf.book.id.index()].section == id;
                if own {
                    Some("nav.xhtml".to_owned())
                } else {
                    let chapter = places.chapters.get(&Target::Section(id, 1));
                    chapter.map(|chapter| self.in_chapter(*chapter, url))
                }
            }
            Some(Target::Law(..)) => {
                let anchor = self.shelf.cited.anchor_at(url);
                anchor.map(|anchor| format!("articles.xhtml#{anchor}"))
            }
            Some(Target::BookPrint(id)) if id == self.shelf.book.id => Some("nav.xhtml".to_owned()),
            Some(
                Target::BookPrint(_)
                | Target::Taxonomy(_)
                | Target::Term(..)
                | Target::Asset(_)
                | Target::House(_)
                | Target::Alias(_)
                | Target::Fallback(_)
                | Target::LawChapter(..)
                | Target::Comparison(..),
            )
            | None => None,
        };
        inside.or_else(|| self.on_site(url))
    }

    /// A chapter, or the question in it the address names.
    fn in_chapter(&self, chapter: usize, url: &Url) -> String {
        let path = chapter_path(chapter);
        let text = &self.shelf.book.chapters[chapter];
        let named = url.fragment().filter(|fragment| {
            text.questions()
                .any(|question| question.question.id == **fragment)
        });
        match named {
            Some(fragment) => format!("{path}#{fragment}"),
            None => path,
        }
    }

    fn asset(&self, url: &Url) -> Option<String> {
        let asset = self.shelf.world.asset_at(url)?;
        if media_type(url.path()).is_none() {
            let world = self.shelf.world;
            let answers = &world.resolved.files[self.file.index()];
            let parsed = world.site.file(self.file);
            self.shelf.places.refuse(parsed, answers, url);
            return None;
        }
        Some(self.shelf.places.image(url.path(), asset))
    }
}

impl Addresses for EpubMedium<'_> {
    fn link(&self, address: &str) -> Option<String> {
        if self.own_place(address) {
            return Some(address.to_owned());
        }
        match absolute(&self.from, address) {
            Ok(url) => {
                let target = self.shelf.world.site.routes.by_url.get(url.path()).copied();
                self.internal(target, &url)
            }
            Err(elsewhere) => Some(elsewhere),
        }
    }

    fn picture(&self, address: &str) -> Option<String> {
        self.asset(&absolute(&self.from, address).ok()?)
    }
}

impl Medium for EpubMedium<'_> {
    fn target(&self, target: &LinkTarget) -> Option<String> {
        match target {
            LinkTarget::Internal { target, url } => self.internal(*target, url),
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
        let scene = &self.shelf.scene;
        let hooks = SceneHooks::of_fragment(scene, Some(self.file));
        rooted(&hooks.shortcode(call), &scene.url)
    }

    fn widget(&self, code: &Code) -> Option<String> {
        if &*code.language == "calculator" {
            return None;
        }
        let hooks = SceneHooks::of_file(&self.shelf.scene, self.file, self.prefix);
        let html = hooks.widget(code)?;
        let scene = &self.shelf.scene;
        let html = unfold(&rooted(&html, &scene.url));
        // What opens an answer on a screen is called otherwise in print.
        let word = |key: &str| escape::escape(&scene.text(key));
        let opens = format!("<summary>{}</summary>", word("quiz.answer"));
        let (answers, colon) = (word("quiz.answers"), word("punctuation.colon"));
        let named = opens.replacen('>', &format!(" title=\"{answers}{colon}\">"), 1);
        Some(html.replace(&opens, &named))
    }

    fn online(&self) -> Option<String> {
        self.on_site(&self.from)
    }

    fn term(&self, index: u32) -> Option<String> {
        let anchor = self.shelf.places.terms.get(&index)?;
        Some(format!("terms.xhtml#{anchor}"))
    }

    fn citation(&self, cited: &Cited) -> Option<String> {
        let anchor = self.shelf.cited.anchor(cited)?;
        Some(format!("articles.xhtml#{anchor}"))
    }

    fn vertical(&self) -> bool {
        self.shelf.book.edition.vertical
    }
}

/// What a form asks is paragraphs where nothing can be filled in. Answers stand at the questions, not once more at the end,
/// and what only screen readers need beside a button is left out.
fn unfold(html: &str) -> String {
    let kept = html
        .split("<div class=\"quiz-print\"")
        .next()
        .unwrap_or_default();
    let heard = "<span class=\"visually-hidden\">";
    let mut parts = kept.split(heard);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(part.split_once("</span>").map_or(part, |(_, rest)| rest));
    }
    [
        ("<h2", "<h3"),
        ("</h2>", "</h3>"),
        ("<legend", "<p"),
        ("</legend>", "</p>"),
        ("<label", "<p"),
        ("</label>", "</p>"),
    ]
    .iter()
    .fold(shown, |html, (from, to)| html.replace(from, to))
}

/// Whether a chapter holds the text of several files, whose anchors could be the same.
pub(super) fn needs_prefix(book: &BookText<'_>, chapter: usize) -> bool {
    let parts = book.chapters[chapter].parts.iter();
    let mut files = parts.filter_map(Part::file);
    let first = files.next();
    files.any(|file| Some(file) != first)
}
