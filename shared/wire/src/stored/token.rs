//! What lets an alert or a request in: only hashes are kept.

use super::{Grant, Limits, OrderBounds, Rates, Schema};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::identity::Network;
use domain::ids::{KeyId, Sha, TokenId, UserId};
use domain::market::Exchange;
use domain::token;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookToken {
    pub v: Schema<1>,
    pub id: Text<TokenId>,
    pub user: Text<UserId>,
    pub hash: Text<Sha>,
    pub account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Text<Exchange>>,
    pub expires_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How the secret begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
    /// None where a seed has put it.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub version: u64,
    /// Another secret took its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaced: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<i64>,
}

/// A bearer token of the API, with the requests that were counted in its last minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub scopes: Vec<String>,
    pub expires_at: i64,
    /// Minutes since 1970-01-01T00:00Z.
    pub minute: i64,
    pub requests: u32,
    /// The key that it is of, where its user has made that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Text<KeyId>>,
    /// From where alone it lets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<Text<Network>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<Rates>,
    /// Of a key that places orders by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orders: Option<OrderBounds>,
}

impl From<&token::WebhookToken> for WebhookToken {
    fn from(token: &token::WebhookToken) -> Self {
        Self {
            v: Schema,
            id: Text(token.id.clone()),
            user: Text(token.user.clone()),
            hash: Text(token.hash.clone()),
            account: token.account.clone(),
            exchange: token.exchange.clone().map(Text),
            expires_at: token.expires_at.map(Timestamp::millis),
            grant: Grant::of(&token.grant),
            label: None,
            hint: None,
            created_at: None,
            version: 0,
            replaced: false,
            revoked_at: None,
        }
    }
}

impl From<WebhookToken> for token::WebhookToken {
    fn from(stored: WebhookToken) -> Self {
        Self {
            id: stored.id.0,
            user: stored.user.0,
            hash: stored.hash.0,
            account: stored.account,
            exchange: stored.exchange.map(|exchange| exchange.0),
            expires_at: stored.expires_at.map(Timestamp::from_millis),
            grant: stored.grant.map(Into::into).unwrap_or_default(),
        }
    }
}
