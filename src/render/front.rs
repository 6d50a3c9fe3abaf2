//! The blocks of the front page, as `[front]` in the configuration names them.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;

use super::Scene;
use super::view::{self, Depth};
use crate::model::{PageId, Role, Section, SectionId, Site};
use crate::parse::front::Kind;

const DEFAULT_BLOCKS: [&str; 9] = [
    "ask",
    "situations",
    "hot",
    "books",
    "newest",
    "episodes",
    "cases",
    "events",
    "audiences",
];

/// `front`.
pub(super) fn front(scene: &Arc<Scene>, root: SectionId) -> Value {
    let site = &scene.world.site;
    let settings = &site.config.front;
    let list = |key: &str| -> Vec<String> {
        let items = settings
            .get(key)
            .and_then(|node| node.value.as_array())
            .unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item.value.as_str().map(str::to_owned))
            .collect()
    };
    let mut blocks = list("blocks");
    if blocks.is_empty() {
        blocks = DEFAULT_BLOCKS.map(str::to_owned).to_vec();
    }
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    values.insert("ask".to_owned(), ask(scene, &list("examples")));
    values.insert(
        "situations".to_owned(),
        terms(scene, "topics", &list("situations")),
    );
    values.insert(
        "audiences".to_owned(),
        terms(scene, "audiences", &list("audiences")),
    );
    values.insert("hot".to_owned(), hot(scene, &list("hot")));
    values.insert("newest".to_owned(), newest(scene, root));
    values.insert("episodes".to_owned(), episodes(scene));
    values.insert("cases".to_owned(), cases(scene));
    values.insert("events".to_owned(), upcoming(scene));
    values.insert("books".to_owned(), books(scene));
    blocks.retain(|name| values.get(name).is_none_or(|value| value.len() != Some(0)));
    values.insert("blocks".to_owned(), Value::from(blocks));
    Value::from(values)
}

fn ask(scene: &Arc<Scene>, examples: &[String]) -> Value {
    let search = scene.world.site.routes.search_in(&scene.language);
    let examples: Vec<Value> = examples
        .iter()
        .map(|words| {
            let query: String = words
                .bytes()
                .fold(String::new(), |out, byte| out + &format!("%{byte:02X}"));
            context! { text => words, url => format!("{}?q={query}", scene.write(&search)) }
        })
        .collect();
    context! { placeholder => scene.text("front.ask_placeholder"), examples }
}

/// Terms of a taxonomy that have pages; in the order asked for, else in the vocabulary's.
fn terms(scene: &Arc<Scene>, name: &str, wanted: &[String]) -> Value {
    let site = &scene.world.site;
    let Some(taxonomy) = site
        .taxonomies
        .iter()
        .find(|taxonomy| taxonomy.config.name == name)
    else {
        return Value::from(Vec::<Value>::new());
    };
    let chosen: Vec<u32> = if wanted.is_empty() {
        (0..)
            .zip(&taxonomy.terms)
            .filter(|(_, term)| !term.pages.is_empty())
            .map(|(index, _)| index)
            .collect()
    } else {
        wanted
            .iter()
            .filter_map(|name| taxonomy.find(name))
            .collect()
    };
    let entries = chosen.into_iter().map(|index| {
        let term = &taxonomy.terms[index as usize];
        context! { name => &*term.name, url => scene.write(&term.url), description => &*term.description }
    });
    Value::from(entries.collect::<Vec<_>>())
}

/// The questions the configuration names, else the first of every chapter of the first book.
fn hot(scene: &Arc<Scene>, wanted: &[String]) -> Value {
    let site = &scene.world.site;
    let ids: Vec<PageId> = if wanted.is_empty() {
        site.books
            .iter()
            .flat_map(|book| {
                book.contents()
                    .iter()
                    .filter_map(|chapter| book.questions[chapter.questions.clone()].first())
            })
            .take(8)
            .copied()
            .collect()
    } else {
        wanted
            .iter()
            .filter_map(|address| named(site, address))
            .collect()
    };
    let entries = ids.into_iter().map(|id| {
        let page = site.page(id);
        context! { title => &*page.title, url => scene.write(&page.url) }
    });
    Value::from(entries.collect::<Vec<_>>())
}

/// The page of an `@/file.md#question` address.
fn named(site: &Site, address: &str) -> Option<PageId> {
    let (file, fragment) = address
        .split_once('#')
        .map_or((address, None), |(file, id)| (file, Some(id)));
    let target = site
        .routes
        .by_source
        .get(&crate::resolve::link::source_of(file))?;
    let crate::model::Target::Page(id) = target else {
        return None;
    };
    match fragment {
        None => Some(*id),
        Some(fragment) => site
            .page_ids()
            .find(|(_, page)| {
                page.file == site.page(*id).file
                    && site.question(page).is_some_and(|q| q.id == fragment)
            })
            .map(|(id, _)| id),
    }
}

fn newest(scene: &Arc<Scene>, root: SectionId) -> Value {
    let site = &scene.world.site;
    let language = &site.section(root).language;
    let mut ids: Vec<PageId> = site
        .page_ids()
        .filter(|(_, page)| {
            page.role == Role::File
                && matches!(page.kind, Kind::Articles | Kind::Cases)
                && !page.expired
                && page.language == *language
                && page.date.is_some()
        })
        .map(|(id, _)| id)
        .collect();
    ids.sort_by_key(|id| {
        (
            std::cmp::Reverse(site.page(*id).date.map(|moment| moment.seconds())),
            *id,
        )
    });
    ids.truncate(6);
    view::listed(scene, ids)
}

/// How many classes, cases and events the front page shows.
const SHOWN: usize = 4;

/// The sections of a kind in the page's language.
fn sections_of(scene: &Scene, kind: Kind) -> impl Iterator<Item = (SectionId, &Section)> {
    (0..)
        .map(SectionId::of)
        .zip(&scene.world.site.sections)
        .filter(move |(_, section)| section.kind == kind && section.language == scene.language)
}

fn cases(scene: &Arc<Scene>) -> Value {
    view::listed(scene, pages_of(scene, Kind::Cases).take(SHOWN))
}

/// The pages of a kind that are still valid, section by section.
fn pages_of<'a>(scene: &'a Scene, kind: Kind) -> impl Iterator<Item = PageId> + 'a {
    let site = &scene.world.site;
    sections_of(scene, kind)
        .flat_map(|(_, section)| section.pages.iter().copied())
        .filter(|id| !site.page(*id).expired)
}

/// The classes to come with the next first, then the latest; those without a day stay in the order of the course.
fn episodes(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let mut ids: Vec<PageId> = pages_of(scene, Kind::Course).collect();
    ids.sort_by_key(|id| match site.page(*id).date {
        Some(day) if day.date() >= site.today => (0, day.seconds()),
        Some(day) => (1, -day.seconds()),
        None => (2, 0),
    });
    ids.truncate(SHOWN);
    view::listed(scene, ids)
}

/// The events to come, the next first.
fn upcoming(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let start = |id: &PageId| site.file(site.page(*id).file).event()?.start;
    let mut ids: Vec<PageId> = sections_of(scene, Kind::Events)
        .flat_map(|(section, _)| super::kinds::event_pages(site, section, false))
        .filter(|id| !site.page(*id).expired)
        .collect();
    ids.sort_by_key(|id| start(id).map(|start| start.seconds()));
    ids.truncate(SHOWN);
    view::listed(scene, ids)
}

fn books(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let entries = site
        .books
        .iter()
        .filter(|book| site.section(book.section).language == scene.language)
        .filter_map(|book| super::page::book(scene, book.section, Depth::Listed));
    Value::from(entries.collect::<Vec<_>>())
}
