//! Two versions of a law → what changed, article by article and word by word.

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use crate::base::ArticleNo;
use crate::parse::statute::{Article, Statute};

/// A stretch of an article's text in both versions, or in one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the new one.
    Inserted(String),
    /// Only in the old one.
    Deleted(String),
}

/// What became of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Same number, same text.
    Same,
    /// Same text under another number.
    Renumbered,
    /// Other text, whether under the same number or not.
    Changed,
    /// Only in the new version.
    Added,
    /// Only in the old version.
    Removed,
}

impl Change {
    /// Its name in JSON and in classes of the page.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Renumbered => "renumbered",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}

/// An article of the old version beside the one that took its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its number in the old version.
    pub old: Option<ArticleNo>,
    /// Its number in the new version.
    pub new: Option<ArticleNo>,
    /// What became of it.
    pub change: Change,
    /// Its text with what was inserted and deleted. Paragraphs and items are separated by line breaks.
    pub pieces: Vec<Piece>,
}

/// The comparison of two versions, in the order of the new one, removed articles where they stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The articles in pairs.
    pub pairs: Vec<Pair>,
}

/// How alike two texts must be to be one article under another number.
const ALIKE: f32 = 0.5;

impl Comparison {
    /// How many articles were changed, added, removed, renumbered.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.pairs
            .iter()
            .filter(|pair| pair.change == change)
            .count()
    }

    /// What became of an article of the old version.
    #[must_use]
    pub fn of_old(&self, no: ArticleNo) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.old == Some(no))
    }
}

impl Pair {
    /// The text with marks for the terminal: [-deleted-] and {+inserted+}.
    #[must_use]
    pub fn marked(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Same(text) => text.clone(),
                Piece::Inserted(text) => format!("{{+{text}+}}"),
                Piece::Deleted(text) => format!("[-{text}-]"),
            })
            .collect()
    }
}

/// Compares two versions of a law.
#[must_use]
pub fn compare(old: &Statute, new: &Statute) -> Comparison {
    let old: Vec<Known<'_>> = old.articles().map(Known::of).collect();
    let new: Vec<Known<'_>> = new.articles().map(Known::of).collect();
    let partners = pair_up(&old, &new);
    let mut pairs = Vec::with_capacity(new.len());
    let mut next_old = 0;
    for (at, article) in new.iter().enumerate() {
        if let Some(partner) = partners[at] {
            // Removed articles are shown before the one they stood before.
            let gone = (next_old..partner).filter(|gone| !partners.contains(&Some(*gone)));
            pairs.extend(gone.map(|gone| removed(&old[gone])));
            next_old = next_old.max(partner + 1);
        }
        pairs.push(pair(partners[at].map(|partner| &old[partner]), article));
    }
    pairs.extend(
        (next_old..old.len())
            .filter(|gone| !partners.contains(&Some(*gone)))
            .map(|gone| removed(&old[gone])),
    );
    Comparison { pairs }
}

struct Known<'a> {
    article: &'a Article,
    text: String,
}

impl<'a> Known<'a> {
    fn of(article: &'a Article) -> Self {
        Self {
            article,
            text: article.text(),
        }
    }
}

/// For every new article the old one it came from: first those whose text is the same, then, between them, those most
/// alike in order, then those that kept their number.
fn pair_up(old: &[Known<'_>], new: &[Known<'_>]) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; new.len()];
    let old_texts: Vec<&str> = old.iter().map(|known| known.text.as_str()).collect();
    let new_texts: Vec<&str> = new.iter().map(|known| known.text.as_str()).collect();
    for op in capture_diff_slices(Algorithm::Patience, &old_texts, &new_texts) {
        match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => {
                (0..len).for_each(|step| partners[new_index + step] = Some(old_index + step));
            }
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => {
                align(
                    old,
                    new,
                    old_index..old_index + old_len,
                    new_index..new_index + new_len,
                    &mut partners,
                );
            }
            DiffOp::Delete { .. } | DiffOp::Insert { .. } => {}
        }
    }
    moved(old, new, &mut partners);
    partners
}

/// The best alignment of a run of changed articles, in order: the sum of likeness is greatest.
fn align(
    old: &[Known<'_>],
    new: &[Known<'_>],
    olds: std::ops::Range<usize>,
    news: std::ops::Range<usize>,
    partners: &mut [Option<usize>],
) {
    let (rows, columns) = (olds.len(), news.len());
    if rows * columns > 250_000 {
        return;
    }
    let bags: Vec<Bag> = old[olds.clone()]
        .iter()
        .map(|known| Bag::of(&known.text))
        .collect();
    let new_bags: Vec<Bag> = new[news.clone()]
        .iter()
        .map(|known| Bag::of(&known.text))
        .collect();
    let width = columns + 1;
    let mut best = vec![0f32; (rows + 1) * width];
    let mut alike = vec![0f32; rows * columns];
    for row in 0..rows {
        for column in 0..columns {
            let like = bags[row].likeness(&new_bags[column]);
            alike[row * columns + column] = like;
            let paired = if like >= ALIKE {
                best[row * width + column] + like
            } else {
                0.0
            };
            best[(row + 1) * width + column + 1] = paired
                .max(best[row * width + column + 1])
                .max(best[(row + 1) * width + column]);
        }
    }
    let (mut row, mut column) = (rows, columns);
    while row > 0 && column > 0 {
        let here = best[row * width + column];
        if here <= best[(row - 1) * width + column] {
            row -= 1;
        } else if here <= best[row * width + column - 1] {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            partners[news.start + column] = Some(olds.start + row);
        }
    }
}

/// Articles that moved to another place, and articles that kept their number though hardly a word stayed.
fn moved(old: &[Known<'_>], new: &[Known<'_>], partners: &mut [Option<usize>]) {
    let mut free: Vec<usize> = (0..old.len())
        .filter(|at| !partners.contains(&Some(*at)))
        .collect();
    let bags: Vec<(usize, Bag)> = free
        .iter()
        .map(|at| (*at, Bag::of(&old[*at].text)))
        .collect();
    for at in 0..new.len() {
        if partners[at].is_some() || free.is_empty() {
            continue;
        }
        let bag = Bag::of(&new[at].text);
        let nearest = bags
            .iter()
            .filter(|(place, _)| free.contains(place))
            .map(|(place, other)| (other.likeness(&bag), *place))
            .filter(|(like, _)| *like >= 0.7)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, place)) = nearest {
            partners[at] = Some(place);
            free.retain(|other| *other != place);
        }
    }
    for at in 0..new.len() {
        if partners[at].is_some() {
            continue;
        }
        let same_number = free
            .iter()
            .copied()
            .find(|place| old[*place].article.no == new[at].article.no);
        let likely = same_number
            .filter(|place| Bag::of(&old[*place].text).likeness(&Bag::of(&new[at].text)) >= 0.15);
        if let Some(place) = likely {
            partners[at] = Some(place);
            free.retain(|other| *other != place);
        }
    }
}

/// The pairs of neighbouring characters of a text, sorted: two texts are alike as far as they share them.
struct Bag(Vec<(char, char)>);

impl Bag {
    fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        let mut pairs: Vec<(char, char)> =
            chars.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        Self(pairs)
    }

    /// 0 to 1: twice what is shared over what both have.
    fn likeness(&self, other: &Self) -> f32 {
        let (mut a, mut b, mut shared) = (0, 0, 0u32);
        while a < self.0.len() && b < other.0.len() {
            match self.0[a].cmp(&other.0[b]) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    (a, b) = (a + 1, b + 1);
                }
            }
        }
        let all = self.0.len() + other.0.len();
        #[expect(clippy::cast_precision_loss, reason = "articles have few characters")]
        if all == 0 {
            0.0
        } else {
            2.0 * shared as f32 / all as f32
        }
    }
}

fn removed(old: &Known<'_>) -> Pair {
    Pair {
        old: Some(old.article.no),
        new: None,
        change: Change::Removed,
        pieces: vec![Piece::Deleted(old.text.clone())],
    }
}

fn pair(old: Option<&Known<'_>>, new: &Known<'_>) -> Pair {
    let Some(old) = old else {
        let pieces = vec![Piece::Inserted(new.text.clone())];
        return Pair {
            old: None,
            new: Some(new.article.no),
            change: Change::Added,
            pieces,
        };
    };
    let change = match (old.text == new.text, old.article.no == new.article.no) {
        (true, true) => Change::Same,
        (true, false) => Change::Renumbered,
        (false, _) => Change::Changed,
    };
    Pair {
        old: Some(old.article.no),
        new: Some(new.article.no),
        change,
        pieces: words(&old.text, &new.text),
    }
}

/// The difference of two texts, character by character, small islands of sameness between changes swallowed by them.
#[must_use]
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    if old == new {
        return vec![Piece::Same(new.to_owned())];
    }
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .diff_chars(old, new);
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    joined(&runs)
}

fn joined(runs: &[(ChangeTag, String)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut deleted, mut inserted) = (String::new(), String::new());
    for (at, (tag, text)) in runs.iter().enumerate() {
        match tag {
            ChangeTag::Delete => deleted.push_str(text),
            ChangeTag::Insert => inserted.push_str(text),
            ChangeTag::Equal => {
                let between = at > 0 && at + 1 < runs.len();
                let short = text.chars().count() == 1 && text.chars().all(char::is_alphanumeric);
                if between && short && !deleted.is_empty() && !inserted.is_empty() {
                    deleted.push_str(text);
                    inserted.push_str(text);
                } else {
                    flush(&mut deleted, &mut inserted, &mut pieces);
                    pieces.push(Piece::Same(text.clone()));
                }
            }
        }
    }
    flush(&mut deleted, &mut inserted, &mut pieces);
    pieces
}

fn flush(deleted: &mut String, inserted: &mut String, pieces: &mut Vec<Piece>) {
    if !deleted.is_empty() {
        pieces.push(Piece::Deleted(std::mem::take(deleted)));
    }
    if !inserted.is_empty() {
        pieces.push(Piece::Inserted(std::mem::take(inserted)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;
    use crate::parse::statute::{StatuteFields, parse};

    fn statute(articles: &[&str]) -> Statute {
        let text = articles.join("\n\n");
        parse(
            &SourcePath::new("a.md"),
            &format!("# 灯会法\n\n<!-- INFO END -->\n\n{text}\n"),
            StatuteFields::default(),
        )
        .0
    }

    #[track_caller]
    fn check(old: &[&str], new: &[&str], expected: &[&str]) {
        let no = |no: Option<ArticleNo>| no.map_or_else(|| "-".to_owned(), |no| no.to_string());
        let shown: Vec<String> = compare(&statute(old), &statute(new))
            .pairs
            .iter()
            .map(|pair| {
                format!(
                    "{}→{} {} {}",
                    no(pair.old),
                    no(pair.new),
                    pair.change.name(),
                    pair.marked()
                )
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_inserted_and_deleted() {
        check(
            &["第一条 灯会每年举办一次。", "第二条 违者罚款十元。"],
            &[
                "第一条 灯会每年举办一次。",
                "第二条 违者处罚款一百元以下，没收灯具。",
            ],
            &[
                "1→1 same 灯会每年举办一次。",
                "2→2 changed 违者{+处+}罚款[-十元-]{+一百元以下，没收灯具+}。",
            ],
        );
    }

    #[test]
    fn renumbered_articles_are_paired() {
        check(
            &[
                "第一条 灯会每年举办一次。",
                "第二条 灯具必须环保。",
                "第三条 夜间十点以后不得喧哗。",
            ],
            &[
                "第一条 灯会每年举办一次。",
                "第二条 主办人应当报备并公告时间。",
                "第三条 灯具必须环保。",
                "第四条 夜间九点以后不得喧哗。",
            ],
            &[
                "1→1 same 灯会每年举办一次。",
                "-→2 added {+主办人应当报备并公告时间。+}",
                "2→3 renumbered 灯具必须环保。",
                "3→4 changed 夜间[-十-]{+九+}点以后不得喧哗。",
            ],
        );
    }

    #[test]
    fn removed_articles_stand_where_they_stood() {
        check(
            &[
                "第一条 灯会每年举办一次。",
                "第二条 灯具必须环保。",
                "第三条 夜间不得喧哗。",
            ],
            &["第一条 灯会每年举办一次。", "第二条 夜间不得喧哗。"],
            &[
                "1→1 same 灯会每年举办一次。",
                "2→- removed [-灯具必须环保。-]",
                "3→2 renumbered 夜间不得喧哗。",
            ],
        );
    }

    #[test]
    fn articles_that_moved_are_found() {
        check(
            &[
                "第一条 甲乙丙丁戊己庚辛。",
                "第二条 子丑寅卯辰巳午未。",
                "第三条 春夏秋冬风花雪月。",
            ],
            &[
                "第一条 春夏秋冬风花雪月。",
                "第二条 甲乙丙丁戊己庚辛。",
                "第三条 子丑寅卯辰巳午未。",
            ],
            &[
                "3→1 renumbered 春夏秋冬风花雪月。",
                "1→2 renumbered 甲乙丙丁戊己庚辛。",
                "2→3 renumbered 子丑寅卯辰巳午未。",
            ],
        );
    }

    #[test]
    fn a_comparison_holds_both_texts() {
        let (old, new) = (
            "灯会应当每年举办，不得喧哗。",
            "灯会可以两年举办一次，不得扰民。",
        );
        let pieces = words(old, new);
        let side = |keep: fn(&Piece) -> Option<&String>| {
            pieces.iter().filter_map(keep).cloned().collect::<String>()
        };
        assert_eq!(
            side(|piece| match piece {
                Piece::Same(t) | Piece::Deleted(t) => Some(t),
                Piece::Inserted(_) => None,
            }),
            old
        );
        assert_eq!(
            side(|piece| match piece {
                Piece::Same(t) | Piece::Inserted(t) => Some(t),
                Piece::Deleted(_) => None,
            }),
            new
        );
    }
}
