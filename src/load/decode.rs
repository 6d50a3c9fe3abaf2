//! Bytes of a file → text: UTF-8 with or without a byte order mark, UTF-16 with one, GB 18030.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::base::{LineIndex, SourcePath, Span};
use crate::diag::Diagnostic;

/// Decodes a file. Line ends become `\n`. GB 18030 and UTF-16 files are read with a note. `None` (and a diagnostic with the
/// place of the first bad byte) where the bytes are no text.
pub fn decode(
    bytes: Vec<u8>,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{FEFF}') {
            Some(rest) => rest.to_owned(),
            None => text,
        },
        Err(error) => other_encoding(error, file, diagnostics)?,
    };
    Some(if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    })
}

fn other_encoding(
    error: std::string::FromUtf8Error,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let valid_up_to = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let encoding = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ => GB18030,
    };
    // A file of UTF-8 with a few broken bytes is damaged, not GB 18030: reading it as such would garble all of it.
    let mostly_utf8 = has_multibyte_utf8(&bytes[..valid_up_to]);
    let binary = memchr::memchr(0, &bytes).is_some() && encoding == GB18030;
    if !mostly_utf8 && !binary {
        let (text, _, failed) = encoding.decode(&bytes);
        if !failed {
            let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned();
            diagnostics.push(
                Diagnostic::in_file("other-encoding", file).with("encoding", encoding.name()),
            );
            return Some(text);
        }
    }
    if binary {
        diagnostics.push(Diagnostic::in_file("not-text", file));
    } else {
        let readable = String::from_utf8_lossy(&bytes[..valid_up_to]).into_owned();
        let place = LineIndex::new(&readable).position(&readable, readable.len());
        diagnostics.push(
            Diagnostic::at("invalid-bytes", file, Span::default())
                .with("line", place.line)
                .with("column", place.column)
                .with(
                    "byte",
                    format!(
                        "0x{:02X}",
                        bytes.get(valid_up_to).copied().unwrap_or_default()
                    ),
                ),
        );
    }
    None
}

/// Whether valid UTF-8 holds enough characters beyond ASCII to be sure that it is no accident.
fn has_multibyte_utf8(valid: &[u8]) -> bool {
    let multibyte = valid.iter().filter(|byte| **byte >= 0xE0).count();
    multibyte >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Option<String>, Vec<&'static str>) {
        let mut diagnostics = Vec::new();
        let text = decode(bytes.to_vec(), &SourcePath::new("a.md"), &mut diagnostics);
        (
            text,
            diagnostics
                .iter()
                .map(|diagnostic| diagnostic.code)
                .collect(),
        )
    }

    #[test]
    fn marks_and_line_ends_are_dropped_silently() {
        assert_eq!(
            read("\u{FEFF}一\r\n二\r三".as_bytes()),
            (Some("一\n二\n三".into()), vec![])
        );
    }

    #[test]
    fn gb18030_is_read_with_a_note() {
        let (bytes, ..) = GB18030.encode("民法典：㐀𠀀");
        assert_eq!(
            read(&bytes),
            (Some("民法典：㐀𠀀".into()), vec!["other-encoding"])
        );
    }

    #[test]
    fn utf16_with_a_mark_is_read_with_a_note() {
        let bytes: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain("民法".encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&bytes), (Some("民法".into()), vec!["other-encoding"]));
    }

    #[test]
    fn a_damaged_utf8_file_is_named_with_the_place_not_garbled() {
        let mut bytes = "第一行\n民法典一百问".as_bytes().to_vec();
        bytes.push(0xFF);
        let mut diagnostics = Vec::new();
        assert_eq!(
            decode(bytes, &SourcePath::new("a.md"), &mut diagnostics),
            None
        );
        assert_eq!(diagnostics[0].code, "invalid-bytes");
        assert_eq!(
            (diagnostics[0].arg("line"), diagnostics[0].arg("column")),
            (Some("2"), Some("7"))
        );
    }

    #[test]
    fn binary_files_are_not_text() {
        assert_eq!(read(&[0x89, 0x50, 0, 0, 0xFF]), (None, vec!["not-text"]));
    }
}
