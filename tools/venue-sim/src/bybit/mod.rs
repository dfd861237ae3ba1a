//! Bybit's REST interface of version 5, of coins on a unified account: after its reference. Whatever is wrong is told with 200 in
//! `retCode`, but for an address that asks too much, which is turned away with 403.
//!
//! A request is refused where its time is older than its `recvWindow`, or more than a second ahead.

mod account;
mod auth;
mod draft;
mod lists;
mod market;
mod orders;
mod render;

use crate::engine::{Market, Millis};
use crate::faults::Kind;
use crate::http::{Call, Params, Purpose, Reply};
use crate::site::{Key, Right, Site};
use serde_json::{Value, json};

/// Requests of an address are counted in it.
const FIVE_SECONDS: Millis = 5000;

/// What a route works on.
struct Ask<'a> {
    site: &'a mut Site,
    params: Params,
    account: String,
    key: Option<Key>,
    now: Millis,
}

/// What is wrong, by the exchange's number and words.
#[derive(Debug)]
struct Refused {
    code: u32,
    message: String,
}

type Answered = Result<Value, Refused>;

impl Refused {
    fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// A parameter that is missing, or none that is known.
    fn parameter(what: &str) -> Self {
        Self::new(10001, format!("Request parameter error: {what}."))
    }
}

struct Route {
    /// None where everybody may ask.
    right: Option<Right>,
    purpose: Purpose,
    run: fn(&mut Ask) -> Answered,
}

fn route(method: &str, path: &str) -> Option<Route> {
    use Purpose as P;
    let (read, trade) = (Some(Right::Read), Some(Right::Trade));
    let (right, purpose, run): (_, _, fn(&mut Ask) -> Answered) = match (method, path.strip_prefix("/v5/")?) {
        ("GET", "market/time") => (None, P::Other, market::time),
        ("GET", "market/instruments-info") => (None, P::Market, market::instruments),
        ("GET", "market/tickers") => (None, P::Market, market::tickers),
        ("GET", "market/orderbook") => (None, P::Market, market::book),
        ("GET", "market/kline") => (None, P::Market, market::candles),
        ("GET", "market/recent-trade") => (None, P::Market, market::trades),
        ("GET", "user/query-api") => (read, P::Account, account::key),
        ("GET", "account/info") => (read, P::Account, account::info),
        ("GET", "account/wallet-balance") => (read, P::Account, account::wallet),
        ("GET", "account/fee-rate") => (read, P::Account, account::fees),
        ("GET", "asset/coin/query-info") => (read, P::Account, account::coins),
        ("GET", "order/realtime") => (read, P::Query, lists::realtime),
        ("GET", "order/history") => (read, P::Query, lists::history),
        ("GET", "execution/list") => (read, P::Trades, lists::trades),
        ("POST", "order/create") => (trade, P::Create, orders::create),
        ("POST", "order/cancel") => (trade, P::Cancel, orders::cancel),
        ("POST", "order/cancel-all") => (trade, P::Cancel, orders::cancel_all),
        _ => return None,
    };
    Some(Route { right, purpose, run })
}

pub(crate) fn purpose(method: &str, path: &str) -> Purpose {
    route(method, path).map_or(Purpose::Other, |route| route.purpose)
}

pub(crate) fn answer(site: &mut Site, call: &Call, now: Millis) -> Reply {
    if site.limits.weigh(FIVE_SECONDS, 1, now).is_err() {
        return turned_away();
    }
    let not_known = || Reply { status: 404, headers: Vec::new(), body: String::new() };
    let Some(route) = route(&call.method, &call.path) else { return not_known() };
    match carried_out(site, call, &route, now) {
        Ok(result) => told(0, "OK", &result, now),
        Err(Refused { code, message }) => told(code, &message, &json!({}), now),
    }
}

fn carried_out(site: &mut Site, call: &Call, route: &Route, now: Millis) -> Answered {
    let key = route.right.map(|right| auth::check(site, call, right, now)).transpose()?;
    let params = read(call)?;
    let account = key.as_ref().map(|key| key.account.clone()).unwrap_or_default();
    (route.run)(&mut Ask { site, params, account, key, now })
}

/// The query of a question, the JSON of an order.
fn read(call: &Call) -> Result<Params, Refused> {
    if call.method == "GET" {
        return Ok(Params::read(&call.query));
    }
    let body: serde_json::Map<String, Value> =
        serde_json::from_str(&call.body).map_err(|_| Refused::parameter("the body is no JSON"))?;
    let plain = |value: Value| if let Value::String(text) = value { text } else { value.to_string() };
    Ok(Params(body.into_iter().map(|(name, value)| (name, plain(value))).collect()))
}

impl Ask<'_> {
    /// Only coins are played.
    fn of_coins(&self) -> Result<(), Refused> {
        let is_spot = self.params.get("category") == Some("spot");
        if is_spot { Ok(()) } else { Err(Refused::new(10001, "Illegal category")) }
    }

    /// The market that is named, by the engine's name; none where none is.
    fn named(&self) -> Result<Option<(&str, &Market)>, Refused> {
        let Some(symbol) = self.params.get("symbol") else { return Ok(None) };
        let found = self.site.exchange.markets.iter().find(|(_, market)| render::symbol(market) == symbol);
        let found = found.ok_or_else(|| Refused::new(170_121, "Invalid symbol."))?;
        Ok(Some((found.0.as_str(), found.1)))
    }

    fn one(&self) -> Result<(&str, &Market), Refused> {
        self.of_coins()?;
        self.named()?.ok_or_else(|| Refused::parameter("symbol"))
    }
}

fn told(code: u32, message: &str, result: &Value, now: Millis) -> Reply {
    Reply::ok(&json!({ "retCode": code, "retMsg": message, "result": result, "retExtInfo": {}, "time": now }))
}

/// By what stands before the exchange.
fn turned_away() -> Reply {
    Reply { status: 403, headers: Vec::new(), body: "access too frequent".to_owned() }
}

/// The words for what goes wrong on demand.
pub(crate) fn fault(kind: Kind) -> Reply {
    let says = |code, message| told(code, message, &json!({}), 0);
    match kind {
        Kind::Clock => says(10002, auth::TIME),
        Kind::Duplicate => says(orders::DUPLICATE.0, orders::DUPLICATE.1),
        Kind::TooMany => says(10006, "Too many visits. Exceeded the API Rate Limit."),
        Kind::Banned => turned_away(),
        _ => {
            Reply { status: 503, headers: Vec::new(), body: "<html><body>Service Unavailable</body></html>".to_owned() }
        }
    }
}
