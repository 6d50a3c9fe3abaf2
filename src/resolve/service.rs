//! Directories of service points: read from their data, and found by topic.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::link;
use crate::base::SourcePath;
use crate::diag::Diagnostic;
use crate::load::SourceText;
use crate::model::{SectionId, Site, Taxonomy};
use crate::parse::front::Kind;
use crate::parse::page::Parsed;
use crate::parse::service::{self, Directory, Service};
use crate::parse::syntax::{Syntax, read_table};

/// The directories of the site.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// The directories, in the order of their sections.
    pub directories: Vec<SectionDirectory>,
    /// For each topic the service points that help with it: directory and place in it, in the order written.
    by_topic: BTreeMap<String, Vec<(u32, u32)>>,
    /// Problems of the data.
    pub diagnostics: Vec<Diagnostic>,
}

/// The directory a section shows.
#[derive(Clone, Debug)]
pub struct SectionDirectory {
    /// The section.
    pub section: SectionId,
    /// Its service points.
    pub directory: Arc<Directory>,
    from: Arc<SourceText>,
    problems: Vec<Diagnostic>,
}

impl Services {
    /// The directory of a section.
    #[must_use]
    pub fn of_section(&self, section: SectionId) -> Option<&Directory> {
        let found = self
            .directories
            .iter()
            .find(|entry| entry.section == section)?;
        Some(&found.directory)
    }

    /// The service points that help with one of `topics`, with the sections that list them: those that help with more
    /// of them first, then as written; at most `limit`.
    #[must_use]
    pub fn helping_with<'t>(
        &self,
        topics: impl Iterator<Item = &'t str>,
        limit: usize,
    ) -> Vec<(SectionId, &Service)> {
        let mut scores: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for place in topics
            .filter_map(|topic| self.by_topic.get(topic))
            .flatten()
        {
            *scores.entry(*place).or_default() += 1;
        }
        let mut ranked: Vec<((u32, u32), u32)> = scores.into_iter().collect();
        ranked.sort_by_key(|(place, score)| (std::cmp::Reverse(*score), *place));
        ranked
            .into_iter()
            .take(limit)
            .map(|((directory, index), _)| {
                let entry = &self.directories[directory as usize];
                (entry.section, &entry.directory.services[index as usize])
            })
            .collect()
    }
}

/// Reads the data of every directory; what was read before from the same text is kept.
#[must_use]
pub fn resolve_services(
    site: &Site,
    data: &BTreeMap<SourcePath, Arc<SourceText>>,
    previous: Option<&Services>,
) -> Services {
    let mut services = Services::default();
    for (index, section) in site.sections.iter().enumerate() {
        let (Kind::Directory, Some(file)) = (section.kind, section.file) else {
            continue;
        };
        let parsed = site.file(file);
        let Some((path, text)) = data_of(parsed, data, &mut services.diagnostics) else {
            continue;
        };
        let kept = previous.and_then(|previous| {
            let same = |entry: &&SectionDirectory| Arc::ptr_eq(&entry.from, text);
            previous.directories.iter().find(same)
        });
        let (directory, problems) = match kept {
            Some(entry) => (entry.directory.clone(), entry.problems.clone()),
            None => {
                let mut problems = Vec::new();
                let directory = read(path, &text.text, &mut problems);
                (Arc::new(directory), problems)
            }
        };
        services.diagnostics.extend(problems.iter().cloned());
        services.directories.push(SectionDirectory {
            section: SectionId::of(index),
            directory,
            from: text.clone(),
            problems,
        });
        let added = services.directories.len() - 1;
        add_topics(site, path, added, &mut services);
    }
    services
}

/// The data the section names, else a file `services` beside it.
fn data_of<'a>(
    parsed: &Parsed,
    data: &'a BTreeMap<SourcePath, Arc<SourceText>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(&'a SourcePath, &'a Arc<SourceText>)> {
    let get = |path: String| data.get_key_value(&SourcePath::new(path));
    let folder = parsed.path.parent();
    let Some(node) = parsed.special.get("data") else {
        return ["csv", "toml", "json", "yaml", "yml"]
            .iter()
            .find_map(|end| get(format!("{folder}/services.{end}")));
    };
    let Some(name) = node.value.as_str() else {
        diagnostics.push(
            Diagnostic::at("wrong-type", &parsed.path, node.span)
                .with("key", "data")
                .with("wanted", "文本 (string)")
                .with("found", node.value.kind().name()),
        );
        return None;
    };
    let found = link::beside(&parsed.path, name)
        .and_then(get)
        .or_else(|| get(name.trim_start_matches('/').to_owned()));
    if found.is_none() {
        let names = data.keys().map(SourcePath::as_str);
        diagnostics.push(
            Diagnostic::at("media-missing", &parsed.path, node.span)
                .with("key", "data")
                .with("name", name)
                .with_option("nearest", crate::base::nearest(name, names)),
        );
    }
    found
}

fn read(path: &SourcePath, text: &str, problems: &mut Vec<Diagnostic>) -> Directory {
    let syntax = match path.extension().as_deref() {
        Some("toml") => Syntax::Toml,
        Some("json") => Syntax::Json,
        Some("yaml" | "yml") => Syntax::Yaml,
        _ => return service::read_csv(text, path, problems),
    };
    let table = read_table(syntax, text, 0, path, problems);
    service::read_table(&table, path, problems)
}

/// Enters the topics of a directory; those the vocabulary does not hold are reported.
fn add_topics(site: &Site, path: &SourcePath, added: usize, services: &mut Services) {
    let directory = services.directories[added].directory.clone();
    let taxonomy = site
        .taxonomies
        .iter()
        .find(|taxonomy| taxonomy.config.name == "topics");
    for (index, service) in (0..).zip(&directory.services) {
        for (topic, _) in &service.topics {
            let name = taxonomy.map_or(topic.as_str(), |taxonomy| own_name(taxonomy, topic));
            let place = (u32::try_from(added).unwrap_or(u32::MAX), index);
            services
                .by_topic
                .entry(name.to_owned())
                .or_default()
                .push(place);
        }
    }
    let Some(taxonomy) = taxonomy.filter(|taxonomy| taxonomy.config.vocabulary.is_some()) else {
        return;
    };
    let written = directory
        .services
        .iter()
        .flat_map(|service| &service.topics)
        .map(|(topic, _)| topic.as_str())
        .filter(|topic| taxonomy.find(topic).is_some());
    let known: Vec<&str> = taxonomy
        .terms
        .iter()
        .map(|term| &*term.name)
        .chain(written)
        .collect();
    directory.check_topics(&known, path, &mut services.diagnostics);
}

/// The name a topic is listed by, which may be written by another.
fn own_name<'a>(taxonomy: &'a Taxonomy, topic: &'a str) -> &'a str {
    taxonomy
        .find(topic)
        .map_or(topic, |index| &taxonomy.terms[index as usize].name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_helps_with_more_is_named_first() {
        let text = "name,topics\n甲,劳动\n乙,劳动;婚姻\n丙,婚姻\n";
        let directory = service::read_csv(text, &SourcePath::new("a.csv"), &mut Vec::new());
        let mut services = Services::default();
        services.directories.push(SectionDirectory {
            section: SectionId::of(0),
            directory: Arc::new(directory),
            from: Arc::new(SourceText {
                text: text.to_owned(),
            }),
            problems: Vec::new(),
        });
        services
            .by_topic
            .insert("劳动".to_owned(), vec![(0, 0), (0, 1)]);
        services
            .by_topic
            .insert("婚姻".to_owned(), vec![(0, 1), (0, 2)]);
        let found = services.helping_with(["劳动", "婚姻", "无"].into_iter(), 2);
        let names: Vec<&str> = found
            .iter()
            .map(|(_, service)| service.name.as_str())
            .collect();
        assert_eq!(names, ["乙", "甲"]);
    }
}
