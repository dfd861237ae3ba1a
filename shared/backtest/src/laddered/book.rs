//! The account, and the ladder that it trades.

use super::holding::Holding;
use super::{BadLadderRun, Fill, LadderTerms, What};
use crate::exact::{Exact, Inexact};
use crate::plain::{OpenPosition, Trade};
use domain::ladder::LadderPlan;
use domain::money::{Decimal, Price, Quantity};
use strategies::{Action, Bar};

/// What is kept of cash where a plan is checked against it.
const BALANCE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 8);

#[derive(Debug)]
pub(super) struct Book<'a> {
    plan: &'a LadderPlan,
    cash: Exact,
    fee: Exact,
    tick: Exact,
    slippage: Exact,
    holding: Option<Holding>,
    pub(super) trades: Vec<Trade>,
    pub(super) fills: Vec<Fill>,
    pub(super) refused: usize,
}

impl<'a> Book<'a> {
    pub(super) fn new(plan: &'a LadderPlan, terms: &LadderTerms) -> Self {
        Self {
            plan,
            cash: terms.cash.get().into(),
            fee: plan.fee.get().into(),
            tick: plan.filters.price_tick.get().into(),
            slippage: terms.slippage.get().into(),
            holding: None,
            trades: Vec::new(),
            fills: Vec::new(),
            refused: 0,
        }
    }

    /// What the strategy has said, at an open.
    pub(super) fn act(&mut self, action: Action, bar: usize, open: f64) -> Result<(), BadLadderRun> {
        let at = |source| BadLadderRun::Bar { bar, source };
        match (action, self.holding.take()) {
            (Action::Enter(_), None) => self.open(bar, open),
            (Action::Exit, Some(holding)) => {
                let price = Exact::of(open).and_then(|open| self.at_market(open)).map_err(at)?;
                self.sell_all(holding, bar, What::Exit, price).map_err(at)
            }
            (_, holding) => {
                self.holding = holding;
                Ok(())
            }
        }
    }

    fn open(&mut self, bar: usize, open: f64) -> Result<(), BadLadderRun> {
        let at = |source| BadLadderRun::Bar { bar, source };
        let asked = self.asked(open).map_err(at)?;
        let ladder = domain::ladder::plan(&asked)?;
        if ladder.pre_flight.is_err() {
            self.refused = self.refused.saturating_add(1);
            return Ok(());
        }
        let after = self.plan.stop_loss.and_then(|stop| stop.break_even_after);
        let holding = Holding::new(bar, &ladder, after).map_err(at)?;
        self.holding = self.enter(holding, bar).map(Some).map_err(at)?;
        Ok(())
    }

    /// The plan at what the base order costs, where all of its legs are paid for.
    fn asked(&self, open: f64) -> Result<LadderPlan, Inexact> {
        let slipped = Exact::of(open)?.times(Exact::ONE.plus(self.slippage)?)?.on_grid(self.tick, true)?;
        let entry_price = Price::new(slipped.decimal()?).map_err(|_| Inexact)?;
        let balance = self.cash.on_grid(BALANCE_STEP.into(), false)?.decimal()?;
        let balance = Some(Quantity::new(balance).map_err(|_| Inexact)?);
        Ok(LadderPlan { entry_price, balance, ..self.plan.clone() })
    }

    /// What comes of a bar: first what its open has passed, then the way down, then the way up.
    pub(super) fn play(&mut self, bar: usize, prices: &Bar) -> Result<(), Inexact> {
        let [open, high, low] = [prices.open(), prices.high(), prices.low()];
        let (open, high, low) = (Exact::of(open)?, Exact::of(high)?, Exact::of(low)?);
        self.rise(bar, open)?;
        let filled_before = self.fills.len();
        self.fall(bar, open, low)?;
        let has_fallen_into = self.fills.len() > filled_before;
        if has_fallen_into { Ok(()) } else { self.rise(bar, high) }
    }

    /// Takes all profit up to this price.
    fn rise(&mut self, bar: usize, price: Exact) -> Result<(), Inexact> {
        while let Some(mut holding) = self.holding.take() {
            let Some(target) = holding.reached(price)? else {
                self.holding = Some(holding);
                break;
            };
            self.sell(&mut holding, bar, What::TakeProfit(target.step), target.price, target.quantity)?;
            holding.took(target);
            self.settle(holding, bar);
        }
        Ok(())
    }

    /// Buys safety orders down to this price, or sells all at the stop where that comes before.
    fn fall(&mut self, bar: usize, open: Exact, low: Exact) -> Result<(), Inexact> {
        while let Some(holding) = self.holding.take() {
            let stop = holding.stop().filter(|stop| *stop >= low);
            let leg = holding.next_leg().filter(|(_, price, _)| *price >= low);
            let is_first = |stop: &Exact| leg.is_none_or(|(_, price, _)| *stop >= price);
            if let Some(stop) = stop.filter(is_first) {
                let price = self.at_market(stop.least(open))?;
                return self.sell_all(holding, bar, What::Stop, price);
            }
            if leg.is_none() {
                self.holding = Some(holding);
                break;
            }
            self.holding = Some(self.enter(holding, bar)?);
        }
        Ok(())
    }

    /// Fills the next leg at its own price.
    fn enter(&mut self, mut holding: Holding, bar: usize) -> Result<Holding, Inexact> {
        if let Some((level, price, quantity)) = holding.next_leg() {
            let fee = self.filled(bar, What::Entry(level), price, quantity)?;
            self.cash = self.cash.minus(price.times(quantity)?)?.minus(fee)?;
            holding.enter(price, quantity, fee)?;
        }
        Ok(holding)
    }

    fn sell_all(&mut self, mut holding: Holding, bar: usize, what: What, price: Exact) -> Result<(), Inexact> {
        let held = holding.held;
        self.sell(&mut holding, bar, what, price, held)?;
        self.settle(holding, bar);
        Ok(())
    }

    fn sell(
        &mut self,
        holding: &mut Holding,
        bar: usize,
        what: What,
        price: Exact,
        quantity: Exact,
    ) -> Result<(), Inexact> {
        let fee = self.filled(bar, what, price, quantity)?;
        self.cash = self.cash.plus(price.times(quantity)?)?.minus(fee)?;
        holding.leave(price, quantity, fee)
    }

    /// Its fee.
    fn filled(&mut self, bar: usize, what: What, price: Exact, quantity: Exact) -> Result<Exact, Inexact> {
        let fee = price.times(quantity)?.times(self.fee)?;
        self.fills.push(Fill { bar, what, price: price.float(), size: quantity.float(), fee: fee.float() });
        Ok(fee)
    }

    /// Keeps what is held, or the trade that it has been.
    fn settle(&mut self, holding: Holding, bar: usize) {
        if holding.held.is_positive() {
            self.holding = Some(holding);
            return;
        }
        let [bought, paid, received] = [holding.bought, holding.paid, holding.received].map(Exact::float);
        let pnl = holding.received.minus(holding.paid).and_then(|gain| gain.minus(holding.fees));
        self.trades.push(Trade {
            entry_bar: holding.bar,
            exit_bar: bar,
            entry_price: paid / bought,
            exit_price: received / bought,
            size: bought,
            fees: holding.fees.float(),
            pnl: pnl.map_or_else(|_| received - paid - holding.fees.float(), Exact::float),
        });
    }

    /// What a sale at the market brings: less than the price, down to the tick, and a tick at least.
    fn at_market(&self, price: Exact) -> Result<Exact, Inexact> {
        let slipped = price.times(Exact::ONE.minus(self.slippage)?)?.on_grid(self.tick, false)?;
        Ok(if slipped.is_positive() { slipped } else { self.tick })
    }

    pub(super) fn equity(&self, close: f64) -> f64 {
        let held = self.holding.as_ref().map_or(0.0, |holding| holding.held.float());
        self.cash.float() + held * close
    }

    pub(super) fn open_position(&self) -> Option<OpenPosition> {
        let holding = self.holding.as_ref()?;
        let [bought, paid, fees, size] = [holding.bought, holding.paid, holding.fees, holding.held].map(Exact::float);
        Some(OpenPosition { entry_bar: holding.bar, size, entry_price: paid / bought, fees })
    }
}
