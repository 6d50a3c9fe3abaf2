//! Walking folders: sorted, links followed, loops and unreadable places reported and passed over.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use globset::{Glob, GlobSet, GlobSetBuilder};
use walkdir::WalkDir;

use crate::base::SourcePath;
use crate::diag::Diagnostic;

/// A file that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Relative to the site's root.
    pub path: SourcePath,
    /// Where it lies.
    pub absolute: PathBuf,
    /// Its size.
    pub len: u64,
    /// When it was last changed.
    pub modified: Option<SystemTime>,
}

impl Found {
    /// Whether the file name ends with `.extension`, in any case.
    pub(super) fn is(&self, extension: &str) -> bool {
        self.path.extension().as_deref() == Some(extension)
    }
}

/// A file of the site's folder, when it is there.
pub(super) fn file(root: &Path, name: &str) -> Option<Found> {
    let absolute = root.join(name);
    let metadata = std::fs::metadata(&absolute).ok()?;
    metadata.is_file().then(|| Found {
        path: SourcePath::new(name),
        len: metadata.len(),
        modified: metadata.modified().ok(),
        absolute,
    })
}

/// The set of the globs that can be read.
pub(super) fn globs(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    patterns
        .iter()
        .filter_map(|pattern| Glob::new(pattern).ok())
        .for_each(|glob| {
            builder.add(glob);
        });
    builder.build().unwrap_or_else(|_| GlobSet::empty())
}

/// Every file below `root/folder`, sorted by path. Hidden files and what editors leave behind are passed over.
pub(super) fn walk(
    root: &Path,
    folder: &str,
    ignored: &GlobSet,
    output: &Path,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Found> {
    let start = root.join(folder);
    if !start.exists() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let walker = WalkDir::new(&start)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| {
            entry.depth() == 0
                || (!is_leftover(&entry.file_name().to_string_lossy()) && entry.path() != output)
        });
    for entry in walker {
        match entry {
            Ok(entry) => {
                let path = source_path(&start, folder, entry.path());
                if entry.file_type().is_dir() {
                    if entry.depth() > 0 && path.extension().as_deref() == Some("md") {
                        diagnostics.push(Diagnostic::in_file("folder-named-like-a-file", &path));
                    }
                } else if entry.file_type().is_file() && !ignored.is_match(inside(&path, folder)) {
                    let metadata = entry.metadata().ok();
                    files.push(Found {
                        absolute: entry.path().to_path_buf(),
                        len: metadata.as_ref().map_or(0, std::fs::Metadata::len),
                        modified: metadata.and_then(|metadata| metadata.modified().ok()),
                        path,
                    });
                }
            }
            Err(error) => diagnostics.push(walk_error(&error, &start, folder)),
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn inside<'p>(path: &'p SourcePath, folder: &str) -> &'p str {
    path.as_str()
        .strip_prefix(folder)
        .unwrap_or(path.as_str())
        .trim_start_matches('/')
}

fn source_path(start: &Path, folder: &str, path: &Path) -> SourcePath {
    let inner = path
        .strip_prefix(start)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/");
    if inner.is_empty() {
        SourcePath::new(folder)
    } else {
        SourcePath::new(format!("{folder}/{inner}"))
    }
}

fn walk_error(error: &walkdir::Error, start: &Path, folder: &str) -> Diagnostic {
    let path = error.path().map_or_else(
        || SourcePath::new(folder),
        |path| source_path(start, folder, path),
    );
    if error.loop_ancestor().is_some() {
        return Diagnostic::in_file("link-loop", &path);
    }
    let dead = error
        .path()
        .is_some_and(|path| path.is_symlink() && !path.exists());
    if dead {
        return Diagnostic::in_file("dead-symlink", &path);
    }
    let reason = error
        .io_error()
        .map_or_else(|| error.to_string(), ToString::to_string);
    Diagnostic::in_file("unreadable-file", &path).with("error", reason)
}

/// Hidden files, and the copies and swap files of editors and file managers.
pub(crate) fn is_leftover(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || name.starts_with("~$")
        || (name.starts_with('#') && name.ends_with('#'))
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || matches!(name, "Thumbs.db" | "desktop.ini" | "4913")
}
