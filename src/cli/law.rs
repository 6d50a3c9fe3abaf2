//! `pufa law list | show | diff`: the law library in the terminal.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::base::{ArticleNo, Date};
use crate::diag::Diagnostic;
use crate::model::law::{Law, LawId, Library, Version, anchor};
use crate::parse::statute::{Article, Element, Statute};
use crate::render::compare::{Change, Pair, Piece, compare};

use super::args::{Global, parse_date};
use super::library::{folders, load_law, load_library};
use super::{Status, Terminal};

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// 给人看 — for people
    #[default]
    Human,
    /// 一行一个 JSON — one JSON object a line
    Json,
}

/// `pufa law`.
#[derive(Clone, Debug, clap::Args)]
pub struct LawArgs {
    /// 法律库文件夹，可以有几个（默认：站点的法律库）— library folders
    #[arg(long, global = true, value_name = "DIR")]
    pub laws: Vec<PathBuf>,
    /// 输出格式 — form of the answer
    #[arg(long, global = true, value_enum, default_value_t)]
    pub format: Format,
    /// What is asked.
    #[command(subcommand)]
    pub command: LawCommand,
}

/// What `pufa law` is asked.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum LawCommand {
    /// 列出每部法律的每个版本 — every version of every law
    List,
    /// 全文或一条 — a law, or an article of it
    Show(ShowArgs),
    /// 两个版本之间改了什么 — what changed between two versions
    Diff(DiffArgs),
}

/// `pufa law show TITLE [ARTICLE]`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ShowArgs {
    /// 名称或简称，如 民法典 — a title or short title
    pub title: String,
    /// 条号：1079、133-1、第一百三十三条之一 — an article
    pub article: Option<String>,
    /// 这一天有效的版本 — the version in force on this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub date: Option<Date>,
}

/// `pufa law diff TITLE FROM TO`.
#[derive(Clone, Debug, clap::Args)]
pub struct DiffArgs {
    /// 名称或简称 — a title or short title
    pub title: String,
    /// 旧版本的日期 — the date of the older version
    #[arg(value_parser = parse_date)]
    pub from: Date,
    /// 新版本的日期 — the date of the newer version
    #[arg(value_parser = parse_date)]
    pub to: Date,
}

/// Runs `pufa law`.
pub(super) fn command(global: &Global, args: &LawArgs, terminal: &Terminal) -> Status {
    let mut out = BufWriter::new(io::stdout().lock());
    let answered = answer(global, args, &mut out).and_then(|()| Ok(out.flush()?));
    ended(answered, terminal)
}

/// The status a command that looks into the library ends with.
pub(super) fn ended(answered: Result<(), Failure>, terminal: &Terminal) -> Status {
    match answered {
        Ok(()) => Status::Fine,
        Err(Failure::Usage(diagnostic)) => terminal.fail(&diagnostic, Status::Usage),
        // `pufa law list | head` closes the pipe: nothing failed.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Status::Fine,
        Err(Failure::Io(_)) => Status::Machine,
    }
}

fn answer(global: &Global, args: &LawArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let folders = folders(global, &args.laws)?;
    if let LawCommand::Show(asked) = &args.command
        && let Some(library) = load_law(&folders, &asked.title)?
    {
        return show(asked, args.format, &library, out);
    }
    let (library, _) = load_library(&folders)?;
    match &args.command {
        LawCommand::List => list(args.format, &library, out),
        LawCommand::Show(asked) => show(asked, args.format, &library, out),
        LawCommand::Diff(asked) => diff(asked, args.format, &library, out),
    }
}

/// Why a command could not answer.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for is not there, or was asked for wrongly: exit status 2.
    Usage(Box<Diagnostic>),
    /// The answer could not be written: exit status 3.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Box<Diagnostic>> for Failure {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Usage(diagnostic)
    }
}

fn usage(diagnostic: Diagnostic) -> Failure {
    Failure::Usage(Box::new(diagnostic))
}

/// Prints every version of every law.
///
/// # Errors
///
/// The output can't be written.
pub fn list(format: Format, library: &Library, out: &mut dyn Write) -> Result<(), Failure> {
    for law in library.laws() {
        for version in &law.versions {
            match format {
                Format::Json => writeln!(out, "{}", listed(law, version))?,
                Format::Human => writeln!(out, "{}", listed_line(law, version))?,
            }
        }
    }
    Ok(())
}

fn listed(law: &Law, version: &Version) -> Value {
    let statute = &version.statute;
    let articles: Vec<String> = statute
        .articles()
        .map(|article| article.no.to_string())
        .collect();
    let parts: Vec<&str> = statute.parts().map(|part| &*part.raw).collect();
    json!({
        "title": law.title,
        "short_titles": law.short_titles,
        "kind": statute.kind.chinese(),
        "date": version.date.map(|date| date.to_string()),
        "effective": statute.dates.effective.map(|date| date.to_string()),
        "status": status(law, version),
        "file": statute.files[0].path.as_str(),
        "files": statute.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
        "url": law.url().as_str(),
        "issuer": statute.issuer,
        "number": statute.number,
        "passed": statute.dates.passed.map(|date| date.to_string()),
        "amended": statute.dates.amended.iter().map(Date::to_string).collect::<Vec<_>>(),
        "chapters": parts,
        "articles": articles,
    })
}

fn listed_line(law: &Law, version: &Version) -> String {
    let date = version
        .date
        .map_or_else(|| "----------".to_owned(), |date| date.to_string());
    format!(
        "{date}  {:>5}  {}  {}",
        version.statute.article_len(),
        status(law, version),
        law.title
    )
}

/// What the file says, else what follows from the versions.
fn status(law: &Law, version: &Version) -> String {
    if let Some(status) = &version.statute.status {
        return status.clone();
    }
    let newest = law
        .newest()
        .is_some_and(|newest| std::ptr::eq(newest, version));
    match (&law.repeal, newest) {
        (Some(_), _) => "已废止",
        (None, true) => "现行有效",
        (None, false) => "已被修改",
    }
    .to_owned()
}

/// Prints a law or an article of it.
///
/// # Errors
///
/// The law, article or version is not in the library; the output can't be written.
pub fn show(
    args: &ShowArgs,
    format: Format,
    library: &Library,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let law = library.law(find(library, &args.title)?);
    let Some(version) = law.in_force(args.date) else {
        return Err(usage(no_version(law, args.date)));
    };
    match &args.article {
        None => show_whole(format, law, version, out),
        Some(text) => {
            let no: ArticleNo = text
                .parse()
                .map_err(|_| usage(Diagnostic::new("not-an-article-number").with("text", text)))?;
            let Some(article) = law.versions[version].statute.article(no) else {
                return Err(usage(unknown_article(
                    law,
                    &law.versions[version].statute,
                    no,
                )));
            };
            show_article(format, law, version, article, out)
        }
    }
}

fn find(library: &Library, title: &str) -> Result<LawId, Failure> {
    library.find(title).ok_or_else(|| {
        let nearest = library.nearest(title).map(str::to_owned);
        usage(
            Diagnostic::new("law-not-found")
                .with("law", title)
                .with_option("nearest", nearest),
        )
    })
}

fn no_version(law: &Law, day: Option<Date>) -> Diagnostic {
    let dates: Vec<String> = law
        .versions
        .iter()
        .filter_map(|version| version.date)
        .map(|date| date.to_string())
        .collect();
    let known = (!dates.is_empty()).then(|| dates.join("、"));
    Diagnostic::new("law-no-version")
        .with("law", law.short())
        .with(
            "date",
            day.map_or_else(|| "-".to_owned(), |day| day.to_string()),
        )
        .with_option("versions", known)
}

/// `law` has no article `no`; says where it ends.
fn unknown_article(law: &Law, statute: &Statute, no: ArticleNo) -> Diagnostic {
    Diagnostic::new("law-article-not-found")
        .with("law", law.short())
        .with("article", no.chinese())
        .with_option("last", statute.last_article().map(|last| last.chinese()))
}

fn show_article(
    format: Format,
    law: &Law,
    version: usize,
    article: &Article,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match format {
        Format::Json => writeln!(out, "{}", article_json(law, version, article))?,
        Format::Human => {
            writeln!(out, "{}", law.title)?;
            print_article(article, out)?;
        }
    }
    Ok(())
}

fn article_json(law: &Law, version: usize, article: &Article) -> Value {
    let paragraphs: Vec<Value> = article
        .paragraphs
        .iter()
        .map(|paragraph| {
            let items: Vec<Value> = paragraph
                .items
                .iter()
                .map(|item| {
                    let subitems: Vec<Value> = item
                        .subitems
                        .iter()
                        .map(|subitem| json!({"number": subitem.number, "label": subitem.label, "text": subitem.text}))
                        .collect();
                    json!({"number": item.number, "label": item.label, "text": item.text, "subitems": subitems})
                })
                .collect();
            json!({"number": paragraph.number, "text": paragraph.text, "items": items})
        })
        .collect();
    let url = law
        .version_url(version)
        .with_fragment(&anchor(article, None, None));
    json!({
        "url": url.as_str(),
        "title": law.title,
        "date": law.versions[version].date.map(|date| date.to_string()),
        "article": article.no.to_string(),
        "label": article.label,
        "paragraphs": paragraphs,
    })
}

fn print_article(article: &Article, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}", article.label, article.text().trim_start())
}

fn show_whole(
    format: Format,
    law: &Law,
    version: usize,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let statute = &law.versions[version].statute;
    if format == Format::Json {
        for article in statute.articles() {
            writeln!(out, "{}", article_json(law, version, article))?;
        }
        return Ok(());
    }
    writeln!(out, "{}", law.title)?;
    for line in &statute.header {
        writeln!(out, "{}", line.text)?;
    }
    for element in &statute.elements {
        match element {
            Element::Part(part) => writeln!(out, "\n{}\n", part.raw)?,
            Element::Article(article) => print_article(article, out)?,
            Element::Text(text) => writeln!(out, "{}", text.text)?,
        }
    }
    Ok(())
}

/// Prints what changed from one version of a law to another.
///
/// # Errors
///
/// The law or a version is not in the library; the output can't be written.
pub fn diff(
    args: &DiffArgs,
    format: Format,
    library: &Library,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let law = library.law(find(library, &args.title)?);
    let version = |day: Date| {
        let at = law.version_named(day);
        at.map(|at| &law.versions[at])
            .ok_or_else(|| usage(no_version(law, Some(day))))
    };
    let (old, new) = (version(args.from)?, version(args.to)?);
    let comparison = compare(&old.statute, &new.statute);
    for pair in comparison
        .pairs
        .iter()
        .filter(|pair| pair.change != Change::Same)
    {
        match format {
            Format::Json => writeln!(out, "{}", pair_json(pair))?,
            Format::Human => writeln!(out, "{}", pair_text(pair))?,
        }
    }
    Ok(())
}

fn pair_json(pair: &Pair) -> Value {
    let pieces: Vec<Value> = pair
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Same(text) => json!({"same": text}),
            Piece::Inserted(text) => json!({"inserted": text}),
            Piece::Deleted(text) => json!({"deleted": text}),
        })
        .collect();
    json!({
        "change": pair.change.name(),
        "old": pair.old.map(|no| no.to_string()),
        "new": pair.new.map(|no| no.to_string()),
        "pieces": pieces,
    })
}

fn pair_text(pair: &Pair) -> String {
    let numbers = match (pair.old, pair.new) {
        (Some(old), Some(new)) if old == new => new.chinese(),
        (Some(old), Some(new)) => format!("{} → {}", old.chinese(), new.chinese()),
        (Some(old), None) => format!("- {}", old.chinese()),
        (None, Some(new)) => format!("+ {}", new.chinese()),
        (None, None) => String::new(),
    };
    format!("{numbers}\n{}\n", pair.marked())
}
