//! Routes for whoever has no token yet: each request is counted by the address from which it comes.

use super::undeclared;
use crate::Invocation;
use crate::edge::{Problem, SourceIp};
use app::ports::StoreError;
use axum::extract::{FromRequestParts, Request};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::clock::{Millis, Timestamp};
use std::pin::Pin;

/// What the document calls the class of such routes.
pub(super) const CLASS: &str = "auth";

/// What counts addresses.
pub trait CountsAddresses: Clone + Send + Sync + 'static {
    /// How long to wait, where this was one request too many.
    fn count_address(
        &self,
        address: Option<&str>,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Millis>, StoreError>> + Send;
}

/// A handler that is asked once its caller's address was counted, for nothing that its route does not take.
#[derive(Debug, Clone)]
pub(super) struct ByAddress<H>(pub(super) H);

impl<H, A, S> Handler<A, S> for ByAddress<H>
where
    H: Handler<A, S>,
    S: CountsAddresses,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match taken(&mut parts, &state).await {
                Ok(()) => self.0.call(Request::from_parts(parts, body), state).await,
                Err(problem) => problem.into_response(),
            }
        })
    }
}

async fn taken<S: CountsAddresses>(parts: &mut Parts, state: &S) -> Result<(), Problem> {
    let invocation = Invocation::from_request_parts(parts, state).await?;
    let Ok(SourceIp(address)) = SourceIp::from_request_parts(parts, state).await;
    counted(state, address.as_deref(), invocation.now()).await?;
    undeclared(&parts.extensions).map_or(Ok(()), Err)
}

/// One more request from this address.
///
/// # Errors
/// 429, or if the store cannot be reached.
pub(crate) async fn counted<S: CountsAddresses>(
    state: &S,
    address: Option<&str>,
    now: Timestamp,
) -> Result<(), Problem> {
    match state.count_address(address, now).await.map_err(|error| Problem::of_store(&error))? {
        None => Ok(()),
        Some(left) => {
            let detail = "this address has asked too often for what needs no token";
            Err(Problem::too_many(detail, left).with("rate_class", CLASS))
        }
    }
}
