//! The log-in link that a terminal prints: it logs the seeded user in, in the browser that opens it first.

use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use serde_json::json;
use subtle::ConstantTimeEq;
use tokio::fs;

use crate::{LogIn, Site, headers};

pub(crate) const PATH: &str = "/enter";
const LOG_IN: &str = "/api/v1/auth/login?session=cookie";
const USED: &str = "this link was used already, or is not the newest one: `cargo xtask up` prints a new one";
const REFUSED: &str = "the API has not logged you in: `cargo xtask logs api-identity` says why";

pub(crate) async fn answer(State(site): State<Arc<Site>>, Query(asked): Query<Vec<(String, String)>>) -> Response {
    let key = asked.into_iter().find(|(name, _)| name == "key").map(|(_, key)| key).unwrap_or_default();
    if !take(&site.settings.link, &key).await {
        return headers::text(StatusCode::FORBIDDEN, USED);
    }
    let Some(cookie) = log_in(&site).await else { return headers::text(StatusCode::BAD_GATEWAY, REFUSED) };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let told = [(LOCATION, HeaderValue::from_static("/")), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    response.headers_mut().extend(told);
    response.headers_mut().insert(SET_COOKIE, cookie);
    response
}

/// `Set-Cookie` of the session that begins.
async fn log_in(site: &Site) -> Option<HeaderValue> {
    let LogIn { email, password } = site.settings.login.as_ref()?;
    let body = json!({"email": email, "password": password}).to_string();
    let request =
        Request::post(LOG_IN).header(CONTENT_TYPE, "application/json").header("sec-fetch-site", "same-origin");
    let told = site.forward.ask(request.body(Body::from(body)).ok()?).await.ok()?;
    if !told.status().is_success() {
        return None;
    }
    let mut cookie = told.headers().get(SET_COOKIE)?.clone();
    cookie.set_sensitive(true);
    Some(cookie)
}

/// Whether this is the key, which is gone from then on: of two that ask at once, one has moved the file away.
async fn take(file: &Path, key: &str) -> bool {
    let Ok(wanted) = fs::read_to_string(file).await else { return false };
    let wanted = wanted.trim();
    if wanted.is_empty() || !bool::from(wanted.as_bytes().ct_eq(key.as_bytes())) {
        return false;
    }
    fs::remove_file(file).await.is_ok()
}
