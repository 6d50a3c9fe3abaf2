//! The order of pages in lists.

use std::cmp::{Ordering, Reverse};

use super::{Page, readings};
use crate::parse::front::{Kind, SortBy};

/// A key that sorts Chinese by pinyin and everything else as it stands.
#[must_use]
pub fn pinyin_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() * 2);
    for (c, syllable) in readings::syllables(text) {
        match syllable {
            Some(syllable) => {
                key.push_str(syllable);
                key.push(' ');
            }
            None => key.extend(c.to_lowercase()),
        }
    }
    key
}

/// The order a section has when its front matter names none.
pub(super) fn default_sort(kind: Kind) -> SortBy {
    match kind {
        Kind::Articles | Kind::Cases => SortBy::Date,
        Kind::Events => SortBy::Date,
        Kind::Book | Kind::Course | Kind::Directory | Kind::Page => SortBy::Weight,
        Kind::Laws => SortBy::Title,
    }
}

/// Puts pages in order; what ties is ordered by address.
pub(super) fn sort(pages: &mut [(super::PageId, &Page, &str)], by: SortBy) {
    let seconds = |page: &Page| page.date.map(|moment| moment.seconds());
    let updated = |page: &Page| {
        page.front
            .updated
            .or(page.date)
            .map(|moment| moment.seconds())
    };
    match by {
        SortBy::Date => {
            pages.sort_by_cached_key(|(id, page, url)| (Reverse(seconds(page)), *url, *id));
        }
        SortBy::UpdateDate => {
            pages.sort_by_cached_key(|(id, page, url)| (Reverse(updated(page)), *url, *id));
        }
        SortBy::Weight => {
            pages.sort_by(|a, b| weight(a.1).cmp(&weight(b.1)).then_with(|| tie(a, b)))
        }
        SortBy::Title => {
            let mut keyed: Vec<(String, usize)> = pages
                .iter()
                .enumerate()
                .map(|(index, (_, page, _))| (pinyin_key(&page.title), index))
                .collect();
            keyed.sort();
            let sorted: Vec<_> = keyed.iter().map(|(_, index)| pages[*index]).collect();
            pages.copy_from_slice(&sorted);
        }
        SortBy::TitleBytes => {
            pages.sort_by(|a, b| a.1.title.cmp(&b.1.title).then_with(|| tie(a, b)))
        }
        SortBy::Slug => pages.sort_by(tie),
        SortBy::None => pages.sort_by_key(|(id, ..)| *id),
    }
}

fn weight(page: &Page) -> i64 {
    page.front.weight.unwrap_or(i64::MAX)
}

fn tie(a: &(super::PageId, &Page, &str), b: &(super::PageId, &Page, &str)) -> Ordering {
    a.2.cmp(b.2).then_with(|| a.0.cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_sort_by_pinyin() {
        let mut titles = ["物权", "离婚", "保证", "Abc", "继承"];
        titles.sort_by_key(|title| pinyin_key(title));
        assert_eq!(titles, ["Abc", "保证", "继承", "离婚", "物权"]);
    }

    #[test]
    fn titles_of_one_character_with_several_sounds_stand_at_theirs() {
        let mut titles = [
            "长辈", "银行", "行为", "重婚", "调解", "质押", "传票", "重伤", "调查",
        ];
        titles.sort_by_key(|title| pinyin_key(title));
        assert_eq!(
            titles,
            [
                "重婚", "传票", "调查", "调解", "行为", "银行", "长辈", "质押", "重伤"
            ]
        );
    }
}
