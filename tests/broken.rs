//! Every mistake has its code, its place and a hint; none of them stops the program.
#![expect(
    clippy::disallowed_methods,
    reason = "what helpers of tests expect is part of the test"
)]

mod common;

use common::Site;

/// A mistake: the code it has, where it is (file, line, column), a piece of its hint, and the site that makes it.
struct Case {
    code: &'static str,
    place: &'static str,
    hint: &'static str,
    files: &'static [(&'static str, &'static str)],
}

const fn case(
    code: &'static str,
    place: &'static str,
    hint: &'static str,
    files: &'static [(&'static str, &'static str)],
) -> Case {
    Case {
        code,
        place,
        hint,
        files,
    }
}

const CONFIG: &str = "title = \"测试\"\nbase_url = \"https://pufa.example.org\"\n";

const CASES: &[Case] = &[
    // ---- the configuration
    case(
        "unknown-key",
        "pufa.toml:3:1",
        "did you mean `title`?",
        &[(
            "pufa.toml",
            "title = \"甲\"\nbase_url = \"https://a.example\"\ntitel = \"乙\"\n",
        )],
    ),
    case(
        "base-url",
        "pufa.toml:1:12",
        "write `https://…`",
        &[("pufa.toml", "base_url = \"pufa.example.org\"\n")],
    ),
    case(
        "not-a-colour",
        "pufa.toml:2:10",
        "#8c1d18",
        &[("pufa.toml", "[theme]\naccent = \"red\"\n")],
    ),
    case(
        "unknown-value",
        "pufa.toml:2:8",
        "did you mean `sanitize`?",
        &[("pufa.toml", "[markdown]\nhtml = \"sanitise\"\n")],
    ),
    case(
        "unknown-rule",
        "pufa.toml:2:1",
        "did you mean `missing-alt`?",
        &[("pufa.toml", "[check.rules]\nmising-alt = \"off\"\n")],
    ),
    case(
        "missing-key",
        "pufa.toml:1:1",
        "add a line `name = …`",
        &[("pufa.toml", "[[taxonomies]]\nfeed = true\n")],
    ),
    case(
        "theme-missing",
        "pufa.toml",
        "themes/nowhere",
        &[("pufa.toml", "theme = \"nowhere\"\n")],
    ),
    case(
        "law-library-missing",
        "pufa.toml",
        "[laws] library",
        &[("pufa.toml", "[laws]\nlibrary = [\"nowhere\"]\n")],
    ),
    case("no-site", "", "pufa new", &[("readme.txt", "nothing here")]),
    // ---- front matter
    case(
        "wrong-type",
        "content/a.md:3:9",
        "",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\ndraft = \"yes\"\n+++\n文。\n",
        )],
    ),
    case(
        "not-a-table",
        "content/a.md:2:1",
        "",
        &[("content/a.md", "---\n- 一\n- 二\n---\n文。\n")],
    ),
    case(
        "data-syntax",
        "content/a.md:3:10",
        "this line's quotes",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\nweight = = 3\n+++\n文。\n",
        )],
    ),
    case(
        "data-syntax",
        "content/a.md:4:1",
        "this line's quotes",
        &[(
            "content/a.md",
            "---\ntitle: 甲\nextra: [一, 二\n---\n文。\n",
        )],
    ),
    case(
        "full-width-punctuation",
        "content/a.md:2:6",
        "write: title=\"民法典\"",
        &[("content/a.md", "+++\ntitle＝“民法典”\n+++\n文。\n")],
    ),
    case(
        "full-width-punctuation",
        "content/a.md:2:9",
        "write: title = \"民法典\"",
        &[("content/a.md", "+++\ntitle = “民法典”\n+++\n文。\n")],
    ),
    case(
        "full-width-punctuation",
        "content/a.md:2:6",
        "write: title:民法典",
        &[("content/a.md", "---\ntitle：民法典\n---\n文。\n")],
    ),
    case(
        "front-matter-fence",
        "content/a.md:1:1",
        "write `+++`",
        &[("content/a.md", "＋＋＋\ntitle = \"甲\"\n＋＋＋\n文。\n")],
    ),
    case(
        "front-matter-open",
        "content/a.md:1:1",
        "add a line `+++`",
        &[("content/a.md", "+++\ntitle = \"甲\"\n文。\n")],
    ),
    case(
        "front-matter-open",
        "content/a.md:1:1",
        "add a line `---`",
        &[("content/a.md", "---\ntitle: 甲\n\n文。\n")],
    ),
    case(
        "unknown-key",
        "content/a.md:2:1",
        "did you mean `title`?",
        &[("content/a.md", "+++\ntitel = \"甲\"\n+++\n文。\n")],
    ),
    case(
        "unknown-value",
        "content/s/_index.md:3:8",
        "did you mean `articles`?",
        &[(
            "content/s/_index.md",
            "+++\ntitle = \"栏\"\nkind = \"article\"\n+++\n",
        )],
    ),
    case(
        "unknown-rule",
        "content/a.md:3:11",
        "did you mean `missing-alt`?",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\nignore = [\"missing-atl\"]\n+++\n文。\n",
        )],
    ),
    case(
        "unknown-taxonomy",
        "content/a.md:4:10",
        "did you mean `topics`?",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n[taxonomies]\ntopic = [\"一\"]\n+++\n文。\n",
        )],
    ),
    case(
        "unknown-term",
        "content/a.md:3:11",
        "did you mean `劳动就业`?",
        &[
            (
                "data/topics.toml",
                "[[term]]\nid = \"work\"\nname = \"劳动就业\"\n",
            ),
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\ntopics = [\"劳动就业问题\"]\n+++\n文。\n",
            ),
        ],
    ),
    case(
        "missing-template",
        "content/a.md",
        "did you mean `page.html`?",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\ntemplate = \"pages.html\"\n+++\n文。\n",
        )],
    ),
    // ---- the text
    case(
        "shortcode-without-end",
        "content/a.md:4:1",
        "add a line `{% end %}`",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n{% box() %}\n文。\n",
        )],
    ),
    case(
        "unknown-shortcode",
        "content/a.md:4:3",
        "did you mean `include`?",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n见：{{ incluse(path=\"a\") }}。\n",
        )],
    ),
    case(
        "include-without-path",
        "content/a.md:4:1",
        "include(path=",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n{{ include() }}\n",
        )],
    ),
    case(
        "missing-include",
        "content/a.md:4:1",
        "paths begin at",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n{{ include(path=\"no.md\") }}\n",
        )],
    ),
    case(
        "missing-part",
        "content/a.md:4:1",
        "write `{#part}`",
        &[
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\n+++\n{{ include(path=\"b.md\", part=\"part\") }}\n",
            ),
            (
                "content/b.md",
                "+++\ntitle = \"乙\"\n+++\n## 节 {#other}\n\n文。\n",
            ),
        ],
    ),
    case(
        "include-loop",
        "content/a.md:4:1",
        "",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n{{ include(path=\"a.md\") }}\n",
        )],
    ),
    case(
        "question-ambiguous",
        "content/a.md:4:2",
        "question(id=\"one\", book=\"c\")",
        &[
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\n+++\n见{{ question(id=\"one\") }}。\n",
            ),
            (
                "content/b/_index.md",
                "+++\ntitle = \"书\"\nkind = \"book\"\n+++\n",
            ),
            (
                "content/b/01-x.md",
                "+++\ntitle = \"章\"\n+++\n\n## 问？ {#one}\n\n答。\n",
            ),
            (
                "content/c/_index.md",
                "+++\ntitle = \"书二\"\nkind = \"book\"\n+++\n\n见{{ question(1) }}。\n",
            ),
            (
                "content/c/01-x.md",
                "+++\ntitle = \"章\"\n+++\n\n## 问二？ {#one}\n\n答。\n",
            ),
        ],
    ),
    case(
        "unknown-question",
        "content/a.md:4:2",
        "the id in `{#…}`",
        &[
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\n+++\n见{{ question(id=\"no\") }}。\n",
            ),
            (
                "content/b/_index.md",
                "+++\ntitle = \"书\"\nkind = \"book\"\n+++\n",
            ),
            (
                "content/b/01-x.md",
                "+++\ntitle = \"章\"\n+++\n\n## 问？ {#one}\n\n答。\n",
            ),
        ],
    ),
    case(
        "broken-link",
        "content/a.md:4:2",
        "did you mean `@/b.md`?",
        &[
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\n+++\n见[乙](@/c.md)。\n",
            ),
            ("content/b.md", "+++\ntitle = \"乙\"\n+++\n文。\n"),
        ],
    ),
    case(
        "broken-link",
        "content/a.md:4:1",
        "@/folder/file.md",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n[乙](/no/where/at/all/)\n",
        )],
    ),
    case(
        "broken-anchor",
        "content/a.md:4:1",
        "did you mean `#chapter-1`?",
        &[
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\n+++\n[乙](@/b.md#chapter1)\n",
            ),
            (
                "content/b.md",
                "+++\ntitle = \"乙\"\n+++\n## 一 {#chapter-1}\n\n文。\n",
            ),
        ],
    ),
    case(
        "missing-file",
        "content/a.md:4:1",
        "beside the page",
        &[("content/a.md", "+++\ntitle = \"甲\"\n+++\n![图](no.png)\n")],
    ),
    case(
        "missing-alt",
        "content/a.md:4:1",
        "say in the brackets",
        &[
            ("content/a.md", "+++\ntitle = \"甲\"\n+++\n![](b.svg)\n"),
            (
                "content/b.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>",
            ),
        ],
    ),
    case(
        "heading-jump",
        "content/a.md:6:1",
        "use fewer `#`",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n## 一\n\n#### 二\n\n文。\n",
        )],
    ),
    case(
        "duplicate-anchor",
        "content/a.md:8:1",
        "another id",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n## 一 {#x}\n\n文。\n\n## 二 {#x}\n\n文。\n",
        )],
    ),
    case(
        "empty-page",
        "content/a.md",
        "draft = true",
        &[("content/a.md", "+++\ntitle = \"甲\"\n+++\n")],
    ),
    case(
        "missing-title",
        "content/a.md",
        "title = ",
        &[("content/a.md", "文。\n")],
    ),
    case(
        "identity-number",
        "content/a.md:4:4",
        "remove or mask",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n证号：11010519491231002X。\n",
        )],
    ),
    case(
        "mobile-number",
        "content/a.md:4:4",
        "mobile-number",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n电话：13800138000。\n",
        )],
    ),
    // Text behind the definition of a reference in the same paragraph.
    case(
        "mobile-number",
        "content/a.md:6:5",
        "mobile-number",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\n+++\n[某]: ：\n\t[乙]: /乙\n  ： 13800138000\n",
        )],
    ),
    case(
        "long-sentence",
        "content/a.md:4:1",
        "shorter",
        &[
            ("pufa.toml", "[check]\nmax_sentence = 8\n"),
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\n+++\n一二三四五六七八九十，一二三四。\n",
            ),
        ],
    ),
    case(
        "review-overdue",
        "content/a.md",
        "review_by",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\nreview_by = 2020-01-01\n+++\n文。\n",
        )],
    ),
    case(
        "page-expired",
        "content/a.md",
        "expires_on",
        &[(
            "content/a.md",
            "+++\ntitle = \"甲\"\nexpires_on = 2020-01-01\n+++\n文。\n",
        )],
    ),
    case(
        "orphan-page",
        "content/x/a.md",
        "_index.md",
        &[("content/x/a.md", "+++\ntitle = \"甲\"\n+++\n文。\n")],
    ),
    case(
        "book-too-deep",
        "content/b/02-c/01-d/_index.md",
        "`content/b/02-c`",
        &[
            (
                "content/b/_index.md",
                "+++\ntitle = \"书\"\nkind = \"book\"\n+++\n",
            ),
            ("content/b/02-c/_index.md", "+++\ntitle = \"章\"\n+++\n"),
            (
                "content/b/02-c/01-d/_index.md",
                "+++\ntitle = \"节\"\n+++\n",
            ),
            (
                "content/b/02-c/01-d/a.md",
                "+++\ntitle = \"问？\"\n+++\n\n答。\n",
            ),
        ],
    ),
    case(
        "question-without-id",
        "content/b/01-x.md:5:1",
        "{#wen}",
        &[
            (
                "content/b/_index.md",
                "+++\ntitle = \"书\"\nkind = \"book\"\n+++\n",
            ),
            (
                "content/b/01-x.md",
                "+++\ntitle = \"章\"\n+++\n\n## 问？\n\n答。\n",
            ),
        ],
    ),
    case(
        "duplicate-id",
        "content/b/01-x.md:9:1",
        "another id",
        &[
            (
                "content/b/_index.md",
                "+++\ntitle = \"书\"\nkind = \"book\"\n+++\n",
            ),
            (
                "content/b/01-x.md",
                "+++\ntitle = \"章\"\n+++\n\n## 问一？ {#one}\n\n答。\n\n## 问二？ {#one}\n\n答。\n",
            ),
        ],
    ),
    // ---- addresses and files
    case(
        "duplicate-url",
        "content/b.md",
        "another `slug`",
        &[
            (
                "content/a.md",
                "+++\ntitle = \"甲\"\nslug = \"same\"\n+++\n文。\n",
            ),
            (
                "content/b.md",
                "+++\ntitle = \"乙\"\nslug = \"same\"\n+++\n文。\n",
            ),
        ],
    ),
    case(
        "duplicate-url",
        "content/s/index.md",
        "another `slug`",
        &[
            ("content/s/_index.md", "+++\ntitle = \"栏\"\n+++\n"),
            ("content/s/index.md", "+++\ntitle = \"页\"\n+++\n文。\n"),
        ],
    ),
    case(
        "output-conflict",
        "",
        "another name",
        &[
            ("content/a/index.md", "+++\ntitle = \"甲\"\n+++\n文。\n"),
            ("static/a/index.html", "<p>"),
        ],
    ),
    case(
        "folder-named-like-a-file",
        "content/x.md",
        "take `.md` out",
        &[("content/x.md/y.md", "+++\ntitle = \"甲\"\n+++\n文。\n")],
    ),
    // ---- templates
    case(
        "template-error",
        "templates/page.html:2:17",
        "content/a.md",
        &[
            ("content/a.md", "+++\ntitle = \"甲\"\n+++\n文。\n"),
            ("templates/page.html", "一\n{{ page.title | nofilter }}\n"),
        ],
    ),
    case(
        "template-error",
        "templates/page.html:2:",
        "",
        &[
            ("content/a.md", "+++\ntitle = \"甲\"\n+++\n文。\n"),
            ("templates/page.html", "一\n{% if page.title %}\n"),
        ],
    ),
    case(
        "template-error",
        "templates/shortcodes/box.html:1:4",
        "content/a.md",
        &[
            ("content/a.md", "+++\ntitle = \"甲\"\n+++\n{{ box() }}\n"),
            ("templates/shortcodes/box.html", "{{ get_page(\"no.md\") }}"),
        ],
    ),
    case(
        "unknown-block",
        "templates/page.html:2:10",
        "page_footer",
        &[
            ("content/a.md", "+++\ntitle = \"甲\"\n+++\n文。\n"),
            (
                "templates/page.html",
                "{% extends \"default/page.html\" %}\n{% block page_foter %}一{% endblock %}\n",
            ),
        ],
    ),
];

/// The files with a plain configuration, unless they bring one.
fn site(files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    let bare = files.iter().any(|(path, _)| *path == "readme.txt");
    if !site.path().join("pufa.toml").exists() && !bare {
        site.write("pufa.toml", CONFIG);
    }
    site
}

#[test]
fn every_mistake_has_a_code_a_place_and_a_hint() {
    let mut failures = Vec::new();
    for case in CASES {
        let checked = site(case.files).check();
        let wrong = |why: &str| {
            format!(
                "{} {}: {why}\n{}{}",
                case.code, case.place, checked.stdout, checked.stderr
            )
        };
        if checked.stderr.contains("panicked") || !(0..=2).contains(&checked.status) {
            failures.push(wrong("the program failed"));
            continue;
        }
        let found = checked.diagnostics();
        let place = |found: &serde_json::Value| {
            let mut place = found["file"].as_str().unwrap_or_default().to_owned();
            if let Some(line) = found["line"].as_u64() {
                place += &format!(":{line}:{}", found["column"]);
            }
            place
        };
        let Some(met) = found.iter().find(|found| found["code"] == case.code) else {
            failures.push(wrong("not reported"));
            continue;
        };
        let at = place(met);
        if at != case.place
            && !(case.place.ends_with(':') && at.starts_with(case.place))
            && at
                .strip_prefix(case.place)
                .is_none_or(|rest| rest != ":1:1")
        {
            failures.push(wrong(&format!("it is at {at}")));
        }
        if !met["hint"].as_str().unwrap_or_default().contains(case.hint) {
            failures.push(wrong(&format!("the hint is {}", met["hint"])));
        }
        let errors = found.iter().any(|found| found["severity"] == "error");
        if errors != (checked.status != 0) {
            failures.push(wrong("the exit status is wrong"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Codes that need more than a table of files; the tests below and those of the output make them.
const ELSEWHERE: &[&str] = &[
    "nested-too-deep",
    "shortcode-loop",
    "unreadable-file",
    "not-text",
    "invalid-bytes",
    "other-encoding",
    "file-too-large",
    "link-loop",
    "unreadable-image",
    "output-foreign",
    "output-lock",
    "output-write",
    "new-not-empty",
    "new-exists",
    "new-section-kind",
    "dead-symlink",
    // The preview's, tested with it.
    "port-taken",
    "serve-failed",
    // The outside links', tested beside their code with a server of their own.
    "link-dead",
    "link-moved",
    "link-refused",
    "link-late",
    "link-unreachable",
    "links-unasked",
];

#[test]
fn every_code_of_the_core_has_a_case() {
    let catalogue = include_str!("../src/diag/messages/core.toml");
    let codes = catalogue
        .lines()
        .filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
    let missing: Vec<&str> = codes
        .filter(|code| !CASES.iter().any(|case| case.code == *code))
        .filter(|code| !ELSEWHERE.contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

const PAGE: &str = "+++\ntitle = \"甲\"\n+++\n正文。\n";

/// The page's file written as these bytes: the codes `check` gives, and the status.
fn check_bytes(bytes: impl AsRef<[u8]>) -> (Vec<String>, i32) {
    let site = site(&[("content/good.md", PAGE)]);
    site.write("content/a.md", bytes);
    let checked = site.check();
    assert!(!checked.stderr.contains("panicked"), "{}", checked.stderr);
    (checked.codes(), checked.status)
}

#[test]
fn marks_and_line_ends_of_other_systems_are_no_mistake() {
    assert_eq!(check_bytes(format!("\u{FEFF}{PAGE}")), (vec![], 0));
    assert_eq!(check_bytes(PAGE.replace('\n', "\r\n")), (vec![], 0));
    assert_eq!(
        check_bytes(format!("\u{FEFF}{}", PAGE.replace('\n', "\r\n"))),
        (vec![], 0)
    );
}

#[test]
fn gb18030_and_utf16_are_read_with_a_note() {
    let (bytes, ..) = encoding_rs::GB18030.encode(PAGE);
    assert_eq!(check_bytes(bytes), (vec!["other-encoding".to_owned()], 0));
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(PAGE.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(check_bytes(utf16), (vec!["other-encoding".to_owned()], 0));
}

#[test]
fn a_gb18030_file_of_data_and_of_configuration_is_read() {
    let site = Site::new(&[("content/a.md", PAGE)]);
    let (config, ..) = encoding_rs::GB18030.encode("title = \"青禾普法\"\n");
    site.write("pufa.toml", config);
    let (topics, ..) = encoding_rs::GB18030.encode("[[term]]\nid = \"work\"\nname = \"劳动\"\n");
    site.write("data/topics.toml", topics);
    site.build();
    assert!(site.public("index.html").contains("青禾普法"));
    assert!(site.public("topics/work/index.html").contains("劳动"));
}

#[test]
fn bytes_that_are_no_text_are_named_and_the_rest_is_checked() {
    let mut broken = PAGE.replace("正文", "很长很长的正文").into_bytes();
    broken.push(0xFF);
    assert_eq!(check_bytes(broken), (vec!["invalid-bytes".to_owned()], 1));
    assert_eq!(
        check_bytes([0x50, 0x4B, 3, 4, 0, 0xFF, 0xFE, 0]),
        (vec!["not-text".to_owned()], 1)
    );
    let site = site(&[("content/b.md", "+++\ntitel = \"乙\"\n+++\n文。\n")]);
    site.write("content/a.md", [b'\xE6', b'\xB3', b'\xFF', b'\xFF']);
    let codes = site.check().codes();
    assert!(codes.contains(&"invalid-bytes".to_owned()), "{codes:?}");
    assert!(codes.contains(&"unknown-key".to_owned()), "{codes:?}");
}

#[test]
fn invalid_bytes_have_a_place() {
    let site = site(&[]);
    let mut broken = "+++\ntitle = \"民法典一百问\"\n+++\n正文"
        .as_bytes()
        .to_vec();
    broken.push(0xFF);
    site.write("content/a.md", broken);
    let found = site.check().diagnostics();
    let message = found[0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("line 4, column 3"), "{message}");
    assert_eq!(
        (&found[0]["line"], &found[0]["column"]),
        (&4.into(), &3.into()),
        "{found:#?}"
    );
}

#[test]
fn empty_and_odd_files_stop_nothing() {
    for text in [
        "",
        "\n",
        "+++",
        "+++\n",
        "---",
        "---\n",
        "+++\n+++",
        "+++\n+++\n",
        "\0",
        "+++\n\0\n+++\n",
        "{{",
        "{%",
        "{{ a(",
        "[[",
        "$",
        "$$",
        "|",
        "> [!",
        "[^1]",
        "[^1]: [^1]",
        "```",
        "~~~{#",
        "# {#}",
        "## {.}",
        "![",
        "<",
        "<!--",
        "&#0;",
        "\u{FFFD}",
        "\u{200B}",
    ] {
        let (codes, status) = check_bytes(text);
        assert!(status <= 1, "{text:?}: {codes:?}");
    }
    let (codes, _) = check_bytes("+++\ntitle = \"甲\"\n+++\n零\0字节\n");
    assert!(codes.is_empty() || codes == ["not-text"], "{codes:?}");
}

#[test]
fn a_file_of_50_megabytes_is_named_and_not_read() {
    let site = site(&[("content/good.md", PAGE)]);
    let mut text = PAGE.to_owned().into_bytes();
    text.resize(50 << 20, b'a');
    site.write("content/a.md", text);
    let checked = site.check().expect_status(1);
    assert_eq!(checked.codes(), ["file-too-large"]);
}

/// Builds the site of one page whose text is this, within the memory and stack of the test.
fn check_build(name: &str, text: &str) {
    let site = site(&[("templates/shortcodes/box.html", "<div>{{ body }}</div>")]);
    site.write("content/a.md", format!("+++\ntitle = \"甲\"\n+++\n{text}"));
    let built = site.run(&["build"]);
    assert!(
        !built.stderr.contains("panicked") && (0..=1).contains(&built.status),
        "{name}: {} {}",
        built.status,
        built.stderr.chars().take(2000).collect::<String>()
    );
    let checked = site.check();
    assert!(
        (0..=1).contains(&checked.status),
        "{name}: {}",
        checked.stderr
    );
}

#[test]
fn deep_nesting_never_overflows_the_stack() {
    const DEEP: usize = 10_000;
    let check = |name: &str, open: &str, close: &str| {
        check_build(
            name,
            &format!("{}文{}\n", open.repeat(DEEP), close.repeat(DEEP)),
        );
    };
    check("quotes", "> ", "");
    check("quotes without space", ">", "");
    check("lists", "- ", "");
    check("ordered lists", "1. ", "");
    check("brackets", "[", "](https://example.org)");
    check("images", "![", "](https://example.org/x)");
    check("emphasis", "*", "*");
    check("emphasis apart", "*a ", "*");
    check("strong and emphasis", "**a *", "* **");
    check("strikethrough", "~~a ", "~~");
    check("parentheses", "[a](https://example.org/", ")");
    check("short codes", "{% box() %}\n", "\n{% end %}\n");
    check("HTML", "<div>", "</div>");
    check("HTML over lines", "<div>\n\n", "\n\n</div>");
    check("formulas", "${", "}$");
    check("braces in a formula", "{", "}");
    check("one formula", "$$\\frac{1}{", "}$$");
    check("alerts", "> [!NOTE]\n> ", "");
    check("footnotes", "^[", "]");
    check("superscripts", "^", "^");
}

#[test]
fn what_is_nested_too_deep_is_named_and_shown_as_text() {
    let site = site(&[]);
    let quotes = "> ".repeat(100);
    site.write("content/a.md", format!("{PAGE}\n{quotes}最里面\n"));
    assert_eq!(site.check().expect_status(0).codes(), ["nested-too-deep"]);
    site.build();
    assert!(site.public("a/index.html").contains("最里面"));
}

#[test]
fn deep_data_never_overflows_the_stack() {
    for (name, text) in [
        (
            "YAML brackets",
            format!("---\nextra: {}\n---\n文\n", "[".repeat(10_000)),
        ),
        (
            "YAML braces",
            format!("---\nextra: {}\n---\n文\n", "{a: ".repeat(10_000)),
        ),
        (
            "YAML lists",
            format!("---\nextra:\n  {}1\n---\n文\n", "- ".repeat(10_000)),
        ),
        (
            "TOML brackets",
            format!("+++\ntitle = {}\n+++\n文\n", "[".repeat(10_000)),
        ),
        (
            "TOML tables",
            format!("+++\n[extra{}]\n+++\n文\n", ".a".repeat(10_000)),
        ),
    ] {
        let (codes, status) = check_bytes(text);
        assert_eq!(status, 1, "{name}: {codes:?}");
    }
    let site = site(&[("content/a.md", "+++\ntitle = \"甲\"\n+++\n{{ box() }}\n")]);
    site.write(
        "templates/shortcodes/box.html",
        "{{ load_data(path=\"deep.json\") }}",
    );
    site.write("data/deep.json", "[".repeat(10_000));
    assert_eq!(site.check().expect_status(1).codes(), ["template-error"]);
}

#[test]
fn templates_that_call_themselves_are_stopped() {
    let stopped = |files: &[(&str, &str)], code: &str| {
        let mut all = vec![("content/a.md", "+++\ntitle = \"甲\"\n+++\n{{ box() }}\n")];
        all.extend(files);
        let checked = site(&all).check().expect_status(1);
        assert!(
            checked.codes().contains(&code.to_owned()),
            "{}",
            checked.stdout
        );
    };
    stopped(
        &[(
            "templates/shortcodes/box.html",
            "{% include \"shortcodes/box.html\" %}",
        )],
        "template-error",
    );
    stopped(
        &[(
            "templates/shortcodes/box.html",
            "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        )],
        "template-error",
    );
    stopped(
        &[(
            "templates/shortcodes/box.html",
            "{% extends \"shortcodes/box.html\" %}",
        )],
        "template-error",
    );
    stopped(
        &[(
            "templates/shortcodes/box.html",
            "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}",
        )],
        "template-error",
    );
    stopped(
        &[(
            "templates/shortcodes/box.md",
            "{% raw %}{{ box() }}{% endraw %}",
        )],
        "shortcode-loop",
    );
    stopped(
        &[(
            "templates/shortcodes/box.html",
            "{{ get_page('a.md').content }}",
        )],
        "shortcode-loop",
    );
}

#[test]
fn a_template_error_names_the_template_the_line_and_the_page() {
    let site = site(&[
        ("content/a.md", PAGE),
        ("content/b.md", PAGE),
        ("templates/page.html", "一\n{{ page.title | nofilter }}\n"),
    ]);
    let built = site.run(&["build"]).expect_status(1);
    for part in [
        "templates/page.html:2:17",
        "{{ page.title | nofilter }}",
        "nofilter",
        "content/a.md",
    ] {
        assert!(built.stderr.contains(part), "{part}: {}", built.stderr);
    }
    assert_eq!(
        built.stderr.matches("template-error").count(),
        1,
        "{}",
        built.stderr
    );
    assert!(!site.has("index.html"));
}

#[test]
fn names_with_spaces_signs_and_any_script_are_files_like_others() {
    let names = [
        "有 空格",
        "a b",
        "a#b",
        "a%b",
        "100%",
        "a%20b",
        "a?b",
        "a&b",
        "中文",
        "😀",
        "a'b",
        "a+b",
        "index.zh",
        "ａｂ",
        "-",
        "a;b",
    ];
    for mode in ["on", "safe", "off"] {
        let site = site(&[("content/_index.md", "+++\ntitle = \"首页\"\n+++\n")]);
        site.write(
            "pufa.toml",
            format!("title = \"测试\"\n[slugify]\npaths = \"{mode}\"\n"),
        );
        for name in names {
            site.write(&format!("content/栏目/{name}.md"), PAGE);
            site.write(&format!("static/files/{name}.txt"), "文件");
        }
        site.write("content/栏目/_index.md", "+++\ntitle = \"栏目\"\n+++\n");
        let built = site.run(&["build"]);
        assert!(!built.stderr.contains("panicked"), "{}", built.stderr);
        // Two names may give one address when they are slugged; then that is said.
        let clash =
            built.stderr.contains("duplicate-url") || built.stderr.contains("output-conflict");
        assert!(
            built.status == 0 || (mode == "on" && clash),
            "{mode}: {}",
            built.stderr
        );
    }
}

#[cfg(unix)]
#[test]
fn loops_of_links_and_unreadable_files_are_named() {
    let site = site(&[("content/a.md", PAGE), ("content/s/b.md", PAGE)]);
    std::os::unix::fs::symlink(
        site.path().join("content"),
        site.path().join("content/s/loop"),
    )
    .expect("a link");
    std::os::unix::fs::symlink("nowhere.md", site.path().join("content/dangling.md"))
        .expect("a link");
    let checked = site.check().expect_status(1);
    let codes = checked.codes();
    assert!(codes.contains(&"link-loop".to_owned()), "{codes:?}");
    assert!(codes.contains(&"dead-symlink".to_owned()), "{codes:?}");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let site = site(&[
        ("content/a.md", PAGE),
        ("content/b.md", "+++\ntitel = \"乙\"\n+++\n文。\n"),
    ]);
    let path = site.path().join("content/a.md");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("permissions");
    if std::fs::read(&path).is_ok() {
        // The superuser reads everything.
        return;
    }
    let codes = site.check().expect_status(1).codes();
    assert!(
        codes.contains(&"unreadable-file".to_owned()) && codes.contains(&"unknown-key".to_owned()),
        "{codes:?}"
    );
}

#[test]
fn huge_tables_and_long_lines_are_read_in_time() {
    let row = "| 一 ".repeat(200) + "|\n";
    let table = format!("{row}{}|\n{}", "| - ".repeat(200), row.repeat(300));
    check_build("a table", &table);
    check_build("one long line", &"民法典".repeat(300_000));
    check_build(
        "many links",
        &"[甲](#x) "
            .repeat(5_000)
            .replace("#x", "https://example.org"),
    );
    check_build("many brackets", &"[".repeat(50_000));
    check_build("many stars", &"*a_b".repeat(20_000));
    check_build(
        "many backticks",
        &(1..400).map(|n| "`".repeat(n) + "a").collect::<String>(),
    );
    check_build(
        "many footnotes",
        &(1..2_000)
            .map(|n| format!("甲[^{n}]\n\n[^{n}]: 注\n\n"))
            .collect::<String>(),
    );
    check_build("many short codes that never end", &"{% ".repeat(20_000));
}

#[test]
fn an_image_that_is_none_is_named() {
    let site = site(&[(
        "content/a/index.md",
        "+++\ntitle = \"甲\"\n+++\n![图](p.png)\n",
    )]);
    let mut picture = common::png(1200, 100);
    picture.truncate(picture.len() / 2);
    site.write("content/a/p.png", picture);
    let built = site.run(&["build"]).expect_status(0);
    assert!(
        built.stderr.contains("unreadable-image"),
        "{}",
        built.stderr
    );
}

#[test]
fn the_status_says_what_went_wrong() {
    let good = site(&[("content/a.md", PAGE)]);
    assert_eq!(good.run(&["check"]).status, 0);
    assert_eq!(good.run(&["build", "--nonsense"]).status, 2);
    assert_eq!(good.run(&["build", "--as-of", "yesterday"]).status, 2);
    assert_eq!(good.run(&["build", "--base-url", "nonsense"]).status, 2);
    assert_eq!(good.run(&["build", "--root", "nowhere"]).status, 2);
    assert_eq!(good.run(&["build", "--config", "nowhere.toml"]).status, 2);
    good.write("content/b.md", "+++\ntitel = \"乙\"\n+++\n文。\n");
    assert_eq!(good.run(&["check"]).status, 1);
    assert_eq!(good.run(&["build"]).status, 1);
}

#[test]
fn messages_are_in_the_language_asked_for() {
    let site = site(&[("content/a.md", "+++\ntitel = \"乙\"\n+++\n文。\n")]);
    let said = |language: &str| {
        let mut command = std::process::Command::new(common::PUFA);
        command
            .args(["check", "--format", "short"])
            .current_dir(site.path());
        command.env("LC_ALL", language);
        let output = command.output().expect("the program starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(said("zh_CN.UTF-8").contains("未知的键 `titel`"));
    assert!(said("en_US.UTF-8").contains("unknown key `titel`"));
}
