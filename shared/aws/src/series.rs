//! Series of candles, sixteen in a row, and who wants one, in the table of markets.
//!
//! They are read as they may lag, which costs half as much: whoever misses a candle asks for it again, or shows it a moment later.

use crate::client::Aws;
use crate::keys;
use app::ports::{
    Failing, KeepCandles, KeepWish, ListWishes, MarkSeries, MarkTold, Older, ReadCandles, SeriesMark, StoreError,
    Wanting, Wish,
};
use domain::clock::{Millis, Timestamp};
use domain::limits::CANDLES_PER_ROW;
use domain::market::{CandleSpan, Interval, MarketKey};
use domain::series::{KeptCandle, Series};
use store::Written;
use store::condition::{NEVER_SETTLED, VERSION_AS_SEEN};
use store::item::{from_item, number, text_of, to_item, to_value, ttl};
use store::{Item, Key, Query, Table, Within, Write};
use wire::stored::{self, CandleRow, PackedCandle, Schema, SeriesFailing, WishedBy};
use wire::text::Text;

/// Rows that are read for the newest candles: the last one may have begun just now.
const NEWEST_ROWS: i32 = 2;

/// When the row of a candle begins.
fn row_of(interval: Interval, opens_at: Timestamp) -> Timestamp {
    opens_at.minus(Millis::new(opens_at.millis().rem_euclid(interval.times(CANDLES_PER_ROW).get())))
}

impl ReadCandles for Aws {
    async fn read_candles(&self, series: &Series, span: &CandleSpan) -> Result<Vec<KeptCandle>, StoreError> {
        if span.count() == 0 {
            return Ok(Vec::new());
        }
        let (first, last) = (row_of(series.interval, span.first()), span.end().minus(Millis::new(1)));
        let rows = Within::Between(keys::candle_row_sk(first), keys::candle_row_sk(last));
        let mut kept = opened(series.interval, self.rows().pages(rows_of(series).within(rows)).await?)?;
        kept.retain(|kept| span.first() <= kept.opens_at() && kept.opens_at() < span.end());
        Ok(kept)
    }

    async fn oldest_candle(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        let rows = self.rows().page(&rows_of(series).limit(1)).await?.items;
        Ok(opened(series.interval, rows)?.first().map(KeptCandle::opens_at))
    }

    async fn newest_candles(&self, series: &Series) -> Result<Vec<KeptCandle>, StoreError> {
        let mut rows = self.rows().page(&rows_of(series).newest_first().limit(NEWEST_ROWS)).await?.items;
        rows.reverse();
        opened(series.interval, rows)
    }
}

impl KeepCandles for Aws {
    async fn keep_candles(&self, series: &Series, candles: &[KeptCandle]) -> Result<(), StoreError> {
        let begins = |kept: &KeptCandle| row_of(series.interval, kept.opens_at());
        for row in candles.chunk_by(|one, next| begins(one) == begins(next)) {
            let Some(first) = row.first() else { continue };
            self.rows().send(written(series, begins(first), row)?).await?;
        }
        Ok(())
    }
}

/// Candles of one row: those beside them stay as they are.
fn written(series: &Series, begins: Timestamp, candles: &[KeptCandle]) -> Result<Write, StoreError> {
    let interval = series.interval;
    let place = |kept: &KeptCandle| {
        let place = kept.opens_at().since(begins).get().checked_div(interval.length().get());
        place
            .and_then(|place| u8::try_from(place).ok())
            .ok_or_else(|| StoreError::unreadable("a candle beside its row"))
    };
    let packed = |kept: &KeptCandle| Ok((place(kept)?, PackedCandle::of(kept).map_err(StoreError::unreadable)?));
    let row = CandleRow { candles: candles.iter().map(packed).collect::<Result<_, StoreError>>()? };
    let write = Write::update(keys::candle_row(series, begins));
    let write = to_item(&row)?.into_iter().fold(write, |write, (name, value)| write.set(name, value));
    let ends = begins.plus(interval.times(CANDLES_PER_ROW));
    Ok(interval.goes_after().into_iter().fold(write, |write, after| write.set("ttl", ttl(ends.plus(after)))))
}

fn opened(interval: Interval, rows: Vec<Item>) -> Result<Vec<KeptCandle>, StoreError> {
    let mut kept = Vec::new();
    for item in rows {
        let begins = keys::candle_row_begins(text_of(&item, "sk")?)?;
        kept.extend(from_item::<CandleRow>(item)?.open(interval, begins).map_err(StoreError::unreadable)?);
    }
    Ok(kept)
}

fn rows_of(series: &Series) -> Query {
    Query::of(Table::Market, keys::of_series(series)).lagging()
}

impl Aws {
    async fn replace(&self, key: Key, row: Item) -> Result<(), StoreError> {
        self.rows().send(Write::replace(key, row)).await.map(drop)
    }
}

impl MarkSeries for Aws {
    async fn series_mark(&self, series: &Series) -> Result<SeriesMark, StoreError> {
        let row: Option<stored::SeriesMark> = self.rows().load(&keys::series_mark(series)).await?;
        let at = |at: Option<i64>| at.map(Timestamp::from_millis);
        let mark = |row: stored::SeriesMark| SeriesMark {
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
        };
        Ok(row.map(mark).unwrap_or_default())
    }

    async fn keep_series_mark(&self, series: &Series, mark: &SeriesMark, seen: u64) -> Result<bool, StoreError> {
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
        let (version, looks) = (mark.version, mark.looks);
        let row = stored::SeriesMark { v: Schema, version, asked_to, settled_to, looks, older, failing };
        let write = Write::replace(keys::series_mark(series), to_item(&row)?);
        let write = match seen {
            0 => write.when(NEVER_SETTLED),
            seen => write.when(VERSION_AS_SEEN).given("seen_version", number(seen)),
        };
        Ok(matches!(self.rows().send(write).await?, Written::Done(_)))
    }
}

impl MarkTold for Aws {
    async fn series_told(&self, series: &Series) -> Result<Option<Timestamp>, StoreError> {
        let row: Option<stored::SeriesTold> = self.rows().load(&keys::series_told(series)).await?;
        Ok(row.map(|row| Timestamp::from_millis(row.opens_at)))
    }

    async fn keep_series_told(&self, series: &Series, opens_at: Timestamp) -> Result<(), StoreError> {
        let row = to_item(&stored::SeriesTold { v: Schema, opens_at: opens_at.millis() })?;
        self.replace(keys::series_told(series), row).await
    }
}

impl ListWishes for Aws {
    async fn list_wishes(&self) -> Result<Vec<Wish>, StoreError> {
        // How many there are already is counted in them: who has just put one there finds it.
        let rows = self.rows().pages(Query::of(Table::Market, keys::WISHES)).await?;
        Ok(rows.into_iter().filter_map(readable).collect())
    }
}

impl KeepWish for Aws {
    async fn keep_wish(&self, wish: &Wish) -> Result<(), StoreError> {
        self.rows().send(wish_write(wish)?).await.map(drop)
    }

    async fn drop_wish(&self, series: &Series, by: &Wanting) -> Result<(), StoreError> {
        self.rows().send(Write::delete(keys::wish(series, by))).await.map(drop)
    }
}

/// A newer release's keeps nobody else's series from being fetched.
fn readable(row: Item) -> Option<Wish> {
    let row = from_item::<stored::Wish>(row);
    row.inspect_err(|error| tracing::warn!(%error, "a wish for a series cannot be read")).ok().and_then(wish)
}

pub(crate) fn wish_write(wish: &Wish) -> Result<Write, StoreError> {
    let Wish { series, by, since, until } = wish;
    let (kind, run) = match by {
        Wanting::List(_) => (WishedBy::List, None),
        Wanting::Chart(_) => (WishedBy::Chart, None),
        Wanting::Bot(_, run) => (WishedBy::Bot, Some(Text(run.clone()))),
    };
    let row = stored::Wish {
        v: Schema,
        exchange: Text(series.market.exchange.clone()),
        symbol: Text(series.market.symbol.clone()),
        timeframe: Text(series.interval),
        by: kind,
        user: Text(by.user().clone()),
        run,
        since: since.millis(),
        until: until.map(Timestamp::millis),
    };
    let mut row = to_item(&row)?;
    if let Some(until) = until {
        row.insert("ttl".into(), to_value(&until.millis().div_euclid(1_000).saturating_add(1))?);
    }
    Ok(Write::replace(keys::wish(series, by), row))
}

/// None where it says that a run hears it and not which.
fn wish(row: stored::Wish) -> Option<Wish> {
    let market = MarketKey { exchange: row.exchange.0, symbol: row.symbol.0 };
    let user = row.user.0;
    Some(Wish {
        series: Series { market, interval: row.timeframe.0 },
        by: match row.by {
            WishedBy::List => Wanting::List(user),
            WishedBy::Chart => Wanting::Chart(user),
            WishedBy::Bot => Wanting::Bot(user, row.run?.0),
        },
        since: Timestamp::from_millis(row.since),
        until: row.until.map(Timestamp::from_millis),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::AttemptId;
    use domain::market::{Bar, Candle};
    use store::Value;

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
            .map(|part| {
                written(series, begins, part).unwrap().at(begins).stamped(&AttemptId::new("A".repeat(22))).item()
            })
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
