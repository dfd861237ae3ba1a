//! Definitions of exchanges and chains that accounts may be at: JSON as it is sent, kept and answered, read member by
//! member. What is not known is refused, and an amount or an address is looked at before it is kept.

mod chain;
mod read;
mod told;

pub use chain::{Chain, ChainToken, HiddenUrl};
pub use read::{BadMember, MEMBERS};

use crate::view::{AuthType, ProviderType};
use domain::chain::{BadEndpointUrl, EndpointUrl};
use domain::wallet::{HttpsUrl, Provider, WalletKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What nobody has to define.
const BUILT_IN: &str = include_str!("built_in.json");

const API_KEY: &str = "api_key";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExchangeDefinition)]
pub struct Definition {
    /// The displayed name of the exchange or chain.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// Whether it is an exchange or a chain of addresses.
    #[serde(rename = "type")]
    #[schema(value_type = ProviderType)]
    pub kind: String,
    /// As accounts name it, in small letters; it stays what it is.
    #[schema(min_length = 2, max_length = 32, pattern = "^[a-z0-9._-]+$")]
    pub provider: String,
    /// How the exchange or chain is reached.
    pub provider_config: ProviderConfig,
    /// Currencies available there, such as `BTC`.
    #[schema(max_items = 200)]
    pub supported_currencies: Vec<String>,
    /// Such as `spot`.
    #[schema(max_items = 20)]
    pub supported_markets: Vec<String>,
    /// The fees that the exchange publishes.
    pub fees: Fees,
    /// Whether accounts may be connected there.
    pub is_active: bool,
    /// Https address of the exchange's logo; null if not given.
    #[schema(max_length = 300)]
    pub logo_url: Option<String>,
    /// Https address of the exchange's API documentation; null if not given.
    #[schema(max_length = 300)]
    pub documentation_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ProviderConfig {
    /// Public, by https.
    #[schema(max_length = 300)]
    pub api_base_url: Option<String>,
    /// How a program proves who it is there.
    #[schema(value_type = AuthType)]
    pub auth_type: String,
    /// Such as `spot_trading`.
    #[schema(max_items = 20)]
    pub supported_operations: Vec<String>,
    /// How many requests the provider allows, as it publishes them.
    pub rate_limits: RateLimits,
    /// Of type `WALLET`: without it no address can be connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub chain: Option<Chain>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct RateLimits {
    /// Requests allowed per minute; null if not known.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub requests_per_minute: Option<u32>,
    /// Requests allowed per day; null if not known.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub requests_per_day: Option<u32>,
}

/// Fees according to the exchange's terms; calculations use the fee of the market.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Fees {
    /// Trading fee, in percent of the traded amount; null if not given.
    pub trading_fee_percent: Option<String>,
    /// By currency.
    pub withdrawal_fee: BTreeMap<String, String>,
}

impl Definition {
    /// What is left out is empty; `name`, `type` and `provider` are not.
    ///
    /// # Errors
    /// The first member that breaks its rule, with what is allowed.
    pub fn read(given: &Map<String, Value>) -> Result<Self, BadMember> {
        read::definition(given)
    }

    /// The same with other members. Null resets one, and keeps `is_active`: it is on or off, and has no value of none.
    ///
    /// # Errors
    /// The first member that breaks its rule, with what is allowed.
    pub fn with(&self, given: &Map<String, Value>) -> Result<Self, BadMember> {
        let mut members = match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let says = |(name, value): &(&String, &Value)| *name != "is_active" || !value.is_null();
        members.extend(given.iter().filter(says).map(|(name, value)| (name.clone(), value.clone())));
        Self::read(&members)
    }

    /// Those of every deployment.
    ///
    /// # Errors
    /// Never, while the file beside this one can be read.
    pub fn built_in() -> Result<Vec<Self>, serde_json::Error> {
        serde_json::from_str(BUILT_IN)
    }

    /// What was read before.
    ///
    /// # Errors
    /// Where it was written by something else.
    pub fn of_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// As it is kept.
    ///
    /// # Errors
    /// Never: every member can be written.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    pub fn provider(&self) -> Option<Provider> {
        self.provider.parse().ok()
    }

    pub fn kind(&self) -> Option<WalletKind> {
        self.kind.parse().ok()
    }

    /// Whether an account there is entered by a key that its exchange gave out.
    pub fn takes_keys(&self) -> bool {
        self.kind().is_some_and(|kind| kind != WalletKind::Wallet) && self.provider_config.auth_type == API_KEY
    }

    /// Whose addresses are connected there; none where it is no chain, or not said which.
    pub fn chain(&self) -> Option<domain::chain::Chain> {
        self.provider_config.chain.as_ref().filter(|_| self.kind() == Some(WalletKind::Wallet))?.known()
    }

    /// Where it names nobody who cannot be asked from here.
    ///
    /// # Errors
    /// Where it names this machine, and the deployment does not stand on it.
    pub fn reachable(self, is_local: bool) -> Result<Self, BadMember> {
        let names_loopback = self.chain().is_some_and(|chain| chain.rpc_urls.iter().any(EndpointUrl::is_loopback));
        if is_local || !names_loopback {
            return Ok(self);
        }
        Err(BadMember { field: "provider_config.chain.rpc_urls".to_owned(), allowed: BadEndpointUrl.to_string() })
    }

    /// As everybody may see it: without what may be a provider's key.
    #[must_use]
    pub fn shown(&self) -> Self {
        let chain = self.provider_config.chain.as_ref().map(Chain::shown);
        let provider_config = ProviderConfig { chain, ..self.provider_config.clone() };
        Self { provider_config, ..self.clone() }
    }

    pub fn api(&self) -> Option<HttpsUrl> {
        self.provider_config.api_base_url.as_deref()?.parse().ok()
    }
}
