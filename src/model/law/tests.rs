use super::*;
use crate::base::SourcePath;
use crate::parse::statute::{StatuteFields, parse};

fn statute(file: &str, text: &str) -> Statute {
    parse(&SourcePath::new(file), text, StatuteFields::default()).0
}

fn library(files: &[(&str, &str)]) -> Library {
    Library::new(
        files
            .iter()
            .map(|(file, text)| statute(file, text))
            .collect(),
    )
}

#[track_caller]
fn check_name(library: &Library, name: &str, title: Option<&str>) {
    let found = library.find(name).map(|id| library.law(id).title.as_str());
    assert_eq!(found, title, "{name}");
}

#[test]
fn files_of_one_title_are_versions_newest_first() {
    let library = library(&[
        (
            "a/灯会法(2009-08-27).md",
            "# 中华人民共和国灯会法\n\n第一条 旧。\n",
        ),
        (
            "a/灯会法(2023-09-01).md",
            "# 中华人民共和国灯会法\n\n2023年9月1日 某会议修正\n\n2024年1月1日 施行\n\n<!-- INFO END -->\n\n第一条 新。\n",
        ),
    ]);
    let law = library.law(library.find("灯会法").expect("it is there"));
    let dates: Vec<_> = law
        .versions
        .iter()
        .map(|version| (version.date, version.from))
        .collect();
    let day = |year, month, day| Some(Date::constant(year, month, day));
    assert_eq!(
        dates,
        [
            (day(2023, 9, 1), day(2024, 1, 1)),
            (day(2009, 8, 27), day(2009, 8, 27))
        ]
    );
    assert_eq!(law.in_force(day(2023, 12, 31)), Some(1));
    assert_eq!(law.in_force(day(2024, 1, 1)), Some(0));
    assert_eq!(law.in_force(day(2000, 1, 1)), None);
    assert_eq!(law.version_url(0).as_str(), "/laws/denghuifa/");
    assert_eq!(law.version_url(1).as_str(), "/laws/denghuifa/2009-08-27/");
}

#[test]
fn the_books_of_a_code_are_one_law() {
    let book = |name: &str, first: &str, chapter: &str| {
        format!(
            "# 中华人民共和国灯会法典\n\n# {name}\n\n<!-- INFO END -->\n\n## {chapter}\n\n{first} 甲。\n"
        )
    };
    let (general, trade, rest) = (
        book("总则", "第一条", "第一章 一般"),
        book("买卖编", "第二条", "第一章 买"),
        book("附则", "第三条", ""),
    );
    let library = library(&[
        ("码/买卖编.md", &trade),
        ("码/附则.md", &rest),
        ("码/总则.md", &general),
    ]);
    let law = library.law(library.find("灯会法典").expect("one law"));
    assert_eq!(law.versions.len(), 1);
    let statute = &law.versions[0].statute;
    let numbers: Vec<u32> = statute.articles().map(|article| article.no.main).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let anchors: Vec<(&str, &str)> = statute
        .parts()
        .map(|part| (&*part.raw, &*part.anchor))
        .collect();
    assert_eq!(
        anchors,
        [
            ("第一编 总则", "ch-b1"),
            ("第一章 一般", "ch-b1-c1"),
            ("第二编 买卖", "ch-b2"),
            ("第一章 买", "ch-b2-c1"),
            ("附则", "ch-bx1"),
        ]
    );
    assert_eq!(
        statute.file_of(statute.elements.len() - 1).as_str(),
        "码/附则.md"
    );
}

#[test]
fn names_in_every_form() {
    let library = library(&[
        ("法/a.md", "# 中华人民共和国民事诉讼法\n\n第一条 甲。\n"),
        (
            "法/b.md",
            "# 中华人民共和国消费者权益保护法\n\n第一条 甲。\n",
        ),
        (
            "司法解释/c.md",
            "# 最高人民法院关于适用《中华人民共和国民事诉讼法》的解释\n\n第一条 甲。\n",
        ),
        (
            "司法解释/d.md",
            "# 最高人民法院关于审理灯会纠纷案件适用法律若干问题的解释（一）\n\n第一条 甲。\n",
        ),
        (
            "司法解释/e.md",
            "# 最高人民法院关于审理灯会纠纷案件适用法律若干问题的解释（二）\n\n第一条 甲。\n",
        ),
        (
            "司法解释/f.md",
            "# 最高人民法院关于审理生态灯光侵权责任纠纷案件适用法律若干问题的解释\n\n第一条 甲。\n",
        ),
    ]);
    let procedure = Some("中华人民共和国民事诉讼法");
    for name in [
        "中华人民共和国民事诉讼法",
        "民事诉讼法",
        "民诉法",
        " 民事 诉讼法",
        "民事诉讼法（2021修正）",
        "我国民事诉讼法",
    ] {
        check_name(&library, name, procedure);
    }
    check_name(&library, "消法", Some("中华人民共和国消费者权益保护法"));
    let interpretation = Some("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释");
    for name in [
        "最高人民法院关于适用〈民事诉讼法〉的解释",
        "关于适用<中华人民共和国民事诉讼法>的解释",
        "民诉法解释",
        "民事诉讼法司法解释",
    ] {
        check_name(&library, name, interpretation);
    }
    check_name(
        &library,
        "灯会纠纷司法解释（二）",
        Some("最高人民法院关于审理灯会纠纷案件适用法律若干问题的解释（二）"),
    );
    check_name(
        &library,
        "灯会司法解释二",
        Some("最高人民法院关于审理灯会纠纷案件适用法律若干问题的解释（二）"),
    );
    check_name(&library, "灯会诉讼法", None);
    let loose = library
        .find_interpretation("灯光侵权责任解释")
        .map(|id| library.law(id).title.as_str());
    assert_eq!(
        loose,
        Some("最高人民法院关于审理生态灯光侵权责任纠纷案件适用法律若干问题的解释")
    );
    assert_eq!(library.find_interpretation("灯会纠纷案件适用解释"), None);
    assert_eq!(library.nearest("民事诉诉法"), Some("民事诉讼法"));
}

#[test]
fn the_longest_name_before_an_article() {
    let library = library(&[
        ("a.md", "# 中华人民共和国劳动法\n\n第一条 甲。\n"),
        ("b.md", "# 中华人民共和国劳动合同法\n\n第一条 甲。\n"),
        ("c.md", "# 中华人民共和国刑事诉讼法\n\n第一条 甲。\n"),
    ]);
    let name = |text: &str| {
        library
            .name_before(text)
            .map(|(start, _)| text[start..].to_owned())
    };
    assert_eq!(name("罪名不属于刑事诉讼法").as_deref(), Some("刑事诉讼法"));
    assert_eq!(
        name("根据中华人民共和国劳动合同法").as_deref(),
        Some("中华人民共和国劳动合同法")
    );
    assert_eq!(name("依照合同法").as_deref(), Some("合同法"));
    assert_eq!(name("依照办法"), None);
}

#[test]
fn laws_the_civil_code_repealed_are_known_by_name() {
    let library = library(&[]);
    let law = library.law(library.find("婚姻法").expect("built in"));
    assert!(law.versions.is_empty());
    assert_eq!(
        law.repeal
            .as_ref()
            .and_then(|repeal| repeal.book.as_deref()),
        Some("婚姻家庭编")
    );
    assert_eq!(library.laws().len(), 9);
}

#[test]
fn slugs_are_pinyin_and_never_the_same() {
    let library = library(&[
        ("a.md", "# 中华人民共和国民法典\n\n第一条 甲。\n"),
        ("b.md", "# 重庆市银行条例\n\n第一条 甲。\n"),
        ("c.md", "# 重庆市银行调例\n\n第一条 甲。\n"),
    ]);
    let slug = |title: &str| library.law(library.find(title).expect(title)).slug.clone();
    assert_eq!(slug("民法典"), "minfadian");
    assert_eq!(slug("重庆市银行条例"), "chongqingshiyinhangtiaoli");
    assert!(
        slug("重庆市银行调例").starts_with("chongqingshiyinhangtiaoli-")
            || slug("重庆市银行调例").starts_with("chongqingshiyinhangdiaoli")
    );
    let long = statute(
        "d.md",
        &format!(
            "# 最高人民法院关于{}的解释\n\n第一条 甲。\n",
            "灯会".repeat(40)
        ),
    );
    let slug = Library::new(vec![long])
        .laws()
        .last()
        .map(|law| law.slug.len())
        .unwrap_or_default();
    assert!(slug <= 70, "{slug}");
}

#[test]
fn anchors_name_only_what_is_there() {
    let statute = statute(
        "a.md",
        "# 灯会法\n\n第二十四条 甲。\n\n有下列：\n\n（一）子；\n\n（二）丑。\n",
    );
    let article = statute.articles().next().expect("one");
    assert_eq!(anchor(article, None, None), "art-24");
    assert_eq!(anchor(article, Some(2), Some(1)), "art-24-p2-i1");
    assert_eq!(anchor(article, Some(9), None), "art-24");
    assert_eq!(anchor(article, None, Some(2)), "art-24-i2");
}

#[test]
fn a_gist_leads_to_the_chapter_of_an_article_it_does_not_list() {
    let fields = StatuteFields {
        title: Some("灯会法".into()),
        gist: true,
        articles: Some(40),
        ..StatuteFields::default()
    };
    let gist = parse(
        &SourcePath::new("g.md"),
        "## 第二章 灯（第三条至第十二条）\n\n第七条 灯要亮。\n",
        fields,
    )
    .0;
    let library = Library::new(vec![gist]);
    let law = library.law(library.find("灯会法").expect("it is there"));
    assert_eq!(
        law.article_url(0, ArticleNo::new(7), None, None).as_str(),
        "/laws/denghuifa/#art-7"
    );
    assert_eq!(
        law.article_url(0, ArticleNo::new(9), Some(1), None)
            .as_str(),
        "/laws/denghuifa/#ch-c2"
    );
    assert!(law.versions[0].has_article(ArticleNo::new(40)));
    assert!(!law.versions[0].has_article(ArticleNo::new(41)));
}

#[test]
fn a_library_renewed_is_the_library_made_afresh() {
    let law = |name: &str, text: &str| {
        let text = format!("# {name}\n\n第一条 {text}。\n");
        let path = SourcePath::new(format!("{name}.md"));
        Arc::new(parse(&path, &text, StatuteFields::default()).0)
    };
    let (lamps, rivers) = (law("灯会条例", "甲"), law("河道条例", "乙"));
    let before = Library::shared(vec![lamps.clone(), rivers.clone()], "/laws/");
    let changed = law("灯会条例", "丙");
    let renewed = Library::renewed(vec![changed.clone(), rivers.clone()], "/laws/", &before);
    let afresh = Library::shared(vec![changed, rivers.clone()], "/laws/");
    let addresses = |library: &Library| -> Vec<String> {
        library
            .laws()
            .iter()
            .map(|law| law.url().to_string())
            .collect()
    };
    assert_eq!(addresses(&renewed), addresses(&afresh));
    assert_eq!(renewed.find("灯会条例"), afresh.find("灯会条例"));
    let lamp_law = renewed.find("灯会条例").expect("it is there");
    assert_eq!(renewed.changed_since(&before), Some(vec![lamp_law]));
    // A law more is another library: its names have to be worked out anew.
    let more = Library::renewed(
        vec![lamps, rivers, law("桥梁条例", "丁")],
        "/laws/",
        &before,
    );
    assert!(more.find("桥梁条例").is_some());
    assert_eq!(more.changed_since(&before), None);
}
