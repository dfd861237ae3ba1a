//! People, as an admin sees and changes them.

use super::closing::stop_bots;
use super::definitions::{above, given_role, granted};
use super::failures::Failures;
use super::kept_out::mark_accounts;
use super::programs::fit_keys;
use super::removal::{end_tokens, fit_webhook_tokens};
use super::sessions::end_all;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::conflict::retry_from;
use crate::notices;
use crate::ports::{Page, PageRequest, Session};
use domain::identity::{Permission, Preferences, Profile, Role, RoleName, User};
use domain::ids::{AttemptId, UserId};
use domain::limits::PAGE_ITEMS_MAX;
use std::ops::ControlFlow::{Break, Continue};
use store::Engine;
use store::identity::Identity;

/// What an admin gives or takes; what is not named stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    pub role: Option<RoleName>,
    pub active: Option<bool>,
    /// What their programs keep for them.
    pub preferences: Option<Preferences>,
}

/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, page: &PageRequest, sought: &Sought) -> Result<Page<User>, IdentityError> {
    let mut page = page.clone();
    let mut found = Vec::new();
    for _ in 0..PAGES_MAX {
        let part = Identity(deps).list_users(&page).await?;
        found.extend(part.items.into_iter().filter(|user| sought.is(user)));
        page.cursor = part.next;
        let left = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_sub(found.len());
        if page.cursor.is_none() || left == 0 {
            break;
        }
        page.limit = u32::try_from(left).unwrap_or(page.limit);
    }
    Ok(Page { items: found, next: page.cursor })
}

/// Pages that one request looks through; the next one goes on.
const PAGES_MAX: u32 = 20;

/// Who is looked for: whoever has all of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sought {
    /// In the address or the name, in large or small letters.
    pub text: Option<String>,
    pub role: Option<RoleName>,
    pub active: Option<bool>,
}

impl Sought {
    fn is(&self, user: &User) -> bool {
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let texts = [user.email.as_str(), user.username.as_str()];
        self.text.as_ref().is_none_or(|part| texts.iter().any(|text| has(text, part)))
            && self.role.as_ref().is_none_or(|role| user.role == *role)
            && self.active.is_none_or(|active| active == user.active)
    }
}

/// Oneself, or anybody by an admin.
///
/// # Errors
/// `NoUser`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, session: &Session, user: &UserId) -> Result<User, IdentityError> {
    let may = session.user == *user || session.may(Permission::USERS);
    let found = if may { Identity(deps).load_user(user).await? } else { None };
    found.ok_or(IdentityError::NoUser)
}

/// Somebody else, by an admin who has all that they have.
pub(super) async fn find_below<D: Engine>(deps: &D, admin: &Session, user: &UserId) -> Result<User, IdentityError> {
    let known = find(deps, admin, user).await?;
    if known.id == admin.user {
        return Err(IdentityError::Oneself);
    }
    may_no_more(deps, admin, &known).await?;
    Ok(known)
}

/// Nobody deals with whoever may more than they.
pub(super) async fn may_no_more<D: Engine>(deps: &D, admin: &Session, user: &User) -> Result<(), IdentityError> {
    above(deps, admin, &user.role).await
}

/// With another role, or where they may not come in, their sessions end: what they may do from now on, they do after logging
/// in again.
///
/// # Errors
/// `NoUser`, `NoRole`, `NotYours`, `Oneself`, `LastAdmin`, `VersionConflict`, `Contended`, or where the store cannot be
/// reached.
pub async fn stand<D: Engine>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    standing: Standing,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<User, IdentityError> {
    let before = find_below(deps, admin, user).await?;
    if let Some(role) = &standing.role {
        given_role(deps, admin, role).await?;
    }
    if seen.is_some_and(|seen| seen != before.version) {
        // What was seen may have been changed by this very request, which then came no further.
        end_outdated(deps, &before, &admin.user, run).await?;
        return Err(IdentityError::VersionConflict(before.version));
    }
    let after = standing.of(&before);
    if (&after.role, after.active, &after.profile) == (&before.role, before.active, &before.profile) {
        // Once more, for a change that did not come as far.
        end_outdated(deps, &before, &admin.user, run).await?;
        return Ok(before);
    }
    let act = run.act(&admin.user);
    let has_others = after.profile != before.profile;
    let reason = if has_others { "by an admin, with other preferences" } else { "by an admin" };
    let mut record = audit("change user", before.id.as_str(), reason, act);
    (record.before, record.after) = (Some(told(&before)), Some(told(&after)));
    let witness = still_admin(deps, admin, &before, &after).await?;
    if !Identity(deps).replace_user(&after, &before, witness.as_ref(), &record).await? {
        let now = Identity(deps).load_user(user).await?.ok_or(IdentityError::NoUser)?;
        let is_changed = now.version != before.version;
        return Err(if is_changed { IdentityError::VersionConflict(now.version) } else { IdentityError::Contended });
    }
    end_outdated(deps, &after, &admin.user, run).await?;
    notices::role_changed(deps, &before, &after, run.now).await;
    Ok(after)
}

impl Standing {
    fn of(self, before: &User) -> User {
        let preferences = self.preferences.unwrap_or_else(|| before.profile.preferences.clone());
        User {
            role: self.role.unwrap_or_else(|| before.role.clone()),
            active: self.active.unwrap_or(before.active),
            profile: Profile { preferences, ..before.profile.clone() },
            version: before.version.saturating_add(1),
            ..before.clone()
        }
    }
}

/// As they stand by now: where somebody changes that meanwhile, what is done to them follows the newest.
async fn end_outdated<D: Engine>(deps: &D, user: &User, admin: &UserId, run: Run<'_>) -> Result<(), IdentityError> {
    retry_from(user.clone(), IdentityError::Contended, |user| async move {
        // One stamp names one change of a row: what this request changes once more is not the change that it has made.
        let stamp = deps.stamp()?;
        let attempt = AttemptId::new(format!("{}#{}", run.attempt.as_str(), stamp.as_str()));
        if follow(deps, &user, admin, Run { attempt: &attempt, ..run }).await? {
            return Ok(Break(()));
        }
        // Whoever removes them ends all of it.
        Ok(Identity(deps).load_user(&user.id).await?.map_or(Break(()), Continue))
    })
    .await
}

/// Sessions of somebody who may not come in, or with another role. None is begun meanwhile: that stands on the version.
/// Nor is a key of theirs made; those that they have do from here on what their role permits. The money comes first, and
/// nothing waits for what fails. False where another change was first.
async fn follow<D: Engine>(deps: &D, user: &User, admin: &UserId, run: Run<'_>) -> Result<bool, IdentityError> {
    let mut failures = Failures::default();
    if failures.note(mark_accounts(deps, user, admin, run).await) == Some(false) {
        return Ok(false);
    }
    failures.note(end_all(deps, &user.id, |login| !user.active || login.grant.role != user.role).await);
    failures.note(fit_bots(deps, user, admin, run).await);
    if user.active {
        failures.note(fit_keys(deps, user, admin, run).await);
        failures.note(fit_webhook_tokens(deps, &user.id, admin, run).await);
    } else if failures.note(end_tokens(deps, (&user.id, Some(user.version)), admin, run).await) == Some(false) {
        return Ok(false);
    }
    failures.or(true)
}

/// Bots of whoever may no longer trade enter nothing more; what they have opened is still told when to leave.
pub(super) async fn fit_bots<D: Engine>(
    deps: &D,
    user: &User,
    admin: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let may_trade = || async {
        let granted = granted(deps, user).await?;
        Ok::<_, IdentityError>(granted.scopes.iter().any(|scope| scope.as_str() == Permission::WRITE.as_str()))
    };
    if user.active && may_trade().await? { Ok(()) } else { stop_bots(deps, &user.id, admin, run).await }
}

/// Where an admin goes, another who stays one: whoever does it, else anybody.
pub(super) async fn still_admin<D: Engine>(
    deps: &D,
    by: &Session,
    before: &User,
    after: &User,
) -> Result<Option<UserId>, IdentityError> {
    let is_admin = |user: &User| user.active && user.role == Role::Admin;
    if !is_admin(before) || is_admin(after) {
        return Ok(None);
    }
    if by.user != before.id && Identity(deps).load_user(&by.user).await?.is_some_and(|user| is_admin(&user)) {
        return Ok(Some(by.user.clone()));
    }
    let mut page = PageRequest { limit: PAGE_ITEMS_MAX, cursor: None };
    loop {
        let part = Identity(deps).list_users(&page).await?;
        if let Some(other) = part.items.iter().find(|user| user.id != before.id && is_admin(user)) {
            return Ok(Some(other.id.clone()));
        }
        page.cursor = part.next;
        if page.cursor.is_none() {
            return Err(IdentityError::LastAdmin);
        }
    }
}

fn told(user: &User) -> String {
    format!("{}, {}", user.role, if user.active { "active" } else { "not active" })
}
