//! The output is whole or not at all, the same for the same input, and holds together.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "what helpers of tests expect is part of the test"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

use common::{Site, files_below, png};

const PAGE: &str = "+++\ntitle = \"甲\"\ndate = 2026-01-02\naliases = [\"/old/a/\", \"/old.html\"]\ntopics = [\"劳动就业\"]\n+++\n正文，[乙](@/articles/b.md#two)，[首页](/)，![图](p.png)\n";

/// A site with a bit of everything.
fn whole() -> Site {
    let site = Site::new(&[
        (
            "pufa.toml",
            "title = \"青禾普法\"\ndescription = \"一个小站。\"\nbase_url = \"https://pufa.example.org\"\n",
        ),
        (
            "data/topics.toml",
            "[[term]]\nid = \"work\"\nname = \"劳动就业\"\ndescription = \"工资。\"\n",
        ),
        (
            "data/audiences.toml",
            "[[term]]\nid = \"all\"\nname = \"居民\"\n",
        ),
        (
            "data/glossary.toml",
            "[[term]]\nname = \"冷静期\"\ngist = \"登记前的一段时间。\"\n",
        ),
        ("content/_index.md", "+++\ntitle = \"青禾普法\"\n+++\n"),
        (
            "content/about.md",
            "+++\ntitle = \"关于\"\n+++\n关于本站，有问题请拨打热线。\n",
        ),
        (
            "content/articles/_index.md",
            "+++\ntitle = \"文章\"\nkind = \"articles\"\npaginate_by = 2\n+++\n",
        ),
        ("content/articles/a/index.md", PAGE),
        (
            "content/articles/b.md",
            "+++\ntitle = \"乙\"\ndate = 2026-01-03\n+++\n## 一 {#one}\n\n文。\n\n## 二 {#two}\n\n冷静期是什么。[上](#one)\n\n```rust\nfn main() {}\n```\n\n$x^2$\n",
        ),
        (
            "content/articles/c.md",
            "+++\ntitle = \"丙 & <丙>\"\ndate = 2026-01-04\ndescription = \"引号\\\"与&\"\n+++\n文。[^1]\n\n[^1]: 注。\n",
        ),
        (
            "content/book/_index.md",
            "+++\ntitle = \"一百问\"\nkind = \"book\"\n+++\n前言。\n",
        ),
        (
            "content/book/01-x.md",
            "+++\ntitle = \"第一章\"\n+++\n\n## 冷静期多久？ {#cooling}\n\n```question\ntopics = [\"劳动就业\"]\n```\n\n三十日。\n\n### 怎么办\n\n1. 等。\n\n## 然后呢？ {#then}\n\n去登记，见[上一问](#cooling)。\n",
        ),
        (
            "content/book/02-y/_index.md",
            "+++\ntitle = \"第二章\"\n+++\n",
        ),
        (
            "content/book/02-y/01-q.md",
            "+++\ntitle = \"另一问？\"\nslug = \"other\"\n+++\n答。\n",
        ),
        ("static/files/a b.txt", "文件"),
        ("static/robots-extra.txt", "x"),
    ]);
    site.write("content/articles/a/p.png", png(1300, 30));
    site
}

#[test]
fn building_again_changes_neither_bytes_nor_times() {
    let site = whole();
    site.build();
    let (first, times) = (site.output(), site.times());
    let again = site.build();
    assert!(
        again.stderr.contains(" 0 files written"),
        "{}",
        again.stderr
    );
    assert_eq!(first, site.output());
    assert_eq!(times, site.times());
    // A changed page leaves the others alone.
    site.write(
        "content/about.md",
        "+++\ntitle = \"关于\"\n+++\n改过的文字，有问题请拨打热线。\n",
    );
    site.build();
    let later = site.times();
    assert_ne!(times["about/index.html"], later["about/index.html"]);
    assert_eq!(
        times["articles/b/index.html"],
        later["articles/b/index.html"]
    );
    assert_eq!(times["articles/a/p.png"], later["articles/a/p.png"]);
}

/// Pages that list all the others of a large chapter would make a book of many questions grow with their square.
#[test]
fn a_question_of_a_large_chapter_shows_the_nearest() {
    let site = whole();
    let question = |n: usize| format!("\n## 第{n}问？ {{#q{n}}}\n\n答。\n");
    let many: String = (0..200).map(question).collect();
    let chapter = format!("+++\ntitle = \"大章\"\n+++\n{many}");
    site.write("content/book/03-large.md", chapter);
    site.build();
    let page = site.public("book/q100/index.html");
    let tree = page.split("section-tree").nth(1).expect("a tree");
    let tree = tree.split("</nav>").next().expect("its end");
    assert!(
        tree.contains("第99问？") && tree.contains("第101问？"),
        "{tree}"
    );
    assert!(
        !tree.contains("第10问？") && tree.matches("<a ").count() < 60,
        "{tree}"
    );
}

/// `cp -p` of an older recording, or `mv`, changes neither the length nor makes the time a later one.
#[test]
fn another_large_file_of_the_same_length_is_copied_though_it_is_older() {
    let site = whole();
    site.write("static/talk.wav", vec![7u8; 100_000]);
    site.build();
    site.write("static/talk.wav", vec![8u8; 100_000]);
    let file = std::fs::File::options()
        .write(true)
        .open(site.path().join("static/talk.wav"))
        .expect("the file is there");
    let older = std::time::SystemTime::now() - Duration::from_secs(3600);
    file.set_modified(older).expect("its time can be set");
    site.build();
    assert!(site.output()["talk.wav"].iter().all(|byte| *byte == 8));
}

#[test]
fn a_build_of_the_same_has_nothing_to_do_and_says_the_same() {
    let site = whole();
    site.write(
        "content/articles/b.md",
        "+++\ntitle = \"乙\"\ndate = 2026-01-03\n+++\n## 一 {#one}\n\n## 二 {#two}\n\n文。\n",
    );
    // 中文。 in GB 18030, which is worth a note.
    let note = b"+++\ntitle = \"x\"\ndate = 2026-01-03\n+++\n\xd6\xd0\xce\xc4\xa1\xa3\n";
    site.write("content/articles/other.md", note);
    site.write("static/large.bin", vec![7u8; 100_000]);
    let build = || {
        let ran = site.run(&["build", "--verbose"]);
        let ran = ran.expect_status(0);
        // The stage that writes is named where there was something to do.
        let said: Vec<String> = ran
            .stderr
            .lines()
            .filter(|line| line.contains("other.md"))
            .map(str::to_owned)
            .collect();
        (ran.stderr.contains("  write "), said)
    };
    let (wrote, said) = build();
    assert!(wrote && said.len() == 1, "{said:?}");
    assert_eq!(build(), (false, said.clone()));
    let whole = site.output();
    let edits = [
        (
            "content/about.md",
            "+++\ntitle = \"关于\"\n+++\n另一段文字，有问题请拨打热线。\n",
        ),
        (
            "data/glossary.toml",
            "[[term]]\nname = \"冷静期\"\ngist = \"登记以前的时间。\"\n",
        ),
        ("templates/404.html", "没有这一页"),
        ("static/files/a b.txt", "别的文件"),
        (
            "pufa.toml",
            "title = \"青禾普法\"\nbase_url = \"https://other.example.org\"\n",
        ),
        (
            "content/new.md",
            "+++\ntitle = \"新\"\n+++\n新的一页，有问题请拨打热线。\n",
        ),
        ("i18n/zh-CN.toml", "[tools]\nsearch = \"找一找\"\n"),
    ];
    for (path, text) in edits {
        site.write(path, text);
        assert!(build().0, "after {path}");
        assert!(!build().0, "again after {path}");
    }
    site.write("static/large.bin", vec![8u8; 100_001]);
    assert!(build().0, "a large file of another size");
    // Somebody worked on the output: what was there before comes back.
    let page = "public/about/index.html";
    let text = std::fs::read_to_string(site.path().join(page)).expect("the page");
    site.write(page, text.replace("另一段", "别一段"));
    assert!(build().0, "a page of the output was changed");
    assert_eq!(
        std::fs::read_to_string(site.path().join(page)).expect("the page"),
        text
    );
    site.remove(page);
    assert!(build().0, "a page of the output was gone");
    assert!(site.has("about/index.html"));
    assert_ne!(whole, site.output());
    // Another day, another address: another site.
    for more in [
        ["--as-of", "2030-01-01"],
        ["--base-url", "https://third.example.org/"],
    ] {
        let ran = site
            .run(&["build", "--verbose", more[0], more[1]])
            .expect_status(0);
        assert!(ran.stderr.contains("  write "), "{more:?}");
    }
    // A stamp that can't be read is no stamp.
    let folder = std::fs::read_dir(site.path().join(".pufa")).expect("the folder for caches");
    for file in folder
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|end| end == "json"))
    {
        std::fs::write(file.path(), "{").expect("written");
    }
    assert!(build().0, "without a stamp");
}

#[test]
fn readers_go_from_one_language_to_another() {
    let site = Site::plain(&[
        (
            "pufa.toml",
            "title = \"青禾普法\"\nbase_url = \"https://pufa.example.org\"\n[[nav]]\ntitle = \"文章\"\nurl = \"/articles/\"\n[languages.en]\ntitle = \"Qinghe\"\n",
        ),
        ("content/_index.md", "+++\ntitle = \"青禾\"\n+++\n"),
        ("content/_index.en.md", "+++\ntitle = \"Qinghe\"\n+++\n"),
        (
            "content/about.md",
            "+++\ntitle = \"关于\"\nbanner = \"周日有讲座\"\n+++\n关于本站。\n",
        ),
        (
            "content/about.en.md",
            "+++\ntitle = \"About\"\n+++\nAbout this site.\n",
        ),
        (
            "content/articles/_index.md",
            "+++\ntitle = \"文章\"\nkind = \"articles\"\n+++\n",
        ),
        (
            "content/articles/a.md",
            "+++\ntitle = \"甲\"\ndate = 2026-01-01\n+++\n正文。\n",
        ),
    ]);
    site.build();
    let header = |path: &str| {
        let page = site.public(path);
        let (head, _) = page.split_once("</header>").expect("a header");
        head.to_owned()
    };
    let other = |to: &str, code: &str, name: &str| {
        format!("<a class=\"tool\" href=\"{to}\" lang=\"{code}\" hreflang=\"{code}\">{name}</a>")
    };
    for (path, link) in [
        ("index.html", other("en/", "en", "English")),
        ("about/index.html", other("../en/about/", "en", "English")),
        // Without a translation the front page of the language is next, and says so.
        (
            "articles/a/index.html",
            other("../../en/#not-translated", "en", "English"),
        ),
        (
            "en/about/index.html",
            other("../../about/", "zh-CN", "中文"),
        ),
    ] {
        assert!(header(path).contains(&link), "{link} in {}", header(path));
    }
    // What a page begins with is not said twice.
    assert!(
        !site
            .public("articles/a/index.html")
            .contains("class=\"lead\"")
    );
    let english = site.public("en/index.html");
    assert!(english.contains("id=\"not-translated\""));
    assert!(english.contains(">About</a>") && !english.contains("文章"));
    assert!(
        !english.contains("周日有讲座"),
        "a banner speaks its page's language"
    );
    assert!(site.public("index.html").contains("周日有讲座"));
    // Each language has its own search page.
    let search = site.public("en/search/index.html");
    for part in [
        "<html lang=\"en\"",
        "<link rel=\"canonical\" href=\"https://pufa.example.org/en/search/\">",
        "hreflang=\"zh-CN\" href=\"https://pufa.example.org/search/\"",
        "hreflang=\"en\" href=\"https://pufa.example.org/en/search/\"",
        "href=\"../../search/\" lang=\"zh-CN\"",
        "href=\"../opensearch.xml\"",
    ] {
        assert!(search.contains(part), "{part} in {search}");
    }
    assert!(english.contains("action=\"search/\""));
    assert!(header("search/index.html").contains(&other("../en/search/", "en", "English")));
    let description = site.public("en/opensearch.xml");
    assert!(description.contains("https://pufa.example.org/en/search/?q="));
    assert!(description.contains("<ShortName>Qinghe</ShortName>"));
    assert!(site.public("sitemap.xml").contains("/en/search/"));
    // One language needs no switch.
    let alone = whole();
    alone.build();
    let front = alone.public("index.html");
    assert!(!front.contains("hreflang") && !front.contains("not-translated"));
}

#[test]
fn what_nobody_translated_is_shown_among_the_pages_of_the_language() {
    let config = |fallback: bool| {
        format!(
            "title = \"青禾普法\"\nbase_url = \"https://pufa.example.org\"\n[languages.en]\ntitle = \"Qinghe\"\nfallback = {fallback}\n"
        )
    };
    let book = "+++\ntitle = \"第一章 借钱\"\n+++\n## 借条要写什么？ {#iou}\n\n写明数额。见[关于](@/about.md)和[甲](@/articles/a.md)。\n";
    let site = Site::plain(&[
        ("pufa.toml", &config(true)),
        ("content/_index.en.md", "+++\ntitle = \"Qinghe\"\n+++\n"),
        (
            "content/about.md",
            "+++\ntitle = \"关于\"\n+++\n关于本站。\n",
        ),
        (
            "content/about.en.md",
            "+++\ntitle = \"About\"\n+++\nSee [a](@/articles/a.md).\n",
        ),
        (
            "content/articles/_index.md",
            "+++\ntitle = \"文章\"\nkind = \"articles\"\n+++\n",
        ),
        (
            "content/articles/a.md",
            "+++\ntitle = \"甲\"\ndate = 2026-01-01\n+++\n正文。\n",
        ),
        (
            "content/books/_index.md",
            "+++\ntitle = \"书\"\nkind = \"book\"\n+++\n",
        ),
        ("content/books/one.md", book),
    ]);
    site.build();
    let page = site.public("en/articles/a/index.html");
    for part in [
        "<html lang=\"zh-CN\"",
        "<body id=\"top\" class=\"kind-article\" lang=\"en\" dir=\"ltr\">",
        "has not been translated into English",
        "<a href=\"../../../articles/a/\" hreflang=\"zh-CN\">",
        "<h1 lang=\"zh-CN\" dir=\"ltr\">甲</h1>",
        "noindex",
        "\"root\": \"../../../\"",
        // The switch leads to the same page in its own language.
        "<a class=\"tool\" href=\"../../../articles/a/\" lang=\"zh-CN\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let own = site.public("articles/a/index.html");
    assert!(own.contains("href=\"../../en/articles/a/\" lang=\"en\""));
    assert!(!own.contains("has not been translated") && !own.contains("<h1 lang"));
    // Readers stay among the pages of their language: translations where there are some, else what stands in for them.
    let question = site.public("en/books/iou/index.html");
    assert!(
        question.contains("href=\"../../about/\"")
            && question.contains("href=\"../../articles/a/\"")
    );
    assert!(
        site.public("en/articles/index.html")
            .contains("href=\"a/\"")
    );
    assert!(site.public("en/about/index.html").contains("About"));
    let map = site.public("sitemap.xml");
    assert!(map.contains("/articles/a/") && !map.contains("/en/articles/a/"));
    // Without the key only what is written is there.
    let without = Site::plain(&[
        ("pufa.toml", &config(false)),
        ("content/_index.en.md", "+++\ntitle = \"Qinghe\"\n+++\n"),
        (
            "content/about.md",
            "+++\ntitle = \"关于\"\n+++\n关于本站。\n",
        ),
    ]);
    without.build();
    assert!(!without.has("en/about/index.html"));
}

#[test]
fn one_thread_many_threads_and_another_folder_give_the_same_bytes() {
    let (one, many) = (whole(), whole());
    one.run(&["build", "--jobs", "1"]).expect_status(0);
    many.run(&["build", "--jobs", "8"]).expect_status(0);
    assert_eq!(one.output(), many.output());
}

#[test]
fn a_warm_pipeline_gives_what_a_cold_one_gives() {
    use pufa::config::Overrides;
    use pufa::pipeline::Pipeline;
    let site = whole();
    let cooked = |pipeline: &mut Pipeline| {
        let run = pipeline.run();
        cook_all(&run.world)
    };
    let fresh = || {
        let root = pufa::load::find_root(Some(site.path()), None, site.path()).expect("a site");
        Pipeline::new(root, Overrides::default())
    };
    let mut warm = fresh();
    cooked(&mut warm);
    let edits = [
        (
            "content/articles/b.md",
            "+++\ntitle = \"乙二\"\ndate = 2026-02-03\n+++\n## 二 {#two}\n\n新。\n",
        ),
        (
            "content/book/01-x.md",
            "+++\ntitle = \"第一章\"\n+++\n\n## 换了？ {#new}\n\n换了。\n",
        ),
        (
            "content/articles/new.md",
            "+++\ntitle = \"新\"\ndate = 2026-02-04\n+++\n[乙](@/articles/b.md)\n",
        ),
        (
            "content/articles/_index.md",
            "+++\ntitle = \"文章们\"\nkind = \"articles\"\npaginate_by = 1\n+++\n",
        ),
        (
            "data/glossary.toml",
            "[[term]]\nname = \"登记\"\ngist = \"去办。\"\n",
        ),
        ("templates/partials/extra.html", "x"),
    ];
    for (path, text) in edits {
        site.write(path, text);
        assert_eq!(cooked(&mut warm), cooked(&mut fresh()), "after {path}");
    }
    site.remove("content/articles/new.md");
    assert_eq!(
        cooked(&mut warm),
        cooked(&mut fresh()),
        "after removing a page"
    );
    // The short way the preview takes for a changed page.
    let path = pufa::base::SourcePath::new("content/articles/b.md");
    site.write(
        path.as_str(),
        "+++\ntitle = \"乙三\"\ndate = 2026-02-03\n+++\n## 二 {#two}\n\n更新。\n",
    );
    if let Some(run) = warm.run_changed(&[path]) {
        assert_eq!(
            cook_all(&run.world),
            cooked(&mut fresh()),
            "after a short run"
        );
    }
}

#[test]
fn a_new_text_takes_the_quick_way_and_gives_the_same() {
    use pufa::config::Overrides;
    use pufa::pipeline::Pipeline;
    let site = whole();
    site.write(
        "content/laws/_index.md",
        "+++\ntitle = \"法律\"\nkind = \"laws\"\n+++\n",
    );
    site.write("content/laws/dengji.md", "+++\ntitle = \"登记法\"\nissuer = \"示例机关\"\npassed = 2020-01-01\neffective = 2020-02-01\nstatus = \"in-force\"\n+++\n\n第一条 登记要本人到场。\n\n第二条 登记不收费。\n");
    let fresh = || {
        let root = pufa::load::find_root(Some(site.path()), None, site.path()).expect("a site");
        Pipeline::new(root, Overrides::default())
    };
    let article = |body: &str| {
        format!("+++\ntitle = \"乙\"\ndate = 2026-01-03\nignore = [\"link-anchor\"]\n+++\n{body}")
    };
    let chapter = |first: &str, then: &str| {
        format!(
            "+++\ntitle = \"第一章\"\n+++\n\n## 冷静期多久？ {{#cooling}}\n\n```question\ntopics = [\"劳动就业\"]\n```\n\n{first}\n\n## 然后呢？ {{#then}}\n\n{then}\n"
        )
    };
    let (b, book) = ("content/articles/b.md", "content/book/01-x.md");
    let edits = [
        (b, article("第一遍。\n"), false),
        (b, article("依《登记法》第一条，[坏](#none)。\n"), true),
        (
            b,
            article("依《登记法》第二条、第九条，[坏](@/no.md)。\n"),
            true,
        ),
        (b, article("## 一\n\n好了。\n\n## 二\n\n又一段。\n"), true),
        (b, article("# 乙\n\n标题又写了一遍。\n"), true),
        (
            b,
            "+++\ntitle = \"乙二\"\ndate = 2026-01-03\n+++\n标题换了。\n".to_owned(),
            false,
        ),
        (book, chapter("三十天。", "《登记法》第一条。"), true),
        (
            book,
            chapter("三十天，很长。\n\n《登记法》第一条。", "去。"),
            true,
        ),
        (
            book,
            chapter("三十天。", "去。\n\n## 多一问？ {#more}\n\n有。"),
            false,
        ),
        (book, chapter("三十天，很长。", "去。"), false),
        (
            "content/book/02-y/01-q.md",
            "+++\ntitle = \"另一问？\"\nslug = \"other\"\n+++\n换个答法。\n\n再说一句。\n"
                .to_owned(),
            true,
        ),
    ];
    let mut warm = fresh();
    warm.run();
    for (path, text, quick) in edits {
        site.write(path, &text);
        let run = warm
            .run_changed(&[pufa::base::SourcePath::new(path)])
            .expect("only a text changed");
        let took = run.timings.iter().any(|(stage, _)| *stage == "renew");
        assert_eq!(took, quick, "the way taken for {text}");
        let whole = fresh().run();
        assert_eq!(run.diagnostics, whole.diagnostics, "after {text}");
        assert_eq!(cook_all(&run.world), cook_all(&whole.world), "after {text}");
    }
}

/// Every page and feed of a world, with the problems met.
fn cook_all(world: &std::sync::Arc<pufa::render::World>) -> BTreeMap<String, String> {
    let plan = pufa::output::plan(world);
    let cook = |recipe| pufa::output::cook(world, recipe);
    plan.files
        .iter()
        .filter_map(|(path, recipe)| {
            let cooked = cook(recipe)?;
            let text = String::from_utf8_lossy(&cooked.bytes).into_owned();
            Some((
                path.to_string(),
                format!("{text}\n{:?}", cooked.diagnostics),
            ))
        })
        .collect()
}

#[test]
fn what_pufa_did_not_write_survives_and_is_never_written_over() {
    let site = whole();
    site.build();
    site.write("public/CNAME", "pufa.example.org");
    site.write("public/.well-known/x/y.txt", "y");
    site.write("public/articles/mine.txt", "mine");
    site.write(
        "content/about.md",
        "+++\ntitle = \"关于\"\n+++\n改了，有问题请拨打热线。\n",
    );
    site.build();
    assert_eq!(site.public("CNAME"), "pufa.example.org");
    assert_eq!(site.public(".well-known/x/y.txt"), "y");
    assert_eq!(site.public("articles/mine.txt"), "mine");
    assert!(site.public("about/index.html").contains("改了"));
    // A page of ours at the place of a file that is not.
    site.write("public/fresh/index.html", "not pufa's");
    site.write("content/fresh.md", "+++\ntitle = \"新\"\n+++\n文。\n");
    let before = site.output();
    let refused = site.run(&["build"]).expect_status(1);
    assert!(
        refused.stderr.contains("output-foreign"),
        "{}",
        refused.stderr
    );
    assert_eq!(before, site.output());
    // Pages that are gone go; the rest stays.
    site.remove("content/fresh.md");
    site.remove("content/about.md");
    site.build();
    assert!(!site.has("about/index.html"));
    assert_eq!(site.public("fresh/index.html"), "not pufa's");
}

#[test]
fn a_folder_full_of_other_things_is_not_touched() {
    let site = whole();
    site.write("public/index.html", "another site");
    let refused = site.run(&["build"]).expect_status(1);
    assert!(
        refused.stderr.contains("output-foreign"),
        "{}",
        refused.stderr
    );
    assert_eq!(site.output().len(), 1);
}

#[test]
fn an_error_leaves_the_old_site() {
    let site = whole();
    site.build();
    let (before, times) = (site.output(), site.times());
    site.write("content/bad.md", "+++\ntitel = \"乙\"\n+++\n文。\n");
    site.run(&["build"]).expect_status(1);
    site.remove("content/bad.md");
    site.write("templates/page.html", "{{ page.title | nofilter }}");
    site.run(&["build"]).expect_status(1);
    assert_eq!(before, site.output());
    assert_eq!(times, site.times());
    let beside = files_below(site.path());
    assert!(
        !beside.keys().any(|path| path.contains("pufa-new")),
        "{:?}",
        beside.keys()
    );
}

/// The whole site with enough pages for a build to take a while.
fn large(pages: usize) -> Site {
    let site = whole();
    for number in 0..pages {
        site.write(
            &format!("content/articles/n{number}.md"),
            page_of(number, "一"),
        );
    }
    site
}

fn page_of(number: usize, word: &str) -> String {
    format!("+++\ntitle = \"第{number}篇\"\ndate = 2026-01-05\n+++\n版本{word}。\n")
}

/// Which version of the pages the output shows: every page must say the same.
fn version(site: &Site, pages: usize) -> BTreeSet<char> {
    let of = |number: usize| {
        let text = site.public(&format!("articles/n{number}/index.html"));
        let at = text.find("版本").expect("the page's text") + "版本".len();
        text[at..].chars().next().expect("a version")
    };
    (0..pages).map(of).collect()
}

#[test]
fn a_build_that_is_killed_leaves_the_old_site_or_the_new() {
    const PAGES: usize = 60;
    let site = large(PAGES);
    let since = Instant::now();
    site.build();
    let whole_build = since.elapsed();
    let mut current = '一';
    for round in 0..14_u32 {
        let next = if current == '一' { '二' } else { '一' };
        for number in 0..PAGES {
            site.write(
                &format!("content/articles/n{number}.md"),
                page_of(number, &next.to_string()),
            );
        }
        let mut build = site
            .command(&["build", "--quiet"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(whole_build * (round + 1) / 14);
        build.kill().expect("it can be killed");
        build.wait().expect("it ends");
        let seen = version(&site, PAGES);
        assert_eq!(seen.len(), 1, "half a site in round {round}: {seen:?}");
        current = *seen.first().expect("a version");
        if round % 5 == 4 {
            site.build();
            assert_eq!(version(&site, PAGES), BTreeSet::from([next]));
            current = next;
        }
    }
    site.build();
    let left: Vec<String> = std::fs::read_dir(site.path())
        .expect("the site")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.contains("pufa-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn two_builds_at_once_both_end_well() {
    let site = large(30);
    let start = || {
        site.command(&["build"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    };
    let builds = [start(), start(), start()];
    for build in builds {
        let output = build.wait_with_output().expect("it ends");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let once = large(30);
    once.build();
    assert_eq!(site.output(), once.output());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_site() {
    let site = whole();
    let disk = site.path().join("disk");
    std::fs::create_dir(&disk).expect("a folder");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        // Only the superuser may mount.
        return;
    }
    let build = || site.run(&["build", "--output", "disk/public"]);
    let first = build();
    let before = files_below(&disk);
    site.write("static/large.bin", vec![7; 4 << 20]);
    let full = build();
    let after = files_below(&disk);
    site.remove("static/large.bin");
    let again = build();
    let unmounted = std::process::Command::new("umount").arg(&disk).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    first.expect_status(0);
    let full = full.expect_status(3);
    assert!(full.stderr.contains("output-write"), "{}", full.stderr);
    assert_eq!(before, after);
    again.expect_status(0);
}

#[test]
fn an_output_that_cannot_be_written_is_said() {
    let site = whole();
    site.write("taken", "a file");
    let failed = site.run(&["build", "--output", "taken/public"]);
    let failed = failed.expect_status(3);
    assert!(failed.stderr.contains("output-"), "{}", failed.stderr);
    assert_eq!(site.read("taken"), "a file");
}

#[test]
fn another_output_folder_is_used_and_kept_apart() {
    let site = whole();
    site.run(&["build", "--output", "../elsewhere-of-test/deep"]);
    let elsewhere = site
        .path()
        .parent()
        .expect("a parent")
        .join("elsewhere-of-test");
    let there = files_below(&elsewhere.join("deep"));
    std::fs::remove_dir_all(&elsewhere).expect("it is there");
    assert!(there.contains_key("index.html"));
    assert!(!site.path().join("public").exists());
    // The output inside the content is no content.
    site.run(&["build", "--output", "content/out"])
        .expect_status(0);
}

// ---- what is written holds together

/// What the links of an output lack: every `href`, `src` and `srcset` must lead to a file, and its fragment to an id.
fn dead_links(output: &BTreeMap<String, Vec<u8>>, base_path: &str) -> Vec<String> {
    let mut dead = Vec::new();
    let ids: BTreeMap<&str, BTreeSet<String>> = output
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| {
            let text = String::from_utf8_lossy(bytes);
            (path.as_str(), values(&text, "id").into_iter().collect())
        })
        .collect();
    for (path, bytes) in output.iter().filter(|(path, _)| path.ends_with(".html")) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut links = values(&text, "href");
        links.extend(values(&text, "src"));
        for set in values(&text, "srcset") {
            links.extend(
                set.split(',')
                    .filter_map(|one| one.split_whitespace().next().map(str::to_owned)),
            );
        }
        for link in links {
            let absolute = path == "404.html";
            if let Some(why) = dead_link(output, &ids, path, &link, absolute.then_some(base_path)) {
                dead.push(format!("{path}: {link}: {why}"));
            }
        }
    }
    dead
}

/// The values of an attribute, unescaped.
fn values(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    html.match_indices(&start)
        .filter_map(|(at, _)| html[at + start.len()..].split('"').next())
        .map(|value| {
            value
                .replace("&amp;", "&")
                .replace("&#x2f;", "/")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
        })
        .collect()
}

fn dead_link(
    output: &BTreeMap<String, Vec<u8>>,
    ids: &BTreeMap<&str, BTreeSet<String>>,
    path: &str,
    link: &str,
    base_path: Option<&str>,
) -> Option<&'static str> {
    let scheme = link.split(':').next().unwrap_or_default();
    if link.contains(':') && scheme.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let (address, fragment) = link
        .split_once('#')
        .map_or((link, ""), |(address, id)| (address, id));
    let address = address.split('?').next().unwrap_or_default();
    let target = match base_path {
        Some(base) if !address.is_empty() => address.strip_prefix(base)?.to_owned(),
        _ if address.starts_with('/') => return Some("not relative"),
        _ if address.is_empty() => path.to_owned(),
        _ => {
            let mut parts: Vec<&str> = path.split('/').collect();
            parts.pop();
            for part in address.split('/') {
                match part {
                    ".." if parts.pop().is_none() => return Some("above the root"),
                    ".." | "." => {}
                    part => parts.push(part),
                }
            }
            parts.join("/")
        }
    };
    let decoded = percent_decode(&target);
    let file = match decoded.as_str() {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file if output.contains_key(file) => file.to_owned(),
        folder => format!("{folder}/index.html"),
    };
    if !output.contains_key(&file) {
        return Some("no such file");
    }
    let fragment = percent_decode(fragment);
    let known = ids.get(file.as_str());
    if fragment.is_empty() || known.is_none_or(|ids| ids.contains(&fragment)) {
        None
    } else {
        Some("no such anchor")
    }
}

fn percent_decode(text: &str) -> String {
    pufa::resolve::link::percent_decode(text)
}

/// Asserts that XML is well formed: tags match, nothing is left over.
#[track_caller]
fn check_xml(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open = 0;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Start(_)) => open += 1,
            Ok(quick_xml::events::Event::End(_)) => open -= 1,
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error}: {text}"),
        }
    }
    assert_eq!(open, 0, "{text}");
}

#[test]
fn every_link_inside_leads_somewhere() {
    for (config, base) in [
        ("", "/"),
        (
            "base_url = \"https://pufa.example.org/sub/path\"\n",
            "/sub/path/",
        ),
        ("links = \"file\"\n", "/"),
        ("minify_html = true\n", "/"),
    ] {
        let site = whole();
        let text = site.read("pufa.toml");
        let text = if config.contains("base_url") {
            text.replace("base_url = \"https://pufa.example.org\"\n", "")
        } else {
            text
        };
        site.write("pufa.toml", format!("{config}{text}"));
        site.build();
        let dead = dead_links(&site.output(), base);
        assert!(dead.is_empty(), "{config}{}", dead.join("\n"));
    }
}

#[test]
fn the_zola_site_holds_together_in_the_default_theme() {
    let site = Site::fixture("zola");
    site.build();
    let dead = dead_links(&site.output(), "/");
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn a_base_address_with_a_path_is_in_absolute_addresses_only() {
    let site = whole();
    site.run(&["build", "--base-url", "https://a.example/sub/"])
        .expect_status(0);
    let page = site.public("articles/b/index.html");
    assert!(page.contains("https://a.example/sub/articles/b/"), "{page}");
    assert!(!page.contains("href=\"/sub"), "{page}");
    assert!(site.public("404.html").contains("href=\"/sub/"));
    assert!(
        site.public("sitemap.xml")
            .contains("<loc>https://a.example/sub/articles/b/</loc>")
    );
    assert!(
        site.public("robots.txt")
            .contains("Sitemap: https://a.example/sub/sitemap.xml")
    );
}

#[test]
fn sitemap_and_feeds_are_well_formed() {
    let site = whole();
    site.build();
    let output = site.output();
    let feeds: Vec<&String> = output
        .keys()
        .filter(|path| path.ends_with(".xml"))
        .collect();
    assert!(feeds.len() >= 4, "{feeds:?}");
    for path in feeds {
        check_xml(&site.public(path));
    }
    let sitemap = site.public("sitemap.xml");
    for address in sitemap.split("<loc>").skip(1) {
        let address = address.split('<').next().expect("an address");
        let path = address
            .strip_prefix("https://pufa.example.org/")
            .expect("below the base");
        assert!(site.has(&format!("{path}index.html")), "{address}");
    }
    let feed = site.public("atom.xml");
    assert!(
        feed.contains("<title>丙 &amp; &lt;丙&gt;</title>"),
        "{feed}"
    );
    assert!(feed.matches("<entry").count() >= 3, "{feed}");
}

#[test]
fn old_addresses_lead_to_the_new() {
    let site = whole();
    site.build();
    for (path, to) in [
        ("old/a/index.html", "../../articles/a/"),
        ("old.html", "articles/a/"),
    ] {
        let page = site.public(path);
        assert!(page.contains(&format!("url={to}")), "{page}");
        assert!(
            page.contains("https://pufa.example.org/articles/a/"),
            "{page}"
        );
    }
}

#[test]
fn images_have_their_size_and_smaller_forms() {
    let site = whole();
    site.build();
    let page = site.public("articles/a/index.html");
    for part in [
        "width=\"1300\" height=\"30\"",
        "loading=\"lazy\"",
        "p-480w.png 480w",
        "p-960w.png 960w",
        "p.png 1300w",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let small = &site.output()["articles/a/p-480w.png"];
    let small = image::load_from_memory(small).expect("a picture");
    assert_eq!((small.width(), small.height()), (480, 11));
}

#[test]
fn images_are_made_in_the_size_a_template_asks_for() {
    let site = whole();
    site.write("static/photo.png", png(200, 100));
    let call =
        |arguments: &str| format!("{{{{ resize_image(\"photo.png\", {arguments}).url }}}}\n");
    let template = [
        call("width=100"),
        call("width=40, height=40"),
        call("width=40, height=40, op=\"fit\", format=\"jpg\""),
        call("width=200"),
    ];
    site.write(
        "templates/page.html",
        format!("<!doctype html>\n{}", template.concat()),
    );
    site.build();
    let page = site.public("about/index.html");
    let wanted = [
        "../photo-100x50.png",
        "../photo-40x40-fill.png",
        "../photo-40x20.jpg",
        "../photo.png",
    ];
    assert_eq!(page.lines().skip(1).collect::<Vec<_>>(), wanted);
    let output = site.output();
    for (path, size) in [
        ("photo-100x50.png", (100, 50)),
        ("photo-40x40-fill.png", (40, 40)),
        ("photo-40x20.jpg", (40, 20)),
    ] {
        let image = image::load_from_memory(&output[path]).expect("a picture");
        assert_eq!((image.width(), image.height()), size, "{path}");
    }
    // The same again changes nothing; what is asked for no more goes.
    let again = site.run(&["build"]).expect_status(0);
    assert!(
        again.stderr.contains(" 0 files written"),
        "{}",
        again.stderr
    );
    site.write("templates/page.html", "<!doctype html>\n");
    site.build();
    assert!(!site.output().contains_key("photo-100x50.png"));
}

#[test]
fn a_feed_is_written_under_every_name_in_the_form_it_asks_for() {
    let site = whole();
    let config = std::fs::read_to_string(site.path().join("pufa.toml")).expect("a file");
    site.write(
        "pufa.toml",
        format!("feed_filenames = [\"atom.xml\", \"rss.xml\"]\n{config}"),
    );
    site.build();
    for folder in ["", "articles/"] {
        assert!(
            site.public(&format!("{folder}atom.xml"))
                .contains("<feed xmlns")
        );
        let rss = site.public(&format!("{folder}rss.xml"));
        check_xml(&rss);
        assert!(rss.contains("<rss version=\"2.0\""), "{rss}");
        assert!(
            rss.contains("<guid isPermaLink=\"true\">https://pufa.example.org/articles/c/</guid>"),
            "{rss}"
        );
        assert!(
            rss.contains("<pubDate>Sun, 04 Jan 2026 00:00:00 +0800</pubDate>"),
            "{rss}"
        );
    }
    let page = site.public("articles/index.html");
    for kind in ["application/atom+xml", "application/rss+xml"] {
        assert!(page.contains(&format!("type=\"{kind}\"")), "{page}");
    }
}

#[test]
fn a_term_shows_one_sheet_of_its_pages_at_a_time() {
    let site = Site::plain(&[(
        "pufa.toml",
        "[[taxonomies]]\nname = \"tags\"\npaginate_by = 2\n",
    )]);
    site.write(
        "content/articles/_index.md",
        "+++\ntitle = \"文章\"\nkind = \"articles\"\n+++\n",
    );
    for number in 1..=3 {
        let text = format!(
            "+++\ntitle = \"第{number}篇\"\ndate = 2026-01-0{number}\ntags = [\"工资\"]\n+++\n文。\n"
        );
        site.write(&format!("content/articles/p{number}.md"), text);
    }
    site.build();
    let first = site.public("tags/gong-zi/index.html");
    let second = site.public("tags/gong-zi/page/2/index.html");
    assert!(
        first.contains("第3篇") && !first.contains("第1篇"),
        "{first}"
    );
    assert!(
        second.contains("第1篇") && !second.contains("第3篇"),
        "{second}"
    );
}

#[test]
fn whatever_new_makes_is_clean() {
    let place = Site::empty();
    place
        .run(&["new", "site", "--title", "青禾\"普法\""])
        .expect_status(0);
    let inside = |arguments: &[&str]| {
        let mut all = vec!["--root", "site"];
        all.extend(arguments);
        place.run(&all)
    };
    for (kind, path) in [
        ("page", "articles/second.md"),
        ("book", "books/second"),
        ("chapter", "books/second/02-more.md"),
        ("course", "classes"),
        ("episode", "classes/02-next"),
        ("directory", "services.md"),
    ] {
        inside(&["new", path, "--kind", kind, "--title", "新的一篇"]).expect_status(0);
    }
    for kind in [
        "case",
        "law",
        "event",
        "form",
        "quiz",
        "path",
        "calculator",
        "notice",
    ] {
        // The folder is new: its section is made too.
        inside(&["new", &format!("new-{kind}/one"), "--kind", kind]).expect_status(0);
    }
    assert!(
        place
            .path()
            .join("site/content/services/_index.md")
            .is_file()
    );
    let elsewhere = inside(&["new", "articles/one.md", "--kind", "case"]).expect_status(2);
    assert!(
        elsewhere.stderr.contains("new-section-kind"),
        "{}",
        elsewhere.stderr
    );
    let again = inside(&["new", "articles/second.md", "--kind", "page"]).expect_status(2);
    assert!(again.stderr.contains("new-exists"), "{}", again.stderr);
    let again = place.run(&["new", "site"]).expect_status(2);
    assert!(again.stderr.contains("new-not-empty"), "{}", again.stderr);
    let checked = inside(&["check", "--format", "json"]);
    let errors: Vec<_> = checked
        .diagnostics()
        .into_iter()
        .filter(|found| found["severity"] == "error")
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    inside(&["build"]).expect_status(0);
    let output = files_below(&place.path().join("site/public"));
    let dead = dead_links(&output, "/");
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn a_build_of_a_thousand_pages_stays_quick() {
    let site = large(1_000);
    let since = Instant::now();
    site.build();
    assert!(
        since.elapsed() < Duration::from_secs(60),
        "{:?}",
        since.elapsed()
    );
}
