//! A sell with a stop at its venue. With a limit beside it the venue has two orders, of which one cancels the other; for us
//! they are one, with one quantity and one set of fills: its coins are locked once.
//!
//! 1. The limit order has the order's client id, the stop beside it one that is a function of it; a stop alone has the
//!    order's own.
//! 2. What the venue tells of both is one fact. It is final only where both are known to be over, or everything is sold.
//! 3. The first execution of one half ends the other: a limit that was filled in part has no stop any more.

use super::{Fact, Order, Status};
use crate::ids::ClientOrderId;
use crate::money::{Price, Quantity};
use crate::preset::OrderKind;

/// Of which of its orders at the venue a fact tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The only one, or the limit order of two.
    Own,
    /// The stop beside the limit order.
    Stop,
}

impl Order {
    /// The client id of the stop beside its limit.
    pub fn stop_id(&self) -> Option<ClientOrderId> {
        self.bracket().map(|_| self.client_id.of_stop())
    }

    /// What is known where the venue has ended one of its orders on our cancel: the other one is over too, and has nothing.
    pub fn ended_by_cancel(&self, half: Half, fact: Fact) -> Fact {
        let (told, over) = (Some(fact.clone()), Some(Fact::of(Status::Cancelled)));
        let whole = match (self.bracket(), half) {
            (None, _) => None,
            (Some(_), Half::Own) => Fact::of_pair(told, over),
            (Some(_), Half::Stop) => Fact::of_pair(over, told),
        };
        whole.unwrap_or(fact)
    }

    /// What the venue has told of one of its orders, as far as it tells of the whole.
    pub fn told_of(&self, half: Half, fact: Fact) -> Fact {
        if self.bracket().is_some() { fact.of_half(half) } else { fact }
    }

    /// Limit and stop, where one of them cancels the other.
    pub fn bracket(&self) -> Option<(Price, Price)> {
        match (self.kind, self.stop) {
            (OrderKind::Limit(limit), Some(stop)) => Some((limit, stop)),
            _ => None,
        }
    }

    /// Every client id under which the venue may know it.
    pub fn client_ids(&self) -> impl Iterator<Item = ClientOrderId> {
        [self.client_id.clone()].into_iter().chain(self.stop_id())
    }

    /// Which of its orders at the venue has this id; none where it has no such.
    pub fn half_of(&self, id: &ClientOrderId) -> Option<Half> {
        let is_stop = || self.stop_id().is_some_and(|stop| stop == *id);
        if self.client_id == *id { Some(Half::Own) } else { is_stop().then_some(Half::Stop) }
    }

    /// Whether its stop waits at the venue, as far as is known.
    pub fn is_stopped_at_venue(&self) -> bool {
        let is_shown = self.status == Status::Open && self.absent_at.is_none();
        self.stop.is_some() && is_shown && self.cancel_wanted.is_none()
    }

    /// A stop without a limit that has sold.
    pub(super) fn has_stopped_alone(&self) -> bool {
        let executed = !self.cumulative.is_zero() || !self.fills.is_empty() || self.status == Status::Filled;
        executed && self.stop.is_some() && self.kind == OrderKind::Market
    }
}

impl Fact {
    /// Whether the other half of a pair need not be asked about: this one has not ended, or has everything.
    pub fn tells_of_both(&self) -> bool {
        self.status.is_some_and(|status| status == Status::Filled || status.is_resting())
    }

    /// What is known of a pair by what is known of its halves; none where nothing is known of either.
    pub fn of_pair(limit: Option<Self>, stop: Option<Self>) -> Option<Self> {
        let status = pair_status(status(limit.as_ref()), status(stop.as_ref()));
        let stop = stop.map(Self::of_stop);
        let (first, second) = match (limit, stop) {
            (Some(limit), Some(stop)) => (limit, stop),
            (one, other) => return one.or(other).map(|only| Self { status, ..only }),
        };
        Some(Self {
            status,
            venue_id: first.venue_id,
            // Of a pair only one half is executed.
            cumulative: first.cumulative.max(second.cumulative),
            fills: first.fills.into_iter().chain(second.fills).collect(),
            triggered: second.triggered,
            refusal: first.refusal.max(second.refusal),
        })
    }

    /// What one half of a pair tells of the whole.
    fn of_half(self, half: Half) -> Self {
        let half = if half == Half::Stop { self.of_stop() } else { self };
        Self { status: pair_status(half.status, None), ..half }
    }

    /// Its venue's own number is that of the limit order.
    fn of_stop(self) -> Self {
        let executed = self.cumulative > Quantity::ZERO || !self.fills.is_empty();
        Self { triggered: executed || self.status == Some(Status::Filled), venue_id: None, ..self }
    }
}

fn status(of: Option<&Fact>) -> Option<Status> {
    of.and_then(|fact| fact.status)
}

/// What rests outranks what is over, and everything sold outranks all; one that is over says nothing of the other.
fn pair_status(limit: Option<Status>, stop: Option<Status>) -> Option<Status> {
    let both = [limit, stop];
    let known = || both.into_iter().flatten();
    if known().any(|status| status == Status::Filled) {
        return Some(Status::Filled);
    }
    let resting = known().filter(|status| status.is_resting()).max();
    let over = || if both.iter().all(Option::is_some) { known().max() } else { known().next().map(|_| Status::Open) };
    resting.or_else(over)
}
