//! Telling the bus which candles are there.

use crate::ports::{Clock, ReadCandles, StoreError, TellCandle};
use domain::series::{KeptCandle, Series};
use store::Engine;
use store::market::Market;
use wire::candle::CandleClosed;

/// Tells that the newest candle of a series is kept, unless that was told and is not to be told `again`. What was told is remembered
/// after it was: whoever ends between the two tells it again.
///
/// # Errors
/// Where it cannot be told now: the next run does.
pub async fn tell<D: ReadCandles + Engine + Clock, B: TellCandle>(
    deps: &D,
    bus: &B,
    series: &Series,
    again: bool,
    trace: &str,
) -> Result<bool, StoreError> {
    let Some(newest) = deps.newest_candles(series).await?.last().map(KeptCandle::opens_at) else { return Ok(false) };
    let is_told = Market(deps).series_told(series).await?.is_some_and(|told| told >= newest);
    if is_told && !again {
        return Ok(false);
    }
    let now = deps.now();
    bus.tell_candle(&CandleClosed::new(series, newest, trace.to_owned(), now), now).await?;
    if !is_told {
        Market(deps).keep_series_told(series, newest).await?;
    }
    Ok(true)
}
