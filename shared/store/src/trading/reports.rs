//! What a recovery of an account has found.

use super::Trading;
use super::keys;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::rows::Rows;
use crate::write::Write;
use domain::ids::AccountId;
use domain::recovery::{Report, TableId};
use wire::stored;

impl<E: Engine> Trading<'_, E> {
    /// In the place of an older report of the same account and table.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_report(&self, report: &Report) -> Result<(), StoreError> {
        let row = stored::RecoveryReport::from(report);
        let write = Write::upsert(keys::report(&report.account, &report.table), &row)?;
        Rows(self.0).send(write).await.map(drop)
    }

    /// None where it was not recovered in this table.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_report(&self, account: &AccountId, table: &TableId) -> Result<Option<Report>, StoreError> {
        let row: Option<stored::RecoveryReport> = Rows(self.0).load(&keys::report(account, table)).await?;
        Ok(row.map(Report::from))
    }
}
