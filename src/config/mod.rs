//! `pufa.toml` (or a Zola site's `zola.toml`, `config.toml`) and the command line → [`Config`], complete and immutable.

mod read;
mod search;

use std::collections::BTreeMap;

use crate::base::value::Table;
use crate::base::{Date, SourcePath, Url};
use crate::diag::Severity;
use crate::parse::markdown::Slugify;

pub use read::{Flavor, read};
pub use search::{Acceptance, Least, Measure, SearchConfig};

/// Everything that was decided about the site before a content file is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The configuration file, for messages about it.
    pub file: SourcePath,
    /// Title of the site.
    pub title: String,
    /// A sentence about the site.
    pub description: String,
    /// Address the site is published under, without a trailing slash; empty when unknown.
    pub base_url: String,
    /// Language of pages that name none: `zh-CN`.
    pub default_language: String,
    /// Further languages.
    pub languages: Vec<LanguageConfig>,
    /// Strings by key, for `trans`.
    pub translations: BTreeMap<String, String>,
    /// Author of pages that name none.
    pub author: Option<String>,
    /// Name of the theme in `themes/`.
    pub theme: Option<String>,
    /// Accent colour, `#rrggbb`.
    pub accent: Option<String>,
    /// Name of a look the theme brings.
    pub look: Option<String>,
    /// Room between things.
    pub density: Density,
    /// Output folder.
    pub output_dir: String,
    /// Whether HTML is written without needless white space.
    pub minify_html: bool,
    /// Whether folder links are written with `index.html`.
    pub links: LinkStyle,
    /// Whether the site and its sections have feeds.
    pub generate_feeds: bool,
    /// Entries of a feed.
    pub feed_limit: usize,
    /// Names of feed files; never empty. Each feed is written under all of them.
    pub feed_filenames: Vec<String>,
    /// Whether `sitemap.xml` is written.
    pub generate_sitemap: bool,
    /// Whether `robots.txt` is written.
    pub generate_robots_txt: bool,
    /// Whether the site has a search.
    pub build_search_index: bool,
    /// Whether further sheets of lists stay out of the sitemap.
    pub paginated_in_sitemap: bool,
    /// Taxonomies. Those a language declares for itself are here too, and go before the common ones on its pages.
    pub taxonomies: Vec<TaxonomyConfig>,
    /// Where the addresses of taxonomies begin, without slashes around it; mostly empty.
    pub taxonomy_root: String,
    /// Globs of content files to leave out.
    pub ignored_content: Vec<String>,
    /// Globs of static files to leave out.
    pub ignored_static: Vec<String>,
    /// How file names become addresses.
    pub slugify_paths: Slugify,
    /// How terms become addresses.
    pub slugify_taxonomies: Slugify,
    /// Whether the date in a file name stays in the address.
    pub paths_keep_dates: bool,
    /// Markdown.
    pub markdown: MarkdownConfig,
    /// Law libraries outside the content.
    pub law_libraries: Vec<String>,
    /// Government site labels and footer.
    pub gov: Option<Table>,
    /// Hotline shown everywhere.
    pub hotline: String,
    /// Main menu; empty for one made of the top sections.
    pub nav: Vec<NavItem>,
    /// Blocks of the front page.
    pub front: Table,
    /// Search settings.
    pub search: SearchConfig,
    /// Book settings.
    pub books: BooksConfig,
    /// PDF settings.
    pub pdf: PdfConfig,
    /// What readers may keep on their device.
    pub offline: OfflineConfig,
    /// Severity of checks by code; `None` switches one off.
    pub rules: BTreeMap<String, Option<Severity>>,
    /// Longest sentence, in characters, that `check` lets pass.
    pub max_sentence: usize,
    /// Which links to other sites `check --external` asks for, and how long.
    pub external: ExternalLinks,
    /// How addresses of files are opened in an editor, for the preview's panel: `vscode://file/{path}:{line}:{column}`.
    pub editor: String,
    /// Whatever templates should know.
    pub extra: Table,
}

/// How links to other sites are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalLinks {
    /// Beginnings of addresses that are not asked for.
    pub skip: Vec<String>,
    /// How long all of it may take, in seconds.
    pub seconds: u64,
}

/// Room between things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// Plenty.
    Comfortable,
    /// Little.
    Compact,
}

/// What readers may keep on their device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfflineConfig {
    /// Whether the site has a service worker. The preview has none: it would show yesterday's pages.
    pub worker: bool,
    /// The size in bytes up to which the whole site (without sound and video) is kept after the first page.
    pub whole_site: u64,
}

/// How links to folders are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStyle {
    /// `../loan/`; a script completes them when the page is opened from disk.
    Folder,
    /// `../loan/index.html`.
    File,
}

/// A further language.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageConfig {
    /// Its code: `en`.
    pub code: String,
    /// Title in that language.
    pub title: Option<String>,
    /// Description in that language.
    pub description: Option<String>,
    /// Whether it has a feed; what the site says when it says nothing itself.
    pub generate_feeds: Option<bool>,
    /// Whether what there is no translation of is shown in the site's own language, below this language's address.
    pub fallback: bool,
    /// Strings by key.
    pub translations: BTreeMap<String, String>,
}

/// A taxonomy.
#[derive(Clone, Debug, PartialEq)]
pub struct TaxonomyConfig {
    /// Its name, as front matter has it: `topics`.
    pub name: String,
    /// What people read: 主题.
    pub title: Option<String>,
    /// Pages on one sheet; 0 for all.
    pub paginate_by: usize,
    /// The word before the number of a sheet.
    pub paginate_path: String,
    /// Whether each term has a feed.
    pub feed: bool,
    /// Whether its pages are written.
    pub render: bool,
    /// The data file that lists every term allowed.
    pub vocabulary: Option<String>,
    /// The only language whose pages have it; `None` for all.
    pub language: Option<String>,
}

/// What happens to raw HTML in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlPolicy {
    /// What can do no harm stays.
    Sanitize,
    /// It is shown as text.
    Escape,
    /// It stays as it is.
    Trust,
}

/// Markdown.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkdownConfig {
    /// Raw HTML.
    pub html: HtmlPolicy,
    /// `$…$` formulas.
    pub math: bool,
    /// Typographic quotes.
    pub smart_punctuation: bool,
    /// Anchors of headings.
    pub anchors: Slugify,
    /// Whether links to other sites open in a new window.
    pub external_links_target_blank: bool,
    /// Whether links to other sites say `nofollow`.
    pub external_links_no_follow: bool,
    /// Whether links to other sites say `noreferrer`.
    pub external_links_no_referrer: bool,
    /// Class of links to other sites.
    pub external_links_class: Option<String>,
    /// Whether code is highlighted.
    pub highlight_code: bool,
    /// Whether terms of the glossary are explained where they stand.
    pub glossary: bool,
}

/// What is made of every book when the site is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BooksConfig {
    /// The forms, each once.
    pub formats: Vec<BookForm>,
    /// Whether each question has a card, a picture to share.
    pub cards: bool,
}

/// A form of a book one can take home.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookForm {
    /// An e-book.
    Epub,
    /// Pages to print.
    Pdf,
}

impl BookForm {
    /// The forms by name.
    pub const NAMES: [(&'static str, Self); 2] = [("epub", Self::Epub), ("pdf", Self::Pdf)];

    /// Its name, which is also how its files end.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Epub => "epub",
            Self::Pdf => "pdf",
        }
    }
}

/// Sizes of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paper {
    /// 148 × 210 mm.
    #[default]
    A5,
    /// 210 × 297 mm.
    A4,
}

impl Paper {
    /// The sizes by name.
    pub const NAMES: [(&'static str, Self); 2] = [("a5", Self::A5), ("a4", Self::A4)];
}

/// How books are printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfConfig {
    /// Folders and files of fonts, relative to the site's folder.
    pub fonts: Vec<String>,
    /// The family of the text; chosen by pufa when not named.
    pub text_font: Option<String>,
    /// The family of headings and short answers.
    pub heading_font: Option<String>,
    /// The paper.
    pub paper: Paper,
    /// Letters of 16 points.
    pub large: bool,
}

/// An entry of the main menu.
#[derive(Clone, Debug, PartialEq)]
pub struct NavItem {
    /// What people read.
    pub title: String,
    /// Where it leads: an address in the site, `@/file.md`, or another site.
    pub url: String,
}

impl Default for Config {
    /// What an empty `pufa.toml` says.
    fn default() -> Self {
        read(
            "",
            &SourcePath::new("pufa.toml"),
            Flavor::Pufa,
            &Overrides::default(),
            &mut Vec::new(),
        )
    }
}

impl Config {
    /// The absolute address of a page.
    #[must_use]
    pub fn permalink(&self, url: &Url) -> String {
        format!("{}{url}", self.base_url)
    }

    /// The path part of the base address, with a trailing slash: `/` or `/pufa/`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        let behind_host = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        behind_host.find('/').map_or("", |at| &behind_host[at..])
    }

    /// The site's title in a language.
    #[must_use]
    pub fn title_in(&self, language: &str) -> &str {
        let own = self.language(language).and_then(|own| own.title.as_deref());
        own.unwrap_or(&self.title)
    }

    /// The sentence about the site in a language.
    #[must_use]
    pub fn description_in(&self, language: &str) -> &str {
        let own = self.language(language);
        own.and_then(|own| own.description.as_deref())
            .unwrap_or(&self.description)
    }

    /// What is said of a further language.
    fn language(&self, code: &str) -> Option<&LanguageConfig> {
        self.languages.iter().find(|language| language.code == code)
    }

    /// A folder's path as a part of addresses.
    #[must_use]
    pub fn slugify_folder(&self, folder: &str) -> String {
        folder
            .split('/')
            .map(|part| self.slugify_paths.slug(part))
            .collect::<Vec<_>>()
            .join("/")
    }

    /// The languages' codes, the default first.
    pub fn language_codes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.default_language.as_str())
            .chain(self.languages.iter().map(|language| &*language.code))
    }
}

/// What the command line and the day decide, over the configuration file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Overrides {
    /// Another base address.
    pub base_url: Option<String>,
    /// Another output folder.
    pub output_dir: Option<String>,
    /// Whether drafts are part of the site.
    pub drafts: bool,
    /// The day the site is built for.
    pub as_of: Option<Date>,
    /// What the site is made for.
    pub purpose: Purpose,
}

/// What a site is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Purpose {
    /// To be published.
    #[default]
    Publish,
    /// To be shown while it is written: nothing of it is kept in browsers.
    Preview,
    /// To be opened from a disk: links lead to files, and there is no service worker.
    Disk,
}
