//! Months of candles, packed before their rows go, and read where the rows are gone.
//!
//! 1. Nothing is lost: a month is read back and compared before it counts as packed, and its rows go by themselves, weeks later.
//! 2. Nothing is there twice: what was packed before and what is kept now are one month, by when each candle opens.
//! 3. A run packs so many; whoever ends anywhere has the next one do the rest.

use crate::ports::{Objects, PackedMonths, ReadCandles, StoreError};
use domain::clock::Timestamp;
use domain::limits::MONTHS_PER_RUN_MAX;
use domain::market::CandleSpan;
use domain::series::{KeptCandle, Month, Series};
use std::collections::BTreeMap;
use store::Engine;
use store::market::Market;
use store::objects::Months;
use wire::packed_month::{pack, unpack};

/// What a run has come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packed {
    pub months: u32,
    pub candles: usize,
    /// Series that could not be packed on, and why.
    pub failed: Vec<(Series, StoreError)>,
    /// There is more than one run packs.
    pub more: bool,
}

/// Packs what is old enough. A series that fails stops no other.
///
/// # Errors
/// Where it cannot be read which series there are.
pub async fn pack_months<D: Engine, B: Objects>(deps: &D, bucket: &B, now: Timestamp) -> Result<Packed, StoreError> {
    let mut done = Packed::default();
    for series in Market(deps).list_packed_months().await? {
        let of = series.series.clone();
        if let Err(error) = go_on(deps, bucket, series, &mut done, now).await {
            done.failed.push((of, error));
        }
    }
    Ok(done)
}

async fn go_on<D: Engine, B: Objects>(
    deps: &D,
    bucket: &B,
    at: PackedMonths,
    done: &mut Packed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let PackedMonths { series, packed } = at;
    let Some(end) = series.interval.packable_to(now) else { return Ok(()) };
    let (first, next) = match packed {
        Some(packed) => packed,
        None => match deps.oldest_candle(&series).await? {
            Some(oldest) => (Month::of(oldest), Month::of(oldest)),
            None => return Ok(()),
        },
    };
    for month in next.up_to(end) {
        if done.months >= MONTHS_PER_RUN_MAX {
            done.more = true;
            return Ok(());
        }
        let candles = keep(deps, bucket, &series, month, now).await?;
        done.months = done.months.saturating_add(1);
        done.candles = done.candles.saturating_add(candles);
        let packed = Some((first, month.next()));
        Market(deps).keep_packed_months(&PackedMonths { series: series.clone(), packed }).await?;
    }
    Ok(())
}

/// How many candles the month has. One without any is no object.
async fn keep<D: ReadCandles, B: Objects>(
    deps: &D,
    bucket: &B,
    series: &Series,
    month: Month,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let span = CandleSpan::between(series.interval, month.begins(), month.next().begins());
    let rows = deps.read_candles(series, &span).await?;
    let before = read(bucket, series, month, now).await?;
    let all = together(before.clone(), rows);
    if all != before {
        let packed = pack(&all).map_err(|error| unread(series, month, &error))?;
        Months(bucket).keep(series, month, &packed, now).await?;
        if read(bucket, series, month, now).await? != all {
            return Err(unread(series, month, &"it is not what was written"));
        }
    }
    Ok(all.len())
}

async fn read<B: Objects>(
    bucket: &B,
    series: &Series,
    month: Month,
    now: Timestamp,
) -> Result<Vec<KeptCandle>, StoreError> {
    let Some(packed) = Months(bucket).packed(series, month, now).await? else { return Ok(Vec::new()) };
    unpack(series.interval, &packed).map_err(|error| unread(series, month, &error))
}

fn unread(series: &Series, month: Month, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("{month} of {series}: {why}"))
}

/// Oldest first; what is kept in the table counts.
fn together(packed: Vec<KeptCandle>, rows: Vec<KeptCandle>) -> Vec<KeptCandle> {
    let all: BTreeMap<_, _> = packed.into_iter().chain(rows).map(|kept| (kept.opens_at(), kept)).collect();
    all.into_values().collect()
}

/// Candles, those too whose rows are gone.
#[derive(Debug, Clone, Copy)]
pub struct AllCandles<'a, D, B> {
    pub deps: &'a D,
    pub bucket: &'a B,
    pub now: Timestamp,
}

impl<D: ReadCandles + Engine, B: Objects> ReadCandles for AllCandles<'_, D, B> {
    async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError> {
        let rows = self.deps.read_candles(series, span).await?;
        let is_old = |end: &Month| span.first() < end.begins();
        let Some(end) = series.interval.packable_to(self.now).filter(is_old) else { return Ok(rows) };
        let Some((first, next)) = self.packed(series).await? else { return Ok(rows) };
        let (from, to) = (Month::of(span.first()).max(first), Month::of(span.end()).next().min(next).min(end));
        let mut packed = Vec::new();
        for month in from.up_to(to) {
            packed.extend(read(self.bucket, series, month, self.now).await?);
        }
        packed.retain(|kept| span.first() <= kept.opens_at() && kept.opens_at() < span.end());
        Ok(together(packed, rows))
    }

    /// Of a month that may have no candle the beginning.
    async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        match self.packed(series).await? {
            Some((first, next)) if first < next => Ok(Some(first.begins())),
            _ => self.deps.oldest_candle(series).await,
        }
    }

    async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError> {
        self.deps.newest_candles(series).await
    }
}

impl<D: Engine, B> AllCandles<'_, D, B> {
    async fn packed(&self, series: &Series) -> Result<Option<(Month, Month)>, StoreError> {
        Ok(Market(self.deps).packed_months(series).await?.and_then(|of| of.packed))
    }
}
