//! The library: statutes put together to laws with their versions, and the names by which people cite them.
//!
//! Pure: [`Library::new`] takes parsed statutes, in any order, and always gives the same library for the same statutes.

mod chapter;
mod names;
mod slug;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::base::{ArticleNo, Date, Url};
use crate::parse::statute::{
    Article, Dates, Element, LawKind, Part, PartLevel, Statute, StatuteFile, file_date,
};

use crate::render::compare::{Comparison, compare};

pub use chapter::LawChapter;
pub use names::{NameEnds, title_key};

/// A law of a [`Library`], by its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LawId(pub u32);

/// One text of a law.
#[derive(Clone, Debug)]
pub struct Version {
    /// The day the version is named by: from the file's name, else the last event of its header.
    pub date: Option<Date>,
    /// The first day it is in force, as far as known.
    pub from: Option<Date>,
    /// Its text.
    pub statute: Arc<Statute>,
    /// What changed up to a later version, once somebody asked.
    changes: OnceLock<(usize, Arc<Comparison>)>,
}

/// The end of a law that another took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeal {
    /// The first day it is no longer in force.
    pub date: Option<Date>,
    /// The full title of the law that took its place.
    pub successor: Option<String>,
    /// The book of that law: 婚姻家庭编.
    pub book: Option<String>,
}

/// A law with all its versions.
#[derive(Clone, Debug)]
pub struct Law {
    /// The full title.
    pub title: String,
    /// The name people know it by: the first short title its file gives, else the title without the state's name.
    pub short: String,
    /// Registered and well-known short titles, the best first.
    pub short_titles: Vec<String>,
    /// What kind of norm it is.
    pub kind: LawKind,
    /// The address the pages of laws lie below: `/laws/`.
    pub base: Arc<str>,
    /// The part of its address.
    pub slug: String,
    /// Its versions, the newest first. Empty for a law known by name only (a repealed one).
    pub versions: Vec<Version>,
    /// Set when the law is no longer in force.
    pub repeal: Option<Repeal>,
    /// The days known of a law whose text is not there.
    pub known: Dates,
    /// The chapters of a very long law's newest text, each of which has a page of its own; empty for other laws.
    pub chapters: Vec<LawChapter>,
    /// The statutes it was put together from, sorted by their files.
    made_of: Vec<Arc<Statute>>,
}

/// All laws a site knows.
#[derive(Debug, Default)]
pub struct Library {
    laws: Vec<Law>,
    names: Arc<Names>,
    /// The parts of addresses that authors chose, law by law.
    chosen: Vec<String>,
}

/// The names of a library's laws, and what is worked out from them when somebody asks.
#[derive(Debug, Default)]
struct Names {
    all: BTreeMap<String, LawId>,
    ends: OnceLock<NameEnds>,
    interpretations: OnceLock<Vec<(String, LawId)>>,
}

/// What the Civil Code repealed on 2021-01-01: the law's short title, the book that took its place, the days it was passed
/// and came into force. Source: Civil Code, Art. 1260, and the closing articles of those laws.
const REPEALED_BY_CIVIL_CODE: [(&str, &str, Date, Date); 9] = [
    (
        "婚姻法",
        "婚姻家庭编",
        Date::constant(1980, 9, 10),
        Date::constant(1981, 1, 1),
    ),
    (
        "继承法",
        "继承编",
        Date::constant(1985, 4, 10),
        Date::constant(1985, 10, 1),
    ),
    (
        "民法通则",
        "总则编",
        Date::constant(1986, 4, 12),
        Date::constant(1987, 1, 1),
    ),
    (
        "收养法",
        "婚姻家庭编",
        Date::constant(1991, 12, 29),
        Date::constant(1992, 4, 1),
    ),
    (
        "担保法",
        "物权编、合同编",
        Date::constant(1995, 6, 30),
        Date::constant(1995, 10, 1),
    ),
    (
        "合同法",
        "合同编",
        Date::constant(1999, 3, 15),
        Date::constant(1999, 10, 1),
    ),
    (
        "物权法",
        "物权编",
        Date::constant(2007, 3, 16),
        Date::constant(2007, 10, 1),
    ),
    (
        "侵权责任法",
        "侵权责任编",
        Date::constant(2009, 12, 26),
        Date::constant(2010, 7, 1),
    ),
    (
        "民法总则",
        "总则编",
        Date::constant(2017, 3, 15),
        Date::constant(2017, 10, 1),
    ),
];

/// The title of the Civil Code.
const CIVIL_CODE: &str = "中华人民共和国民法典";

impl Library {
    /// The library of some statutes.
    #[must_use]
    pub fn new(statutes: Vec<Statute>) -> Self {
        Self::shared(statutes.into_iter().map(Arc::new).collect(), "/laws/")
    }

    /// The library of statutes that others hold too, with the address its laws' pages lie below. Where a law's official text
    /// is there, gists of it are left out; the address an author chose for a gist stays the law's.
    #[must_use]
    pub fn shared(statutes: Vec<Arc<Statute>>, base: &str) -> Self {
        Self::renewed(statutes, base, &Self::default())
    }

    /// The same, with what an earlier library has worked out for statutes that are still the same.
    #[must_use]
    pub fn renewed(statutes: Vec<Arc<Statute>>, base: &str, before: &Self) -> Self {
        let mut by_title: BTreeMap<String, Vec<Arc<Statute>>> = BTreeMap::new();
        for statute in statutes {
            by_title
                .entry(title_key(&statute.title))
                .or_default()
                .push(statute);
        }
        let known = before.laws.iter().filter(|law| !law.made_of.is_empty());
        let known: BTreeMap<String, &Law> = known
            .map(|law| (title_key(&law.made_of[0].title), law))
            .collect();
        let laws = by_title
            .into_iter()
            .map(|(key, statutes)| law_of(statutes, known.get(&key).copied()));
        let mut laws: Vec<Law> = laws.collect();
        add_repealed(&mut laws);
        laws.sort_by(|a, b| a.title.cmp(&b.title));
        let named = laws
            .iter()
            .map(Law::named)
            .eq(before.laws.iter().map(Law::named));
        let chosen: Vec<String> = laws.iter().map(|law| law.slug.clone()).collect();
        if named && chosen == before.chosen {
            let known = laws.iter_mut().zip(&before.laws);
            known.for_each(|(law, known)| law.slug.clone_from(&known.slug));
        } else {
            slug::give(&mut laws);
        }
        laws.iter_mut().for_each(|law| law.base = base.into());
        let names = if named {
            before.names.clone()
        } else {
            Arc::new(Names {
                all: names::index(&laws),
                ..Names::default()
            })
        };
        Self {
            laws,
            names,
            chosen,
        }
    }

    /// The laws that are not the same as in an earlier library of the same laws under the same names and addresses; `None`
    /// when laws came or went or changed their names.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> Option<Vec<LawId>> {
        let places = |library: &Self| -> Vec<Url> { library.laws.iter().map(Law::url).collect() };
        if !Arc::ptr_eq(&self.names, &before.names) || places(self) != places(before) {
            return None;
        }
        let pairs = self.iter().zip(&before.laws);
        let changed = pairs
            .filter(|((_, now), then)| !now.is_made_of(&then.made_of) || now.repeal != then.repeal);
        Some(changed.map(|((id, _), _)| id).collect())
    }

    /// All laws, sorted by title. Their places are their [`LawId`]s.
    #[must_use]
    pub fn laws(&self) -> &[Law] {
        &self.laws
    }

    /// The law with an id of this library.
    #[must_use]
    pub fn law(&self, id: LawId) -> &Law {
        &self.laws[id.0 as usize]
    }

    /// Whether the text of any law is there.
    #[must_use]
    pub fn has_texts(&self) -> bool {
        self.laws.iter().any(|law| !law.versions.is_empty())
    }

    /// All ids with their laws.
    pub fn iter(&self) -> impl Iterator<Item = (LawId, &Law)> {
        self.laws
            .iter()
            .enumerate()
            .map(|(at, law)| (LawId(u32::try_from(at).unwrap_or(u32::MAX)), law))
    }

    /// The law a title or short title names: exact, then without 中华人民共和国, then by registered and well-known
    /// short titles. Marks, blanks and brackets don't matter, nor does a year behind it: 民事诉讼法（2021修正）.
    #[must_use]
    pub fn find(&self, title: &str) -> Option<LawId> {
        names::find(&self.names.all, title)
    }

    /// The judicial interpretation a loose title means: 《环境侵权责任纠纷解释》, where exactly one has its subject.
    #[must_use]
    pub fn find_interpretation(&self, title: &str) -> Option<LawId> {
        names::find_interpretation(
            self.names
                .interpretations
                .get_or_init(|| names::interpretations(self)),
            title,
        )
    }

    /// The longest name of a law that ends right at the end of `text`: its first byte and the law.
    ///
    /// Blanks and emphasis marks inside the name are passed over.
    #[must_use]
    pub fn name_before(&self, text: &str) -> Option<(usize, LawId)> {
        self.names
            .ends
            .get_or_init(|| NameEnds::new(&self.names.all))
            .longest(text)
    }

    /// The titles nearest to an unknown one, for hints.
    #[must_use]
    pub fn nearest(&self, title: &str) -> Option<&str> {
        let known = self
            .laws
            .iter()
            .flat_map(|law| law.short_titles.iter().chain(std::iter::once(&law.title)));
        crate::base::nearest(title, known.map(String::as_str))
    }
}

impl Law {
    /// What its names follow from.
    fn named(&self) -> (&str, &[String], LawKind, bool) {
        let known = self.versions.is_empty();
        (&self.title, &self.short_titles, self.kind, known)
    }

    /// Whether these are the statutes it was put together from.
    fn is_made_of(&self, statutes: &[Arc<Statute>]) -> bool {
        let pairs = self.made_of.iter().zip(statutes);
        self.made_of.len() == statutes.len() && pairs.into_iter().all(|(a, b)| Arc::ptr_eq(a, b))
    }

    /// The name people know it by.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.short
    }

    /// The newest version.
    #[must_use]
    pub fn newest(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// The place in [`Law::versions`] of the version in force on a day; without a day the newest. `None` when the law is
    /// younger. Where the law is older than its first text known (that text is an amended one), that text has to do.
    #[must_use]
    pub fn in_force(&self, day: Option<Date>) -> Option<usize> {
        let Some(day) = day else {
            return (!self.versions.is_empty()).then_some(0);
        };
        let known = self
            .versions
            .iter()
            .position(|version| version.from.is_none_or(|from| from <= day));
        known.or_else(|| {
            let dates = &self.versions.last()?.statute.dates;
            let older =
                !dates.amended.is_empty() && dates.passed.is_some_and(|passed| passed <= day);
            older.then(|| self.versions.len() - 1)
        })
    }

    /// The version named by a date (`2021-12-24`), or in force on it.
    #[must_use]
    pub fn version_named(&self, date: Date) -> Option<usize> {
        self.versions
            .iter()
            .position(|version| version.date == Some(date))
            .or_else(|| self.in_force(Some(date)))
    }

    /// What changed from one version to a later one. The comparison is made once for the later version asked for first.
    #[must_use]
    pub fn changes(&self, from: usize, to: usize) -> Arc<Comparison> {
        let make = || {
            Arc::new(compare(
                &self.versions[from].statute,
                &self.versions[to].statute,
            ))
        };
        let (known, comparison) = self.versions[from].changes.get_or_init(|| (to, make()));
        if *known == to {
            comparison.clone()
        } else {
            make()
        }
    }

    /// The address of the law's page.
    #[must_use]
    pub fn url(&self) -> Url {
        Url::new(&format!("{}{}/", self.base, self.slug))
    }

    /// The address of a version's page: the law's page for the newest, `/laws/minsusongfa/2021-12-24/` for older ones.
    #[must_use]
    pub fn version_url(&self, version: usize) -> Url {
        let date = self.versions.get(version).and_then(|version| version.date);
        match (version, date) {
            (0, _) => self.url(),
            (_, Some(date))
                if self
                    .versions
                    .iter()
                    .filter(|other| other.date == Some(date))
                    .count()
                    == 1 =>
            {
                Url::new(&format!("{}{}/{date}/", self.base, self.slug))
            }
            (number, _) => Url::new(&format!(
                "{}{}/v{}/",
                self.base,
                self.slug,
                self.versions.len() - number
            )),
        }
    }

    /// The address of a chapter's own page: `/laws/minfadian/ch-b5-c4/`.
    #[must_use]
    pub fn chapter_url(&self, chapter: usize) -> Url {
        let anchor = self.chapters.get(chapter).map(|chapter| &*chapter.anchor);
        match anchor {
            Some(anchor) => Url::new(&format!("{}{anchor}/", self.url())),
            None => self.url(),
        }
    }

    /// The address of an article, paragraph or item in a version: the narrowest anchor its page has.
    #[must_use]
    pub fn article_url(
        &self,
        version: usize,
        no: ArticleNo,
        paragraph: Option<u32>,
        item: Option<u32>,
    ) -> Url {
        let page = self.version_url(version);
        let Some(statute) = self.versions.get(version).map(|version| &version.statute) else {
            return page;
        };
        match statute.article(no) {
            Some(article) => page.with_fragment(&anchor(article, paragraph, item)),
            None => match statute.part_of(no) {
                Some(part) => page.with_fragment(&part.anchor),
                None => page,
            },
        }
    }
}

impl Version {
    /// Whether an article is in this text: found, or within the count a gist gives.
    #[must_use]
    pub fn has_article(&self, no: ArticleNo) -> bool {
        self.statute.article(no).is_some()
            || self.statute.gist && self.statute.last_article().is_none_or(|last| no <= last)
    }
}

/// The anchor of an article, or of its paragraph or item where the article has it: `art-24-p3-i3`, `art-40-i1`.
#[must_use]
pub fn anchor(article: &Article, paragraph: Option<u32>, item: Option<u32>) -> String {
    let own = article.no.anchor();
    let paragraph = paragraph.filter(|number| article.paragraph(*number).is_some());
    let item = item.filter(|number| article.item(paragraph, *number).is_some());
    match (paragraph, item) {
        (Some(paragraph), Some(item)) => format!("{own}-p{paragraph}-i{item}"),
        (Some(paragraph), None) => format!("{own}-p{paragraph}"),
        (None, Some(item)) => format!("{own}-i{item}"),
        (None, None) => own,
    }
}

/// The law of all statutes with one title: books of one date are put together, the versions sorted. `known`: the law as it
/// was before, which is used again when it was made of the same statutes.
fn law_of(mut statutes: Vec<Arc<Statute>>, known: Option<&Law>) -> Law {
    statutes.sort_by(|a, b| a.files[0].path.cmp(&b.files[0].path));
    let slug = statutes.iter().find_map(|statute| statute.slug.clone());
    let slug = slug.unwrap_or_default();
    if let Some(known) = known.filter(|law| law.is_made_of(&statutes)) {
        return Law {
            slug,
            ..known.clone()
        };
    }
    let made_of = statutes.clone();
    if statutes.iter().any(|statute| !statute.gist) {
        statutes.retain(|statute| !statute.gist);
    }
    let (books, whole): (Vec<Arc<Statute>>, Vec<Arc<Statute>>) = statutes
        .into_iter()
        .partition(|statute| statute.part.is_some());
    let mut versions: Vec<Version> = whole.into_iter().map(version_of).collect();
    let books = books.iter().map(|book| Statute::clone(book)).collect();
    versions.extend(put_together(books).map(Arc::new).map(version_of));
    versions.sort_by(|a, b| {
        (b.from, b.date)
            .cmp(&(a.from, a.date))
            .then_with(|| b.statute.files[0].path.cmp(&a.statute.files[0].path))
    });
    let newest = &versions[0].statute;
    let ended = newest
        .status
        .as_deref()
        .is_some_and(|status| status.contains("废止") || status.contains("失效"));
    let repeal =
        (ended || newest.repealed.is_some() || newest.successor.is_some()).then(|| Repeal {
            date: newest.repealed,
            successor: newest.successor.clone(),
            book: None,
        });
    let mut short_titles: Vec<String> = Vec::new();
    for version in &versions {
        for title in &version.statute.short_titles {
            if !short_titles.contains(title) {
                short_titles.push(title.clone());
            }
        }
    }
    let title = newest.title.clone();
    let short = short_titles
        .first()
        .cloned()
        .unwrap_or_else(|| names::without_state(&title).to_owned());
    names::add_short_titles(&title, &mut short_titles);
    Law {
        kind: newest.kind,
        title,
        short,
        short_titles,
        base: Arc::default(),
        slug,
        chapters: chapter::chapters(&versions[0].statute),
        known: Dates::default(),
        made_of,
        versions,
        repeal,
    }
}

fn version_of(statute: Arc<Statute>) -> Version {
    let dates = &statute.dates;
    let events = [
        dates.effective,
        dates.published,
        dates.passed,
        dates.amended.last().copied(),
    ];
    let by_header = dates
        .amended
        .last()
        .copied()
        .or(dates.passed)
        .or(dates.published)
        .or(dates.effective);
    let date = statute
        .files
        .iter()
        .find_map(|file| file_date(&file.path))
        .or(by_header);
    let from = dates.effective.max(if dates.effective.is_none() {
        date
    } else {
        None
    });
    let from = from.or_else(|| events.into_iter().flatten().max());
    Version {
        date,
        from,
        statute,
        changes: OnceLock::new(),
    }
}

/// One statute of the books of a code, in the order of their articles.
fn put_together(mut books: Vec<Statute>) -> Option<Statute> {
    let first = |statute: &Statute| statute.articles().next().map(|article| article.no);
    books.sort_by_key(|statute| first(statute).unwrap_or(ArticleNo::new(u32::MAX)));
    let mut books = books.into_iter();
    let mut whole = books.next()?;
    let mut number = 0;
    let own = std::mem::take(&mut whole.elements);
    let name = whole.part.take().unwrap_or_default();
    push_book(&mut whole, &name, own, &mut number);
    for book in books {
        let at = u32::try_from(whole.elements.len()).unwrap_or(u32::MAX);
        whole.files.extend(
            book.files
                .into_iter()
                .map(|file| StatuteFile { first: at, ..file }),
        );
        whole.dates.effective = whole.dates.effective.or(book.dates.effective);
        push_book(
            &mut whole,
            &book.part.unwrap_or_default(),
            book.elements,
            &mut number,
        );
    }
    whole.reindex();
    Some(whole)
}

/// A heading for the book and its elements; the books are counted, save the closing 附则.
fn push_book(whole: &mut Statute, name: &str, elements: Vec<Element>, number: &mut u32) {
    let closing = name == "附则";
    if !closing {
        *number += 1;
    }
    let given = (!closing).then_some(*number);
    let title = name
        .strip_suffix('编')
        .filter(|title| !title.is_empty())
        .unwrap_or(name);
    let label = given.map(|number| format!("第{}编 ", crate::base::numeral::to_chinese(number)));
    let span = elements
        .first()
        .map_or_else(Default::default, |first| match first {
            Element::Part(part) => part.span,
            Element::Article(article) => article.span,
            Element::Text(text) => text.span,
        });
    whole.elements.push(Element::Part(Part {
        level: PartLevel::Book,
        number: given,
        title: title.into(),
        raw: format!("{}{title}", label.unwrap_or_default()).into(),
        marks: 2,
        range: None,
        anchor: "".into(),
        span: crate::base::Span::new(span.start as usize, span.start as usize),
    }));
    // An empty heading stands where a book has no chapters.
    whole
        .elements
        .extend(elements.into_iter().filter(|element| match element {
            Element::Part(part) => !part.raw.is_empty(),
            Element::Article(_) | Element::Text(_) => true,
        }));
}

/// Marks the laws the Civil Code repealed, or adds them by name.
fn add_repealed(laws: &mut Vec<Law>) {
    for (short, book, passed, effective) in REPEALED_BY_CIVIL_CODE {
        let title = format!("{}{short}", names::STATE);
        let repeal = Repeal {
            date: Some(Date::constant(2021, 1, 1)),
            successor: Some(CIVIL_CODE.to_owned()),
            book: Some(book.to_owned()),
        };
        match laws.iter_mut().find(|law| law.title == title) {
            Some(law) => law.repeal = Some(repeal),
            None => laws.push(Law {
                title,
                short: short.to_owned(),
                short_titles: vec![short.to_owned()],
                kind: LawKind::Law,
                base: Arc::default(),
                slug: String::new(),
                versions: Vec::new(),
                repeal: Some(repeal),
                known: Dates {
                    passed: Some(passed),
                    effective: Some(effective),
                    ..Dates::default()
                },
                chapters: Vec::new(),
                made_of: Vec::new(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
