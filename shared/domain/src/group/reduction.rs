//! Partial exits: how much of what is held an alert sells, and how much of that is still to be sold.

use super::{ExitReason, Position};
use crate::clock::Timestamp;
use crate::ids::DeliveryId;
use crate::limits::REDUCTIONS_MAX;
use crate::money::{Fraction, MoneyError, Price, Quantity};
use crate::order::{Order, Purpose, Status};

/// A quantity that is to be sold at the market while the group stays live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduction {
    /// From 1, one for each alert; part of its orders' ids.
    pub number: u32,
    /// Whose coins these are.
    pub pyramid: u32,
    pub delivery: DeliveryId,
    pub quantity: Quantity,
    pub at: Timestamp,
}

/// What an alert asks for.
#[derive(Debug, Clone, Copy)]
pub struct Reducing<'a> {
    pub delivery: &'a DeliveryId,
    /// Of what is held, above 0 and at most 1.
    pub share: &'a Fraction,
    /// By which the market's minimum is reckoned.
    pub price: Price,
    pub now: Timestamp,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduced {
    pub position: Position,
    pub quantity: Quantity,
    pub held: Quantity,
}

/// Why nothing is sold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReductionRefused {
    #[error("{REDUCTIONS_MAX} of {REDUCTIONS_MAX} partial exits were made")]
    Max,
    #[error("nothing of it is held")]
    NothingHeld,
    #[error("its share of {held} is too little to be sold")]
    TooLittle { held: Quantity },
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What becomes of one part.
enum Piece {
    TooLittle,
    Some(Quantity),
    /// What would be left of it could not be sold by itself.
    All,
}

impl Position {
    /// The same position with a partial exit in it. Where what would be left is below the market's minimum, nothing is
    /// left behind: the part is left, and with its only part the group.
    ///
    /// # Errors
    /// [`ReductionRefused`].
    pub fn reduce(&self, asked: &Reducing<'_>) -> Result<Reduced, ReductionRefused> {
        let number = self.reductions_made().saturating_add(1);
        // All of it can be sold however often a part was.
        if number > REDUCTIONS_MAX && *asked.share < Fraction::whole(1) {
            return Err(ReductionRefused::Max);
        }
        let alone = self.stands_alone();
        let mut reduced = Reduced { position: self.clone(), quantity: Quantity::ZERO, held: Quantity::ZERO };
        for part in if alone { self.parts()? } else { vec![self.clone()] } {
            if part.group.exit.is_some() {
                continue;
            }
            let (held, delivery) = (part.unreduced()?, asked.delivery.clone());
            reduced.held = reduced.held.plus(held)?;
            let sold = match part.piece(held, asked)? {
                Piece::TooLittle => continue,
                Piece::Some(quantity) => {
                    let (pyramid, at) = (part.pyramid(), asked.now);
                    let reduction = Reduction { number, pyramid, delivery, quantity, at };
                    reduced.position.group.reductions.push(reduction);
                    quantity
                }
                Piece::All => {
                    let left = |of: &Self| of.leave(ExitReason::Signal, asked.now);
                    let so_far = &reduced.position;
                    reduced.position = if alone { so_far.with_part(&left(&part)) } else { left(so_far) };
                    held
                }
            };
            reduced.quantity = reduced.quantity.plus(sold)?;
        }
        match (reduced.held, reduced.quantity) {
            (held, _) if held.is_zero() => Err(ReductionRefused::NothingHeld),
            (held, sold) if sold.is_zero() => Err(ReductionRefused::TooLittle { held }),
            _ => Ok(reduced),
        }
    }

    fn piece(&self, held: Quantity, asked: &Reducing<'_>) -> Result<Piece, MoneyError> {
        let filters = &self.group.market.filters;
        let stop = self.stop_price()?;
        let passes = |quantity| filters.check(quantity, asked.price).is_ok();
        // What stays has to be sellable where its stop is.
        let may_stay = |rest| passes(rest) && stop.is_none_or(|stop| filters.check(rest, stop).is_ok());
        let sold = filters.quantity_down(&(held.fraction() * asked.share.clone()))?;
        Ok(if sold.is_zero() || !passes(held) {
            Piece::TooLittle
        } else if !may_stay(held.minus(sold)?) {
            Piece::All
        } else if passes(sold) {
            Piece::Some(sold)
        } else {
            Piece::TooLittle
        })
    }

    /// The oldest partial exit that has not sold its quantity, and what it may sell yet: no more than is held.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn unsold(&self) -> Result<Option<(&Reduction, Quantity)>, MoneyError> {
        let held = self.held()?;
        for reduction in &self.group.reductions {
            let left = self.left_of(reduction)?.min(held);
            if !left.is_zero() && left >= self.group.market.filters.quantity_min {
                return Ok(Some((reduction, left)));
            }
        }
        Ok(None)
    }

    /// What partial exits have sold.
    pub(super) fn reduced(&self) -> Result<Quantity, MoneyError> {
        self.reducing().try_fold(Quantity::ZERO, |sum, order| sum.plus(order.filled()?))
    }

    /// The orders of partial exits.
    pub(super) fn reducing(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|order| matches!(order.purpose, Purpose::Reduce(_)))
    }

    /// What is held and not asked for yet, of all parts that are not being left.
    ///
    /// # Errors
    /// `Inexact` where the fills cannot be added exactly.
    pub fn reducible(&self) -> Result<Quantity, MoneyError> {
        let parts = if self.stands_alone() { self.parts()? } else { vec![self.clone()] };
        let stays = parts.iter().filter(|part| part.group.exit.is_none());
        stays.map(Self::unreduced).try_fold(Quantity::ZERO, |sum, part| sum.plus(part?))
    }

    /// What is held and not asked for yet.
    fn unreduced(&self) -> Result<Quantity, MoneyError> {
        let reductions = &self.group.reductions;
        reductions.iter().try_fold(self.held()?, |held, reduction| held.minus(self.left_of(reduction)?))
    }

    /// What the venue has refused is not asked for again: while it is, the take-profits could not rest. One that was
    /// refused for the clock or for the traffic was not the order's fault.
    fn left_of(&self, reduction: &Reduction) -> Result<Quantity, MoneyError> {
        let purpose = Purpose::Reduce(reduction.number);
        let refused = |order: &Order| order.status == Status::Rejected && !order.is_worth_another();
        if self.latest_in(reduction.pyramid, 0, purpose).is_some_and(refused) {
            return Ok(Quantity::ZERO);
        }
        let mut its_own =
            self.reducing().filter(|order| order.purpose == purpose && order.pyramid == reduction.pyramid);
        its_own.try_fold(reduction.quantity, |left, order| left.minus(order.filled()?))
    }

    fn reductions_made(&self) -> u32 {
        let known = self.group.reductions.iter().map(|reduction| reduction.number);
        let ordered = self.orders.iter().filter_map(|order| match order.purpose {
            Purpose::Reduce(number) => Some(number),
            _ => None,
        });
        known.chain(ordered).max().unwrap_or_default()
    }
}
