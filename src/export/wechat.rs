//! A page → HTML that can be pasted into the editor of a WeChat account: styles stand on the elements, links are numbered
//! notes at the end, pictures are files beside the page.

use std::fmt::Write;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::away::Away;
use super::book::ShortAnswer;
use super::pdf::math::plain;
use super::words::Words;
use super::{Bundle, Content, PAGE};
use crate::diag::Diagnostic;
use crate::model::{Page, PageId, Role, Site, Target};
use crate::render::{World, escape};

const COLOR: &str = "#8c1d18";

/// Composes the page: [`PAGE`] and its pictures, which go into `folder` beside it.
#[must_use]
pub fn compose(world: &Arc<World>, id: PageId, folder: &str) -> Bundle {
    let site = &world.site;
    let page = site.page(id);
    let words = Words::of(&page.language);
    let away = Away::new(world, Target::Page(id), folder);
    let body = without_formulas(&text(site, page, &away));
    let accent = site.config.accent.as_deref().unwrap_or(COLOR);
    let mut styled = restyle(&body, accent, words);
    styled.push_str(&closing(world, &away, words));
    let mut bundle = Bundle {
        diagnostics: away.problems(),
        ..Bundle::default()
    };
    bundle.text(PAGE, frame(&page.title, &page.language, &styled));
    for (path, asset) in away.images() {
        if path.ends_with(".svg") {
            bundle.diagnostics.push(
                Diagnostic::in_file("wechat-drawing", &site.file(page.file).path)
                    .with("path", &path),
            );
        }
        bundle.files.push((path, Content::book_picture(asset)));
    }
    bundle
}

/// The text of a page; of a chapter with the short answers that are fields of its questions.
fn text(site: &Site, page: &Page, away: &Away<'_>) -> String {
    let parsed = site.file(page.file);
    let blocks = &parsed.document.blocks;
    let mut body = String::new();
    let questions = match page.role {
        Role::Chapter(..) => &parsed.questions[..],
        Role::Question(..) => site
            .question(page)
            .map(std::slice::from_ref)
            .unwrap_or_default(),
        Role::File => &[],
    };
    let mut done = page.blocks.start;
    for question in questions {
        let start = question.blocks.start.max(done);
        let Some(short) = ShortAnswer::of(page.file, question) else {
            continue;
        };
        body.push_str(&away.write(page.file, &blocks[done..start], ""));
        body.push_str(&strong(&away.write_short(short, "short-")));
        done = start;
    }
    body.push_str(&away.write(page.file, &blocks[done..page.blocks.end], ""));
    body
}

/// A short answer, in bold; its notes are not.
fn strong(short: &str) -> String {
    let notes = short.find("<aside").unwrap_or(short.len());
    let (answer, notes) = short.split_at(notes);
    let answer = answer
        .replace("<p>", "<p><strong>")
        .replace("</p>", "</strong></p>");
    format!("{answer}{notes}")
}

/// The editor shows no formulas: they become text.
fn without_formulas(xhtml: &str) -> String {
    let mut parts = xhtml.split("<math");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (formula, rest) = part.split_once("</math>").unwrap_or((part, ""));
        let text = plain(&format!("<math{formula}</math>"));
        escape::push(&text, &mut out);
        out.push_str(rest);
    }
    out
}

fn frame(title: &str, language: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n</head>\n\
         <body style=\"margin:0 auto;max-width:677px;padding:16px\">\n<section style=\"font-size:16px;line-height:1.8;color:#333;letter-spacing:0.5px\">\n{body}</section>\n</body>\n</html>\n",
        escape::escape(language),
        escape::escape(title)
    )
}

/// Who says it, and where the page is.
fn closing(world: &World, away: &Away<'_>, words: &Words) -> String {
    let config = &world.site.config;
    let mut lines = vec![config.title.clone()];
    if !config.hotline.is_empty() {
        lines.push(format!(
            "{}{}{}",
            words.hotline, words.colon, config.hotline
        ));
    }
    if let Some(address) = away.address() {
        lines.push(format!("{}{}{address}", words.address, words.colon));
    }
    let lines: Vec<String> = lines.iter().map(|line| escape::xml(line)).collect();
    format!(
        "<p style=\"margin:24px 0 0;padding-top:12px;border-top:1px solid #ddd;font-size:14px;color:#888\">{}</p>\n",
        lines.join("<br>")
    )
}

/// The style of an element.
fn style(tag: &str, class: &str, accent: &str) -> String {
    let strong = format!("color:{accent};font-weight:bold");
    match (tag, class) {
        (_, "alert-title") => format!("margin:0 0 8px;{strong}"),
        (_, "blank") => "border-bottom:1px solid #333".to_owned(),
        (_, "footnote") => "margin:16px 0 0;font-size:14px;color:#666".to_owned(),
        ("div", class) if class.starts_with("alert") => {
            format!(
                "margin:16px 0;padding:12px 16px;background:#f7f7f7;border-left:4px solid {accent}"
            )
        }
        ("h1" | "h2", _) => format!("margin:28px 0 12px;font-size:20px;line-height:1.4;{strong}"),
        ("h3", _) => format!(
            "margin:24px 0 10px;padding-left:10px;border-left:4px solid {accent};font-size:17px;font-weight:bold"
        ),
        ("h4" | "h5" | "h6", _) => "margin:20px 0 8px;font-size:16px;font-weight:bold".to_owned(),
        ("p", _) => "margin:0 0 16px".to_owned(),
        ("ul" | "ol", _) => "margin:0 0 16px;padding-left:24px".to_owned(),
        ("li", _) => "margin:0 0 6px".to_owned(),
        ("blockquote", _) => {
            "margin:0 0 16px;padding:8px 16px;border-left:4px solid #ddd;color:#666".to_owned()
        }
        ("table", _) => {
            "width:100%;border-collapse:collapse;margin:0 0 16px;font-size:14px".to_owned()
        }
        ("th", _) => {
            "border:1px solid #ddd;padding:6px 8px;background:#f7f7f7;text-align:left".to_owned()
        }
        ("td", _) => "border:1px solid #ddd;padding:6px 8px;vertical-align:top".to_owned(),
        ("img", _) => "max-width:100%;height:auto;display:block;margin:0 auto 16px".to_owned(),
        ("figcaption", _) => {
            "margin:-8px 0 16px;font-size:14px;color:#888;text-align:center".to_owned()
        }
        ("strong", _) => strong,
        ("pre", _) => {
            "margin:0 0 16px;padding:12px;background:#f7f7f7;white-space:pre-wrap;font-size:14px"
                .to_owned()
        }
        ("dt", _) => "margin:0 0 4px;font-weight:bold".to_owned(),
        ("dd", _) => "margin:0 0 12px;padding-left:2em".to_owned(),
        ("dl", _) => "margin:0 0 16px".to_owned(),
        ("code" | "kbd", _) => {
            "padding:1px 4px;border:1px solid #ddd;border-radius:3px;background:#f7f7f7;font-size:14px".to_owned()
        }
        ("mark", _) => "background:#fff3b0;color:#333".to_owned(),
        ("del", _) => "text-decoration:line-through;color:#888".to_owned(),
        ("hr", _) => "margin:24px 0;border:0;border-top:1px solid #ddd".to_owned(),
        ("sup", _) => format!("font-size:12px;color:{accent}"),
        _ => String::new(),
    }
}

/// XHTML with classes → HTML with styles; links become notes.
fn restyle(xhtml: &str, accent: &str, words: &Words) -> String {
    let mut restyling = Restyling {
        out: String::with_capacity(xhtml.len() * 2),
        accent,
        links: Vec::new(),
        notes: Vec::new(),
    };
    let mut reader = Reader::from_str(xhtml);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => restyling.start(&start),
            Ok(Event::Empty(start)) => restyling.element(&start),
            Ok(Event::End(end)) => restyling.end(end.name().as_ref()),
            Ok(Event::Text(text)) => restyling.out.push_str(&text),
            Ok(Event::GeneralRef(name)) => {
                let _ = write!(restyling.out, "&{};", &*name);
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(
                Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_),
            ) => {}
        }
    }
    restyling.finish(words)
}

struct Restyling<'a> {
    out: String,
    accent: &'a str,
    /// Addresses of the links that are open; `None` for those that lead nowhere else.
    links: Vec<Option<String>>,
    /// Addresses in the order of their first use.
    notes: Vec<String>,
}

impl Restyling<'_> {
    fn start(&mut self, start: &BytesStart<'_>) {
        if start.name().as_ref() == "a" {
            let address = attribute(start, "href").filter(|address| !address.starts_with('#'));
            self.links.push(address);
        } else {
            self.element(start);
        }
    }

    fn element(&mut self, start: &BytesStart<'_>) {
        let tag = html_tag(start.name().as_ref()).to_owned();
        let class = attribute(start, "class").unwrap_or_default();
        let _ = write!(self.out, "<{tag}");
        for key in ["src", "alt", "colspan", "rowspan", "start"] {
            if let Some(value) = attribute(start, key) {
                let _ = write!(self.out, " {key}=\"{value}\"");
            }
        }
        let style = style(start.name().as_ref(), &class, self.accent);
        if !style.is_empty() {
            let _ = write!(self.out, " style=\"{style}\"");
        }
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        if name != "a" {
            let _ = write!(self.out, "</{}>", html_tag(name));
            return;
        }
        let Some(Some(address)) = self.links.pop() else {
            return;
        };
        let known = self.notes.iter().position(|other| *other == address);
        let number = known.unwrap_or_else(|| {
            self.notes.push(address);
            self.notes.len() - 1
        }) + 1;
        let style = style("sup", "", self.accent);
        let _ = write!(self.out, "<sup style=\"{style}\">[{number}]</sup>");
    }

    fn finish(mut self, words: &Words) -> String {
        if !self.notes.is_empty() {
            let title = style("h4", "", self.accent);
            let _ = writeln!(self.out, "<h4 style=\"{title}\">{}</h4>", words.notes);
            for (number, address) in (1..).zip(&self.notes) {
                let _ = writeln!(
                    self.out,
                    "<p style=\"margin:0 0 4px;font-size:14px;color:#888;word-break:break-all\">[{number}] {address}</p>"
                );
            }
        }
        self.out
    }
}

/// The editor knows `section`, not `aside`.
fn html_tag(name: &str) -> &str {
    match name {
        "aside" | "div" | "figure" | "details" | "dl" => "section",
        "figcaption" | "summary" | "dt" | "dd" => "p",
        other => other,
    }
}

/// An attribute as it is written, escaped.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name)
        .map(|attribute| attribute.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xhtml: &str, expected: &[&str], absent: &[&str]) {
        let html = restyle(xhtml, COLOR, Words::of("zh-CN"));
        for part in expected {
            assert!(html.contains(part), "no {part} in {html}");
        }
        for part in absent {
            assert!(!html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn links_become_numbered_notes() {
        check(
            "<p>看<a href=\"https://a/\">甲</a>、<a href=\"https://b/\">乙</a>和<a href=\"https://a/\">丙</a>。</p>",
            &[
                "甲<sup",
                "[1]</sup>、乙<sup",
                "[2]</sup>和丙",
                "[1] https://a/",
                "[2] https://b/",
            ],
            &["<a", "[3]"],
        );
    }

    #[test]
    fn styles_stand_on_elements_and_nothing_else_does() {
        check(
            "<h3 id=\"x\" class=\"part-steps\">怎么办</h3><p>a &amp; b<br/></p>",
            &["<h3 style=\"", ">怎么办</h3>", "a &amp; b<br>"],
            &["id=", "class="],
        );
    }

    #[test]
    fn lists_of_words_and_keys_have_styles() {
        check(
            "<dl><dt>词</dt><dd>意思</dd></dl><p><kbd>F1</kbd><mark>重</mark></p>",
            &[
                "<section style=\"",
                "<p style=\"margin:0 0 4px;font-weight:bold\">词</p>",
                "<kbd style=\"",
                "<mark style=\"",
            ],
            &["<dl", "<dt", "<dd"],
        );
    }

    #[test]
    fn formulas_become_text() {
        let tex = |tex: &str| without_formulas(&crate::render::math::to_mathml(tex, false));
        assert_eq!(tex("x^2 \\le \\frac{1}{2}"), "x² ≤ 1/2");
        assert_eq!(tex("\\sqrt{a+b}"), "√(a + b)");
    }

    #[test]
    fn links_inside_the_page_are_text() {
        check(
            "<p><sup><a href=\"#fn-1\">1</a></sup></p>",
            &[">1</sup>"],
            &["<a", "[1]"],
        );
    }
}
