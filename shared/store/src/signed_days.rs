//! Signatures of closed days: one partition of each table with chains in it.

use crate::audit::{Audits, table};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, ttl};
use crate::key::Key;
use crate::query::Query;
use crate::query::Within;
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::audit::{Shelf, forgotten_at};
use domain::clock::Timestamp;
use wire::stored::{self, Schema};

/// The partition of signatures, in each table with chains in it.
const SIGNED_DAYS: &str = "SGN";

/// The signature of a closed day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedDay {
    pub shelf: Shelf,
    pub day: i64,
    /// [`domain::audit::DayHeads`], as only the deployment's key can have sealed them.
    pub sealed: String,
    pub at: Timestamp,
}

impl<E: Engine> Audits<'_, E> {
    /// Stays as it was first put.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_signed_day(&self, signed: &SignedDay) -> Result<(), StoreError> {
        let SignedDay { shelf, day, sealed, at } = signed;
        let row = stored::SignedDay { v: Schema, day: *day, sealed: sealed.clone(), signed_at: at.millis() };
        let put = Write::insert(signed_day_key(*shelf, *day), &row)?.set("ttl", ttl(forgotten_at(*day)));
        Rows(self.0).send(put).await.map(drop)
    }

    /// The newest of a table.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn newest_signed_day(&self, shelf: Shelf) -> Result<Option<SignedDay>, StoreError> {
        let newest = Query::of(table(shelf), SIGNED_DAYS).newest_first().limit(1);
        Rows(self.0).page(&newest).await?.items.into_iter().next().map(|item| read(shelf, item)).transpose()
    }

    /// From day to day, the last included; by their days.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn signed_days(&self, shelf: Shelf, first: i64, last: i64) -> Result<Vec<SignedDay>, StoreError> {
        let days = Within::Between(sk(first), sk(last));
        let rows = Rows(self.0).page(&Query::of(table(shelf), SIGNED_DAYS).within(days)).await?.items;
        rows.into_iter().map(|item| read(shelf, item)).collect()
    }
}

fn read(shelf: Shelf, item: Item) -> Result<SignedDay, StoreError> {
    let row: stored::SignedDay = from_item(item)?;
    Ok(SignedDay { shelf, day: row.day, sealed: row.sealed, at: Timestamp::from_millis(row.signed_at) })
}

/// Where the signature of a day stands.
pub fn signed_day_key(shelf: Shelf, day: i64) -> Key {
    Key::new(table(shelf), SIGNED_DAYS, sk(day))
}

fn sk(day: i64) -> String {
    format!("{day:05}")
}
