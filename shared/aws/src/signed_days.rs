//! Signatures of closed days: one partition of each table with chains in it.

use crate::client::Aws;
use crate::keys;
use app::ports::{KeepSignedDay, ReadSignedDays, SignedDay, StoreError};
use domain::audit::{Shelf, forgotten_at};
use domain::clock::Timestamp;
use store::audit::table;
use store::item::{from_item, ttl};
use store::{Item, Query, Within, Write};
use wire::stored::{self, Schema};

impl KeepSignedDay for Aws {
    async fn keep_signed_day(&self, signed: &SignedDay) -> Result<(), StoreError> {
        let SignedDay { shelf, day, sealed, at } = signed;
        let row = stored::SignedDay { v: Schema, day: *day, sealed: sealed.clone(), signed_at: at.millis() };
        let put = Write::insert(keys::signed_day(table(*shelf), *day), &row)?.set("ttl", ttl(forgotten_at(*day)));
        self.rows().send(put).await.map(drop)
    }
}

impl ReadSignedDays for Aws {
    async fn newest_signed_day(&self, shelf: Shelf) -> Result<Option<SignedDay>, StoreError> {
        let newest = Query::of(table(shelf), keys::SIGNED_DAYS).newest_first().limit(1);
        self.rows().page(&newest).await?.items.into_iter().next().map(|item| read(shelf, item)).transpose()
    }

    async fn signed_days(&self, shelf: Shelf, first: i64, last: i64) -> Result<Vec<SignedDay>, StoreError> {
        let days = Within::Between(keys::signed_day_sk(first), keys::signed_day_sk(last));
        let rows = self.rows().page(&Query::of(table(shelf), keys::SIGNED_DAYS).within(days)).await?.items;
        rows.into_iter().map(|item| read(shelf, item)).collect()
    }
}

fn read(shelf: Shelf, item: Item) -> Result<SignedDay, StoreError> {
    let row: stored::SignedDay = from_item(item)?;
    Ok(SignedDay { shelf, day: row.day, sealed: row.sealed, at: Timestamp::from_millis(row.signed_at) })
}
