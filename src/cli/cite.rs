//! `pufa cite`: the citations in a text, one JSON object each.

use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::base::date::parse_date;
use crate::base::{Date, SourcePath};
use crate::diag::Diagnostic;
use crate::load;
use crate::model::law::Library;
use crate::parse::statute::label::{is_blank, item_label};
use crate::parse::statute::{StatuteFields, parse};
use crate::resolve::citation::{
    Citation, Context, OwnStatute, Position, StatuteText, markdown_mask, resolve, statute_text,
};

use super::args::Global;
use super::law::{Failure, Format, ended};
use super::library::{folders, load_library};
use super::{Status, Terminal};

/// `pufa cite`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CiteArgs {
    /// 法律库文件夹，可以有几个（默认：站点的法律库）— library folders
    #[arg(long, value_name = "DIR")]
    pub laws: Vec<PathBuf>,
    /// 文字出自哪部法律（用于本法、前款）— the statute the text stands in
    #[arg(long, value_name = "TITLE")]
    pub law: Option<String>,
    /// 文字依据哪一天的法律 — the day whose law the text states
    #[arg(long, value_name = "DATE", value_parser = super::args::parse_date)]
    pub date: Option<Date>,
    /// 不读标准输入，读一批句子：每行 {"id","text","law"?,"date"?} — texts to read instead of standard input
    #[arg(long, value_name = "FILE")]
    pub batch: Option<PathBuf>,
    /// 输出格式 — form of the answer
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A line of a batch.
#[derive(Debug, Deserialize)]
struct Asked {
    id: Value,
    text: String,
    law: Option<String>,
    date: Option<String>,
}

/// Runs `pufa cite`.
pub(super) fn command(global: &Global, args: &CiteArgs, terminal: &Terminal) -> Status {
    let mut out = BufWriter::new(io::stdout().lock());
    let answered = folders(global, &args.laws)
        .and_then(|folders| load_library(&folders))
        .map_err(Failure::from)
        .and_then(|(library, _)| {
            run(
                args,
                &library,
                load::today(),
                &mut io::stdin().lock(),
                &mut out,
            )
        })
        .and_then(|()| Ok(out.flush()?));
    ended(answered, terminal)
}

/// Prints the citations of standard input, or of each line of a batch (always as JSON).
///
/// # Errors
///
/// A date or line can't be read (exit status 2); the batch can't be read or the output not written (3).
pub fn run(
    args: &CiteArgs,
    library: &Library,
    today: Date,
    input: &mut dyn Read,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match &args.batch {
        Some(file) => batch(args, library, today, file, out),
        None => {
            let mut text = String::new();
            input.read_to_string(&mut text)?;
            let found = citations(
                &text,
                args.law.as_deref(),
                args.date.unwrap_or(today),
                today,
                library,
            );
            print(args.format, &text, &found, library, out)
        }
    }
}

fn day(text: Option<&str>) -> Result<Option<Date>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match parse_date(text) {
        Some(date) => Ok(Some(date)),
        None => Err(Failure::Usage(Box::new(
            Diagnostic::new("not-a-date").with("text", text),
        ))),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command reads the file it is given"
)]
fn batch(
    args: &CiteArgs,
    library: &Library,
    today: Date,
    file: &std::path::Path,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let path = SourcePath::new(file.to_string_lossy().into_owned());
        Failure::Usage(Box::new(
            Diagnostic::in_file("unreadable-file", &path).with("error", error),
        ))
    })?;
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let asked: Asked = serde_json::from_str(line).map_err(|error| {
            Failure::Usage(Box::new(
                Diagnostic::new("not-a-batch-line")
                    .with("line", number + 1)
                    .with("error", error),
            ))
        })?;
        let law = asked.law.as_deref().or(args.law.as_deref());
        let date = day(asked.date.as_deref())?.or(args.date);
        let found = citations(&asked.text, law, date.unwrap_or(today), today, library);
        let found: Vec<Value> = shown(&asked.text, &found, library);
        writeln!(out, "{}", json!({"id": asked.id, "citations": found}))?;
    }
    Ok(())
}

/// The citations of a Markdown text that may stand in a statute.
fn citations(
    text: &str,
    law: Option<&str>,
    date: Date,
    today: Date,
    library: &Library,
) -> Vec<Citation> {
    let masked = markdown_mask(text);
    let known = law.and_then(|title| library.find(title));
    let title = known.map(|id| library.law(id).title.as_str()).or(law);
    let own = title.map(|title| OwnStatute {
        law: known,
        title,
        version: None,
    });
    let positions = if own.is_some() {
        positions(text, library, own, date)
    } else {
        Vec::new()
    };
    let context = Context {
        library,
        own,
        date: Some(date),
        today: Some(today),
        positions: &positions,
    };
    resolve(text, &masked, &context)
}

/// Where the lines of a text stand in its statute: by the articles it shows itself, else by finding them in the statute.
fn positions(
    text: &str,
    library: &Library,
    own: Option<OwnStatute<'_>>,
    date: Date,
) -> Vec<Position> {
    let (shown, _) = parse(&SourcePath::new("-"), text, StatuteFields::default());
    if shown.article_len() > 0 {
        return shown_positions(&shown);
    }
    let Some(law) = own.and_then(|own| own.law).map(|id| library.law(id)) else {
        return Vec::new();
    };
    let in_force = law.in_force(Some(date)).or_else(|| law.in_force(None));
    let others = (0..law.versions.len()).filter(|version| Some(*version) != in_force);
    in_force
        .into_iter()
        .chain(others)
        .map(|version| found_positions(text, &statute_text(&law.versions[version].statute)))
        .find(|positions| !positions.is_empty())
        .unwrap_or_default()
}

/// Where the lines of a text stand in a statute that has them.
fn found_positions(text: &str, whole: &StatuteText) -> Vec<Position> {
    let mut positions = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_matches(is_blank);
        let content = item_label(content).map_or(content, |label| {
            content[label.len..].trim_start_matches(is_blank)
        });
        if content.chars().count() >= 4
            && let Some(place) = place_of(content, whole)
        {
            positions.push(Position { start, ..place });
        }
        start += line.len();
    }
    positions
}

/// The place of a text in a statute: as a whole line of it before as a part of one, and behind a first paragraph where it
/// speaks of the one before.
fn place_of(content: &str, whole: &StatuteText) -> Option<Position> {
    let bytes = whole.text.as_bytes();
    let speaks_of_before = content.contains("前款") || content.contains("前两款");
    memchr::memmem::find_iter(bytes, content.as_bytes())
        .take(50)
        .filter_map(|at| {
            let next = whole.positions.partition_point(|place| place.start <= at);
            let place = *whole.positions.get(next.checked_sub(1)?)?;
            let end = at + content.len();
            let line = place.start == at && matches!(bytes.get(end), None | Some(b'\n'));
            let fits = !speaks_of_before || place.paragraph > 1;
            Some((!fits, !line, at, place))
        })
        .min_by_key(|(unfit, part, at, _)| (*unfit, *part, *at))
        .map(|(.., place)| place)
}

fn shown_positions(statute: &crate::parse::statute::Statute) -> Vec<Position> {
    let mut positions = Vec::new();
    for article in statute.articles() {
        for paragraph in &article.paragraphs {
            let place = Position {
                start: paragraph.span.start as usize,
                article: Some(article.no),
                paragraph: paragraph.number,
                item: 0,
            };
            positions.push(place);
            positions.extend(paragraph.items.iter().map(|item| Position {
                start: item.span.start as usize,
                item: item.number,
                ..place
            }));
        }
    }
    positions
}

fn print(
    format: Format,
    text: &str,
    found: &[Citation],
    library: &Library,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for (citation, value) in found.iter().zip(shown(text, found, library)) {
        match format {
            Format::Json => writeln!(out, "{value}")?,
            Format::Human => writeln!(out, "{}", line(text, citation, library))?,
        }
    }
    Ok(())
}

/// The citations as JSON; places are counted in characters.
fn shown(text: &str, found: &[Citation], library: &Library) -> Vec<Value> {
    let mut counter = Characters {
        text,
        at: 0,
        count: 0,
    };
    found
        .iter()
        .map(|citation| {
            let start = counter.upto(citation.start);
            json!({
                "start": start,
                "end": start + text[citation.start..citation.end].chars().count(),
                "text": &text[citation.start..citation.end],
                "law": citation.law.map(|law| library.law(law).title.as_str()),
                "article": citation.article.map(|no| no.to_string()),
                "paragraph": citation.paragraph,
                "item": citation.item,
                "status": citation.status.name(),
                "through": citation.through.map(|no| no.to_string()),
                "url": citation.url(library).map(|url| url.to_string()),
            })
        })
        .collect()
}

/// Counts characters up to byte places that only grow.
struct Characters<'a> {
    text: &'a str,
    at: usize,
    count: usize,
}

impl Characters<'_> {
    fn upto(&mut self, byte: usize) -> usize {
        if byte < self.at {
            (self.at, self.count) = (0, 0);
        }
        self.count += self.text[self.at..byte].chars().count();
        self.at = byte;
        self.count
    }
}

fn line(text: &str, citation: &Citation, library: &Library) -> String {
    let law = citation
        .law
        .map_or("-", |law| library.law(law).title.as_str());
    let article = citation.article.map(|no| no.chinese()).unwrap_or_default();
    let paragraph = citation
        .paragraph
        .map(|n| format!(" ¶{n}"))
        .unwrap_or_default();
    let item = citation.item.map(|n| format!(" ({n})")).unwrap_or_default();
    format!(
        "{}\t{law} {article}{paragraph}{item}\t{}",
        &text[citation.start..citation.end].replace('\n', " "),
        citation.status.name()
    )
}
