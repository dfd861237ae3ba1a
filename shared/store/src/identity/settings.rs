//! Settings of users. Their partitions hold nothing else, so that a function may read them and nothing of the person.

use super::Identity;
use super::keys;
use crate::audit;
use crate::condition::{NOT_REMOVED, PRESENT};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::identity::UserSettings;
use domain::ids::UserId;
use wire::stored;

impl<E: Engine> Identity<'_, E> {
    /// At version 0 of a user who has said nothing yet.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_settings(&self, user: &UserId) -> Result<UserSettings, StoreError> {
        let row: Option<stored::UserSettings> = Rows(self.0).load(&keys::settings(user)).await?;
        Ok(row.map_or_else(|| UserSettings::none(user.clone()), UserSettings::from))
    }

    /// On record, on the version that was seen, of a user who is not removed. False if another change was first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_settings(&self, to: &UserSettings, seen: u64, audit: &Audit) -> Result<bool, StoreError> {
        let seen = (seen > 0).then_some(seen);
        let row = Write::versioned(keys::settings(&to.user), &stored::UserSettings::from(to), seen)?;
        let there = Write::check(keys::user(&to.user)).when(PRESENT).when(NOT_REMOVED);
        let writes = vec![row, there, audit::row_in(Table::Identity, audit)?];
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}
