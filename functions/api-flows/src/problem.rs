//! What use cases refuse, as the API says it.

use app::whales::labels::LabelError;
use app::whales::sources::SourceError;
use axum::http::StatusCode;
use lambda::edge::Problem;

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn source(error: SourceError) -> Problem {
    let problem = |status, code| Problem::new(status, code, error.to_string());
    match &error {
        SourceError::Unknown => Problem::not_found("whale source"),
        SourceError::Duplicate => {
            problem(StatusCode::BAD_REQUEST, "DUPLICATE_WHALE_SOURCE").naming(["name".to_owned()])
        }
        SourceError::TooMany => problem(StatusCode::CONFLICT, "too_many_whale_sources"),
        SourceError::Bad(bad) => Problem::field(bad.field(), format!("{} {bad}", bad.field())),
        SourceError::VersionConflict(_) => problem(StatusCode::CONFLICT, "version_conflict"),
        SourceError::Contended => Problem::unavailable("other changes were first: send the same again"),
        SourceError::Vault(_) => Problem::unavailable("the vault cannot be reached now: send the same again"),
        SourceError::Store(error) => Problem::of_store(error),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
pub(crate) fn label(error: LabelError) -> Problem {
    let problem = |code| Problem::new(StatusCode::CONFLICT, code, error.to_string());
    match &error {
        LabelError::Unknown => Problem::not_found("address label"),
        LabelError::TooMany => problem("too_many_address_labels"),
        LabelError::VersionConflict(_) => problem("version_conflict"),
        LabelError::Contended => Problem::unavailable("other changes were first: send the same again"),
        LabelError::Store(error) => Problem::of_store(error),
    }
}
