//! How each exchange does, as rounds of checks and the accounts there show: when it last answered, and whether it wants to be
//! left alone.
//!
//! 1. It ends: so many accounts are looked at, side by side, and none is begun with that may not be read in time. How many
//!    were not looked at is told.
//! 2. Nobody is named: accounts are counted.

use super::Look;
use crate::ports::StoreError;
use crate::vault::CHECKED_WITHIN;
use domain::account::Account;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::{AccountState, Mode, VenueAnswers};
use futures_util::future::join;
use futures_util::stream::{self, StreamExt};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

/// Accounts of which one look tells.
const ACCOUNTS_MAX: usize = 500;
/// Accounts at once, each with two reads.
const SIDE_BY_SIDE: usize = 16;
/// What reading one may take with all its attempts.
const READ_WITHIN: Millis = Millis::seconds(3);

/// Every exchange at which somebody has an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Venues {
    pub venues: BTreeMap<Exchange, Venue>,
    /// Accounts that were not looked at: there are too many, or they could not be read, or not in time.
    pub left: usize,
    /// Why not even the list of accounts could be read.
    pub unlisted: Option<StoreError>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Venue {
    pub accounts: u32,
    /// That are enabled with a good key, and neither halted nor their user kept out.
    pub entering: u32,
    /// Whose key was found bad by the last check.
    pub bad: u32,
    /// That are enabled or have open groups, and so are checked.
    pub checked: u32,
    /// Of these, for which it has not answered for two hours.
    pub unchecked: u32,
    pub answered_at: Option<Timestamp>,
    /// When a round last had no answer, on whichever of its sides.
    pub failed_at: Option<Timestamp>,
    /// Whether two rounds were in vain, on whichever of its sides.
    pub failing: bool,
    /// Accounts for which it has asked to be left alone.
    pub paused: u32,
    /// The last of these pauses ends then.
    pub paused_until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    Up,
    /// It has asked to be left alone, for all accounts there.
    Paused,
    /// Two rounds of checks had no answer, live or on its testnet; or none of the accounts that are checked has had one for
    /// two hours.
    Failing,
    /// No account there is checked, so it was not asked.
    Unknown,
}

impl Venue {
    pub fn answering(&self) -> Answering {
        match (self.checked, self.unchecked) {
            _ if self.paused > 0 && self.paused >= self.accounts => Answering::Paused,
            (0, _) => Answering::Unknown,
            (checked, unchecked) if self.failing || unchecked >= checked => Answering::Failing,
            _ => Answering::Up,
        }
    }

    fn hear(&mut self, answers: &VenueAnswers) {
        self.answered_at = self.answered_at.max(answers.answered_at);
        self.failed_at = self.failed_at.max(answers.failed_at);
        self.failing |= answers.is_failing();
    }

    fn count(&mut self, account: &Account, state: &AccountState, now: Timestamp) {
        let is_checked = is_checked(account, state);
        let is_late = state.checked_at.is_none_or(|at| now.since(at) > CHECKED_WITHIN);
        add(&mut self.accounts, true);
        add(&mut self.entering, state.may_enter() && account.halted.is_none());
        add(&mut self.bad, state.fault.is_some());
        add(&mut self.checked, is_checked);
        add(&mut self.unchecked, is_checked && is_late);
        self.answered_at = self.answered_at.max(state.checked_at);
        let pause = account.venue_pauses_until(now);
        add(&mut self.paused, pause.is_some());
        self.paused_until = self.paused_until.max(pause);
    }
}

fn add(count: &mut u32, counts: bool) {
    *count = count.saturating_add(counts.into());
}

/// As far as accounts can be read in time.
pub async fn venues<D: Engine>(deps: &D, look: Look) -> Venues {
    let accounts = match Trading(deps).list_every_account().await {
        Ok(accounts) => accounts,
        Err(error) => return Venues { unlisted: Some(error), ..Venues::default() },
    };
    let looks: Vec<_> = accounts.iter().take(ACCOUNTS_MAX).map(|account| one(deps, account, look)).collect();
    let seen: Vec<Seen> = stream::iter(looks).buffer_unordered(SIDE_BY_SIDE).collect().await;
    let mut told = Venues { left: accounts.len().saturating_sub(ACCOUNTS_MAX), ..Venues::default() };
    let sides: BTreeSet<_> = seen.iter().filter_map(|seen| side(seen.as_ref().ok()?.as_ref()?)).collect();
    for seen in seen {
        told.take(seen, look.now);
    }
    // Where it cannot be read, the accounts tell by themselves, and later.
    let answers = Vault(deps).list_answers().await.unwrap_or_default();
    for answers in answers.iter().filter(|answers| sides.contains(&(answers.exchange.clone(), answers.mode))) {
        told.venues.entry(answers.exchange.clone()).or_default().hear(answers);
    }
    told
}

/// Of an account that is checked: nobody asks for others, and what was told of them once stands.
fn side((account, state): &(Account, AccountState)) -> Option<(Exchange, Mode)> {
    let mode = state.mode_at(&account.exchange)?;
    is_checked(account, state).then(|| (account.exchange.clone(), mode))
}

/// By rounds.
fn is_checked(account: &Account, state: &AccountState) -> bool {
    (state.enabled || account.open_groups > 0) && !account.is_kept_out()
}

/// One account; none where it has gone meanwhile, or is for an address of a chain; an error where it was not read.
type Seen = Result<Option<(Account, AccountState)>, Unseen>;

struct Unseen;

async fn one<D: Engine>(deps: &D, account: &AccountId, look: Look) -> Seen {
    if deps.now().plus(READ_WITHIN) > look.deadline {
        return Err(Unseen);
    }
    let (known, state) = join(Trading(deps).load_account(account), Vault(deps).load_account_state(account)).await;
    let (Ok(known), Ok(state)) = (known, state) else { return Err(Unseen) };
    Ok(known.map(|known| (known, state.unwrap_or_default())).filter(|(_, state)| state.address.is_none()))
}

impl Venues {
    fn take(&mut self, seen: Seen, now: Timestamp) {
        match seen {
            Ok(Some((account, state))) => {
                self.venues.entry(account.exchange.clone()).or_default().count(&account, &state, now);
            }
            Ok(None) => {}
            Err(Unseen) => self.left = self.left.saturating_add(1),
        }
    }
}
