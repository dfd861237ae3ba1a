//! Whose rows these are, and what coming back after a restore needs.

use super::StoreError;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::recovery::TableId;

pub use store::trading::SystemState;

/// "Look at the venue for this account, and merge what it says."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverAccount {
    pub account: AccountId,
    /// The table that is to be recovered; another one is left alone.
    pub table: TableId,
    pub trace: String,
}

pub trait KnowTable {
    /// The identity of the trading table that is really used, as it was told at most
    /// [`domain::limits::TABLE_ID_CACHE`] ago.
    async fn table_id(&self) -> Result<TableId, StoreError>;
}

pub trait AskRecovery {
    async fn ask_recovery(&self, recovery: &RecoverAccount, now: Timestamp) -> Result<(), StoreError>;
}
