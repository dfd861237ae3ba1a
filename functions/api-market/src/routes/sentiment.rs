//! `/market-sentiment`: what whale alerts and prices say of markets.

use super::number;
use crate::Api;
use axum::Json;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use domain::clock::{Millis, Timestamp};
use domain::identity::Permission;
use domain::market::{Asset, Symbol};
use domain::whale::MarketSentiment;
use lambda::api::{Hearer, Operation, Table};
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::page::{self, Listed, parameter};
use serde::Deserialize;
use serde_json::json;
use store::whale::Whales;
use wire::view::{self, List};

const TOPIC: &str = "What whale alerts and prices say of each market, stored hourly while a source of whale alerts is enabled: from -1 to 1. It is \
                     no forecast: `/api/v1/whale-alerts/stats` says what prices did after alerts.";
const HOURS: u32 = 24;
const HOURS_MAX: u32 = 168;
const HOUR_S: i64 = 3_600;

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("market-sentiment", TOPIC);
    let table = table.get("", list, |of| {
        let of = of.says("listMarketSentiment", "List the sentiment of markets, newest first").needs(Permission::READ);
        let hours = json!({"type": "integer", "minimum": 1, "maximum": HOURS_MAX, "default": HOURS});
        named(of).query("hours", &hours, "how many").page::<view::MarketSentiment>()
    });
    table.get("/latest", latest, |of| {
        let of = of.says("listLatestMarketSentiment", "List the newest sentiment of each market");
        let of = of.details("Of the newest hour that is stored; no older than a day.").needs(Permission::READ);
        named(of).page::<view::MarketSentiment>()
    })
}

fn named<H: Hearer>(of: Operation<H>) -> Operation<H> {
    of.query("symbol", &json!({"type": "string"}), "a market, such as `BTC/USDT`, or an asset, such as `BTC`")
}

/// What is asked for, by its names.
struct Asked(Given);

#[derive(Deserialize)]
struct Given {
    symbol: Option<String>,
    hours: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<Given>::try_from_uri(&parts.uri);
        query
            .map(|Query(given)| Self(given))
            .map_err(|_| Problem::field("symbol", "symbol and hours are given once each"))
    }
}

/// Which markets are asked for.
enum Wanted {
    All,
    Of(Asset),
    One(Symbol),
}

impl Asked {
    fn wanted(&self) -> Result<Wanted, Problem> {
        let symbol = self.0.symbol.as_ref().map(|symbol| symbol.to_uppercase());
        Ok(match symbol.as_deref() {
            None => Wanted::All,
            asset @ Some(text) if !text.contains('/') => parameter("symbol", asset)?.map_or(Wanted::All, Wanted::Of),
            symbol => parameter("symbol", symbol)?.map_or(Wanted::All, Wanted::One),
        })
    }

    fn name(&self, of: &str) -> String {
        let [symbol, hours] = [&self.0.symbol, &self.0.hours].map(|given| given.as_deref().unwrap_or_default());
        format!("{of} {symbol}\n{hours}")
    }
}

impl Wanted {
    fn has(&self, sentiment: &MarketSentiment) -> bool {
        match self {
            Self::All => true,
            Self::Of(asset) => sentiment.symbol.base == *asset,
            Self::One(symbol) => sentiment.symbol == *symbol,
        }
    }
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
    paged: page::Asked,
) -> Result<Json<List<view::MarketSentiment>>, Problem> {
    let hours = number("hours", asked.0.hours.as_deref(), HOURS_MAX)?.unwrap_or(HOURS);
    let all = stored(&api, &caller, &asked, hours).await?;
    let name = asked.name("market-sentiment");
    let list = Listed { name: &name, user: &caller.session.user };
    paged.part(list, all, newest_first, |one| Ok(view::MarketSentiment::of(one))).map(Json)
}

async fn latest(
    State(api): State<Api>,
    caller: Caller,
    asked: Asked,
    paged: page::Asked,
) -> Result<Json<List<view::MarketSentiment>>, Problem> {
    let mut all = stored(&api, &caller, &asked, HOURS).await?;
    let newest = all.iter().map(|one| one.at).max();
    all.retain(|one| Some(one.at) == newest);
    let name = asked.name("latest market-sentiment");
    let list = Listed { name: &name, user: &caller.session.user };
    paged.part(list, all, newest_first, |one| Ok(view::MarketSentiment::of(one))).map(Json)
}

/// Of the last hours, as far as it is asked for.
async fn stored(api: &Api, caller: &Caller, asked: &Asked, hours: u32) -> Result<Vec<MarketSentiment>, Problem> {
    let wanted = asked.wanted()?;
    let since = caller.invocation.now().minus(Millis::seconds(i64::from(hours) * HOUR_S));
    let rows = Whales(&api.store).list_sentiment(since).await.map_err(|error| Problem::of_store(&error))?;
    Ok(rows.into_iter().flat_map(wire::stored::SentimentHour::read).filter(|one| wanted.has(one)).collect())
}

/// A place in the list.
fn newest_first(sentiment: &MarketSentiment) -> String {
    let left = Timestamp::from_millis(i64::MAX).since(sentiment.at).get();
    format!("{left:019}#{}", sentiment.symbol)
}
