//! `Idempotency-Key`, as draft-ietf-httpapi-idempotency-key-header describes it: a request that is sent again is done once and
//! answered the same.
//!
//! 1. A key belongs to a user and a route. What was asked for (path, query, `If-Match` and body) is known again by its hash, into which the key
//!    goes: who reads the row cannot try out bodies.
//! 2. Nothing is looked up before the caller is let in.
//! 3. Answers of 5xx and 429 are not kept. What was changed before a 5xx is not done again, but by a route that is repeatable.
//! 4. Without the header a request costs what it always did.

use crate::Invocation;
use crate::api::KeptFor;
use crate::edge::{PROBLEM, Problem};
use crate::guard::Guards;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::clock::Timestamp;
use domain::ids::{Sha, UserId};
use domain::limits::{
    BODY_BYTES_MAX, IDEMPOTENCY_ANSWER_BYTES_MAX, IDEMPOTENCY_KEY_CHARACTERS_MAX, IDEMPOTENCY_KEY_CHARACTERS_MIN,
    IDEMPOTENCY_UNFINISHED,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use store::idempotency::{Begun, KeyedRequests, Once};
use store::{Engine, StoreError};
use wire::stored::{Answer, KeyedRequest, Schema};
use wire::text::Text;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// What is kept of an answer's headers.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

/// A request with a key.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Of the route and the key; none of a key that is none.
    key: Option<Sha>,
    /// Of what is asked for.
    asked: Sha,
    kept: KeptFor,
}

/// What the key of a request and its route name, where the route needs one.
#[derive(Debug, Clone)]
pub struct RequiredKey(pub Sha);

impl<S: Sync> FromRequestParts<S> for RequiredKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // One that is none was refused when its caller was let in.
        let key = parts.extensions.get::<Asked>().and_then(|asked| asked.key.clone());
        let required =
            "Idempotency-Key is required: 16 to 255 printable characters, such as a UUID, that name this order";
        key.map(Self).ok_or_else(|| Problem::field("Idempotency-Key", required))
    }
}

/// A handler whose request is done once, if it has a key.
#[derive(Debug, Clone)]
pub(crate) struct DoneOnce<H>(pub(crate) H);

impl<H, A, S> Handler<A, S> for DoneOnce<H>
where
    H: Handler<A, S>,
    S: Guards,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            match asked(request).await {
                Ok((request, None)) => self.0.call(request, state).await,
                Ok((mut request, Some(asked))) => {
                    let Some(invocation) = request.extensions().get::<Invocation>().cloned() else {
                        return Problem::unavailable("the request cannot be begun").into_response();
                    };
                    request.extensions_mut().insert(asked.clone());
                    let once = Arc::new(Once::default());
                    let keyed = state.clone().for_once(Arc::clone(&once));
                    let response = self.0.call(request, keyed).await;
                    answered(&state, &once, &asked, response, &invocation).await
                }
                Err(problem) => problem.into_response(),
            }
        })
    }
}

/// What is asked for, if the request has a key and its route takes one.
async fn asked(request: Request) -> Result<(Request, Option<Asked>), Problem> {
    let kept = request.extensions().get::<KeptFor>().copied();
    let Some(kept) = kept.filter(|_| request.headers().contains_key(KEY)) else { return Ok((request, None)) };
    let (parts, body) = request.into_parts();
    // Longer ones were refused at the edge.
    let body = to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| Problem::unavailable("the body cannot be read"))?;
    let given = given(&parts.headers);
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let version = parts.headers.get(header::IF_MATCH).map_or(&[][..], HeaderValue::as_bytes);
    let [version, text] = [version, &*body].map(String::from_utf8_lossy);
    let asked = Sha::of_parts(&[given.unwrap_or_default(), path, &version, &text]);
    let key = given.map(|given| Sha::of_parts(&["idempotency", route(&parts.extensions), given]));
    Ok((Request::from_parts(parts, Body::from(body)), Some(Asked { key, asked, kept })))
}

fn route(extensions: &Extensions) -> &str {
    extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str)
}

/// The key, if it is one and stands there once.
fn given(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(KEY).iter();
    let key = given.next()?.to_str().ok().filter(|_| given.next().is_none())?;
    let length = IDEMPOTENCY_KEY_CHARACTERS_MIN..=IDEMPOTENCY_KEY_CHARACTERS_MAX;
    (length.contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())).then_some(key)
}

/// Called when the caller is let in, and before anything is done.
///
/// # Errors
/// 409 or the earlier answer if the key was used, 422 if it is none.
pub(crate) async fn begin<G: Guards>(
    guards: &G,
    user: &UserId,
    asked: Option<&Asked>,
    invocation: &Invocation,
) -> Result<(), Problem> {
    let (Some(asked), Some(once)) = (asked, guards.store().once()) else { return Ok(()) };
    let Some(key) = &asked.key else {
        let allowed = format!(
            "Idempotency-Key must be {IDEMPOTENCY_KEY_CHARACTERS_MIN} to {IDEMPOTENCY_KEY_CHARACTERS_MAX} printable \
            characters without blanks, sent once; a UUID is one"
        );
        return Err(Problem::field("Idempotency-Key", allowed));
    };
    let now = invocation.now();
    let found = KeyedRequests(guards.store()).find(user, key, now).await;
    let found = found.map_err(|error| Problem::of_store(&error))?;
    if let Some(seen) = &found
        && !may_go_on(asked, seen)
    {
        once.take(user.clone());
        // What was answered then takes its place.
        return Err(in_progress(seen, now));
    }
    let row = KeyedRequest {
        v: Schema,
        asked: Text(asked.asked.clone()),
        request: Text(invocation.attempt().clone()),
        begun_at: now.millis(),
        ends_at: now.plus(asked.kept.time).millis(),
        answer: None,
    };
    once.begin(Begun { user: user.clone(), key: key.clone(), row, instead_of: found });
    Ok(())
}

/// Whether the same request was begun, was not answered and may be done again: a halt does not wait for one that may have ended.
fn may_go_on(asked: &Asked, seen: &KeyedRequest) -> bool {
    asked.kept.keys.is_repeatable && seen.asked.0 == asked.asked && seen.answer.is_none()
}

fn goes_on(seen: &KeyedRequest, now: Timestamp) -> bool {
    now.since(Timestamp::from_millis(seen.begun_at)) < IDEMPOTENCY_UNFINISHED
}

/// Keeps the answer, or answers what an earlier request was answered.
async fn answered<G: Guards>(
    guards: &G,
    once: &Once,
    asked: &Asked,
    response: Response,
    invocation: &Invocation,
) -> Response {
    if let (Some(user), Some(key)) = (once.taken_from(), &asked.key) {
        return earlier(guards, (&user, key), asked, invocation).await;
    }
    let (rows, status) = (KeyedRequests(guards.store()), response.status());
    if is_passing(&response) {
        // What failed may have been done: only the same request goes on under its key.
        let frees = asked.kept.keys.is_repeatable && !status.is_server_error();
        let freed = if frees { rows.free(once).await } else { Ok(()) };
        warned(freed);
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("an answer cannot be read", &"its body ends too early").into_response();
    };
    let (headers, kept) = (headers_of(&parts.headers), kept(asked, &body));
    let answer = Answer { status: status.as_u16(), headers, body: kept };
    let kept = rows.keep(once, answer, invocation.now()).await;
    // It has changed nothing, and what it was refused by may be what the first one did.
    if let (Ok(false), Some(user), Some(key)) = (&kept, once.taken_from(), &asked.key) {
        return earlier(guards, (&user, key), asked, invocation).await;
    }
    warned(kept.map(drop));
    Response::from_parts(parts, Body::from(body))
}

/// Whether the same request may be answered otherwise later, without any other change.
fn is_passing(response: &Response) -> bool {
    let status = response.status();
    let was_late = response.extensions().get::<Problem>().is_some_and(|problem| problem.code() == "contended");
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || was_late
}

/// The request was done, and its own answer is true: the next one with its key hears that it was begun.
fn warned(written: Result<(), StoreError>) {
    if let Err(error) = written {
        tracing::warn!(%error, "an answer was not kept under its Idempotency-Key");
    }
}

fn headers_of(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |name: &HeaderName| headers.get(name)?.to_str().ok().map(|value| (name.to_string(), value.to_owned()));
    KEPT.iter().filter_map(text).collect()
}

fn kept(asked: &Asked, body: &Bytes) -> Option<String> {
    let is_kept = !asked.kept.keys.tells_once && body.len() <= IDEMPOTENCY_ANSWER_BYTES_MAX;
    String::from_utf8(body.to_vec()).ok().filter(|_| is_kept)
}

/// What the earlier request with this key was answered.
async fn earlier<G: Guards>(
    guards: &G,
    (user, key): (&UserId, &Sha),
    asked: &Asked,
    invocation: &Invocation,
) -> Response {
    let now = invocation.now();
    let seen = match KeyedRequests(guards.store()).find(user, key, now).await {
        Ok(Some(seen)) => seen,
        Ok(None) => return Problem::unavailable("the key has just become free").into_response(),
        Err(error) => return Problem::of_store(&error).into_response(),
    };
    if seen.asked.0 != asked.asked {
        let detail = "this Idempotency-Key was sent with another request: use a new one for what is meant anew";
        return Problem::new(StatusCode::CONFLICT, "idempotency_key_reused", detail).into_response();
    }
    match seen.answer.clone() {
        None => in_progress(&seen, now).into_response(),
        Some(answer) => again(answer, invocation),
    }
}

fn in_progress(seen: &KeyedRequest, now: Timestamp) -> Problem {
    let new = |detail| Problem::new(StatusCode::CONFLICT, "in_progress", detail);
    if goes_on(seen, now) {
        let left = IDEMPOTENCY_UNFINISHED.get().saturating_sub(now.millis().saturating_sub(seen.begun_at));
        let seconds = u32::try_from(left.div_euclid(1_000)).unwrap_or_default().max(1);
        new("the first request with this Idempotency-Key is not finished").retry_after(seconds)
    } else {
        new(
            "the first request with this Idempotency-Key has changed something and was not answered: read what it was about",
        )
    }
}

fn again(answer: Answer, invocation: &Invocation) -> Response {
    let Some(body) = answer.body else {
        let detail = "the request was done, and its answer is not kept: it held a secret, or was too long";
        return Problem::new(StatusCode::CONFLICT, "answer_not_kept", detail).into_response();
    };
    let is_problem = answer.headers.get("content-type").is_some_and(|kind| kind.starts_with(PROBLEM));
    let body = if is_problem { named(&body, &invocation.trace()) } else { body };
    let mut response = Response::new(Body::from(body));
    // Those of an answer of ours.
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = answer
        .headers
        .into_iter()
        .filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?)));
    response.headers_mut().extend(headers.chain([(REPLAYED, HeaderValue::from_static("true"))]));
    invocation.outcome("answered again");
    response
}

/// A problem under the id of the request that hears it now.
fn named(body: &str, id: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(body) {
        Ok(mut problem) => {
            problem.insert("request_id".to_owned(), id.into());
            Value::Object(problem).to_string()
        }
        Err(_) => body.to_owned(),
    }
}

/// Whether it was told before.
pub(crate) fn is_replayed(response: &Response) -> bool {
    response.headers().contains_key(&REPLAYED)
}
