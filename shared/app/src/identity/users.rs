//! People, as an admin sees and changes them.

use super::{IdentityError, Run};
use crate::ports::{ChangeUser, FindUser, KeepLogin, ListUsers, Page, PageRequest, Session};
use crate::trading::audit;
use domain::identity::{Permission, Role, User};
use domain::ids::UserId;

/// What changing somebody needs of the store.
pub trait ChangeUsers: FindUser + ChangeUser + KeepLogin {}
impl<D: FindUser + ChangeUser + KeepLogin> ChangeUsers for D {}

/// What an admin gives or takes; what is not named stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    pub role: Option<Role>,
    pub active: Option<bool>,
}

/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: ListUsers>(deps: &D, page: &PageRequest) -> Result<Page<User>, IdentityError> {
    Ok(deps.list_users(page).await?)
}

/// Oneself, or anybody by an admin.
///
/// # Errors
/// `NoUser`, or where the store cannot be reached.
pub async fn find<D: FindUser>(deps: &D, session: &Session, user: &UserId) -> Result<User, IdentityError> {
    let may = session.user == *user || session.may(Permission::USERS);
    let found = if may { deps.load_user(user).await? } else { None };
    found.ok_or(IdentityError::NoUser)
}

/// Their sessions end: what they may do from now on, they do after logging in again.
///
/// # Errors
/// `NoUser`, `Oneself`, `VersionConflict`, or where the store cannot be reached.
pub async fn stand<D: ChangeUsers>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    standing: Standing,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<User, IdentityError> {
    let before = find(deps, admin, user).await?;
    if before.id == admin.user {
        return Err(IdentityError::Oneself);
    }
    if seen.is_some_and(|seen| seen != before.version) {
        // What was seen may have been changed by this very request, which then came no further.
        end_outdated(deps, &before, run).await?;
        return Err(IdentityError::VersionConflict(before.version));
    }
    let after = User {
        role: standing.role.unwrap_or(before.role),
        active: standing.active.unwrap_or(before.active),
        version: before.version.saturating_add(1),
        ..before.clone()
    };
    if (after.role, after.active) == (before.role, before.active) {
        // Once more, for a change that did not come as far.
        end_outdated(deps, &before, run).await?;
        return Ok(before);
    }
    let act = run.act(&admin.user);
    let mut record = audit("change user", before.id.as_str(), "by an admin", act);
    (record.before, record.after) = (Some(told(&before)), Some(told(&after)));
    if !deps.change_user(&after, before.version, None, &record).await? {
        let now = deps.load_user(user).await?.ok_or(IdentityError::NoUser)?;
        return Err(IdentityError::VersionConflict(now.version));
    }
    end_outdated(deps, &after, run).await?;
    Ok(after)
}

/// Sessions of somebody who may not come in, or with another role. None is begun meanwhile: that stands on the version.
async fn end_outdated<D: KeepLogin>(deps: &D, user: &User, run: Run<'_>) -> Result<(), IdentityError> {
    for login in deps.list_logins(&user.id, run.now).await? {
        if !user.active || login.role != user.role {
            deps.end_login(&user.id, &login.id).await?;
        }
    }
    Ok(())
}

fn told(user: &User) -> String {
    format!("{}, {}", user.role, if user.active { "active" } else { "not active" })
}
