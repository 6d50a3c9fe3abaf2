//! What templates may call: read-only look-ups in the site. Nothing here changes anything.

use std::sync::Arc;

use minijinja::value::{Kwargs, Object, Rest, Value};
use minijinja::{Environment, Error, State};

use super::resize::{Resizing, Wish};
use super::theme::error;
use super::{Scene, html, structured, view, widget};
use crate::base::{Moment, SourcePath, Span, Url};
use crate::doc::Document;
use crate::load::SourceText;
use crate::model::{FileId, Target};
use crate::parse::markdown::{self, MarkdownOptions};
use crate::parse::syntax::{Syntax, read_value};
use crate::resolve::{self, LinkTarget, link};

/// The name the scene has among a template's variables.
pub(super) const SCENE: &str = "__scene";
/// Where templates of short codes find the content file that calls them.
pub(super) const OWNER: &str = "__owner";

/// Adds functions and filters.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_function("asset", asset);
    environment.add_function("get_url", get_url);
    environment.add_function("get_page", get_page);
    environment.add_function("get_section", get_section);
    environment.add_function("get_taxonomy", get_taxonomy);
    environment.add_function("get_taxonomy_url", get_taxonomy_url);
    environment.add_function("get_taxonomy_term", get_taxonomy_term);
    environment.add_function("get_image_metadata", get_image_metadata);
    environment.add_function("resize_image", resize_image);
    environment.add_function("load_data", load_data);
    environment.add_function("trans", trans);
    environment.add_function("translations", translations);
    environment.add_function("now", now);
    environment.add_function("json_ld", json_ld);
    add_filters(environment);
}

/// Adds the filters that need no site.
pub(super) fn add_filters(environment: &mut Environment<'static>) {
    environment.add_filter("date", date);
    environment.add_filter("slugify", |text: &str| slug::slugify(text));
    environment.add_filter("markdown", markdown_filter);
    environment.add_filter("safe", safe);
    environment.add_filter("striptags", strip_tags);
    environment.add_filter(
        "truncate",
        |text: &str, kwargs: Kwargs| -> Result<String, Error> {
            let length: Option<usize> = kwargs.get("length")?;
            Ok(crate::doc::text::shorten(text, length.unwrap_or(255)))
        },
    );
    environment.add_filter("urlencode", |text: &str| -> String {
        use std::fmt::Write;
        text.bytes().fold(String::new(), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
    });
}

/// The scene of the page being rendered.
fn scene(state: &State<'_, '_>) -> Result<Arc<Scene>, Error> {
    state
        .lookup(SCENE)
        .and_then(|value| value.downcast_object::<Scene>())
        .ok_or_else(|| error("this function works in the templates of pages only"))
}

impl Object for Scene {}

/// A path given as the first argument or as `path=`.
fn path_argument(rest: &Rest<Value>, kwargs: &Kwargs) -> Result<String, Error> {
    match rest.first() {
        Some(value) => value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| error("the path should be a string")),
        None => kwargs.get("path"),
    }
}

fn asset(state: &State<'_, '_>, path: &str) -> Result<String, Error> {
    let scene = scene(state)?;
    scene.asset(path).ok_or_else(|| {
        error(format!(
            "there is no file `{path}` in the theme or in static/"
        ))
    })
}

fn get_url(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<String, Error> {
    let scene = scene(state)?;
    let path = path_argument(&rest, &kwargs)?;
    let trailing_slash: Option<bool> = kwargs.get("trailing_slash")?;
    let cachebust: Option<bool> = kwargs.get("cachebust")?;
    let language: Option<String> = kwargs.get("lang")?;
    if link::has_scheme(&path) {
        return Ok(path);
    }
    if path.starts_with("@/") {
        let (file, fragment) = path
            .split_once('#')
            .map_or((path.as_str(), None), |(file, id)| (file, Some(id)));
        let target = content_target(&scene, file, &kwargs)?;
        let url = target.map(|target| scene.world.site.url(target));
        let url = url.ok_or_else(|| error(format!("there is no content file `{file}`")))?;
        kwargs.assert_all_used()?;
        return Ok(
            scene.write(&fragment.map_or(url.clone(), |fragment| url.with_fragment(fragment)))
        );
    }
    kwargs.assert_all_used()?;
    if cachebust == Some(true)
        && let Some(address) = scene.asset(path.trim_start_matches('/'))
    {
        return Ok(address);
    }
    let site = &scene.world.site;
    let path = match language.filter(|language| *language != site.config.default_language) {
        Some(language) => format!("/{language}/{}", path.trim_start_matches('/')),
        None => path,
    };
    let url = Url::new(&path);
    let folder = trailing_slash == Some(true)
        || site.routes.by_url.contains_key(&format!("{}/", url.path()));
    Ok(scene.write_exactly(&if folder && !path.ends_with('/') {
        Url::new(&format!("{path}/"))
    } else {
        url
    }))
}

/// What a content file became; the file of the language `lang=` asks for, when there is one.
fn content_target(scene: &Scene, path: &str, kwargs: &Kwargs) -> Result<Option<Target>, Error> {
    let language: Option<String> = kwargs.get("lang")?;
    if language.is_some() {
        language_argument(scene, kwargs)?;
    }
    let by_source = &scene.world.site.routes.by_source;
    let translated = language.and_then(|language| {
        let stem = path.strip_suffix(".md")?;
        by_source.get(&link::source_of(&format!("{stem}.{language}.md")))
    });
    Ok(translated
        .or_else(|| by_source.get(&link::source_of(path)))
        .copied())
}

fn get_page(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let scene = scene(state)?;
    let path = path_argument(&rest, &kwargs)?;
    match content_target(&scene, &path, &kwargs)? {
        Some(Target::Page(id)) => Ok(view::page(&scene, id, view::Depth::Whole)),
        _ => Err(error(format!("there is no page `{path}`"))),
    }
}

fn get_section(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let scene = scene(state)?;
    let path = section_path(&rest, &kwargs)?;
    let _: Option<bool> = kwargs.get("metadata_only")?;
    let source = if path.ends_with(".md") {
        path.clone()
    } else {
        format!("{}/_index.md", path.trim_end_matches('/'))
    };
    match content_target(&scene, &source, &kwargs)? {
        Some(Target::Section(id, _)) => Ok(view::section(&scene, id, view::Depth::Whole)),
        // The front page is a section though nobody wrote one.
        None if source == "_index.md" => {
            let root = scene.world.site.root(&scene.language);
            Ok(view::section(&scene, root, view::Depth::Whole))
        }
        _ => Err(error(format!("there is no section `{path}`"))),
    }
}

/// The path of a section, or of the one that is given itself: `section.subsections` are views, in Zola they are paths.
fn section_path(rest: &Rest<Value>, kwargs: &Kwargs) -> Result<String, Error> {
    let given: Value = match rest.first() {
        Some(value) => value.clone(),
        None => kwargs.get("path")?,
    };
    if let Some(path) = given.as_str() {
        return Ok(path.to_owned());
    }
    let own = given.get_attr("relative_path").ok();
    own.and_then(|path| path.as_str().map(str::to_owned))
        .ok_or_else(|| error("the path should be a string"))
}

/// The language asked for with `lang=`, else the site's own (as in Zola).
fn language_argument(scene: &Scene, kwargs: &Kwargs) -> Result<String, Error> {
    let wanted: Option<String> = kwargs.get("lang")?;
    let language = wanted.unwrap_or_else(|| scene.world.site.config.default_language.clone());
    let mut known = scene.world.site.config.language_codes();
    if known.any(|code| code == language) {
        Ok(language)
    } else {
        Err(error(format!(
            "`{language}` is not a language of this site; add it to [languages] of the configuration"
        )))
    }
}

/// The taxonomy of a kind, and of a language; `None` where it need not exist.
fn taxonomy_argument(
    scene: &Scene,
    rest: &Rest<Value>,
    kwargs: &Kwargs,
) -> Result<Option<usize>, Error> {
    let kind = match rest.first() {
        Some(value) => value.as_str().unwrap_or_default().to_owned(),
        None => kwargs.get("kind")?,
    };
    let language = language_argument(scene, kwargs)?;
    let required: Option<bool> = kwargs.get("required")?;
    match scene.world.site.taxonomy(&kind, &language) {
        Some((index, _)) => Ok(Some(index)),
        None if required == Some(false) => Ok(None),
        None => Err(error(format!("there is no taxonomy `{kind}`"))),
    }
}

fn get_taxonomy(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let scene = scene(state)?;
    let index = taxonomy_argument(&scene, &rest, &kwargs)?;
    Ok(index.map_or(Value::from(()), |index| view::taxonomy(&scene, index)))
}

/// The taxonomy and the place in it of the term that `term=` (or `name=`) names.
fn term_argument(
    scene: &Scene,
    rest: &Rest<Value>,
    kwargs: &Kwargs,
) -> Result<Option<(u32, u32)>, Error> {
    let Some(index) = taxonomy_argument(scene, rest, kwargs)? else {
        return Ok(None);
    };
    let name: String = match (rest.get(1), kwargs.get::<Option<String>>("term")?) {
        (Some(value), _) => value.to_string(),
        (None, Some(term)) => term,
        (None, None) => kwargs.get("name")?,
    };
    let taxonomy = &scene.world.site.taxonomies[index];
    let required: Option<bool> = kwargs.get("required")?;
    match taxonomy.find(&name) {
        Some(term) => Ok(Some((u32::try_from(index).unwrap_or(u32::MAX), term))),
        None if required == Some(false) => Ok(None),
        None => Err(error(format!(
            "`{}` has no term `{name}`",
            taxonomy.config.name
        ))),
    }
}

fn get_taxonomy_url(
    state: &State<'_, '_>,
    rest: Rest<Value>,
    kwargs: Kwargs,
) -> Result<String, Error> {
    let scene = scene(state)?;
    let found = term_argument(&scene, &rest, &kwargs)?;
    Ok(found.map_or_else(String::new, |(taxonomy, term)| {
        let taxonomy = &scene.world.site.taxonomies[taxonomy as usize];
        scene.write(&taxonomy.terms[term as usize].url)
    }))
}

fn get_taxonomy_term(
    state: &State<'_, '_>,
    rest: Rest<Value>,
    kwargs: Kwargs,
) -> Result<Value, Error> {
    let scene = scene(state)?;
    let _: Option<bool> = kwargs.get("include_pages")?;
    let found = term_argument(&scene, &rest, &kwargs)?;
    Ok(found.map_or(Value::from(()), |(taxonomy, term)| {
        view::term(&scene, taxonomy, term)
    }))
}

/// The file an image path names: beside the page, below content/, or in static/.
fn image(scene: &Scene, path: &str) -> Option<(Url, Option<(u32, u32)>)> {
    let site = &scene.world.site;
    let beside = scene.file.map(|file| {
        let file = site.file(file);
        link::resolve_address(site, file, path, Span::default()).0
    });
    let url = match beside {
        Some(LinkTarget::Internal { url, .. }) => url,
        Some(LinkTarget::External(_) | LinkTarget::Broken) | None => {
            let content = SourcePath::new(format!("content/{}", path.trim_start_matches('/')));
            let name = path.trim_start_matches("static/").trim_start_matches('/');
            match site.routes.by_source.get(&content) {
                Some(target) => site.url(*target),
                None if site.statics.contains_key(name) => Url::new(name),
                None => return None,
            }
        }
    };
    let dimensions = scene.world.image_dimensions(&url);
    Some((url, dimensions))
}

fn get_image_metadata(
    state: &State<'_, '_>,
    rest: Rest<Value>,
    kwargs: Kwargs,
) -> Result<Value, Error> {
    let scene = scene(state)?;
    let path = path_argument(&rest, &kwargs)?;
    let allow_missing: Option<bool> = kwargs.get("allow_missing")?;
    let Some((url, dimensions)) = image(&scene, &path) else {
        return if allow_missing == Some(true) {
            Ok(Value::from(()))
        } else {
            Err(error(format!("there is no image `{path}`")))
        };
    };
    let (width, height) = dimensions.unzip();
    let format = match url.path().rsplit_once('.').map(|(_, end)| end) {
        Some("jpeg") => Some("jpg".to_owned()),
        other => other.map(str::to_ascii_lowercase),
    };
    let mime = format.as_deref().map(|format| match format {
        "jpg" => "image/jpeg".to_owned(),
        "svg" => "image/svg+xml".to_owned(),
        other => format!("image/{other}"),
    });
    Ok(minijinja::context! { url => scene.write(&url), width, height, format, mime })
}

/// An image in the size asked for; the file is made when the page is written.
fn resize_image(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let scene = scene(state)?;
    let path = path_argument(&rest, &kwargs)?;
    let [op, format]: [Option<String>; 2] = [kwargs.get("op")?, kwargs.get("format")?];
    let wish = Wish {
        op: op.as_deref(),
        width: kwargs.get("width")?,
        height: kwargs.get("height")?,
        format: format.as_deref(),
        quality: kwargs.get("quality")?,
    };
    // How hard an encoder tries is left to it.
    let _: Option<Value> = kwargs.get("speed")?;
    let (url, dimensions) =
        image(&scene, &path).ok_or_else(|| error(format!("there is no image `{path}`")))?;
    let Some(own) = dimensions else {
        let (width, height) = (wish.width, wish.height);
        return Ok(minijinja::context! { url => scene.write(&url), width, height });
    };
    let resizing = Resizing::of(wish, own).map_err(error)?;
    let (width, height) = (resizing.width, resizing.height);
    let made = scene.resized(&url, resizing, own);
    Ok(minijinja::context! { url => scene.write(&made), width, height })
}

fn load_data(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<Value, Error> {
    let scene = scene(state)?;
    let format: Option<String> = kwargs.get("format")?;
    if let Some(text) = kwargs.get::<Option<String>>("literal")? {
        let file = SourcePath::new("literal");
        let format = format.unwrap_or_else(|| "plain".to_owned());
        return data_value(&file, &SourceText { text }, Some(&format));
    }
    let path = path_argument(&rest, &kwargs)?;
    let required: Option<bool> = kwargs.get("required")?;
    let world = &scene.world;
    let clean = path.trim_start_matches("@/").trim_start_matches('/');
    let beside = scene
        .file
        .map(|file| format!("{}/{clean}", world.site.file(file).path.parent()));
    let candidates = [
        Some(clean.to_owned()),
        Some(format!("content/{clean}")),
        Some(format!("data/{clean}")),
        beside,
    ];
    let found = candidates.into_iter().flatten().find_map(|name| {
        let path = SourcePath::new(name);
        world.data.get(&path).map(|text| (path, text.clone()))
    });
    let Some((file, text)) = found else {
        return if required == Some(false) {
            Ok(Value::from(()))
        } else {
            Err(error(format!("there is no data file `{path}`")))
        };
    };
    data_value(&file, &text, format.as_deref())
}

/// A data file as a value: TOML, YAML and JSON as they are, CSV as `{headers, records}`, anything else as text.
fn data_value(file: &SourcePath, text: &SourceText, format: Option<&str>) -> Result<Value, Error> {
    let extension = format.map_or_else(|| file.extension().unwrap_or_default(), str::to_owned);
    if extension == "csv" {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.text.as_bytes());
        let headers: Vec<String> = reader
            .headers()
            .map(|row| row.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        let records: Vec<Vec<String>> = reader
            .records()
            .flatten()
            .map(|row| row.iter().map(str::to_owned).collect())
            .collect();
        return Ok(minijinja::context! { headers, records });
    }
    let Some(syntax) = Syntax::of_extension(&extension) else {
        return Ok(Value::from(text.text.as_str()));
    };
    let mut problems = Vec::new();
    let node = read_value(syntax, &text.text, 0, file, &mut problems);
    match (node, problems.first()) {
        (_, Some(problem)) => Err(error(format!(
            "{file}: {}",
            problem.arg("detail").unwrap_or("syntax error")
        ))),
        (Some(node), None) => Ok(super::view::serial(serde_json::Value::from(&node.value))),
        (None, None) => Ok(Value::from(())),
    }
}

fn trans(state: &State<'_, '_>, rest: Rest<Value>, kwargs: Kwargs) -> Result<String, Error> {
    let scene = scene(state)?;
    let key = match rest.first() {
        Some(value) => value.as_str().unwrap_or_default().to_owned(),
        None => kwargs.get("key")?,
    };
    let language: Option<String> = kwargs.get("lang")?;
    let language = language.unwrap_or_else(|| scene.language.to_string());
    let count = kwargs.get::<Option<i64>>("n").unwrap_or_default();
    let found = scene.world.theme.counted(&language, &key, count);
    let Some(mut text) = found else {
        return Err(error(format!("no string `{key}` in i18n/{language}.toml")));
    };
    for name in kwargs.args() {
        let value: Value = kwargs.get(name)?;
        text = text.replace(&format!("{{{name}}}"), &value.to_string());
    }
    Ok(text)
}

fn translations(state: &State<'_, '_>, key: &str) -> Result<Value, Error> {
    let scene = scene(state)?;
    let data = scene.world.theme.string(&scene.language, key);
    Ok(data.map_or(Value::from(()), |data| {
        super::view::serial(serde_json::Value::from(data))
    }))
}

fn now(state: &State<'_, '_>, _kwargs: Kwargs) -> Result<String, Error> {
    Ok(scene(state)?.world.site.today.to_string())
}

fn json_ld(state: &State<'_, '_>) -> Result<Value, Error> {
    let scene = scene(state)?;
    Ok(structured::json_ld(&scene).map_or(Value::from(()), Value::from_safe_string))
}

/// `{{ page.date | date(format="%Y-%m-%d") }}`; what is no date is shown as it is.
fn date(value: &Value, kwargs: Kwargs) -> Result<String, Error> {
    let format: Option<String> = kwargs.get("format")?;
    let _: Option<Value> = kwargs.get("timezone")?;
    let _: Option<Value> = kwargs.get("locale")?;
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let Some(moment) = Moment::parse(&text) else {
        return Ok(if value.is_none() { String::new() } else { text });
    };
    let format = format.unwrap_or_else(|| "%Y-%m-%d".to_owned());
    jiff::fmt::strtime::format(&format, moment.civil).map_err(|problem| error(problem.to_string()))
}

fn markdown_filter(state: &State<'_, '_>, text: &str, kwargs: Kwargs) -> Result<Value, Error> {
    let inline: Option<bool> = kwargs.get("inline")?;
    let file = SourcePath::new("");
    let document = markdown::parse(text, 0, &file, &MarkdownOptions::default(), &mut Vec::new());
    let rendered = match called_in(state) {
        Some((scene, owner)) => shown(&scene, owner, &document),
        None => html::render_plain(&document),
    };
    let rendered = match inline {
        Some(true) => rendered
            .trim()
            .trim_start_matches("<p>")
            .trim_end_matches("</p>")
            .to_owned(),
        _ => rendered,
    };
    Ok(Value::from_safe_string(rendered))
}

/// The scene and the content file of the short code whose template is rendered.
fn called_in(state: &State<'_, '_>) -> Option<(Arc<Scene>, FileId)> {
    let owner = usize::try_from(state.lookup(OWNER)?).ok()?;
    Some((scene(state).ok()?, FileId::of(owner)))
}

/// What a short code is given to show, with its citations and terms; its links stay as they are written.
fn shown(scene: &Arc<Scene>, owner: FileId, document: &Document) -> String {
    let world = &scene.world;
    let glossary = &world.resolved.glossary;
    let mut answers = resolve::shown_text(&world.site, world.site.file(owner), document, glossary);
    answers.links = html::links_as_written(document);
    widget::document_html(scene, document, &answers, Some(owner))
}

/// HTML that is shown as it is. What is not there stays nothing; it does not become the word for it.
fn safe(value: Value) -> Value {
    match value.as_str() {
        Some(_) if value.is_safe() => value,
        Some(text) => Value::from_safe_string(text.to_owned()),
        None if value.is_none() || value.is_undefined() => Value::from(()),
        None => Value::from_safe_string(value.to_string()),
    }
}

fn strip_tags(text: &Value) -> String {
    without_tags(&text.to_string())
}

/// HTML without its tags; entities stay.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// Arguments of a short code as template values.
pub(super) fn json_value(value: &serde_json::Value) -> Value {
    super::view::serial(value)
}
