//! Definitions of exchanges and chains, as they are answered and sent.

use super::time;
use crate::wallet::Definition;
use domain::clock::Timestamp;
use domain::ids::WalletId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wallet {
    pub id: String,
    #[serde(flatten)]
    pub definition: Definition,
    /// Null where it is as every deployment has it.
    pub created_at: Option<jiff::Timestamp>,
    pub updated_at: Option<jiff::Timestamp>,
    pub version: u64,
}

/// Body of `POST /api/v1/wallets`, and of `PUT` of one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWallet {
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    #[serde(rename = "type")]
    #[schema(pattern = "^(CEX|DEX|WALLET)$")]
    pub kind: String,
    /// As accounts name it, in small letters; it stays what it is.
    #[schema(min_length = 2, max_length = 32, pattern = "^[a-z0-9._-]+$")]
    pub provider: String,
    #[schema(value_type = Option<Object>)]
    pub provider_config: Option<Value>,
    #[schema(max_items = 200)]
    pub supported_currencies: Option<Vec<String>>,
    #[schema(max_items = 20)]
    pub supported_markets: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    pub fees: Option<Value>,
    pub is_active: Option<bool>,
    #[schema(max_length = 300)]
    pub logo_url: Option<String>,
    #[schema(max_length = 300)]
    pub documentation_url: Option<String>,
}

/// Body of `PATCH /api/v1/wallets/{id}`: what is named takes the place of what was.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedWallet {
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    #[serde(rename = "type")]
    #[schema(pattern = "^(CEX|DEX|WALLET)$")]
    pub kind: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub provider_config: Option<Value>,
    #[schema(max_items = 200)]
    pub supported_currencies: Option<Vec<String>>,
    #[schema(max_items = 20)]
    pub supported_markets: Option<Vec<String>>,
    #[schema(value_type = Option<Object>)]
    pub fees: Option<Value>,
    pub is_active: Option<bool>,
    #[schema(max_length = 300)]
    pub logo_url: Option<String>,
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
        Self { id: id.to_string(), definition: definition.shown(), created_at, updated_at, version }
    }
}
