//! The deployed functions on a table that throttles, that fails, and whose answers are late or lost.

use super::detour::Detour;
use crate::support::http::{Answer, ask_once};
use crate::support::unique::now;
use crate::support::watching::{entries, filled, is_protected};
use crate::support::{Alert, Trader, together};
use crate::way::accounts::assert_paid_out;
use domain::clock::Millis;
use domain::limits;
use reqwest::Method;
use std::rc::Rc;
use std::time::Duration;
use testkit::proxy::{Fault, Refusal, Rule};
use wire::view::PositionGroupDetail;

/// What a sender waits for an answer, TradingView's three seconds; the emulator adds time of its own.
const PATIENCE: Millis = limits::WEBHOOK_TIMEOUT.plus(Millis::seconds(1));
/// Longer than the SDK waits for one try.
const LATE: Duration = Duration::from_millis(1_000);
const TRADERS: usize = 6;
/// More than faults that end by themselves can keep from being sent in time.
const ENTRIES_MAX: usize = 5;

/// Every kind, each for some calls.
const KINDS: [Fault; 9] = [
    Fault::Refuse(Refusal::Throttled),
    Fault::Refuse(Refusal::AccountThrottled),
    Fault::Refuse(Refusal::Broken),
    Fault::Refuse(Refusal::Cancelled("TransactionConflict")),
    Fault::Refuse(Refusal::Cancelled("ThrottlingError")),
    Fault::LoseRequest,
    Fault::LoseAnswer,
    Fault::ArriveLate(LATE),
    Fault::AnswerLate(LATE),
];

#[tokio::test]
async fn an_alert_that_a_throttled_table_cannot_keep_is_asked_for_again_in_time() {
    not_kept(Rule::on("dynamodb:PutItem", Fault::Refuse(Refusal::Throttled))).await;
}

#[tokio::test]
async fn an_alert_that_a_failing_table_cannot_keep_is_asked_for_again_in_time() {
    not_kept(Rule::on("dynamodb:PutItem", Fault::Refuse(Refusal::Broken))).await;
}

#[tokio::test]
async fn an_alert_whose_table_never_answers_is_asked_for_again_in_time() {
    not_kept(Rule::on("dynamodb:PutItem", Fault::AnswerLate(Duration::from_secs(10)))).await;
}

#[tokio::test]
async fn an_alert_that_is_kept_but_cannot_be_queued_is_asked_for_again_and_then_decided() {
    let trader = Trader::new().await;
    let detour = Detour::begin().await;
    detour.proxy.plan(0, [Rule::on("sqs:SendMessage", Fault::Refuse(Refusal::Throttled))]);
    let alert = trader.entry();
    assert_asked_for_again(&send_once(&trader, &alert).await);
    let kept = trader.deliveries().await.remove(0);
    assert!(kept.verdict.is_none(), "{kept:?}");
    detour.proxy.heal();
    let answer = trader.send(&alert).await.answer.json();
    assert_eq!((&answer["status"], &answer["delivery_id"]), (&"duplicate".into(), &kept.id.clone().into()));
    assert_eq!(trader.verdict(&kept.id, |_| true).await.reason.as_deref(), Some("opened"));
}

/// Whoever lost an answer sends again by itself, finds its own stamp, and says that it was first.
#[tokio::test]
async fn an_alert_whose_put_was_answered_to_nobody_is_still_the_first() {
    let trader = Trader::new().await;
    let detour = Detour::begin().await;
    for fault in [Fault::LoseAnswer, Fault::ArriveLate(LATE)] {
        detour.proxy.plan(0, [Rule::on("dynamodb:PutItem", fault).naming("K#").times(1)]);
        let struck = detour.proxy.struck();
        let answer = send_once(&trader, &trader.exit()).await;
        assert_eq!((answer.status, answer.json()["status"].as_str()), (202, Some("accepted")), "{fault:?}");
        assert_eq!(detour.proxy.struck(), struck + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn with_every_kind_of_fault_on_the_way_each_alert_is_one_position_that_pays_out() {
    let mut traders = Vec::new();
    for _ in 0..TRADERS {
        traders.push(Rc::new(Trader::new().await));
    }
    let detour = Rc::new(Detour::begin().await);
    let ways = traders.into_iter().zip(1..).map(|(trader, seed)| {
        let detour = Rc::clone(&detour);
        async move { way(&trader, &detour, seed).await }
    });
    together(ways).await;
    assert!(detour.proxy.struck() > 60, "{:?}", detour.proxy.counts());
}

/// In and out, with the faults of one plan each time: it ends by itself.
async fn way(trader: &Trader, detour: &Detour, seed: u64) {
    let faults = || KINDS.map(|fault| Rule::always(fault).per_cent(8).times(8));
    detour.proxy.plan(seed, faults());
    let (held, sent) = held(trader).await;
    assert_eq!((filled(entries(&held)), trader.base_at_venue().await.to_string()), (1, "0.999".to_owned()));
    detour.proxy.plan(seed + 1_000, faults());
    trader.send(&trader.exit()).await;
    let closed = trader.closed(&held.group.id).await;
    assert_eq!(filled(&closed.exit_orders), 1, "{closed:#?}");
    assert_paid_out(trader, &closed).await;
    let deliveries = trader.deliveries().await;
    assert!(
        deliveries.len() == sent + 1 && deliveries.iter().all(|delivery| delivery.verdict.is_some()),
        "{deliveries:#?}"
    );
}

/// What an alert has bought, and how many were sent for it. One whose executor has died, and whose message came again only when its decision
/// was valid no more, ends as expired with nothing bought.
async fn held(trader: &Trader) -> (PositionGroupDetail, usize) {
    for sent in 1..=ENTRIES_MAX {
        let delivery = trader.send(&trader.entry()).await.answer.json()["delivery_id"].as_str().unwrap().to_owned();
        let verdict = trader.verdict(&delivery, |_| true).await;
        assert_eq!(verdict.reason.as_deref(), Some("opened"), "{verdict:?}");
        let is_settled = |group: &PositionGroupDetail| is_protected(group) || group.group.status == "failed";
        let group = trader.follow(&verdict.position_group_ids[0], "its take-profit to rest", is_settled).await;
        if is_protected(&group) {
            return (group, sent);
        }
        let codes =
            entries(&group).iter().map(|order| order.reason.clone().unwrap().code.to_string()).collect::<Vec<_>>();
        assert_eq!((codes, trader.base_at_venue().await.to_string()), (vec!["expired".to_owned()], "0".to_owned()));
    }
    panic!("none of {ENTRIES_MAX} entries was sent in time");
}

/// While the rule holds nothing is kept; once it does not, the same alert is the first of its kind.
async fn not_kept(rule: Rule) {
    let trader = Trader::new().await;
    let detour = Detour::begin().await;
    detour.proxy.plan(0, [rule.naming("K#")]);
    let alert = trader.exit();
    for _ in 0..2 {
        assert_asked_for_again(&send_once(&trader, &alert).await);
    }
    detour.proxy.heal();
    let delivery = trader.send(&alert).await.answer.json()["delivery_id"].as_str().unwrap().to_owned();
    assert_eq!(trader.verdict(&delivery, |_| true).await.kind, "ignored");
    assert_eq!(trader.deliveries().await.len(), 1);
}

async fn send_once(trader: &Trader, alert: &Alert) -> Answer {
    let begun = now();
    let answer = ask_once(Method::POST, &trader.webhook(), None, alert.to_string()).await;
    let took = now().since(begun);
    assert!(took < PATIENCE, "answered after {} ms: {answer:?}", took.get());
    answer
}

fn assert_asked_for_again(answer: &Answer) {
    assert_eq!((answer.status, &answer.json()["code"]), (503, &"unavailable".into()), "{answer:?}");
}
