//! Contracts at Binance's USDⓈ-M futures, on their own wire, with an owner who trades there by hand as well.

use crate::exchanges::{assert_books_agree, is_filled};
use crate::support::exchange::FUTURES;
use crate::support::futures::Held;
use crate::support::http::ask;
use crate::support::watching::{entries, is_protected};
use crate::support::{Alert, Trader, until};
use domain::money::Decimal;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};
use wire::view::{Order, OrderLineage, PositionGroupDetail, Protection};

const ORDER: &str = "POST /fapi/v1/order";

/// There is one account: a test has it for itself. Of tests in processes of their own their runner sees to that.
static TURN: Mutex<()> = Mutex::const_new(());

/// Somebody who may be lent five times there, and nobody else.
async fn alone() -> (MutexGuard<'static, ()>, Trader) {
    let turn = TURN.lock().await;
    FUTURES.begin_anew().await;
    FUTURES.price("64000").await;
    let trader = FUTURES.trader().await;
    let limits = format!("/api/v1/accounts/{}/limits", trader.account);
    let lent = ask(Method::PATCH, &limits, Some(&trader.bearer), json!({"leverage_max": 5}).to_string()).await;
    assert_eq!(lent.status, 200, "{lent:?}");
    (turn, trader)
}

async fn put(trader: &Trader, path: &str, body: &Value) {
    let done = ask(Method::PUT, &format!("/api/v1{path}"), Some(&trader.bearer), body.to_string()).await;
    assert!(matches!(done.status, 200 | 201), "{path}: {done:?}");
}

/// A hundredth of a coin, five times lent.
fn plan() -> Value {
    let step = json!({"profit_percent": "5", "amount_percent": "100"});
    json!({"base_order": {"quote": "640"}, "leverage": 5, "take_profit": {"steps": [step]}, "stop_loss_percent": "5"})
}

fn entry(side: &str) -> Alert {
    let plan = plan();
    let named = plan.as_object().unwrap().iter();
    named.fold(FUTURES.entry("64000").intent("side", side), |alert, (name, value)| alert.with(name, value.clone()))
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Its only one.
fn only(orders: &[Order]) -> &Order {
    assert_eq!(orders.len(), 1, "{orders:#?}");
    &orders[0]
}

async fn lineage(trader: &Trader, order: &Order) -> OrderLineage {
    trader.get(&format!("/orders/{}/lineage", order.id)).await.read()
}

/// What was said to the exchange of an order, which tells neither the key nor what signs with it.
async fn said(trader: &Trader, order: &Order) -> String {
    let (story, (key, secret)) = (lineage(trader, order).await, FUTURES.key("main").await);
    let said: String = story.exchanges.iter().map(|one| format!("{} {}\n", one.asked, one.answered)).collect();
    assert!(said.contains(&order.client_order_id), "{story:#?}");
    let told = serde_json::to_string(&story).unwrap();
    assert!(![&*key, &*secret, "signature="].iter().any(|kept| told.contains(kept)), "{told}");
    said
}

#[tokio::test]
async fn a_short_is_lent_to_opened_protected_and_bought_back_on_the_wire_of_futures() {
    let (_turn, trader) = alone().await;
    FUTURES.hedge_by_hand(true).await;
    put(&trader, "/presets/short", &plan()).await;
    let (began, free) = (FUTURES.now().await, FUTURES.free().await);
    let alert = FUTURES.entry("64000").intent("side", "short").with("preset", "short");
    let verdict = trader.judged(&alert).await;
    assert_eq!(
        (verdict.kind.as_str(), verdict.mode.map(|word| word.as_str())),
        ("accepted", Some("live")),
        "{verdict:?}"
    );
    let id = &verdict.position_group_ids[0];
    let held = trader.follow(id, "its take-profit to rest", is_protected).await;
    let (group, entry, target) = (&held.group, entries(&held)[0], only(&held.take_profit_orders));
    assert_eq!((&*group.exchange, &*group.symbol, group.side.as_str()), ("BINANCEUSDM", "BTC/USDT:USDT", "short"));
    assert_eq!((group.leverage, group.protected), (Some(5), Protection::ByPolling));
    assert_eq!((entries(&held).len(), entry.side.as_str(), &*held.quantity), (1, "sell", "0.01"), "{held:#?}");
    // Paid 640 and its fee of 0.05 %.
    assert_eq!((entry.state.as_str(), held.average_price.as_deref()), ("filled", Some("63968")), "{held:#?}");
    assert_eq!((target.side.as_str(), &*target.quantity), ("buy", "0.01"));
    assert!(decimal(target.price.as_deref().unwrap()) < decimal("61000"), "{target:?}");
    assert_eq!(FUTURES.held().await, Some(Held::isolated("short", "0.01", 5)));

    let told = FUTURES.told_after(began).await;
    let paths: Vec<&str> = told.iter().map(|(path, _)| &**path).collect();
    let settings = ["POST /fapi/v1/positionSide/dual", "POST /fapi/v1/marginType", "POST /fapi/v1/leverage"];
    assert_eq!(paths, [&settings[..], &[ORDER, ORDER]].concat(), "{told:#?}");
    let wanted = ["dualSidePosition=false", "marginType=ISOLATED", "leverage=5", "side=SELL&type=MARKET", "type=LIMIT"];
    assert!(told.iter().zip(wanted).all(|((_, asked), wanted)| asked.contains(wanted)), "{told:#?}");
    let only_reduces: Vec<bool> = told.iter().map(|(_, asked)| asked.contains("reduceOnly=true")).collect();
    assert_eq!(only_reduces, [false, false, false, false, true], "{told:#?}");

    FUTURES.price("63000").await;
    assert_eq!(trader.judged(&FUTURES.exit().intent("side", "short")).await.kind, "accepted");
    let closed = trader.closed(id).await;
    let exit = only(&closed.exit_orders);
    assert_eq!(
        (closed.group.exit_reason.map(|word| word.as_str()), exit.side.as_str()),
        (Some("signal"), "buy"),
        "{closed:#?}"
    );
    assert_eq!(only(&closed.take_profit_orders).state, "cancelled");
    assert_eq!(FUTURES.held().await, None);
    assert_books_agree(&FUTURES, &closed).await;
    // Sold for 640, bought back at the ask for 630.001, each with 0.05 %.
    assert_eq!((closed.group.realised_pnl.as_deref(), &*closed.fees.0["USDT"]), (Some("9.3639995"), "0.6350005"));
    assert_eq!(FUTURES.free().await - free, decimal("9.3639995"));
    assert!(said(&trader, entry).await.contains("side=SELL"));
    assert!(said(&trader, exit).await.contains("reduceOnly=true"));
}

#[tokio::test]
async fn a_rule_refuses_an_entry_by_its_leverage_and_by_the_spread_of_the_exchanges_book() {
    let (_turn, trader) = alone().await;
    for (kind, max, reason) in [("leverage", "3", "leverage_max"), ("spread", "0.0001", "spread_max")] {
        let rule = json!({"scope": {"kind": "exchange", "of": ["BINANCEUSDM"]}, "kind": kind, "max": max});
        let made = trader.post("/risk-rules", &rule).await.json();
        let refused = trader.judged(&entry("long")).await;
        let limit = refused.limit.as_ref().unwrap_or_else(|| panic!("{refused:?}"));
        assert_eq!((refused.reason.as_deref(), limit.rule_id.as_deref()), (Some(reason), made["id"].as_str()));
        assert_eq!((&*limit.allowed, limit.would_pass.as_deref()), (max, None), "no size passes: {refused:?}");
        let one = format!("/api/v1/risk-rules/{}", made["id"].as_str().unwrap());
        assert_eq!(ask(Method::DELETE, &one, Some(&trader.bearer), "").await.status, 204);
    }
}

#[tokio::test]
async fn a_long_whose_answer_is_lost_is_found_and_its_stop_is_watched() {
    let (_turn, trader) = alone().await;
    let began = FUTURES.now().await;
    FUTURES.fault("timeout_after", json!({"ms": 8_000})).await;
    let group = trader.open(&entry("long")).await;
    let held = trader.follow(&group, "its take-profit to rest", is_protected).await;
    let entry = entries(&held)[0];
    assert!(entries(&held).len() == 1 && is_filled(&held), "{held:#?}");
    let is_entry = |seen: &&Value| seen["purpose"] == "create" && seen["client_order_id"] == *entry.client_order_id;
    let sent: Vec<Value> = FUTURES.requests().await.iter().filter(is_entry).cloned().collect();
    assert_eq!((sent.len(), &sent[0]["fault"]), (1, &json!("timeout_after")), "{sent:#?}");
    assert_eq!(FUTURES.held().await, Some(Held::isolated("long", "0.01", 5)));

    FUTURES.price("60000").await;
    let closed = trader.closed(&group).await;
    assert_eq!(closed.group.exit_reason.map(|word| word.as_str()), Some("stop_loss"), "{closed:#?}");
    // Bought at the ask for 640.001, sold for 600, each with 0.05 %.
    assert_eq!(closed.group.realised_pnl.as_deref(), Some("-40.6210005"), "{closed:#?}");
    let told = FUTURES.told_after(began).await;
    let opening = told.iter().filter(|(path, asked)| path == ORDER && !asked.contains("reduceOnly=true"));
    assert_eq!((opening.count(), FUTURES.held().await), (1, None), "{told:#?}");
    assert_books_agree(&FUTURES, &closed).await;
}

#[tokio::test]
async fn contracts_that_their_owner_opened_by_hand_are_neither_closed_nor_added_to() {
    let (_turn, trader) = alone().await;
    FUTURES.trade_by_hand("BUY", "0.02").await;
    let began = FUTURES.now().await;
    for side in ["short", "long"] {
        let delivery = trader.deliver(&entry(side)).await;
        let verdict = trader.verdict(&delivery, |verdict| verdict.kind == "refused").await;
        assert_eq!(verdict.reason.as_deref(), Some("position_not_ours"), "{verdict:?}");
        assert!(verdict.detail.as_deref().unwrap().contains("0.02 more of BTC/USDT:USDT long"), "{verdict:?}");
        let failed = trader.group(&verdict.position_group_ids[0]).await;
        assert_eq!(
            (failed.group.status.as_str(), entries(&failed)[0].state.as_str()),
            ("failed", "not_placed"),
            "{failed:#?}"
        );
    }
    assert_eq!(FUTURES.told_after(began).await, []);
    let own = FUTURES.held().await.unwrap();
    assert_eq!((own.side.as_str(), &*own.quantity, own.leverage, own.isolated), ("long", "0.02", 20, false));
    let account = trader.account_state().await;
    assert_eq!((account.open_groups, &*account.exposure), (0, "0"), "{account:#?}");
}

/// A short whose take-profit rests, and which its owner has bought back by hand at this time.
async fn closed_by_hand(trader: &Trader) -> (String, i64) {
    let group = trader.open(&entry("short")).await;
    trader.follow(&group, "its take-profit to rest", is_protected).await;
    FUTURES.trade_by_hand("BUY", "0.01").await;
    assert_eq!(FUTURES.held().await, None);
    (group, FUTURES.now().await)
}

async fn close(trader: &Trader, group: &str) -> PositionGroupDetail {
    assert_eq!(trader.post(&format!("/position-groups/{group}/close"), &json!({})).await.status, 202);
    trader.closed(group).await
}

/// Few, and none that could open anything.
fn assert_only_reduce(told: &[(String, String)]) {
    let may_open = |(what, asked): &(String, String)| what == ORDER && !asked.contains("reduceOnly=true");
    assert!(told.len() < 4 && !told.iter().any(may_open), "{told:#?}");
}

#[tokio::test]
async fn what_its_owner_closes_by_hand_is_marked_and_nothing_goes_on_being_sent_for_it() {
    let (_turn, trader) = alone().await;
    let (group, by_hand) = closed_by_hand(&trader).await;
    let is_marked = |group: &PositionGroupDetail| group.group.missing.is_some();
    let marked = trader.follow(&group, "the mark", is_marked).await;
    assert_eq!((marked.group.missing.as_deref(), marked.group.needs_attention), (Some("0.01"), true), "{marked:#?}");
    let drift = trader.account_state().await.drift;
    let missing = &drift.missing["BTC"];
    assert_eq!((&*missing.missing, &*missing.held, &*missing.at_venue), ("0.01", "0.01", "0"));
    assert_only_reduce(&FUTURES.told_after(by_hand).await);

    let marked_at = FUTURES.now().await;
    trader.passes(4).await;
    let refused = trader.judged(&entry("short").tv("timeframe", "1D")).await;
    assert_eq!((refused.kind.as_str(), refused.reason.as_deref()), ("refused", Some("market_taken")), "{refused:?}");
    let closed = close(&trader, &group).await;
    assert_eq!((closed.group.missing.as_deref(), closed.exit_orders.len()), (Some("0.01"), 0), "{closed:#?}");
    assert_eq!((FUTURES.told_after(marked_at).await, FUTURES.held().await), (vec![], None));
    // The margin is counted as lost, whatever the owner has made of it: 639.68 over 5.
    let account = trader.account_state().await;
    assert_eq!((account.open_groups, &*account.day_loss), (0, "127.936"), "{account:#?}");
}

#[tokio::test]
async fn an_exit_that_finds_nothing_left_opens_nothing_and_comes_to_an_end() {
    let (_turn, trader) = alone().await;
    let (group, by_hand) = closed_by_hand(&trader).await;
    let closed = close(&trader, &group).await;
    assert_eq!((closed.group.missing.as_deref(), closed.group.needs_attention), (Some("0.01"), true), "{closed:#?}");
    let is_refused = |order: &Order| order.reason.as_ref().is_some_and(|why| why.code == "reduce_only");
    let mut sent = closed.exit_orders.iter().filter(|order| order.submitted_at.is_some()).peekable();
    assert!(sent.peek().is_some() && sent.all(is_refused), "{closed:#?}");
    assert_only_reduce(&FUTURES.told_after(by_hand).await);
    assert_eq!(FUTURES.held().await, None);
    // What was marked as missing is so until a pass has looked again.
    let is_over = async || trader.account_state().await.drift.missing.is_empty().then_some(());
    until("nothing to be missing", is_over).await;
    let again = trader.open(&entry("long")).await;
    trader.follow(&again, "its take-profit to rest", is_protected).await;
    let closed = close(&trader, &again).await;
    assert_books_agree(&FUTURES, &closed).await;
}
