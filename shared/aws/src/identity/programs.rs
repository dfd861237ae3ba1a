//! Keys of programs: one row for each in its owner's part, and one session for each of its secrets. They change together.

use super::logins::reckoned_by;
use crate::client::Aws;
use crate::keys;
use crate::session::last_window;
use app::ports::{Audit, KeepProgramKey, ListProgramKeys, StoreError};
use domain::clock::Timestamp;
use domain::identity::{KeySecret, ProgramKey};
use domain::ids::{KeyId, UserId};
use std::collections::BTreeMap;
use store::audit;
use store::condition::{ABSENT, PRESENT, VERSION_AS_SEEN};
use store::item::{from_item, number, time, to_value, ttl};
use store::{Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;

impl ListProgramKeys for Aws {
    async fn list_program_keys(&self, user: &UserId) -> Result<Vec<ProgramKey>, StoreError> {
        let items = self.rows().query(Table::Identity, &keys::of_program_keys(user), "").await?;
        items.into_iter().map(|item| read(from_item(item)?)).collect()
    }

    async fn program_key_uses(&self, keys: &[ProgramKey]) -> Result<BTreeMap<KeyId, Timestamp>, StoreError> {
        let secrets = keys.iter().flat_map(|key| &key.secrets);
        let wanted: Vec<_> = secrets.map(|secret| keys::session(&secret.hash)).collect();
        let mut uses = BTreeMap::new();
        for item in self.rows().get_all(&wanted).await? {
            let last = last_window(&item)?;
            let row: stored::Session = from_item(item)?;
            if let (Some(key), Some(last)) = (row.key, last) {
                let used = uses.entry(key.0).or_insert(last);
                *used = last.max(*used);
            }
        }
        Ok(uses)
    }
}

impl KeepProgramKey for Aws {
    async fn keep_program_key(
        &self,
        seen: Option<&ProgramKey>,
        key: &ProgramKey,
        owner: u64,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let row = Write::upsert(keys::program_key(&key.user, &key.id), &stored::ProgramKey::from(key))?;
        let row = row.set("ttl", ttl(key.expires_at));
        let row = match seen {
            None => row.when(ABSENT),
            Some(seen) => row.when(VERSION_AS_SEEN).given("seen_version", number(seen.version)),
        };
        let mut writes = vec![row, is_at(&key.user, owner), audit::row_in(Table::Identity, audit)?];
        writes.extend(reckoned_by(&key.grant));
        let before = seen.map(|seen| seen.secrets.as_slice()).unwrap_or_default();
        for secret in &key.secrets {
            let is_new = before.iter().all(|before| before.hash != secret.hash);
            writes.push(if is_new { begun(key, secret)? } else { changed(key, secret)? });
        }
        let is_gone = |before: &&KeySecret| key.secrets.iter().all(|secret| secret.hash != before.hash);
        writes.extend(before.iter().filter(is_gone).map(|secret| Write::delete(keys::session(&secret.hash))));
        self.rows().all_or_none(writes, &audit.attempt).await
    }

    async fn end_program_key(&self, seen: &ProgramKey, owner: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let row = Write::delete(keys::program_key(&seen.user, &seen.id)).when(VERSION_AS_SEEN);
        let mut writes = vec![row.given("seen_version", number(seen.version)), audit::row_in(Table::Identity, audit)?];
        writes.extend(seen.secrets.iter().map(|secret| Write::delete(keys::session(&secret.hash))));
        writes.extend(owner.map(|version| is_at(&seen.user, version)));
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

/// In a transaction: nobody has changed them since.
fn is_at(user: &UserId, version: u64) -> Write {
    Write::check(keys::user(user)).when(VERSION_AS_SEEN).given("seen_version", number(version))
}

/// A secret that nobody has used yet.
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
    }
}

fn read(row: stored::ProgramKey) -> Result<ProgramKey, StoreError> {
    ProgramKey::try_from(row).map_err(StoreError::unreadable)
}
