//! The specification's indicators, beside each candle of a file.

use crate::args::Indicators;
use crate::candles::{self, Candle};
use crate::failure::Failure;
use crate::holes::Holes;
use indicators::{BadPeriod, SimpleRsi, Standard, StandardValues};
use std::io::{self, BufWriter, ErrorKind, Write, stdout};

const HEADER: &str = "time_ms,rsi_14,rsi_14_simple,macd,macd_signal,macd_histogram,ema_50,ema_200,sma_20,\
                      bb_upper,bb_middle,bb_lower,atr_14,volume_sma_20";

/// Why printing has ended early.
enum Stop {
    Input(Failure),
    Output(io::Error),
}

/// The set, and what it lacks of the columns: the specification's other relative strength (`spec/003`).
struct Columns {
    standard: Standard,
    simple_rsi: SimpleRsi,
}

impl Columns {
    fn new() -> Result<Self, BadPeriod> {
        Ok(Self { standard: Standard::new()?, simple_rsi: SimpleRsi::new(14)? })
    }
}

/// Nothing is printed before all candles were found good.
pub(super) fn run(asked: &Indicators) -> Result<(), Failure> {
    let columns = Columns::new().map_err(|wrong| Failure::input(wrong.to_string()))?;
    let printed = match candles::twice(&asked.candles)? {
        Some([first, again]) => {
            let times = first.map(|candle| candle.map(|candle| candle.time_ms));
            Holes::between(&times.collect::<Result<Vec<_>, _>>()?).warn();
            print(columns, again)
        }
        None => {
            let all: Vec<Candle> = candles::open(&asked.candles)?.collect::<Result<_, _>>()?;
            Holes::between(&all.iter().map(|candle| candle.time_ms).collect::<Vec<_>>()).warn();
            print(columns, all.into_iter().map(Ok))
        }
    };
    match printed {
        Err(Stop::Input(failure)) => Err(failure),
        Err(Stop::Output(error)) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::refused(format!("standard output: {error}")))
        }
        // Whoever reads no further has what they wanted.
        _ => Ok(()),
    }
}

fn print(mut columns: Columns, candles: impl Iterator<Item = Result<Candle, Failure>>) -> Result<(), Stop> {
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{HEADER}").map_err(Stop::Output)?;
    for candle in candles {
        let Candle { time_ms, bar } = candle.map_err(Stop::Input)?;
        let simple_rsi = columns.simple_rsi.update(bar.close());
        row(&mut out, time_ms, &columns.standard.update(&bar), simple_rsi).map_err(Stop::Output)?;
    }
    out.flush().map_err(Stop::Output)
}

fn row(out: &mut impl Write, time_ms: i64, values: &StandardValues, simple_rsi: Option<f64>) -> io::Result<()> {
    let (macd, bands) = (values.macd, values.bollinger);
    let cells = [
        values.rsi_14,
        simple_rsi,
        macd.map(|macd| macd.line),
        macd.map(|macd| macd.signal),
        macd.map(|macd| macd.histogram),
        values.ema_50,
        values.ema_200,
        values.sma_20(),
        bands.map(|bands| bands.upper),
        bands.map(|bands| bands.middle),
        bands.map(|bands| bands.lower),
        values.atr_14,
        values.volume_sma_20,
    ];
    write!(out, "{time_ms}")?;
    for cell in cells {
        match cell {
            // The shortest decimal that reads back as the same number.
            Some(value) => write!(out, ",{value:?}")?,
            None => out.write_all(b",")?,
        }
    }
    out.write_all(b"\n")
}
