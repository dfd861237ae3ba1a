//! What stands in the vault: sealed secrets, who has opened one, whether an account may enter, and what it had.

use super::Schema;
use crate::text::{Base64, Text};
use domain::chain::{self, ChainFault, EvmAddress};
use domain::clock::Timestamp;
use domain::ids::{AccountId, AttemptId, CredentialId, HolderId, UserId};
use domain::market::{Asset, Exchange};
use domain::money::Amount;
use domain::vault::{self, AccountState, KeyFault, Mode, SecretKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether an account may enter. Rows of the first release have the two flags alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub v: Schema<1>,
    pub enabled: bool,
    pub validated: bool,
    #[serde(default)]
    pub mode: Option<Text<Mode>>,
    #[serde(default)]
    pub validated_at: Option<i64>,
    #[serde(default)]
    pub checked_at: Option<i64>,
    /// Checks in a row that failed for a reason of the key.
    #[serde(default)]
    pub failures: Option<u32>,
    #[serde(default)]
    pub fault: Option<Text<KeyFault>>,
    /// Of which of its exchange's accounts its key is.
    #[serde(default)]
    pub holder: Option<Text<HolderId>>,
    /// Under what it is the one account here that trades that one.
    #[serde(default)]
    pub claim: Option<Text<HolderId>>,
    /// Of a chain.
    #[serde(default)]
    pub address: Option<HeldAddress>,
    #[serde(default)]
    pub version: Option<u64>,
}

/// An address that is looked at, and how far it is proven to be its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAddress {
    pub address: Text<EvmAddress>,
    #[serde(default)]
    pub proven_at: Option<i64>,
    #[serde(default)]
    pub challenge: Option<Challenge>,
    #[serde(default)]
    pub fault: Option<Text<ChainFault>>,
}

/// A text that is to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    pub text: String,
    pub expires_at: i64,
}

/// A secret of a user, sealed: nothing of this opens it without KMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    pub v: Schema<1>,
    pub id: Text<CredentialId>,
    pub user: Text<UserId>,
    pub kind: Text<SecretKind>,
    /// As it is shown.
    pub masked: String,
    /// Whether its owner has insisted on a key that can withdraw.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insisted: bool,
    pub created_at: i64,
    pub sealed: Sealed,
}

/// Cipher text, and the data key that opens it, wrapped by KMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// How it is sealed.
    pub form: u32,
    pub wrapped_key: Base64,
    pub nonce: Base64,
    pub cipher_text: Base64,
    /// By which the data key is wrapped.
    pub kms_key: String,
    pub sealed_at: i64,
}

/// Which account here trades the account there that is in its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    pub version: u64,
}

/// When one side of an exchange last answered, and since when it has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueAnswers {
    pub v: Schema<1>,
    pub exchange: Text<Exchange>,
    pub mode: Text<Mode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<i64>,
}

impl From<&vault::VenueAnswers> for VenueAnswers {
    fn from(answers: &vault::VenueAnswers) -> Self {
        let vault::VenueAnswers { exchange, mode, answered_at, failed_at, failing_since } = answers.clone();
        let [answered_at, failed_at, failing_since] =
            [answered_at, failed_at, failing_since].map(|at| at.map(Timestamp::millis));
        Self { v: Schema, exchange: Text(exchange), mode: Text(mode), answered_at, failed_at, failing_since }
    }
}

impl From<VenueAnswers> for vault::VenueAnswers {
    fn from(row: VenueAnswers) -> Self {
        let [answered_at, failed_at, failing_since] =
            [row.answered_at, row.failed_at, row.failing_since].map(|at| at.map(Timestamp::from_millis));
        Self { exchange: row.exchange.0, mode: row.mode.0, answered_at, failed_at, failing_since }
    }
}

/// One data key in the hands of one process, for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLease {
    pub v: Schema<1>,
    pub credential: Text<CredentialId>,
    pub user: Text<UserId>,
    pub kind: Text<SecretKind>,
    pub function: String,
    pub why: String,
    pub at: i64,
    pub until: i64,
    pub attempt: Text<AttemptId>,
}

/// A secret that was opened on a UTC day, which is in its key: what the day's leases are found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedOn {
    pub v: Schema<1>,
    pub credential: Text<CredentialId>,
}

/// What an account had at its venue when it was last asked on one UTC day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBalances {
    pub v: Schema<1>,
    pub account: Text<AccountId>,
    /// Since 1970-01-01.
    pub day: i64,
    pub at: i64,
    pub balances: BTreeMap<Text<Asset>, DayBalance>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBalance {
    pub free: Text<Amount>,
    pub locked: Text<Amount>,
}

impl From<&AccountState> for Standing {
    fn from(state: &AccountState) -> Self {
        Self {
            v: Schema,
            enabled: state.enabled,
            validated: state.validated,
            mode: state.mode.map(Text),
            validated_at: state.validated_at.map(Timestamp::millis),
            checked_at: state.checked_at.map(Timestamp::millis),
            failures: Some(state.failures).filter(|failures| *failures > 0),
            fault: state.fault.map(Text),
            holder: state.holder.clone().map(Text),
            claim: state.claim.clone().map(Text),
            address: state.address.as_ref().map(HeldAddress::from),
            version: Some(state.version).filter(|version| *version > 0),
        }
    }
}

impl From<Standing> for AccountState {
    fn from(row: Standing) -> Self {
        Self {
            enabled: row.enabled,
            validated: row.validated,
            mode: row.mode.map(|mode| mode.0),
            validated_at: row.validated_at.map(Timestamp::from_millis),
            checked_at: row.checked_at.map(Timestamp::from_millis),
            failures: row.failures.unwrap_or_default(),
            fault: row.fault.map(|fault| fault.0),
            holder: row.holder.map(|holder| holder.0),
            claim: row.claim.map(|claim| claim.0),
            address: row.address.map(chain::HeldAddress::from),
            version: row.version.unwrap_or_default(),
        }
    }
}

impl From<&chain::HeldAddress> for HeldAddress {
    fn from(held: &chain::HeldAddress) -> Self {
        let challenge = |challenge: &chain::Challenge| Challenge {
            text: challenge.text.clone(),
            expires_at: challenge.expires_at.millis(),
        };
        Self {
            address: Text(held.address.clone()),
            proven_at: held.proven_at.map(Timestamp::millis),
            challenge: held.challenge.as_ref().map(challenge),
            fault: held.fault.map(Text),
        }
    }
}

impl From<HeldAddress> for chain::HeldAddress {
    fn from(row: HeldAddress) -> Self {
        let challenge =
            |Challenge { text, expires_at }| chain::Challenge { text, expires_at: Timestamp::from_millis(expires_at) };
        Self {
            address: row.address.0,
            proven_at: row.proven_at.map(Timestamp::from_millis),
            challenge: row.challenge.map(challenge),
            fault: row.fault.map(|fault| fault.0),
        }
    }
}
