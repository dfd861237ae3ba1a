//! Which plan somebody has, and what they use of it.

use super::rows::{ask_at, done, put_account, recorded, refused, tag, told, wrong};
use super::*;
use app::ports::{Guarded, Visit};
use domain::identity::RouteClass;
use serde_json::json;
use store::identity::Identity;

fn eve() -> UserId {
    UserId::of(&["eve"])
}

/// Where Eve was given a plan, and trades within it; nobody is given the old one any more.
fn planned() -> Api {
    let api = unplanned();
    let given = ask(&api, "POST", "/api/v1/user-plans", "admin", &first());
    assert_eq!(given.0, StatusCode::CREATED, "{}", given.2);
    api
}

/// The same before that.
fn unplanned() -> Api {
    let api = town(&[Role::Trader, Role::Admin]);
    known(&api, &person("eve", Role::Trader));
    put_account(&api, &eve(), 2);
    for plan in [
        json!({"name": "small", "limits": {"positions": 3, "requests_per_minute": 60}}),
        json!({"name": "large", "limits": {"positions": 30}}),
        json!({"name": "old", "is_active": false}),
    ] {
        assert_eq!(ask(&api, "POST", "/api/v1/plans", "admin", &plan).0, StatusCode::CREATED);
    }
    api
}

fn first() -> Value {
    json!({"user_id": eve().as_str(), "plan": "small"})
}

fn one() -> String {
    format!("/api/v1/user-plans/{}", eve())
}

#[test]
fn plans_are_given_by_admins_and_use_is_seen_by_whoever_uses() {
    let (one, other) = (one(), json!({"plan": "large"}));
    for (method, path, body, own, admins) in [
        ("GET", "/api/v1/user-plans", &Value::Null, 403, 200),
        ("POST", "/api/v1/user-plans", &first(), 403, 201),
        ("GET", &*one, &Value::Null, 403, 200),
        ("PUT", &*one, &other, 403, 200),
        ("PATCH", &*one, &other, 403, 200),
        ("DELETE", &*one, &Value::Null, 403, 204),
        ("GET", "/api/v1/usage", &Value::Null, 200, 200),
    ] {
        let api = if method == "POST" { unplanned() } else { planned() };
        let before = recorded(&api).len();
        for (word, status) in [("nobody", 401), ("trader", own), ("admin", admins)] {
            assert_eq!(recorded(&api).len(), before, "{method} {path}");
            let (told, _, said) = ask_at(&api, 4, (method, path), word, body);
            assert_eq!(told.as_u16(), status, "{word}: {method} {path} {said}");
        }
        assert_eq!(recorded(&api).len(), before + usize::from(method != "GET"), "{method} {path}");
    }
}

#[test]
fn a_plan_that_is_given_is_listed_and_limits_its_user() {
    let api = planned();
    let list = || ask(&api, "GET", "/api/v1/user-plans", "admin", &Value::Null).2["items"].clone();
    let shown = |plan: &str, version: u64| {
        let (_, headers, shown) = ask(&api, "GET", &one(), "admin", &Value::Null);
        assert_eq!((tag(&headers), &shown["plan"]), (Some(&*format!("\"{version}\"")), &json!(plan)));
    };
    shown("small", 4);
    assert_eq!(list().as_array().unwrap().len(), 1, "whoever has the default one is not listed");
    assert_eq!((&list()[0]["user_id"], &list()[0]["plan"]), (&json!(eve().as_str()), &json!("small")));
    let path = format!("/api/v1/usage?user_id={}", eve());
    let (_, _, used) = ask(&api, "GET", &path, "admin", &Value::Null);
    assert_eq!((&used["positions"], &used["limits"]["positions"]), (&json!(2), &json!(3)));
    assert_eq!((&used["requests_max"]["api"], &used["bots"]), (&json!(60), &json!(0)));
    assert_eq!((&used["requests_max"]["wallets"], &used["plan"]), (&json!(50), &json!("small")));
    assert_eq!(used["requests"], Value::Null, "what somebody else's sessions have asked is not hers");
    assert_eq!(told(ask(&api, "GET", &path, "trader", &Value::Null)), refused(404, "not_found"));
    let (_, headers, changed) = ask_at(&api, 4, ("PUT", &one()), "admin", &json!({"plan": "large"}));
    assert_eq!((tag(&headers), &changed["plan"]), (Some("\"5\""), &json!("large")));
    shown("large", 5);
    assert_eq!(ask_at(&api, 5, ("DELETE", &one()), "admin", &Value::Null).0, StatusCode::NO_CONTENT);
    shown("default", 6);
    assert_eq!(list(), json!([]));
}

#[test]
fn whoever_asks_sees_how_often_they_have_and_when_it_begins_anew() {
    let (api, trader) = (town(&[Role::Trader]), UserId::of(&["trader"]));
    // One log-in for all: another one would begin at nothing.
    let token = token(&api, "trader");
    let before = |class: RouteClass, times: u32| {
        let user = trader.clone();
        done(&api, move |world| async move {
            let login = Identity(&world).list_logins(&user, AT).await.unwrap().remove(0).id;
            let visit = Visit { class, now: AT.minus(Millis::new(1)) };
            for _ in 0..times {
                let guarded = Identity(&world).guard_login(&user, &login, visit).await.unwrap();
                assert!(matches!(guarded, Guarded::Admitted(_)));
            }
        });
    };
    before(RouteClass::Api, 3);
    before(RouteClass::Wallets, 9);
    before(RouteClass::Ai, 2);
    let usage = || ask(&api, "GET", "/api/v1/usage", &token, &Value::Null).2["requests"].clone();
    (0..6).for_each(|_| drop(usage()));
    let requests = usage();
    assert_eq!(requests.as_object().unwrap().len(), RouteClass::ALL.len(), "{requests}");
    assert_eq!(requests["api"], json!({"used": 7, "until": "2025-11-20T08:52:00Z"}));
    assert_eq!(requests["wallets"]["used"], 0, "a window that is over");
    assert_eq!(requests["ai"], json!({"used": 2, "until": "2025-11-20T09:00:00Z"}), "one of an hour");
}

#[test]
fn what_is_wrong_is_named() {
    let (api, id) = (planned(), eve().to_string());
    for (body, field) in [
        (json!({"plan": "small"}), "user_id"),
        (json!({"user_id": "eve", "plan": "small"}), "user_id"),
        (json!({"user_id": id}), "plan"),
        (json!({"user_id": id, "plan": "No plan"}), "plan"),
        (json!({"user_id": id, "plan": "small", "limits": {}}), "limits"),
    ] {
        assert_eq!(told(ask(&api, "POST", "/api/v1/user-plans", "admin", &body)), wrong(field), "{body}");
    }
    for path in ["user-plans/eve", "usage?user_id=eve"] {
        let told = told(ask(&api, "GET", &format!("/api/v1/{path}"), "admin", &Value::Null));
        assert_eq!(told, refused(404, "not_found"), "{path}");
    }
}

#[test]
fn each_refusal_of_a_plan_has_its_answer() {
    let api = planned();
    let (admin, trader) = (UserId::of(&["admin"]), UserId::of(&["trader"]));
    let put = |user: &UserId, plan: &str, version: u64| {
        let (path, body) = (format!("/api/v1/user-plans/{user}"), json!({"plan": plan}));
        told(ask_at(&api, version, ("PUT", &path), "admin", &body))
    };
    assert_eq!(put(&eve(), "nobodys", 4), wrong("plan"));
    assert_eq!(put(&eve(), "old", 4), refused(409, "plan_inactive"));
    assert_eq!(put(&eve(), "large", 3), refused(409, "version_conflict"));
    assert_eq!(put(&admin, "small", 3), refused(409, "oneself"));
    let second = told(ask(&api, "POST", "/api/v1/user-plans", "admin", &first()));
    assert_eq!(second, (400, "DUPLICATE_USER_PLAN".to_owned(), json!("user_id")));
    let none = format!("/api/v1/user-plans/{trader}");
    assert_eq!(told(ask_at(&api, 3, ("DELETE", &none), "admin", &Value::Null)), refused(404, "not_found"));
    let stranger = json!({"user_id": UserId::of(&["unknown"]).as_str(), "plan": "small"});
    assert_eq!(told(ask(&api, "POST", "/api/v1/user-plans", "admin", &stranger)), refused(404, "not_found"));
    let lesser = api.store.log_in(&UserId::of(&["lesser"]), &["users:write"]);
    let theirs = told(ask_at(&api, 4, ("PUT", &one()), &lesser, &json!({"plan": "large"})));
    assert_eq!(theirs, refused(403, "permission_not_yours"));
}
