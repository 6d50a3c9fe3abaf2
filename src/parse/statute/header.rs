//! The head of a statute's file: title, dated events, and what follows from them.

use crate::base::numeral::read_number;
use crate::base::{Date, SourcePath, Span};

use super::label::{article_label, is_blank, item_label, part_label, trimmed};
use super::{Dates, Element, Event, EventKind, HeaderLine, LawKind, StatuteFields, TextRole};

/// The line that ends the header in files of the LawRefBook layout.
const END: &str = "<!-- INFO END -->";

/// What the head of the file says.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub title: Option<String>,
    pub part: Option<String>,
    pub lines: Vec<HeaderLine>,
}

/// Reads the head; gives it and the offset where the text of the statute begins.
pub(super) fn read(text: &str, from: usize) -> (Head, usize) {
    let end = text[from..].find(END).map(|end| end + from);
    let mut head = Head::default();
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        if end.is_some_and(|end| start >= end) {
            break;
        }
        let (offset, content) = trimmed(line);
        if content.is_empty() {
            continue;
        }
        let span = Span::new(start + offset, start + offset + content.len());
        if take_title(&mut head, content) {
            continue;
        }
        if end.is_none() && !is_header_line(content) {
            return (head, start);
        }
        head.lines.push(HeaderLine {
            text: content.into(),
            events: events(content),
            span,
        });
    }
    let body = end.map_or(text.len(), |end| end + END.len());
    (head, body)
}

/// `# title`, and a second `#` line before any other, which names a book of a code.
fn take_title(head: &mut Head, line: &str) -> bool {
    let Some(rest) = line.strip_prefix('#') else {
        return false;
    };
    if rest.starts_with('#') {
        return false;
    }
    let title = rest.trim_matches(is_blank);
    if title.is_empty() {
        return false;
    }
    let slot = match (&head.title, &head.part) {
        (None, _) => &mut head.title,
        (Some(_), None) if head.lines.is_empty() => &mut head.part,
        (Some(_), _) => return false,
    };
    *slot = Some(title.to_owned());
    true
}

/// Without an end mark, only lines that are dates or numbers belong to the header.
fn is_header_line(line: &str) -> bool {
    if article_label(line).is_some() || part_label(line).is_some() || item_label(line).is_some() {
        return false;
    }
    let inner = line.trim_start_matches(['（', '(']);
    let dated =
        first_date(inner).is_some_and(|(start, _, _)| start == 0) && !events(line).is_empty();
    dated && line.chars().count() < 400 && !line.ends_with('：')
}

/// The first `1991年4月9日` of a text: where it starts, where it ends, the day.
fn first_date(text: &str) -> Option<(usize, usize, Date)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('年').map(|at| at + from) {
        from = at + '年'.len_utf8();
        let digits = text[..at]
            .bytes()
            .rev()
            .take_while(u8::is_ascii_digit)
            .count();
        if digits != 4 {
            continue;
        }
        if let Some((day, used)) = month_and_day(&text[from..], &text[at - 4..at]) {
            return Some((at - 4, from + used, day));
        }
    }
    None
}

fn month_and_day(text: &str, year: &str) -> Option<(Date, usize)> {
    let year = year.parse::<i16>().ok()?;
    let rest = text.trim_start_matches(is_blank);
    let (month, used) = read_number(rest)?;
    let rest = rest[used..]
        .trim_start_matches(is_blank)
        .strip_prefix('月')?
        .trim_start_matches(is_blank);
    let (day, used) = read_number(rest)?;
    let rest = rest[used..]
        .trim_start_matches(is_blank)
        .strip_prefix('日')?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, text.len() - rest.len()))
}

/// The dated events of a line; several may stand in one: …通过 根据2018年…修正.
pub(super) fn events(line: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let mut rest = line;
    while let Some((_, end, date)) = first_date(rest) {
        rest = &rest[end..];
        let until = first_date(rest).map_or(rest.len(), |(start, _, _)| start);
        if let Some(kind) = event_kind(&rest[..until]) {
            events.push(Event { date, kind });
        }
    }
    events
}

/// What a text behind a date says happened: by its last word outside book-title marks.
fn event_kind(text: &str) -> Option<EventKind> {
    const WORDS: [(&str, EventKind); 9] = [
        ("通过", EventKind::Passed),
        ("批准", EventKind::Approved),
        ("修订", EventKind::Revised),
        ("修正", EventKind::Amended),
        ("修改", EventKind::Amended),
        ("公布", EventKind::Published),
        ("发布", EventKind::Published),
        ("施行", EventKind::Effective),
        ("废止", EventKind::Repealed),
    ];
    let outside = without_titles(text);
    let amended_by =
        text.contains("通过的《") && (text.contains("修正案") || text.contains("决定"));
    if amended_by {
        return Some(EventKind::Amended);
    }
    WORDS
        .into_iter()
        .filter_map(|(word, kind)| outside.rfind(word).map(|at| (at, kind)))
        .max_by_key(|(at, _)| *at)
        .map(|(_, kind)| kind)
}

fn without_titles(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '《' | '〈' | '<' => depth += 1,
            '》' | '〉' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What follows from the head, the text, the file's name and the front matter together.
#[derive(Debug)]
pub(super) struct Facts {
    pub title: String,
    pub kind: LawKind,
    pub issuer: Option<String>,
    pub number: Option<String>,
    pub dates: Dates,
}

pub(super) fn facts(
    file: &SourcePath,
    head: &Head,
    elements: &[Element],
    fields: &StatuteFields,
) -> Facts {
    let title = fields
        .title
        .clone()
        .or_else(|| head.title.clone())
        .unwrap_or_else(|| name_of(file));
    let title = tidy_title(&title);
    let kind = match &fields.law_kind {
        Some(name) => LawKind::from_chinese(name),
        None => kind_of(file, &title),
    };
    Facts {
        issuer: fields.issuer.clone().or_else(|| issuer(head, &title)),
        number: fields.number.clone().or_else(|| number(head, elements)),
        dates: dates(head, elements, fields),
        kind,
        title,
    }
}

/// The file's name without its extension and the date behind it.
fn name_of(file: &SourcePath) -> String {
    let name = file.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match (stem.rfind('('), file_date(file)) {
        (Some(at), Some(_)) if at > 0 => stem[..at].to_owned(),
        (Some(_) | None, _) => stem.to_owned(),
    }
}

/// The date in a file's name: `民事诉讼法(2023-09-01).md`.
#[must_use]
pub fn file_date(file: &SourcePath) -> Option<Date> {
    let name = file.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let open = stem.rfind(['(', '（'])?;
    let inside = stem[open..].trim_matches(['(', ')', '（', '）']);
    crate::base::date::parse_date(inside)
}

/// A title without blanks between its characters; spaces between Latin words stay.
fn tidy_title(title: &str) -> String {
    let chars: Vec<char> = title.trim_matches(is_blank).chars().collect();
    let mut out = String::with_capacity(title.len());
    for (at, &c) in chars.iter().enumerate() {
        if !is_blank(c) {
            out.push(c);
            continue;
        }
        let before = out.chars().next_back();
        let after = chars[at + 1..].iter().copied().find(|c| !is_blank(*c));
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(before) && latin(after) && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

fn kind_of(file: &SourcePath, title: &str) -> LawKind {
    let folders = file.parent();
    let by_folder = [
        ("宪法相关法", LawKind::Law),
        ("宪法", LawKind::Constitution),
        ("地方性法规", LawKind::LocalRegulation),
        ("地方法规", LawKind::LocalRegulation),
        ("地方政府规章", LawKind::LocalRule),
        ("行政法规", LawKind::AdministrativeRegulation),
        ("司法解释", LawKind::JudicialInterpretation),
        ("部门规章", LawKind::DepartmentalRule),
        ("行政法", LawKind::Law),
        ("民法典", LawKind::Law),
        ("刑法", LawKind::Law),
        ("民法商法", LawKind::Law),
        ("社会法", LawKind::Law),
        ("经济法", LawKind::Law),
        ("诉讼与非诉讼程序法", LawKind::Law),
    ];
    by_folder
        .into_iter()
        .find(|(name, _)| folders.split('/').any(|folder| folder == *name))
        .map_or_else(|| kind_of_title(title), |(_, kind)| kind)
}

fn kind_of_title(title: &str) -> LawKind {
    let judicial = title.starts_with("最高人民法院") || title.starts_with("最高人民检察院");
    if judicial
        && ["解释", "规定", "批复", "决定", "办法", "规则"]
            .iter()
            .any(|end| title.contains(end))
    {
        return LawKind::JudicialInterpretation;
    }
    let ends = |end: &str| title.trim_end_matches("（试行）").ends_with(end);
    if title == "中华人民共和国宪法" || title.contains("宪法修正案") {
        LawKind::Constitution
    } else if title.starts_with("中华人民共和国") && (ends("法") || ends("法典")) {
        LawKind::Law
    } else if ["省", "市", "自治区", "自治州", "自治县"]
        .iter()
        .any(|unit| {
            title.find(unit).is_some_and(|at| at > 0 && at <= 12 * 3)
                && (ends("条例") || ends("规定") || ends("办法"))
        })
    {
        LawKind::LocalRegulation
    } else if title.starts_with("国务院") || (title.starts_with("中华人民共和国") && ends("条例"))
    {
        LawKind::AdministrativeRegulation
    } else {
        LawKind::Other
    }
}

/// Who made the statute: the body whose session passed it first.
fn issuer(head: &Head, title: &str) -> Option<String> {
    for name in ["最高人民法院", "最高人民检察院"] {
        if title.starts_with(name) {
            return Some(name.to_owned());
        }
    }
    head.lines
        .iter()
        .filter(|line| !line.events.is_empty())
        .find_map(|line| {
            let (_, end, _) = first_date(&line.text)?;
            let said = line.text[end..].trim_start_matches(is_blank);
            let until = ["会议", "通过", "公布", "发布", "批准", "令第"]
                .iter()
                .filter_map(|word| said.find(word))
                .min()?;
            let body = without_sessions(&said[..until]);
            [
                "人民代表大会",
                "常务委员会",
                "国务院",
                "人民法院",
                "人民检察院",
                "部",
                "署",
                "总局",
                "委员会",
            ]
            .iter()
            .any(|end| body.ends_with(end))
            .then_some(body)
        })
}

/// 第十三届全国人民代表大会第三次 → 全国人民代表大会.
fn without_sessions(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('第') {
        out.push_str(&rest[..at]);
        let after = &rest[at + '第'.len_utf8()..];
        let used = read_number(after).map_or(0, |(_, used)| used);
        let behind = &after[used..];
        match ["届", "次"]
            .iter()
            .find_map(|word| behind.strip_prefix(word))
        {
            Some(behind) if used > 0 => rest = behind,
            Some(_) | None => {
                out.push('第');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.replace("审判委员会", "")
        .replace("常务会议", "")
        .trim_matches(is_blank)
        .to_owned()
}

/// 法释〔2025〕1号 or 国务院令第588号, from the header or the text before the first article.
fn number(head: &Head, elements: &[Element]) -> Option<String> {
    let before = elements.iter().map_while(|element| match element {
        Element::Text(text) if text.role == TextRole::Preamble => Some(&*text.text),
        Element::Part(part) => Some(&*part.raw),
        Element::Text(_) | Element::Article(_) => None,
    });
    let lines = head
        .lines
        .iter()
        .map(|line| &*line.text)
        .chain(before.take(6));
    lines
        .filter(|line| line.chars().count() < 80)
        .find_map(|line| bracketed_number(line).or_else(|| order_number(line)))
}

fn bracketed_number(line: &str) -> Option<String> {
    let open = line.find(['〔', '［', '['])?;
    let width = line[open..].chars().next()?.len_utf8();
    let inside = &line[open + width..];
    let close = inside.find(['〕', '］', ']'])?;
    inside[..close]
        .parse::<u16>()
        .ok()
        .filter(|year| (1949..2200).contains(year))?;
    let end = open + width + line[open + width..].find('号')? + '号'.len_utf8();
    let name = han_tail(&line[..open], 8);
    let number = line[open..end].chars().count();
    (!name.is_empty() && number < 16).then(|| format!("{name}{}", &line[open..end]))
}

fn order_number(line: &str) -> Option<String> {
    let at = line.find("令第")?;
    let end = at + line[at..].find('号')? + '号'.len_utf8();
    let name = han_tail(&line[..at], 24);
    (line[at..end].chars().count() < 12).then(|| format!("{name}{}", &line[at..end]))
}

fn han_tail(text: &str, limit: usize) -> &str {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let from = chars
        .iter()
        .rev()
        .take(limit)
        .take_while(|(_, c)| crate::doc::text::is_han(*c))
        .last()
        .map_or(text.len(), |(at, _)| *at);
    text[from..].trim_start_matches('日')
}

fn dates(head: &Head, elements: &[Element], fields: &StatuteFields) -> Dates {
    let events: Vec<Event> = head
        .lines
        .iter()
        .flat_map(|line| line.events.iter().copied())
        .collect();
    let first = |kinds: &[EventKind]| {
        events
            .iter()
            .find(|event| kinds.contains(&event.kind))
            .map(|event| event.date)
    };
    let passed = fields
        .passed
        .or_else(|| first(&[EventKind::Passed, EventKind::Approved]));
    let mut amended = fields.amended.clone();
    if amended.is_empty() {
        amended = events
            .iter()
            .filter(|event| match event.kind {
                EventKind::Revised | EventKind::Amended => true,
                // A second passing is how interpretations tell that they were amended.
                EventKind::Passed => passed.is_some_and(|passed| event.date > passed),
                EventKind::Approved
                | EventKind::Published
                | EventKind::Effective
                | EventKind::Repealed => false,
            })
            .map(|event| event.date)
            .collect();
    }
    amended.sort_unstable();
    amended.dedup();
    let published = fields.published.or_else(|| first(&[EventKind::Published]));
    let in_header = events
        .iter()
        .filter(|event| event.kind == EventKind::Effective)
        .map(|event| event.date)
        .max();
    let effective = fields.effective.or_else(|| {
        let said = in_header.max(effective_in_text(elements));
        match amended.last() {
            Some(last) => said.filter(|said| said >= last).or(Some(*last)),
            None => said,
        }
    });
    Dates {
        passed,
        amended,
        published,
        effective,
    }
}

/// 本法自2021年1月1日起施行, in one of the last articles.
fn effective_in_text(elements: &[Element]) -> Option<Date> {
    let articles = elements.iter().rev().filter_map(|element| match element {
        Element::Article(article) => Some(article),
        Element::Part(_) | Element::Text(_) => None,
    });
    articles
        .take(4)
        .flat_map(|article| &article.paragraphs)
        .find_map(|paragraph| {
            let text = &*paragraph.text;
            let at = text
                .find('自')
                .filter(|at| text[..*at].ends_with(is_own_name_end))?;
            let (start, end, date) = first_date(&text[at..])?;
            let behind = text[at + end..].trim_start_matches(is_blank);
            (start <= 6
                && (behind.starts_with("起施行")
                    || behind.starts_with("起实施")
                    || behind.starts_with("施行")))
            .then_some(date)
        })
}

/// The last character of 本法, 本条例, 本规定, 本解释….
fn is_own_name_end(c: char) -> bool {
    matches!(
        c,
        '法' | '例' | '定' | '释' | '则' | '典' | '范' | '准' | '复' | '见' | '案' | '程'
    )
}
