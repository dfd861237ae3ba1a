//! How much may be asked in a time: counted in fixed windows, as exchanges do, and by counters that fall, as Kraken does too.

use crate::counters::{Counters, Tier};
use crate::engine::Millis;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Allowed {
    /// Weight in a minute, of an address (Binance), or requests in a second (Coinbase, Kraken), or in five (Bybit).
    pub weight: u64,
    /// New orders in ten seconds, of an account.
    pub orders: u64,
    /// Refusals in a row after which an address is banned.
    pub refusals: u64,
    /// Of everybody's keys (Kraken): what its counters let through. None where they let everything.
    pub tier: Option<Tier>,
}

impl Default for Allowed {
    fn default() -> Self {
        Self { weight: 6000, orders: 100, refusals: 20, tier: None }
    }
}

#[derive(Debug, Default)]
pub struct Limits {
    pub allowed: Allowed,
    weight: Window,
    orders: Window,
    refused: u64,
    banned_until: Option<Millis>,
    counters: Counters,
}

/// What is left to do by whoever has asked too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    Weight { retry_after: i64 },
    Orders { retry_after: i64 },
    Banned { until: Millis, retry_after: i64 },
}

#[derive(Debug, Default)]
struct Window {
    number: i64,
    used: u64,
}

impl Window {
    fn add(&mut self, length: Millis, amount: u64, now: Millis) -> u64 {
        let number = now.div_euclid(length);
        if number != self.number {
            *self = Self { number, used: 0 };
        }
        self.used = self.used.saturating_add(amount);
        self.used
    }
}

pub const MINUTE: Millis = 60_000;
pub const TEN_SECONDS: Millis = 10_000;
const BAN: Millis = 120_000;

impl Limits {
    pub fn of(allowed: Allowed) -> Self {
        Self { allowed, ..Self::default() }
    }

    /// Counts a request; `length` is the window's.
    ///
    /// # Errors
    /// Where it is too much.
    pub fn weigh(&mut self, length: Millis, weight: u64, now: Millis) -> Result<u64, Excess> {
        if let Some(until) = self.banned_until.filter(|until| *until > now) {
            return Err(Excess::Banned { until, retry_after: seconds(until.saturating_sub(now)) });
        }
        let used = self.weight.add(length, weight, now);
        if used <= self.allowed.weight {
            self.refused = 0;
            return Ok(used);
        }
        self.refused = self.refused.saturating_add(1);
        if self.refused >= self.allowed.refusals {
            self.banned_until = Some(now.saturating_add(BAN));
            return Err(Excess::Banned { until: now.saturating_add(BAN), retry_after: seconds(BAN) });
        }
        Err(Excess::Weight { retry_after: left(length, now) })
    }

    /// Counts a new order.
    ///
    /// # Errors
    /// Where it is one too many.
    pub fn order(&mut self, now: Millis) -> Result<u64, Excess> {
        let used = self.orders.add(TEN_SECONDS, 1, now);
        if used > self.allowed.orders { Err(Excess::Orders { retry_after: left(TEN_SECONDS, now) }) } else { Ok(used) }
    }

    /// Whether a key may ask what counts so much.
    pub fn asks(&mut self, key: &str, amount: i64, now: Millis) -> bool {
        self.allowed.tier.is_none_or(|tier| self.counters.asks(tier, key, amount, now))
    }

    /// Whether an account may place another order in a market.
    pub fn places(&mut self, account: &str, market: &str, now: Millis) -> bool {
        self.allowed.tier.is_none_or(|tier| self.counters.places(tier, account, market, now))
    }

    /// Counts an order that was cancelled, and how long it has rested.
    pub fn cancels(&mut self, account: &str, market: &str, rested: Millis, now: Millis) {
        if let Some(tier) = self.allowed.tier {
            self.counters.cancels(tier, account, market, rested, now);
        }
    }

    /// How many orders there were in these ten seconds.
    pub fn orders_so_far(&mut self, now: Millis) -> u64 {
        self.orders.add(TEN_SECONDS, 0, now)
    }

    /// What was counted of this minute so far.
    pub fn used(&mut self, length: Millis, now: Millis) -> u64 {
        self.weight.add(length, 0, now)
    }
}

fn left(length: Millis, now: Millis) -> i64 {
    seconds(length.saturating_sub(now.rem_euclid(length)))
}

fn seconds(ms: Millis) -> i64 {
    ms.saturating_add(999).div_euclid(1000)
}
