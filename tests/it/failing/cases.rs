//! Each operation, failing in each way, on the way of one alert in and one alert out.

use super::works::Works;
use crate::support::watching::{entries, filled, is_protected};
use crate::way::accounts::{QUOTE, decimal, realised};
use aws::Patience;
use domain::clock::Millis;
use domain::money::{Amount, Decimal};
use domain::shard;
use std::collections::BTreeMap;
use std::time::Duration;
use store::trading::Trading;
use testkit::proxy::{Count, Fault, Refusal, Rule};
use wire::view::PositionGroupDetail;

/// What the functions call on the way.
const OPERATIONS: [&str; 7] = [
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:TransactWriteItems",
    "sqs:SendMessage",
    "sqs:ChangeMessageVisibility",
];
/// Longer than the SDK waits for one try.
const LATE: Duration = Duration::from_millis(1_000);
/// What the SDK makes of one call of a function that is no webhook.
const TRIES: u32 = Patience::WORKER.attempts;

#[tokio::test]
async fn whatever_is_throttled_comes_about_once() {
    each_operation_survives(Fault::Refuse(Refusal::Throttled)).await;
}

#[tokio::test]
async fn whatever_fails_in_the_service_comes_about_once() {
    each_operation_survives(Fault::Refuse(Refusal::Broken)).await;
}

#[tokio::test]
async fn whatever_never_arrives_comes_about_once() {
    each_operation_survives(Fault::LoseRequest).await;
}

#[tokio::test]
async fn whatever_was_carried_out_and_answered_to_nobody_comes_about_once() {
    each_operation_survives(Fault::LoseAnswer).await;
}

#[tokio::test]
async fn whatever_arrives_after_its_caller_has_given_up_comes_about_once() {
    each_operation_survives(Fault::ArriveLate(LATE)).await;
}

#[tokio::test]
async fn whatever_is_answered_after_its_caller_has_given_up_comes_about_once() {
    each_operation_survives(Fault::AnswerLate(LATE)).await;
}

#[tokio::test]
async fn a_transaction_that_is_cancelled_for_no_reason_of_its_own_comes_about_once() {
    let reasons = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    let cancelled = |reason| Rule::on("dynamodb:TransactWriteItems", Fault::Refuse(Refusal::Cancelled(reason)));
    let counts = Box::pin(survives(&reasons.map(|reason| cancelled(reason).times(1)))).await;
    assert!(counts["dynamodb:TransactWriteItems"].struck > 3, "{counts:?}");
}

/// Of each operation the first call fails, with all tries that the SDK makes of it.
async fn each_operation_survives(fault: Fault) {
    // Boxed: it is more than a test lays out in one piece.
    let counts = Box::pin(survives(&OPERATIONS.map(|operation| Rule::on(operation, fault).times(TRIES)))).await;
    assert!(OPERATIONS.iter().all(|operation| counts[*operation].struck >= TRIES), "{counts:?}");
}

/// In and out, under these faults both times.
async fn survives(faults: &[Rule]) -> BTreeMap<String, Count> {
    let works = Works::open().await;
    works.proxy.plan(0, faults.to_vec());
    let groups = decided(&works, &works.send(&works.trader.entry()).await).await;
    let held = follow(&works, &groups[0], is_protected).await;
    assert_eq!(filled(entries(&held)), 1, "{held:#?}");
    assert_eq!(works.trader.base_at_venue().await.to_string(), "0.999", "bought once");
    works.proxy.plan(0, faults.to_vec());
    decided(&works, &works.send(&works.trader.exit()).await).await;
    let closed = follow(&works, &held.group.id, |group| group.group.status == "closed").await;
    assert_paid_out(&works, &closed).await;
    works.proxy.counts()
}

/// The groups that a delivery's verdict names.
async fn decided(works: &Works, delivery: &str) -> Vec<String> {
    let verdict = works.run_until("a verdict", async || works.trader.stored_verdict(delivery).await).await;
    assert_eq!(verdict.kind, "accepted", "{verdict:?}");
    verdict.position_group_ids
}

async fn follow(works: &Works, group: &str, wanted: impl Fn(&PositionGroupDetail) -> bool) -> PositionGroupDetail {
    works.run_until("the group", async || works.trader.stored_group(group).await.filter(|group| wanted(group))).await
}

/// Sold once, paid out, nothing held, nothing waiting, and the two alerts have their one verdict each.
async fn assert_paid_out(works: &Works, closed: &PositionGroupDetail) {
    let trader = &works.trader;
    assert_eq!(filled(&closed.exit_orders), 1, "{closed:#?}");
    assert_eq!(trader.base_at_venue().await, Decimal::ZERO);
    assert_eq!(trader.quote_at_venue().await - decimal(QUOTE), realised(closed), "{closed:#?}");
    let account = works
        .run_until("our balance to be the venue's", async || {
            let account = Trading(&trader.aws).load_account(&trader.account).await.unwrap().unwrap();
            let quote = account.balance(&trader.market.key.symbol.quote).get();
            (quote == trader.quote_at_venue().await && is_rung(works).await).then_some(account)
        })
        .await;
    let reserved = account.reserved(&trader.market.key.symbol.quote);
    assert_eq!((account.open_groups, account.exposure, reserved), (0, Amount::ZERO, Amount::ZERO));
    let deliveries = trader.all_deliveries().await;
    assert!(deliveries.len() == 2 && deliveries.iter().all(|delivery| delivery.is_settled()), "{deliveries:#?}");
}

/// No bell is left to be rung, however late.
async fn is_rung(works: &Works) -> bool {
    let ever = crate::support::unique::now().plus(Millis::seconds(86_400));
    let due = Trading(&works.trader.aws).due_outbox(shard::due(works.trader.account.as_str()), ever).await.unwrap();
    due.is_empty()
}
