//! Who asks for a change, and what is put on record of it.

use crate::ports::Audit;
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::ids::{AttemptId, UserId};

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    pub user: &'a UserId,
    pub attempt: &'a AttemptId,
    pub now: Timestamp,
    /// From where, as the edge saw it.
    pub address: Option<&'a str>,
    /// Who has an API key has not proven to be its owner.
    pub actor: Actor,
}

impl Act<'_> {
    /// Whether it is a person who has logged in.
    pub fn in_person(&self) -> bool {
        self.actor == Actor::Person
    }
}

/// What a person did, to be put on record.
pub(crate) fn audit(action: &str, resource: &str, reason: &str, act: Act<'_>) -> Audit {
    let (user, resource) = (act.user.clone(), resource.to_owned());
    let attempt = AttemptId::new(format!("{}#{resource}", act.attempt.as_str()));
    let (action, reason) = (action.to_owned(), reason.to_owned());
    let (before, after, address) = (None, None, act.address.map(str::to_owned));
    Audit { user, action, resource, reason, before, after, at: act.now, attempt, address, actor: Some(act.actor) }
}
