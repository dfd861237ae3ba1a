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

    /// Of another market, as `ADAUSDT`.
    #[must_use]
    pub fn symbol(self, symbol: &str) -> Self {
        self.with("/tv", "symbol", json!(symbol))
    }

    #[must_use]
    pub fn timeframe(self, timeframe: &str) -> Self {
        self.with("/tv", "timeframe", json!(timeframe))
    }

    #[must_use]
    pub fn preset(self, name: &str) -> Self {
        self.with("", "preset", json!(name))
    }

    #[must_use]
    pub fn exchange(self, exchange: &str) -> Self {
        self.with("/tv", "exchange", json!(exchange))
    }

    /// By its label.
    #[must_use]
    pub fn account(self, label: &str) -> Self {
        self.with("", "account", json!(label))
    }

    /// By a route in place of an account.
    #[must_use]
    pub fn route(self, name: &str) -> Self {
        self.with("", "route", json!(name))
    }

    /// On its token's.
    #[must_use]
    pub fn without_exchange(self) -> Self {
        self.with("/tv", "exchange", Value::Null)
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

    /// The stop, as it moves to where nothing is lost.
    #[must_use]
    pub fn break_even_after(self, step: u32) -> Self {
        self.with("", "stop_loss_percent", json!("8")).with("", "break_even_after_step", json!(step))
    }

    /// Where everything is sold with loss, from the base order.
    #[must_use]
    pub fn stop(self, percent: &str) -> Self {
        self.with("", "stop_loss_percent", json!(percent))
    }

    /// The stop, from what all entries have cost.
    #[must_use]
    pub fn stop_from_average(self, percent: &str) -> Self {
        self.stop(percent).with("", "stop_loss_basis", json!("average"))
    }

    /// The stop is not to rest at the venue.
    #[must_use]
    pub fn by_polling(self) -> Self {
        self.with("", "stop_loss_at_venue", json!(false))
    }

    /// A stop that follows the highest price.
    #[must_use]
    pub fn trailing_stop(self, percent: &str) -> Self {
        self.stop(percent).with("", "stop_loss_trailing", json!(true))
    }

    /// A stop that every look must have found reached for so long.
    #[must_use]
    pub fn delayed_stop(self, percent: &str, seconds: u32) -> Self {
        self.stop(percent).with("", "stop_loss_delay_seconds", json!(seconds))
    }

    /// The last step follows the price, so far behind; steps must stand there.
    #[must_use]
    pub fn trailing(self, percent: &str) -> Self {
        self.with("/take_profit", "trailing_percent", json!(percent))
    }

    #[must_use]
    pub fn minimum_profit(self, percent: &str) -> Self {
        self.with("", "minimum_profit_percent", json!(percent))
    }

    #[must_use]
    pub fn cooldown_minutes(self, minutes: u32) -> Self {
        self.with("", "cooldown_minutes", json!(minutes))
    }

    #[must_use]
    pub fn open_groups_max(self, max: u32) -> Self {
        self.with("", "open_groups_max", json!(max))
    }

    /// An entry whose outcome nobody knows is sent once more.
    #[must_use]
    pub fn retries_unproven(self) -> Self {
        self.with("", "retry_unproven_entry", json!(true))
    }

    /// A whole-market exit: of every timeframe.
    #[must_use]
    pub fn without_timeframe(self) -> Self {
        self.with("/tv", "timeframe", Value::Null)
    }

    #[must_use]
    pub fn time_limit_minutes(self, minutes: u32) -> Self {
        self.with("", "time_limit_minutes", json!(minutes))
    }

    /// Safety orders of 50 USDT, `percent` apart, at most two at once.
    #[must_use]
    pub fn ladder(self, count: u32, percent: &str) -> Self {
        self.wide_ladder(count, percent, 2)
    }

    /// The same with more of them at once.
    #[must_use]
    pub fn wide_ladder(self, count: u32, percent: &str, active: u32) -> Self {
        let orders = json!({"count": count, "quote": "50", "deviation_percent": percent, "active": active});
        self.with("", "safety_orders", orders)
    }

    /// Safety orders as they are written.
    #[must_use]
    pub fn safety_orders(self, orders: Value) -> Self {
        self.with("", "safety_orders", orders)
    }

    /// The base order as it is written.
    #[must_use]
    pub fn base_order(self, order: Value) -> Self {
        self.with("", "base_order", order)
    }

    /// One total in the place of every size.
    #[must_use]
    pub fn total(self, total: Value) -> Self {
        self.with("", "total", total)
    }

    /// Sold in steps of profit and amount, both in percent.
    #[must_use]
    pub fn steps(self, basis: &str, steps: &[(&str, &str)]) -> Self {
        let step = |(profit, amount): &(&str, &str)| json!({"profit_percent": profit, "amount_percent": amount});
        let steps: Vec<_> = steps.iter().map(step).collect();
        self.with("", "take_profit", json!({"basis": basis, "steps": steps}))
    }

    /// Each leg by itself, from its own price.
    #[must_use]
    pub fn each_leg(self, profit: &str) -> Self {
        let steps = [json!({"profit_percent": profit, "amount_percent": 100})];
        self.with("", "take_profit", json!({"mode": "per_leg", "steps": steps}))
    }

    /// The leg by itself, and everything where the price reaches `all`.
    #[must_use]
    pub fn hybrid(self, profit: &str, all: &str) -> Self {
        let steps = [json!({"profit_percent": profit, "amount_percent": 100})];
        self.with("", "take_profit", json!({"mode": "hybrid", "steps": steps, "all_profit_percent": all}))
    }

    /// A strategy that turns from long to short.
    #[must_use]
    pub fn reversal(self) -> Self {
        let tv = [("action", "sell"), ("market_position", "short"), ("prev_market_position", "long")];
        let strategy = tv.into_iter().fold(self, |text, (name, value)| text.with("/tv", name, json!(value)));
        strategy.with("/execution_intent", "side", json!("short"))
    }

    /// Entries of the same side are added.
    #[must_use]
    pub fn pyramids(self, max: u32, distance: &str, direction: &str, close: &str) -> Self {
        let pyramids = json!({"max": max, "distance_percent": distance, "direction": direction, "close": close});
        self.with("", "pyramids", pyramids)
    }

    /// A strategy that makes its long position smaller, and wants that share to be sold.
    #[must_use]
    pub fn shrinks(self, size: &str, before: &str) -> Self {
        let tv = [
            ("action", "sell"),
            ("market_position", "long"),
            ("market_position_size", size),
            ("prev_market_position", "long"),
            ("prev_market_position_size", before),
        ];
        let strategy = tv.into_iter().fold(self, |text, (name, value)| text.with("/tv", name, json!(value)));
        strategy.with("", "partial_exit", json!(true))
    }

    /// The other side is to be opened after the close.
    #[must_use]
    pub fn reversed(self) -> Self {
        self.reversal().with("", "reverse", json!(true))
    }

    /// With the price that it was raised at.
    #[must_use]
    pub fn price(self, price: &str) -> Self {
        self.with("/tv", "price", json!(price))
    }

    /// Without one of its members.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.as_object_mut().unwrap().remove(name);
        self
    }

    pub fn body(&self) -> String {
        self.0.to_string()
    }

    fn with(mut self, object: &str, name: &str, value: Value) -> Self {
        self.0.pointer_mut(object).unwrap()[name] = value;
        self
    }
}
