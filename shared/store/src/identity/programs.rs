//! Keys of programs: one row for each in its owner's part, and one session for each of its secrets. They change together.

use super::Identity;
use super::guard::last_window;
use super::keys;
use super::logins::unchanged;
use super::users::is_at;
use crate::audit;
use crate::condition::{PRESENT, VERSION_AS_SEEN};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, number, time, to_value, ttl};
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::identity::{KeySecret, ProgramKey};
use domain::ids::{KeyId, UserId};
use std::collections::BTreeMap;
use wire::stored::{self, Schema};
use wire::text::Text;

impl<E: Engine> Identity<'_, E> {
    /// All of a user, with those that are over and not gone yet; as they are now.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_program_keys(&self, user: &UserId) -> Result<Vec<ProgramKey>, StoreError> {
        let items = Rows(self.0).query(Table::Identity, &keys::of_program_keys(user), "").await?;
        items.into_iter().map(|item| read(from_item(item)?)).collect()
    }

    /// In which window of the clock each was used last; those that never were are not among them.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn program_key_uses(&self, keys: &[ProgramKey]) -> Result<BTreeMap<KeyId, Timestamp>, StoreError> {
        let secrets = keys.iter().flat_map(|key| &key.secrets);
        let wanted: Vec<_> = secrets.map(|secret| keys::session(&secret.hash)).collect();
        let mut uses = BTreeMap::new();
        for item in Rows(self.0).get_all(&wanted).await? {
            let last = last_window(&item)?;
            let row: stored::Session = from_item(item)?;
            if let (Some(key), Some(last)) = (row.key, last) {
                let used = uses.entry(key.0).or_insert(last);
                *used = last.max(*used);
            }
        }
        Ok(uses)
    }

    /// On record, in the place of what was seen, and while its owner is at the version that their grant was computed from.
    /// From here on it lets in by the secrets that it has, and by no other. False where another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_program_key(
        &self,
        seen: Option<&ProgramKey>,
        key: &ProgramKey,
        owner: u64,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let version = seen.map(|seen| seen.version);
        let row = Write::versioned(keys::program_key(&key.user, &key.id), &stored::ProgramKey::from(key), version)?;
        let row = row.set("ttl", ttl(key.expires_at));
        let mut writes = vec![row, is_at(&key.user, owner), audit::row_in(Table::Identity, audit)?];
        writes.extend(unchanged(&key.grant));
        let before = seen.map(|seen| seen.secrets.as_slice()).unwrap_or_default();
        for secret in &key.secrets {
            let is_new = before.iter().all(|before| before.hash != secret.hash);
            writes.push(if is_new { begun(key, secret)? } else { changed(key, secret)? });
        }
        let is_gone = |before: &&KeySecret| key.secrets.iter().all(|secret| secret.hash != before.hash);
        writes.extend(before.iter().filter(is_gone).map(|secret| Write::delete(keys::session(&secret.hash))));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// On record, in the place of what was seen, and while its owner is at this version, where one is named; from here on it
    /// lets no longer in. False where another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn end_program_key(
        &self,
        seen: &ProgramKey,
        owner: Option<u64>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let row = Write::delete(keys::program_key(&seen.user, &seen.id)).when(VERSION_AS_SEEN);
        let mut writes = vec![row.given("seen_version", number(seen.version)), audit::row_in(Table::Identity, audit)?];
        writes.extend(seen.secrets.iter().map(|secret| Write::delete(keys::session(&secret.hash))));
        writes.extend(owner.map(|version| is_at(&seen.user, version)));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

/// A secret that is new.
fn begun(key: &ProgramKey, secret: &KeySecret) -> Result<Write, StoreError> {
    let insert = Write::insert(keys::session(&secret.hash), &session(key, secret))?;
    Ok(insert.set("ttl", ttl(secret.until)))
}

/// What was counted of it stays.
fn changed(key: &ProgramKey, secret: &KeySecret) -> Result<Write, StoreError> {
    let row = session(key, secret);
    let write = Write::update(keys::session(&secret.hash))
        .set("scopes", to_value(&row.scopes)?)
        .set("expires_at", time(secret.until))
        .set("ttl", ttl(secret.until))
        .when(PRESENT);
    let write = match row.networks {
        Some(networks) => write.set("networks", to_value(&networks)?),
        None => write.remove("networks"),
    };
    let write = match row.limits {
        Some(limits) => write.set("limits", to_value(&limits)?),
        None => write.remove("limits"),
    };
    Ok(match row.rates {
        Some(rates) => write.set("rates", to_value(&rates)?),
        None => write.remove("rates"),
    })
}

fn session(key: &ProgramKey, secret: &KeySecret) -> stored::Session {
    stored::Session {
        v: Schema,
        user: Text(key.user.clone()),
        scopes: key.grant.scopes.iter().map(ToString::to_string).collect(),
        expires_at: secret.until.millis(),
        minute: 0,
        requests: 0,
        key: Some(Text(key.id.clone())),
        networks: (!key.networks.is_empty()).then(|| key.networks.iter().copied().map(Text).collect()),
        limits: stored::Limits::of(key.grant.limits),
        rates: stored::Rates::of(&key.grant.rates),
        orders: key.orders.as_ref().map(stored::OrderBounds::from),
    }
}

fn read(row: stored::ProgramKey) -> Result<ProgramKey, StoreError> {
    ProgramKey::try_from(row).map_err(StoreError::unreadable)
}
