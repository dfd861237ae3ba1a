//! The way: an alert, its verdict, its orders, its profit.

use serde_json::{Value, json};

use super::scene::{Scene, all_orders};
use super::screen::{Screen, title};
use crate::failure::Result;

/// What was sent and what came of it.
pub(super) struct Sent {
    pub(super) body: String,
    pub(super) id: String,
    pub(super) delivery: String,
    pub(super) group: String,
}

pub(super) fn play(scene: &Scene<'_>, screen: &mut Screen) -> Result<Sent> {
    title("An alert becomes a closed, paid-out position");
    scene.rewind()?;
    let sent = send(scene, screen, |_| {})?;
    let closed = scene.follow(screen, &sent.group, "the take-profit", |group| group["status"] == "closed")?;
    let profit = text(&closed["realised_pnl"]);
    screen.line("closed", &format!("profit {profit} USDT after fees {}", closed["fees"]));
    screen.check(closed["exit_reason"] == "take_profit", "the take-profit that rested at the venue was filled");
    screen.check(!profit.starts_with('-') && profit != "0", "the profit is what is left after both fees");
    screen.check(orders_of(&closed, "entry") == 1, "one alert, one entry");
    Ok(sent)
}

/// Sends a new alert, changed as the scene wants it, and waits until its entry is decided.
pub(super) fn send(scene: &Scene<'_>, screen: &mut Screen, change: impl Fn(&mut Value)) -> Result<Sent> {
    let id = format!("demo-{}", scene.stage.now());
    let mut alert = alert(&id, "entry");
    change(&mut alert);
    accepted(scene, screen, &alert)
}

/// Sends this alert, and waits until its entry is decided.
pub(super) fn accepted(scene: &Scene<'_>, screen: &mut Screen, alert: &Value) -> Result<Sent> {
    let (id, body) = (text(&alert["id"]), alert.to_string());
    let answer = scene.api.alert(body.clone())?;
    let delivery = text(&answer.body["delivery_id"]);
    screen.line("alert", &format!("{} {} {delivery}", answer.status, text(&answer.body["status"])));
    screen.check(answer.status == 202 && answer.body["status"] == "accepted", "the alert is received and queued");
    let verdict = scene.wait_for_verdict(&delivery)?;
    screen.line("verdict", &format!("{}: {}", text(&verdict["kind"]), text(&verdict["detail"])));
    screen.check(verdict["kind"] == "accepted", "its verdict is accepted");
    Ok(Sent { body, id, delivery, group: text(&verdict["position_group_ids"][0]) })
}

/// The text of an indicator's alert, with an id of its own.
pub(super) fn alert(id: &str, kind: &str) -> Value {
    json!({
        "id": id,
        "tv": {"exchange": "PAPER", "symbol": "BTCUSDT"},
        "execution_intent": {"type": kind, "strategy": "grid", "side": "long"},
        "preset": "default"
    })
}

pub(super) fn orders_of(group: &Value, purpose: &str) -> usize {
    all_orders(group).iter().filter(|order| order["purpose"] == purpose).count()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
