//! What a role or a plan says by now, in the sessions and programs' keys that are there.

use super::super::failures::Failures;
use super::super::programs::refit_keys;
use super::super::removal::fit_webhook_tokens;
use super::super::users::fit_bots;
use super::super::{IdentityError, Run};
use super::{granted, limit_openings};
use crate::conflict::retry_from;
use crate::ports::{Login, PageRequest};
use domain::identity::{Defined, DefinitionKind, DefinitionName, Grant, User};
use domain::ids::UserId;
use domain::limits::{PAGE_ITEMS_MAX, SESSIONS_PER_REQUEST_MAX};
use std::ops::ControlFlow::{Break, Continue};
use store::Engine;
use store::identity::Identity;

/// How many sessions this request still changes.
#[derive(Debug)]
pub(in crate::identity) struct Left(u32);

impl Left {
    pub(in crate::identity) fn of_a_request() -> Self {
        Self(SESSIONS_PER_REQUEST_MAX)
    }

    fn spend(&mut self) -> Result<(), IdentityError> {
        self.0 = self.0.checked_sub(1).ok_or(IdentityError::Unfinished)?;
        Ok(())
    }
}

/// Whoever's sessions, keys or tokens cannot be changed keeps nobody else's.
///
/// # Errors
/// `Unfinished` where that was too many for one request, or what failed first.
pub(super) async fn spread<T: Defined, D: Engine>(
    deps: &D,
    of: &T,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    if T::KIND == DefinitionKind::Permission {
        return Ok(());
    }
    let (name, version) = (T::named(of.name()), of.version());
    let is_outdated = |grant: &Grant| says(grant, &name).is_some_and(|said| said < version);
    let (mut left, mut failures) = (Left::of_a_request(), Failures::default());
    let mut page = PageRequest { limit: PAGE_ITEMS_MAX, cursor: None };
    loop {
        let (part, unreadable) = Identity(deps).list_readable_users(&page).await?;
        failures.note(unreadable.map_or(Ok(()), Err));
        for user in part.items.iter().filter(|user| of.is_of(user)) {
            let regranted = regrant(deps, &user.id, is_outdated, &mut left, run).await;
            if regranted == Err(IdentityError::Unfinished) {
                return regranted;
            }
            failures.note(regranted);
            failures.note(refit_keys(deps, &user.id, by, run).await);
            failures.note(fit_webhook_tokens(deps, &user.id, by, run).await);
            failures.note(fit_bots(deps, user, by, run).await);
            if T::KIND == DefinitionKind::Plan {
                failures.note(limit_openings(deps, &user.id).await);
            }
        }
        page.cursor = part.next;
        if page.cursor.is_none() {
            return failures.or(());
        }
    }
}

/// Gives one person's sessions what they are to say. It is looked up after a session was, so that none that is written
/// later was reckoned earlier.
pub(in crate::identity) async fn regrant<D: Engine>(
    deps: &D,
    user: &UserId,
    is_outdated: impl Fn(&Grant) -> bool,
    left: &mut Left,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    retry_from((left, is_outdated), IdentityError::Contended, |(left, is_outdated)| async move {
        let logins = Identity(deps).list_logins(user, run.now).await?;
        let mut outdated: Vec<_> = logins.into_iter().filter(|login| is_outdated(&login.grant)).collect();
        if outdated.is_empty() {
            return Ok(Break(()));
        }
        let Some(user) = Identity(deps).load_user(user).await? else { return Ok(Break(())) };
        let grant = granted(deps, &user).await?;
        outdated.retain(|login| is_to_say(login, &user, &grant));
        if outdated.is_empty() {
            return Ok(Break(()));
        }
        for login in outdated {
            left.spend()?;
            Identity(deps).grant_login(&login, &grant).await?;
        }
        Ok(Continue((left, is_outdated)))
    })
    .await
}

/// A session of another role ends, and is given nothing.
fn is_to_say(login: &Login, user: &User, grant: &Grant) -> bool {
    login.grant.role == user.role && login.grant != *grant
}

/// At which version a session says it, where it does.
fn says(grant: &Grant, name: &DefinitionName) -> Option<u64> {
    match name {
        DefinitionName::Role(role) => (grant.role == *role).then_some(grant.role_version),
        DefinitionName::Plan(plan) => (grant.plan == *plan).then_some(grant.plan_version),
        DefinitionName::Permission(_) => None,
    }
}
