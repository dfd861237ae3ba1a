//! What watched assets were worth when a block was made: the last minute of BINANCE that had closed by then.

use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::market::{Asset, CandleSpan, Exchange, Interval, MarketKey, Symbol};
use domain::money::Price;
use domain::series::Series;
use domain::whale::{Listing, WhaleAlert};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::market::Market;

const EXCHANGE: &str = "BINANCE";
/// In which all is counted: one of it is a dollar.
const DOLLAR: &str = "USDT";
/// An older price is none.
const AGE_MAX: Millis = Millis::seconds(300);
/// What is large enough to be looked at is decided by a price that may be older: by the newest one of all, where none is of this hour.
const ROUGHLY: Millis = Millis::seconds(3_600);

/// Of each asset by when a minute has closed and at what, oldest first.
#[derive(Default)]
pub(super) struct Prices(BTreeMap<Asset, Priced>);

enum Priced {
    Dollar,
    Closes(Vec<(Timestamp, Price)>),
}

/// Each watched asset with the one that it is priced by.
fn assets(listing: &Listing) -> impl Iterator<Item = (Asset, Asset)> {
    let all = std::iter::once(&listing.native).chain(listing.tokens.values()).map(|listed| listed.asset.clone());
    let all: BTreeSet<_> = all.collect();
    all.into_iter().map(|asset| {
        let by = listing.priced_by.get(&asset).unwrap_or(&asset).clone();
        (asset, by)
    })
}

/// Those whose price says something.
pub(super) fn told(listing: &Listing) -> BTreeSet<Series> {
    assets(listing).filter(|(asset, _)| !listing.pegged.contains(asset)).filter_map(|(_, by)| series(&by)).collect()
}

/// The candles by which this is priced, each once.
pub fn needed(listing: &Listing) -> BTreeSet<Series> {
    assets(listing).filter_map(|(_, by)| series(&by)).collect()
}

/// The minutes by which this is priced; none of the dollar itself.
pub(super) fn series_of(alert: &WhaleAlert, listing: &Listing) -> Option<Series> {
    let asset = &alert.transfer.units.of.asset;
    series(listing.priced_by.get(asset).unwrap_or(asset))
}

/// The same market by the hour.
pub(super) fn hours(minutes: &Series) -> Series {
    Series { interval: Interval::OneHour, ..minutes.clone() }
}

/// When the last minute had closed by then, and at what.
pub(super) async fn close_at<E: Engine>(
    deps: &E,
    series: &Series,
    at: Timestamp,
) -> Result<Option<(Timestamp, Price)>, StoreError> {
    Ok(minutes(deps, series, (at.minus(AGE_MAX), at)).await?.pop())
}

/// When they have closed, and at what, oldest first.
async fn minutes<E: Engine>(
    deps: &E,
    series: &Series,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(Timestamp, Price)>, StoreError> {
    // A candle opens a minute before it closes.
    let span = CandleSpan::between(Interval::OneMinute, from.minus(Interval::OneMinute.length()), to);
    let candles = Market(deps).read_candles(series, &span).await?;
    Ok(candles.iter().map(|kept| (kept.candle.bar.closes_at, kept.candle.bar.close)).collect())
}

/// None of the dollar itself.
fn series(asset: &Asset) -> Option<Series> {
    let symbol: Symbol = (asset.as_str() != DOLLAR).then(|| format!("{asset}/{DOLLAR}").parse().ok()).flatten()?;
    let exchange: Exchange = EXCHANGE.parse().ok()?;
    Some(Series { market: MarketKey { exchange, symbol }, interval: Interval::OneMinute })
}

impl Prices {
    /// For blocks from the first time to the last one.
    pub(super) async fn of<E: Engine>(
        deps: &E,
        listing: &Listing,
        (first, last): (Timestamp, Timestamp),
    ) -> Result<Self, StoreError> {
        Self::read(deps, listing, (first.minus(AGE_MAX), last)).await
    }

    /// The newest ones, however old: what is large is counted where no price is good enough for an alert.
    pub(super) async fn roughly<E: Engine>(
        deps: &E,
        listing: &Listing,
        now: Timestamp,
    ) -> Result<BTreeMap<Asset, Price>, StoreError> {
        let mut prices = Self::read(deps, listing, (now.minus(ROUGHLY), now)).await?.newest(|_| true);
        let mut older = BTreeMap::new();
        for (asset, by) in assets(listing).filter(|(asset, _)| !prices.contains_key(asset)).collect::<Vec<_>>() {
            let Some(series) = series(&by) else { continue };
            if !older.contains_key(&series) {
                let newest = Market(deps).newest_candles(&series).await?;
                older.insert(series.clone(), newest.last().map(|kept| kept.candle.bar.close));
            }
            prices.extend(older.get(&series).copied().flatten().map(|price| (asset, price)));
        }
        Ok(prices)
    }

    async fn read<E: Engine>(deps: &E, listing: &Listing, span: (Timestamp, Timestamp)) -> Result<Self, StoreError> {
        let (mut by_series, mut prices) = (BTreeMap::new(), BTreeMap::new());
        for (asset, by) in assets(listing) {
            let Some(series) = series(&by) else {
                prices.insert(asset, Priced::Dollar);
                continue;
            };
            if !by_series.contains_key(&series) {
                by_series.insert(series.clone(), minutes(deps, &series, span).await?);
            }
            prices.insert(asset, Priced::Closes(by_series.get(&series).cloned().unwrap_or_default()));
        }
        Ok(Self(prices))
    }

    /// Of a block that was made then.
    pub(super) fn at(&self, at: Timestamp) -> BTreeMap<Asset, Price> {
        self.newest(|closed_at| closed_at <= at && at.since(closed_at).get() <= AGE_MAX.get())
    }

    fn newest(&self, is_good: impl Fn(Timestamp) -> bool) -> BTreeMap<Asset, Price> {
        let price = |priced: &Priced| match priced {
            Priced::Dollar => "1".parse().ok(),
            Priced::Closes(closes) => closes.iter().rev().find(|(at, _)| is_good(*at)).map(|(_, price)| *price),
        };
        self.0.iter().filter_map(|(asset, priced)| Some((asset.clone(), price(priced)?))).collect()
    }
}
