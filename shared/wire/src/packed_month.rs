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

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Interval = Interval::OneHour;

    fn kept(number: u32) -> KeptCandle {
        let opens_at = Timestamp::from_millis(1_700_006_400_000).plus(HOUR.times(number));
        let price = |text: &str| text.parse().unwrap();
        let (open, high, low, close) = (price("0.00000012"), price("86100.91"), price("0.00000011"), price("86012.13"));
        let bar = Bar { opens_at, closes_at: opens_at.plus(HOUR.length()), open, high, low, close };
        let candle = Candle { bar, volume: "1234.56789".parse().unwrap(), is_closed: true };
        KeptCandle { candle, kept_at: bar.closes_at.plus(domain::clock::Millis::new(5_123)) }
    }

    #[test]
    fn what_is_packed_is_read_again_and_is_a_sheet_of_candles() {
        let candles: Vec<_> = (0..744).map(kept).collect();
        let packed = pack(&candles).unwrap();
        assert_eq!(unpack(HOUR, &packed).unwrap(), candles);
        assert!(packed.len() < 20_000, "{} bytes", packed.len());
        let mut text = String::new();
        GzDecoder::new(&*pack(&candles[..1]).unwrap()).read_to_string(&mut text).unwrap();
        let row = "1700006400000,0.00000012,86100.91,0.00000011,86012.13,1234.56789,1700010005123";
        assert_eq!(text, format!("{COLUMNS}\n{row}\n"));
    }

    #[test]
    fn what_is_cut_off_or_of_another_length_is_no_month() {
        let packed = pack(&[kept(1)]).unwrap();
        assert!(unpack(HOUR, &packed[..packed.len() - 4]).is_err());
        assert!(unpack(Interval::FourHours, &packed).is_err());
        assert!(unpack(HOUR, b"plain").is_err());
        assert_eq!(unpack(HOUR, &pack(&[]).unwrap()).unwrap(), []);
    }
}
