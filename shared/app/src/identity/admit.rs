//! What a bearer token lets in: a program by its key, a person by a token that was signed for their session.

use crate::ports::{Claims, Guarded, KeyClaims, Secret, StoreError, TokenKey, Visit};
use domain::clock::Timestamp;
use store::Engine;
use store::identity::Identity;

/// Somebody at the door.
#[derive(Debug, Clone, Copy)]
pub struct Knock<'a> {
    pub token: &'a Secret,
    /// From where, as the gateway saw it.
    pub address: Option<&'a str>,
    pub visit: Visit,
}

/// Proves signed tokens by the public keys that it was told.
pub trait Prove {
    /// None where it is not of a form that is signed.
    fn prove(&self, token: &Secret, now: Timestamp) -> Option<Proven>;

    /// Whether the keys are to be asked for: they were told long ago, or never.
    fn is_stale(&self, now: Timestamp) -> bool;

    /// Whether a key that is not among them may be asked for: strangers name any.
    fn may_ask(&self, now: Timestamp) -> bool;

    fn learn(&self, keys: &[TokenKey], now: Timestamp);
}

/// What a signed token proved to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proven {
    Good(Claims),
    /// Of a program, for a secret of its key.
    Program(KeyClaims),
    /// Signed by a key that is not known here, or says so.
    UnknownKey,
    Bad,
}

/// # Errors
/// Where the store cannot be reached.
pub async fn admit<D: Engine, P: Prove>(deps: &D, proofs: &P, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
    match counted(deps, proofs, knock.token, knock.visit).await? {
        // From elsewhere its key is none; it was counted, so that nobody finds out quickly from where it is one.
        Guarded::Admitted(session) if !session.is_from(knock.address) => Ok(Guarded::Unknown),
        guarded => Ok(guarded),
    }
}

async fn counted<D: Engine, P: Prove>(
    deps: &D,
    proofs: &P,
    token: &Secret,
    visit: Visit,
) -> Result<Guarded, StoreError> {
    let now = visit.now;
    if proofs.prove(token, now).is_none() {
        // Only the hash is compared, by the store: how long that takes tells nothing of the token.
        return Identity(deps).guard_session(&token.hash(), visit).await;
    }
    if proofs.is_stale(now) {
        proofs.learn(&Identity(deps).load_token_keys().await?, now);
    }
    let mut proven = proofs.prove(token, now);
    if proven == Some(Proven::UnknownKey) && proofs.may_ask(now) {
        proofs.learn(&Identity(deps).load_token_keys().await?, now);
        proven = proofs.prove(token, now);
    }
    match proven {
        Some(Proven::Good(claims)) => Identity(deps).guard_login(&claims.user, &claims.session, visit).await,
        Some(Proven::Program(claims)) => by_key(deps, &claims, visit).await,
        _ => Ok(Guarded::Unknown),
    }
}

/// By the key as it is now, and for what the token was handed out for.
async fn by_key<D: Engine>(deps: &D, claims: &KeyClaims, visit: Visit) -> Result<Guarded, StoreError> {
    Ok(match Identity(deps).guard_session(&claims.secret, visit).await? {
        Guarded::Admitted(session) if session.key.as_ref() == Some(&claims.key) => {
            Guarded::Admitted(session.within(&claims.scopes))
        }
        Guarded::Admitted(_) => Guarded::Unknown,
        refused => refused,
    })
}
