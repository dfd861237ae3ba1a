//! What stands between a signal and its order, as it does live: the terms of a bot, and the limits of its account.
//!
//! 1. Nothing is decided here: it is asked of those whom the live path asks.
//! 2. Where nothing is said nothing is asked, and nothing is reckoned.

use crate::exact::{Exact, Inexact};
use domain::account::{AccountLimits, Asks, DayLoss, Taken};
use domain::alert::Side;
use domain::bot::Confidence;
use domain::clock::{Millis, Timestamp};
use domain::market::Leverage;
use domain::money::{Amount, Decimal, Fraction, Price, Rate};
use domain::rules::{Rules, cools, is_over_time};
use std::collections::BTreeMap;
use strategies::{Action, Candle, Signal, Strategy};

/// What amounts are rounded up to that are held against limits, as live.
const AMOUNT_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);
const COOLS: &str = "cooldown";
const UNSURE: &str = "confidence_min";
const TOO_LITTLE: &str = "below_minimum_profit";

/// What a bot and its account ask beside prices. Nothing is asked where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BotTerms {
    /// How long after its opening a position is left, whatever the price is.
    pub time_limit: Option<Millis>,
    pub rules: Rules,
    pub limits: Option<AccountLimits>,
}

/// Signals that were not followed, by the word for what stood in the way.
pub type Unfollowed = BTreeMap<String, usize>;

/// An entry that is about to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) exposure: Amount,
    pub(crate) leverage: Leverage,
}

/// What is known of the account while candles are played. It holds one position at a time.
#[derive(Debug)]
pub(crate) struct Gate {
    terms: BotTerms,
    cools_until: Option<Timestamp>,
    loss: DayLoss,
    pub(crate) unfollowed: Unfollowed,
}

impl Gate {
    pub(crate) fn new(terms: BotTerms) -> Self {
        let loss = DayLoss { day: 0, amount: Amount::ZERO };
        Self { terms, cools_until: None, loss, unfollowed: Unfollowed::new() }
    }

    /// Whether an entry may be asked for while nothing is held.
    pub(crate) fn has_cooled(&mut self, now: Timestamp) -> bool {
        let waits = self.cools_until.is_some_and(|until| cools(until, now));
        self.says(!waits, COOLS)
    }

    /// Whether anybody has to know how much an entry asks for.
    pub(crate) fn is_limited(&self) -> bool {
        self.terms.limits.is_some()
    }

    /// Whether the account lets it in.
    pub(crate) fn admits(&mut self, entry: Entry, now: Timestamp) -> bool {
        let Some(limits) = self.terms.limits else { return true };
        let Entry { exposure, leverage } = entry;
        let asks = Asks { exposure, leverage, groups: 1, open_groups_max: self.terms.rules.open_groups_max };
        let taken = Taken { lost_today: self.loss.today(now), ..Taken::default() };
        match limits.admit(&taken, &asks) {
            Ok(()) => true,
            Err(limit) => self.says(false, limit.reason.as_str()),
        }
    }

    pub(crate) fn asks_for_profit(&self) -> bool {
        self.terms.rules.minimum_profit.is_some()
    }

    /// Whether a closing signal is followed at this price of the market.
    pub(crate) fn lets_close(&mut self, side: Side, fee: Rate, average: &Fraction, price: Price) -> bool {
        let closes = self.terms.rules.lets_close(side, fee, average, price);
        self.says(closes, TOO_LITTLE)
    }

    pub(crate) fn is_over_time(&self, opened_at: Timestamp, now: Timestamp) -> bool {
        is_over_time(self.terms.time_limit, opened_at, now)
    }

    /// A position that has traded for so much, fees included, has ended: on the day of a bar, and so early that it cools from then on.
    pub(crate) fn ended(&mut self, gained: Exact, day_of: Timestamp, ended_at: Timestamp) -> Result<(), Inexact> {
        self.cools_until = self.terms.rules.cools_until(ended_at);
        if self.is_limited() && gained < Exact::ZERO {
            let lost = amount_up(Exact::ZERO.minus(gained)?)?;
            self.loss = self.loss.and(lost, day_of).map_err(|_| Inexact)?;
        }
        Ok(())
    }

    /// An entry that the market, or what there is, does not take.
    pub(crate) fn refuses(&mut self, why: String) {
        let count = self.unfollowed.entry(why).or_default();
        *count = count.saturating_add(1);
    }

    fn says(&mut self, lets: bool, why: &str) -> bool {
        if !lets {
            self.refuses(why.to_owned());
        }
        lets
    }
}

/// Rounded up to what amounts are kept with.
pub(crate) fn amount_up(value: Exact) -> Result<Amount, Inexact> {
    Amount::new(value.on_grid(AMOUNT_STEP.into(), true)?.decimal()?).map_err(|_| Inexact)
}

/// A strategy of whose entries those are followed that are sure enough.
#[derive(Debug)]
pub(crate) struct Sure<S> {
    pub(crate) strategy: S,
    pub(crate) least: Confidence,
    pub(crate) unsure: usize,
}

impl<S> Sure<S> {
    /// With what else was not followed.
    pub(crate) fn told(&self, mut unfollowed: Unfollowed) -> Unfollowed {
        if self.unsure > 0 {
            unfollowed.insert(UNSURE.to_owned(), self.unsure);
        }
        unfollowed
    }
}

impl<S: Strategy> Strategy for Sure<S> {
    fn warm_up(&self) -> usize {
        self.strategy.warm_up()
    }

    fn update(&mut self, candle: &Candle) -> Signal {
        let signal = self.strategy.update(candle);
        let is_entry = matches!(signal.action, Action::Enter(_));
        if !is_entry || Confidence::of(signal.confidence()).suffices(self.least) {
            return signal;
        }
        self.unsure = self.unsure.saturating_add(1);
        Signal { action: Action::Hold, ..signal }
    }
}
