//! Orders by hand, by the deployed routes: placed once, protected by the preset's exits, added to, and sold in parts.

use crate::support::http::{Answer, answered, client};
use crate::support::unique::unique;
use crate::support::watching::entries;
use crate::support::{Stack, Trader};
use serde_json::{Value, json};
use wire::view::{Delivery, PositionGroupDetail};

/// With a key of its own.
pub(crate) async fn place(trader: &Trader, order: &Value) -> Answer {
    place_as(trader, order, &format!("an-order-{}", unique())).await
}

async fn place_as(trader: &Trader, order: &Value, key: &str) -> Answer {
    let request = client().post(format!("{}/api/v1/orders", Stack::get().api)).bearer_auth(&trader.bearer);
    answered(request.header("idempotency-key", key).body(order.to_string())).await
}

/// Placed, and what became of it.
pub(crate) async fn placed(trader: &Trader, order: &Value) -> (String, Delivery) {
    let answer = place(trader, order).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let told = answer.json();
    let delivery = decided(trader, told["delivery_id"].as_str().unwrap()).await;
    (told["position_id"].as_str().unwrap().to_owned(), delivery)
}

async fn decided(trader: &Trader, delivery: &str) -> Delivery {
    trader.verdict(delivery, |_| true).await;
    trader.find_delivery(delivery).await
}

fn verdict(delivery: &Delivery) -> (&str, &str) {
    let verdict = delivery.verdict.as_ref().unwrap();
    (verdict.kind.as_str(), verdict.reason.as_ref().map_or("", |reason| &**reason))
}

#[tokio::test]
async fn an_order_opens_is_added_to_sold_in_part_and_closed() {
    let trader = Trader::new().await;
    let symbol = trader.symbol();
    let order = json!({"symbol": symbol, "side": "buy", "quote": "100", "exits": {"stop_loss_percent": "20"}});
    let key = unique();
    let first = place_as(&trader, &order, &format!("a-key-of-an-order-{key}")).await;
    let again = place_as(&trader, &order, &format!("a-key-of-an-order-{key}")).await;
    assert_eq!((first.status, &first.text), (again.status, &again.text), "sent again it is the same order");
    let position = first.json()["position_id"].as_str().unwrap().to_owned();
    let decided = decided(&trader, first.json()["delivery_id"].as_str().unwrap()).await;
    assert_eq!((verdict(&decided), decided.by_hand), (("accepted", "opened"), true), "{decided:?}");
    let held = trader.follow(&position, "its entry to be filled", |group| group.group.status == "live").await;
    assert_eq!((held.group.timeframe.as_deref(), entries(&held).len()), (Some("manual"), 1), "{held:#?}");
    assert_eq!(held.group.stop_loss_percent.as_deref(), Some("20"), "{held:#?}");
    assert!(held.history.iter().any(|entry| entry.why == "opened by hand"), "{:?}", held.history);
    let other = place(&trader, &order).await;
    assert_eq!((other.status, &other.json()["code"]), (409, &json!("position_open")), "{other:?}");

    let (same, added) = placed(&trader, &json!({"position_id": position, "side": "buy", "quote": "50"})).await;
    assert_eq!((&same, verdict(&added)), (&position, ("accepted", "pyramid_added")), "{added:?}");
    let two = |group: &PositionGroupDetail| group.pyramids.len() == 2 && group.group.status == "live";
    let larger = trader.follow(&position, "the addition to be filled", two).await;
    assert!(larger.pyramids[1].legs.len() <= 1, "an addition by hand has no ladder: {larger:#?}");

    let sell = json!({"position_id": position, "side": "sell", "quantity": "0.1", "reduce_only": true});
    let (_, reduced) = placed(&trader, &sell).await;
    assert_eq!(verdict(&reduced), ("accepted", "reducing"), "{reduced:?}");
    trader.follow(&position, "a part to be sold", |group| group.fills.iter().any(|fill| fill.side == "sell")).await;
    let (_, rest) = placed(&trader, &json!({"position_id": position, "side": "sell", "quantity": "1000"})).await;
    assert_eq!(verdict(&rest), ("accepted", "reducing"), "{rest:?}");
    let closed = trader.closed(&position).await;
    assert_eq!(closed.quantity, "0", "{closed:#?}");
    let sold = place(&trader, &sell).await;
    assert_eq!((sold.status, &sold.json()["code"]), (409, &json!("already_closed")), "{sold:?}");
}

#[tokio::test]
async fn an_order_is_refused_by_what_refuses_an_alert() {
    let trader = Trader::new().await;
    let symbol = trader.symbol();
    let halted = trader.post("/halt", &json!({"reason": "storm"})).await;
    assert_eq!(halted.status, 202, "{halted:?}");
    let (_, delivery) = placed(&trader, &json!({"symbol": symbol, "side": "buy", "quote": "100"})).await;
    assert_eq!(verdict(&delivery), ("refused", "halted"), "{delivery:?}");
    let own = place(&trader, &json!({"symbol": symbol, "side": "sell", "quantity": "1"})).await;
    assert_eq!((own.status, &own.json()["code"]), (422, &json!("nothing_to_sell")), "{own:?}");
}
