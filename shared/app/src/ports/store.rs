//! What is kept, read and committed.

use crate::commit::Transaction;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, AttemptId};
use domain::market::MarketKey;
use domain::money::Price;
use store::Engine;
use store::trading::Trading;

pub use domain::vault::Standing;
pub use store::trading::{History, Kept, Outbox, Told};
pub use store::{CommitError, Page, PageRequest, StoreError};

pub trait LoadAccount {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError>;
}

pub trait ReadPrice {
    /// The last known price and its time.
    async fn read_price(&self, market: &MarketKey, now: Timestamp) -> Result<Option<(Price, Timestamp)>, StoreError>;
}

pub trait Commit {
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError>;

    /// Unique to one commit: that of another, of the same run too, would take what was refused for what was applied.
    fn commit_stamp(&self) -> Result<AttemptId, StoreError>;
}

/// How long a row that is due waits for its next look.
pub fn backoff(sends: u32) -> Millis {
    let doubled = domain::limits::OUTBOX_DUE.get().saturating_mul(1_i64.checked_shl(sends.min(16)).unwrap_or(i64::MAX));
    Millis::new(doubled.min(domain::limits::OUTBOX_DUE_MAX.get()))
}

impl<E: Engine> LoadAccount for E {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        Trading(self).load_account(account).await
    }
}

impl<E: Engine> Commit for E {
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        Trading(self).commit(transaction).await
    }

    fn commit_stamp(&self) -> Result<AttemptId, StoreError> {
        self.stamp()
    }
}
