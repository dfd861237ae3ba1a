use super::*;
use crate::edge::prepare;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::{get, post};
use domain::identity::Role;
use domain::ids::{SessionId, UserId};
use tower::ServiceExt;

/// Lets in whoever names a role, or the words of a program's key.
#[derive(Clone)]
struct ByName;

impl Guards for ByName {
    async fn guard(&self, Knock { token, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        let role = token.expose().parse::<Role>();
        let of_role = |role: Role| role.permissions().iter().map(|may| may.as_str().to_owned()).collect();
        let of_key = |words: &str| words.split('+').map(str::to_owned).collect();
        let login = role.is_ok().then(|| SessionId::of(&["s"]));
        let scopes = match (role, token.expose().strip_prefix("key:")) {
            (Ok(role), _) => of_role(role),
            (_, Some(words)) => of_key(words),
            _ => return Ok(Guarded::Unknown),
        };
        Ok(Guarded::Admitted(Session::new(UserId::of(&["u"]), scopes, login)))
    }
}

async fn ask(method: &str, path: &str, token: &str) -> u16 {
    let router = Router::new()
        .route("/trading", get(async |_: Caller| "").post(async |_: Caller| ""))
        .route("/word", post(async |_: Witness| ""))
        .route("/series", post(async |_: Wisher| ""))
        .route("/plan", post(async |_: Reader| ""))
        .route("/system", get(async |_: Keeper| "").post(async |_: Keeper| ""))
        .route("/users", get(async |_: Admin| ""))
        .route("/me", get(async |_: Oneself| ""))
        .route("/sessions", get(async |_: Person| ""))
        .with_state(ByName);
    let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, format!("Bearer {token}"));
    prepare(router).oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
}

/// Looking, trading, giving one's word, wanting series, planning, the deployment (its state, its stop), people, oneself, one's log-ins.
const ASKED: [(&str, &str); 10] = [
    ("GET", "/trading"),
    ("POST", "/trading"),
    ("POST", "/word"),
    ("POST", "/series"),
    ("POST", "/plan"),
    ("GET", "/system"),
    ("POST", "/system"),
    ("GET", "/users"),
    ("GET", "/me"),
    ("GET", "/sessions"),
];

#[tokio::test]
async fn each_role_may_what_its_permissions_say() {
    for (token, told) in [
        ("viewer", [200, 403, 403, 403, 200, 403, 403, 403, 200, 200]),
        ("quant", [200, 403, 403, 200, 200, 403, 403, 403, 200, 200]),
        ("trader", [200, 200, 200, 200, 200, 403, 403, 403, 200, 200]),
        ("operator", [200, 403, 403, 403, 200, 200, 200, 403, 200, 200]),
        ("manager", [200, 200, 200, 200, 200, 200, 200, 403, 200, 200]),
        ("admin", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        ("key:trading:read", [200, 403, 403, 403, 200, 403, 403, 403, 200, 404]),
        ("key:trading:read+system", [200, 403, 403, 403, 200, 200, 403, 403, 200, 404]),
        ("key:trading:read+trading:write+system", [200, 200, 403, 200, 200, 200, 200, 403, 200, 404]),
        ("key:trading:read+research:write", [200, 403, 403, 200, 200, 403, 403, 403, 200, 404]),
        ("key:system", [403, 403, 403, 403, 403, 403, 403, 403, 200, 404]),
        ("key:trading", [403, 403, 403, 403, 403, 403, 403, 403, 200, 404]),
        ("nobody", [401; 10]),
    ] {
        for ((method, path), told) in ASKED.into_iter().zip(told) {
            assert_eq!(ask(method, path, token).await, told, "{token}: {method} {path}");
        }
    }
}
