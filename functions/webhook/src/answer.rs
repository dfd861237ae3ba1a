//! What the sender is told.

use app::receive::{Receipt, ReceiveError};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::delivery::Identity;
use domain::ids::DeliveryId;
use lambda::edge::Problem;
use lambda::{Invocation, Metric};
use wire::alert::BadAlert;
use wire::view::{ReceiptStatus, Taken};

const MESSAGE: &str = "Position group created and pending execution";
/// For alerts that have nothing of their own to tell one from the next.
const HINT: &str = r#"equal alerts within 45 s count as one: add "sent_at": "{{timenow}}" to tell them apart"#;
/// The bucket of a token has filled enough by then.
const RATE_RETRY_SECONDS: u32 = 1;

pub(crate) fn answer(received: Result<Receipt, ReceiveError>, invocation: &Invocation) -> Response {
    match received {
        Ok(Receipt::Accepted(id)) => taken(ReceiptStatus::Accepted, &id, None, invocation),
        Ok(Receipt::Duplicate { id, identity }) => {
            let hint = (identity == Identity::Clockless).then_some(HINT);
            taken(ReceiptStatus::Duplicate, &id, hint, invocation)
        }
        Err(error) => refused(error, invocation).into_response(),
    }
}

fn taken(status: ReceiptStatus, id: &DeliveryId, hint: Option<&str>, invocation: &Invocation) -> Response {
    invocation.touched(id);
    invocation.outcome(status.as_str());
    let body =
        Taken { status, delivery_id: id.to_string(), message: MESSAGE.to_owned(), hint: hint.map(str::to_owned) };
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

fn refused(error: ReceiveError, invocation: &Invocation) -> Problem {
    invocation.measure(Metric::Refusals, 1);
    match error {
        ReceiveError::Unauthorized => {
            invocation.keep_silent();
            Problem::unauthorized()
        }
        ReceiveError::Rejected { id, wrong } => {
            invocation.touched(&id);
            invocation.outcome(wrong.code);
            rejected(wrong).with("delivery_id", id.as_str())
        }
        ReceiveError::Conflict { id, first } => {
            invocation.touched(&id);
            invocation.outcome("conflict");
            Problem::new(StatusCode::CONFLICT, "conflict", "the same id came first with another body")
                .naming(["id".to_owned()])
                .with("delivery_id", id.as_str())
                .with("first_delivery_id", first.as_str())
        }
        ReceiveError::TooFast => {
            invocation.outcome("too_fast");
            let detail = "more alerts than this token may send: send it again";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too_fast", detail).retry_after(RATE_RETRY_SECONDS)
        }
        ReceiveError::NotKept(error) => {
            invocation.outcome(format!("not_kept: {error}"));
            Problem::unavailable("the alert is not safely queued: send it again")
        }
    }
}

fn rejected(wrong: BadAlert) -> Problem {
    let status =
        if wrong.code == BadAlert::INVALID_JSON { StatusCode::BAD_REQUEST } else { StatusCode::UNPROCESSABLE_ENTITY };
    Problem::new(status, wrong.code, wrong.detail).naming(wrong.fields)
}
