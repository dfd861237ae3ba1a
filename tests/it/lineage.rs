//! The whole story of an order, as its user is told it.

use crate::support::Trader;
use crate::support::http::ask;
use crate::support::watching::entries;
use reqwest::Method;
use wire::view::OrderLineage;

#[tokio::test]
async fn an_entry_tells_of_its_alert_of_its_decision_and_of_its_fills() {
    let trader = Trader::new().await;
    let held = trader.hold(&trader.entry()).await;
    let order = entries(&held)[0].id.clone();
    let answer = trader.get(&format!("/orders/{order}/lineage")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let story: OrderLineage = serde_json::from_value(answer.json()).unwrap();
    let (delivery, signal) = (story.delivery.as_ref().unwrap(), story.signal.as_ref().unwrap());
    assert_eq!((&*delivery.delivery.id, delivery.body_sha256.len()), (&*held.group.delivery_id, 64));
    assert!(!delivery.delivery.body.contains("whk_"), "{}", delivery.delivery.body);
    assert_eq!((signal.wish.as_str(), signal.side.map(|word| word.as_str())), ("entry", Some("long")));
    let sources: Vec<&str> = story.prices.iter().map(|seen| seen.source.as_str()).collect();
    assert_eq!(sources.last(), Some(&"ticker"), "{sources:?}");
    assert!(story.risk.passed.iter().any(|kept| kept.limit == "exposure_max"), "{:?}", story.risk);
    assert_eq!(story.history[0].why, "opened by an alert");
    assert_eq!((story.fills.len(), story.exchanges.len()), (1, 0), "the paper venue has no wire");
    let path = format!("/api/v1/orders/{order}/lineage");
    let stranger = Trader::new().await;
    assert_eq!(ask(Method::GET, &path, Some(&stranger.bearer), "").await.status, 404);
}
