//! Changes by people, and the heads of their chains.

use super::Schema;
use crate::text::Text;
use domain::audit::{Actor, Head, Link};
use domain::clock::Timestamp;
use domain::ids::{AttemptId, Sha, UserId};
use serde::{Deserialize, Deserializer, Serialize};

/// A change by a person. Those of the first release stand in no chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub action: String,
    pub resource: String,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub at: i64,
    pub attempt: Text<AttemptId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Text<Sha>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Text<Sha>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Text<Sha>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "known", skip_serializing_if = "Option::is_none")]
    pub actor: Option<Text<Actor>>,
}

/// A word of a later release is none: the row can be read, and its hash does not hold.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text<Actor>>, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    Ok(word.and_then(|word| word.parse().ok()).map(Text))
}

/// How long a person's chain of one day is, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    pub v: Schema<1>,
    pub count: u64,
    pub hash: Text<Sha>,
    /// The id of the last row.
    pub last: String,
}

impl From<&Link> for Audit {
    fn from(link: &Link) -> Self {
        let audit = &link.audit;
        Self {
            v: Schema,
            user: Text(audit.user.clone()),
            action: audit.action.clone(),
            resource: audit.resource.clone(),
            reason: audit.reason.clone(),
            before: audit.before.clone(),
            after: audit.after.clone(),
            at: audit.at.millis(),
            attempt: Text(audit.attempt.clone()),
            number: Some(link.number),
            follows: Some(Text(link.before.clone())),
            hash: Some(Text(link.hash.clone())),
            mark: link.mark.clone().map(Text),
            salt: link.salt.clone(),
            address: audit.address.clone(),
            actor: audit.actor.map(Text),
        }
    }
}

/// What is missing in a row fits nowhere in a chain.
impl From<Audit> for Link {
    fn from(row: Audit) -> Self {
        let nothing = || Sha::from_stored(String::new());
        Self {
            number: row.number.unwrap_or_default(),
            before: row.follows.map_or_else(nothing, |hash| hash.0),
            hash: row.hash.map_or_else(nothing, |hash| hash.0),
            mark: row.mark.map(|mark| mark.0),
            salt: row.salt,
            audit: domain::audit::Audit {
                user: row.user.0,
                action: row.action,
                resource: row.resource,
                reason: row.reason,
                before: row.before,
                after: row.after,
                at: Timestamp::from_millis(row.at),
                attempt: row.attempt.0,
                address: row.address,
                actor: row.actor.map(|actor| actor.0),
            },
        }
    }
}

impl From<&Head> for AuditHead {
    fn from(head: &Head) -> Self {
        Self { v: Schema, count: head.count, hash: Text(head.hash.clone()), last: String::new() }
    }
}

impl From<&AuditHead> for Head {
    fn from(row: &AuditHead) -> Self {
        Self { count: row.count, hash: row.hash.0.clone() }
    }
}
