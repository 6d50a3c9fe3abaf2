//! Changes on the disk, gathered into batches.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::base::SourcePath;
use crate::config::Config;
use crate::load::is_leftover;

/// A file that was closed after writing, or renamed, is complete; nothing more is waited for.
const AFTER_CLOSE: Duration = Duration::from_millis(2);
/// A file that is being written may not be.
const AFTER_WRITE: Duration = Duration::from_millis(25);
/// However busy the disk is, a batch is closed after this time.
const LONGEST: usize = 40;

/// The folders a site is made of, beside its law libraries.
const FOLDERS: [&str; 8] = [
    "content",
    "data",
    "templates",
    "themes",
    "static",
    "i18n",
    "css",
    "js",
];

/// Changes that are taken up together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    paths: BTreeSet<SourcePath>,
    /// Whether the configuration is among them.
    pub(super) config: bool,
    /// Whether files came or went, or something other than content changed.
    structure: bool,
}

impl Batch {
    /// The changed content files and texts of law libraries, when nothing else changed.
    pub(super) fn only_content(&self) -> Option<Vec<SourcePath>> {
        let plain = !self.structure && !self.config;
        plain.then(|| self.paths.iter().cloned().collect())
    }
}

/// A running watch.
pub(super) struct Watch {
    events: Receiver<notify::Result<notify::Event>>,
    root: PathBuf,
    output: PathBuf,
    /// The law libraries as the configuration names them.
    libraries: Vec<String>,
    watcher: RecommendedWatcher,
}

/// Watches everything a site is made of.
pub(super) fn start(root: &Path, config: &Config) -> std::io::Result<Watch> {
    let (sender, events) = channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        // The other end is gone when the process ends.
        let _ = sender.send(event);
    })
    .map_err(std::io::Error::other)?;
    // The root itself shows the configuration, and folders that come later.
    watcher
        .watch(root, RecursiveMode::NonRecursive)
        .map_err(std::io::Error::other)?;
    let libraries = config.law_libraries.iter().map(String::as_str);
    for folder in FOLDERS.into_iter().chain(libraries) {
        let folder = root.join(folder);
        if folder.is_dir() {
            // A folder that can't be watched (too many, no permission) leaves the rest watched.
            let _ = watcher.watch(&folder, RecursiveMode::Recursive);
        }
    }
    Ok(Watch {
        events,
        root: root.to_path_buf(),
        output: root.join(&config.output_dir),
        libraries: config.law_libraries.clone(),
        watcher,
    })
}

impl Watch {
    /// The next batch; `None` when the watch has ended.
    pub(super) fn next(&mut self) -> Option<Batch> {
        loop {
            let mut batch = Batch::default();
            let first = self.events.recv().ok()?;
            let mut wait = self.take(&mut batch, first);
            for _ in 0..LONGEST {
                match self.events.recv_timeout(wait.unwrap_or(AFTER_CLOSE)) {
                    Ok(event) => wait = self.take(&mut batch, event).or(wait),
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            }
            if batch.config || batch.structure || !batch.paths.is_empty() {
                return Some(batch);
            }
        }
    }

    /// Adds an event to the batch; gives how long to wait for more.
    fn take(
        &mut self,
        batch: &mut Batch,
        event: notify::Result<notify::Event>,
    ) -> Option<Duration> {
        let Ok(event) = event else {
            batch.structure = true;
            return Some(AFTER_WRITE);
        };
        let (structure, wait) = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => (false, AFTER_CLOSE),
            EventKind::Access(_) => return None,
            EventKind::Modify(ModifyKind::Name(_)) => (true, AFTER_CLOSE),
            EventKind::Modify(ModifyKind::Metadata(_)) => return None,
            EventKind::Modify(_) => (false, AFTER_WRITE),
            EventKind::Create(_) | EventKind::Remove(_) => (true, AFTER_WRITE),
            EventKind::Any | EventKind::Other => (true, AFTER_WRITE),
        };
        let mut relevant = false;
        for path in &event.paths {
            relevant |= self.add(batch, path, structure);
        }
        relevant.then_some(wait)
    }

    fn add(&mut self, batch: &mut Batch, path: &Path, structure: bool) -> bool {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy())
            .unwrap_or_default();
        if path.starts_with(&self.output) || is_leftover(&name) {
            return false;
        }
        if let Some(inner) = self.in_library(path) {
            batch.structure |= structure || !inner.as_str().ends_with(".md");
            batch.paths.insert(inner);
            return true;
        }
        let inner = path
            .strip_prefix(&self.root)
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/");
        if matches!(inner.as_str(), "pufa.toml" | "zola.toml" | "config.toml") {
            batch.config = true;
            return true;
        }
        // Beside the site's folders the root holds what is none of ours.
        let first = inner.split('/').next().unwrap_or_default();
        if !FOLDERS.contains(&first) && path.starts_with(&self.root) {
            return false;
        }
        if structure && first == inner && path.is_dir() {
            // A folder that came after the start is watched from now on; what is in it already is read with this batch.
            let _ = self.watcher.watch(path, RecursiveMode::Recursive);
        }
        batch.structure |= structure || first != "content" || !inner.ends_with(".md");
        batch.paths.insert(SourcePath::new(inner));
        true
    }
    /// A file of a law library, as the sources name it.
    fn in_library(&self, path: &Path) -> Option<SourcePath> {
        self.libraries.iter().find_map(|library| {
            let inner = path.strip_prefix(self.root.join(library)).ok()?;
            let inner = inner.to_string_lossy().replace('\\', "/");
            Some(SourcePath::new(format!("{library}/{inner}")))
        })
    }
}
