//! Sections that are books: chapters, questions, their pages and numbers.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Input, count, last_part};
use crate::base::{ArticleNo, Date, SourcePath, Url};
use crate::diag::Diagnostic;
use crate::model::numbering::Numbers;
use crate::model::{
    Book, BookId, Chapter, FileId, Page, PageId, Role, Section, SectionId, Target, numbering,
};
use crate::parse::front::{Front, Kind};
use crate::parse::page::Parsed;
use crate::parse::question::Question;

/// Finds the books, gives chapters and questions their places, and adds a page for each question of a chapter file.
pub(super) fn books(
    files: &[Arc<Parsed>],
    sections: &mut [Section],
    pages: &mut Vec<Page>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Book> {
    let mut books = Vec::new();
    for index in 0..sections.len() {
        let is_book = sections[index].kind == Kind::Book
            && sections[index]
                .parent
                .is_none_or(|parent| sections[parent.index()].kind != Kind::Book);
        if is_book {
            let id = BookId::of(books.len());
            books.push(book(
                id,
                SectionId::of(index),
                files,
                sections,
                pages,
                diagnostics,
            ));
        }
    }
    books
}

/// The lasting numbers of questions, from `books.lock`.
pub(super) fn numbers(input: Input<'_>, diagnostics: &mut Vec<Diagnostic>) -> Numbers {
    let Some(text) = input.data.get(&SourcePath::new(numbering::FILE)) else {
        return Numbers::default();
    };
    Numbers::read(&text.text).unwrap_or_else(|problem| {
        diagnostics.push(problem);
        Numbers::default()
    })
}

pub(super) fn question_numbers(
    book: &Book,
    files: &[Arc<Parsed>],
    pages: &[Page],
    numbers: &Numbers,
) -> Vec<ArticleNo> {
    let ids: Vec<&str> = book
        .questions
        .iter()
        .map(|id| question_of(files, &pages[id.index()]).map_or("", |question| &question.id))
        .collect();
    numbers.of(&book.id, &ids)
}

/// Puts what has expired behind the rest: it keeps its page and its number, and stands in no list. A chapter goes when it is
/// expired itself, or when all its questions are.
pub(super) fn set_expired_aside(
    id: BookId,
    book: &mut Book,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut [Page],
    today: Date,
) {
    for chapter in &book.chapters {
        if let Target::Section(section, _) = chapter.target
            && is_section_expired(&sections[section.index()], files, today)
        {
            for question in &book.questions[chapter.questions.clone()] {
                pages[question.index()].expired = true;
            }
        }
    }
    let old = std::mem::take(&mut book.chapters);
    let is_expired = |place: usize| pages[book.questions[place].index()].expired;
    let is_gone = |chapter: &Chapter| {
        let mut questions = chapter.questions.clone();
        let itself = match chapter.target {
            Target::Page(page) => pages[page.index()].expired,
            Target::Section(section, _) => {
                is_section_expired(&sections[section.index()], files, today)
            }
            _ => false,
        };
        itself || (!questions.is_empty() && questions.all(is_expired))
    };
    let (gone, kept): (Vec<Chapter>, Vec<Chapter>) = old.into_iter().partition(is_gone);
    let mut order: Vec<usize> = Vec::with_capacity(book.questions.len());
    let mut aside: Vec<usize> = Vec::new();
    book.expired.0 = gone.len();
    for mut chapter in kept {
        let first = order.len();
        let (expired, listed): (Vec<usize>, Vec<usize>) =
            chapter.questions.partition(|place| is_expired(*place));
        order.extend(listed);
        aside.extend(expired);
        chapter.questions = first..order.len();
        book.chapters.push(chapter);
    }
    let listed = order.len();
    for mut chapter in gone {
        let first = order.len();
        order.extend(chapter.questions);
        chapter.questions = first..order.len();
        book.chapters.push(chapter);
    }
    order.extend(aside);
    book.expired.1 = order.len() - listed;
    book.questions = order.iter().map(|place| book.questions[*place]).collect();
    book.numbers = order.iter().map(|place| book.numbers[*place]).collect();
    for (place, question) in book.questions.iter().enumerate() {
        if let Role::Question(_, _, index) = pages[question.index()].role {
            pages[question.index()].role = Role::Question(id, count(place), index);
        }
    }
    for (place, chapter) in book.chapters.iter().enumerate() {
        let own: Vec<&mut Page> = match chapter.target {
            Target::Page(page) => vec![&mut pages[page.index()]],
            Target::Section(section, _) => {
                let inside = |page: &&mut Page| page.section == section;
                pages.iter_mut().filter(inside).collect()
            }
            _ => Vec::new(),
        };
        for page in own {
            if matches!(page.role, Role::Chapter(..)) {
                page.role = Role::Chapter(id, count(place));
            }
        }
    }
}

fn is_section_expired(section: &Section, files: &[Arc<Parsed>], today: Date) -> bool {
    let front = section.file.map(|file| &files[file.index()].front);
    front.is_some_and(|front| front.expires_on.is_some_and(|day| day < today))
}

pub(super) fn question_of<'a>(files: &'a [Arc<Parsed>], page: &Page) -> Option<&'a Question> {
    match page.role {
        Role::Question(_, _, index) => files[page.file.index()].questions.get(index as usize),
        Role::File | Role::Chapter(..) => None,
    }
}

/// A chapter before its questions are numbered.
struct ChapterPart {
    weight: i64,
    name: String,
    title: Arc<str>,
    page: Option<PageId>,
    section: Option<SectionId>,
}

fn book(
    id: BookId,
    section: SectionId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut Vec<Page>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Book {
    let file = sections[section.index()]
        .file
        .map(|file| &files[file.index()]);
    let name = file
        .and_then(|file| file.special.get("id"))
        .and_then(|node| node.value.as_str())
        .map_or_else(
            || last_part(&sections[section.index()].folder).to_owned(),
            str::to_owned,
        );
    let parts = chapter_parts(section, files, sections, pages);
    let mut book = Book {
        section,
        id: name.into(),
        chapters: Vec::new(),
        questions: Vec::new(),
        numbers: Vec::new(),
        expired: (0, 0),
    };
    let mut ids: HashMap<String, SourcePath> = HashMap::new();
    for (place, part) in (0..).zip(parts) {
        let first = book.questions.len();
        if let Some(page) = part.page {
            add_chapter_file(id, place, page, files, sections, pages, &mut book.questions);
        }
        if let Some(inner) = part.section {
            let at = (id, place);
            add_chapter_folder(at, inner, files, sections, pages, &mut book.questions);
            check_depth(inner, files, sections, diagnostics);
        }
        for page in &book.questions[first..] {
            check_question_id(&pages[page.index()], files, &mut ids, diagnostics);
        }
        let target = match (part.page, part.section) {
            (Some(page), _) => Target::Page(page),
            (None, Some(section)) => Target::Section(section, 1),
            (None, None) => continue,
        };
        book.chapters.push(Chapter {
            title: part.title,
            target,
            questions: first..book.questions.len(),
        });
    }
    book
}

/// The files and folders of a book that are its chapters, in order.
fn chapter_parts(
    section: SectionId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &[Page],
) -> Vec<ChapterPart> {
    let mut parts = Vec::new();
    for (index, page) in pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.section == section)
    {
        parts.push(ChapterPart {
            weight: page.front.weight.unwrap_or(i64::MAX),
            name: files[page.file.index()].path.as_str().to_owned(),
            title: page.title.clone(),
            page: Some(PageId::of(index)),
            section: None,
        });
    }
    for sub in &sections[section.index()].subsections {
        let inner = &sections[sub.index()];
        let weight = inner.file.and_then(|file| files[file.index()].front.weight);
        parts.push(ChapterPart {
            weight: weight.unwrap_or(i64::MAX),
            name: inner.folder.clone(),
            title: inner.title.clone(),
            page: None,
            section: Some(*sub),
        });
    }
    parts.sort_by(|a, b| (a.weight, &a.name).cmp(&(b.weight, &b.name)));
    parts
}

fn add_chapter_file(
    book: BookId,
    place: u32,
    chapter: PageId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut Vec<Page>,
    questions: &mut Vec<PageId>,
) {
    let parsed = &files[pages[chapter.index()].file.index()];
    if is_alone(parsed) {
        let page = &mut pages[chapter.index()];
        page.role = Role::Question(book, count(questions.len()), 0);
        page.front = Arc::new(question_front(&page.front, parsed, &parsed.questions[0]));
        questions.push(chapter);
        return;
    }
    pages[chapter.index()].role = Role::Chapter(book, place);
    let base = book_base(sections, &pages[chapter.index()]);
    let chapter = pages[chapter.index()].clone();
    add_questions(book, &chapter, &base, files, pages, questions);
}

/// Whether a file is one question.
fn is_alone(parsed: &Parsed) -> bool {
    parsed.questions.len() == 1 && parsed.questions[0].span.is_empty()
}

/// A page for each question of a file that holds them under headings.
fn add_questions(
    book: BookId,
    chapter: &Page,
    base: &Url,
    files: &[Arc<Parsed>],
    pages: &mut Vec<Page>,
    questions: &mut Vec<PageId>,
) {
    let parsed = &files[chapter.file.index()];
    for index in 0..parsed.questions.len() {
        let page = question_page(book, questions.len(), index, parsed, chapter, base);
        questions.push(PageId::of(pages.len()));
        pages.push(page);
    }
}

/// The questions of a folder: those of its index, then those of its files in order.
fn add_chapter_folder(
    (book, place): (BookId, u32),
    section: SectionId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    pages: &mut Vec<Page>,
    questions: &mut Vec<PageId>,
) {
    let own = &sections[section.index()];
    let base = own.url.clone();
    if let Some(file) = own.file {
        let index = index_page(book, place, section, own, file, &files[file.index()]);
        add_questions(book, &index, &base, files, pages, questions);
    }
    let mut inside: Vec<(i64, &SourcePath, usize)> = pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.section == section && page.role == Role::File)
        .map(|(index, page)| {
            (
                page.front.weight.unwrap_or(i64::MAX),
                &files[page.file.index()].path,
                index,
            )
        })
        .collect();
    inside.sort();
    let inside: Vec<usize> = inside.into_iter().map(|(.., index)| index).collect();
    for index in inside {
        let parsed = &files[pages[index].file.index()];
        if is_alone(parsed) {
            let question = &parsed.questions[0];
            let page = &mut pages[index];
            page.role = Role::Question(book, count(questions.len()), 0);
            page.front = Arc::new(question_front(&page.front, parsed, question));
            page.url = Url::new(&format!("{base}{}/", slug::slugify(&question.id)));
            questions.push(PageId::of(index));
        } else if !parsed.questions.is_empty() {
            pages[index].role = Role::Chapter(book, place);
            let chapter = pages[index].clone();
            add_questions(book, &chapter, &base, files, pages, questions);
        }
    }
}

/// What the questions of a folder's index share, as if the index were a file of the chapter.
fn index_page(
    book: BookId,
    place: u32,
    id: SectionId,
    section: &Section,
    file: FileId,
    parsed: &Parsed,
) -> Page {
    Page {
        file,
        role: Role::Chapter(book, place),
        kind: section.kind,
        url: section.url.clone(),
        title: section.title.clone(),
        language: section.language.clone(),
        section: id,
        front: parsed.front.clone(),
        date: parsed.front.date,
        blocks: 0..parsed.document.blocks.len(),
        expired: false,
        draft: parsed.front.draft,
        position: 0,
    }
}

/// A book has chapters and, where those are folders, files in them; what lies deeper would be in none of its forms.
fn check_depth(
    section: SectionId,
    files: &[Arc<Parsed>],
    sections: &[Section],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let chapter = &sections[section.index()];
    let inner = chapter.subsections.iter().map(|id| &sections[id.index()]);
    for deep in inner.filter(|inner| inner.kind == Kind::Book) {
        let problem = match deep.file.map(|file| &files[file.index()]) {
            Some(file) => Diagnostic::in_file("book-too-deep", &file.path),
            None => Diagnostic::new("book-too-deep"),
        };
        diagnostics.push(
            problem
                .with("folder", &deep.folder)
                .with("chapter", &chapter.folder),
        );
    }
}

/// Questions have addresses directly below their book, which stay when a question moves to another chapter.
fn book_base(sections: &[Section], chapter: &Page) -> Url {
    sections[chapter.section.index()].url.clone()
}

fn question_page(
    book: BookId,
    place: usize,
    index: usize,
    parsed: &Parsed,
    chapter: &Page,
    base: &Url,
) -> Page {
    let question = &parsed.questions[index];
    Page {
        role: Role::Question(book, count(place), count(index)),
        url: Url::new(&format!("{base}{}/", question.id)),
        title: question.title.as_str().into(),
        front: Arc::new(question_front(&chapter.front, parsed, question)),
        blocks: question.blocks.clone(),
        position: 0,
        ..chapter.clone()
    }
}

/// The chapter's front matter with the question's own fields over it.
pub(in crate::model) fn question_front(
    chapter: &Front,
    parsed: &Parsed,
    question: &Question,
) -> Front {
    let fields = &question.fields;
    let mut taxonomies = chapter.taxonomies.clone();
    for (name, terms) in [("topics", &fields.topics), ("audiences", &fields.audiences)] {
        if terms.is_empty() {
            continue;
        }
        taxonomies.retain(|(other, _)| other != name);
        taxonomies.push((name.to_owned(), terms.clone()));
    }
    Front {
        title: Some(question.title.clone()),
        description: parsed.short_answer(question),
        weight: None,
        slug: None,
        path: None,
        aliases: Vec::new(),
        template: None,
        taxonomies,
        reviewed: fields.reviewed.or(chapter.reviewed),
        reviewed_by: fields
            .reviewed_by
            .clone()
            .or_else(|| chapter.reviewed_by.clone()),
        law_date: fields.law_date.or(chapter.law_date),
        ..chapter.clone()
    }
}

fn check_question_id(
    page: &Page,
    files: &[Arc<Parsed>],
    ids: &mut HashMap<String, SourcePath>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let parsed = &files[page.file.index()];
    let Role::Question(_, _, index) = page.role else {
        return;
    };
    let Some(question) = parsed.questions.get(index as usize) else {
        return;
    };
    if !question.explicit_id {
        diagnostics.push(
            Diagnostic::at("question-without-id", &parsed.path, question.span)
                .with("suggestion", &question.id),
        );
    }
    if let Some(other) = ids.insert(question.id.clone(), parsed.path.clone()) {
        diagnostics.push(
            Diagnostic::at("duplicate-id", &parsed.path, question.span)
                .with("id", &question.id)
                .with("other", other),
        );
    }
}
