//! Somebody goes.
//!
//! 1. Who is removed is found by nobody any more; their address and name are free. What they did stays on record under
//!    their id.
//! 2. They are kept out before, so that a run that stops half way leaves them no way in, and their sessions, webhook tokens
//!    and keys of programs end once more after.
//! 3. Nobody is removed while a position of theirs is open: it would go on without anybody who may close it. That is looked
//!    at again once none of their accounts enters: what an alert opened meanwhile leaves them kept out and not removed.
//! 4. Their accounts are closed before them, and with them every sealed key; their bots are stopped before those.

use super::closing::{close_accounts, stop_bots};
use super::definitions::granted;
use super::failures::Failures;
use super::kept_out::{mark_accounts, no_group_is_open};
use super::programs::end_keys;
use super::sessions::end_others;
use super::users::{Standing, find_below, stand};
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::conflict::retry_on_conflict;
use crate::ports::{KeptToken, Session, TokenChange};
use crate::tokens::{self, Token};
use domain::identity::{PasswordHash, Permission, User};
use domain::ids::UserId;
use domain::token::WebhookToken;
use std::collections::BTreeSet;
use store::Engine;
use store::identity::Identity;
use store::trading::Trading;

/// # Errors
/// `NoUser`, `NotYours`, `Oneself`, `LastAdmin`, `GroupsOpen`, `GroupsOpenStill`, `VersionConflict`, `Contended`, or where
/// the store cannot be reached.
pub async fn remove<D: Engine>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let before = find_below(deps, admin, user).await?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(IdentityError::VersionConflict(before.version));
    }
    no_group_is_open(deps, user).await?;
    let kept_out = Standing { active: Some(false), ..Standing::default() };
    let before = stand(deps, admin, user, kept_out, Some(before.version), run).await?;
    stop_bots(deps, user, &admin.user, run).await?;
    close_accounts(deps, user, &admin.user, run).await.map_err(opened_meanwhile)?;
    let record = audit("remove user", user.as_str(), "by a person", run.act(&admin.user));
    let gone = gone(&before);
    // Who is kept out is no admin who comes in: nobody has to be one in their place.
    if !Identity(deps).remove_user(&before, &gone, None, &record).await? {
        return Err(IdentityError::Contended);
    }
    let mut failures = Failures::default();
    failures.note(end_others(deps, user, None).await);
    // An account that a request under way has opened since.
    failures.note(mark_accounts(deps, &gone, &admin.user, run).await);
    failures.note(end_all_tokens(deps, user, &admin.user, run).await);
    failures.note(close_accounts(deps, user, &admin.user, run).await);
    failures.note(stop_bots(deps, user, &admin.user, run).await);
    failures.or(())
}

fn opened_meanwhile(error: IdentityError) -> IdentityError {
    if let IdentityError::GroupsOpen(open) = error { IdentityError::GroupsOpenStill(open) } else { error }
}

/// Of a person who does not come back.
pub(super) async fn end_all_tokens<D: Engine>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        Ok(end_tokens(deps, (user, None), by, run).await?.then_some(()))
    })
    .await
}

/// All of a person's; a process that has found a webhook token believes it for half a minute. False where one of them, or
/// their user where a version is named, has changed meanwhile.
pub(super) async fn end_tokens<D: Engine>(
    deps: &D,
    (user, standing): (&UserId, Option<u64>),
    by: &UserId,
    run: Run<'_>,
) -> Result<bool, IdentityError> {
    let mut failures = Failures::default();
    let keys = failures.note(end_keys(deps, (user, standing), by, run).await);
    let tokens = failures.note(end_webhook_tokens(deps, (user, standing), by, run, "with its user").await);
    if [keys, tokens].contains(&Some(false)) { Ok(false) } else { failures.or(true) }
}

/// Who may no longer say who sends alerts is traded for by none of those that they let in.
/// They are looked up anew, and their tokens end as they are then: another admin may have changed them meanwhile.
pub(super) async fn fit_webhook_tokens<D: Engine>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        let Some(user) = Identity(deps).load_user(user).await? else { return Ok(Some(())) };
        if granted(deps, &user).await?.scopes.iter().any(|scope| scope.as_str() == Permission::ACCOUNTS.as_str()) {
            return Ok(Some(()));
        }
        Ok(end_webhook_tokens(deps, (&user.id, Some(user.version)), by, run, "with the right to make it")
            .await?
            .then_some(()))
    })
    .await
}

/// But those that have changed since, and none where their user has and a version is named.
async fn end_webhook_tokens<D: Engine>(
    deps: &D,
    (user, standing): (&UserId, Option<u64>),
    by: &UserId,
    run: Run<'_>,
    why: &str,
) -> Result<bool, IdentityError> {
    let rows = Trading(deps).list_tokens(user).await?.into_iter();
    let live: Vec<_> = rows.filter(|row| row.revoked_at.is_none() && row.token.is_live(run.now)).collect();
    let ids: BTreeSet<_> = live.iter().map(|row| row.token.id.clone()).collect();
    let (mut failures, mut all) = (Failures::default(), true);
    for id in ids {
        let changed =
            live.iter().filter(|row| row.token.id == id).map(|row| (revoked(row, run), row.version)).collect();
        let mut record = audit("revoke webhook token", id.as_str(), why, run.act(by));
        let current = live.iter().find(|row| row.token.id == id && !row.replaced);
        record.before = current.map(|row| tokens::told(&Token { kept: row.clone(), former_until: None }));
        let change = TokenChange { changed, standing, ..TokenChange::default() };
        all &= failures.note(Trading(deps).change_tokens(&change, &record).await) != Some(false);
    }
    if all { failures.or(true) } else { Ok(false) }
}

fn revoked(row: &KeptToken, run: Run<'_>) -> KeptToken {
    let token = WebhookToken { expires_at: Some(run.now), ..row.token.clone() };
    KeptToken { token, version: row.version.saturating_add(1), revoked_at: Some(run.now), ..row.clone() }
}

fn gone(user: &User) -> User {
    let version = user.version.saturating_add(1);
    User { active: false, password: PasswordHash::nobodys(), version, ..user.clone() }
}
