//! Orders in doubt that their user ends.

use crate::support::http::{Answer, ask};
use crate::support::people::{self, Someone};
use crate::support::unique::{now, unique};
use crate::support::{Stack, Trader};
use app::commit::{self, Transaction};
use domain::account::Funds;
use domain::alert::Side;
use domain::clock::Millis;
use domain::group::{self, Opening, Position};
use domain::identity::Role;
use domain::ids::AttemptId;
use domain::limits;
use domain::order::{Command, Submission};
use reqwest::Method;
use serde_json::{Value, json};
use store::trading::Trading;
use wire::view::{Order, OrderDetail};

#[tokio::test]
async fn an_order_that_was_never_there_is_ended_by_its_user() {
    let trader = Trader::new().await;
    let person = themselves(&trader).await;
    let order = in_doubt(&trader, limits::RESOLVE_AFTER).await;
    let said = json!({"outcome": "not_placed", "reason": "not in the venue's list"});
    let resolved = resolve(&person, &order, &said).await;
    assert_eq!(resolved.status, 202, "{resolved:?}");
    assert_eq!(resolved.read::<Order>().state, "not_placed");
    assert_eq!(resolve(&person, &order, &said).await.status, 202, "the same again");
    let group = trader.group(&order.position_group_id).await;
    assert!(group.history.iter().any(|entry| entry.why.contains("not in the venue's list")), "{:#?}", group.history);
    let other = json!({"outcome": "filled", "quantity": "1", "price": "100", "reason": "no, it was"});
    let refused = resolve(&person, &order, &other).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("not_in_doubt")));
}

#[tokio::test]
async fn what_a_user_saw_filled_counts() {
    let trader = Trader::new().await;
    let person = themselves(&trader).await;
    let order = in_doubt(&trader, limits::RESOLVE_AFTER).await;
    let fill = json!({"outcome": "filled", "quantity": "0.5", "price": "100", "fee": "0.05", "fee_asset": "USDT",
        "reason": "seen at the venue"});
    assert_eq!(resolve(&person, &order, &fill).await.status, 202);
    let detail = trader.get(&format!("/orders/{}", order.id)).await.read::<OrderDetail>();
    assert_eq!((detail.order.state.as_str(), &*detail.order.filled, detail.order.declared), ("cancelled", "0.5", true));
    assert_eq!((&*detail.fills[0].trade_id, detail.fills[0].fee.as_deref()), ("declared", Some("0.05")));
    assert_eq!(trader.group(&order.position_group_id).await.quantity, "0.5");
}

#[tokio::test]
async fn what_may_still_be_found_is_not_resolved() {
    let trader = Trader::new().await;
    let person = themselves(&trader).await;
    let order = in_doubt(&trader, Millis::ZERO).await;
    let early = resolve(&person, &order, &json!({"outcome": "not_placed", "reason": "impatient"})).await;
    assert_eq!((early.status, &early.json()["code"]), (409, &json!("too_early")));
    let held = trader.hold(&trader.entry().tv("timeframe", "1D")).await;
    let resting = &held.take_profit_orders[0];
    let placed = resolve(&person, resting, &json!({"outcome": "not_placed", "reason": "wrong"})).await;
    assert_eq!((placed.status, &placed.json()["code"]), (409, &json!("not_in_doubt")));
    let body = json!({"outcome": "not_placed", "reason": "x"}).to_string();
    let unknown = ask(Method::POST, "/api/v1/orders/ord_nobody/resolve", Some(&person.token), body).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_programs_key_resolves_nothing() {
    let trader = Trader::new().await;
    let order = in_doubt(&trader, limits::RESOLVE_AFTER).await;
    let said = json!({"outcome": "not_placed", "reason": "not in the venue's list"});
    let refused = trader.post(&format!("/orders/{}/resolve", order.id), &said).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("missing_scope")));
    assert_eq!(trader.orders().await[0].state, "unknown");
}

/// By its user, who has logged in.
async fn resolve(person: &Someone, order: &Order, body: &Value) -> Answer {
    let path = format!("/api/v1/orders/{}/resolve", order.id);
    ask(Method::POST, &path, Some(&person.token), body.to_string()).await
}

async fn themselves(trader: &Trader) -> Someone {
    people::known(trader.user.clone(), Role::Trader).await
}

/// An entry whose executor has died, as if it had been sent so long ago and had never arrived.
async fn in_doubt(trader: &Trader, ago: Millis) -> Order {
    let position = lost(&opened(trader), ago);
    let changes = commit::position(None, &position, "its sender has died", now()).unwrap();
    let transaction = Transaction { stamp: AttemptId::new(unique()), at: now(), changes };
    Trading(&trader.aws).commit(&transaction).await.unwrap();
    Order::of(&position.orders[0]).unwrap()
}

fn opened(trader: &Trader) -> Position {
    let delivery = trader.received(&trader.entry(), Millis::ZERO);
    let opening = Opening {
        deployment: Stack::get().deployment(),
        account: &trader.account,
        mode: None,
        alert: &wire::alert::parse(&delivery.body, None).unwrap(),
        delivery: &delivery,
        market: &trader.market,
        side: Side::Long,
        price: "100".parse().unwrap(),
        funds: Funds::default(),
        share: None,
        now: now(),
    };
    group::open(&opening).unwrap().0
}

fn lost(before: &Position, ago: Millis) -> Position {
    let submission = Submission { sent_at: now().minus(ago), by: AttemptId::new(unique()) };
    let commands = [Command::Submit(submission), Command::LoseTrack];
    let id = &before.orders[0].id;
    commands.iter().fold(before.clone(), |position, command| position.command(id, command).unwrap())
}
