//! What proves who somebody is, and what keeps secrets: hashes of passwords, signed tokens, and the vault's cipher.
//!
//! [`Passwords`] hashes and compares, [`Signer`] signs with the key that follows from the deployment's secret, and
//! [`Verifier`] proves tokens by public keys alone. [`AesGcm`] seals users' secrets, and the successors of
//! refresh tokens.
//!
//! 1. A token is good under one algorithm, whatever it says of itself, and under a key that we published.
//! 2. Hashing runs beside the thread that answers others.
//! 3. Secrets are cleared from memory when they are dropped, and never print themselves.
#![allow(async_fn_in_trait, reason = "the ports are of app")]

mod cipher;
mod passwords;
mod proofs;
mod refresh;
mod signer;
mod verifier;

pub use cipher::AesGcm;
pub use passwords::Passwords;
pub use proofs::Proofs;
pub use signer::Signer;
pub use verifier::Verifier;

use app::identity::Proven;
use app::ports::{Claims, KeyClaims, ProofError};
use domain::clock::Timestamp;
use domain::identity::Scope;
use domain::ids::{KeyId, SessionId, Sha, UserId};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// What stands in a token: a session of a person, or a secret of a program's key, and never both.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    iss: String,
    sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    /// The key's id, its secret's hash, and words with single blanks between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sec: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    iat: i64,
    exp: i64,
}

impl Body {
    fn of(claims: &Claims, deployment: &str) -> Self {
        Self {
            iss: deployment.to_owned(),
            sub: claims.user.to_string(),
            sid: Some(claims.session.to_string()),
            client_id: None,
            sec: None,
            scope: None,
            iat: seconds(claims.issued_at),
            exp: seconds(claims.expires_at),
        }
    }

    fn of_key(claims: &KeyClaims, deployment: &str) -> Self {
        let words: Vec<_> = claims.scopes.iter().map(Scope::as_str).collect();
        Self {
            iss: deployment.to_owned(),
            sub: claims.user.to_string(),
            sid: None,
            client_id: Some(claims.key.to_string()),
            sec: Some(claims.secret.as_str().to_owned()),
            scope: Some(words.join(" ")),
            iat: seconds(claims.issued_at),
            exp: seconds(claims.expires_at),
        }
    }

    /// What it proves until its end.
    fn proven(self, now: Timestamp) -> Option<Proven> {
        let at = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1_000));
        let (user, issued_at, expires_at) = (UserId::parse(&self.sub).ok()?, at(self.iat), at(self.exp));
        if expires_at <= now {
            return None;
        }
        match (self.sid, self.client_id, self.sec, self.scope) {
            (Some(session), None, None, None) => {
                let session = SessionId::parse(&session).ok()?;
                Some(Proven::Good(Claims { user, session, issued_at, expires_at }))
            }
            (None, Some(key), Some(secret), Some(words)) => {
                let (key, secret) = (KeyId::parse(&key).ok()?, Sha::from_stored(secret));
                let words = words.split(' ').filter(|word| !word.is_empty());
                let scopes = words.map(str::parse).collect::<Result<_, _>>().ok()?;
                Some(Proven::Program(KeyClaims { user, key, secret, scopes, issued_at, expires_at }))
            }
            _ => None,
        }
    }
}

fn seconds(at: Timestamp) -> i64 {
    at.millis().div_euclid(1_000)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn failed(error: impl Display) -> ProofError {
    ProofError(error.to_string())
}

#[cfg(test)]
mod attacks;
