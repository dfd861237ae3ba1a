use super::*;
use crate::asking::admitted;
use app::identity::{IdentityError, Knock};
use app::ports::{Guarded, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Whoever has a token that names a role.
#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
}

impl Guards for Stub {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        admitted(knock)
    }
}

impl Leavers for Stub {
    async fn remove(&self, _: &Session, user: &UserId, seen: Option<u64>, _: Run<'_>) -> Done<()> {
        assert_eq!((user, seen), (&UserId::of(&["eve"]), Some(3)));
        self.refusal.clone().map_or(Ok(()), Err)
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn remove(stub: &Stub, id: &str, token: &str) -> (u16, Value) {
    let request = Request::delete(format!("/api/v1/users/{id}")).header("if-match", "\"3\"");
    let request = request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 9_999).await.unwrap();
    (parts.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn an_admin_removes_somebody_and_nobody_else_does() {
    let eve = UserId::of(&["eve"]).to_string();
    for (token, told) in [("nobody", 401), ("viewer", 403), ("manager", 403), ("admin", 204)] {
        assert_eq!(remove(&Stub::default(), &eve, token).await.0, told, "{token}");
    }
    assert_eq!(remove(&Stub::default(), "eve", "admin").await.0, 404);
    for (refusal, status, code) in [
        (IdentityError::LastAdmin, 409, "last_admin"),
        (IdentityError::Oneself, 409, "oneself"),
        (IdentityError::GroupsOpen(2), 409, "groups_open"),
        (IdentityError::GroupsOpenStill(2), 409, "groups_open"),
        (IdentityError::VersionConflict(4), 409, "version_conflict"),
        (IdentityError::NoUser, 404, "not_found"),
    ] {
        let (told, problem) = remove(&Stub { refusal: Some(refusal) }, &eve, "admin").await;
        assert_eq!((told, &problem["code"]), (status, &json!(code)));
    }
}
