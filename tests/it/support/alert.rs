//! Alerts, as TradingView or one's own program sends them.

use super::unique::unique;
use serde_json::{Value, json};
use std::fmt;

/// A body to be posted. Each has an id of its own unless it is taken away.
#[derive(Debug, Clone)]
pub(crate) struct Alert(Value);

impl Alert {
    /// Of an indicator: into a position.
    pub(crate) fn entry(symbol: &str) -> Self {
        Self::of(symbol, &json!({"type": "entry", "strategy": "grid", "side": "long"}))
    }

    /// Of an indicator: out of it.
    pub(crate) fn exit(symbol: &str) -> Self {
        Self::of(symbol, &json!({"type": "exit", "strategy": "grid", "side": "long"}))
    }

    /// Of a strategy, which says how its position was and is, with their sizes.
    pub(crate) fn strategy(symbol: &str, action: &str, before: (&str, &str), now: (&str, &str)) -> Self {
        Self::of(symbol, &json!({"strategy": "grid", "side": now.0}))
            .tv("action", action)
            .tv("prev_market_position", before.0)
            .tv("prev_market_position_size", before.1)
            .tv("market_position", now.0)
            .tv("market_position_size", now.1)
    }

    fn of(symbol: &str, intent: &Value) -> Self {
        let tv = json!({"exchange": "PAPER", "symbol": symbol, "timeframe": "60"});
        Self(json!({"id": unique(), "tv": tv, "execution_intent": intent}))
    }

    /// A market order of this many base units.
    pub(crate) fn buying(self, quantity: &str) -> Self {
        self.with("base_order", json!({"quantity": quantity}))
    }

    /// A limit order for 100 quote units.
    pub(crate) fn limit(self, price: &str) -> Self {
        self.with("base_order", json!({"quote": "100", "type": "limit", "limit_price": price}))
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0[name] = value.into();
        self
    }

    pub(crate) fn tv(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0["tv"][name] = value.into();
        self
    }

    pub(crate) fn intent(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0["execution_intent"][name] = value.into();
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.as_object_mut().unwrap().remove(name);
        self
    }

    pub(crate) fn without_timeframe(mut self) -> Self {
        self.0["tv"].as_object_mut().unwrap().remove("timeframe");
        self
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
