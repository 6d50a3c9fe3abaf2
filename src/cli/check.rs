//! `pufa check`: everything that is wrong, in one run.

use std::io::Write;
use std::time::Duration;

use super::args::{CheckArgs, Global, OutputFormat};
use super::{Status, Terminal, external, pipeline, use_threads};
use crate::config::Overrides;
use crate::diag::emit::Emitter;
use crate::diag::{self, Diagnostic, Severity};
use crate::pipeline::Pipeline;
use crate::render::World;
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
    if args.external {
        diagnostics.extend(outside(&run.world, &pipeline, terminal));
    }
    check::apply_rules(&mut diagnostics, &run.world.site);
    diag::sort(&mut diagnostics);
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
