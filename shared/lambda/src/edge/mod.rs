//! HTTP: an axum router behind API Gateway (payload 2.0), with the same limits, errors and line for every function.

mod distribution;
mod packed;
mod problem;
mod unchanged;

pub use distribution::Distribution;
pub use packed::takes_gzip;
pub(crate) use problem::PROBLEM;
pub use problem::Problem;

use crate::boot::SystemClock;
use crate::invocation::RateLimit;
use crate::{Error, Invocation, Metric, event};
use app::ports::Clock;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use domain::clock::Timestamp;
use domain::limits;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

const TRACE_BYTES_MAX: usize = 64;
/// Longer answers are packed for whoever takes that: 500 candles with their indicators are a third then.
const PACKED_FROM_BYTES: u16 = 16 * 1_024;

/// On every answer: none is a page, none is kept on the way, and none is asked for without TLS again.
const PROTECTING: [(HeaderName, &str); 5] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Serves requests until the process ends: those that come by this distribution, and those that come by the gateway alone.
///
/// # Errors
/// Where the runtime of Lambda cannot be reached.
pub async fn run(router: Router, distribution: Distribution) -> Result<(), Error> {
    lambda_http::run(prepare(router).layer(from_fn_with_state(distribution, distribution::find_caller))).await
}

/// What [`run`] serves, for tests: the router with its limits, its errors and an [`Invocation`] for each request.
pub fn prepare(router: Router) -> Router {
    router
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such route"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this route has other methods")
        })
        .layer(from_fn(unchanged::answer))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(PACKED_FROM_BYTES)))
        .layer(from_fn(bound))
        .layer(from_fn(accompany))
}

/// The caller's address as API Gateway saw it, or as the distribution before it did ([`Distribution`]). What another header claims is
/// not believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceIp(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for SourceIp {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(caller_ip(&parts.extensions)))
    }
}

impl<S: Sync> FromRequestParts<S> for Invocation {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::unavailable("the request cannot be begun"))
    }
}

/// Answers 413 before anything is parsed. Nobody is known yet, so that it leaves a metric and no line.
async fn bound(invocation: Invocation, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match to_bytes(body, limits::BODY_BYTES_MAX).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => {
            invocation.keep_silent();
            invocation.measure(Metric::Refusals, 1);
            let allowed = format!("a body has at most {} bytes", limits::BODY_BYTES_MAX);
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", allowed).into_response()
        }
    }
}

/// Gives the request its [`Invocation`], and writes the line when it is answered.
async fn accompany(mut request: Request, next: Next) -> Response {
    let Ok(invocation) = begin(&request) else {
        return Problem::unavailable("the request cannot be begun").into_response();
    };
    request.extensions_mut().insert(invocation.clone());
    let response = next.run(request).await;
    invocation.end(response.status().as_str());
    let trace = invocation.trace();
    let mut response = Problem::name_request(response, &trace);
    let headers = response.headers_mut();
    for (name, value) in PROTECTING {
        // What a route has said itself stays.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.extend(HeaderValue::from_str(&trace).map(|id| (REQUEST_ID, id)));
    headers.extend(invocation.rate().into_iter().flat_map(|rate| told(rate, invocation.now())));
    response
}

/// How often somebody may ask and may ask still, as draft-ietf-httpapi-ratelimit-headers-09 of 2025-03-18 writes it (sections 3
/// and 4, read on 2026-11-29): `q` requests in a window of `w` seconds; `r` are left, for `t` seconds.
fn told(RateLimit { class, most, used }: RateLimit, now: Timestamp) -> [(HeaderName, HeaderValue); 2] {
    let window = class.window().get().div_euclid(1_000);
    // Rounded up, so that whoever waits as long is let in.
    let resets = class.left_at(now).get().saturating_add(999).div_euclid(1_000);
    let policy = format!("\"{class}\";q={most};w={window}");
    let left = format!("\"{class}\";r={};t={resets}", most.saturating_sub(used));
    // Words and numbers of ours, which a header always holds.
    let header = |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
    [(RATE_LIMIT_POLICY, header(policy)), (RATE_LIMIT, header(left))]
}

fn begin(request: &Request) -> Result<Invocation, Error> {
    if let Some(given) = request.extensions().get::<Invocation>() {
        return Ok(given.clone());
    }
    // The route as it was declared: the path itself may hold a token.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let route = format!("{} {route}", request.method());
    let invocation = match request.lambda_context_ref() {
        Some(context) => event::begin(context)?,
        None => {
            let now = SystemClock.now();
            Invocation::begin("none", now, now.plus(limits::WEBHOOK_TIMEOUT))?
        }
    };
    invocation.by_route(route);
    if let Some(id) = gateway_id(request.extensions()) {
        invocation.follow(id);
    }
    if let Some(address) = caller_ip(request.extensions()) {
        invocation.comes_from(address);
    }
    Ok(invocation)
}

/// The request's id at API Gateway, which its access log has as well: the trace of all that follows.
fn gateway_id(extensions: &Extensions) -> Option<&str> {
    let RequestContext::ApiGatewayV2(context) = extensions.get::<RequestContext>()? else {
        return None;
    };
    let is_plain =
        |id: &&str| (1..=TRACE_BYTES_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    context.request_id.as_deref().filter(is_plain)
}

fn caller_ip(extensions: &Extensions) -> Option<String> {
    extensions.get::<SourceIp>().map_or_else(|| gateway_ip(extensions), |SourceIp(address)| address.clone())
}

fn gateway_ip(extensions: &Extensions) -> Option<String> {
    let RequestContext::ApiGatewayV2(context) = extensions.get::<RequestContext>()? else {
        return None;
    };
    context.http.source_ip.clone()
}

#[cfg(test)]
mod tests;
