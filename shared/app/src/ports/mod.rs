//! What the use cases need of the outside. Each port is named by a need; adapters implement them, tests too.
//!
//! Invariants that every implementation keeps (one contract suite holds memory and cloud to them):
//! 1. Reads by key are strongly consistent; lists by an index may lag.
//! 2. [`Commit::commit`] applies all changes or none, and says `Ok` when its own stamp shows that it was applied.
//! 3. A venue call ends within its time-out, as `Unknown` if need be; it sends once and never retries.

mod accounts;
mod archive;
mod audit;
mod backtest;
mod bot;
mod candles;
mod chain;
mod definition;
mod doctor;
mod erasure;
mod factor;
mod halt;
mod health;
mod identity;
mod key_check;
mod logs;
mod mail;
mod market;
mod message;
mod months;
mod notice;
mod paper;
mod parked;
mod people;
mod preset;
mod profile;
mod program;
mod queue;
mod quota;
mod recovery;
mod route;
mod series;
mod session;
mod signed_day;
mod store;
mod token;
mod vault;
mod venue;
mod wallets;

pub use self::store::*;
pub use accounts::{Groups, Idle, KeptAccount};
pub use archive::*;
pub use audit::*;
pub use backtest::{BeginBacktest, KeepResults, ResultPart, SpreadBacktest};
pub use bot::{BotChange, BotSeat};
pub use candles::*;
pub use chain::{ReadChain, RecoverSigner};
pub use definition::DefinitionChange;
pub use doctor::*;
pub use factor::*;
pub use health::*;
pub use identity::*;
pub use key_check::AskKeyCheck;
pub use logs::*;
pub use mail::*;
pub use market::{KeepMarket, ListMarkets, LoadFormerMarket, LoadMarket, MarkListing};
pub use months::*;
pub use notice::{KeptNotice, Unread};
pub use paper::*;
pub use parked::*;
pub use preset::KeptPreset;
pub use queue::{Bell, HideMessage, Queue, Ring, SendSignal, SendTicks, Signal, TICKS_PER_CALL_MAX, Tick};
pub use recovery::*;
pub use route::{KeptRoute, ReadBooks};
pub use series::{Failing, Older, ReadCandles, SeriesMark, StartIngest, TellCandle, Wanting, Wish};
pub use session::{GuardSession, Guarded, Session, Visit};
pub use signed_day::*;
pub use token::{KeptToken, TokenChange};
pub use vault::*;
pub use venue::{
    Address, Balance, Cancelled, KeyRefused, ListVenueMarkets, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome,
    Pause, ReadFee, Request, Requests, Said, Tells, Terms, Trigger, TriggerKind, Unprepared, Urgency, Venue,
    VenueError, VenueOrder,
};
pub use wallets::*;

pub use ::store::Clock;
