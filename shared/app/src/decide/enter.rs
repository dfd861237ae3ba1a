//! A new entry: fresh, priced, within all limits, and then one commit.

use super::case::Case;
use super::{Decide, judge};
use crate::commit::Bounds;
use crate::persist::{PersistError, Save, save};
use crate::run::Run;
use domain::account::Need;
use domain::alert::Side;
use domain::clock::Timestamp;
use domain::delivery::{Verdict, VerdictKind};
use domain::group::{self, Opening, OpeningRefused, Position};
use domain::money::Price;

pub(super) async fn enter<D: Decide>(
    deps: &D,
    case: &Case,
    side: Side,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let opened = if let Some(verdict) = stale(case, now) {
        Err(verdict)
    } else if is_exited(case) {
        Err(case.ignored("exited_since", now))
    } else {
        plan(deps, case, side, run, now).await?
    };
    match opened {
        Err(verdict) => judge::alone(deps, case.delivery.clone(), verdict, run, now).await,
        Ok((position, need)) => commit(deps, case, &position, &need, run, now).await,
    }
}

fn stale(case: &Case, now: Timestamp) -> Option<Verdict> {
    let (age, max) = (now.since(case.event_at()), case.alert.max_lag);
    let seconds = |span: domain::clock::Millis| span.get() / 1_000;
    (age > max).then(|| {
        let detail = format!("{} s old, {} s allowed", seconds(age), seconds(max));
        case.verdict(VerdictKind::Stale, now).because("stale", detail)
    })
}

/// Whether an exit was raised after this entry, of its own timeframe or of the whole market.
fn is_exited(case: &Case) -> bool {
    case.account.exited_at(&case.seat()).is_some_and(|exited_at| exited_at > case.event_at())
}

/// The position to be opened, or the verdict that stands in its way.
async fn plan<D: Decide>(
    deps: &D,
    case: &Case,
    side: Side,
    run: &Run,
    now: Timestamp,
) -> Result<Result<(Position, Need), Verdict>, PersistError> {
    let refused =
        |reason: &str, detail: String| Ok(Err(case.verdict(VerdictKind::Refused, now).because(reason, detail)));
    let standing = deps.load_standing(&case.account.id).await?;
    if !standing.is_some_and(|standing| standing.enabled && standing.validated) {
        return refused("account_disabled", "the account is not enabled, or its keys are not validated".to_owned());
    }
    let base = &case.market.key.symbol.base;
    if let Some(shortage) = case.account.drift.of(base) {
        return refused("drift", shortage.told(base));
    }
    if let Some(until) = case.account.cools_until(&case.seat(), now) {
        let until = wire::view::time(until);
        return refused("cooldown", format!("the last group of this market and timeframe ended lately: until {until}"));
    }
    let Some(price) = price(deps, case, now).await? else {
        return refused("no_price", "no price younger than 60 s is known, and the alert brings none".to_owned());
    };
    let opening = Opening {
        deployment: &run.deployment,
        account: &case.account.id,
        delivery: &case.delivery,
        alert: &case.alert,
        market: &case.market,
        side,
        price,
        now,
    };
    let (position, need) = match group::open(&opening) {
        Ok(opened) => opened,
        Err(OpeningRefused::Filter { failure, quantity, price }) => {
            return refused(&failure.to_string(), format!("the base order of {quantity} at {price} is too small"));
        }
        Err(error @ OpeningRefused::Leg(bad)) => return refused(&bad.failure.to_string(), error.to_string()),
        Err(error @ OpeningRefused::Short) => return refused("market_cannot_short", error.to_string()),
        Err(OpeningRefused::Money(error)) => return refused("inexact", error.to_string()),
    };
    match case.account.admit(&need, now) {
        Ok(()) => Ok(Ok((position, need))),
        Err(limit) => refused(limit.reason, limit.detail),
    }
}

async fn price<D: Decide>(deps: &D, case: &Case, now: Timestamp) -> Result<Option<Price>, PersistError> {
    let market = deps.read_price(&case.market.key, now).await?;
    Ok(group::planning_price(&case.alert, market, now))
}

async fn commit<D: Decide>(
    deps: &D,
    case: &Case,
    position: &Position,
    need: &Need,
    run: &Run,
    now: Timestamp,
) -> Result<Verdict, PersistError> {
    let groups = [position.group.id.clone()];
    let detail = "position group created and pending execution";
    let verdict = case.verdict(VerdictKind::Accepted, now).because("opened", detail).about(groups);
    save(
        deps,
        Save {
            before: None,
            after: position,
            why: "opened by an alert",
            beside: vec![judge::beside(&case.delivery, &verdict, now)],
            bounds: Some(bounds(case, need, now)?),
            bell: true,
            attempt: &run.attempt,
            now,
        },
    )
    .await?;
    Ok(verdict)
}

/// What must still hold when the commit arrives.
fn bounds(case: &Case, need: &Need, now: Timestamp) -> Result<Bounds, PersistError> {
    let (account, seat) = (&case.account, case.seat());
    let bounds = Bounds::of(account, need)?.unless_exited(&seat, case.event_at());
    Ok(bounds.once_cooled(account, &seat, now))
}
