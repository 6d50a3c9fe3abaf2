//! Questions, books and leaflets as templates see them.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::context;
use minijinja::value::Value;

use crate::base::Url;
use crate::config::BookForm;
use crate::export::book as book_text;
use crate::model::{BookId, Chapter, FileId, Page, PageId, Role, SectionId, Target};
use crate::parse::page::Parsed;
use crate::parse::question::Question;
use crate::render::view::{self, Depth, render_blocks};
use crate::render::{Scene, widget};
use crate::resolve::cited::{self, CitedArticle, CitedArticles};

/// `page.question`.
pub(in crate::render) fn question(scene: &Arc<Scene>, page: &Page, depth: Depth) -> Option<Value> {
    let site = &scene.world.site;
    let question = site.question(page)?;
    let number = site.question_number(page)?.to_string();
    if depth == Depth::Listed {
        return Some(context! { number, id => question.id.clone() });
    }
    let (short, rest) = question_parts(scene, page, 0, "");
    Some(context! {
        number,
        id => question.id.clone(),
        short => Value::from_safe_string(short),
        explanation => Value::from_safe_string(rest),
        also_asked => question.fields.also_asked.clone(),
        terms => question.fields.terms.clone(),
    })
}

/// The short answer and the rest of a question as HTML. Headings in the rest begin at `2 + deeper`.
fn question_parts(scene: &Arc<Scene>, page: &Page, deeper: u8, prefix: &str) -> (String, String) {
    let site = &scene.world.site;
    let Some(question) = site.question(page) else {
        return Default::default();
    };
    let document = &site.file(page.file).document;
    let blocks = &document.blocks[question.blocks.clone()];
    match question.short_block {
        Some(_) => {
            let short = render_blocks(scene, page.file, &blocks[..1], 0, prefix).html;
            let rest = render_blocks(scene, page.file, &blocks[1..], deeper, prefix).html;
            (short, promote(rest, deeper))
        }
        None => {
            let rest = render_blocks(scene, page.file, blocks, deeper, prefix).html;
            (short_field(scene, page, question), promote(rest, deeper))
        }
    }
}

/// The short answer that is a field of its question.
fn short_field(scene: &Arc<Scene>, page: &Page, question: &Question) -> String {
    let Some(prose) = question.short_prose else {
        return String::new();
    };
    let document = &scene.world.site.file(page.file).prose[prose].document;
    let answers = &scene.world.resolved.files[page.file.index()].prose[prose];
    widget::document_html(scene, document, answers, Some(page.file))
}

/// On a question's own page its third-level headings are second-level ones.
fn promote(html: String, deeper: u8) -> String {
    if deeper > 0 || !html.contains("<h3") {
        return html;
    }
    html.replace("<h3", "<h2")
        .replace("</h3>", "</h2>")
        .replace("<h4", "<h3")
        .replace("</h4>", "</h3>")
}

/// Where the text before the first question of a chapter ends.
pub(in crate::render) fn chapter_intro_end(scene: &Scene, page: &Page) -> usize {
    let parsed = scene.world.site.file(page.file);
    intro_end(parsed, page.blocks.start, page.blocks.end)
}

/// Where the text before the first question of a file ends, within the blocks from `start` to `end`.
pub(in crate::render) fn intro_end(parsed: &Parsed, start: usize, end: usize) -> usize {
    let first = parsed.questions.first();
    let first = first.and_then(|question| heading_of(parsed, question));
    first.unwrap_or(end).max(start)
}

/// The heading that is a question.
fn heading_of(parsed: &Parsed, question: &Question) -> Option<usize> {
    let before = &parsed.document.blocks[..question.blocks.start];
    before.iter().rposition(|block| block.span == question.span)
}

/// What stands in a chapter between and behind its questions: checklists.
pub(in crate::render) fn chapter_rest(scene: &Arc<Scene>, page: &Page) -> Option<String> {
    let Role::Chapter(..) = page.role else {
        return None;
    };
    rest_of(scene, page.file, 0, "rest-")
}

/// What stands in the index of a chapter that is a folder between and behind its questions.
pub(in crate::render) fn folder_rest(scene: &Arc<Scene>, section: SectionId) -> Option<String> {
    rest_of(scene, scene.world.site.section(section).file?, 0, "rest-")
}

fn rest_of(scene: &Arc<Scene>, file: FileId, deeper: u8, prefix: &str) -> Option<String> {
    let parsed = scene.world.site.file(file);
    let blocks = &parsed.document.blocks;
    let next = parsed.questions.iter().skip(1);
    let next = next.filter_map(|question| heading_of(parsed, question));
    let mut html = String::new();
    for (question, end) in parsed.questions.iter().zip(next.chain([blocks.len()])) {
        let rest = &blocks[question.blocks.end.min(end)..end];
        if !rest.is_empty() {
            html.push_str(&render_blocks(scene, file, rest, deeper, prefix).html);
        }
    }
    (!html.is_empty()).then_some(html)
}

/// `page.questions` of a chapter that is a folder.
pub(in crate::render) fn folder_questions(scene: &Arc<Scene>, book: BookId, place: usize) -> Value {
    let book = &scene.world.site.books[book.index()];
    let questions = book.questions[book.chapters[place].questions.clone()].iter();
    let entries = questions.map(|id| question_entry(scene, *id, 0));
    Value::from(entries.collect::<Vec<_>>())
}

/// `page.questions` of a chapter.
pub(in crate::render) fn chapter_questions(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    let Role::Chapter(..) = page.role else {
        return None;
    };
    let questions = scene.world.site.chapter_questions(page);
    let entries = questions.iter().map(|id| question_entry(scene, *id, 0));
    Some(Value::from(entries.collect::<Vec<_>>()))
}

/// A question with its text, as chapters and whole-book pages show it.
fn question_entry(scene: &Arc<Scene>, id: PageId, deeper: u8) -> Value {
    let site = &scene.world.site;
    let page = site.page(id);
    let Some(number) = site.question_number(page) else {
        return Value::from(());
    };
    let name = site
        .question(page)
        .map(|question| question.id.clone())
        .unwrap_or_default();
    let prefix = format!("{name}-");
    // On a page of many questions the headings inside keep their rank.
    let (short, content) = question_parts_kept(scene, page, deeper, &prefix);
    context! {
        id => name,
        number => number.to_string(),
        title => &*page.title,
        url => scene.write(&page.url),
        short => Value::from_safe_string(short),
        content => Value::from_safe_string(content),
        legal_basis => Vec::<Value>::new(),
    }
}

fn question_parts_kept(
    scene: &Arc<Scene>,
    page: &Page,
    deeper: u8,
    prefix: &str,
) -> (String, String) {
    let site = &scene.world.site;
    let Some(question) = site.question(page) else {
        return Default::default();
    };
    let document = &site.file(page.file).document;
    let blocks = &document.blocks[question.blocks.clone()];
    let skip = usize::from(question.short_block.is_some());
    let short = match question.short_block {
        Some(_) => render_blocks(scene, page.file, &blocks[..1], 0, prefix).html,
        None => short_field(scene, page, question),
    };
    (
        short,
        render_blocks(scene, page.file, &blocks[skip..], deeper, prefix).html,
    )
}

/// `section.book`.
pub(in crate::render) fn book(
    scene: &Arc<Scene>,
    section: SectionId,
    depth: Depth,
) -> Option<Value> {
    let site = &scene.world.site;
    let index = site.books.iter().position(|book| book.section == section)?;
    let id = BookId::of(index);
    let book = &site.books[index];
    let print = matches!(scene.target, Target::BookPrint(_));
    if depth == Depth::Listed {
        return Some(view::book_summary(scene, id));
    }
    let chapters = book.contents().iter().map(|chapter| {
        let questions = book.questions[chapter.questions.clone()].iter().map(|id| {
            if print { question_entry(scene, *id, 1) } else { book_entry(scene, *id) }
        });
        let (content, content_after) = if print { chapter_texts(scene, chapter) } else { (None, None) };
        context! {
            content,
            content_after,
            title => &*chapter.title,
            url => scene.write(&site.url(chapter.target)),
            alone => matches!(chapter.target, Target::Page(id) if matches!(site.page(id).role, Role::Question(..))),
            description => match chapter.target {
                Target::Page(id) if matches!(site.page(id).role, Role::Question(..)) => None,
                Target::Page(id) => site.page(id).front.description.clone(),
                Target::Section(id, _) => site.section(id).file.and_then(|file| site.file(file).front.description.clone()),
                _ => None,
            },
            questions => questions.collect::<Vec<_>>(),
        }
    });
    let parsed = site.section(section).file.map(|file| site.file(file));
    let edition = book_text::edition_of(site, id);
    let size = edition.cover.as_ref().and_then(|cover| cover.dimensions);
    Some(context! {
        id => &*book.id,
        title => &*site.section(section).title,
        url => scene.write(&site.section(section).url),
        total => book.listed().len(),
        reviewed => parsed.and_then(|parsed| parsed.front.reviewed).map(|day| day.to_string()),
        cover => edition.cover_url.as_ref().map(|url| scene.write(url)),
        cover_width => size.map(|(width, _)| width),
        cover_height => size.map(|(_, height)| height),
        subtitle => edition.subtitle.clone(),
        imprint => book_text::imprint_facts(site, id, &edition)
            .into_iter()
            .map(|(name, value)| context! { name, value })
            .collect::<Vec<_>>(),
        imprint_text => edition.imprint.as_deref().map(paragraphs),
        imprint_content => edition.imprint.as_deref().map(|text| markdown(scene, section, text)),
        legal_notice => edition.legal_notice.as_deref().map(paragraphs),
        legal_notice_content => edition.legal_notice.as_deref().map(|text| markdown(scene, section, text)),
        downloads => downloads(scene, id),
        print_url => scene.write(&site.url(Target::BookPrint(id))),
        chapters => chapters.collect::<Vec<_>>(),
        law_index => law_index(scene, id),
        term_index => term_index(scene, book),
    })
}

/// Markdown of the `_index.md` of a section.
fn markdown(scene: &Arc<Scene>, section: SectionId, text: &str) -> Value {
    let file = scene.world.site.section(section).file;
    Value::from_safe_string(super::fragment(scene, file, text))
}

/// The text before a chapter's questions, and what stands between and behind them, for the print page.
fn chapter_texts(scene: &Arc<Scene>, chapter: &Chapter) -> (Option<Value>, Option<Value>) {
    let site = &scene.world.site;
    let (file, start, end) = match chapter.target {
        Target::Page(id) => {
            let page = site.page(id);
            let Role::Chapter(..) = page.role else {
                return (None, None);
            };
            (page.file, page.blocks.start, page.blocks.end)
        }
        Target::Section(id, _) => {
            let section = site.section(id);
            let Some(file) = section.file else {
                return (None, None);
            };
            let blocks = &site.file(file).document.blocks;
            let start = super::repeated_title(blocks, &section.title);
            (file, start, blocks.len())
        }
        _ => return (None, None),
    };
    let parsed = site.file(file);
    let intro = &parsed.document.blocks[start..intro_end(parsed, start, end)];
    let prefix = format!("text-{}-", file.0);
    let before = render_blocks(scene, file, intro, 1, &prefix).html;
    let shown = |html: String| {
        let shown = !html.trim().is_empty();
        shown.then(|| Value::from_safe_string(html))
    };
    (
        shown(before),
        rest_of(scene, file, 1, &prefix).and_then(shown),
    )
}

/// Plain text, a paragraph where a line is left empty.
fn paragraphs(text: &str) -> Vec<String> {
    let parts = text.split("\n\n").map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The forms of a book one can take home.
fn downloads(scene: &Arc<Scene>, id: BookId) -> Vec<Value> {
    let site = &scene.world.site;
    let forms = site.config.books.formats.iter();
    forms
        .map(|form| {
            let title = match form {
                BookForm::Epub => scene.text("book.download_epub"),
                BookForm::Pdf => scene.text("book.download_pdf"),
            };
            context! { title, url => scene.write(&site.download_url(id, *form)) }
        })
        .collect()
}

fn book_entry(scene: &Arc<Scene>, id: PageId) -> Value {
    let site = &scene.world.site;
    let page = site.page(id);
    let Some(number) = site.question_number(page) else {
        return Value::from(());
    };
    context! {
        id => site.question(page).map(|question| question.id.clone()),
        number => number.to_string(),
        title => &*page.title,
        url => scene.write(&page.url),
    }
}

/// Laws by pinyin, their articles in order, each with the questions that cite it.
fn law_index(scene: &Arc<Scene>, id: BookId) -> Vec<Value> {
    let site = &scene.world.site;
    let book = &site.books[id.index()];
    let files = book_text::files_of(site, id);
    let citations = cited::of_files(site, &scene.world.resolved, files);
    let articles = CitedArticles::of_book(site, book, &citations);
    let laws = articles.laws.iter().map(|((_, title), articles)| {
        let first = articles.values().find_map(|entry| entry.cited.url.as_ref());
        context! {
            title => format!("《{title}》"),
            url => first.map(|url| scene.write(&Url::new(url.path()))),
            articles => articles.values().map(|entry| law_entry(scene, book, entry)).collect::<Vec<_>>(),
        }
    });
    laws.collect()
}

fn law_entry(scene: &Arc<Scene>, book: &crate::model::Book, entry: &CitedArticle) -> Value {
    let questions = entry.questions.iter().map(|place| {
        let page = scene.world.site.page(book.questions[*place]);
        let id = scene
            .world
            .site
            .question(page)
            .map(|question| question.id.clone());
        context! { number => book.numbers[*place].to_string(), url => scene.write(&page.url), id }
    });
    let site = &scene.world.site;
    let texts = entry.texts.iter().filter_map(|file| {
        let target = *site.routes.by_source.get(&site.file(*file).path)?;
        let title = match target {
            Target::Page(id) => site.page(id).title.to_string(),
            Target::Section(id, _) if id == book.section => scene.text("book.preface"),
            Target::Section(id, _) => site.section(id).title.to_string(),
            _ => return None,
        };
        Some(context! { title, url => scene.write(&site.url(target)) })
    });
    context! {
        text => entry.cited.article.map_or_else(|| scene.text("book.whole_law"), |article| article.chinese()),
        url => entry.cited.url.as_ref().map(|url| scene.write(url)),
        questions => questions.collect::<Vec<_>>(),
        texts => texts.collect::<Vec<_>>(),
    }
}

/// Terms by pinyin, each with the questions that explain it.
fn term_index(scene: &Arc<Scene>, book: &crate::model::Book) -> Vec<Value> {
    let site = &scene.world.site;
    let mut terms: BTreeMap<(String, String), Vec<Value>> = BTreeMap::new();
    for (number, id) in book.numbers.iter().zip(book.listed()) {
        let page = site.page(*id);
        let names = site
            .question(page)
            .map(|question| question.fields.terms.clone())
            .unwrap_or_default();
        for name in names {
            let id = site.question(page).map(|question| question.id.clone());
            let entry =
                context! { number => number.to_string(), url => scene.write(&page.url), id };
            terms
                .entry((crate::model::pinyin_key(&name), name))
                .or_default()
                .push(entry);
        }
    }
    terms
        .into_iter()
        .map(|((_, name), questions)| context! { name, questions })
        .collect()
}

// ---- other kinds

/// `page.leaflet`.
pub(in crate::render) fn leaflet(scene: &Arc<Scene>, page: &Page) -> Option<Value> {
    let site = &scene.world.site;
    let parsed = site.file(page.file);
    let table = parsed.special.get("leaflet")?.value.as_table()?;
    let fold = table
        .get("fold")
        .and_then(|node| node.value.as_str())
        .unwrap_or("flat");
    let addresses = table
        .get("questions")
        .and_then(|node| node.value.as_array())
        .unwrap_or_default();
    let questions = addresses.iter().filter_map(|node| {
        let (target, problems) = crate::resolve::link::resolve_address(site, parsed, node.value.as_str()?, node.span);
        problems.into_iter().for_each(|problem| scene.report(problem));
        match target {
            crate::resolve::LinkTarget::Internal { target: Some(Target::Page(id)), .. } => {
                let page = site.page(id);
                let (short, _) = question_parts_kept(scene, page, 0, "");
                Some(context! { title => &*page.title, url => scene.write(&page.url), short => Value::from_safe_string(short) })
            }
            _ => None,
        }
    });
    let qr = crate::render::companion::qr_code(site, page).map(|url| scene.write(&url));
    Some(context! { fold, qr, questions => questions.collect::<Vec<_>>() })
}

/// Pages that share topics with a page: the more they share the nearer.
pub(in crate::render) fn related(scene: &Arc<Scene>, id: PageId) -> Value {
    const NEIGHBOURS: usize = 20;
    const SHOWN: usize = 5;
    let site = &scene.world.site;
    let page = site.page(id);
    let mut scores: BTreeMap<PageId, u32> = BTreeMap::new();
    for (name, terms) in &page.front.taxonomies {
        let Some(taxonomy) = site
            .taxonomies
            .iter()
            .find(|taxonomy| taxonomy.config.name == *name)
        else {
            continue;
        };
        if taxonomy.config.vocabulary.is_none() {
            continue;
        }
        for term in terms.iter().filter_map(|(term, _)| taxonomy.find(term)) {
            let list = &taxonomy.terms[term as usize].pages;
            let at = list.iter().position(|other| *other == id).unwrap_or(0);
            let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(list.len());
            for (distance, other) in near
                .clone()
                .map(|place| (place.abs_diff(at), list[place]))
                .filter(|(_, other)| *other != id)
            {
                *scores.entry(other).or_default() +=
                    100 - u32::try_from(distance).unwrap_or(99).min(99);
            }
        }
    }
    let mut ranked: Vec<(u32, PageId)> =
        scores.into_iter().map(|(id, score)| (score, id)).collect();
    ranked.sort_by_key(|(score, id)| (std::cmp::Reverse(*score), *id));
    view::listed(scene, ranked.into_iter().take(SHOWN).map(|(_, id)| id))
}
