//! Accounts as their owner keeps them. A key is shown masked.

use super::words::{ChainFault, ExchangeClass, KeyFault, Mode, Time};
use super::{ByAsset, by_asset, time};
use crate::member::{ApiKey, ApiSecret, Insisted, Label, Passphrase, Positive, Written};
use crate::text::Text;
use domain::account::Account;
use domain::chain::{EvmAddress, HeldAddress, Signature};
use domain::clock::Timestamp;
use domain::ids::WalletId;
use domain::market::Exchange;
use domain::vault::{self, AccountState};
use domain::wallet::Provider;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One account at an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Account)]
pub struct UserWallet {
    /// The id of the account, `acc_…`.
    pub id: String,
    /// The exchange, such as `BINANCE`.
    pub exchange: String,
    /// How its exchange is known; null for an address.
    #[serde(default)]
    pub class: Option<ExchangeClass>,
    /// What its exchange is: `/api/v1/exchanges/{id}`.
    #[serde(default)]
    #[schema(required)]
    pub wallet: String,
    /// The owner's name for the account.
    pub label: String,
    /// Where it trades; null if it was made before there were modes.
    pub mode: Option<Mode>,
    /// By its owner.
    pub enabled: bool,
    /// By a check.
    pub validated: bool,
    /// When a check last found the key good; null if none has since the mode or the key was changed.
    pub validated_at: Option<Time>,
    /// When its exchange, or the chain of its address, last answered; to the hour if nothing else has changed.
    pub checked_at: Option<Time>,
    /// What the last check found wrong with its key.
    pub fault: Option<KeyFault>,
    /// The account's exchange key, masked; null if none is saved.
    pub key: Option<KeyShown>,
    /// The chain, if the type is `WALLET`: its addresses are read and never traded.
    #[serde(default)]
    pub address: Option<AddressShown>,
    /// How many positions are open on the account.
    pub open_groups: u32,
    /// Its balances, how much of its limits is used, and whether its entries are halted.
    pub state: super::AccountState,
    /// The version of the account, raised by each change; its `ETag`, accepted as `If-Match`.
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExchangeKey)]
pub struct KeyShown {
    /// The saved exchange key, `crd_…`.
    pub id: String,
    /// First and last characters of the key; null if you are not its owner.
    pub masked: Option<String>,
    /// When the exchange key was saved.
    pub created_at: Time,
    /// Its owner keeps it although it can withdraw.
    pub allow_withdrawals: bool,
}

/// The address that an account is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AccountAddress)]
pub struct AddressShown {
    /// With the capitals of its checksum (EIP-55).
    pub address: String,
    /// By a signature of its own: nothing is read of it before.
    pub proven: bool,
    /// When the address was proven by a signature; null before.
    pub proven_at: Option<Time>,
    /// What is still to be signed.
    pub challenge: Option<ChallengeShown>,
    /// Why the balances could not be read from the chain when they were last requested.
    pub fault: Option<ChainFault>,
}

/// To be signed by `personal_sign` (EIP-191) exactly as it stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AddressChallenge)]
pub struct ChallengeShown {
    /// The text to be signed, unchanged.
    pub message: String,
    /// When the challenge expires.
    pub expires_at: Time,
}

/// What an account had when its exchange last reported balances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AccountBalances)]
pub struct WalletBalances {
    /// The account, `acc_…`.
    pub account: String,
    /// Where it trades; null if it was made before there were modes.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// When this was read: again within five minutes, as long as the account may enter or a position is open. 1970 where nothing
    /// was read since its mode or its key was changed.
    pub at: Time,
    /// Free balance and what Moniqo's own entries lock at the exchange, by asset, as last read.
    pub balances: ByAsset,
    /// For entries that are planned.
    pub reserved: ByAsset,
}

/// Body of `POST /api/v1/accounts`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_debug_implementations, reason = "it may hold a key")]
#[schema(as = CreateAccount)]
pub struct ConnectWallet {
    /// As alerts name it; or `wallet`.
    #[schema(value_type = Option<String>)]
    pub exchange: Option<Written<Exchange>>,
    /// Its definition, `wlt_…`.
    #[schema(value_type = Option<String>)]
    pub wallet: Option<Written<WalletId>>,
    /// `default` where none is given.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Option<Label>,
    /// `live` where an address is connected.
    #[schema(value_type = Mode)]
    pub mode: Written<vault::Mode>,
    /// Where the wallet's type is `WALLET`: never a key.
    #[schema(value_type = Option<String>, pattern = "^0x[0-9A-Fa-f]{40}$")]
    pub address: Option<Written<EvmAddress>>,
    /// Start balance in USDT, at the paper exchange; default 10000.
    #[schema(value_type = Option<String>)]
    pub start_balance: Option<Positive>,
    /// With `api_secret`: the key is checked, and no account is created if it is refused.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 256)]
    pub api_key: Option<ApiKey>,
    /// The exchange key's secret; required with `api_key`.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1600)]
    pub api_secret: Option<ApiSecret>,
    /// Required with a key at exchanges that use one (OKX, KuCoin, Bitget), and refused at all others.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 128)]
    pub passphrase: Option<Passphrase>,
    /// Accept a key that can withdraw; by default such a key is refused.
    #[schema(value_type = Option<String>, pattern = "^I understand that this key can withdraw$")]
    pub allow_withdrawals: Option<Insisted>,
}

/// Body of `PUT` and `PATCH /api/v1/accounts/{id}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateAccount)]
pub struct ChangeWallet {
    /// The account's new label; null or missing keeps the current one.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub label: Option<Label>,
    /// Whether the account may open positions; null or missing keeps the current value.
    pub enabled: Option<bool>,
}

/// Body of `POST /api/v1/accounts/{id}/prove`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProveAddress {
    /// What `personal_sign` answers.
    #[schema(value_type = String, pattern = "^0x[0-9A-Fa-f]{130}$")]
    pub signature: Written<Signature>,
}

/// Body of `PUT` of a mode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchMode {
    /// The new mode of the account, testnet or live; a change deletes its exchange key.
    #[schema(value_type = Mode)]
    pub mode: Written<vault::Mode>,
}

impl UserWallet {
    pub fn of(account: &Account, state: &AccountState, key: Option<KeyShown>, now: Timestamp) -> Self {
        Self {
            id: account.id.to_string(),
            exchange: account.exchange.to_string(),
            class: state.address.is_none().then(|| Text(account.exchange.class())),
            wallet: Provider::from(&account.exchange).id().to_string(),
            label: account.label.clone(),
            mode: state.mode.map(Text),
            enabled: state.enabled,
            validated: state.validated,
            validated_at: state.validated_at.map(time),
            checked_at: state.checked_at.map(time),
            fault: state.fault.map(Text),
            key,
            address: state.address.as_ref().map(AddressShown::from),
            open_groups: account.open_groups,
            state: super::AccountState::of(account, now),
            version: state.version,
        }
    }

    /// For whoever is not its owner: nothing of its key's characters, and nothing to sign.
    #[must_use]
    pub fn for_others(mut self) -> Self {
        if let Some(key) = &mut self.key {
            key.masked = None;
        }
        if let Some(address) = &mut self.address {
            address.challenge = None;
        }
        self
    }
}

impl From<&HeldAddress> for AddressShown {
    fn from(held: &HeldAddress) -> Self {
        let challenge = held.challenge.as_ref().map(|challenge| ChallengeShown {
            message: challenge.text.clone(),
            expires_at: time(challenge.expires_at),
        });
        Self {
            address: held.address.to_string(),
            proven: held.is_proven(),
            proven_at: held.proven_at.map(time),
            challenge,
            fault: held.fault.map(Text),
        }
    }
}

impl KeyShown {
    pub fn of(id: &str, masked: &str, created_at: Timestamp, allow_withdrawals: bool) -> Self {
        let (id, masked, created_at) = (id.to_owned(), Some(masked.to_owned()), time(created_at));
        Self { id, masked, created_at, allow_withdrawals }
    }
}

impl WalletBalances {
    pub fn of(account: &Account, state: &AccountState) -> Self {
        Self {
            account: account.id.to_string(),
            mode: state.mode.map(Text),
            at: time(account.balance_at),
            balances: by_asset(&account.balances),
            reserved: by_asset(&account.reserved),
        }
    }
}
