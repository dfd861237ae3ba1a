//! `/openapi.json`: what all functions' routes say of themselves, packed when this function was built.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
use lambda::api::Table;
use lambda::edge::Problem;
use std::io::Read;

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));
const JSON: &str = "application/json";

pub(super) fn routes<S: Clone + Send + Sync + 'static, T: Table<S>>(table: T) -> T {
    table
        .about("docs", "What you are reading.")
        .get("/openapi.json", show, |of| of.says("All routes, as OpenAPI 3.1").open().answers_with(200, JSON))
}

async fn show(headers: HeaderMap) -> Result<Response, Problem> {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok());
    if accepted.is_some_and(takes_gzip) {
        return Ok(([(CONTENT_TYPE, JSON), (CONTENT_ENCODING, "gzip")], PACKED).into_response());
    }
    let mut document = String::new();
    let unpacked = GzDecoder::new(PACKED).read_to_string(&mut document);
    unpacked.map_err(|error| Problem::internal("the document cannot be read", &error))?;
    Ok(([(CONTENT_TYPE, JSON)], document).into_response())
}

fn takes_gzip(accepted: &str) -> bool {
    accepted.split(',').any(|coding| coding.trim() == "gzip")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::HeaderValue;

    const KEPT: &str = include_str!("../../../../docs/openapi.json");

    async fn read(accepted: Option<&'static str>) -> (Option<HeaderValue>, Vec<u8>) {
        let mut headers = HeaderMap::new();
        headers.extend(accepted.map(|accepted| (ACCEPT_ENCODING, HeaderValue::from_static(accepted))));
        let (parts, body) = show(headers).await.unwrap().into_parts();
        (parts.headers.get(CONTENT_ENCODING).cloned(), to_bytes(body, usize::MAX).await.unwrap().to_vec())
    }

    #[tokio::test]
    async fn the_document_is_the_one_that_is_kept_packed_or_not() {
        for accepted in [None, Some("br"), Some("gzip;q=0")] {
            assert_eq!(read(accepted).await, (None, KEPT.as_bytes().to_vec()), "{accepted:?}");
        }
        let (coding, packed) = read(Some("br, gzip")).await;
        let mut document = String::new();
        GzDecoder::new(&*packed).read_to_string(&mut document).unwrap();
        assert_eq!((coding.unwrap(), document.as_str()), (HeaderValue::from_static("gzip"), KEPT));
    }
}
