//! What is offered on both sides of a market, as its venue showed it.

use crate::money::{Price, Quantity};

/// Bids from the highest price down, asks from the lowest up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    pub bids: Vec<Level>,
    pub asks: Vec<Level>,
}

/// What can be had at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Quote per base.
    pub price: Price,
    /// Base units.
    pub quantity: Quantity,
}
