//! Exchanges and chains that accounts may be at.

use super::{Audit, StoreError};
use domain::clock::Timestamp;
use domain::ids::WalletId;
use domain::wallet::Provider;
use wire::wallet::Definition;

/// A definition as it is kept, or as every deployment has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWallet {
    pub provider: Provider,
    pub definition: Definition,
    /// 0 where nobody has changed what is built in.
    pub version: u64,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    /// It was taken away; the row stays, so that what is built in does not come back.
    pub deleted: bool,
}

impl KeptWallet {
    pub fn id(&self) -> WalletId {
        self.provider.id()
    }
}

pub trait ListWallets {
    /// All that are kept, those taken away too.
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError>;
}

pub trait KeepWallet {
    /// On record, in the place of the version that was seen, none being kept no version; false where another change was
    /// first.
    async fn keep_wallet(&self, wallet: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError>;
}
