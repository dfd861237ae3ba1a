//! What proven addresses have: asked of their chains, kept as the balances of exchanges are, and never guessed.

use super::check::{CheckError, Checking, NOTED_FOR};
use super::{ResealSecret, balances};
use crate::ports::{Balance, DayBalances, OpenSecret, ProbeCredential, ReadChain, Told, Venue};
use crate::wallets;
use domain::account::Account;
use domain::chain::{ChainFault, HeldAddress};
use domain::market::Asset;
use domain::money::Amount;
use domain::vault::AccountState;
use std::collections::BTreeMap;
use store::Engine;
use store::vault::Vault;

impl<D: Engine, V: Venue + ProbeCredential, S: OpenSecret + ResealSecret, C: ReadChain> Checking<'_, D, V, S, C> {
    /// Reads what the address of an account has. Why it is not known stands with the account until it is.
    pub(super) async fn holdings(
        &self,
        account: Account,
        seen: &AccountState,
        held: &HeldAddress,
    ) -> Result<DayBalances, CheckError> {
        if !held.is_proven() {
            return Err(CheckError::NotProven);
        }
        let read = self.read(&account, held).await?;
        self.note(&account, seen, held, read.as_ref().err().copied()).await?;
        let free = |amount| Balance { free: amount, locked: Amount::ZERO };
        let read = read?.into_iter().map(|(asset, amount)| (asset, free(amount))).collect();
        let now = self.deps.now();
        balances::keep(self.deps, account, read, Told { asked_at: now, told_at: now }).await
    }

    async fn read(
        &self,
        account: &Account,
        held: &HeldAddress,
    ) -> Result<Result<BTreeMap<Asset, Amount>, ChainFault>, CheckError> {
        let wallet = wallets::of_exchange(self.deps, &account.exchange).await?;
        let Some(chain) = wallet.and_then(|wallet| wallet.definition.chain()) else {
            return Ok(Err(ChainFault::NotSet));
        };
        Ok(self.chain.holdings(&chain, &held.address).await)
    }

    /// Why it does not tell, or when it told: the latter once in an hour, as of keys. Where another change was first,
    /// the next look notes it.
    async fn note(
        &self,
        account: &Account,
        seen: &AccountState,
        held: &HeldAddress,
        fault: Option<ChainFault>,
    ) -> Result<(), CheckError> {
        let now = self.deps.now();
        let is_old = |at| now.since(at) >= NOTED_FOR;
        let is_due = fault.is_none() && seen.checked_at.is_none_or(is_old);
        if held.fault == fault && !is_due {
            return Ok(());
        }
        let (address, version) = (Some(HeldAddress { fault, ..held.clone() }), seen.version.saturating_add(1));
        let checked_at = if fault.is_none() { Some(now) } else { seen.checked_at };
        let state = AccountState { address, version, checked_at, ..seen.clone() };
        Vault(self.deps).keep_account_state(&account.id, seen, &state, None).await?;
        Ok(())
    }
}
