//! Definitions of exchanges and chains.

use super::World;
use super::item::{Item, key};
use super::table::{Action, Write};
use crate::sim::Op;
use app::ports::{Audit, KeepWallet, KeptWallet, ListWallets, StoreError};
use domain::audit::Shelf;

impl ListWallets for World {
    async fn list_wallets(&self) -> Result<Vec<KeptWallet>, StoreError> {
        self.call(Op::read("list_wallets"), |world| {
            world.table().prefixed(key::WALLETS.to_owned()).filter_map(wallet).collect()
        })
        .await
    }
}

impl KeepWallet for World {
    async fn keep_wallet(&self, kept: &KeptWallet, seen: Option<u64>, audit: &Audit) -> Result<bool, StoreError> {
        self.try_call(Op::effect("keep_wallet"), |world| {
            let is_seen = move |row: Option<&Item>| row.and_then(wallet).map(|row| row.version) == seen;
            let write = Write::Put(Item::Wallet(kept.clone()));
            let row = Action { key: key::wallet(&kept.provider), guard: Box::new(is_seen), write };
            let record = Action::record(Shelf::Vault, audit);
            world.all_or_none(vec![row, record], Some(&audit.attempt))
        })
        .await
    }
}

fn wallet(item: &Item) -> Option<KeptWallet> {
    if let Item::Wallet(wallet) = item { Some(wallet.clone()) } else { None }
}
