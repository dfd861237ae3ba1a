//! What is offered on both sides of a market, as its venue showed it.

use crate::money::{Price, Quantity};
use crate::order::Direction;

/// Bids from the highest price down, asks from the lowest up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    pub bids: Vec<Level>,
    pub asks: Vec<Level>,
}

impl Book {
    /// What is on offer for whoever trades in that direction: the lowest ask, or the highest bid.
    pub fn best(&self, direction: Direction) -> Option<Price> {
        let side = match direction {
            Direction::Buy => &self.asks,
            Direction::Sell => &self.bids,
        };
        side.first().map(|level| level.price)
    }
}

/// What can be had at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Quote per base.
    pub price: Price,
    /// Base units.
    pub quantity: Quantity,
}
