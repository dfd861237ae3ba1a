//! Asking the venue about orders, and believing it.

use super::is_late;
use crate::ask::{address, among, find};
use crate::ports::{Address, Clock, Said, Tells, Terms, Venue};
use crate::run::Run;
use crate::value::valued;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::{ClientOrderId, OrderId};
use domain::limits;
use domain::lineage::Evidence;
use domain::order::{Fact, Order, Reading, Status};
use std::collections::{BTreeMap, BTreeSet};

/// What the venue has said in this pass, order by order.
#[derive(Debug, Default)]
pub(super) struct Answers {
    told: BTreeMap<OrderId, Answer>,
    /// Every order that was asked about: also where nothing could be read, it is not asked about again.
    asked: BTreeSet<OrderId>,
    /// What was said of orders in doubt.
    said: Vec<(OrderId, Vec<Said>)>,
}

/// What it has said of one order.
#[derive(Debug)]
struct Answer {
    asked_at: Timestamp,
    /// `None` where it knows no such order.
    fact: Option<Fact>,
}

/// What is to be asked about one group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Questions {
    pub(super) slot: i64,
    pub(super) most: usize,
    pub(super) of: fn(&Order) -> bool,
}

impl Answers {
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// What stands behind whatever follows from them, for people.
    pub(super) fn evidence(&self) -> Evidence {
        let mut evidence = Evidence::default();
        self.said.iter().for_each(|(order, said)| evidence.hear(order, said.clone()));
        evidence
    }

    /// Whether the venue has answered for every order that needs it.
    pub(super) fn are_complete(&self, position: &Position, now: Timestamp) -> bool {
        position
            .orders
            .iter()
            .filter(|order| is_open_question(order, now))
            .all(|order| self.told.contains_key(&order.id))
    }

    /// Asks about every order that needs it and was not asked about yet. What cannot be read stays without an answer.
    ///
    /// No question begins that could outlast the run: with what was answered so far there is still to be decided.
    pub(super) async fn complete<V: Venue, C: Clock>(
        &mut self,
        venue: &V,
        clock: &C,
        position: &Position,
        questions: Questions,
        run: &Run,
    ) {
        for order in self.open(position, questions, clock.now()) {
            if is_late(clock, run) {
                return;
            }
            let asked_at = clock.now();
            self.asked.insert(order.id.clone());
            let _of_what_was_read = venue.said();
            let asked = find(venue, &position.group, order, || !is_late(clock, run)).await;
            if order.status.is_in_doubt() {
                self.said.push((order.id.clone(), venue.said()));
            }
            if let Ok(found) = asked {
                let fact = match found {
                    Some(fact) if !is_late(clock, run) => Some(valued(venue, &position.group, fact).await),
                    found => found,
                };
                self.told.insert(order.id.clone(), Answer { asked_at, fact });
            }
        }
    }

    /// Where orders are to be found that can be asked about together: those in doubt are asked about one by one, since what is
    /// said of each is kept.
    pub(super) fn together(&self, position: &Position, now: Timestamp) -> Vec<Address> {
        let is_meant = |order: &&Order| is_open_question(order, now) && !order.status.is_in_doubt();
        let unasked = position.orders.iter().filter(is_meant).filter(|order| !self.asked.contains(&order.id));
        unasked.map(|order| address(&position.group, order, &order.client_id)).collect()
    }

    /// Takes what was told of many orders at once. Whichever is not among them was not asked about.
    pub(super) async fn hear<V: Venue, C: Clock>(
        &mut self,
        venue: &V,
        clock: &C,
        position: &Position,
        (asked_at, told): (Timestamp, &BTreeMap<ClientOrderId, Fact>),
        run: &Run,
    ) {
        for order in &position.orders {
            let Some(fact) = among(told, order) else { continue };
            let fact = if is_late(clock, run) { fact } else { valued(venue, &position.group, fact).await };
            self.asked.insert(order.id.clone());
            self.told.insert(order.id.clone(), Answer { asked_at, fact: Some(fact) });
        }
    }

    /// Those in doubt first, and the rest in turn.
    fn open<'a>(&self, position: &'a Position, questions: Questions, now: Timestamp) -> Vec<&'a Order> {
        let is_meant = |order: &Order| is_open_question(order, now) || order.is_on_its_users_word(now);
        let unasked = |order: &&Order| is_meant(order) && !self.asked.contains(&order.id);
        let mut open: Vec<&Order> =
            position.orders.iter().filter(unasked).filter(|order| (questions.of)(order)).collect();
        let turn = questions.slot.wrapping_mul(limits::QUESTIONS_STRIDE);
        let first = i64::try_from(open.len()).ok().and_then(|count| turn.checked_rem_euclid(count));
        open.rotate_left(first.and_then(|first| usize::try_from(first).ok()).unwrap_or_default());
        open.sort_by_key(|order| !order.status.is_in_doubt());
        open.truncate(questions.most);
        open
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
pub(super) fn merged_in_parts(position: &Position, answers: &Answers, now: Timestamp) -> Vec<Position> {
    let (mut merged, mut fills, mut orders) = (Vec::new(), 0_usize, 0_usize);
    let mut current = position.clone();
    let told = answers.told.iter().filter_map(|(order, answer)| Some((order, answer.fact.clone()?)));
    // Behind what the venue has told: a value that it has just named is the greater fact.
    for (order, fact) in &told.chain(waited_in_vain(position, answers, now)).collect::<Vec<_>>() {
        let new = unknown_to(current.order(order), fact);
        orders = orders.saturating_add(1);
        if orders > limits::ORDERS_PER_COMMIT_MAX {
            merged.push(current.clone());
            (fills, orders) = (0, 1);
        }
        for part in new.parts(limits::FILLS_PER_COMMIT_MAX) {
            // What does not fit into the commit that is being filled begins another.
            if fills.saturating_add(part.fills.len()) > limits::FILLS_PER_COMMIT_MAX {
                merged.push(current.clone());
                (fills, orders) = (0, 1);
            }
            fills = fills.saturating_add(part.fills.len());
            current = current.observe(order, &part);
        }
    }
    merged.push(current);
    merged
}

/// Trades that were known before this look, and whose fee, or its value, was waited for in vain: none that this look has not
/// tried.
fn waited_in_vain<'a>(
    position: &'a Position,
    answers: &Answers,
    now: Timestamp,
) -> impl Iterator<Item = (&'a OrderId, Fact)> {
    let asked = position.orders.iter().filter(|order| answers.told.contains_key(&order.id));
    let in_vain = asked.map(move |order| {
        // What cannot be reckoned exactly is waited for.
        let reckoned = order.reckoned(&position.group.market, now).unwrap_or_default();
        (&order.id, order.unvalued(now).into_iter().chain(reckoned).collect::<BTreeMap<_, _>>())
    });
    let in_vain = in_vain.filter(|(_, fills)| !fills.is_empty());
    in_vain.map(|(order, fills)| (order, Fact { fills, ..Fact::default() }))
}

/// The fact without the fills that are known already, so that old fills take no room in a commit.
fn unknown_to(order: Option<&Order>, fact: &Fact) -> Fact {
    let is_new = |(trade, fill): &(&domain::order::TradeId, &domain::order::Fill)| {
        order.and_then(|order| order.fills.get(*trade)) != Some(*fill)
    };
    let fills = fact.fills.iter().filter(is_new).map(|(trade, fill)| (trade.clone(), fill.clone())).collect();
    Fact { fills, ..fact.clone() }
}

/// Orders that the venue does not know, after the fence of time: those in doubt are seen once, then proven as never placed.
/// Where the venue promises no bound for what arrives late, none ever is. One that it had accepted is marked as not shown, and
/// no look ends it.
///
/// What counts is when the venue was asked, not when its answer is looked at; a question without an answer is none.
pub(super) fn absences(position: &Position, answers: &Answers, terms: Terms) -> Position {
    let mut position = position.clone();
    let absent = answers.told.iter().filter(|(_, answer)| answer.fact.is_none());
    // More of them are the next look's.
    let mut room = limits::ORDERS_PER_COMMIT_MAX;
    for (id, answer) in absent {
        let unseen = position.order(id).and_then(|order| order.unseen(answer.asked_at, reading(terms, order)));
        let commanded = unseen.and_then(|command| position.command(id, &command).ok());
        if let (Some(commanded), true) = (commanded, room > 0) {
            (position, room) = (commanded, room.saturating_sub(1));
        }
    }
    position
}

/// How far the venue is believed about this order.
pub(super) fn reading(terms: Terms, order: &Order) -> Reading {
    let by_id = match terms.tells {
        Tells::ByOurId => true,
        Tells::ByItsOwnId => order.venue_id.is_some(),
        Tells::InLists => false,
    };
    Reading { validity: terms.validity, lag: terms.read_lag, reach: terms.lists_reach, by_id }
}

/// Whether an order has ended here because its venue did not know it.
pub(super) fn called_absent(before: &Position, after: &Position) -> bool {
    let was_open = |order: &Order| before.order(&order.id).is_some_and(|was| !was.status.is_final());
    after.orders.iter().any(|order| order.status.is_final() && was_open(order))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trading::sample::position_of_an_entry;
    use domain::order::{FeeValue, Fill, TradeId};

    /// Its trade was told a while ago, and what it has cost is not told now either.
    #[test]
    fn a_fee_that_the_venue_goes_on_not_telling_is_reckoned() {
        let mut position = position_of_an_entry();
        let (price, quantity) = ("100".parse().unwrap(), "1".parse().unwrap());
        let fill = Fill { fee: None, price, quantity, at: Timestamp::default() };
        let fact = Fact { fills: BTreeMap::from([(TradeId("1".to_owned()), fill)]), ..Fact::of(Status::Filled) };
        position.orders[0].fills.clone_from(&fact.fills);
        let id = position.orders[0].id.clone();
        let fees = |asked: bool, now: Timestamp| {
            let answer = Answer { asked_at: now, fact: Some(fact.clone()) };
            let told = if asked { BTreeMap::from([(id.clone(), answer)]) } else { BTreeMap::new() };
            let merged = merged_in_parts(&position, &Answers { told, ..Answers::default() }, now).pop().unwrap();
            merged.orders[0].fills.values().map(|fill| fill.fee.as_ref().map(|fee| fee.value)).collect::<Vec<_>>()
        };
        let waited = Timestamp::default().plus(limits::FEE_TOLD_WAIT);
        assert_eq!(fees(true, waited), [Some(FeeValue::Reckoned)]);
        assert_eq!(fees(false, waited), [None], "nobody was asked");
        assert_eq!(fees(true, waited.plus(domain::clock::Millis::new(-1))), [None]);
    }
}
