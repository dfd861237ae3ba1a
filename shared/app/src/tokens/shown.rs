//! Webhook tokens as the API shows them.

use super::Token;
use domain::clock::Timestamp;
use wire::view::{TokenFacts, WebhookToken};

pub fn shown(token: &Token, last_used_at: Option<Timestamp>) -> WebhookToken {
    let Token { kept, former_until } = token;
    let facts = TokenFacts {
        label: kept.label.as_deref(),
        hint: kept.hint.as_deref(),
        created_at: kept.created_at,
        last_used_at,
        former_until: *former_until,
        version: kept.version,
    };
    WebhookToken::of(&kept.token, &facts)
}
