//! `pufa build`: the whole site, once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::args::{BuildArgs, Global};
use super::report::seconds;
use super::{Status, Terminal, pipeline, use_threads};
use crate::config::{Overrides, Purpose};
use crate::diag::{self, Diagnostic, Severity};
use crate::output::{self, OutputPlan};
use crate::pipeline::{Pipeline, Timing};
use crate::render::World;
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
        Ok(pipeline) => pipeline.once(),
        Err(status) => return status,
    };
    let run = pipeline.run();
    let plan = output::plan(&run.world);
    let mut job = Job {
        pipeline,
        diagnostics: Vec::clone(&run.diagnostics),
        timings: run.timings,
        since,
        terminal,
    };
    job.diagnostics.extend(plan.diagnostics.iter().cloned());
    if diag::has_errors(&job.diagnostics) {
        return job.refused();
    }
    let status = match job.write(&run.world, &plan, args) {
        Ok((report, problems)) => {
            job.diagnostics.extend(problems);
            let pages = run.world.site.pages.len() + run.world.site.sections.len();
            job.done(pages, report)
        }
        Err(Failure::Content(problems)) => {
            job.diagnostics.extend(problems);
            job.refused()
        }
        Err(Failure::Machine(diagnostic)) => terminal.fail(&diagnostic, Status::Machine),
    };
    // The process ends here; taking a large site apart first would be time for nothing.
    std::mem::forget((run.world, plan, job.pipeline));
    status
}

/// A build under way.
struct Job<'a> {
    pipeline: Pipeline,
    diagnostics: Vec<Diagnostic>,
    timings: Vec<Timing>,
    since: Instant,
    terminal: &'a Terminal,
}

impl Job<'_> {
    fn write(
        &mut self,
        world: &Arc<World>,
        plan: &OutputPlan,
        args: &BuildArgs,
    ) -> Result<(Report, Vec<Diagnostic>), Failure> {
        let terminal = self.terminal;
        let before = self.since.elapsed();
        let bar = terminal.progress(plan.files.len());
        let waiting = "另一个构建正在进行，等它结束……";
        let waiting = terminal.say(waiting, "another build is running, waiting for it …");
        let place = Place {
            output: &output_folder(&self.pipeline, args),
            work: &write::work_folder(self.pipeline.folder()),
            progress: &|done| bar.set_position(done as u64),
            waiting: &|| terminal.line(waiting),
        };
        let result = write::write(world, plan, &place);
        bar.finish_and_clear();
        self.timings.push(("write", self.since.elapsed() - before));
        result
    }

    fn show(&mut self) {
        diag::sort(&mut self.diagnostics);
        self.pipeline.recall(&self.diagnostics);
        self.terminal.show(&self.diagnostics, &self.pipeline);
    }

    /// The content has errors: nothing was written.
    fn refused(&mut self) -> Status {
        self.show();
        summary_of_failure(&self.diagnostics, self.terminal);
        Status::Content
    }

    fn done(&mut self, pages: usize, report: Report) -> Status {
        self.show();
        self.terminal.timings(&self.timings);
        let time = seconds(self.since.elapsed());
        summary(pages, report, &self.diagnostics, &time, self.terminal);
        Status::Fine
    }
}

fn output_folder(pipeline: &Pipeline, args: &BuildArgs) -> PathBuf {
    match &args.output {
        Some(output) => std::path::absolute(output).unwrap_or_else(|_| output.clone()),
        None => pipeline.folder().join(&pipeline.config().output_dir),
    }
}

fn summary(
    pages: usize,
    report: Report,
    diagnostics: &[Diagnostic],
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

fn summary_of_failure(diagnostics: &[Diagnostic], terminal: &Terminal) {
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
