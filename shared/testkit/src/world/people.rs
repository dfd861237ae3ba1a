//! People who are changed or removed by an admin.

use super::World;
use super::definition::{held, left};
use super::identity::{changed, on_record};
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, RemoveUser, ReplaceUser, StoreError};
use domain::identity::{Role, User};
use domain::ids::UserId;

impl ReplaceUser for World {
    async fn replace_user(
        &self,
        user: &User,
        before: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("replace_user"), |world| {
            let mut actions = vec![changed(user, before.version), on_record(audit)];
            actions.extend(held(before, user));
            actions.extend(witness.map(still_admin));
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}

impl RemoveUser for World {
    async fn remove_user(
        &self,
        before: &User,
        kept: &User,
        witness: Option<&UserId>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("remove_user"), |world| {
            let seen = before.version;
            let guard =
                Box::new(move |row: Option<&Item>| matches!(row, Some(Item::User(user)) if user.version == seen));
            let write = Write::Put(Item::Removed(kept.clone()));
            let mut actions = vec![Action { key: key::user(&before.id), guard, write }, on_record(audit)];
            for key in [key::email(&before.email), key::username(&before.username), key::factor(&before.id)] {
                actions.push(Action { key, guard: Box::new(|_: Option<&Item>| true), write: Write::Delete });
            }
            actions.extend(left(before));
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
