//! Code with its syntax marked by CSS classes (`z-…`), by syntect.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;

use super::escape;

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(SyntaxSet::load_defaults_newlines)
}

/// The code as HTML; escaped text where the language is not known.
#[must_use]
pub fn highlight(code: &str, language: &str) -> String {
    let syntax = if language.is_empty() || language == "text" {
        None
    } else {
        syntaxes().find_syntax_by_token(language)
    };
    let Some(syntax) = syntax else {
        return escape::escape(code);
    };
    let style = ClassStyle::SpacedPrefixed { prefix: "z-" };
    let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes(), style);
    for line in syntect::util::LinesWithEndings::from(code) {
        if generator
            .parse_html_for_line_which_includes_newline(line)
            .is_err()
        {
            return escape::escape(code);
        }
    }
    generator.finalize()
}
