//! What is kept, read and committed.

use super::queue::Bell;
use crate::commit::Transaction;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::delivery::{Delivery, DeliveryRef};
use domain::drift::Drift;
use domain::fees::Fees;
use domain::group::{Group, Mark, Position};
use domain::ids::{AccountId, AttemptId, GroupId, OrderId, Sha, UserId};
use domain::looks::Wanted;
use domain::market::{Asset, Exchange, MarketKey, Symbol};
use domain::money::{Amount, Price};
use domain::order::Order;
use domain::parked::Parked;
use domain::seat::Seat;
use domain::token::WebhookToken;
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

pub use domain::vault::Standing;
pub use store::trading::{History, Kept, Outbox, Told};
pub use store::{CommitError, Page, PageRequest, StoreError};

pub trait FindToken {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError>;
}

impl<E: Engine> FindToken for E {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        Trading(self).find_token(user, hash).await
    }
}

pub trait KeepDelivery {
    /// Puts the row on absence under its key, stamped with the attempt; one's own stamp counts as written now.
    async fn put_delivery(&self, delivery: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError>;

    /// Puts the row in the place of an older one under the same key, which stays readable by its reference.
    async fn replace_delivery(&self, new: &Delivery, old: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError>;

    /// Counts a repeat that may have been meant. Lost counts are not repaired.
    async fn count_repeat(&self, delivery: &DeliveryRef) -> Result<(), StoreError>;
}

pub trait LoadDelivery {
    /// Wherever the row stands by now.
    async fn load_delivery(&self, delivery: &DeliveryRef) -> Result<Option<Delivery>, StoreError>;
}

pub trait FindAccount {
    async fn find_account(
        &self,
        user: &UserId,
        exchange: &Exchange,
        label: &str,
    ) -> Result<Option<AccountId>, StoreError>;
}

pub trait LoadAccount {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError>;
}

pub trait LoadStanding {
    async fn load_standing(&self, account: &AccountId) -> Result<Option<Standing>, StoreError>;
}

impl<E: Engine> LoadStanding for E {
    async fn load_standing(&self, account: &AccountId) -> Result<Option<Standing>, StoreError> {
        Vault(self).load_standing(account).await
    }
}

pub trait ReadPrice {
    /// The last known price and its time.
    async fn read_price(&self, market: &MarketKey, now: Timestamp) -> Result<Option<(Price, Timestamp)>, StoreError>;
}

pub trait RememberExit {
    /// Keeps when the newest exit of a seat was raised, and may forget one that is outdated. An entry that was raised
    /// before an exit of its seat is not opened any more, however late it is decided.
    async fn remember_exit(&self, account: &Account, seat: &Seat, event_at: Timestamp) -> Result<(), StoreError>;
}

pub trait LoadPosition {
    async fn load_position(&self, account: &AccountId, group: &GroupId) -> Result<Option<Position>, StoreError>;
}

pub trait Commit {
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError>;

    /// Unique to one commit: that of another, of the same run too, would take what was refused for what was applied.
    fn commit_stamp(&self) -> Result<AttemptId, StoreError>;
}

pub trait ClearOutbox {
    /// After its bell was rung. A row that is gone already is success.
    async fn clear_outbox(&self, bell: &Bell) -> Result<(), StoreError>;
}

pub trait WakeDelivery {
    /// Makes a queued delivery due now; nothing happens where it is settled or gone.
    async fn wake_delivery(&self, delivery: &DeliveryRef, now: Timestamp) -> Result<(), StoreError>;
}

pub trait BeginPass {
    /// Takes the slot's pass of an account, and gives the account as it is then; none where the pass was taken before. A slot
    /// behind `latest` that stands there is of no clock: this pass takes its place.
    async fn begin_pass(&self, account: &AccountId, slot: i64, latest: i64) -> Result<Option<Account>, StoreError>;

    /// Takes an account without an open group, and of which no look is wanted, off the list of active ones.
    async fn retire(&self, account: &AccountId) -> Result<(), StoreError>;
}

pub trait ActivateAccount {
    /// Puts an account on the list of active ones, so that its next pass is made even where nothing of it is live, and notes
    /// what that pass is to look at, in the place of an earlier wish.
    async fn activate(&self, account: &AccountId, wanted: &Wanted) -> Result<(), StoreError>;
}

pub trait KeepLooks {
    /// Notes that an order of this market, which was sent, is called absent. It may come after all.
    async fn mark_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError>;

    /// Nothing of this market is awaited any more; nothing happens where another was called absent since.
    async fn end_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError>;

    /// Some of what was asked for then was looked at; nothing happens where it was asked for again since.
    async fn keep_wanted(&self, account: &AccountId, left: &Wanted) -> Result<(), StoreError>;

    /// All that was asked for then was looked at; nothing happens where it was asked for again since.
    async fn end_wanted(&self, account: &AccountId, at: Timestamp) -> Result<(), StoreError>;
}

pub trait WriteBalance {
    /// Writes what the venue said; false where it was asked later already, or where a fill was committed since the
    /// account was read: the answer may lack it.
    async fn write_balance(
        &self,
        seen: &Account,
        balances: &BTreeMap<Asset, Amount>,
        times: Told,
    ) -> Result<bool, StoreError>;
}

pub trait KeepDrift {
    /// Writes where the venue and the account's groups differ; false where another has written since `seen`.
    async fn keep_drift(&self, account: &AccountId, drift: &Drift, seen: &Drift) -> Result<bool, StoreError>;
}

pub trait KeepVenuePause {
    /// Writes until when the account's venue is left alone; false where that is known already, or a longer pause is.
    async fn keep_venue_pause(
        &self,
        account: &AccountId,
        until: Timestamp,
        latest: Timestamp,
    ) -> Result<bool, StoreError>;
}

pub trait KeepFees {
    /// Writes what differs from what was seen, and leaves what others have written since; nothing where the account has gone.
    async fn keep_fees(&self, account: &AccountId, seen: &Fees, next: &Fees) -> Result<(), StoreError>;
}

pub trait KeepMark {
    /// Keeps the last seen price on the group for people to see: no version, no history; nothing happens where the
    /// group has gone. A commit of the group made at the same time may bring back an older mark.
    async fn keep_mark(&self, account: &AccountId, group: &GroupId, mark: &Mark) -> Result<(), StoreError>;
}

pub trait ListActive {
    /// Accounts of a shard that have, or lately had, a group that is not closed.
    async fn list_active(&self, shard: u8) -> Result<Vec<AccountId>, StoreError>;

    /// The shards of all such accounts.
    async fn active_shards(&self) -> Result<BTreeSet<u8>, StoreError>;
}

pub trait MindDue {
    async fn due_outbox(&self, shard: u8, now: Timestamp) -> Result<Vec<Outbox>, StoreError>;

    async fn due_deliveries(&self, shard: u8, now: Timestamp) -> Result<Vec<Delivery>, StoreError>;

    /// Counts a send and moves its time; false where the row has gone or was moved by another.
    async fn postpone_outbox(&self, outbox: &Outbox, next: Timestamp) -> Result<bool, StoreError>;

    /// Takes the row of a bell that was rung off the due list. A row that is gone already is success.
    async fn done_outbox(&self, outbox: &Outbox, now: Timestamp) -> Result<(), StoreError>;

    /// Takes an outbox row off the due list and puts what is left to a person in its place; nothing happens where the
    /// row has gone or was moved by another.
    async fn park_outbox(&self, outbox: &Outbox, parked: &Parked) -> Result<(), StoreError>;

    /// Moves the time of a delivery without a final verdict; `decisions` rises where a new decision is asked for.
    /// False where the row was settled or moved by another.
    async fn postpone_delivery(&self, delivery: &Delivery, decisions: u32, next: Timestamp)
    -> Result<bool, StoreError>;
}

pub trait ListAccounts {
    async fn list_accounts(&self, user: &UserId) -> Result<Vec<AccountId>, StoreError>;
}

pub trait ReadBack {
    async fn list_deliveries(&self, user: &UserId, page: &PageRequest) -> Result<Page<Delivery>, StoreError>;
    async fn list_groups(&self, user: &UserId, page: &PageRequest) -> Result<Page<Group>, StoreError>;
    async fn find_group(&self, user: &UserId, group: &GroupId) -> Result<Option<Group>, StoreError>;
    async fn list_orders(&self, user: &UserId, page: &PageRequest) -> Result<Page<Order>, StoreError>;
    async fn find_order(&self, user: &UserId, order: &OrderId) -> Result<Option<(AccountId, Order)>, StoreError>;
    async fn list_history(&self, group: &GroupId) -> Result<Vec<History>, StoreError>;
}

/// How long a row that is due waits for its next look.
pub fn backoff(sends: u32) -> Millis {
    let doubled = domain::limits::OUTBOX_DUE.get().saturating_mul(1_i64.checked_shl(sends.min(16)).unwrap_or(i64::MAX));
    Millis::new(doubled.min(domain::limits::OUTBOX_DUE_MAX.get()))
}

impl<E: Engine> FindAccount for E {
    async fn find_account(
        &self,
        user: &UserId,
        exchange: &Exchange,
        label: &str,
    ) -> Result<Option<AccountId>, StoreError> {
        Trading(self).find_account(user, exchange, label).await
    }
}

impl<E: Engine> LoadAccount for E {
    async fn load_account(&self, account: &AccountId) -> Result<Option<Account>, StoreError> {
        Trading(self).load_account(account).await
    }
}

impl<E: Engine> RememberExit for E {
    async fn remember_exit(&self, account: &Account, seat: &Seat, event_at: Timestamp) -> Result<(), StoreError> {
        Trading(self).remember_exit(account, seat, event_at).await
    }
}

impl<E: Engine> BeginPass for E {
    async fn begin_pass(&self, account: &AccountId, slot: i64, latest: i64) -> Result<Option<Account>, StoreError> {
        Trading(self).begin_pass(account, slot, latest).await
    }

    async fn retire(&self, account: &AccountId) -> Result<(), StoreError> {
        Trading(self).retire(account).await
    }
}

impl<E: Engine> ActivateAccount for E {
    async fn activate(&self, account: &AccountId, wanted: &Wanted) -> Result<(), StoreError> {
        Trading(self).activate(account, wanted).await
    }
}

impl<E: Engine> KeepLooks for E {
    async fn mark_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        Trading(self).mark_late(account, market, at).await
    }

    async fn end_late(&self, account: &AccountId, market: &Symbol, at: Timestamp) -> Result<(), StoreError> {
        Trading(self).end_late(account, market, at).await
    }

    async fn keep_wanted(&self, account: &AccountId, left: &Wanted) -> Result<(), StoreError> {
        Trading(self).keep_wanted(account, left).await
    }

    async fn end_wanted(&self, account: &AccountId, at: Timestamp) -> Result<(), StoreError> {
        Trading(self).end_wanted(account, at).await
    }
}

impl<E: Engine> WriteBalance for E {
    async fn write_balance(
        &self,
        seen: &Account,
        balances: &BTreeMap<Asset, Amount>,
        times: Told,
    ) -> Result<bool, StoreError> {
        Trading(self).write_balance(seen, balances, times).await
    }
}

impl<E: Engine> KeepDrift for E {
    async fn keep_drift(&self, account: &AccountId, drift: &Drift, seen: &Drift) -> Result<bool, StoreError> {
        Trading(self).keep_drift(account, drift, seen).await
    }
}

impl<E: Engine> KeepVenuePause for E {
    async fn keep_venue_pause(
        &self,
        account: &AccountId,
        until: Timestamp,
        latest: Timestamp,
    ) -> Result<bool, StoreError> {
        Trading(self).keep_venue_pause(account, until, latest).await
    }
}

impl<E: Engine> KeepFees for E {
    async fn keep_fees(&self, account: &AccountId, seen: &Fees, next: &Fees) -> Result<(), StoreError> {
        Trading(self).keep_fees(account, seen, next).await
    }
}

impl<E: Engine> ListActive for E {
    async fn list_active(&self, shard: u8) -> Result<Vec<AccountId>, StoreError> {
        Trading(self).list_active(shard).await
    }

    async fn active_shards(&self) -> Result<BTreeSet<u8>, StoreError> {
        Trading(self).active_shards().await
    }
}

impl<E: Engine> ListAccounts for E {
    async fn list_accounts(&self, user: &UserId) -> Result<Vec<AccountId>, StoreError> {
        Trading(self).list_accounts(user).await
    }
}

impl<E: Engine> KeepDelivery for E {
    async fn put_delivery(&self, delivery: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        Trading(self).put_delivery(delivery, attempt).await
    }

    async fn replace_delivery(&self, new: &Delivery, old: &Delivery, attempt: &AttemptId) -> Result<Kept, StoreError> {
        Trading(self).replace_delivery(new, old, attempt).await
    }

    async fn count_repeat(&self, delivery: &DeliveryRef) -> Result<(), StoreError> {
        Trading(self).count_repeat(delivery).await
    }
}

impl<E: Engine> LoadDelivery for E {
    async fn load_delivery(&self, delivery: &DeliveryRef) -> Result<Option<Delivery>, StoreError> {
        Trading(self).load_delivery(delivery).await
    }
}

impl<E: Engine> LoadPosition for E {
    async fn load_position(&self, account: &AccountId, group: &GroupId) -> Result<Option<Position>, StoreError> {
        Trading(self).load_position(account, group).await
    }
}

impl<E: Engine> Commit for E {
    async fn commit(&self, transaction: &Transaction) -> Result<(), CommitError> {
        Trading(self).commit(transaction).await
    }

    fn commit_stamp(&self) -> Result<AttemptId, StoreError> {
        self.stamp()
    }
}

impl<E: Engine> ClearOutbox for E {
    async fn clear_outbox(&self, bell: &Bell) -> Result<(), StoreError> {
        Trading(self).clear_outbox(bell).await
    }
}

impl<E: Engine> WakeDelivery for E {
    async fn wake_delivery(&self, delivery: &DeliveryRef, now: Timestamp) -> Result<(), StoreError> {
        Trading(self).wake_delivery(delivery, now).await
    }
}

impl<E: Engine> KeepMark for E {
    async fn keep_mark(&self, account: &AccountId, group: &GroupId, mark: &Mark) -> Result<(), StoreError> {
        Trading(self).keep_mark(account, group, mark).await
    }
}

impl<E: Engine> MindDue for E {
    async fn due_outbox(&self, shard: u8, now: Timestamp) -> Result<Vec<Outbox>, StoreError> {
        Trading(self).due_outbox(shard, now).await
    }

    async fn due_deliveries(&self, shard: u8, now: Timestamp) -> Result<Vec<Delivery>, StoreError> {
        Trading(self).due_deliveries(shard, now).await
    }

    async fn postpone_outbox(&self, outbox: &Outbox, next: Timestamp) -> Result<bool, StoreError> {
        Trading(self).postpone_outbox(outbox, next).await
    }

    async fn done_outbox(&self, outbox: &Outbox, now: Timestamp) -> Result<(), StoreError> {
        Trading(self).done_outbox(outbox, now).await
    }

    async fn park_outbox(&self, outbox: &Outbox, parked: &Parked) -> Result<(), StoreError> {
        Trading(self).park_outbox(outbox, parked).await
    }

    async fn postpone_delivery(
        &self,
        delivery: &Delivery,
        decisions: u32,
        next: Timestamp,
    ) -> Result<bool, StoreError> {
        Trading(self).postpone_delivery(delivery, decisions, next).await
    }
}

impl<E: Engine> ReadBack for E {
    async fn list_deliveries(&self, user: &UserId, page: &PageRequest) -> Result<Page<Delivery>, StoreError> {
        Trading(self).list_deliveries(user, page).await
    }

    async fn list_groups(&self, user: &UserId, page: &PageRequest) -> Result<Page<Group>, StoreError> {
        Trading(self).list_groups(user, page).await
    }

    async fn find_group(&self, user: &UserId, group: &GroupId) -> Result<Option<Group>, StoreError> {
        Trading(self).find_group(user, group).await
    }

    async fn list_orders(&self, user: &UserId, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        Trading(self).list_orders(user, page).await
    }

    async fn find_order(&self, user: &UserId, order: &OrderId) -> Result<Option<(AccountId, Order)>, StoreError> {
        Trading(self).find_order(user, order).await
    }

    async fn list_history(&self, group: &GroupId) -> Result<Vec<History>, StoreError> {
        Trading(self).list_history(group).await
    }
}
