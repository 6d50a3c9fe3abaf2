//! Every kind of page as a reader gets it: small sites through the library, from Markdown to the files of the output.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "tests read the disk, and fail loudly"
)]

use std::fs;

use pufa::base::{Date, OutPath};
use pufa::config::Overrides;
use pufa::pipeline::Pipeline;
use pufa::{load, output};

const CONFIG: &str =
    "title = \"示例站\"\nbase_url = \"https://example.org\"\n\n[[taxonomies]]\nname = \"topics\"\n";

/// Builds a site of these files, on 2026-03-10; `page` of the output holds every one of `wanted`, and `codes` are the
/// problems found.
#[track_caller]
fn check(files: &[(&str, &str)], codes: &[&str], pages: &[(&str, &[&str])]) {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files.iter().chain(&[("pufa.toml", CONFIG)]) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let root = load::find_root(Some(folder.path()), None, folder.path()).expect("a site");
    let overrides = Overrides {
        as_of: Date::new(2026, 3, 10).ok(),
        ..Overrides::default()
    };
    let run = Pipeline::new(root, overrides).run();
    let plan = output::plan(&run.world);
    let mut found: Vec<&str> = run.diagnostics.iter().map(|problem| problem.code).collect();
    let mut rendered = Vec::new();
    for (path, wanted) in pages {
        let recipe = plan
            .files
            .get(&OutPath::new(path))
            .unwrap_or_else(|| panic!("{path} is missing: {:?}", plan.files.keys()));
        let cooked = output::cook(&run.world, recipe).expect("text");
        rendered.extend(cooked.diagnostics);
        let text = String::from_utf8(cooked.bytes)
            .expect("UTF-8")
            .replace("&#x2f;", "/");
        for words in *wanted {
            assert!(text.contains(words), "{words} in {path}:\n{text}");
        }
    }
    found.extend(rendered.iter().map(|problem| problem.code));
    assert_eq!(found, codes, "{:#?}", run.diagnostics);
}

#[test]
fn an_episode_has_sound_chapters_transcript_and_a_place_in_the_podcast() {
    check(
        &[
            (
                "content/c/_index.md",
                "+++\ntitle = \"课\"\nkind = \"course\"\n+++\n",
            ),
            (
                "content/c/01-a/index.md",
                "+++\ntitle = \"一\"\nnumber = 1\ndate = 2026-03-05\nduration = \"00:20\"\naudio = \"a.mp3\"\ntranscript = \"t.srt\"\n[[chapters]]\nstart = \"00:00\"\ntitle = \"开头\"\n+++\n文。\n",
            ),
            ("content/c/01-a/a.mp3", "sound"),
            (
                "content/c/01-a/t.srt",
                "1\n00:00:00,000 --> 00:00:02,000\n大家好。\n",
            ),
        ],
        &[],
        &[
            (
                "c/a/index.html",
                &[
                    "src=\"a.mp3\"",
                    "id=\"t=0\"",
                    "大家好。",
                    "src=\"captions.vtt\"",
                    "AudioObject",
                    "PT20S",
                ],
            ),
            ("c/a/captions.vtt", &["WEBVTT", "大家好。"]),
            ("c/a/chapters.json", &["\"startTime\":0.0", "开头"]),
            (
                "c/podcast.xml",
                &[
                    "https://example.org/c/a/a.mp3",
                    "length=\"5\"",
                    "captions.vtt",
                    "<itunes:duration>20<",
                ],
            ),
            ("c/index.html", &["podcast.xml", "\"@type\":\"Course\""]),
        ],
    );
}

#[test]
fn a_transcript_in_the_text_is_taken_out_of_it() {
    check(
        &[
            (
                "content/c/_index.md",
                "+++\ntitle = \"课\"\nkind = \"course\"\n+++\n",
            ),
            (
                "content/c/a.md",
                "+++\ntitle = \"一\"\n+++\n文。\n\n## 文字稿\n\n[00:12] 先说这个。\n",
            ),
        ],
        &[],
        &[("c/a/index.html", &["id=\"t=12\"", "LearningResource"])],
    );
}

#[test]
fn files_an_episode_lacks_are_named() {
    check(
        &[
            (
                "content/c/_index.md",
                "+++\ntitle = \"课\"\nkind = \"course\"\n+++\n",
            ),
            (
                "content/c/a.md",
                "+++\ntitle = \"一\"\naudio = \"a.mp3\"\ntranscript = \"t.vtt\"\n+++\n文。\n",
            ),
        ],
        &["media-missing", "media-missing"],
        &[],
    );
}

#[test]
fn quizzes_paths_and_calculators_are_shown_with_their_scripts() {
    check(
        &[(
            "content/a.md",
            "+++\ntitle = \"页\"\n+++\n\n```quiz 测\n1. 见[本页](@/a.md)吗？\n- [x] 见\n- [ ] 不见\n> 因为在这。\n```\n\n```path 查\n[a] 签了吗？\n- 签了 -> b\n[b] = 可以。\n```\n\n```calculator overtime\n```\n",
        )],
        &[],
        &[(
            "a/index.html",
            &[
                "id=\"quiz-1\"",
                "因为在这。",
                "<a href=\"./\">本页</a>",
                "id=\"path-1-b\"",
                "data-calculator=\"overtime\"",
                "/js/quiz.",
                "/js/path.",
                "/js/calculator.",
            ],
        )],
    );
}

#[test]
fn links_in_quizzes_are_checked() {
    check(
        &[(
            "content/a.md",
            "+++\ntitle = \"页\"\n+++\n\n```quiz 测\n1. 见[那页](@/b.md)吗？\n- [x] 见\n- [ ] 不见\n> 因为。\n```\n",
        )],
        &["broken-link"],
        &[],
    );
}

#[test]
fn a_form_is_filled_in_on_the_page() {
    check(
        &[(
            "content/a.md",
            "+++\ntitle = \"借条\"\nform = true\n+++\n今借到[[金额:money]]元。\n",
        )],
        &[],
        &[("a/index.html", &["data-name=\"金额\"", "/js/form."])],
    );
}

#[test]
fn events_to_come_and_past_have_calendars() {
    check(
        &[
            (
                "content/e/_index.md",
                "+++\ntitle = \"活动\"\nkind = \"events\"\n+++\n",
            ),
            (
                "content/e/a.md",
                "+++\ntitle = \"讲座\"\nstart = 2026-03-15T09:00:00\nend = 2026-03-15T11:00:00\nplace = \"广场\"\nsign_up = \"12348\"\n+++\n来。\n",
            ),
            (
                "content/e/b.md",
                "+++\ntitle = \"旧事\"\nstart = 2026-03-01\n+++\n过。\n",
            ),
        ],
        &[],
        &[
            ("e/index.html", &["calendar.ics", "id=\"past\"", "广场"]),
            (
                "e/calendar.ics",
                &[
                    "UID:/e/a/@example.org",
                    "DTSTART:20260315T010000Z",
                    "DTSTART;VALUE=DATE:20260301",
                ],
            ),
            ("e/a/event.ics", &["SUMMARY:讲座"]),
            (
                "e/a/index.html",
                &[
                    "href=\"tel:12348\"",
                    "event.ics",
                    "EventScheduled",
                    "2026-03-15T09:00:00+08:00",
                ],
            ),
        ],
    );
}

#[test]
fn a_directory_lists_its_places_and_pages_say_where_to_go() {
    check(
        &[
            (
                "content/d/_index.md",
                "+++\ntitle = \"机构\"\nkind = \"directory\"\ndata = \"data/places.csv\"\n+++\n",
            ),
            (
                "data/places.csv",
                "name,kind,phone,hours,topics\n一所,司法所,000-1234567,周一至周五 9:00—17:00,劳动\n二所,司法所,12348,,婚姻\n",
            ),
            (
                "content/a.md",
                "+++\ntitle = \"工资\"\ntopics = [\"劳动\"]\n+++\n文。\n",
            ),
        ],
        &[],
        &[
            (
                "d/index.html",
                &[
                    "id=\"service-2\"",
                    "href=\"tel:000-1234567\"",
                    "GovernmentService",
                    "Mo-Fr 09:00-17:00",
                ],
            ),
            ("a/index.html", &["../d/#service-1", "一所"]),
        ],
    );
}

#[test]
fn data_a_directory_lacks_is_named() {
    check(
        &[(
            "content/d/_index.md",
            "+++\ntitle = \"机构\"\nkind = \"directory\"\ndata = \"data/places.csv\"\n+++\n",
        )],
        &["media-missing"],
        &[],
    );
}

#[test]
fn a_case_says_which_court_decided() {
    check(
        &[
            (
                "content/k/_index.md",
                "+++\ntitle = \"案例\"\nkind = \"cases\"\n+++\n",
            ),
            (
                "content/k/a.md",
                "+++\ntitle = \"案\"\ndate = 2026-03-01\ncourt_level = \"基层人民法院\"\ndecided = 2026-02-01\nteaching = true\n+++\n## 基本案情\n\n某某。\n\n## 裁判结果\n\n支持。\n",
            ),
        ],
        &[],
        &[("k/a/index.html", &["基层人民法院", "2026年2月1日"])],
    );
}

#[test]
fn a_leaflet_carries_its_address() {
    check(
        &[(
            "content/a.md",
            "+++\ntitle = \"折页\"\n[leaflet]\nfold = \"flat\"\n+++\n文。\n",
        )],
        &[],
        &[
            ("a/index.html", &["src=\"qr.svg\""]),
            ("a/qr.svg", &["<svg ", "viewBox"]),
        ],
    );
}

#[test]
fn the_glossary_is_a_set_of_defined_terms() {
    check(
        &[
            (
                "data/glossary.toml",
                "[[term]]\nname = \"定金\"\nid = \"deposit\"\ngist = \"先付的钱。\"\n",
            ),
            ("content/a.md", "+++\ntitle = \"页\"\n+++\n付定金。\n"),
        ],
        &[],
        &[
            (
                "glossary/index.html",
                &["id=\"deposit\"", "\"@type\":\"DefinedTerm\""],
            ),
            ("a/index.html", &["/glossary/#deposit"]),
        ],
    );
}

const COURSE: (&str, &str) = (
    "content/c/_index.md",
    "+++\ntitle = \"课\"\nkind = \"course\"\n+++\n",
);

#[test]
fn a_text_file_named_as_transcript_is_one_and_no_page() {
    for name in ["t.md", "t.txt"] {
        let episode =
            format!("+++\ntitle = \"一\"\naudio = \"a.mp3\"\ntranscript = \"{name}\"\n+++\n文。\n");
        let text = format!("content/c/01-a/{name}");
        check(
            &[
                COURSE,
                ("content/c/01-a/index.md", &episode),
                ("content/c/01-a/a.mp3", "sound"),
                (
                    &text,
                    "# 文字稿\n\n[00:01] 大家好。\n\n[00:12] 先说**这个**。\n",
                ),
            ],
            &[],
            &[
                (
                    "c/a/index.html",
                    &["id=\"t=12\"", "先说这个。", "src=\"captions.vtt\""],
                ),
                ("c/a/captions.vtt", &["00:00:01.000 --> 00:00:12.000"]),
                ("c/index.html", &["episodes"]),
            ],
        );
    }
}

#[test]
fn a_transcript_that_is_none_is_reported() {
    check(
        &[
            COURSE,
            (
                "content/c/01-a/index.md",
                "+++\ntitle = \"一\"\ntranscript = \"t.docx\"\n+++\n文。\n",
            ),
            ("content/c/01-a/t.docx", "PK"),
        ],
        &["transcript-format"],
        &[],
    );
}

#[test]
fn what_is_said_is_linked_to_the_law_it_cites() {
    let law = "+++\ntitle = \"示例工资条例\"\neffective = 2020-01-01\n+++\n\n第一条 按时付。\n\n第二条 付足。\n";
    check(
        &[
            COURSE,
            (
                "content/laws/_index.md",
                "+++\ntitle = \"法\"\nkind = \"laws\"\n+++\n",
            ),
            ("content/laws/wages.md", law),
            (
                "content/c/a.md",
                "+++\ntitle = \"甲讲\"\ntranscript = \"a.srt\"\n+++\n文。\n",
            ),
            (
                "content/c/a.srt",
                "1\n00:00:01,000 --> 00:00:02,000\n看《示例工资条例》\n\n2\n00:00:02,000 --> 00:00:03,000\n第二条的规定。\n\n3\n00:00:03,000 --> 00:00:04,000\n还有该条例第九条。\n",
            ),
        ],
        &["citation-unknown-article"],
        &[
            // One citation in two sentences of the transcript, each with its link.
            (
                "c/a/index.html",
                &[
                    ">《示例工资条例》</a></span>",
                    ">第二条</a>的规定。</span>",
                    "data-start=\"3.0\" data-end=\"4.0\">还有该条例第九条。</span>",
                ],
            ),
            ("laws/shiligongzitiaoli/index.html", &["甲讲"]),
        ],
    );
}

#[test]
fn the_front_page_begins_with_the_next_class() {
    let episode =
        |title: &str, date: &str| format!("+++\ntitle = \"{title}\"\ndate = {date}\n+++\n文。\n");
    check(
        &[
            COURSE,
            ("content/c/01.md", &episode("旧讲", "2026-01-05")),
            ("content/c/02.md", &episode("新讲", "2026-03-01")),
            ("content/c/03.md", &episode("下讲", "2026-03-12")),
            ("content/c/04.md", &episode("再下讲", "2026-03-19")),
        ],
        &[],
        &[(
            "index.html",
            &["<span class=\"label\">下一讲</span> <a href=\"c/03/\">下讲</a></span> <time"],
        )],
    );
}

#[test]
fn cases_are_found_by_topic_and_by_law() {
    let law = "+++\ntitle = \"示例工资条例\"\neffective = 2020-01-01\n+++\n\n第一条 按时付。\n";
    let case = "+++\ntitle = \"工资案\"\ntopics = [\"劳动\"]\n+++\n## 基本案情\n\n甲。\n\n## 裁判结果\n\n依据《示例工资条例》第一条。\n";
    check(
        &[
            (
                "content/cases/_index.md",
                "+++\ntitle = \"案\"\nkind = \"cases\"\n+++\n",
            ),
            ("content/cases/a.md", case),
            (
                "content/laws/_index.md",
                "+++\ntitle = \"法\"\nkind = \"laws\"\n+++\n",
            ),
            ("content/laws/wages.md", law),
        ],
        &[],
        &[(
            "cases/index.html",
            &[
                "<summary>劳动 <small",
                "<summary>示例工资条例 <small",
                "<a href=\"a/\">工资案</a>",
            ],
        )],
    );
}
