//! The kill switch: no entry starts any more, resting ones are cancelled, protection stays.

use super::entries::{take_back_sent, working};
use super::scope::{accounts, states};
use super::{ActError, change_all};
use crate::actor::{Act, audit};
use crate::conflict::retry_on_conflict;
use crate::ports::{Audit, Queues};
use domain::account::{Account, Halt as Stop, Reducing};
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::{AccountId, GroupId};
use domain::order::Order;
use store::Engine;
use store::trading::Trading;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Halted {
    pub accounts: Vec<Account>,
    /// Entries that rest at the exchange and are being cancelled.
    pub cancelling: Vec<Order>,
    /// Entries that were under way when the halt was set.
    pub in_flight: Vec<Order>,
}

/// Halts all accounts of the user, or the one named. The halt is set on every account before anything else is done,
/// so that no entry starts once this has answered.
///
/// # Errors
/// `UnknownAccount`, `AmbiguousAccount`, or where the store cannot be reached. The halts that could be set stand, and
/// all that could be cancelled is being cancelled: the same again does the rest.
pub async fn halt<D: Engine + Queues>(
    deps: &D,
    named: Option<&str>,
    reason: &str,
    act: Act<'_>,
) -> Result<Halted, ActError> {
    let meant: Vec<AccountId> = accounts(deps, act.user, named).await?.into_iter().map(|account| account.id).collect();
    let mut failed = stop(deps, &meant, reason, act).await.err();
    let mut halted = Halted::default();
    for account in &states(deps, act.user, &meant).await? {
        for group in account.live.values() {
            // One that cannot be changed does not keep the others from it.
            failed = failed.or(take_back(deps, account, group, act, &mut halted).await.err());
        }
    }
    if let Some(error) = failed {
        return Err(error);
    }
    Ok(Halted { accounts: states(deps, act.user, &meant).await?, ..halted })
}

/// Sets the halt on each of these, and on the others where one cannot be set.
pub(super) async fn stop<D: Engine>(deps: &D, meant: &[AccountId], reason: &str, act: Act<'_>) -> Result<(), ActError> {
    let stop = Stop { at: act.now, reason: reason.to_owned(), kept_out: None, by_person: act.in_person() };
    let mut failed = None;
    for account in meant {
        // Where it is not set, their user is kept out, or a person has halted it before a program: it is halted by that.
        let set = Trading(deps)
            .set_halt(account, &stop, act.in_person(), &audit("halt", account.as_str(), reason, act))
            .await;
        failed = failed.or(set.err().map(ActError::from));
    }
    failed.map_or(Ok(()), Err)
}

/// Nothing starts on all accounts of the user, or the one named, until then; entries that rest stay. What is stricter stays as it is.
///
/// # Errors
/// `UnknownAccount`, `AmbiguousAccount`, or if the store cannot be reached.
pub async fn reduce<D: Engine>(
    deps: &D,
    named: Option<&str>,
    (reason, until): (&str, Option<Timestamp>),
    act: Act<'_>,
) -> Result<Halted, ActError> {
    let meant: Vec<AccountId> = accounts(deps, act.user, named).await?.into_iter().map(|account| account.id).collect();
    let by = if act.in_person() { Actor::Person } else { Actor::Key };
    let reducing = Reducing { at: act.now, until, reason: reason.to_owned(), by, rule: None };
    for account in &meant {
        reduce_one(deps, account, &reducing, &audit("reduce", account.as_str(), reason, act), act.now).await?;
    }
    Ok(Halted { accounts: states(deps, act.user, &meant).await?, ..Halted::default() })
}

/// Beside what stands there, of which the stricter holds. An account that is gone needs none.
pub(crate) async fn reduce_one<D: Engine>(
    deps: &D,
    account: &AccountId,
    reducing: &Reducing,
    record: &Audit,
    now: Timestamp,
) -> Result<(), ActError> {
    retry_on_conflict(ActError::Contended, || async {
        let Some(known) = Trading(deps).load_account(account).await? else { return Ok(Some(())) };
        let seen = known.reducing.as_ref();
        let Some(next) = reducing.clone().beside(seen, now) else { return Ok(Some(())) };
        Ok(Trading(deps).set_reducing(account, &next, seen, record).await?.then_some(()))
    })
    .await
}

/// The entries of one group.
pub(super) async fn take_back<D: Engine + Queues>(
    deps: &D,
    account: &Account,
    group: &GroupId,
    act: Act<'_>,
    halted: &mut Halted,
) -> Result<(), ActError> {
    let sent = |position: &Position| take_back_sent(position, act.now).map_err(ActError::from);
    match change_all(deps, (&account.user, &account.id), group, "entries cancelled by a halt", act, sent).await {
        Ok(position) => note(&position, halted),
        Err(ActError::NoGroup) => {}
        Err(error) => return Err(error),
    }
    Ok(())
}

pub(super) fn note(position: &Position, halted: &mut Halted) {
    let (resting, in_flight): (Vec<_>, Vec<_>) =
        working(position).cloned().partition(|order| order.status.is_resting());
    halted.cancelling.extend(resting);
    halted.in_flight.extend(in_flight);
}
