//! `sitemap.xml` (split at 50,000 addresses), `robots.txt` and `llms.txt`.

use std::fmt::Write;

use super::{World, escape, page};
use crate::base::{Date, Url};
use crate::model::{BookId, House, PageId, SectionId, Site, Target};

/// Addresses in one file of the sitemap (sitemaps.org).
pub const LARGEST: usize = 50_000;

/// A page that may be listed, with the day of its last change.
type Dated = (Target, Option<Date>);

/// What is to be found by search engines, in order: addresses with the day of the last change.
#[must_use]
pub fn entries(world: &World) -> Vec<(Url, Option<String>)> {
    let site = &world.site;
    let books = (0..site.books.len()).map(|book| (Target::BookPrint(BookId::of(book)), None));
    let houses = House::ALL
        .into_iter()
        .filter(|(house, ..)| *house != House::NotFound && page::house_exists(world, *house))
        .map(|(house, ..)| (Target::House(house), None));
    let translated = (0..).zip(&site.routes.fallbacks).filter(
        |(_, one)| matches!(one.target, Target::House(house) if page::house_exists(world, house)),
    );
    let translated = translated.map(|(index, _)| (Target::Fallback(index), None));
    let all = sections(site)
        .chain(pages(site))
        .chain(taxonomies(site))
        .chain(laws(site))
        .chain(books)
        .chain(houses)
        .chain(translated);
    all.filter_map(|(target, day)| {
        let url = site.url(target);
        let routed = site.routes.by_url.get(url.path()) == Some(&target);
        routed.then(|| (url, day.map(|day| day.to_string())))
    })
    .collect()
}

/// The sheets of a list that are listed: all of them, or the first.
fn sheets(site: &Site, pages: usize, by: usize) -> std::ops::RangeInclusive<u32> {
    let last = if site.config.paginated_in_sitemap {
        Site::sheets(pages, by)
    } else {
        1
    };
    1..=last
}

fn sections(site: &Site) -> impl Iterator<Item = Dated> + '_ {
    site.sections
        .iter()
        .enumerate()
        .flat_map(|(index, section)| {
            sheets(site, section.pages.len(), section.paginate_by)
                .map(move |sheet| (Target::Section(SectionId::of(index), sheet), None))
        })
}

fn pages(site: &Site) -> impl Iterator<Item = Dated> + '_ {
    let pages = site.pages.iter().enumerate();
    let listed = pages.filter(|(_, page)| !page.expired && !page.draft);
    listed.map(|(index, page)| {
        let moment = page.front.updated.or(page.date);
        let day = moment.map(|moment| moment.date()).or(page.front.reviewed);
        (Target::Page(PageId::of(index)), day)
    })
}

/// Taxonomies, each with its terms behind it.
fn taxonomies(site: &Site) -> impl Iterator<Item = Dated> + '_ {
    (0..)
        .zip(site.taxonomies.iter())
        .flat_map(move |(index, taxonomy)| {
            let terms = (0..).zip(&taxonomy.terms).flat_map(move |(place, term)| {
                sheets(site, term.pages.len(), taxonomy.config.paginate_by)
                    .map(move |sheet| (Target::Term(index, place, sheet), None))
            });
            std::iter::once((Target::Taxonomy(index), None)).chain(terms)
        })
}

/// The versions of each law, the older ones with their comparison; then its chapters that have pages of their own.
fn laws(site: &Site) -> impl Iterator<Item = Dated> + '_ {
    site.library.iter().flat_map(|(id, law)| {
        let versions = (0..).zip(&law.versions).flat_map(move |(number, version)| {
            let comparison = (number > 0).then_some((Target::Comparison(id, number), version.date));
            std::iter::once((Target::Law(id, number), version.date)).chain(comparison)
        });
        let newest = law.newest().and_then(|text| text.date);
        let chapters = (0..).zip(&law.chapters);
        versions.chain(chapters.map(move |(chapter, _)| (Target::LawChapter(id, chapter), newest)))
    })
}

/// The files of the sitemap: name and text.
#[must_use]
pub fn sitemap(world: &World) -> Vec<(String, String)> {
    let site = &world.site;
    let entries = entries(world);
    if entries.len() <= LARGEST {
        return vec![("sitemap.xml".to_owned(), url_set(site, &entries))];
    }
    let parts: Vec<(String, String)> = (1..)
        .zip(entries.chunks(LARGEST))
        .map(|(number, part): (usize, _)| (format!("sitemap{number}.xml"), url_set(site, part)))
        .collect();
    let mut index = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (name, _) in &parts {
        let _ = writeln!(
            index,
            "<sitemap><loc>{}</loc></sitemap>",
            escape::url(&site.config.permalink(&Url::new(name)))
        );
    }
    index.push_str("</sitemapindex>\n");
    std::iter::once(("sitemap.xml".to_owned(), index))
        .chain(parts)
        .collect()
}

fn url_set(site: &Site, entries: &[(Url, Option<String>)]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (url, day) in entries {
        let _ = write!(
            out,
            "<url><loc>{}</loc>",
            escape::url(&site.config.permalink(url))
        );
        if let Some(day) = day {
            let _ = write!(out, "<lastmod>{day}</lastmod>");
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out
}

/// `robots.txt`: everything is open; the sitemap is named.
#[must_use]
pub fn robots(site: &Site) -> String {
    let mut out = String::from("User-agent: *\nAllow: /\n");
    if site.config.generate_sitemap && !site.config.base_url.is_empty() {
        let _ = writeln!(
            out,
            "Sitemap: {}",
            site.config.permalink(&Url::new("sitemap.xml"))
        );
    }
    out
}

/// `llms.txt`: what the site is and its sections, in Markdown.
#[must_use]
pub fn llms(site: &Site) -> String {
    let mut out = format!("# {}\n\n", site.config.title);
    if !site.config.description.is_empty() {
        let _ = writeln!(out, "> {}\n", site.config.description);
    }
    for section in site
        .sections
        .iter()
        .filter(|section| section.parent.is_some())
    {
        let front = section.file.map(|file| &site.file(file).front);
        let about = front
            .and_then(|front| front.description.as_deref())
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "- [{}]({}): {about}",
            section.title,
            site.config.permalink(&section.url)
        );
    }
    out
}
