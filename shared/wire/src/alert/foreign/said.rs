//! What all of these forms can say.

use crate::alert::BadAlert;
use domain::alert::{Action, Alert, IntentType, Side, Stance, StrategyFields};
use domain::clock::{Millis, Timestamp};
use domain::market::{Exchange, Symbol};
use domain::money::Price;
use domain::preset::{OrderKind, OrderSize, Preset, TradePlan};
use domain::{limits, signal};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Enter(Side),
    Leave,
    /// A strategy's order, with its position before and after.
    Follow(Action, StrategyFields),
}

/// An alert, as far as these forms go.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) exchange: Exchange,
    pub(super) symbol: Symbol,
    pub(super) ask: Ask,
    pub(super) plan: TradePlan,
    pub(super) price: Option<Price>,
    pub(super) sent_at: Option<Timestamp>,
    pub(super) max_lag: Millis,
}

impl Said {
    /// With everything else as it is where nothing is said of it.
    pub(super) fn plainly(exchange: Exchange, symbol: Symbol, ask: Ask) -> Result<Self, BadAlert> {
        let plan = plan(None, OrderKind::Market)?;
        Ok(Self { exchange, symbol, ask, plan, price: None, sent_at: None, max_lag: limits::LAG_DEFAULT })
    }

    pub(super) fn alert(self) -> Alert {
        let (intent, side, action, fields) = match self.ask {
            Ask::Enter(side) => (Some(IntentType::Entry), Some(Stance::In(side)), None, StrategyFields::default()),
            Ask::Leave => (Some(IntentType::Exit), None, None, StrategyFields::default()),
            Ask::Follow(action, fields) => (None, None, Some(action), fields),
        };
        Alert {
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
            plan: self.plan,
        }
    }
}

/// The built-in preset, with what is said of the order in place of its own.
pub(super) fn plan(size: Option<OrderSize>, kind: OrderKind) -> Result<TradePlan, BadAlert> {
    let preset = Preset::built_in().map_err(|why| BadAlert::field("preset", why))?.plan;
    Ok(TradePlan { size: size.unwrap_or(preset.size), kind, ..preset })
}
