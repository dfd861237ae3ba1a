//! An order that had ended for a live group, and that its venue shows after all: what it has done is merged into the group.

use super::WatchError;
use super::rows::Shown;
use crate::persist::{PersistError, Save, save};
use crate::ports::{CommitError, Queues};
use crate::run::Run;
use domain::ids::{AccountId, GroupId, OrderId};
use store::Engine;
use store::trading::Trading;

/// What has become of what was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    In,
    /// Its group is not live any more, or knows all of it: what rests there rests for nobody.
    NothingNew,
    /// It could not be written now.
    Contended,
}

/// Only what its venue shows beyond what is known, now and whether it has before; its fills are asked for by the group's next look.
pub(super) async fn take_in<D: Engine + Queues>(
    deps: &D,
    account: &AccountId,
    (group, order): &(GroupId, OrderId),
    shown: (&Shown, bool),
    run: &Run,
) -> Result<Taken, WatchError> {
    let (shown, shown_before) = shown;
    let now = deps.now();
    let Some(before) = Trading(deps).load_position(account, group).await? else { return Ok(Taken::NothingNew) };
    let Some(known) = before.order(order) else { return Ok(Taken::NothingNew) };
    if !known.status.is_final() {
        // Its other half was taken in, or a look has found it: what it does is asked for.
        return Ok(Taken::In);
    }
    let Some(after) = before.come_late(order, &shown.fact_of(known), shown_before, now) else {
        return Ok(Taken::NothingNew);
    };
    let why = after.group.attention.clone().unwrap_or_default();
    let (after, why, beside) = (&after, why.as_str(), Vec::new());
    let commit =
        Save { before: Some(&before), after, why, beside, bounds: None, bell: true, attempt: &run.attempt, now };
    match save(deps, commit).await {
        Ok(kept) => {
            run.remarks.changed(&before, &kept, now);
            Ok(Taken::In)
        }
        Err(PersistError::Commit(CommitError::LostRace)) => Ok(Taken::Contended),
        Err(error) => Err(error.into()),
    }
}
