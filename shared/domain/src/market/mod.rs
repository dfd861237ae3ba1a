//! Markets: what is traded where, and by which steps.

mod bar;
mod book;
mod filters;
mod kind;
mod symbol;

pub use bar::Bar;
pub use book::{Book, Level};
pub use filters::{FilterFailure, Filters};
pub use kind::{Leverage, MarketKind};
pub use symbol::{Asset, BadSymbol, Exchange, MarketKey, Symbol, Timeframe};

use crate::money::Rate;

/// A symbol on a venue with everything that an order must respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    pub key: MarketKey,
    pub kind: MarketKind,
    pub filters: Filters,
    /// The fee assumed by plans; what was really paid comes with the fills.
    pub fee: Rate,
    pub can_short: bool,
    /// Whether its venue keeps stops: alone, and beside a limit with one cancelling the other.
    pub stops: bool,
    /// Orders that the venue lets rest at once, where it has such a limit.
    pub orders_max: Option<u32>,
}
