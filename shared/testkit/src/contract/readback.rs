//! What people read of their own.

use super::commits::entry_filled;
use super::{Given, Harness, eventually};
use app::ports::PageRequest;
use domain::delivery::Delivery;
use domain::ids::{DeliveryId, UserId};
use store::Span;
use store::trading::{Found, Trading};

fn page(limit: u32, cursor: Option<String>) -> PageRequest {
    PageRequest { limit, cursor }
}

pub async fn lists_are_newest_first_and_go_on_after_the_cursor<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let mut deliveries: Vec<Delivery> = (0..5).map(|n| given.delivery(&format!("buy {n}"), n)).collect();
    for delivery in &deliveries {
        Trading(store).put_delivery(delivery, &given.stamp()).await.unwrap();
    }
    deliveries.reverse();
    eventually(harness, "all five", async || {
        Trading(store).list_deliveries(&given.user, Span::default(), &page(10, None)).await.unwrap().items == deliveries
    })
    .await;
    for delivery in &deliveries {
        let found = Trading(store).find_delivery(&given.user, &delivery.at.id, Span::default()).await.unwrap();
        assert_eq!(found, Found::Delivery(Box::new(delivery.clone())));
    }
    let (first, unknown) = (&deliveries[0].at, DeliveryId::of(&["unknown"]));
    let before = Span { since: None, until: Some(first.first_at) };
    for (id, span) in [(&unknown, Span::default()), (&first.id, before)] {
        assert_eq!(Trading(store).find_delivery(&given.user, id, span).await.unwrap(), Found::Nothing);
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    for expected in [2, 2, 1] {
        let part = Trading(store).list_deliveries(&given.user, Span::default(), &page(2, cursor)).await.unwrap();
        assert_eq!(part.items.len(), expected);
        seen.extend(part.items);
        cursor = part.next;
    }
    assert_eq!((&seen, cursor), (&deliveries, None));
    let within = Span { since: Some(deliveries[3].at.first_at), until: Some(deliveries[0].at.first_at) };
    let (mut seen, mut cursor) = (Vec::new(), None);
    for _ in 0..3 {
        let part = Trading(store).list_deliveries(&given.user, within, &page(1, cursor)).await.unwrap();
        seen.extend(part.items);
        cursor = part.next;
    }
    assert_eq!(seen, deliveries[1..4], "from the first moment on, and before the last");
    let before = Span { since: None, until: Some(deliveries[3].at.first_at) };
    assert_eq!(
        Trading(store).list_deliveries(&given.user, before, &page(10, None)).await.unwrap().items,
        deliveries[4..]
    );
    let after = Span { since: Some(deliveries[1].at.first_at), until: None };
    assert_eq!(
        Trading(store).list_deliveries(&given.user, after, &page(10, None)).await.unwrap().items,
        deliveries[..2]
    );
}

pub async fn what_is_anothers_is_not_there<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let position = entry_filled(&given, store).await;
    let (group, order) = (&position.group.id, &position.orders[0].id);
    eventually(harness, "the group", async || Trading(store).find_group(&given.user, group).await.unwrap().is_some())
        .await;
    let other = UserId::of(&["another", &given.unique]);
    assert_eq!(Trading(store).find_group(&other, group).await.unwrap(), None);
    assert_eq!(Trading(store).find_order(&other, order).await.unwrap(), None);
    let delivery = &position.group.delivery.id;
    assert_eq!(Trading(store).find_delivery(&other, delivery, Span::default()).await.unwrap(), Found::Nothing);
    assert_eq!(Trading(store).list_groups(&other, Span::default(), &page(10, None)).await.unwrap().items, []);
    assert_eq!(Trading(store).list_orders(&other, Span::default(), &page(10, None)).await.unwrap().items, []);
    assert_eq!(Trading(store).list_deliveries(&other, Span::default(), &page(10, None)).await.unwrap().items, []);
}

pub async fn an_order_is_found_with_its_fills<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let position = entry_filled(&given, store).await;
    let order = &position.orders[0];
    assert!(!order.fills.is_empty());
    eventually(harness, "the order", async || {
        Trading(store).find_order(&given.user, &order.id).await.unwrap() == Some((given.account.clone(), order.clone()))
    })
    .await;
    eventually(harness, "the list of orders", async || {
        Trading(store).list_orders(&given.user, Span::default(), &page(10, None)).await.unwrap().items
            == [(given.account.clone(), order.clone())]
    })
    .await;
    eventually(harness, "the list of groups", async || {
        Trading(store).list_groups(&given.user, Span::default(), &page(10, None)).await.unwrap().items
            == [position.group.clone()]
    })
    .await;
}

pub async fn the_history_of_a_group_is_in_the_order_of_its_versions<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let mut position = given.open(store, "buy", None).await;
    for reason in [domain::group::ExitReason::User, domain::group::ExitReason::Signal] {
        let mut after = position.leave(reason, given.now);
        after.group.attention = Some(format!("{reason:?}"));
        Trading(store).commit(&given.save(Some(&position), &after)).await.unwrap();
        position = given.stored(store, &position).await;
    }
    let history = Trading(store).list_history(&position.group.id).await.unwrap();
    assert_eq!(history.iter().map(|entry| entry.version).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(history[1].before.as_deref(), Some("waiting"));
    assert_eq!(history[1].after, "closing");
}
