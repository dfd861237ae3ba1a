//! The same alert more than once: from many senders, after some time, under a new body.

use crate::support::asking::Taken;
use crate::support::http::Answer;
use crate::support::unique::now;
use crate::support::watching::{filled, is_protected};
use crate::support::{Alert, Trader, together};
use serde_json::json;
use std::rc::Rc;

const CLIENTS: usize = 20;

#[tokio::test]
async fn the_same_alert_from_twenty_clients_at_once_is_one_position() {
    let trader = Rc::new(Trader::new().await);
    let answers = post_at_once(&trader, &trader.entry()).await;
    assert_one_was_first(&answers);
    assert_one_position(&trader).await;
    assert_eq!(trader.deliveries().await[0].repeats, 0, "a sender's own id makes repeats exact");
}

#[tokio::test]
async fn the_same_body_without_id_or_clock_from_twenty_clients_at_once_is_one_position() {
    let trader = Rc::new(Trader::new().await);
    let answers = post_at_once(&trader, &trader.entry().without("id")).await;
    assert_one_was_first(&answers);
    assert_one_position(&trader).await;
    let repeats = usize::try_from(trader.deliveries().await[0].repeats).unwrap();
    assert!(repeats >= CLIENTS - 1, "each may have been meant, so each is counted");
}

/// Ages the row between the posts: no clock is moved.
#[tokio::test]
async fn a_static_body_at_0_5_and_120_seconds_makes_two_deliveries() {
    let trader = Trader::new().await;
    let alert = trader.entry().without("id");
    let first = trader.deliver(&alert).await;
    trader.verdict(&first, |_| true).await;
    let first = trader.age_delivery(5).await;
    let repeated = trader.alert(&alert).await;
    assert_eq!((repeated.json()["status"].as_str(), id(&repeated)), (Some("duplicate"), first.clone()));
    assert!(repeated.text.contains("{{timenow}}"), "the answer tells how to tell them apart: {repeated:?}");
    let first = trader.age_delivery(115).await;
    let second = trader.deliver(&alert).await;
    let verdict = trader.verdict(&second, |_| true).await;
    assert_eq!(verdict.reason.as_deref(), Some("already_live"), "it was decided for itself");
    let repeats: Vec<_> = trader.deliveries().await.into_iter().map(|found| (found.id, found.repeats)).collect();
    assert_eq!(repeats, [(second, 0), (first, 1)]);
}

#[tokio::test]
async fn a_body_is_a_repeat_for_45_seconds_and_no_longer() {
    let trader = Trader::new().await;
    let alert = trader.exit().without("id");
    let first = trader.deliver(&alert).await;
    trader.verdict(&first, |_| true).await;
    // Not 44: the stack may take its time.
    let first = trader.age_delivery(20).await;
    assert_eq!(id(&trader.alert(&alert).await), first);
    let first = trader.age_delivery(26).await;
    assert_ne!(trader.deliver(&alert).await, first);
}

#[tokio::test]
async fn an_id_or_a_clock_of_its_own_makes_an_alert_the_same_however_late() {
    for alert in [Trader::exit, clocked] {
        let trader = Trader::new().await;
        let alert = alert(&trader);
        let first = trader.deliver(&alert).await;
        trader.verdict(&first, |_| true).await;
        let first = trader.age_delivery(86_400).await;
        let late = trader.alert(&alert).await;
        assert_eq!((late.json()["status"].as_str(), id(&late)), (Some("duplicate"), first));
        assert!(!late.text.contains("hint"), "{late:?}");
    }
}

#[tokio::test]
async fn another_body_under_the_same_id_is_a_conflict_on_record() {
    let trader = Trader::new().await;
    let alert = trader.entry();
    let first = trader.deliver(&alert).await;
    trader.verdict(&first, |_| true).await;
    let other = alert.with("max_lag_seconds", 60);
    for _ in 0..2 {
        let answer = trader.alert(&other).await;
        let problem = answer.json();
        assert_eq!((answer.status, &problem["code"], &problem["field"]), (409, &json!("conflict"), &json!("id")));
        assert_eq!(problem["first_delivery_id"], first.as_str());
    }
    let deliveries = trader.deliveries().await;
    let verdicts: Vec<_> = deliveries.iter().filter_map(|found| Some(found.verdict.as_ref()?.kind.as_str())).collect();
    assert_eq!((deliveries.len(), verdicts.contains(&"conflict")), (2, true), "{verdicts:?}");
    assert_eq!(trader.account_state().await.open_groups, 1);
}

async fn post_at_once(trader: &Rc<Trader>, alert: &Alert) -> Vec<Taken> {
    let client = |_| {
        let (trader, alert) = (Rc::clone(trader), alert.clone());
        async move { trader.send(&alert).await }
    };
    together((0..CLIENTS).map(client)).await
}

fn assert_one_was_first(taken: &[Taken]) {
    let answers: Vec<_> = taken.iter().map(|taken| &taken.answer).collect();
    assert!(answers.iter().all(|answer| answer.status == 202), "{answers:?}");
    assert!(answers.iter().all(|answer| id(answer) == id(answers[0])), "{answers:?}");
    let accepted = answers.iter().filter(|answer| answer.json()["status"] == "accepted").count();
    // Whoever was first may have been told to send it again.
    let repeated = taken.iter().any(|taken| taken.repeated);
    assert!(accepted == 1 || (accepted == 0 && repeated), "{answers:?}");
}

async fn assert_one_position(trader: &Trader) {
    let delivery = trader.deliveries().await.remove(0).id;
    let group = trader.verdict(&delivery, |_| true).await.position_group_ids.remove(0);
    trader.follow(&group, "its take-profit to rest", is_protected).await;
    let orders = trader.orders().await;
    assert_eq!(filled(orders.iter().filter(|order| order.purpose == "entry")), 1, "{orders:#?}");
    assert_eq!((trader.deliveries().await.len(), trader.orders_at_venue().await), (1, 2));
}

fn clocked(trader: &Trader) -> Alert {
    let at = now().millis() / 1_000;
    trader.exit().without("id").tv("sent_at", at.to_string())
}

fn id(answer: &Answer) -> String {
    answer.json()["delivery_id"].as_str().unwrap().to_owned()
}
