//! Whole small sites through `pufa export`.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "what helpers of tests expect is part of the test"
)]

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// One question with everything a text can hold.
const CHAPTER: &str = r##"+++
title = "借钱与还钱"
description = "借条、利息和期限。"
+++

开头的话。

## 借条怎么写？ {#iou}

```question
terms = ["借条"]
```

写明**谁**借、借多少、何时还。

依据《灯会条例》第一条。注意[下一问](#interest)和[站外](https://example.org/?a=1&b=2)，也看[首页](@/_index.md)。[^a]

### 怎么办

1. 写<br>下来 <u>签字</u> &nbsp;<div>不许</div>
2. - [x] 已拍照
   - [ ] 未转账

| 项 | 值 |
| --- | ---: |
| a<b | `x & y` |

> [!WARNING]
> 小心。

$$x^2 \le \frac{1}{2}$$

<section id="iou"><p>没关上<p>又一段<img src="pic.png" alt="图"><video src="x.mp4"></video>

![收据](pic.png)

![远处](https://example.org/far.png)

词
: 意思

[^a]: 注文 ~~删~~。

## 插话 {.plain}

不是问题。

## 利息多少？ {#interest}

有上限。

```quiz 小测
1. 对吗？
- [x] 对
- [ ] 错
```
"##;

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9C,
    0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xAF, 0xA4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D',
];

fn site(index: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |path: &str, bytes: &[u8]| {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("inside")).expect("a folder");
        fs::write(file, bytes).expect("written");
    };
    put(
        "pufa.toml",
        b"title = \"\xE6\x99\xAE\xE6\xB3\x95\"\nbase_url = \"https://site.example\"\n",
    );
    put("content/_index.md", b"+++\ntitle = \"x\"\n+++\n");
    put(
        "content/book/_index.md",
        format!("+++\nkind = \"book\"\ntitle = \"借钱一百问\"\n{index}+++\n\n前言一句。\n")
            .as_bytes(),
    );
    put("content/book/01-loan.md", CHAPTER.as_bytes());
    put("content/book/pic.png", PIXEL);
    put(
        "content/laws/_index.md",
        "+++\ntitle = \"法律\"\nkind = \"laws\"\n+++\n".as_bytes(),
    );
    put(
        "content/laws/denghui.md",
        "+++\ntitle = \"灯会条例\"\neffective = 2020-01-01\n+++\n\n第一条 灯会免费。\n\n有下列情形的除外：\n\n（一）下雨；\n"
            .as_bytes(),
    );
    folder
}

fn pufa(site: &Path, args: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("pufa").expect("built");
    command
        .current_dir(site)
        .args(["--lang", "en", "export", "--as-of", "2026-01-01"])
        .args(args)
        .output()
        .expect("runs")
}

#[track_caller]
fn export(site: &Path, args: &[&str]) {
    let output = pufa(site, args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn unpack(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("a file");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("whole");
        files.push((
            file.name().expect("UTF-8").into_owned(),
            String::from_utf8_lossy(&content).into_owned(),
        ));
    }
    files
}

#[track_caller]
fn find<'f>(files: &'f [(String, String)], name: &str) -> &'f str {
    let found = files.iter().find(|(path, _)| path == name);
    &found.unwrap_or_else(|| panic!("no {name}")).1
}

#[test]
fn every_page_of_an_e_book_is_well_formed_and_whole() {
    let site = site("");
    export(site.path(), &["epub", "book", "-o", "a.epub"]);
    let bytes = fs::read(site.path().join("a.epub")).expect("written");
    let files = unpack(&bytes);
    assert_eq!(
        files[0],
        ("mimetype".to_owned(), "application/epub+zip".to_owned())
    );
    for (path, text) in &files {
        if [".xhtml", ".opf", ".ncx", ".svg", ".xml"]
            .iter()
            .any(|end| path.ends_with(end))
        {
            pufa::export::fragment::well_formed(text)
                .unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
        }
    }
    let chapter = find(&files, "EPUB/chapter-01.xhtml");
    for expected in [
        "<section class=\"question\" id=\"iou\"",
        "href=\"chapter-01.xhtml#interest\"",
        "href=\"https://example.org/?a=1&amp;b=2\"",
        "href=\"https://site.example/\"",
        "epub:type=\"noteref\"",
        "epub:type=\"footnote\"",
        "xmlns=\"http://www.w3.org/1998/Math/MathML\"",
        "<img src=\"images/001.png\" alt=\"收据\"/>",
        "不是问题。",
        "第 2 问",
        "<p>对吗？</p>",
        "href=\"articles.xhtml#law-1-art-1\"",
    ] {
        assert!(chapter.contains(expected), "no {expected} in {chapter}");
    }
    for absent in ["far.png", "<video", "loading=", "<script", "小测\n"] {
        assert!(!chapter.contains(absent), "{absent} in {chapter}");
    }
    assert!(find(&files, "EPUB/articles.xhtml").contains("灯会免费。"));
    assert!(find(&files, "EPUB/laws.xhtml").contains("《灯会条例》第一条"));
    assert!(find(&files, "EPUB/terms.xhtml").contains("借条"));
    assert!(find(&files, "EPUB/nav.xhtml").contains("chapter-01.xhtml#iou"));
    check_epub(&site.path().join("a.epub"));
}

/// Asks epubcheck, where it is installed.
#[track_caller]
fn check_epub(file: &Path) {
    let jar = Path::new("/usr/bin/epubcheck");
    if !jar.exists() {
        return;
    }
    let Ok(output) = std::process::Command::new("java")
        .arg("-jar")
        .arg(jar)
        .arg(file)
        .output()
    else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("0 fatals / 0 errors / 0 warnings"), "{said}");
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let site = site("writing = \"vertical\"\n");
    export(site.path(), &["epub", "content/book", "-o", "a.epub"]);
    export(site.path(), &["epub", "book", "-o", "b.epub"]);
    let read = |name: &str| fs::read(site.path().join(name)).expect("written");
    assert_eq!(read("a.epub"), read("b.epub"));
    let package = unpack(&read("a.epub"));
    assert!(find(&package, "EPUB/package.opf").contains("page-progression-direction=\"rtl\""));
    check_epub(&site.path().join("a.epub"));
}

#[test]
fn a_book_that_is_not_there_is_named() {
    let site = site("");
    let output = pufa(site.path(), &["epub", "bok"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("did you mean `book`?"), "{said}");
}

#[test]
fn a_missing_cover_is_an_error_at_its_line_and_no_file_is_written() {
    let site = site("cover = \"nothing.png\"\n");
    let output = pufa(site.path(), &["epub", "book"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("content/book/_index.md") && said.contains("nothing.png"),
        "{said}"
    );
    assert!(!site.path().join("book.epub").exists());
}

#[test]
fn numbers_stay_when_questions_are_put_between() {
    let site = site("");
    export(site.path(), &["numbers"]);
    let chapter = CHAPTER.replace("## 插话", "## 口头算数吗？ {#oral}\n\n算。\n\n## 插话");
    fs::write(site.path().join("content/book/01-loan.md"), chapter).expect("written");
    export(site.path(), &["numbers"]);
    let lock = fs::read_to_string(site.path().join("books.lock")).expect("written");
    for line in ["iou = \"1\"", "oral = \"1-1\"", "interest = \"2\""] {
        assert!(lock.contains(line), "no {line} in {lock}");
    }
    export(site.path(), &["epub", "book", "-o", "a.epub"]);
    let files = unpack(&fs::read(site.path().join("a.epub")).expect("written"));
    assert!(find(&files, "EPUB/chapter-01.xhtml").contains("第 1 问之一"));
}

#[test]
fn a_page_for_wechat_has_styles_on_elements_and_pictures_beside_it() {
    let site = site("");
    export(site.path(), &["wechat", "/book/iou/"]);
    let page = fs::read_to_string(site.path().join("iou.html")).expect("written");
    assert!(page.contains("<img src=\"iou/01.png\""), "{page}");
    assert!(page.contains("[1] https://"), "{page}");
    for absent in ["<a ", "class=", "<style", "<link", "<script"] {
        assert!(!page.contains(absent), "{absent} in {page}");
    }
    assert_eq!(
        fs::read(site.path().join("iou/01.png")).expect("written"),
        PIXEL
    );
}

#[test]
fn a_leaflet_holds_the_questions_and_a_code() {
    let site = site("");
    export(site.path(), &["leaflet", "content/book/01-loan.md"]);
    let page = fs::read_to_string(site.path().join("01-loan.html"))
        .or_else(|_| fs::read_to_string(site.path().join("loan.html")))
        .expect("written");
    for expected in [
        "借条怎么写？",
        "利息多少？",
        "<svg",
        "https://site.example/",
        "12348",
        "size: A4 portrait",
    ] {
        assert!(page.contains(expected), "no {expected} in {page}");
    }
}

#[test]
fn a_leaflet_of_a_book_holds_its_first_questions() {
    let site = site("id = \"jieqian\"\n");
    export(site.path(), &["leaflet", "jieqian", "-o", "a.html"]);
    let page = fs::read_to_string(site.path().join("a.html")).expect("written");
    assert!(
        page.contains("借条怎么写？") && page.contains("利息多少？"),
        "{page}"
    );
    let output = pufa(site.path(), &["leaflet", "jieqain"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("a topic, an audience or a book"), "{said}");
}

#[test]
fn pictures_of_a_page_lie_in_a_folder_called_like_its_file() {
    let site = site("");
    export(
        site.path(),
        &["wechat", "/book/iou/", "-o", "out/文章.html"],
    );
    let page = fs::read_to_string(site.path().join("out/文章.html")).expect("written");
    assert!(
        page.contains("/01.png\"") && !page.contains("\"iou/"),
        "{page}"
    );
    assert_eq!(
        fs::read(site.path().join("out/文章/01.png")).expect("written"),
        PIXEL
    );
    export(site.path(), &["wechat", "/book/iou/", "-o", "out/plain"]);
    assert!(site.path().join("out/plain-files/01.png").exists());
}

#[test]
fn a_chapter_whose_title_has_a_number_is_numbered_once() {
    let site = site("");
    let title =
        |number: &str| CHAPTER.replace("title = \"借钱", &format!("title = \"{number}借钱"));
    let file = site.path().join("content/book/01-loan.md");
    let head = || {
        let text = chapter(site.path(), "book", "EPUB/chapter-01.xhtml");
        let (_, head) = text.split_once("<h1 id=\"chapter\">").expect("a heading");
        let (head, _) = head.split_once("</h1>").expect("an end");
        let nav = chapter(site.path(), "book", "EPUB/nav.xhtml");
        (head.to_owned(), nav.contains(">第一章 借钱与还钱<"))
    };
    let expected = "<span class=\"number\">第一章</span> 借钱与还钱";
    assert_eq!(head(), (expected.to_owned(), true));
    fs::write(&file, title("第一章 ")).expect("written");
    assert_eq!(head(), (expected.to_owned(), true));
    // The book's own numbers stand; what has none goes without.
    let more = "+++\ntitle = \"附录\"\n+++\n\n## 问？ {#extra}\n\n答。\n";
    fs::write(site.path().join("content/book/02-more.md"), more).expect("written");
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    assert!(text.contains("<h1 id=\"chapter\">附录</h1>"), "{text}");
}

#[test]
fn settings_of_servers_forbid_what_is_not_the_sites_own() {
    let site = site("");
    export(site.path(), &["headers", "-o", "deploy"]);
    for name in ["_headers", "nginx.conf", "apache.conf"] {
        let text = fs::read_to_string(site.path().join("deploy").join(name)).expect("written");
        assert!(
            text.contains("default-src 'self'; object-src 'none'; base-uri 'self'"),
            "{text}"
        );
        assert!(text.contains("immutable"), "{text}");
    }
}

/// Whether a PDF could be made; a machine without a Chinese font is told which packages bring one.
#[track_caller]
fn printed(site: &Path, args: &[&str]) -> bool {
    let output = pufa(site, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if said.contains("pdf-no-chinese-font") {
        assert!(said.contains("fonts-noto-cjk"), "{said}");
        return false;
    }
    assert!(output.status.success(), "{said}");
    true
}

/// What a tool of poppler says about a PDF, where it is installed.
fn poppler(tool: &str, file: &Path) -> Option<String> {
    let mut command = std::process::Command::new(tool);
    command.arg(file);
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Text that would do harm if the typesetter read it as code, and a table wider than a page.
const ODD: &str = r##"+++
title = "怪"
+++

## #panic("x") *粗* $x$ @ref \<lab> 会执行吗？ {#odd}

#set page(fill: red) #eval("1+1") // 注释

| 项目 | 说明 |
| --- | --- |
| 一 | 这一格里的文字很长很长，要占好几行，看看这张表会不会把别的格子挤成一条一个字的细长条，那样就没法读了。 |

<strong><p>块在粗体里</p></strong>

![坏](bad.png)
"##;

#[test]
fn a_book_is_printed_with_every_question_in_order_and_its_text_is_never_run() {
    let site = site("subtitle = \"<b>&\"\n");
    fs::write(site.path().join("content/book/02-strange.md"), ODD).expect("written");
    fs::write(
        site.path().join("content/book/bad.png"),
        b"\x89PNG\r\n\x1a\nx",
    )
    .expect("written");
    if !printed(site.path(), &["pdf", "book", "-o", "a.pdf"]) {
        return;
    }
    let file = site.path().join("a.pdf");
    let bytes = fs::read(&file).expect("written");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    fs::remove_dir_all(site.path().join(".pufa")).expect("the cache");
    assert!(printed(site.path(), &["pdf", "book", "-o", "b.pdf"]));
    assert!(bytes == fs::read(site.path().join("b.pdf")).expect("written"));
    if let Some(text) = poppler("pdftotext", &file) {
        let text: String = text.split_whitespace().collect();
        let mut rest = text.as_str();
        for expected in [
            "借条怎么写？",
            "写明谁借",
            "灯会免费。有下列情形的除外：",
            "利息多少？",
            "#panic(",
            "#setpage(fill:red)",
            "块在粗体里",
            "〔坏〕",
            "第一条：1",
        ] {
            let at = rest.find(expected);
            let at =
                at.unwrap_or_else(|| panic!("no {expected} behind what came before in {text}"));
            rest = &rest[at..];
        }
    }
    if let Some(said) = poppler("pdffonts", &file) {
        assert!(!said.contains(" no "), "{said}");
    }
}

#[test]
fn a_folded_book_has_two_pages_on_each_side() {
    let site = site("");
    if !printed(site.path(), &["pdf", "book", "--booklet", "-o", "a.pdf"]) {
        return;
    }
    let file = site.path().join("a.pdf");
    assert!(fs::read(&file).expect("written").starts_with(b"%PDF-"));
    if let Some(said) = poppler("pdfinfo", &file) {
        assert!(said.contains("Page size:       839."), "{said}");
    }
}

#[test]
fn paper_that_is_not_there_and_fonts_that_are_not_there_are_named() {
    let site = site("");
    let output = pufa(site.path(), &["pdf", "book", "--paper", "b5"]);
    assert_eq!(output.status.code(), Some(2));
    append(&site, "[pdf]\nfonts = [\"nofonts\"]\n");
    let output = pufa(site.path(), &["pdf", "book"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("pdf-fonts-missing") && said.contains("nofonts"),
        "{said}"
    );
    assert!(!site.path().join("book.pdf").exists());
}

/// Adds to a site's configuration.
fn append(site: &TempDir, more: &str) {
    let file = site.path().join("pufa.toml");
    let config = fs::read_to_string(&file).expect("there");
    fs::write(file, format!("{config}\n{more}")).expect("written");
}

#[test]
fn a_card_is_a_picture_of_its_question() {
    let site = site("");
    if !printed(site.path(), &["cards", "/book/iou/", "-o", "cards"]) {
        return;
    }
    let bytes = fs::read(site.path().join("cards/iou.png")).expect("written");
    assert!(bytes.starts_with(b"\x89PNG"));
    assert_eq!(&bytes[16..24], &[0, 0, 4, 176, 0, 0, 2, 118]);
    let output = pufa(site.path(), &["cards", "content/_index.md"]);
    assert_eq!(output.status.code(), Some(2));
}

#[track_caller]
fn build(site: &Path) {
    let mut command = Command::cargo_bin("pufa").expect("built");
    let output = command
        .current_dir(site)
        .args(["--lang", "en", "build", "--as-of", "2026-01-01"])
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
}

#[test]
fn a_build_makes_the_forms_a_site_offers_and_keeps_them() {
    let site = site("");
    append(&site, "[books]\nformats = [\"epub\"]\n");
    build(site.path());
    let read = |path: &str| fs::read(site.path().join(path)).expect("written");
    let page = String::from_utf8(read("public/book/index.html")).expect("text");
    assert!(page.contains("href=\"book.epub\""), "{page}");
    let made = read("public/book/book.epub");
    export(site.path(), &["epub", "book", "-o", "a.epub"]);
    assert_eq!(made, read("a.epub"));
    let kept = fs::read_dir(site.path().join(".pufa/books")).expect("the cache");
    // The e-book, and its size and hash.
    assert_eq!(kept.count(), 2);
    build(site.path());
    assert_eq!(made, read("public/book/book.epub"));
    // A letter for a letter: the book is as long as before.
    let chapter = site.path().join("content/book/01-loan.md");
    let text = fs::read_to_string(&chapter).expect("there");
    let changed = text.replacen("写", "抄", 1);
    assert_ne!(text, changed);
    fs::write(&chapter, changed).expect("written");
    build(site.path());
    export(site.path(), &["epub", "book", "-o", "b.epub"]);
    assert_ne!(made, read("b.epub"));
    assert_eq!(read("b.epub"), read("public/book/book.epub"));
}

/// What a chapter of an e-book says.
fn chapter(site: &Path, book: &str, name: &str) -> String {
    export(site, &["epub", book, "-o", "x.epub"]);
    let bytes = fs::read(site.join("x.epub")).expect("written");
    find(&unpack(&bytes), name).to_owned()
}

#[test]
fn links_of_short_codes_stay_in_the_book_and_citations_of_a_quiz_in_the_quiz() {
    let site = site("");
    let more = "+++\ntitle = \"乙\"\n+++\n\n章的引言，普通的话，普通的话。\n\n## 灯会？ {#deng}\n\n见《灯会条例》第一条，{{ question(\"iou\") }}。\n\n```quiz 小测\n1. 要钱吗？\n- [x] 不\n- [ ] 要\n> 《灯会条例》第一条。\n```\n";
    fs::write(site.path().join("content/book/02-more.md"), more).expect("written");
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    assert!(text.contains("href=\"chapter-01.xhtml#iou\""), "{text}");
    assert!(text.contains("普通的话，普通的话"), "{text}");
    assert!(
        text.contains("<summary title=\"参考答案：\">看答案</summary>"),
        "{text}"
    );
}

/// A law and a question whose citations stand outside the running text: in the short answer, in what short codes are given, in
/// a quiz. And a path.
const ASIDE: &str = r##"+++
title = "乙"
+++

## 要钱吗？ {#fee}

```question
short = "**不要**，《灯会条例》第一条写明了。"
```

{% box(head="见《灯会条例》第二条") %}
*依据*《灯会条例》第三条。
{% end %}

```quiz 小测
1. 要钱吗？
- [x] 不
- [ ] 要
> 《灯会条例》第四条。
```

```path 走一走
[a] 下雨吗？
- 下 -> b
- 不下 -> c

[b] = 不去
[c] = 去
```
"##;

fn site_with_asides() -> TempDir {
    let site = site("");
    let put = |path: &str, text: &str| {
        let file = site.path().join(path);
        fs::create_dir_all(file.parent().expect("inside")).expect("a folder");
        fs::write(file, text).expect("written");
    };
    put(
        "content/laws/denghui.md",
        "+++\ntitle = \"灯会条例\"\neffective = 2020-01-01\n+++\n\n第一条 灯会免费。\n\n第二条 灯要亮。\n\n第三条 人要多。\n\n第四条 猜灯谜。\n\n第五条 早回家。\n",
    );
    put(
        "templates/shortcodes/box.html",
        "<div class=\"box\"><p class=\"head\">{{ head | markdown(inline=true) }}</p>{{ body }}</div>",
    );
    put("content/book/02-more.md", ASIDE);
    site
}

#[test]
fn citations_outside_the_running_text_are_checked_where_they_stand() {
    let site = site_with_asides();
    let text = ASIDE
        .replace("第一条写明", "第九十一条写明")
        .replace("第二条", "第九十二条")
        .replace("第三条", "第九十三条");
    fs::write(site.path().join("content/book/02-more.md"), &text).expect("written");
    let output = Command::cargo_bin("pufa")
        .expect("built")
        .current_dir(site.path())
        .args(["--lang", "en", "check", "--as-of", "2026-01-01"])
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    for line in [8, 11, 12] {
        let text = text.lines().nth(line - 1).expect("a line");
        let before = text.split("《").next().expect("a title");
        let column = before.chars().count() + 1;
        let place = format!("content/book/02-more.md:{line}:{column}");
        assert!(said.contains(&place), "no {place} in {said}");
    }
}

#[test]
fn citations_outside_the_running_text_lead_to_the_law() {
    let site = site_with_asides();
    build(site.path());
    let page = fs::read_to_string(site.path().join("public/book/fee/index.html")).expect("there");
    for article in 1..=4 {
        let link = format!("data-article=\"{article}\"");
        assert!(page.contains(&link), "no {link} in {page}");
    }
    assert!(page.contains("<strong>不要</strong>"), "{page}");
}

#[test]
fn citations_outside_the_running_text_lead_to_the_appendix_of_an_e_book() {
    let site = site_with_asides();
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    let (_, question) = text.split_once("<section class=\"question\"").expect("one");
    let (question, basis) = question.split_once("class=\"basis\"").expect("a basis");
    for article in 1..=4 {
        let link = format!("href=\"articles.xhtml#law-1-art-{article}\"");
        assert!(question.contains(&link), "no {link} in {question}");
        assert!(basis.contains(&link), "no {link} in {basis}");
    }
    assert!(!question.contains("/laws/"), "{question}");
    let articles = chapter(site.path(), "book", "EPUB/articles.xhtml");
    assert!(articles.contains("猜灯谜。") && !articles.contains("早回家。"));
    check_epub(&site.path().join("x.epub"));
}

/// A book of three chapters: a file, a folder with one question that has expired, a file that has expired.
fn site_with_expired() -> TempDir {
    let site = site("");
    let put = |path: &str, text: &str| {
        let file = site.path().join("content/book").join(path);
        fs::create_dir_all(file.parent().expect("inside")).expect("a folder");
        fs::write(file, text).expect("written");
    };
    put(
        "02-past.md",
        "+++\ntitle = \"旧章\"\nexpires_on = 2025-06-01\n+++\n\n## 旧问？ {#old}\n\n旧答，《灯会条例》第一条。\n",
    );
    put("03-mixed/_index.md", "+++\ntitle = \"新旧\"\n+++\n");
    put(
        "03-mixed/gone.md",
        "+++\ntitle = \"去年的？\"\nexpires_on = 2025-12-31\n+++\n\n去年的答案。\n",
    );
    put(
        "03-mixed/new.md",
        "+++\ntitle = \"今年的？\"\n+++\n\n今年的答案，见[旧问](@/book/02-past.md#old)。\n",
    );
    put(
        "04-word.md",
        "+++\ntitle = \"旧话\"\nexpires_on = 2025-06-01\n+++\n\n一页旧话。\n",
    );
    site
}

#[test]
fn what_has_expired_is_in_no_form_of_a_book_and_numbers_stay() {
    let site = site_with_expired();
    build(site.path());
    let page = |path: &str| {
        let file = site.path().join("public/book").join(path);
        fs::read_to_string(file).unwrap_or_else(|_| panic!("no {path}"))
    };
    export(site.path(), &["epub", "book", "-o", "a.epub"]);
    let files = unpack(&fs::read(site.path().join("a.epub")).expect("written"));
    let nav = find(&files, "EPUB/nav.xhtml");
    let text: String = files.iter().map(|(_, text)| text.as_str()).collect();
    for (form, shown) in [
        ("contents", page("index.html")),
        ("whole book", page("print/index.html")),
        ("contents of the e-book", nav.to_owned()),
    ] {
        for expected in ["借条怎么写？", "今年的？", "新旧"] {
            assert!(shown.contains(expected), "no {expected} in the {form}");
        }
        for absent in ["旧章", "旧问？", "去年的？", "旧话"] {
            assert!(!shown.contains(absent), "{absent} in the {form}");
        }
    }
    for absent in ["旧答", "去年的答案", "一页旧话"] {
        assert!(!text.contains(absent), "{absent} in the e-book");
    }
    assert!(text.contains("第 5 问") && !text.contains("第 3 问"));
    assert!(text.contains("href=\"https://site.example/book/old/\""));
    // The pages stay, and say what became of them.
    assert!(page("old/index.html").contains("旧答"));
    assert!(page("mixed/new/index.html").contains("旧问"));
    assert!(page("old/index.html").contains("第 3 问"));
    check_epub(&site.path().join("a.epub"));
}

/// A WebP of one red pixel, and what begins an AVIF.
fn put_pictures(site: &TempDir) {
    let mut webp = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(1, 1, image::Rgb([255, 0, 0]))
        .write_to(&mut webp, image::ImageFormat::WebP)
        .expect("written");
    let book = site.path().join("content/book");
    fs::write(book.join("red.webp"), webp.into_inner()).expect("written");
    fs::write(book.join("red.avif"), b"\0\0\0\x1cftypavif").expect("written");
    let text = "+++\ntitle = \"图\"\n+++\n\n## 看图？ {#see}\n\n看。\n\n![红](red.webp)\n\n![也红](red.avif)\n";
    fs::write(book.join("02-picture.md"), text).expect("written");
}

#[test]
fn pictures_of_a_book_are_of_formats_every_reader_knows() {
    let site = site("cover = \"red.webp\"\n");
    put_pictures(&site);
    let output = pufa(site.path(), &["epub", "book", "-o", "a.epub"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("content/book/02-picture.md:11:1") && said.contains("save it as PNG or JPEG"),
        "{said}"
    );
    let bytes = fs::read(site.path().join("a.epub")).expect("written");
    let files = unpack(&bytes);
    let chapter = find(&files, "EPUB/chapter-02.xhtml");
    assert!(
        chapter.contains("<span class=\"picture\">也红</span>"),
        "{chapter}"
    );
    let (_, image) = chapter.split_once("<img src=\"").expect("a picture");
    let (path, _) = image.split_once('"').expect("an address");
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a ZIP");
    let mut picture = Vec::new();
    let mut file = zip.by_name(&format!("EPUB/{path}")).expect("there");
    file.read_to_end(&mut picture).expect("whole");
    drop(file);
    let read = image::load_from_memory_with_format(&picture, image::ImageFormat::Png);
    assert_eq!(
        read.expect("a PNG").to_rgb8().get_pixel(0, 0).0,
        [255, 0, 0]
    );
    assert!(files.iter().all(|(path, _)| !path.ends_with(".webp")));
    check_epub(&site.path().join("a.epub"));
    printed(site.path(), &["pdf", "book", "-o", "a.pdf"]);
}

#[test]
fn a_choice_of_a_path_leads_to_its_step() {
    let site = site_with_asides();
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    for step in ["fee-path-1-b", "fee-path-1-c"] {
        assert!(text.contains(&format!("href=\"#{step}\"")), "{text}");
        assert!(text.contains(&format!("id=\"{step}\"")), "{text}");
    }
}

#[test]
fn a_link_to_a_question_hides_no_wrong_anchor_of_its_page() {
    let site = site("");
    let put = |path: &str, text: &str| {
        fs::write(site.path().join("content").join(path), text).expect("written");
    };
    put(
        "a.md",
        "+++\ntitle = \"甲\"\n+++\n\n## 有 {#yes}\n\n见{{ question(\"iou\") }}。\n",
    );
    put(
        "b.md",
        "+++\ntitle = \"乙\"\n+++\n\n[一](@/a.md#yes) [二](@/a.md#no) [三](@/none.md)\n",
    );
    let output = pufa(site.path(), &["epub", "book"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("has no anchor `#no`") && said.contains("`@/none.md` leads nowhere"),
        "{said}"
    );
    assert!(!said.contains("`#yes`"), "{said}");
}

#[test]
fn a_book_and_its_translation_are_two_books() {
    let site = site("");
    append(
        &site,
        "default_language = \"zh-CN\"\n[languages.en]\ntitle = \"x\"\n",
    );
    let put = |name: &str, text: &str| {
        fs::write(site.path().join("content/book").join(name), text).expect("written");
    };
    put(
        "_index.en.md",
        "+++\nkind = \"book\"\ntitle = \"Loans\"\n+++\n",
    );
    put(
        "01-loan.en.md",
        "+++\ntitle = \"A\"\n+++\n\n## How? {#how}\n\nSo.\n",
    );
    let identity = |name: &str| {
        let package = chapter(site.path(), name, "EPUB/package.opf");
        let at = package.find("urn:uuid:").expect("an identifier");
        (package[at..at + 45].to_owned(), package.contains(">Loans<"))
    };
    let (chinese, english) = (identity("book"), identity("content/book/_index.en.md"));
    assert!(!chinese.1 && english.1);
    assert_ne!(chinese.0, english.0);
    assert_eq!(identity("/en/book/"), english);
    assert_eq!(identity("/book/"), chinese);
}

#[cfg(feature = "pdf")]
#[test]
fn both_forms_of_a_book_are_those_an_export_makes() {
    let site = site("");
    append(&site, "[books]\nformats = [\"pdf\", \"epub\"]\n");
    if !printed(site.path(), &["pdf", "book", "-o", "a.pdf"]) {
        return;
    }
    export(site.path(), &["epub", "book", "-o", "a.epub"]);
    build(site.path());
    let read = |path: &str| fs::read(site.path().join(path)).expect("written");
    assert_eq!(read("a.pdf"), read("public/book/book.pdf"));
    assert_eq!(read("a.epub"), read("public/book/book.epub"));
}

#[test]
fn the_site_and_its_books_count_alike() {
    let site = site("");
    export(site.path(), &["numbers"]);
    let chapter = CHAPTER
        .replace("## 插话", "## 口头算数吗？ {#oral}\n\n算。\n\n## 插话")
        .replace(
            "开头的话。",
            "见{{ question(2) }}与{{ question(\"1-1\") }}。",
        );
    fs::write(site.path().join("content/book/01-loan.md"), chapter).expect("written");
    build(site.path());
    let read = |path: &str| fs::read_to_string(site.path().join(path)).expect("written");
    let book = read("public/book/index.html");
    for expected in [
        "<span class=\"n\">1-1</span> 口头算数吗？",
        "<span class=\"n\">2</span> 利息多少？",
        "《灯会条例》",
    ] {
        assert!(book.contains(expected), "no {expected} in {book}");
    }
    let chapter = read("public/book/loan/index.html");
    assert!(chapter.contains("利息多少？</a>与<a"), "{chapter}");
    fs::write(site.path().join("books.lock"), "[book]\niou = \"x\"\n").expect("written");
    let output = pufa(site.path(), &["numbers"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("books-lock-broken"), "{said}");
}

/// A book with a chapter of each shape: a file, and a folder with questions in its index, in a file each, and many in one.
fn site_with_folder() -> TempDir {
    let site = site("");
    let put = |name: &str, text: &str| {
        let file = site.path().join("content/book/02-part").join(name);
        fs::create_dir_all(file.parent().expect("inside")).expect("a folder");
        fs::write(file, text).expect("written");
    };
    put(
        "_index.md",
        "+++\ntitle = \"担保\"\n+++\n\n导语。\n\n## 谁来担保？ {#in-index}\n\n都行。\n\n## 怎么办\n\n想好。\n",
    );
    put("01-one.md", "+++\ntitle = \"独一问？\"\n+++\n\n是。\n");
    put(
        "02-many.md",
        "+++\ntitle = \"抵押\"\n+++\n\n## 甲？ {#jia}\n\n甲答。\n\n## 乙？ {#yi}\n\n乙答。见[甲](@/book/02-part/02-many.md#jia)和[题](@/book/02-part/_index.md#in-index)。\n",
    );
    fs::write(
        site.path().join("content/book/03-end.md"),
        "+++\ntitle = \"尾章\"\n+++\n\n## 末？ {#last}\n\n完。\n",
    )
    .expect("written");
    site
}

#[test]
fn a_chapter_that_is_a_folder_loses_no_question() {
    let site = site_with_folder();
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    let mut rest = &*text;
    for expected in [
        "导语。",
        "id=\"in-index\"",
        "第 3 问",
        "class=\"part-steps\"",
        "独一问？",
        "<h2 class=\"group\">抵押</h2>",
        "第 5 问</span> 甲？",
        "第 6 问</span> 乙？",
        "href=\"chapter-02.xhtml#jia\"",
        "href=\"chapter-02.xhtml#in-index\"",
    ] {
        let at = rest.find(expected);
        rest = &rest[at.unwrap_or_else(|| panic!("no {expected} in {text}"))..];
    }
    build(site.path());
    let read = |path: &str| fs::read_to_string(site.path().join("public/book").join(path));
    let folder = read("part/index.html").expect("written");
    for expected in [
        "kind-chapter",
        "<span class=\"n\">3</span>",
        "<details class=\"qa-more\">",
        "rel=\"prev\" href=\"../loan/\"",
        "rel=\"next\" class=\"next\" href=\"../end/\"",
        "FAQPage",
    ] {
        assert!(folder.contains(expected), "no {expected} in {folder}");
    }
    assert_eq!(folder.matches("谁来担保？</a></h2>").count(), 1, "{folder}");
    let first = read("loan/index.html").expect("written");
    assert!(
        first.contains("class=\"next\" href=\"../part/\""),
        "{first}"
    );
    let question = read("part/yi/index.html").expect("written");
    assert!(question.contains("href=\"../jia/\""), "{question}");
    assert!(question.contains("href=\"../in-index/\""), "{question}");
    let many = read("part/many/index.html").expect("written");
    assert!(
        many.contains("id=\"jia\"") && !many.contains("id=\"in-index\""),
        "{many}"
    );
}

#[test]
fn a_number_means_the_own_book_and_the_own_language() {
    let site = site("");
    append(
        &site,
        "default_language = \"zh-CN\"\n[languages.en]\ntitle = \"x\"\n",
    );
    let put = |name: &str, text: &str| {
        let file = site.path().join("content").join(name);
        fs::create_dir_all(file.parent().expect("inside")).expect("a folder");
        fs::write(file, text).expect("written");
    };
    put(
        "a/_index.md",
        "+++\nkind = \"book\"\ntitle = \"前书\"\n+++\n",
    );
    put(
        "a/01-x.md",
        "+++\ntitle = \"章\"\n+++\n\n## 前书一问？ {#first}\n\n答。\n",
    );
    let index = "+++\nkind = \"book\"\ntitle = \"书\"\n+++\n\n见{{ question(1) }}。\n";
    put("book/_index.md", index);
    put("book/_index.en.md", &index.replace("见", "See "));
    put(
        "book/01-loan.en.md",
        "+++\ntitle = \"A\"\n+++\n\n## How? {#how}\n\nSo.\n",
    );
    put(
        "page.en.md",
        "+++\ntitle = \"P\"\n+++\n\nSee {{ question(1) }}.\n",
    );
    build(site.path());
    let read =
        |path: &str| fs::read_to_string(site.path().join("public").join(path)).expect("written");
    assert!(read("book/index.html").contains("见<a href=\"iou/\">借条怎么写？</a>"));
    assert!(read("en/book/index.html").contains("See <a href=\"how/\">How?</a>"));
    assert!(read("en/page/index.html").contains("How?</a>"));
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_left_alone() {
    let site = site("");
    let path = |name: &str| site.path().join(name);
    fs::write(path("real.epub"), "old").expect("written");
    std::os::unix::fs::symlink("real.epub", path("link.epub")).expect("a link");
    export(site.path(), &["epub", "book", "-o", "link.epub"]);
    let link = fs::symlink_metadata(path("link.epub")).expect("there");
    assert!(link.is_symlink());
    assert!(
        fs::read(path("real.epub"))
            .expect("there")
            .starts_with(b"PK")
    );
    for (output, code) in [("/dev/null", "export-no-file"), ("-", "export-to-stdout")] {
        let output = pufa(site.path(), &["epub", "book", "-o", output]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(code), "{said}");
    }
    assert!(!path("-").exists());
}

#[test]
fn a_leaflet_with_a_broken_question_is_not_written() {
    let site = site("");
    let leaflet = |questions: &str| {
        let text =
            format!("+++\ntitle = \"折页\"\n[leaflet]\nquestions = [{questions}]\n+++\n\n导语。\n");
        fs::write(site.path().join("content/sheet.md"), text).expect("written");
        let output = pufa(site.path(), &["leaflet", "content/sheet.md"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    let (status, said) = leaflet("\"@/book/01-loan.md#iou\", \"@/book/nothing.md\"");
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("content/sheet.md:4:"), "{said}");
    let (status, said) = leaflet("\"@/book/01-loan.md#iou\", \"@/_index.md\"");
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("leaflet-no-question"), "{said}");
    assert!(!site.path().join("sheet.html").exists());
    let (status, said) = leaflet("\"@/book/01-loan.md#iou\"");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("leaflet-few"), "{said}");
}

#[test]
fn citations_of_preface_and_introductions_lead_to_the_appendix() {
    let site = site("");
    let append_to = |path: &str, from: &str, to: &str| {
        let file = site.path().join(path);
        let text = fs::read_to_string(&file).expect("there");
        fs::write(&file, text.replace(from, to)).expect("written");
    };
    let cite = "《灯会条例》第一条";
    append_to("content/book/_index.md", "前言一句。", cite);
    append_to("content/book/01-loan.md", "开头的话。", cite);
    append_to("content/book/01-loan.md", "依据《灯会条例》第一条。", "");
    for page in ["preface", "chapter-01"] {
        let text = chapter(site.path(), "book", &format!("EPUB/{page}.xhtml"));
        assert!(
            text.contains("href=\"articles.xhtml#law-1-art-1\""),
            "{text}"
        );
    }
    let index = chapter(site.path(), "book", "EPUB/laws.xhtml");
    assert!(
        index.contains("<a href=\"preface.xhtml\">前言</a>"),
        "{index}"
    );
    assert!(
        index.contains("<a href=\"chapter-01.xhtml\">第一章</a>"),
        "{index}"
    );
    build(site.path());
    let page = fs::read_to_string(site.path().join("public/book/index.html")).expect("written");
    assert!(page.contains("<a href=\"loan/\">借钱与还钱</a>"), "{page}");
}

#[test]
fn a_drawing_in_a_book_runs_nothing() {
    let site = site("");
    let put = |name: &str, text: &str| {
        fs::write(site.path().join("content/book").join(name), text).expect("written");
    };
    put(
        "a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"><script>x()</script><rect/></svg>",
    );
    put(
        "02-x.md",
        "+++\ntitle = \"章\"\n+++\n\n## 图？ {#draw}\n\n![图](a.svg)\n",
    );
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    assert!(text.contains("images/002.svg"), "{text}");
    let drawing = chapter(site.path(), "book", "EPUB/images/002.svg");
    assert_eq!(
        drawing,
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect/></svg>"
    );
}

#[test]
fn a_book_without_a_date_is_the_same_on_any_day() {
    let site = site("");
    let made = |day: &str| {
        let mut command = Command::cargo_bin("pufa").expect("built");
        let args = ["export", "epub", "book", "-o", "x.epub", "--as-of", day];
        command
            .current_dir(site.path())
            .args(args)
            .assert()
            .success();
        fs::read(site.path().join("x.epub")).expect("written")
    };
    assert_eq!(made("2026-02-01"), made("2026-03-01"));
    assert!(chapter(site.path(), "book", "EPUB/package.opf").contains(">1970-01-01<"));
}

#[test]
fn a_damaged_cache_is_made_anew() {
    let site = site("");
    append(&site, "[books]\nformats = [\"epub\"]\n");
    build(site.path());
    let published = site.path().join("public/book/book.epub");
    let sound = fs::read(&published).expect("written");
    for entry in fs::read_dir(site.path().join(".pufa/books")).expect("there") {
        let file = entry.expect("an entry").path();
        if file
            .extension()
            .is_some_and(|extension| extension == "epub")
        {
            fs::write(file, b"damaged!").expect("written");
        }
    }
    fs::remove_file(&published).expect("there");
    build(site.path());
    assert_eq!(fs::read(&published).expect("written"), sound);
}

/// What the page of an address says to search engines.
fn structured(site: &Path, path: &str) -> String {
    let page = fs::read_to_string(site.join("public").join(path)).expect("written");
    let start = page.find("application/ld+json").expect("structured data");
    let end = page[start..].find("</script>").expect("an end");
    page[start..start + end].to_owned()
}

#[test]
fn search_engines_are_told_what_the_page_answers() {
    let site = site("author = \"某区司法局\"\n");
    let put = |name: &str, text: &str| {
        fs::write(site.path().join("content/book").join(name), text).expect("written");
    };
    put(
        "02-x.md",
        "+++\ntitle = \"章\"\n+++\n\n## 甲？ {#jia}\n\n```question\nshort = \"短答一句。\"\n```\n\n见{{ question(1) }}，再说。\n\n## 乙？ {#yi}\n",
    );
    put("03-empty.md", "+++\ntitle = \"空章\"\n+++\n\n只有文字。\n");
    build(site.path());
    let answered = structured(site.path(), "book/jia/index.html");
    assert!(
        answered.contains("短答一句。 见借条怎么写？，再说。"),
        "{answered}"
    );
    let open = structured(site.path(), "book/yi/index.html");
    assert!(open.contains("\"answerCount\":0"), "{open}");
    assert!(!open.contains("acceptedAnswer"), "{open}");
    let empty = structured(site.path(), "book/empty/index.html");
    assert!(!empty.contains("FAQPage"), "{empty}");
    let book = structured(site.path(), "book/index.html");
    assert!(
        book.contains("{\"@type\":\"Organization\",\"name\":\"某区司法局\"}"),
        "{book}"
    );
}

#[test]
fn an_e_book_reads_well_with_long_addresses_notes_and_vertical_lines() {
    let site = site("writing = \"vertical\"\n");
    let text = "+++\ntitle = \"章\"\n+++\n\n## 甲？ {#jia}\n\n短答。[^n]\n\n见 <https://example.org/a/very/long/address>。\n\n[^n]: 注文。\n";
    fs::write(site.path().join("content/book/02-x.md"), text).expect("written");
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    assert!(
        text.contains("第<span class=\"upright\">3</span>问</span> 甲？"),
        "{text}"
    );
    assert!(
        text.contains("</p>\n</div>\n<aside class=\"footnote\""),
        "{text}"
    );
    assert!(
        text.contains("<a class=\"url\" href=\"https://example.org/"),
        "{text}"
    );
    let contents = chapter(site.path(), "book", "EPUB/nav.xhtml");
    assert!(
        contents.contains("第<span class=\"upright\">3</span>问 甲？"),
        "{contents}"
    );
}

#[test]
fn a_question_directly_in_a_book_is_said_once() {
    let site = site("");
    let put = |name: &str, text: &str| {
        fs::write(site.path().join("content/book").join(name), text).expect("written");
    };
    put(
        "02-one.md",
        "+++\ntitle = \"独问？\"\n[question]\nshort = \"短答一句。\"\n+++\n\n说明。\n",
    );
    put(
        "03-x.md",
        "+++\ntitle = \"章\"\n+++\n\n## 只有短答？ {#bare}\n\n```question\nshort = \"短。\"\n```\n",
    );
    let text = chapter(site.path(), "book", "EPUB/chapter-02.xhtml");
    let head = "<h1 id=\"chapter\"><span class=\"number\">第 3 问</span> 独问？</h1>";
    assert!(text.contains(head) && !text.contains("<h2"), "{text}");
    assert_eq!(text.matches("短答一句。").count(), 1, "{text}");
    let next = chapter(site.path(), "book", "EPUB/chapter-03.xhtml");
    assert!(next.contains(">第二章<"), "{next}");
    build(site.path());
    let read = |path: &str| {
        fs::read_to_string(site.path().join("public/book").join(path)).expect("written")
    };
    assert_eq!(read("index.html").matches("独问？").count(), 1);
    assert_eq!(read("print/index.html").matches("短答一句。").count(), 1);
    let bare = read("x/index.html");
    assert!(
        bare.contains("短。") && !bare.contains("<details class=\"qa-more"),
        "{bare}"
    );
}

#[test]
fn a_chapter_for_wechat_keeps_short_answers_and_names_drawings() {
    let site = site("");
    let put = |name: &str, text: &str| {
        fs::write(site.path().join("content/book").join(name), text).expect("written");
    };
    put(
        "a.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect/></svg>",
    );
    put(
        "02-x.md",
        "+++\ntitle = \"章\"\n+++\n\n## 甲？ {#jia}\n\n```question\nshort = \"甲短答。\"\n```\n\n甲说明。\n\n## 乙？ {#yi}\n\n```question\nshort = \"乙短答。\"\n```\n\n![图](a.svg) $$x^2$$\n",
    );
    let output = pufa(site.path(), &["wechat", "/book/x/", "-o", "x.html"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && said.contains("wechat-drawing"),
        "{said}"
    );
    let page = fs::read_to_string(site.path().join("x.html")).expect("written");
    let places =
        ["甲？", "甲短答。", "甲说明。", "乙？", "乙短答。", "x²"].map(|text| page.find(text));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?} {page}"
    );
    let question = pufa(site.path(), &["wechat", "/book/yi/", "-o", "y.html"]);
    assert!(question.status.success());
    let page = fs::read_to_string(site.path().join("y.html")).expect("written");
    assert_eq!(page.matches("乙短答。").count(), 1, "{page}");
    assert!(!page.contains("甲短答。"), "{page}");
}

#[test]
fn an_imprint_is_markdown_and_the_print_page_is_whole() {
    let site = site(
        "imprint = \"**免费赠阅**，见[首页](@/_index.md)。\"\nlegal_notice = \"不代替*律师*。\"\nreviewed_by = \"审核岗\"\n",
    );
    let imprint = chapter(site.path(), "book", "EPUB/imprint.xhtml");
    let bold = "<strong>免费赠阅</strong>，见<a href=\"https://site.example/\">首页</a>。";
    assert!(imprint.contains(bold), "{imprint}");
    assert!(
        imprint.contains("<dt>审核</dt><dd>审核岗</dd>"),
        "{imprint}"
    );
    let notice = chapter(site.path(), "book", "EPUB/notice.xhtml");
    assert!(notice.contains("<em>律师</em>"), "{notice}");
    build(site.path());
    let read = |path: &str| {
        fs::read_to_string(site.path().join("public/book").join(path)).expect("written")
    };
    assert!(read("index.html").contains("<strong>免费赠阅</strong>"));
    let print = read("print/index.html");
    for expected in [
        "<li><a href=\"#iou\">1 借条怎么写？</a></li>",
        "开头的话。",
        "<strong>免费赠阅</strong>",
        "<em>律师</em>",
        "<h3>《灯会条例》</h3>",
        "<p>\n第一条 1</p>",
        "<li>借条 1</li>",
    ] {
        assert!(print.contains(expected), "no {expected} in {print}");
    }
}
