//! What the venue remembers of our orders beside its book: what reached it when, so that reads can lag behind it.

use app::ports::{Balance, Request};
use domain::clock::Timestamp;
use domain::ids::{AccountId, ClientOrderId};
use domain::market::Asset;
use domain::money::Quantity;
use domain::order::{Fact, Status};
use std::collections::{BTreeMap, BTreeSet};

/// What went over the wire, as the venue's own log would have it.
#[derive(Debug, Default)]
pub struct Traffic {
    /// Before this, whoever sent has been forgotten.
    restored_at: Option<Timestamp>,
    sent: BTreeMap<ClientOrderId, Request>,
    accepted: BTreeMap<ClientOrderId, Timestamp>,
    /// How often an order was answered that had its id before.
    first_returned: usize,
    cancelled: BTreeMap<ClientOrderId, Timestamp>,
    /// What the venue has ended, and that rests on.
    revived: BTreeSet<ClientOrderId>,
    /// What was read, oldest first.
    asked: Vec<(Timestamp, &'static str)>,
    /// Of each account, as they were from that time on.
    balances: BTreeMap<AccountId, Vec<(Timestamp, Balances)>>,
}

type Balances = BTreeMap<Asset, Balance>;

impl Traffic {
    /// Every request that left.
    pub fn sent(&self) -> impl Iterator<Item = &Request> {
        self.sent.values()
    }

    /// Every request that left, and that the venue has not taken.
    pub fn lost(&self) -> impl Iterator<Item = &Request> {
        self.sent.values().filter(|request| !self.accepted.contains_key(&request.client_id))
    }

    /// How often what came twice was answered with the first order.
    pub fn first_returned(&self) -> usize {
        self.first_returned
    }

    pub(super) fn return_first(&mut self) {
        self.first_returned += 1;
    }

    /// Whether the venue has taken an order of this id.
    pub fn has_accepted(&self, id: &ClientOrderId) -> bool {
        self.accepted.contains_key(id)
    }

    /// When which question was asked.
    pub fn asked(&self) -> &[(Timestamp, &'static str)] {
        &self.asked
    }

    pub(super) fn ask(&mut self, question: &'static str, at: Timestamp) {
        self.asked.push((at, question));
    }

    /// Whether it is the first with its client order id. One that was lost on the wire together with the table that told
    /// of it is sent as if for the first time: the venue has never had it, and too late it would be refused.
    pub(super) fn send(&mut self, request: &Request) -> bool {
        let id = &request.client_id;
        let forgotten = |earlier: &Request| self.restored_at.is_some_and(|at| earlier.sent_at < at);
        let before = self.sent.insert(id.clone(), request.clone());
        before.is_none_or(|earlier| forgotten(&earlier) && !self.accepted.contains_key(id))
    }

    pub(super) fn forget(&mut self, restored_at: Timestamp) {
        self.restored_at = Some(restored_at);
    }

    /// Whether it is the first with its client order id.
    pub(super) fn accept(&mut self, id: &ClientOrderId, at: Timestamp) -> bool {
        self.accepted.insert(id.clone(), at).is_none()
    }

    pub(super) fn cancel(&mut self, id: &ClientOrderId, at: Timestamp) {
        self.cancelled.insert(id.clone(), at);
    }

    pub(super) fn revive(&mut self, id: &ClientOrderId) {
        self.revived.insert(id.clone());
    }

    /// Whether it rests there though the venue has ended it, or has come behind every time that the venue promises.
    pub(super) fn rests_by_fault(&self, id: &ClientOrderId) -> bool {
        self.revived.contains(id) || !self.has_accepted(id)
    }

    pub(super) fn balances_are(&mut self, account: &AccountId, at: Timestamp, balances: &Balances) {
        self.balances.entry(account.clone()).or_default().push((at, balances.clone()));
    }

    /// The balances as a read shows them that sees nothing newer than `horizon`.
    pub(super) fn balances_as_of(&self, account: &AccountId, horizon: Timestamp) -> Balances {
        let known = self.balances.get(account).into_iter().flatten();
        let seen = known.take_while(|(at, _)| *at <= horizon).last();
        seen.or_else(|| self.balances.get(account)?.first()).map(|(_, balances)| balances.clone()).unwrap_or_default()
    }

    /// What a read shows that sees nothing newer than `horizon`. An order that is not seen yet is found by its trades, which tell
    /// no state.
    pub(super) fn as_of(&self, id: &ClientOrderId, fact: &Fact, horizon: Horizon) -> Option<Fact> {
        let fills: BTreeMap<_, _> = fact
            .fills
            .iter()
            .filter(|(_, fill)| fill.at <= horizon.trades)
            .map(|(trade, fill)| (trade.clone(), fill.clone()))
            .collect();
        let told = Fact { fills, ..fact.clone() };
        if self.accepted.get(id).is_some_and(|at| *at > horizon.orders) {
            let none = Fact { fills: told.fills, ..Fact::default() };
            return (!none.fills.is_empty()).then_some(none);
        }
        let known: Vec<_> = fact.fills.values().filter(|fill| fill.at <= horizon.orders).collect();
        let is_open_yet = self.cancelled.get(id).is_some_and(|at| *at > horizon.orders);
        if known.len() == fact.fills.len() && !is_open_yet {
            return Some(told);
        }
        let sum = |sum: Quantity, more: Quantity| sum.plus(more).expect("quantities of a test stay exact");
        let cumulative = known.iter().map(|fill| fill.quantity).fold(Quantity::ZERO, sum);
        let status = if known.is_empty() { Status::Open } else { Status::PartiallyFilled };
        Some(Fact { status: Some(status), cumulative, ..told })
    }
}

/// The newest that a read shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Horizon {
    pub(super) orders: Timestamp,
    pub(super) trades: Timestamp,
}

impl Horizon {
    /// Of both.
    pub(super) fn at(at: Timestamp) -> Self {
        Self { orders: at, trades: at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::order::{Fill, TradeId};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn filled() -> Fact {
        let fill = |quantity: &str, seconds| Fill {
            fee: None,
            price: "100".parse().unwrap(),
            quantity: quantity.parse().unwrap(),
            at: at(seconds),
        };
        let fills = [("a", fill("0.4", 10)), ("b", fill("0.6", 20))];
        Fact {
            status: Some(Status::Filled),
            venue_id: Some("v".to_owned()),
            cumulative: "1".parse().unwrap(),
            fills: fills.into_iter().map(|(trade, fill)| (TradeId(trade.to_owned()), fill)).collect(),
            ..Fact::default()
        }
    }

    #[test]
    fn a_lagging_read_shows_the_order_as_it_was() {
        let (mut traffic, id) = (Traffic::default(), ClientOrderId::from_stored("m"));
        traffic.accept(&id, at(5));
        let seen = |horizon| {
            traffic.as_of(&id, &filled(), Horizon::at(at(horizon))).map(|fact| (fact.status, fact.fills.len()))
        };
        assert_eq!(seen(4), None);
        assert_eq!(seen(9), Some((Some(Status::Open), 0)));
        assert_eq!(seen(10), Some((Some(Status::PartiallyFilled), 1)));
        assert_eq!(seen(20), Some((Some(Status::Filled), 2)));
    }

    #[test]
    fn orders_and_trades_lag_each_by_itself() {
        let (mut traffic, id) = (Traffic::default(), ClientOrderId::from_stored("m"));
        traffic.accept(&id, at(5));
        let seen = |orders, trades| {
            let horizon = Horizon { orders: at(orders), trades: at(trades) };
            traffic.as_of(&id, &filled(), horizon).map(|fact| (fact.status, fact.fills.len()))
        };
        assert_eq!(seen(4, 10), Some((None, 1)), "its trade tells of it");
        assert_eq!(seen(20, 9), Some((Some(Status::Filled), 0)), "it is filled, and its trades are not told yet");
        assert_eq!(seen(10, 20), Some((Some(Status::PartiallyFilled), 2)));
    }
}
