//! `pufa law` and `pufa cite` as scripts use them.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests write a library and read what comes back"
)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};

/// A library of one law in two versions.
fn library() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write(
        "灯会法(2019-05-01).md",
        "# 中华人民共和国灯会法\n\n2019年5月1日 某会议通过\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n第一条 灯会每年办。\n\n第二条 罚款十元。\n",
    );
    write(
        "灯会法(2023-09-01).md",
        "# 中华人民共和国灯会法\n\n2019年5月1日 某会议通过\n\n2023年9月1日 某会议修订\n\n<!-- INFO END -->\n\n## 第一章 总则\n\n第一条 灯会每年办。\n\n有下列的除外：\n\n（一）下雨。\n\n第二条 罚款百元。\n",
    );
    folder
}

fn pufa(folder: &Path, args: &[&str], input: &str) -> (Option<i32>, Vec<Value>, String) {
    let output = Command::cargo_bin("pufa")
        .unwrap()
        .current_dir(folder)
        .args(args)
        .args(["--lang", "en"])
        .write_stdin(input)
        .output()
        .unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let values = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    (
        output.status.code(),
        values,
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn the_library_is_listed() {
    let folder = library();
    let (code, values, _) = pufa(
        folder.path(),
        &["law", "list", "--laws", ".", "--format", "json"],
        "",
    );
    assert_eq!(code, Some(0));
    let shown: Vec<(&str, &str, usize)> = values
        .iter()
        .map(|law| {
            (
                law["date"].as_str().unwrap(),
                law["status"].as_str().unwrap(),
                law["articles"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("2023-09-01", "现行有效", 2), ("2019-05-01", "已被修改", 2)]
    );
    assert_eq!(values[0]["short_titles"], json!(["灯会法"]));
    assert_eq!(values[0]["chapters"], json!(["第一章 总则"]));
}

#[test]
fn an_article_is_shown_with_its_paragraphs() {
    let folder = library();
    let (code, values, _) = pufa(
        folder.path(),
        &[
            "law",
            "show",
            "灯会法",
            "1",
            "--laws",
            ".",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!(code, Some(0));
    assert_eq!(values[0]["url"], "/laws/denghuifa/#art-1");
    assert_eq!(values[0]["paragraphs"][1]["items"][0]["text"], "下雨。");
    let (_, old, _) = pufa(
        folder.path(),
        &[
            "law",
            "show",
            "灯会法",
            "第二条",
            "--date",
            "2020-01-01",
            "--laws",
            ".",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!(old[0]["url"], "/laws/denghuifa/2019-05-01/#art-2");
}

#[test]
fn what_is_not_there_is_wrong_usage_with_a_hint() {
    let folder = library();
    let (code, _, message) = pufa(folder.path(), &["law", "show", "灯法", "--laws", "."], "");
    assert_eq!(code, Some(2));
    assert!(message.contains("did you mean 《灯会法》?"), "{message}");
    let (code, _, message) = pufa(
        folder.path(),
        &["law", "show", "灯会法", "9", "--laws", "."],
        "",
    );
    assert_eq!(code, Some(2));
    assert!(message.contains("ends at 第二条"), "{message}");
}

#[test]
fn versions_are_compared() {
    let folder = library();
    let (code, values, _) = pufa(
        folder.path(),
        &[
            "law",
            "diff",
            "灯会法",
            "2019-05-01",
            "2023-09-01",
            "--laws",
            ".",
            "--format",
            "json",
        ],
        "",
    );
    assert_eq!(code, Some(0));
    let changes: Vec<&str> = values
        .iter()
        .map(|pair| pair["change"].as_str().unwrap())
        .collect();
    assert_eq!(changes, ["changed", "changed"]);
    assert_eq!(values[1]["pieces"][1], json!({"deleted": "十"}));
}

#[test]
fn citations_are_counted_in_characters() {
    let folder = library();
    let (code, values, _) = pufa(
        folder.path(),
        &["cite", "--laws", ".", "--format", "json"],
        "根据《灯会法》第一条第二款第一项和第九条，以及《某某条例》第三条。",
    );
    assert_eq!(code, Some(0));
    assert_eq!(values.len(), 3);
    let first = &values[0];
    assert_eq!(
        (first["start"].as_u64(), first["end"].as_u64()),
        (Some(2), Some(16))
    );
    assert_eq!(first["law"], "中华人民共和国灯会法");
    assert_eq!(
        (&first["article"], &first["paragraph"], &first["item"]),
        (&json!("1"), &json!(2), &json!(1))
    );
    let statuses: Vec<&str> = values
        .iter()
        .map(|found| found["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["ok", "unknown-article", "unknown-law"]);
    assert_eq!(values[2]["law"], Value::Null);
}

#[test]
fn a_batch_answers_line_by_line() {
    let folder = library();
    let lines = [
        json!({"id": "a", "text": "本法第二条", "law": "灯会法"}),
        json!({"id": 2, "text": "《灯会法》第二条", "date": "2020-01-01"}),
        json!({"id": "c", "text": "第三条路"}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(folder.path().join("batch.jsonl"), text).unwrap();
    let (code, values, _) = pufa(
        folder.path(),
        &["cite", "--batch", "batch.jsonl", "--laws", "."],
        "",
    );
    assert_eq!(code, Some(0));
    let found: Vec<(&Value, usize)> = values
        .iter()
        .map(|line| (&line["id"], line["citations"].as_array().unwrap().len()))
        .collect();
    assert_eq!(found, [(&json!("a"), 1), (&json!(2), 1), (&json!("c"), 0)]);
    assert_eq!(values[0]["citations"][0]["status"], "ok");
    assert_eq!(values[1]["citations"][0]["status"], "superseded");
}
