//! Accounts that are addresses of chains: proven by a signature, looked at, and never traded.
//!
//! 1. No key of an address is asked for, taken or kept.
//! 2. Nothing is read of an address before its owner has signed what was asked of them; each text is signed once.
//! 3. A signature that proves nothing uses nothing up.
//! 4. A user has an address of a chain once. Another user may have it too: both can only look.

use super::opened::{account, room};
use super::{AccountError, NewAccount, decide, place};
use crate::actor::{Act, audit};
use crate::ports::{Groups, KeptAccount, RecoverSigner};
use crate::wallets;
use domain::chain::{Challenge, EvmAddress, HeldAddress, Signature, Unproven};
use domain::ids::AccountId;
use domain::market::Exchange;
use domain::vault::{AccountState, Mode};
use domain::wallet::WalletKind;
use store::Engine;
use store::trading::Trading;
use wire::challenge::Proof;

/// By which addresses are proven.
#[derive(Debug)]
pub struct Addresses<'a, D, P> {
    pub deps: &'a D,
    pub proofs: &'a P,
    pub deployment: &'a str,
}

impl<D: Engine, P: RecoverSigner> Addresses<'_, D, P> {
    /// A new account for an address, with what is to be signed.
    ///
    /// # Errors
    /// As of any account, and `NoAddressThere`, `WalletNotSupported`, `Checksum`, `AddressConnected`.
    pub async fn connect(
        &self,
        new: NewAccount,
        address: &EvmAddress,
        nonce: &str,
        act: Act<'_>,
    ) -> Result<KeptAccount, AccountError> {
        let wallet = wallets::of_exchange(self.deps, &new.exchange).await?;
        let wallet = wallet.ok_or_else(|| AccountError::NoWallet(new.exchange.clone()))?;
        if wallet.definition.kind() != Some(WalletKind::Wallet) {
            return Err(AccountError::NoAddressThere(new.exchange));
        }
        let chain = wallet.definition.chain().ok_or_else(|| AccountError::WalletNotSupported(new.exchange.clone()))?;
        if !wallet.definition.is_active {
            return Err(AccountError::Inactive(new.exchange));
        }
        looked_at(&new.exchange, new.mode)?;
        let address = self.proofs.spelled(address).ok_or(AccountError::Checksum)?;
        let there = room(self.deps, &new, act).await?;
        let account = account(new, act);
        if there.iter().any(|other| is_of(other, &account.exchange, &address)) {
            return Err(AccountError::AddressConnected);
        }
        let challenge = Some(self.challenge(&account.id, &address, chain.id, nonce, act));
        let held = HeldAddress { address, proven_at: None, challenge, fault: None };
        let (mode, address) = (Some(Mode::Live), Some(held));
        let state = AccountState { mode, address, version: 1, ..AccountState::default() };
        let kept = KeptAccount { account, state, key: None };
        let record = audit("connect address", kept.account.id.as_str(), "wished by its user", act);
        if Trading(self.deps).open_account(&kept, None, &record).await? {
            Ok(kept)
        } else {
            Err(AccountError::Duplicate)
        }
    }

    /// Another text to sign, in the place of the one before.
    ///
    /// # Errors
    /// `Unknown`, `NoAddress`, `WalletNotSupported` where the chain is not defined any more, or where the store cannot
    /// be reached.
    pub async fn renew(&self, id: &AccountId, nonce: &str, act: Act<'_>) -> Result<KeptAccount, AccountError> {
        let kept = super::find(self.deps, id, act).await?;
        let wallet = wallets::of_exchange(self.deps, &kept.account.exchange).await?;
        let chain = wallet.and_then(|wallet| wallet.definition.chain());
        decide(self.deps, id, None, "challenge address", Groups::Any, act, |kept, _| {
            let held = held(kept)?;
            let gone = || AccountError::WalletNotSupported(kept.account.exchange.clone());
            let chain = chain.as_ref().ok_or_else(gone)?;
            let challenge = Some(self.challenge(id, &held.address, chain.id, nonce, act));
            Ok(with(kept, HeldAddress { challenge, ..held.clone() }))
        })
        .await
    }

    /// Its owner's from now on, where the signature is of the text that is to be signed and of no other address.
    ///
    /// # Errors
    /// `Unknown`, `NoAddress`, `Unproven`, `AddressConnected`, or where the store cannot be reached.
    pub async fn prove(
        &self,
        id: &AccountId,
        signature: &Signature,
        act: Act<'_>,
    ) -> Result<KeptAccount, AccountError> {
        decide(self.deps, id, None, "prove address", Groups::Any, act, |kept, others| {
            let held = held(kept)?;
            let text = held.to_sign(act.now)?;
            let proven = held.proven(text, self.proofs.signer(text, signature).as_ref(), act.now)?;
            // Of two that were connected at once, one is proven.
            let is_proven = |other: &KeptAccount| other.state.address.as_ref().is_some_and(HeldAddress::is_proven);
            let is_same = |other: &&KeptAccount| is_of(other, &kept.account.exchange, &proven.address);
            if others.iter().filter(is_same).any(is_proven) {
                return Err(AccountError::AddressConnected);
            }
            let proven = with(kept, proven);
            let state = AccountState { validated: true, validated_at: Some(act.now), ..proven.state };
            Ok(KeptAccount { state, ..proven })
        })
        .await
    }

    fn challenge(&self, account: &AccountId, address: &EvmAddress, chain: u64, nonce: &str, act: Act<'_>) -> Challenge {
        let expires_at = act.now.plus(Challenge::LASTS);
        let (deployment, user, issued_at) = (self.deployment, act.user, act.now);
        let proof = Proof { deployment, address, user, account, chain, nonce, issued_at, expires_at };
        Challenge { text: proof.text(), expires_at }
    }
}

/// Whether all of a user's accounts that are meant here are addresses: nothing that trades is made for them.
///
/// # Errors
/// `NeverTraded`, `AtSeveral`, or where the store cannot be reached.
pub async fn tradable<D: Engine>(
    deps: &D,
    exchange: Option<&Exchange>,
    label: Option<&str>,
    act: Act<'_>,
) -> Result<(), AccountError> {
    if exchange.is_none() && label.is_none() {
        return Ok(());
    }
    let mut there = super::list(deps, act).await?;
    there.retain(|kept| {
        let (at, called) = place(kept);
        exchange.is_none_or(|exchange| exchange == at) && label.is_none_or(|label| label == called)
    });
    let all_addresses = there.iter().all(|kept| kept.state.address.is_some());
    if !all_addresses {
        there.retain(|kept| kept.state.address.is_none());
    }
    match there.pop() {
        Some(kept) if all_addresses => Err(AccountError::NeverTraded(kept.account.exchange)),
        Some(kept) if exchange.is_none() && !there.is_empty() => Err(AccountError::AtSeveral(kept.account.label)),
        _ => Ok(()),
    }
}

pub(super) fn looked_at(exchange: &Exchange, mode: Mode) -> Result<(), AccountError> {
    let wrong = || AccountError::Mode { exchange: exchange.clone(), allowed: "live" };
    if mode == Mode::Live { Ok(()) } else { Err(wrong()) }
}

fn held(kept: &KeptAccount) -> Result<&HeldAddress, AccountError> {
    kept.state.address.as_ref().ok_or(AccountError::NoAddress)
}

fn with(kept: &KeptAccount, held: HeldAddress) -> KeptAccount {
    let state = AccountState { address: Some(held), ..kept.state.clone() };
    KeptAccount { state, ..kept.clone() }
}

fn is_of(other: &KeptAccount, exchange: &Exchange, address: &EvmAddress) -> bool {
    let held = other.state.address.as_ref();
    other.account.exchange == *exchange && held.is_some_and(|held| held.address == *address)
}

impl From<Unproven> for AccountError {
    fn from(why: Unproven) -> Self {
        Self::Unproven(why)
    }
}
