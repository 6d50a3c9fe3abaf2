//! What the front matter of a class episode says: number, speaker, media, chapters, downloads.

use super::fields::Fields;
use super::front::Spanned;
use super::transcript::parse_time;
use crate::base::value::{Node, Table, Value};
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;

/// The keys of an episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpisodeFields {
    /// Which episode of the course it is.
    pub number: Option<u32>,
    /// Who speaks, or in what role.
    pub speaker: Option<String>,
    /// How long it lasts, in milliseconds.
    pub duration_ms: Option<u32>,
    /// The video: a file beside the page, or an address.
    pub video: Option<Spanned>,
    /// The sound: a file beside the page, or an address.
    pub audio: Option<Spanned>,
    /// The picture shown before the video plays.
    pub poster: Option<Spanned>,
    /// The file with the subtitles.
    pub transcript: Option<Spanned>,
    /// The parts, in the order of time.
    pub chapters: Vec<Chapter>,
    /// Files to take away.
    pub downloads: Vec<Download>,
    /// What listeners should know of the sound: that it is read by a machine.
    pub sound_note: Option<String>,
}

/// A part of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// When it begins, in milliseconds.
    pub start_ms: u32,
    /// What it is about.
    pub title: String,
    /// Where it is written.
    pub span: Span,
}

/// A file to take away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// What it is; the file's name when nothing was written.
    pub title: String,
    /// The file beside the page, or an address.
    pub file: Spanned,
}

/// Reads the keys of an episode. Unreadable times and chapters in the wrong order become diagnostics.
pub fn read(fields: &mut Fields<'_>) -> EpisodeFields {
    let number = fields
        .count("number")
        .and_then(|number| u32::try_from(number).ok());
    let duration_ms = time(fields, "duration");
    let chapters = chapters(fields, duration_ms);
    EpisodeFields {
        number,
        speaker: fields.string("speaker"),
        duration_ms,
        video: file(fields, "video"),
        audio: file(fields, "audio"),
        poster: file(fields, "poster"),
        transcript: file(fields, "transcript"),
        chapters,
        downloads: downloads(fields),
        sound_note: fields.string("sound_note"),
    }
}

fn file(fields: &mut Fields<'_>, key: &'static str) -> Option<Spanned> {
    fields
        .spanned_string(key)
        .filter(|(name, _)| !name.trim().is_empty())
}

/// A time: `"06:40"`, `"1:02:03"`, or a number of seconds.
fn time(fields: &mut Fields<'_>, key: &'static str) -> Option<u32> {
    let node = fields.node(key)?;
    let read = time_of(node);
    if read.is_none() {
        let found = serde_json::Value::from(&node.value).to_string();
        let diagnostic = Diagnostic::at("episode-time", fields.file(), node.span);
        fields.report(
            diagnostic
                .with("key", key)
                .with("found", found.trim_matches('"')),
        );
    }
    read
}

fn time_of(node: &Node) -> Option<u32> {
    match &node.value {
        Value::Integer(seconds) => u32::try_from(*seconds).ok()?.checked_mul(1000),
        Value::Float(seconds) if (0.0..1e6).contains(seconds) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range was checked"
            )]
            Some((seconds * 1000.0).round() as u32)
        }
        Value::String(text) => parse_time(text),
        Value::Float(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Moment(..)
        | Value::Array(_)
        | Value::Table(_) => None,
    }
}

fn chapters(fields: &mut Fields<'_>, duration_ms: Option<u32>) -> Vec<Chapter> {
    let mut chapters: Vec<Chapter> = Vec::new();
    for (table, span) in fields.tables("chapters") {
        let (start_ms, title) = nested(fields, table, |inner| {
            (time(inner, "start"), inner.required("title", span))
        });
        let place = table.get("start").map_or(span, |node| node.span);
        let file = fields.file();
        if table.get("start").is_none() {
            fields.report(Diagnostic::at("missing-key", file, span).with("key", "start"));
        }
        let (Some(start_ms), Some(title)) = (start_ms, title) else {
            continue;
        };
        if chapters
            .last()
            .is_some_and(|before| start_ms <= before.start_ms)
        {
            fields.report(Diagnostic::at("chapter-order", file, place).with("title", &title));
        }
        if duration_ms.is_some_and(|duration| start_ms >= duration) {
            fields.report(
                Diagnostic::at("chapter-beyond-duration", file, place).with("title", &title),
            );
        }
        chapters.push(Chapter {
            start_ms,
            title,
            span,
        });
    }
    chapters.sort_by_key(|chapter| chapter.start_ms);
    chapters
}

fn downloads(fields: &mut Fields<'_>) -> Vec<Download> {
    let Some(node) = fields.node("downloads") else {
        return Vec::new();
    };
    let items = match &node.value {
        Value::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut downloads = Vec::new();
    for item in items {
        match &item.value {
            Value::String(name) => downloads.push(Download {
                title: file_name(name),
                file: (name.clone(), item.span),
            }),
            Value::Table(table) => {
                let (name, title) = nested(fields, table, |inner| {
                    (inner.required("file", item.span), inner.string("title"))
                });
                let span = table.get("file").map_or(item.span, |node| node.span);
                if let Some(name) = name {
                    downloads.push(Download {
                        title: title.unwrap_or_else(|| file_name(&name)),
                        file: (name, span),
                    });
                }
            }
            other => {
                let diagnostic = Diagnostic::at("wrong-type", fields.file(), item.span);
                let found = other.kind().name();
                fields.report(
                    diagnostic
                        .with("key", "downloads")
                        .with("wanted", "文本或表 (string or table)")
                        .with("found", found),
                );
            }
        }
    }
    downloads
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// Reads a table inside the one being read and reports what it does not know.
pub(super) fn nested<T>(
    fields: &mut Fields<'_>,
    table: &Table,
    read: impl FnOnce(&mut Fields<'_>) -> T,
) -> T {
    let mut diagnostics = Vec::new();
    let mut inner = Fields::new(table, fields.file(), &mut diagnostics);
    let value = read(&mut inner);
    inner.finish();
    diagnostics
        .into_iter()
        .for_each(|diagnostic| fields.report(diagnostic));
    value
}

/// Whether a media file is an address rather than a file of the site.
#[must_use]
pub fn is_address(name: &str) -> bool {
    name.starts_with("https://") || name.starts_with("http://") || name.starts_with("//")
}

/// The media type of a file by its name: `audio/mpeg` for `audio.mp3`.
#[must_use]
pub fn media_type(name: &str) -> Option<&'static str> {
    let name = name.split(['?', '#']).next().unwrap_or(name);
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "ogv" => "video/ogg",
        "mov" => "video/quicktime",
        _ => return None,
    })
}

impl EpisodeFields {
    /// The files the episode names that lie in the site: key, name and place.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &Spanned)> {
        let named = [
            ("video", &self.video),
            ("audio", &self.audio),
            ("poster", &self.poster),
            ("transcript", &self.transcript),
        ];
        let media = named
            .into_iter()
            .filter_map(|(key, file)| Some((key, file.as_ref()?)));
        media
            .chain(
                self.downloads
                    .iter()
                    .map(|download| ("downloads", &download.file)),
            )
            .filter(|(_, (name, _))| !is_address(name))
    }

    /// Reports every file that is `missing`, with the nearest name of those that lie beside the page.
    /// `beside` are paths relative to the page, in any order.
    pub fn check_files(
        &self,
        beside: &[&str],
        missing: impl Fn(&str) -> bool,
        file: &SourcePath,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for (key, (name, span)) in self.files() {
            if missing(name) {
                let bare = name.trim_start_matches("./");
                let near = crate::base::nearest(bare, beside.iter().copied());
                diagnostics.push(
                    Diagnostic::at("media-missing", file, *span)
                        .with("key", key)
                        .with("name", name)
                        .with_option("nearest", near),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::syntax::{Syntax, read_table};
    use crate::parse::testing::places;

    fn check(text: &str, problems: &[&str]) -> EpisodeFields {
        let file = SourcePath::new("a.md");
        let mut diagnostics = Vec::new();
        let table = read_table(Syntax::Toml, text, 0, &file, &mut diagnostics);
        let mut fields = Fields::new(&table, &file, &mut diagnostics);
        let episode = read(&mut fields);
        fields.finish();
        assert_eq!(places(text, &diagnostics), problems, "{text}");
        episode
    }

    #[test]
    fn every_key_is_read() {
        let episode = check(
            "number = 3\nspeaker = \"讲师\"\nduration = \"06:40\"\naudio = \"audio.mp3\"\ntranscript = \"t.vtt\"\n\
             downloads = [\"a/讲义.pdf\", { title = \"练习\", file = \"b.pdf\" }]\n\
             [[chapters]]\nstart = \"00:00\"\ntitle = \"一\"\n[[chapters]]\nstart = 65\ntitle = \"二\"\n",
            &[],
        );
        assert_eq!(
            (episode.number, episode.duration_ms),
            (Some(3), Some(400_000))
        );
        assert_eq!(
            episode
                .chapters
                .iter()
                .map(|c| c.start_ms)
                .collect::<Vec<_>>(),
            [0, 65_000]
        );
        assert_eq!(
            episode
                .downloads
                .iter()
                .map(|d| d.title.as_str())
                .collect::<Vec<_>>(),
            ["讲义.pdf", "练习"]
        );
    }

    #[test]
    fn times_and_chapters_that_cannot_be_are_named() {
        check(
            "duration = \"6分40秒\"\n",
            &["1:12 episode-time duration 6分40秒"],
        );
        check(
            "duration = \"01:00\"\n[[chapters]]\nstart = \"00:30\"\ntitle = \"一\"\n[[chapters]]\nstart = \"00:20\"\ntitle = \"二\"\n[[chapters]]\nstart = \"02:00\"\ntitel = \"三\"\n",
            &[
                "6:9 chapter-order 二",
                "8:1 missing-key title",
                "10:1 unknown-key titel title",
            ],
        );
        check(
            "duration = 60\nchapters = [{ start = \"01:00\", title = \"尾\" }, { title = \"无\" }]\n",
            &["2:23 chapter-beyond-duration 尾", "2:47 missing-key start"],
        );
    }

    #[test]
    fn a_missing_file_is_named_with_the_nearest() {
        let text = "audio = \"audo.mp3\"\nvideo = \"https://example.com/a.mp4\"\ntranscript = \"./t.vtt\"\n";
        let episode = check(text, &[]);
        let mut diagnostics = Vec::new();
        episode.check_files(
            &["audio.mp3", "t.vtt"],
            |name| !["audio.mp3", "./t.vtt"].contains(&name),
            &SourcePath::new("a.md"),
            &mut diagnostics,
        );
        assert_eq!(
            places(text, &diagnostics),
            ["1:9 media-missing audio audo.mp3 audio.mp3"]
        );
    }

    #[test]
    fn types_by_name() {
        assert_eq!(media_type("a/b.MP3?x=1"), Some("audio/mpeg"));
        assert_eq!(media_type("b.txt"), None);
    }
}
