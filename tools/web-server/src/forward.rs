//! Questions of the dashboard, sent on to the API as they are but for the session's cookie.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderMap, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION,
    SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use tokio::time::timeout;

use crate::{Site, cookies};

/// As API Gateway takes and gives it.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html> (2026-11-29)
const BODY_MAX: usize = 10 * 1024 * 1024;
const WAIT_MAX: Duration = Duration::from_secs(30);
/// They belong to one connection (RFC 9110, section 7.6.1).
const OF_CONNECTION: [HeaderName; 8] =
    [CONNECTION, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, CONTENT_LENGTH];

pub(crate) struct Forward {
    client: Client<HttpConnector, Full<Bytes>>,
    api: String,
}

impl Forward {
    pub(crate) fn to(api: &str) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), api: api.to_owned() }
    }

    /// The API's answer, with the session's cookie as it is named here.
    pub(crate) async fn ask(&self, request: Request) -> Result<Response, Failed> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, BODY_MAX).collect().await;
        let body = body.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 10 MB"))?.to_bytes();
        let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut sent = http::Request::builder().method(parts.method).uri(format!("{}{asked}", self.api));
        if let Some(headers) = sent.headers_mut() {
            *headers = to_api(parts.headers);
        }
        let sent =
            sent.body(Full::new(body)).map_err(|_| (StatusCode::BAD_REQUEST, "the address cannot be sent on"))?;
        let told = timeout(WAIT_MAX, self.client.request(sent)).await;
        let told = told.map_err(|_| (StatusCode::GATEWAY_TIMEOUT, "the local stack did not answer in 30 s"))?;
        let told =
            told.map_err(|_| (StatusCode::BAD_GATEWAY, "the local stack does not answer: `cargo xtask status`"))?;
        let (mut parts, body) = told.into_parts();
        parts.headers = from_api(parts.headers);
        Ok(Response::from_parts(parts, Body::new(body)))
    }
}

/// What is said in place of an answer of the API.
pub(crate) type Failed = (StatusCode, &'static str);

pub(crate) async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    site.forward.ask(request).await.unwrap_or_else(|(status, detail)| problem(status, detail))
}

/// In the shape of every error of the API.
fn problem(status: StatusCode, detail: &str) -> Response {
    let told = json!({
        "type": "about:blank", "status": status.as_u16(), "code": "unavailable", "detail": detail,
        "title": status.canonical_reason().unwrap_or_default(), "request_id": "",
    });
    let mut response = Response::new(Body::from(told.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

fn to_api(mut headers: HeaderMap) -> HeaderMap {
    strip(&mut headers);
    // What only something before us could know.
    for name in ["expect", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"] {
        headers.remove(name);
    }
    headers.remove(HOST);
    let given: Vec<_> = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
    let ours = cookies::to_api(&given.join("; "));
    headers.remove(COOKIE);
    if let (false, Ok(cookie)) = (ours.is_empty(), HeaderValue::try_from(ours)) {
        headers.insert(COOKIE, cookie);
    }
    headers
}

fn from_api(mut headers: HeaderMap) -> HeaderMap {
    strip(&mut headers);
    let set: Vec<_> = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
    let set: Vec<_> =
        set.into_iter().filter_map(|cookie| HeaderValue::try_from(cookies::from_api(cookie)).ok()).collect();
    headers.remove(SET_COOKIE);
    headers.extend(set.into_iter().map(|cookie| (SET_COOKIE, cookie)));
    headers
}

fn strip(headers: &mut HeaderMap) {
    for name in OF_CONNECTION {
        headers.remove(name);
    }
}
