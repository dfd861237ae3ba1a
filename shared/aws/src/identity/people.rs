//! People who are changed or removed by an admin.

use super::definitions::{held, left};
use super::users::changed;
use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, RemoveUser, ReplaceUser, StoreError};
use domain::identity::{Role, User};
use domain::ids::UserId;
use store::audit;
use store::condition::{ADMIN_STILL, NOT_REMOVED};
use store::item::{text, time};
use store::{Table, Value, Write};

impl ReplaceUser for Aws {
    async fn replace_user(
        &self,
        user: &User,
        before: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![changed(user, before.version), audit::row_in(Table::Identity, audit)?];
        writes.extend(held(before, user));
        writes.extend(witness.map(still_admin));
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

impl RemoveUser for Aws {
    async fn remove_user(
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
        ];
        let mut writes = vec![row, audit::row_in(Table::Identity, audit)?];
        writes.extend(free.map(Write::delete));
        writes.extend(left(before));
        writes.extend(witness.map(still_admin));
        self.rows().all_or_none(writes, &audit.attempt).await
    }
}

fn still_admin(witness: &UserId) -> Write {
    let check = Write::check(keys::user(witness)).when(ADMIN_STILL);
    check.given("admin", text(Role::Admin.as_str())).given("yes", Value::Bool(true))
}
