//! A Zola site builds without a change to its content, with the default theme and with templates of its own.

mod common;

use common::{Site, files_below};

/// The fixture, with templates of its own.
fn with_templates() -> Site {
    let site = Site::fixture("zola");
    for (path, bytes) in files_below(Site::fixture("zola-templates").path()) {
        site.write(&path, bytes);
    }
    site.build();
    site
}

/// Every line of a page that begins as `start` does.
fn lines(page: &str, start: &str) -> Vec<String> {
    let trimmed = page.lines().map(str::trim);
    let wanted = trimmed.filter(|line| line.starts_with(start));
    wanted.map(str::to_owned).collect()
}

/// Asserts that a page of the site with templates holds a line.
#[track_caller]
fn check(site: &Site, page: &str, line: &str) {
    let text = site.public(page);
    assert!(
        text.lines().any(|other| other.trim() == line),
        "{page} has no line `{line}`:\n{text}"
    );
}

#[test]
fn everything_is_at_zolas_addresses() {
    let site = Site::fixture("zola");
    let built = site.build();
    assert!(built.stderr.contains(" 0 warnings"), "{}", built.stderr);
    let has = [
        "404.html",
        "about/index.html",
        "ailleurs/index.html",
        "atom.xml",
        "authors/jane/index.html",
        "blog/2023/index.html",
        "blog/2023/older-slug/index.html",
        "blog/atom.xml",
        "blog/dated/index.html",
        "blog/first/index.html",
        "blog/page/1/index.html",
        "blog/page/3/index.html",
        "blog/second/data.json",
        "blog/second/img/deep.png",
        "blog/second/index.html",
        "blog/second/picture.png",
        "blog/with-space/index.html",
        "categories/programming/sheet/2/index.html",
        "docs/deep/deeper/index.html",
        "docs/sheet/2/index.html",
        "files/paper.txt",
        "fr/atom.xml",
        "fr/auteurs/jeanne/index.html",
        "fr/blog/first/index.html",
        "fr/index.html",
        "fr/tags/rouille/index.html",
        "index.html",
        "journal/index.html",
        "old/first.html",
        "old/first/index.html",
        "orphans/lone/index.html",
        "parts/shown/index.html",
        "robots.txt",
        "sitemap.xml",
        "somewhere/else/index.html",
        "tags/fa-lu/atom.xml",
        "tags/rust/index.html",
        "tags/web-pages/index.html",
    ];
    let missing: Vec<&str> = has.into_iter().filter(|path| !site.has(path)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let none = [
        "blog/unfinished",
        "blog/page/4",
        "blog/second/table.xlsx",
        "fr/ailleurs",
        "hidden",
        "hidden/secret",
        "parts/index.html",
        "parts/piece",
        "raw.psd",
        "tags/rust-2",
        "tags/rouille",
    ];
    let extra: Vec<&str> = none.into_iter().filter(|path| site.has(path)).collect();
    assert!(extra.is_empty(), "{extra:?}");
}

#[test]
fn both_names_of_the_configuration_are_read() {
    let zola = Site::fixture("zola");
    zola.build();
    let config = Site::fixture("zola");
    let text = config.read("zola.toml");
    config.remove("zola.toml");
    config.write("config.toml", text);
    config.build();
    assert_eq!(zola.output(), config.output());
}

#[test]
fn a_page_outside_of_every_section_is_named() {
    let checked = Site::fixture("zola").check().expect_status(0);
    let found = checked.diagnostics();
    let files: Vec<_> = found
        .iter()
        .filter(|found| found["code"] == "orphan-page")
        .map(|found| found["file"].as_str())
        .collect();
    assert_eq!(files, [Some("content/orphans/lone.md")], "{found:#?}");
}

#[test]
fn drafts_come_with_their_section_and_their_mistakes_when_asked_for() {
    let site = Site::fixture("zola");
    let built = site.run(&["build", "--drafts"]).expect_status(1);
    assert!(built.stderr.contains("broken-link"), "{}", built.stderr);
    site.remove("content/blog/unfinished.md");
    site.run(&["build", "--drafts"]).expect_status(0);
    assert!(site.has("hidden/below/index.html"));
}

#[test]
fn files_beside_a_draft_are_not_published() {
    let site = Site::fixture("zola");
    site.write(
        "content/soon/index.md",
        "+++\ntitle = \"Soon\"\ndraft = true\n+++\nText.\n",
    );
    site.write("content/soon/secret.json", "{}");
    site.write("content/hidden/secret.json", "{}");
    site.build();
    assert!(!site.has("soon/secret.json"));
    assert!(!site.has("hidden/secret.json"));
}

#[test]
fn taxonomies_may_lie_below_a_folder() {
    let site = Site::fixture("zola");
    let config = site.read("zola.toml");
    site.write("zola.toml", format!("taxonomy_root = \"by\"\n{config}"));
    site.build();
    assert!(site.has("by/tags/rust/index.html"));
    assert!(site.has("fr/by/auteurs/jeanne/index.html"));
    assert!(!site.has("tags"));
}

#[test]
fn slugs_are_made_as_configured() {
    for (mode, page, tag) in [
        ("on", "older-slug", "web-pages"),
        ("safe", "Older Slug", "web pages"),
        ("off", "Older Slug", "web pages"),
    ] {
        let site = Site::fixture("zola");
        let config = site.read("zola.toml");
        let config = config
            .replace("paths = \"on\"", &format!("paths = \"{mode}\""))
            .replace("taxonomies = \"on\"", &format!("taxonomies = \"{mode}\""))
            .replace("anchors = \"on\"", "anchors = \"off\"")
            .replace("paths_keep_dates = false", "paths_keep_dates = true");
        site.write("zola.toml", config);
        let first = site.read("content/blog/first.md");
        let first = first.replace("#example-code", "#Example_code");
        site.write("content/blog/first.md", first);
        site.build();
        assert!(site.has(&format!("blog/2023/{page}/index.html")), "{mode}");
        assert!(site.has(&format!("tags/{tag}/index.html")), "{mode}");
        assert!(site.has("blog/2024-01-02-dated/index.html"), "{mode}");
        assert!(
            site.public("blog/first/index.html")
                .contains("<h2 id=\"Example_code-1\">")
        );
    }
}

#[test]
fn templates_find_pages_sections_terms_and_files() {
    let site = with_templates();
    let front = |line: &str| check(&site, "index.html", line);
    front(r#"<p class="mood">fine</p>"#);
    front(r#"<p class="blog">Blog 5 https://zola.example.org/blog/</p>"#);
    front(r#"<li class="sub">Blog</li><li class="sub">Docs</li><li class="sub">Parts</li>"#);
    front(r#"<p class="first">First post 42 https://zola.example.org/blog/first/</p>"#);
    front(r#"<p class="urls">blog/first/ files/paper.txt files/paper.txt?h=6a13fc28 fr/blog/</p>"#);
    front(r#"<p class="terms">法律:fa-lu:1;Rust:rust:2;web pages:web-pages:1;</p>"#);
    front(
        r#"<p class="term">tags/web-pages/ tags/fa-lu/ https://zola.example.org/tags/web-pages/</p>"#,
    );
    front(r#"<p class="data">Jane</p>"#);
    front(r#"<p class="csv">Title Two</p>"#);
    front(r#"<p class="literal">bob </p>"#);
    front(r#"<p class="meta">700x40 png image/png</p>"#);
    front(r#"<p class="trans">A summary Un sommaire</p>"#);
    check(
        &site,
        "fr/index.html",
        "<head><title>Un site Zola</title></head>",
    );
    check(&site, "404.html", "lost: /blog/first/");
}

#[test]
fn a_page_view_has_zolas_attributes() {
    let site = with_templates();
    let first = |line: &str| check(&site, "blog/first/index.html", line);
    first(
        r#"<p class="page">/blog/first/ https://zola.example.org/blog/first/ first blog/first blog/first.md en false</p>"#,
    );
    first(r#"<p class="date">2024-01-01 2024-02-03T10:00:00 2024 1 1 01.01.2024</p>"#);
    first(r#"<p class="authors">Jane</p>"#);
    first(r#"<p class="taxonomies">Rust;web pages;法律;</p>"#);
    first(r#"<p class="extra">42</p>"#);
    first(r#"<p class="summary"><p>The summary with <strong>bold</strong>.</p>"#);
    first(r#"<p class="ancestors">Home>Blog></p>"#);
    first(r#"<p class="neighbours">With a space | Dated by its name</p>"#);
    first(r#"<span id="continue-reading"></span>"#);
    first(r#"<h2 id="the-end" class="wide">Chosen</h2>"#);
    let second = site.public("blog/second/index.html");
    assert_eq!(
        lines(&second, "<p class=\"assets\">"),
        [r#"<p class="assets">data.json,picture.png</p>"#]
    );
    check(
        &site,
        "docs/a/index.html",
        "doc: A, heavy B, light  B, light",
    );
    check(
        &site,
        "docs/b/index.html",
        "doc: B, light  A, heavy  A, heavy",
    );
}

#[test]
fn lists_have_pagers() {
    let site = with_templates();
    let pager = |page: &str| lines(&site.public(page), "<p class=\"pager\">");
    assert_eq!(
        pager("blog/page/2/index.html"),
        [
            r#"<p class="pager">2/3 by 2 of 5 | https://zola.example.org/blog/page/ | ../../ | ../3/ | ../../ | ../3/</p>"#
        ]
    );
    let titles = |page: &str| {
        let text = site.public(page);
        let links = text.split("<li>").skip(1);
        links
            .filter_map(|link| link.split(['>', '<']).nth(2).map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        titles("blog/index.html"),
        ["Second post", "Dated by its name"]
    );
    assert_eq!(titles("blog/page/3/index.html"), ["An older one"]);
    assert_eq!(titles("docs/index.html"), ["A, heavy"], "reversed");
    check(
        &site,
        "categories/programming/sheet/2/index.html",
        "single categories/programming: 2 of 2: First post;With a space;",
    );
    check(
        &site,
        "tags/rust/index.html",
        "tags/Rust rust https://zola.example.org/tags/rust/: Second post;First post;",
    );
}

#[test]
fn short_codes_take_zolas_arguments_and_bodies() {
    let site = with_templates();
    let codes = |line: &str| check(&site, "codes/index.html", line);
    codes(
        "<div class=\"args\">s|single|back &quot;tick&quot;|true|false|1.5|12|x,2,True|Short codes|A Zola site</div>",
    );
    codes("<div class=\"args\">over|lines|c|false|true|-0.5|-3||Short codes|A Zola site</div>");
    codes("<blockquote class=\"said\"><p>A <strong>quoted</strong> text.</p>");
    codes("<p>{{ say(text=&quot;shown as it is&quot;) }}</p>");
    codes("<li><strong>one</strong></li>");
}
