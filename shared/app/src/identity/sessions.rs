//! What somebody's log-ins are, how they end, and how the one in hand goes on.

use super::definitions::granted;
use super::failures::Failures;
use super::login::{LoggedIn, claims};
use super::{IdentityError, Run};
use crate::ports::{Login, SignToken};
use domain::clock::Timestamp;
use domain::identity::{Grant, User, may_refresh};
use domain::ids::{SessionId, UserId};
use domain::limits;
use store::Engine;
use store::identity::Identity;

/// Newest first.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn sessions<D: Engine>(deps: &D, user: &UserId, run: Run<'_>) -> Result<Vec<Login>, IdentityError> {
    let mut logins = Identity(deps).list_logins(user, run.now).await?;
    logins.sort_by_key(|login| std::cmp::Reverse(login.created_at));
    Ok(logins)
}

/// Of one of a person's own: another's is not there.
///
/// # Errors
/// `NoSession`, or where the store cannot be reached.
pub async fn end<D: Engine>(deps: &D, user: &UserId, login: &SessionId) -> Result<(), IdentityError> {
    if Identity(deps).end_login(user, login).await? { Ok(()) } else { Err(IdentityError::NoSession) }
}

/// A new token for the same session.
///
/// # Errors
/// `TooEarly` before its last hour, `TooOld` once it was renewed for a month or is not renewed any more, `NoSession` once it is over or its person has another role, or where something
/// cannot be reached.
pub async fn refresh<D: Engine, P: SignToken>(
    deps: &D,
    proofs: &P,
    user: &UserId,
    login: &SessionId,
    run: Run<'_>,
) -> Result<LoggedIn, IdentityError> {
    let logins = Identity(deps).list_logins(user, run.now).await?;
    let seen = logins.into_iter().find(|seen| seen.id == *login && run.now < seen.expires_at);
    let seen = seen.ok_or(IdentityError::NoSession)?;
    if !may_refresh(seen.expires_at, run.now) {
        return Err(IdentityError::TooEarly);
    }
    let (user, grant) = holder(deps, &seen).await?.ok_or(IdentityError::NoSession)?;
    let until = until(&seen, run.now);
    if seen.not_renewed || until <= seen.expires_at {
        return Err(IdentityError::TooOld);
    }
    if grant != seen.grant && !Identity(deps).grant_login(&seen, &grant).await? {
        return Err(IdentityError::Contended);
    }
    if !Identity(deps).extend_login(&seen, until).await? {
        return Err(IdentityError::TooEarly);
    }
    let login = Login { expires_at: until, grant, ..seen };
    let token = proofs.sign_token(&claims(&login, run)).await?;
    Ok(LoggedIn { user, login, token, refresh_token: None })
}

/// Whose session goes on, and what it permits by now. None where they are suspended or have another role: what should have
/// ended with that and did not goes on no longer.
pub(super) async fn holder<D: Engine>(deps: &D, seen: &Login) -> Result<Option<(User, Grant)>, IdentityError> {
    let user = Identity(deps).load_user(&seen.user).await?;
    let Some(user) = user.filter(|user| user.active && user.role == seen.grant.role) else { return Ok(None) };
    let grant = granted(deps, &user).await?;
    Ok(Some((user, grant)))
}

/// When the access token ends that a session gets now.
pub(super) fn until(seen: &Login, now: Timestamp) -> Timestamp {
    now.plus(limits::SESSION_LIFE).min(seen.created_at.plus(limits::SESSION_AGE_MAX))
}

/// What is over is among what is listed as of then: one may be renewed in this very moment.
const BEFORE_ALL: Timestamp = Timestamp::from_millis(0);

/// All of a person's but the one that stays, which goes on to the end of its access token and no further: there may be a copy
/// of one of its tokens.
pub(super) async fn end_others<D: Engine>(
    deps: &D,
    user: &UserId,
    stays: Option<&SessionId>,
) -> Result<(), IdentityError> {
    let mut failures = Failures::default();
    for login in Identity(deps).list_logins(user, BEFORE_ALL).await? {
        if Some(&login.id) != stays {
            failures.note(Identity(deps).end_login(user, &login.id).await);
        } else if !login.not_renewed {
            failures.note(Identity(deps).stop_refreshing(&login).await);
        }
    }
    failures.or(())
}

/// All of a person's that are meant; one that cannot be ended keeps no other.
pub(super) async fn end_all<D: Engine>(
    deps: &D,
    user: &UserId,
    is_meant: impl Fn(&Login) -> bool,
) -> Result<(), IdentityError> {
    let mut failures = Failures::default();
    for login in Identity(deps).list_logins(user, BEFORE_ALL).await?.iter().filter(|login| is_meant(login)) {
        failures.note(Identity(deps).end_login(user, &login.id).await);
    }
    failures.or(())
}
