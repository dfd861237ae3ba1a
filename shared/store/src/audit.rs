//! Changes by people, each with its audit row: the next of its chain, put in the same transaction.
//!
//! The chain's head is moved on the count that was seen. A writer that finds it moved looks again: that is no lost race.

use crate::condition::{ABSENT, COUNT_AS_SEEN, PRESENT};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, number, text_of, to_item, ttl};
use crate::key::{Key, Table};
use crate::query::{Query, Within};
use crate::rows::Rows;
use crate::value::Item;
use crate::write::Write;
use domain::audit::{Audit, Chain, Head, Link, Shelf};
use domain::ids::UserId;
use std::borrow::Borrow;
use std::ops::RangeInclusive;
use wire::stored;

/// Rows that are read at once where all of a chain are.
const ROWS_PER_READ: u32 = 500;

/// What is on record: the chains of one person, one day and one table.
#[derive(Debug)]
pub struct Audits<'a, E>(pub &'a E);

/// An audit row in the trading table.
///
/// # Errors
/// None but for a table without audit rows.
pub fn row(audit: &Audit) -> Result<Write, StoreError> {
    row_in(Table::Trading, audit)
}

/// In the table of what was changed: one transaction and one role see no other.
///
/// # Errors
/// `Unreadable`: that table has no audit rows.
pub fn row_in(table: Table, audit: &Audit) -> Result<Write, StoreError> {
    let chain = Chain::of(shelf(table)?, audit);
    Ok(Write::record(head_key(&chain), audit))
}

/// The row and the move of the head, as things stand; nothing where the newest row is this very change.
pub(crate) async fn placed<E: Engine>(engine: &E, head: &Key, audit: &Audit) -> Result<Vec<Write>, StoreError> {
    let seen = engine.get(head, false).await?;
    placed_after(seen.as_ref(), head, audit, engine.stamp()?.as_str())
}

/// The same after the head that was seen, with this salt.
///
/// # Errors
/// `Unreadable`: the head is of a newer release.
pub fn placed_after(seen: Option<&Item>, head: &Key, audit: &Audit, salt: &str) -> Result<Vec<Write>, StoreError> {
    let chain = Chain::of(shelf(head.table)?, audit);
    let seen: Option<stored::AuditHead> = seen.map(from_item).transpose()?;
    if seen.as_ref().is_some_and(|seen| seen.last == audit.id()) {
        return Ok(Vec::new());
    }
    let before = seen.as_ref().map_or_else(|| chain.beginning(), Head::from);
    let link = before.next(audit.clone(), salt);
    let gone = ttl(chain.forgotten_at());
    let row = to_item(&stored::Audit::from(&link))?.into_iter().chain([("ttl".into(), gone.clone())]);
    let row = Write::replace(row_key(&chain, link.number), row.collect());
    let moved = stored::AuditHead { last: audit.id(), ..stored::AuditHead::from(&link.head()) };
    let moved = Write::upsert(head.clone(), &moved)?.set("ttl", gone);
    let moved = match seen {
        None => moved.when(ABSENT),
        Some(seen) => moved.when(COUNT_AS_SEEN).given("seen_count", number(seen.count)),
    };
    // The head last: the transaction looks there whether it is behind.
    Ok(vec![row.at(audit.at), moved.at(audit.at)])
}

impl<E: Engine> Audits<'_, E> {
    /// Who has changed anything in this table on this day, with the heads of their chains; by their ids.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn heads(&self, shelf: Shelf, day: i64) -> Result<Vec<(Chain, Head)>, StoreError> {
        let items = Rows(self.0).query(table(shelf), &of_day(day), UserId::PREFIX).await?;
        let read = |item: Item| {
            let user = UserId::parse(text_of(&item, "sk")?).map_err(StoreError::unreadable)?;
            let head: stored::AuditHead = from_item(item)?;
            Ok((Chain { shelf, day, user }, Head::from(&head)))
        };
        items.into_iter().map(read).collect()
    }

    /// One person's; none where they have changed nothing.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn head(&self, chain: &Chain) -> Result<Option<Head>, StoreError> {
        let head: Option<stored::AuditHead> = Rows(self.0).load(&head_key(chain)).await?;
        Ok(head.as_ref().map(Head::from))
    }

    /// One person's of these days, in their order; days of which there is none are left out.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn days(
        &self,
        user: &UserId,
        shelf: Shelf,
        days: RangeInclusive<i64>,
    ) -> Result<Vec<(Chain, Head)>, StoreError> {
        let chain = |day| Chain { shelf, day, user: user.clone() };
        let heads: Vec<_> = days.map(|day| head_key(&chain(day))).collect();
        let read = |item: Item| {
            let day = text_of(&item, "pk")?.strip_prefix(OF_DAY).and_then(|day| day.parse().ok());
            let day = day.ok_or_else(|| StoreError::unreadable("no day of the audit"))?;
            let head: stored::AuditHead = from_item(item)?;
            Ok((chain(day), Head::from(&head)))
        };
        let found = Rows(self.0).get_all(&heads).await?.into_iter();
        let mut found: Vec<_> = found.map(read).collect::<Result<_, StoreError>>()?;
        found.sort_by_key(|(chain, _)| chain.day);
        Ok(found)
    }

    /// Rows after this number, by their numbers; at most `limit`.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn rows(&self, chain: &Chain, after: u64, limit: u32) -> Result<Vec<Link>, StoreError> {
        let after = Within::After(row_sk(after));
        let mut query = Query::of(table(chain.shelf), of_chain(chain)).within(after);
        let (most, mut links) = (usize::try_from(limit).unwrap_or(usize::MAX), Vec::new());
        // A page of the table ends earlier where rows are long.
        while links.len() < most {
            query = query.limit(most.saturating_sub(links.len()));
            let found = Rows(self.0).page(&query).await?;
            for item in found.items {
                links.push(read(item)?);
            }
            if found.next.is_none() {
                break;
            }
            query = query.start(found.next);
        }
        Ok(links)
    }

    /// From where each change was made is forgotten, with the salt by which its mark could be proven.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`: what was forgotten so far stays forgotten.
    pub async fn forget_addresses(&self, chain: &Chain) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let links = self.rows(chain, after, ROWS_PER_READ).await?;
            let Some(last) = links.last() else { return Ok(()) };
            after = last.number;
            for link in links.iter().filter(|link| link.audit.address.is_some() || link.salt.is_some()) {
                let row = Write::update(row_key(chain, link.number)).remove("address").remove("salt").when(PRESENT);
                Rows(self.0).send(row).await?;
            }
        }
    }
}

/// An audit row, as it was put.
///
/// # Errors
/// `Unreadable`: this code does not know such a row.
pub fn read(item: impl Borrow<Item>) -> Result<Link, StoreError> {
    from_item::<stored::Audit>(item).map(Link::from)
}

/// Where the audit rows of a table stand.
pub fn table(shelf: Shelf) -> Table {
    match shelf {
        Shelf::Trading => Table::Trading,
        Shelf::Identity => Table::Identity,
        Shelf::Vault => Table::Vault,
    }
}

fn shelf(of: Table) -> Result<Shelf, StoreError> {
    let shelf = Shelf::ALL.into_iter().find(|shelf| table(*shelf) == of);
    shelf.ok_or_else(|| StoreError::unreadable("no audit stands here"))
}

const OF_DAY: &str = "AUD#";

/// Who has changed anything in a table on a day: one row for each chain, its head.
fn of_day(day: i64) -> String {
    format!("{OF_DAY}{day:05}")
}

fn of_chain(chain: &Chain) -> String {
    format!("{}#{}", of_day(chain.day), chain.user)
}

fn head_key(chain: &Chain) -> Key {
    Key::new(table(chain.shelf), of_day(chain.day), chain.user.as_str())
}

fn row_key(chain: &Chain, number: u64) -> Key {
    Key::new(table(chain.shelf), of_chain(chain), row_sk(number))
}

fn row_sk(number: u64) -> String {
    format!("{number:010}")
}

/// Whether an audit row stands there, and no head.
pub fn is_row(key: &Key) -> bool {
    key.pk.strip_prefix(OF_DAY).is_some_and(|rest| rest.contains('#'))
}
