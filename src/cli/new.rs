//! `pufa new`: a small complete site, or a piece of one. Never writes over a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::args::{Global, NewArgs, NewKind};
use super::{Status, Terminal, find_root};
use crate::diag::Diagnostic;
use crate::parse::page::without_number;

/// Files of a new site.
const SITE: [(&str, &str); 13] = [
    ("pufa.toml", include_str!("new/pufa.toml")),
    ("content/_index.md", include_str!("new/index.md")),
    ("content/about.md", include_str!("new/about.md")),
    (
        "content/articles/_index.md",
        include_str!("new/articles.md"),
    ),
    ("content/articles/first.md", include_str!("new/article.md")),
    ("content/books/first/_index.md", include_str!("new/book.md")),
    (
        "content/books/first/01-start.md",
        include_str!("new/chapter.md"),
    ),
    ("data/topics.toml", include_str!("new/topics.toml")),
    ("data/audiences.toml", include_str!("new/audiences.toml")),
    ("data/glossary.toml", include_str!("new/glossary.toml")),
    ("static/.gitkeep", ""),
    ("templates/.gitkeep", ""),
    (".gitignore", "/public/\n/.pufa/\n"),
];

/// Runs `pufa new`.
pub(super) fn run(global: &Global, args: &NewArgs, terminal: &Terminal) -> Status {
    let result = match args.kind {
        None => new_site(args),
        Some(kind) => new_piece(global, args, kind),
    };
    match result {
        Ok(made) => {
            for path in &made {
                terminal.line(&path.display().to_string());
            }
            if args.kind.is_none() {
                let next = format!(
                    "{}\n  pufa serve --root {} --open",
                    terminal.say(
                        "站点建好了。接着预览：",
                        "The site is there. To preview it:"
                    ),
                    args.path.display()
                );
                terminal.line(&next);
            }
            Status::Fine
        }
        Err(Trouble::Usage(diagnostic)) => terminal.fail(&diagnostic, Status::Usage),
        Err(Trouble::Disk(path, error)) => {
            let diagnostic = Diagnostic::new("output-write")
                .with("path", path.display())
                .with("error", error);
            terminal.fail(&diagnostic, Status::Machine)
        }
    }
}

enum Trouble {
    Usage(Box<Diagnostic>),
    Disk(PathBuf, io::Error),
}

fn new_site(args: &NewArgs) -> Result<Vec<PathBuf>, Trouble> {
    let folder = &args.path;
    let occupied = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if occupied || folder.is_file() {
        let diagnostic = Diagnostic::new("new-not-empty").with("path", folder.display());
        return Err(Trouble::Usage(Box::new(diagnostic)));
    }
    let title = args.title.clone().unwrap_or_else(|| "普法园地".to_owned());
    let files = SITE
        .iter()
        .map(|(path, text)| (folder.join(path), fill(text, &title)));
    make(files.collect())
}

fn new_piece(global: &Global, args: &NewArgs, kind: NewKind) -> Result<Vec<PathBuf>, Trouble> {
    let root = find_root(global).map_err(Trouble::Usage)?;
    let inner = args.path.strip_prefix("content").unwrap_or(&args.path);
    let place = if args.path.is_absolute() {
        args.path.clone()
    } else {
        root.folder.join("content").join(inner)
    };
    let name = place
        .file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let title = args.title.clone().unwrap_or(name);
    make(piece(kind, &place, &title))
}

/// The files of a piece.
fn piece(kind: NewKind, place: &Path, title: &str) -> Vec<(PathBuf, String)> {
    let file = if place.extension().is_some_and(|end| end == "md") {
        place.to_path_buf()
    } else {
        place.with_extension("md")
    };
    let single = |text: &str| vec![(file.clone(), fill(text, title))];
    match kind {
        NewKind::Page => single(include_str!("new/article.md")),
        NewKind::Chapter => {
            // The id of a question is its own in the whole book.
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let id = format!("{{#{}-1}}", slug::slugify(without_number(&name)));
            single(&include_str!("new/chapter.md").replace("{#whom-to-ask}", &id))
        }
        NewKind::Case => single(include_str!("new/case.md")),
        NewKind::Law => single(include_str!("new/law.md")),
        NewKind::Event => single(include_str!("new/event.md")),
        NewKind::Form => single(include_str!("new/form.md")),
        NewKind::Book => vec![
            (
                place.join("_index.md"),
                fill(include_str!("new/book.md"), title),
            ),
            (
                place.join("01-start.md"),
                fill(include_str!("new/chapter.md"), title),
            ),
        ],
        NewKind::Course => vec![
            (
                place.join("_index.md"),
                fill(include_str!("new/course.md"), title),
            ),
            (
                place.join("01-first/index.md"),
                fill(include_str!("new/episode.md"), title),
            ),
            (
                place.join("01-first/transcript.vtt"),
                include_str!("new/transcript.vtt").to_owned(),
            ),
        ],
        NewKind::Episode => vec![
            (
                place.join("index.md"),
                fill(include_str!("new/episode.md"), title),
            ),
            (
                place.join("transcript.vtt"),
                include_str!("new/transcript.vtt").to_owned(),
            ),
        ],
        NewKind::Directory => vec![
            (
                place.join("_index.md"),
                fill(include_str!("new/directory.md"), title),
            ),
            (
                place.join("services.csv"),
                include_str!("new/services.csv").to_owned(),
            ),
        ],
    }
}

fn fill(text: &str, title: &str) -> String {
    let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
    let today = crate::load::today().to_string();
    text.replace("%TITLE%", &quoted).replace("%TODAY%", &today)
}

/// Writes files that must not exist yet.
fn make(files: Vec<(PathBuf, String)>) -> Result<Vec<PathBuf>, Trouble> {
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Trouble::Usage(Box::new(
            Diagnostic::new("new-exists").with("path", path.display()),
        )));
    }
    for (path, text) in &files {
        let write = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)
        };
        write().map_err(|error| Trouble::Disk(path.clone(), error))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}
