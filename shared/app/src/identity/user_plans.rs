//! Which plan somebody has: given by an admin, to others.

use super::definitions::{Left, found, limit_openings, regrant};
use super::failures::Failures;
use super::programs::refit_keys;
use super::users::find_below;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::ports::{Page, PageRequest, Session};
use domain::identity::{PlanDefinition, PlanName, User};
use domain::ids::UserId;
use store::Engine;
use store::identity::Identity;

/// In the place of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Give {
    /// Of none but the default.
    First,
    /// Of whatever they have.
    Other,
    /// Nothing but the default from here on.
    None,
}

/// Those who were given one, by their ids; a page may be short.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn planned<D: Engine>(deps: &D, page: &PageRequest) -> Result<Page<User>, IdentityError> {
    let Page { mut items, next } = Identity(deps).list_users(page).await?;
    items.retain(|user| !user.plan.is_default());
    Ok(Page { items, next })
}

/// Their sessions and their openings are limited by it before this answers.
///
/// # Errors
/// `NoUser`, `NoPlan`, `PlanInactive`, `DuplicateUserPlan`, `NoUserPlan`, `NotYours`, `Oneself`, `VersionConflict`,
/// `Contended`, `Unfinished`, or where the store cannot be reached.
pub async fn give_plan<D: Engine>(
    deps: &D,
    admin: &Session,
    user: &UserId,
    (plan, give): (&PlanName, Give),
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<User, IdentityError> {
    let before = find_below(deps, admin, user).await?;
    if seen.is_some_and(|seen| seen != before.version) {
        // What was seen may have been changed by this very request, which then came no further.
        settle(deps, &before, &admin.user, run).await?;
        return Err(IdentityError::VersionConflict(before.version));
    }
    if before.plan == *plan && give != Give::First {
        // Once more, for a change that did not come as far.
        settle(deps, &before, &admin.user, run).await?;
        return if give == Give::None { Err(IdentityError::NoUserPlan) } else { Ok(before) };
    }
    may_have(deps, &before, plan, give).await?;
    let after = User { plan: plan.clone(), version: before.version.saturating_add(1), ..before.clone() };
    let mut record = audit("give plan", before.id.as_str(), "by an admin", run.act(&admin.user));
    (record.before, record.after) = (Some(before.plan.to_string()), Some(after.plan.to_string()));
    if !Identity(deps).replace_user(&after, &before, None, &record).await? {
        let now = Identity(deps).load_user(user).await?.ok_or(IdentityError::NoUser)?;
        let is_changed = now.version != before.version;
        return Err(if is_changed { IdentityError::VersionConflict(now.version) } else { IdentityError::Contended });
    }
    settle(deps, &after, &admin.user, run).await?;
    Ok(after)
}

async fn may_have<D: Engine>(deps: &D, user: &User, plan: &PlanName, give: Give) -> Result<(), IdentityError> {
    if give == Give::First && !user.plan.is_default() {
        return Err(IdentityError::DuplicateUserPlan);
    }
    let plan: PlanDefinition = found(deps, plan).await?.ok_or(IdentityError::NoPlan)?;
    if plan.active { Ok(()) } else { Err(IdentityError::PlanInactive) }
}

async fn settle<D: Engine>(deps: &D, user: &User, by: &UserId, run: Run<'_>) -> Result<(), IdentityError> {
    let (mut left, mut failures) = (Left::of_a_request(), Failures::default());
    failures.note(regrant(deps, &user.id, |grant| grant.plan != user.plan, &mut left, run).await);
    failures.note(refit_keys(deps, &user.id, by, run).await);
    failures.note(limit_openings(deps, &user.id).await);
    failures.or(())
}
