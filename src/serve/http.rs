//! The preview's server: pages from the plan, files with ranges, and the preview's own addresses below `/__pufa/`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;
use tower_http::services::ServeFile;

use super::{Shared, Shown, problems_of};
use crate::base::OutPath;
use crate::diag::catalog::Language;
use crate::diag::emit::{Emitter, Format, Spoken};
use crate::diag::{Diagnostic, Severity};
use crate::load::Asset;
use crate::model::Target;
use crate::output::{Recipe, cook};
use crate::resolve::link::percent_decode;
use crate::write;

const CLIENT: &str = include_str!("client.js");
const STYLE: &str = include_str!("client.css");

/// Serves until the process is told to stop.
pub(super) fn run(listener: std::net::TcpListener, shared: Arc<Shared>) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = Router::new()
            .route("/__pufa/events", get(events))
            .route("/__pufa/problems", get(problems))
            .route(
                "/__pufa/client.js",
                get(|| text("text/javascript; charset=utf-8", CLIENT)),
            )
            .route(
                "/__pufa/client.css",
                get(|| text("text/css; charset=utf-8", STYLE)),
            )
            .fallback(page)
            .with_state(shared);
        axum::serve(listener, router)
            .with_graceful_shutdown(async {
                // Without a signal to wait for, the server runs on until it is killed.
                if tokio::signal::ctrl_c().await.is_err() {
                    std::future::pending::<()>().await;
                }
                std::process::exit(0);
            })
            .await
    })
}

async fn text(kind: &'static str, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

/// Server-sent events: a line for every change.
async fn events(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let shown = shared.shown();
    let first = super::Event {
        version: shown.version,
        errors: shown.errors.len(),
    };
    let changes = BroadcastStream::new(shared.events.subscribe()).filter_map(Result::ok);
    let stream = tokio_stream::once(first)
        .chain(changes)
        .map(|event| Ok::<_, Infallible>(axum::response::sse::Event::default().data(json(&event))));
    Sse::new(stream).keep_alive(KeepAlive::default())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[derive(serde::Deserialize)]
struct Place {
    path: String,
}

#[derive(serde::Serialize)]
struct Problems {
    version: u64,
    /// Errors that keep this page from being shown as it is written.
    errors: Vec<Spoken>,
    /// What else there is to say of it.
    warnings: Vec<Spoken>,
    /// Errors elsewhere in the site.
    elsewhere: usize,
    draft: bool,
    /// How an editor is opened at a place.
    editor: String,
    root: String,
    language: &'static str,
}

/// The problems of the page at an address.
async fn problems(State(shared): State<Arc<Shared>>, Query(place): Query<Place>) -> Response {
    let answer = tokio::task::spawn_blocking(move || page_problems(&shared, &place.path)).await;
    match answer {
        Ok(problems) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, json(&problems)).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn page_problems(shared: &Shared, path: &str) -> Problems {
    let shown = shared.shown();
    let site = &shown.world.site;
    let found = find(&shown, path);
    let target = match found {
        Found::File(_, Recipe::Page(target)) => Some(*target),
        _ => None,
    };
    let file = target.and_then(|target| source_of(&shown, target));
    let own = |error: &Spoken| match (&error.file, &file) {
        (None, _) => true,
        (Some(at), Some(file)) if at == file.as_str() => true,
        // What is no page's own file (a template, data, the configuration) concerns every page.
        (Some(at), _) => !at.starts_with("content/"),
    };
    let (mut errors, elsewhere): (Vec<Spoken>, Vec<Spoken>) =
        shown.errors.iter().cloned().partition(own);
    let mut warnings = Vec::new();
    if let Some(target) = target {
        for problem in render_problems(&shown, target, shared.options.language) {
            if errors
                .iter()
                .all(|other| other.message != problem.message || other.file != problem.file)
            {
                if problem.severity == Severity::Error.name() {
                    errors.push(problem)
                } else {
                    warnings.push(problem)
                }
            }
        }
    }
    if let Some(file) = &file {
        warnings.extend(
            problems_of(shared, file)
                .into_iter()
                .filter(|problem| problem.severity != "error"),
        );
    }
    Problems {
        version: shown.version,
        errors,
        warnings,
        elsewhere: elsewhere.len(),
        draft: matches!(target, Some(Target::Page(id)) if site.page(id).draft),
        editor: site.config.editor.clone(),
        root: shared.root.display().to_string(),
        language: match shared.options.language {
            Language::Zh => "zh",
            Language::En => "en",
        },
    }
}

/// Problems that only rendering finds: errors of templates, unknown short codes.
fn render_problems(shown: &Shown, target: Target, language: Language) -> Vec<Spoken> {
    let rendered = crate::render::page::render(&shown.world, target);
    let texts = WorldTexts(shown);
    let mut emitter = Emitter::new(&texts, language, Format::Human, false);
    let mut spoken: Vec<Spoken> = rendered
        .diagnostics
        .iter()
        .map(|problem: &Diagnostic| emitter.speak(problem))
        .collect();
    for (spoken, diagnostic) in spoken.iter_mut().zip(&rendered.diagnostics) {
        if let Some(line) = diagnostic.arg("line").and_then(|line| line.parse().ok()) {
            spoken.line = spoken.line.or(Some(line));
        }
    }
    spoken
}

/// Texts are with the thread that owns the pipeline; lines of templates come with their errors.
struct WorldTexts<'a>(&'a Shown);

impl crate::diag::emit::Texts for WorldTexts<'_> {
    fn text(&self, file: &crate::base::SourcePath) -> Option<&str> {
        self.0.world.data.get(file).map(|text| text.text.as_str())
    }
}

fn source_of(shown: &Shown, target: Target) -> Option<crate::base::SourcePath> {
    let site = &shown.world.site;
    let file = match site.routes.shown(target) {
        Target::Page(id) => Some(site.page(id).file),
        Target::Section(id, _) => site.section(id).file,
        Target::BookPrint(id) => site.section(site.books[id.index()].section).file,
        Target::Taxonomy(_)
        | Target::Term(..)
        | Target::Asset(_)
        | Target::Law(..)
        | Target::LawChapter(..)
        | Target::Comparison(..)
        | Target::House(_)
        | Target::Alias(_)
        | Target::Fallback(_) => None,
    }?;
    Some(site.file(file).path.clone())
}

enum Found<'s> {
    File(OutPath, &'s Recipe),
    Folder(String),
    Nothing,
}

fn find<'s>(shown: &'s Shown, path: &str) -> Found<'s> {
    let decoded = percent_decode(path);
    let inner = decoded.trim_start_matches('/');
    let candidate = if inner.is_empty() || inner.ends_with('/') {
        format!("{inner}index.html")
    } else {
        inner.to_owned()
    };
    let out = OutPath::new(&candidate);
    if let Some(recipe) = shown.plan.files.get(&out) {
        return Found::File(out, recipe);
    }
    let index = OutPath::new(&format!("{inner}/index.html"));
    if shown.plan.files.contains_key(&index) {
        Found::Folder(format!("{path}/"))
    } else {
        Found::Nothing
    }
}

/// Any other address: a file of the plan.
async fn page(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let shown = shared.shown();
    let path = request.uri().path().to_owned();
    match find(&shown, &path) {
        Found::File(out, recipe) => {
            let recipe = recipe.clone();
            answer(shared, shown, out, recipe, request, StatusCode::OK).await
        }
        Found::Folder(to) => {
            let query = request
                .uri()
                .query()
                .map(|query| format!("?{query}"))
                .unwrap_or_default();
            (
                StatusCode::TEMPORARY_REDIRECT,
                [(header::LOCATION, format!("{to}{query}"))],
            )
                .into_response()
        }
        Found::Nothing if path.starts_with("/search/") => index_file(shown, &path).await,
        Found::Nothing => {
            let out = OutPath::new(percent_decode(&path).trim_start_matches('/'));
            if let Some(recipe) = shared.needed(&out) {
                return answer(shared, shown, out, recipe, request, StatusCode::OK).await;
            }
            let out = OutPath::new("404.html");
            match shown.plan.files.get(&out).cloned() {
                Some(recipe) => {
                    answer(shared, shown, out, recipe, request, StatusCode::NOT_FOUND).await
                }
                None => StatusCode::NOT_FOUND.into_response(),
            }
        }
    }
}

/// A file of the search index, which is made when it is first asked for.
async fn index_file(shown: Arc<Shown>, path: &str) -> Response {
    let name = OutPath::new(path);
    let found = tokio::task::spawn_blocking(move || {
        let files = &shown.world.search_index().files;
        files
            .binary_search_by(|(path, _)| path.cmp(&name))
            .ok()
            .map(|at| files[at].1.clone())
    })
    .await;
    match found {
        Ok(Some(bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, mime_of(path)),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Ok(None) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn answer(
    shared: Arc<Shared>,
    shown: Arc<Shown>,
    out: OutPath,
    recipe: Recipe,
    request: Request,
    status: StatusCode,
) -> Response {
    let kind = mime_of(out.as_str());
    if let Recipe::Copy(asset) = &recipe {
        return file(asset.clone(), request, kind).await;
    }
    let html = kind.starts_with("text/html");
    let version = shown.version;
    let made = tokio::task::spawn_blocking(move || match &recipe {
        Recipe::Resize(..) | Recipe::Book(..) | Recipe::Card(_) => {
            write::make(&shown.world, &recipe, &shared.options.work)
                .map(|(bytes, _)| bytes)
                .ok()
        }
        recipe => cook(&shown.world, recipe).map(|cooked| {
            shared.remember(cooked.needs);
            cooked.bytes
        }),
    })
    .await;
    match made {
        Ok(Some(bytes)) => {
            let bytes = if html {
                with_client(&bytes, version)
            } else {
                bytes
            };
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (status, headers, bytes).into_response()
        }
        Ok(None) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Files are streamed, with ranges for video and sound.
async fn file(asset: Arc<Asset>, request: Request, kind: String) -> Response {
    match ServeFile::new(&asset.path).try_call(request).await {
        Ok(response) => {
            let mut response = response.map(Body::new);
            if let Ok(kind) = HeaderValue::from_str(&kind) {
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The page with the preview's script. A page whose template failed is empty; it gets a frame to show the error in.
fn with_client(html: &[u8], version: u64) -> Vec<u8> {
    const EMPTY: &[u8] = b"<!doctype html><html><head><meta charset=\"utf-8\"><title>pufa</title></head><body data-pufa-broken></body></html>";
    let tags = format!(
        "<link rel=\"stylesheet\" href=\"/__pufa/client.css\"><script src=\"/__pufa/client.js\" data-version=\"{version}\" defer></script>"
    );
    let html = if html.is_empty() { EMPTY } else { html };
    let at = memchr::memmem::rfind(html, b"</body>").unwrap_or(html.len());
    let mut page = Vec::with_capacity(html.len() + tags.len());
    page.extend_from_slice(&html[..at]);
    page.extend_from_slice(tags.as_bytes());
    page.extend_from_slice(&html[at..]);
    page
}

/// The media type of a file.
#[must_use]
pub(crate) fn mime_of(path: &str) -> String {
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "vtt" => "text/vtt".to_owned(),
        "ics" => "text/calendar".to_owned(),
        "xml" => "application/xml".to_owned(),
        "webmanifest" => "application/manifest+json".to_owned(),
        "js" | "mjs" => "text/javascript".to_owned(),
        "epub" => "application/epub+zip".to_owned(),
        _ => mime_guess::from_path(path)
            .first_or_octet_stream()
            .essence_str()
            .to_owned(),
    };
    let is_text = kind.starts_with("text/") || kind.ends_with("/xml") || kind.ends_with("json");
    if is_text {
        format!("{kind}; charset=utf-8")
    } else {
        kind
    }
}
