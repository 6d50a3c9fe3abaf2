//! What pages and sections of a kind have besides: cases, events, episodes, service points.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;

use super::inline::Html;
use super::view::{self, Depth};
use super::{Scene, companion, episode as views, escape, form};
use crate::base::Url;
use crate::model::law::LawId;
use crate::model::{Page, PageId, Role, SectionId, Site};
use crate::parse::episode::EpisodeFields;
use crate::parse::front::Kind;
use crate::parse::service::Service;
use crate::parse::transcript::time_text;
use crate::resolve::episode::{Episode, MediaFile};
use crate::resolve::spoken::Spoken;

/// `page.case`.
pub(super) fn case(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    let case = scene.world.site.file(page.file).case()?;
    Some(context! {
        court_level => case.court_level.map(crate::parse::case::CourtLevel::name),
        decided => case.decided.map(|day| day.to_string()),
        teaching => case.teaching,
        source => case.source.clone(),
        cause => case.cause.clone(),
        keywords => case.keywords.clone(),
        lesson => (),
    })
}

/// `section.by_topic`: the pages of a section under each of their topics, in the order of the vocabulary.
pub(super) fn by_topic(scene: &Arc<Scene>, section: SectionId) -> Value {
    let site = &scene.world.site;
    let Some((_, taxonomy)) = site.taxonomy("topics", &scene.language) else {
        return Value::from(Vec::<Value>::new());
    };
    let pages: BTreeSet<PageId> = listed_pages(site, section).into_iter().collect();
    let groups = taxonomy.terms.iter().map(|term| {
        let of_term = term.pages.iter().copied().filter(|id| pages.contains(id));
        let of_term: Vec<PageId> = of_term.collect();
        group(scene, &term.name, &term.url, &of_term)
    });
    Value::from(groups.flatten().collect::<Vec<_>>())
}

/// `section.by_law`: the pages of a section under each law they cite, the law most of them cite first.
pub(super) fn by_law(scene: &Arc<Scene>, section: SectionId) -> Value {
    let world = &scene.world;
    let mut cited: BTreeMap<LawId, Vec<PageId>> = BTreeMap::new();
    for id in listed_pages(&world.site, section) {
        for found in world.resolved.citations(world.site.page(id).file) {
            let pages = found.citation.law.map(|law| cited.entry(law).or_default());
            if let Some(pages) = pages.filter(|pages| pages.last() != Some(&id)) {
                pages.push(id);
            }
        }
    }
    let mut laws: Vec<(LawId, Vec<PageId>)> = cited.into_iter().collect();
    laws.sort_by_key(|(_, pages)| std::cmp::Reverse(pages.len()));
    let groups = laws.into_iter().map(|(id, pages)| {
        let law = world.site.library.law(id);
        group(scene, law.short(), &law.url(), &pages)
    });
    Value::from(groups.flatten().collect::<Vec<_>>())
}

fn listed_pages(site: &Site, section: SectionId) -> Vec<PageId> {
    let pages = site.section(section).pages.iter().copied();
    pages.filter(|id| !site.page(*id).expired).collect()
}

/// Pages under a name; nothing where there are none.
fn group(scene: &Arc<Scene>, name: &str, url: &Url, pages: &[PageId]) -> Option<Value> {
    let entry = |id: &PageId| {
        let page = scene.world.site.page(*id);
        context! { title => &*page.title, url => scene.write(&page.url) }
    };
    let entries: Vec<Value> = pages.iter().map(entry).collect();
    (!pages.is_empty()).then(|| context! { name, url => scene.write(url), pages => entries })
}

/// `page.form`: its fields, for a document template.
pub(super) fn form(scene: &Arc<Scene>, page: &Page) -> Value {
    let parsed = scene.world.site.file(page.file);
    if !super::page::flag(parsed, "form") {
        return Value::from(false);
    }
    context! { fields => view::serial(form::view(&parsed.form_fields)) }
}

// ---- events

/// `page.event`.
pub(super) fn event(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    let site = &scene.world.site;
    let event = site.file(page.file).event()?;
    let several_days = event
        .start
        .zip(event.end)
        .is_some_and(|(start, end)| start.date() != end.date());
    Some(context! {
        start => event.start.map(view::date_text),
        end => event.end.map(view::date_text),
        all_day => event.is_all_day(),
        several_days => several_days,
        place => event.place.clone(),
        audience => event.audience.clone(),
        organizer => event.organizer.clone(),
        sign_up => event.sign_up.as_ref().map(|(text, _)| text.clone()),
        sign_up_url => event.sign_up_address(),
        online => event.online.clone(),
        cancelled => event.cancelled,
        past => event.is_past(site.today),
        calendar => companion::event_calendar(site, page).map(|url| scene.write(&url)),
    })
}

/// `section.upcoming` and `section.past`.
pub(super) fn events(scene: &Arc<Scene>, section: SectionId, past: bool) -> Value {
    let site = &scene.world.site;
    view::listed(scene, event_pages(site, section, past))
}

/// The events of a section: those to come with the next first, those past with the last first.
pub(super) fn event_pages(site: &Site, section: SectionId, past: bool) -> Vec<PageId> {
    let mut ids: Vec<(Option<i64>, PageId)> = Vec::new();
    for id in &site.section(section).pages {
        if let Some(event) = site.file(site.page(*id).file).event()
            && event.is_past(site.today) == past
        {
            ids.push((event.start.map(|start| start.seconds()), *id));
        }
    }
    ids.sort_unstable();
    if past {
        ids.reverse();
    }
    ids.into_iter().map(|(_, id)| id).collect()
}

// ---- episodes

/// The episode a page is, with its files.
pub(super) fn episode_of<'a>(
    scene: &'a Scene,
    page: &Page,
) -> Option<(&'a EpisodeFields, &'a Episode)> {
    let world = &scene.world;
    let fields = world.site.file(page.file).episode()?;
    Some((fields, world.resolved.episodes.get(&page.file)?))
}

/// `page.episode`.
pub(super) fn episode(scene: &Arc<Scene>, page: &Page, depth: Depth) -> Option<Value> {
    let (fields, episode) = episode_of(scene, page)?;
    let address = |file: &Option<MediaFile>| file.as_ref().map(|file| media_address(scene, file));
    let kind = |file: &Option<MediaFile>| file.as_ref().and_then(MediaFile::media_type);
    let dimensions = episode.poster.as_ref().and_then(|poster| match poster {
        MediaFile::Inside { dimensions, .. } => *dimensions,
        MediaFile::Outside(_) => None,
    });
    let listed = context! {
        number => fields.number,
        speaker => fields.speaker.clone(),
        upcoming => page.date.is_some_and(|day| day.date() >= scene.world.site.today),
        duration => fields.duration_ms.map(|ms| ms.div_ceil(1000)),
        duration_text => fields.duration_ms.map(time_text),
        sound_note => fields.sound_note.clone(),
        video => address(&episode.video),
        video_type => kind(&episode.video),
        audio => address(&episode.audio),
        audio_type => kind(&episode.audio),
        poster => address(&episode.poster),
        width => dimensions.map(|(width, _)| width),
        height => dimensions.map(|(_, height)| height),
    };
    if depth == Depth::Listed {
        return Some(listed);
    }
    // A transcript is long, and most of what templates ask for is something else.
    let (scene, file) = (scene.clone(), page.file);
    Some(view::view(move |key| {
        let world = &scene.world;
        let fields = world.site.file(file).episode()?;
        let episode = world.resolved.episodes.get(&file)?;
        Some(match key {
            "transcript_file" => {
                let captions = episode.captions.as_ref();
                view::serial(captions.map(|captions| scene.write(captions.url())))
            }
            "chapters" => view::serial(views::chapters(&fields.chapters)),
            "paragraphs" => view::serial(paragraphs(&scene, fields, episode)),
            "downloads" => downloads(&scene, episode),
            _ => {
                return listed
                    .get_attr(key)
                    .ok()
                    .filter(|value| !value.is_undefined());
            }
        })
    }))
}

/// The transcript of an episode.
fn paragraphs(
    scene: &Arc<Scene>,
    fields: &EpisodeFields,
    episode: &Episode,
) -> Vec<views::ParagraphView> {
    let html = |index: usize, text: &str| cue_html(scene, &episode.spoken, index, text);
    let transcript = episode.transcript.as_ref();
    transcript.map_or_else(Vec::new, |transcript| {
        views::paragraphs(transcript, &fields.chapters, html)
    })
}

/// What an episode offers to take home.
fn downloads(scene: &Scene, episode: &Episode) -> Value {
    let entry = |(title, file): &(String, MediaFile)| {
        context! { title => title, url => media_address(scene, file), size => file.size().map(size_text) }
    };
    episode.downloads.iter().map(entry).collect()
}

/// What is said in a cue, with links to the laws it cites.
fn cue_html(scene: &Arc<Scene>, spoken: &Spoken, index: usize, text: &str) -> Html {
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for (range, found) in spoken.in_cue(index) {
        let Some((before, words)) = text.get(done..range.start).zip(text.get(range.clone())) else {
            continue;
        };
        escape::push(before, &mut out);
        super::statute::cited(scene, &found.citation, words, true, &mut out);
        done = range.end;
    }
    escape::push(&text[done..], &mut out);
    Html(out)
}

fn media_address(scene: &Scene, file: &MediaFile) -> String {
    match file {
        MediaFile::Inside { url, .. } => scene.write(url),
        MediaFile::Outside(address) => address.to_string(),
    }
}

/// A size as people read it: `340 KB`, `1.2 MB`.
fn size_text(bytes: u64) -> String {
    const MEGA: u64 = 1 << 20;
    if bytes < MEGA {
        return format!("{} KB", bytes.div_ceil(1 << 10));
    }
    let tenths = bytes.saturating_mul(10) / MEGA;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

// ---- service points

/// How many service points a page names.
const WHERE_TO_GO: usize = 4;

/// `section.services`.
pub(super) fn services(scene: &Arc<Scene>, section: SectionId) -> Value {
    let Some(directory) = scene.world.resolved.services.of_section(section) else {
        return Value::from(Vec::<Value>::new());
    };
    let all = directory.services.iter();
    Value::from(
        all.map(|service| service_view(scene, service))
            .collect::<Vec<_>>(),
    )
}

/// `section.service_kinds`.
pub(super) fn service_kinds(scene: &Arc<Scene>, section: SectionId) -> Value {
    let directory = scene.world.resolved.services.of_section(section);
    let kinds = directory
        .map(|directory| directory.kinds())
        .unwrap_or_default();
    let kinds = kinds
        .into_iter()
        .map(|(name, count)| context! { name, count });
    Value::from(kinds.collect::<Vec<_>>())
}

fn service_view(scene: &Scene, service: &Service) -> Value {
    let topics = service.topics.iter().map(|(topic, _)| {
        let term = topic_term(&scene.world.site, topic);
        context! {
            name => term.map_or(topic.as_str(), |term| &*term.name),
            url => term.filter(|term| !term.pages.is_empty()).map(|term| scene.write(&term.url)),
        }
    });
    context! {
        id => service.id.clone(),
        name => service.name.clone(),
        kind => service.kind.clone(),
        address => service.address.clone(),
        phones => view::serial(&service.phones),
        hours => service.hours.clone(),
        opening => service.opening(),
        topics => topics.collect::<Vec<_>>(),
        note => service.note.clone(),
        website => service.website.clone(),
        map => service.map.clone(),
        text => service.filter_text(),
    }
}

fn topic_term<'a>(site: &'a Site, topic: &str) -> Option<&'a crate::model::Term> {
    let taxonomy = site
        .taxonomies
        .iter()
        .find(|taxonomy| taxonomy.config.name == "topics")?;
    Some(&taxonomy.terms[taxonomy.find(topic)? as usize])
}

/// `page.services`: where to go with what the page is about.
pub(super) fn page_services(scene: &Arc<Scene>, page: &Page) -> Value {
    let shown = match (page.role, page.kind) {
        (Role::Question(..), _) => true,
        (Role::File, Kind::Articles | Kind::Cases | Kind::Course | Kind::Page) => true,
        (Role::Chapter(..), _)
        | (Role::File, Kind::Book | Kind::Laws | Kind::Directory | Kind::Events) => false,
    };
    let topics = page
        .front
        .taxonomies
        .iter()
        .filter(|(name, _)| shown && name == "topics")
        .flat_map(|(_, terms)| terms)
        .map(|(topic, _)| topic_term(&scene.world.site, topic).map_or(topic.as_str(), |t| &t.name));
    where_to_go(scene, topics)
}

/// The service points that help with some topics, each with its place in the directory.
pub(super) fn where_to_go<'t>(scene: &Scene, topics: impl Iterator<Item = &'t str>) -> Value {
    let world = &scene.world;
    let found = world.resolved.services.helping_with(topics, WHERE_TO_GO);
    let views = found.into_iter().map(|(section, service)| {
        let url = world.site.section(section).url.with_fragment(&service.id);
        context! {
            name => service.name.clone(),
            kind => service.kind.clone(),
            url => scene.write(&url),
            phones => view::serial(&service.phones),
            phone => service.phones.first().map(|phone| phone.text.clone()),
            address => service.address.clone(),
            hours => service.hours.clone(),
        }
    });
    Value::from(views.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let shown = [1, 347_000, 1 << 20, 12_900_000].map(size_text);
        assert_eq!(shown, ["1 KB", "339 KB", "1.0 MB", "12.3 MB"]);
    }
}
