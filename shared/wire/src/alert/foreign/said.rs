//! What all of these forms can say.

use crate::alert::fields::{Beneath, Fields};
use crate::alert::{BadAlert, exit, plan as read, pyramids};
use domain::alert::{Action, Alert, IntentType, Side, Stance, StrategyFields};
use domain::clock::{Millis, Timestamp};
use domain::market::{Cuts, Exchange};
use domain::money::Price;
use domain::preset::{AskedPlan, AskedSize, Flags, OrderKind, OrderSize, PlanParts};
use domain::{limits, signal};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Enter(Side),
    /// Of this side alone, where one is named.
    Leave(Option<Side>),
    /// A strategy's order, with its position before and after.
    Follow(Action, StrategyFields),
}

/// An alert, as far as these forms go.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) exchange: Exchange,
    pub(super) symbol: Cuts,
    pub(super) ask: Ask,
    pub(super) plan: PlanParts,
    pub(super) price: Option<Price>,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) max_lag: Millis,
}

impl Said {
    /// With everything else as it is where nothing is said of it.
    pub(super) fn plainly(exchange: Exchange, symbol: Cuts, ask: Ask) -> Self {
        let plan = PlanParts::default();
        Self { exchange, symbol, ask, plan, price: None, sent_at: None, max_lag: limits::LAG_DEFAULT }
    }

    /// With the plan that it makes of what stands beneath it.
    pub(super) fn alert(self, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
        let (intent, side, action, fields) = match self.ask {
            Ask::Enter(side) => (Some(IntentType::Entry), Some(Stance::In(side)), None, StrategyFields::default()),
            Ask::Leave(side) => (Some(IntentType::Exit), side.map(Stance::In), None, StrategyFields::default()),
            Ask::Follow(action, fields) => (None, None, Some(action), fields),
        };
        let is_exit = signal::leaves(intent, fields.market_position, side);
        let (plan, flags) = if is_exit { (exit::plan()?, Flags::default()) } else { self.over(beneath)? };
        let Cuts { first: symbol, others: other_symbols } = self.symbol;
        Ok(Alert {
            id: None,
            exchange: self.exchange,
            symbol,
            other_symbols,
            timeframe: None,
            timeframe_unread: false,
            account: None,
            route: None,
            intent,
            strategy: Some(signal::STRATEGY.to_owned()),
            side,
            action,
            fields,
            price: self.price,
            close: None,
            sent_at: self.sent_at,
            max_lag: self.max_lag,
            preset: None,
            plan,
            own: self.plan,
            flags,
        })
    }

    /// Its order in the place of the preset's.
    fn over(&self, beneath: Beneath<'_>) -> Result<(AskedPlan, Flags), BadAlert> {
        let beneath = Fields::none().over(beneath);
        let preset = read::read(&beneath)?;
        if self.plan.size.is_some() && matches!(preset.size, AskedSize::Shared { .. }) {
            return Err(BadAlert::field("preset", "must have no total where the alert says how large its order is"));
        }
        Ok((self.plan.over(preset), pyramids::flags(&beneath)?))
    }
}

/// What is said of the order; the rest is the preset's.
pub(super) fn plan(size: Option<OrderSize>, kind: Option<OrderKind>) -> PlanParts {
    PlanParts { size: size.map(|size| AskedSize::Of(size.into())), kind, ..PlanParts::default() }
}
