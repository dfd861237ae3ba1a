//! Why an alert got its verdict, and why an order was not placed or has ended: one list of words for both, since the reason of an
//! order becomes that of its alert.

use crate::words::words;
use std::fmt;
use std::ops::Deref;

/// A reason of ours. What an exchange says is one of these, with its own words as detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    Opened,
    PyramidAdded,
    Reducing,
    Closing,
    Routed,
    Conflict,
    Stale,
    Retried,
    Dropped,
    Unreadable,
    Undecided,
    InvalidJson,
    InvalidAlert,
    UnknownPreset,
    UnknownAccount,
    UnknownMarket,
    UnknownRoute,
    AccountNotAllowed,
    AccountDisabled,
    AccountNotValidated,
    NothingOpen,
    NothingHeld,
    BeforeEntry,
    BelowMinimumProfit,
    ExitedSince,
    PartialExitOff,
    SizesMissing,
    TooLittle,
    AlreadyLive,
    ContradictsSide,
    MarketCannotShort,
    MarketTaken,
    PositionNotOurs,
    VenueNotTradable,
    VenuePaused,
    Cooldown,
    Drift,
    Inexact,
    PresetUnreadable,
    PyramidsMax,
    PyramidPending,
    PyramidDistance,
    ExitFollowsPrice,
    ReductionsMax,
    RunStopped,
    StrategyOff,
    BeforeRecovery,
    PlanLimitPositions,
    Halted,
    OpenGroupsMax,
    OrderQuoteMax,
    LeverageMax,
    DayLossMax,
    DrawdownMax,
    ExposureMax,
    LosingClosesMax,
    EntriesPerHourMax,
    PriceCollar,
    SpreadMax,
    EntriesReducing,
    BalanceOld,
    TokenFrom,
    TokenMarket,
    TokenPreset,
    TokenOrderQuoteMax,
    KeyQuoteMax,
    TokenEntryOnly,
    TokenExitOnly,
    RouteBuysOnly,
    RouteTurnsNot,
    RouteModes,
    NoAccountFits,
    AdditionSized,
    AdditionBounded,
    NoBook,
    NothingOffered,
    Slippage,
    AccountLimits,
    Dearer,
    BalanceTooSmall,
    NoPrice,
    NoFeePrice,
    PriceMoved,
    Expired,
    NotPlaced,
    Cancelled,
    Superseded,
    Resolved,
    DeclaredOver,
    Clock,
    KeyRefused,
    InsufficientBalance,
    RateLimited,
    TooManyOrders,
    StopNotTaken,
    MarketClosed,
    WouldTriggerImmediately,
    OcoPrices,
    OcoClientOrderIds,
    DuplicateClientOrderId,
    PriceNotPositive,
    QuantityZero,
    BelowQuantityMin,
    BelowNotionalMin,
    AboveQuantityMax,
    AboveNotionalMax,
    OffPriceTick,
    OffQuantityStep,
    OutOfBounds,
    Precision,
    PositionMode,
    MarginMode,
    Leverage,
    ReduceOnly,
    RefusedByVenue,
}

/// A reason as it is stored. A row of another release may have a word that is not known here: it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum StoredReason {
    Known(Reason),
    Unknown(String),
}

impl StoredReason {
    /// As it was stored.
    pub fn read(text: String) -> Self {
        text.parse().map_or(Self::Unknown(text), Self::Known)
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(reason) => reason.as_str(),
            Self::Unknown(text) => text,
        }
    }

    /// Whether it is one of these.
    pub fn is_one_of(&self, reasons: &[Reason]) -> bool {
        matches!(self, Self::Known(reason) if reasons.contains(reason))
    }
}

/// Its word.
impl Deref for StoredReason {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<Reason> for StoredReason {
    fn from(reason: Reason) -> Self {
        Self::Known(reason)
    }
}

impl PartialEq<Reason> for StoredReason {
    fn eq(&self, other: &Reason) -> bool {
        matches!(self, Self::Known(reason) if reason == other)
    }
}

impl fmt::Display for StoredReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

words! {
    Reason {
        Opened = "opened",
        PyramidAdded = "pyramid_added",
        Reducing = "reducing",
        Closing = "closing",
        Routed = "routed",
        Conflict = "conflict",
        Stale = "stale",
        Retried = "retried",
        Dropped = "dropped",
        Unreadable = "unreadable",
        Undecided = "undecided",
        InvalidJson = "invalid_json",
        InvalidAlert = "invalid_alert",
        UnknownPreset = "unknown_preset",
        UnknownAccount = "unknown_account",
        UnknownMarket = "unknown_market",
        UnknownRoute = "unknown_route",
        AccountNotAllowed = "account_not_allowed",
        AccountDisabled = "account_disabled",
        AccountNotValidated = "account_not_validated",
        NothingOpen = "nothing_open",
        NothingHeld = "nothing_held",
        BeforeEntry = "before_entry",
        BelowMinimumProfit = "below_minimum_profit",
        ExitedSince = "exited_since",
        PartialExitOff = "partial_exit_off",
        SizesMissing = "sizes_missing",
        TooLittle = "too_little",
        AlreadyLive = "already_live",
        ContradictsSide = "contradicts_side",
        MarketCannotShort = "market_cannot_short",
        MarketTaken = "market_taken",
        PositionNotOurs = "position_not_ours",
        VenueNotTradable = "venue_not_tradable",
        VenuePaused = "venue_paused",
        Cooldown = "cooldown",
        Drift = "drift",
        Inexact = "inexact",
        PresetUnreadable = "preset_unreadable",
        PyramidsMax = "pyramids_max",
        PyramidPending = "pyramid_pending",
        PyramidDistance = "pyramid_distance",
        ExitFollowsPrice = "exit_follows_price",
        ReductionsMax = "reductions_max",
        RunStopped = "run_stopped",
        StrategyOff = "strategy_off",
        BeforeRecovery = "before_recovery",
        PlanLimitPositions = "plan_limit_positions",
        Halted = "halted",
        OpenGroupsMax = "open_groups_max",
        OrderQuoteMax = "order_quote_max",
        LeverageMax = "leverage_max",
        DayLossMax = "day_loss_max",
        DrawdownMax = "drawdown_max",
        ExposureMax = "exposure_max",
        LosingClosesMax = "losing_closes_max",
        EntriesPerHourMax = "entries_per_hour_max",
        PriceCollar = "price_collar",
        SpreadMax = "spread_max",
        EntriesReducing = "entries_reducing",
        BalanceOld = "balance_old",
        TokenFrom = "token_from",
        TokenMarket = "token_market",
        TokenPreset = "token_preset",
        TokenOrderQuoteMax = "token_order_quote_max",
        KeyQuoteMax = "key_quote_max",
        TokenEntryOnly = "token_entry_only",
        TokenExitOnly = "token_exit_only",
        RouteBuysOnly = "route_buys_only",
        RouteTurnsNot = "route_turns_not",
        RouteModes = "route_modes",
        NoAccountFits = "no_account_fits",
        AdditionSized = "addition_sized",
        AdditionBounded = "addition_bounded",
        NoBook = "no_book",
        NothingOffered = "nothing_offered",
        Slippage = "slippage",
        AccountLimits = "account_limits",
        Dearer = "dearer",
        BalanceTooSmall = "balance_too_small",
        NoPrice = "no_price",
        NoFeePrice = "no_fee_price",
        PriceMoved = "price_moved",
        Expired = "expired",
        NotPlaced = "not_placed",
        Cancelled = "cancelled",
        Superseded = "superseded",
        Resolved = "resolved",
        DeclaredOver = "declared_over",
        Clock = "clock",
        KeyRefused = "key_refused",
        InsufficientBalance = "insufficient_balance",
        RateLimited = "rate_limited",
        TooManyOrders = "too_many_orders",
        StopNotTaken = "stop_not_taken",
        MarketClosed = "market_closed",
        WouldTriggerImmediately = "would_trigger_immediately",
        OcoPrices = "oco_prices",
        OcoClientOrderIds = "oco_client_order_ids",
        DuplicateClientOrderId = "duplicate_client_order_id",
        PriceNotPositive = "price_not_positive",
        QuantityZero = "quantity_zero",
        BelowQuantityMin = "below_quantity_min",
        BelowNotionalMin = "below_notional_min",
        AboveQuantityMax = "above_quantity_max",
        AboveNotionalMax = "above_notional_max",
        OffPriceTick = "off_price_tick",
        OffQuantityStep = "off_quantity_step",
        OutOfBounds = "out_of_bounds",
        Precision = "precision",
        PositionMode = "position_mode",
        MarginMode = "margin_mode",
        Leverage = "leverage",
        ReduceOnly = "reduce_only",
        RefusedByVenue = "refused_by_venue",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_reason_of_another_release_stays_as_it_is() {
        let known = StoredReason::read("market_taken".to_owned());
        assert!(known == Reason::MarketTaken && known.is_one_of(&[Reason::Stale, Reason::MarketTaken]));
        let unknown = StoredReason::read("out_of_moons".to_owned());
        assert_eq!(unknown.as_str(), "out_of_moons");
        assert!(!unknown.is_one_of(&Reason::ALL));
        for reason in Reason::ALL {
            assert_eq!(StoredReason::read(reason.to_string()), StoredReason::Known(reason));
        }
    }
}
