//! Settings of a user: what applies, and how a user changes it.

use super::definitions::found;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::conflict::retry_on_conflict;
use domain::identity::{Layer, Merged, PlanDefinition, Settings, User, UserSettings};
use domain::ids::{BotId, UserId};
use domain::preset::PresetName;
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
    let user = Identity(deps).load_user(user).await?.ok_or(IdentityError::NoUser)?;
    settings_of_user(deps, &user).await
}

/// # Errors
/// If the store cannot be reached.
pub async fn settings_of_user<D: Engine>(deps: &D, user: &User) -> Result<Applied, IdentityError> {
    let plan = settings_of_plan(deps, user).await?;
    Ok(applied_to_user(&plan, Identity(deps).load_settings(&user.id).await?))
}

/// As they apply to a bot: of one that runs, by what its run has started with.
///
/// # Errors
/// `NoBot`, `NoUser`, or if the store cannot be reached.
pub async fn settings_of_bot<D: Engine>(deps: &D, user: &UserId, bot: &BotId) -> Result<Applied, IdentityError> {
    let bot = Trading(deps).load_bot(user, bot).await?.filter(|bot| !bot.deleted).ok_or(IdentityError::NoBot)?;
    let running = match bot.run.as_ref().filter(|_| bot.running) {
        Some(run) => Trading(deps).load_run(user, run).await?,
        None => None,
    };
    let started_with = running.map(|run| run.preset()).filter(|preset| bot.terms.preset.as_ref() != Some(preset));
    let (layer, entry_preset) = match started_with {
        Some(preset) => (Layer::Run, Some(preset)),
        None => (Layer::Bot, bot.terms.preset),
    };
    let user = Identity(deps).load_user(user).await?.ok_or(IdentityError::NoUser)?;
    let plan = settings_of_plan(deps, &user).await?;
    let own = Identity(deps).load_settings(&user.id).await?;
    Ok(applied(&plan, own, (layer, &Settings { entry_preset, ..Settings::default() })))
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
        // All that the answer needs, before anything is changed.
        let of_user = Identity(deps).load_user(user).await?.ok_or(IdentityError::NoUser)?;
        let plan = settings_of_plan(deps, &of_user).await?;
        let before = Identity(deps).load_settings(user).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(IdentityError::VersionConflict(before.version));
        }
        let settings = wanted(before.settings.clone());
        let differences = settings.differences(&before.settings);
        if differences.is_empty() {
            return Ok(Some(applied_to_user(&plan, before)));
        }
        let preset = settings.entry_preset.clone();
        if preset != before.settings.entry_preset {
            is_kept(deps, user, preset.as_ref()).await?;
        }
        let version = before.version.saturating_add(1);
        let after = UserSettings { user: user.clone(), settings, version, updated_at: Some(run.now) };
        // As of a profile, names of what was changed and no values; but a preset decides what a bot buys.
        let reason = format!("their {}", differences.join(", "));
        let mut record = audit("change settings", user.as_str(), &reason, run.act(user));
        if preset != before.settings.entry_preset {
            (record.before, record.after) = (told(before.settings.entry_preset.as_ref()), told(preset.as_ref()));
        }
        if Identity(deps).keep_settings(&after, before.version, &record).await? {
            return Ok(Some(applied_to_user(&plan, after)));
        }
        // A removed user is looked up in vain by the next try.
        Ok(None)
    })
    .await
}

fn applied_to_user(plan: &Settings, own: UserSettings) -> Applied {
    applied(plan, own, (Layer::Bot, &Settings::default()))
}

fn applied(plan: &Settings, own: UserSettings, of_bot: (Layer, &Settings)) -> Applied {
    let merged = Merged::of(&[(Layer::Plan, plan), (Layer::User, &own.settings), of_bot]);
    Applied { merged, own }
}

/// A plan that was removed just now says nothing.
async fn settings_of_plan<D: Engine>(deps: &D, user: &User) -> Result<Settings, IdentityError> {
    let plan: Option<PlanDefinition> = found(deps, &user.plan).await?;
    Ok(plan.unwrap_or_default().settings)
}

/// The preset of entries must be there now. If it is deleted later, a bot that would need it does not start.
async fn is_kept<D: Engine>(deps: &D, user: &UserId, preset: Option<&PresetName>) -> Result<(), IdentityError> {
    let Some(name) = preset.filter(|name| !name.is_standard()) else { return Ok(()) };
    let kept = Catalog(deps).load_preset(user, name).await?.is_some_and(|preset| !preset.deleted);
    if kept { Ok(()) } else { Err(IdentityError::NoPreset) }
}

fn told(preset: Option<&PresetName>) -> Option<String> {
    Some(preset.map_or_else(|| "no entry_preset".to_owned(), |name| format!("entry_preset {name}")))
}
