//! Many pages at once, for a file.

use super::{AuditWanted, LogsError, ROWS_EXPORTED_MAX, SystemWanted, audit, system};
use crate::actor::{Act, audit as record};
use crate::ports::{Page, PageRequest};
use domain::audit::{Link, Shelf};
use domain::clock::Timestamp;
use domain::logs::Note;
use store::Engine;
use store::identity::Identity;

/// Short days of changes are read as a whole for each page of them: pages are long.
const ROWS_PER_PAGE: u32 = 2_000;
/// Looked at before the rest is left to whoever has a clock.
const PAGES_MAX: u32 = 20;

/// Newest first; `more` where the rest did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported<T> {
    pub items: Vec<T>,
    pub more: bool,
    /// Where the rest begins.
    pub next: Option<String>,
    /// How many it took.
    pub pages: u32,
}

/// # Errors
/// Where the store cannot be reached.
pub async fn export_system<D: Engine>(
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
/// Where the store cannot be reached.
pub async fn export_audit<D: Engine>(
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

/// Who has taken rows of a log away, and how they are written; before they are handed over.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn record_export<D: Engine>(deps: &D, log: &str, format: &str, act: Act<'_>) -> Result<(), LogsError> {
    Identity(deps)
        .put_on_record(&record("export logs", log, &format!("as {format}"), act))
        .await
        .map_err(LogsError::from)
}

impl<T> Exported<T> {
    /// The next page to be asked for.
    fn gather(&mut self, found: Page<T>) -> Option<PageRequest> {
        self.items.extend(found.items);
        self.pages = self.pages.saturating_add(1);
        let is_full = self.items.len() >= ROWS_EXPORTED_MAX || self.pages >= PAGES_MAX;
        self.more = is_full && (found.next.is_some() || self.items.len() > ROWS_EXPORTED_MAX);
        self.next = found.next.clone().filter(|_| is_full);
        found.next.filter(|_| !is_full).map(|cursor| page(Some(cursor)))
    }
}

impl<T> Default for Exported<T> {
    fn default() -> Self {
        Self { items: Vec::new(), more: false, next: None, pages: 0 }
    }
}

fn page(cursor: Option<String>) -> PageRequest {
    PageRequest { limit: ROWS_PER_PAGE, cursor }
}
