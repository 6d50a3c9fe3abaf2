//! One content file → [`Parsed`]: front matter, document, and what its kind adds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::case::{self, CaseFields};
use super::episode::{self, EpisodeFields};
use super::event::{self, EventFields};
use super::fields::Fields;
use super::form::{self, FormField};
use super::front::{self, Front, Kind};
use super::markdown::{self, MarkdownOptions};
use super::prose::{self, Prose};
use super::question::{self, Question};
use super::statute::{self, Statute, StatuteFields};
use super::syntax::read_table;
use super::transcript::{self, Transcript};
use super::widget::{self, Widget};
use crate::base::value::{Node, Table, Value};
use crate::base::{Moment, SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{Document, text};

/// What a file inherits from the sections above it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inherited {
    /// What the files are.
    pub kind: Kind,
    /// Defaults for their front matter.
    pub cascade: Table,
    /// For books: how many folders lie between the book and the file.
    pub depth_in_book: usize,
    /// The template the nearest section gives its pages.
    pub page_template: Option<String>,
}

/// How content files are read.
#[derive(Clone, Debug, PartialEq)]
pub struct ParseOptions {
    /// Markdown.
    pub markdown: MarkdownOptions,
    /// Codes of the further languages, which file names may end with: `page.en.md`.
    pub languages: Vec<String>,
}

/// What a content file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The file.
    pub path: SourcePath,
    /// Whether it is the `_index.md` of a section.
    pub is_section: bool,
    /// The language in its name.
    pub language: Option<String>,
    /// What it inherits.
    pub inherited: Arc<Inherited>,
    /// Its front matter. Pages that go by it share it.
    pub front: Arc<Front>,
    /// What the keys of its kind say.
    pub own: OwnFields,
    /// Further keys: those of books, directories, statutes, forms, leaflets and banners.
    pub special: Table,
    /// Its text.
    pub document: Arc<Document>,
    /// Its questions, in a book.
    pub questions: Vec<Question>,
    /// Its quizzes, self-check paths and calculators, in order.
    pub widgets: Vec<Widget>,
    /// The prose outside its running text: short answers of its questions, what its short codes are given to show.
    pub prose: Vec<Prose>,
    /// Of an episode: the transcript that stood in its text.
    pub transcript: Option<Arc<Transcript>>,
    /// Of a document template: what is to be filled in.
    pub form_fields: Vec<FormField>,
    /// The statute it holds, in a section of laws.
    pub statute: Option<Arc<Statute>>,
    /// Characters and words to read.
    pub reading_length: usize,
    /// The first day its name gives: `2026-03-05-title.md`.
    pub date_in_name: Option<Moment>,
    /// The part of the file name that becomes its address.
    pub name: String,
    /// Where the front matter's title stands, or the file's beginning.
    pub title_span: Span,
    /// Problems found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the front matter says by the keys of the page's kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum OwnFields {
    /// Nothing: a section, or a page of a kind without keys of its own.
    #[default]
    None,
    /// An episode of a course.
    Episode(Box<EpisodeFields>),
    /// An event.
    Event(Box<EventFields>),
    /// A case.
    Case(Box<CaseFields>),
}

impl Parsed {
    /// The path of the file that says the same in another language; `None` for the site's own.
    #[must_use]
    pub fn translated_path(&self, code: Option<&str>) -> String {
        let stem = self.path.as_str().trim_end_matches(".md");
        let own = self.language.as_deref();
        let stem = own
            .and_then(|own| stem.strip_suffix(own)?.strip_suffix('.'))
            .unwrap_or(stem);
        match code {
            Some(code) => format!("{stem}.{code}.md"),
            None => format!("{stem}.md"),
        }
    }

    /// The short answer that is a field of one of its questions, as people read it: on one line, without marks.
    #[must_use]
    pub fn short_answer(&self, question: &Question) -> Option<String> {
        let short = self.prose.get(question.short_prose?)?;
        let text = text::excerpt(&short.document.blocks, usize::MAX);
        (!text.is_empty()).then_some(text)
    }

    /// What an episode's front matter says.
    #[must_use]
    pub fn episode(&self) -> Option<&EpisodeFields> {
        match &self.own {
            OwnFields::Episode(fields) => Some(fields),
            OwnFields::None | OwnFields::Event(_) | OwnFields::Case(_) => None,
        }
    }

    /// What an event's front matter says.
    #[must_use]
    pub fn event(&self) -> Option<&EventFields> {
        match &self.own {
            OwnFields::Event(fields) => Some(fields),
            OwnFields::None | OwnFields::Episode(_) | OwnFields::Case(_) => None,
        }
    }

    /// What a case's front matter says.
    #[must_use]
    pub fn case(&self) -> Option<&CaseFields> {
        match &self.own {
            OwnFields::Case(fields) => Some(fields),
            OwnFields::None | OwnFields::Episode(_) | OwnFields::Event(_) => None,
        }
    }

    /// The kind its own front matter or its section gives it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.inherited.kind
    }
}

/// The keys each kind of page has besides those of every page, as far as [`OwnFields`] has none for them.
fn special_keys(kind: Kind, is_section: bool) -> &'static [&'static str] {
    match (kind, is_section) {
        (Kind::Book, true) => &[
            "id",
            "subtitle",
            "cover",
            "cover_color",
            "author",
            "imprint",
            "legal_notice",
            "writing",
            "formats",
            "edition",
            "publisher",
            "short",
            "question",
        ],
        (Kind::Book, false) => &["question", "short"],
        (Kind::Course, true) => &[
            "podcast", "cover", "author", "email", "category", "explicit",
        ],
        (Kind::Directory, _) => &["data"],
        (Kind::Laws, false) => &[
            "short_titles",
            "law_kind",
            "issuer",
            "number",
            "passed",
            "amended",
            "published",
            "effective",
            "status",
            "text",
            "official",
            "articles",
            "successor",
            "repealed",
        ],
        (Kind::Articles | Kind::Cases | Kind::Events | Kind::Laws | Kind::Page, true)
        | (Kind::Articles | Kind::Cases | Kind::Course | Kind::Events | Kind::Page, false) => &[],
    }
}

/// Keys any page may have that make it something special whatever its section.
const EVERYWHERE: [&str; 4] = ["form", "leaflet", "banner", "no_cite"];

/// What every folder with content gives to its files, from the `_index.md` files.
#[must_use]
pub fn inheritance<'a>(
    sections: impl Iterator<Item = (&'a SourcePath, &'a str)>,
) -> BTreeMap<String, Arc<Inherited>> {
    let mut folders: BTreeMap<String, Arc<Inherited>> = BTreeMap::new();
    let mut sections: Vec<_> = sections.collect();
    sections.sort_by_key(|(path, _)| path.parent().len());
    for (path, text) in sections {
        let folder = path.parent();
        let above = nearest_folder(
            &folders,
            folder.rsplit_once('/').map_or("", |(parent, _)| parent),
        );
        let mut unreported = Vec::new();
        let table = match front::split(text) {
            Ok(split) => split
                .front
                .map(|(syntax, text, offset)| {
                    read_table(syntax, text, offset, path, &mut unreported)
                })
                .unwrap_or_default(),
            Err(_) => Table::default(),
        };
        let kind_name = table.get("kind").and_then(|node| node.value.as_str());
        let own = Kind::NAMES
            .iter()
            .find(|(name, _)| Some(*name) == kind_name)
            .map(|(_, kind)| *kind);
        let cascade = table
            .get("cascade")
            .and_then(|node| node.value.as_table())
            .map(without_places);
        let page_template = table
            .get("page_template")
            .and_then(|node| node.value.as_str())
            .map(str::to_owned);
        let inherited = Inherited {
            kind: own.unwrap_or(above.kind),
            cascade: cascade.map_or_else(
                || above.cascade.clone(),
                |cascade| cascade.over(&above.cascade),
            ),
            depth_in_book: if own == Some(Kind::Book) {
                0
            } else {
                above.depth_in_book + 1
            },
            page_template: page_template.or_else(|| above.page_template.clone()),
        };
        let inherited = if *above == inherited {
            above
        } else {
            Arc::new(inherited)
        };
        folders.insert(folder.to_owned(), inherited);
    }
    folders
}

/// What the nearest folder at or above `folder` gives.
#[must_use]
pub fn nearest_folder(folders: &BTreeMap<String, Arc<Inherited>>, folder: &str) -> Arc<Inherited> {
    let mut at = folder;
    loop {
        if let Some(found) = folders.get(at) {
            return found.clone();
        }
        match at.rsplit_once('/') {
            Some((parent, _)) => at = parent,
            None => return Arc::default(),
        }
    }
}

/// Places in another file would mislead; what cascades has none.
fn without_places(table: &Table) -> Table {
    fn node(inner: &Node) -> Node {
        let value = match &inner.value {
            Value::Array(items) => Value::Array(items.iter().map(node).collect()),
            Value::Table(table) => Value::Table(without_places(table)),
            other => other.clone(),
        };
        Node {
            value,
            span: Span::default(),
        }
    }
    let mut copy = table.clone();
    for entry in &mut copy.entries {
        entry.key_span = Span::default();
        entry.node = node(&entry.node);
    }
    copy
}

/// Reads a content file.
#[must_use]
pub fn parse(
    path: &SourcePath,
    source: &str,
    inherited: &Arc<Inherited>,
    options: &ParseOptions,
) -> Parsed {
    let mut diagnostics = Vec::new();
    let name = file_name(path, options, inherited.kind);
    let split = split(source, path, &mut diagnostics);
    let own = split
        .front
        .map(|(syntax, text, offset)| read_table(syntax, text, offset, path, &mut diagnostics))
        .unwrap_or_default();
    let table = if inherited.cascade.is_empty() || name.is_section {
        own
    } else {
        own.over(&inherited.cascade)
    };
    let title_span = table.get("title").map_or(Span::default(), |node| node.span);
    let (front, own_fields, special) =
        read_front(&table, path, name.is_section, inherited, &mut diagnostics);
    let mut parsed = Parsed {
        path: path.clone(),
        is_section: name.is_section,
        language: name.language,
        inherited: inherited.clone(),
        reading_length: 0,
        front: Arc::new(front),
        own: own_fields,
        special,
        document: Arc::default(),
        questions: Vec::new(),
        widgets: Vec::new(),
        prose: Vec::new(),
        transcript: None,
        form_fields: Vec::new(),
        statute: None,
        date_in_name: name.date,
        name: name.name,
        title_span,
        diagnostics,
    };
    if inherited.kind == Kind::Laws && !name.is_section {
        let statute = read_statute(&mut parsed, source, split.body_start, &table);
        parsed.statute = Some(Arc::new(statute));
    } else {
        read_body(&mut parsed, &split, options);
    }
    if inherited.kind == Kind::Book {
        parsed.questions = questions(&mut parsed);
    }
    question::check(
        &parsed.document,
        &parsed.questions,
        parsed.title_span,
        inherited.kind,
        path,
        &mut parsed.diagnostics,
    );
    read_prose(&mut parsed, source, options);
    parsed
}

/// The prose outside the running text.
fn read_prose(parsed: &mut Parsed, source: &str, options: &ParseOptions) {
    let file = prose::File {
        source,
        path: &parsed.path,
        options: &options.markdown,
    };
    for question in &mut parsed.questions {
        if let Some(short) = &question.fields.short {
            let span = question.fields.short_span;
            question.short_prose = Some(parsed.prose.len());
            parsed
                .prose
                .push(file.short(short, span, &mut parsed.diagnostics));
        }
    }
    let shorts = parsed.prose.iter().map(|prose| &prose.document);
    let widgets = parsed.widgets.iter().flat_map(Widget::documents);
    let documents = [&*parsed.document].into_iter().chain(widgets).chain(shorts);
    let calls = file.calls(documents);
    parsed.prose.extend(calls);
}

/// The front matter and the body; without an end of the front matter there is neither.
fn split<'s>(
    source: &'s str,
    path: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> front::Split<'s> {
    let split = front::split(source).unwrap_or_else(|span| {
        let fence = &source[span.range()];
        diagnostics.push(Diagnostic::at("front-matter-open", path, span).with("fence", fence));
        front::Split {
            front: None,
            body: "",
            body_start: source.len(),
        }
    });
    if split.front.is_none() {
        diagnostics.extend(front::suspicious_start(source, path));
    }
    split
}

/// The Markdown, and what the kind of the page makes of it.
fn read_body(parsed: &mut Parsed, split: &front::Split<'_>, options: &ParseOptions) {
    let is_form = parsed
        .special
        .get("form")
        .is_some_and(|node| node.value == Value::Bool(true));
    let markdown_options = MarkdownOptions {
        blanks: is_form,
        ..options.markdown.clone()
    };
    let path = &parsed.path;
    let found = &mut parsed.diagnostics;
    let mut document =
        markdown::parse(split.body, split.body_start, path, &markdown_options, found);
    parsed.transcript = match &parsed.own {
        OwnFields::Episode(_) => transcript::take(&mut document, path, found).map(Arc::new),
        OwnFields::None | OwnFields::Event(_) | OwnFields::Case(_) => None,
    };
    if is_form {
        parsed.form_fields = form::fields(&document, path, found);
    }
    parsed.widgets = widget::widgets(&document, path, &markdown_options, found);
    parsed.reading_length = text::reading_length(&text::plain_blocks(&document.blocks));
    parsed.document = Arc::new(document);
}

/// The statute behind the front matter. The address of a gist is its file's name, and stays when the official text comes.
fn read_statute(parsed: &mut Parsed, source: &str, body_start: usize, table: &Table) -> Statute {
    // The keys were checked with the rest of the front matter.
    let mut checked = Vec::new();
    let mut fields = StatuteFields::read(&mut Fields::new(table, &parsed.path, &mut checked));
    if fields.gist && fields.slug.is_none() {
        fields.slug = Some(parsed.name.clone());
    }
    let (statute, problems) = statute::parse_from(&parsed.path, source, body_start, fields);
    parsed.diagnostics.extend(problems);
    statute
}

fn read_front(
    table: &Table,
    path: &SourcePath,
    is_section: bool,
    inherited: &Inherited,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Front, OwnFields, Table) {
    let title_span = table.get("title").map_or(Span::default(), |node| node.span);
    let mut fields = Fields::new(table, path, diagnostics);
    let mut front = front::read(&mut fields);
    if is_section {
        front.section = Some(Box::new(front::read_section(&mut fields)));
    } else {
        front.template = front.template.or_else(|| inherited.page_template.clone());
    }
    let own = read_own(inherited.kind, is_section, title_span, &mut fields);
    let keys = special_keys(inherited.kind, is_section);
    let special = Table {
        entries: fields
            .unread()
            .into_iter()
            .filter(|entry| {
                keys.contains(&entry.key.as_str()) || EVERYWHERE.contains(&entry.key.as_str())
            })
            .cloned()
            .collect(),
    };
    fields.allow(keys);
    fields.allow(&EVERYWHERE);
    fields.finish_with(|key| kinds_with(key, is_section));
    (front, own, special)
}

/// The keys that only pages of a kind have.
fn read_own(kind: Kind, is_section: bool, title: Span, fields: &mut Fields<'_>) -> OwnFields {
    match (kind, is_section) {
        (Kind::Course, false) => OwnFields::Episode(Box::new(episode::read(fields))),
        (Kind::Events, false) => OwnFields::Event(Box::new(event::read(fields, title))),
        (Kind::Cases, false) => OwnFields::Case(Box::new(case::read(fields))),
        (Kind::Course | Kind::Events | Kind::Cases, true)
        | (Kind::Articles | Kind::Book | Kind::Laws | Kind::Directory | Kind::Page, true | false) => {
            OwnFields::None
        }
    }
}

/// The names of the kinds whose pages have a key.
fn kinds_with(key: &str, is_section: bool) -> Option<String> {
    let (nothing, nowhere) = (Table::default(), SourcePath::new(""));
    let has = |kind: Kind| {
        let mut unheard = Vec::new();
        let mut fields = Fields::new(&nothing, &nowhere, &mut unheard);
        read_own(kind, is_section, Span::default(), &mut fields);
        fields.knows(key) || special_keys(kind, is_section).contains(&key)
    };
    let kinds = Kind::NAMES.into_iter().filter(|(_, kind)| has(*kind));
    kinds.map(|(name, _)| name.to_owned()).next()
}

/// In a book, a file in a chapter's folder is a question unless it holds questions itself.
fn questions(parsed: &mut Parsed) -> Vec<Question> {
    let in_chapter_folder = parsed.inherited.depth_in_book >= 1;
    // The index of a book is its preface.
    if parsed.is_section && !in_chapter_folder {
        return Vec::new();
    }
    let table = parsed
        .special
        .get("question")
        .and_then(|node| node.value.as_table())
        .cloned();
    let alone = !parsed.is_section
        && (table.is_some() || (in_chapter_folder && !question::holds_many(&parsed.document)));
    if !alone {
        question::lower_steps(Arc::make_mut(&mut parsed.document));
    }
    let document = parsed.document.clone();
    let found = &mut parsed.diagnostics;
    if parsed.is_section {
        return question::of_introduction(&document, &parsed.path, found);
    }
    if !alone {
        return question::of_chapter(&document, &parsed.path, found);
    }
    let id = parsed.front.slug.clone();
    let id = id.unwrap_or_else(|| parsed.name.clone());
    let title = parsed.front.title.clone().unwrap_or_default();
    vec![question::of_file(
        &document,
        table.as_ref(),
        &id,
        &title,
        &parsed.path,
        found,
    )]
}

struct FileName {
    is_section: bool,
    language: Option<String>,
    date: Option<Moment>,
    name: String,
}

/// Takes a file's name apart: `2026-03-05-title.en.md`, `03-title.md` in books and courses, `title/index.md`.
fn file_name(path: &SourcePath, options: &ParseOptions, kind: Kind) -> FileName {
    let file = path.file_name();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let (stem, language) = match stem.rsplit_once('.') {
        Some((stem, code)) if options.languages.iter().any(|language| language == code) => {
            (stem, Some(code.to_owned()))
        }
        _ => (stem, None),
    };
    let is_section = stem == "_index";
    let own_name = if stem == "index" {
        path.parent().rsplit('/').next().unwrap_or_default()
    } else {
        stem
    };
    let (date, rest) = if is_section {
        (None, own_name)
    } else {
        date_prefix(own_name)
    };
    let rest = if matches!(kind, Kind::Book | Kind::Course) {
        without_number(rest)
    } else {
        rest
    };
    FileName {
        is_section,
        language,
        date,
        name: rest.to_owned(),
    }
}

/// `2026-03-05-title` or `2026-03-05T09:00:00Z_title` → the moment and the title.
fn date_prefix(name: &str) -> (Option<Moment>, &str) {
    let candidates = [20, 25, 19, 10];
    for len in candidates {
        let Some(head) = name.get(..len) else {
            continue;
        };
        let Some(rest) = name[len..].strip_prefix(['-', '_']) else {
            continue;
        };
        if let (Some(moment), false) = (Moment::parse(head), rest.is_empty()) {
            return (Some(moment), rest);
        }
    }
    (None, name)
}

/// `03-wages` → `wages`.
#[must_use]
pub fn without_number(name: &str) -> &str {
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match name[digits..].strip_prefix(['-', '_', '.', ' ']) {
        Some(rest) if digits > 0 && !rest.is_empty() => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::BlockKind;

    fn parse_as(kind: Kind, path: &str, source: &str) -> Parsed {
        let inherited = Arc::new(Inherited {
            kind,
            ..Inherited::default()
        });
        let options = ParseOptions {
            markdown: MarkdownOptions::default(),
            languages: vec!["en".into()],
        };
        parse(&SourcePath::new(path), source, &inherited, &options)
    }

    fn codes(parsed: &Parsed) -> Vec<&'static str> {
        parsed
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
    }

    #[test]
    fn names_are_taken_apart() {
        let name = |path: &str, kind| {
            let parsed = parse_as(kind, path, "");
            (
                parsed.name,
                parsed.language,
                parsed.date_in_name.map(|moment| moment.date().to_string()),
            )
        };
        assert_eq!(
            name("content/2026-03-05-a.md", Kind::Page),
            ("a".into(), None, Some("2026-03-05".into()))
        );
        assert_eq!(
            name("content/a.en.md", Kind::Page),
            ("a".into(), Some("en".into()), None)
        );
        assert_eq!(
            name("content/a.fr.md", Kind::Page),
            ("a.fr".into(), None, None)
        );
        assert_eq!(
            name("content/x/03-a/index.md", Kind::Course),
            ("a".into(), None, None)
        );
        assert_eq!(
            name("content/03-a.md", Kind::Page),
            ("03-a".into(), None, None)
        );
    }

    #[test]
    fn an_unknown_key_is_named_with_the_nearest() {
        let parsed = parse_as(Kind::Page, "content/a.md", "+++\ntitel = \"一\"\n+++\n文\n");
        assert_eq!(codes(&parsed), ["unknown-key"]);
        assert_eq!(parsed.diagnostics[0].arg("nearest"), Some("title"));
    }

    #[test]
    fn the_keys_of_a_kind_are_known_only_there() {
        let source = "+++\ntitle = \"一\"\ncourt_level = \"基层人民法院\"\n+++\n文\n";
        assert_eq!(
            codes(&parse_as(Kind::Cases, "content/a.md", source)),
            Vec::<&str>::new()
        );
        assert_eq!(
            codes(&parse_as(Kind::Page, "content/a.md", source)),
            ["unknown-key"]
        );
    }

    #[test]
    fn a_key_of_another_kind_says_where_it_belongs() {
        let parsed = parse_as(
            Kind::Page,
            "content/a.md",
            "+++\ncourt_level = \"基层人民法院\"\nissuer = \"甲\"\n+++\n文\n",
        );
        let kinds: Vec<_> = parsed
            .diagnostics
            .iter()
            .map(|problem| problem.arg("kind"))
            .collect();
        assert_eq!(kinds, [Some("cases"), Some("laws")]);
    }

    #[test]
    fn front_matter_without_end_is_reported_once() {
        let parsed = parse_as(Kind::Page, "content/a.md", "+++\ntitle = \"一\"\n文\n");
        assert_eq!(codes(&parsed), ["front-matter-open"]);
    }

    #[test]
    fn a_chapter_holds_questions() {
        let source = "+++\ntitle = \"章\"\n+++\n导语\n\n## 问一？ {#one}\n\n```question\nalso_asked = [\"甲\"]\n```\n\n短答。\n\n说明。\n\n## 问二？\n\n短。\n\n## 清单 {.checklist}\n\n- [ ] 一\n";
        let parsed = parse_as(Kind::Book, "content/b/01-a.md", source);
        let found: Vec<_> = parsed
            .questions
            .iter()
            .map(|q| (q.id.as_str(), q.explicit_id, q.title.as_str()))
            .collect();
        assert_eq!(
            found,
            [("one", true, "问一？"), ("wen-er", false, "问二？")]
        );
        assert_eq!(parsed.questions[0].fields.also_asked, ["甲"]);
        assert_eq!(codes(&parsed), Vec::<&str>::new());
    }

    /// Problems of a chapter as `line:column code hint`.
    #[track_caller]
    fn check_chapter(kind: Kind, body: &str, expected: &[&str]) {
        let source = format!("+++\ntitle = \"章\"\n+++\n{body}");
        let parsed = parse_as(kind, "content/b/01-a.md", &source);
        let told: Vec<String> = crate::parse::testing::places(&source, &parsed.diagnostics);
        assert_eq!(told, expected);
    }

    #[track_caller]
    fn check_questions(path: &str, depth_in_book: usize, body: &str, expected: &[&str]) {
        let inherited = Arc::new(Inherited {
            kind: Kind::Book,
            depth_in_book,
            ..Inherited::default()
        });
        let options = ParseOptions {
            markdown: MarkdownOptions::default(),
            languages: vec![],
        };
        let source = format!("+++\ntitle = \"题\"\n+++\n{body}");
        let parsed = parse(&SourcePath::new(path), &source, &inherited, &options);
        let questions: Vec<&str> = parsed.questions.iter().map(|q| &*q.title).collect();
        assert_eq!(questions, expected, "{body}");
    }

    #[test]
    fn a_file_in_a_chapter_folder_is_one_question_or_holds_many() {
        let check = |body, expected| check_questions("content/b/02-c/01-a.md", 1, body, expected);
        check("短答。\n\n## 怎么办\n\n做。\n", &["题"]);
        check("短答。\n\n## 甲？ {#a}\n\n答。\n", &["题"]);
        check(
            "```question\nshort = \"是\"\n```\n\n## 甲？\n\n答。\n",
            &["题"],
        );
        check("## 说明\n\n文。\n", &["题"]);
        check("## 甲 {#a}\n\n答。\n\n## 乙？\n\n答。\n", &["甲", "乙？"]);
        check(
            "# 题\n\n## 甲？\n\n答。\n\n## 乙\n\n答。\n",
            &["甲？", "乙"],
        );
        let fields = "引言。\n\n## 甲\n\n```question\nshort = \"是\"\n```\n";
        check(fields, &["甲"]);
    }

    #[test]
    fn the_index_of_a_chapter_folder_holds_questions_between_its_text() {
        let body = "导语。\n\n## 本章要旨\n\n文。\n\n## 甲？ {#a}\n\n答。\n";
        check_questions("content/b/02-c/_index.md", 1, body, &["甲？"]);
        check_questions("content/b/_index.md", 0, body, &[]);
    }

    #[test]
    fn what_to_do_belongs_to_the_question_before_it() {
        let check = |body, expected| check_questions("content/b/01-a.md", 0, body, expected);
        check(
            "## 甲？ {#a}\n\n答。\n\n## 怎么办\n\n### 先\n\n做。\n\n## 乙？ {#b}\n\n答。\n\n## 怎么做\n\n做。\n",
            &["甲？", "乙？"],
        );
        check(
            "## 怎么办\n\n做。\n\n## 怎么办 {#what}\n\n做。\n",
            &["怎么办", "怎么办"],
        );
        let source =
            "+++\ntitle = \"章\"\n+++\n## 甲？ {#a}\n\n答。\n\n## 怎么办\n\n### 先\n\n做。\n";
        let parsed = parse_as(Kind::Book, "content/b/01-a.md", source);
        let levels = parsed
            .document
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Heading(heading) => Some(heading.level),
                _ => None,
            });
        assert_eq!(levels.collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn fields_that_belong_to_no_question_are_told() {
        let block = "```question\nshort = \"甲\"\n```\n";
        let misplaced = "question-fields-misplaced";
        check_chapter(
            Kind::Book,
            &format!("## 问？ {{#a}}\n\n{block}\n答。\n"),
            &[],
        );
        check_chapter(
            Kind::Book,
            &format!("## 问？ {{#a}}\n\n答。\n\n{block}"),
            &[&format!("8:1 {misplaced} 问？")],
        );
        check_chapter(
            Kind::Book,
            &format!(
                "{block}\n## 清单 {{.plain}}\n\n{block}\n> {}",
                block.replace('\n', "\n> ")
            ),
            &[
                &format!("4:1 {misplaced}"),
                &format!("10:1 {misplaced}"),
                &format!("14:3 {misplaced}"),
            ],
        );
        check_chapter(
            Kind::Page,
            &format!("## 问？\n\n{block}"),
            &[&format!("6:1 {misplaced} page")],
        );
    }

    #[test]
    fn a_question_without_an_answer_is_told() {
        check_chapter(
            Kind::Book,
            "## 甲？ {#a}\n\n<!-- 待写 -->\n\n### 怎么办\n\n## 乙？ {#b}\n\n```question\nshort = \"是\"\n```\n\n## 丙？ {#c}\n\n答。\n",
            &["4:1 question-empty 甲？"],
        );
        let inherited = Arc::new(Inherited {
            kind: Kind::Book,
            depth_in_book: 1,
            ..Inherited::default()
        });
        let options = ParseOptions {
            markdown: MarkdownOptions::default(),
            languages: vec![],
        };
        let source = "+++\ntitle = \"甲？\"\n+++\n";
        let parsed = parse(
            &SourcePath::new("content/b/c/a.md"),
            source,
            &inherited,
            &options,
        );
        let told = crate::parse::testing::places(source, &parsed.diagnostics);
        assert_eq!(told, ["2:9 question-empty 甲？"]);
    }

    #[test]
    fn cascade_gives_defaults_that_the_page_overrides() {
        let index = SourcePath::new("content/a/_index.md");
        let folders = inheritance(
            [(
                &index,
                "+++\nkind = \"articles\"\n[cascade]\nreviewed_by = \"甲\"\ndraft = true\n+++\n",
            )]
            .into_iter(),
        );
        let inherited = nearest_folder(&folders, "content/a/deep");
        let options = ParseOptions {
            markdown: MarkdownOptions::default(),
            languages: vec![],
        };
        let parsed = parse(
            &SourcePath::new("content/a/deep/x.md"),
            "+++\ndraft = false\n+++\n",
            &inherited,
            &options,
        );
        assert_eq!(parsed.front.reviewed_by.as_deref(), Some("甲"));
        assert!(!parsed.front.draft);
        assert_eq!(parsed.kind(), Kind::Articles);
    }
}
