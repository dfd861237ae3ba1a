//! The log-in link that a terminal prints: it begins the seeded user's session in the browser that opens it first.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::Response;
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use subtle::ConstantTimeEq;
use tokio::fs;

use crate::{Site, cookies, headers};

pub(crate) const PATH: &str = "/enter";
const USED: &str = "this link was used already, or is not the newest one: `cargo xtask up` prints a new one";

pub(crate) async fn answer(State(site): State<Arc<Site>>, Query(asked): Query<Vec<(String, String)>>) -> Response {
    let key = asked.into_iter().find(|(name, _)| name == "key").map(|(_, key)| key).unwrap_or_default();
    if !take(&site.settings.link, &key).await {
        return headers::text(StatusCode::FORBIDDEN, USED);
    }
    let Ok(mut cookie) = HeaderValue::try_from(cookies::begun(&site.settings.session)) else {
        return headers::text(StatusCode::INTERNAL_SERVER_ERROR, "the session cannot stand in a cookie");
    };
    cookie.set_sensitive(true);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let told = [(LOCATION, HeaderValue::from_static("/")), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    response.headers_mut().extend(told);
    response.headers_mut().insert(SET_COOKIE, cookie);
    response
}

/// Whether this is the key, which is gone from then on: of two that ask at once, one has moved the file away.
async fn take(file: &Path, key: &str) -> bool {
    let Ok(wanted) = fs::read_to_string(file).await else { return false };
    let wanted = wanted.trim();
    if wanted.is_empty() || !bool::from(wanted.as_bytes().ct_eq(key.as_bytes())) {
        return false;
    }
    remove(file.to_path_buf()).await.is_ok()
}

async fn remove(file: PathBuf) -> io::Result<()> {
    fs::remove_file(file).await
}
