//! People who are changed or removed by an admin.

use super::Identity;
use super::definitions::{held, left};
use super::keys;
use super::users::changed;
use crate::audit;
use crate::condition::{ADMIN_STILL, NOT_REMOVED};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{text, time};
use crate::key::Table;
use crate::rows::Rows;
use crate::value::Value;
use crate::write::Write;
use domain::audit::Audit;
use domain::identity::{Role, User};
use domain::ids::UserId;

impl<E: Engine> Identity<'_, E> {
    /// On record, as they were seen, and while the witness is an admin who may come in: none of two who take each other's
    /// role at once goes before the other has gone. Another role or plan of the deployment's own has to be there, and
    /// knows how many hold it. False where any of it does not hold.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn replace_user(
        &self,
        user: &User,
        before: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![changed(user, before.version), audit::row_in(Table::Identity, audit)?];
        writes.extend(held(before, user));
        writes.extend(witness.map(still_admin));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }

    /// The same; from here on they are not found, and their address and name are free. What is kept of them may say less
    /// than what was there.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn remove_user(
        &self,
        before: &User,
        kept: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let row = changed(kept, before.version).set("deleted_at", time(audit.at)).when(NOT_REMOVED);
        let row = if kept.last_login.is_none() { row.remove("last_login") } else { row };
        let free = [
            keys::email(&before.email),
            keys::username(&before.username),
            keys::listed_user(&before.id),
            keys::factor(&before.id),
            keys::settings(&before.id),
        ];
        let mut writes = vec![row, audit::row_in(Table::Identity, audit)?];
        writes.extend(free.map(Write::delete));
        writes.extend(left(before));
        writes.extend(witness.map(still_admin));
        Rows(self.0).all_or_none(writes, &audit.attempt).await
    }
}

fn still_admin(witness: &UserId) -> Write {
    let check = Write::check(keys::user(witness)).when(ADMIN_STILL);
    check.given("admin", text(Role::Admin.as_str())).given("yes", Value::Bool(true))
}
