//! What its user says of an order that nobody answered for, and how it counts until the venue says otherwise.

use super::{Direction, Fact, Fill, Order, Purpose, Refusal, Status, TradeId};
use crate::clock::Timestamp;
use crate::limits;
use crate::money::{Price, Quantity};
use crate::reason::Reason;

/// The code of what its user says of an order that its venue had accepted: it is over.
const SAID_OVER: Reason = Reason::DeclaredOver;

/// The end of an order on its user's word: of one in doubt, or of one that was accepted and that nobody finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Of one in doubt: the venue never had it.
    NotPlaced,
    /// It was filled by this much and no more.
    Filled(Fill),
    /// Of one that was accepted: it is over with what is known of it, as was said then.
    Cancelled(Timestamp),
}

impl Order {
    /// The trades that count: the venue's own, and where it has told of none, the one that the user declared.
    pub fn counted(&self) -> impl Iterator<Item = &Fill> {
        self.fills.values().chain(self.believed())
    }

    /// The same with the ids of the trades; what was declared has none.
    pub fn counted_by_trade(&self) -> impl Iterator<Item = (Option<&TradeId>, &Fill)> {
        let told = self.fills.iter().map(|(trade, fill)| (Some(trade), fill));
        told.chain(self.believed().map(|fill| (None, fill)))
    }

    /// What the user declared, as long as the venue has told of no trade.
    pub fn believed(&self) -> Option<&Fill> {
        self.declared.as_ref().filter(|_| self.fills.is_empty())
    }

    /// Whether its end is its user's word alone, which its venue is still asked about: for a day after it was sent, or after
    /// the word where it had been accepted.
    pub fn is_on_its_users_word(&self, now: Timestamp) -> bool {
        let sent = self.submission.as_ref().map(|submission| submission.sent_at);
        let is_word = self.believed().is_some() || self.is_said_over();
        is_word && sent.max(self.absent_at).is_some_and(|since| now.since(since) < limits::WORD_ASKED_FOR)
    }

    /// Whether its user has said that it is over, and its venue has told of it neither a state nor a trade since.
    pub fn is_said_over(&self) -> bool {
        self.refusal.as_ref().is_some_and(|refusal| refusal.code == SAID_OVER)
    }

    /// Whether this is the venue's own word on what its user has told of: trades where those were declared, or an end without
    /// any; and of one that is said to be over whatever it tells.
    pub(super) fn is_word_ended_by(&self, fact: &Fact) -> bool {
        let tells_trades = fact.fills.keys().any(|trade| !self.fills.contains_key(trade));
        (self.believed().is_some() && (tells_trades || fact.tells_an_end_without_trades()))
            || (self.is_said_over() && (tells_trades || fact.status.is_some()))
    }

    /// The order without what its user has told of: the venue tells of its trades, and so of its end.
    pub(super) fn without_the_word(self) -> Self {
        if self.is_said_over() {
            return Self { status: Status::Unknown, refusal: None, absent_at: None, ..self };
        }
        Self { status: Status::Unknown, triggered: false, absent_at: None, declared: None, ..self }
    }

    /// Whether these trades are what its user has declared of it.
    pub(crate) fn is_as_declared(&self, declared: &Fill) -> bool {
        let sum = self.fills.values().try_fold(Quantity::ZERO, |sum, fill| sum.plus(fill.quantity));
        sum == Ok(declared.quantity) && self.fills.values().all(|fill| fill.price == declared.price)
    }

    /// The same order with nothing but what counts after this time.
    pub(crate) fn filled_after(&self, time: Timestamp) -> Self {
        let declared = self.believed().filter(|fill| fill.at > time).cloned();
        let later = self.fills.iter().filter(|(_, fill)| fill.at > time);
        let fills = later.map(|(trade, fill)| (trade.clone(), fill.clone())).collect();
        Self { fills, declared, ..self.clone() }
    }

    pub(super) fn resolved(self, resolution: Resolution) -> Self {
        match resolution {
            Resolution::NotPlaced => Self { status: Status::NotPlaced, refusal: self.on_its_users_word(), ..self },
            Resolution::Filled(fill) => {
                let status = ended(fill.quantity, self.quantity);
                let triggered = self.triggered || self.stop.is_some_and(|stop| self.has_come_to(stop, fill.price));
                // Whoever declares it says what came of it, not when: it came soon after it was sent, or never.
                let at = self.submission.as_ref().map_or(fill.at, |submission| submission.sent_at);
                let absent_at = if self.status.is_resting() { Some(fill.at) } else { self.absent_at };
                Self { status, triggered, declared: Some(Fill { at, ..fill }), absent_at, ..self }
            }
            Resolution::Cancelled(at) => {
                let detail = "its user said that it is over at the venue".to_owned();
                let refusal = Some(Refusal { code: SAID_OVER.into(), detail });
                Self { status: Status::Cancelled, refusal, absent_at: Some(at), ..self }
            }
        }
    }
}

impl Order {
    /// Whether a price sets off a stop of this direction.
    fn has_come_to(&self, stop: Price, price: Price) -> bool {
        match self.direction {
            Direction::Buy => price >= stop,
            Direction::Sell => price <= stop,
        }
    }

    /// A person can be wrong: what was to be bought is not bought a second time on their word.
    fn on_its_users_word(&self) -> Option<Refusal> {
        let code = Reason::Resolved.into();
        let detail = "its user said that the venue never had it".to_owned();
        if self.purpose == Purpose::Entry { Some(Refusal { code, detail }) } else { self.refusal.clone() }
    }
}

/// What is filled in part and does not go on was ended with what it had.
fn ended(filled: Quantity, wanted: Quantity) -> Status {
    if filled >= wanted { Status::Filled } else { Status::Cancelled }
}
