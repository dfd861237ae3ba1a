//! Signatures of closed days: one partition of each table with chains in it.

use crate::audit::place;
use crate::client::Aws;
use crate::error::unavailable;
use crate::item::{Item, from_item, text, ttl};
use crate::keys;
use crate::stamp;
use crate::write::Write;
use app::ports::{KeepSignedDay, ReadSignedDays, SignedDay, StoreError};
use domain::audit::{Shelf, forgotten_at};
use domain::clock::Timestamp;
use wire::stored::{self, Schema};

impl KeepSignedDay for Aws {
    async fn keep_signed_day(&self, signed: &SignedDay) -> Result<(), StoreError> {
        let SignedDay { shelf, day, sealed, at } = signed;
        let row = stored::SignedDay { v: Schema, day: *day, sealed: sealed.clone(), signed_at: at.millis() };
        let put = Write::insert(keys::signed_day(place(*shelf), *day), &row)?.set("ttl", ttl(forgotten_at(*day)));
        self.write(put, &stamp::fresh()?).await.map(drop)
    }
}

impl ReadSignedDays for Aws {
    async fn newest_signed_day(&self, shelf: Shelf) -> Result<Option<SignedDay>, StoreError> {
        let call = self.db().query().table_name(self.name(place(shelf))?).consistent_read(true);
        let call = call.key_condition_expression("pk = :pk").scan_index_forward(false).limit(1);
        let call = call.expression_attribute_values(":pk", text(keys::SIGNED_DAYS));
        let found = call.send().await.map_err(|error| unavailable(&error))?;
        found.items.unwrap_or_default().into_iter().next().map(|item| read(shelf, item)).transpose()
    }

    async fn signed_days(&self, shelf: Shelf, first: i64, last: i64) -> Result<Vec<SignedDay>, StoreError> {
        let call = self.db().query().table_name(self.name(place(shelf))?).consistent_read(true);
        let call = call
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", text(keys::SIGNED_DAYS))
            .expression_attribute_values(":first", text(keys::signed_day_sk(first)))
            .expression_attribute_values(":last", text(keys::signed_day_sk(last)));
        let found = call.send().await.map_err(|error| unavailable(&error))?;
        found.items.unwrap_or_default().into_iter().map(|item| read(shelf, item)).collect()
    }
}

fn read(shelf: Shelf, item: Item) -> Result<SignedDay, StoreError> {
    let row: stored::SignedDay = from_item(item)?;
    Ok(SignedDay { shelf, day: row.day, sealed: row.sealed, at: Timestamp::from_millis(row.signed_at) })
}
