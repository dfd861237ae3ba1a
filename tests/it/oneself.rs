//! What people change of themselves, all that is kept of them, and how they are forgotten, by the deployed routes.

use crate::support::http::{Answer, answered, ask, client};
use crate::support::people::{GOOD, Someone, admin, somebody};
use crate::support::unique::unique;
use crate::support::{Caller, Stack, together};
use domain::identity::Network;
use domain::ids::Sha;
use reqwest::Method;
use serde_json::{Value, json};
use std::net::IpAddr;

async fn send(method: Method, path: &str, who: &Someone, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1/{path}"), Some(&who.token), body).await
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

async fn log_in(email: &str) -> u16 {
    let body = json!({"email": email, "password": GOOD});
    ask(Method::POST, "/api/auth/login", None, body.to_string()).await.status
}

#[tokio::test]
async fn one_changes_what_one_tells_of_oneself() {
    let admin = admin().await;
    let (ann, bob) = (somebody(&admin, "viewer").await, somebody(&admin, "viewer").await);
    let me = async |body: Value| send(Method::PATCH, "users/me", &ann, body).await;
    let changed = me(json!({"name": "Ann Lee", "preferences": {"theme": "dark", "rows": 50}})).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let shown = send(Method::GET, "users/me", &ann, Value::Null).await.json();
    assert_eq!((&shown["name"], &shown["preferences"]["rows"]), (&json!("Ann Lee"), &json!(50)));
    assert!(shown["last_seen"].as_str() >= shown["last_login"].as_str(), "{shown}");
    let by_admin = send(Method::GET, &format!("users/{}", ann.id), &admin, Value::Null).await.json();
    assert_eq!(by_admin["name"], "Ann Lee");

    let (taken, new) = (bob.email.clone(), format!("new{}@example.com", unique()));
    for (body, status, what) in [
        (json!({"email": taken, "password": GOOD}), 400, "DUPLICATE_EMAIL"),
        (json!({"email": new, "password": "Wrong-pass-1"}), 401, "wrong_credentials"),
        (json!({"email": new}), 422, "password"),
        (json!({"name": "x".repeat(101)}), 422, "name"),
        (json!({"username": "a"}), 422, "username"),
        (json!({"preferences": []}), 422, "preferences"),
        (json!({"role": "admin"}), 422, "role"),
    ] {
        let refused = me(body.clone()).await;
        let said = refused.json()[if status == 422 { "field" } else { "code" }].clone();
        assert_eq!((refused.status, said), (status, json!(what)), "{body}");
    }
    assert_eq!(me(json!({"email": new, "password": GOOD})).await.status, 200);
    assert_eq!((log_in(&ann.email).await, log_in(&new).await), (401, 200));
}

#[tokio::test]
async fn settings_are_those_of_the_user_over_what_is_built_in() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let settings = async |method: Method, body: Value| send(method, "user-settings", &ann, body).await;
    let wanted = json!({"time_zone": "Asia/Kathmandu", "quiet_hours": "23:30-06:15", "theme": "dark"});
    let changed = settings(Method::PUT, wanted).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let changed = settings(Method::PATCH, json!({"theme": null, "entry_preset": "default"})).await.json();
    assert_eq!(changed, settings(Method::GET, Value::Null).await.json());
    assert_eq!([&changed["time_zone"], &changed["theme"]], ["Asia/Kathmandu", "system"]);
    assert_eq!([&changed["from"]["entry_preset"], &changed["from"]["theme"]], ["user", "built_in"]);
    let me = send(Method::GET, "users/me", &ann, Value::Null).await.json();
    assert_eq!(me["settings"], changed);
    let kept = send(Method::GET, "users/me/export", &ann, Value::Null).await.json();
    assert_eq!(kept["profile"]["settings"], changed);
    for (body, field) in [
        (json!({"time_zone": "Asia/Atlantis"}), "time_zone"),
        (json!({"entry_preset": "unknown"}), "entry_preset"),
        (json!({"sound": "on"}), "sound"),
    ] {
        let refused = settings(Method::PATCH, body.clone()).await;
        assert_eq!((refused.status, &refused.json()["field"]), (422, &json!(field)), "{body}");
    }
    assert!(rows_of(&ann).await.contains("Asia/Kathmandu"), "the check can fail");
    let path = format!("users/{}/erase", ann.id);
    assert_eq!(send(Method::POST, &path, &ann, json!({"password": GOOD})).await.status, 204);
    assert!(!rows_of(&ann).await.contains("Asia/Kathmandu"));
}

#[tokio::test]
async fn of_two_changes_of_one_version_one_is_told_that_it_was_late() {
    let admin = admin().await;
    let ann = somebody(&admin, "viewer").await;
    let version = send(Method::GET, "users/me", &ann, Value::Null).await.json()["version"].as_u64().unwrap();
    let change = |number: usize| {
        let request = client().patch(format!("{}/api/v1/users/me", Stack::get().api)).bearer_auth(&ann.token);
        let body = json!({"name": format!("Ann {number}")}).to_string();
        answered(request.header("If-Match", format!("\"{version}\"")).body(body))
    };
    let mut statuses: Vec<_> = together((0..2).map(change)).await.iter().map(|told| told.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn all_that_is_kept_of_somebody_is_told_to_them_without_secrets() {
    let admin = admin().await;
    let ann = somebody(&admin, "trader").await;
    let token = send(Method::POST, "webhook-tokens", &ann, json!({"label": "chart"})).await.json();
    let wallet =
        json!({"exchange": "PAPER", "mode": "paper", "api_key": "paper:read,trade", "api_secret": "s3cret-of-ann"});
    assert_eq!(send(Method::POST, "user-wallets", &ann, wallet).await.status, 201);
    let preset = json!({"base_order": {"quote": "50"}});
    assert_eq!(send(Method::PUT, "presets/mine", &ann, preset).await.status, 201);
    let kept = send(Method::GET, "users/me/export", &ann, Value::Null).await;
    assert_eq!(kept.status, 200, "{kept:?}");
    for secret in [token["secret"].as_str().unwrap(), "s3cret-of-ann", "$2b$", "wrapped_key", ann.token.as_str()] {
        assert!(!kept.text.contains(secret), "{secret}");
    }
    let kept = kept.json();
    assert_eq!(kept["profile"]["email"], ann.email);
    assert_eq!(
        (&kept["webhook_tokens"][0]["label"], &kept["accounts"][0]["label"]),
        (&json!("chart"), &json!("default"))
    );
    assert_eq!(kept["balances"][0]["balances"]["USDT"], "10000");
    assert_eq!((&kept["presets"][0]["name"], &kept["presets"][1]), (&json!("mine"), &Value::Null));
    assert_eq!(kept["notifications"][0]["topic"], "access_made", "of the token");
    for nothing in ["bots", "bot_runs", "series", "backfills", "backtests"] {
        assert_eq!(kept[nothing], json!([]), "{nothing}: they are looked for");
    }
    assert_eq!((&kept["sessions"][0]["current"], &kept["second_factor"]["enabled"]), (&json!(true), &json!(false)));
    let actions: Vec<_> = kept["changes"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    for action in ["log in", "create webhook token", "connect account"] {
        assert!(actions.contains(&json!(action)), "{action}: {actions:?}");
    }
}

#[tokio::test]
async fn who_is_erased_stands_in_no_row_and_the_chain_holds() {
    let admin = admin().await;
    let (ann, eve) = (somebody(&admin, "trader").await, somebody(&admin, "viewer").await);
    let token = send(Method::POST, "webhook-tokens", &ann, json!({"label": "chart"})).await;
    assert_eq!(token.status, 201, "{token:?}");
    assert_eq!(
        send(Method::POST, "user-wallets", &ann, json!({"exchange": "PAPER", "mode": "paper"})).await.status,
        201
    );
    assert_eq!(send(Method::PATCH, "users/me", &ann, json!({"name": "Ann of the hills"})).await.status, 200);
    let address = came_from_somewhere_new(&ann).await;
    let alert = json!({"tv": {"exchange": "PAPER", "symbol": "BTC/USDT"}, "execution_intent": {"type": "exit"}});
    let webhook = token.json()["webhook_path"].as_str().unwrap().to_owned();
    assert_eq!(ask(Method::POST, &webhook, None, alert.to_string()).await.status, 202);
    let path = format!("users/{}/erase", ann.id);
    assert_eq!(told(&send(Method::POST, &path, &eve, json!({"password": GOOD})).await), (404, json!("not_found")));
    for (body, status) in [(json!({}), 401), (json!({"password": "Wrong-pass-1"}), 401), (json!({"password": 7}), 422)]
    {
        assert_eq!(send(Method::POST, &path, &ann, body.clone()).await.status, status, "{body}");
    }
    let before = rows_of(&ann).await;
    let inbox = format!("NTF#{}", ann.id);
    for said in [&*ann.email, "Ann of the hills", "\"address\"", "user_agent", &address, &inbox, "A log-in from"] {
        assert!(before.contains(said), "the check can fail: {said}");
    }
    assert!(alerts_of(&ann).await.contains(&address), "of an alert the sender's is kept");
    let gone = send(Method::POST, &path, &ann, json!({"password": GOOD})).await;
    assert_eq!(gone.status, 204, "{gone:?}");
    let after = rows_of(&ann).await;
    let secret = ["\"address\"", "user_agent", "cipher_text"];
    for said in [&[&*ann.email, "Ann of the hills", &address, &inbox][..], &secret].concat() {
        assert!(!after.contains(said), "{said}: {after}");
    }
    let verified =
        send(Method::GET, &format!("logs/audit/verify?user_id={}", ann.id), &admin, Value::Null).await.json();
    assert_eq!(verified["whole"], true, "{verified}");
    assert!(verified["rows"].as_u64().unwrap() > 3, "{verified}");
    assert_eq!((send(Method::GET, "users/me", &ann, Value::Null).await.status, log_in(&ann.email).await), (401, 401));

    // An admin does it as well, of somebody who was removed, and again.
    assert_eq!(send(Method::DELETE, &format!("users/{}", eve.id), &admin, Value::Null).await.status, 204);
    for _ in 0..2 {
        let path = format!("users/{}/erase", eve.id);
        assert_eq!(send(Method::POST, &path, &admin, json!({})).await.status, 204);
    }
    assert!(!rows_of(&eve).await.contains(&eve.email));
}

/// Another log-in of somebody who was never seen where they are; the address that they have there.
async fn came_from_somewhere_new(who: &Someone) -> String {
    let sessions = send(Method::GET, "sessions", who, Value::Null).await.json();
    let address = sessions["items"][0]["ip_address"].as_str().unwrap().to_owned();
    let network: IpAddr = address.parse().unwrap();
    let origin = Network::around(network).to_string();
    let origin = Sha::of_parts(&["origin", &who.id, &origin]);
    let key = json!({"pk": {"S": format!("NTF#{}", who.id)}, "sk": {"S": format!("A#{}", origin.as_str())}});
    let row = json!({"TableName": Stack::get().name("TradingTable"), "Key": key});
    Caller::root().ask("dynamodb:DeleteItem", &row).await;
    assert_eq!(log_in(&who.email).await, 200);
    let told = send(Method::GET, "notifications", who, Value::Null).await;
    assert!(told.text.contains("A log-in from the network") && !told.text.contains(&address), "{told:?}");
    address
}

/// What the tables say that is about somebody, or has their address; but what others did to them, and what came by their
/// webhook, of which the sender's address is kept.
async fn rows_of(who: &Someone) -> String {
    found(|item| is_about(item, who) && !is_alert(item)).await
}

async fn alerts_of(who: &Someone) -> String {
    found(|item| is_about(item, who) && is_alert(item)).await
}

fn is_alert(item: &Value) -> bool {
    !item["source_ip"].is_null()
}

async fn found(is_meant: impl Fn(&Value) -> bool) -> String {
    let mut rows = String::new();
    for table in ["IdentityTable", "TradingTable", "VaultTable"] {
        let mut start = Value::Null;
        loop {
            let mut scan = json!({"TableName": Stack::get().name(table), "ConsistentRead": true});
            if !start.is_null() {
                scan["ExclusiveStartKey"] = start;
            }
            let found = Caller::root().ask("dynamodb:Scan", &scan).await;
            let items = found["Items"].as_array().unwrap().iter().filter(|item| is_meant(item));
            rows.extend(items.map(Value::to_string));
            start = found["LastEvaluatedKey"].clone();
            if start.is_null() {
                break;
            }
        }
    }
    rows
}

fn is_about(item: &Value, who: &Someone) -> bool {
    let text = item.to_string();
    let is_anothers_act = !item["action"].is_null() && item["user"]["S"] != json!(who.id);
    (text.contains(&who.id) || text.contains(&who.email)) && !is_anothers_act
}
