//! HTML of a fragment where only phrasing content may stand: in a legend, a label, a heading.

use serde::{Serialize, Serializer};

/// HTML that is finished: templates write it as it is, everything else they escape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(pub String);

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        minijinja::Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

/// The HTML of a fragment as the page's renderer gives it.
pub type Render<'a> = &'a dyn Fn(&crate::doc::Document) -> String;

/// `html` of one or more paragraphs without their tags, paragraphs parted by `<br>`. Any other block makes it `None`:
/// the caller shows plain text then.
#[must_use]
pub fn phrasing(html: &str) -> Option<String> {
    let mut rest = html.trim();
    let mut out = String::with_capacity(html.len());
    while !rest.is_empty() {
        let inner = rest.strip_prefix("<p>")?;
        let end = inner.find("</p>")?;
        if !out.is_empty() {
            out.push_str("<br>");
        }
        out.push_str(&inner[..end]);
        rest = inner[end + "</p>".len()..].trim_start();
    }
    Some(out)
}

/// The HTML of a fragment as phrasing content.
#[must_use]
pub fn render(document: &crate::doc::Document, render: Render<'_>) -> Html {
    let plain = || super::escape::escape(&crate::parse::fragment::plain(document));
    Html(phrasing(&render(document)).unwrap_or_else(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lose_their_tags_and_nothing_else_passes() {
        assert_eq!(
            phrasing("<p>一<b>二</b></p>\n").as_deref(),
            Some("一<b>二</b>")
        );
        assert_eq!(
            phrasing("<p>一</p>\n<p>二</p>").as_deref(),
            Some("一<br>二")
        );
        assert_eq!(phrasing(""), Some(String::new()));
        assert_eq!(phrasing("<ul><li>一</li></ul>"), None);
        assert_eq!(phrasing("<p>一</p><pre>x</pre>"), None);
    }
}
