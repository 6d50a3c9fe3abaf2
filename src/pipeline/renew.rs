//! The quick way of the preview: new texts in the world of the last run.

use std::sync::{Arc, OnceLock};

use super::{Last, Pipeline};
use crate::base::SourcePath;
use crate::check;
use crate::diag::{self, Diagnostic};
use crate::model::{self, FileId, Site};
use crate::parse::page::Parsed;
use crate::render::World;
use crate::resolve::{self, Resolved};

impl Pipeline {
    /// The world with new texts in it, when nothing but the texts of these files changed.
    pub(super) fn renew(&self, changed: &[&SourcePath]) -> Option<Last> {
        let last = self.last.as_ref()?;
        if changed.iter().any(|path| last.transcripts.contains(*path)) {
            return None;
        }
        let before = &last.world;
        let files: Vec<Arc<Parsed>> = changed
            .iter()
            .map(|path| self.parsed[*path].clone())
            .collect();
        let site = model::renewed(&before.site, &files)?;
        let ids: Vec<FileId> = changed
            .iter()
            .filter_map(|path| site.file_id(path))
            .collect();
        let context = resolve::Context {
            glossary: &before.resolved.glossary,
            data: &before.data,
            rules: &before.resolved.rules,
        };
        let (resolved, ids) =
            resolve::renewed(&site, context, (&before.site, &before.resolved), &ids);
        let mut diagnostics = Vec::clone(&last.diagnostics);
        for id in ids {
            let is_of_file = |problem: &Diagnostic| {
                let place = problem.place.as_ref();
                place.is_some_and(|place| place.file == before.site.file(id).path)
            };
            // What other stages said of the file may be said no more, or of another place.
            let said = diagnostics.iter().filter(|problem| is_of_file(problem));
            if !said.eq(&problems(&before.site, &before.resolved, id)) {
                return None;
            }
            diagnostics.retain(|problem| !is_of_file(problem));
            diagnostics.extend(problems(&site, &resolved, id));
        }
        diag::sort(&mut diagnostics);
        let world = World {
            site,
            resolved,
            theme: before.theme.clone(),
            data: before.data.clone(),
            search: OnceLock::new(),
        };
        Some(Last {
            world: Arc::new(world),
            diagnostics: Arc::new(diagnostics),
            transcripts: last.transcripts.clone(),
        })
    }
}

/// What reading a file and answering it found, as it is shown.
fn problems(site: &Site, resolved: &Resolved, id: FileId) -> Vec<Diagnostic> {
    let mut own = site.file(id).diagnostics.clone();
    own.extend(resolved.files[id.index()].diagnostics.iter().cloned());
    check::apply_file_rules(&mut own, site.file(id), &site.config);
    diag::sort(&mut own);
    own
}
