//! Cases (以案说法): their front matter, their parts by heading, and the check that nobody in them can be recognised.

use std::ops::Range;

use super::fields::Fields;
use crate::base::{Date, SourcePath};
use crate::diag::Diagnostic;
use crate::doc::text::{Flat, is_han};
use crate::doc::{BlockKind, Document, text};

/// The level of the court that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CourtLevel {
    /// 基层人民法院.
    Basic,
    /// 中级人民法院.
    Intermediate,
    /// 高级人民法院.
    High,
    /// 最高人民法院.
    Supreme,
    /// 专门人民法院.
    Special,
    /// 仲裁机构: an arbitration body.
    Arbitration,
}

impl CourtLevel {
    /// Every level with the name front matter has for it.
    pub const NAMES: [(&'static str, CourtLevel); 6] = [
        ("基层人民法院", CourtLevel::Basic),
        ("中级人民法院", CourtLevel::Intermediate),
        ("高级人民法院", CourtLevel::High),
        ("最高人民法院", CourtLevel::Supreme),
        ("专门人民法院", CourtLevel::Special),
        ("仲裁机构", CourtLevel::Arbitration),
    ];

    /// The name front matter has for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, level)| *level == self)
            .map_or("", |(name, _)| name)
    }
}

/// The keys of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFields {
    /// The level of the court.
    pub court_level: Option<CourtLevel>,
    /// When it was decided.
    pub decided: Option<Date>,
    /// Whether the facts are invented for teaching.
    pub teaching: bool,
    /// Where the case was published.
    pub source: Option<String>,
    /// What it is about, in the courts' words (案由).
    pub cause: Option<String>,
    /// Words it is found by.
    pub keywords: Vec<String>,
}

/// Reads the keys of a case.
pub fn read(fields: &mut Fields<'_>) -> CaseFields {
    CaseFields {
        court_level: fields.choice("court_level", &CourtLevel::NAMES),
        decided: fields.date("decided"),
        teaching: fields.bool("teaching").unwrap_or(false),
        source: fields.string("source"),
        cause: fields.string("cause"),
        keywords: fields.strings("keywords"),
    }
}

/// A part of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// 基本案情: what happened.
    Facts,
    /// 争议焦点: what was in dispute.
    Dispute,
    /// 裁判结果: what was decided.
    Ruling,
    /// 法官说法: why.
    Comment,
    /// 提醒: what to learn from it.
    Lessons,
}

impl Part {
    /// Every part with the headings it goes by; the first is the usual one.
    pub const HEADINGS: [(Part, &'static [&'static str]); 5] = [
        (
            Part::Facts,
            &[
                "基本案情",
                "案情",
                "案情简介",
                "案情回顾",
                "案例",
                "案件事实",
            ],
        ),
        (Part::Dispute, &["争议焦点", "焦点", "争议", "争议问题"]),
        (
            Part::Ruling,
            &[
                "裁判结果",
                "判决结果",
                "处理结果",
                "法院判决",
                "裁决结果",
                "法院审理",
                "裁判要旨",
            ],
        ),
        (
            Part::Comment,
            &[
                "法官说法",
                "法官点评",
                "律师说法",
                "律师点评",
                "典型意义",
                "以案说法",
                "法律分析",
                "评析",
                "说法",
            ],
        ),
        (
            Part::Lessons,
            &[
                "提醒",
                "温馨提示",
                "普法提示",
                "启示",
                "案件启示",
                "法官提醒",
                "提示",
            ],
        ),
    ];

    /// The part a heading names.
    #[must_use]
    pub fn of_heading(heading: &str) -> Option<Self> {
        let heading = heading.trim();
        Self::HEADINGS
            .iter()
            .find(|(_, names)| names.contains(&heading))
            .map(|(part, _)| *part)
    }

    /// Its usual heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        Self::HEADINGS
            .iter()
            .find(|(part, _)| *part == self)
            .map_or("", |(_, names)| names[0])
    }
}

/// The parts of a case: for each the range of the document's blocks behind its heading, in the order written.
#[must_use]
pub fn parts(document: &Document) -> Vec<(Part, Range<usize>)> {
    let mut parts: Vec<(Part, Range<usize>)> = Vec::new();
    let mut open: Option<(Part, u8, usize)> = None;
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::Heading(heading) = &block.kind else {
            continue;
        };
        if let Some((part, level, start)) = open
            && heading.level <= level
        {
            parts.push((part, start..index));
            open = None;
        }
        if open.is_none() {
            open = Part::of_heading(&text::plain(&heading.content))
                .map(|part| (part, heading.level, index + 1));
        }
    }
    if let Some((part, _, start)) = open {
        parts.push((part, start..document.blocks.len()));
    }
    parts
}

/// Checks a case: its necessary parts are there, and nobody in it can be recognised.
pub fn check(document: &Document, file: &SourcePath, diagnostics: &mut Vec<Diagnostic>) {
    let found = parts(document);
    for part in [Part::Facts, Part::Ruling] {
        if !found.iter().any(|(other, _)| *other == part) {
            diagnostics
                .push(Diagnostic::in_file("case-part-missing", file).with("part", part.heading()));
        }
    }
    check_anonymity(&text::flat(document), file, diagnostics);
}

/// Reports what could tell who somebody is: full names behind 原告, 被告…, identity numbers whose check digit is right,
/// mobile telephone numbers.
pub fn check_anonymity(flat: &Flat, file: &SourcePath, diagnostics: &mut Vec<Diagnostic>) {
    let report = |code: &'static str, range: Range<usize>, diagnostics: &mut Vec<Diagnostic>| {
        let shown = masked(code, &flat.text[range.clone()]);
        diagnostics.push(
            Diagnostic::at(code, file, flat.span(range.start, range.end)).with("found", shown),
        );
    };
    for name in full_names(&flat.text) {
        report("case-full-name", name, diagnostics);
    }
    for (code, range) in numbers(&flat.text) {
        report(code, range, diagnostics);
    }
}

/// What a message shows of a find: names in full, of numbers no more than needed to know them again.
fn masked(code: &str, found: &str) -> String {
    if code == "case-full-name" {
        return found.to_owned();
    }
    let digits: Vec<char> = found.chars().collect();
    let (head, tail) = (
        digits.iter().take(3),
        digits.iter().skip(digits.len().saturating_sub(2)),
    );
    head.chain(['…'].iter()).chain(tail).collect()
}

/// Words behind which the name of a person stands.
const ROLES: &[&str] = &[
    "被上诉人",
    "上诉人",
    "被申请人",
    "申请人",
    "被执行人",
    "申请执行人",
    "被申诉人",
    "犯罪嫌疑人",
    "法定代理人",
    "委托代理人",
    "委托诉讼代理人",
    "法定代表人",
    "被告人",
    "被害人",
    "受害人",
    "原告",
    "被告",
    "第三人",
    "证人",
    "死者",
    "伤者",
    "出借人",
    "借款人",
    "担保人",
    "保证人",
    "投保人",
];

const COMPOUND: [&str; 12] = [
    "欧阳", "上官", "司马", "诸葛", "慕容", "司徒", "夏侯", "皇甫", "尉迟", "令狐", "宇文", "东方",
];

/// Surnames that are seldom the beginning of a word behind a role.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹彭肖田董袁潘蔡蒋杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付邹熊白孟秦邱侯江尹薛闫段雷黎史龙贺陶顾毛郝龚邵钱覃武戴莫孔汤温康葛樊俞章鲁倪严牛岳齐梅庄辛管祝左涂谷祁耿牟卜路詹凌霍翁柯阮焦柳欧翟裴鲍甘屈饶邬桂尤卓";

/// Surnames that as often begin a word (于当日, 高度, 安排): a name only where a list of parties is (`原告：于某某，男`).
const DOUBTFUL: &str =
    "于余高曾万方成安常易向时单经包全连应和解计项强言水季宁尚关明文华平同双都支房";

/// Words that begin with a surname and are no name.
const WORDS: &[&str] = &[
    "何时", "何地", "何种", "何人", "何以", "任何", "任意", "任职", "任务", "许可", "许诺", "许多",
    "马上", "金额", "金钱", "付款", "付清", "付给", "付出", "付了", "付钱", "钱款", "江苏", "程序",
    "程度", "石材", "白天", "白条", "段时", "毛利", "武力", "田地", "黄金", "周末", "周边", "周围",
    "陆续", "夏天", "夏季", "顾客", "顾虑", "谢绝", "沈阳", "郑州", "杭州", "温州", "苏州", "徐州",
    "金融", "林业", "林地", "严重", "严格", "康复", "路过", "路上", "管理", "章程", "陈述", "陈词",
    "张贴", "白白", "许久", "石头", "毛病", "田间", "武断", "马路", "孔隙", "丁字", "黄昏", "林权",
    "高度",
];

/// Words that may follow a name without a mark between.
const FOLLOWING: &[&str] = &[
    "与", "和", "诉", "系", "于", "向", "在", "称", "因", "以", "将", "对", "认为", "提出", "起诉",
    "辩称", "是", "为", "经", "到", "从", "把", "被", "的", "驾驶", "借", "主张", "要求", "请求",
    "签", "支付", "承担", "没有", "未",
];

/// The ranges of full names behind roles.
fn full_names(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for role in ROLES {
        for (at, _) in text.match_indices(role) {
            if let Some(name) = name_behind(text, at + role.len())
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

fn name_behind(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let listed = rest.starts_with(['：', ':']);
    let name_at = at + rest.len() - rest.trim_start_matches(['：', ':', ' ', '\u{3000}']).len();
    let rest = &text[name_at..];
    let surname = COMPOUND
        .iter()
        .find(|surname| rest.starts_with(**surname))
        .map(|surname| surname.len());
    let first = rest.chars().next()?;
    let doubtful = DOUBTFUL.contains(first);
    let surname =
        surname.or_else(|| (SURNAMES.contains(first) || doubtful).then(|| first.len_utf8()))?;
    if WORDS.iter().any(|word| rest.starts_with(word)) {
        return None;
    }
    (1..=2).find_map(|length| {
        let end = surname
            + rest[surname..]
                .char_indices()
                .nth(length - 1)
                .map(|(at, c)| at + c.len_utf8())?;
        let given = &rest[surname..end];
        let after = &rest[end..];
        let ends = if doubtful {
            listed && ends_name(after)
        } else {
            ends_name(after)
        };
        (given.chars().all(is_name_character) && !is_title(given) && ends)
            .then(|| name_at..name_at + end)
    })
}

/// A Han character that may be part of a given name; 某 and the signs for one left out are not.
fn is_name_character(c: char) -> bool {
    is_han(c)
        && !matches!(
            c,
            '某' | '甲'
                | '乙'
                | '丙'
                | '丁'
                | '戊'
                | '〇'
                | '的'
                | '与'
                | '和'
                | '向'
                | '于'
                | '在'
                | '诉'
                | '称'
                | '是'
                | '将'
                | '已'
                | '未'
                | '不'
                | '也'
                | '都'
                | '就'
                | '还'
                | '又'
                | '曾'
                | '应'
                | '须'
                | '可'
        )
}

/// 王女士, 李师傅 are no full names.
fn is_title(given: &str) -> bool {
    [
        "女士", "先生", "阿姨", "师傅", "大爷", "大妈", "老师", "医生", "经理", "律师", "法官",
        "婆婆", "爷爷", "奶奶", "大姐", "大哥", "叔叔", "家", "氏", "姐", "哥", "叔", "姨", "总",
        "工", "老", "嫂", "公司",
    ]
    .contains(&given)
}

fn ends_name(after: &str) -> bool {
    match after.chars().next() {
        None => true,
        Some(c) => {
            !c.is_alphanumeric() && c != '×' && c != '*'
                || FOLLOWING.iter().any(|word| after.starts_with(word))
        }
    }
}

/// Identity numbers and mobile telephone numbers, in order.
fn numbers(text: &str) -> Vec<(&'static str, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = run_end(bytes, at);
        let digits: Vec<u8> = bytes[at..end]
            .iter()
            .copied()
            .filter(u8::is_ascii_alphanumeric)
            .collect();
        let joined = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'.');
        if !joined && is_identity_number(&digits) {
            found.push(("case-identity-number", at..end));
        } else if !joined && is_mobile_number(&digits) {
            found.push(("case-mobile-number", at..end));
        }
        at = end;
    }
    found
}

/// The end of a run of digits in groups parted by a space or hyphen, with an `X` at the end.
fn run_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() {
        let next_is_digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        match bytes[at] {
            b'0'..=b'9' => at += 1,
            b' ' | b'-' if next_is_digit => at += 1,
            b'X' | b'x' => return at + 1,
            _ => break,
        }
    }
    at
}

fn is_mobile_number(digits: &[u8]) -> bool {
    let digits = digits
        .strip_prefix(b"86")
        .filter(|rest| rest.len() == 11)
        .unwrap_or(digits);
    digits.len() == 11
        && digits[0] == b'1'
        && (b'3'..=b'9').contains(&digits[1])
        && digits.iter().all(u8::is_ascii_digit)
}

/// Whether these are the characters of a resident identity number: a day of birth that can be, and the right check
/// digit (GB 11643: ISO 7064 MOD 11-2).
fn is_identity_number(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: [u8; 11] = *b"10X98765432";
    if digits.len() != 18 || !digits[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: Range<usize>| {
        digits[range]
            .iter()
            .fold(0i16, |sum, digit| sum * 10 + i16::from(digit - b'0'))
    };
    let (year, month, day) = (number(6..10), number(10..12), number(12..14));
    let born = i8::try_from(month)
        .ok()
        .zip(i8::try_from(day).ok())
        .and_then(|(month, day)| Date::new(year, month, day).ok());
    if born.is_none() || !(1900..2100).contains(&year) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECK[(sum % 11) as usize] == digits[17].to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown::{self, MarkdownOptions};
    use crate::parse::syntax::{Syntax, read_table};
    use crate::parse::testing::places;

    fn document(text: &str) -> Document {
        markdown::parse(
            text,
            0,
            &SourcePath::new("a.md"),
            &MarkdownOptions::default(),
            &mut Vec::new(),
        )
    }

    #[track_caller]
    fn check_text(text: &str, problems: &[&str]) {
        let mut diagnostics = Vec::new();
        check_anonymity(
            &text::flat(&document(text)),
            &SourcePath::new("a.md"),
            &mut diagnostics,
        );
        assert_eq!(places(text, &diagnostics), problems, "{text}");
    }

    #[test]
    fn keys_of_a_case() {
        let text = "court_level = \"基层法院\"\ndecided = 2025-06-12\nteaching = true\n";
        let (file, mut diagnostics) = (SourcePath::new("a.md"), Vec::new());
        let table = read_table(Syntax::Toml, text, 0, &file, &mut diagnostics);
        let mut fields = Fields::new(&table, &file, &mut diagnostics);
        let case = read(&mut fields);
        fields.finish();
        assert_eq!((case.court_level, case.teaching), (None, true));
        let found = places(text, &diagnostics);
        assert!(
            found.len() == 1
                && found[0].starts_with("1:15 unknown-value court_level 基层法院 基层人民法院"),
            "{found:?}"
        );
        assert_eq!(CourtLevel::High.name(), "高级人民法院");
    }

    #[test]
    fn parts_are_found_by_their_headings() {
        let document = document(
            "> 教学案例\n\n## 基本案情\n\n甲。\n\n### 起因\n\n乙。\n\n## 判决结果\n\n丙。\n\n## 附\n\n丁。\n",
        );
        assert_eq!(
            parts(&document),
            [(Part::Facts, 2..5), (Part::Ruling, 6..7)]
        );
    }

    #[test]
    fn a_case_without_ruling_is_named() {
        let mut diagnostics = Vec::new();
        check(
            &document("## 案情\n\n甲。\n"),
            &SourcePath::new("a.md"),
            &mut diagnostics,
        );
        assert_eq!(places("", &diagnostics), ["1:1 case-part-missing 裁判结果"]);
    }

    #[test]
    fn full_names_behind_roles_are_found() {
        check_text("原告王小明，男，住甲市。", &["1:3 case-full-name 王小明"]);
        check_text("**被告人**：李强于当日离开。", &["1:9 case-full-name 李强"]);
        check_text(
            "被告欧阳明月辩称，法定代表人陈晨。",
            &["1:3 case-full-name 欧阳明月", "1:15 case-full-name 陈晨"],
        );
        check_text("原告：于涛，男。", &["1:4 case-full-name 于涛"]);
        check_text(
            "原告张华诉被告刘平，买卖合同纠纷。",
            &["1:3 case-full-name 张华", "1:8 case-full-name 刘平"],
        );
    }

    #[test]
    fn names_left_out_and_common_words_are_not_names() {
        for text in [
            "原告张某，被告李某某，第三人王×。",
            "原告小王诉被告乙公司。",
            "原告王女士与被告李师傅。",
            "被告于当日付款，原告应当举证，原告方面认为。",
            "原告何时知道，被告任意解除，被告许可。",
            "被告付款后，原告马上离开。",
            "原告认为被告安排不当，原告陈述。",
            "证人张阿姨说。",
        ] {
            check_text(text, &[]);
        }
    }

    #[test]
    fn numbers_that_tell_who_are_found_and_not_repeated_in_full() {
        check_text(
            "身份证号110101190001010014。",
            &["1:5 case-identity-number 110…14"],
        );
        check_text(
            "身份证号110101190001010011，订单号11010119000101001499。",
            &[],
        );
        check_text(
            "电话13800138000，或 138-0013-8000。",
            &[
                "1:3 case-mobile-number 138…00",
                "1:17 case-mobile-number 138…00",
            ],
        );
        check_text(
            "借款13800138000元的样子，138****8000，12348。",
            &["1:3 case-mobile-number 138…00"],
        );
        check_text("金额 1380013.8 元，账号 6222138001380001。", &[]);
    }
}
