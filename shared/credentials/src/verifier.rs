//! Tokens, proven by public keys.

use crate::Body;
use app::identity::{Prove, Proven};
use app::ports::{Secret, TokenKey};
use domain::clock::Timestamp;
use domain::limits::{TOKEN_KEYS_ASKED_AGAIN, TOKEN_KEYS_CACHE};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Signed tokens have two of them, and keys of programs none.
const MARK: char = '.';

/// Believes the keys that it was told, for a while.
#[derive(Debug)]
pub struct Verifier {
    deployment: String,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<TokenKey>,
    at: Option<Timestamp>,
}

impl Verifier {
    /// Of this deployment's tokens.
    pub fn new(deployment: &str) -> Self {
        Self { deployment: deployment.to_owned(), known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key that the token names, if it is still believed.
    fn key(&self, id: Option<&str>, now: Timestamp) -> Option<TokenKey> {
        let known = self.known();
        let is_believed = |key: &&TokenKey| Some(&*key.id) == id && key.until.is_none_or(|until| now < until);
        known.keys.iter().find(is_believed).cloned()
    }

    fn judge(&self, token: &str, now: Timestamp) -> Proven {
        let Ok(header) = decode_header(token) else { return Proven::Bad };
        if header.alg != Algorithm::EdDSA {
            return Proven::Bad;
        }
        let Some(key) = self.key(header.kid.as_deref(), now) else { return Proven::UnknownKey };
        let Ok(key) = DecodingKey::from_ed_components(&key.public) else { return Proven::Bad };
        let said = decode::<Body>(token, &key, &self.rules()).ok();
        said.and_then(|decoded| decoded.claims.proven(now)).unwrap_or(Proven::Bad)
    }

    /// The time is compared here, with the one that the request goes by.
    fn rules(&self) -> Validation {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims = HashSet::from(["exp", "iss", "sub"].map(str::to_owned));
        rules.set_issuer(&[&self.deployment]);
        rules
    }
}

impl Prove for Verifier {
    fn prove(&self, token: &Secret, now: Timestamp) -> Option<Proven> {
        token.expose().contains(MARK).then(|| self.judge(token.expose(), now))
    }

    fn is_stale(&self, now: Timestamp) -> bool {
        self.known().at.is_none_or(|at| now.since(at) >= TOKEN_KEYS_CACHE)
    }

    fn may_ask(&self, now: Timestamp) -> bool {
        self.known().at.is_none_or(|at| now.since(at) >= TOKEN_KEYS_ASKED_AGAIN)
    }

    fn learn(&self, keys: &[TokenKey], now: Timestamp) {
        *self.known() = Known { keys: keys.to_vec(), at: Some(now) };
    }
}
