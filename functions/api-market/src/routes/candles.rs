//! `/markets/{market}/candles`: what a market's price did.

use super::number;
use crate::{Api, problem};
use app::candles::{self, WantedCandles};
use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use domain::clock::Timestamp;
use domain::identity::Permission;
use domain::limits::{CANDLES_DEFAULT, CANDLES_KEPT, CANDLES_MAX};
use domain::market::{Interval, MarketKey, Symbol};
use lambda::api::Table;
use lambda::edge::Problem;
use lambda::guard::Caller;
use serde_json::json;
use std::collections::BTreeMap;
use wire::view::{self, Candles};

const WHAT: &str = "Candles of the live market, without a key, oldest first. A market is named as charts do: \
                    `BINANCE:BTCUSDT`, `BINANCE:BTCUSDT.P`, `KRAKEN:BTC-USD`. Write it without a slash: API gateways \
                    take `/` and `%2F` for path separators. `limit` sets the length of the period, in candles: \
                    without trades there may be none, so the next page begins that much later. `closed` is false for \
                    the candle that is not finished.";
const INTERVAL: Interval = Interval::OneHour;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("markets", "Market data straight from the exchange.");
    table.get("/{market}/candles", show, |of| {
        let of = of.says("getMarketCandles", "Get candles from the exchange").details(WHAT).needs(Permission::READ);
        let timeframes = Interval::ALL.map(Interval::as_str);
        let timeframe = json!({"type": "string", "enum": timeframes, "default": INTERVAL.as_str()});
        let limit = json!({"type": "integer", "minimum": 1, "maximum": CANDLES_MAX, "default": CANDLES_DEFAULT});
        let since = json!({"type": "string", "format": "date-time"});
        of.path_pattern("^[A-Za-z0-9._-]{1,32}:[A-Za-z0-9._-]{2,64}$")
            .query("timeframe", &timeframe, "how long each is; all open on the clock, in UTC")
            .query("since", &since, "from the first that opens then or later; by default the newest")
            .query("limit", &limit, "for how many candles of time")
            .answers::<Candles>(200)
            .refuses(404, &["unknown_market"])
            .refuses(422, &["candles_not_told"])
            .refuses(503, &["venue_unavailable"])
    })
}

/// `?timeframe=`, `?since=` and `?limit=`
#[derive(Debug)]
struct Part {
    interval: Interval,
    since: Option<Timestamp>,
    limit: u32,
}

impl<S: Sync> FromRequestParts<S> for Part {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
        let Query(query) =
            query.map_err(|_| Problem::field("timeframe", "what is asked is given once each, as text"))?;
        let given = |name: &str| query.get(name).map(String::as_str);
        let interval = given("timeframe").map_or(Ok(INTERVAL), str::parse);
        let interval = interval.map_err(|wrong| Problem::field("timeframe", format!("timeframe {wrong}")))?;
        let moment = |text| view::moment(text).filter(|at| at.millis() >= 0);
        let since = given("since").map(|text| moment(text).ok_or_else(no_since)).transpose()?;
        let limit = number("limit", given("limit"), CANDLES_MAX)?;
        Ok(Self { interval, since, limit: limit.unwrap_or(CANDLES_DEFAULT) })
    }
}

fn no_since() -> Problem {
    Problem::field("since", "since must be a time such as 2026-01-31T12:00:00Z, not before 1970")
}

fn market(text: &str) -> Result<MarketKey, Problem> {
    let exchange = Symbol::exchange_before(text).and_then(|exchange| exchange.parse().ok());
    let named = exchange.zip(text.parse::<Symbol>().ok());
    let allowed = || Problem::field("market", "market must be one such as BINANCE:BTCUSDT or KRAKEN:BTC-USD");
    named.map(|(exchange, symbol)| MarketKey::named(exchange, symbol)).ok_or_else(allowed)
}

type Kept = [(HeaderName, HeaderValue); 1];

async fn show(
    State(api): State<Api>,
    caller: Caller,
    Path(named): Path<String>,
    Part { interval, since, limit }: Part,
) -> Result<(Kept, Json<Candles>), Problem> {
    let wanted = WantedCandles { market: market(&named)?, interval, since, limit };
    let trace = caller.invocation.trace();
    let candles =
        candles::ask(&api.checks, &wanted, &trace, caller.invocation.now()).await.map_err(problem::candles)?;
    Ok((kept(), Json(candles)))
}

/// Until the newest one has gone on, by whoever has asked and nobody else.
fn kept() -> Kept {
    let kept = format!("private, max-age={}", CANDLES_KEPT.get().div_euclid(1_000));
    [(CACHE_CONTROL, HeaderValue::try_from(kept).unwrap_or(HeaderValue::from_static("no-store")))]
}
