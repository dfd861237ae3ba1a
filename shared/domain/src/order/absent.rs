//! An order that its venue, when it was asked, did not know: what that proves, and when.

use super::{Command, Fact, Order, Status};
use crate::clock::{Millis, Timestamp};
use crate::limits;

/// How far a venue can be believed about what it does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// For how long a request that was sent may still arrive; none where nothing bounds it.
    pub validity: Option<Millis>,
    /// For how long a read may miss what has happened.
    pub lag: Millis,
    /// How far back its lists are known to reach; none where they are read as far back as is needed.
    pub reach: Option<Millis>,
    /// Whether the one order is asked about, and not lists alone: by the venue's own id, or by ours where it tells by that.
    pub by_id: bool,
}

impl Order {
    /// What follows where its venue was asked then and knew of it neither among its orders nor behind its trades; none
    /// where that says nothing.
    ///
    /// It says nothing before the fence of time around its send, as long as the request may still be on its way or be
    /// hidden by a read that lags. From there on two looks prove of an order in doubt that it was never there, if anything
    /// bounds when it may arrive. Of one that was accepted they prove nothing, however many there are: reads may lag by
    /// more than anybody promises, and what it has sold would be sold once more.
    pub fn unseen(&self, asked_at: Timestamp, reading: Reading) -> Option<Command> {
        let sent_at = self.submission.as_ref()?.sent_at;
        let is_fenced = |validity| asked_at < sent_at.plus(limits::absence_fence(validity, reading.lag));
        match self.status {
            Status::Unknown if !is_fenced(reading.validity?) => {
                // A lost race looks at the same answer again, and two passes may run at once: neither is a second sight.
                let seen_before = self.absent_at.is_some_and(|at| at.plus(limits::SECOND_SIGHT) <= asked_at);
                Some(if seen_before { Command::ProveAbsent } else { Command::SeeAbsent(asked_at) })
            }
            status if status.is_resting() && !is_fenced(reading.validity.unwrap_or_default()) => {
                Some(Command::SeeAbsent(asked_at))
            }
            _ => None,
        }
    }

    /// The order as it rests at its venue, where it was over here; none where it does not, or may not.
    ///
    /// That it was absent is our conclusion, which one list that shows it ends. What its venue has ended by its own word may be shown for
    /// as long as reads lag: only where it was shown before, too, that word was wrong. One that is filled rests nowhere.
    pub(crate) fn found_resting(&self, fact: &Fact, shown_before: bool) -> Option<Self> {
        let is_over = matches!(self.status, Status::Expired | Status::Cancelled);
        if !is_over || !(shown_before || self.absent_at.is_some()) || !fact.status.is_some_and(Status::is_resting) {
            return None;
        }
        let there = Self { status: Status::Unknown, refusal: None, absent_at: None, ..self.clone() }.merge(fact);
        there.status.is_resting().then_some(there)
    }

    /// Since when its venue, which had accepted it, does not show it.
    pub fn unshown_since(&self) -> Option<Timestamp> {
        self.absent_at.filter(|_| self.status.is_resting())
    }

    /// When its user is notified that its venue does not show it, or has not said for long whether it has it.
    pub fn told_unshown_at(&self) -> Option<Timestamp> {
        let in_doubt = self.submission.as_ref().filter(|_| self.status == Status::Unknown);
        let in_doubt = in_doubt.map(|submission| submission.sent_at.plus(limits::UNKNOWN_AGE_ALARM));
        self.unshown_since().map(|since| since.plus(limits::UNSHOWN_TOLD)).or(in_doubt)
    }

    /// Whether a balance that was read then, and holds nothing for it, ends it: every look since long before has missed it, and
    /// each of them could have found it. One that may have been filled behind what lists still tell, or that lists alone do not
    /// show, is not ended so.
    pub fn may_be_forgotten(&self, read_at: Timestamp, reading: Reading) -> bool {
        let sent_at = self.submission.as_ref().map(|submission| submission.sent_at);
        let is_listed = |sent_at| reading.reach.is_none_or(|reach| read_at.since(sent_at) <= reach);
        let is_long = |since: Timestamp| since.plus(limits::FORGOTTEN_AFTER) <= read_at;
        reading.by_id && sent_at.is_some_and(is_listed) && self.unshown_since().is_some_and(is_long)
    }

    /// Whether only what its venue did not show says that it was never placed: its outcome was unknown.
    pub fn is_unproven(&self) -> bool {
        self.status == Status::NotPlaced && self.refusal.is_none() && self.absent_at.is_some()
    }

    /// Whether it, which was in this state, has ended since its venue shows it no more: what was known of it then stands.
    pub fn is_forgotten_since(&self, was: Status) -> bool {
        was.is_resting() && self.status == Status::Cancelled && self.absent_at.is_some()
    }
}
