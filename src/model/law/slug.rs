//! The part of a law's address: the pinyin of the name it is known by, or what its file gives.

use std::collections::BTreeSet;

use pinyin::ToPinyin;

use crate::base::Hash;

use super::Law;

/// Addresses longer than this are cut behind a syllable and told apart by a hash.
const LONGEST: usize = 60;

/// Words whose characters are read in another way than they usually are.
const READINGS: &[(&str, &str)] = &[
    ("重庆", "chongqing"),
    ("重新", "chongxin"),
    ("银行", "yinhang"),
    ("行业", "hangye"),
    ("会计", "kuaiji"),
    ("审计", "shenji"),
    ("调解", "tiaojie"),
    ("调整", "tiaozheng"),
    ("调查", "diaocha"),
    ("处罚", "chufa"),
    ("处理", "chuli"),
    ("处分", "chufen"),
    ("长期", "changqi"),
    ("长江", "changjiang"),
    ("长城", "changcheng"),
    ("种子", "zhongzi"),
    ("西藏", "xizang"),
    ("厦门", "xiamen"),
    ("台州", "taizhou"),
    ("单行", "danxing"),
    ("解放", "jiefang"),
    ("传播", "chuanbo"),
    ("传销", "chuanxiao"),
    ("参加", "canjia"),
    ("血液", "xueye"),
    ("血吸虫", "xuexichong"),
    ("学校", "xuexiao"),
    ("石油", "shiyou"),
    ("大夫", "daifu"),
    ("率", "lv"),
    ("给付", "jifu"),
    ("供给", "gongji"),
    ("供应", "gongying"),
    ("便利", "bianli"),
    ("法", "fa"),
    ("的", "de"),
    ("地", "di"),
    ("和", "he"),
    ("行", "xing"),
];

/// Gives every law without an address one. The laws must be sorted; of two with the same reading the first keeps it.
pub(super) fn give(laws: &mut [Law]) {
    let mut taken: BTreeSet<String> = laws
        .iter()
        .map(|law| law.slug.clone())
        .filter(|slug| !slug.is_empty())
        .collect();
    for law in laws {
        if !law.slug.is_empty() {
            continue;
        }
        let mut slug = slug_of(&law.title);
        if !taken.insert(slug.clone()) {
            slug = format!("{slug}-{}", Hash::of(law.title.as_bytes()).short(6));
            taken.insert(slug.clone());
        }
        law.slug = slug;
    }
}

/// The reading of a title without the state's and the courts' names.
fn slug_of(title: &str) -> String {
    let mut name = title
        .strip_prefix("中华人民共和国")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(title);
    for issuer in ["最高人民法院", "、", "最高人民检察院", "关于"] {
        name = name.strip_prefix(issuer).unwrap_or(name);
    }
    let mut slug = String::new();
    for syllable in syllables(name) {
        if slug.len() + syllable.len() > LONGEST {
            return format!("{slug}-{}", Hash::of(title.as_bytes()).short(6));
        }
        slug.push_str(&syllable);
    }
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() {
        Hash::of(title.as_bytes()).short(12)
    } else {
        slug
    }
}

fn syllables(name: &str) -> Vec<String> {
    let name = name.replace("中华人民共和国", "");
    let mut syllables = Vec::new();
    let mut rest = name.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some((word, reading)) = READINGS.iter().find(|(word, _)| rest.starts_with(word)) {
            syllables.push((*reading).to_owned());
            rest = &rest[word.len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if let Some(reading) = c.to_pinyin() {
            syllables.push(reading.plain().replace('ü', "v"));
        } else if c.is_ascii_alphanumeric() {
            syllables.push(c.to_ascii_lowercase().to_string());
        }
    }
    syllables
}
