// The same texts as `moniqo alerts template` prints (shared/wire/src/alert/template.rs); a test compares them.

const STRATEGY = `{"tv": {"exchange": "{{exchange}}", "symbol": "{{ticker}}", "timeframe": "{{interval}}",
        "action": "{{strategy.order.action}}", "order_id": "{{strategy.order.id}}",
        "contracts": "{{strategy.order.contracts}}", "price": "{{strategy.order.price}}", "close": "{{close}}",
        "market_position": "{{strategy.market_position}}", "market_position_size": "{{strategy.market_position_size}}",
        "prev_market_position": "{{strategy.prev_market_position}}",
        "prev_market_position_size": "{{strategy.prev_market_position_size}}",
        "bar_time": "{{time}}", "sent_at": "{{timenow}}"},
 "execution_intent": {"strategy": "grid", "side": "{{strategy.market_position}}"},
 "preset": "default", "max_lag_seconds": 300}`;

const ENTRY = `{"tv": {"exchange": "{{exchange}}", "symbol": "{{ticker}}", "timeframe": "{{interval}}",
        "close": "{{close}}", "bar_time": "{{time}}", "sent_at": "{{timenow}}"},
 "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
 "preset": "default", "max_lag_seconds": 300}`;

const EXIT = `{"tv": {"exchange": "{{exchange}}", "symbol": "{{ticker}}", "timeframe": "{{interval}}",
        "close": "{{close}}", "bar_time": "{{time}}", "sent_at": "{{timenow}}"},
 "execution_intent": {"type": "exit", "strategy": "grid", "side": "long"},
 "max_lag_seconds": 300}`;

export const TEMPLATES = { strategy: STRATEGY, entry: ENTRY, exit: EXIT } as const;
export type Template = keyof typeof TEMPLATES;

/** The message of a TradingView alert, with the chart's exchange or a fixed one, and the preset to trade with. */
export function message(of: Template, exchange: string | null, preset: string): string {
  return TEMPLATES[of].replace("{{exchange}}", exchange ?? "{{exchange}}").replace('"preset": "default"', `"preset": "${preset}"`);
}
