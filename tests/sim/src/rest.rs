//! Liveness: what may not go on for ever.

use crate::seen::deliveries;
use crate::{Deployment, promised, seed};
use domain::group::Position;
use domain::ids::AccountId;
use domain::money::Decimal;
use domain::order::{Order, Status};
use testkit::world::Table;

/// What still keeps the deployment from resting; nothing where all is done that can be done.
pub(crate) fn unrest(deployment: &Deployment) -> Option<String> {
    if !deployment.world().sim().is_quiet() {
        return Some("something is under way".to_owned());
    }
    if !deployment.world().is_recovered() {
        return Some("the table is not recovered".to_owned());
    }
    let table = deployment.world().table();
    let waits = deliveries(&table).into_iter().find(|delivery| !delivery.is_settled());
    if let Some(delivery) = waits {
        return Some(format!("{} waits for its verdict", delivery.at.id));
    }
    if let Some(outbox) = table.bells().next() {
        return Some(format!("the bell of version {} is not rung", outbox.bell.version));
    }
    if messages_wait(deployment) {
        return Some("messages are in the queues".to_owned());
    }
    let mut positions = table.positions();
    positions
        .find_map(|position| {
            restless(&position)
                .or_else(|| promised::rests_unknown(&table, &position).into_iter().next())
                .or_else(|| beyond_its_stop(deployment, &position))
        })
        .or_else(|| seed::accounts(&table).find_map(|account| unmarked(&table, &account)))
}

pub(crate) fn messages_wait(deployment: &Deployment) -> bool {
    let queues = deployment.world().queues();
    !queues.signals.is_empty() || !queues.orders.is_empty()
}

/// What is missing of live groups is marked on them and on their account, and nothing else.
fn unmarked(table: &Table, account: &AccountId) -> Option<String> {
    let is_live = |position: &Position| position.group.account == *account && !position.group.is_settled();
    let live: Vec<Position> = table.positions().filter(is_live).collect();
    let claims: Decimal = live.iter().map(|position| position.claim().unwrap().get()).sum();
    let marked: Decimal = live.iter().map(|position| position.missing().get()).sum();
    let book = table.book(account)?;
    let there = if live.iter().any(|position| position.group.market.kind.is_linear()) {
        book.contracts.values().map(|open| open.held.quantity.get()).sum()
    } else {
        let balance = book.balances[&seed::market().key.symbol.base];
        balance.free.get() + balance.locked.get()
    };
    let missing = (claims - there).max(Decimal::ZERO);
    let known = table.account(account)?.drift.of(&seed::market().key.symbol.base);
    let known = known.map_or(Decimal::ZERO, |shortage| shortage.missing.get());
    let told = || format!("{missing} of {claims} are missing, {marked} are marked, {known} known of the account");
    (missing != marked || known != marked).then(told)
}

fn restless(position: &Position) -> Option<String> {
    let id = &position.group.id;
    if let Some(order) = position.orders.iter().find(|order| is_restless(order)) {
        return Some(format!("{} e{} of {id} is {}", order.purpose, order.epoch, order.status.as_str()));
    }
    (position.group.exit.is_some() && !position.group.is_settled()).then(|| format!("{id} is on its way out"))
}

/// What is held at a price beyond its stop is to be left.
fn beyond_its_stop(deployment: &Deployment, position: &Position) -> Option<String> {
    let (group, now) = (&position.group, deployment.now());
    let price = deployment.world().prices().at(&group.market.key, now)?;
    let parts = if position.stands_alone() { position.parts().unwrap() } else { vec![position.clone()] };
    let is_beyond = |part: &Position| {
        let is_held = part.group.exit.is_none() && !part.ledger().unwrap().held().unwrap().is_zero();
        is_held && part.is_stopped(price, now, now).unwrap()
    };
    let is_live = !group.is_settled() && group.exit.is_none();
    (is_live && parts.iter().any(is_beyond)).then(|| format!("{} is live at {price}, beyond its stop", group.id))
}

/// To be sent, in doubt, or to be cancelled.
fn is_restless(order: &Order) -> bool {
    let in_hand = matches!(order.status, Status::Planned | Status::Submitting | Status::Unknown);
    in_hand || (order.cancel_wanted.is_some() && !order.status.is_final())
}
