//! Changes by people, each with its audit row.

use crate::client::Aws;
use crate::condition::PRESENT;
use crate::config::Place;
use crate::item::{to_value, ttl};
use crate::keys;
use crate::write::Write;
use app::ports::{Audit, CommitError, SetHalt, StoreError};
use domain::account::Halt;
use domain::ids::AccountId;
use domain::limits;
use wire::stored::{self, Schema};
use wire::text::Text;

impl SetHalt for Aws {
    async fn set_halt(&self, account: &AccountId, halt: Option<&Halt>, audit: &Audit) -> Result<(), StoreError> {
        let write = Write::update(keys::account(account)).when(PRESENT).at(audit.at);
        let write = match halt {
            Some(halt) => write.set("halted", to_value(&stored::Halt::from(halt))?),
            None => write.remove("halted"),
        };
        match self.transact(vec![write, row(audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unreadable(format!("there is no account {account}"))),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

pub(crate) fn row(audit: &Audit) -> Result<Write, StoreError> {
    row_in(Place::Trading, audit)
}

/// Put whether it is there or not: the same change makes the same row.
pub(crate) fn row_in(table: Place, audit: &Audit) -> Result<Write, StoreError> {
    let row = stored::Audit {
        v: Schema,
        user: Text(audit.user.clone()),
        action: audit.action.clone(),
        resource: audit.resource.clone(),
        reason: audit.reason.clone(),
        before: audit.before.clone(),
        after: audit.after.clone(),
        at: audit.at.millis(),
        attempt: Text(audit.attempt.clone()),
    };
    let expires = ttl(audit.at.plus(limits::AUDIT_RETENTION));
    Ok(Write::upsert(keys::audit(table, audit), &row)?.set("ttl", expires).at(audit.at))
}
