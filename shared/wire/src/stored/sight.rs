//! What a function saw when it was asked to look around.

use super::Schema;
use crate::text::Text;
use domain::ids::{AccountId, UserId};
use domain::market::Exchange;
use serde::{Deserialize, Serialize};

/// The last look from inside. Where something could not be found out, its error stands in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    pub v: Schema<1>,
    pub at: i64,
    pub function_version: String,
    pub region: String,
    pub promised_address: Option<String>,
    pub address: Option<String>,
    pub address_error: Option<String>,
    /// In milliseconds.
    pub clock_ahead: Option<i64>,
    pub clock_error: Option<String>,
    pub concurrency_max: Option<u32>,
    pub concurrency_error: Option<String>,
    /// Of the whole deployment.
    pub flight: SightFlight,
    pub accounts: Vec<SightAccount>,
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightFlight {
    pub accounts: u32,
    pub groups: u32,
    pub planned: u32,
    pub submitting: u32,
    pub unknown: u32,
    pub unknown_since: Option<i64>,
    pub oldest_pass: Option<i64>,
    /// In milliseconds; rows of old releases have the slot alone.
    #[serde(default)]
    pub oldest_look: Option<i64>,
    pub exchanges: Vec<Text<Exchange>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightAccount {
    pub id: Text<AccountId>,
    pub user: Text<UserId>,
    pub exchange: Text<Exchange>,
    pub label: String,
    pub enabled: bool,
    pub validated: bool,
    pub halted: bool,
    /// Present while nothing starts there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reducing: Option<bool>,
    /// Why its venue could not be asked; none where it has answered.
    pub venue_error: Option<String>,
    /// In milliseconds; none where the venue has no clock of its own, or did not tell.
    #[serde(default)]
    pub venue_clock_ahead: Option<i64>,
    pub markets_read: u32,
    pub markets_unread: u32,
    pub open_groups_max: u32,
    pub flight: SightFlight,
}
