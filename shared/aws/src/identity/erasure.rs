//! Somebody who is forgotten.

use super::users::changed;
use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, BlankUser, ForgetAddresses, ForgetBots, NotesOf, StoreError};
use domain::audit::Chain;
use domain::identity::User;
use domain::ids::UserId;
use domain::logs::Note;
use store::audit::{self, Audits};
use store::condition::{PRESENT, REMOVED};
use store::item::{from_item, text};
use store::{Key, Query, Table, Write};
use wire::stored;

impl BlankUser for Aws {
    async fn load_removed(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        let row: Option<stored::User> = self.rows().load(&keys::user(user)).await?;
        Ok(row.filter(|row| row.deleted_at.is_some()).map(User::from))
    }

    async fn blank_user(&self, kept: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let row = changed(kept, seen).remove("last_login").when(REMOVED);
        let writes = vec![row, Write::delete(keys::factor(&kept.id)), audit::row_in(Table::Identity, audit)?];
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

impl ForgetAddresses for Aws {
    async fn forget_audited(&self, chain: &Chain) -> Result<(), StoreError> {
        Audits(self).forget_addresses(chain).await
    }

    async fn forget_noted(&self, user: &UserId, day: i64) -> Result<(), StoreError> {
        for note in self.notes_of(user, day).await?.iter().filter(|note| note.address.is_some()) {
            self.without(keys::note(note), &["address"]).await?;
        }
        Ok(())
    }

    async fn forget_inbox(&self, user: &UserId) -> Result<(), StoreError> {
        self.rows().forget(Table::Trading, &keys::of_notices(user), |_| true).await
    }
}

impl ForgetBots for Aws {
    async fn forget_bots(&self, user: &UserId) -> Result<(), StoreError> {
        let kept = keys::bots_running(user);
        self.rows().forget(Table::Trading, &keys::of_bots(user), |sk| sk != kept.sk).await
    }
}

impl NotesOf for Aws {
    async fn notes_of(&self, user: &UserId, day: i64) -> Result<Vec<Note>, StoreError> {
        let query = Query::of(Table::Identity, keys::of_log(day)).only("user", text(user.as_str()));
        let rows = self.rows().pages(query).await?.into_iter();
        rows.map(|row| from_item::<stored::Note>(row).map(Note::from)).collect()
    }
}

impl Aws {
    /// A row that has ended meanwhile says nothing either.
    async fn without(&self, key: Key, names: &[&'static str]) -> Result<(), StoreError> {
        let write = names.iter().fold(Write::update(key).when(PRESENT), |write, name| write.remove(*name));
        self.rows().send(write).await.map(drop)
    }
}
