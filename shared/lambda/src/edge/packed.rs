//! What is kept packed is told packed to whoever takes that.

use axum::http::{HeaderMap, header};

/// Whether a request takes gzip: it names it, with any weight but none (RFC 9110, 12.5.3).
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|accepted| accepted.to_str().ok());
    accepted.flat_map(|accepted| accepted.split(',')).any(is_gzip)
}

fn is_gzip(coding: &str) -> bool {
    let mut parts = coding.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
    let has_weight = |weight: &str| weight.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
    named && parts.filter_map(|part| part.strip_prefix("q=")).all(has_weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn gzip_is_taken_with_any_weight_but_none() {
        for (accepted, takes) in [
            ("gzip", true),
            ("br, GZIP", true),
            ("gzip;q=1.0, *;q=0", true),
            ("br;q=1.0, gzip; q=0.001", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br, zstd", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
            assert_eq!(takes_gzip(&headers), takes, "{accepted}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
