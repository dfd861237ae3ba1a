//! Many pages at once, for a file.

use super::{AuditWanted, LogsError, ROWS_EXPORTED_MAX, SystemWanted, audit, system};
use crate::ports::{Page, PageRequest, ReadAudit, ReadLog};
use domain::audit::{Link, Shelf};
use domain::clock::Timestamp;
use domain::logs::Note;

const ROWS_PER_PAGE: u32 = 500;

/// Newest first; `more` where the rest did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported<T> {
    pub items: Vec<T>,
    pub more: bool,
}

/// # Errors
/// Where the store cannot be reached.
pub async fn export_system<D: ReadLog>(
    deps: &D,
    wanted: SystemWanted,
    now: Timestamp,
) -> Result<Exported<Note>, LogsError> {
    gather(async |page: PageRequest| system(deps, wanted, &page, now).await).await
}

/// # Errors
/// `TooMany`, or where the store cannot be reached.
pub async fn export_audit<D: ReadAudit>(
    deps: &D,
    wanted: &AuditWanted,
    now: Timestamp,
) -> Result<Exported<(Shelf, Link)>, LogsError> {
    gather(async |page: PageRequest| audit(deps, wanted, &page, now).await).await
}

async fn gather<T>(next: impl AsyncFn(PageRequest) -> Result<Page<T>, LogsError>) -> Result<Exported<T>, LogsError> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let page = next(PageRequest { limit: ROWS_PER_PAGE, cursor }).await?;
        items.extend(page.items);
        let is_full = items.len() >= ROWS_EXPORTED_MAX;
        items.truncate(ROWS_EXPORTED_MAX);
        cursor = page.next;
        if is_full || cursor.is_none() {
            return Ok(Exported { items, more: cursor.is_some() });
        }
    }
}
