//! Candles of a CSV file: a header row with `time_ms,open,high,low,close,volume` in any order, other columns ignored.
//!
//! 1. A row is believed as a whole or not at all ([`indicators::Bar`]), and its time is later than that of the row before.
//! 2. Rows are handed out as they are read; no more than one is held.

use crate::failure::Failure;
use csv::{ByteRecord, Reader, ReaderBuilder, Trim};
use indicators::Bar;
use std::fs::{self, File};
use std::io::{Read, stdin};
use std::path::Path;

/// The last millisecond of the year 9999.
const TIME_MS_MAX: i64 = 253_402_300_799_999;
/// As the header names them; the prices in the order of [`Bar::new`].
const COLUMNS: [&str; 6] = ["time_ms", "open", "high", "low", "close", "volume"];

/// A candle, and when it opens, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candle {
    pub(crate) time_ms: i64,
    pub(crate) bar: Bar,
}

/// The candles of a file one after the other; after a failure none.
pub(crate) struct Candles<R> {
    rows: Reader<R>,
    /// Where each of [`COLUMNS`] stands.
    places: [usize; 6],
    width: usize,
    row: ByteRecord,
    before: Option<i64>,
    is_over: bool,
    name: String,
}

/// Candles of a file or of standard input.
pub(crate) type FromFile = Candles<Box<dyn Read>>;

/// Those of a file, or of standard input where it is `-`.
pub(crate) fn open(file: &Path) -> Result<FromFile, Failure> {
    let name = format!("--candles {}", file.display());
    if file == Path::new("-") {
        return Candles::of(Box::new(stdin()), "standard input".to_owned());
    }
    let opened = File::open(file).map_err(|error| Failure::input(format!("{name}: {error}")))?;
    Candles::of(Box::new(opened), name)
}

/// A file's candles, and the same again: who may show nothing of a bad file looks through it first. None for what cannot be read twice.
pub(crate) fn twice(file: &Path) -> Result<Option<[FromFile; 2]>, Failure> {
    if fs::metadata(file).is_ok_and(|is| is.is_file()) { Ok(Some([open(file)?, open(file)?])) } else { Ok(None) }
}

impl<R: Read> Candles<R> {
    /// # Errors
    /// Where the header cannot be read, or has a column not at all or twice.
    pub(crate) fn of(from: R, name: String) -> Result<Self, Failure> {
        let mut rows = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(from);
        let header = rows.byte_headers().map_err(|error| Failure::input(format!("{name}: {error}")))?;
        let mut places = [0; 6];
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            *place =
                only(header, column).map_err(|why| Failure::input(format!("{name}: {column} {why} in the header")))?;
        }
        let width = header.len();
        Ok(Self { rows, places, width, row: ByteRecord::new(), before: None, is_over: false, name })
    }

    /// The next candle, none behind the last.
    fn read(&mut self) -> Result<Option<Candle>, Failure> {
        match self.rows.read_byte_record(&mut self.row) {
            Ok(false) => Ok(None),
            Ok(true) => self.candle().map(Some).map_err(|why| self.wrong(&why)),
            Err(error) => Err(Failure::input(format!("{}: {error}", self.name))),
        }
    }

    fn candle(&mut self) -> Result<Candle, String> {
        if self.row.len() > self.width {
            return Err(format!("{} cells where the header has {}", self.row.len(), self.width));
        }
        let [time, prices @ ..] = self.places;
        let time_ms = self.time(time)?;
        let mut values = [0.0; 5];
        for ((value, place), column) in values.iter_mut().zip(prices).zip(COLUMNS.into_iter().skip(1)) {
            *value = self.cell(place, column)?.parse().map_err(|_| format!("{column} must be a number"))?;
        }
        let [open, high, low, close, volume] = values;
        let bar = Bar::new(open, high, low, close, volume).map_err(|wrong| wrong.to_string())?;
        Ok(Candle { time_ms, bar })
    }

    fn time(&mut self, place: usize) -> Result<i64, String> {
        let time = self.cell(place, "time_ms")?.parse().ok().filter(|time| (0..=TIME_MS_MAX).contains(time));
        let time = time.ok_or_else(|| format!("time_ms must be a whole number from 0 to {TIME_MS_MAX}"))?;
        if self.before.replace(time).is_some_and(|before| before >= time) {
            return Err("time_ms must be later than in the row before".to_owned());
        }
        Ok(time)
    }

    fn cell(&self, place: usize, column: &str) -> Result<&str, String> {
        let cell = self.row.get(place).ok_or_else(|| format!("{column} is missing"))?;
        str::from_utf8(cell).map_err(|_| format!("{column} must be a number"))
    }

    fn wrong(&self, why: &str) -> Failure {
        let line = self.row.position().map_or(0, csv::Position::line);
        Failure::input(format!("{}: line {line}: {why}", self.name))
    }
}

impl<R: Read> Iterator for Candles<R> {
    type Item = Result<Candle, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.read();
        self.is_over = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

/// Where a column stands, if it does once.
fn only(header: &ByteRecord, column: &str) -> Result<usize, &'static str> {
    let mut places = header.iter().enumerate().filter(|(_, name)| *name == column.as_bytes());
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Ok(place),
        (None, _) => Err("is missing"),
        (Some(_), Some(_)) => Err("stands twice"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "time_ms,open,high,low,close,volume";

    fn read(text: &[u8]) -> Result<Vec<Candle>, String> {
        let told = |failure: Failure| failure.text();
        Candles::of(text, "here".to_owned()).map_err(told)?.collect::<Result<_, _>>().map_err(told)
    }

    fn two() -> Vec<Candle> {
        let bar = |open, high, low, close, volume| Bar::new(open, high, low, close, volume).unwrap();
        let first = Candle { time_ms: 1000, bar: bar(1.0, 3.0, 0.5, 2.0, 10.0) };
        vec![first, Candle { time_ms: 2000, bar: bar(2.0, 2.0, 1e-8, 1.0, 0.0) }]
    }

    #[test]
    fn a_file_is_read_however_it_was_written() {
        let check = |text: &str| assert_eq!(read(text.as_bytes()), Ok(two()), "{text:?}");
        check("time_ms,open,high,low,close,volume\n1000,1,3,0.5,2,10\n2000,2,2,1e-8,1,0\n");
        check("time_ms,open,high,low,close,volume\n1000,1,3,0.5,2,10\n2000,2,2,1e-8,1,0");
        check("time_ms,open,high,low,close,volume\r\n1000,1,3,0.5,2,10\r\n\r\n2000,2,2,0.00000001,1,0\r\n");
        check("\u{feff}time_ms,open,high,low,close,volume\n1000,1,3,0.5,2,10\n2000,2,2,1e-8,1,0\n");
        check("bar,volume,close,low,high,open,time_ms\n0,10,2,.5,3,1,1000\nx,0,1,1e-8,2,2,2000\n");
        check("\"time_ms\", open ,high,low,close,volume\n\"1000\",\"1.0\", 3 ,0.5,2,10\n2000,2,2,1e-8,1,0\n");
        assert_eq!(read(HEADER.as_bytes()), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let check = |rows: &str, expected: &str| {
            let told = read(format!("{HEADER}\n1000,1,3,0.5,2,10\n{rows}\n").as_bytes());
            assert_eq!(told, Err(format!("here: line 3: {expected} | -")), "{rows}");
        };
        check("2000,1,3,0.5,2", "volume is missing");
        check("2000,1,3,0.5,2,10,7", "7 cells where the header has 6");
        check("2000,1,3,0.5,two,10", "close must be a number");
        check("2000,1,3,0.5,,10", "close must be a number");
        check("2000,NaN,3,0.5,2,10", "open must be a number from 1e-100 to 1e100");
        check("2000,1,inf,0.5,2,10", "high must be a number from 1e-100 to 1e100");
        check("2000,1,3,0.5,2,-1", "volume must be a number from 0 to 1e100");
        check("2000,1,1.5,0.5,2,10", "high must be at least open, low and close");
        check("2000,1,3,1.5,2,10", "low must be at most open, high and close");
        check("1000,1,3,0.5,2,10", "time_ms must be later than in the row before");
        check("999,1,3,0.5,2,10", "time_ms must be later than in the row before");
        check("2000.5,1,3,0.5,2,10", "time_ms must be a whole number from 0 to 253402300799999");
        check("-1,1,3,0.5,2,10", "time_ms must be a whole number from 0 to 253402300799999");
    }

    #[test]
    fn each_column_stands_once_in_the_header() {
        let check =
            |text: &str, expected: &str| assert_eq!(read(text.as_bytes()), Err(format!("here: {expected} | -")));
        check("", "time_ms is missing in the header");
        check("time_ms,open,high,close,volume\n", "low is missing in the header");
        check("time_ms,open,high,low,close,volume,close\n", "close stands twice in the header");
        check("1000,1,3,0.5,2,10\n", "time_ms is missing in the header");
    }

    #[test]
    fn what_is_no_text_is_no_number() {
        let text = [HEADER.as_bytes(), b"\n1000,1,3,0.5,\xff,10"].concat();
        assert_eq!(read(&text), Err("here: line 2: close must be a number | -".to_owned()));
    }
}
