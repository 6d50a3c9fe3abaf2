//! The part of a text a result shows, with the words marked.

use crate::index::token::fold;

/// How many characters a snippet has.
const LENGTH: usize = 88;
/// How many characters stand before the first mark.
const LEAD: usize = 16;

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is one of the words searched.
    pub marked: bool,
}

/// The stretch of `text` that holds most of `runs`, cut in marked and unmarked pieces.
///
/// ```
/// use pufa::index::query::snippet;
/// let pieces = snippet("订立劳动合同，应当遵循合法原则。", &["合同".to_owned()]);
/// let marked: Vec<_> = pieces.iter().filter(|piece| piece.marked).map(|piece| piece.text.as_str()).collect();
/// assert_eq!(marked, ["合同"]);
/// ```
#[must_use]
pub fn snippet(text: &str, runs: &[String]) -> Vec<Piece> {
    let chars: Vec<char> = text
        .chars()
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    let marks = marks(&chars, runs);
    let start = window(&marks);
    let end = chars.len().min(start + LENGTH);
    let mut pieces: Vec<Piece> = Vec::new();
    if start > 0 {
        pieces.push(Piece {
            text: "…".to_owned(),
            marked: false,
        });
    }
    for at in start..end {
        let marked = marks[at] > 0;
        match pieces.last_mut().filter(|piece| piece.marked == marked) {
            Some(piece) => piece.text.push(chars[at]),
            None => pieces.push(Piece {
                text: chars[at].to_string(),
                marked,
            }),
        }
    }
    if end < chars.len() {
        pieces.push(Piece {
            text: "…".to_owned(),
            marked: false,
        });
    }
    pieces
}

/// For each character how long the part of a run is that it belongs to; single characters do not count.
fn marks(chars: &[char], runs: &[String]) -> Vec<u32> {
    let folded: Vec<(usize, char)> = chars
        .iter()
        .enumerate()
        .filter_map(|(at, c)| {
            fold(c.encode_utf8(&mut [0; 4]))
                .chars()
                .next()
                .map(|c| (at, c))
        })
        .collect();
    let mut marks = vec![0; chars.len()];
    for run in runs {
        let run: Vec<char> = run.chars().collect();
        for length in (1..=run.len())
            .rev()
            .filter(|length| *length >= 2 || run.len() == 1)
        {
            for part in run.windows(length) {
                for place in folded
                    .windows(length)
                    .filter(|place| place.iter().map(|(_, c)| c).eq(part))
                {
                    let marked = &mut marks[place[0].0..=place[length - 1].0];
                    marked
                        .iter_mut()
                        .for_each(|mark| *mark = (*mark).max(length as u32));
                }
            }
        }
    }
    marks
}

/// Where the stretch with the most marks begins.
fn window(marks: &[u32]) -> usize {
    if marks.len() <= LENGTH {
        return 0;
    }
    let worth = |mark: &u32| u64::from(*mark) * u64::from(*mark);
    let mut sum: u64 = marks[..LENGTH].iter().map(worth).sum();
    let (mut best, mut start) = (sum, 0);
    for at in 1..=marks.len() - LENGTH {
        sum = sum + worth(&marks[at + LENGTH - 1]) - worth(&marks[at - 1]);
        if sum > best {
            (best, start) = (sum, at);
        }
    }
    let first = marks[start..]
        .iter()
        .position(|mark| *mark > 0)
        .map_or(start, |place| start + place);
    first.saturating_sub(LEAD).min(marks.len() - LENGTH)
}
