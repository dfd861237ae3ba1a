//! Exchanges and chains that accounts may be at.

use super::{Audit, StoreError};
use store::Engine;
use store::vault::Vault;

pub use store::vault::KeptWallet;

pub trait ListWallets {
    /// All that are kept, those taken away too.
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError>;
}

pub trait KeepWallet {
    /// On record, in the place of the version that was seen, none being kept no version; false where another change was
    /// first.
    async fn keep_wallet(&self, wallet: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError>;
}

impl<E: Engine> ListWallets for E {
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError> {
        Vault(self).list_wallets().await
    }
}

impl<E: Engine> KeepWallet for E {
    async fn keep_wallet(&self, wallet: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        Vault(self).keep_wallet(wallet, seen, audit).await
    }
}
