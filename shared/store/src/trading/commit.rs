//! A transaction of the use cases as one `TransactWriteItems`.

use super::Trading;
use super::account::{AccountChange, account_change};
use super::bots::{BotChange, bot_write};
use super::deliveries;
use super::found::not_halted;
use super::notices::notice_write;
use super::parked;
use super::positions;
use super::quotas::opening;
use super::risk::{BookChange, book_write};
use super::trail;
use super::trail::{History, Outbox};
use crate::audit;
use crate::engine::Engine;
use crate::error::{CommitError, StoreError};
use crate::rows::Rows;
use crate::vault::in_good_standing;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::delivery::{Delivery, Verdict};
use domain::group::Group;
use domain::ids::{AccountId, AttemptId, GroupId, OrderId, UserId};
use domain::market::MarketKey;
use domain::money::Amount;
use domain::notice::Notice;
use domain::order::{Fill, Order, TradeId};
use domain::parked::Parked;

/// All or nothing, stamped by its writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Unique to this commit: found on a refused item, it says that the commit was applied.
    pub stamp: AttemptId,
    pub at: Timestamp,
    pub changes: Vec<Change>,
}

/// One item's change. No two changes of a transaction name the same item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The group with its new version; refused unless the stored version is the expected one.
    Group {
        group: Box<Group>,
        expected: Option<u64>,
    },
    /// Guarded by its group's version.
    Order {
        account: AccountId,
        user: UserId,
        order: Box<Order>,
        /// Of the request that has led to it, where it is new.
        trace: Option<String>,
    },
    /// Guarded by its group's version; a fill that gains its fee is written again.
    Fill {
        group: GroupId,
        order: OrderId,
        market: MarketKey,
        trade: TradeId,
        fill: Fill,
    },
    /// Put on absence, with the bell for what the commit leaves to be done: one row, due until it was rung.
    History {
        entry: History,
        bell: Option<Outbox>,
    },
    /// A bell that is rung again on purpose; put on absence.
    Outbox(Outbox),
    Account(Box<AccountChange>),
    /// Only a condition: the account's entries are not halted, and what it has lost on the day is below this.
    RequireNotHalted {
        account: AccountId,
        day_loss_below: Option<Amount>,
    },
    /// Only a condition: the owner lets the account trade, and has not changed it since this version of its state was seen. Its
    /// limits are changed with a new version, too.
    RequireStanding {
        account: AccountId,
        version: u64,
    },
    /// One more opening under a quota; refused where another was first, or the limit was changed.
    Quota {
        user: UserId,
        seen: u64,
    },
    /// What it does to its user's book, where the account is ruled.
    Book(BookChange),
    /// A person's change, on record with what it changed.
    Audit(Audit),
    /// The delivery's verdict; refused where the row is another's or has a verdict that this one may not replace.
    Verdict {
        delivery: Box<Delivery>,
        verdict: Verdict,
        due_at: Option<Timestamp>,
        replaces: Replaces,
    },
    /// A delivery that did not arrive: one account's part of a routed alert, or a bot's signal; put on absence.
    Deliver(Box<Delivery>),
    /// What is left to a person; put on absence.
    Park(Box<Parked>),
    /// The row with its end; refused where it has ended.
    EndParked(Box<Parked>),
    /// Of a bot, or of what runs of it.
    Bot(Box<BotChange>),
    /// A line of its user's inbox, of what this commit does.
    Notice(Box<Notice>),
}

/// Which verdict may be written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaces {
    /// None or `queued`: the worker's.
    Undecided,
    /// `accepted`: the executor's, when the entry did not come about.
    Accepted,
    /// None, `queued` or `parked`: a person's, who asks for a new decision.
    Parked,
}

impl<E: Engine> Trading<'_, E> {
    /// Applies all changes or none, and says `Ok` where its own stamp shows that it was applied.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let mut writes = Vec::with_capacity(transaction.changes.len());
        for change in &transaction.changes {
            writes.push(self.write_of(change, transaction.at, &transaction.stamp).await?.at(transaction.at));
        }
        Rows(self.0).transact(writes, &transaction.stamp).await
    }

    async fn write_of(&self, change: &Change, at: Timestamp, stamp: &AttemptId) -> Result<Write, StoreError> {
        match change {
            Change::Group { group, expected } => positions::group_write(group, *expected),
            Change::Order { account, user, order, trace } => {
                positions::order_write(account, user, order, trace.as_deref())
            }
            Change::Fill { group, order, market, trade, fill } => {
                positions::fill_write(group, order, market, trade, fill)
            }
            Change::History { entry, bell } => trail::history_write(entry, bell.as_ref()),
            Change::Outbox(outbox) => trail::outbox_write(outbox),
            Change::Account(change) => account_change(change, at),
            Change::RequireNotHalted { account, day_loss_below } => Ok(not_halted(account, *day_loss_below, at)),
            Change::Quota { user, seen } => Ok(opening(user, *seen)),
            Change::Book(change) => book_write(change),
            Change::Audit(audit) => audit::row(audit),
            Change::RequireStanding { account, version } => Ok(in_good_standing(account, *version)),
            Change::Verdict { delivery, verdict, due_at, replaces } => {
                self.verdict_write(delivery, verdict, *due_at, *replaces).await
            }
            Change::Deliver(part) => deliveries::part_write(part, stamp),
            Change::Park(row) => parked::put(row),
            Change::EndParked(row) => parked::end(row),
            Change::Bot(change) => bot_write(change),
            Change::Notice(told) => notice_write(told),
        }
    }
}
