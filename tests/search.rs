//! The search as a reader meets it: a small invented site, its index, and answers from the files alone.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "what helpers of tests expect is part of the test"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use pufa::base::{ArticleNo, Url};
use pufa::index::query::{Answer, Engine, Request, snippet};
use pufa::index::token::{fold, runs};
use pufa::index::{
    IndexFiles, IndexOptions, SearchDocument, SearchKind, SearchLaw, Synonym, build,
};

/// Articles of two invented laws: number behind 之, text.
const TEAHOUSES: [(u32, u32, &str); 6] = [
    (1, 0, "为了规范茶馆经营，保护饮茶人的合法权益，制定本法。"),
    (2, 0, "茶馆应当明码标价，不得在结账时另收座位费。"),
    (
        3,
        0,
        "饮茶人与茶馆订立品茗合同的，茶馆应当按照约定提供茶水。",
    ),
    (3, 1, "品茗合同可以采用口头形式。"),
    (4, 0, "茶馆拖欠茶博士劳动报酬的，由主管部门责令限期支付。"),
    (
        5,
        0,
        "饮茶人不慎打碎茶具，应当照价赔偿；茶具本有裂纹的除外。",
    ),
];
const FERRIES: [(u32, u32, &str); 3] = [
    (1, 0, "为了保障渡口安全，制定本条例。"),
    (
        2,
        0,
        "渡船不得超载。超载的，由主管部门处罚，乘客可以要求退还船费。",
    ),
    (
        3,
        0,
        "大雾、大风天气，渡口应当停航，并提前６０日公布停航办法。",
    ),
];
/// Questions with what they cite.
const QUESTIONS: [(&str, &str, &str, &[&str]); 4] = [
    (
        "seat-fee",
        "喝茶的时候老板要我付座位钱，合理吗？",
        "不合理，可以拒绝。",
        &["/laws/teahouses/#art-2"],
    ),
    (
        "wages",
        "茶馆老板不发工钱怎么办？",
        "可以向主管部门反映。",
        &["/laws/teahouses/#art-4"],
    ),
    (
        "cup",
        "打破杯子要赔吗？",
        "一般要照价赔偿。",
        &["/laws/teahouses/#art-5"],
    ),
    (
        "ferry",
        "渡船坐满了还拉人，能退钱吗？",
        "超载的可以要求退还船费。",
        &["/laws/ferries/#art-2"],
    ),
];

fn articles(
    slug: &str,
    title: &str,
    short: &str,
    articles: &[(u32, u32, &str)],
) -> Vec<SearchDocument> {
    let article = |(main, sub, text): &(u32, u32, &str)| {
        let number = ArticleNo {
            main: *main,
            sub: *sub,
        };
        let url = Url::new(&format!("/laws/{slug}/#{}", number.anchor()));
        SearchDocument {
            breadcrumb: format!("{short} › 总则"),
            heads: vec!["总　则".to_owned()],
            law: Some(SearchLaw {
                title: title.to_owned(),
                short_titles: vec![short.to_owned()],
                article: Some(number),
                front: false,
            }),
            ..SearchDocument::new(
                url,
                SearchKind::Law,
                format!("{short} {}", number.chinese()),
                *text,
            )
        }
    };
    articles.iter().map(article).collect()
}

fn site() -> Vec<SearchDocument> {
    let mut documents = articles("teahouses", "中华人民共和国茶馆法", "茶馆法", &TEAHOUSES);
    documents.extend(articles("ferries", "渡口条例", "渡口条例", &FERRIES));
    documents.extend(QUESTIONS.map(|(id, title, text, cites)| SearchDocument {
        cites: cites.iter().map(|url| Url::new(url)).collect(),
        topics: vec![if id == "ferry" { "出行" } else { "饮茶" }.to_owned()],
        audiences: vec!["居民".to_owned()],
        ..SearchDocument::new(
            Url::new(&format!("/qa/{id}/")),
            SearchKind::Question,
            title,
            text,
        )
    }));
    documents.push(SearchDocument::new(
        Url::new("/about/"),
        SearchKind::Page,
        "关于本站",
        "本站用 APP 和网页介绍茶馆与渡口的规矩。\n<b>不是</b>法律意见。",
    ));
    documents
}

fn options() -> IndexOptions {
    let synonym = Synonym {
        from: vec!["工钱".to_owned(), "拖工夫".to_owned()],
        to: vec!["劳动报酬".to_owned()],
    };
    let contract = Synonym {
        from: vec!["茶约".to_owned()],
        to: vec!["品茗合同".to_owned()],
    };
    IndexOptions {
        synonyms: vec![synonym, contract],
        ..IndexOptions::default()
    }
}

fn read(index: &IndexFiles) -> impl Fn(&str) -> Option<Vec<u8>> + '_ {
    |path| {
        index
            .files
            .iter()
            .find(|(name, _)| name.as_str() == path)
            .map(|(_, bytes)| bytes.clone())
    }
}

#[track_caller]
fn ask(query: &str, request: &Request) -> Answer {
    let index = build(&site(), &options());
    let reader = read(&index);
    Engine::open(&reader)
        .expect("the index is whole")
        .search(query, request)
}

#[track_caller]
fn check(query: &str, first: &[&str]) -> Answer {
    let answer = ask(query, &Request::default());
    let urls: Vec<&str> = answer
        .results
        .iter()
        .take(first.len())
        .map(|found| found.url.as_str())
        .collect();
    assert_eq!(urls, first, "{query}");
    answer
}

#[test]
fn everyday_words_reach_the_law_through_the_questions_that_cite_it() {
    let laws = Request {
        kind: Some(SearchKind::Law),
        ..Request::default()
    };
    assert_eq!(
        ask("座位钱该不该给老板啊", &laws).results[0].url,
        "/laws/teahouses/#art-2"
    );
    assert_eq!(
        ask("杯子打破了要不要赔钱", &laws).results[0].url,
        "/laws/teahouses/#art-5"
    );
}

/// Many questions on one article leave room among the first for a question on the other article the query is about.
#[test]
fn the_first_questions_cite_all_the_likely_articles() {
    let asked = [
        ("打碎了茶杯要赔多少钱？", 5),
        ("孩子打碎茶杯谁来赔？", 5),
        ("打碎茶杯不肯赔怎么办？", 5),
        ("茶杯打碎了按原价赔吗？", 5),
        ("客人打碎茶杯，茶馆能让他赔吗？", 5),
        ("打碎茶杯赔了钱能要收据吗？", 5),
        ("茶馆能从报酬里扣钱吗？", 4),
    ];
    let mut documents = articles("teahouses", "中华人民共和国茶馆法", "茶馆法", &TEAHOUSES);
    documents.extend(
        (0..)
            .zip(asked)
            .map(|(number, (title, article))| SearchDocument {
                cites: vec![Url::new(&format!("/laws/teahouses/#art-{article}"))],
                ..SearchDocument::new(
                    Url::new(&format!("/qa/{number}/")),
                    SearchKind::Question,
                    title,
                    "看情况。",
                )
            }),
    );
    let index = build(&documents, &options());
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the index is whole");
    let questions = Request {
        kind: Some(SearchKind::Question),
        explain: true,
        ..Request::default()
    };
    let answer = engine.search("我打碎了茶杯，老板要从报酬里扣钱赔", &questions);
    let urls: Vec<&str> = answer.results.iter().map(|found| &*found.url).collect();
    let of_wages = urls.iter().position(|url| *url == "/qa/6/");
    assert!(of_wages.is_some_and(|at| at < 2), "{urls:?}");
    assert_eq!(urls.len(), asked.len());
    assert!(
        answer
            .results
            .is_sorted_by_key(|found| std::cmp::Reverse(found.score))
    );
    for found in &answer.results {
        let sum: i64 = found.because.iter().map(|reason| reason.points).sum();
        assert_eq!(sum, found.score as i64);
    }
}

#[test]
fn synonyms_are_searched_besides() {
    let laws = Request {
        kind: Some(SearchKind::Law),
        ..Request::default()
    };
    assert_eq!(ask("工钱", &laws).results[0].url, "/laws/teahouses/#art-4");
    let first = |query: &str| ask(query, &laws).results[0].url.clone();
    assert_eq!(first("拖了我们两个月的工夫"), "/laws/teahouses/#art-4");
}

#[test]
fn a_short_string_is_found_wherever_it_stands() {
    let documents = site();
    let index = build(&documents, &options());
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the index is whole");
    for document in &documents {
        let chars: Vec<char> = document
            .text
            .chars()
            .filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c))
            .collect();
        for length in 2..=6 {
            for string in chars
                .windows(length)
                .step_by(3)
                .map(|window| window.iter().collect::<String>())
            {
                let says = |document: &&SearchDocument| {
                    let title = if document.law.is_none() {
                        document.title.as_str()
                    } else {
                        ""
                    };
                    fold(&format!("{title}\n{}", document.text)).contains(&string)
                };
                let expected = documents.iter().filter(says).count();
                let answer = engine.search(
                    &string,
                    &Request {
                        limit: 100,
                        ..Request::default()
                    },
                );
                let found = answer.results.iter().take(expected);
                let right = found.filter(|found| {
                    documents
                        .iter()
                        .filter(says)
                        .any(|document| document.url.as_str() == found.url)
                });
                assert_eq!(right.count(), expected, "{string}");
            }
        }
    }
}

#[test]
fn an_article_is_named_in_any_form() {
    for query in [
        "茶馆法3-1",
        "茶馆法 3之1",
        "《茶馆法》第三条之一",
        "中华人民共和国茶馆法第三条之一",
    ] {
        check(query, &["/laws/teahouses/#art-3-1"]);
    }
    check("渡口条例第２条", &["/laws/ferries/#art-2"]);
    check("第五条", &["/laws/teahouses/#art-5"]);
    check("茶馆法第二", &["/laws/teahouses/#art-2"]);
    check("请问茶馆法2", &["/laws/teahouses/#art-2"]);
}

#[test]
fn marks_around_words_and_blanks_between_characters_change_nothing() {
    let urls = |query: &str| -> Vec<String> {
        let found = check(query, &[]).results.into_iter();
        found.map(|found| found.url).collect()
    };
    for query in ["“品茗合同”", "品茗合同？", "《品茗合同》。", "品 茗 合 同"]
    {
        assert_eq!(urls(query), urls("品茗合同"), "{query}");
    }
}

/// Words that end like the beginning of a number are looked up, not read as an article of the law named in them.
#[test]
fn words_before_a_name_and_half_a_number_are_no_reference() {
    let mut documents = site();
    documents.push(SearchDocument::new(
        Url::new("/notice/"),
        SearchKind::Page,
        "通知",
        "按茶馆法第二十条办理。",
    ));
    let index = build(&documents, &options());
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the index is whole");
    let first = |query: &str| {
        engine.search(query, &Request::default()).results[0]
            .url
            .clone()
    };
    assert_eq!(first("按茶馆法第二"), "/notice/");
    assert_eq!(first("按茶馆法第二条"), "/laws/teahouses/#art-2");
    agrees("search-agree-half", &documents);
}

#[test]
fn letters_are_read_as_pinyin() {
    for query in ["pinminghetong", "pin ming he tong", "pinminghet", "pmht"] {
        let answer = check(query, &[]);
        assert_eq!(answer.read_as.as_deref(), Some("品茗合同"), "{query}");
        assert!(
            answer.results[0].url.starts_with("/laws/teahouses/#art-3"),
            "{query}"
        );
    }
    assert_eq!(check("app", &["/about/"]).read_as, None);
    assert_eq!(check("APP", &["/about/"]).read_as, None);
    for query in ["pǐn míng hé tóng", "pin茗hetong", "PMHT"] {
        let read_as = check(query, &[]).read_as;
        assert_eq!(read_as.as_deref(), Some("品茗合同"), "{query}");
    }
    // First letters of words no heading, question or synonym has are not made into any.
    for query in ["hr", "ybsh", "cgbx"] {
        assert_eq!(check(query, &[]).read_as, None, "{query}");
    }
}

#[test]
fn traditional_characters_and_widths_do_not_matter() {
    assert_eq!(
        check("勞動報酬", &["/laws/teahouses/#art-4"])
            .read_as
            .as_deref(),
        Some("劳动报酬")
    );
    check("60日", &["/laws/ferries/#art-3"]);
    check("６０日", &["/laws/ferries/#art-3"]);
}

#[test]
fn a_word_that_stands_once_in_the_smallest_site_is_found() {
    let page = SearchDocument::new(
        Url::new("/qa/wages/"),
        SearchKind::Question,
        "老板不给工资怎么办？",
        "可以向劳动监察投诉。",
    );
    let index = build(&[page], &IndexOptions::default());
    let reader = |path: &str| {
        let found = index.files.iter().find(|(name, _)| name.as_str() == path);
        found.map(|(_, bytes)| bytes.clone())
    };
    let engine = Engine::open(&reader).expect("the index is whole");
    for word in ["工资", "监察", "劳动监察", "拖欠工资", "投诉"] {
        let answer = engine.search(word, &Request::default());
        assert_eq!(answer.results.len(), 1, "{word}");
    }
}

#[test]
fn a_slip_is_mended_and_said() {
    let answer = check("劳动抱酬", &["/laws/teahouses/#art-4"]);
    assert_eq!(
        (answer.read_as.as_deref(), answer.mended),
        (Some("劳动报酬"), true)
    );
    assert!(!check("座位费", &["/laws/teahouses/#art-2"]).mended);
}

#[test]
fn facets_count_what_the_other_filters_leave() {
    let answer = ask(
        "可以",
        &Request {
            topic: Some("饮茶".to_owned()),
            ..Request::default()
        },
    );
    assert!(
        answer
            .results
            .iter()
            .all(|found| found.kind == SearchKind::Question)
    );
    assert_eq!(
        answer
            .facets
            .topics
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>(),
        ["饮茶", "出行"]
    );
    assert_eq!(
        answer
            .facets
            .kinds
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>(),
        ["question"]
    );
    let law = ask(
        "主管部门",
        &Request {
            law: Some("渡口条例".to_owned()),
            ..Request::default()
        },
    );
    assert!(
        law.results
            .iter()
            .all(|found| found.law.as_deref() == Some("渡口条例"))
    );
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let answer = check("囧囧囧囧龘龘", &[]);
    assert_eq!((answer.total, answer.results.len()), (0, 0));
    assert_eq!(ask("", &Request::default()).total, 0);
    let index = build(&[], &IndexOptions::default());
    let reader = read(&index);
    assert_eq!(
        Engine::open(&reader)
            .expect("an empty index")
            .search("合同", &Request::default())
            .total,
        0
    );
}

#[test]
fn the_same_documents_give_the_same_bytes() {
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    assert_eq!(
        one.install(|| build(&site(), &options())),
        build(&site(), &options())
    );
}

#[test]
fn damaged_files_give_no_crash() {
    let mut index = build(&site(), &options());
    for (path, bytes) in &mut index.files {
        if !path.as_str().contains("core") && !path.as_str().contains("manifest") {
            let middle = bytes.len() / 2;
            bytes.truncate(middle);
            bytes.extend(b"\")");
        }
    }
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the core is whole");
    for query in ["茶馆", "茶馆法3-1", "pmht", "打破杯子要赔吗", "勞動"] {
        let _ = engine.search(query, &Request::default());
    }
}

#[test]
fn vectors_hold() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("search/vectors.json")).expect("JSON");
    let each = |name: &str| vectors[name].as_array().cloned().unwrap_or_default();
    for vector in each("fold") {
        assert_eq!(fold(vector[0].as_str().unwrap_or_default()), vector[1]);
    }
    for vector in each("runs") {
        let (words, plain) = runs(vector[0].as_str().unwrap_or_default());
        assert_eq!(
            serde_json::json!([words, plain]),
            serde_json::json!([vector[1], vector[2]])
        );
    }
    for vector in each("snippet") {
        let words: Vec<String> = serde_json::from_value(vector[1].clone()).expect("words");
        let mut marked = String::new();
        for piece in snippet(vector[0].as_str().unwrap_or_default(), &words) {
            let _ = if piece.marked {
                write!(marked, "[{}]", piece.text)
            } else {
                write!(marked, "{}", piece.text)
            };
        }
        assert_eq!(marked, vector[2]);
    }
}

/// A site with English pages beside the Chinese ones.
fn bilingual() -> Vec<SearchDocument> {
    let english = [
        (
            "contract",
            "Tea contracts",
            "A contract to serve tea binds both sides. Labour costs are shared by the bank.",
        ),
        (
            "shop",
            "Opening a shop",
            "The landlord may not change the rent. Women may hand in complaints, the ferry should wait.",
        ),
        (
            "ferry",
            "Crossing by ferry",
            "Sharp bends: passengers should hold on. Fangled boats and pings do not matter here. Pinned inmates mingle by light at farmhouses, shipment pending.",
        ),
    ];
    let english = english.map(|(id, title, text)| {
        SearchDocument::new(
            Url::new(&format!("/en/{id}/")),
            SearchKind::Page,
            title,
            text,
        )
    });
    let more = [
        ("we", "我们的茶会", "周末喝茶，欢迎来坐。"),
        ("people", "人体彩绘入门", "画在手上。"),
    ];
    let more = more.map(|(id, title, text)| {
        SearchDocument::new(Url::new(&format!("/{id}/")), SearchKind::Page, title, text)
    });
    site().into_iter().chain(english).chain(more).collect()
}

/// Letters half typed are pinyin and words of the site: what each of them finds is among the results.
#[test]
fn letters_may_be_pinyin_and_a_word_of_the_site() {
    let documents = bilingual();
    let index = build(&documents, &options());
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the index is whole");
    let check = |query: &str, first: &str, also: &str| {
        let answer = engine.search(query, &Request::default());
        let urls: Vec<&str> = answer.results.iter().map(|found| &*found.url).collect();
        assert!(
            urls.first().is_some_and(|url| url.starts_with(first)),
            "{query}: {urls:?}"
        );
        assert!(urls.contains(&also), "{query}: {urls:?}");
        assert_eq!(answer.total, answer.results.len(), "{query}: {urls:?}");
    };
    // Pinyin half typed, whose pairs of letters all stand in the English pages.
    check(
        "pinmingh",
        "/laws/teahouses/#art-3",
        "/laws/teahouses/#art-3-1",
    );
    check("pmht", "/laws/teahouses/#art-3", "/laws/teahouses/#art-3-1");
    check("fangl", "/en/ferry/", "/en/ferry/");
    // Both: the reading a title begins with, and the word.
    check("women", "/we/", "/en/shop/");
    check("rent", "/en/shop/", "/people/");
    // A word of the site no pinyin is spelled like, whole and half typed.
    for query in ["contract", "contr", "landlord", "landl"] {
        let answer = engine.search(query, &Request::default());
        assert!(answer.results[0].url.starts_with("/en/"), "{query}");
        assert_eq!(answer.read_as, None, "{query}");
    }
}

/// More pages than a sentence gets results: questions and articles in turn, three topics, every fiftieth in two parts.
fn crowd() -> Vec<SearchDocument> {
    let mut documents = site();
    documents.extend((0..1200).map(|number| {
        let kind = if number % 3 == 0 {
            SearchKind::Question
        } else {
            SearchKind::Article
        };
        let filler = if number % 50 == 0 { 6500 } else { 3 };
        let text = format!("渡船{}靠岸以后谁管。", "晴".repeat(filler));
        let topic = ["饮茶", "出行", "修船"][number % 7 % 3];
        SearchDocument {
            topics: vec![topic.to_owned()],
            audiences: vec![["居民", "船工"][number % 2].to_owned()],
            cites: (0..number % 4)
                .map(|more| {
                    Url::new(&format!(
                        "/laws/ferries/#art-{}",
                        1 + (number / 3 + more) % 3
                    ))
                })
                .collect(),
            ..SearchDocument::new(
                Url::new(&format!("/crowd/{number}/")),
                kind,
                format!("渡口见闻{number}"),
                text,
            )
        }
    }));
    documents
}

/// The number beside a facet is the number of results when it is chosen, whatever else is chosen.
#[test]
fn a_facet_says_how_many_results_choosing_it_leaves() {
    let documents = crowd();
    let index = build(&documents, &options());
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the index is whole");
    let all = || Request {
        limit: 5000,
        ..Request::default()
    };
    for query in ["渡船靠岸以后谁来管呢", "渡口", "谁管", "茶馆法第二条"] {
        let with_topic = Request {
            topic: Some("出行".to_owned()),
            ..all()
        };
        for request in [all(), with_topic] {
            let answer = engine.search(query, &request);
            assert_eq!(answer.results.len(), answer.total, "{query}");
            let chosen = answer.facets.kinds.iter().map(|(name, count)| {
                let kind = SearchKind::of_name(name);
                (
                    Request {
                        kind,
                        ..request.clone()
                    },
                    count,
                )
            });
            let topics = answer.facets.topics.iter().map(|(name, count)| {
                let topic = Some(name.clone());
                (
                    Request {
                        topic,
                        ..request.clone()
                    },
                    count,
                )
            });
            let laws = answer.facets.laws.iter().map(|(name, count)| {
                let law = Some(name.clone());
                (
                    Request {
                        law,
                        ..request.clone()
                    },
                    count,
                )
            });
            for (request, count) in chosen.chain(topics).chain(laws) {
                let chosen = engine.search(query, &request);
                let shown = chosen.results.len();
                assert_eq!(
                    (shown, chosen.total),
                    (*count as usize, shown),
                    "{query} {request:?}"
                );
            }
        }
    }
}

/// The script of the browser gives the same results in the same order. Needs node; without it there is nothing to compare.
#[test]
fn the_browsers_engine_agrees() {
    if Command::new("node").arg("--version").output().is_err() {
        return;
    }
    agrees("search-agree", &site());
    agrees("search-agree-crowd", &crowd());
    agrees("search-agree-bilingual", &bilingual());
}

#[track_caller]
fn agrees(name: &str, documents: &[SearchDocument]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let index = build(documents, &options());
    for (path, bytes) in &index.files {
        let path = folder.join(path.as_str());
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let reader = read(&index);
    let engine = Engine::open(&reader).expect("the index is whole");
    let queries = [
        "茶馆",
        "品茗合同",
        "座位钱该不该给老板啊",
        "工钱",
        "茶馆法3-1",
        "茶馆法第五条",
        "茶馆法2条1款",
        "茶馆法5条和渡口条例2、3条",
        "茶馆法 第 5 条 和 2条",
        "第五条",
        "pinminghetong",
        "pmht",
        "pin ming he tong",
        "app",
        "勞動報酬",
        "劳动抱酬",
        "60日",
        "６０日",
        "囧囧龘龘",
        "",
        "茶",
        "茶馆 主管部门",
        "打破杯子要赔吗",
        "chaguan",
        "dukou",
        "渡口停行",
        "拖了我们两个月的工夫",
        "<b>不是</b>",
        "渡船靠岸以后谁来管呢",
        "按茶馆法第二",
        "请问茶馆法2",
        "晴靠",
        "pinmingh",
        "women",
        "rent",
        "ren",
        "fangl",
        "contr",
        "contract law",
        "tea ferr",
        "hand",
        "sh",
        "chaguan ferry",
        "flk kuan",
        "as kuan",
        "PMHT",
        "APP",
        "CHAGUAN",
        "pmht app",
        "hr",
        "http://127.0.0.1",
        "pǐn míng hé tong",
        "chá'guǎn",
        "lǚ",
        "dù kǒu",
        "pin茗合同",
        "品ming",
        "茶guan fei",
        "app茶馆",
        "ma茶馆",
        "ma",
        "cha",
        "dk",
    ];
    let filters = [
        BTreeMap::new(),
        BTreeMap::from([("kind", "law")]),
        BTreeMap::from([("topic", "饮茶"), ("kind", "question")]),
        BTreeMap::from([("law", "渡口条例")]),
    ];
    let mut lines = String::new();
    for query in queries {
        for filter in &filters {
            let text = |name: &str| filter.get(name).map(|value| (*value).to_owned());
            let request = Request {
                kind: filter
                    .get("kind")
                    .and_then(|kind| SearchKind::of_name(kind)),
                topic: text("topic"),
                law: text("law"),
                ..Request::default()
            };
            let answer = engine.search(query, &request);
            let results: Vec<_> = answer
                .results
                .iter()
                .map(|found| (&found.url, found.score))
                .collect();
            let facets = &answer.facets;
            let facets = serde_json::json!({"kind": facets.kinds, "topic": facets.topics, "audience": facets.audiences, "law": facets.laws});
            let line = serde_json::json!({"query": query, "filters": filter, "total": answer.total, "read_as": answer.read_as, "facets": facets, "results": results});
            let _ = writeln!(lines, "{line}");
        }
    }
    std::fs::write(folder.join("answers.jsonl"), lines).expect("a file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/agree.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(&folder)
        .output()
        .expect("node runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
