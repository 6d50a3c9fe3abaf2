//! The resolved site → what can be found in it, as [`SearchDocument`]s and options.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::token::fold;
use super::{IndexFiles, IndexOptions, SearchDocument, SearchKind, SearchLaw, Synonym};
use crate::base::value::Value;
use crate::base::{Date, SourcePath, Span, Url};
use crate::diag::Diagnostic;
use crate::doc::{self, Block, BlockKind, Code, Document, InlineKind, Shortcode, text};
use crate::load::SourceText;
use crate::model::law::Law;
use crate::model::{Page, Role, Section, SectionId, Site};
use crate::parse::calculator::RulesLanguage;
use crate::parse::case::CourtLevel;
use crate::parse::decision::StepKind;
use crate::parse::episode::Chapter;
use crate::parse::fields::Fields;
use crate::parse::front::Kind;
use crate::parse::page::Parsed;
use crate::parse::statute::{Article, Element, Part, Statute};
use crate::parse::syntax::{Syntax, read_table};
use crate::parse::transcript::{Cue, time_text};
use crate::parse::widget::{Widget, WidgetKind};
use crate::render::{World, calculator};
use crate::resolve::ResolvedFile;
use crate::resolve::episode::Episode;

/// The index of a site.
#[must_use]
pub fn build(world: &World) -> IndexFiles {
    build_part(world, |_| true)
}

/// The index of some pages of a site.
#[must_use]
pub fn build_part(world: &World, wanted: impl Fn(&Url) -> bool) -> IndexFiles {
    let options = IndexOptions {
        synonyms: synonyms(&world.data, &mut Vec::new()),
        boosts: world.site.config.search.boosts.clone(),
        ..IndexOptions::default()
    };
    let mut documents = documents(world);
    documents.retain(|document| wanted(&document.url));
    super::build(&documents, &options)
}

/// Everything that can be found: articles of law first, then sections and pages in their order, service points, the glossary.
#[must_use]
pub fn documents(world: &World) -> Vec<SearchDocument> {
    let site = &world.site;
    let mut documents = Vec::new();
    for (_, law) in site.library.iter() {
        add_law(site, law, &mut documents);
    }
    for section in &site.sections {
        documents.extend(section_document(world, section));
    }
    for page in &site.pages {
        if page.front.in_search_index && !page.expired && !page.draft {
            add_page(world, page, &mut documents);
        }
    }
    add_services(world, &mut documents);
    for term in &world.resolved.glossary.terms {
        let url = crate::model::House::Glossary.url().with_fragment(&term.id);
        let mut text = term.gist.clone();
        push_line(term.law.as_deref().unwrap_or_default(), &mut text);
        documents.push(SearchDocument {
            also_asked: term.also.clone(),
            ..SearchDocument::new(url, SearchKind::Page, term.name.clone(), text)
        });
    }
    documents
}

/// Whether a file of the content wants not to be found; files of a law library never do.
fn is_hidden(site: &Site, path: &SourcePath) -> bool {
    let found = site.files.binary_search_by(|file| file.path.cmp(path));
    found.is_ok_and(|at| !site.files[at].front.in_search_index)
}

/// A law's articles, and before them the law itself with what stands around them. Of a law without a text (a repealed one) there
/// may be a page that says so.
fn add_law(site: &Site, law: &Law, documents: &mut Vec<SearchDocument>) {
    let statute: Option<&Statute> = law.newest().map(|newest| &*newest.statute);
    let mut files = statute.iter().flat_map(|statute| &statute.files);
    let has_page = site.routes.by_url.contains_key(law.url().path());
    if !has_page || files.any(|file| is_hidden(site, &file.path)) {
        return;
    }
    let own = SearchLaw {
        title: law.title.clone(),
        short_titles: law.short_titles.clone(),
        article: None,
        front: statute.is_none_or(|statute| statute.articles().next().is_some()),
    };
    // Titles inside another say nothing more.
    let others = law.short_titles.iter();
    let others = others.filter(|short| !law.title.contains(short.as_str()));
    let others: Vec<&str> = others.map(String::as_str).collect();
    let text = around(law, statute);
    documents.push(SearchDocument {
        law: Some(own.clone()),
        breadcrumb: others.join("、"),
        also_asked: law.short_titles.clone(),
        ..SearchDocument::new(law.url(), SearchKind::Law, &*law.title, text)
    });
    let mut heads: Vec<&Part> = Vec::new();
    for element in statute.iter().flat_map(|statute| &statute.elements) {
        match element {
            Element::Part(part) => {
                heads.retain(|above| above.level < part.level);
                heads.push(part);
            }
            Element::Article(article) => {
                documents.push(article_document(law, article, &heads, &own));
            }
            Element::Text(_) => {}
        }
    }
}

/// What a law's page shows around the articles: how it was adopted (题注), who made it and what it is, what took its place, its
/// headings, and the texts between them.
fn around(law: &Law, statute: Option<&Statute>) -> String {
    let mut out = String::new();
    for line in statute.iter().flat_map(|statute| &statute.header) {
        push_line(&line.text, &mut out);
    }
    let issuer = statute.and_then(|statute| statute.issuer.as_deref());
    push_line(issuer.unwrap_or_default(), &mut out);
    push_line(law.kind.chinese(), &mut out);
    let successor = law
        .repeal
        .as_ref()
        .and_then(|repeal| repeal.successor.as_deref());
    push_line(successor.unwrap_or_default(), &mut out);
    for element in statute.iter().flat_map(|statute| &statute.elements) {
        match element {
            Element::Text(text) => push_line(&text.text, &mut out),
            Element::Part(part) => push_line(&part.full_title(), &mut out),
            Element::Article(_) => {}
        }
    }
    out.trim_start().to_owned()
}

fn article_document(
    law: &Law,
    article: &Article,
    heads: &[&Part],
    own: &SearchLaw,
) -> SearchDocument {
    let short = law.short();
    let titles: Vec<String> = heads.iter().map(|part| part.title.to_string()).collect();
    let way: Vec<&str> = std::iter::once(short)
        .chain(titles.iter().map(String::as_str))
        .collect();
    let url = law.article_url(0, article.no, None, None);
    let title = format!("{short} {}", article.no.chinese());
    SearchDocument {
        breadcrumb: way.join(" › "),
        heads: titles,
        law: Some(SearchLaw {
            article: Some(article.no),
            front: false,
            ..own.clone()
        }),
        ..SearchDocument::new(url, SearchKind::Law, title, article.text())
    }
}

/// A section's own text: what its `_index.md` says.
fn section_document(world: &World, section: &Section) -> Option<SearchDocument> {
    let site = &world.site;
    let file = section.file?;
    let parsed = site.file(file);
    let front = &parsed.front;
    let text = with_description(
        front.description.as_deref(),
        &said(world, parsed, &parsed.document.blocks),
    );
    if !front.in_search_index || front.draft || section.parent.is_none() && text.is_empty() {
        return None;
    }
    let answers = &world.resolved.files[file.index()];
    Some(SearchDocument {
        breadcrumb: way(site, section.parent),
        cites: cites(site, answers, &parsed.document.blocks),
        also_asked: front.also_asked.clone(),
        ..SearchDocument::new(section.url.clone(), SearchKind::Page, &*section.title, text)
    })
}

fn with_description(description: Option<&str>, text: &str) -> String {
    let about = description.unwrap_or_default();
    format!("{about}\n{text}").trim().to_owned()
}

/// All that blocks of a file's text show.
fn said(world: &World, parsed: &Parsed, blocks: &[Block]) -> String {
    said_of(world, parsed, &parsed.document, blocks)
}

/// All that a text beside the running text of a file shows.
fn said_in(world: &World, parsed: &Parsed, document: &Document) -> String {
    said_of(world, parsed, document, &document.blocks)
}

/// All that blocks of a document show: their text, the quizzes, paths and calculators in them, and the notes they call.
fn said_of(world: &World, parsed: &Parsed, document: &Document, blocks: &[Block]) -> String {
    let mut out = text::plain_blocks(blocks);
    push_beside_text(parsed, blocks, &mut out);
    let mut more = |blocks: &[Block]| {
        out.push('\n');
        out.push_str(&text::plain_blocks(blocks));
        push_beside_text(parsed, blocks, &mut out);
    };
    let mut widgets = Vec::new();
    doc::walk_blocks(blocks, &mut |block| {
        if let BlockKind::Code(code) = &block.kind {
            widgets.extend(widget(parsed, code));
        }
        for inlines in doc::inlines_of(block) {
            doc::walk_inlines(inlines, &mut |inline| {
                if let InlineKind::FootnoteReference { index, number: 1 } = inline.kind
                    && let Some(note) = document.footnotes.get(index as usize)
                {
                    more(&note.blocks);
                }
            });
        }
    });
    for widget in widgets {
        push_widget(world, parsed, widget, &mut out);
    }
    out.trim_end().to_owned()
}

/// What a widget shows, in reading order; the words it shares with all of its kind are the theme's.
fn push_widget(world: &World, parsed: &Parsed, widget: &Widget, out: &mut String) {
    let document = |inner: &Document, out: &mut String| {
        push_line(&text::plain_blocks(&inner.blocks), out);
        push_beside_text(parsed, &inner.blocks, out);
    };
    match &widget.kind {
        WidgetKind::Quiz(quiz) => {
            push_line(&quiz.title, out);
            quiz.documents()
                .into_iter()
                .for_each(|inner| document(inner, out));
        }
        WidgetKind::Path(path) => {
            push_line(&path.title, out);
            for step in &path.steps {
                match &step.kind {
                    StepKind::Conclusion(verdict) => {
                        document(verdict, out);
                        document(&step.text, out);
                    }
                    StepKind::Question(choices) => {
                        document(&step.text, out);
                        choices
                            .iter()
                            .for_each(|choice| document(&choice.text, out));
                    }
                }
            }
        }
        WidgetKind::Calculator(calculator) => {
            let default = &world.site.config.default_language;
            let language = parsed.language.as_deref().unwrap_or(default);
            let words = |key: &str| Some(world.theme.string(language, key)?.as_str()?.to_owned());
            for line in calculator::shown(*calculator, &words) {
                push_line(&line, out);
            }
            let rules = &world.resolved.rules.documents;
            if let Some(rules) = rules.get(&(*calculator, RulesLanguage::of(language))) {
                document(rules, out);
            }
        }
    }
}

/// Adds a line, when there is something on it.
fn push_line(line: &str, out: &mut String) {
    if !line.trim().is_empty() {
        out.push('\n');
        out.push_str(line.trim());
    }
}

fn widget<'a>(parsed: &'a Parsed, code: &Code) -> Option<&'a Widget> {
    let mut widgets = parsed.widgets.iter();
    widgets.find(|widget| widget.text_start == code.text_start)
}

/// What blocks show that is no running text: code, formulas, HTML, captions, what short codes are given.
fn push_beside_text(parsed: &Parsed, blocks: &[Block], out: &mut String) {
    let mut push = |text: &str| push_line(text, out);
    doc::walk_blocks(blocks, &mut |block| {
        match &block.kind {
            BlockKind::Code(code) if widget(parsed, code).is_none() => push(&code.text),
            BlockKind::Math(formula) => push(formula),
            BlockKind::Html(html) => push(&without_tags(html)),
            BlockKind::Shortcode(call) => given(call).for_each(&mut push),
            BlockKind::Code(_)
            | BlockKind::Paragraph(_)
            | BlockKind::Heading(_)
            | BlockKind::Quote(_)
            | BlockKind::List { .. }
            | BlockKind::DescriptionList(_)
            | BlockKind::Table(_)
            | BlockKind::Alert(_)
            | BlockKind::Rule => {}
        }
        for inlines in doc::inlines_of(block) {
            doc::walk_inlines(inlines, &mut |inline| {
                if let InlineKind::Image(image) = &inline.kind {
                    push(&image.title);
                } else if let InlineKind::Shortcode(call) = &inline.kind {
                    given(call).for_each(&mut push);
                }
            });
        }
    });
}

/// What a short code is given to show: its body, and those of its arguments that read like words.
fn given(call: &Shortcode) -> impl Iterator<Item = &str> {
    let words = |text: &&str| text.contains(|c: char| c == ' ' || text::is_wide(c));
    let arguments = call.arguments.iter();
    let arguments = arguments
        .filter_map(|(_, value)| value.as_str())
        .filter(words);
    arguments.chain(call.body.as_deref())
}

/// The text of HTML, a line for each stretch between tags; comments, scripts and styles have none.
fn without_tags(html: &str) -> String {
    let (mut out, mut rest) = (String::new(), html);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at..];
        let name = tag.get(1..7).unwrap_or_default().to_ascii_lowercase();
        let end = match () {
            () if tag.starts_with("<!--") => "-->",
            () if name.starts_with("script") => "</script>",
            () if name.starts_with("style") => "</style>",
            () => ">",
        };
        let behind = tag.find(end).map(|at| at + end.len());
        rest = behind.map_or("", |behind| &tag[behind..]);
        out.push('\n');
    }
    out.push_str(rest);
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Service points, each at its place on the page of its directory.
fn add_services(world: &World, documents: &mut Vec<SearchDocument>) {
    let site = &world.site;
    for directory in &world.resolved.services.directories {
        let section = site.section(directory.section);
        let front = section.file.map(|file| &site.file(file).front);
        if front.is_some_and(|front| !front.in_search_index || front.draft) {
            continue;
        }
        for service in &directory.directory.services {
            let phones = service.phones.iter().map(|phone| phone.text.as_str());
            let rest = [
                &service.kind,
                &service.address,
                &service.hours,
                &service.note,
                &service.website,
            ];
            let topics = service.topics.iter();
            let topics: Vec<String> = topics
                .map(|topic| term_name(site, "topics", &topic.0))
                .collect();
            let text = rest.into_iter().chain(&topics).map(String::as_str);
            let lines = text.chain(phones).filter(|line| !line.is_empty());
            let text = lines.collect::<Vec<_>>().join("\n");
            let url = section.url.with_fragment(&service.id);
            documents.push(SearchDocument {
                breadcrumb: section.title.to_string(),
                topics,
                ..SearchDocument::new(url, SearchKind::Page, &*service.name, text)
            });
        }
    }
}

/// What is said in an episode, in pieces of its paragraphs, each at its second.
fn add_transcript(
    page: &Page,
    episode: &Episode,
    chapters: &[Chapter],
    base: &SearchDocument,
    documents: &mut Vec<SearchDocument>,
) {
    let Some(transcript) = &episode.transcript else {
        return;
    };
    let starts: Vec<u32> = chapters.iter().map(|chapter| chapter.start_ms).collect();
    let anchors = transcript.anchors(&starts);
    let mut speaker = None;
    for paragraph in transcript.paragraphs(&starts) {
        // The speaker's name stands where it changes, as on the page.
        let named = transcript.cues[paragraph.start].speaker.as_deref();
        let named = named.filter(|name| speaker.replace(*name) != Some(*name));
        for range in transcript.segments(paragraph.clone()) {
            let first = &transcript.cues[range.start];
            let second = anchors[range.start].unwrap_or(first.start_ms / 1000);
            let chapter = chapters
                .iter()
                .rfind(|chapter| chapter.start_ms <= first.start_ms);
            let url = page.url.with_fragment(&format!("t={second}"));
            let title = chapter.map_or("", |chapter| &chapter.title);
            let heading = format!("{} {title}", time_text(first.start_ms));
            let name = named.filter(|_| range.start == paragraph.start);
            let mut text = name.map_or_else(String::new, |name| format!("{name}\n"));
            push_said(&transcript.cues[range.clone()], &mut text);
            push_ahead(&transcript.cues[range.end..paragraph.end], &mut text);
            documents.push(SearchDocument {
                text,
                ..base.clone().of_part(url, heading.trim())
            });
        }
    }
}

/// Adds what is said, as one text.
fn push_said(cues: &[Cue], out: &mut String) {
    for cue in cues {
        let before = out.chars().next_back().filter(|c| *c != '\n');
        let parts = text::soft_break_is_space(before, cue.text.chars().next());
        if before.is_some() && parts {
            out.push(' ');
        }
        out.push_str(&cue.text);
    }
}

/// How far a piece of a paragraph reaches into the next: a string of up to six characters stands whole in one of them.
const AHEAD: usize = 5;

/// Adds the first characters of what is said next, where a word may go on.
fn push_ahead(next: &[Cue], out: &mut String) {
    let is_word = |c: &char| !fold(c.encode_utf8(&mut [0; 4])).is_empty();
    if !out.chars().next_back().is_some_and(|c| is_word(&c)) {
        return;
    }
    let mut ahead = String::new();
    push_said(next, &mut ahead);
    let ahead: String = ahead.chars().take_while(is_word).take(AHEAD).collect();
    if !ahead.is_empty() {
        out.push_str(&ahead);
        out.push('…');
    }
}

fn add_page(world: &World, page: &Page, documents: &mut Vec<SearchDocument>) {
    let site = &world.site;
    let parsed = site.file(page.file);
    let answers = &world.resolved.files[page.file.index()];
    let base = SearchDocument {
        breadcrumb: way(site, Some(page.section)),
        topics: terms(site, page, "topics"),
        audiences: terms(site, page, "audiences"),
        ..SearchDocument::new(page.url.clone(), kind(page), &*page.title, "")
    };
    let blocks = &parsed.document.blocks[page.blocks.clone()];
    match page.role {
        Role::Question(..) => {
            let question = site.question(page);
            // What stands in the front matter of a chapter's file is the chapter's, not every question's.
            let own = question.is_some_and(|question| question.span.is_empty());
            let also_asked = question
                .map(|question| &question.fields)
                .into_iter()
                .flat_map(|fields| fields.also_asked.iter().chain(&fields.terms))
                .chain(own.then_some(&page.front.also_asked).into_iter().flatten())
                .cloned()
                .collect();
            let short = question.and_then(|question| parsed.prose.get(question.short_prose?));
            let short = short.map(|short| said_in(world, parsed, &short.document));
            let rest = said(world, parsed, blocks);
            documents.push(SearchDocument {
                text: format!("{}\n{rest}", short.unwrap_or_default())
                    .trim()
                    .to_owned(),
                also_asked,
                cites: cited_laws(
                    site,
                    answers,
                    &question.map_or(0..=0, |question| question.extent(&parsed.document)),
                ),
                ..base
            });
        }
        // The questions of a chapter are found by themselves; what stands before and behind them is the chapter's own.
        Role::Chapter(..) => {
            let is_question = |block: &Block| matches!(&block.kind, BlockKind::Heading(heading) if heading.level == 2);
            let first = blocks.iter().position(is_question).unwrap_or(blocks.len());
            let end = parsed
                .questions
                .last()
                .map_or(page.blocks.start, |question| question.blocks.end);
            let rest = &parsed.document.blocks[end.min(page.blocks.end)..page.blocks.end];
            let before = if parsed.questions.is_empty() {
                &[]
            } else {
                &blocks[..first]
            };
            let text = [before, rest].map(|blocks| said(world, parsed, blocks));
            let text = with_description(page.front.description.as_deref(), &text.join("\n"));
            if !text.trim().is_empty() {
                let own = [before, rest].map(|blocks| cites(site, answers, blocks));
                documents.push(SearchDocument {
                    text: text.trim().to_owned(),
                    cites: own.concat(),
                    ..base
                });
            }
        }
        Role::File => {
            add_sections(world, page, blocks, &base, documents);
            let episode = world.resolved.episodes.get(&page.file);
            if let Some((episode, fields)) = episode.zip(parsed.episode()) {
                add_transcript(page, episode, &fields.chapters, &base, documents);
            }
        }
    }
}

/// A page is found by its sections: what stands before the first second-level heading, and what stands under each.
fn add_sections(
    world: &World,
    page: &Page,
    blocks: &[Block],
    base: &SearchDocument,
    documents: &mut Vec<SearchDocument>,
) {
    let site = &world.site;
    let answers = &world.resolved.files[page.file.index()];
    let heading = |block: &Block| match &block.kind {
        BlockKind::Heading(heading) if heading.level == 2 => {
            Some((heading.id.to_string(), text::plain(&heading.content)))
        }
        _ => None,
    };
    let starts: Vec<usize> = (0..blocks.len())
        .filter(|at| heading(&blocks[*at]).is_some())
        .collect();
    let first = starts.first().copied().unwrap_or(blocks.len());
    let parsed = site.file(page.file);
    let mut text = said(world, parsed, &blocks[..first]);
    for fact in facts(parsed, site.today) {
        push_line(fact, &mut text);
    }
    let keywords = parsed.case().map(|case| &case.keywords);
    let also_asked = page.front.also_asked.iter();
    documents.push(SearchDocument {
        text: with_description(page.front.description.as_deref(), &text),
        // The page as a whole is about all it cites.
        cites: cites(site, answers, blocks),
        also_asked: also_asked
            .chain(keywords.into_iter().flatten())
            .cloned()
            .collect(),
        ..base.clone()
    });
    let ends = starts.iter().skip(1).copied().chain([blocks.len()]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let Some((id, title)) = heading(&blocks[start]) else {
            continue;
        };
        let inner = &blocks[start + 1..end];
        documents.push(SearchDocument {
            text: said(world, parsed, inner),
            cites: cites(site, answers, inner),
            ..base.clone().of_part(page.url.with_fragment(&id), title)
        });
    }
}

/// What a page shows of the keys of its kind: where an event is and for whom, who speaks, which court decided.
fn facts(parsed: &Parsed, today: Date) -> Vec<&str> {
    let mut facts: Vec<Option<&str>> = Vec::new();
    if let Some(event) = parsed.event() {
        facts.extend([&event.place, &event.organizer, &event.audience].map(Option::as_deref));
        // How to take part is no longer shown afterwards.
        if !event.is_past(today) {
            let sign_up = event.sign_up.as_ref().map(|(text, _)| text.as_str());
            facts.extend([sign_up, event.online.as_deref()]);
        }
    }
    if let Some(episode) = parsed.episode() {
        facts.extend([episode.speaker.as_deref(), episode.sound_note.as_deref()]);
        let downloads = episode.downloads.iter();
        facts.extend(downloads.map(|file| Some(file.title.as_str())));
    }
    if let Some(case) = parsed.case() {
        let court = case.court_level.map(CourtLevel::name);
        facts.extend([court, case.cause.as_deref(), case.source.as_deref()]);
    }
    facts.into_iter().flatten().collect()
}

fn kind(page: &Page) -> SearchKind {
    match (page.role, page.kind) {
        (Role::Question(..), _) => SearchKind::Question,
        (Role::File, Kind::Cases) => SearchKind::Case,
        (Role::File, Kind::Course) => SearchKind::Episode,
        (Role::File, Kind::Articles) => SearchKind::Article,
        (Role::Chapter(..), _)
        | (Role::File, Kind::Book | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page) => {
            SearchKind::Page
        }
    }
}

/// Titles of the sections from the top down to one.
fn way(site: &Site, section: Option<SectionId>) -> String {
    let mut titles = Vec::new();
    let mut at = section;
    while let Some(id) = at {
        let section = site.section(id);
        at = section.parent;
        if at.is_some() {
            titles.push(section.title.to_string());
        }
    }
    titles.reverse();
    titles.join(" › ")
}

/// A page's terms, by the names the site has for them.
fn terms(site: &Site, page: &Page, taxonomy: &str) -> Vec<String> {
    let written = page.front.taxonomies.iter();
    let written = written.filter(|(name, _)| name == taxonomy);
    written
        .flat_map(|(_, terms)| terms)
        .map(|(term, _)| term_name(site, taxonomy, term))
        .collect()
}

fn term_name(site: &Site, taxonomy: &str, written: &str) -> String {
    let taxonomies = site.taxonomies.iter();
    let mut taxonomies = taxonomies.filter(|one| one.config.name == taxonomy);
    let term = taxonomies.find_map(|one| one.terms.get(one.find(written)? as usize));
    term.map_or_else(|| written.to_owned(), |term| term.name.to_string())
}

/// Addresses of what some blocks cite.
fn cites(site: &Site, answers: &ResolvedFile, blocks: &[Block]) -> Vec<Url> {
    let Some((first, last)) = blocks.first().zip(blocks.last()) else {
        return Vec::new();
    };
    cited_laws(site, answers, &(first.span.start..=last.span.end))
}

/// What is cited in a range of a file's bytes.
fn cited_laws(site: &Site, answers: &ResolvedFile, range: &RangeInclusive<u32>) -> Vec<Url> {
    let inside = answers
        .citations
        .iter()
        .filter(|found| range.contains(&found.source));
    inside
        .filter_map(|found| {
            let citation = &found.citation;
            let law = site.library.law(citation.law?);
            Some(match citation.article {
                Some(no) => law.article_url(0, no, None, None),
                None => law.url(),
            })
        })
        .collect()
}

/// Everyday words of `data/synonyms.toml`: `[[synonym]]` with `say` and `law`.
#[must_use]
pub fn synonyms(
    data: &BTreeMap<SourcePath, Arc<SourceText>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Synonym> {
    let path = SourcePath::new("data/synonyms.toml");
    let Some(source) = data.get(&path) else {
        return Vec::new();
    };
    let table = read_table(Syntax::Toml, &source.text, 0, &path, diagnostics);
    let mut found = Vec::new();
    let mut synonyms = Vec::new();
    let mut fields = Fields::new(&table, &path, &mut found);
    for (inner, span) in fields.tables("synonym") {
        let mut problems = Vec::new();
        let mut entry = Fields::new(inner, &path, &mut problems);
        let [from, to] = ["say", "law"].map(|key| words(&mut entry, key, span));
        synonyms.push(Synonym { from, to });
        entry.finish();
        // A misspelt key is said once, with the name that was meant.
        let misspelt = problems.iter().any(|found| found.code == "unknown-key");
        problems
            .into_iter()
            .filter(|found| !misspelt || found.code != "missing-key")
            .for_each(|problem| fields.report(problem));
    }
    fields.finish();
    diagnostics.extend(found);
    synonyms
}

/// The words of a synonym under a key that must be there, each with something that can be searched.
fn words(entry: &mut Fields<'_>, key: &'static str, place: Span) -> Vec<String> {
    let file = entry.file();
    let Some(node) = entry.node(key) else {
        entry.report(Diagnostic::at("missing-key", file, place).with("key", key));
        return Vec::new();
    };
    let words = entry.spanned_strings(key);
    let none = matches!(&node.value, Value::Array(items) if items.is_empty());
    let empty = words.iter().filter(|(word, _)| fold(word).is_empty());
    let places: Vec<Span> = empty.map(|(_, span)| *span).collect();
    for span in places.into_iter().chain(none.then_some(node.span)) {
        entry.report(Diagnostic::at("synonym-empty", file, span).with("key", key));
    }
    words.into_iter().map(|(word, _)| word).collect()
}
