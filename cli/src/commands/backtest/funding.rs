//! What holding contracts has cost: the rates of a file.

use super::refused;
use crate::failure::Failure;
use backtest::{BadFunding, Funding};
use csv::{ReaderBuilder, Trim};
use domain::money::Amount;
use serde::Deserialize;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Rates of a file: forty years of eight hours.
const RATES_MAX: usize = 50_000;

/// A row of a file.
#[derive(Deserialize)]
struct Row {
    time_ms: i64,
    rate: String,
}

/// The rates of a file, where one is named.
pub(super) fn recorded_in(file: Option<&Path>) -> Result<Option<Funding>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let name = format!("--funding {}", file.display());
    let opened = File::open(file).map_err(|error| refused(&name, &error))?;
    recorded(opened).map(Some).map_err(|wrong| refused(&name, &wrong))
}

/// What is wrong is told with its line.
fn recorded(from: impl Read) -> Result<Funding, String> {
    let mut rows = ReaderBuilder::new().trim(Trim::All).from_reader(from);
    let mut rates = Vec::new();
    for (row, line) in rows.deserialize().zip(2_usize..) {
        let Row { time_ms, rate } = row.map_err(|error: csv::Error| error.to_string())?;
        let rate: Amount = rate.parse().map_err(|wrong| format!("line {line}: rate {wrong}"))?;
        Funding::same(rate).map_err(|wrong| format!("line {line}: rate {wrong}"))?;
        rates.push((time_ms, rate));
        if rates.len() > RATES_MAX {
            return Err(format!("must have at most {RATES_MAX} rates"));
        }
    }
    Funding::recorded(rates).map_err(|wrong| match wrong {
        BadFunding::Time(place) => format!("line {}: time_ms {wrong}", place.saturating_add(2)),
        BadFunding::Rate => format!("rate {wrong}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_with_their_times() {
        let rates = vec![(5, "0.0001".parse().unwrap()), (9, "-0.0002".parse().unwrap())];
        let read = recorded("rate,symbol,time_ms\n0.0001,X,5\n -0.0002,X,9\n".as_bytes());
        assert_eq!(read, Ok(Funding::recorded(rates).unwrap()));
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        let check = |rows: &str, expected: &str| {
            let wrong = recorded(format!("time_ms,rate\n{rows}").as_bytes()).unwrap_err();
            assert!(wrong.contains(expected), "{wrong}");
        };
        check("1,0.1\n1,0.1\n", "line 3: time_ms must be later than the time before it");
        check("1,0.1\n2,1.5\n", "line 3: rate must be above -1 and below 1");
        check("1,NaN\n", "line 2: rate must be a decimal number");
        check("x,0.1\n", "line: 2");
        assert!(recorded("time,rate\n1,0.1\n".as_bytes()).unwrap_err().contains("time_ms"));
    }
}
