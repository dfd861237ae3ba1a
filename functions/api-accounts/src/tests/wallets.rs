use super::accounts::{ask_seen, told};
use super::*;
use domain::ids::WalletId;
use domain::wallet::Provider;
use serde_json::json;
use wire::wallet::Definition;

const WALLETS: &str = "/api/v1/wallets";
pub(super) const ADMIN: &str = "wallets:write";

/// Of what every deployment has.
pub(super) fn id_of(provider: &str) -> WalletId {
    provider.parse::<Provider>().unwrap().id()
}

pub(super) fn kraken() -> WalletId {
    id_of("kraken")
}

fn one() -> String {
    format!("{WALLETS}/{}", kraken())
}

#[test]
fn wallets_are_everybodys_to_look_at_and_an_admins_to_keep() {
    let gate = json!({"name": "Gate", "type": "CEX", "provider": "gate"}).to_string();
    let kraken = json!({"name": "Kraken", "type": "CEX", "provider": "kraken"}).to_string();
    for (method, path, body, looker, admin) in [
        ("GET", WALLETS, "", 200, 200),
        ("GET", &*one(), "", 200, 200),
        ("POST", WALLETS, &*gate, 403, 201),
        ("PUT", &*one(), &*kraken, 403, 200),
        ("PATCH", &*one(), r#"{"is_active": false}"#, 403, 200),
        ("DELETE", &*one(), "", 403, 204),
    ] {
        let api = fresh();
        for (scopes, told) in [("trading:read", looker), (ADMIN, admin), ("", 401)] {
            assert_eq!(ask(&api, method, path, scopes, body).0, told, "{method} {path} {scopes}");
        }
    }
    let (_, headers, shown) = ask(&fresh(), "GET", &one(), "trading:read", "");
    assert_eq!((&headers["etag"], &shown["type"]), (&"\"0\"".parse().unwrap(), &json!("CEX")), "it is built in");
    assert_eq!(shown["provider_config"]["api_base_url"], "https://api.kraken.com");
}

#[test]
fn those_that_are_not_active_are_listed_where_they_are_asked_for() {
    let api = fresh();
    let built_in = Definition::built_in().unwrap();
    let active = built_in.iter().filter(|definition| definition.is_active).count();
    let listed = |query: &str| {
        let list = ask(&api, "GET", &format!("{WALLETS}?limit=200{query}"), "trading:read", "").2;
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((listed(""), listed("&include_inactive=true")), (active, built_in.len()));
    let (status, headers, _) = ask(&api, "PATCH", &one(), ADMIN, r#"{"is_active": false}"#);
    assert_eq!((status, &headers["etag"]), (StatusCode::OK, &"\"1\"".parse().unwrap()));
    assert_eq!((listed(""), listed("&include_inactive=true")), (active - 1, built_in.len()));
    assert_eq!(ask(&api, "DELETE", &one(), ADMIN, "").0, StatusCode::NO_CONTENT);
    assert_eq!(listed("&include_inactive=true"), built_in.len() - 1, "what is built in is taken away as well");
    assert_eq!(ask(&api, "GET", &one(), ADMIN, "").0, StatusCode::NOT_FOUND);
    let wrong = ask(&api, "GET", &format!("{WALLETS}?include_inactive=yes"), "trading:read", "");
    assert_eq!((wrong.0.as_u16(), &wrong.2["field"]), (422, &json!("include_inactive")));
}

#[test]
fn what_a_definition_may_not_say_is_named() {
    let api = fresh();
    for (method, path, body, status, what) in [
        ("POST", WALLETS, json!({"name": "K", "type": "CEX", "provider": "kraken"}), 400, "DUPLICATE_WALLET"),
        ("POST", WALLETS, json!({"name": "K", "type": "CEX"}), 422, "provider"),
        ("POST", WALLETS, json!({"name": "K", "type": "CEX", "provider": "k2", "id": "wlt_1"}), 422, "id"),
        (
            "PATCH",
            &*one(),
            json!({"provider_config": {"api_base_url": "https://10.0.0.1"}}),
            422,
            "provider_config.api_base_url",
        ),
        ("PATCH", &*one(), json!({"fees": {"withdrawal_fee": {"BTC": 0.1}}}), 422, "fees.withdrawal_fee"),
        ("PUT", &*one(), json!({"name": "K", "type": "CEX", "provider": "k2"}), 422, "provider"),
        ("PATCH", "/api/v1/wallets/wlt_nobody", json!({"is_active": true}), 404, "not_found"),
        ("PATCH", "/api/v1/wallets/kraken", json!({"is_active": true}), 404, "not_found"),
    ] {
        let (told, _, problem) = ask(&api, method, path, ADMIN, body.to_string());
        let said = if status == 422 { &problem["field"] } else { &problem["code"] };
        assert_eq!((told.as_u16(), said), (status, &json!(what)), "{body}");
    }
    assert_eq!(ask(&api, "GET", &one(), ADMIN, "").2["version"], 0, "it is as it was");
}

#[test]
fn a_definition_is_changed_at_the_version_that_was_seen() {
    let api = fresh();
    let renamed = json!({"name": "One", "type": "CEX", "provider": "kraken"}).to_string();
    assert_eq!(ask_seen(&api, 0, ("PUT", &one()), ADMIN, &renamed).0, 200);
    for (method, body) in [("PUT", &*renamed), ("PATCH", r#"{"is_active": false}"#), ("DELETE", "")] {
        let conflict = ask_seen(&api, 0, (method, &one()), ADMIN, body);
        assert_eq!(conflict, (409, json!("version_conflict")), "{method}");
    }
    assert_eq!(ask(&api, "GET", &one(), ADMIN, "").2["name"], "One");
    let define = |number: usize| {
        let body = json!({"name": "N", "type": "CEX", "provider": format!("n{number}")}).to_string();
        told(ask(&api, "POST", WALLETS, ADMIN, body))
    };
    let room = domain::limits::WALLETS_MAX - Definition::built_in().unwrap().len();
    (0..room).for_each(|number| assert_eq!(define(number).0, 201, "{number}"));
    assert_eq!(define(room), (409, json!("too_many_wallets")));
}
