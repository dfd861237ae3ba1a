//! The portfolio of a user: what is held and what it is worth, what has come and gone, and how trades have gone.
//!
//! 1. It is read from what is stored: no exchange is asked, and nothing of it decides.
//! 2. Modes are never added up, and amounts of several currencies only at prices that are known, with their time.
//! 3. What a user enters by hand is shown beside the trades and changes no position.

mod closed;
mod equity;
mod net;
mod own;
mod performance;
mod rates;
mod transactions;
mod user_trades;
mod worth;

pub use equity::equity;
pub use net::net_positions;
pub use own::{TradeChange, TradeError, change_trade, create_own_trade, delete_own_trade, find_trade};
pub use performance::{PerformanceWanted, performance};
pub use transactions::transactions;
pub use user_trades::{TradesWanted, user_trades};
pub(crate) use worth::keep_day;
pub use worth::portfolio;
