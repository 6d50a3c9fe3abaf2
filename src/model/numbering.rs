//! The numbers of a book's questions, which stay when questions are added: the file `books.lock`.
//!
//! A question keeps the number it was first printed with. One that is put in later between 第 37 问 and 第 38 问 becomes
//! 第 37 问之一, as statutes do it; one that goes leaves its number empty for good.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

use super::{Book, Site};
use crate::base::{ArticleNo, SourcePath, Span};
use crate::diag::{Diagnostic, Place};

/// Name of the file, beside `pufa.toml`.
pub const FILE: &str = "books.lock";

/// The numbers given so far: book → question → number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    books: BTreeMap<String, BTreeMap<String, ArticleNo>>,
}

#[derive(Deserialize)]
struct Raw(BTreeMap<String, BTreeMap<String, String>>);

impl Numbers {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, Diagnostic> {
        let broken = |detail: &str| {
            Diagnostic::in_file("books-lock-broken", &SourcePath::new(FILE)).with("detail", detail)
        };
        let Raw(raw) = toml::from_str(text).map_err(|error| {
            let mut problem = broken(error.message());
            let span = error.span().unwrap_or_default();
            let (file, span) = (SourcePath::new(FILE), Span::new(span.start, span.end));
            problem.place = Some(Place { file, span });
            problem
        })?;
        let mut books: BTreeMap<String, BTreeMap<String, ArticleNo>> = BTreeMap::new();
        for (book, questions) in raw {
            let mut used = BTreeSet::new();
            for (id, written) in questions {
                let number = parse(&written)
                    .filter(|number| used.insert(*number))
                    .ok_or_else(|| broken(&format!("{id} = \"{written}\"")))?;
                books.entry(book.clone()).or_default().insert(id, number);
            }
        }
        Ok(Self { books })
    }

    /// The file's text: questions in the order of their numbers.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::from(
            "# 问题的固定编号，由 pufa export numbers 写入；请随内容一起保存。\n\
             # Lasting numbers of questions, written by pufa export numbers; keep it with the content.\n",
        );
        for (book, questions) in &self.books {
            let _ = writeln!(out, "\n[{}]", toml_key(book));
            let mut sorted: Vec<_> = questions.iter().collect();
            sorted.sort_by_key(|(_, number)| **number);
            for (id, number) in sorted {
                let _ = writeln!(out, "{} = \"{}\"", toml_key(id), number);
            }
        }
        out
    }

    /// The numbers of a book's questions, given by their ids in the book's order. Questions the file does not know get the
    /// number they would be given now.
    #[must_use]
    pub fn of(&self, book: &str, ids: &[&str]) -> Vec<ArticleNo> {
        assign(ids, self.books.get(book))
    }

    /// The numbers with those of every question of the site that has none yet.
    #[must_use]
    pub fn complete(&self, site: &Site) -> Self {
        let mut books = self.books.clone();
        for book in &site.books {
            let own = books.entry(book.id.to_string()).or_default();
            for (id, number) in ids(site, book).into_iter().zip(&book.numbers) {
                own.insert(id.to_owned(), *number);
            }
        }
        Self { books }
    }

    /// What `check` says: questions without a lasting number, where the book has numbers at all.
    #[must_use]
    pub fn check(&self, site: &Site) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for book in &site.books {
            let Some(known) = self.books.get(&*book.id) else {
                continue;
            };
            let present = ids(site, book);
            for id in &book.questions {
                let page = site.page(*id);
                let Some(question) = site.question(page) else {
                    continue;
                };
                if !known.contains_key(&question.id) {
                    let file = &site.file(page.file).path;
                    found.push(
                        Diagnostic::at("question-unnumbered", file, question.span)
                            .with("id", &question.id),
                    );
                }
            }
            for (id, number) in known {
                if !present.contains(&id.as_str()) {
                    found.push(
                        Diagnostic::new("question-gone")
                            .with("id", id)
                            .with("book", &book.id)
                            .with("number", number),
                    );
                }
            }
        }
        found
    }
}

fn ids<'a>(site: &'a Site, book: &Book) -> Vec<&'a str> {
    let questions = book.questions.iter();
    questions
        .map(|id| {
            site.question(site.page(*id))
                .map_or("", |question| question.id.as_str())
        })
        .collect()
}

/// Known questions keep their number. Those behind the last known one are counted on, those between known ones get the number
/// of the question before them with 之一, 之二… behind it. Nothing stands before the first: it gets the next free number.
fn assign(ids: &[&str], known: Option<&BTreeMap<String, ArticleNo>>) -> Vec<ArticleNo> {
    let empty = BTreeMap::new();
    let known = known.unwrap_or(&empty);
    let mut used: BTreeSet<ArticleNo> = known.values().copied().collect();
    let last_known = ids.iter().rposition(|id| known.contains_key(*id));
    let mut before = 0;
    let mut numbers = Vec::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        let number = match known.get(*id) {
            Some(number) => *number,
            None if before > 0 && last_known.is_some_and(|last| place < last) => (1..)
                .map(|sub| ArticleNo::inserted(before, sub))
                .find(|number| !used.contains(number))
                .unwrap_or(ArticleNo::inserted(before, u32::MAX)),
            None => ArticleNo::new(used.iter().map(|number| number.main).max().unwrap_or(0) + 1),
        };
        used.insert(number);
        before = number.main;
        numbers.push(number);
    }
    numbers
}

fn parse(text: &str) -> Option<ArticleNo> {
    match text.split_once('-') {
        Some((main, sub)) => Some(ArticleNo::inserted(main.parse().ok()?, sub.parse().ok()?)),
        None => text.parse().ok().map(ArticleNo::new),
    }
}

fn toml_key(key: &str) -> String {
    let bare = !key.is_empty()
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare {
        key.to_owned()
    } else {
        toml::Value::String(key.to_owned()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(known: &[(&str, &str)], ids: &[&str], expected: &str) {
        let known: BTreeMap<String, ArticleNo> = known
            .iter()
            .map(|(id, number)| ((*id).to_owned(), parse(number).expect("a number")))
            .collect();
        let numbers: Vec<String> = assign(ids, Some(&known))
            .into_iter()
            .map(|number| number.to_string())
            .collect();
        assert_eq!(numbers.join(" "), expected);
    }

    #[test]
    fn a_new_book_is_counted_from_one() {
        check(&[], &["a", "b", "c"], "1 2 3");
    }

    #[test]
    fn inserted_questions_leave_the_others_alone() {
        let known = [("a", "1"), ("b", "2"), ("c", "3")];
        check(
            &known,
            &["a", "new", "newer", "b", "c", "d"],
            "1 1-1 1-2 2 3 4",
        );
        check(&known, &["new", "a", "b", "c"], "4 1 2 3");
    }

    #[test]
    fn a_number_that_was_given_is_not_given_again() {
        check(&[("a", "1"), ("gone", "2")], &["a", "b"], "1 3");
        check(
            &[("a", "1"), ("gone", "1-1"), ("b", "2")],
            &["a", "new", "b"],
            "1 1-2 2",
        );
    }

    #[test]
    fn what_was_inserted_first_keeps_the_lower_number() {
        let known = [("a", "1"), ("b", "2"), ("x", "2-1"), ("c", "3")];
        check(&known, &["a", "b", "y", "x", "z", "c"], "1 2 2-2 2-1 2-3 3");
    }

    #[test]
    fn questions_that_change_places_keep_their_numbers() {
        check(&[("a", "1"), ("b", "2")], &["b", "a"], "2 1");
    }

    #[test]
    fn the_file_is_read_as_it_was_written() {
        let text = "[book]\nsecond = \"2\"\nfirst = \"1\"\n\"第三\" = \"2-1\"\n";
        let numbers = Numbers::read(text).expect("valid");
        assert_eq!(Numbers::read(&numbers.write()), Ok(numbers.clone()));
        assert!(numbers.write().find("first") < numbers.write().find("second"));
    }

    #[test]
    fn one_number_for_two_questions_is_refused() {
        let error = Numbers::read("[book]\na = \"1\"\nb = \"1\"\n").expect_err("twice");
        assert_eq!(error.code, "books-lock-broken");
    }
}
