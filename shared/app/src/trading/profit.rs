//! What a user's trades have made: by the day on which they were closed, by bot, and in all. Each in its mode, at its exchange and in its quote
//! asset: nothing is converted, and no play money is added to real money.
//!
//! 1. What is closed is counted as it was settled; what is open, as its fills and its last price say. Both are as the trade itself is shown.
//! 2. What a closed position could not sell is told apart, with what it has cost. A position that has sold nothing is no closed trade.
//! 3. Reads are bounded. Sums say from when on they know every trade.

use super::listed::Wanted;
use super::trades::{TradeStatus, positions};
use crate::ports::{PageRequest, StoreError};
use domain::clock::Timestamp;
use domain::group::{Group, Position, Settled, StillHeld};
use domain::ids::{BotId, UserId};
use domain::limits::{PAGE_ITEMS_MAX, PROFIT_OPEN_MAX, PROFIT_PAGES_MAX};
use domain::lots::shown;
use domain::market::{Asset, Exchange, MarketKey};
use domain::money::{Amount, MoneyError, Quantity};
use domain::vault::Mode;
use std::collections::BTreeMap;
use store::Engine;
use store::Span;
use store::trading::Trading;

/// Trades that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub trades: u32,
    /// Those of them that have gained.
    pub won: u32,
    /// After all fees.
    pub realised: Amount,
    /// Whether a fee is not included because its value could not be determined.
    pub fee_unvalued: bool,
}

/// Trades that are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    pub trades: u32,
    /// Of what was sold of them so far.
    pub realised: Amount,
    /// Of what is held, at the last price that was seen.
    pub unrealised: Amount,
    /// Those of them of which no price was seen yet: they are not in what is unrealised.
    pub unmarked: u32,
    /// When the oldest of these prices was seen; none where there is none.
    pub price_at: Option<Timestamp>,
    pub fee_unvalued: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Both {
    pub closed: Closed,
    pub open: Open,
}

/// Coins of closed positions of one market that could not be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub positions: u32,
    /// Those of them that have sold nothing: they are in no other sum.
    pub unsold: u32,
    /// In base.
    pub quantity: Quantity,
    pub cost: Amount,
}

/// An asset at an exchange, in a mode: none where an earlier release has opened the position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money {
    pub mode: Option<Mode>,
    pub exchange: Exchange,
    pub asset: Asset,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profits {
    /// By the UTC day since 1970.
    pub days: BTreeMap<(i64, Money), Closed>,
    /// None is what no bot has opened.
    pub bots: BTreeMap<(Option<BotId>, Money), Both>,
    pub totals: BTreeMap<Money, Both>,
    pub held: BTreeMap<(Option<Mode>, MarketKey), Held>,
    /// Trades that were opened before are not in it; none where all are.
    pub known_since: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfitError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Of trades that were closed in this time, and of those that are open now.
///
/// # Errors
/// Where the store cannot be reached, or a sum cannot be kept exactly.
pub async fn profits<D: Engine>(deps: &D, user: &UserId, wanted: &Wanted<TradeStatus>) -> Result<Profits, ProfitError> {
    let (mut profits, mut open) = (Profits::default(), Vec::new());
    let mut asked = PageRequest { limit: PAGE_ITEMS_MAX, cursor: None };
    for _ in 0..PROFIT_PAGES_MAX {
        let read = Trading(deps).list_groups(user, Span::default(), &asked).await?;
        for group in read.items {
            profits.known_since = Some(group.opened_at);
            if !wanted.takes_trade(&group) {
                continue;
            }
            match group.settled {
                Some(settled) if wanted.span.has(settled.at) => profits.add_closed(&group, &settled)?,
                Some(_) => {}
                None => open.push(group),
            }
        }
        asked.cursor = read.next;
        if asked.cursor.is_none() || open.len() > PROFIT_OPEN_MAX {
            break;
        }
    }
    profits.known_since = profits.known_since.filter(|_| asked.cursor.is_some());
    for position in positions(deps, &open).await? {
        profits.add_open(&position)?;
    }
    Ok(profits)
}

impl Profits {
    fn add_closed(&mut self, group: &Group, settled: &Settled) -> Result<(), MoneyError> {
        if let Some(held) = &settled.still_held {
            self.held.entry((group.mode, group.market.key.clone())).or_default().add(held)?;
        }
        if !settled.has_sold() {
            return Ok(());
        }
        let money = money(group);
        let [bot, total] = self.sums(group);
        bot.closed.add(settled)?;
        total.closed.add(settled)?;
        self.days.entry((settled.at.day(), money)).or_default().add(settled)
    }

    fn add_open(&mut self, position: &Position) -> Result<(), MoneyError> {
        let ledger = position.ledger()?;
        let mark = position.group.mark.map(|mark| ledger.unrealised(mark.price)).transpose()?;
        let one = Open {
            trades: 1,
            realised: shown(&ledger.realised())?,
            unrealised: mark.as_ref().map_or(Ok(Amount::ZERO), shown)?,
            unmarked: u32::from(mark.is_none()),
            price_at: position.group.mark.map(|mark| mark.at),
            fee_unvalued: !ledger.unvalued.is_empty(),
        };
        self.sums(&position.group).into_iter().try_for_each(|sum| sum.open.add(&one))
    }

    /// Where a trade is counted, whatever its day.
    fn sums(&mut self, group: &Group) -> [&mut Both; 2] {
        let (bot, money) = (group.bot.as_ref().map(|by| by.bot.clone()), money(group));
        [self.bots.entry((bot, money.clone())).or_default(), self.totals.entry(money).or_default()]
    }
}

fn money(group: &Group) -> Money {
    let key = &group.market.key;
    Money { mode: group.mode, exchange: key.exchange.clone(), asset: key.symbol.quote.clone() }
}

impl Closed {
    fn add(&mut self, settled: &Settled) -> Result<(), MoneyError> {
        let has_won = settled.realised > Amount::ZERO;
        *self = Self {
            trades: self.trades.saturating_add(1),
            won: self.won.saturating_add(u32::from(has_won)),
            realised: self.realised.plus(settled.realised)?,
            fee_unvalued: self.fee_unvalued || settled.fee_unvalued,
        };
        Ok(())
    }
}

impl Open {
    fn add(&mut self, one: &Self) -> Result<(), MoneyError> {
        *self = Self {
            trades: self.trades.saturating_add(one.trades),
            realised: self.realised.plus(one.realised)?,
            unrealised: self.unrealised.plus(one.unrealised)?,
            unmarked: self.unmarked.saturating_add(one.unmarked),
            price_at: self.price_at.into_iter().chain(one.price_at).min(),
            fee_unvalued: self.fee_unvalued || one.fee_unvalued,
        };
        Ok(())
    }
}

impl Held {
    fn add(&mut self, one: &StillHeld) -> Result<(), MoneyError> {
        *self = Self {
            positions: self.positions.saturating_add(1),
            unsold: self.unsold.saturating_add(u32::from(one.nothing_sold)),
            quantity: self.quantity.plus(one.quantity)?,
            cost: self.cost.plus(one.cost)?,
        };
        Ok(())
    }
}

impl Default for Closed {
    fn default() -> Self {
        Self { trades: 0, won: 0, realised: Amount::ZERO, fee_unvalued: false }
    }
}

impl Default for Open {
    fn default() -> Self {
        Self {
            trades: 0,
            realised: Amount::ZERO,
            unrealised: Amount::ZERO,
            unmarked: 0,
            price_at: None,
            fee_unvalued: false,
        }
    }
}

impl Default for Held {
    fn default() -> Self {
        Self { positions: 0, unsold: 0, quantity: Quantity::ZERO, cost: Amount::ZERO }
    }
}
