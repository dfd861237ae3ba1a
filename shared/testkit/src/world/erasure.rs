//! Somebody who is forgotten.

use super::World;
use super::identity::on_record;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, BlankUser, ForgetAddresses, NotesOf, StoreError};
use domain::audit::Chain;
use domain::identity::User;
use domain::ids::UserId;
use domain::logs::Note;
use store::audit::Audits;

impl BlankUser for World {
    async fn load_removed(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        self.call(Op::read("load_removed"), |world| {
            if let Some(Item::Removed(user)) = world.table().get(&key::user(user)) { Some(user.clone()) } else { None }
        })
        .await
    }

    async fn blank_user(&self, kept: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("blank_user"), |world| {
            let is_seen = move |row: Option<&Item>| matches!(row, Some(Item::Removed(user)) if user.version == seen);
            let write = Write::Put(Item::Removed(kept.clone()));
            let row = Action { key: key::user(&kept.id), guard: Box::new(is_seen), write };
            let guard = Box::new(|_: Option<&Item>| true);
            let factor = Action { key: key::factor(&kept.id), guard, write: Write::Delete };
            world.all_or_none(vec![row, factor, on_record(audit)], Some(&audit.attempt))
        })
        .await
    }
}

impl ForgetAddresses for World {
    async fn forget_audited(&self, chain: &Chain) -> Result<(), StoreError> {
        Audits(self).forget_addresses(chain).await
    }

    async fn forget_noted(&self, user: &UserId, day: i64) -> Result<(), StoreError> {
        self.try_call(Op::effect("forget_noted"), |world| {
            world.table_mut().each(&key::notes(day), |item| match item {
                Item::Note(note) if note.user.as_ref() == Some(user) => note.address = None,
                _ => {}
            });
            Ok(())
        })
        .await
    }

    async fn forget_inbox(&self, user: &UserId) -> Result<(), StoreError> {
        self.try_call(Op::effect("forget_inbox"), |world| {
            world.table_mut().drop_all(&key::inbox(user));
            Ok(())
        })
        .await
    }
}

impl NotesOf for World {
    async fn notes_of(&self, user: &UserId, day: i64) -> Result<Vec<Note>, StoreError> {
        self.call(Op::read("notes_of"), |world| {
            let is_theirs = |item: &Item| match item {
                Item::Note(note) if note.user.as_ref() == Some(user) => Some(note.clone()),
                _ => None,
            };
            world.table().prefixed(key::notes(day)).filter_map(is_theirs).collect()
        })
        .await
    }
}
