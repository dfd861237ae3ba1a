//! Markets: what is traded where, and by which steps.

mod bar;
mod book;
mod candle;
mod filters;
mod interval;
mod kind;
mod maxima;
mod modes;
mod passphrase;
mod span;
mod symbol;

pub use bar::Bar;
pub use book::{Book, Level};
pub use candle::{BadCandles, Candle, Told, ToldCandle};
pub use filters::{FilterFailure, Filters};
pub use interval::{Interval, UnknownInterval};
pub use kind::{Leverage, MarketKind};
pub use maxima::Maxima;
pub use passphrase::Passphrase;
pub use span::CandleSpan;
pub use symbol::{Asset, BadSymbol, Cuts, Exchange, MarketKey, Symbol, Timeframe, VenueClass};

use crate::money::Rate;

/// Which stops a venue keeps. A stop is one that becomes a market order: one with a limit may rest unfilled where the price
/// falls through it, and is kept by nobody for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stops {
    /// None: the price is looked at.
    #[default]
    Polled,
    /// Alone, and none beside a limit for the same coins.
    Alone,
    /// Alone, and beside a limit with one cancelling the other.
    Paired,
}

impl Stops {
    /// Whether one may rest, beside a limit for the same coins or without.
    pub fn may_rest(self, beside_limit: bool) -> bool {
        self >= if beside_limit { Self::Paired } else { Self::Alone }
    }
}

/// Where coins that were bought arrive whole, since their fee is taken in quote (`docs/venues.md`). Elsewhere it may be taken
/// of them.
const FEES_IN_QUOTE: [&str; 2] = ["KRAKEN", "COINBASE"];

/// A symbol on a venue with everything that an order must respect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    pub key: MarketKey,
    pub kind: MarketKind,
    pub filters: Filters,
    /// The fee assumed by plans; what was really paid comes with the fills.
    pub fee: Rate,
    pub can_short: bool,
    pub stops: Stops,
    /// Orders that the venue lets rest at once, where it has such a limit.
    pub orders_max: Option<u32>,
    /// What its venue's adapter has to be told of it, in that adapter's own words.
    pub at_venue: Option<String>,
}

impl Market {
    /// Whether a purchase may be held without its fee: what is planned to be sold is no more than that.
    pub fn takes_fee_in_base(&self) -> bool {
        !self.kind.is_linear() && !FEES_IN_QUOTE.contains(&self.key.exchange.as_str())
    }
}
