//! The exits of a position that is open, changed by its user.

use super::{ActError, account_of, change_on_record};
use crate::actor::{Act, audit};
use crate::ports::{Audit, Queues};
use domain::clock::Timestamp;
use domain::group::Position;
use domain::ids::GroupId;
use domain::ledger::Ledger;
use domain::money::{MoneyError, Price};
use domain::order::{Order, Purpose, Status};
use domain::preset::TradePlan;
use domain::profit::TakeProfit;
use store::Engine;
use wire::alert::BadAlert;
use wire::preset::exits::Exits;

const UNSAID: &str = "wished by its user";

/// Puts other exits in the place of those that a position has. What rests at the venue as it should not any more is
/// taken back by the executor, and placed anew. The same again changes nothing. `seen` is the version that is meant.
///
/// # Errors
/// `NoGroup`, `AlreadyClosing`, `AlreadyClosed`, `VersionConflict`, `BadExits`, `NotInPerson`, or where the store cannot be
/// reached.
pub async fn change_exits<D: Engine + Queues>(
    deps: &D,
    group: &GroupId,
    exits: &Exits,
    seen: Option<u64>,
    act: Act<'_>,
) -> Result<Position, ActError> {
    let account = account_of(deps, group, act).await?;
    let reason = exits.reason.as_deref().unwrap_or(UNSAID);
    let changed = |position: &Position| {
        if position.group.is_settled() {
            return Err(ActError::AlreadyClosed);
        }
        if position.group.exit.is_some() {
            return Err(ActError::AlreadyClosing);
        }
        if seen.is_some_and(|seen| seen != position.group.version) {
            return Err(ActError::VersionConflict(position.group.version));
        }
        let mut after = position.clone();
        after.group.plan = exits.over(&position.group.plan)?;
        if after.group.plan == position.group.plan {
            return Ok(None);
        }
        after.group.exits_changed(&position.group.plan, act.now);
        allow_whom(position, &after, act)?;
        allow(position, &after, exits, act.now)?;
        Ok(Some(after))
    };
    let why = format!("exits changed by its user: {reason}: {}", exits.words());
    let record = record(group, exits, reason, act);
    change_on_record(deps, &account, group, &why, act, Some(record), changed).await
}

fn record(group: &GroupId, exits: &Exits, reason: &str, act: Act<'_>) -> Audit {
    Audit { after: Some(exits.text()), ..audit("change exits", group.as_str(), reason, act) }
}

/// What lets more be lost than before is a person's, where there is money to lose. A program's key may give a stop or a time
/// limit, or a tighter one.
fn allow_whom(before: &Position, after: &Position, act: Act<'_>) -> Result<(), ActError> {
    if act.in_person() || before.group.market.key.exchange.is_paper() || !after.lets_more_be_lost_than(before) {
        return Ok(());
    }
    Err(ActError::NotInPerson(
        "neither loosens a stop or a time limit at an exchange nor asks for more profit of its signals",
    ))
}

fn allow(before: &Position, after: &Position, exits: &Exits, now: Timestamp) -> Result<(), ActError> {
    let (was, is) = (&before.group.plan, &after.group.plan);
    if was.take_profit != is.take_profit {
        sold_steps_stay(before, is)?;
    }
    if exits.names("time_limit_minutes") && after.is_over_time(now) {
        let over = "is over already, counted from the opening: close the position group instead";
        return Err(BadAlert::field("time_limit_minutes", over).into());
    }
    if was.stop_loss != is.stop_loss {
        below_the_ladder(after)?;
    }
    Ok(())
}

/// A step that has sold is done: the plan goes on behind it, and sells in the same way.
fn sold_steps_stay(before: &Position, plan: &TradePlan) -> Result<(), ActError> {
    let step = |order: &Order| match order.purpose {
        Purpose::TakeProfit(step) => Some(step).filter(|_| order.counted().next().is_some()),
        _ => None,
    };
    if before.orders.iter().filter_map(step).next().is_none() {
        return Ok(());
    }
    let is_of_all = |profit: &TakeProfit| matches!(profit, TakeProfit::Aggregate { .. });
    let (was, is) = (&before.group.plan.take_profit, &plan.take_profit);
    if is_of_all(was) != is_of_all(is) {
        return Err(BadAlert::field("take_profit.mode", "must stay as it was: a part of the position is sold").into());
    }
    let filled = before.orders.iter().filter(|order| order.status == Status::Filled && order.leg == 0);
    match filled.filter_map(step).max() {
        Some(done) if is_of_all(is) && is.steps() <= done => {
            let needed = format!("must be more than {done}: so many are sold, and the plan goes on behind them");
            Err(BadAlert::field("take_profit.steps", needed).into())
        }
        _ => Ok(()),
    }
}

/// A stop before an order that still waits would close the ladder before it is down. Each pyramid has a
/// ladder of its own.
fn below_the_ladder(after: &Position) -> Result<(), ActError> {
    let together = if after.stands_alone() { None } else { after.stop_price()? };
    for part in after.parts()? {
        let stop = if after.stands_alone() { part.stop_price()? } else { together };
        match (stop, deepest(&part)?) {
            (Some(stop), Some(deepest)) if after.group.side.has_gained(&stop, &deepest) => {
                let needed =
                    format!("must be behind the ladder: the stop would stand at {stop}, its last order at {deepest}");
                return Err(BadAlert::field("stop_loss_percent", needed).into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// The price of the last safety order that is still to be bought.
fn deepest(position: &Position) -> Result<Option<Price>, MoneyError> {
    let (market, side) = (&position.group.market, position.group.side);
    let Some(ladder) = &position.group.plan.ladder else { return Ok(None) };
    let rests = |order: &Order| order.leg > 0 && !order.status.is_final();
    if position.ahead()?.get().is_zero() && !position.entries().any(rests) {
        return Ok(None);
    }
    let base = Ledger::of(&market.key.symbol, side, position.entries().filter(|order| order.leg == 0))?;
    let Some(base) = base.average() else { return Ok(None) };
    let legs = ladder.legs(&base, position.group.ground())?;
    Ok(legs.into_iter().filter_map(Result::ok).map(|leg| leg.price).min_by(|one, other| side.by_nearness(one, other)))
}
