//! All accounts, one after the other, as far as there is time: the next run begins elsewhere.
//!
//! 1. Keys come first. A chain that does not answer delays no check of a key.
//! 2. A key is checked that something may enter with, or be left with: of an account that may not enter while groups are
//!    open there. Nobody's is opened for a check while they are kept out; it is checked again once they are let back.

use super::ResealSecret;
use super::check::{CheckError, Checked, Checking};
use super::claims::{self, Stake};
use super::fees::Paying;
use crate::ports::{Binding, OpenSecret, ProbeCredential, ProbeError, ReadChain, Sealed, Venue, VenueKey};
use domain::account::Account;
use domain::chain::ChainFault;
use domain::clock::{Millis, Timestamp};
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::{AccountState, Finding, KeyFacts, KeyFault, Mode, VenueAnswers};
use std::collections::{BTreeMap, BTreeSet};
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;
use wire::key_check::Counts;

/// How often the schedule comes, and how many accounts further each run begins: a prime, so that all have their turn.
const ROUND_MS: i64 = 300_000;
const STRIDE: i64 = 10_007;

/// A good key is noted once in an hour: one that was not for two was not looked at.
pub(crate) const CHECKED_WITHIN: Millis = Millis::seconds(7_200);

/// What a round came to, and how it leaves accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    pub counts: Counts,
    pub standing: Standing,
    /// At which accounts that may enter were found good.
    pub exchanges: BTreeSet<Exchange>,
    /// Whose fees are to be read.
    pub paying: Vec<Paying>,
    /// Sides of exchanges that were asked, and whether they have answered for anybody.
    pub answered: BTreeMap<(Exchange, Mode), bool>,
}

impl Round {
    /// What failed on our side says nothing of the exchange, and one that wants to be left alone is not asked.
    fn hear(&mut self, account: &Account, state: &AccountState, checked: &Result<Checked, CheckError>, now: Timestamp) {
        let answered = match checked {
            Ok(_) => true,
            Err(CheckError::Venue(ProbeError::Away(_))) if account.venue_pauses_until(now).is_none() => false,
            Err(_) => return,
        };
        let Some(mode) = state.mode_at(&account.exchange).filter(|_| !account.exchange.is_paper()) else { return };
        *self.answered.entry((account.exchange.clone(), mode)).or_default() |= answered;
    }
}

/// Accounts, as far as the round came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    pub validated: u32,
    /// That enter nothing, by their owner, since their key failed, or while their user is kept out.
    pub disabled: u32,
    /// That may enter, and whose venue has not answered for two hours.
    pub unchecked: u32,
}

impl Standing {
    fn count(&mut self, state: &AccountState, now: Timestamp) {
        if state.validated {
            raise(&mut self.validated);
        }
        if !state.enabled {
            raise(&mut self.disabled);
        } else if state.checked_at.is_none_or(|at| now.since(at) > CHECKED_WITHIN) {
            raise(&mut self.unchecked);
        }
    }
}

/// A key that is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unkept {
    pub account: AccountId,
    /// The side of the exchange that it is for.
    pub mode: Option<Mode>,
    pub binding: Binding,
    pub sealed: Sealed,
    pub insisted: bool,
}

/// What the venue tells of a key that is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    pub facts: KeyFacts,
    pub fault: Option<KeyFault>,
    /// The label of whichever of the same user's accounts trades the same one there.
    pub connected_as: Option<String>,
}

impl<D: Engine, V: Venue + ProbeCredential, S: OpenSecret + ResealSecret, C: ReadChain> Checking<'_, D, V, S, C> {
    /// Checks every account that may enter or has open groups, and whose user is not kept out, and reads its balances; then, of
    /// proven addresses, it reads what they have.
    ///
    /// # Errors
    /// Where the list of accounts cannot be read. What fails for one account is counted.
    pub async fn round(&self) -> Result<Round, CheckError> {
        let accounts = Trading(self.deps).list_every_account().await?;
        let (first, mut round) = (first_of(&accounts, self.deps.now()), Round::default());
        let mut addresses = Vec::new();
        for (turn, account) in accounts.iter().cycle().skip(first).take(accounts.len()).enumerate() {
            if !self.has_time() {
                round.counts.left = count(accounts.len().saturating_sub(turn).saturating_add(addresses.len()));
                self.note_answers(&round).await;
                return Ok(round);
            }
            match Vault(self.deps).load_account_state(account).await {
                Ok(Some(AccountState { address: Some(held), .. })) if !held.is_proven() => {}
                Ok(Some(state)) if state.address.is_some() => addresses.push((account, state)),
                Ok(Some(state)) => self.one(account, &state, &mut round).await,
                Ok(None) => {}
                Err(_) => raise(&mut round.counts.away),
            }
        }
        self.note_answers(&round).await;
        self.addresses(&addresses, &mut round.counts).await;
        Ok(round)
    }

    /// One row for each side that was asked. What cannot be read or written now the next round writes.
    async fn note_answers(&self, round: &Round) {
        if round.answered.is_empty() {
            return;
        }
        let Ok(known) = Vault(self.deps).list_answers().await else { return };
        let now = self.deps.now();
        for ((exchange, mode), answered) in &round.answered {
            let of = |known: &&VenueAnswers| known.exchange == *exchange && known.mode == *mode;
            let before = known.iter().find(of).cloned();
            let before = before.unwrap_or_else(|| VenueAnswers::of(exchange.clone(), *mode));
            let _left_to_the_next_round = Vault(self.deps).keep_answers(&before.after(*answered, now)).await;
        }
    }

    async fn one(&self, account: &AccountId, state: &AccountState, round: &mut Round) {
        let standing = &mut round.standing;
        let known = self.known(account).await;
        let holds = known.as_ref().is_ok_and(|known| known.open_groups > 0);
        if !state.enabled && !holds {
            return standing.count(state, self.deps.now());
        }
        if known.as_ref().is_ok_and(Account::is_kept_out) {
            return standing.count(&AccountState { enabled: false, ..state.clone() }, self.deps.now());
        }
        let asked = known.as_ref().ok().cloned();
        let exchange = asked.as_ref().map(|known| known.exchange.clone());
        let checked = match known {
            Ok(known) => self.check_known(&known, "check").await,
            Err(error) => Err(error),
        };
        standing.count(checked.as_ref().map_or(state, |checked| &checked.state), self.deps.now());
        if let Some(known) = &asked {
            round.hear(known, state, &checked, self.deps.now());
        }
        let Round { counts, exchanges, paying, .. } = round;
        match &checked {
            Ok(checked) if checked.finding == Finding::Good => {
                raise(&mut counts.good);
                exchanges.extend(exchange);
            }
            Ok(checked) => {
                raise(&mut counts.bad);
                if checked.disabled {
                    raise(&mut counts.disabled);
                }
            }
            Err(_) => raise(&mut counts.away),
        }
        let Some(good) = checked.ok().filter(|checked| checked.finding == Finding::Good) else { return };
        if self.balances_of_venue(account).await.is_ok() {
            raise(&mut counts.balances);
            paying.extend(asked.and_then(|known| Paying::of(known, good.state.claim, self.deps.now())));
        }
    }

    /// A chain that has not answered once is asked no more in this round.
    async fn addresses(&self, addresses: &[(&AccountId, AccountState)], counts: &mut Counts) {
        let mut silent = BTreeSet::new();
        for (turn, (account, state)) in addresses.iter().enumerate() {
            if !self.has_time() {
                counts.left = count(addresses.len().saturating_sub(turn));
                return;
            }
            let read = self.address(account, state, &mut silent).await;
            raise(if read.is_ok() { &mut counts.balances } else { &mut counts.away });
        }
    }

    async fn address(
        &self,
        account: &AccountId,
        state: &AccountState,
        silent: &mut BTreeSet<Exchange>,
    ) -> Result<(), CheckError> {
        let held = state.address.as_ref().ok_or(CheckError::NotProven)?;
        let account = self.known(account).await?;
        let exchange = account.exchange.clone();
        if silent.contains(&exchange) {
            return Err(ChainFault::Unreachable.into());
        }
        let read = self.holdings(account, state, held).await;
        if let Err(CheckError::Chain(ChainFault::Unreachable | ChainFault::Refused)) = read {
            silent.insert(exchange);
        }
        read.map(drop)
    }

    async fn balances_of_venue(&self, account: &AccountId) -> Result<(), CheckError> {
        let account = self.known(account).await?;
        self.at_venue(account).await.map(drop)
    }

    /// Opens a key that is not kept yet, and asks its venue. Nothing is written but that it was opened.
    ///
    /// # Errors
    /// Where nothing was found out, or the account is another user's.
    pub async fn probe(&self, unkept: &Unkept) -> Result<Probed, CheckError> {
        let account = Trading(self.deps).load_account(&unkept.account).await?;
        let is_theirs = |account: &Account| account.user == unkept.binding.user;
        let account = account.filter(is_theirs).ok_or(CheckError::NoAccount)?;
        let now = self.deps.now();
        let plain = self.vault.open(&unkept.binding, &unkept.sealed, &self.lease("probe"), now).await?;
        let key = VenueKey::of_plain(&plain, &account.id)?;
        let mode = self.side(unkept).await?;
        match self.venue.probe(&account, mode, Some(&key), now).await {
            Ok(facts) => match facts.fault(unkept.insisted, now) {
                None => self.alone(&account, mode, &key, facts).await,
                fault => Ok(Probed { facts, fault, connected_as: None }),
            },
            Err(ProbeError::Fault(fault)) => {
                Ok(Probed { facts: KeyFacts::default(), fault: Some(fault), connected_as: None })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The side that the key is for; a caller of an earlier release means that of its account.
    async fn side(&self, unkept: &Unkept) -> Result<Option<Mode>, CheckError> {
        if unkept.mode.is_some() {
            return Ok(unkept.mode);
        }
        Ok(Vault(self.deps).load_account_state(&unkept.account).await?.and_then(|state| state.mode))
    }

    /// A good key of an account there that another one here trades is refused before it is kept. Which one that is, is told
    /// to nobody but its owner.
    async fn alone(
        &self,
        account: &Account,
        mode: Option<Mode>,
        key: &VenueKey,
        facts: KeyFacts,
    ) -> Result<Probed, CheckError> {
        let stake = match claims::holder(&account.exchange, mode, &facts, Some(key)) {
            Some(of) => Some(claims::stake(self.deps, &account.id, of).await?),
            None => None,
        };
        let Some(Stake::Taken(by)) = stake else { return Ok(Probed { facts, fault: None, connected_as: None }) };
        let known = Trading(self.deps).load_account(&by).await?.filter(|known| known.user == account.user);
        let connected_as = known.map(|known| known.label);
        Ok(Probed { facts, fault: Some(KeyFault::ConnectedTwice), connected_as })
    }
}

/// Which round this is.
pub(super) fn round_of(now: Timestamp) -> i64 {
    now.millis().div_euclid(ROUND_MS)
}

fn first_of(accounts: &[AccountId], now: Timestamp) -> usize {
    let all = i64::try_from(accounts.len()).unwrap_or(i64::MAX).max(1);
    let first = round_of(now).wrapping_mul(STRIDE).rem_euclid(all);
    usize::try_from(first).unwrap_or_default()
}

fn raise(count: &mut u32) {
    *count = count.saturating_add(1);
}

fn count(all: usize) -> u32 {
    u32::try_from(all).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_may_enter_and_was_not_checked_for_two_hours_is_told() {
        let now = Timestamp::from_millis(1_763_628_660_000);
        let state = |enabled, validated, hours: Option<i64>| AccountState {
            enabled,
            validated,
            checked_at: hours.map(|hours| now.minus(Millis::seconds(hours * 3_600))),
            ..AccountState::default()
        };
        for (state, validated, disabled, unchecked) in [
            (state(true, true, Some(1)), 1, 0, 0),
            (state(true, true, Some(3)), 1, 0, 1),
            (state(true, false, None), 0, 0, 1),
            (state(false, true, Some(3)), 1, 1, 0),
            (state(false, false, None), 0, 1, 0),
        ] {
            let mut standing = Standing::default();
            standing.count(&state, now);
            assert_eq!(standing, Standing { validated, disabled, unchecked }, "{state:?}");
        }
    }
}
