//! Orders and trades as the exchange lists them, and what they tell.

use super::ask::read_time;
use super::order::{self, Configuration};
use crate::native::words::{self, refusal};
use app::ports::VenueOrder;
use domain::ids::ClientOrderId;
use domain::market::Symbol;
use domain::money::{Amount, Price, Quantity};
use domain::order::{Fact, Fee, Fill, Refusal, Status, TradeId};
use domain::preset::OrderKind;
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::text::{AsText, Text};

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Order {
    pub(super) order_id: String,
    #[serde(default)]
    pub(super) client_order_id: String,
    side: String,
    status: String,
    created_time: String,
    #[serde(default)]
    filled_size: String,
    #[serde(default)]
    reject_reason: String,
    #[serde(default)]
    reject_message: String,
    order_configuration: Option<serde_json::Value>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Trade {
    pub(super) order_id: String,
    trade_id: String,
    trade_time: String,
    #[serde(default)]
    trade_type: String,
    price: String,
    size: String,
    #[serde(default)]
    commission: String,
    #[serde(default)]
    size_in_quote: bool,
}

impl Order {
    /// What it tells with these trades; none where it cannot be understood.
    pub(super) fn fact(&self, trades: &[Trade], symbol: &Symbol) -> Option<Fact> {
        let filled = self.filled()?;
        let mine = trades.iter().filter(|trade| trade.order_id == self.order_id && trade.counts());
        let fills: BTreeMap<TradeId, Fill> = mine.map(|trade| trade.fill(symbol)).collect::<Option<_>>()?;
        let told = told(&self.status, !filled.is_zero())?;
        // A buy whose quote is used up is filled there, for less than was asked: of what is left nothing comes any more.
        let told = if told.status == Some(Status::Filled) && self.is_short_of(filled) {
            Fact::of(Status::Cancelled)
        } else {
            told
        };
        Some(Fact {
            venue_id: Some(self.order_id.clone()),
            cumulative: filled,
            fills,
            triggered: self.is_stop() && !filled.is_zero(),
            refusal: (told.status == Some(Status::Rejected)).then(|| self.refusal()),
            ..told
        })
    }

    /// Base units executed so far.
    pub(super) fn filled(&self) -> Option<Quantity> {
        if self.filled_size.is_empty() { Some(Quantity::ZERO) } else { number(&self.filled_size) }
    }

    /// The whole of it; none where it is no order of a form that we send.
    pub(super) fn listed(&self, trades: &[Trade], symbol: &Symbol) -> Option<VenueOrder> {
        let configuration = self.configuration()?;
        let quantity = configuration.base_size();
        let (kind, stop) = match configuration {
            Configuration::MarketMarketIoc { .. } => (OrderKind::Market, None),
            Configuration::LimitLimitGtc { limit_price: Text(limit), .. } => (OrderKind::Limit(limit), None),
            Configuration::StopLimitStopLimitGtc { limit_price: Text(limit), stop_price, .. } => {
                (OrderKind::Limit(limit), Some(stop_price.0))
            }
        };
        Some(VenueOrder {
            client_id: ClientOrderId::from_stored(&self.client_order_id),
            venue_id: self.order_id.clone(),
            direction: order::direction(&self.side)?,
            kind,
            stop,
            quantity,
            fact: self.fact(trades, symbol)?,
            accepted_at: read_time(&self.created_time)?,
        })
    }

    fn configuration(&self) -> Option<Configuration> {
        Configuration::of(self.order_configuration.as_ref()?)
    }

    /// Whether it asks for more than that.
    fn is_short_of(&self, filled: Quantity) -> bool {
        self.configuration().is_some_and(|asked| filled < asked.base_size())
    }

    fn is_stop(&self) -> bool {
        matches!(self.configuration(), Some(Configuration::StopLimitStopLimitGtc { .. }))
    }

    fn refusal(&self) -> Refusal {
        let code = match self.reject_reason.as_str() {
            "HOLD_FAILURE" | "REJECT_REASON_INSUFFICIENT_FUNDS" => words::INSUFFICIENT_BALANCE,
            "TOO_MANY_OPEN_ORDERS" => words::TOO_MANY_ORDERS,
            "RATE_LIMIT_EXCEEDED" => words::RATE_LIMITED,
            _ => words::REFUSED_BY_VENUE,
        };
        refusal(code, [self.reject_reason.as_str(), &self.reject_message].join(" ").trim())
    }
}

/// How far it has come, in our words; none for a word that we do not know. What is taken and waits to be open, changed
/// or cancelled is open.
fn told(word: &str, has_filled: bool) -> Option<Fact> {
    let status = match word {
        "PENDING" | "OPEN" | "QUEUED" | "CANCEL_QUEUED" | "EDIT_QUEUED" if has_filled => Status::PartiallyFilled,
        "PENDING" | "OPEN" | "QUEUED" | "CANCEL_QUEUED" | "EDIT_QUEUED" => Status::Open,
        "FILLED" => Status::Filled,
        "CANCELLED" => Status::Cancelled,
        "EXPIRED" => Status::Expired,
        // What was filled before it failed was bought or sold.
        "FAILED" if has_filled => Status::Cancelled,
        "FAILED" => Status::Rejected,
        "UNKNOWN_ORDER_STATUS" => return Some(Fact::default()),
        _ => return None,
    };
    Some(Fact::of(status))
}

impl Trade {
    /// Reversals and corrections are no trades of ours; the order tells what is left.
    fn counts(&self) -> bool {
        matches!(self.trade_type.as_str(), "" | "FILL")
    }

    /// One that is counted in quote is of an order in quote, which we do not send.
    fn fill(&self, symbol: &Symbol) -> Option<(TradeId, Fill)> {
        if self.size_in_quote || self.trade_id.is_empty() {
            return None;
        }
        let commission = if self.commission.is_empty() { None } else { Some(number::<Amount>(&self.commission)?) };
        let fill = Fill {
            fee: commission.map(|amount| Fee::of(symbol, symbol.quote.clone(), amount)),
            price: number::<Price>(&self.price)?,
            quantity: number::<Quantity>(&self.size)?,
            at: read_time(&self.trade_time)?,
        };
        Some((TradeId(self.trade_id.clone()), fill))
    }
}

/// A decimal of theirs: they may have more digits than anything that we take from people.
pub(super) fn number<T: AsText>(text: &str) -> Option<T> {
    T::of_text(text).ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::market;
    use super::*;
    use domain::reason::Reason;
    use serde_json::{Value, json};

    fn order(status: &str, filled: &str) -> Value {
        json!({
            "order_id": "9bc1eb3b", "product_id": "BTC-USD", "client_order_id": "mabc1", "side": "SELL",
            "status": status, "created_time": "2023-01-16T23:37:23.947030Z", "filled_size": filled,
            "average_filled_price": "21220.6399999973697697",
            "reject_reason": "REJECT_REASON_UNSPECIFIED", "reject_message": "",
            "order_configuration": { "limit_limit_gtc": { "base_size": "0.20", "limit_price": "6000" } }
        })
    }

    fn trade(change: impl FnOnce(&mut Value)) -> Trade {
        let mut trade = json!({
            "entry_id": "b88b", "trade_id": "cdc39e45", "order_id": "9bc1eb3b", "trade_type": "FILL",
            "trade_time": "2023-01-18T01:37:38.091377090Z", "price": "21220.64",
            "size": "0.0046830664333996", "commission": "0.0000280983986004",
            "product_id": "BTC-USD", "size_in_quote": false, "side": "SELL"
        });
        change(&mut trade);
        serde_json::from_value(trade).unwrap()
    }

    fn stop() -> Value {
        json!({ "stop_limit_stop_limit_gtc": {
            "base_size": "0.2", "limit_price": "6000", "stop_price": "6100",
            "stop_direction": "STOP_DIRECTION_STOP_DOWN", "reduce_only": false
        } })
    }

    fn read(order: Value) -> Order {
        serde_json::from_value(order).unwrap()
    }

    fn fact(order: Value, trades: &[Trade]) -> Option<Fact> {
        read(order).fact(trades, &market().key.symbol)
    }

    #[test]
    fn every_status_is_one_of_ours() {
        let check = |word: &str, filled: &str, expected: Option<Status>| {
            assert_eq!(fact(order(word, filled), &[]).unwrap().status, expected, "{word} {filled}");
        };
        for word in ["PENDING", "OPEN", "QUEUED", "CANCEL_QUEUED", "EDIT_QUEUED"] {
            check(word, "0", Some(Status::Open));
            check(word, "", Some(Status::Open));
            check(word, "0.1", Some(Status::PartiallyFilled));
        }
        check("FILLED", "0.2", Some(Status::Filled));
        check("CANCELLED", "0.1", Some(Status::Cancelled));
        check("EXPIRED", "0", Some(Status::Expired));
        check("FAILED", "0", Some(Status::Rejected));
        check("FAILED", "0.1", Some(Status::Cancelled));
        check("UNKNOWN_ORDER_STATUS", "0.1", None);
        assert_eq!(fact(order("A_WORD_OF_TOMORROW", "0"), &[]), None);
        assert_eq!(fact(order("OPEN", "much"), &[]), None);
    }

    #[test]
    fn what_failed_says_why() {
        let check = |reason: &str, code: Reason| {
            let mut order = order("FAILED", "0");
            order["reject_reason"] = json!(reason);
            assert_eq!(fact(order, &[]).unwrap().refusal.unwrap().code, code, "{reason}");
        };
        check("REJECT_REASON_INSUFFICIENT_FUNDS", Reason::InsufficientBalance);
        check("HOLD_FAILURE", Reason::InsufficientBalance);
        check("TOO_MANY_OPEN_ORDERS", Reason::TooManyOrders);
        check("REJECT_REASON_UNSPECIFIED", Reason::RefusedByVenue);
    }

    #[test]
    fn a_trade_keeps_all_its_digits_and_its_fee_in_quote() {
        let told = fact(order("OPEN", "0.0046830664333996"), &[trade(|_| {})]).unwrap();
        let fill = &told.fills[&TradeId("cdc39e45".to_owned())];
        assert_eq!(fill.quantity.to_string(), "0.0046830664333996");
        assert_eq!(told.cumulative, fill.quantity);
        let fee = fill.fee.as_ref().unwrap();
        assert_eq!((fee.asset.as_str(), fee.amount.get().to_string().as_str()), ("USD", "0.0000280983986004"));
        assert_eq!(fill.at.millis(), 1_674_005_858_091);
    }

    #[test]
    fn only_trades_of_the_order_count_and_one_that_is_not_understood_spoils_the_answer() {
        let check = |change: fn(&mut Value), expected: Option<usize>| {
            let told = fact(order("OPEN", "0.1"), &[trade(change)]);
            assert_eq!(told.map(|fact| fact.fills.len()), expected);
        };
        check(|_| {}, Some(1));
        check(|trade| trade["order_id"] = json!("another"), Some(0));
        check(|trade| trade["trade_type"] = json!("REVERSAL"), Some(0));
        check(|trade| trade["size_in_quote"] = json!(true), None);
        check(|trade| trade["price"] = json!("0"), None);
        check(|trade| trade["commission"] = json!("some"), None);
        check(|trade| trade["trade_time"] = json!("today"), None);
        check(|trade| trade["trade_id"] = json!(""), None);
        let unpaid = fact(order("OPEN", "0.1"), &[trade(|trade| trade["commission"] = json!(""))]).unwrap();
        assert!(unpaid.fills.values().all(|fill| fill.fee.is_none()), "its fee comes later");
    }

    #[test]
    fn a_listed_order_shows_its_kind_and_where_it_stops() {
        let check = |configuration: Value, expected: Option<(OrderKind, Option<&str>, &str)>| {
            let mut order = order("OPEN", "0.1");
            order["order_configuration"] = configuration.clone();
            let listed = read(order).listed(&[], &market().key.symbol);
            let told = listed.map(|order| (order.kind, order.stop, order.quantity));
            let price = |text: &str| text.parse::<Price>().unwrap();
            let expected =
                expected.map(|(kind, stop, size)| (kind, stop.map(price), size.parse::<Quantity>().unwrap()));
            assert_eq!(told, expected, "{configuration}");
        };
        let limit = OrderKind::Limit("6000".parse().unwrap());
        check(json!({ "market_market_ioc": { "base_size": "0.2" } }), Some((OrderKind::Market, None, "0.2")));
        check(
            json!({ "limit_limit_gtc": { "base_size": "0.20", "limit_price": "6000.00" } }),
            Some((limit, None, "0.2")),
        );
        check(stop(), Some((limit, Some("6100"), "0.2")));
        let market = json!({ "quote_size": "", "base_size": "0.2", "rfq_disabled": true });
        let beside = json!({ "market_market_ioc": market, "limit_limit_gtc": null });
        check(beside, Some((OrderKind::Market, None, "0.2")));
        let two = json!({ "market_market_ioc": market, "limit_limit_gtc": { "base_size": "1", "limit_price": "1" } });
        check(two, None);
        check(json!({ "market_market_ioc": { "quote_size": "10" } }), None);
        check(Value::Null, None);
    }

    #[test]
    fn what_a_stop_has_executed_was_triggered() {
        let check = |filled: &str, expected: bool| {
            let mut order = order("OPEN", filled);
            order["order_configuration"] = stop();
            assert_eq!(fact(order, &[]).unwrap().triggered, expected);
        };
        check("0", false);
        check("0.1", true);
    }
}
