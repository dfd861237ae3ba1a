//! An order in the exchange's words.

use crate::native::words;
use app::ports::{Request, Trigger, TriggerKind};
use domain::market::Symbol;
use domain::money::{Price, Quantity};
use domain::order::{Direction, Refusal};
use domain::preset::OrderKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wire::text::Text;

/// Fields in this order, always: a repeated id with the same bytes returns the first order.
#[derive(Serialize)]
struct Body<'a> {
    client_order_id: &'a str,
    product_id: &'a str,
    side: &'static str,
    order_configuration: Configuration,
}

/// What is bought and sold, and how. Sizes are of base: ours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Configuration {
    MarketMarketIoc {
        base_size: Text<Quantity>,
    },
    LimitLimitGtc {
        base_size: Text<Quantity>,
        limit_price: Text<Price>,
        #[serde(default)]
        post_only: bool,
    },
    StopLimitStopLimitGtc {
        base_size: Text<Quantity>,
        limit_price: Text<Price>,
        stop_price: Text<Price>,
        stop_direction: StopDirection,
    },
}

impl Configuration {
    pub(super) fn base_size(&self) -> Quantity {
        match self {
            Self::MarketMarketIoc { base_size }
            | Self::LimitLimitGtc { base_size, .. }
            | Self::StopLimitStopLimitGtc { base_size, .. } => base_size.0,
        }
    }
}

/// On which side of the price a stop waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum StopDirection {
    #[serde(rename = "STOP_DIRECTION_STOP_UP")]
    Up,
    #[serde(rename = "STOP_DIRECTION_STOP_DOWN")]
    Down,
}

/// The body that this request is sent with: the same bytes whenever it is asked.
///
/// # Errors
/// What the exchange does not offer: nothing is sent then.
pub(super) fn body(request: &Request) -> Result<String, Refusal> {
    let symbol = &request.market.key.symbol;
    if symbol.settle.is_some() {
        return Err(words::refusal(words::UNKNOWN_MARKET, "only spot markets are traded there"));
    }
    let body = Body {
        client_order_id: request.client_id.as_str(),
        product_id: &product(symbol),
        side: side(request.direction),
        order_configuration: configuration(request)?,
    };
    serde_json::to_string(&body).map_err(|error| words::refusal(words::REFUSED_BY_VENUE, error.to_string()))
}

impl Configuration {
    /// As the exchange tells it: one form, beside which others may stand that are nothing; none where it is not ours.
    pub(super) fn of(told: &Value) -> Option<Self> {
        let forms = told.as_object()?.iter().filter(|(_, form)| !form.is_null());
        let forms: Map<String, Value> = forms.map(|(name, form)| (name.clone(), form.clone())).collect();
        serde_json::from_value(Value::Object(forms)).ok()
    }
}

/// How this request is to be carried out.
///
/// # Errors
/// As [`body`].
pub(super) fn configuration(request: &Request) -> Result<Configuration, Refusal> {
    let base_size = Text(request.quantity);
    match (request.kind, request.trigger) {
        (OrderKind::Market, None) => Ok(Configuration::MarketMarketIoc { base_size }),
        (OrderKind::Limit(limit), None) => {
            Ok(Configuration::LimitLimitGtc { base_size, limit_price: Text(limit), post_only: false })
        }
        (OrderKind::Limit(limit), Some(trigger)) => Ok(Configuration::StopLimitStopLimitGtc {
            base_size,
            limit_price: Text(limit),
            stop_price: Text(trigger.price),
            stop_direction: stop_direction(request.direction, trigger),
        }),
        (OrderKind::Market, Some(_)) => Err(no_market_stops()),
    }
}

/// A stop loss waits where it gets worse, a take-profit where it gets better.
fn stop_direction(direction: Direction, trigger: Trigger) -> StopDirection {
    match (direction, trigger.kind) {
        (Direction::Sell, TriggerKind::StopLoss) | (Direction::Buy, TriggerKind::TakeProfit) => StopDirection::Down,
        (Direction::Sell, TriggerKind::TakeProfit) | (Direction::Buy, TriggerKind::StopLoss) => StopDirection::Up,
    }
}

pub(super) fn product(symbol: &Symbol) -> String {
    format!("{}-{}", symbol.base, symbol.quote)
}

pub(super) fn side(direction: Direction) -> &'static str {
    match direction {
        Direction::Buy => "BUY",
        Direction::Sell => "SELL",
    }
}

pub(super) fn direction(side: &str) -> Option<Direction> {
    Direction::ALL.into_iter().find(|direction| self::side(*direction) == side)
}

fn no_market_stops() -> Refusal {
    words::refusal(words::REFUSED_BY_VENUE, "there are no stops there that become market orders")
}

pub(super) fn no_pairs() -> Refusal {
    words::refusal(words::REFUSED_BY_VENUE, "there are no pairs there of which one order cancels the other")
}

#[cfg(test)]
mod tests {
    use super::super::testing::request;
    use super::*;
    use domain::reason::Reason;

    fn limit(price: &str) -> OrderKind {
        OrderKind::Limit(price.parse().unwrap())
    }

    fn at(kind: TriggerKind, price: &str) -> Option<Trigger> {
        Some(Trigger { kind, price: price.parse().unwrap() })
    }

    #[test]
    fn each_order_has_one_body() {
        let check = |direction: Direction, kind: OrderKind, trigger: Option<Trigger>, expected: &str| {
            let request = Request { direction, kind, trigger, ..request() };
            let (side, id) = (side(direction), request.client_id.as_str());
            let head = format!(r#""client_order_id":"{id}","product_id":"BTC-USD","side":"{side}""#);
            let whole = format!(r#"{{{head},"order_configuration":{expected}}}"#);
            assert_eq!(body(&request), Ok(whole.clone()));
            assert_eq!(body(&request.clone()), Ok(whole), "the same request has the same bytes");
        };
        let market = r#"{"market_market_ioc":{"base_size":"0.0123"}}"#;
        check(Direction::Buy, OrderKind::Market, None, market);
        check(Direction::Sell, OrderKind::Market, None, market);
        let resting = r#"{"limit_limit_gtc":{"base_size":"0.0123","limit_price":"64250.3","post_only":false}}"#;
        check(Direction::Buy, limit("64250.30"), None, resting);
        let stop = |direction: Direction, kind: TriggerKind, way: &str| {
            let prices = r#""base_size":"0.0123","limit_price":"60000","stop_price":"60500.5""#;
            let way = format!(r#""stop_direction":"STOP_DIRECTION_STOP_{way}""#);
            let expected = format!(r#"{{"stop_limit_stop_limit_gtc":{{{prices},{way}}}}}"#);
            check(direction, limit("60000"), at(kind, "60500.50"), &expected);
        };
        stop(Direction::Sell, TriggerKind::StopLoss, "DOWN");
        stop(Direction::Sell, TriggerKind::TakeProfit, "UP");
        stop(Direction::Buy, TriggerKind::StopLoss, "UP");
        stop(Direction::Buy, TriggerKind::TakeProfit, "DOWN");
    }

    #[test]
    fn numbers_are_plain_decimals() {
        let check = |quantity: &str, price: &str, expected: (&str, &str)| {
            let request = Request { quantity: quantity.parse().unwrap(), kind: limit(price), ..request() };
            let (size, price) = expected;
            let part = format!(r#"{{"base_size":"{size}","limit_price":"{price}","post_only":false}}"#);
            assert!(body(&request).unwrap().contains(&part), "{:?}", body(&request));
        };
        check("1e-8", "1e-10", ("0.00000001", "0.0000000001"));
        check("120000.000", "100000", ("120000", "100000"));
        check("99999999999999.123456789012", "0.10", ("99999999999999.123456789012", "0.1"));
    }

    #[test]
    fn what_the_exchange_does_not_have_is_refused_here() {
        let check = |request: Request, code: Reason| {
            assert_eq!(body(&request).map_err(|refusal| refusal.code), Err(code.into()));
        };
        let stop = at(TriggerKind::StopLoss, "60000");
        check(Request { kind: OrderKind::Market, trigger: stop, ..request() }, words::REFUSED_BY_VENUE);
        let mut perpetual = request();
        perpetual.market.key.symbol = "BTC/USD:USD".parse().unwrap();
        check(perpetual, words::UNKNOWN_MARKET);
    }
}
