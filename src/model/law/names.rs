//! The names by which laws are cited.

use std::collections::{BTreeMap, HashMap};

use crate::base::numeral::read_number;
use crate::parse::statute::LawKind;
use crate::parse::statute::label::is_blank;

use super::{Law, LawId, Library};

/// The state's name, which titles are cited with and without.
pub(super) const STATE: &str = "中华人民共和国";

/// Well-known short titles, and the titles (without the state's name) they stand for.
const WELL_KNOWN: &[(&str, &str)] = &[
    ("民诉法", "民事诉讼法"),
    ("刑诉法", "刑事诉讼法"),
    ("行诉法", "行政诉讼法"),
    ("海诉法", "海事诉讼特别程序法"),
    ("海事诉讼法", "海事诉讼特别程序法"),
    ("消法", "消费者权益保护法"),
    ("消保法", "消费者权益保护法"),
    ("消费者保护法", "消费者权益保护法"),
    ("消费者权益法", "消费者权益保护法"),
    ("治安处罚法", "治安管理处罚法"),
    ("治安管理法", "治安管理处罚法"),
    ("治安法", "治安管理处罚法"),
    ("道交法", "道路交通安全法"),
    ("交通安全法", "道路交通安全法"),
    ("道路安全法", "道路交通安全法"),
    ("土地承包法", "农村土地承包法"),
    ("个保法", "个人信息保护法"),
    ("个人信息法", "个人信息保护法"),
    ("反家暴法", "反家庭暴力法"),
    ("未保法", "未成年人保护法"),
    ("老年人法", "老年人权益保障法"),
    ("老年人保护法", "老年人权益保障法"),
    ("妇女法", "妇女权益保障法"),
    ("妇保法", "妇女权益保障法"),
    ("妇女权益保护法", "妇女权益保障法"),
    ("残保法", "残疾人保障法"),
    ("劳动仲裁法", "劳动争议调解仲裁法"),
    ("劳动争议仲裁法", "劳动争议调解仲裁法"),
    ("劳动争议仲裁调解法", "劳动争议调解仲裁法"),
    ("调解仲裁法", "劳动争议调解仲裁法"),
    ("食安法", "食品安全法"),
    ("安全生产法", "安全生产法"),
    ("反诈法", "反电信网络诈骗法"),
    ("反电诈法", "反电信网络诈骗法"),
    ("反电信诈骗法", "反电信网络诈骗法"),
    ("破产法", "企业破产法"),
    ("基金法", "证券投资基金法"),
    ("房地产管理法", "城市房地产管理法"),
    ("环保法", "环境保护法"),
    ("不正当竞争法", "反不正当竞争法"),
    ("村委会组织法", "村民委员会组织法"),
    ("居委会组织法", "城市居民委员会组织法"),
    ("居民委员会组织法", "城市居民委员会组织法"),
    ("涉外法律适用法", "涉外民事关系法律适用法"),
    ("法律适用法", "涉外民事关系法律适用法"),
    ("信息公开条例", "政府信息公开条例"),
    ("工伤条例", "工伤保险条例"),
    ("交强险条例", "机动车交通事故责任强制保险条例"),
    ("带薪年休假条例", "职工带薪年休假条例"),
    ("年休假条例", "职工带薪年休假条例"),
    ("农民工工资条例", "保障农民工工资支付条例"),
    ("农民工工资支付条例", "保障农民工工资支付条例"),
    ("征收条例", "国有土地上房屋征收与补偿条例"),
    ("征补条例", "国有土地上房屋征收与补偿条例"),
    ("房屋征收条例", "国有土地上房屋征收与补偿条例"),
    ("个税法", "个人所得税法"),
    ("税收征管法", "税收征收管理法"),
    ("税征法", "税收征收管理法"),
    ("家庭教育法", "家庭教育促进法"),
    ("家促法", "家庭教育促进法"),
    ("国赔法", "国家赔偿法"),
    ("社保法", "社会保险法"),
    ("香港基本法", "香港特别行政区基本法"),
    ("澳门基本法", "澳门特别行政区基本法"),
    ("地方组织法", "地方各级人民代表大会和地方各级人民政府组织法"),
    ("选举法", "全国人民代表大会和地方各级人民代表大会选举法"),
    ("代表法", "全国人民代表大会和地方各级人民代表大会代表法"),
    ("监督法", "各级人民代表大会常务委员会监督法"),
    ("全国人大组织法", "全国人民代表大会组织法"),
    ("法院组织法", "人民法院组织法"),
    ("检察院组织法", "人民检察院组织法"),
    ("职业病法", "职业病防治法"),
    ("缔约程序法", "缔结条约程序法"),
    ("商检法", "进出口商品检验法"),
    ("大气法", "大气污染防治法"),
    ("著作权法实施条例", "著作权法实施条例"),
    ("计生法", "人口与计划生育法"),
    ("计划生育法", "人口与计划生育法"),
    ("民事诉讼证据规定", "最高人民法院关于民事诉讼证据的若干规定"),
    ("民事证据规定", "最高人民法院关于民事诉讼证据的若干规定"),
    (
        "民事诉讼证据若干规定",
        "最高人民法院关于民事诉讼证据的若干规定",
    ),
    ("刑诉规则", "人民检察院刑事诉讼规则"),
    ("高检规则", "人民检察院刑事诉讼规则"),
    (
        "时间效力规定",
        "最高人民法院关于适用《民法典》时间效力的若干规定",
    ),
    (
        "民法典时间效力规定",
        "最高人民法院关于适用《民法典》时间效力的若干规定",
    ),
    (
        "新民间借贷司法解释",
        "最高人民法院关于审理民间借贷案件适用法律若干问题的规定",
    ),
    (
        "人身损害解释",
        "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释",
    ),
    (
        "人身损害司法解释",
        "最高人民法院关于审理人身损害赔偿案件适用法律若干问题的解释",
    ),
    (
        "精神损害赔偿解释",
        "最高人民法院关于确定民事侵权精神损害赔偿责任若干问题的解释",
    ),
    (
        "精神损害赔偿司法解释",
        "最高人民法院关于确定民事侵权精神损害赔偿责任若干问题的解释",
    ),
    (
        "交通事故司法解释",
        "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释",
    ),
    (
        "道路交通事故司法解释",
        "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释",
    ),
    (
        "道交解释",
        "最高人民法院关于审理道路交通事故损害赔偿案件适用法律若干问题的解释",
    ),
    (
        "担保解释",
        "最高人民法院关于适用《民法典》有关担保制度的解释",
    ),
    (
        "新担保司法解释",
        "最高人民法院关于适用《民法典》有关担保制度的解释",
    ),
    (
        "建工解释",
        "最高人民法院关于审理建设工程施工合同纠纷案件适用法律问题的解释（一）",
    ),
    (
        "建工司法解释",
        "最高人民法院关于审理建设工程施工合同纠纷案件适用法律问题的解释（一）",
    ),
    (
        "工伤认定规定",
        "最高人民法院关于审理工伤保险行政案件若干问题的规定",
    ),
    (
        "商品房买卖合同司法解释",
        "最高人民法院关于审理商品房买卖合同纠纷案件适用法律若干问题的解释",
    ),
];

/// Courts and offices whose name before 关于 is left out in citing.
const ISSUERS: &[&str] = &[
    "最高人民法院",
    "最高人民检察院",
    "公安部",
    "国家安全部",
    "司法部",
    "民政部",
    "财政部",
    "国务院办公厅",
    "国务院",
    "最高法",
    "最高检",
    "全国人民代表大会常务委员会",
    "全国人民代表大会",
];

/// A title as it is compared: without blanks, marks, brackets, commas and the state's name; digits half-width.
#[must_use]
pub fn title_key(title: &str) -> String {
    let mut key = String::with_capacity(title.len());
    for c in title.chars() {
        if !is_passed_over(c) {
            key.push(half_width(c));
        }
    }
    let short = key.replace(STATE, "");
    if short.is_empty() { key } else { short }
}

/// What a title is compared without.
fn is_passed_over(c: char) -> bool {
    is_blank(c)
        || matches!(
            c,
            '《' | '》'
                | '〈'
                | '〉'
                | '<'
                | '>'
                | '＜'
                | '＞'
                | '（'
                | '）'
                | '('
                | ')'
                | '〔'
                | '〕'
                | '['
                | ']'
                | '“'
                | '”'
                | '"'
                | '\''
                | '‘'
                | '’'
                | '「'
                | '」'
                | '、'
                | '，'
                | ','
                | '*'
                | '_'
                | '·'
        )
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        _ => c,
    }
}

/// A title without the state's name before it.
pub(super) fn without_state(title: &str) -> &str {
    title
        .strip_prefix(STATE)
        .filter(|rest| !rest.is_empty())
        .unwrap_or(title)
}

/// Adds the title without the state's name, and well-known short titles, behind those the file gave.
pub(super) fn add_short_titles(title: &str, short_titles: &mut Vec<String>) {
    let mut add = |name: String| {
        if !name.is_empty() && name != title && !short_titles.contains(&name) {
            short_titles.push(name);
        }
    };
    add(without_state(title).to_owned());
    let key = title_key(title);
    for (short, full) in WELL_KNOWN {
        if title_key(full) == key && *short != key {
            add((*short).to_owned());
        }
    }
}

/// All names with their laws. A stronger name is never taken by a weaker one of another law; derived names only stand
/// where they name one law.
pub(super) fn index(laws: &[Law]) -> BTreeMap<String, LawId> {
    let ids = || {
        laws.iter()
            .enumerate()
            .map(|(at, law)| (LawId(u32::try_from(at).unwrap_or(u32::MAX)), law))
    };
    let mut names: BTreeMap<String, LawId> = BTreeMap::new();
    for (id, law) in ids() {
        names.entry(title_key(&law.title)).or_insert(id);
    }
    for (id, law) in ids() {
        for title in &law.short_titles {
            names.entry(title_key(title)).or_insert(id);
        }
    }
    let mut derived: BTreeMap<String, Option<LawId>> = BTreeMap::new();
    for (id, law) in ids() {
        for name in derived_names(law) {
            derived
                .entry(name)
                .and_modify(|known| {
                    if *known != Some(id) {
                        *known = None;
                    }
                })
                .or_insert(Some(id));
        }
    }
    for (name, id) in derived {
        if let Some(id) = id {
            names.entry(name).or_insert(id);
        }
    }
    names
}

/// Names a law is cited by that follow from its title: without its issuer, 民诉法解释, 民间借贷司法解释（一）.
fn derived_names(law: &Law) -> Vec<String> {
    let key = title_key(&law.title);
    let bare = without_issuer(&key);
    let mut names = Vec::new();
    if bare != key {
        names.push(bare.to_owned());
    }
    for suffix in ["试行", "暂行"] {
        names.extend(bare.strip_suffix(suffix).map(str::to_owned));
    }
    if law.kind == LawKind::JudicialInterpretation
        && !bare.contains("关于修改")
        && !bare.ends_with("决定")
    {
        names.extend(interpretation_names(bare));
    }
    names.retain(|name| name.chars().count() >= 4);
    names
}

fn without_issuer(key: &str) -> &str {
    let mut rest = key;
    while let Some(after) = ISSUERS.iter().find_map(|name| rest.strip_prefix(name)) {
        rest = after;
    }
    if rest.starts_with("关于") {
        rest
    } else {
        key
    }
}

/// The short names of an interpretation, from its title without the court: its subject and what it is.
fn interpretation_names(bare: &str) -> Vec<String> {
    let (title, number) = split_number(bare);
    let Some((subject, ending)) = subject_of(title) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for subject in subject_variants(subject) {
        for kind in ["解释", "司法解释", "的解释", "的司法解释"] {
            names.push(format!("{subject}{kind}{number}"));
        }
        if ending == "规定" {
            names.extend(
                ["规定", "的规定", "若干规定", "的若干规定"]
                    .map(|kind| format!("{subject}{kind}{number}")),
            );
        }
        if number == "一" {
            names.extend(["解释", "司法解释"].map(|kind| format!("{subject}{kind}")));
        }
    }
    names
}

/// A title and the number at its end: …解释二 → (…解释, 二).
fn split_number(title: &str) -> (&str, &str) {
    let at = ["解释", "规定"]
        .iter()
        .filter_map(|end| title.rfind(end).map(|at| at + end.len()))
        .max();
    match at {
        Some(at) if read_number(&title[at..]).is_some_and(|(_, used)| at + used == title.len()) => {
            title.split_at(at)
        }
        Some(_) | None => (title, ""),
    }
}

/// What an interpretation is about, and whether it calls itself 解释 or 规定.
fn subject_of(title: &str) -> Option<(&str, &'static str)> {
    let rest = title.strip_prefix("关于")?;
    let (rest, ending) = [("解释", "解释"), ("规定", "规定")]
        .into_iter()
        .find_map(|(end, name)| rest.strip_suffix(end).map(|rest| (rest, name)))?;
    let mut rest = rest;
    for start in [
        "适用",
        "审理",
        "办理",
        "处理",
        "执行",
        "确定",
        "依法",
        "人民法院",
    ] {
        rest = rest.strip_prefix(start).unwrap_or(rest);
    }
    for end in [
        "的若干",
        "的",
        "若干",
        "问题",
        "若干",
        "几个",
        "有关",
        "法律",
        "具体",
        "应用",
        "适用",
        "具体",
        "如何",
        "中",
        "的",
    ] {
        rest = rest.strip_suffix(end).unwrap_or(rest);
    }
    (rest.chars().count() >= 2).then_some((rest, ending))
}

/// The subject as people shorten it: without 案件, 纠纷; 民法典有关担保制度 → 担保制度; 民事诉讼法 → 民诉法.
fn subject_variants(subject: &str) -> Vec<String> {
    let mut variants = vec![subject.replace("有关", "")];
    for cut in [
        "案件",
        "刑事案件",
        "纠纷案件",
        "民事纠纷案件",
        "行政案件",
        "民事案件",
    ] {
        if let Some(short) = subject
            .strip_suffix(cut)
            .filter(|short| short.chars().count() >= 2)
        {
            variants.push(short.to_owned());
        }
    }
    let more: Vec<String> = variants
        .iter()
        .flat_map(|name| {
            let book = name
                .strip_prefix("民法典")
                .filter(|rest| rest.chars().count() >= 2)
                .map(str::to_owned);
            let pairs = [
                ("民事诉讼法", "民诉法"),
                ("刑事诉讼法", "刑诉法"),
                ("行政诉讼法", "行诉法"),
                ("民事诉讼法", "民诉"),
                ("刑事诉讼法", "刑诉"),
                ("行政诉讼法", "行诉"),
            ];
            let shorter = pairs
                .into_iter()
                .filter(|(long, _)| name.contains(long))
                .map(|(long, short)| name.replacen(long, short, 1));
            book.into_iter().chain(shorter).collect::<Vec<_>>()
        })
        .collect();
    variants.extend(more);
    variants.retain(|name| name.chars().count() >= 2);
    variants.dedup();
    variants
}

/// The law a title names; see [`super::Library::find`].
pub(super) fn find(names: &BTreeMap<String, LawId>, title: &str) -> Option<LawId> {
    let key = title_key(title);
    if key.is_empty() {
        return None;
    }
    names
        .get(&key)
        .or_else(|| names.get(&title_key(without_year(title)?)))
        .or_else(|| names.get(without_issuer(&key)))
        .or_else(|| names.get(&key.replace("若干问题", "问题")))
        .or_else(|| names.get(key.strip_prefix("我国")?))
        .copied()
}

/// The interpretations of a library that may be meant by a loose title, with their title keys.
pub(super) fn interpretations(library: &Library) -> Vec<(String, LawId)> {
    library
        .iter()
        .filter(|(_, law)| law.kind == LawKind::JudicialInterpretation && !law.versions.is_empty())
        .map(|(id, law)| (title_key(&law.title), id))
        .filter(|(key, _)| {
            !key.contains("关于修改") && !key.ends_with("决定") && !key.ends_with("批复")
        })
        .collect()
}

/// The only interpretation that holds the subject of a loose title: 环境侵权责任纠纷 of 《环境侵权责任纠纷解释》.
pub(super) fn find_interpretation(known: &[(String, LawId)], title: &str) -> Option<LawId> {
    let key = title_key(title);
    let (name, number) = split_number(&key);
    let subject = ["的司法解释", "司法解释", "的解释", "解释"]
        .iter()
        .find_map(|end| name.strip_suffix(end))?;
    let subject = ["最高法", "新", "关于"]
        .iter()
        .fold(subject, |subject, start| {
            subject.strip_prefix(start).unwrap_or(subject)
        });
    let long = [
        ("民诉法", "民事诉讼法"),
        ("刑诉法", "刑事诉讼法"),
        ("行诉法", "行政诉讼法"),
    ]
    .iter()
    .fold(subject.to_owned(), |subject, (short, long)| {
        subject.replace(short, long)
    });
    if long.chars().count() < 4 {
        return None;
    }
    let mut found = known
        .iter()
        .filter(|(key, _)| {
            key.contains(&long) && (number.is_empty() || split_number(key).1 == number)
        })
        .map(|(_, id)| *id);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// A title without a year or 修正 in brackets at its end: 公司法（2018修正） → 公司法.
fn without_year(title: &str) -> Option<&str> {
    let title = title.trim_end_matches(is_blank);
    let inside = title.strip_suffix(['）', ')'])?;
    let open = inside.rfind(['（', '('])?;
    let said = &inside[open..];
    let year = said.chars().filter(char::is_ascii_digit).count() >= 4;
    (year
        || ["修正", "修订", "试行", "年", "新", "旧"]
            .iter()
            .any(|word| said.contains(word)))
    .then_some(&title[..open])
}

/// The names as a tree read from their last character, to find the longest that ends at a place in a text.
#[derive(Debug, Default)]
pub struct NameEnds {
    next: HashMap<(u32, char), u32>,
    law: HashMap<u32, LawId>,
}

impl NameEnds {
    /// The tree of some names (title keys).
    #[must_use]
    pub fn new(names: &BTreeMap<String, LawId>) -> Self {
        let mut tree = Self::default();
        let mut nodes = 1;
        for (name, law) in names {
            if name.chars().count() < 2 {
                continue;
            }
            let mut node = 0;
            for c in name.chars().rev() {
                node = *tree.next.entry((node, c)).or_insert_with(|| {
                    nodes += 1;
                    nodes - 1
                });
            }
            tree.law.insert(node, *law);
        }
        tree
    }

    /// The longest name that ends at the end of `text`: its first byte and its law.
    #[must_use]
    pub fn longest(&self, text: &str) -> Option<(usize, LawId)> {
        let mut node = 0;
        let mut best = None;
        let mut at = text.len();
        while let Some(c) = text[..at].chars().next_back() {
            if node != 0
                && c == '国'
                && text[..at].ends_with(STATE)
                && !self.next.contains_key(&(node, c))
            {
                at -= STATE.len();
                continue;
            }
            let skip = is_passed_over(c) && (node != 0 || matches!(c, '）' | ')'));
            at -= c.len_utf8();
            if skip {
                continue;
            }
            match self.next.get(&(node, half_width(c))) {
                Some(next) => node = *next,
                None => break,
            }
            if let Some(law) = self.law.get(&node) {
                best = Some((at, *law));
            }
        }
        let (start, law) = best?;
        let start = if text[..start].ends_with(STATE) {
            start - STATE.len()
        } else {
            start
        };
        Some((start, law))
    }
}
