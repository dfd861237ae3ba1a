//! Alert texts, as TradingView sends them.

use serde_json::{Value, json};

/// A message body in the making.
#[derive(Debug, Clone)]
pub struct AlertText(Value);

/// An indicator's alert without anything that tells it from the next: an entry, long, with the built-in preset.
pub fn alert() -> AlertText {
    AlertText(json!({
        "tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "15"},
        "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
    }))
}

impl AlertText {
    #[must_use]
    pub fn exit(self) -> Self {
        self.with("/execution_intent", "type", json!("exit"))
    }

    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.with("", "id", json!(id))
    }

    /// The alert's own clock.
    #[must_use]
    pub fn sent_at(self, time: &str) -> Self {
        self.with("", "sent_at", json!(time))
    }

    #[must_use]
    pub fn timeframe(self, timeframe: &str) -> Self {
        self.with("/tv", "timeframe", json!(timeframe))
    }

    /// A limit entry of 100 USDT.
    #[must_use]
    pub fn limit(self, price: &str) -> Self {
        self.with("", "base_order", json!({"quote": "100", "type": "limit", "limit_price": price}))
    }

    #[must_use]
    pub fn quote(self, quote: &str) -> Self {
        self.with("", "base_order", json!({"quote": quote}))
    }

    #[must_use]
    pub fn max_lag_seconds(self, seconds: u32) -> Self {
        self.with("", "max_lag_seconds", json!(seconds))
    }

    /// A strategy that turns from long to short.
    #[must_use]
    pub fn reversal(self) -> Self {
        let tv = [("action", "sell"), ("market_position", "short"), ("prev_market_position", "long")];
        let strategy = tv.into_iter().fold(self, |text, (name, value)| text.with("/tv", name, json!(value)));
        strategy.with("/execution_intent", "side", json!("short"))
    }

    pub fn body(&self) -> String {
        self.0.to_string()
    }

    fn with(mut self, object: &str, name: &str, value: Value) -> Self {
        self.0.pointer_mut(object).unwrap()[name] = value;
        self
    }
}
