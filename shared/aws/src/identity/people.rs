//! People who are changed by an admin.

use super::users::changed;
use crate::audit;
use crate::client::Aws;
use crate::condition::ADMIN_STILL;
use crate::config::Place;
use crate::item::text;
use crate::keys;
use crate::write::Write;
use app::ports::{Audit, ReplaceUser, StoreError};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::identity::{Role, User};
use domain::ids::UserId;

impl ReplaceUser for Aws {
    async fn replace_user(
        &self,
        user: &User,
        seen: u64,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![changed(user, seen), audit::row_in(Place::Identity, audit)?];
        writes.extend(witness.map(still_admin));
        self.all_or_none(writes, &audit.attempt).await
    }
}

fn still_admin(witness: &UserId) -> Write {
    let check = Write::check(keys::user(witness)).when(ADMIN_STILL);
    check.given("admin", text(Role::Admin.as_str())).given("yes", AttributeValue::Bool(true))
}
