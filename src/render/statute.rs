//! Statutes as pages: the text with its anchors and citations, who explains an article, versions and comparisons.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;

use super::compare::{Change, Pair, Piece};
use super::{Scene, World, escape};
use crate::base::{ArticleNo, Url};
use crate::model::Target;
use crate::model::law::{Law, LawId, Version};
use crate::parse::statute::{
    Article, Element, LawKind, Outline, Paragraph, ParagraphKind, Part, PartLevel, Statute,
    TextRole,
};
use crate::resolve::citation::{Citation, Status, citations_within};

/// The law and version a scene shows.
fn shown(scene: &Scene) -> Option<(LawId, usize)> {
    match scene.target {
        Target::Law(law, version) | Target::Comparison(law, version) => {
            Some((law, version as usize))
        }
        _ => None,
    }
}

/// `page` of a statute's page.
pub(super) fn page(scene: &Arc<Scene>, id: LawId, version: usize) -> Value {
    let scene = scene.clone();
    super::view::view(move |key| {
        let site = &scene.world.site;
        let law = site.library.law(id);
        let Some(text) = law.versions.get(version) else {
            return known_law(&scene, law, key);
        };
        Some(match key {
            "title" => Value::from(version_title(law, version)),
            "description" => Value::from(description(law, version)),
            "url" => Value::from(scene.write(&law.version_url(version))),
            "permalink" => Value::from(site.config.permalink(&law.version_url(version))),
            "kind" => Value::from("statute"),
            "lang" => Value::from(&*scene.language),
            "breadcrumbs" => {
                super::view::breadcrumbs(&scene, laws_section(&scene), &version_title(law, version))
            }
            "content" => Value::from_safe_string(content(
                &scene,
                id,
                version,
                0..text.statute.elements.len(),
            )),
            "toc" => Value::from(parts(&text.statute, &text.statute.outline())),
            "statute" => facts(&scene, id, version),
            "topics" | "audiences" | "related" | "legal_basis" | "citation_notes" | "services"
            | "translations" => Value::from(Vec::<Value>::new()),
            "source" => Value::from(
                text.statute
                    .files
                    .first()
                    .map_or("", |file| file.path.as_str()),
            ),
            "section" => match laws_section(&scene) {
                Some(section) => {
                    let section = site.section(section);
                    context! { title => &*section.title, url => scene.write(&section.url) }
                }
                None => Value::from(()),
            },
            _ => return None,
        })
    })
}

/// Where the official texts of laws are looked up, by their titles.
const NATIONAL_DATABASE: &str = "https://flk.npc.gov.cn/";

/// `page` of a law whose text is not there: what is known of it, and where its text is.
fn known_law(scene: &Arc<Scene>, law: &Law, key: &str) -> Option<Value> {
    Some(match key {
        "title" => Value::from(law.title.clone()),
        "description" => Value::from(description(law, 0)),
        "url" => Value::from(scene.write(&law.url())),
        "permalink" => Value::from(scene.world.site.config.permalink(&law.url())),
        "kind" => Value::from("statute"),
        "lang" => Value::from(&*scene.language),
        "breadcrumbs" => super::view::breadcrumbs(scene, laws_section(scene), &law.title),
        "content" | "source" => Value::from(""),
        "toc" | "topics" | "audiences" | "related" | "legal_basis" | "citation_notes"
        | "services" | "translations" => Value::from(Vec::<Value>::new()),
        "statute" => known_facts(scene, law),
        _ => return None,
    })
}

fn known_facts(scene: &Scene, law: &Law) -> Value {
    let repeal = law.repeal.as_ref();
    let dates = [
        ("statute.passed", law.known.passed),
        ("statute.in_effect", law.known.effective),
        ("statute.repealed", repeal.and_then(|repeal| repeal.date)),
    ];
    let dates = dates.into_iter().filter_map(|(key, day)| {
        let day = day?.to_string();
        Some(context! { label => scene.text(key), date => day })
    });
    let library = &scene.world.site.library;
    let successor = repeal.and_then(|repeal| repeal.successor.as_deref());
    let successor = successor.and_then(|title| library.find(title)).map(|id| {
        let law = library.law(id);
        context! { title => law.title.clone(), url => scene.write(&law.url()) }
    });
    context! {
        title => law.title.clone(),
        short_title => law.short(),
        kind => law.kind.chinese(),
        dates => dates.collect::<Vec<_>>(),
        status => scene.text("statute.repealed"),
        in_force => repeal.is_none(),
        unavailable => true,
        successor => successor,
        database => NATIONAL_DATABASE,
    }
}

/// `page` of a chapter of a very long law: what differs from the page of the whole law.
pub(super) fn chapter_page(scene: &Arc<Scene>, id: LawId, number: usize) -> Value {
    let whole = page(scene, id, 0);
    let scene = scene.clone();
    super::view::view(move |key| {
        let site = &scene.world.site;
        let law = site.library.law(id);
        let chapter = law.chapters.get(number)?;
        Some(match key {
            "title" => Value::from(chapter_title(law, number)),
            "description" => Value::from(chapter_description(law, number)),
            "url" => Value::from(scene.write(&law.chapter_url(number))),
            "permalink" => Value::from(site.config.permalink(&law.chapter_url(number))),
            "breadcrumbs" => {
                super::view::breadcrumbs(&scene, laws_section(&scene), &chapter_title(law, number))
            }
            "content" => Value::from_safe_string(content(&scene, id, 0, chapter.elements.clone())),
            "toc" => Value::from(Vec::<Value>::new()),
            "chapter" => context! {
                title => chapter_name(law, number),
                law => law.title.clone(),
                whole_url => scene.write(&law.url().with_fragment(&chapter.anchor)),
            },
            "previous" => Value::from(
                number
                    .checked_sub(1)
                    .map(|at| chapter_link(&scene, law, at)),
            ),
            "next" => {
                let next = Some(number + 1).filter(|at| *at < law.chapters.len());
                Value::from(next.map(|at| chapter_link(&scene, law, at)))
            }
            _ => {
                return whole
                    .get_attr(key)
                    .ok()
                    .filter(|value| !value.is_undefined());
            }
        })
    })
}

fn chapter_link(scene: &Scene, law: &Law, number: usize) -> Value {
    context! { title => chapter_name(law, number), url => scene.write(&law.chapter_url(number)) }
}

/// 第五编 婚姻家庭 第四章 离婚: the headings of a chapter.
fn chapter_name(law: &Law, number: usize) -> String {
    let (Some(chapter), Some(text)) = (law.chapters.get(number), law.newest()) else {
        return String::new();
    };
    let headings = chapter.headings.iter();
    let titles = headings.filter_map(|at| match text.statute.elements.get(*at) {
        Some(Element::Part(part)) => Some(part.full_title()),
        Some(Element::Article(_) | Element::Text(_)) | None => None,
    });
    titles.collect::<Vec<_>>().join(" ")
}

/// 民法典 第五编 婚姻家庭 第四章 离婚.
#[must_use]
pub fn chapter_title(law: &Law, number: usize) -> String {
    format!("{} {}", law.short(), chapter_name(law, number))
}

/// What a chapter's page is, in a sentence.
#[must_use]
pub fn chapter_description(law: &Law, number: usize) -> String {
    let articles = law
        .chapters
        .get(number)
        .and_then(|chapter| chapter.articles);
    let range = articles.map(|(first, last)| format!("，{}至{}", first.chinese(), last.chinese()));
    format!(
        "《{}》{}{}。逐条原文与相关问答。",
        law.title,
        chapter_name(law, number),
        range.unwrap_or_default()
    )
}

pub(super) fn laws_section(scene: &Scene) -> Option<crate::model::SectionId> {
    let kind = crate::parse::front::Kind::Laws;
    let at = scene
        .world
        .site
        .sections
        .iter()
        .position(|section| section.kind == kind)?;
    Some(crate::model::SectionId::of(at))
}

/// The title; older versions with their date.
#[must_use]
pub fn version_title(law: &Law, version: usize) -> String {
    match law.versions.get(version).and_then(|text| text.date) {
        Some(date) if version > 0 => format!("{}（{date}）", law.title),
        _ => law.title.clone(),
    }
}

/// What the page is, in a sentence.
#[must_use]
pub fn description(law: &Law, version: usize) -> String {
    let mut text = version_title(law, version);
    let Some(statute) = law.versions.get(version).map(|text| &text.statute) else {
        let end = law.repeal.as_ref().and_then(|repeal| repeal.date);
        let end = end.map(|day| format!("，{day}废止"));
        return format!(
            "{text}{}。通过、施行和废止的日期与原文的去处。",
            end.unwrap_or_default()
        );
    };
    if let Some(count) = count(statute) {
        let _ = write!(text, "，共{count}条");
    }
    if let Some(day) = statute.dates.effective {
        let _ = write!(text, "，{day}起施行");
    }
    text.push_str(if statute.gist {
        "。各条要旨与官方文本的去处。"
    } else {
        "。逐条全文、历次版本与相关问答。"
    });
    text
}

fn count(statute: &Statute) -> Option<usize> {
    let known = statute.article_count.map(|count| count as usize);
    known.or_else(|| Some(statute.article_len()).filter(|count| *count > 0))
}

fn facts(scene: &Arc<Scene>, id: LawId, version: usize) -> Value {
    let site = &scene.world.site;
    let law = site.library.law(id);
    let text = &law.versions[version];
    let statute = &text.statute;
    let current = law.in_force(Some(site.today));
    let in_force = current == Some(version) && law.repeal.is_none();
    let mut dates: Vec<(String, String)> = Vec::new();
    let mut push = |key: &str, day: Option<crate::base::Date>| {
        dates.extend(day.map(|day| (scene.text(key), day.to_string())));
    };
    push("statute.passed", statute.dates.passed);
    push("statute.amended", statute.dates.amended.last().copied());
    push("statute.published", statute.dates.published);
    push("statute.in_effect", statute.dates.effective);
    let versions: Vec<Value> = (0..law.versions.len())
        .map(|other| version_entry(scene, id, other, version))
        .collect();
    context! {
        title => version_title(law, version),
        short_title => law.short(),
        kind => law.kind.chinese(),
        issuer => statute.issuer.clone(),
        number => statute.number.clone(),
        dates => dates.into_iter().map(|(label, date)| context! { label, date }).collect::<Vec<_>>(),
        status => status(scene, law, version),
        in_force => in_force,
        gist => statute.gist,
        official => statute.official.clone(),
        database => (statute.gist && statute.official.is_none()).then_some(NATIONAL_DATABASE),
        article_count => count(statute),
        parts => parts(statute, &statute.outline()),
        versions => versions,
        cite => cited_as(law, version),
        chapters => chapters(scene, law, version),
        current_url => current.filter(|current| *current != version).map(|current| scene.write(&law.version_url(current))),
    }
}

/// How a text of a law is cited: 《中华人民共和国民事诉讼法》（2023-09-01）, by its title alone where there is only one text.
fn cited_as(law: &Law, version: usize) -> String {
    match law.versions.get(version).and_then(|text| text.date) {
        Some(date) if law.versions.len() > 1 => format!("《{}》（{date}）", law.title),
        Some(_) | None => format!("《{}》", law.title),
    }
}

/// The pages of a very long law's chapters, from the page of its newest text.
fn chapters(scene: &Scene, law: &Law, version: usize) -> Vec<Value> {
    let count = if version == 0 { law.chapters.len() } else { 0 };
    (0..count).map(|at| chapter_link(scene, law, at)).collect()
}

/// 现行有效, 已被修改, 已废止, 尚未施行.
fn status(scene: &Scene, law: &Law, version: usize) -> String {
    let today = scene.world.site.today;
    let text = &law.versions[version];
    let current = law.in_force(Some(today));
    let key = if law.repeal.is_some() {
        "statute.repealed"
    } else if text.from.is_some_and(|from| from > today) {
        "statute.not_yet"
    } else if current == Some(version) {
        match &text.statute.status {
            Some(status) => return status.clone(),
            None => "statute.current_status",
        }
    } else {
        "statute.amended_since"
    };
    scene.text(key)
}

fn version_entry(scene: &Arc<Scene>, id: LawId, version: usize, here: usize) -> Value {
    let site = &scene.world.site;
    let law = site.library.law(id);
    let text = &law.versions[version];
    let changes = u32::try_from(version).ok().filter(|version| *version > 0);
    context! {
        title => text.date.map_or_else(|| law.title.clone(), |date| date.to_string()),
        date => text.date.map(|date| date.to_string()),
        status => status(scene, law, version),
        url => scene.write(&law.version_url(version)),
        current => version == here,
        comparison_url => changes.map(|version| scene.write(&site.url(Target::Comparison(id, version)))),
    }
}

fn parts(statute: &Statute, outline: &[Outline]) -> Vec<Value> {
    outline
        .iter()
        .filter_map(|entry| {
            let Element::Part(part) = &statute.elements[entry.element] else {
                return None;
            };
            let children = if part.level < PartLevel::Chapter || entry.children.len() <= 12 {
                parts(statute, &entry.children)
            } else {
                Vec::new()
            };
            Some(context! { id => &*part.anchor, title => part.full_title(), children => children })
        })
        .collect()
}

/// The text of some elements of a version as HTML.
fn content(scene: &Arc<Scene>, id: LawId, version: usize, elements: Range<usize>) -> String {
    let site = &scene.world.site;
    let statute = &site.library.law(id).versions[version].statute;
    let (text, citations) =
        citations_within(&site.library, id, version, &elements, Some(site.today));
    let mut lines: BTreeMap<LinePlace, usize> = BTreeMap::new();
    for line in &text.lines {
        lines.insert(
            (line.element, line.paragraph, line.item, line.subitem),
            line.start,
        );
    }
    let mut writer = Writer {
        scene,
        id,
        version,
        citations: &citations,
        lines,
        open: Vec::new(),
        out: String::with_capacity(text.text.len() * 2),
    };
    let shown = statute.elements.iter().enumerate();
    for (index, element) in shown.take(elements.end).skip(elements.start) {
        match element {
            Element::Part(part) => writer.part(part),
            Element::Article(article) => writer.article(index, article),
            Element::Text(text) => writer.text(index, text.role, &text.text),
        }
    }
    writer.out
}

/// Lines an article takes, rather more than fewer: so much room is kept for it while it is out of sight.
fn rows(article: &Article) -> usize {
    const CHARACTERS: usize = 36;
    let lines = |text: &str| text.chars().count().div_ceil(CHARACTERS);
    let paragraphs = article.paragraphs.iter().map(|paragraph| {
        let items = paragraph.items.iter().map(|item| lines(&item.text) + 1);
        lines(&paragraph.text) + items.sum::<usize>()
    });
    paragraphs.sum::<usize>() + 2
}

/// Of more pages that explain an article only the first are listed; all are counted.
const MOST_PAGES: usize = 60;

/// Where a line stands: element, paragraph, item, sub-item.
type LinePlace = (usize, usize, Option<usize>, Option<usize>);

struct Writer<'a> {
    scene: &'a Arc<Scene>,
    id: LawId,
    version: usize,
    citations: &'a [Citation],
    lines: BTreeMap<LinePlace, usize>,
    /// The depths of the parts that are open: no heading skips a rank, though a book may have chapters without sub-books.
    open: Vec<usize>,
    out: String,
}

impl Writer<'_> {
    fn part(&mut self, part: &Part) {
        let depth = match part.level {
            PartLevel::Book | PartLevel::Annex => 0,
            PartLevel::Subbook => 1,
            PartLevel::Chapter => 2,
            PartLevel::Section => 3,
            PartLevel::Heading => 4,
        };
        self.open.retain(|above| *above < depth);
        let rank = (2 + self.open.len()).min(6);
        self.open.push(depth);
        let _ = write!(
            self.out,
            "<h{rank} id=\"{}\">",
            escape::escape(&part.anchor)
        );
        escape::push(&part.full_title(), &mut self.out);
        if let Some((first, last)) = part.range {
            let _ = write!(
                self.out,
                " <small>{}至{}</small>",
                first.chinese(),
                last.chinese()
            );
        }
        let _ = writeln!(self.out, "</h{rank}>");
    }

    fn article(&mut self, element: usize, article: &Article) {
        let anchor = article.no.anchor();
        let rows = rows(article).next_power_of_two().min(64);
        let _ = write!(
            self.out,
            "<div class=\"article\" id=\"{anchor}\" data-rows=\"{rows}\">"
        );
        let mut labelled = false;
        for (index, paragraph) in article.paragraphs.iter().enumerate() {
            self.paragraph(element, index, article, paragraph, &mut labelled);
        }
        if !labelled {
            self.out.push_str("<p>");
            self.label(article);
            self.out.push_str("</p>\n");
        }
        self.cited_by(article.no);
        self.out.push_str("</div>\n");
    }

    fn label(&mut self, article: &Article) {
        let _ = write!(
            self.out,
            "<a class=\"article-number\" href=\"#{}\">{}</a> ",
            article.no.anchor(),
            escape::escape(&article.label)
        );
    }

    fn paragraph(
        &mut self,
        element: usize,
        index: usize,
        article: &Article,
        paragraph: &Paragraph,
        labelled: &mut bool,
    ) {
        let own = article.no.anchor();
        match paragraph.kind {
            ParagraphKind::Table => return self.table(&paragraph.text),
            ParagraphKind::Text => {}
        }
        let _ = write!(self.out, "<p id=\"{own}-p{}\">", paragraph.number);
        if !std::mem::replace(labelled, true) {
            self.label(article);
        }
        self.line(element, index, None, None, &paragraph.text);
        self.out.push_str("</p>\n");
        // An item without a paragraph (第四十条第一项) is one of the article's only list.
        let lists = article
            .paragraphs
            .iter()
            .filter(|paragraph| !paragraph.items.is_empty())
            .count();
        for (place, item) in paragraph.items.iter().enumerate() {
            let _ = write!(
                self.out,
                "<p class=\"item\" id=\"{own}-p{}-i{}\">",
                paragraph.number, item.number
            );
            if lists == 1 {
                let _ = write!(self.out, "<span id=\"{own}-i{}\"></span>", item.number);
            }
            escape::push(&item.label, &mut self.out);
            self.line(element, index, Some(place), None, &item.text);
            self.out.push_str("</p>\n");
            for (sub, subitem) in item.subitems.iter().enumerate() {
                self.out.push_str("<p class=\"subitem\">");
                escape::push(&subitem.label, &mut self.out);
                self.line(element, index, Some(place), Some(sub), &subitem.text);
                self.out.push_str("</p>\n");
            }
        }
    }

    /// A line of text with its citations.
    fn line(
        &mut self,
        element: usize,
        paragraph: usize,
        item: Option<usize>,
        subitem: Option<usize>,
        text: &str,
    ) {
        let Some(start) = self
            .lines
            .get(&(element, paragraph, item, subitem))
            .copied()
        else {
            return escape::push(text, &mut self.out);
        };
        let end = start + text.len();
        let first = self
            .citations
            .partition_point(|citation| citation.end <= start);
        let mut done = 0;
        for citation in self.citations[first..]
            .iter()
            .take_while(|citation| citation.start < end)
        {
            let (from, to) = (
                citation.start.max(start) - start,
                citation.end.min(end) - start,
            );
            if from < done || !text.is_char_boundary(from) || !text.is_char_boundary(to) {
                continue;
            }
            escape::push(&text[done..from], &mut self.out);
            cited(self.scene, citation, &text[from..to], false, &mut self.out);
            done = to;
        }
        escape::push(&text[done..], &mut self.out);
    }

    fn text(&mut self, element: usize, role: TextRole, text: &str) {
        match role {
            TextRole::Table => self.table(text),
            TextRole::Contents => {}
            TextRole::Preamble | TextRole::Plain | TextRole::Annex => {
                self.out.push_str("<p>");
                self.line(element, 0, None, None, text);
                self.out.push_str("</p>\n");
            }
        }
    }

    /// A table as it is written; what is no Markdown table is shown line by line.
    fn table(&mut self, text: &str) {
        let file = crate::base::SourcePath::new("");
        let options = crate::parse::markdown::MarkdownOptions::default();
        let document = crate::parse::markdown::parse(text, 0, &file, &options, &mut Vec::new());
        let html = super::page::document_html(self.scene, &document, None);
        self.out.push_str(&html);
    }

    /// The pages that explain an article, each with its sentence.
    fn cited_by(&mut self, no: ArticleNo) {
        let world = &self.scene.world;
        let Some(pages) = world
            .resolved
            .cited_by
            .get(&(self.id, no))
            .filter(|_| self.version == 0)
        else {
            return;
        };
        let count = i64::try_from(pages.len()).ok();
        let label = world
            .theme
            .counted(&self.scene.language, "statute.cited_by", count)
            .unwrap_or_default()
            .replace("{n}", &pages.len().to_string());
        let _ = write!(
            self.out,
            "<details class=\"cited-by\"><summary>{}</summary><ul>",
            escape::escape(&label)
        );
        for by in pages.iter().take(MOST_PAGES) {
            let page = world.site.page(by.page);
            self.out.push_str("<li><a href=\"");
            escape::push_url(&self.scene.write(&page.url), &mut self.out);
            self.out.push_str("\">");
            escape::push(&page.title, &mut self.out);
            self.out.push_str("</a> <q>");
            escape::push(&by.sentence, &mut self.out);
            self.out.push_str("</q></li>");
        }
        self.out.push_str("</ul></details>");
    }
}

/// A citation as a link around `text`; plain text where it leads nowhere.
pub(super) fn cited(
    scene: &Scene,
    citation: &Citation,
    text: &str,
    popover: bool,
    out: &mut String,
) {
    let linked = open_citation(scene, citation, popover, out);
    escape::push(text, out);
    if linked {
        out.push_str("</a>");
    }
}

/// Appends the opening tag of a citation's link; `false`, and nothing appended, where it leads nowhere.
pub(super) fn open_citation(
    scene: &Scene,
    citation: &Citation,
    popover: bool,
    out: &mut String,
) -> bool {
    let library = &scene.world.site.library;
    let known = citation.status != Status::UnknownArticle;
    let (Some(id), Some(url), true) = (citation.law, citation.url(library), known) else {
        return false;
    };
    let law = library.law(id);
    out.push_str("<a class=\"citation");
    match stale(scene, citation).filter(|_| popover) {
        Some((message, _)) => {
            out.push_str(" stale\" title=\"");
            escape::push(&message, out);
        }
        None if matches!(citation.status, Status::Repealed | Status::Superseded) => {
            out.push_str(" stale");
        }
        None => {}
    }
    out.push_str("\" href=\"");
    escape::push_url(&scene.write(&url), out);
    let _ = write!(out, "\" data-law=\"{}\"", escape::escape(&law.slug));
    if let Some(no) = citation.article {
        let _ = write!(out, " data-article=\"{no}\"");
        let version = citation.version.unwrap_or(0);
        if let Some(file) = popover_url(scene, id, version, no).filter(|_| popover) {
            out.push_str(" data-popover=\"");
            escape::push_url(&scene.write(&file), out);
            out.push('"');
            if version > 0 {
                let _ = write!(out, " data-texts=\"{}\"", popover_id(law, version));
            }
        }
    }
    out.push('>');
    true
}

/// Articles in one file of texts for popovers.
const ARTICLES_IN_A_FILE: u32 = 60;

/// The file with an article's text, when some page cites the article of that version.
pub(super) fn popover_url(scene: &Scene, id: LawId, version: usize, no: ArticleNo) -> Option<Url> {
    let world = &scene.world;
    let law = world.site.library.law(id);
    let cited = world.resolved.cited_by.contains_key(&(id, no));
    let there = law.versions.get(version)?.statute.article(no).is_some();
    (cited && there).then(|| file_url(law, version, no.main / ARTICLES_IN_A_FILE))
}

/// The files that may hold an article's text for popovers, one for each version of the law.
pub fn popover_files_of(law: &Law, no: ArticleNo) -> impl Iterator<Item = Url> {
    let part = no.main / ARTICLES_IN_A_FILE;
    (0..law.versions.len()).map(move |version| file_url(law, version, part))
}

fn file_url(law: &Law, version: usize, part: u32) -> Url {
    Url::new(&format!("{}popover-{part}.js", law.version_url(version)))
}

/// What a version's texts are called in popovers: the law's part of the address, for older versions with their number.
fn popover_id(law: &Law, version: usize) -> String {
    match version {
        0 => law.slug.clone(),
        older => format!("{}@{}", law.slug, law.versions.len() - older),
    }
}

/// The articles that pages cite, with the version they are cited from.
fn cited_articles(world: &World) -> BTreeSet<(LawId, usize, ArticleNo)> {
    let resolved = &world.resolved;
    let files = (0..resolved.files.len()).map(crate::model::FileId::of);
    let rules = resolved.calculators.values();
    files
        .flat_map(|file| resolved.citations(file))
        .chain(rules.flat_map(|file| &file.citations))
        .filter_map(|found| {
            let citation = &found.citation;
            Some((citation.law?, citation.version?, citation.article?))
        })
        .filter(|(law, _, no)| world.resolved.cited_by.contains_key(&(*law, *no)))
        .collect()
}

/// The files of texts for popovers: address and script, in order.
#[must_use]
pub fn popover_files(world: &World) -> Vec<(Url, String)> {
    let library = &world.site.library;
    let mut files: BTreeMap<(LawId, usize, u32), serde_json::Map<String, serde_json::Value>> =
        BTreeMap::new();
    for (law, version, no) in cited_articles(world) {
        let text = library.law(law).versions.get(version);
        let Some(article) = text.and_then(|text| text.statute.article(no)) else {
            continue;
        };
        let file = files
            .entry((law, version, no.main / ARTICLES_IN_A_FILE))
            .or_default();
        file.insert(no.to_string(), popover_lines(article));
    }
    files
        .into_iter()
        .map(|((id, version, part), articles)| {
            let law = library.law(id);
            let gist = law.versions[version].statute.gist;
            let data = serde_json::json!({
                "id": popover_id(law, version),
                "title": version_title(law, version),
                "gist": gist,
                "articles": articles,
            });
            (file_url(law, version, part), format!("pufa.law({data});\n"))
        })
        .collect()
}

/// The label of an article and its lines; tables stay on its page.
fn popover_lines(article: &Article) -> serde_json::Value {
    let texts = article
        .paragraphs
        .iter()
        .filter(|paragraph| paragraph.kind == ParagraphKind::Text);
    let mut lines = vec![article.label.to_string()];
    for paragraph in texts {
        lines.push(paragraph.text.to_string());
        for item in &paragraph.items {
            lines.push(format!("{}{}", item.label, item.text));
            let subitems = item.subitems.iter();
            lines.extend(subitems.map(|sub| format!("{}{}", sub.label, sub.text)));
        }
    }
    serde_json::Value::from(lines)
}

/// `section.laws`: every law with a text, by pinyin.
pub(super) fn laws(scene: &Arc<Scene>) -> Value {
    let counts = cited_counts(scene);
    let entries = by_pinyin(scene)
        .into_iter()
        .map(|(key, id, law)| law_entry(scene, law, &key, None, counts.get(&id).copied()));
    Value::from(entries.collect::<Vec<_>>())
}

/// `section.law_kinds`: the laws by kind, the highest kind first, and within it by pinyin.
pub(super) fn law_kinds(scene: &Arc<Scene>) -> Value {
    let counts = cited_counts(scene);
    let mut kinds: BTreeMap<LawKind, Vec<Value>> = BTreeMap::new();
    let mut letters: BTreeMap<LawKind, char> = BTreeMap::new();
    for (key, id, law) in by_pinyin(scene) {
        let letter = key.chars().next().map(|c| c.to_ascii_uppercase());
        let before = letter.and_then(|letter| letters.insert(law.kind, letter));
        let initial = letter.filter(|_| before != letter);
        let entry = law_entry(scene, law, &key, initial, counts.get(&id).copied());
        kinds.entry(law.kind).or_default().push(entry);
    }
    let groups = kinds.into_iter().map(|(kind, laws)| {
        context! {
            name => kind.chinese(),
            id => LawKind::ALL.iter().position(|other| *other == kind),
            count => laws.len(),
            laws => laws,
        }
    });
    Value::from(groups.collect::<Vec<_>>())
}

/// On how many pages something of a law is explained.
fn cited_counts(scene: &Scene) -> BTreeMap<LawId, usize> {
    let mut counts: BTreeMap<LawId, usize> = BTreeMap::new();
    for ((law, _), pages) in scene.world.resolved.cited_by.iter() {
        *counts.entry(*law).or_default() += pages.len();
    }
    counts
}

/// The laws with a text, by the pinyin of their short titles, which is given with them.
fn by_pinyin(scene: &Scene) -> Vec<(String, LawId, &Law)> {
    let library = scene.world.site.library.iter();
    let mut laws: Vec<(String, LawId, &Law)> = library
        .filter(|(_, law)| !law.versions.is_empty())
        .map(|(id, law)| (crate::model::pinyin_key(law.short()), id, law))
        .collect();
    laws.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    laws
}

/// A law in a list. `initial`: the letter that begins with it.
fn law_entry(
    scene: &Scene,
    law: &Law,
    key: &str,
    initial: Option<char>,
    cited: Option<usize>,
) -> Value {
    let newest = &law.versions[0];
    let today = scene.world.site.today;
    context! {
        title => law.title.clone(),
        short_title => law.short(),
        url => scene.write(&law.url()),
        kind => law.kind.chinese(),
        words => search_words(law, key),
        initial => initial.map(|c| c.to_string()),
        status => status(scene, law, 0),
        in_force => law.repeal.is_none() && newest.from.is_none_or(|from| from <= today),
        effective => newest.statute.dates.effective.map(|day| day.to_string()),
        article_count => count(&newest.statute),
        cited_count => cited.unwrap_or(0),
    }
}

/// What a filter finds a law by besides its title: short titles, pinyin (minfadian) and its initials (mfd).
fn search_words(law: &Law, key: &str) -> String {
    let syllables: Vec<&str> = key
        .split_whitespace()
        .map(|syllable| syllable.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|syllable| !syllable.is_empty())
        .collect();
    let initials: String = syllables
        .iter()
        .filter_map(|word| word.chars().next())
        .collect();
    let others = law
        .short_titles
        .iter()
        .filter(|short| !law.title.contains(short.as_str()));
    let mut words: Vec<&str> = others.map(String::as_str).collect();
    let whole = syllables.concat();
    words.extend([whole.as_str(), initials.as_str()]);
    words.join(" ")
}

/// `page` of a comparison.
pub(super) fn comparison(scene: &Arc<Scene>, id: LawId, version: usize) -> Value {
    let site = &scene.world.site;
    let law = site.library.law(id);
    let newer = version - 1;
    let changes = law.changes(version, newer);
    let side = |version: usize| {
        let text: &Version = &law.versions[version];
        context! {
            title => text.date.map_or_else(|| law.title.clone(), |date| format!("{} {date}", law.short())),
            url => scene.write(&law.version_url(version)),
            date => text.date.map(|date| date.to_string()),
        }
    };
    let rows: Vec<Value> = changes.pairs.iter().map(row).collect();
    let title = comparison_title(scene, law);
    context! {
        title => title.clone(),
        kind => "comparison",
        url => "",
        breadcrumbs => super::view::breadcrumbs(scene, laws_section(scene), &title),
        comparison => context! {
            old => side(version),
            new => side(newer),
            changed => changes.count(Change::Changed),
            added => changes.count(Change::Added),
            removed => changes.count(Change::Removed),
            renumbered => changes.count(Change::Renumbered),
            rows => rows,
        },
    }
}

/// The title of a comparison, with the dates of both versions.
#[must_use]
pub fn comparison_title(scene: &Scene, law: &Law) -> String {
    let Some((_, version)) = shown(scene) else {
        return law.title.clone();
    };
    let date = |version: usize| {
        law.versions[version]
            .date
            .map(|date| date.to_string())
            .unwrap_or_default()
    };
    format!("{}：{} → {}", law.short(), date(version), date(version - 1))
}

fn row(pair: &Pair) -> Value {
    let (mut old, mut new) = (String::new(), String::new());
    for piece in &pair.pieces {
        match piece {
            Piece::Same(text) => {
                push_lines(text, &mut old);
                push_lines(text, &mut new);
            }
            Piece::Deleted(text) => tagged("del", text, &mut old),
            Piece::Inserted(text) => tagged("ins", text, &mut new),
        }
    }
    if pair.old.is_none() {
        old.clear();
    }
    if pair.new.is_none() {
        new.clear();
    }
    context! {
        kind => pair.change.name(),
        anchor => pair.new.or(pair.old).map(|no| no.anchor()),
        old_number => pair.old.map(|no| no.chinese()),
        old_html => Value::from_safe_string(old),
        new_number => pair.new.map(|no| no.chinese()),
        new_html => Value::from_safe_string(new),
    }
}

fn push_lines(text: &str, out: &mut String) {
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("<br>");
        }
        escape::push(line, out);
    }
}

fn tagged(tag: &str, text: &str, out: &mut String) {
    let _ = write!(out, "<{tag}>");
    push_lines(text, out);
    let _ = write!(out, "</{tag}>");
}

/// `page.legal_basis`: what the citations in a range of a file's text lead to, each once, in order.
pub(super) fn legal_basis(
    scene: &Arc<Scene>,
    citations: &[&crate::resolve::PageCitation],
) -> Value {
    let library = &scene.world.site.library;
    let mut seen: Vec<(LawId, Option<ArticleNo>)> = Vec::new();
    let with_articles: Vec<LawId> = citations
        .iter()
        .filter(|found| found.citation.article.is_some())
        .filter_map(|found| found.citation.law)
        .collect();
    let mut entries = Vec::new();
    for found in citations {
        let citation = &found.citation;
        let Some(id) = citation
            .law
            .filter(|_| citation.status != Status::UnknownArticle)
        else {
            continue;
        };
        // A law named as a whole is said already where one of its articles is.
        let key = (id, citation.article);
        if seen.contains(&key) || (citation.article.is_none() && with_articles.contains(&id)) {
            continue;
        }
        let Some(url) = citation.url(library) else {
            continue;
        };
        seen.push(key);
        let law = library.law(id);
        let number = citation.article.map(|no| no.chinese()).unwrap_or_default();
        let version = citation.version.unwrap_or(0);
        let popover = citation
            .article
            .and_then(|no| popover_url(scene, id, version, no));
        entries.push(context! {
            text => format!("《{}》{number}", law.short()),
            url => scene.write(&url),
            law => law.slug.clone(),
            article => citation.article.map(|no| no.to_string()),
            texts => (version > 0 && popover.is_some()).then(|| popover_id(law, version)),
            popover => popover.map(|file| scene.write(&file)),
        });
    }
    Value::from(entries)
}

/// `page.citation_notes`: what readers should know of citations that went stale.
pub(super) fn citation_notes(
    scene: &Arc<Scene>,
    citations: &[&crate::resolve::PageCitation],
) -> Value {
    let library = &scene.world.site.library;
    let mut notes: Vec<Value> = Vec::new();
    let mut seen: Vec<(LawId, Option<ArticleNo>)> = Vec::new();
    for found in citations {
        let citation = &found.citation;
        let (Some(id), Some((message, url))) = (citation.law, stale(scene, citation)) else {
            continue;
        };
        if seen.contains(&(id, citation.article)) {
            continue;
        }
        seen.push((id, citation.article));
        let number = citation.article.map(|no| no.chinese()).unwrap_or_default();
        notes.push(context! {
            text => format!("《{}》{number}", library.law(id).short()),
            url => scene.write(&url),
            message => message,
        });
    }
    Value::from(notes)
}

/// What a reader should know of a citation that went stale, and where the law is that counts now.
fn stale(scene: &Scene, citation: &Citation) -> Option<(String, Url)> {
    let library = &scene.world.site.library;
    let law = library.law(citation.law?);
    match citation.status {
        Status::Superseded => {
            let note = citation.note(library, Some(scene.world.site.today));
            let now = note.as_ref().and_then(|note| note.article);
            let version = note.as_ref().map_or(0, |note| note.version);
            let url = match now {
                Some(no) => law.article_url(version, no, None, None),
                None => law.version_url(version),
            };
            let moved = note.is_some_and(|note| note.change == Change::Renumbered);
            let message = match now.filter(|_| moved) {
                Some(no) => scene
                    .text("citation.renumbered")
                    .replace("{number}", &no.chinese()),
                None => scene.text("citation.superseded"),
            };
            Some((message, url))
        }
        Status::Repealed => {
            let successor = law.repeal.as_ref()?.successor.as_deref();
            let message = scene
                .text("citation.repealed")
                .replace("{successor}", successor.unwrap_or_default());
            let url = successor
                .and_then(|title| library.find(title))
                .map_or_else(|| law.url(), |id| library.law(id).url());
            Some((message, url))
        }
        Status::Ok | Status::UnknownArticle | Status::UnknownLaw | Status::NotYetInForce => None,
    }
}
