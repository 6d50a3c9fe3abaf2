//! `pufa new`: a small complete site, or a piece of one. Never writes over a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::args::{Global, NewArgs, NewKind};
use super::{Status, Terminal, find_root};
use crate::base::SourcePath;
use crate::diag::Diagnostic;
use crate::parse::front::Kind;
use crate::parse::page::{inheritance, nearest_folder, without_number};

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
    let is_folder = matches!(
        kind,
        NewKind::Book | NewKind::Course | NewKind::Episode | NewKind::Directory
    );
    let place = match place.extension() {
        // Those who are used to naming files get a folder without `.md`.
        Some(end) if is_folder && end == "md" => place.with_extension(""),
        Some(_) | None => place,
    };
    let name = place
        .file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let title = args.title.clone().unwrap_or(name);
    let mut files = section_for(&root.folder, kind, &place)?;
    files.extend(piece(kind, &place, &title));
    make(files)
}

/// The kind of section a piece is understood in; `None` when any will do.
fn home(kind: NewKind) -> Option<Kind> {
    match kind {
        NewKind::Chapter => Some(Kind::Book),
        NewKind::Episode => Some(Kind::Course),
        NewKind::Case => Some(Kind::Cases),
        NewKind::Law => Some(Kind::Laws),
        NewKind::Event => Some(Kind::Events),
        NewKind::Page
        | NewKind::Form
        | NewKind::Quiz
        | NewKind::Path
        | NewKind::Calculator
        | NewKind::Notice
        | NewKind::Book
        | NewKind::Course
        | NewKind::Directory => None,
    }
}

/// The `_index.md` of the folder a piece goes into, when it has none and needs one. A folder of another kind is an error.
fn section_for(
    root: &Path,
    kind: NewKind,
    place: &Path,
) -> Result<Vec<(PathBuf, String)>, Trouble> {
    let makes_section = matches!(kind, NewKind::Book | NewKind::Course | NewKind::Directory);
    let folder = place.parent().unwrap_or(root);
    let content = root.join("content");
    let Ok(inner) = folder.strip_prefix(&content) else {
        return Ok(Vec::new());
    };
    let texts = indices_above(root, folder);
    let folders = inheritance(texts.iter().map(|(path, text)| (path, text.as_str())));
    let path = format!("content/{}", inner.to_string_lossy().replace('\\', "/"));
    let here = nearest_folder(&folders, path.trim_end_matches('/')).kind;
    let wanted = home(kind);
    let is_home = match wanted {
        Some(wanted) => here == wanted,
        None => {
            makes_section
                || inner.as_os_str().is_empty()
                || folders.keys().any(|folder| folder != "content")
        }
    };
    let index = folder.join("_index.md");
    if is_home {
        return Ok(Vec::new());
    }
    if inner.as_os_str().is_empty() || index.exists() {
        let diagnostic = Diagnostic::new("new-section-kind")
            .with("folder", path.trim_end_matches('/'))
            .with("kind", here.name())
            .with("wanted", wanted.unwrap_or_default().name());
        return Err(Trouble::Usage(Box::new(diagnostic)));
    }
    let title = folder.file_name().unwrap_or_default().to_string_lossy();
    let text = include_str!("new/section.md").replace("%KIND%", wanted.unwrap_or_default().name());
    Ok(vec![(index, fill(&text, section_title(kind, &title)))])
}

/// The `_index.md` files in a folder and those above it, up to the site's root.
fn indices_above(root: &Path, folder: &Path) -> Vec<(SourcePath, String)> {
    let read = |folder: &Path| {
        let index = folder.join("_index.md");
        let path = index.strip_prefix(root).ok()?.to_string_lossy();
        let path = SourcePath::new(path.replace('\\', "/"));
        Some((path, fs::read_to_string(&index).ok()?))
    };
    folder
        .ancestors()
        .take_while(|folder| folder.starts_with(root))
        .filter_map(read)
        .collect()
}

/// What a section is called that is made for a piece.
fn section_title(kind: NewKind, folder: &str) -> &str {
    match kind {
        NewKind::Chapter => "普法一百问",
        NewKind::Episode => "普法云课堂",
        NewKind::Case => "以案说法",
        NewKind::Law => "法律法规",
        NewKind::Event => "普法活动",
        NewKind::Form => "文书模板",
        NewKind::Quiz => "普法测验",
        NewKind::Path => "自测路径",
        NewKind::Calculator => "计算器",
        NewKind::Notice => "通知",
        NewKind::Page | NewKind::Book | NewKind::Course | NewKind::Directory => folder,
    }
}

/// The files of a piece.
fn piece(kind: NewKind, place: &Path, title: &str) -> Vec<(PathBuf, String)> {
    let file = if place.extension().is_some_and(|end| end == "md") {
        place.to_path_buf()
    } else {
        place.with_extension("md")
    };
    let single = |text: &str| vec![(file.clone(), fill(text, title))];
    let folder = |files: &[(&str, &str)]| {
        let at = |(name, text): &(&str, &str)| (place.join(name), fill(text, title));
        files.iter().map(at).collect()
    };
    const EPISODE: &str = include_str!("new/episode.md");
    const CUES: &str = include_str!("new/transcript.vtt");
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
        NewKind::Quiz => single(include_str!("new/quiz.md")),
        NewKind::Path => single(&include_str!("new/path.md").replace("%HEADING%", title)),
        NewKind::Calculator => single(include_str!("new/calculator.md")),
        NewKind::Notice => single(include_str!("new/notice.md")),
        NewKind::Book => folder(&[
            ("_index.md", include_str!("new/book.md")),
            ("01-start.md", include_str!("new/chapter.md")),
        ]),
        NewKind::Course => folder(&[
            ("_index.md", include_str!("new/course.md")),
            ("01-first/index.md", EPISODE),
            ("01-first/transcript.vtt", CUES),
        ]),
        NewKind::Episode => folder(&[("index.md", EPISODE), ("transcript.vtt", CUES)]),
        NewKind::Directory => folder(&[
            ("_index.md", include_str!("new/directory.md")),
            ("services.csv", include_str!("new/services.csv")),
        ]),
    }
}

fn fill(text: &str, title: &str) -> String {
    let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
    let today = crate::load::today();
    let next_week = today
        .checked_add(jiff::Span::new().days(7))
        .unwrap_or(today);
    text.replace("%TITLE%", &quoted)
        .replace("%TODAY%", &today.to_string())
        .replace("%NEXT_WEEK%", &next_week.to_string())
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
