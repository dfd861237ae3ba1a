//! What is left to a person.

use super::time;
use super::words::{ParkedKind, ParkedState, QueueName, Time};
use crate::member::Reason;
use crate::text::Text;
use domain::parked::{self, Ended, Retry, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A dead letter: a message or an alert that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeadLetter)]
pub struct Parked {
    /// The id of the dead letter, `prk_…`.
    pub id: String,
    /// What it is.
    pub kind: ParkedKind,
    /// What became of it.
    pub state: ParkedState,
    /// Why it could not be processed, in plain words.
    pub why: String,
    /// How often sending or processing it failed.
    pub times: u32,
    /// Whether it is nobody's own, but the deployment's.
    pub of_deployment: bool,
    /// The position that was to be processed, `grp_…`; null if it is not about one.
    pub position_group_id: Option<String>,
    /// The alert that was to be decided, `dlv_…`; null if it is not about an alert.
    pub delivery_id: Option<String>,
    /// The queue whose dead-letter queue held it; null if none did.
    pub queue: Option<QueueName>,
    /// As it came; null where no queue held it.
    pub body: Option<String>,
    /// Whether only the beginning of it was kept.
    pub body_cut: bool,
    /// What a retry does; null where there is none.
    pub retry: Option<String>,
    /// Why there is no retry.
    pub no_retry: Option<String>,
    /// Trace id that follows the work through stored rows and log lines; empty if the message had none.
    pub trace: String,
    /// When it became a dead letter.
    pub at: Time,
    /// When it was retried or dropped; null while it waits.
    pub ended_at: Option<Time>,
    /// Why it was dropped, by the user who dropped it; null if it was not.
    pub reason: Option<String>,
}

/// The body of a drop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DiscardRequest)]
pub struct DropRequest {
    /// Why the dead letter is dropped, in 1 to 200 characters; stored with it and in the audit log.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pub reason: Reason,
}

impl From<&parked::Parked> for Parked {
    fn from(parked: &parked::Parked) -> Self {
        let (letter, end, retry) = (parked.letter.as_ref(), parked.end.as_ref(), parked.retry());
        let (kind, group, delivery) = match &parked.subject {
            Subject::Bell { group, .. } => (ParkedKind::Bell, Some(group.to_string()), None),
            Subject::Signal(delivery) => (ParkedKind::Signal, None, Some(delivery.id.to_string())),
            Subject::Tick => (ParkedKind::Tick, None, None),
            Subject::Message => (ParkedKind::Message, None, None),
        };
        Self {
            id: parked.id.to_string(),
            kind,
            state: end.map_or(ParkedState::Waiting, |end| state(end.how)),
            why: parked.why.clone(),
            times: parked.times,
            of_deployment: parked.user == parked::deployment(),
            position_group_id: group,
            delivery_id: delivery,
            queue: letter.map(|letter| Text(letter.queue)),
            body: letter.map(|letter| letter.body.clone()),
            body_cut: letter.is_some_and(|letter| letter.cut),
            retry: retry.ok().map(|retry| effect(retry).to_owned()),
            no_retry: retry.err().map(|worthless| worthless.to_string()),
            trace: parked.trace.clone(),
            at: time(parked.at),
            ended_at: end.map(|end| time(end.at)),
            reason: end.and_then(|end| end.reason.clone()),
        }
    }
}

fn state(how: Ended) -> ParkedState {
    match how {
        Ended::Retried => ParkedState::Retried,
        Ended::Dropped => ParkedState::Dropped,
    }
}

fn effect(retry: Retry) -> &'static str {
    match retry {
        Retry::Ring => "rings the position group again",
        Retry::Decide => "asks for a new decision about the alert",
        Retry::Send => "sends the message again as it came",
    }
}
