//! Definitions of exchanges and chains, as they are answered and sent.

use super::time;
use super::words::{Mode, ProviderType, Time};
use crate::text::Text;
use crate::wallet::Definition;
use domain::clock::Timestamp;
use domain::ids::WalletId;
use domain::market::{Exchange, Passphrase};
use domain::vault;
use domain::wallet::WalletKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Exchange)]
pub struct Wallet {
    /// The id of the exchange or chain, `wlt_…`.
    pub id: String,
    #[serde(flatten)]
    pub definition: Definition,
    /// What accounts there may trade with, the safest first. Of an exchange of class `best_effort`, `testnet` is there only if the
    /// exchange has one: validating the account shows it.
    #[serde(default)]
    #[schema(required)]
    pub modes: Vec<Mode>,
    /// Whether its keys have a passphrase; null if that is not known, or if it has no keys.
    #[serde(default)]
    pub passphrase: Option<bool>,
    /// Null if it is built into every deployment.
    pub created_at: Option<Time>,
    /// When the exchange or chain was last changed; null for a built-in one that is unchanged.
    pub updated_at: Option<Time>,
    /// The version of the exchange or chain, raised by each change; its `ETag`, accepted as `If-Match`. 0 if built in and unchanged.
    pub version: u64,
}

/// Body of `POST /api/v1/exchanges`, and of `PUT` of one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateExchange)]
pub struct NewWallet {
    /// Name of the exchange or chain, for display.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// Kind of provider: centralised exchange, decentralised exchange, or address on a chain.
    #[serde(rename = "type")]
    #[schema(value_type = ProviderType)]
    pub kind: String,
    /// As accounts name it, in small letters; it stays what it is.
    #[schema(min_length = 2, max_length = 32, pattern = "^[a-z0-9._-]+$")]
    pub provider: String,
    /// How the API is reached: address, kind of authentication, operations, rate limits and chain; null or left out is none.
    #[schema(value_type = Option<Object>)]
    pub provider_config: Option<Value>,
    /// Currencies that are offered there, such as `BTC`; null or left out is an empty list.
    #[schema(max_items = 200)]
    pub supported_currencies: Option<Vec<String>>,
    /// Kinds of markets that are offered there, such as `spot`; null or left out is an empty list.
    #[schema(max_items = 20)]
    pub supported_markets: Option<Vec<String>>,
    /// Fees that the exchange publishes: `trading_fee_percent` and `withdrawal_fee` by currency; null or left out is none.
    #[schema(value_type = Option<Object>)]
    pub fees: Option<Value>,
    /// Whether accounts may be connected there; true if left out.
    pub is_active: Option<bool>,
    /// Public `https` address of a logo; null or left out is none.
    #[schema(max_length = 300)]
    pub logo_url: Option<String>,
    /// Public `https` address of the API documentation; null or left out is none.
    #[schema(max_length = 300)]
    pub documentation_url: Option<String>,
}

/// Body of `PATCH /api/v1/exchanges/{id}`: what is named takes the place of what was.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateExchange)]
pub struct ChangedWallet {
    /// The displayed name of the exchange or chain; missing keeps the current one.
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Whether it is an exchange or a chain of addresses; missing keeps the current type.
    #[serde(rename = "type")]
    #[schema(value_type = Option<ProviderType>)]
    pub kind: Option<String>,
    /// How the exchange or chain is reached, replacing the former value as a whole; null resets it, missing keeps it.
    #[schema(value_type = Option<Object>)]
    pub provider_config: Option<Value>,
    /// Currencies available there, replacing the former list; null empties it, missing keeps it.
    #[schema(max_items = 200)]
    pub supported_currencies: Option<Vec<String>>,
    /// Kinds of markets there, such as `spot`, replacing the former list; null empties it, missing keeps it.
    #[schema(max_items = 20)]
    pub supported_markets: Option<Vec<String>>,
    /// The exchange's fees, replacing the former ones as a whole; null removes them, missing keeps them.
    #[schema(value_type = Option<Object>)]
    pub fees: Option<Value>,
    /// Whether accounts may be connected there; null or missing keeps the current value.
    pub is_active: Option<bool>,
    /// Https address of the exchange's logo; null removes it, missing keeps it.
    #[schema(max_length = 300)]
    pub logo_url: Option<String>,
    /// Https address of the exchange's API documentation; null removes it, missing keeps it.
    #[schema(max_length = 300)]
    pub documentation_url: Option<String>,
}

impl Wallet {
    pub fn of(
        id: &WalletId,
        definition: &Definition,
        (created_at, updated_at): (Option<Timestamp>, Option<Timestamp>),
        version: u64,
    ) -> Self {
        let (created_at, updated_at) = (created_at.map(time), updated_at.map(time));
        let is_chain = definition.kind() == Some(WalletKind::Wallet);
        let exchange = definition.provider.parse::<Exchange>().ok().filter(|_| !is_chain);
        // Addresses on a chain are live, and looked at alone.
        let modes = exchange.as_ref().map_or(&[vault::Mode::Live][..], Exchange::modes);
        let passphrase = match exchange.filter(|_| definition.takes_keys()).map(|exchange| exchange.passphrase()) {
            Some(Passphrase::Wanted) => Some(true),
            Some(Passphrase::NotTaken) => Some(false),
            Some(Passphrase::Untold) | None => None,
        };
        Self {
            id: id.to_string(),
            definition: definition.shown(),
            modes: modes.iter().copied().map(Text).collect(),
            passphrase,
            created_at,
            updated_at,
            version,
        }
    }
}
