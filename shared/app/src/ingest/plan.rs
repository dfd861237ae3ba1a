//! Which series are fetched now.

use super::backfill::is_left;
use crate::ports::{StartIngest, StoreError, Wish};
use crate::turns::in_turn;
use domain::clock::Timestamp;
use domain::ids::BackfillId;
use domain::limits::{BACKFILL_WORKERS, CANDLE_TOLD_AFTER, SERIES_MAX, SERIES_PER_RUN, WORKERS_PER_MINUTE};
use domain::market::{Exchange, Interval, MarketKey};
use domain::series::{Backfill, Series, is_due, looks_at_all, turn};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::market::Market;
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

/// Has series fetched that are wanted and due, those of one exchange by one worker, so that it is asked one question after another: as long
/// as one has the time for them.
///
/// # Errors
/// The first, where wishes cannot be read or a worker not be begun; all others were.
pub async fn plan<D: Engine, S: StartIngest>(
    deps: &D,
    start: &S,
    trace: &str,
    now: Timestamp,
) -> Result<Planned, StoreError> {
    let mut wanted = wanted(Market(deps).list_wishes().await?, now);
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
    for id in left(Market(deps).list_backfills().await?, now) {
        match start.start_ingest(&Ingest::new(Todo::Backfill { id: Text(id) }, trace.to_owned()), now).await {
            Ok(()) => planned.backfills = planned.backfills.saturating_add(1),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(planned), Err)
}

/// When a planner plans that waits for the candles of a minute: once they may be asked for. Where that has been, now, and once those of the next
/// minute may be: the next planner may begin late.
pub fn planned_at(now: Timestamp) -> Vec<Timestamp> {
    let minute = Interval::OneMinute;
    let told = minute.opening(now).plus(CANDLE_TOLD_AFTER);
    if now < told { vec![told] } else { vec![now, told.plus(minute.length())] }
}

/// Backfills that nobody goes on with, the oldest first: one of each exchange, where no other of it goes on, and as many as there is room
/// for.
fn left(all: Vec<Backfill>, now: Timestamp) -> Vec<BackfillId> {
    let (left, others): (Vec<_>, Vec<_>) =
        all.into_iter().filter(Backfill::is_running).partition(|backfill| is_left(backfill, now));
    let mut asked: BTreeSet<_> = others.iter().map(|backfill| backfill.series.market.exchange.clone()).collect();
    let room = BACKFILL_WORKERS.saturating_sub(others.len());
    let of_others = |backfill: &Backfill| asked.insert(backfill.series.market.exchange.clone());
    left.into_iter().filter(of_others).map(|backfill| backfill.id).take(room).collect()
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

/// Whether a series is among those that are fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Taken,
    /// It is not, and would be if it were wanted.
    Free,
    /// As many others are as a deployment fetches.
    Full,
}

impl Place {
    /// Of one series, by what is wanted.
    pub(crate) fn of(series: &Series, wishes: &[Wish], now: Timestamp) -> Self {
        let mut all = wanted(wishes.to_vec(), now);
        let is_full = all.len() >= SERIES_MAX;
        all.truncate(SERIES_MAX);
        match all.iter().any(|wanted| wanted.series == *series) {
            true => Self::Taken,
            false if is_full => Self::Full,
            false => Self::Free,
        }
    }
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

/// What each worker is for. An exchange is asked by one of them alone, where one has room for all that is due of it; else by all of them,
/// each for other markets: what shorter candles make is fetched with these.
fn shared_out(due: BTreeMap<Exchange, Vec<Wanted>>) -> Vec<Vec<Wanted>> {
    let mut exchanges: Vec<_> = due.into_values().collect();
    exchanges.sort_by_key(|wanted| Reverse(wanted.len()));
    let mut parts: [Vec<Wanted>; WORKERS_PER_MINUTE] = Default::default();
    for wanted in exchanges {
        let has_room = parts.iter().any(|part| part.len().saturating_add(wanted.len()) <= SERIES_PER_RUN);
        let together = if has_room { vec![wanted] } else { by_market(wanted) };
        for some in together {
            if let Some(part) = parts.iter_mut().min_by_key(|part| part.len()) {
                part.extend(some);
            }
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// The markets of which most is due first: the last ones fill what is left.
fn by_market(wanted: Vec<Wanted>) -> Vec<Vec<Wanted>> {
    let mut markets: BTreeMap<MarketKey, Vec<Wanted>> = BTreeMap::new();
    for wanted in wanted {
        markets.entry(wanted.series.market.clone()).or_default().push(wanted);
    }
    let mut markets: Vec<_> = markets.into_values().collect();
    markets.sort_by_key(|wanted| Reverse(wanted.len()));
    markets
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
        assert_eq!([at(5_000), at(59_999)], [[5_000, 65_000], [59_999, 65_000]]);
    }
}
