//! Accounts that are addresses.

use super::Kept;
use app::accounts::NewAccount;
use app::actor::Act;
use app::ports::KeptAccount;
use domain::chain::{EvmAddress, Signature};
use domain::ids::AccountId;
use domain::market::Exchange;

/// `nonce` is what nobody can guess.
pub trait AddressDesk {
    fn connect_address(
        &self,
        new: NewAccount,
        address: &EvmAddress,
        nonce: &str,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn challenge_address(
        &self,
        id: &AccountId,
        nonce: &str,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    fn prove_address(
        &self,
        id: &AccountId,
        signature: &Signature,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<KeptAccount>> + Send;
    /// Whether something could be traded on what is named so.
    fn tradable(
        &self,
        exchange: Option<&Exchange>,
        label: Option<&str>,
        act: Act<'_>,
    ) -> impl Future<Output = Kept<()>> + Send;
}
