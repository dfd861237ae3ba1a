//! Objects beside the tables: copies that a writer of the tables does not reach, months of candles, results of backtests.

use crate::error::StoreError;
use crate::identity::OldLog;
use crate::signed_days::SignedDay;
use domain::audit::{Chain, Head, Shelf};
use domain::clock::Timestamp;
use domain::ids::BacktestId;
use domain::series::{Month, Series};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::signed_day::{CopiedDay, CopiedHead, FirstDay};
use wire::stored::{self, Schema};
use wire::text::Text;
use wire::view::date;

/// Where objects stand: S3 has them, and a world of tests. Nothing of ours deletes one.
pub trait Objects: Send + Sync {
    /// None where there is none of this name.
    ///
    /// # Errors
    /// `Unavailable`.
    fn get_object(&self, key: &str, now: Timestamp)
    -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>> + Send;

    /// In the place of what is there; a bucket with versions keeps that as well.
    ///
    /// # Errors
    /// `Unavailable`.
    fn put_object(&self, key: &str, body: &[u8], now: Timestamp)
    -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The copy of a signature, with what was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCopy {
    pub signed: SignedDay,
    pub first: i64,
    pub heads: Vec<(Chain, Head)>,
}

/// A part of a day of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArchivePart {
    pub log: OldLog,
    pub day: i64,
    /// From 1.
    pub part: u32,
}

/// Copies of signed days and of old rows of logs.
#[derive(Debug)]
pub struct Copies<'a, O>(pub &'a O);

impl<O: Objects> Copies<'_, O> {
    /// The day from which on all were signed; none where none was.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn first_signed_day(&self, shelf: Shelf, now: Timestamp) -> Result<Option<i64>, StoreError> {
        let first: Option<FirstDay> = read(self.0, &first_key(shelf), now).await?;
        Ok(first.map(|first| first.day))
    }

    /// # Errors
    /// `Unavailable`.
    pub async fn keep_first_signed_day(&self, shelf: Shelf, day: i64, now: Timestamp) -> Result<(), StoreError> {
        put(self.0, &first_key(shelf), &FirstDay { v: Schema, day }, now).await
    }

    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn day_copy(&self, shelf: Shelf, day: i64, now: Timestamp) -> Result<Option<SignedDay>, StoreError> {
        let copied: Option<CopiedDay> = read(self.0, &day_key(shelf, day), now).await?;
        Ok(copied.map(|CopiedDay { signed, .. }| {
            let at = Timestamp::from_millis(signed.signed_at);
            SignedDay { shelf, day, sealed: signed.sealed, at }
        }))
    }

    /// # Errors
    /// `Unavailable`.
    pub async fn keep_day_copy(&self, copy: &DayCopy, now: Timestamp) -> Result<(), StoreError> {
        let SignedDay { shelf, day, sealed, at } = copy.signed.clone();
        let signed = stored::SignedDay { v: Schema, day, sealed, signed_at: at.millis() };
        let heads = copy.heads.iter().map(CopiedHead::from).collect();
        let copied = CopiedDay { table: Text(shelf), first: copy.first, signed, heads };
        put(self.0, &day_key(shelf, day), &copied, now).await
    }

    /// As it was packed.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn archived(&self, part: ArchivePart, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get_object(&archive_key(part), now).await
    }

    /// # Errors
    /// `Unavailable`.
    pub async fn keep_archive(&self, part: ArchivePart, packed: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.0.put_object(&archive_key(part), packed, now).await
    }
}

/// Months of candles, packed.
#[derive(Debug)]
pub struct Months<'a, O>(pub &'a O);

impl<O: Objects> Months<'_, O> {
    /// # Errors
    /// `Unavailable`.
    pub async fn packed(&self, series: &Series, month: Month, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get_object(&month_key(series, month), now).await
    }

    /// # Errors
    /// `Unavailable`.
    pub async fn keep(&self, series: &Series, month: Month, packed: &[u8], now: Timestamp) -> Result<(), StoreError> {
        self.0.put_object(&month_key(series, month), packed, now).await
    }
}

/// What is kept of what came of a backtest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultPart {
    /// Of a part of it, by its number.
    Part(u32),
    /// All of it.
    Whole,
}

/// What came of backtests; a rule of the bucket ends them.
#[derive(Debug)]
pub struct Results<'a, O>(pub &'a O);

impl<O: Objects> Results<'_, O> {
    /// # Errors
    /// `Unavailable`.
    pub async fn kept(&self, id: &BacktestId, part: ResultPart, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get_object(&result_key(id, part), now).await
    }

    /// In the place of what was there: the same part comes to the same again.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn keep(
        &self,
        id: &BacktestId,
        part: ResultPart,
        packed: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.put_object(&result_key(id, part), packed, now).await
    }
}

fn first_key(shelf: Shelf) -> String {
    format!("signed/{shelf}/first.json")
}

fn day_key(shelf: Shelf, day: i64) -> String {
    format!("signed/{shelf}/{}.json", date(day))
}

/// The name of a copied part of a log.
pub fn archive_key(ArchivePart { log, day, part }: ArchivePart) -> String {
    format!("logs/{log}/{}/{part:04}.jsonl.gz", date(day))
}

/// The name of a month of candles. Neither part of a symbol has a line in it.
pub fn month_key(Series { market, interval }: &Series, month: Month) -> String {
    let symbol = market.symbol.to_string().replace(['/', ':'], "_");
    format!("candles/{}/{symbol}/{interval}/{month}.csv.gz", market.exchange)
}

fn result_key(id: &BacktestId, part: ResultPart) -> String {
    match part {
        ResultPart::Part(part) => format!("{RESULTS}{id}/parts/{part:03}.json.gz"),
        ResultPart::Whole => format!("{RESULTS}{id}/result.json.gz"),
    }
}

/// What the names of all results begin with.
pub const RESULTS: &str = "backtests/";

async fn read<O: Objects, T: DeserializeOwned>(
    objects: &O,
    key: &str,
    now: Timestamp,
) -> Result<Option<T>, StoreError> {
    let Some(body) = objects.get_object(key, now).await? else { return Ok(None) };
    let read = serde_json::from_slice(&body);
    read.map(Some).map_err(|error| StoreError::Unreadable(format!("{key}: {error}")))
}

async fn put<O: Objects, T: Serialize>(objects: &O, key: &str, value: &T, now: Timestamp) -> Result<(), StoreError> {
    let body = serde_json::to_vec(value).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    objects.put_object(key, &body, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::market::{Interval, MarketKey};

    /// Objects of earlier releases are found by these.
    #[test]
    fn object_names_stay_as_they_were() {
        let (day, shelf) = (20_000, Shelf::Trading);
        assert_eq!(first_key(shelf), "signed/trading/first.json");
        assert_eq!(day_key(shelf, day), "signed/trading/2024-10-04.json");
        let part = ArchivePart { log: OldLog::System, day, part: 7 };
        assert_eq!(archive_key(part), "logs/system/2024-10-04/0007.jsonl.gz");
        let market = MarketKey {
            exchange: "BINANCEUSDM".parse().expect("an exchange"),
            symbol: "BTC/USDT:USDT".parse().expect("a symbol"),
        };
        let series = Series { market, interval: Interval::FourHours };
        let month = Month::of(Timestamp::from_millis(day * 86_400_000));
        assert_eq!(month_key(&series, month), "candles/BINANCEUSDM/BTC_USDT_USDT/4h/2024-10.csv.gz");
        let id = BacktestId::of(&["one"]);
        assert_eq!(result_key(&id, ResultPart::Part(3)), format!("backtests/{id}/parts/003.json.gz"));
        assert_eq!(result_key(&id, ResultPart::Whole), format!("backtests/{id}/result.json.gz"));
    }
}
