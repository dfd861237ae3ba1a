//! Keys of programs, without the secret but where it is made.

use super::time;
use super::words::Time;
use crate::member::{Label, Limiting, Moment, Object, Positive, Several, Whole, said};
use domain::clock::Timestamp;
use domain::identity::{Network, OrderBounds, ProgramKey, Scope};
use domain::ids::AccountId;
use domain::limits::{PROGRAM_KEY_NAMES_MAX, PROGRAM_KEY_OVERLAP_SECONDS_MAX};
use domain::market::Symbol;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    /// The API key, `key_…`.
    pub id: String,
    /// The name that its owner gave the API key.
    pub name: String,
    /// How its secret begins.
    pub prefix: String,
    /// What it was made for, each `resource:action`.
    pub scopes: Vec<String>,
    /// What of that it lets do: what its owner may do at present.
    pub effective_scopes: Vec<String>,
    /// The IP addresses and networks that may use the key; empty means any.
    pub ip_allow_list: Vec<String>,
    /// Within what it may place orders by hand; null if `orders:write` is not among its scopes.
    #[serde(default)]
    pub orders: Option<ApiKeyOrders>,
    /// When the API key was made.
    pub created_at: Time,
    /// When the API key expires.
    pub expires_at: Time,
    /// Start of the request window (a minute or an hour) in which the API key was last used.
    pub last_used_at: Option<Time>,
    /// Until when the secret before the last rotation is accepted.
    pub former_until: Option<Time>,
    /// The version of the API key: its ETag, accepted as `If-Match`.
    pub version: u64,
}

/// Within what an API key may place orders by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyOrders {
    /// Ids of the accounts, `acc_…`, at which it may place orders.
    pub accounts: Vec<String>,
    /// The markets in which it may place orders, such as `BTC/USDT`.
    pub markets: Vec<String>,
    /// The most that one order may spend, in the quote of its market.
    pub order_quote_max: String,
    /// The most that the orders of one day (UTC) may spend together at one account, in the quote of their markets.
    pub day_quote_max: String,
}

/// Once, where it is made or rotated.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[allow(missing_debug_implementations, reason = "it holds a key")]
#[schema(as = CreatedApiKey)]
pub struct MadeApiKey {
    #[serde(flatten)]
    pub key: ApiKey,
    /// Shown this once: the bearer token of the program.
    pub secret: String,
}

impl ApiKey {
    pub fn of(key: &ProgramKey, last_used_at: Option<Timestamp>, now: Timestamp) -> Self {
        let words = |scopes: &BTreeSet<Scope>| scopes.iter().map(ToString::to_string).collect();
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            scopes: words(&key.scopes),
            effective_scopes: words(&key.grant.scopes),
            ip_allow_list: key.networks.iter().map(ToString::to_string).collect(),
            orders: key.orders.as_ref().map(ApiKeyOrders::from),
            created_at: time(key.created_at),
            expires_at: time(key.expires_at),
            last_used_at: last_used_at.map(time),
            former_until: key.former_until(now).map(time),
            version: key.version,
        }
    }
}

impl From<&OrderBounds> for ApiKeyOrders {
    fn from(bounds: &OrderBounds) -> Self {
        Self {
            accounts: bounds.accounts.iter().map(ToString::to_string).collect(),
            markets: bounds.markets.iter().map(ToString::to_string).collect(),
            order_quote_max: bounds.order_quote_max.to_string(),
            day_quote_max: bounds.day_quote_max.to_string(),
        }
    }
}

/// Within what an API key is to place orders by hand.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKeyOrdersBounds)]
pub struct WantedApiKeyOrders {
    /// Ids of your accounts, `acc_…`, at which it may place orders.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    pub accounts: Limiting<AccountId, PROGRAM_KEY_NAMES_MAX>,
    /// The markets in which it may place orders, such as `BTC/USDT`.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    pub markets: Limiting<Symbol, PROGRAM_KEY_NAMES_MAX>,
    /// The most that one order may spend, in the quote of its market.
    #[schema(value_type = String)]
    pub order_quote_max: Positive,
    /// The most that the orders of one day (UTC) may spend together at one account; at least `order_quote_max`.
    #[schema(value_type = String)]
    pub day_quote_max: Positive,
}

/// Body of `POST /api/v1/api-keys`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateApiKey)]
pub struct WantedApiKey {
    /// Your name for the API key, 1 to 40 characters.
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub name: Label,
    /// None that its owner has not.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    pub scopes: Several<Scope, PROGRAM_KEY_NAMES_MAX>,
    /// Addresses and networks, such as `203.0.113.7` and `2001:db8::/32`.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    pub ip_allow_list: Option<Several<Network, PROGRAM_KEY_NAMES_MAX>>,
    /// Required with `orders:write`, and refused without.
    #[schema(value_type = Option<WantedApiKeyOrders>)]
    pub orders: Option<Object<WantedApiKeyOrders>>,
    /// When it expires: within a year; by default after 90 days.
    #[schema(value_type = Option<Time>)]
    pub expires_at: Option<Moment>,
}

/// Body of `PUT` of an API key: all members; an empty `ip_allow_list` accepts any address.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReplaceApiKey)]
pub struct WholeApiKey {
    /// Your name for the API key, 1 to 40 characters.
    #[schema(value_type = String, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub name: Label,
    /// What the key permits, each `resource:action`; only what you may do yourself.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    pub scopes: Several<Scope, PROGRAM_KEY_NAMES_MAX>,
    /// IP addresses and networks from which the key may be used; an empty list is any, and null means the same.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<Vec<String>>, max_items = 20)]
    pub ip_allow_list: Option<Option<Several<Network, PROGRAM_KEY_NAMES_MAX>>>,
    /// Required with `orders:write`, and refused without.
    #[schema(value_type = Option<WantedApiKeyOrders>)]
    pub orders: Option<Object<WantedApiKeyOrders>>,
    /// When it expires: within a year; null means 90 days from now.
    #[serde(default, deserialize_with = "said")]
    #[schema(required, value_type = Option<Time>)]
    pub expires_at: Option<Option<Moment>>,
}

/// Body of `PATCH` of one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateApiKey)]
pub struct ChangedApiKey {
    /// The API key's new name; null or missing keeps the current one.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)*$")]
    pub name: Option<Label>,
    /// All permissions of the API key, each `resource:action`, at least one; null or missing keeps the current ones.
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub scopes: Option<Several<Scope, PROGRAM_KEY_NAMES_MAX>>,
    /// Addresses and networks that may use the API key; an empty list allows all, null or missing keeps the current ones.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    pub ip_allow_list: Option<Several<Network, PROGRAM_KEY_NAMES_MAX>>,
    /// Within what it may place orders by hand; missing keeps the current bounds, null takes them away, as without `orders:write`.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<WantedApiKeyOrders>)]
    pub orders: Option<Option<Object<WantedApiKeyOrders>>>,
    /// When the API key expires, at most 366 days from now; null or missing keeps the current time.
    #[schema(value_type = Option<Time>)]
    pub expires_at: Option<Moment>,
}

/// Body of `POST /api/v1/api-keys/{id}/rotate`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// How many seconds the old secret still works; 86400 (a day) if left out.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 604_800)]
    pub overlap_seconds: Option<Whole<0, PROGRAM_KEY_OVERLAP_SECONDS_MAX>>,
}
