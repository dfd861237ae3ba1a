//! Prices by which currencies are converted: those of the last pass over open positions, and of candles that are stored.

use domain::account::Account;
use domain::clock::Timestamp;
use domain::conversion::{Rate, Rates};
use domain::group::Position;
use domain::market::Asset;
use domain::series::Series;
use std::collections::{BTreeMap, BTreeSet};
use store::market::Market;
use store::{Engine, StoreError};

/// Series that are read for one look: each takes a read.
const SERIES_MAX: usize = 20;

/// Of the markets of these accounts, as far as they may lead from one of these currencies to another.
pub(super) async fn rates<'a, D: Engine>(
    deps: &D,
    accounts: &[&Account],
    open: impl Iterator<Item = &'a Position>,
    currencies: &BTreeSet<Asset>,
    now: Timestamp,
) -> Result<Rates, StoreError> {
    let mut rates = Rates::default();
    if currencies.len() < 2 {
        return Ok(rates);
    }
    for group in open.map(|position| &position.group) {
        if let Some(mark) = group.mark {
            let symbol = &group.market.key.symbol;
            let (base, quote) = (symbol.base.clone(), symbol.quote.clone());
            rates.add(Rate { base, quote, price: mark.price, at: mark.at });
        }
    }
    let exchanges: BTreeSet<_> = accounts.iter().map(|account| &account.exchange).collect();
    // Of each market the series whose candles are shortest: its last close is the newest.
    let mut series: BTreeMap<_, Series> = BTreeMap::new();
    for wish in Market(deps).list_wishes().await? {
        let symbol = &wish.series.market.symbol;
        let is_near = currencies.contains(&symbol.base) || currencies.contains(&symbol.quote);
        if !exchanges.contains(&wish.series.market.exchange) || !is_near {
            continue;
        }
        let known = series.entry(wish.series.market.clone()).or_insert_with(|| wish.series.clone());
        if wish.series.interval.length() < known.interval.length() {
            *known = wish.series;
        }
    }
    // Markets between two of the currencies come first.
    let mut series: Vec<Series> = series.into_values().collect();
    let is_direct =
        |one: &Series| currencies.contains(&one.market.symbol.base) && currencies.contains(&one.market.symbol.quote);
    series.sort_by_key(|one| !is_direct(one));
    for one in series.into_iter().take(SERIES_MAX) {
        let Some(newest) = Market(deps).newest_candles(&one).await?.pop() else { continue };
        let (base, quote) = (one.market.symbol.base, one.market.symbol.quote);
        let closes_at = newest.opens_at().plus(one.interval.length());
        rates.add(Rate { base, quote, price: newest.candle.bar.close, at: closes_at.min(now) });
    }
    Ok(rates)
}
