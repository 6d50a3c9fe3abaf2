//! The preview: renders on demand, watches the sources, tells the browser.
//!
//! One thread owns the [`Pipeline`] and takes up changes; the server reads the newest [`Shown`] and renders the page it is
//! asked for from the same plan a build would cook. A change costs one file's parsing, the assembly of the model, and one page.
#![expect(
    clippy::disallowed_methods,
    reason = "a server reads the disk and the clock"
)]

mod http;
mod watch;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::broadcast;

use crate::base::{OutPath, SourcePath};
use crate::check;
use crate::diag::catalog::Language;
use crate::diag::emit::{Emitter, Format, Spoken};
use crate::diag::{Diagnostic, Severity};
use crate::output::{self, OutputPlan, Recipe};
use crate::pipeline::{Pipeline, Run};
use crate::render::World;

/// How the preview is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on.
    pub interface: IpAddr,
    /// The first port to try.
    pub port: u16,
    /// Whether the next free port will do when it is taken.
    pub any_port: bool,
    /// Language of messages.
    pub language: Language,
    /// The folder for caches.
    pub work: PathBuf,
}

/// What the browser is shown: the newest world and its problems.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The world.
    world: Arc<World>,
    /// Its output.
    plan: Arc<OutputPlan>,
    /// Its errors, in words.
    errors: Arc<Vec<Spoken>>,
    /// All that was found.
    diagnostics: Arc<Vec<Diagnostic>>,
    /// Counts up with every change.
    version: u64,
}

/// What connects the watching thread and the server.
#[derive(Debug)]
struct Shared {
    shown: RwLock<Arc<Shown>>,
    events: broadcast::Sender<Event>,
    version: AtomicU64,
    /// Files that pages turned out to need beside them when they were shown.
    needs: RwLock<BTreeMap<OutPath, Recipe>>,
    options: Options,
    root: PathBuf,
}

/// What browsers are told.
#[derive(Clone, Debug, serde::Serialize)]
struct Event {
    /// The version that can be asked for now.
    version: u64,
    /// How many errors it has.
    errors: usize,
}

impl Shared {
    fn shown(&self) -> Arc<Shown> {
        self.shown
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn show(&self, shown: Shown) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shown);
    }

    fn remember(&self, needs: BTreeMap<OutPath, Recipe>) {
        if !needs.is_empty() {
            let known = self.needs.write();
            known.unwrap_or_else(PoisonError::into_inner).extend(needs);
        }
    }

    /// A file a page needs, by its address.
    fn needed(&self, path: &OutPath) -> Option<Recipe> {
        let known = self.needs.read().unwrap_or_else(PoisonError::into_inner);
        known.get(path).cloned()
    }

    fn tell(&self) {
        let shown = self.shown();
        // Nobody listening is no fault.
        let _ = self.events.send(Event {
            version: shown.version,
            errors: shown.errors.len(),
        });
    }
}

/// Finds a free port and holds it.
///
/// # Errors
/// When no port can be had.
pub fn bind(options: &Options) -> std::io::Result<std::net::TcpListener> {
    let last = if options.any_port {
        options.port.saturating_add(100)
    } else {
        options.port
    };
    let mut failure = None;
    for port in options.port..=last {
        match std::net::TcpListener::bind(SocketAddr::new(options.interface, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.unwrap_or_else(|| std::io::Error::from(std::io::ErrorKind::AddrInUse)))
}

/// Serves until the process is told to stop. `reopen` makes a new pipeline when the configuration changed; `report` is told
/// the problems of every round and how long it took.
///
/// # Errors
/// When the server can't be started.
pub fn serve(
    listener: std::net::TcpListener,
    mut pipeline: Pipeline,
    options: Options,
    reopen: impl Fn() -> Option<Pipeline> + Send + 'static,
    report: impl Fn(&[Diagnostic], &Pipeline, Duration) + Send + 'static,
    ready: impl FnOnce(),
) -> std::io::Result<()> {
    let root =
        std::path::absolute(pipeline.folder()).unwrap_or_else(|_| pipeline.folder().to_path_buf());
    // Watching begins before reading: what changes meanwhile is not missed.
    let mut watcher = watch::start(&root, pipeline.config())?;
    let since = Instant::now();
    let run = pipeline.run();
    let (events, _) = broadcast::channel(64);
    let first = shown(&run, None, &pipeline, options.language, 1);
    let shared = Arc::new(Shared {
        shown: RwLock::new(Arc::new(first)),
        events,
        version: AtomicU64::new(1),
        needs: RwLock::default(),
        options,
        root,
    });
    report(&run.diagnostics, &pipeline, since.elapsed());
    let worker = shared.clone();
    std::thread::spawn(move || {
        let mut state = Worker {
            pipeline,
            shared: worker,
            reopen: Box::new(reopen),
            report: Box::new(report),
        };
        while let Some(batch) = watcher.next() {
            // A fault of ours in one round must not end the preview.
            let round = std::panic::catch_unwind(AssertUnwindSafe(|| state.take_up(&batch)));
            if round.is_err()
                && let Some(fresh) = (state.reopen)()
            {
                state.pipeline = fresh;
            }
        }
    });
    ready();
    http::run(listener, shared)
}

/// Told the problems of a round and how long it took.
type Report = dyn Fn(&[Diagnostic], &Pipeline, Duration) + Send;

/// The thread that owns the pipeline.
struct Worker {
    pipeline: Pipeline,
    shared: Arc<Shared>,
    reopen: Box<dyn Fn() -> Option<Pipeline> + Send>,
    report: Box<Report>,
}

impl Worker {
    fn take_up(&mut self, batch: &watch::Batch) {
        let since = Instant::now();
        let run = if batch.config {
            match (self.reopen)() {
                Some(fresh) => {
                    self.pipeline = fresh;
                    self.pipeline.run()
                }
                // The configuration can't be used; the site stays as it was until it can.
                None => return self.show_config_problems(),
            }
        } else {
            match batch
                .only_content()
                .and_then(|paths| self.pipeline.run_changed(&paths))
            {
                Some(run) => run,
                None => self.pipeline.run(),
            }
        };
        let before = self.shared.shown();
        let version = self.shared.version.fetch_add(1, Ordering::SeqCst) + 1;
        let next = shown(
            &run,
            Some(&before),
            &self.pipeline,
            self.shared.options.language,
            version,
        );
        self.shared.show(next);
        self.shared.tell();
        (self.report)(&run.diagnostics, &self.pipeline, since.elapsed());
        std::thread::spawn(move || drop((run, before)));
    }

    fn show_config_problems(&mut self) {
        let before = self.shared.shown();
        let root = crate::load::find_root(Some(&self.shared.root), None, &self.shared.root);
        let errors = match root {
            Ok(root) => {
                let broken = Pipeline::new(root, crate::config::Overrides::default());
                let mut emitter =
                    Emitter::new(&broken, self.shared.options.language, Format::Human, false);
                broken
                    .config_problems()
                    .iter()
                    .map(|problem| emitter.speak(problem))
                    .collect()
            }
            Err(_) => Vec::new(),
        };
        let version = self.shared.version.fetch_add(1, Ordering::SeqCst) + 1;
        self.shared.show(Shown {
            errors: Arc::new(errors),
            version,
            ..(*before).clone()
        });
        self.shared.tell();
    }
}

fn shown(
    run: &Run,
    before: Option<&Shown>,
    pipeline: &Pipeline,
    language: Language,
    version: u64,
) -> Shown {
    let world = run.world.clone();
    let same_places = before.filter(|before| {
        before.world.site.routes.fingerprint == world.site.routes.fingerprint
            && Arc::ptr_eq(&before.world.theme, &world.theme)
            && Arc::ptr_eq(&before.world.site.statics, &world.site.statics)
    });
    let plan = same_places.map_or_else(
        || Arc::new(output::plan_without_search(&world)),
        |before| before.plan.clone(),
    );
    let mut emitter = Emitter::new(pipeline, language, Format::Human, false);
    let errors = run
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error)
        .take(200)
        .map(|diagnostic| emitter.speak(diagnostic))
        .collect();
    Shown {
        world,
        plan,
        errors: Arc::new(errors),
        diagnostics: run.diagnostics.clone(),
        version,
    }
}

/// The problems of a page's file: what was found, and what `check` would say of it.
fn problems_of(shared: &Shared, file: &SourcePath) -> Vec<Spoken> {
    let shown = shared.shown();
    let name = file.as_str();
    let mut problems: Vec<Spoken> = shown
        .errors
        .iter()
        .filter(|error| error.file.as_deref() == Some(name))
        .cloned()
        .collect();
    let site = &shown.world.site;
    if let Some(id) = site.file_id(file) {
        let absolute = shared.root.join(name);
        let text = std::fs::read_to_string(absolute).unwrap_or_default();
        let texts = std::collections::HashMap::from([(file.clone(), text.replace("\r\n", "\n"))]);
        let mut emitter = Emitter::new(&texts, shared.options.language, Format::Human, false);
        let parsed = site.file(id);
        let mut more = check::check_file(site, parsed);
        check::apply_file_rules(&mut more, parsed, &site.config);
        let found = shown.diagnostics.iter().filter(|problem| {
            let place = problem.place.as_ref();
            place.is_some_and(|place| place.file == *file) && problem.severity() != Severity::Error
        });
        problems.extend(found.chain(&more).map(|problem| emitter.speak(problem)));
    }
    problems
}
