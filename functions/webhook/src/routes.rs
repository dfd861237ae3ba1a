//! The two ways to bring a secret.

use crate::Api;
use crate::answer::answer;
use app::ports::StoreError;
use app::receive::{self, RawAlert, Receipt, ReceiveError};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use domain::{limits, token};
use lambda::Invocation;
use lambda::api::{Document, Hearer, Operation, Served, Table};
use lambda::edge::SourceIp;
use serde_json::{Value, json};
use std::time::Duration;
use wire::alert::Secret;
use wire::view::{AlertBody, Taken};

const WHAT: &str = "The secret stands in the path, or as `secret` in the body. The lines of OctoBot and a plain line such as \
                    `buy BINANCE:BTCUSDT` are read too, whatever the content type. A 5xx is sent again by TradingView.";

pub fn router(api: Api) -> Router {
    Served::router(table).with_state(api)
}

/// The same, as it is documented.
pub fn documented(document: Document) -> Document {
    table(document)
}

fn table<T: Table<Api>>(table: T) -> T {
    table.about("webhook", "The webhook that receives alerts.").also_under("/api/webhook", "/api/v1/webhook", |table| {
        table
            .route(&Method::POST, "/{user_id}/{token}", secret_in_path, |of| {
                told(of.says("sendAlert", "Send an alert; 202 once it is stored and queued"), &alert())
            })
            .route(&Method::POST, "/{user_id}", secret_in_body, |of| {
                let words = "Send an alert that holds its secret; 202 once it is stored and queued";
                told(of.says("sendAlertWithSecret", words), &with_secret())
            })
    })
}

fn alert() -> Value {
    json!({
        "tv": {"exchange": "BINANCE", "symbol": "BTCUSDT", "timeframe": "60", "sent_at": "2026-01-01T00:00:00Z"},
        "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
    })
}

fn with_secret() -> Value {
    let mut alert = alert();
    if let Value::Object(members) = &mut alert {
        members.insert("secret".to_owned(), json!("whk_AAAA"));
    }
    alert
}

fn told<H: Hearer>(of: Operation<H>, example: &Value) -> Operation<H> {
    of.details(WHAT)
        .open()
        .any_query()
        .body_shown_as::<AlertBody>(example)
        .answers::<Taken>(202)
        .refuses(401, &["unauthorized"])
        .refuses(409, &["conflict"])
        .refuses(422, &["invalid_alert"])
        .refuses(503, &["too_fast", "unavailable"])
}

/// A path that cannot be read is a wrong one: it names nobody.
type Named<T> = Result<Path<T>, PathRejection>;

async fn secret_in_path(
    State(api): State<Api>,
    path: Named<(String, String)>,
    source: SourceIp,
    invocation: Invocation,
    body: Bytes,
) -> Response {
    let (user, secret) = path.map(|Path(named)| named).unwrap_or_default();
    take(&api, &user, Some(Secret::new(secret)), source, &invocation, &body).await
}

async fn secret_in_body(
    State(api): State<Api>,
    path: Named<String>,
    source: SourceIp,
    invocation: Invocation,
    body: Bytes,
) -> Response {
    let user = path.map(|Path(user)| user).unwrap_or_default();
    take(&api, &user, None, source, &invocation, &body).await
}

async fn take(
    api: &Api,
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
    let (attempt, now) = (invocation.attempt(), invocation.now());
    let received = in_time(Box::pin(receive::receive(&api.store, &api.known, raw, attempt, now))).await;
    invocation.called_aws(api.store.calls_taken());
    answer(received, invocation)
}

/// Within the webhook's patience, even if the store hangs: the sender has to get an answer to send again.
pub(crate) async fn in_time(
    receiving: impl Future<Output = Result<Receipt, ReceiveError>>,
) -> Result<Receipt, ReceiveError> {
    let patience = Duration::from_millis(limits::WEBHOOK_ANSWER.get().unsigned_abs());
    let late = |_| Err(ReceiveError::NotKept(StoreError::Unavailable("too slow".to_owned())));
    tokio::time::timeout(patience, receiving).await.unwrap_or_else(late)
}
