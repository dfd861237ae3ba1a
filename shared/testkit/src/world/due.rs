//! What the minute minds: bells that were not rung, deliveries without a verdict.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Bell, ClearOutbox, MindDue, Outbox, StoreError};
use domain::clock::Timestamp;
use domain::delivery::Delivery;
use domain::limits;
use domain::parked::Parked;
use domain::shard;

impl ClearOutbox for World {
    async fn clear_outbox(&self, bell: &Bell) -> Result<(), StoreError> {
        self.call(Op::effect("clear_outbox"), |world| world.delete_outbox(bell)).await
    }
}

impl MindDue for World {
    async fn due_outbox(&self, of: u8, now: Timestamp) -> Result<Vec<Outbox>, StoreError> {
        self.list(Op::read("due_outbox"), |item| match item {
            Item::Outbox(row) if row.due_at <= now && shard::due(row.bell.account.as_str()) == of => Some(row.clone()),
            _ => None,
        })
        .await
    }

    async fn due_deliveries(&self, of: u8, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
        self.list(Op::read("due_deliveries"), |item| match item {
            Item::Delivery(row) if shard::due(row.at.user.as_str()) == of => {
                row.due_at.is_some_and(|due| due <= now).then(|| row.clone())
            }
            _ => None,
        })
        .await
    }

    async fn postpone_outbox(&self, outbox: &Outbox, next: Timestamp) -> Result<bool, StoreError> {
        self.call(Op::effect("postpone_outbox"), |world| {
            let later = Outbox { due_at: next, sends: outbox.sends.saturating_add(1), ..outbox.clone() };
            world.change_outbox(outbox, |key| vec![replaced(key, outbox, Write::Put(Item::Outbox(later)))])
        })
        .await
    }

    async fn done_outbox(&self, outbox: &Outbox, _now: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("done_outbox"), |world| world.delete_outbox(&outbox.bell)).await
    }

    async fn park_outbox(&self, outbox: &Outbox, parked: &Parked) -> Result<(), StoreError> {
        self.call(Op::effect("park_outbox"), |world| {
            let row = Action::put_on_absence(key::parked(parked), Item::Parked(parked.clone()));
            world.change_outbox(outbox, |key| vec![replaced(key, outbox, Write::Delete), row]);
        })
        .await
    }

    async fn postpone_delivery(
        &self,
        delivery: &Delivery,
        decisions: u32,
        next: Timestamp,
    ) -> Result<bool, StoreError> {
        self.call(Op::effect("postpone_delivery"), |world| {
            let seen = |row: &Delivery| !row.is_settled() && row.due_at == delivery.due_at;
            world.change_delivery(&delivery.at, seen, |row| {
                row.due_at = Some(next);
                row.decisions = decisions;
            })
        })
        .await
    }
}

/// Only the row that was read is changed.
fn replaced<'a>(key: String, seen: &'a Outbox, write: Write<'a>) -> Action<'a> {
    Action { key, guard: Box::new(move |row| matches!(row, Some(Item::Outbox(stored)) if stored == seen)), write }
}

impl World {
    fn change_outbox<'a>(&self, outbox: &'a Outbox, actions: impl FnOnce(String) -> Vec<Action<'a>>) -> bool {
        let key = key::outbox(&outbox.bell);
        self.table_mut().transact(actions(key), None, self.sim().now()).is_ok()
    }

    fn delete_outbox(&self, bell: &Bell) {
        let (guard, write) = (Box::new(|_: Option<&Item>| true), Write::Delete);
        let gone = Action { key: key::outbox(bell), guard, write };
        let _always = self.table_mut().transact(vec![gone], None, self.sim().now());
    }

    /// Every bell in the outbox has been sent as often as it may be.
    pub fn wear_out_bells(&self) {
        let spent = |item: &Item| match item {
            Item::Outbox(row) => Some(Outbox { sends: limits::OUTBOX_SENDS_MAX, ..row.clone() }),
            _ => None,
        };
        let rows: Vec<Outbox> = self.table().items().filter_map(spent).collect();
        for row in rows {
            self.table_mut().put(key::outbox(&row.bell), Item::Outbox(row), self.sim().now());
        }
    }

    pub(super) fn missed_writes(&self) -> u64 {
        let most = self.strict().lag_writes;
        if self.strict().worst { most } else { self.sim().up_to(most) }
    }

    /// A list by an index: it misses what was written last.
    pub(super) async fn list<T>(&self, op: Op, pick: impl FnMut(&Item) -> Option<T>) -> Result<Vec<T>, StoreError> {
        self.call(op, |world| {
            let missed = world.missed_writes();
            world.table_mut().lists.read(missed, world.sim().now()).map(|row| &**row).filter_map(pick).collect()
        })
        .await
    }
}
