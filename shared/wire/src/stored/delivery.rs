//! Deliveries and their verdicts.

use super::Schema;
use crate::text::Text;
use domain::clock::Timestamp;
use domain::delivery::{self, Identity, VerdictKind};
use domain::ids::{DeliveryId, GroupId, Sha, TokenId, UserId};
use serde::{Deserialize, Serialize};

/// One alert that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub v: Schema<1>,
    pub id: Text<DeliveryId>,
    pub user: Text<UserId>,
    pub key: Text<Sha>,
    pub first_at: i64,
    pub identity: Text<Identity>,
    pub token: Text<TokenId>,
    pub account: Option<String>,
    pub body: String,
    pub body_hash: Text<Sha>,
    pub source_ip: Option<String>,
    pub lane: String,
    pub trace: String,
    pub decisions: u32,
    pub repeats: u32,
    pub verdict: Option<Verdict>,
    pub due_at: Option<i64>,
    pub expires_at: i64,
}

/// What names a delivery, on a group and in a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRef {
    pub user: Text<UserId>,
    pub id: Text<DeliveryId>,
    pub key: Text<Sha>,
    pub first_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub kind: Text<VerdictKind>,
    pub reason: Option<String>,
    pub detail: Option<String>,
    pub fields: Vec<String>,
    pub groups: Vec<Text<GroupId>>,
    pub out_of_order: bool,
    pub at: i64,
}

impl From<&delivery::Delivery> for Delivery {
    fn from(delivery: &delivery::Delivery) -> Self {
        let at = &delivery.at;
        Self {
            v: Schema,
            id: Text(at.id.clone()),
            user: Text(at.user.clone()),
            key: Text(at.key.clone()),
            first_at: at.first_at.millis(),
            identity: Text(delivery.identity),
            token: Text(delivery.token.clone()),
            account: delivery.account.clone(),
            body: delivery.body.clone(),
            body_hash: Text(delivery.body_hash.clone()),
            source_ip: delivery.source_ip.clone(),
            lane: delivery.lane.clone(),
            trace: delivery.trace.clone(),
            decisions: delivery.decisions,
            repeats: delivery.repeats,
            verdict: delivery.verdict.as_ref().map(Verdict::from),
            due_at: delivery.due_at.map(Timestamp::millis),
            expires_at: delivery.expires_at.millis(),
        }
    }
}

impl From<Delivery> for delivery::Delivery {
    fn from(stored: Delivery) -> Self {
        Self {
            at: delivery::DeliveryRef {
                user: stored.user.0,
                id: stored.id.0,
                key: stored.key.0,
                first_at: Timestamp::from_millis(stored.first_at),
            },
            identity: stored.identity.0,
            token: stored.token.0,
            account: stored.account,
            body: stored.body,
            body_hash: stored.body_hash.0,
            source_ip: stored.source_ip,
            lane: stored.lane,
            trace: stored.trace,
            decisions: stored.decisions,
            repeats: stored.repeats,
            verdict: stored.verdict.map(delivery::Verdict::from),
            due_at: stored.due_at.map(Timestamp::from_millis),
            expires_at: Timestamp::from_millis(stored.expires_at),
        }
    }
}

impl From<&delivery::DeliveryRef> for DeliveryRef {
    fn from(at: &delivery::DeliveryRef) -> Self {
        let (user, id, key) = (Text(at.user.clone()), Text(at.id.clone()), Text(at.key.clone()));
        Self { user, id, key, first_at: at.first_at.millis() }
    }
}

impl From<DeliveryRef> for delivery::DeliveryRef {
    fn from(stored: DeliveryRef) -> Self {
        let first_at = Timestamp::from_millis(stored.first_at);
        Self { user: stored.user.0, id: stored.id.0, key: stored.key.0, first_at }
    }
}

impl From<&delivery::Verdict> for Verdict {
    fn from(verdict: &delivery::Verdict) -> Self {
        Self {
            kind: Text(verdict.kind),
            reason: verdict.reason.clone(),
            detail: verdict.detail.clone(),
            fields: verdict.fields.clone(),
            groups: verdict.groups.iter().cloned().map(Text).collect(),
            out_of_order: verdict.out_of_order,
            at: verdict.at.millis(),
        }
    }
}

impl From<Verdict> for delivery::Verdict {
    fn from(stored: Verdict) -> Self {
        Self {
            kind: stored.kind.0,
            reason: stored.reason,
            detail: stored.detail,
            fields: stored.fields,
            groups: stored.groups.into_iter().map(|group| group.0).collect(),
            out_of_order: stored.out_of_order,
            at: Timestamp::from_millis(stored.at),
        }
    }
}
