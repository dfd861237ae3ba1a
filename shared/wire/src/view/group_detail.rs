//! A position group with everything that it is made of.

use super::order::{Fill, Order};
use super::words::{ExitReason, PositionStatus, Time};
use super::{ByAsset, PositionGroup, by_asset, profit, time};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::group::{self, Position};
use domain::ledger::Ledger;
use domain::money::MoneyError;
use domain::order::{self, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PositionDetail)]
pub struct PositionGroupDetail {
    #[serde(flatten)]
    pub group: PositionGroup,
    /// Base that is held.
    pub quantity: String,
    /// Quote paid with fees for one base unit; null before the first fill.
    pub average_price: Option<String>,
    /// Of what is held, at the mark's price without a fee; null without a mark, and once it is closed.
    pub unrealised_pnl: Option<String>,
    /// Fees of all fills, by the asset in which they were paid.
    pub fees: ByAsset,
    /// Those of the fees whose value could not be determined; they are in no profit.
    #[serde(default, skip_serializing_if = "ByAsset::is_empty")]
    pub fees_unvalued: ByAsset,
    /// Where everything is sold with loss; null before the base order has filled, and where each pyramid has its own.
    pub stop_price: Option<String>,
    /// Where a trailing take-profit begins to trail; null before the first fill, and for others.
    pub take_profit_arms_at: Option<String>,
    /// The opening entry and each addition, with their orders.
    pub pyramids: Vec<Pyramid>,
    /// Partial exits, oldest first.
    pub reductions: Vec<Reduction>,
    /// Take-profit orders of the position, including ended ones.
    pub take_profit_orders: Vec<Order>,
    /// Of the group, of its parts, and of partial exits.
    pub exit_orders: Vec<Order>,
    /// The fills of the position, by the time of the exchange.
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
    pub exit_reason: Option<ExitReason>,
    /// The base order and the safety orders of this entry, each with its orders.
    pub legs: Vec<Leg>,
    /// Safety orders that are no orders yet; none before the base order has ended, from which they are measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub planned_legs: Vec<PlannedLeg>,
}

/// Where a safety order will stand. One that is bought at the market buys what its size gives at the price of then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedLeg {
    /// Place in the ladder, from 1.
    pub level: u32,
    /// Planned price of the safety order, in the quote currency.
    pub price: String,
    /// Planned quantity of the safety order, in base units.
    pub quantity: String,
}

/// One share that was sold while the group stayed live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reduction {
    /// Number of the partial exit in the position, from 1.
    pub number: u32,
    /// Which entry's coins are sold: 0 is the opening, from 1 on additions.
    pub pyramid: u32,
    /// The alert that asked for the partial exit, `dlv_…`.
    pub delivery_id: String,
    /// How much is to be sold, in base units.
    pub quantity: String,
    /// When the partial exit was decided.
    pub at: Time,
}

/// The orders of one leg, oldest first; only the last can still be at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leg {
    /// 0 for the base order, from 1 for safety orders.
    pub leg: u32,
    /// The orders of this leg, oldest first.
    pub orders: Vec<Order>,
}

/// One change: why, and from which status to which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    /// The version of the position after the change.
    pub version: u64,
    /// What caused the change, in words.
    pub why: String,
    /// The position's status before the change; null for its first entry.
    #[schema(value_type = Option<PositionStatus>)]
    pub before: Option<String>,
    /// The position's status after the change.
    #[schema(value_type = PositionStatus)]
    pub after: String,
    /// When the change was stored.
    pub at: Time,
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
        exit_reason: group.pyramids.left.get(&number).map(|exit| Text(exit.reason)),
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
