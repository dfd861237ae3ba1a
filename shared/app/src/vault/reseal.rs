//! All secrets under the key that is used now, account by account.
//!
//! 1. What is under it already is left as it is, so that a run which begins anew soon is where the one before has ended.
//! 2. Each run moves at least one account on, however little time it has.

use super::ResealSecret;
use super::check::{CheckError, Checking};
use crate::ports::{OpenSecret, ProbeCredential, ReadChain, Venue};
use domain::ids::AccountId;
use store::Engine;
use store::trading::Trading;
use store::vault::Vault;
use wire::resealed::{Renewed, Resealed};

impl<D: Engine, V: Venue + ProbeCredential, S: OpenSecret + ResealSecret, C: ReadChain> Checking<'_, D, V, S, C> {
    /// After this account, and as far as there is time.
    ///
    /// # Errors
    /// Where the list of accounts cannot be read. What fails for one secret is counted.
    pub async fn reseal(&self, after: Option<&AccountId>) -> Result<Resealed, CheckError> {
        let mut accounts = Trading(self.deps).list_every_account().await?;
        accounts.sort();
        let mut resealed = Resealed::default();
        let mut left = accounts.iter().filter(|account| after.is_none_or(|after| *account > after)).peekable();
        while let Some(account) = left.next() {
            let renewed = self.renewed(account).await;
            resealed.count(account, renewed.as_ref().copied().map_err(CheckError::code));
            if left.peek().is_some() && !self.has_time() {
                return Ok(Resealed { after: Some(account.to_string()), ..resealed });
            }
        }
        Ok(resealed)
    }

    async fn renewed(&self, account: &AccountId) -> Result<Renewed, CheckError> {
        let Some(credential) = Vault(self.deps).load_credential(account).await? else { return Ok(Renewed::Missing) };
        if self.vault.is_current(&credential.sealed) {
            return Ok(Renewed::Stays);
        }
        let account = Trading(self.deps).load_account(account).await?.ok_or(CheckError::NoAccount)?;
        if self.renew(&account, &credential).await? { Ok(Renewed::Moved) } else { Err(CheckError::Changed) }
    }
}
