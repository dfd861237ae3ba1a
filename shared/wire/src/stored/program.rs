//! Keys of programs, each beside the others of its owner. What lets a request in are the sessions of its secrets.

use super::{Limits, Rates, Schema};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::identity::{self, BadRate, Grant, Network, PlanName, RoleName, Scope};
use domain::ids::{AccountId, KeyId, Sha, UserId};
use domain::market::Symbol;
use domain::money::Amount;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramKey {
    pub v: Schema<1>,
    pub id: Text<KeyId>,
    pub user: Text<UserId>,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<Text<Scope>>,
    /// What of them its owner may do.
    pub permitted: Vec<Text<Scope>>,
    pub role: Text<RoleName>,
    /// Of the role as it was then; none of a built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Text<PlanName>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<Rates>,
    pub networks: Vec<Text<Network>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<OrderBounds>,
    pub created_at: i64,
    pub expires_at: i64,
    /// Newest first.
    pub secrets: Vec<KeySecret>,
    /// Raised by each change.
    pub version: u64,
}

/// Within what a key orders by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderBounds {
    pub accounts: Vec<Text<AccountId>>,
    pub markets: Vec<Text<Symbol>>,
    pub order_quote_max: Text<Amount>,
    pub day_quote_max: Text<Amount>,
}

impl From<&identity::OrderBounds> for OrderBounds {
    fn from(bounds: &identity::OrderBounds) -> Self {
        Self {
            accounts: bounds.accounts.iter().cloned().map(Text).collect(),
            markets: bounds.markets.iter().cloned().map(Text).collect(),
            order_quote_max: Text(bounds.order_quote_max),
            day_quote_max: Text(bounds.day_quote_max),
        }
    }
}

impl From<OrderBounds> for identity::OrderBounds {
    fn from(row: OrderBounds) -> Self {
        Self {
            accounts: row.accounts.into_iter().map(|account| account.0).collect(),
            markets: row.markets.into_iter().map(|market| market.0).collect(),
            order_quote_max: row.order_quote_max.0,
            day_quote_max: row.day_quote_max.0,
        }
    }
}

/// One secret, by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySecret {
    pub hash: Text<Sha>,
    pub until: i64,
}

impl From<&identity::ProgramKey> for ProgramKey {
    fn from(key: &identity::ProgramKey) -> Self {
        let identity::ProgramKey { id, user, name, prefix, scopes, grant, networks, secrets, .. } = key;
        let secret =
            |secret: &identity::KeySecret| KeySecret { hash: Text(secret.hash.clone()), until: secret.until.millis() };
        Self {
            v: Schema,
            id: Text(id.clone()),
            user: Text(user.clone()),
            name: name.clone(),
            prefix: prefix.clone(),
            scopes: scopes.iter().cloned().map(Text).collect(),
            permitted: grant.scopes.iter().cloned().map(Text).collect(),
            role: Text(grant.role.clone()),
            role_version: Some(grant.role_version).filter(|version| *version > 0),
            plan_version: Some(grant.plan_version).filter(|version| *version > 0),
            plan: (!grant.plan.is_default()).then(|| Text(grant.plan.clone())),
            limits: Limits::of(grant.limits),
            rates: Rates::of(&grant.rates),
            networks: networks.iter().copied().map(Text).collect(),
            orders: key.orders.as_ref().map(OrderBounds::from),
            created_at: key.created_at.millis(),
            expires_at: key.expires_at.millis(),
            secrets: secrets.iter().map(secret).collect(),
            version: key.version,
        }
    }
}

impl TryFrom<ProgramKey> for identity::ProgramKey {
    type Error = BadRate;

    fn try_from(row: ProgramKey) -> Result<Self, BadRate> {
        let secret = |secret: KeySecret| identity::KeySecret {
            hash: secret.hash.0,
            until: Timestamp::from_millis(secret.until),
        };
        let grant = Grant {
            role_version: row.role_version.unwrap_or_default(),
            plan_version: row.plan_version.unwrap_or_default(),
            role: row.role.0,
            scopes: row.permitted.into_iter().map(|scope| scope.0).collect(),
            plan: row.plan.map(|plan| plan.0).unwrap_or_default(),
            limits: row.limits.map(identity::Limits::from).unwrap_or_default(),
            rates: row.rates.map(identity::Rates::try_from).transpose()?.unwrap_or_default(),
        };
        Ok(Self {
            id: row.id.0,
            user: row.user.0,
            name: row.name,
            prefix: row.prefix,
            scopes: row.scopes.into_iter().map(|scope| scope.0).collect(),
            grant,
            networks: row.networks.into_iter().map(|network| network.0).collect(),
            orders: row.orders.map(identity::OrderBounds::from),
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            secrets: row.secrets.into_iter().map(secret).collect(),
            version: row.version,
        })
    }
}
