//! Receiving an alert: let it in, tell it from its repeats, keep it, and have it decided.
//!
//! 1. Nothing is kept of what was not let in, and what was is answered "accepted" only when it is kept, and queued where it
//!    is to be decided.
//! 2. A delivery is found again by its key: the first receipt makes the row, the others answer with its id.
//! 3. A row without a verdict is sent again with its own number of decisions, so that the queue knows the repeat.
//! 4. An alert that cannot be followed is kept too, with a verdict and without a signal.
//! 5. So is one from where its token takes none. It repeats no other and none repeats it: whoever has learnt the secret
//!    takes no alert's place.

mod enter;
mod known;

use domain::reason::Reason;
pub use known::KnownTokens;
use store::Engine;
use store::trading::Trading;

use crate::notices;
use crate::ports::{Kept, Queues, Signal, StoreError};
use domain::alert::Alert;
use domain::clock::Timestamp;
use domain::delivery::{self, Delivery, DeliveryKey, DeliveryRef, Identity, Verdict, VerdictKind};
use domain::ids::{AttemptId, DeliveryId, Sha};
use domain::limits;
use domain::token::NotGranted;
use enter::Entered;
use wire::alert::BadAlert;

/// A request as it came.
pub struct RawAlert<'a> {
    pub user: &'a str,
    /// The secret in the path; without one the body has to bring it.
    pub secret: Option<wire::alert::Secret>,
    pub body: &'a [u8],
    pub source_ip: Option<String>,
    pub trace: String,
}

impl std::fmt::Debug for RawAlert<'_> {
    /// Without the body: its secret is still in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawAlert").field("user", &self.user).field("trace", &self.trace).finish_non_exhaustive()
    }
}

/// The alert is kept, and whatever has to follow will follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    Accepted(DeliveryId),
    Duplicate {
        /// The first receipt's.
        id: DeliveryId,
        identity: Identity,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// Unknown user or wrong secret; nothing says which.
    #[error("the user or the secret is not known")]
    Unauthorized,
    /// Kept, and never to be decided.
    #[error("the alert cannot be followed")]
    Rejected { id: DeliveryId, wrong: BadAlert },
    /// The same id came first with another body.
    #[error("the same id came first with another body")]
    Conflict { id: DeliveryId, first: DeliveryId },
    #[error("more alerts than this token may send")]
    TooFast,
    /// Not safely kept and queued: to be sent again.
    #[error(transparent)]
    NotKept(#[from] StoreError),
}

/// # Errors
/// [`ReceiveError`]; only `NotKept` and `TooFast` are worth sending again.
pub async fn receive<D: Engine + Queues>(
    deps: &D,
    known: &KnownTokens,
    raw: RawAlert<'_>,
    attempt: &AttemptId,
    now: Timestamp,
) -> Result<Receipt, ReceiveError> {
    let entered = enter::enter(deps, known, &raw, now).await?;
    let understood = entered.body.alert();
    let (new, key) = delivery(&entered, raw, &understood, now);
    let kept = keep(deps, &new, attempt, now).await?;
    let says_over = entered.body.says_over();
    if let Some(found) =
        kept.as_ref().filter(|found| key.identity == Identity::Named && found.body_hash != new.body_hash)
    {
        return Err(conflict(deps, found, new, says_over, attempt, now).await?);
    }
    if says_over {
        let at = kept.as_ref().map_or(&new.at, |found| &found.at);
        exit_not_followed(deps, at, new.verdict.as_ref()).await?;
    }
    match kept {
        None => first(deps, new, understood, now).await,
        Some(found) => repeat(deps, found, understood, now).await,
    }
}

/// What is kept with its verdict is decided by nobody else, who would tell its owner. Whoever could not be told of an exit has
/// it sent again.
async fn exit_not_followed<D: Engine>(
    deps: &D,
    delivery: &DeliveryRef,
    verdict: Option<&Verdict>,
) -> Result<(), StoreError> {
    match verdict {
        Some(verdict) => Trading(deps).notify(&notices::exit_not_followed(delivery, verdict)).await,
        None => Ok(()),
    }
}

/// What is kept, if this is the first receipt.
fn delivery(
    entered: &Entered,
    raw: RawAlert<'_>,
    understood: &Result<Alert, BadAlert>,
    now: Timestamp,
) -> (Delivery, DeliveryKey) {
    let (token, body) = (&entered.token, entered.body.body.clone());
    let alert = understood.as_ref().ok();
    let body_hash = Sha::of_bytes(body.as_bytes());
    let key = apart(DeliveryKey::of(&token.user, &token.id, alert, &body_hash), entered.refused.as_ref());
    let verdict = settled(entered, understood, now);
    let delivery = Delivery {
        at: Delivery::reference(&token.user, &key, now),
        identity: key.identity,
        token: token.id.clone(),
        account: token.account.clone(),
        exchange: alert.and(token.exchange.clone()),
        grant: token.grant.clone(),
        body,
        body_hash,
        source_ip: raw.source_ip,
        lane: alert.map_or_else(String::new, |alert| lane(alert, entered)),
        trace: raw.trace,
        decisions: u32::from(verdict.is_none()),
        repeats: 0,
        due_at: verdict.is_none().then(|| now.plus(limits::DELIVERY_DUE)),
        verdict,
        expires_at: now.plus(limits::AUDIT_RETENTION),
        part: None,
        by_hand: None,
        bot: None,
    };
    (delivery, key)
}

/// Of what its token does not take from there, however often it comes.
fn apart(key: DeliveryKey, refused: Option<&NotGranted>) -> DeliveryKey {
    match refused {
        None => key,
        Some(not) => DeliveryKey { hash: Sha::of_parts(&[not.reason.as_str(), key.hash.as_str()]), ..key },
    }
}

/// What there is nothing to be decided about.
fn settled(entered: &Entered, understood: &Result<Alert, BadAlert>, now: Timestamp) -> Option<Verdict> {
    let refused = |not: &NotGranted| Verdict::new(VerdictKind::Refused, now).because(not.reason, not.detail.as_str());
    match understood {
        Err(wrong) => Some(rejected(wrong, now)),
        Ok(_) => entered.refused.as_ref().map(refused),
    }
}

/// Alerts that may mean the same account share a lane, without looking the account up; so do those of a route.
fn lane(alert: &Alert, entered: &Entered) -> String {
    let user = entered.token.user.as_str();
    if let Some(route) = &alert.route {
        return delivery::lane(&[user, "route", route.as_str()]);
    }
    let label = alert.account.as_deref().or(entered.token.account.as_deref()).unwrap_or("default");
    delivery::lane(&[user, alert.exchange.as_str(), label])
}

fn rejected(wrong: &BadAlert, now: Timestamp) -> Verdict {
    let verdict = Verdict::new(VerdictKind::Rejected, now).because(wrong.reason(), wrong.detail.as_str());
    verdict.naming(wrong.fields.iter().cloned())
}

/// The row that this receipt repeats; none where it is the first and is kept now.
///
/// A row that is too old to be repeated makes way. Whoever loses that race has the winner to look at.
async fn keep<D: Engine>(
    deps: &D,
    new: &Delivery,
    attempt: &AttemptId,
    now: Timestamp,
) -> Result<Option<Delivery>, StoreError> {
    let mut kept = Trading(deps).put_delivery(new, attempt).await?;
    for _ in 0..limits::RECEIPT_TURNS_MAX {
        match kept {
            Kept::First => return Ok(None),
            Kept::Found(found) if found.is_repeated_at(now) => return Ok(Some(*found)),
            Kept::Found(found) => kept = Trading(deps).replace_delivery(new, &found, attempt).await?,
        }
    }
    Err(StoreError::Unavailable("the same alert arrives too often at once".to_owned()))
}

async fn first<D: Queues>(
    deps: &D,
    new: Delivery,
    understood: Result<Alert, BadAlert>,
    now: Timestamp,
) -> Result<Receipt, ReceiveError> {
    if let Err(wrong) = understood {
        return Err(ReceiveError::Rejected { id: new.at.id, wrong });
    }
    if new.verdict.is_none() {
        deps.send_signal(&Signal::from(&new), now).await?;
    }
    Ok(Receipt::Accepted(new.at.id))
}

async fn repeat<D: Engine + Queues>(
    deps: &D,
    found: Delivery,
    understood: Result<Alert, BadAlert>,
    now: Timestamp,
) -> Result<Receipt, ReceiveError> {
    if found.verdict.is_none() {
        deps.send_signal(&Signal::from(&found), now).await?;
    }
    if found.identity == Identity::Clockless {
        // A count for people: losing one is no reason to have the alert sent again.
        Trading(deps).count_repeat(&found.at).await.unwrap_or_default();
    }
    match understood {
        Err(wrong) => Err(ReceiveError::Rejected { id: found.at.id, wrong }),
        Ok(_) => Ok(Receipt::Duplicate { id: found.at.id, identity: found.identity }),
    }
}

/// Keeps the refused body as a row of its own, once however often it comes.
async fn conflict<D: Engine>(
    deps: &D,
    found: &Delivery,
    new: Delivery,
    says_over: bool,
    attempt: &AttemptId,
    now: Timestamp,
) -> Result<ReceiveError, StoreError> {
    let hash = Sha::of_parts(&["conflict", new.at.key.as_str(), new.body_hash.as_str()]);
    let key = DeliveryKey { identity: Identity::Named, hash };
    let detail = format!("the same id came first with another body, as {}", found.at.id);
    let row = Delivery {
        at: Delivery::reference(&new.at.user, &key, now),
        decisions: 0,
        verdict: Some(
            Verdict::new(VerdictKind::Conflict, now).because(Reason::Conflict, detail).naming(["id".to_owned()]),
        ),
        due_at: None,
        ..new
    };
    let kept = keep(deps, &row, attempt, now).await?.unwrap_or(row);
    if says_over {
        exit_not_followed(deps, &kept.at, kept.verdict.as_ref()).await?;
    }
    Ok(ReceiveError::Conflict { id: kept.at.id, first: found.at.id.clone() })
}
