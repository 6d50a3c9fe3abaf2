//! An episode's transcript and chapters as templates see them (`page.episode`).

use serde::Serialize;

use super::inline::Html;
use crate::parse::episode::Chapter;
use crate::parse::transcript::{Cue, Transcript, time_text};

/// A part of an episode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChapterView {
    /// When it begins, in whole seconds: the page's anchor is `t=65`.
    pub start: u32,
    /// The same as people read it: `01:05`.
    pub time: String,
    /// What it is about.
    pub title: String,
}

/// Some sentences that belong together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParagraphView {
    /// When it begins, in whole seconds: the page's anchor is `t=65`.
    pub start: u32,
    /// The same as people read it.
    pub time: String,
    /// Who speaks, when written and other than before.
    pub speaker: Option<String>,
    /// The sentences.
    pub cues: Vec<CueView>,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CueView {
    /// Its anchor, `t=12`; only the first sentence of a second has one.
    pub anchor: Option<String>,
    /// When it begins, in seconds.
    pub start: f64,
    /// When it ends, in seconds.
    pub end: f64,
    /// What is said, as HTML: the laws it cites are links.
    pub html: Html,
}

/// The views of chapters.
#[must_use]
pub fn chapters(chapters: &[Chapter]) -> Vec<ChapterView> {
    let view = |chapter: &Chapter| ChapterView {
        start: chapter.start_ms / 1000,
        time: time_text(chapter.start_ms),
        title: chapter.title.clone(),
    };
    chapters.iter().map(view).collect()
}

/// The transcript in paragraphs; `html` gives the HTML of a cue by its place.
#[must_use]
pub fn paragraphs(
    transcript: &Transcript,
    chapters: &[Chapter],
    html: impl Fn(usize, &str) -> Html,
) -> Vec<ParagraphView> {
    let starts: Vec<u32> = chapters.iter().map(|chapter| chapter.start_ms).collect();
    let anchors = transcript.anchors(&starts);
    let mut speaker = None;
    let mut views = Vec::new();
    for range in transcript.paragraphs(&starts) {
        let first = &transcript.cues[range.start];
        let changed = first.speaker.is_some() && first.speaker != speaker;
        if changed {
            speaker.clone_from(&first.speaker);
        }
        views.push(ParagraphView {
            start: anchors[range.start].unwrap_or(first.start_ms / 1000),
            time: time_text(first.start_ms),
            speaker: first
                .speaker
                .as_deref()
                .filter(|_| changed)
                .map(str::to_owned),
            cues: range
                .map(|index| {
                    let cue = &transcript.cues[index];
                    cue_view(cue, anchors[index], html(index, &cue.text))
                })
                .collect(),
        });
    }
    views
}

fn cue_view(cue: &Cue, anchor: Option<u32>, html: Html) -> CueView {
    CueView {
        anchor: anchor.map(|second| format!("t={second}")),
        start: seconds(cue.start_ms),
        end: seconds(cue.end_ms),
        html,
    }
}

fn seconds(ms: u32) -> f64 {
    f64::from(ms) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourcePath;
    use crate::parse::transcript::{Format, parse};

    #[test]
    fn paragraphs_hold_their_sentences_with_anchors() {
        let text = "WEBVTT\n\n00:00.000 --> 00:00.500\n<v 甲>一\n\n00:00.500 --> 00:02.000\n二。\n\n01:00.250 --> 01:02.000\n<v 乙>三。\n";
        let transcript = parse(
            Format::WebVtt,
            text,
            &SourcePath::new("t.vtt"),
            &mut Vec::new(),
        );
        let found = paragraphs(&transcript, &[], |_, text| Html(text.to_owned()));
        let line = |paragraph: &ParagraphView| {
            let anchors: Vec<&str> = paragraph
                .cues
                .iter()
                .map(|cue| cue.anchor.as_deref().unwrap_or("-"))
                .collect();
            format!(
                "{} {} {}",
                paragraph.time,
                paragraph.speaker.as_deref().unwrap_or("-"),
                anchors.join(" ")
            )
        };
        assert_eq!(
            found.iter().map(line).collect::<Vec<_>>(),
            ["00:00 甲 t=0 -", "01:00 乙 t=60"]
        );
        assert_eq!(
            serde_json::to_string(&found[1].cues[0].start)
                .ok()
                .as_deref(),
            Some("60.25")
        );
    }
}
