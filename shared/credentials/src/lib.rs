//! What proves who somebody is, and what keeps secrets: hashes of passwords, signed tokens, and the vault's cipher.
//!
//! [`Passwords`] hashes and compares, [`Signer`] signs with the key that follows from the deployment's secret, and
//! [`Verifier`] proves tokens by public keys alone. [`AesGcm`] seals users' secrets.
//!
//! 1. A token is good under one algorithm, whatever it says of itself, and under a key that we published.
//! 2. Hashing runs beside the thread that answers others.
//! 3. Secrets are cleared from memory when they are dropped, and never print themselves.
#![allow(async_fn_in_trait, reason = "the ports are of app")]

mod cipher;
mod passwords;
mod proofs;
mod signer;
mod verifier;

pub use cipher::AesGcm;
pub use passwords::Passwords;
pub use proofs::Proofs;
pub use signer::Signer;
pub use verifier::Verifier;

use app::ports::{Claims, ProofError};
use domain::clock::Timestamp;
use domain::ids::{SessionId, UserId};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// What stands in a token.
#[derive(Debug, Serialize, Deserialize)]
struct Body {
    iss: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

impl Body {
    fn of(claims: &Claims, deployment: &str) -> Self {
        Self {
            iss: deployment.to_owned(),
            sub: claims.user.to_string(),
            sid: claims.session.to_string(),
            iat: seconds(claims.issued_at),
            exp: seconds(claims.expires_at),
        }
    }

    fn claims(&self) -> Option<Claims> {
        let at = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1_000));
        let (user, session) = (UserId::parse(&self.sub).ok()?, SessionId::parse(&self.sid).ok()?);
        Some(Claims { user, session, issued_at: at(self.iat), expires_at: at(self.exp) })
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
