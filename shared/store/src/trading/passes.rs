//! Passes of the account watch, and which accounts there are to watch.

use super::Trading;
use super::account::activated;
use super::keys;
use crate::condition::{LATE_AS_SEEN, NO_OPEN_GROUP, NOTHING_WANTED, PASS_BEFORE, PRESENT, WANTED_AS_SEEN};
use crate::engine::{Engine, Written};
use crate::error::StoreError;
use crate::item::{number, text_of, time, to_value};
use crate::query::{Index, Query};
use crate::rows::Rows;
use crate::write::Write;
use domain::account::Account;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::looks::Wanted;
use domain::market::Symbol;
use std::collections::BTreeSet;
use wire::stored;
use wire::text::AsText;

impl<E: Engine> Trading<'_, E> {
    /// Takes the slot's pass of an account, and gives the account as it is then; none where the pass was taken before. A slot
    /// behind `latest` that stands there is of no clock: this pass takes its place.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn begin_pass(&self, account: &AccountId, slot: i64, latest: i64) -> Result<Option<Account>, StoreError> {
        if slot > latest {
            return Ok(None);
        }
        let write = Write::update(keys::account(account))
            .set("pass_slot", number(slot))
            .when(PASS_BEFORE)
            .given("pass_slot", number(slot))
            .given("latest_slot", number(latest));
        match Rows(self.0).send(write).await? {
            Written::Done(item) => self.seated(item, account).await.map(Some),
            Written::Refused(_) => Ok(None),
        }
    }

    /// Takes an account without an open group, and of which no look is wanted, off the list of active ones.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn retire(&self, account: &AccountId) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account))
            .remove("active_pk")
            .remove("active_sk")
            .when(NO_OPEN_GROUP)
            .when(NOTHING_WANTED)
            .given("none", number(0));
        Rows(self.0).send(write).await.map(drop)
    }

    /// Puts an account on the list of active ones, so that its next pass is made even where nothing of it is live, and notes
    /// what that pass is to look at, in the place of an earlier wish.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn activate(&self, account: &AccountId, wanted: &Wanted) -> Result<(), StoreError> {
        let write = activated(Write::update(keys::account(account)).when(PRESENT), account);
        let write = write.set("wanted", to_value(&stored::Wanted::from(wanted))?);
        Rows(self.0).send(write).await.map(drop)
    }

    /// Notes that an order of this market, which was sent, is called absent. It may come after all.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn mark_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT).set(late(market), time(at));
        Rows(self.0).send(write).await.map(drop)
    }

    /// Nothing of this market is awaited any more; nothing happens where another was called absent since.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn end_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).remove(late(market)).when(LATE_AS_SEEN);
        let write = write.naming("late", late(market)).given("seen_late_at", time(at));
        Rows(self.0).send(write).await.map(drop)
    }

    /// Some of what was asked for then was looked at; nothing happens where it was asked for again since.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_wanted(&self, account: &AccountId, left: &Wanted) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).set("wanted", to_value(&stored::Wanted::from(left))?);
        let write = write.when(WANTED_AS_SEEN).given("seen_wanted_at", time(left.at));
        Rows(self.0).send(write).await.map(drop)
    }

    /// All that was asked for then was looked at; nothing happens where it was asked for again since.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn end_wanted(&self, account: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).remove("wanted").when(WANTED_AS_SEEN);
        Rows(self.0).send(write.given("seen_wanted_at", time(at))).await.map(drop)
    }
}

fn late(market: &Symbol) -> String {
    format!("late#{market}")
}

impl<E: Engine> Trading<'_, E> {
    /// Accounts of a shard that have, or lately had, a group that is not closed.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_active(&self, shard: u8) -> Result<Vec<AccountId>, StoreError> {
        let items = Rows(self.0).pages(Query::index(Index::Active, keys::active(shard))).await?;
        items
            .iter()
            .map(|item| AccountId::of_text(text_of(item, "active_sk")?).map_err(StoreError::Unreadable))
            .collect()
    }

    /// The accounts of all shards, read from the whole index: it holds the keys of accounts that trade, and of no others.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn all_active(&self) -> Result<Vec<AccountId>, StoreError> {
        let entries = self.0.scan(Index::Active).await?;
        let account = |item| AccountId::of_text(text_of(item, "active_sk")?).map_err(StoreError::Unreadable);
        entries.iter().map(account).collect()
    }

    /// The shards of all such accounts, read from the whole index.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn active_shards(&self) -> Result<BTreeSet<u8>, StoreError> {
        let entries = self.0.scan(Index::Active).await?;
        let shard = |item| keys::shard_of_active(text_of(item, "active_pk")?);
        // One that cannot be read must not keep the others from their passes.
        let told = |error: &StoreError| tracing::error!(%error, "an active account is left alone");
        Ok(entries.iter().filter_map(|item| shard(item).inspect_err(told).ok()).collect())
    }
}
