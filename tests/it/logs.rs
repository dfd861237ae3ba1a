//! What people change is on record and whole; a row that is changed or taken away is found; and the system log tells an
//! operator what happened.

use crate::housekeeping::keep_house;
use crate::support::http::{Answer, ask};
use crate::support::program::key_of_program;
use crate::support::unique::unique;
use crate::support::{Caller, Stack, Trader};
use reqwest::Method;
use serde_json::{Value, json};

async fn get(path: &str, bearer: &str) -> Answer {
    ask(Method::GET, &format!("/api{path}"), Some(bearer), "").await
}

async fn post(path: &str, bearer: Option<&str>, body: &Value) -> Answer {
    ask(Method::POST, &format!("/api{path}"), bearer, body.to_string()).await
}

/// The key of a program that may do with logs whatever there is.
async fn keeper() -> String {
    key_of_program("logs", &["logs:read", "logs:export", "logs:delete"]).await
}

/// The rows of a person's chain of today, past any process.
async fn rows(table: &str, user: &str) -> Vec<Value> {
    let day = crate::support::unique::now().day();
    let query = json!({
        "TableName": Stack::get().name(table), "ConsistentRead": true,
        "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": format!("AUD#{day}#{user}")}},
    });
    Caller::root().ask("dynamodb:Query", &query).await["Items"].as_array().unwrap().clone()
}

async fn write(table: &str, action: &str, member: &str, value: &Value) {
    Caller::root().ask(action, &json!({"TableName": Stack::get().name(table), member: value})).await;
}

#[tokio::test]
async fn what_a_person_changes_is_on_record_and_whole_until_somebody_touches_it() {
    let trader = Trader::new().await;
    let user = trader.user.as_str();
    for path in ["/halt", "/resume", "/halt"] {
        assert_eq!(trader.post(path, &json!({"reason": format!("=by hand {path}")})).await.status / 100, 2);
    }
    let listed = get("/logs/audit?limit=2", &trader.bearer).await.json();
    let actions: Vec<_> = listed["items"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert_eq!(actions, ["halt", "resume"], "newest first: {listed}");
    assert_eq!(listed["items"][0]["resource"], "account");
    assert!(listed["items"][0]["ip_address"].is_string(), "from where: {listed}");
    let next = format!("/logs/audit?limit=2&cursor={}", listed["next_cursor"].as_str().unwrap());
    assert_eq!(get(&next, &trader.bearer).await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(get("/v1/logs/audit?action=resume", &trader.bearer).await.json()["items"].as_array().unwrap().len(), 1);

    let verify = async || get("/logs/audit/verify", &trader.bearer).await.json();
    let whole = verify().await;
    assert_eq!((&whole["whole"], &whole["rows"], &whole["chains"]), (&json!(true), &json!(3), &json!(1)), "{whole}");

    let kept = rows("TradingTable", user).await;
    let mut changed = kept[1].clone();
    changed["reason"] = json!({"S": "another"});
    write("TradingTable", "dynamodb:PutItem", "Item", &changed).await;
    let found = verify().await;
    assert_eq!((&found["whole"], &found["problems"][0]["problem"]), (&json!(false), &json!("changed")), "{found}");
    assert_eq!((&found["problems"][0]["number"], &found["problems"][0]["user_id"]), (&json!(2), &json!(user)));

    let key = json!({"pk": kept[1]["pk"], "sk": kept[1]["sk"]});
    write("TradingTable", "dynamodb:DeleteItem", "Key", &key).await;
    assert_eq!(
        verify().await["problems"],
        json!([{
            "date": whole_date(), "user_id": user, "table": "trading", "problem": "missing", "number": 2,
        }])
    );
    write("TradingTable", "dynamodb:PutItem", "Item", &kept[1]).await;
    let mut erased = kept[2].clone();
    for member in ["address", "salt"] {
        erased.as_object_mut().unwrap().remove(member);
    }
    write("TradingTable", "dynamodb:PutItem", "Item", &erased).await;
    assert_eq!(verify().await["whole"], true, "an address that is erased breaks nothing");
}

fn whole_date() -> String {
    wire::view::date(crate::support::unique::now().day())
}

#[tokio::test]
async fn an_operator_finds_what_happened_and_nobody_else_does() {
    let admin = keeper().await;
    let email = format!("nobody{}@example.com", unique());
    let wrong = json!({"email": email, "password": "Wrong-pass-1"});
    assert_eq!(post("/auth/login", None, &wrong).await.status, 401);
    let seen = get("/logs/system?category=SECURITY&level=WARNING", &admin).await;
    assert_eq!(seen.status, 200, "{seen:?}");
    assert!(seen.text.contains("a log-in was refused"), "{seen:?}");
    assert!(!seen.text.contains("Wrong-pass-1") && !seen.text.contains(&email));
    let none = get("/logs/system?category=RISK&level=DEBUG", &admin).await.json();
    assert_eq!(none["items"], json!([]));

    let trader = Trader::new().await;
    trader.post("/halt", &json!({"reason": "a storm"})).await;
    assert!(get("/logs/system?category=RISK", &admin).await.text.contains(trader.user.as_str()), "another function's");
    assert_eq!(get("/logs/system", &trader.bearer).await.status, 403);
    for path in ["/logs/audit?user_id=usr_1", "/logs/audit/verify?user_id=usr_1"] {
        assert_eq!(get(path, &trader.bearer).await.status, 404, "{path}");
    }
    let everybody = get("/logs/audit", &admin).await;
    assert!(everybody.text.contains(trader.user.as_str()) && everybody.text.contains("identity"), "{everybody:?}");

    let export = json!({"logs": "audit", "format": "csv", "user_id": trader.user.as_str()});
    let file = post("/logs/export", Some(&admin), &export).await;
    assert_eq!((file.status, file.kind.as_str()), (200, "text/csv; charset=utf-8"));
    assert!(file.text.starts_with("\"id\",\"timestamp\"") && file.text.contains("a storm"), "{file:?}");
    assert_eq!(post("/logs/export", Some(&trader.bearer), &export).await.status, 403);
    let export = json!({"logs": "system", "format": "json"});
    assert!(
        post("/v1/logs/export", Some(&admin), &export).await.json().as_array().is_some_and(|rows| !rows.is_empty())
    );
}

#[tokio::test]
async fn anybody_may_ask_whether_requests_are_answered() {
    let answer = ask(Method::GET, "/health", None, "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({"status": "ok"})));
}

#[tokio::test]
async fn old_entries_are_deleted_on_record() {
    let admin = keeper().await;
    let day = crate::support::unique::now().day() - 20;
    let at = day * 86_400_000 + 7;
    let id = format!("log_old{}", unique());
    let row = json!({
        "pk": {"S": format!("LOG#{day}")}, "sk": {"S": format!("{at:013}#{id}")}, "v": {"N": "1"}, "id": {"S": id},
        "at": {"N": at.to_string()}, "level": {"S": "INFO"}, "category": {"S": "API"}, "message": {"S": "old"},
    });
    write("IdentityTable", "dynamodb:PutItem", "Item", &row).await;
    let listed = async || get("/logs/system?category=API&level=INFO", &admin).await.text;
    assert!(listed().await.contains(&id));
    let delete = async |days: &str| ask(Method::DELETE, &format!("/api/logs/system/{days}"), Some(&admin), "").await;
    assert_eq!(delete("x").await.status, 422);
    assert_eq!(delete("21").await.status, 200);
    assert!(listed().await.contains(&id), "it is not as old as that");
    keep_house().await;
    let deleted = delete("19").await.json();
    assert!(deleted["deleted"].as_u64().is_some_and(|rows| rows >= 1), "{deleted}");
    assert_eq!(deleted["kept_from"], Value::Null, "all of that is copied");
    assert!(!listed().await.contains(&id));
    assert!(get("/logs/audit?action=delete%20logs", &admin).await.text.contains("older than 19 days"));
    assert_eq!(get("/logs/audit/verify", &admin).await.status, 200);
}
