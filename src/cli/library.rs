//! Law library folders → [`Library`], for commands that work outside a site.
#![expect(
    clippy::disallowed_methods,
    reason = "commands read the folders they are given"
)]

use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::args::Global;
use crate::base::SourcePath;
use crate::config::Overrides;
use crate::diag::Diagnostic;
use crate::load::decode::decode;
use crate::model::law::Library;
use crate::parse::statute::{Statute, parse_file};
use crate::pipeline::Pipeline;

/// The folders to read: those given, else the law libraries of the site and its own `content/laws`.
///
/// # Errors
///
/// No folder is given and no site is found, or its configuration can't be read.
pub fn folders(global: &Global, given: &[PathBuf]) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    if !given.is_empty() {
        return Ok(given.to_vec());
    }
    let pipeline = Pipeline::new(super::find_root(global)?, Overrides::default());
    let root = pipeline.folder();
    let mut folders: Vec<PathBuf> = pipeline
        .config()
        .law_libraries
        .iter()
        .map(|folder| root.join(folder))
        .collect();
    let own = root.join("content/laws");
    if own.is_dir() {
        folders.push(own);
    }
    Ok(folders)
}

/// Reads every statute below some folders. Paths are as the folders were given: `../laws/民法典/总则.md`.
///
/// # Errors
///
/// A folder that is not there, or a file that can't be read.
pub fn load_library(folders: &[PathBuf]) -> Result<(Library, Vec<Diagnostic>), Box<Diagnostic>> {
    let mut files = Vec::new();
    for folder in folders {
        files.extend(statute_files(folder)?);
    }
    let read = files
        .par_iter()
        .map(|file| read_statute(file))
        .collect::<Result<Vec<_>, _>>()?;
    let mut problems = Vec::new();
    let mut statutes = Vec::with_capacity(read.len());
    for (statute, found) in read {
        statutes.push(statute);
        problems.extend(found);
    }
    crate::diag::sort(&mut problems);
    Ok((Library::new(statutes), problems))
}

/// How much of a file is read to know the title of its statute.
const HEAD: usize = 8 << 10;

/// A library of only the law a title names, with all its versions: the heads of all files are read, and of that law's files
/// the whole. Empty when no law has that title, so that [`Library::nearest`] must be asked of the whole library.
///
/// # Errors
///
/// As [`load_library`].
pub fn load_law(folders: &[PathBuf], title: &str) -> Result<Option<Library>, Box<Diagnostic>> {
    let mut files = Vec::new();
    for folder in folders {
        files.extend(statute_files(folder)?);
    }
    let heads = files
        .par_iter()
        .map(|file| read_head(file))
        .collect::<Result<Vec<_>, _>>()?;
    let library = Library::new(heads);
    let Some(law) = library.find(title) else {
        return Ok(None);
    };
    let wanted = library
        .law(law)
        .versions
        .iter()
        .flat_map(|version| &version.statute.files);
    let mut wanted: Vec<PathBuf> = wanted
        .map(|file| PathBuf::from(file.path.as_str()))
        .collect();
    wanted.sort();
    let statutes = wanted
        .par_iter()
        .map(|file| read_statute(file))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Library::new(
        statutes.into_iter().map(|(statute, _)| statute).collect(),
    )))
}

/// The statute of the first part of a file; of the whole file when that part is no UTF-8 or holds no end of the header.
fn read_head(file: &Path) -> Result<Statute, Box<Diagnostic>> {
    let mut bytes = Vec::with_capacity(HEAD);
    let read =
        std::fs::File::open(file).and_then(|open| open.take(HEAD as u64).read_to_end(&mut bytes));
    read.map_err(|error| unreadable(file, &error))?;
    let valid = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) if bytes.len() == HEAD && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Ok(read_statute(file)?.0),
    };
    let text = valid.strip_prefix('\u{FEFF}').unwrap_or(valid);
    let end = text.find("<!-- INFO END -->");
    match end {
        Some(end) => Ok(parse_file(&source_path(file), &text[..end + "<!-- INFO END -->".len()]).0),
        None => Ok(read_statute(file)?.0),
    }
}

fn source_path(file: &Path) -> SourcePath {
    SourcePath::new(file.to_string_lossy().replace('\\', "/"))
}

/// The statutes below a folder, sorted: Markdown and text files, without section files and notes about the collection.
fn statute_files(folder: &Path) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let name = entry.file_name().to_string_lossy();
        let statute = (name.ends_with(".md") || name.ends_with(".txt"))
            && !name.starts_with(['_', '.'])
            && !["NOTICE.md", "README.md", "LICENSE.md"].contains(&&*name);
        if entry.file_type().is_file() && statute {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn read_statute(file: &Path) -> Result<(Statute, Vec<Diagnostic>), Box<Diagnostic>> {
    let path = source_path(file);
    let bytes = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let mut problems = Vec::new();
    let Some(text) = decode(bytes, &path, &mut problems) else {
        return Err(Box::new(
            problems
                .pop()
                .unwrap_or_else(|| Diagnostic::in_file("not-text", &path)),
        ));
    };
    let (statute, more) = parse_file(&path, &text);
    problems.extend(more);
    Ok((statute, problems))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Box<Diagnostic> {
    Box::new(Diagnostic::in_file("unreadable-file", &source_path(path)).with("error", error))
}
