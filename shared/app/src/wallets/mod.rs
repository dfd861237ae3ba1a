//! Definitions of exchanges and chains: those that every deployment has, and what its admins made of them.
//!
//! 1. A row takes the place of what is built in under its provider, also one that was taken away.
//! 2. A provider has one id for ever: accounts refer to it by their exchange's name.
//! 3. The record says which members were changed, what they were and what they are.

use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::{KeptWallet, StoreError};
use domain::ids::WalletId;
use domain::limits::WALLETS_MAX;
use domain::market::Exchange;
use domain::wallet::Provider;
use std::collections::BTreeMap;
use store::Engine;
use store::vault::Vault;
use wire::wallet::{BadMember, Definition};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalletError {
    #[error("there is no such wallet")]
    Unknown,
    #[error("a wallet of this provider is there already: change that one")]
    Duplicate,
    #[error("at most {WALLETS_MAX} wallets are kept: remove one first")]
    TooMany,
    #[error(transparent)]
    Bad(#[from] BadMember),
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// By their providers; those that are not active where they are asked for.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn list<D: Engine>(deps: &D, inactive: bool) -> Result<Vec<KeptWallet>, WalletError> {
    let all = all(deps).await?.into_values();
    Ok(all.filter(|wallet| !wallet.deleted && (inactive || wallet.definition.is_active)).collect())
}

/// # Errors
/// `Unknown`, or where the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, id: &WalletId) -> Result<KeptWallet, WalletError> {
    let found = all(deps).await?.into_values().find(|wallet| wallet.id() == *id && !wallet.deleted);
    found.ok_or(WalletError::Unknown)
}

/// Whose accounts name this exchange; none where it was never defined, or was taken away.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn of_exchange<D: Engine>(deps: &D, exchange: &Exchange) -> Result<Option<KeptWallet>, StoreError> {
    let found = all(deps).await?.remove(&Provider::from(exchange));
    Ok(found.filter(|wallet| !wallet.deleted))
}

/// # Errors
/// `Duplicate`, `TooMany`, `Bad`, `Contended`, or where the store cannot be reached.
pub async fn create<D: Engine>(deps: &D, definition: &Definition, act: Act<'_>) -> Result<KeptWallet, WalletError> {
    let provider = provider(definition)?;
    retry_on_conflict(WalletError::Contended, || async {
        let mut all = all(deps).await?;
        let before = all.remove(&provider);
        if before.as_ref().is_some_and(|before| !before.deleted) {
            return Err(WalletError::Duplicate);
        }
        if all.values().filter(|wallet| !wallet.deleted).count() >= WALLETS_MAX {
            return Err(WalletError::TooMany);
        }
        let version = before.as_ref().map_or(0, |before| before.version).saturating_add(1);
        let (created_at, updated_at) = (Some(act.now), Some(act.now));
        let wallet = KeptWallet {
            provider: provider.clone(),
            definition: definition.clone(),
            version,
            created_at,
            updated_at,
            deleted: false,
        };
        Ok(keep(deps, &wallet, before.as_ref(), "create wallet", act).await?.then_some(wallet))
    })
    .await
}

/// As `wished` makes of what is there; its provider stays. `seen` is the version that is meant.
///
/// # Errors
/// `Unknown`, `Bad`, `VersionConflict`, `Contended`, or where the store cannot be reached.
pub async fn change<D: Engine>(
    deps: &D,
    id: &WalletId,
    wished: impl Fn(&Definition) -> Result<Definition, BadMember>,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<KeptWallet, WalletError> {
    retry_on_conflict(WalletError::Contended, || async {
        let before = meant(deps, id, seen).await?;
        let definition = wished(&before.definition)?;
        if definition.provider != before.definition.provider {
            let allowed = "stays what it is: make another wallet".to_owned();
            return Err(BadMember { field: "provider".to_owned(), allowed }.into());
        }
        if definition == before.definition {
            return Ok(Some(before));
        }
        let wallet = KeptWallet { definition, ..next(&before, act) };
        Ok(keep(deps, &wallet, Some(&before), "change wallet", act).await?.then_some(wallet))
    })
    .await
}

/// No account is connected there any more; those that are stay.
///
/// # Errors
/// `Unknown`, `VersionConflict`, `Contended`, or where the store cannot be reached.
pub async fn remove<D: Engine>(deps: &D, id: &WalletId, seen: Option<u64>, act: Act<'_>) -> Result<(), WalletError> {
    retry_on_conflict(WalletError::Contended, || async {
        let before = meant(deps, id, seen).await?;
        let wallet = KeptWallet { deleted: true, ..next(&before, act) };
        Ok(keep(deps, &wallet, Some(&before), "remove wallet", act).await?.then_some(()))
    })
    .await
}

async fn meant<D: Engine>(deps: &D, id: &WalletId, seen: Option<u64>) -> Result<KeptWallet, WalletError> {
    let before = find(deps, id).await?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(WalletError::VersionConflict(before.version));
    }
    Ok(before)
}

fn next(before: &KeptWallet, act: Act<'_>) -> KeptWallet {
    let created_at = before.created_at.or(Some(act.now));
    let version = before.version.saturating_add(1);
    KeptWallet { version, created_at, updated_at: Some(act.now), ..before.clone() }
}

async fn keep<D: Engine>(
    deps: &D,
    wallet: &KeptWallet,
    before: Option<&KeptWallet>,
    action: &str,
    act: Act<'_>,
) -> Result<bool, StoreError> {
    // What is built in is no row yet.
    let seen = before.map(|before| before.version).filter(|version| *version > 0);
    let mut record = audit(action, wallet.id().as_str(), "wished by an admin", act);
    record.before = before.map(|before| told(before, Some(wallet))).transpose()?;
    record.after = Some(told(wallet, before)?);
    Vault(deps).keep_wallet(wallet, seen, &record).await
}

/// What it says otherwise than `other`, which was before it or comes after it.
fn told(wallet: &KeptWallet, other: Option<&KeptWallet>) -> Result<String, StoreError> {
    if wallet.deleted {
        return Ok(format!("version {}: none", wallet.version));
    }
    let other = other.filter(|other| !other.deleted).map(|other| &other.definition);
    let members = wallet.definition.unlike(other).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok(format!("version {}: {members}", wallet.version))
}

/// Whether it is one of those that every deployment has, and has keys, whatever its admins made of it.
///
/// # Errors
/// Where what is built in cannot be read.
pub fn is_built_in_exchange(exchange: &Exchange) -> Result<bool, StoreError> {
    let provider = Some(Provider::from(exchange));
    Ok(built_in()?.iter().any(|definition| definition.provider() == provider && definition.takes_keys()))
}

fn built_in() -> Result<Vec<Definition>, StoreError> {
    Definition::built_in().map_err(|error| StoreError::Unreadable(error.to_string()))
}

async fn all<D: Engine>(deps: &D) -> Result<BTreeMap<Provider, KeptWallet>, StoreError> {
    let built_in = built_in()?.into_iter().filter_map(|definition| {
        let provider = definition.provider()?;
        let (created_at, updated_at) = (None, None);
        let wallet =
            KeptWallet { provider: provider.clone(), definition, version: 0, created_at, updated_at, deleted: false };
        Some((provider, wallet))
    });
    let mut all: BTreeMap<_, _> = built_in.collect();
    all.extend(Vault(deps).list_wallets().await?.into_iter().map(|wallet| (wallet.provider.clone(), wallet)));
    Ok(all)
}

fn provider(definition: &Definition) -> Result<Provider, BadMember> {
    let bad =
        |wrong: domain::wallet::BadProvider| BadMember { field: "provider".to_owned(), allowed: wrong.to_string() };
    definition.provider.parse().map_err(bad)
}
