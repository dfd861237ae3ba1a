//! One more entry of a live group: as an opening is decided, and by the group's own rules.

use super::case::Case;
use super::enter::{Entry, Planned, barred, entered, fitted, funds, refusal, shares_known, told_reduced, unplanned};
use super::ruled::pause_by;
use super::{grant, judge, price};
use crate::persist::PersistError;
use crate::ports::{Queues, ReadBooks, ReadPrice};
use crate::run::Run;
use domain::clock::Timestamp;
use domain::delivery::Verdict;
use domain::group::{self, Adding, AddingRefused, Position};
use domain::lineage::Seen;
use domain::reason::Reason;
use store::Engine;

/// Adds to the live group what the alert asks for. The group's version is part of the commit: of two that add at once
/// one decides anew.
pub(super) async fn to<D: Engine + ReadPrice + Queues, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    before: &Position,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    match planned(deps, books, case, before, run, now).await? {
        Err(verdict) => {
            pause_by(deps, case.rules(), &verdict, run, now).await?;
            judge::alone(deps, case.delivery.clone(), verdict, run, now).await
        }
        Ok(Planned { position: after, approved, price, reduced }) => {
            let number = after.numbers().last().copied().unwrap_or_default();
            let verdict =
                entered(case, &after, Reason::PyramidAdded, format!("pyramid {number} is pending execution"), now);
            let verdict = told_reduced(verdict, reduced);
            let why = case.why("an alert adds a pyramid", "added by hand");
            let (before, quota) = (Some(before), None);
            let entry = Entry { before, after: &after, approved: &approved, price, quota, why, verdict };
            entry.commit(deps, case, run, now).await
        }
    }
}

/// The position with what is added, or the verdict that stands in its way.
pub(super) async fn planned<D: Engine + ReadPrice, B: ReadBooks>(
    deps: &D,
    books: &B,
    case: &Case,
    before: &Position,
    run: &Run,
    now: Timestamp,
) -> Result<Result<Planned, Verdict>, PersistError> {
    if let Some(verdict) = barred(case, now) {
        return Ok(Err(verdict));
    }
    if let Err(refused) = grant::addition(case, now) {
        return Ok(Err(refused));
    }
    let price = price::of_entry(deps, books, (case, &case.alert, before.group.side), now).await?;
    Ok(price.and_then(|price| plan(case, before, price, run, now)))
}

fn plan(case: &Case, before: &Position, seen: Seen, run: &Run, now: Timestamp) -> Result<Planned, Verdict> {
    shares_known(case, case.alert.own.takes_shares(), now)?;
    let (deployment, delivery, alert, price) = (&*run.deployment, &case.delivery, &case.alert, seen.price);
    let planned = fitted(case, before.group.side, seen, now, |share| {
        let adding = Adding { deployment, delivery, alert, price, funds: funds(case), share, now };
        group::add(before, &adding).map_err(|refused| not_added(case, before, &refused, now))
    })?;
    Ok(Planned { position: case.traced(planned.position.clone()), ..planned })
}

fn not_added(case: &Case, live: &Position, refused: &AddingRefused, now: Timestamp) -> Verdict {
    let reason = match refused {
        AddingRefused::NotAllowed => Reason::AlreadyLive,
        AddingRefused::Max { .. } | AddingRefused::Tried => Reason::PyramidsMax,
        AddingRefused::Pending { .. } => Reason::PyramidPending,
        AddingRefused::Distance { .. } => Reason::PyramidDistance,
        AddingRefused::FollowsApart => Reason::ExitFollowsPrice,
        AddingRefused::Entry(refused) => return unplanned(case, refused, now),
    };
    refusal(case, reason, refused.to_string(), now).about([live.group.id.clone()])
}
