//! Webhook tokens.

use app::actor::Act;
use app::ports::{KeptToken, Secret};
use app::tokens::{InPerson, Token, TokenError, Wanted};
use domain::clock::{Millis, Timestamp};
use domain::ids::{TokenId, UserId};
use std::collections::BTreeMap;

pub(crate) type Tokened<T> = Result<T, TokenError>;

pub trait TokenDesk {
    fn tokens(&self, act: Act<'_>) -> impl Future<Output = Tokened<Vec<Token>>> + Send;
    fn token(&self, id: &TokenId, act: Act<'_>) -> impl Future<Output = Tokened<Token>> + Send;
    /// Of the tokens that the user's newest deliveries came by.
    fn token_uses(&self, user: &UserId) -> impl Future<Output = Tokened<BTreeMap<TokenId, Timestamp>>> + Send;
    fn create_token(
        &self,
        wanted: Wanted,
        secret: &Secret,
        by: InPerson<'_>,
    ) -> impl Future<Output = Tokened<Token>> + Send;
    fn restrict_token(
        &self,
        id: &TokenId,
        wanted: impl Fn(&KeptToken) -> Wanted + Send + Sync,
        seen: Option<u64>,
        by: InPerson<'_>,
    ) -> impl Future<Output = Tokened<Token>> + Send;
    fn rotate_token(
        &self,
        id: &TokenId,
        secret: &Secret,
        overlap: Millis,
        seen: Option<u64>,
        by: InPerson<'_>,
    ) -> impl Future<Output = Tokened<Token>> + Send;
    fn revoke_token(&self, id: &TokenId, seen: Option<u64>, act: Act<'_>) -> impl Future<Output = Tokened<()>> + Send;
}
