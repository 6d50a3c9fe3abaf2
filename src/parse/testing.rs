//! What the tests of the parsers share.

use super::markdown::MarkdownOptions;
use crate::base::{LineIndex, SourcePath};
use crate::diag::Diagnostic;
use crate::doc::Code;

/// What a block of code with this text is, and its problems as [`places`] writes them.
pub(crate) fn read_block<T>(
    info: &str,
    text: &str,
    parse: impl Fn(&Code, &SourcePath, &MarkdownOptions, &mut Vec<Diagnostic>) -> T,
) -> (T, Vec<String>) {
    let code = Code {
        language: "block".into(),
        info: info.into(),
        text: text.into(),
        text_start: 0,
    };
    let (file, options) = (SourcePath::new("a.md"), MarkdownOptions::default());
    let mut diagnostics = Vec::new();
    let read = parse(&code, &file, &options, &mut diagnostics);
    (read, places(text, &diagnostics))
}

/// Diagnostics as `line:column code word word`, in the order found.
pub(crate) fn places(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let lines = LineIndex::new(text);
    diagnostics
        .iter()
        .map(|diagnostic| {
            let start = diagnostic
                .place
                .as_ref()
                .map_or(0, |place| place.span.start as usize);
            let position = lines.position(text, start);
            let words: String = diagnostic
                .args
                .iter()
                .map(|(_, value)| format!(" {value}"))
                .collect();
            format!(
                "{}:{} {}{words}",
                position.line, position.column, diagnostic.code
            )
        })
        .collect()
}

/// Text made of the pieces parsers look for, in any order: what editors' slips of the pen are made of.
mod any_text {
    use proptest::prelude::*;

    use super::super::{case, decision, markdown::MarkdownOptions, quiz, service, transcript};
    use crate::base::SourcePath;
    use crate::diag::Diagnostic;
    use crate::doc::{Code, text};

    const PIECES: [&str; 56] = [
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "：",
        ":",
        ",",
        "，",
        "\"",
        "“",
        "-->",
        "->",
        "→",
        "[",
        "]",
        "［",
        "］",
        "【",
        "】",
        "[x]",
        "[ ]",
        "- ",
        "－",
        "> ",
        "＞",
        "1.",
        "１、",
        "1)",
        "（判断）",
        "（多选",
        "(排序)",
        "答案：",
        "对",
        "00:01",
        "00：01.5",
        "WEBVTT",
        "NOTE",
        "<v 甲>",
        "<",
        "&amp;",
        "{\\an8}",
        "[start]",
        "=",
        "＝",
        "[[step]]",
        "原告",
        "王小明",
        "欧阳",
        "138 0013 8000",
        "110101190001010014",
        "X",
        "12348",
        ";",
        "转",
        "𠮷",
        "\u{feff}",
    ];

    fn any_text() -> impl Strategy<Value = String> {
        proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40)
            .prop_map(|pieces| pieces.concat())
    }

    /// Every place lies in the text, on the borders of characters: else no message could show it.
    fn check(text: &str, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            let span = diagnostic
                .place
                .as_ref()
                .map(|place| place.span)
                .unwrap_or_default();
            assert!(
                text.get(span.range()).is_some(),
                "{diagnostic:?} in {text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn is_read_without_panic_and_every_place_is_in_it(text in any_text()) {
            let (file, options) = (SourcePath::new("a.md"), MarkdownOptions::default());
            let code = Code { language: "quiz".into(), info: "".into(), text: text.as_str().into(), text_start: 0 };
            let mut diagnostics = Vec::new();
            let _ = quiz::parse(&code, &file, &options, &mut diagnostics);
            let _ = decision::parse(&code, &file, &options, &mut diagnostics);
            let _ = service::read_csv(&text, &file, &mut diagnostics);
            let document = super::super::markdown::parse(&text, 0, &file, &options, &mut Vec::new());
            // An entity is shorter in the flat text than in the source, so places behind one are not exact.
            let mut names = Vec::new();
            case::check_anonymity(&text::flat(&document), &file, &mut names);
            if !text.contains('&') {
                check(&text, &names);
            }
            for format in [transcript::Format::WebVtt, transcript::Format::Srt, transcript::Format::Markdown] {
                let read = transcript::parse(format, &text, &file, &mut diagnostics);
                let mut again = Vec::new();
                let written = transcript::parse(transcript::Format::WebVtt, &read.to_webvtt(), &file, &mut again);
                prop_assert_eq!(read.cues.len(), written.cues.len());
            }
            check(&text, &diagnostics);
        }
    }
}
