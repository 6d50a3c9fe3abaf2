//! [`Site`] → [`Resolved`]: every link, term and citation has a target or a diagnostic.
//!
//! The answers are in tables beside the model, one for each content file, so that nothing in the model is half filled.

pub mod citation;
pub mod episode;
pub mod glossary;
pub mod link;
pub mod service;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::{SourcePath, Url};
use crate::diag::Diagnostic;
use crate::doc::Document;
use crate::doc::text::{Flat, flat};
use crate::load::SourceText;
use crate::model::{FileId, Site, Target};
use crate::parse::calculator::{Calculator, LoanPrimeRate};
use crate::parse::page::Parsed;
use crate::parse::widget::{Widget, WidgetKind};
use episode::Episodes;
use glossary::Glossary;
use service::Services;

/// The answers for the whole site.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The answers for each content file, in the order of [`Site::files`].
    pub files: Vec<Arc<ResolvedFile>>,
    /// The glossary.
    pub glossary: Arc<Glossary>,
    /// The files of the episodes.
    pub episodes: Episodes,
    /// The directories of service points.
    pub services: Services,
    /// The rates and rules calculators go by.
    pub rules: Arc<CalculatorRules>,
    /// The answers for the rules of the calculators in use.
    pub calculators: BTreeMap<Calculator, ResolvedFile>,
}

/// What calculators go by.
#[derive(Clone, Debug, Default)]
pub struct CalculatorRules {
    /// The loan prime rates.
    pub rates: LoanPrimeRate,
    /// The rules as text.
    pub documents: BTreeMap<Calculator, Document>,
}

/// The answers for one content file.
#[derive(Clone, Debug, Default)]
pub struct ResolvedFile {
    /// Where each link and image leads, by its index.
    pub links: Vec<LinkTarget>,
    /// What is marked in the text, sorted, without overlap.
    pub marks: Vec<Mark>,
    /// The answers for the texts in its widgets, in the order of [`Widget::documents`].
    pub widgets: Vec<ResolvedFile>,
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
    /// Data files.
    pub data: &'a BTreeMap<SourcePath, Arc<SourceText>>,
    /// The rates and rules of the calculators.
    pub rules: &'a Arc<CalculatorRules>,
}

/// Resolves the whole site. Files that are the same as in `previous`, under the same addresses, keep their answers.
#[must_use]
pub fn resolve(
    site: &Site,
    context: Context<'_>,
    previous: Option<(&Site, &Resolved)>,
) -> Resolved {
    let same_addresses = previous.filter(|(before, answers)| {
        before.routes.fingerprint == site.routes.fingerprint
            && Arc::ptr_eq(&answers.glossary, context.glossary)
    });
    let files = site
        .files
        .par_iter()
        .enumerate()
        .map(|(index, parsed)| {
            kept(parsed, same_addresses)
                .unwrap_or_else(|| Arc::new(resolve_file(site, FileId::of(index), context)))
        })
        .collect();
    Resolved {
        files,
        glossary: context.glossary.clone(),
        episodes: episode::resolve_episodes(
            site,
            context.data,
            previous.map(|(before, answers)| (before, &answers.episodes)),
        ),
        services: service::resolve_services(
            site,
            context.data,
            previous.map(|(_, answers)| &answers.services),
        ),
        rules: context.rules.clone(),
        calculators: resolve_rules(site, context),
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
    let mut resolved = resolve_document(site, parsed, &parsed.document, context);
    for document in parsed.widgets.iter().flat_map(Widget::documents) {
        let mut answers = resolve_document(site, parsed, document, context);
        resolved.diagnostics.append(&mut answers.diagnostics);
        resolved.widgets.push(answers);
    }
    resolved
}

/// The answers for one text written in a file: its own, or a piece of a widget.
fn resolve_document(
    site: &Site,
    parsed: &Parsed,
    document: &Document,
    context: Context<'_>,
) -> ResolvedFile {
    let mut resolved = ResolvedFile::default();
    link::resolve_links(site, parsed, document, &mut resolved);
    let text: Flat = if context.glossary.is_empty() {
        Flat::default()
    } else {
        flat(document)
    };
    if !context.glossary.is_empty() && site.config.markdown.glossary {
        resolved.marks = context.glossary.find(&text);
    }
    resolved
}

/// The answers for the rules of every calculator in use, as seen from the first page that has it. Their text is pufa's
/// own: what can't be resolved is shown without a link and concerns no author.
fn resolve_rules(site: &Site, context: Context<'_>) -> BTreeMap<Calculator, ResolvedFile> {
    let mut answers = BTreeMap::new();
    for parsed in &site.files {
        for widget in &parsed.widgets {
            if let WidgetKind::Calculator(calculator) = widget.kind
                && let Some(document) = context.rules.documents.get(&calculator)
            {
                answers
                    .entry(calculator)
                    .or_insert_with(|| resolve_document(site, parsed, document, context));
            }
        }
    }
    answers
}
