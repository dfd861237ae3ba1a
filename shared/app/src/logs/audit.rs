//! What people have changed, a day at a time, newest first.
//!
//! 1. Within a day the changes of everybody are put in order together; a chain that is longer than one look comes after them, by
//!    itself and part by part. So nobody's changes, however many, keep those of others from being seen.
//! 2. A chain without a head is not listed: `verify` tells of it.
//! 3. One request looks so often and no further: a page may be short, and goes on.

use super::{DAYS_PER_LOOK_MAX, LogsError, Span, beginning};
use crate::ports::{Page, PageRequest};
use domain::audit::{Chain, Head, Link, Shelf};
use domain::clock::Timestamp;
use domain::ids::UserId;
use domain::limits::AUDIT_RETENTION;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use store::Engine;
use store::audit::Audits;

/// Rows of one look; more than so many of a chain are not put in order with others.
pub(super) const ROWS_PER_READ: u32 = 500;
/// Looks of one request at chains that stand by themselves.
const LOOKS_MAX: u32 = 40;
/// Stands before the place of a row of such a chain: after all others of the day, which sort by time.
const BY_ITSELF: &str = "#~";

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

/// A page as it is being filled.
struct Filling<'a> {
    wanted: AuditWanted,
    known: Known,
    limit: usize,
    cursor: Option<&'a str>,
    items: Vec<(Shelf, Link)>,
    looks: u32,
}

/// Rows with the table that holds them. A page may hold less than was asked for, and go on.
///
/// # Errors
/// `BadCursor`, or where the store cannot be reached.
pub async fn audit<D: Engine>(
    deps: &D,
    wanted: &AuditWanted,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<(Shelf, Link)>, LogsError> {
    let wanted = AuditWanted { span: wanted.span.within(AUDIT_RETENTION, now), ..wanted.clone() };
    let mut day = wanted.span.day_of(page.cursor.as_deref())?;
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let first = wanted.span.from.day();
    let everybodys = first.max(day.saturating_sub(DAYS_PER_LOOK_MAX.saturating_sub(1)));
    let last = if wanted.user.is_some() { first } else { everybodys };
    let known = Known::of(deps, wanted.user.as_ref(), first..=day).await?;
    let cursor = page.cursor.as_deref();
    let mut filling = Filling { wanted, known, limit, cursor, items: Vec::new(), looks: LOOKS_MAX };
    while day >= last {
        if let Some(next) = filling.look_at(deps, day).await? {
            return Ok(Page { items: filling.items, next: Some(next) });
        }
        (day, filling.cursor) = (day.saturating_sub(1), None);
    }
    Ok(Page { items: filling.items, next: (last > first).then(|| beginning(last)) })
}

/// Whose chains there are: one person's are found for all days at once, everybody's day by day.
enum Known {
    Of(BTreeMap<i64, Vec<(Chain, Head)>>),
    Everybody,
}

impl Known {
    async fn of<D: Engine>(deps: &D, user: Option<&UserId>, days: RangeInclusive<i64>) -> Result<Self, LogsError> {
        let Some(user) = user else { return Ok(Self::Everybody) };
        let mut chains: BTreeMap<i64, Vec<(Chain, Head)>> = BTreeMap::new();
        for shelf in Shelf::ALL {
            for (chain, head) in Audits(deps).days(user, shelf, days.clone()).await? {
                chains.entry(chain.day).or_default().push((chain, head));
            }
        }
        Ok(Self::Of(chains))
    }

    async fn on<D: Engine>(&self, deps: &D, day: i64) -> Result<Vec<(Chain, Head)>, LogsError> {
        if let Self::Of(chains) = self {
            return Ok(chains.get(&day).cloned().unwrap_or_default());
        }
        let mut chains = Vec::new();
        for shelf in Shelf::ALL {
            chains.extend(Audits(deps).heads(shelf, day).await?);
        }
        Ok(chains)
    }
}

impl Filling<'_> {
    /// Where to go on, where the day is not at its end.
    async fn look_at<D: Engine>(&mut self, deps: &D, day: i64) -> Result<Option<String>, LogsError> {
        let (mut together, mut apart) = (Vec::new(), Vec::new());
        for (chain, Head { count, .. }) in self.known.on(deps, day).await? {
            if count > u64::from(ROWS_PER_READ) { apart.push((chain, count)) } else { together.push(chain) }
        }
        apart.sort_by_key(|(chain, _)| of_chain(chain));
        let reached = self.cursor.and_then(Apart::read);
        // At the beginning of a day stands whoever is done with what is put in order together.
        let is_past = self.cursor.is_some_and(|cursor| cursor == beginning(day));
        if reached.is_none() && !is_past {
            let next = self.in_order(deps, together).await?;
            if next.is_some() {
                return Ok(next);
            }
        }
        if is_past { Ok(None) } else { self.by_themselves(deps, apart, reached, day).await }
    }

    async fn in_order<D: Engine>(&mut self, deps: &D, chains: Vec<Chain>) -> Result<Option<String>, LogsError> {
        let mut rows = Vec::new();
        for chain in chains {
            // Its head may know of fewer: more than one look of it is nothing that anybody has done.
            let links = Audits(deps).rows(&chain, 0, ROWS_PER_READ).await?;
            rows.extend(links.into_iter().map(|link| (chain.shelf, link)));
        }
        rows.sort_by_cached_key(|(shelf, link)| Reverse(audit_place(*shelf, link)));
        for (shelf, link) in rows {
            let place = audit_place(shelf, &link);
            if self.cursor.is_none_or(|cursor| *place < *cursor) && self.takes(shelf, link) {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Each from its newest row to its first.
    async fn by_themselves<D: Engine>(
        &mut self,
        deps: &D,
        chains: Vec<(Chain, u64)>,
        reached: Option<Apart>,
        day: i64,
    ) -> Result<Option<String>, LogsError> {
        for (chain, count) in chains {
            let is_done = reached.as_ref().is_some_and(|reached| of_chain(&chain) < reached.chain);
            let here = reached.as_ref().filter(|reached| of_chain(&chain) == reached.chain);
            // What its head does not know of is shown as well.
            let newest = count.saturating_add(u64::from(ROWS_PER_READ));
            let mut before = if is_done { 0 } else { here.map_or(newest, |here| here.before.saturating_sub(1)) };
            while before > 0 {
                if self.looks == 0 {
                    return Ok(Some(apart(day, &chain, before.saturating_add(1))));
                }
                self.looks = self.looks.saturating_sub(1);
                let after = before.saturating_sub(u64::from(ROWS_PER_READ));
                let mut links = Audits(deps).rows(&chain, after, ROWS_PER_READ).await?;
                links.retain(|link| link.number <= before);
                for link in links.into_iter().rev() {
                    let number = link.number;
                    if self.takes(chain.shelf, link) {
                        return Ok(Some(apart(day, &chain, number)));
                    }
                }
                before = after;
            }
        }
        Ok(None)
    }

    /// Whether the page is full now.
    fn takes(&mut self, shelf: Shelf, link: Link) -> bool {
        if self.wanted.wants(&link) {
            self.items.push((shelf, link));
        }
        self.items.len() >= self.limit
    }
}

/// Where a chain that stands by itself was left.
struct Apart {
    chain: String,
    before: u64,
}

impl Apart {
    fn read(cursor: &str) -> Option<Self> {
        let (chain, before) = cursor.get(13..)?.strip_prefix(BY_ITSELF)?.rsplit_once('#')?;
        Some(Self { chain: chain.to_owned(), before: before.parse().ok()? })
    }
}

fn of_chain(chain: &Chain) -> String {
    format!("{}#{}", chain.shelf, chain.user)
}

fn apart(day: i64, chain: &Chain, number: u64) -> String {
    format!("{}{BY_ITSELF}{}#{number:010}", beginning(day), of_chain(chain))
}
