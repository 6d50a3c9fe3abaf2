//! Formulas in TeX → MathML, by pulldown-latex.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

use super::escape;

/// The formula as MathML; what can't be read is shown as it was written.
#[must_use]
pub fn to_mathml(tex: &str, display: bool) -> String {
    let storage = Storage::new();
    let parser = Parser::new(tex, &storage);
    let display_mode = if display {
        DisplayMode::Block
    } else {
        DisplayMode::Inline
    };
    let config = RenderConfig {
        display_mode,
        ..RenderConfig::default()
    };
    let mut out = String::new();
    let readable = Parser::new(tex, &Storage::new()).all(|event| event.is_ok());
    if readable && push_mathml(&mut out, parser, config).is_ok() {
        out
    } else {
        format!("<code class=\"math-error\">{}</code>", escape::escape(tex))
    }
}
