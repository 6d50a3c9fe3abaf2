//! `pufa check`: everything that is wrong, in one run.
#![expect(
    clippy::disallowed_methods,
    reason = "the report is written where the user says"
)]

use std::io::Write;
use std::path::Path;

use super::args::{CheckArgs, Global, OutputFormat};
use super::{Status, Terminal, pipeline, use_threads};
use crate::config::Overrides;
use crate::diag::emit::Emitter;
use crate::diag::{self, Diagnostic, Severity};
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
    let mut diagnostics = run.diagnostics;
    diagnostics.extend(plan.diagnostics.iter().cloned());
    diagnostics.extend(check::check(&run.world.site, &run.world.resolved));
    diagnostics.extend(write::rehearse(&run.world, &plan));
    check::apply_rules(&mut diagnostics, &run.world.site);
    diag::sort(&mut diagnostics);
    if let Some(file) = &args.report {
        let report = law_report(&run.world, &pipeline, terminal.language);
        if let Err(problem) = write_report(file, &report) {
            return terminal.fail(&problem, Status::Machine);
        }
    }
    let mut emitter = Emitter::new(
        &pipeline,
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
