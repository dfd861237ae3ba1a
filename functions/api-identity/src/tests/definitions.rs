//! Roles, plans and permissions of a deployment's own.

use super::rows::{Told, ask_at, keeper, recorded, refused, said, tag, told, wrong};
use super::*;
use app::identity::IdentityError;
use domain::identity::{Defined, PermissionDefinition};
use domain::limits::{DEFINITIONS_MAX, OWN_SCOPES_PER_ROLE_MAX};
use serde_json::json;

const KINDS: [&str; 3] = ["roles", "permissions", "plans"];

fn admins() -> Api {
    town(&[Role::Manager, Role::Admin])
}

fn asked(api: &Api, method: &str, path: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
    ask(api, method, &format!("/api/v1/{path}"), "admin", body)
}

/// Where each kind has one of the deployment's own.
fn defined() -> Api {
    let api = admins();
    for kind in KINDS {
        let (status, _, made) = asked(&api, "POST", kind, &new(kind));
        assert_eq!(status, StatusCode::CREATED, "{made}");
    }
    api
}

fn new(kind: &str) -> Value {
    match kind {
        "roles" => json!({"name": "night-watch", "permissions": ["trading:read"], "rates": {"wallets": 20}}),
        "plans" => json!({"name": "small", "limits": {"positions": 3}, "price_monthly": "9.90", "currency": "EUR"}),
        _ => json!({"name": "reports:print", "description": "Print reports."}),
    }
}

/// What stands on record of the newest change, before it and after.
fn changed(api: &Api) -> (String, String) {
    let newest = api.store.table().audits().last().unwrap();
    (newest.before.unwrap_or_default(), newest.after.unwrap_or_default())
}

#[test]
fn they_are_kept_by_admins_and_nobody_else() {
    for kind in KINDS {
        let one = match kind {
            "roles" => "roles/night-watch",
            "plans" => "plans/small",
            _ => "permissions/reports:print",
        };
        let other = json!({"description": "Another."});
        for (method, path, body, admins_told) in [
            ("GET", kind, Value::Null, 200),
            ("POST", kind, new(kind), 201),
            ("GET", one, Value::Null, 200),
            ("PUT", one, other.clone(), 200),
            ("PATCH", one, other.clone(), 200),
            ("DELETE", one, Value::Null, 204),
        ] {
            let api = if method == "POST" { admins() } else { defined() };
            let before = recorded(&api);
            for (word, status) in [("nobody", 401), ("manager", 403), ("admin", admins_told)] {
                assert_eq!(recorded(&api), before, "{method} {path}");
                let answer = ask_at(&api, 1, (method, &format!("/api/v1/{path}")), word, &body);
                assert_eq!(answer.0.as_u16(), status, "{word}: {method} {path} {}", answer.2);
            }
            let is_change = method != "GET";
            assert_eq!(recorded(&api).len(), before.len() + usize::from(is_change), "{method} {path}");
            let shown = asked(&api, "GET", one, &Value::Null);
            assert_eq!(shown.0.as_u16(), if method == "DELETE" { 404 } else { 200 }, "{method} {path}");
            assert!(!method.starts_with('P') || method == "POST" || shown.2["description"] == "Another.", "{shown:?}");
        }
    }
}

#[test]
fn what_is_built_in_is_listed_with_what_it_is_for() {
    let api = admins();
    let list = |kind: &str| asked(&api, "GET", kind, &Value::Null).2["items"].clone();
    let permissions = list("permissions");
    assert_eq!(permissions.as_array().unwrap().len(), PermissionDefinition::built_in().len());
    assert_eq!((&permissions[0]["name"], &permissions[0]["built_in"]), (&json!("trading:read"), &json!(true)));
    assert!(permissions[0]["description"].as_str().unwrap().starts_with("Read your"));
    let roles = list("roles");
    assert_eq!((&roles[0]["name"], &roles[0]["holders"]), (&json!("viewer"), &Value::Null));
    let plan = &list("plans")[0];
    assert_eq!((&plan["name"], &plan["limits"]["positions"]), (&json!("default"), &Value::Null));
}

#[test]
fn they_are_listed_page_by_page_in_the_order_that_they_have() {
    let api = defined();
    for (kind, name, own) in [
        ("roles", "early-watch", json!({"permissions": []})),
        ("permissions", "reports:burn", json!({})),
        ("plans", "large", json!({})),
    ] {
        let mut own = own;
        own["name"] = json!(name);
        assert_eq!(asked(&api, "POST", kind, &own).0, StatusCode::CREATED);
        let list = |query: &str| asked(&api, "GET", &format!("{kind}{query}"), &Value::Null);
        let whole = list("").2["items"].as_array().unwrap().clone();
        let names: Vec<_> = whole.iter().rev().take(3).rev().map(|of| (&of["name"], &of["built_in"])).collect();
        let (own, newest) = ((&json!(name), &json!(false)), (&new(kind)["name"], &json!(false)));
        assert_eq!((names[0].1, &names[1..]), (&json!(true), &[own, newest][..]), "those of one's own, by their names");
        let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
        for _ in 0..whole.len() {
            let (_, _, page) = list(&query);
            seen.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            query = format!("?limit=2&cursor={next}");
        }
        assert_eq!(seen, whole, "{kind}");
        for (query, field) in [("?limit=0", "limit"), ("?cursor=forged", "cursor")] {
            assert_eq!(told(list(query)), wrong(field), "{kind}{query}");
        }
    }
}

#[test]
fn what_is_sent_is_kept_as_it_was_meant() {
    let api = admins();
    let put = |path: &str, body: Value| ask_at(&api, 1, ("PUT", &format!("/api/v1/{path}")), "admin", &body);
    let (_, headers, made) = asked(&api, "POST", "roles", &new("roles"));
    assert_eq!((tag(&headers), &made["rates"]["wallets"], &made["holders"]), (Some("\"1\""), &json!(20), &json!(0)));
    assert_eq!(changed(&api).1, "trading:read, wallets 20");
    let (_, headers, shown) = put("roles/night-watch", json!({"permissions": [], "rates": {}}));
    assert_eq!((tag(&headers), changed(&api)), (Some("\"2\""), ("trading:read, wallets 20".to_owned(), String::new())));
    assert_eq!(asked(&api, "GET", "roles/night-watch", &Value::Null).2, shown);
    let (_, _, made) = asked(&api, "POST", "plans", &new("plans"));
    assert_eq!((&made["price_monthly"], &made["is_active"]), (&json!("9.9"), &json!(true)));
    assert_eq!(changed(&api).1, "3 positions");
    let (_, _, shown) = put("plans/small", json!({"is_active": false, "price_yearly": "90"}));
    assert_eq!(changed(&api).1, "3 positions, not given any more");
    assert_eq!((&shown["price_monthly"], &shown["price_yearly"]), (&json!("9.9"), &json!("90")), "the rest stays");
    assert_eq!(asked(&api, "GET", "plans/small", &Value::Null).2, shown);
}

#[test]
fn a_field_that_breaks_its_rule_is_named() {
    let with = |kind: &str, name: &str, value: Value| {
        let mut body = new(kind);
        body[name] = value;
        body
    };
    let api = admins();
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
        ("plans", "limits", json!([3, 3, 3, 3]), "limits"),
        ("plans", "limits", json!({"positions": -1}), "limits.positions"),
        ("plans", "limits", json!({"requests_per_minute": 0}), "limits.requests_per_minute"),
        ("plans", "limits", json!({"bots": 1.5}), "limits.bots"),
        ("plans", "limits", json!({"flows": 1}), "limits.flows"),
        ("plans", "price_monthly", json!("-1"), "price_monthly"),
        ("plans", "price_yearly", json!(9.9), "price_yearly"),
        ("plans", "currency", json!("€"), "currency"),
        ("plans", "is_active", json!("yes"), "is_active"),
        ("plans", "settings", json!("dark"), "settings"),
        ("plans", "settings", json!(["Europe/Berlin", "EUR", "dark", null, "off"]), "settings"),
        ("plans", "settings", json!({"theme": "pink"}), "settings.theme"),
        ("plans", "settings", json!({"time_zone": 1}), "settings.time_zone"),
        ("plans", "settings", json!({"entry_preset": "default"}), "settings.entry_preset"),
    ] {
        assert_eq!(told(asked(&api, "POST", kind, &with(kind, name, value))), wrong(field), "{kind} {name}");
    }
    assert!(recorded(&api).is_empty());
}

#[test]
fn each_refusal_has_its_answer() {
    let api = defined();
    let put = |path: &str, word: &str| ask_at(&api, 7, ("PUT", &format!("/api/v1/{path}")), word, &json!({}));
    for (kind, code) in
        [("roles", "DUPLICATE_ROLE"), ("permissions", "DUPLICATE_PERMISSION"), ("plans", "DUPLICATE_PLAN")]
    {
        let expected: Told = (400, code.to_owned(), json!("name"));
        assert_eq!(told(asked(&api, "POST", kind, &new(kind))), expected);
    }
    assert_eq!(told(put("roles/viewer", "admin")), refused(409, "built_in"));
    assert_eq!(told(asked(&api, "DELETE", "plans/default", &Value::Null)), refused(409, "built_in"));
    assert_eq!(told(put("roles/night-watch", "admin")), refused(409, "version_conflict"));
    let keeper = keeper(&api);
    assert_eq!(told(put("roles/keepers", &keeper)), refused(409, "oneself"));
    for path in ["roles/nobodys", "roles/No%20name", "permissions/trading", "plans/none"] {
        assert_eq!(told(asked(&api, "GET", path, &Value::Null)), refused(404, "not_found"), "{path}");
    }
    // More sessions than one request changes.
    assert_eq!(said(IdentityError::Unfinished), refused(503, "unfinished"));
}

#[test]
fn one_that_somebody_has_is_not_removed() {
    let api = defined();
    for name in ["ann", "bea", "eve"] {
        let email = format!("{name}@example.com");
        let body = json!({"email": email, "username": name, "password": "An0ther!", "role": "night-watch"});
        assert_eq!(asked(&api, "POST", "users", &body).0, StatusCode::CREATED);
    }
    let (status, _, problem) = asked(&api, "DELETE", "roles/night-watch", &Value::Null);
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("in_use")));
    assert_eq!(problem["holders"], 3);
}

#[test]
fn nobody_hands_out_what_they_do_not_have_or_is_not_there() {
    let api = defined();
    let lesser = api.store.log_in(&UserId::of(&["lesser"]), &["users:write", "trading:read"]);
    let role = |name: &str, permissions: Value| json!({"name": name, "permissions": permissions});
    let make = |word: &str, role: &Value| ask(&api, "POST", "/api/v1/roles", word, role);
    let (status, _, problem) = make(&lesser, &role("traders", json!(["trading:read", "trading:write"])));
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("permission_not_yours")));
    assert_eq!(problem["permission"], "trading:write");
    let mut faster = role("faster", json!(["trading:read"]));
    faster["rates"] = json!({"api": 601});
    assert_eq!(told(make(&lesser, &faster)), wrong("rates.api"));
    assert_eq!(make("admin", &faster).0, StatusCode::CREATED, "who may everything");
    assert_eq!(told(make("admin", &role("burners", json!(["reports:burn"])))), wrong("permissions"));
    assert_eq!(make(&lesser, &role("printers", json!(["reports:print"]))).0, StatusCode::CREATED, "it opens nothing");
    let many: Vec<_> = (0..=OWN_SCOPES_PER_ROLE_MAX).map(|number| format!("reports:print-{number}")).collect();
    assert_eq!(told(make("admin", &role("many", json!(many)))), wrong("permissions"));
}

#[test]
fn a_deployment_has_so_many_of_a_kind() {
    let api = admins();
    let token = token(&api, "admin");
    let make = |number: usize| {
        let role = json!({"name": format!("role-{number}"), "permissions": []});
        ask(&api, "POST", "/api/v1/roles", &token, &role)
    };
    for number in 0..DEFINITIONS_MAX {
        assert_eq!(make(number).0, StatusCode::CREATED, "{number}");
    }
    assert_eq!(told(make(DEFINITIONS_MAX)), refused(409, "too_many_roles"));
}
