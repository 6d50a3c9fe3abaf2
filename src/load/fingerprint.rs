//! [`Sources`] → one hash: whether anything that was read is other than before.

use std::collections::BTreeMap;
use std::time::SystemTime;

use rayon::prelude::*;

use super::{Asset, Layer, SourceText, Sources};
use crate::base::Hash;

/// The hash of everything read. Files too large to be held count by their path, size and time.
#[must_use]
pub fn fingerprint(sources: &Sources) -> Hash {
    let mut parts = vec![sources.today.to_string()];
    for texts in [&sources.content, &sources.data, &sources.laws] {
        parts.push(all(texts, |text: &SourceText| {
            Hash::of(text.text.as_bytes())
        }));
    }
    parts.push(all(&sources.assets, asset));
    parts.push(all(&sources.statics, asset));
    parts.push(look(&sources.theme));
    parts.extend(sources.diagnostics.iter().map(|found| format!("{found:?}")));
    Hash::of(parts.join("\n").as_bytes())
}

/// One hash of a family of files.
fn all<K: Sync + ToString, V: Sync + Send>(
    files: &BTreeMap<K, std::sync::Arc<V>>,
    hash: impl Fn(&V) -> Hash + Sync,
) -> String {
    let lines: Vec<String> = files
        .par_iter()
        .map(|(name, file)| format!("{} {}", hash(file), name.to_string()))
        .collect();
    Hash::of(lines.join("\n").as_bytes()).to_string()
}

fn asset(asset: &Asset) -> Hash {
    match &asset.bytes {
        Some(bytes) => Hash::of(bytes),
        None => {
            let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).ok();
            let modified = asset.modified.and_then(since);
            Hash::of(format!("{} {} {modified:?}", asset.path.display(), asset.len).as_bytes())
        }
    }
}

fn look(theme: &Layer) -> String {
    let template = |template: &super::theme::Template| {
        Hash::of(format!("{}\n{}", template.path, template.text).as_bytes())
    };
    let strings = theme.strings.iter().flat_map(|(language, texts)| {
        let line = move |text: &std::sync::Arc<super::theme::Template>| {
            format!("{language} {}", template(text))
        };
        texts.iter().map(line)
    });
    let files = theme.files.iter();
    let files = files.map(|(name, bytes)| format!("{} {name}", Hash::of(bytes)));
    let lines: Vec<String> = std::iter::once(all(&theme.templates, template))
        .chain(strings)
        .chain(files)
        .collect();
    Hash::of(lines.join("\n").as_bytes()).to_string()
}
