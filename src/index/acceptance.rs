//! The site's own questions with what should be found: how well the search answers them, and which it misses.
//!
//! A file has one JSON object a line: `{"text": "老板不给工资怎么办", "expect": ["/qa/wages/", …]}`. Any one of what is expected
//! counts. `pufa search --queries` prints the [`Figures`], `pufa check` holds them against the configuration ([`judge`]).

use std::collections::HashSet;
use std::sync::LazyLock;

use rayon::prelude::*;
use serde_json::Value;

use super::query::{Engine, Found, Request};
use super::{IndexFiles, site};
use crate::base::value::Node;
use crate::base::{ArticleNo, SourcePath, Span, Url, nearest};
use crate::config::{Config, Least, Measure};
use crate::diag::Diagnostic;
use crate::model::law::Library;
use crate::parse::fields::Fields;
use crate::parse::syntax::{Syntax, read_value};
use crate::render::World;

/// How many results a question gets: the deepest figure looks no further.
const DEPTH: usize = 100;

/// A question with what should be found.
#[derive(Debug)]
pub struct Asked {
    /// Its name.
    pub id: Option<Value>,
    /// The question.
    pub text: String,
    /// Any one of these counts.
    pub expect: Vec<Expected>,
    /// Its line in the file.
    pub span: Span,
}

/// What should be found.
#[derive(Debug, PartialEq, Eq)]
pub enum Expected {
    /// An address on the site; without a fragment any part of the page counts.
    Address(String),
    /// A result whose title says this.
    Title(String),
    /// An article of a law, or a law.
    Article {
        /// A title of the law.
        law: String,
        /// The article: `1079`, `第一千零七十九条`.
        article: Option<String>,
    },
}

/// Reads the questions of a file, with what is wrong in it. A line with a key that is not known is read without it. Addresses may
/// be whole ones below `base_url`.
#[must_use]
pub fn read(text: &str, path: &SourcePath, base_url: &str) -> (Vec<Asked>, Vec<Diagnostic>) {
    let (mut asked, mut problems) = (Vec::new(), Vec::new());
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let written = line.trim_start_matches('\u{feff}');
        let span = Span::new(start, start + line.len());
        if !written.trim().is_empty() {
            asked.extend(read_line(written, span, number, path, &mut problems));
        }
    }
    let expected = asked
        .iter_mut()
        .flat_map(|asked: &mut Asked| &mut asked.expect);
    for expected in expected {
        if let Expected::Address(address) = expected
            && let Some(path) = below(address, base_url)
        {
            *address = path;
        }
    }
    (asked, problems)
}

/// The path of an address below the site's own; `http` or `https` makes no difference.
fn below(address: &str, base_url: &str) -> Option<String> {
    let [address, base] = [address, base_url].map(|text| text.split_once("://"));
    let base = base?.1.trim_end_matches('/');
    let rest = address?.1.strip_prefix(base)?;
    let is_whole = rest.is_empty() || rest.starts_with(['/', '#', '?']);
    is_whole.then(|| format!("/{}", rest.trim_start_matches('/')))
}

fn read_line(
    line: &str,
    span: Span,
    number: usize,
    path: &SourcePath,
    problems: &mut Vec<Diagnostic>,
) -> Option<Asked> {
    let start = span.end as usize - line.len();
    let no_question = |span: Span, error: &dyn std::fmt::Display| {
        Diagnostic::at("not-a-question-line", path, span)
            .with("line", number)
            .with("error", error)
    };
    let json: Value = match serde_json::from_str(line) {
        Ok(json) => json,
        Err(error) => {
            let at = line.floor_char_boundary(error.column().saturating_sub(1));
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            problems.push(no_question(Span::new(start + at, span.end as usize), &what));
            return None;
        }
    };
    let mut found = Vec::new();
    let node = read_value(Syntax::Json, line, start, path, &mut found);
    let table = match node.map(|node| node.value) {
        Some(crate::base::value::Value::Table(table)) if found.is_empty() => table,
        Some(other) if found.is_empty() => {
            problems.push(no_question(span, &other.kind().name()));
            return None;
        }
        Some(_) | None => {
            problems.append(&mut found);
            return None;
        }
    };
    let mut fields = Fields::new(&table, path, &mut found);
    let names = ["text", "q", "question"];
    let text = names.map(|name| fields.string(name)).into_iter().flatten();
    let text = text.reduce(|first, _| first);
    fields.allow(&["id"]);
    let expect = expected(&mut fields);
    let missing = names.iter().all(|name| table.get(name).is_none());
    let misspelt = fields
        .unread()
        .iter()
        .any(|entry| nearest(&entry.key, names).is_some());
    fields.finish();
    if missing && !misspelt {
        found.push(Diagnostic::at("question-without-text", path, span));
    }
    problems.append(&mut found);
    Some(Asked {
        id: json.get("id").filter(|id| !id.is_null()).cloned(),
        text: text?,
        expect,
        span,
    })
}

/// What a line expects: a list, or one thing alone.
fn expected(fields: &mut Fields<'_>) -> Vec<Expected> {
    let Some(node) = fields.node("expect") else {
        return Vec::new();
    };
    let items = node.value.as_array().unwrap_or(std::slice::from_ref(node));
    items
        .iter()
        .filter_map(|item| one_expected(item, fields))
        .collect()
}

fn one_expected(item: &Node, fields: &mut Fields<'_>) -> Option<Expected> {
    let file = fields.file();
    let unclear = || Diagnostic::at("search-expectation", file, item.span);
    let Some(table) = item.value.as_table() else {
        let address = item.value.as_str().map(str::to_owned);
        if address.is_none() {
            fields.report(unclear());
        }
        return address.map(Expected::Address);
    };
    let mut problems = Vec::new();
    let mut inner = Fields::new(table, file, &mut problems);
    let [url, title, law] = ["url", "title", "law"].map(|key| inner.string(key));
    let article = inner.string("article");
    inner.finish();
    let said = ["url", "title", "law"].map(|key| table.get(key).is_some());
    let said = said.into_iter().filter(|said| *said).count();
    if said != 1 && problems.is_empty() {
        problems.push(unclear());
    }
    problems
        .into_iter()
        .for_each(|problem| fields.report(problem));
    let law = law.map(|law| Expected::Article { law, article });
    let address = url.map(Expected::Address);
    address.or(title.map(Expected::Title)).or(law)
}

/// What a question got.
#[derive(Debug)]
pub struct Answered {
    /// The results.
    pub results: Vec<Found>,
    /// For each thing expected its place among them, from 1.
    pub ranks: Vec<Option<usize>>,
}

impl Answered {
    /// The place of the first expected result.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.ranks.iter().flatten().min().copied()
    }
}

/// Asks every question, with the filters of `request`.
#[must_use]
pub fn ask_all(
    asked: &[Asked],
    index: &IndexFiles,
    library: &Library,
    request: &Request,
) -> Vec<Answered> {
    let request = Request {
        limit: DEPTH,
        explain: false,
        ..request.clone()
    };
    // An engine keeps what it has read, so each thread has its own.
    asked
        .par_chunks(32)
        .flat_map_iter(|asked| {
            let read = |path: &str| index.file(path).map(<[u8]>::to_vec);
            let engine = Engine::open(&read).ok();
            let answer = |asked: &Asked| {
                let results = engine
                    .as_ref()
                    .map(|engine| engine.search(&asked.text, &request).results)
                    .unwrap_or_default();
                answered(asked, results, library)
            };
            asked.iter().map(answer).collect::<Vec<_>>()
        })
        .collect()
}

fn answered(asked: &Asked, results: Vec<Found>, library: &Library) -> Answered {
    let rank = |wanted: &Expected| {
        let at = results
            .iter()
            .position(|found| is(found, wanted, library))?;
        Some(at + 1)
    };
    let ranks = asked.expect.iter().map(rank).collect();
    Answered { results, ranks }
}

/// Whether a result is what was expected.
fn is(found: &Found, wanted: &Expected, library: &Library) -> bool {
    match wanted {
        Expected::Address(url) => is_address(&found.url, url),
        Expected::Title(title) => found.title.contains(title.as_str()),
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

fn is_address(found: &str, wanted: &str) -> bool {
    let (own, own_fragment) = found.split_once('#').unwrap_or((found, ""));
    let fragment = wanted.split_once('#').map_or("", |(_, fragment)| fragment);
    own == page_path(wanted) && (fragment.is_empty() || own_fragment == fragment)
}

/// The address of the page: with a slash before it, without fragment, query and `index.html`.
fn page_path(address: &str) -> String {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    let path = path.strip_suffix("index.html").unwrap_or(path);
    format!("/{}", path.trim_start_matches('/'))
}

/// How well questions are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Share of questions with an expected result among the first 1, 5, 10, 100.
    pub hits: [f64; 4],
    /// Mean share of all that a question expects among the first 1, 5, 10, 100.
    pub shares: [f64; 4],
    /// Mean of 1/place of the first expected result, among the first ten.
    pub reciprocal_rank: f64,
}

/// The depths of [`Figures`].
pub const DEPTHS: [usize; 4] = [1, 5, 10, 100];

impl Figures {
    /// The figures of some answers; questions that expect nothing don't count. `None` when no question expects anything.
    #[must_use]
    pub fn of(answers: &[Answered]) -> Option<Self> {
        let counted: Vec<&Answered> = answers
            .iter()
            .filter(|answer| !answer.ranks.is_empty())
            .collect();
        if counted.is_empty() {
            return None;
        }
        let mean = |worth: &dyn Fn(&Answered) -> f64| {
            // The sum of nothing is minus zero.
            let sum: f64 = counted.iter().map(|answer| worth(answer)).sum::<f64>() + 0.0;
            sum / number(counted.len())
        };
        let within = |rank: &Option<usize>, depth| rank.is_some_and(|rank| rank <= depth);
        Some(Self {
            hits: DEPTHS
                .map(|depth| mean(&|answer| f64::from(u8::from(within(&answer.first(), depth))))),
            shares: DEPTHS.map(|depth| {
                mean(&|answer| {
                    let found = answer.ranks.iter().filter(|rank| within(rank, depth));
                    number(found.count()) / number(answer.ranks.len())
                })
            }),
            reciprocal_rank: mean(&|answer| match answer.first() {
                Some(rank) if rank <= 10 => 1.0 / number(rank),
                Some(_) | None => 0.0,
            }),
        })
    }

    /// The figure a threshold is for.
    #[must_use]
    pub fn value(&self, measure: Measure) -> f64 {
        match measure {
            Measure::Recall1 => self.hits[0],
            Measure::Recall5 => self.hits[1],
            Measure::Recall10 => self.hits[2],
            Measure::Recall100 => self.hits[3],
            Measure::ReciprocalRank10 => self.reciprocal_rank,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of questions are small")]
fn number(count: usize) -> f64 {
    count as f64
}

/// What `check` says: each figure below its threshold, and, when there is one, each question that pulls it down.
#[must_use]
pub fn judge(
    asked: &[Asked],
    answers: &[Answered],
    config: &Config,
    path: &SourcePath,
) -> Vec<Diagnostic> {
    let Some(figures) = Figures::of(answers) else {
        return Vec::new();
    };
    let below = |least: &&Least| figures.value(least.measure) + 1e-9 < least.value;
    let failed: Vec<&Least> = config
        .search
        .acceptance
        .least
        .iter()
        .filter(below)
        .collect();
    let figure = |least: &&Least| {
        let place = least
            .span
            .map_or((path, Span::default()), |span| (&config.file, span));
        Diagnostic::at("search-below-threshold", place.0, place.1)
            .with("figure", least.measure.key())
            .with("value", format!("{:.3}", figures.value(least.measure)))
            .with("least", format!("{:.3}", least.value))
            .with("questions", path)
    };
    let mut found: Vec<Diagnostic> = failed.iter().map(figure).collect();
    let depth = failed.iter().map(|least| least.measure.depth()).min();
    for (asked, answer) in asked.iter().zip(answers) {
        let missed = !answer.ranks.is_empty()
            && depth.is_some_and(|depth| answer.first().is_none_or(|rank| rank > depth));
        if missed {
            found.push(missed_question(asked, answer, path));
        }
    }
    found
}

/// What is expected and is nowhere in the site: an address or an anchor that changed, an article that doesn't exist.
#[must_use]
pub fn unknown(asked: &[Asked], world: &World, path: &SourcePath) -> Vec<Diagnostic> {
    // Only what is a result of its own has an anchor that can be found.
    let anchors = LazyLock::new(|| {
        let documents = site::documents(world);
        documents.into_iter().map(|document| document.url).collect()
    });
    let missing = |expected: &Expected| missing(expected, world, &anchors);
    let mut found = Vec::new();
    for question in asked {
        for name in question.expect.iter().filter_map(missing) {
            found.push(
                Diagnostic::at("search-unknown-expectation", path, question.span)
                    .with("expected", name.trim()),
            );
        }
    }
    found
}

/// The name of what is expected, if the site doesn't have it.
fn missing<F: FnOnce() -> HashSet<Url>>(
    expected: &Expected,
    world: &World,
    anchors: &LazyLock<HashSet<Url>, F>,
) -> Option<String> {
    let site = &world.site;
    match expected {
        Expected::Title(_) => None,
        Expected::Address(address) => {
            let page = page_path(address);
            let fragment = address.split_once('#').map_or("", |(_, fragment)| fragment);
            let known = site.routes.by_url.contains_key(page.as_str())
                && (fragment.is_empty()
                    || anchors.contains(&Url::new(&page).with_fragment(fragment)));
            (!known).then(|| address.clone())
        }
        Expected::Article { law, article } => {
            let known = site.library.find(law).is_some_and(|id| {
                let newest = site.library.law(id).newest();
                let has = |number: ArticleNo| {
                    newest.is_some_and(|version| version.statute.article(number).is_some())
                };
                article
                    .as_deref()
                    .is_none_or(|text| text.parse().is_ok_and(has))
            });
            (!known).then(|| format!("{law} {}", article.as_deref().unwrap_or_default()))
        }
    }
}

fn missed_question(asked: &Asked, answer: &Answered, path: &SourcePath) -> Diagnostic {
    let first = answer.results.first();
    let code = match (answer.first(), first) {
        (Some(_), _) => "search-late",
        (None, Some(_)) => "search-missed",
        (None, None) => "search-nothing",
    };
    Diagnostic::at(code, path, asked.span)
        .with("question", &asked.text)
        .with("depth", DEPTH)
        .with_option("rank", answer.first())
        .with_option("first", first.map(|found| &found.title))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(ranks: &[Option<usize>]) -> Answered {
        Answered {
            results: Vec::new(),
            ranks: ranks.to_vec(),
        }
    }

    #[test]
    fn figures_count_the_first_hit_and_the_share_of_all() {
        let answers = [
            answer(&[Some(2), None]),
            answer(&[None]),
            answer(&[Some(1), Some(20)]),
            answer(&[]),
        ];
        let figures = Figures::of(&answers).expect("three expect something");
        assert_eq!(Figures::of(&answers[3..]), None);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(figures.hits[0], 1.0 / 3.0) && close(figures.hits[1], 2.0 / 3.0));
        assert!(close(figures.shares[2], 1.0 / 3.0) && close(figures.shares[3], 0.5));
        assert!(close(figures.reciprocal_rank, 0.5));
    }

    #[test]
    fn an_address_may_lack_the_slash_and_name_the_file() {
        assert!(is_address("/qa/wages/", "qa/wages/index.html"));
        assert!(is_address("/laws/tea/#art-2", "/laws/tea/"));
        assert!(is_address("/laws/tea/#art-2", "/laws/tea/#art-2"));
        assert!(!is_address("/laws/tea/#art-2", "/laws/tea/#art-3"));
        assert!(!is_address("/qa/", "/qa/wages/"));
    }

    #[test]
    fn an_address_may_be_a_whole_one_of_the_site() {
        let base = "https://pufa.example.org/town";
        let check = |address: &str, path: Option<&str>| {
            assert_eq!(below(address, base).as_deref(), path, "{address}");
        };
        check("https://pufa.example.org/town/qa/#a", Some("/qa/#a"));
        check("http://pufa.example.org/town/", Some("/"));
        check("https://pufa.example.org/town", Some("/"));
        check("https://pufa.example.org/townhall/", None);
        check("https://other.example.org/town/qa/", None);
        check("/qa/", None);
        assert_eq!(below("https://a.example/", ""), None);
    }

    #[test]
    fn a_line_that_is_no_question_is_reported_where_it_stands() {
        let path = SourcePath::new("tests/search.jsonl");
        let text = "{\"text\": \"茶\", \"expect\": [\"/a/\", {\"law\": \"茶法\", \"article\": \"2\"}]}\n\n不是\n{\"q\": \"水\", \"expect\": [{\"title\": \"水\"}]}\n";
        let (asked, problems) = read(text, &path, "");
        assert_eq!(asked.len(), 2);
        assert_eq!(asked[1].span.range(), text.len() - 43..text.len() - 1);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].arg("line"), Some("3"));
    }
}
