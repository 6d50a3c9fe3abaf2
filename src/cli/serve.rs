//! `pufa serve`: the preview.

use std::collections::HashSet;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::args::{Global, ServeArgs};
use super::report::seconds;
use super::{Status, Terminal, find_root, pipeline};
use crate::check;
use crate::config::{Overrides, Purpose};
use crate::diag::catalog::Language;
use crate::diag::{Diagnostic, Severity};
use crate::pipeline::Pipeline;
use crate::serve::{self, Options};
use crate::write;

/// Runs `pufa serve`.
pub(super) fn run(global: &Global, args: &ServeArgs, terminal: &Terminal) -> Status {
    let options = Options {
        interface: args.interface,
        port: args.port.unwrap_or(1111),
        any_port: args.port.is_none(),
        language: terminal.language,
        work: std::path::PathBuf::new(),
    };
    let listener = match serve::bind(&options) {
        Ok(listener) => listener,
        Err(error) => {
            let diagnostic = Diagnostic::new("port-taken")
                .with("port", options.port)
                .with("error", error);
            return terminal.fail(&diagnostic, Status::Machine);
        }
    };
    let address = address(args, &listener, options.port);
    let overrides = Overrides {
        base_url: Some(address.clone()),
        drafts: args.drafts,
        purpose: Purpose::Preview,
        ..Overrides::default()
    };
    let pipeline = match pipeline(global, overrides.clone(), terminal) {
        Ok(pipeline) => pipeline,
        Err(status) => return status,
    };
    let options = Options {
        work: write::work_folder(pipeline.folder()),
        ..options
    };
    let reopen = reopening(global.clone(), overrides, terminal.clone());
    let report = reporting(terminal.clone());
    let ready = || announce(&address, args, terminal);
    match serve::serve(listener, pipeline, options, reopen, report, ready) {
        Ok(()) => Status::Fine,
        Err(error) => {
            let diagnostic = Diagnostic::new("serve-failed").with("error", error);
            terminal.fail(&diagnostic, Status::Machine)
        }
    }
}

/// The address the preview is reached at.
fn address(args: &ServeArgs, listener: &TcpListener, wanted: u16) -> String {
    let port = listener.local_addr().map_or(wanted, |bound| bound.port());
    let shown = if args.interface.is_unspecified() {
        local_address()
    } else {
        args.interface
    };
    format!("http://{}/", SocketAddr::new(shown, port))
}

/// Opens the site anew when its configuration changed; `None`, after saying why, when it can't be used.
fn reopening(
    global: Global,
    overrides: Overrides,
    terminal: Terminal,
) -> impl Fn() -> Option<Pipeline> {
    move || {
        let fresh = Pipeline::new(find_root(&global).ok()?, overrides.clone());
        if crate::diag::has_errors(fresh.config_problems()) {
            terminal.show(fresh.config_problems(), &fresh);
            return None;
        }
        Some(fresh)
    }
}

/// Says what a round found that the one before did not, how much there is in all, and how long it took.
fn reporting(terminal: Terminal) -> impl Fn(&[Diagnostic], &Pipeline, Duration) {
    let known: Mutex<HashSet<Diagnostic>> = Mutex::default();
    move |problems, pipeline, time| {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let new = problems.iter().filter(|problem| !known.contains(*problem));
        let new: Vec<Diagnostic> = new.cloned().collect();
        terminal.show(&new, pipeline);
        *known = problems.iter().cloned().collect();
        let count = |severity| check::count(problems, severity);
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let time = seconds(time);
        terminal.line(&match terminal.language {
            Language::Zh => {
                format!("已更新，用时 {time}；现有错误 {errors}，警告 {warnings}")
            }
            Language::En => {
                format!("updated in {time}; {errors} errors, {warnings} warnings now")
            }
        });
    }
}

/// Says where the preview is.
fn announce(address: &str, args: &ServeArgs, terminal: &Terminal) {
    let _ = writeln!(std::io::stdout(), "{address}");
    let _ = std::io::stdout().flush();
    if !args.interface.is_loopback() && !terminal.quiet {
        print_code(address);
    }
    if args.open {
        open_browser(address);
    }
}

/// The address other machines in the house reach this one by; nothing is sent to find it.
fn local_address() -> IpAddr {
    std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| {
            socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
            socket.local_addr()
        })
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip())
}

/// The address as a QR code, for phones in the same network.
fn print_code(address: &str) {
    if let Ok(code) = qrcode::QrCode::new(address) {
        let picture = code
            .render::<qrcode::render::unicode::Dense1x2>()
            .quiet_zone(true)
            .build();
        let _ = writeln!(std::io::stderr(), "{picture}");
    }
}

/// Opens the browser; where there is none, the address on the screen is enough.
fn open_browser(address: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let _ = std::process::Command::new(program)
        .args(arguments)
        .arg(address)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
}
