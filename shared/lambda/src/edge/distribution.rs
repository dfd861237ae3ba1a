//! The distribution that serves the dashboard and the API under one origin, as the API sees it.
//!
//! The gateway sees the distribution's address as the caller's. The caller's own stands in a header that anyone can send. It is
//! believed only beside a secret that the distribution alone knows.

use super::{SourceIp, gateway_ip};
use crate::boot::{BadSetting, Settings};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::Sha;
use std::net::IpAddr;
use std::str::FromStr;

/// What the distribution sends with each request (`OriginCustomHeaders` of the template).
const SECRET: HeaderName = HeaderName::from_static("x-moniqo-origin");
/// Address and port of the caller, written by the distribution.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html> (2026-11-29)
const VIEWER: HeaderName = HeaderName::from_static("cloudfront-viewer-address");
const SETTING: &str = "MONIQO_ORIGIN_SECRETS";
/// One takes the other's place while both are believed.
const SECRETS_MAX: usize = 2;

/// Hashes of the secrets that are believed; of none where there is no distribution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution(Vec<Sha>);

/// What [`Distribution::of`] takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one or two SHA-256 hashes in lower-case hexadecimal digits, with a comma between")]
pub struct NotHashes;

impl Distribution {
    /// # Errors
    /// Where the setting is there and is no list of hashes.
    pub fn of(settings: &Settings) -> Result<Self, BadSetting> {
        Ok(settings.optional(SETTING)?.unwrap_or_default())
    }

    /// The caller's address, if the distribution has sent the request.
    fn viewer(&self, headers: &HeaderMap) -> Option<String> {
        let sent = Sha::of_bytes(headers.get(SECRET)?.as_bytes());
        if !self.0.contains(&sent) {
            return None;
        }
        // An address of version 6 has no brackets.
        let (address, port) = headers.get(VIEWER)?.to_str().ok()?.rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        address.parse::<IpAddr>().ok().map(|address| address.to_string())
    }
}

impl FromStr for Distribution {
    type Err = NotHashes;
    fn from_str(text: &str) -> Result<Self, NotHashes> {
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let hashes: Vec<_> = text.split(',').map(str::trim).collect();
        let fits = hashes.len() <= SECRETS_MAX && hashes.iter().all(|hash| is_hash(hash));
        if fits { Ok(Self(hashes.into_iter().map(Sha::from_stored).collect())) } else { Err(NotHashes) }
    }
}

/// Finds whose request it is; nothing behind it sees the two headers.
pub(super) async fn find_caller(
    State(distribution): State<Distribution>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = distribution.viewer(request.headers()).or_else(|| gateway_ip(request.extensions()));
    for header in [SECRET, VIEWER] {
        request.headers_mut().remove(header);
    }
    request.extensions_mut().insert(SourceIp(address));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use axum::{Json, Router};
    use lambda_http::request::RequestContext;
    use serde_json::json;
    use tower::ServiceExt;

    const NEWEST: &str = "the newest";
    const BEFORE: &str = "the one before";

    fn believing(secrets: &[&str]) -> Distribution {
        Distribution(secrets.iter().map(|secret| Sha::of_bytes(secret.as_bytes())).collect())
    }

    /// Whose request it is, and which of the two headers are left.
    async fn found(distribution: Distribution, sent: &[(HeaderName, &'static str)]) -> (String, usize) {
        let answer = async |SourceIp(address): SourceIp, headers: HeaderMap| {
            Json((address, headers.contains_key(SECRET) as usize + headers.contains_key(VIEWER) as usize))
        };
        let router = Router::new().route("/", get(answer)).layer(from_fn_with_state(distribution, find_caller));
        let http =
            json!({"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.9", "userAgent": ""});
        let context = serde_json::from_value(json!({"http": http, "timeEpoch": 0})).unwrap();
        let mut request = Request::get("/").body(Body::empty()).unwrap();
        request.extensions_mut().insert(RequestContext::ApiGatewayV2(context));
        for (name, value) in sent {
            request.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
        }
        let body = to_bytes(router.oneshot(request).await.unwrap().into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    #[tokio::test]
    async fn the_viewers_address_is_believed_beside_a_secret_and_never_without() {
        let behind = || believing(&[NEWEST, BEFORE]);
        let check = async |distribution: Distribution, secret: Option<&'static str>, viewer, address: &str| {
            let sent: Vec<_> = [(VIEWER, viewer)].into_iter().chain(secret.map(|secret| (SECRET, secret))).collect();
            assert_eq!(found(distribution, &sent).await, (address.to_owned(), 0), "{secret:?} {viewer}");
        };
        let (gateways, viewer) = ("192.0.2.9", "198.51.100.10:46532");
        for secret in [NEWEST, BEFORE] {
            check(behind(), Some(secret), viewer, "198.51.100.10").await;
            check(behind(), Some(secret), "2001:db8:0:0:0:0:0:7:46532", "2001:db8::7").await;
            check(Distribution::default(), Some(secret), viewer, gateways).await;
        }
        for secret in [None, Some(""), Some("another"), Some("the newest ")] {
            check(behind(), secret, viewer, gateways).await;
        }
        check(believing(&[NEWEST]), Some(BEFORE), viewer, gateways).await;
        for nothing in ["", "198.51.100.10", "198.51.100.10:", "198.51.100.10:99999", "desk.example.com:443", ":443"] {
            check(behind(), Some(NEWEST), nothing, gateways).await;
        }
        assert_eq!(found(behind(), &[(SECRET, NEWEST)]).await, (gateways.to_owned(), 0));
    }

    #[test]
    fn one_hash_or_two_are_believed_and_nothing_else_is_a_setting() {
        let read = |text: &str| Distribution::of(&Settings::of([(SETTING, text)]));
        let hash = |secret: &str| Sha::of_bytes(secret.as_bytes()).as_str().to_owned();
        let both = format!("{}, {}", hash(NEWEST), hash(BEFORE));
        assert_eq!(read(""), Ok(Distribution::default()));
        assert_eq!((read(&hash(NEWEST)), read(&both)), (Ok(believing(&[NEWEST])), Ok(believing(&[NEWEST, BEFORE]))));
        for wrong in [NEWEST, &hash(NEWEST).to_uppercase(), &format!("{both},{}", hash("c")), ","] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(!read(NEWEST).unwrap_err().to_string().contains(NEWEST), "what stands there may be a secret");
    }
}
