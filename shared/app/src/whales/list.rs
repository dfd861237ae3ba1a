//! One run over a list of transfers, which has no blocks.
//!
//! 1. What it lists is final at once, and is never orphaned.
//! 2. It may list late: each run asks for some of the time before once more, and what it has told of already is left as it is.
//! 3. The time up to which it was read moves on with the last page alone, so that a run that ends in between is made anew.

use super::watch::{Looking, Watched, Watching, begin, is_long_ago, keep};
use crate::ports::{PublishWhaleAlert, StoreError};
use domain::clock::{Millis, Timestamp};
use domain::whale::{Blockchain, Change, FeedFault, ListPage, Seen, Watch};
use futures_util::future::{Either, select};
use std::pin::pin;
use store::Engine;

/// A list knows a transfer once its block is some minutes old. Our choice.
const LATE_MAX: Millis = Millis::seconds(600);
/// Whale Alert's free plan lists one hour ("For the Free plan the maximum transaction history is 3600 seconds", its answer as public clients quote
/// it; read 2026-12-01). What is older is left out, and counted.
const HISTORY: Millis = Millis::seconds(3_300);
/// Of one run: a plan counts requests.
const PAGES_MAX: usize = 8;
/// Of what a page has; a page of Whale Alert has 100.
const ROOM: usize = 200;

/// Reads what was listed since, page by page, until the deadline.
///
/// # Errors
/// Where the store or the bus cannot be reached. A source that fails is no error.
pub async fn watch_list<D: Engine, B: PublishWhaleAlert>(
    deps: &D,
    bus: &B,
    watching: &Watching<'_>,
    page: impl AsyncFn(Timestamp, Option<&str>) -> Result<ListPage, FeedFault>,
    deadline: impl Future<Output = ()>,
) -> Result<Watched, StoreError> {
    let (mut watch, mut is_owed) = begin(deps, bus, watching).await?;
    let (mut watched, mut deadline) = (Watched::default(), pin!(deadline));
    if watch.is_left_alone(deps.now()) {
        return Ok(watched);
    }
    let (listed_to, earliest) = (watch.listed_to.unwrap_or(deps.now()), deps.now().minus(HISTORY));
    let since = listed_to.minus(LATE_MAX).max(earliest);
    let mut pages = 0_usize;
    let (mut next, mut newest) = (None::<String>, listed_to);
    loop {
        let listed = {
            let asked = pin!(page(since, next.as_deref()));
            match select(deadline.as_mut(), asked).await {
                Either::Left(_) => Err(FeedFault::TimedOut),
                Either::Right((listed, _)) => listed,
            }
        };
        let now = deps.now();
        let (moved, is_last) = match listed {
            Ok(listed) if listed.seen.iter().any(|(at, _)| *at < since || !Blockchain::permits_time(*at, now)) => {
                (watch.clone().failed(FeedFault::WrongTime, now), true)
            }
            Ok(listed) => {
                newest = listed.seen.iter().map(|(at, _)| *at).fold(newest, Timestamp::max).min(now);
                pages = pages.saturating_add(1);
                let goes_on = listed.next.filter(|after| Some(after) != next.as_ref());
                let is_cut = goes_on.is_some() && pages >= PAGES_MAX;
                next = goes_on.filter(|_| !is_cut);
                let mut moved = listed_on(deps, watching, watch.clone(), listed.seen).await?;
                if next.is_none() {
                    // The next run goes on at the newest time, and some time before. If it would read the same pages again, others are left out.
                    let is_stuck = is_cut && newest <= listed_to;
                    let is_behind = is_cut && !is_stuck;
                    moved.listed_to = Some(if is_behind { newest } else { newest.max(now.minus(LATE_MAX)) });
                    let lost = u64::from(listed_to < earliest || is_stuck);
                    moved.counts.lost = moved.counts.lost.saturating_add(lost);
                }
                (moved.well(now), next.is_none())
            }
            Err(fault) => (watch.clone().failed(fault, now), true),
        };
        let is_idle = moved.changes.is_empty() && moved.listed_to == watch.listed_to && moved.counts == watch.counts;
        if is_last && is_idle && !is_owed && moved.fault == watch.fault && !is_long_ago(watch.read_at, now) {
            watched.has_failed = moved.fault.is_some();
            return Ok(watched);
        }
        let Some(kept) = keep(deps, bus, watching, &moved, &mut watched).await? else { return Ok(watched) };
        (watch, is_owed) = kept;
        if is_last {
            return Ok(watched);
        }
    }
}

/// With the alerts of a page.
async fn listed_on<D: Engine>(
    deps: &D,
    watching: &Watching<'_>,
    watch: Watch,
    seen: Vec<(Timestamp, Seen)>,
) -> Result<Watch, StoreError> {
    let times = seen.iter().map(|(at, _)| *at).collect();
    let mut looking = Looking::at(deps, watching, times).await?;
    let (mut counts, mut changes) = (watch.counts, Vec::new());
    for (at, one) in seen {
        if looking.is_told(&one) {
            continue;
        }
        let room = ROOM.saturating_sub(changes.len());
        let alerts = looking.alerts((at, None), &[one], room, &mut counts);
        changes.extend(alerts.into_iter().map(|alert| Change::Seen(Box::new(alert))));
    }
    Ok(Watch { counts, changes, ..watch })
}
