//! The executor's process dies between the venue's acceptance and our commit.

use serde_json::{Value, json};

use super::scene::{Scene, all_orders};
use super::screen::{Screen, title};
use super::way::{alert, orders_of, send, text};
use crate::failure::Result;

pub(super) fn play(scene: &Scene<'_>, screen: &mut Screen) -> Result<()> {
    title("The executor is killed between submit and commit");
    scene.rewind()?;
    scene.stage.kill_after_next_accept()?;
    let before = scene.stage.held("BTC")?;
    let sent = send(scene, screen, far_from_the_market)?;
    screen.line("waiting", "the dead process's message comes again after 25 s; the watch asks the venue");
    let live = scene.follow(screen, &sent.group, "the lost order to be found", |group| {
        matches!(group["status"].as_str(), Some("live" | "closing" | "closed"))
    })?;
    let at_venue = scene.stage.orders_at_venue(&entry_ids(&live))?;
    screen.check(at_venue == 1 && orders_of(&live, "entry") == 1, "the venue has one entry, and so have we");
    let bought = scene.stage.held("BTC")?.minus(before).map(|bought| bought.to_string()).unwrap_or_default();
    screen.check(live["quantity"] == bought.as_str(), "the venue's balance has grown by that one entry and no more");
    screen.check(scene.stage.fault_has_happened()?, "the process did die after the venue had accepted");
    let history = live["history"].to_string();
    // By the executor that came after, or by the watch, whoever looked first.
    let found = ["lost track", "seen at the venue"].iter().any(|why| history.contains(why));
    screen.check(found, "the order was unknown, never sent again, and then found");
    let exit = scene.api.alert(alert(&format!("{}-exit", sent.id), "exit").to_string())?;
    let verdict = scene.wait_for_verdict(&text(&exit.body["delivery_id"]))?;
    screen.line("exit", &format!("{}: {}", text(&verdict["kind"]), text(&verdict["detail"])));
    let closed = scene.follow(screen, &sent.group, "the exit", |group| group["status"] == "closed")?;
    let dust = text(&closed["dust"]);
    screen.line("closed", &format!("profit {} USDT, dust {dust} BTC", text(&closed["realised_pnl"])));
    let sold = orders_of(&closed, "exit") == 1 && closed["quantity"] == dust.as_str() && dust.starts_with("0.00000");
    screen.check(sold, "an exit alert sold what was bought, down to what is too little to be sold");
    let verdict = scene.wait_for_verdict(&sent.delivery)?;
    screen.check(verdict["kind"] == "accepted", "the alert's verdict stands: accepted, once");
    Ok(())
}

/// Neither take-profit nor stop is met before the exit.
fn far_from_the_market(alert: &mut Value) {
    alert["take_profit"] = json!({"basis": "average", "steps": [{"profit_percent": "20", "amount_percent": "100"}]});
    alert["stop_loss_percent"] = "20".into();
}

fn entry_ids(group: &Value) -> Vec<String> {
    let entries = all_orders(group).into_iter().filter(|order| order["purpose"] == "entry");
    entries.map(|order| text(&order["client_order_id"])).collect()
}
