//! Somebody is forgotten: by themselves, who know the password and what their second factor shows, or by an admin, also after they were removed.
//!
//! 1. Their accounts go first, and with them every sealed key; while a position is open nothing is begun, and the bots that would close
//!    it go on. What is opened meanwhile goes last, when nobody is let in who could open another.
//! 2. From the commit that removes them on nobody finds them, and the row that is left names nobody.
//! 3. What they did stays on record under their id, without the address that they asked from; the chain holds.
//! 4. Their inbox goes whole, with what is kept of the networks that they came from, and so do their bots and risk rules. Nothing is fetched for them any more.
//! 5. Their sessions end late: a run that stops half way is gone on with by sending the same again.

use super::attempt::Subject;
use super::closing::{close_accounts, stop_bots};
use super::kept_out::{mark_accounts, no_group_is_open};
use super::letters;
use super::personal::{audited, backfills, wishes};
use super::profile::prove_twice;
use super::removal::end_all_tokens;
use super::sessions::end_others;
use super::users::{find_below, may_no_more, still_admin};
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::backfills::{BackfillError, cancel};
use crate::ports::{HashPassword, SealFactor, SendLetter, Session};
use domain::identity::{GivenCode, Password, PasswordHash, Permission, Profile, User};
use domain::ids::UserId;
use domain::logs;
use store::Engine;
use store::audit::Audits;
use store::idempotency::KeyedRequests;
use store::identity::Identity;
use store::market::Market;
use store::trading::Trading;

/// # Errors
/// `NoUser`, `NotYours`, `WrongCredentials`, `FactorNeeded`, `WrongFactor`, `Wait`, `LastAdmin`, `GroupsOpen`, `Contended`, or where something cannot be reached.
pub async fn erase<D: Engine, P: HashPassword, K: SealFactor, M: SendLetter>(
    deps: &D,
    (proofs, key, post): (&P, &K, &M),
    by: &Session,
    user: &UserId,
    given: (Option<&Password>, Option<&GivenCode>),
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let is_oneself = by.user == *user;
    if !is_oneself && !by.may(Permission::USERS) {
        return Err(IdentityError::NoUser);
    }
    // Whoever is forgotten leaves no address in the record of it.
    let run = if is_oneself { Run { address: None, ..run } } else { run };
    let kept = match Identity(deps).load_user(user).await? {
        Some(before) => {
            if is_oneself {
                prove_twice(deps, (proofs, key), &before, given, run).await?;
            } else {
                find_below(deps, by, user).await?;
            }
            let kept = leave(deps, by, &before, run).await?;
            if is_oneself {
                letters::erased(post, &before.email, run).await;
            }
            kept
        }
        None => blank_removed(deps, by, user, run).await?,
    };
    forget(deps, by, &kept, run).await?;
    end_others(deps, &kept.id, None).await?;
    // By the mark whoever goes on with it may close what an account of the last moment holds.
    mark_accounts(deps, &kept, &by.user, run).await?;
    close_accounts(deps, &kept.id, &by.user, run).await
}

/// Somebody who is there goes, and is nobody from then on.
async fn leave<D: Engine>(deps: &D, by: &Session, before: &User, run: Run<'_>) -> Result<User, IdentityError> {
    let kept = blank(before)?;
    let witness = still_admin(deps, by, before, &kept).await?;
    no_group_is_open(deps, &before.id).await?;
    stop_bots(deps, &before.id, &by.user, run).await?;
    close_accounts(deps, &before.id, &by.user, run).await?;
    let stays = by.login.as_ref().filter(|_| by.user == before.id);
    end_others(deps, &before.id, stays).await?;
    end_all_tokens(deps, &before.id, &by.user, run).await?;
    let record = audit("erase user", before.id.as_str(), "by a person", run.act(&by.user));
    if !Identity(deps).remove_user(before, &kept, witness.as_ref(), &record).await? {
        return Err(IdentityError::Contended);
    }
    end_all_tokens(deps, &before.id, &by.user, run).await?;
    for subject in [Subject::account(&before.email), Subject::letters(&before.email)] {
        Identity(deps).forget_guesses(&subject.key).await?;
    }
    Ok(kept)
}

/// Who was removed before, or by a run that came no further.
async fn blank_removed<D: Engine>(deps: &D, by: &Session, user: &UserId, run: Run<'_>) -> Result<User, IdentityError> {
    let removed = Identity(deps).load_removed(user).await?.ok_or(IdentityError::NoUser)?;
    if by.user != *user {
        may_no_more(deps, by, &removed).await?;
    }
    no_group_is_open(deps, user).await?;
    stop_bots(deps, user, &by.user, run).await?;
    close_accounts(deps, user, &by.user, run).await?;
    end_all_tokens(deps, user, &by.user, run).await?;
    let kept = blank(&removed)?;
    if kept.email == removed.email {
        return Ok(removed);
    }
    let record = audit("erase user", user.as_str(), "by a person", run.act(&by.user));
    if Identity(deps).blank_user(&kept, removed.version, &record).await? {
        Ok(kept)
    } else {
        Err(IdentityError::Contended)
    }
}

/// From where they asked, wherever it is kept.
async fn forget<D: Engine>(deps: &D, by: &Session, user: &User, run: Run<'_>) -> Result<(), IdentityError> {
    for chain in audited(deps, user, run).await?.into_values().flatten() {
        Audits(deps).forget_addresses(&chain).await?;
    }
    for day in user.created_at.max(run.now.minus(logs::RETENTION)).day()..=run.now.day() {
        Identity(deps).forget_noted(&user.id, day).await?;
    }
    // One that a request under way has started since.
    stop_bots(deps, &user.id, &by.user, run).await?;
    KeyedRequests(deps).forget(&user.id).await?;
    Trading(deps).forget_bots(&user.id).await?;
    Trading(deps).forget_rules(&user.id).await?;
    Trading(deps).forget_trade_records(&user.id).await?;
    fetch_no_more(deps, &user.id, run).await?;
    Ok(Trading(deps).forget_inbox(&user.id).await?)
}

/// What workers keep of candles by then stays: it is nobody's own.
async fn fetch_no_more<D: Engine>(deps: &D, user: &UserId, run: Run<'_>) -> Result<(), IdentityError> {
    for wish in wishes(deps, user).await? {
        Market(deps).drop_wish(&wish.series, &wish.by).await?;
    }
    for backfill in backfills(deps, user).await?.iter().filter(|backfill| backfill.is_running()) {
        cancel(deps, user, &backfill.id, run.now).await.map_err(|error| match error {
            BackfillError::Store(error) => IdentityError::from(error),
            _ => IdentityError::Contended,
        })?;
    }
    // A worker that plays one hears before its next part that it is there no more.
    Ok(Market(deps).forget_backtests(user).await?)
}

/// No address and no name that was anybody's.
fn blank(user: &User) -> Result<User, IdentityError> {
    let email = format!("{}@erased.invalid", user.id).parse().map_err(|_| IdentityError::NoUser)?;
    let username = format!("erased.{}", user.id).parse().map_err(|_| IdentityError::NoUser)?;
    let (profile, password) = (Profile::default(), PasswordHash::nobodys());
    let version = user.version.saturating_add(1);
    Ok(User { email, username, profile, password, active: false, last_login: None, version, ..user.clone() })
}
