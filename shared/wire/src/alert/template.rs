//! The message texts to paste into TradingView. TradingView fills in what stands in double braces.

const CHART_EXCHANGE: &str = "{{exchange}}";
const STANDARD_PRESET: &str = r#""preset": "default""#;

const STRATEGY: &str = r#"{"tv": {"exchange": "{{exchange}}", "symbol": "{{ticker}}", "timeframe": "{{interval}}",
        "action": "{{strategy.order.action}}", "order_id": "{{strategy.order.id}}",
        "contracts": "{{strategy.order.contracts}}", "price": "{{strategy.order.price}}", "close": "{{close}}",
        "market_position": "{{strategy.market_position}}", "market_position_size": "{{strategy.market_position_size}}",
        "prev_market_position": "{{strategy.prev_market_position}}",
        "prev_market_position_size": "{{strategy.prev_market_position_size}}",
        "bar_time": "{{time}}", "sent_at": "{{timenow}}"},
 "execution_intent": {"strategy": "grid", "side": "{{strategy.market_position}}"},
 "preset": "default", "max_lag_seconds": 300}"#;

const ENTRY: &str = r#"{"tv": {"exchange": "{{exchange}}", "symbol": "{{ticker}}", "timeframe": "{{interval}}",
        "close": "{{close}}", "bar_time": "{{time}}", "sent_at": "{{timenow}}"},
 "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
 "preset": "default", "max_lag_seconds": 300}"#;

const EXIT: &str = r#"{"tv": {"exchange": "{{exchange}}", "symbol": "{{ticker}}", "timeframe": "{{interval}}",
        "close": "{{close}}", "bar_time": "{{time}}", "sent_at": "{{timenow}}"},
 "execution_intent": {"type": "exit", "strategy": "grid", "side": "long"},
 "max_lag_seconds": 300}"#;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// One text for all alerts of a strategy: it says itself when it is in and out.
    Strategy,
    IndicatorEntry,
    IndicatorExit,
}

/// The text, with the chart's exchange or a fixed one. `exchange` is a plain name.
pub fn text(alert: Alert, exchange: Option<&str>) -> String {
    let text = match alert {
        Alert::Strategy => STRATEGY,
        Alert::IndicatorEntry => ENTRY,
        Alert::IndicatorExit => EXIT,
    };
    text.replace(CHART_EXCHANGE, exchange.unwrap_or(CHART_EXCHANGE))
}

/// The same text for what another preset says. `name` is one that a preset can have.
pub fn for_preset(text: &str, name: &str) -> String {
    text.replace(STANDARD_PRESET, &format!(r#""preset": "{name}""#))
}
