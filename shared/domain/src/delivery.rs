//! Deliveries: what arrived, how repeats are recognised, and what became of it.

use crate::alert::Alert;
use crate::bot::SentBy;
use crate::by_hand::ByHand;
use crate::clock::Timestamp;
use crate::ids::{DeliveryId, GroupId, RuleId, Sha, TokenId, UserId};
use crate::limits;
use crate::market::Exchange;
use crate::money::Amount;
use crate::reason::StoredReason;
use crate::risk::{Breach, By, Refused};
use crate::route::{Part, Routing};
use crate::token::Grant;
use crate::vault::Mode;
use crate::words::words;

/// How repeats of an alert are told from new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// The alert has an `id`: another body under it is a conflict.
    Named,
    /// No `id`, but a clock of its own: the same body is the same alert.
    Clocked,
    /// Neither: the same body is a repeat only within [`limits::REPEAT_WINDOW`] of the first receipt.
    Clockless,
    /// It did not arrive: a route has made it of another one.
    Part,
}

/// Under which a delivery is found again; the user is the partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryKey {
    pub identity: Identity,
    pub hash: Sha,
}

impl DeliveryKey {
    /// The key of an alert: by its own id, else by token and body.
    ///
    /// `body` is what arrived without its secret.
    pub fn of(user: &UserId, token: &TokenId, alert: Option<&Alert>, body: &Sha) -> Self {
        let (identity, unique) = match alert {
            Some(Alert { id: Some(id), .. }) => (Identity::Named, id.as_str()),
            Some(alert) if alert.has_clock() => (Identity::Clocked, body.as_str()),
            _ => (Identity::Clockless, body.as_str()),
        };
        let kind = if identity == Identity::Named { "id" } else { "body" };
        Self { identity, hash: Sha::of_parts(&[user.as_str(), token.as_str(), kind, unique]) }
    }
}

/// What names one delivery in messages and on groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryRef {
    pub user: UserId,
    pub id: DeliveryId,
    pub key: Sha,
    pub first_at: Timestamp,
}

/// One alert that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub at: DeliveryRef,
    pub identity: Identity,
    pub token: TokenId,
    /// The token's account label at receipt.
    pub account: Option<String>,
    /// The token's exchange at receipt, which the body means where it names none.
    pub exchange: Option<Exchange>,
    /// What its token permitted at receipt.
    pub grant: Grant,
    /// What arrived, without secrets.
    pub body: String,
    pub body_hash: Sha,
    pub source_ip: Option<String>,
    /// Signals of one lane (user, exchange, account label) are decided one after another.
    pub lane: String,
    /// Follows the alert through every row and log line.
    pub trace: String,
    /// How often a decision was asked for; part of the queue's deduplication id.
    pub decisions: u32,
    /// Repeats of a clockless body, which may have been meant.
    pub repeats: u32,
    pub verdict: Option<Verdict>,
    /// When the minute looks at it again; none once it is settled.
    pub due_at: Option<Timestamp>,
    /// When the row may go; long after it has ceased to tell repeats.
    pub expires_at: Timestamp,
    /// Of an alert that a route has shared out: what of it one account is to do.
    pub part: Option<Box<Part>>,
    /// Whose signal it is, where a bot has raised it.
    pub bot: Option<Box<SentBy>>,
    /// What it is to do, where it is an order by hand.
    pub by_hand: Option<Box<ByHand>>,
}

impl Delivery {
    /// Whether its account trades with money, as far as a verdict has told.
    pub fn mode(&self) -> Option<Mode> {
        self.verdict.as_ref().and_then(|verdict| verdict.mode)
    }

    /// The reference of a delivery. The time of its first receipt is part of the id: an id or a body that comes again
    /// when it is no longer a repeat is another delivery, and so another group.
    pub fn reference(user: &UserId, key: &DeliveryKey, first_at: Timestamp) -> DeliveryRef {
        let id = DeliveryId::of(&[key.hash.as_str(), &first_at.millis().to_string()]);
        DeliveryRef { user: user.clone(), id, key: key.hash.clone(), first_at }
    }

    /// What one account is to do of this alert, as a delivery of its own in that account's lane. Its key follows from this
    /// delivery and the account, so that an alert is shared out once.
    #[must_use]
    pub fn part(&self, part: Part, exchange: &Exchange, label: &str, now: Timestamp) -> Self {
        let hash = Sha::of_parts(&["part", self.at.id.as_str(), part.account.as_str()]);
        let key = DeliveryKey { identity: Identity::Part, hash };
        Self {
            at: Self::reference(&self.at.user, &key, self.at.first_at),
            identity: key.identity,
            account: Some(label.to_owned()),
            exchange: Some(exchange.clone()),
            lane: lane(&[self.at.user.as_str(), exchange.as_str(), label]),
            decisions: 1,
            repeats: 0,
            verdict: None,
            due_at: Some(now.plus(limits::DELIVERY_DUE)),
            part: Some(Box::new(part)),
            ..self.clone()
        }
    }

    /// Whether the same key arriving at `now` is this delivery again.
    pub fn is_repeated_at(&self, now: Timestamp) -> bool {
        match self.identity {
            Identity::Named | Identity::Clocked | Identity::Part => now < self.at.first_at.plus(limits::DEDUPE),
            Identity::Clockless => {
                let window = limits::REPEAT_WINDOW;
                (now.minus(window)..=now.plus(window)).contains(&self.at.first_at)
            }
        }
    }

    /// Settled: nothing more will be decided.
    pub fn is_settled(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.kind != VerdictKind::Queued)
    }
}

/// The lane of what is named: a user's account by its exchange and label, or one of their routes.
pub fn lane(named: &[&str]) -> String {
    const CHARACTERS: usize = 16;
    Sha::of_parts(named).as_str().chars().take(CHARACTERS).collect()
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub kind: VerdictKind,
    /// On which side of its exchange its account trades; none where the alert has come to no account.
    pub mode: Option<Mode>,
    pub reason: Option<StoredReason>,
    /// The same in words, with the numbers.
    pub detail: Option<String>,
    /// The fields that are wrong, where the alert was rejected.
    pub fields: Vec<String>,
    pub groups: Vec<GroupId>,
    /// The alert's idea of the former position is not ours.
    pub out_of_order: bool,
    /// How a route has shared the alert out, or why it has not.
    pub routing: Option<Box<Routing>>,
    /// The limit or rule that has refused or shrunk an entry.
    pub limit: Option<Box<LimitNumbers>>,
    pub at: Timestamp,
}

/// The numbers of a limit or rule that has refused or shrunk an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitNumbers {
    /// None if it is the account's own.
    pub rule: Option<RuleId>,
    /// With the entry as it was asked for.
    pub comes_to: Amount,
    pub allowed: Amount,
    /// Planned quote of the largest entry that passes; none if no size does.
    pub would_pass: Option<Amount>,
}

impl LimitNumbers {
    /// None where no number has refused it.
    pub fn of(refused: &Refused) -> Option<Box<Self>> {
        refused.breach.as_ref().map(|breach| Self::with(breach, refused.would_pass))
    }

    /// Of a rule that lets this size pass.
    pub fn with(breach: &Breach, would_pass: Option<Amount>) -> Box<Self> {
        let rule = match &breach.by {
            By::Account => None,
            By::Rule(rule) => Some(rule.clone()),
        };
        Box::new(Self { rule, comes_to: breach.comes_to, allowed: breach.allowed, would_pass })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictKind {
    Accepted,
    Conflict,
    Stale,
    Ignored,
    Refused,
    Queued,
    Expired,
    Rejected,
    Parked,
}

impl Verdict {
    pub fn new(kind: VerdictKind, at: Timestamp) -> Self {
        let (reason, detail, fields, groups) = (None, None, Vec::new(), Vec::new());
        Self { kind, mode: None, reason, detail, fields, groups, out_of_order: false, routing: None, limit: None, at }
    }

    #[must_use]
    pub fn within(mut self, limit: Option<Box<LimitNumbers>>) -> Self {
        self.limit = limit;
        self
    }

    #[must_use]
    pub fn in_mode(mut self, mode: Option<Mode>) -> Self {
        self.mode = mode;
        self
    }

    #[must_use]
    pub fn because(mut self, reason: impl Into<StoredReason>, detail: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self.detail = Some(detail.into());
        self
    }

    #[must_use]
    pub fn naming(mut self, fields: impl IntoIterator<Item = String>) -> Self {
        self.fields = fields.into_iter().collect();
        self
    }

    #[must_use]
    pub fn about(mut self, groups: impl IntoIterator<Item = GroupId>) -> Self {
        self.groups = groups.into_iter().collect();
        self
    }

    #[must_use]
    pub fn routed(mut self, routing: Routing) -> Self {
        self.routing = Some(Box::new(routing));
        self
    }

    #[must_use]
    pub fn out_of_order(mut self, mark: bool) -> Self {
        self.out_of_order = mark;
        self
    }
}

words! {
    VerdictKind {
        Accepted = "accepted",
        Conflict = "conflict",
        Stale = "stale",
        Ignored = "ignored",
        Refused = "refused",
        Queued = "queued",
        Expired = "expired",
        Rejected = "rejected",
        Parked = "parked",
    }
    Identity { Named = "named", Clocked = "clocked", Clockless = "clockless", Part = "part" }
}
