//! The law library on a site: citations by hand and switched off, stale law, chapters, pages of laws known by name.
#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "tests write a site and read what comes back"
)]

mod common;

use common::Site;

const OLD: &str = "# 中华人民共和国灯会法\n\n2019年5月1日 某会议通过\n\n<!-- INFO END -->\n\n第一条 灯会每年办。\n\n第二条 罚款十元。\n\n第三条 灯要环保，不得用明火照明，也不得吵闹。\n";
const NEW: &str = "# 中华人民共和国灯会法\n\n2019年5月1日 某会议通过\n\n2023年9月1日 某会议修订\n\n<!-- INFO END -->\n\n第一条 灯会每年办。\n\n第二条 罚款百元。\n\n第三条 新添的一条，说的是别的事。\n\n第四条 灯要环保，不得用明火照明，也不得吵闹。\n\n第五条 依照合同法第三条订立合同。\n";

/// A law of three hundred and two articles in two books; the first has two chapters.
fn long_law() -> String {
    let mut text =
        "# 中华人民共和国大灯法\n\n2020年1月1日 某会议通过\n\n<!-- INFO END -->\n\n".to_owned();
    for no in 1..=302 {
        match no {
            1 => text.push_str("## 第一编 总则\n\n### 第一章 一般规定\n\n"),
            101 => text.push_str("### 第二章 灯\n\n"),
            201 => text.push_str("## 第二编 附则\n\n"),
            _ => {}
        }
        text.push_str(&format!(
            "第{}条 依照本法第二条办。\n\n",
            pufa::base::numeral::to_chinese(no)
        ));
    }
    text
}

fn site(article: &str) -> Site {
    let page = format!("+++\ntitle = \"看灯\"\ndate = 2020-05-01\n+++\n\n{article}\n");
    let site = Site::plain(&[
        ("content/_index.md", "+++\ntitle = \"首页\"\n+++\n"),
        (
            "content/laws/_index.md",
            "+++\ntitle = \"法律库\"\nkind = \"laws\"\n+++\n",
        ),
        ("laws/灯会法(2019-05-01).md", OLD),
        ("laws/灯会法(2023-09-01).md", NEW),
        (
            "content/articles/_index.md",
            "+++\ntitle = \"文章\"\nkind = \"articles\"\n+++\n",
        ),
        ("content/articles/look.md", &page),
    ]);
    site.write(
        "pufa.toml",
        "title = \"测试\"\nbase_url = \"https://pufa.example.org\"\n[laws]\nlibrary = [\"laws\"]\n",
    );
    site
}

/// The text of the article's page from `<main` on.
fn shown(site: &Site) -> String {
    site.build();
    let page = site.public("articles/look/index.html");
    let at = page.find("<main").unwrap_or_default();
    page[at..].to_owned()
}

#[test]
fn a_link_says_what_it_cites() {
    let site = site("看[**那一条**的](){law=\"灯会法\" article=\"1\"}规定。");
    let page = shown(&site);
    let link = page
        .split("<a class=\"citation\"")
        .nth(1)
        .expect("a citation");
    assert!(
        link.contains("灯会法/2019") || link.contains("denghuifa/2019-05-01/#art-1"),
        "{link}"
    );
    assert!(link.contains("<strong>那一条</strong>的</a>规定"), "{link}");
    assert!(page.contains("《灯会法》第一条"), "the legal basis: {page}");
    assert!(
        site.public("laws/denghuifa/index.html")
            .contains("看那一条的规定")
    );
}

#[test]
fn an_attribute_that_says_nothing_is_reported() {
    let site = site(
        "[甲](){law=\"灯会法\" article=\"多少\"}[乙](){law=\"灯会法\" article=\"99\"}[丙](#){law=\"无此法\"}",
    );
    assert_eq!(
        site.check().codes(),
        [
            "not-an-article-number",
            "citation-unknown-article",
            "citation-unknown-law"
        ]
    );
}

#[test]
fn recognition_is_switched_off_within_a_line() {
    let site = site(
        "前有<!-- no-cite -->《灯会法》第一条<!-- cite -->，后有《灯会法》第一条。\n\n<!-- no-cite -->《灯会法》第一条<!-- cite -->\n\n《灯会法》第一条。",
    );
    let page = shown(&site);
    // Two in the text, one in the list of the legal basis.
    assert_eq!(page.matches("<a class=\"citation\"").count(), 3, "{page}");
}

#[test]
fn a_popover_shows_the_text_of_the_version_cited() {
    let site = site("《灯会法》第一条、第二条。");
    let page = shown(&site);
    assert!(page.contains("data-texts=\"denghuifa@1\""), "{page}");
    let texts = site.public("laws/denghuifa/2019-05-01/popover-0.js");
    assert!(
        texts.contains("罚款十元") && texts.contains("denghuifa@1"),
        "{texts}"
    );
}

#[test]
fn the_report_names_the_cue_of_the_transcript() {
    let site = site("看灯。");
    site.write(
        "content/classes/_index.md",
        "+++\ntitle = \"课\"\nkind = \"course\"\n+++\n",
    );
    site.write(
        "content/classes/1.md",
        "+++\ntitle = \"第一讲\"\ndate = 2020-05-01\nnumber = 1\naudio = \"https://pufa.example.org/1.mp3\"\ntranscript = \"1.vtt\"\n+++\n",
    );
    site.write(
        "content/classes/1.vtt",
        "WEBVTT\n\n00:01.000 --> 00:04.000\n大家好。\n\n00:05.000 --> 00:09.000\n请看《灯会法》第二条。\n",
    );
    site.run(&["check", "--report", "law.html", "--as-of", "2024-01-01"]);
    let report = site.read("law.html");
    assert!(report.contains("content/classes/1.vtt:6:"), "{report}");
}

#[test]
fn the_report_tells_what_changed_and_which_page_cites_it() {
    let site = site(
        "《灯会法》第一条、第二条、第三条。《合同法》第九条。《灯会法》第七十条。《无此法》第一条。",
    );
    let outcome = site.run(&["check", "--report", "law.html", "--as-of", "2024-01-01"]);
    outcome.expect_status(1);
    let report = site.read("law.html");
    for part in [
        "<h2>The law has changed</h2>",
        "<h3>《灯会法》第二条</h3>",
        "<del>十</del><ins>百</ins>",
        "since 2023-09-01 the same words are 第四条",
        "content/articles/look.md:6:",
        "https://pufa.example.org/articles/look/",
        "<h2>The law is no longer in force</h2>",
        "<h2>No such article</h2>",
        "<h2>Not in the law library</h2>",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert!(!report.contains("《灯会法》第一条</h3>"));
    assert!(!report.contains(" src="), "nothing beside it is needed");
    // Before the change nothing needs a look.
    site.write(
        "content/articles/look.md",
        "+++\ntitle = \"看灯\"\ndate = 2020-05-01\n+++\n\n《灯会法》第二条。\n",
    );
    site.run(&["check", "--report", "law.html", "--as-of", "2023-08-31"])
        .expect_status(0);
    assert!(
        site.read("law.html")
            .contains("On 2023-08-31 no citation needs a look.")
    );
}

#[test]
fn a_very_long_law_has_a_page_for_each_chapter() {
    let site = site("《大灯法》第一百五十条。");
    site.write("laws/大灯法.md", long_law());
    let page = shown(&site);
    assert!(page.contains("dadengfa/#art-150"), "{page}");
    let chapter = site.public("laws/dadengfa/ch-b1-c2/index.html");
    assert!(chapter.contains("id=\"art-101\"") && chapter.contains("id=\"art-200\""));
    assert!(!chapter.contains("id=\"art-100\"") && !chapter.contains("id=\"art-201\""));
    assert!(chapter.contains("第一编 总则 第二章 灯"), "{chapter}");
    assert!(
        chapter.contains("../#art-2\""),
        "citations lead to the whole text"
    );
    assert!(
        chapter.contains("看灯"),
        "who explains an article is told here too"
    );
    assert!(chapter.contains("rel=\"prev\"") && chapter.contains("rel=\"next\""));
    let whole = site.public("laws/dadengfa/index.html");
    assert!(
        whole.contains("href=\"ch-b1-c1/\"") && whole.contains("href=\"ch-b2/\""),
        "{whole}"
    );
    assert!(
        site.public("sitemap.xml")
            .contains("/laws/dadengfa/ch-b1-c1/")
    );
}

#[test]
fn a_law_known_by_name_has_a_page_of_its_facts() {
    let site = site("原《合同法》第五十二条。");
    let page = shown(&site);
    assert!(page.contains("laws/hetongfa/"), "{page}");
    let law = site.public("laws/hetongfa/index.html");
    for fact in ["1999", "2021", "flk.npc.gov.cn"] {
        assert!(law.contains(fact), "{fact}: {law}");
    }
    assert!(
        site.public("laws/denghuifa/index.html")
            .contains("../hetongfa/")
    );
}

#[test]
fn the_laws_are_listed_by_kind_with_letters_and_words_to_find_them() {
    let site = site("无。");
    site.build();
    let list = site.public("laws/index.html");
    assert!(
        list.contains("data-filter=\"laws\"") && list.contains("data-words=\"denghuifa dhf\""),
        "{list}"
    );
    assert!(list.contains(">D</span>"), "{list}");
}

#[test]
fn a_law_in_the_sites_own_folder_is_taken_up_by_the_preview() {
    use pufa::base::SourcePath;
    use pufa::config::Overrides;
    use pufa::pipeline::Pipeline;

    let site = site("《灯会法》第二条。");
    let root = pufa::load::find_root(Some(site.path()), None, site.path()).expect("a site");
    let mut pipeline = Pipeline::new(root, Overrides::default());
    pipeline.run();
    site.write("laws/灯会法(2023-09-01).md", NEW.replace("百元", "千元"));
    let path = SourcePath::new("laws/灯会法(2023-09-01).md");
    let run = pipeline.run_changed(&[path]).expect("only a law changed");
    let library = &run.world.site.library;
    let law = library.law(library.find("灯会法").expect("it is there"));
    let text = &law.versions[0]
        .statute
        .article("2".parse().expect("a number"))
        .expect("it is there");
    assert_eq!(text.text(), "罚款千元。");
    let stale = run
        .diagnostics
        .iter()
        .find(|problem| problem.code == "citation-superseded");
    assert!(stale.is_some_and(|problem| {
        problem
            .arg("difference")
            .is_some_and(|text| text.contains("千"))
    }));
}
