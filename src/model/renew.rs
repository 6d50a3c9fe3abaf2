//! A [`Site`] with other texts in it, for the preview: an editor who changes a sentence does not wait for the whole site to be
//! put together again. What it gives is what [`super::assemble`] would give; where that is not certain it gives nothing.

use std::sync::Arc;

use super::assemble::{first_block, leading_title, question_front};
use super::{FileId, Page, Role, Site};
use crate::parse::page::{OwnFields, Parsed};
use crate::parse::question::Question;
use crate::parse::widget::{Widget, WidgetKind};

/// The site with `files` in the places of the files of the same paths. `None` when more than text changed in one of them: a
/// title, an address, a date, a question that came or went.
#[must_use]
pub fn renewed(before: &Site, files: &[Arc<Parsed>]) -> Option<Site> {
    let places: Option<Vec<(FileId, &Arc<Parsed>)>> = files
        .iter()
        .map(|file| {
            let id = before.file_id(&file.path)?;
            is_same_but_text(before.file(id), file).then_some((id, file))
        })
        .collect();
    let mut places = places?;
    places.sort_unstable_by_key(|(id, _)| *id);
    let mut site = before.clone();
    for (id, file) in &places {
        site.files[id.index()] = (*file).clone();
    }
    for page in &mut site.pages {
        if let Ok(at) = places.binary_search_by_key(&page.file, |(id, _)| *id) {
            renew_page(page, before.file(page.file), places[at].1);
        }
    }
    Some(site)
}

/// Whether two readings of a file make pages with the same addresses, titles and places in lists.
fn is_same_but_text(old: &Parsed, new: &Parsed) -> bool {
    let same_titles = old.front.title.is_some() || leading_title(old) == leading_title(new);
    let plain = |parsed: &Parsed| {
        !parsed.is_section
            && parsed.statute.is_none()
            && parsed.transcript.is_none()
            && !matches!(parsed.own, OwnFields::Episode(_))
    };
    plain(old)
        && plain(new)
        && same_titles
        && old.inherited == new.inherited
        && old.front == new.front
        && old.own == new.own
        && old.special == new.special
        && calculators(old).eq(calculators(new))
        && old.questions.len() == new.questions.len()
        && old
            .questions
            .iter()
            .zip(&new.questions)
            .all(|(old, new)| is_same_question(old, new))
}

fn calculators(parsed: &Parsed) -> impl Iterator<Item = &WidgetKind> {
    let kinds = parsed.widgets.iter().map(|widget: &Widget| &widget.kind);
    kinds.filter(|kind| matches!(kind, WidgetKind::Calculator(_)))
}

/// Whether a question has the same place in its book and among the terms.
fn is_same_question(old: &Question, new: &Question) -> bool {
    let names = |terms: &[(String, crate::base::Span)]| -> Vec<String> {
        terms.iter().map(|(name, _)| name.clone()).collect()
    };
    old.id == new.id
        && old.explicit_id == new.explicit_id
        && old.title == new.title
        && old.span.is_empty() == new.span.is_empty()
        && names(&old.fields.topics) == names(&new.fields.topics)
        && names(&old.fields.audiences) == names(&new.fields.audiences)
        && old.fields.law_date == new.fields.law_date
        && old.fields.reviewed == new.fields.reviewed
}

/// Lets a page show the new text of its file.
fn renew_page(page: &mut Page, old: &Parsed, new: &Parsed) {
    let question = match page.role {
        Role::Question(_, _, index) => new.questions.get(index as usize),
        Role::File | Role::Chapter(..) => None,
    };
    page.blocks = match question {
        Some(question) if !question.span.is_empty() => question.blocks.clone(),
        _ => {
            let blocks = &new.document.blocks;
            first_block(blocks, new.front.title.as_deref())..blocks.len()
        }
    };
    page.front = match question {
        // A question that goes by its file's front matter as it is has no fields laid over it.
        Some(question) if !Arc::ptr_eq(&page.front, &old.front) => {
            Arc::new(question_front(&new.front, new, question))
        }
        _ => new.front.clone(),
    };
}
