//! Chinese numerals and the numbers of articles: 第一百二十条之一 ⇄ `120-1`.

use std::fmt;
use std::str::FromStr;

/// The number of an article: its main number and, for an inserted article (之一), the number behind 之.
///
/// Written `120` or `120-1`; as an anchor `art-120-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleNo {
    /// 第N条.
    pub main: u32,
    /// 之N; 0 for an article that is not an inserted one.
    pub sub: u32,
}

impl ArticleNo {
    /// 第`main`条.
    #[must_use]
    pub fn new(main: u32) -> Self {
        Self { main, sub: 0 }
    }

    /// 第`main`条之`sub`.
    #[must_use]
    pub fn inserted(main: u32, sub: u32) -> Self {
        Self { main, sub }
    }

    /// The number as statutes print it: 第一百二十条之一.
    #[must_use]
    pub fn chinese(&self) -> String {
        let main = to_chinese(self.main);
        if self.sub == 0 {
            format!("第{main}条")
        } else {
            format!("第{main}条之{}", to_chinese(self.sub))
        }
    }

    /// The anchor on the statute's page: `art-120-1`.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("art-{self}")
    }
}

impl fmt::Display for ArticleNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sub == 0 {
            write!(f, "{}", self.main)
        } else {
            write!(f, "{}-{}", self.main, self.sub)
        }
    }
}

/// The text is not an article number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnArticleNo;

impl FromStr for ArticleNo {
    type Err = NotAnArticleNo;

    /// Reads `120`, `120-1`, `120之1`, `一百二十条之一`, `第一百二十条之一`.
    fn from_str(text: &str) -> Result<Self, NotAnArticleNo> {
        let text = text.trim();
        let text = text.strip_prefix('第').unwrap_or(text);
        let (main, sub) = match text.split_once(['-', '之', '－']) {
            Some((main, sub)) => (main, Some(sub)),
            None => (text, None),
        };
        let main = main.trim().trim_end_matches('条');
        let main = number(main).ok_or(NotAnArticleNo)?;
        let sub = sub
            .map_or(Some(0), |sub| number(sub.trim()))
            .ok_or(NotAnArticleNo)?;
        Ok(Self { main, sub })
    }
}

fn number(text: &str) -> Option<u32> {
    let (value, used) = read_number(text)?;
    (used == text.len()).then_some(value)
}

/// Reads the number at the beginning of `text`: Chinese numerals or digits of either width.
/// Gives the value and the bytes it took; `None` where no number begins or it is over 99,999.
///
/// ```
/// use pufa::base::numeral::read_number;
/// assert_eq!(read_number("一百二十条"), Some((120, 12)));
/// assert_eq!(read_number("１２１７条"), Some((1217, 12)));
/// assert_eq!(read_number("二〇二一"), Some((2021, 12)));
/// ```
#[must_use]
pub fn read_number(text: &str) -> Option<(u32, usize)> {
    let first = text.chars().next()?;
    if decimal_digit(first).is_some() {
        read_decimal(text)
    } else {
        read_chinese(text)
    }
}

fn decimal_digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn read_decimal(text: &str) -> Option<(u32, usize)> {
    let mut value = 0u32;
    let mut used = 0;
    for c in text.chars() {
        let Some(digit) = decimal_digit(c) else { break };
        value = value * 10 + digit;
        used += c.len_utf8();
        if value > 99_999 {
            return None;
        }
    }
    Some((value, used))
}

/// The value of a Chinese digit character.
#[must_use]
pub fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<u32> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        '万' => 10_000,
        _ => return None,
    })
}

fn read_chinese(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut section, mut digits, mut used) = (0u32, 0u32, None::<u32>, 0usize);
    let mut positional = 0u32;
    let mut has_unit = false;
    for c in text.chars() {
        if let Some(digit) = chinese_digit(c) {
            positional = positional.checked_mul(10)?.checked_add(digit)?;
            digits = Some(digit);
        } else if let Some(unit) = unit(c) {
            has_unit = true;
            if unit == 10_000 {
                total = (section + digits.unwrap_or(0)).checked_mul(10_000)?;
                section = 0;
            } else {
                section += digits.unwrap_or(1) * unit;
            }
            digits = None;
        } else {
            break;
        }
        used += c.len_utf8();
    }
    if used == 0 {
        return None;
    }
    let value = if has_unit {
        total + section + digits.unwrap_or(0)
    } else {
        positional
    };
    (value <= 99_999).then_some((value, used))
}

/// The number in Chinese numerals, up to 99,999: 10 is 十, 110 is 一百一十, 1005 is 一千零五.
#[must_use]
pub fn to_chinese(value: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if value == 0 {
        return "零".to_owned();
    }
    let mut text = String::new();
    let mut zero_due = false;
    for (size, name) in [
        (10_000, "万"),
        (1000, "千"),
        (100, "百"),
        (10, "十"),
        (1, ""),
    ] {
        let digit = value / size % 10;
        if digit == 0 {
            zero_due = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut zero_due) {
            text.push('零');
        }
        if !(digit == 1 && size == 10 && text.is_empty()) {
            text.push(DIGITS[digit as usize]);
        }
        text.push_str(name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_the_way_there_and_back() {
        for value in 1..=20_000 {
            let text = to_chinese(value);
            assert_eq!(read_number(&text), Some((value, text.len())), "{text}");
        }
    }

    #[test]
    fn article_numbers_in_every_form() {
        for text in [
            "120-1",
            "120之1",
            "一百二十条之一",
            "第一百二十条之一",
            "第120条之1",
            "第１２０条之１",
        ] {
            assert_eq!(text.parse(), Ok(ArticleNo::inserted(120, 1)), "{text}");
        }
        assert_eq!("第一千零七十九条".parse(), Ok(ArticleNo::new(1079)));
        assert_eq!("条".parse::<ArticleNo>(), Err(NotAnArticleNo));
        assert_eq!("".parse::<ArticleNo>(), Err(NotAnArticleNo));
    }

    #[test]
    fn the_printed_number() {
        assert_eq!(ArticleNo::inserted(287, 1).chinese(), "第二百八十七条之一");
        assert_eq!(ArticleNo::new(1005).chinese(), "第一千零五条");
        assert_eq!(ArticleNo::new(10).chinese(), "第十条");
        assert_eq!(ArticleNo::new(110).chinese(), "第一百一十条");
        assert_eq!(ArticleNo::inserted(133, 1).anchor(), "art-133-1");
    }

    #[test]
    fn huge_numbers_are_no_numbers() {
        assert_eq!(read_number("99999999999999"), None);
        assert_eq!(read_number("九九九九九九九九九九九九九九"), None);
    }
}
