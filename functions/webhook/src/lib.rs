//! The webhook: alerts come in here, and are answered once they are kept and queued.
//!
//! 1. No path, body or secret reaches a log; whoever was not let in leaves a metric and nothing else.
//! 2. Every answer comes before [`domain::limits::WEBHOOK_ANSWER`]: TradingView sends again after 503, not after silence.

mod answer;
mod api;
mod routes;

pub use api::{Api, Store};
pub use routes::{documented, router};

#[cfg(test)]
mod tests;
