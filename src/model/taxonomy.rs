//! Taxonomies: terms and the pages that have them.

use std::collections::HashMap;
use std::sync::Arc;

use super::order::pinyin_key;
use super::vocabulary::VocabularyTerm;
use super::{Page, PageId};
use crate::base::{SourcePath, Span, Url, nearest};
use crate::config::TaxonomyConfig;
use crate::diag::Diagnostic;
use crate::parse::markdown::Slugify;

/// A taxonomy with its terms.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// How it is configured.
    pub config: TaxonomyConfig,
    /// Address of the list of its terms.
    pub url: Url,
    /// The terms, in the order of the vocabulary, else by pinyin.
    pub terms: Vec<Term>,
    /// Names (and other names) to terms.
    by_name: HashMap<String, u32>,
}

/// A term.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its name.
    pub name: Arc<str>,
    /// A sentence about it.
    pub description: Arc<str>,
    /// Address of its page.
    pub url: Url,
    /// Its pages, newest first.
    pub pages: Vec<PageId>,
}

impl Taxonomy {
    /// The place of a term by its name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }
}

/// Where terms are used.
pub(super) struct Use<'a> {
    pub page: PageId,
    pub file: &'a SourcePath,
    pub name: &'a str,
    pub span: Span,
}

/// Makes a taxonomy of the terms used; with a vocabulary, terms it does not hold are errors. `base` is the address its own
/// begins with.
pub(super) fn build(
    config: &TaxonomyConfig,
    base: &Url,
    vocabulary: Option<Vec<VocabularyTerm>>,
    uses: &[Use<'_>],
    slugify: Slugify,
    diagnostics: &mut Vec<Diagnostic>,
) -> Taxonomy {
    let url = Url::new(&format!("{base}{}/", slugify.slug(&config.name)));
    let mut taxonomy = Taxonomy {
        config: config.clone(),
        url,
        terms: Vec::new(),
        by_name: HashMap::new(),
    };
    let mut slugs: HashMap<String, u32> = HashMap::new();
    let closed = vocabulary.is_some();
    match vocabulary {
        Some(terms) => {
            for term in terms {
                taxonomy.add(&term.name, &term.description, &term.id, &mut slugs);
                let index = u32::try_from(taxonomy.terms.len() - 1).unwrap_or(u32::MAX);
                term.also.into_iter().for_each(|name| {
                    taxonomy.by_name.insert(name, index);
                });
            }
        }
        None => {
            let mut names: Vec<&str> = uses.iter().map(|used| used.name).collect();
            names.sort_unstable();
            names.dedup();
            names.sort_by_cached_key(|name| pinyin_key(name));
            let mut lower: HashMap<String, u32> = HashMap::new();
            for name in names {
                // "Rust" and "rust" are one term, by the name that comes first.
                match lower.get(&name.to_lowercase()) {
                    Some(same) => {
                        taxonomy.by_name.insert(name.to_owned(), *same);
                    }
                    None => {
                        let index = u32::try_from(taxonomy.terms.len()).unwrap_or(u32::MAX);
                        lower.insert(name.to_lowercase(), index);
                        taxonomy.add(name, "", &slugify.slug(name), &mut slugs);
                    }
                }
            }
        }
    }
    for used in uses {
        match taxonomy.by_name.get(used.name) {
            Some(&index) => {
                let pages = &mut taxonomy.terms[index as usize].pages;
                if pages.last() != Some(&used.page) {
                    pages.push(used.page);
                }
            }
            None => {
                let names = taxonomy.terms.iter().map(|term| &*term.name);
                diagnostics.push(
                    Diagnostic::at("unknown-term", used.file, used.span)
                        .with("taxonomy", &config.name)
                        .with("term", used.name)
                        .with_option("nearest", nearest(used.name, names))
                        .with("file", config.vocabulary.as_deref().unwrap_or_default()),
                );
            }
        }
    }
    if closed {
        taxonomy
            .terms
            .iter_mut()
            .for_each(|term| term.pages.shrink_to_fit());
    }
    taxonomy
}

impl Taxonomy {
    fn add(&mut self, name: &str, description: &str, slug: &str, slugs: &mut HashMap<String, u32>) {
        let slug = if slug.is_empty() { "term" } else { slug };
        let taken = slugs
            .entry(slug.to_owned())
            .and_modify(|count| *count += 1)
            .or_insert(1);
        let slug = if *taken == 1 {
            slug.to_owned()
        } else {
            format!("{slug}-{taken}")
        };
        let index = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.by_name.insert(name.to_owned(), index);
        self.terms.push(Term {
            name: name.into(),
            description: description.into(),
            url: Url::new(&format!("{}{slug}/", self.url)),
            pages: Vec::new(),
        });
    }
}

/// Puts the pages of every term in order, newest first.
pub(super) fn sort_pages(taxonomies: &mut [Taxonomy], pages: &[Page]) {
    for term in taxonomies
        .iter_mut()
        .flat_map(|taxonomy| &mut taxonomy.terms)
    {
        term.pages.sort_by_cached_key(|id| {
            let page = &pages[id.index()];
            (
                std::cmp::Reverse(page.date.map(|moment| moment.seconds())),
                *id,
            )
        });
    }
}
