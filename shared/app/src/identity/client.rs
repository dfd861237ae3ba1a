//! A key of a program against a token that is good for an hour (OAuth 2.0, client credentials).
//!
//! The token is signed and names the secret's session by its hash: each request by it is one by the key, so that what ends or
//! narrows the key ends or narrows the token, and it permits nothing that was not asked for.

use super::attempt::{self, Subject};
use super::{IdentityError, Run};
use crate::ports::{Guarded, KeyClaims, Secret, Session, SignToken, Visit};
use domain::identity::Scope;
use domain::ids::KeyId;
use domain::limits;
use std::collections::BTreeSet;
use store::Engine;
use store::identity::Identity;

#[derive(Debug)]
pub struct ClientCredentials {
    pub id: KeyId,
    pub secret: Secret,
    /// All that the key lets do, where none are named.
    pub scopes: Option<BTreeSet<Scope>>,
}

/// What a program has from now on, for an hour.
#[derive(Debug)]
pub struct ClientToken {
    pub claims: KeyClaims,
    pub token: Secret,
}

/// # Errors
/// `WrongClient`, whatever is wrong; `ScopeNotOfKey`, `Wait`, or where something cannot be reached.
pub async fn client_token<D: Engine, P: SignToken>(
    deps: &D,
    proofs: &P,
    credentials: ClientCredentials,
    run: Run<'_>,
) -> Result<ClientToken, IdentityError> {
    let ClientCredentials { id, secret, scopes } = credentials;
    let address = Subject::address(run.address);
    attempt::count(deps, &address, run).await?;
    let hash = secret.hash();
    let session = match Identity(deps).guard_session(&hash, Visit::at(run.now)).await? {
        Guarded::Admitted(session) if is_theirs(&session, &id, run) => session,
        Guarded::TooMany { retry_after, .. } => return Err(IdentityError::Wait(retry_after)),
        Guarded::Admitted(_) | Guarded::Unknown => return Err(IdentityError::WrongClient),
    };
    attempt::give_back(deps, &address).await?;
    let permitted: BTreeSet<_> = session.permits().collect();
    let scopes = scopes.unwrap_or_else(|| permitted.clone());
    if !scopes.is_subset(&permitted) {
        return Err(IdentityError::ScopeNotOfKey);
    }
    let expires_at = run.now.plus(limits::CLIENT_TOKEN_LIFE);
    let claims = KeyClaims { user: session.user, key: id, secret: hash, scopes, issued_at: run.now, expires_at };
    let token = proofs.sign_key_token(&claims).await?;
    Ok(ClientToken { claims, token })
}

fn is_theirs(session: &Session, id: &KeyId, run: Run<'_>) -> bool {
    session.key.as_ref() == Some(id) && session.is_from(run.address)
}
