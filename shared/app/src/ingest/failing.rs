//! That a series is asked for in vain, told to whoever looks how it does.
//!
//! It stands with what is remembered of the series, which is read where more than a candle is missing or holes are looked for, and is written
//! where it changes alone: a series that answers costs nothing more, one that goes on failing a read.

use super::Unfetched;
use super::looked::Looked;
use crate::ports::{Failing, SeriesMark, StoreError};
use domain::limits::SERIES_FAILING_CHARACTERS_MAX;
use domain::series::Series;
use store::Engine;
use store::market::Market;

/// Keeps why a series was not told, unless that is known. What its store cannot do now says nothing of the series.
pub(super) async fn note_failure<D: Engine>(deps: &D, series: &Series, error: &Unfetched) -> Result<(), StoreError> {
    if matches!(error, Unfetched::Store(_)) {
        return Ok(());
    }
    let detail: String = error.to_string().chars().take(SERIES_FAILING_CHARACTERS_MAX).collect();
    let mark = Market(deps).series_mark(series).await?;
    let before = mark.failing.as_ref();
    if before.is_some_and(|failing| failing.detail == detail) {
        return Ok(());
    }
    let since = before.map_or_else(|| deps.now(), |failing| failing.since);
    let mark = SeriesMark { failing: Some(Failing { since, detail }), ..mark };
    Market(deps).keep_series_mark(series, &mark, mark.version).await.map(drop)
}

/// Forgets it once the series was asked for and told.
pub(super) async fn note_answer<D: Engine>(deps: &D, looked: &Looked) -> Result<(), StoreError> {
    if looked.mark.failing.is_none() || looked.span.is_none() {
        return Ok(());
    }
    let mark = Market(deps).series_mark(&looked.series).await?;
    let mark = SeriesMark { failing: None, ..mark };
    Market(deps).keep_series_mark(&looked.series, &mark, mark.version).await.map(drop)
}
