//! Many pages at once, for a file.

use super::{AuditWanted, LogsError, ROWS_EXPORTED_MAX, SystemWanted, audit, system};
use crate::ports::{Page, PageRequest, ReadAudit, ReadLog};
use domain::audit::{Link, Shelf};
use domain::clock::Timestamp;
use domain::logs::Note;

/// A day of changes is read as a whole for each page of it: pages are as long as a day may be.
const ROWS_PER_PAGE: u32 = 2_000;

/// Newest first; `more` where the rest did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported<T> {
    pub items: Vec<T>,
    pub more: bool,
    /// Where the rest begins.
    pub next: Option<String>,
}

/// # Errors
/// Where the store cannot be reached.
pub async fn export_system<D: ReadLog>(
    deps: &D,
    wanted: SystemWanted,
    now: Timestamp,
) -> Result<Exported<Note>, LogsError> {
    let (mut found, mut next) = (Exported::default(), Some(page(None)));
    while let Some(asked) = next {
        next = found.gather(system(deps, wanted, &asked, now).await?);
    }
    Ok(found)
}

/// # Errors
/// `TooMany`, or where the store cannot be reached.
pub async fn export_audit<D: ReadAudit>(
    deps: &D,
    wanted: &AuditWanted,
    now: Timestamp,
) -> Result<Exported<(Shelf, Link)>, LogsError> {
    let (mut found, mut next) = (Exported::default(), Some(page(None)));
    while let Some(asked) = next {
        next = found.gather(audit(deps, wanted, &asked, now).await?);
    }
    Ok(found)
}

impl<T> Exported<T> {
    /// The next page to be asked for.
    fn gather(&mut self, found: Page<T>) -> Option<PageRequest> {
        self.items.extend(found.items);
        let is_full = self.items.len() >= ROWS_EXPORTED_MAX;
        self.more = is_full && (found.next.is_some() || self.items.len() > ROWS_EXPORTED_MAX);
        self.next = found.next.clone().filter(|_| is_full);
        found.next.filter(|_| !is_full).map(|cursor| page(Some(cursor)))
    }
}

impl<T> Default for Exported<T> {
    fn default() -> Self {
        Self { items: Vec::new(), more: false, next: None }
    }
}

fn page(cursor: Option<String>) -> PageRequest {
    PageRequest { limit: ROWS_PER_PAGE, cursor }
}
