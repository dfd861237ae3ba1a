//! What of a routed alert each account is to do, and how it came to that.

use super::{Figures, RouteRef};
use crate::clock::Timestamp;
use crate::ids::{AccountId, DeliveryId};
use crate::money::Price;
use crate::preset::{Flags, PresetRef, TradePlan};

/// What one account is to do of a routed alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The delivery that was shared out.
    pub of: DeliveryId,
    pub route: RouteRef,
    pub account: AccountId,
    /// What it enters. Without it the part means what the account has open, and enters nothing.
    pub entry: Option<Entry>,
}

/// What was decided for an account when its route chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// All sizes are amounts: this account's share of them.
    pub plan: TradePlan,
    pub preset: Option<PresetRef>,
    pub flags: Flags,
    pub figures: Figures,
    /// When the books were read.
    pub at: Timestamp,
}

/// How an alert was shared out, for people. No decision reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    pub route: RouteRef,
    /// The best price on offer, where books were read.
    pub touch: Option<Price>,
    pub parts: Vec<RoutedPart>,
    pub left_out: Vec<LeftOut>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutedPart {
    pub account: AccountId,
    /// The delivery that does it, with a verdict of its own.
    pub delivery: DeliveryId,
    /// Of what it buys.
    pub figures: Option<Figures>,
}

/// An account that has no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub account: AccountId,
    /// A stable word.
    pub reason: String,
    pub detail: String,
}
