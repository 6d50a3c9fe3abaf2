//! The command line: arguments in, one file a command, exit status out.
#![expect(
    clippy::disallowed_methods,
    reason = "commands read the environment and the clock"
)]

pub mod args;
mod build;
mod check;
pub mod cite;
mod completions;
pub mod export;
mod external;
pub mod law;
pub mod library;
mod new;
mod report;
pub mod search;
mod serve;

use std::path::Path;

use crate::config::Overrides;
use crate::diag::Diagnostic;
use crate::load::{self, Root};
use crate::pipeline::Pipeline;
use args::{Cli, Command, Global};
pub use report::Terminal;

/// How a command ended; scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Fine.
    Fine = 0,
    /// The content has errors.
    Content = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// The machine failed: disk, permission, network.
    Machine = 3,
}

/// Runs the command.
#[must_use]
pub fn run(cli: &Cli) -> Status {
    let terminal = Terminal::new(&cli.global);
    match &cli.command {
        Command::New(args) => new::run(&cli.global, args, &terminal),
        Command::Build(args) => build::run(&cli.global, args, &terminal),
        Command::Serve(args) => serve::run(&cli.global, args, &terminal),
        Command::Check(args) => check::run(&cli.global, args, &terminal),
        Command::Search(args) => search::run(&cli.global, args, &terminal),
        Command::Cite(args) => cite::command(&cli.global, args, &terminal),
        Command::Law(args) => law::command(&cli.global, args, &terminal),
        Command::Export(args) => export::run(&cli.global, args, &terminal),
        Command::Completions(args) => completions::run(args),
    }
}

/// The pipeline of the site the arguments name, or what is wrong with them.
fn pipeline(
    global: &Global,
    overrides: Overrides,
    terminal: &Terminal,
) -> Result<Pipeline, Status> {
    let root = find_root(global).map_err(|diagnostic| terminal.fail(&diagnostic, Status::Usage))?;
    let pipeline = Pipeline::new(root, overrides);
    let problems = pipeline.config_problems();
    if crate::diag::has_errors(problems) {
        terminal.show(problems, &pipeline);
        return Err(Status::Usage);
    }
    Ok(pipeline)
}

fn find_root(global: &Global) -> Result<Root, Box<Diagnostic>> {
    let start = std::env::current_dir().unwrap_or_else(|_| Path::new(".").to_path_buf());
    load::find_root(global.root.as_deref(), global.config.as_deref(), &start)
}

/// How many threads work: all cores, or as many as asked for. Their stacks have room for templates in templates.
fn use_threads(jobs: Option<usize>) {
    const STACK: usize = 16 << 20;
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs.unwrap_or(0))
        .stack_size(STACK)
        .build_global();
}
