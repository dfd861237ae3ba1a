//! Passes of the account watch, and which accounts there are to watch.

use crate::account::activated;
use crate::client::Aws;
use crate::keys;
use app::ports::{ActivateAccount, BeginPass, KeepLooks, ListActive, StoreError};
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::looks::Wanted;
use domain::market::Symbol;
use std::collections::BTreeSet;
use store::Written;
use store::condition::{LATE_AS_SEEN, NO_OPEN_GROUP, NOTHING_WANTED, PASS_BEFORE, PRESENT, WANTED_AS_SEEN};
use store::item::{number, text_of, time, to_value};
use store::{Index, Query, Write};
use wire::stored;
use wire::text::AsText;

impl BeginPass for Aws {
    async fn begin_pass(&self, account: &AccountId, slot: i64, latest: i64) -> Result<Option<Account>, StoreError> {
        if slot > latest {
            return Ok(None);
        }
        let write = Write::update(keys::account(account))
            .set("pass_slot", number(slot))
            .when(PASS_BEFORE)
            .given("pass_slot", number(slot))
            .given("latest_slot", number(latest));
        match self.rows().send(write).await? {
            Written::Done(item) => self.seated(item, account).await.map(Some),
            Written::Refused(_) => Ok(None),
        }
    }

    async fn retire(&self, account: &AccountId) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account))
            .remove("active_pk")
            .remove("active_sk")
            .when(NO_OPEN_GROUP)
            .when(NOTHING_WANTED)
            .given("none", number(0));
        self.rows().send(write).await.map(drop)
    }
}

impl ActivateAccount for Aws {
    async fn activate(&self, account: &AccountId, wanted: &Wanted) -> Result<(), StoreError> {
        let write = activated(Write::update(keys::account(account)).when(PRESENT), account);
        let write = write.set("wanted", to_value(&stored::Wanted::from(wanted))?);
        self.rows().send(write).await.map(drop)
    }
}

impl KeepLooks for Aws {
    async fn mark_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT).set(late(market), time(at));
        self.rows().send(write).await.map(drop)
    }

    async fn end_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).remove(late(market)).when(LATE_AS_SEEN);
        let write = write.naming("late", late(market)).given("seen_late_at", time(at));
        self.rows().send(write).await.map(drop)
    }

    async fn keep_wanted(&self, account: &AccountId, left: &Wanted) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).set("wanted", to_value(&stored::Wanted::from(left))?);
        let write = write.when(WANTED_AS_SEEN).given("seen_wanted_at", time(left.at));
        self.rows().send(write).await.map(drop)
    }

    async fn end_wanted(&self, account: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).remove("wanted").when(WANTED_AS_SEEN);
        self.rows().send(write.given("seen_wanted_at", time(at))).await.map(drop)
    }
}

fn late(market: &Symbol) -> String {
    format!("late#{market}")
}

impl ListActive for Aws {
    async fn list_active(&self, shard: u8) -> Result<Vec<AccountId>, StoreError> {
        let items = self.rows().pages(Query::index(Index::Active, keys::active(shard))).await?;
        items
            .iter()
            .map(|item| AccountId::of_text(text_of(item, "active_sk")?).map_err(StoreError::Unreadable))
            .collect()
    }

    /// The whole index: it holds the keys of those who trade, and nobody else.
    async fn active_shards(&self) -> Result<BTreeSet<u8>, StoreError> {
        let entries = self.whole(Index::Active).await?;
        let shard = |item| keys::shard_of_active(text_of(item, "active_pk")?);
        // One that cannot be read must not keep the others from their passes.
        let told = |error: &StoreError| tracing::error!(%error, "an active account is left alone");
        Ok(entries.iter().filter_map(|item| shard(item).inspect_err(told).ok()).collect())
    }
}
