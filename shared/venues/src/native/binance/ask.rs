//! What Binance is asked, parameter by parameter, and how it is signed.
//!
//! Parameters stand in the query in the order in which they are named here, then `recvWindow`, `timestamp` and, last,
//! the signature over all that stands before it. Nothing is sent in a body.

use super::super::{Call, Login, Method, Site};
use super::dialect::Dialect;
use app::ports::{Address, OcoRequest, Request, TriggerKind};
use data_encoding::HEXLOWER;
use domain::clock::{Millis, Timestamp};
use domain::ids::ClientOrderId;
use domain::market::Symbol;
use domain::money::Price;
use domain::order::Direction;
use domain::preset::OrderKind;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How old a request may be when it is carried out: later Binance refuses it, which is what bounds its arrival.
pub(super) const VALIDITY: Millis = Millis::seconds(5);
const KEY_HEADER: &str = "x-mbx-apikey";

/// A question or an order.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    method: Method,
    path: &'static str,
    params: Vec<(&'static str, String)>,
}

impl Ask {
    pub(super) fn get(path: &'static str) -> Self {
        Self::new(Method::Get, path)
    }

    pub(super) fn post(path: &'static str) -> Self {
        Self::new(Method::Post, path)
    }

    fn new(method: Method, path: &'static str) -> Self {
        Self { method, path, params: Vec::new() }
    }

    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    #[must_use]
    pub(super) fn with_some(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, &value),
            None => self,
        }
    }

    /// What anybody may ask.
    pub(super) fn open(&self, site: &Site) -> Call {
        let (query, headers) = (self.query(), Vec::new());
        Call {
            method: self.method,
            url: self.url(site, &query),
            headers,
            body: String::new(),
            shown: self.shown(&query),
        }
    }

    /// What a key is needed for, signed for a moment of the exchange's clock.
    pub(super) fn signed(&self, login: &Login, at: Timestamp) -> Call {
        let query = self.clone().with("recvWindow", &VALIDITY.get()).with("timestamp", &at.millis()).query();
        let signature = signature(login.key.api_secret.expose(), &query);
        Call {
            method: self.method,
            url: self.url(&login.site, &format!("{query}&signature={signature}")),
            headers: vec![(KEY_HEADER.into(), login.key.api_key.expose().to_owned())],
            body: String::new(),
            shown: self.shown(&query),
        }
    }

    fn query(&self) -> String {
        serde_urlencoded::to_string(&self.params).unwrap_or_default()
    }

    fn url(&self, site: &Site, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{query}", site.url, self.path)
    }

    fn shown(&self, query: &str) -> String {
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        format!("{method} {} {query}", self.path)
    }
}

/// HMAC-SHA256 in hexadecimal.
fn signature(secret: &str, query: &str) -> String {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(query.as_bytes());
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// `BTCUSDT`
pub(super) fn name(symbol: &Symbol) -> String {
    format!("{}{}", symbol.base, symbol.quote)
}

pub(super) fn about(path: &'static str, symbol: &Symbol) -> Ask {
    Ask::get(path).with("symbol", &name(symbol))
}

/// An order: symbol, side, type, timeInForce, quantity, price, stopPrice, newClientOrderId, newOrderRespType.
pub(super) fn order(wire: &Dialect, request: &Request) -> Ask {
    let trigger = request.trigger.map(|trigger| trigger.kind);
    let (kind, limit) = match (trigger, request.kind) {
        (None, OrderKind::Market) => ("MARKET", None),
        (None, OrderKind::Limit(limit)) => ("LIMIT", Some(limit)),
        (Some(TriggerKind::StopLoss), OrderKind::Market) => ("STOP_LOSS", None),
        (Some(TriggerKind::StopLoss), OrderKind::Limit(limit)) => ("STOP_LOSS_LIMIT", Some(limit)),
        (Some(TriggerKind::TakeProfit), OrderKind::Market) => ("TAKE_PROFIT", None),
        (Some(TriggerKind::TakeProfit), OrderKind::Limit(limit)) => ("TAKE_PROFIT_LIMIT", Some(limit)),
    };
    Ask::post(wire.order)
        .with("symbol", &name(&request.market.key.symbol))
        .with("side", side(request.direction))
        .with("type", kind)
        .with_some("timeInForce", limit.map(|_| "GTC"))
        .with("quantity", &request.quantity)
        .with_some("price", limit)
        .with_some("stopPrice", request.trigger.map(|trigger| trigger.price))
        .with("newClientOrderId", &request.client_id)
        .with("newOrderRespType", "FULL")
}

/// One order of a pair, with the names of its parameters.
struct Half<'a> {
    kind: &'static str,
    id: &'a ClientOrderId,
    price: Option<Price>,
    stop: Option<Price>,
}

/// Type, client id, price, stop price, time in force.
const ABOVE: [&str; 5] = ["aboveType", "aboveClientOrderId", "abovePrice", "aboveStopPrice", "aboveTimeInForce"];
const BELOW: [&str; 5] = ["belowType", "belowClientOrderId", "belowPrice", "belowStopPrice", "belowTimeInForce"];

/// A pair: symbol, side, quantity, then type, client id, price, stop price and time in force of the order that is above
/// the price and of that which is below it, newOrderRespType.
pub(super) fn pair(request: &OcoRequest) -> Ask {
    let limit = Half { kind: "LIMIT_MAKER", id: &request.limit_id, price: Some(request.limit), stop: None };
    let stop_kind = if request.stop_limit.is_some() { "STOP_LOSS_LIMIT" } else { "STOP_LOSS" };
    let stop = Half { kind: stop_kind, id: &request.stop_id, price: request.stop_limit, stop: Some(request.stop) };
    let (above, below) = match request.direction {
        Direction::Sell => (limit, stop),
        Direction::Buy => (stop, limit),
    };
    let ask = Ask::post("/api/v3/orderList/oco")
        .with("symbol", &name(&request.market.key.symbol))
        .with("side", side(request.direction))
        .with("quantity", &request.quantity);
    half(half(ask, ABOVE, &above), BELOW, &below).with("newOrderRespType", "FULL")
}

fn half(ask: Ask, [kind, id, price, stop, lasts]: [&'static str; 5], half: &Half) -> Ask {
    let is_stop_limit = half.stop.is_some() && half.price.is_some();
    ask.with(kind, half.kind)
        .with(id, half.id)
        .with_some(price, half.price)
        .with_some(stop, half.stop)
        .with_some(lasts, is_stop_limit.then_some("GTC"))
}

pub(super) fn cancel(wire: &Dialect, address: &Address) -> Ask {
    by_client_id(Method::Delete, wire, address)
}

pub(super) fn find(wire: &Dialect, address: &Address) -> Ask {
    by_client_id(Method::Get, wire, address)
}

fn by_client_id(method: Method, wire: &Dialect, address: &Address) -> Ask {
    Ask::new(method, wire.order)
        .with("symbol", &name(&address.market.key.symbol))
        .with("origClientOrderId", &address.client_id)
}

/// An order by Binance's own number.
pub(super) fn numbered(wire: &Dialect, symbol: &Symbol, order: i64) -> Ask {
    about(wire.order, symbol).with("orderId", &order)
}

pub(super) fn side(direction: Direction) -> &'static str {
    match direction {
        Direction::Buy => "BUY",
        Direction::Sell => "SELL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys of Binance's own documentation.
    const SECRET: &str = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

    #[test]
    fn a_query_is_signed_as_the_documentation_shows() {
        let check = |symbol: &str, wanted: &str| {
            let query = Ask::post("/api/v3/order")
                .with("symbol", symbol)
                .with("side", "BUY")
                .with("type", "LIMIT")
                .with("timeInForce", "GTC")
                .with("quantity", &1)
                .with("price", "0.1")
                .with("recvWindow", &5000)
                .with("timestamp", &1_499_827_319_559_i64)
                .query();
            assert_eq!(signature(SECRET, &query), wanted, "{query}");
        };
        check("LTCBTC", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
        check("１２３４５６", "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3");
    }

    #[test]
    fn queries_of_ccxt_have_the_signatures_that_we_would_give_them() {
        let check = |recorded: &str, cases: usize| {
            let (mut signed, words) = (0, recorded.split('"').flat_map(|text| text.split('?')));
            for (query, wanted) in words.filter_map(|text| text.split_once("&signature=")) {
                assert_eq!(signature(SECRET, query), wanted, "{query}");
                signed += 1;
            }
            assert_eq!(signed, cases);
        };
        check(include_str!("../../../../../tests/golden/ccxt/binance.json"), 23);
        check(include_str!("../../../../../tests/golden/ccxt/binanceusdm.json"), 24);
    }
}
