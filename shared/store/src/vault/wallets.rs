//! Definitions of exchanges and chains: one partition of the vault's table.

use super::Vault;
use super::keys;
use crate::audit;
use crate::engine::Engine;
use crate::error::StoreError;
use crate::item::from_item;
use crate::key::Table;
use crate::rows::Rows;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::WalletId;
use domain::wallet::Provider;
use wire::stored::{self, Schema};
use wire::text::Text;
use wire::wallet::Definition;

/// A definition as it is kept, or as every deployment has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWallet {
    pub provider: Provider,
    pub definition: Definition,
    /// 0 where what is built in was never changed.
    pub version: u64,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    /// It was taken away; the row stays, so that what is built in does not come back.
    pub deleted: bool,
}

impl<E: Engine> Vault<'_, E> {
    /// All that are kept, those taken away too.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError> {
        let items = Rows(self.0).query(Table::Vault, keys::EVERY_WALLET, "").await?;
        items.into_iter().map(|item| from_item::<stored::Wallet>(item).and_then(kept)).collect()
    }

    /// On record, in the place of the version that was seen, none being kept no version; false where another change was
    /// first.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_wallet(&self, wallet: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let write = Write::versioned(keys::wallet(&wallet.provider), &row(wallet)?, seen)?;
        Rows(self.0).all_or_none(vec![write, audit::row_in(Table::Vault, audit)?], &audit.attempt).await
    }
}

fn row(wallet: &KeptWallet) -> Result<stored::Wallet, StoreError> {
    let at = |at: Option<Timestamp>| at.unwrap_or_default().millis();
    Ok(stored::Wallet {
        v: Schema,
        provider: Text(wallet.provider.clone()),
        document: wallet.definition.text().map_err(StoreError::unreadable)?,
        version: wallet.version,
        created_at: at(wallet.created_at),
        updated_at: at(wallet.updated_at),
        deleted: wallet.deleted,
    })
}

fn kept(row: stored::Wallet) -> Result<KeptWallet, StoreError> {
    Ok(KeptWallet {
        provider: row.provider.0,
        definition: Definition::of_text(&row.document).map_err(StoreError::unreadable)?,
        version: row.version,
        created_at: Some(Timestamp::from_millis(row.created_at)),
        updated_at: Some(Timestamp::from_millis(row.updated_at)),
        deleted: row.deleted,
    })
}

impl KeptWallet {
    pub fn id(&self) -> WalletId {
        self.provider.id()
    }
}
