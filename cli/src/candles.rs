//! Candles of a CSV file: a header row with `time_ms,open,high,low,close,volume` in any order, other columns ignored.
//!
//! 1. A row is believed as a whole or not at all ([`indicators::Bar`]), and its time is later than that of the row before.
//! 2. Rows are handed out as they are read; no more than one is held.
//! 3. Times in seconds or in microseconds are refused, and not taken for those of another year.

use crate::failure::Failure;
use csv::{ByteRecord, Reader, ReaderBuilder, Trim};
use indicators::Bar;
use std::fs::{self, File};
use std::io::{Read, stdin};
use std::path::Path;

/// In March 1973: seconds up to the year 5138 are less than that, and candles that have been recorded since are more.
const TIME_MS_MIN: i64 = 100_000_000_000;
/// Where most candles are nearer to each other, their times are no milliseconds.
const APART_MS_MIN: i64 = 1_000;
/// What files of others call the time.
const OTHER_TIMES: [&[u8]; 7] = [b"time", b"timestamp", b"date", b"datetime", b"open_time", b"open time", b"unix"];
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
    near: Near,
    is_over: bool,
    name: String,
}

/// Whether most rows are too near to the one before.
#[derive(Debug, Default)]
struct Near {
    /// Rows that are, less those that are not.
    more: i64,
    /// The line of the first.
    line: u64,
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
            *place = only(header, column).map_err(|why| {
                let hint = if column == "time_ms" { other_time(header) } else { String::new() };
                Failure::input(format!("{name}: {column} {why} in the header{hint}"))
            })?;
        }
        let width = header.len();
        let (row, near) = (ByteRecord::new(), Near::default());
        Ok(Self { rows, places, width, row, before: None, near, is_over: false, name })
    }

    /// The next candle, none behind the last.
    fn read(&mut self) -> Result<Option<Candle>, Failure> {
        match self.rows.read_byte_record(&mut self.row) {
            Ok(false) if self.near.more > 0 => {
                let why = "most rows are less than a second behind the row before: are their times milliseconds?";
                Err(self.wrong_at(self.near.line, why))
            }
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
        let time = self.cell(place, "time_ms")?.parse::<i64>().ok();
        let time = time.filter(|time| (TIME_MS_MIN..=TIME_MS_MAX).contains(time)).ok_or_else(|| {
            let unit = match time {
                Some(0..TIME_MS_MIN) => ", in milliseconds since 1970: is it in seconds?",
                Some(TIME_MS_MAX..) => ", in milliseconds since 1970: is it in microseconds?",
                _ => "",
            };
            format!("time_ms must be a whole number from {TIME_MS_MIN} to {TIME_MS_MAX}{unit}")
        })?;
        let Some(before) = self.before.replace(time) else { return Ok(time) };
        if before >= time {
            return Err("time_ms must be later than in the row before".to_owned());
        }
        let is_near = time.saturating_sub(before) < APART_MS_MIN;
        if is_near && self.near.line == 0 {
            self.near.line = self.line();
        }
        self.near.more = self.near.more.saturating_add(if is_near { 1 } else { -1 });
        Ok(time)
    }

    fn cell(&self, place: usize, column: &str) -> Result<&str, String> {
        let cell = self.row.get(place).ok_or_else(|| format!("{column} is missing"))?;
        str::from_utf8(cell).map_err(|_| format!("{column} must be a number"))
    }

    fn wrong(&self, why: &str) -> Failure {
        self.wrong_at(self.line(), why)
    }

    fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line)
    }

    fn wrong_at(&self, line: u64, why: &str) -> Failure {
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

/// What the header may mean by another name; nothing where it has none.
fn other_time(header: &ByteRecord) -> String {
    let is_time = |name: &&[u8]| OTHER_TIMES.iter().any(|other| other.eq_ignore_ascii_case(name));
    match header.iter().find(is_time) {
        Some(name) => format!(
            ": it has {}; time_ms is when a candle opens in milliseconds since 1970, a thousand times the seconds",
            String::from_utf8_lossy(name)
        ),
        None if header.iter().any(|cell| cell.first().is_some_and(u8::is_ascii_digit)) => {
            ": its first row names the columns time_ms,open,high,low,close,volume".to_owned()
        }
        None => String::new(),
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
        let first = Candle { time_ms: 1_600_000_001_000, bar: bar(1.0, 3.0, 0.5, 2.0, 10.0) };
        vec![first, Candle { time_ms: 1_600_000_002_000, bar: bar(2.0, 2.0, 1e-8, 1.0, 0.0) }]
    }

    #[test]
    fn a_file_is_read_however_it_was_written() {
        let check = |text: &str| assert_eq!(read(text.as_bytes()), Ok(two()), "{text:?}");
        check("time_ms,open,high,low,close,volume\n1600000001000,1,3,0.5,2,10\n1600000002000,2,2,1e-8,1,0\n");
        check("time_ms,open,high,low,close,volume\n1600000001000,1,3,0.5,2,10\n1600000002000,2,2,1e-8,1,0");
        check(
            "time_ms,open,high,low,close,volume\r\n1600000001000,1,3,0.5,2,10\r\n\r\n1600000002000,2,2,0.00000001,1,0\r\n",
        );
        check("\u{feff}time_ms,open,high,low,close,volume\n1600000001000,1,3,0.5,2,10\n1600000002000,2,2,1e-8,1,0\n");
        check("bar,volume,close,low,high,open,time_ms\n0,10,2,.5,3,1,1600000001000\nx,0,1,1e-8,2,2,1600000002000\n");
        check(
            "\"time_ms\", open ,high,low,close,volume\n\"1600000001000\",\"1.0\", 3 ,0.5,2,10\n1600000002000,2,2,1e-8,1,0\n",
        );
        assert_eq!(read(HEADER.as_bytes()), Ok(Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let check = |rows: &str, expected: &str| {
            let told = read(format!("{HEADER}\n1600000001000,1,3,0.5,2,10\n{rows}\n").as_bytes());
            assert_eq!(told, Err(format!("here: line 3: {expected} | -")), "{rows}");
        };
        check("1600000002000,1,3,0.5,2", "volume is missing");
        check("1600000002000,1,3,0.5,2,10,7", "7 cells where the header has 6");
        check("1600000002000,1,3,0.5,two,10", "close must be a number");
        check("1600000002000,1,3,0.5,,10", "close must be a number");
        check("1600000002000,NaN,3,0.5,2,10", "open must be a number from 1e-100 to 1e100");
        check("1600000002000,1,inf,0.5,2,10", "high must be a number from 1e-100 to 1e100");
        check("1600000002000,1,3,0.5,2,-1", "volume must be a number from 0 to 1e100");
        check("1600000002000,1,1.5,0.5,2,10", "high must be at least open, low and close");
        check("1600000002000,1,3,1.5,2,10", "low must be at most open, high and close");
        check("1600000001000,1,3,0.5,2,10", "time_ms must be later than in the row before");
        check("1600000000999,1,3,0.5,2,10", "time_ms must be later than in the row before");
        check("1600000002000.5,1,3,0.5,2,10", "time_ms must be a whole number from 100000000000 to 253402300799999");
        let unit = |unit: &str| {
            let bounds = "from 100000000000 to 253402300799999, in milliseconds since 1970";
            format!("time_ms must be a whole number {bounds}: is it in {unit}?")
        };
        check("1600000060,1,3,0.5,2,10", &unit("seconds"));
        check("0,1,3,0.5,2,10", &unit("seconds"));
        check("1600000060000000,1,3,0.5,2,10", &unit("microseconds"));
        check("-1,1,3,0.5,2,10", "time_ms must be a whole number from 100000000000 to 253402300799999");
    }

    #[test]
    fn candles_of_less_than_a_second_are_in_another_unit() {
        let rows = |every: i64| -> String {
            (0..9).map(|row| format!("\n{},1,3,0.5,2,10", 1_600_000_000_000 + row * every)).collect()
        };
        assert!(read(format!("{HEADER}{}", rows(1_000)).as_bytes()).is_ok());
        let told = read(format!("{HEADER}\n1590000000000,1,3,0.5,2,10{}", rows(60)).as_bytes());
        let why = "most rows are less than a second behind the row before: are their times milliseconds?";
        assert_eq!(told, Err(format!("here: line 4: {why} | -")));
    }

    #[test]
    fn each_column_stands_once_in_the_header() {
        let check =
            |text: &str, expected: &str| assert_eq!(read(text.as_bytes()), Err(format!("here: {expected} | -")));
        check("", "time_ms is missing in the header");
        check("time_ms,open,high,close,volume\n", "low is missing in the header");
        check("time_ms,open,high,low,close,volume,close\n", "close stands twice in the header");
        check(
            "1600000001000,1,3,0.5,2,10\n",
            "time_ms is missing in the header: its first row names the columns time_ms,open,high,low,close,volume",
        );
        check(
            "Time,open,high,low,close,Volume\n",
            "time_ms is missing in the header: it has Time; time_ms is when a candle opens in milliseconds since 1970, a thousand times the seconds",
        );
    }

    #[test]
    fn what_is_no_text_is_no_number() {
        let text = [HEADER.as_bytes(), b"\n1600000001000,1,3,0.5,\xff,10"].concat();
        assert_eq!(read(&text), Err("here: line 2: close must be a number | -".to_owned()));
    }
}
