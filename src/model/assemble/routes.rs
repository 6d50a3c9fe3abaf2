//! The addresses of a site: what is where, and what leads elsewhere.

use std::sync::Arc;

use super::count;
use crate::base::{SourcePath, Url};
use crate::diag::Diagnostic;
use crate::model::{BookId, Fallback, House, Page, Routes, SectionId, Site, Target};

pub(super) fn routes(site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Routes {
    let mut builder = RouteBuilder {
        site,
        routes: Routes::default(),
        diagnostics,
    };
    builder.routes.by_url.reserve(site.pages.len() * 2);
    section_routes(site, &mut builder);
    for (id, page) in site.page_ids() {
        let file = site.file(page.file);
        builder.add(Target::Page(id), Some(&file.path));
        builder
            .routes
            .by_source
            .entry(file.path.clone())
            .or_insert(Target::Page(id));
    }
    taxonomy_routes(site, &mut builder);
    for index in 0..site.books.len() {
        builder.add(Target::BookPrint(BookId::of(index)), None);
    }
    law_routes(site, &mut builder);
    for (index, (path, ..)) in (0..).zip(site.assets.iter()) {
        builder.add(Target::Asset(index), Some(path));
        builder
            .routes
            .by_source
            .insert(path.clone(), Target::Asset(index));
    }
    builder.first_sheets();
    for (house, ..) in House::ALL {
        // A page of the author's at the same address takes the place of the one made here.
        builder
            .routes
            .by_url
            .entry(house.url().as_str().to_owned())
            .or_insert(Target::House(house));
    }
    alias_routes(site, &mut builder);
    builder.fallbacks();
    builder.routes.fingerprint = fingerprint(site, &builder.routes);
    builder.routes
}

/// Every section with its sheets, or the address it sends readers to instead.
fn section_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    for (index, section) in site.sections.iter().enumerate() {
        let id = SectionId::of(index);
        let file = section.file.map(|file| site.file(file));
        if file.is_none_or(|file| file.front.render) {
            for sheet in 1..=Site::sheets(section.pages.len(), section.paginate_by) {
                builder.add(Target::Section(id, sheet), file.map(|file| &file.path));
            }
        }
        let Some(file) = file else { continue };
        builder
            .routes
            .by_source
            .insert(file.path.clone(), Target::Section(id, 1));
        let redirect = file
            .front
            .section
            .as_deref()
            .and_then(|section| section.redirect_to.as_deref());
        if let Some(target) = redirect {
            builder.routes.by_url.remove(section.url.as_str());
            builder.alias(
                section.url.clone(),
                Url::new(&format!("{}/", target.trim_matches('/'))),
                &file.path,
            );
        }
    }
}

/// Every taxonomy in use, and its terms with their sheets.
fn taxonomy_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    for (index, taxonomy) in (0..).zip(site.taxonomies.iter()) {
        if !taxonomy.config.render || (taxonomy.terms.is_empty()) {
            continue;
        }
        builder.add(Target::Taxonomy(index), None);
        for (place, term) in (0..).zip(&taxonomy.terms) {
            for sheet in 1..=Site::sheets(term.pages.len(), taxonomy.config.paginate_by) {
                builder.add(Target::Term(index, place, sheet), None);
            }
        }
    }
}

/// The earlier addresses of pages, which send readers on.
fn alias_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    for parsed in &site.files {
        if let Some(target) = builder.routes.by_source.get(&parsed.path).copied() {
            let to = site.url(target);
            for (alias, _) in &parsed.front.aliases {
                builder.alias(alias_url(alias), to.clone(), &parsed.path);
            }
        }
    }
}

/// Every version of every law with a text, and what changed between neighbours; beside them the laws known by name.
fn law_routes(site: &Site, builder: &mut RouteBuilder<'_>) {
    let has_texts = site.library.has_texts();
    for (id, law) in site.library.iter() {
        if law.versions.is_empty() && has_texts {
            builder.add(Target::Law(id, 0), None);
        }
        for (version, text) in (0..).zip(&law.versions) {
            let source = text.statute.files.first().map(|file| &file.path);
            builder.add(Target::Law(id, version), source);
            for file in &text.statute.files {
                builder
                    .routes
                    .by_source
                    .insert(file.path.clone(), Target::Law(id, version));
            }
            if version > 0 {
                builder.add(Target::Comparison(id, version), source);
            }
        }
        for (chapter, _) in (0..).zip(&law.chapters) {
            builder.add(Target::LawChapter(id, chapter), None);
        }
    }
}

/// Changes with any address and with what answers it.
fn fingerprint(site: &Site, routes: &Routes) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = std::hash::DefaultHasher::new();
    for page in &site.pages {
        (page.url.as_str(), page.file).hash(&mut hasher);
    }
    for section in &site.sections {
        (section.url.as_str(), section.file, section.pages.len()).hash(&mut hasher);
    }
    for term in site.taxonomies.iter().flat_map(|taxonomy| &taxonomy.terms) {
        (term.url.as_str(), term.pages.len()).hash(&mut hasher);
    }
    for law in site.library.laws() {
        (law.slug.as_str(), law.versions.len()).hash(&mut hasher);
    }
    (
        routes.by_url.len(),
        routes.by_source.len(),
        &routes.aliases,
        site.assets.len(),
        site.statics.len(),
    )
        .hash(&mut hasher);
    hasher.finish()
}

/// An alias is an address: of a folder, unless it ends in `.html`.
fn alias_url(alias: &str) -> Url {
    let is_file = alias
        .rsplit('/')
        .next()
        .is_some_and(|name| name.ends_with(".html") || name.ends_with(".htm"));
    if is_file || alias.ends_with('/') {
        Url::new(alias)
    } else {
        Url::new(&format!("{alias}/"))
    }
}

struct RouteBuilder<'a> {
    site: &'a Site,
    routes: Routes,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl RouteBuilder<'_> {
    fn add(&mut self, target: Target, source: Option<&SourcePath>) {
        let url = self.site.url(target);
        self.claim(url, target, source);
    }

    fn claim(&mut self, url: Url, target: Target, source: Option<&SourcePath>) {
        match self.routes.by_url.get(url.as_str()).copied() {
            None => {
                self.routes.by_url.insert(url.as_str().to_owned(), target);
            }
            Some(taken) => {
                let other = self.source_of(taken);
                let diagnostic = match source {
                    Some(source) => Diagnostic::in_file("duplicate-url", source),
                    None => Diagnostic::new("duplicate-url"),
                };
                self.diagnostics
                    .push(diagnostic.with("url", &url).with("other", other));
            }
        }
    }

    /// The first sheet of a list is the list itself; who counts from one finds it all the same.
    fn first_sheets(&mut self) {
        let site = self.site;
        let lists = self
            .routes
            .by_url
            .values()
            .filter_map(|target| match target {
                Target::Section(id, 2) => {
                    let section = site.section(*id);
                    Some((&section.url, &*section.paginate_path))
                }
                Target::Term(taxonomy, term, 2) => {
                    let taxonomy = &site.taxonomies[*taxonomy as usize];
                    let term = &taxonomy.terms[*term as usize];
                    Some((&term.url, taxonomy.config.paginate_path.as_str()))
                }
                _ => None,
            });
        let mut lists: Vec<(&Url, &str)> = lists.collect();
        lists.sort_unstable();
        for (list, word) in lists {
            let first = Url::new(&format!("{list}{word}/1/"));
            if !self.routes.by_url.contains_key(first.as_str()) {
                let index = count(self.routes.aliases.len());
                self.routes.aliases.push((first.clone(), list.clone()));
                self.routes
                    .by_url
                    .insert(first.as_str().to_owned(), Target::Alias(index));
            }
        }
    }

    /// Pages and sections nobody translated, for readers of the languages that ask for them.
    fn fallbacks(&mut self) {
        let site = self.site;
        let config = &site.config;
        self.search_pages();
        let asking = config.languages.iter().filter(|language| language.fallback);
        for language in asking {
            let code: Arc<str> = language.code.as_str().into();
            let routes = &self.routes;
            let untranslated = routes.by_url.iter().filter(|(_, target)| match target {
                Target::Page(id) => {
                    let page = site.page(*id);
                    *page.language == *config.default_language && !self.is_translated(page, &code)
                }
                Target::Section(id, _) => {
                    let section = site.section(*id);
                    *section.language == *config.default_language
                        && site.section_in(section, &code).is_none()
                }
                _ => false,
            });
            let mut all: Vec<Fallback> = untranslated
                .map(|(url, target)| Fallback {
                    target: *target,
                    language: code.clone(),
                    url: Url::new(&format!("/{code}{url}")),
                })
                .filter(|fallback| !routes.by_url.contains_key(fallback.url.as_str()))
                .collect();
            all.sort_unstable_by(|a, b| a.url.cmp(&b.url));
            for fallback in all {
                let index = count(self.routes.fallbacks.len());
                let url = fallback.url.as_str().to_owned();
                self.routes.by_url.insert(url, Target::Fallback(index));
                self.routes.fallbacks.push(fallback);
            }
        }
    }

    /// The search page in the other languages with a front page: pufa has the words for it, so nobody has to translate it.
    fn search_pages(&mut self) {
        let config = &self.site.config;
        let languages = config.languages.iter().filter(|language| {
            let mut sections = self.site.sections.iter();
            let front = sections.any(|one| one.parent.is_none() && *one.language == *language.code);
            front && config.build_search_index
        });
        for language in languages {
            let url = Url::new(&format!("/{}{}", language.code, House::Search.url()));
            if self.routes.by_url.contains_key(url.as_str()) {
                continue;
            }
            let index = count(self.routes.fallbacks.len());
            let target = Target::Fallback(index);
            self.routes.by_url.insert(url.as_str().to_owned(), target);
            self.routes.fallbacks.push(Fallback {
                target: Target::House(House::Search),
                language: language.code.as_str().into(),
                url,
            });
        }
    }

    /// Whether there is a file that says what the page says in a language.
    fn is_translated(&self, page: &Page, code: &str) -> bool {
        let path = self.site.file(page.file).translated_path(Some(code));
        self.routes.by_source.contains_key(path.as_str())
    }

    fn alias(&mut self, from: Url, to: Url, source: &SourcePath) {
        let index = count(self.routes.aliases.len());
        self.routes.aliases.push((from.clone(), to));
        self.claim(from, Target::Alias(index), Some(source));
    }

    fn source_of(&self, target: Target) -> String {
        match target {
            Target::Page(id) => self.site.file(self.site.page(id).file).path.to_string(),
            Target::Section(id, _) => {
                let section = self.site.section(id);
                section.file.map_or_else(
                    || section.folder.clone(),
                    |file| self.site.file(file).path.to_string(),
                )
            }
            Target::Asset(index) => self.site.assets[index as usize].0.to_string(),
            Target::Taxonomy(index) | Target::Term(index, ..) => {
                self.site.taxonomies[index as usize].config.name.clone()
            }
            Target::Law(law, version) => {
                let text = self.site.library.law(law).versions.get(version as usize);
                let file = text.and_then(|text| text.statute.files.first());
                file.map_or_else(String::new, |file| file.path.to_string())
            }
            Target::BookPrint(_)
            | Target::House(_)
            | Target::LawChapter(..)
            | Target::Comparison(..)
            | Target::Alias(_) => self.site.url(target).to_string(),
            Target::Fallback(index) => self.routes.fallbacks[index as usize].url.to_string(),
        }
    }
}
