//! HTML without needless white space: runs are folded to one character outside of elements that keep them.

/// Folds white space in text to one space (a line break where there was one), leaving tags, `pre`, `textarea`, `script` and
/// `style` as they are. Nothing that is shown changes.
#[must_use]
pub fn html(source: &str) -> String {
    const KEPT: [&str; 4] = ["pre", "textarea", "script", "style"];
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while !rest.is_empty() {
        let tag_at = rest.find('<').unwrap_or(rest.len());
        fold(&rest[..tag_at], &mut out);
        rest = &rest[tag_at..];
        let Some(end) = tag_end(rest) else {
            out.push_str(rest);
            break;
        };
        let tag = &rest[..end];
        let name: String = tag[1..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase();
        out.push_str(tag);
        rest = &rest[end..];
        if KEPT.contains(&name.as_str()) {
            let close = format!("</{name}");
            let stop = rest.find(&close).unwrap_or(rest.len());
            out.push_str(&rest[..stop]);
            rest = &rest[stop..];
        }
    }
    out
}

/// Where the tag or comment a text begins with ends.
fn tag_end(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return text.find("-->").map(|at| at + 3);
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

fn fold(text: &str, out: &mut String) {
    let mut white: Option<char> = None;
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            white = Some(if white == Some('\n') || c == '\n' {
                '\n'
            } else {
                ' '
            });
        } else {
            out.extend(white.take());
            out.push(c);
        }
    }
    out.extend(white);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded_where_it_is_not_kept() {
        assert_eq!(
            html("<p>\n\n  一   二 </p>\n\n\n<pre> a\n\n b</pre>"),
            "<p>\n一 二 </p>\n<pre> a\n\n b</pre>"
        );
        assert_eq!(
            html("<a title=\"x  >  y\">  z</a>"),
            "<a title=\"x  >  y\"> z</a>"
        );
        assert_eq!(html("<script>a  <  b</script>"), "<script>a  <  b</script>");
    }
}
