//! Positions that were closed in a time.

use domain::clock::Timestamp;
use domain::group::Group;
use domain::ids::UserId;
use domain::limits::{PAGE_ITEMS_MAX, PROFIT_PAGES_MAX};
use store::trading::Trading;
use store::{Engine, PageRequest, Span, StoreError};

/// The positions that are meant, and since when all are known if not all were read: of very many the newest are.
pub(super) async fn closed<D: Engine>(
    deps: &D,
    user: &UserId,
    span: Span,
    is_meant: impl Fn(&Group) -> bool,
) -> Result<(Vec<Group>, Option<Timestamp>), StoreError> {
    let (mut found, mut known_since) = (Vec::new(), None);
    let mut asked = PageRequest { limit: PAGE_ITEMS_MAX, cursor: None };
    // What was closed before then was opened before then.
    let opened = Span { since: None, until: span.until };
    for _ in 0..PROFIT_PAGES_MAX {
        let read = Trading(deps).list_groups(user, opened, &asked).await?;
        known_since = read.items.last().map(|group| group.opened_at).or(known_since);
        let in_span = |group: &Group| group.settled.is_some_and(|settled| span.has(settled.at));
        found.extend(read.items.into_iter().filter(|group| in_span(group) && is_meant(group)));
        asked.cursor = read.next;
        if asked.cursor.is_none() {
            break;
        }
    }
    Ok((found, known_since.filter(|_| asked.cursor.is_some())))
}
