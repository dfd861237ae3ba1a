//! What an alert says, once its text has been understood. Its JSON stands in the wire crate.

use crate::clock::{Millis, Timestamp};
use crate::market::{Exchange, Symbol, Timeframe};
use crate::money::{Price, Quantity};
use crate::preset::{AskedPlan, Flags, PlanParts, PresetRef};
use crate::raised::sender_clock;
use crate::route::RouteName;
use crate::words::words;

/// Long or short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Long,
    Short,
}

/// A position as TradingView names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Flat,
    In(Side),
}

/// `tv.action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Buy,
    Sell,
}

/// `execution_intent.type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentType {
    Entry,
    Exit,
}

/// The fields that only a TradingView strategy fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StrategyFields {
    pub market_position: Option<Stance>,
    pub market_position_size: Option<Quantity>,
    pub prev_market_position: Option<Stance>,
    pub prev_market_position_size: Option<Quantity>,
}

/// One understood alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The sender's own id, where it gives one.
    pub id: Option<String>,
    pub exchange: Exchange,
    pub symbol: Symbol,
    /// What its text may mean in the place of `symbol`: what is open there, or traded, decides.
    pub other_symbols: Vec<Symbol>,
    pub timeframe: Option<Timeframe>,
    /// Of an exit: one was meant, and cannot be read. It means the one position that is open there, whatever its timeframe is.
    pub timeframe_unread: bool,
    /// Label of the account that is meant.
    pub account: Option<String>,
    /// The route that is meant in place of an account.
    pub route: Option<RouteName>,
    pub intent: Option<IntentType>,
    /// `execution_intent.strategy`; only `grid` trades.
    pub strategy: Option<String>,
    pub side: Option<Stance>,
    pub action: Option<Action>,
    pub fields: StrategyFields,
    pub price: Option<Price>,
    pub close: Option<Price>,
    /// When the alert was raised, by its own clock.
    pub sent_at: Option<Timestamp>,
    pub max_lag: Millis,
    /// The stored preset beneath the plan; none where it is the built-in one.
    pub preset: Option<PresetRef>,
    pub plan: AskedPlan,
    /// What of the plan is its own.
    pub own: PlanParts,
    pub flags: Flags,
}

impl Alert {
    /// When the event was, as far as anyone knows: the alert's own clock, else the first receipt. No event is later
    /// than its receipt, whatever the sender's clock says.
    pub fn event_at(&self, first_at: Timestamp) -> Timestamp {
        self.sent_at.map_or(first_at, |sent_at| sent_at.min(first_at))
    }

    /// Whether the same text is the same alert at any later time. All texts of one bar bear that bar's time: an exit with it closes
    /// the positions that are open when it arrives.
    pub fn has_clock(&self) -> bool {
        let is_flat = self.fields.market_position == Some(Stance::Flat);
        let is_exit = self.intent == Some(IntentType::Exit) || is_flat;
        if is_exit { sender_clock(self).is_some() } else { self.sent_at.is_some() }
    }

    /// The side that an exit names: it closes no position of the other one.
    pub fn closes_only(&self) -> Option<Side> {
        match (self.intent, self.side) {
            (Some(IntentType::Exit), Some(Stance::In(side))) => Some(side),
            _ => None,
        }
    }

    /// All that its symbol may mean, what it is where none is traded first.
    pub fn symbols(&self) -> impl Iterator<Item = &Symbol> {
        [&self.symbol].into_iter().chain(&self.other_symbols)
    }

    /// The price the alert brings, for planning where no better one is known.
    pub fn price(&self) -> Option<Price> {
        self.price.or(self.close)
    }
}

impl StrategyFields {
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl From<Action> for Side {
    fn from(action: Action) -> Self {
        match action {
            Action::Buy => Self::Long,
            Action::Sell => Self::Short,
        }
    }
}

words! {
    Side { Long = "long", Short = "short" }
}
