//! Ladders as they may be asked for: every size, places one by one, one total, legs at the market.

use crate::AlertText;
use serde_json::{Value, json};

/// Takes the place of the alert's plain entries; what it says of exits stays, where it can.
pub(super) fn shaped(text: AlertText, rng: &mut fastrand::Rng) -> AlertText {
    let at_market = rng.u32(..4) < 3;
    let spaced = spaced(rng, at_market);
    let text = by_leg(text, rng);
    match rng.u32(..6) {
        0 => text.base_order(size(rng)).safety_orders(listed(rng, at_market)),
        1 => {
            text.total(json!({"quote": pick(rng, &["90", "200", "330"]), "weights": weights(3)})).safety_orders(spaced)
        }
        // What it may lose is reckoned at a stop behind every leg.
        2 => {
            text.stop("14").total(json!({"risk": pick(rng, &["4", "15"]), "weights": weights(3)})).safety_orders(spaced)
        }
        _ => text.base_order(size(rng)).safety_orders(scaled(spaced, rng)),
    }
}

/// Some sell each leg by itself.
fn by_leg(text: AlertText, rng: &mut fastrand::Rng) -> AlertText {
    match rng.u32(..5) {
        0 | 1 => text.without("break_even_after_step").each_leg(pick(rng, &["0.3", "0.8"])),
        2 | 3 => text.without("break_even_after_step").hybrid(pick(rng, &["0.3", "0.8"]), "1.5"),
        _ => text,
    }
}

/// About 20 to 80 USDT, however it is said.
fn size(rng: &mut fastrand::Rng) -> Value {
    match rng.u32(..3) {
        0 => json!({"quote": pick(rng, &["20", "50", "77.7"])}),
        1 => json!({"quantity": pick(rng, &["0.2", "0.51234", "0.7000001"])}),
        _ => json!({"balance_percent": pick(rng, &["0.3", "0.55"])}),
    }
}

/// Two safety orders.
fn spaced(rng: &mut fastrand::Rng, at_market: bool) -> Value {
    let (deviation, scale) = (pick(rng, &["0.4", "1", "2.5"]), pick(rng, &["1", "1.3"]));
    let dialect = pick(rng, &["additive", "compounding"]);
    let active = rng.u32(1..=2);
    json!({"count": 2, "deviation_percent": deviation, "step_scale": scale, "dialect": dialect, "active": active,
        "at_market": at_market})
}

fn scaled(mut orders: Value, rng: &mut fastrand::Rng) -> Value {
    merge(&mut orders, &size(rng));
    orders["count"] = json!(rng.u32(1..=4));
    orders["volume_scale"] = json!(pick(rng, &["0.8", "1", "1.25"]));
    orders
}

/// Places one by one, each of its own size.
fn listed(rng: &mut fastrand::Rng, at_market: bool) -> Value {
    let mut place = |deviation: &str| {
        let mut order = size(rng);
        merge(&mut order, &json!({"deviation_percent": deviation}));
        order
    };
    let orders = [place("0.3"), place("1.1"), place("4")];
    json!({"custom": orders, "active": rng.u32(1..=3), "at_market": at_market})
}

fn weights(count: u32) -> Vec<String> {
    (1..=count).map(|weight| weight.to_string()).collect()
}

fn merge(into: &mut Value, from: &Value) {
    from.as_object().unwrap().iter().for_each(|(name, value)| into[name] = value.clone());
}

fn pick(rng: &mut fastrand::Rng, of: &[&'static str]) -> &'static str {
    of[rng.usize(..of.len())]
}
