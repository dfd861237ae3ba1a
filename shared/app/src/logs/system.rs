//! The system log, newest first; and without what is old.

use super::{LogsError, Span, beginning};
use crate::actor::{Act, audit};
use crate::ports::{OldLog, Page, PageRequest};
use domain::clock::Timestamp;
use domain::logs::{Category, Level, Note, RETENTION};
use store::Engine;
use store::identity::Identity;

/// Rows of one look, and looks of one request.
const ROWS_PER_LOOK: u32 = 200;
const LOOKS_MAX: u32 = 40;
/// Rows that one request deletes.
const ROWS_DELETED_MAX: u32 = 500;
/// What is younger is not copied yet: each night copies what ended more than seven days ago.
pub const DAYS_KEPT_MIN: u16 = 8;
/// Deleting by age comes late: so many days after their end rows may still be there.
const DAYS_LATE_MAX: i64 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemWanted {
    pub level: Option<Level>,
    pub category: Option<Category>,
    pub span: Span,
}

impl SystemWanted {
    fn wants(&self, note: &Note) -> bool {
        self.level.is_none_or(|level| level == note.level)
            && self.category.is_none_or(|category| category == note.category)
            && self.span.holds(note.at)
    }
}

/// How many rows were deleted, and whether more are left that may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    pub deleted: u32,
    pub more: bool,
    /// From this day on nothing was deleted that is old enough, since it is not copied yet.
    pub kept_from: Option<i64>,
}

/// A page may hold less than was asked for, and go on: one request looks so far and no further.
///
/// # Errors
/// `BadCursor`, or where the store cannot be reached.
pub async fn system<D: Engine>(
    deps: &D,
    wanted: SystemWanted,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<Note>, LogsError> {
    let wanted = SystemWanted { span: wanted.span.within(RETENTION, now), ..wanted };
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let mut day = wanted.span.day_of(page.cursor.as_deref())?;
    let (mut before, mut items) = (page.cursor.clone(), Vec::new());
    for _ in 0..LOOKS_MAX {
        if day < wanted.span.from.day() {
            return Ok(Page { items, next: None });
        }
        let rows = Identity(deps).read_log(day, before.as_deref(), ROWS_PER_LOOK).await?;
        let is_whole = u32::try_from(rows.len()).unwrap_or(u32::MAX) < ROWS_PER_LOOK;
        for row in rows {
            before = Some(row.place());
            if wanted.wants(&row) {
                items.push(row);
            }
            if items.len() >= limit {
                return Ok(Page { items, next: before });
            }
        }
        if is_whole {
            before = Some(beginning(day));
            day = day.saturating_sub(1);
        }
    }
    Ok(Page { items, next: before })
}

/// Whole days that ended more than so many days ago, as far as they are copied, oldest first; on record before anything is gone.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn delete<D: Engine>(deps: &D, days_old: u16, act: Act<'_>) -> Result<Dropped, LogsError> {
    let old = act.now.day().saturating_sub(i64::from(days_old)).saturating_sub(1);
    let first = act.now.minus(RETENTION).day().saturating_sub(DAYS_LATE_MAX);
    // Copies may be late, and what is deleted is then nowhere.
    let uncopied = Identity(deps).archive_progress(OldLog::System).await?.map_or(first, |progress| progress.day);
    let kept_from = (uncopied <= old).then_some(uncopied);
    let reason = format!("what is older than {days_old} days");
    Identity(deps).put_on_record(&audit("delete logs", "system_log", &reason, act)).await?;
    let mut deleted: u32 = 0;
    for day in (first..=old).take_while(|day| *day < uncopied) {
        let left = ROWS_DELETED_MAX.saturating_sub(deleted);
        if left == 0 {
            break;
        }
        deleted = deleted.saturating_add(Identity(deps).drop_log(day, left).await?);
    }
    Ok(Dropped { deleted, more: deleted >= ROWS_DELETED_MAX, kept_from })
}
