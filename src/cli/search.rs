//! `pufa search`: the site's search in the terminal, from the same files and with the same results as in the browser.
#![expect(
    clippy::disallowed_methods,
    reason = "commands read the files they are given"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::args::{Global, OutputFormat};
use super::{Status, Terminal, pipeline};
use crate::base::ArticleNo;
use crate::config::Overrides;
use crate::diag::Diagnostic;
use crate::index::query::{Engine, Found, Request};
use crate::index::{IndexFiles, SearchKind};
use crate::model::law::Library;
use crate::render::World;

/// `pufa search`.
#[derive(Debug, clap::Args)]
pub struct SearchArgs {
    /// 要找的话 — what to look for
    #[arg(value_name = "QUERY", required_unless_present_any = ["queries", "gaps"])]
    pub query: Option<String>,
    /// 只找一类：law question case episode article page — one kind only
    #[arg(long)]
    pub kind: Option<String>,
    /// 最多几条 — at most so many
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// 说明为什么排在这里 — say why a result is where it is
    #[arg(long)]
    pub explain: bool,
    /// 一批问题（JSONL），给出 R@1、R@5、R@10、R@100、MRR@10 — measure with questions
    #[arg(long, value_name = "FILE")]
    pub queries: Option<PathBuf>,
    /// 读者问题里有、站上没有的词 — words of readers' questions that are nowhere in the site
    #[arg(long)]
    pub gaps: bool,
    /// 输出格式 — form of the output
    #[arg(long, value_enum, default_value = "human")]
    pub format: OutputFormat,
}

/// A question with what should be found.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// Its name.
    pub id: Option<Value>,
    /// The question.
    #[serde(alias = "q", alias = "question")]
    pub text: String,
    /// Any one of these counts.
    #[serde(default)]
    pub expect: Vec<Expected>,
}

/// What should be found.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expected {
    /// An address; without a fragment any part of the page counts.
    Url(String),
    /// An article of a law, or a law.
    Article {
        /// A title of the law.
        law: String,
        /// The article.
        article: Option<String>,
    },
}

/// Runs `pufa search`.
pub(super) fn run(global: &Global, args: &SearchArgs, terminal: &Terminal) -> Status {
    let kind = match args
        .kind
        .as_deref()
        .map(|name| SearchKind::of_name(name).ok_or(name))
    {
        None => None,
        Some(Ok(kind)) => Some(kind),
        Some(Err(name)) => {
            let names = SearchKind::ALL.map(SearchKind::name);
            let diagnostic = Diagnostic::new("unknown-value")
                .with("key", "--kind")
                .with("value", name)
                .with_option("nearest", crate::base::nearest(name, names))
                .with("choices", names.join(" · "));
            return terminal.fail(&diagnostic, Status::Usage);
        }
    };
    let mut pipeline = match pipeline(global, Overrides::default(), terminal) {
        Ok(pipeline) => pipeline,
        Err(status) => return status,
    };
    let world = pipeline.run().world;
    let index = world.search_index();
    let mut out = BufWriter::new(io::stdout().lock());
    let result = if let Some(file) = &args.queries {
        match read_questions(file) {
            Ok(asked) => measure(&asked, index, &world, kind, args, &mut out),
            Err(diagnostic) => return terminal.fail(&diagnostic, Status::Usage),
        }
    } else if args.gaps {
        gaps(pipeline.folder(), index, &mut out)
    } else {
        answer(
            args.query.as_deref().unwrap_or_default(),
            index,
            kind,
            args,
            &mut out,
        )
    };
    match result.and_then(|()| out.flush()) {
        Ok(()) => Status::Fine,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Fine,
        Err(_) => Status::Machine,
    }
}

/// Asks the engine of an index. The engine keeps what it has read, so each thread has its own.
fn with_engine<T>(index: &IndexFiles, ask: impl FnOnce(&Engine<'_>) -> T) -> Option<T> {
    let read = |path: &str| {
        let at = index
            .files
            .binary_search_by(|(name, _)| name.as_str().cmp(path))
            .ok()?;
        Some(index.files[at].1.clone())
    };
    Engine::open(&read).ok().map(|engine| ask(&engine))
}

fn answer(
    query: &str,
    index: &IndexFiles,
    kind: Option<SearchKind>,
    args: &SearchArgs,
    out: &mut dyn Write,
) -> io::Result<()> {
    let request = Request {
        limit: args.limit,
        kind,
        explain: args.explain,
        ..Request::default()
    };
    let found = with_engine(index, |engine| engine.search(query, &request));
    for (rank, result) in (1..).zip(found.map(|answer| answer.results).unwrap_or_default()) {
        if args.format == OutputFormat::Json {
            writeln!(out, "{}", result_json(rank, &result, args.explain))?;
            continue;
        }
        writeln!(out, "{rank:>3}. [{}] {}", result.kind.name(), result.title)?;
        writeln!(out, "     {}", result.url)?;
        writeln!(out, "     {}", snippet(&result.text))?;
        if args.explain {
            writeln!(out, "     = {}", result.score)?;
            for (what, points) in &result.because {
                writeln!(out, "       {points:>8}  {what}")?;
            }
        }
    }
    Ok(())
}

fn result_json(rank: usize, result: &Found, explain: bool) -> Value {
    let mut value = json!({
        "rank": rank,
        "url": result.url,
        "kind": result.kind.name(),
        "title": result.title,
        "law": result.law,
        "article": result.article.map(|no| no.to_string()),
        "score": result.score,
        "snippet": snippet(&result.text),
    });
    if explain {
        value["because"] = json!(result.because);
    }
    value
}

fn snippet(text: &str) -> String {
    crate::doc::text::shorten(&text.replace('\n', " "), 80)
}

/// Reads questions, a JSON object a line.
pub(super) fn read_questions(file: &Path) -> Result<Vec<Asked>, Box<Diagnostic>> {
    let path = crate::base::SourcePath::new(file.to_string_lossy().into_owned());
    let text = std::fs::read_to_string(file).map_err(|error| {
        Box::new(Diagnostic::in_file("unreadable-file", &path).with("error", error))
    })?;
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|error| {
                let problem = Diagnostic::in_file("not-a-question-line", &path);
                Box::new(problem.with("line", number).with("error", error))
            })
        })
        .collect()
}

/// How well questions are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Share of questions whose first expected result is among the first 1, 5, 10, 100.
    pub recall: [f64; 4],
    /// Mean of 1/rank of the first expected result, among the first ten.
    pub reciprocal_rank: f64,
}

/// Asks every question: the results of each, and the rank of the first expected one.
pub(super) fn ask_all(
    asked: &[Asked],
    index: &IndexFiles,
    library: &Library,
    kind: Option<SearchKind>,
) -> Vec<(Vec<Found>, Option<usize>)> {
    asked
        .par_iter()
        .map(|asked| {
            let request = Request {
                limit: 100,
                kind,
                ..Request::default()
            };
            let results = with_engine(index, |engine| engine.search(&asked.text, &request).results)
                .unwrap_or_default();
            let rank = results
                .iter()
                .position(|found| asked.expect.iter().any(|wanted| is(found, wanted, library)));
            (results, rank.map(|at| at + 1))
        })
        .collect()
}

/// The figures of some ranks.
#[must_use]
pub fn figures(ranks: &[Option<usize>]) -> Figures {
    #[expect(clippy::cast_precision_loss, reason = "numbers of questions are small")]
    let share = |count: usize| count as f64 / ranks.len().max(1) as f64;
    let within = |limit: usize| {
        share(
            ranks
                .iter()
                .filter(|rank| rank.is_some_and(|rank| rank <= limit))
                .count(),
        )
    };
    #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
    let sum: f64 = ranks
        .iter()
        .flatten()
        .filter(|rank| **rank <= 10)
        .map(|rank| 1.0 / *rank as f64)
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "numbers of questions are small")]
    let reciprocal_rank = sum / ranks.len().max(1) as f64;
    Figures {
        recall: [1, 5, 10, 100].map(within),
        reciprocal_rank,
    }
}

/// Whether a result is what was expected.
fn is(found: &Found, wanted: &Expected, library: &Library) -> bool {
    match wanted {
        Expected::Url(url) => {
            let url = if url.starts_with('/') {
                url.clone()
            } else {
                format!("/{url}")
            };
            if url.contains('#') {
                found.url == url
            } else {
                found.url.split('#').next() == Some(&url)
            }
        }
        Expected::Article { law, article } => {
            let Some(law) = library.find(law) else {
                return false;
            };
            let number: Option<ArticleNo> = article.as_deref().and_then(|text| text.parse().ok());
            found.law.as_deref().and_then(|name| library.find(name)) == Some(law)
                && (article.is_none() || found.article == number)
        }
    }
}

fn measure(
    asked: &[Asked],
    index: &IndexFiles,
    world: &World,
    kind: Option<SearchKind>,
    args: &SearchArgs,
    out: &mut dyn Write,
) -> io::Result<()> {
    let answers = ask_all(asked, index, &world.site.library, kind);
    if args.format == OutputFormat::Json {
        for (asked, (results, _)) in asked.iter().zip(&answers) {
            let results: Vec<Value> = results
                .iter()
                .map(|found| {
                    json!({
                        "url": found.url,
                        "kind": found.kind.name(),
                        "law": found.law,
                        "article": found.article.map(|no| no.to_string()),
                        "score": found.score,
                    })
                })
                .collect();
            writeln!(out, "{}", json!({ "id": asked.id, "results": results }))?;
        }
    }
    let ranks: Vec<Option<usize>> = answers.iter().map(|(_, rank)| *rank).collect();
    let Figures {
        recall: [one, five, ten, hundred],
        reciprocal_rank,
    } = figures(&ranks);
    let line = format!(
        "R@1 {one:.3}  R@5 {five:.3}  R@10 {ten:.3}  R@100 {hundred:.3}  MRR@10 {reciprocal_rank:.3}  ({})",
        ranks.len()
    );
    if args.format == OutputFormat::Json {
        let _ = writeln!(io::stderr(), "{line}");
        return Ok(());
    }
    for (asked, (results, rank)) in asked
        .iter()
        .zip(&answers)
        .filter(|(_, (_, rank))| rank.is_none_or(|rank| rank > 5))
    {
        let rank = rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string());
        let first = results.first().map_or("", |found| found.url.as_str());
        writeln!(out, "{rank:>4}  {}  {first}", asked.text)?;
    }
    writeln!(out, "{line}")
}

/// Words (pairs of characters) of the acceptance questions that no text of the site holds, the most frequent first.
fn gaps(folder: &Path, index: &IndexFiles, out: &mut dyn Write) -> io::Result<()> {
    let asked = read_questions(&folder.join("tests/search.jsonl")).unwrap_or_default();
    let mut unknown: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    with_engine(index, |engine| {
        for question in &asked {
            let chars: Vec<char> = question
                .text
                .chars()
                .filter(|c| crate::doc::text::is_han(*c))
                .collect();
            for pair in chars.windows(2) {
                let word: String = pair.iter().collect();
                if question.text.contains(&word) && !engine.knows(&word) {
                    unknown.entry(word).or_default().insert(&question.text);
                }
            }
        }
    });
    let mut ranked: Vec<_> = unknown.into_iter().collect();
    ranked.sort_by_key(|(word, questions)| (std::cmp::Reverse(questions.len()), word.clone()));
    for (word, questions) in ranked {
        let example = questions.iter().next().copied().unwrap_or_default();
        writeln!(out, "{word}\t{}\t{example}", questions.len())?;
    }
    Ok(())
}
