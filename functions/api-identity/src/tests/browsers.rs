//! Sessions of browsers: by a cookie, and by what a page proves.

use super::auth::credentials;
use super::rows::done;
use super::*;
use serde_json::json;
use store::identity::Identity;

const LOG_IN: &str = "/api/v1/auth/login?session=cookie";
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

type Headers<'a> = &'a [(&'a str, &'a str)];

fn asked(api: &Api, method: &str, path: &str, headers: Headers<'_>, body: &Value) -> (u16, HeaderMap, Value) {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, headers, told) = sent(api, request, "", &body);
    (status.as_u16(), headers, told)
}

/// `Cookie` and the CSRF token of a session that begins.
fn entered(api: &Api, name: &str) -> (String, String) {
    let (status, headers, told) = asked(api, "POST", LOG_IN, &[OURS], &credentials(name, GOOD));
    assert_eq!(status, 200, "{told}");
    let cookie = headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    (cookie.to_owned(), told["csrf_token"].as_str().unwrap().to_owned())
}

fn code(told: &(u16, HeaderMap, Value)) -> (u16, String) {
    (told.0, told.2["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn session_of_a_browser_is_a_cookie_that_no_script_reads() {
    let api = town(&[Role::Trader]);
    let (status, headers, told) = asked(&api, "POST", LOG_IN, &[OURS], &credentials("trader", GOOD));
    assert_eq!((status, &told["token"], &told["refresh_token"]), (200, &Value::Null, &Value::Null), "{told}");
    assert_eq!((&told["refresh_expires_at"], &told["expires_at"]), (&Value::Null, &json!("2025-11-21T08:51:00Z")));
    let cookie = headers["set-cookie"].to_str().unwrap();
    let (token, attributes) = cookie.strip_prefix("__Host-moniqo=").unwrap().split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=86400");
    assert!(!told.to_string().contains(token), "the answer has it as well");
    let sent = format!("theme=dark;__Host-moniqo={token}; other=1");
    assert_eq!(asked(&api, "GET", "/api/v1/users/me", &[("cookie", &sent)], &Value::Null).0, 200);
    let kept = done(&api, |world| async move {
        Identity(&world).list_logins(&UserId::of(&["trader"]), AT).await.unwrap().remove(0)
    });
    assert_eq!((kept.refresh, kept.not_renewed), (None, true), "it ends with its cookie");
    let (_, headers, told) = asked(&api, "POST", "/api/v1/auth/login", &[OURS], &credentials("trader", GOOD));
    assert!(headers.get("set-cookie").is_none() && told["csrf_token"].is_null(), "an app asks for none");
}

#[test]
fn page_of_another_origin_logs_nobody_in() {
    let api = town(&[Role::Trader]);
    let body = credentials("trader", GOOD);
    for site in ["cross-site", "same-site", "none"] {
        let told = asked(&api, "POST", LOG_IN, &[("sec-fetch-site", site)], &body);
        assert!(told.1.get("set-cookie").is_none());
        assert_eq!(code(&told), (403, "csrf".to_owned()), "{site}");
    }
    let told = asked(&api, "POST", LOG_IN, &[], &body);
    assert_eq!(
        (code(&told), told.1.get("set-cookie")),
        ((403, "csrf".to_owned()), None),
        "an old browser says nothing"
    );
    for query in ["session=token", "session=", "session=cookie&session=cookie"] {
        let (status, _, told) = asked(&api, "POST", &format!("/api/v1/auth/login?{query}"), &[OURS], &body);
        assert_eq!((status, &told["field"]), (422, &json!("session")), "{query}");
    }
}

#[test]
fn change_by_cookie_needs_the_token_of_its_session_and_a_page_of_ours() {
    let api = town(&[Role::Trader, Role::Viewer]);
    let ((cookie, csrf), (_, foreign)) = (entered(&api, "trader"), entered(&api, "viewer"));
    let (cookie, csrf, foreign) = (("cookie", &*cookie), ("x-csrf-token", &*csrf), ("x-csrf-token", &*foreign));
    let site = |site| ("sec-fetch-site", site);
    for headers in [
        &[cookie][..],
        &[cookie, OURS],
        &[cookie, csrf],
        &[cookie, OURS, foreign],
        &[cookie, OURS, ("x-csrf-token", "")],
        &[cookie, csrf, site("same-site")],
        &[cookie, csrf, site("cross-site")],
        &[cookie, csrf, site("none")],
    ] {
        for path in ["/api/v1/notifications/read-all", "/api/v1/auth/logout"] {
            assert_eq!(
                code(&asked(&api, "POST", path, headers, &Value::Null)),
                (403, "csrf".to_owned()),
                "{headers:?}"
            );
        }
        assert_eq!(asked(&api, "GET", "/api/v1/users/me", headers, &Value::Null).0, 200, "{headers:?}");
    }
    let meant = asked(&api, "POST", "/api/v1/notifications/read-all", &[cookie, csrf, OURS], &Value::Null);
    assert_eq!(meant.0, 204, "{}", meant.2);
}

#[test]
fn cookie_and_bearer_token_are_never_sent_together() {
    let api = town(&[Role::Trader]);
    let (cookie, csrf) = entered(&api, "trader");
    let bearer = format!("Bearer {}", token(&api, "trader"));
    for other in [("authorization", &*bearer), ("authorization", "Basic YTpi"), ("cookie", "__Host-moniqo=a.b.c")] {
        let both = [("cookie", &*cookie), other, ("x-csrf-token", &*csrf), OURS];
        for (method, path) in [
            ("GET", "/api/v1/users/me"),
            ("POST", "/api/v1/auth/logout"),
            ("POST", "/api/v1/auth/refresh"),
            ("POST", "/api/v1/auth/register"),
        ] {
            let told = code(&asked(&api, method, path, &both, &json!({})));
            assert_eq!(told, (400, "cookie_and_bearer".to_owned()), "{method} {path} {other:?}");
        }
    }
}

#[test]
fn api_key_is_no_cookie() {
    let api = town(&[Role::Trader]);
    let key = token(&api, "key:trader");
    let csrf = lambda::guard::browser::csrf_token(&app::ports::Secret::new(key.clone())).as_str().to_owned();
    let cookie = format!("__Host-moniqo={key}");
    let headers = [("cookie", &*cookie), ("x-csrf-token", &*csrf), OURS];
    for (method, path) in [("GET", "/api/v1/users/me"), ("POST", "/api/v1/auth/logout"), ("GET", "/api/v1/auth/csrf")] {
        assert_eq!(
            code(&asked(&api, method, path, &headers, &Value::Null)),
            (401, "unauthorized".to_owned()),
            "{path}"
        );
    }
    assert_eq!(ask(&api, "GET", "/api/v1/users/me", "key:trader", &Value::Null).0, StatusCode::OK, "it is a good one");
}

#[test]
fn csrf_token_is_answered_to_the_session_of_a_cookie() {
    let api = town(&[Role::Trader]);
    let (cookie, csrf) = entered(&api, "trader");
    let (status, _, told) = asked(&api, "GET", "/api/v1/auth/csrf", &[("cookie", &cookie)], &Value::Null);
    assert_eq!((status, &told["csrf_token"]), (200, &json!(csrf)));
    let (again, other) = entered(&api, "trader");
    assert!(again != cookie && other != csrf, "each session has its own");
    assert_eq!(code(&asked(&api, "GET", "/api/v1/auth/csrf", &[], &Value::Null)).0, 401);
    assert_eq!(ask(&api, "GET", "/api/v1/auth/csrf", "trader", &Value::Null).0, StatusCode::NOT_FOUND);
}

#[test]
fn log_out_takes_the_cookie_away() {
    let api = town(&[Role::Trader]);
    let (cookie, csrf) = entered(&api, "trader");
    let headers = [("cookie", &*cookie), ("x-csrf-token", &*csrf), OURS];
    let over = "__Host-moniqo=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
    let unproven = asked(&api, "POST", "/api/v1/auth/logout", &headers[..1], &Value::Null);
    assert_eq!((unproven.0, unproven.1.get("set-cookie")), (403, None));
    // The second time it is over already, and the browser sends it still.
    for status in [200, 401] {
        let told = asked(&api, "POST", "/api/v1/auth/logout", &headers, &Value::Null);
        assert_eq!((told.0, told.1["set-cookie"].to_str().unwrap()), (status, over));
        assert_eq!(asked(&api, "GET", "/api/v1/users/me", &headers, &Value::Null).0, 401);
    }
    let (status, headers, _) = ask(&api, "POST", "/api/v1/auth/logout", "trader", &Value::Null);
    assert_eq!((status, headers.get("set-cookie")), (StatusCode::OK, None), "a bearer token is no cookie");
}

#[test]
fn cookie_refreshes_nothing_and_registers_others_for_an_admin() {
    let api = town(&[Role::Admin, Role::Trader]);
    let someone = json!({"email": "ann@example.com", "username": "ann", "password": GOOD, "role": "trader"});
    for (name, status) in [("trader", 403), ("admin", 201)] {
        let (cookie, csrf) = entered(&api, name);
        let headers = [("cookie", &*cookie), ("x-csrf-token", &*csrf), OURS];
        assert_eq!(asked(&api, "POST", "/api/v1/auth/refresh", &headers, &Value::Null).0, 401);
        assert_eq!(code(&asked(&api, "POST", "/api/v1/auth/register", &headers[..1], &someone)).0, 403);
        assert_eq!(asked(&api, "POST", "/api/v1/auth/register", &headers, &someone).0, status, "{name}");
    }
}
