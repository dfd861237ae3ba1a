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
        deps.retire(account).await?;
        return Ok(Passed::default());
    }
    // A stale balance is no reason to leave positions unwatched.
    let _stale_until_next_pass = refresh_balance(deps, venue, account).await;
    let mut passed = Passed::default();
    let mut prices = Prices { venue, known: BTreeMap::new() };
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

async fn refresh_balance<D: Watch, V: Venue>(deps: &D, venue: &V, account: &AccountId) -> Result<(), BalanceError> {
    let Some(account) = deps.load_account(account).await? else { return Ok(()) };
    if deps.now().since(account.balance_at) >= BALANCE_REFRESH {
        balance::refresh(deps, venue, account, deps.now()).await?;
    }
    Ok(())
}

/// One price per market and pass.
struct Prices<'a, V> {
    venue: &'a V,
    known: BTreeMap<MarketKey, Option<(Price, Timestamp)>>,
}

impl<V: Venue> Prices<'_, V> {
    async fn of(&mut self, market: &MarketKey) -> Option<(Price, Timestamp)> {
        if let Some(known) = self.known.get(market) {
            return *known;
        }
        let price = self.venue.ticker(market).await.ok().flatten();
        self.known.insert(market.clone(), price);
        price
    }
}
