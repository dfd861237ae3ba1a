//! What is on record, as the chains that its rows make in the order of their keys.

use super::World;
use super::item::{Item, key};
use super::table::Table;
use crate::sim::Op;
use app::ports::{ReadAudit, StoreError};
use domain::audit::{Audit, Chain, Head, Link, Shelf};
use domain::ids::UserId;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

impl ReadAudit for World {
    async fn audit_heads(&self, shelf: Shelf, day: i64) -> Result<Vec<(Chain, Head)>, StoreError> {
        self.call(Op::read("audit_heads"), |world| {
            let table = world.table();
            let audits = table.prefixed(key::audits(shelf)).filter_map(audit);
            let chains: BTreeSet<_> =
                audits.filter(|audit| audit.at.day() == day).map(|audit| Chain::of(shelf, audit)).collect();
            chains.into_iter().filter_map(|chain| Some((chain.clone(), links(&table, &chain).last()?.head()))).collect()
        })
        .await
    }

    async fn audit_head(&self, chain: &Chain) -> Result<Option<Head>, StoreError> {
        self.call(Op::read("audit_head"), |world| links(&world.table(), chain).last().map(Link::head)).await
    }

    async fn audited_days(
        &self,
        user: &UserId,
        shelf: Shelf,
        days: RangeInclusive<i64>,
    ) -> Result<Vec<(Chain, Head)>, StoreError> {
        self.call(Op::read("audited_days"), |world| {
            let table = world.table();
            let chains = days.map(|day| Chain { shelf, day, user: user.clone() });
            chains.filter_map(|chain| Some((chain.clone(), links(&table, &chain).last()?.head()))).collect()
        })
        .await
    }

    async fn audit_rows(&self, chain: &Chain, after: u64, limit: u32) -> Result<Vec<Link>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.call(Op::read("audit_rows"), |world| {
            links(&world.table(), chain).into_iter().filter(|link| link.number > after).take(limit).collect()
        })
        .await
    }
}

fn links(table: &Table, chain: &Chain) -> Vec<Link> {
    let of_chain = table.prefixed(key::audits_of(chain.shelf, &chain.user)).filter_map(audit);
    let mut head = chain.beginning();
    let next = |audit: &Audit| {
        let link = head.next(audit.clone(), "salt");
        head = link.head();
        link
    };
    of_chain.filter(|audit| audit.at.day() == chain.day).map(next).collect()
}

fn audit(item: &Item) -> Option<&Audit> {
    if let Item::Audit(audit) = item { Some(audit) } else { None }
}
