//! What the API answers, as JSON: built from domain values by functions, read back by the command line.
//!
//! 1. Prices, quantities and amounts are decimal strings; times are RFC 3339 in UTC; ids carry their prefix.
//! 2. What is not known is `null`; a field is left out only where it says so here, since nothing was asked for. Readers
//!    ignore fields that they do not know.

mod account;
mod address_label;
mod alert;
mod asked;
mod assessment;
mod backtest;
mod backtests;
mod bot;
mod bot_rules;
mod by_hand;
mod candle;
mod definition;
mod delivery;
mod doctor;
mod drift;
mod factor;
mod group;
mod group_detail;
mod health;
mod identity;
mod key;
mod ladder_request;
mod lineage;
mod logs;
mod market_data;
mod new_backtest;
mod notice;
mod oauth;
mod order;
mod parked;
mod person;
mod portfolio;
mod preset;
mod preset_members;
mod program;
mod reconciliation;
mod recovery;
mod risk;
mod route;
mod rule;
mod sentiment;
mod settings;
mod strategy;
mod token;
mod trade;
mod usage;
mod wallet;
mod wallet_definition;
mod wallet_limits;
mod whale;
mod whale_source;
mod words;
mod written;

pub use account::{
    AccountState, BalanceState, CloseKeptOut, ClosingAnswer, FlattenAnswer, FlattenRequest, HaltAnswer, HaltMark,
    HaltRequest, HaltStates, ReducingMark, ResumeAnswer, ResumeRequest,
};
pub use address_label::{AddressLabel, LabelsImported, NewAddressLabel};
pub use alert::{
    Alert, AlertBody, AlertIntent, AlertLag, AlertMarket, SignalBotAlert, SignalBotOrder, SignalBotStrategy,
};
pub use asked::{
    ChangePassword, CodeAlone, ForgotPassword, LogIn, NewPreset, NewUser, PasswordAlone, PasswordAndCode, Refresh,
    Register, ResetPassword, Standing, TokenAlone,
};
pub use assessment::{AssetExposure, PositionWorstCase, RiskAssessment, RiskAssessmentRequested, RiskBook, RiskFactor};
pub use backtest::{
    Played, PlayedBars, PlayedDraws, PlayedFill, PlayedGoals, PlayedMonth, PlayedOpen, PlayedShuffled, PlayedSpread,
    PlayedStats, PlayedStep, PlayedTrade, PlayedTry,
};
pub use backtests::{
    Backtest, BacktestFigures, BacktestProgress, BacktestResult, BacktestSteps, BacktestTries, ComparedBacktests,
};
pub use bot::{Bot, BotLogEntry, BotRun, BotTerms, BotWord, ChangeBot, NewBot, StartBot, StopBot, StopRun};
pub use bot_rules::BotRules;
pub use by_hand::{NewOrder, NewOrderExits, OrderPreview, PlacedOrder, PlannedSale};
pub use candle::{Candle, Candles};
pub use definition::{
    ChangePermission, ChangePlan, ChangeRole, NewPermission, NewPlan, NewPlanLimits, NewPlanSettings, NewRole,
    Permission, Plan, PlanLimits, PlanSettings, RatesByClass, Role,
};
pub use delivery::{BrokenLimit, Delivery, Taken, Verdict};
pub use doctor::{Check, Doctor};
pub use drift::{DriftState, Missing, StrayOrder};
pub use factor::{FactorState, NewFactor, RecoveryCodes};
pub use group::{Mark, PositionGroup, ProfitStep, Protection, StillHeld, TakeProfit, Trailing};
pub use group_detail::{HistoryEntry, Leg, PlannedLeg, PositionGroupDetail, Pyramid, Reduction};
pub use health::{
    DeepHealth, ExchangeHealth, Health, KeysHealth, PartHealth, PerformanceHealth, QueueTimes, RouteHealth,
    TimesHealth, VenueHealth, VenuesHealth, WorkHealth,
};
pub use identity::{CsrfToken, Entered, Refreshed, ResetToken, Session, Success, User};
pub use key::{SaveExchangeKey, SaveKey, SavedKey, WalletDay, WalletHeld};
pub use ladder_request::{LadderMarket, LadderRequest, LadderTerms, PresetLadder};
pub use lineage::{LimitPassed, LineageDelivery, OrderLineage, PriceSeen, RiskVerdict, SignalRead, VenueExchange};
pub use logs::{
    AuditCheck, AuditDetails, AuditLog, AuditProblem, LogsDeleted, LogsExport, LogsLink, SystemLog, bound, date,
};
pub use market_data::{
    Backfill, BollingerBands, IndicatorValues, LatestCandle, LatestIndicators, ListedSeries, MacdLines, MarketCandle,
    MarketCell, MarketData, MarketPage, MarketRows, SeriesFailing, SeriesFreshness, SeriesGap, SeriesGapKind,
    SeriesGaps, SeriesStats,
};
pub use new_backtest::{BacktestFunding, BacktestGoals, BacktestLimits, NewBacktest, NewSweep};
pub use notice::{Notification, UnreadNotifications};
pub use oauth::{AskToken, OauthRefusal, OauthToken};
pub use order::{Fill, Order, OrderDetail, Reason, ResolveRequest};
pub use parked::{DropRequest, Parked};
pub use person::{ChangeOneself, Erasure, KeptBotRun, PersonalData, WantedSeries, preferences};
pub use portfolio::{
    EquityCurve, EquityPoint, EquityReport, EquityStep, NetPosition, NewUserTrade, PerformanceGroup, PerformanceReport,
    Portfolio, PortfolioAccount, PortfolioTotal, TRANSACTION_COLUMNS, Transaction, USER_TRADE_COLUMNS, UserTrade,
    UserTradeChange,
};
pub use preset::{ImportedMember, Preset, PresetDates, PresetImport, PresetRef};
pub use preset_members::{
    BaseOrder, ChangeExits, Cooldown, EntrySize, EntryTotal, Lent, OpenGroups, PresetMembers, ProfitStepNumber,
    ProfitTarget, ProfitTargetStep, PyramidSettings, Pyramids, SafetyOrder, SafetyOrders, StopDelay, TimeLimit,
};
pub use program::{
    ApiKey, ApiKeyOrders, ChangedApiKey, MadeApiKey, RotateApiKey, WantedApiKey, WantedApiKeyOrders, WholeApiKey,
};
pub use reconciliation::{AcceptRequest, AccountReconciliation, Difference, Proposal, Reconciliation};
pub use recovery::{
    ConfirmRequest, HoldingState, ReasonRequest, RecoveryAccount, RecoveryChange, RecoveryReport, RecoveryState,
    SystemAnswer, UnknownOrder,
};
pub use risk::{
    NewRiskRule, NewRiskScope, RecommendedRules, ResumeRiskRule, RiskOverride, RiskPause, RiskRule, RiskRuleMeasure,
    RiskRuleTest, RiskRules, RiskScope,
};
pub use route::{LeftOut, NewRoute, PartOf, Route, RouteRef, RoutedFigures, RoutedPart, Routing, WantedRoute};
pub use rule::{LadderRule, PyramidRule};
pub use sentiment::{MarketSentiment, SentimentInput};
pub use settings::{ChangeUserSettings, ProposedLimits, SettingsFrom, UserSettings};
pub use strategy::{Strategy, StrategySwitch, SwitchRequest};
pub use token::{
    ChangedWebhookToken, MadeWebhookToken, RotateWebhookToken, TokenFacts, WantedWebhookToken, WebhookToken,
    WholeWebhookToken,
};
pub use trade::{
    BotProfit, ClosedTrades, CoinsHeld, DayProfit, OpenTrades, ProfitAndLoss, TRADE_COLUMNS, TotalProfit, Trade,
};
pub use usage::{ChangeUserPlan, NewUserPlan, RequestsCounted, Usage, UserPlan};
pub use wallet::{
    AddressShown, ChallengeShown, ChangeWallet, ConnectWallet, KeyShown, ProveAddress, SwitchMode, UserWallet,
    WalletBalances,
};
pub use wallet_definition::{ChangedWallet, NewWallet, Wallet};
pub use wallet_limits::{ChangeWalletLimits, WalletLimits};
pub use whale::{
    MeasuredWhaleCount, WhaleAlert, WhaleBaseRate, WhaleCount, WhaleImpact, WhaleImpactMean, WhaleImpacts, WhaleSide,
    WhaleStats, WhaleSummary, WhaleTransactions,
};
pub use whale_source::{ChangedWhaleSource, NewWhaleSource, WhaleSource, WhaleSourceHealth};
pub use words::{
    ActorKind, AlertKind, AlertSender, AlertStrategy, AuditFault, AuditTable, AuthType, BackfillState, BacktestState,
    BlockchainName, BotAction, BotLogKind, BotRunStatus, ChainFault, CheckName, CheckState, CostMethod, DifferenceKind,
    EntriesState, EntryOrderType, ExchangeClass, ExchangeState, ExitReason, FeeSource, HealthStatus, ImportOutcome,
    KeyFault, LabelCategory, LabelRole, LadderCheck, LadderDialect, LogCategory, LogFormat, LogKind, LogLevel,
    MarketAsset, MarketPosition, Mode, Named, NotificationTopic, OrderOutcome, OrderPurpose, OrderSide, OrderState,
    OrderStatus, OrderType, ParkedKind, ParkedState, PartKind, PartState, PerformanceBy, PerformancePeriod,
    PlayedFillKind, PositionSide, PositionStatus, PriceBasis, PriceSource, ProviderType, PyramidClose,
    PyramidDirection, QueueName, ReasonCode, ReceiptStatus, Repair, RiskAction, RiskAssessedFor, RiskFactorName,
    RiskProfile, RiskRuleSource, RiskScopeKind, RuleKind, SaleJoins, ScoreReason, SentimentInputName, SentimentLabel,
    SeriesReason, SettingLayer, SignalBotAction, SignalWish, SweepScore, SweepSearch, TakeProfitMode, Theme, Time,
    TradeSource, TransactionType, VerdictKind, WhaleSentiment, WhaleSourceKind, WhaleStatus, WholeSale, WorkState,
};
pub use written::{CountOrText, CountUpTo, FlagOrText, NumberOrText, NumberOrWord, TextOrNumber, TimeOrNumber};

use crate::text::{AsText as _, Text};
use domain::clock::Timestamp;
use domain::market::Asset;
use domain::money::{Amount, Decimal, Fraction, MoneyError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Amounts by asset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ByAsset(pub BTreeMap<String, String>);

impl ByAsset {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// Opaque; `?cursor=` continues after the last item.
    pub next_cursor: Option<String>,
    /// The limit that was used, where a larger one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A moment as the API tells it.
pub fn time(at: Timestamp) -> Time {
    Text(at)
}

/// A moment as somebody writes it, in RFC 3339.
pub fn moment(text: &str) -> Option<Timestamp> {
    Timestamp::of_text(text).ok()
}

fn by_asset(amounts: &BTreeMap<Asset, Amount>) -> ByAsset {
    ByAsset(amounts.iter().map(|(asset, amount)| (asset.to_string(), amount.to_string())).collect())
}

/// Profit and loss as they are shown: quote, floored to eight decimals, never better than it is.
pub fn profit(exact: &Fraction) -> Result<String, MoneyError> {
    Ok(exact.floor_to(Decimal::new(1, 8))?.normalize().to_string())
}
