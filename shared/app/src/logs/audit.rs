//! What people have changed, newest first: each day is put in order as a whole.

use super::{DAYS_PER_LOOK_MAX, LogsError, ROWS_PER_DAY_MAX, Span, beginning, day_of};
use crate::ports::{Page, PageRequest, ReadAudit};
use domain::audit::{Chain, Head, Link, Shelf};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits::AUDIT_RETENTION;

const ROWS_PER_READ: u32 = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditWanted {
    /// None for everybody.
    pub user: Option<UserId>,
    pub action: Option<String>,
    pub span: Span,
}

impl AuditWanted {
    fn wants(&self, link: &Link) -> bool {
        self.action.as_deref().is_none_or(|action| action == link.audit.action) && self.span.holds(link.audit.at)
    }
}

/// Where a row stands in the list: sorts by time, and no two rows have the same.
pub fn audit_place(shelf: Shelf, link: &Link) -> String {
    format!("{:013}#{shelf}#{}#{:010}", link.audit.at.millis(), link.audit.user, link.number)
}

/// Rows with the table that holds them. A page may hold less than was asked for, and go on.
///
/// # Errors
/// `BadCursor`, `TooMany` where one day is too much to be put in order, or where the store cannot be reached.
pub async fn audit<D: ReadAudit>(
    deps: &D,
    wanted: &AuditWanted,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<(Shelf, Link)>, LogsError> {
    let wanted = AuditWanted { span: wanted.span.within(AUDIT_RETENTION, now), ..wanted.clone() };
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let mut day = page.cursor.as_deref().map_or(Ok(wanted.span.last_day()), day_of)?;
    let mut items = Vec::new();
    for _ in 0..DAYS_PER_LOOK_MAX {
        if day < wanted.span.from.day() {
            return Ok(Page { items, next: None });
        }
        let mut rows = rows_of(deps, wanted.user.as_ref(), day).await?;
        rows.sort_by_cached_key(|(shelf, link)| std::cmp::Reverse(audit_place(*shelf, link)));
        for (shelf, link) in rows {
            let place = audit_place(shelf, &link);
            let is_further = page.cursor.as_ref().is_none_or(|cursor| place < *cursor);
            if is_further && wanted.wants(&link) {
                items.push((shelf, link));
            }
            if items.len() >= limit {
                return Ok(Page { items, next: Some(place) });
            }
        }
        day = day.saturating_sub(1);
    }
    Ok(Page { items, next: Some(beginning(day.saturating_add(1))) })
}

async fn rows_of<D: ReadAudit>(deps: &D, user: Option<&UserId>, day: i64) -> Result<Vec<(Shelf, Link)>, LogsError> {
    let (mut chains, mut known) = (Vec::new(), 0_u64);
    for shelf in Shelf::ALL {
        for (chain, head) in chains_of(deps, user, shelf, day).await? {
            known = known.saturating_add(head.map_or(0, |head| head.count));
            chains.push(chain);
        }
    }
    if known > ROWS_PER_DAY_MAX {
        return Err(LogsError::TooMany);
    }
    let mut rows = Vec::new();
    for chain in chains {
        let links = links_of(deps, &chain, ROWS_PER_DAY_MAX).await?;
        rows.extend(links.into_iter().map(|link| (chain.shelf, link)));
    }
    Ok(rows)
}

/// One person's chain, whether it has a head or not; or everybody's that have one.
pub(super) async fn chains_of<D: ReadAudit>(
    deps: &D,
    user: Option<&UserId>,
    shelf: Shelf,
    day: i64,
) -> Result<Vec<(Chain, Option<Head>)>, LogsError> {
    let Some(user) = user else {
        let heads = deps.audit_heads(shelf, day).await?.into_iter();
        return Ok(heads.map(|(chain, head)| (chain, Some(head))).collect());
    };
    let chain = Chain { shelf, day, user: user.clone() };
    let head = deps.audit_head(&chain).await?;
    Ok(vec![(chain, head)])
}

/// All rows of a chain, and no more than `most`.
pub(super) async fn links_of<D: ReadAudit>(deps: &D, chain: &Chain, most: u64) -> Result<Vec<Link>, LogsError> {
    let mut links: Vec<Link> = Vec::new();
    loop {
        let after = links.last().map_or(0, |link| link.number);
        let found = deps.audit_rows(chain, after, ROWS_PER_READ).await?;
        let is_last = u32::try_from(found.len()).unwrap_or(u32::MAX) < ROWS_PER_READ;
        links.extend(found);
        if is_last {
            return Ok(links);
        }
        if u64::try_from(links.len()).unwrap_or(u64::MAX) > most {
            return Err(LogsError::TooMany);
        }
    }
}
