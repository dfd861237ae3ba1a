//! An account that may run ten functions at once.

use crate::support::http::ask_once;
use crate::support::{Trader, together, until};
use reqwest::Method;
use std::rc::Rc;

const ALERTS: usize = 40;

#[tokio::test]
async fn alerts_that_find_no_room_to_run_are_sent_again_and_decided() {
    let trader = Rc::new(Trader::new().await);
    let alerts: Vec<_> = (0..ALERTS).map(|_| trader.exit()).collect();
    let at_once = alerts.iter().map(|alert| {
        let (webhook, alert) = (trader.webhook(), alert.to_string());
        async move { ask_once(Method::POST, &webhook, None, alert).await }
    });
    let answers = together(at_once).await;
    let throttled = answers.iter().filter(|answer| answer.status == 429).count();
    assert!(throttled > 0, "forty at once met no limit: is it in force? {answers:?}");
    assert!(answers.iter().all(|answer| answer.status == 202 || answer.says_come_again()), "{answers:?}");
    for alert in &alerts {
        assert_eq!(trader.send(alert).await.answer.status, 202);
    }
    let deliveries = until("a verdict for each", async || {
        let deliveries = trader.all_deliveries().await;
        deliveries.iter().all(|delivery| delivery.verdict.is_some()).then_some(deliveries)
    })
    .await;
    assert_eq!(deliveries.len(), ALERTS);
}
