//! What the venue remembers of our orders beside its book: what reached it when, so that reads can lag behind it.

use app::ports::Request;
use domain::clock::Timestamp;
use domain::ids::ClientOrderId;
use domain::money::Quantity;
use domain::order::{Fact, Status};
use std::collections::BTreeMap;

/// What went over the wire, as the venue's own log would have it.
#[derive(Debug, Default)]
pub struct Traffic {
    sent: BTreeMap<ClientOrderId, Request>,
    accepted: BTreeMap<ClientOrderId, Timestamp>,
    cancelled: BTreeMap<ClientOrderId, Timestamp>,
}

impl Traffic {
    /// Every request that left.
    pub fn sent(&self) -> impl Iterator<Item = &Request> {
        self.sent.values()
    }

    /// Whether it is the first with its client order id.
    pub(super) fn send(&mut self, request: &Request) -> bool {
        self.sent.insert(request.client_id.clone(), request.clone()).is_none()
    }

    /// Whether it is the first with its client order id.
    pub(super) fn accept(&mut self, id: &ClientOrderId, at: Timestamp) -> bool {
        self.accepted.insert(id.clone(), at).is_none()
    }

    pub(super) fn cancel(&mut self, id: &ClientOrderId, at: Timestamp) {
        self.cancelled.insert(id.clone(), at);
    }

    /// What a read shows that sees nothing newer than `horizon`.
    pub(super) fn as_of(&self, id: &ClientOrderId, fact: Fact, horizon: Timestamp) -> Option<Fact> {
        if self.accepted.get(id).is_some_and(|at| *at > horizon) {
            return None;
        }
        let fills: BTreeMap<_, _> = fact.fills.iter().filter(|(_, fill)| fill.at <= horizon).collect();
        let is_open_yet = self.cancelled.get(id).is_some_and(|at| *at > horizon);
        if fills.len() == fact.fills.len() && !is_open_yet {
            return Some(fact);
        }
        let sum = |sum: Quantity, more: Quantity| sum.plus(more).expect("quantities of a test stay exact");
        let cumulative = fills.values().map(|fill| fill.quantity).fold(Quantity::ZERO, sum);
        let status = if fills.is_empty() { Status::Open } else { Status::PartiallyFilled };
        let fills = fills.into_iter().map(|(trade, fill)| (trade.clone(), fill.clone())).collect();
        Some(Fact { status: Some(status), cumulative, fills, ..fact })
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
            refusal: None,
        }
    }

    #[test]
    fn a_lagging_read_shows_the_order_as_it_was() {
        let (mut traffic, id) = (Traffic::default(), ClientOrderId::from_stored("m"));
        traffic.accept(&id, at(5));
        let seen = |horizon| traffic.as_of(&id, filled(), at(horizon)).map(|fact| (fact.status, fact.fills.len()));
        assert_eq!(seen(4), None);
        assert_eq!(seen(9), Some((Some(Status::Open), 0)));
        assert_eq!(seen(10), Some((Some(Status::PartiallyFilled), 1)));
        assert_eq!(seen(20), Some((Some(Status::Filled), 2)));
    }
}
