//! People: their accounts, log-ins, and what proves who somebody is.

use domain::clock::Timestamp;
use domain::identity::{Password, PasswordHash, Scope};
use domain::ids::{KeyId, SessionId, Sha, UserId};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;

pub use store::identity::{Bootstrap, Login, Origin, Refresh, Replaced, Reset, TokenKey};

/// What a token says, once it is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    pub session: SessionId,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What a token of a program says, once it is proven: which secret of which key it is good for, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyClaims {
    pub user: UserId,
    pub key: KeyId,
    /// The hash of the secret that it was handed out for.
    pub secret: Sha,
    pub scopes: BTreeSet<Scope>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A text that lets its holder in: it never prints itself, and leaves no copy behind in memory.
#[derive(Debug, Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is kept of it.
    pub fn hash(&self) -> Sha {
        Sha::of_bytes(self.expose().as_bytes())
    }
}

/// Nothing could be proven or signed, for a reason of our own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a password or token cannot be dealt with now: {0}")]
pub struct ProofError(pub String);

pub trait HashPassword {
    async fn hash_password(&self, password: &Password) -> Result<PasswordHash, ProofError>;

    /// It takes as long where there is nothing to compare with.
    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError>;
}

pub trait SignToken {
    async fn sign_token(&self, claims: &Claims) -> Result<Secret, ProofError>;

    async fn sign_key_token(&self, claims: &KeyClaims) -> Result<Secret, ProofError>;
}

/// Secrets of refresh tokens, and each successor sealed under the token that it replaces.
pub trait SealRefresh {
    /// [`REFRESH_SECRET_CHARACTERS`] that nobody can guess.
    fn invent_secret(&self) -> Result<Secret, ProofError>;

    fn seal_successor(&self, replaced: &Secret, successor: &Secret) -> Result<String, ProofError>;

    /// # Errors
    /// Where it was sealed under another token, or was changed since.
    fn open_successor(&self, replaced: &Secret, sealed: &str) -> Result<Secret, ProofError>;
}

/// 32 bytes in base64url.
pub const REFRESH_SECRET_CHARACTERS: usize = 43;
