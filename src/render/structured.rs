//! Structured data (schema.org, JSON-LD) of each kind of page.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Scene, view};
use crate::doc::text;
use crate::model::{Page, PageId, Role, SectionId, Target};
use crate::parse::front::Kind;

/// The JSON-LD of the page being rendered, safe inside a script element; `None` where there is nothing to say.
#[must_use]
pub fn json_ld(scene: &Arc<Scene>) -> Option<String> {
    let mut graph = Vec::new();
    match scene.target {
        Target::Page(id) => {
            graph.push(page(scene, id));
            graph.push(breadcrumbs(
                scene,
                Some(scene.world.site.page(id).section),
                &scene.world.site.page(id).title,
            ));
        }
        Target::Section(id, 1) => section(scene, id, &mut graph),
        Target::Law(law, version) => graph.push(legislation(scene, law, version as usize)),
        Target::Section(..)
        | Target::Comparison(..)
        | Target::Taxonomy(_)
        | Target::Term(..)
        | Target::BookPrint(_)
        | Target::Asset(_)
        | Target::House(_)
        | Target::Alias(_) => return None,
    }
    let data = if graph.len() == 1 {
        graph.remove(0)
    } else {
        Value::Array(graph)
    };
    // `</script>` must not end the element that holds it.
    Some(data.to_string().replace('<', "\\u003c"))
}

fn with_context(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.insert("@context".to_owned(), Value::from("https://schema.org"));
        map.retain(|_, value| !value.is_null());
    }
    value
}

fn section(scene: &Arc<Scene>, id: SectionId, graph: &mut Vec<Value>) {
    let site = &scene.world.site;
    let section = site.section(id);
    let url = site.config.permalink(&section.url);
    if section.parent.is_none() {
        graph.push(with_context(json!({
            "@type": "WebSite",
            "name": site.config.title,
            "description": site.config.description,
            "url": url,
            "inLanguage": &*section.language,
            "potentialAction": {
                "@type": "SearchAction",
                "target": format!("{}?q={{search_term_string}}", site.config.permalink(&crate::model::House::Search.url())),
                "query-input": "required name=search_term_string",
            },
        })));
        return;
    }
    let kind = match section.kind {
        Kind::Book => "Book",
        Kind::Course => "Course",
        Kind::Articles | Kind::Cases | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page => {
            "CollectionPage"
        }
    };
    let front = section.file.map(|file| &site.file(file).front);
    graph.push(with_context(json!({
        "@type": kind,
        "name": &*section.title,
        "description": front.and_then(|front| front.description.clone()).unwrap_or_else(|| section.title.to_string()),
        "url": url,
        "inLanguage": &*section.language,
        "provider": (section.kind == Kind::Course).then(|| json!({"@type": "Organization", "name": site.config.title})),
    })));
    graph.push(breadcrumbs(scene, section.parent, &section.title));
}

fn page(scene: &Arc<Scene>, id: PageId) -> Value {
    let site = &scene.world.site;
    let page = site.page(id);
    let common = json!({
        "name": &*page.title,
        "headline": &*page.title,
        "description": view::description(scene, id),
        "url": site.config.permalink(&page.url),
        "inLanguage": &*page.language,
        "datePublished": page.date.map(|moment| moment.rfc3339()),
        "dateModified": page.front.updated.map(|moment| moment.rfc3339()),
        "publisher": {"@type": "Organization", "name": site.config.title},
    });
    let own = match (page.role, page.kind) {
        (Role::Question(..), _) => question_page(scene, page),
        (Role::Chapter(book, place), _) => {
            let book = &site.books[book.index()];
            let range = book
                .chapters
                .get(place as usize)
                .map(|chapter| chapter.questions.clone())
                .unwrap_or_default();
            let questions: Vec<Value> = book.questions[range]
                .iter()
                .map(|id| question(scene, site.page(*id)))
                .collect();
            json!({"@type": "FAQPage", "mainEntity": questions})
        }
        (Role::File, Kind::Articles | Kind::Cases) => json!({"@type": "Article"}),
        (Role::File, Kind::Course) => json!({"@type": ["LearningResource", "CreativeWork"]}),
        (Role::File, Kind::Events) => json!({"@type": "Event"}),
        (Role::File, Kind::Laws) => json!({"@type": "Legislation"}),
        (Role::File, Kind::Book | Kind::Directory | Kind::Page) => json!({"@type": "WebPage"}),
    };
    let mut merged = common;
    if let (Value::Object(map), Value::Object(own)) = (&mut merged, own) {
        map.extend(own);
    }
    with_context(merged)
}

/// A version of a law (schema.org Legislation).
fn legislation(scene: &Arc<Scene>, id: crate::model::law::LawId, version: usize) -> Value {
    let site = &scene.world.site;
    let law = site.library.law(id);
    let text = &law.versions[version];
    let dates = &text.statute.dates;
    let force = if law.repeal.is_some() || law.in_force(Some(site.today)) != Some(version) {
        "https://schema.org/NotInForce"
    } else {
        "https://schema.org/InForce"
    };
    with_context(json!({
        "@type": "Legislation",
        "name": law.title,
        "alternateName": law.short(),
        "url": site.config.permalink(&scene.url),
        "inLanguage": &*scene.language,
        "legislationIdentifier": text.statute.number,
        "legislationType": law.kind.chinese(),
        "legislationPassedBy": text.statute.issuer.as_ref().map(|name| json!({"@type": "Organization", "name": name})),
        "legislationDate": dates.passed.or(dates.published).map(|day| day.to_string()),
        "legislationDateVersion": text.date.map(|day| day.to_string()),
        "legislationLegalForce": force,
    }))
}

fn question_page(scene: &Arc<Scene>, page: &Page) -> Value {
    json!({"@type": "QAPage", "mainEntity": question(scene, page)})
}

fn question(scene: &Arc<Scene>, page: &Page) -> Value {
    let site = &scene.world.site;
    let document = &site.file(page.file).document;
    let blocks = site
        .question(page)
        .map(|question| question.blocks.clone())
        .unwrap_or_else(|| page.blocks.clone());
    let answer = text::shorten(
        &text::plain_blocks(&document.blocks[blocks]).replace('\n', " "),
        600,
    );
    json!({
        "@type": "Question",
        "name": &*page.title,
        "answerCount": 1,
        "acceptedAnswer": {"@type": "Answer", "text": answer},
    })
}

fn breadcrumbs(scene: &Arc<Scene>, section: Option<SectionId>, title: &str) -> Value {
    let site = &scene.world.site;
    let mut trail = vec![(title.to_owned(), site.config.permalink(&scene.url))];
    let mut at = section;
    while let Some(id) = at {
        let section = site.section(id);
        trail.push((
            section.title.to_string(),
            site.config.permalink(&section.url),
        ));
        at = section.parent;
    }
    trail.reverse();
    let items: Vec<Value> = (1..)
        .zip(trail)
        .map(|(position, (name, item)): (i32, _)| json!({"@type": "ListItem", "position": position, "name": name, "item": item}))
        .collect();
    with_context(json!({"@type": "BreadcrumbList", "itemListElement": items}))
}
