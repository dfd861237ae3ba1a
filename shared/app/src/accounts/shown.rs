//! Accounts as the API shows them.

use crate::ports::{Credential, KeptAccount};
use domain::clock::Timestamp;
use wire::view::{KeyShown, UserWallet};

/// Its key masked, and its limits as they are used now.
pub fn shown(kept: &KeptAccount, now: Timestamp) -> UserWallet {
    let key = kept.key.as_ref().map(|Credential { id, masked, created_at, insisted, .. }| {
        KeyShown::of(id.as_str(), masked, *created_at, *insisted)
    });
    UserWallet::of(&kept.account, &kept.state, key, now)
}
