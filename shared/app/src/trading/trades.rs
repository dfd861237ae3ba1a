//! A user's trades: position groups of which something was filled.
//!
//! Reads are bounded: a page may have fewer than are asked for where many others lie between, and goes on.

use crate::ports::{Page, PageRequest, StoreError};
use domain::clock::Timestamp;
use domain::group::{Group, GroupStatus, Position};
use domain::ids::{AccountId, BotId, RunId, UserId};
use domain::limits::{TRADE_READS_MAX, TRADES_AT_ONCE};
use domain::market::Symbol;
use futures_util::future::try_join_all;
use store::Engine;
use store::trading::Trading;

/// Which of them are meant: all that are all of this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WantedTrades {
    pub bot: Option<BotId>,
    pub run: Option<RunId>,
    pub account: Option<AccountId>,
    pub symbol: Option<Symbol>,
    /// Over, or still open.
    pub closed: Option<bool>,
    /// From then on; of a list it is when they were opened, of sums when they were closed.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
}

/// Those that were opened in this time, newest first.
///
/// # Errors
/// Where the store cannot be reached.
pub async fn trades<D: Engine>(
    deps: &D,
    user: &UserId,
    wanted: &WantedTrades,
    page: &PageRequest,
) -> Result<Page<Position>, StoreError> {
    let (mut found, mut asked) = (Page { items: Vec::new(), next: None }, page.clone());
    for _ in 0..TRADE_READS_MAX {
        let read = Trading(deps).list_groups(user, &asked).await?;
        let is_over = read.items.iter().any(|group| wanted.since.is_some_and(|since| group.opened_at < since));
        let mut groups = read.items;
        groups.retain(|group| wanted.takes(group) && wanted.is_within(group.opened_at));
        found.items.extend(positions(deps, &groups).await?);
        // No more are read than may still be shown: the cursor of the last read is that of the page.
        found.next = read.next.filter(|_| !is_over);
        let shown = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
        asked = PageRequest { limit: page.limit.saturating_sub(shown), cursor: found.next.clone() };
        if asked.limit == 0 || asked.cursor.is_none() {
            break;
        }
    }
    Ok(found)
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

impl WantedTrades {
    /// Whenever that was.
    pub(super) fn takes(&self, group: &Group) -> bool {
        let by = group.bot.as_deref();
        // Of these nothing was ever filled.
        !matches!(group.status, GroupStatus::Waiting | GroupStatus::Failed)
            && self.bot.as_ref().is_none_or(|bot| by.is_some_and(|by| by.bot == *bot))
            && self.run.as_ref().is_none_or(|run| by.is_some_and(|by| by.run == *run))
            && self.account.as_ref().is_none_or(|account| group.account == *account)
            && self.symbol.as_ref().is_none_or(|symbol| group.market.key.symbol == *symbol)
            && self.closed.is_none_or(|closed| group.is_settled() == closed)
    }

    pub(super) fn is_within(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
    }
}
