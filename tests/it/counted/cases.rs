//! The cases, as they follow from each other in the life of three groups.

use super::meter::Counted;
use super::shop::{Person, Shop};
use crate::support::unique::{now, unique};
use domain::clock::Millis;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wire::alert::template;

const ALERT_BYTES: usize = 700;
/// Above the take-profit of an entry at 100.
const RISEN: [&str; 4] = ["100", "120", "100", "120"];

pub(crate) async fn all(shop: &Shop) -> BTreeMap<&'static str, Counted> {
    let mut counted = BTreeMap::new();
    counted.insert("minute_idle", shop.minute(Millis::ZERO).await);
    taken_profit(shop, &mut counted).await;
    left_by_an_alert(shop, &mut counted).await;
    counted
}

/// In, and out by the take-profit.
async fn taken_profit(shop: &Shop, counted: &mut BTreeMap<&'static str, Counted>) {
    let person = shop.person().await;
    let entry = alert(&json!({"type": "entry", "strategy": "grid", "side": "long"}));
    counted.insert("receive_first", shop.receive(&person, &entry).await);
    counted.insert("decide_open", shop.decide().await);
    counted.insert("receive_duplicate", shop.receive(&person, &entry).await);
    counted.insert("execute_entry", shop.execute().await);
    decided(shop, &person, "entry", counted, "decide_refused").await;
    counted.insert("minute_first", shop.minute(Millis::ZERO).await);
    counted.insert("minute_live", shop.minute(Millis::seconds(60)).await);
    counted.insert("pass_refreshes", shop.tick(&person, 0).await);
    counted.insert("pass_quiet", shop.tick(&person, 1).await);
    counted.insert("pass_served", shop.tick(&person, 1).await);
    shop.price(&person, RISEN).await;
    counted.insert("pass_settles", shop.tick(&person, 2).await);
    counted.insert("pass_last", shop.tick(&person, 3).await);
    decided(shop, &person, "exit", counted, "decide_ignored").await;
}

/// In, and out by an exit alert.
async fn left_by_an_alert(shop: &Shop, counted: &mut BTreeMap<&'static str, Counted>) {
    let person = shop.person().await;
    let entry = alert(&json!({"type": "entry", "strategy": "grid", "side": "long"}));
    shop.receive(&person, &entry).await;
    shop.decide().await;
    shop.execute().await;
    decided(shop, &person, "exit", counted, "decide_exit").await;
    counted.insert("execute_exit", shop.execute().await);
}

async fn decided(
    shop: &Shop,
    person: &Person,
    kind: &str,
    counted: &mut BTreeMap<&'static str, Counted>,
    name: &'static str,
) {
    shop.receive(person, &alert(&json!({"type": kind, "strategy": "grid", "side": "long"}))).await;
    counted.insert(name, shop.decide().await);
}

/// Our own text for a strategy as TradingView sends it, with an id and a comment that nobody could foresee, of the size
/// that the model says.
fn alert(intent: &Value) -> String {
    let (action, position, before) =
        if intent["type"] == "entry" { ("buy", "long", "flat") } else { ("sell", "flat", "long") };
    let size = |position: &str| if position == "flat" { "0" } else { "0.01843" };
    let at = now().millis().to_string();
    let filled = [
        ("{{exchange}}", "PAPER"),
        ("{{ticker}}", "BTCUSDT"),
        ("{{interval}}", "60"),
        ("{{strategy.order.action}}", action),
        ("{{strategy.order.id}}", "Breakout L2"),
        ("{{strategy.order.contracts}}", "0.01843"),
        ("{{strategy.order.price}}", "100"),
        ("{{close}}", "100"),
        ("{{strategy.market_position}}", position),
        ("{{strategy.market_position_size}}", size(position)),
        ("{{strategy.prev_market_position}}", before),
        ("{{strategy.prev_market_position_size}}", size(before)),
        ("{{time}}", &at),
        ("{{timenow}}", &at),
    ];
    let template = template::text(template::Alert::Strategy, None);
    let text = filled.into_iter().fold(template, |text, (name, value)| text.replace(name, value));
    let head = text.trim_end_matches('}');
    let with = |comment: &str| format!("{head}, \"id\": \"{}\", \"comment\": \"{comment}\"}}", unique());
    let missing = ALERT_BYTES - with("").len();
    let noise = std::iter::repeat_with(unique).take(ALERT_BYTES).collect::<String>();
    with(&noise.chars().take(missing).collect::<String>())
}
