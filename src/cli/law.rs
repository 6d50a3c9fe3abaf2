//! `pufa law list | show | diff`: the law library in the terminal.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::base::{ArticleNo, Date};
use crate::diag::Diagnostic;
use crate::model::law::{Law, LawId, Library, Version, anchor};
use crate::parse::statute::{Article, Element, Statute};
use crate::render::compare::{Change, Pair, Piece, compare};

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// `pufa law list`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ListArgs {
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `pufa law show TITLE [ARTICLE]`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ShowArgs {
    /// A title or short title: 民法典.
    pub title: String,
    /// An article: 1079, 133-1, 第一百三十三条之一.
    pub article: Option<String>,
    /// The version in force on this day.
    #[arg(long)]
    pub date: Option<String>,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `pufa law diff TITLE FROM TO`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct DiffArgs {
    /// A title or short title.
    pub title: String,
    /// The date of the older version.
    pub from: String,
    /// The date of the newer version.
    pub to: String,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
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

fn usage(diagnostic: Diagnostic) -> Failure {
    Failure::Usage(Box::new(diagnostic))
}

/// Prints every version of every law.
///
/// # Errors
///
/// The output can't be written.
pub fn list(args: &ListArgs, library: &Library, out: &mut dyn Write) -> Result<(), Failure> {
    for law in library.laws() {
        for version in &law.versions {
            match args.format {
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
pub fn show(args: &ShowArgs, library: &Library, out: &mut dyn Write) -> Result<(), Failure> {
    let law = library.law(find(library, &args.title)?);
    let version = match &args.date {
        None => law.in_force(None),
        Some(text) => law.in_force(Some(date(text)?)),
    };
    let Some(version) = version else {
        return Err(usage(no_version(law, args.date.as_deref())));
    };
    match &args.article {
        None => show_whole(args.format, law, version, out),
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
            show_article(args.format, law, version, article, out)
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

fn date(text: &str) -> Result<Date, Failure> {
    crate::base::date::parse_date(text)
        .ok_or_else(|| usage(Diagnostic::new("not-a-date").with("text", text)))
}

fn no_version(law: &Law, day: Option<&str>) -> Diagnostic {
    let dates: Vec<String> = law
        .versions
        .iter()
        .filter_map(|version| version.date)
        .map(|date| date.to_string())
        .collect();
    let known = (!dates.is_empty()).then(|| dates.join("、"));
    Diagnostic::new("law-no-version")
        .with("law", law.short())
        .with("date", day.unwrap_or("-"))
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
pub fn diff(args: &DiffArgs, library: &Library, out: &mut dyn Write) -> Result<(), Failure> {
    let law = library.law(find(library, &args.title)?);
    let version = |text: &str| {
        let at = law.version_named(date(text)?);
        at.map(|at| &law.versions[at])
            .ok_or_else(|| usage(no_version(law, Some(text))))
    };
    let (old, new) = (version(&args.from)?, version(&args.to)?);
    let comparison = compare(&old.statute, &new.statute);
    for pair in comparison
        .pairs
        .iter()
        .filter(|pair| pair.change != Change::Same)
    {
        match args.format {
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
