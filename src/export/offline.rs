//! The whole site, or what belongs to one topic, as a folder that is opened from a disk: a start page, the pages below
//! `site/`, checksums and a report of sizes.
//!
//! Links inside lead to files (`loan/index.html`), so that a double click suffices and no script is needed. What is left out
//! is linked where it is published.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io;
use std::sync::Arc;

use quick_xml::escape::unescape;
use rayon::prelude::*;

use super::address::absolute;
use crate::base::{OutPath, Url};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::load::Asset;
use crate::model::{House, Page, PageId, Role, SectionId, Site, Target};
use crate::output::{self, Cooked, Recipe};
use crate::render::{World, escape, offline};
use crate::resolve::link::percent_decode;

/// The page to begin with.
pub const START: &str = "index.html";

/// The checksums, as `sha256sum -c` reads them.
pub const SUMS: &str = "SHA256SUMS";

/// What checks them in Windows' PowerShell: the names of files that are damaged or lost.
const CHECK_IN_WINDOWS: &str = "Get-Content SHA256SUMS -Encoding UTF8 | ForEach-Object { $sum, $file = $_ -split '  ', 2; if ((Get-FileHash -LiteralPath $file).Hash -ne $sum) { $file } }";

/// The report of sizes.
pub const SIZES: &str = "SIZES.txt";

/// The folder of the site's own pages.
const SITE: &str = "site";

/// What goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// A topic or audience: taxonomy and term. `None` for the whole site.
    pub topic: Option<(u32, u32)>,
    /// Whether sound and video go along.
    pub media: bool,
}

/// The folder: its files in their order.
#[derive(Debug, Default)]
pub struct Folder {
    /// Path and content of each file.
    pub files: Vec<(String, Part)>,
    /// Bytes by kind: what people read, how many files, how many bytes.
    pub sizes: Vec<(String, usize, u64)>,
    /// Problems met while rendering.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Part {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file of the site, as it is.
    Copy(Arc<Asset>),
}

/// Makes what needs files of the site or a cache: an image in another size, a book, a card.
pub type Make<'a> = &'a (dyn Fn(&Recipe) -> io::Result<(Vec<u8>, Vec<Diagnostic>)> + Sync);

/// Puts the folder together. The world is one configured for reading from a disk.
///
/// # Errors
/// What `make` meets.
pub fn compose(world: &Arc<World>, options: Options, make: Make<'_>) -> io::Result<Folder> {
    let mut folder = Folder::default();
    let recipes = recipes(world, options);
    let mut parts = cook_all(world, recipes, make, &mut folder.diagnostics)?;
    let inside: BTreeSet<OutPath> = parts.keys().cloned().collect();
    parts.par_iter_mut().for_each(|(path, part)| {
        lead_outside(part, path, &inside, world);
    });
    let mut sizes = Sizes::default();
    let mut site = Vec::with_capacity(parts.len());
    for (path, part) in parts {
        sizes.count(path.as_str(), &part);
        site.push((format!("{SITE}/{path}"), part));
    }
    folder.sizes = sizes.report(world);
    let start = start_page(world, options, &folder.sizes);
    let report = report(world, &folder.sizes);
    folder.files = vec![
        (START.to_owned(), Part::Bytes(start.into_bytes())),
        (SIZES.to_owned(), Part::Bytes(report.into_bytes())),
    ];
    folder.files.extend(site);
    Ok(folder)
}

/// A line of the checksums.
#[must_use]
pub fn sum_line(path: &str, bytes: &[u8]) -> String {
    format!("{}  {path}\n", crate::base::sha256(bytes))
}

/// Every file, with the images that pages turned out to need.
fn cook_all(
    world: &Arc<World>,
    recipes: BTreeMap<OutPath, Recipe>,
    make: Make<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<BTreeMap<OutPath, Part>> {
    let cooked: Vec<(OutPath, Option<Part>, Cooked)> = recipes
        .into_par_iter()
        .map(|(path, recipe)| {
            let (part, cooked) = part(world, &recipe, make)?;
            Ok((path, part, cooked))
        })
        .collect::<io::Result<_>>()?;
    let mut parts = BTreeMap::new();
    let mut needs = BTreeMap::new();
    for (path, part, cooked) in cooked {
        diagnostics.extend(cooked.diagnostics);
        needs.extend(cooked.needs);
        parts.extend(part.map(|part| (path, part)));
    }
    for (path, recipe) in needs {
        if let (Some(part), _) = part(world, &recipe, make)? {
            parts.entry(path).or_insert(part);
        }
    }
    Ok(parts)
}

fn part(world: &Arc<World>, recipe: &Recipe, make: Make<'_>) -> io::Result<(Option<Part>, Cooked)> {
    if let Some(mut cooked) = output::cook(world, recipe) {
        let bytes = std::mem::take(&mut cooked.bytes);
        return Ok((Some(Part::Bytes(bytes)), cooked));
    }
    let mut cooked = Cooked::default();
    let part = match recipe {
        Recipe::Copy(asset) => Some(Part::Copy(asset.clone())),
        Recipe::Resize(..) | Recipe::Book(..) | Recipe::Card(_) => {
            let (bytes, problems) = make(recipe)?;
            cooked.diagnostics.extend(problems);
            Some(Part::Bytes(bytes))
        }
        Recipe::Page(_)
        | Recipe::Feed(..)
        | Recipe::Companion(_)
        | Recipe::Bytes(_)
        | Recipe::Icon(_)
        | Recipe::Last(_) => None,
    };
    Ok((part, cooked))
}

// ---- what goes in

fn recipes(world: &Arc<World>, options: Options) -> BTreeMap<OutPath, Recipe> {
    let mut plan = match options.topic {
        None => output::plan(world).files,
        Some((taxonomy, term)) => of_topic(world, taxonomy, term),
    };
    // For machines that read the site on the web.
    plan.retain(|path, recipe| {
        let name = path.as_str();
        let for_machines = name.starts_with("sitemap") && name.ends_with(".xml")
            || name == "robots.txt"
            || name == "llms.txt"
            || matches!(recipe, Recipe::Last(_));
        !for_machines && (options.media || !offline::is_media(name))
    });
    plan
}

/// What belongs to a topic: its pages, the sections and chapters they are in, the laws they cite, and what every page needs.
fn of_topic(world: &Arc<World>, taxonomy: u32, term: u32) -> BTreeMap<OutPath, Recipe> {
    let site = &world.site;
    let pages: BTreeSet<PageId> = site.taxonomies[taxonomy as usize].terms[term as usize]
        .pages
        .iter()
        .copied()
        .collect();
    let mut targets = BTreeSet::from([site.url(Target::Term(taxonomy, term, 1))]);
    let mut folders = BTreeSet::new();
    for id in &pages {
        let page = site.page(*id);
        targets.insert(page.url.clone());
        folders.insert(page.url.path().to_owned());
        add_above(site, page, &mut targets);
    }
    for house in [House::NotFound, House::Accessibility, House::Glossary] {
        targets.insert(house.url());
    }
    let languages = site.config.language_codes();
    targets.extend(languages.map(|language| site.routes.search_in(language)));
    for (law, no) in world
        .resolved
        .cited_by
        .iter()
        .filter_map(|(key, by)| by.iter().any(|by| pages.contains(&by.page)).then_some(*key))
    {
        targets.insert(site.library.law(law).url());
        targets.extend(crate::render::statute::popover_files_of(
            site.library.law(law),
            no,
        ));
    }
    let wanted: BTreeSet<OutPath> = targets.iter().map(OutPath::of_url).collect();
    let beside_a_page = |path: &OutPath| {
        let at = format!("/{path}");
        let folder = at.rsplit_once('/').map_or("/", |(folder, _)| folder);
        folders.contains(&format!("{folder}/"))
    };
    let mut files = output::plan_without_search(world).files;
    files.retain(|path, recipe| match recipe {
        Recipe::Page(_) => wanted.contains(path),
        Recipe::Feed(..) => false,
        Recipe::Companion(_) => beside_a_page(path),
        Recipe::Bytes(_) => !is_popover(path) || wanted.contains(path),
        Recipe::Copy(_) | Recipe::Resize(..) => is_static(site, path) || beside_a_page(path),
        Recipe::Book(..) => beside_a_page(path),
        // For feeds of other sites only.
        Recipe::Card(_) => false,
        Recipe::Icon(_) | Recipe::Last(_) => true,
    });
    if site.config.build_search_index {
        let index =
            crate::index::site::build_part(world, |url| wanted.contains(&OutPath::of_url(url)));
        let index = index.files.into_iter();
        files.extend(index.map(|(path, bytes)| (path, Recipe::Bytes(bytes.into()))));
    }
    files
}

/// The sections above a page, and the chapter a question is in.
fn add_above(site: &Site, page: &Page, targets: &mut BTreeSet<Url>) {
    if let Role::Question(book, place, _) = page.role {
        let chapters = site.books[book.index()].contents();
        let chapter = chapters
            .iter()
            .find(|chapter| chapter.questions.contains(&(place as usize)));
        targets.extend(chapter.map(|chapter| site.url(chapter.target)));
    }
    let mut at: Option<SectionId> = Some(page.section);
    while let Some(id) = at {
        targets.insert(site.section(id).url.clone());
        at = site.section(id).parent;
    }
}

fn is_popover(path: &OutPath) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    name.starts_with("popover-")
}

fn is_static(site: &Site, path: &OutPath) -> bool {
    // A smaller form lies beside its image.
    let path = path.as_str();
    let original = path.rsplit_once('-').map(|(stem, _)| stem);
    site.statics.contains_key(path)
        || original.is_some_and(|stem| {
            site.statics
                .keys()
                .any(|name| name.rsplit_once('.').is_some_and(|(own, _)| own == stem))
        })
}

// ---- links to what is left out

/// Links of a page to files that are not in the folder lead to where they are published; without such an address they lead
/// nowhere.
fn lead_outside(part: &mut Part, path: &OutPath, inside: &BTreeSet<OutPath>, world: &World) {
    let config = &world.site.config;
    if let Part::Bytes(bytes) = part
        && path.as_str().ends_with(".html")
    {
        let from = Url::new(path.as_str());
        let html = String::from_utf8_lossy(bytes);
        let note = escape::escape(&word(world, "left_out"));
        let played = without_silent_players(&html, &note, |address| {
            published(address, &from, inside, config) == Some(None)
        });
        *bytes = rewrite(&played, &from, inside, config).into_bytes();
    }
}

/// Puts a note in the place of players whose every recording is lost.
fn without_silent_players<'a>(
    html: &'a str,
    note: &str,
    is_lost: impl Fn(&str) -> bool,
) -> Cow<'a, str> {
    let players = [("<video", "</video>"), ("<audio", "</audio>")];
    let mut out = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some((start, close)) = players
        .iter()
        .filter_map(|(open, close)| Some((at + html[at..].find(open)?, *close)))
        .min()
    {
        let end = html[start..]
            .find(close)
            .map(|found| start + found + close.len());
        let end = end.unwrap_or(html.len());
        let mut recordings = recordings(&html[start..end]).peekable();
        if recordings.peek().is_some() && recordings.all(&is_lost) {
            out.push_str(&html[done..start]);
            let _ = write!(out, "<p class=\"notice\">{note}</p>");
            done = end;
        }
        at = end;
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

/// The addresses a player plays; its subtitles are none.
fn recordings(player: &str) -> impl Iterator<Item = &str> {
    let tags = player.split('<').filter(|tag| !tag.starts_with("track"));
    tags.filter_map(|tag| tag.split_once(" src=\"")?.1.split('"').next())
}

fn rewrite(html: &str, from: &Url, inside: &BTreeSet<OutPath>, config: &Config) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((at, open)) = [" href=\"", " src=\""]
        .iter()
        .filter_map(|open| Some((rest.find(open)?, *open)))
        .min()
    {
        let value = &rest[at + open.len()..];
        let end = value.find('"').unwrap_or(value.len());
        out.push_str(&rest[..at]);
        match published(&value[..end], from, inside, config) {
            None => out.push_str(&rest[at..(at + open.len() + end + 1).min(rest.len())]),
            Some(Some(address)) => {
                let _ = write!(out, "{open}{}\"", escape::escape(&address));
            }
            Some(None) => {}
        }
        rest = &value[(end + 1).min(value.len())..];
    }
    out.push_str(rest);
    out
}

/// `None` for an address that stays as it is; else the address instead, if there is one.
fn published(
    address: &str,
    from: &Url,
    inside: &BTreeSet<OutPath>,
    config: &Config,
) -> Option<Option<String>> {
    if address.starts_with('#') || address.starts_with("data:") {
        return None;
    }
    let address = unescape(address).unwrap_or(Cow::Borrowed(address));
    let url = absolute(from, &percent_decode(&address)).ok()?;
    // The page for unknown addresses begins its links at the site's root.
    let base = config.base_path().trim_end_matches('/');
    let path = url.path().strip_prefix(base).unwrap_or(url.path());
    if inside.contains(&OutPath::of_url(&Url::new(path))) {
        return None;
    }
    let folder = path.strip_suffix("index.html").unwrap_or(path);
    let fragment = url.fragment().map(|fragment| format!("#{fragment}"));
    let online = config.permalink(&Url::new(&format!(
        "{folder}{}",
        fragment.unwrap_or_default()
    )));
    Some((!config.base_url.is_empty()).then_some(online))
}

// ---- sizes

/// Kinds of files in the report, each with the key of its name.
const KINDS: [&str; 6] = ["pages", "look", "search", "images", "media", "other"];

#[derive(Default)]
struct Sizes([(usize, u64); KINDS.len()]);

impl Sizes {
    fn count(&mut self, path: &str, part: &Part) {
        let ending = path
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        let kind = match ending.as_deref().unwrap_or_default() {
            _ if path.starts_with("search/") && !path.ends_with(".html") => 2,
            "html" => 0,
            "css" | "js" => 1,
            "png" | "jpg" | "jpeg" | "webp" | "gif" | "svg" | "avif" | "ico" => 3,
            _ if offline::is_media(path) => 4,
            _ => 5,
        };
        let len = match part {
            Part::Bytes(bytes) => bytes.len() as u64,
            Part::Copy(asset) => asset.len,
        };
        self.0[kind].0 += 1;
        self.0[kind].1 += len;
    }

    fn report(self, world: &World) -> Vec<(String, usize, u64)> {
        let text = |key: &str| word(world, key);
        let total = self
            .0
            .iter()
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        KINDS
            .iter()
            .zip(self.0)
            .filter(|(_, (files, _))| *files > 0)
            .map(|(kind, (files, bytes))| (text(kind), files, bytes))
            .chain([(text("total"), total.0, total.1)])
            .collect()
    }
}

fn word(world: &World, key: &str) -> String {
    let language = &world.site.config.default_language;
    world.theme.text(language, &format!("disk.{key}"))
}

/// A size as people read it.
#[must_use]
pub fn readable(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn report(world: &World, sizes: &[(String, usize, u64)]) -> String {
    let mut out = format!("{}  {}\n\n", world.site.config.title, world.site.today);
    for (kind, files, bytes) in sizes {
        let _ = writeln!(out, "{bytes:>12}  {files:>6}  {kind}");
    }
    out
}

// ---- the start page

fn start_page(world: &World, options: Options, sizes: &[(String, usize, u64)]) -> String {
    let site = &world.site;
    let config = &site.config;
    let escaped = |text: &str| escape::escape(text);
    let style = world.theme.file("css/pufa.css", &config.default_language);
    let style = style.map_or_else(String::new, |(address, _)| {
        format!(
            "<link rel=\"stylesheet\" href=\"{SITE}/{}\">\n",
            escaped(address)
        )
    });
    let pages = sizes.first().map_or(0, |(_, files, _)| *files);
    let mut lines = vec![
        word(world, "about")
            .replace("{title}", &config.title)
            .replace("{date}", &site.today.to_string())
            .replace("{n}", &pages.to_string()),
    ];
    if let Some((taxonomy, term)) = options.topic {
        let name = &site.taxonomies[taxonomy as usize].terms[term as usize].name;
        lines.push(word(world, "part").replace("{topic}", name));
    }
    if !options.media {
        lines.push(word(world, "no_media"));
    }
    let text: String = lines
        .iter()
        .map(|line| format!("<p>{}</p>\n", escaped(line)))
        .collect();
    let rows: String = sizes
        .iter()
        .map(|(kind, files, bytes)| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"right\">{files}</td><td class=\"right\">{}</td></tr>\n",
                escaped(kind),
                readable(*bytes)
            )
        })
        .collect();
    let whole = if config.base_url.is_empty() {
        String::new()
    } else {
        let address = escaped(&format!("{}/", config.base_url));
        format!(
            "<p>{} <a href=\"{address}\">{address}</a></p>\n",
            escaped(&word(world, "whole"))
        )
    };
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<meta name=\"robots\" content=\"noindex\">\n{style}</head>\n<body>\n<main id=\"main\" class=\"frame\">\n<header class=\"page-head\"><h1>{title}</h1></header>\n<p><a class=\"button\" href=\"{SITE}/index.html\">{open}</a></p>\n<div class=\"prose text\">\n{text}{whole}<h2>{sizes}</h2>\n<table>\n<thead><tr><th scope=\"col\">{kind}</th><th scope=\"col\" class=\"right\">{files}</th><th scope=\"col\" class=\"right\">{size}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n<h2>{check}</h2>\n<p>{how}</p>\n<p><code>sha256sum -c {SUMS}</code></p>\n<p>{how_in_windows}</p>\n<p><code>{in_windows}</code></p>\n</div>\n</main>\n</body>\n</html>\n",
        escaped(&config.default_language),
        title = escaped(&config.title),
        open = escaped(&word(world, "open")),
        sizes = escaped(&word(world, "sizes")),
        kind = escaped(&word(world, "kind")),
        files = escaped(&word(world, "files")),
        size = escaped(&word(world, "size")),
        check = escaped(&word(world, "check")),
        how = escaped(&word(world, "how")),
        how_in_windows = escaped(&word(world, "how_in_windows")),
        in_windows = escaped(CHECK_IN_WINDOWS),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let inside = ["loan/index.html", "css/a.css", "files/a&b.png"];
        let inside = inside.map(OutPath::new).into_iter().collect();
        let config = Config {
            base_url: "https://pufa.example.org".to_owned(),
            ..Config::default()
        };
        let from = Url::new("/wages/index.html");
        assert_eq!(rewrite(html, &from, &inside, &config), expected);
    }

    #[test]
    fn links_to_what_is_inside_stay() {
        for html in [
            "<a href=\"../loan/index.html#what\">",
            "<a class=\"x\" href=\"#here\">",
            "<link rel=\"stylesheet\" href=\"../css/a.css\">",
            "<a href=\"tel:12348\"><a href=\"https://www.12348.gov.cn/\">",
            "<img src=\"../files/a&amp;b.png\">",
            "<img src=\"../css/a.css",
        ] {
            check(html, html);
        }
    }

    #[test]
    fn links_to_what_is_left_out_lead_to_the_published_site() {
        check(
            "<a href=\"../will/index.html#who\">遗嘱</a>",
            "<a href=\"https://pufa.example.org/will/#who\">遗嘱</a>",
        );
        check(
            "<audio src=\"sound.mp3\" controls>",
            "<audio src=\"https://pufa.example.org/wages/sound.mp3\" controls>",
        );
    }

    #[test]
    fn a_player_without_any_recording_gives_way_to_a_note() {
        let silent =
            "<p>a</p><video controls>\n<source src=\"a.mp4\"><track src=\"a.vtt\"></video><p>b</p>";
        let lost = |address: &str| address.ends_with(".mp4");
        assert_eq!(
            without_silent_players(silent, "left out", lost),
            "<p>a</p><p class=\"notice\">left out</p><p>b</p>"
        );
        let heard = "<audio src=\"a.mp3\"></audio><video><source src=\"a.mp4\"><source src=\"b.webm\"></video>";
        assert_eq!(without_silent_players(heard, "left out", lost), heard);
    }

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(readable(999), "999 B");
        assert_eq!(readable(1_001), "2 KB");
        assert_eq!(readable(12_340_000), "12.3 MB");
    }
}
