//! The desk as it is deployed.

use crate::desk::{AccountDesk, Desk, Kept, TokenDesk, Tokened};
use app::accounts::{self, Changed, NewAccount};
use app::identity;
use app::ports::{Guarded, KeptAccount, KeptToken, Secret, StoreError};
use app::tokens::{self, Token, Wanted};
use app::trading::Act;
use aws::Aws;
use credentials::Verifier;
use domain::clock::{Millis, Timestamp};
use domain::ids::{AccountId, TokenId, UserId};
use domain::market::Exchange;
use domain::vault::Mode;
use lambda::guard::Guards;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Deployed {
    aws: Arc<Aws>,
    proofs: Arc<Verifier>,
}

impl Deployed {
    pub fn new(aws: Aws, deployment: &str) -> Self {
        Self { aws: Arc::new(aws), proofs: Arc::new(Verifier::new(deployment)) }
    }
}

impl Guards for Deployed {
    async fn guard(&self, knock: &identity::Knock<'_>) -> Result<Guarded, StoreError> {
        identity::admit(&*self.aws, &*self.proofs, knock).await
    }
}

impl Desk for Deployed {
    fn calls(&self) -> u32 {
        self.aws.calls_taken()
    }
}

impl AccountDesk for Deployed {
    async fn accounts(&self, act: Act<'_>) -> Kept<Vec<KeptAccount>> {
        accounts::list(&*self.aws, act).await
    }

    async fn account(&self, id: &AccountId, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::find(&*self.aws, id, act).await
    }

    async fn account_at(&self, exchange: &Exchange, label: Option<&str>, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::at(&*self.aws, exchange, label, act).await
    }

    async fn connect(&self, new: NewAccount, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::connect(&*self.aws, new, act).await
    }

    async fn change_account(
        &self,
        id: &AccountId,
        changed: &Changed,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Kept<KeptAccount> {
        accounts::change(&*self.aws, id, changed, seen, act).await
    }

    async fn set_mode(&self, id: &AccountId, mode: Mode, seen: Option<u64>, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::set_mode(&*self.aws, id, mode, seen, act).await
    }

    async fn validate(&self, id: &AccountId, act: Act<'_>) -> Kept<KeptAccount> {
        accounts::validate(&*self.aws, id, act).await
    }

    async fn remove(&self, id: &AccountId, seen: Option<u64>, act: Act<'_>) -> Kept<()> {
        accounts::remove(&*self.aws, id, seen, act).await
    }
}

impl TokenDesk for Deployed {
    async fn tokens(&self, act: Act<'_>) -> Tokened<Vec<Token>> {
        tokens::list(&*self.aws, act).await
    }

    async fn token(&self, id: &TokenId, act: Act<'_>) -> Tokened<Token> {
        tokens::find(&*self.aws, id, act).await
    }

    async fn token_uses(&self, user: &UserId) -> Tokened<BTreeMap<TokenId, Timestamp>> {
        Ok(tokens::last_uses(&*self.aws, user).await?)
    }

    async fn create_token(&self, wanted: Wanted, secret: &Secret, act: Act<'_>) -> Tokened<Token> {
        tokens::create(&*self.aws, wanted, secret, act).await
    }

    async fn restrict_token(
        &self,
        id: &TokenId,
        wanted: impl Fn(&KeptToken) -> Wanted + Send + Sync,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Tokened<Token> {
        tokens::restrict(&*self.aws, id, wanted, seen, act).await
    }

    async fn rotate_token(
        &self,
        id: &TokenId,
        secret: &Secret,
        overlap: Millis,
        seen: Option<u64>,
        act: Act<'_>,
    ) -> Tokened<Token> {
        tokens::rotate(&*self.aws, id, secret, overlap, seen, act).await
    }

    async fn revoke_token(&self, id: &TokenId, seen: Option<u64>, act: Act<'_>) -> Tokened<()> {
        tokens::revoke(&*self.aws, id, seen, act).await
    }
}
