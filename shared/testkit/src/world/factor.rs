//! Second factors.

use super::World;
use super::identity::{changed, on_record};
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, Factor, KeepFactor, StoreError};
use domain::identity::User;
use domain::ids::UserId;

impl KeepFactor for World {
    async fn load_factor(&self, user: &UserId) -> Result<Option<Factor>, StoreError> {
        self.call(Op::read("load_factor"), |world| {
            if let Some(Item::Factor(factor)) = world.table().get(&key::factor(user)) {
                Some(factor.clone())
            } else {
                None
            }
        })
        .await
    }

    async fn set_factor(
        &self,
        user: &User,
        seen_user: u64,
        factor: Option<&Factor>,
        seen: Option<u64>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        self.try_call(Op::effect("set_factor"), |world| {
            let actions = vec![changed(user, seen_user), set(&user.id, factor, seen), on_record(audit)];
            world.all_or_none(actions, Some(&audit.attempt))
        })
        .await
    }

    async fn keep_factor(&self, factor: &Factor, seen: u64) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_factor"), |world| {
            world.all_or_none(vec![set(&factor.user, Some(factor), Some(seen))], None)
        })
        .await
    }
}

fn set<'a>(user: &UserId, factor: Option<&Factor>, seen: Option<u64>) -> Action<'a> {
    let guard = Box::new(move |row: Option<&Item>| {
        let version = if let Some(Item::Factor(kept)) = row { Some(kept.version) } else { None };
        version == seen
    });
    let write = factor.map_or(Write::Delete, |factor| Write::Put(Item::Factor(factor.clone())));
    Action { key: key::factor(user), guard, write }
}
