//! `pufa completions`: the script a shell completes commands and flags with.

use clap::CommandFactory;

use super::Status;
use super::args::{Cli, CompletionsArgs};

/// Prints the script.
pub(super) fn run(args: &CompletionsArgs) -> Status {
    clap_complete::generate(
        args.shell,
        &mut Cli::command(),
        "pufa",
        &mut std::io::stdout(),
    );
    Status::Fine
}
