//! `pufa build`: the whole site, once.

use std::path::PathBuf;
use std::time::Instant;

use super::args::{BuildArgs, Global};
use super::report::seconds;
use super::{Status, Terminal, pipeline, use_threads};
use crate::config::{Overrides, Purpose};
use crate::diag::{self, Severity};
use crate::output;
use crate::write::{self, Failure, Place, Report};

/// Runs `pufa build`.
pub(super) fn run(global: &Global, args: &BuildArgs, terminal: &Terminal) -> Status {
    let since = Instant::now();
    use_threads(args.jobs);
    let overrides = Overrides {
        base_url: args.base_url.clone(),
        output_dir: None,
        drafts: args.drafts,
        as_of: args.as_of,
        purpose: Purpose::Publish,
    };
    let mut pipeline = match pipeline(global, overrides, terminal) {
        Ok(pipeline) => pipeline,
        Err(status) => return status,
    };
    let run = pipeline.run();
    let plan = output::plan(&run.world);
    let mut diagnostics = run.diagnostics;
    diagnostics.extend(plan.diagnostics.iter().cloned());
    let mut timings = run.timings;
    if diag::has_errors(&diagnostics) {
        terminal.show(&diagnostics, &pipeline);
        summary_of_failure(&diagnostics, terminal);
        return Status::Content;
    }
    let output = output_folder(&pipeline, args);
    let bar = terminal.progress(plan.files.len());
    let place = Place {
        output: &output,
        work: &write::work_folder(pipeline.folder()),
        progress: &|done| bar.set_position(done as u64),
        waiting: &|| {
            terminal.line(terminal.say(
                "另一个构建正在进行，等它结束……",
                "another build is running, waiting for it …",
            ))
        },
    };
    let before_write = since.elapsed();
    let result = write::write(&run.world, &plan, &place);
    bar.finish_and_clear();
    timings.push(("write", since.elapsed() - before_write));
    match result {
        Ok((report, problems)) => {
            diagnostics.extend(problems);
            diag::sort(&mut diagnostics);
            terminal.show(&diagnostics, &pipeline);
            terminal.timings(&timings);
            let pages = run.world.site.pages.len() + run.world.site.sections.len();
            summary(
                pages,
                report,
                &diagnostics,
                &seconds(since.elapsed()),
                terminal,
            );
            // The process ends here; taking a large site apart first would be time for nothing.
            std::mem::forget(run.world);
            std::mem::forget(plan);
            std::mem::forget(pipeline);
            Status::Fine
        }
        Err(Failure::Content(problems)) => {
            diagnostics.extend(problems);
            diag::sort(&mut diagnostics);
            terminal.show(&diagnostics, &pipeline);
            summary_of_failure(&diagnostics, terminal);
            Status::Content
        }
        Err(Failure::Machine(diagnostic)) => terminal.fail(&diagnostic, Status::Machine),
    }
}

fn output_folder(pipeline: &crate::pipeline::Pipeline, args: &BuildArgs) -> PathBuf {
    match &args.output {
        Some(output) => std::path::absolute(output).unwrap_or_else(|_| output.clone()),
        None => pipeline.folder().join(&pipeline.config().output_dir),
    }
}

fn summary(
    pages: usize,
    report: Report,
    diagnostics: &[diag::Diagnostic],
    time: &str,
    terminal: &Terminal,
) {
    let Report {
        written,
        unchanged,
        removed,
    } = report;
    let warnings = crate::check::count(diagnostics, Severity::Warning);
    let text = match terminal.language {
        diag::catalog::Language::Zh => {
            format!(
                "{pages} 页：写入 {written} 个文件，未变 {unchanged}，移除 {removed}，警告 {warnings}，用时 {time}"
            )
        }
        diag::catalog::Language::En => format!(
            "{pages} pages: {written} files written, {unchanged} unchanged, {removed} removed, {warnings} warnings, {time}"
        ),
    };
    terminal.line(&text);
}

fn summary_of_failure(diagnostics: &[diag::Diagnostic], terminal: &Terminal) {
    let errors = crate::check::count(diagnostics, Severity::Error);
    let text = match terminal.language {
        diag::catalog::Language::Zh => {
            format!("有 {errors} 处错误，没有写入任何文件；原来的站点没有动")
        }
        diag::catalog::Language::En => {
            format!("{errors} errors: nothing was written, the site is as it was before")
        }
    };
    terminal.line(&text);
}
