//! What stands beside a group: its history and its outbox.

use super::Trading;
use super::bell::Bell;
use super::keys;
use crate::condition::PRESENT;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::{from_item, text, to_item};
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::clock::Timestamp;
use domain::ids::{GroupId, OrderId};
use domain::lineage::Evidence;
use domain::shard;
use wire::stored;
use wire::stored::Schema;
use wire::text::Text;

/// A bell that was to be rung after a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbox {
    pub bell: Bell,
    pub due_at: Timestamp,
    pub sends: u32,
}

/// One change of a group, for people: why, and from what to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    pub group: GroupId,
    pub version: u64,
    pub why: String,
    pub before: Option<String>,
    pub after: String,
    pub at: Timestamp,
    /// The orders that it made or changed; none in a row that was written before this was told.
    pub orders: Option<Vec<OrderId>>,
    pub evidence: Evidence,
}

/// What makes a row due.
const DUE: [&str; 2] = ["due_pk", "due_at"];

impl<E: Engine> Trading<'_, E> {
    /// After its bell was rung. A row that is gone already is success.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn clear_outbox(&self, bell: &Bell) -> Result<(), StoreError> {
        Rows(self.0).send(cleared(bell)).await.map(drop)
    }

    pub(super) async fn history(&self, group: &GroupId) -> Result<Vec<History>, StoreError> {
        let items = Rows(self.0).query(Table::Trading, &keys::of_group(group), keys::HISTORY).await?;
        items.into_iter().map(|item| from_item(item).map(history)).collect()
    }
}

/// With its bell in the same row: one that is to be rung again on purpose has a row of its own.
pub(super) fn history_write(history: &History, bell: Option<&Outbox>) -> Result<Write, StoreError> {
    let row = stored::History {
        v: Schema,
        group: Text(history.group.clone()),
        version: history.version,
        why: history.why.clone(),
        before: history.before.clone(),
        after: history.after.clone(),
        at: history.at.millis(),
        orders: history.orders.as_ref().map(|orders| orders.iter().cloned().map(Text).collect()),
        cause: None,
        prices: None,
        limits: None,
        said: None,
    };
    let write = Write::insert(keys::history(&history.group, history.version), &row.with(&history.evidence))?;
    bell.map_or(Ok(write.clone()), |bell| due(write, bell))
}

pub(super) fn outbox_write(outbox: &Outbox) -> Result<Write, StoreError> {
    due(Write::insert(keys::outbox(&outbox.bell), &row(outbox))?, outbox)
}

fn row(outbox: &Outbox) -> stored::Outbox {
    let Bell { account, group, version, again, trace } = &outbox.bell;
    stored::Outbox {
        v: Schema,
        account: Text(account.clone()),
        group: Text(group.clone()),
        version: *version,
        again: again.clone(),
        trace: trace.clone(),
        due_at: Some(outbox.due_at.millis()),
        sends: outbox.sends,
    }
}

/// The bell's attributes beside whatever the row holds.
fn due(write: Write, outbox: &Outbox) -> Result<Write, StoreError> {
    let of_bell = to_item(&row(outbox))?.into_iter().filter(|(_, value)| !value.is_null());
    let write = of_bell.fold(write, |write, (name, value)| write.set(name, value));
    Ok(write.set("due_pk", text(keys::due_outbox(shard::due(outbox.bell.account.as_str())))))
}

/// Off the list of what is due. A row that holds nothing else goes.
pub(super) fn cleared(bell: &Bell) -> Write {
    let key = keys::outbox(bell);
    match bell.again {
        None => DUE.into_iter().fold(Write::update(key).when(PRESENT), Write::remove),
        Some(_) => Write::delete(key),
    }
}

/// The row as it is due; none where it has been parked. One of the first release, before the history held the bell,
/// is one that is rung again.
pub(super) fn outbox(row: stored::Outbox, sk: &str) -> Option<Outbox> {
    let again = row.again.or_else(|| keys::is_bell_alone(sk).then(String::new));
    let (account, group, version) = (row.account.0, row.group.0, row.version);
    let bell = Bell { account, group, version, again, trace: row.trace };
    Some(Outbox { bell, due_at: Timestamp::from_millis(row.due_at?), sends: row.sends })
}

pub(super) fn history(row: stored::History) -> History {
    let (evidence, at) = (row.evidence(), Timestamp::from_millis(row.at));
    let stored::History { group, version, why, before, after, orders, .. } = row;
    let orders = orders.map(|orders| orders.into_iter().map(|order| order.0).collect());
    History { group: group.0, version, why, before, after, at, orders, evidence }
}
