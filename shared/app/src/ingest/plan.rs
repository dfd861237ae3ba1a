//! Which series are fetched now.

use crate::ports::{ListWishes, StartIngest, StoreError};
use domain::clock::Timestamp;
use domain::limits::SERIES_PER_RUN;
use domain::market::Exchange;
use domain::series::{Series, is_due, looks_at_all};
use std::collections::{BTreeMap, BTreeSet};
use wire::ingest::{Ingest, Todo};

/// What a run of the planner has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Planned {
    /// Series that somebody wants, and those of them that are due.
    pub wanted: usize,
    pub due: usize,
    pub workers: usize,
}

/// Has every series fetched that is wanted and due: those of one exchange together, so that it is asked one question after another.
///
/// # Errors
/// The first, where wishes cannot be read or a worker not be begun; all others were.
pub async fn plan<D: ListWishes, S: StartIngest>(
    deps: &D,
    start: &S,
    trace: &str,
    now: Timestamp,
) -> Result<Planned, StoreError> {
    let wishes = deps.list_wishes().await?;
    let holding = wishes.into_iter().filter(|wish| wish.holds(now));
    let mut since: BTreeMap<Series, Timestamp> = BTreeMap::new();
    for wish in holding {
        since.entry(wish.series).and_modify(|newest| *newest = wish.since.max(*newest)).or_insert(wish.since);
    }
    let mut planned = Planned { wanted: since.len(), ..Planned::default() };
    let mut due: BTreeMap<Exchange, BTreeSet<Series>> = BTreeMap::new();
    for (series, since) in since {
        if is_due(series.interval, since, now) {
            planned.due = planned.due.saturating_add(1);
            due.entry(series.market.exchange.clone()).or_default().insert(series);
        }
    }
    let mut failed = None;
    for of_exchange in due.into_values() {
        let series: Vec<_> = of_exchange.iter().map(wire::ingest::Series::from).collect();
        for part in series.chunks(SERIES_PER_RUN) {
            let todo = Todo::Fetch { series: part.to_vec(), holes: looks_at_all(now) };
            match start.start_ingest(&Ingest::new(todo, trace.to_owned()), now).await {
                Ok(()) => planned.workers = planned.workers.saturating_add(1),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    failed.map_or(Ok(planned), Err)
}
