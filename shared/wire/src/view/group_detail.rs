//! A position group with everything that it is made of.

use super::order::{Fill, Order};
use super::{ByAsset, PositionGroup, by_asset, profit, time};
use domain::clock::Timestamp;
use domain::group::{self, Position};
use domain::ledger::Ledger;
use domain::money::MoneyError;
use domain::order::{self, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PositionGroupDetail {
    #[serde(flatten)]
    pub group: PositionGroup,
    /// Base that is held.
    pub quantity: String,
    /// Quote paid with fees for one base unit; null before the first fill.
    pub average_price: Option<String>,
    /// Of what is held, at the mark's price without a fee; null without a mark, and once it is closed.
    pub unrealised_pnl: Option<String>,
    pub fees: ByAsset,
    /// Those of them that nobody could value, which are in no profit.
    #[serde(default, skip_serializing_if = "ByAsset::is_empty")]
    pub fees_unvalued: ByAsset,
    /// Where everything is sold with loss; null before the base order has filled, and where each pyramid has its own.
    pub stop_price: Option<String>,
    /// Where a trailing take-profit begins to trail; null before the first fill, and for others.
    pub take_profit_arms_at: Option<String>,
    pub pyramids: Vec<Pyramid>,
    /// Partial exits, oldest first.
    pub reductions: Vec<Reduction>,
    pub take_profit_orders: Vec<Order>,
    /// Of the group, of its parts, and of partial exits.
    pub exit_orders: Vec<Order>,
    /// By venue time.
    pub fills: Vec<Fill>,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
}

/// One entry with its legs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pyramid {
    /// 0 is the opening's.
    pub pyramid: u32,
    /// The alert that asked for it.
    pub delivery_id: String,
    /// What it has bought, after fees taken in base.
    pub bought: String,
    /// Quote paid with fees for one base unit of it; null before its first fill.
    pub average_price: Option<String>,
    /// Where its own coins are sold with loss; null where all are sold together.
    pub stop_price: Option<String>,
    /// Why it has ended while the group is live; null where it has not, or has ended with the group.
    pub exit_reason: Option<String>,
    pub legs: Vec<Leg>,
    /// Safety orders that are no orders yet; none before the base order has ended, from which they are measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planned_legs: Vec<PlannedLeg>,
}

/// Where a safety order will stand. One that is bought at the market buys what its size gives at the price of then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedLeg {
    pub level: u32,
    pub price: String,
    pub quantity: String,
}

/// One share that was sold while the group stayed live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reduction {
    pub number: u32,
    pub pyramid: u32,
    pub delivery_id: String,
    pub quantity: String,
    pub at: jiff::Timestamp,
}

/// The orders of one leg, oldest first; only the last can still be at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leg {
    pub leg: u32,
    pub orders: Vec<Order>,
}

/// One change: why, and from which status to which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    pub version: u64,
    pub why: String,
    pub before: Option<String>,
    pub after: String,
    pub at: jiff::Timestamp,
}

impl PositionGroupDetail {
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn of(position: &Position, history: Vec<HistoryEntry>) -> Result<Self, MoneyError> {
        let ledger = position.ledger()?;
        let has_sold = position.group.settled.is_none_or(|settled| settled.has_sold());
        let realised_pnl = has_sold.then(|| profit(&ledger.realised())).transpose()?;
        Ok(Self {
            group: PositionGroup {
                realised_pnl,
                fee_unvalued: !ledger.unvalued.is_empty(),
                ..PositionGroup::from(&position.group)
            },
            quantity: ledger.held()?.to_string(),
            average_price: ledger.average().map(|average| average.approximate().to_string()),
            unrealised_pnl: unrealised(position, &ledger)?,
            fees: by_asset(&ledger.fees),
            fees_unvalued: by_asset(&ledger.unvalued),
            stop_price: stop(position, !position.stands_alone())?,
            take_profit_arms_at: position.arms_at()?.map(|price| price.to_string()),
            pyramids: pyramids(position)?,
            reductions: position.group.reductions.iter().map(Reduction::from).collect(),
            take_profit_orders: orders(position, |purpose| matches!(purpose, Purpose::TakeProfit(_)))?,
            exit_orders: orders(position, |purpose| matches!(purpose, Purpose::Exit | Purpose::Reduce(_)))?,
            fills: Fill::all(&position.orders),
            history,
        })
    }
}

impl HistoryEntry {
    pub fn new(version: u64, why: String, before: Option<String>, after: String, at: Timestamp) -> Self {
        Self { version, why, before, after, at: time(at) }
    }
}

fn stop(position: &Position, is_kept: bool) -> Result<Option<String>, MoneyError> {
    let price = if is_kept { position.stop_price()? } else { None };
    Ok(price.map(|price| price.to_string()))
}

fn unrealised(position: &Position, ledger: &Ledger) -> Result<Option<String>, MoneyError> {
    let mark = position.group.mark.filter(|_| !position.group.is_settled());
    mark.map(|mark| profit(&ledger.unrealised(mark.price)?)).transpose()
}

fn orders(position: &Position, of: impl Fn(Purpose) -> bool) -> Result<Vec<Order>, MoneyError> {
    sorted(position.orders.iter().filter(|order| of(order.purpose))).into_iter().map(Order::of).collect()
}

fn pyramids(position: &Position) -> Result<Vec<Pyramid>, MoneyError> {
    position.numbers().into_iter().map(|number| pyramid(position, number)).collect()
}

fn pyramid(position: &Position, number: u32) -> Result<Pyramid, MoneyError> {
    let (part, group) = (position.part(number), &position.group);
    let mut legs: BTreeMap<u32, Vec<Order>> = BTreeMap::new();
    for order in sorted(part.entries()) {
        legs.entry(order.leg).or_default().push(Order::of(order)?);
    }
    let ledger = Ledger::of(&group.market.key.symbol, group.side, part.entries())?;
    Ok(Pyramid {
        pyramid: number,
        delivery_id: group.delivery_of(number).id.to_string(),
        bought: ledger.bought.to_string(),
        average_price: ledger.average().map(|average| average.approximate().to_string()),
        stop_price: stop(&part, position.stands_alone())?,
        exit_reason: group.pyramids.left.get(&number).map(|exit| exit.reason.as_str().to_owned()),
        legs: legs.into_iter().map(|(leg, orders)| Leg { leg, orders }).collect(),
        planned_legs: part.planned_legs()?.into_iter().map(PlannedLeg::from).collect(),
    })
}

impl From<group::Leg> for PlannedLeg {
    fn from(leg: group::Leg) -> Self {
        Self { level: leg.level, price: leg.price.to_string(), quantity: leg.quantity.to_string() }
    }
}

impl From<&group::Reduction> for Reduction {
    fn from(reduction: &group::Reduction) -> Self {
        Self {
            number: reduction.number,
            pyramid: reduction.pyramid,
            delivery_id: reduction.delivery.to_string(),
            quantity: reduction.quantity.to_string(),
            at: time(reduction.at),
        }
    }
}

fn sorted<'a>(orders: impl Iterator<Item = &'a order::Order>) -> Vec<&'a order::Order> {
    let mut orders: Vec<_> = orders.collect();
    orders.sort_by_key(|order| (order.purpose, order.epoch));
    orders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored;
    use domain::order::{Direction, Fact, Fee, FeeValue, Intent, Status, TradeId};
    use domain::preset::OrderKind;

    const STORED: &str = include_str!("../../../../events/stored/group.pyramids.v2.json");

    fn order(group: &group::Group, purpose: Purpose, pyramid: u32, price: &str) -> order::Order {
        let direction = if purpose == Purpose::Entry { Direction::Buy } else { Direction::Sell };
        let (quantity, reserved) = ("0.5".parse().unwrap(), "0".parse().unwrap());
        let (kind, valid_until) = (OrderKind::Market, None);
        let intent =
            Intent { purpose, pyramid, leg: 0, epoch: 0, direction, kind, stop: None, quantity, reserved, valid_until };
        let fee = Some(Fee { asset: "USDT".parse().unwrap(), amount: "0.05".parse().unwrap(), value: FeeValue::Own });
        let fill = order::Fill { price: price.parse().unwrap(), quantity, fee, at: group.opened_at };
        let trade = TradeId(format!("{purpose}{pyramid}"));
        let fact = Fact { fills: [(trade, fill)].into(), ..Fact::of(Status::Filled) };
        order::Order::plan("test", &group.id, &intent, group.opened_at).merge(&fact)
    }

    #[test]
    fn each_pyramid_is_shown_with_its_alert_its_average_and_its_stop() {
        let group: group::Group = serde_json::from_str::<stored::Group>(STORED).unwrap().into();
        let orders = vec![
            order(&group, Purpose::Entry, 0, "100"),
            order(&group, Purpose::Entry, 2, "110"),
            order(&group, Purpose::Reduce(1), 0, "105"),
        ];
        let shown = PositionGroupDetail::of(&Position { group: group.clone(), orders }, Vec::new()).unwrap();
        let told = |pyramid: &Pyramid| {
            let Pyramid { pyramid, bought, average_price, stop_price, .. } = pyramid.clone();
            (pyramid, bought, average_price.unwrap(), stop_price.unwrap())
        };
        let of = |number, average: &str, stop: &str| (number, "0.5".to_owned(), average.to_owned(), stop.to_owned());
        // 5 % below 100.1, and the 8 % of its own below 110.1.
        let expected = [of(0, "100.1", "95.09"), of(2, "110.1", "101.29")];
        assert_eq!(shown.pyramids.iter().map(told).collect::<Vec<_>>(), expected);
        assert_eq!(shown.pyramids[1].delivery_id, group.delivery_of(2).id.to_string());
        assert_eq!(shown.stop_price, None, "each has its own");
        assert_eq!((shown.reductions[0].number, &*shown.reductions[0].quantity), (1, "0.00031"));
        assert_eq!(shown.exit_orders[0].purpose, "reduce#1");
    }

    #[test]
    fn safety_orders_that_are_no_orders_yet_are_told_with_their_places() {
        let stored = include_str!("../../../../events/stored/group.ladder.v2.json");
        let mut group: group::Group = serde_json::from_str::<stored::Group>(stored).unwrap().into();
        (group.settled, group.exit) = (None, None);
        let base = order(&group, Purpose::Entry, 0, "100");
        let first = order::Order { leg: 1, ..order(&group, Purpose::Entry, 0, "99") };
        let planned = |group: &group::Group, orders: Vec<order::Order>| {
            let position = Position { group: group.clone(), orders };
            let shown = PositionGroupDetail::of(&position, Vec::new()).unwrap().pyramids;
            let told = |leg: &PlannedLeg| format!("{}: {} at {}", leg.level, leg.quantity, leg.price);
            shown.iter().flat_map(|pyramid| &pyramid.planned_legs).map(told).collect::<Vec<_>>()
        };
        // 2.5 % and 7 % below 100.1, of 0.2 base and of 33.33 quote.
        let expected = ["2: 0.2 at 97.59", "3: 0.35807 at 93.09"];
        assert_eq!(planned(&group, vec![base.clone(), first]), expected);
        assert_eq!(planned(&group, Vec::new()), [""; 0], "nobody knows yet what the base order will have cost");
        group.exit = Some(group::Exit { reason: group::ExitReason::User, at: group.opened_at });
        assert_eq!(planned(&group, vec![base]), [""; 0], "a group that is left arms none");
    }
}
