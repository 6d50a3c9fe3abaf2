//! `pufa build`: the whole site, once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::args::{BuildArgs, Global};
use super::report::seconds;
use super::{Status, Terminal, pipeline, use_threads};
use crate::base::Hash;
use crate::config::{Overrides, Purpose};
use crate::diag::{self, Diagnostic, Severity};
use crate::output::{self, OutputPlan};
use crate::pipeline::{Pipeline, Timing};
use crate::render::World;
use crate::write::stamp::{self, Last};
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
    let clock = pipeline.load();
    let inputs = pipeline.fingerprint();
    let output = output_folder(&pipeline, args);
    let mut job = Job {
        work: write::work_folder(pipeline.folder()),
        output,
        diagnostics: Vec::new(),
        timings: Vec::new(),
        pipeline,
        since,
        terminal,
    };
    if let Some(last) = stamp::unchanged(&job.place(&|_| {}, &|| job.wait()), &inputs) {
        return job.nothing_to_do(last);
    }
    let run = job.pipeline.run_loaded(clock);
    job.timings = run.timings;
    let before = since.elapsed();
    let plan = output::plan(&run.world);
    job.timings.push(("plan", since.elapsed() - before));
    job.diagnostics.extend(run.diagnostics.iter().cloned());
    job.diagnostics.extend(plan.diagnostics.iter().cloned());
    if diag::has_errors(&job.diagnostics) {
        return job.refused();
    }
    let status = match job.write(&run.world, &plan) {
        Ok((report, problems)) => {
            job.diagnostics.extend(problems);
            let pages = run.world.site.pages.len() + run.world.site.sections.len();
            job.done(pages, report, &inputs)
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
    /// The output folder.
    output: PathBuf,
    /// The folder for locks and caches.
    work: PathBuf,
    diagnostics: Vec<Diagnostic>,
    timings: Vec<Timing>,
    since: Instant,
    terminal: &'a Terminal,
}

impl Job<'_> {
    fn place<'p>(
        &'p self,
        progress: &'p (dyn Fn(usize) + Sync),
        waiting: &'p (dyn Fn() + Sync),
    ) -> Place<'p> {
        Place {
            output: &self.output,
            work: &self.work,
            progress,
            waiting,
        }
    }

    fn wait(&self) {
        let waiting = "另一个构建正在进行，等它结束……";
        let waiting = self
            .terminal
            .say(waiting, "another build is running, waiting for it …");
        self.terminal.line(waiting);
    }

    fn write(
        &mut self,
        world: &Arc<World>,
        plan: &OutputPlan,
    ) -> Result<(Report, Vec<Diagnostic>), Failure> {
        let before = self.since.elapsed();
        let bar = self.terminal.progress(plan.files.len());
        let progress = |done| bar.set_position(done as u64);
        let result = write::write(world, plan, &self.place(&progress, &|| self.wait()));
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

    fn done(&mut self, pages: usize, report: Report, inputs: &Hash) -> Status {
        self.show();
        let last = Last {
            pages,
            files: report.written + report.unchanged,
            diagnostics: std::mem::take(&mut self.diagnostics),
        };
        stamp::keep(&self.place(&|_| {}, &|| ()), inputs, &last);
        self.told(&last, report)
    }

    /// The last build was made of the same, and what it made is there.
    fn nothing_to_do(&mut self, last: Last) -> Status {
        self.terminal.show(&last.diagnostics, &self.pipeline);
        let report = Report {
            unchanged: last.files,
            ..Report::default()
        };
        self.told(&last, report)
    }

    fn told(&self, last: &Last, report: Report) -> Status {
        self.terminal.timings(&self.timings);
        let time = seconds(self.since.elapsed());
        summary(last.pages, report, &last.diagnostics, &time, self.terminal);
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
