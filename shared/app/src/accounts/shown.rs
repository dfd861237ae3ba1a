//! Accounts as the API shows them.

use crate::ports::{Credential, KeptAccount};
use wire::view::{KeyShown, UserWallet};

/// Its key masked.
pub fn shown(kept: &KeptAccount) -> UserWallet {
    let key = kept.key.as_ref().map(|Credential { id, masked, created_at, insisted, .. }| {
        KeyShown::of(id.as_str(), masked, *created_at, *insisted)
    });
    UserWallet::of(&kept.account, &kept.state, key)
}
