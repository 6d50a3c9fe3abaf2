//! The citations that can't be relied on, as a page for the lawyer who has to look at them: by law and article, each with
//! what changed, the pages that cite it and their sentences. The page stands alone and prints on paper.
//!
//! Pure: it takes the world and the texts of its files, and gives HTML.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::compare::{Change, Piece};
use super::{World, escape};
use crate::base::span::LineIndex;
use crate::base::{ArticleNo, SourcePath};
use crate::diag::Diagnostic;
use crate::diag::catalog::{self, Language};
use crate::diag::emit::Texts;
use crate::model::{Page, PageId};
use crate::resolve::PageCitation;
use crate::resolve::citation::{Context, Status, problems};

/// What the report tells of, what the law has changed first, with its heading in both languages.
const CHAPTERS: [(Status, &str, &str); 5] = [
    (Status::Superseded, "法律修改了", "The law has changed"),
    (
        Status::Repealed,
        "法律废止了",
        "The law is no longer in force",
    ),
    (
        Status::NotYetInForce,
        "法律还没有施行",
        "The law is not in force yet",
    ),
    (Status::UnknownArticle, "没有这一条", "No such article"),
    (
        Status::UnknownLaw,
        "法律库里没有的法律",
        "Not in the law library",
    ),
];

/// Looks calm on screen, saves ink on paper; no file beside it is needed.
const STYLE: &str = "body{font:16px/1.7 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}\
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:2px solid #8c1d18}h3{margin:1.6rem 0 .3rem;font-size:1.05rem}\
p{margin:.3rem 0}.hint,.place{color:#555;font-size:.9rem}.diff{background:#f6f6f4;padding:.5rem .8rem}\
del{background:#fbe3e1;color:#7a1712}ins{background:#e2f1e4;color:#175427;text-decoration:underline}\
table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3rem .5rem;text-align:start;vertical-align:top}\
td:last-child{width:9rem}q{color:#333}a{color:#1a4f8b}\
@media print{body{margin:0;max-width:none;font-size:11pt}h3,tr{break-inside:avoid}h3{break-after:avoid}a{color:inherit}}";

/// A citation that can't be relied on, and where it stands.
struct Entry<'w> {
    page: PageId,
    found: &'w PageCitation,
    problem: Diagnostic,
    difference: Vec<Piece>,
}

/// What entries are put together by: the chapter, the law's short title, the article, the version it is cited from.
type Key = (usize, String, Option<ArticleNo>, Option<usize>);

/// The report of a world in a language; `texts` gives the lines citations stand in.
#[must_use]
pub fn law_report(world: &World, texts: &dyn Texts, language: Language) -> String {
    let entries = entries(world);
    let mut report = Report {
        world,
        texts,
        language,
        out: String::new(),
    };
    report.head(&entries);
    for (place, (_, zh, en)) in CHAPTERS.iter().enumerate() {
        let groups: Vec<_> = entries
            .iter()
            .filter(|((chapter, ..), _)| *chapter == place)
            .collect();
        if groups.is_empty() {
            continue;
        }
        report.line("h2", report.say(zh, en));
        groups.iter().for_each(|(_, group)| report.group(group));
    }
    report.out.push_str("</body>\n</html>\n");
    report.out
}

fn entries(world: &World) -> BTreeMap<Key, Vec<Entry<'_>>> {
    let mut entries: BTreeMap<Key, Vec<Entry<'_>>> = BTreeMap::new();
    for (page, found) in world.resolved.page_citations(&world.site) {
        let citation = &found.citation;
        let Some(chapter) = CHAPTERS
            .iter()
            .position(|(status, ..)| *status == citation.status)
        else {
            continue;
        };
        let Some(problem) = problem(world, page, found) else {
            continue;
        };
        let library = &world.site.library;
        let law = citation
            .law
            .map_or(&*citation.title, |law| library.law(law).short());
        let note = citation.note(library, Some(world.site.today));
        let key = (chapter, law.to_owned(), citation.article, citation.version);
        entries.entry(key).or_default().push(Entry {
            page,
            found,
            problem,
            difference: note
                .filter(|note| note.change != Change::Renumbered)
                .map(|note| note.pieces)
                .unwrap_or_default(),
        });
    }
    entries
}

/// What `check` says of a citation.
fn problem(world: &World, page: PageId, found: &PageCitation) -> Option<Diagnostic> {
    let site = &world.site;
    let page = site.page(page);
    let citation = &found.citation;
    let context = Context::page(&site.library, Some(site.law_date(page)), Some(site.today));
    let file = written_in(world, page, found);
    let place = |start, end| crate::base::Span::new(start, end);
    problems([citation], &context, file, &place).pop()
}

/// The file a citation of a page is written in.
fn written_in<'w>(world: &'w World, page: &Page, found: &'w PageCitation) -> &'w SourcePath {
    let own = &world.site.file(page.file).path;
    found.written_in.as_ref().unwrap_or(own)
}

struct Report<'w> {
    world: &'w World,
    texts: &'w dyn Texts,
    language: Language,
    out: String,
}

impl Report<'_> {
    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn line(&mut self, tag: &str, text: &str) {
        let _ = writeln!(self.out, "<{tag}>{}</{tag}>", escape::escape(text));
    }

    fn head(&mut self, entries: &BTreeMap<Key, Vec<Entry<'_>>>) {
        let site = &self.world.site;
        let lang = self.say("zh-CN", "en");
        let title = self.say("引用法条核对表", "Citations a lawyer should look at");
        let title = format!("{title} — {}", site.config.title);
        let _ = write!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
            escape::escape(&title)
        );
        self.line("h1", &title);
        let all = entries.values().map(Vec::len).sum::<usize>();
        let mut pages: Vec<PageId> = entries.values().flatten().map(|entry| entry.page).collect();
        pages.sort_unstable();
        pages.dedup();
        let (day, pages) = (site.today, pages.len());
        let summary = match (self.language, all) {
            (Language::Zh, 0) => format!("截至 {day}，没有需要核对的引用。"),
            (Language::En, 0) => format!("On {day} no citation needs a look."),
            (Language::Zh, _) => format!(
                "截至 {day}：{pages} 个页面的 {all} 处引用需要核对。核对后在原文件里改正，再更新 law_date 或 reviewed。"
            ),
            (Language::En, _) => format!(
                "On {day}: {all} citations on {pages} pages need a look. Mend their files, then update law_date or reviewed."
            ),
        };
        self.line("p", &summary);
    }

    /// An article with what became of it and the pages that cite it.
    fn group(&mut self, group: &[Entry<'_>]) {
        let Some(first) = group.first() else { return };
        let citation = &first.found.citation;
        let library = &self.world.site.library;
        let law = citation
            .law
            .map_or(&*citation.title, |law| library.law(law).short());
        let number = citation.article.map(|no| no.chinese()).unwrap_or_default();
        self.line("h3", &format!("《{law}》{number}"));
        if first.difference.is_empty() {
            self.line("p", &catalog::message(&first.problem, self.language));
        } else {
            self.difference(&first.difference);
        }
        if let Some(hint) = catalog::hint(&first.problem, self.language) {
            let _ = writeln!(self.out, "<p class=\"hint\">{}</p>", escape::escape(&hint));
        }
        let (page, sentence, checked) = (
            self.say("页面", "Page"),
            self.say("原句", "Sentence"),
            self.say("核对人、日期", "Checked by, on"),
        );
        let _ = writeln!(
            self.out,
            "<table><thead><tr><th>{page}</th><th>{sentence}</th><th>{checked}</th></tr></thead><tbody>"
        );
        group.iter().for_each(|entry| self.row(entry));
        self.out.push_str("</tbody></table>\n");
    }

    fn difference(&mut self, pieces: &[Piece]) {
        self.out.push_str("<p class=\"diff\">");
        for piece in pieces {
            let (tag, text) = match piece {
                Piece::Same(text) => ("span", text),
                Piece::Inserted(text) => ("ins", text),
                Piece::Deleted(text) => ("del", text),
            };
            let text = escape::escape(text).replace('\n', "<br>");
            let _ = write!(self.out, "<{tag}>{text}</{tag}>");
        }
        self.out.push_str("</p>\n");
    }

    fn row(&mut self, entry: &Entry<'_>) {
        let site = &self.world.site;
        let page = site.page(entry.page);
        let file = written_in(self.world, page, entry.found);
        let place = match self.texts.text(file) {
            Some(text) => {
                let at = LineIndex::new(text).position(text, entry.found.source as usize);
                format!("{file}:{}:{}", at.line, at.column)
            }
            None => file.to_string(),
        };
        let stated = self.say("依据日期", "law of");
        let _ = writeln!(
            self.out,
            "<tr><td><a href=\"{}\">{}</a><p class=\"place\">{}<br>{stated} {}</p></td><td><q>{}</q></td><td></td></tr>",
            escape::escape(&site.config.permalink(&page.url)),
            escape::escape(&page.title),
            escape::escape(&place),
            site.law_date(page),
            escape::escape(&entry.found.sentence),
        );
    }
}
