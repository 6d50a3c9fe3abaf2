//! Where in Markdown as written no citation is looked for: code, links the author wrote, addresses, ids, tags.

/// The byte ranges of raw Markdown in which nothing may be linked, sorted.
#[must_use]
pub fn markdown_mask(text: &str) -> Vec<(usize, usize)> {
    let mut masked = Vec::new();
    let mut at = 0;
    while let Some(found) = next_mark(text, at) {
        let end = match text.as_bytes()[found] {
            b'`' => code_end(text, found),
            b'[' => link_end(text, found),
            b'<' => tag_end(text, found),
            b'{' => id_end(text, found),
            _ => address_end(text, found),
        };
        match end {
            Some(end) => {
                masked.push((found, end));
                at = end;
            }
            None => at = found + 1,
        }
    }
    masked
}

fn next_mark(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find(|at| {
        matches!(bytes[*at], b'`' | b'[' | b'<' | b'{')
            || bytes[*at] == b'h' && bytes[*at..].starts_with(b"http")
    })
}

/// Behind the code that begins with back quotes at `at`: as many close it.
fn code_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let mut from = ticks;
    while let Some(close) = rest[from..].find('`').map(|close| close + from) {
        let run = rest[close..].len() - rest[close..].trim_start_matches('`').len();
        if run == ticks {
            return Some(at + close + run);
        }
        from = close + run;
    }
    // An open fence runs to the end of the text; a lone back quote is nothing.
    (ticks >= 3).then_some(text.len())
}

/// Behind `[text](target)` or `[text][name]`.
fn link_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let close = rest.find(']')?;
    if rest[..close].contains('\n') && rest[..close].contains("\n\n") {
        return None;
    }
    let behind = &rest[close + 1..];
    let end = match behind.as_bytes().first()? {
        b'(' => behind.find(')')?,
        b'[' => behind.find(']')?,
        _ => return None,
    };
    (!behind[..end].contains('\n')).then_some(at + close + 1 + end + 1)
}

/// Behind `<a …>…</a>`, `<tag …>` or `<https://…>`.
fn tag_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at + 1..];
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
        .then_some(())?;
    let close = at + 1 + rest.find('>')? + 1;
    let link = rest.starts_with("a ")
        || rest.starts_with("code")
        || rest.starts_with("pre")
        || rest.starts_with("script");
    if !link {
        return Some(close);
    }
    let name: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let closing = format!("</{name}>");
    Some(
        text[close..]
            .find(&closing)
            .map_or(close, |end| close + end + closing.len()),
    )
}

/// Behind `{#id}`.
fn id_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let close = rest.find('}')?;
    (rest.starts_with("{#") && !rest[..close].contains('\n')).then_some(at + close + 1)
}

/// Behind `https://…`.
fn address_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    (rest.starts_with("http://") || rest.starts_with("https://")).then_some(())?;
    let end = rest.find(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '，' | '。' | '；' | '）' | '《' | '》' | '”' | '、' | '<' | '>' | '"'
            )
    });
    Some(at + end.unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked() {
        let text = "`甲` [乙](丙) <a href=\"x\">丁</a> https://戊.cn/己，# 题 {#庚} <辛> [壬] `癸";
        let shown: Vec<&str> = markdown_mask(text)
            .into_iter()
            .map(|(start, end)| &text[start..end])
            .collect();
        assert_eq!(
            shown,
            [
                "`甲`",
                "[乙](丙)",
                "<a href=\"x\">丁</a>",
                "https://戊.cn/己",
                "{#庚}"
            ]
        );
    }
}
