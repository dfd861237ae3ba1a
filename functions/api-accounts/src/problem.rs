//! What use cases refuse, as the API says it.

use app::tokens::TokenError;
use axum::http::StatusCode;
use lambda::edge::Problem;

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn token(error: TokenError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match &error {
        TokenError::Unknown => Problem::not_found("webhook token"),
        TokenError::Duplicate => {
            problem(StatusCode::BAD_REQUEST, "DUPLICATE_WEBHOOK_TOKEN").naming(["label".to_owned()])
        }
        TokenError::TooMany => problem(StatusCode::CONFLICT, "too_many_webhook_tokens"),
        TokenError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        TokenError::Contended => Problem::unavailable("other changes were first: send the same again"),
        TokenError::Store(error) => Problem::of_store(error),
    }
}
