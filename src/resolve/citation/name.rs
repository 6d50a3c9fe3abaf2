//! What a name says by its own words: a law of which kind, a norm, a contract.

use crate::model::law::title_key;

/// Whether a title's kind is `kind`: 民法典 is a 法, 若干规定 a 规定 and, of a court, a 司法解释.
pub(super) fn is_of_kind(title: &str, kind: &str) -> bool {
    let key = title_key(title);
    let name = key.trim_end_matches(|c| "一二三四五六七八九十".contains(c));
    let name = name
        .strip_suffix("试行")
        .or_else(|| name.strip_suffix("暂行"))
        .unwrap_or(name);
    match kind {
        "法" | "法典" => name.ends_with("法") || name.ends_with("法典"),
        "司法解释" => name.ends_with("解释") || name.ends_with("规定"),
        _ => name.ends_with(kind),
    }
}

/// Whether what stands behind a title says that it is a book: 《…》，法律出版社，第585页.
pub(super) fn is_published(behind: &str) -> bool {
    let clause: String = behind
        .chars()
        .take(24)
        .take_while(|c| !matches!(c, '。' | '；' | '\n' | '《'))
        .collect();
    behind.starts_with(['，', '（', '(', ',']) && clause.contains("出版社")
}

/// Whether an unknown title is a norm's, so that its 第X条 is a citation.
pub(super) fn is_norm(name: &str) -> bool {
    const MORE: [&str; 10] = [
        "意见", "通知", "纪要", "标准", "答复", "复函", "安排", "指引", "公告", "规划",
    ];
    let key = norm_key(name);
    is_formal(name) || MORE.iter().any(|end| key.ends_with(end)) && key.chars().count() >= 4
}

/// Whether an unknown title is of the kind that is worth naming by itself.
pub(super) fn is_formal(name: &str) -> bool {
    const ENDS: [&str; 15] = [
        "法",
        "法典",
        "条例",
        "规定",
        "办法",
        "解释",
        "细则",
        "规则",
        "修正案",
        "通则",
        "规程",
        "规范",
        "准则",
        "公约",
        "决定",
    ];
    const NOT: [&str; 16] = [
        "看法",
        "方法",
        "做法",
        "想法",
        "说法",
        "书法",
        "用法",
        "语法",
        "司法",
        "执法",
        "普法",
        "立法",
        "守法",
        "违法",
        "公安法",
        "魔法",
    ];
    let key = norm_key(name);
    let length = key.chars().count();
    length >= 2
        && ENDS.iter().any(|end| key.ends_with(end))
        && !NOT.iter().any(|end| key.ends_with(end))
        && !key.contains(['：', '—', '？', '|'])
}

fn norm_key(name: &str) -> String {
    let key = title_key(name);
    let key = key.trim_end_matches(|c| "一二三四五六七八九十".contains(c));
    key.strip_suffix("试行")
        .or_else(|| key.strip_suffix("暂行"))
        .unwrap_or(key)
        .to_owned()
}

/// Whether a text ends with a word for a contract, or for a norm nobody named.
pub(super) fn ends_with_document(text: &str) -> bool {
    const DOCUMENTS: [&str; 40] = [
        "合同",
        "协议",
        "协议书",
        "合同书",
        "章程",
        "规约",
        "公约",
        "约定",
        "条款",
        "手册",
        "制度",
        "遗嘱",
        "保单",
        "判决",
        "判决书",
        "裁定",
        "裁定书",
        "决议",
        "承诺书",
        "说明书",
        "附件",
        "备忘录",
        "方案",
        "计划",
        "清单",
        "须知",
        "守则",
        "民约",
        "一百问",
        "法",
        "条例",
        "办法",
        "解释",
        "细则",
        "规则",
        "规程",
        "规范",
        "准则",
        "修正案",
        "标准",
    ];
    let text = text.trim_end_matches(['”', '」', '"', '》']);
    // 原解释四, 解释（二）, 规定一
    let name = text
        .trim_end_matches(['）', ')'])
        .trim_end_matches(|c| "一二三四五六七八九十".contains(c));
    let name = name.trim_end_matches(['（', '(']);
    let numbered = name.len() < text.len()
        && ["解释", "规定", "意见", "合同", "协议"]
            .iter()
            .any(|word| name.ends_with(word));
    numbered || DOCUMENTS.iter().any(|word| text.ends_with(word))
}

/// Where a name (as a title key) begins that ends at the end of `text`.
pub(super) fn ends_with_key(text: &str, key: &str) -> Option<usize> {
    let mut rest = key;
    for (at, c) in text.char_indices().rev() {
        if title_key(c.encode_utf8(&mut [0; 4])).is_empty() {
            continue;
        }
        let last = rest.chars().next_back()?;
        if c != last {
            return None;
        }
        rest = &rest[..rest.len() - last.len_utf8()];
        if rest.is_empty() {
            return Some(at);
        }
    }
    None
}
