//! Refusals that have a status of HTTP; what an order is refused for is told with 200.

use crate::http::Reply;
use serde_json::json;

#[derive(Debug)]
pub(super) enum Refused {
    /// The token says no more than that.
    Unauthorized,
    MissingScopes,
    NotFound(String),
    Argument(String),
}

impl Refused {
    pub(super) fn argument(told: &str) -> Self {
        Self::Argument(told.to_owned())
    }

    pub(super) fn not_found(told: &str) -> Self {
        Self::NotFound(told.to_owned())
    }

    pub(super) fn reply(&self) -> Reply {
        let (status, error, told) = match self {
            Self::Unauthorized => {
                return Reply { status: 401, headers: Vec::new(), body: "Unauthorized".to_owned() };
            }
            Self::MissingScopes => (403, "PERMISSION_DENIED", "Missing required scopes"),
            Self::NotFound(told) => (404, "NOT_FOUND", told.as_str()),
            Self::Argument(told) => (400, "INVALID_ARGUMENT", told.as_str()),
        };
        Reply::json(status, &json!({ "error": error, "error_details": told, "message": told }))
    }
}
