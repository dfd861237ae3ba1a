//! Which series are fetched now.

use crate::ports::{ListWishes, StartIngest, StoreError, Wish};
use crate::turns::in_turn;
use domain::clock::Timestamp;
use domain::limits::{SERIES_MAX, SERIES_PER_RUN, WORKERS_PER_MINUTE};
use domain::market::Exchange;
use domain::series::{Series, is_due, looks_at_all, turn};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use wire::ingest::{Ingest, Todo};

/// What a run of the planner has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Planned {
    /// Series that somebody wants, and those beyond [`SERIES_MAX`], which nobody fetches.
    pub wanted: usize,
    pub left_out: usize,
    /// Those of them that are due, and that were given to a worker: the rest is for the next minutes.
    pub due: usize,
    pub given: usize,
    pub workers: usize,
}

/// Has series fetched that are wanted and due, those of one exchange by one worker, so that it is asked one question after another.
///
/// # Errors
/// The first, where wishes cannot be read or a worker not be begun; all others were.
pub async fn plan<D: ListWishes, S: StartIngest>(
    deps: &D,
    start: &S,
    trace: &str,
    now: Timestamp,
) -> Result<Planned, StoreError> {
    let mut wanted = wanted(deps.list_wishes().await?, now);
    let mut planned = Planned { wanted: wanted.len(), ..Planned::default() };
    planned.left_out = wanted.len().saturating_sub(SERIES_MAX);
    wanted.truncate(SERIES_MAX);
    let mut due: BTreeMap<Exchange, Vec<Series>> = BTreeMap::new();
    for (series, since) in wanted {
        if is_due(series.interval, since, now) {
            planned.due = planned.due.saturating_add(1);
            due.entry(series.market.exchange.clone()).or_default().push(series);
        }
    }
    let mut failed = None;
    for part in shared_out(due) {
        let list = of_this_turn(part, turn(now));
        let series = list.iter().map(wire::ingest::Series::from).collect();
        let todo = Todo::Fetch { series, holes: looks_at_all(now) };
        match start.start_ingest(&Ingest::new(todo, trace.to_owned()), now).await {
            Ok(()) => {
                planned.given = planned.given.saturating_add(list.len());
                planned.workers = planned.workers.saturating_add(1);
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(planned), Err)
}

/// What is wanted, longest first, with since when by whoever came last.
fn wanted(wishes: Vec<Wish>, now: Timestamp) -> Vec<(Series, Timestamp)> {
    let mut since: BTreeMap<Series, (Timestamp, Timestamp)> = BTreeMap::new();
    for wish in wishes.into_iter().filter(|wish| wish.holds(now)) {
        let (oldest, newest) = since.entry(wish.series).or_insert((wish.since, wish.since));
        (*oldest, *newest) = (wish.since.min(*oldest), wish.since.max(*newest));
    }
    let mut all: Vec<_> = since.into_iter().collect();
    all.sort_by_key(|(_, (oldest, _))| *oldest);
    all.into_iter().map(|(series, (_, newest))| (series, newest)).collect()
}

/// What each worker is for. An exchange is asked by one of them alone; where there are more exchanges than workers, one has several.
fn shared_out(due: BTreeMap<Exchange, Vec<Series>>) -> Vec<Vec<Series>> {
    let mut exchanges: Vec<_> = due.into_values().collect();
    exchanges.sort_by_key(|series| Reverse(series.len()));
    let mut parts: Vec<Vec<Series>> = Vec::new();
    for series in exchanges {
        if parts.len() < WORKERS_PER_MINUTE {
            parts.push(series);
        } else if let Some(part) = parts.iter_mut().min_by_key(|part| part.len()) {
            part.extend(series);
        }
    }
    parts
}

/// As many as one run is for, others in each turn, and begun far from where the last one began: what takes a run's time keeps none waiting
/// for ever that stands behind it.
fn of_this_turn(part: Vec<Series>, turn: u64) -> Vec<Series> {
    let many = u64::try_from(SERIES_PER_RUN).unwrap_or(u64::MAX);
    let mut list = in_turn(part, turn.saturating_mul(many));
    list.truncate(SERIES_PER_RUN);
    let length = u64::try_from(list.len()).unwrap_or(u64::MAX);
    let thousandths = turn.saturating_mul(GOLDEN).rem_euclid(1_000);
    in_turn(list, length.saturating_mul(thousandths).div_euclid(1_000))
}

/// How much further on in a list a turn begins than the one before, in thousandths: by the golden ratio turns in a row lie far apart,
/// however long the list is.
const GOLDEN: u64 = 618;
