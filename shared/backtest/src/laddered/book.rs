//! The account, and the ladder that it trades.

use super::funds::Funds;
use super::holding::Holding;
use super::mirror::{has_lost, price as money_price, quantity as money_quantity, worse};
use super::{BadLadderRun, Fill, Funding, LadderTerms, What};
use crate::exact::{Exact, Inexact};
use crate::gate::{Entry, Gate};
use crate::plain::{Left, OpenPosition, Trade};
use domain::alert::Side;
use domain::clock::{Millis, Timestamp};
use domain::ladder::{Ladder, LadderPlan};
use domain::market::Leverage;
use domain::money::Decimal;
use domain::order::Direction;
use strategies::{Action, Bar, Candle};

/// What is kept of cash where a plan is checked against it.
const BALANCE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

#[derive(Debug)]
pub(super) struct Book<'a> {
    plan: &'a LadderPlan,
    funds: Funds,
    funding: Option<&'a Funding>,
    tick: Exact,
    slippage: Exact,
    holding: Option<Holding>,
    pub(super) trades: Vec<Trade>,
    pub(super) fills: Vec<Fill>,
    pub(super) refused: usize,
    pub(super) funded: Exact,
    pub(super) gate: Gate,
    /// Of the bar that is played.
    opens_at: Timestamp,
    /// When what ends now has ended at the latest.
    ends_at: Timestamp,
    /// Of a bar: as long as those two that were nearest to each other until now are apart.
    length: Option<Millis>,
}

impl<'a> Book<'a> {
    pub(super) fn new(plan: &'a LadderPlan, terms: &'a LadderTerms) -> Self {
        Self {
            plan,
            funds: Funds::new(plan, terms.cash),
            funding: terms.funding.as_ref(),
            tick: plan.filters.price_tick.get().into(),
            slippage: terms.slippage.get().into(),
            holding: None,
            trades: Vec::new(),
            fills: Vec::new(),
            refused: 0,
            funded: Exact::ZERO,
            gate: Gate::new(terms.bot),
            opens_at: Timestamp::default(),
            ends_at: Timestamp::default(),
            length: None,
        }
    }

    /// At an open: what was held for as long as it may be is left.
    pub(super) fn begin(&mut self, bar: usize, candle: &Candle) -> Result<(), Inexact> {
        let now = Timestamp::from_millis(candle.time_ms);
        let apart = (bar > 0).then(|| now.since(self.opens_at));
        self.length = self.length.into_iter().chain(apart).min();
        (self.opens_at, self.ends_at) = (now, now);
        let (gate, opens_at) = (&self.gate, self.opens_at);
        let Some(holding) = self.holding.take_if(|holding| gate.is_over_time(holding.opened_at, opens_at)) else {
            return Ok(());
        };
        let price = self.at_market(self.plan.side.leaves(), Exact::of(candle.bar.open())?)?;
        self.leave_all(holding, bar, What::TimeLimit, price)
    }

    /// Pays for what is held since before, at an open.
    pub(super) fn fund(&mut self, before_ms: i64, now_ms: i64, open: f64) -> Result<(), Inexact> {
        let (Some(funding), Some(holding)) = (self.funding, self.holding.as_mut()) else { return Ok(()) };
        let paid = self.funds.fund(funding.due(before_ms, now_ms)?, Exact::of(open)?)?;
        holding.funding = holding.funding.plus(paid)?;
        self.funded = self.funded.plus(paid)?;
        Ok(())
    }

    /// What the strategy has said, at an open. An entry on the other side is none of this ladder's.
    pub(super) fn act(&mut self, action: Action, bar: usize, open: f64) -> Result<(), BadLadderRun> {
        let at = |source| BadLadderRun::Bar { bar, source };
        match (action, self.holding.take()) {
            (Action::Enter(side), None) if side == self.plan.side => self.open(bar, open),
            (Action::Exit, Some(holding)) => self.close(holding, bar, open).map_err(at),
            (_, holding) => {
                self.holding = holding;
                Ok(())
            }
        }
    }

    /// A signal closes, where it is worth that.
    fn close(&mut self, holding: Holding, bar: usize, open: f64) -> Result<(), Inexact> {
        let (side, open) = (self.plan.side, Exact::of(open)?);
        if self.gate.asks_for_profit() {
            let (average, price) = (holding.average()?, money_price(open)?);
            if !self.gate.lets_close(side, self.plan.fee, &average, price) {
                self.holding = Some(holding);
                return Ok(());
            }
        }
        let price = self.at_market(side.leaves(), open)?;
        self.leave_all(holding, bar, What::Exit, price)
    }

    fn open(&mut self, bar: usize, open: f64) -> Result<(), BadLadderRun> {
        let at = |source| BadLadderRun::Bar { bar, source };
        if !self.gate.has_cooled(self.opens_at) {
            return Ok(());
        }
        let asked = self.asked(open).map_err(at)?;
        let ladder = domain::ladder::plan(&asked)?;
        if let Err(failure) = &ladder.pre_flight {
            self.refused = self.refused.saturating_add(1);
            self.gate.refuses(failure.reason().to_string());
            return Ok(());
        }
        if !self.is_admitted(&ladder).map_err(at)? {
            return Ok(());
        }
        let holding = Holding::new((bar, self.opens_at), &ladder, self.plan).map_err(at)?;
        self.holding = self.enter(holding, bar).map(Some).map_err(at)?;
        Ok(())
    }

    fn is_admitted(&mut self, ladder: &Ladder) -> Result<bool, Inexact> {
        if !self.gate.is_limited() {
            return Ok(true);
        }
        let exposure = domain::ladder::exposure(ladder).map_err(|_| Inexact)?;
        let leverage = self.plan.margin.unwrap_or(Leverage::ONE);
        Ok(self.gate.admits(Entry { exposure, leverage }, self.opens_at))
    }

    /// The plan at what the base order costs, where all of its legs are paid for.
    fn asked(&self, open: f64) -> Result<LadderPlan, Inexact> {
        let slipped = self.at_market(self.plan.side.enters(), Exact::of(open)?)?;
        let balance = money_quantity(self.funds.free().on_grid(BALANCE_STEP.into(), false)?)?;
        Ok(LadderPlan { entry_price: money_price(slipped)?, balance: Some(balance), ..self.plan.clone() })
    }

    /// What comes of a bar: first what its open has passed, then the way against the position, then the way in favour. What follows the
    /// price and has stood above the low since the high is met after all: that the low came later is the worse. The words are those
    /// of a long.
    pub(super) fn play(&mut self, bar: usize, prices: &Bar) -> Result<(), Inexact> {
        let [open, high, low, close] = [prices.open(), prices.high(), prices.low(), prices.close()].map(Exact::of);
        let (open, close) = (open?, close?);
        self.ends_at = self.opens_at.plus(self.length.unwrap_or_default());
        let (peak, trough) = match self.plan.side {
            Side::Long => (high?, low?),
            Side::Short => (low?, high?),
        };
        self.rise(bar, open)?;
        let filled_before = self.fills.len();
        self.fall(bar, open, trough)?;
        let has_fallen_into = self.fills.len() > filled_before;
        if has_fallen_into {
            // Whether the peak came later nobody knows. The close did.
            return self.holding.as_mut().map_or(Ok(()), |holding| holding.look(close));
        }
        self.rise(bar, peak)?;
        self.fall(bar, peak, trough)
    }

    /// Takes all profit up to this price.
    fn rise(&mut self, bar: usize, price: Exact) -> Result<(), Inexact> {
        while let Some(mut holding) = self.holding.take() {
            let target = holding.reached(price)?;
            if let Some(all) = holding.all_at(price, target.as_ref()) {
                let price = self.at_market(self.plan.side.leaves(), all)?;
                return self.leave_all(holding, bar, What::TakeProfitOfAll, price);
            }
            let Some(target) = target else {
                holding.look(price)?;
                self.holding = Some(holding);
                break;
            };
            self.leave(&mut holding, bar, What::TakeProfit(target.step), target.price, target.quantity)?;
            holding.took(target);
            self.settle(holding, bar)?;
        }
        Ok(())
    }

    /// Fills safety orders down to this price, or leaves all where that comes before.
    fn fall(&mut self, bar: usize, from: Exact, to: Exact) -> Result<(), Inexact> {
        let side = self.plan.side;
        while let Some(holding) = self.holding.take() {
            let exit = holding.leaves_at()?.filter(|(_, place)| has_lost(side, to, *place));
            let leg = holding.next_leg().filter(|(_, price, _)| has_lost(side, to, *price));
            let exit = exit.filter(|(_, place)| leg.is_none_or(|(_, price, _)| has_lost(side, price, *place)));
            // Where an order that comes first is met; what is sold at the market finds no better price than the first one.
            let met = exit.map(|(_, place)| worse(side, place, from)).or(leg.map(|(_, price, _)| price)).unwrap_or(to);
            if self.funds.is_gone(met)? {
                return self.lose(holding, bar);
            }
            match exit {
                Some((what, _)) => {
                    let price = self.at_market(side.leaves(), met)?;
                    return self.leave_all(holding, bar, what, price);
                }
                None if leg.is_none() => {
                    self.holding = Some(holding);
                    break;
                }
                None => self.holding = Some(self.enter(holding, bar)?),
            }
        }
        Ok(())
    }

    /// Fills the next leg at its own price.
    fn enter(&mut self, mut holding: Holding, bar: usize) -> Result<Holding, Inexact> {
        if let Some((level, price, quantity)) = holding.next_leg() {
            let fee = self.funds.trade(self.plan.side.enters(), price, quantity)?;
            self.filled(bar, What::Entry(level), price.float(), quantity, fee);
            holding.enter(price, quantity, fee)?;
        }
        Ok(holding)
    }

    /// What is held has lost its margin.
    fn lose(&mut self, mut holding: Holding, bar: usize) -> Result<(), Inexact> {
        let (held, worth) = (holding.held, self.funds.lose()?);
        self.filled(bar, What::Liquidation, worth.float() / held.float(), held, Exact::ZERO);
        holding.leave(worth, held, Exact::ZERO)?;
        self.settle(holding, bar)
    }

    fn leave_all(&mut self, mut holding: Holding, bar: usize, what: What, price: Exact) -> Result<(), Inexact> {
        let held = holding.held;
        self.leave(&mut holding, bar, what, price, held)?;
        self.settle(holding, bar)
    }

    fn leave(
        &mut self,
        holding: &mut Holding,
        bar: usize,
        what: What,
        price: Exact,
        quantity: Exact,
    ) -> Result<(), Inexact> {
        let fee = self.funds.trade(self.plan.side.leaves(), price, quantity)?;
        self.filled(bar, what, price.float(), quantity, fee);
        holding.leave(price.times(quantity)?, quantity, fee)
    }

    fn filled(&mut self, bar: usize, what: What, price: f64, quantity: Exact, fee: Exact) {
        self.fills.push(Fill { bar, what, price, size: quantity.float(), fee: fee.float() });
    }

    /// Keeps what is held, or the trade that it has been.
    fn settle(&mut self, holding: Holding, bar: usize) -> Result<(), Inexact> {
        if holding.held.is_positive() {
            self.holding = Some(holding);
            return Ok(());
        }
        let [size, opened, left] = [holding.entered, holding.opened, holding.left].map(Exact::float);
        self.trades.push(Trade {
            entry_bar: holding.bar,
            exit_bar: bar,
            entry_price: opened / size,
            exit_price: left / size,
            size,
            fees: holding.fees.float(),
            pnl: holding.pnl()?.float(),
        });
        self.gate.ended(holding.traded()?, self.opens_at, self.ends_at)
    }

    /// What an order at the market is filled at: worse than the price by what it slips, on the tick, and a tick at least.
    fn at_market(&self, direction: Direction, price: Exact) -> Result<Exact, Inexact> {
        let slipped = match direction {
            Direction::Buy => price.times(Exact::ONE.plus(self.slippage)?)?.on_grid(self.tick, true)?,
            Direction::Sell => price.times(Exact::ONE.minus(self.slippage)?)?.on_grid(self.tick, false)?,
        };
        Ok(if slipped.is_positive() { slipped } else { self.tick })
    }

    pub(super) fn equity(&self, close: f64) -> f64 {
        let held = self.holding.as_ref().map_or(0.0, |holding| holding.held.float());
        self.funds.equity(held, close)
    }

    /// What comes of leaving all that is held at this close.
    pub(super) fn left_at(mut self, bar: usize, close: f64) -> Result<Option<Left>, Inexact> {
        let Some(holding) = self.holding.take() else { return Ok(None) };
        let price = self.at_market(self.plan.side.leaves(), Exact::of(close)?)?;
        self.leave_all(holding, bar, What::Exit, price)?;
        let equity = self.equity(close);
        Ok(self.trades.pop().map(|trade| Left { trade, equity }))
    }

    pub(super) fn open_position(&self) -> Option<OpenPosition> {
        let holding = self.holding.as_ref()?;
        let [entered, opened, fees, size] =
            [holding.entered, holding.opened, holding.fees, holding.held].map(Exact::float);
        Some(OpenPosition { entry_bar: holding.bar, size, entry_price: opened / entered, fees })
    }
}
