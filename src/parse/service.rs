//! The directory of service points: rows of a CSV file (or `[[service]]` tables of a TOML file) → [`Directory`].

use std::collections::HashMap;
use std::ops::Range;

use super::episode::nested;
use super::fields::Fields;
use super::front::Spanned;
use crate::base::value::Table;
use crate::base::{SourcePath, Span, nearest};
use crate::diag::Diagnostic;

/// A list of service points, in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directory {
    /// The service points.
    pub services: Vec<Service>,
}

/// An office, firm, mediator or legal aid point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// Its anchor on the directory's page: `service-3`, counted from 1.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is: 司法所, 律师事务所….
    pub kind: String,
    /// Where it is.
    pub address: String,
    /// Its telephone numbers.
    pub phones: Vec<Phone>,
    /// When it is open, as written.
    pub hours: String,
    /// What it helps with.
    pub topics: Vec<Spanned>,
    /// Anything else.
    pub note: String,
    /// Its own site.
    pub website: String,
    /// A static picture of a map, when one is given.
    pub map: String,
    /// Where the row is written.
    pub span: Span,
}

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Phone {
    /// As written.
    pub text: String,
    /// As a telephone wants it: `029-12345678`.
    pub tel: String,
}

/// The columns a row may have.
const COLUMNS: [&str; 9] = [
    "name", "kind", "address", "phone", "hours", "topics", "note", "website", "map",
];
const CHINESE: [&str; 9] = [
    "名称", "类别", "地址", "电话", "时间", "主题", "备注", "网址", "地图",
];

/// Reads a CSV file whose first line names the columns (`name`, `kind`, `address`, `phone`, `hours`, `topics`, `note`,
/// `website`, `map`, or 名称、类别、地址…). Unknown columns, short rows and cells that can't be read become diagnostics
/// with row and column.
#[must_use]
pub fn read_csv(text: &str, file: &SourcePath, diagnostics: &mut Vec<Diagnostic>) -> Directory {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Rows {
        text,
        file,
        columns: Vec::new(),
        diagnostics,
        names: HashMap::new(),
    };
    let mut record = csv::StringRecord::new();
    let mut services = Vec::new();
    let mut row = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            // The text is UTF-8 and rows may differ in length, so nothing else can go wrong.
            Err(_) => continue,
        }
        let start = record.position().map_or(0, |position| {
            usize::try_from(position.byte()).unwrap_or(usize::MAX)
        });
        // The reader counts the line breaks before a row to the row.
        let start =
            start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        row += 1;
        if row == 1 {
            rows.header(&record, start);
        } else if record.iter().any(|cell| !cell.trim().is_empty()) {
            services.extend(rows.service(&record, start, row, services.len() + 1));
        }
    }
    if row == 0 {
        rows.diagnostics
            .push(Diagnostic::in_file("service-empty", file));
    }
    Directory { services }
}

struct Rows<'a> {
    text: &'a str,
    file: &'a SourcePath,
    /// Index in [`COLUMNS`] of each column of the file.
    columns: Vec<Option<usize>>,
    diagnostics: &'a mut Vec<Diagnostic>,
    names: HashMap<String, usize>,
}

impl Rows<'_> {
    fn header(&mut self, record: &csv::StringRecord, start: usize) {
        for (index, cell) in record.iter().enumerate() {
            let cell = cell.trim_start_matches('\u{feff}').trim();
            let known = COLUMNS
                .iter()
                .zip(CHINESE)
                .position(|(name, chinese)| *name == cell || chinese == cell);
            if known.is_none() && !cell.is_empty() {
                let near = nearest(cell, COLUMNS.into_iter().chain(CHINESE));
                let problem = self.problem("service-column-unknown", start, index, 1);
                self.diagnostics
                    .push(problem.with("found", cell).with_option("nearest", near));
            }
            self.columns.push(known);
        }
        if !self.columns.contains(&Some(0)) {
            let problem = self.problem("service-column-missing", start, 0, 1);
            self.diagnostics.push(problem.with("wanted", COLUMNS[0]));
        }
    }

    fn service(
        &mut self,
        record: &csv::StringRecord,
        start: usize,
        row: usize,
        number: usize,
    ) -> Option<Service> {
        let span = Span::new(start, start + row_end(&self.text[start..]));
        if record.len() != self.columns.len() {
            let index = record.len().min(self.columns.len()).saturating_sub(1);
            let problem = self.problem("service-row-length", start, index, row);
            self.diagnostics.push(
                problem
                    .with("found", record.len())
                    .with("wanted", self.columns.len()),
            );
        }
        let mut service = Service {
            id: format!("service-{number}"),
            span,
            ..Service::default()
        };
        for (index, cell) in record.iter().enumerate() {
            let Some(Some(column)) = self.columns.get(index).copied() else {
                continue;
            };
            self.cell(
                &mut service,
                column,
                cell.trim(),
                Cell { start, index, row },
            );
        }
        if service.name.is_empty() {
            let index = self
                .columns
                .iter()
                .position(|column| *column == Some(0))
                .unwrap_or(0);
            let problem = self.problem("service-cell-empty", start, index, row);
            self.diagnostics.push(problem);
            return None;
        }
        self.check_repetition(&service, start, row);
        Some(service)
    }

    fn cell(&mut self, service: &mut Service, column: usize, text: &str, cell: Cell) {
        match COLUMNS[column] {
            "name" => service.name = text.to_owned(),
            "kind" => service.kind = text.to_owned(),
            "address" => service.address = text.to_owned(),
            "hours" => service.hours = text.to_owned(),
            "note" => service.note = text.to_owned(),
            "website" => service.website = text.to_owned(),
            "map" => service.map = text.to_owned(),
            "phone" => match phones(text) {
                Ok(phones) => service.phones = phones,
                Err(found) => {
                    let problem = self.problem("service-phone", cell.start, cell.index, cell.row);
                    self.diagnostics.push(problem.with("found", found));
                }
            },
            _ if text.is_empty() => {}
            _ => {
                let span = self.cell_span(cell.start, cell.index);
                service.topics = list(text).map(|topic| (topic.to_owned(), span)).collect();
            }
        }
    }

    fn check_repetition(&mut self, service: &Service, start: usize, row: usize) {
        let key = format!("{}\u{0}{}", service.name, service.address);
        if let Some(first) = self.names.get(&key).copied() {
            let problem = self.problem("service-repeated", start, 0, row);
            self.diagnostics
                .push(problem.with("name", &service.name).with("first", first));
        } else {
            self.names.insert(key, row);
        }
    }

    /// A diagnostic at a cell, with its row (as a spreadsheet counts, the header is 1) and column.
    fn problem(&self, code: &'static str, start: usize, index: usize, row: usize) -> Diagnostic {
        let name = self
            .columns
            .get(index)
            .copied()
            .flatten()
            .map_or_else(|| letter(index), |column| COLUMNS[column].to_owned());
        Diagnostic::at(code, self.file, self.cell_span(start, index))
            .with("row", row)
            .with("column", name)
    }

    fn cell_span(&self, start: usize, index: usize) -> Span {
        let row = &self.text[start..];
        let cells = cell_ranges(&row[..row_end(row)]);
        let range = cells.get(index).or(cells.last()).cloned().unwrap_or(0..0);
        Span::new(start + range.start, start + range.end)
    }
}

/// Where a cell is: start of its row in the file, index in it, and the row's number.
#[derive(Clone, Copy)]
struct Cell {
    start: usize,
    index: usize,
    row: usize,
}

/// The name a spreadsheet has for a column: A, B, … Z, AA.
fn letter(index: usize) -> String {
    let (mut name, mut rest) = (String::new(), index + 1);
    while rest > 0 {
        rest -= 1;
        name.insert(0, char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    name
}

/// Where a row ends: at the first line break outside quotes.
fn row_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                return at - usize::from(at > 0 && text.as_bytes()[at - 1] == b'\r');
            }
            _ => {}
        }
    }
    text.len()
}

fn cell_ranges(row: &str) -> Vec<Range<usize>> {
    let (mut ranges, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in row.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                ranges.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    ranges.push(start..row.len());
    ranges
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；', '、'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn phones(text: &str) -> Result<Vec<Phone>, String> {
    let parts = text
        .split([';', '；', '、', '/', '，'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    parts
        .map(|part| match telephone(part) {
            Some(tel) => Ok(Phone {
                text: part.to_owned(),
                tel,
            }),
            None => Err(part.to_owned()),
        })
        .collect()
}

/// A telephone number as a telephone wants it: digits and hyphens, an extension behind `;ext=`. `None` for anything
/// with fewer than three or more than fifteen digits, or with letters.
///
/// ```
/// use pufa::parse::service::telephone;
/// assert_eq!(telephone("（029）1234 5678").as_deref(), Some("029-12345678"));
/// assert_eq!(telephone("029-12345678转801").as_deref(), Some("029-12345678;ext=801"));
/// assert_eq!(telephone("见公告"), None);
/// ```
#[must_use]
pub fn telephone(text: &str) -> Option<String> {
    let (number, extension) = match text.split_once('转').or_else(|| text.split_once("ext")) {
        Some((number, extension)) => (number, Some(digits(extension)?)),
        None => (text, None),
    };
    let number = number.trim().trim_start_matches(['(', '（']);
    let number = digits(&number.replace([')', '）'], "-"))?;
    let count = number.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&count).then(|| match extension {
        Some(extension) => format!("{number};ext={}", extension.replace('-', "")),
        None => number,
    })
}

/// The digits of a number with single hyphens between its groups; `None` when anything else is in it.
fn digits(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '0'..='9' => out.push(c),
            '+' if out.is_empty() => out.push(c),
            '０'..='９' => out.push(char::from_u32(c as u32 - '０' as u32 + '0' as u32)?),
            '-' | '－' | '—' | '–' if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            '-' | '－' | '—' | '–' | ' ' | '.' | '：' | ':' => {}
            _ => return None,
        }
    }
    let out = out.trim_end_matches('-');
    (!out.is_empty()).then(|| out.to_owned())
}

/// Reads a TOML, YAML or JSON table with a list `service`, each with the keys the columns of a CSV file have.
#[must_use]
pub fn read_table(
    table: &Table,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Directory {
    let mut fields = Fields::new(table, file, diagnostics);
    let mut services: Vec<Service> = Vec::new();
    for (index, (row, span)) in fields.tables("service").into_iter().enumerate() {
        let id = format!("service-{}", services.len() + 1);
        let service = nested(&mut fields, row, |inner| Service {
            id,
            span,
            ..read_service(inner, index + 1, span)
        });
        if !service.name.is_empty() {
            services.push(service);
        }
    }
    fields.finish();
    Directory { services }
}

fn read_service(fields: &mut Fields<'_>, row: usize, span: Span) -> Service {
    let name = fields.required("name", span).unwrap_or_default();
    let text = |fields: &mut Fields<'_>, key| fields.string(key).unwrap_or_default();
    let mut service = Service {
        name,
        kind: text(fields, "kind"),
        address: text(fields, "address"),
        hours: text(fields, "hours"),
        note: text(fields, "note"),
        website: text(fields, "website"),
        map: text(fields, "map"),
        topics: fields.spanned_strings("topics"),
        ..Service::default()
    };
    for (phone, phone_span) in fields.spanned_strings("phone") {
        match phones(&phone) {
            Ok(phones) => service.phones.extend(phones),
            Err(found) => {
                let problem = Diagnostic::at("service-phone", fields.file(), phone_span);
                fields.report(
                    problem
                        .with("row", row)
                        .with("column", "phone")
                        .with("found", found),
                );
            }
        }
    }
    service
}

impl Directory {
    /// Reports topics that are not in the site's vocabulary, each at its cell.
    pub fn check_topics(
        &self,
        known: &[&str],
        file: &SourcePath,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for (topic, span) in self.services.iter().flat_map(|service| &service.topics) {
            if !known.contains(&topic.as_str()) {
                let near = nearest(topic, known.iter().copied());
                let problem = Diagnostic::at("service-topic-unknown", file, *span);
                diagnostics.push(problem.with("found", topic).with_option("nearest", near));
            }
        }
    }

    /// The kinds with how many service points each has, in the order of their first row.
    #[must_use]
    pub fn kinds(&self) -> Vec<(&str, usize)> {
        let mut kinds: Vec<(&str, usize)> = Vec::new();
        for service in self
            .services
            .iter()
            .filter(|service| !service.kind.is_empty())
        {
            match kinds.iter_mut().find(|(name, _)| *name == service.kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((&service.kind, 1)),
            }
        }
        kinds
    }

    /// The service points that help with one of `topics`, in the order of the list: what a question's page names under
    /// "where to go".
    pub fn helping_with<'a>(&'a self, topics: &'a [&str]) -> impl Iterator<Item = &'a Service> {
        self.services.iter().filter(|service| {
            service
                .topics
                .iter()
                .any(|(topic, _)| topics.contains(&topic.as_str()))
        })
    }
}

impl Service {
    /// What a reader may filter by, in lower case on one line.
    #[must_use]
    pub fn filter_text(&self) -> String {
        let topics: Vec<&str> = self
            .topics
            .iter()
            .map(|(topic, _)| topic.as_str())
            .collect();
        let parts = [
            &self.name,
            &self.kind,
            &self.address,
            &topics.join(" "),
            &self.note,
        ];
        let words: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        words.join(" ").to_lowercase()
    }

    /// The hours as schema.org writes them, when they are one span of days and one of hours:
    /// `周一至周五 9:00—17:00` is `Mo-Fr 09:00-17:00`.
    #[must_use]
    pub fn opening(&self) -> Option<String> {
        opening(&self.hours)
    }
}

fn opening(hours: &str) -> Option<String> {
    let (days, times) = hours.trim().split_once(' ')?;
    let days = match days {
        "每天" | "每日" => "Mo-Su".to_owned(),
        "工作日" => "Mo-Fr".to_owned(),
        days => match days.split_once(['至', '到', '—', '-']) {
            Some((first, last)) => format!("{}-{}", weekday(first)?, weekday(last)?),
            None => weekday(days)?.to_owned(),
        },
    };
    let spans: Option<Vec<String>> = times
        .split(['，', ',', '；', ' '])
        .filter(|span| !span.is_empty())
        .map(time_span)
        .collect();
    let spans = spans.filter(|spans| !spans.is_empty())?;
    Some(format!("{days} {}", spans.join(",")))
}

fn time_span(span: &str) -> Option<String> {
    let (from, to) = span.split_once(['—', '-', '–', '至', '~'])?;
    Some(format!(
        "{}-{}",
        clock(from)?,
        clock(to.trim_start_matches(['—', '-']))?
    ))
}

fn weekday(name: &str) -> Option<&'static str> {
    let name = name
        .trim_start_matches("星期")
        .trim_start_matches('周')
        .trim_start_matches("礼拜");
    Some(match name {
        "一" => "Mo",
        "二" => "Tu",
        "三" => "We",
        "四" => "Th",
        "五" => "Fr",
        "六" => "Sa",
        "日" | "天" => "Su",
        _ => return None,
    })
}

fn clock(time: &str) -> Option<String> {
    let (hour, minute) = time.trim().split_once([':', '：'])?;
    let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    (hour <= 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::syntax::{self, Syntax};
    use crate::parse::testing::places;

    #[track_caller]
    fn check(text: &str, names: &[&str], problems: &[&str]) -> Directory {
        let mut diagnostics = Vec::new();
        let directory = read_csv(text, &SourcePath::new("s.csv"), &mut diagnostics);
        assert_eq!(
            directory
                .services
                .iter()
                .map(|s| s.name.as_str())
                .collect::<Vec<_>>(),
            names
        );
        assert_eq!(places(text, &diagnostics), problems, "{text}");
        directory
    }

    #[test]
    fn a_row_is_a_service_point() {
        let directory = check(
            "name,kind,address,phone,hours,topics,note\n甲所,司法所,一号,12348;000-00000003,周一至周五 9:00—17:00,劳动就业;婚姻家庭,\"可,调解\"\n",
            &["甲所"],
            &[],
        );
        let service = &directory.services[0];
        assert_eq!(service.id, "service-1");
        assert_eq!(
            service
                .phones
                .iter()
                .map(|p| p.tel.as_str())
                .collect::<Vec<_>>(),
            ["12348", "000-00000003"]
        );
        assert_eq!(
            service
                .topics
                .iter()
                .map(|(t, _)| t.as_str())
                .collect::<Vec<_>>(),
            ["劳动就业", "婚姻家庭"]
        );
        assert_eq!(service.note, "可,调解");
        assert_eq!(service.opening().as_deref(), Some("Mo-Fr 09:00-17:00"));
        assert_eq!(
            service.filter_text(),
            "甲所 司法所 一号 劳动就业 婚姻家庭 可,调解"
        );
        assert_eq!(directory.kinds(), [("司法所", 1)]);
        assert_eq!(directory.helping_with(&["婚姻家庭"]).count(), 1);
        assert_eq!(directory.helping_with(&["消费维权"]).count(), 0);
    }

    #[test]
    fn chinese_column_names_a_bom_and_line_breaks_in_cells_are_read() {
        let directory = check(
            "\u{feff}名称,电话,备注\r\n甲所,12348,\"一\r\n二\"\r\n\r\n乙所,12348,\r\n",
            &["甲所", "乙所"],
            &[],
        );
        assert_eq!(directory.services[0].note, "一\r\n二");
    }

    #[test]
    fn bad_rows_are_named_with_row_and_column() {
        check(
            "name,kind,phone\n甲所,司法所\n,\"律所\",12348\n乙所,律所,见公告\n甲所,司法所,12348\n",
            &["甲所", "乙所", "甲所"],
            &[
                "2:4 service-row-length 2 kind 2 3",
                "3:1 service-cell-empty 3 name",
                "4:7 service-phone 4 phone 见公告",
                "5:1 service-repeated 5 name 甲所 2",
            ],
        );
    }

    #[test]
    fn unknown_columns_are_named_with_the_nearest() {
        check(
            "nam,phone\n甲,12348\n",
            &[],
            &[
                "1:1 service-column-unknown 1 A nam name",
                "1:1 service-column-missing 1 A name",
                "2:1 service-cell-empty 2 A",
            ],
        );
        check("", &[], &["1:1 service-empty"]);
    }

    #[test]
    fn topics_come_from_the_vocabulary() {
        let text = "name,topics\n甲,劳动就业;劳动\n";
        let directory = check(text, &["甲"], &[]);
        let mut diagnostics = Vec::new();
        directory.check_topics(&["劳动就业"], &SourcePath::new("s.csv"), &mut diagnostics);
        assert_eq!(
            places(text, &diagnostics),
            ["2:3 service-topic-unknown 劳动 劳动就业"]
        );
    }

    #[test]
    fn tables_say_the_same_as_rows() {
        let text = "[[service]]\nname = \"甲所\"\nphone = \"12348\"\ntopics = [\"劳动就业\"]\n\n[[service]]\nkind = \"司法所\"\nphone = \"无\"\n";
        let (file, mut diagnostics) = (SourcePath::new("s.toml"), Vec::new());
        let table = syntax::read_table(Syntax::Toml, text, 0, &file, &mut diagnostics);
        let directory = read_table(&table, &file, &mut diagnostics);
        assert_eq!(directory.services.len(), 1);
        assert_eq!(
            places(text, &diagnostics),
            ["6:1 missing-key name", "8:9 service-phone 2 phone 无"]
        );
    }

    #[test]
    fn hours_as_machines_read_them() {
        for (hours, wanted) in [
            ("周一至周日 9:00—20:00", Some("Mo-Su 09:00-20:00")),
            ("星期六 8:30-12:00", Some("Sa 08:30-12:00")),
            (
                "工作日 9:00—12:00，14:00—17:30",
                Some("Mo-Fr 09:00-12:00,14:00-17:30"),
            ),
            ("随时", None),
            ("周一至周五 上午", None),
        ] {
            assert_eq!(opening(hours).as_deref(), wanted, "{hours}");
        }
    }

    #[test]
    fn columns_without_a_name_are_lettered() {
        assert_eq!([letter(0), letter(25), letter(26)], ["A", "Z", "AA"]);
    }
}
