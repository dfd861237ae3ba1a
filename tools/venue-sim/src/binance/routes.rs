//! The routes: what each weighs, which parameters it knows, and who may ask.

use super::{Answered, Ask, account, lists, market, orders};
use crate::http::{Params, Purpose};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    None,
    UserData,
    Trade,
}

pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) security: Security,
    pub(super) purpose: Purpose,
    pub(super) weight: fn(&Params) -> u64,
    pub(super) params: &'static [&'static str],
    pub(super) run: fn(&mut Ask) -> Answered,
}

#[rustfmt::skip]
const ORDER: &[&str] = &[
    "symbol", "side", "type", "timeInForce", "quantity", "quoteOrderQty", "price", "newClientOrderId", "strategyId",
    "strategyType", "stopPrice", "newOrderRespType", "selfTradePreventionMode",
];
const TEST: &[&str] = &[
    "symbol",
    "side",
    "type",
    "timeInForce",
    "quantity",
    "quoteOrderQty",
    "price",
    "newClientOrderId",
    "strategyId",
    "strategyType",
    "stopPrice",
    "newOrderRespType",
    "selfTradePreventionMode",
    "computeCommissionRates",
];
#[rustfmt::skip]
const PAIR: &[&str] = &[
    "symbol", "listClientOrderId", "side", "quantity", "newOrderRespType", "selfTradePreventionMode",
    "aboveType", "aboveClientOrderId", "abovePrice", "aboveStopPrice", "aboveTimeInForce",
    "belowType", "belowClientOrderId", "belowPrice", "belowStopPrice", "belowTimeInForce",
];
const CANCEL: &[&str] = &["symbol", "orderId", "origClientOrderId", "newClientOrderId", "cancelRestrictions"];
const CANCEL_PAIR: &[&str] = &["symbol", "orderListId", "listClientOrderId", "newClientOrderId"];
const INFO: &[&str] = &["symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"];
const SPAN: &[&str] = &["symbol", "orderId", "fromId", "startTime", "endTime", "limit"];
const TICKER: &[&str] = &["symbol", "symbols", "type", "symbolStatus"];

macro_rules! route {
    ($method:literal $path:literal, $security:ident, $purpose:ident, $weight:expr, $params:expr, $run:path) => {
        $crate::binance::routes::Route {
            method: $method,
            path: $path,
            security: $crate::binance::routes::Security::$security,
            purpose: $crate::http::Purpose::$purpose,
            weight: $weight,
            params: $params,
            run: $run,
        }
    };
}

#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    route!("GET"    "/api/v3/ping",              None,     Other,   |_| 1,   &[],    market::ping),
    route!("GET"    "/api/v3/time",              None,     Other,   |_| 1,   &[],    market::time),
    route!("GET"    "/api/v3/exchangeInfo",      None,     Market,  |_| 20,  INFO,   market::exchange_info),
    route!("GET"    "/api/v3/depth",             None,     Market,  depth,   &["symbol", "limit", "symbolStatus"], market::depth),
    route!("GET"    "/api/v3/trades",            None,     Market,  |_| 25,  &["symbol", "limit"], market::trades),
    route!("GET"    "/api/v3/aggTrades",         None,     Market,  |_| 4,   &["symbol", "fromId", "startTime", "endTime", "limit"], market::aggregate_trades),
    route!("GET"    "/api/v3/klines",            None,     Market,  |_| 2,   &["symbol", "interval", "startTime", "endTime", "limit", "timeZone"], market::klines),
    route!("GET"    "/api/v3/avgPrice",          None,     Market,  |_| 2,   &["symbol"], market::average),
    route!("GET"    "/api/v3/ticker/price",      None,     Market,  prices,  TICKER, market::price),
    route!("GET"    "/api/v3/ticker/bookTicker", None,     Market,  prices,  TICKER, market::book_ticker),
    route!("GET"    "/api/v3/ticker/24hr",       None,     Market,  day,     TICKER, market::day),
    route!("POST"   "/api/v3/order",             Trade,    Create,  |_| 1,   ORDER,  orders::create),
    route!("POST"   "/api/v3/order/test",        Trade,    Test,    |_| 1,   TEST,   orders::test),
    route!("GET"    "/api/v3/order",             UserData, Query,   |_| 4,   &["symbol", "orderId", "origClientOrderId"], orders::query),
    route!("DELETE" "/api/v3/order",             Trade,    Cancel,  |_| 1,   CANCEL, orders::cancel),
    route!("DELETE" "/api/v3/openOrders",        Trade,    Cancel,  |_| 1,   &["symbol"], orders::cancel_all),
    route!("GET"    "/api/v3/openOrders",        UserData, Query,   open,    &["symbol"], orders::open),
    route!("GET"    "/api/v3/allOrders",         UserData, Query,   |_| 20,  SPAN,   orders::all),
    route!("POST"   "/api/v3/orderList/oco",     Trade,    Create,  |_| 1,   PAIR,   lists::create),
    route!("DELETE" "/api/v3/orderList",         Trade,    Cancel,  |_| 1,   CANCEL_PAIR, lists::cancel),
    route!("GET"    "/api/v3/orderList",         UserData, Query,   |_| 4,   &["orderListId", "origClientOrderId"], lists::query),
    route!("GET"    "/api/v3/openOrderList",     UserData, Query,   |_| 6,   &[],    lists::open),
    route!("GET"    "/api/v3/allOrderList",      UserData, Query,   |_| 20,  &["fromId", "startTime", "endTime", "limit"], lists::all),
    route!("GET"    "/api/v3/myTrades",          UserData, Trades,  trades,  SPAN,   orders::trades),
    route!("GET"    "/api/v3/account",           UserData, Account, |_| 20,  &["omitZeroBalances"], account::account),
    route!("GET"    "/api/v3/rateLimit/order",   UserData, Account, |_| 40,  &[],    account::order_counts),
    route!("GET"    "/api/v3/account/commission", UserData, Account, |_| 20, &["symbol"], account::commission),
    route!("GET"    "/sapi/v1/account/apiRestrictions", UserData, Account, |_| 1, &[], account::restrictions),
    route!("GET"    "/sapi/v1/capital/config/getall",   UserData, Account, |_| 10, &[], account::coins),
    route!("GET"    "/sapi/v1/margin/allPairs",  UserData, Market,  |_| 1,   &["symbol"], account::nothing),
    route!("GET"    "/sapi/v1/margin/isolated/allPairs", UserData, Market, |_| 10, &["symbol"], account::nothing),
];

fn depth(params: &Params) -> u64 {
    match params.number("limit").unwrap_or(100_u64) {
        0..=100 => 5,
        101..=500 => 25,
        501..=1000 => 50,
        _ => 250,
    }
}

fn prices(params: &Params) -> u64 {
    if params.get("symbol").is_some() { 2 } else { 4 }
}

fn day(params: &Params) -> u64 {
    if params.get("symbol").is_some() || params.get("symbols").is_some() { 2 } else { 80 }
}

fn open(params: &Params) -> u64 {
    if params.get("symbol").is_some() { 6 } else { 80 }
}

fn trades(params: &Params) -> u64 {
    if params.get("orderId").is_some() { 5 } else { 20 }
}
