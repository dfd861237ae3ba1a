//! An answer that a client has already is not sent again: a weak `ETag` of the whole body, and 304 where it is the same.
//!
//! Answers with a version of their own are left alone: that says what a change is meant for, and not that nothing else differs.

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::Sha;

/// Longer ones are parts of files.
const BODY_MAX: u64 = 1_024 * 1_024;
/// So much of the hash: 96 bits.
const DIGITS: usize = 24;

pub(super) async fn answer(request: Request, next: Next) -> Response {
    let asked = (request.method() == Method::GET).then(|| known(request.headers()));
    let response = next.run(request).await;
    match asked {
        Some(known) if is_whole(&response) => tagged(response, &known).await,
        _ => response,
    }
}

/// Tags that the client has, as it sent them.
fn known(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect()
}

/// Whether it is one body of ours that says nothing of its version.
fn is_whole(response: &Response) -> bool {
    let headers = response.headers();
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    let is_short = response.body().size_hint().exact().is_some_and(|length| length <= BODY_MAX);
    response.status() == StatusCode::OK && is_json && is_short && !headers.contains_key(header::ETAG)
}

async fn tagged(response: Response, known: &[String]) -> Response {
    let (mut parts, body) = response.into_parts();
    // It is there as a whole: its length is known.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    let hash = Sha::of_bytes(&bytes);
    let tag = format!("W/\"{}\"", hash.as_str().get(..DIGITS).unwrap_or_default());
    let is_known = known.contains(&tag);
    parts.headers.extend(HeaderValue::try_from(tag).map(|tag| (header::ETAG, tag)));
    if !is_known {
        return Response::from_parts(parts, Body::from(bytes));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}
