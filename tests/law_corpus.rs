//! The law library against real texts. These tests need a folder of statutes in the LawRefBook layout beside the project
//! (`../shared/laws`) and a file of questions with the articles that answer them (`../shared/qa/train.jsonl`, lines
//! {"answer","cited":["…第三条"]}); without them they pass at once.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests read the disk"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pufa::base::{ArticleNo, SourcePath};
use pufa::cli::library::load_library;
use pufa::model::law::Library;
use pufa::parse::statute::{Element, ParagraphKind, Statute, StatuteFields, parse, print};
use pufa::resolve::citation::{Context, Status, resolve, statute_citations};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(name);
    path.exists().then_some(path)
}

fn library() -> Option<Library> {
    let folder = shared("laws")?;
    Some(
        load_library(&[folder])
            .map_err(|problem| problem.code)
            .unwrap()
            .0,
    )
}

/// The numbers of the lines that begin like an article.
fn numbers_at_line_starts(text: &str) -> Vec<ArticleNo> {
    let body = text.split("<!-- INFO END -->").last().unwrap_or(text);
    body.lines()
        .filter_map(|line| {
            let line = line.trim_start();
            let end = line
                .find('条')
                .filter(|end| line.starts_with('第') && *end < 40)?
                + '条'.len_utf8();
            let (label, behind) = line.split_at(end);
            let sub = behind.strip_prefix('之').and_then(|rest| {
                let name: String = rest
                    .chars()
                    .take_while(|c| "一二三四五六七八九十".contains(*c))
                    .collect();
                (!name.is_empty()).then_some(name)
            });
            let behind = sub
                .as_ref()
                .map_or(behind, |sub| &behind['之'.len_utf8() + sub.len()..]);
            let separated = behind.starts_with(char::is_whitespace);
            let label = sub.map_or_else(|| label.to_owned(), |sub| format!("{label}之{sub}"));
            separated.then(|| label.parse().ok()).flatten()
        })
        .collect()
}

#[test]
fn every_article_is_found_in_order() {
    let Some(library) = library() else { return };
    let (mut good, mut all) = (0, 0);
    for version in library.laws().iter().flat_map(|law| &law.versions) {
        let found: Vec<ArticleNo> = version
            .statute
            .articles()
            .map(|article| article.no)
            .collect();
        let mut wanted: Vec<ArticleNo> = version
            .statute
            .files
            .iter()
            .flat_map(|file| {
                numbers_at_line_starts(&std::fs::read_to_string(file.path.as_str()).unwrap())
            })
            .collect();
        wanted.sort();
        let rising = found.windows(2).all(|pair| pair[0] < pair[1]);
        all += 1;
        good += usize::from(rising && wanted.iter().all(|no| found.contains(no)));
    }
    println!("statutes with every article found in order: {good} of {all}");
    assert!(good * 100 >= all * 98, "{good} of {all}");
}

#[test]
fn no_letter_is_lost_and_the_printed_form_is_the_same() {
    let Some(folder) = shared("laws") else { return };
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .filter(|path| {
            !["_index.md", "NOTICE.md"].contains(&&*path.file_name().unwrap().to_string_lossy())
        })
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let path = SourcePath::new(file.to_string_lossy().into_owned());
        let read = |text: &str| parse(&path, text, StatuteFields::default()).0;
        let statute = read(&text);
        let printed = print(&statute);
        assert_eq!(letters(&printed), letters(&text), "{}", file.display());
        assert_eq!(
            facts(&read(&printed)),
            facts(&statute),
            "{}",
            file.display()
        );
    }
}

/// All that is text, in order.
fn letters(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.retain(|c| !pufa::parse::statute::label::is_blank(c) && c != '#');
    out
}

/// What a statute says, without where it stands.
fn facts(statute: &Statute) -> Vec<String> {
    let mut out = vec![format!(
        "{} {:?} {:?} {:?}",
        statute.title, statute.part, statute.dates, statute.number
    )];
    for element in &statute.elements {
        match element {
            Element::Part(part) => {
                out.push(format!("{:?} {} {}", part.level, part.raw, part.anchor))
            }
            Element::Text(text) => out.push(format!("{:?} {}", text.role, text.text)),
            Element::Article(article) => {
                out.push(format!("{} {}", article.no, article.text()));
                out.extend(
                    article
                        .paragraphs
                        .iter()
                        .filter(|p| p.kind == ParagraphKind::Text)
                        .map(|paragraph| {
                            format!(
                                "p{} {:?}",
                                paragraph.number,
                                paragraph
                                    .items
                                    .iter()
                                    .map(|item| item.number)
                                    .collect::<Vec<_>>()
                            )
                        }),
                );
            }
        }
    }
    out
}

#[test]
fn articles_named_by_lawyers_resolve() {
    let (Some(library), Some(questions)) = (library(), shared("qa/train.jsonl")) else {
        return;
    };
    let (mut present, mut resolved) = (0u32, 0u32);
    for line in std::fs::read_to_string(questions).unwrap().lines() {
        let question: serde_json::Value = serde_json::from_str(line).unwrap();
        for cited in question["cited"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|cited| cited.as_str())
        {
            let Some((title, article)) = cited.rsplit_once('第') else {
                continue;
            };
            let known = library.find(title).and_then(|law| {
                let no: ArticleNo = article.parse().ok()?;
                library
                    .law(law)
                    .versions
                    .iter()
                    .any(|version| version.has_article(no))
                    .then_some((law, no))
            });
            let Some((law, no)) = known else { continue };
            present += 1;
            let found = resolve(cited, &[], &Context::page(&library, None, None));
            let right = found.len() == 1
                && (found[0].law, found[0].article) == (Some(law), Some(no))
                && (found[0].start, found[0].end) == (0, cited.len())
                && !matches!(found[0].status, Status::UnknownArticle | Status::UnknownLaw);
            resolved += u32::from(right);
        }
    }
    println!("cited articles in the library that resolve: {resolved} of {present}");
    assert!(
        present > 1000 && resolved * 1000 >= present * 995,
        "{resolved} of {present}"
    );
}

#[test]
fn citations_within_the_statutes_lead_somewhere() {
    let Some(library) = library() else { return };
    let mut statuses: BTreeMap<Status, usize> = BTreeMap::new();
    let (start, mut bytes) = (std::time::Instant::now(), 0);
    for (id, law) in library.iter() {
        for version in 0..law.versions.len() {
            let (text, found) = statute_citations(&library, id, version, None);
            bytes += text.text.len();
            for citation in found.iter().filter(|citation| citation.article.is_some()) {
                *statuses.entry(citation.status).or_default() += 1;
            }
        }
    }
    let all: usize = statuses.values().sum();
    let unknown = statuses
        .get(&Status::UnknownArticle)
        .copied()
        .unwrap_or_default();
    println!(
        "citations within statutes: {statuses:?}, {} KB in {:?}",
        bytes >> 10,
        start.elapsed()
    );
    assert!(all > 10_000 && unknown * 100 <= all, "{statuses:?}");
}
