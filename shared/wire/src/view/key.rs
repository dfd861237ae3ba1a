//! Keys as they are given, and what venues told of balances.

use super::words::{Mode, Time};
use super::{UserWallet, time};
use crate::member::{ApiKey, ApiSecret, Insisted, Label, Passphrase, Written, or_default};
use domain::clock::Timestamp;
use domain::market::{Asset, Exchange};
use domain::money::Amount;
use domain::vault;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Body of `POST /api/keys/{exchange}`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it holds a key")]
#[schema(as = SaveKeyOfExchange)]
pub struct SaveKey {
    /// Mode of the account that the key is for: real money, the exchange's test system, or paper.
    #[schema(value_type = Mode)]
    pub mode: Written<vault::Mode>,
    /// As `?label=`; `default` where none is given.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Option<Label>,
    /// API key, as the exchange shows it.
    #[schema(value_type = String, min_length = 1, max_length = 256)]
    pub api_key: ApiKey,
    /// Secret of the API key, as the exchange shows it. It is encrypted and never shown again.
    #[schema(value_type = String, min_length = 1, max_length = 1600)]
    pub api_secret: ApiSecret,
    /// Required at exchanges that use one (OKX, KuCoin, Bitget), and refused at all others.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub passphrase: Option<Passphrase>,
    /// Accept a key that can withdraw; by default such a key is refused.
    #[schema(value_type = Option<String>, pattern = "^I understand that this key can withdraw$")]
    pub allow_withdrawals: Option<Insisted>,
    /// That it is of the same account at the exchange as the key before: asked for where position groups are open and the
    /// exchange does not tell whose a key is.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub same_account: bool,
}

/// Body of `POST /exchange/keys`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it holds a key")]
pub struct SaveExchangeKey {
    /// As alerts name it.
    #[schema(value_type = String)]
    pub exchange: Written<Exchange>,
    /// Mode of the account that the key is for: real money, the exchange's test system, or paper.
    #[schema(value_type = Mode)]
    pub mode: Written<vault::Mode>,
    /// Your name for the account; `default` where none is given.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Option<Label>,
    /// API key, as the exchange shows it.
    #[schema(value_type = String, min_length = 1, max_length = 256)]
    pub api_key: ApiKey,
    /// Secret of the API key, as the exchange shows it. It is encrypted and never shown again.
    #[schema(value_type = String, min_length = 1, max_length = 1600)]
    pub api_secret: ApiSecret,
    /// Required at exchanges that use one (OKX, KuCoin, Bitget), and refused at all others.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub passphrase: Option<Passphrase>,
    /// Accept a key that can withdraw; by default such a key is refused.
    #[schema(value_type = Option<String>, pattern = "^I understand that this key can withdraw$")]
    pub allow_withdrawals: Option<Insisted>,
    /// That it is of the same account at the exchange as the key before: asked for where position groups are open and the
    /// exchange does not tell whose a key is.
    #[serde(default, deserialize_with = "or_default")]
    #[schema(value_type = Option<bool>)]
    pub same_account: bool,
}

impl SaveExchangeKey {
    /// The exchange, and its key.
    pub fn into_parts(self) -> (Exchange, SaveKey) {
        let Self { exchange: Written(exchange), mode, label, api_key, api_secret, passphrase, .. } = self;
        let (allow_withdrawals, same_account) = (self.allow_withdrawals, self.same_account);
        (exchange, SaveKey { mode, label, api_key, api_secret, passphrase, allow_withdrawals, same_account })
    }
}

/// An account whose key was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedKey {
    #[serde(flatten)]
    pub account: UserWallet,
    /// What its owner should know of the key.
    pub advice: Vec<String>,
}

/// What an account had when its exchange was last queried on one UTC day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AccountBalanceDay)]
pub struct WalletDay {
    /// When the balances were last read on that UTC day.
    pub at: Time,
    /// What the account had, by asset.
    pub balances: BTreeMap<String, WalletHeld>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AssetBalance)]
pub struct WalletHeld {
    /// How much was free, in units of the asset.
    pub free: String,
    /// In orders.
    pub locked: String,
}

impl WalletDay {
    pub fn of<'a>(at: Timestamp, balances: impl Iterator<Item = (&'a Asset, Amount, Amount)>) -> Self {
        let held = |free: Amount, locked: Amount| WalletHeld { free: free.to_string(), locked: locked.to_string() };
        let balances = balances.map(|(asset, free, locked)| (asset.to_string(), held(free, locked)));
        Self { at: time(at), balances: balances.collect() }
    }
}
