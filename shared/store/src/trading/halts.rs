//! The stop of one account.

use super::Trading;
use super::keys;
use super::quotas::as_it_says;
use crate::audit;
use crate::condition::{
    NOT_BY_PERSON, NOT_HALTED, NOT_KEPT_OUT, NOTHING_REDUCES, PRESENT, REDUCED_BY_KEY, REDUCING_AS_SEEN, STOP_AS_SEEN,
};
use crate::engine::Engine;
use crate::error::StoreError;
use crate::identity::stands;
use crate::item::{text, time, to_value};
use crate::rows::Rows;
use crate::value::Value;
use crate::write::Write;
use domain::account::{Halt, Reducing};
use domain::audit::{Actor, Audit};
use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use wire::stored;

impl<E: Engine> Trading<'_, E> {
    /// Sets the stop of one account, with an audit row; idempotent. False where its user is suspended, or where a program
    /// asks and a person has set the one that stands: that stays.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn set_halt(
        &self,
        account: &AccountId,
        halt: &Halt,
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let write = set(allowed(account, in_person, audit), halt)?;
        Rows(self.0).all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }

    /// Lifts the stop of one account and what else stops its entries, as both were seen, with an audit row; idempotent. False where
    /// another was set since, and where [`Self::set_halt`] says so.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn lift_halt(
        &self,
        account: &AccountId,
        (halted, reducing): (Option<&Halt>, Option<&Reducing>),
        in_person: bool,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let write = allowed(account, in_person, audit).remove("halted").remove("reducing");
        let write = if in_person { write } else { not_better(write, audit.at) };
        let write = match halted {
            Some(halt) => write
                .when(STOP_AS_SEEN)
                .given("seen_halted_at", time(halt.at))
                .given("seen_reason", Value::S(halt.reason.clone())),
            None => write.when(NOT_HALTED),
        };
        let write = as_seen(write, reducing);
        Rows(self.0).all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }

    /// Stops what starts on one account in the place of what was seen, with an audit row; idempotent. False where another was set since.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn set_reducing(
        &self,
        account: &AccountId,
        reducing: &Reducing,
        seen: Option<&Reducing>,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let write = of(account, audit).set("reducing", to_value(&stored::Reducing::from(reducing))?);
        let write = as_seen(write, seen);
        Rows(self.0).all_or_none(vec![write, audit::row(audit)?], &audit.attempt).await
    }

    /// Sets the stop of one account in the place of whatever stands there, on record: its user is kept out from now on,
    /// or no longer. False where its user stands otherwise: one who may come in is not kept out, and the other way round.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn keep_out(
        &self,
        account: &AccountId,
        user: &UserId,
        halt: &Halt,
        audit: &Audit,
    ) -> Result<bool, StoreError> {
        let standing = stands(user, halt.kept_out.is_none());
        Rows(self.0)
            .all_or_none(vec![set(of(account, audit), halt)?, standing, audit::row(audit)?], &audit.attempt)
            .await
    }

    /// Has the openings of an account ask for the quota, or not, while the quota says the same: else false.
    ///
    /// # Errors
    /// `Unavailable`, `Unreadable`.
    pub async fn mark_limited(&self, user: &UserId, account: &AccountId, limited: bool) -> Result<bool, StoreError> {
        let mark = Write::update(keys::account(account)).when(PRESENT);
        let mark = if limited { mark.set("limited", Value::Bool(true)) } else { mark.remove("limited") };
        Rows(self.0).all_or_none(vec![as_it_says(user, limited), mark], &Rows(self.0).stamp()?).await
    }
}

fn as_seen(write: Write, reducing: Option<&Reducing>) -> Write {
    match reducing {
        Some(reducing) => write.when(REDUCING_AS_SEEN).given("seen_reducing_at", time(reducing.at)),
        None => write.when(NOTHING_REDUCES),
    }
}

/// An API key ends what an API key has set.
fn not_better(write: Write, now: Timestamp) -> Write {
    write
        .when(REDUCED_BY_KEY)
        .given("reducing_now", time(now))
        .given("a_person", text(Actor::Person.as_str()))
        .given("a_rule", text(Actor::Rule.as_str()))
}

fn of(account: &AccountId, audit: &Audit) -> Write {
    Write::update(keys::account(account)).when(PRESENT).at(audit.at)
}

fn allowed(account: &AccountId, in_person: bool, audit: &Audit) -> Write {
    let write = of(account, audit).when(NOT_KEPT_OUT);
    if in_person { write } else { write.when(NOT_BY_PERSON) }
}

fn set(write: Write, halt: &Halt) -> Result<Write, StoreError> {
    Ok(write.set("halted", to_value(&stored::Halt::from(halt))?))
}
