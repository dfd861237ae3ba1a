//! What prices have done an hour and a day after whale alerts: measured by the run in which it is due.
//!
//! 1. What is due was written with its alert. It goes in the very write that keeps what was measured, so that nothing is counted twice.
//! 2. A price is that of the last minute that had closed by then. For some minutes the very last one is waited for; then one of the five minutes
//!    before will do. If there is none it is asked for again for a day, and then given up.
//! 3. What an alert was measured against is of the days before it alone.

use super::prices::{self, hours};
use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};
use domain::market::{CandleSpan, Interval};
use domain::series::Series;
use domain::whale::{After, BaseRate, Impact, WhaleAlert, WhaleStatus};
use futures_util::future::FutureExt;
use std::collections::BTreeMap;
use std::pin::pin;
use store::Engine;
use store::market::Market;
use store::whale::{Due, Whales};
use wire::listed::listing;

/// The candle of a minute is fetched in the next one.
const FETCHED_BY: Millis = Millis::seconds(120);
/// So long the very last minute is waited for.
const EXACT_FOR: Millis = Millis::seconds(600);
/// After it was due, or after its alert was detected, whichever was later: candles of an outage are fetched late.
const GIVEN_UP: Millis = Millis::seconds(86_400);

/// What a run has done of what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    pub measured: usize,
    pub dropped: usize,
    pub waiting: usize,
    /// Of rows that this release cannot read.
    pub unreadable: usize,
}

/// Base rates that were read in a run.
type Known = BTreeMap<(Series, Timestamp, After), Option<BaseRate>>;

/// All that is due, oldest first, until the deadline.
///
/// # Errors
/// If the store cannot be reached.
pub async fn measure<E: Engine>(deps: &E, deadline: impl Future<Output = ()>) -> Result<Measured, StoreError> {
    let (mut measured, mut known, mut deadline) = (Measured::default(), Known::new(), pin!(deadline));
    let (by, mut behind) = (deps.now().minus(FETCHED_BY), None);
    loop {
        let page = Whales(deps).list_due(by, behind.as_ref()).await?;
        for due in &page {
            if deadline.as_mut().now_or_never().is_some() {
                return Ok(measured);
            }
            let done = match one(deps, due, &mut known).await {
                // A newer release may have written it. It stays until its row ends.
                Err(StoreError::Unreadable(_)) => Done::Unreadable,
                done => done?,
            };
            let count = match done {
                Done::Measured => &mut measured.measured,
                Done::Wait => &mut measured.waiting,
                Done::Unreadable => &mut measured.unreadable,
                Done::Drop => {
                    Whales(deps).drop_due(due).await?;
                    &mut measured.dropped
                }
            };
            *count = count.saturating_add(1);
        }
        behind = page.into_iter().next_back();
        if behind.is_none() {
            return Ok(measured);
        }
    }
}

enum Done {
    Measured,
    /// Its price is not there yet, or its alert was changed meanwhile.
    Wait,
    Unreadable,
    Drop,
}

async fn one<E: Engine>(deps: &E, due: &Due, known: &mut Known) -> Result<Done, StoreError> {
    let Some(kept) = Whales(deps).find_alert(&due.alert).await? else { return Ok(Done::Drop) };
    let alert = &kept.alert;
    // Orphaned, or mined again at another time: then another row is due.
    let is_of_it = alert.status != WhaleStatus::Orphaned && alert.at.plus(due.after.length()) == due.at;
    if !is_of_it || alert.impacts.contains_key(&due.after) {
        return Ok(Done::Drop);
    }
    let (Some(judged_by), Some(series)) = (alert.price, prices::series_of(alert, &listing(alert.chain))) else {
        return Ok(Done::Drop);
    };
    let since = deps.now().since(due.at.max(alert.detected_at));
    let Some((closed_at, price)) = prices::close_at(deps, &series, due.at).await? else {
        return Ok(if since.get() > GIVEN_UP.get() { Done::Drop } else { Done::Wait });
    };
    if due.at.since(closed_at).get() >= Interval::OneMinute.length().get() && since.get() < EXACT_FOR.get() {
        return Ok(Done::Wait);
    }
    // When the block was read its last minute may not have been fetched yet.
    let before = prices::close_at(deps, &series, alert.at).await?.map_or(judged_by, |(_, price)| price);
    let base = base_rate(deps, &series, (alert.at, due.after), known).await?;
    let Some(impact) = Impact::of(before, price, base) else { return Ok(Done::Drop) };
    let mut measured = WhaleAlert { price: Some(before), ..alert.clone() };
    measured.impacts.insert(due.after, impact);
    Ok(if Whales(deps).keep_measured(&measured, &kept, due).await? { Done::Measured } else { Done::Wait })
}

/// What this market has done from that hour on, on the days before.
async fn base_rate<E: Engine>(
    deps: &E,
    series: &Series,
    (at, after): (Timestamp, After),
    known: &mut Known,
) -> Result<Option<BaseRate>, StoreError> {
    let (from, to) = BaseRate::span(at);
    let key = (series.clone(), to, after);
    if let Some(known) = known.get(&key) {
        return Ok(*known);
    }
    let span = CandleSpan::between(Interval::OneHour, from, to);
    let candles = match Market(deps).read_candles(&hours(series), &span).await {
        // Without what cannot be read there is no base rate.
        Err(StoreError::Unreadable(_)) => Vec::new(),
        candles => candles?,
    };
    let bars: Vec<_> = candles.into_iter().map(|kept| kept.candle.bar).collect();
    for each in After::ALL {
        known.insert((series.clone(), to, each), BaseRate::of(at, each, &bars));
    }
    Ok(known.get(&key).copied().flatten())
}
