//! Front matter: where it is in a file, and what it says of the page.

use super::fields::Fields;
use super::syntax::Syntax;
use crate::base::value::Table;
use crate::base::{Date, Moment, SourcePath, Span};
use crate::diag::Diagnostic;

/// What the files of a section are; inherited by what lies below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    /// Articles, newest first.
    Articles,
    /// Cases.
    Cases,
    /// A book of questions and answers.
    Book,
    /// A course of episodes.
    Course,
    /// Statutes.
    Laws,
    /// Service points.
    Directory,
    /// Events.
    Events,
    /// Plain pages.
    #[default]
    Page,
}

impl Kind {
    /// Every kind with the name front matter has for it.
    pub const NAMES: [(&'static str, Kind); 8] = [
        ("articles", Kind::Articles),
        ("cases", Kind::Cases),
        ("book", Kind::Book),
        ("course", Kind::Course),
        ("laws", Kind::Laws),
        ("directory", Kind::Directory),
        ("events", Kind::Events),
        ("page", Kind::Page),
    ];

    /// The name front matter has for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("page", |(name, _)| name)
    }
}

/// How the pages of a section are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// Newest first.
    Date,
    /// Last changed first.
    UpdateDate,
    /// By title, Chinese by pinyin.
    Title,
    /// By the bytes of the title.
    TitleBytes,
    /// Lightest first.
    Weight,
    /// By slug.
    Slug,
    /// By path.
    None,
}

/// A text with its place.
pub type Spanned = (String, Span);

/// What the front matter of a page or section says, whatever its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front {
    /// Title.
    pub title: Option<String>,
    /// A sentence for lists and search results.
    pub description: Option<String>,
    /// Day or moment of publication.
    pub date: Option<Moment>,
    /// Day of the last change.
    pub updated: Option<Moment>,
    /// Order among its siblings, light first.
    pub weight: Option<i64>,
    /// Not to be published yet.
    pub draft: bool,
    /// Whether it gets a page of its own.
    pub render: bool,
    /// Its part of the address.
    pub slug: Option<String>,
    /// Its whole address.
    pub path: Option<String>,
    /// Old addresses that lead to it.
    pub aliases: Vec<Spanned>,
    /// Authors.
    pub authors: Vec<String>,
    /// Template to show it with.
    pub template: Option<String>,
    /// Terms by taxonomy, in the order written.
    pub taxonomies: Vec<(String, Vec<Spanned>)>,
    /// Whether the search finds it.
    pub in_search_index: bool,
    /// Not before this moment.
    pub publish_on: Option<Moment>,
    /// Out of the lists from this day on.
    pub expires_on: Option<Date>,
    /// When it was last compared with the law.
    pub reviewed: Option<Date>,
    /// By whom.
    pub reviewed_by: Option<String>,
    /// When it has to be looked at again.
    pub review_by: Option<Date>,
    /// The day whose law it states.
    pub law_date: Option<Date>,
    /// Codes of checks that do not apply to this page.
    pub ignore: Vec<Spanned>,
    /// Everyday ways of asking what the page answers: it is found by them as by its title.
    pub also_asked: Vec<String>,
    /// Whatever else the author wants templates to know.
    pub extra: Table,
    /// What only sections say.
    pub section: Option<Box<SectionFront>>,
}

/// What the front matter of a section says besides.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectionFront {
    /// What its files are.
    pub kind: Option<Kind>,
    /// Defaults for the front matter of what lies below.
    pub cascade: Table,
    /// Order of its pages.
    pub sort_by: Option<SortBy>,
    /// Pages on one sheet of the list; 0 for all.
    pub paginate_by: Option<usize>,
    /// The word before the number of a sheet.
    pub paginate_path: Option<String>,
    /// Whether sheets begin with the last page.
    pub paginate_reversed: bool,
    /// Template for the pages below.
    pub page_template: Option<String>,
    /// Address the section's own address leads to.
    pub redirect_to: Option<String>,
    /// Whether its pages count as its parent's.
    pub transparent: bool,
    /// Whether it has a feed.
    pub generate_feeds: Option<bool>,
}

/// A file cut in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<'t> {
    /// The language of the front matter and its text with the offset in the file.
    pub front: Option<(Syntax, &'t str, usize)>,
    /// The text behind it.
    pub body: &'t str,
    /// Where the body begins.
    pub body_start: usize,
}

/// Cuts a file in front matter and body. `Err` holds the opening line's span when nothing closes it.
pub fn split(text: &str) -> Result<Split<'_>, Span> {
    for (fence, syntax) in [("+++", Syntax::Toml), ("---", Syntax::Yaml)] {
        let Some(rest) = text.strip_prefix(fence) else {
            continue;
        };
        let Some(line_end) = rest.find('\n') else {
            continue;
        };
        if !rest[..line_end].trim().is_empty() {
            continue;
        }
        let front_start = fence.len() + line_end + 1;
        let mut at = front_start;
        for line in text[front_start..].split_inclusive('\n') {
            if line.trim_end() == fence {
                let body_start = at + line.len();
                return Ok(Split {
                    front: Some((syntax, &text[front_start..at], front_start)),
                    body: &text[body_start..],
                    body_start,
                });
            }
            at += line.len();
        }
        // A lone `---` at the top of a text without front matter is a rule.
        if syntax == Syntax::Toml
            || text[front_start..]
                .lines()
                .next()
                .is_some_and(|line| line.contains(": "))
        {
            return Err(Span::new(0, fence.len()));
        }
    }
    Ok(Split {
        front: None,
        body: text,
        body_start: 0,
    })
}

/// Reads the keys every page has. The caller goes on with the keys of the page's kind and calls [`Fields::finish`].
pub fn read(fields: &mut Fields<'_>) -> Front {
    let mut front = Front {
        title: fields.string("title"),
        description: fields.string("description"),
        date: fields.moment("date"),
        updated: fields.moment("updated"),
        weight: fields.integer("weight"),
        draft: fields.bool("draft").unwrap_or(false),
        render: fields.bool("render").unwrap_or(true),
        slug: fields.string("slug").filter(|slug| !slug.is_empty()),
        path: fields.string("path").filter(|path| !path.is_empty()),
        aliases: fields.spanned_strings("aliases"),
        authors: fields.strings("authors"),
        template: fields.string("template"),
        taxonomies: taxonomies(fields),
        in_search_index: fields.bool("in_search_index").unwrap_or(true),
        publish_on: fields.moment("publish_on"),
        expires_on: fields.date("expires_on"),
        reviewed: fields.date("reviewed"),
        reviewed_by: fields.string("reviewed_by"),
        review_by: fields.date("review_by"),
        law_date: fields.date("law_date"),
        ignore: fields.spanned_strings("ignore"),
        also_asked: fields.strings("also_asked"),
        extra: fields.table("extra").cloned().unwrap_or_default(),
        section: None,
    };
    if fields.bool("search") == Some(false) {
        front.in_search_index = false;
    }
    front
}

/// `[taxonomies]`, and the two taxonomies every pufa site has as keys of their own.
fn taxonomies(fields: &mut Fields<'_>) -> Vec<(String, Vec<Spanned>)> {
    let mut found: Vec<(String, Vec<Spanned>)> = Vec::new();
    if let Some(table) = fields.table("taxonomies") {
        let file = fields.file();
        for entry in &table.entries {
            let mut ignored = Vec::new();
            let one = Table {
                entries: vec![crate::base::value::Entry {
                    key: "terms".into(),
                    ..entry.clone()
                }],
            };
            let terms = Fields::new(&one, file, &mut ignored).spanned_strings("terms");
            ignored
                .into_iter()
                .for_each(|diagnostic| fields.report(diagnostic));
            found.push((entry.key.clone(), terms));
        }
    }
    for name in ["topics", "audiences", "tags", "categories"] {
        let terms = fields.spanned_strings(name);
        if !terms.is_empty() {
            match found.iter_mut().find(|(other, _)| other == name) {
                Some((_, all)) => all.extend(terms),
                None => found.push((name.to_owned(), terms)),
            }
        }
    }
    found
}

/// Reads the keys only sections have.
pub fn read_section(fields: &mut Fields<'_>) -> SectionFront {
    const SORTS: [(&str, SortBy); 7] = [
        ("date", SortBy::Date),
        ("update_date", SortBy::UpdateDate),
        ("title", SortBy::Title),
        ("title_bytes", SortBy::TitleBytes),
        ("weight", SortBy::Weight),
        ("slug", SortBy::Slug),
        ("none", SortBy::None),
    ];
    fields.allow(&["insert_anchor_links"]);
    SectionFront {
        kind: fields.choice("kind", &Kind::NAMES),
        cascade: fields.table("cascade").cloned().unwrap_or_default(),
        sort_by: fields.choice("sort_by", &SORTS),
        paginate_by: fields.count("paginate_by"),
        paginate_path: fields.string("paginate_path"),
        paginate_reversed: fields.bool("paginate_reversed").unwrap_or(false),
        page_template: fields.string("page_template"),
        redirect_to: fields
            .string("redirect_to")
            .filter(|target| !target.is_empty()),
        transparent: fields.bool("transparent").unwrap_or(false),
        generate_feeds: fields.bool("generate_feeds"),
    }
}

/// Full-width or otherwise mistaken front matter fences, named so that the editor can mend them.
#[must_use]
pub fn suspicious_start(text: &str, file: &SourcePath) -> Option<Diagnostic> {
    let line = text.lines().next()?.trim();
    let wide = ["＋＋＋", "－－－", "———", "++", "++++"];
    wide.contains(&line).then(|| {
        Diagnostic::at("front-matter-fence", file, Span::new(0, line.len())).with("found", line)
    })
}
