//! [`Site`] → [`Resolved`]: every link, term and citation has a target or a diagnostic.
//!
//! The answers are in tables beside the model, one for each content file, so that nothing in the model is half filled.

pub mod citation;
pub mod glossary;
pub mod link;

use std::sync::Arc;

use rayon::prelude::*;

use crate::base::Url;
use crate::diag::Diagnostic;
use crate::doc::text::{Flat, flat};
use crate::model::{FileId, Site, Target};
use crate::parse::page::Parsed;
use glossary::Glossary;

/// The answers for the whole site.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The answers for each content file, in the order of [`Site::files`].
    pub files: Vec<Arc<ResolvedFile>>,
    /// The glossary.
    pub glossary: Arc<Glossary>,
}

/// The answers for one content file.
#[derive(Clone, Debug, Default)]
pub struct ResolvedFile {
    /// Where each link and image leads, by its index.
    pub links: Vec<LinkTarget>,
    /// What is marked in the text, sorted, without overlap.
    pub marks: Vec<Mark>,
    /// Problems found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkTarget {
    /// Into the site.
    Internal {
        /// What is there; `None` for static files.
        target: Option<Target>,
        /// The address, with its fragment.
        url: Url,
    },
    /// Out of the site, or another scheme: `mailto:`, `tel:`.
    External(Box<str>),
    /// Nowhere: the text is shown without a link.
    Broken,
}

/// A range of a document's flat text that is shown in a special way.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// First byte in the flat text.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// What it is.
    pub kind: MarkKind,
}

/// What a mark is.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// A term of the glossary: its index.
    Term(u32),
}

/// What the answers are drawn from, besides the site.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The glossary.
    pub glossary: &'a Arc<Glossary>,
}

/// Resolves the whole site. Files that are the same as in `previous`, under the same addresses, keep their answers.
#[must_use]
pub fn resolve(
    site: &Site,
    context: Context<'_>,
    previous: Option<(&Site, &Resolved)>,
) -> Resolved {
    let previous = previous.filter(|(before, answers)| {
        before.routes.fingerprint == site.routes.fingerprint
            && Arc::ptr_eq(&answers.glossary, context.glossary)
    });
    let files = site
        .files
        .par_iter()
        .enumerate()
        .map(|(index, parsed)| {
            kept(parsed, previous)
                .unwrap_or_else(|| Arc::new(resolve_file(site, FileId::of(index), context)))
        })
        .collect();
    Resolved {
        files,
        glossary: context.glossary.clone(),
    }
}

fn kept(parsed: &Arc<Parsed>, previous: Option<(&Site, &Resolved)>) -> Option<Arc<ResolvedFile>> {
    let (before, answers) = previous?;
    let at = before
        .files
        .binary_search_by(|other| other.path.cmp(&parsed.path))
        .ok()?;
    Arc::ptr_eq(&before.files[at], parsed).then(|| answers.files[at].clone())
}

fn resolve_file(site: &Site, id: FileId, context: Context<'_>) -> ResolvedFile {
    let parsed = site.file(id);
    let mut resolved = ResolvedFile::default();
    link::resolve_links(site, parsed, &mut resolved);
    let text: Flat = if context.glossary.is_empty() {
        Flat::default()
    } else {
        flat(&parsed.document)
    };
    if !context.glossary.is_empty() && site.config.markdown.glossary {
        resolved.marks = context.glossary.find(&text);
    }
    resolved
}
