//! Quizzes, self-check paths and calculators in the text of a page: views and answers brought to their templates.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::Value;

use super::functions::SCENE;
use super::view::{self, SceneHooks};
use super::{Scene, calculator, decision, html, quiz, theme};
use crate::doc::{Code, Document};
use crate::model::FileId;
use crate::parse::calculator::{Calculator, RulesLanguage};
use crate::parse::widget::{Widget, WidgetKind};
use crate::resolve::ResolvedFile;

/// The HTML of a block of code that is more: a quiz, a path, a calculator, the fields of a question. `None` for code.
/// A block its parser found empty has a diagnostic and is not shown.
pub(super) fn render(hooks: &SceneHooks<'_>, code: &Code) -> Option<String> {
    match &*code.language {
        "question" => return Some(String::new()),
        "quiz" | "path" | "calculator" => {}
        _ => return None,
    }
    let file = hooks.file?;
    let widgets = &hooks.scene.world.site.file(file).widgets;
    let found = widgets
        .iter()
        .position(|widget| widget.text_start == code.text_start);
    Some(found.map_or_else(String::new, |index| show(hooks, file, index)))
}

fn show(hooks: &SceneHooks<'_>, file: FileId, index: usize) -> String {
    let scene = hooks.scene;
    let widget = &scene.world.site.file(file).widgets[index];
    let id = format!("{}{}", hooks.prefix, widget.id);
    let answers = |document: &Document| answers_of(scene, file, index, document);
    let render = |document: &Document| match answers(document) {
        Some(answers) => document_html(scene, document, answers, Some(file)),
        None => String::new(),
    };
    match &widget.kind {
        WidgetKind::Quiz(inner) => {
            let words = quiz::QuizWords {
                title: &scene.text("quiz.title"),
                right: &scene.text("quiz.true"),
                wrong: &scene.text("quiz.false"),
            };
            let view = quiz::view(inner, &id, words, &render);
            template(scene, "quiz", view::serial(view))
        }
        WidgetKind::Path(inner) => {
            let view = decision::view(inner, &id, &scene.text("path.title"), &render);
            template(scene, "path", view::serial(view))
        }
        WidgetKind::Calculator(name) => calculator(scene, *name, &id),
    }
}

fn calculator(scene: &Arc<Scene>, name: Calculator, id: &str) -> String {
    let resolved = &scene.world.resolved;
    let key = (name, RulesLanguage::of(&scene.language));
    let (Some(document), Some(answers)) = (
        resolved.rules.documents.get(&key),
        resolved.calculators.get(&key),
    ) else {
        return String::new();
    };
    let render = |document: &Document| document_html(scene, document, answers, None);
    let theme = &scene.world.theme;
    let words = |key: &str| Some(theme.string(&scene.language, key)?.as_str()?.to_owned());
    let rates = &resolved.rules.rates;
    let view = calculator::view(name, id, rates, document, &words, &render);
    template(scene, "calculator", view::serial(view))
}

/// The answers for one of the texts of a widget.
fn answers_of<'a>(
    scene: &'a Scene,
    file: FileId,
    index: usize,
    document: &Document,
) -> Option<&'a ResolvedFile> {
    let widgets = &scene.world.site.file(file).widgets;
    let before: usize = widgets[..index]
        .iter()
        .map(|widget| widget.documents().len())
        .sum();
    let place = Widget::documents(&widgets[index])
        .iter()
        .position(|other| std::ptr::eq(*other, document))?;
    scene.world.resolved.files[file.index()]
        .widgets
        .get(before + place)
}

/// The HTML of a text that has its own answers, and stands in the file `owner`.
pub(super) fn document_html(
    scene: &Arc<Scene>,
    document: &Document,
    answers: &ResolvedFile,
    owner: Option<FileId>,
) -> String {
    let options = html::HtmlOptions {
        from: &scene.url,
        absolute: scene.absolute,
        deeper: 0,
        id_prefix: "",
        own_anchors: false,
        more: None,
    };
    html::render(
        &document.blocks,
        document,
        answers,
        &scene.world.resolved,
        &scene.world.site.config,
        &SceneHooks::of_fragment(scene, owner),
        options,
    )
    .html
}

/// The output of `blocks/NAME.html` with the view under that name.
fn template(scene: &Arc<Scene>, name: &str, view: Value) -> String {
    let result = scene
        .world
        .theme
        .environment
        .get_template(&format!("blocks/{name}.html"))
        .and_then(|template| {
            let config = view::config_value(&scene.world.site.config, &scene.language);
            let variables: BTreeMap<&str, Value> = BTreeMap::from([
                (name, view),
                (SCENE, Value::from_dyn_object(scene.clone())),
                ("config", config),
                ("lang", Value::from(&*scene.language)),
            ]);
            template.render(variables)
        });
    result.unwrap_or_else(|error| {
        let page = super::page::source_name(scene);
        scene.report(theme::template_error(
            &error,
            &scene.world.theme.sources,
            Some(&page),
        ));
        String::new()
    })
}
