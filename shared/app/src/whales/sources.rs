//! Sources of whale alerts, as an admin sets them.
//!
//! 1. Endpoints and key are sealed before anything is kept of them; only hosts are shown.
//! 2. As long as a source is enabled, the candles that price what it sees are fetched, and each minute reads it: both are written in
//!    the very commit that enables or disables it.
//! 3. A source goes on where it was: its chain and kind stay, and another pair of endpoints reads the same chain.

use super::prices;
use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::{Audit, Binding, Credential, Lease, OpenSecret, SealSecret, Secret, StoreError, VaultError};
use crate::vault::ResealSecret;
use domain::chain::EndpointUrl;
use domain::clock::Timestamp;
use domain::ids::{CredentialId, SourceId};
use domain::limits::SOURCES_MAX;
use domain::parked::deployment;
use domain::series::Series;
use domain::vault::SecretKind;
use domain::whale::{BadSource, Blockchain, SourceKind, Watch};
use store::Engine;
use store::market::{Wanting, Wish};
use store::vault::Vault;
use store::whale::Whales;
use wire::listed::listing;
use wire::resealed::{Renewed, Resealed};
use wire::sealed_source::SourceText;
use wire::stored::{self, Schema, WhaleSource};
use wire::text::Text;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("there is no such source")]
    Unknown,
    #[error("another source has this name")]
    Duplicate,
    #[error("at most {SOURCES_MAX} sources are kept: delete one first")]
    TooMany,
    #[error(transparent)]
    Bad(#[from] BadSource),
    #[error("it is at version {0} now: read it, and change that one")]
    VersionConflict(u64),
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a source is asked, and by which key.
#[derive(Debug, Clone)]
pub struct AskedAt {
    pub endpoints: Vec<EndpointUrl>,
    pub api_key: Option<Secret>,
}

/// A source that is to be kept.
#[derive(Debug, Clone)]
pub struct NewSource {
    pub name: String,
    pub kind: SourceKind,
    pub chain: Blockchain,
    pub enabled: bool,
    pub reads_native: bool,
    pub asked_at: AskedAt,
}

/// What becomes of a source; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct ChangedSource {
    pub name: Option<String>,
    pub enabled: Option<bool>,
    pub reads_native: Option<bool>,
    pub asked_at: Option<AskedAt>,
}

/// A source, and how far it was read; no watch before its first run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSource {
    pub source: WhaleSource,
    pub watch: Option<Watch>,
    /// To its endpoints, since it was created.
    pub requests: u64,
}

/// Changes sources; `is_local` where the deployment stands on this machine.
#[derive(Debug)]
pub struct Sources<'a, D, V> {
    pub deps: &'a D,
    pub vault: &'a V,
    pub is_local: bool,
}

/// By their names.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list<D: Engine>(deps: &D) -> Result<Vec<KnownSource>, SourceError> {
    let mut known = Vec::new();
    for source in Vault(deps).list_sources().await? {
        known.push(known_of(deps, source).await?);
    }
    known.sort_by(|one, other| one.source.name.cmp(&other.source.name));
    Ok(known)
}

/// # Errors
/// `Unknown`, or if the store cannot be reached.
pub async fn find<D: Engine>(deps: &D, id: &SourceId) -> Result<KnownSource, SourceError> {
    known_of(deps, Vault(deps).find_source(id).await?.ok_or(SourceError::Unknown)?).await
}

async fn known_of<D: Engine>(deps: &D, source: WhaleSource) -> Result<KnownSource, SourceError> {
    let watch = Whales(deps).load_watch(&source.id.0).await?;
    let requests = Whales(deps).load_requests(&source.id.0).await?;
    Ok(KnownSource { source, watch, requests })
}

/// Nothing is watched by it any more. What it has seen stays, without becoming final or orphaned.
///
/// # Errors
/// `Unknown`, `VersionConflict`, `Contended`, or if the store cannot be reached.
pub async fn remove<D: Engine>(deps: &D, id: &SourceId, seen: Option<u64>, act: Act<'_>) -> Result<(), SourceError> {
    retry_on_conflict(SourceError::Contended, || async {
        let before = meant(deps, id, seen).await?;
        let record = record("delete whale source", &before, (Some(&before), None), act);
        Ok(Vault(deps).drop_source(&before, &wishes(&before), &record).await?.then_some(()))
    })
    .await?;
    // A run that is still at it may write this row once more: then it is never read.
    Ok(Whales(deps).drop_watch(id).await?)
}

impl<D: Engine, V: SealSecret> Sources<'_, D, V> {
    /// # Errors
    /// `Bad`, `Duplicate`, `TooMany`, `Contended`, or if the store or the vault cannot be reached.
    pub async fn create(&self, new: &NewSource, act: Act<'_>) -> Result<KnownSource, SourceError> {
        new.kind.reading(new.chain)?;
        self.fits(new.kind, &new.asked_at)?;
        let id = SourceId::of(&[act.user.as_str(), act.attempt.as_str()]);
        let secret = self.sealed(&id, &new.asked_at, act).await?;
        let (at, updated_by) = (act.now.millis(), Text(act.user.clone()));
        let source = WhaleSource {
            v: Schema,
            id: Text(id),
            name: new.name.clone(),
            kind: Text(new.kind),
            chain: Text(new.chain),
            enabled: new.enabled,
            reads_native: new.reads_native,
            hosts: hosts(&new.asked_at),
            secret,
            version: 1,
            created_at: at,
            updated_at: at,
            updated_by,
        };
        let source = retry_on_conflict(SourceError::Contended, || async {
            let others = Vault(self.deps).list_sources().await?;
            if others.len() >= SOURCES_MAX {
                return Err(SourceError::TooMany);
            }
            no_other(&others, &source)?;
            let record = record("create whale source", &source, (None, Some(&source)), act);
            Ok(Vault(self.deps).keep_source(&source, None, &wishes(&source), &record).await?.then(|| source.clone()))
        });
        Ok(KnownSource { source: source.await?, watch: None, requests: 0 })
    }

    /// `seen` is the version that is meant.
    ///
    /// # Errors
    /// `Unknown`, `Bad`, `Duplicate`, `VersionConflict`, `Contended`, or if the store or the vault cannot be reached.
    pub async fn change(
        &self,
        id: &SourceId,
        changed: &ChangedSource,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Result<KnownSource, SourceError> {
        let kind = meant(self.deps, id, seen).await?.kind.0;
        let secret = match &changed.asked_at {
            Some(asked_at) => {
                self.fits(kind, asked_at)?;
                Some((hosts(asked_at), self.sealed(id, asked_at, act).await?))
            }
            None => None,
        };
        let source = retry_on_conflict(SourceError::Contended, || async {
            let before = meant(self.deps, id, seen).await?;
            let after = after(&before, changed, secret.as_ref(), act);
            if after == before {
                return Ok(Some(before));
            }
            if after.name != before.name {
                no_other(&Vault(self.deps).list_sources().await?, &after)?;
            }
            let record = record("change whale source", &after, (Some(&before), Some(&after)), act);
            let kept = Vault(self.deps).keep_source(&after, Some(before.version), &wishes(&after), &record).await?;
            Ok(kept.then_some(after))
        });
        known_of(self.deps, source.await?).await
    }

    fn fits(&self, kind: SourceKind, asked_at: &AskedAt) -> Result<(), BadSource> {
        kind.asked_at(&asked_at.endpoints, asked_at.api_key.is_some(), self.is_local)
    }

    async fn sealed(&self, id: &SourceId, asked_at: &AskedAt, act: Act<'_>) -> Result<stored::Credential, SourceError> {
        let credential = CredentialId::of(&[id.as_str(), act.attempt.as_str()]);
        let binding = Binding { user: act.user.clone(), credential, kind: SecretKind::Source };
        let text = SourceText {
            source: Text(id.clone()),
            endpoints: asked_at.endpoints.iter().map(|url| url.expose().to_owned()).collect(),
            api_key: asked_at.api_key.as_ref().map(|key| key.expose().to_owned()),
        };
        let mut plain = text.encode().map_err(|wrong| VaultError::Refused(wrong.to_string()))?;
        let plain = Secret::new(std::mem::take(&mut plain));
        let sealed = self.vault.seal(&binding, &plain, act.now).await?;
        let Binding { user, credential, kind } = binding;
        let (masked, insisted) = (String::new(), false);
        let secret = Credential { id: credential, user, kind, masked, insisted, created_at: act.now, sealed };
        Ok(stored::Credential::from(&secret))
    }
}

/// Puts what is sealed of every source under the key that is used now. What is under it already is left as it is.
///
/// # Errors
/// If sources cannot be listed. What fails for one of them is counted.
pub async fn reseal<D: Engine, V: OpenSecret + ResealSecret>(
    deps: &D,
    vault: &V,
    why: &Lease,
    now: Timestamp,
) -> Result<Resealed, StoreError> {
    let mut resealed = Resealed::default();
    for source in Vault(deps).list_sources().await? {
        resealed.count(&source.id.0, resealed_one(deps, vault, (&source, why), now).await);
    }
    Ok(resealed)
}

async fn resealed_one<D: Engine, V: OpenSecret + ResealSecret>(
    deps: &D,
    vault: &V,
    (source, why): (&WhaleSource, &Lease),
    now: Timestamp,
) -> Result<Renewed, &'static str> {
    let sealed = Credential::from(source.secret.clone()).sealed;
    if vault.is_current(&sealed) {
        return Ok(Renewed::Stays);
    }
    let sealed = vault.reseal(&binding(source), &sealed, why, now).await.map_err(|error| match error {
        VaultError::Refused(_) => "key_does_not_open",
        VaultError::Unavailable(_) | VaultError::Store(_) => "unavailable",
    })?;
    match Vault(deps).move_source(source, &sealed).await {
        Ok(true) => Ok(Renewed::Moved),
        Ok(false) => Err("version_conflict"),
        Err(_) => Err("unavailable"),
    }
}

/// By what its secret opens: what its row says of the kind is not believed.
pub fn binding(source: &WhaleSource) -> Binding {
    let (user, credential) = (source.secret.user.0.clone(), source.secret.id.0.clone());
    Binding { user, credential, kind: SecretKind::Source }
}

async fn meant<D: Engine>(deps: &D, id: &SourceId, seen: Option<u64>) -> Result<WhaleSource, SourceError> {
    let before = Vault(deps).find_source(id).await?.ok_or(SourceError::Unknown)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(SourceError::VersionConflict(before.version));
    }
    Ok(before)
}

fn after(
    before: &WhaleSource,
    changed: &ChangedSource,
    secret: Option<&(Vec<String>, stored::Credential)>,
    act: Act<'_>,
) -> WhaleSource {
    let mut after = before.clone();
    after.name = changed.name.clone().unwrap_or(after.name);
    after.enabled = changed.enabled.unwrap_or(after.enabled);
    after.reads_native = changed.reads_native.unwrap_or(after.reads_native);
    if let Some((hosts, secret)) = secret {
        after.hosts.clone_from(hosts);
        after.secret = secret.clone();
    }
    // Said again, it is written again with all that belongs to it.
    if after != *before || changed.enabled.is_some() {
        after.version = before.version.saturating_add(1);
        after.updated_at = act.now.millis();
        after.updated_by = Text(act.user.clone());
    }
    after
}

fn no_other(sources: &[WhaleSource], than: &WhaleSource) -> Result<(), SourceError> {
    let is_other = |source: &WhaleSource| source.id != than.id && source.name == than.name;
    if sources.iter().any(is_other) { Err(SourceError::Duplicate) } else { Ok(()) }
}

/// The candles that what it sees is priced by, and those of an hour that its impact is compared with: their series begin with a month and more.
fn wishes(source: &WhaleSource) -> Vec<Wish> {
    let by = Wanting::Source(deployment(), source.id.0.clone());
    let since = Timestamp::from_millis(source.created_at);
    let wish = |series| Wish { series, by: by.clone(), since, until: None };
    let wishes = |minutes: Series| [wish(prices::hours(&minutes)), wish(minutes)];
    prices::needed(&listing(source.chain.0)).into_iter().flat_map(wishes).collect()
}

fn hosts(asked_at: &AskedAt) -> Vec<String> {
    asked_at.endpoints.iter().map(|url| url.host().to_owned()).collect()
}

fn record(
    action: &str,
    source: &WhaleSource,
    (before, after): (Option<&WhaleSource>, Option<&WhaleSource>),
    act: Act<'_>,
) -> Audit {
    let told = |source: &WhaleSource| {
        let state = if source.enabled { "enabled" } else { "disabled" };
        let native = if source.reads_native { ", with native transfers" } else { "" };
        format!(
            "version {}: {} ({} of {}), {state}{native}, sealed {} at {}",
            source.version,
            source.name,
            source.kind.0.as_str(),
            source.chain.0.as_str(),
            source.secret.id.0,
            source.hosts.join(", ")
        )
    };
    let mut record = audit(action, source.id.0.as_str(), "asked for by an admin", act);
    record.before = before.map(told);
    record.after = after.map(told);
    record
}
