//! The whole deployment's own row: whether it is halted, and whose rows these are.

use super::Trading;
use super::keys;
use crate::audit;
use crate::condition::{
    EPOCH_ABSENT, EPOCH_AS_SEEN, LEFT_OUT_AS_SEEN, NO_SYSTEM_STOP, NONE_LEFT_OUT, SYSTEM_STOP_AS_SEEN,
};
use crate::engine::Engine;
use crate::error::{CommitError, StoreError};
use crate::item::{text, time, to_item, to_value};
use crate::rows::Rows;
use crate::value::Value;
use crate::write::Write;
use domain::audit::Audit;
use domain::clock::Timestamp;
use domain::ids::AccountId;
use domain::recovery::Adoption;
use std::collections::BTreeSet;
use wire::stored::{self, Schema};
use wire::text::Text;

/// The whole deployment's own row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemState {
    /// No entry starts; read right before one is sent.
    pub halted: bool,
    /// Since when; none if it is not halted, or was halted by a release that did not say so.
    pub halted_at: Option<Timestamp>,
    /// Whose rows these are; none where that was never said.
    pub adopted: Option<Adoption>,
}

impl<E: Engine> Trading<'_, E> {
    /// Strongly consistent.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn load_system(&self) -> Result<SystemState, StoreError> {
        let row: Option<stored::System> = Rows(self.0).load(&keys::system()).await?;
        Ok(row.as_ref().map(SystemState::from).unwrap_or_default())
    }

    /// Says that these rows are to be acted upon, with an audit row; false where another adoption than `seen` stands.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn adopt(&self, adoption: &Adoption, seen: Option<&Adoption>, audit: &Audit) -> Result<bool, StoreError> {
        let write = adopted(Write::update(keys::system()), adoption)?.at(audit.at);
        let write = match seen {
            None => write.when(EPOCH_ABSENT),
            Some(seen) => as_seen(write, seen),
        };
        Rows(self.0).all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }

    /// Sets the stop of the whole deployment, whatever stands there, with an audit row; idempotent.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn halt_system(&self, audit: &Audit) -> Result<(), StoreError> {
        let write = Write::update(keys::system()).set("v", to_value(&Schema::<2>)?);
        let write = write.set("halted", Value::Bool(true)).set("halted_at", time(audit.at)).at(audit.at);
        match Rows(self.0).transact(vec![write, audit::row(audit)?], &audit.attempt).await {
            Ok(()) => Ok(()),
            Err(CommitError::LostRace) => Err(StoreError::Unavailable("the system's row is contended".to_owned())),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Lifts the stop of the whole deployment as it was seen, or leaves it without one, with an audit row; idempotent. False where another
    /// stop was set since.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn lift_system_halt(&self, seen: &SystemState, audit: &Audit) -> Result<bool, StoreError> {
        let write = Write::update(keys::system()).set("v", to_value(&Schema::<2>)?);
        let write = write.set("halted", Value::Bool(false)).remove("halted_at").at(audit.at);
        let write = match seen.halted_at {
            Some(at) => write.when(SYSTEM_STOP_AS_SEEN).given("seen_halted_at", time(at)),
            None => write.when(NO_SYSTEM_STOP),
        };
        Rows(self.0).all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }
}

impl From<&stored::System> for SystemState {
    fn from(row: &stored::System) -> Self {
        let halted_at = row.halted_at.map(Timestamp::from_millis);
        Self { halted: row.halted, halted_at, adopted: row.adopted() }
    }
}

fn adopted(write: Write, adoption: &Adoption) -> Result<Write, StoreError> {
    let write = write.set("v", to_value(&Schema::<2>)?);
    let write = write.set("deployment_epoch", text(adoption.table.as_str())).set("adopted_at", time(adoption.at));
    let covers_all = adoption.left_out.is_empty();
    Ok(if covers_all { write.remove("left_out") } else { write.set("left_out", texts(&adoption.left_out)) })
}

fn as_seen(write: Write, seen: &Adoption) -> Write {
    let write = write.when(EPOCH_AS_SEEN).given("seen_epoch", text(seen.table.as_str()));
    if seen.left_out.is_empty() {
        return write.when(NONE_LEFT_OUT);
    }
    write.when(LEFT_OUT_AS_SEEN).given("seen_left_out", texts(&seen.left_out))
}

fn texts(accounts: &BTreeSet<AccountId>) -> Value {
    Value::L(accounts.iter().map(|account| text(account.as_str())).collect())
}

/// The deployment's own row.
///
/// # Errors
/// See [`to_item`].
pub fn system_row(system: &SystemState) -> Result<Write, StoreError> {
    let SystemState { halted, halted_at, adopted } = system.clone();
    let row = stored::System {
        v: Schema,
        halted,
        halted_at: halted_at.map(Timestamp::millis),
        deployment_epoch: adopted.as_ref().map(|adopted| Text(adopted.table.clone())),
        adopted_at: adopted.as_ref().map(|adopted| adopted.at.millis()),
        left_out: adopted.into_iter().flat_map(|adopted| adopted.left_out).map(Text).collect(),
    };
    Ok(Write::replace(keys::system(), to_item(&row)?))
}
