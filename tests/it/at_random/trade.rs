//! A position of whoever asks, from an alert of theirs: groups and orders are asked about as well.

use super::asker::said;
use crate::support::http::ask;
use crate::support::people::Someone;
use crate::support::unique::unique;
use crate::support::until;
use reqwest::Method;
use serde_json::{Value, json};

/// What a trade leaves behind, by the regular expression of its operations and the parameter of their path.
pub(super) type Left = (&'static str, Vec<(&'static str, String)>);

pub(super) async fn make(asker: &Someone) -> Vec<Left> {
    let label = format!("trades-{}", unique());
    let account = opened(asker, &label).await;
    let token = json!({"label": label, "account": label, "exchange": "PAPER"});
    let token = said(asker, Method::POST, "webhook-tokens", &token, 201).await;
    let alert = json!({
        "tv": {"exchange": "PAPER", "symbol": "BTCUSDT", "timeframe": "60"},
        "execution_intent": {"type": "entry", "strategy": "grid", "side": "long"},
    });
    let sent = ask(Method::POST, &text(&token, "webhook_path"), None, alert.to_string()).await;
    assert_eq!(sent.status, 202, "{sent:?}");
    let group = until("a position group", async || first(asker, "position-groups").await).await;
    let order = until("an order", async || first(asker, "orders").await).await;
    let of_user = ("user_id", asker.id.clone());
    let (bot, run) = ran(asker, &account).await;
    vec![
        ("^/api/v1/position-groups/\\{id\\}", vec![("id", group)]),
        ("^/api/v1/orders/\\{id\\}", vec![("id", order)]),
        ("^/api/webhook/\\{user_id\\}$", vec![of_user.clone()]),
        ("^/api/webhook/\\{user_id\\}/\\{token\\}$", vec![of_user, ("token", text(&token, "secret"))]),
        ("^/api/v1/bots/\\{id\\}(/start|/stop|/runs)?$", vec![("id", bot.clone())]),
        ("^/api/v1/bots/\\{id\\}/runs/\\{run\\}", vec![("id", bot), ("run", run.clone())]),
        ("/bot/(status|logs)/\\{id\\}", vec![("id", run)]),
        ("/bot/list/\\{id\\}", vec![("id", asker.id.clone())]),
        ("/keys/\\{exchange\\}", vec![("exchange", "PAPER".to_owned())]),
    ]
}

/// An account of the paper venue that may enter.
async fn opened(asker: &Someone, label: &str) -> String {
    let account = json!({"exchange": "PAPER", "label": label, "mode": "paper"});
    let account = said(asker, Method::POST, "user-wallets", &account, 201).await;
    said(asker, Method::PUT, &format!("keys/PAPER/validate?label={label}"), &json!({}), 200).await;
    let id = text(&account, "id");
    said(asker, Method::PATCH, &format!("user-wallets/{id}"), &json!({"enabled": true}), 200).await;
    id
}

/// A bot and its run, which has ended.
async fn ran(asker: &Someone, account: &str) -> (String, String) {
    // The seeded key was asked before, at random too: it may have disabled the strategy, and no key enables one.
    let enabled = json!({"enabled": true, "reason": "a test"});
    said(asker, Method::PUT, "strategies/RSI_CROSS", &enabled, 200).await;
    let wanted =
        json!({"name": "one", "account": account, "symbol": "BTCUSDT", "timeframe": "1d", "strategy": "RSI_CROSS"});
    let bot = text(&said(asker, Method::POST, "bots", &wanted, 201).await, "id");
    let run = text(&said(asker, Method::POST, &format!("bots/{bot}/start"), &json!({}), 201).await, "id");
    said(asker, Method::POST, &format!("bots/{bot}/stop"), &json!({"reason": "a test"}), 200).await;
    (bot, run)
}

pub(super) async fn first(asker: &Someone, list: &str) -> Option<String> {
    let list = said(asker, Method::GET, list, &json!({}), 200).await;
    list["items"].get(0).map(|item| text(item, "id"))
}

fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap().to_owned()
}
