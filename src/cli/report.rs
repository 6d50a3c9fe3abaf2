//! What people see in the terminal: messages, progress, the summary. Everything goes to standard error; standard output is
//! for results.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Status;
use super::args::{Color, Global};
use crate::diag::catalog::Language;
use crate::diag::emit::{Emitter, Format, Texts};
use crate::diag::{Diagnostic, Severity};
use crate::pipeline::Timing;

/// How the terminal is spoken to.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Language of messages.
    pub language: Language,
    /// Whether only errors are said.
    pub quiet: bool,
    /// Whether more is said.
    pub verbose: bool,
    /// In which form problems are written.
    format: Format,
    styled: bool,
    interactive: bool,
}

/// No text is known: for messages before a site is found.
struct NoTexts;

impl Texts for NoTexts {
    fn text(&self, _file: &crate::base::SourcePath) -> Option<&str> {
        None
    }
}

impl Terminal {
    /// As the flags and the environment want it.
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let interactive = std::io::stderr().is_terminal();
        let styled = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => interactive && std::env::var_os("NO_COLOR").is_none(),
        };
        let language = global.lang.map_or_else(locale_language, Language::from);
        Self {
            language,
            quiet: global.quiet,
            verbose: global.verbose,
            format: Format::Human,
            styled,
            interactive,
        }
    }

    /// The same with problems in another form.
    #[must_use]
    pub fn with_format(&self, format: Format) -> Self {
        Self {
            format,
            styled: self.styled && format == Format::Human,
            ..self.clone()
        }
    }

    /// Writes problems: as JSON they are a result, in the other forms they are for people.
    fn write(&self, text: &str) {
        let _ = match self.format {
            Format::Json => std::io::stdout().write_all(text.as_bytes()),
            Format::Human | Format::Short => std::io::stderr().write_all(text.as_bytes()),
        };
    }

    /// The text in the terminal's language.
    #[must_use]
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// A line for people, unless quiet.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }

    /// Shows problems for people; notes only when asked to say more.
    pub fn show(&self, diagnostics: &[Diagnostic], texts: &dyn Texts) {
        let mut emitter = Emitter::new(texts, self.language, self.format, self.styled);
        for diagnostic in diagnostics {
            let wanted = match diagnostic.severity() {
                Severity::Error => true,
                Severity::Warning => !self.quiet,
                Severity::Note => self.verbose,
            };
            if wanted {
                self.write(&emitter.write(diagnostic));
            }
        }
    }

    /// Shows one problem and gives the status to end with.
    pub fn fail(&self, diagnostic: &Diagnostic, status: Status) -> Status {
        let mut emitter = Emitter::new(&NoTexts, self.language, self.format, self.styled);
        self.write(&emitter.write(diagnostic));
        status
    }

    /// Whether colours are used.
    #[must_use]
    pub fn styled(&self) -> bool {
        self.styled
    }

    /// Progress over `total` files; shown only on a terminal, and only when it takes a while.
    #[must_use]
    pub fn progress(&self, total: usize) -> ProgressBar {
        if total < 500 {
            return ProgressBar::hidden();
        }
        self.progress_of(total)
    }

    /// Progress over a few pieces of work that each take a while.
    #[must_use]
    pub fn progress_of(&self, total: usize) -> ProgressBar {
        if self.quiet || !self.interactive {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar
    }

    /// A sign that something is being done whose end is not known; shown only on a terminal.
    #[must_use]
    pub fn spinner(&self) -> ProgressBar {
        if self.quiet || !self.interactive {
            return ProgressBar::hidden();
        }
        let spinner = ProgressBar::new_spinner();
        spinner.enable_steady_tick(Duration::from_millis(120));
        spinner
    }

    /// The stages with their times, when asked to say more.
    pub fn timings(&self, timings: &[Timing]) {
        if self.verbose {
            for (stage, time) in timings {
                self.line(&format!("  {stage:<10} {}", seconds(*time)));
            }
        }
    }
}

/// `0.42 s`, `38 ms`.
#[must_use]
pub(super) fn seconds(time: Duration) -> String {
    if time.as_millis() < 1000 {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}

/// Chinese where the locale is Chinese, else English.
fn locale_language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .map(|value| value.to_string_lossy().to_lowercase())
        .find(|value| !value.is_empty());
    match locale {
        Some(locale) if locale.starts_with("zh") => Language::Zh,
        Some(_) => Language::En,
        // Windows has no such variables; its users here read Chinese.
        None if cfg!(windows) => Language::Zh,
        None => Language::En,
    }
}
