//! An order that its venue, when it was asked, did not know: what that proves, and when.

use super::{Command, Order, Status};
use crate::clock::{Millis, Timestamp};
use crate::limits;

/// How far a venue can be believed about what it does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// For how long a request that was sent may still arrive.
    pub validity: Millis,
    /// For how long a read may miss what has happened.
    pub lag: Millis,
    /// How far back its lists are known to reach; none where they are read as far back as is needed.
    pub reach: Option<Millis>,
    /// Whether the one order was asked about, and not lists alone: by the venue's own id, or by ours where it tells by that.
    pub by_id: bool,
}

impl Order {
    /// What follows where its venue was asked then and knew of it neither among its orders nor behind its trades; none
    /// where that says nothing.
    ///
    /// It says nothing before the fence of time around its send, as long as the request may still be on its way or be
    /// hidden by a read that lags. From there on two looks prove it: of an order in doubt that it was never there, of an
    /// accepted one that it is over and that its venue has forgotten it. What has just ended may be missing in every list
    /// for as long as reads lag, so that two looks at an accepted order are further apart than that; and one that may have
    /// been filled behind what the lists still tell is never proven over. Nor is one that lists alone do not show: they may
    /// be late by more than anybody promises, and what it has sold would be sold once more.
    pub fn unseen(&self, asked_at: Timestamp, reading: Reading) -> Option<Command> {
        let sent_at = self.submission.as_ref()?.sent_at;
        let is_listed = reading.reach.is_none_or(|reach| asked_at.since(sent_at) <= reach);
        let apart = match self.status {
            Status::Unknown => limits::SECOND_SIGHT,
            status if status.is_resting() && is_listed && reading.by_id => {
                limits::SECOND_SIGHT.max(limits::shows_after(reading.lag))
            }
            _ => return None,
        };
        if asked_at < sent_at.plus(limits::absence_fence(reading.validity, reading.lag)) {
            return None;
        }
        // A lost race looks at the same answer again, and two passes may run at once: neither is a second sight.
        let seen_before = self.absent_at.is_some_and(|at| at.plus(apart) <= asked_at);
        Some(if seen_before { Command::ProveAbsent } else { Command::SeeAbsent(asked_at) })
    }

    /// Whether only what its venue did not show says that it was never placed: its outcome was unknown.
    pub fn is_unproven(&self) -> bool {
        self.status == Status::NotPlaced && self.refusal.is_none() && self.absent_at.is_some()
    }

    /// Whether it, which was in this state, has ended since its venue knew it no more: what was known of it then stands.
    pub fn is_forgotten_since(&self, was: Status) -> bool {
        was.is_resting() && self.status == Status::Cancelled && self.absent_at.is_some()
    }
}
