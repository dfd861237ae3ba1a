//! The account watch: one pass per account and slot. It asks the venue, merges, and decides; it never trades.
//!
//! 1. A slot's pass is made once, whoever else was told to make it.
//! 2. The venue is asked once per order and pass; a lost race merges the same answers again.
//! 3. An order is absent only after its fence of time, and only when two passes have found it so.

mod look;
mod resolve;

use crate::balance::{self, BalanceError};
use crate::persist::{Persist, PersistError};
use crate::ports::{BeginPass, Clock, CommitError, KeepMark, ListLive, LoadPosition, StoreError, Venue, WriteBalance};
use crate::run::Run;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::limits;
use domain::market::MarketKey;
use domain::money::{MoneyError, Price};
use std::collections::BTreeMap;

/// What watching needs, beside a venue.
pub trait Watch: Persist + LoadPosition + ListLive + BeginPass + WriteBalance + KeepMark + Clock {}
impl<D: Persist + LoadPosition + ListLive + BeginPass + WriteBalance + KeepMark + Clock> Watch for D {}

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passed {
    /// The slot's pass had been made before.
    pub skipped: bool,
    pub groups: u32,
    /// Groups that could not be looked at: unreadable venue or store, lost races, or no time left.
    pub missed: u32,
    /// Orders whose outcome is not known, and the age of the oldest.
    pub unknown: u32,
    pub unknown_age_max: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a number of this group cannot be kept exactly")]
    Money(#[from] MoneyError),
    #[error("other changes were first, again and again")]
    Contended,
}

impl From<PersistError> for WatchError {
    fn from(error: PersistError) -> Self {
        match error {
            PersistError::Commit(CommitError::LostRace) => Self::Contended,
            PersistError::Commit(CommitError::Store(error)) => Self::Store(error),
            PersistError::Money(error) => Self::Money(error),
        }
    }
}

/// Makes the pass of one account.
///
/// # Errors
/// Where the account's live groups cannot be listed; a single group that fails is counted, and the next slot looks
/// at it again.
pub async fn pass<D: Watch, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    slot: i64,
    run: &Run,
) -> Result<Passed, WatchError> {
    if !deps.begin_pass(account, slot).await? {
        return Ok(Passed { skipped: true, ..Passed::default() });
    }
    let live = deps.list_live(account).await?;
    if live.is_empty() {
        // What is known now stands until the next entry: only a true balance lets the account rest.
        if refresh_balance(deps, venue, account, Millis::ZERO).await.is_ok() {
            deps.retire(account).await?;
        }
        return Ok(Passed::default());
    }
    let mut passed = Passed::default();
    let mut prices = Prices { venue, known: BTreeMap::new(), unread: 0 };
    for pointer in live {
        passed.groups = passed.groups.saturating_add(1);
        if deps.now().plus(limits::SUBMIT_TIMEOUT).plus(limits::CALL_MARGIN) > run.deadline {
            passed.missed = passed.missed.saturating_add(1);
            continue;
        }
        let price = prices.of(&pointer.market).await;
        let looked = look::look(deps, venue, account, &pointer.group, look::Seen { price, slot }, run).await;
        match looked {
            Ok(doubt) => passed.count(doubt),
            Err(_) => passed.missed = passed.missed.saturating_add(1),
        }
    }
    passed.missed = passed.missed.saturating_add(prices.unread);
    // After the looks: a fill that is in the venue's balance and not yet in our books would be counted twice.
    let _stale_until_next_pass = refresh_balance(deps, venue, account, BALANCE_REFRESH).await;
    Ok(passed)
}

impl Passed {
    fn count(&mut self, doubt: look::Doubt) {
        self.unknown = self.unknown.saturating_add(doubt.orders);
        self.unknown_age_max = self.unknown_age_max.max(doubt.age_max);
    }
}

/// Half the age at which an entry asks for itself, so that it rarely must.
const BALANCE_REFRESH: Millis = Millis::new(limits::BALANCE_AGE_MAX.get() / 2);

/// Reads the venue's balance where the known one is at least so old.
async fn refresh_balance<D: Watch, V: Venue>(
    deps: &D,
    venue: &V,
    account: &AccountId,
    age: Millis,
) -> Result<(), BalanceError> {
    let Some(account) = deps.load_account(account).await? else { return Ok(()) };
    if deps.now().since(account.balance_at) >= age {
        balance::refresh(deps, venue, account, deps.now()).await?;
    }
    Ok(())
}

/// One price per market and pass.
struct Prices<'a, V> {
    venue: &'a V,
    known: BTreeMap<MarketKey, Option<(Price, Timestamp)>>,
    /// Markets whose price could not be read: their stops are not watched now.
    unread: u32,
}

impl<V: Venue> Prices<'_, V> {
    async fn of(&mut self, market: &MarketKey) -> Option<(Price, Timestamp)> {
        if let Some(known) = self.known.get(market) {
            return *known;
        }
        let read = self.venue.ticker(market).await;
        self.unread = self.unread.saturating_add(u32::from(read.is_err()));
        let price = read.ok().flatten();
        self.known.insert(market.clone(), price);
        price
    }
}
