//! Ids on the money path are functions of what caused them, so that doing a thing twice names it once.

use crate::clock::Timestamp;
use data_encoding::{BASE32_NOPAD, Specification};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// An id that is not of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be {prefix} followed by lower-case letters and digits")]
pub struct BadId {
    prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// The id of what `cause` names; the same cause gives the same id for ever.
            pub fn of(cause: &[&str]) -> Self {
                Self(format!("{}{}", $prefix, short(&digest(cause), 26)))
            }

            /// # Errors
            /// [`BadId`] where the text is not an id of this kind.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let bad = BadId { prefix: $prefix };
                let rest = text.strip_prefix($prefix).ok_or_else(|| bad.clone())?;
                let well_formed = (1..=48).contains(&rest.len())
                    && rest.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
                if well_formed { Ok(Self(text.to_owned())) } else { Err(bad) }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(UserId, "usr_");
id!(
    /// One log-in of a person, until its end.
    SessionId,
    "ses_"
);
id!(
    /// A program's key, by its public name; the key itself is never an id.
    KeyId,
    "key_"
);
id!(AccountId, "acc_");
id!(
    /// What is kept of a provider of accounts.
    WalletId,
    "wlt_"
);
id!(
    /// One secret in the vault.
    CredentialId,
    "crd_"
);
id!(
    /// An account at its exchange, by a hash of what the exchange itself calls it; or of the key, where it calls it nothing.
    HolderId,
    "hld_"
);
id!(
    /// One receipt of an alert that was not a repeat.
    DeliveryId,
    "dlv_"
);
id!(
    /// A position group: one trade idea with its orders.
    GroupId,
    "grp_"
);
id!(OrderId, "ord_");
id!(
    /// A webhook token's public name; the token itself is never an id.
    TokenId,
    "tok_"
);

id!(
    /// One entry of the system log.
    LogId,
    "log_"
);
id!(
    /// What was left to a person: a message, or a delivery that nobody could decide.
    ParkedId,
    "prk_"
);

id!(
    /// A repair that is proposed for one difference between an account and its venue.
    ProposalId,
    "prp_"
);

id!(
    /// One line of an inbox.
    NoticeId,
    "ntf_"
);

id!(
    /// Older candles of a series that somebody asked for.
    BackfillId,
    "bfl_"
);

id!(
    /// One backtest that somebody asked for.
    BacktestId,
    "bkt_"
);

id!(BotId, "bot_");
id!(
    /// A whale alert: of its chain and transaction.
    WhaleAlertId,
    "wha_"
);
id!(
    /// A source of whale alerts.
    SourceId,
    "src_"
);
id!(
    /// A risk rule of a user.
    RuleId,
    "rsk_"
);
id!(
    /// A trade that was made elsewhere, as its user keeps it.
    OwnTradeId,
    "trd_"
);
id!(
    /// A bot from one start to its stop.
    RunId,
    "run_"
);

macro_rules! timed {
    ($($id:ty),* $(,)?) => {$(
        impl $id {
            /// The id of what `cause` names at a time; ids sort by their times.
            pub fn at(at: Timestamp, cause: &[&str]) -> Self {
                Self(format!("{}{:013}{}", Self::PREFIX, at.millis(), short(&digest(cause), 20)))
            }

            /// The time in it; none where it was not made by `at`.
            pub fn time(&self) -> Option<Timestamp> {
                const DIGITS: usize = 13;
                let digits: String = self.0.chars().skip(Self::PREFIX.len()).take(DIGITS).collect();
                digits.parse().ok().map(Timestamp::from_millis)
            }
        }
    )*};
}

timed!(ParkedId, NoticeId, BotId, RunId, BackfillId, BacktestId, RuleId, OwnTradeId);

/// What one run of a function stamps on everything it writes; its own stamp on a refused write means it was applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId(String);

impl AttemptId {
    pub fn new(unique: impl Into<String>) -> Self {
        Self(unique.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id under which the venue knows our order: `m`, three characters of the deployment, fourteen of the order.
///
/// Eighteen characters of lower-case base 32 fit the alphabet and length of every venue we trade on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientOrderId(String);

impl ClientOrderId {
    pub fn of(deployment: &str, order: &OrderId) -> Self {
        let unique: String = order.as_str().chars().skip(OrderId::PREFIX.len()).take(14).collect();
        Self(format!("{}{unique}", Self::deployment_prefix(deployment)))
    }

    /// The id of the stop beside a limit order, where one of them cancels the other: a function of the limit order's.
    #[must_use]
    pub fn of_stop(&self) -> Self {
        let prefix: String = self.0.chars().take(4).collect();
        Self(format!("{prefix}{}", short(&digest(&["stop", &self.0]), 14)))
    }

    /// What every client order id of this deployment begins with.
    pub fn deployment_prefix(deployment: &str) -> String {
        format!("m{}", short(&digest(&["deployment", deployment]), 3))
    }

    /// As read back from a store or a venue.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha(String);

impl Sha {
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
    }

    /// Of several texts, each with its length before it, so that no two lists give the same bytes.
    pub fn of_parts(parts: &[&str]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&digest(parts)))
    }

    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

fn short(digest: &[u8], characters: usize) -> String {
    let mut spec: Specification = BASE32_NOPAD.specification();
    spec.symbols.make_ascii_lowercase();
    spec.encoding().map(|base32| base32.encode(digest).chars().take(characters).collect()).unwrap_or_default()
}
