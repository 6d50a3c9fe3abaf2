//! `sitemap.xml` (split at 50,000 addresses), `robots.txt` and `llms.txt`.

use std::fmt::Write;

use super::{World, escape, page};
use crate::base::Url;
use crate::model::{BookId, House, PageId, SectionId, Site, Target};

/// Addresses in one file of the sitemap (sitemaps.org).
pub const LARGEST: usize = 50_000;

/// What is to be found by search engines, in order: addresses with the day of the last change.
#[must_use]
pub fn entries(world: &World) -> Vec<(Url, Option<String>)> {
    let site = &world.site;
    let mut entries = Vec::with_capacity(site.pages.len() + site.sections.len());
    let routed = |url: &Url| site.routes.by_url.get(url.path()).copied();
    for (index, section) in site.sections.iter().enumerate() {
        let sheets = if site.config.paginated_in_sitemap {
            Site::sheets(section.pages.len(), section.paginate_by)
        } else {
            1
        };
        for sheet in 1..=sheets {
            let target = Target::Section(SectionId::of(index), sheet);
            let url = site.url(target);
            if routed(&url) == Some(target) {
                entries.push((url, None));
            }
        }
    }
    for (index, page) in site.pages.iter().enumerate() {
        let target = Target::Page(PageId::of(index));
        if page.expired || page.draft || routed(&page.url) != Some(target) {
            continue;
        }
        let moment = page.front.updated.or(page.date);
        let day = moment.map(|moment| moment.date()).or(page.front.reviewed);
        entries.push((page.url.clone(), day.map(|day| day.to_string())));
    }
    for (index, taxonomy) in (0..).zip(site.taxonomies.iter()) {
        if routed(&taxonomy.url) != Some(Target::Taxonomy(index)) {
            continue;
        }
        entries.push((taxonomy.url.clone(), None));
        for (place, term) in (0..).zip(&taxonomy.terms) {
            let paginated = site.config.paginated_in_sitemap;
            let sheets = if paginated {
                Site::sheets(term.pages.len(), taxonomy.config.paginate_by)
            } else {
                1
            };
            entries.extend(
                (1..=sheets).map(|sheet| (site.url(Target::Term(index, place, sheet)), None)),
            );
        }
    }
    for (id, law) in site.library.iter() {
        for version in 0..law.versions.len() {
            let number = u32::try_from(version).unwrap_or(u32::MAX);
            let day = law.versions[version].date.map(|day| day.to_string());
            let targets = [Target::Law(id, number), Target::Comparison(id, number)];
            for target in targets.into_iter().take(if version > 0 { 2 } else { 1 }) {
                let url = site.url(target);
                if routed(&url) == Some(target) {
                    entries.push((url, day.clone()));
                }
            }
        }
        let day = law
            .newest()
            .and_then(|text| text.date)
            .map(|day| day.to_string());
        entries
            .extend((0..law.chapters.len()).map(|chapter| (law.chapter_url(chapter), day.clone())));
    }
    for book in 0..site.books.len() {
        let target = Target::BookPrint(BookId::of(book));
        let url = site.url(target);
        if routed(&url) == Some(target) {
            entries.push((url, None));
        }
    }
    for (house, ..) in House::ALL {
        let url = house.url();
        let shown = house != House::NotFound && page::house_exists(world, house);
        if shown && routed(&url) == Some(Target::House(house)) {
            entries.push((url, None));
        }
    }
    entries
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
