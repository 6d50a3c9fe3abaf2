//! The nearest of some known names, for "did you mean" hints.

/// The candidate closest to `name` by edit distance over characters, if it is near enough to be a slip of the pen.
///
/// "Near enough" is one edit for every three characters, and at least one; a candidate that contains `name`, or is
/// contained in it, counts as near.
///
/// ```
/// assert_eq!(pufa::base::nearest("titel", ["title", "date"]), Some("title"));
/// assert_eq!(pufa::base::nearest("zzz", ["title", "date"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name_chars: Vec<char> = name.to_lowercase().chars().collect();
    let allowed = (name_chars.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other: Vec<char> = candidate.to_lowercase().chars().collect();
            let distance = edit_distance(&name_chars, &other);
            let contains = name_chars.len() >= 2
                && other.len() >= 2
                && (candidate.contains(name) || name.contains(candidate));
            let cost = if contains {
                distance.min(allowed)
            } else {
                distance
            };
            (cost <= allowed).then_some((cost, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance: insert, delete, replace, or swap two neighbours, each for one.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_pair_is_one_slip() {
        assert_eq!(nearest("drfat", ["draft", "date", "weight"]), Some("draft"));
    }

    #[test]
    fn chinese_terms_are_compared_by_character() {
        assert_eq!(
            nearest("婚姻家廷", ["婚姻家庭", "劳动就业"]),
            Some("婚姻家庭")
        );
        assert_eq!(nearest("劳动", ["婚姻家庭", "劳动就业"]), Some("劳动就业"));
    }

    #[test]
    fn a_distant_name_is_not_suggested() {
        assert_eq!(nearest("banana", ["title", "weight"]), None);
    }
}
