//! Folders → sections: their kinds, their addresses, what is in them.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Input, language_of, last_part, page_folder, role_index};
use crate::base::{SourcePath, Url};
use crate::config::Config;
use crate::doc::{BlockKind, text};
use crate::model::{FileId, Page, PageId, Role, Section, SectionId, order};
use crate::parse::front::Kind;
use crate::parse::page::{Parsed, without_number};

pub(super) fn sections(input: Input<'_>, files: &[Arc<Parsed>]) -> Vec<Section> {
    let config = input.config;
    let mut sections: Vec<Section> = Vec::new();
    for (index, parsed) in files
        .iter()
        .enumerate()
        .filter(|(_, parsed)| parsed.is_section)
    {
        let folder = parsed.path.parent().to_owned();
        let language = language_of(parsed, config);
        let front = &parsed.front;
        let own = front.section.as_deref();
        let url = match &front.path {
            Some(path) => folder_url(path, &config.default_language, config),
            None => folder_url(&folder_path(&folder, files, config), &language, config),
        };
        let title = front
            .title
            .clone()
            .or_else(|| leading_title(parsed))
            .unwrap_or_else(|| {
                if folder == "content" {
                    config.title_in(&language).to_owned()
                } else {
                    last_part(&folder).to_owned()
                }
            });
        sections.push(Section {
            file: Some(FileId::of(index)),
            kind: parsed.kind(),
            url,
            title: title.into(),
            language,
            parent: None,
            subsections: Vec::new(),
            pages: Vec::new(),
            paginate_by: own
                .and_then(|own| own.paginate_by)
                .unwrap_or_else(|| default_pagination(parsed.kind())),
            paginate_path: own
                .and_then(|own| own.paginate_path.as_deref())
                .unwrap_or("page")
                .into(),
            folder,
        });
    }
    for language in config.language_codes() {
        if !sections
            .iter()
            .any(|section| section.folder == "content" && *section.language == *language)
        {
            sections.push(root_section(config, language));
        }
    }
    if !config.law_libraries.is_empty()
        && !sections.iter().any(|section| section.kind == Kind::Laws)
    {
        sections.push(laws_section(config));
    }
    sections.sort_by(|a, b| (&a.language, &a.folder).cmp(&(&b.language, &b.folder)));
    link_sections(files, &mut sections);
    sections
}

/// Long lists come in sheets without being asked to.
fn default_pagination(kind: Kind) -> usize {
    match kind {
        Kind::Articles | Kind::Cases => 30,
        Kind::Book | Kind::Course | Kind::Laws | Kind::Directory | Kind::Events | Kind::Page => 0,
    }
}

fn root_section(config: &Config, language: &str) -> Section {
    Section {
        folder: "content".to_owned(),
        file: None,
        kind: Kind::Page,
        url: folder_url("", language, config),
        title: config.title_in(language).into(),
        language: language.into(),
        parent: None,
        subsections: Vec::new(),
        pages: Vec::new(),
        paginate_by: 0,
        paginate_path: "page".into(),
    }
}

/// A place for the laws of a library, in a site that has no section for them.
fn laws_section(config: &Config) -> Section {
    Section {
        folder: "content/laws".to_owned(),
        kind: Kind::Laws,
        url: Url::new("/laws/"),
        title: "法律法规".into(),
        ..root_section(config, &config.default_language)
    }
}

/// The first-level heading a file begins with.
pub(in crate::model) fn leading_title(parsed: &Parsed) -> Option<String> {
    match &parsed.document.blocks.first()?.kind {
        BlockKind::Heading(heading) if heading.level == 1 => Some(text::plain(&heading.content)),
        _ => None,
    }
}

fn link_sections(files: &[Arc<Parsed>], sections: &mut [Section]) {
    let places: HashMap<(String, Arc<str>), usize> = sections
        .iter()
        .enumerate()
        .map(|(index, section)| ((section.folder.clone(), section.language.clone()), index))
        .collect();
    for index in 0..sections.len() {
        let (language, mut folder) = (
            sections[index].language.clone(),
            sections[index].folder.clone(),
        );
        while let Some((parent, _)) = folder
            .rsplit_once('/')
            .map(|(parent, rest)| (parent.to_owned(), rest.len()))
        {
            if let Some(&above) = places.get(&(parent.clone(), language.clone())) {
                sections[index].parent = Some(SectionId::of(above));
                sections[above].subsections.push(SectionId::of(index));
                break;
            }
            folder = parent;
        }
    }
    let weights: Vec<(i64, String)> = sections
        .iter()
        .map(|section| {
            let weight = section
                .file
                .and_then(|file| files[file.index()].front.weight);
            (weight.unwrap_or(i64::MAX), section.folder.clone())
        })
        .collect();
    for section in sections.iter_mut() {
        section
            .subsections
            .sort_by(|a, b| weights[a.index()].cmp(&weights[b.index()]));
    }
}

/// A folder's path in addresses: every part slugged, numbers dropped where they only order.
pub(super) fn folder_path(folder: &str, files: &[Arc<Parsed>], config: &Config) -> String {
    let Some(inner) = folder
        .strip_prefix("content")
        .map(|inner| inner.trim_start_matches('/'))
    else {
        return String::new();
    };
    if inner.is_empty() {
        return String::new();
    }
    let mut at = "content".to_owned();
    let mut parts = Vec::new();
    for part in inner.split('/') {
        at.push('/');
        at.push_str(part);
        let index = SourcePath::new(format!("{at}/_index.md"));
        let found = files
            .binary_search_by(|file| file.path.cmp(&index))
            .ok()
            .map(|at| &files[at]);
        let ordered = found.is_some_and(|file| matches!(file.kind(), Kind::Book | Kind::Course));
        let part = found
            .and_then(|file| file.front.slug.clone())
            .unwrap_or_else(|| {
                if ordered {
                    without_number(part).to_owned()
                } else {
                    part.to_owned()
                }
            });
        parts.push(config.slugify_paths.slug(&part));
    }
    parts.join("/")
}

pub(super) fn folder_url(path: &str, language: &str, config: &Config) -> Url {
    let path = path.trim_matches('/');
    let prefix = if language == config.default_language {
        String::new()
    } else {
        format!("/{language}")
    };
    if path.is_empty() {
        Url::new(&format!("{prefix}/"))
    } else {
        Url::new(&format!("{prefix}/{path}/"))
    }
}

/// Puts every page into its section's list, in the section's order.
pub(super) fn fill_sections(files: &[Arc<Parsed>], sections: &mut [Section], pages: &mut [Page]) {
    let mut members: Vec<Vec<PageId>> = vec![Vec::new(); sections.len()];
    for (index, page) in pages.iter().enumerate() {
        // A chapter lists its questions itself; questions of a chapter's folder are the folder's.
        let from_chapter_file = matches!(page.role, Role::Question(_, _, _))
            && files[page.file.index()]
                .questions
                .get(role_index(page))
                .is_some_and(|question| !question.span.is_empty());
        // What lies in a folder without an index is listed by the section above, but not on the front page.
        let section = &sections[page.section.index()];
        let lost =
            section.parent.is_none() && section.folder != page_folder(&files[page.file.index()]);
        if !page.expired && !from_chapter_file && !lost {
            members[page.section.index()].push(PageId::of(index));
        }
    }
    for index in (0..sections.len()).rev() {
        let file = sections[index].file.map(|file| &files[file.index()].front);
        let transparent = file
            .and_then(|front| front.section.as_deref())
            .is_some_and(|section| section.transparent);
        if let (true, Some(parent)) = (transparent, sections[index].parent) {
            let own = members[index].clone();
            members[parent.index()].extend(own);
        }
    }
    for (index, ids) in members.into_iter().enumerate() {
        let section = &sections[index];
        let front = section
            .file
            .and_then(|file| files[file.index()].front.section.as_deref());
        let by = front
            .and_then(|front| front.sort_by)
            .unwrap_or_else(|| order::default_sort(section.kind));
        let mut entries: Vec<(PageId, &Page, &str)> = ids
            .into_iter()
            .map(|id| {
                (
                    id,
                    &pages[id.index()],
                    files[pages[id.index()].file.index()].path.as_str(),
                )
            })
            .collect();
        order::sort(&mut entries, by);
        let ordered: Vec<PageId> = entries.into_iter().map(|(id, ..)| id).collect();
        for (position, id) in (0..).zip(&ordered) {
            if pages[id.index()].section.index() == index {
                pages[id.index()].position = position;
            }
        }
        sections[index].pages = ordered;
    }
}
