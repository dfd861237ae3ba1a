//! What whale alerts and prices say of each market that alerts are priced by: once an hour, for the hour that has begun.

use super::prices::{hours, needed, series_of};
use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::market::{Bar, CandleSpan, Interval};
use domain::series::Series;
use domain::whale::{
    BaseRate, Blockchain, FLOW_SPAN, Impact, MOMENTUM, MarketSentiment, Told, WhaleAlert, price_momentum, whale_flow,
};
use std::collections::BTreeSet;
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
    if newest.is_some_and(|newest| newest.at >= hour.millis()) {
        return Ok(false);
    }
    let alerts = Whales(deps).list_detected(hour.minus(FLOW_SPAN), now).await?;
    let markets: BTreeSet<_> = chains.iter().flat_map(|chain| needed(&listing(*chain))).collect();
    let mut all = Vec::new();
    for series in markets {
        let momentum = momentum(deps, &series, hour).await?;
        if momentum.is_none() && since.get() < GIVEN_UP.get() {
            return Ok(false);
        }
        let is_its = |alert: &&WhaleAlert| series_of(alert).as_ref() == Some(&series);
        let flow = whale_flow(alerts.iter().filter(is_its), hour);
        all.extend(MarketSentiment::of(series.market.symbol.clone(), hour, flow, momentum));
    }
    Whales(deps).keep_sentiment(hour, &all).await
}

/// None without the candles of the last day, or of enough days before it.
async fn momentum<E: Engine>(deps: &E, series: &Series, hour: Timestamp) -> Result<Option<Told>, StoreError> {
    let begin = hour.minus(MOMENTUM.length());
    let span = CandleSpan::between(Interval::OneHour, BaseRate::span(begin).0, hour);
    let candles = Market(deps).read_candles(&hours(series), &span).await?;
    let bars: Vec<Bar> = candles.into_iter().map(|kept| kept.candle.bar).collect();
    let base = BaseRate::of(begin, MOMENTUM, &bars);
    let close = |at| bars.iter().find(|bar| bar.closes_at == at).map(|bar| bar.close);
    let day = close(begin).zip(close(hour));
    let day = day.and_then(|(before, price)| Impact::of(before, price, base));
    Ok(day.and_then(|day| price_momentum(&day, hour)))
}
