//! Perpetual contracts: one position a market, a margin behind it, its profit paid in quote as it gets smaller.
//!
//! 1. A margin is apart from what is free and what is locked, and comes back with the profit.
//! 2. What only reduces needs nothing, fills no more than there is to reduce, and ends where nothing is left.
//! 3. A position that has lost its margin is gone, before any order meets that price; no order tells of it.

use super::{Draft, Exchange, Millis, Order, Side, Status};
use domain::contracts::Contracts;
use domain::market::Leverage;
use domain::money::{Amount, Decimal, Fraction, MoneyError, Price, Quantity};
use domain::order::Direction;

/// Fees are cut off after eight digits; what is held back for one is not.
const FEE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);
const LEVERAGE_AT_FIRST: u32 = 20;

/// What an account holds of a market, and how it is set there.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    pub held: Contracts,
    pub leverage: Leverage,
    pub is_isolated: bool,
    pub updated_at: Millis,
}

impl Default for Position {
    /// Nothing is held; what an account begins with.
    fn default() -> Self {
        let leverage = Leverage::new(LEVERAGE_AT_FIRST).unwrap_or_default();
        Self { held: Contracts::NONE, leverage, is_isolated: false, updated_at: 0 }
    }
}

impl Position {
    /// What stands behind it.
    pub fn margin(&self) -> Amount {
        self.held.margin(self.leverage).unwrap_or_default()
    }

    pub fn is_open(&self) -> bool {
        !self.held.quantity.is_zero()
    }
}

fn direction(side: Side) -> Direction {
    if side == Side::Buy { Direction::Buy } else { Direction::Sell }
}

impl Exchange {
    pub fn position(&self, account: &str, market: &str) -> Position {
        self.positions.get(&(account.to_owned(), market.to_owned())).copied().unwrap_or_default()
    }

    pub fn set_position(&mut self, account: &str, market: &str, position: Position) {
        self.positions.insert((account.to_owned(), market.to_owned()), position);
    }

    /// This account's positions that hold something, by market.
    pub fn positions_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = (&'a str, &'a Position)> + 'a {
        let own = self.positions.iter().filter(move |((holder, _), position)| holder == account && position.is_open());
        own.map(|((_, market), position)| (market.as_str(), position))
    }

    pub fn is_hedged(&self, account: &str) -> bool {
        self.hedged.contains(account)
    }

    /// Both sides of a market at once from now on, or one.
    pub fn hedge(&mut self, account: &str, is_hedged: bool) {
        if is_hedged {
            self.hedged.insert(account.to_owned());
        } else {
            self.hedged.remove(account);
        }
    }

    /// What an order of this side could make smaller.
    pub(super) fn reducible(&self, account: &str, market: &str, side: Side) -> Quantity {
        let held = self.position(account, market).held;
        if held.side.leaves() == direction(side) { held.quantity } else { Quantity::ZERO }
    }

    /// What an order may fill at the most; none where nothing bounds it.
    pub(super) fn fills_at_most(&self, order: &Order) -> Option<Quantity> {
        let draft = &order.draft;
        draft.reduce_only.then(|| self.reducible(&order.account, &draft.market, draft.side))
    }

    /// The margin of what is opened, and the fee on it; what makes a position smaller pays from what it frees.
    pub(super) fn margin_need(
        &self,
        account: &str,
        draft: &Draft,
        price: Price,
        quantity: Quantity,
    ) -> Result<Amount, MoneyError> {
        let closes = self.reducible(account, &draft.market, draft.side).min(quantity);
        let opens = quantity.minus(closes)?;
        if draft.reduce_only || opens.is_zero() {
            return Ok(Amount::ZERO);
        }
        let cost = price.times(opens)?;
        let fee = Amount::new((Fraction::from(cost.get()) * self.policy.taker.fraction()).ceil_to(FEE_STEP)?)?;
        let opened = Contracts { quantity: opens, cost, ..Contracts::NONE };
        opened.margin(self.position(account, &draft.market).leverage)?.plus(fee)
    }

    /// What a trade does to the position, and what it frees or takes of the account, its fee apart.
    pub(super) fn trade_contracts(
        &mut self,
        order: &Order,
        price: Price,
        quantity: Quantity,
        now: Millis,
    ) -> Result<Amount, MoneyError> {
        let (account, draft) = (&order.account, &order.draft);
        let before = self.position(account, &draft.market);
        let (held, profit) = before.held.traded(direction(draft.side), price, quantity)?;
        let after = Position { held, updated_at: now, ..before };
        let freed = before.held.margin(before.leverage)?.minus(held.margin(after.leverage)?)?;
        self.set_position(account, &draft.market, after);
        profit.plus(freed)
    }

    /// Orders that could only reduce, and find nothing to reduce any more, end.
    pub(super) fn end_idle(&mut self, market: &str, now: Millis) {
        let is_idle = |order: &&Order| {
            order.is_open()
                && order.draft.market == market
                && self.fills_at_most(order).is_some_and(|most| most.is_zero())
        };
        let idle: Vec<u64> = self.orders.values().filter(is_idle).map(|order| order.id).collect();
        for id in idle {
            // It holds nothing: giving that back cannot fail.
            let _given_back = self.end(id, Status::Expired, now);
        }
    }

    /// The exchange closes what has lost its margin at this price.
    pub(super) fn liquidate(&mut self, market: &str, price: Price, now: Millis) {
        let is_lost = |position: &Position| {
            let left = position.held.profit_at(price).and_then(|profit| profit.plus(position.margin()));
            position.is_open() && left.is_ok_and(|left| left <= Amount::ZERO)
        };
        for ((_, of), position) in &mut self.positions {
            if of == market && is_lost(position) {
                (position.held, position.updated_at) = (Contracts::NONE, now);
            }
        }
        self.end_idle(market, now);
    }
}
