//! Parsed files → [`Site`]: pages, sections, taxonomies, books and addresses. What the authors said, whole-site.
//!
//! Nothing here looks into a link or a citation: `resolve` does, in tables of its own.

mod assemble;
pub mod law;
pub mod numbering;
mod order;
mod readings;
mod renew;
pub mod taxonomy;
pub mod vocabulary;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

pub use assemble::{Input, assemble};
pub use order::pinyin_key;
pub use renew::renewed;
pub use taxonomy::{Taxonomy, Term};

use law::{LawId, Library};
use numbering::Numbers;

use crate::base::{ArticleNo, Date, Moment, SourcePath, Url};
use crate::config::{BookForm, Config};
use crate::diag::Diagnostic;
use crate::load::Asset;
use crate::parse::front::{Front, Kind, SortBy};
use crate::parse::page::Parsed;
use crate::parse::question::Question;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The place in its list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of a place in its list.
            #[must_use]
            pub fn of(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    };
}

id_type!(
    /// A page in [`Site::pages`].
    PageId
);
id_type!(
    /// A section in [`Site::sections`].
    SectionId
);
id_type!(
    /// A content file in [`Site::files`].
    FileId
);
id_type!(
    /// A book in [`Site::books`].
    BookId
);

/// The whole site as its authors wrote it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The configuration.
    pub config: Arc<Config>,
    /// The day the site is built for.
    pub today: Date,
    /// The content files, sorted by path.
    pub files: Vec<Arc<Parsed>>,
    /// The pages, sorted by file and place in the file.
    pub pages: Vec<Page>,
    /// The sections, sorted by folder.
    pub sections: Vec<Section>,
    /// The books.
    pub books: Vec<Book>,
    /// The lasting numbers of questions, as `books.lock` has them.
    pub numbers: Numbers,
    /// The taxonomies.
    pub taxonomies: Arc<Vec<Taxonomy>>,
    /// Pages whose front matter makes them a banner.
    pub banners: Vec<PageId>,
    /// Files beside the content, copied to the address of their folder.
    pub assets: Arc<Vec<(SourcePath, Url, Arc<Asset>)>>,
    /// Files of `static/`, by their address without the leading slash.
    pub statics: Arc<BTreeMap<String, Arc<Asset>>>,
    /// The laws the site knows.
    pub library: Arc<Library>,
    /// Where everything is.
    pub routes: Arc<Routes>,
}

/// What answers an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A page.
    Page(PageId),
    /// A sheet of a section's list; the first has number 1.
    Section(SectionId, u32),
    /// The list of a taxonomy's terms.
    Taxonomy(u32),
    /// A sheet of a term's list.
    Term(u32, u32, u32),
    /// A book on one page, for printing.
    BookPrint(BookId),
    /// A file beside the content: index in [`Site::assets`].
    Asset(u32),
    /// A version of a law: the law and its place among the versions, the newest 0.
    Law(LawId, u32),
    /// A chapter of a very long law's newest text: index in [`law::Law::chapters`].
    LawChapter(LawId, u32),
    /// The comparison of a version of a law with the next newer one.
    Comparison(LawId, u32),
    /// A page made by pufa.
    House(House),
    /// An old address; index in [`Routes::aliases`].
    Alias(u32),
    /// Something shown to readers of a language it is not written in, or pufa's search page in that language; index in [`Routes::fallbacks`].
    Fallback(u32),
}

/// Pages pufa makes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum House {
    /// The page for addresses nothing answers.
    NotFound,
    /// The list of all pages, for people.
    SiteMap,
    /// The accessibility statement.
    Accessibility,
    /// The search page.
    Search,
    /// The glossary.
    Glossary,
}

impl House {
    /// All of them with their addresses and the template that shows them.
    pub const ALL: [(House, &'static str, &'static str); 5] = [
        (House::NotFound, "/404.html", "404.html"),
        (House::SiteMap, "/sitemap/", "sitemap-page.html"),
        (
            House::Accessibility,
            "/accessibility/",
            "accessibility.html",
        ),
        (House::Search, "/search/", "search.html"),
        (House::Glossary, "/glossary/", "glossary.html"),
    ];

    /// Its address.
    #[must_use]
    pub fn url(self) -> Url {
        Url::new(
            Self::ALL
                .iter()
                .find(|(house, ..)| *house == self)
                .map_or("/", |(_, url, _)| url),
        )
    }
}

/// Where everything is.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// Addresses (without fragment) to what answers them.
    pub by_url: HashMap<String, Target>,
    /// Content files to what they became; a chapter's file is its page, an `_index.md` its section.
    pub by_source: HashMap<SourcePath, Target>,
    /// Old addresses and where they lead.
    pub aliases: Vec<(Url, Url)>,
    /// What is shown to readers of other languages for want of a translation, and the search page in those languages.
    pub fallbacks: Vec<Fallback>,
    /// A number that is the same when everything is at the same address as before.
    pub fingerprint: u64,
}

/// A page or section in the site's own language, shown among the pages of a language there is no translation in; or a page of
/// pufa's own in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// What is shown.
    pub target: Target,
    /// The language it is shown to readers of.
    pub language: Arc<str>,
    /// Its address there: the own one below the language's.
    pub url: Url,
}

impl Routes {
    /// What a target shows: of a fallback the page it stands in for, else the target itself.
    #[must_use]
    pub fn shown(&self, target: Target) -> Target {
        match target {
            Target::Fallback(index) => self.fallbacks[index as usize].target,
            other => other,
        }
    }

    /// Where readers of a language search.
    #[must_use]
    pub fn search_in(&self, code: &str) -> Url {
        let url = House::Search.url();
        self.in_language(&url, code).unwrap_or(url)
    }

    /// The address of what is at `url` among the pages of a language: its translation's there, or its fallback's.
    #[must_use]
    pub fn in_language(&self, url: &Url, code: &str) -> Option<Url> {
        let inner = Url::new(&format!("/{code}{url}"));
        self.by_url.contains_key(inner.path()).then_some(inner)
    }
}

/// What a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A file of its own.
    File,
    /// A chapter of a book, or a file of questions in a chapter that is a folder: book and place among the chapters.
    Chapter(BookId, u32),
    /// A question of a book: book and place among the questions (from 0), and place among the file's questions.
    Question(BookId, u32, u32),
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The file it is written in.
    pub file: FileId,
    /// What it is.
    pub role: Role,
    /// Its kind.
    pub kind: Kind,
    /// Its address.
    pub url: Url,
    /// Its title.
    pub title: Arc<str>,
    /// Its language.
    pub language: Arc<str>,
    /// The section it lies in.
    pub section: SectionId,
    /// The front matter it goes by: the file's, for a question with the question's own values laid over it.
    pub front: Arc<Front>,
    /// Day of publication: written, or in the file's name.
    pub date: Option<Moment>,
    /// The blocks of the file's document it shows.
    pub blocks: Range<usize>,
    /// Whether its day to leave the lists is past.
    pub expired: bool,
    /// Whether it is shown only because drafts are asked for.
    pub draft: bool,
    /// Its place in its section's list.
    pub position: u32,
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its folder: `content/qa`.
    pub folder: String,
    /// Its `_index.md`; `None` for the root without one.
    pub file: Option<FileId>,
    /// What its files are.
    pub kind: Kind,
    /// Its address.
    pub url: Url,
    /// Its title.
    pub title: Arc<str>,
    /// Its language.
    pub language: Arc<str>,
    /// The section above.
    pub parent: Option<SectionId>,
    /// The sections directly below, in order.
    pub subsections: Vec<SectionId>,
    /// Its pages in order; those of transparent sections below among them.
    pub pages: Vec<PageId>,
    /// How many pages a sheet of its list has; 0 for all.
    pub paginate_by: usize,
    /// The word before the number of a sheet.
    pub paginate_path: Arc<str>,
}

/// A book.
#[derive(Clone, Debug)]
pub struct Book {
    /// Its section.
    pub section: SectionId,
    /// Its lasting name.
    pub id: Arc<str>,
    /// Its chapters in order; behind those of its [contents](Book::contents) the expired ones, whose pages are still there.
    pub chapters: Vec<Chapter>,
    /// Its questions in order; behind the [listed](Book::listed) ones the expired ones.
    pub questions: Vec<PageId>,
    /// The lasting number of each question.
    pub numbers: Vec<ArticleNo>,
    /// How many chapters and questions are expired.
    pub expired: (usize, usize),
}

impl Book {
    /// The chapters a reader is shown, in order.
    #[must_use]
    pub fn contents(&self) -> &[Chapter] {
        &self.chapters[..self.chapters.len() - self.expired.0]
    }

    /// The questions a reader is shown, in order.
    #[must_use]
    pub fn listed(&self) -> &[PageId] {
        &self.questions[..self.questions.len() - self.expired.1]
    }
}

/// A chapter of a book: a file of questions, or a folder of them.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// Its title.
    pub title: Arc<str>,
    /// What shows it.
    pub target: Target,
    /// Its questions: range of [`Book::questions`].
    pub questions: Range<usize>,
}

impl Site {
    /// A page.
    #[must_use]
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.index()]
    }

    /// A section.
    #[must_use]
    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.index()]
    }

    /// A content file.
    #[must_use]
    pub fn file(&self, id: FileId) -> &Parsed {
        &self.files[id.index()]
    }

    /// The place of the content file of a path.
    #[must_use]
    pub fn file_id(&self, path: &SourcePath) -> Option<FileId> {
        let found = self.files.binary_search_by(|file| file.path.cmp(path));
        found.ok().map(FileId::of)
    }

    /// A page's place in [`Site::pages`].
    pub fn page_ids(&self) -> impl Iterator<Item = (PageId, &Page)> {
        self.pages
            .iter()
            .enumerate()
            .map(|(index, page)| (PageId::of(index), page))
    }

    /// The question a page is.
    #[must_use]
    pub fn question(&self, page: &Page) -> Option<&Question> {
        match page.role {
            Role::Question(_, _, index) => self.file(page.file).questions.get(index as usize),
            Role::File | Role::Chapter(..) => None,
        }
    }

    /// The chapter a section is, when it is the folder of one.
    #[must_use]
    pub fn chapter_of(&self, id: SectionId) -> Option<(BookId, usize)> {
        let section = self.section(id);
        if section.kind != Kind::Book {
            return None;
        }
        self.books.iter().enumerate().find_map(|(index, book)| {
            let own = |chapter: &Chapter| chapter.target == Target::Section(id, 1);
            Some((BookId::of(index), book.chapters.iter().position(own)?))
        })
    }

    /// The questions a chapter's page shows: of a file those in it, which may be a part of the chapter.
    #[must_use]
    pub fn chapter_questions(&self, page: &Page) -> Vec<PageId> {
        let Role::Chapter(book, place) = page.role else {
            return Vec::new();
        };
        let book = &self.books[book.index()];
        let Some(chapter) = book.chapters.get(place as usize) else {
            return Vec::new();
        };
        let questions = book.questions[chapter.questions.clone()].iter().copied();
        questions
            .filter(|id| self.page(*id).file == page.file)
            .collect()
    }

    /// The section of the same folder in another language.
    #[must_use]
    pub fn section_in(&self, section: &Section, code: &str) -> Option<&Section> {
        let mut all = self.sections.iter();
        all.find(|other| other.folder == section.folder && *other.language == *code)
    }

    /// The address of a book in a form to take home: `/books/minfadian/minfadian.epub`.
    #[must_use]
    pub fn download_url(&self, id: BookId, form: BookForm) -> Url {
        let book = &self.books[id.index()];
        let name = format!("{}.{}", book.id, form.name());
        Url::new(&format!("{}{name}", self.section(book.section).url.path()))
    }

    /// The address of a question's card: `/books/minfadian/iou/card.png`.
    #[must_use]
    pub fn card_url(&self, page: PageId) -> Url {
        Url::new(&format!("{}card.png", self.page(page).url.path()))
    }

    /// The lasting number of a question.
    #[must_use]
    pub fn question_number(&self, page: &Page) -> Option<ArticleNo> {
        match page.role {
            Role::Question(book, place, _) => {
                let numbers = &self.books[book.index()].numbers;
                numbers.get(place as usize).copied()
            }
            Role::File | Role::Chapter(..) => None,
        }
    }

    /// How a section's pages are ordered.
    #[must_use]
    pub fn sort_by(&self, id: SectionId) -> SortBy {
        let section = self.section(id);
        section
            .file
            .and_then(|file| self.file(file).front.section.as_deref()?.sort_by)
            .unwrap_or_else(|| order::default_sort(section.kind))
    }

    /// The taxonomy of a name on pages of a language, with its place: the language's own, else the common one.
    #[must_use]
    pub fn taxonomy(&self, name: &str, language: &str) -> Option<(usize, &Taxonomy)> {
        let of = |wanted: Option<&str>| {
            self.taxonomies.iter().enumerate().find(|(_, taxonomy)| {
                taxonomy.config.name == name && taxonomy.config.language.as_deref() == wanted
            })
        };
        of(Some(language)).or_else(|| of(None))
    }

    /// The address of a target.
    #[must_use]
    pub fn url(&self, target: Target) -> Url {
        match target {
            Target::Page(id) => self.page(id).url.clone(),
            Target::Section(id, sheet) => {
                let section = self.section(id);
                sheet_url(&section.url, &section.paginate_path, sheet)
            }
            Target::Taxonomy(index) => self.taxonomies[index as usize].url.clone(),
            Target::Term(taxonomy, term, sheet) => {
                let taxonomy = &self.taxonomies[taxonomy as usize];
                sheet_url(
                    &taxonomy.terms[term as usize].url,
                    &taxonomy.config.paginate_path,
                    sheet,
                )
            }
            Target::BookPrint(id) => Url::new(&format!(
                "{}print/",
                self.section(self.books[id.index()].section).url
            )),
            Target::Asset(index) => self.assets[index as usize].1.clone(),
            Target::Law(law, version) => self.library.law(law).version_url(version as usize),
            Target::LawChapter(law, chapter) => self.library.law(law).chapter_url(chapter as usize),
            Target::Comparison(law, version) => {
                let older = self.library.law(law).version_url(version as usize);
                Url::new(&format!("{older}changes/"))
            }
            Target::House(house) => house.url(),
            Target::Alias(index) => self.routes.aliases[index as usize].0.clone(),
            Target::Fallback(index) => self.routes.fallbacks[index as usize].url.clone(),
        }
    }

    /// How many sheets a list of `count` pages has.
    #[must_use]
    pub fn sheets(count: usize, by: usize) -> u32 {
        let sheets = if by == 0 {
            1
        } else {
            count.div_ceil(by).max(1)
        };
        u32::try_from(sheets).unwrap_or(u32::MAX)
    }

    /// The section of the language's front page.
    #[must_use]
    pub fn root(&self, language: &str) -> SectionId {
        let found = self
            .sections
            .iter()
            .position(|section| section.parent.is_none() && *section.language == *language);
        SectionId::of(found.unwrap_or(0))
    }

    /// The date whose law a page states, as its citations are judged by: `law_date`, `reviewed`, `updated`, `date`, today.
    #[must_use]
    pub fn law_date(&self, page: &Page) -> Date {
        page.front
            .law_date
            .or(page.front.reviewed)
            .or(page.front.updated.map(|moment| moment.date()))
            .or(page.date.map(|moment| moment.date()))
            .unwrap_or(self.today)
    }
}

/// The address of a sheet: the list's own for the first, `page/2/` below it for the second.
#[must_use]
pub fn sheet_url(base: &Url, word: &str, sheet: u32) -> Url {
    if sheet <= 1 {
        base.clone()
    } else {
        Url::new(&format!("{base}{word}/{sheet}/"))
    }
}

/// The result of [`assemble`].
#[derive(Clone, Debug)]
pub struct Assembled {
    /// The site.
    pub site: Site,
    /// Problems of the whole: addresses given twice, unknown terms, empty vocabularies.
    pub diagnostics: Vec<Diagnostic>,
}
