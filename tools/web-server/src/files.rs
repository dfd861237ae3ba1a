//! What `npm run build` has made: files by name, and the one page for every address that the dashboard knows by itself.

use std::path::{Component, Path};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use tokio::fs;

use crate::{Site, headers};

const PAGE: &str = "index.html";
/// The one file beside the page, `web/public`.
const ICON: &str = "icon.svg";
const NOT_BUILT: &str = "the dashboard is not built: `npm ci`, `npm run types` and `npm run build` in web/";

pub(crate) async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refused = headers::text(StatusCode::METHOD_NOT_ALLOWED, "pages are read by GET");
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let path = request.uri().path().trim_start_matches('/');
    // As CloudFront does it in AWS. A file that is gone must not be answered with a page; a symbol in an address may have a dot.
    let (name, kept) = match path {
        ICON => (path, "no-cache"),
        _ if path.starts_with("assets/") => (path, "public, max-age=31536000, immutable"),
        _ => (PAGE, "no-store"),
    };
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return headers::text(StatusCode::NOT_FOUND, "there is no such file");
    }
    match fs::read(site.settings.dist.join(name)).await {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(bytes));
            let told = [(CONTENT_TYPE, kind(name)), (CACHE_CONTROL, kept)];
            response.headers_mut().extend(told.map(|(name, value)| (name, HeaderValue::from_static(value))));
            response
        }
        Err(_) if name == PAGE => headers::text(StatusCode::NOT_FOUND, NOT_BUILT),
        Err(_) => headers::text(StatusCode::NOT_FOUND, "there is no such file"),
    }
}

fn kind(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
