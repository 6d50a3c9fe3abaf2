//! `pufa cite` and `pufa law`: which library is asked, and how the commands end.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Global, LawCommand};
use super::cite::{self, CiteArgs};
use super::law::{self, Failure};
use super::library::{load_law, load_library};
use super::{Status, Terminal, pipeline};
use crate::config::Overrides;
use crate::model::law::Library;

/// Runs `pufa cite`.
pub(super) fn cite(
    global: &Global,
    laws: &[PathBuf],
    args: &CiteArgs,
    terminal: &Terminal,
) -> Status {
    let library = match library(global, laws, terminal) {
        Ok(library) => library,
        Err(status) => return status,
    };
    print(terminal, |out| {
        cite::run(
            args,
            &library,
            crate::load::today(),
            &mut io::stdin().lock(),
            out,
        )
    })
}

/// Runs `pufa law`.
pub(super) fn law(
    global: &Global,
    laws: &[PathBuf],
    command: &LawCommand,
    terminal: &Terminal,
) -> Status {
    // One law of a large library is read without the others.
    if let (LawCommand::Show(args), false) = (command, laws.is_empty()) {
        match load_law(laws, &args.title) {
            Ok(Some(library)) => return print(terminal, |out| law::show(args, &library, out)),
            Ok(None) => {}
            Err(diagnostic) => return terminal.fail(&diagnostic, Status::Usage),
        }
    }
    let library = match library(global, laws, terminal) {
        Ok(library) => library,
        Err(status) => return status,
    };
    print(terminal, |out| match command {
        LawCommand::List(args) => law::list(args, &library, out),
        LawCommand::Show(args) => law::show(args, &library, out),
        LawCommand::Diff(args) => law::diff(args, &library, out),
    })
}

/// The library of the folders named, else the site's.
fn library(global: &Global, laws: &[PathBuf], terminal: &Terminal) -> Result<Arc<Library>, Status> {
    if laws.is_empty() {
        let mut pipeline = pipeline(global, Overrides::default(), terminal)?;
        return Ok(pipeline.run().world.site.library.clone());
    }
    match load_library(laws) {
        Ok((library, _)) => Ok(Arc::new(library)),
        Err(diagnostic) => Err(terminal.fail(&diagnostic, Status::Usage)),
    }
}

/// Runs a command that prints, and gives the status it ends with.
fn print(terminal: &Terminal, run: impl FnOnce(&mut dyn Write) -> Result<(), Failure>) -> Status {
    let mut out = BufWriter::new(io::stdout().lock());
    let result = run(&mut out).and_then(|()| Ok(out.flush()?));
    match result {
        Ok(()) => Status::Fine,
        Err(Failure::Usage(diagnostic)) => terminal.fail(&diagnostic, Status::Usage),
        // Whoever reads has seen enough: `pufa law list | head`.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Status::Fine,
        Err(Failure::Io(_)) => Status::Machine,
    }
}
