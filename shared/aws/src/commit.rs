//! A transaction of the use cases as one `TransactWriteItems`.

use crate::client::Aws;
use crate::{delivery, parked, position, trail};
use app::commit::{Change, Transaction};
use app::ports::{Commit, CommitError, StoreError};
use domain::clock::Timestamp;
use domain::ids::AttemptId;
use store::Write;
use store::audit;
use store::trading::{account_change, bot_write, not_halted, notice_write, opening};
use store::vault::in_good_standing;

impl Commit for Aws {
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        let mut writes = Vec::with_capacity(transaction.changes.len());
        for change in &transaction.changes {
            writes.push(self.write_of(change, transaction.at, &transaction.stamp).await?.at(transaction.at));
        }
        self.rows().transact(writes, &transaction.stamp).await
    }
}

impl Aws {
    async fn write_of(&self, change: &Change, at: Timestamp, stamp: &AttemptId) -> Result<Write, StoreError> {
        match change {
            Change::Group { group, expected } => position::group_write(group, *expected),
            Change::Order { account, user, order, trace } => {
                position::order_write(account, user, order, trace.as_deref())
            }
            Change::Fill { group, order, market, trade, fill } => {
                position::fill_write(group, order, market, trade, fill)
            }
            Change::History { entry, bell } => trail::history_write(entry, bell.as_ref()),
            Change::Outbox(outbox) => trail::outbox_write(outbox),
            Change::Account(change) => account_change(change, at),
            Change::RequireNotHalted { account, day_loss_below } => Ok(not_halted(account, *day_loss_below, at)),
            Change::Quota { user, seen } => Ok(opening(user, *seen)),
            Change::Audit(audit) => audit::row(audit),
            Change::RequireStanding { account, version } => Ok(in_good_standing(account, *version)),
            Change::Verdict { delivery, verdict, due_at, replaces } => {
                self.verdict_write(delivery, verdict, *due_at, *replaces).await
            }
            Change::Deliver(part) => delivery::part_write(part, stamp),
            Change::Park(row) => parked::put(row),
            Change::EndParked(row) => parked::end(row),
            Change::Bot(change) => bot_write(change),
            Change::Notice(told) => notice_write(told),
        }
    }
}
