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
    opened(asker, &label).await;
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
    vec![
        ("^/api/v1/position-groups/\\{id\\}", vec![("id", group)]),
        ("^/api/v1/orders/\\{id\\}", vec![("id", order)]),
        ("^/api/webhook/\\{user_id\\}$", vec![of_user.clone()]),
        ("^/api/webhook/\\{user_id\\}/\\{token\\}$", vec![of_user, ("token", text(&token, "secret"))]),
        ("/keys/\\{exchange\\}", vec![("exchange", "PAPER".to_owned())]),
    ]
}

/// An account of the paper venue that may enter.
async fn opened(asker: &Someone, label: &str) {
    let account = json!({"exchange": "PAPER", "label": label, "mode": "paper"});
    let account = said(asker, Method::POST, "user-wallets", &account, 201).await;
    said(asker, Method::PUT, &format!("keys/PAPER/validate?label={label}"), &json!({}), 200).await;
    let account = format!("user-wallets/{}", text(&account, "id"));
    said(asker, Method::PATCH, &account, &json!({"enabled": true}), 200).await;
}

pub(super) async fn first(asker: &Someone, list: &str) -> Option<String> {
    let list = said(asker, Method::GET, list, &json!({}), 200).await;
    list["items"].get(0).map(|item| text(item, "id"))
}

fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap().to_owned()
}
