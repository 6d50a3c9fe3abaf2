//! Events → iCalendar (RFC 5545): one file for all, or one for each.
//!
//! Times are written in UTC, so no time zone has to be described; days are written as days. The same events give the
//! same bytes: `DTSTAMP` is when the page was last changed, never the time of the build.

use std::fmt::Write as _;

use jiff::ToSpan as _;

use crate::base::{Date, Moment};

/// A calendar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {
    /// Its name, shown by those who subscribe to it.
    pub name: String,
    /// Where it is found on the web, when the site has an address.
    pub url: Option<String>,
    /// The events.
    pub events: Vec<CalendarEvent>,
}

/// An event of a calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarEvent {
    /// What stays the same whatever becomes of the event: its path on the site, and the site's host behind `@`.
    pub uid: String,
    /// When it begins.
    pub start: Moment,
    /// When it ends; a day without a time of day is its last day.
    pub end: Option<Moment>,
    /// When what is said of it was last changed.
    pub changed: Moment,
    /// Its title.
    pub summary: String,
    /// A few sentences.
    pub description: String,
    /// Where.
    pub location: String,
    /// Its page.
    pub url: Option<String>,
    /// Topics.
    pub categories: Vec<String>,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// The calendar as a file of type `text/calendar`.
#[must_use]
pub fn icalendar(calendar: &Calendar) -> String {
    let mut out = Writer::default();
    out.line("BEGIN", "VCALENDAR");
    out.line("VERSION", "2.0");
    out.line("PRODID", "-//pufa//pufa//ZH");
    out.line("CALSCALE", "GREGORIAN");
    out.line("METHOD", "PUBLISH");
    if !calendar.name.is_empty() {
        out.text("NAME", &calendar.name);
        out.text("X-WR-CALNAME", &calendar.name);
    }
    if let Some(url) = &calendar.url {
        out.line("SOURCE;VALUE=URI", url);
    }
    for event in &calendar.events {
        out.event(event);
    }
    out.line("END", "VCALENDAR");
    out.text
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn event(&mut self, event: &CalendarEvent) {
        self.line("BEGIN", "VEVENT");
        self.text("UID", &event.uid);
        self.line("DTSTAMP", &utc(&event.changed));
        self.line("LAST-MODIFIED", &utc(&event.changed));
        if event.start.has_time {
            self.line("DTSTART", &utc(&event.start));
            if let Some(end) = event
                .end
                .map(last_moment)
                .filter(|end| end.seconds() > event.start.seconds())
            {
                self.line("DTEND", &utc(&end));
            }
        } else {
            self.line("DTSTART;VALUE=DATE", &day(event.start.date()));
            let last = event
                .end
                .map_or(event.start.date(), |end| end.date())
                .max(event.start.date());
            self.line("DTEND;VALUE=DATE", &day(next_day(last)));
        }
        self.text("SUMMARY", &event.summary);
        for (name, value) in [
            ("DESCRIPTION", &event.description),
            ("LOCATION", &event.location),
        ] {
            if !value.is_empty() {
                self.text(name, value);
            }
        }
        if !event.categories.is_empty() {
            let categories: Vec<String> = event
                .categories
                .iter()
                .map(|category| escape(category))
                .collect();
            self.line("CATEGORIES", &categories.join(","));
        }
        if let Some(url) = &event.url {
            self.line("URL", url);
        }
        self.line(
            "STATUS",
            if event.cancelled {
                "CANCELLED"
            } else {
                "CONFIRMED"
            },
        );
        self.line("END", "VEVENT");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(name, &escape(value));
    }

    /// A content line, folded so that no line is longer than 75 octets and no character is cut.
    fn line(&mut self, name: &str, value: &str) {
        const LIMIT: usize = 75;
        let mut length = 0;
        // Control characters other than those escaped have no place in a value.
        let characters = name
            .chars()
            .chain([':'])
            .chain(value.chars())
            .filter(|c| !c.is_control());
        for c in characters {
            if length + c.len_utf8() > LIMIT {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(c);
            length += c.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// Escapes a text value: backslash, semicolon, comma, line break.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.trim().replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out
}

/// A day without a time of day lasts until the next begins.
fn last_moment(end: Moment) -> Moment {
    if end.has_time {
        end
    } else {
        Moment {
            civil: next_day(end.date()).at(0, 0, 0, 0),
            ..end
        }
    }
}

fn next_day(date: Date) -> Date {
    date.checked_add(1.day()).unwrap_or(date)
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// `20261204T010000Z`.
fn utc(moment: &Moment) -> String {
    let (days, seconds) = (
        moment.seconds().div_euclid(86_400),
        moment.seconds().rem_euclid(86_400),
    );
    let date = jiff::civil::date(1970, 1, 1)
        .checked_add(days.days())
        .unwrap_or(moment.date());
    let mut out = day(date);
    let _ = write!(
        out,
        "T{:02}{:02}{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::parse(text).expect("a moment")
    }

    fn event(start: &str, end: Option<&str>) -> CalendarEvent {
        CalendarEvent {
            uid: "/events/a/@example.org".into(),
            start: moment(start),
            end: end.map(moment),
            changed: moment("2026-11-23"),
            summary: "宪法日".into(),
            description: String::new(),
            location: String::new(),
            url: None,
            categories: Vec::new(),
            cancelled: false,
        }
    }

    fn lines(event: CalendarEvent) -> Vec<String> {
        let text = icalendar(&Calendar {
            name: "活动".into(),
            url: None,
            events: vec![event],
        });
        text.split("\r\n").map(str::to_owned).collect()
    }

    #[track_caller]
    fn check(event: CalendarEvent, wanted: &[&str]) {
        let lines = lines(event);
        for line in wanted {
            assert!(
                lines.iter().any(|found| found == line),
                "{line} in {lines:#?}"
            );
        }
    }

    #[test]
    fn times_are_in_utc() {
        check(
            event("2026-12-04T09:00:00", Some("2026-12-04T11:30:00")),
            &[
                "DTSTART:20261204T010000Z",
                "DTEND:20261204T033000Z",
                "DTSTAMP:20261122T160000Z",
                "UID:/events/a/@example.org",
            ],
        );
        check(
            event("2026-12-04T09:00:00+00:00", None),
            &["DTSTART:20261204T090000Z"],
        );
    }

    #[test]
    fn days_end_with_the_next() {
        check(
            event("2026-12-04", None),
            &["DTSTART;VALUE=DATE:20261204", "DTEND;VALUE=DATE:20261205"],
        );
        check(
            event("2026-12-30", Some("2026-12-31")),
            &["DTEND;VALUE=DATE:20270101"],
        );
        check(
            event("2026-12-04T09:00:00", Some("2026-12-04")),
            &["DTEND:20261204T160000Z"],
        );
    }

    #[test]
    fn text_is_escaped_and_called_off_events_say_so() {
        let called_off = CalendarEvent {
            location: "一号楼, 二层; A\\B".into(),
            description: "一\r\n二\u{7}".into(),
            categories: vec!["劳动,就业".into(), "法援".into()],
            cancelled: true,
            ..event("2026-12-04", None)
        };
        check(
            called_off,
            &[
                "LOCATION:一号楼\\, 二层\\; A\\\\B",
                "DESCRIPTION:一\\n二",
                "CATEGORIES:劳动\\,就业,法援",
                "STATUS:CANCELLED",
            ],
        );
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let long = CalendarEvent {
            description: "普法".repeat(60),
            ..event("2026-12-04", None)
        };
        let text = icalendar(&Calendar {
            name: String::new(),
            url: None,
            events: vec![long],
        });
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(
            text.replace("\r\n ", "")
                .contains(&format!("DESCRIPTION:{}", "普法".repeat(60)))
        );
        assert!(!text.replace("\r\n", "").contains('\n'));
    }
}
