//! What whale alerts and prices say of each market that alerts are priced by: once an hour, for the hour that has begun.

use super::prices::{hours, series_of, told};
use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, CandleSpan, Interval};
use domain::money::Price;
use domain::series::Series;
use domain::whale::{
    BaseRate, Blockchain, FLOW_SPAN, Impact, MOMENTUM, MarketSentiment, Told, WhaleAlert, price_momentum, whale_flow,
};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::market::Market;
use store::whale::Whales;
use wire::listed::listing;

const HOUR: Millis = Interval::OneHour.length();
/// The candle of an hour is fetched in its first minutes. What is missing afterwards is left out.
const FETCHED_BY: Millis = Millis::seconds(120);
const GIVEN_UP: Millis = Millis::seconds(600);

/// Of the markets by which alerts of these blockchains are priced; false where nothing was to be done.
///
/// # Errors
/// If the store cannot be reached.
pub async fn each_hour<E: Engine>(deps: &E, chains: &BTreeSet<Blockchain>) -> Result<bool, StoreError> {
    let now = deps.now();
    let since = Millis::new(now.millis().rem_euclid(HOUR.get()));
    let hour = now.minus(since);
    if since.get() < FETCHED_BY.get() {
        return Ok(false);
    }
    let newest = Whales(deps).newest_sentiment().await?;
    if newest.is_some_and(|newest| newest >= hour) {
        return Ok(false);
    }
    let markets: BTreeSet<_> = chains.iter().flat_map(|chain| told(&listing(*chain))).collect();
    let mut moments = Vec::new();
    for series in markets {
        let bars = month(deps, &series, hour).await?;
        // A market that is fetched no more is not waited for.
        let is_late = closes(&bars, hour).is_none() && closes(&bars, hour.minus(HOUR)).is_some();
        if is_late && since.get() < GIVEN_UP.get() {
            return Ok(false);
        }
        moments.push((series, momentum(&bars, hour)));
    }
    let by_market = by_market(Whales(deps).list_detected(hour.minus(FLOW_SPAN), now).await?);
    let all = moments.into_iter().filter_map(|(series, momentum)| {
        let flow = by_market.get(&series).and_then(|alerts| whale_flow(alerts, hour));
        MarketSentiment::of(series.market.symbol, hour, flow, momentum)
    });
    Whales(deps).keep_sentiment(hour, &all.collect::<Vec<_>>()).await
}

/// By the market that they are priced by.
fn by_market(alerts: Vec<WhaleAlert>) -> BTreeMap<Series, Vec<WhaleAlert>> {
    let listings = Blockchain::ALL.map(|chain| (chain, listing(chain)));
    let mut by_market = BTreeMap::<_, Vec<_>>::new();
    for alert in alerts {
        let listing = listings.iter().find(|(chain, _)| *chain == alert.chain);
        if let Some(series) = listing.and_then(|(_, listing)| series_of(&alert, listing)) {
            by_market.entry(series).or_default().push(alert);
        }
    }
    by_market
}

/// The hours of the last day, and of the days before it.
async fn month<E: Engine>(deps: &E, series: &Series, hour: Timestamp) -> Result<Vec<Bar>, StoreError> {
    let span = CandleSpan::between(Interval::OneHour, BaseRate::span(hour.minus(MOMENTUM.length())).0, hour);
    let candles = Market(deps).read_candles(&hours(series), &span).await?;
    Ok(candles.into_iter().map(|kept| kept.candle.bar).collect())
}

fn closes(bars: &[Bar], at: Timestamp) -> Option<Price> {
    bars.iter().find(|bar| bar.closes_at == at).map(|bar| bar.close)
}

/// None without the candles of the last day, or of enough days before it.
fn momentum(bars: &[Bar], hour: Timestamp) -> Option<Told> {
    let begin = hour.minus(MOMENTUM.length());
    let base = BaseRate::of(begin, MOMENTUM, bars);
    let day = Impact::of(closes(bars, begin)?, closes(bars, hour)?, base)?;
    price_momentum(&day, hour)
}
