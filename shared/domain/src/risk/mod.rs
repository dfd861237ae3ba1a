//! Risk: what an entry is assessed against before it is committed.
//!
//! 1. Every entry and addition, from an alert, a bot, a route or a person, passes [`assess`]. [`RiskApproved`] is made there
//!    alone, and without one no entry is committed.
//! 2. What reduces a position is never refused, delayed or shrunk: a reduction, an exit, a stop, a take-profit.
//! 3. An approval is at most as large as the entry. A rule that reduces shrinks an entry to the largest size that passes.
//! 4. A refusal names what has refused with its numbers, and the largest size that would pass, if one does.
//! 5. Positions of paper, testnet and live accounts are never added up: a rule holds for each mode by itself.
//!
//! Where to begin: [`assess`], [`Rule`], [`Book`].

mod approved;
mod assess;
mod book;
mod check;
mod factor;
mod measure;
mod percent;
mod rule;

pub use approved::{AccountBounds, RiskApproved};
pub use assess::{Assessed, Entry, Intent, Prices, assess, assess_entry};
pub use book::{AccountEquity, Book, Counted, Event, EventKind, OpenPosition, Place};
pub use check::check;
pub use factor::{AssessedFor, Factor};
pub use measure::{Measure, measure};
pub use rule::{
    Action, BadRule, Bound, BoundKind, Breach, By, Cap, Overridden, Paused, Refused, Rule, RuleScope, ScopeKind, Share,
};
