//! Which blocks templates define: a block that no template above has is never shown, and minijinja says nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Span, nearest};
use crate::diag::Diagnostic;
use crate::load::Template;

/// What a template says of its place in a chain of templates.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outline<'a> {
    /// The template it extends, where its name is written down.
    extends: Option<&'a str>,
    /// Its blocks: name, where the name stands, and whether it stands in no other block.
    blocks: Vec<(&'a str, Span, bool)>,
}

/// A warning for each block of a template that extends another, where no template it builds on has a block of that name.
#[must_use]
pub(super) fn unknown_blocks(templates: &BTreeMap<String, Arc<Template>>) -> Vec<Diagnostic> {
    let outlines: BTreeMap<&str, Outline<'_>> = templates
        .iter()
        .map(|(name, template)| (name.as_str(), outline(&template.text)))
        .collect();
    let mut found = Vec::new();
    for (name, template) in templates {
        let own = &outlines[name.as_str()];
        let Some(known) = blocks_above(own, &outlines) else {
            continue;
        };
        let lost = own.blocks.iter();
        let lost = lost.filter(|(block, _, outer)| *outer && !known.contains(block));
        found.extend(lost.map(|(block, span, _)| {
            Diagnostic::at("unknown-block", &template.path, *span)
                .with("block", block)
                .with("template", own.extends.unwrap_or_default())
                .with_option("nearest", nearest(block, known.iter().copied()))
        }));
    }
    // A template under two names (`page.html`, `theme/page.html`) is one file.
    let mut seen = BTreeSet::new();
    found.retain(|problem| {
        let place = problem.place.as_ref();
        seen.insert(place.map(|place| (place.file.clone(), place.span.start)))
    });
    found
}

/// The blocks of the templates a template builds on. `None` where it builds on none, or not all of them are known.
fn blocks_above<'a>(
    own: &Outline<'a>,
    outlines: &BTreeMap<&'a str, Outline<'a>>,
) -> Option<BTreeSet<&'a str>> {
    let mut known = BTreeSet::new();
    let mut above = own.extends?;
    // More steps than there are templates go in a circle.
    for _ in 0..=outlines.len() {
        let outline = outlines.get(above)?;
        known.extend(outline.blocks.iter().map(|(name, ..)| *name));
        match outline.extends {
            Some(next) => above = next,
            None => return Some(known),
        }
    }
    None
}

/// Reads the tags of a template (minijinja's syntax: `{% … %}`, `{# … #}`, `{% raw %}`).
fn outline(text: &str) -> Outline<'_> {
    let mut outline = Outline::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(start) = text[at..].find("{%").map(|found| at + found) {
        if let Some(comment) = text[at..start].find("{#").map(|found| at + found) {
            let end = text[comment..].find("#}");
            at = end.map_or(text.len(), |end| comment + end + 2);
            continue;
        }
        let Some(end) = text[start..].find("%}").map(|found| start + found) else {
            break;
        };
        let inner = text[start + 2..end].trim_matches(['-', '+']).trim();
        at = end + 2;
        let (word, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        match word {
            "raw" => at = text[at..].find("endraw").map_or(text.len(), |raw| at + raw),
            "extends" => outline.extends = literal(rest.trim()),
            "block" => {
                // Without a name the template itself is wrong, which is said elsewhere.
                if let Some(name) = rest.split_whitespace().next() {
                    let from = name.as_ptr() as usize - text.as_ptr() as usize;
                    let span = Span::new(from, from + name.len());
                    outline.blocks.push((name, span, depth == 0));
                }
                depth += 1;
            }
            "endblock" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    outline
}

/// The text between two quotation marks of one kind.
fn literal(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))?;
    let inner = text[1..].strip_suffix(quote)?;
    (!inner.contains(quote)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;

    fn templates(all: &[(&str, &str)]) -> BTreeMap<String, Arc<Template>> {
        let of = |(name, text): &(&str, &str)| {
            let path = SourcePath::new(format!("templates/{name}"));
            let text = (*text).to_owned();
            ((*name).to_owned(), Arc::new(Template { path, text }))
        };
        all.iter().map(of).collect()
    }

    fn lost(all: &[(&str, &str)]) -> Vec<(String, String)> {
        let problems = unknown_blocks(&templates(all));
        let named = problems.iter().map(|problem| {
            let nearest = problem.arg("nearest").unwrap_or_default();
            (
                problem.arg("block").unwrap_or_default().to_owned(),
                nearest.to_owned(),
            )
        });
        named.collect()
    }

    #[test]
    fn a_block_without_a_name_is_passed_over() {
        assert!(
            lost(&[(
                "page.html",
                "{% extends \"default/page.html\" %}{% block %}"
            )])
            .is_empty()
        );
    }

    #[test]
    fn a_block_no_template_above_has_is_named_with_the_nearest_one() {
        let base =
            "{% block main %}{% block side %}{% endblock %}{% endblock %}{# {% block gone %} #}";
        let page = "{% extends \"base.html\" -%}\n{%- block main -%}{% block inner %}{% endblock inner %}{% endblock %}";
        let own = "{% extends 'page.html' %}{% block inner %}{% endblock %}{% block sides %}{% block new %}{% endblock %}{% endblock %}{% block gone %}{% endblock %}{% raw %}{% block raw %}{% endraw %}";
        let found = lost(&[("base.html", base), ("page.html", page), ("own.html", own)]);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["sides", "gone"]);
        assert_eq!(found[0].1, "side");
    }

    #[test]
    fn nothing_is_said_where_the_template_above_is_not_known() {
        let own = "{% extends which %}{% block any %}{% endblock %}";
        let lone = "{% block any %}{% endblock %}";
        let round = "{% extends \"round.html\" %}{% block any %}{% endblock %}";
        let found = lost(&[
            ("own.html", own),
            ("lone.html", lone),
            ("round.html", round),
        ]);
        assert_eq!(found, []);
    }
}
