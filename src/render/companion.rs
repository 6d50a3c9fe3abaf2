//! Files that accompany pages: calendars, podcast feeds, chapters, subtitles, QR codes.

use std::sync::Arc;

use qrcode::{Color, EcLevel, QrCode};

use super::calendar::{self, Calendar, CalendarEvent};
use super::podcast::{self, Media, Podcast, PodcastEpisode};
use super::{Scene, World, kinds, view};
use crate::base::Url;
use crate::base::value::Value;
use crate::doc::text;
use crate::model::{Page, PageId, Role, SectionId, Site, Target};
use crate::parse::front::Kind;
use crate::resolve::episode::{Captions, MediaFile};

/// A file that accompanies a page or section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Companion {
    /// The calendar of a section of events.
    Calendar(SectionId),
    /// An event, for the calendar of a telephone.
    Event(PageId),
    /// The podcast feed of a course.
    Podcast(SectionId),
    /// The chapters of an episode, for players of podcasts.
    Chapters(PageId),
    /// The subtitles of an episode as WebVTT.
    Captions(PageId),
    /// The page's address as a QR code.
    QrCode(PageId),
}

/// Every companion of the site with its address, in the order of sections and pages.
#[must_use]
pub fn companions(world: &World) -> Vec<(Url, Companion)> {
    let site = &world.site;
    let mut all = Vec::new();
    for index in 0..site.sections.len() {
        let id = SectionId::of(index);
        all.extend(section_calendar(site, id).map(|url| (url, Companion::Calendar(id))));
        all.extend(podcast_feed(world, id).map(|url| (url, Companion::Podcast(id))));
    }
    for (id, page) in site.page_ids().filter(|(_, page)| page.role == Role::File) {
        all.extend(event_calendar(site, page).map(|url| (url, Companion::Event(id))));
        all.extend(qr_code(site, page).map(|url| (url, Companion::QrCode(id))));
        if let Some(episode) = world.resolved.episodes.get(&page.file) {
            all.extend(chapters_file(world, page).map(|url| (url, Companion::Chapters(id))));
            if let Some(Captions::Made(url)) = &episode.captions {
                all.push((url.clone(), Companion::Captions(id)));
            }
        }
    }
    all
}

/// The text of a companion.
#[must_use]
pub fn write(world: &Arc<World>, companion: Companion) -> String {
    let site = &world.site;
    match companion {
        Companion::Calendar(id) => section_events(world, id),
        Companion::Event(id) => calendar::icalendar(&Calendar {
            events: calendar_event(world, id).into_iter().collect(),
            ..Calendar::default()
        }),
        Companion::Podcast(id) => podcast::rss(&podcast_of(world, id)),
        Companion::Chapters(id) => {
            let page = site.page(id);
            let chapters = site
                .file(page.file)
                .episode()
                .map(|fields| &fields.chapters[..]);
            podcast::chapters_json(&page.title, chapters.unwrap_or_default())
        }
        Companion::Captions(id) => world
            .resolved
            .episodes
            .get(&site.page(id).file)
            .and_then(|episode| episode.transcript.as_ref())
            .map(|transcript| transcript.to_webvtt())
            .unwrap_or_default(),
        Companion::QrCode(id) => {
            qr_svg(&site.config.permalink(&site.page(id).url)).unwrap_or_default()
        }
    }
}

fn absolute(site: &Site, url: &Url) -> Option<String> {
    (!site.config.base_url.is_empty()).then(|| site.config.permalink(url))
}

// ---- calendars

/// The address of the calendar of a section of events.
#[must_use]
pub fn section_calendar(site: &Site, id: SectionId) -> Option<Url> {
    let section = site.section(id);
    let has_events = section.kind == Kind::Events
        && section
            .pages
            .iter()
            .any(|id| event_calendar(site, site.page(*id)).is_some());
    has_events.then(|| Url::new(&format!("{}calendar.ics", section.url)))
}

/// The address of an event's own calendar file.
#[must_use]
pub fn event_calendar(site: &Site, page: &Page) -> Option<Url> {
    site.file(page.file).event()?.start?;
    Some(Url::new(&format!("{}event.ics", page.url)))
}

fn section_events(world: &Arc<World>, id: SectionId) -> String {
    let site = &world.site;
    let section = site.section(id);
    let mut pages = kinds::event_pages(site, id, true);
    pages.reverse();
    pages.extend(kinds::event_pages(site, id, false));
    calendar::icalendar(&Calendar {
        name: format!("{} - {}", section.title, site.config.title),
        url: section_calendar(site, id).and_then(|url| absolute(site, &url)),
        events: pages
            .into_iter()
            .filter_map(|page| calendar_event(world, page))
            .collect(),
    })
}

fn calendar_event(world: &Arc<World>, id: PageId) -> Option<CalendarEvent> {
    let site = &world.site;
    let page = site.page(id);
    let event = site.file(page.file).event()?;
    let start = event.start?;
    let changed = page
        .front
        .updated
        .or(page.date)
        .or(page.front.reviewed.map(Into::into));
    let host = site.config.base_url.split("://").nth(1).unwrap_or_default();
    let host = host
        .split(['/', ':'])
        .next()
        .filter(|host| !host.is_empty());
    let scene = Arc::new(Scene::new(world, Target::Page(id)));
    Some(CalendarEvent {
        uid: format!("{}@{}", page.url, host.unwrap_or("pufa.invalid")),
        start,
        end: event.end,
        changed: changed.unwrap_or(start),
        summary: page.title.to_string(),
        description: view::description(&scene, id).unwrap_or_default(),
        location: event
            .place
            .clone()
            .or_else(|| event.online.clone())
            .unwrap_or_default(),
        url: absolute(site, &page.url),
        categories: topics(page),
        cancelled: event.cancelled,
    })
}

fn topics(page: &Page) -> Vec<String> {
    let of_topics = page
        .front
        .taxonomies
        .iter()
        .filter(|(name, _)| name == "topics");
    of_topics
        .flat_map(|(_, terms)| terms)
        .map(|(term, _)| term.clone())
        .collect()
}

// ---- podcasts

/// The address of a course's podcast feed: of courses with sound or video, unless `podcast = false`.
#[must_use]
pub fn podcast_feed(world: &World, id: SectionId) -> Option<Url> {
    let site = &world.site;
    let section = site.section(id);
    let declined = section.file.is_some_and(|file| {
        let podcast = site.file(file).special.get("podcast");
        podcast.is_some_and(|node| node.value == Value::Bool(false))
    });
    let has_media = section.kind == Kind::Course
        && section.pages.iter().any(|id| {
            let episode = world.resolved.episodes.get(&site.page(*id).file);
            episode.is_some_and(|episode| episode.media().is_some())
        });
    (has_media && !declined).then(|| Url::new(&format!("{}podcast.xml", section.url)))
}

/// The address of an episode's chapters.
#[must_use]
pub fn chapters_file(world: &World, page: &Page) -> Option<Url> {
    let fields = world.site.file(page.file).episode()?;
    let has_media = world.resolved.episodes.get(&page.file)?.media().is_some();
    (has_media && !fields.chapters.is_empty())
        .then(|| Url::new(&format!("{}chapters.json", page.url)))
}

fn podcast_of(world: &Arc<World>, id: SectionId) -> Podcast {
    let site = &world.site;
    let config = &site.config;
    let section = site.section(id);
    let parsed = section.file.map(|file| site.file(file));
    let text = |key: &str| {
        let node = parsed?.special.get(key)?;
        node.value.as_str().map(str::to_owned)
    };
    let mut episodes: Vec<PodcastEpisode> = section
        .pages
        .iter()
        .filter_map(|id| podcast_episode(world, *id))
        .collect();
    episodes.sort_by_key(|episode| {
        (
            std::cmp::Reverse(episode.date.map(|date| date.seconds())),
            std::cmp::Reverse(episode.number),
        )
    });
    let image = text("cover").and_then(|cover| {
        let url = crate::resolve::link::find_address(site, parsed?, &cover)?;
        Some(config.permalink(&url))
    });
    let description = parsed.and_then(|parsed| {
        let begins = text::excerpt(&parsed.document.blocks, 200);
        parsed
            .front
            .description
            .clone()
            .or((!begins.is_empty()).then_some(begins))
    });
    Podcast {
        title: section.title.to_string(),
        link: config.permalink(&section.url),
        feed_url: config.permalink(&Url::new(&format!("{}podcast.xml", section.url))),
        description: description.unwrap_or_else(|| section.title.to_string()),
        language: section.language.to_string(),
        author: text("author")
            .or_else(|| config.author.clone())
            .unwrap_or_else(|| config.title.clone()),
        email: text("email"),
        image,
        category: text("category").unwrap_or_default(),
        episodes,
    }
}

fn podcast_episode(world: &Arc<World>, id: PageId) -> Option<PodcastEpisode> {
    let site = &world.site;
    let page = site.page(id);
    let fields = site.file(page.file).episode()?;
    let episode = world.resolved.episodes.get(&page.file)?;
    let media = episode.media()?;
    let permalink = |url: &Url| site.config.permalink(url);
    let scene = Arc::new(Scene::new(world, Target::Page(id)));
    Some(PodcastEpisode {
        title: page.title.to_string(),
        link: permalink(&page.url),
        guid: permalink(&page.url),
        description: view::description(&scene, id).unwrap_or_default(),
        date: page.date,
        number: fields.number,
        duration_ms: fields.duration_ms,
        media: Media {
            url: media_permalink(site, media),
            length: media.size().unwrap_or(0),
            kind: media
                .media_type()
                .unwrap_or("application/octet-stream")
                .to_owned(),
        },
        transcript: episode
            .captions
            .as_ref()
            .map(|captions| permalink(captions.url())),
        chapters: chapters_file(world, page).map(|url| permalink(&url)),
        image: episode
            .poster
            .as_ref()
            .map(|poster| media_permalink(site, poster)),
    })
}

/// The whole address of a media file.
pub(super) fn media_permalink(site: &Site, file: &MediaFile) -> String {
    match file {
        MediaFile::Inside { url, .. } => site.config.permalink(url),
        MediaFile::Outside(address) => address.to_string(),
    }
}

// ---- QR codes

/// The address of the QR code of a leaflet; a site without an address of its own has none.
#[must_use]
pub fn qr_code(site: &Site, page: &Page) -> Option<Url> {
    let is_leaflet = site.file(page.file).special.get("leaflet").is_some();
    (is_leaflet && absolute(site, &page.url).is_some())
        .then(|| Url::new(&format!("{}qr.svg", page.url)))
}

/// A text as a QR code in SVG, with the quiet zone of four modules around it. `None` for a text too long for one.
#[must_use]
pub fn qr_svg(content: &str) -> Option<String> {
    const QUIET: usize = 4;
    let code = QrCode::with_error_correction_level(content, EcLevel::M).ok()?;
    let width = code.width();
    let size = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..]
                .iter()
                .take_while(|color| **color == Color::Dark)
                .count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"{size}\" height=\"{size}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_finders_and_its_quiet_zone() {
        let svg = qr_svg("https://example.org/").unwrap_or_default();
        assert!(svg.contains("viewBox=\"0 0 33 33\""), "{svg}");
        assert!(svg.contains("d=\"M4 4h7v1h-7z"), "{svg}");
        assert_eq!(qr_svg(&"长".repeat(2000)), None);
    }
}
