//! Candles, sixteen in a row, and what is remembered of a series beside them.
//!
//! They are read as they may lag, which costs half as much: a reader that misses a candle asks for it again, or shows it a moment later.

use super::Market;
use crate::condition::{NEVER_SETTLED, VERSION_AS_SEEN};
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{from_item, number, text_of, to_item, ttl};
use crate::key::{Key, Table};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::clock::{Millis, Timestamp};
use domain::limits::CANDLES_PER_ROW;
use domain::market::{CandleSpan, Interval};
use domain::series::{KeptCandle, Looks, Series, Settled};
use wire::stored::{self, CandleRow, PackedCandle, Schema, SeriesFailing};

/// Rows that are read for the newest candles: the last one may have begun just now.
const NEWEST_ROWS: i32 = 2;
const MINUTE_MS: i64 = 60_000;

/// What is remembered of a series beside its candles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeriesMark {
    /// How often what is settled was changed, `older` with it: a writer that has not seen the newest takes none of it back.
    pub version: u64,
    /// All before was asked for, and answered whole, but for what is `older`.
    pub asked_to: Option<Timestamp>,
    /// Of all before it is known whether there is a candle.
    pub settled_to: Option<Timestamp>,
    /// How often the holes behind that were asked for again, and left out; where nothing is kept yet, how often nothing was told.
    pub looks: Looks,
    /// What a backfill has brought before all that was settled by then, or a series that was left alone for long has not caught up with: it
    /// is settled by itself, and keeps nothing newer waiting.
    pub older: Option<Older>,
    /// That it is asked for in vain.
    pub failing: Option<Failing>,
}

/// A part of a series that ends before what was settled else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Older {
    pub settled_to: Timestamp,
    pub to: Timestamp,
    pub looks: Looks,
}

/// Since when a series is asked for in vain, and what was said of it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    pub since: Timestamp,
    pub detail: String,
}

impl SeriesMark {
    /// Of which time it is known whether there is a candle.
    pub fn settled(&self) -> Settled {
        Settled { to: self.settled_to, but: self.older.map(|older| (older.settled_to, older.to)) }
    }

    /// The same of a series that goes on `from` there: what lies between that and what was `known` is brought by itself.
    #[must_use]
    pub fn anew(self, known: Timestamp, from: Timestamp) -> Self {
        let settled_to = self.older.map_or(self.settled_to, |older| Some(older.settled_to));
        let looks = Looks::default();
        let older = Older { settled_to: settled_to.map_or(known, |settled| settled.min(known)), to: from, looks };
        Self { asked_to: Some(from), settled_to: Some(from), older: Some(older), looks, ..self }.changed()
    }

    /// With another word on what is settled.
    #[must_use]
    pub fn changed(self) -> Self {
        Self { version: self.version.saturating_add(1), ..self }
    }
}

impl<E: Engine> Market<'_, E> {
    /// Those that are kept of a span, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError> {
        if span.count() == 0 {
            return Ok(Vec::new());
        }
        let (first, last) = (row_of(series.interval, span.first()), span.end().minus(Millis::new(1)));
        let rows = Within::Between(row_sk(first), row_sk(last));
        let mut kept = opened(series.interval, Rows(self.0).pages(rows_of(series).within(rows)).await?)?;
        kept.retain(|kept| span.first() <= kept.opens_at() && kept.opens_at() < span.end());
        Ok(kept)
    }

    /// When the oldest one opens that is kept.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        let rows = Rows(self.0).page(&rows_of(series).limit(1)).await?.items;
        Ok(opened(series.interval, rows)?.first().map(KeptCandle::opens_at))
    }

    /// The newest ones, oldest first: [`domain::limits::CANDLES_PER_ROW`] at least, where so many are kept in a row.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError> {
        let mut rows = Rows(self.0).page(&rows_of(series).newest_first().limit(NEWEST_ROWS)).await?.items;
        rows.reverse();
        opened(series.interval, rows)
    }

    /// Keeps candles, oldest first, each in the place of what was known of it.
    ///
    /// # Errors
    /// `Unavailable`: the first of them may be kept, and none behind one that is not.
    pub async fn keep_candles(&self, series: &Series, candles: &[KeptCandle]) -> Result<(), StoreError> {
        let begins = |kept: &KeptCandle| row_of(series.interval, kept.opens_at());
        for row in candles.chunk_by(|one, next| begins(one) == begins(next)) {
            Rows(self.0).send(candle_row(series, row)?).await?;
        }
        Ok(())
    }

    /// Nothing where nothing was ever remembered.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError> {
        let row: Option<stored::SeriesMark> = Rows(self.0).load(&mark_key(series)).await?;
        Ok(row.map(mark).unwrap_or_default())
    }

    /// In the place of what was there, where its version is the one `seen`; whether it was. What is not remembered is
    /// asked for again.
    ///
    /// # Errors
    /// `Unavailable`: whether it was kept is not known.
    pub async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark, seen: u64) -> Result<bool, StoreError> {
        let write = Write::replace(mark_key(series), to_item(&mark_row(mark))?);
        let write = match seen {
            0 => write.when(NEVER_SETTLED),
            seen => write.when(VERSION_AS_SEEN).given("seen_version", number(seen)),
        };
        Ok(matches!(Rows(self.0).send(write).await?, Written::Done(_)))
    }

    /// When the newest candle opens that was told of this series; none where none ever was.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn series_told(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<stored::SeriesTold> = Rows(self.0).load(&told_key(series)).await?;
        Ok(row.map(|row| Timestamp::from_millis(row.opens_at)))
    }

    /// In the place of what was there: a writer that forgets it tells again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep_series_told(&self, series: &Series, opens_at: Timestamp) -> Result<(), StoreError> {
        let row = to_item(&stored::SeriesTold { v: Schema, opens_at: opens_at.millis() })?;
        Rows(self.0).send(Write::replace(told_key(series), row)).await.map(drop)
    }
}

/// Candles of one row: those beside them stay as they are.
///
/// # Errors
/// `Unreadable`: none, or some of another row.
pub fn candle_row(series: &Series, candles: &[KeptCandle]) -> Result<Write, StoreError> {
    let interval = series.interval;
    let first = candles.first().ok_or_else(|| StoreError::unreadable("no candle"))?;
    let begins = row_of(interval, first.opens_at());
    let place = |kept: &KeptCandle| {
        let place = kept.opens_at().since(begins).get().checked_div(interval.length().get());
        let place = place.filter(|place| *place < i64::from(CANDLES_PER_ROW));
        place
            .and_then(|place| u8::try_from(place).ok())
            .ok_or_else(|| StoreError::unreadable("a candle beside its row"))
    };
    let packed = |kept: &KeptCandle| Ok((place(kept)?, PackedCandle::of(kept).map_err(StoreError::unreadable)?));
    let row = CandleRow { candles: candles.iter().map(packed).collect::<Result<_, StoreError>>()? };
    let write = Write::update(candle_key(series, first.opens_at()));
    let write = to_item(&row)?.into_iter().fold(write, |write, (name, value)| write.set(name, value));
    let ends = begins.plus(interval.times(CANDLES_PER_ROW));
    Ok(interval.goes_after().into_iter().fold(write, |write, after| write.set("ttl", ttl(ends.plus(after)))))
}

/// Where the row of a candle stands.
pub fn candle_key(series: &Series, opens_at: Timestamp) -> Key {
    Key::new(Table::Market, of_series(series), row_sk(row_of(series.interval, opens_at)))
}

/// All candles of the rows of one series.
///
/// # Errors
/// `Unreadable`: this code does not know such a row.
pub fn candles_of(series: &Series, rows: Vec<Item>) -> Result<Vec<KeptCandle>, StoreError> {
    opened(series.interval, rows)
}

fn opened(interval: Interval, rows: Vec<Item>) -> Result<Vec<KeptCandle>, StoreError> {
    let mut kept = Vec::new();
    for item in rows {
        let begins = row_begins(text_of(&item, "sk")?)?;
        kept.extend(from_item::<CandleRow>(item)?.open(interval, begins).map_err(StoreError::unreadable)?);
    }
    Ok(kept)
}

/// When the row of a candle begins.
fn row_of(interval: Interval, opens_at: Timestamp) -> Timestamp {
    opens_at.minus(Millis::new(opens_at.millis().rem_euclid(interval.times(CANDLES_PER_ROW).get())))
}

/// All rows of a series.
pub fn rows_of(series: &Series) -> Query {
    Query::of(Table::Market, of_series(series)).lagging()
}

fn mark(row: stored::SeriesMark) -> SeriesMark {
    let at = |at: Option<i64>| at.map(Timestamp::from_millis);
    SeriesMark {
        version: row.version,
        asked_to: at(row.asked_to),
        settled_to: at(row.settled_to),
        looks: row.looks,
        older: row.older.map(|older| Older {
            settled_to: Timestamp::from_millis(older.settled_to),
            to: Timestamp::from_millis(older.to),
            looks: older.looks,
        }),
        failing: row
            .failing
            .map(|failing| Failing { since: Timestamp::from_millis(failing.since), detail: failing.detail }),
    }
}

fn mark_row(mark: &SeriesMark) -> stored::SeriesMark {
    let at = |at: Option<Timestamp>| at.map(Timestamp::millis);
    let (asked_to, settled_to) = (at(mark.asked_to), at(mark.settled_to));
    let older = mark.older.map(|Older { settled_to, to, looks }| stored::OlderPart {
        settled_to: settled_to.millis(),
        to: to.millis(),
        looks,
    });
    let failing = mark.failing.as_ref();
    let failing =
        failing.map(|Failing { since, detail }| SeriesFailing { since: since.millis(), detail: detail.clone() });
    stored::SeriesMark { v: Schema, version: mark.version, asked_to, settled_to, looks: mark.looks, older, failing }
}

/// The partition of a series' candles.
fn of_series(series: &Series) -> String {
    format!("CDL#{series}")
}

/// Minutes since 1970-01-01, in eight digits.
fn row_sk(at: Timestamp) -> String {
    format!("{:08}", at.millis().div_euclid(MINUTE_MS))
}

fn row_begins(sk: &str) -> Result<Timestamp, StoreError> {
    let minutes: Option<i64> = sk.parse().ok();
    let begins = minutes.map(|minutes| Timestamp::from_millis(minutes.saturating_mul(MINUTE_MS)));
    begins.ok_or_else(|| StoreError::Unreadable(format!("{sk} is no place of candles")))
}

/// What is remembered of a series beside its candles.
fn mark_key(series: &Series) -> Key {
    Key::new(Table::Market, format!("SER#{series}"), "S")
}

/// Up to when its candles were told.
fn told_key(series: &Series) -> Key {
    Key::new(Table::Market, format!("SER#{series}"), "T")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;
    use domain::ids::AttemptId;
    use domain::market::{Bar, Candle, MarketKey};

    fn series(symbol: &str, interval: Interval) -> Series {
        let market = MarketKey { exchange: "BINANCEUSDM".parse().unwrap(), symbol: symbol.parse().unwrap() };
        Series { market, interval }
    }

    fn kept(interval: Interval, number: u32) -> KeptCandle {
        let opens_at = Timestamp::from_millis(1_728_000_000_000).plus(interval.times(number));
        let price = |text: &str| text.parse().unwrap();
        let (open, high, low, close) = (price("86012.12"), price("86100.91"), price("85990.05"), price("86012.13"));
        let bar = Bar { opens_at, closes_at: opens_at.plus(interval.length()), open, high, low, close };
        KeptCandle {
            candle: Candle { bar, volume: "1234.56789".parse().unwrap(), is_closed: true },
            kept_at: bar.closes_at,
        }
    }

    /// As the service counts: names and values; a number takes a byte for two digits, and one more.
    fn size(item: &Item) -> usize {
        let value = |value: &Value| match value {
            Value::S(text) => text.len(),
            Value::N(digits) => digits.len().div_ceil(2) + 1,
            Value::B(bytes) => bytes.len(),
            _ => unreachable!("such rows have texts, numbers and bytes"),
        };
        item.iter().map(|(name, held)| name.len() + value(held)).sum()
    }

    /// A whole row, as it stands in the table.
    fn whole(series: &Series) -> Item {
        let all: Vec<_> = (0..CANDLES_PER_ROW).map(|number| kept(series.interval, number)).collect();
        let begins = row_of(series.interval, all[0].opens_at());
        let row: Item = all
            .chunks(5)
            .map(|part| candle_row(series, part).unwrap().at(begins).stamped(&AttemptId::new("A".repeat(22))).item())
            .reduce(|row, part| row.into_iter().chain(part).collect())
            .unwrap();
        row
    }

    #[test]
    fn a_candle_more_is_one_unit_and_five_hundred_with_those_before_them_are_ten() {
        let series = series("1000PEPE/USDT:USDT", Interval::OneMinute);
        let row = whole(&series);
        assert!(size(&row) <= 1_000, "{} bytes", size(&row));
        let rows = (500 + domain::limits::INDICATORS_OVER).div_ceil(CANDLES_PER_ROW) + 1;
        let units = (usize::try_from(rows).unwrap() * size(&row)).div_ceil(4_096).div_ceil(2);
        assert!(units <= 10, "{units} units for {rows} rows of {} bytes", size(&row));
    }

    #[test]
    fn candles_come_back_from_the_row_in_which_they_stand_and_go_with_it() {
        for interval in Interval::ALL {
            let series = series("BTC/USDT:USDT", interval);
            let row = whole(&series);
            assert_eq!(row.contains_key("ttl"), interval != Interval::OneDay, "{interval}");
            let opened = opened(interval, vec![row]).unwrap();
            assert_eq!(opened, (0..CANDLES_PER_ROW).map(|number| kept(interval, number)).collect::<Vec<_>>());
        }
    }
}
