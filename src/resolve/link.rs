//! Links and images: `@/file.md#anchor`, relative files and addresses, static files; what is missing is a diagnostic.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{LinkTarget, ResolvedFile};
use crate::base::{SourcePath, Span, Url, nearest};
use crate::diag::Diagnostic;
use crate::doc::{BlockKind, CONTINUE_READING, Document, InlineKind, Shortcode};
use crate::model::{Role, Site, Target};
use crate::parse::front::Kind;
use crate::parse::page::Parsed;

/// Resolves every link and image of a document written in the file `parsed`, in the order of their indices.
pub fn resolve_links(
    site: &Site,
    parsed: &Parsed,
    document: &Document,
    resolved: &mut ResolvedFile,
) {
    let resolver = Resolver::new(site, parsed);
    document.walk_inlines(&mut |inline| match &inline.kind {
        InlineKind::Link(link) => {
            let target = resolver.resolve(
                &link.target,
                inline.span,
                "broken-link",
                &mut resolved.diagnostics,
            );
            resolved.links.push(target);
        }
        InlineKind::Image(image) => {
            if image.alt.trim().is_empty() {
                resolved
                    .diagnostics
                    .push(Diagnostic::at("missing-alt", &parsed.path, inline.span));
            }
            let target = resolver.resolve(
                &image.source,
                inline.span,
                "missing-file",
                &mut resolved.diagnostics,
            );
            resolved.links.push(target);
        }
        _ => {}
    });
}

/// Where an address in `file` leads, for templates and short codes; the error is the diagnostic.
pub fn resolve_address(
    site: &Site,
    parsed: &Parsed,
    address: &str,
    span: Span,
) -> (LinkTarget, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let resolver = Resolver::new(site, parsed);
    let target = resolver.resolve(address, span, "broken-link", &mut diagnostics);
    (target, diagnostics)
}

/// The address of the file, page or address in the site that `name` stands for, seen from `parsed`.
#[must_use]
pub fn find_address(site: &Site, parsed: &Parsed, name: &str) -> Option<Url> {
    let resolver = Resolver::new(site, parsed);
    resolver.find(&percent_decode(name)).map(|(_, url)| url)
}

/// The path of the file that `name` stands for beside `file`; `None` when it leads out of the site.
#[must_use]
pub fn beside(file: &SourcePath, name: &str) -> Option<String> {
    normalize(&format!("{}/{name}", file.parent()))
}

fn base_url(site: &Site, parsed: &Parsed) -> Url {
    site.routes
        .by_source
        .get(&parsed.path)
        .map_or_else(|| Url::new("/"), |target| site.url(*target))
}

struct Resolver<'a> {
    site: &'a Site,
    parsed: &'a Parsed,
    base: Url,
    /// Anchors of the pages links led to so far: a long page may lead to itself thousands of times.
    anchors: RefCell<BTreeMap<Target, Option<Anchors<'a>>>>,
}

/// The anchors of a page.
type Anchors<'a> = Rc<BTreeSet<&'a str>>;

impl<'a> Resolver<'a> {
    fn new(site: &'a Site, parsed: &'a Parsed) -> Self {
        Self {
            site,
            parsed,
            base: base_url(site, parsed),
            anchors: RefCell::default(),
        }
    }

    fn anchors(&self, target: Target) -> Option<Anchors<'a>> {
        let mut known = self.anchors.borrow_mut();
        let found = known
            .entry(target)
            .or_insert_with(|| page_ids(self.site, target).map(Rc::new));
        found.clone()
    }

    fn resolve(
        &self,
        address: &str,
        span: Span,
        code: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
        if has_scheme(address) || address.starts_with("//") {
            return LinkTarget::External(address.into());
        }
        let (path, fragment) = match address.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (address, None),
        };
        let path = percent_decode(path);
        match self.find(&path) {
            Some((target, url)) => self.with_fragment(target, url, fragment, span, diagnostics),
            None => {
                let near = self.nearest(&path);
                diagnostics.push(
                    Diagnostic::at(code, &self.parsed.path, span)
                        .with("target", address)
                        .with_option("nearest", near),
                );
                LinkTarget::Broken
            }
        }
    }

    fn find(&self, path: &str) -> Option<(Option<Target>, Url)> {
        if path.is_empty() {
            let target = self.site.routes.by_source.get(&self.parsed.path).copied();
            return Some((target, self.base.clone()));
        }
        if let Some(file) = path.strip_prefix("@/") {
            return self.by_source(&format!("content/{file}"));
        }
        if path.starts_with('/') {
            return self.by_url(path);
        }
        let beside = normalize(&format!("{}/{path}", self.parsed.path.parent()))?;
        self.by_source(&beside).or_else(|| {
            let base = self.base.path();
            let folder = &base[..=base.rfind('/').unwrap_or(0)];
            self.by_url(&format!("/{}", normalize(&format!("{folder}{path}"))?))
        })
    }

    /// A content file; in another language's page first the file of that language.
    fn by_source(&self, file: &str) -> Option<(Option<Target>, Url)> {
        let by_source = &self.site.routes.by_source;
        let translated = self.parsed.language.as_ref().and_then(|language| {
            let stem = file.strip_suffix(".md")?;
            by_source.get(format!("{stem}.{language}.md").as_str())
        });
        let target = *translated.or_else(|| by_source.get(file))?;
        Some((Some(target), self.site.url(target)))
    }

    fn by_url(&self, path: &str) -> Option<(Option<Target>, Url)> {
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (path, None),
        };
        let without_index = path.strip_suffix("index.html").unwrap_or(path);
        let candidates = [without_index.to_owned(), format!("{without_index}/")];
        for candidate in candidates {
            if let Some(&target) = self.site.routes.by_url.get(&candidate) {
                let url = match query {
                    Some(query) => Url::new(&format!("{candidate}?{query}")),
                    None => Url::new(&candidate),
                };
                return Some((Some(target), url));
            }
        }
        let file = path.trim_start_matches('/');
        let made = matches!(file, "sitemap.xml" | "robots.txt" | "llms.txt")
            || self.is_feed(file)
            || matches!(
                path.rsplit('/').next(),
                Some("calendar.ics" | "podcast.xml")
            );
        (made || self.site.statics.contains_key(file)).then(|| (None, Url::new(path)))
    }

    fn is_feed(&self, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or(file);
        let names = &self.site.config.feed_filenames;
        names.iter().any(|feed| feed == name)
    }

    fn with_fragment(
        &self,
        target: Option<Target>,
        url: Url,
        fragment: Option<&str>,
        span: Span,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) else {
            return LinkTarget::Internal { target, url };
        };
        if let Some(question) = target.and_then(|target| self.question_page(target, fragment)) {
            return LinkTarget::Internal {
                target: Some(question),
                url: self.site.url(question),
            };
        }
        let ids = target.and_then(|target| self.anchors(target));
        if let Some(ids) = ids {
            let wanted = percent_decode(fragment);
            if !ids.contains(wanted.as_str()) && !ids.contains(fragment) {
                diagnostics.push(
                    Diagnostic::at("broken-anchor", &self.parsed.path, span)
                        .with("anchor", fragment)
                        .with("page", &url)
                        .with_option(
                            "nearest",
                            nearest(&wanted, ids.iter().copied().take(ANCHORS)),
                        ),
                );
                return LinkTarget::Internal { target, url };
            }
        }
        LinkTarget::Internal {
            target,
            url: url.with_fragment(fragment),
        }
    }

    /// An anchor that is a question of a chapter leads to the question's own page.
    fn question_page(&self, target: Target, fragment: &str) -> Option<Target> {
        let book = match target {
            Target::Page(id) => match self.site.page(id).role {
                Role::Chapter(book, _) | Role::Question(book, ..) => book,
                Role::File => return None,
            },
            Target::Section(id, _) => {
                let whole = self.site.books.iter().position(|book| book.section == id);
                let whole = whole.map(crate::model::BookId::of);
                whole.or_else(|| Some(self.site.chapter_of(id)?.0))?
            }
            _ => return None,
        };
        let book = &self.site.books[book.index()];
        let found = book.questions.iter().find(|id| {
            self.site
                .question(self.site.page(**id))
                .is_some_and(|question| question.id == fragment)
        })?;
        Some(Target::Page(*found))
    }

    fn nearest(&self, path: &str) -> Option<String> {
        let name = path
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(path);
        if path.starts_with("@/") || path.ends_with(".md") {
            let wanted = format!("content/{}", path.trim_start_matches("@/"));
            let paths: Vec<&str> = self
                .site
                .files
                .iter()
                .map(|file| file.path.as_str())
                .filter(|path| *path != self.parsed.path.as_str())
                .collect();
            let same_name = paths
                .iter()
                .filter(|path| path.rsplit('/').next() == Some(name))
                .min();
            let near = same_name
                .copied()
                .or_else(|| nearest(&wanted, paths.iter().copied()))?;
            return Some(near.replacen("content/", "@/", 1));
        }
        let assets = self.site.assets.iter().map(|(path, ..)| path.file_name());
        let statics = self
            .site
            .statics
            .keys()
            .map(|path| path.rsplit('/').next().unwrap_or(path));
        nearest(name, assets.chain(statics)).map(str::to_owned)
    }
}

/// How many anchors of a page are looked through for a hint: a page can have as many wrong links as it has anchors.
const ANCHORS: usize = 1000;

/// Every anchor of the page a target shows; `None` where pufa doesn't know them all.
fn page_ids(site: &Site, target: Target) -> Option<BTreeSet<&str>> {
    let file = match site.routes.shown(target) {
        Target::Page(id) => site.page(id).file,
        Target::Section(id, _) => site.section(id).file?,
        _ => return None,
    };
    file_anchors(site.file(file))
}

/// Every anchor of the text of a file; `None` where pufa doesn't know them all.
pub(super) fn file_anchors(parsed: &Parsed) -> Option<BTreeSet<&str>> {
    match parsed.kind() {
        // Articles, sentences of a transcript and service points have anchors too.
        Kind::Laws | Kind::Course | Kind::Directory => return None,
        Kind::Articles | Kind::Book | Kind::Cases | Kind::Events | Kind::Page => {}
    }
    let mut ids: BTreeSet<&str> = parsed
        .widgets
        .iter()
        .map(|widget| widget.id.as_str())
        .collect();
    let document = &parsed.document;
    if document
        .summary
        .is_some_and(|end| end < document.blocks.len())
    {
        ids.insert(CONTINUE_READING);
    }
    let mut unknown = false;
    parsed.document.walk_blocks(&mut |block| match &block.kind {
        BlockKind::Heading(heading) => {
            ids.insert(&*heading.id);
        }
        BlockKind::Html(html) => ids.extend(html_ids(html)),
        // What a short code makes can't be known before it is rendered.
        BlockKind::Shortcode(call) => unknown |= may_have_ids(call),
        _ => {}
    });
    parsed
        .document
        .walk_inlines(&mut |inline| match &inline.kind {
            InlineKind::Html(html) => ids.extend(html_ids(html)),
            InlineKind::Shortcode(call) => unknown |= may_have_ids(call),
            _ => {}
        });
    (!unknown).then_some(ids)
}

/// Whether a short code may make anchors. The built-in link to a question makes none.
fn may_have_ids(call: &Shortcode) -> bool {
    let wanted = call.argument("id").or_else(|| call.argument("value"));
    &*call.name != "question" || wanted.is_none()
}

fn html_ids(html: &str) -> impl Iterator<Item = &str> {
    ["id=\"", "name=\"", "id='", "name='"]
        .into_iter()
        .flat_map(move |start| {
            html.match_indices(start)
                .filter_map(move |(at, _)| html[at + start.len()..].split(['"', '\'']).next())
        })
}

/// `mailto:`, `https:`, `tel:`….
#[must_use]
pub fn has_scheme(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once(':') else {
        return false;
    };
    scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Resolves `.` and `..`; `None` above the root.
fn normalize(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    let trailing = if path.ends_with('/') && !parts.is_empty() {
        "/"
    } else {
        ""
    };
    Some(format!("{}{trailing}", parts.join("/")))
}

/// `%E6%B0%91` → 民; what is no valid escape stays.
#[must_use]
pub fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten();
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// The content file an `@/` address names.
#[must_use]
pub fn source_of(address: &str) -> SourcePath {
    SourcePath::new(format!("content/{}", address.trim_start_matches("@/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_told_from_paths() {
        for (address, is) in [
            ("https://a", true),
            ("mailto:x", true),
            ("a/b:c", false),
            ("C:", false),
            ("民法典:一", false),
        ] {
            assert_eq!(has_scheme(address), is, "{address}");
        }
    }

    #[test]
    fn dots_never_lead_above_the_root() {
        assert_eq!(normalize("a/../b/./c/"), Some("b/c/".into()));
        assert_eq!(normalize("a/../../b"), None);
    }

    #[test]
    fn escapes_are_decoded_and_what_is_none_stays() {
        assert_eq!(percent_decode("%E6%B0%91%"), "民%");
        assert_eq!(percent_decode("%FF"), "%FF");
    }
}
