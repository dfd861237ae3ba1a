//! Equity: what an account is worth in one currency, as risk rules count it.
//!
//! 1. A loss is measured from what the account had when a window began, by what its positions have gained since: realised after
//!    fees, and open at the prices of the last pass. Deposits, withdrawals and the user's own coins are not in that.
//! 2. What it had is its balance in the currency, and what its open positions had cost: bought coins are still the account's.
//! 3. A day begins at 00:00 UTC, and a month on its first. A loss of the day is measured from what the day began with, a drawdown
//!    from the month's peak.

use crate::account::Account;
use crate::by_hand::DaySpent;
use crate::clock::Timestamp;
use crate::ids::KeyId;
use crate::limits;
use crate::market::Asset;
use crate::money::{Amount, MoneyError};
use crate::series::Month;
use crate::vault::Mode;
use std::collections::BTreeMap;

/// What is kept of an account's worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Worth {
    /// By quote, of all time, after fees.
    pub realised: BTreeMap<Asset, Amount>,
    /// By quote, as it was valued last; of an account under risk rules.
    pub equity: BTreeMap<Asset, Equity>,
    /// By API key, what its orders by hand have spent.
    pub spent: BTreeMap<KeyId, DaySpent>,
}

/// An account's equity in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equity {
    pub mode: Option<Mode>,
    /// When: of several prices that of the oldest.
    pub at: Timestamp,
    /// What it has: its balance, what its open positions have cost, and their open profit. Deposits are in it.
    pub worth: Amount,
    /// Of all time, realised and open.
    pub profit: Amount,
    pub day: Window,
    pub month: Window,
}

/// Equity since a day or a month began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub began: Timestamp,
    /// With the profit it is the equity.
    pub base: Amount,
    /// What a loss is measured from: what the day began with, the highest equity of the month.
    pub from: Amount,
}

/// An account in one currency as it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valuation {
    pub mode: Option<Mode>,
    pub at: Timestamp,
    /// Its balance, what its open positions have cost, and their open profit.
    pub worth: Amount,
    /// Of all time, realised and open.
    pub profit: Amount,
}

impl Equity {
    /// After this valuation. A window that is over, one of another mode, and one that began with nothing to lose begins with it.
    ///
    /// # Errors
    /// `Inexact` where a sum cannot be kept.
    pub fn valued(before: Option<&Self>, found: &Valuation, now: Timestamp) -> Result<Self, MoneyError> {
        let Valuation { mode, at, worth, profit } = *found;
        let before = before.filter(|before| before.is_of(mode));
        let mode = mode.or(before.and_then(|before| before.mode));
        let begun = |began| Ok(Window { began, base: worth.minus(profit)?, from: worth });
        let goes_on = |window: &Window, began| {
            let had_something = window.from > Amount::ZERO || worth <= Amount::ZERO;
            window.began >= began && !window.began.is_of_the_future(now) && had_something
        };
        let (today, this_month) = (now.begin_of_day(), Month::of(now).begins());
        let day = before.map(|before| before.day).filter(|day| goes_on(day, today));
        let month = before.map(|before| before.month).filter(|month| goes_on(month, this_month));
        let month = month.map_or_else(|| begun(this_month), Ok)?;
        let month = Window { from: month.from.max(month.base.plus(profit)?), ..month };
        Ok(Self { mode, at, worth, profit, day: day.map_or_else(|| begun(today), Ok)?, month })
    }

    /// Whether `later` is in the same windows.
    pub fn goes_on_as(&self, later: &Self) -> bool {
        let windows = |equity: &Self| {
            let has_some = |window: &Window| window.from > Amount::ZERO;
            (equity.mode, equity.day.began, equity.month.began, has_some(&equity.day), has_some(&equity.month))
        };
        windows(self) == windows(later)
    }

    /// Whether its day, and so its month, is that of `now`.
    pub fn is_of_today(&self, now: Timestamp) -> bool {
        self.day.began >= now.begin_of_day()
    }

    /// What an earlier release has opened says no mode: it is of its account's.
    fn is_of(&self, mode: Option<Mode>) -> bool {
        self.mode == mode || self.mode.is_none() || mode.is_none()
    }
}

impl Window {
    /// What is lost, where something is.
    ///
    /// # Errors
    /// `Inexact` where the difference cannot be kept.
    pub fn lost(&self, profit: Amount) -> Result<Amount, MoneyError> {
        self.from.minus(self.base.plus(profit)?)
    }
}

impl Account {
    pub fn realised(&self, currency: &Asset) -> Amount {
        self.worth.realised.get(currency).copied().unwrap_or(Amount::ZERO)
    }

    /// Whether a position in this currency is open.
    pub fn trades_in(&self, currency: &Asset) -> bool {
        self.live.keys().any(|seat| seat.symbol.quote == *currency)
    }

    /// Its equity now. What is open counts as it was valued last; without anything open it is exact. None where what is open was never
    /// valued, or too long ago, and where its balance was never read.
    ///
    /// # Errors
    /// `Inexact` where a sum cannot be kept.
    pub fn equity(&self, currency: &Asset, mode: Option<Mode>, now: Timestamp) -> Result<Option<Equity>, MoneyError> {
        let before = self.worth.equity.get(currency);
        if self.balance_at == Timestamp::default() {
            return Ok(None);
        }
        if !self.trades_in(currency) {
            let (worth, profit) = (self.balance(currency), self.realised(currency));
            return Equity::valued(before, &Valuation { mode, at: now, worth, profit }, now).map(Some);
        }
        let fresh = |known: &&Equity| now.since(known.at) <= limits::PRICE_AGE_MAX && !known.at.is_of_the_future(now);
        let Some(known) = before.filter(|known| known.is_of(mode)).filter(fresh) else { return Ok(None) };
        let found = Valuation { mode, at: known.at, worth: known.worth, profit: known.profit };
        Equity::valued(before, &found, now).map(Some)
    }
}
