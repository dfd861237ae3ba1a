//! Candles as they are played.

use app::ports::{ReadCandles, StoreError};
use backtest::{Bar, Candle};
use domain::backtests::Backtest;
use domain::ids::Sha;
use domain::market::CandleSpan;
use domain::series::KeptCandle;

/// Bytes of one: its time and five numbers.
const BYTES: usize = 48;

/// All of a backtest, oldest first.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) candles: Vec<Candle>,
    pub(super) digest: Sha,
}

/// The candles that are kept of its time. None where one cannot be played.
pub(super) async fn bars<D: ReadCandles>(deps: &D, backtest: &Backtest) -> Result<Option<Bars>, StoreError> {
    let span = CandleSpan::between(backtest.series.interval, backtest.since, backtest.until);
    let kept = deps.read_candles(&backtest.series, &span).await?;
    let Some(candles) = kept.iter().map(candle).collect::<Option<Vec<_>>>() else { return Ok(None) };
    let mut bytes = Vec::with_capacity(candles.len().saturating_mul(BYTES));
    for Candle { time_ms, bar } in &candles {
        bytes.extend(time_ms.to_be_bytes());
        for number in [bar.open(), bar.high(), bar.low(), bar.close(), bar.volume()] {
            bytes.extend(number.to_be_bytes());
        }
    }
    Ok(Some(Bars { candles, digest: Sha::of_bytes(&bytes) }))
}

/// By the way of its texts, as a sheet of candles has it.
fn candle(kept: &KeptCandle) -> Option<Candle> {
    let number = |text: String| text.parse::<f64>().ok();
    let bar = kept.candle.bar;
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|price| number(price.to_string()));
    let bar = Bar::new(open?, high?, low?, close?, number(kept.candle.volume.to_string())?).ok()?;
    Some(Candle { time_ms: kept.opens_at().millis(), bar })
}
