//! The words a form adds to a text, in the language of the text.

/// The words in one language.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) cover: &'static str,
    pub(super) contents: &'static str,
    pub(super) imprint: &'static str,
    pub(super) preface: &'static str,
    pub(super) legal_notice: &'static str,
    pub(super) start: &'static str,
    pub(super) basis: &'static str,
    pub(super) cited_laws: &'static str,
    pub(super) cited_text: &'static str,
    pub(super) law_index: &'static str,
    pub(super) term_index: &'static str,
    pub(super) whole_law: &'static str,
    pub(super) gist: &'static str,
    pub(super) title: &'static str,
    pub(super) author: &'static str,
    pub(super) publisher: &'static str,
    pub(super) edition: &'static str,
    pub(super) reviewer: &'static str,
    pub(super) reviewed: &'static str,
    pub(super) law_date: &'static str,
    pub(super) address: &'static str,
    pub(super) hotline: &'static str,
    pub(super) web_only: &'static str,
    pub(super) footnote: &'static str,
    pub(super) back: &'static str,
    pub(super) done: &'static str,
    pub(super) todo: &'static str,
    pub(super) notes: &'static str,
    pub(super) disclaimer: &'static str,
    pub(super) accessibility: &'static str,
    pub(super) scan: &'static str,
    /// Where a question is printed; `{n}` is the page.
    pub(super) on_page: &'static str,
    /// How an index is read.
    pub(super) index_hint: &'static str,
    pub(super) comma: &'static str,
    pub(super) colon: &'static str,
    alerts: &'static [(&'static str, &'static str)],
    chinese: bool,
}

const ZH: Words = Words {
    cover: "封面",
    contents: "目录",
    imprint: "版权信息",
    preface: "前言",
    legal_notice: "法律声明",
    start: "正文",
    basis: "依据",
    cited_laws: "书中引用的法律条文",
    cited_text: "引用的条文",
    law_index: "法律条文索引",
    term_index: "名词索引（按拼音）",
    whole_law: "全文",
    gist: "要旨",
    title: "书名",
    author: "编写",
    publisher: "发行",
    edition: "版次",
    reviewer: "审核",
    reviewed: "审核日期",
    law_date: "依据法律的日期",
    address: "网上阅读",
    hotline: "公共法律服务热线",
    web_only: "这里有互动内容，请在网上打开：",
    footnote: "注",
    back: "返回正文",
    done: "已办",
    todo: "待办",
    notes: "链接",
    disclaimer: "本书为一般性普法内容，不能代替律师对具体事情的意见。",
    accessibility: "全书为可重排文字，标题分级，目录可达每一问；注释、索引与条文之间有链接；图片有替代文字。",
    scan: "扫一扫，看完整答案",
    on_page: "（{n}）",
    index_hint: "冒号后面是问题的编号，括号里是页码。",
    comma: "、",
    colon: "：",
    alerts: &[
        ("note", "说明"),
        ("tip", "提示"),
        ("important", "重要"),
        ("warning", "注意"),
        ("caution", "当心"),
    ],
    chinese: true,
};

const EN: Words = Words {
    cover: "Cover",
    contents: "Contents",
    imprint: "Imprint",
    preface: "Preface",
    legal_notice: "Legal notice",
    start: "Text",
    basis: "Legal basis",
    cited_laws: "Articles of law cited",
    cited_text: "Articles cited",
    law_index: "Index of laws",
    term_index: "Index of terms",
    whole_law: "whole law",
    gist: "gist",
    title: "Title",
    author: "Written by",
    publisher: "Published by",
    edition: "Edition",
    reviewer: "Reviewed by",
    reviewed: "Reviewed",
    law_date: "Law as of",
    address: "Read online",
    hotline: "Legal service hotline",
    web_only: "There is interactive content here; open it online: ",
    footnote: "Note",
    back: "back to the text",
    done: "done",
    todo: "to do",
    notes: "Links",
    disclaimer: "This book gives general information about the law; it does not replace advice on a case.",
    accessibility: "Reflowable text with ranked headings; the contents lead to every question; notes, indexes and articles are linked; pictures have text alternatives.",
    scan: "Scan for the full answers",
    on_page: " ({n})",
    index_hint: "Behind the colon are the numbers of questions, in brackets the pages.",
    comma: ", ",
    colon: ": ",
    alerts: &[
        ("note", "Note"),
        ("tip", "Tip"),
        ("important", "Important"),
        ("warning", "Warning"),
        ("caution", "Caution"),
    ],
    chinese: false,
};

impl Words {
    /// The words for a text in `language`.
    pub(super) fn of(language: &str) -> &'static Self {
        if language.starts_with("zh") { &ZH } else { &EN }
    }

    /// 第三章.
    pub(super) fn chapter(&self, number: usize) -> String {
        if self.chinese {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            format!("第{}章", crate::base::numeral::to_chinese(number))
        } else {
            format!("Chapter {number}")
        }
    }

    /// 第 37 问, 第 37 问之一.
    pub(super) fn question(&self, number: crate::base::ArticleNo) -> String {
        match (self.chinese, number.sub) {
            (true, 0) => format!("第 {} 问", number.main),
            (true, sub) => format!(
                "第 {} 问之{}",
                number.main,
                crate::base::numeral::to_chinese(sub)
            ),
            (false, 0) => format!("Question {}", number.main),
            (false, sub) => format!("Question {}-{sub}", number.main),
        }
    }

    /// The name of an alert without a title of its own.
    pub(super) fn alert(&self, kind: &str) -> &'static str {
        self.alerts
            .iter()
            .find(|(name, _)| *name == kind)
            .map_or(self.alerts[0].1, |(_, word)| word)
    }
}
