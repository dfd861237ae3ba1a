//! The routes of futures: what each weighs, which parameters it knows, and who may ask.

use super::super::market as public;
use super::super::routes::Route;
use super::{account, market, orders, settings};
use crate::http::Params;

const ORDER: &[&str] = &[
    "symbol",
    "side",
    "positionSide",
    "type",
    "timeInForce",
    "quantity",
    "price",
    "reduceOnly",
    "newClientOrderId",
    "newOrderRespType",
    "selfTradePreventionMode",
    "priceMatch",
    "goodTillDate",
];
const ONE: &[&str] = &["symbol", "orderId", "origClientOrderId"];
const SPAN: &[&str] = &["symbol", "orderId", "fromId", "startTime", "endTime", "limit"];
const KLINES: &[&str] = &["symbol", "interval", "startTime", "endTime", "limit"];

#[rustfmt::skip]
pub(in super::super) const ROUTES: &[Route] = &[
    route!("GET"    "/fapi/v1/ping",              None,     Other,   |_| 1,  &[],    public::ping),
    route!("GET"    "/fapi/v1/time",              None,     Other,   |_| 1,  &[],    public::time),
    route!("GET"    "/fapi/v1/exchangeInfo",      None,     Market,  |_| 1,  &[],    market::exchange_info),
    route!("GET"    "/fapi/v1/depth",             None,     Market,  |_| 5,  &["symbol", "limit"], public::depth),
    route!("GET"    "/fapi/v1/trades",            None,     Market,  |_| 5,  &["symbol", "limit"], public::trades),
    route!("GET"    "/fapi/v1/aggTrades",         None,     Market,  |_| 20, &["symbol", "fromId", "startTime", "endTime", "limit"], public::aggregate_trades),
    route!("GET"    "/fapi/v1/klines",            None,     Market,  |_| 5,  KLINES, public::klines),
    route!("GET"    "/fapi/v1/ticker/24hr",       None,     Market,  day,    &["symbol"], public::day),
    route!("GET"    "/fapi/v1/ticker/bookTicker", None,     Market,  |_| 2,  &["symbol"], public::book_ticker),
    route!("GET"    "/fapi/v2/ticker/price",      None,     Market,  |_| 1,  &["symbol"], market::price),
    route!("POST"   "/fapi/v1/order",             Trade,    Create,  |_| 0,  ORDER,  orders::create),
    route!("GET"    "/fapi/v1/order",             UserData, Query,   |_| 1,  ONE,    orders::query),
    route!("DELETE" "/fapi/v1/order",             Trade,    Cancel,  |_| 1,  ONE,    orders::cancel),
    route!("DELETE" "/fapi/v1/allOpenOrders",     Trade,    Cancel,  |_| 1,  &["symbol"], orders::cancel_all),
    route!("GET"    "/fapi/v1/openOrders",        UserData, Query,   open,   &["symbol"], orders::open),
    route!("GET"    "/fapi/v1/allOrders",         UserData, Query,   |_| 5,  SPAN,   orders::all),
    route!("GET"    "/fapi/v1/userTrades",        UserData, Trades,  |_| 5,  SPAN,   orders::trades),
    route!("GET"    "/fapi/v1/rateLimit/order",   UserData, Account, |_| 1,  &[],    account::order_counts),
    route!("GET"    "/fapi/v1/accountConfig",     UserData, Account, |_| 5,  &[],    account::config),
    route!("GET"    "/fapi/v1/commissionRate",    UserData, Account, |_| 20, &["symbol"], account::commission),
    route!("GET"    "/fapi/v2/balance",           UserData, Account, |_| 5,  &[],    account::balance),
    route!("GET"    "/fapi/v3/balance",           UserData, Account, |_| 5,  &[],    account::balance),
    route!("GET"    "/fapi/v3/account",           UserData, Account, |_| 5,  &[],    account::account),
    route!("GET"    "/fapi/v3/positionRisk",      UserData, Account, |_| 5,  &["symbol"], account::positions),
    route!("GET"    "/fapi/v1/leverageBracket",   UserData, Account, |_| 1,  &["symbol"], settings::brackets),
    route!("GET"    "/fapi/v1/symbolConfig",      UserData, Account, |_| 5,  &["symbol"], settings::symbol),
    route!("GET"    "/fapi/v1/positionSide/dual", UserData, Account, |_| 30, &[],    settings::dual),
    route!("POST"   "/fapi/v1/positionSide/dual", Trade,    Account, |_| 1,  &["dualSidePosition"], settings::set_dual),
    route!("POST"   "/fapi/v1/marginType",        Trade,    Account, |_| 1,  &["symbol", "marginType"], settings::set_margin),
    route!("POST"   "/fapi/v1/leverage",          Trade,    Account, |_| 1,  &["symbol", "leverage"], settings::set_leverage),
    route!("GET"    "/sapi/v1/account/apiRestrictions", UserData, Account, |_| 1, &[], account::restrictions),
];

fn day(params: &Params) -> u64 {
    if params.get("symbol").is_some() { 1 } else { 40 }
}

fn open(params: &Params) -> u64 {
    if params.get("symbol").is_some() { 1 } else { 40 }
}
