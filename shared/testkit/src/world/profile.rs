//! What people change of themselves.

use super::World;
use super::identity::{changed, on_record};
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, ChangeProfile, StoreError};
use domain::identity::User;

impl ChangeProfile for World {
    async fn change_profile(&self, before: &User, after: &User, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("change_profile"), |world| {
            let mut actions = vec![changed(after, before.version), on_record(audit)];
            let moved = [
                (key::email(&before.email), key::email(&after.email)),
                (key::username(&before.username), key::username(&after.username)),
            ];
            for (from, to) in moved.into_iter().filter(|(from, to)| from != to) {
                actions.push(Action { key: from, guard: Box::new(|_| true), write: Write::Delete });
                actions.push(Action::put_on_absence(to, Item::UserEntry(after.id.clone())));
            }
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }
}
