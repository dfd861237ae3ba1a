//! Who is let in, and what they may ask for at all.

use super::*;
use app::ports::{Secret, Visit};
use domain::identity::RouteClass;
use store::identity::Identity;

#[test]
fn without_a_known_token_nothing_is_told() {
    let api = api();
    let orders = |header: Option<&str>| {
        let headers: Vec<_> = header.map(|header| ("authorization", header)).into_iter().collect();
        let (status, _, text) = send(&api, AT, ("GET", "/api/v1/orders", ""), &headers);
        (status, serde_json::from_str::<Value>(&text).unwrap()["code"].clone())
    };
    for header in [None, Some("Bearer wrong"), Some("Bearer "), Some("Basic mq_token"), Some("mq_token")] {
        assert_eq!(orders(header), (401, json!("unauthorized")), "{header:?}");
    }
    assert_eq!(orders(Some("bearer mq_token")).0, 200);
}

#[test]
fn a_token_over_its_rate_is_told_when_to_come_again() {
    let api = api();
    // 12,001 ms before the next minute.
    let now = AT.plus(Millis::new(47_999));
    let visit = Visit { class: RouteClass::Api, now };
    done(&api.store, |world| async move {
        let hash = Secret::new(TOKEN.to_owned()).hash();
        for _ in 0..visit.class.requests_max() {
            Identity(&world).guard_session(&hash, visit).await.unwrap();
        }
    });
    let bearer = [("authorization", "Bearer mq_token")];
    let (status, headers, _) = send(&api, now, ("GET", "/api/v1/orders", ""), &bearer);
    assert_eq!((status, &headers["retry-after"]), (429, &"13".parse().unwrap()));
    let (status, ..) = send(&api, now.plus(Millis::new(12_001)), ("GET", "/api/v1/orders", ""), &bearer);
    assert_eq!(status, 200);
}

#[test]
fn a_token_that_may_only_look_changes_nothing() {
    let api = api();
    assert_eq!(ask(&api, "GET", "/api/v1/halt", "", LOOKING).0, 200);
    let halted = ask(&api, "POST", "/api/v1/halt", r#"{"reason": "x"}"#, LOOKING);
    assert_eq!(told(halted), refused(403, "missing_scope"));
    assert_eq!(get(&api, "/api/v1/halt").2["accounts"][0]["halted"]["reason"], "storm");
}

#[test]
fn unknown_routes_and_methods_are_problems() {
    let api = api();
    for (method, path, code) in [
        ("GET", "/api/v1/nothing", "not_found"),
        ("GET", "/orders", "not_found"),
        ("DELETE", "/api/v1/orders", "method_not_allowed"),
        ("GET", "/api/v1/resume", "method_not_allowed"),
    ] {
        let (_, headers, problem) = ask(&api, method, path, "", TOKEN);
        assert_eq!(problem["code"], code, "{method} {path}");
        assert_eq!(headers["content-type"], "application/problem+json");
    }
}

#[test]
fn a_parameter_that_a_route_does_not_take_is_refused_after_its_caller_is_let_in() {
    let api = api();
    for (method, path, token, expected) in [
        ("GET", "/api/v1/orders?limit=1&page=2", TOKEN, (422, "page")),
        ("GET", "/api/v1/doctor?page=2", TOKEN, (422, "page")),
        ("GET", "/api/v1/orders?limit=1&page=2", "", (401, "")),
        ("GET", "/api/v1/nothing?page=2", TOKEN, (404, "")),
        ("DELETE", "/api/v1/orders?page=2", TOKEN, (405, "")),
    ] {
        let (status, _, problem) = ask(&api, method, path, "", token);
        assert_eq!((status, problem["field"].as_str().unwrap_or_default()), expected, "{method} {path}");
    }
}

#[test]
fn the_whole_deployment_is_for_those_whose_scope_names_it() {
    let api = recovery::restored();
    let reason = r#"{"reason": "x"}"#;
    for (method, path, kept) in [
        ("GET", "recover", 200),
        ("POST", "recover", 202),
        ("POST", "recover/confirm", 403),
        ("POST", "system/halt", 202),
        ("POST", "system/resume", 403),
    ] {
        let path = format!("/api/v1/{path}");
        let not_theirs = ask(&api, method, &path, reason, TOKEN);
        assert_eq!(told(not_theirs), refused(403, "missing_scope"), "{method} {path}");
        assert_eq!(ask(&api, method, &path, reason, KEEPER).0, kept, "{method} {path}");
    }
}

#[test]
fn stop_of_the_whole_deployment_is_lifted_by_a_person() {
    let api = api();
    let person = api.store.log_in(&user(), &["trading:read", "trading:write", "system:operate"]);
    let reason = r#"{"reason": "x"}"#;
    let ask = |path: &str, token: &str| ask(&api, "POST", &format!("/api/v1/system/{path}"), reason, token).0;
    let halted = || get(&api, "/api/v1/halt").2["system_halted"].clone();
    assert_eq!((ask("halt", KEEPER), halted()), (202, json!(true)));
    assert_eq!((ask("resume", KEEPER), halted()), (403, json!(true)), "a program's key stops, and lifts nothing");
    for _ in 0..2 {
        assert_eq!((ask("resume", &person), halted()), (200, json!(false)));
    }
}
