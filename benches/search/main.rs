//! The figures of the search: how good, how complete, how small, how fast.
//!
//!     cargo bench --bench search -- --laws DIR --questions FILE.jsonl [--only recall,exact,size,build] [--folds N]
//!
//!     cargo bench --bench search -- --site DIR --queries FILE.jsonl [--kind law] [--verbose]
//!
//! `DIR` is a law library, `FILE.jsonl` has lines {"question", "answer", "cited": ["民法典第一千零七十九条", …]}.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a program that reads files and prints figures"
)]

mod corpus;
mod site;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use corpus::{Article, Question};
use pufa::index::query::{Engine, Request};
use pufa::index::token::fold;
use pufa::index::{IndexFiles, IndexOptions, SearchKind, build};

/// In so many parts the questions are held out, one after the other, unless `--folds` says otherwise.
const FOLDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        arguments
            .iter()
            .position(|a| a == name)
            .and_then(|at| arguments.get(at + 1))
            .cloned()
    };
    if let (Some(root), Some(queries)) = (value("--site"), value("--queries")) {
        let kind = value("--kind").and_then(|name| SearchKind::of_name(&name));
        let verbose = arguments.iter().any(|argument| argument == "--verbose");
        site::measure(
            &PathBuf::from(root),
            &PathBuf::from(queries),
            kind,
            options(),
            verbose,
        );
        return;
    }
    let (Some(laws), Some(file)) = (value("--laws"), value("--questions")) else {
        println!("search: skipped (needs --laws DIR --questions FILE.jsonl)");
        return;
    };
    let only = value("--only").unwrap_or_else(|| "recall,exact,size,build".to_owned());
    let does = |part: &str| only.split(',').any(|name| name == part);
    let articles = corpus::articles(&PathBuf::from(laws));
    let questions = corpus::questions(&PathBuf::from(file), &articles);
    println!("{} articles, {} questions", articles.len(), questions.len());
    let options = options();
    if does("recall") {
        let folds = value("--folds").map_or(FOLDS, |folds| folds.parse().unwrap());
        recall(&articles, &questions, &options, folds);
    }
    let all: Vec<&Question> = questions.iter().collect();
    let documents = corpus::documents(&articles, &all);
    let started = Instant::now();
    let index = build(&documents, &options);
    let time = started.elapsed();
    if does("build") {
        println!(
            "build: {} documents in {:.2} s; peak memory of this process {} MB",
            documents.len(),
            time.as_secs_f64(),
            peak()
        );
    }
    let files: BTreeMap<&str, &[u8]> = index
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    if let Some(folder) = value("--write") {
        for (path, bytes) in &files {
            let path = PathBuf::from(&folder).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    if let Some(folder) = value("--write") {
        agree(&files, &questions, &articles, &PathBuf::from(folder));
    }
    if does("size") {
        size(&index, &documents);
        cold(&files, &questions);
    }
    if does("exact") {
        exact(&files, &articles);
    }
    if let Some(query) = value("--query") {
        let read = |path: &str| files.get(path).map(|bytes| bytes.to_vec());
        let engine = Engine::open(&read).unwrap();
        let started = Instant::now();
        let answer = engine.search(
            &query,
            &Request {
                explain: true,
                limit: 10,
                ..Request::default()
            },
        );
        println!(
            "{query}: {} in all, complete {}, read as {:?}, {:?}",
            answer.total,
            answer.complete,
            answer.read_as,
            started.elapsed()
        );
        for found in answer.results {
            println!(
                "  {} {} {} {:?}",
                found.score,
                found.title,
                found.url,
                &found.because[..found.because.len().min(6)]
            );
        }
        println!("{:?}", answer.facets);
    }
}

/// The options, with weights from the environment for trying out: `W_prior=0.06`.
fn options() -> IndexOptions {
    let mut options = IndexOptions::default();
    let number = |name: &str| {
        std::env::var(format!("W_{name}"))
            .ok()
            .and_then(|value| value.parse::<f64>().ok())
    };
    let weights = &mut options.weights;
    let fields = ["name", "heads", "text", "anchor"];
    for (place, field) in fields.iter().enumerate() {
        weights.fields[place] = number(field).unwrap_or(weights.fields[place]);
        weights.lengths[place] = number(&format!("b_{field}")).unwrap_or(weights.lengths[place]);
    }
    for (name, weight) in [
        ("k1", &mut weights.saturation),
        ("single", &mut weights.single),
        ("questions", &mut weights.question_words),
        ("seam", &mut weights.seam),
        ("law_prior", &mut weights.law_prior),
        ("prior", &mut weights.prior),
        ("expansion", &mut weights.expansion),
    ] {
        *weight = number(name).unwrap_or(*weight);
    }
    for (place, name) in ["beside", "citing", "all", "vary"].iter().enumerate() {
        weights.mix[place] = number(name).unwrap_or(weights.mix[place]);
    }
    weights.expansions = number("expansions").map_or(weights.expansions, |value| value as u32);
    weights.pair_head = number("pair_head").map_or(weights.pair_head, |value| value as usize);
    weights.single_head = number("single_head").map_or(weights.single_head, |value| value as usize);
    options
}

/// The questions of a fold are asked of an index that does not have them.
fn recall(articles: &[Article], questions: &[Question], options: &IndexOptions, folds: usize) {
    let mut sums = [0.0; 6];
    let mut asked = 0.0;
    let mut nearest = 0.0;
    for fold in 0..folds {
        let (mut book, mut held) = (Vec::new(), Vec::new());
        questions.iter().enumerate().for_each(|(n, question)| {
            if n % folds == fold {
                held.push(question)
            } else {
                book.push(question)
            }
        });
        let documents = corpus::documents(articles, &book);
        let index = build(&documents, options);
        let files: BTreeMap<&str, &[u8]> = index
            .files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
            .collect();
        let read = |path: &str| files.get(path).map(|bytes| bytes.to_vec());
        let engine = Engine::open(&read).unwrap();
        let url: BTreeMap<&str, usize> = documents
            .iter()
            .enumerate()
            .map(|(place, document)| (document.url.as_str(), place))
            .collect();
        for question in held.iter().filter(|question| !question.cited.is_empty()) {
            asked += 1.0;
            let laws = Request {
                limit: 100,
                kind: Some(SearchKind::Law),
                ..Request::default()
            };
            let found: Vec<usize> = engine
                .search(&question.text, &laws)
                .results
                .iter()
                .map(|found| url[found.url.as_str()])
                .collect();
            let hit = |place: &usize| question.cited.contains(place);
            for (sum, most) in sums.iter_mut().zip([1, 5, 10, 100]) {
                *sum += found.iter().take(most).filter(|place| hit(place)).count() as f64
                    / question.cited.len() as f64;
            }
            sums[4] += found
                .iter()
                .take(10)
                .position(hit)
                .map_or(0.0, |place| 1.0 / (place + 1) as f64);
            let books = Request {
                limit: 5,
                kind: Some(SearchKind::Question),
                ..Request::default()
            };
            let near = engine.search(&question.text, &books);
            let cited = |found: &str| &book[url[found] - articles.len()].cited;
            nearest += f64::from(
                near.results
                    .iter()
                    .any(|found| cited(&found.url).iter().any(hit)),
            );
        }
        print!(".");
        std::io::stdout().flush().unwrap();
    }
    let mean = sums.map(|sum| sum / asked);
    println!(
        "\nrecall over {asked} questions: R@1 {:.3}  R@5 {:.3}  R@10 {:.3}  R@100 {:.3}  MRR@10 {:.3}; a near question shares an article: {:.1} %",
        mean[0],
        mean[1],
        mean[2],
        mean[3],
        mean[4],
        nearest / asked * 100.0
    );
}

fn gzip(bytes: &[u8]) -> usize {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(9));
    out.write_all(bytes).unwrap();
    out.finish().unwrap().len()
}

fn size(index: &IndexFiles, documents: &[pufa::index::SearchDocument]) {
    let text: String = documents
        .iter()
        .map(|document| format!("{}\n{}\n", document.title, document.text))
        .collect();
    let text = gzip(text.as_bytes());
    let mut families: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut total = 0;
    let mut largest = (0, String::new());
    for (path, bytes) in &index.files {
        let packed = gzip(bytes);
        total += packed;
        largest = largest.max((bytes.len(), path.to_string()));
        let family = path
            .as_str()
            .trim_start_matches("search/")
            .split(['-', '.'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let sums = families.entry(family).or_default();
        *sums = (sums.0 + 1, sums.1 + bytes.len(), sums.2 + packed);
    }
    println!(
        "text {text} gzipped; index {total} gzipped in {} files = {:.2} x; largest file {} bytes ({})",
        index.files.len(),
        total as f64 / text as f64,
        largest.0,
        largest.1
    );
    for (family, (files, bytes, packed)) in families {
        println!("  {family:9} {files:5} files {bytes:9} bytes {packed:9} gzipped");
    }
}

/// What one question reads in a browser that has nothing yet, ten results shown.
fn cold(files: &BTreeMap<&str, &[u8]>, questions: &[Question]) {
    let packed: RefCell<BTreeMap<String, usize>> = RefCell::default();
    let (mut bytes, mut counts) = (Vec::new(), Vec::new());
    for question in questions
        .iter()
        .filter(|question| (18..=22).contains(&question.text.chars().count()))
    {
        let sum = Cell::new(0);
        let count = Cell::new(0);
        let read = |path: &str| {
            let found = files.get(path)?;
            let size = *packed
                .borrow_mut()
                .entry(path.to_owned())
                .or_insert_with(|| gzip(found));
            sum.set(sum.get() + size);
            count.set(count.get() + 1);
            Some(found.to_vec())
        };
        let engine = Engine::open(&read).unwrap();
        let _ = engine.search(
            &question.text,
            &Request {
                limit: 10,
                ..Request::default()
            },
        );
        bytes.push(sum.get());
        counts.push(count.get());
    }
    bytes.sort_unstable();
    counts.sort_unstable();
    let mean = bytes.iter().sum::<usize>() / bytes.len().max(1);
    println!(
        "cold query of 18 to 22 characters: {} questions, mean {mean} bytes gzipped, p95 {}, files p50 {} max {}",
        bytes.len(),
        bytes[bytes.len() * 95 / 100],
        counts[counts.len() / 2],
        counts[counts.len() - 1]
    );
}

/// A thousand strings of two to six Han characters out of the articles: all that hold it are found, none without stands above one with it.
fn exact(files: &BTreeMap<&str, &[u8]>, articles: &[Article]) {
    let read = |path: &str| files.get(path).map(|bytes| bytes.to_vec());
    let engine = Engine::open(&read).unwrap();
    let folded: Vec<String> = articles.iter().map(|article| fold(&article.text)).collect();
    let mut seed = 20_261_123u64;
    let mut random = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let (mut complete, mut ordered, mut times, mut asked) = (0, 0, Vec::new(), 0);
    let mut bad = Vec::new();
    while asked < 1000 {
        let text: Vec<char> = articles[random(articles.len())].text.chars().collect();
        let length = 2 + random(5);
        if text.len() <= length {
            continue;
        }
        let start = random(text.len() - length);
        let string: String = text[start..start + length].iter().collect();
        if !string
            .chars()
            .all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
        {
            continue;
        }
        asked += 1;
        let started = Instant::now();
        let request = Request {
            limit: usize::MAX,
            kind: Some(SearchKind::Law),
            ..Request::default()
        };
        let answer = engine.search(&string, &request);
        times.push(started.elapsed().as_micros());
        let holding: BTreeSet<&str> = answer
            .results
            .iter()
            .filter(|found| fold(&found.text).contains(&string))
            .map(|found| found.url.as_str())
            .collect();
        let expected = folded.iter().filter(|text| text.contains(&string)).count();
        let first_without = answer
            .results
            .iter()
            .position(|found| !fold(&found.text).contains(&string))
            .unwrap_or(usize::MAX);
        let last_with = answer
            .results
            .iter()
            .rposition(|found| fold(&found.text).contains(&string))
            .unwrap_or(0);
        // Two articles of one law may carry one number; their address is the same.
        complete += usize::from(
            answer
                .results
                .iter()
                .filter(|found| fold(&found.text).contains(&string))
                .count()
                == expected,
        );
        ordered += usize::from(first_without > last_with);
        if first_without <= last_with || holding.is_empty() {
            bad.push(string);
        }
    }
    times.sort_unstable();
    println!(
        "exact strings: {complete} of {asked} complete, {ordered} in order; all results p50 {} µs, p95 {} µs; {bad:?}",
        times[500], times[950]
    );
}

/// Answers to two hundred queries, for `tests/search/agree.mjs` to compare with the script's.
fn agree(
    files: &BTreeMap<&str, &[u8]>,
    questions: &[Question],
    articles: &[Article],
    folder: &std::path::Path,
) {
    let read = |path: &str| files.get(path).map(|bytes| bytes.to_vec());
    let engine = Engine::open(&read).unwrap();
    let asked = questions
        .iter()
        .step_by(12)
        .map(|question| question.text.clone());
    let cut = |article: &Article| {
        article
            .text
            .chars()
            .filter(|c| *c > '\u{4E00}')
            .skip(5)
            .take(4)
            .collect::<String>()
    };
    let words = articles.iter().step_by(900).map(cut);
    let others = [
        "laodonghetong",
        "lao dong he tong",
        "ldht",
        "lihun",
        "lihunlengjingq",
        "勞動合同",
        "劳动和同",
        "離婚冷靜期",
        "６０日",
        "60日",
        "民法典1079",
        "刑法 133之1",
        "刑法133-1",
        "民法典第一千零七十九条第二款",
        "第一百二十条",
        "劳动法",
        "app",
        "P2P 网贷",
        "囧囧龘龘",
        "a",
        "离婚 财产",
        "最高人民法院",
        "应当",
        "zhongguo",
        "xianfa",
        "jtbl",
        "交通肇事罪判几年",
        "<img src=x>",
        "",
        "中华人民共和国",
    ];
    let mut lines = String::new();
    for query in asked.chain(words).chain(others.map(str::to_owned)) {
        let answer = engine.search(&query, &Request::default());
        let results: Vec<_> = answer
            .results
            .iter()
            .map(|found| serde_json::json!([found.url, found.score]))
            .collect();
        let line = serde_json::json!({"query": query, "total": answer.total, "read_as": answer.read_as, "results": results});
        lines.push_str(&format!("{line}\n"));
    }
    std::fs::write(folder.join("answers.jsonl"), lines).unwrap();
}

/// Peak memory of this process in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
