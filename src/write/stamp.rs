//! What the last build was made of, and what came of it: a build of the same, over the same output, has nothing to do.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Place, lock, manifest};
use crate::base::Hash;
use crate::diag::{Diagnostic, record};

/// The last build of an output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// How many pages it had.
    pub pages: usize,
    /// How many files it made.
    pub files: usize,
    /// What it had to say.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize, Deserialize)]
struct Stamp {
    inputs: String,
    output: String,
    pages: usize,
    files: usize,
    diagnostics: String,
}

/// The last build, when it was made of the same and its files are all there as it left them.
#[must_use]
pub fn unchanged(place: &Place<'_>, inputs: &Hash) -> Option<Last> {
    let text = fs::read_to_string(file(place)).ok()?;
    let stamp: Stamp = serde_json::from_str(&text).ok()?;
    if stamp.inputs != made_of(inputs)? {
        return None;
    }
    let _lock = lock(place).ok()?;
    if stamp.output != state(place)?.to_string() {
        return None;
    }
    Some(Last {
        pages: stamp.pages,
        files: stamp.files,
        diagnostics: record::read(&stamp.diagnostics)?,
    })
}

/// Keeps what a build was made of. Without it the next one does its work again, no more.
pub fn keep(place: &Place<'_>, inputs: &Hash, last: &Last) {
    let Some((inputs, output)) = made_of(inputs).zip(state(place)) else {
        return;
    };
    let stamp = Stamp {
        inputs,
        output: output.to_string(),
        pages: last.pages,
        files: last.files,
        diagnostics: record::write(&last.diagnostics),
    };
    if let Ok(text) = serde_json::to_string(&stamp) {
        let _ = fs::write(file(place), text);
    }
}

fn file(place: &Place<'_>) -> PathBuf {
    let name = Hash::of(place.output.to_string_lossy().as_bytes()).short(12);
    place.work.join(format!("build-{name}.json"))
}

/// The inputs, and the pufa that works on them.
fn made_of(inputs: &Hash) -> Option<String> {
    let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("{inputs} {version} {}", size_and_time(&program)?))
}

/// Sizes and times of all files of an output folder; `None` when one is gone.
fn state(place: &Place<'_>) -> Option<Hash> {
    let paths = manifest::read(place.output);
    let lines: Option<Vec<String>> = paths
        .par_iter()
        .map(|path| {
            let found = fs::symlink_metadata(place.output.join(path.as_str())).ok()?;
            let kind = found.is_file();
            Some(format!("{path} {kind} {}", size_and_time(&found)?))
        })
        .collect();
    Some(Hash::of(lines?.join("\n").as_bytes()))
}

fn size_and_time(found: &fs::Metadata) -> Option<String> {
    let time = found.modified().ok()?;
    let time = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {}", found.len(), time.as_nanos()))
}
