use super::*;
use crate::api::{Served, Table};
use crate::edge::prepare;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use domain::identity::{Counts, Role};
use domain::ids::{SessionId, UserId};
use tower::ServiceExt;

/// Lets in whoever names a role, or the words of a program's key.
#[derive(Clone)]
struct ByName;

impl Guards for ByName {
    no_rows!();

    async fn guard(&self, Knock { token, visit, .. }: &Knock<'_>) -> Result<Guarded, StoreError> {
        let role = token.expose().parse::<Role>();
        let of_role = |role: Role| role.permissions().iter().map(|may| may.as_str().to_owned()).collect();
        let of_key = |words: &str| words.split('+').map(str::to_owned).collect();
        let login = role.is_ok().then(|| SessionId::of(&["s"]));
        let scopes = match (role, token.expose().strip_prefix("key:")) {
            (Ok(role), _) => of_role(role),
            (_, Some(words)) => of_key(words),
            _ if token.expose() == "spent" => {
                return Ok(Guarded::TooMany { retry_after: Millis::seconds(7), requests_max: 600 });
            }
            _ => return Ok(Guarded::Unknown),
        };
        Ok(Guarded::Admitted(Session { counted: asked(*visit), ..Session::new(UserId::of(&["u"]), scopes, login) }))
    }
}

/// Three times, this time among them.
fn asked(visit: Visit) -> Counts {
    Counts::from_iter([(visit.class, (visit.class.number_at(visit.now), 3))])
}

fn routes<T: Table<ByName>>(table: T) -> T {
    let nothing = async |_: Caller| "";
    table
        .get("/trading", nothing, |of| of.needs(Permission::READ))
        .post("/trading", nothing, |of| of.needs(Permission::WRITE))
        .post("/word", nothing, |of| of.needs(Permission::WRITE).in_person())
        .post("/series", nothing, |of| of.needs(Permission::WRITE).or_needs(Permission::RESEARCH))
        .post("/plan", nothing, |of| of.needs(Permission::READ))
        .get("/system", nothing, |of| of.needs(Permission::SYSTEM).key_needs(Permission::READ))
        .post("/system", nothing, |of| of.needs(Permission::SYSTEM).key_needs(Permission::WRITE))
        .get("/users", nothing, |of| of.needs(Permission::USERS))
        .post("/users", nothing, |of| of.needs(Permission::USERS))
        .get("/me", nothing, |of| of.any_token())
        .get("/sessions", nothing, |of| of.session())
        .get("/undeclared", nothing, |of| of)
        .post("/invite", async |admin: Option<Admin>| admin.map_or("alone", |_| "by an admin"), |of| of.open())
}

async fn ask(method: &str, path: &str, token: &str) -> u16 {
    answer(method, path, token).await.status().as_u16()
}

async fn answer(method: &str, path: &str, token: &str) -> Response {
    let router = Served::router(routes).with_state(ByName);
    let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, format!("Bearer {token}"));
    prepare(router).oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

/// Looking, trading, giving one's word, wanting series, planning, the deployment (its state, its stop), people (looked at, changed), oneself,
/// one's log-ins.
const ASKED: [(&str, &str); 11] = [
    ("GET", "/trading"),
    ("POST", "/trading"),
    ("POST", "/word"),
    ("POST", "/series"),
    ("POST", "/plan"),
    ("GET", "/system"),
    ("POST", "/system"),
    ("GET", "/users"),
    ("POST", "/users"),
    ("GET", "/me"),
    ("GET", "/sessions"),
];

#[tokio::test]
async fn each_role_may_what_its_permissions_say() {
    for (token, told) in [
        ("viewer", [200, 403, 403, 403, 200, 403, 403, 403, 403, 200, 200]),
        ("quant", [200, 403, 403, 200, 200, 403, 403, 403, 403, 200, 200]),
        ("trader", [200, 200, 200, 200, 200, 403, 403, 403, 403, 200, 200]),
        ("operator", [200, 403, 403, 403, 200, 200, 200, 403, 403, 200, 200]),
        ("manager", [200, 200, 200, 200, 200, 200, 200, 403, 403, 200, 200]),
        ("admin", [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        ("key:trading:read", [200, 403, 403, 403, 200, 403, 403, 403, 403, 200, 404]),
        ("key:trading:read+system", [200, 403, 403, 403, 200, 200, 403, 403, 403, 200, 404]),
        ("key:trading:read+trading:write+system", [200, 200, 403, 200, 200, 200, 200, 403, 403, 200, 404]),
        ("key:trading:read+research:write", [200, 403, 403, 200, 200, 403, 403, 403, 403, 200, 404]),
        ("key:system", [403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 404]),
        ("key:trading", [403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 404]),
        ("key:users:write", [403, 403, 403, 403, 403, 403, 403, 200, 403, 200, 404]),
        ("nobody", [401; 11]),
    ] {
        for ((method, path), told) in ASKED.into_iter().zip(told) {
            assert_eq!(ask(method, path, token).await, told, "{token}: {method} {path}");
        }
    }
}

/// Whoever is let in, or has asked too often, is told how often they may ask; strangers are not.
#[tokio::test]
async fn a_token_is_told_how_often_it_may_ask() {
    for (token, path, told) in [
        ("viewer", "/trading", Some((200, "597"))),
        ("viewer", "/users", Some((403, "597"))),
        ("key:trading:read", "/trading", Some((200, "597"))),
        ("spent", "/trading", Some((429, "0"))),
        ("nobody", "/trading", None),
    ] {
        let answer = answer("GET", path, token).await;
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let policy = told.map(|_| "\"api\";q=600;w=60".to_owned());
        assert_eq!(header("ratelimit-policy"), policy, "{token}");
        let Some((status, left)) = told else {
            assert_eq!(header("ratelimit"), None);
            continue;
        };
        assert_eq!(answer.status(), status, "{token}");
        let rate = header("ratelimit").unwrap();
        let seconds = rate.strip_prefix(&format!("\"api\";r={left};t=")).unwrap_or(&rate);
        assert!((1..=60).contains(&seconds.parse::<u32>().unwrap()), "{token}: {rate}");
    }
}

/// Whatever the token permits.
#[tokio::test]
async fn route_without_a_declaration_accepts_no_token() {
    for (token, told) in [("admin", 500), ("key:trading:read", 500), ("nobody", 500)] {
        assert_eq!(ask("GET", "/undeclared", token).await, told, "{token}");
    }
}

#[tokio::test]
async fn invitation_with_a_token_needs_an_admins() {
    for (token, told) in [("admin", 200), ("manager", 403), ("key:users:write", 403), ("nobody", 401)] {
        assert_eq!(ask("POST", "/invite", token).await, told, "{token}");
    }
    let alone = Request::builder().method("POST").uri("/invite").body(Body::empty()).unwrap();
    let answered = prepare(Served::router(routes).with_state(ByName)).oneshot(alone).await.unwrap();
    assert_eq!(answered.status(), 200);
}

/// By a cookie alone, or with what a page and its browser say.
async fn by_cookie(method: &str, path: &str, token: &str, said: &[(&str, &str)]) -> u16 {
    let router = Served::router(routes).with_state(ByName);
    let request = Request::builder().method(method).uri(path).header("cookie", format!("__Host-moniqo={token}"));
    let request = said.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = prepare(router).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn cookie_lets_in_a_session_and_changes_what_a_page_of_ours_has_meant() {
    let csrf = |token: &str| browser::csrf_token(&Secret::new(token.to_owned())).as_str().to_owned();
    let ours = ("sec-fetch-site", "same-origin");
    for (token, looks, changes) in
        [("trader", 200, 200), ("viewer", 200, 403), ("key:trading:read", 401, 401), ("x", 401, 401)]
    {
        let csrf = csrf(token);
        assert_eq!(by_cookie("GET", "/trading", token, &[]).await, looks, "{token}");
        let meant = by_cookie("POST", "/trading", token, &[("x-csrf-token", &csrf), ours]).await;
        assert_eq!(meant, changes, "{token}");
        for unproven in [&[][..], &[ours], &[("x-csrf-token", &csrf)], &[("x-csrf-token", "0"), ours]] {
            assert_eq!(by_cookie("POST", "/trading", token, unproven).await, 403, "{token}: {unproven:?}");
        }
    }
    assert_eq!(by_cookie("POST", "/invite", "admin", &[ours]).await, 403, "an open route, too");
    assert_eq!(by_cookie("GET", "/trading", "", &[]).await, 401, "an empty one is none");
}

#[tokio::test]
async fn two_tokens_are_refused_wherever_one_is_asked_for() {
    for second in
        [("authorization", "Bearer trader"), ("authorization", "Basic YQ=="), ("cookie", "__Host-moniqo=admin")]
    {
        assert_eq!(by_cookie("GET", "/trading", "trader", &[second]).await, 400, "{second:?}");
        assert_eq!(by_cookie("POST", "/invite", "admin", &[second]).await, 400, "{second:?}");
    }
}

#[test]
fn our_cookie_is_found_among_others_and_no_other_is_taken_for_it() {
    let found = |cookies: &[&[u8]]| -> Vec<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append("cookie", axum::http::HeaderValue::from_bytes(cookie).unwrap());
        }
        browser::tokens(&headers).map(|token| token.expose().to_owned()).collect()
    };
    assert_eq!(found(&[b"a=1;__Host-moniqo=t; b=\xff"]), ["t"]);
    assert_eq!(found(&[b"a=1", b"b=2; __Host-moniqo=t"]), ["t"]);
    assert_eq!(found(&[b"__Host-moniqo2=t; moniqo=t; x__Host-moniqo=t; __host-moniqo=t; __Host-moniqo="]), [""; 0]);
}
