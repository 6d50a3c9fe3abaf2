//! Citations in a text → the law, version and article each leads to, and what is wrong with it.
//!
//! Pure: a text, the library and what is known of the place it stands in are all that is needed. The order of resolution:
//! an abbreviation defined before, the library's titles, 本法 and 该法, and a bare 第X条 behind a law named in the same
//! sentence. What no law is in reach for stays plain.

mod mask;
mod name;
mod problem;
mod statute;

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::base::numeral::read_number;
use crate::base::{ArticleNo, Date, SourcePath, Url};
use crate::diag::Diagnostic;
use crate::doc::text::{Flat, ManualCitation};
use crate::model::law::{Law, LawId, Library, title_key};
use crate::parse::citation::{
    self as grammar, Before, Pointer, Reference, Unit, before_parts, bracket, chain,
    part_of_article, pointer_before, skip, skip_back,
};
use crate::parse::statute::LawKind;
use crate::render::compare::{Change, Piece, words};

use name::{ends_with_document, ends_with_key, is_formal, is_norm, is_of_kind, is_published};

pub use mask::markdown_mask;
pub use problem::problems;
pub use statute::{StatuteLine, StatuteText, citations_within, statute_citations, statute_text};

/// Whether a citation can be followed, and what an editor should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The article is there and has not changed since.
    Ok,
    /// The law is known, the article is not in it.
    UnknownArticle,
    /// No such law in the library.
    UnknownLaw,
    /// A later version changed or dropped the article.
    Superseded,
    /// The law is no longer in force.
    Repealed,
    /// The law or article came into force later than the day the page speaks of.
    NotYetInForce,
}

impl Status {
    /// Its name in JSON, and behind `citation-` the code of its diagnostic.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::UnknownArticle => "unknown-article",
            Self::UnknownLaw => "unknown-law",
            Self::Superseded => "superseded",
            Self::Repealed => "repealed",
            Self::NotYetInForce => "not-yet-in-force",
        }
    }
}

/// A citation of one article, or of a law as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The law, when the library knows it.
    pub law: Option<LawId>,
    /// The title as it is written, or that of the law it is carried over from.
    pub title: Box<str>,
    /// The article; `None` for the law as a whole.
    pub article: Option<ArticleNo>,
    /// 款.
    pub paragraph: Option<u32>,
    /// 项.
    pub item: Option<u32>,
    /// The last article of a range this citation begins.
    pub through: Option<ArticleNo>,
    /// The place in the law's versions of the one in force on the day the page speaks of.
    pub version: Option<usize>,
    /// What an editor should know.
    pub status: Status,
    /// Whether the text says 原《…》: an old law on purpose.
    pub on_purpose: bool,
}

/// The statute a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnStatute<'a> {
    /// Its place in the library; `None` for a statute that is not in it.
    pub law: Option<LawId>,
    /// Its title.
    pub title: &'a str,
    /// The place in the law's versions of the text being read.
    pub version: Option<usize>,
}

/// Where in its statute a stretch of text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// First byte of the stretch.
    pub start: usize,
    /// The article it belongs to.
    pub article: Option<ArticleNo>,
    /// The paragraph of it.
    pub paragraph: u32,
    /// The item of it; 0 outside items.
    pub item: u32,
}

/// What is known of the place a text stands in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The laws.
    pub library: &'a Library,
    /// The statute the text belongs to, if any: for 本法 and 前款.
    pub own: Option<OwnStatute<'a>>,
    /// The day the page speaks of; without one the newest text counts.
    pub date: Option<Date>,
    /// The day it is: later versions and repeals up to it make a citation stale.
    pub today: Option<Date>,
    /// Where the parts of a statute's text stand, sorted by their first byte.
    pub positions: &'a [Position],
}

impl<'a> Context<'a> {
    /// The context of a page that is no statute.
    #[must_use]
    pub fn page(library: &'a Library, date: Option<Date>, today: Option<Date>) -> Self {
        Self {
            library,
            own: None,
            date,
            today,
            positions: &[],
        }
    }
}

/// What a superseded citation's reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What became of the article.
    pub change: Change,
    /// Its number in the later version, where it has one.
    pub article: Option<ArticleNo>,
    /// Its text with what was inserted and deleted.
    pub pieces: Vec<Piece>,
    /// The later version.
    pub version: usize,
}

/// The citations in a document's flat text, in order. Links the author wrote are left alone.
#[must_use]
pub fn resolve_text(flat: &Flat, context: &Context<'_>) -> Vec<Citation> {
    let masked: Vec<(usize, usize)> = flat
        .linked
        .iter()
        .map(|(start, end)| (*start as usize, *end as usize))
        .collect();
    resolve(&flat.text, &masked, context)
}

/// The citations in a text, in order; `masked` are sorted byte ranges in which nothing is looked for.
///
/// ```
/// use pufa::model::law::Library;
/// use pufa::resolve::citation::{Context, Status, resolve};
/// let library = Library::new(Vec::new());
/// let found = resolve("原《合同法》第52条", &[], &Context::page(&library, None, None));
/// assert_eq!((found[0].start, found[0].article.map(|no| no.main)), (3, Some(52)));
/// assert_eq!(found[0].status, Status::Ok);
/// ```
#[must_use]
pub fn resolve(text: &str, masked: &[(usize, usize)], context: &Context<'_>) -> Vec<Citation> {
    let mut reader = Reader::new(text, masked, context);
    reader.read();
    reader.found
}

/// What stands before the name of an old law that is cited on purpose.
const OLD: [char; 2] = ['原', '旧'];

/// The law a reader has in mind.
#[derive(Clone, Debug, PartialEq)]
struct Named {
    law: Option<LawId>,
    title: Box<str>,
    /// It is the statute the text stands in.
    own: bool,
    on_purpose: bool,
}

/// What 第X条 stands behind.
enum Behind {
    /// A law, and where its name begins.
    Law(usize, Named),
    /// A contract, or a norm that is not known: no citation, and no law is carried over it.
    Other,
    /// Nothing that tells.
    Nothing,
}

struct Reader<'a, 'c> {
    text: &'a str,
    masked: &'a [(usize, usize)],
    context: &'a Context<'c>,
    found: Vec<Citation>,
    /// Up to where the text has been used.
    used: usize,
    aliases: Vec<(String, Named)>,
    /// The laws named so far, and where each naming ended.
    named: Vec<(usize, Named)>,
    /// The law a bare 第X条 belongs to.
    carried: Option<Named>,
    /// The beginning of the sentence's line: no name is looked for before it.
    line: usize,
}

/// What makes the reader stop and look.
fn anchors() -> &'static AhoCorasick {
    static ANCHORS: OnceLock<AhoCorasick> = OnceLock::new();
    #[expect(clippy::expect_used, reason = "the patterns are constant and few")]
    ANCHORS.get_or_init(|| {
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(["第", "《", "前", "简称", "下称", "\n", "。", "条"])
            .expect("a small automaton")
    })
}

impl<'a, 'c> Reader<'a, 'c> {
    fn new(text: &'a str, masked: &'a [(usize, usize)], context: &'a Context<'c>) -> Self {
        Self {
            text,
            masked,
            context,
            found: Vec::new(),
            used: 0,
            aliases: Vec::new(),
            named: Vec::new(),
            carried: None,
            line: 0,
        }
    }

    fn read(&mut self) {
        let text = self.text;
        for anchor in anchors().find_iter(text) {
            let at = anchor.start();
            if at < self.used {
                continue;
            }
            match &text[at..anchor.end()] {
                "\n" => {
                    self.carried = None;
                    self.line = at + 1;
                }
                // In a statute every sentence names its law afresh; answers go on with the one they began with.
                "。" if self.context.own.is_some() => self.carried = None,
                "。" => {}
                _ if self.is_masked(at) => {}
                "《" => self.quoted(at),
                "第" => self.ordinal(at),
                "前" => self.before(at),
                "条" => self.without_ordinal(at),
                _ => self.bare_alias(at),
            }
        }
    }

    fn is_masked(&self, at: usize) -> bool {
        let next = self.masked.partition_point(|(_, end)| *end <= at);
        self.masked.get(next).is_some_and(|(start, _)| *start <= at)
    }

    /// 《…》, with the article behind it or alone.
    fn quoted(&mut self, at: usize) {
        let Some(title) = grammar::title(self.text, at) else {
            return;
        };
        if self.is_masked(title.end - 1) {
            return;
        }
        if self.article_in_title(&title) {
            return;
        }
        let behind = bracket(self.text, skip(self.text, title.end));
        let edition = behind.is_some_and(|bracket| bracket.is_edition())
            || is_published(&self.text[title.end..]);
        let law = if edition {
            None
        } else {
            self.law_called(at, title.name)
        };
        let Some(mut law) = law else {
            return self.not_a_law(title.end, title.name);
        };
        law.on_purpose |= self.is_on_purpose(at);
        let mut end = title.end;
        while let Some(bracket) =
            bracket(self.text, skip(self.text, end)).filter(|bracket| bracket.belongs_to_title())
        {
            end = bracket.end;
            if let Some(alias) = bracket.alias {
                self.define(alias, &law);
            }
        }
        let article = skip(self.text, grammar::parts(self.text, end));
        let refs = self
            .may_follow(end, article)
            .then(|| grammar::chain_behind_title(self.text, article))
            .flatten();
        match refs {
            Some(refs) => self.articles(at, &law, &refs),
            None => {
                // A name in brackets right behind a title is the same law again.
                if law.law.is_some() || is_formal(title.name) {
                    self.push(at, title.end, &law, None);
                }
                self.used = end;
            }
        }
        self.name(law);
    }

    /// 《民法典第一千零七十九条》: the article stands inside the marks, and the marks belong to the citation.
    fn article_in_title(&mut self, title: &grammar::Title<'_>) -> bool {
        let name = title.start + '《'.len_utf8();
        let close = name + title.name.len();
        let read = title.name.match_indices('第').find_map(|(offset, _)| {
            let law = self.law_called(title.start, title.name[..offset].trim_end())?;
            let mut refs = chain(self.text, name + offset)?;
            let last = refs.last_mut().filter(|last| last.end == close)?;
            last.end = title.end;
            law.law.is_some().then_some((law, refs))
        });
        let Some((mut law, refs)) = read else {
            return false;
        };
        law.on_purpose |= self.is_on_purpose(title.start);
        self.articles(title.start, &law, &refs);
        self.name(law);
        true
    }

    /// Whether an article may stand at `article` behind a law that ends at `end`: not over an empty line, and in a statute not
    /// over a line end, behind which an article of its own begins.
    fn may_follow(&self, end: usize, article: usize) -> bool {
        let between = &self.text[end..article];
        let breaks = between.matches('\n').count();
        !self.is_masked(article) && (breaks == 0 || breaks == 1 && self.context.own.is_none())
    }

    /// The law a title in marks names: by abbreviation, by the library, as a pointer (本《条例》), or an unknown one.
    fn law_called(&self, at: usize, name: &str) -> Option<Named> {
        let key = title_key(name);
        if let Some((_, named)) = self.aliases.iter().rev().find(|(alias, _)| *alias == key) {
            return Some(named.clone());
        }
        let library = self.context.library;
        if let Some(law) = library
            .find(name)
            .or_else(|| library.find_interpretation(name))
        {
            return Some(self.named_law(law, name));
        }
        if let Some(kind) = grammar::KINDS.iter().find(|kind| **kind == key) {
            let before = &self.text[..at];
            return if before.ends_with('本') {
                self.own_law(at, kind)
            } else {
                self.last_named(at, kind)
            };
        }
        is_norm(name).then(|| Named {
            law: None,
            title: name.into(),
            own: false,
            on_purpose: false,
        })
    }

    fn named_law(&self, law: LawId, title: &str) -> Named {
        let own = self.context.own.is_some_and(|own| own.law == Some(law));
        Named {
            law: Some(law),
            title: title.into(),
            own,
            on_purpose: false,
        }
    }

    /// A title that is no law's: a book, a contract. Its 第X条 is nothing to us.
    fn not_a_law(&mut self, end: usize, name: &str) {
        // 《…合同》 and 《…一百问》 end the reach of a law; a newspaper or case report beside it does not matter.
        self.carried = None;
        self.used = end;
        let next = skip(self.text, end);
        if let Some(last) = chain(self.text, next).as_ref().and_then(|refs| refs.last()) {
            self.used = last.end;
        }
        let _ = name;
    }

    fn define(&mut self, alias: &str, law: &Named) {
        let key = title_key(alias);
        if key.chars().count() >= 2
            && !matches!(key.as_str(), "本法" | "本解释" | "本规定" | "本条例")
        {
            self.aliases.push((
                key,
                Named {
                    on_purpose: false,
                    ..law.clone()
                },
            ));
        }
    }

    /// 中华人民共和国劳动法（以下简称劳动法）: an abbreviation behind a bare title.
    fn bare_alias(&mut self, at: usize) {
        let Some(open) = self.text[self.line.max(self.used)..at]
            .rfind(['（', '('])
            .map(|open| open + self.line.max(self.used))
        else {
            return;
        };
        let Some(bracket) = bracket(self.text, open).filter(|bracket| bracket.end > at) else {
            return;
        };
        let Some(alias) = bracket.alias else { return };
        if let Behind::Law(_, law) = self.behind(open) {
            self.define(alias, &law);
            self.name(law);
        }
        self.used = bracket.end;
    }

    /// 第…: articles of the law named right before them, or of the one in mind; or a paragraph of 同条.
    fn ordinal(&mut self, at: usize) {
        let Some(refs) = chain(self.text, at) else {
            return self.paragraphs(at);
        };
        if refs.iter().any(|found| self.is_masked(found.end - 1)) {
            return;
        }
        match self.behind(at) {
            Behind::Law(start, law) => {
                while self.found.last().is_some_and(|last| last.end > start) {
                    self.found.pop();
                }
                self.articles(start, &law, &refs);
                self.name(law);
            }
            Behind::Other => {
                self.carried = None;
                self.used = refs.last().map_or(at, |last| last.end);
            }
            Behind::Nothing => {
                let end = refs.last().map_or(at, |last| last.end);
                // 第五条约定违约金: it is the contract that stipulates.
                if self.text[end..].starts_with("约定") {
                    self.used = end;
                    return;
                }
                match self
                    .carried
                    .clone()
                    .or_else(|| self.itself().filter(|_| self.speaks_of_itself(at, end)))
                {
                    Some(law) => self.articles(at, &law, &refs),
                    None => self.used = end,
                }
            }
        }
    }

    /// 民法典1079条: digits right behind a law's name, where people leave 第 out. `at` is where 条 stands.
    fn without_ordinal(&mut self, at: usize) {
        let from = self.line.max(self.used);
        let Some(before) = self.text.get(from..at) else {
            return;
        };
        let name =
            before.trim_end_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
        let number = from + name.len();
        if number == at {
            return;
        }
        let Behind::Law(start, law) = self.name_ending(from, name) else {
            return;
        };
        if let Some(refs) = grammar::chain_behind_title(self.text, number) {
            self.articles(from + start, &law, &refs);
            self.name(law);
        }
    }

    /// Whether a bare 第X条 in a statute, with no other law in reach, is one of its own: 违反第十六条规定的. It is not where
    /// an article begins, nor where a statute changes another.
    fn speaks_of_itself(&self, at: usize, end: usize) -> bool {
        let Some(own) = self.context.own else {
            return false;
        };
        if changes_another(own.title) {
            return false;
        }
        let behind = &self.text[end..];
        let changes = ["修改", "改为", "作为", "后增加", "之后增加", "移至", "删"]
            .iter()
            .any(|word| behind.starts_with(word));
        let before =
            self.text[self.line..at].trim_end_matches(crate::parse::statute::label::is_blank);
        let changed = ["将", "删去", "删除", "原", "增加", "作为"]
            .iter()
            .any(|word| before.ends_with(word));
        let begins = before.is_empty() || before.ends_with(['。', '”', '|', '：', '；']);
        let refers = ["规定", "的", "所", "、", "和", "至", "或", "第", "中"]
            .iter()
            .any(|word| behind.starts_with(word));
        !changes && !changed && (!begins || refers)
    }

    /// What stands right before `at` on the same line.
    fn behind(&self, at: usize) -> Behind {
        // A bare title may hold a quoted one: 关于适用《劳动法》的解释第三条. It may not hold a whole citation.
        let whole = self
            .found
            .iter()
            .rev()
            .find(|found| found.article.is_some())
            .map_or(0, |found| found.end);
        let from = self.line.max(whole.min(at));
        let text = &self.text[from..];
        let at = at - from;
        let plain = skip_back(text, at);
        let mut ends = vec![plain, before_parts(text, at)];
        // 刑法分则第三章第二节、第一百九十条
        if let Some(listed) = text[..plain].strip_suffix('、') {
            let inner = before_parts(text, listed.len());
            if inner < listed.len() {
                ends.push(inner);
            }
        }
        ends.dedup();
        // 民事诉讼法（2021修正）第十条
        if text[..ends[0]].ends_with(['）', ')']) {
            let open = text[..ends[0]].rfind(['（', '(']);
            let inner = open
                .and_then(|open| bracket(text, open))
                .filter(|bracket| bracket.belongs_to_title() && bracket.end == ends[0]);
            if let (Some(open), Some(_)) = (open, inner) {
                ends.push(skip_back(text, open));
            }
        }
        // A mark whose other half is missing: 关于审理劳动争议案件适用法律问题的解释》第三十二条
        if text[..ends[0]].ends_with('》') {
            ends[0] -= '》'.len_utf8();
        }
        for end in ends {
            match self.name_ending(from, &text[..end]) {
                Behind::Law(start, law) => return Behind::Law(from + start, law),
                Behind::Other => return Behind::Other,
                Behind::Nothing => {}
            }
        }
        // 该解释的第九条: the words name the law, the citation is the article.
        let pointed = text[..plain]
            .strip_suffix('的')
            .filter(|before| pointer_before(before, before.len()).is_some());
        match pointed.map(|before| self.name_ending(from, before)) {
            Some(Behind::Law(_, law)) => Behind::Law(from + at, law),
            Some(Behind::Other | Behind::Nothing) | None => Behind::Nothing,
        }
    }

    /// What a text that begins at byte `from` ends with.
    fn name_ending(&self, from: usize, text: &str) -> Behind {
        // 本法 before names: 香港基本法 is no pointer, and 本法 no name.
        if let Some((start, pointer, kind)) = pointer_before(text, text.len()) {
            let law = match pointer {
                Pointer::Own => self.own_law(from + start, kind),
                Pointer::Last => self.last_named(from + start, kind),
            };
            return law.map_or(Behind::Other, |law| Behind::Law(start, law));
        }
        let alias = self
            .aliases
            .iter()
            .rev()
            .filter_map(|(alias, named)| ends_with_key(text, alias).map(|start| (start, named)))
            .min_by_key(|(start, _)| *start);
        let known = self
            .context
            .library
            .name_before(text)
            .filter(|(start, law)| self.is_free(text, *start, *law));
        match (alias, known) {
            (Some((start, named)), Some((other, _))) if start <= other => {
                Behind::Law(start, named.clone())
            }
            (Some((start, named)), None) => Behind::Law(start, named.clone()),
            (_, Some((start, law))) => {
                let mut named = self.named_law(law, &text[start..]);
                named.on_purpose = text[..start].ends_with(OLD);
                Behind::Law(start, named)
            }
            (None, None) if ends_with_document(text) => Behind::Other,
            (None, None) => Behind::Nothing,
        }
    }

    /// Whether a bare name is one, and not the end of a longer one: 德国民法典, 上海市信访条例.
    fn is_free(&self, text: &str, start: usize, law: LawId) -> bool {
        const ABROAD: [&str; 22] = [
            "德国",
            "日本",
            "法国",
            "美国",
            "英国",
            "瑞士",
            "意大利",
            "台湾",
            "台湾地区",
            "香港",
            "澳门",
            "韩国",
            "俄罗斯",
            "奥地利",
            "荷兰",
            "西班牙",
            "加拿大",
            "新加坡",
            "澳大利亚",
            "欧盟",
            "国际",
            "民国",
        ];
        let before = &text[..start];
        if ABROAD.iter().any(|name| before.ends_with(name)) {
            return false;
        }
        let local = before.ends_with(['省', '市', '区', '县', '州']);
        let by_the_state = match self.context.library.law(law).kind {
            LawKind::Constitution | LawKind::Law | LawKind::JudicialInterpretation => true,
            LawKind::AdministrativeRegulation
            | LawKind::LocalRegulation
            | LawKind::DepartmentalRule
            | LawKind::LocalRule
            | LawKind::Other => false,
        };
        !local || by_the_state
    }

    /// The law 本法 means: the statute itself when it is of that kind, else the last one named.
    fn own_law(&self, at: usize, kind: &str) -> Option<Named> {
        match self.context.own {
            Some(own) if kind.is_empty() || is_of_kind(own.title, kind) => Some(Named {
                law: own.law,
                title: own.title.into(),
                own: true,
                on_purpose: false,
            }),
            Some(own) if !changes_another(own.title) => {
                self.last_named(at, kind).or_else(|| self.itself())
            }
            Some(_) | None => self.last_named(at, kind),
        }
    }

    /// The last law named before `at` whose title is of a kind, be it only by its bare name: 民事诉讼法规定…，该法第五十五条.
    fn last_named(&self, at: usize, kind: &str) -> Option<Named> {
        let known = self
            .named
            .iter()
            .rev()
            .find(|(_, named)| is_of_kind(&self.full_title(named), kind));
        let from = known.map_or(0, |(place, _)| *place).max(self.line);
        self.bare_name(from, at, kind)
            .or_else(|| known.map(|(_, named)| named.clone()))
    }

    /// The last bare name of a law of a kind between two places.
    fn bare_name(&self, from: usize, at: usize, kind: &str) -> Option<Named> {
        let text = self.text.get(from..at)?;
        let last = kind.chars().next_back()?;
        text.char_indices()
            .rev()
            .filter(|(_, c)| *c == last || *c == '典')
            .take(40)
            .find_map(|(end, c)| {
                let before = &text[..end + c.len_utf8()];
                let (start, law) = self.context.library.name_before(before)?;
                let named = self.named_law(law, &before[start..]);
                (self.is_free(before, start, law) && is_of_kind(&self.full_title(&named), kind))
                    .then_some(named)
            })
    }

    fn full_title(&self, named: &Named) -> Box<str> {
        named.law.map_or_else(
            || named.title.clone(),
            |law| self.context.library.law(law).title.as_str().into(),
        )
    }

    /// 同条第二款, 该条第一项; in a statute also 本条第二款, 本款第一项.
    fn paragraphs(&mut self, at: usize) {
        let before = &self.text[self.line..skip_back(self.text, at)];
        let place = self.place(at);
        let anchor = if before.ends_with("同条") || before.ends_with("该条") {
            self.found
                .last()
                .filter(|last| last.end > self.line)
                .and_then(|last| {
                    let law = Named {
                        law: last.law,
                        title: last.title.clone(),
                        own: false,
                        on_purpose: last.on_purpose,
                    };
                    last.article.map(|no| (law, no, None))
                })
        } else if before.ends_with("本条") {
            place
                .zip(self.itself())
                .and_then(|(place, own)| place.article.map(|no| (own, no, None)))
        } else if before.ends_with("本款") {
            place
                .zip(self.itself())
                .and_then(|(place, own)| place.article.map(|no| (own, no, Some(place.paragraph))))
        } else {
            None
        };
        let Some((law, no, paragraph)) = anchor else {
            return;
        };
        let Some(refs) = part_of_article(self.text, at) else {
            return;
        };
        let start = self.line + before.len() - "同条".len();
        let refs: Vec<Reference> = refs
            .into_iter()
            .map(|found| Reference {
                article: found.article.or(Some(no)),
                paragraph: found
                    .paragraph
                    .or(paragraph.filter(|_| found.article.is_none())),
                ..found
            })
            .collect();
        self.articles(start, &law, &refs);
    }

    /// 前款, 前两项, 前条: relative to where the text stands in its statute.
    fn before(&mut self, at: usize) {
        let (Some(place), Some(own)) = (self.place(at), self.itself()) else {
            return;
        };
        let Some(before) = grammar::before(self.text, at) else {
            return;
        };
        if self.text[..at].ends_with(['之', '以', '提', '目', '此', '先']) {
            return;
        }
        let Some((article, paragraph, item)) = self.counted_back(&before, place) else {
            return;
        };
        let refs: Vec<Reference> = before
            .refs
            .iter()
            .map(|found| Reference {
                article: found.article.or(Some(article)),
                paragraph: found
                    .paragraph
                    .or(paragraph.filter(|_| found.article.is_none())),
                item: found.item.or(item),
                ..*found
            })
            .collect();
        let carried = self.carried.clone();
        self.articles(at, &own, &refs);
        // 依照刑法第十条、前款和第十二条: 前款 names no law for what follows.
        self.carried = carried;
    }

    /// The article, paragraph and item counted back from a place.
    fn counted_back(
        &self,
        before: &Before,
        place: Position,
    ) -> Option<(ArticleNo, Option<u32>, Option<u32>)> {
        let no = place.article?;
        Some(match before.unit {
            Unit::Article => (self.article_before(no, before.count)?, None, None),
            Unit::Paragraph => (
                no,
                Some(
                    place
                        .paragraph
                        .checked_sub(before.count)
                        .filter(|n| *n > 0)?,
                ),
                None,
            ),
            Unit::Item => (
                no,
                Some(place.paragraph),
                Some(place.item.checked_sub(before.count).filter(|n| *n > 0)?),
            ),
        })
    }

    fn article_before(&self, no: ArticleNo, count: u32) -> Option<ArticleNo> {
        let own = self.context.own?;
        let version = self
            .context
            .library
            .law(own.law?)
            .versions
            .get(own.version.unwrap_or(0))?;
        version.statute.article_before(no, count as usize)
    }

    fn place(&self, at: usize) -> Option<Position> {
        let next = self
            .context
            .positions
            .partition_point(|place| place.start <= at);
        self.context
            .positions
            .get(next.checked_sub(1)?)
            .copied()
            .filter(|place| place.article.is_some())
    }

    fn itself(&self) -> Option<Named> {
        let own = self.context.own?;
        Some(Named {
            law: own.law,
            title: own.title.into(),
            own: true,
            on_purpose: false,
        })
    }

    fn is_on_purpose(&self, at: usize) -> bool {
        let before = &self.text[..at];
        before.ends_with(OLD)
            || ["已废止的", "已失效的"]
                .iter()
                .any(|word| before.ends_with(word))
    }

    /// Adds the articles of a law; the first one's citation begins at the law's name.
    fn articles(&mut self, start: usize, law: &Named, refs: &[Reference]) {
        for (index, found) in refs.iter().enumerate() {
            let from = if index == 0 { start } else { found.start };
            let through = refs
                .get(index + 1)
                .filter(|_| found.range)
                .and_then(|next| next.article);
            self.push(from, found.end, law, Some(*found));
            if let Some(last) = self.found.last_mut() {
                last.through = through.filter(|no| Some(*no) > found.article);
            }
            self.used = found.end;
        }
        self.carried = Some(law.clone());
    }

    fn name(&mut self, law: Named) {
        self.carried = Some(law.clone());
        let at = self.used;
        match self.named.last_mut() {
            Some((place, last)) if *last == law => *place = at,
            _ => self.named.push((at, law)),
        }
    }

    fn push(&mut self, start: usize, end: usize, law: &Named, found: Option<Reference>) {
        let article = found.and_then(|found| found.article);
        let (version, status) = judge(self.context, law, article);
        self.found.push(Citation {
            start,
            end,
            law: law.law,
            title: law.title.clone(),
            article,
            paragraph: found.and_then(|found| found.paragraph),
            item: found.and_then(|found| found.item),
            through: None,
            version,
            status,
            on_purpose: law.on_purpose,
        });
    }
}

/// The version a citation leads to, and whether it can be relied on.
fn judge(
    context: &Context<'_>,
    named: &Named,
    article: Option<ArticleNo>,
) -> (Option<usize>, Status) {
    let Some(id) = named.law else {
        return (None, Status::UnknownLaw);
    };
    let law = context.library.law(id);
    let own_version = context
        .own
        .filter(|_| named.own)
        .and_then(|own| own.version);
    let latest = context.date.max(context.today);
    let ended = |repeal: &crate::model::law::Repeal| match (repeal.date, latest) {
        (Some(end), Some(day)) => end <= day,
        (Some(_) | None, _) => true,
    };
    let version = own_version.or_else(|| law.in_force(context.date));
    if !named.own && law.repeal.as_ref().is_some_and(ended) {
        let status = if named.on_purpose {
            Status::Ok
        } else {
            Status::Repealed
        };
        return (version.or_else(|| law.in_force(None)), status);
    }
    let Some(version) = version else {
        let known = !law.versions.is_empty();
        return (
            known.then(|| law.versions.len() - 1),
            if known {
                Status::NotYetInForce
            } else {
                Status::Ok
            },
        );
    };
    let status = article.map_or(Status::Ok, |no| {
        judge_article(law, version, no, named, latest)
    });
    (Some(version), status)
}

/// Whether an article of a version can be relied on: it is there, and no later text says otherwise.
fn judge_article(
    law: &Law,
    version: usize,
    no: ArticleNo,
    named: &Named,
    latest: Option<Date>,
) -> Status {
    let text = &law.versions[version];
    if text.statute.article_len() == 0 && !text.statute.gist {
        return Status::Ok;
    }
    let later = law.in_force(latest).filter(|later| *later < version);
    let later = later.map(|later| &law.versions[later]);
    if !text.has_article(no) {
        return if later.is_some_and(|later| later.has_article(no)) {
            Status::NotYetInForce
        } else {
            Status::UnknownArticle
        };
    }
    let reads_otherwise =
        later.is_some_and(
            |later| match (text.statute.article(no), later.statute.article(no)) {
                (Some(old), Some(new)) => old.text() != new.text(),
                (Some(_), None) => true,
                (None, _) => false,
            },
        );
    if reads_otherwise && !named.on_purpose && !named.own {
        Status::Superseded
    } else {
        Status::Ok
    }
}

impl Citation {
    /// Where it leads: the article's anchor on the page of the version in force, or the law's page, be it only known by name.
    #[must_use]
    pub fn url(&self, library: &Library) -> Option<Url> {
        let law = library.law(self.law?);
        if law.versions.is_empty() {
            return Some(law.url());
        }
        let version = self.version?;
        Some(match self.article {
            Some(no) => law.article_url(version, no, self.paragraph, self.item),
            None => law.version_url(version),
        })
    }

    /// What became of a superseded article: its later text with the difference in words, under its later number.
    #[must_use]
    pub fn note(&self, library: &Library, today: Option<Date>) -> Option<Note> {
        if self.status != Status::Superseded {
            return None;
        }
        let (law, no) = (library.law(self.law?), self.article?);
        let later = law
            .in_force(today)
            .filter(|later| Some(*later) < self.version)?;
        let comparison = law.changes(self.version?, later);
        let pair = comparison.of_old(no)?;
        let pieces = match pair.new {
            Some(_) => pair.pieces.clone(),
            None => words(&law.versions[self.version?].statute.article(no)?.text(), ""),
        };
        Some(Note {
            change: pair.change,
            article: pair.new,
            pieces,
            version: later,
        })
    }
}

/// Whether a statute speaks of the articles of another: it changes or explains them one by one.
fn changes_another(title: &str) -> bool {
    ["修改", "修正案", "废止", "罪名", "批复"]
        .iter()
        .any(|word| title.contains(word))
        || title.ends_with("决定")
}

/// What a link cites whose author says so: `[那一条](){law="民法典" article="1079"}`. With it the problem of an attribute that
/// can't be read; the citation is then one of the law as a whole.
#[must_use]
pub fn by_hand(
    text: &Flat,
    manual: &ManualCitation,
    context: &Context<'_>,
    file: &SourcePath,
) -> (Citation, Option<Diagnostic>) {
    let given = |key| manual.attributes.get(key).filter(|value| !value.is_empty());
    let title = given("law").unwrap_or_default();
    let number = |key| given(key).and_then(read_number).map(|(number, _)| number);
    let written = given("article");
    let article = written.and_then(|text| text.parse::<ArticleNo>().ok());
    let problem = written.filter(|_| article.is_none()).map(|written| {
        Diagnostic::at("not-an-article-number", file, manual.span).with("text", written)
    });
    let (start, end) = (manual.start as usize, manual.end as usize);
    let shown = &text.text[start..end];
    let named = Named {
        law: context.library.find(title),
        title: title.into(),
        own: false,
        on_purpose: shown.starts_with(OLD) || text.text[..start].ends_with(OLD),
    };
    let (version, status) = judge(context, &named, article);
    let citation = Citation {
        start,
        end,
        law: named.law,
        title: named.title,
        article,
        paragraph: number("paragraph"),
        item: number("item"),
        through: None,
        version,
        status,
        on_purpose: named.on_purpose,
    };
    (citation, problem)
}

#[cfg(test)]
mod tests;
