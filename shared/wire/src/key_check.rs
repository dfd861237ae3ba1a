//! What `key-check` is asked, by its schedule and by who calls it, and what it answers.
//!
//! 1. `{"v":1,"type":"…"}` and what belongs to it. A higher `v` or an unknown type is an error of the caller's, who is
//!    newer; unknown fields are ignored.
//! 2. A key travels sealed or not at all.

use crate::resealed::Resealed;
use crate::stored::{DayBalance, Sealed};
use crate::text::Text;
use crate::view;
use domain::clock::Timestamp;
use domain::ids::{AccountId, CredentialId, HolderId, UserId};
use domain::market::{Asset, Exchange, Interval, Symbol};
use domain::vault::{KeyFacts, KeyFault, Mode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const VERSION: u32 = 1;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCheck {
    v: u32,
    /// Of the request that it belongs to.
    #[serde(default)]
    pub trace: String,
    #[serde(flatten)]
    pub asked: Asked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Asked {
    /// By the schedule: check every account that may enter, and read its balances.
    Check,
    /// Look at a key that is not kept yet. Nothing is written but that it was opened.
    Probe(Candidate),
    /// Check the key of this account now.
    Validate { account: Text<AccountId> },
    /// Fetch what this account, whose key was found good, needs before its first alert: the markets there, and what it has.
    /// Nobody waits for it.
    Begin { account: Text<AccountId> },
    /// Read the balances of this account now.
    Balances { account: Text<AccountId> },
    /// By the schedule: bring the markets of all exchanges up to date that somebody has an account at.
    Markets,
    /// Tell candles of a market, which everybody may know. No key is opened.
    Candles(AskedCandles),
    /// Put secrets under the vault's key as it is now, after this account; from the first one where none is named.
    Reseal {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<Text<AccountId>>,
    },
}

/// A key, sealed for the user and the credential that it is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub account: Text<AccountId>,
    /// The side of the exchange that it is for; that of the account where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
    pub user: Text<UserId>,
    pub credential: Text<CredentialId>,
    pub sealed: Sealed,
    /// Whether its owner insists on a key that can withdraw.
    #[serde(default)]
    pub insisted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedCandles {
    pub exchange: Text<Exchange>,
    pub symbol: Text<Symbol>,
    pub timeframe: Text<Interval>,
    /// The newest where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// How many candles the time that is told of is long.
    pub limit: u32,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KeyChecked {
    Checked(Counts),
    Probed(Probed),
    Validated(Validated),
    Balances(Balances),
    Candles(view::Candles),
    Resealed(Resealed),
    Refreshed(Refreshed),
    /// What was asked for is begun with.
    Begun(Refreshed),
    /// Nothing was found out or done, and why.
    Refused(Refused),
}

/// What a run of the schedule came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub good: u32,
    pub bad: u32,
    pub disabled: u32,
    /// Where nothing could be learned.
    pub away: u32,
    pub balances: u32,
    /// Accounts that the next run begins with.
    pub left: u32,
}

/// What the venue tells of a key, and what is to be thought of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    pub told: Told,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Text<KeyFault>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<String>,
    /// The label of whichever of the same user's accounts trades the same one there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connected_as: Option<String>,
}

/// An account after a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validated {
    pub enabled: bool,
    pub validated: bool,
    pub failures: u32,
    pub version: u64,
    /// None where the account needs no key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probed: Option<Probed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    pub at: i64,
    pub balances: BTreeMap<Text<Asset>, DayBalance>,
}

/// What a refresh of markets came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refreshed {
    pub exchanges: u32,
    pub written: u32,
    pub removed: u32,
    /// Exchanges that could not be asked, or whose answer is doubted.
    pub away: u32,
    /// Exchanges that there was no time for.
    #[serde(default)]
    pub left: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub code: String,
    pub detail: String,
}

/// What the venue tells; nothing stands for what it does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trades: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdraws: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Of which of the exchange's accounts it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Text<HolderId>>,
}

/// A question of a newer caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("v is {0}, and {VERSION} is the newest known")]
pub struct NewerQuestion(pub u32);

impl KeyCheck {
    pub fn new(trace: String, asked: Asked) -> Self {
        Self { v: VERSION, trace, asked }
    }

    /// # Errors
    /// [`NewerQuestion`] where a newer caller means something else by it.
    pub fn known(self) -> Result<Asked, NewerQuestion> {
        if self.v > VERSION { Err(NewerQuestion(self.v)) } else { Ok(self.asked) }
    }
}

impl From<&KeyFacts> for Told {
    fn from(facts: &KeyFacts) -> Self {
        let KeyFacts { reads, trades, withdraws, addresses, expires_at, holder, .. } = facts.clone();
        let (expires_at, holder) = (expires_at.map(Timestamp::millis), holder.map(Text));
        Self { reads, trades, withdraws, addresses, expires_at, holder }
    }
}
