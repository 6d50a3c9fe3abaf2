//! The list of the files pufa wrote into an output folder: only these may ever be removed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::base::OutPath;

/// Its name in the output folder.
pub const NAME: &str = ".pufa-manifest";

const FIRST_LINE: &str = "pufa manifest 1";

/// The files an earlier build wrote; none where there is no manifest that can be read.
pub(super) fn read(output: &Path) -> BTreeSet<OutPath> {
    let Ok(text) = fs::read_to_string(output.join(NAME)) else {
        return BTreeSet::new();
    };
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        return BTreeSet::new();
    }
    lines
        .filter(|line| is_inside(line))
        .map(OutPath::new)
        .collect()
}

/// A manifest that was tampered with must not name files outside of the output.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.starts_with('/')
        && path.split('/').all(|part| part != ".." && part != ".")
}

/// Writes the manifest.
pub(super) fn write<'p>(folder: &Path, paths: impl Iterator<Item = &'p OutPath>) -> io::Result<()> {
    let mut text = String::from(FIRST_LINE);
    text.push('\n');
    for path in paths {
        text.push_str(path.as_str());
        text.push('\n');
    }
    fs::write(folder.join(NAME), text)
}
