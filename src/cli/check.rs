//! `pufa check`: everything that is wrong, in one run.
#![expect(
    clippy::disallowed_methods,
    reason = "the site's own questions are read for this command alone, the report is written where the user says"
)]

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use super::args::{CheckArgs, Global, OutputFormat};
use super::{Status, Terminal, external, pipeline, use_threads};
use crate::base::SourcePath;
use crate::config::Overrides;
use crate::diag::emit::{Emitter, Texts};
use crate::diag::{self, Diagnostic, Severity};
use crate::index::acceptance;
use crate::index::query::Request;
use crate::pipeline::Pipeline;
use crate::render::World;
use crate::render::law_report::law_report;
use crate::{check, output, write};

/// Runs `pufa check`.
pub(super) fn run(global: &Global, args: &CheckArgs, terminal: &Terminal) -> Status {
    use_threads(None);
    let terminal = &terminal.with_format(args.format.into());
    let overrides = Overrides {
        drafts: args.drafts,
        as_of: args.as_of,
        ..Overrides::default()
    };
    let mut pipeline = match pipeline(global, overrides, terminal) {
        Ok(pipeline) => pipeline,
        Err(status) => return status,
    };
    let run = pipeline.run();
    let plan = output::plan(&run.world);
    let mut diagnostics = Vec::clone(&run.diagnostics);
    diagnostics.extend(plan.diagnostics.iter().cloned());
    diagnostics.extend(check::check(&run.world.site, &run.world.resolved));
    diagnostics.extend(write::rehearse(&run.world, &plan));
    if args.external {
        diagnostics.extend(outside(&run.world, &pipeline, terminal));
    }
    let questions = Questions::load(&pipeline, &run.world);
    diagnostics.extend(questions.check(&run.world));
    check::apply_rules(&mut diagnostics, &run.world.site);
    diag::sort(&mut diagnostics);
    if let Some(file) = &args.report {
        let report = law_report(&run.world, &pipeline, terminal.language);
        if let Err(problem) = write_report(file, &report) {
            return terminal.fail(&problem, Status::Machine);
        }
    }
    let texts = WithQuestions(&pipeline, &questions);
    let mut emitter = Emitter::new(
        &texts,
        terminal.language,
        args.format.into(),
        terminal.styled(),
    );
    // JSON is a result, the other forms are for people.
    let json = args.format == OutputFormat::Json;
    for diagnostic in &diagnostics {
        if terminal.quiet && diagnostic.severity() != Severity::Error {
            continue;
        }
        let text = emitter.write(diagnostic);
        let written = if json {
            std::io::stdout().lock().write_all(text.as_bytes())
        } else {
            std::io::stderr().lock().write_all(text.as_bytes())
        };
        if written.is_err() {
            return Status::Machine;
        }
    }
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| check::count(&diagnostics, severity));
    terminal.line(&match terminal.language {
        diag::catalog::Language::Zh => format!("错误 {errors}，警告 {warnings}，提示 {notes}"),
        diag::catalog::Language::En => {
            format!("{errors} errors, {warnings} warnings, {notes} notes")
        }
    });
    if errors > 0 {
        Status::Content
    } else {
        Status::Fine
    }
}

/// Writes the report beside its place and moves it there, so that what was there before stays whole when the disk is full.
fn write_report(file: &Path, report: &str) -> Result<(), Diagnostic> {
    let beside = file.with_extension("part");
    std::fs::write(&beside, report)
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|error| {
            Diagnostic::new("export-write")
                .with("path", file.display())
                .with("error", error)
        })
}

/// Asks for the addresses outside of the site.
fn outside(world: &World, pipeline: &Pipeline, terminal: &Terminal) -> Vec<Diagnostic> {
    let links = check::external_links(&world.site, &world.resolved);
    let settings = &pipeline.config().external;
    let limits = external::Limits {
        total: Duration::from_secs(settings.seconds),
        ..external::Limits::default()
    };
    let seconds = settings.seconds;
    terminal.line(&match terminal.language {
        diag::catalog::Language::Zh => {
            format!("检查 {} 个站外链接，最多 {seconds} 秒……", links.len())
        }
        diag::catalog::Language::En => {
            format!(
                "checking {} outside links, {seconds} s at most …",
                links.len()
            )
        }
    });
    let work = write::work_folder(pipeline.folder());
    external::check(&links, &work, &settings.skip, &limits)
}

/// The questions the site wants its search to answer; a site may have none.
struct Questions {
    path: SourcePath,
    text: Option<String>,
}

impl Questions {
    fn load(pipeline: &Pipeline, world: &World) -> Self {
        let path = SourcePath::new(world.site.config.search.acceptance.file.clone());
        let file = pipeline.folder().join(path.as_str());
        Self {
            text: std::fs::read_to_string(file).ok(),
            path,
        }
    }

    /// Asks them all, when the site has a search.
    fn check(&self, world: &World) -> Vec<Diagnostic> {
        let config = &world.site.config;
        let wanted = &config.search.acceptance;
        if !config.build_search_index {
            return Vec::new();
        }
        let Some(text) = &self.text else {
            let missing = |span| Diagnostic::at("missing-questions", &config.file, span);
            let missing = wanted
                .span
                .map(|span| missing(span).with("questions", &self.path));
            return missing.into_iter().collect();
        };
        let (asked, mut found) = acceptance::read(text, &self.path, &config.base_url);
        found.extend(acceptance::unknown(&asked, world, &self.path));
        let library = &world.site.library;
        let answers =
            acceptance::ask_all(&asked, world.search_index(), library, &Request::default());
        found.extend(acceptance::judge(&asked, &answers, config, &self.path));
        found
    }
}

/// The texts of the site, and the questions.
struct WithQuestions<'a>(&'a Pipeline, &'a Questions);

impl Texts for WithQuestions<'_> {
    fn text(&self, file: &SourcePath) -> Option<&str> {
        let questions = self.1.text.as_deref();
        questions
            .filter(|_| *file == self.1.path)
            .or_else(|| self.0.text(file))
    }
}
