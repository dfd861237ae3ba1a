//! The plain mode: a signal at a close trades at the next open, with all cash, on one side.

use crate::account::{Account, Bought, Terms};
use crate::exact::{Exact, Inexact};
use crate::gate::{BotTerms, Entry, Gate, Unfollowed, amount_up};
use crate::waiting::Waiting;
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::market::Leverage;
use strategies::{Action, Candle, Strategy};

/// A position that was opened and closed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trade {
    /// Index of the bar at whose open it was bought.
    pub entry_bar: usize,
    /// Of the bar at whose open it was sold.
    pub exit_bar: usize,
    /// Quote for one base unit.
    pub entry_price: f64,
    pub exit_price: f64,
    /// Base units.
    pub size: f64,
    /// Of both sides, in quote.
    pub fees: f64,
    /// After both fees, in quote.
    pub pnl: f64,
}

/// A position that is open at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OpenPosition {
    pub entry_bar: usize,
    pub size: f64,
    pub entry_price: f64,
    /// The entry's, in quote.
    pub fees: f64,
}

/// What would come of an open position that is left at the last close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Left {
    pub trade: Trade,
    /// Quote units after it.
    pub equity: f64,
}

/// What became of the cash.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    pub trades: Vec<Trade>,
    pub open_position: Option<OpenPosition>,
    /// What the open one would have come to, or why that cannot be reckoned: there is one where there is the other.
    pub if_left: Option<Result<Left, Inexact>>,
    /// Quote units at each bar's close.
    pub equity: Vec<f64>,
    pub unfollowed: Unfollowed,
}

/// A backtest that cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("bar {bar}: its price {source}")]
pub struct BadRun {
    pub bar: usize,
    pub source: Inexact,
}

/// Plays the candles to a strategy and trades what it says.
///
/// # Errors
/// The bar at which a size or a price cannot be reckoned with exactly.
pub fn run<S: Strategy>(candles: &[Candle], strategy: &mut S, terms: &Terms) -> Result<Run, BadRun> {
    let at = |bar| move |source| BadRun { bar, source };
    let mut desk = Desk::new(terms).map_err(at(0))?;
    let mut equity = Vec::with_capacity(candles.len());
    let mut waiting = Waiting::new(terms.latency);
    for (bar, candle) in candles.iter().enumerate() {
        if let Some(action) = waiting.due(bar) {
            desk.act(action, bar, candle).map_err(at(bar))?;
        }
        equity.push(desk.equity(candle.bar.close()));
        waiting.say(bar, strategy.update(candle).action);
    }
    let open_position = desk.held.map(|held| held.open());
    let (trades, unfollowed) = (std::mem::take(&mut desk.trades), std::mem::take(&mut desk.gate.unfollowed));
    let last = equity.len().saturating_sub(1);
    let if_left = candles.last().and_then(|candle| desk.left_at(last, candle.bar.close()).transpose());
    Ok(Run { trades, open_position, if_left, equity, unfollowed })
}

/// The account with what it holds and has held.
#[derive(Debug)]
struct Desk {
    account: Account,
    /// As a float, for every bar's equity.
    cash: f64,
    held: Option<Held>,
    trades: Vec<Trade>,
    gate: Gate,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    bought: Bought,
    bar: usize,
    price: f64,
    size: f64,
}

impl Desk {
    fn new(terms: &Terms) -> Result<Self, Inexact> {
        let (account, gate) =
            (Account::new(terms)?, Gate::new(BotTerms { limits: terms.limits, ..BotTerms::default() }));
        Ok(Self { cash: account.cash().float(), account, held: None, trades: Vec::new(), gate })
    }

    /// Nothing is bought while something is held, nothing sold while nothing is, and no short is entered.
    fn act(&mut self, action: Action, bar: usize, candle: &Candle) -> Result<(), Inexact> {
        let (open, now) = (candle.bar.open(), Timestamp::from_millis(candle.time_ms));
        match (action, self.held) {
            (Action::Enter(Side::Long), None) => self.enter(bar, open, now)?,
            (Action::Exit, Some(held)) => {
                let pnl = self.leave(held, bar, open)?;
                self.gate.ended(pnl, now, now)?;
            }
            _ => return Ok(()),
        }
        self.cash = self.account.cash().float();
        Ok(())
    }

    fn leave(&mut self, held: Held, bar: usize, price: f64) -> Result<Exact, Inexact> {
        let sold = self.account.sell(&held.bought, price)?;
        let (exit_price, fees, pnl) = (sold.price.float(), sold.fees.float(), sold.pnl.float());
        let Held { bar: entry_bar, price: entry_price, size, .. } = held;
        self.trades.push(Trade { entry_bar, exit_bar: bar, entry_price, exit_price, size, fees, pnl });
        self.held = None;
        Ok(sold.pnl)
    }

    /// What comes of leaving what is held at this close.
    fn left_at(mut self, bar: usize, close: f64) -> Result<Option<Left>, Inexact> {
        let Some(held) = self.held else { return Ok(None) };
        self.leave(held, bar, close)?;
        Ok(self.trades.pop().map(|trade| Left { trade, equity: self.account.cash().float() }))
    }

    fn enter(&mut self, bar: usize, open: f64, now: Timestamp) -> Result<(), Inexact> {
        let Some(offer) = self.account.offer(open)? else { return Ok(()) };
        if self.gate.is_limited() {
            let entry = Entry { exposure: amount_up(offer.notional)?, leverage: Leverage::ONE };
            if !self.gate.admits(entry, now) {
                return Ok(());
            }
        }
        let bought = self.account.buy(offer)?;
        self.held = Some(Held { bought, bar, price: bought.price.float(), size: bought.size.float() });
        Ok(())
    }

    fn equity(&self, close: f64) -> f64 {
        self.held.as_ref().map_or(self.cash, |held| self.cash + held.size * close)
    }
}

impl Held {
    fn open(&self) -> OpenPosition {
        let Self { bought, bar, price, size } = self;
        OpenPosition { entry_bar: *bar, size: *size, entry_price: *price, fees: bought.fee.float() }
    }
}

#[cfg(test)]
mod tests;
