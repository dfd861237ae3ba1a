//! Deliveries: put once, found wherever they stand, judged once.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Refused, Table};
use crate::sim::Op;
use app::ports::{KeepDelivery, Kept, LoadDelivery, StoreError, WakeDelivery};
use app::receive::LimitRate;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, DeliveryRef};
use domain::ids::{AttemptId, TokenId};

impl LimitRate for World {
    fn admit(&self, _: &TokenId, _: Timestamp) -> bool {
        true
    }
}

impl KeepDelivery for World {
    async fn put_delivery(&self, delivery: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        self.try_call(Op::effect("put_delivery"), |world| {
            let put = Action::put_on_absence(key::delivery(&delivery.at), Item::Delivery(delivery.clone()));
            world.keep(vec![put], &delivery.at, attempt)
        })
        .await
    }

    async fn replace_delivery(&self, new: &Delivery, old: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        self.try_call(Op::effect("replace_delivery"), |world| {
            let moved = match world.table().get(&key::delivery(&old.at)) {
                Some(Item::Delivery(stored)) => stored.clone(),
                _ => old.clone(),
            };
            let take = Action::update(
                key::delivery(&new.at),
                |row| matches!(row, Item::Delivery(stored) if stored.at == old.at),
                |row| *row = Item::Delivery(new.clone()),
            );
            let keep = Action::put(key::former(&old.at), Item::Delivery(moved));
            world.keep(vec![take, keep], &new.at, attempt)
        })
        .await
    }

    async fn count_repeat(&self, delivery: &DeliveryRef) -> Result<(), StoreError> {
        self.call(Op::effect("count_repeat"), |world| {
            world.change_delivery(delivery, |_| true, |row| row.repeats = row.repeats.saturating_add(1));
        })
        .await
    }
}

impl LoadDelivery for World {
    async fn load_delivery(&self, delivery: &DeliveryRef) -> Result<Option<Delivery>, StoreError> {
        self.call(Op::read("load_delivery"), |world| world.table().delivery(delivery).cloned()).await
    }
}

impl WakeDelivery for World {
    async fn wake_delivery(&self, delivery: &DeliveryRef, now: Timestamp) -> Result<(), StoreError> {
        self.call(Op::effect("wake_delivery"), |world| {
            world.change_delivery(
                delivery,
                |row| row.verdict.is_some() && !row.is_settled(),
                |row| row.due_at = Some(now),
            );
        })
        .await
    }
}

impl World {
    fn keep(&self, actions: Vec<Action<'_>>, at: &DeliveryRef, attempt: &AttemptId) -> Result<Kept, StoreError> {
        let kept = self.table_mut().transact(actions, Some(attempt), self.sim().now());
        match kept {
            Ok(()) => Ok(Kept::First),
            Err(Refused::Guard) => match self.table().get(&key::delivery(at)) {
                Some(Item::Delivery(found)) => Ok(Kept::Found(Box::new(found.clone()))),
                _ => Err(StoreError::Unavailable("the row has gone".to_owned())),
            },
            Err(Refused::Limit(what)) => {
                self.sim().violation(&*what);
                Err(StoreError::Unavailable(what))
            }
        }
    }

    /// Changes the row where it stands, if the guard holds; says whether it did.
    pub(super) fn change_delivery(
        &self,
        at: &DeliveryRef,
        guard: impl Fn(&Delivery) -> bool,
        change: impl FnOnce(&mut Delivery),
    ) -> bool {
        let key = self.table().find_delivery(at);
        let meant = |row: &Item| matches!(row, Item::Delivery(stored) if stored.at.id == at.id && guard(stored));
        let action = Action::update(key, meant, |row| {
            if let Item::Delivery(stored) = row {
                change(stored);
            }
        });
        self.table_mut().transact(vec![action], None, self.sim().now()).is_ok()
    }
}

impl Table {
    /// The key under which the delivery stands by now.
    pub(super) fn find_delivery(&self, at: &DeliveryRef) -> String {
        let key = key::delivery(at);
        match self.get(&key) {
            Some(Item::Delivery(stored)) if stored.at.id != at.id => key::former(at),
            _ => key,
        }
    }

    pub fn delivery(&self, at: &DeliveryRef) -> Option<&Delivery> {
        match self.get(&self.find_delivery(at)) {
            Some(Item::Delivery(stored)) if stored.at.id == at.id => Some(stored),
            _ => None,
        }
    }
}
