use super::*;
use axum::http::header;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tower::ServiceExt;

async fn answer(request: Request) -> (StatusCode, String, Value) {
    let router = Router::new()
        .route("/echo", post(async |invocation: Invocation, body: String| format!("{}{}", invocation.trace(), body)))
        .route("/ip", post(async |SourceIp(ip): SourceIp| axum::Json(ip)));
    let response = prepare(router).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).unwrap().to_str().unwrap().to_owned();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status, kind, serde_json::from_slice(&body).unwrap_or_default())
}

fn request(method: &str, path: &str, body: impl Into<Body>) -> Request {
    Request::builder().method(method).uri(path).body(body.into()).unwrap()
}

#[tokio::test]
async fn a_body_above_the_limit_is_never_read() {
    let (status, kind, problem) = answer(request("POST", "/echo", vec![b' '; limits::BODY_BYTES_MAX + 1])).await;
    assert_eq!((status, kind.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "application/problem+json"));
    assert_eq!(problem["code"], "body_too_large");
    let (status, ..) = answer(request("POST", "/echo", vec![b' '; limits::BODY_BYTES_MAX])).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let (status, _, problem) = answer(request("POST", "/nothing", "")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    let (status, _, problem) = answer(request("GET", "/echo", "")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("method_not_allowed")));
}

#[tokio::test]
async fn every_answer_protects_whoever_reads_it() {
    let routes = || Router::new().route("/echo", post(async |body: String| body)).route("/own", post(own));
    let too_much = || vec![b' '; limits::BODY_BYTES_MAX + 1].into();
    let cases = [("POST", "/echo", Body::empty()), ("GET", "/echo", Body::empty()), ("POST", "/none", Body::empty())];
    for (method, path, body) in cases.into_iter().chain([("POST", "/echo", too_much())]) {
        let answer = prepare(routes()).oneshot(request(method, path, body)).await.unwrap();
        for (name, value) in [
            ("strict-transport-security", "max-age=31536000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.headers().get(name).unwrap(), value, "{method} {path} {name}");
        }
    }
    let answer = prepare(routes()).oneshot(request("POST", "/own", "")).await.unwrap();
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "max-age=60", "what a route has said itself stays");
}

#[tokio::test]
async fn a_long_answer_is_packed_for_whoever_takes_that() {
    let routes = || {
        let long = "candle ".repeat(8_192);
        Router::new().route("/long", post(async || long)).route("/short", post(async || "short"))
    };
    for (path, accepts, packed) in [
        ("/long", Some("gzip"), true),
        ("/long", Some("br, gzip;q=0.5"), true),
        ("/long", Some("gzip;q=0"), false),
        ("/long", None, false),
        ("/short", Some("gzip"), false),
    ] {
        let mut asked = request("POST", path, "");
        if let Some(accepts) = accepts {
            asked.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepts));
        }
        let (head, body) = prepare(routes()).oneshot(asked).await.unwrap().into_parts();
        let encoding = head.headers.get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
        assert_eq!(encoding, packed.then_some("gzip"), "{path} {accepts:?}");
        let sent = to_bytes(body, usize::MAX).await.unwrap().len();
        assert_eq!(sent < 1_000, packed || path == "/short", "{path} {accepts:?}: {sent}");
    }
}

async fn own() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::CACHE_CONTROL, "max-age=60")], "mine")
}

#[tokio::test]
async fn another_method_is_told_which_there_are() {
    let router = Router::new().route("/echo", post(async |body: String| body));
    let answer = prepare(router).oneshot(request("GET", "/echo", "")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers()[header::ALLOW], "POST");
}

#[tokio::test]
async fn the_address_is_the_gateways_and_no_headers() {
    let claimed = |mut request: Request| {
        request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static("52.89.214.238"));
        request
    };
    assert_eq!(answer(claimed(request("POST", "/ip", ""))).await.2, Value::Null);
    let mut seen = claimed(request("POST", "/ip", ""));
    seen.extensions_mut().insert(RequestContext::ApiGatewayV2(gateway("203.0.113.7")));
    assert_eq!(answer(seen).await.2, "203.0.113.7");
}

fn gateway(ip: &str) -> lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequestContext {
    let http = json!({"method": "POST", "path": "/ip", "protocol": "HTTP/1.1", "sourceIp": ip, "userAgent": "test"});
    serde_json::from_value(json!({"http": http, "timeEpoch": 0})).unwrap()
}

#[test]
fn a_problem_says_what_programs_and_people_need() {
    let problem = Problem::invalid("invalid_alert", ["tv.symbol".to_owned()], "tv.symbol is required");
    assert_eq!(
        serde_json::to_value(problem.with("delivery_id", "dlv_1")).unwrap(),
        json!({
            "type": "/docs/errors/invalid_alert", "status": 422, "code": "invalid_alert", "title": "Unprocessable Entity", "detail": "tv.symbol is required",
            "field": "tv.symbol", "fields": ["tv.symbol"], "delivery_id": "dlv_1"
        })
    );
}

/// The log, the header and the problem name a request alike; an answer that is no problem stays as it is.
#[tokio::test]
async fn a_problem_says_under_which_id_the_log_has_the_request() {
    let refuse = async || Problem::field("limit", "limit must be a whole number").into_response();
    let routes = || Router::new().route("/refused", post(refuse)).route("/echo", post(async |body: String| body));
    let ask = async |path: &str| {
        let mut asked = request("POST", path, "as sent");
        let context = serde_json::json!({"requestId": "JKJaXmPLvHcESHA=", "http": {"method": "POST", "path": path,
            "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7", "userAgent": "test"}, "timeEpoch": 0});
        asked.extensions_mut().insert(RequestContext::ApiGatewayV2(serde_json::from_value(context).unwrap()));
        let (parts, body) = prepare(routes()).oneshot(asked).await.unwrap().into_parts();
        assert_eq!(parts.headers["x-request-id"], "JKJaXmPLvHcESHA=", "{path}");
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let length = parts.headers.get(header::CONTENT_LENGTH).map(|length| length.to_str().unwrap().to_owned());
        assert!(length.is_none_or(|length| length == body.len().to_string()), "{path}");
        String::from_utf8(body.to_vec()).unwrap()
    };
    for path in ["/refused", "/none"] {
        let problem: Value = serde_json::from_str(&ask(path).await).unwrap();
        assert_eq!(problem["request_id"], "JKJaXmPLvHcESHA=");
        assert_eq!(problem["type"], format!("/docs/errors/{}", problem["code"].as_str().unwrap()));
    }
    assert_eq!(ask("/echo").await, "as sent");
}

#[test]
fn an_unavailable_answer_says_when_to_come_again() {
    let response = Problem::unavailable("later").into_response();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "5");
}

#[tokio::test]
async fn an_answer_that_the_client_has_already_is_not_sent_again() {
    let routes = || {
        let versioned = ([(header::ETAG, "\"3\"")], axum::Json(json!({"a": 1})));
        Router::new()
            .route("/list", get(async || axum::Json(json!([1, 2]))).post(async || axum::Json(json!([1, 2]))))
            .route("/other", get(async || axum::Json(json!([1, 3]))))
            .route("/versioned", get(async || versioned))
            .route("/refused", get(async || Problem::not_found("list")))
    };
    let ask = async |method: &str, path: &str, tag: &str| {
        let mut asked = request(method, path, "");
        asked.headers_mut().insert(header::IF_NONE_MATCH, HeaderValue::try_from(tag).unwrap());
        let (head, body) = prepare(routes()).oneshot(asked).await.unwrap().into_parts();
        let told = head.headers.get(header::ETAG).map(|tag| tag.to_str().unwrap().to_owned());
        (head.status.as_u16(), told, to_bytes(body, usize::MAX).await.unwrap())
    };
    let (status, tag, _) = ask("GET", "/list", "\"3\"").await;
    let tag = tag.unwrap();
    assert!(status == 200 && tag.starts_with("W/\""), "{status} {tag}");
    let several = format!("\"a\", {tag}");
    for known in [&tag, &several] {
        assert_eq!(ask("GET", "/list", known).await, (304, Some(tag.clone()), axum::body::Bytes::new()));
    }
    assert_eq!(ask("GET", "/other", &tag).await.0, 200);
    assert_eq!(ask("POST", "/list", &tag).await, (200, None, axum::body::Bytes::from_static(b"[1,2]")));
    assert_eq!(ask("GET", "/versioned", "\"3\"").await.0, 200, "a version is no promise that nothing else differs");
    assert_eq!(ask("GET", "/refused", "*").await.0, 404);
}
