//! Kraken's spot REST interface, after its reference: everything is answered with 200, and `error` says what is wrong.
//!
//! A nonce must be greater than every one before it of the same key; a request whose `deadline` has passed when it arrives
//! is not carried out. Questions are counted by key, and orders by account and pair (`counters`).

mod account;
mod auth;
mod draft;
mod history;
mod market;
mod names;
mod orders;
mod render;

use crate::engine::Millis;
use crate::faults::Kind;
use crate::http::{Call, Params, Purpose, Reply};
use crate::site::{Key, Right, Site};
use serde_json::{Value, json};

const SECOND: Millis = 1000;
const TOO_MUCH: &str = "EAPI:Rate limit exceeded";

/// What a route works on.
struct Ask<'a> {
    site: &'a mut Site,
    params: Params,
    account: String,
    key: Option<Key>,
    now: Millis,
}

/// The result, or the exchange's word for what is wrong.
type Answered = Result<Value, String>;

struct Route {
    /// None where everybody may ask.
    right: Option<Right>,
    purpose: Purpose,
    run: fn(&mut Ask) -> Answered,
}

fn route(path: &str) -> Option<Route> {
    use Purpose as P;
    let (read, trade) = (Some(Right::Read), Some(Right::Trade));
    let (right, purpose, run): (_, _, fn(&mut Ask) -> Answered) = match path.strip_prefix("/0/")? {
        "public/Time" => (None, P::Other, market::time),
        "public/SystemStatus" => (None, P::Other, market::status),
        "public/Assets" => (None, P::Market, market::assets),
        "public/AssetPairs" => (None, P::Market, market::pairs),
        "public/Ticker" => (None, P::Market, market::ticker),
        "public/Depth" => (None, P::Market, market::depth),
        "public/OHLC" => (None, P::Market, market::candles),
        "public/Trades" => (None, P::Market, market::trades),
        "private/Balance" => (read, P::Account, account::balance),
        "private/BalanceEx" => (read, P::Account, account::extended),
        "private/TradeVolume" => (read, P::Account, account::volume),
        "private/GetApiKeyInfo" => (read, P::Account, account::key),
        "private/OpenOrders" => (read, P::Query, history::open),
        "private/ClosedOrders" => (read, P::Query, history::closed),
        "private/QueryOrders" => (read, P::Query, history::query),
        "private/TradesHistory" => (read, P::Trades, history::trades),
        "private/QueryTrades" => (read, P::Trades, history::query_trades),
        "private/WithdrawMethods" | "private/WithdrawStatus" => (Some(Right::Withdraw), P::Account, account::nothing),
        "private/AddOrder" => (trade, P::Create, orders::add),
        "private/CancelOrder" => (trade, P::Cancel, orders::cancel),
        "private/CancelAll" => (trade, P::Cancel, orders::cancel_all),
        _ => return None,
    };
    Some(Route { right, purpose, run })
}

pub(crate) fn purpose(path: &str) -> Purpose {
    route(path).map_or(Purpose::Other, |route| route.purpose)
}

pub(crate) fn answer(site: &mut Site, call: &Call, now: Millis) -> Reply {
    let Some(route) = route(&call.path) else { return refused("EGeneral:Unknown method") };
    if site.limits.weigh(SECOND, 1, now).is_err() {
        return refused(TOO_MUCH);
    }
    match carried_out(site, call, &route, now) {
        Ok(result) => Reply::ok(&json!({ "error": [], "result": result })),
        Err(wrong) => refused(&wrong),
    }
}

/// What a question adds to the counter of its key. Orders and cancels have one of their own.
fn counts(path: &str) -> i64 {
    match path {
        "/0/private/AddOrder" | "/0/private/CancelOrder" => 0,
        "/0/private/TradesHistory" => 2,
        _ => 1,
    }
}

fn carried_out(site: &mut Site, call: &Call, route: &Route, now: Millis) -> Answered {
    let params = read(call)?;
    let key = match route.right {
        None => None,
        Some(right) => Some(auth::check(site, call, &params, right)?),
    };
    if let Some(key) = &key
        && !site.limits.asks(&key.id, counts(&call.path), now)
    {
        return Err(TOO_MUCH.to_owned());
    }
    let account = key.as_ref().map(|key| key.account.clone()).unwrap_or_default();
    (route.run)(&mut Ask { site, params, account, key, now })
}

/// A form, or JSON; both are taken.
fn read(call: &Call) -> Result<Params, String> {
    if !call.body.starts_with('{') {
        return Ok(call.params());
    }
    let body: serde_json::Map<String, Value> =
        serde_json::from_str(&call.body).map_err(|_| "EGeneral:Invalid arguments".to_owned())?;
    let plain = |value: Value| if let Value::String(text) = value { text } else { value.to_string() };
    Ok(Params(body.into_iter().map(|(name, value)| (name, plain(value))).collect()))
}

fn refused(wrong: &str) -> Reply {
    Reply::ok(&json!({ "error": [wrong] }))
}

/// The words for what goes wrong on demand.
pub(crate) fn fault(kind: Kind) -> Reply {
    match kind {
        Kind::Clock => refused("EAPI:Invalid nonce"),
        Kind::Duplicate => refused(orders::DUPLICATE),
        Kind::TooMany | Kind::Banned => refused(TOO_MUCH),
        _ => {
            Reply { status: 503, headers: Vec::new(), body: "<html><body>Service Unavailable</body></html>".to_owned() }
        }
    }
}
