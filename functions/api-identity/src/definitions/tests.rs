use super::*;
use crate::asking::admitted;
use app::identity::{IdentityError, Knock};
use app::ports::{Guarded, StoreError};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use domain::identity::{DefinitionKind, PermissionDefinition, RouteClass, Scope};
use domain::logs::Note;
use lambda::noted::Notes;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// Keeps what it is given last; whoever has a token that names a role is let in.
#[derive(Clone, Default)]
struct Stub {
    refusal: Option<IdentityError>,
    told: Arc<Mutex<String>>,
}

impl Stub {
    fn done<T>(&self, done: T) -> Done<T> {
        self.refusal.clone().map_or(Ok(done), Err)
    }

    fn of<T: Defined>(&self, of: T) -> Done<T> {
        *self.told.lock().unwrap() = format!("{}: {}", of.name(), of.told());
        self.done(of)
    }
}

impl Guards for Stub {
    async fn guard(&self, knock: &Knock<'_>) -> Result<Guarded, StoreError> {
        admitted(knock)
    }
}

impl Notes for Stub {
    async fn note(&self, _: &Note) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Definers for Stub {
    async fn all<T: Defined>(&self) -> Done<Vec<T>> {
        self.done(T::built_in())
    }
    async fn one<T: Defined>(&self, name: &T::Name) -> Done<T> {
        let found = T::built_in().into_iter().find(|of| of.name().to_string() == name.to_string());
        found.ok_or(IdentityError::NoDefinition(T::KIND))
    }
    async fn define<T: Defined>(&self, _: &Session, new: T, _: Run<'_>) -> Done<T> {
        self.of(new.at_version(1))
    }
    async fn redefine<T: Defined>(
        &self,
        _: &Session,
        _: &T::Name,
        change: impl FnOnce(T) -> T + Send,
        seen: Option<u64>,
        _: Run<'_>,
    ) -> Done<T> {
        let first = T::built_in().into_iter().next().unwrap();
        self.of(change(first).at_version(seen.unwrap_or_default() + 1))
    }
    async fn undefine<T: Defined>(&self, _: &Session, name: &T::Name, _: Option<u64>, _: Run<'_>) -> Done<()> {
        *self.told.lock().unwrap() = format!("{name} is removed");
        self.done(())
    }
    fn calls(&self) -> u32 {
        0
    }
}

async fn ask(stub: &Stub, method: &str, path: &str, token: &str, body: &Value) -> (u16, Option<String>, Value) {
    let mut request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    if method == "PUT" {
        request = request.header("if-match", "\"3\"");
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = request.header("authorization", format!("Bearer {token}")).body(body).unwrap();
    let router = lambda::edge::prepare(router(stub.clone()));
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 99_999).await.unwrap();
    let tag = parts.headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
    (parts.status.as_u16(), tag, serde_json::from_slice(&body).unwrap_or_default())
}

fn new(kind: &str) -> Value {
    match kind {
        "roles" => json!({"name": "night-watch", "permissions": ["trading:read"], "rates": {"wallets": 20}}),
        "plans" => json!({"name": "small", "limits": {"positions": 3}, "price_monthly": "9.90", "currency": "EUR"}),
        _ => json!({"name": "reports:print", "description": "Print reports."}),
    }
}

#[tokio::test]
async fn they_are_kept_by_admins_and_nobody_else() {
    for kind in ["roles", "permissions", "plans"] {
        let one = match kind {
            "roles" => "roles/viewer",
            "plans" => "plans/default",
            _ => "permissions/trading:read",
        };
        for (method, path, body, admins) in [
            ("GET", kind, Value::Null, 200),
            ("POST", kind, new(kind), 201),
            ("GET", one, Value::Null, 200),
            ("PUT", one, json!({"description": "Another."}), 200),
            ("PATCH", one, json!({"description": "Another."}), 200),
            ("DELETE", one, Value::Null, 204),
        ] {
            for (token, told) in [("nobody", 401), ("manager", 403), ("admin", admins)] {
                let stub = Stub::default();
                assert_eq!(ask(&stub, method, path, token, &body).await.0, told, "{token}: {method} {path}");
                assert!(admins == told || stub.told.lock().unwrap().is_empty(), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_built_in_is_listed_with_what_it_is_for() {
    let list = async |kind: &str| ask(&Stub::default(), "GET", kind, "admin", &Value::Null).await.2["items"].clone();
    let permissions = list("permissions").await;
    assert_eq!(permissions.as_array().unwrap().len(), PermissionDefinition::built_in().len());
    assert_eq!((&permissions[0]["name"], &permissions[0]["built_in"]), (&json!("trading:read"), &json!(true)));
    assert!(permissions[0]["description"].as_str().unwrap().starts_with("Look at"));
    let roles = list("roles").await;
    assert_eq!((&roles[0]["name"], &roles[0]["holders"]), (&json!("viewer"), &Value::Null));
    let plan = &list("plans").await[0];
    assert_eq!((&plan["name"], &plan["limits"]["positions"]), (&json!("default"), &Value::Null));
}

#[tokio::test]
async fn they_are_listed_page_by_page_in_the_order_that_they_have() {
    for kind in ["roles", "permissions", "plans"] {
        let list =
            async |query: &str| ask(&Stub::default(), "GET", &format!("{kind}{query}"), "admin", &Value::Null).await;
        let whole = list("").await.2["items"].as_array().unwrap().clone();
        let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
        for _ in 0..whole.len() {
            let (_, _, page) = list(&query).await;
            seen.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            query = format!("?limit=2&cursor={next}");
        }
        assert_eq!(seen, whole, "{kind}");
        for (query, field) in [("?limit=0", "limit"), ("?cursor=forged", "cursor")] {
            let (status, _, problem) = list(query).await;
            assert_eq!((status, &problem["field"]), (422, &json!(field)), "{kind}{query}");
        }
    }
}

#[tokio::test]
async fn what_is_sent_is_kept_as_it_was_meant() {
    let stub = Stub::default();
    let told = || stub.told.lock().unwrap().clone();
    let (_, tag, made) = ask(&stub, "POST", "roles", "admin", &new("roles")).await;
    assert_eq!((tag.as_deref(), &made["rates"]["wallets"]), (Some("\"1\""), &json!(20)));
    assert_eq!(told(), "night-watch: trading:read, wallets 20");
    let (_, _, made) = ask(&stub, "POST", "plans", "admin", &new("plans")).await;
    assert_eq!((&made["price_monthly"], &made["is_active"]), (&json!("9.9"), &json!(true)));
    assert_eq!(told(), "small: 3 positions");
    let (_, tag, _) = ask(&stub, "PUT", "roles/viewer", "admin", &json!({"permissions": []})).await;
    assert_eq!((tag.as_deref(), &*told()), (Some("\"4\""), "viewer: "));
    ask(&stub, "PUT", "plans/default", "admin", &json!({"is_active": false, "price_yearly": "90"})).await;
    assert_eq!(told(), "default: no limits, not given any more");
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named() {
    let with = |kind: &str, name: &str, value: Value| {
        let mut body = new(kind);
        body[name] = value;
        body
    };
    for (kind, name, value, field) in [
        ("roles", "name", json!("Night"), "name"),
        ("roles", "name", Value::Null, "name"),
        ("roles", "description", json!("a\nb"), "description"),
        ("roles", "permissions", json!("trading:read"), "permissions"),
        ("roles", "permissions", json!(["trading"]), "permissions"),
        ("roles", "permissions", json!([7]), "permissions"),
        ("roles", "permissions", Value::Null, "permissions"),
        ("roles", "rates", json!([]), "rates"),
        ("roles", "rates", json!({"auth": 3}), "rates.auth"),
        ("roles", "rates", json!({"api": 0}), "rates.api"),
        ("roles", "rates", json!({"api": "60"}), "rates.api"),
        ("roles", "holders", json!(7), "holders"),
        ("permissions", "name", json!("reports"), "name"),
        ("permissions", "scope", json!("x"), "scope"),
        ("plans", "name", json!("no blanks"), "name"),
        ("plans", "limits", json!(3), "limits"),
        ("plans", "limits", json!({"positions": -1}), "limits.positions"),
        ("plans", "limits", json!({"requests_per_minute": 0}), "limits.requests_per_minute"),
        ("plans", "limits", json!({"bots": 1.5}), "limits.bots"),
        ("plans", "limits", json!({"flows": 1}), "limits.flows"),
        ("plans", "price_monthly", json!("-1"), "price_monthly"),
        ("plans", "price_yearly", json!(9.9), "price_yearly"),
        ("plans", "currency", json!("€"), "currency"),
        ("plans", "is_active", json!("yes"), "is_active"),
    ] {
        let (status, _, problem) = ask(&Stub::default(), "POST", kind, "admin", &with(kind, name, value)).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{kind} {name}: {problem}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_answer() {
    let scope: Scope = "trading:write".parse().unwrap();
    let kind = DefinitionKind::Role;
    for (refusal, status, code) in [
        (IdentityError::DuplicateDefinition(kind), 400, "DUPLICATE_ROLE"),
        (IdentityError::TooManyDefinitions(kind), 409, "too_many_roles"),
        (IdentityError::BuiltIn(kind), 409, "built_in"),
        (IdentityError::InUse(kind, 3), 409, "in_use"),
        (IdentityError::Oneself, 409, "oneself"),
        (IdentityError::NotYours(scope.clone()), 403, "permission_not_yours"),
        (IdentityError::NoPermission(scope), 422, "invalid_field"),
        (IdentityError::RateNotYours(RouteClass::Api, 600), 422, "invalid_field"),
        (IdentityError::Unfinished, 503, "unfinished"),
        (IdentityError::VersionConflict(4), 409, "version_conflict"),
    ] {
        let stub = Stub { refusal: Some(refusal), ..Stub::default() };
        let (told, _, problem) = ask(&stub, "PUT", "roles/viewer", "admin", &json!({})).await;
        assert_eq!((told, &problem["code"]), (status, &json!(code)));
        assert!(code != "in_use" || problem["holders"] == 3);
    }
    for path in ["roles/nobodys", "roles/No%20name", "permissions/trading", "plans/none"] {
        let (told, _, problem) = ask(&Stub::default(), "GET", path, "admin", &Value::Null).await;
        assert_eq!((told, &problem["code"]), (404, &json!("not_found")), "{path}");
    }
}
