//! Asking the venue about orders, and believing it.

use crate::ports::{Address, Terms, Venue};
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::OrderId;
use domain::limits;
use domain::order::{Command, Fact, Order, Status};
use std::collections::BTreeMap;

/// What the venue has said in this pass, order by order; `None` where it knows no such order.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<OrderId, Option<Fact>>);

impl Answers {
    /// Asks about every order that needs it and was not asked about yet. What cannot be read stays without an answer.
    pub(super) async fn complete<V: Venue>(&mut self, venue: &V, position: &Position, now: Timestamp) {
        for order in position.orders.iter().filter(|order| is_open_question(order, now)) {
            if self.0.contains_key(&order.id) {
                continue;
            }
            let address = Address {
                account: position.group.account.clone(),
                market: position.group.market.clone(),
                client_id: order.client_id.clone(),
            };
            if let Ok(answer) = venue.find_order(&address).await {
                self.0.insert(order.id.clone(), answer);
            }
        }
    }
}

/// Sent and not final, or final with trades that are not all known. One that is being sent right now is left alone.
fn is_open_question(order: &Order, now: Timestamp) -> bool {
    match order.status {
        Status::Planned | Status::NotPlaced | Status::Rejected => false,
        Status::Submitting => {
            let sent = order.submission.as_ref().map_or(now, |submission| submission.sent_at);
            now.since(sent) > limits::EXECUTOR_VISIBILITY
        }
        status if status.is_final() => !order.is_accounted().unwrap_or(false),
        _ => true,
    }
}

/// The position with all facts merged: in steps that each bring at most so many fills as one commit may hold.
pub(super) fn merged_in_parts(position: &Position, answers: &Answers) -> Vec<Position> {
    let mut merged = Vec::new();
    let mut current = position.clone();
    for (order, fact) in answers.0.iter().filter_map(|(order, fact)| Some((order, fact.as_ref()?))) {
        let new = unknown_to(current.order(order), fact);
        let parts = new.parts(limits::FILLS_PER_COMMIT_MAX);
        let last = parts.len().saturating_sub(1);
        for (index, part) in parts.into_iter().enumerate() {
            current = current.observe(order, &part);
            if index < last {
                merged.push(current.clone());
            }
        }
        // Two orders with many fills each must not meet in one commit.
        if new.fills.len() > limits::FILLS_PER_COMMIT_MAX / 2 {
            merged.push(current.clone());
        }
    }
    merged.push(current);
    merged
}

/// The fact without the fills that are known already, so that old fills take no room in a commit.
fn unknown_to(order: Option<&Order>, fact: &Fact) -> Fact {
    let is_new = |(trade, fill): &(&domain::order::TradeId, &domain::order::Fill)| {
        order.and_then(|order| order.fills.get(*trade)) != Some(*fill)
    };
    let fills = fact.fills.iter().filter(is_new).map(|(trade, fill)| (trade.clone(), fill.clone())).collect();
    Fact { fills, ..fact.clone() }
}

/// Orders in doubt that the venue does not know, after the fence of time: seen once, then proven.
pub(super) fn absences(position: &Position, answers: &Answers, terms: Terms, now: Timestamp) -> Position {
    let fence = limits::absence_fence(terms.validity, terms.read_lag);
    let mut position = position.clone();
    let absent = answers.0.iter().filter(|(_, answer)| answer.is_none()).map(|(order, _)| order);
    for id in absent {
        let Some(order) = position.order(id).filter(|order| order.status == Status::Unknown) else { continue };
        let sent = order.submission.as_ref().map(|submission| submission.sent_at);
        if sent.is_none_or(|sent| now < sent.plus(fence)) {
            continue;
        }
        // `now` is later than the first look only in a later pass.
        let seen_before = order.absent_at.is_some_and(|at| at < now);
        let command = if seen_before { Command::ProveAbsent } else { Command::SeeAbsent(now) };
        if let Ok(commanded) = position.command(id, &command) {
            position = commanded;
        }
    }
    position
}
