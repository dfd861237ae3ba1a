//! Keys of programs, kept by the person for whom they act.
//!
//! 1. A secret is shown once, where it is made; its SHA-256 is kept.
//! 2. A key is made for what its owner may do, and lets do what they may do at present: whatever changes that changes the
//!    key's row and those of its secrets.
//! 3. A rotated key keeps its id; the secret before goes on for a while.
//! 4. Keys end with their owner's standing, and do not come back with it.

use super::definitions::granted;
use super::failures::Failures;
use super::{IdentityError, Run};
use crate::actor::audit;
use crate::conflict::{retry_from, retry_on_conflict};
use crate::notices;
use crate::ports::{Secret, Session};
use domain::clock::{Millis, Timestamp};
use domain::identity::{KeySecret, Network, OrderBounds, ProgramKey, Scope, User};
use domain::ids::{KeyId, UserId};
use domain::limits;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow::{Break, Continue};
use store::Engine;
use store::identity::Identity;
use store::trading::Trading;

const PREFIX_CHARACTERS: usize = 12;

/// What a key is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedKey {
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    pub networks: Vec<Network>,
    pub orders: Option<OrderBounds>,
    pub expires_at: Timestamp,
}

/// Those that let in, oldest first.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn keys<D: Engine>(deps: &D, user: &UserId, run: Run<'_>) -> Result<Vec<ProgramKey>, IdentityError> {
    let mut keys = Identity(deps).list_program_keys(user).await?;
    keys.retain(|key| key.is_live(run.now));
    keys.sort_by(|one, other| (one.created_at, &one.id).cmp(&(other.created_at, &other.id)));
    Ok(keys)
}

/// In which window of the clock each was used last.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn key_uses<D: Engine>(deps: &D, keys: &[ProgramKey]) -> Result<BTreeMap<KeyId, Timestamp>, IdentityError> {
    Ok(Identity(deps).program_key_uses(keys).await?)
}

/// One of a person's own: another's is not there.
///
/// # Errors
/// `NoKey`, or where the store cannot be reached.
pub async fn find_key<D: Engine>(
    deps: &D,
    user: &UserId,
    id: &KeyId,
    run: Run<'_>,
) -> Result<ProgramKey, IdentityError> {
    keys(deps, user, run).await?.into_iter().find(|key| key.id == *id).ok_or(IdentityError::NoKey)
}

/// A key with this secret, which nobody has yet.
///
/// # Errors
/// `ScopeNotYours`, `BadBounds`, `DuplicateKey`, `TooManyKeys`, `Contended`, or where the store cannot be reached.
pub async fn make_key<D: Engine>(
    deps: &D,
    by: &Session,
    wanted: WantedKey,
    secret: &Secret,
    run: Run<'_>,
) -> Result<ProgramKey, IdentityError> {
    let live = keys(deps, &by.user, run).await?;
    if live.len() >= limits::PROGRAM_KEYS_PER_USER_MAX {
        return Err(IdentityError::TooManyKeys);
    }
    unlike(&live, &wanted.name, None)?;
    theirs(by, wanted.scopes.iter())?;
    bounded(deps, &by.user, &wanted).await?;
    let (hash, owner) = (secret.hash(), owner(deps, &by.user).await?);
    let grant = granted(deps, &owner).await?;
    let key = ProgramKey {
        id: KeyId::of(&[hash.as_str()]),
        user: by.user.clone(),
        name: wanted.name,
        prefix: prefix(secret),
        scopes: wanted.scopes,
        grant: grant.clone(),
        networks: wanted.networks,
        orders: wanted.orders,
        created_at: run.now,
        expires_at: wanted.expires_at,
        secrets: vec![KeySecret { hash, until: wanted.expires_at }],
        version: 1,
    };
    let key = key.within(&grant);
    // By the role of now as well as by the session, which may be of the role before.
    if key.grant.scopes != key.scopes {
        return Err(IdentityError::Contended);
    }
    let mut record = audit("create api key", key.id.as_str(), "wished by its user", run.act(&by.user));
    record.after = Some(told(&key));
    if !Identity(deps).keep_program_key(None, &key, owner.version, &record).await? {
        return Err(IdentityError::Contended);
    }
    notices::key_changed(deps, None, Some(&key), run.now).await;
    tell(deps, "An API key", &key, run).await;
    Ok(key)
}

/// What it is to be from now on. `seen` is the version that is meant. What its owner may not do is not added to it.
///
/// # Errors
/// `NoKey`, `ScopeNotYours`, `BadBounds`, `DuplicateKey`, `VersionConflict`, or where the store cannot be reached.
pub async fn change_key<D: Engine>(
    deps: &D,
    by: &Session,
    id: &KeyId,
    wanted: impl Fn(&ProgramKey) -> WantedKey,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<ProgramKey, IdentityError> {
    let own = Trading(deps).list_accounts(&by.user).await?;
    change(deps, &by.user, (id, seen), "change api key", run, |key, all| {
        let WantedKey { name, scopes, networks, orders, expires_at } = wanted(key);
        unlike(all, &name, Some(id))?;
        theirs(by, scopes.difference(&key.scopes))?;
        // The rest can be narrowed though an account was closed since.
        let known = key.orders.iter().flat_map(|bounds| &bounds.accounts).chain(&own).cloned().collect::<Vec<_>>();
        OrderBounds::check(orders.as_ref(), &scopes, &known)?;
        Ok(ProgramKey { name, scopes, networks, orders, ..key.clone() }.until(expires_at))
    })
    .await
}

/// Another secret in the place of this one, which lets in for as long as they overlap.
///
/// # Errors
/// `NoKey`, `VersionConflict`, or where the store cannot be reached.
pub async fn rotate_key<D: Engine>(
    deps: &D,
    by: &Session,
    id: &KeyId,
    (secret, overlap): (&Secret, Millis),
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<ProgramKey, IdentityError> {
    let rotated = change(deps, &by.user, (id, seen), "rotate api key", run, |key, _| {
        Ok(key.clone().rotated(secret.hash(), prefix(secret), overlap, run.now))
    });
    let key = rotated.await?;
    tell(deps, "Another secret of the API key", &key, run).await;
    Ok(key)
}

async fn tell<D: Engine>(deps: &D, what: &str, key: &ProgramKey, run: Run<'_>) {
    let what = format!("{what} \"{}\", which begins with {},", key.name, key.prefix);
    notices::access_made(deps, &key.user, &what, &key.id, run.now).await;
}

/// From here on it lets nobody in.
///
/// # Errors
/// `NoKey`, `VersionConflict`, or where the store cannot be reached.
pub async fn revoke_key<D: Engine>(
    deps: &D,
    by: &Session,
    id: &KeyId,
    seen: Option<u64>,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    let record = audit("revoke api key", id.as_str(), "wished by its user", run.act(&by.user));
    retry_on_conflict(IdentityError::Contended, || async {
        let key = find_key(deps, &by.user, id, run).await?;
        meant(&key, seen)?;
        if Identity(deps).end_program_key(&key, None, &record).await? {
            notices::key_changed(deps, Some(&key), None, run.now).await;
            return Ok(Some(()));
        }
        Ok(None)
    })
    .await
}

/// Each of somebody's within what they may do from now on; those that are already stay untouched.
pub(super) async fn fit_keys<D: Engine>(deps: &D, user: &User, by: &UserId, run: Run<'_>) -> Result<(), IdentityError> {
    let mut failures = Failures::default();
    for key in keys(deps, &user.id, run).await? {
        failures.note(change_kept(deps, user, &key, by, run).await);
    }
    failures.or(())
}

/// The same of whoever has keys, as they are now.
pub(super) async fn refit_keys<D: Engine>(
    deps: &D,
    user: &UserId,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    if keys(deps, user, run).await?.is_empty() {
        return Ok(());
    }
    match Identity(deps).load_user(user).await?.filter(|user| user.active) {
        Some(user) => fit_keys(deps, &user, by, run).await,
        None => Ok(()),
    }
}

async fn change_kept<D: Engine>(
    deps: &D,
    user: &User,
    key: &ProgramKey,
    by: &UserId,
    run: Run<'_>,
) -> Result<(), IdentityError> {
    retry_from((user.clone(), key.clone()), IdentityError::Contended, |(user, key)| async move {
        let grant = granted(deps, &user).await?;
        let fitted = next(&key, key.clone().within(&grant), run.now);
        if fitted.grant == key.grant {
            return Ok(Break(()));
        }
        let mut record = audit("fit api key", key.id.as_str(), "to what its user may do", run.act(by));
        (record.before, record.after) = (Some(told(&key)), Some(told(&fitted)));
        if Identity(deps).keep_program_key(Some(&key), &fitted, user.version, &record).await? {
            return Ok(Break(()));
        }
        // The user or the key has changed. The keys of a user who was suspended or removed are ended by that change.
        let Some(user) = Identity(deps).load_user(&user.id).await?.filter(|user| user.active) else {
            return Ok(Break(()));
        };
        match find_key(deps, &user.id, &key.id, run).await {
            Err(IdentityError::NoKey) => Ok(Break(())),
            found => found.map(|key| Continue((user, key))),
        }
    })
    .await
}

/// All of somebody's, but those that have changed since; none where they have themselves and a version of them is named.
pub(super) async fn end_keys<D: Engine>(
    deps: &D,
    (user, standing): (&UserId, Option<u64>),
    by: &UserId,
    run: Run<'_>,
) -> Result<bool, IdentityError> {
    let (mut failures, mut all) = (Failures::default(), true);
    for key in Identity(deps).list_program_keys(user).await? {
        let record = audit("revoke api key", key.id.as_str(), "with its user", run.act(by));
        match failures.note(Identity(deps).end_program_key(&key, standing, &record).await) {
            Some(true) => notices::key_changed(deps, Some(&key), None, run.now).await,
            Some(false) => all = false,
            None => {}
        }
    }
    if all { failures.or(true) } else { Ok(false) }
}

async fn change<D: Engine>(
    deps: &D,
    user: &UserId,
    (id, seen): (&KeyId, Option<u64>),
    action: &str,
    run: Run<'_>,
    decide: impl Fn(&ProgramKey, &[ProgramKey]) -> Result<ProgramKey, IdentityError>,
) -> Result<ProgramKey, IdentityError> {
    retry_on_conflict(IdentityError::Contended, || async {
        let (owner, all) = (owner(deps, user).await?, keys(deps, user, run).await?);
        let key = all.iter().find(|key| key.id == *id).ok_or(IdentityError::NoKey)?;
        meant(key, seen)?;
        let grant = granted(deps, &owner).await?;
        let wished = decide(key, &all)?.within(&grant);
        if wished == *key {
            return Ok(Some(wished));
        }
        let changed = next(key, wished, run.now);
        let mut record = audit(action, id.as_str(), "wished by its user", run.act(user));
        (record.before, record.after) = (Some(told(key)), Some(told(&changed)));
        if Identity(deps).keep_program_key(Some(key), &changed, owner.version, &record).await? {
            notices::key_changed(deps, Some(key), Some(&changed), run.now).await;
            if changed.may_more_than(key) {
                tell(deps, "More rights of the API key", &changed, run).await;
            }
            return Ok(Some(changed));
        }
        Ok(None)
    })
    .await
}

/// Somebody who may come in.
async fn owner<D: Engine>(deps: &D, user: &UserId) -> Result<User, IdentityError> {
    Identity(deps).load_user(user).await?.filter(|user| user.active).ok_or(IdentityError::NoUser)
}

fn next(before: &ProgramKey, key: ProgramKey, now: Timestamp) -> ProgramKey {
    ProgramKey { version: before.version.saturating_add(1), ..key.without_ended(now) }
}

fn meant(key: &ProgramKey, seen: Option<u64>) -> Result<(), IdentityError> {
    if seen.is_none_or(|seen| seen == key.version) { Ok(()) } else { Err(IdentityError::VersionConflict(key.version)) }
}

/// Nobody hands out what they do not have.
fn theirs<'a>(by: &Session, mut scopes: impl Iterator<Item = &'a Scope>) -> Result<(), IdentityError> {
    let has: BTreeSet<_> = by.permits().collect();
    match scopes.find(|scope| !has.contains(scope)) {
        None => Ok(()),
        Some(scope) => Err(IdentityError::ScopeNotYours(scope.clone())),
    }
}

/// What may place orders says within what.
async fn bounded<D: Engine>(deps: &D, user: &UserId, wanted: &WantedKey) -> Result<(), IdentityError> {
    let own = if wanted.orders.is_some() { Trading(deps).list_accounts(user).await? } else { Vec::new() };
    Ok(OrderBounds::check(wanted.orders.as_ref(), &wanted.scopes, &own)?)
}

fn unlike(live: &[ProgramKey], name: &str, but: Option<&KeyId>) -> Result<(), IdentityError> {
    let mut others = live.iter().filter(|key| Some(&key.id) != but);
    if others.any(|key| key.name == name) { Err(IdentityError::DuplicateKey) } else { Ok(()) }
}

fn prefix(secret: &Secret) -> String {
    secret.expose().chars().take(PREFIX_CHARACTERS).collect()
}

/// For the record: never its secret.
fn told(key: &ProgramKey) -> String {
    let scopes: Vec<_> = key.grant.scopes.iter().map(Scope::as_str).collect();
    let within = key.orders.as_ref().map(|bounds| {
        let (accounts, markets) = (listed(&bounds.accounts), listed(&bounds.markets));
        let (order, day) = (bounds.order_quote_max, bounds.day_quote_max);
        format!(", orders of {order}, {day} a day, in {markets} at {accounts}")
    });
    format!("version {}: {}{}", key.version, scopes.join(" "), within.unwrap_or_default())
}

fn listed<T: ToString>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
