//! The text of a statute → its title, dates, parts and articles.
//!
//! A line of the file is a paragraph. What begins with 第三条 opens an article, （一） an item of it, 第二章 behind `#` a
//! part; every other line is the next paragraph (款) of the article it follows, or a plain text in its place. Nothing is
//! dropped: what is not understood stays where it stood, as text, and is reported.
//!
//! May not: read files, know other statutes, fail.

mod body;
mod header;
pub mod label;
mod print;

use crate::base::{ArticleNo, Date, SourcePath, Span};
use crate::diag::Diagnostic;

use super::fields::Fields;
use super::front;
use super::syntax::read_table;

pub use header::file_date;
pub use print::print;

/// What kind of norm a statute is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LawKind {
    /// 宪法 and its amendments.
    Constitution,
    /// 法律: passed by the national congress or its standing committee.
    Law,
    /// 行政法规: by the State Council.
    AdministrativeRegulation,
    /// 司法解释: by the supreme court or procuratorate.
    JudicialInterpretation,
    /// 地方性法规.
    LocalRegulation,
    /// 部门规章: by a ministry.
    DepartmentalRule,
    /// 地方政府规章.
    LocalRule,
    /// Anything else.
    #[default]
    Other,
}

impl LawKind {
    /// All kinds, the highest first.
    pub const ALL: [Self; 8] = [
        Self::Constitution,
        Self::Law,
        Self::AdministrativeRegulation,
        Self::JudicialInterpretation,
        Self::LocalRegulation,
        Self::DepartmentalRule,
        Self::LocalRule,
        Self::Other,
    ];

    /// Its Chinese name, as `law_kind` in a front matter has it.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Constitution => "宪法",
            Self::Law => "法律",
            Self::AdministrativeRegulation => "行政法规",
            Self::JudicialInterpretation => "司法解释",
            Self::LocalRegulation => "地方性法规",
            Self::DepartmentalRule => "部门规章",
            Self::LocalRule => "地方政府规章",
            Self::Other => "其他",
        }
    }

    /// The kind a Chinese name stands for; what is unknown is [`LawKind::Other`].
    #[must_use]
    pub fn from_chinese(name: &str) -> Self {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|kind| kind.chinese() == name)
            .or(match name {
                "地方法规" | "自治条例" | "单行条例" | "经济特区法规" => {
                    Some(Self::LocalRegulation)
                }
                "规章" => Some(Self::DepartmentalRule),
                "法典" => Some(Self::Law),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// What the front matter of a statute's file said; everything is optional.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatuteFields {
    /// The full title.
    pub title: Option<String>,
    /// Names it is also cited by.
    pub short_titles: Vec<String>,
    /// 法律, 行政法规, 司法解释….
    pub law_kind: Option<String>,
    /// Who made it.
    pub issuer: Option<String>,
    /// 法释〔2025〕1号.
    pub number: Option<String>,
    /// Day of passing.
    pub passed: Option<Date>,
    /// Days of amendment.
    pub amended: Vec<Date>,
    /// Day of publication.
    pub published: Option<Date>,
    /// First day in force.
    pub effective: Option<Date>,
    /// 现行有效, 已废止….
    pub status: Option<String>,
    /// Whether `text = "gist"`: what each article says, not its words.
    pub gist: bool,
    /// Where the official text is.
    pub official: Option<String>,
    /// How many articles the whole text has.
    pub articles: Option<u32>,
    /// The law that took its place.
    pub successor: Option<String>,
    /// The first day it is no longer in force.
    pub repealed: Option<Date>,
    /// The part of the address chosen by the author.
    pub slug: Option<String>,
}

impl StatuteFields {
    /// Reads the keys a statute's front matter has besides those of every page. The caller goes on with
    /// [`Fields::finish`]; `title` and `slug` are keys of every page and are set by it too.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            title: fields.string("title"),
            short_titles: fields.strings("short_titles"),
            law_kind: fields.string("law_kind"),
            issuer: fields.string("issuer"),
            number: fields.string("number"),
            passed: fields.date("passed"),
            amended: fields.dates("amended"),
            published: fields.date("published"),
            effective: fields.date("effective"),
            status: fields.string("status"),
            gist: fields.string("text").as_deref() == Some("gist"),
            official: fields.string("official"),
            articles: fields
                .count("articles")
                .and_then(|count| u32::try_from(count).ok()),
            successor: fields.string("successor"),
            repealed: fields.date("repealed"),
            slug: fields.string("slug").filter(|slug| !slug.is_empty()),
        }
    }
}

/// What happened to a statute on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// 通过.
    Passed,
    /// 批准.
    Approved,
    /// 修订: written anew.
    Revised,
    /// 修正: amended.
    Amended,
    /// 公布, 发布.
    Published,
    /// 施行.
    Effective,
    /// 废止.
    Repealed,
}

/// A dated event of a statute's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The day.
    pub date: Date,
    /// What happened.
    pub kind: EventKind,
}

/// A line of the header below the title, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderLine {
    /// The line.
    pub text: Box<str>,
    /// What it says happened.
    pub events: Vec<Event>,
    /// Where it stands.
    pub span: Span,
}

/// The days of a statute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// Passed.
    pub passed: Option<Date>,
    /// Amended or revised, in order.
    pub amended: Vec<Date>,
    /// Published.
    pub published: Option<Date>,
    /// First day in force of this text.
    pub effective: Option<Date>,
}

/// The levels of a statute's parts, the highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartLevel {
    /// 编.
    Book,
    /// 分编.
    Subbook,
    /// 章, and headings of that rank without a number (附则).
    Chapter,
    /// 节, and headings of that rank.
    Section,
    /// A heading below.
    Heading,
    /// 附件, 附表: all that follows belongs to it.
    Annex,
}

/// A heading of a statute: 编, 分编, 章, 节 or another.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its rank.
    pub level: PartLevel,
    /// The number in 第N章.
    pub number: Option<u32>,
    /// Its title without the number and the range: 总则.
    pub title: Box<str>,
    /// The heading as written, without `#`.
    pub raw: Box<str>,
    /// How many `#` stand before it; 0 for a plain line.
    pub marks: u8,
    /// The articles it says it holds: （第一条至第十二条）.
    pub range: Option<(ArticleNo, ArticleNo)>,
    /// Its anchor on the page, unique in the statute: `ch-2`, `ch-b3-c2-s1`.
    pub anchor: Box<str>,
    /// Where it stands.
    pub span: Span,
}

impl Part {
    /// 第五编 婚姻家庭: the heading with one blank between number and title, without the range of its articles.
    #[must_use]
    pub fn full_title(&self) -> String {
        let unit = match self.level {
            PartLevel::Book => "编",
            PartLevel::Subbook => "分编",
            PartLevel::Chapter => "章",
            PartLevel::Section => "节",
            PartLevel::Heading | PartLevel::Annex => "",
        };
        match self.number {
            Some(number) if !unit.is_empty() => {
                format!(
                    "第{}{unit} {}",
                    crate::base::numeral::to_chinese(number),
                    self.title
                )
            }
            _ => self.title.to_string(),
        }
    }
}

/// An article (条).
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Its number.
    pub no: ArticleNo,
    /// The label as written: 第三条.
    pub label: Box<str>,
    /// Its paragraphs (款), and tables among them.
    pub paragraphs: Vec<Paragraph>,
    /// From the label to the end of its text.
    pub span: Span,
    /// Where the label stands.
    pub label_span: Span,
}

/// Whether a paragraph is text or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParagraphKind {
    /// A paragraph that counts as 款.
    Text,
    /// A table, line by line as written.
    Table,
}

/// A paragraph (款) of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// Text or table.
    pub kind: ParagraphKind,
    /// Its number, from 1; 0 for a table.
    pub number: u32,
    /// Its text, up to its items.
    pub text: Box<str>,
    /// Its items (项).
    pub items: Vec<Item>,
    /// Where its text stands.
    pub span: Span,
}

/// An item (项) of a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its number.
    pub number: u32,
    /// The label as written: （一）.
    pub label: Box<str>,
    /// Its text behind the label.
    pub text: Box<str>,
    /// Its sub-items (目).
    pub subitems: Vec<Subitem>,
    /// Where it stands.
    pub span: Span,
}

/// A sub-item (目) of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Subitem {
    /// Its number.
    pub number: u32,
    /// The label as written: 1．.
    pub label: Box<str>,
    /// Its text behind the label.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// What a text outside the articles is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextRole {
    /// Before the first article.
    Preamble,
    /// A line of the table of contents in front.
    Contents,
    /// Text of its own below a heading, or of a statute without articles.
    Plain,
    /// A table, line by line as written.
    Table,
    /// In an annex.
    Annex,
}

/// A text outside the articles, kept in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What it is.
    pub role: TextRole,
    /// The line as written.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// A piece of a statute, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// A heading.
    Part(Part),
    /// An article.
    Article(Article),
    /// Any other text.
    Text(Text),
}

/// A file a statute's text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatuteFile {
    /// The file.
    pub path: SourcePath,
    /// Index of the first element that stands in it.
    pub first: u32,
}

/// A statute: one version of a law.
#[derive(Clone, Debug, PartialEq)]
pub struct Statute {
    /// Its files: one, or one for each book of a code.
    pub files: Vec<StatuteFile>,
    /// The full title.
    pub title: String,
    /// The book of a code this file holds: 合同编. None once the books are put together.
    pub part: Option<String>,
    /// Names it is also cited by, as its file gives them.
    pub short_titles: Vec<String>,
    /// What kind of norm it is.
    pub kind: LawKind,
    /// Who made it.
    pub issuer: Option<String>,
    /// 法释〔2025〕1号.
    pub number: Option<String>,
    /// Its days.
    pub dates: Dates,
    /// 现行有效, 已废止…, when its file says so.
    pub status: Option<String>,
    /// Whether it holds what the articles say, not their words.
    pub gist: bool,
    /// Where the official text is.
    pub official: Option<String>,
    /// How many articles the whole text has, when its file says so.
    pub article_count: Option<u32>,
    /// The law that took its place, when its file says so.
    pub successor: Option<String>,
    /// The first day it is no longer in force, when its file says so.
    pub repealed: Option<Date>,
    /// The part of the address chosen by the author.
    pub slug: Option<String>,
    /// The lines between title and text.
    pub header: Vec<HeaderLine>,
    /// The text.
    pub elements: Vec<Element>,
    /// Numbers of the articles with their elements, sorted.
    pub(crate) index: Vec<(ArticleNo, u32)>,
}

/// A part with what lies below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Index of its element.
    pub element: usize,
    /// First and last article in it, from its text or else from its heading.
    pub range: Option<(ArticleNo, ArticleNo)>,
    /// Parts below it.
    pub children: Vec<Outline>,
}

/// Reads a statute. `text` is the file's body, its front matter cut off; `fields` is what that said.
///
/// ```
/// use pufa::base::{ArticleNo, SourcePath};
/// use pufa::parse::statute::{parse, StatuteFields};
/// let text = "# 灯会条例\n\n<!-- INFO END -->\n\n第一条 灯会免费。\n\n有下列情形的除外：\n\n（一）下雨；\n";
/// let (statute, problems) = parse(&SourcePath::new("laws/灯会条例.md"), text, StatuteFields::default());
/// assert_eq!(statute.title, "灯会条例");
/// let article = statute.article(ArticleNo::new(1)).expect("it is there");
/// assert_eq!(article.paragraphs[1].items[0].text.as_ref(), "下雨；");
/// assert!(problems.is_empty());
/// ```
#[must_use]
pub fn parse(file: &SourcePath, text: &str, fields: StatuteFields) -> (Statute, Vec<Diagnostic>) {
    parse_from(file, text, 0, fields)
}

/// Reads a whole file of a law library: its front matter, if it has one, and the statute behind it.
#[must_use]
pub fn parse_file(file: &SourcePath, text: &str) -> (Statute, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    let mut fields = StatuteFields::default();
    let mut from = 0;
    if let Ok(split) = front::split(text) {
        from = split.body_start;
        if let Some((syntax, front, offset)) = split.front {
            let table = read_table(syntax, front, offset, file, &mut problems);
            fields = StatuteFields::read(&mut Fields::new(&table, file, &mut problems));
        }
    }
    let (statute, more) = parse_from(file, text, from, fields);
    problems.extend(more);
    (statute, problems)
}

/// Reads a statute whose text begins at byte `from` of its file; spans are counted from the file's beginning.
#[must_use]
pub fn parse_from(
    file: &SourcePath,
    text: &str,
    from: usize,
    fields: StatuteFields,
) -> (Statute, Vec<Diagnostic>) {
    let (head, rest) = header::read(text, from);
    let mut problems = Vec::new();
    let elements = body::read(file, text, rest, &mut problems);
    // A gist tells of the articles it chose.
    if fields.gist {
        problems.retain(|problem| problem.code != "law-article-skipped");
    }
    if head.title.is_none() && fields.title.is_none() {
        problems.push(Diagnostic::in_file("law-no-title", file));
    }
    let facts = header::facts(file, &head, &elements, &fields);
    let mut statute = Statute {
        files: vec![StatuteFile {
            path: file.clone(),
            first: 0,
        }],
        title: facts.title,
        part: head.part,
        short_titles: fields.short_titles,
        kind: facts.kind,
        issuer: facts.issuer,
        number: facts.number,
        dates: facts.dates,
        status: fields.status,
        gist: fields.gist,
        official: fields.official,
        article_count: fields.articles,
        successor: fields.successor,
        repealed: fields.repealed,
        slug: fields.slug,
        header: head.lines,
        elements,
        index: Vec::new(),
    };
    statute.reindex();
    if statute.index.is_empty() && !statute.gist {
        problems.push(Diagnostic::in_file("law-no-articles", file));
    }
    (statute, problems)
}

impl Statute {
    /// The article with a number.
    #[must_use]
    pub fn article(&self, no: ArticleNo) -> Option<&Article> {
        let at = self.index.binary_search_by_key(&no, |(no, _)| *no).ok()?;
        match self.elements.get(self.index[at].1 as usize) {
            Some(Element::Article(article)) => Some(article),
            Some(Element::Part(_) | Element::Text(_)) | None => None,
        }
    }

    /// The articles in reading order.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.elements.iter().filter_map(|element| match element {
            Element::Article(article) => Some(article),
            Element::Part(_) | Element::Text(_) => None,
        })
    }

    /// The headings in reading order.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.elements.iter().filter_map(|element| match element {
            Element::Part(part) => Some(part),
            Element::Article(_) | Element::Text(_) => None,
        })
    }

    /// The number of articles found.
    #[must_use]
    pub fn article_len(&self) -> usize {
        self.index.len()
    }

    /// The highest article number: the last found, or what the file says of the whole text.
    #[must_use]
    pub fn last_article(&self) -> Option<ArticleNo> {
        let found = self.index.last().map(|(no, _)| *no);
        if self.gist {
            self.article_count.map(ArticleNo::new).max(found)
        } else {
            found
        }
    }

    /// The article before another in the text.
    #[must_use]
    pub fn article_before(&self, no: ArticleNo, steps: usize) -> Option<ArticleNo> {
        let at = self.index.binary_search_by_key(&no, |(no, _)| *no).ok()?;
        Some(self.index[at.checked_sub(steps)?].0)
    }

    /// The file an element stands in.
    #[must_use]
    pub fn file_of(&self, element: usize) -> &SourcePath {
        let at = self
            .files
            .partition_point(|file| file.first as usize <= element)
            .saturating_sub(1);
        &self.files[at].path
    }

    /// The parts as a tree; see [`Outline`].
    #[must_use]
    pub fn outline(&self) -> Vec<Outline> {
        body::outline(&self.elements)
    }

    /// The innermost part whose heading says it holds an article (a gist lists only some of them).
    #[must_use]
    pub fn part_of(&self, no: ArticleNo) -> Option<&Part> {
        self.parts()
            .filter(|part| {
                part.range
                    .is_some_and(|(first, last)| first <= no && no <= last)
            })
            .max_by_key(|part| part.level)
    }

    /// Makes the index and the anchors of parts anew; to be called when elements have changed.
    pub(crate) fn reindex(&mut self) {
        self.index = self
            .elements
            .iter()
            .enumerate()
            .filter_map(|(at, element)| match element {
                Element::Article(article) => {
                    Some((article.no, u32::try_from(at).unwrap_or(u32::MAX)))
                }
                Element::Part(_) | Element::Text(_) => None,
            })
            .collect();
        self.index.sort_unstable();
        self.index.dedup_by_key(|(no, _)| *no);
        body::set_anchors(&mut self.elements);
    }
}

impl Article {
    /// The paragraph (款) with a number.
    #[must_use]
    pub fn paragraph(&self, number: u32) -> Option<&Paragraph> {
        self.paragraphs
            .iter()
            .find(|paragraph| paragraph.number == number && number > 0)
    }

    /// The item (项) with a number: of the paragraph named, or of the first that has items.
    #[must_use]
    pub fn item(&self, paragraph: Option<u32>, number: u32) -> Option<&Item> {
        let within = match paragraph {
            Some(paragraph) => self.paragraph(paragraph),
            None => self
                .paragraphs
                .iter()
                .find(|paragraph| !paragraph.items.is_empty()),
        };
        within?.items.iter().find(|item| item.number == number)
    }

    /// The whole text, one line a paragraph and item, without the article's label.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for paragraph in &self.paragraphs {
            push_line(&mut out, "", &paragraph.text);
            for item in &paragraph.items {
                push_line(&mut out, &item.label, &item.text);
                for subitem in &item.subitems {
                    push_line(&mut out, &subitem.label, &subitem.text);
                }
            }
        }
        out
    }
}

fn push_line(out: &mut String, label: &str, text: &str) {
    if label.is_empty() && text.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(label);
    out.push_str(text);
}

#[cfg(test)]
mod tests;
