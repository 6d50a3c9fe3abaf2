//! The search of a whole site, through the program: what is found, the site's own questions, the explanation.
#![allow(clippy::expect_used, reason = "tests fail loudly")]

mod common;

use common::Site;
use serde_json::Value;

const LAW: &str = "# 中华人民共和国茶馆法\n\n2025年1月1日 施行\n\n<!-- INFO END -->\n\n序言：茶馆是街坊说话的地方。\n\n## 第一章　总则\n\n第一条 茶馆应当明码标价。\n\n第二条 茶馆拖欠茶博士劳动报酬的，由主管部门责令限期支付。\n";
const BOOK: &str = "+++\ntitle = \"一问一答\"\ndate = 2025-03-01\n+++\n\n## 老板不发工钱怎么办？ {#wages}\n\n可以向主管部门反映，见《茶馆法》第二条。\n\n## 座位要收钱吗？ {#seat}\n\n不要，见《茶馆法》第一条。\n";
const EPISODE: &str = "+++\ntitle = \"第一讲 喝茶\"\ndate = 2025-03-01\ntranscript = \"transcript.vtt\"\n[[chapters]]\nstart = \"00:00\"\ntitle = \"开场\"\n+++\n\n导语。\n";
const TRANSCRIPT: &str = "WEBVTT\n\n00:00.000 --> 00:02.000\n今天说喝茶。\n\n01:05.000 --> 01:09.000\n打碎茶具要照价赔偿。\n";

fn site(more: &[(&str, &str)]) -> Site {
    let site = Site::plain(&[
        (
            "pufa.toml",
            "title = \"测试\"\nbase_url = \"https://pufa.example.org\"\n[laws]\nlibrary = [\"library\"]\n",
        ),
        ("library/茶馆法.md", LAW),
        ("content/_index.md", "+++\ntitle = \"首页\"\n+++\n"),
        (
            "content/qa/_index.md",
            "+++\ntitle = \"茶馆问答\"\nkind = \"book\"\ndescription = \"街坊常问的事\"\n+++\n",
        ),
        ("content/qa/01.md", BOOK),
        (
            "content/classes/_index.md",
            "+++\ntitle = \"课程\"\nkind = \"course\"\n+++\n",
        ),
        ("content/classes/01-tea/index.md", EPISODE),
        ("content/classes/01-tea/transcript.vtt", TRANSCRIPT),
    ]);
    for (path, text) in more {
        site.write(path, text);
    }
    site
}

/// The addresses found for a query.
#[track_caller]
fn found(site: &Site, arguments: &[&str]) -> Vec<Value> {
    let all = [&["search", "--format", "json"], arguments].concat();
    let outcome = site.run(&all).expect_status(0);
    outcome.diagnostics()
}

#[track_caller]
fn check(site: &Site, query: &str, first: &str) {
    let found = found(site, &[query]);
    assert_eq!(
        found.first().map(|found| &found["url"]),
        Some(&Value::from(first)),
        "{query}: {found:#?}"
    );
}

#[test]
fn laws_seconds_of_episodes_and_sections_are_found() {
    let site = site(&[]);
    check(&site, "茶馆法", "/laws/chaguanfa/");
    check(&site, "街坊说话", "/laws/chaguanfa/");
    check(&site, "茶馆法第二条怎么说的", "/laws/chaguanfa/#art-2");
    check(&site, "打碎茶具", "/classes/tea/#t=65");
    check(&site, "街坊常问", "/qa/");
    let first = &found(&site, &["茶馆法2"])[0];
    assert_eq!(
        (&first["law"], &first["article"]),
        (&Value::from("中华人民共和国茶馆法"), &Value::from("2"))
    );
}

#[test]
fn a_result_shows_the_part_of_a_long_text_that_says_the_words() {
    let long = format!(
        "+++\ntitle = \"长文\"\n+++\n\n{}末尾说到紫砂壶。\n",
        "街坊在这里喝茶聊天。".repeat(200)
    );
    let site = site(&[("content/long.md", &long)]);
    let first = &found(&site, &["紫砂壶"])[0];
    assert_eq!(first["url"], "/long/");
    let snippet = first["snippet"].as_str().expect("a text");
    assert!(snippet.contains("末尾说到紫砂壶"), "{snippet}");
}

#[test]
fn a_page_that_asks_for_it_is_not_found() {
    let hidden = "+++\ntitle = \"密谈\"\nsearch = false\n+++\n\n雅间里的话。\n";
    let site = site(&[
        ("content/secret.md", hidden),
        (
            "content/plain.md",
            "+++\ntitle = \"大堂\"\n+++\n\n雅间里的茶。\n",
        ),
    ]);
    let urls: Vec<Value> = found(&site, &["雅间里"])
        .iter()
        .map(|found| found["url"].clone())
        .collect();
    assert_eq!(urls, ["/plain/"]);
}

#[test]
fn everything_a_page_shows_is_found() {
    let text = "+++\ntitle = \"大堂\"\n+++\n\n说书[^1]。\n\n```quiz\n1. 玉兔捣药在何处？\n- [x] 月宫\n- [ ] 茶馆\n```\n\n[^1]: 海棠依旧。\n";
    let book =
        "+++\ntitle = \"二问\"\n+++\n\n鸾凤和鸣，先说几句。\n\n## 能赊账吗？ {#credit}\n\n不能。\n";
    let site = site(&[("content/hall.md", text), ("content/qa/02.md", book)]);
    check(&site, "海棠依旧", "/hall/");
    check(&site, "玉兔捣药", "/hall/");
    check(&site, "鸾凤和鸣", "/qa/02/");
    let pictures = "+++\ntitle = \"画\"\n+++\n\n![双鱼嬉水图](fish.png \"瑞雪兆年景\")\n\n```text\n松鹤延年纹\n```\n\n`梅兰竹菊屏`\n\n<div><!-- 魑魅魍魉 --><p title=\"匾\">麒麟送子匾</p></div>\n\n{{ figure(src=\"crane.png\", caption=\"仙鹤起舞处\") }}\n\n{% note() %}喜鹊登枝头{% end %}\n";
    let site = self::site(&[
        ("content/hall/index.md", pictures),
        ("content/hall/fish.png", "png"),
        ("templates/shortcodes/figure.html", "{{ caption }}"),
        ("templates/shortcodes/note.html", "{{ body }}"),
    ]);
    for shown in [
        "双鱼嬉水",
        "瑞雪兆年",
        "松鹤延年",
        "梅兰竹菊",
        "麒麟送子",
        "仙鹤起舞",
        "喜鹊登枝",
    ] {
        check(&site, shown, "/hall/");
    }
    assert_eq!(found(&site, &["魑魅魍魉"]).len(), 0);
}

#[test]
fn a_character_the_site_writes_so_is_not_taken_for_a_traditional_one() {
    let page = |title: &str, text: &str| format!("+++\ntitle = \"{title}\"\n+++\n\n{text}\n");
    let site = site(&[
        ("content/sign.md", &page("招牌", "写在显著位置。")),
        (
            "content/look.md",
            &page("看热闹", "看着显出来的位置，显着呢。"),
        ),
    ]);
    check(&site, "显著", "/sign/");
    check(&site, "顯著", "/sign/");
    check(&site, "看著", "/look/");
}

#[test]
fn an_article_named_anywhere_in_a_sentence_comes_first() {
    let site = site(&[]);
    for query in [
        "请问茶馆法第2条",
        "什么是茶馆法第二条",
        "茶馆法第2条和第1条",
    ] {
        let found = found(&site, &[query]);
        let url = found[0]["url"].as_str().expect("an address");
        assert!(url.ends_with("#art-2"), "{query}: {url}");
    }
}

#[test]
fn all_articles_a_query_names_come_first() {
    let boats = LAW.replace("茶馆", "渡船");
    let site = site(&[("library/渡船法.md", &boats)]);
    for (query, expected) in [
        ("茶馆法1条2款", vec!["chaguanfa/#art-1"]),
        (
            "茶馆法2条和1条",
            vec!["chaguanfa/#art-2", "chaguanfa/#art-1"],
        ),
        (
            "茶馆法第2、1条",
            vec!["chaguanfa/#art-2", "chaguanfa/#art-1"],
        ),
        (
            "茶馆法2条跟渡船法第一条有什么不同，2条呢",
            vec!["chaguanfa/#art-2", "duchuanfa/#art-1", "duchuanfa/#art-2"],
        ),
    ] {
        let found = found(&site, &[query]);
        let urls: Vec<&str> = found
            .iter()
            .filter_map(|found| found["url"].as_str())
            .collect();
        let expected: Vec<String> = expected.iter().map(|at| format!("/laws/{at}")).collect();
        assert_eq!(urls[..expected.len()], expected, "{query}");
    }
}

#[test]
fn letters_with_a_number_behind_them_are_a_law_and_its_article() {
    let site = site(&[]);
    for query in ["chaguanfa2", "cgf2", "cgf 2"] {
        let found = found(&site, &[query]);
        let url = found.first().and_then(|found| found["url"].as_str());
        assert!(
            url.is_some_and(|url| url.ends_with("#art-2")),
            "{query}: {url:?}"
        );
    }
    site.write(
        "content/form.md",
        "+++\ntitle = \"表\"\n+++\n\n填 abcd12 号表。\n",
    );
    check(&site, "abcd12", "/form/");
}

#[test]
fn places_of_a_directory_that_asks_for_it_are_not_found() {
    let list = "name,kind,phone\n秘密庇护所,庇护,12338\n";
    let index = |more: &str| {
        format!(
            "+++\ntitle = \"名录\"\nkind = \"directory\"\ndata = \"data/places.csv\"\n{more}+++\n"
        )
    };
    let open = site(&[
        ("data/places.csv", list),
        ("content/dir/_index.md", &index("")),
    ]);
    let hidden = site(&[
        ("data/places.csv", list),
        ("content/dir/_index.md", &index("search = false\n")),
    ]);
    assert_eq!(found(&open, &["秘密庇护所"]).len(), 1);
    assert_eq!(found(&hidden, &["秘密庇护所"]).len(), 0);
}

#[test]
fn the_points_of_an_explanation_add_up() {
    let site = site(&[]);
    for query in ["老板不给工钱", "茶馆", "茶馆法2", "打碎茶具要赔吗"] {
        for found in found(&site, &["--explain", query]) {
            let parts = found["because"].as_array().expect("reasons");
            let sum: i64 = parts
                .iter()
                .filter_map(|part| part["points"].as_i64())
                .sum();
            assert_eq!(Some(sum), found["score"].as_i64(), "{query}: {found:#}");
        }
    }
}

#[test]
fn check_asks_the_sites_own_questions() {
    let questions = "{\"text\": \"老板不发工钱\", \"expect\": [\"/qa/wages/\"]}\n{\"text\": \"座位收钱\", \"expect\": [{\"law\": \"茶馆法\", \"article\": \"2\"}, \"/qa/gone/\"]}\n";
    let good = questions.lines().next().unwrap_or_default();
    let site = site(&[("tests/search.jsonl", good)]);
    let ours = |site: &Site| -> Vec<(String, u64)> {
        let found = site.check().diagnostics();
        let ours = found.iter().filter(|found| {
            found["code"]
                .as_str()
                .is_some_and(|code| code.starts_with("search-") || code == "not-a-question-line")
        });
        ours.map(|found| {
            (
                found["code"].as_str().unwrap_or_default().to_owned(),
                found["line"].as_u64().unwrap_or(0),
            )
        })
        .collect()
    };
    assert_eq!(ours(&site), []);
    let missed = questions.replace("\"2\"", "\"9\"");
    site.write("tests/search.jsonl", &missed);
    let lines = [
        ("search-below-threshold", 1),
        ("search-missed", 2),
        ("search-unknown-expectation", 2),
        ("search-unknown-expectation", 2),
    ];
    let mut met = ours(&site);
    met.sort();
    assert_eq!(met, lines.map(|(code, line)| (code.to_owned(), line)));
    assert_eq!(site.check().status, 1);
    site.write("tests/search.jsonl", format!("{good}\n不是\n"));
    assert_eq!(ours(&site), [("not-a-question-line".to_owned(), 2)]);
}

#[test]
fn thresholds_and_boosts_are_read_and_their_mistakes_said() {
    let config = "title = \"测试\"\n[search.boosts]\nquestion = 9\nqestion = 1\n[search.acceptance]\nrecall_10 = 2\n";
    let site = site(&[("pufa.toml", config)]);
    let outcome = site.run(&["check", "--format", "short"]).expect_status(2);
    for code in ["number-out-of-range", "unknown-key"] {
        assert!(outcome.stderr.contains(code), "{}", outcome.stderr);
    }
    site.write(
        "pufa.toml",
        "title = \"测试\"\n[search.acceptance]\nrecall_1 = 0.5\n",
    );
    assert!(
        site.check()
            .codes()
            .contains(&"missing-questions".to_owned())
    );
}

#[test]
fn figures_and_gaps_of_a_file_of_questions() {
    let site = site(&[(
        "q.jsonl",
        "{\"text\": \"老板不发工钱\", \"expect\": [\"/qa/wages/\", \"/qa/seat/\"]}\n{\"text\": \"喝咖啡要排队\"}\n",
    )]);
    let measured = site
        .run(&["search", "--queries", "q.jsonl"])
        .expect_status(0);
    assert!(
        measured.stdout.contains("R@1 1.000  R@5 1.000"),
        "{measured:#?}"
    );
    assert!(measured.stdout.contains("R@1 0.500"), "{measured:#?}");
    let gaps = site
        .run(&["search", "--gaps", "--queries", "q.jsonl"])
        .expect_status(0);
    assert!(gaps.stdout.starts_with("喝咖啡"), "{gaps:#?}");
}

#[test]
fn a_browser_is_told_how_to_ask_the_site() {
    let site = site(&[]);
    site.build();
    let description = site.public("opensearch.xml");
    assert!(
        description.contains("template=\"https://pufa.example.org/search/?q={searchTerms}\""),
        "{description}"
    );
    assert!(
        site.public("qa/index.html")
            .contains("application/opensearchdescription+xml")
    );
}

#[test]
fn a_site_without_a_search_promises_none() {
    let site = site(&[(
        "pufa.toml",
        "title = \"测试\"\nbase_url = \"https://pufa.example.org\"\nbuild_search_index = false\n[laws]\nlibrary = [\"library\"]\n[front]\nexamples = [\"茶馆\"]\n",
    )]);
    site.build();
    let home = site.public("index.html");
    assert!(home.contains("\"WebSite\""), "{home}");
    for word in [
        "SearchAction",
        "opensearch",
        "/search/",
        "search-dialog",
        "js/search.",
    ] {
        assert!(!home.contains(word), "{word}: {home}");
    }
    // The keys of the search are asked for where its script is named.
    assert!(home.contains("\"search\": null"), "{home}");
    assert!(!site.has("search/index.html") && !site.has("opensearch.xml"));
}

/// Every diagnostic of `check` in a file: line, column, code, and the hint.
fn said_of(site: &Site, file: &str) -> Vec<(u64, u64, String, String)> {
    let found = site.check().diagnostics();
    let ours = found.iter().filter(|found| found["file"] == file);
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ours.map(|found| {
        (
            number(&found["line"]),
            number(&found["column"]),
            text(&found["code"]),
            text(&found["hint"]),
        )
    })
    .collect()
}

#[track_caller]
fn check_said(site: &Site, file: &str, expected: &[(u64, u64, &str, &str)]) {
    let said = said_of(site, file);
    let met: Vec<(u64, u64, &str)> = said.iter().map(|one| (one.0, one.1, &*one.2)).collect();
    let wanted: Vec<(u64, u64, &str)> = expected.iter().map(|one| (one.0, one.1, one.2)).collect();
    assert_eq!(met, wanted, "{said:#?}");
    for ((.., hint), (.., part)) in said.iter().zip(expected) {
        assert!(hint.contains(part), "{hint} has no {part}");
    }
}

#[test]
fn mistakes_in_synonyms_are_said_where_they_stand() {
    let synonyms = "[[synonym]]\nlaw = [\"劳动报酬\"]\n\n[[synonym]]\nsay = []\nlaw = [\"，\", \"茶具\"]\n\n[[synonym]]\nsya = [\"工钱\"]\nlaw = [\"劳动报酬\"]\n\n[[synonym]]\nsay = \"碗\"\nlaw = \"茶具\"\nnote = \"备注\"\n";
    let site = site(&[("data/synonyms.toml", synonyms)]);
    check_said(
        &site,
        "data/synonyms.toml",
        &[
            (1, 1, "missing-key", "say"),
            (5, 7, "synonym-empty", "say"),
            (6, 8, "synonym-empty", "law"),
            (9, 1, "unknown-key", "`say`"),
            (15, 1, "unknown-key", ""),
        ],
    );
}

#[test]
fn mistakes_in_questions_are_said_where_they_stand() {
    let good = "{\"text\": \"老板不发工钱\", \"expect\": [\"/qa/wages/\"]}\n{\"question\": \"座位收钱\\ud83d\\ude00\", \"expect\": {\"law\": \"茶馆法\", \"article\": 1}}\n";
    let site = site(&[("tests/search.jsonl", good)]);
    check_said(&site, "tests/search.jsonl", &[]);
    let lines = [
        r#"{"text": "工钱", "expects": ["/qa/wages/"]}"#,
        r#"{"text": "工钱", "expect": [{"lwa": "茶馆法", "article": 2}]}"#,
        r#"{"txt": "工钱", "expect": ["/qa/wages/"]}"#,
        r#"{"expect": ["/qa/wages/"]}"#,
        r#"{"text": "工钱", "expect": [7, {}, {"url": "/qa/wages/", "law": "茶馆法"}]}"#,
        r#"{"text": "工钱", "expect": [{"law": "茶馆法", "article": 9}]}"#,
        r#"["工钱"]"#,
        r#"{"text": "工钱""#,
        r#"{"text": "工钱", "expect": ["/qa/wages/"]}"#,
    ];
    site.write("tests/search.jsonl", lines.join("\n"));
    check_said(
        &site,
        "tests/search.jsonl",
        &[
            (1, 1, "search-below-threshold", ""),
            (1, 16, "unknown-key", "`expect`"),
            (2, 28, "unknown-key", "`law`"),
            (3, 2, "unknown-key", "`text`"),
            (4, 1, "question-without-text", "text"),
            (5, 27, "search-expectation", "article"),
            (5, 30, "search-expectation", "article"),
            (5, 34, "search-expectation", "article"),
            (6, 1, "search-missed", ""),
            (6, 1, "search-unknown-expectation", ""),
            (7, 1, "not-a-question-line", "text"),
            (8, 13, "not-a-question-line", "text"),
        ],
    );
}

#[test]
fn questions_from_elsewhere_may_have_more_keys() {
    let site = site(&[]);
    site.write(
        "questions.jsonl",
        "{\"text\": \"老板不发工钱\", \"expects\": [\"/qa/wages/\"], \"source\": \"热线\"}\n",
    );
    let file = site.path().join("questions.jsonl");
    let file = file.to_str().expect("a path");
    let outcome = site.run(&["search", "--queries", file]).expect_status(0);
    assert!(outcome.stderr.contains("`expect`"), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("`expect`"), "{}", outcome.stdout);
}

#[test]
fn a_filter_the_site_does_not_have_is_said_with_the_nearest() {
    let page =
        "+++\ntitle = \"喝茶\"\n[taxonomies]\ntopics = [\"饮茶常识\"]\n+++\n\n茶馆里喝茶。\n";
    let config = "title = \"测试\"\nbase_url = \"https://pufa.example.org\"\n[laws]\nlibrary = [\"library\"]\n[[taxonomies]]\nname = \"topics\"\nvocabulary = \"data/topics.toml\"\n";
    let terms = "[[term]]\nid = \"tea\"\nname = \"饮茶常识\"\nalso = [\"喝茶知识\"]\n[[term]]\nid = \"boat\"\nname = \"坐船\"\n";
    let site = site(&[
        ("content/tea.md", page),
        ("pufa.toml", config),
        ("data/topics.toml", terms),
    ]);
    for (flag, value, near) in [
        ("--topic", "饮茶常试", "饮茶常识"),
        ("--audience", "居民", "--audience"),
        ("--law", "茶楼法", "茶馆法"),
        ("--law", "刑法", "刑法"),
        ("--kind", "lawx", "law"),
    ] {
        let outcome = site.run(&["search", "茶馆", flag, value]).expect_status(2);
        let said = outcome.stderr.contains(near) && outcome.stderr.contains(value);
        assert!(said, "{flag} {value}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
    // A name the site knows is no mistake, by whatever of its names, and if nothing has it yet.
    for (topic, count) in [("饮茶常识", 1), ("喝茶知识", 1), ("坐船", 0)] {
        assert_eq!(
            found(&site, &["茶馆", "--topic", topic]).len(),
            count,
            "{topic}"
        );
    }
    assert!(found(&site, &["茶馆", "--law", "中华人民共和国茶馆法"]).len() >= 2);
}

#[test]
fn no_results_cannot_be_asked_for() {
    let outcome = site(&[]).run(&["search", "茶馆", "--limit", "0"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("--limit"), "{}", outcome.stderr);
}

#[test]
fn the_short_form_is_a_line_a_result() {
    let outcome = site(&[])
        .run(&["search", "茶馆法2", "--format", "short", "--limit", "1"])
        .expect_status(0);
    assert_eq!(outcome.stdout, "1\t/laws/chaguanfa/#art-2\t茶馆法 第二条\n");
}

#[test]
fn a_law_is_found_by_any_part_of_its_titles() {
    let law = "# 青禾区茶馆临时停业管理实施办法\n\n（2024年7月5日青禾区第八届人民代表大会通过）\n\n<!-- INFO END -->\n\n## 第一章　总则\n\n第一条 停业要贴告示。\n\n## 附件\n\n告示样式。\n";
    let site = site(&[(
        "library/停业办法.md",
        &format!("---\nshort_titles: [停业办法]\nissuer: 青禾区商务局\n---\n{law}"),
    )]);
    let page = found(&site, &["停业要贴告示"])[0]["url"].clone();
    let page = page.as_str().and_then(|url| url.split('#').next());
    for words in [
        "临时停业",
        "区茶馆临",
        "停业管理",
        "管理实施",
        "停业办法",
        "业办法",
        "届人民代表",
        "商务局",
        "第一章总则",
        "告示样式",
    ] {
        let urls: Vec<Value> = found(&site, &["--limit", "50", words])
            .iter()
            .map(|found| found["url"].clone())
            .collect();
        assert!(
            urls.iter().any(|url| url.as_str() == page),
            "{words}: {urls:?}"
        );
    }
}

#[test]
fn what_the_kinds_of_pages_show_is_found() {
    let widgets = "+++\ntitle = \"自己算\"\n+++\n\n```path 能不能退茶钱\n[start] 茶凉透了吗？\n- 凉得像冰 -> cold\n- 还冒热气 -> warm\n\n[cold] = 退一半。\n掌柜赔笑。\n\n[warm] = 不退。\n```\n\n```quiz 茶客小考\n1. 玉兔捣药在何处？\n- [x] 月宫\n- [ ] 茶馆\n```\n\n```calculator overtime\n```\n";
    let event = "+++\ntitle = \"品茶会\"\nstart = 2999-01-01T09:00:00\nplace = \"听雨轩\"\naudience = \"白发茶客\"\norganizer = \"茶博士行会\"\nsign_up = \"到柜台留名\"\n+++\n\n来坐。\n";
    let case = "+++\ntitle = \"打碎茶壶案\"\ncourt_level = \"基层人民法院\"\ncause = \"财产损害赔偿纠纷\"\nsource = \"茶都报\"\nkeywords = [\"碰瓷\"]\n+++\n\n案情。\n";
    let site = site(&[
        ("content/count.md", widgets),
        (
            "content/events/_index.md",
            "+++\ntitle = \"活动\"\nkind = \"events\"\n+++\n",
        ),
        ("content/events/tea.md", event),
        (
            "content/cases/_index.md",
            "+++\ntitle = \"案例\"\nkind = \"cases\"\n+++\n",
        ),
        ("content/cases/pot.md", case),
        (
            "content/classes/01-tea/index.md",
            &EPISODE.replace("transcript =", "speaker = \"孟掌柜\"\ntranscript ="),
        ),
    ]);
    for (words, url) in [
        ("退茶钱", "/count/"),
        ("茶凉透", "/count/"),
        ("凉得像冰", "/count/"),
        ("掌柜赔笑", "/count/"),
        ("茶客小考", "/count/"),
        ("玉兔捣药", "/count/"),
        ("法定休假日", "/count/"),
        ("小时工资", "/count/"),
        ("听雨轩", "/events/tea/"),
        ("白发茶客", "/events/tea/"),
        ("茶博士行会", "/events/tea/"),
        ("柜台留名", "/events/tea/"),
        ("损害赔偿纠", "/cases/pot/"),
        ("茶都报", "/cases/pot/"),
        ("基层人民", "/cases/pot/"),
        ("碰瓷", "/cases/pot/"),
        ("孟掌柜", "/classes/tea/"),
    ] {
        check(&site, words, url);
    }
}

#[test]
fn a_short_answer_is_shown_without_its_marks() {
    let book = "+++\ntitle = \"二问\"\n+++\n\n## 能赊账吗？ {#credit}\n\n```question\nshort = \"**可以**，见[赊账清单](/qa/)。\"\n```\n\n熟客才行。\n";
    let site = site(&[("content/qa/02.md", book)]);
    let first = &found(&site, &["赊账清单"])[0];
    assert_eq!(first["url"], "/qa/credit/");
    let snippet = first["snippet"].as_str().unwrap_or_default();
    assert!(snippet.contains("可以，见赊账清单。"), "{snippet}");
    site.build();
    let page = site.public("qa/credit/index.html");
    let flat = "可以，见赊账清单。";
    for begin in ["茶馆问答：", "\"@type\":\"Answer\",\"text\":\""] {
        assert!(page.contains(&format!("{begin}{flat}")), "{begin}: {page}");
    }
    for file in ["qa/credit/index.html", "qa/index.html", "search/index.html"] {
        assert!(!site.public(file).contains("[赊账清单]"), "{file}");
    }
}

#[test]
fn a_result_leads_to_the_seconds_where_it_is_said() {
    // Twenty characters every six seconds, without a pause; the words stand where one piece ends.
    let mut transcript = "WEBVTT\n\n".to_owned();
    for number in 0..12 {
        let (start, end) = (number * 6, number * 6 + 6);
        let said = match number {
            6 => "这时候门口进来一位老人家说他要买一把紫",
            7 => "砂壶掌柜的连忙起身去柜台后面取了来",
            _ => "今天我们接着讲喝茶的规矩和从前的故事情节",
        };
        transcript += &format!("00:{start:02}.000 --> 00:{end:02}.000\n{said}\n\n");
    }
    let transcript = transcript
        .replace("00:60.", "01:00.")
        .replace("00:66.", "01:06.")
        .replace("00:72.", "01:12.");
    let site = site(&[("content/classes/01-tea/transcript.vtt", &transcript)]);
    let first = &found(&site, &["掌柜的连忙"])[0];
    assert_eq!(
        (&first["url"], &first["title"]),
        (
            &Value::from("/classes/tea/#t=42"),
            &Value::from("第一讲 喝茶 › 00:42 开场")
        )
    );
    check(&site, "买一把紫砂壶", "/classes/tea/#t=0");
}

#[test]
fn what_questions_expect_and_the_site_lacks_is_said() {
    let questions = "{\"text\": \"老板不发工钱\", \"expect\": [\"https://pufa.example.org/qa/wages/\"]}\n{\"text\": \"明码标价\", \"expect\": [\"/laws/chaguanfa/#art-1\", \"/laws/chaguanfa/#art-999\"]}\n{\"text\": \"座位\", \"expect\": [{\"law\": \"茶楼法\"}]}\n{\"text\": \"茶\"}\n";
    let site = site(&[("tests/search.jsonl", questions)]);
    let outcome = site
        .run(&["search", "--queries", "tests/search.jsonl"])
        .expect_status(0);
    let warned: Vec<&str> = outcome
        .stderr
        .lines()
        .filter(|line| line.contains("the site has no"))
        .collect();
    assert!(
        warned.len() == 2 && warned[0].contains("art-999") && warned[1].contains("茶楼法"),
        "{outcome:#?}"
    );
    assert!(
        outcome.stdout.contains("R@1 0.667") && outcome.stdout.contains("(3; 1 more without"),
        "{outcome:#?}"
    );
    let lines: Vec<u64> = site
        .check()
        .diagnostics()
        .iter()
        .filter(|found| found["code"] == "search-unknown-expectation")
        .map(|found| found["line"].as_u64().unwrap_or_default())
        .collect();
    assert_eq!(lines, [2, 3]);
    site.write("tests/search.jsonl", "{\"text\": \"茶\"}\n");
    let outcome = site
        .run(&["search", "--queries", "tests/search.jsonl"])
        .expect_status(0);
    assert!(
        !outcome.stdout.contains("R@1") && outcome.stdout.contains("expect"),
        "{outcome:#?}"
    );
}

#[test]
fn a_file_of_questions_leaves_no_room_for_one() {
    let site = site(&[("q.jsonl", "{\"text\": \"茶\"}\n")]);
    for more in [&["茶馆"][..], &["--explain"], &["--limit", "3"]] {
        let all = [&["search", "--queries", "q.jsonl"], more].concat();
        site.run(&all).expect_status(2);
    }
    site.run(&["search", "--gaps", "茶馆"]).expect_status(2);
}

#[test]
fn gaps_without_questions_say_how_to_write_them() {
    let outcome = site(&[]).run(&["search", "--gaps"]).expect_status(2);
    for words in ["missing-questions", "tests/search.jsonl", "\"expect\""] {
        assert!(
            outcome.stderr.contains(words),
            "{words}: {}",
            outcome.stderr
        );
    }
}
