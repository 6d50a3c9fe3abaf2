//! The order of the stages, known nowhere else: configuration → sources → parsed files → site → answers → world.
//!
//! A [`Pipeline`] keeps the results of pure functions between runs, keyed by what they were made from, so that the preview
//! parses again only what changed. A fresh pipeline gives the same world.

mod renew;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::base::{Hash, SourcePath};
use crate::check;
use crate::config::{self, Config, Overrides};
use crate::diag::emit::Texts;
use crate::diag::{self, Diagnostic};
use crate::load::{self, Layer, Root, SourceText, Sources};
use crate::model::law::Library;
use crate::model::{self, Site};
use crate::parse::calculator::{Calculator, LoanPrimeRate, RulesLanguage};
use crate::parse::front::Kind;
use crate::parse::markdown::MarkdownOptions;
use crate::parse::page::{self, Inherited, ParseOptions, Parsed};
use crate::parse::statute::{self, Statute};
use crate::parse::syntax::{Syntax, read_table};
use crate::render::theme::{self, Theme};
use crate::render::{World, calculator};
use crate::resolve::glossary::Glossary;
use crate::resolve::{self, CalculatorRules, Resolved};

/// A stage's name and how long it took.
pub type Timing = (&'static str, Duration);

/// The text of the rates (`None` for those built in), what was made of it, and its problems.
type ReadRules = (
    Option<Arc<SourceText>>,
    Arc<CalculatorRules>,
    Vec<Diagnostic>,
);

/// The result of a run.
#[derive(Debug)]
pub struct Run {
    /// The world, ready to render from.
    pub world: Arc<World>,
    /// Every problem found so far, sorted. Rendering may add more.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// How long each stage took.
    pub timings: Vec<Timing>,
}

/// A site being built, once or again and again.
#[derive(Debug)]
pub struct Pipeline {
    root: Root,
    overrides: Overrides,
    config: Arc<Config>,
    config_problems: Vec<Diagnostic>,
    cache: load::Cache,
    sources: Sources,
    folders: BTreeMap<String, Arc<Inherited>>,
    parsed: BTreeMap<SourcePath, Arc<Parsed>>,
    /// The text each parsed file was made from.
    parsed_from: BTreeMap<SourcePath, Arc<SourceText>>,
    theme: Option<(Layer, Arc<Theme>, Vec<Diagnostic>)>,
    glossary: Option<(Arc<SourceText>, Arc<Glossary>, Vec<Diagnostic>)>,
    rules: Option<ReadRules>,
    laws: BTreeMap<SourcePath, ReadLaw>,
    library: Option<(Vec<Arc<Statute>>, String, Arc<Library>)>,
    last: Option<Last>,
    /// Whether it runs once only, and what was parsed need not be kept as text.
    once: bool,
}

/// What the last run gave.
#[derive(Clone, Debug)]
struct Last {
    world: Arc<World>,
    /// Its problems, sorted.
    diagnostics: Arc<Vec<Diagnostic>>,
    /// Content files that are the transcripts of others.
    transcripts: BTreeSet<SourcePath>,
}

/// A file of a law library, read.
#[derive(Clone, Debug)]
struct ReadLaw {
    from: Arc<SourceText>,
    statute: Arc<Statute>,
    problems: Arc<Vec<Diagnostic>>,
}

impl Pipeline {
    /// Begins with a site's root; reads its configuration.
    #[must_use]
    pub fn new(root: Root, overrides: Overrides) -> Self {
        let mut config_problems = Vec::new();
        let config = Arc::new(config::read(
            &root.config_text,
            &root.config_file,
            root.flavor,
            &overrides,
            &mut config_problems,
        ));
        Self {
            root,
            overrides,
            config,
            config_problems,
            cache: load::Cache::default(),
            sources: Sources::default(),
            folders: BTreeMap::new(),
            parsed: BTreeMap::new(),
            parsed_from: BTreeMap::new(),
            theme: None,
            glossary: None,
            rules: None,
            laws: BTreeMap::new(),
            library: None,
            last: None,
            once: false,
        }
    }

    /// The same for one run only: a content file's text goes as soon as it is parsed. Half of a large site's memory is text.
    #[must_use]
    pub fn once(self) -> Self {
        Self { once: true, ..self }
    }

    /// Reads again the texts that problems point into, where they were not kept.
    pub fn recall(&mut self, problems: &[Diagnostic]) {
        if !self.once {
            return;
        }
        let places = problems.iter().filter_map(|problem| problem.place.as_ref());
        for file in places.map(|place| &place.file) {
            let known = self.sources.content.contains_key(file);
            if !known && self.parsed.contains_key(file) {
                // What went wrong with reading it was said when it was read first.
                let text = load::reload_text(&self.root.folder, file, &mut Vec::new());
                self.sources
                    .content
                    .extend(text.map(|text| (file.clone(), text)));
            }
        }
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// Problems of the configuration itself: with an error among them the site can't be built.
    #[must_use]
    pub fn config_problems(&self) -> &[Diagnostic] {
        &self.config_problems
    }

    /// The site's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.root.folder
    }

    /// Reads the whole site and runs every stage up to the world.
    pub fn run(&mut self) -> Run {
        let clock = self.load();
        self.run_loaded(clock)
    }

    /// Reads the whole site. The clock goes to [`run_loaded`](Self::run_loaded).
    pub fn load(&mut self) -> Clock {
        let mut clock = Clock::start();
        let today = self.overrides.as_of.unwrap_or_else(load::today);
        self.sources = load::load(&self.root.folder, &self.config, today, &mut self.cache);
        clock.lap("load");
        clock
    }

    /// Runs every stage after reading.
    pub fn run_loaded(&mut self, mut clock: Clock) -> Run {
        self.parse_all();
        clock.lap("parse");
        self.assemble(clock)
    }

    /// A hash of all a site is made of: what was read, the configuration and what the command line says besides. The same
    /// pufa makes the same site of the same.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        let parts = [
            load::fingerprint(&self.sources).to_string(),
            format!("{:?} {}", self.root.flavor, self.root.config_file),
            self.root.config_text.clone(),
            format!("{:?}", self.overrides),
        ];
        Hash::of(parts.join("\n").as_bytes())
    }

    /// Takes up changed content files and texts of the law libraries, when that is all that changed. `None` when the whole site has to be run again.
    pub fn run_changed(&mut self, changed: &[SourcePath]) -> Option<Run> {
        let mut clock = Clock::start();
        let plain = |path: &SourcePath| {
            path.extension().as_deref() == Some("md")
                && self.sources.content.contains_key(path)
                && !path.file_name().starts_with("_index.")
        };
        let (laws, changed): (Vec<&SourcePath>, Vec<&SourcePath>) = changed
            .iter()
            .partition(|path| self.sources.laws.contains_key(*path));
        if self.last.is_none() || !changed.iter().all(|path| plain(path)) {
            return None;
        }
        let laws_changed = !laws.is_empty();
        for path in laws {
            let mut problems = Vec::new();
            let text = load::reload_text(&self.root.folder, path, &mut problems)?;
            if !problems.is_empty() {
                return None;
            }
            if *text != *self.sources.laws[path] {
                self.sources.laws.insert(path.clone(), text);
            }
        }
        for path in &changed {
            let path = *path;
            let mut problems = Vec::new();
            let text = load::reload_text(&self.root.folder, path, &mut problems)?;
            if !problems.is_empty() {
                return None;
            }
            if *text != *self.sources.content[path] {
                self.sources.content.insert(path.clone(), text);
            }
        }
        clock.lap("load");
        let options = self.parse_options();
        for path in &changed {
            let path = *path;
            let text = self.sources.content[path].clone();
            let inherited = page::nearest_folder(&self.folders, path.parent());
            let parsed = page::parse(path, &text.text, &inherited, &options);
            self.parsed.insert(path.clone(), Arc::new(parsed));
            self.parsed_from.insert(path.clone(), text);
        }
        clock.lap("parse");
        let quick = if laws_changed {
            None
        } else {
            self.renew(&changed)
        };
        Some(match quick {
            Some(last) => {
                clock.lap("renew");
                self.keep(last, clock)
            }
            None => self.assemble(clock),
        })
    }

    /// Keeps the result of a run for the next one.
    fn keep(&mut self, last: Last, clock: Clock) -> Run {
        let run = Run {
            world: last.world.clone(),
            diagnostics: last.diagnostics.clone(),
            timings: clock.laps,
        };
        let before = self.last.replace(last);
        // Taking a large site apart takes longer than a reader of the preview likes to wait.
        std::thread::spawn(move || drop(before));
        run
    }

    fn parse_options(&self) -> ParseOptions {
        let config = &self.config;
        ParseOptions {
            markdown: MarkdownOptions {
                math: config.markdown.math,
                smart_punctuation: config.markdown.smart_punctuation,
                anchors: config.markdown.anchors,
                blanks: false,
            },
            languages: config
                .languages
                .iter()
                .map(|language| language.code.clone())
                .collect(),
        }
    }

    fn parse_all(&mut self) {
        let content = &self.sources.content;
        let indices = content
            .iter()
            .filter(|(path, _)| path.file_name().starts_with("_index."));
        let folders = page::inheritance(indices.map(|(path, text)| (path, text.text.as_str())));
        let same_folders = folders == self.folders;
        let options = self.parse_options();
        if self.once {
            self.cache = load::Cache::default();
            let content = std::mem::take(&mut self.sources.content);
            self.parsed = parse_once(content, &folders, &options);
            self.folders = folders;
            return;
        }
        let (known, known_from) = (&self.parsed, &self.parsed_from);
        let parsed: Vec<(SourcePath, Arc<Parsed>)> = content
            .par_iter()
            .map(|(path, text)| {
                let inherited = page::nearest_folder(&folders, path.parent());
                let kept = known_from
                    .get(path)
                    .filter(|from| Arc::ptr_eq(from, text))
                    .and_then(|_| known.get(path));
                let kept = kept.filter(|parsed| same_folders || *parsed.inherited == *inherited);
                let parsed = kept.cloned().unwrap_or_else(|| {
                    Arc::new(page::parse(path, &text.text, &inherited, &options))
                });
                (path.clone(), parsed)
            })
            .collect();
        self.parsed = parsed.into_iter().collect();
        self.parsed_from = content.clone();
        self.folders = folders;
    }

    fn assemble(&mut self, mut clock: Clock) -> Run {
        let mut diagnostics = self.config_problems.clone();
        diagnostics.extend(self.sources.diagnostics.iter().cloned());
        let transcripts = resolve::episode::transcript_files(&self.parsed);
        let pages = self
            .parsed
            .values()
            .filter(|parsed| !transcripts.contains(&parsed.path));
        diagnostics.extend(pages.flat_map(|parsed| parsed.diagnostics.iter().cloned()));
        let data = self.data(&transcripts);
        let library = self.library(&mut diagnostics);
        clock.lap("laws");
        let assembled = model::assemble(model::Input {
            config: &self.config,
            files: &without(&self.parsed, &transcripts),
            data: &data,
            assets: &self.sources.assets,
            statics: &self.sources.statics,
            library: &library,
            today: self.sources.today,
            drafts: self.overrides.drafts,
        });
        diagnostics.extend(assembled.diagnostics);
        clock.lap("model");
        let glossary = self.glossary(&mut diagnostics);
        let rules = self.rules(&mut diagnostics);
        // The index reads them when it is built; what is wrong with them is said at once.
        let _ = crate::index::site::synonyms(&self.sources.data, &mut diagnostics);
        let context = resolve::Context {
            glossary: &glossary,
            data: &data,
            rules: &rules,
        };
        let previous = self
            .last
            .as_ref()
            .map(|last| (&last.world.site, &last.world.resolved));
        let resolved: Resolved = resolve::resolve(&assembled.site, context, previous);
        diagnostics.extend(
            resolved
                .files
                .iter()
                .flat_map(|file| file.diagnostics.iter().cloned()),
        );
        diagnostics.extend(
            resolved
                .episodes
                .values()
                .flat_map(|episode| episode.diagnostics().cloned()),
        );
        diagnostics.extend(resolved.services.diagnostics.iter().cloned());
        clock.lap("resolve");
        let theme = self.theme(&mut diagnostics);
        clock.lap("theme");
        check::apply_rules(&mut diagnostics, &assembled.site);
        diag::sort(&mut diagnostics);
        let world = Arc::new(World {
            site: assembled.site,
            resolved,
            theme,
            data,
            search: std::sync::OnceLock::new(),
        });
        let last = Last {
            world,
            diagnostics: Arc::new(diagnostics),
            transcripts,
        };
        self.keep(last, clock)
    }

    /// The data files, and the transcripts among the content.
    fn data(&self, transcripts: &BTreeSet<SourcePath>) -> BTreeMap<SourcePath, Arc<SourceText>> {
        let content = &self.sources.content;
        let texts = transcripts
            .iter()
            .filter_map(|path| Some((path.clone(), content.get(path)?.clone())));
        let mut data = self.sources.data.clone();
        data.extend(texts);
        data
    }

    /// The statutes of the content and of the libraries, put together. A gist gives way to the official text.
    fn library(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Arc<Library> {
        let known = std::mem::take(&mut self.laws);
        let read: Vec<(SourcePath, ReadLaw)> = self
            .sources
            .laws
            .par_iter()
            .map(|(path, text)| {
                let kept = known.get(path).filter(|law| Arc::ptr_eq(&law.from, text));
                let law = kept.cloned().unwrap_or_else(|| {
                    let (statute, problems) = statute::parse_file(path, &text.text);
                    ReadLaw {
                        from: text.clone(),
                        statute: Arc::new(statute),
                        problems: Arc::new(problems),
                    }
                });
                (path.clone(), law)
            })
            .collect();
        self.laws = read.into_iter().collect();
        diagnostics.extend(
            self.laws
                .values()
                .flat_map(|law| law.problems.iter().cloned()),
        );
        let own = self
            .parsed
            .values()
            .filter_map(|parsed| parsed.statute.clone());
        let statutes: Vec<Arc<Statute>> = own
            .chain(self.laws.values().map(|law| law.statute.clone()))
            .collect();
        let base = self.laws_base();
        if let Some((before, from, library)) = &self.library {
            let same = before.len() == statutes.len()
                && before.iter().zip(&statutes).all(|(a, b)| Arc::ptr_eq(a, b));
            if same && *from == base {
                return library.clone();
            }
        }
        let before = self.library.take().map(|(_, _, library)| library);
        let library = Arc::new(Library::renewed(
            statutes.clone(),
            &base,
            &before.unwrap_or_default(),
        ));
        self.library = Some((statutes, base, library.clone()));
        library
    }

    /// The address of the section of laws; `/laws/` where a site has none.
    fn laws_base(&self) -> String {
        let section = self.parsed.values().find(|parsed| {
            parsed.is_section
                && parsed
                    .front
                    .section
                    .as_ref()
                    .and_then(|section| section.kind)
                    == Some(Kind::Laws)
        });
        let folder = section.and_then(|parsed| parsed.path.parent().strip_prefix("content/"));
        folder.map_or_else(
            || "/laws/".to_owned(),
            |folder| format!("/{}/", self.config.slugify_folder(folder)),
        )
    }

    fn theme(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Arc<Theme> {
        if let Some((layer, theme, problems)) = &self.theme
            && *layer == self.sources.theme
        {
            diagnostics.extend(problems.iter().cloned());
            return theme.clone();
        }
        let mut problems = Vec::new();
        let built = Arc::new(theme::build(
            &self.sources.theme,
            &self.config,
            &mut problems,
        ));
        diagnostics.extend(problems.iter().cloned());
        self.theme = Some((self.sources.theme.clone(), built.clone(), problems));
        built
    }

    fn glossary(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Arc<Glossary> {
        let path = SourcePath::new("data/glossary.toml");
        let Some(text) = self.sources.data.get(&path) else {
            return self
                .last
                .as_ref()
                .map_or_else(Arc::default, |Last { world, .. }| {
                    if world.resolved.glossary.is_empty() {
                        world.resolved.glossary.clone()
                    } else {
                        Arc::default()
                    }
                });
        };
        if let Some((from, glossary, problems)) = &self.glossary
            && Arc::ptr_eq(from, text)
        {
            diagnostics.extend(problems.iter().cloned());
            return glossary.clone();
        }
        let mut problems = Vec::new();
        let glossary = Arc::new(Glossary::read(&text.text, &path, &mut problems));
        diagnostics.extend(problems.iter().cloned());
        self.glossary = Some((text.clone(), glossary.clone(), problems));
        glossary
    }

    /// The rates and rules of the calculators: the site's own `data/lpr.toml`, else the rates built in.
    fn rules(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Arc<CalculatorRules> {
        let path = SourcePath::new("data/lpr.toml");
        let text = self.sources.data.get(&path);
        let same = |from: &Option<Arc<SourceText>>| match (from, text) {
            (Some(from), Some(text)) => Arc::ptr_eq(from, text),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if let Some((_, rules, problems)) = self.rules.as_ref().filter(|(from, ..)| same(from)) {
            diagnostics.extend(problems.iter().cloned());
            return rules.clone();
        }
        let mut problems = Vec::new();
        let rates = match text {
            Some(text) => {
                let table = read_table(Syntax::Toml, &text.text, 0, &path, &mut problems);
                LoanPrimeRate::read(&table, &path, &mut problems)
            }
            None => LoanPrimeRate::built_in(),
        };
        let documents = Calculator::NAMES
            .iter()
            .flat_map(|(_, calculator)| RulesLanguage::ALL.map(|language| (*calculator, language)))
            .map(|key| (key, calculator::rules(key.0, key.1, &rates)))
            .collect();
        let rules = Arc::new(CalculatorRules { rates, documents });
        diagnostics.extend(problems.iter().cloned());
        self.rules = Some((text.cloned(), rules.clone(), problems));
        rules
    }
}

/// Parses every file; its text goes as soon as that is done.
fn parse_once(
    content: BTreeMap<SourcePath, Arc<SourceText>>,
    folders: &BTreeMap<String, Arc<Inherited>>,
    options: &ParseOptions,
) -> BTreeMap<SourcePath, Arc<Parsed>> {
    let parsed: Vec<(SourcePath, Arc<Parsed>)> = content
        .into_par_iter()
        .map(|(path, text)| {
            let inherited = page::nearest_folder(folders, path.parent());
            let parsed = page::parse(&path, &text.text, &inherited, options);
            (path, Arc::new(parsed))
        })
        .collect();
    parsed.into_iter().collect()
}

/// The texts diagnostics point into.
impl Texts for Pipeline {
    fn text(&self, file: &SourcePath) -> Option<&str> {
        if *file == self.root.config_file {
            return Some(&self.root.config_text);
        }
        let sources = &self.sources;
        let read = sources
            .content
            .get(file)
            .or_else(|| sources.data.get(file))
            .or_else(|| sources.laws.get(file));
        if let Some(text) = read {
            return Some(&text.text);
        }
        let templates = sources
            .theme
            .templates
            .values()
            .chain(sources.theme.strings.values().flatten());
        templates
            .into_iter()
            .find(|template| template.path == *file)
            .map(|template| template.text.as_str())
    }
}

/// The site of a run, for those who need no more.
impl Run {
    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.world.site
    }
}

/// The content files but those that are something else.
fn without<'a>(
    parsed: &'a BTreeMap<SourcePath, Arc<Parsed>>,
    others: &BTreeSet<SourcePath>,
) -> Cow<'a, BTreeMap<SourcePath, Arc<Parsed>>> {
    if others.is_empty() {
        return Cow::Borrowed(parsed);
    }
    let mut files = parsed.clone();
    files.retain(|path, _| !others.contains(path));
    Cow::Owned(files)
}

/// How long the stages of a run took so far.
#[derive(Debug)]
pub struct Clock {
    since: Instant,
    laps: Vec<Timing>,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "time is measured to be shown, nothing depends on it"
    )]
    fn start() -> Self {
        Self {
            since: Instant::now(),
            laps: Vec::new(),
        }
    }

    fn lap(&mut self, stage: &'static str) {
        let took = self.since.elapsed();
        let before: Duration = self.laps.iter().map(|(_, time)| *time).sum();
        self.laps.push((stage, took.saturating_sub(before)));
    }
}
