//! The files an episode names: media with their addresses and sizes, and what the subtitles say.
//!
//! Subtitles are long; they are read again only when their text changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::link;
use super::spoken::{self, Spoken};
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
    /// What it cites.
    pub spoken: Arc<Spoken>,
    /// Where the subtitles are as WebVTT.
    pub captions: Option<Captions>,
    /// The subtitles' text and how long the episode lasts: while both stay the same, so does the transcript.
    from: Option<(Arc<SourceText>, Option<u32>)>,
    /// The file the subtitles are written in, when it is not the page's.
    transcript_file: Option<SourcePath>,
    /// Problems of the subtitles.
    transcript_problems: Vec<Diagnostic>,
    /// Problems of what they cite.
    spoken_problems: Vec<Diagnostic>,
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
        let problems = self.file_problems.iter().chain(&self.transcript_problems);
        problems.chain(&self.spoken_problems)
    }

    /// Video, else sound.
    #[must_use]
    pub fn media(&self) -> Option<&MediaFile> {
        self.video.as_ref().or(self.audio.as_ref())
    }
}

/// The Markdown files that episodes name as their transcripts: what is said, not pages of the site.
#[must_use]
pub fn transcript_files(files: &BTreeMap<SourcePath, Arc<Parsed>>) -> BTreeSet<SourcePath> {
    let named = files.values().filter_map(|parsed| {
        let (name, _) = parsed.episode()?.transcript.as_ref()?;
        Some(transcript_places(parsed, name))
    });
    named
        .flatten()
        .filter(|path| {
            files
                .get(path)
                .is_some_and(|file| file.episode().is_none_or(|own| own.transcript.is_none()))
        })
        .collect()
}

/// Where a transcript may lie: beside the page, or by its path in the site.
fn transcript_places(parsed: &Parsed, name: &str) -> impl Iterator<Item = SourcePath> {
    let name = link::percent_decode(name);
    let beside = link::beside(&parsed.path, &name);
    let whole = name.trim_start_matches('/').to_owned();
    beside.into_iter().chain([whole]).map(SourcePath::new)
}

/// The text of a transcript, with its place.
fn transcript_text<'a>(
    parsed: &Parsed,
    name: &str,
    data: &'a BTreeMap<SourcePath, Arc<SourceText>>,
) -> Option<(&'a SourcePath, &'a Arc<SourceText>)> {
    transcript_places(parsed, name).find_map(|path| data.get_key_value(&path))
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
            let mut episode = resolve_episode(site, id, fields, data, before);
            let same = previous.is_some_and(|(before, _)| same_laws(before, site, file));
            cite(site, file, before.filter(|_| same), &mut episode);
            (file, Arc::new(episode))
        })
        .collect()
}

fn before<'a>(parsed: &Parsed, previous: Option<(&Site, &'a Episodes)>) -> Option<&'a Episode> {
    let (site, episodes) = previous?;
    let id = file_at(site, &parsed.path)?;
    episodes.get(&id).map(|episode| &**episode)
}

fn file_at(site: &Site, path: &SourcePath) -> Option<FileId> {
    let found = site.files.binary_search_by(|other| other.path.cmp(path));
    found.ok().map(FileId::of)
}

/// Whether citations in what belongs to a file still mean the same.
fn same_laws(before: &Site, site: &Site, file: FileId) -> bool {
    let parsed = &site.files[file.index()];
    Arc::ptr_eq(&before.library, &site.library)
        && before.today == site.today
        && file_at(before, &parsed.path)
            .is_some_and(|id| Arc::ptr_eq(&before.files[id.index()], parsed))
}

/// Finds what a transcript cites, unless it was found `before` under the same laws.
fn cite(site: &Site, file: FileId, before: Option<&Episode>, episode: &mut Episode) {
    let Some(transcript) = &episode.transcript else {
        return;
    };
    let same = |before: &&Episode| {
        let known = before.transcript.as_ref();
        known.is_some_and(|known| Arc::ptr_eq(known, transcript))
    };
    if let Some(before) = before.filter(same) {
        episode.spoken = before.spoken.clone();
        episode.spoken_problems.clone_from(&before.spoken_problems);
        return;
    }
    let parsed = site.file(file);
    let written_in = episode.transcript_file.as_ref().unwrap_or(&parsed.path);
    let problems = &mut episode.spoken_problems;
    episode.spoken = Arc::new(spoken::resolve(
        site, parsed, transcript, written_in, problems,
    ));
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
    check_files(site, parsed, fields, data, &mut episode.file_problems);
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
    let readable = transcript_text(parsed, name, data).and_then(|(path, text)| {
        let format = path.extension().as_deref().and_then(Format::of_extension)?;
        Some((path, text, format))
    });
    let Some((path, text, format)) = readable else {
        return;
    };
    if format == Format::WebVtt {
        episode.captions = link::find_address(site, parsed, name).map(Captions::Written);
    }
    episode.from = Some((text.clone(), duration_ms));
    episode.transcript_file = Some(path.clone());
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
    data: &BTreeMap<SourcePath, Arc<SourceText>>,
    problems: &mut Vec<Diagnostic>,
) {
    let is_text = |name: &str| transcript_text(parsed, name, data).is_some();
    let missing = |name: &str| link::find_address(site, parsed, name).is_none() && !is_text(name);
    if let Some((name, span)) = &fields.transcript
        && (is_address(name) || (!is_text(name) && !missing(name)))
    {
        problems.push(Diagnostic::at("transcript-format", &parsed.path, *span).with("name", name));
    }
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
