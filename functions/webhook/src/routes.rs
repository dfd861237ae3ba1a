//! The two ways to bring a secret.

use crate::answer::answer;
use crate::door::Receives;
use app::ports::StoreError;
use app::receive::{RawAlert, ReceiveError};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use domain::{limits, token};
use lambda::Invocation;
use lambda::edge::SourceIp;
use std::sync::Arc;
use std::time::Duration;
use wire::alert::Secret;

pub fn router<D: Receives>(door: D) -> Router {
    Router::new()
        .route("/api/webhook/{user_id}/{token}", post(secret_in_path::<D>))
        .route("/api/webhook/{user_id}", post(secret_in_body::<D>))
        .with_state(Arc::new(door))
}

/// A path that cannot be read is a wrong one: it names nobody.
type Named<T> = Result<Path<T>, PathRejection>;

async fn secret_in_path<D: Receives>(
    State(door): State<Arc<D>>,
    path: Named<(String, String)>,
    source: SourceIp,
    invocation: Invocation,
    body: Bytes,
) -> Response {
    let (user, secret) = path.map(|Path(named)| named).unwrap_or_default();
    take(&*door, &user, Some(Secret::new(secret)), source, &invocation, &body).await
}

async fn secret_in_body<D: Receives>(
    State(door): State<Arc<D>>,
    path: Named<String>,
    source: SourceIp,
    invocation: Invocation,
    body: Bytes,
) -> Response {
    let user = path.map(|Path(user)| user).unwrap_or_default();
    take(&*door, &user, None, source, &invocation, &body).await
}

async fn take<D: Receives>(
    door: &D,
    user: &str,
    secret: Option<Secret>,
    SourceIp(source_ip): SourceIp,
    invocation: &Invocation,
    body: &[u8],
) -> Response {
    if source_ip.as_deref().is_some_and(token::is_tradingview) {
        invocation.touched("from=tradingview");
    }
    let raw = RawAlert { user, secret, body, source_ip, trace: invocation.trace() };
    let received = tokio::time::timeout(patience(), door.receive(raw, invocation.attempt(), invocation.now())).await;
    invocation.called_aws(door.calls());
    let late = |_| Err(ReceiveError::NotKept(StoreError::Unavailable("too slow".to_owned())));
    answer(received.unwrap_or_else(late), invocation)
}

fn patience() -> Duration {
    Duration::from_millis(limits::WEBHOOK_ANSWER.get().unsigned_abs())
}
