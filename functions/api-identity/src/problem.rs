//! What use cases refuse, as the API says it.

use app::identity::IdentityError;
use axum::http::StatusCode;
use domain::identity::DefinitionKind;
use lambda::edge::Problem;

pub(crate) fn of(error: impl Into<IdentityError>) -> Problem {
    let error = error.into();
    let problem = |status, code| Problem::new(status, code, error.to_string());
    let conflict = |code| problem(StatusCode::CONFLICT, code);
    let duplicate = |code, field: &str| problem(StatusCode::BAD_REQUEST, code).naming([field.to_owned()]);
    match &error {
        IdentityError::WrongCredentials => problem(StatusCode::UNAUTHORIZED, "wrong_credentials"),
        IdentityError::Wait(wait) => Problem::too_many(error.to_string(), *wait),
        IdentityError::FactorNeeded => problem(StatusCode::UNAUTHORIZED, "totp_required"),
        IdentityError::WrongFactor => problem(StatusCode::UNAUTHORIZED, "wrong_totp"),
        IdentityError::FactorOn => conflict("totp_on"),
        IdentityError::NoFactor => Problem::not_found("second factor"),
        IdentityError::Closed => problem(StatusCode::FORBIDDEN, "registration_closed"),
        IdentityError::WrongCode => problem(StatusCode::FORBIDDEN, "wrong_code"),
        IdentityError::RoleNotYours => problem(StatusCode::FORBIDDEN, "role_not_yours").naming(["role".to_owned()]),
        IdentityError::DuplicateEmail => duplicate("DUPLICATE_EMAIL", "email"),
        IdentityError::DuplicateUsername => duplicate("DUPLICATE_USERNAME", "username"),
        IdentityError::WrongRefresh => {
            problem(StatusCode::UNAUTHORIZED, "wrong_token").naming(["refresh_token".to_owned()])
        }
        IdentityError::WrongReset => problem(StatusCode::UNAUTHORIZED, "wrong_token"),
        IdentityError::TooEarly => conflict("too_early"),
        IdentityError::TooOld => conflict("too_old"),
        IdentityError::LastAdmin => conflict("last_admin"),
        IdentityError::NoDefinition(kind) => Problem::not_found(kind.as_str()),
        IdentityError::DuplicateDefinition(kind) => duplicate(kind.duplicate(), "name"),
        IdentityError::TooManyDefinitions(kind) => conflict(kind.too_many()),
        IdentityError::BuiltIn(_) => conflict("built_in"),
        IdentityError::InUse(_, holders) => conflict("in_use").with("holders", *holders),
        IdentityError::NotYours(scope) => {
            problem(StatusCode::FORBIDDEN, "permission_not_yours").with("permission", scope.as_str())
        }
        IdentityError::RateNotYours(class, _) => Problem::field(&format!("rates.{class}"), error.to_string()),
        IdentityError::NoPermission(_) | IdentityError::TooManyOwn => Problem::field("permissions", error.to_string()),
        IdentityError::BadBounds(_) => Problem::field("orders", error.to_string()),
        IdentityError::NoPlan => Problem::field(DefinitionKind::Plan.as_str(), error.to_string()),
        IdentityError::NoBot => Problem::not_found("bot"),
        IdentityError::NoPreset => Problem::field("entry_preset", error.to_string()),
        IdentityError::PlanInactive => conflict("plan_inactive"),
        IdentityError::DuplicateUserPlan => duplicate("DUPLICATE_USER_PLAN", "user_id"),
        IdentityError::NoUserPlan => Problem::not_found("user plan"),
        IdentityError::NoRole => Problem::field(DefinitionKind::Role.as_str(), error.to_string()),
        IdentityError::Unfinished => problem(StatusCode::SERVICE_UNAVAILABLE, "unfinished").retry_after(1),
        IdentityError::GroupsOpen(_) | IdentityError::GroupsOpenStill(_) => conflict("groups_open"),
        IdentityError::NoUser => Problem::not_found("user"),
        // Where they are asked for they are told in words of their own.
        IdentityError::WrongClient => problem(StatusCode::UNAUTHORIZED, "invalid_client"),
        IdentityError::ScopeNotOfKey => problem(StatusCode::BAD_REQUEST, "invalid_scope"),
        IdentityError::NoKey => Problem::not_found("api key"),
        IdentityError::DuplicateKey => duplicate("DUPLICATE_API_KEY", "name"),
        IdentityError::TooManyKeys => conflict("too_many_api_keys"),
        IdentityError::ScopeNotYours(_) => {
            problem(StatusCode::FORBIDDEN, "scope_not_yours").naming(["scopes".to_owned()])
        }
        IdentityError::NoSession => Problem::not_found("session"),
        IdentityError::Oneself => conflict("oneself"),
        IdentityError::VersionConflict(_) => conflict("version_conflict"),
        IdentityError::Contended => Problem::unavailable("other changes were first: send the same again"),
        IdentityError::Mail(error) => Problem::internal("a letter cannot be sent now", error),
        IdentityError::Proof(error) => Problem::internal("a password or token cannot be dealt with now", error),
        IdentityError::Store(error) => Problem::of_store(error),
    }
}
