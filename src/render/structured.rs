//! Structured data (schema.org, JSON-LD) of each kind of page.

use std::sync::Arc;

use serde_json::{Value, json};

use super::companion::media_permalink;
use super::{Scene, kinds, view};
use crate::doc::{self, Block, BlockKind, InlineKind, text};
use crate::export::book as book_text;
use crate::model::{BookId, FileId, House, Page, PageId, Role, SectionId, Target};
use crate::parse::front::Kind;
use crate::parse::transcript::Transcript;

/// The JSON-LD of the page being rendered, safe inside a script element; `None` where there is nothing to say.
#[must_use]
pub fn json_ld(scene: &Arc<Scene>) -> Option<String> {
    let mut graph = Vec::new();
    match scene.target {
        Target::Page(id) => graph.push(page(scene, id)),
        Target::Section(id, 1) => section(scene, id, &mut graph),
        Target::House(House::Glossary) => graph.push(glossary(scene)),
        Target::Law(law, version) => graph.push(legislation(scene, law, version as usize)),
        Target::Section(..)
        | Target::LawChapter(..)
        | Target::Comparison(..)
        | Target::Taxonomy(_)
        | Target::Term(..)
        | Target::BookPrint(_)
        | Target::Asset(_)
        | Target::House(_)
        | Target::Alias(_)
        | Target::Fallback(_) => {}
    }
    graph.extend(way_here(scene));
    if graph.is_empty() {
        return None;
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
    }
    without_nulls(&mut value);
    value
}

fn section(scene: &Arc<Scene>, id: SectionId, graph: &mut Vec<Value>) {
    let site = &scene.world.site;
    let section = site.section(id);
    let url = site.config.permalink(&section.url);
    if section.parent.is_none() {
        let search = site
            .config
            .permalink(&site.routes.search_in(&scene.language));
        let action = json!({
            "@type": "SearchAction",
            "target": format!("{search}?q={{search_term_string}}"),
            "query-input": "required name=search_term_string",
        });
        graph.push(with_context(json!({
            "@type": "WebSite",
            "name": site.config.title,
            "description": site.config.description,
            "url": url,
            "inLanguage": &*section.language,
            "potentialAction": site.config.build_search_index.then_some(action),
        })));
        return;
    }
    if let Some((book, place)) = site.chapter_of(id) {
        graph.push(folder_chapter(scene, id, book, place));
        return;
    }
    let kind = match section.kind {
        Kind::Book => "Book",
        Kind::Course => "Course",
        Kind::Articles | Kind::Cases | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page => {
            "CollectionPage"
        }
    };
    let course = section.kind == Kind::Course;
    let book = site.books.iter().position(|book| book.section == id);
    let edition = book.map(|book| book_text::edition_of(site, BookId::of(book)));
    let by = |name: &str| json!({"@type": "Organization", "name": name});
    graph.push(with_context(json!({
        "@type": kind,
        "name": &*section.title,
        "description": section_description(scene, id),
        "url": url,
        "inLanguage": &*section.language,
        "provider": course.then(|| organization(scene)),
        "isAccessibleForFree": course.then_some(true),
        "offers": course.then(|| json!({"@type": "Offer", "category": "Free"})),
        "author": edition.as_ref().map(|edition| by(book_text::author(site, edition))),
        "publisher": edition.as_ref().map(|edition| by(book_text::publisher(site, edition))),
        "bookEdition": edition.as_ref().and_then(|edition| edition.edition.clone()),
        "hasCourseInstance": course.then(|| course_instance(scene, id)),
    })));
    graph.extend(services(scene, id));
}

/// A chapter that is a folder says the same as one that is a file.
fn folder_chapter(scene: &Arc<Scene>, id: SectionId, book: BookId, place: usize) -> Value {
    let site = &scene.world.site;
    let section = site.section(id);
    let book = &site.books[book.index()];
    let questions = &book.questions[book.chapters[place].questions.clone()];
    let mut page = json!({
        "name": &*section.title,
        "headline": &*section.title,
        "description": section_description(scene, id),
        "url": site.config.permalink(&section.url),
        "inLanguage": &*section.language,
        "publisher": {"@type": "Organization", "name": site.config.title},
    });
    merge(&mut page, faq(scene, questions));
    with_context(page)
}

/// The questions of a chapter that have an answer; a page like others when there are none.
fn faq(scene: &Arc<Scene>, questions: &[PageId]) -> Value {
    let site = &scene.world.site;
    let questions: Vec<Value> = questions
        .iter()
        .map(|id| question(scene, site.page(*id)))
        .filter(|question| question.get("acceptedAnswer").is_some())
        .collect();
    if questions.is_empty() {
        json!({"@type": "WebPage"})
    } else {
        json!({"@type": "FAQPage", "mainEntity": questions})
    }
}

fn merge(into: &mut Value, own: Value) {
    if let (Value::Object(map), Value::Object(own)) = (into, own) {
        map.extend(own);
    }
}

fn section_description(scene: &Scene, id: SectionId) -> String {
    let site = &scene.world.site;
    let section = site.section(id);
    let front = section.file.map(|file| &site.file(file).front);
    front
        .and_then(|front| front.description.clone())
        .unwrap_or_else(|| section.title.to_string())
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
        (Role::Chapter(..), _) => faq(scene, &site.chapter_questions(page)),
        (Role::File, Kind::Articles | Kind::Cases) => json!({"@type": "Article"}),
        (Role::File, Kind::Course) => episode(scene, page),
        (Role::File, Kind::Events) => event(scene, page),
        (Role::File, Kind::Laws) => json!({"@type": "Legislation"}),
        (Role::File, Kind::Book | Kind::Directory | Kind::Page) => json!({"@type": "WebPage"}),
    };
    let mut merged = common;
    merge(&mut merged, own);
    with_context(merged)
}

fn organization(scene: &Scene) -> Value {
    json!({"@type": "Organization", "name": scene.world.site.config.title})
}

/// A duration as ISO 8601 writes it: `PT6M40S`.
fn duration(ms: u32) -> String {
    let seconds = ms.div_ceil(1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut out = String::from("PT");
    for (number, unit) in [(hours, 'H'), (minutes, 'M')] {
        if number > 0 {
            out.push_str(&format!("{number}{unit}"));
        }
    }
    if seconds > 0 || out.len() == 2 {
        out.push_str(&format!("{seconds}S"));
    }
    out
}

fn course_instance(scene: &Scene, id: SectionId) -> Value {
    let site = &scene.world.site;
    let pages = &site.section(id).pages;
    let total: u32 = pages
        .iter()
        .filter_map(|id| site.file(site.page(*id).file).episode()?.duration_ms)
        .sum();
    let mut instance = json!({
        "@type": "CourseInstance",
        "courseMode": "Online",
        "courseWorkload": (total > 0).then(|| duration(total)),
    });
    without_nulls(&mut instance);
    instance
}

/// Bytes of a transcript that still goes into the structured data; a longer one would make a page of hours half as heavy
/// again, and stands on the page anyway.
const LONGEST_TRANSCRIPT: usize = 60_000;

fn said(transcript: &Transcript, language: &str) -> String {
    let said: Vec<&str> = transcript.cues.iter().map(|cue| &*cue.text).collect();
    said.join(if language.starts_with("zh") { "" } else { " " })
}

/// An episode: what is learned from it, and its sound or video with what is said.
fn episode(scene: &Arc<Scene>, page: &Page) -> Value {
    let site = &scene.world.site;
    let Some((fields, episode)) = kinds::episode_of(scene, page) else {
        return json!({"@type": "LearningResource"});
    };
    let length = fields.duration_ms.map(duration);
    let transcript = episode
        .transcript
        .as_ref()
        .map(|transcript| said(transcript, &page.language))
        .filter(|said| said.len() <= LONGEST_TRANSCRIPT);
    let media = episode.media().map(|media| {
        let mut object = json!({
            "@type": if episode.video.is_some() { "VideoObject" } else { "AudioObject" },
            "name": &*page.title,
            "description": page.front.description.as_deref().unwrap_or(&page.title),
            "contentUrl": media_permalink(site, media),
            "encodingFormat": media.media_type(),
            "uploadDate": page.date.map(|moment| moment.rfc3339()),
            "duration": length,
            "thumbnailUrl": episode.poster.as_ref().map(|poster| media_permalink(site, poster)),
            "inLanguage": &*page.language,
            "transcript": transcript,
        });
        without_nulls(&mut object);
        object
    });
    let section = site.section(page.section);
    let without_media = media.is_none();
    json!({
        "@type": "LearningResource",
        "learningResourceType": "Lecture",
        "isAccessibleForFree": true,
        "position": fields.number,
        "timeRequired": length,
        "author": fields.speaker.as_ref().map(|speaker| json!({"@type": "Person", "name": speaker})),
        "text": transcript.filter(|_| without_media),
        "associatedMedia": media,
        "isPartOf": {
            "@type": "Course",
            "name": &*section.title,
            "description": section_description(scene, page.section),
            "url": site.config.permalink(&section.url),
        },
    })
}

fn event(scene: &Arc<Scene>, page: &Page) -> Value {
    let site = &scene.world.site;
    let Some(event) = site.file(page.file).event() else {
        return json!({"@type": "Event"});
    };
    let moment = |moment: crate::base::Moment| {
        if moment.has_time {
            moment.rfc3339()
        } else {
            moment.date().to_string()
        }
    };
    let mut locations = Vec::new();
    if let Some(place) = &event.place {
        locations.push(json!({"@type": "Place", "name": place, "address": place}));
    }
    if let Some(online) = &event.online {
        locations.push(json!({"@type": "VirtualLocation", "url": online}));
    }
    let mode = match (&event.place, &event.online) {
        (Some(_), Some(_)) => "MixedEventAttendanceMode",
        (None, Some(_)) => "OnlineEventAttendanceMode",
        (_, None) => "OfflineEventAttendanceMode",
    };
    let status = if event.cancelled {
        "EventCancelled"
    } else {
        "EventScheduled"
    };
    let organizer = event.organizer.as_ref().or(site.config.author.as_ref());
    json!({
        "@type": "Event",
        "startDate": event.start.map(moment),
        "endDate": event.end.map(moment),
        "eventAttendanceMode": format!("https://schema.org/{mode}"),
        "eventStatus": format!("https://schema.org/{status}"),
        "location": (!locations.is_empty()).then_some(locations),
        "organizer": {"@type": "Organization", "name": organizer.unwrap_or(&site.config.title)},
        "audience": event.audience.as_ref().map(|audience| json!({"@type": "Audience", "audienceType": audience})),
        "isAccessibleForFree": true,
    })
}

/// The service points of a directory.
fn services(scene: &Scene, id: SectionId) -> Vec<Value> {
    let site = &scene.world.site;
    let Some(directory) = scene.world.resolved.services.of_section(id) else {
        return Vec::new();
    };
    let url = &site.section(id).url;
    let view = |service: &crate::parse::service::Service| {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let phones: Vec<&str> = service.phones.iter().map(|phone| &*phone.text).collect();
        let mut provider = json!({
            "@type": "Organization",
            "name": service.name,
            "address": filled(&service.address),
            "telephone": (!phones.is_empty()).then_some(phones),
            "url": filled(&service.website),
        });
        without_nulls(&mut provider);
        let topics: Vec<&str> = service.topics.iter().map(|(topic, _)| &**topic).collect();
        with_context(json!({
            "@type": "GovernmentService",
            "@id": site.config.permalink(&url.with_fragment(&service.id)),
            "name": service.name,
            "serviceType": filled(&service.kind),
            "description": filled(&service.note),
            "category": (!topics.is_empty()).then_some(topics),
            "hoursAvailable": service.opening(),
            "provider": provider,
        }))
    };
    directory.services.iter().map(view).collect()
}

/// The glossary: every term with its anchor on the page.
fn glossary(scene: &Scene) -> Value {
    let site = &scene.world.site;
    let url = House::Glossary.url();
    let set = site.config.permalink(&url);
    let terms = scene.world.resolved.glossary.terms.iter().map(|term| {
        let mut value = json!({
            "@type": "DefinedTerm",
            "@id": site.config.permalink(&url.with_fragment(&term.id)),
            "name": term.name,
            "alternateName": (!term.also.is_empty()).then(|| term.also.clone()),
            "description": term.gist,
            "inDefinedTermSet": set,
        });
        without_nulls(&mut value);
        value
    });
    with_context(json!({
        "@type": "DefinedTermSet",
        "@id": set,
        "name": scene.text("glossary.title"),
        "url": set,
        "inLanguage": &*scene.language,
        "hasDefinedTerm": terms.collect::<Vec<_>>(),
    }))
}

fn without_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| !value.is_null());
    }
}

/// A version of a law (schema.org Legislation).
fn legislation(scene: &Arc<Scene>, id: crate::model::law::LawId, version: usize) -> Value {
    let site = &scene.world.site;
    let law = site.library.law(id);
    let text = law.versions.get(version);
    let statute = text.map(|text| &*text.statute);
    let dates = statute.map_or(&law.known, |statute| &statute.dates);
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
        "legislationIdentifier": statute.and_then(|statute| statute.number.as_ref()),
        "legislationType": law.kind.chinese(),
        "legislationPassedBy": statute.and_then(|statute| statute.issuer.as_ref()).map(|name| json!({"@type": "Organization", "name": name})),
        "legislationDate": dates.passed.or(dates.published).map(|day| day.to_string()),
        "legislationDateVersion": text.and_then(|text| text.date).map(|day| day.to_string()),
        "legislationLegalForce": force,
    }))
}

fn question_page(scene: &Arc<Scene>, page: &Page) -> Value {
    json!({"@type": "QAPage", "mainEntity": question(scene, page)})
}

fn question(scene: &Arc<Scene>, page: &Page) -> Value {
    let answer = answer(scene, page);
    let mut value = json!({
        "@type": "Question",
        "name": &*page.title,
        "answerCount": usize::from(!answer.is_empty()),
        "acceptedAnswer": (!answer.is_empty()).then(|| json!({"@type": "Answer", "text": answer})),
    });
    without_nulls(&mut value);
    value
}

/// Characters of an answer that go into the structured data.
const LONGEST_ANSWER: usize = 600;

/// What a question's page answers as plain text: the short answer, then the explanation.
fn answer(scene: &Arc<Scene>, page: &Page) -> String {
    let site = &scene.world.site;
    let parsed = site.file(page.file);
    let question = site.question(page);
    let short = question.and_then(|question| parsed.short_answer(question));
    let blocks = question.map_or_else(|| page.blocks.clone(), |question| question.blocks.clone());
    let blocks = parsed.document.blocks[blocks].iter();
    let texts = blocks.map(|block| block_text(scene, page.file, block));
    let all: Vec<String> = short.into_iter().chain(texts).collect();
    let all = all.join("\n");
    let lines: Vec<&str> = all.split_whitespace().collect();
    text::shorten(&lines.join(" "), LONGEST_ANSWER)
}

/// The text of a block; of one with short codes as they are shown.
fn block_text(scene: &Arc<Scene>, file: FileId, block: &Block) -> String {
    let block = std::slice::from_ref(block);
    let mut has_calls = false;
    doc::walk_blocks(block, &mut |inner| {
        has_calls |= matches!(inner.kind, BlockKind::Shortcode(_));
        for inlines in doc::inlines_of(inner) {
            doc::walk_inlines(inlines, &mut |inline| {
                has_calls |= matches!(inline.kind, InlineKind::Shortcode(_));
            });
        }
    });
    if has_calls {
        plain_html(&view::render_blocks(scene, file, block, 0, "").html)
    } else {
        text::plain_blocks(block)
    }
}

/// The text of HTML.
fn plain_html(html: &str) -> String {
    let text = super::functions::without_tags(html);
    quick_xml::escape::unescape_with(&text, |name| match name {
        "nbsp" => Some("\u{a0}"),
        other => quick_xml::escape::resolve_predefined_entity(other),
    })
    .map_or_else(|_| text.clone(), std::borrow::Cow::into_owned)
}

/// The way to the page from the front page; the front page itself needs none.
fn way_here(scene: &Arc<Scene>) -> Option<Value> {
    let site = &scene.world.site;
    let root = site.root(&scene.language);
    let above = match scene.target {
        Target::Page(id) => Some(site.page(id).section),
        Target::Section(id, _) => {
            site.section(id).parent?;
            site.section(id).parent
        }
        Target::BookPrint(id) => Some(site.books[id.index()].section),
        Target::Law(..) | Target::LawChapter(..) | Target::Comparison(..) => {
            super::statute::laws_section(scene)
        }
        Target::Taxonomy(_) | Target::Term(..) | Target::House(_) => Some(root),
        Target::Asset(_) | Target::Alias(_) | Target::Fallback(_) => return None,
    };
    let title = if let Target::Page(id) = scene.target {
        // Two books may ask the same question; within its book the question's own title says enough.
        Some(site.page(id).title.to_string())
    } else {
        super::head::own_title(scene)
    };
    Some(breadcrumbs(scene, above, &title?))
}

fn breadcrumbs(scene: &Arc<Scene>, section: Option<SectionId>, title: &str) -> Value {
    let site = &scene.world.site;
    let mut trail = vec![(title.to_owned(), site.config.permalink(&scene.url))];
    if let Target::Page(id) = scene.target
        && let Some(chapter) = view::chapter_of(site, site.page(id))
    {
        let chapter = site.page(chapter);
        trail.push((
            chapter.title.to_string(),
            site.config.permalink(&chapter.url),
        ));
    }
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
