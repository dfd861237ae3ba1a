//! What a newer writer has added to a row is still there after this code has written the row.

use super::{Given, Harness};
use app::commit::Replaces;
use app::ports::{Bell, Outbox, Session, Visit};
use domain::clock::Millis;
use domain::delivery::{DeliveryRef, VerdictKind};
use domain::group::{ExitReason, Position};
use domain::ids::{AccountId, GroupId, OrderId, Sha};
use domain::order::{Order, Status};
use store::identity::Identity;
use store::trading::Trading;

/// A row, as people name it.
#[derive(Debug, Clone)]
pub enum Row {
    Account(AccountId),
    Group(AccountId, GroupId),
    Order(GroupId, OrderId),
    Delivery(DeliveryRef),
    Outbox(Bell),
    Session(Sha),
}

fn given_up(order: &Order) -> Order {
    Order { status: Status::NotPlaced, ..order.clone() }
}

async fn all_wide<H: Harness>(harness: &H, rows: &[Row]) -> bool {
    for row in rows {
        if !harness.is_widened(row).await {
            return false;
        }
    }
    true
}

pub async fn a_commit_keeps_what_it_does_not_know<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let before = given.open(store, "buy", None).await;
    let (group, order) = (before.group.id.clone(), before.orders[0].id.clone());
    let account = given.account.clone();
    let rows = [Row::Account(account.clone()), Row::Group(account, group.clone()), Row::Order(group, order)];
    for row in &rows {
        harness.widen(row).await;
    }
    let leaving = before.leave(ExitReason::User, given.now);
    Trading(store).commit(&given.save(Some(&before), &leaving)).await.unwrap();
    let left = given.stored(store, &before).await;
    let ended = Position { orders: left.orders.iter().map(given_up).collect(), ..left.clone() };
    Trading(store).commit(&given.save(Some(&left), &ended)).await.unwrap();
    assert!(all_wide(harness, &rows).await, "group, order and account were written");
}

pub async fn a_verdict_keeps_what_it_does_not_know<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let delivery = given.delivery("buy", 0);
    Trading(store).put_delivery(&delivery, &given.stamp()).await.unwrap();
    let row = [Row::Delivery(delivery.at.clone())];
    harness.widen(&row[0]).await;
    Trading(store).postpone_delivery(&delivery, 1, given.now.plus(Millis::seconds(60))).await.unwrap();
    Trading(store).count_repeat(&delivery.at).await.unwrap();
    let verdict = given.judge(&delivery, VerdictKind::Ignored, Replaces::Undecided);
    Trading(store).commit(&given.transaction(vec![verdict])).await.unwrap();
    assert!(all_wide(harness, &row).await);
}

pub async fn a_bell_and_a_session_keep_what_is_not_known_of_them<H: Harness>(harness: &H) {
    let (given, store) = (Given::new(harness).await, harness.store());
    let (group, trace) = (GroupId::of(&[&given.unique]), "trace".to_owned());
    let bell = Bell { account: given.account.clone(), group, version: 1, again: None, trace };
    let outbox = Outbox { bell: bell.clone(), due_at: given.now, sends: 0 };
    Trading(store).commit(&given.transaction(vec![given.rung(&outbox)])).await.unwrap();
    let hash = Sha::of_bytes(given.unique.as_bytes());
    let session = Session::new(given.user.clone(), vec!["trading:read".to_owned()], None);
    harness.put_session(&hash, &session, given.now.plus(Millis::seconds(600))).await;
    let rows = [Row::Outbox(bell), Row::Session(hash.clone())];
    for row in &rows {
        harness.widen(row).await;
    }
    assert!(Trading(store).postpone_outbox(&outbox, given.now.plus(Millis::seconds(60))).await.unwrap());
    Identity(store).guard_session(&hash, Visit::at(given.now)).await.unwrap();
    assert!(all_wide(harness, &rows).await);
}
