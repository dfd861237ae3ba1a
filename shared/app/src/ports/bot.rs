//! Bots and their runs, as they are kept.

pub use store::trading::{BotChange, BotSeat};
