//! What is on record, and the system log: read, checked and deleted, with a bound on what one request costs.

mod archive;
mod audit;
mod export;
mod sign;
mod signatures;
mod system;
mod verify;

pub use archive::{Archived, archive};
pub use audit::{AuditWanted, audit, audit_place};
pub use export::{Exported, export_audit, export_system, record_export};
pub use sign::{SignedDays, sign};
pub use system::{DAYS_KEPT_MIN, Dropped, SystemWanted, delete, system};
pub use verify::{Verified, verify};

use crate::ports::StoreError;
use domain::clock::{Millis, Timestamp};

/// Days that one request for audit rows looks at.
pub const DAYS_PER_LOOK_MAX: i64 = 10;
/// Days that may be checked at once.
pub const DAYS_VERIFIED_MAX: i64 = 31;
/// Rows that are checked before the rest is left to another request.
pub const ROWS_VERIFIED_MAX: u64 = 5_000;
/// Rows of an export that is answered as it is, and of one that is put away for a link to it.
pub const ROWS_EXPORTED_MAX: usize = 5_000;
pub const ROWS_LINKED_MAX: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogsError {
    #[error("cursor must be the next_cursor of an earlier answer of this list")]
    BadCursor,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// From when to when, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Span {
    /// What is left of it where nothing older than `kept` is there, and nothing later than now.
    #[must_use]
    pub fn within(self, kept: Millis, now: Timestamp) -> Self {
        let (from, until) = (self.from.max(now.minus(kept)), self.until.min(now.plus(Millis::new(1))));
        Self { from, until }
    }

    pub fn holds(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// The day of its last moment.
    fn last_day(self) -> i64 {
        self.until.minus(Millis::new(1)).day()
    }

    /// The day that a list goes on with. A later one than the span has stands in no cursor of ours: whoever made it up would
    /// have each day until then looked at.
    fn day_of(self, cursor: Option<&str>) -> Result<i64, LogsError> {
        let day = cursor.map_or(Ok(self.last_day()), day_of)?;
        if day > self.last_day() { Err(LogsError::BadCursor) } else { Ok(day) }
    }
}

/// The beginning of a day, as places are written.
fn beginning(day: i64) -> String {
    format!("{:013}", day.saturating_mul(Millis::DAY.get()))
}

/// The day of a place.
fn day_of(place: &str) -> Result<i64, LogsError> {
    let digits = place.get(..13).and_then(|digits| digits.parse().ok());
    digits.map(|ms| Timestamp::from_millis(ms).day()).ok_or(LogsError::BadCursor)
}
