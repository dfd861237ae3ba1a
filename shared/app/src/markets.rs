//! Markets with their filters, as exchanges list them: kept, so that a decision needs no exchange and an order leaves at
//! once.
//!
//! 1. Only what has changed is written; what is listed no more goes, unless much would go at once: then the answer is
//!    doubted, and nothing is taken away.
//! 2. An exchange that nobody has an account at is not asked, but those that the deployment names; nor one that an account there
//!    leaves alone: a list can wait.
//! 3. An exchange lists thousands: they are written by many at once, and that all of them were is marked, so that a run that was
//!    cut short is gone on with.

use crate::ports::{ListVenueMarkets, StoreError};
use crate::turns::in_turn;
use domain::account::Account;
use domain::clock::Millis;
use domain::limits::{LIST_TIMEOUT, REFRESH_EVERY, SUBMIT_TIMEOUT};
use domain::market::{Exchange, Market, MarketKey};
use futures_util::future::try_join_all;
use std::collections::{BTreeMap, BTreeSet};
use store::trading::Trading;
use store::{BATCH_WRITES_MAX, Engine, market};
use wire::key_check::Refreshed;

/// The first of these that is traded: of several ways to cut a symbol the one counts that its exchange has.
///
/// # Errors
/// Where the store cannot be asked.
pub async fn find<D: Engine>(deps: &D, meant: &[MarketKey]) -> Result<Option<Market>, StoreError> {
    for key in meant {
        if let Some(market) = market::Market(deps).load_market(key).await? {
            return Ok(Some(market));
        }
    }
    Ok(None)
}

/// Brings the markets of every exchange up to date that an account is at or that is wanted, as long as this says that there is time for a call that
/// takes so long. Each run begins with another exchange, and one that fails keeps no other waiting.
///
/// # Errors
/// The first, where the store cannot be read or written; all other exchanges were tried.
pub async fn refresh<D: Engine, V: ListVenueMarkets>(
    deps: &D,
    venue: &V,
    has_time: impl Fn(Millis) -> bool,
) -> Result<Refreshed, StoreError> {
    let (mut refreshed, mut failed) = (Refreshed::default(), None);
    let (exchanges, paused) = exchanges(deps, venue).await?;
    let run = deps.now().millis().div_euclid(REFRESH_EVERY.get()).unsigned_abs();
    for exchange in in_turn(exchanges, run) {
        if paused.contains(&exchange) {
            raise(&mut refreshed.away);
        } else if has_time(LIST_TIMEOUT) {
            let done = refresh_one(deps, venue, &exchange, &has_time, &mut refreshed).await;
            failed = failed.or(done.err());
        } else {
            raise(&mut refreshed.left);
        }
    }
    failed.map_or(Ok(refreshed), Err)
}

/// The markets of exchanges that were never kept whole, these and those that are wanted: somebody has just got an account there,
/// or the deployment is new.
///
/// # Errors
/// Where the store cannot be read or written.
pub async fn begin<D: Engine, V: ListVenueMarkets>(
    deps: &D,
    venue: &V,
    exchanges: &BTreeSet<Exchange>,
    has_time: impl Fn(Millis) -> bool,
) -> Result<Refreshed, StoreError> {
    begin_these(deps, venue, &(exchanges | &venue.wanted()), has_time).await
}

async fn begin_these<D: Engine, V: ListVenueMarkets>(
    deps: &D,
    venue: &V,
    exchanges: &BTreeSet<Exchange>,
    has_time: impl Fn(Millis) -> bool,
) -> Result<Refreshed, StoreError> {
    let mut refreshed = Refreshed::default();
    for exchange in exchanges.iter().filter(|exchange| venue.lists(exchange)) {
        if has_time(LIST_TIMEOUT) && market::Market(deps).listed_whole(exchange).await?.is_none() {
            refresh_one(deps, venue, exchange, &has_time, &mut refreshed).await?;
        }
    }
    Ok(refreshed)
}

/// The same of where this account is alone, unless it leaves its exchange alone.
///
/// # Errors
/// Where the store cannot be read or written.
pub async fn begin_at<D: Engine, V: ListVenueMarkets>(
    deps: &D,
    venue: &V,
    account: &Account,
    has_time: impl Fn(Millis) -> bool,
) -> Result<Refreshed, StoreError> {
    let is_paused = account.venue_pauses_until(deps.now()).is_some();
    let there = (!is_paused).then(|| account.exchange.clone());
    begin_these(deps, venue, &there.into_iter().collect(), has_time).await
}

/// Those that an account is at or that are wanted, and those of them that an account there leaves alone, whichever process was
/// asked to.
async fn exchanges<D: Engine, V: ListVenueMarkets>(
    deps: &D,
    venue: &V,
) -> Result<(BTreeSet<Exchange>, BTreeSet<Exchange>), StoreError> {
    let (mut exchanges, mut paused) = (venue.wanted(), BTreeSet::new());
    for account in Trading(deps).list_every_account().await? {
        let Some(account) = Trading(deps).load_account(&account).await? else { continue };
        if account.venue_pauses_until(deps.now()).is_some() {
            paused.insert(account.exchange.clone());
        }
        exchanges.insert(account.exchange);
    }
    exchanges.retain(|exchange| venue.lists(exchange));
    Ok((exchanges, paused))
}

async fn refresh_one<D: Engine, V: ListVenueMarkets>(
    deps: &D,
    venue: &V,
    exchange: &Exchange,
    has_time: &impl Fn(Millis) -> bool,
    refreshed: &mut Refreshed,
) -> Result<(), StoreError> {
    raise(&mut refreshed.exchanges);
    let Ok(listed) = venue.list_venue_markets(exchange).await else {
        raise(&mut refreshed.away);
        return Ok(());
    };
    let known = by_key(market::Market(deps).list_markets(exchange).await?);
    let listed = by_key(listed);
    let is_new = |market: &&Market| known.get(&market.key) != Some(*market);
    let new: Vec<Market> = listed.values().filter(is_new).cloned().collect();
    for part in new.chunks(BATCH_WRITES_MAX.saturating_mul(SIDE_BY_SIDE)) {
        if !has_time(SUBMIT_TIMEOUT) {
            return Ok(());
        }
        let kept =
            part.chunks(BATCH_WRITES_MAX).map(|part| async move { market::Market(deps).keep_markets(part).await });
        try_join_all(kept).await?;
        refreshed.written = refreshed.written.saturating_add(u32::try_from(part.len()).unwrap_or(u32::MAX));
    }
    market::Market(deps).mark_listed_whole(exchange, deps.now()).await?;
    let gone: Vec<&Market> = known.values().filter(|market| !listed.contains_key(&market.key)).collect();
    if gone.len() > known.len() / DOUBTED_PART {
        raise(&mut refreshed.away);
        return Ok(());
    }
    for market in gone {
        market::Market(deps).drop_market(market).await?;
        raise(&mut refreshed.removed);
    }
    Ok(())
}

/// Writes at once.
const SIDE_BY_SIDE: usize = 4;

/// More than this part of all markets does not go in a few hours.
const DOUBTED_PART: usize = 4;

fn by_key(markets: Vec<Market>) -> BTreeMap<MarketKey, Market> {
    markets.into_iter().map(|market| (market.key.clone(), market)).collect()
}

fn raise(count: &mut u32) {
    *count = count.saturating_add(1);
}
