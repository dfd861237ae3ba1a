//! Which series are fetched now.

use super::backfill::is_left;
use crate::ports::{KeepBackfill, ListWishes, StartIngest, StoreError, Wish};
use crate::turns::in_turn;
use domain::clock::Timestamp;
use domain::ids::BackfillId;
use domain::limits::{CANDLE_TOLD_AFTER, PLANNER_WAITS_MAX, SERIES_MAX, SERIES_PER_RUN, WORKERS_PER_MINUTE};
use domain::market::{Exchange, Interval};
use domain::series::{Backfill, Series, is_due, looks_at_all, turn};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use wire::ingest::{Ingest, Todo};
use wire::text::Text;

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
    /// Backfills that a worker was begun for.
    pub backfills: usize,
}

/// Has series fetched that are wanted and due, those of one exchange by one worker, so that it is asked one question after another.
///
/// # Errors
/// The first, where wishes cannot be read or a worker not be begun; all others were.
pub async fn plan<D: ListWishes + KeepBackfill, S: StartIngest>(
    deps: &D,
    start: &S,
    trace: &str,
    now: Timestamp,
) -> Result<Planned, StoreError> {
    let mut wanted = wanted(deps.list_wishes().await?, now);
    let mut planned = Planned { wanted: wanted.len(), ..Planned::default() };
    planned.left_out = wanted.len().saturating_sub(SERIES_MAX);
    wanted.truncate(SERIES_MAX);
    let mut due: BTreeMap<Exchange, Vec<Wanted>> = BTreeMap::new();
    for wanted in wanted {
        let series = &wanted.series;
        if is_due(series.interval, wanted.newest, now) {
            planned.due = planned.due.saturating_add(1);
            due.entry(series.market.exchange.clone()).or_default().push(wanted);
        }
    }
    let mut failed = None;
    for part in shared_out(due) {
        let list = of_this_turn(part, turn(now));
        let series = list.iter().map(|wanted| wire::ingest::Series::new(&wanted.series, wanted.is_told)).collect();
        let todo = Todo::Fetch { series, holes: looks_at_all(now) };
        match start.start_ingest(&Ingest::new(todo, trace.to_owned()), now).await {
            Ok(()) => {
                planned.given = planned.given.saturating_add(list.len());
                planned.workers = planned.workers.saturating_add(1);
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    for id in left(deps.list_backfills().await?, now) {
        match start.start_ingest(&Ingest::new(Todo::Backfill { id: Text(id) }, trace.to_owned()), now).await {
            Ok(()) => planned.backfills = planned.backfills.saturating_add(1),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(planned), Err)
}

/// When a planner plans that waits for the candles of a minute: once they may be asked for. Where that has been for a while, now, and once
/// more where those of the next minute may be soon: the next planner may begin late.
pub fn planned_at(now: Timestamp) -> Vec<Timestamp> {
    let minute = Interval::OneMinute;
    let told = minute.opening(now).plus(CANDLE_TOLD_AFTER);
    if now < told {
        return vec![told];
    }
    let next = told.plus(minute.length());
    [Some(now), Some(next).filter(|next| next.since(now) <= PLANNER_WAITS_MAX)].into_iter().flatten().collect()
}

/// Backfills that nobody goes on with, the oldest first: one of each exchange, where no other of it goes on.
fn left(all: Vec<Backfill>, now: Timestamp) -> Vec<BackfillId> {
    let (left, others): (Vec<_>, Vec<_>) =
        all.into_iter().filter(Backfill::is_running).partition(|backfill| is_left(backfill, now));
    let mut asked: BTreeSet<_> = others.into_iter().map(|backfill| backfill.series.market.exchange).collect();
    left.into_iter().filter(|backfill| asked.insert(backfill.series.market.exchange.clone())).map(|of| of.id).collect()
}

/// A series that somebody wants.
struct Wanted {
    series: Series,
    /// Whether a run acts on its candles: those come before what is only looked at, and are told on the bus.
    is_told: bool,
    /// By whoever came first, and last.
    oldest: Timestamp,
    newest: Timestamp,
}

/// What runs act on first, then what is wanted for longest.
fn wanted(wishes: Vec<Wish>, now: Timestamp) -> Vec<Wanted> {
    let mut all: BTreeMap<Series, Wanted> = BTreeMap::new();
    for Wish { series, by, since, .. } in wishes.into_iter().filter(|wish| wish.holds(now)) {
        let new = || Wanted { series: series.clone(), is_told: false, oldest: since, newest: since };
        let wanted = all.entry(series.clone()).or_insert_with(new);
        wanted.is_told |= by.is_told();
        (wanted.oldest, wanted.newest) = (since.min(wanted.oldest), since.max(wanted.newest));
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|wanted| (!wanted.is_told, wanted.oldest));
    all
}

/// What each worker is for. An exchange is asked by one of them alone; where there are more exchanges than workers, one has several.
fn shared_out(due: BTreeMap<Exchange, Vec<Wanted>>) -> Vec<Vec<Wanted>> {
    let mut exchanges: Vec<_> = due.into_values().collect();
    exchanges.sort_by_key(|wanted| Reverse(wanted.len()));
    let mut parts: Vec<Vec<Wanted>> = Vec::new();
    for wanted in exchanges {
        if parts.len() < WORKERS_PER_MINUTE {
            parts.push(wanted);
        } else if let Some(part) = parts.iter_mut().min_by_key(|part| part.len()) {
            part.extend(wanted);
        }
    }
    parts
}

/// As many as one run is for: those that runs act on in each turn, of the others others, and begun far from where the last one began:
/// what takes a run's time keeps none waiting for ever that stands behind it.
fn of_this_turn(part: Vec<Wanted>, turn: u64) -> Vec<Wanted> {
    let (told, others): (Vec<_>, Vec<_>) = part.into_iter().partition(|wanted| wanted.is_told);
    let mut list = some_of(told, SERIES_PER_RUN, turn);
    list.extend(some_of(others, SERIES_PER_RUN.saturating_sub(list.len()), turn));
    let length = u64::try_from(list.len()).unwrap_or(u64::MAX);
    let thousandths = turn.saturating_mul(GOLDEN).rem_euclid(1_000);
    in_turn(list, length.saturating_mul(thousandths).div_euclid(1_000))
}

/// So many, and in the next turn those behind them.
fn some_of(all: Vec<Wanted>, room: usize, turn: u64) -> Vec<Wanted> {
    let mut list = in_turn(all, turn.saturating_mul(u64::try_from(room).unwrap_or(u64::MAX)));
    list.truncate(room);
    list
}

/// How much further on in a list a turn begins than the one before, in thousandths: by the golden ratio turns in a row lie far apart,
/// however long the list is.
const GOLDEN: u64 = 618;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planner_that_waits_plans_when_candles_may_be_asked_for_and_before_the_next_may_be_late() {
        let begun = 1_699_999_800_000;
        let at = |ms: i64| planned_at(Timestamp::from_millis(begun + ms)).into_iter().map(|at| at.millis() - begun);
        let at = |ms| at(ms).collect::<Vec<_>>();
        assert_eq!([at(0), at(4_999)], [[5_000], [5_000]]);
        assert_eq!([at(5_000), at(29_999)], [[5_000], [29_999]], "the next ones are too far");
        assert_eq!([at(30_000), at(59_999)], [[30_000, 65_000], [59_999, 65_000]]);
    }
}
