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
pub use accounts::{ChangeAccount, Groups, Idle, KeptAccount, ListKeptAccounts, OpenAccount};
pub use archive::*;
pub use audit::*;
pub use backtest::{BeginBacktest, KeepBacktest, KeepResults, ResultPart, SpreadBacktest};
pub use bot::{BotChange, BotSeat, CountRunning, ForgetBots, KeepSwitch, ListHearers, LoadBot, LoadRun, LoadSwitch};
pub use candles::*;
pub use chain::{ReadChain, RecoverSigner};
pub use definition::{DefinitionChange, GrantLogin, KeepDefinition, LoadDefinition};
pub use doctor::*;
pub use erasure::*;
pub use factor::*;
pub use halt::*;
pub use health::*;
pub use identity::*;
pub use key_check::AskKeyCheck;
pub use logs::*;
pub use mail::*;
pub use market::{KeepMarket, ListMarkets, LoadFormerMarket, LoadMarket, MarkListing};
pub use months::*;
pub use notice::{KeptNotice, Notify, ReadNotices, RecallOrigin, Unread};
pub use paper::*;
pub use parked::*;
pub use people::*;
pub use preset::{KeepPreset, KeptPreset, ListPresets, LoadPreset};
pub use profile::*;
pub use program::{KeepProgramKey, ListProgramKeys};
pub use queue::{Bell, HideMessage, Queue, Ring, SendSignal, SendTicks, Signal, TICKS_PER_CALL_MAX, Tick};
pub use quota::{KeepQuota, LoadQuota, MarkLimited};
pub use recovery::*;
pub use route::{KeepRoute, KeptRoute, ListRoutes, LoadRoute, ReadBooks};
pub use series::{
    Failing, KeepBackfill, KeepCandles, KeepWish, ListWishes, MarkSeries, MarkTold, Older, ReadCandles, SeriesMark,
    StartIngest, TellCandle, Wanting, Wish,
};
pub use session::{GuardSession, Guarded, Session, Visit};
pub use signed_day::*;
pub use token::{ChangeTokens, KeptToken, ListTokens, TokenChange};
pub use vault::*;
pub use venue::{
    Address, Balance, Cancelled, KeyRefused, ListVenueMarkets, Listed, OcoFacts, OcoRequest, OpenPosition, Outcome,
    Pause, ReadFee, Request, Requests, Said, Tells, Terms, Trigger, TriggerKind, Unprepared, Urgency, Venue,
    VenueError, VenueOrder,
};
pub use wallets::*;

use domain::clock::Timestamp;

/// The time, for what lasts longer than one reading of it.
pub trait Clock {
    fn now(&self) -> Timestamp;
}
