//! What browsers ask by themselves: whether a page from elsewhere may ask the API, and the pages that show it.

use crate::support::Trader;
use crate::support::http::{client, response};
use crate::support::stack::Stack;
use reqwest::{Method, Response};

const OURS: &str = "http://localhost:3000";

async fn asked(method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = client().request(method, format!("{}{path}", Stack::get().api));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    response(request).await
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_page_that_was_named_may_ask_and_read_versions() {
    let asking = [("origin", OURS), ("access-control-request-method", "PUT")];
    let asking =
        [&asking[..], &[("access-control-request-headers", "authorization,if-match,idempotency-key")]].concat();
    let before = asked(Method::OPTIONS, "/api/v1/orders", &asking).await;
    assert!(before.status().is_success(), "{before:?}");
    assert_eq!(header(&before, "access-control-allow-origin"), Some(OURS));
    let allowed = header(&before, "access-control-allow-headers").unwrap().to_lowercase();
    assert!(
        ["authorization", "content-type", "if-match", "idempotency-key"].iter().all(|name| allowed.contains(name)),
        "{allowed}"
    );
    assert!(header(&before, "access-control-allow-methods").unwrap().contains("PATCH"));
    let trader = Trader::new().await;
    let bearer = format!("Bearer {}", trader.bearer);
    let answer = asked(Method::GET, "/api/v1/orders", &[("origin", OURS), ("authorization", &bearer)]).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "access-control-allow-origin")), (200, Some(OURS)));
    assert!(header(&answer, "access-control-expose-headers").unwrap().to_lowercase().contains("etag"));
    assert_eq!(header(&answer, "access-control-allow-credentials"), None, "other origins send no cookie");
}

#[tokio::test]
async fn a_page_from_elsewhere_may_not() {
    for origin in ["https://evil.example", "http://localhost:3001", "http://localhost:3000.evil.example", "null"] {
        let asking = [("origin", origin), ("access-control-request-method", "GET")];
        for method in [Method::OPTIONS, Method::GET] {
            let answer = asked(method.clone(), "/api/v1/orders", &asking).await;
            assert_eq!(header(&answer, "access-control-allow-origin"), None, "{method} {origin}");
        }
    }
}

#[tokio::test]
async fn the_pages_of_the_api_are_served_with_all_their_parts() {
    for page in ["/docs", "/redoc"] {
        let answer = asked(Method::GET, page, &[]).await;
        assert_eq!(answer.status().as_u16(), 200, "{page}");
        assert!(
            header(&answer, "content-security-policy").unwrap().starts_with("default-src 'none'; script-src 'self'")
        );
        let html = answer.text().await.unwrap();
        let beside = format!("{}/", page.trim_start_matches('/'));
        let parts: Vec<_> = html.split('"').filter(|word| word.starts_with(&beside)).collect();
        assert!(parts.len() >= 3, "{html}");
        for part in parts {
            let answer = asked(Method::GET, &format!("/{part}"), &[("accept-encoding", "gzip")]).await;
            assert_eq!(answer.status().as_u16(), 200, "{part}");
            assert!(!answer.bytes().await.unwrap().is_empty(), "{part}");
        }
        assert_eq!(asked(Method::GET, &format!("{page}/..%2fopenapi.json"), &[]).await.status().as_u16(), 404);
    }
}
