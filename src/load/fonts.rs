//! Fonts on the disk → [`Fonts`]: those of the site first, then the system's, always in the same order.

use std::path::Path;

use typst::text::FontInfo;
use typst_kit::fonts::{self, FontPath};

use crate::config::PdfConfig;
use crate::diag::Diagnostic;
use crate::export::typeset::Fonts;

/// Finds fonts: those in the folders and files `[pdf] fonts` names, relative to the site's folder, and the system's.
///
/// # Errors
/// When a named folder or file holds no font.
pub fn find(folder: &Path, config: &PdfConfig) -> Result<Fonts, Diagnostic> {
    let mut own = Vec::new();
    for named in &config.fonts {
        let found = sorted(scan(&folder.join(named)));
        if found.is_empty() {
            return Err(Diagnostic::new("pdf-fonts-missing").with("path", named));
        }
        own.extend(found);
    }
    let chosen = (config.text_font.clone(), config.heading_font.clone());
    Ok(Fonts::new(own, sorted(fonts::system().collect()), chosen))
}

/// The fonts in a folder, or in the folder of a file that are that file.
fn scan(path: &Path) -> Vec<(FontPath, FontInfo)> {
    if path.is_file() {
        let folder = path.parent().unwrap_or(Path::new("."));
        return fonts::scan(folder)
            .filter(|(font, _)| font.path == path)
            .collect();
    }
    fonts::scan(path).collect()
}

/// The order of a folder's entries is not the same everywhere.
fn sorted(mut found: Vec<(FontPath, FontInfo)>) -> Vec<(FontPath, FontInfo)> {
    found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
    found
}
