//! What the use cases need of the outside, beside rows and objects; adapters implement it, tests too.
//!
//! Invariants that every implementation keeps (one contract suite holds memory and cloud to them):
//! 1. Reads by key are strongly consistent; lists by an index may lag.
//! 2. [`::store::trading::Trading::commit`] applies all changes or none, and says `Ok` when its own stamp shows that it was applied.
//! 3. A venue call ends within its time-out, as `Unknown` if need be; it sends once and never retries.

mod backtest;
mod candles;
mod chain;
mod doctor;
mod factor;
mod health;
mod identity;
mod key_check;
mod mail;
mod message;
mod paper;
mod queue;
mod route;
mod series;
mod signed_day;
mod store;
mod vault;
mod venue;
mod whale;

pub use self::store::*;
pub use backtest::{BeginBacktest, SpreadBacktest};
pub use candles::*;
pub use chain::{ReadChain, RecoverSigner};
pub use doctor::*;
pub use factor::*;
pub use health::*;
pub use identity::*;
pub use key_check::AskKeyCheck;
pub use mail::*;
pub use paper::*;
pub use queue::{Bell, DeadLetter, Queue, Queues, RecoverAccount, Signal, TICKS_PER_CALL_MAX, Tick};
pub use route::{KeptRoute, ReadBooks};
pub use series::{Failing, Older, ReadCandles, SeriesMark, StartAssessment, StartIngest, TellCandle, Wanting, Wish};
pub use signed_day::*;
pub use vault::*;
pub use venue::{
    Address, Balance, Cancelled, KeyRefused, ListVenueMarkets, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome,
    Pause, ReadFee, Request, Requests, Said, Tells, Terms, Trigger, TriggerKind, Unprepared, Urgency, Venue,
    VenueError, VenueOrder,
};
pub use whale::{PublishWhaleAlert, ReadBlocks, StartWhaleWatch};

pub use ::store::Clock;
pub use ::store::catalog::KeptPreset;
pub use ::store::identity::{DefinitionChange, Guarded, OldLog, Progress, Session, Visit};
pub use ::store::market::PackedMonths;
pub use ::store::objects::{ArchivePart, DayCopy, Objects, ResultPart};
pub use ::store::trading::{
    BotChange, BotSeat, Groups, Idle, KeptAccount, KeptNotice, KeptToken, SystemState, TokenChange, Unread,
};
pub use ::store::vault::KeptWallet;
pub use domain::audit::Audit;
