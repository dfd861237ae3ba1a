//! The desk as it is deployed.

use crate::desk::{Desk, TokenDesk, Tokened};
use app::identity;
use app::ports::{Guarded, KeptToken, Secret, StoreError};
use app::tokens::{self, Token, Wanted};
use app::trading::Act;
use aws::Aws;
use credentials::Verifier;
use domain::clock::{Millis, Timestamp};
use domain::ids::{TokenId, UserId};
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
    async fn guard(&self, token: &Secret, now: Timestamp) -> Result<Guarded, StoreError> {
        identity::admit(&*self.aws, &*self.proofs, token, now).await
    }
}

impl Desk for Deployed {
    fn calls(&self) -> u32 {
        self.aws.calls_taken()
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
