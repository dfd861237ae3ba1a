//! People who are changed by an admin.

use super::World;
use super::identity::{changed, on_record};
use super::item::{Item, key};
use super::table::Action;
use crate::sim::Op;
use app::ports::{Audit, ReplaceUser, StoreError};
use domain::identity::{Role, User};
use domain::ids::UserId;

impl ReplaceUser for World {
    async fn replace_user(
        &self,
        user: &User,
        seen: u64,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("replace_user"), |world| {
            let mut actions = vec![changed(user, seen), on_record(audit)];
            actions.extend(witness.map(still_admin));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

fn still_admin<'a>(witness: &UserId) -> Action<'a> {
    Action::require(
        key::user(witness),
        |item| matches!(item, Item::User(user) if user.active && user.role == Role::Admin),
    )
}
