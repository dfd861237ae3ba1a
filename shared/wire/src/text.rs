//! Values that are kept as text: ids, names, words and exact decimals.
//!
//! What is stored is fixed here and nowhere else; a text that is not understood is an error, never a default.

use crate::preset::threecommas::Outcome;
use crate::stored::ParkedKind;
use domain::account::Entries;
use domain::alert::Side;
use domain::audit::{Actor, Shelf};
use domain::backtests::BacktestState;
use domain::bot::{BotName, Confidence, EntryKind};

use domain::chain::{ChainFault, EvmAddress};
use domain::clock::Timestamp;
use domain::delivery::{Identity, VerdictKind};
use domain::group::{ExitReason, GroupStatus};
use domain::identity::{
    Description, Email, Layer, Network, PersonName, PlanName, Preferences, QuietHours, RiskProfile, RoleName,
    RouteClass, Scope, Theme, TimeZone, Username,
};
use domain::ids::{
    AccountId, AttemptId, BackfillId, BacktestId, BotId, ClientOrderId, CredentialId, DeliveryId, GroupId, HolderId,
    KeyId, LogId, NoticeId, OrderId, ParkedId, RuleId, RunId, SessionId, Sha, SourceId, TokenId, UserId, WhaleAlertId,
};
use domain::ladder::Dialect;
use domain::lineage::PriceSource;
use domain::logs::{Category, Level};
use domain::market::{Asset, Exchange, Interval, Leverage, Symbol, Timeframe, VenueClass};
use domain::money::{Amount, Decimal, Percent, Price, Quantity, Rate};
use domain::notice::Topic;
use domain::order::{Direction, Purpose, SpecStatus, Status, TradeId};
use domain::parked::{Ended, Queue};
use domain::preset::PresetName;
use domain::profit::Basis;
use domain::pyramid::{Approach, Closing};
use domain::reason::StoredReason;
use domain::reconciliation::{DifferenceKind, Repair};
use domain::recovery::TableId;
use domain::risk::{Action, AssessedFor, BoundKind, Factor, ScopeKind};
use domain::route::{FeeSource, RouteName};
use domain::seat::Seat;
use domain::series::BackfillState;
use domain::token::{Only, Sender};
use domain::vault::{KeyFault, Mode, SecretKind};
use domain::wallet::{Provider, WalletKind};
use domain::whale::{
    After, Blockchain, LabelCategory, LabelRole, ScoreReason, Sentiment, SentimentInput, SentimentLabel, SourceKind,
    TransactionType, WhaleStatus,
};
use domain::words::Word;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt::{self, Display};
use std::ops::Deref;

/// A value with one written form.
pub trait AsText: Sized {
    fn to_text(&self) -> String;

    /// # Errors
    /// What is allowed, where the text is something else.
    fn of_text(text: &str) -> Result<Self, String>;
}

/// A value as a JSON or DynamoDB string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<T>(pub T);

impl<T: Word> Text<T> {
    pub fn as_str(self) -> &'static str {
        self.0.as_word()
    }
}

impl<T: AsText> Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_text())
    }
}

impl<T: AsText> PartialEq<&str> for Text<T> {
    fn eq(&self, other: &&str) -> bool {
        self.0.to_text() == *other
    }
}

impl<T: AsText> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_text())
    }
}

impl<'de, T: AsText> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::of_text(&text).map(Self).map_err(de::Error::custom)
    }
}

impl Deref for Text<StoredReason> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A word of another release stays as it is.
impl AsText for StoredReason {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        Ok(Self::read(text.to_owned()))
    }
}

fn explained(error: impl Display) -> String {
    error.to_string()
}

macro_rules! ids {
    ($($id:ty),* $(,)?) => {$(
        impl AsText for $id {
            fn to_text(&self) -> String {
                self.as_str().to_owned()
            }

            fn of_text(text: &str) -> Result<Self, String> {
                Self::parse(text).map_err(explained)
            }
        }
    )*};
}

macro_rules! as_they_are {
    ($($name:ty),* $(,)?) => {$(
        impl AsText for $name {
            fn to_text(&self) -> String {
                self.as_str().to_owned()
            }

            fn of_text(text: &str) -> Result<Self, String> {
                Ok(Self::from_stored(text))
            }
        }
    )*};
}

macro_rules! names {
    ($($name:ty),* $(,)?) => {$(
        impl AsText for $name {
            fn to_text(&self) -> String {
                self.to_string()
            }

            fn of_text(text: &str) -> Result<Self, String> {
                text.parse().map_err(explained)
            }
        }
    )*};
}

macro_rules! words {
    ($($list:ty),* $(,)?) => {$(
        impl AsText for $list {
            fn to_text(&self) -> String {
                self.as_str().to_owned()
            }

            fn of_text(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error| format!("{text:?} {error}"))
            }
        }
    )*};
}

/// Read without the bounds on what comes from outside: sums of ours may have more digits.
macro_rules! decimals {
    ($($value:ty),* $(,)?) => {$(
        impl AsText for $value {
            fn to_text(&self) -> String {
                self.get().to_string()
            }

            fn of_text(text: &str) -> Result<Self, String> {
                let plain = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
                Self::new(plain.map_err(explained)?).map_err(explained)
            }
        }
    )*};
}

ids!(
    UserId,
    SessionId,
    AccountId,
    BackfillId,
    BacktestId,
    BotId,
    CredentialId,
    HolderId,
    DeliveryId,
    GroupId,
    KeyId,
    OrderId,
    TokenId,
    ParkedId,
    LogId,
    NoticeId,
    RuleId,
    RunId,
    SourceId,
    WhaleAlertId
);
as_they_are!(Sha, ClientOrderId, TimeZone);
names!(
    Asset,
    BotName,
    Confidence,
    Description,
    Email,
    EvmAddress,
    Exchange,
    Interval,
    Leverage,
    Network,
    PersonName,
    PlanName,
    Preferences,
    PresetName,
    Provider,
    QuietHours,
    RoleName,
    RouteName,
    Scope,
    Seat,
    Symbol,
    Timeframe,
    Username
);
words!(
    Action,
    Entries,
    Approach,
    AssessedFor,
    BackfillState,
    Blockchain,
    BacktestState,
    Basis,
    BoundKind,
    Category,
    ChainFault,
    Closing,
    Dialect,
    DifferenceKind,
    Direction,
    Ended,
    EntryKind,
    ExitReason,
    Factor,
    FeeSource,
    GroupStatus,
    Identity,
    KeyFault,
    LabelCategory,
    LabelRole,
    Layer,
    Level,
    Mode,
    Only,
    Outcome,
    ParkedKind,
    PriceSource,
    Queue,
    Repair,
    RiskProfile,
    RouteClass,
    ScopeKind,
    ScoreReason,
    SecretKind,
    Sender,
    Sentiment,
    Actor,
    Shelf,
    Side,
    SpecStatus,
    Status,
    Theme,
    Topic,
    TransactionType,
    VenueClass,
    VerdictKind,
    WalletKind,
    WhaleStatus,
    After,
    SentimentInput,
    SentimentLabel,
    SourceKind
);
decimals!(Price, Quantity, Amount, Percent, Rate);

/// What has no meaning of its own: percentages with a sign, scores, weights.
impl AsText for Decimal {
    fn to_text(&self) -> String {
        self.normalize().to_string()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        Self::from_str_exact(text).map_err(explained)
    }
}

/// Bytes as a text in base 64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&data_encoding::BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        data_encoding::BASE64.decode(text.as_bytes()).map(Self).map_err(de::Error::custom)
    }
}

impl AsText for Timestamp {
    /// In RFC 3339, in UTC.
    fn to_text(&self) -> String {
        let last = if self.millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        jiff::Timestamp::from_millisecond(self.millis()).unwrap_or(last).to_string()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        text.parse::<jiff::Timestamp>().map(|at| Self::from_millis(at.as_millisecond())).map_err(explained)
    }
}

impl AsText for AttemptId {
    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        Ok(Self::new(text))
    }
}

impl AsText for TableId {
    fn to_text(&self) -> String {
        self.as_str().to_owned()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        Ok(Self::new(text))
    }
}

impl AsText for TradeId {
    fn to_text(&self) -> String {
        self.0.clone()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl AsText for Purpose {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn of_text(text: &str) -> Result<Self, String> {
        text.parse().map_err(|()| format!("{text:?} must be entry, exit, tp#1 or reduce#1"))
    }
}
