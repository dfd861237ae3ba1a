//! Definitions of exchanges and chains.

use app::actor::Act;
use app::ports::KeptWallet;
use app::wallets::WalletError;
use domain::ids::WalletId;
use wire::wallet::{BadMember, Definition};

pub(crate) type Defined<T> = Result<T, WalletError>;

pub trait WalletDesk {
    fn wallets(&self, inactive: bool) -> impl Future<Output = Defined<Vec<KeptWallet>>> + Send;
    fn wallet(&self, id: &WalletId) -> impl Future<Output = Defined<KeptWallet>> + Send;
    fn create_wallet(&self, definition: &Definition, act: Act<'_>) -> impl Future<Output = Defined<KeptWallet>> + Send;
    fn change_wallet(
        &self,
        id: &WalletId,
        wished: impl Fn(&Definition) -> Result<Definition, BadMember> + Send + Sync,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> impl Future<Output = Defined<KeptWallet>> + Send;
    fn remove_wallet(&self, id: &WalletId, seen: Option<u64>, act: Act<'_>)
    -> impl Future<Output = Defined<()>> + Send;
}
