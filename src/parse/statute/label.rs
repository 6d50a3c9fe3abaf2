//! The labels lines of a statute begin with: 第三条, 第二章, （一）, 1．.

use crate::base::ArticleNo;
use crate::base::numeral::read_number;

use super::PartLevel;

/// Whether a character is blank in a statute: white space of any width, and characters without width.
#[must_use]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}'
        )
}

/// A text without blanks around it, and the byte offset its first character had.
#[must_use]
pub(crate) fn trimmed(text: &str) -> (usize, &str) {
    let rest = text.trim_start_matches(is_blank);
    (text.len() - rest.len(), rest.trim_end_matches(is_blank))
}

/// 第N条 at the beginning of a line or inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ArticleLabel {
    /// Its number.
    pub no: ArticleNo,
    /// Bytes of the label itself.
    pub len: usize,
    /// Bytes up to the text behind it, blanks included.
    pub rest: usize,
}

impl ArticleLabel {
    /// Whether a blank separates the label from its text.
    pub(crate) fn separated(&self) -> bool {
        self.rest > self.len
    }
}

/// Reads 第三条, 第一百三十三条之一, 第３ 条, and the slips met in real files: 笫三条, 第三十－条.
pub(crate) fn article_label(text: &str) -> Option<ArticleLabel> {
    let marks = text.len() - text.trim_start_matches("**").len();
    let body = &text[marks..];
    let after = body
        .strip_prefix('第')
        .or_else(|| body.strip_prefix('笫'))?;
    let after = after.trim_start_matches(is_blank);
    let (main, after) = article_number(after)?;
    let after = after.trim_start_matches(is_blank).strip_prefix('条')?;
    let (sub, after) = inserted_number(after).unwrap_or((0, after));
    let label_end = text.len() - after.len();
    let mut behind = after;
    if marks > 0 {
        behind = behind.strip_prefix("**").unwrap_or(behind);
    }
    let rest = text.len() - behind.trim_start_matches(is_blank).len();
    Some(ArticleLabel {
        no: ArticleNo::inserted(main, sub),
        len: label_end,
        rest,
    })
}

/// The number of an article; a dash right before 条 is a 一 someone drew.
fn article_number(text: &str) -> Option<(u32, &str)> {
    let (number, used) = read_number(text)?;
    let rest = &text[used..];
    match rest.strip_prefix(['－', '—', '─', '-', 'ー']) {
        Some(after) if after.starts_with('条') && text[..used].ends_with(['十', '百', '零']) => {
            Some((number + 1, after))
        }
        _ if number == 0 => None,
        _ => Some((number, rest)),
    }
}

/// 之一 behind 条; 之一般规定 is no number.
fn inserted_number(text: &str) -> Option<(u32, &str)> {
    let after = text.strip_prefix('之')?;
    let (number, used) = read_number(after)?;
    let rest = &after[used..];
    (number > 0 && !rest.starts_with(['般', '切', '间'])).then_some((number, rest))
}

/// What stands right behind 第N条 when it is a reference inside a sentence and not the beginning of an article.
pub(crate) fn refers(behind: &str) -> bool {
    const WORDS: [&str; 16] = [
        "第", "、", "和", "至", "规定", "的", "所", "中", "之", "或", "与", "及", "，", "。", "；",
        "）",
    ];
    WORDS.iter().any(|word| behind.starts_with(word))
}

/// How an item is labelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemStyle {
    /// （一）
    BracketedChinese,
    /// （1）
    BracketedDecimal,
    /// 1. or 1． or 1、
    Decimal,
    /// ①
    Circled,
    /// 一、
    Chinese,
}

/// The label of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ItemLabel {
    /// How it is written.
    pub style: ItemStyle,
    /// Its number.
    pub number: u32,
    /// Bytes of the label.
    pub len: usize,
}

/// Reads （一）, (1), 1., １．, ①, 一、 at the beginning of a text.
pub(crate) fn item_label(text: &str) -> Option<ItemLabel> {
    let first = text.chars().next()?;
    match first {
        '（' | '(' | '﹙' => bracketed(text, first.len_utf8()),
        '①'..='⑳' => Some(ItemLabel {
            style: ItemStyle::Circled,
            number: first as u32 - '①' as u32 + 1,
            len: first.len_utf8(),
        }),
        _ => numbered(text, first),
    }
}

fn bracketed(text: &str, open: usize) -> Option<ItemLabel> {
    let inside = text[open..].trim_start_matches(is_blank);
    let (number, used) = read_number(inside)?;
    let rest = inside[used..].trim_start_matches(is_blank);
    let close = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '）' | ')' | '﹚'))?;
    let len = text.len() - rest.len() + close.len_utf8();
    let decimal = inside.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    let style = if decimal {
        ItemStyle::BracketedDecimal
    } else {
        ItemStyle::BracketedChinese
    };
    (number > 0 && number < 200).then_some(ItemLabel { style, number, len })
}

fn numbered(text: &str, first: char) -> Option<ItemLabel> {
    let (number, used) = read_number(text)?;
    let mark = text[used..].chars().next()?;
    let behind = &text[used + mark.len_utf8()..];
    let decimal = first.is_ascii_digit() || ('０'..='９').contains(&first);
    let style = match mark {
        '.' | '．' | '、' if decimal => ItemStyle::Decimal,
        '、' => ItemStyle::Chinese,
        _ => return None,
    };
    let fraction = behind.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    (number > 0 && number < 200 && !fraction).then_some(ItemLabel {
        style,
        number,
        len: used + mark.len_utf8(),
    })
}

/// Reads 第三章, 第一分编 at the beginning of a heading: level, number, bytes.
pub(crate) fn part_label(text: &str) -> Option<(PartLevel, u32, usize)> {
    let after = text.strip_prefix('第')?.trim_start_matches(is_blank);
    let (number, used) = read_number(after)?;
    let rest = after[used..].trim_start_matches(is_blank);
    let (level, name) = [
        ("分编", PartLevel::Subbook),
        ("编", PartLevel::Book),
        ("部分", PartLevel::Book),
        ("章", PartLevel::Chapter),
        ("节", PartLevel::Section),
    ]
    .into_iter()
    .find_map(|(name, level)| rest.starts_with(name).then_some((level, name)))?;
    Some((level, number, text.len() - rest.len() + name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, no: &str, rest: &str) {
        let label = article_label(text).expect(text);
        assert_eq!(
            (label.no.to_string().as_str(), &text[label.rest..]),
            (no, rest)
        );
    }

    #[test]
    fn labels_of_articles_in_every_form() {
        check("第三条 总则", "3", "总则");
        check("第一百三十三条之一\u{3000}危险", "133-1", "危险");
        check("第三十五 条农村", "35", "农村");
        check("笫五十四条 清算", "54", "清算");
        check("第三十－条 规划", "31", "规划");
        check("**第 12 条** 本法", "12", "本法");
        check("第十条之一般规定", "10", "之一般规定");
        assert_eq!(article_label("第三章 总则"), None);
        assert_eq!(article_label("第三者"), None);
    }

    #[test]
    fn labels_of_items() {
        let style = |text| item_label(text).map(|label| (label.style, label.number));
        assert_eq!(style("（一）重婚"), Some((ItemStyle::BracketedChinese, 1)));
        assert_eq!(
            style("(十二) 其他"),
            Some((ItemStyle::BracketedChinese, 12))
        );
        assert_eq!(style("（3）其他"), Some((ItemStyle::BracketedDecimal, 3)));
        assert_eq!(style("２．其他"), Some((ItemStyle::Decimal, 2)));
        assert_eq!(style("②其他"), Some((ItemStyle::Circled, 2)));
        assert_eq!(style("一、其他"), Some((ItemStyle::Chinese, 1)));
        for text in ["1.5倍", "2024年", "（一九九五年）", "（以下简称）", "一般"] {
            assert_eq!(style(text), None, "{text}");
        }
    }
}
