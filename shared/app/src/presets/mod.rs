//! Presets: named settings of a user's trades.
//!
//! 1. A preset is what [`wire::preset`] finds good, or is not kept.
//! 2. Every change is a new version, on the one that was seen; the old ones stay readable.
//! 3. One that was taken away leaves its number behind, so that no version ever means two things.

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::{KeptPreset, StoreError};
use domain::limits;
use domain::preset::{PresetName, PresetRef};
use store::Engine;
use store::catalog::Catalog;
use store::trading::Trading;
use wire::preset::{BUILT_IN, Document};
use wire::view::{Preset, PresetDates};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    #[error("there is no such preset")]
    Unknown,
    #[error("you keep a preset of this name already: change it, or choose another name")]
    Duplicate,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("at most {} presets are kept: take one away first", limits::PRESETS_PER_USER_MAX)]
    TooMany,
    /// Whoever has stolen a program's key would leave what its owner's alerts buy from now on without a floor.
    #[error(
        "a program's key neither takes off nor loosens a preset's stop or time limit, nor asks for more profit of its signals: a person \
         does, who has logged in; or keep it under another name"
    )]
    NotInPerson,
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    Created(KeptPreset),
    Replaced(KeptPreset),
    /// It said the same already.
    Same(KeptPreset),
}

/// All of them by name, the built-in one among them unless the user keeps one in its place.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, act: Act<'_>) -> Result<Vec<KeptPreset>, PresetError> {
    let mut presets = Catalog(deps).list_presets(act.user).await?;
    if !presets.iter().any(|preset| preset.at.name.is_standard()) {
        presets.push(built_in(act));
        presets.sort_by(|one, other| one.at.name.cmp(&other.at.name));
    }
    Ok(presets)
}

/// As its owner sees it.
///
/// # Errors
/// Where what is kept is no JSON.
pub fn shown(preset: &KeptPreset) -> Result<Preset, StoreError> {
    let KeptPreset { at, document, deleted, created_at, updated_at, updated_by, .. } = preset;
    let dates = PresetDates { created_at: *created_at, updated_at: *updated_at, updated_by: updated_by.as_str() };
    let dates = (at.version > 0).then_some(dates);
    Preset::of(at, document, *deleted, dates).map_err(StoreError::Unreadable)
}

/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, name: &PresetName, act: Act<'_>) -> Result<KeptPreset, PresetError> {
    match live(deps, name, act).await? {
        Some(preset) => Ok(preset),
        None if name.is_standard() => Ok(built_in(act)),
        None => Err(PresetError::Unknown),
    }
}

/// A preset that is not kept yet.
///
/// # Errors
/// `Duplicate`, `TooMany`, `NotInPerson`, or where the store cannot be reached.
pub async fn create<D: Engine>(
    deps: &D,
    name: &PresetName,
    document: &Document,
    act: Act<'_>,
) -> Result<KeptPreset, PresetError> {
    retry_on_conflict(PresetError::Contended, || async {
        let before = Catalog(deps).load_preset(act.user, name).await?;
        if before.as_ref().is_some_and(|before| !before.deleted) {
            return Err(PresetError::Duplicate);
        }
        allow_whom(deps, name, before.as_ref(), document, act).await?;
        room(deps, act).await?;
        Ok(keep(deps, name, before.as_ref(), document.text(), "create preset", act).await?)
    })
    .await
}

/// A preset as it is to be from now on, kept before or not. `seen` is the version that is meant; 0 where none is kept.
///
/// # Errors
/// `VersionConflict`, `TooMany`, `NotInPerson`, or where the store cannot be reached.
pub async fn put<D: Engine>(
    deps: &D,
    name: &PresetName,
    document: &Document,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<Put, PresetError> {
    retry_on_conflict(PresetError::Contended, || async {
        let before = Catalog(deps).load_preset(act.user, name).await?;
        let kept_before = before.clone().filter(|before| !before.deleted);
        is_seen(kept_before.as_ref(), seen)?;
        allow_whom(deps, name, before.as_ref(), document, act).await?;
        let text = document.text();
        match kept_before {
            Some(kept) if kept.document == text => return Ok(Some(Put::Same(kept))),
            Some(kept) => {
                if let Some(kept) = keep(deps, name, Some(&kept), text, "change preset", act).await? {
                    return Ok(Some(Put::Replaced(kept)));
                }
            }
            None => {
                room(deps, act).await?;
                if let Some(kept) = keep(deps, name, before.as_ref(), text, "create preset", act).await? {
                    return Ok(Some(Put::Created(kept)));
                }
            }
        }
        Ok(None)
    })
    .await
}

/// Takes a preset away. Alerts that name it are rejected from now on; groups that began with it keep their plan.
///
/// # Errors
/// `Unknown`, `VersionConflict`, `NotInPerson`, or where the store cannot be reached.
pub async fn delete<D: Engine>(
    deps: &D,
    name: &PresetName,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<(), PresetError> {
    retry_on_conflict(PresetError::Contended, || async {
        let before = live(deps, name, act).await?.ok_or(PresetError::Unknown)?;
        is_seen(Some(&before), seen)?;
        if name.is_standard() {
            // From then on the built-in one counts.
            allow_whom(deps, name, Some(&before), &standard()?, act).await?;
        }
        let gone = KeptPreset { deleted: true, ..next(name, Some(&before), before.document.clone(), act) };
        Ok(write(deps, &gone, Some(&before), "delete preset", act).await?.then_some(()))
    })
    .await
}

/// What counts where none is kept.
fn standard() -> Result<Document, StoreError> {
    Document::parse(BUILT_IN).map_err(|wrong| StoreError::Unreadable(wrong.to_string()))
}

async fn live<D: Engine>(deps: &D, name: &PresetName, act: Act<'_>) -> Result<Option<KeptPreset>, StoreError> {
    Ok(Catalog(deps).load_preset(act.user, name).await?.filter(|preset| !preset.deleted))
}

fn built_in(act: Act<'_>) -> KeptPreset {
    KeptPreset {
        user: act.user.clone(),
        at: PresetRef { name: PresetName::standard(), version: 0 },
        document: BUILT_IN.to_owned(),
        created_at: act.now,
        updated_at: act.now,
        updated_by: act.user.clone(),
        deleted: false,
    }
}

fn is_seen(before: Option<&KeptPreset>, seen: Option<u64>) -> Result<(), PresetError> {
    let version = before.map_or(0, |before| before.at.version);
    if seen.is_none_or(|seen| seen == version) { Ok(()) } else { Err(PresetError::VersionConflict(version)) }
}

/// Alerts name it, whoever changes it: where there is money to lose, what lets more of it be lost is a person's.
async fn allow_whom<D: Engine>(
    deps: &D,
    name: &PresetName,
    before: Option<&KeptPreset>,
    document: &Document,
    act: Act<'_>,
) -> Result<(), PresetError> {
    if act.in_person() || !is_looser(name, before, document) {
        return Ok(());
    }
    for account in Trading(deps).list_accounts(act.user).await? {
        if Trading(deps).load_account(&account).await?.is_some_and(|account| !account.exchange.is_paper()) {
            return Err(PresetError::NotInPerson);
        }
    }
    Ok(())
}

/// One that was taken away was named, too, and the built-in one is wherever none is named.
fn is_looser(name: &PresetName, before: Option<&KeptPreset>, document: &Document) -> bool {
    let standard = name.is_standard().then_some(BUILT_IN);
    let Some(was) = before.map(|before| before.document.as_str()).or(standard) else { return false };
    let plan = |document: &Document| document.preset().map(|preset| preset.plan);
    match (Document::parse(was).and_then(|was| plan(&was)), plan(document)) {
        (Ok(was), Ok(is)) => is.is_looser_than(&was),
        // What a newer release has kept is not compared by this one.
        _ => true,
    }
}

async fn room<D: Engine>(deps: &D, act: Act<'_>) -> Result<(), PresetError> {
    let kept = Catalog(deps).list_presets(act.user).await?.len();
    if kept < limits::PRESETS_PER_USER_MAX { Ok(()) } else { Err(PresetError::TooMany) }
}

/// The new version; none where another was first.
async fn keep<D: Engine>(
    deps: &D,
    name: &PresetName,
    before: Option<&KeptPreset>,
    document: String,
    action: &str,
    act: Act<'_>,
) -> Result<Option<KeptPreset>, StoreError> {
    let preset = next(name, before, document, act);
    Ok(write(deps, &preset, before, action, act).await?.then_some(preset))
}

fn next(name: &PresetName, before: Option<&KeptPreset>, document: String, act: Act<'_>) -> KeptPreset {
    let version = before.map_or(0, |before| before.at.version).saturating_add(1);
    let created_at = before.filter(|before| !before.deleted).map_or(act.now, |before| before.created_at);
    KeptPreset {
        user: act.user.clone(),
        at: PresetRef { name: name.clone(), version },
        document,
        created_at,
        updated_at: act.now,
        updated_by: act.user.clone(),
        deleted: false,
    }
}

async fn write<D: Engine>(
    deps: &D,
    preset: &KeptPreset,
    before: Option<&KeptPreset>,
    action: &str,
    act: Act<'_>,
) -> Result<bool, StoreError> {
    let seen = before.map(|before| before.at.version);
    let told = |version: u64| format!("version {version}");
    let mut record = audit(action, preset.at.name.as_str(), "wished by its user", act);
    (record.before, record.after) = (seen.map(told), Some(told(preset.at.version)));
    Catalog(deps).keep_preset(preset, seen, &record).await
}
