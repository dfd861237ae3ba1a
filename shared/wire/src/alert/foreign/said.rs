//! What all of these forms can say.

use crate::alert::fields::{Beneath, Fields};
use crate::alert::{BadAlert, plan};
use domain::alert::{Action, Alert, IntentType, Side, Stance, StrategyFields};
use domain::clock::{Millis, Timestamp};
use domain::market::{Exchange, Symbol};
use domain::money::Price;
use domain::preset::{OrderKind, OrderSize, TradePlan};
use domain::{limits, signal};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Enter(Side),
    Leave,
    /// A strategy's order, with its position before and after.
    Follow(Action, StrategyFields),
}

/// What is said of the base order, in place of the preset's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Order {
    pub(super) size: Option<OrderSize>,
    pub(super) kind: Option<OrderKind>,
}

/// An alert, as far as these forms go.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) exchange: Exchange,
    pub(super) symbol: Symbol,
    pub(super) ask: Ask,
    pub(super) order: Order,
    pub(super) price: Option<Price>,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) max_lag: Millis,
}

impl Said {
    /// With everything else as it is where nothing is said of it.
    pub(super) fn plainly(exchange: Exchange, symbol: Symbol, ask: Ask) -> Self {
        let order = Order::default();
        Self { exchange, symbol, ask, order, price: None, sent_at: None, max_lag: limits::LAG_DEFAULT }
    }

    /// With the plan that it makes of what stands beneath it.
    pub(super) fn alert(self, beneath: Beneath<'_>) -> Result<Alert, BadAlert> {
        let (intent, side, action, fields) = match self.ask {
            Ask::Enter(side) => (Some(IntentType::Entry), Some(Stance::In(side)), None, StrategyFields::default()),
            Ask::Leave => (Some(IntentType::Exit), None, None, StrategyFields::default()),
            Ask::Follow(action, fields) => (None, None, Some(action), fields),
        };
        Ok(Alert {
            id: None,
            exchange: self.exchange,
            symbol: self.symbol,
            timeframe: None,
            account: None,
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
            plan: self.order.over(beneath)?,
        })
    }
}

impl Order {
    fn over(self, beneath: Beneath<'_>) -> Result<TradePlan, BadAlert> {
        let preset = plan::read(&Fields::none().over(beneath))?;
        Ok(TradePlan { size: self.size.unwrap_or(preset.size), kind: self.kind.unwrap_or(preset.kind), ..preset })
    }
}
