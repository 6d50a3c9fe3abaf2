//! The `pufa` command.

use std::process::ExitCode;

use clap::Parser;
use pufa::cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::args::Cli::parse();
    ExitCode::from(cli::run(&arguments) as u8)
}
