//! References to articles in a query: 民法典1079, 刑法 133之1, 民法典第一千零七十九条第二款.

use crate::base::ArticleNo;
use crate::base::numeral::read_number;
use crate::index::files::LawName;

/// How many laws a number without a law's name leads to.
const LAWS: usize = 5;

/// A law's name, folded, perhaps empty, and a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) law: String,
    pub(super) number: ArticleNo,
    /// Whether it stands in a sentence (民法典第一千零七十九条怎么说): then the name may have words before it.
    pub(super) in_sentence: bool,
}

/// The reference a query is, if it is one. `runs` are the folded words; the query itself still has `-` and 之.
pub(super) fn reference(query: &str, runs: &[String]) -> Option<Reference> {
    let joined: String = runs.concat();
    let joined = joined.replace("中华人民共和国", "");
    let one = alone(query, &joined).filter(|found| inside(&found.law).is_none());
    one.or_else(|| inside(&joined))
}

/// 第N条 behind at least two characters, anywhere in a sentence.
fn inside(joined: &str) -> Option<Reference> {
    joined.match_indices('第').find_map(|(at, mark)| {
        let law = &joined[..at];
        let rest = &joined[at + mark.len()..];
        let (main, used) = read_number(rest)?;
        let rest = rest[used..].strip_prefix('条')?;
        let sub = rest.strip_prefix('之').and_then(read_number);
        let sub = sub.map_or(0, |(sub, _)| sub);
        (law.chars().count() >= 2).then(|| Reference {
            law: law.to_owned(),
            number: ArticleNo { main, sub },
            in_sentence: true,
        })
    })
}

/// A name and a number, and nothing more.
fn alone(query: &str, joined: &str) -> Option<Reference> {
    let dashed = query
        .trim_end()
        .rsplit_once(['-', '－', '—'])
        .and_then(|(_, sub)| sub.trim().parse::<u32>().ok());
    let numeral = |c: char| c.is_ascii_digit() || "〇零一二两三四五六七八九十百千".contains(c);
    let (start, _) = joined
        .char_indices()
        .find(|(at, c)| numeral(*c) && is_number_to_the_end(&joined[*at..]))?;
    let (law, rest) = joined.split_at(start);
    let marked = law.ends_with('第');
    let law = law.trim_end_matches('第');
    let (main, used) = match dashed {
        // 133-1 was folded to 1331: the digits behind the dash are the inserted article's.
        Some(sub) => (
            rest.strip_suffix(&sub.to_string())?.parse().ok()?,
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
    })
}

/// A number, perhaps 条, 之N, 第N款, 第N项, and then nothing.
fn is_number_to_the_end(text: &str) -> bool {
    let Some((_, used)) = read_number(text) else {
        return false;
    };
    let mut rest = text[used..].trim_start_matches('条');
    for (before, after) in [("之", ""), ("第", "款"), ("第", "项")] {
        let Some(number) = rest.strip_prefix(before) else {
            continue;
        };
        let Some((_, used)) = read_number(number) else {
            continue;
        };
        rest = number[used..]
            .strip_prefix(after)
            .unwrap_or(&number[used..]);
    }
    rest.is_empty()
}

/// How laws are called; only a query that ends so may be the name of one.
const ENDINGS: [&str; 10] = [
    "法", "典", "条例", "规定", "解释", "办法", "细则", "规则", "决定", "意见",
];

/// The name of a law a query may be.
pub(super) fn law_name(runs: &[String]) -> Option<String> {
    let joined = runs.concat();
    let name = joined.replace("中华人民共和国", "");
    let is = name.chars().count() >= 2 && ENDINGS.iter().any(|ending| name.ends_with(ending));
    is.then_some(name)
}

/// The law of that very name, the best known one.
pub(super) fn law_of_name(
    name: &str,
    laws: &[LawName],
    prior: impl Fn(usize) -> u32,
) -> Option<usize> {
    matching(laws, &prior, &|other| other == name)
        .first()
        .copied()
}

/// Laws with a name that fits, the best known first.
fn matching(
    laws: &[LawName],
    prior: &dyn Fn(usize) -> u32,
    fits: &dyn Fn(&str) -> bool,
) -> Vec<usize> {
    let is = |law: &LawName| {
        std::iter::once(&law.0)
            .chain(&law.1)
            .any(|name| fits(&crate::index::token::fold(name).replace(' ', "")))
    };
    let mut found: Vec<usize> = (0..laws.len()).filter(|law| is(&laws[*law])).collect();
    found.sort_by_key(|law| (std::cmp::Reverse(prior(*law)), *law));
    found
}

/// The rows of the article referred to: of the law of that name, else of the best known laws whose name begins so.
pub(super) fn rows(
    reference: &Reference,
    laws: &[LawName],
    starts: &[u32],
    prior: impl Fn(usize) -> u32,
) -> Vec<u32> {
    let same = matching(laws, &prior, &|name| name == reference.law);
    let found = if reference.in_sentence {
        longest_before(laws, &prior, &reference.law)
    } else if reference.law.is_empty() {
        matching(laws, &prior, &|_| true)
    } else if same.is_empty() {
        let begins =
            |name: &str| reference.law.chars().count() >= 2 && name.starts_with(&reference.law);
        let begun = matching(laws, &prior, &begins);
        if begun.is_empty() {
            longest_before(laws, &prior, &reference.law)
        } else {
            begun
        }
    } else {
        same
    };
    let most = if reference.law.is_empty() { LAWS } else { 1 };
    let row = |law: usize| {
        let place = numbers(&laws[law].2).position(|number| number == Some(reference.number))?;
        Some(starts.get(law)? + place as u32)
    };
    found.into_iter().filter_map(row).take(most).collect()
}

/// The law whose name a text ends with, the longest such name.
fn longest_before(laws: &[LawName], prior: &dyn Fn(usize) -> u32, text: &str) -> Vec<usize> {
    let starts = text.char_indices().map(|(at, _)| &text[at..]);
    let mut found = starts
        .filter(|name| name.chars().count() >= 2)
        .map(|name| matching(laws, prior, &|other| other == name));
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
        let found =
            reference(query, &runs(query).0).map(|found| (found.law, found.number.to_string()));
        assert_eq!(
            found,
            expected.map(|(law, number)| (law.to_owned(), number.to_owned())),
            "{query}"
        );
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
