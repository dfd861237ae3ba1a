//! Checks of keys: what the venue tells of one, and what that does to its account.
//!
//! 1. A failure of the venue, of the way to it or of the vault changes nothing.
//! 2. What a check says holds for the state and the key that it has seen, and for no other.
//! 3. One account's failure stops no other's check.
//! 4. An account of an exchange is traded by one account here: of two that are found good the first has it (`claims`).

use super::claims::{self, Stake};
use super::{ResealSecret, balances};
use crate::ports::{
    Audit, Credential, DayBalances, Lease, OpenSecret, ProbeCredential, ProbeError, ReadChain, StoreError, VaultError,
    Venue, VenueKey,
};
use crate::{notices, pause, refused};
use domain::account::Account;
use domain::chain::ChainFault;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, AttemptId, HolderId};
use domain::limits;
use domain::market::Exchange;
use domain::vault::{AccountState, Finding, KeyFacts, KeyFault, Mode};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;

/// A good key that was found good lately is not noted again, nor an address that was read.
pub(super) const NOTED_FOR: Millis = Millis::seconds(3_600);
const TURNS_MAX: u32 = 3;

/// One run of the function that checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    pub function: String,
    pub attempt: AttemptId,
    pub deadline: Timestamp,
}

/// By which a check is made.
#[derive(Debug)]
pub struct Checking<'a, D, V, S, C> {
    pub deps: &'a D,
    pub venue: &'a V,
    pub vault: &'a S,
    pub chain: &'a C,
    pub run: &'a CheckRun,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub exchange: Exchange,
    pub state: AccountState,
    pub finding: Finding,
    /// As far as the venue has told.
    pub facts: Option<KeyFacts>,
    /// Whether this check took the account's right to enter away.
    pub disabled: bool,
}

/// What was found out of a key.
struct Found {
    finding: Finding,
    facts: Option<KeyFacts>,
    /// Under what its account is traded by one account here.
    holder: Option<HolderId>,
}

/// Why nothing was checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    #[error("there is no such account")]
    NoAccount,
    #[error(transparent)]
    Venue(#[from] ProbeError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the account was changed meanwhile: try again")]
    Changed,
    #[error("the address is not proven to be its owner's")]
    NotProven,
    #[error("{}", .0.detail())]
    Chain(ChainFault),
}

impl From<ChainFault> for CheckError {
    fn from(fault: ChainFault) -> Self {
        Self::Chain(fault)
    }
}

impl CheckError {
    /// The stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAccount => "not_found",
            Self::Venue(ProbeError::Fault(fault)) => fault.as_str(),
            Self::Venue(ProbeError::Away(_)) => "venue_unavailable",
            Self::Venue(ProbeError::NotTradable(_)) => "venue_not_tradable",
            Self::Venue(ProbeError::NoKey) => "key_missing",
            Self::Vault(VaultError::Refused(_)) => "key_does_not_open",
            Self::Vault(_) | Self::Store(_) => "unavailable",
            Self::Changed => "version_conflict",
            Self::NotProven => "address_not_proven",
            Self::Chain(fault) => fault.as_str(),
        }
    }
}

impl<D: Engine, V: Venue + ProbeCredential, S: OpenSecret + ResealSecret, C: ReadChain> Checking<'_, D, V, S, C> {
    /// Checks one account, whether it may enter or not, and writes down what it came to.
    ///
    /// # Errors
    /// Where nothing was found out: then nothing is changed.
    pub async fn check(&self, account: &AccountId, why: &str) -> Result<Checked, CheckError> {
        self.check_known(&self.known(account).await?, why).await
    }

    pub(super) async fn known(&self, account: &AccountId) -> Result<Account, CheckError> {
        Trading(self.deps).load_account(account).await?.ok_or(CheckError::NoAccount)
    }

    pub(super) async fn check_known(&self, account: &Account, why: &str) -> Result<Checked, CheckError> {
        for _ in 0..TURNS_MAX {
            let seen = Vault(self.deps).load_account_state(&account.id).await?.ok_or(CheckError::NoAccount)?;
            if let Some(checked) = self.turn(account, &seen, why).await? {
                return Ok(checked);
            }
        }
        Err(CheckError::Changed)
    }

    /// None where another change was first.
    async fn turn(&self, account: &Account, seen: &AccountState, why: &str) -> Result<Option<Checked>, CheckError> {
        let credential = Vault(self.deps).load_credential(&account.id).await?;
        let now = self.deps.now();
        let found = self.find(account, credential.as_ref(), seen.mode, why, now).await;
        pause::keep(self.deps, &account.id, self.venue.newly_paused(&account.id)).await;
        let Found { mut finding, facts, holder } = found?;
        let stake = match holder.filter(|holder| finding == Finding::Good && seen.claim.as_ref() != Some(holder)) {
            Some(holder) => Some(claims::stake(self.deps, &account.id, holder).await?),
            None => None,
        };
        if let Some(Stake::Taken(_)) = stake {
            finding = Finding::Bad(KeyFault::ConnectedTwice);
        }
        let mut state = seen.after(finding, now);
        state.holder = facts.as_ref().and_then(|facts| facts.holder.clone()).or(state.holder);
        let disabled = state.was_disabled(seen);
        if let Some(Stake::Free(claim)) = stake {
            state.claim = Some(claim.of.clone());
            if !Vault(self.deps).keep_claim(&claim, seen, &state).await? {
                return Ok(None);
            }
        } else if is_worth_noting(seen, &state, now) {
            let audit = disabled.then(|| self.told(account, &state, now));
            if !Vault(self.deps).keep_account_state(&account.id, seen, &state, audit.as_ref()).await? {
                return Ok(None);
            }
            if disabled {
                notices::account_disabled(self.deps, account, &state, now).await;
            } else if state.lost_its_key(seen) && account.open_groups > 0 {
                notices::key_lost(self.deps, account, &state, now).await;
            }
        } else {
            state = seen.clone();
        }
        if let Some(credential) = credential.filter(|credential| !self.vault.is_current(&credential.sealed)) {
            // It has opened, and what was found out is kept: that the new key cannot be used is said of no account.
            let _left_to_the_next_check = self.renew(account, &credential).await;
        }
        Ok(Some(Checked { exchange: account.exchange.clone(), state, finding, facts, disabled }))
    }

    async fn find(
        &self,
        account: &Account,
        credential: Option<&Credential>,
        mode: Option<Mode>,
        why: &str,
        now: Timestamp,
    ) -> Result<Found, CheckError> {
        let key = match credential {
            Some(credential) => Some(self.key(account, credential, why, now).await?),
            None => None,
        };
        let insisted = credential.is_some_and(|credential| credential.insisted);
        match self.venue.probe(account, mode, key.as_ref(), now).await {
            Ok(facts) => {
                let holder = claims::holder(&account.exchange, mode, &facts, key.as_ref());
                let finding = facts.fault(insisted, now).map_or(Finding::Good, Finding::Bad);
                Ok(Found { finding, facts: Some(facts), holder })
            }
            Err(ProbeError::Fault(fault)) => Ok(Found { finding: Finding::Bad(fault), facts: None, holder: None }),
            Err(error) => Err(error.into()),
        }
    }

    async fn key(
        &self,
        account: &Account,
        credential: &Credential,
        why: &str,
        now: Timestamp,
    ) -> Result<VenueKey, VaultError> {
        let binding = credential.binding_at(account)?;
        let plain = self.vault.open(&binding, &credential.sealed, &self.lease(why), now).await?;
        VenueKey::of_plain(&plain, &account.id)
    }

    /// Puts a secret under the key that is used now; false where another secret has taken its place.
    pub(super) async fn renew(&self, account: &Account, credential: &Credential) -> Result<bool, CheckError> {
        let binding = credential.binding_at(account).map_err(VaultError::from)?;
        let lease = self.lease("reseal");
        let sealed = self.vault.reseal(&binding, &credential.sealed, &lease, self.deps.now()).await?;
        Ok(Vault(self.deps).move_credential(&account.id, credential, &sealed).await?)
    }

    pub(super) fn lease(&self, why: &str) -> Lease {
        let (function, attempt) = (self.run.function.clone(), self.run.attempt.clone());
        Lease { function, why: why.to_owned(), attempt }
    }

    /// Whether there is time for another account.
    pub fn has_time(&self) -> bool {
        self.has_time_for(limits::SUBMIT_TIMEOUT)
    }

    /// Whether there is time for a call that takes so long.
    pub fn has_time_for(&self, call: Millis) -> bool {
        self.deps.now().plus(call).plus(limits::CALL_MARGIN) <= self.run.deadline
    }

    fn told(&self, account: &Account, state: &AccountState, now: Timestamp) -> Audit {
        let fault = state.fault.map_or("key_unknown", KeyFault::as_str);
        let reason = format!("{} checks of its key failed in a row: {fault}", state.failures);
        refused::disabled(account, reason, now, &self.run.attempt)
    }

    /// Reads an account's balances, keeps them, and gives them back.
    ///
    /// # Errors
    /// Where the venue or the chain cannot be read or the store not be written.
    pub async fn balances(&self, account: &AccountId) -> Result<DayBalances, CheckError> {
        let account = self.known(account).await?;
        let state = Vault(self.deps).load_account_state(&account.id).await?.unwrap_or_default();
        if let Some(held) = &state.address {
            return self.holdings(account, &state, held).await;
        }
        self.at_venue(account).await
    }

    pub(super) async fn at_venue(&self, account: Account) -> Result<DayBalances, CheckError> {
        let id = account.id.clone();
        let synced = balances::sync(self.deps, self.venue, account).await;
        refused::heed(self.deps, self.venue, &id, &self.run.attempt).await;
        pause::keep(self.deps, &id, self.venue.newly_paused(&id)).await;
        synced
    }
}

/// A good key that stays good is not written at every check.
fn is_worth_noting(seen: &AccountState, state: &AccountState, now: Timestamp) -> bool {
    let flags = |state: &AccountState| {
        let AccountState { enabled, validated, failures, fault, holder, claim, .. } = state.clone();
        (enabled, validated, failures, fault, holder, claim)
    };
    let is_old = |at: Timestamp| now.since(at) >= NOTED_FOR;
    state.version > seen.version && (flags(seen) != flags(state) || seen.validated_at.is_none_or(is_old))
}
