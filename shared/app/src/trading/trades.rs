//! A user's trades: position groups of which something was filled.
//!
//! Reads are bounded: a page may have fewer than are asked for where many others lie between, and goes on.

use super::listed::{Sift, Wanted};
use crate::ports::{Page, PageRequest, StoreError};
use domain::group::{Group, GroupStatus, Position};
use domain::ids::UserId;
use domain::limits::{LIST_READS_MAX, TRADES_AT_ONCE};
use futures_util::future::try_join_all;
use store::Engine;
use store::trading::Trading;

/// Whether a trade is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradeStatus {
    Open,
    Closed,
}

domain::words! {
    TradeStatus { Open = "open", Closed = "closed" }
}

/// Those that were opened in this time, newest first.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn trades<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &Wanted<TradeStatus>,
    page: &PageRequest,
) -> Result<Page<Position>, StoreError> {
    let mut sift = Sift::begin(page, LIST_READS_MAX);
    while let Some(asked) = sift.next() {
        let read = Trading(deps).list_groups(user, wanted.span, &asked).await?;
        let mut groups = read.items;
        groups.retain(|group| wanted.takes_trade(group));
        sift.found(Page { items: positions(deps, &groups).await?, next: read.next });
    }
    Ok(sift.end())
}

/// Those of them that have traded, in their order, with their orders as they stand now.
pub(super) async fn positions<D: Engine>(deps: &D, groups: &[Group]) -> Result<Vec<Position>, StoreError> {
    let mut positions = Vec::with_capacity(groups.len());
    for groups in groups.chunks(TRADES_AT_ONCE) {
        let rows = Trading(deps);
        let loaded = groups.iter().map(|group| rows.load_position(&group.account, &group.id));
        let loaded = try_join_all(loaded).await?;
        positions.extend(loaded.into_iter().flatten().filter(has_traded));
    }
    Ok(positions)
}

fn has_traded(position: &Position) -> bool {
    position.orders.iter().any(|order| order.counted().next().is_some())
}

impl Wanted<TradeStatus> {
    /// Whenever that was.
    pub(super) fn takes_trade(&self, group: &Group) -> bool {
        // Of these nothing was ever filled.
        !matches!(group.status, GroupStatus::Waiting | GroupStatus::Failed)
            && self.takes(group)
            && self.status.is_none_or(|status| group.is_settled() == (status == TradeStatus::Closed))
    }
}
