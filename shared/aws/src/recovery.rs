//! What coming back after a restore reads.

use crate::attributes::value_to_sdk;
use crate::client::Aws;
use crate::config::Place;
use crate::error::unavailable;
use app::ports::{StoreError, SystemState};
use domain::clock::Timestamp;
use domain::recovery::Adoption;
use std::collections::BTreeSet;
use store::Engine;
use store::condition::ABSENT;
use store::item::text;
use store::trading::keys::OF_ACCOUNT;
use store::trading::system_row;

impl Aws {
    /// Says that a table without any account is to be acted upon. One that has an account is left alone: only
    /// a recovery says so there.
    ///
    /// # Errors
    /// Where the table cannot be read or written.
    pub async fn adopt_fresh(&self, at: Timestamp) -> Result<(), StoreError> {
        if self.has_account().await? {
            return Ok(());
        }
        let adopted = Adoption { table: self.table_id().await?, at, left_out: BTreeSet::new() };
        let row = system_row(&SystemState { adopted: Some(adopted), ..SystemState::default() })?;
        self.rows().send(row.when(ABSENT)).await.map(drop)
    }

    /// Whether anybody has an account here. Reads all of the table in the worst case: a seed may, nothing else should.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn has_account(&self) -> Result<bool, StoreError> {
        let mut start = None;
        loop {
            let call = self.db().scan().table_name(self.name(Place::Trading)?).consistent_read(true);
            let call = call
                .filter_expression("begins_with(pk, :account)")
                .expression_attribute_values(":account", value_to_sdk(text(OF_ACCOUNT)));
            let page = call.set_exclusive_start_key(start).send().await.map_err(|error| unavailable(&error))?;
            if page.count > 0 || page.last_evaluated_key.is_none() {
                return Ok(page.count > 0);
            }
            start = page.last_evaluated_key;
        }
    }
}
