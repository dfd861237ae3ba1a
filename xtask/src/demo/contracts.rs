//! A short of contracts on the wire of Binance's futures, as the simulator speaks it: lent to, sold first, bought back lower.

use serde_json::{Value, json};

use super::api::Api;
use super::exchange::{Exchange, PRICE, bound, connect, disconnect};
use super::scene::Scene;
use super::screen::{Screen, title};
use super::way::{accepted, text};
use crate::failure::Result;

/// Below the take-profit.
const LOWER: &str = "62000";
const LEVERAGE: u32 = 3;

pub(super) fn play(scene: &Scene<'_>, person: &Api, exchange: &Exchange, screen: &mut Screen) -> Result<()> {
    title("Binance's futures: a short, three times lent");
    exchange.price(PRICE)?;
    let account = connect(person, exchange, screen)?;
    let lent = person.patch(&format!("{account}/limits"), &json!({"leverage_max": LEVERAGE}))?;
    screen.check(lent.status == 200, "its owner lets it be lent to");
    bound(scene, person, exchange, screen, |scene, screen| falls(scene, exchange, screen))?;
    disconnect(person, &account, screen)
}

fn falls(scene: &Scene<'_>, exchange: &Exchange, screen: &mut Screen) -> Result<()> {
    let alert = json!({
        "id": format!("demo-{}", scene.stage.now()),
        "tv": {"exchange": "BINANCE", "symbol": "BTCUSDT.P", "price": PRICE},
        "execution_intent": {"type": "entry", "strategy": "grid", "side": "short"},
        "leverage": LEVERAGE,
    });
    let sent = accepted(scene, screen, &alert)?;
    let is_resting = |group: &Value| group["take_profit_orders"][0]["state"] == "open";
    scene.follow(screen, &sent.group, "its take-profit at the exchange", is_resting)?;
    let held = exchange.position()?;
    let is_so = held["side"] == "short" && held["isolated"] == true && held["leverage"] == LEVERAGE;
    screen.check(is_so, "the exchange holds a short with a margin of its own, lent as the alert says");
    exchange.price(LOWER)?;
    let closed = scene.follow(screen, &sent.group, "the take-profit", |group| group["status"] == "closed")?;
    let profit = text(&closed["realised_pnl"]);
    screen.line("closed", &format!("profit {profit} USDT after fees {}", closed["fees"]));
    screen.check(closed["exit_reason"] == "take_profit", "it is bought back lower, by an order that only reduces");
    screen.check(!profit.starts_with('-') && profit != "0", "what fell was gained");
    screen.check(exchange.position()?.is_null(), "nothing is held any more");
    Ok(())
}
