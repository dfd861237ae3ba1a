use super::accounts::{ask_seen, eves, kept_at, put, told, with};
use super::*;
use app::ports::{KeptAccount, KeptRoute};
use domain::chain::HeldAddress;
use domain::ids::AccountId;
use domain::limits::ROUTES_PER_USER_MAX;
use domain::route::{Route, RouteRef};
use domain::vault::{AccountState, Mode};
use serde_json::json;

const PATH: &str = "/api/v1/routes";
const WRITES: &str = "trading:read+trading:write";

fn both() -> [KeptAccount; 2] {
    ["a", "b"].map(|label| kept_at("PAPER", label))
}

fn ids() -> [AccountId; 2] {
    both().map(|kept| kept.account.id)
}

fn accounts() -> [String; 2] {
    ids().map(|id| id.to_string())
}

fn kept(name: &str) -> KeptRoute {
    KeptRoute {
        user: ann(),
        at: RouteRef { name: name.parse().unwrap(), version: 3 },
        route: Route::new(ids().to_vec(), "0.5".parse().unwrap(), false).unwrap(),
        created_at: AT,
        updated_at: AT,
        updated_by: ann(),
        deleted: false,
    }
}

/// Ann keeps `best` at version 3, between her two accounts.
pub(super) fn anns() -> Api {
    let api = with(&both());
    api.store.put_route(&kept("best"));
    api
}

fn send(api: &Api, method: &str, path: &str, body: &Value) -> (u16, HeaderMap, Value) {
    let (status, headers, answer) = ask(api, method, path, WRITES, body.to_string());
    (status.as_u16(), headers, answer)
}

#[test]
fn a_route_is_shown_with_its_version() {
    let api = anns();
    let (status, headers, route) = send(&api, "GET", &format!("{PATH}/best"), &Value::Null);
    assert_eq!((status, headers["etag"].to_str().unwrap()), (200, "\"3\""));
    assert_eq!(
        (&route["accounts"], &route["slippage_max_percent"], &route["split"]),
        (&json!(accounts()), &json!("0.5"), &json!(false))
    );
    assert_eq!(send(&api, "GET", PATH, &Value::Null).2["items"], json!([route]));
    assert_eq!(send(&api, "GET", &format!("{PATH}/none"), &Value::Null).0, 404);
    assert_eq!(send(&api, "GET", &format!("{PATH}/No%20name"), &Value::Null).0, 404);
}

#[test]
fn a_route_is_kept_as_it_was_asked_for() {
    let (api, best) = (anns(), format!("{PATH}/best"));
    let body = json!({"name": "fast", "accounts": accounts(), "slippage_max_percent": "0.2", "split": true});
    let (status, headers, route) = send(&api, "POST", PATH, &body);
    assert_eq!((status, headers["etag"].to_str().unwrap()), (201, "\"1\""), "{route}");
    assert_eq!(
        (&route["name"], &route["slippage_max_percent"], &route["split"]),
        (&json!("fast"), &json!("0.2"), &json!(true))
    );
    assert_eq!(send(&api, "GET", &format!("{PATH}/fast"), &Value::Null).2, route);
    let (status, _, same) = send(&api, "PUT", &best, &json!({"accounts": accounts()}));
    assert_eq!((status, &same["version"]), (200, &json!(3)), "it says the same: {same}");
    let tighter = json!({"accounts": accounts(), "slippage_max_percent": "0.1"});
    let (status, _, route) = send(&api, "PUT", &best, &tighter);
    assert_eq!((status, &route["version"], &route["split"]), (200, &json!(4), &json!(false)), "{route}");
    assert_eq!(send(&api, "PUT", &format!("{PATH}/new"), &json!({"accounts": accounts()})).0, 201);
    assert_eq!(send(&api, "DELETE", &best, &Value::Null).0, 204);
    assert_eq!(send(&api, "GET", &best, &Value::Null).0, 404);
    assert_eq!(send(&api, "DELETE", &format!("{PATH}/none"), &Value::Null).0, 404);
}

#[test]
fn what_is_no_route_names_its_field() {
    let api = anns();
    let new = |accounts: Value| json!({"name": "fast", "accounts": accounts});
    let [one, other] = accounts();
    let foreign = eves().account.id.to_string();
    for (body, field) in [
        (json!({"accounts": accounts()}), "name"),
        (json!({"name": "No name", "accounts": accounts()}), "name"),
        (json!({"name": "fast"}), "accounts"),
        (new(json!([one])), "accounts"),
        (new(json!(["wlt_1", other])), "accounts"),
        (json!({"name": "fast", "accounts": accounts(), "slippage_max_percent": "6"}), "slippage_max_percent"),
        (json!({"name": "fast", "accounts": accounts(), "split": "yes"}), "split"),
        (json!({"name": "fast", "accounts": accounts(), "splits": true}), "splits"),
        (new(json!([one, foreign])), "accounts"),
    ] {
        let (status, _, problem) = send(&api, "POST", PATH, &body);
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{body}: {problem}");
    }
    let twice = ask(&api, "POST", PATH, WRITES, json!({"name": "best", "accounts": accounts()}).to_string());
    assert_eq!(told(twice), (400, json!("DUPLICATE_ROUTE")));
    (1..ROUTES_PER_USER_MAX).for_each(|number| api.store.put_route(&kept(&format!("n{number}"))));
    let many = ask(&api, "POST", PATH, WRITES, new(json!(accounts())).to_string());
    assert_eq!(told(many), (409, json!("too_many_routes")));
}

#[test]
fn a_route_is_between_accounts_that_trade_in_one_mode() {
    let api = anns();
    let held = HeldAddress {
        address: "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap(),
        proven_at: Some(AT),
        challenge: None,
        fault: None,
    };
    let kraken = kept_at("KRAKEN", "main");
    let address = AccountState { address: Some(held), ..kraken.state.clone() };
    let testnet = AccountState { mode: Some(Mode::Testnet), ..kraken.state.clone() };
    let one_mode = "must all be in one mode";
    for (state, why) in [(address, "can trade"), (testnet, one_mode), (kraken.state.clone(), one_mode)] {
        put(&api.store, &KeptAccount { state, ..kraken.clone() });
        let accounts = json!([ids()[0].as_str(), kraken.account.id.as_str()]);
        let (status, _, problem) = send(&api, "PUT", &format!("{PATH}/best"), &json!({"accounts": accounts}));
        assert_eq!((status, &problem["field"]), (422, &json!("accounts")), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{problem}");
    }
}

#[test]
fn a_route_is_changed_at_the_version_that_was_seen() {
    let (api, best) = (anns(), format!("{PATH}/best"));
    let body = json!({"accounts": accounts(), "split": true}).to_string();
    for (method, body) in [("PUT", &*body), ("DELETE", "")] {
        assert_eq!(ask_seen(&api, 2, (method, &best), WRITES, body), (409, json!("version_conflict")), "{method}");
    }
    assert_eq!(ask_seen(&api, 3, ("PUT", &best), WRITES, &body).0, 200);
    assert_eq!(ask_seen(&api, 4, ("DELETE", &best), WRITES, "").0, 204);
}

#[test]
fn whoever_may_only_look_keeps_none_and_nobody_keeps_anothers() {
    let api = anns();
    api.store.put_route(&KeptRoute { user: eve(), ..kept("eves") });
    let body = json!({"name": "fast", "accounts": accounts()}).to_string();
    let (status, ..) = ask(&api, "POST", PATH, "trading:read", body.clone());
    assert_eq!(status, StatusCode::FORBIDDEN);
    let eves = format!("{PATH}?user_id={}", eve());
    let all = "trading:read+trading:write+trading:read-all";
    let (status, _, problem) = ask(&api, "POST", &eves, all, body);
    assert_eq!((status.as_u16(), &problem["field"]), (422, &json!("user_id")));
    let (status, _, list) = ask(&api, "GET", &eves, all, "");
    assert_eq!((status, &list["items"][0]["name"]), (StatusCode::OK, &json!("eves")));
    assert_eq!(ask(&api, "GET", &eves, WRITES, "").0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&api, "GET", &format!("{PATH}/eves"), all, "").0, StatusCode::NOT_FOUND);
}
