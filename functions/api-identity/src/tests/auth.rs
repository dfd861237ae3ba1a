//! In, out and on; where somebody is logged in; and people, as an admin sees them.

use super::*;
use app::ports::{Bootstrap, Secret};
use lambda::edge::SourceIp;
use serde_json::json;

const NEW: &str = "N3wpass!";

/// From one address, by a program with a long name, of what stands at its third version.
fn asked(api: &Api, method: &str, path: &str, word: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    asked_at(AT, api, (method, path), word, body)
}

/// The same, later.
pub(super) fn asked_at(
    now: Timestamp,
    api: &Api,
    (method, path): (&str, &str),
    word: &str,
    body: &Value,
) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(path).extension(begun(now));
    request = request.extension(SourceIp(Some("192.0.2.1".to_owned()))).header("user-agent", "x".repeat(501));
    if method == "PATCH" || method == "PUT" {
        request = request.header("if-match", "\"3\"");
    }
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = sent(api, request, word, &body);
    assert_eq!(answer.1["cache-control"], "no-store", "{method} {path}");
    answer
}

/// Of whoever is known by this name.
pub(super) fn credentials(name: &str, password: &str) -> Value {
    json!({"email": format!("{name}@example.com"), "password": password})
}

pub(super) fn log_in(api: &Api, name: &str, password: &str, now: Timestamp) -> (StatusCode, HeaderMap, Value) {
    asked_at(now, api, ("POST", "/api/v1/auth/login"), "", &credentials(name, password))
}

/// The token of a log-in that is let in.
fn entered(api: &Api, name: &str, now: Timestamp) -> String {
    let (status, _, told) = log_in(api, name, GOOD, now);
    assert_eq!(status, StatusCode::OK, "{told}");
    told["token"].as_str().unwrap().to_owned()
}

/// What a token is answered when it asks for whom it is of.
pub(super) fn me(api: &Api, token: &str, now: Timestamp) -> (u16, Value) {
    let (status, _, told) = asked_at(now, api, ("GET", "/api/v1/users/me"), token, &Value::Null);
    (status.as_u16(), told)
}

fn registration() -> Value {
    json!({"email": "ann@example.com", "username": "ann", "password": GOOD, "role": "viewer"})
}

fn with_member(name: &str, value: Value) -> Value {
    let mut body = registration();
    body[name] = value;
    body
}

fn register(api: &Api, word: &str, body: &Value) -> (u16, Value) {
    let (status, _, told) = asked(api, "POST", "/api/auth/register", word, body);
    (status.as_u16(), told)
}

#[test]
fn whoever_logs_in_is_told_who_they_are_and_given_a_token() {
    let api = town(&[Role::Trader]);
    for path in ["/api/auth/login", "/api/v1/auth/login"] {
        let (status, _, told) = asked(&api, "POST", path, "", &credentials("trader", GOOD));
        assert_eq!((status, &told["user"]["role"]), (StatusCode::OK, &json!("trader")), "{path}");
        assert_eq!(
            told["user"]["permissions"],
            json!(["accounts:write", "orders:write", "trading:read", "trading:write"])
        );
        assert_eq!(told["expires_at"], "2025-11-21T08:51:00Z");
        let token = told["token"].as_str().unwrap();
        assert_eq!(me(&api, token, AT).1["email"], "trader@example.com", "{path}");
        let (_, _, list) = asked(&api, "GET", "/api/v1/sessions", token, &Value::Null);
        let agent = list["items"][0]["user_agent"].as_str().unwrap();
        assert_eq!(agent.chars().count(), 500, "a longer one is cut");
    }
}

/// But for the id under which the log has the request.
fn unnamed((status, mut headers, mut problem): (StatusCode, HeaderMap, Value)) -> (StatusCode, HeaderMap, Value) {
    let id = headers.remove("x-request-id").unwrap();
    assert_eq!(problem.as_object_mut().unwrap().remove("request_id").unwrap(), id.to_str().unwrap());
    (status, headers, problem)
}

#[test]
fn whatever_is_wrong_with_a_log_in_the_answer_is_the_same() {
    let api = town(&[Role::Trader]);
    known(&api, &User { active: false, ..person("viewer", Role::Viewer) });
    let wrong = unnamed(log_in(&api, "trader", "Wr0ng-one", AT));
    assert_eq!((wrong.0, &wrong.2["code"]), (StatusCode::UNAUTHORIZED, &json!("wrong_credentials")));
    for (name, password) in [("nobody", GOOD), ("viewer", GOOD)] {
        assert_eq!(unnamed(log_in(&api, name, password, AT)), wrong, "{name}");
    }
}

#[test]
fn whoever_has_guessed_too_often_waits_and_is_told_for_how_long() {
    let api = town(&[Role::Trader]);
    for _ in 0..domain::limits::GUESSES_FREE {
        assert_eq!(log_in(&api, "trader", "Wr0ng-one", AT).0, StatusCode::UNAUTHORIZED);
    }
    let (status, headers, problem) = log_in(&api, "trader", GOOD, AT.plus(Millis::new(999)));
    assert_eq!((status.as_u16(), &problem["code"]), (429, &json!("too_many_requests")), "with the good one as well");
    assert_eq!(headers["retry-after"], "30", "of 29.001 s");
    entered(&api, "trader", AT.plus(Millis::seconds(30)));
}

#[test]
fn whoever_has_no_token_is_counted_by_address_before_anything_is_looked_at() {
    let api =
        Api::new(World::calm_at(AT), Parts { auth_per_minute: 1.try_into().unwrap(), ..parts(Registration::Open) });
    known(&api, &person("trader", Role::Trader));
    let in_time = asked(&api, "POST", "/api/v1/auth/login", "", &json!({}));
    assert_eq!(in_time.0, StatusCode::UNPROCESSABLE_ENTITY);
    // Nine seconds before the next minute.
    let now = AT.plus(Millis::seconds(51));
    for path in ["login", "register", "reset-password"] {
        for under in ["/api/auth", "/api/v1/auth"] {
            let path = format!("{under}/{path}");
            let (status, headers, problem) = asked_at(now, &api, ("POST", &path), "", &json!({}));
            assert_eq!((status.as_u16(), &headers["retry-after"]), (429, &"9".parse().unwrap()), "{path}");
            assert_eq!(problem["rate_class"], "auth");
        }
    }
    assert_eq!(me(&api, "trader", now).0, 200, "whoever has one is counted by it");
    entered(&api, "trader", AT.plus(Millis::seconds(60)));
}

#[test]
fn a_field_that_breaks_its_rule_is_named_and_no_other_is_taken() {
    let api = fresh();
    for (name, value) in [
        ("email", json!("ann")),
        ("username", json!("a b")),
        ("password", json!("Short1")),
        ("password", json!("Password1")),
        ("password", json!(12_345_678)),
        ("role", json!("Root!")),
        ("is_admin", json!(true)),
        ("id", json!("usr_1")),
        ("email", Value::Null),
    ] {
        let (status, problem) = register(&api, "", &with_member(name, value));
        assert_eq!((status, &problem["field"]), (422, &json!(name)), "{problem}");
        assert!(!problem.to_string().contains("12345678"), "{problem}");
    }
    assert_eq!(api.store.table().audits().count(), 0, "nobody was made known");
}

#[test]
fn registering_is_for_those_whom_somebody_lets() {
    let closed = with(Registration::Closed);
    let (status, problem) = register(&closed, "", &registration());
    assert_eq!((status, &problem["code"]), (403, &json!("registration_closed")));
    let open = town(&[Role::Trader]);
    let (status, told) = register(&open, "", &registration());
    assert_eq!((status, &told["user"]["role"]), (201, &json!("viewer")), "{told}");
    assert_eq!(me(&open, told["token"].as_str().unwrap(), AT).1["email"], "ann@example.com");
    let (status, problem) = register(&open, "", &with_member("role", json!("trader")));
    assert_eq!((status, &problem["code"], &problem["field"]), (403, &json!("role_not_yours"), &json!("role")));
    assert_eq!(register(&open, "trader", &registration()).0, 403);
    assert_eq!(register(&open, "a.b.wrong", &registration()).0, 401, "not as good as none");
}

#[test]
fn whoever_an_admin_makes_known_is_not_in_and_no_two_are_alike() {
    let api = with(Registration::Closed);
    known(&api, &person("admin", Role::Admin));
    let (status, made) = register(&api, "admin", &with_member("role", json!("trader")));
    assert_eq!((status, &made["token"]), (201, &Value::Null), "it is nobody's but theirs");
    assert_eq!(made["user"]["role"], "trader");
    assert_eq!(me(&api, &entered(&api, "ann", AT), AT).1["id"], made["user"]["id"]);
    for (name, value, code) in
        [("username", "other", "DUPLICATE_EMAIL"), ("email", "other@example.com", "DUPLICATE_USERNAME")]
    {
        let (status, problem) = register(&api, "admin", &with_member(name, json!(value)));
        let field = if name == "email" { "username" } else { "email" };
        assert_eq!((status, &problem["code"], &problem["field"]), (400, &json!(code), &json!(field)));
    }
}

#[test]
fn by_the_code_of_the_deployment_its_admin_comes_in_once() {
    let api = with(Registration::Closed);
    let (code, user) = (Secret::new("mqs_first".to_owned()).hash(), UserId::of(&["owner"]));
    api.store.put_bootstrap(&Bootstrap { code, user: user.clone(), spent: false });
    let by_code = |code: &str| register(&api, "", &with_member("bootstrap_code", json!(code)));
    let refused = |(status, problem): (u16, Value)| {
        assert_eq!((status, &problem["code"]), (403, &json!("wrong_code")));
    };
    refused(by_code("mqs_guess"));
    refused(by_code("mqs_first"));
    // It is the key of a program as well, and good as long as that lets in.
    api.store.let_in("mqs_first", &user, &["trading:read"]);
    let (status, told) = by_code("mqs_first");
    assert_eq!((status, &told["user"]["role"]), (201, &json!("admin")), "{told}");
    assert_eq!(me(&api, told["token"].as_str().unwrap(), AT).1["id"], user.as_str());
    refused(by_code("mqs_first"));
}

#[test]
fn a_session_ends_and_goes_on_by_its_token_in_the_header_or_the_body() {
    let late = AT.plus(Millis::seconds(23 * 3_600 + 1_800));
    for in_header in [true, false] {
        let api = town(&[Role::Trader]);
        let token = entered(&api, "trader", AT);
        let ask = |now, path: &str, token: &str| {
            let in_body = json!({"token": token});
            let (word, body) = if in_header { (token, Value::Null) } else { ("", in_body) };
            let (status, _, told) = asked_at(now, &api, ("POST", path), word, &body);
            (status.as_u16(), told)
        };
        let (status, early) = ask(AT, "/api/auth/refresh", &token);
        assert_eq!((status, &early["code"]), (409, &json!("too_early")));
        let (status, told) = ask(late, "/api/auth/refresh", &token);
        assert_eq!((status, &told["expires_at"]), (200, &json!("2025-11-22T08:21:00Z")), "{told}");
        let (over, new) = (AT.plus(Millis::DAY), told["new_token"].as_str().unwrap());
        assert_eq!([me(&api, &token, over).0, me(&api, new, over).0], [401, 200]);
        assert_eq!(ask(over, "/api/auth/logout", new), (200, json!({"success": true})));
        assert_eq!(me(&api, new, over).0, 401);
    }
}

#[test]
fn what_is_no_session_neither_ends_nor_goes_on() {
    let api = town(&[Role::Trader]);
    for path in ["/api/auth/logout", "/api/auth/refresh"] {
        for (word, status) in [("", 401), ("a.b.x", 401), ("key:trader", 404)] {
            assert_eq!(asked(&api, "POST", path, word, &Value::Null).0.as_u16(), status, "{path} {word}");
        }
    }
}

#[test]
fn a_session_goes_on_for_thirty_days_and_no_longer() {
    let api = town(&[Role::Trader]);
    let (mut token, mut until) = (entered(&api, "trader", AT), AT.plus(Millis::DAY));
    let refused = loop {
        let now = until.minus(Millis::seconds(1_800));
        let (status, _, told) = asked_at(now, &api, ("POST", "/api/auth/refresh"), &token, &Value::Null);
        if status != StatusCode::OK {
            break (status.as_u16(), told["code"].clone());
        }
        until = wire::view::moment(told["expires_at"].as_str().unwrap()).unwrap();
        told["new_token"].as_str().unwrap().clone_into(&mut token);
    };
    assert_eq!((refused, until.since(AT)), ((409, json!("too_old")), Millis::seconds(30 * 86_400)));
}

#[test]
fn somebody_sees_where_they_are_logged_in_and_ends_it() {
    let api = town(&[Role::Trader, Role::Viewer]);
    let other = entered(&api, "trader", AT);
    let (now, mine) = (AT.plus(Millis::seconds(2)), entered(&api, "trader", AT.plus(Millis::seconds(1))));
    let list = |word: &str| asked_at(now, &api, ("GET", "/api/v1/sessions"), word, &Value::Null).2["items"].clone();
    let seen = list(&mine);
    assert_eq!((&seen[0]["current"], &seen[1]["current"]), (&json!(true), &json!(false)), "newest first");
    assert_eq!(seen[0]["ip_address"], "192.0.2.1");
    for (query, field) in [("limit=0", "limit"), ("cursor=forged", "cursor")] {
        let path = format!("/api/v1/sessions?{query}");
        let (status, _, problem) = asked(&api, "GET", &path, &mine, &Value::Null);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{query}");
    }
    let path = format!("/api/v1/sessions/{}", seen[1]["id"].as_str().unwrap());
    let ask = |method: &str, path: &str, word: &str| asked(&api, method, path, word, &Value::Null).0.as_u16();
    for (method, path) in [("GET", "/api/v1/sessions"), ("DELETE", &*path)] {
        assert_eq!(ask(method, path, "key:trader"), 404, "a program's key is not its person: {method}");
    }
    assert_eq!(ask("DELETE", &path, "viewer"), 404, "another's is not there");
    assert_eq!(me(&api, &other, now).0, 200);
    assert_eq!(ask("DELETE", &path, &mine), 204);
    assert_eq!((me(&api, &other, now).0, list(&mine).as_array().unwrap().len()), (401, 1));
    assert_eq!(ask("DELETE", "/api/v1/sessions/x", &mine), 404);
}

#[test]
fn people_are_an_admins_and_each_their_own() {
    let one = format!("/api/v1/users/{}", UserId::of(&["trader"]));
    let reset = format!("{one}/reset-password");
    let standing = json!({"role": "viewer", "is_active": false, "preferences": {"theme": "dark"}});
    let change = json!({"old_password": GOOD, "new_password": NEW});
    for (method, path, body, own, admins) in [
        ("GET", "/api/v1/users/me", &Value::Null, 200, 200),
        ("POST", "/api/v1/users/me/password", &change, 204, 204),
        ("GET", &*one, &Value::Null, 200, 200),
        ("GET", "/api/v1/users", &Value::Null, 403, 200),
        ("POST", "/api/v1/users", &registration(), 403, 201),
        ("PUT", &*one, &standing, 403, 200),
        ("PATCH", &*one, &standing, 403, 200),
        ("POST", &*reset, &Value::Null, 403, 201),
    ] {
        for (word, told) in [("", 401), ("trader", own), ("admin", admins)] {
            let (status, _, said) = asked(&town(&[Role::Trader, Role::Admin]), method, path, word, body);
            assert_eq!(status.as_u16(), told, "{method} {path} {word}: {said}");
        }
    }
    let (status, _, problem) = asked(&town(&[Role::Trader, Role::Viewer]), "GET", &one, "viewer", &Value::Null);
    assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("not_found")), "another is not there");
}

#[test]
fn people_are_told_with_their_version_and_nobody_is_seen_in_a_list() {
    let api = town(&[Role::Trader, Role::Admin]);
    let (_, headers, told) = asked(&api, "GET", "/api/v1/users/me", "trader", &Value::Null);
    assert_eq!((&headers["etag"], &told["email"]), (&"\"3\"".parse().unwrap(), &json!("trader@example.com")));
    assert!(told["last_seen"].is_string(), "{told}");
    for (query, found) in [
        ("", vec!["admin", "trader"]),
        ("?search=TRADER@", vec!["trader"]),
        ("?role=admin", vec!["admin"]),
        ("?role=viewer", vec![]),
        ("?is_active=true&search=example", vec!["admin", "trader"]),
        ("?is_active=false", vec![]),
    ] {
        let (_, _, list) = asked(&api, "GET", &format!("/api/v1/users{query}"), "admin", &Value::Null);
        let items = list["items"].as_array().unwrap();
        assert!(items.iter().all(|one| one["preferences"] == json!({}) && one["last_seen"].is_null()), "{list}");
        let mut names: Vec<_> = items.iter().map(|one| one["username"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, found, "{query}");
    }
    for (query, field) in [("role=Root!", "role"), ("is_active=1", "is_active"), ("search=a&search=b", "search")] {
        let (status, _, problem) = asked(&api, "GET", &format!("/api/v1/users?{query}"), "admin", &Value::Null);
        assert_eq!((status.as_u16(), &problem["field"]), (422, &json!(field)), "{query}");
    }
}

#[test]
fn an_admin_changes_how_others_stand_and_nobody_themselves() {
    let api = town(&[Role::Trader, Role::Admin]);
    let [one, oneself] = ["trader", "admin"].map(|name| format!("/api/v1/users/{}", UserId::of(&[name])));
    let theirs = token(&api, "trader");
    let standing = json!({"role": "viewer", "is_active": false, "preferences": {"theme": "dark"}});
    let (status, _, problem) = asked(&api, "PUT", &oneself, "admin", &standing);
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("oneself")));
    let (status, headers, told) = asked(&api, "PUT", &one, "admin", &standing);
    assert_eq!((status.as_u16(), &headers["etag"]), (200, &"\"4\"".parse().unwrap()), "{told}");
    assert_eq!((&told["role"], &told["is_active"]), (&json!("viewer"), &json!(false)));
    assert_eq!(told["preferences"], json!({"theme": "dark"}));
    assert_eq!(me(&api, &theirs, AT).0, 401, "their sessions end");
    let (status, _, problem) = asked(&api, "PATCH", &one, "admin", &json!({"role": "trader"}));
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("version_conflict")), "that is another version");
    let (status, _, problem) = asked(&api, "PATCH", "/api/v1/users/usr_nobody", "admin", &standing);
    assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("not_found")));
}

#[test]
fn whoever_knows_the_old_password_chooses_another_and_is_alone_in_then() {
    let api = town(&[Role::Trader]);
    let [mine, other] = [entered(&api, "trader", AT), entered(&api, "trader", AT)];
    let change = |word: &str, old: &str| {
        let body = json!({"old_password": old, "new_password": NEW});
        let (status, _, problem) = asked(&api, "POST", "/api/v1/users/me/password", word, &body);
        (status.as_u16(), problem["code"].clone())
    };
    assert_eq!(change("key:trader", GOOD), (404, json!("not_found")), "a program's key is not its person");
    assert_eq!(change(&mine, "Wr0ng-one"), (401, json!("wrong_credentials")));
    assert_eq!(change(&mine, GOOD).0, 204);
    assert_eq!([me(&api, &mine, AT).0, me(&api, &other, AT).0], [200, 401]);
    assert_eq!([GOOD, NEW].map(|password| log_in(&api, "trader", password, AT).0.as_u16()), [401, 200]);
}

#[test]
fn a_reset_that_an_admin_has_handed_out_is_good_once_and_the_last_one_alone() {
    let api = town(&[Role::Trader, Role::Admin]);
    let path = format!("/api/v1/users/{}/reset-password", UserId::of(&["trader"]));
    let hand = |now| {
        let (_, _, handed) = asked_at(now, &api, ("POST", &path), "admin", &Value::Null);
        handed["reset_token"].as_str().unwrap().to_owned()
    };
    let before = entered(&api, "trader", AT);
    let (handed, again) = (hand(AT), hand(AT.plus(Millis::seconds(1))));
    assert!(handed.len() > 40 && handed != again);
    assert_eq!(me(&api, &before, AT).0, 401, "their sessions end");
    let now = AT.plus(Millis::seconds(2));
    let choose = |token: &str| {
        let body = json!({"token": token, "new_password": NEW});
        let (status, _, told) = asked_at(now, &api, ("POST", "/api/auth/reset-password"), "", &body);
        (status.as_u16(), told["code"].clone())
    };
    for refused in ["mqr_guess", &handed] {
        assert_eq!(choose(refused), (401, json!("wrong_token")));
    }
    assert_eq!(log_in(&api, "trader", GOOD, now).0, StatusCode::UNAUTHORIZED, "it is good no more");
    assert_eq!(choose(&again), (200, Value::Null));
    assert_eq!(choose(&again), (401, json!("wrong_token")));
    assert_eq!(log_in(&api, "trader", NEW, now).0, StatusCode::OK);
}
