//! Perpetual contracts at the paper venue: one position a market, its margin its own, and orders that can only make it smaller.
//!
//! 1. A margin is held back apart from what is free and what orders lock, and comes back with the profit as the position gets
//!    smaller.
//! 2. What may only reduce is refused where there is nothing to be reduced, and never fills more than that.
//! 3. A position that has lost its margin is gone: the venue closes it, before any order meets that price, and no order tells
//!    of it.

use super::acceptance::Refused;
use super::matching::Look;
use super::price::Point;
use app::ports::{Contract, OpenContracts, OpenPosition, PaperOrder, Request, Unprepared};
use domain::contracts::Contracts;
use domain::market::{Leverage, Market, MarketKey};
use domain::money::{Amount, MoneyError, Quantity};
use domain::order::{Direction, Fill, Refusal};
use domain::reason::Reason;
use std::collections::BTreeMap;

type Open = BTreeMap<MarketKey, OpenContracts>;

impl Look {
    /// The leverage of a market from now on; true where it was another one. A position keeps its own.
    pub(super) fn lend(&mut self, market: &Market, leverage: Leverage) -> Result<bool, Unprepared> {
        if leverage > market.kind.leverage_max() {
            let detail = format!("{leverage} is above {}, the most in this market", market.kind.leverage_max());
            return Err(Unprepared::Refused(Refusal { code: Reason::Leverage.into(), detail }));
        }
        match self.book.contracts.get(&market.key) {
            Some(open) if open.leverage == leverage => Ok(false),
            Some(open) if !open.held.quantity.is_zero() => {
                let detail = format!("{} is held with a leverage of {}", open.held.quantity, open.leverage);
                Err(Unprepared::Refused(Refusal { code: Reason::Leverage.into(), detail }))
            }
            _ => {
                let open = OpenContracts { held: Contracts::NONE, leverage };
                self.book.contracts.insert(market.key.clone(), open);
                Ok(true)
            }
        }
    }

    /// What a new order has beside the rest; none where coins are traded.
    pub(super) fn contract(&self, request: &Request) -> Option<Contract> {
        let leverage = self.book.contracts.get(&request.market.key).map_or(Leverage::ONE, |open| open.leverage);
        request.market.kind.is_linear().then_some(Contract { reduce_only: request.reduce_only, leverage })
    }

    /// # Errors
    /// Where an order that may only reduce would open or grow a position.
    pub(super) fn check_reduces(&self, request: &Request) -> Result<(), Refused> {
        let nothing = || reducible(&self.book.contracts, &request.market.key, request.direction).is_zero();
        if request.reduce_only && nothing() {
            return Err(Refused::ReduceOnly(request.market.key.clone()));
        }
        Ok(())
    }

    /// What an order may fill at the most; none where nothing bounds it.
    pub(super) fn fills_at_most(&self, order: &PaperOrder) -> Option<Quantity> {
        let reduces = order.contract.is_some_and(|contract| contract.reduce_only);
        reduces.then(|| reducible(&self.book.contracts, &order.market.key, order.direction))
    }

    /// The venue closes what has lost its margin at this price.
    pub(super) fn liquidate(&mut self, point: &Point) -> Result<(), MoneyError> {
        let Some(open) = self.book.contracts.get_mut(&point.market) else { return Ok(()) };
        let left = open.held.margin(open.leverage)?.plus(open.held.profit_at(point.price)?)?;
        if !open.held.quantity.is_zero() && left <= Amount::ZERO {
            open.held = Contracts::NONE;
        }
        Ok(())
    }
}

/// What an order of this direction can make smaller.
fn reducible(open: &Open, market: &MarketKey, direction: Direction) -> Quantity {
    let held = open.get(market).map_or(Contracts::NONE, |open| open.held);
    if held.side.leaves() == direction { held.quantity } else { Quantity::ZERO }
}

/// The positions after a fill, and what is free by it: profit and margin that comes back, less margin that is held. The fee is
/// apart.
pub(super) fn moved(open: &Open, order: &PaperOrder, fill: &Fill) -> Result<(Open, Amount), MoneyError> {
    let (mut open, market) = (open.clone(), &order.market.key);
    let leverage = order.contract.map_or(Leverage::ONE, |contract| contract.leverage);
    let before = open.get(market).copied().unwrap_or(OpenContracts { held: Contracts::NONE, leverage });
    let (held, profit) = before.held.traded(order.direction, fill.price, fill.quantity)?;
    let after = OpenContracts { held, ..before };
    let freed = before.held.margin(before.leverage)?.minus(after.held.margin(after.leverage)?)?;
    open.insert(market.clone(), after);
    Ok((open, profit.plus(freed)?))
}

/// What is held, as the venue tells it.
pub(super) fn positions(open: &Open) -> Vec<OpenPosition> {
    let held = open.iter().filter(|(_, open)| !open.held.quantity.is_zero());
    let told = held.map(|(market, open)| OpenPosition {
        market: market.clone(),
        side: open.held.side,
        quantity: open.held.quantity,
    });
    told.collect()
}
