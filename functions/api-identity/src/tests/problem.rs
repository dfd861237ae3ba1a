//! Each refusal of a use case has its status and its code.

use super::*;
use crate::problem::of;
use app::identity::IdentityError;
use app::ports::{MailError, ProofError, StoreError};
use axum::response::IntoResponse;
use domain::identity::{BadBounds, DefinitionKind, RouteClass, Scope};
use serde_json::json;

/// The members that programs read besides, and how long they are told to wait.
fn told(error: IdentityError) -> (u16, Value, Option<String>) {
    let response = of(error).into_response();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body =
        World::calm().sim().block_on("body", async { to_bytes(response.into_body(), usize::MAX).await.unwrap() });
    let wait = headers.get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
    (status, serde_json::from_slice(&body).unwrap(), wait)
}

fn scope() -> Scope {
    "trading:write".parse().unwrap()
}

#[test]
fn each_refusal_has_its_answer() {
    for (refusal, status, code) in [
        (IdentityError::WrongCredentials, 401, "wrong_credentials"),
        (IdentityError::Wait(Millis::new(29_001)), 429, "too_many_requests"),
        (IdentityError::FactorNeeded, 401, "totp_required"),
        (IdentityError::WrongFactor, 401, "wrong_totp"),
        (IdentityError::FactorOn, 409, "totp_on"),
        (IdentityError::NoFactor, 404, "not_found"),
        (IdentityError::Closed, 403, "registration_closed"),
        (IdentityError::WrongCode, 403, "wrong_code"),
        (IdentityError::RoleNotYours, 403, "role_not_yours"),
        (IdentityError::DuplicateEmail, 400, "DUPLICATE_EMAIL"),
        (IdentityError::DuplicateUsername, 400, "DUPLICATE_USERNAME"),
        (IdentityError::WrongReset, 401, "wrong_token"),
        (IdentityError::TooEarly, 409, "too_early"),
        (IdentityError::TooOld, 409, "too_old"),
        (IdentityError::NoUser, 404, "not_found"),
        (IdentityError::LastAdmin, 409, "last_admin"),
        (IdentityError::GroupsOpen(2), 409, "groups_open"),
        (IdentityError::GroupsOpenStill(2), 409, "groups_open"),
        (IdentityError::NoSession, 404, "not_found"),
        (IdentityError::NoKey, 404, "not_found"),
        (IdentityError::DuplicateKey, 400, "DUPLICATE_API_KEY"),
        (IdentityError::TooManyKeys, 409, "too_many_api_keys"),
        (IdentityError::WrongClient, 401, "invalid_client"),
        (IdentityError::ScopeNotOfKey, 400, "invalid_scope"),
        (IdentityError::ScopeNotYours(scope()), 403, "scope_not_yours"),
        (IdentityError::BadBounds(BadBounds::Missing), 422, "invalid_field"),
        (IdentityError::Oneself, 409, "oneself"),
        (IdentityError::NoDefinition(DefinitionKind::Plan), 404, "not_found"),
        (IdentityError::DuplicateDefinition(DefinitionKind::Role), 400, "DUPLICATE_ROLE"),
        (IdentityError::TooManyDefinitions(DefinitionKind::Role), 409, "too_many_roles"),
        (IdentityError::BuiltIn(DefinitionKind::Role), 409, "built_in"),
        (IdentityError::InUse(DefinitionKind::Role, 2), 409, "in_use"),
        (IdentityError::NotYours(scope()), 403, "permission_not_yours"),
        (IdentityError::RateNotYours(RouteClass::Api, 60), 422, "invalid_field"),
        (IdentityError::NoPermission(scope()), 422, "invalid_field"),
        (IdentityError::TooManyOwn, 422, "invalid_field"),
        (IdentityError::NoPlan, 422, "invalid_field"),
        (IdentityError::PlanInactive, 409, "plan_inactive"),
        (IdentityError::DuplicateUserPlan, 400, "DUPLICATE_USER_PLAN"),
        (IdentityError::NoUserPlan, 404, "not_found"),
        (IdentityError::NoRole, 422, "invalid_field"),
        (IdentityError::Unfinished, 503, "unfinished"),
        (IdentityError::VersionConflict(2), 409, "version_conflict"),
        (IdentityError::Contended, 503, "unavailable"),
        (IdentityError::Mail(MailError("no sender".to_owned())), 500, "internal"),
        (IdentityError::Proof(ProofError("no random numbers".to_owned())), 500, "internal"),
        (IdentityError::Store(StoreError::Unavailable("throttled".to_owned())), 503, "unavailable"),
        (IdentityError::Store(StoreError::Unreadable("v 99".to_owned())), 500, "internal"),
    ] {
        let said = format!("{refusal:?}");
        let (answered, problem, _) = told(refusal);
        assert_eq!((answered, &problem["code"]), (status, &json!(code)), "{said}");
    }
}

#[test]
fn whatever_is_to_be_sent_again_says_when() {
    let unavailable = || StoreError::Unavailable("throttled".to_owned());
    for (refusal, wait) in [
        (IdentityError::Wait(Millis::new(29_001)), "30"),
        (IdentityError::Unfinished, "1"),
        (IdentityError::Contended, "5"),
        (IdentityError::Store(unavailable()), "5"),
    ] {
        assert_eq!(told(refusal).2.as_deref(), Some(wait));
    }
}

#[test]
fn the_field_that_is_meant_is_named() {
    for (refusal, field) in [
        (IdentityError::RoleNotYours, "role"),
        (IdentityError::NoRole, "role"),
        (IdentityError::DuplicateEmail, "email"),
        (IdentityError::DuplicateUsername, "username"),
        (IdentityError::DuplicateKey, "name"),
        (IdentityError::DuplicateDefinition(DefinitionKind::Plan), "name"),
        (IdentityError::DuplicateUserPlan, "user_id"),
        (IdentityError::ScopeNotYours(scope()), "scopes"),
        (IdentityError::NoPermission(scope()), "permissions"),
        (IdentityError::TooManyOwn, "permissions"),
        (IdentityError::RateNotYours(RouteClass::Api, 60), "rates.api"),
        (IdentityError::NoPlan, "plan"),
    ] {
        assert_eq!(told(refusal).1["field"], field);
    }
    assert_eq!(told(IdentityError::InUse(DefinitionKind::Role, 2)).1["holders"], 2);
    assert_eq!(told(IdentityError::NotYours(scope())).1["permission"], "trading:write");
}

#[test]
fn what_has_failed_within_is_not_told() {
    for refusal in [
        IdentityError::Mail(MailError("as inside".to_owned())),
        IdentityError::Proof(ProofError("as inside".to_owned())),
        IdentityError::Store(StoreError::Unreadable("as inside".to_owned())),
        IdentityError::Store(StoreError::Unavailable("as inside".to_owned())),
    ] {
        assert!(!told(refusal).1.to_string().contains("as inside"));
    }
}
