//! The exchange itself, whatever wire it is spoken to over: accounts, markets, orders and trades, exact to the last digit.
//!
//! Invariants:
//! 1. What an account has of an asset is `free + locked`; it changes by a trade, by its fee, or by a control call.
//! 2. `locked` is the sum of what the account's open orders hold.
//! 3. An order trades at most its quantity, at its limit or better, and never after it has ended.
//! 4. Where contracts are traded everything is paid in quote, and a margin stands apart from what is free and locked (`contracts`).
//! 5. Time is an argument. Nothing here waits, and nothing here is random.

mod account;
mod candle;
mod contracts;
mod filters;
mod lists;
mod market;
mod matching;
mod order;
mod path;
mod place;
mod settle;

pub use account::{Account, Balance};
pub use candle::Candle;
pub use contracts::Position;
pub use filters::Filter;
pub use lists::Pair;
pub use market::{Market, Rules, Tick};
pub use order::{Draft, Order, Side, Size, Status, TimeInForce, Trade, Trigger, When};
pub use path::Path;
pub use place::Refusal;

use domain::money::{Price, Rate};
use std::collections::{BTreeMap, BTreeSet};

/// Milliseconds since 1970.
pub type Millis = i64;

/// In what a fee is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeeIn {
    /// In what the trade brings: base for who buys, quote for who sells.
    Received,
    Quote,
    /// In what the order prefers ([`Draft::fee_in_base`]).
    Asked,
}

/// How this exchange goes about things where exchanges differ.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub fee_in: FeeIn,
    pub maker: Rate,
    pub taker: Rate,
    /// Whether a stop that the price is past already is refused, or triggers at once.
    pub refuses_passed_triggers: bool,
    /// Perpetual contracts, not coins.
    pub trades_contracts: bool,
}

#[derive(Debug)]
pub struct Exchange {
    pub policy: Policy,
    pub markets: BTreeMap<String, Market>,
    pub accounts: BTreeMap<String, Account>,
    pub orders: BTreeMap<u64, Order>,
    pub trades: Vec<Trade>,
    pub pairs: BTreeMap<u64, Pair>,
    /// By account and market.
    positions: BTreeMap<(String, String), Position>,
    /// Accounts that keep both sides of a market.
    hedged: BTreeSet<String>,
    /// How long a new order cannot be found.
    pub read_lag: Millis,
    last_id: u64,
}

impl Exchange {
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            markets: BTreeMap::new(),
            accounts: BTreeMap::new(),
            orders: BTreeMap::new(),
            trades: Vec::new(),
            pairs: BTreeMap::new(),
            positions: BTreeMap::new(),
            hedged: BTreeSet::new(),
            read_lag: 0,
            last_id: 1000,
        }
    }

    /// Orders, trades and pairs share one count, so that no two things have one number.
    fn next_id(&mut self) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        self.last_id
    }

    /// Lets everything happen that the paths of prices and the ends of orders bring until `now`.
    pub fn advance(&mut self, now: Millis) {
        let names: Vec<String> = self.markets.keys().cloned().collect();
        for name in names {
            while let Some((at, price)) = self.markets.get_mut(&name).and_then(|market| market.path.due(now)) {
                self.reprice(&name, price, at);
            }
        }
        self.expire(now);
    }

    /// The price of a market moves here, and whatever this triggers or fills happens.
    pub fn reprice(&mut self, market: &str, price: Price, at: Millis) {
        if let Some(market) = self.markets.get_mut(market) {
            market.tick(price, at);
        }
        self.liquidate(market, price, at);
        self.match_market(market, at);
    }

    /// This account's orders, oldest first, that can be seen at `now`.
    pub fn orders_of<'a>(&'a self, account: &'a str, now: Millis) -> impl Iterator<Item = &'a Order> + 'a {
        self.orders.values().filter(move |order| order.account == account && order.visible_at <= now)
    }

    /// This account's trades, oldest first, that can be seen at `now`.
    pub fn trades_of<'a>(&'a self, account: &'a str, now: Millis) -> impl Iterator<Item = &'a Trade> + 'a {
        self.trades.iter().filter(move |trade| trade.account == account && trade.visible_at <= now)
    }

    pub fn account_mut(&mut self, name: &str) -> &mut Account {
        self.accounts.entry(name.to_owned()).or_default()
    }
}
