use super::*;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::ACCEPT_ENCODING;
use axum::http::{Request, StatusCode};
use lambda::api::Served;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use tower::ServiceExt;

const KEPT: &str = include_str!("../../../../../docs/openapi.json");

fn router() -> Router {
    Served::router(routes).with_state(())
}

async fn read(path: &str, accepted: Option<&str>) -> (HeaderMap, Vec<u8>) {
    let request = Request::get(path);
    let request = match accepted {
        Some(accepted) => request.header(ACCEPT_ENCODING, accepted),
        None => request,
    };
    let (parts, body) = router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
    assert_eq!(parts.status, StatusCode::OK, "{path}");
    (parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn the_document_is_the_one_that_is_kept_packed_or_not() {
    for accepted in [None, Some("br"), Some("gzip;q=0")] {
        let (headers, body) = read("/openapi.json", accepted).await;
        assert_eq!((headers.get(CONTENT_ENCODING), body.as_slice()), (None, KEPT.as_bytes()), "{accepted:?}");
    }
    let (headers, packed) = read("/openapi.json", Some("br, gzip")).await;
    let mut document = String::new();
    GzDecoder::new(&*packed).read_to_string(&mut document).unwrap();
    assert_eq!((&headers[CONTENT_ENCODING], document.as_str()), (&HeaderValue::from_static("gzip"), KEPT));
}

/// What a page asks for is served, and its policy lets in nothing else.
#[tokio::test]
async fn a_page_asks_for_nothing_that_is_not_served_here() {
    for page in ["/docs", "/redoc"] {
        let (headers, body) = read(page, None).await;
        assert_eq!(headers[CONTENT_TYPE], HTML);
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        let html = String::from_utf8(body).unwrap();
        // From beside the page, wherever the API stands.
        let beside = format!("{}/", page.trim_start_matches('/'));
        let asked: Vec<_> = html.split('"').filter(|word| word.starts_with(&beside)).collect();
        assert_eq!(asked.len(), html.matches("src=").count() + html.matches("stylesheet").count());
        for path in asked {
            read(&format!("/{path}"), Some("gzip")).await;
        }
    }
}

#[tokio::test]
async fn whatever_stands_behind_a_pages_path_it_is_shown() {
    for page in PAGES {
        read(&format!("{}?v=2&from=a-letter", page.path), Some("gzip")).await;
    }
}

#[tokio::test]
async fn each_error_code_has_a_page_and_no_other_word_has() {
    let (headers, index) = read("/docs/errors", None).await;
    assert_eq!(headers[CONTENT_TYPE], HTML);
    assert_eq!(headers[CONTENT_SECURITY_POLICY], TEXT_POLICY);
    let index = String::from_utf8(index).unwrap();
    let linked: Vec<_> = index.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(linked.len(), errors::all().count());
    for path in linked {
        let (_, page) = read(&format!("/docs/{path}"), None).await;
        let code = path.trim_start_matches("errors/");
        assert!(String::from_utf8(page).unwrap().contains(&format!("<code>{code}</code>")), "{code}");
    }
    for unknown in ["nothing", "%3Cscript%3E", "INVALID_FIELD", "..%2fopenapi.json"] {
        let request = Request::get(format!("/docs/errors/{unknown}")).body(Body::empty()).unwrap();
        let (parts, body) = router().oneshot(request).await.unwrap().into_parts();
        assert_eq!(parts.status, StatusCode::NOT_FOUND, "{unknown}");
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(!text.contains("script"), "{text}");
    }
}

#[test]
fn what_is_vendored_is_as_its_registry_has_it() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pages/vendored");
    let sums = std::fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 3);
    for (sum, file) in sums.lines().filter_map(|line| line.split_once("  ")) {
        let found = Sha256::digest(std::fs::read(folder.join(file)).unwrap());
        assert_eq!(data_encoding::HEXLOWER.encode(&found), sum, "{file}");
    }
}
