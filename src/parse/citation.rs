//! The grammar of citations: what 第一千零七十九条第二款, 《…》, （以下简称…）, 前款 look like in a text.
//!
//! Every function reads at a place of a text and says what stands there, with byte offsets. Which law is meant is not
//! known here; that is [`crate::resolve::citation`].

use crate::base::ArticleNo;
use crate::base::numeral::read_number;

use super::statute::label::{is_blank, part_label};

/// One article named in a text, with its paragraph and item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The article; `None` for a paragraph or item named alone (第二款).
    pub article: Option<ArticleNo>,
    /// 款.
    pub paragraph: Option<u32>,
    /// 项.
    pub item: Option<u32>,
    /// Whether it and the next one are the ends of a range (至).
    pub range: bool,
}

/// A title in book-title marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title<'a> {
    /// First byte: 《.
    pub start: usize,
    /// One past 》.
    pub end: usize,
    /// What stands between the marks.
    pub name: &'a str,
}

/// A bracket behind a title: a year, a number, an abbreviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bracket<'a> {
    /// One past the closing bracket.
    pub end: usize,
    /// What stands inside.
    pub text: &'a str,
    /// The abbreviation it introduces: 以下简称《劳动法》.
    pub alias: Option<&'a str>,
}

/// What 前 stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 条.
    Article,
    /// 款.
    Paragraph,
    /// 项.
    Item,
}

/// 前款, 前两项, 前条第二款.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// What is counted.
    pub unit: Unit,
    /// How many.
    pub count: u32,
    /// What is named by it: one reference, or several in 前款第三项、第四项. Paragraphs and items are those named behind it.
    pub refs: Vec<Reference>,
}

/// Who 本法, 该法, 同法 point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// 本: the statute itself.
    Own,
    /// 该, 同, 上述: the last one named.
    Last,
}

/// What norms call themselves, the longest first.
pub const KINDS: [&str; 25] = [
    "司法解释",
    "修正案",
    "法典",
    "条例",
    "规定",
    "解释",
    "办法",
    "细则",
    "规则",
    "决定",
    "规程",
    "规范",
    "意见",
    "通知",
    "准则",
    "公约",
    "标准",
    "批复",
    "答复",
    "通则",
    "宪法",
    "安排",
    "决议",
    "方案",
    "法",
];

/// Words between 本 and the kind: 本实施细则, 本补充规定.
const QUALIFIERS: [&str; 6] = ["实施", "补充", "暂行", "若干", "议事", "管理"];

/// The parts a statute speaks of itself by: 本章第九条.
const OWN_PARTS: [&str; 5] = ["分编", "章", "节", "编", "部分"];

/// The next place behind blanks and emphasis marks.
#[must_use]
pub fn skip(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches(is_passed_over).len()
}

/// The end of the text before `at` without blanks and emphasis marks; line ends are not passed over.
#[must_use]
pub fn skip_back(text: &str, at: usize) -> usize {
    text[..at]
        .trim_end_matches(|c| c != '\n' && is_passed_over(c))
        .len()
}

fn is_passed_over(c: char) -> bool {
    is_blank(c) || matches!(c, '*' | '_')
}

/// A number in a list that ends with its unit: 第三十九、四十条.
#[derive(Clone, Copy, Debug)]
struct Number {
    start: usize,
    end: usize,
    value: u32,
    sub: u32,
    range: bool,
}

/// Reads `第 n 条`, `第 n、m 条`, `第 n 至 m 条`, and the like with 款 and 项; items may be in brackets.
/// `ordinal`: whether 第 must stand before it.
fn numbers(text: &str, at: usize, unit: char, ordinal: bool) -> Option<(Vec<Number>, usize)> {
    let mut list: Vec<Number> = Vec::new();
    let mut start = at;
    let mut pos = match text[at..].strip_prefix('第') {
        Some(_) => skip(text, at + '第'.len_utf8()),
        None if ordinal => return None,
        None => at,
    };
    for _ in 0..40 {
        let (value, after) = bracketed_number(text, pos, unit)?;
        let unit_at = skip(text, after);
        if let Some(rest) = text[unit_at..].strip_prefix(unit) {
            let mut number = Number {
                start,
                end: text.len() - rest.len(),
                value,
                sub: 0,
                range: false,
            };
            if unit == '条'
                && let Some((sub, end)) = inserted(text, number.end)
            {
                (number.sub, number.end) = (sub, end);
            }
            list.push(number);
            return Some((list, number.end));
        }
        let (next, range) = match connector(text, after) {
            Some(found) => found,
            None if text[after..].starts_with(['（', '(']) => (after, false),
            None => return None,
        };
        // 第120-1条 is no range but an inserted article.
        if range
            && unit == '条'
            && let Some((sub, end)) = dashed(text, after, value)
        {
            list.push(Number {
                start,
                end,
                value,
                sub,
                range: false,
            });
            return Some((list, end));
        }
        list.push(Number {
            start,
            end: after,
            value,
            sub: 0,
            range,
        });
        start = skip(text, next);
        pos = match text[start..].strip_prefix('第') {
            Some(_) => skip(text, start + '第'.len_utf8()),
            None => start,
        };
    }
    None
}

fn dashed(text: &str, after: usize, main: u32) -> Option<(u32, usize)> {
    let rest = text[after..].strip_prefix('-')?;
    let (sub, used) = read_number(rest)?;
    let behind = rest[used..].strip_prefix('条')?;
    (sub < main && sub < 20 && main > 20).then_some((sub, text.len() - behind.len()))
}

fn bracketed_number(text: &str, at: usize, unit: char) -> Option<(u32, usize)> {
    let open = matches!(unit, '项' | '目') && text[at..].starts_with(['（', '(']);
    let inside = if open {
        skip(text, at + text[at..].chars().next()?.len_utf8())
    } else {
        at
    };
    let (value, used) = read_number(&text[inside..])?;
    if value == 0 {
        return None;
    }
    let after = inside + used;
    if !open {
        return Some((value, after));
    }
    let close = skip(text, after);
    text[close..]
        .strip_prefix(['）', ')'])
        .map(|rest| (value, text.len() - rest.len()))
}

/// 之一 behind 条.
fn inserted(text: &str, at: usize) -> Option<(u32, usize)> {
    let after = text[skip(text, at)..].strip_prefix('之')?;
    let (number, used) = read_number(after)?;
    let rest = &after[used..];
    let word = rest.starts_with(['般', '切', '间', '种', '个', '年', '月', '日']);
    (number > 0 && number < 100 && !word).then_some((number, text.len() - rest.len()))
}

/// What joins articles: 、 和 及 or 至. Gives the place behind it and whether it makes a range.
fn connector(text: &str, at: usize) -> Option<(usize, bool)> {
    const JOINS: [&str; 11] = [
        "或者", "以及", "和", "及", "或", "与", "并", "、", "，", ",", "暨",
    ];
    const RANGES: [&str; 10] = ["——", "至", "到", "—", "－", "-", "–", "~", "～", "―"];
    let at = skip(text, at);
    let rest = &text[at..];
    let range = RANGES
        .iter()
        .find(|word| rest.starts_with(**word))
        .map(|word| (at + word.len(), true));
    range.or_else(|| {
        JOINS
            .iter()
            .find(|word| rest.starts_with(**word))
            .map(|word| (at + word.len(), false))
    })
}

/// Reads the articles named from `at` on, where 第 stands: one, a list or a range, each with its paragraphs and items.
/// `None` where no article begins, or where 条 is a measure word (第三条路).
///
/// ```
/// use pufa::parse::citation::chain;
/// let refs = chain("第三十九条和第四十条第一项、第二项的规定", 0).expect("three");
/// let items: Vec<_> = refs.iter().map(|r| (r.article.map(|no| no.main), r.item)).collect();
/// assert_eq!(items, [(Some(39), None), (Some(40), Some(1)), (Some(40), Some(2))]);
/// ```
#[must_use]
pub fn chain(text: &str, at: usize) -> Option<Vec<Reference>> {
    read_chain(text, at, true)
}

/// As [`chain`], where 第 may be left out because a title stands before it: 《商标法》16条.
#[must_use]
pub fn chain_behind_title(text: &str, at: usize) -> Option<Vec<Reference>> {
    let digit = text[at..].starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    read_chain(text, at, !digit)
}

fn read_chain(text: &str, at: usize, ordinal: bool) -> Option<Vec<Reference>> {
    let mut refs: Vec<Reference> = Vec::new();
    let (articles, mut pos) = numbers(text, at, '条', ordinal)?;
    push_articles(&mut refs, &articles);
    pos = attach(text, pos, &mut refs);
    while let Some((next, more)) = listed(text, pos, &mut refs) {
        pos = next;
        if !more {
            break;
        }
    }
    let last = refs.last()?;
    let plain = text[..last.end].ends_with('条');
    (!(plain && is_measured(&text[last.end..]))).then_some(refs)
}

fn push_articles(refs: &mut Vec<Reference>, articles: &[Number]) {
    refs.extend(articles.iter().map(|number| Reference {
        start: number.start,
        end: number.end,
        article: Some(ArticleNo::inserted(number.value, number.sub)),
        paragraph: None,
        item: None,
        range: number.range,
    }));
}

/// Gives the last reference the paragraphs and items behind it; further ones become references of their own.
fn attach(text: &str, at: usize, refs: &mut Vec<Reference>) -> usize {
    let mut pos = at;
    if let Some((paragraphs, end)) = numbers(text, part_at(text, pos), '款', false) {
        add_paragraphs(refs, &paragraphs, true);
        pos = end;
    }
    attach_items(text, pos, refs)
}

/// Where a paragraph or item may begin behind `at`: behind blanks, and behind 的 in 第三十一条的第二款.
fn part_at(text: &str, at: usize) -> usize {
    let next = skip(text, at);
    match text[next..].strip_prefix('的') {
        Some(rest) if rest.starts_with('第') => next + '的'.len_utf8(),
        Some(_) | None => next,
    }
}

/// Adds paragraphs of the article named last; the first one belongs to its reference when nothing stands between.
fn add_paragraphs(refs: &mut Vec<Reference>, paragraphs: &[Number], first_belongs: bool) {
    add_parts(refs, paragraphs, first_belongs, |last, number| Reference {
        paragraph: Some(number),
        item: None,
        ..last
    });
}

/// The same for items of the paragraph or article named last.
fn add_items(refs: &mut Vec<Reference>, items: &[Number], first_belongs: bool) {
    add_parts(refs, items, first_belongs, |last, number| Reference {
        item: Some(number),
        ..last
    });
}

fn add_parts(
    refs: &mut Vec<Reference>,
    numbers: &[Number],
    first_belongs: bool,
    part: impl Fn(Reference, u32) -> Reference,
) {
    let Some(mut last) = refs.last().copied() else {
        return;
    };
    for (index, number) in numbers.iter().enumerate() {
        if index == 0 && first_belongs {
            refs.pop();
        } else {
            last.start = number.start;
        }
        last = Reference {
            end: number.end,
            range: number.range,
            ..part(last, number.value)
        };
        refs.push(last);
    }
}

fn attach_items(text: &str, at: usize, refs: &mut Vec<Reference>) -> usize {
    let mut pos = at;
    if let Some((items, end)) = numbers(text, part_at(text, pos), '项', false) {
        add_items(refs, &items, true);
        pos = end;
    }
    // A sub-item (目) belongs to the citation, but has no anchor of its own.
    if let Some((_, end)) = numbers(text, skip(text, pos), '目', true)
        && let Some(last) = refs.last_mut().filter(|last| last.item.is_some())
    {
        last.end = end;
        pos = end;
    }
    pos
}

/// Goes on with a list behind a connector: another article, paragraph or item. Gives the place behind it and whether more
/// may follow.
fn listed(text: &str, at: usize, refs: &mut Vec<Reference>) -> Option<(usize, bool)> {
    let (next, range) = connector(text, at)?;
    let next = skip(text, next);
    let last = *refs.last()?;
    let before = refs.len();
    let is_counted = |refs: &mut Vec<Reference>| {
        if let Some(previous) = refs.get_mut(before - 1) {
            previous.range = range;
        }
    };
    // 第十条至十五条 leaves 第 out; behind a comma a bare number is something else.
    let loose = !text[..next]
        .trim_end_matches(is_passed_over)
        .ends_with(['，', ',']);
    if let Some((articles, end)) = numbers(text, next, '条', !loose) {
        let single = articles.len() == 1;
        if single && text[..end].ends_with('条') && is_measured(&text[end..]) {
            return None;
        }
        push_articles(refs, &articles);
        is_counted(refs);
        return Some((attach(text, end, refs), true));
    }
    // 第二百八十七条之一、之二
    if text[..last.end].ends_with(|c: char| !matches!(c, '款' | '项' | '目'))
        && let Some(main) = last.article.filter(|no| no.sub > 0)
        && let Some((sub, end)) = inserted(text, next)
    {
        refs.push(Reference {
            start: next,
            end,
            article: Some(ArticleNo::inserted(main.main, sub)),
            paragraph: None,
            item: None,
            range: false,
        });
        is_counted(refs);
        return Some((attach(text, end, refs), true));
    }
    if let Some((paragraphs, end)) = numbers(text, next, '款', true) {
        add_paragraphs(refs, &paragraphs, false);
        is_counted(refs);
        return Some((attach_items(text, end, refs), true));
    }
    let bracketed = text[next..].starts_with(['（', '(']);
    if last.item.is_some()
        && let Some((items, end)) = numbers(text, next, '项', !bracketed)
    {
        add_items(refs, &items, false);
        is_counted(refs);
        return Some((end, true));
    }
    None
}

/// Paragraphs and items named without an article: 第二款第三项 at `at`.
#[must_use]
pub fn part_of_article(text: &str, at: usize) -> Option<Vec<Reference>> {
    let empty = Reference {
        start: at,
        end: at,
        article: None,
        paragraph: None,
        item: None,
        range: false,
    };
    let mut refs = vec![empty];
    let mut pos = match numbers(text, at, '款', true) {
        Some((paragraphs, end)) => {
            add_paragraphs(&mut refs, &paragraphs, true);
            attach_items(text, end, &mut refs)
        }
        None => {
            let (items, end) = numbers(text, at, '项', true)?;
            add_items(&mut refs, &items, true);
            end
        }
    };
    while let Some((next, _)) = (refs.last()?.article.is_none())
        .then(|| listed_parts(text, pos, &mut refs))
        .flatten()
    {
        pos = next;
    }
    Some(refs)
}

fn listed_parts(text: &str, at: usize, refs: &mut Vec<Reference>) -> Option<(usize, bool)> {
    let (next, _) = connector(text, at)?;
    if numbers(text, skip(text, next), '条', true).is_some() {
        return None;
    }
    listed(text, at, refs)
}

/// Whether what stands behind 条 makes it a measure word: 第三条路, 第二条生产线; or 第五条款.
fn is_measured(behind: &str) -> bool {
    const THINGS: [&str; 66] = [
        "款项",
        "款",
        "生产线",
        "流水线",
        "线索",
        "线路",
        "铁路",
        "公路",
        "道路",
        "马路",
        "小路",
        "出路",
        "退路",
        "路径",
        "路线",
        "路子",
        "街",
        "河",
        "鱼",
        "狗",
        "裤",
        "裙",
        "腿",
        "船",
        "消息",
        "短信",
        "微信",
        "评论",
        "建议",
        "理由",
        "原因",
        "证据",
        "经验",
        "途径",
        "渠道",
        "措施",
        "腰带",
        "毛巾",
        "项链",
        "视频",
        "信息",
        "新闻",
        "弹幕",
        "高速",
        "地铁",
        "航线",
        "跑道",
        "车道",
        "人命",
        "命",
        "心得",
        "烟",
        "产品线",
        "战线",
        "防线",
        "红线",
        "底线",
        "主线",
        "暗线",
        "管道",
        "通道",
        "记录",
        "标语",
        "朋友圈",
        "推文",
        "赛道",
    ];
    let behind = behind.trim_start_matches(is_passed_over);
    if let Some(rest) = behind.strip_prefix('路') {
        return !rest.starts_with([
            '政', '面', '段', '产', '基', '桥', '由', '口', '网', '权', '域', '灯', '线',
        ]);
    }
    if let Some(rest) = behind.strip_prefix('线') {
        return !rest.starts_with(['上', '下', '路', '缆']);
    }
    THINGS.iter().any(|thing| behind.starts_with(thing))
}

/// The title that begins with 《 at `at`, with titles inside it: 《关于适用〈…〉的解释》, 《关于适用《…》的解释》.
#[must_use]
pub fn title(text: &str, at: usize) -> Option<Title<'_>> {
    const LONGEST: usize = 160 * 3;
    let open = '《'.len_utf8();
    let rest = text[at..].strip_prefix('《')?;
    let mut depth = 1usize;
    let mut first_close = None;
    for (offset, c) in rest.char_indices() {
        if offset > LONGEST || c == '\u{FFFC}' || rest[offset..].starts_with("\n\n") {
            break;
        }
        match c {
            '《' => depth += 1,
            '》' => {
                depth -= 1;
                first_close.get_or_insert(offset);
                if depth == 0 {
                    return Some(Title {
                        start: at,
                        end: at + open + offset + c.len_utf8(),
                        name: &rest[..offset],
                    });
                }
            }
            _ => {}
        }
    }
    let close = first_close?;
    Some(Title {
        start: at,
        end: at + open + close + '》'.len_utf8(),
        name: &rest[..close],
    })
}

/// The bracket that stands at `at`, when it tells of the title before it: an abbreviation, a year, a number.
#[must_use]
pub fn bracket(text: &str, at: usize) -> Option<Bracket<'_>> {
    const LONGEST: usize = 100 * 3;
    let rest = text[at..].strip_prefix(['（', '('])?;
    let width = text[at..].len() - rest.len();
    let mut depth = 1usize;
    for (offset, c) in rest.char_indices() {
        if offset > LONGEST || c == '\n' {
            return None;
        }
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inside = &rest[..offset];
            return Some(Bracket {
                end: at + width + offset + c.len_utf8(),
                text: inside,
                alias: alias(inside),
            });
        }
    }
    None
}

impl Bracket<'_> {
    /// Whether it may stand between a title and its article: an abbreviation, a year, a version, a number.
    #[must_use]
    pub fn belongs_to_title(&self) -> bool {
        const WORDS: [&str; 17] = [
            "修正", "修订", "修改", "试行", "暂行", "年", "号", "令", "废止", "失效", "有效", "新",
            "旧", "施行", "通过", "公布", "版本",
        ];
        let short = self.text.chars().count() <= 40;
        self.alias.is_some()
            || short
                && (WORDS.iter().any(|word| self.text.contains(word))
                    || read_number(self.text).is_some_and(|(_, used)| used == self.text.len()))
    }

    /// Whether it says that the title is a book's: （第五版）.
    #[must_use]
    pub fn is_edition(&self) -> bool {
        self.text.ends_with('版') || self.text.contains("出版")
    }
}

/// The abbreviation a bracket introduces: 以下简称“民法典”, 下称《解释》, 简称：消法.
fn alias(inside: &str) -> Option<&str> {
    let (at, word) = ["简称", "以下称", "下称", "统称", "以下合称"]
        .iter()
        .filter_map(|word| inside.find(word).map(|at| (at, *word)))
        .min_by_key(|(at, _)| *at)?;
    let rest = inside[at + word.len()..].trim_start_matches(is_passed_over);
    let rest = rest
        .trim_start_matches(['为', '作', '：', ':'])
        .trim_start_matches(is_passed_over);
    let close = match rest.chars().next()? {
        '《' => '》',
        '“' | '”' => '”',
        '"' => '"',
        '‘' => '’',
        '「' => '」',
        '〈' => '〉',
        _ => {
            let end = rest
                .find(['，', '。', '；', ',', '、'])
                .unwrap_or(rest.len());
            return named(&rest[..end]);
        }
    };
    let inner = &rest[rest.chars().next()?.len_utf8()..];
    named(&inner[..inner.rfind(close)?])
}

fn named(name: &str) -> Option<&str> {
    let name = name.trim_matches(is_passed_over);
    let length = name.chars().count();
    (2..=40).contains(&length).then_some(name)
}

/// Names of books people put between a code and its article.
const BOOKS: [&str; 10] = [
    "总则编",
    "物权编",
    "合同编",
    "人格权编",
    "婚姻家庭编",
    "继承编",
    "侵权责任编",
    "附则",
    "分则",
    "总则",
];

/// The place behind the parts that may stand between a law and its article: 第三编, 合同编, 第三章第二节.
#[must_use]
pub fn parts(text: &str, at: usize) -> usize {
    let mut pos = at;
    loop {
        let next = skip(text, pos);
        let rest = &text[next..];
        let used = match part_label(rest) {
            Some((_, _, used)) => used + name_of_part(&rest[used..]),
            None => match BOOKS.iter().find(|name| rest.starts_with(**name)) {
                Some(name) => name.len(),
                None => return pos,
            },
        };
        pos = next + used;
    }
}

/// The bytes of a part's name behind 第三编: “合同”, 合同.
fn name_of_part(behind: &str) -> usize {
    if let Some(inner) = behind.strip_prefix('“') {
        return inner
            .find('”')
            .filter(|close| *close < 60)
            .map_or(0, |close| close + 2 * '“'.len_utf8());
    }
    let names = [
        "总则",
        "物权",
        "合同",
        "人格权",
        "婚姻家庭",
        "继承",
        "侵权责任",
    ];
    names
        .iter()
        .find(|name| behind[..].starts_with(**name))
        .map_or(0, |name| name.len())
}

/// The end of the text before `at` when the parts between a law's name and its article are left out.
#[must_use]
pub fn before_parts(text: &str, at: usize) -> usize {
    let mut end = skip_back(text, at);
    loop {
        let before = &text[..end];
        if let Some(name) = BOOKS.iter().find(|name| before.ends_with(**name)) {
            end = skip_back(text, end - name.len());
            continue;
        }
        let label = before
            .rfind('第')
            .filter(|from| end - from <= 36)
            .filter(|from| {
                part_label(&before[*from..]).is_some_and(|(_, _, used)| from + used == end)
            });
        match label {
            Some(from) => end = skip_back(text, from),
            None => return end,
        }
    }
}

/// 本法, 该条例, 同法 ending at `at`: where it begins, whom it points to, and the kind of norm it names; 本章 names none.
#[must_use]
pub fn pointer_before(text: &str, at: usize) -> Option<(usize, Pointer, &'static str)> {
    let before = &text[..skip_back(text, at)];
    if let Some(start) = OWN_PARTS
        .iter()
        .find_map(|part| before.strip_suffix(part)?.strip_suffix('本'))
        .map(str::len)
    {
        return Some((start, Pointer::Own, ""));
    }
    let kind = KINDS.iter().find(|kind| before.ends_with(**kind))?;
    let rest = &before[..before.len() - kind.len()];
    let rest = QUALIFIERS
        .iter()
        .find_map(|word| rest.strip_suffix(word))
        .unwrap_or(rest);
    let (word, pointer) = [
        ("本", Pointer::Own),
        ("该", Pointer::Last),
        ("同一", Pointer::Last),
        ("同", Pointer::Last),
        ("此", Pointer::Last),
        ("上述", Pointer::Last),
        ("前述", Pointer::Last),
    ]
    .into_iter()
    .find(|(word, _)| rest.ends_with(word))?;
    let start = rest.len() - word.len();
    let previous = rest[..start].chars().next_back();
    // 合同法, 基本法, 根本法, 日本法 hold these words by chance.
    let by_chance = match word {
        "同" => previous.is_some_and(|c| matches!(c, '合' | '共' | '等')),
        "本" => previous.is_some_and(|c| matches!(c, '基' | '根' | '日' | '资' | '版')),
        "此" => previous.is_some_and(|c| matches!(c, '因' | '彼' | '如')),
        _ => false,
    };
    (!by_chance).then_some((start, pointer, kind))
}

/// 前款, 前两款, 前条第二款, 前款第三项 at `at`, where 前 stands.
#[must_use]
pub fn before(text: &str, at: usize) -> Option<Before> {
    let rest = text[at..].strip_prefix('前')?;
    let number_at = at + '前'.len_utf8();
    let (count, unit_at) = match read_number(rest) {
        Some((count, used)) if (1..20).contains(&count) => (count, number_at + used),
        Some(_) => return None,
        None => (1, number_at),
    };
    let c = text[unit_at..].chars().next()?;
    let end = unit_at + c.len_utf8();
    let behind = text[end..].chars().next();
    let unit = match c {
        '条' if !matches!(behind, Some('件' | '例' | '约' | '款' | '规')) => Unit::Article,
        '款' if behind != Some('项') => Unit::Paragraph,
        '项' if !matches!(behind, Some('目' | '链')) => Unit::Item,
        _ => return None,
    };
    let empty = Reference {
        start: at,
        end,
        article: None,
        paragraph: None,
        item: None,
        range: false,
    };
    let mut refs = vec![empty];
    let mut pos = match unit {
        Unit::Article => attach(text, end, &mut refs),
        Unit::Paragraph => attach_items(text, end, &mut refs),
        Unit::Item => end,
    };
    while let Some((next, _)) = (pos > end)
        .then(|| listed_parts(text, pos, &mut refs))
        .flatten()
    {
        pos = next;
    }
    Some(Before { unit, count, refs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = chain(text, 0)
            .unwrap_or_default()
            .iter()
            .map(|found| {
                let no = found.article.map(|no| no.to_string()).unwrap_or_default();
                let paragraph = found.paragraph.map(|n| format!("p{n}")).unwrap_or_default();
                let item = found.item.map(|n| format!("i{n}")).unwrap_or_default();
                let range = if found.range { "~" } else { "" };
                format!(
                    "{}={no}{paragraph}{item}{range}",
                    &text[found.start..found.end]
                )
            })
            .collect();
        assert_eq!(shown.join(" | "), expected, "{text}");
    }

    #[test]
    fn single_articles() {
        check(
            "第一千零七十九条第二款规定",
            "第一千零七十九条第二款=1079p2",
        );
        check("第 1079 条", "第 1079 条=1079");
        check("第１２１７条", "第１２１７条=1217");
        check("第二百八十七条之一的规定", "第二百八十七条之一=287-1");
        check("第二十四条第三款第三项", "第二十四条第三款第三项=24p3i3");
        check("第二十二条第（十）项", "第二十二条第（十）项=22i10");
        check("第四十六条第(一)项", "第四十六条第(一)项=46i1");
        check(
            "第38条第1款第2项第（三）目",
            "第38条第1款第2项第（三）目=38p1i2",
        );
        check("第38条第1款第2项第3目", "第38条第1款第2项第3目=38p1i2");
        check("第十条之规定", "第十条=10");
        check(
            "第三十一条的第二款、第三款",
            "第三十一条的第二款=31p2 | 第三款=31p3",
        );
        check("第三十一条的规定", "第三十一条=31");
        check("第287条之一、之二的规定", "第287条之一=287-1 | 之二=287-2");
    }

    #[test]
    fn lists() {
        check("第三条、第六条", "第三条=3 | 第六条=6");
        check(
            "第三十九条和第四十条第一项、第二项",
            "第三十九条=39 | 第四十条第一项=40i1 | 第二项=40i2",
        );
        check(
            "第十三条第一款、第三款",
            "第十三条第一款=13p1 | 第三款=13p3",
        );
        check("第三十九、四十条", "第三十九=39 | 四十条=40");
        check("第12、13条", "第12=12 | 13条=13");
        check("第27条第2、3项规定", "第27条第2=27i2 | 3项=27i3");
        check("第一条第二、三款", "第一条第二=1p2 | 三款=1p3");
        check(
            "第二条第（一）、（二）项",
            "第二条第（一）=2i1 | （二）项=2i2",
        );
        check(
            "第二条第一款第一项和第二款",
            "第二条第一款第一项=2p1i1 | 第二款=2p2",
        );
        check(
            "第九条、第十条或者第十一条",
            "第九条=9 | 第十条=10 | 第十一条=11",
        );
    }

    #[test]
    fn ranges() {
        check("第四十九条至第五十七条", "第四十九条=49~ | 第五十七条=57");
        check("第1158-1161条", "第1158=1158~ | 1161条=1161");
        check("第十条至十五条", "第十条=10~ | 十五条=15");
        check("第二条第一项至第三项", "第二条第一项=2i1~ | 第三项=2i3");
    }

    #[test]
    fn measure_words_are_no_articles() {
        for text in [
            "第三条路",
            "第二条生产线",
            "第一条线索",
            "第一条消息",
            "第五条款",
            "第三者",
            "第三章",
        ] {
            check(text, "");
        }
        check("第三条路政管理机构", "第三条=3");
    }

    #[test]
    fn titles_with_titles_inside() {
        let name = |text| title(text, 0).map(|title| title.name);
        assert_eq!(name("《劳动法》第三条"), Some("劳动法"));
        assert_eq!(
            name("《关于适用《劳动法》的解释》第三条"),
            Some("关于适用《劳动法》的解释")
        );
        assert_eq!(name("《关于适用《劳动法》第三条"), Some("关于适用《劳动法"));
        assert_eq!(name("《劳动法"), None);
    }

    #[test]
    fn brackets_behind_titles() {
        let alias = |text| bracket(text, 0).and_then(|bracket| bracket.alias);
        assert_eq!(alias("（以下简称《劳动法》）"), Some("劳动法"));
        assert_eq!(alias("（以下简称“民事诉讼法”）"), Some("民事诉讼法"));
        assert_eq!(alias("(下称灯会条例，略)"), Some("灯会条例"));
        assert_eq!(alias("（2018修正）"), None);
        assert!(
            bracket("（2018修正）", 0)
                .expect("a bracket")
                .belongs_to_title()
        );
        assert!(
            !bracket("（见下文）", 0)
                .expect("a bracket")
                .belongs_to_title()
        );
    }

    #[test]
    fn pointers() {
        let pointer =
            |text: &str| pointer_before(text, text.len()).map(|(_, pointer, kind)| (pointer, kind));
        assert_eq!(pointer("依照本法"), Some((Pointer::Own, "法")));
        assert_eq!(pointer("依照该条例"), Some((Pointer::Last, "条例")));
        assert_eq!(pointer("同法"), Some((Pointer::Last, "法")));
        for text in ["合同法", "香港基本法", "民法典", "本合同"] {
            assert_eq!(pointer(text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_before() {
        let read = |text| {
            before(text, 0).map(|found| {
                (
                    found.unit,
                    found.count,
                    found.refs[0].paragraph,
                    found.refs[0].item,
                )
            })
        };
        assert_eq!(read("前款规定"), Some((Unit::Paragraph, 1, None, None)));
        assert_eq!(read("前两款规定"), Some((Unit::Paragraph, 2, None, None)));
        assert_eq!(read("前条第二款"), Some((Unit::Article, 1, Some(2), None)));
        assert_eq!(
            read("前款第（三）项"),
            Some((Unit::Paragraph, 1, None, Some(3)))
        );
        for text in ["前款项", "前条件", "前项目", "前人"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
