//! Stored items, one struct each, and what they are in the domain.
//!
//! 1. Every item carries `v`, its kind's schema. Readers take the current schema and the one before it; writers write
//!    the current one.
//! 2. A word that is not known is an error, never a default. Attributes that are not known are left alone: items are
//!    rewritten attribute by attribute, so new ones are added at the top and not inside nested maps.
//! 3. Money is a decimal text. Times are milliseconds. Keys, index attributes and stamps belong to the store.

mod account;
mod allowance;
mod archive;
mod audit;
mod backfill;
mod backtest;
mod body;
mod book;
mod bot;
mod definition;
mod delivery;
mod drift;
mod evidence;
mod factor;
mod grant;
mod group;
mod idempotency;
mod identity;
mod impact;
mod label;
mod ladder;
mod log;
mod market;
mod notice;
mod order;
mod packed;
mod paper;
mod parked;
mod plan;
mod preset;
mod program;
mod pyramid;
mod quota;
mod recovery;
mod risk;
mod route;
mod sentiment;
mod series;
mod settings;
mod sight;
mod signed_day;
mod source;
mod token;
mod trail;
mod vault;
mod wallet;
mod whale;

pub use account::{Account, AccountEntry, Equity, Halt, Reducing, System, TakerFee, Wanted};
pub use allowance::{Limits, Rates};
pub use archive::{ArchiveProgress, SkippedChain};
pub use audit::{Audit, AuditHead};
pub use backfill::{Backfill, BackfillsBegun};
pub use backtest::{Backtest, BacktestAsked, BacktestPlan, BacktestsGoing, BacktestsOfAll};
pub use body::Body;
pub use book::{BookDay, BookLine, OwnTrade, TradeRecord};
pub use bot::{Bot, BotEntry, BotRun, BotSeat, BotTerms, BotWord, BotsRunning, ByBot, RunEnd, SentBy, StrategySwitch};
pub use definition::{Permission, Plan, Role};
pub use delivery::{ByHand, Delivery, DeliveryRef, Verdict};
pub use drift::{AccountDrift, GroupDrift};
pub use evidence::{Cause, LimitKept, Said, SeenPrice};
pub use factor::Factor;
pub use grant::Grant;
pub use group::{Exit, Group, Mark, Settled};
pub use idempotency::{Answer, KeyedRequest};
pub use identity::{
    Bootstrap, DoorCount, Guesses, Login, Refresh, ReplacedRefresh, Reset, TokenKey, TokenKeys, User, UserEntry,
};
pub use impact::{WhaleBaseRate, WhaleDue, WhaleImpact};
pub use label::{AddressLabel, LabelsOfChain};
pub use ladder::SafetyOrders;
pub use log::Note;
pub use market::{Filters, Listing, Market, Replay};
pub use notice::{KnownOrigin, Notice, NoticesRead};
pub use order::{Fee, Fill, Order, OrderKind, OrderSize, Refusal, Submission};
pub use paper::{
    PaperBalance, PaperBook, PaperContract, PaperContracts, PaperFault, PaperFaultKind, PaperFeeAsset, PaperFeeIn,
    PaperOrder, PaperPair, PaperTrade, PaperTrigger, PaperTriggerKind,
};
pub use parked::{BadParked, Parked, ParkedEnd, ParkedKind, ParkedLetter};
pub use plan::{StopLoss, TakeProfit, TakeProfitKind, TradePlan};
pub use preset::{Preset, PresetRef};
pub use program::{KeySecret, OrderBounds, ProgramKey};
pub use pyramid::{Left, Pyramid, Pyramiding, Reduction};
pub use quota::Quota;
pub use recovery::RecoveryReport;
pub use risk::{FlattenCode, Paused, RiskAssessment, RiskCount, RiskEvent, RiskRule};
pub use route::{Figures, LeftOut, Part, PartEntry, ReckonedFee, Route, RouteRef, RoutedPart, Routing};
pub use sentiment::{Sentiment, SentimentHour, SentimentPart};
pub use series::{
    CandleRow, OlderPart, PackedCandle, SeriesFailing, SeriesMark, SeriesMonths, SeriesTold, Wish, WishedBy,
};
pub use settings::UserSettings;
pub use sight::{Sight, SightAccount, SightFlight};
pub use signed_day::SignedDay;
pub use source::{WatchedSource, WhaleSource};
pub use token::{Session, WebhookToken};
pub use trail::{History, LastExit, LivePointer, Outbox};
pub use vault::{Claim, Credential, DayBalance, DayBalances, KeyLease, OpenedOn, Sealed, Standing, VenueAnswers};
pub use wallet::Wallet;
pub use whale::{
    WhaleAlert, WhaleBlock, WhaleChange, WhaleDay, WhaleFault, WhalePointer, WhaleRead, WhaleReadAlerts, WhaleRequests,
    WhaleSide, WhaleWatch,
};

use serde::{Deserialize, Serialize};

/// The schema number of one kind of item, now at `CURRENT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Schema<const CURRENT: u32>;

impl<const CURRENT: u32> From<Schema<CURRENT>> for u32 {
    fn from(_: Schema<CURRENT>) -> Self {
        CURRENT
    }
}

impl<const CURRENT: u32> TryFrom<u32> for Schema<CURRENT> {
    type Error = String;

    fn try_from(v: u32) -> Result<Self, String> {
        let oldest = CURRENT.saturating_sub(1).max(1);
        if (oldest..=CURRENT).contains(&v) {
            Ok(Self)
        } else {
            Err(format!("v is {v}, and must be {oldest} to {CURRENT}"))
        }
    }
}

/// A number that is not written where it is none.
fn is_zero<T: Default + PartialEq>(number: &T) -> bool {
    *number == T::default()
}
