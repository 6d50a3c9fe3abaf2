//! The `pufa` command.
#![expect(clippy::disallowed_methods, reason = "the command line is the rim")]

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use pufa::cli::{cite, law, library::{load_law, load_library}};
use pufa::diag::Diagnostic;
use pufa::diag::catalog::{self, Language};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Cite {
        #[arg(long)]
        laws: Vec<PathBuf>,
        #[command(flatten)]
        args: cite::CiteArgs,
    },
    Law {
        #[arg(long, global = true)]
        laws: Vec<PathBuf>,
        #[command(subcommand)]
        command: Law,
    },
}

#[derive(Subcommand)]
enum Law {
    List(law::ListArgs),
    Show(law::ShowArgs),
    Diff(law::DiffArgs),
}

fn main() -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let code = match run(Args::parse(), &mut out) {
        Ok(()) => 0,
        Err(law::Failure::Usage(diagnostic)) => {
            show(&diagnostic);
            2
        }
        Err(law::Failure::Io(_)) => 3,
    };
    let _ = out.flush();
    ExitCode::from(code)
}

fn run(args: Args, out: &mut dyn Write) -> Result<(), law::Failure> {
    match args.command {
        Command::Cite { laws, args } => {
            let (library, _) = load_library(&laws).map_err(law::Failure::Usage)?;
            cite::run(&args, &library, pufa::load::today(), &mut io::stdin().lock(), out)
        }
        Command::Law { laws, command } => {
            if let Law::Show(args) = &command {
                if let Some(library) = load_law(&laws, &args.title).map_err(law::Failure::Usage)? {
                    return law::show(args, &library, out);
                }
            }
            let (library, problems) = load_library(&laws).map_err(law::Failure::Usage)?;
            if std::env::var_os("PUFA_PROBLEMS").is_some() {
                problems.iter().for_each(show);
            }
            match command {
                Law::List(args) => law::list(&args, &library, out),
                Law::Show(args) => law::show(&args, &library, out),
                Law::Diff(args) => law::diff(&args, &library, out),
            }
        }
    }
}

fn show(diagnostic: &Diagnostic) {
    let place = diagnostic.place.as_ref().map(|place| place.file.to_string()).unwrap_or_default();
    let hint = catalog::hint(diagnostic, Language::Zh).unwrap_or_default();
    let _ = writeln!(io::stderr(), "{place}: {} [{}] {hint}", catalog::message(diagnostic, Language::Zh), diagnostic.code);
}
