//! Copies of chains, by their users' ids; a long one goes through several parts.
//!
//! One with a row that cannot be read is left out of its day and kept in mind: each run tries it again, and copies it into a part of
//! its own as soon as it can be read, until its rows have ended.

use super::{Archived, Gathered, ROWS_PER_PART, ROWS_PER_READ, keep};
use crate::logs::LogsError;
use crate::ports::{ArchivePart, Objects, OldLog, Progress, StoreError};
use domain::audit::{Chain, Flaw, Head, Link, Shelf, Walk};
use domain::clock::Timestamp;
use domain::limits::AUDIT_RETENTION;
use store::Engine;
use store::audit::Audits;
use store::objects::Copies;
use wire::archive::{Line, unpack};

/// Parts of chains that were left out are counted from here on.
const LATE_PARTS: u32 = 9_001;
/// Rows of one that was left out: more stay left out.
const ROWS_LATE_MAX: usize = 20_000;

/// A day's, up to as many rows as a part holds.
pub(super) async fn gather<D: Engine>(deps: &D, shelf: Shelf, at: &Progress) -> Result<Gathered, LogsError> {
    let (user, number) = place(at.after.as_deref());
    let mut heads = Audits(deps).heads(shelf, at.day).await?;
    heads.retain(|(chain, _)| match number {
        Some(_) => chain.user.as_str() >= user,
        None => chain.user.as_str() > user,
    });
    let mut found = Gathered { lines: Vec::new(), after: None, broken: false, skipped: Vec::new() };
    for (chain, head) in heads {
        let from = number.filter(|_| chain.user.as_str() == user).unwrap_or_default();
        let copied = match copy(deps, (&chain, &head), from, ROWS_PER_PART.saturating_sub(found.lines.len())).await {
            Err(StoreError::Unreadable(_)) => {
                found.skipped.push(chain.user);
                continue;
            }
            copied => copied?,
        };
        found.broken |= !copied.flaws.is_empty();
        found.lines.extend(copied.lines);
        found.after = Some(match copied.left_at {
            Some(number) => format!("{}#{number}", chain.user),
            None => chain.user.to_string(),
        });
        if copied.left_at.is_some() || found.lines.len() >= ROWS_PER_PART {
            return Ok(found);
        }
    }
    Ok(Gathered { after: None, ..found })
}

/// Whose chain was the last, and after which of its rows it was left, where it was not at its end.
fn place(after: Option<&str>) -> (&str, Option<u64>) {
    let after = after.unwrap_or_default();
    let within = after.split_once('#').and_then(|(user, number)| Some((user, number.parse().ok()?)));
    within.map_or((after, None), |(user, number)| (user, Some(number)))
}

/// A chain, or a part of one.
struct Copied {
    lines: Vec<Line>,
    flaws: Vec<Flaw>,
    left_at: Option<u64>,
}

async fn copy<D: Engine>(
    deps: &D,
    (chain, head): (&Chain, &Head),
    from: u64,
    most: usize,
) -> Result<Copied, StoreError> {
    let mut walk = Walk::begin(chain);
    let mut lines = Vec::new();
    if from == 0 {
        lines.push(Line::head(chain, head));
    } else {
        let before = Audits(deps).rows(chain, from.saturating_sub(1), 1).await?;
        walk = before.first().map_or(walk, |link| Walk::after(chain, link.head()));
    }
    let mut at = from;
    loop {
        let links: Vec<Link> = Audits(deps).rows(chain, at, ROWS_PER_READ).await?;
        walk.follow(&links);
        lines.extend(links.iter().map(Line::change));
        at = links.last().map_or(at, |link| link.number);
        if u32::try_from(links.len()).unwrap_or(u32::MAX) < ROWS_PER_READ {
            return Ok(Copied { lines, flaws: walk.end(Some(head)), left_at: None });
        }
        if lines.len() >= most {
            return Ok(Copied { lines, flaws: walk.so_far(), left_at: Some(at) });
        }
    }
}

/// What was left out before.
pub(super) async fn again<D: Engine, C: Objects>(
    deps: &D,
    copies: &C,
    (log, at): (OldLog, &mut Progress),
    done: &mut Archived,
    now: Timestamp,
) -> Result<(), LogsError> {
    let OldLog::Audit(shelf) = log else { return Ok(()) };
    let oldest = now.minus(AUDIT_RETENTION).day();
    at.skipped.retain(|(day, _)| *day >= oldest);
    let mut left = Vec::new();
    for (day, user) in at.skipped.clone() {
        match late(deps, copies, &Chain { shelf, day, user: user.clone() }, now).await? {
            Some(rows) => done.rows = done.rows.saturating_add(rows),
            None => {
                done.skipped.push((shelf, day, user.clone()));
                left.push((day, user));
            }
        }
    }
    at.skipped = left;
    Ok(())
}

/// How many lines; none where it cannot be read yet.
async fn late<D: Engine, C: Objects>(
    deps: &D,
    copies: &C,
    chain: &Chain,
    now: Timestamp,
) -> Result<Option<usize>, LogsError> {
    // Its rows have ended, or were taken away.
    let Some(head) = Audits(deps).head(chain).await? else { return Ok(Some(0)) };
    let lines = match copy(deps, (chain, &head), 0, ROWS_LATE_MAX).await {
        Ok(Copied { lines, left_at: None, .. }) => lines,
        Ok(_) | Err(StoreError::Unreadable(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut part = ArchivePart { log: OldLog::Audit(chain.shelf), day: chain.day, part: LATE_PARTS };
    while let Some(there) = Copies(copies).archived(part, now).await? {
        if unpack(&there).is_ok_and(|there| there == lines) {
            return Ok(Some(0));
        }
        part.part = part.part.saturating_add(1);
    }
    keep(copies, part, &lines, now).await?;
    Ok(Some(lines.len()))
}
