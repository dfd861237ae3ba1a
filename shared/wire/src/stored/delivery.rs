//! Deliveries and their verdicts.

use super::{Body, Grant, Part, Routing, Schema, SentBy};
use crate::text::Text;
use domain::by_hand::{self, Deed};
use domain::clock::Timestamp;
use domain::delivery::{self, Identity, VerdictKind};
use domain::ids::{AccountId, DeliveryId, GroupId, KeyId, RuleId, Sha, TokenId, UserId};
use domain::limits;
use domain::market::Exchange;
use domain::money::{Amount, Quantity};
use domain::reason::StoredReason;
use domain::vault::Mode;
use serde::{Deserialize, Serialize};

/// One alert that arrived. `user` and `key` are read off the row's place in the table ([`Delivery::IN_THE_PLACE`]); what
/// follows from the rest (the id, the body's hash, when the row may go) is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub v: Schema<2>,
    pub user: Text<UserId>,
    pub key: Text<Sha>,
    pub first_at: i64,
    pub identity: Text<Identity>,
    pub token: Text<TokenId>,
    pub account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Text<Exchange>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    pub body: Body,
    pub source_ip: Option<String>,
    pub lane: String,
    pub trace: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub decisions: u32,
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub repeats: u32,
    pub verdict: Option<Verdict>,
    pub due_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Box<Part>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<Box<SentBy>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<Box<ByHand>>,
}

/// What an order by hand is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    pub account: Text<AccountId>,
    /// None where it opens one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text<GroupId>>,
    /// So much is sold; none where it adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduce: Option<Text<Quantity>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_stop: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyMaxima>,
}

/// What orders by hand of an API key may spend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMaxima {
    pub key: Text<KeyId>,
    pub order: Text<Amount>,
    pub day: Text<Amount>,
}

/// Most are decided once.
fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

impl Delivery {
    /// Attributes that the table has in the row's keys.
    pub const IN_THE_PLACE: [&'static str; 2] = ["user", "key"];
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Text<Mode>>,
    pub reason: Option<Text<StoredReason>>,
    pub detail: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Text<GroupId>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub out_of_order: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Box<Routing>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Box<LimitNumbers>>,
    pub at: i64,
}

/// The limit or rule that has refused or shrunk an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitNumbers {
    /// Absent if it is the account's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Text<RuleId>>,
    pub comes_to: Text<Amount>,
    pub allowed: Text<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would_pass: Option<Text<Amount>>,
}

impl From<&delivery::LimitNumbers> for LimitNumbers {
    fn from(numbers: &delivery::LimitNumbers) -> Self {
        Self {
            rule: numbers.rule.clone().map(Text),
            comes_to: Text(numbers.comes_to),
            allowed: Text(numbers.allowed),
            would_pass: numbers.would_pass.map(Text),
        }
    }
}

impl From<LimitNumbers> for delivery::LimitNumbers {
    fn from(stored: LimitNumbers) -> Self {
        Self {
            rule: stored.rule.map(|rule| rule.0),
            comes_to: stored.comes_to.0,
            allowed: stored.allowed.0,
            would_pass: stored.would_pass.map(|size| size.0),
        }
    }
}

impl From<&delivery::Delivery> for Delivery {
    fn from(delivery: &delivery::Delivery) -> Self {
        let at = &delivery.at;
        Self {
            v: Schema,
            user: Text(at.user.clone()),
            key: Text(at.key.clone()),
            first_at: at.first_at.millis(),
            identity: Text(delivery.identity),
            token: Text(delivery.token.clone()),
            account: delivery.account.clone(),
            exchange: delivery.exchange.clone().map(Text),
            grant: Grant::of(&delivery.grant),
            body: Body(delivery.body.clone()),
            source_ip: delivery.source_ip.clone(),
            lane: delivery.lane.clone(),
            trace: delivery.trace.clone(),
            decisions: delivery.decisions,
            repeats: delivery.repeats,
            verdict: delivery.verdict.as_ref().map(Verdict::from),
            due_at: delivery.due_at.map(Timestamp::millis),
            part: delivery.part.as_deref().map(Part::from).map(Box::new),
            bot: delivery.bot.as_deref().map(SentBy::from).map(Box::new),
            by_hand: delivery.by_hand.as_deref().map(ByHand::from).map(Box::new),
        }
    }
}

impl From<Delivery> for delivery::Delivery {
    fn from(stored: Delivery) -> Self {
        let first_at = Timestamp::from_millis(stored.first_at);
        let (identity, body) = (stored.identity.0, stored.body.0);
        let key = delivery::DeliveryKey { identity, hash: stored.key.0 };
        Self {
            at: delivery::Delivery::reference(&stored.user.0, &key, first_at),
            identity,
            token: stored.token.0,
            account: stored.account,
            exchange: stored.exchange.map(|exchange| exchange.0),
            grant: stored.grant.map(Into::into).unwrap_or_default(),
            body_hash: Sha::of_bytes(body.as_bytes()),
            body,
            source_ip: stored.source_ip,
            lane: stored.lane,
            trace: stored.trace,
            decisions: stored.decisions,
            repeats: stored.repeats,
            verdict: stored.verdict.map(delivery::Verdict::from),
            due_at: stored.due_at.map(Timestamp::from_millis),
            expires_at: first_at.plus(limits::AUDIT_RETENTION),
            part: stored.part.map(|part| Box::new((*part).into())),
            bot: stored.bot.map(|bot| Box::new((*bot).into())),
            by_hand: stored.by_hand.map(|order| Box::new((*order).into())),
        }
    }
}

impl From<&by_hand::ByHand> for ByHand {
    fn from(order: &by_hand::ByHand) -> Self {
        let reduce = if let Deed::Reduce(_, quantity) = order.deed { Some(Text(quantity)) } else { None };
        let position = order.deed.position().cloned().map(Text);
        let key = order.key.as_ref().map(|key| KeyMaxima {
            key: Text(key.key.clone()),
            order: Text(key.order),
            day: Text(key.day),
        });
        Self { account: Text(order.account.clone()), position, reduce, without_stop: order.without_stop, key }
    }
}

impl From<ByHand> for by_hand::ByHand {
    fn from(stored: ByHand) -> Self {
        let deed = match (stored.position, stored.reduce) {
            (None, _) => Deed::Open,
            (Some(position), None) => Deed::Add(position.0),
            (Some(position), Some(quantity)) => Deed::Reduce(position.0, quantity.0),
        };
        let maxima = |key: KeyMaxima| by_hand::KeyMaxima { key: key.key.0, order: key.order.0, day: key.day.0 };
        let key = stored.key.map(maxima);
        Self { account: stored.account.0, deed, without_stop: stored.without_stop, key }
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
            mode: verdict.mode.map(Text),
            reason: verdict.reason.clone().map(Text),
            detail: verdict.detail.clone(),
            fields: verdict.fields.clone(),
            groups: verdict.groups.iter().cloned().map(Text).collect(),
            out_of_order: verdict.out_of_order,
            routing: verdict.routing.as_deref().map(Routing::from).map(Box::new),
            limit: verdict.limit.as_deref().map(LimitNumbers::from).map(Box::new),
            at: verdict.at.millis(),
        }
    }
}

impl From<Verdict> for delivery::Verdict {
    fn from(stored: Verdict) -> Self {
        Self {
            kind: stored.kind.0,
            mode: stored.mode.map(|mode| mode.0),
            reason: stored.reason.map(|reason| reason.0),
            detail: stored.detail,
            fields: stored.fields,
            groups: stored.groups.into_iter().map(|group| group.0).collect(),
            out_of_order: stored.out_of_order,
            routing: stored.routing.map(|routing| Box::new((*routing).into())),
            limit: stored.limit.map(|numbers| Box::new((*numbers).into())),
            at: Timestamp::from_millis(stored.at),
        }
    }
}
