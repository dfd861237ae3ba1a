//! What prices have done an hour and a day after whale alerts: measured by the minute in which it is due.
//!
//! 1. What is due was written with its alert. It goes in the very write that keeps what was measured, so that nothing is counted twice.
//! 2. A price is that of the last minute that had closed by then, and no older than five minutes. If it is missing it is asked for again for an
//!    hour, and then given up.
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
use store::whale::{Due, KeptAlert, Whales};

/// The candle of a minute is fetched in the next one.
const FETCHED_BY: Millis = Millis::seconds(120);
/// After it was due, or after its alert was detected, whichever was later.
const GIVEN_UP: Millis = Millis::seconds(3_600);

/// What a run has done of what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    pub measured: usize,
    pub dropped: usize,
    pub waiting: usize,
    /// They are dropped as well.
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
    for due in Whales(deps).list_due(deps.now().minus(FETCHED_BY)).await? {
        if deadline.as_mut().now_or_never().is_some() {
            break;
        }
        let done = match one(deps, &due, &mut known).await {
            // An alert that cannot be read is not measured.
            Err(StoreError::Unreadable(_)) => {
                measured.unreadable = measured.unreadable.saturating_add(1);
                Done::Drop
            }
            done => done?,
        };
        match done {
            Done::Measured => measured.measured = measured.measured.saturating_add(1),
            Done::Wait => measured.waiting = measured.waiting.saturating_add(1),
            Done::Drop => {
                Whales(deps).drop_due(&due).await?;
                measured.dropped = measured.dropped.saturating_add(1);
            }
        }
    }
    Ok(measured)
}

enum Done {
    Measured,
    /// Its price is not there yet, or its alert was changed meanwhile.
    Wait,
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
    let (Some(before), Some(series)) = (alert.price, prices::series_of(alert)) else { return Ok(Done::Drop) };
    let Some(price) = prices::close_at(deps, &series, due.at).await? else {
        let since = due.at.max(alert.detected_at);
        let is_late = deps.now().since(since).get() > GIVEN_UP.get();
        return Ok(if is_late { Done::Drop } else { Done::Wait });
    };
    let base = base_rate(deps, &series, (alert.at, due.after), known).await?;
    let Some(impact) = Impact::of(before, price, base) else { return Ok(Done::Drop) };
    let measured = with(&kept, due.after, impact);
    Ok(if Whales(deps).keep_measured(&measured, &kept, due).await? { Done::Measured } else { Done::Wait })
}

fn with(kept: &KeptAlert, after: After, impact: Impact) -> WhaleAlert {
    let mut alert = kept.alert.clone();
    alert.impacts.insert(after, impact);
    alert
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
    let candles = Market(deps).read_candles(&hours(series), &span).await?;
    let bars: Vec<_> = candles.into_iter().map(|kept| kept.candle.bar).collect();
    for each in After::ALL {
        known.insert((series.clone(), to, each), BaseRate::of(at, each, &bars));
    }
    Ok(known.get(&key).copied().flatten())
}
