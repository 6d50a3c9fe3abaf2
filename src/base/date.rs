//! Dates as editors write them.

use jiff::civil;
use jiff::tz::Offset;

/// A calendar day.
pub type Date = civil::Date;

/// A day, or a moment of a day, as front matter gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Day and time of day as written.
    pub civil: civil::DateTime,
    /// Offset from UTC, when written.
    pub offset: Option<Offset>,
    /// Whether a time of day was written.
    pub has_time: bool,
}

impl Moment {
    /// Reads `2026-03-05`, `2026-03-05T09:00:00`, `2026-03-05 09:00:00+08:00`, `…Z`, and `2026/3/5`, `2026年3月5日`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(day) = parse_date(text) {
            return Some(Self {
                civil: day.at(0, 0, 0, 0),
                offset: None,
                has_time: false,
            });
        }
        let (local, offset) = split_offset(text)?;
        let civil = local.replace(' ', "T").parse::<civil::DateTime>().ok()?;
        Some(Self {
            civil,
            offset,
            has_time: true,
        })
    }

    /// The day.
    #[must_use]
    pub fn date(&self) -> Date {
        self.civil.date()
    }

    /// RFC 3339, with China Standard Time where no offset was written.
    #[must_use]
    pub fn rfc3339(&self) -> String {
        let offset = self.offset.map_or(8 * 3600, Offset::seconds);
        let zone = if offset == 0 {
            "Z".to_owned()
        } else {
            let minutes = offset.abs() / 60;
            let sign = if offset < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        };
        format!("{}{zone}", self.civil.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// RFC 2822, as RSS has it: `Thu, 05 Mar 2026 00:00:00 +0800`.
    #[must_use]
    pub fn rfc2822(&self) -> String {
        let zone = self.rfc3339()[19..].replace(':', "").replace('Z', "+0000");
        format!("{} {zone}", self.civil.strftime("%a, %d %b %Y %H:%M:%S"))
    }

    /// A number to sort by: seconds in UTC, China Standard Time where no offset was written.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        let offset = self.offset.map_or(8 * 3600, Offset::seconds);
        let since = self
            .civil
            .duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0));
        // Rounded down, so that a moment before 1970 sorts as it would after.
        let whole = since.as_secs() - i64::from(since.subsec_nanos() < 0);
        whole - i64::from(offset)
    }
}

impl From<Date> for Moment {
    fn from(day: Date) -> Self {
        Self {
            civil: day.at(0, 0, 0, 0),
            offset: None,
            has_time: false,
        }
    }
}

/// Reads a day: `2026-03-05`, `2026/3/5`, `2026.3.5`, `20260305` or `2026年3月5日`.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches('日');
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let number = |part: &str| {
        let all_digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if all_digits {
            part.parse::<i16>().ok()
        } else {
            None
        }
    };
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            let (month, day) = (
                i8::try_from(number(month)?).ok()?,
                i8::try_from(number(day)?).ok()?,
            );
            Date::new(number(year)?, month, day).ok()
        }
        [all] if all.len() == 8 && all.bytes().all(|byte| byte.is_ascii_digit()) => Date::new(
            all[..4].parse().ok()?,
            all[4..6].parse().ok()?,
            all[6..].parse().ok()?,
        )
        .ok(),
        _ => None,
    }
}

fn split_offset(text: &str) -> Option<(String, Option<Offset>)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']) {
        return Some((local.to_owned(), Some(Offset::UTC)));
    }
    let time_at = text.find(['T', 't', ' '])?;
    let Some(sign_at) = text[time_at..].rfind(['+', '-']).map(|at| at + time_at) else {
        return Some((text.to_owned(), None));
    };
    let (hours, minutes) = text[sign_at + 1..].split_once(':')?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
    let signed = if text[sign_at..].starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Some((
        text[..sign_at].trim_end().to_owned(),
        Some(Offset::from_seconds(signed).ok()?),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_of_writing_a_day() {
        let day = civil::date(2026, 3, 5);
        for text in [
            "2026-03-05",
            "2026/3/5",
            "2026.3.5",
            "20260305",
            "2026年3月5日",
        ] {
            assert_eq!(parse_date(text), Some(day), "{text}");
        }
        for text in ["2026-13-05", "5-3-2026", "soon", "2026-03", "123456789"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn moments_keep_their_offset() {
        let moment = Moment::parse("2026-03-05T09:30:00-05:00").expect("a moment");
        assert_eq!(moment.rfc3339(), "2026-03-05T09:30:00-05:00");
        assert_eq!(
            Moment::parse("1970-01-01T00:00:00Z")
                .expect("a moment")
                .seconds(),
            0
        );
        let plain = Moment::parse("2026-03-05").expect("a day");
        assert_eq!(plain.rfc3339(), "2026-03-05T00:00:00+08:00");
        assert!(!plain.has_time);
    }
}
