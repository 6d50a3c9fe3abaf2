//! References to articles in a query: 民法典1079, 刑法 133之1, 民法典第一千零七十九条第二款, 劳动合同法38条和46条, 民法典1079至1081条,
//! 第1079条民法典, 民法典总则编第一百八十八条.

use crate::base::ArticleNo;
use crate::base::numeral::read_number;
use crate::index::files::LawName;
use crate::index::token::fold;

/// How many laws a number without a law's name leads to.
const LAWS: usize = 5;

/// A name with so many characters may have a slip in one.
const LONG_NAME: usize = 4;
/// What the name of a part of a law ends with.
const PARTS: [char; 3] = ['编', '章', '节'];
/// How many characters the name of a part of a law has at most: 婚姻家庭编, with 第五编 before it.
const PART_NAME: usize = 9;

/// The laws of an index, as they are called.
pub(super) struct Laws {
    pub(super) names: Vec<LawName>,
    /// The names of each, folded, without blanks.
    called: Vec<Vec<String>>,
}

impl Laws {
    pub(super) fn of(names: Vec<LawName>) -> Self {
        let folded = |name: &String| fold(name).replace(' ', "");
        let called = names
            .iter()
            .map(|law| std::iter::once(&law.0).chain(&law.1).map(folded).collect())
            .collect();
        Self { names, called }
    }

    /// Laws with a name that fits, the best known first.
    fn matching(&self, prior: &dyn Fn(usize) -> u32, fits: &dyn Fn(&str) -> bool) -> Vec<usize> {
        let is = |law: &usize| self.called[*law].iter().any(|name| fits(name));
        let mut found: Vec<usize> = (0..self.called.len()).filter(is).collect();
        found.sort_by_key(|law| (std::cmp::Reverse(prior(*law)), *law));
        found
    }
}

/// A law's name, folded, and a number; without a name it is of any law, in a sentence of the law named before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) law: String,
    pub(super) number: ArticleNo,
    /// Whether it stands in a sentence (民法典第一千零七十九条怎么说): then the name may have words before it.
    pub(super) in_sentence: bool,
    /// Whether 条 or figures say that the number is an article's: then too. 实施刑法第一 may be the beginning of other words.
    pub(super) is_sure: bool,
}

/// The references a query holds. `runs` are the folded words; the query itself still has `-` and 之.
pub(super) fn references(query: &str, runs: &[String]) -> Vec<Reference> {
    let without_state = |joined: String| joined.replace("中华人民共和国", "");
    let joined = without_state(runs.concat());
    // Words stand apart where a mark or a blank was: 38、46条 is two numbers, 133-1条 is one.
    let dashed = is_dashed(query);
    let apart = if dashed {
        joined.clone()
    } else {
        without_state(runs.join(" "))
    };
    let found = inside(&apart);
    if found.len() > 1 {
        return found;
    }
    let one = alone(query, &joined, dashed).filter(|found| inside(&found.law).is_empty());
    let one = one.or_else(|| turned(&joined).filter(|_| found.is_empty()));
    one.map_or(found, |one| vec![one])
}

const DASHES: [char; 3] = ['-', '－', '—'];

/// Whether a dash stands before an inserted article's number (133-1) and not in a range (1079-1081).
fn is_dashed(query: &str) -> bool {
    let parts: Vec<String> = query.split(DASHES).map(fold).collect();
    parts.windows(2).any(|beside| {
        let digit = |c: char| c.is_ascii_digit();
        let before = beside[0].trim_end_matches(digit).len();
        let behind = beside[1].trim_start_matches(digit).len();
        let behind = &beside[1][..beside[1].len() - behind];
        let number = |digits: &str| digits.parse::<u32>().ok();
        !behind.is_empty()
            && number(&beside[0][before..])
                .zip(number(behind))
                .is_none_or(|(before, behind)| behind <= before)
    })
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二两三四五六七八九十百千".contains(c)
}

/// Numbers with 条 behind at least two characters, anywhere in a sentence.
fn inside(text: &str) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    let (mut from, mut at, mut behind_numeral) = (0, 0, false);
    while let Some(c) = text[at..].chars().next() {
        let law = text[from..at].replace(' ', "");
        let may_begin = !behind_numeral && (c == '第' || is_numeral(c));
        let named = !found.is_empty() || law.chars().count() >= 2;
        match may_begin.then(|| listed(&text[at..])).flatten() {
            Some((numbers, used)) if named => {
                let laws = std::iter::once(law).chain(std::iter::repeat(String::new()));
                found.extend(
                    numbers
                        .into_iter()
                        .zip(laws)
                        .map(|(number, law)| Reference {
                            law,
                            number,
                            in_sentence: true,
                            is_sure: true,
                        }),
                );
                at += used;
                from = at;
            }
            Some(_) | None => at += c.len_utf8(),
        }
        behind_numeral = is_numeral(c);
    }
    found
}

/// The numbers a text begins with, the last with 条 (38、46条) or all in figures to the end, and the length of it all.
fn listed(text: &str) -> Option<(Vec<ArticleNo>, usize)> {
    let bare = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b' ');
    let (mut numbers, mut rest) = (Vec::new(), text);
    loop {
        rest = rest.strip_prefix('第').unwrap_or(rest).trim_start();
        let (main, used) = read_number(rest)?;
        let behind = &rest[used..];
        let article = behind.trim_start().strip_prefix('条');
        if let Some(parts) = article.filter(|parts| !parts.starts_with('例')) {
            let (sub, used) = parts_of(parts);
            numbers.push(ArticleNo { main, sub });
            return Some((numbers, text.len() - parts.len() + used));
        }
        numbers.push(ArticleNo { main, sub: 0 });
        let next = behind.trim_start_matches([' ', '和', '与', '及', '或', '至', '到']);
        if next.len() == behind.len() {
            return (bare && numbers.len() > 1).then_some((numbers, text.len()));
        }
        rest = next;
    }
}

/// What may stand behind an article's number: 之N, N款, N项, the last two also with 第. The inserted number, and the length.
fn parts_of(text: &str) -> (u32, usize) {
    let inserted = text.strip_prefix('之').and_then(read_number);
    let (sub, mut at) = inserted.map_or((0, 0), |(sub, used)| (sub, '之'.len_utf8() + used));
    for mark in ['款', '项'] {
        let rest = text[at..].strip_prefix('第').unwrap_or(&text[at..]);
        let behind = read_number(rest).and_then(|(_, used)| rest[used..].strip_prefix(mark));
        if let Some(behind) = behind {
            at = text.len() - behind.len();
        }
    }
    (sub, at)
}

/// A number and a law's name behind it: 第1079条民法典.
fn turned(joined: &str) -> Option<Reference> {
    let text = joined.strip_prefix('第').unwrap_or(joined);
    let (main, used) = read_number(text)?;
    let rest = &text[used..];
    let parts = rest.strip_prefix('条');
    let is_sure = parts.is_some() || text.starts_with(|c: char| c.is_ascii_digit());
    let parts = parts.unwrap_or(rest);
    let (sub, used) = parts_of(parts);
    let law = law_name(&[parts[used..].to_owned()]).filter(|_| is_sure)?;
    Some(Reference {
        law,
        number: ArticleNo { main, sub },
        in_sentence: false,
        is_sure: false,
    })
}

/// A name and a number, and nothing more.
fn alone(query: &str, joined: &str, dashed: bool) -> Option<Reference> {
    let dashed = query
        .trim_end()
        .rsplit_once(DASHES)
        .filter(|_| dashed)
        .and_then(|(_, sub)| {
            let sub = sub.trim().trim_end_matches('条');
            sub.parse::<u32>().ok()
        });
    let (start, _) = joined
        .char_indices()
        .find(|(at, c)| is_numeral(*c) && is_number_to_the_end(&joined[*at..]))?;
    let (law, rest) = joined.split_at(start);
    let is_sure = joined.contains('条') || rest.starts_with(|c: char| c.is_ascii_digit());
    let marked = law.ends_with('第');
    let law = law.trim_end_matches('第');
    let (main, used) = match dashed {
        // 133-1 was folded to 1331: the digits behind the dash are the inserted article's.
        Some(sub) => (
            rest.trim_end_matches('条')
                .strip_suffix(&sub.to_string())?
                .parse()
                .ok()?,
            rest.len(),
        ),
        None => read_number(rest)?,
    };
    let rest = rest[used..].trim_start_matches('条');
    let sub = rest
        .strip_prefix('之')
        .and_then(read_number)
        .map(|(sub, _)| sub)
        .or(dashed)
        .unwrap_or(0);
    let named = !law.is_empty() || (marked && joined.contains('条'));
    named.then(|| Reference {
        law: law.to_owned(),
        number: ArticleNo { main, sub },
        in_sentence: false,
        is_sure,
    })
}

/// A number, perhaps 条, 之N, 第N款, 第N项, and then nothing.
fn is_number_to_the_end(text: &str) -> bool {
    let Some((_, used)) = read_number(text) else {
        return false;
    };
    let rest = text[used..].trim_start_matches('条');
    let (_, used) = parts_of(rest);
    // 第二 for 第二款: the mark is left out at the end.
    let rest = &rest[used..];
    let number = rest.strip_prefix('第').and_then(read_number);
    rest.is_empty() || number.is_some_and(|(_, used)| '第'.len_utf8() + used == rest.len())
}

/// How laws are called; only a query that ends so may be the name of one.
const ENDINGS: [&str; 10] = [
    "法", "典", "条例", "规定", "解释", "办法", "细则", "规则", "决定", "意见",
];

/// What people write behind the name of a law they want to read.
const WHOLE: [&str; 4] = ["全文", "原文", "条文", "法条"];

/// The name of a law a query may be; 全文 behind it says the same.
pub(super) fn law_name(runs: &[String]) -> Option<String> {
    let joined = runs.concat().replace("中华人民共和国", "");
    let name = WHOLE.iter().find_map(|whole| joined.strip_suffix(whole));
    let name = name.map_or(joined.clone(), str::to_owned);
    let is = name.chars().count() >= 2 && ENDINGS.iter().any(|ending| name.ends_with(ending));
    is.then_some(name)
}

/// The law of that very name, the best known one; of a long name a part is enough.
pub(super) fn law_of_name(name: &str, laws: &Laws, prior: impl Fn(usize) -> u32) -> Option<usize> {
    let mut found = laws.matching(&prior, &|other| other == name);
    if found.is_empty() && name.chars().count() > LONG_NAME {
        found = laws.matching(&prior, &|other| other.contains(name));
    }
    found.first().copied()
}

/// The rows of the articles referred to, each once. For an article a named law does not have, the law itself.
pub(super) fn rows(
    references: &[Reference],
    laws: &Laws,
    starts: &[u32],
    prior: impl Fn(usize) -> u32,
) -> Vec<u32> {
    let (mut rows, mut last): (Vec<u32>, Vec<usize>) = (Vec::new(), Vec::new());
    for reference in references {
        let mut found = laws_of(reference, laws, &prior);
        if found.is_empty() && reference.in_sentence {
            found = last;
        }
        let row_of = |law: &usize, number: Option<ArticleNo>| {
            let place = numbers(&laws.names[*law].2).position(|other| other == number)?;
            Some(starts.get(*law)? + place as u32)
        };
        let any = reference.law.is_empty() && !reference.in_sentence;
        let mut here: Vec<u32> = found
            .iter()
            .filter_map(|law| row_of(law, Some(reference.number)))
            .take(if any { LAWS } else { 1 })
            .collect();
        if here.is_empty() && !reference.law.is_empty() {
            let front = found.first().and_then(|law| row_of(law, None));
            here.extend(front.filter(|row| starts.contains(row)));
        }
        here.retain(|row| !rows.contains(row));
        rows.extend(here);
        last = found;
    }
    rows
}

/// The laws a reference may mean: the law of that name, else the best known laws whose name begins so, else one that the name ends
/// with, else one whose name is one character away.
fn laws_of(reference: &Reference, laws: &Laws, prior: &dyn Fn(usize) -> u32) -> Vec<usize> {
    let name = reference.law.as_str();
    if reference.in_sentence {
        return longest_before(laws, prior, name);
    }
    if name.is_empty() {
        return laws.matching(prior, &|_| true);
    }
    let long = |least: usize| name.chars().count() >= least;
    let begins = |other: &str| long(2) && other.starts_with(name);
    let slipped = |other: &str| {
        let apart = other.chars().zip(name.chars()).filter(|(a, b)| a != b);
        other.len() == name.len() && apart.count() == 1
    };
    let mut found = laws.matching(prior, &|other| other == name);
    if found.is_empty() && reference.is_sure && name.ends_with(PARTS) {
        found = longest_before(laws, prior, name);
    }
    if found.is_empty() {
        found = laws.matching(prior, &begins);
    }
    if found.is_empty() && reference.is_sure {
        found = longest_before(laws, prior, name);
    }
    if found.is_empty() && reference.is_sure && long(LONG_NAME) {
        found = laws.matching(prior, &slipped);
    }
    found
}

/// The law whose name a text ends with, the longest such name; the name of a part of it (总则编) may follow.
fn longest_before(laws: &Laws, prior: &dyn Fn(usize) -> u32, text: &str) -> Vec<usize> {
    let found = ends_with_name(laws, prior, text);
    if !found.is_empty() || !text.ends_with(PARTS) {
        return found;
    }
    let parts = text.char_indices().rev().take(PART_NAME).skip(1);
    let mut found = parts.map(|(end, _)| ends_with_name(laws, prior, &text[..end]));
    found.find(|laws| !laws.is_empty()).unwrap_or_default()
}

fn ends_with_name(laws: &Laws, prior: &dyn Fn(usize) -> u32, text: &str) -> Vec<usize> {
    let starts = text.char_indices().map(|(at, _)| &text[at..]);
    let mut found = starts
        .filter(|name| name.chars().count() >= 2)
        .map(|name| laws.matching(prior, &|other| other == name));
    found.find(|laws| !laws.is_empty()).unwrap_or_default()
}

/// The numbers of a law's rows; see `encode::article_rows`.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = Option<ArticleNo>> + '_ {
    text.split(' ').flat_map(|run| {
        let (run, count) = run
            .split_once('+')
            .map_or((run, 1), |(run, count)| (run, count.parse().unwrap_or(1)));
        let (main, sub) = run.split_once('.').unwrap_or((run, "0"));
        let first = main
            .parse()
            .ok()
            .zip(sub.parse().ok())
            .map(|(main, sub)| ArticleNo { main, sub });
        (0..count).map(move |step: u32| {
            first.map(|first| ArticleNo {
                main: first.main + step,
                sub: first.sub,
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::token::runs;

    #[track_caller]
    fn check(query: &str, expected: Option<(&str, &str)>) {
        let found = references(query, &runs(query).0);
        let numbers: Vec<String> = found.iter().map(|found| found.number.to_string()).collect();
        let numbers = numbers.join(" ");
        let found = found.first().map(|found| (&*found.law, &*numbers));
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn vectors_of_references_hold() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/search/vectors.json")).expect("JSON");
        let vectors = vectors["reference"].as_array().expect("a list");
        for vector in vectors {
            let text = |at: usize| vector[at].as_str();
            check(text(0).expect("a query"), text(1).zip(text(2)));
        }
    }

    #[test]
    fn every_form_of_a_number() {
        for query in [
            "民法典1079",
            "民法典 第１０７９条",
            "《民法典》第一千零七十九条",
            "中华人民共和国民法典第1079条第二款",
            "民法典一千零七十九",
        ] {
            check(query, Some(("民法典", "1079")));
        }
        for query in [
            "刑法 133之1",
            "刑法133-1",
            "刑法第一百三十三条之一",
            "刑法第133条之一第一款第二项",
        ] {
            check(query, Some(("刑法", "133-1")));
        }
        check("第一百二十条", Some(("", "120")));
        for query in [
            "劳动合同法第三十八条说的啥",
            "劳动合同法第38条第一款第二项是什么意思",
        ] {
            check(query, Some(("劳动合同法", "38")));
        }
        check(
            "请问刑法第一百三十三条之一怎么判",
            Some(("请问刑法", "133-1")),
        );
    }

    #[test]
    fn lists_ranges_and_numbers_before_the_law() {
        for query in [
            "民法典1079、1080",
            "民法典1079 1080条",
            "民法典第1079条和1080条",
        ] {
            check(query, Some(("民法典", "1079 1080")));
        }
        for query in [
            "民法典1079-1081条",
            "民法典1079—1081",
            "民法典第1079至1081条",
            "民法典１０７９到１０８１条",
        ] {
            check(query, Some(("民法典", "1079 1081")));
        }
        for query in ["1079民法典", "第1079条民法典", "第一千零七十九条民法典"] {
            check(query, Some(("民法典", "1079")));
        }
        check("第133条之一刑法", Some(("刑法", "133-1")));
        check("刑法133-1条", Some(("刑法", "133-1")));
    }

    #[track_caller]
    fn leads(query: &str, expected: &[u32]) {
        let law = |name: &str, others: &[&str], rows: &str| {
            let others = others.iter().map(|name| (*name).to_owned()).collect();
            (name.to_owned(), others, rows.to_owned())
        };
        let laws = Laws::of(vec![
            law("民法典", &[], "- 1+1260"),
            law("劳动合同法", &["劳合法"], "- 1+98"),
            law("民法典婚姻家庭编解释", &[], "- 1+90"),
        ]);
        let found = rows(&references(query, &runs(query).0), &laws, &[0, 2000], |_| 0);
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn a_part_of_a_law_a_slip_and_a_number_it_does_not_have() {
        leads("民法典婚姻家庭编1079", &[1079]);
        leads("民法典第一编总则编第一百八十八条", &[188]);
        leads("请问民法典总则编第188条怎么讲", &[188]);
        leads("劳动和同法38条", &[2038]);
        leads("劳合法38", &[2038]);
        leads("民法典9999", &[0]);
        leads("劳动合同法第999条", &[2000]);
        leads("1079民法典", &[1079]);
        leads("月球法38条", &[]);
    }

    #[test]
    fn a_law_is_named_whole_in_part_or_with_a_word_behind() {
        let names = ["职工带薪年休假条例", "企业职工带薪年休假实施办法", "民法典"];
        let laws = names.map(|name| (name.to_owned(), Vec::new(), String::new()));
        let laws = Laws::of(laws.to_vec());
        let check = |query: &str, expected: Option<usize>| {
            let name = law_name(&runs(query).0);
            let found = name.and_then(|name| law_of_name(&name, &laws, |_| 0));
            assert_eq!(found, expected, "{query}");
        };
        check("中华人民共和国民法典", Some(2));
        check("民法典全文", Some(2));
        check("带薪年休假实施办法", Some(1));
        check("年休假条例", Some(0));
        check("实施办法", None);
        check("怎么办法", None);
    }

    #[test]
    fn what_is_no_reference() {
        check("一百二十", None);
        check("借钱1000元", None);
        check("第三条路怎么走", None);
        check("劳动合同", None);
        check("12348", None);
        check("", None);
    }

    #[test]
    fn rows_of_a_law() {
        let numbers: Vec<String> = numbers("1+2 2.1 - 4")
            .map(|n| n.map_or("-".into(), |n| n.to_string()))
            .collect();
        assert_eq!(numbers, ["1", "2", "2-1", "-", "4"]);
    }
}
