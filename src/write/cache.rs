//! Files kept in the work folder, each with its size and hash beside it: what a full disk or a hand has damaged is as good as
//! not there, and is made again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::Hash;

/// Puts a file into the cache in one step; others may be doing the same.
pub(super) fn keep(cached: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = cached.parent() {
        fs::create_dir_all(parent)?;
    }
    place(cached, bytes)?;
    place(&sum_of(cached), sum(bytes).as_bytes())
}

/// The bytes of a file of the cache that is as it was kept.
pub(super) fn read(cached: &Path) -> Option<Vec<u8>> {
    let told = fs::read_to_string(sum_of(cached)).ok()?;
    let size = told.split(' ').next()?;
    // A file cut off is known without reading it.
    if fs::metadata(cached).ok()?.len().to_string() != size {
        return None;
    }
    let bytes = fs::read(cached).ok()?;
    (sum(&bytes) == told).then_some(bytes)
}

/// Removes a file of the cache. What can't be removed stays and does no harm.
pub(super) fn forget(cached: &Path) {
    let _ = fs::remove_file(sum_of(cached));
    let _ = fs::remove_file(cached);
}

fn sum(bytes: &[u8]) -> String {
    format!("{} {}", bytes.len(), Hash::of(bytes))
}

fn sum_of(cached: &Path) -> PathBuf {
    beside(cached, ".sum")
}

fn beside(cached: &Path, more: &str) -> PathBuf {
    let mut name = cached.file_name().unwrap_or_default().to_owned();
    name.push(more);
    cached.with_file_name(name)
}

/// Files being written by this process: two that make the same thing at once have a file each.
static WRITING: AtomicU64 = AtomicU64::new(0);

fn place(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let number = WRITING.fetch_add(1, Ordering::Relaxed);
    let part = beside(file, &format!(".{}-{number}.part", std::process::id()));
    let placed = fs::write(&part, bytes).and_then(|()| fs::rename(&part, file));
    if placed.is_err() {
        let _ = fs::remove_file(&part);
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let cached = folder.path().join("books/a.epub");
        assert_eq!(read(&cached), None);
        keep(&cached, b"whole").expect("written");
        assert_eq!(read(&cached).as_deref(), Some(&b"whole"[..]));
        for damage in [&b"whol"[..], b"wrong"] {
            fs::write(&cached, damage).expect("written");
            assert_eq!(read(&cached), None);
        }
        keep(&cached, b"whole").expect("written");
        fs::remove_file(sum_of(&cached)).expect("there");
        assert_eq!(read(&cached), None);
    }

    #[test]
    fn nothing_is_left_beside_what_many_write_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let cached = folder.path().join("a.png");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| keep(&cached, &[7; 100_000]).expect("written"));
            }
        });
        assert_eq!(read(&cached), Some(vec![7; 100_000]));
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 2);
    }
}
