//! A position group with everything that it is made of.

use super::order::{Fill, Order};
use super::{ByAsset, PositionGroup, by_asset, profit, time};
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ledger::Ledger;
use domain::money::MoneyError;
use domain::order::{self, Purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Where everything is sold with loss; null before the base order has filled.
    pub stop_price: Option<String>,
    /// Where a trailing take-profit begins to trail; null before the first fill, and for others.
    pub take_profit_arms_at: Option<String>,
    pub pyramids: Vec<Pyramid>,
    pub take_profit_orders: Vec<Order>,
    pub exit_orders: Vec<Order>,
    /// By venue time.
    pub fills: Vec<Fill>,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
}

/// One entry with its legs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pyramid {
    pub pyramid: u32,
    pub legs: Vec<Leg>,
}

/// The orders of one leg, oldest first; only the last can still be at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    pub leg: u32,
    pub orders: Vec<Order>,
}

/// One change: why, and from which status to which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        let realised_pnl = Some(profit(&ledger.realised())?);
        Ok(Self {
            group: PositionGroup { realised_pnl, ..PositionGroup::from(&position.group) },
            quantity: ledger.held()?.to_string(),
            average_price: ledger.average().map(|average| average.approximate().to_string()),
            unrealised_pnl: unrealised(position, &ledger)?,
            fees: by_asset(&ledger.fees),
            stop_price: position.stop_price()?.map(|price| price.to_string()),
            take_profit_arms_at: position.arms_at()?.map(|price| price.to_string()),
            pyramids: pyramids(position)?,
            take_profit_orders: orders(position, |purpose| matches!(purpose, Purpose::TakeProfit(_)))?,
            exit_orders: orders(position, |purpose| purpose == Purpose::Exit)?,
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

fn unrealised(position: &Position, ledger: &Ledger) -> Result<Option<String>, MoneyError> {
    let mark = position.group.mark.filter(|_| !position.group.is_settled());
    mark.map(|mark| profit(&ledger.unrealised(mark.price)?)).transpose()
}

fn orders(position: &Position, of: impl Fn(Purpose) -> bool) -> Result<Vec<Order>, MoneyError> {
    sorted(position.orders.iter().filter(|order| of(order.purpose))).into_iter().map(Order::of).collect()
}

fn pyramids(position: &Position) -> Result<Vec<Pyramid>, MoneyError> {
    let mut pyramids: BTreeMap<u32, BTreeMap<u32, Vec<Order>>> = BTreeMap::new();
    for order in sorted(position.entries()) {
        let legs = pyramids.entry(order.pyramid).or_default();
        legs.entry(order.leg).or_default().push(Order::of(order)?);
    }
    let leg = |(leg, orders)| Leg { leg, orders };
    let pyramid = |(pyramid, legs): (_, BTreeMap<_, _>)| Pyramid { pyramid, legs: legs.into_iter().map(leg).collect() };
    Ok(pyramids.into_iter().map(pyramid).collect())
}

fn sorted<'a>(orders: impl Iterator<Item = &'a order::Order>) -> Vec<&'a order::Order> {
    let mut orders: Vec<_> = orders.collect();
    orders.sort_by_key(|order| (order.purpose, order.epoch));
    orders
}
