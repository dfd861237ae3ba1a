//! Presets: kept, named by alerts, changed and taken away; and the exits of a position that is open.

use crate::support::http::{Answer, answered, client};
use crate::support::{Stack, Trader};
use reqwest::Method;
use serde_json::{Value, json};
use wire::view::PositionGroupDetail;

async fn send(trader: &Trader, method: Method, path: &str, body: &Value, seen: Option<u64>) -> Answer {
    let url = format!("{}/api/v1{path}", Stack::get().api);
    let request = client().request(method, url).bearer_auth(&trader.bearer).body(body.to_string());
    answered(match seen {
        Some(version) => request.header("if-match", format!("\"{version}\"")),
        None => request,
    })
    .await
}

async fn put(trader: &Trader, name: &str, body: &Value, seen: Option<u64>) -> Answer {
    send(trader, Method::PUT, &format!("/presets/{name}"), body, seen).await
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn grid() -> Value {
    json!({"base_order": {"quote": "250"}, "stop_loss_percent": "20",
           "take_profit": {"steps": [{"profit_percent": "2", "amount_percent": "50"},
                                     {"profit_percent": "4", "amount_percent": "50"}]}})
}

#[tokio::test]
async fn a_preset_is_kept_changed_on_its_version_and_taken_away() {
    let trader = Trader::new().await;
    let made = trader.post("/presets", &json!({"name": "grid", "preset": grid()})).await;
    assert_eq!((made.status, &made.json()["version"]), (201, &json!(1)), "{made:?}");
    assert_eq!(made.json()["updated_by"], trader.user.as_str());
    let again = trader.post("/presets", &json!({"name": "grid", "preset": {}})).await;
    assert_eq!(code(&again), (400, "DUPLICATE_PRESET".to_owned()));
    let wrong = put(&trader, "grid", &json!({"base_order": {"quote": 0}}), None).await;
    assert_eq!((wrong.status, &wrong.json()["field"]), (422, &json!("base_order.quote")));

    let changed = put(&trader, "grid", &json!({"stop_loss_percent": "10"}), Some(1)).await;
    assert_eq!((changed.status, &changed.json()["version"]), (200, &json!(2)));
    assert_eq!(code(&put(&trader, "grid", &grid(), Some(1)).await), (409, "version_conflict".to_owned()));
    let listed = trader.get("/presets").await.json();
    let names: Vec<_> = listed["items"].as_array().unwrap().iter().map(|preset| preset["name"].clone()).collect();
    assert_eq!(names, ["default", "grid"]);

    let conflict = send(&trader, Method::DELETE, "/presets/grid", &Value::Null, Some(1)).await;
    assert_eq!(code(&conflict), (409, "version_conflict".to_owned()));
    assert_eq!(send(&trader, Method::DELETE, "/presets/grid", &Value::Null, Some(2)).await.status, 204);
    assert_eq!(trader.get("/presets/grid").await.status, 404);
    let versions = trader.get("/presets/grid/versions").await.json();
    let told = |preset: &Value| (preset["version"].as_u64().unwrap(), preset["deleted"].as_bool().unwrap());
    let told: Vec<_> = versions["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, [(3, true), (2, false), (1, false)]);
    assert_eq!(put(&trader, "grid", &grid(), Some(0)).await.json()["version"], 4, "a name goes on counting");
}

#[tokio::test]
async fn what_is_anothers_is_not_there() {
    let (owner, stranger) = (Trader::new().await, Trader::new().await);
    put(&owner, "grid", &grid(), None).await;
    assert_eq!(stranger.get("/presets/grid").await.status, 404);
    assert_eq!(stranger.get("/presets/grid/versions").await.json()["items"], json!([]));
    let delivery = stranger.deliver(&stranger.entry().with("preset", "grid")).await;
    assert_eq!(stranger.verdict(&delivery, |_| true).await.reason.as_deref(), Some("unknown_preset"));
}

#[tokio::test]
async fn an_alert_is_traded_by_the_preset_that_it_names_as_it_was_then() {
    let trader = Trader::new().await;
    put(&trader, "grid", &grid(), None).await;
    let group = trader.open(&trader.entry().with("preset", "grid")).await;
    put(&trader, "grid", &json!({}), Some(1)).await;
    let held = trader.follow(&group, "both steps to rest", |group| resting(group).len() == 2).await;
    let preset = held.group.preset.clone().unwrap();
    assert_eq!((&*preset.name, preset.version), ("grid", 1));
    assert_eq!((&*held.group.exposure, held.group.stop_loss_percent.as_deref()), ("250", Some("20")));
    trader.deliver(&trader.exit().with("preset", "never-kept")).await;
    assert_eq!(
        trader.closed(&group).await.group.exit_reason.map(|word| word.as_str()),
        Some("signal"),
        "an exit asks for no preset"
    );
}

#[tokio::test]
async fn an_alert_that_names_none_stands_over_ones_own_default() {
    let trader = Trader::new().await;
    let group = trader.open(&trader.entry()).await;
    let built_in = trader.follow(&group, "a take-profit", |group| resting(group).len() == 1).await;
    assert_eq!(built_in.group.preset, None);
    trader.deliver(&trader.exit()).await;
    trader.closed(&group).await;
    put(&trader, "default", &grid(), Some(0)).await;
    let group = trader.open(&trader.entry().with("stop_loss_percent", "7")).await;
    let own = trader.follow(&group, "both steps to rest", |group| resting(group).len() == 2).await;
    assert_eq!(own.group.preset.unwrap().name, "default");
    assert_eq!(own.group.stop_loss_percent.as_deref(), Some("7"), "what the alert says stands over both");
}

#[tokio::test]
async fn an_alert_whose_preset_is_not_there_is_rejected_with_its_field() {
    let trader = Trader::new().await;
    let delivery = trader.deliver(&trader.entry().with("preset", "grid")).await;
    let verdict = trader.verdict(&delivery, |_| true).await;
    assert_eq!((verdict.kind.as_str(), verdict.reason.as_deref()), ("rejected", Some("unknown_preset")));
    assert_eq!(verdict.fields, ["preset"]);
    let unnamed = trader.alert(&trader.entry().with("preset", "No Name")).await;
    assert_eq!((unnamed.status, &unnamed.json()["field"]), (422, &json!("preset")));
}

/// Prices of the take-profits that rest.
fn resting(group: &PositionGroupDetail) -> Vec<String> {
    let open = group.take_profit_orders.iter().filter(|order| order.state == "open");
    open.filter_map(|order| order.price.clone()).collect()
}

#[tokio::test]
async fn exits_of_an_open_position_are_placed_anew_and_on_record() {
    let trader = Trader::new().await;
    let group = trader.open(&trader.entry()).await;
    let before = trader.follow(&group, "a take-profit", |group| resting(group).len() == 1).await;
    let path = format!("/position-groups/{group}/exits");
    let exits = json!({"take_profit": {"steps": [{"profit_percent": "5", "amount_percent": "50"},
                                                 {"profit_percent": "9", "amount_percent": "50"}]},
                       "stop_loss_percent": "2", "reason": "it runs"});
    let changed = send(&trader, Method::PUT, &path, &exits, None).await;
    assert_eq!(changed.status, 202, "{changed:?}");
    let is_anew = |group: &PositionGroupDetail| resting(group).len() == 2 && resting(group) != resting(&before);
    let after = trader.follow(&group, "two take-profits in place of the one", is_anew).await;
    assert_eq!(after.group.stop_loss_percent.as_deref(), Some("2"));
    let why = after.history.iter().map(|entry| &entry.why).find(|why| why.starts_with("exits changed")).unwrap();
    let said: Vec<&str> = why.strip_prefix("exits changed by its user: it runs: ").unwrap().split("; ").collect();
    let profit = "take-profit aggregate, basis average: 50 % at 5 %, 50 % at 9 %";
    assert!(said.len() == 2 && said.contains(&profit) && said.contains(&"stop loss 2 %"), "{why}");

    let unsaid = send(&trader, Method::PUT, &path, &json!({"stop_loss_percent": "3"}), None).await;
    assert_eq!((unsaid.status, &unsaid.json()["field"]), (422, &json!("reason")));
    let missed = send(&trader, Method::PUT, &path, &json!({"stop_loss_percent": "3"}), Some(1)).await;
    assert_eq!(code(&missed), (409, "version_conflict".to_owned()));
    trader.price_goes("100", "97").await;
    assert_eq!(trader.closed(&group).await.group.exit_reason.map(|word| word.as_str()), Some("stop_loss"));
    let late = send(&trader, Method::PUT, &path, &exits, None).await;
    assert_eq!(code(&late), (409, "already_closed".to_owned()));
}

#[tokio::test]
async fn a_bot_is_imported_and_can_be_kept() {
    let trader = Trader::new().await;
    let bot: Value = serde_json::from_str(include_str!("../../events/imports/threecommas-bot.v1.json")).unwrap();
    let import = trader.post("/presets/import", &bot).await;
    assert_eq!(import.status, 200, "{import:?}");
    let import = import.json();
    assert_eq!(import["members"].as_array().unwrap().len(), bot.as_object().unwrap().len());
    let kept = put(&trader, import["name"].as_str().unwrap(), &import["preset"], None).await;
    assert_eq!(kept.status, 201, "{kept:?}");
}
