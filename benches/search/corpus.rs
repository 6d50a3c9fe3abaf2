//! A law library and a file of lay questions as documents to search, cut by a simple splitter.

use std::collections::BTreeMap;
use std::path::Path;

use pufa::base::numeral::read_number;
use pufa::base::{ArticleNo, Url};
use pufa::index::{SearchDocument, SearchKind, SearchLaw};

/// An article of the newest version of a law.
pub struct Article {
    pub law: String,
    pub number: ArticleNo,
    pub heads: Vec<String>,
    pub text: String,
}

/// A lay question, its answer and the articles it cites (places in the list of articles).
pub struct Question {
    pub text: String,
    pub answer: String,
    pub cited: Vec<usize>,
}

/// All articles of the newest versions below `folder`.
pub fn articles(folder: &Path) -> Vec<Article> {
    let mut newest: BTreeMap<(String, String), (String, std::path::PathBuf)> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".md").filter(|stem| *stem != "_index") else {
            continue;
        };
        let (base, date) = match stem.rsplit_once('(') {
            Some((base, date))
                if date.len() == 11 && date.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                (base, date)
            }
            _ => (stem, ""),
        };
        let folder = entry
            .path()
            .parent()
            .unwrap_or(folder)
            .to_string_lossy()
            .into_owned();
        let slot = newest.entry((folder, base.to_owned())).or_default();
        if date >= slot.0.as_str() {
            *slot = (date.to_owned(), entry.path().to_owned());
        }
    }
    newest
        .into_values()
        .flat_map(|(_, path)| split(&std::fs::read_to_string(path).unwrap_or_default()))
        .collect()
}

fn split(text: &str) -> Vec<Article> {
    let mut law = String::new();
    let mut heads: Vec<(usize, String)> = Vec::new();
    let mut articles: Vec<Article> = Vec::new();
    let mut open = false;
    for line in text
        .lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}'))
    {
        if let Some(head) = line.strip_prefix('#') {
            let depth = line.bytes().take_while(|byte| *byte == b'#').count();
            let head = head.trim_start_matches('#').trim().to_owned();
            if law.is_empty() {
                law = head;
            } else {
                heads.retain(|(known, _)| *known < depth);
                heads.push((depth, head));
            }
            open = false;
        } else if let Some((number, rest)) = article(line) {
            open = true;
            let heads = heads.iter().map(|(_, head)| head.clone()).collect();
            articles.push(Article {
                law: law.clone(),
                number,
                heads,
                text: rest.to_owned(),
            });
        } else if let Some(last) = articles.last_mut().filter(|_| open && !line.is_empty()) {
            last.text.push('\n');
            last.text.push_str(line);
        }
    }
    articles
}

/// 第N条(之N) at the beginning of a line, and what follows.
fn article(line: &str) -> Option<(ArticleNo, &str)> {
    let rest = line.strip_prefix('第')?;
    let (main, used) = read_number(rest)?;
    let mut rest = rest[used..].strip_prefix('条')?;
    let mut sub = 0;
    if let Some((number, used)) = rest.strip_prefix('之').and_then(read_number) {
        sub = number;
        rest = &rest['之'.len_utf8() + used..];
    }
    let goes_on = rest.starts_with(['，', '。', '、', '的', '第', '规', '和', '至', '及', '或']);
    (!goes_on).then(|| {
        (
            ArticleNo { main, sub },
            rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{3000}'),
        )
    })
}

fn plain(title: &str) -> String {
    let title = title.replace("中华人民共和国", "");
    title
        .chars()
        .filter(|c| !"《》〈〉 　()（）".contains(*c))
        .collect()
}

/// The questions of a JSONL file.
pub fn questions(file: &Path, articles: &[Article]) -> Vec<Question> {
    let mut places: BTreeMap<(String, ArticleNo), usize> = BTreeMap::new();
    for (place, article) in articles.iter().enumerate() {
        places
            .entry((plain(&article.law), article.number))
            .or_insert(place);
    }
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let read = |line: &str| -> Option<Question> {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let cited = value["cited"]
            .as_array()?
            .iter()
            .filter_map(|cited| place(cited.as_str()?, &places));
        let mut cited: Vec<usize> = cited.collect();
        cited.sort_unstable();
        cited.dedup();
        Some(Question {
            text: value["question"].as_str()?.to_owned(),
            answer: value["answer"].as_str().unwrap_or_default().to_owned(),
            cited,
        })
    };
    text.lines().filter_map(read).collect()
}

fn place(cited: &str, places: &BTreeMap<(String, ArticleNo), usize>) -> Option<usize> {
    let at = cited.rfind('第')?;
    let number = cited[at..].parse().ok()?;
    places.get(&(plain(&cited[..at]), number)).copied()
}

/// Articles and questions as the pipeline gives them to the index.
pub fn documents(articles: &[Article], questions: &[&Question]) -> Vec<SearchDocument> {
    let mut laws: BTreeMap<&str, usize> = BTreeMap::new();
    for article in articles {
        let next = laws.len();
        laws.entry(&article.law).or_insert(next);
    }
    let url = |article: &Article| {
        Url::new(&format!(
            "/laws/{}/#{}",
            laws[article.law.as_str()],
            article.number.anchor()
        ))
    };
    let law = |article: &Article| {
        let short = article
            .law
            .strip_prefix("中华人民共和国")
            .unwrap_or(&article.law)
            .to_owned();
        let title = format!("{short} {}", article.number.chinese());
        let mut document =
            SearchDocument::new(url(article), SearchKind::Law, title, article.text.clone());
        document.breadcrumb = std::iter::once(short.clone())
            .chain(article.heads.clone())
            .collect::<Vec<_>>()
            .join(" › ");
        document.heads = article.heads.clone();
        document.law = Some(SearchLaw {
            title: article.law.clone(),
            short_titles: vec![short],
            article: Some(article.number),
            front: false,
        });
        document
    };
    let question = |(number, question): (usize, &&Question)| {
        let page = Url::new(&format!("/books/questions/{number}/"));
        let mut document = SearchDocument::new(
            page,
            SearchKind::Question,
            question.text.clone(),
            question.answer.clone(),
        );
        document.cites = question
            .cited
            .iter()
            .map(|place| url(&articles[*place]))
            .collect();
        document
    };
    articles
        .iter()
        .map(law)
        .chain(questions.iter().enumerate().map(question))
        .collect()
}
