//! Binance Spot's REST interface, after `binance/binance-spot-api-docs`, and its USDⓈ-M futures (`futures`).
//!
//! A request is checked in this order: the path, the weight of its address, its parameters' names, its key and signature,
//! its time, and then what it asks for.

#[macro_use]
mod routes;

mod account;
mod auth;
mod draft;
mod error;
mod futures;
mod lists;
mod market;
mod orders;
mod render;

use crate::engine::Millis;
use crate::faults::Kind;
use crate::http::{Call, Params, Purpose, Reply};
use crate::limits::{Excess, MINUTE};
use crate::site::{Key, Site, SiteName};
use error::Refused;
use routes::{ROUTES, Route, Security};
use serde_json::Value;

/// What a route works on.
struct Ask<'a> {
    site: &'a mut Site,
    params: Params,
    account: String,
    key: Option<Key>,
    now: Millis,
}

type Answered = Result<Value, Refused>;

pub(crate) fn purpose(method: &str, path: &str) -> Purpose {
    let all = ROUTES.iter().chain(futures::ROUTES);
    let mut known = all.filter(|route| route.method == method && route.path == path);
    known.next().map_or(Purpose::Other, |route| route.purpose)
}

pub(crate) fn answer(site: &mut Site, call: &Call, now: Millis) -> Reply {
    let Some(route) = route(site.name, &call.method, &call.path) else {
        return Reply {
            status: 404,
            headers: Vec::new(),
            body: "<html><body><h2>404 Not found</h2></body></html>".into(),
        };
    };
    let params = call.params();
    let used = match site.limits.weigh(MINUTE, (route.weight)(&params), now) {
        Ok(used) => used,
        Err(excess) => return too_much(site, excess),
    };
    let (answered, is_order) = (carried_out(site, call, route, params, now), route.purpose == Purpose::Create);
    let reply = match answered {
        Ok(body) if is_order => counted(site, &body, now),
        Ok(body) => Reply::ok(&body),
        Err(refused) => refused.reply(),
    };
    reply.with("x-mbx-used-weight", used.to_string()).with("x-mbx-used-weight-1m", used.to_string())
}

fn route(site: SiteName, method: &str, path: &str) -> Option<&'static Route> {
    let routes = if site == SiteName::BinanceFutures { futures::ROUTES } else { ROUTES };
    routes.iter().find(|route| route.method == method && route.path == path)
}

fn carried_out(site: &mut Site, call: &Call, route: &Route, params: Params, now: Millis) -> Answered {
    check_names(route, call, &params)?;
    let key = auth::check(site, call, route.security, &params, now)?;
    let account = key.as_ref().map(|key| key.account.clone()).unwrap_or_default();
    (route.run)(&mut Ask { site, params, account, key, now })
}

/// Parameters that nobody reads are refused, as are those that stand twice in one place.
fn check_names(route: &Route, call: &Call, params: &Params) -> Result<(), Refused> {
    let signed = if route.security == Security::None { &[][..] } else { &["timestamp", "recvWindow", "signature"] };
    let is_known = |name: &str| route.params.contains(&name) || signed.contains(&name);
    let read = params.0.iter().filter(|(name, _)| is_known(name)).count();
    if read < params.0.len() {
        let told =
            format!("Not all sent parameters were read; read '{read}' parameter(s) but was sent '{}'.", params.0.len());
        return Err(Refused::new(-1104, told));
    }
    let is_double = [&call.query, &call.body].into_iter().any(|text| Params::read(text).has_doubles());
    if is_double { Err(Refused::new(-1101, "Duplicate values for a parameter detected.")) } else { Ok(()) }
}

/// The answer to an order that was taken says how many there were.
fn counted(site: &mut Site, body: &Value, now: Millis) -> Reply {
    let count = site.limits.orders_so_far(now).to_string();
    let longer = if site.name == SiteName::BinanceFutures { "x-mbx-order-count-1m" } else { "x-mbx-order-count-1d" };
    Reply::ok(body).with("x-mbx-order-count-10s", count.as_str()).with(longer, count)
}

fn too_much(site: &Site, excess: Excess) -> Reply {
    match excess {
        Excess::Banned { until, retry_after } => banned(until, retry_after),
        Excess::Weight { retry_after } | Excess::Orders { retry_after } => {
            too_many(site.limits.allowed.weight, retry_after)
        }
    }
}

fn too_many(allowed: u64, retry_after: i64) -> Reply {
    let told = format!(
        "Too much request weight used; current limit is {allowed} request weight per 1 MINUTE. \
         Please use WebSocket Streams for live updates to avoid polling the API."
    );
    Refused { status: 429, retry_after: Some(retry_after), ..Refused::new(-1003, told) }.reply()
}

fn banned(until: Millis, retry_after: i64) -> Reply {
    let told = format!(
        "Way too much request weight used; IP banned until {until}. \
         Please use WebSocket Streams for live updates to avoid bans."
    );
    Refused { status: 418, retry_after: Some(retry_after), ..Refused::new(-1003, told) }.reply()
}

/// The words for what goes wrong on demand.
pub(crate) fn fault(site: &Site, kind: Kind, ms: u64) -> Reply {
    let retry_after = i64::try_from(ms.div_ceil(1000)).unwrap_or(i64::MAX);
    match kind {
        Kind::Clock => Refused::outside_of_window().reply(),
        Kind::Duplicate if site.name == SiteName::BinanceFutures => futures::duplicate().reply(),
        Kind::Duplicate => Refused::new(-2010, "Duplicate order sent.").reply(),
        Kind::TooMany => too_many(site.limits.allowed.weight, retry_after),
        Kind::Banned => {
            let until = jiff::Timestamp::now().as_millisecond().saturating_add(retry_after.saturating_mul(1000));
            banned(until, retry_after)
        }
        _ if site.name == SiteName::BinanceFutures => futures::unavailable().reply(),
        _ => {
            let told = "An unknown error occurred while processing the request.";
            Refused { status: 503, ..Refused::new(-1000, told) }.reply()
        }
    }
}
