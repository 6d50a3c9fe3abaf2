//! What `check` looks at beyond what building already finds: the text itself, and pages nobody reaches.
//!
//! Pure: a function of the site and its answers. The rules of the configuration and of single pages are applied here too.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::base::{SourcePath, Span};
use crate::config::Config;
use crate::diag::{Diagnostic, Severity};
use crate::doc::text::{Flat, flat};
use crate::doc::{BlockKind, InlineKind};
use crate::model::{FileId, Role, Site, Target};
use crate::parse::case;
use crate::parse::front::{Kind, Spanned};
use crate::parse::page::{OwnFields, Parsed};
use crate::resolve::{LinkTarget, Resolved};

/// Everything `check` adds, unsorted.
#[must_use]
pub fn check(site: &Site, resolved: &Resolved) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = site
        .files
        .par_iter()
        .flat_map_iter(|parsed| check_file(site, parsed))
        .collect();
    diagnostics.extend(reviews(site));
    diagnostics.extend(orphans(site, resolved));
    diagnostics.extend(site.numbers.check(site));
    apply_rules(&mut diagnostics, site);
    diagnostics
}

/// Drops what the configuration or the page switches off, and gives the severities the configuration wants.
pub fn apply_rules(diagnostics: &mut Vec<Diagnostic>, site: &Site) {
    let ignored: HashMap<&SourcePath, &[Spanned]> = site
        .files
        .iter()
        .filter(|parsed| !parsed.front.ignore.is_empty())
        .map(|parsed| (&parsed.path, parsed.front.ignore.as_slice()))
        .collect();
    let of_page = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref()?;
        ignored.get(&place.file).copied()
    };
    diagnostics.retain_mut(|diagnostic| {
        let ignored = of_page(diagnostic).unwrap_or_default();
        apply_rule(diagnostic, ignored, &site.config)
    });
}

/// The same for problems of one file.
pub fn apply_file_rules(diagnostics: &mut Vec<Diagnostic>, parsed: &Parsed, config: &Config) {
    diagnostics.retain_mut(|diagnostic| apply_rule(diagnostic, &parsed.front.ignore, config));
}

/// Gives a problem its severity; `false` when it is not to be shown, on its page or anywhere.
fn apply_rule(diagnostic: &mut Diagnostic, ignored: &[Spanned], config: &Config) -> bool {
    if ignored.iter().any(|(code, _)| code == diagnostic.code) {
        return false;
    }
    match config.rules.get(diagnostic.code) {
        Some(None) => false,
        Some(Some(severity)) => {
            diagnostic.severity = *severity;
            true
        }
        None => true,
    }
}

/// What `check` finds in one file.
#[must_use]
pub fn check_file(site: &Site, parsed: &Parsed) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    headings(parsed, &mut found);
    let text = flat(&parsed.document);
    if matches!(parsed.own, OwnFields::Case(_)) {
        case::check(&parsed.document, &parsed.path, &mut found);
    } else {
        personal_data(parsed, &text, &mut found);
    }
    sentences(parsed, &text, site.config.max_sentence, &mut found);
    emptiness(parsed, &text, &mut found);
    unknown_ignores(parsed, &mut found);
    found
}

/// Headings that skip a rank, and second first-level headings.
fn headings(parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    let mut last = 1;
    let mut ids: HashMap<&str, Span> = HashMap::new();
    for (heading, span) in parsed.document.headings() {
        if heading.level > last + 1 {
            found.push(
                Diagnostic::at("heading-jump", &parsed.path, span)
                    .with("from", last)
                    .with("to", heading.level),
            );
        }
        last = heading.level;
        if heading.explicit_id && ids.insert(&heading.id, span).is_some() {
            found.push(
                Diagnostic::at("duplicate-anchor", &parsed.path, span).with("id", &heading.id),
            );
        }
    }
}

fn emptiness(parsed: &Parsed, text: &Flat, found: &mut Vec<Diagnostic>) {
    let special = !parsed.special.is_empty() || parsed.own != OwnFields::None;
    let has_more = parsed
        .document
        .blocks
        .iter()
        .any(|block| !matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::Heading(_)));
    let statute = parsed.kind() == Kind::Laws;
    let question = !parsed.questions.is_empty();
    if !parsed.is_section
        && text.text.trim().is_empty()
        && !special
        && !has_more
        && !statute
        && !question
    {
        found.push(Diagnostic::in_file("empty-page", &parsed.path));
    }
    // A title that could not be read has been reported where it stands.
    let readable = !crate::diag::has_errors(&parsed.diagnostics);
    if !parsed.is_section
        && readable
        && parsed.front.title.is_none()
        && parsed.document.headings().next().is_none()
    {
        found.push(Diagnostic::in_file("missing-title", &parsed.path));
    }
}

/// Codes a page switches off that no check has.
fn unknown_ignores(parsed: &Parsed, found: &mut Vec<Diagnostic>) {
    for (code, span) in &parsed.front.ignore {
        if crate::diag::catalog::entry(code).is_none() {
            let near = crate::base::nearest(code, crate::diag::catalog::codes());
            found.push(
                Diagnostic::at("unknown-rule", &parsed.path, *span)
                    .with("rule", code)
                    .with_option("nearest", near),
            );
        }
    }
}

/// Identity card and mobile numbers in the text.
fn personal_data(parsed: &Parsed, text: &Flat, found: &mut Vec<Diagnostic>) {
    let bytes = text.text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let digits = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let mut end = at + digits;
        let run = &text.text[at..end];
        let follows_x = bytes
            .get(end)
            .is_some_and(|byte| matches!(byte, b'X' | b'x'));
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let stands_alone = !before.is_some_and(|byte| {
            byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'-' | b'/' | b'_')
        });
        if digits == 17 && follows_x {
            end += 1;
        }
        let word = &text.text[at..end];
        if stands_alone && (digits == 18 || (digits == 17 && follows_x)) && is_identity_number(word)
        {
            found.push(
                Diagnostic::at("identity-number", &parsed.path, text.span(at, end))
                    .with("number", masked(word)),
            );
        } else if stands_alone && digits == 11 && is_mobile_number(run) {
            found.push(
                Diagnostic::at("mobile-number", &parsed.path, text.span(at, end))
                    .with("number", masked(run)),
            );
        }
        at = end;
    }
}

/// GB 11643: a date of birth inside, and a check character (ISO 7064 MOD 11-2).
fn is_identity_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits: Vec<u32> = number
        .chars()
        .take(17)
        .filter_map(|c| c.to_digit(10))
        .collect();
    let Some(last) = number.chars().nth(17).map(|c| c.to_ascii_uppercase()) else {
        return false;
    };
    let born = number.get(6..14).and_then(crate::base::date::parse_date);
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    digits.len() == 17 && born.is_some() && CHECKS[(sum % 11) as usize] == last
}

fn is_mobile_number(number: &str) -> bool {
    number.starts_with('1') && matches!(number.as_bytes()[1], b'3'..=b'9')
}

fn masked(number: &str) -> String {
    let keep = number.len() / 4;
    format!("{}…{}", &number[..keep], &number[number.len() - keep..])
}

/// Sentences longer than a reader can hold.
fn sentences(parsed: &Parsed, text: &Flat, limit: usize, found: &mut Vec<Diagnostic>) {
    if limit == 0 || parsed.kind() == Kind::Laws {
        return;
    }
    let mut start = 0;
    for (at, c) in text.text.char_indices() {
        if !matches!(c, '。' | '！' | '？' | '；' | '\n') {
            continue;
        }
        let end = at + c.len_utf8();
        let sentence = text.text[start..at].trim();
        let length = sentence
            .chars()
            .filter(|c| crate::doc::text::is_han(*c))
            .count();
        if length > limit {
            let from =
                start + (text.text[start..at].len() - text.text[start..at].trim_start().len());
            let first: usize = sentence
                .char_indices()
                .nth(8)
                .map_or(sentence.len(), |(at, _)| at);
            found.push(
                Diagnostic::at(
                    "long-sentence",
                    &parsed.path,
                    text.span(from, from + first.max(1)),
                )
                .with("length", length)
                .with("limit", limit),
            );
        }
        start = end;
    }
}

/// Pages whose day has come: to be reviewed again, or out of the lists.
fn reviews(site: &Site) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in site
        .pages
        .iter()
        .filter(|page| !matches!(page.role, Role::Question(..)))
    {
        let path = &site.file(page.file).path;
        if let Some(day) = page.front.review_by.filter(|day| *day < site.today) {
            found.push(Diagnostic::in_file("review-overdue", path).with("date", day));
        }
        if let Some(day) = page.front.expires_on.filter(|_| page.expired) {
            found.push(Diagnostic::in_file("page-expired", path).with("date", day));
        }
    }
    found
}

/// Pages no section lists and no text links to.
fn orphans(site: &Site, resolved: &Resolved) -> Vec<Diagnostic> {
    let mut reached: HashSet<Target> = HashSet::new();
    for (index, answers) in resolved.files.iter().enumerate() {
        let own = site.routes.by_source.get(&site.files[index].path).copied();
        for link in &answers.links {
            if let LinkTarget::Internal {
                target: Some(target),
                ..
            } = link
                && Some(*target) != own
            {
                reached.insert(*target);
            }
        }
    }
    for section in &site.sections {
        reached.extend(section.pages.iter().map(|id| Target::Page(*id)));
    }
    site.page_ids()
        .filter(|(id, page)| {
            !reached.contains(&Target::Page(*id)) && page.role == Role::File && !page.expired
        })
        .filter(|(_, page)| page.front.taxonomies.is_empty())
        .map(|(_, page)| Diagnostic::in_file("orphan-page", &site.file(page.file).path))
        .collect()
}

/// The addresses outside of the site that its content links to, each with the places it is linked from.
#[must_use]
pub fn external_links(site: &Site, resolved: &Resolved) -> Vec<(String, SourcePath, Span)> {
    let mut links = Vec::new();
    for (index, parsed) in site.files.iter().enumerate() {
        let answers = &resolved.files[FileId::of(index).index()];
        parsed.document.walk_inlines(&mut |inline| {
            let index = match &inline.kind {
                InlineKind::Link(link) => link.index,
                InlineKind::Image(image) => image.index,
                _ => return,
            };
            if let Some(LinkTarget::External(address)) = answers.links.get(index as usize)
                && (address.starts_with("http://") || address.starts_with("https://"))
            {
                links.push((address.to_string(), parsed.path.clone(), inline.span));
            }
        });
    }
    links
}

/// Whether any problem is an error.
#[must_use]
pub fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == severity)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_have_a_check_character() {
        assert!(is_identity_number("11010519491231002X"));
        assert!(!is_identity_number("110105194912310021"));
        assert!(!is_identity_number("123456789012345678"));
    }
}
