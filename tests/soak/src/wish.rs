//! What an order is to be: drawn by chance, the same for the same seed.

use crate::stand::{Broken, Trader};
use domain::clock::Timestamp;
use domain::ids::GroupId;
use domain::market::Market;
use domain::money::{Amount, Decimal, Fraction, Price};
use domain::order::{Direction, Intent, Order, Purpose};
use domain::preset::OrderKind;
use std::time::Duration;

/// What client order ids of this run begin with is a function of it.
pub(crate) const DEPLOYMENT: &str = "soak";

#[derive(Debug, Clone)]
pub(crate) struct Wish {
    number: usize,
    pub trader: Trader,
    pub market: Market,
    direction: Direction,
    aim: Aim,
    /// In whole quote.
    worth: i64,
    /// How long it may rest before it is cancelled.
    pub patience: Duration,
}

/// Where it meets the market.
#[derive(Debug, Clone, Copy)]
enum Aim {
    AtMarket,
    /// A limit so many ten-thousandths into the market, or with a negative number away from it.
    Limit(i64),
}

impl Wish {
    /// The wish with this number, of a run with this seed; none where there is nobody to have it.
    pub(crate) fn drawn(number: usize, seed: u64, traders: &[Trader]) -> Option<Self> {
        let mut dice = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(u64::try_from(number).ok()?));
        let trader = traders.get(dice.usize(0..traders.len().max(1)))?;
        let market = trader.markets.get(dice.usize(0..trader.markets.len().max(1)))?;
        let aim = match dice.u8(0..10) {
            0..=3 => Aim::AtMarket,
            4 | 5 => Aim::Limit(dice.i64(20..200)),
            6..=8 => Aim::Limit(dice.i64(-30..0)),
            _ => Aim::Limit(-500),
        };
        Some(Self {
            number,
            trader: trader.clone(),
            market: market.clone(),
            direction: if dice.bool() { Direction::Buy } else { Direction::Sell },
            aim,
            worth: dice.i64(50..2_000).saturating_add(if market.kind.is_linear() { CONTRACTS_MORE } else { 0 }),
            patience: Duration::from_millis(dice.u64(500..4_000)),
        })
    }

    /// The order of this epoch, planned: its ids follow from the wish.
    ///
    /// # Errors
    /// Where the market's steps leave no such price or quantity.
    pub(crate) fn plan(&self, epoch: u32, price: Price, now: Timestamp) -> Result<Order, Broken> {
        let filters = &self.market.filters;
        let kind = match self.aim {
            Aim::AtMarket => OrderKind::Market,
            Aim::Limit(into) => {
                let into = if self.direction == Direction::Buy { into } else { into.saturating_neg() };
                let times = Fraction::whole(10_000_i64.saturating_add(into));
                OrderKind::Limit(filters.price_down(&(price.fraction() * times * Fraction::from(TEN_THOUSANDTH)))?)
            }
        };
        let worth = Fraction::whole(self.worth).over(&price.fraction()).unwrap_or_else(|| Fraction::whole(0));
        let intent = Intent {
            purpose: Purpose::Entry,
            pyramid: 0,
            leg: 0,
            epoch,
            direction: self.direction,
            kind,
            stop: None,
            quantity: filters.quantity_down(&worth)?,
            reserved: Amount::ZERO,
            valid_until: None,
        };
        let group = GroupId::of(&["soak", &self.number.to_string()]);
        Ok(Order::plan(DEPLOYMENT, &group, &intent, now))
    }
}

/// A step of contracts is worth more than the least order of coins.
const CONTRACTS_MORE: i64 = 200;
const TEN_THOUSANDTH: Decimal = Decimal::from_parts(1, 0, 0, false, 4);
