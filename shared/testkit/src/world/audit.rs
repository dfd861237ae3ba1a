//! What is on record.

use super::World;
use app::ports::{ReadAudit, StoreError};
use domain::audit::{Chain, Head, Link, Shelf};
use domain::ids::UserId;
use std::ops::RangeInclusive;
use store::audit::Audits;

impl ReadAudit for World {
    async fn audit_heads(&self, shelf: Shelf, day: i64) -> Result<Vec<(Chain, Head)>, StoreError> {
        Audits(self).heads(shelf, day).await
    }

    async fn audit_head(&self, chain: &Chain) -> Result<Option<Head>, StoreError> {
        Audits(self).head(chain).await
    }

    async fn audited_days(
        &self,
        user: &UserId,
        shelf: Shelf,
        days: RangeInclusive<i64>,
    ) -> Result<Vec<(Chain, Head)>, StoreError> {
        Audits(self).days(user, shelf, days).await
    }

    async fn audit_rows(&self, chain: &Chain, after: u64, limit: u32) -> Result<Vec<Link>, StoreError> {
        Audits(self).rows(chain, after, limit).await
    }
}
