//! Statutes as pages: the text with its anchors and citations, who explains an article, versions and comparisons.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;

use super::compare::{Change, Pair, Piece};
use super::{Scene, World, escape};
use crate::base::{ArticleNo, Url};
use crate::model::Target;
use crate::model::law::{Law, LawId, Version};
use crate::parse::statute::{
    Article, Element, Outline, Paragraph, ParagraphKind, Part, PartLevel, Statute, TextRole,
};
use crate::resolve::citation::{Citation, Status, statute_citations};

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
        let text = &law.versions[version];
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
            "content" => Value::from_safe_string(content(&scene, id, version)),
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
    let statute = &law.versions[version].statute;
    let mut text = version_title(law, version);
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
        article_count => count(statute),
        parts => parts(statute, &statute.outline()),
        versions => versions,
        current_url => current.filter(|current| *current != version).map(|current| scene.write(&law.version_url(current))),
    }
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
            Some(context! { id => &*part.anchor, title => part_title(part), children => children })
        })
        .collect()
}

/// 第五编 婚姻家庭: the heading with one blank between number and title, without the range of its articles.
fn part_title(part: &Part) -> String {
    let unit = match part.level {
        PartLevel::Book => "编",
        PartLevel::Subbook => "分编",
        PartLevel::Chapter => "章",
        PartLevel::Section => "节",
        PartLevel::Heading | PartLevel::Annex => "",
    };
    match part.number {
        Some(number) if !unit.is_empty() => {
            format!(
                "第{}{unit} {}",
                crate::base::numeral::to_chinese(number),
                part.title
            )
        }
        _ => part.title.to_string(),
    }
}

/// The text of a version as HTML.
fn content(scene: &Arc<Scene>, id: LawId, version: usize) -> String {
    let site = &scene.world.site;
    let law = site.library.law(id);
    let statute = &law.versions[version].statute;
    let (text, citations) = statute_citations(&site.library, id, version, Some(site.today));
    let mut lines: BTreeMap<LinePlace, usize> = BTreeMap::new();
    for line in &text.lines {
        lines.insert(
            (line.element, line.paragraph, line.item, line.subitem),
            line.start,
        );
    }
    let mut writer = Writer {
        scene,
        law,
        id,
        version,
        citations: &citations,
        lines,
        out: String::with_capacity(text.text.len() * 2),
    };
    let top = statute.parts().map(|part| part.level).min();
    for (index, element) in statute.elements.iter().enumerate() {
        match element {
            Element::Part(part) => writer.part(part, top),
            Element::Article(article) => writer.article(index, article),
            Element::Text(text) => writer.text(index, text.role, &text.text),
        }
    }
    writer.out
}

/// Where a line stands: element, paragraph, item, sub-item.
type LinePlace = (usize, usize, Option<usize>, Option<usize>);

struct Writer<'a> {
    scene: &'a Arc<Scene>,
    law: &'a Law,
    id: LawId,
    version: usize,
    citations: &'a [Citation],
    lines: BTreeMap<LinePlace, usize>,
    out: String,
}

impl Writer<'_> {
    fn part(&mut self, part: &Part, top: Option<PartLevel>) {
        let depth = |level: PartLevel| match level {
            PartLevel::Book => 0,
            PartLevel::Subbook => 1,
            PartLevel::Chapter => 2,
            PartLevel::Section => 3,
            PartLevel::Heading => 4,
            PartLevel::Annex => 0,
        };
        let rank = 2 + depth(part.level) - top.map_or(0, |top| depth(top).min(depth(part.level)));
        let rank = rank.clamp(2, 6);
        let _ = write!(
            self.out,
            "<h{rank} id=\"{}\">",
            escape::escape(&part.anchor)
        );
        escape::push(&part_title(part), &mut self.out);
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
        let _ = write!(self.out, "<div class=\"article\" id=\"{anchor}\">");
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
        let label = world
            .theme
            .counted(&self.scene.language, "statute.cited_by", pages.len());
        let _ = write!(
            self.out,
            "<details class=\"cited-by\"><summary>{}</summary><ul>",
            escape::escape(&label)
        );
        for by in pages.iter().take(20) {
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
        let _ = self.law;
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
    let library = &scene.world.site.library;
    let known = citation.status != Status::UnknownArticle;
    let (Some(id), Some(url), true) = (citation.law, citation.url(library), known) else {
        return escape::push(text, out);
    };
    let law = library.law(id);
    out.push_str("<a class=\"citation");
    if matches!(citation.status, Status::Repealed | Status::Superseded) {
        out.push_str(" stale");
    }
    out.push_str("\" href=\"");
    escape::push_url(&scene.write(&url), out);
    let _ = write!(out, "\" data-law=\"{}\"", escape::escape(&law.slug));
    if let Some(no) = citation.article {
        let _ = write!(out, " data-article=\"{no}\"");
        let here = popover_url(scene, id, citation.version.unwrap_or(0), no).filter(|_| popover);
        if let Some(file) = here {
            out.push_str(" data-popover=\"");
            escape::push_url(&scene.write(&file), out);
            out.push('"');
        }
    }
    out.push('>');
    escape::push(text, out);
    out.push_str("</a>");
}

/// Articles in one file of texts for popovers.
const ARTICLES_IN_A_FILE: u32 = 60;

/// The file with an article's text, when some page cites the article.
pub(super) fn popover_url(scene: &Scene, id: LawId, version: usize, no: ArticleNo) -> Option<Url> {
    let world = &scene.world;
    let cited = world.resolved.cited_by.contains_key(&(id, no));
    let there = world
        .site
        .library
        .law(id)
        .versions
        .get(version)?
        .statute
        .article(no)
        .is_some();
    (cited && there && version == 0).then(|| popover_file(world.site.library.law(id), no))
}

/// The file that would hold an article's text for popovers.
#[must_use]
pub fn popover_file(law: &Law, no: ArticleNo) -> Url {
    file_url(law, no.main / ARTICLES_IN_A_FILE)
}

fn file_url(law: &Law, part: u32) -> Url {
    Url::new(&format!("{}popover-{part}.js", law.url()))
}

/// The files of texts for popovers: address and script, in order.
#[must_use]
pub fn popover_files(world: &World) -> Vec<(Url, String)> {
    let library = &world.site.library;
    let mut files: BTreeMap<(LawId, u32), serde_json::Map<String, serde_json::Value>> =
        BTreeMap::new();
    for (law, no) in world.resolved.cited_by.keys() {
        let Some(article) = library
            .law(*law)
            .newest()
            .and_then(|version| version.statute.article(*no))
        else {
            continue;
        };
        let mut lines = vec![serde_json::Value::from(&*article.label)];
        for paragraph in article
            .paragraphs
            .iter()
            .filter(|paragraph| paragraph.kind == ParagraphKind::Text)
        {
            lines.push(serde_json::Value::from(&*paragraph.text));
            lines.extend(
                paragraph
                    .items
                    .iter()
                    .map(|item| format!("{}{}", item.label, item.text).into()),
            );
        }
        let file = files
            .entry((*law, no.main / ARTICLES_IN_A_FILE))
            .or_default();
        file.insert(no.to_string(), serde_json::Value::Array(lines));
    }
    files
        .into_iter()
        .map(|((id, part), articles)| {
            let law = library.law(id);
            let gist = law.newest().is_some_and(|version| version.statute.gist);
            let data = serde_json::json!({ "id": law.slug, "title": law.title, "gist": gist, "articles": articles });
            (file_url(law, part), format!("pufa.law({data});\n"))
        })
        .collect()
}

/// `section.laws`: every law with a text, by pinyin.
pub(super) fn laws(scene: &Arc<Scene>) -> Value {
    let site = &scene.world.site;
    let mut counts: BTreeMap<LawId, usize> = BTreeMap::new();
    for ((law, _), pages) in &scene.world.resolved.cited_by {
        *counts.entry(*law).or_default() += pages.len();
    }
    let mut laws: Vec<(String, LawId, &Law)> = site
        .library
        .iter()
        .filter(|(_, law)| !law.versions.is_empty())
        .map(|(id, law)| (crate::model::pinyin_key(law.short()), id, law))
        .collect();
    laws.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let entries = laws.into_iter().map(|(key, id, law)| {
        let newest = &law.versions[0];
        context! {
            title => law.title.clone(),
            short_title => law.short(),
            url => scene.write(&law.url()),
            kind => law.kind.chinese(),
            initial => key.chars().next().map(|c| c.to_ascii_uppercase().to_string()),
            status => status(scene, law, 0),
            in_force => law.repeal.is_none() && newest.from.is_none_or(|from| from <= site.today),
            effective => newest.statute.dates.effective.map(|day| day.to_string()),
            article_count => count(&newest.statute),
            cited_count => counts.get(&id).copied().unwrap_or(0),
        }
    });
    Value::from(entries.collect::<Vec<_>>())
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
        let popover = citation
            .article
            .and_then(|no| popover_url(scene, id, citation.version.unwrap_or(0), no));
        entries.push(context! {
            text => format!("《{}》{number}", law.short()),
            url => scene.write(&url),
            law => law.slug.clone(),
            article => citation.article.map(|no| no.to_string()),
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
        let Some(id) = citation.law else { continue };
        let key = match citation.status {
            Status::Repealed => "citation.repealed",
            Status::Superseded => "citation.superseded",
            Status::Ok | Status::UnknownArticle | Status::UnknownLaw | Status::NotYetInForce => {
                continue;
            }
        };
        if seen.contains(&(id, citation.article)) {
            continue;
        }
        seen.push((id, citation.article));
        let law = library.law(id);
        let number = citation.article.map(|no| no.chinese()).unwrap_or_default();
        let successor = law
            .repeal
            .as_ref()
            .and_then(|repeal| repeal.successor.clone());
        let url = match citation.status {
            Status::Superseded => citation
                .article
                .map(|no| law.article_url(0, no, None, None)),
            _ => successor
                .as_deref()
                .and_then(|title| library.find(title))
                .map(|id| library.law(id).url()),
        };
        let message = scene
            .text(key)
            .replace("{successor}", successor.as_deref().unwrap_or_default());
        notes.push(context! {
            text => format!("《{}》{number}", law.short()),
            url => scene.write(&url.unwrap_or_else(|| law.url())),
            message => message,
        });
    }
    Value::from(notes)
}
