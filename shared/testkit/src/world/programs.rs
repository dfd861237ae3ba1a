//! Keys of programs, and the session of each of their secrets.

use super::World;
use super::definition::reckoned_by;
use super::identity::on_record;
use super::item::{Item, Windows, key};
use super::table::{Action, Guard, Write};
use crate::sim::Op;
use app::ports::{Audit, KeepProgramKey, ListProgramKeys, Session, StoreError};
use domain::clock::Timestamp;
use domain::identity::{KeySecret, ProgramKey};
use domain::ids::{KeyId, UserId};
use std::collections::BTreeMap;

impl ListProgramKeys for World {
    async fn list_program_keys(&self, user: &UserId) -> Result<Vec<ProgramKey>, StoreError> {
        self.call(Op::read("list_program_keys"), |world| {
            world.table().prefixed(key::program_keys(user)).filter_map(key_of).collect()
        })
        .await
    }

    async fn program_key_uses(&self, keys: &[ProgramKey]) -> Result<BTreeMap<KeyId, Timestamp>, StoreError> {
        self.call(Op::read("program_key_uses"), |world| {
            let table = world.table();
            let used = |key: &ProgramKey| {
                let sessions = key.secrets.iter().filter_map(|secret| table.get(&key::session(&secret.hash)));
                Some((key.id.clone(), sessions.filter_map(last).max()?))
            };
            keys.iter().filter_map(used).collect()
        })
        .await
    }
}

fn last(item: &Item) -> Option<Timestamp> {
    let Item::Session { windows, .. } = item else { return None };
    let begun = |(class, (number, _)): (&domain::identity::RouteClass, &(i64, u32))| {
        Timestamp::from_millis(number * class.window().get())
    };
    windows.iter().map(begun).max()
}

impl KeepProgramKey for World {
    async fn keep_program_key(
        &self,
        seen: Option<&ProgramKey>,
        key: &ProgramKey,
        owner: u64,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_program_key"), |world| {
            let place = key::program_key(&key.user, &key.id);
            let mut actions = vec![
                Action { key: place, guard: on(seen), write: Write::Put(Item::ProgramKey(key.clone())) },
                is_at(&key.user, owner),
                on_record(audit),
            ];
            actions.extend(reckoned_by(&key.grant));
            let before = seen.map(|seen| seen.secrets.as_slice()).unwrap_or_default();
            for secret in &key.secrets {
                let is_new = before.iter().all(|before| before.hash != secret.hash);
                actions.push(if is_new { begun(key, secret) } else { changed(key, secret) });
            }
            let gone = before.iter().filter(|before| key.secrets.iter().all(|secret| secret.hash != before.hash));
            actions.extend(gone.map(ended));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }

    async fn end_program_key(&self, seen: &ProgramKey, owner: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("end_program_key"), |world| {
            let place = key::program_key(&seen.user, &seen.id);
            let row = Action { key: place, guard: on(Some(seen)), write: Write::Delete };
            let mut actions = vec![row, on_record(audit)];
            actions.extend(seen.secrets.iter().map(ended));
            actions.extend(owner.map(|version| is_at(&seen.user, version)));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

fn is_at<'a>(user: &UserId, version: u64) -> Action<'a> {
    Action::require(key::user(user), move |item| matches!(item, Item::User(user) if user.version == version))
}

fn on<'a>(seen: Option<&ProgramKey>) -> Guard<'a> {
    let seen = seen.map(|seen| seen.version);
    Box::new(move |row| row.and_then(key_of).map(|key| key.version) == seen)
}

fn begun<'a>(key: &ProgramKey, secret: &KeySecret) -> Action<'a> {
    let (expires_at, rates) = (secret.until, key.grant.rates.clone());
    let item = Item::Session { session: session(key), expires_at, rates, windows: Windows::default() };
    Action::put_on_absence(key::session(&secret.hash), item)
}

/// What was counted of it stays.
fn changed<'a>(key: &'a ProgramKey, secret: &'a KeySecret) -> Action<'a> {
    Action::update(
        key::session(&secret.hash),
        |_| true,
        |item| {
            if let Item::Session { session: kept, expires_at, rates, .. } = item {
                (*kept, *expires_at, *rates) = (session(key), secret.until, key.grant.rates.clone());
            }
        },
    )
}

fn ended<'a>(secret: &KeySecret) -> Action<'a> {
    Action { key: key::session(&secret.hash), guard: Box::new(|_| true), write: Write::Delete }
}

fn session(key: &ProgramKey) -> Session {
    let scopes = key.grant.scopes.iter().map(ToString::to_string).collect();
    let session = Session::new(key.user.clone(), scopes, None);
    Session { key: Some(key.id.clone()), networks: key.networks.clone(), limits: key.grant.limits, ..session }
}

fn key_of(item: &Item) -> Option<ProgramKey> {
    if let Item::ProgramKey(key) = item { Some(key.clone()) } else { None }
}
