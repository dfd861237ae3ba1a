//! Coinbase's Advanced Trade interface, after its reference and `coinbase/coinbase-advanced-py`.
//!
//! A client order id that was used before, at any time, creates nothing: the answer is the order that has it. A token holds
//! until its `exp` and no longer, whenever the request that carries it arrives.

mod account;
mod auth;
mod config;
mod create;
mod error;
mod list;
mod market;
mod render;

use crate::engine::Millis;
use crate::faults::Kind;
use crate::http::{Call, Params, Purpose, Reply};
use crate::site::{Key, Right, Site};
use error::Refused;
use serde_json::{Value, json};

/// Requests are counted by the second.
const SECOND: Millis = 1000;
const PREFIX: &str = "/api/v3/brokerage/";

/// What a route works on.
struct Ask<'a> {
    site: &'a mut Site,
    params: Params,
    body: Value,
    account: String,
    key: Option<Key>,
    now: Millis,
}

type Answered = Result<Value, Refused>;

/// Who may ask for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Everybody,
    Key(Right),
}

struct Route {
    access: Access,
    purpose: Purpose,
    run: fn(&mut Ask, &str) -> Answered,
}

/// The route, and what stands in its path where it has a place for it.
fn route<'a>(method: &str, path: &'a str) -> Option<(Route, &'a str)> {
    let parts: Vec<&str> = path.strip_prefix(PREFIX)?.split('/').collect();
    let (read, trade) = (Access::Key(Right::Read), Access::Key(Right::Trade));
    let (access, purpose, run, id): (_, _, fn(&mut Ask, &str) -> Answered, &str) = match (method, parts.as_slice()) {
        ("POST", ["orders"]) => (trade, Purpose::Create, create::create, ""),
        ("POST", ["orders", "preview"]) => (read, Purpose::Test, create::preview, ""),
        ("POST", ["orders", "batch_cancel"]) => (trade, Purpose::Cancel, create::cancel, ""),
        ("GET", ["orders", "historical", "batch"]) => (read, Purpose::Query, list::orders, ""),
        ("GET", ["orders", "historical", "fills"]) => (read, Purpose::Trades, list::fills, ""),
        ("GET", ["orders", "historical", id]) => (read, Purpose::Query, list::order, id),
        ("GET", ["accounts"]) => (read, Purpose::Account, account::accounts, ""),
        ("GET", ["accounts", id]) => (read, Purpose::Account, account::account, id),
        ("GET", ["key_permissions"]) => (read, Purpose::Account, account::permissions, ""),
        ("GET", ["transaction_summary"]) => (read, Purpose::Account, account::summary, ""),
        ("GET", ["products"]) => (read, Purpose::Market, market::products, ""),
        ("GET", ["products", id]) => (read, Purpose::Market, market::product, id),
        ("GET", ["products", id, "candles"]) => (read, Purpose::Market, market::candles, id),
        ("GET", ["products", id, "ticker"]) => (read, Purpose::Market, market::ticker, id),
        ("GET", ["product_book"]) => (read, Purpose::Market, market::book, ""),
        ("GET", ["best_bid_ask"]) => (read, Purpose::Market, market::best, ""),
        ("GET", ["time"]) => (Access::Everybody, Purpose::Other, market::time, ""),
        ("GET", ["market", "products"]) => (Access::Everybody, Purpose::Market, market::products, ""),
        ("GET", ["market", "products", id]) => (Access::Everybody, Purpose::Market, market::product, id),
        ("GET", ["market", "products", id, "candles"]) => (Access::Everybody, Purpose::Market, market::candles, id),
        ("GET", ["market", "products", id, "ticker"]) => (Access::Everybody, Purpose::Market, market::ticker, id),
        ("GET", ["market", "product_book"]) => (Access::Everybody, Purpose::Market, market::book, ""),
        _ => return None,
    };
    Some((Route { access, purpose, run }, id))
}

/// What the older interface tells everybody, which clients load with the markets.
fn older(path: &str) -> Option<Route> {
    let run: fn(&mut Ask, &str) -> Answered = match path {
        "/v2/currencies" => market::fiat,
        "/v2/currencies/crypto" => market::crypto,
        "/v2/exchange-rates" => market::rates,
        "/v2/time" => market::older_time,
        _ => return None,
    };
    Some(Route { access: Access::Everybody, purpose: Purpose::Market, run })
}

pub(crate) fn purpose(method: &str, path: &str) -> Purpose {
    route(method, path).map_or(Purpose::Other, |(route, _)| route.purpose)
}

pub(crate) fn answer(site: &mut Site, call: &Call, now: Millis) -> Reply {
    let found = route(&call.method, &call.path).or_else(|| older(&call.path).map(|route| (route, "")));
    let Some((route, id)) = found else { return Refused::not_found("no such path").reply() };
    if site.limits.weigh(SECOND, 1, now).is_err() {
        return too_many();
    }
    match carried_out(site, call, &route, id, now) {
        Ok(body) => Reply::ok(&body),
        Err(refused) => refused.reply(),
    }
}

fn carried_out(site: &mut Site, call: &Call, route: &Route, id: &str, now: Millis) -> Answered {
    let key = match route.access {
        Access::Everybody => None,
        Access::Key(right) => Some(auth::check(site, call, right, now)?),
    };
    let account = key.as_ref().map(|key| key.account.clone()).unwrap_or_default();
    let body = if call.method == "POST" { read(&call.body)? } else { Value::Null };
    let params = Params::read(&call.query);
    (route.run)(&mut Ask { site, params, body, account, key, now }, id)
}

fn read(body: &str) -> Result<Value, Refused> {
    serde_json::from_str(body).map_err(|_| Refused::argument("unreadable body"))
}

fn too_many() -> Reply {
    Reply::json(429, &json!({ "errors": [{ "id": "rate_limit_exceeded", "message": "Too many requests" }] }))
        .with("retry-after", "1")
}

/// The words for what goes wrong on demand.
pub(crate) fn fault(kind: Kind) -> Reply {
    match kind {
        Kind::Clock => Refused::Unauthorized.reply(),
        Kind::Duplicate => Reply::ok(&create::failed("DUPLICATE_CLIENT_ORDER_ID", "", &Value::Null)),
        Kind::TooMany | Kind::Banned => too_many(),
        _ => Reply { status: 503, headers: Vec::new(), body: "upstream connect error".to_owned() },
    }
}
