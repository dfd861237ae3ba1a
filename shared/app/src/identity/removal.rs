//! Somebody goes.
//!
//! 1. Who is removed is found by nobody any more; their address and name are free. What they did stays on record under
//!    their id.
//! 2. They are kept out before, so that a run that stops half way leaves them no way in, and their sessions, webhook tokens
//!    and keys of programs end once more after.
//! 3. Nobody is removed while a position of theirs is open: it would go on without anybody who may close it. That is looked
//!    at again once none of their accounts enters: what an alert opened meanwhile leaves them kept out and not removed.

use super::definitions::granted;
use super::kept_out::{keep_out, open_groups};
use super::programs::end_keys;
use super::sessions::end_others;
use super::users::{ChangeUsers, Standing, find_below, stand};
use super::{IdentityError, Run};
use crate::ports::{
    ChangeTokens, FindUser, KeepProgramKey, KeptToken, ListProgramKeys, ListTokens, LoadDefinition, Notify, RemoveUser,
    Session, TokenChange,
};
use crate::tokens::{self, Token};
use crate::trading::audit;
use domain::identity::{PasswordHash, Permission, User};
use domain::ids::UserId;
use domain::limits::DECISIONS_PER_RUN_MAX;
use domain::token::WebhookToken;
use std::collections::BTreeSet;

/// What removing somebody needs of the store.
pub trait Remove: ChangeUsers + RemoveUser {}
impl<D: ChangeUsers + RemoveUser> Remove for D {}

/// What ending somebody's webhook tokens and keys of programs needs of the store.
pub trait EndTokens: ListTokens + ChangeTokens + ListProgramKeys + KeepProgramKey + Notify {}
impl<D: ListTokens + ChangeTokens + ListProgramKeys + KeepProgramKey + Notify> EndTokens for D {}

/// # Errors
/// `NoUser`, `NotYours`, `Oneself`, `LastAdmin`, `GroupsOpen`, `GroupsOpenStill`, `VersionConflict`, `Contended`, or where
/// the store cannot be reached.
pub async fn remove<D: Remove>(
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
    flat(deps, user, IdentityError::GroupsOpen).await?;
    let kept_out = Standing { active: Some(false), ..Standing::default() };
    let before = stand(deps, admin, user, kept_out, Some(before.version), run).await?;
    flat(deps, user, IdentityError::GroupsOpenStill).await?;
    let record = audit("remove user", user.as_str(), "by a person", run.act(&admin.user));
    // Who is kept out is no admin who comes in: nobody has to be one in their place.
    if !deps.remove_user(&before, &gone(&before), None, &record).await? {
        return Err(IdentityError::Contended);
    }
    end_others(deps, user, None).await?;
    // An account that a request under way has opened since.
    keep_out(deps, user, &admin.user, run).await?;
    end_tokens(deps, user, &admin.user, run).await
}

async fn flat<D: Remove>(deps: &D, user: &UserId, refusal: fn(u32) -> IdentityError) -> Result<(), IdentityError> {
    match open_groups(deps, user).await? {
        0 => Ok(()),
        open => Err(refusal(open)),
    }
}

/// All of a person's; a process that has found a webhook token believes it for half a minute.
pub(super) async fn end_tokens<D: EndTokens>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    end_keys(deps, user, by, run).await?;
    let ended = end_webhook_tokens(deps, (user, None), by, run, "with its user").await?;
    if ended { Ok(()) } else { Err(IdentityError::Contended) }
}

/// Who may no longer say who sends alerts is traded for by none of those that they let in.
/// They are looked up anew, and their tokens end as they are then: another admin may have changed them meanwhile.
pub(super) async fn fit_webhook_tokens<D: EndTokens + FindUser + LoadDefinition>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    for _ in 0..DECISIONS_PER_RUN_MAX {
        let Some(user) = deps.load_user(user).await? else { return Ok(()) };
        if granted(deps, &user).await?.scopes.iter().any(|scope| scope.as_str() == Permission::ACCOUNTS.as_str()) {
            return Ok(());
        }
        if end_webhook_tokens(deps, (&user.id, Some(user.version)), by, run, "with the right to make it").await? {
            return Ok(());
        }
    }
    Err(IdentityError::Contended)
}

/// Not where the tokens, or their user where a version is named, have changed since.
async fn end_webhook_tokens<D: EndTokens>(
    deps: &D,
    (user, standing): (&UserId, Option<u64>),
    by: &UserId,
    run: Run<'_>,
    why: &str,
) -> Result<bool, IdentityError> {
    let rows = deps.list_tokens(user).await?.into_iter();
    let live: Vec<_> = rows.filter(|row| row.revoked_at.is_none() && row.token.is_live(run.now)).collect();
    let ids: BTreeSet<_> = live.iter().map(|row| row.token.id.clone()).collect();
    for id in ids {
        let changed =
            live.iter().filter(|row| row.token.id == id).map(|row| (revoked(row, run), row.version)).collect();
        let mut record = audit("revoke webhook token", id.as_str(), why, run.act(by));
        let current = live.iter().find(|row| row.token.id == id && !row.replaced);
        record.before = current.map(|row| tokens::told(&Token { kept: row.clone(), former_until: None }));
        if !deps.change_tokens(&TokenChange { changed, standing, ..TokenChange::default() }, &record).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn revoked(row: &KeptToken, run: Run<'_>) -> KeptToken {
    let token = WebhookToken { expires_at: Some(run.now), ..row.token.clone() };
    KeptToken { token, version: row.version.saturating_add(1), revoked_at: Some(run.now), ..row.clone() }
}

fn gone(user: &User) -> User {
    let version = user.version.saturating_add(1);
    User { active: false, password: PasswordHash::nobodys(), version, ..user.clone() }
}
