//! Subtitles → [`Transcript`]: WebVTT, SRT, and Markdown whose paragraphs begin with a time (`[00:12]`); and back to WebVTT.
//!
//! A transcript of two hours has some 4,000 cues and a course may have hundreds of episodes, so lines are read once,
//! without copies but for the text that stays.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use super::front;
use super::markdown::{self, MarkdownOptions};
use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::doc::{Block, BlockKind, Document, text};

/// A sentence with the time it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// When it begins, in milliseconds.
    pub start_ms: u32,
    /// When it ends, in milliseconds.
    pub end_ms: u32,
    /// Who says it, when written (`<v 张老师>`).
    pub speaker: Option<Box<str>>,
    /// What is said, on one line, without marks.
    pub text: Box<str>,
    /// Where the cue is written: from its time to the end of its text.
    pub span: Span,
}

/// What is said in an episode, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The cues.
    pub cues: Vec<Cue>,
}

/// How a transcript is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// WebVTT.
    WebVtt,
    /// SubRip.
    Srt,
    /// Paragraphs that begin with `[00:12]`.
    Markdown,
}

impl Format {
    /// The format a file name's extension stands for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "vtt" => Some(Self::WebVtt),
            "srt" => Some(Self::Srt),
            "md" | "markdown" | "txt" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// How many problems of one transcript are shown one by one; the others are counted.
const SHOWN: usize = 20;

/// Reads a transcript. Lines that can't be read, and times that run backwards or overlap, become diagnostics.
#[must_use]
pub fn parse(
    format: Format,
    text: &str,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Transcript {
    let mut problems = Problems {
        file,
        found: Vec::new(),
        more: 0,
        last: Span::default(),
    };
    let cues = match format {
        Format::WebVtt => captions(text, true, &mut problems),
        Format::Srt => captions(text, false, &mut problems),
        Format::Markdown => marked_lines(text, &mut problems),
    };
    check_order(&cues, &mut problems);
    if cues.is_empty() && problems.found.is_empty() {
        problems.add("transcript-empty", Span::default());
    }
    problems.finish(diagnostics);
    Transcript { cues }
}

/// Problems of one transcript, at most [`SHOWN`] of them in full.
struct Problems<'a> {
    file: &'a SourcePath,
    found: Vec<Diagnostic>,
    more: usize,
    last: Span,
}

impl Problems<'_> {
    fn add(&mut self, code: &'static str, span: Span) {
        self.add_with(code, span, |diagnostic| diagnostic);
    }

    fn add_with(
        &mut self,
        code: &'static str,
        span: Span,
        fill: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        self.last = span;
        if self.found.len() < SHOWN {
            self.found.push(fill(Diagnostic::at(code, self.file, span)));
        } else {
            self.more += 1;
        }
    }

    fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.extend(self.found);
        if self.more > 0 {
            diagnostics.push(
                Diagnostic::at("transcript-more", self.file, self.last).with("count", self.more),
            );
        }
    }
}

/// Reads a time: `00:12`, `00:00:12.500`, `1:02:03,5`; full-width colons count as colons.
///
/// ```
/// use pufa::parse::transcript::parse_time;
/// assert_eq!(parse_time("06:40"), Some(400_000));
/// assert_eq!(parse_time("01:00:00,250"), Some(3_600_250));
/// assert_eq!(parse_time("6:75"), None);
/// ```
#[must_use]
pub fn parse_time(text: &str) -> Option<u32> {
    if !text.is_ascii() {
        let half_width: String = text
            .chars()
            .map(|c| match c {
                '：' => ':',
                '．' | '。' => '.',
                '，' => ',',
                '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
                other => other,
            })
            .collect();
        return if half_width.is_ascii() {
            parse_time(&half_width)
        } else {
            None
        };
    }
    let (mut parts, mut digits, mut value, mut total) = (0u32, 0u32, 0u32, 0u32);
    let mut bytes = text.trim().bytes();
    let mut fraction = None;
    for byte in bytes.by_ref() {
        match byte {
            b'0'..=b'9' if digits < 4 => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
            }
            b':' if digits > 0 && parts < 2 && (parts == 0 || value < 60) => {
                total = (total + value) * 60;
                (parts, digits, value) = (parts + 1, 0, 0);
            }
            b'.' | b',' if digits > 0 => {
                fraction = Some(0);
                break;
            }
            _ => return None,
        }
    }
    if parts == 0 || digits == 0 || value >= 60 {
        return None;
    }
    let mut scale = 100;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        fraction = fraction.map(|sum| sum + u32::from(byte - b'0') * scale);
        scale /= 10;
    }
    (total + value)
        .checked_mul(1000)?
        .checked_add(fraction.unwrap_or(0))
}

/// A time as people read it: `06:40`, `1:02:03`.
#[must_use]
pub fn time_text(ms: u32) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes:02}:{seconds:02}")
    }
}

/// The lines of a text with their places, without line breaks.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<(usize, &'t str)> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let rest = &self.text[start..];
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.at = start + end + 1;
        Some((start, rest[..end].trim_end()))
    }
}

fn captions(text: &str, webvtt: bool, problems: &mut Problems<'_>) -> Vec<Cue> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut lines = Lines { text, at: start }.peekable();
    if webvtt {
        header(&mut lines, problems);
    }
    let mut cues: Vec<Cue> = Vec::new();
    // A line that stands alone so far: the name of the next cue, or one that belongs nowhere.
    let mut loose: Option<Span> = None;
    while let Some((at, line)) = lines.next() {
        let span = Span::new(at, at + line.len());
        if line.trim().is_empty() {
            if let Some(loose) = loose.take() {
                problems.add("transcript-line", loose);
            }
        } else if webvtt && loose.is_none() && is_comment(line) {
            while lines.next_if(|(_, line)| !line.trim().is_empty()).is_some() {}
        } else if let Some(arrow) = arrow_in(line) {
            let times = timing(line, arrow);
            if times.is_none() {
                problems.add_with("transcript-time", span, |diagnostic| {
                    diagnostic.with("found", line.trim())
                });
            }
            let (start_ms, end_ms) = times.unwrap_or_default();
            let mut cue = Cue {
                start_ms,
                end_ms,
                speaker: None,
                text: "".into(),
                span,
            };
            loose = cue_text(&mut lines, &mut cue, webvtt);
            if times.is_none() {
                continue;
            }
            if cue.text.is_empty() {
                problems.add("transcript-cue-empty", span);
            } else {
                cues.push(cue);
            }
        } else if let Some(before) = loose.replace(span) {
            problems.add("transcript-line", before);
        }
    }
    if let Some(loose) = loose {
        problems.add("transcript-line", loose);
    }
    cues
}

/// The line `WEBVTT` and what stands below it up to an empty line.
fn header<'t>(lines: &mut std::iter::Peekable<Lines<'t>>, problems: &mut Problems<'_>) {
    let is_header = |line: &str| {
        line == "WEBVTT" || line.starts_with("WEBVTT ") || line.starts_with("WEBVTT\t")
    };
    match lines.next_if(|(_, line)| is_header(line)) {
        Some(_) => {
            while lines
                .next_if(|(_, line)| !line.trim().is_empty() && arrow_in(line).is_none())
                .is_some()
            {}
        }
        None => {
            let (at, line) = lines.peek().copied().unwrap_or_default();
            problems.add("transcript-header", Span::new(at, at + line.len()));
        }
    }
}

fn is_comment(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Where `-->` (or what a Chinese keyboard makes of it) stands in a line.
fn arrow_in(line: &str) -> Option<Range<usize>> {
    if let Some(at) = line.find("-->") {
        return Some(at..at + 3);
    }
    if line.is_ascii() {
        return None;
    }
    let starts_with_time = line
        .trim_start()
        .starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    ["--＞", "——>", "－－＞", "－－>", "→", "—>"]
        .iter()
        .filter(|_| starts_with_time)
        .find_map(|arrow| line.find(arrow).map(|at| at..at + arrow.len()))
}

/// Whether a line below another begins a cue of its own. An arrow may also stand in what is said, `3月→4月`: what a keyboard
/// makes of `-->` counts only behind a time.
fn is_timing(line: &str) -> bool {
    let Some(arrow) = arrow_in(line) else {
        return false;
    };
    let before = line[..arrow.start].trim();
    if line[arrow] == *"-->" {
        before.starts_with(|c: char| c.is_ascii_digit())
    } else {
        parse_time(before).is_some()
    }
}

fn timing(line: &str, arrow: Range<usize>) -> Option<(u32, u32)> {
    let start = parse_time(&line[..arrow.start])?;
    let end = line[arrow.end..].split_whitespace().next()?;
    Some((start, parse_time(end)?))
}

/// Reads the text below a time. Gives back a line that names the next cue when no empty line stands between.
fn cue_text<'t>(
    lines: &mut std::iter::Peekable<Lines<'t>>,
    cue: &mut Cue,
    webvtt: bool,
) -> Option<Span> {
    let mut text = String::new();
    let mut loose = None;
    while let Some((at, line)) =
        lines.next_if(|(_, line)| !line.trim().is_empty() && !is_timing(line))
    {
        let number_of_next = line.bytes().all(|byte| byte.is_ascii_digit())
            && lines.peek().is_some_and(|(_, next)| is_timing(next));
        if number_of_next {
            loose = Some(Span::new(at, at + line.len()));
            break;
        }
        cue.span = Span::new(cue.span.start as usize, at + line.len());
        push_line(&mut text, line, webvtt, &mut cue.speaker);
    }
    cue.text = text.into();
    loose
}

fn push_line(text: &mut String, line: &str, webvtt: bool, speaker: &mut Option<Box<str>>) {
    let line = line.trim();
    let marked = memchr::memchr2(b'<', b'&', line.as_bytes()).is_some() || line.starts_with('{');
    let plain = if marked {
        without_marks(line, webvtt, speaker)
    } else {
        line.into()
    };
    let (before, after) = (text.chars().next_back(), plain.chars().next());
    if before.is_some() && after.is_some() && text::soft_break_is_space(before, after) {
        text.push(' ');
    }
    text.push_str(&plain);
}

/// The text of a line without tags (`<v 张老师>`, `<i>`, `<00:01.000>`, SRT's `{\an8}`) and with its entities read.
fn without_marks(line: &str, webvtt: bool, speaker: &mut Option<Box<str>>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['<', '&', '{']) {
        out.push_str(&rest[..at]);
        let mark = &rest[at..];
        let used = match mark.as_bytes()[0] {
            b'<' => tag(mark, speaker),
            b'{' => mark
                .starts_with("{\\")
                .then(|| mark.find('}').map(|end| end + 1))
                .flatten(),
            _ => webvtt.then(|| entity(mark, &mut out)).flatten(),
        };
        let used = used.unwrap_or_else(|| {
            out.push_str(&mark[..1]);
            1
        });
        rest = &mark[used..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// The length of the tag at the beginning of `mark`; a voice's name is kept.
fn tag(mark: &str, speaker: &mut Option<Box<str>>) -> Option<usize> {
    let end = mark.find('>')?;
    let inner = &mark[1..end];
    if let Some(name) = inner
        .strip_prefix('v')
        .and_then(|rest| rest.split_once([' ', '\t']))
    {
        let name = name.1.trim();
        if !name.is_empty() {
            *speaker = Some(name.into());
        }
        return Some(end + 1);
    }
    let word = inner.trim_start_matches('/');
    let is_tag = word.is_empty()
        || word.starts_with(|c: char| c.is_ascii_digit())
        || ["c", "i", "b", "u", "v", "ruby", "rt", "lang", "font"]
            .iter()
            .any(|name| {
                word.strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ', '\t']))
            });
    is_tag.then_some(end + 1)
}

fn entity(mark: &str, out: &mut String) -> Option<usize> {
    const ENTITIES: [(&str, &str); 7] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&lrm;", ""),
        ("&rlm;", ""),
    ];
    let (name, text) = ENTITIES.iter().find(|(name, _)| mark.starts_with(name))?;
    out.push_str(text);
    Some(name.len())
}

/// A Markdown (or plain) text beside the episode: paragraphs that begin with `[00:12]`, lists and tables of such lines,
/// and, where no time stands in brackets, lines that begin with `00:12`. Front matter and headings are skipped.
fn marked_lines(text: &str, problems: &mut Problems<'_>) -> Vec<Cue> {
    let bare = next_time(text).is_none();
    let at = front::split(text).map_or(0, |split| split.body_start);
    let mut cues: Vec<Cue> = Vec::new();
    for (at, line) in (Lines { text, at }) {
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        let row = trimmed.starts_with('|');
        let said = without_markdown(trimmed);
        let time = if bare { bare_time(&said) } else { None };
        let head = row && cues.is_empty() && time.is_none() && next_time(&said).is_none();
        if said.is_empty() || trimmed.starts_with('#') || head {
            continue;
        }
        let span = Span::new(at, at + line.len());
        match time {
            Some((start_ms, said)) => {
                cues.push(open_cue(start_ms, None, span));
                push_marked(said, span, &mut cues, problems);
            }
            None => push_marked(&said, span, &mut cues, problems),
        }
    }
    close_open_ends(&mut cues);
    cues
}

/// A line of Markdown as it is said: without the marks of lists, quotations and tables, of emphasis and links.
fn without_markdown(line: &str) -> Cow<'_, str> {
    let line = line
        .trim_start_matches(['>', '|'])
        .trim_start()
        .trim_end_matches('|')
        .trim_end();
    let line = ["- ", "* ", "+ "]
        .iter()
        .find_map(|bullet| line.strip_prefix(bullet))
        .unwrap_or(line);
    if line.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ')) {
        return Cow::Borrowed("");
    }
    if !line.contains(['*', '_', '`', '~']) && !line.contains("](") {
        return Cow::Borrowed(line);
    }
    let (file, options) = (SourcePath::new(""), MarkdownOptions::default());
    let document = markdown::parse(line, 0, &file, &options, &mut Vec::new());
    Cow::Owned(text::plain_blocks(&document.blocks).trim().to_owned())
}

/// The time a line begins with, without brackets or in round ones (`00:12 …`, `（00:12）…`, `00:12 | …`), and what is
/// said then.
fn bare_time(line: &str) -> Option<(u32, &str)> {
    let line = line.trim_start_matches(['(', '（']);
    let is_time =
        |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || ":：.．".contains(c);
    let end = line.find(|c| !is_time(c)).unwrap_or(line.len());
    let time = parse_time(line[..end].trim_end_matches([':', '：', '.', '．']))?;
    let rest = line[end..].trim_start_matches([')', '）', '|', ' ', '\u{3000}', '\t', '-', '—']);
    Some((time, rest))
}

fn open_cue(start_ms: u32, end_ms: Option<u32>, span: Span) -> Cue {
    Cue {
        start_ms,
        end_ms: end_ms.unwrap_or(start_ms),
        speaker: None,
        text: "".into(),
        span,
    }
}

/// Appends what a piece of text says: every `[time]` begins a cue, what stands before one continues the cue before.
fn push_marked(text: &str, span: Span, cues: &mut Vec<Cue>, problems: &mut Problems<'_>) {
    let mut rest = text;
    loop {
        let next = next_time(rest);
        let said = rest[..next.as_ref().map_or(rest.len(), |(range, ..)| range.start)].trim();
        match cues.last_mut() {
            _ if said.is_empty() => {}
            Some(cue) => {
                let mut joined = std::mem::take(&mut cue.text).into_string();
                push_line(&mut joined, said, false, &mut cue.speaker);
                cue.text = joined.into();
                cue.span = Span::new(cue.span.start as usize, span.end as usize);
            }
            None => problems.add("transcript-no-time", span),
        }
        let Some((range, start_ms, end_ms)) = next else {
            return;
        };
        cues.push(open_cue(start_ms, end_ms, span));
        rest = &rest[range.end..];
    }
}

/// The first `[00:12]` of a text, or `[00:12 --> 00:15]`, which says its end too.
fn next_time(text: &str) -> Option<(Range<usize>, u32, Option<u32>)> {
    let mut from = 0;
    while let Some(open) = text[from..].find(['[', '［', '【']).map(|at| from + at) {
        let bracket = text[open..].chars().next().map_or(1, char::len_utf8);
        let close = text[open..].find([']', '］', '】']).map(|at| open + at)?;
        let end = close + text[close..].chars().next().map_or(1, char::len_utf8);
        let inner = &text[open + bracket..close];
        let times = match arrow_in(inner) {
            Some(arrow) => timing(inner, arrow).map(|(start, end)| (start, Some(end))),
            None => parse_time(inner).map(|start| (start, None)),
        };
        if let Some((start, stop)) = times {
            return Some((open..end, start, stop));
        }
        from = open + bracket;
    }
    None
}

/// Where only a beginning is written, a cue ends where the next begins; the last lasts as long as it takes to say.
fn close_open_ends(cues: &mut Vec<Cue>) {
    cues.retain(|cue| !cue.text.is_empty());
    let starts: Vec<u32> = cues.iter().map(|cue| cue.start_ms).collect();
    let open = |cue: &Cue| cue.end_ms == cue.start_ms;
    for (index, cue) in cues.iter_mut().enumerate().filter(|(_, cue)| open(cue)) {
        let said = u32::try_from(cue.text.chars().count())
            .unwrap_or(u32::MAX)
            .saturating_mul(250)
            .max(1000);
        let next = starts
            .get(index + 1)
            .copied()
            .filter(|next| *next > cue.start_ms);
        cue.end_ms = next.unwrap_or(cue.start_ms.saturating_add(said));
    }
}

fn check_order(cues: &[Cue], problems: &mut Problems<'_>) {
    let mut before: Option<&Cue> = None;
    for cue in cues {
        if cue.end_ms <= cue.start_ms {
            problems.add_with("transcript-backwards", cue.span, |diagnostic| {
                diagnostic
                    .with("start", time_text(cue.start_ms))
                    .with("end", time_text(cue.end_ms))
            });
        }
        if let Some(before) = before.filter(|before| cue.start_ms < before.end_ms) {
            problems.add_with("transcript-overlap", cue.span, |diagnostic| {
                diagnostic
                    .with("start", exact_time(cue.start_ms))
                    .with("previous", exact_time(before.end_ms))
            });
        }
        before = Some(cue);
    }
}

/// Headings under which a page holds its transcript.
const HEADINGS: [&str; 5] = ["文字稿", "逐字稿", "字幕", "讲稿", "Transcript"];

/// Takes the transcript out of an episode's page: what stands below the heading 文字稿. `None` when there is none.
/// The page's coordinates are counted anew.
pub fn take(
    document: &mut Document,
    file: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Transcript> {
    let (first, level) =
        document
            .blocks
            .iter()
            .enumerate()
            .find_map(|(index, block)| match &block.kind {
                BlockKind::Heading(heading)
                    if HEADINGS.contains(&text::plain(&heading.content).trim()) =>
                {
                    Some((index, heading.level))
                }
                _ => None,
            })?;
    let ends = |block: &Block| matches!(&block.kind, BlockKind::Heading(heading) if heading.level <= level);
    let end = document.blocks[first + 1..]
        .iter()
        .position(ends)
        .map_or(document.blocks.len(), |at| first + 1 + at);
    let blocks: Vec<Block> = document.blocks.drain(first..end).collect();
    text::assign_coordinates(document);
    let mut problems = Problems {
        file,
        found: Vec::new(),
        more: 0,
        last: Span::default(),
    };
    let mut cues = Vec::new();
    for block in &blocks[1..] {
        let said = text::plain_blocks(std::slice::from_ref(block));
        if !matches!(block.kind, BlockKind::Heading(_)) {
            push_marked(&said, block.span, &mut cues, &mut problems);
        }
    }
    close_open_ends(&mut cues);
    check_order(&cues, &mut problems);
    if cues.is_empty() && problems.found.is_empty() {
        problems.add("transcript-empty", blocks[0].span);
    }
    problems.finish(diagnostics);
    Some(Transcript { cues })
}

impl Transcript {
    /// Reports cues that end after the episode; `tolerance` of a second is for rounding.
    pub fn check_duration(
        &self,
        duration_ms: u32,
        file: &SourcePath,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut problems = Problems {
            file,
            found: Vec::new(),
            more: 0,
            last: Span::default(),
        };
        for cue in self
            .cues
            .iter()
            .filter(|cue| cue.end_ms > duration_ms.saturating_add(1000))
        {
            problems.add_with("transcript-beyond-duration", cue.span, |diagnostic| {
                diagnostic
                    .with("end", time_text(cue.end_ms))
                    .with("duration", time_text(duration_ms))
            });
        }
        problems.finish(diagnostics);
    }

    /// The transcript as WebVTT, for players: numbered cues, one line each.
    #[must_use]
    pub fn to_webvtt(&self) -> String {
        let mut out = String::with_capacity(16 + self.cues.len() * 96);
        out.push_str("WEBVTT\n");
        for (index, cue) in self.cues.iter().enumerate() {
            let (start, end) = (exact_time(cue.start_ms), exact_time(cue.end_ms));
            let _ = write!(out, "\n{}\n{start} --> {end}\n", index + 1);
            let text_start = out.len();
            if let Some(speaker) = &cue.speaker {
                out.push_str("<v ");
                escape_cue(speaker, &mut out);
                out.push('>');
            }
            escape_cue(&cue.text, &mut out);
            if is_timing(&out[text_start..]) {
                // Said as it stands, but no time: a sign that shows nothing keeps them apart.
                out.insert_str(text_start, "&lrm;");
            }
            out.push('\n');
        }
        out
    }

    /// The anchor of each cue on the page, as a whole second: 132 is `t=132`. Of several cues within a second only the
    /// first has one. The cue that begins a chapter is found under the second the chapter begins.
    #[must_use]
    pub fn anchors(&self, chapters: &[u32]) -> Vec<Option<u32>> {
        let mut taken = std::collections::HashSet::with_capacity(self.cues.len());
        let mut before = None;
        let anchor = |cue: &Cue| {
            let begins = |start: &&u32| {
                **start <= cue.start_ms && before.is_none_or(|before| before < **start)
            };
            let chapter = chapters
                .iter()
                .filter(begins)
                .max()
                .map(|start| start / 1000);
            before = Some(cue.start_ms);
            let own = cue.start_ms / 1000;
            chapter
                .into_iter()
                .chain([own])
                .find(|second| taken.insert(*second))
        };
        self.cues.iter().map(anchor).collect()
    }

    /// The cues grouped to paragraphs a person can read: a chapter begins a paragraph, so does a pause, and a long
    /// paragraph ends with a sentence. `chapters` are the times they begin, in milliseconds.
    #[must_use]
    pub fn paragraphs(&self, chapters: &[u32]) -> Vec<Range<usize>> {
        const ENOUGH: usize = 160;
        const PAUSE_MS: u32 = 2000;
        let mut ranges = Vec::new();
        let (mut first, mut length) = (0, 0);
        for (index, cue) in self.cues.iter().enumerate().skip(1) {
            let before = &self.cues[index - 1];
            length += before.text.chars().count();
            let chapter = chapters
                .iter()
                .any(|start| before.start_ms < *start && *start <= cue.start_ms);
            let sentence = before
                .text
                .trim_end_matches(['”', '’', '」', '"'])
                .ends_with(['。', '！', '？', '.', '!', '?']);
            let pause = cue.start_ms.saturating_sub(before.end_ms) >= PAUSE_MS;
            let other = cue.speaker.is_some() && cue.speaker != before.speaker;
            if chapter || pause || other || (length >= ENOUGH && sentence) || length >= 2 * ENOUGH {
                ranges.push(first..index);
                (first, length) = (index, 0);
            }
        }
        if first < self.cues.len() {
            ranges.push(first..self.cues.len());
        }
        ranges
    }

    /// A paragraph cut in pieces a listener can find a sentence in: of some 100 to 150 characters, ending with a cue, with a
    /// clause where one ends in time. A rest too short for a piece of its own stays with the last.
    #[must_use]
    pub fn segments(&self, paragraph: Range<usize>) -> Vec<Range<usize>> {
        const ENOUGH: usize = 100;
        const MOST: usize = 150;
        const LEAST: usize = 50;
        let length = |cue: &Cue| cue.text.chars().count();
        let cues = &self.cues[paragraph.clone()];
        let mut rest: usize = cues.iter().map(length).sum();
        let (mut first, mut said, mut ranges) = (paragraph.start, 0, Vec::new());
        for (index, cue) in paragraph.clone().zip(cues) {
            let own = length(cue);
            if said >= LEAST && said + own > MOST && rest >= LEAST {
                ranges.push(first..index);
                (first, said) = (index, 0);
            }
            said += own;
            rest -= own;
            let clause = cue
                .text
                .trim_end_matches(['”', '’', '」', '"'])
                .ends_with(|c: char| "。！？；，：、.!?;,:".contains(c));
            if said >= ENOUGH && clause && rest >= LEAST {
                ranges.push(first..index + 1);
                (first, said) = (index + 1, 0);
            }
        }
        if first < paragraph.end {
            ranges.push(first..paragraph.end);
        }
        ranges
    }
}

/// `00:00:12.500`.
fn exact_time(ms: u32) -> String {
    let seconds = ms / 1000;
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        ms % 1000
    )
}

fn escape_cue(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::places;

    fn read(format: Format, text: &str) -> (Transcript, Vec<String>) {
        let mut diagnostics = Vec::new();
        let transcript = parse(format, text, &SourcePath::new("t.vtt"), &mut diagnostics);
        (transcript, places(text, &diagnostics))
    }

    fn said(transcript: &Transcript) -> Vec<String> {
        transcript
            .cues
            .iter()
            .map(|cue| format!("{}-{} {}", cue.start_ms, cue.end_ms, cue.text))
            .collect()
    }

    #[track_caller]
    fn check(format: Format, text: &str, cues: &[&str], problems: &[&str]) {
        let (transcript, found) = read(format, text);
        assert_eq!(said(&transcript), cues, "{text}");
        assert_eq!(found, problems, "{text}");
    }

    #[test]
    fn webvtt_with_names_notes_and_settings() {
        check(
            Format::WebVtt,
            "\u{feff}WEBVTT 第一讲\nKind: captions\n\nNOTE 不是\n字幕\n\n开头\n00:00.000 --> 00:04.500 line:90%\n大家好，\n先说一句。\n\n00:04.500 --> 00:00:08.000\n<v 张老师>工资<i>要给</i>钱 &amp; 按月\n",
            &["0-4500 大家好，先说一句。", "4500-8000 工资要给钱 & 按月"],
            &[],
        );
    }

    #[test]
    fn the_voice_is_kept() {
        let (transcript, _) = read(
            Format::WebVtt,
            "WEBVTT\n\n00:00.000 --> 00:01.000\n<v.loud 张老师>好</v>\n",
        );
        assert_eq!(transcript.cues[0].speaker.as_deref(), Some("张老师"));
        assert!(transcript.to_webvtt().contains("<v 张老师>好\n"));
    }

    #[test]
    fn srt_with_commas_and_without_empty_lines() {
        check(
            Format::Srt,
            "1\r\n00:00:00,000 --> 00:00:02,500\r\n第一句\r\n2\r\n00:00:02,500 --> 00:00:05,000\r\n{\\an8}<font color=\"red\">第二句</font>\r\n",
            &["0-2500 第一句", "2500-5000 第二句"],
            &[],
        );
    }

    #[test]
    fn full_width_signs_in_times_are_read() {
        check(
            Format::Srt,
            "1\n00：00：01，500 --> 00：00：02，000\n好\n",
            &["1500-2000 好"],
            &[],
        );
        check(
            Format::Srt,
            "1\n00:01 → 00:02\n好\n",
            &["1000-2000 好"],
            &[],
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        check(
            Format::WebVtt,
            "WEBVTT\n\n00:00.000 --> 00:0x.000\n坏\n\n孤零零的一行\n\n00:01.000 --> 00:02.000\n好\n",
            &["1000-2000 好"],
            &[
                "3:1 transcript-time 00:00.000 --> 00:0x.000",
                "6:1 transcript-line",
            ],
        );
    }

    #[test]
    fn an_arrow_in_what_is_said_is_no_time() {
        check(
            Format::WebVtt,
            "WEBVTT\n\n00:00.000 --> 00:02.000\n3月→4月涨了\n8 0013 8000→\n\n00:02.000 --> 00:03.000\n好\n00：03.000→00：04.000\n又一条\n",
            &[
                "0-2000 3月→4月涨了 8 0013 8000→",
                "2000-3000 好",
                "3000-4000 又一条",
            ],
            &[],
        );
        let (said_so, _) = read(Format::Markdown, "[00:01] 00:02→00:03\n");
        let (again, _) = read(Format::WebVtt, &said_so.to_webvtt());
        assert_eq!(said(&again), said(&said_so));
        assert_eq!(again.cues.len(), 1);
    }

    #[test]
    fn a_missing_header_is_said_and_the_cues_are_read() {
        check(
            Format::WebVtt,
            "00:01.000 --> 00:02.000\n好\n",
            &["1000-2000 好"],
            &["1:1 transcript-header"],
        );
    }

    #[test]
    fn wrong_times_are_named_with_their_line() {
        check(
            Format::WebVtt,
            "WEBVTT\n\n00:00.000 --> 00:05.000\n一\n\n00:04.000 --> 00:08.000\n二\n\n00:09.000 --> 00:08.500\n三\n",
            &["0-5000 一", "4000-8000 二", "9000-8500 三"],
            &[
                "6:1 transcript-overlap 00:00:04.000 00:00:05.000",
                "9:1 transcript-backwards 00:09 00:08",
            ],
        );
    }

    #[test]
    fn cues_behind_the_end_are_named() {
        let text = "WEBVTT\n\n00:00.000 --> 00:05.000\n一\n\n00:05.000 --> 00:09.000\n二\n";
        let (transcript, _) = read(Format::WebVtt, text);
        let mut diagnostics = Vec::new();
        transcript.check_duration(6000, &SourcePath::new("t.vtt"), &mut diagnostics);
        assert_eq!(
            places(text, &diagnostics),
            ["6:1 transcript-beyond-duration 00:09 00:06"]
        );
    }

    #[test]
    fn a_file_without_cues_is_empty() {
        check(Format::WebVtt, "WEBVTT\n", &[], &["1:1 transcript-empty"]);
        check(
            Format::WebVtt,
            "WEBVTT\n\n00:01.000 --> 00:02.000\n\n",
            &[],
            &["3:1 transcript-cue-empty"],
        );
    }

    #[test]
    fn many_problems_are_counted() {
        let mut text = "WEBVTT\n\n".to_owned();
        (0..30).for_each(|_| text.push_str("00:00.000 --> 00:05.000\n一\n\n"));
        let (_, problems) = read(Format::WebVtt, &text);
        assert_eq!(problems.len(), SHOWN + 1);
        assert!(
            problems[SHOWN].ends_with("transcript-more 9"),
            "{}",
            problems[SHOWN]
        );
    }

    #[test]
    fn paragraphs_with_times() {
        check(
            Format::Markdown,
            "# 文字稿\n\n[00:00] 大家好。\n接着说。[00:10] 第二点[见书]。\n\n[00:20] 完了。\n",
            &[
                "0-10000 大家好。接着说。",
                "10000-20000 第二点[见书]。",
                "20000-21000 完了。",
            ],
            &[],
        );
        check(
            Format::Markdown,
            "没有时间\n\n[00:01] 有\n",
            &["1000-2000 有"],
            &["1:1 transcript-no-time"],
        );
    }

    #[test]
    fn a_page_gives_up_its_transcript() {
        let text = "导语。\n\n## 文字稿\n\n[00:00] 见《劳动法》第五十条。\n\n### 小结\n\n[00:05] 完。\n\n## 要点\n\n后文。\n";
        let file = SourcePath::new("a.md");
        let mut diagnostics = Vec::new();
        let mut document = markdown::parse(
            text,
            0,
            &file,
            &MarkdownOptions::default(),
            &mut diagnostics,
        );
        let transcript = take(&mut document, &file, &mut diagnostics).expect("there is one");
        assert_eq!(
            said(&transcript),
            ["0-5000 见《劳动法》第五十条。", "5000-6000 完。"]
        );
        assert_eq!(text::flat(&document).text, "导语。\n要点\n后文。\n");
        assert_eq!(&text[transcript.cues[1].span.range()], "[00:05] 完。");
        assert!(take(&mut document, &file, &mut diagnostics).is_none());
        assert_eq!(diagnostics, []);
    }

    #[test]
    fn a_text_beside_the_episode_is_read_as_people_write_it() {
        let lines = |text: &str| {
            let (transcript, problems) = read(Format::Markdown, text);
            assert_eq!(problems, [""; 0], "{text}");
            let line = |cue: &Cue| format!("{}-{} {}", cue.start_ms, cue.end_ms, cue.text);
            transcript.cues.iter().map(line).collect::<Vec<_>>()
        };
        let wanted = ["1000-5000 一。", "5000-6000 二。"];
        for text in [
            "---\ntitle: 稿\n---\n# 文字稿\n\n[00:01] 一。\n\n- **[00:05]** 二。\n",
            "00:01 一。\n\n00:05　二。\n",
            "00:01\n一。\n00:05：\n二。\n",
            "> （00:01）一。\n>\n> （00:05）**二**。\n",
            "| 时间 | 内容 |\n| --- | --- |\n| 00:01 | 一。 |\n| 00:05 | [二](../a/)。 |\n",
        ] {
            assert_eq!(lines(text), wanted, "{text}");
        }
        assert_eq!(
            lines("[00:01.000 --> 00:02.500] 一。\n[00:05.000 --> 00:06.000] 二。\n"),
            ["1000-2500 一。", "5000-6000 二。"]
        );
        assert_eq!(
            lines("[00:01] 上午\n10:30 开庭。\n"),
            ["1000-4000 上午 10:30 开庭。"]
        );
    }

    #[test]
    fn the_way_to_webvtt_and_back() {
        let (transcript, _) = read(
            Format::Srt,
            "1\n00:00:00,000 --> 01:00:02,500\na < b & c --> d\n",
        );
        let (again, problems) = read(Format::WebVtt, &transcript.to_webvtt());
        assert_eq!(said(&again), said(&transcript));
        assert_eq!(problems, [""; 0]);
        assert!(transcript.to_webvtt().contains("a &lt; b &amp; c --&gt; d"));
    }

    #[test]
    fn paragraphs_follow_chapters_pauses_and_sentences() {
        let cue = |start: u32, end: u32, text: &str| Cue {
            start_ms: start,
            end_ms: end,
            speaker: None,
            text: text.into(),
            span: Span::default(),
        };
        let long = "长".repeat(159) + "。";
        let transcript = Transcript {
            cues: vec![
                cue(0, 1, "甲。"),
                cue(1, 2, "乙，"),
                cue(9000, 9001, &long),
                cue(9001, 9002, "丙。"),
                cue(9500, 9600, "丁。"),
            ],
        };
        assert_eq!(transcript.paragraphs(&[0, 9400]), [0..2, 2..3, 3..4, 4..5]);
        assert_eq!(
            transcript.anchors(&[]),
            [Some(0), None, Some(9), None, None]
        );
        assert_eq!(
            transcript.anchors(&[0, 5000]),
            [Some(0), None, Some(5), Some(9), None]
        );
        assert!(Transcript::default().paragraphs(&[]).is_empty());
    }

    #[test]
    fn a_paragraph_is_cut_with_cues_and_clauses() {
        let check = |lengths: &[usize], ends: &[usize]| {
            let cue = |length: &usize| Cue {
                start_ms: 0,
                end_ms: 0,
                speaker: None,
                text: format!("{}，", "长".repeat(length - 1)).into(),
                span: Span::default(),
            };
            let transcript = Transcript {
                cues: lengths.iter().map(cue).collect(),
            };
            let starts = std::iter::once(&0).chain(ends);
            let ranges: Vec<Range<usize>> = starts.zip(ends).map(|(a, b)| *a..*b).collect();
            assert_eq!(transcript.segments(0..lengths.len()), ranges, "{lengths:?}");
        };
        check(&[20; 7], &[7]);
        check(&[20; 13], &[5, 10, 13]);
        check(&[90, 90, 90], &[1, 2, 3]);
        // A long cue is one piece; a short rest stays with the last.
        check(&[400, 20], &[2]);
        check(&[10, 400, 60], &[2, 3]);
        check(&[], &[]);
    }

    #[test]
    fn times_as_written_and_as_read() {
        for (text, ms) in [
            ("00:00", 0),
            ("1:02:03", 3_723_000),
            ("75:00", 4_500_000),
            ("00:01.5", 1500),
            ("００：０１", 1000),
        ] {
            assert_eq!(parse_time(text), Some(ms), "{text}");
        }
        for text in [
            "", "12", "1:", ":1", "1:60", "1:60:00", "a:b", "1:2:3:4", "00:01.x", "一:二",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
        assert_eq!(time_text(3_723_000), "1:02:03");
    }
}
