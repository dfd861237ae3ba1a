//! Legs that wait for their price: a look that finds the market there plans them, and the executor buys them at the
//! market.
//!
//! 1. A leg is planned once: its level and the number of its decision are its order's id, and looks that overtake each
//!    other commit on the group's version.
//! 2. A price from before the last fill buys nothing: it is the one from which the market fell to it.
//! 3. What the market would not take at the price that is seen waits for another one: a leg that is refused would end the
//!    ladder.
//! 4. No more are orders at once than the ladder says, and no more are planned in one look than a commit has room for.

use super::{Leg, Position};
use crate::clock::Timestamp;
use crate::ladder;
use crate::limits;
use crate::money::{MoneyError, Price, Quantity};
use crate::order::{Intent, Purpose, Status};
use crate::preset::OrderKind;

/// Half of a commit: what the look has merged needs the rest.
const LEGS_PER_LOOK_MAX: usize = limits::ORDERS_PER_COMMIT_MAX / 2;

impl Position {
    /// The same position with the legs planned that a price of this time has reached; none where it has reached none.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn reach(
        &self,
        deployment: &str,
        price: Price,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Self>, MoneyError> {
        if self.group.exit.is_some() || self.group.is_settled() || self.group.drift.is_some() {
            return Ok(None);
        }
        let mut reached: Option<Self> = None;
        for part in self.numbers().into_iter().map(|number| self.part(number)) {
            if let Some(bought) = part.reach_of_one(deployment, price, at, now)? {
                reached = Some(reached.as_ref().unwrap_or(self).with_part(&bought));
            }
        }
        Ok(reached)
    }

    fn reach_of_one(
        &self,
        deployment: &str,
        price: Price,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Self>, MoneyError> {
        let Some(ladder) = self.group.plan.ladder.as_ref().filter(|ladder| ladder.at_market) else { return Ok(None) };
        let base_is_whole = self.bases().any(|base| base.status == Status::Filled);
        if !base_is_whole || self.group.exit.is_some() || self.ladder_is_over() {
            return Ok(None);
        }
        let room = self.room_for_legs(ladder).min(LEGS_PER_LOOK_MAX);
        if room == 0 || !self.is_since_entries(at, now) || !self.base_is_accounted()? {
            return Ok(None);
        }
        let legs = self.legs()?;
        let wanted = legs.iter().filter(|leg| self.has_lost(price, leg.price) && self.is_to_be_armed(leg, now));
        let mut planned: Option<Self> = None;
        let asks = ladder::asks(&ladder.sizes, ladder.spacing.count());
        let mut left = room;
        for leg in wanted {
            if left == 0 {
                break;
            }
            let Some(intent) = at_market(self, &asks, leg, price, now)? else { continue };
            planned = Some(planned.as_ref().unwrap_or(self).plan(deployment, &intent, now));
            left = left.saturating_sub(1);
        }
        Ok(planned)
    }
}

/// Bought for what the leg may spend, or as much as it asks for, at the price that was seen; none where the market would
/// not take it there.
fn at_market(
    position: &Position,
    asks: &[ladder::Ask],
    leg: &Leg,
    price: Price,
    now: Timestamp,
) -> Result<Option<Intent>, MoneyError> {
    let ground = position.group.ground();
    let index = usize::try_from(leg.level).unwrap_or_default().saturating_sub(1);
    let ask = asks.get(index).ok_or(MoneyError::NotANumber)?;
    let seen = ladder::at(price, index, ask.clone(), ground).map_err(|_| MoneyError::Inexact)?;
    if seen.check.is_err() {
        return Ok(None);
    }
    Ok(Some(Intent {
        purpose: Purpose::Entry,
        pyramid: position.pyramid(),
        leg: leg.level,
        epoch: position.next_epoch(leg.level, Purpose::Entry),
        direction: ground.side.enters(),
        kind: OrderKind::Market,
        stop: None,
        quantity: Quantity::new(seen.quantity.decimal()?)?,
        reserved: ladder::cost_at_market(&seen, ground)?,
        valid_until: Some(now.plus(limits::ENTRY_VALID)),
    }))
}
