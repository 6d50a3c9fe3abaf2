//! A real site's search: how well it answers a file of questions, with the weights being tried.

use std::path::Path;

use pufa::base::SourcePath;
use pufa::config::Overrides;
use pufa::index::acceptance::{Figures, ask_all, read};
use pufa::index::query::Request;
use pufa::index::{IndexOptions, SearchKind, build, site};
use pufa::load;
use pufa::pipeline::Pipeline;

/// Asks the questions of `queries` of the site in `root`, and tells which are missed.
pub fn measure(
    root: &Path,
    queries: &Path,
    kind: Option<SearchKind>,
    options: IndexOptions,
    verbose: bool,
) {
    let root = load::find_root(Some(root), None, root).unwrap();
    let world = Pipeline::new(root, Overrides::default()).run().world;
    let options = IndexOptions {
        synonyms: site::synonyms(&world.data, &mut Vec::new()),
        ..options
    };
    let index = build(&site::documents(&world), &options);
    let text = std::fs::read_to_string(queries).unwrap();
    let (asked, _) = read(
        &text,
        &SourcePath::new("queries"),
        &world.site.config.base_url,
    );
    let request = Request {
        kind,
        ..Request::default()
    };
    let answers = ask_all(&asked, &index, &world.site.library, &request);
    if verbose {
        for (asked, answer) in asked.iter().zip(&answers) {
            if answer.first().is_none_or(|rank| rank > 3) {
                let first: Vec<&str> = answer
                    .results
                    .iter()
                    .take(3)
                    .map(|found| found.title.as_str())
                    .collect();
                println!("{:?} {} {first:?}", answer.first(), asked.text);
            }
        }
    }
    println!("{:.3?}", Figures::of(&answers));
}
