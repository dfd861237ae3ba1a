//! Webhook tokens: what lets an alert in.

use crate::clock::Timestamp;
use crate::ids::{Sha, TokenId, UserId};
use crate::market::Exchange;

/// A token as it is kept: only the SHA-256 of what was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookToken {
    pub id: TokenId,
    pub user: UserId,
    pub hash: Sha,
    /// The account label that alerts of this token mean unless they name another.
    pub account: Option<String>,
    /// The exchange that alerts of this token mean where they name none.
    pub exchange: Option<Exchange>,
    pub expires_at: Option<Timestamp>,
}

/// The addresses that TradingView says it sends from.
const TRADINGVIEW: [&str; 4] = ["52.89.214.238", "34.212.75.30", "54.218.53.128", "52.32.178.7"];

/// Whether TradingView sends from this address; a mark, never a proof.
pub fn is_tradingview(address: &str) -> bool {
    TRADINGVIEW.contains(&address)
}

impl WebhookToken {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}
