//! Definitions of exchanges and chains: one partition of the vault's table.

use crate::client::Aws;
use crate::keys;
use app::ports::{Audit, KeepWallet, KeptWallet, ListWallets, StoreError};
use domain::clock::Timestamp;
use store::audit;
use store::condition::{ABSENT, VERSION_AS_SEEN};
use store::item::{from_item, number};
use store::{Table, Write};
use wire::stored::{self, Schema};
use wire::text::Text;
use wire::wallet::Definition;

impl ListWallets for Aws {
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError> {
        let items = self.rows().query(Table::Vault, keys::EVERY_WALLET, "").await?;
        items.into_iter().map(|item| from_item::<stored::Wallet>(item).and_then(kept)).collect()
    }
}

impl KeepWallet for Aws {
    async fn keep_wallet(&self, wallet: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        let write = Write::upsert(keys::wallet(&wallet.provider), &row(wallet)?)?;
        let write = match seen {
            None => write.when(ABSENT),
            Some(version) => write.when(VERSION_AS_SEEN).given("seen_version", number(version)),
        };
        self.rows().all_or_none(vec![write, audit::row_in(Table::Vault, audit)?], &audit.attempt).await
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
