//! What a person does to their own trading: close, cancel, halt, resume.
//!
//! 1. Nothing here trades: a wish is committed with its bell, and the executor does the rest.
//! 2. Every action may be repeated; what is done already is not done again.
//! 3. What is another user's does not exist.

mod by_hand;
mod cancel;
mod close;
mod entries;
mod exits;
mod flatten;
mod halt;
mod kept_out;
mod lineage;
mod listed;
mod look;
mod parked;
pub mod portfolio;
mod profit;
mod reconcile;
mod resolve;
mod resume;
#[cfg(test)]
pub(crate) mod sample;
mod scope;
mod system;
mod trades;

pub use by_hand::{By, PlaceError, Placed, place, unplaced};
pub use cancel::{cancel_order, cancel_pending};
pub use close::close;
pub(crate) use entries::take_back_sent;
pub use exits::change_exits;
pub use flatten::{Flattened, Flattening, Whose, flatten, show_flatten};
pub(crate) use halt::reduce_one;
pub use halt::{Halted, halt, reduce};
pub use kept_out::close_kept_out;
pub use lineage::{Lineage, Named, asked_by, lineage};
pub use listed::{Wanted, alerts, orders, positions};
pub use look::look;
pub use parked::{Sees, drop_parked, find_parked, retry_parked};
pub use profit::{Both, Closed, Held, Money, Open, ProfitError, Profits, profits};
pub use reconcile::{Compared, accept, look_now, reconciliation};
pub use resolve::resolve;
pub use resume::{Resumed, preview, resume};
pub(crate) use scope::mode_of;
pub use scope::{accounts, all_accounts, states};
use store::Engine;
use store::trading::Trading;
pub use system::{halt_system, resume_system};
pub use trades::{TradeStatus, trades};

use crate::actor::{Act, audit};
use crate::commit::Change;
use crate::conflict::retry_on_conflict;
use crate::persist::{PersistError, Save, save};
use crate::ports::{Audit, CommitError, Queues, StoreError};
use domain::delivery::VerdictKind;
use domain::group::Position;
use domain::identity::Scope;
use domain::ids::{AccountId, GroupId, UserId};
use domain::limits;
use domain::market::Asset;
use domain::money::{MoneyError, Quantity};
use domain::order::{Purpose, Refused, Status};
use domain::parked::Worthless;
use domain::reconciliation::Repair;
use wire::alert::BadAlert;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    #[error("there is no such position group")]
    NoGroup,
    #[error("there is no such order")]
    NoOrder,
    #[error("there is no such account")]
    NoAccount,
    /// What was shown has changed, or was accepted already.
    #[error("this is not proposed, or not any more: look again")]
    NoProposal,
    #[error("{} is nothing that can be carried out here: do what the proposal says", .0.as_str())]
    NoRepair(Repair),
    #[error("the position group is closed already")]
    AlreadyClosed,
    #[error("the position group is closing already")]
    AlreadyClosing,
    #[error("it is at version {0} now: look at it, and change that one")]
    VersionConflict(u64),
    #[error(transparent)]
    BadExits(#[from] BadAlert),
    #[error("the order is {} already", .0.as_str())]
    AlreadyFinal(Status),
    #[error("the order is {}: only one whose outcome is unknown, that is to be ended, or that its venue does not show can be resolved", .0.as_str())]
    NotInDoubt(Status),
    /// It may still arrive, or be found.
    #[error(
        "the order was sent less than {} s ago, or was accepted and is to be ended for less than {} s, and may still be found",
        limits::RESOLVE_AFTER.get() / 1_000,
        limits::END_IN_VAIN.get() / 1_000
    )]
    TooEarly,
    /// Of such an order nothing else can be said.
    #[error("outcome must be {0}")]
    OtherOutcome(&'static str),
    #[error("at most {0} was ordered")]
    MoreThanOrdered(Quantity),
    #[error("the venue has told that {0} was filled")]
    LessThanFilled(Quantity),
    #[error("must be {base} or {quote}: give what a fee in another asset was worth in {quote}")]
    ThirdFeeAsset { base: Asset, quote: Asset },
    /// Without it the position would stand unprotected, or be sold twice.
    #[error("orders of purpose {0} protect or close their position: close the position group instead")]
    ProtectiveOrder(Purpose),
    #[error("must be the id or the label of one of your accounts")]
    UnknownAccount,
    #[error("several of your accounts have this label: use the id of one, {}", join(.0))]
    AmbiguousAccount(Vec<AccountId>),
    /// An admin keeps the account's user out.
    #[error("your accounts are halted while you may not come in: ask an admin")]
    KeptOut,
    /// Whoever has stolen a program's key would start what its owner has stopped because of that.
    #[error("a person has halted it, and no program's key lifts that: log in and resume")]
    HaltedInPerson,
    #[error("it was halted again while this was done: see why (GET /api/v1/halt), then resume")]
    HaltedMeanwhile,
    #[error("it was disabled again while this was done: see why (GET /api/v1/strategies/list), then enable it")]
    DisabledMeanwhile,
    /// Whoever has stolen a program's key would leave what its owner holds without a floor.
    #[error("a program's key {0}: a person does, who has logged in")]
    NotInPerson(&'static str),
    #[error("there is no code: ask without one first, in this session")]
    NoCode,
    #[error("this is not the code: {0} more tries")]
    WrongCode(u32),
    #[error("the code is over: ask for another one")]
    CodeOver,
    #[error("more is open, or more accounts are meant, than was shown: halt entries, and look again")]
    FlattenChanged,
    /// A session may be a stolen one.
    #[error(
        "to sell what is another user's, log in with your second factor, and do it within {} minutes",
        limits::FACTOR_LASTS.get() / 60_000
    )]
    FactorNeeded,
    #[error("no user of this id has an account")]
    NoUser,
    #[error("nobody who is kept out has this id and an account: switch them off first")]
    NotKeptOut,
    #[error("this takes {0}, which you do not have yourself")]
    NotYours(Scope),
    #[error("there is no such parked message")]
    NoParked,
    #[error("it was dropped already")]
    AlreadyDropped,
    #[error("it was carried out again already")]
    AlreadyRetried,
    #[error(transparent)]
    Worthless(#[from] Worthless),
    #[error("the alert was decided meanwhile, as {}: drop it", .0.as_str())]
    AlreadyDecided(VerdictKind),
    #[error("the alert is not kept any more: drop it")]
    NoDelivery,
    #[error("other changes were first, again and again")]
    Contended,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a number of this position group cannot be kept exactly")]
    Money(#[from] MoneyError),
}

impl From<Refused> for ActError {
    fn from(refused: Refused) -> Self {
        Self::AlreadyFinal(refused.status)
    }
}

/// Changes one of the user's positions, on record; a lost race reads it anew and decides anew. `None` changes nothing.
async fn change<D, F>(
    deps: &D,
    account: &AccountId,
    group: &GroupId,
    why: &str,
    act: Act<'_>,
    decide: F,
) -> Result<Position, ActError>
where
    D: Engine + Queues,
    F: Fn(&Position) -> Result<Option<Position>, ActError>,
{
    change_on_record(deps, account, group, why, act, Some(audit("change", group.as_str(), why, act)), decide).await
}

/// The same for what may be more than one commit changes: again and again, until nothing is left to be changed. One
/// record stands for all of it, of the user who acts, whose the account may not be.
async fn change_all<D, F>(
    deps: &D,
    (owner, account): (&UserId, &AccountId),
    group: &GroupId,
    why: &str,
    act: Act<'_>,
    decide: F,
) -> Result<Position, ActError>
where
    D: Engine + Queues,
    F: Fn(&Position) -> Result<Option<Position>, ActError>,
{
    let mut record = Some(audit("change", group.as_str(), why, act));
    let theirs = Act { user: owner, ..act };
    loop {
        let position = change_on_record(deps, account, group, why, theirs, record.take(), &decide).await?;
        if position.group.is_settled() || decide(&position)?.is_none() {
            return Ok(position);
        }
    }
}

/// The same with a record of its own.
async fn change_on_record<D, F>(
    deps: &D,
    account: &AccountId,
    group: &GroupId,
    why: &str,
    act: Act<'_>,
    record: Option<Audit>,
    decide: F,
) -> Result<Position, ActError>
where
    D: Engine + Queues,
    F: Fn(&Position) -> Result<Option<Position>, ActError>,
{
    retry_on_conflict(ActError::Contended, || async {
        let before =
            Trading(deps).load_position(account, group).await?.filter(|position| position.group.user == *act.user);
        let before = before.ok_or(ActError::NoGroup)?;
        let Some(after) = decide(&before)? else { return Ok(Some(before)) };
        let beside = record.iter().cloned().map(Change::Audit).collect();
        let (before, after) = (Some(&before), &after);
        let Act { attempt, now, .. } = act;
        match save(deps, Save { before, after, why, beside, bounds: None, bell: true, attempt, now }).await {
            Ok(saved) => return Ok(Some(saved)),
            Err(PersistError::Commit(CommitError::LostRace)) => {}
            Err(PersistError::Commit(CommitError::Store(error))) => return Err(error.into()),
            Err(PersistError::Money(error)) => return Err(error.into()),
        }
        Ok(None)
    })
    .await
}

/// The account of one of the user's groups.
async fn account_of<D: Engine>(deps: &D, group: &GroupId, act: Act<'_>) -> Result<AccountId, ActError> {
    Ok(Trading(deps).find_group(act.user, group).await?.ok_or(ActError::NoGroup)?.account)
}

fn join(ids: &[AccountId]) -> String {
    ids.iter().map(AccountId::as_str).collect::<Vec<_>>().join(", ")
}
