//! What the front matter of an event says: when, where, for whom, how to sign up.

use super::fields::Fields;
use super::front::Spanned;
use crate::base::{Date, Moment, Span};
use crate::diag::Diagnostic;

/// The keys of an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFields {
    /// When it begins.
    pub start: Option<Moment>,
    /// When it ends.
    pub end: Option<Moment>,
    /// Where.
    pub place: Option<String>,
    /// For whom.
    pub audience: Option<String>,
    /// Who holds it.
    pub organizer: Option<String>,
    /// How to sign up: a telephone number, an address or a sentence.
    pub sign_up: Option<Spanned>,
    /// Where to take part from afar.
    pub online: Option<String>,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// Reads the keys of an event; `place` is where a missing `start` is reported.
pub fn read(fields: &mut Fields<'_>, place: Span) -> EventFields {
    let event = EventFields {
        start: fields.moment("start"),
        end: fields.moment("end"),
        place: fields.string("place"),
        audience: fields.string("audience"),
        organizer: fields.string("organizer"),
        sign_up: fields.spanned_string("sign_up"),
        online: fields.string("online"),
        cancelled: fields.bool("cancelled").unwrap_or(false),
    };
    check(fields, &event, place);
    event
}

fn check(fields: &mut Fields<'_>, event: &EventFields, place: Span) {
    let file = fields.file();
    let start_node = fields.node("start").map(|node| node.span);
    if start_node.is_none() {
        fields.report(Diagnostic::at("event-no-start", file, place));
    }
    let end_span = fields.node("end").map(|node| node.span);
    if let (Some(start), Some(end), Some(span)) = (event.start, event.end, end_span)
        && last_second(&end) < start.seconds()
    {
        let diagnostic = Diagnostic::at("event-ends-before-start", file, span);
        fields.report(
            diagnostic
                .with("start", words(&start))
                .with("end", words(&end)),
        );
    }
}

/// The last second a moment stands for: a day without a time of day lasts until its end.
fn last_second(moment: &Moment) -> i64 {
    moment.seconds() + if moment.has_time { 0 } else { 86_399 }
}

fn words(moment: &Moment) -> String {
    let format = if moment.has_time {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d"
    };
    moment.civil.strftime(format).to_string()
}

impl EventFields {
    /// Whether it is over on the day `as_of`: its last day lies before.
    #[must_use]
    pub fn is_past(&self, as_of: Date) -> bool {
        self.end
            .or(self.start)
            .is_some_and(|last| last.date() < as_of)
    }

    /// Whether it lasts whole days.
    #[must_use]
    pub fn is_all_day(&self) -> bool {
        self.start.is_some_and(|start| !start.has_time)
    }

    /// The address that signs up: `tel:`, `mailto:` or the page's own. `None` when the author wrote a sentence.
    #[must_use]
    pub fn sign_up_address(&self) -> Option<String> {
        contact_address(self.sign_up.as_ref()?.0.trim())
    }
}

/// `tel:12348` for a telephone number, `mailto:` for a mail address, the address itself for a web address.
#[must_use]
pub fn contact_address(text: &str) -> Option<String> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return (!text.contains(char::is_whitespace)).then(|| text.to_owned());
    }
    if let Some((name, host)) = text.split_once('@') {
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b))
        };
        return (plain(name) && plain(host) && host.contains('.'))
            .then(|| format!("mailto:{text}"));
    }
    super::service::telephone(text).map(|tel| format!("tel:{tel}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;
    use crate::parse::syntax::{Syntax, read_table};
    use crate::parse::testing::places;

    fn check(text: &str, problems: &[&str]) -> EventFields {
        let file = SourcePath::new("a.md");
        let mut diagnostics = Vec::new();
        let table = read_table(Syntax::Toml, text, 0, &file, &mut diagnostics);
        let mut fields = Fields::new(&table, &file, &mut diagnostics);
        let event = read(&mut fields, Span::default());
        fields.finish();
        assert_eq!(places(text, &diagnostics), problems, "{text}");
        event
    }

    #[test]
    fn an_event_ends_with_its_last_day() {
        let event = check(
            "start = 2026-12-04T09:00:00\nend = 2026-12-04T11:30:00\nsign_up = \"12348\"\n",
            &[],
        );
        assert!(!event.is_past(jiff::civil::date(2026, 12, 4)));
        assert!(event.is_past(jiff::civil::date(2026, 12, 5)));
        assert!(!event.is_all_day());
        assert_eq!(event.sign_up_address().as_deref(), Some("tel:12348"));
    }

    #[test]
    fn a_day_without_time_lasts_all_day() {
        assert!(
            check("start = 2026-12-04T09:00:00\nend = 2026-12-04\n", &[])
                .end
                .is_some()
        );
        assert!(check("start = 2026-12-04\n", &[]).is_all_day());
    }

    #[test]
    fn an_end_before_the_start_is_named() {
        check(
            "start = 2026-12-04T09:00:00\nend = 2026-12-03T11:30:00\n",
            &["2:7 event-ends-before-start 2026-12-04 09:00 2026-12-03 11:30"],
        );
        check("place = \"示例路\"\n", &["1:1 event-no-start"]);
        check(
            "start = \"明天\"\n",
            &["1:9 wrong-type start 日期，如 2026-03-05 (date) 文本 (string)"],
        );
    }

    #[test]
    fn ways_to_sign_up() {
        for (text, address) in [
            ("029-12345678", Some("tel:029-12345678")),
            ("a.b@example.org", Some("mailto:a.b@example.org")),
            ("https://example.org/a", Some("https://example.org/a")),
            ("到现场登记", None),
            ("见 @公众号", None),
        ] {
            assert_eq!(contact_address(text).as_deref(), address, "{text}");
        }
    }
}
