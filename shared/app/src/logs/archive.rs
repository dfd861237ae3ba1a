//! Rows older than seven days are copied, packed, and read back before anything goes on.
//!
//! 1. A part that is there is not written again: what it was copied from may be gone or changed by now.
//! 2. Nothing is deleted: rows end by themselves, long after they were copied.
//! 3. A run does so many parts and looks at so many days; the next one goes on where it has stopped.
//! 4. A log that fails stops no other; a chain that cannot be read is left out, told, and tried again by each run ([`chains`]).

mod chains;
mod leases;

use super::LogsError;
use crate::ports::{ArchivePart, Objects, OldLog, Progress, StoreError};
use domain::audit::Shelf;
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits::AUDIT_RETENTION;
use domain::logs::RETENTION;
use store::Engine;
use store::identity::Identity;
use store::objects::Copies;
use wire::archive::{Line, pack, unpack};

/// Days that rows stay where they are before they are copied.
const DAYS_YOUNG: i64 = 7;
const PARTS_PER_RUN_MAX: u32 = 10;
const DAYS_PER_RUN_MAX: u32 = 40;
/// Rows of a part; the last look may make it longer.
const ROWS_PER_PART: usize = 2_000;
const ROWS_PER_READ: u32 = 500;

/// What a run has come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Archived {
    pub parts: u32,
    pub rows: usize,
    /// Days of tables with a chain that is not whole.
    pub broken: Vec<(Shelf, i64)>,
    /// Chains that could not be copied, by their days.
    pub skipped: Vec<(Shelf, i64, UserId)>,
    /// What could not be copied on from where it was, and why.
    pub failed: Vec<(OldLog, LogsError)>,
    /// There is more than one run copies.
    pub more: bool,
}

/// What is left of a run.
struct Budget {
    parts: u32,
    days: u32,
}

/// What a part is made of, and where it ended: none where the day did.
struct Gathered {
    lines: Vec<Line>,
    after: Option<String>,
    broken: bool,
    skipped: Vec<UserId>,
}

/// Each log for itself: what fails (tables or copies that cannot be reached, what was read back and is not what was written)
/// is told, and goes on from there in another run.
pub async fn archive<D: Engine, C: Objects>(deps: &D, copies: &C, now: Timestamp) -> Archived {
    let mut done = Archived::default();
    let mut budget = Budget { parts: PARTS_PER_RUN_MAX, days: DAYS_PER_RUN_MAX };
    for log in OldLog::ALL {
        if let Err(error) = copy(deps, copies, log, &mut budget, &mut done, now).await {
            done.failed.push((log, error));
        }
    }
    done
}

async fn copy<D: Engine, C: Objects>(
    deps: &D,
    copies: &C,
    log: OldLog,
    budget: &mut Budget,
    done: &mut Archived,
    now: Timestamp,
) -> Result<(), LogsError> {
    let last = now.day().saturating_sub(DAYS_YOUNG).saturating_sub(1);
    let kept = Identity(deps).archive_progress(log).await?;
    let mut at = kept.clone().unwrap_or_else(|| beginning(log, now));
    chains::again(deps, copies, (log, &mut at), done, now).await?;
    while at.day <= last {
        if budget.parts == 0 || budget.days == 0 {
            done.more = true;
            break;
        }
        let gathered = gather(deps, log, &at).await?;
        if gathered.broken {
            done.broken.extend(of(log).map(|shelf| (shelf, at.day)));
        }
        let shelf_and_day = of(log).map(|shelf| (shelf, at.day));
        let skipped = gathered.skipped.iter().cloned();
        done.skipped.extend(skipped.clone().filter_map(|user| shelf_and_day.map(|(shelf, day)| (shelf, day, user))));
        let mut next = after(&at, gathered.after.clone(), gathered.lines.is_empty());
        next.skipped.extend(skipped.map(|user| (at.day, user)));
        if !gathered.lines.is_empty() {
            let part = ArchivePart { log, day: at.day, part: at.part.saturating_add(1) };
            keep(copies, part, &gathered.lines, now).await?;
            Identity(deps).keep_archive_progress(log, &next).await?;
            budget.parts = budget.parts.saturating_sub(1);
            done.parts = done.parts.saturating_add(1);
            done.rows = done.rows.saturating_add(gathered.lines.len());
        }
        budget.days = budget.days.saturating_sub(u32::from(next.day > at.day));
        at = next;
    }
    if kept.as_ref() != Some(&at) {
        Identity(deps).keep_archive_progress(log, &at).await?;
    }
    Ok(())
}

/// Where the oldest rows are.
fn beginning(log: OldLog, now: Timestamp) -> Progress {
    let kept = if log == OldLog::System { RETENTION } else { AUDIT_RETENTION };
    Progress { day: now.minus(kept).day(), part: 0, after: None, skipped: Vec::new() }
}

fn after(at: &Progress, ended: Option<String>, is_empty: bool) -> Progress {
    let skipped = at.skipped.clone();
    match ended {
        Some(_) => Progress { day: at.day, part: at.part.saturating_add(u32::from(!is_empty)), after: ended, skipped },
        None => Progress { day: at.day.saturating_add(1), part: 0, after: None, skipped },
    }
}

fn of(log: OldLog) -> Option<Shelf> {
    if let OldLog::Audit(shelf) = log { Some(shelf) } else { None }
}

async fn gather<D: Engine>(deps: &D, log: OldLog, at: &Progress) -> Result<Gathered, LogsError> {
    match log {
        OldLog::System => notes(deps, at).await,
        OldLog::Audit(shelf) => chains::gather(deps, shelf, at).await,
        OldLog::Leases => leases::gather(deps, at).await,
    }
}

/// Newest first, as they are read.
async fn notes<D: Engine>(deps: &D, at: &Progress) -> Result<Gathered, LogsError> {
    let (mut lines, mut before) = (Vec::new(), at.after.clone());
    while lines.len() < ROWS_PER_PART {
        let notes = Identity(deps).read_log(at.day, before.as_deref(), ROWS_PER_READ).await?;
        lines.extend(notes.iter().map(Line::note));
        let is_last = u32::try_from(notes.len()).unwrap_or(u32::MAX) < ROWS_PER_READ;
        before = notes.last().map(domain::logs::Note::place);
        if is_last {
            return Ok(Gathered { lines, after: None, broken: false, skipped: Vec::new() });
        }
    }
    Ok(Gathered { lines, after: before, broken: false, skipped: Vec::new() })
}

/// Put and read back, unless it is there.
async fn keep<C: Objects>(copies: &C, part: ArchivePart, lines: &[Line], now: Timestamp) -> Result<(), StoreError> {
    if let Some(there) = Copies(copies).archived(part, now).await? {
        return unpack(&there).map(drop).map_err(|error| unread(part, &error));
    }
    let packed = pack(lines).map_err(|error| unread(part, &error))?;
    Copies(copies).keep_archive(part, &packed, now).await?;
    let read = Copies(copies).archived(part, now).await?.ok_or_else(|| unread(part, &"it is not there"))?;
    let again = unpack(&read).map_err(|error| unread(part, &error))?;
    if again == lines { Ok(()) } else { Err(unread(part, &"it is not what was written")) }
}

fn unread(part: ArchivePart, why: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unreadable(format!("part {} of day {} of {}: {why}", part.part, part.day, part.log))
}
