//! What is left to a person.

use super::{DeliveryRef, Schema};
use crate::text::Text;
use domain::clock::Timestamp;
use domain::ids::{AccountId, GroupId, ParkedId, UserId};
use domain::parked::{self, Ended, Queue, Subject};
use serde::{Deserialize, Serialize};

/// A row that a person has to look at. Release 0.1.0 wrote bells alone, without an id: what it did not write is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    pub v: Schema<1>,
    pub user: Text<UserId>,
    pub id: Option<Text<ParkedId>>,
    /// Absent: a bell.
    pub kind: Option<Text<ParkedKind>>,
    /// Of a bell.
    pub account: Option<Text<AccountId>>,
    pub group: Option<Text<GroupId>>,
    pub version: Option<u64>,
    /// Of a signal.
    pub delivery: Option<DeliveryRef>,
    /// Of a message that came from a dead-letter queue.
    pub letter: Option<ParkedLetter>,
    pub why: Option<String>,
    pub trace: String,
    pub sends: u32,
    pub at: i64,
    pub ended: Option<ParkedEnd>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParkedKind {
    Bell,
    Signal,
    Tick,
    Message,
}

domain::words! {
    ParkedKind { Bell = "bell", Signal = "signal", Tick = "tick", Message = "message" }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedLetter {
    pub queue: Text<Queue>,
    pub lane: Option<String>,
    pub body: String,
    pub cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedEnd {
    pub how: Text<Ended>,
    pub reason: Option<String>,
    pub at: i64,
}

/// A row whose parts do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a parked {0} without {1}")]
pub struct BadParked(&'static str, &'static str);

impl From<&parked::Parked> for Parked {
    fn from(parked: &parked::Parked) -> Self {
        let (kind, bell, delivery) = match &parked.subject {
            Subject::Bell { account, group, version } => (ParkedKind::Bell, Some((account, group, *version)), None),
            Subject::Signal(delivery) => (ParkedKind::Signal, None, Some(DeliveryRef::from(delivery))),
            Subject::Tick => (ParkedKind::Tick, None, None),
            Subject::Message => (ParkedKind::Message, None, None),
        };
        Self {
            v: Schema,
            user: Text(parked.user.clone()),
            id: Some(Text(parked.id.clone())),
            kind: Some(Text(kind)),
            account: bell.map(|(account, ..)| Text(account.clone())),
            group: bell.map(|(_, group, _)| Text(group.clone())),
            version: bell.map(|(.., version)| version),
            delivery,
            letter: parked.letter.as_ref().map(ParkedLetter::from),
            why: Some(parked.why.clone()),
            trace: parked.trace.clone(),
            sends: parked.times,
            at: parked.at.millis(),
            ended: parked.end.as_ref().map(ParkedEnd::from),
        }
    }
}

impl TryFrom<Parked> for parked::Parked {
    type Error = BadParked;

    fn try_from(stored: Parked) -> Result<Self, BadParked> {
        let at = Timestamp::from_millis(stored.at);
        Ok(Self {
            subject: stored.subject()?,
            id: stored.id.clone().map_or_else(|| stored.id_by_its_bell(), |id| id.0),
            user: stored.user.0,
            letter: stored.letter.map(parked::Letter::from),
            why: stored.why.unwrap_or_else(|| format!("sent {} times, and the queue took none of them", stored.sends)),
            times: stored.sends,
            trace: stored.trace,
            at,
            end: stored.ended.map(parked::End::from),
        })
    }
}

impl Parked {
    fn subject(&self) -> Result<Subject, BadParked> {
        match self.kind.map_or(ParkedKind::Bell, |kind| kind.0) {
            ParkedKind::Bell => {
                let (Some(account), Some(group), Some(version)) = (&self.account, &self.group, self.version) else {
                    return Err(BadParked("bell", "its group"));
                };
                Ok(Subject::Bell { account: account.0.clone(), group: group.0.clone(), version })
            }
            ParkedKind::Signal => {
                let delivery = self.delivery.clone().ok_or(BadParked("signal", "its delivery"))?;
                Ok(Subject::Signal(delivery.into()))
            }
            ParkedKind::Tick => Ok(Subject::Tick),
            ParkedKind::Message if self.letter.is_none() => Err(BadParked("message", "its text")),
            ParkedKind::Message => Ok(Subject::Message),
        }
    }

    /// The same for ever, as if it had been written.
    fn id_by_its_bell(&self) -> ParkedId {
        let group = self.group.as_ref().map_or("", |group| group.0.as_str());
        let version = self.version.unwrap_or_default().to_string();
        ParkedId::at(Timestamp::from_millis(self.at), &[group, &version])
    }
}

impl From<&parked::Letter> for ParkedLetter {
    fn from(letter: &parked::Letter) -> Self {
        let parked::Letter { queue, lane, body, cut } = letter.clone();
        Self { queue: Text(queue), lane, body, cut }
    }
}

impl From<ParkedLetter> for parked::Letter {
    fn from(stored: ParkedLetter) -> Self {
        Self { queue: stored.queue.0, lane: stored.lane, body: stored.body, cut: stored.cut }
    }
}

impl From<&parked::End> for ParkedEnd {
    fn from(end: &parked::End) -> Self {
        Self { how: Text(end.how), reason: end.reason.clone(), at: end.at.millis() }
    }
}

impl From<ParkedEnd> for parked::End {
    fn from(stored: ParkedEnd) -> Self {
        Self { how: stored.how.0, reason: stored.reason, at: Timestamp::from_millis(stored.at) }
    }
}
