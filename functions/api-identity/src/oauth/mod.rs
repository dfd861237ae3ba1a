//! OAuth 2.0 for programs: a key against a token that is good for an hour (RFC 6749, section 4.4).

mod asked;
mod routes;
#[cfg(test)]
mod tests;

pub use routes::{router, table};

use crate::deployed::Deployed;
use crate::desk::{Desk, Done};
use app::identity::{self, ClientCredentials, ClientToken, Run};
use lambda::api::CountsAddresses;

/// What this route asks for.
pub trait Tokens: CountsAddresses {
    fn client_token(
        &self,
        credentials: ClientCredentials,
        run: Run<'_>,
    ) -> impl Future<Output = Done<ClientToken>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}

impl Tokens for Deployed {
    async fn client_token(&self, credentials: ClientCredentials, run: Run<'_>) -> Done<ClientToken> {
        identity::client_token(self.aws(), &self.proofs(run).await?.signer, credentials, run).await
    }

    fn calls(&self) -> u32 {
        Desk::calls(self)
    }
}
