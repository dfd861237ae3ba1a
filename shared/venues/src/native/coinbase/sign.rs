//! The token of one request: who asks, for what, and until when.

use super::key;
use crate::native::{Login, Method};
use data_encoding::HEXLOWER;
use domain::clock::{Millis, Timestamp};
use jsonwebtoken::{Header, encode};
use serde::Serialize;

/// An order that is still under way after this is refused there.
pub(super) const ORDER_VALIDITY: Millis = Millis::seconds(10);
const READ_VALIDITY: Millis = Millis::seconds(60);
/// A question is valid from a moment ago: a clock that is a little ahead is no reason to refuse it.
const READ_AGE: Millis = Millis::seconds(2);
const NONCE_BYTES: usize = 16;

/// From when to when a token is good, by the exchange's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    from_s: i64,
    until_s: i64,
}

/// Why nothing could be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsigned {
    /// The secret is no key that can be signed with.
    Key,
    /// No random number could be had here.
    Nonce,
}

#[derive(Serialize)]
struct Claims<'a> {
    sub: &'a str,
    iss: &'static str,
    nbf: i64,
    exp: i64,
    uri: &'a str,
}

impl Window {
    /// Of an order: from its persisted time, in whole seconds, never later than that.
    pub(super) fn of_order(login: &Login, sent_at: Timestamp) -> Self {
        Self::from(login.signed_at(sent_at), ORDER_VALIDITY)
    }

    pub(super) fn of_read(login: &Login) -> Self {
        Self::from(login.signed_at(login.now).minus(READ_AGE), READ_VALIDITY)
    }

    fn from(start: Timestamp, validity: Millis) -> Self {
        let seconds = |ms: i64| ms.div_euclid(1_000);
        let from_s = seconds(start.millis());
        Self { from_s, until_s: from_s.saturating_add(seconds(validity.get())) }
    }

    /// Whether a token of this window is good then.
    pub(super) fn holds(&self, at: Timestamp) -> bool {
        (self.from_s..self.until_s).contains(&at.millis().div_euclid(1_000))
    }
}

/// The token for one request, as it stands in its header.
pub(super) fn token(login: &Login, method: Method, path: &str, window: Window) -> Result<String, Unsigned> {
    let signing = key::read(&login.key.api_secret).ok_or(Unsigned::Key)?;
    let name = login.key.api_key.expose();
    let mut header = Header::new(signing.algorithm);
    header.kid = Some(name.to_owned());
    header.nonce = Some(nonce()?);
    let uri = uri(&login.site.url, method, path);
    let claims = Claims { sub: name, iss: "cdp", nbf: window.from_s, exp: window.until_s, uri: &uri };
    encode(&header, &claims, &signing.key).map_err(|_| Unsigned::Key)
}

/// `POST api.coinbase.com/api/v3/brokerage/orders`: without scheme and query.
fn uri(url: &str, method: Method, path: &str) -> String {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let method = match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    format!("{method} {host}{path}")
}

fn nonce() -> Result<String, Unsigned> {
    let mut bytes = [0_u8; NONCE_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| Unsigned::Nonce)?;
    Ok(HEXLOWER.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ED25519_POINT, ED25519_SEED, P256_POINT, bytes, login, request, sec1};
    use super::*;
    use data_encoding::BASE64;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
    use serde_json::{Value, json};

    const ORDERS: &str = "/api/v3/brokerage/orders";

    /// Header and claims, if the token was signed with the private half of this key.
    fn verified(token: &str, algorithm: Algorithm, key: &DecodingKey) -> (Header, Value) {
        let mut how = Validation::new(algorithm);
        (how.validate_exp, how.validate_nbf) = (false, false);
        let data = decode::<Value>(token, key, &how).unwrap();
        (data.header, data.claims)
    }

    fn p256() -> DecodingKey {
        DecodingKey::from_ec_der(&bytes(P256_POINT))
    }

    #[test]
    fn the_token_of_an_order_ends_ten_seconds_after_its_persisted_time() {
        let login = login(&sec1());
        let window = Window::of_order(&login, request().sent_at);
        let token = token(&login, Method::Post, ORDERS, window).unwrap();
        let (header, claims) = verified(&token, Algorithm::ES256, &p256());
        let name = "organizations/1/apiKeys/2";
        assert_eq!((header.typ.as_deref(), header.kid.as_deref()), (Some("JWT"), Some(name)));
        assert_eq!(header.nonce.map(|nonce| nonce.len()), Some(32));
        // 1,700,000,000.499 of ours and 0.7 s more is 1,700,000,001.199 of theirs.
        let uri = "POST api.coinbase.com/api/v3/brokerage/orders";
        let expected = json!({ "sub": name, "iss": "cdp", "nbf": 1_700_000_001, "exp": 1_700_000_011, "uri": uri });
        assert_eq!(claims, expected);
    }

    #[test]
    fn a_question_is_good_for_a_minute_at_most_and_each_has_a_number_of_its_own() {
        let login = login(&sec1());
        let ask = || token(&login, Method::Get, ORDERS, Window::of_read(&login)).unwrap();
        let ((one, claims), (two, _)) =
            (verified(&ask(), Algorithm::ES256, &p256()), verified(&ask(), Algorithm::ES256, &p256()));
        assert_ne!(one.nonce, two.nonce);
        assert_eq!((&claims["nbf"], &claims["exp"]), (&json!(1_700_000_001), &json!(1_700_000_061)));
    }

    #[test]
    fn an_ed25519_key_signs_as_one() {
        let login = login(&BASE64.encode(&bytes(ED25519_SEED)));
        let token = token(&login, Method::Get, ORDERS, Window::of_read(&login)).unwrap();
        verified(&token, Algorithm::EdDSA, &DecodingKey::from_ed_der(&bytes(ED25519_POINT)));
    }

    #[test]
    fn what_cannot_be_signed_with_is_told() {
        let check = |secret: &str| {
            let login = login(secret);
            let tried = token(&login, Method::Get, ORDERS, Window::of_read(&login));
            assert_eq!(tried, Err(Unsigned::Key), "{secret}");
        };
        check("secret");
        check(&super::super::testing::pem("EC PRIVATE KEY", &[1, 2, 3]));
    }

    #[test]
    fn the_host_of_a_site_on_this_machine_stands_with_its_port() {
        assert_eq!(uri("http://127.0.0.1:7070", Method::Get, "/a"), "GET 127.0.0.1:7070/a");
    }
}
