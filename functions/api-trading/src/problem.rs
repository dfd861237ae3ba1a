//! What use cases refuse, as the API says it.

use app::ports::StoreError;
use app::trading::ActError;
use axum::http::StatusCode;
use domain::money::MoneyError;
use lambda::edge::Problem;

pub(crate) fn act(error: &ActError) -> Problem {
    let conflict = |code| Problem::new(StatusCode::CONFLICT, code, error.to_string());
    match error {
        ActError::NoGroup => Problem::not_found("position group"),
        ActError::NoOrder => Problem::not_found("order"),
        ActError::AlreadyClosed => conflict("already_closed"),
        ActError::AlreadyFinal(_) => conflict("already_final"),
        ActError::ProtectiveOrder(_) => conflict("protective_order"),
        ActError::AmbiguousAccount(_) => conflict("ambiguous_account").naming(["account".to_owned()]),
        ActError::UnknownAccount => invalid("account", error.to_string()),
        ActError::Contended => Problem::unavailable("other changes were first: send the same again"),
        ActError::Store(error) => store(error),
        ActError::Money(error) => money(error),
    }
}

pub(crate) fn store(error: &StoreError) -> Problem {
    match error {
        StoreError::Unavailable(_) => Problem::unavailable("the store cannot be reached now"),
        StoreError::Unreadable(_) => internal("a stored row cannot be read", error),
    }
}

pub(crate) fn money(error: &MoneyError) -> Problem {
    internal("a number of this answer cannot be kept exactly", error)
}

/// A field that breaks its rule.
pub(crate) fn invalid(field: &str, allowed: impl Into<String>) -> Problem {
    Problem::invalid("invalid_field", [field.to_owned()], allowed)
}

/// A bug, or a newer writer: for the log, not for the caller.
fn internal(told: &str, error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, told);
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", told)
}
