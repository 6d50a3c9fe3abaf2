//! The files an episode names: media with their addresses and sizes, and what the subtitles say.
//!
//! Subtitles are long; they are read again only when their text changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::link;
use crate::base::{SourcePath, Url};
use crate::diag::Diagnostic;
use crate::load::SourceText;
use crate::model::{FileId, PageId, Role, Site, Target};
use crate::parse::episode::{EpisodeFields, is_address, media_type};
use crate::parse::front::Spanned;
use crate::parse::page::Parsed;
use crate::parse::transcript::{self, Format, Transcript};

/// An episode with its files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Episode {
    /// The video.
    pub video: Option<MediaFile>,
    /// The sound.
    pub audio: Option<MediaFile>,
    /// The picture shown before the video plays.
    pub poster: Option<MediaFile>,
    /// Files to take away, with their titles.
    pub downloads: Vec<(String, MediaFile)>,
    /// What is said.
    pub transcript: Option<Arc<Transcript>>,
    /// Where the subtitles are as WebVTT.
    pub captions: Option<Captions>,
    /// The subtitles' text and how long the episode lasts: while both stay the same, so does the transcript.
    from: Option<(Arc<SourceText>, Option<u32>)>,
    /// Problems of the subtitles.
    transcript_problems: Vec<Diagnostic>,
    /// Problems of the files.
    file_problems: Vec<Diagnostic>,
}

/// A file of an episode.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaFile {
    /// In the site.
    Inside {
        /// Its address.
        url: Url,
        /// Its size in bytes.
        size: u64,
        /// Width and height in pixels, when it is an image.
        dimensions: Option<(u32, u32)>,
    },
    /// Elsewhere: its address.
    Outside(Box<str>),
}

impl MediaFile {
    /// Its type by its name: `audio/mpeg`.
    #[must_use]
    pub fn media_type(&self) -> Option<&'static str> {
        match self {
            Self::Inside { url, .. } => media_type(url.path()),
            Self::Outside(address) => media_type(address),
        }
    }

    /// Its size in bytes, when it is known.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::Inside { size, .. } => Some(*size),
            Self::Outside(_) => None,
        }
    }
}

/// Where the subtitles of an episode are as WebVTT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Captions {
    /// In a file the author wrote.
    Written(Url),
    /// In a file made of the transcript.
    Made(Url),
}

impl Captions {
    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        match self {
            Self::Written(url) | Self::Made(url) => url,
        }
    }
}

impl Episode {
    /// Every problem of its files.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.file_problems.iter().chain(&self.transcript_problems)
    }

    /// Video, else sound.
    #[must_use]
    pub fn media(&self) -> Option<&MediaFile> {
        self.video.as_ref().or(self.audio.as_ref())
    }
}

/// The episodes of the site by their content file.
pub type Episodes = BTreeMap<FileId, Arc<Episode>>;

/// Reads the files of every episode, in parallel. What was read before from the same text is kept.
#[must_use]
pub fn resolve_episodes(
    site: &Site,
    data: &BTreeMap<SourcePath, Arc<SourceText>>,
    previous: Option<(&Site, &Episodes)>,
) -> Episodes {
    let pages: Vec<(PageId, &EpisodeFields)> = site
        .page_ids()
        .filter(|(_, page)| page.role == Role::File)
        .filter_map(|(id, page)| Some((id, site.file(page.file).episode()?)))
        .collect();
    pages
        .into_par_iter()
        .map(|(id, fields)| {
            let file = site.page(id).file;
            let before = before(site.file(file), previous);
            let episode = resolve_episode(site, id, fields, data, before);
            (file, Arc::new(episode))
        })
        .collect()
}

fn before<'a>(parsed: &Parsed, previous: Option<(&Site, &'a Episodes)>) -> Option<&'a Episode> {
    let (site, episodes) = previous?;
    let at = site
        .files
        .binary_search_by(|other| other.path.cmp(&parsed.path))
        .ok()?;
    episodes.get(&FileId::of(at)).map(|episode| &**episode)
}

fn resolve_episode(
    site: &Site,
    id: PageId,
    fields: &EpisodeFields,
    data: &BTreeMap<SourcePath, Arc<SourceText>>,
    before: Option<&Episode>,
) -> Episode {
    let page = site.page(id);
    let parsed = site.file(page.file);
    let find = |file: &Option<Spanned>| media_file(site, parsed, &file.as_ref()?.0);
    let mut episode = Episode {
        video: find(&fields.video),
        audio: find(&fields.audio),
        poster: find(&fields.poster),
        ..Episode::default()
    };
    for download in &fields.downloads {
        let file = media_file(site, parsed, &download.file.0);
        episode
            .downloads
            .extend(file.map(|file| (download.title.clone(), file)));
    }
    let made = || Captions::Made(Url::new(&format!("{}captions.vtt", page.url)));
    match (&fields.transcript, &parsed.transcript) {
        (Some((name, _)), _) => {
            read_transcript(
                site,
                parsed,
                name,
                fields.duration_ms,
                data,
                before,
                &mut episode,
            );
            if episode.transcript.is_some() && episode.captions.is_none() {
                episode.captions = Some(made());
            }
        }
        (None, Some(transcript)) => {
            if let Some(duration) = fields.duration_ms {
                transcript.check_duration(duration, &parsed.path, &mut episode.transcript_problems);
            }
            episode.transcript = Some(transcript.clone());
            episode.captions = Some(made());
        }
        (None, None) => {}
    }
    check_files(site, parsed, fields, &mut episode.file_problems);
    episode
}

fn read_transcript(
    site: &Site,
    parsed: &Parsed,
    name: &str,
    duration_ms: Option<u32>,
    data: &BTreeMap<SourcePath, Arc<SourceText>>,
    before: Option<&Episode>,
    episode: &mut Episode,
) {
    let candidates = [
        link::beside(&parsed.path, name),
        Some(name.trim_start_matches('/').to_owned()),
    ];
    let found = candidates
        .into_iter()
        .flatten()
        .map(SourcePath::new)
        .find_map(|path| data.get_key_value(&path));
    let Some((path, text)) = found else { return };
    let format = path
        .extension()
        .as_deref()
        .and_then(Format::of_extension)
        .unwrap_or(Format::WebVtt);
    if format == Format::WebVtt {
        episode.captions = link::find_address(site, parsed, name).map(Captions::Written);
    }
    episode.from = Some((text.clone(), duration_ms));
    let same =
        |from: &(Arc<SourceText>, Option<u32>)| Arc::ptr_eq(&from.0, text) && from.1 == duration_ms;
    if let Some(before) = before.filter(|before| before.from.as_ref().is_some_and(same)) {
        episode.transcript.clone_from(&before.transcript);
        episode
            .transcript_problems
            .clone_from(&before.transcript_problems);
        return;
    }
    let problems = &mut episode.transcript_problems;
    let transcript = transcript::parse(format, &text.text, path, problems);
    if let Some(duration) = duration_ms {
        transcript.check_duration(duration, path, problems);
    }
    episode.transcript = Some(Arc::new(transcript));
}

/// The file or address behind a name; `None` when nothing is there, which [`check_files`] reports.
fn media_file(site: &Site, parsed: &Parsed, name: &str) -> Option<MediaFile> {
    if is_address(name) {
        return Some(MediaFile::Outside(name.into()));
    }
    let url = link::find_address(site, parsed, name)?;
    let asset = match site.routes.by_url.get(url.path()) {
        Some(Target::Asset(index)) => Some(&site.assets[*index as usize].2),
        Some(_) => None,
        None => site.statics.get(url.path().trim_start_matches('/')),
    };
    Some(MediaFile::Inside {
        size: asset.map_or(0, |asset| asset.len),
        dimensions: asset.and_then(|asset| asset.dimensions),
        url,
    })
}

fn check_files(
    site: &Site,
    parsed: &Parsed,
    fields: &EpisodeFields,
    problems: &mut Vec<Diagnostic>,
) {
    let missing = |name: &str| link::find_address(site, parsed, name).is_none();
    if fields.files().any(|(_, (name, _))| missing(name)) {
        let folder = format!("{}/", parsed.path.parent());
        let beside: Vec<&str> = site
            .assets
            .iter()
            .filter_map(|(path, ..)| path.as_str().strip_prefix(&folder))
            .collect();
        fields.check_files(&beside, missing, &parsed.path, problems);
    }
}
