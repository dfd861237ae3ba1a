//! Ladders: an entry is a base order with safety orders behind it, take-profits and a stop, as the live code plans them.
//!
//! 1. Prices and quantities of entries, take-profits and stops are those of [`domain::ladder::plan`], from the price at which
//!    the base order was filled.
//! 2. Inside a bar nobody knows what came first, so the worse is taken: from the open the price falls to the low, and rises
//!    to the high only then. A bar in which a safety order was filled takes no profit after it.
//! 3. What rests is filled at its own price. What is sold at the market, by a stop or by a signal, slips.
//! 4. A short is a long in a mirror, and is one of contracts: falls and rises change places.
//! 5. What follows the price follows highs. Where the low is below the place that the bar's high has left behind, the high came first
//!    and it is met there.

mod book;
mod funding;
mod funds;
mod holding;
mod mirror;
#[cfg(test)]
mod tests;

use crate::exact::Inexact;
use crate::gate::BotTerms;
use crate::plain::Run;
use crate::waiting::Waiting;
use book::Book;
use domain::alert::Side;
use domain::ladder::{BadField, LadderPlan};
use domain::money::{Amount, Rate};
pub use funding::{BadFunding, Funding};
use strategies::{Candle, Strategy};

/// What there is to begin with, and how orders get there. Fee, steps and minima are the plan's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderTerms {
    /// Quote units.
    pub cash: Amount,
    /// How much worse than the price what is traded at the market is, as a share of it.
    pub slippage: Rate,
    /// Bars that an order needs on its way, beyond the next open.
    pub latency: u32,
    /// What holding contracts costs.
    pub funding: Option<Funding>,
    pub bot: BotTerms,
}

/// What became of the cash. A trade is all that was bought and sold between two times at which nothing was held, at its
/// mean prices.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderRun {
    pub run: Run,
    pub fills: Vec<Fill>,
    /// Entries for whose ladder the cash did not suffice, or that the market would not have taken.
    pub refused: usize,
    /// Paid for holding contracts, in quote; negative where more was received.
    pub funding: f64,
}

/// A part of a trade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    pub bar: usize,
    pub what: What,
    pub price: f64,
    /// Base units.
    pub size: f64,
    /// In quote.
    pub fee: f64,
}

/// Why something was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The base order at level 0, or a safety order.
    Entry(usize),
    /// By its step, counted from 1.
    TakeProfit(usize),
    /// Everything at once, where orders are sold by themselves until then.
    TakeProfitOfAll,
    Stop,
    /// The margin was lost.
    Liquidation,
    /// The strategy said so.
    Exit,
    /// It was held for as long as its plan allows.
    TimeLimit,
}

/// A ladder that cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLadderRun {
    #[error(transparent)]
    Field(#[from] BadField),
    #[error("{0} is not played in a backtest")]
    NotPlayed(&'static str),
    #[error("cash must be an amount above 0")]
    Cash,
    #[error("bar {bar}: a number {source}")]
    Bar { bar: usize, source: Inexact },
}

/// Plays the candles to a strategy, and opens a ladder where it enters. The plan's entry price and balance are put in their
/// place each time.
///
/// # Errors
/// What of the plan is wrong or is not played, or the bar at which something cannot be reckoned with exactly.
pub fn run_ladder<S: Strategy>(
    candles: &[Candle],
    strategy: &mut S,
    plan: &LadderPlan,
    terms: &LadderTerms,
) -> Result<LadderRun, BadLadderRun> {
    check_ladder(plan, terms)?;
    let at = |bar| move |source| BadLadderRun::Bar { bar, source };
    let mut book = Book::new(plan, terms);
    let mut waiting = Waiting::new(terms.latency);
    let mut equity = Vec::with_capacity(candles.len());
    for (bar, candle) in candles.iter().enumerate() {
        let before_ms = bar.checked_sub(1).and_then(|before| candles.get(before)).map(|before| before.time_ms);
        if let Some(before_ms) = before_ms {
            book.fund(before_ms, candle.time_ms, candle.bar.open()).map_err(at(bar))?;
        }
        book.begin(bar, candle).map_err(at(bar))?;
        if let Some(action) = waiting.due(bar) {
            book.act(action, bar, candle.bar.open())?;
        }
        book.play(bar, &candle.bar).map_err(at(bar))?;
        equity.push(book.equity(candle.bar.close()));
        waiting.say(bar, strategy.update(candle).action);
    }
    let open_position = book.open_position();
    let (trades, fills) = (std::mem::take(&mut book.trades), std::mem::take(&mut book.fills));
    let (refused, funding) = (book.refused, book.funded.float());
    let unfollowed = std::mem::take(&mut book.gate.unfollowed);
    let last = equity.len().saturating_sub(1);
    let if_left = candles.last().and_then(|candle| book.left_at(last, candle.bar.close()).transpose());
    let run = Run { trades, open_position, if_left, equity, unfollowed };
    Ok(LadderRun { run, fills, refused, funding })
}

/// Whether a ladder can be played.
///
/// # Errors
/// What of the plan is wrong or is not played.
pub fn check_ladder(plan: &LadderPlan, terms: &LadderTerms) -> Result<(), BadLadderRun> {
    domain::ladder::plan(&LadderPlan {
        balance: plan.balance.or(Some(domain::money::Quantity::ZERO)),
        ..plan.clone()
    })?;
    let stop = plan.stop_loss;
    let refused = [
        (plan.side == Side::Short && plan.margin.is_none(), "side short of coins"),
        (terms.funding.is_some() && plan.margin.is_none(), "funding of coins"),
        (stop.is_some_and(|stop| stop.delay.is_some()), "stop_loss_delay_seconds"),
    ];
    if terms.cash <= Amount::ZERO {
        return Err(BadLadderRun::Cash);
    }
    refused.into_iter().find(|(is_asked, _)| *is_asked).map_or(Ok(()), |(_, what)| Err(BadLadderRun::NotPlayed(what)))
}
