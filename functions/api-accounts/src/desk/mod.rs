//! What the routes ask for, promised to move between threads: one trait a topic.

mod accounts;
mod addresses;
mod backfills;
mod backtests;
mod keys;
mod markets;
mod routes;
mod series;
mod strategies;
mod tokens;
mod wallets;

pub use accounts::AccountDesk;
pub(crate) use accounts::Kept;
pub use addresses::AddressDesk;
pub use backfills::BackfillDesk;
pub(crate) use backfills::Filled;
pub use backtests::BacktestDesk;
pub(crate) use backtests::Tested;
pub use keys::KeyDesk;
pub use markets::MarketDesk;
pub use routes::RouteDesk;
pub(crate) use routes::Routed;
pub(crate) use series::Listed;
pub use series::SeriesDesk;
pub use strategies::StrategyDesk;
pub use tokens::TokenDesk;
pub(crate) use tokens::Tokened;
pub(crate) use wallets::Defined;
pub use wallets::WalletDesk;

use lambda::guard::Guards;
use lambda::noted::Notes;

pub trait Desk:
    Guards
    + Notes
    + AccountDesk
    + AddressDesk
    + BackfillDesk
    + BacktestDesk
    + KeyDesk
    + MarketDesk
    + RouteDesk
    + SeriesDesk
    + StrategyDesk
    + TokenDesk
    + WalletDesk
{
    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
    /// Whether this deployment stands on one machine.
    fn is_local(&self) -> bool;
}
