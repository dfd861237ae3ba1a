//! The token: signed with the key's own curve, for this request and no other, and for two minutes at most.
//!
//! Beside `api.coinbase.com` the token may name the host that was really asked, since a simulator is reached by another.

use super::error::Refused;
use crate::engine::Millis;
use crate::http::Call;
use crate::site::{Key, Right, Site};
use data_encoding::BASE64URL_NOPAD;
use p256::SecretKey;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde::Deserialize;

const HOST: &str = "api.coinbase.com";
const ISSUERS: [&str; 2] = ["cdp", "coinbase-cloud"];
const SECONDS_MAX: i64 = 120;

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: String,
    nonce: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    nbf: i64,
    exp: i64,
    uri: String,
}

pub(super) fn check(site: &Site, call: &Call, right: Right, now: Millis) -> Result<Key, Refused> {
    let key = signed(site, call, now).ok_or(Refused::Unauthorized)?;
    if !key.may_come_from(call.ip) {
        return Err(Refused::Unauthorized);
    }
    if key.may(right) { Ok(key) } else { Err(Refused::MissingScopes) }
}

/// The key that signed this very request, in time.
fn signed(site: &Site, call: &Call, now: Millis) -> Option<Key> {
    let token = call.header("authorization")?.strip_prefix("Bearer ")?;
    let (message, signature) = token.rsplit_once('.')?;
    let (head, claims) = message.split_once('.')?;
    let head: Head = decoded(head)?;
    let claims: Claims = decoded(claims)?;
    let key = site.key(&head.kid)?;
    let signature = Signature::from_slice(&BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?).ok()?;
    verifying(key)?.verify(message.as_bytes(), &signature).ok()?;
    let is_ours = head.alg == "ES256" && !head.nonce.is_empty() && claims.sub == key.id;
    let is_meant = ISSUERS.contains(&claims.iss.as_str()) && is_for(&claims.uri, call);
    (is_ours && is_meant && is_in_time(&claims, now)).then(|| key.clone())
}

fn verifying(key: &Key) -> Option<VerifyingKey> {
    let secret = SecretKey::from_sec1_pem(&key.secret).ok()?;
    Some(*SigningKey::from(secret).verifying_key())
}

fn decoded<T: for<'a> Deserialize<'a>>(part: &str) -> Option<T> {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok()
}

/// `GET host/path`, without the query.
fn is_for(uri: &str, call: &Call) -> bool {
    let Some((method, place)) = uri.split_once(' ') else { return false };
    // Clients that take the scheme off take only `https` off.
    let place = place.strip_prefix("http://").unwrap_or(place);
    let host = place.strip_suffix(call.path.as_str());
    method == call.method && host.is_some_and(|host| host == HOST || Some(host) == call.header("host"))
}

fn is_in_time(claims: &Claims, now: Millis) -> bool {
    let seconds = now.div_euclid(1000);
    let length = claims.exp.saturating_sub(claims.nbf);
    claims.nbf <= seconds && seconds < claims.exp && length <= SECONDS_MAX
}
