//! The files of a build → what the service worker goes by: the list of the files with their hashes, and the worker itself.
//!
//! Both are made when everything else is done, because they name it. Every page and what it loads comes from one build: the
//! worker knows a file by its hash, and the list of another build is another list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{World, theme};
use crate::base::{OutPath, Url};
use crate::diag::Diagnostic;
use crate::model::{Section, SectionId, Site, Target};
use crate::parse::front::Kind;
use crate::resolve::episode::MediaFile;

/// The path of the list.
pub const LIST: &str = "offline.json";

/// The path of the worker. It is the worker's identity: browsers ask for it again to see whether there is a new build.
pub const WORKER: &str = "sw.js";

/// Digits of a hash in the list: as many as tell the files of a site apart.
const DIGITS: usize = 12;

/// Kinds of files a page may show. Feeds, calendars and books to take away are not kept.
const SHOWN: [&str; 15] = [
    "html",
    "css",
    "js",
    "svg",
    "png",
    "jpg",
    "jpeg",
    "webp",
    "gif",
    "avif",
    "ico",
    "vtt",
    "woff",
    "woff2",
    "webmanifest",
];

/// Kinds of sound and video: kept with their course only.
const MEDIA: [&str; 9] = [
    "mp3", "m4a", "aac", "ogg", "opus", "wav", "mp4", "m4v", "webm",
];

/// A file of the build that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The first digits of its SHA-256, which the worker compares with what it fetched; `~` before digits that are not of the
    /// whole file.
    pub hash: String,
    /// Its size in bytes.
    pub len: u64,
}

impl Made {
    /// A file of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            hash: digits(&Sha256::digest(bytes)),
            len: bytes.len() as u64,
        }
    }

    /// A file too large to be read whole: its first and last bytes and its size stand for it.
    #[must_use]
    pub fn of_ends(len: u64, head: &[u8], tail: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update(len.to_be_bytes())
            .chain_update(head)
            .chain_update(tail)
            .finalize();
        Self {
            hash: format!("~{}", digits(&digest)),
            len,
        }
    }
}

fn digits(digest: &[u8]) -> String {
    let mut hex = crate::base::hex(digest);
    hex.truncate(DIGITS);
    hex
}

/// What readers may keep as a whole.
struct Collection {
    id: String,
    /// The folder whose files belong to it, without a slash before it.
    folder: String,
    /// Files from elsewhere: articles behind citations, recordings.
    besides: BTreeSet<String>,
}

/// The list of a build's files, and the worker that goes by it. Problems are those of the worker's template.
#[must_use]
pub fn files(
    world: &World,
    made: &BTreeMap<OutPath, Made>,
) -> (String, String, Option<Diagnostic>) {
    let build = build_of(world, made);
    let list = list(world, &build, made).to_string();
    match theme::worker(&world.theme, &world.site.config, &build, LIST) {
        Ok(worker) => (list, worker, None),
        Err(problem) => (list, String::new(), Some(problem)),
    }
}

/// A name for exactly these files.
fn build_of(world: &World, made: &BTreeMap<OutPath, Made>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(world.theme.worker.as_deref().unwrap_or_default());
    for (path, file) in made {
        hasher.update(path.as_str());
        hasher.update([0]);
        hasher.update(&file.hash);
        hasher.update([0]);
    }
    digits(&hasher.finalize())
}

fn list(world: &World, build: &str, made: &BTreeMap<OutPath, Made>) -> Value {
    let shown: BTreeMap<&str, &Made> = made
        .iter()
        .map(|(path, made)| (path.as_str(), made))
        .filter(|(path, _)| has_ending(path, &SHOWN) || is_media(path))
        // Cards are for other sites that link here; no page shows them.
        .filter(|(path, _)| !path.ends_with("/card.png"))
        .collect();
    // A page that stands in for a translation is kept in its own language; here only where it was read.
    let fallbacks = world.site.routes.fallbacks.iter();
    let fallbacks = fallbacks.filter(|one| !matches!(one.target, Target::House(_)));
    let read: BTreeSet<String> = fallbacks
        .map(|fallback| OutPath::of_url(&fallback.url).as_str().to_owned())
        .collect();
    let pages: u64 = shown
        .iter()
        .filter(|(path, _)| !is_media(path) && !read.contains(**path))
        .map(|(_, made)| made.len)
        .sum();
    let all = pages <= world.site.config.offline.whole_site;
    let files: Map<String, Value> = shown
        .iter()
        .map(|(path, made)| ((*path).to_owned(), Value::from(&*made.hash)))
        .collect();
    let core: Vec<&str> = shown
        .keys()
        .copied()
        .filter(|path| is_core(world, path))
        .collect();
    let collections: Map<String, Value> = collections(world)
        .into_iter()
        .map(|collection| {
            let value = collection_value(&collection, &shown, all);
            (collection.id, value)
        })
        .collect();
    json!({ "build": build, "files": files, "core": core, "all": all, "read": read, "collections": collections })
}

/// Whether a file is sound or video.
#[must_use]
pub fn is_media(path: &str) -> bool {
    has_ending(path, &MEDIA)
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| endings.contains(&ending.to_ascii_lowercase().as_str()))
}

/// What is kept at once: the front pages and search pages, the page for unknown addresses, the look, the way into the search.
fn is_core(world: &World, path: &str) -> bool {
    let site = &world.site;
    let front = site
        .config
        .language_codes()
        .flat_map(|language| {
            let front = site.section(site.root(language)).url.clone();
            [front, site.routes.search_in(language)]
        })
        .any(|url| OutPath::of_url(&url).as_str() == path);
    let look = path.starts_with("css/") || path.starts_with("js/");
    let search = path
        .strip_prefix("search/")
        .is_some_and(|name| !name.contains('/'));
    front || look || search || path == "404.html"
}

fn collection_value(collection: &Collection, shown: &BTreeMap<&str, &Made>, all: bool) -> Value {
    let belongs = |path: &str| {
        path.starts_with(&collection.folder)
            || collection.besides.contains(path)
            // Where the whole site is not kept anyway, a kept book is to be searched as well.
            || (!all && path.starts_with("search/"))
    };
    let inside: Vec<(&str, u64)> = shown
        .iter()
        .filter(|(path, _)| belongs(path))
        .map(|(path, made)| (*path, made.len))
        .collect();
    let bytes: u64 = inside.iter().map(|(_, len)| len).sum();
    let paths: Vec<&str> = inside.into_iter().map(|(path, _)| path).collect();
    json!({ "bytes": bytes, "paths": paths })
}

/// The name under which readers keep a section: books and courses have one.
#[must_use]
pub fn keep_id(site: &Site, id: SectionId) -> Option<String> {
    if !site.config.offline.worker {
        return None;
    }
    let section = site.section(id);
    if let Some(book) = site.books.iter().find(|book| book.section == id) {
        return Some(format!("book-{}", book.id));
    }
    (section.kind == Kind::Course && !section.pages.is_empty())
        .then(|| format!("course-{}", inner(&section.url).replace('/', "-")))
}

/// An address as a path of the output, without slashes around it.
fn inner(url: &Url) -> &str {
    url.path().trim_matches('/')
}

fn collections(world: &World) -> Vec<Collection> {
    let site = &world.site;
    let mut all: Vec<Collection> = (0..site.sections.len())
        .map(SectionId::of)
        .filter_map(|id| {
            let section = site.section(id);
            Some(Collection {
                id: keep_id(site, id)?,
                folder: format!("{}/", inner(&section.url)),
                besides: recordings(world, section),
            })
        })
        .collect();
    for (cited, by) in world.resolved.cited_by.iter() {
        let (law, no) = *cited;
        let files: Vec<Url> = super::statute::popover_files_of(site.library.law(law), no).collect();
        for page in by.iter().map(|by| site.page(by.page)) {
            let within =
                |collection: &&mut Collection| page.url.path()[1..].starts_with(&collection.folder);
            for collection in all.iter_mut().filter(within) {
                let files = files.iter().map(|file| inner(file).to_owned());
                collection.besides.extend(files);
            }
        }
    }
    all
}

/// The recordings of a course that lie in the site.
fn recordings(world: &World, section: &Section) -> BTreeSet<String> {
    let episodes = section
        .pages
        .iter()
        .filter_map(|id| world.resolved.episodes.get(&world.site.page(*id).file));
    episodes
        .flat_map(|episode| [&episode.video, &episode.audio, &episode.poster])
        .flatten()
        .filter_map(|file| match file {
            MediaFile::Inside { url, .. } => Some(inner(url).to_owned()),
            MediaFile::Outside(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_what_browsers_compute() {
        // `printf pufa | sha256sum`
        let made = Made::of(b"pufa");
        assert_eq!(made.len, 4);
        assert_eq!(made.hash, PUFA);
    }

    const PUFA: &str = "370b2e4d95f9";

    #[test]
    fn ends_are_marked_as_such() {
        let one = Made::of_ends(9, b"a", b"b");
        assert!(one.hash.starts_with('~'));
        assert_ne!(one, Made::of_ends(8, b"a", b"b"));
    }
}
