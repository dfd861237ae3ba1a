//! Bearer tokens of the API.

use super::StoreError;
use domain::ids::Sha;
use store::Engine;
use store::identity::Identity;

pub use store::identity::{Guarded, Session, Visit};

pub trait GuardSession {
    /// Counts the request and lets it in. The hash is what is kept of the token.
    async fn guard_session(&self, token_hash: &Sha, visit: Visit) -> Result<Guarded, StoreError>;
}

impl<E: Engine> GuardSession for E {
    async fn guard_session(&self, token_hash: &Sha, visit: Visit) -> Result<Guarded, StoreError> {
        Identity(self).guard_session(token_hash, visit).await
    }
}
