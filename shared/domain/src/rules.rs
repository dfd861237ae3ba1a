//! What a plan asks beside prices: of the signals that would close its group, and of the groups before and beside it.
//!
//! Live positions and backtests ask the same here.

use crate::alert::Side;
use crate::clock::{Millis, Timestamp};
use crate::money::{Fraction, Percent, Price, Rate};

/// Nothing is asked where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// A closing signal closes only where a sale at the market brings this much on the average, after its fee. Its user
    /// closes whatever it brings, and so do stops and limits.
    pub minimum_profit: Option<Percent>,
    /// For how long after the group's end nothing is opened in its seat, whatever became of it.
    pub cooldown: Option<Millis>,
    /// It is opened only where the account has fewer groups open.
    pub open_groups_max: Option<u32>,
    /// An entry whose outcome was unknown and that its venue did not show is sent once more under another id. Else it ends: a
    /// missed entry is cheaper than a double one.
    pub retry_unproven_entry: bool,
}

impl Rules {
    /// Until when nothing is opened in the seat of a group that has ended then.
    pub fn cools_until(&self, settled_at: Timestamp) -> Option<Timestamp> {
        self.cooldown.map(|span| settled_at.plus(span))
    }

    /// Whether a closing signal closes where the market is at this price, and one base unit has cost, or brought, so much with its fees.
    pub fn lets_close(&self, side: Side, fee: Rate, average: &Fraction, price: Price) -> bool {
        let brings = price.fraction() * side.left(fee);
        self.minimum_profit.is_none_or(|least| side.has_gained(&brings, &(average.clone() * side.gained(least))))
    }
}

/// Whether a seat that cools until then still does.
pub fn cools(until: Timestamp, now: Timestamp) -> bool {
    now < until
}

/// Whether a group that was opened then has been open for as long as its plan allows.
pub fn is_over_time(limit: Option<Millis>, opened_at: Timestamp, now: Timestamp) -> bool {
    limit.is_some_and(|limit| now >= opened_at.plus(limit))
}
