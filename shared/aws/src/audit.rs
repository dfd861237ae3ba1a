//! Changes by people, each with its audit row: the next of its chain, put in the same transaction.
//!
//! The chain's head is moved on the count that was seen. Whoever finds it moved looks again: that is no lost race.

use crate::client::Aws;
use crate::keys;
use crate::stamp;
use app::ports::{Audit, ReadAudit, StoreError};
use domain::audit::{Chain, Head, Link, Shelf};
use domain::ids::UserId;
use std::ops::RangeInclusive;
use store::condition::{ABSENT, COUNT_AS_SEEN};
use store::item::{from_item, number, text_of, to_item, ttl};
use store::{Item, Key, Query, Table, Within, Write};
use wire::stored;

pub(crate) fn row(audit: &Audit) -> Result<Write, StoreError> {
    row_in(Table::Trading, audit)
}

/// In the table of what was changed: one transaction and one role see no other.
pub(crate) fn row_in(table: Table, audit: &Audit) -> Result<Write, StoreError> {
    let chain = Chain::of(shelf(table)?, audit);
    Ok(Write::record(keys::audit_head(table, &chain), audit))
}

impl Aws {
    /// The row and the move of the head, as things stand; nothing where the newest row is this very change.
    pub(crate) async fn placed(&self, head: &Key, audit: &Audit) -> Result<Vec<Write>, StoreError> {
        let chain = Chain::of(shelf(head.table)?, audit);
        let seen: Option<stored::AuditHead> = self.load(head).await?;
        if seen.as_ref().is_some_and(|seen| seen.last == audit.id()) {
            return Ok(Vec::new());
        }
        let before = seen.as_ref().map_or_else(|| chain.beginning(), Head::from);
        let link = before.next(audit.clone(), stamp::fresh()?.as_str());
        let gone = ttl(chain.forgotten_at());
        let row = to_item(&stored::Audit::from(&link))?.into_iter().chain([("ttl".into(), gone.clone())]);
        let row = Write::replace(keys::audit(head.table, &chain, link.number), row.collect());
        let moved = stored::AuditHead { last: audit.id(), ..stored::AuditHead::from(&link.head()) };
        let moved = Write::upsert(head.clone(), &moved)?.set("ttl", gone);
        let moved = match seen {
            None => moved.when(ABSENT),
            Some(seen) => moved.when(COUNT_AS_SEEN).given("seen_count", number(seen.count)),
        };
        // The head last: the transaction looks there whether it is behind.
        Ok(vec![row.at(audit.at), moved.at(audit.at)])
    }
}

impl ReadAudit for Aws {
    async fn audit_heads(&self, shelf: Shelf, day: i64) -> Result<Vec<(Chain, Head)>, StoreError> {
        let items = self.query(table(shelf), &keys::of_audited_day(day), UserId::PREFIX).await?;
        let read = |item: Item| {
            let user = UserId::parse(text_of(&item, "sk")?).map_err(StoreError::unreadable)?;
            let head: stored::AuditHead = from_item(item)?;
            Ok((Chain { shelf, day, user }, Head::from(&head)))
        };
        items.into_iter().map(read).collect()
    }

    async fn audit_head(&self, chain: &Chain) -> Result<Option<Head>, StoreError> {
        let head: Option<stored::AuditHead> = self.load(&keys::audit_head(table(chain.shelf), chain)).await?;
        Ok(head.as_ref().map(Head::from))
    }

    async fn audited_days(
        &self,
        user: &UserId,
        shelf: Shelf,
        days: RangeInclusive<i64>,
    ) -> Result<Vec<(Chain, Head)>, StoreError> {
        let chain = |day| Chain { shelf, day, user: user.clone() };
        let heads: Vec<_> = days.map(|day| keys::audit_head(table(shelf), &chain(day)).item()).collect();
        let read = |item: Item| {
            let day = keys::audited_day(text_of(&item, "pk")?)
                .ok_or_else(|| StoreError::unreadable("no day of the audit"))?;
            let head: stored::AuditHead = from_item(item)?;
            Ok((chain(day), Head::from(&head)))
        };
        let found = self.get_all(table(shelf), &heads).await?.into_iter();
        let mut found: Vec<_> = found.map(read).collect::<Result<_, StoreError>>()?;
        found.sort_by_key(|(chain, _)| chain.day);
        Ok(found)
    }

    async fn audit_rows(&self, chain: &Chain, after: u64, limit: u32) -> Result<Vec<Link>, StoreError> {
        let after = Within::After(keys::audit_sk(after));
        let links = Query::of(table(chain.shelf), keys::of_chain(chain)).within(after).limit(limit);
        let rows = self.page(&links).await?.items.into_iter();
        rows.map(|item| from_item::<stored::Audit>(item).map(Link::from)).collect()
    }
}

pub(crate) fn table(shelf: Shelf) -> Table {
    match shelf {
        Shelf::Trading => Table::Trading,
        Shelf::Identity => Table::Identity,
        Shelf::Vault => Table::Vault,
    }
}

fn shelf(of: Table) -> Result<Shelf, StoreError> {
    Shelf::ALL
        .into_iter()
        .find(|shelf| table(*shelf) == of)
        .ok_or_else(|| StoreError::unreadable("no audit stands here"))
}
