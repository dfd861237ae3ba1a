//! What a deployment says of a strategy as a whole.

use crate::clock::Timestamp;
use crate::ids::UserId;

/// Whether bots may enter by a strategy. While it is off they enter no more, and still exit. One that nobody has switched is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// As bots name it; [`super::RULES`] for rules that are written.
    pub strategy: String,
    pub enabled: bool,
    pub reason: String,
    pub at: Timestamp,
    pub by: UserId,
}
