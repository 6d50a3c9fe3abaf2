//! What binds the pages of an e-book: the package document and the contents, for new and old readers.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::Shelf;
use super::page::{self, Page};
use crate::base::Hash;
use crate::export::address::media_type;
use crate::export::xhtml::with_numbers;
use crate::load::Asset;
use crate::render::escape::{self, xml};

/// Where the package document is.
pub(super) const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n\
<rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>\n\
</container>\n";

/// The package document.
pub(super) fn package(
    shelf: &Shelf<'_>,
    pages: &[Page],
    images: &BTreeMap<String, Arc<Asset>>,
) -> String {
    let language = xml(&shelf.book.section.language);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"{language}\">\n"
    );
    metadata(shelf, pages, images, &mut out);
    manifest(shelf, pages, images, &mut out);
    let direction = if shelf.book.edition.vertical {
        " page-progression-direction=\"rtl\""
    } else {
        ""
    };
    let _ = writeln!(out, "<spine toc=\"ncx\"{direction}>");
    for page in pages {
        let _ = writeln!(out, "<itemref idref=\"{}\"/>", item_id(&page.path));
        if page.kind == "copyright-page" {
            out.push_str("<itemref idref=\"nav\"/>\n");
        }
    }
    out.push_str("</spine>\n</package>\n");
    out
}

fn item_id(path: &str) -> String {
    let stem = path.split('.').next().unwrap_or(path);
    stem.replace('/', "-")
}

/// An identifier that is the same for every edition of the book: a UUID made from its address.
fn identifier(shelf: &Shelf<'_>) -> String {
    let config = &shelf.world.site.config;
    let mut name = format!(
        "{}\n{}\n{}",
        config.base_url,
        config.title,
        shelf.book.name()
    );
    // A translation is a book of its own.
    let language = &shelf.book.section.language;
    if **language != *config.default_language {
        name.push('\n');
        name.push_str(language);
    }
    let hash = Hash::of(name.as_bytes()).short(32);
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &hash[..8],
        &hash[8..12],
        &hash[13..16],
        &hash[17..20],
        &hash[20..32]
    )
}

fn metadata(
    shelf: &Shelf<'_>,
    pages: &[Page],
    images: &BTreeMap<String, Arc<Asset>>,
    out: &mut String,
) {
    let book = shelf.book;
    let config = &shelf.world.site.config;
    let edition = &book.edition;
    out.push_str("<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n");
    let _ = writeln!(
        out,
        "<dc:identifier id=\"id\">{}</dc:identifier>",
        identifier(shelf)
    );
    let _ = writeln!(
        out,
        "<dc:title id=\"title\">{}</dc:title>",
        xml(book.title())
    );
    out.push_str("<meta refines=\"#title\" property=\"title-type\">main</meta>\n");
    if let Some(subtitle) = &edition.subtitle {
        let _ = writeln!(
            out,
            "<dc:title id=\"subtitle\">{}</dc:title>",
            xml(subtitle)
        );
        out.push_str("<meta refines=\"#subtitle\" property=\"title-type\">subtitle</meta>\n");
    }
    let _ = writeln!(
        out,
        "<dc:language>{}</dc:language>",
        xml(&book.section.language)
    );
    let author = edition.author.as_ref().or(config.author.as_ref());
    let _ = writeln!(
        out,
        "<dc:creator>{}</dc:creator>",
        xml(author.unwrap_or(&config.title))
    );
    let publisher = edition.publisher.as_ref().unwrap_or(&config.title);
    let _ = writeln!(out, "<dc:publisher>{}</dc:publisher>", xml(publisher));
    let front = book.section.file.map(|file| &book.site.file(file).front);
    if let Some(description) = front.and_then(|front| front.description.as_ref()) {
        let _ = writeln!(out, "<dc:description>{}</dc:description>", xml(description));
    }
    let _ = writeln!(
        out,
        "<dc:date>{0}</dc:date>\n<meta property=\"dcterms:modified\">{0}T00:00:00Z</meta>",
        book.modified()
    );
    if edition.vertical {
        out.push_str("<meta name=\"primary-writing-mode\" content=\"vertical-rl\"/>\n");
    }
    accessibility(shelf, pages, images, out);
    // Readers older than EPUB 3 find the cover by this.
    let _ = writeln!(
        out,
        "<meta name=\"cover\" content=\"{}\"/>",
        cover_id(shelf)
    );
    out.push_str("</metadata>\n");
}

/// What EPUB Accessibility 1.1 asks to be told. Conformance is for people to evaluate, so it is not claimed.
fn accessibility(
    shelf: &Shelf<'_>,
    pages: &[Page],
    images: &BTreeMap<String, Arc<Asset>>,
    out: &mut String,
) {
    let math = pages.iter().any(|page| page.math);
    let visual = images.len() > usize::from(shelf.places.cover.is_some());
    let mut facts = vec![("accessMode", "textual")];
    if visual {
        facts.push(("accessMode", "visual"));
    }
    facts.push(("accessModeSufficient", "textual"));
    for feature in [
        "alternativeText",
        "displayTransformability",
        "index",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
    ] {
        facts.push(("accessibilityFeature", feature));
    }
    if math {
        facts.push(("accessibilityFeature", "MathML"));
    }
    facts.push(("accessibilityHazard", "none"));
    facts.push(("accessibilitySummary", shelf.words.accessibility));
    for (property, value) in facts {
        let _ = writeln!(out, "<meta property=\"schema:{property}\">{value}</meta>");
    }
}

fn cover_id(shelf: &Shelf<'_>) -> String {
    item_id_of_file(shelf.places.cover.as_deref().unwrap_or("cover.svg"))
}

/// Ids of files that are no pages: `file-images-001-png`.
fn item_id_of_file(path: &str) -> String {
    format!("file-{}", path.replace(['/', '.'], "-"))
}

fn manifest(
    shelf: &Shelf<'_>,
    pages: &[Page],
    images: &BTreeMap<String, Arc<Asset>>,
    out: &mut String,
) {
    out.push_str(
        "<manifest>\n\
         <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
         <item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>\n\
         <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n",
    );
    if shelf.places.cover.is_none() {
        let _ = writeln!(
            out,
            "<item id=\"{}\" href=\"cover.svg\" media-type=\"image/svg+xml\" properties=\"cover-image\"/>",
            cover_id(shelf)
        );
    }
    for page in pages {
        let properties = if page.math {
            " properties=\"mathml\""
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "<item id=\"{}\" href=\"{}\" media-type=\"application/xhtml+xml\"{properties}/>",
            item_id(&page.path),
            page.path
        );
    }
    for path in images.keys() {
        let cover = shelf.places.cover.as_ref() == Some(path);
        let properties = if cover {
            " properties=\"cover-image\""
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "<item id=\"{}\" href=\"{}\" media-type=\"{}\"{properties}/>",
            item_id_of_file(path),
            escape::url(path),
            media_type(path).unwrap_or("application/octet-stream")
        );
    }
    out.push_str("</manifest>\n");
}

/// The contents: chapters with their questions, and where the parts begin.
pub(super) fn nav(shelf: &Shelf<'_>, pages: &[Page]) -> String {
    let words = shelf.words;
    let vertical = shelf.book.edition.vertical;
    let mut body = format!(
        "<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\" aria-labelledby=\"contents\">\n<h1 id=\"contents\">{}</h1>\n<ol>\n",
        words.contents
    );
    for page in pages {
        let _ = write!(
            body,
            "<li><a href=\"{}\">{}</a>",
            page.path,
            with_numbers(&page.title, vertical)
        );
        if !page.entries.is_empty() {
            body.push_str("\n<ol>\n");
            for (anchor, title) in &page.entries {
                let _ = writeln!(
                    body,
                    "<li><a href=\"{}#{}\">{}</a></li>",
                    page.path,
                    escape::url(anchor),
                    with_numbers(title, vertical)
                );
            }
            body.push_str("</ol>\n");
        }
        body.push_str("</li>\n");
    }
    body.push_str("</ol>\n</nav>\n");
    let _ = write!(
        body,
        "<nav epub:type=\"landmarks\" hidden=\"hidden\" aria-label=\"{}\">\n<ol>\n<li><a epub:type=\"cover\" href=\"cover.xhtml\">{}</a></li>\n<li><a epub:type=\"toc\" href=\"#toc\">{}</a></li>\n",
        words.contents, words.cover, words.contents
    );
    if let Some(first) = pages.iter().find(|page| page.kind == "chapter") {
        let _ = writeln!(
            body,
            "<li><a epub:type=\"bodymatter\" href=\"{}\">{}</a></li>",
            first.path, words.start
        );
    }
    body.push_str("</ol>\n</nav>\n");
    page::frame(
        &shelf.book.section.language,
        &format!("{} · {}", words.contents, shelf.book.title()),
        "toc",
        &body,
    )
}

/// The contents for readers older than EPUB 3.
pub(super) fn ncx(shelf: &Shelf<'_>, pages: &[Page]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\" xml:lang=\"{}\">\n\
         <head><meta name=\"dtb:uid\" content=\"{}\"/><meta name=\"dtb:depth\" content=\"2\"/></head>\n<docTitle><text>{}</text></docTitle>\n<navMap>\n",
        xml(&shelf.book.section.language),
        identifier(shelf),
        xml(shelf.book.title())
    );
    let mut order = 0;
    let mut point = |address: &str, title: &str, out: &mut String| {
        order += 1;
        let _ = write!(
            out,
            "<navPoint id=\"point-{order}\" playOrder=\"{order}\"><navLabel><text>{}</text></navLabel><content src=\"{}\"/>",
            xml(title),
            escape::url(address)
        );
    };
    for page in pages {
        point(&page.path, &page.title, &mut out);
        for (anchor, title) in &page.entries {
            point(&format!("{}#{anchor}", page.path), title, &mut out);
            out.push_str("</navPoint>\n");
        }
        out.push_str("</navPoint>\n");
    }
    out.push_str("</navMap>\n</ncx>\n");
    out
}
