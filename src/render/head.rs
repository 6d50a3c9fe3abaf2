//! What stands in `<head>`: titles, descriptions, canonical addresses, government labels, feeds.

use std::sync::Arc;

use jiff::civil::DateTime;
use minijinja::context;
use minijinja::value::Value;

use super::{Scene, offline, page as pages, view, webapp};
use crate::base::Url;
use crate::base::value::Table;
use crate::doc::text;
use crate::model::{House, Page, Role, Site, Target};

/// `head`.
pub(super) fn head(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let config = &site.config;
    let own = own_title(scene);
    let site_title = config.title_in(&scene.language);
    let title = match &own {
        Some(own) if own != site_title => format!("{own} - {site_title}"),
        _ => site_title.to_owned(),
    };
    let noindex = matches!(
        scene.target,
        Target::House(House::NotFound) | Target::Alias(_)
    ) || is_law_without_text(scene)
        || scene.written_in.is_some()
        || page_of(scene).is_some_and(|page| page.expired || page.draft);
    let feeds = if config.generate_feeds {
        feeds(scene)
    } else {
        Vec::new()
    };
    context! {
        title,
        og_title => own.unwrap_or_else(|| site_title.to_owned()),
        description => description(scene),
        // What stands in for a translation is found by search engines where it belongs.
        canonical => config.permalink(&if scene.written_in.is_some() { site.url(scene.target) } else { scene.url.clone() }),
        noindex,
        og_type => if page_of(scene).is_some() { "article" } else { "website" },
        image => card(scene),
        meta => meta(scene),
        alternates => alternates(scene),
        feeds,
        icons => icons(scene),
        manifest => scene.write(&Url::new(webapp::MANIFEST)),
        opensearch => super::opensearch::url(config, &scene.language).map(|url| scene.write(&url)),
        worker => worker(scene),
    }
}

/// The address of the service worker.
fn worker(scene: &Scene) -> Value {
    let world = &scene.world;
    if world.site.config.offline.worker && world.theme.worker.is_some() {
        Value::from(scene.write(&Url::new(offline::WORKER)))
    } else {
        Value::from(())
    }
}

/// Whether the page only says where a law's text is: nothing to be found by search engines.
fn is_law_without_text(scene: &Scene) -> bool {
    let Target::Law(law, version) = scene.target else {
        return false;
    };
    let versions = &scene.world.site.library.law(law).versions;
    versions.get(version as usize).is_none()
}

/// The picture a shared question is shown with.
fn card(scene: &Scene) -> Value {
    let site = &scene.world.site;
    match (scene.target, page_of(scene).map(|page| page.role)) {
        (Target::Page(id), Some(Role::Question(..))) if site.config.books.cards => {
            Value::from(site.config.permalink(&site.card_url(id)))
        }
        _ => Value::from(()),
    }
}

fn page_of(scene: &Scene) -> Option<&crate::model::Page> {
    match scene.target {
        Target::Page(id) => Some(scene.world.site.page(id)),
        _ => None,
    }
}

/// The page's own title; sheets after the first say their number.
pub(super) fn own_title(scene: &Arc<Scene>) -> Option<String> {
    let site = &scene.world.site;
    let numbered = |title: String, sheet: u32| {
        if sheet > 1 {
            format!("{title} ({sheet})")
        } else {
            title
        }
    };
    match scene.target {
        Target::Page(id) => {
            let page = site.page(id);
            match page.role {
                // Two books may ask the same question.
                Role::Question(book, ..) | Role::Chapter(book, _) => {
                    let book = site.section(site.books[book.index()].section);
                    Some(format!("{} - {}", page.title, book.title))
                }
                Role::File => Some(page.title.to_string()),
            }
        }
        Target::Section(id, sheet) => {
            let section = site.section(id);
            if section.parent.is_none() && sheet == 1 {
                None
            } else if let Some((book, _)) = site.chapter_of(id) {
                let book = site.section(site.books[book.index()].section);
                let title = numbered(section.title.to_string(), sheet);
                Some(format!("{title} - {}", book.title))
            } else {
                Some(numbered(section.title.to_string(), sheet))
            }
        }
        Target::Taxonomy(index) => Some(pages::taxonomy_title(
            scene,
            &site.taxonomies[index as usize],
        )),
        Target::Term(taxonomy, term, sheet) => {
            let owner = &site.taxonomies[taxonomy as usize];
            let name = format!(
                "{}：{}",
                pages::taxonomy_title(scene, owner),
                owner.terms[term as usize].name
            );
            Some(numbered(name, sheet))
        }
        Target::BookPrint(id) => {
            let section = site.section(site.books[id.index()].section);
            Some(format!("{} - {}", section.title, scene.text("book.print")))
        }
        Target::House(house) => Some(scene.text(match house {
            House::NotFound => "not_found.title",
            House::SiteMap => "footer.sitemap",
            House::Accessibility => "accessibility.title",
            House::Search => "tools.search",
            House::Glossary => "glossary.title",
        })),
        Target::Law(law, version) => Some(super::statute::version_title(
            site.library.law(law),
            version as usize,
        )),
        Target::LawChapter(law, chapter) => Some(super::statute::chapter_title(
            site.library.law(law),
            chapter as usize,
        )),
        Target::Comparison(law, _) => Some(super::statute::comparison_title(
            scene,
            site.library.law(law),
        )),
        Target::Alias(_) | Target::Asset(_) | Target::Fallback(_) => None,
    }
}

/// 15 to 200 characters that say what is on the page, and on no other.
fn description(scene: &Arc<Scene>) -> String {
    const SHORTEST: usize = 15;
    const LONGEST: usize = 160;
    let site = &scene.world.site;
    let config = &site.config;
    let written = match scene.target {
        Target::Page(id) => view::description(scene, id),
        Target::Section(id, 1) => {
            let section = site.section(id);
            let front = section.file.map(|file| &site.file(file).front);
            let own = front.and_then(|front| front.description.clone());
            own.or_else(|| {
                section
                    .file
                    .map(|file| text::excerpt(&site.file(file).document.blocks, 100))
            })
            .or_else(|| {
                section
                    .parent
                    .is_none()
                    .then(|| config.description_in(&section.language).to_owned())
            })
            .filter(|text| !text.is_empty())
        }
        Target::Law(law, version) => Some(super::statute::description(
            site.library.law(law),
            version as usize,
        )),
        Target::LawChapter(law, chapter) => Some(super::statute::chapter_description(
            site.library.law(law),
            chapter as usize,
        )),
        Target::Term(taxonomy, term, 1) => {
            let term = &site.taxonomies[taxonomy as usize].terms[term as usize];
            (!term.description.is_empty()).then(|| format!("{}：{}", term.name, term.description))
        }
        _ => None,
    };
    let mut text = written.unwrap_or_default().replace('\n', " ");
    if text.chars().count() < SHORTEST {
        let site_title = config.title_in(&scene.language);
        let title = own_title(scene).unwrap_or_else(|| site_title.to_owned());
        let about = match config.description_in(&scene.language) {
            "" => site_title,
            about => about,
        };
        text = [title.as_str(), text.as_str(), about]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("：");
    }
    text::shorten(&text, LONGEST)
}

fn feeds(scene: &Arc<Scene>) -> Vec<Value> {
    let site = &scene.world.site;
    let config = &site.config;
    let home = match *scene.language == *config.default_language {
        true => Url::new("/"),
        false => site.section(site.root(&scene.language)).url.clone(),
    };
    let mut feeds = vec![(config.title_in(&scene.language).to_owned(), home)];
    match scene.target {
        Target::Section(id, _) if super::feed::section_has_feed(site, id) => {
            let section = site.section(id);
            feeds.push((section.title.to_string(), section.url.clone()));
        }
        Target::Term(taxonomy, term, _) if site.taxonomies[taxonomy as usize].config.feed => {
            let term = &site.taxonomies[taxonomy as usize].terms[term as usize];
            feeds.push((term.name.to_string(), term.url.clone()));
        }
        _ => {}
    }
    let link = |title: &str, folder: &Url, name: &String| {
        let url = scene.write(&Url::new(&format!("{folder}{name}")));
        context! { type => super::feed::Form::of(name).media_type(), title, url }
    };
    let mut links: Vec<Value> = feeds
        .iter()
        .flat_map(|(title, folder)| {
            let names = config.feed_filenames.iter();
            names.map(move |name| link(title, folder, name))
        })
        .collect();
    if let Target::Section(id, _) = scene.target
        && let Some(url) = super::companion::podcast_feed(&scene.world, id)
    {
        let title = scene.text("course.podcast");
        links.push(context! { type => "application/rss+xml", title, url => scene.write(&url) });
    }
    links
}

fn icons(scene: &Arc<Scene>) -> Vec<Value> {
    let site = &scene.world.site;
    let mut icons = Vec::new();
    for (name, kind) in [
        ("favicon.ico", ""),
        ("favicon.svg", "image/svg+xml"),
        ("favicon.png", "image/png"),
    ] {
        if site.statics.contains_key(name) {
            icons.push(
                context! { rel => "icon", type => kind, url => scene.write(&Url::new(name)) },
            );
        }
    }
    if icons.is_empty() {
        icons.push(context! { rel => "icon", type => "image/svg+xml", sizes => "any", url => scene.write(&Url::new("icon.svg")) });
    }
    icons.push(
        context! { rel => "apple-touch-icon", url => scene.write(&Url::new(webapp::TOUCH_ICON)) },
    );
    icons
}

fn alternates(scene: &Arc<Scene>) -> Vec<Value> {
    let site = &scene.world.site;
    if scene.target == Target::House(House::Search) && !site.config.languages.is_empty() {
        let languages = site.config.language_codes();
        let alternate = |code: &str| context! { lang => code, url => site.config.permalink(&site.routes.search_in(code)) };
        return languages.map(alternate).collect();
    }
    let Some(page) = page_of(scene).filter(|_| !site.config.languages.is_empty()) else {
        return Vec::new();
    };
    pages::translations(site, page)
        .into_iter()
        .map(
            |other| context! { lang => &*other.language, url => site.config.permalink(&other.url) },
        )
        .collect()
}

/// Labels of Chinese government sites (政府网站发展指引, 国办发〔2017〕47号, annex on page labels), when `[gov]` is configured;
/// and the author.
fn meta(scene: &Arc<Scene>) -> Vec<Value> {
    let site = &scene.world.site;
    let config = &site.config;
    let mut labels: Vec<(&str, String)> = Vec::new();
    if let Some(gov) = &config.gov {
        labels.push((
            "SiteName",
            gov_text(gov, "site_name").unwrap_or_else(|| config.title.clone()),
        ));
        labels.push((
            "SiteDomain",
            gov_text(gov, "domain").unwrap_or_else(|| domain(&config.base_url)),
        ));
        labels.push(("SiteIDCode", gov_text(gov, "site_id").unwrap_or_default()));
        match scene.target {
            Target::Section(id, _) if site.section(id).parent.is_some() => {
                column_labels(scene, id, &mut labels)
            }
            Target::BookPrint(id) => {
                let book = &site.books[id.index()];
                column_labels(scene, book.section, &mut labels);
                let pages = book.listed().iter().map(|id| site.page(*id));
                let newest = pages.filter_map(published).max();
                let title = &site.section(book.section).title;
                content_labels(site, gov, title, newest, &mut labels);
            }
            Target::Page(id) => {
                column_labels(scene, site.page(id).section, &mut labels);
                article_labels(scene, id, gov, &mut labels);
            }
            _ => {}
        }
    }
    labels
        .into_iter()
        .filter(|(_, content)| !content.is_empty())
        .map(|(name, content)| context! { name, content })
        .collect()
}

fn column_labels(
    scene: &Arc<Scene>,
    id: crate::model::SectionId,
    labels: &mut Vec<(&str, String)>,
) {
    let site = &scene.world.site;
    let section = site.section(id);
    let front = section.file.map(|file| &site.file(file).front);
    let about = front
        .and_then(|front| front.description.clone())
        .unwrap_or_else(|| section.title.to_string());
    labels.push(("ColumnName", section.title.to_string()));
    labels.push(("ColumnDescription", about));
    labels.push(("ColumnKeywords", section.title.to_string()));
    labels.push((
        "ColumnType",
        scene.text(&format!("column.{}", section.kind.name())),
    ));
}

/// When a page was published: its date, else the day it was reviewed.
fn published(page: &Page) -> Option<DateTime> {
    let reviewed = page.front.reviewed.map(|day| day.at(0, 0, 0, 0));
    page.date.map(|moment| moment.civil).or(reviewed)
}

/// What every page of content says of itself.
fn content_labels(
    site: &Site,
    gov: &Table,
    title: &str,
    published: Option<DateTime>,
    labels: &mut Vec<(&str, String)>,
) {
    labels.push(("ArticleTitle", title.to_owned()));
    let day = published.map(|moment| moment.strftime("%Y-%m-%d %H:%M").to_string());
    labels.push(("PubDate", day.unwrap_or_default()));
    let source = gov_text(gov, "content_source").or_else(|| gov_text(gov, "host"));
    let source = source.unwrap_or_else(|| site.config.title.clone());
    labels.push(("ContentSource", source));
}

fn article_labels(
    scene: &Arc<Scene>,
    id: crate::model::PageId,
    gov: &Table,
    labels: &mut Vec<(&str, String)>,
) {
    let site = &scene.world.site;
    let page = site.page(id);
    let front = &page.front;
    content_labels(site, gov, &page.title, published(page), labels);
    let keywords: Vec<&str> = front
        .taxonomies
        .iter()
        .flat_map(|(_, terms)| terms.iter().map(|(term, _)| term.as_str()))
        .collect();
    labels.push(("Keywords", keywords.join(",")));
    let author = front
        .authors
        .first()
        .cloned()
        .or_else(|| site.config.author.clone());
    labels.push(("Author", author.unwrap_or_default()));
    labels.push((
        "Description",
        view::description(scene, id).unwrap_or_default(),
    ));
    labels.push(("Url", site.config.permalink(&page.url)));
}

fn gov_text(gov: &Table, key: &str) -> Option<String> {
    gov.get(key)
        .and_then(|node| node.value.as_str())
        .map(str::to_owned)
}

fn domain(base_url: &str) -> String {
    base_url
        .split("://")
        .nth(1)
        .unwrap_or_default()
        .split('/')
        .next()
        .unwrap_or_default()
        .to_owned()
}
