//! Feeds of the site, its sections and its terms: Atom 1.0 (RFC 4287), or RSS 2.0 where the file's name asks for it.

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

/// The form of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Atom 1.0.
    Atom,
    /// RSS 2.0.
    Rss,
}

impl Form {
    /// The form a file's name asks for: RSS where it has the word in it, as in Zola's `rss.xml`.
    ///
    /// ```
    /// use pufa::render::feed::Form;
    /// assert_eq!(Form::of("rss.xml"), Form::Rss);
    /// assert_eq!(Form::of("feed.xml"), Form::Atom);
    /// ```
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name);
        if name.to_ascii_lowercase().contains("rss") {
            Self::Rss
        } else {
            Self::Atom
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
        }
    }
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

/// Every feed of the site with its address, under each name the configuration gives.
#[must_use]
pub fn feeds(site: &Site) -> Vec<(Url, FeedOf)> {
    let all = owners(site);
    let names = site.config.feed_filenames.iter();
    names
        .flat_map(|name| {
            all.iter()
                .map(move |(folder, of)| (Url::new(&format!("{folder}{name}")), *of))
        })
        .collect()
}

/// What has a feed, with the folder it is in.
fn owners(site: &Site) -> Vec<(Url, FeedOf)> {
    let mut owners = Vec::new();
    if site.config.generate_feeds {
        owners.push((Url::new("/"), FeedOf::Site));
    }
    for language in &site.config.languages {
        let root = site.root(&language.code);
        let section = site.section(root);
        let wanted = language
            .generate_feeds
            .unwrap_or(site.config.generate_feeds);
        if wanted && *section.language == *language.code {
            owners.push((section.url.clone(), FeedOf::Section(root)));
        }
    }
    let sections = (0..site.sections.len()).map(SectionId::of);
    owners.extend(
        sections
            .filter(|id| section_has_feed(site, *id))
            .map(|id| (site.section(id).url.clone(), FeedOf::Section(id))),
    );
    for (taxonomy, owner) in (0..).zip(site.taxonomies.iter()) {
        if owner.config.feed && owner.config.render && site.config.generate_feeds {
            let terms = (0..).zip(&owner.terms);
            owners.extend(terms.map(|(at, term)| (term.url.clone(), FeedOf::Term(taxonomy, at))));
        }
    }
    owners
}

/// The feed as XML, in the form its address asks for.
#[must_use]
pub fn write(world: &Arc<World>, of: FeedOf, url: &Url) -> String {
    let channel = channel(&world.site, of);
    match Form::of(url.path()) {
        Form::Atom => atom(world, &channel, url),
        Form::Rss => rss(world, &channel, url),
    }
}

/// What a feed says of itself, with its newest pages.
struct Channel<'s> {
    title: String,
    description: &'s str,
    language: &'s str,
    url: Url,
    pages: Vec<PageId>,
}

fn channel(site: &Site, of: FeedOf) -> Channel<'_> {
    let config = &site.config;
    let under = |name: &str| format!("{name} - {}", config.title);
    match of {
        FeedOf::Site => Channel {
            title: config.title.clone(),
            description: &config.description,
            language: &config.default_language,
            url: Url::new("/"),
            pages: all_pages(site, &config.default_language),
        },
        FeedOf::Section(id) => {
            let section = site.section(id);
            let (title, pages) = if section.parent.is_none() {
                let title = config.title_in(&section.language).to_owned();
                (title, all_pages(site, &section.language))
            } else {
                let pages = newest(site, section.pages.clone());
                (under(&section.title), pages)
            };
            Channel {
                title,
                description: "",
                language: &section.language,
                url: section.url.clone(),
                pages,
            }
        }
        FeedOf::Term(taxonomy, term) => {
            let taxonomy = &site.taxonomies[taxonomy as usize];
            let term = &taxonomy.terms[term as usize];
            let own = taxonomy.config.language.as_deref();
            Channel {
                title: under(&term.name),
                description: "",
                language: own.unwrap_or(&config.default_language),
                url: term.url.clone(),
                pages: newest(site, term.pages.clone()),
            }
        }
    }
}

fn atom(world: &Arc<World>, channel: &Channel<'_>, url: &Url) -> String {
    let site = &world.site;
    let config = &site.config;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = writeln!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">",
        channel.language
    );
    let _ = writeln!(out, "<title>{}</title>", escape::xml(&channel.title));
    if !channel.description.is_empty() {
        let description = escape::xml(channel.description);
        let _ = writeln!(out, "<subtitle>{description}</subtitle>");
    }
    let own = escape::url(&config.permalink(url));
    let _ = writeln!(
        out,
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>"
    );
    let shown = escape::url(&config.permalink(&channel.url));
    let _ = writeln!(
        out,
        "<link rel=\"alternate\" type=\"text/html\" href=\"{shown}\"/>"
    );
    let _ = writeln!(out, "<generator>pufa</generator>");
    let pages = channel.pages.iter();
    let newest = pages
        .map(|id| updated(site, site.page(*id)))
        .max()
        .unwrap_or_else(|| format!("{}T00:00:00+08:00", site.today));
    let _ = writeln!(out, "<updated>{newest}</updated>");
    let _ = writeln!(out, "<id>{}</id>", escape::url(&identity(site, url)));
    let author = config.author.as_deref().unwrap_or(&config.title);
    let author = if author.is_empty() { "pufa" } else { author };
    let _ = writeln!(out, "<author><name>{}</name></author>", escape::xml(author));
    for id in &channel.pages {
        entry(world, *id, &mut out);
    }
    out.push_str("</feed>\n");
    out
}

/// RSS 2.0 (<https://www.rssboard.org/rss-specification>) with a link to itself, as its profile wants it.
fn rss(world: &Arc<World>, channel: &Channel<'_>, url: &Url) -> String {
    let config = &world.site.config;
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n",
    );
    let title = escape::xml(&channel.title);
    let description = match channel.description {
        "" => title.clone(),
        text => escape::xml(text),
    };
    let _ = writeln!(out, "<title>{title}</title>");
    let shown = escape::url(&config.permalink(&channel.url));
    let _ = writeln!(out, "<link>{shown}</link>");
    let _ = writeln!(out, "<description>{description}</description>");
    let _ = writeln!(out, "<language>{}</language>", channel.language);
    let _ = writeln!(out, "<generator>pufa</generator>");
    let own = escape::url(&config.permalink(url));
    let _ = writeln!(
        out,
        "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{own}\"/>"
    );
    for id in &channel.pages {
        item(world, *id, &mut out);
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

fn item(world: &Arc<World>, id: PageId, out: &mut String) {
    let site = &world.site;
    let page = site.page(id);
    let _ = writeln!(out, "<item>\n<title>{}</title>", escape::xml(&page.title));
    let link = escape::url(&site.config.permalink(&page.url));
    let _ = writeln!(out, "<link>{link}</link>");
    let lasting = !site.config.base_url.is_empty();
    let identity = escape::url(&identity(site, &page.url));
    let _ = writeln!(out, "<guid isPermaLink=\"{lasting}\">{identity}</guid>");
    if let Some(date) = page.date {
        let _ = writeln!(out, "<pubDate>{}</pubDate>", date.rfc2822());
    }
    for term in terms(page) {
        let _ = writeln!(out, "<category>{}</category>", escape::xml(term));
    }
    let scene = Arc::new(Scene::new(world, Target::Page(id)));
    if let Some(summary) = view::description(&scene, id) {
        let _ = writeln!(out, "<description>{}</description>", escape::xml(&summary));
    }
    out.push_str("</item>\n");
}

fn terms(page: &Page) -> impl Iterator<Item = &String> {
    let all = page.front.taxonomies.iter().flat_map(|(_, terms)| terms);
    all.map(|(term, _)| term)
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
    for term in terms(page) {
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
