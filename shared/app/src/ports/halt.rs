//! The stop of one account.

use super::{Audit, StoreError};
use domain::account::Halt;
use domain::ids::{AccountId, UserId};
use store::Engine;
use store::trading::Trading;

pub trait SetHalt {
    /// Sets the stop of one account, with an audit row; idempotent. False where its user is suspended, or where a program
    /// asks and a person has set the one that stands: that stays.
    async fn set_halt(
        &self,
        account: &AccountId,
        halt: &Halt,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError>;

    /// Lifts the stop of one account as it was seen, or leaves it without one, with an audit row; idempotent. False where
    /// another stop was set since, and where [`Self::set_halt`] says so.
    async fn lift_halt(
        &self,
        account: &AccountId,
        seen: Option<&Halt>,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError>;
}

pub trait KeepOut {
    /// Sets the stop of one account in the place of whatever stands there, on record: its user is kept out from now on,
    /// or no longer. False where its user stands otherwise: one who may come in is not kept out, and the other way round.
    async fn keep_out(
        &self,
        account: &AccountId,
        user: &UserId,
        halt: &Halt,
        audit: &Audit,
    ) -> Result<bool, StoreError>;
}

impl<E: Engine> SetHalt for E {
    async fn set_halt(
        &self,
        account: &AccountId,
        halt: &Halt,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Trading(self).set_halt(account, halt, in_person, audit).await
    }

    async fn lift_halt(
        &self,
        account: &AccountId,
        seen: Option<&Halt>,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Trading(self).lift_halt(account, seen, in_person, audit).await
    }
}

impl<E: Engine> KeepOut for E {
    async fn keep_out(
        &self,
        account: &AccountId,
        user: &UserId,
        halt: &Halt,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        Trading(self).keep_out(account, user, halt, audit).await
    }
}
