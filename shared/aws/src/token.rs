//! Webhook tokens, found by their hash.

use crate::client::Aws;
use crate::keys;
use app::ports::{FindToken, StoreError};
use domain::ids::{Sha, UserId};
use domain::token::WebhookToken;
use wire::stored;

impl FindToken for Aws {
    async fn find_token(&self, user: &UserId, hash: &Sha) -> Result<Option<WebhookToken>, StoreError> {
        let row: Option<stored::WebhookToken> = self.load_settled(&keys::token(user, hash)).await?;
        Ok(row.map(WebhookToken::from))
    }
}
