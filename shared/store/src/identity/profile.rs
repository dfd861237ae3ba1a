//! What people change of themselves.

use super::Identity;
use super::keys;
use super::users::{changed, entry};
use crate::audit;
use crate::condition::NOT_REMOVED;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::identity::User;

impl<E: Engine> Identity<'_, E> {
    /// On record, and on the version of before; another address or name is put on absence, and the one before is free.
    /// False where another change was first, or where either is taken.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn change_profile(&self, before: &User, after: &User, audit: &Audit) -> Result<bool, StoreError> {
        let row = changed(after, before.version).when(NOT_REMOVED);
        let mut writes = vec![row, audit::row_in(Table::Identity, audit)?];
        let moved = [
            (keys::email(&before.email), keys::email(&after.email)),
            (keys::username(&before.username), keys::username(&after.username)),
        ];
        // In other letters it stands at the same place.
        for (from, to) in moved.into_iter().filter(|(from, to)| from != to) {
            writes.push(Write::delete(from));
            writes.push(Write::insert(to, &entry(&after.id))?);
        }
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}
