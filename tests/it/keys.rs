//! Keys of accounts by the deployed routes: saved, looked at by `key-check`, and found nowhere in clear.

use crate::support::http::{Answer, ask, ask_once};
use crate::support::people::{admin, known};
use crate::support::unique::unique;
use crate::support::{Caller, Setting, Stack, Trader, until};
use domain::identity::Role;
use reqwest::Method;
use serde_json::{Value, json};

const GOOD: &str = "paper:read,trade;from=192.0.2.1";
const WITHDRAWS: &str = "paper:read,trade,withdraw;from=192.0.2.1";

/// Who has logged in: a program's key keeps no keys.
async fn owner() -> Trader {
    let mut trader = Trader::new().await;
    trader.bearer = known(trader.user.clone(), Role::Trader).await.token;
    trader
}

/// An exchange that is known here, and that nobody speaks to.
async fn unspoken() -> String {
    let provider = format!("it-{}", unique().chars().rev().take(20).collect::<String>());
    let wallet =
        json!({"name": "Gate", "type": "CEX", "provider": provider, "provider_config": {"auth_type": "api_key"}})
            .to_string();
    let made = ask(Method::POST, "/api/v1/wallets", Some(&admin().await.token), wallet).await;
    assert_eq!(made.status, 201, "{made:?}");
    provider.to_uppercase()
}

async fn send(trader: &Trader, method: Method, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    ask(method, path, Some(&trader.bearer), body).await
}

async fn save(trader: &Trader, label: &str, api_key: &str, more: &Value) -> Answer {
    let mut body = json!({"mode": "paper", "label": label, "api_key": api_key, "api_secret": "any secret"});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    send(trader, Method::POST, "/api/keys/PAPER", &body).await
}

async fn labels(trader: &Trader) -> Vec<String> {
    let list = send(trader, Method::GET, "/api/keys", &Value::Null).await.json();
    let items = list["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_is_saved_validated_and_lets_its_account_enter_once_it_is_enabled() {
    let trader = owner().await;
    let saved = save(&trader, "keyed", GOOD, &Value::Null).await;
    assert_eq!(saved.status, 201, "{saved:?}");
    assert_eq!(saved.json()["key"]["masked"], "pape….2.1", "{saved:?}");
    let one = format!("/api/v1/user-wallets/{}", saved.json()["id"].as_str().unwrap());
    let delivery = trader.deliver(&trader.entry().with("account", "keyed").with("id", unique())).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("refused", Some("account_disabled")));
    let early = send(&trader, Method::PATCH, &one, &json!({"enabled": true})).await;
    assert_eq!((early.status, &early.json()["code"]), (409, &json!("not_validated")));
    let validated = send(&trader, Method::PUT, "/api/keys/PAPER/validate?label=keyed", &Value::Null).await;
    assert_eq!((validated.status, &validated.json()["validated"]), (200, &json!(true)), "{validated:?}");
    assert_eq!(send(&trader, Method::PATCH, &one, &json!({"enabled": true})).await.json()["enabled"], true);
    let delivery = trader.deliver(&trader.entry().with("account", "keyed").with("id", unique())).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!(verdict.kind.as_str(), "accepted", "{verdict:?}");

    let open = save(&trader, "keyed", "paper:read,trade;until=4000000000", &Value::Null).await;
    assert_eq!((open.status, &open.json()["code"]), (409, &json!("groups_open")), "{open:?}");
    let shown = send(&trader, Method::GET, &one, &Value::Null).await.json();
    assert_eq!((&shown["key"]["id"], &shown["enabled"]), (&saved.json()["key"]["id"], &json!(true)), "{shown}");
}

#[tokio::test]
async fn another_key_in_its_place_is_to_be_validated_and_its_account_enabled_again() {
    let trader = owner().await;
    let saved = save(&trader, "rotated", GOOD, &Value::Null).await;
    let one = format!("/api/v1/user-wallets/{}", saved.json()["id"].as_str().unwrap());
    send(&trader, Method::PUT, "/api/keys/PAPER/validate?label=rotated", &Value::Null).await;
    assert_eq!(send(&trader, Method::PATCH, &one, &json!({"enabled": true})).await.json()["enabled"], true);
    let again = save(&trader, "rotated", "paper:read,trade;until=4000000000", &Value::Null).await;
    assert_eq!((again.status, &again.json()["id"]), (200, &saved.json()["id"]), "{again:?}");
    assert_eq!((&again.json()["enabled"], &again.json()["validated"]), (&json!(false), &json!(false)));
    let advice = again.json()["advice"].to_string();
    assert!(advice.contains("enable the account again"), "{advice}");
}

#[tokio::test]
async fn a_key_that_can_withdraw_is_refused_unless_its_owner_insists_in_writing() {
    let trader = owner().await;
    for (key, code) in
        [(WITHDRAWS, "key_can_withdraw"), ("paper:read", "key_cannot_trade"), ("nobody's key", "key_unknown")]
    {
        let key = key.replace(' ', "-");
        let refused = save(&trader, "refused", &key, &Value::Null).await;
        assert_eq!((refused.status, &refused.json()["code"]), (422, &json!(code)), "{refused:?}");
        assert_eq!(refused.json()["field"], "api_key");
    }
    let away = json!({"mode": "paper", "label": "refused", "api_key": "paper:away", "api_secret": "s"});
    until("the word of a venue that is away", async || {
        let told = ask_once(Method::POST, "/api/keys/PAPER", Some(&trader.bearer), away.to_string()).await;
        assert!(told.says_come_again(), "{told:?}");
        let says = |code| told.status == 503 && told.json()["code"] == code;
        says("venue_unavailable").then_some(())
    })
    .await;
    assert_eq!(labels(&trader).await, ["default"], "nothing is left of what was refused");
    let insists = json!({"allow_withdrawals": "I understand that this key can withdraw"});
    let insisted = save(&trader, "insisted", WITHDRAWS, &insists).await;
    // 200 where the first click was answered by nobody, and the second found what it had left.
    assert!(matches!(insisted.status, 200 | 201), "{insisted:?}");
    assert_eq!(insisted.json()["key"]["allow_withdrawals"], true, "{insisted:?}");
    assert_eq!(insisted.json()["advice"][0], "this key can withdraw");
}

#[tokio::test]
async fn two_clicks_are_one_account_with_one_key() {
    let trader = owner().await;
    let clicks = (save(&trader, "twice", GOOD, &Value::Null), save(&trader, "twice", GOOD, &Value::Null));
    let (one, other) = tokio::join!(clicks.0, clicks.1);
    let statuses = [one.status, other.status];
    assert!(statuses.iter().all(|status| matches!(status, 200 | 201 | 503)), "{one:?} {other:?}");
    assert!(statuses.iter().any(|status| matches!(status, 200 | 201)), "{one:?} {other:?}");
    assert_eq!(labels(&trader).await, ["default", "twice"]);
}

#[tokio::test]
async fn an_exchange_without_an_adapter_keeps_its_key_and_its_mode_has_keys_of_its_own() {
    let (trader, exchange) = (owner().await, unspoken().await);
    let key = json!({"exchange": exchange, "mode": "live", "api_key": "abcdefgh12345678", "api_secret": "s"});
    let saved = send(&trader, Method::POST, "/exchange/keys", &key).await;
    assert_eq!((saved.status, &saved.json()["key"]["masked"]), (201, &json!("abcd…5678")), "{saved:?}");
    let refused = send(&trader, Method::PUT, &format!("/api/keys/{exchange}/validate"), &Value::Null).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("venue_not_tradable")));
    let testnet = json!({"mode": "testnet"});
    let switched = send(&trader, Method::PUT, &format!("/api/keys/{exchange}/mode"), &testnet).await;
    assert_eq!((switched.status, &switched.json()["key"]), (200, &Value::Null), "{switched:?}");
    let removed = format!("/exchange/keys/{}", saved.json()["id"].as_str().unwrap());
    assert_eq!(send(&trader, Method::DELETE, &removed, &Value::Null).await.status, 204);
}

#[tokio::test]
async fn keys_and_balances_are_their_owners_alone_and_need_a_right() {
    let (owner, stranger, reader) = (owner().await, owner().await, Trader::new().await);
    let one = format!("/api/v1/user-wallets/{}", owner.account);
    let synced = send(&owner, Method::POST, &format!("{one}/sync"), &Value::Null).await;
    assert_eq!(synced.status, 200, "{synced:?}");
    let history = send(&owner, Method::GET, &format!("{one}/balances/history?limit=1"), &Value::Null).await.json();
    assert!(history["items"][0]["balances"]["USDT"]["free"].is_string(), "{history}");
    for (method, path) in [
        (Method::POST, format!("{one}/sync")),
        (Method::GET, format!("{one}/balances/history")),
        (Method::DELETE, format!("/exchange/keys/{}", owner.account)),
        (Method::GET, format!("/exchange/keys/{}", owner.user)),
    ] {
        assert_eq!(send(&stranger, method.clone(), &path, &Value::Null).await.status, 404, "{method} {path}");
    }
    let mine = send(&owner, Method::GET, &format!("/exchange/keys/{}", owner.user), &Value::Null).await;
    assert_eq!(mine.json()["items"].as_array().unwrap().len(), 1, "{mine:?}");
    let refused = save(&reader, "mine", GOOD, &Value::Null).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("missing_scope")));
}

#[tokio::test]
async fn a_programs_key_neither_saves_one_nor_lets_more_be_lost_and_its_owner_is_told_of_whoever_does() {
    let scopes = &["trading:read", "trading:write", "accounts:write"];
    let program = Trader::with(Setting { scopes, ..Setting::default() }).await;
    let person = known(program.user.clone(), Role::Trader).await;
    let by = async |token: &str, method: Method, path: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        ask(method, path, Some(token), body).await
    };
    let exchange = unspoken().await;
    let key = json!({"exchange": exchange, "mode": "live", "api_key": "abcdefgh12345678", "api_secret": "s"});
    let made = by(&person.token, Method::POST, "/exchange/keys", key.clone()).await;
    assert_eq!(made.status, 201, "{made:?}");
    let one = format!("/api/v1/user-wallets/{}", made.json()["id"].as_str().unwrap());
    let saved = json!({"mode": "live", "api_key": "thief-key-00000001", "api_secret": "s"});
    for (method, path, body) in [
        (Method::POST, "/exchange/keys".to_owned(), key),
        (Method::POST, format!("/api/keys/{exchange}"), saved.clone()),
        (Method::POST, "/api/v1/keys/PAPER?label=mine".to_owned(), saved),
        (Method::PATCH, one.clone(), json!({"enabled": true})),
        (Method::PATCH, format!("{one}/limits"), json!({"order_quote_max": "5000.01"})),
        (Method::PUT, format!("{one}/mode"), json!({"mode": "testnet"})),
        (Method::DELETE, one.clone(), Value::Null),
        (Method::DELETE, format!("/api/keys/{exchange}"), Value::Null),
    ] {
        let refused = by(&program.bearer, method.clone(), &path, body).await;
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("missing_scope")), "{method} {path}");
    }
    let shown = by(&person.token, Method::GET, &one, Value::Null).await.json();
    assert_eq!((&shown["key"]["masked"], &shown["mode"]), (&json!("abcd…5678"), &json!("live")), "{shown}");
    let lowered = json!({"order_quote_max": "7"});
    assert_eq!(by(&program.bearer, Method::PATCH, &format!("{one}/limits"), lowered).await.status, 200);
    assert_eq!(by(&program.bearer, Method::PATCH, &one, json!({"enabled": false})).await.status, 200);

    let raised = json!({"order_quote_max": "8"});
    assert_eq!(by(&person.token, Method::PATCH, &format!("{one}/limits"), raised).await.status, 200);
    let paper = format!("/api/v1/user-wallets/{}", program.account);
    for enabled in [false, true] {
        let switched = by(&program.bearer, Method::PATCH, &paper, json!({"enabled": enabled})).await;
        assert_eq!((switched.status, &switched.json()["enabled"]), (200, &json!(enabled)), "{switched:?}");
    }
    let told = by(&person.token, Method::GET, "/api/v1/notifications", Value::Null).await.json();
    let more = format!("{exchange} default may hold or lose more");
    for words in [more.as_str(), "PAPER default may enter"] {
        let items = told["items"].as_array().unwrap();
        let notice = items.iter().find(|item| item["text"].as_str().unwrap().contains(words));
        let notice = notice.unwrap_or_else(|| panic!("nobody was told that {words}: {told}"));
        let path = format!("/api/v1/notifications/{}", notice["id"].as_str().unwrap());
        let kept = by(&person.token, Method::DELETE, &path, Value::Null).await;
        assert_eq!((kept.status, &kept.json()["code"]), (409, &json!("notification_stays")), "{words}");
    }
}

#[tokio::test]
async fn a_planted_secret_is_found_in_no_row_no_log_and_no_answer() {
    let trader = owner().await;
    let planted = format!("planted{}", unique());
    let secret = json!({"api_secret": format!("{planted}-s"), "passphrase": format!("{planted}-p")});
    let key = format!("paper:read,trade;from={planted}-k,192.0.2.1");
    let mut answers = vec![save(&trader, "planted", &key, &secret).await];
    assert_eq!(answers[0].status, 201, "{answers:?}");
    for (method, path) in [
        (Method::PUT, "/api/keys/PAPER/validate?label=planted"),
        (Method::GET, "/api/keys"),
        (Method::GET, "/api/v1/user-wallets"),
        (Method::POST, "/api/keys/PAPER/nothing"),
    ] {
        answers.push(send(&trader, method, path, &Value::Null).await);
    }
    answers.push(save(&trader, "planted", &format!("{planted}-unknown"), &secret).await);
    answers.push(save(&trader, "planted", &format!("{planted} two words"), &secret).await);
    for answer in &answers {
        assert!(!answer.text.contains(&planted), "{answer:?}");
    }
    let root = Caller::root();
    for table in Stack::get().of_type("AWS::DynamoDB::Table") {
        let mut question = json!({"TableName": Stack::get().name(table)});
        loop {
            let found = root.ask("dynamodb:Scan", &question).await;
            assert!(!found.to_string().contains(&planted), "{table}");
            match found.get("LastEvaluatedKey") {
                Some(last) => question["ExclusiveStartKey"] = last.clone(),
                None => break,
            }
        }
    }
    for function in ["api-accounts", "key-check"] {
        let group = format!("/aws/lambda/{}-{function}", Stack::get().deployment());
        let mut question = json!({"logGroupName": group});
        let mut lines = 0;
        loop {
            let found = root.ask("logs:FilterLogEvents", &question).await;
            assert!(!found.to_string().contains(&planted), "{function}");
            lines += found["events"].as_array().map_or(0, Vec::len);
            match found["nextToken"].as_str() {
                Some(next) => question["nextToken"] = next.into(),
                None => break,
            }
        }
        assert!(lines > 0, "{function} has logged nothing");
    }
}
