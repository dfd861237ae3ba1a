//! The whole story of one order: what asked for it, what it was decided by, what was said to the venue, what came of it.

use crate::ports::{History, StoreError};
use domain::delivery::{Delivery, DeliveryRef};
use domain::group::{Group, Position};
use domain::ids::{OrderId, UserId};
use domain::lineage::{Cause, LimitKept, Said, Seen};
use domain::order::{Order, Purpose};
use store::Engine;
use store::trading::Trading;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    pub order: Order,
    pub group: Group,
    /// The alert that it followed from: of an order that sells because an alert has said so that one, of any other the
    /// alert that its entry followed from.
    pub delivery: Named,
    /// Planned by, and compared with; of a safety order those of its base order too, and of an exit what has reached its
    /// stop or target.
    pub prices: Vec<Seen>,
    /// That its entry was within when it was decided.
    pub limits: Vec<LimitKept>,
    /// Oldest first: the changes that made or changed it, and those that had led its group there.
    pub history: Vec<History>,
    /// Oldest first, as far as it was kept.
    pub said: Vec<Said>,
}

/// A delivery, and its row as long as that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub at: DeliveryRef,
    pub row: Option<Delivery>,
}

/// None where the order is not the user's.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn lineage<D: Engine>(deps: &D, user: &UserId, order: &OrderId) -> Result<Option<Lineage>, StoreError> {
    let Some((account, found)) = Trading(deps).find_order(user, order).await? else { return Ok(None) };
    let position = Trading(deps).load_position(&account, &found.group).await?;
    let Some(position) = position.filter(|position| position.group.user == *user) else { return Ok(None) };
    let Some(order) = position.order(order) else { return Ok(None) };
    let history = Trading(deps).list_history(&order.group).await?;
    let at = asked_by(&position, order, &history);
    let row = Trading(deps).load_delivery(&at).await?;
    Ok(Some(Lineage::of(&position, order, Named { at, row }, &history)))
}

impl Lineage {
    /// Of one of the position's orders, with the whole history of its group.
    pub fn of(position: &Position, order: &Order, delivery: Named, history: &[History]) -> Self {
        let base = base(position, order);
        let is_its = |id: &OrderId| *id == order.id || base.is_some_and(|base| *id == base.id);
        let prices = history.iter().flat_map(|row| &row.evidence.prices);
        let said = history.iter().flat_map(|row| &row.evidence.said);
        let begins = beginning(position, order, history);
        let reached = match begins.and_then(|row| row.evidence.cause.as_ref()) {
            Some(Cause::Price(seen)) => Some(*seen),
            Some(Cause::Alert(_)) | None => None,
        };
        let decided = history.iter().filter(|row| base.is_some_and(|base| names(row, &base.id)));
        Self {
            prices: reached.into_iter().chain(prices.filter(|(of, _)| is_its(of)).map(|(_, seen)| *seen)).collect(),
            limits: decided.flat_map(|row| row.evidence.limits.iter().cloned()).collect(),
            said: said.filter(|(of, _)| *of == order.id).map(|(_, said)| said.clone()).collect(),
            history: history.iter().filter(|row| concerns(row, order) || begins == Some(*row)).cloned().collect(),
            group: position.group.clone(),
            order: order.clone(),
            delivery,
        }
    }
}

/// The alert that an order of the position has followed from.
pub fn asked_by(position: &Position, order: &Order, history: &[History]) -> DeliveryRef {
    match beginning(position, order, history).and_then(|row| row.evidence.cause.clone()) {
        Some(Cause::Alert(exit)) => exit,
        Some(Cause::Price(_)) | None => position.group.delivery_of(order.pyramid).clone(),
    }
}

/// The change that has made the group sell what the order sells, where something from outside has caused it.
fn beginning<'a>(position: &Position, order: &Order, history: &'a [History]) -> Option<&'a History> {
    let group = &position.group;
    let at = match order.purpose {
        Purpose::Entry | Purpose::TakeProfit(_) => None,
        Purpose::Exit => group.pyramids.left.get(&order.pyramid).or(group.exit.as_ref()).map(|exit| exit.at),
        Purpose::Reduce(number) => group.reductions.iter().find(|one| one.number == number).map(|one| one.at),
    }?;
    history.iter().find(|row| row.at == at && row.evidence.cause.is_some())
}

/// The order that its entry was decided with, its pyramid's first; none of an order that sells.
fn base<'a>(position: &'a Position, order: &Order) -> Option<&'a Order> {
    let meant = |one: &&Order| one.pyramid == order.pyramid && one.leg == 0 && one.purpose == order.purpose;
    let first = position.orders.iter().filter(meant).min_by_key(|one| one.epoch);
    first.filter(|first| first.purpose == Purpose::Entry)
}

fn names(row: &History, order: &OrderId) -> bool {
    row.orders.as_ref().is_some_and(|orders| orders.contains(order))
}

/// A row that does not tell its orders is taken for one of this order's from its plan on.
fn concerns(row: &History, order: &Order) -> bool {
    let has_led_to_it = row.before.as_ref() != Some(&row.after) && row.at <= order.planned_at;
    names(row, &order.id) || has_led_to_it || (row.orders.is_none() && row.at >= order.planned_at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Timestamp;
    use domain::ids::GroupId;
    use domain::lineage::Evidence;

    fn row(before: &str, after: &str, at: i64, orders: Option<Vec<OrderId>>) -> History {
        History {
            group: GroupId::of(&["g"]),
            version: 1,
            why: String::new(),
            before: Some(before.to_owned()),
            after: after.to_owned(),
            at: Timestamp::from_millis(at),
            orders,
            evidence: Evidence::default(),
        }
    }

    #[test]
    fn of_the_groups_history_what_names_the_order_and_what_has_led_to_it_is_its_own() {
        let position = super::super::sample::position_of_an_entry();
        let order = Order { planned_at: Timestamp::from_millis(100), ..position.orders[0].clone() };
        let (own, others) = (Some(vec![order.id.clone()]), Some(vec![OrderId::of(&["another"])]));
        for (row, expected) in [
            (row("live", "live", 200, own), true),
            (row("live", "live", 200, others.clone()), false),
            (row("live", "closing", 90, others.clone()), true),
            (row("closing", "closed", 300, others), false),
            (row("live", "live", 200, None), true),
            (row("live", "live", 50, None), false),
        ] {
            assert_eq!(concerns(&row, &order), expected, "{row:?}");
        }
    }
}
