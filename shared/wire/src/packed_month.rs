//! A month of candles, packed: what `moniqo backtest` reads, with when each was kept beside it, compressed by gzip.

use domain::clock::Timestamp;
use domain::market::{Bar, Candle, Interval};
use domain::series::KeptCandle;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{self, Read, Write};
use std::str::FromStr;

const COLUMNS: &str = "time_ms,open,high,low,close,volume,kept_at_ms";

/// # Errors
/// Where a line cannot be written, which none of ours is.
pub fn pack(candles: &[KeptCandle]) -> io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    writeln!(packed, "{COLUMNS}")?;
    for KeptCandle { candle: Candle { bar, volume, .. }, kept_at } in candles {
        let Bar { opens_at, open, high, low, close, .. } = bar;
        writeln!(packed, "{},{open},{high},{low},{close},{volume},{}", opens_at.millis(), kept_at.millis())?;
    }
    packed.finish()
}

/// # Errors
/// Where it is not packed as [`pack`] does it, or holds what is no candle.
pub fn unpack(interval: Interval, packed: &[u8]) -> io::Result<Vec<KeptCandle>> {
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text)?;
    let mut lines = text.lines();
    if lines.next() != Some(COLUMNS) {
        return Err(io::Error::other(format!("its columns are not {COLUMNS}")));
    }
    lines.map(|line| candle(interval, line).ok_or_else(|| io::Error::other(format!("{line} is no candle")))).collect()
}

fn candle(interval: Interval, line: &str) -> Option<KeptCandle> {
    let mut cells = line.split(',');
    let opens_at = time(cells.next()?)?;
    let (open, high, low, close) =
        (read(cells.next()?)?, read(cells.next()?)?, read(cells.next()?)?, read(cells.next()?)?);
    let (volume, kept_at) = (read(cells.next()?)?, time(cells.next()?)?);
    let bar = Bar { opens_at, closes_at: opens_at.plus(interval.length()), open, high, low, close };
    let is_whole = cells.next().is_none() && interval.opening(opens_at) == opens_at;
    is_whole.then_some(KeptCandle { candle: Candle { bar, volume, is_closed: true }, kept_at })
}

fn time(text: &str) -> Option<Timestamp> {
    read(text).map(Timestamp::from_millis)
}

fn read<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
