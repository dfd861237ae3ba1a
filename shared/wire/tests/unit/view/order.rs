use std::collections::BTreeMap;
use wire::stored;
use wire::view::*;

fn shown(sample: &str) -> Order {
    let row: stored::Order = serde_json::from_str(sample).unwrap();
    Order::of(&row.with(BTreeMap::new())).unwrap()
}

#[test]
fn a_stop_beside_a_limit_is_shown_with_its_id_and_whether_it_has_sold() {
    let with = shown(include_str!("../../../../../events/stored/order.stop.v1.json"));
    assert_eq!(
        (with.kind.as_str(), with.price.as_deref(), with.stop_price.as_deref()),
        ("oco", Some("101.7"), Some("95.09"))
    );
    assert!(with.stop_triggered && with.stop_client_order_id.is_some_and(|stop| stop != with.client_order_id));
    let without = shown(include_str!("../../../../../events/stored/order.v1.json"));
    assert_eq!((without.kind.as_str(), without.stop_price, without.stop_client_order_id), ("limit", None, None));
    assert!(!without.stop_triggered);
}
