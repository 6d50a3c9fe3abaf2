//! Two folders change places.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest;
use crate::base::OutPath;

/// The folder the next site is put together in: beside the output, so that it is on the same file system.
pub(super) fn staging(output: &Path) -> io::Result<PathBuf> {
    let staging = beside(output, "new");
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    fs::create_dir_all(&staging)?;
    Ok(staging)
}

fn beside(output: &Path, what: &str) -> PathBuf {
    let name = output
        .file_name()
        .map_or_else(|| "public".into(), |name| name.to_string_lossy());
    output.with_file_name(format!(".{name}.pufa-{what}"))
}

/// Cleans up after a build that was killed. Where folders are swapped in two steps and the first was done, the old site comes
/// back.
pub(super) fn recover(output: &Path) -> io::Result<()> {
    let (old, new) = (beside(output, "old"), beside(output, "new"));
    if old.exists() {
        if output.exists() {
            fs::remove_dir_all(&old)?;
        } else {
            fs::rename(&old, output)?;
        }
    }
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    Ok(())
}

/// Puts the staged site in the place of the output.
pub(super) fn swap(output: &Path, staging: &Path, old: &BTreeSet<OutPath>) -> io::Result<()> {
    if !output.exists() {
        if let Some(parent) = output.parent() {
            fs::create_dir_all(parent)?;
        }
        return fs::rename(staging, output);
    }
    if exchange(output, staging).is_ok() {
        rescue(staging, output, old)?;
        return fs::remove_dir_all(staging);
    }
    let aside = beside(output, "old");
    match fs::rename(output, &aside) {
        Ok(()) => {
            if let Err(error) = fs::rename(staging, output) {
                fs::rename(&aside, output)?;
                return Err(error);
            }
            rescue(&aside, output, old)?;
            fs::remove_dir_all(&aside)
        }
        // The output is a mount point or open in another program: file by file is the best that can be done.
        Err(_) => replace_files(output, staging, old),
    }
}

#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    // A link to a folder elsewhere can't change places with what it does not hold.
    if fs::symlink_metadata(a)?.file_type().is_symlink() {
        return Err(io::Error::from(io::ErrorKind::Unsupported));
    }
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Files that came into the old folder after it was looked through are carried over.
fn rescue(from: &Path, to: &Path, old: &BTreeSet<OutPath>) -> io::Result<()> {
    for (inner, path) in foreign(from, old)? {
        let target = to.join(&inner);
        if fs::symlink_metadata(&target).is_err() {
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::rename(path, target)?;
        }
    }
    Ok(())
}

fn replace_files(output: &Path, staging: &Path, old: &BTreeSet<OutPath>) -> io::Result<()> {
    let new = manifest::read(staging);
    for path in &new {
        let (from, to) = (staging.join(path.as_str()), output.join(path.as_str()));
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop))?;
    }
    for path in old.difference(&new) {
        let _ = fs::remove_file(output.join(path.as_str()));
    }
    let (from, to) = (staging.join(manifest::NAME), output.join(manifest::NAME));
    fs::rename(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop))?;
    fs::remove_dir_all(staging)
}

/// Everything in the output that pufa did not write: path inside, and whole path. Of folders only those that hold nothing of
/// pufa's are named.
pub(super) fn foreign(
    output: &Path,
    old: &BTreeSet<OutPath>,
) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let mut found = Vec::new();
    if output.exists() {
        look(output, "", old, &mut found)?;
    }
    Ok(found)
}

fn look(
    folder: &Path,
    inner: &str,
    old: &BTreeSet<OutPath>,
    found: &mut Vec<(PathBuf, PathBuf)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if inner.is_empty() {
            name
        } else {
            format!("{inner}/{name}")
        };
        if entry.file_type()?.is_dir() {
            let prefix = format!("{path}/");
            let ours = old
                .range(OutPath::new(&prefix)..)
                .next()
                .is_some_and(|next| next.as_str().starts_with(&prefix));
            if !ours {
                found.push((PathBuf::from(&path), entry.path()));
            }
            look(&entry.path(), &path, old, found)?;
        } else if path != manifest::NAME && !old.contains(path.as_str()) {
            found.push((PathBuf::from(&path), entry.path()));
        }
    }
    Ok(())
}
