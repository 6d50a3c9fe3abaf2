//! Atom 1.0 feeds (RFC 4287) of the site, its sections and its terms.

use std::fmt::Write;
use std::sync::Arc;

use super::{Scene, World, escape, view};
use crate::base::Url;
use crate::model::{Page, PageId, Role, SectionId, Site, Target};
use crate::parse::front::Kind;

/// What a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOf {
    /// The site.
    Site,
    /// A section.
    Section(SectionId),
    /// A term: taxonomy and term.
    Term(u32, u32),
}

/// Whether a section has a feed: asked for, or by its kind when feeds are on.
#[must_use]
pub fn section_has_feed(site: &Site, id: SectionId) -> bool {
    let section = site.section(id);
    if section.parent.is_none() || section.pages.is_empty() {
        return false;
    }
    let asked = section
        .file
        .and_then(|file| site.file(file).front.section.as_deref()?.generate_feeds);
    let by_kind = site.config.generate_feeds
        && matches!(section.kind, Kind::Articles | Kind::Cases | Kind::Course);
    asked.unwrap_or(by_kind)
}

/// Every feed of the site with its address.
#[must_use]
pub fn feeds(site: &Site) -> Vec<(Url, FeedOf)> {
    let name = &site.config.feed_filename;
    let mut feeds = Vec::new();
    if site.config.generate_feeds {
        feeds.push((Url::new(name), FeedOf::Site));
    }
    for language in &site.config.languages {
        let root = site.root(&language.code);
        let section = site.section(root);
        let wanted = language
            .generate_feeds
            .unwrap_or(site.config.generate_feeds);
        if wanted && *section.language == *language.code {
            feeds.push((
                Url::new(&format!("{}{name}", section.url)),
                FeedOf::Section(root),
            ));
        }
    }
    for index in 0..site.sections.len() {
        let id = SectionId::of(index);
        if section_has_feed(site, id) {
            feeds.push((
                Url::new(&format!("{}{name}", site.section(id).url)),
                FeedOf::Section(id),
            ));
        }
    }
    for (taxonomy, owner) in (0..).zip(&site.taxonomies) {
        for (term, inner) in (0..).zip(&owner.terms) {
            if owner.config.feed && owner.config.render && site.config.generate_feeds {
                feeds.push((
                    Url::new(&format!("{}{name}", inner.url)),
                    FeedOf::Term(taxonomy, term),
                ));
            }
        }
    }
    feeds
}

/// The feed as XML.
#[must_use]
pub fn atom(world: &Arc<World>, of: FeedOf, url: &Url) -> String {
    let site = &world.site;
    let config = &site.config;
    let (title, page_url, pages) = match of {
        FeedOf::Site => (
            config.title.clone(),
            Url::new("/"),
            all_pages(site, &config.default_language),
        ),
        FeedOf::Section(id) if site.section(id).parent.is_none() => {
            let root = site.section(id);
            let title = config.title_in(&root.language).to_owned();
            (title, root.url.clone(), all_pages(site, &root.language))
        }
        FeedOf::Section(id) => {
            let section = site.section(id);
            (
                format!("{} - {}", section.title, config.title),
                section.url.clone(),
                newest(site, section.pages.clone()),
            )
        }
        FeedOf::Term(taxonomy, term) => {
            let term = &site.taxonomies[taxonomy as usize].terms[term as usize];
            (
                format!("{} - {}", term.name, config.title),
                term.url.clone(),
                newest(site, term.pages.clone()),
            )
        }
    };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let language = match of {
        FeedOf::Site => config.default_language.as_str(),
        FeedOf::Section(id) => &*site.section(id).language,
        FeedOf::Term(taxonomy, _) => site.taxonomies[taxonomy as usize]
            .config
            .language
            .as_deref()
            .unwrap_or(&config.default_language),
    };
    let _ = writeln!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">",
    );
    let _ = writeln!(out, "<title>{}</title>", escape::xml(&title));
    if matches!(of, FeedOf::Site) && !config.description.is_empty() {
        let _ = writeln!(
            out,
            "<subtitle>{}</subtitle>",
            escape::xml(&config.description)
        );
    }
    let _ = writeln!(
        out,
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>",
        escape::url(&config.permalink(url))
    );
    let _ = writeln!(
        out,
        "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
        escape::url(&config.permalink(&page_url))
    );
    let _ = writeln!(out, "<generator>pufa</generator>");
    let newest = pages
        .iter()
        .map(|id| updated(site, site.page(*id)))
        .max()
        .unwrap_or_else(|| format!("{}T00:00:00+08:00", site.today));
    let _ = writeln!(out, "<updated>{newest}</updated>");
    let _ = writeln!(out, "<id>{}</id>", escape::url(&identity(site, url)));
    let author = config.author.as_deref().unwrap_or(&config.title);
    let author = if author.is_empty() { "pufa" } else { author };
    let _ = writeln!(out, "<author><name>{}</name></author>", escape::xml(author));
    for id in pages {
        entry(world, id, &mut out);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(world: &Arc<World>, id: PageId, out: &mut String) {
    let site = &world.site;
    let page = site.page(id);
    let scene = Arc::new(Scene::new(world, Target::Page(id)));
    let _ = writeln!(out, "<entry xml:lang=\"{}\">", page.language);
    let _ = writeln!(out, "<title>{}</title>", escape::xml(&page.title));
    if let Some(date) = page.date {
        let _ = writeln!(out, "<published>{}</published>", date.rfc3339());
    }
    let _ = writeln!(out, "<updated>{}</updated>", updated(site, page));
    let link = escape::url(&site.config.permalink(&page.url));
    let _ = writeln!(
        out,
        "<link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/>"
    );
    let _ = writeln!(out, "<id>{}</id>", escape::url(&identity(site, &page.url)));
    for author in &page.front.authors {
        let _ = writeln!(out, "<author><name>{}</name></author>", escape::xml(author));
    }
    for (term, _) in page.front.taxonomies.iter().flat_map(|(_, terms)| terms) {
        let _ = writeln!(out, "<category term=\"{}\"/>", escape::xml(term));
    }
    if let Some(summary) = view::description(&scene, id) {
        let _ = writeln!(out, "<summary>{}</summary>", escape::xml(&summary));
    }
    out.push_str("</entry>\n");
}

/// An entry's lasting name: its address, or a tag where the site has none (RFC 4151).
fn identity(site: &Site, url: &Url) -> String {
    if site.config.base_url.is_empty() {
        format!("tag:pufa.invalid,2026:{url}")
    } else {
        site.config.permalink(url)
    }
}

fn updated(site: &Site, page: &Page) -> String {
    let moment = page.front.updated.or(page.date);
    let moment = moment
        .or(page.front.reviewed.map(Into::into))
        .unwrap_or_else(|| site.today.into());
    moment.rfc3339()
}

fn all_pages(site: &Site, language: &str) -> Vec<PageId> {
    let dated = |page: &Page| {
        page.date.is_some()
            && *page.language == *language
            && !page.expired
            && !matches!(page.role, Role::Chapter(..))
    };
    newest(
        site,
        site.page_ids()
            .filter(|(_, page)| dated(page))
            .map(|(id, _)| id)
            .collect(),
    )
}

fn newest(site: &Site, mut ids: Vec<PageId>) -> Vec<PageId> {
    ids.sort_by_key(|id| {
        let page = site.page(*id);
        let moment = page.front.updated.or(page.date);
        (
            std::cmp::Reverse(moment.map(|moment| moment.seconds())),
            *id,
        )
    });
    ids.truncate(site.config.feed_limit);
    ids
}
