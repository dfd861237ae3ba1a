//! What people change of themselves.

use super::users::{changed, entry};
use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, ChangeProfile, StoreError};
use domain::identity::User;
use store::audit;
use store::condition::NOT_REMOVED;
use store::{Table, Write};

impl ChangeProfile for Aws {
    async fn change_profile(&self, before: &User, after: &User, audit: &Audit) -> Result<bool, StoreError> {
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
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}
