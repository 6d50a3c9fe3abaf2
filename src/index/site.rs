//! The resolved site → what can be found in it, as [`SearchDocument`]s and options.

use super::{IndexFiles, IndexOptions, SearchDocument, SearchKind, SearchLaw, Synonym};
use crate::base::value::Table;
use crate::base::{SourcePath, Url};
use crate::diag::Diagnostic;
use crate::doc::{Block, BlockKind, text};
use crate::model::law::{Law, LawId};
use crate::model::{Page, Role, Site};
use crate::parse::fields::Fields;
use crate::parse::front::Kind;
use crate::parse::statute::{Element, Part};
use crate::parse::syntax::{Syntax, read_table};
use crate::render::World;
use crate::resolve::ResolvedFile;

/// The index of a site.
#[must_use]
pub fn build(world: &World) -> IndexFiles {
    build_part(world, |_| true)
}

/// The index of some pages of a site.
#[must_use]
pub fn build_part(world: &World, wanted: impl Fn(&Url) -> bool) -> IndexFiles {
    let options = IndexOptions {
        synonyms: synonyms(world, &mut Vec::new()),
        boosts: boosts(
            &world.site.config.search,
            &world.site.config.file,
            &mut Vec::new(),
        ),
        ..IndexOptions::default()
    };
    let mut documents = documents(world);
    documents.retain(|document| wanted(&document.url));
    super::build(&documents, &options)
}

/// Everything that can be found: articles of law first, then the pages in their order, then the glossary.
#[must_use]
pub fn documents(world: &World) -> Vec<SearchDocument> {
    let site = &world.site;
    let mut documents = Vec::new();
    for (id, law) in site.library.iter() {
        add_law(id, law, &mut documents);
    }
    for page in &site.pages {
        if page.front.in_search_index && !page.expired && !page.draft {
            add_page(world, page, &mut documents);
        }
    }
    for term in &world.resolved.glossary.terms {
        let url = crate::model::House::Glossary.url().with_fragment(&term.id);
        let also_asked = term.also.clone();
        documents.push(SearchDocument {
            also_asked,
            ..SearchDocument::new(url, SearchKind::Page, term.name.clone(), term.gist.clone())
        });
    }
    documents
}

fn add_law(_id: LawId, law: &Law, documents: &mut Vec<SearchDocument>) {
    let Some(newest) = law.newest() else { return };
    let statute = &newest.statute;
    let own = SearchLaw {
        title: law.title.clone(),
        short_titles: law.short_titles.clone(),
        article: None,
    };
    let short = law.short();
    let mut heads: Vec<&Part> = Vec::new();
    let mut found = false;
    for element in &statute.elements {
        match element {
            Element::Part(part) => {
                heads.retain(|above| above.level < part.level);
                heads.push(part);
            }
            Element::Article(article) => {
                found = true;
                let titles: Vec<String> = heads.iter().map(|part| part.title.to_string()).collect();
                documents.push(SearchDocument {
                    breadcrumb: std::iter::once(short)
                        .chain(titles.iter().map(String::as_str))
                        .collect::<Vec<_>>()
                        .join(" › "),
                    heads: titles,
                    law: Some(SearchLaw {
                        article: Some(article.no),
                        ..own.clone()
                    }),
                    ..SearchDocument::new(
                        law.article_url(0, article.no, None, None),
                        SearchKind::Law,
                        format!("{short} {}", article.no.chinese()),
                        article.text(),
                    )
                });
            }
            Element::Text(_) => {}
        }
    }
    if !found {
        let text: Vec<&str> = statute
            .elements
            .iter()
            .filter_map(|element| match element {
                Element::Text(text) => Some(&*text.text),
                Element::Part(_) | Element::Article(_) => None,
            })
            .collect();
        documents.push(SearchDocument {
            law: Some(own),
            ..SearchDocument::new(
                law.url(),
                SearchKind::Law,
                law.title.clone(),
                text.join("\n"),
            )
        });
    }
}

fn add_page(world: &World, page: &Page, documents: &mut Vec<SearchDocument>) {
    let site = &world.site;
    let parsed = site.file(page.file);
    let answers = &world.resolved.files[page.file.index()];
    let base = SearchDocument {
        breadcrumb: breadcrumb(site, page),
        topics: terms(page, "topics"),
        audiences: terms(page, "audiences"),
        ..SearchDocument::new(page.url.clone(), kind(page), &*page.title, "")
    };
    let blocks = &parsed.document.blocks[page.blocks.clone()];
    match page.role {
        Role::Question(..) => {
            let question = site.question(page);
            let also_asked = question
                .map(|question| {
                    question
                        .fields
                        .also_asked
                        .iter()
                        .chain(&question.fields.terms)
                        .cloned()
                        .collect()
                })
                .unwrap_or_default();
            let short = question
                .and_then(|question| question.fields.short.clone())
                .unwrap_or_default();
            documents.push(SearchDocument {
                text: format!("{short}\n{}", text::plain_blocks(blocks))
                    .trim()
                    .to_owned(),
                also_asked,
                cites: cites(site, answers, blocks),
                ..base
            });
        }
        // The questions of a chapter are found by themselves; what stands behind them is the chapter's own.
        Role::Chapter(..) => {
            let end = parsed
                .questions
                .last()
                .map_or(page.blocks.start, |question| question.blocks.end);
            let rest = &parsed.document.blocks[end.min(page.blocks.end)..page.blocks.end];
            if !rest.is_empty() {
                documents.push(SearchDocument {
                    text: text::plain_blocks(rest),
                    cites: cites(site, answers, rest),
                    ..base
                });
            }
        }
        Role::File => add_sections(site, page, answers, blocks, &base, documents),
    }
}

/// A page is found by its sections: what stands before the first second-level heading, and what stands under each.
fn add_sections(
    site: &Site,
    page: &Page,
    answers: &ResolvedFile,
    blocks: &[Block],
    base: &SearchDocument,
    documents: &mut Vec<SearchDocument>,
) {
    let heading = |block: &Block| match &block.kind {
        BlockKind::Heading(heading) if heading.level == 2 => {
            Some((heading.id.to_string(), text::plain(&heading.content)))
        }
        _ => None,
    };
    let starts: Vec<usize> = (0..blocks.len())
        .filter(|at| heading(&blocks[*at]).is_some())
        .collect();
    let first = starts.first().copied().unwrap_or(blocks.len());
    let about = page.front.description.clone().unwrap_or_default();
    documents.push(SearchDocument {
        text: format!("{about}\n{}", text::plain_blocks(&blocks[..first]))
            .trim()
            .to_owned(),
        cites: cites(site, answers, &blocks[..first]),
        ..base.clone()
    });
    let ends = starts.iter().skip(1).copied().chain([blocks.len()]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let Some((id, title)) = heading(&blocks[start]) else {
            continue;
        };
        let inner = &blocks[start + 1..end];
        documents.push(SearchDocument {
            url: page.url.with_fragment(&id),
            title: format!("{} › {title}", page.title),
            heads: vec![title],
            text: text::plain_blocks(inner),
            cites: cites(site, answers, inner),
            ..base.clone()
        });
    }
}

fn kind(page: &Page) -> SearchKind {
    match (page.role, page.kind) {
        (Role::Question(..), _) => SearchKind::Question,
        (Role::File, Kind::Cases) => SearchKind::Case,
        (Role::File, Kind::Course) => SearchKind::Episode,
        (Role::File, Kind::Articles) => SearchKind::Article,
        (Role::Chapter(..), _)
        | (Role::File, Kind::Book | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page) => {
            SearchKind::Page
        }
    }
}

fn breadcrumb(site: &Site, page: &Page) -> String {
    let mut titles = Vec::new();
    let mut at = Some(page.section);
    while let Some(id) = at {
        let section = site.section(id);
        at = section.parent;
        if at.is_some() {
            titles.push(section.title.to_string());
        }
    }
    titles.reverse();
    titles.join(" › ")
}

fn terms(page: &Page, taxonomy: &str) -> Vec<String> {
    let terms = page
        .front
        .taxonomies
        .iter()
        .filter(|(name, _)| name == taxonomy)
        .flat_map(|(_, terms)| terms);
    terms.map(|(term, _)| term.clone()).collect()
}

/// Addresses of what some blocks cite.
fn cites(site: &Site, answers: &ResolvedFile, blocks: &[Block]) -> Vec<Url> {
    let Some((first, last)) = blocks.first().zip(blocks.last()) else {
        return Vec::new();
    };
    let range = first.span.start..=last.span.end;
    let inside = answers
        .citations
        .iter()
        .filter(|found| range.contains(&found.source));
    inside
        .filter_map(|found| {
            let citation = &found.citation;
            let law = site.library.law(citation.law?);
            Some(match citation.article {
                Some(no) => law.article_url(0, no, None, None),
                None => law.url(),
            })
        })
        .collect()
}

/// Everyday words of `data/synonyms.toml`: `[[synonym]]` with `say` and `law`.
#[must_use]
pub fn synonyms(world: &World, diagnostics: &mut Vec<Diagnostic>) -> Vec<Synonym> {
    let path = SourcePath::new("data/synonyms.toml");
    let Some(source) = world.data.get(&path) else {
        return Vec::new();
    };
    let table = read_table(Syntax::Toml, &source.text, 0, &path, diagnostics);
    let mut found = Vec::new();
    let mut synonyms = Vec::new();
    let mut fields = Fields::new(&table, &path, &mut found);
    for (inner, _) in fields.tables("synonym") {
        let mut problems = Vec::new();
        let mut entry = Fields::new(inner, &path, &mut problems);
        synonyms.push(Synonym {
            from: entry.strings("say"),
            to: entry.strings("law"),
        });
        entry.finish();
        problems
            .into_iter()
            .for_each(|problem| fields.report(problem));
    }
    fields.finish();
    diagnostics.extend(found);
    synonyms
}

/// `[search.boosts]` of the configuration: a factor by kind.
fn boosts(
    table: &Table,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(SearchKind, f64)> {
    let Some(inner) = table.get("boosts").and_then(|node| node.value.as_table()) else {
        return Vec::new();
    };
    let mut fields = Fields::new(inner, file, diagnostics);
    let boosts = SearchKind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, fields.number(kind.name())?)))
        .collect();
    fields.finish();
    boosts
}
