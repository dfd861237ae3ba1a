//! What stands behind a change of a group, kept beside its history: prices that were gone by, limits that were kept, and
//! what was said to the venue. For people; no decision reads it.

use crate::clock::Timestamp;
use crate::delivery::DeliveryRef;
use crate::ids::{OrderId, RuleId};
use crate::limits::{ASKED_BYTES_MAX, SAID_BYTES_MAX, SAID_MAX};
use crate::money::{Amount, Price};
use crate::words::words;

/// Of one change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Where it makes the group sell.
    pub cause: Option<Cause>,
    /// By the order that they were for.
    pub prices: Vec<(OrderId, Seen)>,
    /// Of what this change has planned.
    pub limits: Vec<LimitKept>,
    /// By the order that it was about; at most [`SAID_MAX`].
    pub said: Vec<(OrderId, Said)>,
}

/// What a group sells for, where that is not its own plan, its user or the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    Alert(DeliveryRef),
    /// Which has reached the stop, or where profit is taken of all at once.
    Price(Seen),
}

/// A price, and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub price: Price,
    pub source: PriceSource,
    /// Of the price; none where it is a wish.
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceSource {
    /// Planned at its own limit.
    Limit,
    /// Planned at the last known price, or at what was on offer.
    Market,
    /// Planned at what the alert brought.
    Alert,
    /// Compared with the plan right before it was sent: the last trade's, or what was on offer where nobody had traded for a while.
    Ticker,
    /// Of the last trade, as a pass over what is open has seen it.
    Watch,
}

/// A limit of the account or a risk rule that an entry was within, with the number as it would have been with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitKept {
    /// The word that it would have been refused with.
    pub limit: String,
    /// None of a limit of the account.
    pub rule: Option<RuleId>,
    pub comes_to: Amount,
    pub allowed: Amount,
}

/// One request to a venue and its answer, as they went over the wire; no key, no signature, no token in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub at: Timestamp,
    pub asked: String,
    pub answered: String,
}

impl Evidence {
    /// Nothing but what has made it sell.
    pub fn of(cause: Cause) -> Self {
        Self { cause: Some(cause), ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What was said about this order too, the first of it, each cut to its size. What was said before makes way.
    pub fn hear(&mut self, order: &OrderId, said: Vec<Said>) {
        let heard = said.into_iter().take(SAID_MAX).map(|said| (order.clone(), said.cut()));
        self.said.extend(heard);
        let over = self.said.len().saturating_sub(SAID_MAX);
        self.said.drain(..over);
    }
}

impl Said {
    /// With both together no longer than is kept.
    #[must_use]
    pub fn cut(self) -> Self {
        let asked = cut(self.asked, ASKED_BYTES_MAX);
        let room = SAID_BYTES_MAX.saturating_sub(asked.len());
        Self { answered: cut(self.answered, room), asked, ..self }
    }
}

/// Between two characters, with a mark of it.
fn cut(text: String, bytes_max: usize) -> String {
    const MARK: char = '…';
    if text.len() <= bytes_max {
        return text;
    }
    let room = bytes_max.saturating_sub(MARK.len_utf8());
    let kept = text.char_indices().take_while(|(at, letter)| at.saturating_add(letter.len_utf8()) <= room);
    kept.map(|(_, letter)| letter).chain([MARK]).collect()
}

words! {
    PriceSource { Limit = "limit", Market = "market", Alert = "alert", Ticker = "ticker", Watch = "watch" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(number: usize, answered: &str) -> Said {
        Said { at: Timestamp::default(), asked: format!("POST /order {number}"), answered: answered.to_owned() }
    }

    fn told(evidence: &Evidence) -> Vec<(OrderId, String)> {
        evidence.said.iter().map(|(order, said)| (order.clone(), said.asked.clone())).collect()
    }

    #[test]
    fn the_first_of_what_was_said_is_kept_and_what_was_said_before_makes_way() {
        let (one, other) = (OrderId::of(&["one"]), OrderId::of(&["other"]));
        let mut evidence = Evidence::default();
        evidence.hear(&one, vec![said(1, "ok"), said(2, "ok")]);
        evidence.hear(&other, (3..10).map(|number| said(number, "ok")).collect());
        assert_eq!(told(&evidence), [3, 4, 5, 6].map(|number| (other.clone(), format!("POST /order {number}"))));
        evidence.hear(&one, vec![said(11, "ok")]);
        assert_eq!(told(&evidence).last(), Some(&(one, "POST /order 11".to_owned())));
        assert_eq!(evidence.said.len(), SAID_MAX);
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        let cut = Said { asked: "é".repeat(1_000), ..said(1, &"€".repeat(1_000)) }.cut();
        assert!(cut.asked.len() <= ASKED_BYTES_MAX && cut.asked.ends_with("é…"), "{}", cut.asked);
        let bytes = cut.asked.len() + cut.answered.len();
        assert!((SAID_BYTES_MAX - 4..=SAID_BYTES_MAX).contains(&bytes), "{bytes}");
        assert!(cut.answered.ends_with("€…"));
        let short = said(1, "ok");
        assert_eq!(short.clone().cut(), short);
    }
}
