//! Strategies: candles in, signals out.
//!
//! Where to begin: [`find`] a strategy by its name, [`Definition::build`] one of parameters, and [`Strategy::update`] it
//! with bar after bar. [`RuleText`] is for strategies that are written as conditions over indicators, without code.
//! [`told`] says what each can be told, as JSON Schema. [`Registry`] is all of them as bots know them.
//!
//! 1. A strategy is a value. What it says follows from the bars that it has seen, and from nothing else: live, on paper and
//!    in a backtest it is the same one.
//! 2. It is told of closed bars alone, and never sees a later one.
//! 3. It does not know whether anything is held: whoever trades ignores an entry while something is, and an exit while
//!    nothing is.
//! 4. Every signal says why, with the numbers used.
//! 5. A strategy that brings a ladder says of its entries what an alert may say of them, and no more: what is bought behind
//!    the first order is the money path's work.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::as_conversions))]

mod candle;
mod crossing;
mod ladder;
mod language;
mod live;
mod parameters;
mod registry;
mod rules;
mod schema;
mod signal;

pub use candle::Candle;
pub use indicators::Bar;
pub use language::{
    BadRules, CONDITIONS_MAX, Met, RULES_BARS_MAX, RULES_BYTES_MAX, RULES_DEPTH_MAX, RULES_INDICATORS_MAX,
    RULES_NUMBER_MAX, RuleText, Rules, Unmet, Which, Words,
};
pub use live::Registry;
pub use parameters::{BadParameter, Below, Given, Kind, Parameter, Parameters, Value};
pub use registry::{Built, Definition, UnknownStrategy, all, find};
pub use schema::{Told, told};
pub use signal::{Action, Crossing, Direction, Line, Pair, Rule, Signal, Why};

/// What decides, bar by bar.
pub trait Strategy {
    /// The index of the first bar at which all that it looks at is defined. It can say more than to hold from the bar after
    /// that one on.
    fn warm_up(&self) -> usize;

    /// What to do now that this candle has closed.
    fn update(&mut self, candle: &Candle) -> Signal;
}
