//! What a user's accounts ended each day with, and what the user keeps beside trades.

use super::Trading;
use super::keys;
use crate::audit;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, to_item, ttl};
use crate::key::Table;
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::{GroupId, OwnTradeId, UserId};
use domain::limits::{AUDIT_RETENTION, BOOK_DAYS_RETENTION};
use domain::trade_record::TradeOf;
use wire::stored::{BookDay, TradeRecord};

impl<E: Engine> Trading<'_, E> {
    /// In the place of what stands for its day.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_book_day(&self, day: &BookDay) -> Result<(), StoreError> {
        let ends = ttl(Timestamp::from_millis(day.at).plus(BOOK_DAYS_RETENTION));
        let row = to_item(day)?.into_iter().chain([("ttl".into(), ends)]);
        Rows(self.0).send(Write::replace(keys::book_day(&day.user.0, day.day), row.collect())).await.map(drop)
    }

    /// From `first` to `last`, oldest first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_book_days(&self, user: &UserId, first: i64, last: i64) -> Result<Vec<BookDay>, StoreError> {
        let within = Within::Between(keys::book_day_sk(first), keys::book_day_sk(last));
        let rows = Rows(self.0).pages(Query::of(Table::Trading, keys::of_assessed(user)).within(within)).await?;
        rows.into_iter().map(from_item).collect()
    }

    /// What is kept of a trade; none of one that was deleted.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_trade_record(&self, user: &UserId, of: &TradeOf) -> Result<Option<TradeRecord>, StoreError> {
        let row: Option<TradeRecord> = Rows(self.0).load(&keys::trade_record(user, of.as_str())).await?;
        Ok(row.filter(|row| !row.deleted))
    }

    /// What is kept of these positions.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_trade_records(&self, user: &UserId, of: &[GroupId]) -> Result<Vec<TradeRecord>, StoreError> {
        let keys: Vec<_> = of.iter().map(|group| keys::trade_record(user, group.as_str())).collect();
        live(Rows(self.0).get_all(&keys).await?)
    }

    /// Trades of the user that were made elsewhere.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_own_trades(&self, user: &UserId) -> Result<Vec<TradeRecord>, StoreError> {
        self.records(user, OwnTradeId::PREFIX).await
    }

    /// What is kept of all positions of the user.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_position_records(&self, user: &UserId) -> Result<Vec<TradeRecord>, StoreError> {
        self.records(user, GroupId::PREFIX).await
    }

    async fn records(&self, user: &UserId, prefix: &str) -> Result<Vec<TradeRecord>, StoreError> {
        live(Rows(self.0).query(Table::Trading, &keys::of_trades(user), prefix).await?)
    }

    /// How many trades that were made elsewhere are stored, with those that were deleted lately.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn count_own_trades(&self, user: &UserId) -> Result<usize, StoreError> {
        Ok(Rows(self.0).query(Table::Trading, &keys::of_trades(user), OwnTradeId::PREFIX).await?.len())
    }

    /// Takes away all that an erased user has kept beside trades.
    ///
    /// # Errors
    /// `Unavailable`: some of it may be gone, and the same again does the rest.
    pub async fn forget_trade_records(&self, user: &UserId) -> Result<(), StoreError> {
        Rows(self.0).forget(Table::Trading, &keys::of_trades(user), |_| true).await
    }

    /// In the place of the version that was seen, with an audit row; false if another version stands. What is deleted ends by itself.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_trade_record(
        &self,
        record: &TradeRecord,
        seen: Option<u64>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let row = Write::versioned(keys::trade_record(&record.user.0, &record.id), record, seen)?;
        let row = if record.deleted { row.set("ttl", ttl(audit.at.plus(AUDIT_RETENTION))) } else { row };
        Rows(self.0).all_or_none(vec![row, audit::row(audit)?], &audit.attempt).await
    }
}

fn live(rows: Vec<Item>) -> Result<Vec<TradeRecord>, StoreError> {
    let rows = rows.into_iter().map(from_item::<TradeRecord>).collect::<Result<Vec<_>, _>>()?;
    Ok(rows.into_iter().filter(|row| !row.deleted).collect())
}
