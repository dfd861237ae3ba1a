//! A person comes in by the deployed routes, and is let in and kept out by every function that people ask.

use crate::support::http::{Answer, ask, client, response};
use crate::support::people;
use crate::support::unique::unique;
use crate::support::{Caller, Stack, Trader};
use domain::identity::Role;
use domain::ids::{Sha, UserId};
use reqwest::Method;
use serde_json::{Value, json};

const GOOD: &str = "Tr4ding-by-night";

/// What is sent to a route below `/api`.
async fn post(path: &str, bearer: Option<&str>, body: &Value) -> Answer {
    ask(Method::POST, &format!("/api{path}"), bearer, body.to_string()).await
}

async fn get(path: &str, bearer: &str) -> Answer {
    ask(Method::GET, &format!("/api{path}"), Some(bearer), "").await
}

fn text(answer: &Answer, member: &str) -> String {
    answer.json()[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer:?}")).to_owned()
}

/// The code is put where the seed puts it, over that of a run before.
async fn admin() -> (String, Value) {
    let unique = unique();
    let (code, user) = (format!("mqs_code{unique}"), UserId::of(&["it", "owner", &unique]));
    let row = json!({
        "pk": {"S": "SYS"}, "sk": {"S": "B"}, "v": {"N": "1"}, "spent": {"BOOL": false},
        "code": {"S": Sha::of_bytes(code.as_bytes()).as_str()}, "user": {"S": user.as_str()},
    });
    let put = async |row: Value| {
        let table = Stack::get().name("IdentityTable");
        Caller::root().ask("dynamodb:PutItem", &json!({"TableName": table, "Item": row})).await;
    };
    put(row).await;
    let mut person = person(&format!("owner{unique}"));
    person["bootstrap_code"] = code.clone().into();
    let revoked = post("/auth/register", None, &person).await;
    assert_eq!((revoked.status, text(&revoked, "code")), (403, "wrong_code".to_owned()), "it lets nobody in");
    put(json!({
        "pk": {"S": format!("SES#{}", Sha::of_bytes(code.as_bytes()).as_str())}, "sk": {"S": "S"}, "v": {"N": "1"},
        "user": {"S": user.as_str()}, "scopes": {"L": [{"S": "trading:read"}]},
        "expires_at": {"N": "9999999999999"}, "minute": {"N": "0"}, "requests": {"N": "0"},
    }))
    .await;
    let registered = post("/auth/register", None, &person).await;
    assert_eq!(registered.status, 201, "{registered:?}");
    assert_eq!(registered.json()["user"]["id"], user.as_str());
    let again = post("/auth/register", None, &person).await;
    assert_eq!((again.status, text(&again, "code")), (403, "wrong_code".to_owned()));
    (text(&registered, "token"), person)
}

fn person(name: &str) -> Value {
    json!({"email": format!("{name}@example.com"), "username": name, "password": GOOD})
}

#[tokio::test]
async fn a_person_comes_in_acts_as_their_role_says_and_is_kept_out() {
    let (admin, owner) = admin().await;
    let closed = post("/auth/register", None, &person(&format!("eve{}", unique()))).await;
    assert_eq!((closed.status, text(&closed, "code")), (403, "registration_closed".to_owned()));

    let mut ann = person(&format!("ann{}", unique()));
    ann["role"] = "viewer".into();
    let made = post("/v1/users", Some(&admin), &ann).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = text(&made, "id");
    let duplicate = post("/v1/users", Some(&admin), &ann).await;
    assert_eq!((duplicate.status, text(&duplicate, "code")), (400, "DUPLICATE_EMAIL".to_owned()));

    let wrong = json!({"email": ann["email"], "password": "Wrong-pass-1"});
    let nobody = json!({"email": "nobody@example.com", "password": GOOD});
    let (wrong, nobody) = (post("/auth/login", None, &wrong).await, post("/v1/auth/login", None, &nobody).await);
    assert_eq!((wrong.status, wrong.unnamed()), (401, nobody.unnamed()), "alike to the byte");

    let credentials = json!({"email": ann["email"], "password": GOOD});
    let token = text(&post("/auth/login", None, &credentials).await, "token");
    assert_eq!(get("/v1/users/me", &token).await.json()["id"], id.as_str());
    assert_eq!(get("/v1/halt", &token).await.status, 200, "another function lets her look");
    let halt = json!({"reason": "a storm"});
    assert_eq!(post("/v1/halt", Some(&token), &halt).await.status, 403, "and not act");
    assert_eq!(get("/v1/users", &token).await.status, 403);
    assert_eq!(get(&format!("/v1/users/{}", "usr_1"), &token).await.status, 404);

    let trader = json!({"role": "trader"});
    let changed = ask(Method::PUT, &format!("/api/v1/users/{id}"), Some(&admin), trader.to_string()).await;
    assert_eq!(changed.json()["role"], "trader");
    assert_eq!(get("/v1/halt", &token).await.status, 401, "what she may changed: she logs in again");
    let token = text(&post("/auth/login", None, &credentials).await, "token");
    assert_eq!(get("/v1/halt", &token).await.status, 200);
    assert_eq!(get("/v1/recover", &token).await.status, 403);
    assert_eq!(get("/v1/recover", &admin).await.status, 200);

    let sessions = get("/v1/sessions", &token).await.json();
    assert_eq!((sessions["items"].as_array().unwrap().len(), &sessions["items"][0]["current"]), (1, &json!(true)));
    let early = post("/auth/refresh", None, &json!({"token": token})).await;
    assert_eq!((early.status, text(&early, "code")), (409, "too_early".to_owned()));
    assert_eq!(post("/auth/logout", None, &json!({"token": token})).await.status, 200);
    for path in ["/v1/users/me", "/v1/halt"] {
        assert_eq!(get(path, &token).await.status, 401, "{path}");
    }
    nothing_keeps(&[GOOD, &token, &admin, owner["bootstrap_code"].as_str().unwrap()]).await;
}

#[tokio::test]
async fn what_nobody_signed_lets_nobody_in() {
    let trader = Trader::new().await;
    let part = |value: Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let body = part(
        json!({"iss": Stack::get().deployment(), "sub": trader.user.as_str(), "sid": "ses_1", "iat": 1, "exp": 9_999_999_999_u64}),
    );
    for alg in ["none", "HS256", "EdDSA"] {
        let forged = format!("{}.{body}.AAAA", part(json!({"typ": "JWT", "alg": alg, "kid": "0000000000000000"})));
        for path in ["/api/v1/halt", "/api/v1/users/me"] {
            assert_eq!(ask(Method::GET, path, Some(&forged), "").await.status, 401, "{alg} {path}");
        }
    }
}

#[tokio::test]
async fn session_goes_on_by_a_refresh_token_and_ends_once_that_is_used_again() {
    let ann = people::known(UserId::of(&["it", "refresh", &unique()]), Role::Trader).await;
    let credentials = json!({"email": ann.email, "password": GOOD});
    let entered = post("/v1/auth/login", None, &credentials).await;
    let (access, first) = (text(&entered, "token"), text(&entered, "refresh_token"));
    let refresh = async |token: &str| post("/v1/auth/refresh", None, &json!({"refresh_token": token})).await;
    let refreshed = refresh(&first).await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
    let second = text(&refreshed, "refresh_token");
    assert_eq!(get("/v1/halt", &text(&refreshed, "new_token")).await.status, 200, "another function lets her in");
    assert_eq!(text(&refresh(&first).await, "refresh_token"), second, "the answer may have been lost");
    nothing_keeps(&[&first, &second]).await;
    let again = refresh(&first).await;
    assert_eq!((again.status, text(&again, "code")), (401, "wrong_token".to_owned()));
    assert_eq!(refresh(&second).await.status, 401, "the session is over");
    for path in ["/v1/users/me", "/v1/halt"] {
        assert_eq!(get(path, &access).await.status, 401, "{path}");
    }
    let here = text(&post("/v1/auth/login", None, &credentials).await, "token");
    let inbox = get("/v1/notifications", &here).await.json();
    assert_eq!(inbox["items"][0]["topic"], "refresh_reused", "{inbox}");
}

/// What a browser says of a request by a page of this origin.
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn browser_is_in_by_its_cookie_at_every_function() {
    let ann = people::known(UserId::of(&["it", "cookie", &unique()]), Role::Trader).await;
    let credentials = json!({"email": ann.email, "password": GOOD});
    let ask = async |method: Method, path: &str, headers: &[(&str, &str)], body: String| {
        let request = client().request(method, format!("{}{path}", Stack::get().api)).body(body);
        response(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    };
    let entered = ask(Method::POST, "/api/v1/auth/login?session=cookie", &[OURS], credentials.to_string()).await;
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let told: Value = entered.json().await.unwrap();
    assert_eq!((&told["token"], &told["refresh_token"]), (&Value::Null, &Value::Null));
    let csrf = told["csrf_token"].as_str().unwrap();
    let headers = [("cookie", &*cookie), ("x-csrf-token", csrf), OURS, ("authorization", "Bearer x")];
    let (both, meant, alone) = (&headers[..], &headers[..3], &headers[..1]);
    for path in ["/api/v1/users/me", "/api/v1/halt"] {
        for (headers, status) in [(alone, 200), (both, 400)] {
            assert_eq!(ask(Method::GET, path, headers, String::new()).await.status(), status, "{path}");
        }
    }
    let halt = json!({"reason": "a storm"}).to_string();
    assert_eq!(ask(Method::POST, "/api/v1/halt", alone, halt).await.status(), 403);
    let over = ask(Method::POST, "/api/v1/auth/logout", meant, String::new()).await;
    assert_eq!(over.status(), 200);
    assert!(over.headers()["set-cookie"].to_str().unwrap().ends_with("Max-Age=0"));
    assert_eq!(ask(Method::GET, "/api/v1/halt", alone, String::new()).await.status(), 401);
}

/// No row of the identity table holds what lets anybody in.
async fn nothing_keeps(secrets: &[&str]) {
    let scan = json!({"TableName": Stack::get().name("IdentityTable"), "ConsistentRead": true});
    let rows = Caller::root().ask("dynamodb:Scan", &scan).await.to_string();
    assert!(rows.contains("$2b$12$"), "the table was really read");
    for secret in secrets {
        assert!(!rows.contains(secret), "the identity table holds a secret");
    }
}
