//! Webhook tokens as their owner keeps them.

pub use store::trading::{KeptToken, TokenChange};
