//! What people have done, as it was put on record.

use super::StoreError;
pub use domain::audit::Audit;
use domain::audit::{Chain, Head, Link, Shelf};
use domain::ids::UserId;
use std::ops::RangeInclusive;
use store::Engine;
use store::audit::Audits;

pub trait ReadAudit {
    /// Who has changed anything in this table on this day, with the heads of their chains; by their ids.
    async fn audit_heads(&self, shelf: Shelf, day: i64) -> Result<Vec<(Chain, Head)>, StoreError>;

    /// One person's; none where they have changed nothing.
    async fn audit_head(&self, chain: &Chain) -> Result<Option<Head>, StoreError>;

    /// One person's of these days, in their order; days of which there is none are left out.
    async fn audited_days(
        &self,
        user: &UserId,
        shelf: Shelf,
        days: RangeInclusive<i64>,
    ) -> Result<Vec<(Chain, Head)>, StoreError>;

    /// Rows after this number, by their numbers; at most `limit`.
    async fn audit_rows(&self, chain: &Chain, after: u64, limit: u32) -> Result<Vec<Link>, StoreError>;
}

impl<E: Engine> ReadAudit for E {
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
