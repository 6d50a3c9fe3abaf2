//! `pufa search`: the site's search in the terminal, from the same files and with the same results as in the browser.
#![expect(
    clippy::disallowed_methods,
    reason = "commands read the files they are given"
)]

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Global, OutputFormat};
use super::{Status, Terminal, pipeline};
use crate::base::SourcePath;
use crate::config::Overrides;
use crate::diag::{self, Diagnostic};
use crate::index::acceptance::{self, Answered, Asked, DEPTHS, Figures};
use crate::index::gaps::{Frequent, gaps};
use crate::index::query::{Answer, Engine, Found, Request, Why, snippet};
use crate::index::{IndexFiles, SearchKind, site};
use crate::render::World;

/// `pufa search`.
#[derive(Debug, clap::Args)]
pub struct SearchArgs {
    /// 要找的话 — what to look for
    #[arg(value_name = "QUERY", required_unless_present_any = ["queries", "gaps"], conflicts_with_all = ["queries", "gaps"])]
    pub query: Option<String>,
    /// 只找一类：law question case episode article page — one kind only
    #[arg(long)]
    pub kind: Option<String>,
    /// 只找一个主题 — one topic only
    #[arg(long, value_name = "NAME")]
    pub topic: Option<String>,
    /// 只找一类人群 — one audience only
    #[arg(long, value_name = "NAME")]
    pub audience: Option<String>,
    /// 只找一部法律的条文 — articles of one law only
    #[arg(long, value_name = "TITLE")]
    pub law: Option<String>,
    /// 最多几条 — at most so many
    #[arg(long, default_value = "10", value_parser = parse_limit, conflicts_with_all = ["queries", "gaps"])]
    pub limit: usize,
    /// 说明为什么排在这里 — say why a result is where it is
    #[arg(long, conflicts_with_all = ["queries", "gaps"])]
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

/// Runs `pufa search`.
pub(super) fn run(global: &Global, args: &SearchArgs, terminal: &Terminal) -> Status {
    let kind = match kind(args.kind.as_deref()) {
        Ok(kind) => kind,
        Err(problem) => return terminal.fail(&problem, Status::Usage),
    };
    let mut pipeline = match pipeline(global, Overrides::default(), terminal) {
        Ok(pipeline) => pipeline,
        Err(status) => return status,
    };
    let world = pipeline.run().world;
    let index = world.search_index();
    let request = match request(args, kind, &world, index) {
        Ok(request) => request,
        Err(problem) => return terminal.fail(&problem, Status::Usage),
    };
    let search = Search {
        index,
        world: &world,
        request,
        args,
        terminal,
    };
    let default = pipeline
        .folder()
        .join(&world.site.config.search.acceptance.file);
    if args.gaps && args.queries.is_none() && !default.exists() {
        let file = &world.site.config.search.acceptance.file;
        let missing = Diagnostic::new("missing-questions").with("questions", file);
        return terminal.fail(&missing, Status::Usage);
    }
    let file = args.queries.as_deref().or(args.gaps.then_some(&default));
    let asked = file.map(|file| read_questions(file, &world, !args.gaps, terminal));
    let asked = match asked.transpose() {
        Ok(asked) => asked,
        Err(status) => return status,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match (&asked, &args.query) {
        (Some(asked), _) if args.gaps => search.gaps(asked, &mut out),
        (Some(asked), _) => search.measure(asked, &mut out),
        (None, query) => search.answer(query.as_deref().unwrap_or_default(), &mut out),
    };
    match written.and_then(|()| out.flush()) {
        Ok(()) => Status::Fine,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Fine,
        Err(_) => Status::Machine,
    }
}

fn kind(name: Option<&str>) -> Result<Option<SearchKind>, Box<Diagnostic>> {
    let Some(name) = name else { return Ok(None) };
    if let Some(kind) = SearchKind::of_name(name) {
        return Ok(Some(kind));
    }
    let names = SearchKind::ALL.map(SearchKind::name);
    Err(Box::new(
        Diagnostic::new("unknown-value")
            .with("key", "--kind")
            .with("value", name)
            .with_option("nearest", crate::base::nearest(name, names))
            .with("choices", names.join(" · ")),
    ))
}

/// At least one result.
fn parse_limit(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "要一个不小于 1 的整数 — a whole number from 1 on".to_owned())
}

/// What is asked for, every name being one the site has.
fn request(
    args: &SearchArgs,
    kind: Option<SearchKind>,
    world: &World,
    index: &IndexFiles,
) -> Result<Request, Box<Diagnostic>> {
    let read = |path: &str| index.file(path).map(<[u8]>::to_vec);
    let engine = Engine::open(&read).ok();
    let indexed = |names: fn(&Engine<'_>) -> Vec<String>| engine.as_ref().map(names);
    let term = |flag, taxonomy, wanted: &Option<String>, indexed: Option<Vec<String>>| {
        let wanted = wanted.as_deref();
        let find = |wanted| term(world, taxonomy, wanted, indexed.unwrap_or_default());
        wanted.map(find).transpose().map_err(|known| {
            let names = || known.iter().map(String::as_str);
            let value = wanted.unwrap_or_default();
            let unknown = Diagnostic::new("unknown-value").with("key", flag);
            Box::new(
                unknown
                    .with("value", value)
                    .with_option("nearest", crate::base::nearest(value, names()))
                    .with_option("choices", (!known.is_empty()).then(|| known.join(" · "))),
            )
        })
    };
    let topics = indexed(|engine| engine.topics().to_vec());
    let audiences = indexed(|engine| engine.audiences().to_vec());
    Ok(Request {
        limit: args.limit,
        kind,
        topic: term("--topic", "topics", &args.topic, topics)?,
        audience: term("--audience", "audiences", &args.audience, audiences)?,
        law: args
            .law
            .as_deref()
            .map(|name| law(world, name))
            .transpose()?,
        explain: args.explain,
    })
}

/// The name of a term of the site; or, where there is no such term, all the names there are.
fn term(
    world: &World,
    taxonomy: &str,
    wanted: &str,
    indexed: Vec<String>,
) -> Result<String, Vec<String>> {
    let taxonomies = world.site.taxonomies.iter();
    let taxonomies: Vec<_> = taxonomies
        .filter(|one| one.config.name == taxonomy)
        .collect();
    let named = taxonomies.iter().find_map(|one| {
        let at = one.find(wanted)?;
        Some(one.terms.get(at as usize)?.name.to_string())
    });
    let in_index = || indexed.iter().find(|name| *name == wanted).cloned();
    named.or_else(in_index).ok_or_else(|| {
        let terms = taxonomies.iter().flat_map(|one| &one.terms);
        let mut names: Vec<String> = terms.map(|term| term.name.to_string()).collect();
        let more = indexed.iter().filter(|name| !names.contains(name));
        let more: Vec<String> = more.cloned().collect();
        names.extend(more);
        names
    })
}

/// The name the index has for a law.
fn law(world: &World, name: &str) -> Result<String, Box<Diagnostic>> {
    let library = &world.site.library;
    let known = library.find(name).map(|id| library.law(id));
    // Laws are known by name that have no text in the site.
    let known = known.filter(|law| law.newest().is_some());
    known.map(|law| law.short().to_owned()).ok_or_else(|| {
        let texts = library.iter().map(|(_, law)| law);
        let texts = texts.filter(|law| law.newest().is_some());
        let names = texts.flat_map(|law| law.short_titles.iter().chain([&law.title]));
        let nearest = crate::base::nearest(name, names.map(String::as_str));
        Box::new(
            Diagnostic::new("search-law-not-found")
                .with("law", name)
                .with_option("nearest", nearest),
        )
    })
}

/// Reads questions, a JSON object a line; tells what is wrong with them, and, where it matters, what they expect that the site
/// does not have.
fn read_questions(
    file: &Path,
    world: &World,
    expecting: bool,
    terminal: &Terminal,
) -> Result<Vec<Asked>, Status> {
    let path = SourcePath::new(file.to_string_lossy().into_owned());
    let text = std::fs::read_to_string(file).map_err(|error| {
        let problem = Diagnostic::in_file("unreadable-file", &path).with("error", error);
        terminal.fail(&problem, Status::Usage)
    })?;
    let (asked, mut problems) = acceptance::read(&text, &path, &world.site.config.base_url);
    // Questions gathered elsewhere may have more keys than are read here.
    let unknown = problems
        .iter_mut()
        .filter(|found| found.code == "unknown-key");
    unknown.for_each(|found| found.severity = diag::Severity::Warning);
    if expecting {
        problems.extend(acceptance::unknown(&asked, world, &path));
    }
    let wrong = diag::has_errors(&problems);
    terminal.show(&problems, &HashMap::from([(path, text)]));
    if wrong { Err(Status::Usage) } else { Ok(asked) }
}

/// A search with all it needs.
struct Search<'a> {
    index: &'a IndexFiles,
    world: &'a World,
    request: Request,
    args: &'a SearchArgs,
    terminal: &'a Terminal,
}

impl Search<'_> {
    fn with_engine<T: Default>(&self, ask: impl FnOnce(&Engine<'_>) -> T) -> T {
        let read = |path: &str| self.index.file(path).map(<[u8]>::to_vec);
        Engine::open(&read)
            .map(|engine| ask(&engine))
            .unwrap_or_default()
    }

    /// Answers one question.
    fn answer(&self, query: &str, out: &mut dyn Write) -> io::Result<()> {
        let answer = self.with_engine(|engine| engine.search(query, &self.request));
        self.tell(query, &answer);
        for (rank, found) in (1..).zip(&answer.results) {
            match self.args.format {
                OutputFormat::Json => {
                    writeln!(out, "{}", self.in_full(rank, found, &answer.runs))?;
                }
                OutputFormat::Short => {
                    writeln!(out, "{rank}\t{}\t{}", found.url, found.title)?;
                }
                OutputFormat::Human => self.write_found(rank, found, &answer.runs, out)?,
            }
        }
        Ok(())
    }

    /// The full title of the law an article belongs to.
    fn law(&self, found: &Found) -> Option<&str> {
        let library = &self.world.site.library;
        let id = library.find(found.law.as_deref()?)?;
        Some(&library.law(id).title)
    }

    /// What a person should know of an answer besides its results.
    fn tell(&self, query: &str, answer: &Answer) {
        let say = |zh, en| self.terminal.say(zh, en);
        if let Some(words) = &answer.read_as {
            let text = say("按“{}”查找", "searched for “{}”");
            self.terminal.line(&text.replace("{}", words));
        }
        if answer.results.is_empty() {
            let text = say("没有找到“{}”", "nothing found for “{}”");
            self.terminal.line(&text.replace("{}", query));
        }
    }

    fn write_found(
        &self,
        rank: usize,
        found: &Found,
        runs: &[String],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "{rank:>3}. [{}] {}", found.kind.name(), found.title)?;
        writeln!(out, "     {}", found.url)?;
        writeln!(out, "     {}", excerpt(&found.text, runs))?;
        if self.args.explain {
            writeln!(out, "     = {}", found.score)?;
            for reason in &found.because {
                let what = self.why(&reason.what);
                writeln!(out, "       {:>10}  {what}", reason.points)?;
            }
        }
        Ok(())
    }

    /// What points are for, in words.
    fn why(&self, why: &Why) -> String {
        let say = |zh, en| self.terminal.say(zh, en);
        match why {
            Why::Term(text) => text.clone(),
            Why::Beside => say("前后的条文", "the articles before and behind").to_owned(),
            Why::Cites(number) => {
                let text = say("它引用的 {} 条法条", "the {} articles it cites");
                text.replace("{}", &number.to_string())
            }
            Why::Cited => say("常被引用", "cited often").to_owned(),
            Why::Repeats => say(
                "前面已有同一页的，或引用同样法条的",
                "results above are of the same page, or cite the same articles",
            )
            .to_owned(),
            Why::Covers => say(
                "引用的法条很可能相关，前面还没有",
                "cites likely articles that no result above cites",
            )
            .to_owned(),
            Why::Named => say("正是要找的那一条（部）", "the query names it").to_owned(),
            Why::Holds => say("完整含有要找的词", "holds the words themselves").to_owned(),
        }
    }

    /// A result as JSON without its words.
    fn in_short(&self, found: &Found) -> Value {
        json!({
            "url": found.url,
            "kind": found.kind.name(),
            "law": self.law(found),
            "article": found.article.map(|no| no.to_string()),
            "score": found.score,
        })
    }

    fn in_full(&self, rank: usize, found: &Found, runs: &[String]) -> Value {
        let mut value = self.in_short(found);
        value["rank"] = json!(rank);
        value["title"] = json!(found.title);
        value["breadcrumb"] = json!(found.breadcrumb);
        value["snippet"] = json!(excerpt(&found.text, runs));
        if self.args.explain {
            let because = found
                .because
                .iter()
                .map(|reason| json!({"points": reason.points, "what": self.why(&reason.what)}));
            value["because"] = because.collect();
        }
        value
    }

    /// Asks a file of questions and tells how well they are answered.
    fn measure(&self, asked: &[Asked], out: &mut dyn Write) -> io::Result<()> {
        let library = &self.world.site.library;
        let answers = acceptance::ask_all(asked, self.index, library, &self.request);
        let lines = self.figure_lines(&answers);
        if self.args.format == OutputFormat::Json {
            for (asked, answer) in asked.iter().zip(&answers) {
                let results: Vec<Value> = answer
                    .results
                    .iter()
                    .map(|found| self.in_short(found))
                    .collect();
                writeln!(
                    out,
                    "{}",
                    json!({ "id": asked.id, "text": asked.text, "rank": answer.first(), "results": results })
                )?;
            }
            let _ = writeln!(io::stderr(), "{lines}");
            return Ok(());
        }
        for (asked, answer) in asked.iter().zip(&answers) {
            write_missed(asked, answer, out)?;
        }
        writeln!(out, "{lines}")
    }

    /// Two lines: whether anything expected was found, and how much of all that was expected; behind them how many questions that
    /// is, and how many don't count, expecting nothing.
    fn figure_lines(&self, answers: &[Answered]) -> String {
        let say = |zh, en| self.terminal.say(zh, en);
        let Some(figures) = Figures::of(answers) else {
            let text = say(
                "没有一个问题写了 `expect`，算不出数字",
                "no question says what it expects (`expect`): there is nothing to measure",
            );
            return text.to_owned();
        };
        let row = |values: [f64; 4]| {
            let cells = DEPTHS.iter().zip(values);
            let cells = cells.map(|(depth, value)| format!("R@{depth} {value:.3}"));
            cells.collect::<Vec<_>>().join("  ")
        };
        let open = answers.iter().filter(|answer| answer.ranks.is_empty());
        let open = open.count();
        let mut count = (answers.len() - open).to_string();
        if open > 0 {
            let text = say(
                "；另有 {} 个没写 `expect`，不计",
                "; {} more without `expect`",
            );
            count.push_str(&text.replace("{}", &open.to_string()));
        }
        let Figures {
            hits,
            shares,
            reciprocal_rank,
        } = figures;
        format!(
            "{}  MRR@10 {reciprocal_rank:.3}  ({count})\n{}  (of all expected)",
            row(hits),
            row(shares)
        )
    }

    fn gaps(&self, asked: &[Asked], out: &mut dyn Write) -> io::Result<()> {
        let frequent = Frequent::of(&site::documents(self.world));
        for gap in self.with_engine(|engine| gaps(asked, engine, &frequent)) {
            let count = gap.questions.len();
            if self.args.format == OutputFormat::Json {
                writeln!(
                    out,
                    "{}",
                    json!({ "word": gap.word, "count": count, "questions": gap.questions })
                )?;
            } else {
                let example = gap.questions.first().map_or("", String::as_str);
                writeln!(out, "{}\t{count}\t{example}", gap.word)?;
            }
        }
        Ok(())
    }
}

/// A question whose first expected result is not among the first five, with its place and what is first.
fn write_missed(asked: &Asked, answer: &Answered, out: &mut dyn Write) -> io::Result<()> {
    if answer.ranks.is_empty() || answer.first().is_some_and(|rank| rank <= 5) {
        return Ok(());
    }
    let rank = answer
        .first()
        .map_or_else(|| "—".to_owned(), |rank| rank.to_string());
    let first = answer.results.first().map_or("", |found| &found.url);
    writeln!(out, "{rank:>4}  {}  {first}", asked.text)
}

/// The part of a text that says the words, as the site shows it.
fn excerpt(text: &str, runs: &[String]) -> String {
    let pieces = snippet(text, runs).into_iter();
    pieces.map(|piece| piece.text).collect()
}
