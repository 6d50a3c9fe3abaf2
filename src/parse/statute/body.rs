//! The text of a statute: which lines begin articles, and what the other lines are.

use crate::base::{ArticleNo, SourcePath, Span};
use crate::diag::Diagnostic;

use super::label::{
    ArticleLabel, ItemStyle, article_label, is_blank, item_label, part_label, refers, trimmed,
};
use super::{
    Article, Element, Item, Outline, Paragraph, ParagraphKind, Part, PartLevel, Subitem, Text,
    TextRole,
};

/// A line that is not empty: where it begins in the file, and what it says.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    at: usize,
    text: &'a str,
}

impl Line<'_> {
    fn span(&self) -> Span {
        Span::new(self.at, self.at + self.text.len())
    }
}

/// An article found: which line and byte of it, and its label.
#[derive(Clone, Copy, Debug)]
struct Start {
    line: usize,
    at: usize,
    label: ArticleLabel,
}

pub(super) fn read(
    file: &SourcePath,
    text: &str,
    from: usize,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Element> {
    let lines = lines(text, from);
    let (starts, annex) = article_starts(file, &lines, problems);
    let starts = with_inline(&lines, &starts, annex);
    report_gaps(file, &lines, &starts, problems);
    build(&lines, &starts, annex)
}

fn lines(text: &str, from: usize) -> Vec<Line<'_>> {
    let mut at = from;
    let mut lines = Vec::new();
    for line in text[from..].split_inclusive('\n') {
        let (offset, content) = trimmed(line);
        let comment = content.starts_with("<!--") && content.ends_with("-->");
        if !content.is_empty() && !comment {
            lines.push(Line {
                at: at + offset,
                text: content,
            });
        }
        at += line.len();
    }
    lines
}

/// The lines that begin an article, and the line at which the annexes begin.
fn article_starts(
    file: &SourcePath,
    lines: &[Line<'_>],
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Start>, Option<usize>) {
    let mut candidates: Vec<Start> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let marks = heading_marks(line.text);
        let content = line.text[marks..].trim_start_matches(is_blank);
        let at = line.text.len() - content.len();
        let Some(label) = article_label(content) else {
            continue;
        };
        let previous = candidates.last().map(|start| start.label.no);
        let doubtful = !label.separated() && refers(&content[label.rest..]);
        if !doubtful || follows(previous, label.no) && !content[label.rest..].starts_with('第') {
            candidates.push(Start {
                line: index,
                at,
                label,
            });
        }
    }
    let annex = annex_line(lines, &candidates);
    if let Some(annex) = annex {
        candidates.retain(|start| start.line < annex);
    }
    let chosen = rising(&candidates);
    let mut starts = Vec::with_capacity(candidates.len());
    for (start, chosen) in candidates.into_iter().zip(chosen) {
        if chosen {
            starts.push(start);
        } else {
            let line = lines[start.line];
            let span = Span::new(line.at + start.at, line.at + start.at + start.label.len);
            problems.push(
                Diagnostic::at("law-article-repeated", file, span)
                    .with("article", start.label.no.chinese()),
            );
        }
    }
    (starts, annex)
}

/// Whether `no` is the number after `previous`: the next main number, or the next inserted one.
fn follows(previous: Option<ArticleNo>, no: ArticleNo) -> bool {
    match previous {
        None => no == ArticleNo::new(1),
        Some(previous) => {
            no == ArticleNo::new(previous.main + 1)
                || no == ArticleNo::inserted(previous.main, previous.sub + 1)
        }
    }
}

/// The line at which annexes begin: 附件, 附表… behind an article, when no article goes on counting behind it.
fn annex_line(lines: &[Line<'_>], candidates: &[Start]) -> Option<usize> {
    let first = candidates.first()?.line;
    (first + 1..lines.len()).find(|&index| {
        if !is_annex_title(lines[index].text) {
            return false;
        }
        let last = candidates
            .iter()
            .take_while(|start| start.line < index)
            .map(|start| start.label.no)
            .max();
        !candidates
            .iter()
            .any(|start| start.line > index && follows(last, start.label.no))
    })
}

/// 附件, 附件一：…, 附表2, `## 附录`.
fn is_annex_title(line: &str) -> bool {
    let title = line.trim_start_matches('#').trim_start_matches(is_blank);
    let Some(rest) = ["附件", "附录", "附表", "附图"]
        .iter()
        .find_map(|word| title.strip_prefix(word))
        .or_else(|| {
            title
                .strip_prefix('附')
                .filter(|rest| rest.starts_with(['：', ':']))
        })
    else {
        return false;
    };
    let number = crate::base::numeral::read_number(rest).map_or(0, |(_, used)| used);
    let behind = &rest[number..];
    behind.is_empty()
        || behind.starts_with(|c: char| is_blank(c) || matches!(c, '：' | ':' | '、' | '.'))
}

/// Which candidates rise in number from one to the next, as many as possible; the rest are quoted or repeated numbers.
fn rising(candidates: &[Start]) -> Vec<bool> {
    let numbers: Vec<ArticleNo> = candidates.iter().map(|start| start.label.no).collect();
    if numbers.windows(2).all(|pair| pair[0] < pair[1]) {
        return vec![true; numbers.len()];
    }
    if numbers.len() > 4000 {
        return rising_greedy(&numbers);
    }
    let mut score = vec![1u32; numbers.len()];
    let mut from = vec![usize::MAX; numbers.len()];
    for at in 0..numbers.len() {
        for before in 0..at {
            if numbers[before] < numbers[at] {
                let gain = 1 + u32::from(follows(Some(numbers[before]), numbers[at]));
                if score[before] + gain > score[at] {
                    score[at] = score[before] + gain;
                    from[at] = before;
                }
            }
        }
    }
    let mut chosen = vec![false; numbers.len()];
    let best = score.iter().max().copied().unwrap_or(0);
    let mut at = score
        .iter()
        .position(|score| *score == best)
        .unwrap_or(usize::MAX);
    while at != usize::MAX {
        chosen[at] = true;
        at = from[at];
    }
    chosen
}

fn rising_greedy(numbers: &[ArticleNo]) -> Vec<bool> {
    let mut last = None;
    numbers
        .iter()
        .map(|no| {
            let rises = last.is_none_or(|last| last < *no);
            if rises {
                last = Some(*no);
            }
            rises
        })
        .collect()
}

/// The articles found, with those that begin inside a line.
fn with_inline(lines: &[Line<'_>], starts: &[Start], annex: Option<usize>) -> Vec<Start> {
    let end = annex.unwrap_or(lines.len());
    let mut all = Vec::with_capacity(starts.len());
    let mut previous: Option<ArticleNo> = None;
    let mut next = starts.iter().peekable();
    for (index, line) in lines.iter().enumerate().take(end) {
        let mut from = 0;
        if let Some(start) = next.next_if(|start| start.line == index) {
            previous = Some(start.label.no);
            all.push(*start);
            from = start.at + start.label.rest;
        } else if heading_marks(line.text) > 0 {
            continue;
        }
        let limit = next.peek().map(|start| start.label.no);
        while let Some(start) = inline_start(line.text, from, previous, limit) {
            previous = Some(start.1.no);
            from = start.0 + start.1.rest;
            all.push(Start {
                line: index,
                at: start.0,
                label: start.1,
            });
        }
    }
    all
}

/// An article beginning inside a line: its number is the next one, missing among the lines, and it stands behind the end
/// of a sentence (or, when exactly it is missing between two neighbours, nothing says it is a reference).
fn inline_start(
    line: &str,
    from: usize,
    previous: Option<ArticleNo>,
    limit: Option<ArticleNo>,
) -> Option<(usize, ArticleLabel)> {
    let missing = |no: ArticleNo| follows(previous, no) && limit.is_none_or(|limit| no < limit);
    let next = ArticleNo::new(previous.map_or(1, |no| no.main + 1));
    let inserted = previous.is_some_and(|no| {
        limit.is_none_or(|limit| ArticleNo::inserted(no.main, no.sub + 1) < limit)
    });
    if !missing(next) && !inserted {
        return None;
    }
    let only_one_missing = limit == Some(ArticleNo::new(next.main + 1));
    let mut at = from;
    while let Some(found) = line[at..].find('第').map(|found| found + at) {
        at = found + '第'.len_utf8();
        let Some(label) = article_label(&line[found..]) else {
            continue;
        };
        if !missing(label.no) || refers(&line[found + label.len..]) || found == 0 {
            continue;
        }
        let before = line[from..found].trim_end_matches(is_blank);
        let sentence_end = before.is_empty() || before.ends_with(['。', '！', '？', '；', '”']);
        let plain_before = !before.ends_with(is_law_word);
        let has_text = found + label.rest < line.len();
        if has_text && (sentence_end || only_one_missing && plain_before && label.no == next) {
            return Some((found, label));
        }
    }
    None
}

/// The last character of a law's name or of a word that leads to a reference.
fn is_law_word(c: char) -> bool {
    matches!(
        c,
        '法' | '例'
            | '定'
            | '释'
            | '则'
            | '典'
            | '照'
            | '据'
            | '反'
            | '合'
            | '和'
            | '、'
            | '至'
            | '将'
            | '为'
            | '按'
            | '对'
            | '与'
            | '及'
            | '或'
            | '，'
    )
}

fn report_gaps(
    file: &SourcePath,
    lines: &[Line<'_>],
    starts: &[Start],
    problems: &mut Vec<Diagnostic>,
) {
    for pair in starts.windows(2) {
        let (before, after) = (pair[0].label.no, pair[1].label.no);
        if !follows(Some(before), after) {
            let line = lines[pair[1].line];
            let at = line.at + pair[1].at;
            let span = Span::new(at, at + pair[1].label.len);
            problems.push(
                Diagnostic::at("law-article-skipped", file, span)
                    .with("before", before.chinese())
                    .with("after", after.chinese()),
            );
        }
    }
}

fn heading_marks(line: &str) -> usize {
    let marks = line.len() - line.trim_start_matches('#').len();
    let behind = &line[marks..];
    if marks <= 6 && (behind.is_empty() || behind.starts_with(is_blank)) {
        marks
    } else {
        0
    }
}

/// Puts the elements together line by line.
fn build(lines: &[Line<'_>], starts: &[Start], annex: Option<usize>) -> Vec<Element> {
    let mut builder = Builder::default();
    let contents = contents_lines(lines, starts);
    let mut next = starts.iter().peekable();
    for (index, line) in lines.iter().enumerate() {
        if annex.is_some_and(|annex| index >= annex) {
            builder.annex(*line);
            continue;
        }
        let mut from = 0;
        let mut several = false;
        while let Some(start) = next.next_if(|start| start.line == index) {
            several |= from > 0 || next.peek().is_some_and(|next| next.line == index);
            // `## 第一条` is an article all the same: only the marks stand before it.
            if from > 0 || heading_marks(line.text) == 0 {
                builder.plain(piece(*line, from, start.at), several);
            }
            builder.article(*line, start);
            from = start.at + start.label.rest;
        }
        if from > 0 {
            builder.plain(piece(*line, from, line.text.len()), several);
        } else if contents.contains(&index) {
            builder.text(*line, TextRole::Contents);
        } else {
            builder.line(*line, next.peek().is_none() && starts.is_empty());
        }
    }
    builder.elements
}

fn piece<'a>(line: Line<'a>, from: usize, to: usize) -> Line<'a> {
    let (offset, text) = trimmed(&line.text[from..to]);
    Line {
        at: line.at + from + offset,
        text,
    }
}

/// The lines of a table of contents in front of the text: 目录 and the headings below it, up to the heading that comes again.
fn contents_lines(lines: &[Line<'_>], starts: &[Start]) -> std::ops::Range<usize> {
    let end = starts.first().map_or(lines.len(), |start| start.line);
    let squeezed = |line: &str| -> String {
        line.chars()
            .filter(|c| !is_blank(*c) && *c != '#')
            .collect()
    };
    let Some(first) = lines[..end]
        .iter()
        .position(|line| squeezed(line.text) == "目录")
    else {
        return 0..0;
    };
    let opening = lines.get(first + 1).map(|line| squeezed(line.text));
    let again = (first + 2..end).find(|&index| Some(squeezed(lines[index].text)) == opening);
    match again {
        Some(again) => first..again,
        None => first..first + 1,
    }
}

#[derive(Default)]
struct Builder {
    elements: Vec<Element>,
    /// Whether a heading or an article has been met.
    begun: bool,
    in_annex: bool,
}

impl Builder {
    fn article(&mut self, line: Line<'_>, start: &Start) {
        self.begun = true;
        let at = line.at + start.at;
        let label = &line.text[start.at..start.at + start.label.len];
        let span = Span::new(at, at + start.label.len);
        self.elements.push(Element::Article(Article {
            no: start.label.no,
            label: label.trim_start_matches('*').into(),
            paragraphs: Vec::new(),
            span,
            label_span: span,
        }));
    }

    /// A line that begins no article.
    fn line(&mut self, line: Line<'_>, no_articles: bool) {
        let marks = heading_marks(line.text);
        if marks > 0 {
            self.part(line, marks);
        } else if line.text.starts_with('|') {
            self.table(line);
        } else if is_plain_heading(line.text) {
            self.part(line, 0);
        } else if no_articles {
            self.text(line, TextRole::Plain);
        } else {
            self.plain(line, false);
        }
    }

    fn annex(&mut self, line: Line<'_>) {
        let marks = heading_marks(line.text);
        if marks > 0 || !self.in_annex {
            self.part(line, marks);
            if let Some(Element::Part(part)) = self.elements.last_mut() {
                part.level = PartLevel::Annex;
            }
            self.in_annex = true;
        } else if line.text.starts_with('|') {
            self.table(line);
        } else {
            self.text(line, TextRole::Annex);
        }
    }

    fn part(&mut self, line: Line<'_>, marks: usize) {
        self.begun = true;
        let raw = line.text[marks..].trim_start_matches(is_blank);
        let (level, number, used) = match part_label(raw) {
            Some((level, number, used)) => (level, Some(number), used),
            None => (level_of_marks(marks), None, 0),
        };
        let (title, range) = split_range(&raw[used..]);
        self.elements.push(Element::Part(Part {
            level,
            number,
            title: squeeze(title).into(),
            raw: raw.into(),
            marks: u8::try_from(marks).unwrap_or(6),
            range,
            anchor: "".into(),
            span: line.span(),
        }));
    }

    fn text(&mut self, line: Line<'_>, role: TextRole) {
        self.elements.push(Element::Text(Text {
            role,
            text: line.text.into(),
            span: line.span(),
        }));
    }

    fn table(&mut self, line: Line<'_>) {
        if self.in_annex {
            return self.table_text(line);
        }
        let Some(Element::Article(article)) = self.elements.last_mut() else {
            return self.table_text(line);
        };
        article.span.end = line.span().end;
        match article.paragraphs.last_mut() {
            Some(last) if last.kind == ParagraphKind::Table => {
                append(&mut last.text, &mut last.span, line)
            }
            _ => article.paragraphs.push(Paragraph {
                kind: ParagraphKind::Table,
                number: 0,
                text: line.text.into(),
                items: Vec::new(),
                span: line.span(),
            }),
        }
    }

    fn table_text(&mut self, line: Line<'_>) {
        match self.elements.last_mut() {
            Some(Element::Text(text)) if text.role == TextRole::Table => {
                append(&mut text.text, &mut text.span, line)
            }
            _ => self.text(line, TextRole::Table),
        }
    }

    /// Text: of the open article, or in its place. `dense`: a line that holds several articles, so its spaces are line ends.
    fn plain(&mut self, line: Line<'_>, dense: bool) {
        if line.text.is_empty() {
            return;
        }
        if !matches!(self.elements.last(), Some(Element::Article(_))) {
            let role = if self.begun {
                TextRole::Plain
            } else {
                TextRole::Preamble
            };
            return self.text(line, role);
        }
        for piece in if dense { sentences(line) } else { vec![line] } {
            for piece in split_items(piece) {
                self.paragraph(piece);
            }
        }
    }

    fn paragraph(&mut self, line: Line<'_>) {
        let Some(Element::Article(article)) = self.elements.last_mut() else {
            return;
        };
        article.span.end = line.span().end;
        let label = item_label(line.text);
        let paragraph = article
            .paragraphs
            .last_mut()
            .filter(|last| last.kind == ParagraphKind::Text);
        match (label, paragraph) {
            (Some(label), paragraph) if is_item(label, paragraph.as_deref()) => {
                let Some(paragraph) = paragraph else {
                    push_paragraph(
                        article,
                        Line {
                            at: line.at,
                            text: "",
                        },
                    );
                    return self.paragraph(line);
                };
                push_item(paragraph, line, label);
            }
            (Some(_) | None, _) => push_paragraph(article, line),
        }
    }
}

fn append(text: &mut Box<str>, span: &mut Span, line: Line<'_>) {
    *text = format!("{text}\n{}", line.text).into();
    span.end = line.span().end;
}

fn push_paragraph(article: &mut Article, line: Line<'_>) {
    let counted = article
        .paragraphs
        .iter()
        .filter(|paragraph| paragraph.kind == ParagraphKind::Text)
        .count();
    article.paragraphs.push(Paragraph {
        kind: ParagraphKind::Text,
        number: u32::try_from(counted + 1).unwrap_or(u32::MAX),
        text: line.text.into(),
        items: Vec::new(),
        span: line.span(),
    });
}

/// Whether a labelled line is an item or sub-item of the open paragraph. 一、 counts only where it begins or goes on a list.
fn is_item(label: super::label::ItemLabel, paragraph: Option<&Paragraph>) -> bool {
    match label.style {
        ItemStyle::BracketedChinese | ItemStyle::BracketedDecimal => true,
        ItemStyle::Decimal | ItemStyle::Circled => {
            let open = paragraph.and_then(|paragraph| paragraph.items.last());
            open.is_some() || label.number == 1
        }
        ItemStyle::Chinese => paragraph.is_some_and(|paragraph| match paragraph.items.last() {
            Some(last) => {
                item_label(&last.label).is_some_and(|last| last.style == ItemStyle::Chinese)
            }
            None => label.number == 1,
        }),
    }
}

fn push_item(paragraph: &mut Paragraph, line: Line<'_>, label: super::label::ItemLabel) {
    let text = line.text[label.len..].trim_start_matches(is_blank);
    let written: Box<str> = line.text[..label.len].into();
    let open = paragraph.items.last_mut();
    let open_style = open
        .as_ref()
        .and_then(|item| item_label(&item.label))
        .map(|label| label.style);
    match (open, open_style) {
        (Some(item), Some(style)) if is_below(label.style, style) => item.subitems.push(Subitem {
            number: label.number,
            label: written,
            text: text.into(),
            span: line.span(),
        }),
        _ => paragraph.items.push(Item {
            number: label.number,
            label: written,
            text: text.into(),
            subitems: Vec::new(),
            span: line.span(),
        }),
    }
}

/// Whether a label of style `inner` below one of style `outer` is a sub-item.
fn is_below(inner: ItemStyle, outer: ItemStyle) -> bool {
    let rank = |style| match style {
        ItemStyle::Chinese => 0,
        ItemStyle::BracketedChinese => 1,
        ItemStyle::Decimal => 2,
        ItemStyle::BracketedDecimal => 3,
        ItemStyle::Circled => 4,
    };
    rank(inner) > rank(outer)
}

/// The paragraphs of a line in which line ends became spaces: it is cut behind the end of a sentence.
fn sentences(line: Line<'_>) -> Vec<Line<'_>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, c) in line.text.char_indices() {
        let before = line.text[from..at].trim_end_matches(is_blank);
        if is_blank(c) && at > from && before.ends_with(['。', '；', '：']) {
            pieces.push(piece(line, from, at));
            from = at;
        }
    }
    pieces.push(piece(line, from, line.text.len()));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// A paragraph whose items stand in one line with it: …情形之一： （一）……； （二）…….
fn split_items(line: Line<'_>) -> Vec<Line<'_>> {
    let first = item_label(line.text).map_or(1, |label| label.number + 1);
    let Some(start) = find_item(line.text, 0, first) else {
        return vec![line];
    };
    if find_item(line.text, start, first + 1).is_none() {
        return vec![line];
    }
    let mut pieces = vec![piece(line, 0, start)];
    let (mut at, mut number) = (start, first + 1);
    while let Some(next) = find_item(line.text, at, number) {
        pieces.push(piece(line, at, next));
        (at, number) = (next, number + 1);
    }
    pieces.push(piece(line, at, line.text.len()));
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// Where（N）stands behind a blank that stands behind the end of a clause.
fn find_item(text: &str, from: usize, number: u32) -> Option<usize> {
    let mut at = from;
    while let Some(open) = text[at..].find(['（', '(']).map(|open| open + at) {
        at = open + 1;
        while !text.is_char_boundary(at) {
            at += 1;
        }
        let before = text[..open].trim_end_matches(is_blank);
        let apart = before.len() < open && before.ends_with(['：', ':', '；', ';', '。']);
        let named = || {
            item_label(&text[open..]).is_some_and(|label| {
                label.style == ItemStyle::BracketedChinese && label.number == number
            })
        };
        if apart && named() {
            return Some(open);
        }
    }
    None
}

/// 第二章 总则 on a line without `#`.
fn is_plain_heading(line: &str) -> bool {
    let short = line.len() <= 40 * 3 && !line.ends_with(['。', '；', '：', '，', ';', ':']);
    short
        && part_label(line).is_some_and(|(_, _, used)| {
            let rest = &line[used..];
            rest.starts_with(is_blank) && !rest.contains(['，', '。', '；'])
        })
}

fn level_of_marks(marks: usize) -> PartLevel {
    match marks {
        0..=2 => PartLevel::Chapter,
        3 => PartLevel::Section,
        _ => PartLevel::Heading,
    }
}

/// Takes （第一条至第十二条） off the end of a heading.
fn split_range(title: &str) -> (&str, Option<(ArticleNo, ArticleNo)>) {
    let trimmed = title.trim_end_matches(is_blank);
    let Some(inside) = trimmed.strip_suffix(['）', ')']) else {
        return (title, None);
    };
    let Some(open) = inside.rfind(['（', '(']) else {
        return (title, None);
    };
    let width = inside[open..].chars().next().map_or(1, char::len_utf8);
    let text = &inside[open + width..];
    let Some(first) = article_label(text) else {
        return (title, None);
    };
    let rest = text[first.len..].trim_start_matches(is_blank);
    let last = match rest.strip_prefix(['至', '到', '—', '-', '－', '~', '～']) {
        Some(rest) => article_label(
            rest.trim_start_matches(['—', '-', '第'])
                .trim_start_matches(is_blank),
        )
        .or_else(|| article_label(rest.trim_start_matches(is_blank))),
        None if rest.is_empty() => Some(first),
        None => None,
    };
    match last {
        Some(last) => (&trimmed[..open], Some((first.no, last.no))),
        None => (title, None),
    }
}

/// A heading without the blanks that only spread it: 总　则 → 总则.
fn squeeze(title: &str) -> String {
    let chars: Vec<char> = title.trim_matches(is_blank).chars().collect();
    let wide = |c: Option<&char>| c.is_some_and(|c| crate::doc::text::is_wide(*c));
    let mut out = String::with_capacity(title.len());
    let mut last = None;
    for (at, c) in chars.iter().enumerate() {
        if is_blank(*c) {
            let next = chars[at..].iter().find(|c| !is_blank(**c));
            if !wide(last) && !wide(next) && !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        out.push(*c);
        last = Some(c);
    }
    out
}

/// The parts as a tree by their levels, with the articles each holds.
pub(super) fn outline(elements: &[Element]) -> Vec<Outline> {
    let mut done: Vec<Outline> = Vec::new();
    let mut open: Vec<(PartLevel, Outline)> = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        match element {
            Element::Part(part) => {
                close(&mut open, &mut done, part.level);
                open.push((
                    part.level,
                    Outline {
                        element: index,
                        range: part.range,
                        children: Vec::new(),
                    },
                ));
            }
            Element::Article(article) => {
                for (_, outline) in &mut open {
                    let (first, last) = outline.range.unwrap_or((article.no, article.no));
                    outline.range = Some((first.min(article.no), last.max(article.no)));
                }
            }
            Element::Text(_) => {}
        }
    }
    close(&mut open, &mut done, PartLevel::Book);
    done
}

/// Closes every open part that is not above `level`.
fn close(open: &mut Vec<(PartLevel, Outline)>, done: &mut Vec<Outline>, level: PartLevel) {
    while open.last().is_some_and(|(last, _)| {
        *last >= level || *last == PartLevel::Annex || level == PartLevel::Annex
    }) {
        let Some((_, outline)) = open.pop() else {
            return;
        };
        match open.last_mut() {
            Some((_, parent)) => parent.children.push(outline),
            None => done.push(outline),
        }
    }
}

/// Gives every part its anchor: the numbers of the parts above it and its own, `ch-b3-c2-s1`.
pub(super) fn set_anchors(elements: &mut [Element]) {
    let mut above: Vec<(PartLevel, String)> = Vec::new();
    let mut unnumbered = 0usize;
    let mut used = std::collections::BTreeSet::new();
    for element in elements {
        let Element::Part(part) = element else {
            continue;
        };
        above.retain(|(level, _)| *level < part.level && part.level != PartLevel::Annex);
        let letter = match part.level {
            PartLevel::Book => 'b',
            PartLevel::Subbook => 'f',
            PartLevel::Chapter => 'c',
            PartLevel::Section => 's',
            PartLevel::Heading => 'h',
            PartLevel::Annex => 'a',
        };
        let own = match part.number {
            Some(number) => format!("{letter}{number}"),
            None => {
                unnumbered += 1;
                format!("{letter}x{unnumbered}")
            }
        };
        above.push((part.level, own));
        let path: Vec<&str> = above.iter().map(|(_, own)| own.as_str()).collect();
        let mut anchor = format!("ch-{}", path.join("-"));
        while !used.insert(anchor.clone()) {
            anchor.push('x');
        }
        part.anchor = anchor.into();
    }
}
