//! Accounts by the deployed routes: connected, validated, enabled, traded on, and removed.

use crate::support::http::{Answer, answered, ask, client};
use crate::support::signed::Caller;
use crate::support::unique::unique;
use crate::support::{Setting, Stack, Trader, until};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/accounts";

async fn owner() -> Trader {
    let scopes = &["trading:read", "trading:write", "accounts:write"];
    Trader::with(Setting { scopes, ..Setting::default() }).await
}

async fn send(trader: &Trader, method: Method, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, &format!("/api/v1{path}"), Some(&trader.bearer), body).await
}

fn text(answer: &Answer, member: &str) -> String {
    answer.json()[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer:?}")).to_owned()
}

/// Posts an entry for this account, and waits for its verdict.
async fn verdict(trader: &Trader, account: &str) -> String {
    let alert = trader.entry().with("account", account).with("id", unique());
    let id = text(&trader.alert(&alert).await, "delivery_id");
    let judged = until("the alert has its verdict", async || {
        let list = trader.get("/deliveries").await.json();
        let found = list["items"].as_array()?.iter().find(|item| item["id"] == id.as_str())?.clone();
        (!found["verdict"].is_null()).then_some(found)
    })
    .await;
    format!("{} {}", judged["verdict"]["kind"].as_str().unwrap(), judged["verdict"]["reason"].as_str().unwrap())
}

#[tokio::test]
async fn an_account_trades_once_it_is_validated_and_enabled_and_not_after_it_is_removed() {
    let trader = owner().await;
    let wanted = json!({"exchange": "PAPER", "label": "second", "mode": "paper", "start_balance": "5000"});
    let made = send(&trader, Method::POST, PATH, &wanted).await;
    assert_eq!(made.status, 201, "{made:?}");
    let one = format!("{PATH}/{}", text(&made, "id"));
    let twice = send(&trader, Method::POST, PATH, &wanted).await;
    assert_eq!((twice.status, text(&twice, "code")), (400, "DUPLICATE_ACCOUNT".to_owned()));
    assert_eq!(trader.get(PATH).await.json()["items"].as_array().unwrap().len(), 2, "the seeded one too");

    assert_eq!(verdict(&trader, "second").await, "refused account_disabled");
    let early = send(&trader, Method::PATCH, &one, &json!({"enabled": true})).await;
    assert_eq!((early.status, text(&early, "code")), (409, "not_validated".to_owned()));
    assert_eq!(send(&trader, Method::POST, &format!("{one}/test"), &Value::Null).await.json()["validated"], true);
    assert_eq!(send(&trader, Method::PATCH, &one, &json!({"enabled": true})).await.json()["enabled"], true);
    let balances = trader.get(&format!("{one}/balances")).await.json();
    assert_eq!(balances["balances"]["USDT"], "5000");

    let renamed = send(&trader, Method::PATCH, &one, &json!({"label": "third"})).await;
    assert_eq!((renamed.status, text(&renamed, "label")), (200, "third".to_owned()));
    assert_eq!(verdict(&trader, "second").await, "rejected unknown_account");
    assert_eq!(verdict(&trader, "third").await, "accepted opened");
    let busy = send(&trader, Method::DELETE, &one, &Value::Null).await;
    assert_eq!((busy.status, text(&busy, "code")), (409, "groups_open".to_owned()));
}

#[tokio::test]
async fn two_who_change_an_account_at_once_do_not_overwrite_each_other() {
    let trader = owner().await;
    let path = format!("/api/v1{PATH}/{}", trader.account);
    let rename = async |label: &str| {
        let request = client().patch(format!("{}{path}", Stack::get().api)).bearer_auth(&trader.bearer);
        let body = json!({"label": label}).to_string();
        answered(request.header("if-match", "\"0\"").body(body)).await.status
    };
    assert_eq!((rename("one").await, rename("two").await), (200, 409));
    let removed = send(&trader, Method::DELETE, "/keys/PAPER?label=one", &Value::Null).await;
    assert_eq!(removed.status, 204, "{removed:?}");
    assert_eq!(trader.get(PATH).await.json()["items"], json!([]));
    assert_eq!(send(&trader, Method::DELETE, "/keys/PAPER", &Value::Null).await.status, 404);
}

#[tokio::test]
async fn an_account_without_a_key_is_kept_and_enters_nothing() {
    let trader = owner().await;
    let made = send(&trader, Method::POST, PATH, &json!({"exchange": "BINANCE", "mode": "live"})).await;
    assert_eq!((made.status, made.json()["enabled"].clone()), (201, json!(false)));
    let refused = send(&trader, Method::PUT, "/keys/binance/validate", &Value::Null).await;
    assert_eq!((refused.status, text(&refused, "code")), (409, "key_missing".to_owned()));
    let switched = send(&trader, Method::PUT, "/keys/binance/mode", &json!({"mode": "testnet"})).await;
    assert_eq!((switched.status, text(&switched, "mode")), (200, "testnet".to_owned()));
    let wrong = send(&trader, Method::PUT, "/keys/binance/mode", &json!({"mode": "paper"})).await;
    assert_eq!((wrong.status, text(&wrong, "field")), (422, "mode".to_owned()));
}

#[tokio::test]
async fn an_account_is_its_owners_alone_and_needs_a_right() {
    let (owner, stranger, reader) = (owner().await, owner().await, Trader::new().await);
    let one = format!("{PATH}/{}", owner.account);
    for (method, path, body) in [
        (Method::GET, one.clone(), Value::Null),
        (Method::GET, format!("{one}/balances"), Value::Null),
        (Method::PUT, one.clone(), json!({"label": "other", "enabled": false})),
        (Method::PATCH, one.clone(), json!({"enabled": false})),
        (Method::DELETE, one.clone(), Value::Null),
        (Method::POST, format!("{one}/test"), Value::Null),
        (Method::PUT, format!("{one}/mode"), json!({"mode": "paper"})),
    ] {
        assert_eq!(send(&stranger, method.clone(), &path, &body).await.status, 404, "{method} {path}");
        if method != Method::GET {
            let refused = send(&reader, method.clone(), &path, &body).await;
            assert_eq!((refused.status, text(&refused, "code")), (403, "missing_scope".to_owned()), "{method} {path}");
        }
    }
    let wrong =
        send(&owner, Method::POST, PATH, &json!({"exchange": "PAPER", "mode": "paper", "validated": true})).await;
    assert_eq!((wrong.status, text(&wrong, "field")), (422, "validated".to_owned()));
}

#[tokio::test]
async fn an_owner_limits_an_account_and_entries_go_by_it() {
    let trader = owner().await;
    let path = format!("{PATH}/{}/limits", trader.account);
    let shown = trader.get(&path).await.json();
    assert!(shown["order_quote_max"].is_string() && shown["open_groups"] == 0, "{shown}");
    let limited = send(&trader, Method::PATCH, &path, &json!({"order_quote_max": "1.5"})).await;
    assert_eq!((limited.status, text(&limited, "order_quote_max")), (200, "1.5".to_owned()));
    assert_eq!(limited.json()["exposure_max"], shown["exposure_max"], "what is not named stays");
    assert_eq!(verdict(&trader, "default").await, "refused order_quote_max");
    for (body, field) in [
        (json!({"open_groups_max": -1}), "open_groups_max"),
        (json!({"open_groups_max": 1_001}), "open_groups_max"),
        (json!({"open_groups_max": "3"}), "open_groups_max"),
        (json!({"exposure_max": "-1"}), "exposure_max"),
        (json!({"order_quote_max": 250}), "order_quote_max"),
        (json!({"day_loss_max": "much"}), "day_loss_max"),
        (json!({"balance": "1"}), "balance"),
    ] {
        let refused = send(&trader, Method::PATCH, &path, &body).await;
        assert_eq!((refused.status, text(&refused, "field")), (422, field.to_owned()), "{body}");
    }
    let version = limited.json()["version"].as_u64().unwrap();
    let request = client().patch(format!("{}/api/v1{path}", Stack::get().api)).bearer_auth(&trader.bearer);
    let late = request.header("If-Match", format!("\"{}\"", version - 1)).body(r#"{"open_groups_max": 1}"#);
    let late = answered(late).await;
    assert_eq!((late.status, text(&late, "code")), (409, "version_conflict".to_owned()));
    let other = owner().await;
    assert_eq!(send(&other, Method::PATCH, &path, &json!({"open_groups_max": 1})).await.status, 404);
    let part = send(&trader, Method::PUT, &path, &json!({"order_quote_max": "5000", "open_groups_max": 0})).await;
    assert_eq!((part.status, text(&part, "field")), (422, "exposure_max".to_owned()), "PUT replaces: {part:?}");
    let all = json!({
        "order_quote_max": "5000", "open_groups_max": 0, "exposure_max": "9000", "day_loss_max": "800", "leverage_max": 1,
    });
    let none = send(&trader, Method::PUT, &path, &all).await;
    assert_eq!(none.status, 200, "{none:?}");
    assert_eq!(verdict(&trader, "default").await, "refused open_groups_max");
}

/// The directory of a user's accounts stands beside their deliveries, where functions write that open no account.
#[tokio::test]
async fn an_entry_that_leads_to_anothers_account_leads_nowhere() {
    let (victim, thief) = (owner().await, owner().await);
    let entry = json!({
        "TableName": Stack::get().name("TradingTable"),
        "Item": {
            "pk": {"S": format!("USR#{}", thief.user)}, "sk": {"S": "A#PAPER#lent"}, "v": {"N": "1"},
            "account": {"S": victim.account.to_string()},
        },
    });
    Caller::root().ask("dynamodb:PutItem", &entry).await;
    let listed = thief.get(PATH).await.json();
    let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(ids, [json!(thief.account.to_string())], "{listed}");
    let one = format!("{PATH}/{}", victim.account);
    for (method, path) in [(Method::GET, one.clone()), (Method::GET, format!("{one}/balances")), (Method::DELETE, one)]
    {
        assert_eq!(send(&thief, method.clone(), &path, &Value::Null).await.status, 404, "{method} {path}");
    }
    assert_eq!(verdict(&thief, "lent").await, "rejected unknown_account");
    assert_eq!(victim.orders_at_venue().await, 0);
}
