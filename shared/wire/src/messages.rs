//! Messages between functions: doorbells with ids, never state.
//!
//! 1. `{"v":1,"type":"…","id":"…","at":ms,"trace":"…"}` and ids beside them, at most [`limits::MESSAGE_BYTES_MAX`].
//! 2. Unknown fields are ignored. An unknown type or a higher `v` comes from a newer writer, and is left for a newer
//!    reader: the message is retried, never dropped.

use crate::stored::DeliveryRef;
use crate::text::Text;
use domain::ids::{AccountId, GroupId, UserId};
use domain::limits;
use domain::recovery::TableId;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;
/// Of every message that is sent.
pub const TYPES: [&str; 5] = ["signal.received", "group.work", "tick", "probe", "recover.account"];

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    v: u32,
    /// Where the queue deduplicates, by this.
    pub id: String,
    /// When it was sent, in milliseconds.
    pub at: i64,
    pub trace: String,
    #[serde(flatten)]
    pub body: Body,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Body {
    #[serde(rename = "signal.received")]
    Signal(SignalReceived),
    #[serde(rename = "group.work")]
    Work(GroupWork),
    #[serde(rename = "tick")]
    Tick(Tick),
    #[serde(rename = "probe")]
    Probe(Probe),
    #[serde(rename = "recover.account")]
    Recover(RecoverAccount),
}

/// "Decide about this delivery."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalReceived {
    pub delivery: DeliveryRef,
    pub decision: u32,
    pub lane: String,
}

/// "Look at this group."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupWork {
    pub account: Text<AccountId>,
    pub group: Text<GroupId>,
    pub version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<String>,
}

/// "Make the pass of this slot for this shard."
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    pub slot: i64,
    pub shard: u8,
}

/// "Look around, and write down what you see", for one user or for the deployment's owner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Text<UserId>>,
}

/// "Look at the venue for this account, and merge what it says."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverAccount {
    pub account: Text<AccountId>,
    /// Another table is left alone.
    pub table: Text<TableId>,
}

/// Why a message cannot be written or read. None of these is a reason to drop one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("a newer writer's message: {0}")]
    Newer(String),
    #[error("not a message: {0}")]
    Malformed(String),
    #[error("this message does not belong on this queue: {0}")]
    Misplaced(String),
    #[error("a message of {bytes} bytes is longer than {max}", max = limits::MESSAGE_BYTES_MAX)]
    TooLong { bytes: usize },
}

impl Message {
    pub fn new(id: String, at: i64, trace: String, body: Body) -> Self {
        Self { v: VERSION, id, at, trace, body }
    }

    /// # Errors
    /// `TooLong` above the limit.
    pub fn encode(&self) -> Result<String, MessageError> {
        let text = serde_json::to_string(self).map_err(malformed)?;
        if text.len() > limits::MESSAGE_BYTES_MAX { Err(MessageError::TooLong { bytes: text.len() }) } else { Ok(text) }
    }

    /// # Errors
    /// `Newer` for an unknown type or a higher version, `Malformed` for what is no message at all.
    pub fn decode(text: &str) -> Result<Self, MessageError> {
        let head: Head = serde_json::from_str(text).map_err(malformed)?;
        if head.v > VERSION {
            return Err(MessageError::Newer(format!("v is {}, and {VERSION} is the newest known", head.v)));
        }
        if !TYPES.contains(&head.kind.as_str()) {
            return Err(MessageError::Newer(format!("type is {:?}, and must be one of {TYPES:?}", head.kind)));
        }
        serde_json::from_str(text).map_err(malformed)
    }
}

impl Body {
    /// The `type` it is sent under.
    pub fn kind(&self) -> &'static str {
        let [signal, work, tick, probe, recover] = TYPES;
        match self {
            Self::Signal(_) => signal,
            Self::Work(_) => work,
            Self::Tick(_) => tick,
            Self::Probe(_) => probe,
            Self::Recover(_) => recover,
        }
    }
}

#[derive(Deserialize)]
struct Head {
    v: u32,
    #[serde(rename = "type")]
    kind: String,
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn malformed(error: serde_json::Error) -> MessageError {
    MessageError::Malformed(error.to_string())
}
