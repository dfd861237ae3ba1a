//! Both together, for whoever lets somebody in.

use crate::Signer;
use app::ports::{Claims, HashPassword, KeyClaims, ProofError, Secret, SignToken};
use domain::identity::{Password, PasswordHash};

/// Compares passwords, and signs for those whose it is.
#[derive(Debug, Clone)]
pub struct Proofs<P> {
    pub passwords: P,
    pub signer: Signer,
}

impl<P: HashPassword> HashPassword for Proofs<P> {
    async fn hash_password(&self, password: &Password) -> Result<PasswordHash, ProofError> {
        self.passwords.hash_password(password).await
    }

    async fn is_password(&self, given: &Password, kept: Option<&PasswordHash>) -> Result<bool, ProofError> {
        self.passwords.is_password(given, kept).await
    }
}

impl<P> SignToken for Proofs<P> {
    async fn sign_token(&self, claims: &Claims) -> Result<Secret, ProofError> {
        self.signer.sign_token(claims).await
    }

    async fn sign_key_token(&self, claims: &KeyClaims) -> Result<Secret, ProofError> {
        self.signer.sign_key_token(claims).await
    }
}
