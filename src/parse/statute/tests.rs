use super::*;

fn read(text: &str) -> Statute {
    parse(
        &SourcePath::new("laws/灯会条例(2020-05-28).md"),
        text,
        StatuteFields::default(),
    )
    .0
}

/// The statute's elements, one a line.
fn shown(statute: &Statute) -> String {
    let mut out = String::new();
    for element in &statute.elements {
        match element {
            Element::Part(part) => out.push_str(&format!(
                "{:?} {:?} {} #{}\n",
                part.level, part.number, part.title, part.anchor
            )),
            Element::Text(text) => out.push_str(&format!(
                "{:?} {}\n",
                text.role,
                text.text.replace('\n', "⏎")
            )),
            Element::Article(article) => {
                out.push_str(&format!("art {}\n", article.no));
                for paragraph in &article.paragraphs {
                    let mark = match paragraph.kind {
                        ParagraphKind::Text => format!("p{}", paragraph.number),
                        ParagraphKind::Table => "table".to_owned(),
                    };
                    out.push_str(&format!("  {mark} {}\n", paragraph.text.replace('\n', "⏎")));
                    for item in &paragraph.items {
                        out.push_str(&format!("    i{} {}\n", item.number, item.text));
                        for subitem in &item.subitems {
                            out.push_str(&format!("      s{} {}\n", subitem.number, subitem.text));
                        }
                    }
                }
            }
        }
    }
    out
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let statute = read(text);
    let expected: Vec<&str> = expected
        .lines()
        .map(|line| line.strip_prefix("        ").unwrap_or(line))
        .filter(|line| !line.trim().is_empty())
        .collect();
    assert_eq!(shown(&statute).lines().collect::<Vec<_>>(), expected);
    assert_eq!(
        without_spans(&read(&print(&statute))),
        without_spans(&statute),
        "printed form"
    );
}

fn without_spans(statute: &Statute) -> Statute {
    let mut statute = statute.clone();
    let none = Span::default();
    statute.header.iter_mut().for_each(|line| line.span = none);
    for element in &mut statute.elements {
        match element {
            Element::Part(part) => {
                part.span = none;
                part.marks = part.marks.min(1);
            }
            Element::Text(text) => text.span = none,
            Element::Article(article) => {
                (article.span, article.label_span) = (none, none);
                for paragraph in &mut article.paragraphs {
                    paragraph.span = none;
                    for item in &mut paragraph.items {
                        item.span = none;
                        item.subitems
                            .iter_mut()
                            .for_each(|subitem| subitem.span = none);
                    }
                }
            }
        }
    }
    statute
}

#[test]
fn articles_paragraphs_items_and_subitems() {
    check(
        "## 第一章　总　则\n\n第一条　灯会免费。\n\n下列的除外：\n\n（一）夜场；\n\n1．周末；\n\n2．节日；\n\n（二）餐饮。\n\n前款规定自明年起适用。\n\n第一条之一 本条是插入的。\n",
        "
        Chapter Some(1) 总则 #ch-c1
        art 1
          p1 灯会免费。
          p2 下列的除外：
            i1 夜场；
              s1 周末；
              s2 节日；
            i2 餐饮。
          p3 前款规定自明年起适用。
        art 1-1
          p1 本条是插入的。",
    );
}

#[test]
fn the_header_gives_title_days_and_who_made_it() {
    let statute = read(
        "# 中华人民共和国灯会法\n\n1999年5月1日 第九届全国人民代表大会常务委员会第二次会议通过\n\n2009年8月27日 第十一届全国人民代表大会常务委员会第十次会议《关于修改〈灯会法〉的决定》第一次修正　2020年5月28日 第十三届全国人民代表大会第三次会议修订\n\n<!-- INFO END -->\n\n第一条 本法自2021年1月1日起施行。\n",
    );
    let day = |year, month, day| Some(Date::constant(year, month, day));
    assert_eq!(statute.title, "中华人民共和国灯会法");
    assert_eq!(statute.kind, LawKind::Law);
    assert_eq!(
        statute.issuer.as_deref(),
        Some("全国人民代表大会常务委员会")
    );
    assert_eq!(statute.dates.passed, day(1999, 5, 1));
    assert_eq!(
        statute.dates.amended,
        [Date::constant(2009, 8, 27), Date::constant(2020, 5, 28)]
    );
    assert_eq!(statute.dates.effective, day(2021, 1, 1));
}

#[test]
fn an_amended_text_is_in_force_from_the_amendment() {
    let statute = read(
        "# 灯会法\n\n1994年7月5日 某会议通过\n\n2018年12月29日 某会议《决定》第二次修正\n\n<!-- INFO END -->\n\n第一条 本法自1995年1月1日起施行。\n",
    );
    assert_eq!(statute.dates.effective, Some(Date::constant(2018, 12, 29)));
}

#[test]
fn numbers_of_documents() {
    let number = |text: &str| {
        read(&format!(
            "# 关于灯会的规定\n\n<!-- INFO END -->\n\n{text}\n\n第一条 甲。\n"
        ))
        .number
    };
    assert_eq!(
        number("法释〔2025〕1号").as_deref(),
        Some("法释〔2025〕1号")
    );
    assert_eq!(
        number("某省人民政府令第12号").as_deref(),
        Some("某省人民政府令第12号")
    );
    assert_eq!(number("为了灯会，制定本规定。"), None);
}

#[test]
fn a_file_without_header_marks_or_with_front_matter_only() {
    let fields = StatuteFields {
        title: Some("灯会法".into()),
        gist: true,
        articles: Some(40),
        ..StatuteFields::default()
    };
    let text = "## 第二章 灯（第三条至第十二条）\n\n### 第一节 大灯（第三条、第四条）\n\n第七条 灯要亮。\n";
    let (statute, problems) = parse(&SourcePath::new("content/laws/deng.md"), text, fields);
    assert_eq!(statute.title, "灯会法");
    assert_eq!(statute.last_article(), Some(ArticleNo::new(40)));
    let range = |first, last| Some((ArticleNo::new(first), ArticleNo::new(last)));
    assert_eq!(
        statute.parts().next().and_then(|part| part.range),
        range(3, 12)
    );
    assert_eq!(
        statute.part_of(ArticleNo::new(9)).map(|part| &*part.title),
        Some("灯")
    );
    assert_eq!(statute.outline()[0].range, range(3, 12));
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn labels_as_they_are_met_in_the_wild() {
    check(
        "第一条 甲。\n\n第二 条乙。\n\n笫三条 丙。\n\n**第四条** 丁。\n\n## 第五条 戊。\n\n第六条\n己。\n",
        "
        art 1
          p1 甲。
        art 2
          p1 乙。
        art 3
          p1 丙。
        art 4
          p1 丁。
        art 5
          p1 戊。
        art 6
          p1 己。",
    );
}

#[test]
fn several_articles_in_one_line() {
    check(
        "第一条 甲。 第二条 乙有下列： （一）子； （二）丑。 另外一款。 第三条 丙，依照本规则第四条办。 第四条 丁。\n",
        "
        art 1
          p1 甲。
        art 2
          p1 乙有下列：
            i1 子；
            i2 丑。
          p2 另外一款。
        art 3
          p1 丙，依照本规则第四条办。
        art 4
          p1 丁。",
    );
}

#[test]
fn a_missing_article_is_found_inside_the_one_before() {
    check(
        "第一条 甲。\n\n第二条 乙管单第三条丙负责处理。\n\n第四条 丁。\n",
        "
        art 1
          p1 甲。
        art 2
          p1 乙管单
        art 3
          p1 丙负责处理。
        art 4
          p1 丁。",
    );
}

#[test]
fn references_at_the_start_of_a_line_are_no_articles() {
    check(
        "第一条 甲。\n\n第三条规定的情形除外。\n\n第二条 乙。\n\n第三条 丙。\n",
        "
        art 1
          p1 甲。
          p2 第三条规定的情形除外。
        art 2
          p1 乙。
        art 3
          p1 丙。",
    );
}

#[test]
fn quoted_articles_of_another_law_stay_text_and_are_reported() {
    let text = "第一条 甲。\n\n第二条 下列条文修改为：\n\n第一百条 丑。\n\n第三条 丙。\n\n第三条 丙又一次。\n\n第五条 戊。\n";
    check(
        text,
        "
        art 1
          p1 甲。
        art 2
          p1 下列条文修改为：
          p2 第一百条 丑。
        art 3
          p1 丙。
          p2 第三条 丙又一次。
        art 5
          p1 戊。",
    );
    let (_, problems) = parse(&SourcePath::new("a.md"), text, StatuteFields::default());
    let codes: Vec<_> = problems
        .iter()
        .map(|problem| {
            (
                problem.code,
                problem
                    .arg("article")
                    .or(problem.arg("after"))
                    .unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        codes,
        [
            ("law-article-repeated", "第一百条"),
            ("law-article-repeated", "第三条"),
            ("law-article-skipped", "第五条"),
            ("law-no-title", ""),
        ]
    );
}

#[test]
fn preamble_contents_tables_and_annexes_are_kept() {
    check(
        "法释〔2025〕1号\n\n为了灯会，制定本规定。\n\n目　录\n\n第一章 总则\n\n附则\n\n第一章 总则\n\n第一条 费用如下：\n\n<!-- TABLE -->\n| 灯 | 元 |\n|---|---|\n<!-- TABLE END -->\n\n## 附则\n\n附则只有一句。\n\n第二条 完。\n\n附件：\n\n第一条 表格填写说明。\n\n| 名 | 值 |\n",
        "
        Preamble 法释〔2025〕1号
        Preamble 为了灯会，制定本规定。
        Contents 目　录
        Contents 第一章 总则
        Contents 附则
        Chapter Some(1) 总则 #ch-c1
        art 1
          p1 费用如下：
          table | 灯 | 元 |⏎|---|---|
        Chapter None 附则 #ch-cx1
        Plain 附则只有一句。
        art 2
          p1 完。
        Annex None 附件： #ch-ax2
        Annex 第一条 表格填写说明。
        Table | 名 | 值 |",
    );
}

#[test]
fn a_text_without_articles_is_kept_whole() {
    check(
        "# 关于灯会的答复\n\n某厅：\n\n一、可以。\n",
        "\n        Plain 某厅：\n        Plain 一、可以。",
    );
}

#[test]
fn anchors_name_the_parts_above() {
    let statute = read(
        "## 第一编 甲\n\n### 第一章 乙\n\n#### 第一节 丙\n\n第一条 丁。\n\n## 第二编 戊\n\n### 第一章 己\n\n第二条 庚。\n",
    );
    let anchors: Vec<&str> = statute.parts().map(|part| &*part.anchor).collect();
    assert_eq!(
        anchors,
        ["ch-b1", "ch-b1-c1", "ch-b1-c1-s1", "ch-b2", "ch-b2-c1"]
    );
    let outline = statute.outline();
    assert_eq!(
        outline[1].children[0].range,
        Some((ArticleNo::new(2), ArticleNo::new(2)))
    );
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// What a reader of the printed form must find again: letters and digits, in order.
    fn letters(text: &str) -> String {
        let text = text.replace("<!-- INFO END -->", "");
        text.chars()
            .filter(|c| !label::is_blank(*c) && !matches!(c, '#' | '*'))
            .collect()
    }

    fn soup() -> impl Strategy<Value = String> {
        let pieces = [
            "第一条",
            "第二条",
            "第三条",
            "第四条",
            "第九条",
            "第二条之一",
            " ",
            "　",
            "\n",
            "\n\n",
            "## ",
            "# ",
            "第一章",
            "第二节",
            "总则",
            "（一）",
            "（二）",
            "（三）",
            "1.",
            "２．",
            "①",
            "一、",
            "规定",
            "。",
            "；",
            "：",
            "甲",
            "乙丙",
            "附件",
            "附件：",
            "目录",
            "| 甲 |",
            "**",
            "笫五条",
            "2020年1月2日",
            "通过",
            "（第一条至第二条）",
            "“",
            "”",
            "《灯会法》",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60)
            .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_survives(text in prop_oneof![".{0,80}", soup()]) {
            let statute = read(&text);
            prop_assert!(statute.files.len() == 1);
            for article in statute.articles() {
                prop_assert!(text.get(article.label_span.range()).is_some());
            }
        }

        #[test]
        fn no_letter_is_lost(text in soup()) {
            let text = format!("# 灯会条例\n\n{text}");
            let printed = print(&read(&text));
            let mut wanted: Vec<char> = letters(&text).chars().collect();
            let mut found: Vec<char> = letters(&printed).chars().collect();
            wanted.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(wanted, found);
        }

        #[test]
        fn the_printed_form_is_read_as_the_same_statute(text in soup()) {
            let once = read(&print(&read(&text)));
            let twice = read(&print(&once));
            prop_assert_eq!(without_spans(&twice), without_spans(&once));
        }
    }
}
