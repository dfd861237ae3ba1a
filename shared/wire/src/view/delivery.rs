//! Deliveries and their verdicts.

use super::words::{Mode, ReasonCode, ReceiptStatus, Time, VerdictKind};
use super::{PartOf, Routing, SignalRead, time};
use crate::text::Text;
use domain::{delivery, token};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One alert that arrived, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReceivedAlert)]
pub struct Delivery {
    /// The delivery, `dlv_…`: the stored record of the alert.
    pub id: String,
    /// When the alert was first received.
    pub received_at: Time,
    /// Null until it is decided.
    pub verdict: Option<Verdict>,
    /// Repeats of a body without a clock, which may have been meant.
    pub repeats: u32,
    /// The webhook token that the alert came with, `tok_…`; for a bot's signal or an order by hand, an id that no token has.
    pub token_id: String,
    /// Label of the token's account.
    pub account: Option<String>,
    /// The IP address that sent the alert; null if it is not known, as for a bot's signal.
    pub source_ip: Option<String>,
    /// Whether TradingView sends from that address; null where the address is not known.
    pub from_tradingview: Option<bool>,
    /// What it asks for, as it is read; null if it cannot be read.
    #[serde(default)]
    pub signal: Option<SignalRead>,
    /// What arrived, without secrets.
    pub body: String,
    /// The trace id that links the alert with stored rows and log lines.
    pub trace: String,
    /// Whether it is an order by hand, and no alert or bot's signal.
    #[serde(default)]
    pub by_hand: bool,
    /// The alert that a route divided, if this is one account's part of it; null if it arrived on its own.
    pub part_of: Option<PartOf>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// What became of the alert.
    pub kind: VerdictKind,
    /// Where its account trades; null if the alert has come to no account.
    pub mode: Option<Mode>,
    /// Why, as a word; null if the kind says it all.
    pub reason: Option<ReasonCode>,
    /// The same for people, with the numbers.
    pub detail: Option<String>,
    /// The fields that are wrong.
    pub fields: Vec<String>,
    /// The positions that the decision concerns, each `grp_…`; may be empty.
    pub position_group_ids: Vec<String>,
    /// The alert's idea of the former position is not ours.
    pub out_of_order: bool,
    /// How its route has shared it out, or why it has not; null where none was named.
    pub routing: Option<Routing>,
    /// The limit or risk rule that has refused the entry or made it smaller; null if none has, or none that has a number.
    pub limit: Option<BrokenLimit>,
    /// When the alert was decided.
    pub at: Time,
}

/// A limit of the account or a risk rule that an entry breaks, with its numbers. Amounts are in the rule's currency, shares in
/// percent, anything else is a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BrokenLimit {
    /// The rule, `rsk_…`; null for a limit of the account itself.
    pub rule_id: Option<String>,
    /// The number with the entry as it was asked for.
    pub comes_to: String,
    /// The bound.
    pub allowed: String,
    /// The largest entry that passes, in quote, its legs included; null if no size does.
    pub would_pass: Option<String>,
}

impl From<&delivery::LimitNumbers> for BrokenLimit {
    fn from(numbers: &delivery::LimitNumbers) -> Self {
        Self {
            rule_id: numbers.rule.as_ref().map(ToString::to_string),
            comes_to: numbers.comes_to.to_string(),
            allowed: numbers.allowed.to_string(),
            would_pass: numbers.would_pass.map(|size| size.to_string()),
        }
    }
}

/// The answer to the sender of an alert, once it is stored and queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = AlertReceipt)]
pub struct Taken {
    /// Whether it was stored now, or had been before.
    pub status: ReceiptStatus,
    /// The id of the alert, `dlv_…`; for a duplicate that of the first one.
    pub delivery_id: String,
    /// A fixed text, the same for every alert; whether a position was opened is in the alert's verdict.
    pub message: String,
    /// How to make alerts distinguishable that have no id and no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub hint: Option<String>,
}

impl From<&delivery::Delivery> for Delivery {
    fn from(delivery: &delivery::Delivery) -> Self {
        Self {
            id: delivery.at.id.to_string(),
            received_at: time(delivery.at.first_at),
            verdict: delivery.verdict.as_ref().map(Verdict::from),
            repeats: delivery.repeats,
            token_id: delivery.token.to_string(),
            account: delivery.account.clone(),
            source_ip: delivery.source_ip.clone(),
            from_tradingview: delivery.source_ip.as_deref().map(token::is_tradingview),
            signal: SignalRead::of(delivery),
            body: delivery.body.clone(),
            trace: delivery.trace.clone(),
            by_hand: delivery.by_hand.is_some(),
            part_of: delivery.part.as_deref().map(PartOf::from),
        }
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
            position_group_ids: verdict.groups.iter().map(ToString::to_string).collect(),
            out_of_order: verdict.out_of_order,
            routing: verdict.routing.as_deref().map(Routing::from),
            limit: verdict.limit.as_deref().map(BrokenLimit::from),
            at: time(verdict.at),
        }
    }
}
