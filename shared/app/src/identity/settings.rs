//! Settings of a user: what applies, and how a user changes it.

use super::definitions::found;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::conflict::retry_on_conflict;
use domain::identity::{Layer, Merged, PlanDefinition, Settings, UserSettings};
use domain::ids::{BotId, UserId};
use store::Engine;
use store::catalog::Catalog;
use store::identity::Identity;
use store::trading::Trading;

/// The settings that apply to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub merged: Merged,
    /// What the user has set.
    pub own: UserSettings,
}

/// # Errors
/// `NoUser`, or if the store cannot be reached.
pub async fn settings<D: Engine>(deps: &D, user: &UserId) -> Result<Applied, IdentityError> {
    let own = Identity(deps).load_settings(user).await?;
    applied(deps, own, &Settings::default()).await
}

/// The same as a bot of theirs trades by them.
///
/// # Errors
/// `NoBot`, `NoUser`, or if the store cannot be reached.
pub async fn settings_of_bot<D: Engine>(deps: &D, user: &UserId, bot: &BotId) -> Result<Applied, IdentityError> {
    let bot = Trading(deps).load_bot(user, bot).await?.filter(|bot| !bot.deleted).ok_or(IdentityError::NoBot)?;
    let of_bot = Settings { entry_preset: bot.terms.preset, ..Settings::default() };
    let own = Identity(deps).load_settings(user).await?;
    applied(deps, own, &of_bot).await
}

/// Settings that a user wants, made of those that are set. `seen` is the version that is meant; 0 if none is kept.
///
/// # Errors
/// `NoPreset`, `VersionConflict`, `NoUser`, `Contended`, or if the store cannot be reached.
pub async fn change_settings<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: impl Fn(Settings) -> Settings,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<Applied, IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        let before = Identity(deps).load_settings(user).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(IdentityError::VersionConflict(before.version));
        }
        let settings = wanted(before.settings.clone());
        let differences = settings.differences(&before.settings);
        if differences.is_empty() {
            return applied(deps, before, &Settings::default()).await.map(Some);
        }
        is_kept(deps, user, &settings).await?;
        let version = before.version.saturating_add(1);
        let after = UserSettings { user: user.clone(), settings, version, updated_at: Some(run.now) };
        // As of a profile: names of what was changed, and no values.
        let reason = format!("their {}", differences.join(", "));
        let record = audit("change settings", user.as_str(), &reason, run.act(user));
        if Identity(deps).keep_settings(&after, before.version, &record).await? {
            return applied(deps, after, &Settings::default()).await.map(Some);
        }
        // A removed user's are not kept either.
        Identity(deps).load_user(user).await?.map(|_| None).ok_or(IdentityError::NoUser)
    })
    .await
}

async fn applied<D: Engine>(deps: &D, own: UserSettings, of_bot: &Settings) -> Result<Applied, IdentityError> {
    let user = Identity(deps).load_user(&own.user).await?.ok_or(IdentityError::NoUser)?;
    // As a session is granted: a plan that is there no more limits nothing and says nothing.
    let plan: PlanDefinition = found(deps, &user.plan).await?.unwrap_or_default();
    let merged = Merged::of(&[(Layer::Plan, &plan.settings), (Layer::User, &own.settings), (Layer::Bot, of_bot)]);
    Ok(Applied { merged, own })
}

/// The preset of entries must be there now. If it is deleted later, a bot that would need it does not start.
async fn is_kept<D: Engine>(deps: &D, user: &UserId, settings: &Settings) -> Result<(), IdentityError> {
    let Some(name) = settings.entry_preset.as_ref().filter(|name| !name.is_standard()) else { return Ok(()) };
    let kept = Catalog(deps).load_preset(user, name).await?.is_some_and(|preset| !preset.deleted);
    if kept { Ok(()) } else { Err(IdentityError::NoPreset) }
}
