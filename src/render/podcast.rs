//! A course → podcast feed: RSS 2.0 with the iTunes and Podcasting 2.0 namespaces, and chapters as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::escape::xml;
use crate::base::Moment;
use crate::parse::episode::Chapter;

/// A podcast. Addresses are absolute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Podcast {
    /// Its title.
    pub title: String,
    /// The course's page.
    pub link: String,
    /// The feed itself.
    pub feed_url: String,
    /// A few sentences.
    pub description: String,
    /// `zh-CN`.
    pub language: String,
    /// Who makes it.
    pub author: String,
    /// Whom to write to; directories ask for it.
    pub email: Option<String>,
    /// A square picture of 1,400 to 3,000 pixels.
    pub image: Option<String>,
    /// The category of the iTunes directory, and below it: `Education` or `Government`.
    pub category: String,
    /// The episodes, newest first.
    pub episodes: Vec<PodcastEpisode>,
}

/// An episode of a podcast: only those with video or audio are in the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct PodcastEpisode {
    /// Its title.
    pub title: String,
    /// Its page; with [`PodcastEpisode::guid`] what tells episodes apart.
    pub link: String,
    /// What stays the same when the address changes.
    pub guid: String,
    /// A few sentences.
    pub description: String,
    /// When it was published.
    pub date: Option<Moment>,
    /// Which episode it is.
    pub number: Option<u32>,
    /// How long it lasts, in milliseconds.
    pub duration_ms: Option<u32>,
    /// The video or audio file.
    pub media: Media,
    /// The subtitles as WebVTT.
    pub transcript: Option<String>,
    /// The chapters as JSON.
    pub chapters: Option<String>,
    /// Its picture.
    pub image: Option<String>,
}

/// A media file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Its address.
    pub url: String,
    /// Its size in bytes; 0 when it lies elsewhere and nobody knows.
    pub length: u64,
    /// Its type: `audio/mpeg`.
    pub kind: String,
}

/// The feed as a file of type `application/rss+xml`.
#[must_use]
pub fn rss(podcast: &Podcast) -> String {
    let mut out = Xml(String::with_capacity(2048 + podcast.episodes.len() * 1024));
    out.0.push_str(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" \
         xmlns:podcast=\"https://podcastindex.org/namespace/1.0\">\n<channel>\n",
    );
    out.element("title", &podcast.title);
    out.element("link", &podcast.link);
    out.empty(
        "atom:link",
        &[
            ("href", &podcast.feed_url),
            ("rel", "self"),
            ("type", "application/rss+xml"),
        ],
    );
    out.element("description", &podcast.description);
    out.element("language", &podcast.language);
    out.element("generator", "pufa");
    let newest = podcast
        .episodes
        .iter()
        .filter_map(|episode| episode.date)
        .max_by_key(Moment::seconds);
    if let Some(newest) = newest {
        out.element("lastBuildDate", &newest.rfc2822());
    }
    out.element("itunes:author", &podcast.author);
    if let Some(email) = &podcast.email {
        out.0.push_str("<itunes:owner>\n");
        out.element("itunes:name", &podcast.author);
        out.element("itunes:email", email);
        out.0.push_str("</itunes:owner>\n");
        let _ = writeln!(
            out.0,
            "<podcast:locked owner=\"{}\">no</podcast:locked>",
            xml(email)
        );
    }
    if let Some(image) = &podcast.image {
        out.empty("itunes:image", &[("href", image)]);
        out.0.push_str("<image>\n");
        out.element("url", image);
        out.element("title", &podcast.title);
        out.element("link", &podcast.link);
        out.0.push_str("</image>\n");
    }
    let category = if podcast.category.is_empty() {
        "Education"
    } else {
        &podcast.category
    };
    out.empty("itunes:category", &[("text", category)]);
    out.element("itunes:explicit", "false");
    out.element("itunes:type", "serial");
    out.element("podcast:medium", "course");
    out.element("podcast:guid", &guid(&podcast.feed_url));
    for episode in &podcast.episodes {
        out.episode(episode, &podcast.language);
    }
    out.0.push_str("</channel>\n</rss>\n");
    out.0
}

/// What a podcast is known by wherever it moves: the UUID of its first address, without scheme and last slash
/// (<https://podcasting2.org/docs/podcast-namespace/tags/guid>).
fn guid(feed_url: &str) -> String {
    const PODCASTS: u128 = 0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6;
    let address = feed_url
        .split_once("://")
        .map_or(feed_url, |(_, rest)| rest);
    crate::base::uuid::of_name(PODCASTS, address.trim_end_matches('/'))
}

struct Xml(String);

impl Xml {
    fn element(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "<{name}>{}</{name}>", xml(text.trim()));
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.0, " {key}=\"{}\"", xml(value));
        }
        self.0.push_str("/>\n");
    }

    fn episode(&mut self, episode: &PodcastEpisode, language: &str) {
        self.0.push_str("<item>\n");
        self.element("title", &episode.title);
        self.element("link", &episode.link);
        let permalink = episode.guid == episode.link;
        let _ = writeln!(
            self.0,
            "<guid isPermaLink=\"{permalink}\">{}</guid>",
            xml(&episode.guid)
        );
        if !episode.description.is_empty() {
            self.element("description", &episode.description);
        }
        if let Some(date) = &episode.date {
            self.element("pubDate", &date.rfc2822());
        }
        let length = episode.media.length.to_string();
        self.empty(
            "enclosure",
            &[
                ("url", &episode.media.url),
                ("length", &length),
                ("type", &episode.media.kind),
            ],
        );
        if let Some(duration) = episode.duration_ms {
            self.element("itunes:duration", &duration.div_ceil(1000).to_string());
        }
        if let Some(number) = episode.number {
            self.element("itunes:episode", &number.to_string());
            self.element("podcast:episode", &number.to_string());
        }
        self.element("itunes:episodeType", "full");
        self.element("itunes:explicit", "false");
        if let Some(image) = &episode.image {
            self.empty("itunes:image", &[("href", image)]);
        }
        if let Some(transcript) = &episode.transcript {
            self.empty(
                "podcast:transcript",
                &[
                    ("url", transcript),
                    ("type", "text/vtt"),
                    ("language", language),
                ],
            );
        }
        if let Some(chapters) = &episode.chapters {
            self.empty(
                "podcast:chapters",
                &[("url", chapters), ("type", "application/json+chapters")],
            );
        }
        self.0.push_str("</item>\n");
    }
}

#[derive(Serialize)]
struct ChaptersFile<'a> {
    version: &'a str,
    title: &'a str,
    chapters: Vec<ChapterEntry<'a>>,
}

#[derive(Serialize)]
struct ChapterEntry<'a> {
    #[serde(rename = "startTime")]
    start: f64,
    title: &'a str,
}

/// The chapters of an episode as Podcasting 2.0 wants them (`application/json+chapters`).
#[must_use]
pub fn chapters_json(title: &str, chapters: &[Chapter]) -> String {
    let entry = |chapter: &'_ Chapter| f64::from(chapter.start_ms) / 1000.0;
    let chapters = chapters
        .iter()
        .map(|chapter| ChapterEntry {
            start: entry(chapter),
            title: &chapter.title,
        })
        .collect();
    serde_json::to_string(&ChaptersFile {
        version: "1.2.0",
        title,
        chapters,
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;

    fn episode() -> PodcastEpisode {
        PodcastEpisode {
            title: "第一讲 <工资>".into(),
            link: "https://example.org/classes/wages/".into(),
            guid: "https://example.org/classes/wages/".into(),
            description: "导语 & 说明".into(),
            date: Moment::parse("2026-03-05"),
            number: Some(1),
            duration_ms: Some(364_500),
            media: Media {
                url: "https://example.org/a.mp3?x=1&y=2".into(),
                length: 1234,
                kind: "audio/mpeg".into(),
            },
            transcript: Some("https://example.org/t.vtt".into()),
            chapters: Some("https://example.org/c.json".into()),
            image: None,
        }
    }

    fn feed() -> String {
        rss(&Podcast {
            title: "普法云课堂".into(),
            link: "https://example.org/classes/".into(),
            feed_url: "https://example.org/classes/podcast.xml".into(),
            description: "十五讲".into(),
            language: "zh-CN".into(),
            author: "示例司法局".into(),
            email: Some("a@example.org".into()),
            image: Some("https://example.org/cover.png".into()),
            category: String::new(),
            episodes: vec![episode()],
        })
    }

    #[track_caller]
    fn check(wanted: &str) {
        let feed = feed();
        assert!(feed.contains(wanted), "{wanted} in\n{feed}");
    }

    #[test]
    fn an_episode_says_what_players_ask_for() {
        check("<title>第一讲 &lt;工资&gt;</title>");
        check("<guid isPermaLink=\"true\">https://example.org/classes/wages/</guid>");
        check("<pubDate>Thu, 05 Mar 2026 00:00:00 +0800</pubDate>");
        check(
            "<enclosure url=\"https://example.org/a.mp3?x=1&amp;y=2\" length=\"1234\" type=\"audio/mpeg\"/>",
        );
        check("<itunes:duration>365</itunes:duration>");
        check(
            "<podcast:transcript url=\"https://example.org/t.vtt\" type=\"text/vtt\" language=\"zh-CN\"/>",
        );
        check(
            "<podcast:chapters url=\"https://example.org/c.json\" type=\"application/json+chapters\"/>",
        );
    }

    #[test]
    fn the_channel_says_what_directories_ask_for() {
        check("<itunes:category text=\"Education\"/>");
        check("<itunes:email>a@example.org</itunes:email>");
        check("<podcast:guid>56714542-541d-53e1-9d84-a9301763fd64</podcast:guid>");
        check("<itunes:image href=\"https://example.org/cover.png\"/>");
        check(
            "<atom:link href=\"https://example.org/classes/podcast.xml\" rel=\"self\" type=\"application/rss+xml\"/>",
        );
        assert_eq!(feed(), feed());
    }

    #[test]
    fn chapters_are_json() {
        let chapter = Chapter {
            start_ms: 65_500,
            title: "证据\"一\"".into(),
            span: Span::default(),
        };
        assert_eq!(
            chapters_json("第一讲", &[chapter]),
            "{\"version\":\"1.2.0\",\"title\":\"第一讲\",\"chapters\":[{\"startTime\":65.5,\"title\":\"证据\\\"一\\\"\"}]}"
        );
    }
}
