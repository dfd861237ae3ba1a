//! A person who is forgotten.

use super::Identity;
use super::keys;
use super::users::changed;
use crate::audit;
use crate::condition::{PRESENT, REMOVED};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, text};
use crate::key::Table;
use crate::query::Query;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::identity::User;
use domain::ids::UserId;
use domain::logs::Note;
use wire::stored;

impl<E: Engine> Identity<'_, E> {
    /// A person who was removed; none where the person is still there.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_removed(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        let row: Option<stored::User> = Rows(self.0).load(&keys::user(user)).await?;
        Ok(row.filter(|row| row.deleted_at.is_some()).map(User::from))
    }

    /// Of who was removed no more is kept than this; on record, and on the version that was seen. False where another
    /// change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn blank_user(&self, kept: &User, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let row = changed(kept, seen).remove("last_login").when(REMOVED);
        let own = [keys::factor(&kept.id), keys::settings(&kept.id)].map(Write::delete);
        let writes = own.into_iter().chain([row, audit::row_in(Table::Identity, audit)?]).collect();
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// Entries about a person in a day of the system log no longer say from where they asked.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn forget_noted(&self, user: &UserId, day: i64) -> Result<(), StoreError> {
        for note in self.notes_of(user, day).await?.iter().filter(|note| note.address.is_some()) {
            // One that has ended meanwhile says nothing either.
            let silent = Write::update(keys::note(note)).when(PRESENT).remove("address");
            Rows(self.0).send(silent).await?;
        }
        Ok(())
    }

    /// Entries about a person in a day of the system log, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn notes_of(&self, user: &UserId, day: i64) -> Result<Vec<Note>, StoreError> {
        let query = Query::of(Table::Identity, keys::of_log(day)).only("user", text(user.as_str()));
        let rows = Rows(self.0).pages(query).await?.into_iter();
        rows.map(|row| from_item::<stored::Note>(row).map(Note::from)).collect()
    }
}
