//! Many pages at once, for a file.

use super::{AuditWanted, LogsError, ROWS_EXPORTED_MAX, SystemWanted, audit, system};
use crate::actor::{Act, audit as record};
use crate::ports::{Page, PageRequest, PutOnRecord, ReadAudit, ReadLog};
use domain::audit::{Link, Shelf};
use domain::clock::Timestamp;
use domain::logs::Note;

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
/// Where the store cannot be reached.
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

/// Who has taken rows of a log away, and how they are written; before they are handed over.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn record_export<D: PutOnRecord>(deps: &D, log: &str, format: &str, act: Act<'_>) -> Result<(), LogsError> {
    deps.put_on_record(&record("export logs", log, &format!("as {format}"), act)).await.map_err(LogsError::from)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::{Audit, StoreError};
    use domain::ids::{AttemptId, UserId};
    use std::cell::RefCell;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[derive(Default)]
    struct Record(RefCell<Vec<Audit>>);

    impl PutOnRecord for Record {
        async fn put_on_record(&self, audit: &Audit) -> Result<(), StoreError> {
            self.0.borrow_mut().push(audit.clone());
            Ok(())
        }
    }

    #[test]
    fn who_takes_a_log_away_is_on_record_with_which_and_how() {
        let (record, user, attempt) = (Record::default(), UserId::of(&["ann"]), AttemptId::new("try"));
        let now = Timestamp::from_millis(1_763_628_660_000);
        let act = Act { user: &user, attempt: &attempt, now, address: Some("192.0.2.1"), in_person: true };
        let told = pin!(record_export(&record, "audit_log", "csv", act)).poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(told, Poll::Ready(Ok(())));
        let rows = record.0.borrow();
        let row = rows.first().expect("it is on record");
        assert_eq!((&*row.action, &*row.resource, &*row.reason), ("export logs", "audit_log", "as csv"));
        assert_eq!((&row.user, row.at, row.address.as_deref()), (&user, now, Some("192.0.2.1")));
    }
}
