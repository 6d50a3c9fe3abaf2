//! [`OutputPlan`] → the output folder, whole or not at all.
//!
//! Files are cooked in parallel and compared with what is there. What differs is written into a folder beside the output; when
//! all of it is there, the unchanged files are linked into it and the two folders change places in one step
//! (`renameat2(RENAME_EXCHANGE)` on Linux). Until that step the output is as it was; after it, it is the new site. Only files
//! that the manifest of an earlier build names are ever removed.
#![expect(
    clippy::disallowed_methods,
    reason = "writing the disk is this stage's work"
)]

pub mod books;
mod cache;
pub mod image;
mod manifest;
pub mod stamp;
mod swap;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use crate::base::OutPath;
use crate::config::BookForm;
use crate::diag::{self, Diagnostic};
use crate::load::Asset;
use crate::model::BookId;
use crate::output::{Last, OutputPlan, Recipe, cook};
use crate::render::World;
use crate::render::offline::{self, Made};

pub use manifest::NAME as MANIFEST;

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files new or changed.
    pub written: usize,
    /// Files that were the same.
    pub unchanged: usize,
    /// Files of an earlier build that are gone.
    pub removed: usize,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Failure {
    /// The content has errors.
    Content(Vec<Diagnostic>),
    /// The machine failed: what was done, where, and the error.
    Machine(Diagnostic),
}

/// Where the writer keeps things, and what it tells.
pub struct Place<'a> {
    /// The output folder.
    pub output: &'a Path,
    /// The folder for locks and caches: `.pufa` in the site's root.
    pub work: &'a Path,
    /// Told how many files are done.
    pub progress: &'a (dyn Fn(usize) + Sync),
    /// Told when another build is waited for.
    pub waiting: &'a (dyn Fn() + Sync),
}

/// Writes the site. Warnings met while rendering are returned with the report.
pub fn write(
    world: &Arc<World>,
    plan: &OutputPlan,
    place: &Place<'_>,
) -> Result<(Report, Vec<Diagnostic>), Failure> {
    let _lock = lock(place).map_err(|error| machine("output-lock", place.work, &error))?;
    swap::recover(place.output).map_err(|error| machine("output-write", place.output, &error))?;
    let old = manifest::read(place.output);
    refuse_foreign(plan.files.keys(), &old, place.output)?;
    let staging = swap::staging(place.output)
        .map_err(|error| machine("output-write", place.output, &error))?;
    let result = stage_all(world, plan, &old, place, &staging)
        .and_then(|staged| finish(&old, place, &staging, staged));
    if result.is_err() {
        let _ = fs::remove_dir_all(&staging);
    }
    result
}

/// Stages the plan, then what its pages turned out to need beside them.
fn stage_all(
    world: &Arc<World>,
    plan: &OutputPlan,
    old: &BTreeSet<OutPath>,
    place: &Place<'_>,
    staging: &Path,
) -> Result<Staged, Failure> {
    let (last, first): (BTreeMap<_, _>, BTreeMap<_, _>) = plan
        .files
        .iter()
        .partition(|(_, recipe)| matches!(recipe, Recipe::Last(_)));
    let mut staged = stage(world, &first, place, staging)?;
    let needs = std::mem::take(&mut staged.needs);
    let needs: BTreeMap<&OutPath, &Recipe> = needs
        .iter()
        .filter(|(path, _)| !plan.files.contains_key(*path))
        .collect();
    if !needs.is_empty() {
        refuse_foreign(needs.keys().copied(), old, place.output)?;
        staged.add(stage(world, &needs, place, staging)?);
    }
    if !last.is_empty() {
        stage_last(world, &last, place, staging, &mut staged)?;
    }
    if diag::has_errors(&staged.diagnostics) {
        return Err(Failure::Content(staged.diagnostics));
    }
    Ok(staged)
}

/// Renders and cooks everything without writing, for `check`: the problems met.
#[must_use]
pub fn rehearse(world: &Arc<World>, plan: &OutputPlan) -> Vec<Diagnostic> {
    let recipes: Vec<&Recipe> = plan.files.values().collect();
    recipes
        .into_par_iter()
        .filter(|recipe| {
            matches!(
                recipe,
                Recipe::Page(_) | Recipe::Feed(..) | Recipe::Companion(_) | Recipe::Book(..)
            )
        })
        .flat_map_iter(|recipe| match recipe {
            Recipe::Book(id, form) => {
                books::problems(world, books::Order::of_site(world, *id, &[*form]))
            }
            recipe => cook(world, recipe)
                .map(|cooked| cooked.diagnostics)
                .unwrap_or_default(),
        })
        .collect()
}

fn machine(code: &'static str, path: &Path, error: &io::Error) -> Failure {
    Failure::Machine(
        Diagnostic::new(code)
            .with("path", path.display())
            .with("error", error),
    )
}

/// One build of an output at a time. The lock goes with the process that holds it.
fn lock(place: &Place<'_>) -> io::Result<fs::File> {
    fs::create_dir_all(place.work)?;
    let name = crate::base::Hash::of(place.output.to_string_lossy().as_bytes()).short(12);
    let file = fs::File::create(place.work.join(format!("build-{name}.lock")))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            (place.waiting)();
            file.lock()?;
        }
        // A file system without locks: two builds at once can't be told apart there.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(fs::TryLockError::Error(error)) => return Err(error),
    }
    Ok(file)
}

/// A file at our path that pufa did not write stops the build.
fn refuse_foreign<'p>(
    files: impl Iterator<Item = &'p OutPath>,
    old: &BTreeSet<OutPath>,
    output: &Path,
) -> Result<(), Failure> {
    if !output.exists() {
        return Ok(());
    }
    let foreign: Vec<Diagnostic> = files
        .filter(|path| !old.contains(*path))
        .filter(|path| {
            fs::symlink_metadata(output.join(path.as_str())).is_ok_and(|found| !found.is_dir())
        })
        .take(5)
        .map(|path| {
            Diagnostic::new("output-foreign").with("path", output.join(path.as_str()).display())
        })
        .collect();
    if foreign.is_empty() {
        Ok(())
    } else {
        Err(Failure::Content(foreign))
    }
}

/// What was cooked and stands ready.
#[derive(Default)]
struct Staged {
    /// Files that are in the staging folder.
    written: Vec<OutPath>,
    /// Files that are the same in the output.
    unchanged: Vec<OutPath>,
    /// Files that others need beside them.
    needs: BTreeMap<OutPath, Recipe>,
    /// What each file is known by.
    made: BTreeMap<OutPath, Made>,
    /// The problems met.
    diagnostics: Vec<Diagnostic>,
}

impl Staged {
    fn count(&mut self, path: &OutPath, same: bool) {
        let list = if same {
            &mut self.unchanged
        } else {
            &mut self.written
        };
        list.push(path.clone());
    }

    fn add(&mut self, other: Self) {
        self.written.extend(other.written);
        self.unchanged.extend(other.unchanged);
        self.needs.extend(other.needs);
        self.made.extend(other.made);
        self.diagnostics.extend(other.diagnostics);
    }
}

/// A file that is done: whether it is the same as before, what it is known by, the problems met, and what it needs beside it.
#[derive(Default)]
struct Done {
    same: bool,
    made: Option<Made>,
    diagnostics: Vec<Diagnostic>,
    needs: BTreeMap<OutPath, Recipe>,
}

/// Cooks every file and puts what differs into the staging folder.
fn stage(
    world: &Arc<World>,
    files: &BTreeMap<&OutPath, &Recipe>,
    place: &Place<'_>,
    staging: &Path,
) -> Result<Staged, Failure> {
    let count = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let results: Vec<Result<Vec<(&OutPath, Done)>, Failure>> = tasks(files)
        .into_par_iter()
        .map(|task| {
            if failed.load(Ordering::Relaxed) {
                return Ok(Vec::new());
            }
            let (path, made) = match task {
                Task::One(path, recipe) => {
                    let done = stage_file(world, path, recipe, place, staging);
                    (path, done.map(|done| vec![(path, done)]))
                }
                Task::Book(id, files) => {
                    (files[0].0, stage_book(world, id, &files, place, staging))
                }
            };
            let done = made.map_err(|error| {
                failed.store(true, Ordering::Relaxed);
                machine("output-write", &place.output.join(path.as_str()), &error)
            })?;
            (place.progress)(count.fetch_add(done.len(), Ordering::Relaxed) + done.len());
            Ok(done)
        })
        .collect();
    let mut staged = Staged::default();
    for result in results {
        for (path, done) in result? {
            staged.count(path, done.same);
            staged
                .made
                .extend(done.made.map(|made| (path.clone(), made)));
            staged.diagnostics.extend(done.diagnostics);
            staged.needs.extend(done.needs);
        }
    }
    Ok(staged)
}

/// What is made in one go.
enum Task<'a> {
    One(&'a OutPath, &'a Recipe),
    /// The forms of a book, which are written from the same pages.
    Book(BookId, Vec<(&'a OutPath, BookForm)>),
}

/// Books first: they take longest.
fn tasks<'a>(files: &BTreeMap<&'a OutPath, &'a Recipe>) -> Vec<Task<'a>> {
    let mut books: BTreeMap<BookId, Vec<(&OutPath, BookForm)>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (path, recipe) in files {
        match recipe {
            Recipe::Book(id, form) => books.entry(*id).or_default().push((path, *form)),
            recipe => rest.push(Task::One(path, recipe)),
        }
    }
    let books = books.into_iter().map(|(id, files)| Task::Book(id, files));
    books.chain(rest).collect()
}

/// Makes the forms of a book, or finds them in the cache; what differs is in the staging folder then.
fn stage_book<'a>(
    world: &Arc<World>,
    id: BookId,
    files: &[(&'a OutPath, BookForm)],
    place: &Place<'_>,
    staging: &Path,
) -> io::Result<Vec<(&'a OutPath, Done)>> {
    let forms: Vec<BookForm> = files.iter().map(|(_, form)| *form).collect();
    let order = books::Order::of_site(world, id, &forms);
    let kept = books::book(world, order, place.work, &|_| {})?;
    let mut problems = Some(kept.diagnostics.clone());
    let staged = files.iter().map(|(path, form)| {
        let mut done = match kept.file(*form) {
            Some(file) => stage_copy(world, path, &Asset::large(file)?, place, staging)?,
            None => Done::default(),
        };
        done.diagnostics = problems.take().unwrap_or_default();
        Ok((*path, done))
    });
    staged.collect()
}

/// Copies a large file, unless it is the same as before; it is in the staging folder then.
fn stage_copy(
    world: &World,
    path: &OutPath,
    asset: &Asset,
    place: &Place<'_>,
    staging: &Path,
) -> io::Result<Done> {
    let current = place.output.join(path.as_str());
    let measured = world.site.config.offline.worker;
    Ok(Done {
        same: copy(&asset.path, asset, &current, &staging.join(path.as_str()))?,
        made: measured.then(|| ends(asset)).transpose()?,
        ..Done::default()
    })
}

/// Cooks a file; unless it is the same as before, it is in the staging folder then.
fn stage_file(
    world: &Arc<World>,
    path: &OutPath,
    recipe: &Recipe,
    place: &Place<'_>,
    staging: &Path,
) -> io::Result<Done> {
    let measured = world.site.config.offline.worker;
    let (bytes, diagnostics, needs) = match (cook(world, recipe), recipe) {
        (Some(cooked), _) => (cooked.bytes, cooked.diagnostics, cooked.needs),
        (None, Recipe::Copy(asset)) => return stage_copy(world, path, asset, place, staging),
        (None, Recipe::Resize(..) | Recipe::Book(..) | Recipe::Card(_)) => {
            let (bytes, problems) = make(world, recipe, place.work)?;
            (bytes, problems, BTreeMap::new())
        }
        (
            None,
            Recipe::Page(_)
            | Recipe::Feed(..)
            | Recipe::Companion(_)
            | Recipe::Bytes(_)
            | Recipe::Icon(_)
            | Recipe::Last(_),
        ) => {
            return Ok(Done::default());
        }
    };
    Ok(Done {
        same: stage_bytes(path, &bytes, place, staging)?,
        made: measured.then(|| Made::of(&bytes)),
        diagnostics,
        needs,
    })
}

/// Whether the file is the same as before; if not, it is in the staging folder then.
fn stage_bytes(
    path: &OutPath,
    bytes: &[u8],
    place: &Place<'_>,
    staging: &Path,
) -> io::Result<bool> {
    let same = is_same(&place.output.join(path.as_str()), bytes);
    if !same {
        write_file(&staging.join(path.as_str()), bytes)?;
    }
    Ok(same)
}

/// The files that name the others.
fn stage_last(
    world: &Arc<World>,
    last: &BTreeMap<&OutPath, &Recipe>,
    place: &Place<'_>,
    staging: &Path,
    staged: &mut Staged,
) -> Result<(), Failure> {
    let (list, worker, problem) = offline::files(world, &staged.made);
    staged.diagnostics.extend(problem);
    for (path, recipe) in last {
        let text = match recipe {
            Recipe::Last(Last::Worker) => &worker,
            Recipe::Last(Last::OfflineList) => &list,
            Recipe::Page(_)
            | Recipe::Feed(..)
            | Recipe::Companion(_)
            | Recipe::Bytes(_)
            | Recipe::Copy(_)
            | Recipe::Resize(..)
            | Recipe::Book(..)
            | Recipe::Card(_)
            | Recipe::Icon(_) => continue,
        };
        let same = stage_bytes(path, text.as_bytes(), place, staging)
            .map_err(|error| machine("output-write", &place.output.join(path.as_str()), &error))?;
        staged.count(path, same);
    }
    Ok(())
}

/// What a large file is known by: it is not read whole.
fn ends(asset: &Asset) -> io::Result<Made> {
    use std::io::{Read, Seek, SeekFrom};
    const PART: u64 = 64 << 10;
    let mut file = fs::File::open(&asset.path)?;
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    (&mut file).take(PART).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(asset.len.saturating_sub(PART)))?;
    (&mut file).take(PART).read_to_end(&mut tail)?;
    Ok(Made::of_ends(asset.len, &head, &tail))
}

/// The bytes of a recipe that needs the cache of the work folder; the others have none here.
///
/// # Errors
/// When a picture can't be read, or the cache can't be written.
pub fn make(
    world: &Arc<World>,
    recipe: &Recipe,
    work: &Path,
) -> io::Result<(Vec<u8>, Vec<Diagnostic>)> {
    match recipe {
        Recipe::Resize(asset, resizing) => image::resized(asset, resizing, work),
        Recipe::Book(id, form) => {
            let order = books::Order::of_site(world, *id, &[*form]);
            let kept = books::book(world, order, work, &|_| {})?;
            Ok((kept.bytes(*form)?, kept.diagnostics))
        }
        Recipe::Card(page) => books::card(world, *page, work),
        Recipe::Page(_)
        | Recipe::Feed(..)
        | Recipe::Companion(_)
        | Recipe::Bytes(_)
        | Recipe::Copy(_)
        | Recipe::Icon(_)
        | Recipe::Last(_) => Ok((Vec::new(), Vec::new())),
    }
}

fn is_same(current: &Path, bytes: &[u8]) -> bool {
    let same_length = fs::metadata(current)
        .is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64);
    same_length && fs::read(current).is_ok_and(|found| found == bytes)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)
        }
        other => other,
    }
}

/// Some file systems keep times in whole steps of two seconds.
const COARSE: Duration = Duration::from_secs(2);

/// Whether a copy has the time of its source, as far as its file system can tell.
fn is_same_time(copy: SystemTime, source: SystemTime) -> bool {
    let apart = copy.duration_since(source);
    let apart = apart.unwrap_or_else(|other_way| other_way.duration());
    let parts = copy.duration_since(SystemTime::UNIX_EPOCH);
    let whole = parts.is_ok_and(|time| time.subsec_nanos() == 0);
    apart.is_zero() || whole && apart <= COARSE
}

/// Copies a large file, with its time, unless the output has it with the same size and time. Never held in memory.
fn copy(source: &Path, asset: &Asset, current: &Path, new: &Path) -> io::Result<bool> {
    let fresh = |found: &fs::Metadata| {
        let mut times = found.modified().ok().zip(asset.modified).into_iter();
        found.len() == asset.len && times.any(|(copy, source)| is_same_time(copy, source))
    };
    if fs::metadata(current).is_ok_and(|found| found.is_file() && fresh(&found)) {
        return Ok(true);
    }
    if let Some(parent) = new.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::copy(source, new)?;
    // A copy that can't be given its time is made again by the next build.
    if let (Some(modified), Ok(copied)) =
        (asset.modified, fs::File::options().write(true).open(new))
    {
        let _ = copied.set_modified(modified);
    }
    Ok(false)
}

/// Puts the new site in the place of the old, unless nothing changed.
fn finish(
    old: &BTreeSet<OutPath>,
    place: &Place<'_>,
    staging: &Path,
    staged: Staged,
) -> Result<(Report, Vec<Diagnostic>), Failure> {
    let all = staged.written.iter().chain(&staged.unchanged);
    let all: BTreeSet<&OutPath> = all.collect();
    let gone = old.iter().filter(|path| !all.contains(path)).count();
    let report = Report {
        written: staged.written.len(),
        unchanged: staged.unchanged.len(),
        removed: gone,
    };
    let complete = old.len() == all.len() && gone == 0;
    if report.written == 0 && complete {
        let _ = fs::remove_dir_all(staging);
        return Ok((report, staged.diagnostics));
    }
    let result = (|| {
        manifest::write(staging, all.iter().copied())?;
        link_all(&staged.unchanged, place.output, staging)?;
        link_foreign(place.output, staging, old)?;
        swap::swap(place.output, staging, old)
    })();
    result.map_err(|error| machine("output-write", place.output, &error))?;
    Ok((report, staged.diagnostics))
}

/// Unchanged files are the same files in the new folder: not a byte is written, their times stay.
fn link_all(paths: &[OutPath], output: &Path, staging: &Path) -> io::Result<()> {
    paths
        .par_iter()
        .try_for_each(|path| link(&output.join(path.as_str()), &staging.join(path.as_str())))
}

fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => fs::copy(from, to).map(drop),
        Ok(()) => Ok(()),
    }
}

/// Whatever lies in the output and is not pufa's goes along.
fn link_foreign(output: &Path, staging: &Path, old: &BTreeSet<OutPath>) -> io::Result<()> {
    for (inner, path) in swap::foreign(output, old)? {
        let to = staging.join(&inner);
        let kind = fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            fs::create_dir_all(&to)?;
        } else if kind.is_symlink() {
            copy_link(&path, &to)?;
        } else {
            link(&path, &to)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to).map(drop)
}

/// The folder for locks and caches of a site.
#[must_use]
pub fn work_folder(root: &Path) -> PathBuf {
    root.join(".pufa")
}
